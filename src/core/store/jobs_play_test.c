/* Played time on both databases. */
#include "store/jobs.h"
#include "store/test_store.h"

typedef struct {
    int n_ticks, n_posts;
    HibDuration latest_tick, latest_post;
    GMutex lock;
} Seen;

static void
note(Seen *seen, int *count, HibDuration *latest, HibDuration late)
{
    g_mutex_lock(&seen->lock);
    ++*count;
    *latest = MAX(*latest, late);
    g_mutex_unlock(&seen->lock);
}

static bool
tick(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
     GError **error G_GNUC_UNUSED)
{
    Seen *seen = context;
    note(seen, &seen->n_ticks, &seen->latest_tick, hib_db_now(db) - job->due_at);
    g_usleep(200);
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = job->due_at + HIB_HOUR;
    return true;
}

static bool
post(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end G_GNUC_UNUSED,
     HibInstant *ret_at G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
    Seen *seen = context;
    note(seen, &seen->n_posts, &seen->latest_post, hib_db_now(db) - job->due_at);
    return true;
}

static const HibJobKind kinds[] = {
    {.kind = "test.tick", .run = tick, .lease_s = 60, .tries = 3, .backoff_s = 1},
    {.kind = "test.post", .run = post, .lease_s = 60, .tries = 3, .backoff_s = 1, .lane = 1},
    {0},
};

static void
add(HibTestStore *test, const char *kind, HibInstant at)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    hib_assert_ok(hib_job_add(db, kind, NULL, NULL, NULL, at, NULL, &error), error);
    hib_assert_ok(hib_tx_commit(tx, &error), error);
}

static void
played_days_meet_every_job_at_its_instant(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen = {0};
    const HibInstant start = hib_clock_now(test->clock);
    add(test, "test.tick", start + HIB_HOUR);
    add(test, "test.post", start + 4 * HIB_DAY + 7);
    g_autoptr(HibJobs) jobs = hib_jobs_start(test->store, kinds, NULL, &seen, &error);
    g_assert_no_error(error);
    hib_jobs_play(jobs, start + 3 * HIB_DAY, 0);
    g_assert_cmpint(seen.n_ticks, ==, 3 * 24);
    g_assert_cmpint(seen.n_posts, ==, 0);
    g_assert_cmpint(seen.latest_tick, ==, 0);
    g_assert_cmpint(hib_clock_now(test->clock), ==, start + 3 * HIB_DAY);
    hib_jobs_play(jobs, start + 5 * HIB_DAY, HIB_DAY);
    g_assert_cmpint(seen.n_posts, ==, 1);
    g_assert_cmpint(seen.latest_post, ==, 0);
}

/* A job every hour that may be a day late runs oftener than once a day: it is due at once again until it has caught up. */
static void
strides_make_lane_0_late_and_no_later(HibTestStore *test)
{
    GError *error = NULL;
    Seen seen = {0};
    const HibInstant start = hib_clock_now(test->clock);
    add(test, "test.tick", start + HIB_HOUR);
    g_autoptr(HibJobs) jobs = hib_jobs_start(test->store, kinds, NULL, &seen, &error);
    g_assert_no_error(error);
    hib_jobs_play(jobs, start + 3 * HIB_DAY, HIB_DAY);
    g_assert_cmpint(seen.n_ticks, ==, 3 * 24);
    g_assert_cmpint(seen.latest_tick, >, 0);
    g_assert_cmpint(seen.latest_tick, <=, HIB_DAY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/played_days_meet_every_job_at_its_instant",
                        played_days_meet_every_job_at_its_instant);
    hib_test_add_manual("/strides_make_lane_0_late_and_no_later",
                        strides_make_lane_0_late_and_no_later);
    return g_test_run();
}
