/* For tests of features above accounts/: what webhooks told waits in its spool. */
#pragma once
#include "accounts/accounts.h"
#include "test_workspace.h"

/* An account that hears by webhooks. */
const char *hib_test_hooks_account(HibTestWorkspace *ws, HibDb *db);
/* A network told it and was answered: `hooks` has it. */
void hib_test_hooks_keep(HibTestWorkspace *ws, HibDb *db, HibHooks *hooks, const char *account,
                         const HibNetTalk *talk);
/* HibAccountsHear of a process that cannot store just now. */
bool hib_test_hooks_hear_nothing(HibDb *db, const char *account, const HibNetTalk *talk, size_t n,
                                 GError **error);
/* Much waits, and none of it will be stored; returns the spool's folder. */
char *hib_test_hooks_fall_behind(HibTestWorkspace *ws, HibDb *db);
/* It is thrown away; frees `folder`. */
void hib_test_hooks_end(HibTestWorkspace *ws, char *folder);
