/* What an answer of a Bluesky server means: one table, read from the top, first row that fits.
 *
 * Three questions decide: what was the call to do, did it leave this machine, and what did the server say. The HTTP status alone
 * never decides: a stale token is a 400 here, a spent refresh token is another 400, and a text too long a third. Measured on PDS
 * 0.4.217; the live test (tests/networks) holds the table against that server. */
#include "networks/bluesky_private.h"

#include <stdlib.h>
#include <string.h>

#define CALL(c) (1u << (c))
#define ANY_CALL (CALL(BLUESKY_CALL_N) - 1)
#define SIGNED_IN (ANY_CALL & ~(CALL(BLUESKY_SIGN_IN) | CALL(BLUESKY_REFRESH)))
#define WRITES (CALL(BLUESKY_UPLOAD) | CALL(BLUESKY_PUBLISH))
#define AUTH (CALL(BLUESKY_SIGN_IN) | CALL(BLUESKY_REFRESH))

static const struct {
    unsigned calls;
    int from, to;     /* HTTP status */
    const char *code; /* NULL: any */
    HibNetClass class;
} table[] = {
    {ANY_CALL, 200, 299, NULL, HIB_NET_OK},

    /* Slow down: always before the effect. */
    {ANY_CALL, 429, 429, NULL, HIB_NET_RETRY_AFTER},
    {ANY_CALL, 400, 499, "RateLimitExceeded", HIB_NET_RETRY_AFTER},

    /* The account itself. */
    {ANY_CALL, 400, 499, "AccountTakedown", HIB_NET_BLOCKED},
    {ANY_CALL, 400, 499, "AccountSuspended", HIB_NET_BLOCKED},
    {ANY_CALL, 400, 499, "RepoTakendown", HIB_NET_BLOCKED},
    {ANY_CALL, 400, 499, "RepoSuspended", HIB_NET_BLOCKED},
    {ANY_CALL, 400, 499, "AccountDeactivated", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 400, 499, "RepoDeactivated", HIB_NET_REAUTH_HUMAN},

    /* Tokens: 400 as well as 401. A person is asked only when the refresh token or the password is refused. */
    {AUTH, 400, 499, "ExpiredToken", HIB_NET_REAUTH_HUMAN},
    {AUTH, 400, 499, "InvalidToken", HIB_NET_REAUTH_HUMAN},
    {AUTH, 400, 499, "AuthFactorTokenRequired", HIB_NET_REAUTH_HUMAN},
    {AUTH, 400, 401, NULL, HIB_NET_REAUTH_HUMAN},
    {SIGNED_IN, 400, 499, "ExpiredToken", HIB_NET_REFRESH_AUTH},
    {SIGNED_IN, 400, 499, "InvalidToken", HIB_NET_REFRESH_AUTH},
    {SIGNED_IN, 401, 401, NULL, HIB_NET_REFRESH_AUTH},

    /* The content. */
    {WRITES, 413, 413, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 400, 499, "PayloadTooLarge", HIB_NET_FIX_CONTENT},
    {WRITES, 400, 499, "BlobTooLarge", HIB_NET_FIX_CONTENT},
    {WRITES, 400, 499, "InvalidMimeType", HIB_NET_FIX_CONTENT},
    {WRITES, 415, 415, NULL, HIB_NET_FIX_CONTENT},
    {CALL(BLUESKY_PUBLISH), 400, 499, "BlobNotFound",
     HIB_NET_NEW_HANDLE}, /* an uploaded picture has expired: upload again */
    {CALL(BLUESKY_PUBLISH), 400, 499, "InvalidSwap", HIB_NET_RECONCILE},
    {CALL(BLUESKY_PUBLISH), 400, 499, "RepoNotFound", HIB_NET_REAUTH_HUMAN},
    {WRITES, 400, 400, "InvalidRequest", HIB_NET_FIX_CONTENT},
    {WRITES, 403, 403, NULL, HIB_NET_BLOCKED},

    /* The server is not well. It may have acted before it said so. */
    {CALL(BLUESKY_PUBLISH), 408, 408, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 408, 408, NULL, HIB_NET_RETRY_SAME},
    {ANY_CALL, 501, 501, NULL, HIB_NET_FATAL},
    {CALL(BLUESKY_PUBLISH), 500, 599, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 500, 599, NULL, HIB_NET_RETRY_SAME},
};

