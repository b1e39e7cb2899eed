/* LINE's face: people write to the account. LINE has no way to ask for that, it only tells: what the audience says about a broadcast becomes a
 * message event, told when the account next calls, with a reply token that lives a minute. */
#include "practice/face_hook.h"
#include "practice/line_face_private.h"
#include "practice/picture.h"
#include <string.h>

#define REPLY_LIFE HIB_MINUTE
#define AT_ONCE 3
#define LOOK_BACK (7 * HIB_DAY)

static const char *
user_of(HibArena *arena, const char *handle)
{
    return hib_arena_printf(arena, "U%.32s", hib_sha256_hex(arena, handle, strlen(handle)));
}

static const char *
new_reply_token(HibPracticeCall *call, const char *user)
{
    LineState *state = hib_practice_state(call->face);
    const char *token = hib_arena_printf(call->arena, "reply%s", hib_practice_id(call));
    LineReplyToken *kept = g_new0(LineReplyToken, 1);
    *kept = (LineReplyToken){.user = g_strdup(user),
                             .until = hib_practice_now(call->face) + REPLY_LIFE};
    g_hash_table_replace(state->reply_tokens, g_strdup(token), kept);
    return token;
}

/* A message of any type, as LINE tells it; its id is that of the message. */
static const char *
send_message(HibPracticeCall *call, const HibPracticeAccount *account, const char *user,
             cJSON *message)
{
    HibInstant now = hib_practice_now(call->face);
    const char *id = hib_practice_id(call);
    cJSON *out = cJSON_CreateObject(), *event = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "destination", hib_line_face_bot(call->arena, account));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "events"), event);
    cJSON_AddStringToObject(event, "type", "message");
    cJSON_AddStringToObject(message, "id", id);
    cJSON_AddStringToObject(message, "quoteToken", "practice");
    cJSON_AddItemToObject(event, "message", message);
    cJSON_AddNumberToObject(event, "timestamp", (double)(now / HIB_MILLISECOND));
    cJSON *source = cJSON_AddObjectToObject(event, "source");
    cJSON_AddStringToObject(source, "type", "user");
    cJSON_AddStringToObject(source, "userId", user);
    cJSON_AddStringToObject(event, "replyToken", new_reply_token(call, user));
    cJSON_AddStringToObject(event, "mode", "active");
    cJSON_AddStringToObject(event, "webhookEventId",
                            hib_arena_printf(call->arena, "01%s", hib_practice_id(call)));
    cJSON_AddBoolToObject(cJSON_AddObjectToObject(event, "deliveryContext"), "isRedelivery", false);
    const char *body = hib_json_print(call->arena, out);
    hib_practice_hook(
        call->face,
        &(HibPracticeHook){.url = hib_line_face_endpoint_of(call, account),
                           .body = body,
                           .headers = hib_line_face_signature(call->arena, account, body)});
    return id;
}

static void
send_text(HibPracticeCall *call, const HibPracticeAccount *account, const char *user,
          const char *text)
{
    cJSON *message = cJSON_CreateObject();
    cJSON_AddStringToObject(message, "type", "text");
    cJSON_AddStringToObject(message, "text", text);
    send_message(call, account, user, message);
}

/* --- pictures, videos, sounds, files ------------------------------------------------------------------------------------------ */
void
hib_line_face_content_free(void *data)
{
    LineContent *content = data;
    g_bytes_unref(content->bytes);
    g_free(content->mime);
    g_free(content);
}

/* Takes over `bytes`. */
static LineContent *
keep_content(HibPracticeCall *call, const char *id, const char *mime, GBytes *bytes)
{
    LineState *state = hib_practice_state(call->face);
    LineContent *content = g_new0(LineContent, 1);
    *content = (LineContent){.bytes = bytes, .mime = g_strdup(mime)};
    g_hash_table_replace(state->contents, g_strdup(id), content);
    return content;
}

/* {"type": "image", "contentProvider": {"type": "line"}}; `url`: the sender's own server has it. */
static cJSON *
content_message(const char *type, const char *name, const char *url, int64_t bytes)
{
    cJSON *message = cJSON_CreateObject();
    cJSON_AddStringToObject(message, "type", type);
    if (g_str_equal(type, "file")) {
        cJSON_AddStringToObject(message, "fileName", name ? name : "file.pdf");
        cJSON_AddNumberToObject(message, "fileSize", (double)bytes);
        return message;
    }
    if (g_str_equal(type, "sticker")) {
        cJSON_AddStringToObject(message, "packageId", "446");
        cJSON_AddStringToObject(message, "stickerId", "1988");
        cJSON_AddStringToObject(message, "stickerResourceType", "STATIC");
        if (name) {
            cJSON_AddStringToObject(message, "text", name);
            return message;
        }
        cJSON *keywords = cJSON_AddArrayToObject(message, "keywords");
        cJSON_AddItemToArray(keywords, cJSON_CreateString("ありがとう"));
        cJSON_AddItemToArray(keywords, cJSON_CreateString("うれしい"));
        return message;
    }
    cJSON *provider = cJSON_AddObjectToObject(message, "contentProvider");
    cJSON_AddStringToObject(provider, "type", url ? "external" : "line");
    if (url) {
        cJSON_AddStringToObject(provider, "originalContentUrl", url);
        cJSON_AddStringToObject(provider, "previewImageUrl", url);
    }
    if (!g_str_equal(type, "image"))
        cJSON_AddNumberToObject(message, "duration", 1000);
    return message;
}

static LineContent *
find_content(HibPracticeCall *call)
{
    LineState *state = hib_practice_state(call->face);
    if (!hib_line_face_caller(call))
        return NULL;
    hib_line_face_request_id(call);
    LineContent *found = g_hash_table_lookup(state->contents, hib_practice_param(call, "message"));
    if (!found)
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Not found");
    return found;
}

