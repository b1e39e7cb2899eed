/* What an answer of TikTok means: one table, read from the top, first row that fits.
 *
 * Every answer of the API carries error{code, message}; "ok" is a success whatever else stands there, anything else is none, also with
 * status 200. The token endpoint says {error, error_description} instead. */
#include "networks/tiktok_private.h"

#include <string.h>

#define KIND(k) (1u << (k))
#define AUTH (KIND(HIB_CALL_SIGN_IN) | KIND(HIB_CALL_REFRESH))
#define PREPARE KIND(HIB_CALL_PREPARE)
#define EFFECT KIND(HIB_CALL_EFFECT)
#define WRITES (PREPARE | EFFECT)
#define ANY 0xffu

static const struct {
    unsigned kinds;
    int from, to;     /* HTTP status */
    const char *code; /* NULL: any */
    HibNetClass class;
} table[] = {
    {ANY, 200, 299, "ok", HIB_NET_OK},
    {ANY, 200, 299, "", HIB_NET_OK},

    {ANY, 200, 499, "rate_limit_exceeded", HIB_NET_RETRY_AFTER},
    {ANY, 429, 429, NULL, HIB_NET_RETRY_AFTER},

    /* How much the account, or the app, may post in a day. */
    {ANY, 200, 499, "spam_risk_too_many_posts", HIB_NET_QUOTA},
    {ANY, 200, 499, "spam_risk_too_many_pending_share", HIB_NET_QUOTA},
    {ANY, 200, 499, "reached_active_user_cap", HIB_NET_QUOTA},

    {ANY, 200, 499, "spam_risk_user_banned_from_posting", HIB_NET_BLOCKED},
    {ANY, 200, 499, "spam_risk_text", HIB_NET_FIX_CONTENT},

    /* Tokens and permissions. */
    {AUTH, 200, 499, NULL, HIB_NET_REAUTH_HUMAN},
    {ANY, 200, 499, "access_token_invalid", HIB_NET_REFRESH_AUTH},
    {ANY, 200, 499, "access_token_expired", HIB_NET_REFRESH_AUTH},
    {ANY, 200, 499, "scope_not_authorized", HIB_NET_REAUTH_HUMAN},
    {ANY, 200, 499, "scope_permission_missed", HIB_NET_REAUTH_HUMAN},
    {ANY, 401, 401, NULL, HIB_NET_REFRESH_AUTH},

    /* What a person has to choose otherwise. */
    {WRITES, 200, 499, "privacy_level_option_mismatch", HIB_NET_FIX_CONTENT},
    {WRITES, 200, 499, "unaudited_client_can_only_post_to_private_accounts", HIB_NET_FIX_CONTENT},
    {WRITES, 200, 499, "invalid_param", HIB_NET_FIX_CONTENT},
    {WRITES, 200, 499, "invalid_params", HIB_NET_FIX_CONTENT},
    {WRITES, 200, 499, "invalid_file_upload", HIB_NET_FIX_CONTENT},
    {WRITES, 200, 499, "file_format_check_failed", HIB_NET_FIX_CONTENT},
    {WRITES, 200, 499, "duration_check_failed", HIB_NET_FIX_CONTENT},

    /* TikTok is not well. It may have acted before it said so. */
    {EFFECT, 408, 408, NULL, HIB_NET_RECONCILE},
    {ANY, 408, 408, NULL, HIB_NET_RETRY_SAME},
    {EFFECT, 200, 599, "internal_error", HIB_NET_RECONCILE},
    {ANY, 200, 599, "internal_error", HIB_NET_RETRY_SAME},
    {EFFECT, 500, 599, NULL, HIB_NET_RECONCILE},
    {ANY, 500, 599, NULL, HIB_NET_RETRY_SAME},
};

/* Pieces: 206 and 201 are the good ones. Before the last piece a dead address means a new one; of the last piece only the publish id
 * can tell, because an address also dies when all is there. */
