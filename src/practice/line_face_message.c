/* LINE's face: messages. Looked at as LINE does before anything happens; taken once under a retry key for a day; counted a person each. */
#include "practice/line_face_private.h"
#include "text/count.h"
#include <string.h>

#define KEY_LIFE HIB_DAY
#define NARROWCASTING (5 * HIB_SECOND)
#define SMALLEST_AUDIENCE 50
#define INSIGHT_AFTER HIB_DAY

typedef struct {
    HibInstant at;
    char request[48];
} LineRetry;

/* --- looking at messages ------------------------------------------------------------------------------------------------------ */
static const char *
text_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static bool
is_address(const char *text)
{
    return text && strlen(text) <= 2000 &&
           (g_str_has_prefix(text, "https://") || g_str_has_prefix(text, "http://127.0.0.1"));
}

/* What is wrong with one message; NULL: nothing. *ret_property is its member. */
static const char *
fault_of(const cJSON *message, const char **ret_property)
{
    static const char *const known[] = {"text",     "textV2", "sticker",  "image",
                                        "video",    "audio",  "location", "imagemap",
                                        "template", "flex",   NULL};
    const char *type = text_of(message, "type"), *text = text_of(message, "text");
    *ret_property = "type";
    if (!type || !g_strv_contains(known, type))
        return "Must be one of the following values: [text, sticker, image, video, audio, "
               "location, imagemap, template, flex]";
    *ret_property = "text";
    if (g_str_equal(type, "text") && (!text || !*text))
        return "May not be empty";
    if (g_str_equal(type, "text") && hib_text_count(text).utf16_units > 5000)
        return "Length must be between 0 and 5000";
    bool is_media = g_str_equal(type, "image") || g_str_equal(type, "video");
    *ret_property = "originalContentUrl";
    if (is_media && !is_address(text_of(message, "originalContentUrl")))
        return "Must be a valid HTTPS URL";
    *ret_property = "previewImageUrl";
    if (is_media && !is_address(text_of(message, "previewImageUrl")))
        return "Must be a valid HTTPS URL";
    bool needs_alt =
        g_str_equal(type, "imagemap") || g_str_equal(type, "template") || g_str_equal(type, "flex");
    *ret_property = "altText";
    if (needs_alt && !text_of(message, "altText"))
        return "May not be empty";
    return NULL;
}

static bool
check_messages(HibPracticeCall *call)
{
    const cJSON *messages =
        call->json.value ? cJSON_GetObjectItemCaseSensitive(call->json.value, "messages") : NULL;
    int n = cJSON_IsArray(messages) ? cJSON_GetArraySize(messages) : 0;
    if (n < 1 || n > 5) {
        hib_line_face_invalid(call, "Size must be between 1 and 5", "messages");
        return false;
    }
    for (int i = 0; i < n; i++) {
        const char *property, *fault = fault_of(cJSON_GetArrayItem(messages, i), &property);
        if (!fault)
            continue;
        hib_line_face_invalid(call, fault,
                              hib_arena_printf(call->arena, "messages[%d].%s", i, property));
        return false;
    }
    return true;
}

void
hib_line_face_validate(HibPracticeCall *call)
{
    if (!hib_line_face_caller(call))
        return;
    hib_line_face_request_id(call);
    if (check_messages(call))
        hib_practice_json(call, 200, cJSON_CreateObject());
}

/* --- sending -------------------------------------------------------------------------------------------------------------------- */
/* What a reader sees of it, for counting: the texts, and the addresses of what is shown. */
static const char *
words_of(HibPracticeCall *call, int *ret_n_media)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const cJSON *message;
    *ret_n_media = 0;
    cJSON_ArrayForEach(message, cJSON_GetObjectItemCaseSensitive(call->json.value, "messages"))
    {
        const char *text = text_of(message, "text");
        const char *alt = text_of(message, "altText");
        *ret_n_media += text_of(message, "originalContentUrl") != NULL;
        if (text || alt)
            g_string_append_printf(out, "%s%s", out->len ? "\n" : "", text ? text : alt);
    }
    return hib_arena_strdup(call->arena, out->str);
}

/* The people a narrowcast reaches, by its audiences; all friends where none is named. */
static int64_t
narrow(HibPracticeCall *call, int64_t friends)
{
    const cJSON *recipient = cJSON_GetObjectItemCaseSensitive(call->json.value, "recipient");
    g_autofree char *text = recipient ? cJSON_PrintUnformatted(recipient) : NULL;
    double share = recipient ? 0 : 1;
    for (size_t i = 0; text && i < LINE_AUDIENCES; i++) {
        const char *id = hib_arena_printf(call->arena, "%d", (int)hib_line_face_audiences[i].id);
        if (strstr(text, id))
            share += hib_line_face_audiences[i].share;
    }
    const cJSON *limit = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(call->json.value, "limit"), "max");
    int64_t n = (int64_t)((double)friends * MIN(share, 1));
    return cJSON_IsNumber(limit) ? MIN(n, (int64_t)limit->valuedouble) : n;
}

