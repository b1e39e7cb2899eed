/* accounts.refresh: a grant stays alive for months without anybody looking. */
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "test_face.h"
#include "test_workspace.h"

static int64_t
refreshes(HibFace *face)
{
    HibFaceCounts out;
    hib_face_counts(face, &out);
    return out.n_refreshes;
}

static void
a_grant_is_refreshed_ahead_of_its_end_until_it_is_over(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_accounts.jobs, &ws.services, &error);
    g_assert_no_error(error);
    HibAccount *account = NULL;
    hib_assert_ok(hib_accounts_connect(db, &ws.services, "bluesky", hib_face_url(face),
                                       "a.practice", HIB_TEST_APP_PASSWORD, &account, &error),
                  error);
    const HibInstant start =
        hib_db_now(db); /* the practice network's access tokens live two hours */
    hib_clock_manual_set(test->clock, start + 109 * HIB_MINUTE);
    hib_jobs_run_due(jobs);
    g_assert_cmpint(refreshes(face), ==, 0);
    hib_clock_manual_set(test->clock, start + 111 * HIB_MINUTE);
    hib_jobs_run_due(jobs);
    g_assert_cmpint(refreshes(face), ==, 1);
    hib_clock_manual_set(test->clock, start + 2 * 111 * HIB_MINUTE);
    hib_jobs_run_due(jobs);
    g_assert_cmpint(refreshes(face), ==, 2);

    hib_face_fault(face, &(HibFaceFault){.fault = HIB_FAULT_ERROR, .times = 1});
    hib_clock_manual_set(test->clock, start + 3 * 111 * HIB_MINUTE);
    hib_jobs_run_due(jobs);
    g_assert_cmpint(refreshes(face), ==, 2);
    hib_clock_manual_set(test->clock, start + 3 * 111 * HIB_MINUTE +
                                          5 * HIB_MINUTE); /* tried again before the end */
    hib_jobs_run_due(jobs);
    g_assert_cmpint(refreshes(face), ==, 3);

    hib_face_end_sessions(face);
    hib_clock_manual_set(test->clock, start + 5 * 111 * HIB_MINUTE);
    hib_jobs_run_due(jobs);
    hib_assert_ok(hib_accounts_get(db, account->id, &account, &error), error);
    g_assert_cmpint(account->state, ==, HIB_ACCOUNT_NEEDS_RECONNECT);
    hib_clock_manual_set(test->clock, start + 30 * HIB_DAY);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_assert_ok(hib_accounts_reconnect(db, &ws.services, account->id, HIB_TEST_APP_PASSWORD,
                                         &account, &error),
                  error);
    hib_clock_manual_set(test->clock, start + 30 * HIB_DAY + 111 * HIB_MINUTE);
    hib_jobs_run_due(jobs);
    g_assert_cmpint(refreshes(face), ==, 4);
    hib_assert_ok(hib_accounts_disconnect(db, account->id, &error), error);
    hib_clock_manual_set(test->clock, start + 60 * HIB_DAY);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/accounts/a_grant_is_refreshed_ahead_of_its_end_until_it_is_over",
                        a_grant_is_refreshed_ahead_of_its_end_until_it_is_over);
    return g_test_run();
}
