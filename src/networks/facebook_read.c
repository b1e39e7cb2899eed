/* Reading a page: numbers of posts and of the page, comments, mentions and Messenger. */
#include "networks/facebook_private.h"

#include <string.h>

static const HibMetaMetric post_metrics[] = {{"post_total_media_view_unique", "reach"},
                                             {"post_media_view", "views"},
                                             {"post_clicks", "clicks"},
                                             {"post_reactions_by_type_total", "likes"},
                                             {NULL, NULL}};
static const HibMetaMetric video_metrics[] = {{"post_total_media_view_unique", "reach"},
                                              {"post_media_view", "views"},
                                              {"post_clicks", "clicks"},
                                              {"post_reactions_by_type_total", "likes"},
                                              {"post_video_views", "video_views"},
                                              {"post_video_avg_time_watched", "avg_watch_ms"},
                                              {"post_video_view_time", "watch_ms"},
                                              {"blue_reels_play_count", "views"},
                                              {NULL, NULL}};
static const HibMetaMetric day_metrics[] = {{"page_total_media_view_unique", "day_reach"},
                                            {"page_media_view", "day_views"},
                                            {"page_post_engagements", "day_interactions"},
                                            {"page_views_total", "day_profile_visits"},
                                            {NULL, NULL}};

static HibNetResult
get(const HibNetContext *net, const HibGrant *grant, const char *url, const char *form,
    HibJson *ret)
{
    const HibMetaCall call = {
        .kind = HIB_CALL_READ, .method = "GET", .url = url, .token = grant->access, .form = form};
    return hib_meta_call(net, &call, ret);
}

static HibNetResult
read_post(const HibNetContext *net, const HibGrant *grant, const char *id, HibNetReading *ret)
{
    static const HibMetaMetric counts[] = {{"reactions.summary.total_count", "likes"},
                                           {"comments.summary.total_count", "replies"},
                                           {"shares.count", "shares"},
                                           {NULL, NULL}};
    const char *url = hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant), id);
    bool is_post = strchr(id, '_') != NULL;
    HibJson in;
    /* A post may be a video or not; what it is says status_type. A bare id is a video. */
    HibNetResult said =
        get(net, grant, url,
            is_post ? "fields=id,status_type,shares,reactions.limit(0).summary(total_count),"
                      "comments.limit(0).summary(total_count)"
                    : "fields=id,comments.limit(0).summary(total_count)",
            &in);
    if (said.class == HIB_NET_FATAL && !strcmp(said.code, "100/33")) {
        ret->is_gone = true;
        said.class = HIB_NET_OK;
        return said;
    }
    if (said.class == HIB_NET_FATAL) /* the right to read what people wrote was not given */
        said = get(net, grant, url, is_post ? "fields=id,status_type,shares" : "fields=id", &in);
    if (said.class != HIB_NET_OK)
        return said;
    hib_meta_take(in, counts, ret);
    bool is_video = !is_post || g_strcmp0(hib_meta_text(in, "status_type"), "added_video") == 0;
    return hib_meta_insights(
        net, grant,
        hib_arena_printf(net->arena, "%s/%s", url, is_post ? "insights" : "video_insights"), NULL,
        is_video ? video_metrics : post_metrics, ret);
}

HibNetResult
hib_facebook_read_posts(const HibNetContext *net, const HibGrant *grant,
                        const char *const *remote_ids, size_t n, HibNetReading *ret)
{
    HibNetResult said = hib_meta_ok();
    for (size_t i = 0; i < n; i++)
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
    for (size_t i = 0; i < n && said.class == HIB_NET_OK; i++)
        if (hib_meta_is_id(remote_ids[i]))
            said = read_post(net, grant, remote_ids[i], &ret[i]);
    return said;
}

