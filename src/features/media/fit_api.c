/* Versions that fit, over HTTP: asked for, looked at, cancelled. */
#include "base/error.h"
#include "http/call.h"
#include "media/media_api.h"
#include <string.h>

static HibApiRendition
to_api(const HibRendition *r)
{
    const bool is_ready = r->state == HIB_MEDIA_READY;
    return (HibApiRendition){
        .id = r->id,
        .media_id = r->media,
        .state = (int)r->state,
        .progress = r->progress,
        .reason = r->reason,
        .has_reason = r->reason != NULL,
        .actual = r->actual,
        .has_actual = r->actual != NULL,
        .limit = r->limit,
        .has_limit = r->limit != NULL,
        .kind = (int)r->facts.kind,
        .has_kind = is_ready,
        .mime = r->facts.mime,
        .has_mime = is_ready,
        .bytes = r->facts.bytes,
        .has_bytes = is_ready,
        .width = r->facts.width,
        .has_width = is_ready,
        .height = r->facts.height,
        .has_height = is_ready,
        .duration_ms = r->facts.duration_ms,
        .has_duration_ms = is_ready,
        .created_at = r->created_at,
        .changed_at = r->changed_at,
    };
}

static bool
reply(HibCall *call, int status, const HibRendition *rendition)
{
    const HibApiRendition out = to_api(rendition);
    return hib_reply_rendition(call, status, &out);
}

static void
copy_names(const char **out, size_t most, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n && i + 1 < most; i++) /* the end stays NULL */
        out[i] = names[i];
}

static HibMediaSpec
spec_of(const HibApiFitSpec *in)
{
    HibMediaSpec out = {
        .max_bytes = in->max_bytes,
        .max_bitrate = in->max_bitrate,
        .min_width = (int)in->min_width,
        .max_width = (int)in->max_width,
        .min_height = (int)in->min_height,
        .max_height = (int)in->max_height,
        .min_ratio = in->min_ratio,
        .max_ratio = in->max_ratio,
        .min_duration_ms = in->min_duration_ms,
        .max_duration_ms = in->max_duration_ms,
        .min_fps = in->min_fps,
        .max_fps = in->max_fps,
        .wants_faststart = in->wants_faststart,
        .focus_x = in->focus_x,
        .focus_y = in->focus_y,
        .crop_x = in->crop_x,
        .crop_y = in->crop_y,
        .crop_width = in->crop_width,
        .crop_height = in->crop_height,
        .fill = in->fill == HIB_API_FIT_SPEC_FILL_PAD ? HIB_FILL_PAD : HIB_FILL_CROP,
        .trim_from_ms = in->trim_from_ms,
        .trim_to_ms = in->trim_to_ms,
        .is_cover = in->has_cover_at_ms,
        .cover_at_ms = in->cover_at_ms,
    };
    copy_names(out.mimes, G_N_ELEMENTS(out.mimes), in->mimes, in->n_mimes);
    copy_names(out.videos, G_N_ELEMENTS(out.videos), in->video_codecs, in->n_video_codecs);
    copy_names(out.audios, G_N_ELEMENTS(out.audios), in->audio_codecs, in->n_audio_codecs);
    return out;
}

bool
hib_on_fit_media(HibCall *call, const char *media, const HibApiFitSpec *in, GError **error)
{
    const HibMediaSpec spec = spec_of(in);
    HibRendition *rendition = NULL;
    return hib_media_fit(hib_call_db(call), hib_call_context(call), media, &spec, &rendition,
                         error) &&
           reply(call, 201, rendition);
}

bool
hib_on_list_renditions(HibCall *call, const char *media, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibMedia *found = NULL;
    HibRendition **list = NULL;
    size_t n = 0;
    if (!hib_media_get(db, media, &found, error) ||
        !hib_rendition_list(db, media, &list, &n, error))
        return false;
    HibApiRendition *items = hib_arena_array(hib_call_arena(call), HibApiRendition, n);
    for (size_t i = 0; i < n; i++)
        items[i] = to_api(list[i]);
    const HibApiRenditionList out = {.renditions = items, .n_renditions = n};
    return hib_reply_rendition_list(call, 200, &out);
}

bool
hib_on_get_rendition(HibCall *call, const char *rendition, GError **error)
{
    HibRendition *found = NULL;
    return hib_rendition_get(hib_call_db(call), rendition, &found, error) &&
           reply(call, 200, found);
}

bool
hib_on_cancel_rendition(HibCall *call, const char *rendition, GError **error)
{
    HibRendition *found = NULL;
    return hib_rendition_cancel(hib_call_db(call), rendition, &found, error) &&
           reply(call, 200, found);
}
