/* The rules, one by one at their bounds, and the plans that keep them: pure, against values worked out by hand. */
#include "base/error.h"
#include "media/media_private.h"
#include "store/test_store.h"
#include <string.h>

static const HibMediaFacts picture = {.kind = HIB_MEDIA_IMAGE,
                                      .mime = "image/jpeg",
                                      .bytes = 1000 * 1000,
                                      .width = 1080,
                                      .height = 1350};
static const HibMediaFacts video = {.kind = HIB_MEDIA_VIDEO,
                                    .mime = "video/mp4",
                                    .bytes = 10 * 1000 * 1000,
                                    .width = 1920,
                                    .height = 1080,
                                    .duration_ms = 30000,
                                    .fps = 30,
                                    .bitrate = 2666666,
                                    .has_audio = true,
                                    .is_faststart = true,
                                    .video_codec = "h264",
                                    .audio_codec = "aac"};

typedef struct {
    const HibMediaFacts *facts;
    HibMediaSpec spec;
    const char *slug, *actual, *limit; /* slug NULL: it fits */
} Rule;

static const Rule rules[] = {
    {&picture, {.max_bytes = 0}, NULL, NULL, NULL},
    {&picture, {.mimes = {"image/png", "image/jpeg"}}, NULL, NULL, NULL},
    {&picture,
     {.mimes = {"image/png", "image/webp"}},
     "media.fit_type",
     "image/jpeg",
     "image/png, image/webp"},
    {&picture, {.max_bytes = 1000 * 1000}, NULL, NULL, NULL},
    {&picture, {.max_bytes = 999999}, "media.fit_bytes", "1.0 MB", "1000.0 kB"},
    {&picture, {.min_width = 1080, .max_width = 1080}, NULL, NULL, NULL},
    {&picture, {.min_width = 1081}, "media.fit_width", "1080 px", "1081 px"},
    {&picture, {.max_height = 1349}, "media.fit_height", "1350 px", "1349 px"},
    {&picture, {.min_ratio = 0.8, .max_ratio = 1.91}, NULL, NULL, NULL},
    {&picture, {.min_ratio = 0.81}, "media.fit_ratio", "0.80", "0.81"},
    {&picture, {.max_ratio = 0.5625}, "media.fit_ratio", "0.80", "0.56"},
    {&picture, {.no_image = true}, "media.fit_kind", "image", "video"},
    {&picture, {.min_duration_ms = 3000, .max_fps = 10}, NULL, NULL, NULL},
    {&video, {.no_video = true}, "media.fit_kind", "video", "image"},
    {&video, {.min_duration_ms = 30000, .max_duration_ms = 30000}, NULL, NULL, NULL},
    {&video, {.max_duration_ms = 29999}, "media.fit_duration", "30.0 s", "30.0 s"},
    {&video, {.min_duration_ms = 60000}, "media.fit_duration", "30.0 s", "60.0 s"},
    {&video, {.min_fps = 23, .max_fps = 60}, NULL, NULL, NULL},
    {&video, {.max_fps = 25}, "media.fit_fps", "30.00 fps", "25.00 fps"},
    {&video, {.videos = {"h264", "hevc"}, .audios = {"aac"}}, NULL, NULL, NULL},
    {&video, {.videos = {"vp9"}}, "media.fit_codec", "h264", "vp9"},
    {&video, {.audios = {"mp3"}}, "media.fit_codec", "aac", "mp3"},
    {&video, {.max_bitrate = 2000000}, "media.fit_bitrate", "2.67 Mbps", "2.00 Mbps"},
    {&video, {.wants_faststart = true}, NULL, NULL, NULL},
};

static void
each_rule_is_told_with_what_is_and_what_may_be(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        HibMediaFault faults[HIB_MEDIA_FAULTS];
        size_t n = 99;
        const bool fits = hib_media_fits(rules[i].facts, &rules[i].spec, arena, faults, &n);
        g_test_message("%zu: %s", i, n ? faults[0].slug : "fits");
        g_assert_true(fits == (rules[i].slug == NULL));
        g_assert_cmpuint(n, ==, rules[i].slug ? 1 : 0);
        if (n == 0)
            continue;
        g_assert_cmpstr(faults[0].slug, ==, rules[i].slug);
        g_assert_cmpstr(faults[0].actual, ==, rules[i].actual);
        g_assert_cmpstr(faults[0].limit, ==, rules[i].limit);
    }
}

