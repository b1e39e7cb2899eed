/* Inside accounts/ only: what a network told, between its call and the rows. */
#pragma once
#include "accounts/accounts.h"

#define HIB_HOOK_EVENTS 1000 /* of one call */
/* A call that was proven. */
typedef struct {
    const char *key;
    HibInstant at;
    const HibNetHookEvent *events; /* their ids no longer than the store takes */
    size_t n;                      /* HIB_HOOK_EVENTS at most */
} HibHookCall;
/* Stores calls of the workspace, each event once, and hands on what is new; one transaction. What was said goes to `hear` in it; NULL: it waits in its row (hib_accounts_heard). */
bool hib_hook_store(HibDb *db, const HibHookCall *calls, size_t n, HibAccountsHear hear,
                    GError **error);

#define HIB_HOOK_KEPT                                                                              \
    (30 * HIB_DAY) /* that it was told is known so long; what is older is not taken */

/* A record of the spool (hook_record.c): a call of which all is talk. */
GByteArray *hib_hook_record(HibArena *arena, const char *workspace, const HibHookCall *call);
/* The first of `bytes`; its texts stay where they lie. 0: none is whole; else how far it goes. */
size_t hib_hook_record_read(HibArena *arena, const char *bytes, size_t n,
                            const char **ret_workspace, HibHookCall *ret);
#define HIB_HOOK_RECORD_MOST (4 << 20) /* bytes; a larger call is stored at once */

/* What was said, on its way into the store (hook_spool.c). True: durable, and stored soon. Any thread. INTERNAL store.disk_full, store.failed: none of it is kept. */
bool hib_hooks_keep(HibHooks *hooks, const GByteArray *record, GError **error);
