/* X's face: direct messages between two people. What the account sends is kept as its posts are, seen by nobody else. */
#include "practice/x_face_private.h"

#include <string.h>

#define TOKEN "7140dibdnow9c"

/* A conversation of two is named by both ids, the smaller first. */
static const char *
conversation(HibArena *arena, const char *a, const char *b)
{
    bool is_first = hib_x_face_compare_ids(a, b) < 0;
    return hib_arena_printf(arena, "%s-%s", is_first ? a : b, is_first ? b : a);
}

/* Who stands on the other side, by the path; NULL after refusing. */
static const char *
other_side(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *user = hib_practice_param(call, "user");
    const char *name = hib_practice_param(call, "conversation");
    const char *dash = name ? strchr(name, '-') : NULL;
    if (dash) {
        const char *first = hib_arena_strndup(call->arena, name, (size_t)(dash - name));
        if (!strcmp(first, account->id))
            user = dash + 1;
        else if (!strcmp(dash + 1, account->id))
            user = first;
    }
    if (hib_x_face_is_id(user) && strcmp(user, account->id) != 0)
        return user;
    hib_x_face_problem(call, 403, NULL, "Forbidden",
                       "You do not have permission to access this conversation.");
    return NULL;
}

/* --- sending ---------------------------------------------------------------------------------------------------------- */
/* The upload a message shows: its key, or NULL for none. False after refusing. */
static bool
read_attachment(HibPracticeCall *call, const HibPracticeAccount *account, const char **ret_key,
                const char **ret_sha)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(call->json.value, "attachments");
    const char *id = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(list, 0), "media_id"));
    *ret_key = *ret_sha = NULL;
    if (!list)
        return true;
    const XMedium *medium = id ? hib_x_face_medium(call, account, id) : NULL;
    if (!medium || cJSON_GetArraySize(list) != 1) {
        hib_x_face_invalid(call, "attachments", id, "Your media IDs are invalid.");
        return false;
    }
    *ret_key = hib_x_face_media_key(call->arena, medium->mime, id);
    *ret_sha = medium->sha256;
    return true;
}

void
hib_x_face_dm_send(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_x_face_caller(call, "dm.write tweet.read users.read");
    const char *key = NULL;
    const char *sha = NULL;
    if (!account)
        return;
    const char *user = other_side(call, account);
    if (!user)
        return;
    const char *text = cJSON_GetStringValue(
        call->json.value ? cJSON_GetObjectItemCaseSensitive(call->json.value, "text") : NULL);
    if (!call->json.value || !read_attachment(call, account, &key, &sha)) {
        if (!call->json.value)
            hib_x_face_invalid(call, NULL, NULL, "The body of the request is not valid JSON");
        return;
    }
    if ((!text || !*text) && !key) {
        hib_x_face_invalid(call, "text", "", "text or attachments are required");
        return;
    }
    if (text && g_utf8_strlen(text, -1) > 10000) {
        hib_x_face_invalid(call, "text", "", "text is longer than 10000 characters");
        return;
    }
    const char *talk = conversation(call->arena, account->id, user);
    cJSON *extra = cJSON_CreateObject();
    cJSON_AddStringToObject(extra, "conversation", talk);
    if (key)
        cJSON_AddStringToObject(extra, "media_key", key);
    const HibPracticePost facts = {.id = hib_x_face_id(call),
                                   .account = account->id,
                                   .kind = "message",
                                   .text = text ? text : "",
                                   .parent = talk,
                                   .media = sha,
                                   .extra = hib_json_print(call->arena, extra),
                                   .at = hib_practice_now(call->face),
                                   .is_hidden = true};
    const HibPracticePost *post = hib_practice_post_add(call->face, &facts);
    const XSaid told = {.id = (char *)(uintptr_t)post->id,
                        .text = (char *)(uintptr_t)post->text,
                        .account = (char *)(uintptr_t)account->id,
                        .at = post->at};
    hib_x_face_tell_message(call->face, call->arena, account->id, &told, user);
    cJSON *data = cJSON_CreateObject();
    cJSON_AddStringToObject(data, "dm_conversation_id", talk);
    cJSON_AddStringToObject(data, "dm_event_id", post->id);
    hib_x_face_data(call, 201, data);
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *id, *text, *sender, *handle, *name, *talk, *media_key;
    HibInstant at;
} Message;

static gint
newest_first(gconstpointer a, gconstpointer b)
{
    return -hib_x_face_compare_ids(((const Message *)a)->id, ((const Message *)b)->id);
}

/* Both sides' messages of the account; `talk` NULL: of all its conversations. */
static GArray *
collect(HibPracticeCall *call, const HibPracticeAccount *account, const char *talk)
{
    const XState *state = hib_practice_state(call->face);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(Message));
    HibInstant since = hib_practice_now(call->face) - 30 * HIB_DAY; /* X shows no older ones */
    const HibPracticeAccount *sender = NULL;
    for (size_t a = 0; (sender = hib_practice_account_at(call->face, a)); a++) {
        const HibPracticePost *const *posts = NULL;
        const char *next = NULL;
        const HibPracticeQuery query = {.account = sender->id, .kind = "message", .since = since};
        size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
        for (size_t i = 0; i < n; i++) {
            g_auto(GStrv) sides = g_strsplit(posts[i]->parent, "-", 2);
            const cJSON *extra = hib_x_face_extra(call->arena, posts[i]);
            const cJSON *key = cJSON_GetObjectItemCaseSensitive(extra, "media_key");
            Message one = {.id = posts[i]->id,
                           .text = posts[i]->text,
                           .sender = sender->id,
                           .handle = sender->handle,
                           .name = sender->name,
                           .talk = posts[i]->parent,
                           .media_key = hib_arena_strdup(call->arena, cJSON_GetStringValue(key)),
                           .at = posts[i]->at};
            if (g_strv_contains((const char *const *)sides, account->id) &&
                (!talk || !strcmp(talk, one.talk)))
                g_array_append_val(out, one);
        }
    }
    for (guint i = 0; i < state->said->len; i++) {
        const XSaid *said = state->said->pdata[i];
        if (!said->is_message || strcmp(said->account, account->id) != 0 || said->at < since)
            continue;
        const char *user = hib_x_face_user_id(call->arena, said->handle);
        Message one = {.id = said->id,
                       .text = said->text,
                       .sender = user,
                       .handle = said->handle,
                       .name = said->name,
                       .talk = conversation(call->arena, account->id, user),
                       .at = said->at};
        if (!talk || !strcmp(talk, one.talk))
            g_array_append_val(out, one);
    }
    g_array_sort(out, newest_first);
    return out;
}

