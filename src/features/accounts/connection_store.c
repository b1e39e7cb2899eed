/* Connections: a person is sent to the network, approves there, and comes back with a code that opens accounts.
 *
 * The one idea: a connection is a row that moves one way only (waiting → exchanging → choose → done, or failed), and each move is one
 * conditional update. So a code that comes twice, a double click or two tabs meet a row that has moved on, and a process that dies between the
 * network's answer and the store leaves a row that says so: accounts are stored together with the last move, or not at all. The state that
 * travels through the browser is stored as its hash, what the network gave lies sealed and only while there is a choice to make. */
#include "accounts/account.sql.h"
#include "accounts/accounts_private.h"
#include "accounts/connection.sql.h"
#include "base/error.h"
#include "base/json.h"

#define LIFE (10 * HIB_MINUTE)
#define LOST_AFTER (2 * HIB_MINUTE) /* an exchange takes half a minute at most */
#define STATE_BYTES 32
#define VERIFIER_BYTES 48
#define MAX_GRANTS 200

static const char *
purpose_of(HibDb *db, const char *id)
{
    return hib_arena_printf(hib_db_arena(db), "accounts.connection/%s/%s", hib_db_workspace(db),
                            id);
}

/* --- starting --------------------------------------------------------------------------------------- */
typedef struct {
    const HibNetwork *network;
    HibAccountPlace place;
} Target;

static bool
target_of(HibDb *db, const HibServices *services, const HibConnectionDraft *draft, Target *ret,
          GError **error)
{
    HibSqlAccountsGrant *row = NULL;
    if (draft->account && !hib_sql_accounts_grant(db, draft->account, &row, error))
        return false;
    if (draft->account && !row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "no account %s",
                      draft->account);
        return false;
    }
    ret->network = hib_account_network(row ? row->network : draft->network, error);
    if (!ret->network)
        return false;
    if (ret->network->auth != HIB_NET_AUTH_OAUTH) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.not_oauth", "/network",
                         "%s is connected by typing", ret->network->name);
        return false;
    }
    const char *typed = row ? (row->is_practice ? HIB_ON_PRACTICE : row->service) : draft->service;
    bool may_type = ret->network->has_service || g_strcmp0(typed, HIB_ON_PRACTICE) == 0;
    if (!hib_account_place(db, services, ret->network, may_type ? typed : NULL, &ret->place, error))
        return false;
    if (!ret->place.service)
        ret->place = (HibAccountPlace){.service = ret->network->limits()->default_service};
    return true;
}

bool
hib_connection_start(HibDb *db, const HibServices *services, const HibConnectionDraft *draft,
                     HibConnection **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    Target to = {0};
    const HibNetApp *app = NULL;
    const char *person = NULL;
    if (!target_of(db, services, draft, &to, error) ||
        !hib_app_need(db, services, to.network, to.place.service, to.place.is_own_service,
                      to.place.is_practice, &app, error))
        return false;
    const char *id = hib_db_new_id(db), *state = hib_random_token(arena, STATE_BYTES),
               *verifier = hib_random_token(arena, VERIFIER_BYTES);
    HibNetContext net = hib_grant_context(db, services, app, to.place.is_own_service);
    const char *url = to.network->authorize_url(&net, to.place.service,
                                                hib_app_redirect(arena, services), state, verifier);
    HibInstant now = hib_db_now(db);
    hib_db_actor(db, &person);
    if (!url) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.bad_service", "/service",
                         "%s has no page at such an address", to.network->name);
        return false;
    }
    if (!hib_sql_connection_add(db, id, to.network->name, to.place.service, to.place.is_own_service,
                                to.place.is_practice, person ? person : "", draft->account,
                                hib_sha256_hex(arena, state, strlen(state)),
                                hib_seal(services->keys, arena, purpose_of(db, id), verifier), now,
                                now + LIFE, error))
        return false;
    if (!hib_connection_get(db, services, id, ret, error))
        return false;
    (*ret)->authorize_url = url;
    return true;
}

/* --- what came back, sealed ------------------------------------------------------------------------- */
static void
put(cJSON *out, const char *name, const char *text)
{
    cJSON_AddStringToObject(out, name, text ? text : "");
}

