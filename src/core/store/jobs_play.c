/* Playing time: see hib_jobs_play. The runner rests when it holds no step and nothing it knows of is due; only then the clock moves, so that no lease runs out and nothing is late
 * because the machine was slow. */
#include "base/log.h"
#include "store/job.sql.h"
#include "store/jobs_private.h"

#define LOOK_US 20000 /* the keeper tells when a round is over; this only bounds the wait */

/* The runner may be woken for either lane by what is due in the other: what really waits is asked of the store. */
static bool
first_due(HibJobs *jobs, int lane, HibInstant *ret, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(jobs->store, arena, NULL);
    *ret = HIB_NEVER;
    for (const HibJobKind *kind = jobs->kinds; kind->kind; kind++) {
        HibSqlJobNext *next = NULL;
        if (kind->lane != lane)
            continue;
        if (!hib_sql_job_next(db, kind->kind, &next, error))
            return false;
        if (next)
            *ret = MIN(*ret, next->due_at);
    }
    return true;
}

static bool
is_resting(const HibJobs *jobs, HibInstant now)
{
    bool is_due = jobs->held->len > 0 || jobs->ended->len > 0 || jobs->woken_due <= now;
    for (int i = 0; i < HIB_LANES; i++)
        is_due |= jobs->lanes[i].kinds[0] && jobs->lanes[i].next_due <= now;
    return !is_due;
}

/* The runner rests, and the lock is held; it is let go while the store is asked. What came up meanwhile goes first: the clock stays. */
static bool
move_on(HibJobs *jobs, HibInstant now, HibInstant until, HibDuration stride, GError **error)
{
    HibInstant first, other;
    hib_wait_unlock(&jobs->wait);
    const bool is_known = first_due(jobs, 1, &first, error) && first_due(jobs, 0, &other, error);
    hib_wait_lock(&jobs->wait);
    if (!is_known || !is_resting(jobs, now))
        return is_known;
    jobs->woken_due = MIN(jobs->woken_due, MIN(first, other));
    hib_clock_manual_set(jobs->store->clock,
                         CLAMP(MIN(first, MAX(other, now + stride)), now, until));
    hib_wait_wake(&jobs->wait);
    return true;
}

void
hib_jobs_play(HibJobs *jobs, HibInstant until, HibDuration stride)
{
    hib_wait_lock(&jobs->wait);
    for (;;) {
        const HibInstant now = hib_clock_now(jobs->store->clock);
        const bool rests = is_resting(jobs, now);
        g_autoptr(GError) failure = NULL;
        if (rests && now >= until)
            break;
        if (rests && move_on(jobs, now, until, stride, &failure))
            continue;
        if (failure)
            hib_log_error(HIB_WARN, "jobs.play_failed", failure, NULL);
        hib_wait_until(&jobs->wait, hib_monotonic_us() + LOOK_US);
    }
    hib_wait_unlock(&jobs->wait);
}
