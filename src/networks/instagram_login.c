/* Connecting an Instagram account: with Instagram itself (a token of 60 days that renews itself), or through Facebook (the linked page's
 * token, which does not end by time). The app decides, because each login has app ids of its own: "fb:123…" is one of Facebook Login. From
 * then on the account's service says it. */
#include "networks/instagram_limits.h"
#include "networks/instagram_private.h"

#include <string.h>

#define SCOPES                                                                                     \
    "instagram_business_basic,instagram_business_content_publish,"                                 \
    "instagram_business_manage_comments,instagram_business_manage_messages,"                       \
    "instagram_business_manage_insights"
#define FACEBOOK_SCOPES                                                                            \
    "instagram_basic,instagram_content_publish,instagram_manage_comments,"                         \
    "instagram_manage_messages,instagram_manage_insights,pages_show_list,"                         \
    "pages_read_engagement,pages_manage_metadata,business_management"
#define HOOKS "comments,live_comments,messages,messaging_postbacks"

#define FACEBOOK "https://graph.facebook.com"
#define APP_MARK "fb:"

/* Whether the app signs in with Facebook; then *ret_app and *ret_net are what its calls take. */
static bool
is_by_facebook(const HibNetContext *net, const char *service, HibNetApp *ret_app,
               HibNetContext *ret_net)
{
    bool is_marked = g_str_has_prefix(net->app->client_id, APP_MARK);
    *ret_app = *net->app;
    ret_app->client_id += is_marked ? strlen(APP_MARK) : 0;
    *ret_net = *net;
    ret_net->app = ret_app;
    return is_marked || hib_instagram_is_by_facebook(&(HibGrant){.service = service});
}

static HibMetaTokens
tokens(const HibNetContext *net, const char *service)
{
    const char *graph = hib_meta_host(service, HIB_INSTAGRAM_SERVICE);
    return (HibMetaTokens){
        .code_url = hib_arena_printf(net->arena, "%s/oauth/access_token",
                                     hib_meta_host(service, "https://api.instagram.com")),
        .long_url = hib_arena_printf(net->arena, "%s/access_token", graph),
        .renew_url = hib_arena_printf(net->arena, "%s/refresh_access_token", graph),
        .long_type = "ig_exchange_token",
        .renew_type = "ig_refresh_token"};
}

const char *
hib_instagram_authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
                            const char *state, const char *verifier)
{
    HibNetApp app;
    HibNetContext by_facebook;
    (void)verifier; /* Meta knows no PKCE here; the app's secret proves who exchanges */
    if (is_by_facebook(net, service, &app, &by_facebook))
        return hib_meta_facebook_url(&by_facebook, service, FACEBOOK_SCOPES, redirect_uri, state);
    return hib_arena_printf(
        net->arena, "%s/oauth/authorize?%s", hib_meta_host(service, "https://www.instagram.com"),
        hib_net_form(net->arena, "client_id", net->app->client_id, "redirect_uri", redirect_uri,
                     "response_type", "code", "scope", SCOPES, "state", state, NULL));
}

static HibNetResult
exchange_here(const HibNetContext *net, const char *service, const char *redirect_uri,
              const char *code, HibGrant *grant)
{
    const HibMetaTokens at = tokens(net, service);
    HibNetResult said = hib_meta_token(net, &at, redirect_uri, code, grant);
    if (said.class != HIB_NET_OK)
        return said;
    grant->service = service && *service ? service : HIB_INSTAGRAM_SERVICE;
    const HibMetaCall call = {
        .kind = HIB_CALL_SIGN_IN,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/me", hib_instagram_host(net, grant)),
        .token = grant->access,
        .form = "fields=id,user_id,username,name,profile_picture_url,account_type"};
    HibJson me;
    const char *body;
    said = hib_meta_call_text(net, &call, &me, &body);
    if (said.class != HIB_NET_OK)
        return said;
    /* user_id is what publishing, webhooks and Facebook call the account; id is known to this app only. */
    const char *id = hib_meta_id(me, "user_id", body);
    grant->remote_id = id ? id : hib_meta_id(me, "id", body);
    grant->handle = hib_meta_or_empty(hib_meta_text(me, "username"));
    grant->display_name = hib_meta_or_empty(hib_meta_text(me, "name"));
    grant->avatar_url = hib_meta_or_empty(hib_meta_text(me, "profile_picture_url"));
    grant->refresh = grant->extra = "";
    if (!grant->remote_id)
        return hib_net_nonsense(said, HIB_CALL_SIGN_IN, "the account has no id");
    hib_meta_subscribe(
        net,
        hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant), grant->remote_id),
        grant->access, HOOKS);
    return said;
}

