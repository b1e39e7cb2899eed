/* The Bluesky connector: the steps of a post's life on the account's own server. See bluesky.h for the idea that makes a repeat
 * harmless, bluesky_answer.c for what answers mean. */
#include "networks/bluesky.h"
#include "networks/bluesky_limits.h"
#include "networks/bluesky_private.h"
#include "text/count.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &bluesky_limits;
}

static HibNetCount
count(const char *text)
{
    HibNetCount out = {.graphemes = (int)MIN(hib_text_graphemes(text), (size_t)INT32_MAX),
                       .bytes = (int)MIN(strlen(text), (size_t)INT32_MAX)};
    out.is_over =
        out.graphemes > bluesky_limits.max_graphemes || out.bytes > bluesky_limits.max_bytes;
    return out;
}

static const char *
new_handle(const HibNetContext *net)
{
    char *out = hib_arena_take(net->arena, HIB_TID_TEXT);
    hib_tid_fill(out, hib_clock_now(net->clock));
    return out;
}

static HibNetResult
upload(const HibNetContext *net, const HibGrant *grant, const HibNetImage *image,
       const char **ret_ref)
{
    const BlueskyRequest request = {.kind = BLUESKY_UPLOAD,
                                    .method = "com.atproto.repo.uploadBlob",
                                    .token = grant->access,
                                    .content_type = image->mime,
                                    .body = image->data,
                                    .n_body = image->n};
    HibJson in;
    HibJson blob = {0};
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_object(in, "blob", &blob, NULL))
        return hib_bluesky_nonsense(said, BLUESKY_UPLOAD,
                                    "the server did not say where the picture is");
    *ret_ref = hib_json_print(net->arena, cJSON_Duplicate(blob.value, true));
    return said;
}

static HibNetPublished
place(const HibNetContext *net, const HibGrant *grant, const char *rkey)
{
    return (HibNetPublished){
        .remote_id =
            hib_arena_printf(net->arena, "at://%s/" BLUESKY_POSTS "/%s", grant->remote_id, rkey),
        .url = hib_arena_printf(net->arena, "https://bsky.app/profile/%s/post/%s", grant->handle,
                                rkey),
    };
}

static HibNetResult
publish(const HibNetContext *net, const HibGrant *grant, const char *handle, const HibNetPost *post,
        const char *const *image_refs, HibNetPublished *ret)
{
    const char *body = NULL;
    HibNetResult said = hib_bluesky_record_body(net, grant, handle, post, image_refs, &body);
    if (said.class != HIB_NET_OK)
        return said;
    const BlueskyRequest request = {.kind = BLUESKY_PUBLISH,
                                    .method = "com.atproto.repo.putRecord",
                                    .token = grant->access,
                                    .content_type = "application/json",
                                    .body = body,
                                    .n_body = strlen(body)};
    HibJson in;
    const char *uri = NULL;
    said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const HibNetPublished out = place(net, grant, handle);
    if (!hib_json_text(in, "uri", &uri, NULL) || strcmp(uri, out.remote_id) != 0)
        return hib_bluesky_nonsense(said, BLUESKY_PUBLISH,
                                    "the server did not confirm the post under its key");
    *ret = out;
    return said;
}

/* The key is ours alone: a record under it is this post. */
static HibNetResult
find(const HibNetContext *net, const HibGrant *grant, const char *handle, const HibNetPost *post,
     bool *ret_found, HibNetPublished *ret)
{
    bool has = false;
    *ret_found = false;
    HibNetResult said = hib_bluesky_has_record(net, grant, handle, &has);
    if (said.class != HIB_NET_OK)
        return said;
    *ret_found = has;
    if (has)
        *ret = place(net, grant, handle);
    return said;
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    const char *rkey = hib_bluesky_rkey(grant, remote_id);
    if (!rkey)
        return (HibNetResult){.class = HIB_NET_FATAL,
                              .code = "NotOurPost",
                              .message = "the post is not one of this account",
                              .remaining = -1};
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "repo", grant->remote_id);
    cJSON_AddStringToObject(body, "collection", BLUESKY_POSTS);
    cJSON_AddStringToObject(body, "rkey", rkey);
    const char *text = hib_json_print(net->arena, body);
    const BlueskyRequest request = {.kind = BLUESKY_REMOVE,
                                    .method = "com.atproto.repo.deleteRecord",
                                    .token = grant->access,
                                    .content_type = "application/json",
                                    .body = text,
                                    .n_body = strlen(text)};
    HibJson in;
    return hib_bluesky_call(net, grant->service, &request, &in);
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    return hib_arena_printf(arena, "https://bsky.app/profile/%s", *handle ? handle : remote_id);
}

const HibNetwork hib_bluesky = {
    .name = "bluesky",
    .title = HIB_BLUESKY_TITLE,
    .limits = limits,
    .count = count,
    .connect = hib_bluesky_connect,
    .refresh = hib_bluesky_refresh,
    .new_handle = new_handle,
    .upload = upload,
    .publish = publish,
    .find = find,
    .remove = take_back,
    .read_posts = hib_bluesky_read_posts,
    .read_account = hib_bluesky_read_account,
    .profile_url = profile_url,
};
