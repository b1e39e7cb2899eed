/* Blobs: kept once, found again, damage seen, nothing left by a failed write. */
#include "base/error.h"
#include "store/blobs.h"
#include "store/test_store.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

typedef struct {
    char *directory;
    HibBlobs *blobs;
    HibArena *arena;
} Fixture;

static void
set_up(Fixture *fixture, const void *data)
{
    g_autofree char *parent = g_dir_make_tmp("hibiki-blobs-XXXXXX", NULL);
    fixture->directory = g_build_filename(parent, "blobs", NULL);
    fixture->blobs = hib_blobs_open(fixture->directory, NULL);
    fixture->arena = hib_arena_new();
    g_assert_nonnull(fixture->blobs);
}

static int
count_files(const char *path, bool is_removing)
{
    int n = 0;
    GDir *directory = g_dir_open(path, 0, NULL);
    const char *name;
    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        n += g_file_test(inner, G_FILE_TEST_IS_DIR) ? count_files(inner, is_removing) : 1;
        if (is_removing)
            g_remove(inner);
    }
    g_clear_pointer(&directory, g_dir_close);
    return n;
}

static void
tear_down(Fixture *fixture, const void *data)
{
    g_autofree char *parent = g_path_get_dirname(fixture->directory);
    hib_blobs_close(fixture->blobs);
    hib_arena_free(fixture->arena);
    count_files(parent, true);
    g_rmdir(parent);
    g_free(fixture->directory);
}

static void
the_same_content_is_kept_once(Fixture *fixture, const void *data)
{
    GError *error = NULL;
    const char *first, *second, *empty;
    hib_assert_ok(hib_blobs_put(fixture->blobs, fixture->arena, "abc", 3, &first, &error), error);
    hib_assert_ok(hib_blobs_put(fixture->blobs, fixture->arena, "abc", 3, &second, &error), error);
    hib_assert_ok(hib_blobs_put(fixture->blobs, fixture->arena, "", 0, &empty, &error), error);
    g_assert_cmpstr(
        first, ==,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-2, B.1 */
    g_assert_cmpstr(second, ==, first);
    g_assert_cmpint(count_files(fixture->directory, false), ==, 2);
    g_autoptr(GBytes) bytes = hib_blobs_get(fixture->blobs, first, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(bytes), ==, 3);
    g_autoptr(GBytes) none = hib_blobs_get(fixture->blobs, empty, &error);
    g_assert_cmpuint(g_bytes_get_size(none), ==, 0);
    GStatBuf found;
    g_assert_cmpint(g_stat(fixture->directory, &found), ==, 0);
    g_assert_cmpint(found.st_mode & 0777, ==, 0700);
}

static void
what_is_missing_or_damaged_is_said(Fixture *fixture, const void *data)
{
    GError *error = NULL;
    const char *name;
    hib_assert_ok(hib_blobs_put(fixture->blobs, fixture->arena, "abc", 3, &name, &error), error);
    g_autofree char *path = g_strdup_printf("%s/%.2s/%s", fixture->directory, name, name + 2);
    g_assert_true(g_file_set_contents(path, "abd", 3, NULL));
    hib_assert_refused(hib_blobs_get(fixture->blobs, name, &error) != NULL, error,
                       "store.blob_damaged");
    g_assert_cmpint(g_remove(path), ==, 0);
    hib_assert_refused(hib_blobs_get(fixture->blobs, name, &error) != NULL, error,
                       "store.blob_missing");
    hib_assert_refused(hib_blobs_get(fixture->blobs, "../../etc/passwd", &error) != NULL, error,
                       "store.blob_missing");
}

static void
a_blob_that_does_not_fit_leaves_nothing(Fixture *fixture, const void *data)
{
    GError *error = NULL;
    const char *name;
    g_autofree char *big = g_strnfill(200000, 'x');
    struct rlimit before, small = {100000, 0};
    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    small.rlim_max = before.rlim_max;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    const bool is_put = hib_blobs_put(fixture->blobs, fixture->arena, big, 200000, &name, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
    hib_assert_refused(is_put, error, "store.disk_full");
    g_assert_cmpint(count_files(fixture->directory, false), ==, 0);
    hib_assert_ok(hib_blobs_put(fixture->blobs, fixture->arena, big, 200000, &name, &error), error);
}

static void
make_old(Fixture *fixture, const char *name)
{
    g_autofree char *folder = g_strndup(name, 2);
    g_autofree char *path = g_build_filename(fixture->directory, folder, name + 2, NULL);
    const struct timespec then[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    g_assert_cmpint(utimensat(AT_FDCWD, path, then, 0), ==, 0);
}

static bool
is_the_used_one(const char *sha256, void *data, bool *ret_used, GError **error)
{
    *ret_used = g_str_equal(sha256, data);
    return true;
}

static void
the_sweep_takes_only_what_is_old_and_unused(Fixture *fixture, const void *data)
{
    g_autoptr(GError) error = NULL;
    const char *names[4];
    const char *const texts[] = {"used", "unused", "new", "put again"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        hib_assert_ok(hib_blobs_put(fixture->blobs, fixture->arena, texts[i], strlen(texts[i]),
                                    &names[i], &error),
                      error);
    make_old(fixture, names[0]);
    make_old(fixture, names[1]);
    make_old(fixture, names[3]);
    hib_assert_ok(hib_blobs_put(fixture->blobs, fixture->arena, texts[3], strlen(texts[3]),
                                &names[3], &error),
                  error);
    g_autofree char *folder = g_strndup(names[0], 2);
    g_autofree char *left = g_build_filename(fixture->directory, folder, ".new-left", NULL);
    g_assert_true(g_file_set_contents(left, "half", 4, NULL));
    g_autofree char *old_name = g_strconcat(folder, ".new-left", NULL);
    make_old(fixture, old_name);
    int64_t n = 0;
    hib_assert_ok(hib_blobs_sweep(fixture->blobs, 2000 * HIB_SECOND, is_the_used_one,
                                  (void *)(uintptr_t)names[0], &n, &error),
                  error);
    g_assert_cmpint(n, ==, 2);
    g_assert_cmpint(count_files(fixture->directory, false), ==, 3);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GBytes) got = hib_blobs_get(fixture->blobs, names[i], NULL);
        g_assert_cmpint(got != NULL, ==, i != 1);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/blobs/the_same_content_is_kept_once", Fixture, NULL, set_up,
               the_same_content_is_kept_once, tear_down);
    g_test_add("/blobs/what_is_missing_or_damaged_is_said", Fixture, NULL, set_up,
               what_is_missing_or_damaged_is_said, tear_down);
    g_test_add("/blobs/a_blob_that_does_not_fit_leaves_nothing", Fixture, NULL, set_up,
               a_blob_that_does_not_fit_leaves_nothing, tear_down);
    g_test_add("/blobs/the_sweep_takes_only_what_is_old_and_unused", Fixture, NULL, set_up,
               the_sweep_takes_only_what_is_old_and_unused, tear_down);
    return g_test_run();
}
