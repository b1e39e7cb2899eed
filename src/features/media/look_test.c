/* Looking: what every kind of file is, as a stranger's program made it; and what is refused, with nothing of it left. */
#include "test_made.h"
#include <string.h>

typedef struct {
    const char *name, *words; /* for make_media */
    HibMediaKind kind;
    const char *mime;
    int width, height;
    int64_t duration_ms;
    const char *video_codec, *audio_codec;
} Sample;

static const Sample samples[] = {
    {"a.jpg", "width=800 height=600", HIB_MEDIA_IMAGE, "image/jpeg", 800, 600, 0, NULL, NULL},
    {"t.jpg", "width=80 height=60 turn=6 place=1", HIB_MEDIA_IMAGE, "image/jpeg", 60, 80, 0, NULL,
     NULL},
    {"a.png", "width=33 height=21", HIB_MEDIA_IMAGE, "image/png", 33, 21, 0, NULL, NULL},
    {"a.webp", "width=70 height=900", HIB_MEDIA_IMAGE, "image/webp", 70, 900, 0, NULL, NULL},
    {"a.heic", "width=128 height=96", HIB_MEDIA_IMAGE, "image/heic", 128, 96, 0, NULL, NULL},
    {"a.avif", "width=128 height=96", HIB_MEDIA_IMAGE, "image/avif", 128, 96, 0, NULL, NULL},
    {"a.gif", "width=64 height=48 seconds=1 fps=10", HIB_MEDIA_GIF, "image/gif", 64, 48, 1000, NULL,
     NULL},
    {"a.mp4", "width=320 height=240 seconds=2 sound=1", HIB_MEDIA_VIDEO, "video/mp4", 320, 240,
     2000, "h264", "aac"},
    {"t.mov", "width=320 height=240 seconds=1 turn=90", HIB_MEDIA_VIDEO, "video/quicktime", 240,
     320, 1000, "h264", NULL},
    {"a.webm", "width=160 height=120 seconds=1 sound=1", HIB_MEDIA_VIDEO, "video/webm", 160, 120,
     1000, "vp8", "opus"},
};

static void
every_kind_is_told_as_it_is_and_gets_a_thumbnail(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_media_workers(&ws);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
        const Sample *s = &samples[i];
        g_autoptr(GBytes) content = hib_test_made(&ws, s->name, s->words);
        HibMedia *media = NULL;
        g_test_message("%s %s", s->name, s->words);
        hib_assert_ok(hib_media_add(db, &ws.services, content, "", &media, &error), error);
        const HibMediaFacts *f = &media->facts;
        g_assert_cmpint(media->state, ==, HIB_MEDIA_READY);
        g_assert_cmpint(f->kind, ==, s->kind);
        g_assert_cmpstr(f->mime, ==, s->mime);
        g_assert_cmpint(f->width, ==, s->width);
        g_assert_cmpint(f->height, ==, s->height);
        g_assert_cmpint(ABS(f->duration_ms - s->duration_ms), <=, 60);
        g_assert_cmpstr(f->video_codec, ==, s->video_codec);
        g_assert_cmpstr(f->audio_codec, ==, s->audio_codec);
        g_assert_true(f->has_audio == (s->audio_codec != NULL));
        g_assert_cmpint(f->bytes, ==, (int64_t)g_bytes_get_size(content));

        const HibWorkReply thumb = hib_test_look_at(&ws, media->thumb_sha256, "image/jpeg");
        const int most = MAX(s->width, s->height);
        g_assert_cmpint(MAX(thumb.width, thumb.height), ==, MIN(most, 480));
        g_assert_true((thumb.width > thumb.height) == (s->width > s->height));
        /* Red stands upper left in the file; turned clockwise it is upper right. */
        const bool is_turned = strstr(s->words, "turn=") != NULL;
        g_assert_true(hib_test_is_red(&ws, media->thumb_sha256, is_turned ? 0.75 : 0.25, 0.25));
        g_assert_false(hib_test_is_red(&ws, media->thumb_sha256, is_turned ? 0.25 : 0.75, 0.25));
    }
}

