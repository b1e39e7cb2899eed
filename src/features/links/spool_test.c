/* The spool: what is answered is in the file, what is torn is not read, what another holds is left alone. */
#include "base/error.h"
#include "links/spool.h"
#include "test_workspace.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static HibClick
click_of(int64_t id)
{
    HibClick click = {.at = 1000 + id,
                      .id = id,
                      .visitor = 7,
                      .network = "x",
                      .language = "ja",
                      .referrer = 1,
                      .device = 1,
                      .is_bot = id % 2};
    memset(click.workspace, 1, 16);
    memset(click.link, 2, 16);
    return click;
}

static char *
folder_new(void)
{
    char *path = g_dir_make_tmp("hib-spool-XXXXXX", NULL);
    g_assert_nonnull(path);
    return path;
}

static void
folder_free(char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        g_unlink(file);
    }
    g_dir_close(dir);
    g_rmdir(path);
    g_free(path);
}

/* Into as many files as it takes. */
static bool
append_all(HibSpool *spool, const HibClick *clicks, size_t n, GError **error)
{
    for (size_t done = 0; n > 0; clicks += done, n -= done)
        if ((!hib_spool_room(spool) && !hib_spool_begin(spool, error)) ||
            !hib_spool_append(spool, clicks, n, &done, error))
            return false;
    return hib_spool_sync(spool, error);
}

static void
a_record_comes_back_and_a_changed_one_does_not(void)
{
    uint8_t bytes[HIB_CLICK_BYTES];
    HibClick click = click_of(5), back;
    hib_click_key("01890a5d-ac96-774b-bcce-b302099a8057", click.contact);
    click.is_flood = true;
    hib_click_encode(&click, bytes);
    g_assert_true(hib_click_decode(bytes, sizeof bytes, &back));
    g_assert_cmpint(back.id, ==, 5);
    g_assert_cmpstr(back.network, ==, "x");
    g_assert_cmpstr(back.language, ==, "ja");
    g_assert_true(back.is_bot && back.is_flood);
    char id[37];
    hib_click_id(back.contact, id);
    g_assert_cmpstr(id, ==, "01890a5d-ac96-774b-bcce-b302099a8057");
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] ^= 1;
        g_assert_false(hib_click_decode(bytes, sizeof bytes, &back));
        bytes[i] ^= 1;
    }
    g_assert_false(hib_click_decode(bytes, sizeof bytes - 1, &back));
    memset(bytes, 0, sizeof bytes);
    g_assert_false(hib_click_decode(bytes, sizeof bytes, &back));
}

static void
what_is_appended_is_read_and_a_torn_end_is_not(void)
{
    GError *error = NULL;
    char *folder = folder_new();
    HibSpool *spool = hib_spool_open(folder, &error);
    HibClick clicks[10], out[20];
    for (int i = 0; i < 10; i++)
        clicks[i] = click_of(i);
    hib_assert_ok(append_all(spool, clicks, 10, &error), error);
    HibSpoolFile *files = hib_spool_files(spool);
    g_assert_true(files[0].is_live && !files[1].path);
    g_assert_cmpuint(hib_spool_read(&files[0], 0, out, 20), ==, 10);
    g_assert_cmpint(out[9].id, ==, 9);
    g_assert_cmpuint(hib_spool_read(&files[0], 8, out, 20), ==, 2);
    g_assert_cmpint(out[0].id, ==, 8);
    g_assert_cmpuint(hib_spool_read(&files[0], 10, out, 20), ==, 0);
    g_autofree char *path = g_strdup(files[0].path);
    hib_spool_files_free(files);
    hib_spool_close(spool);
    /* The machine went down within the fourth record. */
    g_assert_cmpint(truncate(path, HIB_SPOOL_HEAD + 3 * HIB_CLICK_BYTES + 50), ==, 0);
    spool = hib_spool_open(folder, &error);
    files = hib_spool_files(spool);
    g_assert_false(files[0].is_live);
    g_assert_cmpuint(hib_spool_read(&files[0], 0, out, 20), ==, 3);
    hib_spool_drop(spool, &files[0]);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    hib_spool_files_free(files);
    hib_spool_close(spool);
    folder_free(folder);
}

static void
a_full_file_goes_on_in_the_next(void)
{
    GError *error = NULL;
    char *folder = folder_new();
    HibSpool *spool = hib_spool_open(folder, &error);
    size_t n = HIB_SPOOL_RECORDS + 5, seen = 0;
    g_autofree HibClick *clicks = g_new(HibClick, n), *out = g_new(HibClick, n);
    for (size_t i = 0; i < n; i++)
        clicks[i] = click_of((int64_t)i);
    hib_assert_ok(append_all(spool, clicks, n, &error), error);
    HibSpoolFile *files = hib_spool_files(spool);
    g_assert_false(files[0].is_live);
    g_assert_true(files[1].is_live && !files[2].path);
    for (int i = 0; i < 2; i++)
        seen += hib_spool_read(&files[i], 0, out + seen, n - seen);
    g_assert_cmpuint(seen, ==, n);
    for (size_t i = 0; i < n; i++)
        g_assert_cmpint(out[i].id, ==, (int64_t)i);
    hib_spool_files_free(files);
    hib_spool_close(spool);
    folder_free(folder);
}

