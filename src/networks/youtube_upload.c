/* A video on its way: a session is opened with all that is said about the video, then its bytes follow in pieces.
 *
 * Pieces before the last change nothing anybody sees (PREPARE); the last one makes the video (EFFECT). What the session holds is always
 * taken from its own word, the Range of a 308, and asked for with "bytes * / N" whenever an answer was lost: then either the video is there,
 * with its id, or the upload goes on where the session stands. The thumbnail comes last and is a courtesy: where YouTube
 * refuses it, the video stays published without. Progress: {session, at: bytes the session has, id, thumb: tries}. */
#include "networks/youtube_private.h"

#include <string.h>

enum { PAGES = 4 }; /* of 50 uploads: how far back one is looked for */

typedef struct {
    const char *session; /* NULL: none yet */
    int64_t at;
    const char *id; /* NULL: no video yet */
    int tries;      /* of setting the thumbnail */
} Progress;

static const HibNetMedia *
first_of(const HibNetPost *post, bool is_video)
{
    for (size_t i = 0; i < post->n_media; i++)
        if ((post->media[i].kind == HIB_NET_VIDEO) == is_video)
            return &post->media[i];
    return NULL;
}

static Progress
read_progress(HibArena *arena, const HibNetSending *sending)
{
    g_autoptr(cJSON) in = hib_net_progress(sending->progress);
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(in, "at");
    const cJSON *tries = cJSON_GetObjectItemCaseSensitive(in, "thumb");
    Progress out = {.session = hib_net_progress_get(arena, in, "session"),
                    .id = hib_net_progress_get(arena, in, "id"),
                    .at = cJSON_IsNumber(at) && at->valuedouble > 0 ? (int64_t)at->valuedouble : 0,
                    .tries = cJSON_IsNumber(tries) ? tries->valueint : 0};
    if (out.id && !hib_youtube_is_video(out.id))
        out.id = NULL;
    return out;
}

static void
keep(const HibNetContext *net, HibNetSending *sending, const Progress *progress)
{
    cJSON *out = cJSON_CreateObject();
    if (progress->session)
        cJSON_AddStringToObject(out, "session", progress->session);
    cJSON_AddNumberToObject(out, "at", (double)progress->at);
    if (progress->id)
        cJSON_AddStringToObject(out, "id", progress->id);
    if (progress->tries)
        cJSON_AddNumberToObject(out, "thumb", progress->tries);
    sending->progress = hib_json_print(net->arena, out);
}

HibNetStep
hib_youtube_next_step(const HibNetSending *sending)
{
    const HibNetStep effect = {HIB_NET_STEP_EFFECT, "publish", 0, 0};
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibNetMedia *video = first_of(sending->post, true);
    if (sending->post->reply_to || !video)
        return effect;
    Progress progress = read_progress(arena, sending);
    int of = (int)((video->bytes + HIB_YOUTUBE_PIECE_BYTES - 1) / HIB_YOUTUBE_PIECE_BYTES);
    if (progress.id)
        return (HibNetStep){HIB_NET_STEP_CONFIRM, "thumbnail", 0, 0};
    if (!progress.session)
        return (HibNetStep){HIB_NET_STEP_PREPARE, "upload", 0, of};
    if (video->bytes - progress.at > HIB_YOUTUBE_PIECE_BYTES)
        return (HibNetStep){HIB_NET_STEP_PREPARE, "upload",
                            (int)(progress.at / HIB_YOUTUBE_PIECE_BYTES) + 1, of};
    return effect;
}

/* --- the session -------------------------------------------------------------------------------------------------- */
const char *
hib_youtube_session_url(const HibNetContext *net, const HibGrant *grant, const char *location)
{
    const char *base = hib_youtube_base(net, grant->service);
    if (!location || strlen(location) > 2000 || strpbrk(location, " \r\n"))
        return NULL;
    if (*location == '/')
        return hib_arena_printf(net->arena, "%s%s", base, location);
    g_autoptr(GUri) uri = g_uri_parse(location, G_URI_FLAGS_NONE, NULL);
    const char *host = uri ? g_uri_get_host(uri) : NULL;
    g_autofree char *start = g_strconcat(base, "/", NULL);
    bool is_google = host && !strcmp(g_uri_get_scheme(uri), "https") && !g_uri_get_userinfo(uri) &&
                     g_str_has_suffix(host, ".googleapis.com");
    return is_google || g_str_has_prefix(location, start) ? location : NULL;
}

