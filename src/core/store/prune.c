/* Retention: see prune.h. Rows go in small helpings, each a transaction of its own, so that nobody waits for the writer long. */
#include "store/prune.h"

#include "store/event.sql.h"
#include "store/job.sql.h"

#define PRUNE "store.prune"
#define HELPING 1000

/* Old events stand at the front: the numbers grow as the commits do. */
static bool
drop_events(HibDb *db, HibInstant until, GError **error)
{
    int64_t n_gone = HELPING;
    while (n_gone > 0) {
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (tx == NULL || !hib_sql_event_drop_old(db, until, HELPING, &n_gone, error) ||
            !hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

static bool
drop_failed(HibDb *db, HibInstant until, GError **error)
{
    int64_t n_gone = HELPING;
    while (n_gone > 0) {
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (tx == NULL || !hib_sql_job_drop_failed(db, until, HELPING, &n_gone, error) ||
            !hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

static bool
run_prune(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
          GError **error)
{
    HibInstant now = hib_db_now(db);
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = now + HIB_DAY;
    return drop_events(db, now - HIB_PRUNE_KEEP_EVENTS, error) &&
           drop_failed(db, now - HIB_PRUNE_KEEP_FAILED, error);
}

const HibJobKind hib_prune_jobs[] = {
    {.kind = PRUNE, .run = run_prune, .lease_s = 300, .tries = 100, .backoff_s = 600},
    {0},
};

bool
hib_prune_begin(HibStore *store, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx != NULL &&
           hib_job_add(db, PRUNE, "daily", NULL, NULL, hib_db_now(db) + HIB_MINUTE, NULL, error) &&
           hib_tx_commit(tx, error);
}
