/* Being connected to a LINE channel: its id and secret become a token of 15 minutes, and again when that is over; a long-lived
 * token copied from the console is taken as well. The channel secret is kept, because webhooks are signed with it. */
#include "networks/line_limits.h"
#include "networks/line_private.h"

#include <string.h>

HibNetResult
hib_line_call(const HibNetContext *net, const HibGrant *grant, const LineCall *call,
              HibHttpReply *ret_reply, HibJson *ret_json)
{
    const char *headers[2] = {NULL};
    if (call->retry_key)
        headers[0] = hib_arena_printf(net->arena, "X-Line-Retry-Key: %s", call->retry_key);
    const HibNetRequest request = {
        .kind = call->kind,
        .method = !call->body    ? "GET"
                  : call->method ? call->method
                                 : "POST",
        .url = hib_arena_printf(net->arena, "%s%s",
                                hib_net_host(net->arena, &line_limits, grant->service, LINE_HOST),
                                call->path),
        .bearer = grant->access,
        .headers = headers,
        .content_type = call->body ? "application/json" : NULL,
        .body = call->body,
        .n_body = call->body ? strlen(call->body) : 0,
    };
    return hib_net_call(net, &request, hib_line_answer, ret_reply, ret_json);
}

/* A header must hold it. */
static bool
is_token(const char *text)
{
    if (!text || !*text || strlen(text) > 4000)
        return false;
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c >= 127)
            return false;
    return true;
}

static bool
is_secret(const char *text)
{
    size_t n = 0;
    for (; g_ascii_isxdigit(text[n]); n++)
        continue;
    return n == 32 && !text[n];
}

/* POST /oauth2/v3/token. `grant` has service and refresh (the secret); its access and end are set. */
static HibNetResult
ask_token(const HibNetContext *net, HibNetCallKind kind, const char *channel_id, HibGrant *grant)
{
    const char *form = hib_net_form(net->arena, "grant_type", "client_credentials", "client_id",
                                    channel_id, "client_secret", grant->refresh, NULL);
    const HibNetRequest request = {
        .kind = kind,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s/oauth2/v3/token",
                                hib_net_host(net->arena, &line_limits, grant->service, LINE_HOST)),
        .content_type = "application/x-www-form-urlencoded",
        .body = form,
        .n_body = strlen(form)};
    HibJson in;
    const char *access = NULL;
    int64_t life_s = HIB_LINE_TOKEN_LIFE_S;
    HibNetResult said = hib_net_call(net, &request, hib_line_answer, NULL, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "access_token", &access, NULL) ||
        !is_token(access))
        return hib_net_nonsense(said, kind, "the answer holds no channel access token");
    (void)hib_json_opt_int(in, "expires_in", &life_s, NULL);
    grant->access = access;
    grant->access_expires_at =
        hib_clock_now(net->clock) + CLAMP(life_s, 1, 366 * 86400) * HIB_SECOND;
    return said;
}

/* Who the channel is: the bot's own profile. */
static HibNetResult
read_bot(const HibNetContext *net, HibNetCallKind kind, HibGrant *grant)
{
    HibJson in;
    HibNetResult said =
        hib_line_call(net, grant, &(LineCall){.kind = kind, .path = "/v2/bot/info"}, NULL, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "userId", &grant->remote_id, NULL) ||
        !hib_json_text(in, "basicId", &grant->handle, NULL) || !*grant->remote_id)
        return hib_net_nonsense(said, kind, "the answer does not say which account it is");
    (void)hib_json_opt_text(in, "displayName", &grant->display_name, NULL);
    (void)hib_json_opt_text(in, "pictureUrl", &grant->avatar_url, NULL);
    return said;
}

static const char *
extra_text(HibArena *arena, const char *channel_id, const char *secret)
{
    cJSON *extra = cJSON_CreateObject();
    cJSON_AddStringToObject(extra, "channel_id", channel_id);
    cJSON_AddStringToObject(extra, "hook_secret", secret);
    return hib_json_print(arena, extra);
}

/* `password` is the channel secret, or a long-lived token, or both with a space between. */
HibNetResult
hib_line_connect(const HibNetContext *net, const char *service, const char *handle,
                 const char *password, HibGrant *ret)
{
    g_autofree char *id = g_strstrip(g_strdup(handle ? handle : ""));
    g_auto(GStrv) words = g_strsplit_set(password ? password : "", " \t\r\n", -1);
    const char *secret = "";
    const char *token = NULL;
    for (size_t i = 0; words[i]; i++) {
        if (is_secret(words[i]))
            secret = hib_arena_strdup(net->arena, words[i]);
        else if (is_token(words[i]))
            token = hib_arena_strdup(net->arena, words[i]);
    }
    if (!*secret && !token)
        return hib_net_say(HIB_NET_REAUTH_HUMAN, "NoSecret",
                           "a channel secret has 32 characters from 0-9 and a-f");
    HibGrant grant = {.service = service && *service ? service : line_limits.default_service,
                      .display_name = "",
                      .avatar_url = "",
                      .access = token,
                      .refresh = token ? "" : secret,
                      .extra = extra_text(net->arena, id, secret)};
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    if (!token)
        said = ask_token(net, HIB_CALL_SIGN_IN, id, &grant);
    if (said.class == HIB_NET_OK)
        said = read_bot(net, HIB_CALL_SIGN_IN, &grant);
    if (said.class == HIB_NET_OK)
        *ret = grant;
    return said;
}

