/* Reading Threads: numbers of posts and of the account, replies and mentions, what is left of the day. */
#include "networks/meta.h"
#include "networks/threads_limits.h"
#include "networks/threads_private.h"

#include <string.h>

static const HibMetaMetric post_metrics[] = {{"views", "views"},
                                             {"likes", "likes"},
                                             {"replies", "replies"},
                                             {"reposts", "reposts"},
                                             {"quotes", "quotes"},
                                             {"shares", "shares"},
                                             {NULL, NULL}};
static const HibMetaMetric account_metrics[] = {{"followers_count", "followers"}, {NULL, NULL}};
static const HibMetaMetric day_metrics[] = {{"views", "day_views"}, {NULL, NULL}};

static HibNetResult
read_post(const HibNetContext *net, const HibGrant *grant, const char *url, HibNetReading *ret)
{
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = url,
                              .token = grant->access,
                              .form = "fields=id"};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class == HIB_NET_FATAL && !strcmp(said.code, "100/33")) {
        ret->is_gone = true;
        said.class = HIB_NET_OK;
        return said;
    }
    if (said.class != HIB_NET_OK)
        return said;
    return hib_meta_insights(net, grant, hib_arena_printf(net->arena, "%s/insights", url), NULL,
                             post_metrics, ret);
}

HibNetResult
hib_threads_read_posts(const HibNetContext *net, const HibGrant *grant,
                       const char *const *remote_ids, size_t n, HibNetReading *ret)
{
    HibNetResult said = hib_meta_ok();
    for (size_t i = 0; i < n; i++)
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
    for (size_t i = 0; i < n && said.class == HIB_NET_OK; i++)
        if (hib_meta_is_id(remote_ids[i]))
            said = read_post(
                net, grant,
                hib_arena_printf(net->arena, "%s/%s", hib_threads_host(net, grant), remote_ids[i]),
                &ret[i]);
    return said;
}

HibNetResult
hib_threads_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    const char *url = hib_arena_printf(net->arena, "%s/%s/threads_insights",
                                       hib_threads_host(net, grant), grant->remote_id);
    HibNetReading reading = {.remote_id = grant->remote_id};
    HibNetResult said = hib_meta_insights(net, grant, url, NULL, account_metrics, &reading);
    if (said.class == HIB_NET_OK)
        said = hib_meta_insights(net, grant, url, hib_meta_last_day(net), day_metrics, &reading);
    if (said.class == HIB_NET_OK)
        *ret = reading;
    return said;
}

HibNetResult
hib_threads_read_audience(const HibNetContext *net, const HibGrant *grant, HibNetAudience *ret)
{
    const char *url = hib_arena_printf(net->arena, "%s/%s/threads_insights",
                                       hib_threads_host(net, grant), grant->remote_id);
    HibNetReading reading = {.remote_id = grant->remote_id};
    HibNetResult said = hib_meta_insights(net, grant, url, NULL, account_metrics, &reading);
    if (said.class != HIB_NET_OK)
        return said;
    return hib_meta_audience(net, grant, url, "", reading.n_metrics ? reading.metrics[0].value : -1,
                             ret);
}

/* --- what people say -------------------------------------------------------------------------------------------------------------------------- */
static void
take_reply(HibMetaTalk *talk, HibJson row, const char *post)
{
    const char *text = hib_meta_text(row, "text"), *parent = hib_meta_text(row, "replied_to.id");
    const char *name = hib_meta_text(row, "username");
    HibNetTalk one = {.kind = post ? HIB_TALK_COMMENT : HIB_TALK_MENTION,
                      .remote_id = hib_meta_text(row, "id"),
                      .text = text ? text : "",
                      .post_id = post,
                      .parent_id = g_strcmp0(parent, post) ? parent : NULL,
                      .author_handle = name,
                      .url = hib_meta_text(row, "permalink"),
                      .at = hib_meta_time(row, "timestamp"),
                      .is_own = hib_meta_int(row, "is_reply_owned_by_me", 0) ||
                                g_strcmp0(name, talk->grant->handle) == 0};
    hib_meta_take_media(talk, row, &one);
    hib_meta_talk_add(talk, &one);
}

