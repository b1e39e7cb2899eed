/* plan.purge: deleted posts go after thirty days, not before, and not when they came back. */
#include "base/error.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static HibPost *
make(HibDb *db, const char *text)
{
    GError *error = NULL;
    HibPost *post = NULL;
    hib_assert_ok(hib_plan_create(db, &(HibPostContent){.text = text}, &post, &error), error);
    return post;
}

static void
a_deleted_post_goes_after_thirty_days_unless_restored(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_plan.jobs, &ws.services, &error);
    g_assert_no_error(error);
    HibPost *gone = make(db, "消える"), *back = make(db, "戻る"),
            *late = make(db, "もう一度消える"), *found = NULL;
    HibInstant start = hib_db_now(db);
    hib_assert_ok(hib_plan_set_deleted(db, gone->id, &error), error);
    hib_assert_ok(hib_plan_set_deleted(db, back->id, &error), error);
    hib_assert_ok(hib_plan_set_deleted(db, late->id, &error), error);
    hib_assert_ok(hib_plan_restore(db, back->id, &found, &error), error);
    hib_assert_ok(hib_plan_restore(db, late->id, &found, &error), error);

    hib_clock_manual_set(test->clock, start + 10 * HIB_DAY);
    hib_assert_ok(hib_plan_set_deleted(db, late->id, &error), error);
    hib_clock_manual_set(test->clock, start + 30 * HIB_DAY - HIB_SECOND);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_clock_manual_set(test->clock, start + 30 * HIB_DAY);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_assert_refused(hib_plan_get(db, gone->id, true, &found, &error), error, "post.unknown");
    hib_assert_ok(hib_plan_get(db, back->id, false, &found, &error), error);
    hib_assert_ok(hib_plan_get(db, late->id, true, &found, &error), error);
    hib_clock_manual_set(test->clock, start + 40 * HIB_DAY);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_assert_refused(hib_plan_get(db, late->id, true, &found, &error), error, "post.unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/plan/a_deleted_post_goes_after_thirty_days_unless_restored",
                        a_deleted_post_goes_after_thirty_days_unless_restored);
    return g_test_run();
}
