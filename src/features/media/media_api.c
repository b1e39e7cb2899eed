/* Media over HTTP: a picture comes in raw and goes out as what its own header says it is, never as what somebody named it. */
#include "api.gen.h"
#include "http/call.h"
#include "media/media_private.h"
#include <string.h>

/* The content of an id never changes, so the browser may keep it; only for this person, since the page is behind sign-in. */
#define KEEP "private, max-age=31536000, immutable"

bool
hib_on_upload_media(HibCall *call, GError **error)
{
    HibMedia *media = NULL;
    if (!hib_media_add(hib_call_db(call), hib_call_context(call), hib_call_body(call), &media,
                       error))
        return false;
    const HibApiMedia out = {
        .id = media->id,
        .mime = media->facts.mime,
        .bytes = media->facts.bytes,
        .width = media->facts.width,
        .height = media->facts.height,
        .sha256 = media->sha256,
        .created_at = media->created_at,
    };
    return hib_reply_media(call, 201, &out);
}

/* If-None-Match: a list of tags, or *. */
static bool
has_it(HibCall *call, const char *etag)
{
    const char *known = hib_call_header(call, "If-None-Match");
    return known && (strstr(known, etag) || g_str_equal(known, "*"));
}

bool
hib_on_get_media(HibCall *call, const char *media, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibServices *services = hib_call_context(call);
    HibMedia *found = NULL;
    if (!hib_media_get(hib_call_db(call), media, &found, error))
        return false;
    const char *etag = hib_arena_printf(arena, "\"%s\"", found->sha256);
    hib_call_set_header(call, "ETag", etag);
    if (has_it(call, etag)) {
        g_autoptr(GBytes) none = g_bytes_new(NULL, 0);
        return hib_call_reply_bytes(call, 304, NULL, none, KEEP);
    }
    g_autoptr(GBytes) content = hib_blobs_get(services->blobs, found->sha256, error);
    if (!content)
        return false;
    hib_call_set_header(call, "Content-Disposition",
                        hib_arena_printf(arena, "inline; filename=\"%s.%s\"", found->id,
                                         hib_image_extension(found->facts.mime)));
    return hib_call_reply_bytes(call, 200, found->facts.mime, content, KEEP);
}
