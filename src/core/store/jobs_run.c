/* The job runner's threads: a keeper that talks to the database, and workers for each lane.
 *
 * The keeper sleeps until the next due time, until a commit adds an earlier one, or until a step ends; workers take steps
 * from their lane's queue. A lane holds a few more claimed jobs than it has threads, so that the workers do not wait for the
 * keeper's disk flush. */
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "store/jobs_private.h"
#include <string.h>

#define LONGEST_SLEEP_US 1000000 /* the wall clock may be set, and the machine may have slept */
#define AFTER_FAULT_US 500000

typedef struct {
    HibJobs *jobs;
    HibLane *lane;
} Worker;

static void
wake(void *data, HibInstant due_at)
{
    HibJobs *jobs = data;
    hib_wait_lock(&jobs->wait);
    if (due_at < jobs->woken_due) {
        jobs->woken_due = due_at;
        hib_wait_wake(&jobs->wait);
    }
    hib_wait_unlock(&jobs->wait);
}

static void *
worker_run(void *data)
{
    g_autofree Worker *worker = data;
    HibJobs *jobs = worker->jobs;
    hib_wait_lock(&jobs->wait);
    while (!jobs->is_stopping) {
        HibStep *step = g_queue_pop_head(&worker->lane->ready);
        if (!step) {
            hib_cond_until(&worker->lane->cond, &jobs->wait, INT64_MAX);
            continue;
        }
        hib_wait_unlock(&jobs->wait);
        hib_step_run(jobs, step);
        hib_wait_lock(&jobs->wait);
        g_ptr_array_add(jobs->ended, step);
        hib_wait_wake(&jobs->wait);
    }
    hib_wait_unlock(&jobs->wait);
    return NULL;
}

/* When the keeper has something to do next, monotonic; 0: at once. The lock is held. */
static int64_t
next_round(const HibJobs *jobs)
{
    const int64_t us = hib_monotonic_us();
    const HibInstant now = hib_clock_now(jobs->store->clock);
    int64_t at = MIN(us + LONGEST_SLEEP_US, jobs->lost_at_us);
    if (us < jobs->hold_until_us)
        return jobs->hold_until_us;
    if (jobs->ended->len || jobs->is_closing)
        return 0;
    if (jobs->held->len)
        at = MIN(at, jobs->renew_at_us);
    for (int i = 0; i < HIB_LANES; i++) {
        const HibLane *lane = &jobs->lanes[i];
        const HibInstant due = MIN(lane->next_due, jobs->woken_due);
        if (!lane->kinds[0] || due == HIB_NEVER || lane->n_claimed >= lane->room)
            continue;
        at = MIN(at, due <= now ? 0 : us + (due - now));
    }
    return at <= us ? 0 : at;
}

static void *
keeper_run(void *data)
{
    HibJobs *jobs = data;
    hib_wait_lock(&jobs->wait);
    for (;;) {
        const int64_t at = next_round(jobs);
        if (at) {
            hib_wait_until(&jobs->wait, at);
            continue;
        }
        const bool is_last = jobs->is_closing;
        hib_wait_unlock(&jobs->wait);
        g_autoptr(GError) failure = NULL;
        const bool is_done = hib_jobs_round(jobs, &failure);
        if (!is_done)
            hib_log_error(HIB_WARN, "jobs.round_failed", failure, NULL);
        hib_wait_lock(&jobs->wait);
        jobs->hold_until_us = is_done ? 0 : hib_monotonic_us() + AFTER_FAULT_US;
        hib_wait_wake(&jobs->wait); /* who plays time waits for rest */
        if (is_last)
            break;
    }
    hib_wait_unlock(&jobs->wait);
    return NULL;
}

/* --- starting and stopping --------------------------------------------------------------------------------------------- */
static void
set_up_lane(HibJobs *jobs, int number, int n_threads)
{
    HibLane *lane = &jobs->lanes[number];
    GString *kinds = g_string_new(NULL);
    for (const HibJobKind *kind = jobs->kinds; kind->kind; kind++) {
        if (kind->lane != number)
            continue;
        g_string_append_printf(kinds, "%s%s,", kinds->len ? "" : ",", kind->kind);
        lane->lease_s = MAX(lane->lease_s, kind->lease_s);
        jobs->renew_every_us =
            MIN(jobs->renew_every_us, (int64_t)MAX(kind->lease_s, 3) * 1000000 / 3);
    }
    lane->kinds = g_string_free(kinds, FALSE);
    lane->n_threads = lane->kinds[0] ? n_threads : 0;
    lane->room = n_threads * 4;
    lane->next_due = 0; /* unknown: the first round asks */
    g_queue_init(&lane->ready);
    hib_cond_init(&lane->cond);
}

static HibJobs *
jobs_new(HibStore *store, const HibJobKind *kinds, const HibJobsOptions *options, void *context)
{
    const HibJobsOptions none = {0};
    options = options ? options : &none;
    HibJobs *jobs = g_new0(HibJobs, 1);
    char owner[HIB_ID_TEXT];
    hib_id_fill(owner, store->clock);
    jobs->store = store;
    jobs->kinds = kinds;
    jobs->context = context;
    jobs->owner = g_strdup(owner);
    jobs->held = g_ptr_array_new();
    jobs->ended = g_ptr_array_new();
    jobs->woken_due = HIB_NEVER;
    jobs->renew_every_us = INT64_MAX / 4;
    hib_wait_init(&jobs->wait);
    set_up_lane(jobs, 0, options->threads > 0 ? options->threads : 4);
    set_up_lane(jobs, 1, options->lane_threads > 0 ? options->lane_threads : 16);
    return jobs;
}

