/* Meta's Graph as all its networks speak it: what a face remembers, errors, who calls, the fields that were asked for, pages of lists. */
#include "base/secrets.h"
#include "practice/meta_face_private.h"
#include <inttypes.h>
#include <string.h>

#define CALLS_A_DAY 4800 /* for each person who saw something of the account; here: for one */

typedef struct {
    const MetaFace *kind;
    GHashTable *kept; /* "kind id" → cJSON object */
} State;

/* --- what is kept -------------------------------------------------------------------------------------------------------------- */
static void
free_json(void *data)
{
    cJSON_Delete(data);
}

void *
hib_meta_face_open(const MetaFace *kind)
{
    State *state = g_new0(State, 1);
    state->kind = kind;
    state->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_json);
    return state;
}

void
hib_meta_face_close(void *data)
{
    State *state = data;
    g_hash_table_unref(state->kept);
    g_free(state);
}

const MetaFace *
hib_meta_face_kind(HibPracticeFace *face)
{
    return ((State *)hib_practice_state(face))->kind;
}

cJSON *
hib_meta_face_kept(HibPracticeFace *face, const char *kind, const char *id)
{
    g_autofree char *key = g_strconcat(kind, " ", id, NULL);
    return g_hash_table_lookup(((State *)hib_practice_state(face))->kept, key);
}

void
hib_meta_face_keep(HibPracticeFace *face, const char *kind, const char *id, cJSON *owned)
{
    State *state = hib_practice_state(face);
    g_autofree char *key = g_strconcat(kind, " ", id, NULL);
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "key", key);
    cJSON_AddItemToObject(line, "is", cJSON_Duplicate(owned, true));
    hib_practice_note(face, line);
    if (g_hash_table_lookup(state->kept, key) != owned)
        g_hash_table_replace(state->kept, g_steal_pointer(&key), owned);
}

bool
hib_meta_face_replay(HibPracticeFace *face, HibJson line)
{
    State *state = hib_practice_state(face);
    const char *key;
    HibJson is;
    if (!hib_json_text(line, "key", &key, NULL) || !hib_json_object(line, "is", &is, NULL))
        return false;
    g_hash_table_replace(state->kept, g_strdup(key), cJSON_Duplicate(is.value, true));
    return true;
}

const char **
hib_meta_face_ids(HibPracticeCall *call, const char *kind)
{
    const State *state = hib_practice_state(call->face);
    const char **ids =
        hib_arena_array(call->arena, const char *, g_hash_table_size(state->kept) + 1);
    size_t n = 0, n_kind = strlen(kind);
    GHashTableIter iter;
    void *key;
    g_hash_table_iter_init(&iter, state->kept);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (g_str_has_prefix(key, kind) && ((const char *)key)[n_kind] == ' ')
            ids[n++] = (const char *)key + n_kind + 1;
    ids[n] = NULL;
    return ids;
}

