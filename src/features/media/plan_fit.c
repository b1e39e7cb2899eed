/* How a media is made to fit: from facts and a spec the work the child is given, or the rule that nothing can keep. Pure.
 *
 * Nothing is ever stretched, made larger than it is, or cut short unasked: a picture too small or a video too long is refused with the rule, because only its owner
 * can say what to do. Another ratio is reached by cropping around the focus or by padding, as the person chose. */
#include "base/error.h"
#include "media/media_private.h"
#include <math.h>
#include <string.h>

#define PICTURE_MEMORY_MB 1536
#define VIDEO_MEMORY_MB 3072
#define SOUND_BITRATE 128000
#define LEAST_BITRATE 100000
#define CONTAINER_SHARE 0.93 /* of a byte cap that picture and sound may fill */
#define PICTURE_BYTES (20 * 1024 * 1024)

static bool
refuse(const char *slug, const char *actual, const char *limit, GError **error)
{
    hib_error_set(error, HIB_ERROR_INVALID, slug, "%s, may be %s", actual, limit);
    hib_error_set_detail(error ? *error : NULL, "actual", actual);
    hib_error_set_detail(error ? *error : NULL, "limit", limit);
    return false;
}

static bool
allows_type(const HibMediaSpec *spec, const char *mime)
{
    return hib_media_allows(spec->mimes, G_N_ELEMENTS(spec->mimes), mime);
}

/* --- which type ------------------------------------------------------------------------------------------------------------- */
static const char *
picture_type(const HibMediaFacts *facts, const HibMediaSpec *spec)
{
    static const char *const made[] = {"image/jpeg", "image/png", "image/webp"};
    for (size_t i = 0; i < G_N_ELEMENTS(made); i++)
        if (strcmp(made[i], facts->mime) == 0 && allows_type(spec, made[i]))
            return made[i];
    for (size_t i = 0; i < G_N_ELEMENTS(made); i++)
        if (allows_type(spec, made[i]))
            return made[i];
    return NULL;
}

static bool
refuse_type(const HibMediaFacts *facts, const HibMediaSpec *spec, GError **error)
{
    return refuse("media.fit_type", facts->mime, spec->mimes[0] ? spec->mimes[0] : "JPEG", error);
}

static bool
choose_type(const HibMediaFacts *facts, const HibMediaSpec *spec, HibWork *work, GError **error)
{
    const bool is_moving =
        facts->kind == HIB_MEDIA_VIDEO || (facts->kind == HIB_MEDIA_GIF && facts->duration_ms > 0);
    const bool may_video = !spec->no_video && allows_type(spec, "video/mp4") && is_moving;
    const char *picture = picture_type(facts, spec);
    if (facts->kind == HIB_MEDIA_VIDEO && spec->no_video && !spec->is_cover)
        return refuse("media.fit_kind", "video", "image", error);
    if (facts->kind == HIB_MEDIA_IMAGE && spec->no_image)
        return refuse("media.fit_kind", "image", "video", error);
    if (!spec->is_cover && may_video) {
        work->kind = HIB_WORK_VIDEO;
        g_strlcpy(work->mime, "video/mp4", sizeof work->mime);
        return true;
    }
    if ((facts->kind == HIB_MEDIA_VIDEO && !spec->is_cover) || !picture || spec->no_image)
        return refuse_type(facts, spec, error);
    work->kind = facts->kind == HIB_MEDIA_VIDEO ? HIB_WORK_COVER : HIB_WORK_PICTURE;
    work->at_ms = facts->kind == HIB_MEDIA_VIDEO ? MIN(spec->cover_at_ms, facts->duration_ms) : 0;
    g_strlcpy(work->mime, picture, sizeof work->mime);
    if (strcmp(picture, "image/jpeg") != 0 && allows_type(spec, "image/jpeg"))
        g_strlcpy(work->second, "image/jpeg", sizeof work->second);
    return true;
}

/* --- geometry --------------------------------------------------------------------------------------------------------------- */
typedef struct {
    int width, height;
} Size;

/* Bounds are kept strictly, unless they are one value that whole pixels may miss (what hib_media_fits lets pass). */
static bool
is_ratio_kept(Size size, const HibMediaSpec *spec)
{
    const double ratio = (double)size.width / size.height;
    const bool is_one = spec->min_ratio > 0 && spec->max_ratio - spec->min_ratio < 0.002;
    const double slack = spec->max_ratio > 0 && is_one ? 0.0005 : 1e-9;
    return (spec->min_ratio <= 0 || ratio >= spec->min_ratio - slack) &&
           (spec->max_ratio <= 0 || ratio <= spec->max_ratio + slack);
}

static int
even(double value, int step)
{
    return MAX((int)value / step * step, step);
}

