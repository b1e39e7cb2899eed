/* Unusual days as rows: looked for once a day when the day is over, kept, judged by people, explained by the posts around them. */
#include "base/error.h"
#include "base/json.h"
#include "days/days.h"
#include "measure/anomaly.h"
#include "measure/anomaly.sql.h"
#include "measure/goal.h"
#include "measure/measure_private.h"
#include "measure/overview.sql.h"
#include "team/team.h"
#include <math.h>
#include <string.h>

#define HISTORY 120 /* days that a search sees */
#define CATCH_UP 28 /* days that are looked at in a workspace that is new to it */
#define BEFORE 56   /* days shown before */
#define LISTED 200
#define POSTS 40 /* of the account, to know what a usual one brings */
#define EXPLAIN 5
#define AFTERGLOW 2 /* days that a post goes on bringing numbers */

static const char *const metrics[] = {"engagements", "followers", "clicks"};

static HibAnomalyRow
of_row(const HibSqlAnomalyRow *row)
{
    return (HibAnomalyRow){.id = row->id,
                           .metric = row->metric,
                           .account_id = row->account_id,
                           .first_day = row->first_day,
                           .last_day = row->last_day,
                           .is_above = row->is_above,
                           .actual = row->actual,
                           .expected = row->expected,
                           .low = row->low,
                           .high = row->high,
                           .surprise = row->surprise,
                           .status = (HibAnomalyStatus)row->status,
                           .note = row->note,
                           .by_name = row->by_name,
                           .found_at = row->found_at,
                           .updated_at = row->updated_at,
                           .version = row->version};
}

