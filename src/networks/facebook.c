/* The Facebook connector: connecting pages, and what can be done to a post that is out. Publishing: facebook_publish.c. */
#include "networks/facebook.h"
#include "networks/facebook_limits.h"
#include "networks/facebook_private.h"

#include <string.h>

#define SCOPES                                                                                     \
    "pages_show_list,pages_read_engagement,pages_read_user_content,pages_manage_posts,"            \
    "pages_manage_engagement,pages_manage_metadata,pages_messaging,read_insights,"                 \
    "business_management"
#define HOOKS "feed,mention,messages,messaging_postbacks"

static const HibNetLimits *
limits(void)
{
    return &facebook_limits;
}

const char *
hib_facebook_host(const HibNetContext *net, const HibGrant *grant)
{
    return hib_arena_printf(net->arena, "%s/%s",
                            hib_meta_host(grant->service, HIB_FACEBOOK_SERVICE),
                            HIB_FACEBOOK_GRAPH_VERSION);
}

const char *
hib_facebook_edge(const HibNetContext *net, const HibGrant *grant, const char *edge)
{
    return hib_arena_printf(net->arena, "%s/%s/%s", hib_facebook_host(net, grant), grant->remote_id,
                            edge);
}

static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

/* --- connecting ---------------------------------------------------------------------------------------------------------------------------- */
static const char *
authorize_url(const HibNetContext *net, const char *service, const char *redirect_uri,
              const char *state, const char *verifier)
{
    (void)verifier; /* no PKCE for apps with a secret */
    return hib_meta_facebook_url(net, service, SCOPES, redirect_uri, state);
}

static HibNetResult
exchange(const HibNetContext *net, const char *service, const char *redirect_uri, const char *code,
         const char *verifier, HibGrant **ret_grants, size_t *ret_n)
{
    HibJson *pages = hib_arena_array(net->arena, HibJson, 200);
    const char *token;
    size_t n = 0;
    (void)verifier;
    *ret_n = 0;
    HibNetResult said = hib_meta_facebook_token(net, service, redirect_uri, code, &token);
    if (said.class == HIB_NET_OK)
        said = hib_meta_pages(net, service, token, pages, &n);
    if (said.class != HIB_NET_OK)
        return said;
    HibGrant *grants = hib_arena_array(net->arena, HibGrant, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *id = hib_meta_text(pages[i], "id");
        const char *name = hib_meta_text(pages[i], "username");
        grants[i] =
            (HibGrant){.service = service && *service ? service : HIB_FACEBOOK_SERVICE,
                       .remote_id = id,
                       .handle = name ? name : id,
                       .display_name = hib_meta_or_empty(hib_meta_text(pages[i], "name")),
                       .avatar_url = hib_meta_or_empty(hib_meta_text(pages[i], "picture.data.url")),
                       .access = hib_meta_text(pages[i], "access_token"),
                       .refresh = "",
                       .extra = ""};
        hib_meta_subscribe(
            net, hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, &grants[i]), id),
            grants[i].access, HOOKS);
    }
    *ret_grants = grants;
    *ret_n = n;
    return n ? said
             : hib_net_say(HIB_NET_REAUTH_HUMAN, "NoPage", "this person gave the app no page");
}

/* --- a post that is out ---------------------------------------------------------------------------------------------------------------------- */
static HibNetResult
not_ours(void)
{
    return hib_net_say(HIB_NET_FATAL, "NotOurPost", "that is no id of Facebook");
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    HibJson in;
    if (!hib_meta_is_id(remote_id))
        return not_ours();
    const HibMetaCall call = {
        .kind = HIB_CALL_REMOVE,
        .method = "DELETE",
        .url = hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant), remote_id),
        .token = grant->access};
    return hib_meta_call(net, &call, &in);
}

static HibNetResult
hide(const HibNetContext *net, const HibGrant *grant, const char *remote_id, bool is_hidden)
{
    if (!hib_meta_is_id(remote_id))
        return not_ours();
    const char *url =
        hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant), remote_id);
    return hib_meta_hide(net, url, "is_hidden", is_hidden, grant->access);
}

static HibNetResult
edit(const HibNetContext *net, const HibGrant *grant, const char *remote_id, const HibNetPost *post,
     HibNetPublished *ret)
{
    HibJson in;
    if (!hib_meta_is_id(remote_id))
        return not_ours();
    /* Posts (PAGE_POST) have a message, videos a description; setting the same text again changes nothing. */
    const HibMetaCall call = {
        .kind = HIB_CALL_PREPARE,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant), remote_id),
        .token = grant->access,
        .form = hib_net_form(net->arena, strchr(remote_id, '_') ? "message" : "description",
                             post->text, NULL)};
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class == HIB_NET_OK)
        *ret = (HibNetPublished){
            .remote_id = remote_id,
            .url = hib_arena_printf(net->arena, "https://www.facebook.com/%s", remote_id)};
    return said;
}

static bool
check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *link = hib_meta_option(arena, post, "link");
    if (post->format == HIB_FORMAT_MESSAGE && !post->recipient)
        return hib_meta_refuse(ret_reason, ret_pointer, "post.recipient_missing", "/recipient");
    if (post->reply_to && post->n_media)
        return hib_meta_refuse(ret_reason, ret_pointer, "post.comment_media", "/media");
    if (post->format == HIB_FORMAT_STORY && *post->text)
        return hib_meta_refuse(ret_reason, ret_pointer, "post.text_unused", "/text");
    if (link && (post->n_media || !g_str_has_prefix(link, "http")))
        return hib_meta_refuse(ret_reason, ret_pointer, "post.option_value", "/options/link");
    return true;
}

/* Webhooks name people by id only. */
static HibNetResult
read_author(const HibNetContext *net, const HibGrant *grant, const char *author_id, HibNetTalk *ret)
{
    if (!hib_meta_is_id(author_id))
        return hib_net_say(HIB_NET_FATAL, "NoAuthor", "that is no id of a person");
    return hib_meta_read_author(
        net, grant, hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant), author_id),
        "name,profile_pic", ret);
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    return hib_arena_printf(arena, "https://www.facebook.com/%s", *handle ? handle : remote_id);
}

const HibNetwork hib_facebook = {
    .name = "facebook",
    .title = HIB_FACEBOOK_TITLE,
    .auth = HIB_NET_AUTH_OAUTH,
    .can_remove = true,
    .can_reply = true,
    .can_message = true,
    .limits = limits,
    .authorize_url = authorize_url,
    .exchange = exchange, /* no refresh: a page's token does not end by time */
    .new_handle = new_handle,
    .next_step = hib_facebook_next_step,
    .run_step = hib_facebook_run_step,
    .find = hib_facebook_find,
    .remove = take_back,
    .hide = hide,
    .edit = edit,
    .check = check,
    .max_read = 10,
    .read_posts = hib_facebook_read_posts,
    .read_account = hib_facebook_read_account,
    .read_talk = hib_facebook_read_talk,
    .read_author = read_author,
    .hook = hib_meta_hook,
    .profile_url = profile_url,
};