/* --- hostile files ------------------------------------------------------------------------------------------------------------ */
static void
put32(GByteArray *out, uint32_t value)
{
    const guint8 bytes[] = {(guint8)(value >> 24), (guint8)(value >> 16), (guint8)(value >> 8),
                            (guint8)value};
    g_byte_array_append(out, bytes, 4);
}

static void
put(GByteArray *out, const char *text, size_t n)
{
    g_byte_array_append(out, (const guint8 *)text, (guint)n);
}

/* A head that says 30,000 x 30,000, and hardly anything behind it. */
static GBytes *
bomb_png(int width, int height)
{
    GByteArray *out = g_byte_array_new();
    put(out, "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16);
    put32(out, (uint32_t)width);
    put32(out, (uint32_t)height);
    put(out, "\x08\x02\0\0\0____\0\0\0\x04IDATxxxx____", 25);
    return g_byte_array_free_to_bytes(out);
}

/* A box that says it is larger than any disk, in a box that says so too. */
static GBytes *
huge_atoms(void)
{
    GByteArray *out = g_byte_array_new();
    put32(out, 16);
    put(out, "ftypisom\0\0\2\0", 12);
    put32(out, 0x7fffffff);
    put(out, "moov", 4);
    put32(out, 0x7ffffff0);
    put(out, "trak", 4);
    put32(out, 0x7fffff00);
    put(out, "stsz\0\0\0\0\0\0\0\0\x7f\xff\xff\xff", 16);
    return g_byte_array_free_to_bytes(out);
}

static GBytes *
cut(GBytes *whole, int percent)
{
    return g_bytes_new_from_bytes(whole, 0, g_bytes_get_size(whole) * (size_t)percent / 100);
}

static GBytes *
text(const char *words)
{
    return g_bytes_new(words, strlen(words));
}

/* The second half is noise: the same everywhere, so that the test repeats. */
static GBytes *
spoilt(GBytes *whole)
{
    size_t n = 0;
    HibSeeded seeded;
    guint8 *data = g_memdup2(g_bytes_get_data(whole, &n), g_bytes_get_size(whole));
    hib_seeded_init(&seeded, 20261125);
    for (size_t i = n / 4; i < n; i++)
        data[i] = (guint8)hib_seeded_below(&seeded, 256);
    return g_bytes_new_take(data, n);
}

typedef struct {
    const char *name;
    GBytes *content;
    const char *reason;
} Hostile;

static void
a_hostile_file_is_refused_in_words_and_nothing_of_it_stays(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_media_workers(&ws);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(GBytes) jpeg = hib_test_made(&ws, "a.jpg", "width=400 height=300");
    g_autoptr(GBytes) png = hib_test_made(&ws, "a.png", "width=400 height=300");
    g_autoptr(GBytes) webp = hib_test_made(&ws, "a.webp", "width=400 height=300 noise=60");
    g_autoptr(GBytes) gif = hib_test_made(&ws, "a.gif", "width=200 height=150 seconds=0.3 fps=10");
    g_autoptr(GBytes) heic = hib_test_made(&ws, "a.heic", "width=200 height=150");
    g_autoptr(GBytes) mp4 = hib_test_made(&ws, "a.mp4", "seconds=1");
    g_autoptr(GBytes) webm = hib_test_made(&ws, "a.webm", "seconds=1");
    const Hostile files[] = {
        {"JPEG cut", cut(jpeg, 50), "media.damaged"},
        {"PNG cut", cut(png, 50), "media.damaged"},
        {"WebP cut", cut(webp, 50), "media.damaged"},
        {"GIF cut to its head", cut(gif, 1), "media.damaged"},
        {"HEIC cut", cut(heic, 60), "media.damaged"},
        {"MP4 without its index", cut(mp4, 50), "media.damaged"},
        {"WebM cut to its head", cut(webm, 1), "media.damaged"},
        {"MP4 of noise", spoilt(mp4), "media.damaged"},
        {"PNG of noise", spoilt(png), "media.damaged"},
        {"PNG bomb", bomb_png(30000, 30000), "media.too_large_to_decode"},
        {"PNG without pixels", bomb_png(300, 300), "media.damaged"},
        {"MP4 with huge boxes", huge_atoms(), "media.damaged"},
        {"SVG called JPEG", text("<svg onload='alert(1)'/>"), "media.type"},
        {"HTML called PNG", text("<html><script>alert(1)</script>"), "media.not_an_image"},
        {"empty", text(""), "media.not_an_image"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        HibMedia *media = NULL, **list = NULL;
        size_t n = 0;
        const char *next = NULL;
        g_test_message("%s", files[i].name);
        hib_assert_refused(hib_media_add(db, &ws.services, files[i].content, "", &media, &error),
                           error, files[i].reason);
        hib_assert_ok(hib_media_list(db, NULL, 10, &list, &n, &next, &error), error);
        g_assert_cmpuint(n, ==, 0);
        g_bytes_unref(files[i].content);
    }
}

/* Large ones take other ways through the libraries and the allocator; what those ask of the system must be allowed. */
static void
large_pictures_are_looked_at_and_made_to_fit(HibTestStore *test)
{
    static const char *const files[][2] = {{"a.jpg", "width=7000 height=5000 turn=6 noise=30"},
                                           {"a.png", "width=6000 height=6000 noise=3"},
                                           {"a.webp", "width=5000 height=4000 noise=3"}};
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_media_workers(&ws);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_media.jobs, &ws.services, &error);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GBytes) content = hib_test_made(&ws, files[i][0], files[i][1]);
        const HibMediaSpec spec = {.mimes = {"image/jpeg"}, .max_width = 1080, .max_ratio = 1};
        HibMedia *media = NULL;
        HibRendition *made = NULL;
        hib_assert_ok(hib_media_add(db, &ws.services, content, "", &media, &error), error);
        g_assert_cmpint(media->state, ==, HIB_MEDIA_READY);
        hib_assert_ok(hib_media_fit(db, &ws.services, media->id, &spec, &made, &error), error);
        hib_jobs_run_due(jobs);
        hib_assert_ok(hib_rendition_get(db, made->id, &made, &error), error);
        g_assert_cmpstr(made->reason, ==, NULL);
        g_assert_cmpint(made->facts.width, ==, 1080);
    }
}