static const char *
month_key(HibPracticeCall *call, const HibPracticeAccount *account)
{
    HibWall wall = hib_wall_at(hib_zone_utc(), hib_practice_now(call->face) + 9 * HIB_HOUR);
    return hib_arena_printf(call->arena, "month %s %04d%02d", account->id, wall.year, wall.month);
}

/* The request under this key within a day: answered 409, nothing done. */
static bool
is_repeat(HibPracticeCall *call, const char *key)
{
    const LineState *state = hib_practice_state(call->face);
    const LineRetry *retry = key ? g_hash_table_lookup(state->retry_keys, key) : NULL;
    if (!retry || hib_practice_now(call->face) - retry->at > KEY_LIFE)
        return false;
    hib_practice_header(call, "x-line-accepted-request-id", "%s", retry->request);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "message", "The retry key is already accepted");
    hib_practice_json(call, 409, out);
    return true;
}

/* The key of this call in the table; false after refusing what is no UUID. */
static bool
read_key(HibPracticeCall *call, const HibPracticeAccount *account, const char **ret)
{
    const char *key = hib_practice_header_in(call, "X-Line-Retry-Key");
    *ret = key ? hib_arena_printf(call->arena, "%s %s", account->id, key) : NULL;
    if (!key || g_uuid_string_is_valid(key))
        return true;
    hib_line_face_invalid(call, "The retry key is invalid", NULL);
    return false;
}

static LineReplyToken *
read_reply_token(HibPracticeCall *call)
{
    const LineState *state = hib_practice_state(call->face);
    const char *token = text_of(call->json.value, "replyToken");
    LineReplyToken *found = token ? g_hash_table_lookup(state->reply_tokens, token) : NULL;
    if (found && !found->is_used && hib_practice_now(call->face) <= found->until)
        return found;
    hib_line_face_invalid(call, "Invalid reply token", NULL);
    return NULL;
}

typedef struct {
    const HibPracticeAccount *account;
    const char *way, *key, *request;
    int64_t recipients;
    bool fails;
    HibInstant ready_at;
} Sending;

/* Whom it goes to, and whether the month has room. False after refusing. */
static bool
read_recipients(HibPracticeCall *call, Sending *sending)
{
    int64_t friends = hib_line_face_friends(call->face, sending->account);
    const cJSON *to = cJSON_GetObjectItemCaseSensitive(call->json.value, "to");
    bool is_push = g_str_equal(sending->way, "push"),
         is_multi = g_str_equal(sending->way, "multicast");
    sending->recipients = g_str_equal(sending->way, "broadcast") ? friends : 1;
    if (g_str_equal(sending->way, "narrowcast"))
        sending->recipients = narrow(call, friends);
    if (is_push &&
        (!cJSON_IsString(to) || to->valuestring[0] != 'U' || strlen(to->valuestring) != 33)) {
        hib_line_face_invalid(
            call, "The property, 'to', in the request body is invalid (line: -, column: -)", NULL);
        return false;
    }
    if (is_multi)
        sending->recipients = cJSON_GetArraySize(to);
    if (is_multi && (sending->recipients < 1 || sending->recipients > 500)) {
        hib_line_face_invalid(call, "Size must be between 1 and 500", "to");
        return false;
    }
    if (g_str_equal(sending->way, "reply"))
        return true;
    return hib_practice_take(call, HIB_REFUSE_QUOTA, month_key(call, sending->account),
                             LINE_MONTH_MESSAGES, 31 * HIB_DAY, sending->recipients);
}

static void
accept(HibPracticeCall *call, const Sending *sending)
{
    LineState *state = hib_practice_state(call->face);
    LineRequest *request = g_new0(LineRequest, 1);
    int n_media;
    bool is_small =
        g_str_equal(sending->way, "narrowcast") && sending->recipients < SMALLEST_AUDIENCE;
    *request = (LineRequest){.way = g_strdup(sending->way),
                             .recipients = sending->recipients,
                             .at = hib_practice_now(call->face),
                             .ready_at = sending->ready_at,
                             .fails = sending->fails || is_small,
                             .error_code = is_small ? 4 : 1};
    if (!request->fails) {
        const char *text = words_of(call, &n_media);
        HibPracticePost post = {.id = hib_practice_id(call),
                                .account = sending->account->id,
                                .kind = sending->way,
                                .text = text,
                                .at = sending->ready_at,
                                .n_images = n_media,
                                .is_hidden = !g_str_has_suffix(sending->way, "cast")};
        request->post_id = g_strdup(hib_practice_post_add(call->face, &post)->id);
    } else {
        hib_practice_give_back(call->face, month_key(call, sending->account), sending->recipients);
    }
    g_hash_table_replace(state->requests, g_strdup(sending->request), request);
    if (!sending->key)
        return;
    LineRetry *retry = g_new0(LineRetry, 1);
    retry->at = request->at;
    g_strlcpy(retry->request, sending->request, sizeof retry->request);
    g_hash_table_replace(state->retry_keys, g_strdup(sending->key), retry);
}

