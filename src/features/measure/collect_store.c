/* When an account and its posts are read next.
 *
 * The one idea: an account has one waiting job at most (its key is the account's id), and whatever happens only moves it to when the next reading is due, never before what
 * the network asked for. */
#include "measure/collect.sql.h"
#include "measure/measure_private.h"
#include <string.h>

static int
by_id(const void *a, const void *b)
{
    const HibSqlMeasureHoldIn *x = a, *y = b;
    return strcmp(x->account, y->account);
}

/* In order of their ids, so that two who hold several never wait for each other. */
bool
hib_measure_hold(HibDb *db, const char *const *accounts, size_t n, GError **error)
{
    HibSqlMeasureHoldIn *rows = hib_arena_array(hib_db_arena(db), HibSqlMeasureHoldIn, n + 1);
    size_t n_held = 0;
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlMeasureHoldIn){accounts[i]};
    qsort(rows, n, sizeof *rows, by_id);
    for (size_t i = 0; i < n; i++)
        if (!n_held || !g_str_equal(rows[n_held - 1].account, rows[i].account))
            rows[n_held++] = rows[i];
    return hib_sql_measure_hold_many(db, rows, n_held, error);
}

bool
hib_measure_state_get(HibDb *db, const char *account, HibMeasureState *ret, GError **error)
{
    HibSqlMeasureAccountGet *row = NULL;
    *ret = (HibMeasureState){0};
    if (!hib_sql_measure_account_get(db, account, &row, error))
        return false;
    if (row)
        *ret = (HibMeasureState){row->read_at, row->not_before, row->failures, row->has_read_at};
    return true;
}

bool
hib_measure_state_set(HibDb *db, const char *account, const HibMeasureState *state, GError **error)
{
    return hib_sql_measure_account_set(db, account, state->has_read_at ? &state->read_at : NULL,
                                       state->not_before, state->failures, error);
}

bool
hib_measure_plan_next(HibDb *db, const char *account, HibInstant not_before, GError **error)
{
    HibSqlMeasureNextDue *due = NULL;
    HibMeasureState state;
    if (!hib_sql_measure_next_due(db, account, &due, error) ||
        !hib_measure_state_get(db, account, &state, error))
        return false;
    HibInstant at = state.has_read_at ? state.read_at + HIB_MEASURE_ACCOUNT_EVERY : 0;
    if (due && due->has_at && due->at < at)
        at = due->at;
    at = MAX(at, MAX(not_before, state.not_before));
    return hib_job_add(db, HIB_JOB_COLLECT, account, account, NULL, at, NULL, error);
}

bool
hib_measure_due(HibDb *db, const char *account, HibInstant until, int most, HibMeasureDue **ret,
                size_t *ret_n, GError **error)
{
    HibSqlMeasureDue *rows = NULL;
    if (!hib_sql_measure_due(db, account, until, most, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibMeasureDue, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibMeasureDue){rows[i].delivery_id, rows[i].published_at};
    return true;
}

bool
hib_measure_set_next(HibDb *db, const char *delivery, HibInstant next, bool is_gone, GError **error)
{
    return hib_sql_measure_post_next(db, delivery, next && !is_gone ? &next : NULL, is_gone, error);
}
