/* What an answer of a Bluesky server means: one table, read from the top, first row that fits.
 *
 * Three questions decide: what was the call to do, did it leave this machine, and what did the server say. The HTTP status alone
 * never decides: a stale token is a 400 here, a spent refresh token is another 400, and a text too long a third. Measured on PDS
 * 0.4.217; the live test (tests/networks) holds the table against that server. */
#include "networks/bluesky_private.h"

#include <string.h>

#define CALL(c) (1u << (c))
#define ANY_CALL (CALL(HIB_CALL_N) - 1)
#define SIGNED_IN (ANY_CALL & ~(CALL(HIB_CALL_SIGN_IN) | CALL(HIB_CALL_REFRESH)))
#define WRITES (CALL(HIB_CALL_PREPARE) | CALL(HIB_CALL_EFFECT))
#define AUTH (CALL(HIB_CALL_SIGN_IN) | CALL(HIB_CALL_REFRESH))

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
    {CALL(HIB_CALL_PREPARE), 400, 499, "UnsupportedContentType", HIB_NET_FIX_CONTENT},
    {CALL(HIB_CALL_PREPARE), 400, 499, "VideoTooLarge", HIB_NET_FIX_CONTENT},
    {CALL(HIB_CALL_PREPARE), 400, 499, "VideoTooLong", HIB_NET_FIX_CONTENT},
    {CALL(HIB_CALL_PREPARE), 400, 499, "BadAspectRatio", HIB_NET_FIX_CONTENT},
    {CALL(HIB_CALL_PREPARE), 400, 499, "DailyLimitExceeded", HIB_NET_QUOTA},
    {CALL(HIB_CALL_PREPARE), 400, 499, "UploadForbidden", HIB_NET_BLOCKED},
    {CALL(HIB_CALL_PREPARE), 400, 499, "ServiceOverloaded", HIB_NET_RETRY_SAME},
    {CALL(HIB_CALL_EFFECT), 400, 499, "BlobNotFound",
     HIB_NET_NEW_HANDLE}, /* an uploaded picture has expired: upload again */
    {CALL(HIB_CALL_EFFECT), 400, 499, "InvalidSwap", HIB_NET_RECONCILE},
    {CALL(HIB_CALL_EFFECT), 400, 499, "RepoNotFound", HIB_NET_REAUTH_HUMAN},
    {WRITES, 400, 400, "InvalidRequest", HIB_NET_FIX_CONTENT},
    {WRITES, 403, 403, NULL, HIB_NET_BLOCKED},

    /* The server is not well. It may have acted before it said so. */
    {CALL(HIB_CALL_EFFECT), 408, 408, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 408, 408, NULL, HIB_NET_RETRY_SAME},
    {ANY_CALL, 501, 501, NULL, HIB_NET_FATAL},
    {CALL(HIB_CALL_EFFECT), 500, 599, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 500, 599, NULL, HIB_NET_RETRY_SAME},
};

HibNetClass
hib_bluesky_class(HibNetCallKind call, int status, const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (table[i].calls & CALL(call) && status >= table[i].from && status <= table[i].to &&
            (!table[i].code || !strcmp(table[i].code, code)))
            return table[i].class;
    return HIB_NET_FATAL;
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
    out->remaining = hib_net_header_int(reply, "ratelimit-remaining", -1);
    int64_t reset_s = hib_net_header_int(reply, "ratelimit-reset", 0);
    if (reset_s > 0 && reset_s < INT64_C(100000000000))
        out->reset_at = reset_s * HIB_SECOND;
    if (out->class == HIB_NET_QUOTA)
        out->retry_at = now + HIB_HOUR; /* a day's videos are used up; it does not say when */
    if (out->class != HIB_NET_RETRY_AFTER)
        return;
    out->retry_at = hib_net_retry_after(reply, now);
    if (!out->retry_at)
        out->retry_at =
            out->reset_at > now ? out->reset_at : now + HIB_MINUTE; /* a 429 that names no time */
    if (window_s(reply) >= 86400)
        out->class = HIB_NET_QUOTA;
}

void
hib_bluesky_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                 HibInstant now, HibNetResult *out)
{
    const char *code = NULL;
    if ((reply->status < 200 || reply->status > 299) && cJSON_IsObject(json.value)) {
        (void)hib_json_opt_text(json, "error", &code, NULL);
        (void)hib_json_opt_text(json, "message", &out->message, NULL);
    }
    if (code && strlen(code) <= 100)
        out->code = code;
    out->class = hib_bluesky_class(kind, reply->status, out->code);
    read_rates(out, reply, now);
}
