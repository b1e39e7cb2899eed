/* Jobs: rows with a lease, an owner, an attempt count and a next time. A crash loses a lease, never a job.
 *
 * The runner sleeps until the next due time (or until a commit adds an earlier one); it claims in batches and hands the jobs
 * to a pool of threads. A kind says in its comment what happens when it runs twice: it will, once, after a crash. */
#pragma once
#include "store/store.h"

typedef struct {
    const char *id, *workspace, *kind, *subject, *json; /* json: the payload, "{}" when none */
    HibInstant due_at; /* when it should have run; lateness is measured against it */
    int attempt;       /* 1 on the first run */
} HibJob;

typedef enum {
    HIB_JOB_DONE, /* finished; the row goes */
    HIB_JOB_AGAIN, /* not finished: run again at *ret_at; counts as no failure (waiting, next step, next snapshot) */
} HibJobEnd;

/* One step. `db` is scoped to the job's workspace, with an arena of its own. `context` is what hib_jobs_start got.
 * False: an error; BUSY, UPSTREAM, UNCERTAIN, TOO_MANY and INTERNAL are tried again by the back-off until `tries` are used up (retry_at of the
 * error is respected), other kinds end the job at once as failed. A failed job stays, state 'failed', with its error. */
typedef bool (*HibJobRun)(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                          HibInstant *ret_at, GError **error);

typedef struct {
    const char *kind; /* "publish.deliver" */
    HibJobRun run;
    int lease_s; /* how long one step may take before another runner may take it; renewed while the step runs */
    int tries;     /* failed attempts at most */
    int backoff_s; /* first wait; doubles with each failure, +-20%, at most 1 h */
    int lane; /* 0: default pool; 1: publishing has threads of its own, so slow collection cannot delay it */
} HibJobKind;

/* Within the caller's transaction. `key`: NULL, or a name that is unique among the waiting jobs of the workspace and kind: a second
 * one with the same key moves the first (its due_at and payload). `subject`: id the job is about, for finding and cancelling; may be NULL.
 * *ret_id: may be NULL. */
bool hib_job_add(HibDb *db, const char *kind, const char *key, const char *subject,
                 const char *json, HibInstant due_at, const char **ret_id, GError **error);
/* One job a subject, with no key and no payload. */
bool hib_jobs_add_many(HibDb *db, const char *kind, const char *const *subjects,
                       const HibInstant *due_at, size_t n, GError **error);
/* Waiting jobs of the kind about `subject`: move or drop; a running one is not touched. */
bool hib_jobs_move(HibDb *db, const char *kind, const char *subject, HibInstant due_at,
                   GError **error);
bool hib_jobs_cancel(HibDb *db, const char *kind, const char *subject, GError **error);

typedef struct HibJobs HibJobs;
typedef struct {
    int threads;      /* of lane 0; 0: 4 */
    int lane_threads; /* of lane 1; 0: 16 */
} HibJobsOptions;
/* `kinds` kept by pointer, ended by {0}. On start the leases a former run of this same process' data directory left are given back
 * (SQLite: all, since the file is locked to one process; PostgreSQL: those whose owner's session is gone; looked at every few seconds too). */
HibJobs *hib_jobs_start(HibStore *store, const HibJobKind *kinds, const HibJobsOptions *options,
                        void *context, GError **error);
void hib_jobs_stop(HibJobs *jobs); /* lets running steps end, gives the rest back, frees */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibJobs, hib_jobs_stop)
/* For tests with a manual clock: runs what is due now on this thread until nothing is, returns how many steps ran. */
int hib_jobs_run_due(HibJobs *jobs);
/* As hib_jobs_start but with no threads: only hib_jobs_run_due works. */
HibJobs *hib_jobs_manual(HibStore *store, const HibJobKind *kinds, void *context, GError **error);
/* Lives through time: whenever the runner rests, the store's manual clock is moved on to what is due next, until it stands at `until` and nothing due is left. Threads and calls are
 * real; only waiting is not. `stride`: lane 0 may be this late, so that what comes every few minutes is not met each time; lane 1 is met at its instant. */
void hib_jobs_play(HibJobs *jobs, HibInstant until, HibDuration stride);
/* How many wait, run, have failed; and how late the oldest due one is (0 when none). For /metrics and `hibiki doctor`. */
typedef struct {
    int64_t n_waiting, n_running, n_failed;
    HibDuration oldest_late;
} HibJobsState;
bool hib_jobs_state(HibDb *db, HibJobsState *ret, GError **error); /* global */
