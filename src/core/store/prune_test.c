/* Retention on both databases. */
#include "store/prune.h"

#include "base/error.h"
#include "store/event.sql.h"
#include "store/events.h"
#include "store/test_store.h"

static bool
fail(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
     GError **error)
{
    hib_error_set(error, HIB_ERROR_INVALID, "internal.unexpected", "as the test wants");
    return false;
}

static void
happen(HibTestStore *test, const char *subject)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HibDb) db =
        hib_db_open(test->store, test->arena, "01890f0a-0000-7000-8000-000000000001");
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    hib_assert_ok(tx != NULL, error);
    hib_assert_ok(hib_event_emit(db, "test.happened", subject, NULL, &error), error);
    hib_assert_ok(hib_job_add(db, "test.fail", NULL, subject, NULL, hib_db_now(db), NULL, &error),
                  error);
    hib_assert_ok(hib_tx_commit(tx, &error), error);
}

static void
assert_left(HibTestStore *test, size_t n_events, int64_t n_failed)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    HibSqlEventRange *rows = NULL;
    size_t n = 0;
    HibJobsState state;
    hib_assert_ok(hib_sql_event_range(db, 0, INT64_MAX, &rows, &n, &error), error);
    hib_assert_ok(hib_jobs_state(db, &state, &error), error);
    g_assert_cmpuint(n, ==, n_events);
    g_assert_cmpint(state.n_failed, ==, n_failed);
}

static void
old_events_and_failed_jobs_go_day_by_day_and_the_rest_stays(HibTestStore *test)
{
    g_autoptr(GError) error = NULL;
    const HibJobKind kinds[] = {
        hib_prune_jobs[0], {.kind = "test.fail", .run = fail, .lease_s = 60, .tries = 1}, {0}};
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, NULL, &error);
    hib_assert_ok(jobs != NULL, error);
    HibInstant start = hib_clock_now(test->clock);
    hib_assert_ok(hib_prune_begin(test->store, &error), error);
    hib_assert_ok(hib_prune_begin(test->store, &error),
                  error);          /* a second start adds no second one */
    for (int i = 0; i < 1500; i++) /* more than a helping */
        happen(test, "early");
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1500);
    const struct {
        int day, n_steps;
        size_t n_events;
        int64_t n_failed;
    } days[] = {{1, 1, 1500, 1500}, {29, 2, 1501, 1501}, {31, 1, 1, 1501},
                {61, 1, 0, 1501},   {91, 1, 0, 1},       {121, 1, 0, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        hib_clock_manual_set(test->clock, start + days[i].day * HIB_DAY + HIB_HOUR);
        if (days[i].day == 29)
            happen(test, "late");
        g_assert_cmpint(hib_jobs_run_due(jobs), ==, days[i].n_steps);
        assert_left(test, days[i].n_events, days[i].n_failed);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/prune/old_events_and_failed_jobs_go_day_by_day_and_the_rest_stays",
                        old_events_and_failed_jobs_go_day_by_day_and_the_rest_stays);
    return g_test_run();
}
