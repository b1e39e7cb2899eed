/* Grants: sealing, the lease, refreshing, and the one way to use them (hib_accounts_call).
 *
 * The one idea: a stored grant has a version. Whoever finds the access token stale takes the account's lease (a column,
 * so it holds between threads and between processes), looks whether the version moved while waiting, and only then asks the
 * network. The new grant is stored, on condition of the old version, before anyone uses it; so a rotated refresh token is
 * never lost to a slower writer and never overwrites a person's reconnect. */
#include "accounts/account.sql.h"
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"

#define LEASE (90 * HIB_SECOND) /* longer than a refresh can take: the client gives up after 30 s */
#define WAIT_US (30 * G_USEC_PER_SEC) /* for another's refresh */
#define LOOK_US (20 * 1000)
#define STORE_TRIES 5
#define STALE_BEFORE (60 * HIB_SECOND)
#define CHECKED_EVERY HIB_MINUTE
#define NO_APP "the developer app of this network is missing"
#define FEW_CALLS 5 /* left in the rate window: worth a note each time */

static const char *
purpose_of(HibDb *db, const char *account)
{
    return hib_arena_printf(hib_db_arena(db), "accounts.grant/%s/%s", hib_db_workspace(db),
                            account);
}

const char *
hib_grant_seal(HibDb *db, const HibServices *services, const char *account, const HibGrant *grant)
{
    HibArena *arena = hib_db_arena(db);
    cJSON *tokens = cJSON_CreateObject();
    cJSON_AddStringToObject(tokens, "access", grant->access ? grant->access : "");
    cJSON_AddStringToObject(tokens, "refresh", grant->refresh ? grant->refresh : "");
    cJSON_AddStringToObject(tokens, "extra", grant->extra ? grant->extra : "");
    return hib_seal(services->keys, arena, purpose_of(db, account), hib_json_print(arena, tokens));
}

static bool
unseal(HibDb *db, const HibServices *services, const char *account, const char *sealed,
       HibGrant *grant, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *text = hib_unseal(services->keys, arena, purpose_of(db, account), sealed, error);
    if (!text)
        return false;
    HibJson tokens;
    grant->extra = "";
    return hib_json_parse(arena, text, strlen(text), &tokens, error) &&
           hib_json_text(tokens, "access", &grant->access, error) &&
           hib_json_text(tokens, "refresh", &grant->refresh, error) &&
           hib_json_opt_text(tokens, "extra", &grant->extra, error);
}

bool
hib_grant_open(HibDb *db, const HibServices *services, const char *account, HibOpenAccount *ret,
               GError **error)
{
    HibSqlAccountsGrant *row = NULL;
    if (!hib_sql_accounts_grant(db, account, &row, error))
        return false;
    const HibNetwork *network = row ? hib_network_find(row->network) : NULL;
    if (!row || !row->grant_sealed || !network) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "no account %s", account);
        return false;
    }
    const HibPracticeService *practice =
        row->is_practice ? hib_accounts_practice(services, row->network) : NULL;
    *ret = (HibOpenAccount){
        .id = hib_arena_strdup(hib_db_arena(db), account),
        .network = network,
        .version = row->grant_version,
        .granted_at = row->granted_at,
        .state = (HibAccountState)row->state,
        .state_reason = row->state_reason,
        .is_own_service = row->is_own_service,
        .checked_at = row->has_checked_at ? row->checked_at : 0,
        .grant =
            {
                .service = practice ? practice->url : row->service, /* it moves between runs */
                .remote_id = row->remote_id,
                .handle = row->handle,
                .display_name = row->display_name,
                .avatar_url = row->avatar_url,
                .access_expires_at = row->has_access_expires_at ? row->access_expires_at : 0,
                .refresh_expires_at = row->has_refresh_expires_at ? row->refresh_expires_at : 0,
            },
    };
    return hib_app_find(db, services, network, row->service, row->is_practice, &ret->app, error) &&
           unseal(db, services, account, row->grant_sealed, &ret->grant, error);
}

HibNetContext
hib_grant_context(HibDb *db, const HibServices *services, const HibNetApp *app, bool is_own_service)
{
    return (HibNetContext){
        .app = app,
        .http = services->http,
        .arena = hib_db_arena(db),
        .clock = hib_store_clock(hib_db_store(db)),
        .may_be_private = is_own_service || services->may_connect_private,
        .may_lead_private = services->may_connect_private,
    };
}

bool
hib_accounts_limits(HibDb *db, const HibServices *services, const char *account,
                    const HibNetLimits **ret, GError **error)
{
    HibOpenAccount open;
    if (!hib_grant_open(db, services, account, &open, error))
        return false;
    *ret = hib_net_limits_of(hib_db_arena(db), open.network, open.grant.extra);
    return true;
}

static HibNetResult
answer(HibNetClass class, const char *message)
{
    return (HibNetResult){
        .class = class, .code = "", .message = message ? message : "", .remaining = -1};
}

