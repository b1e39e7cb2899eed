/* LINE's face: people write to the account. LINE has no way to ask for that, it only tells: what the audience says about a broadcast becomes a
 * message event, told when the account next calls, with a reply token that lives a minute. */
#include "practice/face_hook.h"
#include "practice/line_face_private.h"
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

static void
send_message(HibPracticeCall *call, const HibPracticeAccount *account, const char *user,
             const char *text)
{
    HibInstant now = hib_practice_now(call->face);
    cJSON *out = cJSON_CreateObject(), *event = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "destination", hib_line_face_bot(call->arena, account));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "events"), event);
    cJSON_AddStringToObject(event, "type", "message");
    cJSON *message = cJSON_AddObjectToObject(event, "message");
    cJSON_AddStringToObject(message, "type", "text");
    cJSON_AddStringToObject(message, "id", hib_practice_id(call));
    cJSON_AddStringToObject(message, "quoteToken", "practice");
    cJSON_AddStringToObject(message, "text", text);
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
    for (size_t i = 0; i < n; i++)
        send_message(call, account, user_of(call->arena, comments[i].handle), comments[i].text);
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

void
hib_line_face_say(HibPracticeCall *call)
{
    const char *text = hib_practice_field(call, "text"), *user = hib_practice_field(call, "user");
    const char *channel = hib_practice_field(call, "account");
    const HibPracticeAccount *account = channel ? hib_practice_account(call->face, channel)
                                                : hib_practice_account_at(call->face, 0);
    if (!text || !account) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", "text is missing");
        return;
    }
    send_message(call, account, user ? user : user_of(call->arena, "visitor"), text);
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
