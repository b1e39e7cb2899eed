/* Blobs in pieces: written part by part, read part by part, never half under a good name. */
#include "base/error.h"
#include "store/blobs.h"
#include "store/test_store.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct {
    char *directory;
    HibBlobs *blobs;
    HibArena *arena;
} Fixture;

static void
set_up(Fixture *fixture, const void *data)
{
    fixture->directory = g_dir_make_tmp("hibiki-blobs-XXXXXX", NULL);
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
    hib_blobs_close(fixture->blobs);
    hib_arena_free(fixture->arena);
    count_files(fixture->directory, true);
    g_rmdir(fixture->directory);
    g_free(fixture->directory);
}

static void
write_part(HibBlobDraft *draft, int64_t at, const char *text)
{
    GError *error = NULL;
    hib_assert_ok(hib_blob_draft_write(draft, at, text, strlen(text), &error), error);
}

static void
a_draft_found_again_goes_on_where_it_stood(Fixture *f, const void *data)
{
    GError *error = NULL;
    const char *sha256 = NULL, *whole = NULL;
    int64_t n = 0;
    HibSha256 sum;
    hib_sha256_begin(&sum);
    for (int i = 0; i < 3; i++) { /* opened anew each time, as after a restart */
        static const char *const parts[] = {"a", "b", "c"};
        g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(f->blobs, "upload-1", &error);
        g_assert_no_error(error);
        g_assert_cmpint(hib_blob_draft_size(draft), ==, i);
        write_part(draft, i, "rubbish that a crash left");
        write_part(draft, i, parts[i]);
        hib_sha256_add(&sum, parts[i], 1);
    }
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(f->blobs, "upload-1", &error);
    hib_assert_ok(hib_blob_draft_keep(draft, &sum, f->arena, &sha256, &n, &error), error);
    g_assert_cmpint(n, ==, 3);
    g_assert_cmpstr(
        sha256, ==,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180-2, B.1 */
    g_autoptr(HibBlobDraft) twice = hib_blob_draft_open(f->blobs, NULL, &error);
    write_part(twice, 0, "abc");
    hib_assert_ok(hib_blob_draft_keep(twice, NULL, f->arena, &whole, &n, &error), error);
    g_assert_cmpstr(whole, ==, sha256);
    g_assert_cmpint(count_files(f->directory, false), ==, 1);
    g_autoptr(GBytes) back = hib_blobs_get(f->blobs, sha256, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(g_bytes_get_size(back), ==, 3);
}

static void
a_dropped_draft_leaves_nothing(Fixture *f, const void *data)
{
    GError *error = NULL;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(f->blobs, NULL, &error);
    write_part(draft, 0, "abc");
    g_assert_cmpint(count_files(f->directory, false), ==, 1);
    hib_blob_draft_drop(draft);
    g_assert_cmpint(count_files(f->directory, false), ==, 0);
}

static void
a_full_disk_is_told_and_what_was_there_stays(Fixture *f, const void *data)
{
    GError *error = NULL;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(f->blobs, "full", &error);
    write_part(draft, 0, "abc");
    g_autofree char *much = g_malloc0(100 * 1000);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){.rlim_cur = 50 * 1000, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    const bool is_written = hib_blob_draft_write(draft, 3, much, 100 * 1000, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    hib_assert_refused(is_written, error, "store.disk_full");
    write_part(draft, 3, "d");
    g_assert_cmpint(hib_blob_draft_size(draft), ==, 4);
}

static void
a_blob_is_read_in_pieces_and_damage_shows_at_the_end(Fixture *f, const void *data)
{
    GError *error = NULL;
    const char *sha256 = NULL;
    char piece[4];
    size_t n = 0;
    hib_assert_ok(hib_blobs_put(f->blobs, f->arena, "0123456789", 10, &sha256, &error), error);
    HibBlobReader *reader = hib_blob_reader_open(f->blobs, sha256, &error);
    g_assert_no_error(error);
    g_assert_cmpint(hib_blob_reader_size(reader), ==, 10);
    hib_assert_ok(hib_blob_reader_read(reader, 8, piece, 4, &n, &error), error); /* out of order */
    g_assert_cmpuint(n, ==, 2);
    for (int64_t at = 0; at < 10; at += (int64_t)n)
        hib_assert_ok(hib_blob_reader_read(reader, at, piece, 4, &n, &error), error);
    hib_assert_ok(hib_blob_reader_read(reader, 10, piece, 4, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_blob_reader_close(reader);

    g_autofree char *path = g_strdup_printf("%s/%.2s/%s", f->directory, sha256, sha256 + 2);
    const int fd = open(path, O_WRONLY);
    g_assert_cmpint(pwrite(fd, "x", 1, 1), ==, 1);
    close(fd);
    reader = hib_blob_reader_open(f->blobs, sha256, &error);
    hib_assert_ok(hib_blob_reader_read(reader, 0, piece, 4, &n, &error), error);
    hib_assert_ok(hib_blob_reader_read(reader, 2, piece, 4, &n, &error), error); /* some again */
    hib_assert_refused(hib_blob_reader_read(reader, 6, piece, 4, &n, &error), error,
                       "store.blob_damaged");
    hib_blob_reader_close(reader);
    g_assert_null(hib_blob_reader_open(f->blobs, "../../etc/passwd", &error));
    hib_assert_refused(false, error, "store.blob_missing");
}

static bool
is_unused(const char *sha256, void *data, bool *ret_used, GError **error)
{
    *ret_used = false;
    return true;
}

static void
drafts_nobody_touched_are_swept_and_others_not(Fixture *f, const void *data)
{
    GError *error = NULL;
    int64_t n = 0;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(f->blobs, "slow", &error);
    write_part(draft, 0, "abc");
    const HibInstant now = hib_clock_now(hib_clock_real());
    hib_assert_ok(hib_blobs_sweep(f->blobs, now - HIB_DAY, is_unused, NULL, &n, &error), error);
    g_assert_cmpint(n, ==, 0);
    hib_assert_ok(hib_blobs_sweep(f->blobs, now + HIB_DAY, is_unused, NULL, &n, &error), error);
    g_assert_cmpint(n, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/blob_pieces/" #name, Fixture, NULL, set_up, name, tear_down)
    ADD(a_draft_found_again_goes_on_where_it_stood);
    ADD(a_dropped_draft_leaves_nothing);
    ADD(a_full_disk_is_told_and_what_was_there_stays);
    ADD(a_blob_is_read_in_pieces_and_damage_shows_at_the_end);
    ADD(drafts_nobody_touched_are_swept_and_others_not);
    return g_test_run();
}
