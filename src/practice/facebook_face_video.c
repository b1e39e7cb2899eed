/* Facebook's face: videos, reels and video stories. "start" gives an id, the bytes come (in pieces to the Graph, or in one go to the upload
 * server), "finish" publishes; then the video says itself how far it is. */
#include "practice/facebook_face_private.h"
#include <inttypes.h>
#include <string.h>

#define PIECE (1024 * 1024)
#define LENGTH (20 * HIB_SECOND) /* nothing is decoded */

static bool
is_edge(const cJSON *video, const char *edge)
{
    return g_strcmp0(hib_meta_face_text(video, "edge"), edge) == 0;
}

static const char *
edge_of(HibPracticeCall *call)
{
    return strrchr(call->path, '/') + 1;
}

static void
refuse(HibPracticeCall *call, int subcode, const char *message)
{
    hib_meta_face_error(call, &(MetaError){.code = 100,
                                           .subcode = subcode,
                                           .message = message,
                                           .title = "Video Upload Error",
                                           .user_message = message});
}

/* --- start, pieces ------------------------------------------------------------------------------------------------------------------------ */
static void
add_offsets(HibPracticeCall *call, cJSON *out, const cJSON *video)
{
    int64_t from = hib_meta_face_int(video, "received"), size = hib_meta_face_int(video, "size");
    int64_t to = MIN(from + PIECE, size);
    cJSON_AddStringToObject(out, "start_offset", hib_arena_printf(call->arena, "%" PRId64, from));
    cJSON_AddStringToObject(out, "end_offset", hib_arena_printf(call->arena, "%" PRId64, to));
}

static void
start(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *edge = edge_of(call), *size = hib_practice_field(call, "file_size");
    bool is_in_pieces = g_str_equal(edge, "videos");
    if (is_in_pieces && (!size || g_ascii_strtoll(size, NULL, 10) <= 0)) {
        hib_meta_face_invalid(call, "The parameter file_size is required");
        return;
    }
    const char *id = hib_practice_id(call);
    cJSON *video = cJSON_CreateObject(), *out = cJSON_CreateObject();
    cJSON_AddStringToObject(video, "account", account->id);
    cJSON_AddStringToObject(video, "edge", edge);
    hib_meta_face_set_int(video, "made_at", hib_practice_now(call->face));
    cJSON_AddStringToObject(out, "video_id", id);
    if (is_in_pieces) {
        const char *session = hib_practice_id(call);
        cJSON *by_session = cJSON_CreateObject();
        hib_meta_face_set_int(video, "size", g_ascii_strtoll(size, NULL, 10));
        cJSON_AddStringToObject(by_session, "video", id);
        hib_meta_face_keep(call->face, "session", session, by_session);
        cJSON_AddStringToObject(out, "upload_session_id", session);
        add_offsets(call, out, video);
    } else {
        hib_meta_face_set_int(video, "resumable", 1);
        cJSON_AddStringToObject(out, "upload_url",
                                hib_arena_printf(call->arena, "%s/video-upload/%s/%s",
                                                 hib_practice_url(call->face),
                                                 hib_practice_param(call, "version"), id));
    }
    hib_meta_face_keep(call->face, "video", id, video);
    hib_practice_json(call, 200, out);
}

/* The video of this call by its session or its id; NULL after refusing. */
static cJSON *
find_video(HibPracticeCall *call, const HibPracticeAccount *account, const char **ret_id)
{
    const char *session = hib_practice_field(call, "upload_session_id");
    *ret_id = session
                  ? hib_meta_face_text(hib_meta_face_kept(call->face, "session", session), "video")
                  : hib_practice_field(call, "video_id");
    cJSON *video = *ret_id ? hib_meta_face_kept(call->face, "video", *ret_id) : NULL;
    if (video && is_edge(video, edge_of(call)) &&
        g_str_equal(hib_meta_face_text(video, "account"), account->id))
        return video;
    refuse(call, 1363019, "There was a problem uploading your video file. Please try again.");
    return NULL;
}

static void
be_uploaded(HibPracticeCall *call, cJSON *video)
{
    bool fails;
    hib_meta_face_set_int(video, "uploaded", 1);
    hib_meta_face_set_int(video, "ready_at", hib_practice_ready_at(call, META_PROCESSING, &fails));
    hib_meta_face_set_int(video, "fails", fails);
}

/* A piece that begins elsewhere than where the last ended: the error says where. */
static void
refuse_offset(HibPracticeCall *call, const cJSON *video)
{
    cJSON *out = cJSON_CreateObject(), *error = cJSON_AddObjectToObject(out, "error");
    cJSON_AddStringToObject(error, "message", "Invalid parameter");
    cJSON_AddStringToObject(error, "type", "OAuthException");
    cJSON_AddNumberToObject(error, "code", 100);
    cJSON_AddNumberToObject(error, "error_subcode", 1363037);
    cJSON_AddBoolToObject(error, "is_transient", false);
    add_offsets(call, cJSON_AddObjectToObject(error, "error_data"), video);
    cJSON_AddStringToObject(error, "fbtrace_id",
                            hib_arena_printf(call->arena, "A%s", hib_practice_id(call)));
    hib_practice_json(call, 400, out);
}