HibNetResult
hib_facebook_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    static const HibMetaMetric counts[] = {{"followers_count", "followers"}, {NULL, NULL}};
    HibJson in;
    HibNetResult said =
        get(net, grant,
            hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant), grant->remote_id),
            "fields=followers_count", &in);
    if (said.class != HIB_NET_OK)
        return said;
    *ret = (HibNetReading){.remote_id = grant->remote_id};
    hib_meta_take(in, counts, ret);
    return hib_meta_insights(net, grant, hib_facebook_edge(net, grant, "insights"),
                             hib_arena_printf(net->arena, "period=day&%s", hib_meta_last_day(net)),
                             day_metrics, ret);
}

/* --- what people say -------------------------------------------------------------------------------------------------------------------------- */
/* {"type": "photo", "title", "url", "media": {"image": {"src"}, "source"}}: a comment has one at most. */
static void
take_attachment(HibMetaTalk *talk, HibJson in, HibNetTalk *into)
{
    const char *type = hib_meta_text(in, "type"), *film = hib_meta_text(in, "media.source");
    if (!type)
        return;
    bool is_sticker = strstr(type, "sticker") != NULL, is_film = strstr(type, "video") != NULL;
    bool is_picture = is_sticker || !strcmp(type, "photo") || !strcmp(type, "animated_image_share");
    const char *picture = hib_meta_text(in, "media.image.src");
    hib_meta_attach(talk, into,
                    &(HibNetAttachment){.kind = is_sticker   ? HIB_ATTACH_STICKER
                                                : is_film    ? HIB_ATTACH_VIDEO
                                                : is_picture ? HIB_ATTACH_IMAGE
                                                             : HIB_ATTACH_LINK,
                                        .url = is_film      ? film
                                               : is_picture ? picture
                                                            : hib_meta_text(in, "url"),
                                        .preview_url = picture,
                                        .title = hib_meta_text(in, "title")});
}

static void
take_comment(HibMetaTalk *talk, HibJson row, const char *post)
{
    const char *text = hib_meta_text(row, "message"), *from = hib_meta_text(row, "from.id");
    HibNetTalk one = {.kind = post ? HIB_TALK_COMMENT : HIB_TALK_MENTION,
                      .remote_id = hib_meta_text(row, "id"),
                      .text = text ? text : "",
                      .post_id = post,
                      .parent_id = hib_meta_text(row, "parent.id"),
                      .author_id = from,
                      .author_name = hib_meta_text(row, "from.name"),
                      .url = hib_meta_text(row, "permalink_url"),
                      .at = hib_meta_time(row, "created_time"),
                      .is_own = g_strcmp0(from, talk->grant->remote_id) == 0};
    take_attachment(talk, hib_meta_get(row, "attachment"), &one);
    hib_meta_talk_add(talk, &one);
}

HibNetResult
hib_facebook_read_talk(const HibNetContext *net, const HibGrant *grant, const char *const *posts,
                       const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    HibMetaTalk talk = hib_meta_talk_begin(net, grant, cursor);
    HibNetResult said = hib_meta_ok();
    for (size_t i = 0; posts && posts[i] && said.class == HIB_NET_OK; i++)
        if (hib_meta_is_id(posts[i]))
            said = hib_meta_talk_source(
                &talk,
                hib_arena_printf(net->arena, "%s/%s/comments", hib_facebook_host(net, grant),
                                 posts[i]),
                "fields=id,message,created_time,from,parent,permalink_url,attachment"
                "&filter=stream&order=reverse_chronological&limit=50",
                take_comment, posts[i]);
    if (said.class == HIB_NET_OK)
        said = hib_meta_talk_source(&talk, hib_facebook_edge(net, grant, "tagged"),
                                    "fields=id,message,created_time,from,permalink_url&limit=25",
                                    take_comment, NULL);
    if (said.class == HIB_NET_OK)
        said = hib_meta_talk_source(&talk, hib_facebook_edge(net, grant, "conversations"),
                                    hib_net_form(net->arena, "platform", "messenger", "fields",
                                                 HIB_META_CONVERSATION, "limit", "20", NULL),
                                    hib_meta_take_conversation, grant->remote_id);
    hib_meta_talk_end(&talk, ret, ret_n, ret_cursor);
    return said;
}