HibNetResult
hib_line_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    g_autoptr(cJSON) extra = hib_net_progress(grant->extra);
    const char *id = hib_net_progress_get(net->arena, extra, "channel_id");
    HibGrant fresh = *grant;
    if (!id || !grant->refresh || !*grant->refresh)
        return hib_net_say(
            HIB_NET_REAUTH_HUMAN, "LongLivedToken",
            "the long-lived token was taken back; there is no secret to ask a new one with");
    HibNetResult said = ask_token(net, HIB_CALL_REFRESH, id, &fresh);
    if (said.class == HIB_NET_OK)
        *ret = fresh;
    return said;
}

/* --- where webhooks go ------------------------------------------------------------------------------------------------ */
#define ENDPOINT "/v2/bot/channel/webhook/endpoint"
#define ENDPOINT_TRY "/v2/bot/channel/webhook/test"

/* An address of this instance from an earlier connection: only its key, behind the last /, differs. */
static bool
is_former(const char *there, const char *url)
{
    const char *key = strrchr(url, '/');
    return key && strncmp(there, url, (size_t)(key - url) + 1) == 0;
}

/* Another tool may be listening there already: it is left alone. *ret_is_ours: nothing is to be set. */
static HibNetResult
look_at_endpoint(const HibNetContext *net, const HibGrant *grant, const char *url,
                 bool *ret_is_ours, bool *ret_is_active)
{
    HibJson in = {0};
    const char *there = "";
    HibNetResult said =
        hib_line_call(net, grant, &(LineCall){.kind = HIB_CALL_READ, .path = ENDPOINT}, NULL, &in);
    *ret_is_ours = *ret_is_active = false;
    if (said.http_status == 404) /* none was set yet */
        return hib_net_say(HIB_NET_OK, "", "");
    if (said.class != HIB_NET_OK || !cJSON_IsObject(in.value))
        return said;
    (void)hib_json_opt_text(in, "endpoint", &there, NULL);
    (void)hib_json_opt_bool(in, "active", ret_is_active, NULL);
    *ret_is_ours = g_strcmp0(there, url) == 0;
    if (!*ret_is_ours && there && *there && *ret_is_active && !is_former(there, url))
        return hib_net_say(HIB_NET_FIX_CONTENT, "WebhookElsewhere",
                           hib_arena_printf(net->arena, "the channel's webhook goes to %s", there));
    return said;
}

/* LINE calls the address with an empty list of events, and says what came of it. */
static HibNetResult
try_endpoint(const HibNetContext *net, const HibGrant *grant)
{
    HibJson in = {0};
    bool is_good = false;
    const char *reason = "", *detail = "";
    HibNetResult said = hib_line_call(
        net, grant, &(LineCall){.kind = HIB_CALL_READ, .path = ENDPOINT_TRY, .body = "{}"}, NULL,
        &in);
    if (said.class != HIB_NET_OK || !cJSON_IsObject(in.value))
        return said;
    (void)hib_json_opt_bool(in, "success", &is_good, NULL);
    (void)hib_json_opt_text(in, "reason", &reason, NULL);
    (void)hib_json_opt_text(in, "detail", &detail, NULL);
    return is_good ? said
                   : hib_net_say(HIB_NET_FIX_CONTENT, "WebhookUnreached",
                                 hib_arena_printf(net->arena, "%s: %s", reason, detail));
}

HibNetResult
hib_line_set_hook(const HibNetContext *net, const HibGrant *grant, const char *url)
{
    bool is_ours, is_active;
    HibNetResult said = look_at_endpoint(net, grant, url, &is_ours, &is_active);
    if (said.class != HIB_NET_OK)
        return said;
    if (!is_ours) {
        cJSON *body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "endpoint", url);
        said = hib_line_call(net, grant,
                             &(LineCall){.kind = HIB_CALL_PREPARE,
                                         .path = ENDPOINT,
                                         .method = "PUT",
                                         .body = hib_json_print(net->arena, body)},
                             NULL, NULL);
        if (said.class == HIB_NET_OK) /* only a person can switch it on */
            said = look_at_endpoint(net, grant, url, &is_ours, &is_active);
    }
    if (said.class != HIB_NET_OK)
        return said;
    said = try_endpoint(net, grant);
    if (said.class == HIB_NET_OK && !is_active)
        return hib_net_say(HIB_NET_FIX_CONTENT, "WebhookOff",
                           "\"Use webhook\" is off in the channel's console");
    return said;
}