static HibNetResult
open_session(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const HibNetPost *post = sending->post;
    const HibNetMedia *video = first_of(post, true);
    HibHttpReply reply = {0};
    bool notifies = hib_youtube_flag(net->arena, post, "notify", true);
    const char *body = hib_json_print(net->arena, hib_youtube_video(net->arena, post));
    const char *const headers[] = {
        hib_arena_printf(net->arena, "X-Upload-Content-Length: %" G_GINT64_FORMAT, video->bytes),
        hib_arena_printf(net->arena, "X-Upload-Content-Type: %s", video->mime), NULL};
    const HibNetRequest request = {
        .kind = HIB_CALL_PREPARE,
        .method = "POST",
        .url =
            hib_arena_printf(net->arena,
                             "%s/resumable/upload/youtube/v3/videos?uploadType=resumable&part="
                             "snippet,status%s&notifySubscribers=%s",
                             hib_youtube_base(net, grant->service),
                             post->disclosure.is_advertising ? ",paidProductPlacementDetails" : "",
                             notifies ? "true" : "false"),
        .bearer = grant->access,
        .headers = headers,
        .content_type = "application/json; charset=UTF-8",
        .body = body,
        .n_body = strlen(body)};
    HibNetResult said = hib_net_call(net, &request, hib_youtube_read, &reply, NULL);
    if (said.class != HIB_NET_OK)
        return said;
    Progress progress = {
        .session = hib_youtube_session_url(net, grant, hib_http_header(&reply, "location"))};
    if (!progress.session)
        return hib_net_nonsense(said, HIB_CALL_PREPARE, "YouTube did not say where to upload");
    keep(net, sending, &progress);
    return said;
}

static HibNetPublished
place(HibArena *arena, const HibNetPost *post, const char *id)
{
    return (HibNetPublished){
        .remote_id = id,
        .url = hib_arena_printf(arena, "https://www.youtube.com/%s%s",
                                post->format == HIB_FORMAT_SHORT ? "shorts/" : "watch?v=", id)};
}

/* What a session says: 308 with how much it has, or the video. */
static HibNetResult
take_answer(const HibNetContext *net, HibNetSending *sending, HibNetCallKind kind,
            HibNetResult said, const HibHttpReply *reply, HibJson in)
{
    Progress progress = read_progress(net->arena, sending);
    const char *id = NULL;
    if (said.http_status == 308) {
        const char *range = hib_http_header(reply, "range");
        const char *last = range ? strrchr(range, '-') : NULL;
        progress.at = last ? g_ascii_strtoll(last + 1, NULL, 10) + 1 : 0;
        keep(net, sending, &progress);
        return said;
    }
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "id", &id, NULL) ||
        !hib_youtube_is_video(id))
        return hib_net_nonsense(said, kind, "YouTube did not say where the video is");
    progress.id = id;
    keep(net, sending, &progress);
    sending->published = place(net->arena, sending->post, id);
    sending->is_done = !first_of(sending->post, false);
    return said;
}

static HibNetResult
put(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, HibNetCallKind kind,
    int64_t n, HibHttpReply *ret_reply, HibJson *ret)
{
    const HibNetMedia *video = first_of(sending->post, true);
    Progress progress = read_progress(net->arena, sending);
    const char *range =
        n ? hib_arena_printf(net->arena,
                             "Content-Range: bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                             "/%" G_GINT64_FORMAT,
                             progress.at, progress.at + n - 1, video->bytes)
          : hib_arena_printf(net->arena, "Content-Range: bytes */%" G_GINT64_FORMAT, video->bytes);
    const char *const headers[] = {range, NULL};
    const HibHttpPart piece = hib_net_piece(net->arena, video, progress.at, n);
    const HibNetRequest request = {.kind = kind,
                                   .method = "PUT",
                                   .url = progress.session,
                                   .bearer = grant->access,
                                   .headers = headers,
                                   .content_type = video->mime,
                                   .parts = n ? &piece : NULL,
                                   .n_parts = n ? 1 : 0,
                                   .body = n ? NULL : "",
                                   .total_ms = n ? 300000 : 0};
    return hib_net_call(net, &request, hib_youtube_read_session, ret_reply, ret);
}

