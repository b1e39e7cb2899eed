/* One round of the job runner: what ended is recorded, leases are renewed, what is due is claimed; one transaction, so one
 * disk flush however many jobs end meanwhile.
 *
 * A crash between the end of a step and its record runs the step again: a kind must bear that. Every record names the owner,
 * so a runner that lost its lease changes nothing any more. */
#include "base/error.h"
#include "base/log.h"
#include "base/secrets.h"
#include "store/job.sql.h"
#include "store/jobs_private.h"
#include <stdlib.h>
#include <string.h>

#define BACKOFF_MOST (60 * 60)
#define LOST_EVERY_US 5000000

void
hib_step_free(HibStep *step)
{
    if (step)
        hib_arena_free(step->arena);
}

static const HibJobKind *
find_kind(const HibJobs *jobs, const char *name)
{
    for (const HibJobKind *kind = jobs->kinds; kind->kind; kind++)
        if (strcmp(kind->kind, name) == 0)
            return kind;
    return NULL;
}

static HibStep *
step_new(const HibJobs *jobs, const HibSqlJobClaim *row)
{
    HibArena *arena = hib_arena_new();
    HibStep *step = hib_arena_new0(arena, HibStep);
    step->arena = arena;
    step->kind = find_kind(jobs, row->kind);
    step->failures = row->failures;
    step->job =
        (HibJob){.id = hib_arena_strdup(arena, row->id),
                 .workspace = row->workspace[0] ? hib_arena_strdup(arena, row->workspace) : NULL,
                 .kind = step->kind->kind,
                 .subject = hib_arena_strdup(arena, row->subject),
                 .json = hib_arena_strdup(arena, row->payload),
                 .due_at = row->due_at,
                 .attempt = (int)row->attempt};
    return step;
}

/* --- running one step -------------------------------------------------------------------------------------------------- */
/* A duplicate is somebody else's row written at the same moment: the next try sees it. */
static bool
is_tried_again(const GError *failure)
{
    const HibErrorKind kind = hib_error_kind(failure);
    return g_str_equal(hib_error_reason(failure), "store.duplicate") || kind == HIB_ERROR_BUSY ||
           kind == HIB_ERROR_UPSTREAM || kind == HIB_ERROR_UNCERTAIN ||
           kind == HIB_ERROR_TOO_MANY || kind == HIB_ERROR_INTERNAL;
}

/* Doubles with each failure, +-20 %, at most an hour. */
static HibDuration
back_off(const HibJobKind *kind, int64_t failures)
{
    const int64_t base = MAX(kind->backoff_s, 1);
    const int64_t seconds = failures > 12 ? BACKOFF_MOST : MIN(base << failures, BACKOFF_MOST);
    uint16_t draw;
    hib_random_bytes(&draw, sizeof(draw));
    const double spread = 0.8 + 0.4 * draw / 65535.0;
    return (HibDuration)((double)seconds * spread * (double)HIB_SECOND);
}

static void
note_failure(HibJobs *jobs, HibStep *step, GError *failure)
{
    const HibInstant now = hib_clock_now(jobs->store->clock);
    if (!failure)
        hib_error_set(&failure, HIB_ERROR_INTERNAL, "internal.unexpected",
                      "%s failed without saying why", step->kind->kind);
    const bool is_last = step->failures + 1 >= step->kind->tries;
    HibInstant retry_at;
    step->end = is_tried_again(failure) && !is_last ? STEP_RETRY : STEP_FAILED;
    if (!hib_error_retry_at(failure, &retry_at) || retry_at <= now)
        retry_at = now + back_off(step->kind, step->failures);
    step->at = retry_at;
    step->reason = hib_arena_strdup(step->arena, hib_error_reason(failure));
    step->text = hib_arena_strdup(step->arena, failure->message);
    hib_log_error(step->end == STEP_FAILED ? HIB_ALARM : HIB_WARN,
                  step->end == STEP_FAILED ? "job.failed" : "job.retry", failure, "kind",
                  step->kind->kind, NULL);
    g_clear_error(&failure);
}

void
hib_step_run(HibJobs *jobs, HibStep *step)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(jobs->store, arena, step->job.workspace);
    HibJobEnd end = HIB_JOB_DONE;
    HibInstant at = hib_clock_now(jobs->store->clock);
    GError *failure = NULL;
    hib_log_context("job", step->job.id);
    hib_log_context("workspace", step->job.workspace);
    if (step->kind->run(db, &step->job, jobs->context, &end, &at, &failure)) {
        step->end = end == HIB_JOB_AGAIN ? STEP_AGAIN : STEP_DONE;
        step->at = at;
        g_clear_error(&failure);
    } else {
        note_failure(jobs, step, failure);
    }
    hib_log_context("job", NULL);
    hib_log_context("workspace", NULL);
}

