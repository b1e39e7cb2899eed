/* Jobs on both databases: due times, keys, back-off, leases. */
#include "base/error.h"
#include "store/jobs_private.h"
#include "store/store_private.h"
#include "store/test_store.h"
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the test's kinds did, in order. */
typedef struct {
    HibWait wait;
    GString *log;
    int n_run;
    HibDuration latest;
    int attempt;
    HibErrorKind fail_with;
    HibInstant retry_at;
    bool is_failing, is_again;
} Seen;

static void
seen_init(Seen *seen)
{
    *seen = (Seen){.log = g_string_new(NULL)};
    hib_wait_init(&seen->wait);
}

static void
seen_clear(Seen *seen)
{
    g_string_free(seen->log, TRUE);
    hib_wait_clear(&seen->wait);
}

static bool
note(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
     GError **error)
{
    Seen *seen = context;
    hib_wait_lock(&seen->wait);
    seen->n_run++;
    seen->attempt = job->attempt;
    seen->latest = MAX(seen->latest, hib_db_now(db) - job->due_at);
    g_string_append_printf(seen->log, "%s/%s/%s ", job->workspace ? job->workspace : "-",
                           job->subject ? job->subject : "-", job->json);
    hib_wait_wake(&seen->wait);
    hib_wait_unlock(&seen->wait);
    if (seen->is_failing) {
        hib_error_set(error, seen->fail_with, "internal.unexpected", "as the test wants");
        if (seen->retry_at)
            hib_error_set_retry_at(*error, seen->retry_at);
        return false;
    }
    if (seen->is_again) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = hib_db_now(db) + HIB_HOUR;
    }
    return true;
}

static const HibJobKind kinds[] = {
    {.kind = "test.note", .run = note, .lease_s = 30, .tries = 3, .backoff_s = 10},
    {.kind = "test.fast", .run = note, .lease_s = 30, .tries = 3, .backoff_s = 10, .lane = 1},
    {0},
};

static HibDb *
open_db(HibTestStore *test)
{
    return hib_db_open(test->store, test->arena, "w1");
}

static void
a_job_runs_when_it_is_due_and_once(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibDb) global = hib_db_open(test->store, test->arena, NULL);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    g_assert_no_error(error);
    const HibInstant now = hib_db_now(db);
    HibJobsState state;
    hib_assert_ok(
        hib_job_add(db, "test.note", NULL, "late", "{\"n\":2}", now + 2 * HIB_HOUR, NULL, &error),
        error);
    hib_assert_ok(
        hib_job_add(db, "test.note", NULL, "early", "{\"n\":1}", now + HIB_HOUR, NULL, &error),
        error);
    hib_assert_ok(
        hib_job_add(global, "test.note", NULL, NULL, NULL, now + HIB_HOUR + 1, NULL, &error),
        error);
    hib_assert_ok(hib_job_add(db, "test.unknown", NULL, NULL, NULL, now, NULL, &error), error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_clock_manual_set(test->clock, now + 3 * HIB_HOUR);
    hib_assert_ok(hib_jobs_state(global, &state, &error), error);
    g_assert_cmpint(state.n_waiting, ==, 4);
    g_assert_cmpint(state.oldest_late, ==, 3 * HIB_HOUR);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 3);
    g_assert_cmpstr(seen.log->str, ==, "w1/early/{\"n\":1} -/-/{} w1/late/{\"n\":2} ");
    g_assert_cmpint(seen.attempt, ==, 1);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_assert_ok(hib_jobs_state(global, &state, &error), error);
    g_assert_cmpint(state.n_waiting, ==, 1);
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

static void
a_job_of_a_rolled_back_transaction_never_runs(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_job_add(db, "test.note", NULL, NULL, NULL, hib_db_now(db), NULL, &error),
                      error);
    }
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

static void
a_second_job_with_the_same_key_moves_the_first(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, "w2");
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    const HibInstant now = hib_db_now(db);
    const char *first, *second;
    hib_assert_ok(hib_job_add(db, "test.note", "k", "s", "{\"n\":1}", now, &first, &error), error);
    hib_assert_ok(
        hib_job_add(db, "test.note", "k", "s", "{\"n\":2}", now + HIB_HOUR, &second, &error),
        error);
    hib_assert_ok(hib_job_add(other, "test.note", "k", "s", "{\"n\":3}", now, NULL, &error), error);
    hib_assert_ok(hib_job_add(db, "test.fast", "k", "s", "{\"n\":4}", now, NULL, &error), error);
    g_assert_cmpstr(first, ==, second);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 2);
    hib_clock_manual_set(test->clock, now + HIB_HOUR);
    seen.is_again = true;
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    g_assert_nonnull(strstr(seen.log->str, "w1/s/{\"n\":2} "));
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