/* How much the session has. */
static HibNetResult
ask_session(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    HibHttpReply reply = {0};
    HibJson in = {0};
    HibNetResult said = put(net, grant, sending, HIB_CALL_READ, 0, &reply, &in);
    return said.class == HIB_NET_OK ? take_answer(net, sending, HIB_CALL_READ, said, &reply, in)
                                    : said;
}

static HibNetResult
send_piece(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const HibNetMedia *video = first_of(sending->post, true);
    Progress progress = read_progress(net->arena, sending);
    int64_t left = video->bytes - progress.at;
    bool is_last = left <= HIB_YOUTUBE_PIECE_BYTES;
    HibNetCallKind kind = is_last ? HIB_CALL_EFFECT : HIB_CALL_PREPARE;
    HibHttpReply reply = {0};
    HibJson in = {0};
    HibNetResult said =
        put(net, grant, sending, kind, MIN(left, HIB_YOUTUBE_PIECE_BYTES), &reply, &in);
    if (said.class == HIB_NET_OK) {
        said = take_answer(net, sending, kind, said, &reply, in);
        if (said.http_status == 308 && read_progress(net->arena, sending).at == progress.at)
            said.class = HIB_NET_RETRY_SAME; /* it took nothing of it: not at once again */
        return said;
    }
    /* A piece the session has already: it says where it stands. */
    if (said.class == HIB_NET_FIX_CONTENT || said.http_status == 416) {
        HibNetResult state = ask_session(net, grant, sending);
        if (state.class == HIB_NET_OK && read_progress(net->arena, sending).at != progress.at)
            return state;
    }
    return said;
}

/* --- the thumbnail ------------------------------------------------------------------------------------------------ */
static HibNetResult
set_thumbnail(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const HibNetMedia *picture = first_of(sending->post, false);
    Progress progress = read_progress(net->arena, sending);
    sending->published = place(net->arena, sending->post, progress.id);
    sending->is_done = true;
    if (!picture || !picture->read)
        return hib_net_say(HIB_NET_OK, "", "");
    const HibHttpPart content = hib_net_piece(net->arena, picture, 0, picture->bytes);
    const HibNetRequest request = {
        .kind = HIB_CALL_PREPARE,
        .method = "POST",
        .url = hib_arena_printf(net->arena,
                                "%s/upload/youtube/v3/thumbnails/set?uploadType=media&videoId=%s",
                                hib_youtube_base(net, grant->service), progress.id),
        .bearer = grant->access,
        .content_type = picture->mime,
        .parts = &content,
        .n_parts = 1,
        .total_ms = 60000};
    HibNetResult said = hib_net_call(net, &request, hib_youtube_read, NULL, NULL);
    bool is_passing = said.class == HIB_NET_RETRY_SAME || said.class == HIB_NET_RETRY_AFTER ||
                      said.class == HIB_NET_REFRESH_AUTH;
    if (is_passing && ++progress.tries < HIB_YOUTUBE_THUMBNAIL_TRIES) {
        keep(net, sending, &progress);
        sending->is_done = false;
        if (said.class == HIB_NET_REFRESH_AUTH)
            return said;
        said.class = HIB_NET_WAIT_ASYNC;
        said.retry_at = MAX(said.retry_at, hib_clock_now(net->clock) + 30 * HIB_SECOND);
        return said;
    }
    said.class = HIB_NET_OK; /* the video is out either way */
    return said;
}

HibNetResult
hib_youtube_upload(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    Progress progress = read_progress(net->arena, sending);
    if (!first_of(sending->post, true))
        return hib_net_say(HIB_NET_FIX_CONTENT, "NoVideo", "a video is missing");
    if (progress.id)
        return set_thumbnail(net, grant, sending);
    return progress.session ? send_piece(net, grant, sending) : open_session(net, grant, sending);
}

/* --- finding -------------------------------------------------------------------------------------------------------- */
static const char *
uploads_of(const HibNetContext *net, const HibGrant *grant)
{
    HibJson extra = {0};
    const char *list = NULL;
    if (grant->extra &&
        hib_json_parse(net->arena, grant->extra, strlen(grant->extra), &extra, NULL) &&
        cJSON_IsObject(extra.value))
        (void)hib_json_opt_text(extra, "uploads", &list, NULL);
    if (list && hib_youtube_is_id(list))
        return list;
    return g_str_has_prefix(grant->remote_id, "UC")
               ? hib_arena_printf(net->arena, "UU%s", grant->remote_id + 2)
               : NULL;
}