const char *
hib_meta_face_text(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

int64_t
hib_meta_face_int(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

void
hib_meta_face_set(cJSON *object, const char *name, const char *text)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    if (text)
        cJSON_AddStringToObject(object, name, text);
}

void
hib_meta_face_set_int(cJSON *object, const char *name, int64_t value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    cJSON_AddNumberToObject(object, name, (double)value);
}

void
hib_meta_face_add(cJSON *out, const char *name, const char *text)
{
    cJSON_AddItemToObject(out, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void
hib_meta_face_add_int(cJSON *out, const char *name, int64_t value)
{
    cJSON_AddNumberToObject(out, name, (double)value);
}

const char *
hib_meta_face_time(HibArena *arena, HibInstant at)
{
    HibWall wall = hib_wall_at(hib_zone_utc(), at);
    return hib_arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d+0000", wall.year, wall.month,
                            wall.day, wall.hour, wall.minute, wall.second);
}

void
hib_meta_face_add_time(HibPracticeCall *call, cJSON *out, const char *name, HibInstant at)
{
    cJSON_AddStringToObject(out, name, hib_meta_face_time(call->arena, at));
}

/* --- refusing ---------------------------------------------------------------------------------------------------------------- */
void
hib_meta_face_error(HibPracticeCall *call, const MetaError *error)
{
    cJSON *out = cJSON_CreateObject(), *in = cJSON_AddObjectToObject(out, "error");
    cJSON_AddStringToObject(in, "message", error->message);
    cJSON_AddStringToObject(in, "type", error->type ? error->type : "OAuthException");
    cJSON_AddNumberToObject(in, "code", error->code);
    if (error->subcode)
        cJSON_AddNumberToObject(in, "error_subcode", error->subcode);
    if (error->subcode || error->is_transient)
        cJSON_AddBoolToObject(in, "is_transient", error->is_transient);
    if (error->user_message) {
        cJSON_AddStringToObject(in, "error_user_title", error->title ? error->title : "Error");
        cJSON_AddStringToObject(in, "error_user_msg", error->user_message);
    }
    cJSON_AddStringToObject(in, "fbtrace_id",
                            hib_arena_printf(call->arena, "A%s", hib_practice_id(call)));
    hib_practice_json(call, error->status ? error->status : 400, out);
}

void
hib_meta_face_refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const MetaError usual[HIB_REFUSE_N] = {
        [HIB_REFUSE_NO_ROUTE] = {.code = 2500},
        [HIB_REFUSE_BAD_REQUEST] = {.code = 100},
        [HIB_REFUSE_TOO_LARGE] = {.status = 413, .code = 1, .message = "Request Entity Too Large"},
        [HIB_REFUSE_NO_TOKEN] = {.code = 190,
                                 .message =
                                     "Invalid OAuth access token - Cannot parse access token"},
        [HIB_REFUSE_EXPIRED_TOKEN] = {.code = 190,
                                      .subcode = 463,
                                      .message = "Error validating access token: Session has "
                                                 "expired."},
        [HIB_REFUSE_ENDED_GRANT] = {.code = 190,
                                    .subcode = 458,
                                    .message = "Error validating access token: The user has not "
                                               "authorized application."},
        [HIB_REFUSE_ERROR] = {.status = 500,
                              .code = 2,
                              .is_transient = true,
                              .message = "An unexpected error has occurred. Please retry your "
                                         "request later."},
    };
    const MetaError *own = &hib_meta_face_kind(call->face)->refusals[why];
    MetaError error = own->code ? *own : usual[why];
    if (!error.message)
        error.message = message;
    if (why == HIB_REFUSE_RATE || why == HIB_REFUSE_QUOTA)
        hib_meta_face_rate_headers(call);
    hib_meta_face_error(call, &error);
}

void
hib_meta_face_invalid(HibPracticeCall *call, const char *message)
{
    hib_meta_face_error(
        call,
        &(MetaError){.code = 100, .message = hib_arena_printf(call->arena, "(#100) %s", message)});
}

void
hib_meta_face_missing(HibPracticeCall *call, const char *id)
{
    const char *verb = g_str_equal(call->verb, "GET")      ? "get"
                       : g_str_equal(call->verb, "DELETE") ? "delete"
                                                           : "post";
    hib_meta_face_error(
        call, &(MetaError){.code = 100,
                           .subcode = 33,
                           .type = "GraphMethodException",
                           .message = hib_arena_printf(
                               call->arena,
                               "Unsupported %s request. Object with ID '%s' does not exist, cannot "
                               "be loaded due to missing permissions, or does not support this "
                               "operation.",
                               verb, id)});
}

void
hib_meta_face_success(HibPracticeCall *call)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "success", true);
    hib_practice_json(call, 200, out);
}

void
hib_meta_face_id(HibPracticeCall *call, const char *id)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    hib_practice_json(call, 200, out);
}

/* Hundredths used of the window, and minutes until calls pass again. */
void
hib_meta_face_rate_headers(HibPracticeCall *call)
{
    const HibPracticeWindow *rate = &call->rate;
    if (!rate->limit)
        return;
    int64_t used = MIN(rate->used * 100 / rate->limit, 100);
    bool is_full = rate->used >= rate->limit;
    HibDuration left = MAX(rate->resets_at - hib_practice_now(call->face), 0);
    int64_t minutes = is_full ? (left + HIB_MINUTE - 1) / HIB_MINUTE : 0;
    hib_practice_header(call, "X-App-Usage",
                        "{\"call_count\":%" PRId64 ",\"total_cputime\":%" PRId64
                        ",\"total_time\":%" PRId64 "}",
                        used, used / 2, used / 2);
    hib_practice_header(call, "X-Business-Use-Case-Usage",
                        "{\"%s\":[{\"type\":\"%s\",\"call_count\":%" PRId64
                        ",\"total_cputime\":%" PRId64 ",\"total_time\":%" PRId64
                        ",\"estimated_time_to_regain_access\":%" PRId64 "}]}",
                        HIB_PRACTICE_CLIENT_ID, hib_meta_face_kind(call->face)->usage, used,
                        used / 2, used / 2, minutes);
}