/* A page with its Instagram account; false when it has none. */
static bool
take_page(const HibNetContext *net, const char *service, HibJson page, HibGrant *ret)
{
    HibJson account = hib_meta_get(page, "instagram_business_account");
    const char *id = hib_meta_text(account, "id");
    cJSON *extra;
    if (!hib_meta_is_id(id))
        return false;
    extra = cJSON_CreateObject();
    cJSON_AddStringToObject(extra, "page", hib_meta_text(page, "id"));
    *ret =
        (HibGrant){.service = service,
                   .remote_id = id,
                   .handle = hib_meta_or_empty(hib_meta_text(account, "username")),
                   .display_name = hib_meta_or_empty(hib_meta_text(account, "name")),
                   .avatar_url = hib_meta_or_empty(hib_meta_text(account, "profile_picture_url")),
                   .access = hib_meta_text(page, "access_token"),
                   .refresh = "",
                   .extra = hib_json_print(net->arena, extra)};
    return true;
}

static HibNetResult
exchange_by_facebook(const HibNetContext *net, const char *service, const char *redirect_uri,
                     const char *code, HibGrant **ret_grants, size_t *ret_n)
{
    HibJson *pages = hib_arena_array(net->arena, HibJson, 200);
    const char *token;
    size_t n_pages, n = 0;
    HibNetResult said = hib_meta_facebook_token(net, service, redirect_uri, code, &token);
    if (said.class == HIB_NET_OK)
        said = hib_meta_pages(net, service, token, pages, &n_pages);
    if (said.class != HIB_NET_OK)
        return said;
    *ret_grants = hib_arena_array(net->arena, HibGrant, n_pages + 1);
    for (size_t i = 0; i < n_pages; i++)
        if (take_page(net, service, pages[i], &(*ret_grants)[n])) {
            hib_meta_subscribe(net, hib_instagram_inbox(net, &(*ret_grants)[n]),
                               (*ret_grants)[n].access, "messages,mention,feed");
            n++;
        }
    *ret_n = n;
    return n ? said
             : hib_net_say(HIB_NET_REAUTH_HUMAN, "NoInstagramAccount",
                           "no page this person manages has a professional Instagram account");
}

HibNetResult
hib_instagram_exchange(const HibNetContext *net, const char *service, const char *redirect_uri,
                       const char *code, const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    HibNetApp app;
    HibNetContext by_facebook;
    (void)verifier;
    *ret_n = 0;
    if (is_by_facebook(net, service, &app, &by_facebook))
        return exchange_by_facebook(&by_facebook, service, redirect_uri, code, ret_grants, ret_n);
    *ret_grants = hib_arena_new0(net->arena, HibGrant);
    HibNetResult said = exchange_here(net, service, redirect_uri, code, *ret_grants);
    *ret_n = said.class == HIB_NET_OK;
    return said;
}

HibNetResult
hib_instagram_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    const HibMetaTokens at = tokens(net, grant->service);
    if (!hib_instagram_is_by_facebook(grant))
        return hib_meta_renew(net, &at, grant, ret);
    *ret = *grant; /* a page's token does not end by time */
    return hib_meta_ok();
}
