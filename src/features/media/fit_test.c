/* Fitting, end to end: what comes out is looked at anew and keeps every rule; a wish is fulfilled once; cancelling, killing and stopping leave nothing half. */
#include "store/events.h"
#include "test_made.h"
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    HibJobs *jobs;
} Fixture;

static void
fixture_open(Fixture *f, HibTestStore *test)
{
    GError *error = NULL;
    hib_test_workspace_open(&f->ws, test);
    hib_test_media_workers(&f->ws);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->jobs = hib_jobs_manual(test->store, hib_media.jobs, &f->ws.services, &error);
    g_assert_no_error(error);
}

static void
fixture_clear(Fixture *f)
{
    hib_jobs_stop(f->jobs);
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_clear)

static HibMedia *
add(Fixture *f, const char *name, const char *words)
{
    GError *error = NULL;
    HibMedia *media = NULL;
    g_autoptr(GBytes) content = hib_test_made(&f->ws, name, words);
    hib_assert_ok(hib_media_add(f->db, &f->ws.services, content, "", &media, &error), error);
    g_assert_cmpint(media->state, ==, HIB_MEDIA_READY);
    return media;
}

/* Asks, lets the job run, and gives what came of it. */
static HibRendition *
fit(Fixture *f, const HibMedia *media, const HibMediaSpec *spec)
{
    GError *error = NULL;
    HibRendition *rendition = NULL;
    hib_assert_ok(hib_media_fit(f->db, &f->ws.services, media->id, spec, &rendition, &error),
                  error);
    if (rendition->state != HIB_MEDIA_WORKING)
        return rendition;
    hib_jobs_run_due(f->jobs);
    hib_assert_ok(hib_rendition_get(f->db, rendition->id, &rendition, &error), error);
    return rendition;
}

/* READY, and what a stranger sees in the file keeps the rules. */
static HibMediaFacts
assert_fitting(Fixture *f, const HibRendition *rendition, const HibMediaSpec *spec)
{
    HibMediaFault faults[HIB_MEDIA_FAULTS];
    HibMediaSpec rules = *spec;
    HibArena *arena = hib_db_arena(f->db);
    GError *error = NULL;
    size_t n = 0;
    g_assert_cmpstr(rendition->reason, ==, NULL);
    g_assert_cmpint(rendition->state, ==, HIB_MEDIA_READY);
    g_autoptr(HibBlobReader) file = NULL;
    hib_assert_ok(hib_media_open(f->db, &f->ws.services, rendition->id, &file, &error), error);
    const HibWorkReply seen = hib_test_look_at(&f->ws, rendition->sha256, rendition->facts.mime);
    const HibMediaFacts facts = hib_media_facts_of(arena, &seen, hib_blob_reader_size(file));
    g_assert_cmpint(facts.width, ==, rendition->facts.width);
    g_assert_cmpint(facts.height, ==, rendition->facts.height);
    g_assert_cmpint(facts.bytes, ==, rendition->facts.bytes);
    rules.is_cover = false;
    rules.trim_from_ms = rules.trim_to_ms = 0;
    const bool is_fitting = hib_media_fits(&facts, &rules, arena, faults, &n);
    if (!is_fitting)
        g_test_message("%s: %s, may be %s", faults[0].slug, faults[0].actual, faults[0].limit);
    g_assert_true(is_fitting);
    return facts;
}

/* --- pictures ----------------------------------------------------------------------------------------------------------------- */
static void
a_picture_is_cropped_around_its_focus_turned_and_stripped(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMedia *media = add(&f, "a.jpg", "width=1200 height=800 turn=6 place=1");
    g_assert_cmpint(media->facts.width, ==, 800); /* as shown; red is upper right */
    HibMediaSpec spec = {.mimes = {"image/jpeg"},
                         .min_ratio = 0.8,
                         .max_ratio = 1.91,
                         .max_width = 600,
                         .max_bytes = 500 * 1000,
                         .focus_x = 0.5,
                         .focus_y = 0.001};
    const HibRendition *top = fit(&f, media, &spec);
    const HibMediaFacts facts = assert_fitting(&f, top, &spec);
    g_assert_cmpint(facts.width, ==, 600);
    g_assert_cmpint(facts.height, ==, 750);
    /* The upper 1000 of 1200 lines are kept: red ends at 600 of them. */
    g_assert_true(hib_test_is_red(&f.ws, top->sha256, 0.75, 0.55));
    g_assert_false(hib_test_is_red(&f.ws, top->sha256, 0.75, 0.65));
    g_assert_false(hib_test_is_red(&f.ws, top->sha256, 0.25, 0.3));
    spec.focus_y = 1;
    const HibRendition *bottom = fit(&f, media, &spec);
    assert_fitting(&f, bottom, &spec);
    g_assert_true(hib_test_is_red(&f.ws, bottom->sha256, 0.75, 0.35)); /* 400 of 1000 lines */
    g_assert_false(hib_test_is_red(&f.ws, bottom->sha256, 0.75, 0.45));

    g_autoptr(GBytes) content = hib_blobs_get(f.ws.services.blobs, bottom->sha256, NULL);
    size_t n = 0;
    const void *data = g_bytes_get_data(content, &n);
    g_assert_null(memmem(data, n, "Exif", 4));
    g_assert_null(memmem(data, n, "Secret", 6));
}

