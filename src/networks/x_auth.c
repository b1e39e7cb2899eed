/* Signing in at X (OAuth 2.0 with PKCE) and staying signed in. A refresh token is good once: the new one comes with each renewal, and
 * the caller stores it before the new access token is used. */
#include "networks/x_private.h"

#include <string.h>

#define SCOPES                                                                                     \
    "tweet.read tweet.write tweet.moderate.write users.read follows.read like.read media.write "   \
    "dm.read dm.write offline.access"

const char *
hib_x_base(const HibNetContext *net, const char *service)
{
    return hib_net_host(net->arena, &x_limits, service, HIB_X_SERVICE);
}

HibNetResult
hib_x_get(const HibNetContext *net, const HibGrant *grant, const char *path, HibJson *ret)
{
    const HibNetRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s%s", hib_x_base(net, grant->service), path),
        .bearer = grant->access};
    HibNetResult said = hib_net_call(net, &request, hib_x_read, NULL, ret);
    if (said.class == HIB_NET_OK && !cJSON_IsObject(ret->value))
        return hib_net_nonsense(said, HIB_CALL_READ, "X's answer is not the JSON it should be");
    return said;
}

HibNetResult
hib_x_post(const HibNetContext *net, const HibGrant *grant, HibNetCallKind kind, const char *path,
           cJSON *body, HibJson *ret)
{
    const char *text = hib_json_print(net->arena, body);
    const HibNetRequest request = {
        .kind = kind,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s%s", hib_x_base(net, grant->service), path),
        .bearer = grant->access,
        .content_type = "application/json",
        .body = text,
        .n_body = strlen(text)};
    return hib_net_call(net, &request, hib_x_read, NULL, ret);
}

/* --- signing in ---------------------------------------------------------------------------------------------- */
const char *
hib_x_authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
                    const char *state, const char *verifier)
{
    return hib_arena_printf(net->arena, "%s/i/oauth2/authorize?%s",
                            hib_net_host(net->arena, &x_limits, service, "https://x.com"),
                            hib_net_form(net->arena, "response_type", "code", "client_id",
                                         net->app->client_id, "redirect_uri", redirect_uri, "scope",
                                         SCOPES, "state", state, "code_challenge",
                                         hib_net_challenge(net->arena, verifier, false),
                                         "code_challenge_method", "S256", NULL));
}

/* Confidential apps say who they are with HTTP Basic, public ones in the form. */
static HibNetResult
ask_token(const HibNetContext *net, const char *service, HibNetCallKind kind, const char *form,
          HibJson *ret)
{
    const char *headers[2] = {NULL};
    const HibNetApp *app = net->app;
    if (*app->client_secret) {
        g_autofree char *pair = g_strdup_printf("%s:%s", hib_url_escape(net->arena, app->client_id),
                                                hib_url_escape(net->arena, app->client_secret));
        g_autofree char *coded = g_base64_encode((const guchar *)pair, strlen(pair));
        headers[0] = hib_arena_printf(net->arena, "Authorization: Basic %s", coded);
    } else {
        form = hib_arena_printf(net->arena, "%s&%s", form,
                                hib_net_form(net->arena, "client_id", app->client_id, NULL));
    }
    const HibNetRequest request = {
        .kind = kind,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s/2/oauth2/token", hib_x_base(net, service)),
        .headers = headers,
        .content_type = "application/x-www-form-urlencoded",
        .body = form,
        .n_body = strlen(form)};
    return hib_net_call(net, &request, hib_x_read, NULL, ret);
}

/* Never an empty token: that would lock the account out. */
static bool
read_tokens(const HibNetContext *net, HibJson in, HibGrant *out)
{
    const char *access = NULL;
    const char *refresh = NULL;
    int64_t life_s = 7200;
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "access_token", &access, NULL) ||
        !hib_json_text(in, "refresh_token", &refresh, NULL) ||
        !hib_json_opt_int(in, "expires_in", &life_s, NULL))
        return false;
    if (!*access || !*refresh || strpbrk(access, "\r\n ") || strpbrk(refresh, "\r\n ") ||
        life_s <= 0 || life_s > INT64_C(315360000))
        return false;
    out->access = access;
    out->refresh = refresh;
    out->access_expires_at = hib_clock_now(net->clock) + life_s * HIB_SECOND;
    out->refresh_expires_at = 0;
    return true;
}

static HibNetResult
who(const HibNetContext *net, HibGrant *grant)
{
    HibJson in = {0};
    HibJson data = {0};
    const char *plan = NULL;
    HibNetResult said =
        hib_x_get(net, grant,
                  "/2/users/me?user.fields=profile_image_url,username,name,subscription_type", &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_object(in, "data", &data, NULL) ||
        !hib_json_text(data, "id", &grant->remote_id, NULL) || !hib_x_is_id(grant->remote_id) ||
        !hib_json_text(data, "username", &grant->handle, NULL) ||
        strpbrk(grant->handle, "/?#\r\n "))
        return hib_net_nonsense(said, HIB_CALL_READ, "X did not say whose account it is");
    (void)hib_json_opt_text(data, "name", &grant->display_name, NULL);
    (void)hib_json_opt_text(data, "profile_image_url", &grant->avatar_url, NULL);
    cJSON *extra = cJSON_CreateObject();
    if (hib_json_opt_text(data, "subscription_type", &plan, NULL) && plan)
        cJSON_AddStringToObject(extra, "subscription", plan);
    grant->extra = hib_json_print(net->arena, extra);
    return said;
}

HibNetResult
hib_x_exchange(const HibNetContext *net, const char *service, const char *redirect_uri,
               const char *code, const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    HibJson in = {0};
    const char *form = hib_net_form(net->arena, "grant_type", "authorization_code", "code", code,
                                    "redirect_uri", redirect_uri, "code_verifier", verifier, NULL);
    HibNetResult said = ask_token(net, service, HIB_CALL_SIGN_IN, form, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibGrant *grant = hib_arena_new0(net->arena, HibGrant);
    *grant = (HibGrant){.service = service && *service ? service : HIB_X_SERVICE,
                        .display_name = "",
                        .avatar_url = "",
                        .extra = ""};
    if (!read_tokens(net, in, grant))
        return hib_net_nonsense(said, HIB_CALL_SIGN_IN, "X's answer lacks its tokens");
    said = who(net, grant);
    if (said.class != HIB_NET_OK)
        return said;
    *ret_grants = grant;
    *ret_n = 1;
    return said;
}

HibNetResult
hib_x_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    HibJson in = {0};
    const char *form = hib_net_form(net->arena, "grant_type", "refresh_token", "refresh_token",
                                    grant->refresh, NULL);
    HibNetResult said = ask_token(net, grant->service, HIB_CALL_REFRESH, form, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibGrant fresh = *grant;
    if (!read_tokens(net, in, &fresh))
        return hib_net_nonsense(said, HIB_CALL_REFRESH, "X's renewed tokens are not all there");
    *ret = fresh;
    return said;
}