/* The largest size in whole steps within `most` that keeps the ratio's bounds; the ratio of `most` where it does so already. */
static Size
within_ratio(Size most, const HibMediaSpec *spec, int step)
{
    Size out = {even(most.width, step), even(most.height, step)};
    const double ratio = (double)most.width / most.height;
    if (spec->max_ratio > 0 && ratio > spec->max_ratio)
        out.width = even(out.height * spec->max_ratio + 1e-6, step);
    if (spec->min_ratio > 0 && ratio < spec->min_ratio)
        out.height = even(out.width / spec->min_ratio + 1e-6, step);
    for (int i = 0; i < 64 && !is_ratio_kept(out, spec); i++) { /* what whole pixels lost */
        if (spec->max_ratio > 0 && (double)out.width / out.height > spec->max_ratio)
            out.width = MAX(out.width - step, step);
        else
            out.height = MAX(out.height - step, step);
    }
    return out;
}

static double
shrink_of(Size size, const HibMediaSpec *spec)
{
    double by = 1;
    if (spec->max_width && size.width > spec->max_width)
        by = MIN(by, (double)spec->max_width / size.width);
    if (spec->max_height && size.height > spec->max_height)
        by = MIN(by, (double)spec->max_height / size.height);
    return by;
}

static int64_t
offset_of(int whole, int part, double focus)
{
    const double at = focus * whole - part / 2.0;
    return (int64_t)CLAMP(at, 0, MAX(whole - part, 0));
}

static Size
plan_crop(Size source, const HibMediaSpec *spec, HibWork *work, int step)
{
    /* of a part that a person chose its own middle */
    const bool is_middle = (spec->focus_x <= 0 && spec->focus_y <= 0) || spec->crop_width > 0;
    const Size kept = is_ratio_kept(source, spec) ? source : within_ratio(source, spec, 1);
    if (kept.width != source.width || kept.height != source.height) {
        work->crop_width = kept.width;
        work->crop_height = kept.height;
        work->crop_x = offset_of(source.width, kept.width, is_middle ? 0.5 : spec->focus_x);
        work->crop_y = offset_of(source.height, kept.height, is_middle ? 0.5 : spec->focus_y);
    }
    const double by = shrink_of(kept, spec);
    const Size shrunk = {(int)lround(kept.width * by), (int)lround(kept.height * by)};
    const Size out = within_ratio(shrunk, spec, step);
    work->width = out.width;
    work->height = out.height;
    return out;
}

/* The smallest canvas of a kept ratio around the whole picture, shrunk as a whole. */
static Size
plan_pad(Size source, const HibMediaSpec *spec, HibWork *work, int step)
{
    const double ratio = (double)source.width / source.height;
    double width = source.width, height = source.height;
    if (spec->max_ratio > 0 && ratio > spec->max_ratio)
        height = ceil(width / spec->max_ratio);
    else if (spec->min_ratio > 0 && ratio < spec->min_ratio)
        width = ceil(height * spec->min_ratio);
    const Size whole = {(int)width, (int)height};
    const double by = shrink_of(whole, spec);
    const Size shrunk = {(int)lround(width * by), (int)lround(height * by)};
    const Size canvas = within_ratio(shrunk, spec, step);
    work->width = MIN(even(source.width * by + 0.5, step), canvas.width);
    work->height = MIN(even(source.height * by + 0.5, step), canvas.height);
    work->pad_width = canvas.width;
    work->pad_height = canvas.height;
    return canvas;
}

/* Within the part that is used at all, whose place is the person's. */
static void
add_part(const HibMediaPart *part, const HibMediaFacts *facts, HibWork *work)
{
    if (part->width == facts->width && part->height == facts->height)
        return;
    if (work->crop_width == 0) {
        work->crop_width = part->width;
        work->crop_height = part->height;
    }
    work->crop_x += part->x;
    work->crop_y += part->y;
}

static bool
plan_size(const HibMediaFacts *facts, const HibMediaSpec *spec, HibWork *work, HibArena *arena,
          GError **error)
{
    const HibMediaPart part = hib_media_part(facts, spec);
    const Size source = {part.width, part.height};
    const int step = work->kind == HIB_WORK_VIDEO ? 2 : 1; /* 4:2:0 knows no odd sizes */
    const bool must_pad = spec->fill == HIB_FILL_PAD && !is_ratio_kept(source, spec);
    const Size out =
        must_pad ? plan_pad(source, spec, work, step) : plan_crop(source, spec, work, step);
    add_part(&part, facts, work);
    if (spec->min_width && out.width < spec->min_width)
        return refuse("media.fit_width", hib_arena_printf(arena, "%d px", out.width),
                      hib_arena_printf(arena, "%d px", spec->min_width), error);
    if (spec->min_height && out.height < spec->min_height)
        return refuse("media.fit_height", hib_arena_printf(arena, "%d px", out.height),
                      hib_arena_printf(arena, "%d px", spec->min_height), error);
    return true;
}