/* --- who calls ------------------------------------------------------------------------------------------------------------------ */
const HibPracticeAccount *
hib_meta_face_caller(HibPracticeCall *call, const char *scope)
{
    const char *version = hib_practice_param(call, "version");
    if (version && (version[0] != 'v' || !g_ascii_isdigit(version[1]))) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "Unknown path components: %s", call->path);
        return NULL;
    }
    const char *always = hib_meta_face_kind(call->face)->scope;
    const HibPracticeAccount *account = hib_practice_bearer(call, always ? always : scope);
    if (account && always && scope)
        account = hib_practice_bearer(call, scope);
    if (!account || !hib_practice_take(call, HIB_REFUSE_RATE,
                                       hib_arena_printf(call->arena, "calls %s", account->id),
                                       CALLS_A_DAY, HIB_DAY, 1))
        return NULL;
    hib_meta_face_note_day(call, account);
    if (hib_meta_face_kind(call->face)->tell)
        hib_meta_face_kind(call->face)->tell(call, account);
    return account;
}

const HibPracticeAccount *
hib_meta_face_own(HibPracticeCall *call, const char *scope)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, scope);
    const char *id = hib_practice_param(call, "id");
    if (!account || !id || g_str_equal(id, "me") || g_str_equal(id, account->id))
        return account;
    hib_meta_face_missing(call, id);
    return NULL;
}

/* --- lists as parameters ------------------------------------------------------------------------------------------------------------ */
#define WORDS 100

char **
hib_meta_face_words(HibPracticeCall *call, const char *name)
{
    const char *text = hib_practice_field(call, name);
    g_autoptr(cJSON) parsed = text && *text == '[' ? cJSON_Parse(text) : NULL;
    const cJSON *word, *list = parsed;
    if (!text && call->json.value)
        list = cJSON_GetObjectItemCaseSensitive(call->json.value, name);
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();
    if (!cJSON_IsArray(list)) {
        g_auto(GStrv) parts = g_strsplit(text ? text : "", ",", WORDS);
        for (int i = 0; parts[i]; i++)
            g_strv_builder_add(words, g_strstrip(parts[i]));
        return g_strv_builder_end(words);
    }
    cJSON_ArrayForEach(word, list)
    {
        if (cJSON_IsString(word))
            g_strv_builder_add(words, word->valuestring);
    }
    return g_strv_builder_end(words);
}

/* --- fields: "id,replies.limit(5){id,text},shares" -------------------------------------------------------------------------------- */
typedef struct {
    const char *at;
    char *unknown; /* owned */
} Asked;

static cJSON *pick(const cJSON *full, Asked *asked);

static void
skip_group(Asked *asked)
{
    int depth = 0;
    do {
        depth += *asked->at == '{' ? 1 : *asked->at == '}' ? -1 : 0;
        asked->at += *asked->at != '\0';
    } while (depth > 0 && *asked->at);
}

/* The value with its own fields picked where they were asked for: of each row of a list, or of the object. */
static cJSON *
pick_value(const cJSON *value, Asked *asked, int most, bool with_summary)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(value, "data");
    bool has_group = *asked->at == '{';
    const char *group = asked->at;
    cJSON *out;
    if (has_group && cJSON_IsObject(value) && !data) {
        asked->at++;
        out = pick(value, asked);
        asked->at += *asked->at == '}';
        return out;
    }
    out = cJSON_Duplicate(value, true);
    if (has_group)
        skip_group(asked);
    if (!with_summary)
        cJSON_DeleteItemFromObjectCaseSensitive(out, "summary");
    if (!data)
        return out;
    if (cJSON_IsObject(data)) { /* picture{url} */
        Asked own = {.at = group + 1, .unknown = asked->unknown};
        if (has_group)
            cJSON_ReplaceItemInObjectCaseSensitive(out, "data", pick(data, &own));
        asked->unknown = own.unknown;
        return out;
    }
    cJSON *rows = cJSON_CreateArray();
    const cJSON *row;
    cJSON_ArrayForEach(row, data)
    {
        if (cJSON_GetArraySize(rows) >= most)
            break;
        Asked own = {.at = group + 1};
        cJSON_AddItemToArray(rows, has_group ? pick(row, &own) : cJSON_Duplicate(row, true));
        if (own.unknown && !asked->unknown)
            asked->unknown = own.unknown;
        else
            g_free(own.unknown);
    }
    cJSON_ReplaceItemInObjectCaseSensitive(out, "data", rows);
    return out;
}

