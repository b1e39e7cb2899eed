/* What an answer of YouTube means: one table for the API, one for upload sessions, each read from the top, first row that fits.
 *
 * The reason decides, not the status: 403 is a used-up quota, a call too fast, a closed channel and comments that are switched off. YouTube gives no
 * headers about what is left; the day's quotas begin anew at midnight on the Pacific coast. */
#include "networks/youtube_private.h"

#include <string.h>

#define CALL(c) (1u << (c))
#define ANY_CALL (CALL(HIB_CALL_N) - 1)
#define AUTH (CALL(HIB_CALL_SIGN_IN) | CALL(HIB_CALL_REFRESH))
#define EFFECT CALL(HIB_CALL_EFFECT)
#define WRITES (EFFECT | CALL(HIB_CALL_PREPARE))
#define REMOVE CALL(HIB_CALL_REMOVE)

typedef struct {
    unsigned calls;
    int from, to;       /* HTTP status */
    const char *reason; /* NULL: any */
    HibNetClass class;
} Row;

static const Row table[] = {
    {ANY_CALL, 200, 299, NULL, HIB_NET_OK},

    /* Quotas and pace. */
    {ANY_CALL, 400, 499, "quotaExceeded", HIB_NET_QUOTA},
    {ANY_CALL, 400, 499, "dailyLimitExceeded", HIB_NET_QUOTA},
    {ANY_CALL, 400, 499, "uploadLimitExceeded", HIB_NET_QUOTA}, /* the channel's own limit */
    {ANY_CALL, 400, 499, "rateLimitExceeded", HIB_NET_RETRY_AFTER},
    {ANY_CALL, 400, 499, "userRateLimitExceeded", HIB_NET_RETRY_AFTER},
    {ANY_CALL, 429, 429, NULL, HIB_NET_RETRY_AFTER},

    /* Tokens and the person's consent. */
    {AUTH, 400, 401, NULL, HIB_NET_REAUTH_HUMAN},
    {AUTH, 403, 403, NULL, HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 401, 401, "youtubeSignupRequired", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 401, 401, NULL, HIB_NET_REFRESH_AUTH},
    {ANY_CALL, 403, 403, "insufficientPermissions", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, "accountDelegationForbidden", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, "authenticatedUserNotChannel", HIB_NET_REAUTH_HUMAN},
    {ANY_CALL, 403, 403, "ineligibleAccount", HIB_NET_REAUTH_HUMAN},

    /* The channel or the project. */
    {ANY_CALL, 403, 403, "authenticatedUserAccountSuspended", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, "authenticatedUserAccountClosed", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, "channelSuspended", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, "channelClosed", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, "accessNotConfigured", HIB_NET_BLOCKED},
    {ANY_CALL, 403, 403, "SERVICE_DISABLED", HIB_NET_BLOCKED},

    /* The content. */
    {EFFECT, 400, 400, "processingFailure", HIB_NET_RECONCILE},
    {EFFECT, 409, 409, NULL, HIB_NET_RECONCILE},
    {WRITES, 400, 400, NULL, HIB_NET_FIX_CONTENT},
    {WRITES, 403, 404, "commentsDisabled", HIB_NET_FIX_CONTENT},
    {WRITES, 403, 403, NULL, HIB_NET_FATAL},
    {WRITES, 404, 404, NULL,
     HIB_NET_FIX_CONTENT}, /* the video or comment that is answered is gone */
    {WRITES, 413, 415, NULL, HIB_NET_FIX_CONTENT},
    {REMOVE, 404, 404, NULL, HIB_NET_OK},

    /* YouTube is not well. It may have acted before it said so. */
    {EFFECT, 408, 408, NULL, HIB_NET_RECONCILE},
    {EFFECT, 500, 599, NULL, HIB_NET_RECONCILE},
    {ANY_CALL, 408, 408, NULL, HIB_NET_RETRY_SAME},
    {ANY_CALL, 500, 599, NULL, HIB_NET_RETRY_SAME},
};