/* --- time and rate ------------------------------------------------------------------------------------------------------------ */
static bool
plan_time(const HibMediaFacts *facts, const HibMediaSpec *spec, HibWork *work, int64_t *ret_ms,
          HibArena *arena, GError **error)
{
    const int64_t to =
        spec->trim_to_ms > 0 ? MIN(spec->trim_to_ms, facts->duration_ms) : facts->duration_ms;
    const int64_t ms = to - spec->trim_from_ms;
    work->from_ms = spec->trim_from_ms;
    work->to_ms = spec->trim_to_ms > 0 ? to : 0;
    *ret_ms = ms;
    const bool is_short = ms <= 0 || (spec->min_duration_ms && ms < spec->min_duration_ms);
    const bool is_long = spec->max_duration_ms && ms > spec->max_duration_ms;
    if (!is_short && !is_long)
        return true;
    return refuse(
        "media.fit_duration", hib_media_seconds_text(arena, MAX(ms, 0)),
        hib_media_seconds_text(arena, is_long ? spec->max_duration_ms : spec->min_duration_ms),
        error);
}

static bool
plan_rate(const HibMediaFacts *facts, const HibMediaSpec *spec, HibWork *work, int64_t ms,
          HibArena *arena, GError **error)
{
    const int64_t sound = facts->has_audio ? SOUND_BITRATE : 0;
    int64_t all = spec->max_bitrate;
    if (spec->max_fps > 0 && facts->fps > spec->max_fps)
        work->fps_milli = (int64_t)(spec->max_fps * 1000);
    else if (spec->min_fps > 0 && facts->fps < spec->min_fps)
        work->fps_milli = (int64_t)(spec->min_fps * 1000);
    if (spec->max_bytes) {
        const double most = (double)spec->max_bytes * 8000 * CONTAINER_SHARE / (double)ms;
        all = all ? MIN(all, (int64_t)most) : (int64_t)MIN(most, 1e9);
    }
    work->keeps_sound = facts->has_audio;
    if (all && all < sound + LEAST_BITRATE)
        return refuse("media.fit_bytes", hib_media_seconds_text(arena, ms),
                      hib_media_bytes_text(arena, spec->max_bytes), error);
    work->bitrate = all ? (int64_t)((double)(all - sound) * 0.95)
                        : 0; /* the rate is held by the second, not exactly */
    return true;
}

static bool
plan_codecs(const HibMediaFacts *facts, const HibMediaSpec *spec, GError **error)
{
    if (!hib_media_allows(spec->videos, G_N_ELEMENTS(spec->videos), "h264"))
        return refuse("media.fit_codec", "h264", spec->videos[0], error);
    if (facts->has_audio && !hib_media_allows(spec->audios, G_N_ELEMENTS(spec->audios), "aac"))
        return refuse("media.fit_codec", "aac", spec->audios[0], error);
    return true;
}

/* Transcoding takes about as long as playing on a slow machine; four times that and some is patience enough. */
static int
deadline_of(int64_t ms)
{
    return (int)CLAMP(ms * 4 + 120000, 120000, 6 * 3600 * 1000);
}

bool
hib_media_plan_fit(const HibMediaFacts *facts, const HibMediaSpec *spec, HibArena *arena,
                   HibWork *ret, int *ret_deadline_ms, GError **error)
{
    int64_t ms = 0;
    memset(ret, 0, sizeof *ret);
    g_strlcpy(ret->type, hib_image_mime(hib_image_type_of(facts->mime)), sizeof ret->type);
    if (!choose_type(facts, spec, ret, error) || !plan_size(facts, spec, ret, arena, error))
        return false;
    if (ret->kind != HIB_WORK_VIDEO) {
        *ret_deadline_ms = 60000;
        ret->max_bytes = spec->max_bytes ? spec->max_bytes : PICTURE_BYTES;
        ret->cpu_s = 60;
        ret->memory_mb = PICTURE_MEMORY_MB;
        return true;
    }
    if (!plan_time(facts, spec, ret, &ms, arena, error) || !plan_codecs(facts, spec, error) ||
        !plan_rate(facts, spec, ret, ms, arena, error))
        return false;
    *ret_deadline_ms = deadline_of(ms);
    ret->max_bytes = spec->max_bytes ? spec->max_bytes : (int64_t)4 << 30;
    ret->cpu_s = *ret_deadline_ms / 1000 * 4;
    ret->memory_mb = VIDEO_MEMORY_MB;
    return true;
}