static void
all_faults_are_told_at_once_and_a_wish_fits_nothing_as_it_is(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibMediaFault faults[HIB_MEDIA_FAULTS];
    size_t n = 0;
    HibMediaFacts facts = video;
    facts.is_faststart = false;
    const HibMediaSpec all = {.mimes = {"image/jpeg"},
                              .videos = {"vp9"},
                              .audios = {"mp3"},
                              .max_bytes = 1,
                              .max_bitrate = 1,
                              .max_width = 1,
                              .max_height = 1,
                              .max_ratio = 0.1,
                              .max_duration_ms = 1,
                              .max_fps = 1,
                              .wants_faststart = true,
                              .no_video = true};
    g_assert_false(hib_media_fits(&facts, &all, arena, faults, &n));
    g_assert_cmpuint(n, ==, 12);
    const HibMediaSpec cut = {.trim_to_ms = 1000}, cover = {.is_cover = true};
    g_assert_false(hib_media_fits(&video, &cut, arena, faults, &n));
    g_assert_cmpuint(n, ==, 0);
    g_assert_false(hib_media_fits(&video, &cover, arena, faults, &n));
}

/* --- plans ----------------------------------------------------------------------------------------------------------------------- */
static HibWork
plan(const HibMediaFacts *facts, const HibMediaSpec *spec)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    GError *error = NULL;
    HibWork work;
    int deadline_ms = 0;
    hib_assert_ok(hib_media_plan_fit(facts, spec, arena, &work, &deadline_ms, &error), error);
    g_assert_cmpint(deadline_ms, >, 0);
    return work;
}

static void
geometry_is_as_worked_out_by_hand(void)
{
    const HibMediaSpec square = {
        .mimes = {"image/jpeg"}, .min_ratio = 1, .max_ratio = 1, .max_width = 1080};
    HibWork w = plan(&picture, &square);
    g_assert_cmpint(w.crop_width, ==, 1080);
    g_assert_cmpint(w.crop_height, ==, 1080);
    g_assert_cmpint(w.crop_y, ==, 135); /* the middle of 1350 */
    g_assert_cmpint(w.width, ==, 1080);
    g_assert_cmpint(w.height, ==, 1080);

    HibMediaSpec reel = {.mimes = {"video/mp4"},
                         .min_ratio = 0.5625,
                         .max_ratio = 0.5625,
                         .max_width = 1080,
                         .max_height = 1920,
                         .focus_x = 1,
                         .focus_y = 0.5};
    w = plan(&video, &reel); /* 1920x1080: 607x1080 of it, at the right edge */
    g_assert_cmpint(w.kind, ==, HIB_WORK_VIDEO);
    g_assert_cmpint(w.crop_width, ==, 607);
    g_assert_cmpint(w.crop_x, ==, 1920 - 607);
    g_assert_cmpint(w.height % 2 + w.width % 2, ==, 0);
    g_assert_cmpfloat_with_epsilon((double)w.width / (double)w.height, 0.5625, 0.0005);

    reel.fill = HIB_FILL_PAD;
    w = plan(&video, &reel); /* 1920 wide needs 3414 high; shrunk into 1080x1920 */
    g_assert_cmpint(w.pad_width, ==, 1080);
    g_assert_cmpint(w.pad_height, ==, 1920);
    g_assert_cmpint(w.width, ==, 1080);
    g_assert_cmpint(ABS(w.height - 608), <=, 2);
    g_assert_cmpint(w.crop_width, ==, 0);
}

