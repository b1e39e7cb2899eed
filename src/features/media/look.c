/* Looking: a file is taken in, the child says what it is, and the row follows.
 *
 * A person who uploads waits for the look and hears at once what is wrong; nothing of a refused file stays. Where all children are busy the row stays WORKING
 * and the job (written with the row) looks a little later; so it does after a crash. */
#include "base/error.h"
#include "base/limits.h"
#include "media/media_private.h"
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES 64
#define LOOK_MS 20000
#define WAIT_MS 3000 /* for a free child, while a person waits */
#define THUMB_BYTES (512 * 1024)
#define MEMORY_MB 1536

static bool
refuse_size(const char *limit, GError **error)
{
    hib_error_set(error, HIB_ERROR_TOO_LARGE, "media.too_large", "larger than %s", limit);
    hib_error_set_detail(error ? *error : NULL, "limit", limit);
    return false;
}

static bool
check_type(HibImageType type, GError **error)
{
    if (type == HIB_IMAGE_NONE)
        hib_error_set(error, HIB_ERROR_INVALID, "media.not_an_image", "no picture, no video");
    else if (type == HIB_IMAGE_OTHER)
        hib_error_set(error, HIB_ERROR_INVALID, "media.type", "a type that is not taken");
    return type != HIB_IMAGE_NONE && type != HIB_IMAGE_OTHER;
}

static bool
is_video(HibImageType type)
{
    return type == HIB_IMAGE_MP4 || type == HIB_IMAGE_WEBM;
}

bool
hib_media_add(HibDb *db, const HibServices *services, GBytes *content, const char *name,
              HibMedia **ret, GError **error)
{
    size_t n = 0;
    const void *data = g_bytes_get_data(content, &n);
    if (n > HIB_LIMIT_UPLOAD_BYTES)
        return refuse_size("20 MB", error);
    const HibImageFacts head = hib_image_read(data, n);
    HibMediaContent row = {.name = name,
                           .bytes = (int64_t)n,
                           .type = head.type,
                           .width = head.width,
                           .height = head.height};
    if (!check_type(head.type, error))
        return false;
    if ((int64_t)head.width * head.height > HIB_LIMIT_PICTURE_PIXELS) {
        hib_error_set(error, HIB_ERROR_INVALID, "media.too_large_to_decode", "%d x %d pixels",
                      head.width, head.height);
        return false;
    }
    return hib_blobs_put(services->blobs, hib_db_arena(db), data, n, &row.sha256, error) &&
           hib_media_insert(db, &row, ret, error) &&
           hib_media_look(db, services, (*ret)->id, true, ret, error);
}

bool
hib_media_add_blob(HibDb *db, const HibServices *services, const char *sha256, const char *name,
                   HibMedia **ret, GError **error)
{
    unsigned char head[HEAD_BYTES];
    size_t n = 0;
    g_autoptr(HibBlobReader) reader = hib_blob_reader_open(services->blobs, sha256, error);
    if (!reader || !hib_blob_reader_read(reader, 0, head, sizeof head, &n, error))
        return false;
    const HibMediaContent row = {.sha256 = sha256,
                                 .name = name,
                                 .bytes = hib_blob_reader_size(reader),
                                 .type = hib_image_type(head, n)};
    if (!check_type(row.type, error))
        return false;
    if (!is_video(row.type) && row.bytes > HIB_LIMIT_PICTURE_BYTES)
        return refuse_size("100 MB", error);
    return hib_media_insert(db, &row, ret, error) &&
           hib_media_look(db, services, (*ret)->id, true, ret, error);
}

/* --- the look --------------------------------------------------------------------------------------------------------------- */
HibMediaFacts
hib_media_facts_of(HibArena *arena, const HibWorkReply *reply, int64_t bytes)
{
    const bool is_gif = strcmp(reply->mime, "image/gif") == 0;
    return (HibMediaFacts){
        .kind = reply->is_video ? HIB_MEDIA_VIDEO
                : is_gif        ? HIB_MEDIA_GIF
                                : HIB_MEDIA_IMAGE,
        .mime = hib_arena_strdup(arena, reply->mime),
        .bytes = bytes,
        .width = (int)reply->width,
        .height = (int)reply->height,
        .duration_ms = reply->duration_ms,
        .fps = (double)reply->fps_milli / 1000,
        .bitrate = reply->bitrate,
        .has_audio = reply->has_audio != 0,
        .is_faststart = reply->is_faststart != 0,
        .video_codec = *reply->video_codec ? hib_arena_strdup(arena, reply->video_codec) : NULL,
        .audio_codec = *reply->audio_codec ? hib_arena_strdup(arena, reply->audio_codec) : NULL,
    };
}