/* One that ends with AGAIN while a newer one with its key waits gives way to that. */
static bool
add_double(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
           GError **error)
{
    int *n_run = context;
    (*n_run)++;
    *ret_end = *n_run == 1 ? HIB_JOB_AGAIN : HIB_JOB_DONE;
    *ret_at = hib_db_now(db) + HIB_MINUTE;
    return *n_run > 1 || hib_job_add(db, job->kind, "k", NULL, "{\"new\":1}",
                                     hib_db_now(db) + HIB_HOUR, NULL, error);
}

static void
a_running_job_gives_way_to_a_newer_one_with_its_key(HibTestStore *test)
{
    static const HibJobKind doubling[] = {
        {.kind = "test.double", .run = add_double, .lease_s = 30, .tries = 3, .backoff_s = 1}, {0}};
    GError *error = NULL;
    int n_run = 0;
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, doubling, &n_run, &error);
    const HibInstant now = hib_db_now(db);
    hib_assert_ok(hib_job_add(db, "test.double", "k", NULL, NULL, now, NULL, &error), error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_clock_manual_set(test->clock, now + 30 * HIB_MINUTE);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_clock_manual_set(test->clock, now + HIB_HOUR);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_clock_manual_set(test->clock, now + 5 * HIB_HOUR);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
}

/* Two with one key run beside each other and end in the same round, both with AGAIN: one waits on, and the round goes on. */
typedef struct {
    HibJobs *jobs;
    int n_run;
} Beside;

static bool
add_beside(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
           GError **error)
{
    Beside *beside = context;
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = hib_db_now(db) + HIB_MINUTE;
    return beside->n_run++ ||
           (hib_job_add(db, job->kind, "k", NULL, NULL, hib_db_now(db), NULL, error) &&
            hib_jobs_round(beside->jobs, error)); /* claims it while this one runs */
}

static void
two_with_one_key_that_end_together_leave_one(HibTestStore *test)
{
    static const HibJobKind besides[] = {
        {.kind = "test.beside", .run = add_beside, .lease_s = 30, .tries = 3, .backoff_s = 1}, {0}};
    GError *error = NULL;
    Beside beside = {0};
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, besides, &beside, &error);
    const HibInstant now = hib_db_now(db);
    beside.jobs = jobs;
    hib_assert_ok(hib_job_add(db, "test.beside", "k", NULL, NULL, now, NULL, &error), error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 2);
    hib_clock_manual_set(test->clock, now + 2 * HIB_MINUTE);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
}

