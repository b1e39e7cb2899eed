/* The Threads connector: what a post becomes at Threads. A thread is a row of answers, each a delivery of its own. */
#include "networks/threads.h"
#include "networks/meta.h"
#include "networks/threads_limits.h"
#include "networks/threads_private.h"

#include <string.h>

#define SCOPES                                                                                     \
    "threads_basic,threads_content_publish,threads_manage_replies,threads_read_replies,"           \
    "threads_manage_mentions,threads_manage_insights,threads_keyword_search,threads_delete"

static const HibNetLimits *
limits(void)
{
    return &threads_limits;
}

const char *
hib_threads_host(const HibNetContext *net, const HibGrant *grant)
{
    return hib_arena_printf(net->arena, "%s/v1.0",
                            hib_meta_host(grant->service, HIB_THREADS_SERVICE));
}

static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

/* --- connecting ---------------------------------------------------------------------------------------------------------------------------- */
static HibMetaTokens
tokens(const HibNetContext *net, const char *service)
{
    const char *graph = hib_meta_host(service, HIB_THREADS_SERVICE);
    return (HibMetaTokens){.code_url = hib_arena_printf(net->arena, "%s/oauth/access_token", graph),
                           .long_url = hib_arena_printf(net->arena, "%s/access_token", graph),
                           .renew_url =
                               hib_arena_printf(net->arena, "%s/refresh_access_token", graph),
                           .long_type = "th_exchange_token",
                           .renew_type = "th_refresh_token"};
}

static const char *
authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
              const char *state, const char *verifier)
{
    (void)verifier; /* no PKCE; the app's secret proves who exchanges */
    return hib_arena_printf(
        net->arena, "%s/oauth/authorize?%s", hib_meta_host(service, "https://threads.net"),
        hib_net_form(net->arena, "client_id", net->app->client_id, "redirect_uri", redirect_uri,
                     "scope", SCOPES, "response_type", "code", "state", state, NULL));
}

static HibNetResult
exchange(const HibNetContext *net, const char *service, const char *redirect_uri, const char *code,
         const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    const HibMetaTokens at = tokens(net, service);
    HibGrant *grant = hib_arena_new0(net->arena, HibGrant);
    (void)verifier;
    *ret_n = 0;
    HibNetResult said = hib_meta_token(net, &at, redirect_uri, code, grant);
    if (said.class != HIB_NET_OK)
        return said;
    grant->service = service && *service ? service : HIB_THREADS_SERVICE;
    const HibMetaCall call = {
        .kind = HIB_CALL_SIGN_IN,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/me", hib_threads_host(net, grant)),
        .token = grant->access,
        .form = "fields=id,username,name,threads_profile_picture_url"};
    HibJson me;
    const char *body;
    said = hib_meta_call_text(net, &call, &me, &body);
    if (said.class != HIB_NET_OK)
        return said;
    grant->remote_id = hib_meta_id(me, "id", body);
    grant->handle = hib_meta_or_empty(hib_meta_text(me, "username"));
    grant->display_name = hib_meta_or_empty(hib_meta_text(me, "name"));
    grant->avatar_url = hib_meta_or_empty(hib_meta_text(me, "threads_profile_picture_url"));
    grant->refresh = grant->extra = "";
    if (!grant->remote_id)
        return hib_net_nonsense(said, HIB_CALL_SIGN_IN, "the account has no id");
    *ret_grants = grant;
    *ret_n = 1;
    return said;
}

static HibNetResult
refresh(const HibNetContext *net, const HibGrant *grant, HibGrant *ret)
{
    const HibMetaTokens at = tokens(net, grant->service);
    return hib_meta_renew(net, &at, grant, ret);
}

/* --- publishing -------------------------------------------------------------------------------------------------------------------------------- */
static const char *
form(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post, int part,
     const char *children)
{
    HibArena *arena = net->arena;
    bool is_whole = part < 0;
    const HibNetMedia *media = !is_whole                    ? &post->media[part]
                               : children || !post->n_media ? NULL
                                                            : &post->media[0];
    bool is_video = media && media->kind == HIB_NET_VIDEO, is_text = !media && !children;
    (void)grant;
    return hib_net_form(
        arena, "media_type",
        children   ? "CAROUSEL"
        : is_text  ? "TEXT"
        : is_video ? "VIDEO"
                   : "IMAGE",
        "is_carousel_item", is_whole ? NULL : "true", "image_url",
        media && !is_video ? media->url : NULL, "video_url", is_video ? media->url : NULL,
        "children", children, "text", is_whole && *post->text ? post->text : NULL, "alt_text",
        media && media->alt && *media->alt ? media->alt : NULL, "reply_to_id",
        is_whole ? post->reply_to : NULL, "reply_control",
        is_whole ? hib_meta_option(arena, post, "reply_control") : NULL, "topic_tag",
        is_whole ? hib_meta_option(arena, post, "topic") : NULL, "link_attachment",
        is_text ? hib_meta_option(arena, post, "link") : NULL, "quote_post_id",
        is_whole ? hib_meta_option(arena, post, "quote") : NULL, NULL);
}