static const char *
seal_grants(HibDb *db, const HibServices *services, const char *id, const HibGrant *grants,
            size_t n)
{
    cJSON *list = cJSON_CreateArray(), *all = cJSON_CreateObject();
    for (size_t i = 0; i < n; i++) {
        cJSON *one = cJSON_CreateObject();
        put(one, "service", grants[i].service);
        put(one, "remote_id", grants[i].remote_id);
        put(one, "handle", grants[i].handle);
        put(one, "display_name", grants[i].display_name);
        put(one, "avatar_url", grants[i].avatar_url);
        put(one, "access", grants[i].access);
        put(one, "refresh", grants[i].refresh);
        put(one, "extra", grants[i].extra);
        cJSON_AddNumberToObject(one, "access_expires_at", (double)grants[i].access_expires_at);
        cJSON_AddNumberToObject(one, "refresh_expires_at", (double)grants[i].refresh_expires_at);
        cJSON_AddItemToArray(list, one);
    }
    cJSON_AddItemToObject(all, "grants", list);
    return hib_seal(services->keys, hib_db_arena(db), purpose_of(db, id),
                    hib_json_print(hib_db_arena(db), all));
}

static bool
read_grant(HibJson in, HibGrant *ret, GError **error)
{
    return hib_json_text(in, "service", &ret->service, error) &&
           hib_json_text(in, "remote_id", &ret->remote_id, error) &&
           hib_json_text(in, "handle", &ret->handle, error) &&
           hib_json_text(in, "display_name", &ret->display_name, error) &&
           hib_json_text(in, "avatar_url", &ret->avatar_url, error) &&
           hib_json_text(in, "access", &ret->access, error) &&
           hib_json_text(in, "refresh", &ret->refresh, error) &&
           hib_json_text(in, "extra", &ret->extra, error) &&
           hib_json_int(in, "access_expires_at", &ret->access_expires_at, error) &&
           hib_json_int(in, "refresh_expires_at", &ret->refresh_expires_at, error);
}

static bool
unseal_grants(HibDb *db, const HibServices *services, const HibSqlConnectionRow *row,
              HibGrant **ret, size_t *ret_n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibJson all, list;
    const char *text =
        hib_unseal(services->keys, arena, purpose_of(db, row->id), row->grants_sealed, error);
    if (!text || !hib_json_parse(arena, text, strlen(text), &all, error) ||
        !hib_json_array(all, "grants", &list, error))
        return false;
    *ret = hib_arena_array(arena, HibGrant, hib_json_count(list));
    *ret_n = 0;
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one))
        if (!read_grant(one, &(*ret)[(*ret_n)++], error))
            return false;
    return true;
}

/* --- reading ---------------------------------------------------------------------------------------- */
static bool
fill_choices(HibDb *db, const HibServices *services, const HibSqlConnectionRow *row,
             HibConnection *out, GError **error)
{
    HibGrant *grants = NULL;
    size_t n = 0;
    if (!unseal_grants(db, services, row, &grants, &n, error))
        return false;
    out->choices = hib_arena_array(hib_db_arena(db), HibConnectionChoice, n);
    out->n_choices = n;
    for (size_t i = 0; i < n; i++) {
        HibSqlAccountsGetRemote *old = NULL;
        if (!hib_sql_accounts_get_remote(db, row->network, grants[i].remote_id, &old, error))
            return false;
        out->choices[i] = (HibConnectionChoice){.remote_id = grants[i].remote_id,
                                                .handle = grants[i].handle,
                                                .display_name = grants[i].display_name,
                                                .is_connected = old && !old->has_disconnected_at};
    }
    return true;
}

static bool
fill_accounts(HibDb *db, const HibSqlConnectionRow *row, HibConnection *out, GError **error)
{
    HibJson list;
    const char *text = hib_arena_printf(hib_db_arena(db), "{\"ids\":%s}", row->account_ids);
    if (!hib_json_parse(hib_db_arena(db), text, strlen(text), &list, error) ||
        !hib_json_array(list, "ids", &list, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, hib_json_count(list));
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one))
        ids[out->n_accounts++] = one.value->valuestring;
    out->accounts = ids;
    return true;
}

/* What nobody moved in time has failed, whatever the row still says. */
static const char *
ended_by_time(const HibSqlConnectionRow *row, HibInstant now)
{
    if (row->step == HIB_CONNECTION_EXCHANGING && row->changed_at + LOST_AFTER <= now)
        return "accounts.connection_lost";
    bool is_open = row->step == HIB_CONNECTION_WAITING || row->step == HIB_CONNECTION_CHOOSE;
    return is_open && row->expires_at <= now ? "accounts.connection_expired" : NULL;
}

static bool
read_own(HibDb *db, const char *id, HibSqlConnectionRow **ret, GError **error)
{
    const char *person = NULL;
    hib_db_actor(db, &person);
    if (!hib_sql_connection_get(db, id, ret, error))
        return false;
    if (*ret && g_strcmp0((*ret)->person_id, person) == 0)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.connection_unknown", "no connection %s",
                  id);
    return false;
}

