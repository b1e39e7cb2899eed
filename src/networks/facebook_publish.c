/* Publishing to a page. Photos and videos are uploaded unpublished, then one call makes them public: the post with its photos, or the
 * "finish" of a video. A video's id is known before that and says afterwards what became of it.
 *
 * Progress: {"photos": ids, "video": id, "where": upload address, "session": of a long video, "from"/"to": the piece asked for next,
 * "uploaded": true, "finished": true, "asked": how often}. */
#include "networks/facebook_private.h"

#include <string.h>

typedef HibNetResult (*StepRun)(const HibNetContext *, const HibGrant *, HibNetSending *, cJSON *);

bool
hib_facebook_is_video(const HibNetPost *post)
{
    return post->n_media == 1 && post->media[0].kind == HIB_NET_VIDEO;
}

static bool
is_one_call(const HibNetPost *post)
{
    return post->format == HIB_FORMAT_MESSAGE || post->reply_to;
}

/* Reels and stories go to the upload server in one go, long videos in pieces to the Graph. */
static bool
is_short(const HibNetPost *post)
{
    return post->format == HIB_FORMAT_REEL || post->format == HIB_FORMAT_STORY;
}

static int
n_photos(const cJSON *progress)
{
    return cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(progress, "photos"));
}

static HibNetStep
prepare(const char *name, int at, int of)
{
    return (HibNetStep){HIB_NET_STEP_PREPARE, name, at, of};
}

HibNetStep
hib_facebook_next_step(const HibNetSending *sending)
{
    const HibNetPost *post = sending->post;
    const HibNetStep publish = {HIB_NET_STEP_EFFECT, "publish", 0, 0};
    if (is_one_call(post))
        return publish;
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    int done = n_photos(progress), of = (int)post->n_media;
    if (!hib_facebook_is_video(post))
        return done < of ? prepare("upload", done + 1, of) : publish;
    if (cJSON_HasObjectItem(progress, "finished"))
        return (HibNetStep){HIB_NET_STEP_CONFIRM, "confirm", 0, 0};
    if (!cJSON_HasObjectItem(progress, "video"))
        return prepare("start", 0, 0);
    return cJSON_HasObjectItem(progress, "uploaded") ? publish : prepare("upload", 0, 0);
}

static HibNetResult
post_form(const HibNetContext *net, const HibGrant *grant, HibNetCallKind kind, const char *url,
          const char *form, HibJson *ret, const char **ret_body)
{
    const HibMetaCall call = {
        .kind = kind, .method = "POST", .url = url, .token = grant->access, .form = form};
    return hib_meta_call_text(net, &call, ret, ret_body);
}

/* --- photos ------------------------------------------------------------------------------------------------------------------------------------ */
static HibNetResult
upload_photo(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
             cJSON *progress)
{
    const HibNetMedia *media = &sending->post->media[n_photos(progress)];
    const char *const pairs[] = {"published", "false",
                                 media->alt && *media->alt ? "alt_text_custom" : NULL, media->alt,
                                 NULL};
    HibNetMultipart body;
    hib_net_multipart(net->arena, pairs, "source", "photo", media, 0, media->bytes, &body);
    const HibNetRequest request = {.kind = HIB_CALL_PREPARE,
                                   .method = "POST",
                                   .url = hib_facebook_edge(net, grant, "photos"),
                                   .bearer = grant->access,
                                   .content_type = body.content_type,
                                   .parts = body.parts,
                                   .n_parts = body.n_parts,
                                   .total_ms = 120000};
    HibHttpReply reply;
    HibJson in;
    HibNetResult said = hib_net_call(net, &request, hib_meta_read, &reply, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *id = hib_meta_id(in, "id", hib_meta_or_empty(reply.body));
    if (!id)
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "the network did not name the photo");
    cJSON *photos = cJSON_GetObjectItemCaseSensitive(progress, "photos");
    if (!photos)
        photos = cJSON_AddArrayToObject(progress, "photos");
    cJSON_AddItemToArray(photos, cJSON_CreateString(id));
    return said;
}

