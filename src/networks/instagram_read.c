/* Reading Instagram: numbers of posts and of the account, what people say, what is left of the day's posts. */
#include "networks/instagram_limits.h"
#include "networks/instagram_private.h"

#include <string.h>

/* The safest first: where Meta names nothing it does not know, the later half is left out. */
#define EVERY_POST                                                                                 \
    {"reach", "reach"}, {"likes", "likes"}, {"comments", "replies"}, {"shares", "shares"},         \
        {"saved", "saves"}, {"total_interactions", "interactions"}, {"views", "views"},            \
    {                                                                                              \
        "reposts", "reposts"                                                                       \
    }
static const HibMetaMetric feed_metrics[] = {EVERY_POST,
                                             {"follows", "follows"},
                                             {"profile_visits", "profile_visits"},
                                             {"profile_activity", "profile_actions"},
                                             {NULL, NULL}};
static const HibMetaMetric reel_metrics[] = {EVERY_POST,
                                             {"ig_reels_avg_watch_time", "avg_watch_ms"},
                                             {"ig_reels_video_view_total_time", "watch_ms"},
                                             {"facebook_views", "facebook_views"},
                                             {NULL, NULL}};
static const HibMetaMetric story_metrics[] = {{"reach", "reach"},
                                              {"replies", "replies"},
                                              {"shares", "shares"},
                                              {"views", "views"},
                                              {"total_interactions", "interactions"},
                                              {"navigation", "navigation"},
                                              {"follows", "follows"},
                                              {"profile_visits", "profile_visits"},
                                              {"profile_activity", "profile_actions"},
                                              {NULL, NULL}};
static const HibMetaMetric day_metrics[] = {
    {"reach", "day_reach"},           {"profile_views", "day_profile_visits"},
    {"website_clicks", "day_clicks"}, {"accounts_engaged", "day_engaged"},
    {"views", "day_views"},           {NULL, NULL}};

static const HibMetaMetric *
metrics_of(HibJson post)
{
    const char *kind = hib_meta_text(post, "media_product_type");
    return g_strcmp0(kind, "REELS") == 0   ? reel_metrics
           : g_strcmp0(kind, "STORY") == 0 ? story_metrics
                                           : feed_metrics;
}

static HibNetResult
read_post(const HibNetContext *net, const HibGrant *grant, const char *url, HibNetReading *ret)
{
    static const HibMetaMetric counts[] = {
        {"like_count", "likes"}, {"comments_count", "replies"}, {NULL, NULL}};
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = url,
                              .token = grant->access,
                              .form = "fields=id,media_product_type,like_count,comments_count"};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class == HIB_NET_FATAL && !strcmp(said.code, "100/33")) {
        ret->is_gone = true;
        said.class = HIB_NET_OK;
        return said;
    }
    if (said.class != HIB_NET_OK)
        return said;
    hib_meta_take(in, counts, ret);
    return hib_meta_insights(net, grant, hib_arena_printf(net->arena, "%s/insights", url), NULL,
                             metrics_of(in), ret);
}

HibNetResult
hib_instagram_read_posts(const HibNetContext *net, const HibGrant *grant,
                         const char *const *remote_ids, size_t n, HibNetReading *ret)
{
    HibNetResult said = hib_meta_ok();
    for (size_t i = 0; i < n; i++)
        ret[i] = (HibNetReading){.remote_id = remote_ids[i]};
    for (size_t i = 0; i < n && said.class == HIB_NET_OK; i++)
        if (hib_meta_is_id(remote_ids[i]))
            said = read_post(net, grant,
                             hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant),
                                              remote_ids[i]),
                             &ret[i]);
    return said;
}

