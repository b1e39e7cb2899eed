/* The Bluesky connector: the steps of a post's life on the account's own server. See bluesky.h for the idea that makes a repeat
 * harmless, bluesky_answer.c for what answers mean. */
#include "networks/bluesky.h"
#include "networks/bluesky_limits.h"
#include "networks/bluesky_private.h"
#include "networks/call.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &bluesky_limits;
}

static const char *
new_handle(const HibNetContext *net)
{
    char *out = hib_arena_take(net->arena, HIB_TID_TEXT);
    hib_tid_fill(out, hib_clock_now(net->clock));
    return out;
}

/* --- publishing: what it answers, media one by one, then the record under its key ------------------------------------------
 * Progress: {"reply": {root, parent}, "media": [blob, … or {"job": id} while a video is made playable]}. */
static HibNetStep
next_step(const HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const cJSON *media = cJSON_GetObjectItemCaseSensitive(progress, "media");
    int done = cJSON_GetArraySize(media), of = (int)sending->post->n_media;
    if (sending->post->reply_to && !cJSON_HasObjectItem(progress, "reply"))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "parent", 0, 0};
    if (done && cJSON_HasObjectItem(cJSON_GetArrayItem(media, done - 1), "job"))
        return (HibNetStep){HIB_NET_STEP_PREPARE, "process", done, of};
    return done < of ? (HibNetStep){HIB_NET_STEP_PREPARE, "upload", done + 1, of}
                     : (HibNetStep){HIB_NET_STEP_EFFECT, "publish", 0, 0};
}

HibNetResult
hib_bluesky_upload_blob(const HibNetContext *net, const HibGrant *grant, const HibNetMedia *media,
                        cJSON **ret_blob)
{
    const HibHttpPart content = hib_net_piece(net->arena, media, 0, media->bytes);
    const BlueskyRequest request = {.kind = HIB_CALL_PREPARE,
                                    .method = "com.atproto.repo.uploadBlob",
                                    .token = grant->access,
                                    .content_type = media->mime,
                                    .content = &content};
    HibJson in;
    HibJson blob = {0};
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_object(in, "blob", &blob, NULL))
        return hib_net_nonsense(said, HIB_CALL_PREPARE,
                                "the server did not say where the picture is");
    *ret_blob = cJSON_Duplicate(blob.value, true);
    return said;
}

static HibNetResult
upload(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(progress, "media");
    if (!cJSON_IsArray(list)) {
        cJSON_DeleteItemFromObjectCaseSensitive(progress, "media");
        list = cJSON_AddArrayToObject(progress, "media");
    }
    const HibNetMedia *media = &sending->post->media[cJSON_GetArraySize(list)];
    cJSON *entry = NULL;
    HibNetResult said = media->kind == HIB_NET_VIDEO
                            ? hib_bluesky_upload_video(net, grant, media, &entry)
                            : hib_bluesky_upload_blob(net, grant, media, &entry);
    if (!entry)
        return said;
    cJSON_AddItemToArray(list, entry);
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

static HibNetResult
process(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(progress, "media");
    int last = cJSON_GetArraySize(list) - 1;
    const char *job = hib_net_progress_get(net->arena, cJSON_GetArrayItem(list, last), "job");
    cJSON *blob = NULL;
    HibNetResult said = hib_bluesky_ask_video(net, grant, job ? job : "", &blob);
    if (!blob)
        return said;
    cJSON_ReplaceItemInArray(list, last, blob);
    sending->progress = hib_net_progress_text(net->arena, progress);
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
publish(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const char *body = NULL;
    HibNetResult said = hib_bluesky_record_body(net, grant, sending, &body);
    if (said.class != HIB_NET_OK)
        return said;
    const BlueskyRequest request = {.kind = HIB_CALL_EFFECT,
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
    const HibNetPublished out = place(net, grant, sending->handle);
    if (!hib_json_text(in, "uri", &uri, NULL) || strcmp(uri, out.remote_id) != 0)
        return hib_net_nonsense(said, HIB_CALL_EFFECT,
                                "the server did not confirm the post under its key");
    sending->published = out;
    sending->is_done = true;
    return said;
}

static HibNetResult
run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    static const struct {
        const char *name;
        HibNetResult (*run)(const HibNetContext *net, const HibGrant *grant,
                            HibNetSending *sending);
    } steps[] = {{"parent", hib_bluesky_parent}, {"upload", upload}, {"process", process}};
    const char *name = next_step(sending).name;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (g_str_equal(steps[i].name, name))
            return steps[i].run(net, grant, sending);
    return publish(net, grant, sending);
}

/* The key is ours alone: a record under it is this post. */
static HibNetResult
find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    HibNetResult said = hib_bluesky_has_record(net, grant, sending->handle, ret_found, NULL);
    if (said.class == HIB_NET_OK && *ret_found)
        sending->published = place(net, grant, sending->handle);
    return said;
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    const char *rkey = hib_bluesky_rkey(grant, remote_id);
    if (!rkey)
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "the post is not one of this account");
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "repo", grant->remote_id);
    cJSON_AddStringToObject(body, "collection", BLUESKY_POSTS);
    cJSON_AddStringToObject(body, "rkey", rkey);
    const char *text = hib_json_print(net->arena, body);
    const BlueskyRequest request = {.kind = HIB_CALL_REMOVE,
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
    .auth = HIB_NET_AUTH_PASSWORD,
    .has_service = true,
    .can_remove = true,
    .can_reply = true,
    .limits = limits,
    .connect = hib_bluesky_connect,
    .refresh = hib_bluesky_refresh,
    .new_handle = new_handle,
    .next_step = next_step,
    .run_step = run_step,
    .find = find,
    .remove = take_back,
    .max_read = 25,
    .read_posts = hib_bluesky_read_posts,
    .read_account = hib_bluesky_read_account,
    .read_talk = hib_bluesky_read_talk,
    .read_content = hib_bluesky_read_content,
    .profile_url = profile_url,
};
