/* What looks alike: copies that were recompressed, resized, brightened or cropped a little are found, other pictures are not, on both databases. */
#include "media/card.sql.h"
#include "test_made.h"
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
} Fixture;

static void
fixture_free(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_free)

static void
fixture_open(Fixture *f, HibTestStore *test)
{
    hib_test_workspace_open(&f->ws, test);
    hib_test_media_workers(&f->ws);
    f->db = hib_test_workspace_db(&f->ws, NULL);
}

static const char *
add(Fixture *f, const char *name, const char *words)
{
    GError *error = NULL;
    HibMedia *media = NULL;
    g_autoptr(GBytes) content = hib_test_made(&f->ws, name, words);
    hib_assert_ok(hib_media_add(f->db, &f->ws.services, content, name, &media, &error), error);
    return media->id;
}

/* -1: not told. */
static int
distance(Fixture *f, const char *a, const char *b)
{
    GError *error = NULL;
    HibMediaAlike *found = NULL;
    size_t n = 0;
    hib_assert_ok(hib_media_alike(f->db, a, &found, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        if (strcmp(found[i].media, b) == 0)
            return found[i].distance;
    return -1;
}

static void
copies_are_found_and_other_pictures_are_not(HibTestStore *test)
{
    static const struct {
        const char *name, *words;
        int most;
    } copies[] = {
        {"q.jpg", "width=900 height=600 quality=30 scene=%d", HIB_MEDIA_SAME},
        {"w.webp", "width=900 height=600 scene=%d", HIB_MEDIA_SAME},
        {"s.png", "width=420 height=280 scene=%d", HIB_MEDIA_SAME},
        {"b.jpg", "width=900 height=600 bright=35 scene=%d", HIB_MEDIA_SAME},
        {"c.jpg", "width=900 height=600 crop=2 scene=%d", HIB_MEDIA_ALIKE},
    };
    enum { SCENES = 3, EACH = G_N_ELEMENTS(copies) };
    const char *ids[SCENES][EACH + 1];
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    for (int scene = 0; scene < SCENES; scene++) {
        g_autofree char *plain = g_strdup_printf("width=900 height=600 scene=%d", scene + 1);
        ids[scene][EACH] = add(&f, "a.jpg", plain);
        for (size_t i = 0; i < EACH; i++) {
            g_auto(GStrv) halves = g_strsplit(copies[i].words, "%d", 2);
            g_autofree char *words = g_strdup_printf("%s%d", halves[0], scene + 1);
            ids[scene][i] = add(&f, copies[i].name, words);
        }
    }
    for (int scene = 0; scene < SCENES; scene++) {
        for (size_t i = 0; i < EACH; i++) {
            const int d = distance(&f, ids[scene][EACH], ids[scene][i]);
            g_test_message("scene %d, %s: %d", scene + 1, copies[i].name, d);
            g_assert_cmpint(d, >=, 0);
            g_assert_cmpint(d, <=, copies[i].most);
            g_assert_cmpint(distance(&f, ids[scene][i], ids[scene][EACH]), ==, d);
        }
        for (int other = 0; other < SCENES; other++)
            for (size_t i = 0; i <= EACH && other != scene; i++)
                g_assert_cmpint(distance(&f, ids[scene][EACH], ids[other][i]), ==, -1);
    }
}

static void
a_video_is_compared_by_its_frame_and_plain_pictures_with_nothing(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const char *film = add(&f, "a.mp4", "width=480 height=360 seconds=2");
    const char *smaller = add(&f, "b.mp4", "width=320 height=240 seconds=2");
    g_assert_cmpint(distance(&f, film, smaller), >=, 0);
    GError *error = NULL;
    g_autofree char *text = g_strnfill(64, 'a');
    const char *plain = add(&f, "p.png", "width=200 height=200 scene=8");
    const char *other = add(&f, "q.png", "width=200 height=200 scene=9");
    for (int quality = 49; quality <= 50; quality++) {
        hib_assert_ok(hib_alike_keep(f.db, plain, text, quality, &error), error);
        hib_assert_ok(hib_alike_keep(f.db, other, text, quality, &error), error);
        hib_assert_ok(hib_alike_compare(f.db, plain, &error), error);
        g_assert_cmpint(distance(&f, plain, other), ==, quality < 50 ? -1 : 0);
    }
}

static void
what_is_deleted_looks_like_nothing_and_comes_back_with_its_content(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const char *first = add(&f, "a.jpg", "width=600 height=400 scene=3");
    const char *copy = add(&f, "b.png", "width=300 height=200 scene=3");
    g_assert_cmpint(distance(&f, first, copy), >=, 0);
    hib_assert_ok(hib_media_delete(f.db, copy, &error), error);
    g_assert_cmpint(distance(&f, first, copy), ==, -1);
    g_assert_cmpstr(add(&f, "b.png", "width=300 height=200 scene=3"), ==, copy);
    g_assert_cmpint(distance(&f, first, copy), >=, 0);
}

/* As after the migration: ready, but without a hash. */
static void
what_came_before_gets_its_hash_by_the_job_and_another_workspace_is_never_compared(
    HibTestStore *test)
{
    GError *error = NULL;
    int64_t changed = 0;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const char *first = add(&f, "a.jpg", "width=600 height=400 scene=4");
    const char *copy = add(&f, "b.png", "width=300 height=200 scene=4");
    hib_assert_ok(hib_alike_forget(f.db, first, &error), error);
    hib_assert_ok(hib_sql_alike_set_hash(f.db, first, NULL, NULL, &changed, &error), error);
    hib_assert_ok(hib_sql_alike_set_hash(f.db, copy, NULL, NULL, &changed, &error), error);
    g_assert_cmpint(distance(&f, first, copy), ==, -1);
    g_autoptr(HibDb) all = hib_db_open(test->store, test->arena, NULL);
    hib_assert_ok(hib_media_plan_hashes(all, &error), error);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_media_jobs, &f.ws.services, &error);
    g_assert_no_error(error);
    hib_jobs_run_due(jobs);
    g_assert_cmpint(distance(&f, first, copy), >=, 0);
    HibSqlAlikeUnhashed *rows = NULL;
    size_t n = 0;
    hib_assert_ok(hib_sql_alike_unhashed(all, 10, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);

    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, hib_db_new_id(f.db));
    HibMedia *theirs = NULL;
    HibMediaAlike *found = NULL;
    g_autoptr(GBytes) content = hib_test_made(&f.ws, "a.jpg", "width=600 height=400 scene=4");
    hib_assert_ok(hib_media_add(other, &f.ws.services, content, "", &theirs, &error), error);
    hib_assert_ok(hib_media_alike(other, theirs->id, &found, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/alike/" #name, name)
    ADD(copies_are_found_and_other_pictures_are_not);
    ADD(a_video_is_compared_by_its_frame_and_plain_pictures_with_nothing);
    ADD(what_is_deleted_looks_like_nothing_and_comes_back_with_its_content);
    ADD(what_came_before_gets_its_hash_by_the_job_and_another_workspace_is_never_compared);
    return g_test_run();
}