/* 308 is "go on"; 404 and 410 say that the session is over. */
static const Row session_table[] = {
    {ANY_CALL, 308, 308, NULL, HIB_NET_OK},
    {ANY_CALL, 404, 404, NULL, HIB_NET_NEW_HANDLE},
    {ANY_CALL, 410, 410, NULL, HIB_NET_NEW_HANDLE},
};

static bool
look_up(const Row *rows, size_t n, HibNetCallKind kind, int status, const char *reason,
        HibNetClass *ret)
{
    for (size_t i = 0; i < n; i++)
        if ((rows[i].calls & CALL(kind)) && status >= rows[i].from && status <= rows[i].to &&
            (!rows[i].reason || !strcmp(rows[i].reason, reason))) {
            *ret = rows[i].class;
            return true;
        }
    return false;
}

HibNetClass
hib_youtube_class(HibNetCallKind kind, int status, const char *reason)
{
    HibNetClass class;
    return look_up(table, G_N_ELEMENTS(table), kind, status, reason, &class) ? class
                                                                             : HIB_NET_FATAL;
}

HibNetClass
hib_youtube_session_class(HibNetCallKind kind, int status, const char *reason)
{
    HibNetClass class;
    return look_up(session_table, G_N_ELEMENTS(session_table), kind, status, reason, &class)
               ? class
               : hib_youtube_class(kind, status, reason);
}

HibInstant
hib_youtube_quota_reset(HibInstant now)
{
    g_autoptr(HibZone) pacific = hib_zone_open("America/Los_Angeles");
    return pacific ? hib_day_start(pacific, now, 1) : now + HIB_DAY;
}

/* {error: {message, errors: [{reason}], details: [{reason}]}}, or OAuth's {error, error_description}. */
static void
read_words(HibJson json, HibNetResult *out)
{
    const char *reason = NULL;
    const char *message = NULL;
    HibJson error = {0};
    if (!json.value || !cJSON_IsObject(json.value))
        return;
    const cJSON *plain = cJSON_GetObjectItemCaseSensitive(json.value, "error");
    if (cJSON_IsString(plain)) {
        reason = plain->valuestring;
        (void)hib_json_opt_text(json, "error_description", &message, NULL);
    } else if (hib_json_opt_object(json, "error", &error, NULL) && error.value) {
        static const char *const lists[] = {"details", "errors"};
        (void)hib_json_opt_text(error, "message", &message, NULL);
        (void)hib_json_opt_text(error, "status", &reason, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
            HibJson list = {0};
            if (!hib_json_opt_array(error, lists[i], &list, NULL) || !list.value)
                continue;
            HibJson first = hib_json_first(list);
            if (first.value && cJSON_IsObject(first.value))
                (void)hib_json_opt_text(first, "reason", &reason, NULL);
        }
    }
    out->code = reason && strlen(reason) <= 100 ? reason : "";
    out->message = message ? message : "";
}

static void
read_answer(const HibHttpReply *reply, HibInstant now, HibNetResult *out)
{
    HibInstant after = hib_net_retry_after(reply, now);
    if (out->class == HIB_NET_RETRY_AFTER)
        out->retry_at = after ? after : now + HIB_MINUTE;
    if (out->class == HIB_NET_QUOTA)
        out->retry_at = !strcmp(out->code, "uploadLimitExceeded") ? now + HIB_DAY
                                                                  : hib_youtube_quota_reset(now);
}

void
hib_youtube_read(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                 HibInstant now, HibNetResult *out)
{
    if (reply->status < 200 || reply->status > 299)
        read_words(json, out);
    out->class = hib_youtube_class(kind, reply->status, out->code);
    read_answer(reply, now, out);
}

void
hib_youtube_read_session(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                         HibJson json, HibInstant now, HibNetResult *out)
{
    if (reply->status < 200 || reply->status > 299)
        read_words(json, out);
    out->class = hib_youtube_session_class(kind, reply->status, out->code);
    read_answer(reply, now, out);
}
