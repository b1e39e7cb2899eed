/* Accounts: a workspace's accounts on networks: connecting, health, and the one way to use a grant.
 *
 * A grant (tokens) is sealed at rest and leaves this folder only inside hib_accounts_call. A refresh happens under one lock per account and the
 * new grant is stored before it is used; a failed or empty refresh never overwrites a good grant. */
#pragma once
#include "http/services.h"
#include "networks/network.h"
#include "store/feature.h"

extern const HibFeature hib_accounts;

typedef enum { HIB_ACCOUNT_OK, HIB_ACCOUNT_NEEDS_RECONNECT, HIB_ACCOUNT_PAUSED } HibAccountState;
typedef struct {
    const char *id, *network, *remote_id, *handle, *display_name, *service, *url;
    HibAccountState state;
    const char *state_reason; /* NULL, or the network's own words */
    bool is_practice;         /* workspace of practice data */
    HibInstant connected_at;
    bool has_refresh_expires_at, has_checked_at, has_followers;
    HibInstant refresh_expires_at, checked_at; /* checked_at: last successful call */
    int64_t followers;
} HibAccount;

bool hib_accounts_list(HibDb *db, HibAccount **ret_rows, size_t *ret_n,
                       GError **error); /* without disconnected ones */
/* NOT_FOUND accounts.unknown; a disconnected one is unknown. */
bool hib_accounts_get(HibDb *db, const char *account, HibAccount **ret, GError **error);
/* As get, but also finds disconnected ones (their history stays); *ret NULL when it never was. */
bool hib_accounts_find(HibDb *db, const char *account, HibAccount **ret, GError **error);

/* Signs in and stores the account (or reconnects the same remote id). Calls the network: never inside a HibTx.
 * CONFLICT accounts.already_connected (and healthy: nothing to do), INVALID accounts.network_unknown, INVALID accounts.refused (wrong password…), UPSTREAM accounts.unreachable, TOO_MANY network.rate_limited. */
bool hib_accounts_connect(HibDb *db, const HibServices *services, const char *network,
                          const char *service, const char *handle, const char *password,
                          HibAccount **ret, GError **error);

/* Signs the account in again with a new password; waiting deliveries go on (event account.reconnected). Errors as connect, and
 * NOT_FOUND accounts.unknown, CONFLICT accounts.other_account (the password opens another account than this one). */
bool hib_accounts_reconnect(HibDb *db, const HibServices *services, const char *account,
                            const char *password, HibAccount **ret, GError **error);
/* Destroys the grant; the row stays for the history. Event account.disconnected. NOT_FOUND accounts.unknown. */
bool hib_accounts_disconnect(HibDb *db, const char *account, GError **error);

/* One network call with the account's grant. Opens the grant, calls `run`, and when that says REFRESH_AUTH refreshes once and calls again.
 * REAUTH_HUMAN marks the account needs_reconnect (event account.needs_reconnect), BLOCKED marks it paused (event account.paused), OK notes the time
 * of the last success. An account that needs a person already answers REAUTH_HUMAN without any call. What a refresh that failed said is given as
 * the result; as the call itself had no effect then, it is never RECONCILE. Never inside a HibTx.
 * True: *ret is what the network said (also when that is a failure). False: the store failed or the account is unknown. */
typedef HibNetResult (*HibAccountRun)(const HibNetContext *net, const HibNetwork *network,
                                      const HibGrant *grant, void *data);
bool hib_accounts_call(HibDb *db, const HibServices *services, const char *account,
                       HibAccountRun run, void *data, HibNetResult *ret, GError **error);

/* The newest follower count, kept for the list (the history is measure's). In the caller's transaction. */
bool hib_accounts_set_followers(HibDb *db, const char *account, int64_t followers, HibInstant as_of,
                                GError **error);
/* Stores a grant as connect would, without calling anybody: for practice histories. */
bool hib_accounts_add(HibDb *db, const HibServices *services, const char *network,
                      const HibGrant *grant, HibInstant connected_at, const char **ret_id,
                      GError **error);
/* Events out: account.connected, account.reconnected, account.needs_reconnect, account.paused, account.disconnected (subject: account id). */