/* --- what an answer says about the account ----------------------------------------------------------- */
static bool
store_state(HibDb *db, const HibOpenAccount *open, HibAccountState state, const HibNetResult *said,
            GError **error)
{
    const char *reason = *said->message ? said->message : said->code;
    const char *event = state == HIB_ACCOUNT_PAUSED ? "account.paused" : "account.needs_reconnect";
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    int64_t changed = 0;
    if (!tx ||
        !hib_sql_accounts_set_state(db, open->id, open->version, state, reason, &changed, error))
        return false;
    if (changed && !hib_event_emit(db, event, open->id, NULL, error))
        return false;
    return hib_tx_commit(tx, error);
}

static bool
note_success(HibDb *db, const HibOpenAccount *open, const HibNetResult *said, HibInstant now,
             GError **error)
{
    bool is_due = now - open->checked_at >= CHECKED_EVERY;
    bool is_short = said->remaining >= 0 && said->remaining <= FEW_CALLS;
    if (is_due && !hib_sql_accounts_set_checked(db, open->id, now, error))
        return false;
    return said->remaining < 0 || !(is_due || is_short) ||
           hib_sql_accounts_set_rate(db, open->id, said->remaining,
                                     said->reset_at > 0 ? &said->reset_at : NULL, now, error);
}

static bool
note_failure(HibDb *db, const HibOpenAccount *open, const HibNetResult *said, HibInstant now,
             GError **error)
{
    if (said->class == HIB_NET_REAUTH_HUMAN &&
        !store_state(db, open, HIB_ACCOUNT_NEEDS_RECONNECT, said, error))
        return false;
    if (said->class == HIB_NET_BLOCKED && !store_state(db, open, HIB_ACCOUNT_PAUSED, said, error))
        return false;
    if (said->remaining >= 0 &&
        !hib_sql_accounts_set_rate(db, open->id, said->remaining,
                                   said->reset_at > 0 ? &said->reset_at : NULL, now, error))
        return false;
    return hib_sql_accounts_set_error(db, open->id, open->version, said->class, said->http_status,
                                      said->code, said->message, now, error);
}

void
hib_grant_note(HibDb *db, const HibOpenAccount *open, const HibNetResult *said)
{
    g_autoptr(GError) error = NULL;
    HibInstant now = hib_db_now(db);
    bool ok = true;
    if (said->class == HIB_NET_OK)
        ok = note_success(db, open, said, now, &error);
    else if (said->class != HIB_NET_WAIT_ASYNC)
        ok = note_failure(db, open, said, now, &error);
    if (!ok)
        hib_log_error(HIB_WARN, "accounts.not_noted", error, "account", open->id, NULL);
}

/* Without it the network does not know who asks; an app in use cannot be deleted, so this is a damaged store. */
static bool
lacks_app(const HibOpenAccount *open)
{
    return open->network->auth == HIB_NET_AUTH_OAUTH && !open->app;
}

/* --- refreshing ------------------------------------------------------------------------------------- */
static const HibInstant *
known(const HibInstant *at)
{
    return *at > 0 ? at : NULL;
}

static bool
store_once(HibDb *db, const HibServices *services, const HibOpenAccount *open,
           const HibGrant *fresh, int64_t *stored, GError **error)
{
    HibInstant now = hib_db_now(db);
    HibInstant acts_at = hib_account_acts_at(open->network->auth, fresh);
    HibInstant due =
        hib_account_refresh_due(now, fresh->access_expires_at, fresh->refresh_expires_at);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    if (!hib_sql_accounts_store_refreshed(
            db, open->id, open->version, fresh->service, fresh->handle, fresh->display_name,
            fresh->avatar_url, hib_grant_seal(db, services, open->id, fresh),
            known(&fresh->access_expires_at), known(&fresh->refresh_expires_at), known(&acts_at),
            now, stored, error))
        return false;
    if (!hib_account_forecast(db, open->id, now, acts_at, error))
        return false;
    if (due != HIB_NEVER &&
        !hib_jobs_move(db, HIB_ACCOUNTS_REFRESH, open->id, MAX(due, now + 5 * HIB_MINUTE), error))
        return false;
    return hib_tx_commit(tx, error);
}