/* --- videos -------------------------------------------------------------------------------------------------------------------------------------- */
static const char *
video_edge(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post)
{
    if (post->format == HIB_FORMAT_REEL)
        return hib_facebook_edge(net, grant, "video_reels");
    if (post->format == HIB_FORMAT_STORY)
        return hib_facebook_edge(net, grant, "video_stories");
    const char *host = hib_facebook_host(net, grant);
    if (g_str_has_prefix(host, "https://graph.facebook.com"))
        host = hib_arena_printf(net->arena, "https://graph-video.facebook.com%s",
                                host + strlen("https://graph.facebook.com"));
    return hib_arena_printf(net->arena, "%s/%s/videos", host, grant->remote_id);
}

static void
put_int(cJSON *progress, const char *key, int64_t value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(progress, key);
    cJSON_AddNumberToObject(progress, key, (double)value);
}

static int64_t
get_int(const cJSON *progress, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(progress, key);
    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

/* Facebook says which piece it wants next; none means that it has them all. */
static void
take_offsets(HibJson in, int64_t bytes, cJSON *progress)
{
    int64_t from = hib_meta_int(in, "start_offset", -1), to = hib_meta_int(in, "end_offset", -1);
    if (from < 0 || to < from || to > bytes)
        return;
    put_int(progress, "from", from);
    put_int(progress, "to", to);
    if (from == to || from >= bytes)
        hib_meta_put(progress, "uploaded", "yes");
}

static HibNetResult
start(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, cJSON *progress)
{
    const HibNetPost *post = sending->post;
    const HibNetMedia *media = &post->media[0];
    const char *size = hib_arena_printf(net->arena, "%" G_GINT64_FORMAT, media->bytes), *body;
    HibJson in;
    HibNetResult said = post_form(net, grant, HIB_CALL_PREPARE, video_edge(net, grant, post),
                                  hib_net_form(net->arena, "upload_phase", "start", "file_size",
                                               is_short(post) ? NULL : size, NULL),
                                  &in, &body);
    if (said.class != HIB_NET_OK)
        return said;
    const char *video = hib_meta_id(in, "video_id", body);
    const char *session = hib_meta_id(in, "upload_session_id", body);
    const char *where = hib_meta_text(in, "upload_url");
    if (!video || (is_short(post) ? !where : !session))
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "the network began no upload");
    hib_meta_put(progress, "video", video);
    hib_meta_put(progress, "session", session);
    hib_meta_put(progress, "where", where);
    if (!is_short(post))
        take_offsets(in, media->bytes, progress);
    return said;
}

static HibNetResult
upload_short(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
             cJSON *progress)
{
    const HibNetMedia *media = &sending->post->media[0];
    const HibMetaCall ask = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .url = hib_arena_printf(net->arena, "%s/%s", hib_facebook_host(net, grant),
                                hib_net_progress_get(net->arena, progress, "video")),
        .token = grant->access,
        .form = "fields=status"};
    int64_t from = 0;
    HibJson in;
    if (hib_meta_call(net, &ask, &in).class ==
        HIB_NET_OK) /* what arrived before a cut; their spelling */
        from = hib_meta_int(in, "status.uploading_phase.bytes_transfered",
                            hib_meta_int(in, "status.uploading_phase.bytes_transferred", 0));
    HibNetResult said =
        from >= media->bytes
            ? hib_meta_ok()
            : hib_meta_upload(net, grant, hib_net_progress_get(net->arena, progress, "where"),
                              media, MAX(from, 0));
    if (said.class == HIB_NET_OK)
        hib_meta_put(progress, "uploaded", "yes");
    return said;
}