static void
quality_then_size_go_down_until_the_bytes_fit(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMedia *media = add(&f, "a.png", "width=1200 height=900 noise=60");
    g_assert_cmpint(media->facts.bytes, >, 1000 * 1000);
    const HibMediaSpec by_quality = {.mimes = {"image/jpeg"}, .max_bytes = 450 * 1000};
    const HibMediaFacts large = assert_fitting(&f, fit(&f, media, &by_quality), &by_quality);
    g_assert_cmpint(large.width, ==, 1200);
    const HibMediaSpec by_size = {.mimes = {"image/png", "image/jpeg"}, .max_bytes = 60 * 1000};
    const HibMediaFacts small = assert_fitting(&f, fit(&f, media, &by_size), &by_size);
    g_assert_cmpint(small.width, <, 1200);
    g_assert_cmpstr(small.mime, ==, "image/jpeg");
    const HibMediaSpec never = {.mimes = {"image/jpeg"}, .max_bytes = 500};
    const HibRendition *failed = fit(&f, media, &never);
    g_assert_cmpint(failed->state, ==, HIB_MEDIA_FAILED);
    g_assert_cmpstr(failed->reason, ==, "media.fit_bytes");
}

static void
every_type_becomes_a_jpeg_and_padding_keeps_the_whole(HibTestStore *test)
{
    static const char *const names[] = {"a.png", "a.webp", "a.heic", "a.avif", "a.gif"};
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMediaSpec spec = {
        .mimes = {"image/jpeg"}, .min_ratio = 1, .max_ratio = 1, .fill = HIB_FILL_PAD};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const HibMedia *media = add(&f, names[i], "width=400 height=200 seconds=0.2 noise=5");
        const HibRendition *made = fit(&f, media, &spec);
        const HibMediaFacts facts = assert_fitting(&f, made, &spec);
        g_assert_cmpint(facts.width, ==, 400);
        g_assert_cmpint(facts.height, ==, 400);
        g_assert_false(hib_test_is_red(&f.ws, made->sha256, 0.2, 0.2)); /* the margin */
        g_assert_true(hib_test_is_red(&f.ws, made->sha256, 0.2, 0.4));
    }
}

/* --- videos ------------------------------------------------------------------------------------------------------------------- */
static void
a_wide_video_becomes_a_short_one(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMedia *media = add(&f, "a.webm", "width=640 height=360 fps=30 seconds=3 sound=1");
    const HibMediaSpec spec = {.mimes = {"video/mp4"},
                               .videos = {"h264"},
                               .audios = {"aac"},
                               .min_ratio = 0.5625,
                               .max_ratio = 0.5625,
                               .max_fps = 24,
                               .max_bitrate = 2000 * 1000,
                               .max_bytes = 1000 * 1000,
                               .min_duration_ms = 2900,
                               .max_duration_ms = 60000,
                               .wants_faststart = true};
    const HibMediaFacts facts = assert_fitting(&f, fit(&f, media, &spec), &spec);
    g_assert_cmpint(facts.height, >=, 352);
    g_assert_cmpint(facts.width % 2 + facts.height % 2, ==, 0);
    g_assert_true(facts.has_audio && facts.is_faststart);
    g_assert_cmpfloat_with_epsilon(facts.fps, 24, 0.01);
    g_assert_cmpint(ABS(facts.duration_ms - 3000), <=, 80);
}