static bool
read_seen(const HibNetContext *net, const HibNetPost *post, HibJson item, HibNetSeen *ret)
{
    HibJson snippet = {0};
    HibJson resource = {0};
    const char *id = NULL;
    const char *title = NULL;
    const char *words = "";
    if (!cJSON_IsObject(item.value) || !hib_json_object(item, "snippet", &snippet, NULL) ||
        !hib_json_object(snippet, "resourceId", &resource, NULL) ||
        !hib_json_text(resource, "videoId", &id, NULL) || !hib_youtube_is_video(id) ||
        !hib_json_text(snippet, "title", &title, NULL))
        return false;
    (void)hib_json_opt_text(snippet, "description", &words, NULL);
    *ret = (HibNetSeen){.remote_id = id,
                        .url = place(net->arena, post, id).url,
                        .text = hib_arena_printf(net->arena, "%s\n%s", title, words),
                        .n_media = -1};
    (void)hib_json_time(snippet, "publishedAt", &ret->at, NULL);
    return true;
}

/* One page of the channel's uploads; `ret_next`: the token of the next, NULL: there is none, or it is older than the post. */
static HibNetResult
look_at_page(const HibNetContext *net, const HibGrant *grant, HibNetSending *like, const char *page,
             bool *ret_found, const char **ret_next)
{
    HibJson in = {0};
    HibJson items = {0};
    HibNetSeen seen[50];
    size_t n = 0;
    HibInstant sent = like->sent_at ? like->sent_at : like->post->created_at;
    HibNetResult said = hib_youtube_get(net, grant, page, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_array(in, "items", &items, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of videos does not read");
    for (HibJson i = items.value ? hib_json_first(items) : items; i.value && n < G_N_ELEMENTS(seen);
         i = hib_json_next(items, i))
        n += read_seen(net, like->post, i, &seen[n]);
    int best = hib_net_match(net->arena, like, seen, n);
    *ret_found = best >= 0;
    if (best >= 0)
        like->published = place(net->arena, like->post, seen[best].remote_id);
    (void)hib_json_opt_text(in, "nextPageToken", ret_next, NULL);
    if (n > 0 && seen[n - 1].at && seen[n - 1].at < sent - HIB_NET_CLOCKS_DIFFER)
        *ret_next = NULL;
    return said;
}

/* The session is gone: the channel's uploads back to the call, by title and description. */
static HibNetResult
find_listed(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
            bool *ret_found)
{
    const char *list = uploads_of(net, grant), *next = "";
    if (!list)
        return hib_net_say(HIB_NET_FATAL, "NoUploads", "the channel's uploads are not known");
    HibNetPost post = *sending->post;
    post.text = hib_arena_printf(net->arena, "%s\n%s", post.title ? post.title : "", post.text);
    HibNetSending like = *sending;
    like.post = &post;
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    for (int page = 0; page < PAGES && next && said.class == HIB_NET_OK && !*ret_found; page++) {
        const char *path = hib_arena_printf(
            net->arena, "/youtube/v3/playlistItems?part=snippet&maxResults=50&playlistId=%s%s%s",
            list, *next ? "&pageToken=" : "", hib_url_escape(net->arena, next));
        next = NULL;
        said = look_at_page(net, grant, &like, path, ret_found, &next);
    }
    if (*ret_found)
        sending->published = like.published;
    return said;
}

HibNetResult
hib_youtube_find_upload(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                        bool *ret_found)
{
    Progress progress = read_progress(net->arena, sending);
    *ret_found = progress.id != NULL;
    if (progress.id) {
        sending->published = place(net->arena, sending->post, progress.id);
        return hib_net_say(HIB_NET_OK, "", "");
    }
    if (!progress.session)
        return find_listed(net, grant, sending, ret_found);
    HibNetResult said = ask_session(net, grant, sending);
    if (said.class == HIB_NET_NEW_HANDLE)
        return find_listed(net, grant, sending, ret_found);
    *ret_found = said.class == HIB_NET_OK && read_progress(net->arena, sending).id;
    if (*ret_found) /* what was left to do once it is out; a courtesy here too */
        (void)set_thumbnail(net, grant, sending);
    return said;
}
