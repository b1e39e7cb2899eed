/* Large uploads: in order, repeatable, over a restart, and nothing of what goes wrong stays. */
#include "base/limits.h"
#include "test_made.h"

static int
count_drafts(const HibTestWorkspace *ws)
{
    g_autofree char *path = g_build_filename(ws->directory, "blobs", "draft", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    int n = 0;
    while (g_dir_read_name(folder))
        n++;
    return n;
}

static const char *
begin(HibTestWorkspace *ws, HibDb *db, GBytes *content, const char *sha256)
{
    GError *error = NULL;
    HibUpload *upload = NULL;
    hib_assert_ok(hib_upload_begin(db, &ws->services, "夏.mp4", (int64_t)g_bytes_get_size(content),
                                   sha256, &upload, &error),
                  error);
    return upload->id;
}

static int64_t
put(HibTestWorkspace *ws, HibDb *db, const char *upload, GBytes *content, size_t from, size_t n)
{
    GError *error = NULL;
    HibUpload *now = NULL;
    g_autoptr(GBytes) part =
        g_bytes_new_from_bytes(content, from, MIN(n, g_bytes_get_size(content) - from));
    hib_assert_ok(hib_upload_put(db, &ws->services, upload, (int64_t)from, part, &now, &error),
                  error);
    return now->received;
}

static void
parts_in_order_make_a_media_over_repetition_and_restart(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_media_workers(&ws);
    HibDb *db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(GBytes) content = hib_test_made(&ws, "a.mp4", "seconds=2 sound=1");
    size_t size = 0;
    const void *data = g_bytes_get_data(content, &size);
    const char *sha256 = hib_sha256_hex(test->arena, data, size);
    const char *id = begin(&ws, db, content, sha256);
    HibMedia *media = NULL;
    HibUpload *state = NULL;
    g_assert_cmpint(put(&ws, db, id, content, 0, 1000), ==, 1000);
    g_assert_cmpint(put(&ws, db, id, content, 0, 1000), ==, 1000);   /* again */
    g_assert_cmpint(put(&ws, db, id, content, 500, 1000), ==, 1500); /* half of it again */
    hib_assert_refused(hib_upload_finish(db, &ws.services, id, &media, &error), error,
                       "media.upload_unfinished");
    g_autoptr(GBytes) far = g_bytes_new_from_bytes(content, 2000, 10);
    hib_assert_refused(hib_upload_put(db, &ws.services, id, 2000, far, &state, &error), error,
                       "media.upload_gap");

    /* A crash after a part was written and before its row: the draft is longer than the row says. */
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(ws.services.blobs, id, &error);
    hib_assert_ok(hib_blob_draft_write(draft, 1500, "rubbish", 7, &error), error);
    hib_db_close(db);
    hib_test_store_reopen(test);
    ws.services.store = test->store;
    db = hib_test_workspace_db(&ws, NULL);
    hib_assert_ok(hib_upload_get(db, id, &state, &error), error);
    g_assert_cmpint(state->received, ==, 1500);
    g_assert_cmpint(put(&ws, db, id, content, 1500, size), ==, (int64_t)size);

    hib_assert_ok(hib_upload_finish(db, &ws.services, id, &media, &error), error);
    g_assert_cmpstr(media->sha256, ==, sha256);
    g_assert_cmpstr(media->name, ==, "夏.mp4");
    g_assert_cmpint(media->state, ==, HIB_MEDIA_READY);
    g_assert_cmpint(media->facts.kind, ==, HIB_MEDIA_VIDEO);
    hib_assert_refused(hib_upload_get(db, id, &state, &error), error, "media.unknown_upload");
    g_assert_cmpint(count_drafts(&ws), ==, 0);

    g_autoptr(HibBlobReader) file = NULL;
    hib_assert_ok(hib_media_open(db, &ws.services, media->id, &file, &error), error);
    g_assert_cmpint(hib_blob_reader_size(file), ==, (int64_t)size);
    hib_db_close(db);
}

static void
what_is_refused_at_the_end_is_gone(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_media_workers(&ws);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(GBytes) whole = hib_test_made(&ws, "a.mp4", "seconds=1");
    g_autoptr(GBytes) half = g_bytes_new_from_bytes(whole, 0, g_bytes_get_size(whole) / 2);
    g_autoptr(GBytes) page = g_bytes_new_static("<html>no video at all</html>", 28);
    const char *other = hib_sha256_hex(test->arena, "other", 5);
    struct {
        GBytes *content;
        const char *sha256, *reason;
    } const cases[] = {{half, NULL, "media.damaged"},
                       {page, NULL, "media.not_an_image"},
                       {whole, other, "media.upload_damaged"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibMedia *media = NULL, **list = NULL;
        HibUpload *state = NULL;
        const char *next = NULL;
        size_t n = 0;
        const char *id = begin(&ws, db, cases[i].content, cases[i].sha256);
        put(&ws, db, id, cases[i].content, 0, HIB_LIMIT_PART_BYTES);
        hib_assert_refused(hib_upload_finish(db, &ws.services, id, &media, &error), error,
                           cases[i].reason);
        hib_assert_refused(hib_upload_get(db, id, &state, &error), error, "media.unknown_upload");
        hib_assert_ok(hib_media_list(db, NULL, 10, &list, &n, &next, &error), error);
        g_assert_cmpuint(n, ==, 0);
        g_assert_cmpint(count_drafts(&ws), ==, 0);
    }
}

static void
parts_that_cannot_be_right_are_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(GBytes) ten = g_bytes_new_static("0123456789", 10);
    g_autoptr(GBytes) none = g_bytes_new_static("", 0);
    g_autoptr(GBytes) large =
        g_bytes_new_take(g_malloc0(HIB_LIMIT_PART_BYTES + 1), HIB_LIMIT_PART_BYTES + 1);
    HibUpload *state = NULL;
    const char *id = begin(&ws, db, ten, NULL);
    hib_assert_refused(hib_upload_put(db, &ws.services, id, 5, ten, &state, &error), error,
                       "media.upload_part");
    hib_assert_refused(hib_upload_put(db, &ws.services, id, 0, none, &state, &error), error,
                       "media.upload_part");
    hib_assert_refused(hib_upload_put(db, &ws.services, id, 0, large, &state, &error), error,
                       "media.upload_part");
    hib_assert_refused(
        hib_upload_begin(db, &ws.services, "", HIB_LIMIT_VIDEO_BYTES + 1, NULL, &state, &error),
        error, "media.too_large");
    for (int i = 1; i < HIB_LIMIT_UPLOADS; i++)
        begin(&ws, db, ten, NULL);
    hib_assert_refused(hib_upload_begin(db, &ws.services, "", 10, NULL, &state, &error), error,
                       "media.too_many_uploads");
    hib_assert_ok(hib_upload_cancel(db, &ws.services, id, &error), error);
    g_assert_cmpint(count_drafts(&ws), ==, HIB_LIMIT_UPLOADS - 1);
    begin(&ws, db, ten, NULL);
}

static void
an_upload_nobody_touched_for_a_day_is_swept(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibDb) global = hib_db_open(test->store, test->arena, NULL);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_media.jobs, &ws.services, &error);
    g_autoptr(GBytes) ten = g_bytes_new_static("0123456789", 10);
    /* Files carry the machine's time: the test's clock starts there. */
    const HibInstant now = hib_clock_now(hib_clock_real());
    hib_clock_manual_set(test->clock, now);
    HibUpload *state = NULL;
    const char *old = begin(&ws, db, ten, NULL);
    hib_assert_ok(hib_media_plan_sweep(global, &error), error);
    hib_clock_manual_set(test->clock, now + 2 * HIB_HOUR);
    hib_jobs_run_due(jobs);
    hib_assert_ok(hib_upload_get(db, old, &state, &error), error);
    hib_clock_manual_set(test->clock, now + 27 * HIB_HOUR);
    hib_jobs_run_due(jobs);
    hib_assert_refused(hib_upload_get(db, old, &state, &error), error, "media.unknown_upload");
    g_assert_cmpint(count_drafts(&ws), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/upload/" #name, name)
    ADD(parts_in_order_make_a_media_over_repetition_and_restart);
    ADD(what_is_refused_at_the_end_is_gone);
    ADD(parts_that_cannot_be_right_are_refused);
    hib_test_add_manual("/upload/an_upload_nobody_touched_for_a_day_is_swept",
                        an_upload_nobody_touched_for_a_day_is_swept);
    return g_test_run();
}
