/* Connecting: an app is made at the instance, a person allows it there, the code that comes back becomes a grant. Tokens of Mastodon do not
 * end; some other software gives a refresh token, which is then used. */
#include "networks/mastodon_limits.h"
#include "networks/mastodon_private.h"

#include <string.h>

#define SCOPES                                                                                     \
    "read:accounts read:follows read:statuses read:notifications write:statuses write:media"
#define NO_SERVICE "the instance's address is not an https address"

HibNetResult
hib_mastodon_register_app(const HibNetContext *net, const char *service, const char *redirect_uri,
                          HibNetApp *ret)
{
    const char *base = hib_net_service(net, service, NULL);
    if (!base)
        return hib_net_say(HIB_NET_FATAL, "InvalidService", NO_SERVICE);
    const MastodonRequest request = {.kind = HIB_CALL_PREPARE,
                                     .method = "POST",
                                     .path = "/api/v1/apps",
                                     .form = hib_net_form(net->arena, "client_name", "Hibiki",
                                                          "redirect_uris", redirect_uri, "scopes",
                                                          SCOPES, NULL)};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, base, &request, &in);
    if (said.class == HIB_NET_FIX_CONTENT || said.class == HIB_NET_NEW_HANDLE)
        said.class = HIB_NET_FATAL; /* our redirect address, or no such API there */
    if (said.class != HIB_NET_OK)
        return said;
    HibNetApp app = {0};
    if (!hib_json_text(in, "client_id", &app.client_id, NULL) ||
        !hib_json_text(in, "client_secret", &app.client_secret, NULL) || !*app.client_id)
        return hib_net_nonsense(said, HIB_CALL_SIGN_IN, "the instance made no app");
    *ret = app;
    return said;
}

const char *
hib_mastodon_authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
                           const char *state, const char *verifier)
{
    const char *base = hib_net_service(net, service, NULL);
    if (!base || !net->app)
        return NULL;
    /* force_login: the page comes up, so that a person with several accounts sees which one it is. */
    return hib_arena_printf(
        net->arena, "%s/oauth/authorize?%s", base,
        hib_net_form(net->arena, "response_type", "code", "client_id", net->app->client_id,
                     "redirect_uri", redirect_uri, "scope", SCOPES, "state", state, "force_login",
                     "true", "code_challenge", hib_net_challenge(net->arena, verifier, false),
                     "code_challenge_method", "S256", NULL));
}

static bool
is_header_safe(const char *token)
{
    return *token && !strpbrk(token, "\r\n ");
}

/* The tokens of an answer, into *out; false when there is none. */
static bool
read_tokens(const HibNetContext *net, HibJson in, HibGrant *out)
{
    const char *access = NULL, *refresh = "";
    int64_t life_s = 0;
    if (!hib_json_text(in, "access_token", &access, NULL) || !is_header_safe(access))
        return false;
    (void)hib_json_opt_text(in, "refresh_token", &refresh, NULL);
    (void)hib_json_opt_int(in, "expires_in", &life_s, NULL);
    out->access = access;
    out->refresh = refresh;
    out->access_expires_at = life_s > 0 && life_s < INT64_C(10000000000)
                                 ? hib_clock_now(net->clock) + life_s * HIB_SECOND
                                 : 0;
    return true;
}

static HibNetResult
ask_tokens(const HibNetContext *net, const char *base, HibNetCallKind kind, const char *form,
           HibGrant *out)
{
    const MastodonRequest request = {
        .kind = kind, .method = "POST", .path = "/oauth/token", .form = form};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, base, &request, &in);
    if (said.class == HIB_NET_OK && !read_tokens(net, in, out))
        return hib_net_nonsense(said, kind, "the instance's answer lacks its token");
    return said;
}

/* Whose token it is. */
static HibNetResult
ask_account(const HibNetContext *net, HibGrant *out)
{
    const MastodonRequest request = {.kind = HIB_CALL_SIGN_IN,
                                     .method = "GET",
                                     .path = "/api/v1/accounts/verify_credentials",
                                     .token = out->access};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, out->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *domain = NULL;
    if (!hib_json_text(in, "id", &out->remote_id, NULL) || !*out->remote_id ||
        !hib_json_text(in, "username", &out->handle, NULL) || !*out->handle ||
        strpbrk(out->handle, "@/?# \r\n"))
        return hib_net_nonsense(said, HIB_CALL_SIGN_IN,
                                "the instance did not say whose token it is");
    (void)hib_json_opt_text(in, "display_name", &out->display_name, NULL);
    (void)hib_json_opt_text(in, "avatar", &out->avatar_url, NULL);
    out->extra = hib_mastodon_ask_instance(net, out->service, &domain);
    out->handle = hib_arena_printf(net->arena, "%s@%s", out->handle, domain);
    return said;
}

HibNetResult
hib_mastodon_exchange(const HibNetContext *net, const char *service, const char *redirect_uri,
                      const char *code, const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    const char *base = hib_net_service(net, service, NULL);
    if (!base || !net->app)
        return hib_net_say(HIB_NET_FATAL, "InvalidService", NO_SERVICE);
    HibGrant *grant = hib_arena_new0(net->arena, HibGrant);
    *grant = (HibGrant){.service = base, .display_name = "", .avatar_url = "", .refresh = ""};
    const char *form =
        hib_net_form(net->arena, "grant_type", "authorization_code", "code", code, "client_id",
                     net->app->client_id, "client_secret", net->app->client_secret, "redirect_uri",
                     redirect_uri, "code_verifier", verifier, "scope", SCOPES, NULL);
    HibNetResult said = ask_tokens(net, base, HIB_CALL_SIGN_IN, form, grant);
    if (said.class == HIB_NET_OK)
        said = ask_account(net, grant);
    if (said.class != HIB_NET_OK)
        return said;
    *ret_grants = grant;
    *ret_n = 1;
    return said;
}

HibNetResult
hib_mastodon_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    if (!grant->refresh || !*grant->refresh || !net->app)
        return hib_net_say(HIB_NET_REAUTH_HUMAN, "NoRefreshToken",
                           "the token was taken back; the account has to be connected again");
    const char *form = hib_net_form(
        net->arena, "grant_type", "refresh_token", "refresh_token", grant->refresh, "client_id",
        net->app->client_id, "client_secret", net->app->client_secret, "scope", SCOPES, NULL);
    HibGrant fresh = *grant;
    HibNetResult said = ask_tokens(net, grant->service, HIB_CALL_REFRESH, form, &fresh);
    if (said.class != HIB_NET_OK)
        return said;
    if (!*fresh.refresh)
        fresh.refresh = grant->refresh; /* it did not rotate */
    *ret = fresh;
    return said;
}
