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
#define MOST_REFUSED 1200 /* a minute: then the address rests, for those who sign rightly too */
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
    put(out, "attachments",
        hib_net_attachments_text(arena, talk->attachments, talk->n_attachments));
    cJSON_AddNumberToObject(out, "at", (double)talk->at);
    cJSON_AddBoolToObject(out, "is_own", talk->is_own);
    cJSON_AddBoolToObject(out, "is_deleted", talk->is_deleted);
    cJSON_AddBoolToObject(out, "is_edited", talk->is_edited);
    return hib_json_print(arena, out);
}

static bool
read_talk(HibArena *arena, const char *data, HibNetTalk *ret, GError **error)
{
    HibJson in;
    HibNetAttachment *attachments;
    const char *kind = "comment", *attached = NULL;
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
    if (!hib_json_opt_text(in, "attachments", &attached, error))
        return false;
    hib_net_attachments_read(arena, attached, &attachments, &ret->n_attachments);
    ret->attachments = attachments;
    return hib_json_opt_bool(in, "is_edited", &ret->is_edited, error) &&
           hib_json_opt_text(in, "remote_id", &ret->remote_id, error) &&
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
tell(HibDb *db, const char *name, const char *account, const char *id, GError **error)
{
    cJSON *data = cJSON_CreateObject();
    cJSON_AddStringToObject(data, "hook_event", id);
    return hib_event_emit(db, name, account, hib_json_print(hib_db_arena(db), data), error);
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
    return tell(db, name, account->id, id, error);
}

/* One call: most of its events are for one account. */
typedef struct {
    HibDb *db;
    const HibSqlHookRow *hook;
    const char *looked_up; /* the account's name at the network, of the last look-up */
    HibSqlHookAccount *account;
    GHashTable *talked; /* account id → id of the last thing said to it; in the arena */
} Taking;

static bool
find_account(Taking *in, const char *remote_id, GError **error)
{
    const char *name = remote_id ? remote_id : "";
    if (in->looked_up && g_str_equal(in->looked_up, name))
        return true;
    in->looked_up = name;
    in->account = NULL;
    if (remote_id)
        return hib_sql_hook_account(in->db, in->hook->network, remote_id, &in->account, error);
    return !in->hook->account_id ||
           hib_sql_hook_account_id(in->db, in->hook->account_id, &in->account, error);
}

static bool
take_one(Taking *in, const HibNetHookEvent *event, GError **error)
{
    HibDb *db = in->db;
    HibArena *arena = hib_db_arena(db);
    HibInstant now = hib_db_now(db);
    int64_t added = 0;
    if (!event->id || !event->kind || !told_as(event->kind))
        return true;
    if (!find_account(in, event->account, error))
        return false;
    if (!in->account) /* of the same app, but not connected here */
        return true;
    size_t n = strlen(event->id);
    const char *key = n <= MAX_ID_BYTES ? event->id : hib_sha256_hex(arena, event->id, n);
    const char *id = hib_db_new_id(db);
    bool is_talk = g_str_equal(event->kind, "talk");
    if (!hib_sql_hook_event_add(db, in->hook->network, key, id, in->account->id, event->kind,
                                event->remote_id, data_of(arena, event),
                                event->at > 0 ? event->at : now, now, is_talk, &added, error))
        return false;
    if (added && is_talk) /* handed on once a call */
        g_hash_table_insert(in->talked, (char *)(uintptr_t)in->account->id, (char *)(uintptr_t)id);
    return !added || is_talk || hand_on(db, in->account, event, id, error);
}

static bool
store(HibDb *db, const HibSqlHookRow *hook, const HibNetHookAnswer *answer, GError **error)
{
    g_autoptr(GHashTable) talked = g_hash_table_new(g_str_hash, g_str_equal);
    Taking in = {.db = db, .hook = hook, .talked = talked};
    GHashTableIter iter;
    void *account, *id;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_hook_taken(db, hook->key, hib_db_now(db), error))
        return false;
    for (size_t i = 0; i < MIN(answer->n_events, MAX_EVENTS); i++)
        if (!take_one(&in, &answer->events[i], error))
            return false;
    g_hash_table_iter_init(&iter, talked);
    while (g_hash_table_iter_next(&iter, &account, &id))
        if (!tell(db, "account.talk", account, id, error))
            return false;
    return hib_tx_commit(tx, error);
}

/* --- what was said and waits to be taken ------------------------------------------------------------- */
bool
hib_accounts_heard(HibDb *db, const char *account, size_t most, HibAccountHeard **ret,
                   size_t *ret_n, GError **error)
{
    HibSqlHookHeard *rows;
    if (!hib_sql_hook_heard(db, account, (int64_t)most, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibAccountHeard, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++) {
        (*ret)[i].id = rows[i].id;
        if (!read_talk(hib_db_arena(db), rows[i].data, &(*ret)[i].talk, error))
            return false;
    }
    return true;
}

bool
hib_accounts_heard_done(HibDb *db, const HibAccountHeard *heard, size_t n, GError **error)
{
    HibSqlHookHeardDoneIn *rows = hib_arena_array(hib_db_arena(db), HibSqlHookHeardDoneIn, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i].id = heard[i].id;
    return hib_sql_hook_heard_done_many(db, rows, n, error);
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
    if (hook->window_n >= MOST_REFUSED && again > now) {
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