static void
jobs_free(HibJobs *jobs)
{
    for (int i = 0; i < HIB_LANES; i++) {
        HibLane *lane = &jobs->lanes[i];
        g_free(lane->kinds);
        g_free(lane->threads);
        g_queue_clear(&lane->ready);
        pthread_cond_destroy(&lane->cond);
    }
    for (guint i = 0; i < jobs->held->len; i++)
        hib_step_free(jobs->held->pdata[i]);
    g_ptr_array_unref(jobs->held);
    g_ptr_array_unref(jobs->ended);
    hib_wait_clear(&jobs->wait);
    g_free(jobs->owner);
    g_free(jobs);
}

static bool
take_owner(HibJobs *jobs, GError **error)
{
    const HibBackend *backend = jobs->store->backend;
    return (!backend->hold_owner || backend->hold_owner(jobs->store, jobs->owner, error)) &&
           hib_jobs_recover(jobs, error);
}

HibJobs *
hib_jobs_manual(HibStore *store, const HibJobKind *kinds, void *context, GError **error)
{
    HibJobs *jobs = jobs_new(store, kinds, NULL, context);
    if (!take_owner(jobs, error)) {
        hib_jobs_stop(jobs);
        return NULL;
    }
    hib_store_add_waker(store, wake, jobs);
    return jobs;
}

HibJobs *
hib_jobs_start(HibStore *store, const HibJobKind *kinds, const HibJobsOptions *options,
               void *context, GError **error)
{
    HibJobs *jobs = jobs_new(store, kinds, options, context);
    if (!take_owner(jobs, error)) {
        hib_jobs_stop(jobs);
        return NULL;
    }
    jobs->has_threads = true;
    hib_store_add_waker(store, wake, jobs);
    bool is_started = true;
    for (int i = 0; i < HIB_LANES; i++) {
        HibLane *lane = &jobs->lanes[i];
        const int wanted = lane->n_threads;
        lane->threads = g_new0(pthread_t, MAX(wanted, 1));
        lane->n_threads = 0;
        for (int k = 0; k < wanted && is_started; k++) {
            Worker *worker = g_new0(Worker, 1);
            *worker = (Worker){jobs, lane};
            is_started = pthread_create(&lane->threads[k], NULL, worker_run, worker) == 0;
            lane->n_threads += is_started;
            if (!is_started)
                g_free(worker);
        }
    }
    const bool has_keeper =
        is_started && pthread_create(&jobs->keeper, NULL, keeper_run, jobs) == 0;
    if (has_keeper)
        return jobs;
    jobs->has_threads = false;
    hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "the system gives no more threads");
    hib_jobs_stop(jobs);
    return NULL;
}

/* Lets running steps end and marks what waits here as never begun. */
static void
stop_workers(HibJobs *jobs)
{
    hib_wait_lock(&jobs->wait);
    jobs->is_stopping = true;
    for (int i = 0; i < HIB_LANES; i++)
        pthread_cond_broadcast(&jobs->lanes[i].cond);
    hib_wait_wake(&jobs->wait);
    hib_wait_unlock(&jobs->wait);
    for (int i = 0; i < HIB_LANES; i++)
        for (int k = 0; jobs->lanes[i].threads && k < jobs->lanes[i].n_threads; k++)
            pthread_join(jobs->lanes[i].threads[k], NULL);
    hib_wait_lock(&jobs->wait);
    for (int i = 0; i < HIB_LANES; i++) {
        HibStep *step;
        while ((step = g_queue_pop_head(&jobs->lanes[i].ready)))
            g_ptr_array_add(jobs->ended, step);
    }
    jobs->is_closing = true;
    jobs->hold_until_us = 0;
    hib_wait_wake(&jobs->wait);
    hib_wait_unlock(&jobs->wait);
}

void
hib_jobs_stop(HibJobs *jobs)
{
    if (!jobs)
        return;
    hib_store_remove_waker(jobs->store, jobs);
    stop_workers(jobs);
    if (jobs->has_threads)
        pthread_join(jobs->keeper, NULL);
    if (jobs->store->backend->drop_owner)
        jobs->store->backend->drop_owner(jobs->store, jobs->owner);
    jobs_free(jobs);
}

/* --- by hand ------------------------------------------------------------------------------------------------------------- */
int
hib_jobs_run_due(HibJobs *jobs)
{
    int n_run = 0;
    for (;;) {
        g_autoptr(GError) failure = NULL;
        /* The clock may have been set back and forth: what is due is asked for each time. */
        wake(jobs, 0);
        const bool makes_room = jobs->ended->len > 0;
        if (!hib_jobs_round(jobs, &failure)) {
            hib_log_error(HIB_WARN, "jobs.round_failed", failure, NULL);
            return n_run;
        }
        int n = 0;
        for (int i = HIB_LANES - 1; i >= 0; i--) {
            HibStep *step;
            while ((step = g_queue_pop_head(&jobs->lanes[i].ready))) {
                hib_step_run(jobs, step);
                g_ptr_array_add(jobs->ended, step);
                n++;
            }
        }
        if (n == 0 && !makes_room)
            return n_run;
        n_run += n;
    }
}
