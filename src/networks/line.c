/* The LINE connector: the steps of a message's life. See line.h for the idea that makes a repeat harmless, line_answer.c for what
 * answers mean, line_message.c for what is sent.
 *
 *   validate (LINE looks at the message, nobody gets it; the body is kept) → publish (under the retry key) → a narrowcast: confirm
 *
 * An answer to somebody goes as a reply first, free of charge, while the reply token lives. A reply has no retry key; its token can be
 * used once, which settles a lost answer while the token lives. After that only a person can see whether it arrived. */
#include "networks/line.h"
#include "networks/line_limits.h"
#include "networks/line_private.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &line_limits;
}

static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

/* --- ways to send -------------------------------------------------------------------------------------------------- */
static const char *
way_of(HibNetFormat format)
{
    switch (format) {
    case HIB_FORMAT_BROADCAST:
        return "broadcast";
    case HIB_FORMAT_NARROWCAST:
        return "narrowcast";
    case HIB_FORMAT_MESSAGE:
        return "push";
    default:
        return NULL; /* never taken for a broadcast */
    }
}

const char *
hib_line_reply_token(HibArena *arena, const char *text, HibInstant *ret_at)
{
    const char *at = text ? strrchr(text, '@') : NULL;
    int64_t ms = at ? g_ascii_strtoll(at + 1, NULL, 10) : 0;
    *ret_at = ms > 0 && ms < INT64_C(100000000000000) ? ms * HIB_MILLISECOND : 0;
    return at && at > text && *ret_at ? hib_arena_strndup(arena, text, (size_t)(at - text)) : NULL;
}

static bool
has_reply(const HibNetSending *sending, const cJSON *progress)
{
    return sending->post->format == HIB_FORMAT_MESSAGE && sending->post->reply_token &&
           *sending->post->reply_token && !cJSON_GetObjectItemCaseSensitive(progress, "reply");
}

static HibNetStep
next_step(const HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    if (cJSON_GetObjectItemCaseSensitive(progress, "request"))
        return (HibNetStep){HIB_NET_STEP_CONFIRM, "confirm", 0, 0};
    if (!cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(progress, "body")))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "validate", 0, 0};
    return (HibNetStep){HIB_NET_STEP_EFFECT, has_reply(sending, progress) ? "reply" : "publish", 0,
                        0};
}

static void
publish_as(const HibNetContext *net, HibNetSending *sending, const char *way, const char *request)
{
    sending->published = (HibNetPublished){
        .remote_id = hib_arena_printf(net->arena, "%s:%s", way, request), .url = ""};
    sending->is_done = true;
}

/* --- validate ---------------------------------------------------------------------------------------------------- */
static HibNetResult
refused(const char *code, const char *message)
{
    return hib_net_say(HIB_NET_FIX_CONTENT, code, message);
}

/* LINE fetches pictures and videos from this instance. */
static bool
has_addresses(const HibNetPost *post)
{
    for (size_t i = 0; i < post->n_media; i++) {
        const HibNetMedia *media = &post->media[i];
        if (!media->url || !g_str_has_prefix(media->url, "http") ||
            (media->kind == HIB_NET_VIDEO && !media->preview_url))
            return false;
    }
    return true;
}