HibNetResult
hib_threads_read_talk(const HibNetContext *net, const HibGrant *grant, const char *const *posts,
                      const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    HibMetaTalk talk = hib_meta_talk_begin(net, grant, cursor);
    const char *host = hib_threads_host(net, grant);
    HibNetResult said = hib_meta_ok();
    for (size_t i = 0; posts && posts[i] && said.class == HIB_NET_OK; i++)
        if (hib_meta_is_id(posts[i]))
            said = hib_meta_talk_source(
                &talk, hib_arena_printf(net->arena, "%s/%s/conversation", host, posts[i]),
                "fields=id,text,timestamp,username,permalink,replied_to,is_reply_owned_by_me,"
                "media_type,media_url,thumbnail_url,alt_text"
                "&reverse=true&limit=50",
                take_reply, posts[i]);
    if (said.class == HIB_NET_OK)
        said = hib_meta_talk_source(
            &talk, hib_arena_printf(net->arena, "%s/%s/mentions", host, grant->remote_id),
            "fields=id,text,timestamp,username,permalink,media_type,media_url,thumbnail_url,"
            "alt_text&limit=25",
            take_reply, NULL);
    hib_meta_talk_end(&talk, ret, ret_n, ret_cursor);
    return said;
}

/* Threads says names, no ids: a name is who it is until the person changes it. */
static void
take_found(HibMetaTalk *talk, HibJson row, const char *of G_GNUC_UNUSED)
{
    const char *text = hib_meta_text(row, "text"), *name = hib_meta_text(row, "username");
    const char *type = hib_meta_text(row, "media_type"), *media = hib_meta_text(row, "media_url");
    HibNetAttachment *one = hib_arena_array(talk->net->arena, HibNetAttachment, 1);
    *one =
        (HibNetAttachment){.kind = !g_strcmp0(type, "VIDEO") ? HIB_ATTACH_VIDEO : HIB_ATTACH_IMAGE,
                           .url = media,
                           .preview_url = hib_meta_text(row, "thumbnail_url"),
                           .title = hib_meta_text(row, "alt_text")};
    hib_meta_talk_add(talk, &(HibNetTalk){.kind = HIB_TALK_MENTION,
                                          .remote_id = hib_meta_text(row, "id"),
                                          .text = text ? text : "",
                                          .author_id = name ? name : "",
                                          .author_handle = name ? name : "",
                                          .author_name = "",
                                          .url = hib_meta_text(row, "permalink"),
                                          .at = hib_meta_time(row, "timestamp"),
                                          .is_own = g_strcmp0(name, talk->grant->handle) == 0,
                                          .attachments = one,
                                          .n_attachments = media != NULL});
}

HibNetResult
hib_threads_search_tag(const HibNetContext *net, const HibGrant *grant, const char *tag,
                       const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    HibMetaTalk talk = hib_meta_talk_begin(net, grant, cursor);
    const char *limit = hib_arena_printf(net->arena, "%d", threads_limits.search->posts);
    const char *since = hib_arena_printf(net->arena, "%" G_GINT64_FORMAT, talk.since / HIB_SECOND);
    HibNetResult said = hib_meta_talk_search(
        &talk, hib_arena_printf(net->arena, "%s/keyword_search", hib_threads_host(net, grant)),
        hib_net_form(net->arena, "q", tag, "search_type", "RECENT", "search_mode", "TAG", "fields",
                     "id,text,media_type,media_url,thumbnail_url,alt_text,permalink,timestamp,"
                     "username",
                     "since", since, "limit", limit, NULL),
        take_found);
    hib_meta_talk_end(&talk, ret, ret_n, ret_cursor);
    return said;
}

HibNetResult
hib_threads_read_quota(const HibNetContext *net, const HibGrant *grant, HibNetQuota ret[8],
                       size_t *ret_n)
{
    const HibMetaCall call = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/%s/threads_publishing_limit",
                                hib_threads_host(net, grant), grant->remote_id),
        .token = grant->access,
        .form = "fields=quota_usage,config,reply_quota_usage,reply_config,delete_quota_usage,"
                "delete_config"};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    *ret_n = 0;
    if (said.class != HIB_NET_OK)
        return said;
    HibJson row = hib_meta_get(in, "data.0");
    hib_meta_take_quota(row, "quota_usage", "config", "posts", ret, ret_n);
    hib_meta_take_quota(row, "reply_quota_usage", "reply_config", "replies", ret, ret_n);
    hib_meta_take_quota(row, "delete_quota_usage", "delete_config", "deletes", ret, ret_n);
    return said;
}
