/* Inside core/store only: the job runner's parts. jobs.c: adding and moving rows. jobs_round.c: claiming and recording, one
 * transaction for both. jobs_run.c: threads. */
#pragma once
#include "store/jobs.h"
#include "store/store_private.h"

#define HIB_LANES 2

typedef enum { STEP_BACK, STEP_DONE, STEP_AGAIN, STEP_RETRY, STEP_FAILED } HibStepEnd;

/* One claimed job. Everything in it lives in its arena, the step itself too. */
typedef struct {
    HibJob job;
    HibArena *arena;
    const HibJobKind *kind;
    int64_t failures;
    HibStepEnd end; /* STEP_BACK until it has run */
    HibInstant at;  /* AGAIN, RETRY */
    const char *reason, *text;
} HibStep;

typedef struct {
    char *kinds;         /* ",a.b,c.d,"; "" when no kind has this lane */
    int lease_s;         /* the longest of its kinds */
    int n_threads, room; /* room: jobs claimed at most at a time */
    int n_claimed;       /* waiting here or running */
    GQueue ready;        /* of HibStep */
    pthread_cond_t cond;
    HibInstant next_due; /* HIB_NEVER: nothing is known to wait */
    pthread_t *threads;
} HibLane;

struct HibJobs {
    HibStore *store;
    const HibJobKind *kinds;
    void *context;
    char *owner;
    bool has_threads;
    /* all below: under the lock */
    HibWait wait;
    HibLane lanes[HIB_LANES];
    GPtrArray *held;              /* all claimed steps */
    GPtrArray *ended;             /* those of them that wait to be recorded */
    HibInstant woken_due;         /* earliest due time committed since the last round began */
    bool is_stopping, is_closing; /* workers end; then the keeper ends */
    int64_t renew_at_us, lost_at_us, hold_until_us; /* monotonic */
    int64_t renew_every_us;
    pthread_t keeper;
};

void hib_step_free(HibStep *step);
/* Records what has ended, renews leases, claims what is due. Called without the lock by one thread. False: the database did
 * not take it; nothing is lost, call again later. */
bool hib_jobs_round(HibJobs *jobs, GError **error);
/* Runs one step and notes how it ended. */
void hib_step_run(HibJobs *jobs, HibStep *step);
/* Leases of a former run. */
bool hib_jobs_recover(HibJobs *jobs, GError **error);