/* --- recording --------------------------------------------------------------------------------------------------------- */
/* Rows for one kind of ending; `make` fills an In struct. */
#define ROWS_OF(Type, steps, which, ...)                                                           \
    size_t n = 0;                                                                                  \
    Type *rows = hib_arena_array(hib_db_arena(db), Type, (steps)->len + 1);                        \
    for (guint i = 0; i < (steps)->len; i++) {                                                     \
        const HibStep *step = (steps)->pdata[i];                                                   \
        if (which)                                                                                 \
            rows[n++] = (Type){.workspace = step->job.workspace ? step->job.workspace : "",        \
                               .id = step->job.id,                                                 \
                               .owner = jobs->owner,                                               \
                               __VA_ARGS__};                                                       \
    }

static bool
record_done(HibJobs *jobs, HibDb *db, GPtrArray *steps, GError **error)
{
    ROWS_OF(HibSqlJobDoneIn, steps, step->end == STEP_DONE)
    return hib_sql_job_done_many(db, rows, n, error);
}

static bool
record_doubled(HibJobs *jobs, HibDb *db, GPtrArray *steps, GError **error)
{
    ROWS_OF(HibSqlJobDropDoubledIn, steps, step->end != STEP_DONE && step->end != STEP_FAILED)
    return hib_sql_job_drop_doubled_many(db, rows, n, error);
}

static bool
record_again(HibJobs *jobs, HibDb *db, GPtrArray *steps, HibInstant now, GError **error)
{
    ROWS_OF(HibSqlJobAgainIn, steps, step->end == STEP_AGAIN, .due_at = step->at, .now = now)
    return hib_sql_job_again_many(db, rows, n, error);
}

static bool
record_retry(HibJobs *jobs, HibDb *db, GPtrArray *steps, HibInstant now, GError **error)
{
    ROWS_OF(HibSqlJobRetryIn, steps, step->end == STEP_RETRY, .due_at = step->at,
            .reason = step->reason, .text = step->text, .now = now)
    return hib_sql_job_retry_many(db, rows, n, error);
}

static bool
record_failed(HibJobs *jobs, HibDb *db, GPtrArray *steps, HibInstant now, GError **error)
{
    ROWS_OF(HibSqlJobFailIn, steps, step->end == STEP_FAILED, .reason = step->reason,
            .text = step->text, .now = now)
    return hib_sql_job_fail_many(db, rows, n, error);
}

static bool
record_back(HibJobs *jobs, HibDb *db, GPtrArray *steps, HibInstant now, GError **error)
{
    ROWS_OF(HibSqlJobBackIn, steps, step->end == STEP_BACK, .now = now)
    return hib_sql_job_back_many(db, rows, n, error);
}

static bool
record(HibJobs *jobs, HibDb *db, GPtrArray *ended, GError **error)
{
    const HibInstant now = hib_db_now(db);
    return ended->len == 0 ||
           (record_done(jobs, db, ended, error) && record_again(jobs, db, ended, now, error) &&
            record_retry(jobs, db, ended, now, error) &&
            record_failed(jobs, db, ended, now, error) &&
            record_back(jobs, db, ended, now, error) && record_doubled(jobs, db, ended, error));
}

/* --- claiming ---------------------------------------------------------------------------------------------------------- */
typedef struct {
    int room; /* how many more the lane takes now */
    bool is_due;
    HibInstant next_due;
    GPtrArray *steps;
} Claim;

static gint
by_due(gconstpointer a, gconstpointer b)
{
    const HibStep *first = *(HibStep *const *)a, *second = *(HibStep *const *)b;
    return (first->job.due_at > second->job.due_at) - (first->job.due_at < second->job.due_at);
}

typedef struct {
    const char *kind;
    HibInstant due_at; /* of its first waiting job; HIB_NEVER: none waits */
} Waiting;

static int
by_waiting(const void *a, const void *b)
{
    const Waiting *first = a, *second = b;
    return (first->due_at > second->due_at) - (first->due_at < second->due_at);
}

static bool
ask_next(HibDb *db, Waiting *kind, GError **error)
{
    HibSqlJobNext *next;
    if (!hib_sql_job_next(db, kind->kind, &next, error))
        return false;
    kind->due_at = next ? next->due_at : HIB_NEVER;
    return true;
}