/* One piece, as long as Facebook asked for. */
static HibNetResult
upload_piece(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
             cJSON *progress)
{
    const HibNetMedia *media = &sending->post->media[0];
    int64_t from = get_int(progress, "from"), to = get_int(progress, "to");
    const char *const pairs[] = {
        "upload_phase",
        "transfer",
        "upload_session_id",
        hib_meta_or_empty(hib_net_progress_get(net->arena, progress, "session")),
        "start_offset",
        hib_arena_printf(net->arena, "%" G_GINT64_FORMAT, from),
        NULL};
    HibNetMultipart body;
    if (from < 0 || to <= from || to > media->bytes)
        return hib_net_say(HIB_NET_NEW_HANDLE, "BadOffsets", "the network asked for no piece");
    hib_net_multipart(net->arena, pairs, "video_file_chunk", "video", media, from, to - from,
                      &body);
    const HibNetRequest request = {.kind = HIB_CALL_PREPARE,
                                   .method = "POST",
                                   .url = video_edge(net, grant, sending->post),
                                   .bearer = grant->access,
                                   .content_type = body.content_type,
                                   .parts = body.parts,
                                   .n_parts = body.n_parts,
                                   .total_ms = (int)MIN(60000 + (to - from) / 256, 1500000)};
    HibJson in;
    HibNetResult said = hib_net_call(net, &request, hib_meta_read, NULL, &in);
    HibJson moved = hib_meta_get(in, "error.error_data");
    if (said.class == HIB_NET_OK) {
        take_offsets(in, media->bytes, progress);
        if (get_int(progress, "from") == from && !cJSON_HasObjectItem(progress, "uploaded"))
            return hib_net_nonsense(said, HIB_CALL_PREPARE, "the upload does not go on");
    } else if (hib_meta_int(moved, "start_offset", -1) > from) { /* it had that piece already */
        take_offsets(moved, media->bytes, progress);
        return hib_meta_ok();
    }
    return said;
}

static HibNetResult
finish(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, cJSON *progress)
{
    const HibNetPost *post = sending->post;
    const char *video = hib_net_progress_get(net->arena, progress, "video"), *body;
    bool is_reel = post->format == HIB_FORMAT_REEL, has_words = post->format != HIB_FORMAT_STORY;
    HibJson in;
    HibNetResult said = post_form(
        net, grant, HIB_CALL_EFFECT, video_edge(net, grant, post),
        hib_net_form(net->arena, "upload_phase", "finish", "video_id",
                     is_short(post) ? video : NULL, "upload_session_id",
                     is_short(post) ? NULL : hib_net_progress_get(net->arena, progress, "session"),
                     "video_state", is_reel ? "PUBLISHED" : NULL, "title",
                     has_words && post->title && *post->title ? post->title : NULL, "description",
                     has_words && *post->text ? post->text : NULL, "sponsor_id",
                     !is_short(post) && post->disclosure.is_advertising
                         ? hib_meta_option(net->arena, post, "sponsor_page")
                         : NULL,
                     NULL),
        &in, &body);
    /* A second "finish" of a video that is being published is refused: then it is asked what it does. */
    if ((said.class == HIB_NET_FIX_CONTENT || said.class == HIB_NET_FATAL) &&
        hib_meta_was_tried(sending))
        said.class = HIB_NET_RECONCILE;
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_meta_int(in, "success", 1))
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the network did not take the video");
    hib_meta_put(progress, "finished", "yes");
    sending->published = (HibNetPublished){.remote_id = video, .url = ""};
    return said;
}

static HibNetResult
confirm(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, cJSON *progress)
{
    bool is_accepted;
    HibNetResult said = hib_facebook_ask_video(
        net, grant, hib_net_progress_get(net->arena, progress, "video"), sending, &is_accepted);
    sending->is_done = said.class == HIB_NET_OK;
    if (said.class == HIB_NET_FATAL) /* the question failed, not the video: it may be out */
        said.class = HIB_NET_RECONCILE;
    if (said.class == HIB_NET_WAIT_ASYNC)
        said.retry_at = hib_meta_ask_again(net, hib_meta_count_ask(progress));
    return said;
}

/* --- the call that is seen ---------------------------------------------------------------------------------------------------------------------- */
static void
published(const HibNetContext *net, HibNetSending *sending, const char *id)
{
    sending->published = (HibNetPublished){
        .remote_id = id,
        .url = sending->post->format == HIB_FORMAT_STORY
                   ? ""
                   : hib_arena_printf(net->arena, "https://www.facebook.com/%s", id)};
    sending->is_done = true;
}

