/* Signing in at Google with offline access, and staying signed in. The refresh token stays the same for years and comes only once, so the
 * page is always asked for anew (prompt=consent), and a renewal that brings none keeps the old one. */
#include "networks/youtube_private.h"

#include <string.h>

#define SCOPE_WRITE "https://www.googleapis.com/auth/youtube.force-ssl"
#define SCOPES                                                                                     \
    SCOPE_WRITE " https://www.googleapis.com/auth/youtube.upload "                                 \
                "https://www.googleapis.com/auth/yt-analytics.readonly"

const char *
hib_youtube_base(const HibNetContext *net, const char *service)
{
    return hib_net_host(net->arena, &youtube_limits, service, HIB_YOUTUBE_SERVICE);
}

HibNetResult
hib_youtube_get(const HibNetContext *net, const HibGrant *grant, const char *path, HibJson *ret)
{
    const HibNetRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s%s", hib_youtube_base(net, grant->service), path),
        .bearer = grant->access};
    HibNetResult said = hib_net_call(net, &request, hib_youtube_read, NULL, ret);
    if (said.class == HIB_NET_OK && !cJSON_IsObject(ret->value))
        return hib_net_nonsense(said, HIB_CALL_READ,
                                "YouTube's answer is not the JSON it should be");
    return said;
}

HibNetResult
hib_youtube_send(const HibNetContext *net, const HibGrant *grant, HibNetCallKind kind,
                 const char *method, const char *path, cJSON *body, HibJson *ret)
{
    const char *text = hib_json_print(net->arena, body);
    const HibNetRequest request = {
        .kind = kind,
        .method = method,
        .url = hib_arena_printf(net->arena, "%s%s", hib_youtube_base(net, grant->service), path),
        .bearer = grant->access,
        .content_type = "application/json",
        .body = text,
        .n_body = strlen(text)};
    return hib_net_call(net, &request, hib_youtube_read, NULL, ret);
}

HibJson
hib_youtube_first(HibJson list)
{
    HibJson items = {0};
    if (!list.value || !hib_json_opt_array(list, "items", &items, NULL) || !items.value)
        return (HibJson){0};
    HibJson first = hib_json_first(items);
    return first.value && cJSON_IsObject(first.value) ? first : (HibJson){0};
}

const char *
hib_youtube_authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
                          const char *state, const char *verifier)
{
    return hib_arena_printf(
        net->arena, "%s/o/oauth2/v2/auth?%s",
        hib_net_host(net->arena, &youtube_limits, service, "https://accounts.google.com"),
        hib_net_form(net->arena, "response_type", "code", "client_id", net->app->client_id,
                     "redirect_uri", redirect_uri, "scope", SCOPES, "state", state, "access_type",
                     "offline", "prompt", "consent", "code_challenge",
                     hib_net_challenge(net->arena, verifier, false), "code_challenge_method",
                     "S256", NULL));
}

static HibNetResult
ask_token(const HibNetContext *net, const char *service, HibNetCallKind kind, const char *form,
          HibJson *ret)
{
    const char *app = hib_net_form(net->arena, "client_id", net->app->client_id, "client_secret",
                                   *net->app->client_secret ? net->app->client_secret : NULL, NULL);
    const char *body = hib_arena_printf(net->arena, "%s&%s", form, app);
    const HibNetRequest request = {
        .kind = kind,
        .method = "POST",
        .url = hib_arena_printf(
            net->arena, "%s/token",
            hib_net_host(net->arena, &youtube_limits, service, "https://oauth2.googleapis.com")),
        .content_type = "application/x-www-form-urlencoded",
        .body = body,
        .n_body = strlen(body)};
    return hib_net_call(net, &request, hib_youtube_read, NULL, ret);
}

/* `out->refresh` stays when none came. Never an empty token: that would lock the account out. */
static bool
read_tokens(const HibNetContext *net, HibJson in, HibGrant *out)
{
    const char *access = NULL;
    const char *refresh = out->refresh;
    int64_t life_s = 3600;
    int64_t refresh_s = 0;
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "access_token", &access, NULL) ||
        !hib_json_opt_text(in, "refresh_token", &refresh, NULL) ||
        !hib_json_opt_int(in, "expires_in", &life_s, NULL) ||
        !hib_json_opt_int(in, "refresh_token_expires_in", &refresh_s, NULL))
        return false;
    if (!*access || !refresh || !*refresh || strpbrk(access, "\r\n ") ||
        strpbrk(refresh, "\r\n ") || life_s <= 0 || life_s > INT64_C(315360000))
        return false;
    HibInstant now = hib_clock_now(net->clock);
    out->access = access;
    out->refresh = refresh;
    out->access_expires_at = now + life_s * HIB_SECOND;
    if (refresh_s > 0 && refresh_s < INT64_C(315360000)) /* an app in testing: a week */
        out->refresh_expires_at = now + refresh_s * HIB_SECOND;
    return true;
}