static void
padding_trimming_turning_and_covers(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMedia *media = add(&f, "t.mov", "width=640 height=360 seconds=4 turn=90 sound=1");
    g_assert_cmpint(media->facts.width, ==, 360);
    const HibMediaSpec part = {.mimes = {"video/mp4"},
                               .min_ratio = 1,
                               .max_ratio = 1,
                               .fill = HIB_FILL_PAD,
                               .trim_from_ms = 1000,
                               .trim_to_ms = 2500};
    const HibRendition *made = fit(&f, media, &part);
    const HibMediaFacts facts = assert_fitting(&f, made, &part);
    g_assert_cmpint(facts.width, ==, 640);
    g_assert_cmpint(facts.height, ==, 640);
    g_assert_cmpint(ABS(facts.duration_ms - 1500), <=, 80);
    g_assert_cmpint(media->facts.duration_ms, >, 3900);

    /* Red stands upper right: in the whole, and in the part with its margins left and right. */
    const HibMediaSpec cover = {.mimes = {"image/jpeg"}, .is_cover = true, .cover_at_ms = 3000};
    const HibRendition *still = fit(&f, media, &cover);
    g_assert_cmpint(assert_fitting(&f, still, &cover).width, ==, 360);
    g_assert_true(hib_test_is_red(&f.ws, still->sha256, 0.75, 0.25));
    g_assert_false(hib_test_is_red(&f.ws, still->sha256, 0.25, 0.25));
    HibMedia *again = NULL;
    GError *error = NULL;
    g_autoptr(GBytes) content = hib_blobs_get(f.ws.services.blobs, made->sha256, &error);
    hib_assert_ok(hib_media_add(f.db, &f.ws.services, content, "", &again, &error), error);
    const HibRendition *inner = fit(&f, again, &cover);
    g_assert_true(hib_test_is_red(&f.ws, inner->sha256, 0.6, 0.25));
    g_assert_false(hib_test_is_red(&f.ws, inner->sha256, 0.1, 0.25));
    g_assert_false(hib_test_is_red(&f.ws, inner->sha256, 0.4, 0.25));
}

static void
an_animation_becomes_a_video_where_only_those_move(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMedia *media = add(&f, "a.gif", "width=161 height=121 fps=10 seconds=1");
    const HibMediaSpec spec = {.mimes = {"video/mp4", "image/jpeg"}, .videos = {"h264"}};
    const HibMediaFacts facts = assert_fitting(&f, fit(&f, media, &spec), &spec);
    g_assert_cmpint(facts.kind, ==, HIB_MEDIA_VIDEO);
    g_assert_cmpint(facts.width, ==, 160); /* no odd sizes */
    g_assert_cmpint(ABS(facts.duration_ms - 1000), <=, 150);
}

/* --- once, and only while it is wanted ------------------------------------------------------------------------------------------ */
static void
a_wish_is_fulfilled_once_and_found_again(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMedia *media = add(&f, "a.png", "width=300 height=200");
    HibRendition *first = NULL, *second = NULL;
    const HibMediaSpec as_is = {.mimes = {"image/png"}};
    hib_assert_ok(hib_media_fit(f.db, &f.ws.services, media->id, &as_is, &first, &error), error);
    g_assert_cmpint(first->state, ==, HIB_MEDIA_READY);
    g_assert_cmpstr(first->sha256, ==, media->sha256);
    const HibMediaSpec spec = {.mimes = {"image/jpeg"}};
    hib_assert_ok(hib_media_fit(f.db, &f.ws.services, media->id, &spec, &first, &error), error);
    hib_assert_ok(hib_media_fit(f.db, &f.ws.services, media->id, &spec, &second, &error), error);
    g_assert_cmpstr(first->id, ==, second->id);
    g_assert_cmpint(first->state, ==, HIB_MEDIA_WORKING);
    g_autoptr(HibBlobReader) file = NULL;
    hib_assert_refused(hib_media_open(f.db, &f.ws.services, first->id, &file, &error), error,
                       "media.not_ready");
    g_assert_cmpint(hib_jobs_run_due(f.jobs), ==, 1);
    g_assert_cmpint(fit(&f, media, &spec)->state, ==, HIB_MEDIA_READY);
    g_assert_cmpint(hib_jobs_run_due(f.jobs), ==, 0);

    hib_assert_ok(hib_media_delete(f.db, media->id, &error), error);
    hib_assert_refused(hib_media_open(f.db, &f.ws.services, media->id, &file, &error), error,
                       "media.deleted");
    hib_assert_refused(hib_rendition_get(f.db, first->id, &second, &error), error,
                       "media.unknown_rendition");
    hib_assert_refused(hib_media_fit(f.db, &f.ws.services, media->id, &spec, &first, &error), error,
                       "media.deleted");
}

static void
a_cancelled_one_stops_and_can_be_wished_again(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibMedia *media = add(&f, "a.png", "width=300 height=200");
    const HibMediaSpec spec = {.mimes = {"image/jpeg"}};
    HibRendition *rendition = NULL;
    hib_assert_ok(hib_media_fit(f.db, &f.ws.services, media->id, &spec, &rendition, &error), error);
    hib_assert_ok(hib_rendition_cancel(f.db, rendition->id, &rendition, &error), error);
    g_assert_cmpint(rendition->state, ==, HIB_MEDIA_CANCELLED);
    g_assert_cmpint(hib_jobs_run_due(f.jobs), ==, 0);
    g_assert_cmpint(fit(&f, media, &spec)->state, ==, HIB_MEDIA_READY);
}

typedef struct {
    Fixture *f;
    const char *rendition;
    bool is_stopping;
} Interruption;

