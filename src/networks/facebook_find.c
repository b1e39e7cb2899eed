/* What became of a post to a page whose outcome is unknown: videos are asked by their id, photo stories by their photo's, everything else
 * is looked for among the page's newest posts. */
#include "networks/facebook_private.h"

#include <string.h>

/* --- videos -------------------------------------------------------------------------------------------------------------------------------------- */
static bool
says(HibJson in, const char *path, const char *word)
{
    return g_strcmp0(hib_meta_text(in, path), word) == 0;
}

static const char *
whole_url(HibArena *arena, const char *url, const char *id)
{
    if (url && *url == '/')
        return hib_arena_printf(arena, "https://www.facebook.com%s", url);
    return url ? url : hib_arena_printf(arena, "https://www.facebook.com/%s", id);
}

/* The post a video stands in: what comments, numbers and "remove" want. */
static const char *
post_of(const HibNetContext *net, const HibGrant *grant, HibJson in, const char *video,
        const char *body)
{
    const char *post = hib_meta_id(in, "post_id", body);
    if (!post)
        return video;
    return strchr(post, '_') ? post : hib_arena_printf(net->arena, "%s_%s", grant->remote_id, post);
}

HibNetResult
hib_facebook_ask_video(const HibNetContext *net, const HibGrant *grant, const char *video,
                       HibNetSending *sending, bool *ret_is_accepted)
{
    const HibMetaCall call = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant), video),
        .token = grant->access,
        .form = "fields=status,permalink_url,post_id"};
    const char *body, *why;
    HibJson in;
    *ret_is_accepted = false;
    HibNetResult said = hib_meta_call_text(net, &call, &in, &body);
    if (said.class != HIB_NET_OK)
        return said;
    HibJson status = hib_meta_get(in, "status");
    if (says(status, "video_status", "error") || says(status, "processing_phase.status", "error") ||
        says(status, "publishing_phase.status", "error")) {
        why = hib_meta_text(status, "processing_phase.errors.0.message");
        why = why ? why : hib_meta_text(status, "publishing_phase.errors.0.message");
        return hib_net_say(HIB_NET_FIX_CONTENT, "VideoFailed",
                           hib_net_clean(net->arena, why ? why : "the video was not processed"));
    }
    bool is_out =
        says(status, "publishing_phase.status", "complete") ||
        (says(status, "video_status", "ready") && !hib_meta_get(status, "publishing_phase").value);
    *ret_is_accepted = is_out || says(status, "publishing_phase.status", "in_progress");
    if (!is_out) {
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = hib_meta_ask_again(net, 2);
        return said;
    }
    const char *id = post_of(net, grant, in, video, body);
    sending->published = (HibNetPublished){
        .remote_id = id,
        .url = sending->post->format == HIB_FORMAT_STORY
                   ? ""
                   : whole_url(net->arena, hib_meta_text(in, "permalink_url"), id)};
    return said;
}

static HibNetResult
find_video(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
           const char *video, bool *ret_found)
{
    bool is_accepted;
    HibNetResult said = hib_facebook_ask_video(net, grant, video, sending, &is_accepted);
    *ret_found = said.class == HIB_NET_OK;
    /* Still waiting for "finish", or not far enough to say so. To finish the same video again makes no second one. */
    if (said.class == HIB_NET_WAIT_ASYNC && !is_accepted)
        said.class = HIB_NET_OK;
    return said;
}

/* --- stories, posts, comments ------------------------------------------------------------------------------------------------------------------- */
static HibNetResult
find_photo_story(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                 const cJSON *photo, bool *ret_found)
{
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = hib_facebook_edge(net, grant, "stories"),
                              .token = grant->access,
                              .form = "fields=post_id,media_id,media_type,status,creation_time"
                                      "&limit=25"};
    const char *body;
    HibJson in;
    HibNetResult said = hib_meta_call_text(net, &call, &in, &body);
    HibJson data = hib_meta_get(in, "data");
    for (HibJson row = hib_json_first(data); said.class == HIB_NET_OK && row.value;
         row = hib_json_next(data, row))
        if (cJSON_IsString(photo) && says(row, "media_id", photo->valuestring) &&
            hib_meta_text(row, "post_id")) {
            sending->published =
                (HibNetPublished){.remote_id = hib_meta_text(row, "post_id"), .url = ""};
            *ret_found = true;
        }
    return said;
}

static int
count_media(HibJson row)
{
    HibJson first = hib_meta_get(row, "attachments.data.0");
    HibJson several = hib_meta_get(first, "subattachments.data");
    const char *kind = hib_meta_text(first, "media_type");
    if (!hib_meta_get(row, "attachments").value)
        return 0;
    if (several.value)
        return (int)hib_json_count(several);
    return kind && (!strcmp(kind, "photo") || !strcmp(kind, "video")) ? 1 : 0;
}

static bool
is_by_page(HibJson row, const HibGrant *grant)
{
    return says(row, "from.id", grant->remote_id);
}

HibNetResult
hib_facebook_find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                  bool *ret_found)
{
    const HibMetaRows posts = {.text = "message",
                               .time = "created_time",
                               .url = "permalink_url",
                               .n_media = count_media},
                      comments = {.text = "message",
                                  .time = "created_time",
                                  .url = "permalink_url",
                                  .is_ours = is_by_page};
    const HibNetPost *post = sending->post;
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const char *video = hib_net_progress_get(net->arena, progress, "video");
    *ret_found = false;
    hib_meta_mark_tried(net, sending);
    if (post->format == HIB_FORMAT_MESSAGE)
        return hib_meta_find_message(net, grant, hib_facebook_edge(net, grant, "conversations"),
                                     "messenger", grant->remote_id, sending, ret_found);
    if (post->reply_to)
        return hib_meta_find_in(net, grant,
                                hib_arena_printf(net->arena, "%s/%s/comments",
                                                 hib_facebook_host(net, grant),
                                                 hib_url_escape(net->arena, post->reply_to)),
                                "fields=id,message,created_time,permalink_url,from"
                                "&order=reverse_chronological&limit=50",
                                &comments, sending, ret_found);
    if (hib_facebook_is_video(post))
        return video ? find_video(net, grant, sending, video, ret_found) : hib_meta_ok();
    if (post->format == HIB_FORMAT_STORY)
        return find_photo_story(
            net, grant, sending,
            cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(progress, "photos"), 0), ret_found);
    return hib_meta_find_in(
        net, grant, hib_facebook_edge(net, grant, "published_posts"),
        hib_arena_printf(net->arena,
                         "fields=id,message,created_time,permalink_url,"
                         "attachments%%7Bmedia_type,subattachments%%7Bmedia_type%%7D%%7D&%s",
                         hib_meta_then(net, sending)),
        &posts, sending, ret_found);
}
