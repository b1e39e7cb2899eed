/* YouTube's face: a video's bytes. A session is opened with what is said about the video; pieces follow in multiples of 256 KiB; what a session
 * holds is asked for with an empty piece. Smaller videos come in one multipart call, thumbnails as they are. */
#include "practice/youtube_face_private.h"

#include <string.h>

#define SESSION_LIFE (7 * HIB_DAY)
#define PIECE (256 * 1024)
#define THUMBNAIL_MAX (2 * 1024 * 1024)
#define VIDEO_MAX (INT64_C(256) << 30)

void
hib_youtube_face_session_free(void *data)
{
    YoutubeSession *session = data;
    g_free(session->account);
    g_free(session->mime);
    g_free(session->about);
    g_free(session->sums);
    g_free(session->video);
    g_free(session);
}

static bool
check_about(HibPracticeCall *call, const cJSON *about)
{
    static const char *const known[] = {"snippet",
                                        "status",
                                        "paidProductPlacementDetails",
                                        "recordingDetails",
                                        "localizations",
                                        "id",
                                        "contentDetails",
                                        "statistics",
                                        "player",
                                        "processingDetails",
                                        NULL};
    const char *reason = NULL;
    if (!hib_youtube_face_parts(call, known))
        return false;
    const char *fault = hib_youtube_face_fault(about, &reason);
    if (fault)
        hib_youtube_face_error(call, 400, "youtube.video", reason, fault);
    return !fault;
}

void
hib_youtube_face_open(HibPracticeCall *call)
{
    YoutubeState *state = hib_practice_state(call->face);
    const HibPracticeAccount *account =
        hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL " " YOUTUBE_SCOPE_UPLOAD, 0);
    const char *bytes = hib_practice_header_in(call, "X-Upload-Content-Length");
    const char *mime = hib_practice_header_in(call, "X-Upload-Content-Type");
    int64_t total = bytes ? g_ascii_strtoll(bytes, NULL, 10) : -1;
    if (!account || !check_about(call, call->json.value))
        return;
    bool is_video =
        !mime || g_str_has_prefix(mime, "video/") || g_str_equal(mime, "application/octet-stream");
    if (!is_video || total == 0 || total > VIDEO_MAX) {
        hib_youtube_face_error(call, 400, "global", "badRequest",
                               is_video ? "Invalid upload length" : "Media type is not supported.");
        return;
    }
    if (!hib_youtube_face_take_upload(call))
        return;
    YoutubeSession *session = g_new0(YoutubeSession, 1);
    *session = (YoutubeSession){.account = g_strdup(account->id),
                                .mime = g_strdup(mime ? mime : "video/*"),
                                .about = g_strdup(call->body.head),
                                .sums = g_strdup(""),
                                .total = total,
                                .until = hib_practice_now(call->face) + SESSION_LIFE};
    const char *id = hib_arena_printf(call->arena, "AHq%s", hib_youtube_face_new_id(call));
    g_hash_table_replace(state->sessions, g_strdup(id), session);
    hib_practice_header(call, "X-GUploader-UploadID", "%s", id);
    hib_practice_header(call, "Location",
                        "%s/resumable/upload/youtube/v3/videos?uploadType=resumable&upload_id=%s",
                        hib_practice_url(call->face), id);
    hib_practice_empty(call, 200);
}

/* --- pieces ------------------------------------------------------------------------------------------------------------- */
static void
say_state(HibPracticeCall *call, const YoutubeSession *session)
{
    const HibPracticePost *video =
        session->video ? hib_practice_post(call->face, session->video) : NULL;
    if (video) {
        hib_practice_json(call, 200, hib_youtube_face_video_json(call, video));
        return;
    }
    if (session->at)
        hib_practice_header(call, "Range", "bytes=0-%" G_GINT64_FORMAT, session->at - 1);
    hib_practice_empty(call, session->video ? 410 : 308); /* 410: made, and deleted since */
}

/* What a Content-Range says against what the session holds; NULL: it fits. */
static const char *
fault_of(HibPracticeCall *call, const YoutubeSession *session, int64_t from, int64_t to,
         int64_t total)
{
    if (session->total >= 0 && total >= 0 && total != session->total)
        return "Invalid request. The number of bytes differs from what was announced.";
    if (to - from + 1 != call->body.size)
        return "Invalid request. The Content-Range header does not match the number of bytes.";
    if (from != session->at)
        return hib_arena_printf(call->arena,
                                "Invalid request. According to the Content-Range header, the "
                                "upload offset is %" G_GINT64_FORMAT
                                " byte(s), and %" G_GINT64_FORMAT " byte(s) are there already.",
                                from, session->at);
    bool is_last = total >= 0 && to + 1 == total;
    if (!is_last && (to - from + 1) % PIECE != 0)
        return "Invalid request. The number of bytes uploaded is required to be equal or greater "
               "than 262144, except for the final request.";
    return NULL;
}