/* --- later ---------------------------------------------------------------------------------------------------------------------- */
static void
where_nobody_can_look_the_job_does_later_and_failure_is_told(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(GBytes) good = hib_test_made(&ws, "a.jpg", "");
    g_autoptr(GBytes) bad = cut(good, 60);
    HibMedia *first = NULL, *second = NULL;
    hib_assert_ok(hib_media_add(db, &ws.services, good, "", &first, &error), error);
    hib_assert_ok(hib_media_add(db, &ws.services, bad, "", &second, &error), error);
    g_assert_cmpint(first->state, ==, HIB_MEDIA_WORKING);
    g_assert_cmpint(second->state, ==, HIB_MEDIA_WORKING);

    hib_test_media_workers(&ws);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_media.jobs, &ws.services, &error);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_MINUTE);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 2);
    hib_assert_ok(hib_media_get(db, first->id, &first, &error), error);
    hib_assert_ok(hib_media_get(db, second->id, &second, &error), error);
    g_assert_cmpint(first->state, ==, HIB_MEDIA_READY);
    g_assert_nonnull(first->thumb_sha256);
    g_assert_cmpint(second->state, ==, HIB_MEDIA_FAILED);
    g_assert_cmpstr(second->reason, ==, "media.damaged");
    /* The whole file again: it begins anew. */
    hib_assert_refused(hib_media_add(db, &ws.services, bad, "", &second, &error), error,
                       "media.damaged");
    hib_assert_refused(hib_media_get(db, second->id, &second, &error), error, "media.unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    /* What the child sees does not depend on the database: once is enough. */
    hib_test_add_once("/look/every_kind_is_told_as_it_is_and_gets_a_thumbnail",
                      every_kind_is_told_as_it_is_and_gets_a_thumbnail);
    hib_test_add_once("/look/large_pictures_are_looked_at_and_made_to_fit",
                      large_pictures_are_looked_at_and_made_to_fit);
    hib_test_add("/look/a_hostile_file_is_refused_in_words_and_nothing_of_it_stays",
                 a_hostile_file_is_refused_in_words_and_nothing_of_it_stays);
    hib_test_add_manual("/look/where_nobody_can_look_the_job_does_later_and_failure_is_told",
                        where_nobody_can_look_the_job_does_later_and_failure_is_told);
    return g_test_run();
}
