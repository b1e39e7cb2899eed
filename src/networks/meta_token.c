/* Tokens of Meta: a code becomes a short token, that becomes one of 60 days, and that renews itself while it lives. A page's own token,
 * made from a 60-day one, does not end by time.
 *
 * There is no refresh token: who lets 60 days pass has to ask the person again, so accounts are renewed at half of it. */
#include "networks/facebook_limits.h"
#include "networks/meta.h"

#include <string.h>

#define PAGES_MOST 200
#define PAGE_OF_PAGES 100

const char *
hib_meta_code(HibArena *arena, const char *code)
{
    size_t n = strlen(code ? code : "");
    if (n >= 2 && g_str_has_suffix(code, "#_"))
        n -= 2;
    return hib_arena_strndup(arena, code ? code : "", n);
}

/* A token goes into a header: no blank, no control, not empty. */
static const char *
read_token(HibJson in, const char *path)
{
    const char *token = hib_meta_text(in, path);
    size_t n = token ? strlen(token) : 0;
    for (size_t i = 0; i < n; i++)
        if (token[i] <= ' ' || token[i] > '~')
            return NULL;
    return n > 0 && n < 4096 ? token : NULL;
}

static HibNetResult
no_token(HibNetResult said, HibNetCallKind kind)
{
    return hib_net_nonsense(said, kind, "the answer holds no access token");
}

static HibInstant
end_of(const HibNetContext *net, HibJson in)
{
    int64_t left_s = hib_meta_int(in, "expires_in", 0);
    return left_s > 0 && left_s < INT64_C(3650) * 86400
               ? hib_clock_now(net->clock) + left_s * HIB_SECOND
               : 0;
}

/* --- Instagram Login, Threads ------------------------------------------------------------------------------------------------------ */
static HibNetResult
take_long(const HibNetContext *net, HibNetCallKind kind, const char *url, const char *form,
          HibGrant *out)
{
    const HibMetaCall call = {.kind = kind, .method = "GET", .url = url, .form = form};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *token = read_token(in, "access_token");
    if (!token)
        return no_token(said, kind);
    out->access = token;
    out->access_expires_at = end_of(net, in);
    return said;
}

HibNetResult
hib_meta_token(const HibNetContext *net, const HibMetaTokens *at, const char *redirect_uri,
               const char *code, HibGrant *ret)
{
    const HibMetaCall call = {.kind = HIB_CALL_SIGN_IN,
                              .method = "POST",
                              .url = at->code_url,
                              .form = hib_net_form(net->arena, "client_id", net->app->client_id,
                                                   "client_secret", net->app->client_secret,
                                                   "grant_type", "authorization_code",
                                                   "redirect_uri", redirect_uri, "code",
                                                   hib_meta_code(net->arena, code), NULL)};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *token = read_token(in, "access_token");
    token = token ? token : read_token(in, "data.0.access_token"); /* the newer shape */
    if (!token)
        return no_token(said, HIB_CALL_SIGN_IN);
    return take_long(net, HIB_CALL_SIGN_IN, at->long_url,
                     hib_net_form(net->arena, "grant_type", at->long_type, "client_secret",
                                  net->app->client_secret, "access_token", token, NULL),
                     ret);
}

HibNetResult
hib_meta_renew(const HibNetContext *net, const HibMetaTokens *at, const HibGrant *grant,
               HibGrant *ret)
{
    HibGrant fresh = *grant;
    HibNetResult said = take_long(
        net, HIB_CALL_REFRESH, at->renew_url,
        hib_net_form(net->arena, "grant_type", at->renew_type, "access_token", grant->access, NULL),
        &fresh);
    if (said.class == HIB_NET_OK)
        *ret = fresh;
    return said;
}

/* Without it Meta sends no webhooks; connecting works all the same, and the lists are read anyway. */
void
hib_meta_subscribe(const HibNetContext *net, const char *owner, const char *token,
                   const char *fields)
{
    HibJson in;
    const HibMetaCall call = {.kind = HIB_CALL_PREPARE,
                              .method = "POST",
                              .url = hib_arena_printf(net->arena, "%s/subscribed_apps", owner),
                              .token = token,
                              .form = hib_net_form(net->arena, "subscribed_fields", fields, NULL)};
    (void)hib_meta_call(net, &call, &in);
}

/* --- Facebook Login -------------------------------------------------------------------------------------------------------------------- */
const char *
hib_meta_facebook_url(const HibNetContext *net, const char *service, const char *scope,
                      const char *redirect_uri, const char *state)
{
    return hib_arena_printf(
        net->arena, "%s/%s/dialog/oauth?%s", hib_meta_host(service, "https://www.facebook.com"),
        HIB_FACEBOOK_GRAPH_VERSION,
        hib_net_form(net->arena, "client_id", net->app->client_id, "redirect_uri", redirect_uri,
                     "response_type", "code", "scope", scope, "state", state, NULL));
}

HibNetResult
hib_meta_facebook_token(const HibNetContext *net, const char *service, const char *redirect_uri,
                        const char *code, const char **ret_token)
{
    const char *url = hib_arena_printf(net->arena, "%s/%s/oauth/access_token",
                                       hib_meta_host(service, "https://graph.facebook.com"),
                                       HIB_FACEBOOK_GRAPH_VERSION);
    HibGrant grant = {0};
    HibNetResult said =
        take_long(net, HIB_CALL_SIGN_IN, url,
                  hib_net_form(net->arena, "client_id", net->app->client_id, "client_secret",
                               net->app->client_secret, "redirect_uri", redirect_uri, "code",
                               hib_meta_code(net->arena, code), NULL),
                  &grant);
    if (said.class != HIB_NET_OK)
        return said;
    said = take_long(net, HIB_CALL_SIGN_IN, url,
                     hib_net_form(net->arena, "grant_type", "fb_exchange_token", "client_id",
                                  net->app->client_id, "client_secret", net->app->client_secret,
                                  "fb_exchange_token", grant.access, NULL),
                     &grant);
    *ret_token = grant.access;
    return said;
}

HibNetResult
hib_meta_pages(const HibNetContext *net, const char *service, const char *user_token,
               HibJson ret[200], size_t *ret_n)
{
    const char *url = hib_arena_printf(net->arena, "%s/%s/me/accounts",
                                       hib_meta_host(service, "https://graph.facebook.com"),
                                       HIB_FACEBOOK_GRAPH_VERSION);
    const char *after = NULL;
    HibNetResult said;
    *ret_n = 0;
    do {
        const HibMetaCall call = {
            .kind = HIB_CALL_READ,
            .method = "GET",
            .url = url,
            .token = user_token,
            .form = hib_net_form(
                net->arena, "fields",
                "id,name,username,access_token,picture{url},instagram_business_account{id,"
                "username,name,profile_picture_url}",
                "limit", G_STRINGIFY(PAGE_OF_PAGES), "after", after, NULL)};
        HibJson in;
        said = hib_meta_call(net, &call, &in);
        if (said.class != HIB_NET_OK)
            return said;
        HibJson data = hib_meta_get(in, "data");
        for (HibJson page = hib_json_first(data); page.value && *ret_n < PAGES_MOST;
             page = hib_json_next(data, page))
            if (hib_meta_is_id(hib_meta_text(page, "id")) && read_token(page, "access_token"))
                ret[(*ret_n)++] = page;
        after = hib_meta_text(in, "paging.next") ? hib_meta_text(in, "paging.cursors.after") : NULL;
    } while (after && *ret_n < PAGES_MOST);
    return said;
}