static void
finish(HibPracticeCall *call, YoutubeSession *session)
{
    HibJson about = {0};
    const HibPracticeAccount *account = hib_practice_account(call->face, session->account);
    g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, session->sums, -1);
    (void)hib_json_parse(call->arena, session->about, strlen(session->about), &about, NULL);
    const HibPracticePost *video = hib_youtube_face_make(call, account, about.value, sha256);
    session->video = g_strdup(video->id);
    hib_practice_json(call, 200, hib_youtube_face_video_json(call, video));
}

void
hib_youtube_face_put(HibPracticeCall *call)
{
    static const HibPracticeRoute asking = {"PUT", "", "status", NULL, 0};
    const YoutubeState *state = hib_practice_state(call->face);
    const char *id = hib_practice_query(call, "upload_id");
    YoutubeSession *session = id ? g_hash_table_lookup(state->sessions, id) : NULL;
    int64_t from = 0;
    int64_t to = call->body.size - 1;
    int64_t total = call->body.size;
    if (!session || hib_practice_now(call->face) >= session->until) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such session");
        return;
    }
    hib_practice_acts_for(call, hib_practice_account(call->face, session->account));
    bool has_range = hib_practice_content_range(call, &from, &to, &total);
    if ((has_range && from < 0) || session->video) {
        call->route = &asking; /* nothing comes into being by it */
        say_state(call, session);
        return;
    }
    if (hib_practice_header_in(call, "Content-Range") && !has_range) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", "Failed to parse Content-Range");
        return;
    }
    const char *fault = fault_of(call, session, from, to, total);
    if (fault) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", fault);
        return;
    }
    char *sums = g_strconcat(session->sums, call->body.sha256, NULL);
    g_free(session->sums);
    session->sums = sums;
    session->at = to + 1;
    session->total = total >= 0 ? total : session->total;
    if (session->total >= 0 && session->at == session->total)
        finish(call, session);
    else
        say_state(call, session);
}

/* --- in one call ----------------------------------------------------------------------------------------------------------- */
/* The JSON of a multipart/related body's first part, as the kept head has it. */
static const cJSON *
first_part(HibPracticeCall *call)
{
    HibJson out = {0};
    const char *start = strstr(call->body.head, "\r\n\r\n");
    const char *end = start ? strstr(start + 4, "\r\n--") : NULL;
    if (!g_str_has_prefix(call->body.mime, "multipart/") || !end ||
        !hib_json_parse(call->arena, start + 4, (size_t)(end - start - 4), &out, NULL))
        return NULL;
    return out.value;
}

void
hib_youtube_face_insert(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL " " YOUTUBE_SCOPE_UPLOAD, 0);
    if (!account)
        return;
    if (g_strcmp0(hib_practice_query(call, "uploadType"), "resumable") == 0) {
        hib_youtube_face_open(call); /* Google takes both addresses */
        return;
    }
    const cJSON *about = first_part(call);
    if (!about || !check_about(call, about)) {
        if (!about)
            hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s",
                                "a multipart/related body of JSON and a video is needed");
        return;
    }
    if (!hib_youtube_face_take_upload(call))
        return;
    const HibPracticePost *video = hib_youtube_face_make(call, account, about, call->body.sha256);
    hib_practice_json(call, 200, hib_youtube_face_video_json(call, video));
}

void
hib_youtube_face_thumbnail(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL " " YOUTUBE_SCOPE_UPLOAD, 50);
    const char *id = hib_practice_query(call, "videoId");
    if (!account)
        return;
    const HibPracticePost *video = hib_youtube_face_video(call, id, account);
    if (!video) {
        hib_youtube_face_error(call, 404, "youtube.thumbnail", "videoNotFound",
                               "The video that you are trying to set a thumbnail for cannot be "
                               "found.");
        return;
    }
    if (strcmp(video->account, account->id) != 0) {
        hib_youtube_face_error(call, 403, "youtube.thumbnail", "forbidden",
                               "The thumbnail can't be set for the specified video.");
        return;
    }
    if (call->body.size == 0 || call->body.size > THUMBNAIL_MAX ||
        !(g_str_has_prefix(call->body.mime, "image/") ||
          g_str_equal(call->body.mime, "application/octet-stream"))) {
        bool is_large = call->body.size > THUMBNAIL_MAX;
        hib_youtube_face_error(call, is_large ? 413 : 400, "youtube.thumbnail",
                               is_large               ? "uploadTooLarge"
                               : call->body.size == 0 ? "mediaBodyRequired"
                                                      : "invalidImage",
                               "The provided image content is invalid.");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#thumbnailSetResponse");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "items"), one);
    cJSON *picture = cJSON_AddObjectToObject(one, "default");
    cJSON_AddStringToObject(
        picture, "url",
        hib_arena_printf(call->arena, "https://i.ytimg.com/vi/%s/default.jpg", video->id));
    cJSON_AddNumberToObject(picture, "width", 120);
    cJSON_AddNumberToObject(picture, "height", 90);
    hib_practice_json(call, 200, out);
}
