/* Roll-ups by labels, written; and a post that changed its labels, moved. */
#include "base/error.h"
#include "measure/made.h"
#include "measure/measure_private.h"
#include "measure/part.h"
#include "measure/part.sql.h"
#include "measure/reading_private.h"
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

/* What its text says now. A delivery that is gone keeps what it had, and one with files what they are. */
static bool
read_words(HibDb *db, const HibSqlMeasureLabelsOf *row, const char **ret_tags, HibMade *ret_made,
           GError **error)
{
    HibDelivery *delivery = NULL;
    g_autoptr(GError) gone = NULL;
    *ret_tags = row->tags;
    *ret_made = (HibMade)row->made;
    if (hib_publish_get(db, row->delivery_id, &delivery, &gone)) {
        *ret_tags = hib_measure_tags(hib_db_arena(db), delivery->text);
        *ret_made = hib_made_again(*ret_made, delivery->text);
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

typedef struct {
    HibDb *db;
    HibRolling *rolling;
    HibParts *parts;
} Moving;

/* All that a post gained by hour, as its readings say it. */
static bool
read_hours(const Moving *m, const HibSqlMeasureLabelsOf *row, GArray *out, GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HibReading));
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    HibSubject at = {
        .account = row->account_id, .published_at = row->published_at, .days = days, .hours = out};
    if (!hib_taking_read(m->db, row->delivery_id, all, error))
        return false;
    hib_rolling_take(m->rolling, &at, (const HibReading *)(const void *)all->data, all->len, 1);
    return true;
}

/* The post with all it gained, under its labels. */
static void
count_post(const Moving *m, const HibSqlMeasureLabelsOf *row, const HibLabels *labels,
           const GArray *days, const GArray *hours, int sign)
{
    const HibWallParts out = hib_rolling_parts(m->rolling, row->published_at);
    const HibDayChange *gained = (const HibDayChange *)(const void *)days->data;
    const size_t n = days->len;
    hib_parts_change(m->parts, labels, row->account_id, sign < 0 ? gained : NULL, sign < 0 ? n : 0,
                     sign < 0 ? NULL : gained, sign < 0 ? 0 : n);
    hib_parts_hours(m->parts, labels, row->account_id,
                    (const HibHourChange *)(const void *)hours->data, hours->len, sign);
    hib_parts_published(m->parts, labels, row->account_id, &out,
                        hib_rolling_first_part_hour(m->rolling), sign);
}

static bool
move(HibDb *db, const HibZone *zone, const HibSqlMeasureLabelsOf *row, const HibLabels *now,
     HibMade made, GError **error)
{
    const HibLabels was = {row->network, row->campaign_id, row->tags, (int)row->format};
    g_autoptr(HibRolling) rolling = hib_rolling_new(zone, hib_db_now(db));
    g_autoptr(HibParts) parts = hib_parts_new();
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    g_autoptr(GArray) hours = g_array_new(FALSE, FALSE, sizeof(HibHourChange));
    const Moving m = {db, rolling, parts};
    if (!hib_days_read(row->days, days)) {
        hib_error_set(error, HIB_ERROR_CORRUPT, "store.failed", "days of %s do not read",
                      row->delivery_id);
        return false;
    }
    if (!read_hours(&m, row, hours, error))
        return false;
    count_post(&m, row, &was, days, hours, -1);
    count_post(&m, row, now, days, hours, 1);
    return hib_parts_flush(parts, db, error) &&
           hib_sql_measure_label_set(db, row->delivery_id, now->tags, now->campaign, made, error) &&
           tidy(db, &was, error);
}

/* A reading that comes in meanwhile would be counted where the post no longer is. */
static bool
hold_accounts_of(HibDb *db, const char *post, GError **error)
{
    HibSqlMeasureAccountsOf *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_accounts_of(db, post, &rows, &n, error))
        return false;
    const char **accounts = hib_arena_array(hib_db_arena(db), const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        accounts[i] = rows[i].account_id;
    return hib_measure_hold(db, accounts, n, error);
}

bool
hib_measure_relabel(HibDb *db, const char *post, GError **error)
{
    HibSqlMeasureLabelsOf *rows = NULL;
    HibSqlMeasureCampaignOf *campaign = NULL;
    size_t n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    g_autoptr(HibZone) zone =
        tx && hold_accounts_of(db, post, error) ? hib_measure_zone(db, error) : NULL;
    if (!zone || !hib_sql_measure_labels_of(db, post, &rows, &n, error) ||
        (n && !hib_sql_measure_campaign_of(db, post, &campaign, error)))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibLabels now = {rows[i].network, campaign ? campaign->campaign_id : NULL, NULL,
                         (int)rows[i].format};
        HibMade made;
        if (!rows[i].network)
            continue; /* labelled with all others of before */
        if (!read_words(db, &rows[i], &now.tags, &made, error))
            return false;
        if (g_strcmp0(now.campaign, rows[i].campaign_id) == 0 &&
            g_strcmp0(now.tags, rows[i].tags) == 0 && made == (HibMade)rows[i].made)
            continue;
        if (!move(db, zone, &rows[i], &now, made, error))
            return false;
    }
    return hib_tx_commit(tx, error);
}
