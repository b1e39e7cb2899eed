/* Webhooks: what networks tell us by themselves.
 *
 * The one idea: an address knows its workspace by a random key, and a call only stores. Who calls proves it with the secret we keep sealed;
 * then every event becomes a row under the id the network gave it, so that a repeated one is already there, and is handed on as an event of
 * ours in the same transaction. Order does not matter: a row says when its event happened, and an approval taken back before the account
 * was connected anew changes nothing. What people said stands in the row alone, never in an event or in a log. */
#include "accounts/account.sql.h"
#include "accounts/accounts_private.h"
#include "accounts/app.sql.h"
#include "accounts/hook.sql.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"

#define WINDOW HIB_MINUTE
#define MOST_A_WINDOW 1200
#define MAX_EVENTS 1000
#define MAX_ID_BYTES 200
#define VERIFY_CHARS 40

const char *
hib_hook_url(HibArena *arena, const HibServices *services, const char *network, const char *key)
{
    return hib_arena_printf(arena, "%s/hooks/%s/%s", services->base_url, network, key);
}

const char *
hib_hook_verify_token(HibArena *arena, const HibServices *services, const char *key)
{
    const char *mac = hib_mac_hex(services->keys, arena, "accounts.hook.verify", key);
    return hib_arena_strndup(arena, mac, VERIFY_CHARS);
}

const char *
hib_hook_secret_purpose(HibArena *arena, const char *workspace, const char *key)
{
    return hib_arena_printf(arena, "accounts.hook/%s/%s", workspace, key);
}

/* --- what was said, as a row and back --------------------------------------------------------------- */
static const char *const talk_names[] = {"comment", "mention", "message"};

static void
put(cJSON *out, const char *name, const char *text)
{
    if (text)
        cJSON_AddStringToObject(out, name, text);
}

static const char *
data_of(HibArena *arena, const HibNetHookEvent *event)
{
    const HibNetTalk *talk = &event->talk;
    cJSON *out = cJSON_CreateObject();
    if (g_str_equal(event->kind, "numbers"))
        for (size_t i = 0; i < event->reading.n_metrics; i++)
            cJSON_AddNumberToObject(out, event->reading.metrics[i].metric,
                                    (double)event->reading.metrics[i].value);
    if (!g_str_equal(event->kind, "talk"))
        return hib_json_print(arena, out);
    put(out, "kind", talk_names[MIN((unsigned)talk->kind, G_N_ELEMENTS(talk_names) - 1)]);
    put(out, "remote_id", talk->remote_id);
    put(out, "text", talk->text);
    put(out, "post_id", talk->post_id);
    put(out, "parent_id", talk->parent_id);
    put(out, "conversation", talk->conversation);
    put(out, "author_id", talk->author_id);
    put(out, "author_handle", talk->author_handle);
    put(out, "author_name", talk->author_name);
    put(out, "url", talk->url);
    put(out, "reply_token", talk->reply_token);
    cJSON_AddNumberToObject(out, "at", (double)talk->at);
    cJSON_AddBoolToObject(out, "is_own", talk->is_own);
    cJSON_AddBoolToObject(out, "is_deleted", talk->is_deleted);
    return hib_json_print(arena, out);
}

