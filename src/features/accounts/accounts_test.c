/* accounts.refresh: a grant stays alive for months without anybody looking. */
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "test_face.h"
#include "test_network.h"
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

static int
n_told(HibTestWorkspace *ws, int *counter)
{
    GError *error = NULL;
    g_autoptr(HibJobs) jobs =
        hib_jobs_manual(ws->test->store, hib_accounts.jobs, &ws->services, &error);
    g_assert_no_error(error);
    hib_jobs_run_due(jobs);
    return *counter;
}

static void
hear(const HibEvent *event, void *data)
{
    int *counter = data;
    if (g_str_equal(event->kind, "account.expiring"))
        g_atomic_int_inc(counter);
}

/* Meta: sixty days, renewed at half life; when no refresh succeeds a person is told ten days ahead. */
static void
a_person_is_told_ten_days_ahead_when_refreshing_fails(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccountApp *app = NULL;
    HibConnection *connection = NULL;
    HibAccount *account = NULL;
    int n_expiring = 0;
    const HibInstant start = hib_db_now(db);
    hib_events_listen(test->store, hear, &n_expiring);
    hib_test_net.grants[0].refresh = "";
    hib_test_net.grants[0].access_expires_at = start + 60 * HIB_DAY;
    hib_test_net.refreshed = (HibGrant){.access = "a2", .access_expires_at = start + 90 * HIB_DAY};
    hib_assert_ok(hib_apps_set(db, &ws.services, "testnet", NULL, "c", "s", &app, &error), error);
    hib_assert_ok(hib_connection_start(db, &ws.services,
                                       &(HibConnectionDraft){.network = "testnet"}, &connection,
                                       &error),
                  error);
    hib_assert_ok(hib_connection_finish(db, &ws.services, connection->id,
                                        &(HibConnectionReturn){.code = "c"}, &error),
                  error);
    hib_assert_ok(hib_connection_get(db, &ws.services, connection->id, &connection, &error), error);
    const char *id = connection->accounts[0];
    hib_clock_manual_set(test->clock, start + 31 * HIB_DAY);
    g_assert_cmpint(n_told(&ws, &n_expiring), ==, 0);
    g_assert_cmpint(hib_test_net.n_refreshes, ==, 1);
    hib_test_net.refresh.class = HIB_NET_RETRY_SAME;
    for (int day = 32; day < 79; day++) {
        hib_clock_manual_set(test->clock, start + day * HIB_DAY);
        n_told(&ws, &n_expiring);
    }
    hib_assert_ok(hib_accounts_get(db, id, &account, &error), error);
    g_assert_cmpint(account->acts_at, ==, start + 90 * HIB_DAY);
    g_assert_cmpint(account->expiry, ==, HIB_EXPIRY_OK);
    g_assert_cmpint(n_expiring, ==, 0);
    hib_clock_manual_set(test->clock, start + 80 * HIB_DAY + HIB_MINUTE);
    n_told(&ws, &n_expiring);
    n_told(&ws, &n_expiring);
    hib_assert_ok(hib_accounts_get(db, id, &account, &error), error);
    g_assert_cmpint(account->expiry, ==, HIB_EXPIRY_SOON);
    for (int i = 0; i < 500 && g_atomic_int_get(&n_expiring) == 0; i++)
        g_usleep(10 * 1000);
    hib_events_unlisten(test->store, hear, &n_expiring);
    g_assert_cmpint(n_expiring, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/accounts/a_grant_is_refreshed_ahead_of_its_end_until_it_is_over",
                        a_grant_is_refreshed_ahead_of_its_end_until_it_is_over);
    hib_test_add_manual("/accounts/a_person_is_told_ten_days_ahead_when_refreshing_fails",
                        a_person_is_told_ten_days_ahead_when_refreshing_fails);
    return g_test_run();
}
