/* Accounts in the store: reading them, and connecting, reconnecting, disconnecting with event, audit and job in one
 * transaction. The network is always asked before the transaction begins. */
#include "accounts/account.sql.h"
#include "accounts/accounts_private.h"
#include "accounts/app.sql.h"
#include "base/error.h"
#include "base/json.h"
#include "team/team.h"

/* --- reading ---------------------------------------------------------------------------------------- */
static const char *
profile_url(HibArena *arena, const HibSqlAccountRow *row)
{
    const HibNetwork *network = hib_network_find(row->network);
    if (!network || !network->profile_url)
        return row->service;
    return network->profile_url(arena, row->remote_id, row->handle);
}

static void
fill(HibDb *db, const HibSqlAccountRow *row, bool is_practice, HibAccount *out)
{
    HibInstant acts_at = row->has_acts_at ? row->acts_at : 0;
    *out = (HibAccount){
        .id = row->id,
        .network = row->network,
        .remote_id = row->remote_id,
        .handle = row->handle,
        .display_name = row->display_name,
        .service = row->service,
        .avatar_url = row->avatar_url,
        .url = profile_url(hib_db_arena(db), row),
        .state = (HibAccountState)row->state,
        .state_reason = row->state_reason,
        .is_practice = is_practice || row->is_practice,
        .has_acts_at = row->has_acts_at,
        .acts_at = acts_at,
        .expiry = hib_account_expiry((HibAccountState)row->state, row->granted_at, acts_at,
                                     hib_db_now(db)),
        .connected_at = row->connected_at,
        .granted_at = row->granted_at,
        .has_refresh_expires_at = row->has_refresh_expires_at,
        .refresh_expires_at = row->refresh_expires_at,
        .has_checked_at = row->has_checked_at,
        .checked_at = row->checked_at,
        .has_followers = row->has_followers,
        .followers = row->followers,
    };
}

bool
hib_accounts_list(HibDb *db, HibAccount **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlAccountRow *rows = NULL;
    HibWorkspace *workspace = NULL;
    size_t n = 0;
    if (!hib_sql_accounts_list(db, &rows, &n, error) || !hib_team_workspace(db, &workspace, error))
        return false;
    HibAccount *out = hib_arena_array(hib_db_arena(db), HibAccount, n);
    for (size_t i = 0; i < n; i++)
        fill(db, &rows[i], workspace->is_practice, &out[i]);
    *ret_rows = out;
    *ret_n = n;
    return true;
}

static bool
read_one(HibDb *db, const char *account, bool with_disconnected, HibAccount **ret, GError **error)
{
    HibSqlAccountRow *row = NULL;
    HibWorkspace *workspace = NULL;
    *ret = NULL;
    if (!hib_sql_accounts_get(db, account, &row, error))
        return false;
    if (!row || (row->has_disconnected_at && !with_disconnected))
        return true;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    *ret = hib_arena_new0(hib_db_arena(db), HibAccount);
    fill(db, row, workspace->is_practice, *ret);
    return true;
}

bool
hib_accounts_find(HibDb *db, const char *account, HibAccount **ret, GError **error)
{
    return read_one(db, account, true, ret, error);
}

bool
hib_accounts_get(HibDb *db, const char *account, HibAccount **ret, GError **error)
{
    if (!read_one(db, account, false, ret, error))
        return false;
    if (*ret)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "no account %s", account);
    return false;
}

/* --- storing a grant a person (or a practice history) brought ------------------------------------------ */
static const char *
audit_text(HibArena *arena, const char *network, const HibGrant *grant)
{
    cJSON *about = cJSON_CreateObject();
    cJSON_AddStringToObject(about, "network", network);
    cJSON_AddStringToObject(about, "handle", grant->handle);
    cJSON_AddStringToObject(about, "service", grant->service);
    return hib_json_print(arena, about);
}

static const HibInstant *
known(const HibInstant *at)
{
    return *at > 0 ? at : NULL;
}

/* What must happen by itself from now on: refreshes ahead of the end, and the warning ahead of the last one. */
static bool
plan_life(HibDb *db, const char *id, const HibNetwork *network, const HibGrant *grant,
          GError **error)
{
    HibInstant due = hib_account_refresh_due(hib_db_now(db), grant->access_expires_at,
                                             grant->refresh_expires_at);
    HibInstant acts_at = hib_account_acts_at(network->auth, grant);
    if (!hib_jobs_cancel(db, HIB_ACCOUNTS_REFRESH, id, error) ||
        !hib_account_forecast(db, id, hib_db_now(db), acts_at, error))
        return false;
    if (due == HIB_NEVER || !network->refresh)
        return true;
    return hib_job_add(db, HIB_ACCOUNTS_REFRESH, NULL, id, NULL, due, NULL, error);
}

