/* Webhooks: what networks tell us by themselves.
 *
 * The one idea: an address knows its workspace by a random key, and a call only stores. Who calls proves it with the secret we keep sealed;
 * then every event becomes a row under the id the network gave it, so that a repeated one is already there, and is handed on as an event of
 * ours in the same transaction. Order does not matter: a row says when its event happened, and an approval taken back before the account
 * was connected anew changes nothing. What people said stands in the row alone, never in an event or in a log. */
#include "accounts/account.sql.h"
#include "accounts/accounts_private.h"
#include "accounts/app.sql.h"
#include "accounts/hook.h"
#include "accounts/hook.sql.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"

#define WINDOW HIB_MINUTE
#define MOST_REFUSED 1200 /* a minute: then the address rests, for those who sign rightly too */
#define MAX_ID_BYTES 200
#define VERIFY_CHARS 40
#define MANY 20 /* calls */

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

/* Accounts that something was told of; most events are for one. */
typedef struct {
    const HibSqlHookAccount *account; /* NULL: not connected here */
    GArray *talk;                     /* of HibNetTalk, for `hear` */
    const char *talked;               /* id of the last thing said that waits in its row */
} Told;

typedef struct {
    HibDb *db;
    HibAccountsHear hear;
    const HibSqlHookRow *hook;
    GHashTable
        *told; /* network and the account's name there, or the address's own account → Told */
} Taking;

static void
told_free(void *data)
{
    Told *told = data;
    g_array_unref(told->talk);
    g_free(told);
}

static bool
find_account(Taking *in, const char *remote_id, Told **ret, GError **error)
{
    HibArena *arena = hib_db_arena(in->db);
    HibSqlHookAccount *account = NULL;
    const char *own = in->hook->account_id ? in->hook->account_id : "";
    char *key = remote_id ? hib_arena_printf(arena, "%s\n%s", in->hook->network, remote_id)
                          : hib_arena_strdup(arena, own);
    *ret = g_hash_table_lookup(in->told, key);
    if (*ret)
        return true;
    if (remote_id ? !hib_sql_hook_account(in->db, in->hook->network, remote_id, &account, error)
                  : *own && !hib_sql_hook_account_id(in->db, own, &account, error))
        return false;
    *ret = g_new0(Told, 1);
    (*ret)->account = account;
    (*ret)->talk = g_array_new(FALSE, FALSE, sizeof(HibNetTalk));
    g_hash_table_insert(in->told, key, *ret);
    return true;
}

static bool
take_one(Taking *in, const HibNetHookEvent *event, HibInstant now, GError **error)
{
    HibDb *db = in->db;
    Told *told;
    int64_t added = 0;
    if (!find_account(in, event->account, &told, error))
        return false;
    if (!told->account) /* of the same app, but not connected here */
        return true;
    const char *id = hib_db_new_id(db);
    const bool is_talk = g_str_equal(event->kind, "talk"), is_heard = is_talk && in->hear;
    if (!hib_sql_hook_event_add(
            db, in->hook->network, event->id, id, told->account->id, event->kind, event->remote_id,
            is_heard ? "{}" : data_of(hib_db_arena(db), event), event->at > 0 ? event->at : now,
            now, is_talk && !is_heard, &added, error))
        return false;
    if (added && is_heard)
        g_array_append_val(told->talk, event->talk);
    else if (added && is_talk) /* handed on once a transaction */
        told->talked = id;
    return !added || is_talk || hand_on(db, told->account, event, id, error);
}

/* Calls of one address, one after the other. */
static bool
take_calls(Taking *in, const HibHookCall *calls, size_t n, GError **error)
{
    HibSqlHookRow *hook;
    if (!hib_sql_hook_by_key(in->db, calls->key, &hook, error))
        return false;
    if (!hook || !g_str_equal(hook->workspace_id, hib_db_workspace(in->db)))
        return true; /* gone since */
    in->hook = hook;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < calls[i].n; k++)
            if (!take_one(in, &calls[i].events[k], calls[i].at, error))
                return false;
    return hib_sql_hook_taken(in->db, calls->key, (int64_t)n, calls[n - 1].at, error);
}

static bool
tell_talk(Taking *in, const Told *told, GError **error)
{
    const HibNetTalk *talk = (const HibNetTalk *)(const void *)told->talk->data;
    return (!told->talked ||
            tell(in->db, "account.talk", told->account->id, told->talked, error)) &&
           (!told->talk->len || in->hear(in->db, told->account->id, talk, told->talk->len, error));
}

bool
hib_hook_store(HibDb *db, const HibHookCall *calls, size_t n, HibAccountsHear hear, GError **error)
{
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, told_free);
    Taking in = {.db = db, .hear = hear, .told = told};
    GHashTableIter iter;
    void *one;
    g_autoptr(HibTx) tx = n < MANY ? hib_tx_begin(db, error) : hib_tx_begin_large(db, error);
    if (!tx)
        return false;
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && g_str_equal(calls[to].key, calls[from].key);)
            to++;
        if (!take_calls(&in, calls + from, to - from, error))
            return false;
    }
    g_hash_table_iter_init(&iter, told);
    while (g_hash_table_iter_next(&iter, NULL, &one))
        if (!tell_talk(&in, one, error))
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

/* What is known of a call; *ret_is_talk: nothing else. */
static HibHookCall
told_by(HibDb *db, const char *key, const HibNetHookAnswer *answer, bool *ret_is_talk)
{
    HibArena *arena = hib_db_arena(db);
    const size_t most = MIN(answer->n_events, HIB_HOOK_EVENTS);
    HibNetHookEvent *events = hib_arena_array(arena, HibNetHookEvent, most + 1);
    HibHookCall call = {.key = key, .at = hib_db_now(db), .events = events};
    *ret_is_talk = true;
    for (size_t i = 0; i < most; i++) {
        HibNetHookEvent event = answer->events[i];
        if (!event.id || !event.kind || !told_as(event.kind))
            continue;
        const size_t n = strlen(event.id);
        if (n > MAX_ID_BYTES)
            event.id = hib_sha256_hex(arena, event.id, n);
        *ret_is_talk = *ret_is_talk && g_str_equal(event.kind, "talk");
        events[call.n++] = event;
    }
    return call;
}

/* Talk comes in storms and may wait in the spool; what changes how an account stands is stored before the answer. */
static bool
keep(HibDb *db, const HibServices *services, const HibSqlHookRow *hook,
     const HibNetHookAnswer *answer, GError **error)
{
    bool is_talk;
    const HibHookCall call = told_by(db, hook->key, answer, &is_talk);
    if (!services->hooks || !call.n || !is_talk)
        return hib_hook_store(db, &call, 1, NULL, error);
    g_autoptr(GByteArray) record = hib_hook_record(hib_db_arena(db), hook->workspace_id, &call);
    return record->len > HIB_HOOK_RECORD_MOST ? hib_hook_store(db, &call, 1, NULL, error)
                                              : hib_hooks_keep(services->hooks, record, error);
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
    return keep(db, services, hook, ret, error);
}

bool
hib_hook_events_sweep(HibDb *db, HibInstant until, GError **error)
{
    return hib_sql_hook_event_sweep(db, until, error);
}