static const char *
picture_of(HibJson snippet)
{
    HibJson all = {0};
    HibJson one = {0};
    const char *url = "";
    if (hib_json_opt_object(snippet, "thumbnails", &all, NULL) && all.value &&
        hib_json_opt_object(all, "default", &one, NULL) && one.value)
        (void)hib_json_opt_text(one, "url", &url, NULL);
    return url ? url : "";
}

/* The channel the person chose on Google's page. */
static HibNetResult
who(const HibNetContext *net, HibGrant *grant)
{
    HibJson in = {0};
    HibJson snippet = {0};
    HibJson details = {0};
    HibJson lists = {0};
    const char *uploads = NULL;
    HibNetResult said = hib_youtube_get(
        net, grant, "/youtube/v3/channels?part=snippet,contentDetails&mine=true", &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibJson channel = hib_youtube_first(in);
    if (!channel.value) {
        said.class = HIB_NET_FATAL;
        said.code = "NoChannel";
        said.message = "this Google account has no YouTube channel";
        return said;
    }
    if (!hib_json_text(channel, "id", &grant->remote_id, NULL) ||
        !hib_youtube_is_id(grant->remote_id) ||
        !hib_json_object(channel, "snippet", &snippet, NULL) ||
        !hib_json_text(snippet, "title", &grant->display_name, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "YouTube did not say whose channel it is");
    grant->handle = grant->display_name;
    (void)hib_json_opt_text(snippet, "customUrl", &grant->handle, NULL);
    grant->avatar_url = picture_of(snippet);
    if (hib_json_opt_object(channel, "contentDetails", &details, NULL) && details.value &&
        hib_json_opt_object(details, "relatedPlaylists", &lists, NULL) && lists.value)
        (void)hib_json_opt_text(lists, "uploads", &uploads, NULL);
    cJSON *extra = cJSON_CreateObject();
    if (uploads && hib_youtube_is_id(uploads))
        cJSON_AddStringToObject(extra, "uploads", uploads);
    grant->extra = hib_json_print(net->arena, extra);
    return said;
}

HibNetResult
hib_youtube_exchange(const HibNetContext *net, const char *service, const char *redirect_uri,
                     const char *code, const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    HibJson in = {0};
    const char *scope = SCOPE_WRITE;
    const char *form = hib_net_form(net->arena, "grant_type", "authorization_code", "code", code,
                                    "redirect_uri", redirect_uri, "code_verifier", verifier, NULL);
    HibNetResult said = ask_token(net, service, HIB_CALL_SIGN_IN, form, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibGrant *grant = hib_arena_new0(net->arena, HibGrant);
    *grant = (HibGrant){
        .service = service && *service ? service : HIB_YOUTUBE_SERVICE, .refresh = "", .extra = ""};
    if (!read_tokens(net, in, grant))
        return hib_net_nonsense(said, HIB_CALL_SIGN_IN, "Google's answer lacks its tokens");
    /* A person may untick what is asked for; without this nothing can be published. */
    if (!hib_json_opt_text(in, "scope", &scope, NULL) || !strstr(scope, SCOPE_WRITE)) {
        said.class = HIB_NET_REAUTH_HUMAN;
        said.code = "ScopeMissing";
        said.message = "managing the YouTube account was not allowed on Google's page";
        return said;
    }
    said = who(net, grant);
    if (said.class != HIB_NET_OK)
        return said;
    *ret_grants = grant;
    *ret_n = 1;
    return said;
}

HibNetResult
hib_youtube_refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    HibJson in = {0};
    const char *form = hib_net_form(net->arena, "grant_type", "refresh_token", "refresh_token",
                                    grant->refresh, NULL);
    HibNetResult said = ask_token(net, grant->service, HIB_CALL_REFRESH, form, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibGrant fresh = *grant;
    if (!read_tokens(net, in, &fresh))
        return hib_net_nonsense(said, HIB_CALL_REFRESH, "Google's renewed token is not there");
    *ret = fresh;
    return said;
}