/* The address a channel is called at by its network; it outlives reconnects, so that a person pastes it once. */
static bool
open_channel_hook(HibDb *db, const HibServices *services, const HibArrival *arrival, const char *id,
                  GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlHookState *old = NULL;
    if (!arrival->secret || !arrival->network->hook)
        return true;
    if (!hib_sql_hook_of_account(db, id, &old, error))
        return false;
    const char *key = old ? old->key : hib_random_token(arena, 24);
    const char *purpose = hib_hook_secret_purpose(arena, hib_db_workspace(db), key);
    const char *sealed = hib_seal(services->keys, arena, purpose, arrival->secret);
    if (old)
        return hib_sql_hook_secret(db, key, sealed, error);
    return hib_sql_hook_add(db, key, arrival->network->name, NULL, id, sealed, hib_db_now(db),
                            error);
}

/* What is asked and told at once: what is left of its quotas (posts are counted against it before they are scheduled), and where its webhooks go. */
static bool
begin(HibDb *db, const char *id, const HibNetwork *network, GError **error)
{
    HibInstant now = hib_db_now(db);
    return (!network->read_quota ||
            hib_job_add(db, HIB_ACCOUNTS_QUOTA, id, id, NULL, now, NULL, error)) &&
           (!network->set_hook ||
            hib_job_add(db, HIB_ACCOUNTS_HOOK, id, id, NULL, now, NULL, error));
}

static bool
insert(HibDb *db, const HibServices *services, const HibArrival *arrival, const HibGrant *grant,
       HibInstant connected_at, const char *id, GError **error)
{
    HibInstant acts_at = hib_account_acts_at(arrival->network->auth, grant);
    return hib_sql_accounts_insert(
               db, id, arrival->network->name, grant->service, grant->remote_id, arrival->login,
               grant->handle, grant->display_name, grant->avatar_url,
               hib_grant_seal(db, services, id, grant), known(&grant->access_expires_at),
               known(&grant->refresh_expires_at), known(&acts_at), arrival->is_own_service,
               arrival->is_practice, connected_at, error) &&
           hib_event_emit(db, "account.connected", id, NULL, error) &&
           hib_audit(db, "account.connect", "account", id, NULL,
                     audit_text(hib_db_arena(db), arrival->network->name, grant), error) &&
           open_channel_hook(db, services, arrival, id, error) &&
           plan_life(db, id, arrival->network, grant, error) &&
           begin(db, id, arrival->network, error);
}

/* The same remote id again: what it was stays, the grant is new. */
static bool
reopen(HibDb *db, const HibServices *services, const HibArrival *arrival, const HibGrant *grant,
       const char *id, bool was_disconnected, GError **error)
{
    int64_t changed = 0;
    HibInstant acts_at = hib_account_acts_at(arrival->network->auth, grant);
    return hib_sql_accounts_reopen(
               db, id, grant->service, arrival->login, grant->handle, grant->display_name,
               grant->avatar_url, hib_grant_seal(db, services, id, grant),
               known(&grant->access_expires_at), known(&grant->refresh_expires_at), known(&acts_at),
               arrival->is_own_service, arrival->is_practice, hib_db_now(db), &changed, error) &&
           hib_event_emit(db, was_disconnected ? "account.connected" : "account.reconnected", id,
                          NULL, error) &&
           hib_audit(db, was_disconnected ? "account.connect" : "account.reconnect", "account", id,
                     NULL, audit_text(hib_db_arena(db), arrival->network->name, grant), error) &&
           open_channel_hook(db, services, arrival, id, error) &&
           plan_life(db, id, arrival->network, grant, error) &&
           begin(db, id, arrival->network, error);
}

static void
set_already_connected(GError **error)
{
    hib_error_set_at(error, HIB_ERROR_CONFLICT, "accounts.already_connected", "/handle",
                     "this account is connected and healthy");
}