static void
transfer(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const HibPracticePart *chunk = hib_practice_part(call, "video_file_chunk");
    const char *offset = hib_practice_field(call, "start_offset"), *id;
    cJSON *video = find_video(call, account, &id);
    if (!video)
        return;
    int64_t received = hib_meta_face_int(video, "received"),
            size = hib_meta_face_int(video, "size");
    if (!offset || g_ascii_strtoll(offset, NULL, 10) != received) {
        refuse_offset(call, video);
        return;
    }
    if (!chunk || chunk->size == 0 || received + chunk->size > size) {
        refuse(call, 1363030, "Your video upload failed: the piece is empty or too long.");
        return;
    }
    hib_meta_face_set_int(video, "received", received + chunk->size);
    if (received == 0)
        hib_meta_face_set(video, "sha256", chunk->sha256);
    if (received + chunk->size == size)
        be_uploaded(call, video);
    hib_meta_face_keep(call->face, "video", id, video);
    cJSON *out = cJSON_CreateObject();
    add_offsets(call, out, video);
    hib_practice_json(call, 200, out);
}

/* --- finish ------------------------------------------------------------------------------------------------------------------------------------ */
/* The post comes out when the video is processed; one that fails never does. */
static const char *
publish(HibPracticeCall *call, const HibPracticeAccount *account, const char *id, cJSON *video)
{
    const char *words = hib_practice_field(call, "description"),
               *sum = hib_meta_face_text(video, "sha256");
    const char *number = hib_practice_id(call);
    bool is_story = is_edge(video, "video_stories"), fails;
    HibInstant ready =
        MAX(hib_practice_ready_at(call, 0, &fails), hib_meta_face_int(video, "ready_at"));
    hib_meta_face_set_int(video, "finished", 1);
    hib_meta_face_set_int(video, "ready_at", ready);
    hib_meta_face_set_int(video, "fails", fails || hib_meta_face_int(video, "fails"));
    hib_meta_face_set(video, "title", hib_practice_field(call, "title"));
    hib_meta_face_set(video, "number", number);
    if (!hib_meta_face_int(video, "fails")) {
        cJSON *extra = cJSON_CreateObject();
        cJSON_AddStringToObject(extra, "video", id);
        const HibPracticePost post = {
            .id = hib_arena_printf(call->arena, "%s_%s", account->id, number),
            .account = account->id,
            .kind = is_story                        ? "story"
                    : is_edge(video, "video_reels") ? "reel"
                                                    : "video",
            .text = is_story ? sum : words, /* a story shows no words */
            .media = sum,
            .extra = hib_json_print(call->arena, extra),
            .at = ready,
            .n_images = 1,
            .length = LENGTH};
        hib_meta_face_set(video, "post", hib_practice_post_add(call->face, &post)->id);
    }
    hib_meta_face_keep(call->face, "video", id, video);
    return number;
}

static void
finish(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *id, *state = hib_practice_field(call, "video_state");
    cJSON *video = find_video(call, account, &id), *out;
    if (!video)
        return;
    bool is_reel = is_edge(video, "video_reels");
    if (hib_meta_face_int(video, "finished")) {
        refuse(call, 1363019, "This video was published already.");
        return;
    }
    if (!hib_meta_face_int(video, "uploaded")) {
        refuse(call, 1363030, "Your video upload is not complete.");
        return;
    }
    if (is_reel && g_strcmp0(state, "PUBLISHED") != 0) {
        hib_meta_face_invalid(call, "Param video_state must be PUBLISHED here");
        return;
    }
    if (is_reel && !hib_practice_take(call, HIB_REFUSE_QUOTA,
                                      hib_arena_printf(call->arena, "reels %s", account->id),
                                      FACEBOOK_REELS_A_DAY, HIB_DAY, 1))
        return;
    const char *number = publish(call, account, id, video);
    out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "success", true);
    if (is_edge(video, "video_stories"))
        cJSON_AddStringToObject(out, "post_id", number);
    hib_practice_json(call, 200, out);
}