bool
hib_connection_get(HibDb *db, const HibServices *services, const char *id, HibConnection **ret,
                   GError **error)
{
    HibSqlConnectionRow *row = NULL;
    if (!read_own(db, id, &row, error))
        return false;
    const char *ended = ended_by_time(row, hib_db_now(db));
    HibConnection *out = hib_arena_new0(hib_db_arena(db), HibConnection);
    *out = (HibConnection){
        .id = row->id,
        .network = row->network,
        .service = row->service,
        .is_practice = row->is_practice,
        .state = ended ? HIB_CONNECTION_FAILED : (HibConnectionState)row->step,
        .reason = ended ? ended : row->reason,
        .message = row->message,
        .expires_at = row->expires_at,
    };
    *ret = out;
    if (out->state == HIB_CONNECTION_CHOOSE)
        return fill_choices(db, services, row, out, error);
    return out->state != HIB_CONNECTION_DONE || fill_accounts(db, row, out, error);
}

bool
hib_connection_find(HibDb *global, const char *state, const char *person,
                    const char **ret_workspace, const char **ret_id, GError **error)
{
    HibSqlConnectionRow *row = NULL;
    *ret_id = NULL;
    if (!hib_sql_connection_by_state(
            global, hib_sha256_hex(hib_db_arena(global), state, strlen(state)), &row, error))
        return false;
    if (row && person && g_str_equal(row->person_id, person)) {
        *ret_workspace = row->workspace_id;
        *ret_id = row->id;
    }
    return true;
}

/* --- storing ---------------------------------------------------------------------------------------- */
/* All of them and the row's last move in one transaction; false with CONFLICT accounts.connection_used when the row moved meanwhile. */
static bool
settle(HibDb *db, const HibServices *services, const HibSqlConnectionRow *row,
       const HibGrant *const *chosen, size_t n, GError **error)
{
    const HibArrival arrival = {.network = hib_network_find(row->network),
                                .login = "",
                                .is_own_service = row->is_own_service,
                                .is_practice = row->is_practice,
                                .may_renew = true};
    int64_t moved = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    cJSON *ids = cJSON_CreateArray();
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        const char *account = NULL;
        ok = hib_account_arrive(db, services, &arrival, chosen[i], &account, error);
        cJSON_AddItemToArray(ids, cJSON_CreateString(account ? account : ""));
    }
    const char *list = hib_json_print(hib_db_arena(db), ids);
    if (!ok ||
        !hib_sql_connection_done(db, row->id, row->step, list, hib_db_now(db), &moved, error))
        return false;
    if (!moved) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "accounts.connection_used",
                      "connection %s has moved on", row->id);
        return false;
    }
    return hib_tx_commit(tx, error);
}

static const HibGrant *
find_grant(const HibGrant *grants, size_t n, const char *remote_id)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(grants[i].remote_id, remote_id))
            return &grants[i];
    return NULL;
}

static bool
pick(HibArena *arena, const HibGrant *grants, size_t n, const char *const *remote_ids, size_t n_ids,
     const HibGrant ***ret, size_t *ret_n, GError **error)
{
    *ret = hib_arena_array(arena, const HibGrant *, n_ids);
    *ret_n = 0;
    for (size_t i = 0; i < n_ids; i++) {
        const HibGrant *one = find_grant(grants, n, remote_ids[i]);
        bool is_twice = false;
        for (size_t k = 0; k < *ret_n; k++)
            is_twice |= (*ret)[k] == one;
        if (!one) {
            g_autofree char *at = g_strdup_printf("/remote_ids/%zu", i);
            hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.choice_unknown", at,
                             "not among the choices");
            return false;
        }
        if (!is_twice)
            (*ret)[(*ret_n)++] = one;
    }
    return true;
}

bool
hib_connection_choose(HibDb *db, const HibServices *services, const char *id,
                      const char *const *remote_ids, size_t n, HibConnection **ret, GError **error)
{
    HibSqlConnectionRow *row = NULL;
    HibGrant *grants = NULL;
    const HibGrant **chosen = NULL;
    size_t n_grants = 0, n_chosen = 0;
    if (!read_own(db, id, &row, error))
        return false;
    if (row->step != HIB_CONNECTION_CHOOSE) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "accounts.connection_used",
                      "connection %s has nothing to choose", id);
        return false;
    }
    if (ended_by_time(row, hib_db_now(db))) {
        hib_error_set(error, HIB_ERROR_GONE, "accounts.connection_expired", "connection %s", id);
        return false;
    }
    return unseal_grants(db, services, row, &grants, &n_grants, error) &&
           pick(hib_db_arena(db), grants, n_grants, remote_ids, n, &chosen, &n_chosen, error) &&
           settle(db, services, row, chosen, n_chosen, error) &&
           hib_connection_get(db, services, id, ret, error);
}