/* Two people connecting the same account at once: the second one's row is refused by its key. */
static void
translate_duplicate(GError **error, GError *fault)
{
    bool is_twice = g_str_equal(hib_error_reason(fault), "store.duplicate");
    if (is_twice) {
        g_error_free(fault);
        set_already_connected(error);
        return;
    }
    g_propagate_error(error, fault);
}

bool
hib_account_arrive(HibDb *db, const HibServices *services, const HibArrival *arrival,
                   const HibGrant *grant, const char **ret_id, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    HibSqlAccountsGetRemote *old = NULL;
    if (!tx ||
        !hib_sql_accounts_get_remote(db, arrival->network->name, grant->remote_id, &old, error))
        return false;
    if (old && !arrival->may_renew && !old->has_disconnected_at && old->state == HIB_ACCOUNT_OK) {
        set_already_connected(error);
        return false;
    }
    *ret_id = old ? old->id : hib_db_new_id(db);
    if (old) {
        if (!reopen(db, services, arrival, grant, old->id, old->has_disconnected_at, error))
            return false;
        return hib_tx_commit(tx, error);
    }
    GError *fault = NULL;
    if (!insert(db, services, arrival, grant, hib_db_now(db), *ret_id, &fault)) {
        translate_duplicate(error, fault);
        return false;
    }
    return hib_tx_commit(tx, error);
}

/* --- connecting --------------------------------------------------------------------------------------- */
const HibNetwork *
hib_account_network(const char *name, GError **error)
{
    const HibNetwork *network = hib_network_find(name);
    if (!network)
        hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.network_unknown", "/network",
                         "no network %s", name);
    return network;
}

const HibPracticeService *
hib_accounts_practice(const HibServices *services, const char *network)
{
    for (const HibPracticeService *one = services->practice; one && one->network; one++)
        if (g_str_equal(one->network, network))
            return one;
    return NULL;
}

/* The connector's own default comes from our configuration where it names one. */
static const char *
usual_service(const HibServices *services, const HibNetwork *network)
{
    return g_str_equal(network->name, "bluesky") ? services->bluesky_service : NULL;
}

bool
hib_account_place(HibDb *db, const HibServices *services, const HibNetwork *network,
                  const char *typed, HibAccountPlace *ret, GError **error)
{
    const char *usual = usual_service(services, network);
    if (typed && g_str_equal(typed, HIB_ON_PRACTICE)) {
        const HibPracticeService *practice = hib_accounts_practice(services, network->name);
        *ret = (HibAccountPlace){practice ? practice->url : NULL, true, true};
        if (!ret->service)
            hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.no_practice", "/practice",
                             "no practice %s runs", network->name);
        return ret->service != NULL;
    }
    *ret = (HibAccountPlace){.service = usual, .is_own_service = true};
    if (!typed || g_strcmp0(typed, usual) == 0)
        return true;
    *ret = (HibAccountPlace){.service = hib_account_tidy_service(hib_db_arena(db), typed)};
    if (hib_account_service_ok(ret->service, services->may_connect_private))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.bad_service", "/service",
                     "not an https address");
    return false;
}

static bool
sign_in(HibDb *db, const HibServices *services, HibArrival *arrival, const char *service,
        const char *password, HibGrant *ret, GError **error)
{
    HibNetContext net = hib_grant_context(db, services, NULL, arrival->is_own_service);
    HibNetResult said = arrival->network->connect(&net, service, arrival->login, password, ret);
    if (said.class != HIB_NET_OK) {
        hib_account_set_refused(&said, error);
        return false;
    }
    const HibGrant typed = {.service = service, .handle = arrival->login};
    if (ret->remote_id && *ret->remote_id && hib_account_merge_grant(&typed, ret)) {
        arrival->is_own_service =
            arrival->is_own_service && hib_account_same_service(service, ret->service);
        if (arrival->network->auth == HIB_NET_AUTH_CHANNEL)
            arrival->secret = hib_account_hook_secret(hib_db_arena(db), ret, password);
        return true;
    }
    hib_error_set(error, HIB_ERROR_UPSTREAM, "accounts.unreachable",
                  "the network gave an empty grant");
    return false;
}

static bool
takes_login(const HibNetwork *network, GError **error)
{
    if (network->auth != HIB_NET_AUTH_OAUTH)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.oauth_needed", "/network",
                     "%s asks the person itself", network->name);
    return false;
}

