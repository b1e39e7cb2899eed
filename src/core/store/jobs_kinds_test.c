/* Jobs of several kinds beside each other: turn by due time, and a crowd of one kind is no burden to another. */
#include "base/error.h"
#include "store/job.sql.h"
#include "store/jobs.h"
#include "store/test_store.h"
#include <string.h>

#define CROWD 30000
#define ASKED 20

static bool
note(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
     GError **error)
{
    g_string_append_printf(context, "%s ", job->subject);
    return true;
}

static const HibJobKind kinds[] = {
    {.kind = "test.one", .run = note, .lease_s = 30, .tries = 3, .backoff_s = 10},
    {.kind = "test.two", .run = note, .lease_s = 30, .tries = 3, .backoff_s = 10},
    {.kind = "test.fast", .run = note, .lease_s = 30, .tries = 3, .backoff_s = 10, .lane = 1},
    {0},
};

static void
add(HibDb *db, const char *kind, const char *subject, HibInstant due_at)
{
    g_autoptr(GError) error = NULL;
    hib_assert_ok(hib_job_add(db, kind, NULL, subject, NULL, due_at, NULL, &error), error);
}

static void
the_kind_that_waits_longest_comes_first(HibTestStore *test)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) log = g_string_new(NULL);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    const HibInstant now = hib_db_now(db);
    add(db, "test.one", "d", now - 1 * HIB_SECOND);
    add(db, "test.two", "a", now - 4 * HIB_SECOND);
    add(db, "test.one", "c", now - 2 * HIB_SECOND);
    add(db, "test.two", "later", now + HIB_SECOND);
    add(db, "test.two", "b", now - 3 * HIB_SECOND);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, log, &error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 4);
    g_assert_cmpstr(log->str, ==, "a b c d ");
    hib_clock_manual_set(test->clock, now + HIB_SECOND);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
}

/* More are due than are claimed at a time: none of either kind is left behind. */
static void
a_backlog_of_one_kind_leaves_none_of_the_other_behind(HibTestStore *test)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) log = g_string_new(NULL);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    const HibInstant now = hib_db_now(db);
    for (int i = 0; i < 100; i++)
        add(db, "test.one", "x", now - HIB_HOUR + i);
    add(db, "test.two", "y", now - HIB_MINUTE);
    add(db, "test.fast", "z", now);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, log, &error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 102);
    g_assert_nonnull(strchr(log->str, 'y'));
    g_assert_nonnull(strchr(log->str, 'z'));
}

static int64_t
time_asking(HibTestStore *test, const char *kind)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(test->store, arena, NULL);
    HibSqlJobNext *next;
    const int64_t start = hib_monotonic_us();
    for (int i = 0; i < ASKED; i++)
        hib_assert_ok(hib_sql_job_next(db, kind, &next, &error), error);
    return hib_monotonic_us() - start;
}

static void
a_crowd_of_one_kind_costs_the_others_nothing(HibTestStore *test)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    const HibInstant due = hib_db_now(db) + HIB_DAY;
    time_asking(test, "test.one");
    const int64_t alone = time_asking(test, "test.one");
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        for (int i = 0; i < CROWD; i++)
            add(db, "test.fast", NULL, due + i);
        hib_assert_ok(hib_tx_commit(tx, &error), error);
    }
    time_asking(test, "test.one");
    const int64_t beside = time_asking(test, "test.one");
    g_test_message("%d questions: %d us alone, %d us beside %d jobs of another kind", ASKED,
                   (int)alone, (int)beside, CROWD);
    /* Walking past them would take a hundred times as long, and more. */
    g_assert_cmpint(beside, <, 20 * alone + 2000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/the_kind_that_waits_longest_comes_first",
                        the_kind_that_waits_longest_comes_first);
    hib_test_add_manual("/a_backlog_of_one_kind_leaves_none_of_the_other_behind",
                        a_backlog_of_one_kind_leaves_none_of_the_other_behind);
    hib_test_add("/a_crowd_of_one_kind_costs_the_others_nothing",
                 a_crowd_of_one_kind_costs_the_others_nothing);
    return g_test_run();
}
