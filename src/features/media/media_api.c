/* Media over HTTP: a file comes in raw and goes out as what the child found it to be, never as what somebody named it. */
#include "media/media_api.h"
#include "base/error.h"
#include "http/call.h"
#include <fcntl.h>
#include <string.h>

/* The content of an id never changes, so the browser may keep it; only for this person, since the page is behind sign-in. */
#define KEEP "private, max-age=31536000, immutable"
#define PAGE_USUAL 50

HibApiMedia
hib_media_to_api(const HibMedia *media)
{
    const HibMediaFacts *f = &media->facts;
    return (HibApiMedia){
        .id = media->id,
        .kind = (int)f->kind,
        .state = (int)media->state,
        .reason = media->reason,
        .has_reason = media->reason != NULL,
        .name = media->name,
        .mime = f->mime,
        .bytes = f->bytes,
        .width = f->width,
        .height = f->height,
        .duration_ms = f->duration_ms,
        .fps = f->fps,
        .has_audio = f->has_audio,
        .video_codec = f->video_codec,
        .has_video_codec = f->video_codec != NULL,
        .audio_codec = f->audio_codec,
        .has_audio_codec = f->audio_codec != NULL,
        .has_thumbnail = media->thumb_sha256 != NULL,
        .sha256 = media->sha256,
        .created_at = media->created_at,
    };
}

bool
hib_on_upload_media(HibCall *call, const HibApiUploadMediaQuery *query, GError **error)
{
    HibMedia *media = NULL;
    if (!hib_media_add(hib_call_db(call), hib_call_context(call), hib_call_body(call),
                       query->has_name ? query->name : "", &media, error))
        return false;
    const HibApiMedia out = hib_media_to_api(media);
    return hib_reply_media(call, 201, &out);
}

bool
hib_on_list_media(HibCall *call, const HibApiListMediaQuery *query, GError **error)
{
    HibMedia **list = NULL;
    size_t n = 0;
    const char *next = NULL;
    const int limit = query->has_limit ? (int)query->limit : PAGE_USUAL;
    if (!hib_media_list(hib_call_db(call), query->has_cursor ? query->cursor : NULL, limit, &list,
                        &n, &next, error))
        return false;
    HibApiMedia *items = hib_arena_array(hib_call_arena(call), HibApiMedia, n);
    for (size_t i = 0; i < n; i++)
        items[i] = hib_media_to_api(list[i]);
    const HibApiMediaList out = {
        .media = items, .n_media = n, .next_cursor = next, .has_next_cursor = next != NULL};
    return hib_reply_media_list(call, 200, &out);
}

bool
hib_on_get_media_about(HibCall *call, const char *media, GError **error)
{
    HibMedia *found = NULL;
    if (!hib_media_get(hib_call_db(call), media, &found, error))
        return false;
    const HibApiMedia out = hib_media_to_api(found);
    return hib_reply_media(call, 200, &out);
}

/* --- content ---------------------------------------------------------------------------------------------------------------- */
bool
hib_media_reply_file(HibCall *call, const char *sha256, const char *mime, const char *cache_control,
                     GError **error)
{
    const HibServices *services = hib_call_context(call);
    g_autoptr(HibBlobReader) reader = hib_blob_reader_open(services->blobs, sha256, error);
    if (!reader)
        return false;
    const int fd = fcntl(hib_blob_reader_fd(reader), F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "no descriptor is free");
        return false;
    }
    return hib_call_reply_file(call, mime, fd, hib_blob_reader_size(reader),
                               hib_arena_printf(hib_call_arena(call), "\"%s\"", sha256),
                               cache_control);
}

bool
hib_media_reply_blob(HibCall *call, const char *sha256, const char *mime, const char *name,
                     const char *cache_control, GError **error)
{
    hib_call_set_header(call, "Content-Disposition",
                        hib_arena_printf(hib_call_arena(call), "inline; filename=\"%s.%s\"", name,
                                         hib_image_extension(mime)));
    return hib_media_reply_file(call, sha256, mime, cache_control, error);
}

bool
hib_media_reply(HibCall *call, HibDb *db, const char *media, const char *cache_control,
                GError **error)
{
    HibMedia *found = NULL;
    if (!hib_media_get(db, media, &found, error))
        return false;
    if (found->is_deleted) {
        hib_error_set(error, HIB_ERROR_GONE, "media.deleted", "media %s was deleted", media);
        return false;
    }
    return hib_media_reply_blob(call, found->sha256, found->facts.mime, found->id, cache_control,
                                error);
}

bool
hib_on_get_media(HibCall *call, const char *media, GError **error)
{
    return hib_media_reply(call, hib_call_db(call), media, KEEP, error);
}

bool
hib_on_get_media_thumbnail(HibCall *call, const char *media, GError **error)
{
    HibMedia *found = NULL;
    if (!hib_media_get(hib_call_db(call), media, &found, error))
        return false;
    if (!found->thumb_sha256) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.not_ready", "media %s has none", media);
        return false;
    }
    return hib_media_reply_blob(call, found->thumb_sha256, "image/jpeg", found->id, KEEP, error);
}

bool
hib_on_get_rendition_content(HibCall *call, const char *rendition, GError **error)
{
    HibRendition *found = NULL;
    if (!hib_rendition_get(hib_call_db(call), rendition, &found, error))
        return false;
    if (found->state != HIB_MEDIA_READY) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.not_ready", "rendition %s", rendition);
        return false;
    }
    return hib_media_reply_blob(call, found->sha256, found->facts.mime, found->id, KEEP, error);
}