bool
hib_anomalies(HibDb *db, bool is_judged, HibAnomalyRow **ret, size_t *ret_n, GError **error)
{
    HibSqlAnomalyRow *rows;
    if (!hib_sql_anomaly_list(db, is_judged, LISTED, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibAnomalyRow, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_anomaly_get(HibDb *db, const char *anomaly, HibAnomalyRow **ret, GError **error)
{
    HibSqlAnomalyRow *row;
    if (!hib_sql_anomaly_get(db, anomaly, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "anomaly.unknown", "no anomaly %s", anomaly);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibAnomalyRow);
    **ret = of_row(row);
    return true;
}

static const char *
audit_text(HibDb *db, const HibAnomalyRow *row)
{
    static const char *const names[] = {"open", "dismissed", "explained"};
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "status", names[row->status]);
    if (*row->note)
        cJSON_AddStringToObject(out, "note", row->note);
    return hib_json_print(hib_db_arena(db), out);
}

bool
hib_anomaly_judge(HibDb *db, const char *anomaly, int64_t version, HibAnomalyStatus status,
                  const char *note, HibAnomalyRow **ret, GError **error)
{
    HibAnomalyRow *before;
    const char *actor = NULL;
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_anomaly_get(db, anomaly, &before, error) ||
        !hib_sql_anomaly_judge(db, anomaly, version, status, note, by, hib_db_now(db), &changed,
                               error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "anomaly.edited",
                      "anomaly %s is at version %" G_GINT64_FORMAT, anomaly, before->version);
        return false;
    }
    return hib_anomaly_get(db, anomaly, ret, error) &&
           hib_event_emit(db, "anomaly.changed", anomaly, NULL, error) &&
           hib_audit(db, "anomaly.judge", "anomaly", anomaly, audit_text(db, before),
                     audit_text(db, *ret), error) &&
           hib_tx_commit(tx, error);
}

/* --- the series --------------------------------------------------------------------------------------------------- */
/* What each day brought; of followers the change from the day before. */
static bool
read_gains(HibDb *db, const HibZone *zone, const char *metric, const char *account, int64_t from,
           int64_t until, HibDaily *ret, GError **error)
{
    const bool is_level = hib_measure_is_level(metric);
    if (!hib_measure_daily(db, zone, metric, account,
                           is_level ? hib_measure_day_shift(from, -1) : from, until, ret, error))
        return false;
    if (!is_level || !ret->n)
        return true;
    ret->n--;
    ret->first = from;
    for (size_t i = 0; i < ret->n; i++) {
        ret->values[i] = ret->values[i + 1] - ret->values[i];
        ret->whole[i] = ret->whole[i + 1] - ret->whole[i];
    }
    return true;
}

bool
hib_anomaly_series(HibDb *db, const HibZone *zone, const HibAnomalyRow *row, HibDaily *ret,
                   GError **error)
{
    const int today = hib_day_at(zone, hib_db_now(db));
    const int64_t until = MIN(hib_measure_day_shift(row->last_day, 15), today);
    return read_gains(db, zone, row->metric, row->account_id,
                      hib_measure_day_shift(row->first_day, -BEFORE), until, ret, error);
}

/* --- which posts -------------------------------------------------------------------------------------------------- */
static int
by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

bool
hib_anomaly_posts(HibDb *db, const HibZone *zone, const HibAnomalyRow *row, HibAnomalyPost **ret,
                  size_t *ret_n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlMeasureBest *rows;
    HibSqlMeasurePostsBetween *usual;
    size_t n, n_usual, n_known = 0;
    const HibInstant begin = hib_measure_day_start(row->first_day) + 12 * HIB_HOUR,
                     end = hib_measure_day_start(row->last_day) + 12 * HIB_HOUR,
                     from = hib_day_start(zone, begin, -AFTERGLOW),
                     until = hib_day_start(zone, end, 1);
    if (!hib_sql_measure_best(db, from, until, row->account_id, EXPLAIN, &rows, &n, error) ||
        !hib_sql_measure_posts_between(db, hib_day_start(zone, begin, -HISTORY), from,
                                       row->account_id, &usual, &n_usual, error))
        return false;
    double *sizes = hib_arena_array(arena, double, n_usual + 1);
    for (size_t i = n_usual; i-- > 0 && n_known < POSTS;)
        if (usual[i].has_as_of)
            sizes[n_known++] = (double)usual[i].engagements;
    qsort(sizes, n_known, sizeof *sizes, by_size);
    const double middle = n_known ? sizes[n_known / 2] : 0;
    *ret = hib_arena_array(arena, HibAnomalyPost, n + 1);
    *ret_n = n;
    for (size_t i = 0; i < n; i++)
        (*ret)[i] = (HibAnomalyPost){.post = rows[i].post_id,
                                     .delivery = rows[i].delivery_id,
                                     .published_at = rows[i].published_at,
                                     .engagements = (double)rows[i].engagements,
                                     .more = (double)rows[i].engagements - middle};
    return true;
}

/* --- looking ------------------------------------------------------------------------------------------------------ */
/* One that goes on is made longer; what begins is told. */
static bool
keep(HibDb *db, const char *metric, const char *account, const HibDaily *series,
     const HibUnusual *found, GError **error)
{
    HibSqlAnomalyRunning *running;
    const int64_t first = hib_measure_day_shift(series->first, (int)found->first),
                  last = hib_measure_day_shift(series->first, (int)found->last);
    const char *id = hib_db_new_id(db);
    int64_t added = 0;
    if (!hib_sql_anomaly_running(db, account, metric, found->is_above,
                                 hib_measure_day_shift(first, -1), &running, error))
        return false;
    if (running) {
        const int begun = hib_measure_day_distance(series->first, running->first_day);
        HibUnusual all;
        if (begun < 0 ||
            !hib_unusual_weigh(hib_db_arena(db), series->values, (size_t)begun, found->last, &all))
            return true;
        return hib_sql_anomaly_extend(db, running->id, last, all.actual, all.expected, all.low,
                                      all.high, all.surprise, hib_db_now(db), error);
    }
    return hib_sql_anomaly_insert(db, id, account, metric, first, last, found->is_above,
                                  found->actual, found->expected, found->low, found->high,
                                  found->surprise, hib_db_now(db), &added, error) &&
           (!added || hib_event_emit(db, "anomaly.found", id, NULL, error));
}

static bool
look_at(HibDb *db, const HibZone *zone, const char *metric, const char *account, int64_t from,
        int64_t until, GError **error)
{
    HibDaily series;
    HibUnusual found;
    const int64_t begin = hib_measure_day_shift(from, -HISTORY);
    if (!read_gains(db, zone, metric, account, begin, until, &series, error))
        return false;
    for (size_t day = HISTORY; day < series.n; day++)
        if (hib_unusual(hib_db_arena(db), series.values, day, &found) &&
            !keep(db, metric, account, &series, &found, error))
            return false;
    return true;
}

bool
hib_anomalies_look(HibDb *db, const HibZone *zone, GError **error)
{
    HibSqlLookedGet *looked;
    HibAccount *accounts;
    size_t n;
    const int today = hib_day_at(zone, hib_db_now(db)), yesterday = hib_day_plus(today, -1);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_looked_get(db, &looked, error))
        return false;
    if (looked && looked->day >= yesterday)
        return true;
    const int64_t least = hib_measure_day_shift(today, -CATCH_UP),
                  from = looked ? MAX(hib_measure_day_shift(looked->day, 1), least) : least;
    if (!hib_accounts_list(db, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t m = 0; m < G_N_ELEMENTS(metrics); m++)
            if (!look_at(db, zone, metrics[m], accounts[i].id, from, today, error))
                return false;
    return hib_sql_looked_set(db, yesterday, error) && hib_tx_commit(tx, error);
}

/* With the first reading of a new day the day before is complete: what is read from now on counts for today. Twice: the day was looked at already. */
bool
hib_look_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
             HibJobEnd *end, HibInstant *at G_GNUC_UNUSED, GError **error)
{
    *end = HIB_JOB_DONE;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    return zone && hib_goals_settle(db, zone, error) && hib_anomalies_look(db, zone, error);
}