static cJSON *
message_json(HibPracticeCall *call, const Message *message, const char *const *fields, XAsk *ask)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", message->id);
    cJSON_AddStringToObject(out, "event_type", "MessageCreate");
    const XPost words = {.id = message->id, .text = message->text, .handle = message->handle};
    cJSON *entities = cJSON_CreateObject();
    const char *text = hib_x_face_text(call->arena, &words, message->media_key, entities);
    cJSON_AddStringToObject(out, "text", text);
    if (hib_x_face_wants(fields, "entities") && cJSON_GetArraySize(entities))
        cJSON_AddItemToObject(out, "entities", entities);
    else
        cJSON_Delete(entities);
    if (hib_x_face_wants(fields, "created_at"))
        hib_x_face_add_time(out, "created_at", message->at);
    if (hib_x_face_wants(fields, "dm_conversation_id"))
        cJSON_AddStringToObject(out, "dm_conversation_id", message->talk);
    bool wants_sender = hib_x_face_wants(ask->expand, "sender_id");
    if (wants_sender || hib_x_face_wants(fields, "sender_id"))
        cJSON_AddStringToObject(out, "sender_id", message->sender);
    if (wants_sender)
        hib_x_face_include_user(call, ask, message->sender, message->handle, message->name);
    if (message->media_key && hib_x_face_wants(fields, "attachments"))
        cJSON_AddItemToArray(
            cJSON_AddArrayToObject(cJSON_AddObjectToObject(out, "attachments"), "media_keys"),
            cJSON_CreateString(message->media_key));
    return out;
}

/* How many a page holds, and before which id it begins. False after refusing. */
static bool
read_page(HibPracticeCall *call, int *ret_most, const char **ret_before)
{
    const char *most = hib_practice_query(call, "max_results");
    const char *token = hib_practice_query(call, "pagination_token");
    *ret_most = most ? (int)g_ascii_strtoll(most, NULL, 10) : 100;
    *ret_before = token && g_str_has_prefix(token, TOKEN) ? token + strlen(TOKEN) : NULL;
    if (*ret_most < 1 || *ret_most > 100)
        hib_x_face_invalid(call, "max_results", most,
                           "The `max_results` query parameter value is not between 1 and 100");
    else if (token && !hib_x_face_is_id(*ret_before))
        hib_x_face_invalid(call, "pagination_token", token,
                           "The `pagination_token` query parameter value is not valid");
    else
        return true;
    return false;
}

void
hib_x_face_dm_events(HibPracticeCall *call)
{
    XAsk ask;
    int most = 0;
    const char *before = NULL;
    const char *talk = NULL;
    const HibPracticeAccount *account = hib_x_face_caller(call, "dm.read tweet.read users.read");
    if (!account || !read_page(call, &most, &before))
        return;
    if (hib_practice_param(call, "user") || hib_practice_param(call, "conversation")) {
        const char *user = other_side(call, account);
        if (!user)
            return;
        talk = conversation(call->arena, account->id, user);
    }
    if (!hib_x_face_ask(call, account, &ask))
        return;
    const char *asked = hib_practice_query(call, "dm_event.fields");
    g_auto(GStrv) fields = g_strsplit(asked ? asked : "", ",", 20);
    g_autoptr(GArray) all = collect(call, account, talk);
    cJSON *data = cJSON_CreateArray();
    cJSON *meta = cJSON_CreateObject();
    const char *last = NULL;
    for (guint i = 0; i < all->len; i++) {
        const Message *one = &g_array_index(all, Message, i);
        if (before && hib_x_face_compare_ids(one->id, before) >= 0)
            continue;
        if (cJSON_GetArraySize(data) == most) {
            cJSON_AddStringToObject(meta, "next_token",
                                    hib_arena_printf(call->arena, TOKEN "%s", last));
            break;
        }
        last = one->id;
        cJSON_AddItemToArray(data, message_json(call, one, (const char *const *)fields, &ask));
    }
    cJSON_AddNumberToObject(meta, "result_count", cJSON_GetArraySize(data));
    hib_x_face_answer(call, &ask, data, meta);
}

void
hib_x_face_dm_delete(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_x_face_caller(call, "dm.write dm.read tweet.read users.read");
    if (!account)
        return;
    const HibPracticePost *post = hib_practice_post(call->face, hib_practice_param(call, "id"));
    if (!post || strcmp(post->kind, "message") != 0 || strcmp(post->account, account->id) != 0) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such message");
        return;
    }
    hib_practice_post_delete(call->face, post->id);
    cJSON *data = cJSON_CreateObject();
    cJSON_AddBoolToObject(data, "deleted", true);
    hib_x_face_data(call, 200, data);
}
