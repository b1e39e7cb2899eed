/* LINE's face: where a channel's webhooks go. Set by the channel itself or, for all of them, by the control door; tried on request. */
#include "practice/face_hook.h"
#include "practice/line_face_private.h"
#include <string.h>

#define MOST_URL 500

const char *
hib_line_face_endpoint_of(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const LineState *state = hib_practice_state(call->face);
    const char *own = g_hash_table_lookup(state->endpoints, account->id);
    return own ? hib_arena_strdup(call->arena, own)
               : hib_practice_hook_url_of(call->face, call->arena);
}

const char *const *
hib_line_face_signature(HibArena *arena, const HibPracticeAccount *account, const char *body)
{
    const char **headers = hib_arena_array(arena, const char *, 2);
    headers[0] =
        hib_arena_printf(arena, "x-line-signature: %s",
                         hib_practice_hmac_base64(arena, account->password, body, strlen(body)));
    return headers;
}

bool
hib_line_face_replay(HibPracticeFace *face, HibJson line)
{
    const LineState *state = hib_practice_state(face);
    const char *account = NULL, *url = NULL;
    if (!hib_json_text(line, "endpoint_of", &account, NULL) ||
        !hib_json_text(line, "url", &url, NULL))
        return false;
    g_hash_table_replace(state->endpoints, g_strdup(account), g_strdup(url));
    return true;
}

static bool
is_address(const char *url)
{
    return url && strlen(url) <= MOST_URL &&
           (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://127.0.0.1"));
}

static void
set_endpoint(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const LineState *state = hib_practice_state(call->face);
    const char *url = hib_practice_field(call, "endpoint");
    if (!is_address(url)) {
        hib_line_face_invalid(call, "Invalid webhook endpoint URL", NULL);
        return;
    }
    g_hash_table_replace(state->endpoints, g_strdup(account->id), g_strdup(url));
    cJSON *kept = cJSON_CreateObject();
    cJSON_AddStringToObject(kept, "endpoint_of", account->id);
    cJSON_AddStringToObject(kept, "url", url);
    hib_practice_note(call->face, kept);
    hib_practice_json(call, 200, cJSON_CreateObject());
}

void
hib_line_face_endpoint(HibPracticeCall *call)
{
    const LineState *state = hib_practice_state(call->face);
    const HibPracticeAccount *account = hib_line_face_caller(call);
    if (!account)
        return;
    hib_line_face_request_id(call);
    if (g_str_equal(call->verb, "PUT")) {
        set_endpoint(call, account);
        return;
    }
    const char *url = g_hash_table_lookup(state->endpoints, account->id);
    if (!url) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Not found");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "endpoint", url);
    cJSON_AddBoolToObject(out, "active", true);
    hib_practice_json(call, 200, out);
}

void
hib_line_face_try_endpoint(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_line_face_caller(call);
    if (!account)
        return;
    hib_line_face_request_id(call);
    const char *url = hib_practice_field(call, "endpoint");
    url = url ? url : hib_line_face_endpoint_of(call, account);
    const char *body = hib_arena_printf(call->arena, "{\"destination\":\"%s\",\"events\":[]}",
                                        hib_line_face_bot(call->arena, account));
    HibHttpReply reply = {0};
    const HibHttpRequest request = {.method = "POST",
                                    .url = url ? url : "",
                                    .headers = hib_line_face_signature(call->arena, account, body),
                                    .content_type = "application/json",
                                    .body = body,
                                    .n_body = strlen(body)};
    bool is_reached = url && hib_practice_hook_ask(call->face, call->arena, &request, &reply);
    bool is_good = is_reached && reply.status >= 200 && reply.status <= 299;
    char when[HIB_INSTANT_TEXT];
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "success", is_good);
    cJSON_AddStringToObject(out, "timestamp",
                            hib_instant_format(hib_practice_now(call->face), when));
    cJSON_AddNumberToObject(out, "statusCode", is_reached ? reply.status : 0);
    cJSON_AddStringToObject(out, "reason",
                            is_good      ? "OK"
                            : is_reached ? "ERROR_STATUS_CODE"
                                         : "COULD_NOT_CONNECT");
    cJSON_AddStringToObject(out, "detail",
                            is_reached ? hib_arena_printf(call->arena, "%d", reply.status) : "");
    hib_practice_json(call, 200, out);
}