bool
hib_accounts_connect(HibDb *db, const HibServices *services, const char *network,
                     const char *service, const char *handle, const char *password,
                     HibAccount **ret, GError **error)
{
    HibArrival arrival = {.network = hib_account_network(network, error)};
    HibAccountPlace place;
    if (!arrival.network || !takes_login(arrival.network, error) ||
        !hib_account_place(db, services, arrival.network, service, &place, error))
        return false;
    arrival.login = hib_account_tidy_handle(hib_db_arena(db), handle);
    arrival.is_own_service = place.is_own_service;
    arrival.is_practice = place.is_practice;
    const char *id = NULL;
    HibGrant grant = {0};
    return sign_in(db, services, &arrival, place.service, password, &grant, error) &&
           hib_account_arrive(db, services, &arrival, &grant, &id, error) &&
           hib_accounts_get(db, id, ret, error);
}

bool
hib_accounts_reconnect(HibDb *db, const HibServices *services, const char *account,
                       const char *password, HibAccount **ret, GError **error)
{
    HibSqlAccountsGrant *row = NULL;
    if (!hib_sql_accounts_grant(db, account, &row, error))
        return false;
    HibArrival arrival = {.network = row ? hib_network_find(row->network) : NULL};
    if (!arrival.network) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "no account %s", account);
        return false;
    }
    if (!takes_login(arrival.network, error))
        return false;
    /* A handle may have changed since it was typed; a channel's id never does. */
    arrival.login = arrival.network->auth == HIB_NET_AUTH_CHANNEL ? row->login : row->handle;
    arrival.is_own_service = row->is_own_service;
    arrival.is_practice = row->is_practice;
    HibGrant grant = {0};
    const HibPracticeService *practice =
        row->is_practice ? hib_accounts_practice(services, row->network) : NULL;
    if (!sign_in(db, services, &arrival, practice ? practice->url : row->service, password, &grant,
                 error))
        return false;
    if (!g_str_equal(grant.remote_id, row->remote_id)) {
        hib_error_set_at(error, HIB_ERROR_CONFLICT, "accounts.other_account", "/password",
                         "signed in to another account than %s", account);
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && reopen(db, services, &arrival, &grant, account, false, error) &&
           hib_tx_commit(tx, error) && hib_accounts_get(db, account, ret, error);
}

bool
hib_accounts_disconnect(HibDb *db, const char *account, GError **error)
{
    HibAccount *was = NULL;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_accounts_get(db, account, &was, error))
        return false;
    const HibGrant shown = {.handle = was->handle, .service = was->service};
    if (!hib_sql_accounts_disconnect(db, account, hib_db_now(db), &changed, error))
        return false;
    if (changed && (!hib_jobs_cancel(db, HIB_ACCOUNTS_REFRESH, account, error) ||
                    !hib_jobs_cancel(db, HIB_ACCOUNTS_EXPIRY, account, error) ||
                    !hib_jobs_cancel(db, HIB_ACCOUNTS_QUOTA, account, error) ||
                    !hib_sql_hook_drop_account(db, account, error) ||
                    !hib_event_emit(db, "account.disconnected", account, NULL, error) ||
                    !hib_audit(db, "account.disconnect", "account", account,
                               audit_text(hib_db_arena(db), was->network, &shown), NULL, error)))
        return false;
    return hib_tx_commit(tx, error);
}

bool
hib_accounts_set_followers(HibDb *db, const char *account, int64_t followers, HibInstant as_of,
                           GError **error)
{
    int64_t changed = 0; /* 0: a newer count stands there already */
    return hib_sql_accounts_set_followers(db, account, followers, as_of, &changed, error);
}

bool
hib_accounts_add(HibDb *db, const HibServices *services, const char *network, const HibGrant *grant,
                 HibInstant connected_at, const char **ret_id, GError **error)
{
    const HibArrival arrival = {
        .network = hib_account_network(network, error), .login = "", .is_own_service = true};
    if (!arrival.network)
        return false;
    HibGrant whole = *grant;
    const HibGrant none = {0};
    if (!hib_account_merge_grant(&none, &whole)) {
        hib_error_set(error, HIB_ERROR_INVALID, "accounts.refused", "an empty grant");
        return false;
    }
    *ret_id = hib_db_new_id(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    GError *fault = NULL;
    if (!tx)
        return false;
    if (!insert(db, services, &arrival, &whole, connected_at, *ret_id, &fault)) {
        translate_duplicate(error, fault);
        return false;
    }
    return hib_tx_commit(tx, error);
}