/* A type we do not take, whatever the child says it found. */
static bool
check_mime(const HibWorkReply *reply, GError **error)
{
    if (hib_image_type_of(reply->mime) != HIB_IMAGE_NONE)
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, "media.type", "%s", reply->mime);
    return false;
}

/* The child looks; its small picture goes into `thumb`. */
static bool
run_child(HibDb *db, const HibServices *services, const HibMedia *media, HibBlobDraft *thumb,
          HibWorkReply *reply, GError **error)
{
    g_autoptr(HibBlobReader) reader = hib_blob_reader_open(services->blobs, media->sha256, error);
    HibWork work = {.kind = HIB_WORK_LOOK,
                    .max_bytes = THUMB_BYTES,
                    .at_ms = 1000,
                    .cpu_s = LOOK_MS / 1000,
                    .memory_mb = MEMORY_MB};
    if (!reader)
        return false;
    g_strlcpy(work.type, hib_image_mime(hib_image_type_of(media->facts.mime)), sizeof work.type);
    const HibChildTask task = {.work = &work,
                               .in = hib_blob_reader_fd(reader),
                               .out = hib_blob_draft_fd(thumb),
                               .deadline_ms = LOOK_MS};
    return hib_child_run(services->media_workers, &task, reply, error);
}

static bool
look(HibDb *db, const HibServices *services, const HibMedia *media, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    g_autoptr(HibBlobDraft) thumb = hib_blob_draft_open(services->blobs, NULL, error);
    HibWorkReply reply;
    const char *sha256 = NULL;
    int64_t n = 0;
    if (!thumb)
        return false;
    if (!run_child(db, services, media, thumb, &reply, error) || !check_mime(&reply, error) ||
        !hib_blob_draft_keep(thumb, NULL, arena, &sha256, &n, error)) {
        hib_blob_draft_drop(thumb);
        return false;
    }
    const HibMediaFacts facts = hib_media_facts_of(arena, &reply, media->facts.bytes);
    return hib_media_looked(db, media->id, &facts, sha256, &reply, error) &&
           hib_alike_compare(db, media->id, error);
}

bool
hib_media_hash(HibDb *db, const HibServices *services, const char *id, GError **error)
{
    g_autoptr(GError) failure = NULL;
    HibMedia *media = NULL;
    HibWorkReply reply;
    if (!hib_media_get(db, id, &media, error))
        return false;
    g_autoptr(HibBlobDraft) thumb = hib_blob_draft_open(services->blobs, NULL, error);
    if (!thumb)
        return false;
    const bool is_seen = run_child(db, services, media, thumb, &reply, &failure);
    hib_blob_draft_drop(thumb);
    if (!is_seen && !hib_error_is(failure, HIB_ERROR_INVALID) &&
        !hib_error_is(failure, HIB_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_card_index(db, media, error) &&
           hib_alike_keep(db, id, is_seen ? reply.hash : NULL, is_seen ? reply.quality : -1,
                          error) &&
           hib_tx_commit(tx, error) && hib_alike_compare(db, id, error);
}

bool
hib_media_look(HibDb *db, const HibServices *services, const char *media, bool is_first,
               HibMedia **ret, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (!hib_media_get(db, media, ret, error))
        return false;
    if ((*ret)->state != HIB_MEDIA_WORKING || (*ret)->is_deleted ||
        !hib_media_workers_take(services->media_workers, false, is_first ? WAIT_MS : 0))
        return true;
    const bool is_seen = look(db, services, *ret, &failure);
    hib_media_workers_give(services->media_workers, false);
    if (is_seen)
        return hib_media_get(db, media, ret, error);
    if (!hib_error_is(failure, HIB_ERROR_INVALID)) { /* not the file's fault: the job tries again */
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (!is_first)
        return hib_media_failed(db, media, hib_error_reason(failure), error) &&
               hib_media_get(db, media, ret, error);
    if (hib_media_forget(db, media, error))
        g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}