static void
pick_one(const cJSON *full, Asked *asked, cJSON *out)
{
    size_t n = strcspn(asked->at, ",.{}(");
    g_autofree char *name = g_strndup(asked->at, n);
    int most = 100;
    bool with_summary = false;
    asked->at += n;
    while (*asked->at == '.') { /* .limit(5).summary(total_count) */
        if (g_str_has_prefix(asked->at, ".limit("))
            most = (int)g_ascii_strtoll(asked->at + strlen(".limit("), NULL, 10);
        with_summary = with_summary || g_str_has_prefix(asked->at, ".summary(");
        asked->at += strcspn(asked->at, ")");
        asked->at += *asked->at == ')';
    }
    g_strstrip(name);
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(full, name);
    if (!value && *name && !asked->unknown)
        asked->unknown = g_strdup(name);
    if (value && !cJSON_IsNull(value) && !cJSON_HasObjectItem(out, name))
        cJSON_AddItemToObject(out, name, pick_value(value, asked, most, with_summary));
    else if (*asked->at == '{')
        skip_group(asked);
}

static cJSON *
pick(const cJSON *full, Asked *asked)
{
    cJSON *out = cJSON_CreateObject();
    while (*asked->at && *asked->at != '}') {
        const char *before = asked->at;
        pick_one(full, asked, out);
        asked->at += *asked->at == ',';
        if (asked->at == before) /* "((": no field begins so */
            asked->at++;
    }
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(full, "id");
    if (id && !cJSON_HasObjectItem(out, "id"))
        cJSON_AddItemToObject(out, "id", cJSON_Duplicate(id, true));
    return out;
}

static cJSON *
pick_asked(HibPracticeCall *call, cJSON *owned, const char *usual)
{
    const char *fields = hib_practice_field(call, "fields");
    Asked asked = {.at = fields && *fields ? fields : usual};
    cJSON *out = pick(owned, &asked);
    cJSON_Delete(owned);
    if (!asked.unknown)
        return out;
    hib_meta_face_invalid(
        call,
        hib_arena_printf(call->arena, "Tried accessing nonexisting field (%s)", asked.unknown));
    g_free(asked.unknown);
    cJSON_Delete(out);
    return NULL;
}

void
hib_meta_face_node(HibPracticeCall *call, cJSON *owned, const char *usual)
{
    cJSON *out = pick_asked(call, owned, usual);
    if (out)
        hib_practice_json(call, 200, out);
}

/* --- lists: the cursor is the id of the last row ------------------------------------------------------------------------------------- */
static void
add_paging(HibPracticeCall *call, cJSON *out, const MetaRow *rows, size_t from, size_t to, size_t n)
{
    if (from >= to)
        return;
    cJSON *paging = cJSON_AddObjectToObject(out, "paging"),
          *cursors = cJSON_AddObjectToObject(paging, "cursors");
    cJSON_AddStringToObject(cursors, "before", rows[from].id);
    cJSON_AddStringToObject(cursors, "after", rows[to - 1].id);
    if (to < n)
        cJSON_AddStringToObject(paging, "next",
                                hib_arena_printf(call->arena, "%s%s?limit=%zu&after=%s",
                                                 hib_practice_url(call->face), call->path,
                                                 to - from, rows[to - 1].id));
}

void
hib_meta_face_list(HibPracticeCall *call, const MetaRow *rows, size_t n,
                   cJSON *(*json)(HibPracticeCall *call, const MetaRow *row), const char *usual)
{
    const char *after = hib_practice_field(call, "after"),
               *limit = hib_practice_field(call, "limit");
    int64_t most = limit ? g_ascii_strtoll(limit, NULL, 10) : 25;
    size_t from = 0;
    if (most < 0 || most > 100) {
        hib_meta_face_invalid(call, "The 'limit' parameter should not exceed 100");
        return;
    }
    for (size_t i = 0; after && i < n; i++)
        if (g_str_equal(rows[i].id, after))
            from = i + 1;
    size_t to = MIN(n, from + (size_t)most);
    cJSON *out = cJSON_CreateObject(), *data = cJSON_AddArrayToObject(out, "data");
    for (size_t i = from; i < to; i++) {
        cJSON *one = pick_asked(call, json(call, &rows[i]), usual);
        if (!one) { /* refused already */
            cJSON_Delete(out);
            return;
        }
        cJSON_AddItemToArray(data, one);
    }
    add_paging(call, out, rows, from, to, n);
    hib_practice_json(call, 200, out);
}