static const struct {
    unsigned kinds;
    int from, to;
    HibNetClass class;
} upload_table[] = {
    {ANY, 200, 299, HIB_NET_OK},
    {ANY, 429, 429, HIB_NET_RETRY_AFTER},
    {EFFECT, 400, 599, HIB_NET_RECONCILE},
    {PREPARE, 401, 401, HIB_NET_NEW_HANDLE},
    {PREPARE, 403, 404, HIB_NET_NEW_HANDLE},
    {PREPARE, 410, 410, HIB_NET_NEW_HANDLE},
    {PREPARE, 416, 416, HIB_NET_NEW_HANDLE},
    {PREPARE, 408, 408, HIB_NET_RETRY_SAME},
    {PREPARE, 500, 599, HIB_NET_RETRY_SAME},
};

static void
read_words(HibJson json, HibNetResult *out)
{
    HibJson error = {0};
    if (!cJSON_IsObject(json.value))
        return;
    if (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(json.value, "error"))) {
        (void)hib_json_opt_text(json, "error", &out->code, NULL);
        (void)hib_json_opt_text(json, "error_description", &out->message, NULL);
    } else if (hib_json_opt_object(json, "error", &error, NULL) && error.value) {
        (void)hib_json_opt_text(error, "code", &out->code, NULL);
        (void)hib_json_opt_text(error, "message", &out->message, NULL);
    }
}

static void
set_times(const HibHttpReply *reply, HibInstant now, HibNetResult *out)
{
    if (out->class == HIB_NET_RETRY_AFTER) {
        out->retry_at = hib_net_retry_after(reply, now);
        if (!out->retry_at)
            out->retry_at = now + HIB_MINUTE; /* its windows are a minute and slide */
    } else if (out->class == HIB_NET_QUOTA) {
        out->retry_at =
            now + HIB_HOUR; /* the last 24 hours count; it does not say when room comes */
    }
}

void
hib_tiktok_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
                  HibInstant now, HibNetResult *out)
{
    read_words(json, out);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (table[i].kinds & KIND(kind) && reply->status >= table[i].from &&
            reply->status <= table[i].to &&
            (!table[i].code || g_str_equal(table[i].code, out->code))) {
            out->class = table[i].class;
            break;
        }
    if (out->class == HIB_NET_OK)
        out->code = "";
    set_times(reply, now, out);
}

void
hib_tiktok_upload_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply,
                         HibJson json, HibInstant now, HibNetResult *out)
{
    if (reply->status >= 300)
        read_words(json, out);
    for (size_t i = 0; i < G_N_ELEMENTS(upload_table); i++)
        if (upload_table[i].kinds & KIND(kind) && reply->status >= upload_table[i].from &&
            reply->status <= upload_table[i].to) {
            out->class = upload_table[i].class;
            break;
        }
    set_times(reply, now, out);
}

HibNetClass
hib_tiktok_fail_class(const char *reason)
{
    static const struct {
        const char *reason;
        HibNetClass class;
    } reasons[] = {
        {"file_format_check_failed", HIB_NET_FIX_CONTENT},
        {"duration_check_failed", HIB_NET_FIX_CONTENT},
        {"frame_rate_check_failed", HIB_NET_FIX_CONTENT},
        {"picture_size_check_failed", HIB_NET_FIX_CONTENT},
        {"spam_risk_text", HIB_NET_FIX_CONTENT},
        {"spam_risk_user_banned_from_posting", HIB_NET_BLOCKED},
        {"internal", HIB_NET_NEW_HANDLE},
        {"video_pull_failed", HIB_NET_NEW_HANDLE},
        {"photo_pull_failed", HIB_NET_NEW_HANDLE},
        /* spam_risk, spam_risk_too_many_posts, auth_removed, publish_cancelled: final, and the reason says it */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
        if (g_str_equal(reasons[i].reason, reason))
            return reasons[i].class;
    return HIB_NET_FATAL;
}

const char *
hib_tiktok_id(HibArena *arena, const char *body, const char *key)
{
    g_autofree char *quoted = g_strdup_printf("\"%s\"", key);
    const char *at = body ? strstr(body, quoted) : NULL;
    if (!at)
        return NULL;
    at += strlen(quoted);
    at += strspn(at, " \t\r\n");
    if (*at++ != ':')
        return NULL;
    at += strspn(at, " \t\r\n[\"");
    size_t n = strspn(at, "0123456789");
    return n >= 1 && n <= 20 ? hib_arena_strndup(arena, at, n) : NULL;
}