/* --- the code --------------------------------------------------------------------------------------- */
static bool
fail(HibDb *db, const HibSqlConnectionRow *row, const char *reason, const char *words,
     GError **error)
{
    return hib_sql_connection_fail(db, row->id, reason, words && *words ? words : NULL,
                                   hib_db_now(db), error);
}

static const char *
reason_of(const HibNetResult *said)
{
    switch (said->class) {
    case HIB_NET_RETRY_AFTER:
    case HIB_NET_QUOTA:
        return "network.rate_limited";
    case HIB_NET_REAUTH_HUMAN:
    case HIB_NET_REFRESH_AUTH:
    case HIB_NET_BLOCKED:
    case HIB_NET_FIX_CONTENT:
        return "accounts.exchange_refused";
    default:
        return said->http_status >= 400 && said->http_status < 500 ? "accounts.exchange_refused"
                                                                   : "accounts.unreachable";
    }
}

/* What can be used of what came, in place; how many. */
static size_t
keep_whole(const HibSqlConnectionRow *row, HibGrant *grants, size_t n)
{
    const HibGrant known = {.service = row->service};
    size_t kept = 0;
    for (size_t i = 0; i < MIN(n, MAX_GRANTS); i++)
        if (grants[i].remote_id && *grants[i].remote_id &&
            hib_account_merge_grant(&known, &grants[i]))
            grants[kept++] = grants[i];
    return kept;
}

static bool
take_grants(HibDb *db, const HibServices *services, HibSqlConnectionRow *row, HibGrant *grants,
            size_t n, GError **error)
{
    HibInstant now = hib_db_now(db);
    HibAccount *account = NULL;
    int64_t offered = 0;
    g_autoptr(GError) fault = NULL;
    const HibGrant *one = n == 1 ? grants : NULL;
    row->step = HIB_CONNECTION_EXCHANGING;
    if (row->account_id) {
        if (!hib_accounts_find(db, row->account_id, &account, error))
            return false;
        one = account ? find_grant(grants, n, account->remote_id) : NULL;
        if (!one)
            return fail(db, row, "accounts.other_account", NULL, error);
    }
    if (n == 0)
        return fail(db, row, "accounts.no_accounts", NULL, error);
    if (!one)
        return hib_sql_connection_offer(db, row->id, seal_grants(db, services, row->id, grants, n),
                                        now, now + LIFE, &offered, error);
    if (settle(db, services, row, &one, 1, &fault))
        return true;
    if (hib_error_is(fault, HIB_ERROR_CONFLICT))
        return fail(db, row, hib_error_reason(fault), NULL, error);
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static bool
exchange(HibDb *db, const HibServices *services, HibSqlConnectionRow *row, const char *code,
         GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibNetwork *network = hib_network_find(row->network);
    const HibNetApp *app = NULL;
    HibGrant *grants = NULL;
    size_t n = 0;
    const char *verifier =
        hib_unseal(services->keys, arena, purpose_of(db, row->id), row->verifier_sealed, error);
    if (!verifier ||
        !hib_app_find(db, services, network, row->service, row->is_practice, &app, error))
        return false;
    if (!app) /* deleted meanwhile */
        return fail(db, row, "accounts.app_missing", NULL, error);
    HibNetContext net = hib_grant_context(db, services, app, row->is_own_service);
    HibNetResult said = network->exchange(&net, row->service, hib_app_redirect(arena, services),
                                          code, verifier, &grants, &n);
    if (said.class != HIB_NET_OK)
        return fail(db, row, reason_of(&said), *said.message ? said.message : said.code, error);
    return take_grants(db, services, row, grants, keep_whole(row, grants, n), error);
}

bool
hib_connection_finish(HibDb *db, const HibServices *services, const char *id,
                      const HibConnectionReturn *back, GError **error)
{
    HibSqlConnectionRow *row = NULL;
    int64_t claimed = 0;
    if (!read_own(db, id, &row, error) ||
        !hib_sql_connection_claim(db, id, hib_db_now(db), &claimed, error))
        return false;
    if (!claimed) /* it came before, or too late: the row says which */
        return true;
    if (back->failure && g_str_equal(back->failure, "access_denied"))
        return fail(db, row, "accounts.denied", back->words, error);
    if (back->failure || !back->code || !*back->code)
        return fail(db, row, "accounts.exchange_refused", back->words ? back->words : back->failure,
                    error);
    return exchange(db, services, row, back->code, error);
}

bool
hib_connections_sweep(HibDb *db, HibInstant until, GError **error)
{
    return hib_sql_connection_sweep(db, until, error);
}