static HibNetResult
publish_feed(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
             cJSON *progress)
{
    const HibNetPost *post = sending->post;
    const char *body;
    const cJSON *photos = cJSON_GetObjectItemCaseSensitive(progress, "photos");
    g_autoptr(GString) form = g_string_new(hib_net_form(
        net->arena, "message", *post->text ? post->text : NULL, "link",
        hib_meta_option(net->arena, post, "link"), "sponsor_id",
        post->disclosure.is_advertising ? hib_meta_option(net->arena, post, "sponsor_page") : NULL,
        NULL));
    int i = 0;
    for (const cJSON *id = photos ? photos->child : NULL; id; id = id->next, i++)
        g_string_append_printf(
            form, "%sattached_media%%5B%d%%5D=%s", form->len ? "&" : "", i,
            hib_url_escape(net->arena, hib_arena_printf(net->arena, "{\"media_fbid\":\"%s\"}",
                                                        hib_meta_or_empty(id->valuestring))));
    HibJson in;
    HibNetResult said = post_form(net, grant, HIB_CALL_EFFECT,
                                  hib_facebook_edge(net, grant, "feed"), form->str, &in, &body);
    if (said.class != HIB_NET_OK)
        return hib_meta_twin(said, sending);
    const char *id = hib_meta_id(in, "id", body);
    if (!id)
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the network did not name the post");
    published(net, sending, id);
    return said;
}

static HibNetResult
publish_photo_story(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                    cJSON *progress)
{
    const cJSON *photo =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(progress, "photos"), 0);
    const char *body;
    HibJson in;
    HibNetResult said = post_form(
        net, grant, HIB_CALL_EFFECT, hib_facebook_edge(net, grant, "photo_stories"),
        hib_net_form(net->arena, "photo_id", cJSON_IsString(photo) ? photo->valuestring : "", NULL),
        &in, &body);
    if (said.class != HIB_NET_OK)
        return said;
    const char *id = hib_meta_id(in, "post_id", body);
    if (!id)
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the network did not name the story");
    published(net, sending, id);
    return said;
}

static HibNetResult
publish_comment(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                cJSON *progress)
{
    const HibNetPost *post = sending->post;
    const char *body;
    HibJson in;
    (void)progress;
    HibNetResult said =
        post_form(net, grant, HIB_CALL_EFFECT,
                  hib_arena_printf(net->arena, "%s/%s/comments", hib_facebook_host(net, grant),
                                   hib_url_escape(net->arena, post->reply_to)),
                  hib_net_form(net->arena, "message", post->text, NULL), &in, &body);
    if (said.class != HIB_NET_OK)
        return hib_meta_twin(said, sending);
    const char *id = hib_meta_id(in, "id", body);
    if (!id)
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the network did not name the comment");
    published(net, sending, id);
    return said;
}

static HibNetResult
publish_message(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                cJSON *progress)
{
    (void)progress;
    return hib_meta_send_message(net, grant, hib_facebook_edge(net, grant, "messages"), sending);
}

static StepRun
run_of(const HibNetPost *post, const char *step)
{
    bool is_video = hib_facebook_is_video(post);
    if (!strcmp(step, "start"))
        return start;
    if (!strcmp(step, "upload"))
        return !is_video ? upload_photo : is_short(post) ? upload_short : upload_piece;
    if (!strcmp(step, "confirm"))
        return confirm;
    if (post->format == HIB_FORMAT_MESSAGE)
        return publish_message;
    if (post->reply_to)
        return publish_comment;
    if (is_video)
        return finish;
    return post->format == HIB_FORMAT_STORY ? publish_photo_story : publish_feed;
}

HibNetResult
hib_facebook_run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    StepRun run = run_of(sending->post, hib_facebook_next_step(sending).name);
    HibNetResult said = run(net, grant, sending, progress);
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}