static void
what_another_process_writes_is_left_alone(void)
{
    GError *error = NULL;
    char *folder = folder_new();
    HibSpool *other = hib_spool_open(folder, &error), *mine = hib_spool_open(folder, &error);
    HibClick click = click_of(1);
    hib_assert_ok(append_all(other, &click, 1, &error), error);
    HibSpoolFile *files = hib_spool_files(mine);
    g_assert_null(files[0].path);
    hib_spool_files_free(files);
    hib_spool_leave(other);
    files = hib_spool_files(mine);
    g_assert_nonnull(files[0].path);
    HibSpoolFile *again = hib_spool_files(other); /* one takes it in, the other waits */
    g_assert_null(again[0].path);
    hib_spool_files_free(again);
    hib_spool_files_free(files);
    hib_spool_close(mine);
    hib_spool_close(other);
    folder_free(folder);
}

static void
what_was_never_laid_out_whole_is_removed(void)
{
    GError *error = NULL;
    char *folder = folder_new();
    HibSpool *spool = hib_spool_open(folder, &error);
    g_autofree char *left = g_build_filename(folder, "1.spool.new", NULL),
                    *held = g_build_filename(folder, "2.spool.new", NULL);
    g_assert_true(g_file_set_contents(left, "", 0, NULL));
    int other = open(held, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* still being laid out */
    g_assert_cmpint(flock(other, LOCK_EX), ==, 0);
    hib_spool_files_free(hib_spool_files(spool));
    g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(held, G_FILE_TEST_EXISTS));
    close(other);
    hib_spool_files_free(hib_spool_files(spool));
    g_assert_false(g_file_test(held, G_FILE_TEST_EXISTS));
    hib_spool_close(spool);
    folder_free(folder);
}

static void
a_full_disk_is_said_and_what_was_answered_stays(void)
{
    char *folder = folder_new();
    pid_t child = fork(); /* the limit is the process's */
    if (child == 0) {
        const struct rlimit none = {1024 * 1024, 1024 * 1024};
        g_autoptr(GError) error = NULL;
        HibSpool *spool = hib_spool_open(folder, NULL);
        HibClick click = click_of(1);
        signal(SIGXFSZ, SIG_IGN);
        bool ok = setrlimit(RLIMIT_FSIZE, &none) == 0 && !append_all(spool, &click, 1, &error) &&
                  g_strcmp0(hib_error_reason(error), "links.spool") == 0;
        HibSpoolFile *files = hib_spool_files(spool);
        ok = ok && !files[0].path;
        _exit(ok ? 0 : 1);
    }
    int status = -1;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    folder_free(folder);
}

static void
what_was_written_in_part_is_not_read_and_not_written_twice(void)
{
    char *folder = folder_new();
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {HIB_SPOOL_HEAD + 5 * HIB_CLICK_BYTES, RLIM_INFINITY};
        const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
        HibSpool *spool = hib_spool_open(folder, NULL);
        HibClick clicks[10], out[20];
        size_t n = 0;
        for (int i = 0; i < 10; i++)
            clicks[i] = click_of(i);
        signal(SIGXFSZ, SIG_IGN);
        bool ok = append_all(spool, clicks, 2, NULL) && setrlimit(RLIMIT_FSIZE, &limit) == 0 &&
                  !hib_spool_append(spool, clicks + 2, 8, &n, NULL) && n == 0 &&
                  !hib_spool_room(spool) && setrlimit(RLIMIT_FSIZE, &none) == 0 &&
                  append_all(spool, clicks + 2, 8, NULL);
        HibSpoolFile *files = hib_spool_files(spool);
        ok = ok && hib_spool_read(&files[0], 0, out, 20) == 2 && files[1].is_live &&
             hib_spool_read(&files[1], 0, out + 2, 18) == 8;
        for (int i = 0; i < 10; i++)
            ok = ok && out[i].id == i;
        _exit(ok ? 0 : 1);
    }
    int status = -1;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    folder_free(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/spool/record", a_record_comes_back_and_a_changed_one_does_not);
    g_test_add_func("/links/spool/torn", what_is_appended_is_read_and_a_torn_end_is_not);
    g_test_add_func("/links/spool/next", a_full_file_goes_on_in_the_next);
    g_test_add_func("/links/spool/others", what_another_process_writes_is_left_alone);
    g_test_add_func("/links/spool/unfinished", what_was_never_laid_out_whole_is_removed);
    g_test_add_func("/links/spool/part",
                    what_was_written_in_part_is_not_read_and_not_written_twice);
    g_test_add_func("/links/spool/full", a_full_disk_is_said_and_what_was_answered_stays);
    return g_test_run();
}