HibNetClass
hib_bluesky_class(BlueskyCall call, BlueskyReach reach, int status, const char *code)
{
    if (reach == BLUESKY_NOT_SENT)
        return HIB_NET_RETRY_SAME;
    if (reach == BLUESKY_NO_ANSWER)
        return call == BLUESKY_PUBLISH ? HIB_NET_RECONCILE : HIB_NET_RETRY_SAME;
    if (reach == BLUESKY_REFUSED_HERE)
        return HIB_NET_FATAL;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (table[i].calls & CALL(call) && status >= table[i].from && status <= table[i].to &&
            (!table[i].code || !strcmp(table[i].code, code)))
            return table[i].class;
    return HIB_NET_FATAL;
}

/* The network's own words, safe to show and to log: at most 500 bytes, whole characters, no token. */
static const char *
clean(HibArena *arena, const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return "";
    size_t n = strlen(text);
    if (n > 500) {
        const char *end = g_utf8_find_prev_char(text, text + 501);
        n = end ? (size_t)(end - text) : 0;
    }
    char *out = hib_arena_strndup(arena, text, n);
    for (char *token = strstr(out, "eyJ"); token; token = strstr(token, "eyJ")) {
        size_t length =
            strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
        memset(token, '*', length);
    }
    return out;
}

static int64_t
header_int(const HibHttpReply *reply, const char *name, int64_t otherwise)
{
    const char *text = hib_http_header(reply, name);
    char *end = NULL;
    if (!text || !g_ascii_isdigit(*text))
        return otherwise;
    int64_t value = g_ascii_strtoll(text, &end, 10);
    return end == text || value < 0 ? otherwise : value;
}

/* Seconds of the window in "3000;w=300"; 0 when not said. */
static int64_t
window_s(const HibHttpReply *reply)
{
    const char *policy = hib_http_header(reply, "ratelimit-policy");
    const char *w = policy ? strstr(policy, "w=") : NULL;
    return w ? g_ascii_strtoll(w + 2, NULL, 10) : 0;
}

static void
read_rates(HibNetResult *out, const HibHttpReply *reply, HibInstant now)
{
    out->remaining = header_int(reply, "ratelimit-remaining", -1);
    int64_t reset_s = header_int(reply, "ratelimit-reset", 0);
    if (reset_s > 0 && reset_s < INT64_C(100000000000))
        out->reset_at = reset_s * HIB_SECOND;
    int64_t retry_s = header_int(reply, "retry-after", -1);
    if (out->class != HIB_NET_RETRY_AFTER)
        return;
    if (retry_s >= 0 && retry_s < INT64_C(31536000))
        out->retry_at = now + retry_s * HIB_SECOND;
    else if (out->reset_at > now)
        out->retry_at = out->reset_at;
    else
        out->retry_at = now + HIB_MINUTE; /* a 429 that names no time */
    if (window_s(reply) >= 86400)
        out->class = HIB_NET_QUOTA;
}

HibNetResult
hib_bluesky_result(HibArena *arena, BlueskyCall call, const HibHttpReply *reply, HibInstant now)
{
    HibNetResult out = {.http_status = reply->status, .code = "", .message = "", .remaining = -1};
    if (reply->status < 200 || reply->status > 299) {
        HibJson in = {0};
        const char *code = NULL;
        const char *message = NULL;
        if (hib_json_parse(arena, reply->body ? reply->body : "", reply->n_body, &in, NULL) &&
            cJSON_IsObject(in.value)) {
            (void)hib_json_opt_text(in, "error", &code, NULL);
            (void)hib_json_opt_text(in, "message", &message, NULL);
        }
        if (code)
            out.code = clean(arena, strlen(code) <= 100 ? code : "");
        if (message)
            out.message = clean(arena, message);
    }
    out.class = hib_bluesky_class(call, BLUESKY_ANSWERED, reply->status, out.code);
    read_rates(&out, reply, now);
    return out;
}

HibNetResult
hib_bluesky_no_answer(HibArena *arena, BlueskyCall call, const GError *error)
{
    BlueskyReach reach = BLUESKY_REFUSED_HERE;
    if (hib_error_is(error, HIB_ERROR_UNCERTAIN))
        reach = BLUESKY_NO_ANSWER;
    else if (hib_error_is(error, HIB_ERROR_UPSTREAM))
        reach = BLUESKY_NOT_SENT;
    return (HibNetResult){
        .class = hib_bluesky_class(call, reach, 0, ""),
        .code = hib_error_reason(error),
        .message = clean(arena, error->message),
        .remaining = -1,
    };
}

HibNetResult
hib_bluesky_nonsense(HibNetResult said, BlueskyCall call, const char *what)
{
    /* The server took a post and answered with something else than its place: look before repeating. */
    said.class = call == BLUESKY_PUBLISH ? HIB_NET_RECONCILE : HIB_NET_FATAL;
    said.code = "Unreadable";
    said.message = what;
    return said;
}