static void
answer_accepted(HibPracticeCall *call, const Sending *sending)
{
    const LineState *state = hib_practice_state(call->face);
    const LineRequest *request = g_hash_table_lookup(state->requests, sending->request);
    bool is_told = g_str_equal(sending->way, "push") || g_str_equal(sending->way, "reply");
    cJSON *out = cJSON_CreateObject();
    if (is_told && request->post_id) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id", request->post_id);
        cJSON_AddStringToObject(one, "quoteToken", "practice");
        cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "sentMessages"), one);
    }
    hib_practice_json(call, g_str_equal(sending->way, "narrowcast") ? 202 : 200, out);
}

void
hib_line_face_send(HibPracticeCall *call)
{
    static const char *const ways[] = {"broadcast", "narrowcast", "push",
                                       "multicast", "reply",      NULL};
    Sending sending = {.account = hib_line_face_caller(call),
                       .way = hib_practice_param(call, "way")};
    LineReplyToken *token = NULL;
    if (!sending.account)
        return;
    if (!g_strv_contains(ways, sending.way)) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Not found");
        return;
    }
    sending.request = hib_line_face_request_id(call);
    bool is_reply = g_str_equal(sending.way, "reply"),
         is_narrow = g_str_equal(sending.way, "narrowcast");
    if (!check_messages(call) || (is_reply && !(token = read_reply_token(call))) ||
        (!is_reply && !read_key(call, sending.account, &sending.key)) ||
        is_repeat(call, sending.key))
        return;
    const char *rate =
        hib_arena_printf(call->arena, "casts %s %s", sending.way, sending.account->id);
    if (g_str_has_suffix(sending.way, "cast") && !g_str_equal(sending.way, "multicast") &&
        !hib_practice_take(call, HIB_REFUSE_RATE, rate, 60, HIB_HOUR, 1))
        return;
    if (!read_recipients(call, &sending))
        return;
    sending.ready_at = hib_practice_now(call->face);
    if (is_narrow)
        sending.ready_at = hib_practice_ready_at(call, NARROWCASTING, &sending.fails);
    if (token)
        token->is_used = true;
    accept(call, &sending);
    answer_accepted(call, &sending);
}

/* --- what became of it -------------------------------------------------------------------------------------------------------------- */
static const LineRequest *
asked_request(HibPracticeCall *call)
{
    const LineState *state = hib_practice_state(call->face);
    const char *id = hib_practice_query(call, "requestId");
    return id ? g_hash_table_lookup(state->requests, id) : NULL;
}

void
hib_line_face_progress(HibPracticeCall *call)
{
    const LineRequest *request;
    char at[HIB_INSTANT_TEXT];
    if (!hib_line_face_caller(call))
        return;
    hib_line_face_request_id(call);
    if (!(request = asked_request(call)) || !g_str_equal(request->way, "narrowcast")) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Not found");
        return;
    }
    bool is_over = hib_practice_now(call->face) >= request->ready_at;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "phase",
                            !is_over         ? "sending"
                            : request->fails ? "failed"
                                             : "succeeded");
    cJSON_AddStringToObject(
        out, "acceptedTime",
        hib_instant_format(request->at / HIB_MILLISECOND * HIB_MILLISECOND, at));
    if (is_over && request->fails) {
        cJSON_AddNumberToObject(out, "errorCode", request->error_code);
        cJSON_AddStringToObject(out, "failedDescription",
                                request->error_code == 4 ? "audience too small" : "internal error");
    } else if (is_over) {
        cJSON_AddNumberToObject(out, "targetCount", (double)request->recipients);
        cJSON_AddNumberToObject(out, "successCount", (double)request->recipients);
        cJSON_AddNumberToObject(out, "failureCount", 0);
    }
    hib_practice_json(call, 200, out);
}

/* There the next day; hidden below 20 people. */
void
hib_line_face_event_insight(HibPracticeCall *call)
{
    const LineRequest *request;
    if (!hib_line_face_caller(call))
        return;
    hib_line_face_request_id(call);
    if (!(request = asked_request(call)) || !request->post_id) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Not found");
        return;
    }
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, request->post_id);
    cJSON *out = cJSON_CreateObject();
    cJSON *overview = cJSON_AddObjectToObject(out, "overview");
    cJSON_AddStringToObject(overview, "requestId", hib_practice_query(call, "requestId"));
    cJSON_AddNumberToObject(overview, "timestamp", (double)(request->at / HIB_SECOND));
    static const char *const names[] = {"delivered", "uniqueImpression", "uniqueClick"};
    const int64_t values[] = {request->recipients, MIN(numbers.reach, request->recipients),
                              MIN(numbers.clicks, request->recipients)};
    bool is_ready = hib_practice_now(call->face) - request->at >= INSIGHT_AFTER;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (is_ready && (i == 0 || values[i] >= 20)) /* how many got it is never hidden */
            cJSON_AddNumberToObject(overview, names[i], (double)values[i]);
        else
            cJSON_AddNullToObject(overview, names[i]);
    cJSON_AddItemToObject(out, "messages", cJSON_CreateArray());
    cJSON_AddItemToObject(out, "clicks", cJSON_CreateArray());
    hib_practice_json(call, 200, out);
}