static bool
read_talk(HibArena *arena, const char *data, HibNetTalk *ret, GError **error)
{
    HibJson in;
    const char *kind = "comment";
    *ret = (HibNetTalk){.remote_id = "",
                        .text = "",
                        .author_id = "",
                        .author_handle = "",
                        .author_name = "",
                        .url = ""};
    if (!hib_json_parse(arena, data, strlen(data), &in, error) ||
        !hib_json_opt_text(in, "kind", &kind, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(talk_names); i++)
        if (g_str_equal(kind, talk_names[i]))
            ret->kind = (HibNetTalkKind)i;
    return hib_json_opt_text(in, "remote_id", &ret->remote_id, error) &&
           hib_json_opt_text(in, "text", &ret->text, error) &&
           hib_json_opt_text(in, "post_id", &ret->post_id, error) &&
           hib_json_opt_text(in, "parent_id", &ret->parent_id, error) &&
           hib_json_opt_text(in, "conversation", &ret->conversation, error) &&
           hib_json_opt_text(in, "author_id", &ret->author_id, error) &&
           hib_json_opt_text(in, "author_handle", &ret->author_handle, error) &&
           hib_json_opt_text(in, "author_name", &ret->author_name, error) &&
           hib_json_opt_text(in, "url", &ret->url, error) &&
           hib_json_opt_text(in, "reply_token", &ret->reply_token, error) &&
           hib_json_opt_int(in, "at", &ret->at, error) &&
           hib_json_opt_bool(in, "is_own", &ret->is_own, error) &&
           hib_json_opt_bool(in, "is_deleted", &ret->is_deleted, error);
}

static bool
read_numbers(HibArena *arena, const char *data, const char *remote_id, HibNetReading *ret,
             GError **error)
{
    HibJson in;
    const cJSON *one;
    *ret = (HibNetReading){.remote_id = remote_id};
    if (!hib_json_parse(arena, data, strlen(data), &in, error))
        return false;
    cJSON_ArrayForEach(one, in.value)
    {
        if (ret->n_metrics < G_N_ELEMENTS(ret->metrics) && cJSON_IsNumber(one))
            ret->metrics[ret->n_metrics++] =
                (HibNetMetric){.metric = one->string, .value = (int64_t)one->valuedouble};
    }
    return true;
}

bool
hib_accounts_hook_event(HibDb *db, const char *id, HibAccountHookEvent **ret, GError **error)
{
    HibSqlHookEventGet *row = NULL;
    *ret = NULL;
    if (!hib_sql_hook_event_get(db, id, &row, error))
        return false;
    if (!row)
        return true;
    HibAccountHookEvent *out = hib_arena_new0(hib_db_arena(db), HibAccountHookEvent);
    *out = (HibAccountHookEvent){
        .account = row->account_id,
        .network = row->network,
        .event = {.id = id, .kind = row->kind, .remote_id = row->remote_id, .at = row->at},
    };
    if (g_str_equal(row->kind, "talk") &&
        !read_talk(hib_db_arena(db), row->data, &out->event.talk, error))
        return false;
    if (g_str_equal(row->kind, "numbers") &&
        !read_numbers(hib_db_arena(db), row->data, row->remote_id, &out->event.reading, error))
        return false;
    *ret = out;
    return true;
}

/* --- taking events ---------------------------------------------------------------------------------- */
/* NULL: nothing we know; "": nobody but us acts on it. */
static const char *
told_as(const char *kind)
{
    static const char *const names[][2] = {
        {"talk", "account.talk"},
        {"publish", "account.publish"},
        {"follow", "account.follow"},
        {"unfollow", "account.follow"},
        {"quota", ""},
        {"numbers", "account.numbers"},
        {"deauthorized", "account.deauthorized"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_str_equal(kind, names[i][0]))
            return names[i][1];
    return NULL;
}

/* The approval was taken back at the network; one that was given again since counts. */
static bool
deauthorize(HibDb *db, const HibSqlHookAccount *account, HibInstant at, GError **error)
{
    int64_t changed = 0;
    if (at > 0 && at < account->granted_at)
        return true;
    if (!hib_sql_accounts_set_state(db, account->id, account->grant_version,
                                    HIB_ACCOUNT_NEEDS_RECONNECT, NULL, &changed, error))
        return false;
    return !changed || hib_event_emit(db, "account.needs_reconnect", account->id, NULL, error);
}

static bool
hand_on(HibDb *db, const HibSqlHookAccount *account, const HibNetHookEvent *event, const char *id,
        GError **error)
{
    const char *name = told_as(event->kind);
    if (g_str_equal(event->kind, "quota"))
        return hib_job_add(db, HIB_ACCOUNTS_QUOTA, account->id, account->id, NULL, hib_db_now(db),
                           NULL, error);
    if (g_str_equal(event->kind, "deauthorized") && !deauthorize(db, account, event->at, error))
        return false;
    cJSON *data = cJSON_CreateObject();
    cJSON_AddStringToObject(data, "hook_event", id);
    return hib_event_emit(db, name, account->id, hib_json_print(hib_db_arena(db), data), error);
}

static bool
take_one(HibDb *db, const HibSqlHookRow *hook, const HibNetHookEvent *event, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlHookAccount *account = NULL;
    HibInstant now = hib_db_now(db);
    int64_t added = 0;
    if (!event->id || !event->kind || !told_as(event->kind))
        return true;
    if (event->account
            ? !hib_sql_hook_account(db, hook->network, event->account, &account, error)
            : (hook->account_id && !hib_sql_hook_account_id(db, hook->account_id, &account, error)))
        return false;
    if (!account) /* of the same app, but not connected here */
        return true;
    size_t n = strlen(event->id);
    const char *key = n <= MAX_ID_BYTES ? event->id : hib_sha256_hex(arena, event->id, n);
    const char *id = hib_db_new_id(db);
    if (!hib_sql_hook_event_add(db, hook->network, key, id, account->id, event->kind,
                                event->remote_id, data_of(arena, event),
                                event->at > 0 ? event->at : now, now, &added, error))
        return false;
    return !added || hand_on(db, account, event, id, error);
}

static bool
store(HibDb *db, const HibSqlHookRow *hook, const HibNetHookAnswer *answer, GError **error)
{
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_hook_taken(db, hook->key, now, now - WINDOW, error))
        return false;
    for (size_t i = 0; i < MIN(answer->n_events, MAX_EVENTS); i++)
        if (!take_one(db, hook, &answer->events[i], error))
            return false;
    return hib_tx_commit(tx, error);
}

/* --- telling the network where ---------------------------------------------------------------------- */
static HibNetResult
set_now(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    return network->set_hook(net, grant, data);
}

/* Networks call public addresses only; a practice network is as near as we are. */
bool
hib_hook_register(HibDb *db, const HibServices *services, const char *account, HibNetResult *ret,
                  GError **error)
{
    HibAccount *about = NULL;
    HibSqlHookState *hook = NULL;
    *ret = (HibNetResult){.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
    if (!hib_accounts_find(db, account, &about, error) ||
        !hib_sql_hook_of_account(db, account, &hook, error))
        return false;
    const HibNetwork *network = about ? hib_network_find(about->network) : NULL;
    bool is_reached = about && services->base_url &&
                      (about->is_practice || g_str_has_prefix(services->base_url, "https://"));
    if (!hook || !is_reached || !network || !network->set_hook)
        return true;
    char *url =
        (char *)(uintptr_t)hib_hook_url(hib_db_arena(db), services, about->network, hook->key);
    return hib_accounts_call(db, services, account, set_now, url, ret, error);
}

/* --- the call --------------------------------------------------------------------------------------- */
static bool
open_hook(HibDb *db, const HibServices *services, const HibSqlHookRow *hook, HibNetHookCall *call,
          GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *sealed = hook->hook_sealed ? hook->hook_sealed : hook->app_sealed;
    const char *purpose = hook->hook_sealed
                              ? hib_hook_secret_purpose(arena, hook->workspace_id, hook->key)
                              : hib_app_secret_purpose(arena, hook->workspace_id, hook->app_id);
    call->secret = sealed ? hib_unseal(services->keys, arena, purpose, sealed, error) : "";
    call->verify_token = hib_hook_verify_token(arena, services, hook->key);
    call->now = hib_db_now(db);
    return call->secret != NULL;
}

/* A signature that does not fit is counted, so that a person sees it beside the account; the count must not hide the refusal. */
static bool
refuse(HibDb *db, const HibSqlHookRow *hook, HibErrorKind kind, const char *reason, GError **error)
{
    g_autoptr(GError) fault = NULL;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_hook_refused(db, hook->key, now, now - WINDOW, &fault))
        hib_log_error(HIB_WARN, "accounts.hook_not_counted", fault, "network", hook->network, NULL);
    hib_error_set(error, kind, reason, "a call of %s", hook->network);
    return false;
}

bool
hib_hook_take(HibDb *global, const HibServices *services, const char *network, const char *key,
              HibNetHookCall *call, HibNetHookAnswer *ret, GError **error)
{
    HibSqlHookRow *hook = NULL;
    const HibNetwork *connector = hib_network_find(network);
    if (!hib_sql_hook_by_key(global, key, &hook, error))
        return false;
    if (!hook || !g_str_equal(hook->network, network) || !connector || !connector->hook) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "accounts.hook_unknown", "no such address");
        return false;
    }
    g_autoptr(HibDb) db =
        hib_db_open(hib_db_store(global), hib_db_arena(global), hook->workspace_id);
    HibInstant now = hib_db_now(db), again = hook->window_at + WINDOW;
    if (hook->window_n >= MOST_A_WINDOW && again > now) {
        hib_error_set(error, HIB_ERROR_TOO_MANY, "accounts.hook_flood", "too many calls");
        if (error)
            hib_error_set_retry_at(*error, again);
        return false;
    }
    if (!open_hook(db, services, hook, call, error))
        return false;
    if (!*call->secret) /* anybody could sign with nothing */
        return refuse(db, hook, HIB_ERROR_FORBIDDEN, "accounts.hook_refused", error);
    if (!connector->hook(hib_db_arena(db), call, ret))
        return refuse(db, hook, HIB_ERROR_INVALID, "accounts.hook_unreadable", error);
    if (ret->is_refused)
        return refuse(db, hook, HIB_ERROR_FORBIDDEN, "accounts.hook_refused", error);
    return store(db, hook, ret, error);
}

bool
hib_hook_events_sweep(HibDb *db, HibInstant until, GError **error)
{
    return hib_sql_hook_event_sweep(db, until, error);
}
