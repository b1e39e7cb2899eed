/* Accounts: the rules that need neither store nor network.
 *
 * The one idea: a failed refresh had no effect on the call it was for, so its class is translated into one that is
 * safe for that call (never "unknown outcome"). */
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "base/json.h"
#include <string.h>

#define AHEAD_OF_ACCESS (10 * HIB_MINUTE)
#define AHEAD_OF_REFRESH (7 * HIB_DAY)

HibInstant
hib_account_refresh_due(HibInstant granted_at, HibInstant access_expires_at,
                        HibInstant refresh_expires_at)
{
    HibInstant due = HIB_NEVER;
    HibDuration life = access_expires_at - granted_at;
    if (access_expires_at > 0 && granted_at > 0 && life > HIB_DAY)
        due = granted_at + life / 2;
    else if (access_expires_at > 0)
        due = access_expires_at - CLAMP(life / 3, 0, AHEAD_OF_ACCESS);
    if (refresh_expires_at > 0)
        due = MIN(due, refresh_expires_at - AHEAD_OF_REFRESH);
    return due;
}

HibInstant
hib_account_acts_at(HibNetAuth auth, const HibGrant *grant)
{
    if (auth == HIB_NET_AUTH_CHANNEL) /* the channel's secret gives new tokens for good */
        return 0;
    if (grant->refresh && *grant->refresh)
        return grant->refresh_expires_at;
    return grant->access_expires_at; /* renewed only while it lives (Meta), or not at all */
}

const char *
hib_account_hook_secret(HibArena *arena, const HibGrant *grant, const char *typed)
{
    HibJson in = {0};
    const char *named = NULL;
    const char *extra = grant->extra ? grant->extra : "";
    if (hib_json_parse(arena, extra, strlen(extra), &in, NULL) && cJSON_IsObject(in.value))
        (void)hib_json_opt_text(in, "hook_secret", &named, NULL);
    const char *secret = named ? named : typed;
    return secret && *secret ? secret : NULL;
}

HibInstant
hib_account_warn_at(HibInstant granted_at, HibInstant acts_at)
{
    return acts_at - CLAMP((acts_at - granted_at) / 4, 0, HIB_EXPIRY_AHEAD);
}

HibAccountExpiry
hib_account_expiry(HibAccountState state, HibInstant granted_at, HibInstant acts_at, HibInstant now)
{
    if (state == HIB_ACCOUNT_NEEDS_RECONNECT || (acts_at > 0 && acts_at <= now))
        return HIB_EXPIRY_NOW;
    return acts_at > 0 && hib_account_warn_at(granted_at, acts_at) <= now ? HIB_EXPIRY_SOON
                                                                          : HIB_EXPIRY_OK;
}

HibNetClass
hib_account_refresh_class(HibNetClass class)
{
    switch (class) {
    case HIB_NET_OK:
    case HIB_NET_RETRY_AFTER:
    case HIB_NET_QUOTA:
    case HIB_NET_BLOCKED:
    case HIB_NET_REAUTH_HUMAN:
        return class;
    case HIB_NET_REFRESH_AUTH: /* the refresh token itself has ended */
        return HIB_NET_REAUTH_HUMAN;
    case HIB_NET_RETRY_SAME:
    case HIB_NET_RECONCILE: /* the old grant is kept; networks accept it a while longer, or say so next time */
    case HIB_NET_WAIT_ASYNC:
    case HIB_NET_NEW_HANDLE:
    case HIB_NET_FIX_CONTENT:
    case HIB_NET_FATAL:
        break;
    }
    return HIB_NET_RETRY_SAME;
}

void
hib_account_set_refused(const HibNetResult *said, GError **error)
{
    bool is_answer = said->http_status >= 400 && said->http_status < 500;
    switch (said->class) {
    case HIB_NET_RETRY_AFTER:
    case HIB_NET_QUOTA:
        hib_error_set(error, HIB_ERROR_TOO_MANY, "network.rate_limited", "rate limited (%d %s)",
                      said->http_status, said->code);
        if (error && said->retry_at > 0)
            hib_error_set_retry_at(*error, said->retry_at);
        return;
    case HIB_NET_FATAL:
    case HIB_NET_FIX_CONTENT:
        if (!is_answer || said->http_status == 404)
            break;
        G_GNUC_FALLTHROUGH;
    case HIB_NET_REAUTH_HUMAN:
    case HIB_NET_REFRESH_AUTH:
    case HIB_NET_BLOCKED:
        hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.refused", "/password",
                         "the network refused (%d %s)", said->http_status, said->code);
        if (error)
            hib_error_set_detail(*error, "message", *said->message ? said->message : said->code);
        return;
    default:
        break;
    }
    hib_error_set(error, HIB_ERROR_UPSTREAM, "accounts.unreachable", "no usable answer (%s, %d %s)",
                  hib_net_class_name(said->class), said->http_status, said->code);
}

const char *
hib_account_tidy_handle(HibArena *arena, const char *handle)
{
    char *copy = g_strstrip(hib_arena_strdup(arena, handle));
    if (g_str_has_prefix(copy, "@"))
        return copy + strlen("@");
    if (g_str_has_prefix(copy, "＠"))
        return copy + strlen("＠");
    return copy;
}

const char *
hib_account_tidy_service(HibArena *arena, const char *service)
{
    char *copy = g_strstrip(hib_arena_strdup(arena, service));
    size_t n = strlen(copy);
    while (n > 0 && copy[n - 1] == '/')
        copy[--n] = '\0';
    const char *scheme = strstr(copy, "://");
    size_t n_host = scheme ? (size_t)(scheme - copy) + 3 : 0;
    n_host += strcspn(copy + n_host, "/");
    for (size_t i = 0; i < n_host; i++)
        copy[i] = g_ascii_tolower(copy[i]);
    return scheme || !*copy ? copy : hib_arena_printf(arena, "https://%s", copy);
}

bool
hib_account_service_ok(const char *service, bool may_be_private)
{
    if (g_ascii_strncasecmp(service, "https://", 8) == 0)
        return service[8] != '\0';
    return may_be_private && g_ascii_strncasecmp(service, "http://", 7) == 0 && service[7] != '\0';
}

bool
hib_account_same_service(const char *configured, const char *used)
{
    size_t n = configured ? strlen(configured) : 0;
    while (n > 0 && configured[n - 1] == '/')
        n--;
    return n > 0 && strlen(used) == n && g_ascii_strncasecmp(configured, used, n) == 0;
}

static const char *
filled(const char *fresh, const char *old)
{
    if (fresh && *fresh)
        return fresh;
    return old ? old : "";
}

bool
hib_account_merge_grant(const HibGrant *old, HibGrant *fresh)
{
    if (!fresh->access || !*fresh->access)
        return false;
    if (fresh->remote_id && *fresh->remote_id && old->remote_id && *old->remote_id &&
        !g_str_equal(fresh->remote_id, old->remote_id))
        return false;
    if (!fresh->refresh || !*fresh->refresh)
        fresh->refresh_expires_at = old->refresh_expires_at;
    fresh->refresh = filled(fresh->refresh, old->refresh);
    fresh->service = filled(fresh->service, old->service);
    fresh->remote_id = filled(fresh->remote_id, old->remote_id);
    fresh->handle = filled(fresh->handle, old->handle);
    fresh->handle +=
        *fresh->handle == '@' && fresh->handle[1]; /* the sign is the page's to write */
    fresh->display_name = filled(fresh->display_name, old->display_name);
    fresh->avatar_url = filled(fresh->avatar_url, old->avatar_url);
    fresh->extra = filled(fresh->extra, old->extra);
    return true;
}
