/* A video on its way into a Bluesky post: the network's video service takes it for the account (a short-lived pass from the account's own
 * server lets it), makes it playable and puts it back on that server as a blob. One step uploads, further steps ask how far it is.
 *
 * A server without a video service behind it (one that runs here) takes the file as any other blob. */
#include "networks/bluesky_limits.h"
#include "networks/bluesky_private.h"

#include <string.h>

#define PASS_S 1800 /* the pass outlives an upload over a slow line */
#define ASK_AGAIN (3 * HIB_SECOND)

/* A server in the clear is one of ours: it plays the video service too, or there is none. */
static const char *
video_service(const HibGrant *grant)
{
    return g_str_has_prefix(grant->service, "https://") ? HIB_BLUESKY_VIDEO_SERVICE
                                                        : grant->service;
}

/* A server of ours without the service refuses the pass, which is not its own kind of token. */
static bool
refuses_pass(const HibGrant *grant, HibNetResult said)
{
    return said.class == HIB_NET_REFRESH_AUTH && video_service(grant) == grant->service;
}

static HibNetResult
ask_pass(const HibNetContext *net, const HibGrant *grant, const char **ret_pass)
{
    const char *host = strstr(grant->service, "://") + 3;
    const char *aud = hib_arena_printf(net->arena, "did:web:%s", hib_url_escape(net->arena, host));
    const char *until = hib_arena_printf(net->arena, "%" G_GINT64_FORMAT,
                                         hib_clock_now(net->clock) / HIB_SECOND + PASS_S);
    const BlueskyRequest request = {.kind = HIB_CALL_PREPARE,
                                    .method = "com.atproto.server.getServiceAuth",
                                    .query = hib_net_form(net->arena, "aud", aud, "lxm",
                                                          "com.atproto.repo.uploadBlob", "exp",
                                                          until, NULL),
                                    .token = grant->access};
    HibJson in;
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class == HIB_NET_OK &&
        (!hib_json_text(in, "token", ret_pass, NULL) || !**ret_pass || strpbrk(*ret_pass, "\r\n ")))
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "the server gave no pass for the video");
    return said;
}

/* What a job says of itself: OK with *ret_blob, or still at it, or failed. Said bare by some versions, under "jobStatus" by others. */
static HibNetResult
read_job(const HibNetContext *net, HibNetResult said, HibJson in, HibJson *ret_blob,
         const char **ret_job)
{
    HibJson inside = {0};
    if (hib_json_opt_object(in, "jobStatus", &inside, NULL) && inside.value)
        in = inside;
    const char *state = "", *failure = "", *words = NULL;
    *ret_job = NULL;
    (void)hib_json_opt_text(in, "jobId", ret_job, NULL);
    (void)hib_json_opt_text(in, "state", &state, NULL);
    if (!*ret_job || strlen(*ret_job) > 256)
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "the video service named no job");
    if (hib_json_opt_object(in, "blob", ret_blob, NULL) && ret_blob->value) {
        said.class = HIB_NET_OK;
        return said;
    }
    *ret_blob = (HibJson){0};
    if (!g_str_equal(state, "JOB_STATE_FAILED")) {
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = hib_clock_now(net->clock) + ASK_AGAIN;
        return said;
    }
    (void)hib_json_opt_text(in, "failureCode", &failure, NULL);
    if (!hib_json_opt_text(in, "message", &words, NULL) || !words)
        (void)hib_json_opt_text(in, "error", &words, NULL);
    /* It could not put the video on the account's server: once more; anything else is the video itself. */
    said.class =
        g_str_equal(failure, "pds_upload_failure") ? HIB_NET_NEW_HANDLE : HIB_NET_FIX_CONTENT;
    said.code = *failure ? hib_net_clean(net->arena, failure) : "VideoFailed";
    said.message = hib_net_clean(net->arena, words);
    return said;
}

static HibNetResult
send_video(const HibNetContext *net, const HibGrant *grant, const HibNetMedia *media,
           const char *pass, HibJson *ret_in)
{
    const HibHttpPart content = hib_net_piece(net->arena, media, 0, media->bytes);
    const BlueskyRequest request = {
        .kind = HIB_CALL_PREPARE,
        .method = "app.bsky.video.uploadVideo",
        .query =
            hib_net_form(net->arena, "did", grant->remote_id, "name",
                         hib_arena_printf(net->arena, "%s.mp4", hib_net_uuid(net->arena)), NULL),
        .token = pass,
        .content_type = media->mime,
        .content = &content,
        .total_ms = 600000};
    return hib_bluesky_call(net, video_service(grant), &request, ret_in);
}

/* cJSON owned by the caller: the blob itself, or {"job": id} while it is worked on. */
static HibNetResult
take_job(const HibNetContext *net, HibNetResult said, HibJson in, cJSON **ret_entry)
{
    HibJson blob = {0};
    const char *job = NULL;
    said = read_job(net, said, in, &blob, &job);
    if (said.class == HIB_NET_OK)
        *ret_entry = cJSON_Duplicate(blob.value, true);
    if (said.class != HIB_NET_WAIT_ASYNC)
        return said;
    *ret_entry = cJSON_CreateObject();
    cJSON_AddStringToObject(*ret_entry, "job", job);
    said.class = HIB_NET_OK; /* uploaded; the next step asks */
    return said;
}

HibNetResult
hib_bluesky_upload_video(const HibNetContext *net, const HibGrant *grant, const HibNetMedia *media,
                         cJSON **ret_entry)
{
    const char *pass = NULL;
    HibJson in = {0};
    HibNetResult said = ask_pass(net, grant, &pass);
    bool has_pass = said.class == HIB_NET_OK;
    if (has_pass)
        said = send_video(net, grant, media, pass, &in);
    if (said.http_status == 404 || said.http_status == 501 ||
        (has_pass && refuses_pass(grant, said)))
        return hib_bluesky_upload_blob(net, grant, media, ret_entry);
    if (said.http_status == 409 && cJSON_IsObject(in.value))
        said.class = HIB_NET_OK; /* the same file came before; the job that took it is named */
    return said.class == HIB_NET_OK ? take_job(net, said, in, ret_entry) : said;
}

HibNetResult
hib_bluesky_ask_video(const HibNetContext *net, const HibGrant *grant, const char *job,
                      cJSON **ret_blob)
{
    const BlueskyRequest request = {.kind = HIB_CALL_READ,
                                    .method = "app.bsky.video.getJobStatus",
                                    .query = hib_net_form(net->arena, "jobId", job, NULL)};
    HibJson in, blob = {0};
    const char *named = NULL;
    HibNetResult said = hib_bluesky_call(net, video_service(grant), &request, &in);
    if (said.class == HIB_NET_FATAL && said.http_status >= 400 && said.http_status < 500)
        said.class = HIB_NET_NEW_HANDLE; /* the job is forgotten */
    if (said.class != HIB_NET_OK)
        return said;
    said = read_job(net, said, in, &blob, &named);
    if (said.class == HIB_NET_OK)
        *ret_blob = cJSON_Duplicate(blob.value, true);
    return said;
}
