/* Roll-ups by labels, written; and a post that changed its labels, moved. */
#include "base/error.h"
#include "measure/measure_private.h"
#include "measure/part.h"
#include "measure/part.sql.h"
#include <string.h>

bool
hib_parts_flush(HibParts *parts, HibDb *db, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    size_t n = 0;
    const HibPartRow *rows = hib_parts_rows(parts, arena, &n);
    HibSqlMeasurePartAddIn *adds = hib_arena_array(arena, HibSqlMeasurePartAddIn, n + 1);
    for (size_t i = 0; i < n; i++)
        adds[i] =
            (HibSqlMeasurePartAddIn){rows[i].part, rows[i].name,    rows[i].metric, rows[i].grain,
                                     rows[i].at,   rows[i].account, rows[i].value};
    return hib_sql_measure_part_add_many(db, adds, n, error);
}

/* What its text says now. A delivery that is gone keeps what it had. */
static bool
tags_now(HibDb *db, const HibSqlMeasureLabelsOf *row, const char **ret, GError **error)
{
    HibDelivery *delivery = NULL;
    g_autoptr(GError) gone = NULL;
    *ret = row->tags;
    if (hib_publish_get(db, row->delivery_id, &delivery, &gone)) {
        *ret = hib_measure_tags(hib_db_arena(db), delivery->text);
        return true;
    }
    if (hib_error_is(gone, HIB_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&gone));
    return false;
}

static bool
tidy(HibDb *db, const HibLabels *left, GError **error)
{
    g_auto(GStrv) tags = g_strsplit(left->tags ? left->tags : "", "\n", -1);
    if (left->campaign && !hib_sql_measure_part_tidy(db, HIB_PART_CAMPAIGN, left->campaign, error))
        return false;
    for (size_t i = 0; tags[i]; i++)
        if (!hib_sql_measure_part_tidy(db, HIB_PART_TAG, tags[i], error))
            return false;
    return true;
}

static bool
move(HibDb *db, const HibZone *zone, const HibSqlMeasureLabelsOf *row, const HibLabels *now,
     GError **error)
{
    const HibLabels was = {row->network, row->campaign_id, row->tags, (int)row->format};
    g_autoptr(HibParts) parts = hib_parts_new();
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    if (!hib_days_read(row->days, days)) {
        hib_error_set(error, HIB_ERROR_CORRUPT, "store.failed", "days of %s do not read",
                      row->delivery_id);
        return false;
    }
    const HibDayChange *gained = (const HibDayChange *)(const void *)days->data;
    const int64_t out = hib_measure_day_start(hib_measure_day(zone, row->published_at)) / HIB_DAY;
    hib_parts_change(parts, &was, row->account_id, gained, days->len, NULL, 0);
    hib_parts_published(parts, &was, row->account_id, out, -1);
    hib_parts_change(parts, now, row->account_id, NULL, 0, gained, days->len);
    hib_parts_published(parts, now, row->account_id, out, 1);
    return hib_parts_flush(parts, db, error) &&
           hib_sql_measure_label_set(db, row->delivery_id, now->tags, now->campaign, error) &&
           tidy(db, &was, error);
}

bool
hib_measure_relabel(HibDb *db, const char *post, GError **error)
{
    HibSqlMeasureLabelsOf *rows = NULL;
    HibSqlMeasureCampaignOf *campaign = NULL;
    size_t n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    g_autoptr(HibZone) zone = tx ? hib_measure_zone(db, error) : NULL;
    if (!zone || !hib_sql_measure_labels_of(db, post, &rows, &n, error) ||
        (n && !hib_sql_measure_campaign_of(db, post, &campaign, error)))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibLabels now = {rows[i].network, campaign ? campaign->campaign_id : NULL, NULL,
                         (int)rows[i].format};
        if (!rows[i].network)
            continue; /* labelled with all others of before */
        if (!tags_now(db, &rows[i], &now.tags, error))
            return false;
        if (g_strcmp0(now.campaign, rows[i].campaign_id) == 0 &&
            g_strcmp0(now.tags, rows[i].tags) == 0)
            continue;
        if (!move(db, zone, &rows[i], &now, error))
            return false;
    }
    return hib_tx_commit(tx, error);
}