/* Whatever the size and the bounds, what is planned keeps the ratio and lies within the source. */
static void
no_size_leads_out_of_the_bounds(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibSeeded seeded;
    hib_seeded_init(&seeded, 20261125);
    for (int i = 0; i < 20000; i++) {
        const bool is_video = hib_seeded_below(&seeded, 2) == 1;
        HibMediaFacts facts = is_video ? video : picture;
        facts.width = 200 + (int)hib_seeded_below(&seeded, 8000);
        facts.height = 200 + (int)hib_seeded_below(&seeded, 8000);
        const double low = 0.4 + hib_seeded_unit(&seeded);
        HibMediaSpec spec = {.mimes = {is_video ? "video/mp4" : "image/png"},
                             .min_ratio = low,
                             .max_ratio = low + 0.05 + hib_seeded_unit(&seeded),
                             .max_width = 400 + (int)hib_seeded_below(&seeded, 3000),
                             .max_height = 400 + (int)hib_seeded_below(&seeded, 3000),
                             .fill = (HibFill)hib_seeded_below(&seeded, 2),
                             .focus_x = hib_seeded_unit(&seeded),
                             .focus_y = hib_seeded_unit(&seeded)};
        if (hib_seeded_below(&seeded, 2)) { /* a person chose the part that is used at all */
            spec.crop_width = 0.5 + hib_seeded_unit(&seeded) / 2;
            spec.crop_height = 0.5 + hib_seeded_unit(&seeded) / 2;
            spec.crop_x = (1 - spec.crop_width) * hib_seeded_unit(&seeded);
            spec.crop_y = (1 - spec.crop_height) * hib_seeded_unit(&seeded);
        }
        const HibMediaPart part = hib_media_part(&facts, &spec);
        const HibWork w = plan(&facts, &spec);
        const int64_t width = w.pad_width ? w.pad_width : w.width;
        const int64_t height = w.pad_width ? w.pad_height : w.height;
        const double ratio = (double)width / (double)height;
        g_assert_cmpfloat(ratio, >=, spec.min_ratio - 1e-6);
        g_assert_cmpfloat(ratio, <=, spec.max_ratio + 1e-6);
        g_assert_cmpint(width, <=, spec.max_width);
        g_assert_cmpint(height, <=, spec.max_height);
        g_assert_cmpint(w.crop_x + w.crop_width, <=, part.x + part.width);
        g_assert_cmpint(w.crop_y + w.crop_height, <=, part.y + part.height);
        g_assert_cmpint(part.x + part.width, <=, facts.width);
        g_assert_cmpint(part.y + part.height, <=, facts.height);
        g_assert_cmpint(MIN(part.x, part.y), >=, 0);
        if (w.crop_width || spec.crop_width > 0) {
            g_assert_cmpint(w.crop_x, >=, part.x);
            g_assert_cmpint(w.crop_y, >=, part.y);
        }
        g_assert_cmpint(w.width, <=, width);
        g_assert_cmpint(w.height, <=, height);
        g_assert_cmpint(MIN(w.width, w.height), >, 0);
        if (is_video)
            g_assert_cmpint(width % 2 + height % 2 + w.width % 2 + w.height % 2, ==, 0);
    }
}

typedef struct {
    const HibMediaFacts *facts;
    HibMediaSpec spec;
    const char *slug;
} Impossible;

static const Impossible impossible[] = {
    {&picture, {.mimes = {"image/jpeg"}, .min_width = 2000}, "media.fit_width"},
    {&picture, {.mimes = {"video/mp4"}}, "media.fit_type"},
    {&picture, {.mimes = {"image/jpeg"}, .no_image = true}, "media.fit_kind"},
    {&video, {.mimes = {"image/jpeg"}}, "media.fit_type"},
    {&video, {.no_video = true}, "media.fit_kind"},
    {&video, {.mimes = {"video/mp4"}, .max_duration_ms = 15000}, "media.fit_duration"},
    {&video, {.mimes = {"video/mp4"}, .min_duration_ms = 60000}, "media.fit_duration"},
    {&video,
     {.mimes = {"video/mp4"}, .min_duration_ms = 5000, .trim_from_ms = 28000, .trim_to_ms = 40000},
     "media.fit_duration"},
    {&video, {.mimes = {"video/mp4"}, .trim_from_ms = 40000}, "media.fit_duration"},
    {&video, {.mimes = {"video/mp4"}, .min_height = 2000}, "media.fit_height"},
    {&video, {.mimes = {"video/mp4"}, .videos = {"vp9"}}, "media.fit_codec"},
    {&video, {.mimes = {"video/mp4"}, .audios = {"mp3"}}, "media.fit_codec"},
    {&video, {.mimes = {"video/mp4"}, .max_bytes = 500 * 1000}, "media.fit_bytes"},
};

