/* Being connected to TikTok: the person allows it on TikTok's page, the code becomes a token of two hours and a refresh token of half
 * a year. Each renewal gives a new refresh token and kills the old one: the caller stores it before it is used. */
#include "networks/tiktok_limits.h"
#include "networks/tiktok_private.h"

#include <string.h>

#define SCOPES                                                                                     \
    "user.info.basic,user.info.profile,user.info.stats,video.list,video.publish,video.upload"

static const char *
host(const HibNetContext *net, const char *service, const char *real)
{
    return hib_net_host(net->arena, &tiktok_limits, service, real);
}

HibNetResult
hib_tiktok_call(const HibNetContext *net, const HibGrant *grant, const TiktokCall *call,
                HibHttpReply *ret_reply, HibJson *ret_data)
{
    const HibNetRequest request = {
        .kind = call->kind,
        .method = call->is_get ? "GET" : "POST",
        .url = hib_arena_printf(net->arena, "%s%s", host(net, grant->service, TIKTOK_HOST),
                                call->path),
        .bearer = grant->access,
        .content_type = call->is_get ? NULL : "application/json; charset=UTF-8",
        .body = call->body,
        .n_body = call->body ? strlen(call->body) : 0,
    };
    HibJson in;
    *ret_data = (HibJson){.arena = net->arena, .path = ""};
    HibNetResult said = hib_net_call(net, &request, hib_tiktok_answer, ret_reply, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_opt_object(in, "data", ret_data, NULL) ||
        !ret_data->value)
        return hib_net_nonsense(said, call->kind, "TikTok's answer holds no data");
    return said;
}

const char *
hib_tiktok_authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
                         const char *state, const char *verifier)
{
    const char *query = hib_net_form(
        net->arena, "client_key", net->app->client_id, "response_type", "code", "scope", SCOPES,
        "redirect_uri", redirect_uri, "state", state, "code_challenge",
        hib_net_challenge(net->arena, verifier, true), "code_challenge_method", "S256", NULL);
    return hib_arena_printf(net->arena, "%s/v2/auth/authorize/?%s", host(net, service, TIKTOK_PAGE),
                            query);
}

/* --- tokens ------------------------------------------------------------------------------------------------------ */
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

/* Never an empty token: that would lock the account out. */
static bool
read_tokens(const HibNetContext *net, HibJson in, HibGrant *out)
{
    const char *access = NULL, *refresh = NULL, *id = NULL, *scope = "";
    int64_t access_s = 0, refresh_s = 0;
    HibInstant now = hib_clock_now(net->clock);
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "access_token", &access, NULL) ||
        !hib_json_text(in, "refresh_token", &refresh, NULL) ||
        !hib_json_text(in, "open_id", &id, NULL) || !is_token(access) || !is_token(refresh) ||
        !is_token(id))
        return false;
    (void)hib_json_opt_int(in, "expires_in", &access_s, NULL);
    (void)hib_json_opt_int(in, "refresh_expires_in", &refresh_s, NULL);
    (void)hib_json_opt_text(in, "scope", &scope, NULL);
    access_s = access_s > 0 ? MIN(access_s, INT64_C(400) * 86400) : 7200;
    refresh_s = refresh_s > 0 ? MIN(refresh_s, INT64_C(4000) * 86400) : 0;
    out->access = access;
    out->refresh = refresh;
    out->remote_id = id;
    out->access_expires_at = now + access_s * HIB_SECOND;
    out->refresh_expires_at = refresh_s ? now + refresh_s * HIB_SECOND : 0;
    cJSON *extra = cJSON_CreateObject();
    cJSON_AddStringToObject(extra, "scope", scope);
    out->extra = hib_json_print(net->arena, extra);
    return true;
}

static HibNetResult
ask_token(const HibNetContext *net, HibNetCallKind kind, const char *form, HibGrant *grant)
{
    const HibNetRequest request = {.kind = kind,
                                   .method = "POST",
                                   .url = hib_arena_printf(net->arena, "%s/v2/oauth/token/",
                                                           host(net, grant->service, TIKTOK_HOST)),
                                   .content_type = "application/x-www-form-urlencoded",
                                   .body = form,
                                   .n_body = strlen(form)};
    HibJson in;
    HibNetResult said = hib_net_call(net, &request, hib_tiktok_answer, NULL, &in);
    if (said.class == HIB_NET_OK && !read_tokens(net, in, grant))
        return hib_net_nonsense(said, kind, "TikTok's answer lacks a token");
    return said;
}

/* The name to show is a courtesy: the account is connected without it too. */
static void
read_profile(const HibNetContext *net, HibGrant *grant)
{
    HibJson data;
    HibJson user = {0};
    const TiktokCall call = {.kind = HIB_CALL_READ,
                             .path =
                                 "/v2/user/info/?fields=open_id,avatar_url,display_name,username",
                             .is_get = true};
    if (hib_tiktok_call(net, grant, &call, NULL, &data).class != HIB_NET_OK ||
        !hib_json_opt_object(data, "user", &user, NULL) || !user.value)
        return;
    (void)hib_json_opt_text(user, "display_name", &grant->display_name, NULL);
    (void)hib_json_opt_text(user, "avatar_url", &grant->avatar_url, NULL);
    (void)hib_json_opt_text(user, "username", &grant->handle, NULL);
}

HibNetResult
hib_tiktok_exchange(const HibNetContext *net, const char *service, const char *redirect_uri,
                    const char *code, const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    HibGrant *grant = hib_arena_new0(net->arena, HibGrant);
    *grant = (HibGrant){.service = service && *service ? service : tiktok_limits.default_service,
                        .handle = "",
                        .display_name = "",
                        .avatar_url = ""};
    const char *form =
        hib_net_form(net->arena, "client_key", net->app->client_id, "client_secret",
                     net->app->client_secret, "code", code, "grant_type", "authorization_code",
                     "redirect_uri", redirect_uri, "code_verifier", verifier, NULL);
    HibNetResult said = ask_token(net, HIB_CALL_SIGN_IN, form, grant);
    *ret_n = 0;
    if (said.class != HIB_NET_OK)
        return said;
    read_profile(net, grant);
    *ret_grants = grant;
    *ret_n = 1;
    return said;
}

HibNetResult
hib_tiktok_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    HibGrant fresh = *grant;
    const char *form = hib_net_form(net->arena, "client_key", net->app->client_id, "client_secret",
                                    net->app->client_secret, "grant_type", "refresh_token",
                                    "refresh_token", grant->refresh, NULL);
    HibNetResult said = ask_token(net, HIB_CALL_REFRESH, form, &fresh);
    if (said.class != HIB_NET_OK)
        return said;
    if (!g_str_equal(fresh.remote_id, grant->remote_id))
        return hib_net_nonsense(said, HIB_CALL_REFRESH, "the renewed token is another account's");
    *ret = fresh;
    return said;
}
