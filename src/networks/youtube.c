/* The YouTube connector: what it can do, in one table. youtube.h has the idea, youtube_answer.c what answers mean, youtube_upload.c a video's way,
 * youtube_comment.c comments. */
#include "networks/youtube.h"
#include "networks/youtube_private.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &youtube_limits;
}

/* YouTube knows nothing of it: the session is what an upload is found by. */
static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

static HibNetResult
run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    return sending->post->reply_to ? hib_youtube_comment(net, grant, sending)
                                   : hib_youtube_upload(net, grant, sending);
}

static HibNetResult
find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    return sending->post->reply_to ? hib_youtube_find_comment(net, grant, sending, ret_found)
                                   : hib_youtube_find_upload(net, grant, sending, ret_found);
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    if (!hib_youtube_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "this is nothing of YouTube");
    const HibNetRequest request = {
        .kind = HIB_CALL_REMOVE,
        .method = "DELETE",
        .url = hib_arena_printf(net->arena, "%s/youtube/v3/%s?id=%s",
                                hib_youtube_base(net, grant->service),
                                hib_youtube_is_video(remote_id) ? "videos" : "comments", remote_id),
        .bearer = grant->access};
    return hib_net_call(net, &request, hib_youtube_read, NULL, NULL);
}

/* Held back, not rejected: what is held can be shown again. */
static HibNetResult
hide(const HibNetContext *net, const HibGrant *grant, const char *remote_id, bool is_hidden)
{
    if (!hib_youtube_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "this is nothing of YouTube");
    const char *query = hib_net_form(net->arena, "id", remote_id, "moderationStatus",
                                     is_hidden ? "heldForReview" : "published", NULL);
    const HibNetRequest request = {
        .kind = HIB_CALL_REMOVE,
        .method = "POST",
        .url = hib_arena_printf(net->arena, "%s/youtube/v3/comments/setModerationStatus?%s",
                                hib_youtube_base(net, grant->service), query),
        .bearer = grant->access};
    return hib_net_call(net, &request, hib_youtube_read, NULL, NULL);
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    return *handle == '@'
               ? hib_arena_printf(arena, "https://www.youtube.com/%s", handle)
               : hib_arena_printf(arena, "https://www.youtube.com/channel/%s", remote_id);
}

const HibNetwork hib_youtube = {
    .name = "youtube",
    .title = HIB_YOUTUBE_TITLE,
    .auth = HIB_NET_AUTH_OAUTH,
    .can_remove = true,
    .can_reply = true,
    .find_shows = true,
    .limits = limits,
    .authorize_url = hib_youtube_authorize_url,
    .exchange = hib_youtube_exchange,
    .refresh = hib_youtube_refresh,
    .new_handle = new_handle,
    .next_step = hib_youtube_next_step,
    .run_step = run_step,
    .find = find,
    .remove = take_back,
    .hide = hide,
    .edit = hib_youtube_edit,
    .check = hib_youtube_check,
    .max_read = 50,
    .read_posts = hib_youtube_read_posts,
    .read_account = hib_youtube_read_account,
    .read_talk = hib_youtube_read_talk,
    .hook = hib_youtube_hook,
    .profile_url = profile_url,
};
