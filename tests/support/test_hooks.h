/* For tests of features above accounts/: what webhooks told waits in its spool. */
#pragma once
#include "test_workspace.h"

/* Much waits, and none of it will be stored; returns the spool's folder. */
char *hib_test_hooks_fall_behind(HibTestWorkspace *ws, HibDb *db);
/* It is thrown away; frees `folder`. */
void hib_test_hooks_end(HibTestWorkspace *ws, char *folder);