static HibNetResult
validate(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const char *way = way_of(sending->post->format);
    LineFault fault = {0};
    if (!way)
        return hib_net_say(HIB_NET_FATAL, "NoSuchFormat", "LINE has no such kind of post");
    if (!has_addresses(sending->post))
        return hib_net_say(HIB_NET_FATAL, "NoAddress",
                           "LINE cannot fetch the picture or video (or its preview) from here");
    cJSON *body = hib_line_body(net->arena, sending->post, &fault);
    if (!body)
        return refused(fault.reason, fault.pointer);
    g_autoptr(cJSON) progress = cJSON_CreateObject();
    cJSON_AddItemToObject(progress, "body", body);
    cJSON *only = cJSON_CreateObject();
    cJSON_AddItemReferenceToObject(only, "messages",
                                   cJSON_GetObjectItemCaseSensitive(body, "messages"));
    HibNetResult said = hib_line_call(
        net, grant,
        &(LineCall){.kind = HIB_CALL_PREPARE,
                    .path = hib_arena_printf(net->arena, "/v2/bot/message/validate/%s", way),
                    .body = hib_json_print(net->arena, only)},
        NULL, NULL);
    if (said.class == HIB_NET_OK)
        sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

/* --- confirm: a narrowcast is on its way ------------------------------------------------------------------------------ */
static void
keep_counts(cJSON *progress, HibJson in)
{
    static const char *const names[] = {"targetCount", "successCount", "failureCount"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        int64_t n = -1;
        if (hib_json_opt_int(in, names[i], &n, NULL) && n >= 0) {
            cJSON_DeleteItemFromObjectCaseSensitive(progress, names[i]);
            cJSON_AddNumberToObject(progress, names[i], (double)n);
        }
    }
}

/* What LINE's errorCode of a failed narrowcast means; nobody got it. */
static HibNetResult
narrowcast_failed(HibNetResult said, HibJson in)
{
    static const char *const codes[] = {"NarrowcastFailed",    "NarrowcastInternal",
                                        "NotEnoughRecipients", "NarrowcastConflict",
                                        "AudienceTooSmall",    "NotEnoughMessages"};
    int64_t code = 0;
    (void)hib_json_opt_int(in, "errorCode", &code, NULL);
    (void)hib_json_opt_text(in, "failedDescription", &said.message, NULL);
    said.code = codes[code >= 1 && code <= 5 ? code : 0];
    said.class = code == 1 || code == 0 ? HIB_NET_FATAL
                 : code == 3            ? HIB_NET_RECONCILE
                                        : HIB_NET_FIX_CONTENT;
    return said;
}

static HibNetResult
confirm(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    static const int waits_s[] = {5, 10, 20, 30, 60};
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const char *request = hib_net_progress_get(net->arena, progress, "request");
    HibJson in;
    const char *phase = "";
    HibNetResult said = hib_line_call(
        net, grant,
        &(LineCall){.kind = HIB_CALL_READ,
                    .path = hib_arena_printf(net->arena,
                                             "/v2/bot/message/progress/narrowcast?requestId=%s",
                                             hib_url_escape(net->arena, request ? request : ""))},
        NULL, &in);
    if (said.class == HIB_NET_FATAL || said.class == HIB_NET_QUOTA) {
        said.class = HIB_NET_RECONCILE; /* an answer about the question, not about the message */
        said.retry_at = 0;
    }
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "phase", &phase, NULL))
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the narrowcast's progress does not read");
    keep_counts(progress, in);
    if (g_str_equal(phase, "failed"))
        return narrowcast_failed(said, in);
    if (g_str_equal(phase, "succeeded")) {
        publish_as(net, sending, "narrowcast", request);
    } else {
        const cJSON *polls = cJSON_GetObjectItemCaseSensitive(progress, "polls");
        int n = cJSON_IsNumber(polls) ? MAX(polls->valueint, 0) : 0;
        cJSON_DeleteItemFromObjectCaseSensitive(progress, "polls");
        cJSON_AddNumberToObject(progress, "polls", n + 1);
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = hib_clock_now(net->clock) +
                        waits_s[MIN((size_t)n, G_N_ELEMENTS(waits_s) - 1)] * HIB_SECOND;
    }
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

/* --- publish ----------------------------------------------------------------------------------------------------------- */
/* The request LINE took: its own id, or with 409 that of the call before. */
static const char *
accepted_request(HibNetContext const *net, const HibHttpReply *reply)
{
    const char *name = reply->status == 409 ? "x-line-accepted-request-id" : "x-line-request-id";
    const char *id = hib_http_header(reply, name);
    return id && *id && strlen(id) <= 100 ? hib_arena_strdup(net->arena, id) : NULL;
}

static const char *
kept_body(const HibNetContext *net, const cJSON *progress)
{
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(progress, "body");
    return cJSON_IsObject(body) ? hib_net_progress_text(net->arena, body) : NULL;
}

static HibNetResult
publish(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const char *way = way_of(sending->post->format);
    const char *body = kept_body(net, progress);
    HibHttpReply reply;
    HibJson in;
    if (!way || !body)
        return hib_net_say(HIB_NET_NEW_HANDLE, "NoBody", "the message kept for sending is gone");
    HibNetResult said =
        hib_line_call(net, grant,
                      &(LineCall){.kind = HIB_CALL_EFFECT,
                                  .path = hib_arena_printf(net->arena, "/v2/bot/message/%s", way),
                                  .body = body,
                                  .retry_key = sending->handle},
                      &reply, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(
            in.value)) /* of something in between: its request id would be a wrong one */
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "LINE's answer does not read");
    /* A success without an id is one all the same; the key then stands for it. */
    const char *request = accepted_request(net, &reply);
    if (!g_str_equal(way, "narrowcast")) {
        publish_as(net, sending, way, request ? request : sending->handle);
        return said;
    }
    if (!request)
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "LINE did not name the request");
    cJSON_AddStringToObject(progress, "request", request);
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

/* --- reply ----------------------------------------------------------------------------------------------------------------- */
static HibNetResult
post_reply(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
           const char *token)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(progress, "body");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "replyToken", token);
    static const char *const kept[] = {"messages", "notificationDisabled"};
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        cJSON *item = cJSON_GetObjectItemCaseSensitive(body, kept[i]);
        if (item)
            cJSON_AddItemReferenceToObject(out, kept[i], item);
    }
    HibHttpReply reply;
    HibNetResult said = hib_line_call(net, grant,
                                      &(LineCall){.kind = HIB_CALL_EFFECT,
                                                  .path = "/v2/bot/message/reply",
                                                  .body = hib_json_print(net->arena, out)},
                                      &reply, NULL);
    const char *request =
        said.class == HIB_NET_OK ? hib_http_header(&reply, "x-line-request-id") : NULL;
    if (said.class == HIB_NET_OK)
        publish_as(net, sending, "reply", request && *request ? request : sending->handle);
    return said;
}