/* The lane's kinds, the one that waits longest first. A lane of one kind is not asked: the claim says it. */
static bool
waiting_kinds(HibJobs *jobs, HibDb *db, int lane, Waiting **ret, size_t *ret_n, GError **error)
{
    size_t n_kinds = 0, n = 0;
    while (jobs->kinds[n_kinds].kind)
        n_kinds++;
    Waiting *kinds = hib_arena_array(hib_db_arena(db), Waiting, n_kinds + 1);
    for (size_t i = 0; i < n_kinds; i++)
        if (jobs->kinds[i].lane == lane)
            kinds[n++] = (Waiting){.kind = jobs->kinds[i].kind, .due_at = 0};
    for (size_t i = 0; n > 1 && i < n; i++)
        if (!ask_next(db, &kinds[i], error))
            return false;
    if (n > 1)
        qsort(kinds, n, sizeof *kinds, by_waiting);
    *ret = kinds;
    *ret_n = n;
    return true;
}

static bool
claim_lost(HibJobs *jobs, HibDb *db, const HibLane *lane, Claim *to, HibInstant until,
           GError **error)
{
    HibSqlJobClaim *rows;
    size_t n;
    if (!hib_sql_job_claim_lost(db, lane->kinds, jobs->owner, hib_db_now(db), until, to->room,
                                &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(to->steps, step_new(jobs, &rows[i]));
    to->room -= (int)n;
    return true;
}

/* As many of one kind as there is room for; *kind then says what waits on. */
static bool
claim_kind(HibJobs *jobs, HibDb *db, Waiting *kind, Claim *to, HibInstant until, GError **error)
{
    const HibInstant now = hib_db_now(db);
    HibSqlJobClaim *rows;
    size_t n;
    if (kind->due_at > now || to->room <= 0)
        return true;
    if (!hib_sql_job_claim(db, kind->kind, jobs->owner, now, until, to->room, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(to->steps, step_new(jobs, &rows[i]));
    to->room -= (int)n;
    if (to->room > 0)
        return ask_next(db, kind, error);
    kind->due_at = now; /* there may be more: looked for when one of these has ended */
    return true;
}

static bool
claim(HibJobs *jobs, HibDb *db, int number, Claim *to, bool with_lost, GError **error)
{
    const HibLane *lane = &jobs->lanes[number];
    const HibInstant until = hib_db_now(db) + lane->lease_s * HIB_SECOND;
    Waiting *kinds;
    size_t n;
    if (with_lost && to->room > 0 && !claim_lost(jobs, db, lane, to, until, error))
        return false;
    if (!to->is_due || to->room <= 0)
        return true;
    if (!waiting_kinds(jobs, db, number, &kinds, &n, error))
        return false;
    to->next_due = HIB_NEVER;
    for (size_t i = 0; i < n; i++) {
        if (!claim_kind(jobs, db, &kinds[i], to, until, error))
            return false;
        to->next_due = MIN(to->next_due, kinds[i].due_at);
    }
    g_ptr_array_sort(to->steps, by_due);
    return true;
}

static bool
renew(HibJobs *jobs, HibDb *db, GPtrArray *held, GError **error)
{
    const HibInstant now = hib_db_now(db);
    ROWS_OF(HibSqlJobRenewIn, held, true, .lease_until = now + step->kind->lease_s * HIB_SECOND)
    return hib_sql_job_renew_many(db, rows, n, error);
}

/* --- the round --------------------------------------------------------------------------------------------------------- */
typedef struct {
    GPtrArray *ended, *renewed;
    Claim claims[HIB_LANES];
    bool with_lost;
} Round;

static bool
work(HibJobs *jobs, Round *round, GError **error)
{
    bool has_work = round->ended->len || round->renewed || round->with_lost;
    for (int i = 0; i < HIB_LANES; i++)
        has_work |= round->claims[i].is_due && round->claims[i].room > 0;
    if (!has_work)
        return true;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(jobs->store, arena, NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !record(jobs, db, round->ended, error) ||
        (round->renewed && !renew(jobs, db, round->renewed, error)))
        return false;
    for (int i = 0; i < HIB_LANES; i++)
        if (jobs->lanes[i].kinds[0] &&
            !claim(jobs, db, i, &round->claims[i], round->with_lost, error))
            return false;
    return hib_tx_commit(tx, error);
}

/* What there is to do. The lock is held. */
static void
plan(HibJobs *jobs, Round *round)
{
    const int64_t us = hib_monotonic_us();
    const HibInstant now = hib_clock_now(jobs->store->clock);
    round->ended = g_ptr_array_new();
    for (guint i = 0; i < jobs->ended->len; i++)
        g_ptr_array_add(round->ended, jobs->ended->pdata[i]);
    round->with_lost = !jobs->is_stopping && (!jobs->has_threads || us >= jobs->lost_at_us);
    if (jobs->has_threads && us >= jobs->renew_at_us && jobs->held->len) {
        round->renewed = g_ptr_array_new();
        for (guint i = 0; i < jobs->held->len; i++)
            g_ptr_array_add(round->renewed, jobs->held->pdata[i]);
    }
    for (int i = 0; i < HIB_LANES; i++) {
        HibLane *lane = &jobs->lanes[i];
        lane->next_due = MIN(lane->next_due, jobs->woken_due);
        round->claims[i] = (Claim){.room = jobs->is_stopping ? 0 : lane->room - lane->n_claimed,
                                   .is_due = lane->next_due <= now,
                                   .next_due = lane->next_due,
                                   .steps = g_ptr_array_new()};
    }
    jobs->woken_due = HIB_NEVER;
}

/* Takes over what the round did. The lock is held. */
static void
settle(HibJobs *jobs, Round *round)
{
    const int64_t us = hib_monotonic_us();
    for (guint i = 0; i < round->ended->len; i++) {
        HibStep *step = round->ended->pdata[i];
        HibLane *lane = &jobs->lanes[step->kind->lane];
        if (step->end == STEP_AGAIN || step->end == STEP_RETRY || step->end == STEP_BACK)
            lane->next_due =
                MIN(lane->next_due, step->end == STEP_BACK ? step->job.due_at : step->at);
        lane->n_claimed--;
        g_ptr_array_remove_fast(jobs->held, step);
        g_ptr_array_remove_fast(jobs->ended, step);
        hib_step_free(step);
    }
    for (int i = 0; i < HIB_LANES; i++) {
        HibLane *lane = &jobs->lanes[i];
        Claim *claimed = &round->claims[i];
        if (claimed->is_due)
            lane->next_due = claimed->next_due;
        for (guint k = 0; k < claimed->steps->len; k++) {
            g_queue_push_tail(&lane->ready, claimed->steps->pdata[k]);
            g_ptr_array_add(jobs->held, claimed->steps->pdata[k]);
            pthread_cond_signal(&lane->cond);
        }
        lane->n_claimed += (int)claimed->steps->len;
    }
    if (round->renewed)
        jobs->renew_at_us = us + jobs->renew_every_us;
    if (round->with_lost)
        jobs->lost_at_us = us + LOST_EVERY_US;
}

static void
give_up(HibJobs *jobs, Round *round)
{
    for (int i = 0; i < HIB_LANES; i++) {
        for (guint k = 0; k < round->claims[i].steps->len; k++)
            hib_step_free(round->claims[i].steps->pdata[k]);
    }
}

bool
hib_jobs_round(HibJobs *jobs, GError **error)
{
    Round round = {0};
    hib_wait_lock(&jobs->wait);
    plan(jobs, &round);
    hib_wait_unlock(&jobs->wait);
    /* Other processes may end at any time; their leases need not run out first. */
    bool is_done =
        !round.with_lost || !jobs->store->backend->is_owner_alive || hib_jobs_recover(jobs, error);
    is_done = is_done && work(jobs, &round, error);
    hib_wait_lock(&jobs->wait);
    if (is_done)
        settle(jobs, &round);
    else
        give_up(jobs, &round);
    hib_wait_unlock(&jobs->wait);
    g_ptr_array_unref(round.ended);
    g_clear_pointer(&round.renewed, g_ptr_array_unref);
    for (int i = 0; i < HIB_LANES; i++)
        g_ptr_array_unref(round.claims[i].steps);
    return is_done;
}

bool
hib_jobs_recover(HibJobs *jobs, GError **error)
{
    const HibBackend *backend = jobs->store->backend;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(jobs->store, arena, NULL);
    HibSqlJobOwners *rows;
    size_t n;
    int64_t changed;
    if (!hib_sql_job_owners(db, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const bool is_own = strcmp(rows[i].owner, jobs->owner) == 0;
        if (is_own ||
            (backend->is_owner_alive && backend->is_owner_alive(jobs->store, rows[i].owner)))
            continue;
        if (!hib_sql_job_release(db, rows[i].owner, &changed, error))
            return false;
        hib_log(HIB_INFO, "jobs.recovered", "owner", rows[i].owner, NULL);
    }
    return true;
}