/* file_url: fetched and published in one call. */
static void
by_address(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *url = hib_practice_field(call, "file_url"), *mime, *id = hib_practice_id(call);
    if (!g_str_equal(edge_of(call), "videos") || !url) {
        hib_meta_face_invalid(call, "The parameter upload_phase is required");
        return;
    }
    if (!hib_meta_face_fetch(call, url, &mime)) {
        hib_meta_face_error(call, &(MetaError){.code = 389,
                                               .message = "(#389) Unable to fetch video file from "
                                                          "URL."});
        return;
    }
    cJSON *video = cJSON_CreateObject();
    cJSON_AddStringToObject(video, "account", account->id);
    cJSON_AddStringToObject(video, "edge", "videos");
    cJSON_AddStringToObject(video, "sha256", url);
    be_uploaded(call, video);
    hib_meta_face_keep(call->face, "video", id, video);
    publish(call, account, id, video);
    hib_meta_face_id(call, id);
}

void
hib_facebook_face_video(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, FACEBOOK_POSTS);
    const char *phase = hib_practice_field(call, "upload_phase");
    if (!account)
        return;
    if (!phase)
        by_address(call, account);
    else if (g_str_equal(phase, "start"))
        start(call, account);
    else if (g_str_equal(phase, "transfer") && g_str_equal(edge_of(call), "videos"))
        transfer(call, account);
    else if (g_str_equal(phase, "finish"))
        finish(call, account);
    else
        hib_meta_face_invalid(call, "Param upload_phase must be one of {start, transfer, finish}");
}

/* --- how far it is -------------------------------------------------------------------------------------------------------------------------------- */
static cJSON *
status_json(HibPracticeCall *call, const cJSON *video)
{
    bool is_up = hib_meta_face_int(video, "uploaded") != 0,
         is_finished = hib_meta_face_int(video, "finished") != 0;
    bool is_processed =
        is_finished && hib_practice_now(call->face) >= hib_meta_face_int(video, "ready_at");
    bool fails = is_processed && hib_meta_face_int(video, "fails");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "video_status",
                            fails          ? "error"
                            : is_processed ? "ready"
                            : is_finished  ? "processing"
                            : is_up        ? "upload_complete"
                                           : "uploading");
    cJSON *phase = cJSON_AddObjectToObject(out, "uploading_phase");
    cJSON_AddStringToObject(phase, "status", is_up ? "complete" : "in_progress");
    hib_meta_face_add_int(phase, "bytes_transfered", hib_meta_face_int(video, "received"));
    phase = cJSON_AddObjectToObject(out, "processing_phase");
    cJSON_AddStringToObject(phase, "status",
                            fails          ? "error"
                            : is_processed ? "complete"
                            : is_finished  ? "in_progress"
                                           : "not_started");
    if (fails)
        cJSON_AddItemToObject(phase, "errors",
                              cJSON_Parse("[{\"code\":1363008,\"message\":\"Resolution too low. "
                                          "Video must have a minimum resolution of 540p.\"}]"));
    phase = cJSON_AddObjectToObject(out, "publishing_phase");
    cJSON_AddStringToObject(phase, "status", is_processed && !fails ? "complete" : "not_started");
    if (is_processed && !fails) {
        cJSON_AddStringToObject(phase, "publish_status", "published");
        hib_meta_face_add_time(call, phase, "publish_time", hib_meta_face_int(video, "ready_at"));
    }
    return out;
}

cJSON *
hib_facebook_face_video_json(HibPracticeCall *call, const char *id, const cJSON *video)
{
    const char *account = hib_meta_face_text(video, "account"),
               *post_id = hib_meta_face_text(video, "post");
    const HibPracticePost *post = post_id ? hib_practice_post(call->face, post_id) : NULL;
    const MetaRow row = {.id = post_id, .post = post};
    bool is_reel = is_edge(video, "video_reels");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddItemToObject(out, "status", status_json(call, video));
    cJSON_AddStringToObject(out, "permalink_url",
                            is_reel ? hib_arena_printf(call->arena, "/reel/%s/", id)
                                    : hib_arena_printf(call->arena, "/%s/videos/%s/", account, id));
    hib_meta_face_add(out, "post_id", post ? hib_meta_face_text(video, "number") : NULL);
    hib_meta_face_add(out, "title", hib_meta_face_text(video, "title"));
    hib_meta_face_add(out, "description", post ? post->text : NULL);
    cJSON_AddBoolToObject(out, "published", post && post->at <= hib_practice_now(call->face));
    hib_meta_face_add_time(call, out, "created_time", hib_meta_face_int(video, "made_at"));
    cJSON_AddNumberToObject(out, "length", (double)LENGTH / HIB_SECOND);
    cJSON *whole = post ? hib_facebook_face_post_json(call, &row) : NULL;
    static const char *const shared[] = {"comments", "likes", "from"};
    for (size_t i = 0; i < G_N_ELEMENTS(shared); i++) {
        cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(whole, shared[i]);
        cJSON_AddItemToObject(out, shared[i], item ? item : cJSON_CreateNull());
    }
    cJSON_Delete(whole);
    return out;
}
