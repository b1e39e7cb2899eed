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
/* Whether a person must act, soon or now, so that the account goes on. Same order as the contract. */
typedef enum { HIB_EXPIRY_OK, HIB_EXPIRY_SOON, HIB_EXPIRY_NOW } HibAccountExpiry;
#define HIB_EXPIRY_AHEAD                                                                           \
    (10 * HIB_DAY) /* "soon", and when account.expiring is told, at the earliest */
typedef struct {
    const char *id, *network, *remote_id, *handle, *display_name, *avatar_url, *service, *url;
    HibAccountState state;
    const char *state_reason; /* NULL, or the network's own words */
    bool is_practice;         /* on a practice network, or in a workspace of practice data */
    HibInstant connected_at, granted_at; /* granted_at: the last approval or refresh */
    bool has_refresh_expires_at, has_checked_at, has_followers, has_acts_at;
    HibInstant refresh_expires_at, checked_at; /* checked_at: last successful call */
    HibInstant
        acts_at; /* when the grant ends for good if no refresh succeeds; moves on with each one */
    HibAccountExpiry expiry;
    int64_t followers;
} HibAccount;

bool hib_accounts_list(HibDb *db, HibAccount **ret_rows, size_t *ret_n,
                       GError **error); /* without disconnected ones */
/* NOT_FOUND accounts.unknown; a disconnected one is unknown. */
bool hib_accounts_get(HibDb *db, const char *account, HibAccount **ret, GError **error);
/* As get, but also finds disconnected ones (their history stays); *ret NULL when it never was. */
bool hib_accounts_find(HibDb *db, const char *account, HibAccount **ret, GError **error);

#define HIB_ON_PRACTICE "practice" /* as `service`: the practice network */
/* For PASSWORD and CHANNEL networks (handle and password are a channel's id and secret then). `service` NULL: the network's own.
 * Signs in and stores the account (or reconnects the same remote id). Calls the network: never inside a HibTx.
 * INVALID accounts.oauth_needed (the network asks the person itself), accounts.no_practice; CONFLICT accounts.already_connected (and healthy: nothing to do), INVALID accounts.network_unknown, INVALID accounts.refused (wrong password…), UPSTREAM accounts.unreachable, TOO_MANY network.rate_limited. */
bool hib_accounts_connect(HibDb *db, const HibServices *services, const char *network,
                          const char *service, const char *handle, const char *password,
                          HibAccount **ret, GError **error);

/* Signs the account in again with a new password or secret; waiting deliveries go on (event account.reconnected). Errors as connect, and
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

/* Connects an account of the practice network without a browser: handle and password of a PASSWORD network, id and secret of a channel, handle
 * alone where the network has a page. Errors as hib_accounts_connect; INVALID accounts.no_practice. */
bool hib_accounts_connect_practice(HibDb *db, const HibServices *services, const char *network,
                                   const char *handle, const char *password, const char **ret_id,
                                   GError **error);

/* --- quotas ------------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *name;     /* as in HibNetQuotaRule: "posts" */
    int64_t used, limit;  /* limit -1: none known */
    HibInstant resets_at; /* 0: not known; of a rolling window when the oldest use leaves it */
    HibInstant as_of;     /* when the network said so; 0: only our own count */
} HibAccountQuota;
/* Each quota the network has or told about; what was taken since its last word is counted in. */
bool hib_accounts_quotas(HibDb *db, const char *account, HibAccountQuota **ret, size_t *ret_n,
                         GError **error);
/* Whether `n` of the quota are left. *ret_at 0: yes; else when to ask again (never in the past). A quota nobody knows has room. */
bool hib_accounts_quota_room(HibDb *db, const char *account, const char *name, int64_t n,
                             HibInstant *ret_at, GError **error);
/* Notes that `n` were taken (below zero: given back, since the call had no effect). In the caller's transaction, together with what
 * says that the call is made; so neither two deliveries nor a crash take the last one twice. */
bool hib_accounts_quota_take(HibDb *db, const char *account, const char *name, int64_t n,
                             GError **error);
/* A post of the account is scheduled for `until`: its quotas are read every hour until then. In the caller's transaction. */
bool hib_accounts_posting(HibDb *db, const char *account, HibInstant until, GError **error);

/* --- what networks tell by themselves (webhooks) --------------------------------------------------------------------------------
 * Each event of a network is kept once, for 30 days, and handed on as account.talk, account.publish, account.follow (also of leaving),
 * account.numbers or account.deauthorized; data {"hook_event": id}, subject the account. They come in any order and may be late. */
typedef struct {
    const char *account, *network;
    HibNetHookEvent
        event; /* kind and account as the network said; talk of kind "talk", reading of "numbers" */
} HibAccountHookEvent;
/* *ret NULL when it is not there (any more). In the db's arena. */
bool hib_accounts_hook_event(HibDb *db, const char *id, HibAccountHookEvent **ret, GError **error);

/* What people said, told by webhooks, waits here until it is stored elsewhere: as it came in, `most` at a time. Done, its words go and only that it was told
 * stays. In one transaction with the storing: a crash between the two takes it again. account.talk is told once a call, whatever it brought. */
typedef struct {
    const char *id;
    HibNetTalk talk;
} HibAccountHeard;
bool hib_accounts_heard(HibDb *db, const char *account, size_t most, HibAccountHeard **ret,
                        size_t *ret_n, GError **error);
bool hib_accounts_heard_done(HibDb *db, const HibAccountHeard *heard, size_t n, GError **error);

/* With a spool what was said does not wait in rows: a call is durable and answered, and a thread of ours hands what many calls said to `hear`, an account's at once, in the transaction
 * that notes that it was told. account.talk is not told then. */
typedef bool (*HibAccountsHear)(HibDb *db, const char *account, const HibNetTalk *talk, size_t n,
                                GError **error);
typedef struct HibHooks HibHooks;
/* Makes `folder`; what an earlier process left in it is stored first. INTERNAL store.failed. */
HibHooks *hib_hooks_open(HibStore *store, const char *folder, HibAccountsHear hear, GError **error);
/* When nobody calls any more: all of it is stored. Not stored (the store refuses): it stays in its file. */
void hib_hooks_close(HibHooks *hooks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibHooks, hib_hooks_close)
/* Waits until what was told before is stored. False: not within that time. Never inside a HibTx. */
bool hib_hooks_settle(HibHooks *hooks, HibDuration most);
/* Much waits to be stored: what can wait should. NULL: false. */
bool hib_hooks_are_behind(HibHooks *hooks);

/* The practice network; NULL: none runs. */
const HibPracticeService *hib_accounts_practice(const HibServices *services, const char *network);
/* Once a day: what is older than its keeping time goes. Queued at each start; global. */
bool hib_accounts_plan_sweep(HibDb *db, GError **error);
/* What the account's server takes; the network's own limits where it says nothing else. Strings in the db's arena. NOT_FOUND accounts.unknown. */
bool hib_accounts_limits(HibDb *db, const HibServices *services, const char *account,
                         const HibNetLimits **ret, GError **error);
/* Events out (subject: account id): account.connected, account.reconnected, account.needs_reconnect, account.paused, account.disconnected,
 * account.expiring (10 days ahead; data {"acts_at"}), account.talk, account.publish, account.follow, account.numbers, account.deauthorized. */