static const char *
listed(const HibNetPost *post)
{
    return post->reply_to ? "replies" : "threads";
}

static const HibMetaContainers containers = {.create = "threads",
                                             .publish = "threads_publish",
                                             .status = "status",
                                             .why = "error_message",
                                             .text = "text",
                                             .form = form,
                                             .host = hib_threads_host,
                                             .listed = listed};

static HibNetResult
run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    return hib_meta_container_run(&containers, net, grant, sending);
}

static HibNetResult
find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    return hib_meta_container_find(&containers, net, grant, sending, ret_found);
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    HibJson in;
    if (!hib_meta_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "that is no id of Threads");
    const HibMetaCall call = {
        .kind = HIB_CALL_REMOVE,
        .method = "DELETE",
        .url = hib_arena_printf(net->arena, "%s/%s", hib_threads_host(net, grant), remote_id),
        .token = grant->access};
    return hib_meta_call(net, &call, &in);
}

static HibNetResult
hide(const HibNetContext *net, const HibGrant *grant, const char *remote_id, bool is_hidden)
{
    if (!hib_meta_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "that is no id of Threads");
    const char *url =
        hib_arena_printf(net->arena, "%s/%s/manage_reply", hib_threads_host(net, grant), remote_id);
    return hib_meta_hide(net, url, "hide", is_hidden, grant->access);
}

/* --- what only Threads refuses --------------------------------------------------------------------------------------------------------------- */
static bool
is_topic(const char *topic)
{
    glong n = g_utf8_strlen(topic, -1);
    return n >= 1 && n <= HIB_THREADS_TOPIC_CHARS && !strpbrk(topic, ".&");
}

static bool
is_audience(const char *word)
{
    static const char *const known[] = {"everyone",       "accounts_you_follow",
                                        "mentioned_only", "parent_post_author_only",
                                        "followers_only", NULL};
    return g_strv_contains(known, word);
}

static bool
check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *topic = hib_meta_option(arena, post, "topic");
    const char *audience = hib_meta_option(arena, post, "reply_control");
    const char *invalid = "post.option_value";
    for (size_t i = 0; i < post->n_media; i++)
        if (!post->media[i].url)
            return hib_meta_refuse(ret_reason, ret_pointer, "post.media_unreachable",
                                   hib_meta_media_place(i));
    if (topic && !is_topic(topic))
        return hib_meta_refuse(ret_reason, ret_pointer, invalid, "/options/topic");
    if (audience && !is_audience(audience))
        return hib_meta_refuse(ret_reason, ret_pointer, invalid, "/options/reply_control");
    if (post->n_media && hib_meta_option(arena, post, "link"))
        return hib_meta_refuse(ret_reason, ret_pointer, invalid, "/options/link");
    return true;
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    (void)remote_id;
    return hib_arena_printf(arena, "https://www.threads.com/@%s", handle);
}

const HibNetwork hib_threads = {
    .name = "threads",
    .title = HIB_THREADS_TITLE,
    .auth = HIB_NET_AUTH_OAUTH,
    .needs_url = true,
    .can_remove = true,
    .can_reply = true,
    .limits = limits,
    .authorize_url = authorize_url,
    .exchange = exchange,
    .refresh = refresh,
    .new_handle = new_handle,
    .next_step = hib_meta_container_step,
    .run_step = run_step,
    .find = find,
    .remove = take_back,
    .hide = hide,
    .check = check,
    .max_read = 10,
    .read_posts = hib_threads_read_posts,
    .read_account = hib_threads_read_account,
    .read_talk = hib_threads_read_talk,
    .read_quota = hib_threads_read_quota,
    .hook = hib_meta_hook,
    .profile_url = profile_url,
};