static void
what_nothing_can_keep_is_refused_with_its_rule(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(impossible); i++) {
        GError *error = NULL;
        HibWork work;
        int deadline_ms;
        g_test_message("%zu: %s", i, impossible[i].slug);
        g_assert_false(hib_media_plan_fit(impossible[i].facts, &impossible[i].spec, arena, &work,
                                          &deadline_ms, &error));
        g_assert_nonnull(hib_error_detail(error, "actual"));
        g_assert_nonnull(hib_error_detail(error, "limit"));
        hib_assert_refused(false, error, impossible[i].slug);
    }
}

static void
a_cap_on_bytes_becomes_a_rate(void)
{
    const HibMediaSpec spec = {.mimes = {"video/mp4"}, .max_bytes = 8 * 1000 * 1000};
    const HibWork w = plan(&video, &spec);
    /* 8 MB in 30 s are 2.13 Mbit/s; 7 % are the container's, 128 kbit/s the sound's, 5 % are kept back. */
    g_assert_cmpint(w.bitrate, >, 1700 * 1000);
    g_assert_cmpint(w.bitrate, <, 1850 * 1000);
}

static void
a_spec_comes_back_as_it_was_printed(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    GError *error = NULL;
    HibMediaSpec back;
    const HibMediaSpec spec = {.mimes = {"video/mp4", "image/jpeg"},
                               .videos = {"h264"},
                               .audios = {"aac"},
                               .max_bytes = (int64_t)3 << 30,
                               .max_bitrate = 25000000,
                               .min_width = 320,
                               .max_width = 1920,
                               .min_height = 240,
                               .max_height = 1080,
                               .min_ratio = 0.01,
                               .max_ratio = 1.91,
                               .min_duration_ms = 3000,
                               .max_duration_ms = 900000,
                               .min_fps = 23.976,
                               .max_fps = 60,
                               .wants_faststart = true,
                               .no_image = true,
                               .focus_x = 0.25,
                               .focus_y = 0.75,
                               .fill = HIB_FILL_PAD,
                               .trim_from_ms = 500,
                               .trim_to_ms = 9000,
                               .is_cover = true,
                               .cover_at_ms = 1500};
    const char *text = hib_media_spec_print(&spec, arena);
    hib_assert_ok(hib_media_spec_parse(text, arena, &back, &error), error);
    g_assert_cmpstr(hib_media_spec_print(&back, arena), ==, text);
    g_assert_cmpstr(back.mimes[1], ==, "image/jpeg");
    g_assert_null(back.mimes[2]);
    g_assert_cmpint(back.max_bytes, ==, spec.max_bytes);
    g_assert_cmpfloat(back.min_fps, ==, spec.min_fps);
    g_assert_true(back.wants_faststart && back.no_image && back.is_cover && !back.no_video);
    hib_assert_refused(hib_media_spec_parse("{", arena, &back, &error), error, "json.malformed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/fits/" #name, name)
    ADD(each_rule_is_told_with_what_is_and_what_may_be);
    ADD(all_faults_are_told_at_once_and_a_wish_fits_nothing_as_it_is);
    ADD(geometry_is_as_worked_out_by_hand);
    ADD(no_size_leads_out_of_the_bounds);
    ADD(what_nothing_can_keep_is_refused_with_its_rule);
    ADD(a_cap_on_bytes_becomes_a_rate);
    ADD(a_spec_comes_back_as_it_was_printed);
    return g_test_run();
}
