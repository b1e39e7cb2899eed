/* Does a media keep the rules of a place? Pure: facts and a spec in, the rules that are not kept out, each with what is and what may be. */
#include "media/media_private.h"
#include <string.h>

typedef struct {
    HibArena *arena;
    HibMediaFault *faults;
    size_t n;
} Findings;

static void
say(Findings *f, const char *slug, const char *actual, const char *limit)
{
    if (f->n < HIB_MEDIA_FAULTS)
        f->faults[f->n++] = (HibMediaFault){slug, actual, limit};
}

/* --- words: units that read the same in every language -------------------------------------------------------------------- */
const char *
hib_media_bytes_text(HibArena *arena, int64_t bytes)
{
    if (bytes >= 1000 * 1000)
        return hib_arena_printf(arena, "%.1f MB", (double)bytes / 1e6);
    return hib_arena_printf(arena, "%.1f kB", (double)bytes / 1e3);
}

const char *
hib_media_seconds_text(HibArena *arena, int64_t ms)
{
    return hib_arena_printf(arena, "%.1f s", (double)ms / 1e3);
}

static const char *
pixels_text(HibArena *arena, int pixels)
{
    return hib_arena_printf(arena, "%d px", pixels);
}

static const char *
real_text(HibArena *arena, double value, const char *unit)
{
    return hib_arena_printf(arena, "%.2f%s", value, unit);
}

static const char *
list_text(HibArena *arena, const char *const *list, size_t most)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < most && list[i]; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", list[i]);
    return hib_arena_strdup(arena, out->str);
}

/* --- rules ------------------------------------------------------------------------------------------------------------------- */
bool
hib_media_allows(const char *const *list, size_t most, const char *name)
{
    if (!list[0])
        return true;
    for (size_t i = 0; i < most && list[i]; i++)
        if (name && strcmp(list[i], name) == 0)
            return true;
    return false;
}

static void
check_pixels(Findings *f, const char *slug, int actual, int min, int max)
{
    if (min && actual < min)
        say(f, slug, pixels_text(f->arena, actual), pixels_text(f->arena, min));
    else if (max && actual > max)
        say(f, slug, pixels_text(f->arena, actual), pixels_text(f->arena, max));
}

static void
check_real(Findings *f, const char *slug, double actual, double min, double max, const char *unit)
{
    const double slack = 0.0005; /* 1080 x 1921 is 9:16 to everybody but a computer */
    if (min > 0 && actual < min - slack)
        say(f, slug, real_text(f->arena, actual, unit), real_text(f->arena, min, unit));
    else if (max > 0 && actual > max + slack)
        say(f, slug, real_text(f->arena, actual, unit), real_text(f->arena, max, unit));
}

static void
check_duration(Findings *f, int64_t actual, int64_t min, int64_t max)
{
    if (min && actual < min)
        say(f, "media.fit_duration", hib_media_seconds_text(f->arena, actual),
            hib_media_seconds_text(f->arena, min));
    else if (max && actual > max)
        say(f, "media.fit_duration", hib_media_seconds_text(f->arena, actual),
            hib_media_seconds_text(f->arena, max));
}

static void
check_codecs(Findings *f, const HibMediaFacts *facts, const HibMediaSpec *spec)
{
    HibArena *arena = f->arena;
    if (!hib_media_allows(spec->videos, G_N_ELEMENTS(spec->videos), facts->video_codec))
        say(f, "media.fit_codec", facts->video_codec ? facts->video_codec : "?",
            list_text(arena, spec->videos, G_N_ELEMENTS(spec->videos)));
    if (facts->has_audio &&
        !hib_media_allows(spec->audios, G_N_ELEMENTS(spec->audios), facts->audio_codec))
        say(f, "media.fit_codec", facts->audio_codec ? facts->audio_codec : "?",
            list_text(arena, spec->audios, G_N_ELEMENTS(spec->audios)));
}

static void
check_moving(Findings *f, const HibMediaFacts *facts, const HibMediaSpec *spec)
{
    check_duration(f, facts->duration_ms, spec->min_duration_ms, spec->max_duration_ms);
    if (facts->kind != HIB_MEDIA_VIDEO)
        return;
    check_real(f, "media.fit_fps", facts->fps, spec->min_fps, spec->max_fps, " fps");
    check_codecs(f, facts, spec);
    if (spec->max_bitrate && facts->bitrate > spec->max_bitrate)
        say(f, "media.fit_bitrate", real_text(f->arena, (double)facts->bitrate / 1e6, " Mbps"),
            real_text(f->arena, (double)spec->max_bitrate / 1e6, " Mbps"));
    if (spec->wants_faststart && !facts->is_faststart)
        say(f, "media.fit_faststart", "moov", "moov");
}

bool
hib_media_is_wanted_otherwise(const HibMediaSpec *spec)
{
    return spec->is_cover || spec->trim_from_ms > 0 || spec->trim_to_ms > 0 || spec->crop_width > 0;
}

HibMediaPart
hib_media_part(const HibMediaFacts *facts, const HibMediaSpec *spec)
{
    if (spec->crop_width <= 0 || spec->crop_height <= 0)
        return (HibMediaPart){0, 0, facts->width, facts->height};
    const int width = CLAMP((int)(spec->crop_width * facts->width + 0.5), 1, MAX(facts->width, 1));
    const int height =
        CLAMP((int)(spec->crop_height * facts->height + 0.5), 1, MAX(facts->height, 1));
    return (HibMediaPart){
        CLAMP((int)(spec->crop_x * facts->width + 0.5), 0, facts->width - width),
        CLAMP((int)(spec->crop_y * facts->height + 0.5), 0, facts->height - height), width, height};
}

bool
hib_media_fits(const HibMediaFacts *facts, const HibMediaSpec *spec, HibArena *arena,
               HibMediaFault faults[HIB_MEDIA_FAULTS], size_t *ret_n)
{
    Findings f = {.arena = arena, .faults = faults};
    const bool is_video = facts->kind == HIB_MEDIA_VIDEO;
    const char *kind = hib_media_kind_name(facts->kind);
    const HibMediaPart part = hib_media_part(facts, spec);
    if ((is_video && spec->no_video) || (!is_video && spec->no_image))
        say(&f, "media.fit_kind", kind, is_video ? "image" : "video");
    if (!hib_media_allows(spec->mimes, G_N_ELEMENTS(spec->mimes), facts->mime))
        say(&f, "media.fit_type", facts->mime,
            list_text(arena, spec->mimes, G_N_ELEMENTS(spec->mimes)));
    if (spec->max_bytes && facts->bytes > spec->max_bytes)
        say(&f, "media.fit_bytes", hib_media_bytes_text(arena, facts->bytes),
            hib_media_bytes_text(arena, spec->max_bytes));
    check_pixels(&f, "media.fit_width", part.width, spec->min_width, spec->max_width);
    check_pixels(&f, "media.fit_height", part.height, spec->min_height, spec->max_height);
    check_real(&f, "media.fit_ratio", (double)part.width / MAX(part.height, 1), spec->min_ratio,
               spec->max_ratio, "");
    if (facts->kind != HIB_MEDIA_IMAGE)
        check_moving(&f, facts, spec);
    *ret_n = f.n;
    return f.n == 0 && !hib_media_is_wanted_otherwise(spec);
}
