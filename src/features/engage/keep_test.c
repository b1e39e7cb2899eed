/* Files go when the workspace's days are over, not before; what was said stays and says that the setting took them. */
#include "base/error.h"
#include "engage/attached.sql.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/keep.sql.h"
#include "media/media.h"
#include "test_workspace.h"

typedef struct {
    HibTestWorkspace ws;
    HibDb *db, *global;
    HibJobs *jobs;
} Fixture;

static void
open_fixture(Fixture *f, HibTestStore *test)
{
    GError *error = NULL;
    *f = (Fixture){0};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->global = hib_db_open(test->store, test->arena, NULL);
    f->jobs = hib_jobs_manual(test->store, hib_engage.jobs, &f->ws.services, &error);
    g_assert_no_error(error);
    hib_assert_ok(hib_engage_begin(f->global, &error), error);
    hib_assert_ok(hib_engage_begin(f->global, &error), error); /* a second start */
}

static void
close_fixture(Fixture *f)
{
    hib_jobs_stop(f->jobs);
    hib_db_close(f->global);
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

static HibTalkFile
only(Fixture *f)
{
    GError *error = NULL;
    HibTalk *rows;
    const char *next;
    size_t n;
    hib_assert_ok(hib_engage_list(f->db, &(HibTalkQuery){0}, &rows, &n, &next, &error), error);
    g_assert_cmpuint(n, ==, 1);
    return rows[0].files[0];
}

/* Something said with a picture that is here. */
static void
say(Fixture *f)
{
    GError *error = NULL;
    size_t n_new;
    int64_t changed;
    const HibNetAttachment row = {.kind = HIB_ATTACH_IMAGE, .content_id = "1"};
    const HibNetTalk talk = {.kind = HIB_TALK_COMMENT,
                             .remote_id = "a",
                             .text = "見て",
                             .author_id = "fan",
                             .at = hib_db_now(f->db),
                             .attachments = &row,
                             .n_attachments = 1};
    const char *account = hib_test_account(&f->ws, f->db, "cafe.example");
    hib_assert_ok(hib_engage_store(f->db, account, &talk, 1, &n_new, &error), error);
    HibKept kept = {.id = hib_db_new_id(f->db),
                    .kind = HIB_KEPT_PICTURE,
                    .sha256 = "0000000000000000000000000000000000000000000000000000000000000000",
                    .name = "",
                    .mime = "image/png",
                    .bytes = 9};
    const char *file = only(f).id;
    g_autoptr(HibTx) tx = hib_tx_begin(f->db, &error);
    hib_assert_ok(tx && hib_jobs_cancel(f->db, HIB_JOB_TALK_FETCH, file, &error) &&
                      hib_kept_add(f->db, &kept, &error) &&
                      hib_sql_attached_ready(f->db, file, kept.id, &changed, &error) &&
                      hib_tx_commit(tx, &error),
                  error);
    g_assert_cmpint(only(f).state, ==, HIB_FILE_READY);
}

static void
pass_days(Fixture *f, int days)
{
    for (int day = 0; day < days; day++) {
        hib_clock_manual_set(f->ws.test->clock, hib_db_now(f->db) + HIB_DAY);
        hib_jobs_run_due(f->jobs);
    }
}

static void
a_file_goes_when_its_days_are_over(HibTestStore *test)
{
    GError *error = NULL;
    const char *kept;
    Fixture f;
    open_fixture(&f, test);
    say(&f);
    hib_assert_ok(hib_keep_set(f.db, 30, &error), error);
    pass_days(&f, 29);
    g_assert_cmpint(only(&f).state, ==, HIB_FILE_READY);
    pass_days(&f, 3);
    g_assert_cmpint(only(&f).state, ==, HIB_FILE_REMOVED);
    hib_assert_refused(hib_attached_kept(f.db, only(&f).id, &kept, &error), error,
                       "engage.file_not_here");
    close_fixture(&f);
}

static void
without_a_setting_the_usual_days_count(HibTestStore *test)
{
    GError *error = NULL;
    int64_t days;
    Fixture f;
    open_fixture(&f, test);
    hib_assert_ok(hib_keep_get(f.db, &days, &error), error);
    g_assert_cmpint(days, ==, HIB_KEEP_DAYS);
    say(&f);
    pass_days(&f, HIB_KEEP_DAYS - 1);
    g_assert_cmpint(only(&f).state, ==, HIB_FILE_READY);
    pass_days(&f, 3);
    g_assert_cmpint(only(&f).state, ==, HIB_FILE_REMOVED);
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/keep/a_file_goes_when_its_days_are_over",
                        a_file_goes_when_its_days_are_over);
    hib_test_add_manual("/keep/without_a_setting_the_usual_days_count",
                        without_a_setting_the_usual_days_count);
    return g_test_run();
}