void
hib_line_face_content(HibPracticeCall *call)
{
    LineContent *content = find_content(call);
    if (!content)
        return;
    if (content->n_not_ready > 0 || content->fails)
        hib_practice_empty(call, 202);
    else
        hib_practice_content(call, 200, content->mime, content->bytes);
}

void
hib_line_face_sticker(HibPracticeCall *call)
{
    const char *id = hib_practice_param(call, "sticker");
    const size_t n = strlen(id);
    if (!n || strspn(id, "0123456789") != n) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Not found");
        return;
    }
    g_autoptr(GBytes) picture = hib_practice_picture(g_str_hash(id));
    hib_practice_content(call, 200, "image/png", picture);
}

void
hib_line_face_transcoding(HibPracticeCall *call)
{
    LineContent *content = find_content(call);
    if (!content)
        return;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "status",
                            content->fails               ? "failed"
                            : content->n_not_ready-- > 0 ? "processing"
                                                         : "succeeded");
    hib_practice_json(call, 200, out);
}

/* Beside some comments a picture is sent, or a sticker. */
static void
send_with(HibPracticeCall *call, const HibPracticeAccount *account, const HibPracticePost *post,
          const HibComment *comment, const char *user)
{
    HibPracticePictured with;
    if (!hib_practice_pictured("", call->arena, post->id, comment, &with))
        return;
    bool is_sticker = with.seed % 3 == 0;
    const char *id = send_message(call, account, user,
                                  content_message(is_sticker ? "sticker" : "image", NULL, NULL, 0));
    if (!is_sticker)
        keep_content(call, id, "image/png", hib_practice_picture(with.seed));
}

/* Comments on one broadcast that have not been told; how many were now. */
static int
tell_post(HibPracticeCall *call, const HibPracticeAccount *account, const HibPracticePost *post,
          int most)
{
    LineState *state = hib_practice_state(call->face);
    HibComment *comments;
    guint told = GPOINTER_TO_UINT(g_hash_table_lookup(state->told, post->id));
    size_t n =
        hib_practice_comments(call->face, post->id, told, (size_t)most, call->arena, &comments);
    for (size_t i = 0; i < n; i++) {
        const char *user = user_of(call->arena, comments[i].handle);
        send_text(call, account, user, comments[i].text);
        send_with(call, account, post, &comments[i], user);
    }
    if (n)
        g_hash_table_replace(state->told, g_strdup(post->id), GUINT_TO_POINTER(told + (guint)n));
    return (int)n;
}

void
hib_line_face_tell(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const HibPracticePost *const *posts;
    const char *next;
    HibInstant now = hib_practice_now(call->face);
    if (!hib_line_face_endpoint_of(call, account))
        return;
    const HibPracticeQuery query = {.account = account->id, .since = now - LOOK_BACK, .limit = 20};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    int left = AT_ONCE;
    for (size_t i = 0; i < n && left > 0; i++)
        left -= tell_post(call, account, posts[i], left);
}

/* What LINE hands out under the message; {"content"} says what, else something drawn. */
static void
say_content(HibPracticeCall *call, const HibPracticeAccount *account, const char *user,
            const char *type)
{
    const char *given = hib_practice_field(call, "content"), *url = hib_practice_field(call, "url");
    const char *late = hib_practice_field(call, "not_ready");
    bool is_sound = g_str_equal(type, "audio");
    gsize n = 0;
    guchar *bytes = given ? g_base64_decode(given, &n) : NULL;
    GBytes *content = bytes      ? g_bytes_new_take(bytes, n)
                      : is_sound ? hib_practice_sound()
                                 : hib_practice_picture(hib_audience_key(user));
    const char *id = send_message(call, account, user,
                                  content_message(type, hib_practice_field(call, "name"), url,
                                                  (int64_t)g_bytes_get_size(content)));
    LineContent *kept = keep_content(call, id,
                                     is_sound                     ? "audio/wav"
                                     : g_str_equal(type, "image") ? "image/png"
                                                                  : "application/octet-stream",
                                     content);
    kept->n_not_ready = late ? (int)g_ascii_strtoll(late, NULL, 10) : 0;
    kept->fails = hib_practice_field(call, "fails") != NULL;
    if (hib_practice_field(call, "is_gone")) /* kept long enough */
        g_hash_table_remove(((LineState *)hib_practice_state(call->face))->contents, id);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    hib_practice_json(call, 200, out);
}

void
hib_line_face_say(HibPracticeCall *call)
{
    const char *text = hib_practice_field(call, "text"), *user = hib_practice_field(call, "user");
    const char *channel = hib_practice_field(call, "account"),
               *type = hib_practice_field(call, "type");
    const HibPracticeAccount *account = channel ? hib_practice_account(call->face, channel)
                                                : hib_practice_account_at(call->face, 0);
    if ((!text && !type) || !account) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", "text is missing");
        return;
    }
    const char *who = user ? user : user_of(call->arena, "visitor");
    if (type) {
        say_content(call, account, who, type);
        return;
    }
    send_text(call, account, who, text);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

void
hib_line_face_profile(HibPracticeCall *call)
{
    const char *user = hib_practice_param(call, "user");
    if (!hib_line_face_caller(call))
        return;
    hib_line_face_request_id(call);
    if (user[0] != 'U' || strlen(user) != 33) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Not found");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "userId", user);
    cJSON_AddStringToObject(out, "displayName",
                            hib_arena_printf(call->arena, "お客さま %.4s", user + 1));
    cJSON_AddStringToObject(out, "language", "ja");
    hib_practice_json(call, 200, out);
}