static void
a_job_can_be_moved_and_cancelled_while_it_waits(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    const HibInstant now = hib_db_now(db);
    hib_assert_ok(hib_job_add(db, "test.note", NULL, "p1", NULL, now + HIB_HOUR, NULL, &error),
                  error);
    hib_assert_ok(hib_job_add(db, "test.note", NULL, "p2", NULL, now, NULL, &error), error);
    hib_assert_ok(hib_jobs_move(db, "test.note", "p1", now, &error), error);
    hib_assert_ok(hib_jobs_cancel(db, "test.note", "p2", &error), error);
    hib_assert_ok(hib_jobs_move(db, "test.note", "none", now, &error), error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    g_assert_cmpstr(seen.log->str, ==, "w1/p1/{} ");
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

static void
a_failing_job_backs_off_and_ends_after_its_tries(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    HibInstant now = hib_db_now(db);
    HibJobsState state;
    seen.is_failing = true;
    seen.fail_with = HIB_ERROR_UPSTREAM;
    hib_assert_ok(hib_job_add(db, "test.note", NULL, NULL, NULL, now, NULL, &error), error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_clock_manual_set(test->clock, now + 7900 * HIB_MILLISECOND); /* 10 s - 20 % */
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    now += 12 * HIB_SECOND;
    hib_clock_manual_set(test->clock, now);
    seen.retry_at = now + 5 * HIB_HOUR; /* the network said when */
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    g_assert_cmpint(seen.attempt, ==, 2);
    hib_clock_manual_set(test->clock, now + 4 * HIB_HOUR);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_clock_manual_set(test->clock, now + 5 * HIB_HOUR);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_clock_manual_set(test->clock, now + 100 * HIB_DAY);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_assert_ok(hib_jobs_state(db, &state, &error), error);
    g_assert_cmpint(state.n_failed, ==, 1);
    g_assert_cmpint(state.n_waiting + state.n_running, ==, 0);
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

static void
an_error_that_repeating_cannot_mend_ends_the_job(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    HibJobsState state;
    seen.is_failing = true;
    seen.fail_with = HIB_ERROR_INVALID;
    hib_assert_ok(hib_job_add(db, "test.note", NULL, NULL, NULL, hib_db_now(db), NULL, &error),
                  error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_assert_ok(hib_jobs_state(db, &state, &error), error);
    g_assert_cmpint(state.n_failed, ==, 1);
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

static void
a_job_that_goes_on_counts_as_no_failure(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    const HibInstant now = hib_db_now(db);
    seen.is_again = true;
    hib_assert_ok(hib_job_add(db, "test.note", NULL, NULL, NULL, now, NULL, &error), error);
    for (int i = 0; i < 10; i++) {
        hib_clock_manual_set(test->clock, now + i * HIB_HOUR);
        g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
        g_assert_cmpint(seen.attempt, ==, 1);
    }
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

/* Leaves a job claimed by an owner that is gone. */
static void
claim_and_vanish(HibTestStore *test, HibInstant lease_until)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    const char *sql = hib_arena_printf(
        test->arena,
        "update store_job set state = 'running', owner = 'gone', attempt = 1, lease_until = %lld",
        (long long)lease_until);
    hib_assert_ok(test->store->backend->script(test->store, tx->link, sql, &error), error);
    tx->after.has_written = true;
    hib_assert_ok(hib_tx_commit(tx, &error), error);
}

static void
a_lease_left_by_a_dead_process_is_taken_over(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    const HibInstant now = hib_db_now(db);
    hib_assert_ok(hib_job_add(db, "test.note", NULL, "p", NULL, now, NULL, &error), error);
    claim_and_vanish(test, now + HIB_HOUR);
    g_autoptr(HibJobs) jobs =
        hib_jobs_manual(test->store, kinds, &seen, &error); /* a start gives the lease back */
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    g_assert_cmpint(seen.attempt, ==, 2);
    hib_assert_ok(hib_job_add(db, "test.note", NULL, "q", NULL, now, NULL, &error), error);
    const HibBackend *backend = test->store->backend;
    if (backend->hold_owner) /* one that lives and hangs: only when the lease is over */
        hib_assert_ok(backend->hold_owner(test->store, "gone", &error), error);
    claim_and_vanish(test, now + HIB_MINUTE);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_clock_manual_set(test->clock, now + HIB_MINUTE);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    g_clear_pointer(&jobs, hib_jobs_stop);
    seen_clear(&seen);
}

/* A step that says it has begun and never ends. */
static bool
hang(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
     GError **error)
{
    const int fd = *(const int *)context;
    if (write(fd, "x", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

static void
a_job_of_a_killed_process_runs_again(HibTestStore *test)
{
    static const HibJobKind hanging[] = {
        {.kind = "test.note", .run = hang, .lease_s = 3600, .tries = 3, .backoff_s = 1}, {0}};
    GError *error = NULL;
    Seen seen;
    int ends[2];
    char begun;
    seen_init(&seen);
    {
        g_autoptr(HibDb) db = open_db(test);
        hib_assert_ok(hib_job_add(db, "test.note", NULL, "p", NULL, hib_db_now(db), NULL, &error),
                      error);
    }
    hib_test_store_shut(test);
    g_assert_cmpint(pipe(ends), ==, 0);
    const pid_t child = fork();
    if (child == 0) {
        const HibStoreOptions options = {.url = test->url};
        HibStore *store = hib_store_open(&options, NULL);
        if (!store || !hib_jobs_start(store, hanging, NULL, &ends[1], NULL))
            _exit(1);
        for (;;)
            pause();
    }
    g_assert_cmpint(read(ends[0], &begun, 1), ==, 1);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
    hib_test_store_reopen(test);
    HibJobs *jobs = hib_jobs_manual(test->store, kinds, &seen, &error);
    g_assert_no_error(error);
    const int64_t deadline =
        hib_monotonic_us() + 5000000; /* PostgreSQL may take a moment to notice */
    while (hib_jobs_run_due(jobs) == 0 && hib_monotonic_us() < deadline)
        g_usleep(10000);
    hib_jobs_stop(jobs);
    g_assert_cmpint(seen.n_run, ==, 1);
    g_assert_cmpint(seen.attempt, ==, 2);
    seen_clear(&seen);
}

/* --- with threads ------------------------------------------------------------------------------------------------------- */
static void
wait_for(Seen *seen, int n)
{
    const int64_t deadline = hib_monotonic_us() + 20000000;
    hib_wait_lock(&seen->wait);
    while (seen->n_run < n && hib_wait_until(&seen->wait, deadline))
        ;
    hib_wait_unlock(&seen->wait);
}

static void
threads_run_what_commits_add(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    HibJobsState state;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    HibJobs *jobs = hib_jobs_start(test->store, kinds, NULL, &seen, &error);
    g_assert_no_error(error);
    for (int i = 0; i < 300; i++)
        hib_assert_ok(hib_job_add(db, i % 2 ? "test.note" : "test.fast", NULL, NULL, NULL,
                                  hib_db_now(db), NULL, &error),
                      error);
    wait_for(&seen, 300);
    hib_jobs_stop(jobs);
    g_assert_cmpint(seen.n_run, ==, 300);
    hib_assert_ok(hib_jobs_state(db, &state, &error), error);
    g_assert_cmpint(state.n_waiting + state.n_running + state.n_failed, ==, 0);
    seen_clear(&seen);
}

static void
stopping_gives_back_what_has_not_begun(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    HibJobsState state;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        for (int i = 0; i < 500; i++)
            hib_assert_ok(
                hib_job_add(db, "test.note", NULL, NULL, NULL, hib_db_now(db), NULL, &error),
                error);
        hib_assert_ok(hib_tx_commit(tx, &error), error);
    }
    HibJobs *jobs = hib_jobs_start(test->store, kinds, NULL, &seen, &error);
    wait_for(&seen, 1);
    hib_jobs_stop(jobs);
    hib_assert_ok(hib_jobs_state(db, &state, &error), error);
    g_assert_cmpint(state.n_waiting, ==, 500 - seen.n_run);
    g_assert_cmpint(state.n_running, ==, 0);
    const int n_before = seen.n_run;
    jobs = hib_jobs_start(test->store, kinds, NULL, &seen, &error);
    wait_for(&seen, 500);
    hib_jobs_stop(jobs);
    g_assert_cmpint(seen.n_run, ==, 500);
    g_assert_cmpint(n_before, <=, 500);
    seen_clear(&seen);
}

/* 1,000 due within the same second, with 20,000 waiting for later: each runs once, and none of the later ones does. How late they are is
 * a figure of bench/, not of a test. */
static void
a_thousand_at_once_run_once_each(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen;
    seen_init(&seen);
    g_autoptr(HibDb) db = open_db(test);
    const HibInstant due = hib_db_now(db) + 2 * HIB_SECOND;
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        for (int i = 0; i < 20000; i++)
            hib_assert_ok(hib_job_add(db, "test.fast", NULL, NULL, NULL,
                                      i < 1000 ? due + i * HIB_MILLISECOND / 2 : due + HIB_DAY + i,
                                      NULL, &error),
                          error);
        hib_assert_ok(hib_tx_commit(tx, &error), error);
    }
    HibJobs *jobs = hib_jobs_start(test->store, kinds, NULL, &seen, &error);
    wait_for(&seen, 1000);
    hib_jobs_stop(jobs);
    g_assert_cmpint(seen.n_run, ==, 1000);
    g_test_message("latest start %.1f ms after its due time", (double)seen.latest / 1000.0);
    seen_clear(&seen);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/a_job_runs_when_it_is_due_and_once", a_job_runs_when_it_is_due_and_once);
    hib_test_add_manual("/a_job_of_a_rolled_back_transaction_never_runs",
                        a_job_of_a_rolled_back_transaction_never_runs);
    hib_test_add_manual("/a_second_job_with_the_same_key_moves_the_first",
                        a_second_job_with_the_same_key_moves_the_first);
    hib_test_add_manual("/a_running_job_gives_way_to_a_newer_one_with_its_key",
                        a_running_job_gives_way_to_a_newer_one_with_its_key);
    hib_test_add_manual("/two_with_one_key_that_end_together_leave_one",
                        two_with_one_key_that_end_together_leave_one);
    hib_test_add_manual("/a_job_can_be_moved_and_cancelled_while_it_waits",
                        a_job_can_be_moved_and_cancelled_while_it_waits);
    hib_test_add_manual("/a_failing_job_backs_off_and_ends_after_its_tries",
                        a_failing_job_backs_off_and_ends_after_its_tries);
    hib_test_add_manual("/an_error_that_repeating_cannot_mend_ends_the_job",
                        an_error_that_repeating_cannot_mend_ends_the_job);
    hib_test_add_manual("/a_job_that_goes_on_counts_as_no_failure",
                        a_job_that_goes_on_counts_as_no_failure);
    hib_test_add_manual("/a_lease_left_by_a_dead_process_is_taken_over",
                        a_lease_left_by_a_dead_process_is_taken_over);
    hib_test_add("/a_job_of_a_killed_process_runs_again", a_job_of_a_killed_process_runs_again);
    hib_test_add("/threads_run_what_commits_add", threads_run_what_commits_add);
    hib_test_add("/stopping_gives_back_what_has_not_begun", stopping_gives_back_what_has_not_begun);
    hib_test_add("/a_thousand_at_once_run_once_each", a_thousand_at_once_run_once_each);
    return g_test_run();
}