/* The network has rotated the token already: a busy store is tried again before it is given up. */
static bool
store_refreshed(HibDb *db, const HibServices *services, HibOpenAccount *open, const HibGrant *fresh,
                GError **error)
{
    for (int i = 1;; i++) {
        g_autoptr(GError) fault = NULL;
        int64_t stored = 0;
        if (store_once(db, services, open, fresh, &stored, &fault)) {
            if (!stored) /* a person reconnected or disconnected meanwhile: theirs counts */
                return hib_grant_open(db, services, open->id, open, error);
            open->grant = *fresh;
            open->version++;
            open->granted_at = open->checked_at = hib_db_now(db);
            return true;
        }
        if (i == STORE_TRIES || !hib_error_is(fault, HIB_ERROR_BUSY)) {
            hib_log_error(HIB_ALARM, "accounts.refresh_not_stored", fault, "account", open->id,
                          NULL);
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_usleep(100 * 1000);
    }
}

/* Waits for the lease. *ret_took false with *open moved on: another refreshed meanwhile. */
static bool
take_lease(HibDb *db, const HibServices *services, HibOpenAccount *open, const char *owner,
           bool *ret_took, GError **error)
{
    int64_t until = hib_monotonic_us() + WAIT_US;
    for (;;) {
        HibInstant now = hib_db_now(db);
        HibOpenAccount seen;
        int64_t took = 0;
        if (!hib_sql_accounts_take_lease(db, open->id, owner, now, now + LEASE, &took, error) ||
            !hib_grant_open(db, services, open->id, &seen, error))
            return false;
        bool has_moved = seen.version != open->version || seen.state != open->state;
        *open = seen;
        *ret_took = took && !has_moved;
        if (took && has_moved)
            return hib_sql_accounts_end_lease(db, open->id, owner, error);
        if (took || has_moved || hib_monotonic_us() > until)
            return true;
        g_usleep(LOOK_US);
    }
}

static bool
ask_network(HibDb *db, const HibServices *services, HibOpenAccount *open, const char *owner,
            HibNetResult *ret, GError **error)
{
    HibNetContext net = hib_grant_context(db, services, open->app, open->is_own_service);
    HibGrant fresh = {0};
    if (!open->network->refresh)
        *ret = answer(HIB_NET_REAUTH_HUMAN, "the network gives no new token by itself");
    else if (lacks_app(open))
        *ret = answer(HIB_NET_REAUTH_HUMAN, NO_APP);
    else
        *ret = open->network->refresh(&net, &open->grant, &fresh);
    if (ret->class == HIB_NET_OK && hib_account_merge_grant(&open->grant, &fresh))
        return store_refreshed(db, services, open, &fresh, error);
    if (ret->class == HIB_NET_OK)
        *ret = answer(HIB_NET_RETRY_SAME, "the network gave an empty grant");
    ret->class = hib_account_refresh_class(ret->class);
    hib_log(HIB_WARN, "accounts.refresh_failed", "account", open->id, "class",
            hib_net_class_name(ret->class), "answer", ret->code, NULL);
    if (ret->class == HIB_NET_REAUTH_HUMAN || ret->class == HIB_NET_BLOCKED)
        hib_grant_note(db, open, ret);
    return hib_sql_accounts_end_lease(db, open->id, owner, error);
}

bool
hib_grant_refresh(HibDb *db, const HibServices *services, HibOpenAccount *open, HibNetResult *ret,
                  GError **error)
{
    const char *owner = hib_db_new_id(db);
    int64_t before = open->version;
    bool took = false;
    if (!take_lease(db, services, open, owner, &took, error))
        return false;
    if (took)
        return ask_network(db, services, open, owner, ret, error);
    if (open->state == HIB_ACCOUNT_NEEDS_RECONNECT)
        *ret = answer(HIB_NET_REAUTH_HUMAN, open->state_reason);
    else if (open->version != before)
        *ret = answer(HIB_NET_OK, NULL);
    else
        *ret = answer(HIB_NET_RETRY_SAME, "another refresh of this account has not ended yet");
    return true;
}

/* --- the call --------------------------------------------------------------------------------------- */
bool
hib_accounts_call(HibDb *db, const HibServices *services, const char *account, HibAccountRun run,
                  void *data, HibNetResult *ret, GError **error)
{
    HibOpenAccount open;
    if (!hib_grant_open(db, services, account, &open, error))
        return false;
    if (open.state == HIB_ACCOUNT_NEEDS_RECONNECT || lacks_app(&open)) {
        *ret = answer(HIB_NET_REAUTH_HUMAN, lacks_app(&open) ? NO_APP : open.state_reason);
        return true;
    }
    HibInstant ends_at = open.grant.access_expires_at;
    if (ends_at > 0 && open.network->refresh && ends_at - STALE_BEFORE <= hib_db_now(db)) {
        if (!hib_grant_refresh(db, services, &open, ret, error))
            return false;
        if (ret->class != HIB_NET_OK)
            return true;
    }
    HibNetContext net = hib_grant_context(db, services, open.app, open.is_own_service);
    *ret = run(&net, open.network, &open.grant, data);
    if (ret->class == HIB_NET_REFRESH_AUTH) {
        if (!hib_grant_refresh(db, services, &open, ret, error))
            return false;
        if (ret->class != HIB_NET_OK)
            return true;
        *ret = run(&net, open.network, &open.grant, data);
    }
    if (ret->class ==
        HIB_NET_REFRESH_AUTH) { /* a grant fresh from the network counts as stale: clocks, or a fault there */
        ret->class = HIB_NET_RETRY_AFTER;
        ret->retry_at = hib_db_now(db) + HIB_MINUTE;
    }
    hib_grant_note(db, &open, ret);
    return true;
}