HibNetResult
hib_instagram_read_account(const HibNetContext *net, const HibGrant *grant, HibNetReading *ret)
{
    static const HibMetaMetric counts[] = {{"followers_count", "followers"},
                                           {"follows_count", "following"},
                                           {"media_count", "posts"},
                                           {NULL, NULL}};
    const char *url =
        hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant), grant->remote_id);
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = url,
                              .token = grant->access,
                              .form = "fields=followers_count,follows_count,media_count"};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    *ret = (HibNetReading){.remote_id = grant->remote_id};
    hib_meta_take(in, counts, ret);
    return hib_meta_insights(net, grant, hib_arena_printf(net->arena, "%s/insights", url),
                             hib_arena_printf(net->arena, "period=day&metric_type=total_value&%s",
                                              hib_meta_last_day(net)),
                             day_metrics, ret);
}

HibNetResult
hib_instagram_read_audience(const HibNetContext *net, const HibGrant *grant, HibNetAudience *ret)
{
    const char *url =
        hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant), grant->remote_id);
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = url,
                              .token = grant->access,
                              .form = "fields=followers_count"};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    return hib_meta_audience(net, grant, hib_arena_printf(net->arena, "%s/insights", url),
                             "&period=lifetime&metric_type=total_value&timeframe=this_month",
                             hib_meta_int(in, "followers_count", -1), ret);
}

/* --- what people say -------------------------------------------------------------------------------------------------------------------------- */
static void
add_comment(HibMetaTalk *talk, HibJson row, const char *post, const char *parent)
{
    const char *text = hib_meta_text(row, "text"), *from = hib_meta_text(row, "from.id");
    const char *name = hib_meta_text(row, "username");
    hib_meta_talk_add(
        talk, &(HibNetTalk){.kind = HIB_TALK_COMMENT,
                            .remote_id = hib_meta_text(row, "id"),
                            .text = text ? text : "",
                            .post_id = post,
                            .parent_id = parent,
                            .author_id = from,
                            .author_handle = name ? name : hib_meta_text(row, "from.username"),
                            .at = hib_meta_time(row, "timestamp"),
                            .is_own = g_strcmp0(from, talk->grant->remote_id) == 0 ||
                                      g_strcmp0(name, talk->grant->handle) == 0});
}

static void
take_comment(HibMetaTalk *talk, HibJson row, const char *post)
{
    HibJson answers = hib_meta_get(row, "replies.data");
    add_comment(talk, row, post, hib_meta_text(row, "parent_id"));
    for (HibJson one = hib_json_first(answers); one.value; one = hib_json_next(answers, one))
        add_comment(talk, one, post, hib_meta_text(row, "id"));
}

static void
take_tag(HibMetaTalk *talk, HibJson row, const char *of)
{
    const char *text = hib_meta_text(row, "caption");
    (void)of;
    HibNetTalk one = {.kind = HIB_TALK_MENTION,
                      .remote_id = hib_meta_text(row, "id"),
                      .text = text ? text : "",
                      .author_handle = hib_meta_text(row, "username"),
                      .url = hib_meta_text(row, "permalink"),
                      .at = hib_meta_time(row, "timestamp")};
    hib_meta_take_media(talk, row, &one);
    hib_meta_talk_add(talk, &one);
}

HibNetResult
hib_instagram_read_talk(const HibNetContext *net, const HibGrant *grant, const char *const *posts,
                        const char *cursor, HibNetTalk **ret, size_t *ret_n,
                        const char **ret_cursor)
{
    HibMetaTalk talk = hib_meta_talk_begin(net, grant, cursor);
    const char *host = hib_instagram_host(net, grant);
    HibNetResult said = hib_meta_ok();
    for (size_t i = 0; posts && posts[i] && said.class == HIB_NET_OK; i++)
        if (hib_meta_is_id(posts[i]))
            said = hib_meta_talk_source(
                &talk, hib_arena_printf(net->arena, "%s/%s/comments", host, posts[i]),
                "fields=id,text,timestamp,username,from,parent_id,"
                "replies%7Bid,text,timestamp,username,from%7D&limit=50",
                take_comment, posts[i]);
    if (said.class == HIB_NET_OK)
        said = hib_meta_talk_source(
            &talk, hib_arena_printf(net->arena, "%s/%s/tags", host, grant->remote_id),
            "fields=id,caption,username,timestamp,permalink,media_type,media_url,thumbnail_url"
            "&limit=25",
            take_tag, NULL);
    if (said.class == HIB_NET_OK)
        said = hib_meta_talk_source(
            &talk,
            hib_arena_printf(net->arena, "%s/conversations", hib_instagram_inbox(net, grant)),
            hib_net_form(net->arena, "platform", "instagram", "fields", HIB_META_CONVERSATION,
                         "limit", "20", NULL),
            hib_meta_take_conversation, grant->remote_id);
    hib_meta_talk_end(&talk, ret, ret_n, ret_cursor);
    return said;
}