/* A second and a half into the work; in a thread with a handle of its own. */
static void *
interrupt(void *data)
{
    const Interruption *i = data;
    GError *error = NULL;
    HibRendition *rendition = NULL;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_usleep(1500 * 1000);
    if (i->is_stopping) {
        hib_media_workers_stop(i->f->ws.services.media_workers);
        return NULL;
    }
    g_autoptr(HibDb) db = hib_test_workspace_db(&i->f->ws, arena);
    hib_assert_ok(hib_rendition_cancel(db, i->rendition, &rendition, &error), error);
    return NULL;
}

static int
count_drafts(Fixture *f)
{
    g_autofree char *path = g_build_filename(f->ws.directory, "blobs", "draft", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    int n = 0;
    while (g_dir_read_name(folder))
        n++;
    return n;
}

typedef struct {
    gint n_progress, n_fitted; /* atomic: heard on the store's thread */
} Heard;

static void
on_event(const HibEvent *event, void *data)
{
    Heard *heard = data;
    if (g_str_equal(event->kind, "media.fitting") && event->json &&
        g_str_has_prefix(event->json, "{\"progress\":"))
        g_atomic_int_inc(&heard->n_progress);
    if (g_str_equal(event->kind, "media.fitted"))
        g_atomic_int_inc(&heard->n_fitted);
}

static HibRendition *
interrupted(Fixture *f, const HibMedia *media, const HibMediaSpec *spec, bool is_stopping)
{
    GError *error = NULL;
    HibRendition *rendition = NULL;
    hib_assert_ok(hib_media_fit(f->db, &f->ws.services, media->id, spec, &rendition, &error),
                  error);
    const Interruption how = {f, rendition->id, is_stopping};
    GThread *thread = g_thread_new("interrupt", interrupt, (void *)(uintptr_t)&how);
    const int64_t since = hib_monotonic_us();
    if (is_stopping) { /* the job asks to be run again at once: one step is enough */
        HibJobEnd end = HIB_JOB_DONE;
        HibInstant at = 0;
        const HibJob job = {.subject = rendition->id};
        hib_assert_ok(hib_media_run_fit(f->db, &job, &f->ws.services, &end, &at, &error), error);
        g_assert_cmpint(end, ==, HIB_JOB_AGAIN);
    } else {
        hib_jobs_run_due(f->jobs);
    }
    g_assert_cmpint(hib_monotonic_us() - since, <, 6 * HIB_SECOND);
    g_thread_join(thread);
    hib_assert_ok(hib_rendition_get(f->db, rendition->id, &rendition, &error), error);
    g_assert_cmpint(count_drafts(f), ==, 0);
    return rendition;
}

static void
work_under_way_ends_when_cancelled_or_stopped_and_leaves_no_file(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    /* Long enough that nobody is done in a second and a half. */
    const HibMedia *media = add(&f, "a.mp4", "width=480 height=270 fps=30 seconds=90");
    const HibMediaSpec spec = {.mimes = {"video/mp4"}, .max_width = 400, .max_fps = 29};
    Heard heard = {0};
    hib_events_listen(test->store, on_event, &heard);
    const HibRendition *cancelled = interrupted(&f, media, &spec, false);
    g_assert_cmpint(cancelled->state, ==, HIB_MEDIA_CANCELLED);
    for (int i = 0; i < 100 && !g_atomic_int_get(&heard.n_fitted); i++)
        g_usleep(20 * 1000); /* a listener hears a moment after the commit */
    hib_events_unlisten(test->store, on_event, &heard);
    g_assert_cmpint(g_atomic_int_get(&heard.n_progress), >=, 1);
    g_assert_cmpint(g_atomic_int_get(&heard.n_fitted), ==, 1);
    const HibRendition *stopped = interrupted(&f, media, &spec, true);
    g_assert_cmpint(stopped->state, ==, HIB_MEDIA_WORKING); /* the next start makes it */
    g_assert_cmpfloat(stopped->progress, >=, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/fit/" #name, name)
#define ADD_ONCE(name) hib_test_add_once("/fit/" #name, name)
    /* What the child makes does not depend on the database: once is enough. */
    ADD_ONCE(a_picture_is_cropped_around_its_focus_turned_and_stripped);
    ADD_ONCE(quality_then_size_go_down_until_the_bytes_fit);
    ADD_ONCE(every_type_becomes_a_jpeg_and_padding_keeps_the_whole);
    ADD_ONCE(a_wide_video_becomes_a_short_one);
    ADD_ONCE(padding_trimming_turning_and_covers);
    ADD_ONCE(an_animation_becomes_a_video_where_only_those_move);
    ADD(a_wish_is_fulfilled_once_and_found_again);
    ADD(a_cancelled_one_stops_and_can_be_wished_again);
    ADD(work_under_way_ends_when_cancelled_or_stopped_and_leaves_no_file);
    return g_test_run();
}
