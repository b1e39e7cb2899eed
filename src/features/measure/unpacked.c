/* Readings kept one a row, as they were before packs: moved over in the background, some at a time, and the roll-ups made anew at the end.
 *
 * A reading that is newer came in meanwhile or not: moved ones are late then, which comes to the same. */
#include "measure/measure_private.h"
#include "measure/reading.sql.h"

enum { SOME = 20000 };

/* Names that meant two things. */
static const char *
metric_of(const HibSqlMeasureSnapshotsSome *row)
{
    if (!*row->delivery_id && g_str_equal(row->metric, "follows"))
        return "following";
    if (g_str_equal(row->metric, "engagements"))
        return "network_engagements";
    return row->metric;
}

/* What the dictionary does not know (nobody told any such) is not kept. */
static bool
move_some(HibDb *db, size_t *ret_n, GError **error)
{
    HibSqlMeasureSnapshotsSome *rows = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_measure_snapshots_some(db, SOME, &rows, ret_n, error))
        return false;
    HibArena *arena = hib_db_arena(db);
    HibSnapshot *moved = hib_arena_array(arena, HibSnapshot, *ret_n + 1);
    HibSqlMeasureSnapshotDropIn *dropped =
        hib_arena_array(arena, HibSqlMeasureSnapshotDropIn, *ret_n + 1);
    size_t n = 0;
    for (size_t i = 0; i < *ret_n; i++) {
        const HibSqlMeasureSnapshotsSome *row = &rows[i];
        const HibMetric *metric = hib_metric_find(metric_of(row));
        dropped[i] = (HibSqlMeasureSnapshotDropIn){row->account_id, row->delivery_id, row->metric,
                                                   row->as_of};
        if (metric && hib_metric_is_read(metric))
            moved[n++] = (HibSnapshot){.delivery = *row->delivery_id ? row->delivery_id : NULL,
                                       .account = row->account_id,
                                       .metric = metric->slug,
                                       .as_of = row->as_of,
                                       .value = row->value};
    }
    return hib_measure_add(db, moved, n, error) &&
           hib_sql_measure_snapshot_drop_many(db, dropped, *ret_n, error) &&
           hib_tx_commit(tx, error);
}

static bool
label_all(HibDb *db, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *after = "";
    for (size_t n = SOME; n == SOME;) {
        HibSqlMeasureUnlabelled *rows = NULL;
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (!tx || !hib_sql_measure_unlabelled(db, after, SOME, &rows, &n, error))
            return false;
        HibSqlMeasureLabelIn *labels = hib_arena_array(arena, HibSqlMeasureLabelIn, n + 1);
        for (size_t i = 0; i < n; i++) {
            HibDelivery *delivery = NULL;
            if (!hib_publish_get(db, rows[i].delivery_id, &delivery, error))
                return false;
            labels[i] =
                (HibSqlMeasureLabelIn){rows[i].delivery_id, delivery->network, delivery->format,
                                       hib_measure_tags(arena, delivery->text)};
            after = rows[i].delivery_id;
        }
        if (!hib_sql_measure_label_many(db, labels, n, error) || !hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

bool
hib_measure_pack_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                     HibJobEnd *end, HibInstant *at, GError **error)
{
    size_t n = 0;
    *end = HIB_JOB_DONE;
    if (!move_some(db, &n, error))
        return false;
    if (n < SOME)
        return label_all(db, error) && hib_measure_rebuild(db, error);
    *end = HIB_JOB_AGAIN;
    *at = hib_db_now(db);
    return true;
}