/* No author: Instagram tells none of what a hashtag search finds. */
static void
take_found(HibMetaTalk *talk, HibJson row, const char *of G_GNUC_UNUSED)
{
    const char *text = hib_meta_text(row, "caption"), *type = hib_meta_text(row, "media_type");
    const char *media = hib_meta_text(row, "media_url");
    HibNetAttachment *one = hib_arena_array(talk->net->arena, HibNetAttachment, 1);
    *one = (HibNetAttachment){
        .kind = !g_strcmp0(type, "VIDEO") ? HIB_ATTACH_VIDEO : HIB_ATTACH_IMAGE, .url = media};
    hib_meta_talk_add(talk, &(HibNetTalk){.kind = HIB_TALK_MENTION,
                                          .remote_id = hib_meta_text(row, "id"),
                                          .text = text ? text : "",
                                          .author_id = "",
                                          .author_handle = "",
                                          .author_name = "",
                                          .url = hib_meta_text(row, "permalink"),
                                          .at = hib_meta_time(row, "timestamp"),
                                          .attachments = one,
                                          .n_attachments = media != NULL});
}

HibNetResult
hib_instagram_search_tag(const HibNetContext *net, const HibGrant *grant, const char *tag,
                         const char *cursor, HibNetTalk **ret, size_t *ret_n,
                         const char **ret_cursor)
{
    HibArena *arena = net->arena;
    const char *host = hib_instagram_host(net, grant);
    const char *limit = hib_arena_printf(arena, "%d", instagram_limits.search->posts);
    HibJson in;
    if (!g_strcmp0(grant->service, HIB_INSTAGRAM_SERVICE))
        return hib_net_say(
            HIB_NET_FATAL, "FacebookLogin",
            "Instagram searches hashtags only for accounts connected with Facebook Login.");
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = hib_arena_printf(arena, "%s/ig_hashtag_search", host),
                              .token = grant->access,
                              .form =
                                  hib_net_form(arena, "user_id", grant->remote_id, "q", tag, NULL)};
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *node = hib_meta_text(in, "data.0.id");
    if (!node || !hib_meta_is_id(node))
        return hib_net_nonsense(said, HIB_CALL_READ, "the hashtag has no id");
    HibMetaTalk talk = hib_meta_talk_begin(net, grant, cursor);
    said = hib_meta_talk_search(&talk, hib_arena_printf(arena, "%s/%s/recent_media", host, node),
                                hib_net_form(arena, "user_id", grant->remote_id, "fields",
                                             "id,caption,media_type,media_url,permalink,timestamp",
                                             "limit", limit, NULL),
                                take_found);
    hib_meta_talk_end(&talk, ret, ret_n, ret_cursor);
    return said;
}

HibNetResult
hib_instagram_read_quota(const HibNetContext *net, const HibGrant *grant, HibNetQuota ret[8],
                         size_t *ret_n)
{
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = hib_arena_printf(net->arena, "%s/%s/content_publishing_limit",
                                                      hib_instagram_host(net, grant),
                                                      grant->remote_id),
                              .token = grant->access,
                              .form = "fields=quota_usage,config"};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    *ret_n = 0;
    if (said.class == HIB_NET_OK)
        hib_meta_take_quota(hib_meta_get(in, "data.0"), "quota_usage", "config", "posts", ret,
                            ret_n);
    return said;
}
