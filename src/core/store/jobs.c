/* Jobs as rows: added, moved and cancelled within the caller's transaction. */
#include "store/jobs.h"
#include "store/job.sql.h"
#include "store/store_private.h"

static const char *
workspace_of(const HibDb *db)
{
    return db->workspace ? db->workspace : "";
}

static void
note_due(HibDb *db, HibInstant due_at)
{
    db->tx->after.job_due = MIN(db->tx->after.job_due, due_at);
}

bool
hib_job_add(HibDb *db, const char *kind, const char *key, const char *subject, const char *json,
            HibInstant due_at, const char **ret_id, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    HibSqlJobAdd *row;
    if (!tx || !hib_sql_job_add(db, workspace_of(db), hib_db_new_id(db), kind, key, subject,
                                json ? json : "{}", due_at, hib_db_now(db), &row, error))
        return false;
    if (ret_id)
        *ret_id = row->id;
    note_due(db, due_at);
    return hib_tx_commit(tx, error);
}

bool
hib_jobs_add_many(HibDb *db, const char *kind, const char *const *subjects,
                  const HibInstant *due_at, size_t n, GError **error)
{
    HibSqlJobAddPlainIn *rows = hib_arena_array(hib_db_arena(db), HibSqlJobAddPlainIn, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlJobAddPlainIn){.workspace = workspace_of(db),
                                        .id = hib_db_new_id(db),
                                        .kind = kind,
                                        .subject = subjects[i],
                                        .due_at = due_at[i],
                                        .now = hib_db_now(db)};
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (n && !hib_sql_job_add_plain_many(db, rows, n, error)))
        return false;
    for (size_t i = 0; i < n; i++)
        note_due(db, due_at[i]);
    return hib_tx_commit(tx, error);
}

bool
hib_jobs_move(HibDb *db, const char *kind, const char *subject, HibInstant due_at, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    int64_t changed;
    if (!tx || !hib_sql_job_move(db, workspace_of(db), kind, subject, due_at, hib_db_now(db),
                                 &changed, error))
        return false;
    if (changed)
        note_due(db, due_at);
    return hib_tx_commit(tx, error);
}

bool
hib_jobs_cancel(HibDb *db, const char *kind, const char *subject, GError **error)
{
    int64_t changed;
    return hib_sql_job_cancel(db, workspace_of(db), kind, subject, &changed, error);
}

bool
hib_jobs_state(HibDb *db, HibJobsState *ret, GError **error)
{
    HibSqlJobState *row;
    if (!hib_sql_job_state(db, &row, error))
        return false;
    const HibDuration late = row->has_oldest_due_at ? hib_db_now(db) - row->oldest_due_at : 0;
    *ret = (HibJobsState){row->n_waiting, row->n_running, row->n_failed, MAX(late, 0)};
    return true;
}