/* The reply is out of the question: from now on it is a push message. */
static HibNetResult
reply_over(const HibNetContext *net, HibNetSending *sending, const char *why)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON_AddStringToObject(progress, "reply", why);
    sending->progress = hib_net_progress_text(net->arena, progress);
    return hib_net_say(HIB_NET_OK, "", "");
}

static HibNetResult
reply(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    HibInstant event_at;
    const char *token = hib_line_reply_token(net->arena, sending->post->reply_token, &event_at);
    if (!token || hib_clock_now(net->clock) >= event_at + HIB_LINE_REPLY_LIFE_S * HIB_SECOND)
        return reply_over(net, sending, "late");
    HibNetResult said = post_reply(net, grant, sending, token);
    return g_str_equal(said.code, "InvalidReplyToken") ? reply_over(net, sending, "refused") : said;
}

static HibNetResult
run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    HibNetStep next = next_step(sending);
    if (next.kind == HIB_NET_STEP_PREPARE)
        return validate(net, grant, sending);
    if (next.kind == HIB_NET_STEP_CONFIRM)
        return confirm(net, grant, sending);
    return g_str_equal(next.name, "reply") ? reply(net, grant, sending)
                                           : publish(net, grant, sending);
}

/* --- what became of it --------------------------------------------------------------------------------------------------- */
/* A definite no says that nothing was accepted before, either: the step itself may be taken again, and will say why. */
static HibNetResult
not_there(HibNetResult said)
{
    bool is_no = said.class == HIB_NET_FIX_CONTENT || said.class == HIB_NET_FATAL ||
                 said.class == HIB_NET_QUOTA || said.class == HIB_NET_BLOCKED;
    if (is_no)
        said.class = HIB_NET_OK;
    return said;
}

/* A token that was good when it was used and is not now was used by that call. */
static HibNetResult
find_reply(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    const HibDuration life = HIB_LINE_REPLY_LIFE_S * HIB_SECOND;
    HibInstant event_at;
    const char *token = hib_line_reply_token(net->arena, sending->post->reply_token, &event_at);
    if (!token || sending->sent_at >= event_at + life)
        return hib_net_say(HIB_NET_OK, "", ""); /* too late then: it was not even tried */
    if (hib_clock_now(net->clock) >= event_at + life)
        return hib_net_say(HIB_NET_RECONCILE, "ReplyUnsettled",
                           "the reply token is over; look in the chat whether the reply arrived");
    HibNetResult said = post_reply(net, grant, sending, token);
    if (g_str_equal(said.code, "InvalidReplyToken")) {
        publish_as(net, sending, "reply", sending->handle);
        said.class = HIB_NET_OK;
    }
    *ret_found = said.class == HIB_NET_OK;
    return not_there(said);
}

static HibNetResult
find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    HibNetStep next = next_step(sending);
    HibInstant now = hib_clock_now(net->clock);
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    *ret_found = false;
    if (next.kind == HIB_NET_STEP_PREPARE || !sending->sent_at)
        return said; /* nothing was sent */
    if (g_str_equal(next.name, "reply"))
        return find_reply(net, grant, sending, ret_found);
    if (next.kind == HIB_NET_STEP_EFFECT) {
        if (now >= sending->sent_at + (line_limits.handle_life_s - 300) * HIB_SECOND)
            return hib_net_say(HIB_NET_RECONCILE, "RetryKeyExpired",
                               "a day has passed; only LINE Official Account Manager can tell now");
        said = publish(net, grant, sending);
        if (said.class != HIB_NET_OK)
            return not_there(said);
    }
    if (!sending->is_done) {
        said = confirm(net, grant, sending);
        if (said.class == HIB_NET_FIX_CONTENT || said.class == HIB_NET_FATAL)
            return not_there(said); /* the confirming step says why it failed */
    }
    *ret_found = sending->is_done;
    return said;
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    (void)remote_id;
    return *handle
               ? hib_arena_printf(arena, "https://line.me/R/ti/p/%s", hib_url_escape(arena, handle))
               : "https://manager.line.biz/";
}

const HibNetwork hib_line = {
    .name = "line",
    .title = HIB_LINE_TITLE,
    .auth = HIB_NET_AUTH_CHANNEL,
    .needs_url = true,
    .can_message = true,
    .free_reply_s = HIB_LINE_REPLY_LIFE_S,
    .find_sends = true,
    .limits = limits,
    .connect = hib_line_connect,
    .refresh = hib_line_refresh,
    .new_handle = new_handle,
    .next_step = next_step,
    .run_step = run_step,
    .find = find,
    .check = hib_line_check,
    .max_read = 5,
    .read_posts = hib_line_read_posts,
    .read_account = hib_line_read_account,
    .read_quota = hib_line_read_quota,
    .estimate = hib_line_estimate,
    .read_options = hib_line_read_options,
    .read_content = hib_line_read_content,
    .read_author = hib_line_read_author,
    .set_hook = hib_line_set_hook,
    .hook = hib_line_hook,
    .profile_url = profile_url,
};
