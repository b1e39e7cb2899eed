/* Pictures in the store: kept once, given back as they came, refused when they are none. */
#include "base/error.h"
#include "base/limits.h"
#include "media/media.h"
#include "test_workspace.h"
#include <string.h>

static void
the_same_picture_twice_is_one_and_comes_back_as_it_was(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(GBytes) png = hib_test_png(640, 480);
    g_autoptr(GBytes) back = NULL;
    HibMedia *first = NULL, *second = NULL, *found = NULL;
    hib_assert_ok(hib_media_add(db, &ws.services, png, "", &first, &error), error);
    hib_assert_ok(hib_media_add(db, &ws.services, png, "", &second, &error), error);
    g_assert_cmpstr(first->id, ==, second->id);
    hib_assert_ok(hib_media_get(db, first->id, &found, &error), error);
    g_assert_cmpstr(found->facts.mime, ==, "image/png");
    g_assert_cmpint(found->facts.width, ==, 640);
    g_assert_cmpint(found->facts.height, ==, 480);
    g_assert_cmpint(found->facts.bytes, ==, (int64_t)g_bytes_get_size(png));
    hib_assert_ok(hib_media_content(db, &ws.services, first->id, &back, &error), error);
    g_assert_true(g_bytes_equal(png, back));
}

static void
another_workspace_has_its_own_row_and_cannot_reach_this_one(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, hib_db_new_id(db));
    g_autoptr(GBytes) png = hib_test_png(3, 3);
    HibMedia *mine = NULL, *theirs = NULL, *found = NULL;
    hib_assert_ok(hib_media_add(db, &ws.services, png, "", &mine, &error), error);
    hib_assert_refused(hib_media_get(other, mine->id, &found, &error), error, "media.unknown");
    hib_assert_ok(hib_media_add(other, &ws.services, png, "", &theirs, &error), error);
    g_assert_cmpstr(mine->id, !=, theirs->id);
    g_assert_cmpstr(mine->sha256, ==, theirs->sha256);
}

static void
what_is_no_picture_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibMedia *media = NULL;
    static const char svg[] =
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    g_autoptr(GBytes) text = g_bytes_new_static("hello", 5);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0);
    g_autoptr(GBytes) script = g_bytes_new_static(svg, strlen(svg));
    g_autoptr(GBytes) huge =
        g_bytes_new_take(g_malloc0(HIB_LIMIT_UPLOAD_BYTES + 1), HIB_LIMIT_UPLOAD_BYTES + 1);
    hib_assert_refused(hib_media_add(db, &ws.services, text, "", &media, &error), error,
                       "media.not_an_image");
    hib_assert_refused(hib_media_add(db, &ws.services, empty, "", &media, &error), error,
                       "media.not_an_image");
    hib_assert_refused(hib_media_add(db, &ws.services, script, "", &media, &error), error,
                       "media.type");
    hib_assert_refused(hib_media_add(db, &ws.services, huge, "", &media, &error), error,
                       "media.too_large");
}

/* Blobs have the real clock's time, so the manual one is set by it. */
static void
a_blob_that_no_row_names_is_swept_after_a_day(HibTestStore *test)
{
    g_autoptr(GError) error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    const HibInstant now = hib_clock_now(hib_clock_real());
    hib_clock_manual_set(test->clock, now);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibDb) global = hib_db_open(test->store, test->arena, NULL);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_media.jobs, &ws.services, &error);
    g_autoptr(GBytes) png = hib_test_png(8, 8);
    g_autoptr(GBytes) back = NULL;
    HibMedia *kept = NULL;
    const char *lost = NULL;
    hib_assert_ok(hib_media_add(db, &ws.services, png, "", &kept, &error), error);
    hib_assert_ok(hib_blobs_put(ws.services.blobs, test->arena, "lost", 4, &lost, &error), error);
    hib_assert_ok(hib_media_plan_sweep(global, &error), error);
    hib_assert_ok(hib_media_plan_sweep(global, &error), error); /* a second start */
    hib_clock_manual_set(test->clock, now + 2 * HIB_HOUR);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 2); /* and the look, which nobody is there for */
    g_autoptr(GBytes) still = hib_blobs_get(ws.services.blobs, lost, &error);
    g_assert_nonnull(still);
    hib_clock_manual_set(test->clock, now + 27 * HIB_HOUR);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    g_assert_null(hib_blobs_get(ws.services.blobs, lost, NULL));
    hib_assert_ok(hib_media_content(db, &ws.services, kept->id, &back, &error), error);
    g_assert_true(g_bytes_equal(png, back));
    hib_clock_manual_set(test->clock, now + 3 * HIB_DAY);
    g_assert_cmpint(hib_jobs_run_due(jobs), >=, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/media/" #name, name)
    ADD(the_same_picture_twice_is_one_and_comes_back_as_it_was);
    ADD(another_workspace_has_its_own_row_and_cannot_reach_this_one);
    ADD(what_is_no_picture_is_refused);
    hib_test_add_manual("/media/a_blob_that_no_row_names_is_swept_after_a_day",
                        a_blob_that_no_row_names_is_swept_after_a_day);
    return g_test_run();
}
