/* Rows of the roll-ups put into their places. */
#include "measure/series.h"
#include "measure/measure_private.h"
#include "measure/part.sql.h"
#include "measure/series.sql.h"
#include <string.h>

bool
hib_series_has(const HibMetric *metric, HibGrain grain)
{
    switch (metric->kind) {
    case HIB_METRIC_COUNTER:
        return (metric->adds & HIB_METRIC_OVER_POSTS) != 0;
    case HIB_METRIC_FLOW:
        return grain != HIB_GRAIN_HOUR;
    case HIB_METRIC_GAUGE:
    case HIB_METRIC_SUM:
        return true;
    case HIB_METRIC_DERIVED:
        return hib_series_has(hib_metric_find(metric->over), grain) &&
               hib_series_has(hib_metric_find(metric->under), grain);
    default:
        return false;
    }
}

/* --- times --------------------------------------------------------------------------------------------------------- */
static int64_t
begin_of(HibGrain grain, int64_t day)
{
    if (grain == HIB_GRAIN_MONTH)
        return day / 100 * 100 + 1;
    if (grain == HIB_GRAIN_DAY)
        return day;
    const int64_t ordinal = hib_measure_day_start(day) / HIB_DAY;
    return hib_measure_day_shift(day, (int)-((ordinal + 3) % 7));
}

/* As rows of the grain are numbered; an hour that the clocks skip is there, and nobody looked at it. */
static int64_t
place_of(HibGrain grain, int64_t day)
{
    return grain == HIB_GRAIN_HOUR ? day * 100 : day;
}

static HibSeries
empty(HibArena *arena, const HibSeriesQuery *query)
{
    enum { HOURS = 24 };
    const bool is_hourly = query->grain == HIB_GRAIN_HOUR;
    const int n_days = MAX(hib_measure_day_distance(query->from, query->until), 0);
    HibSeries series = {.points = hib_arena_array(arena, HibSeriesPoint,
                                                  (size_t)n_days * (is_hourly ? HOURS : 1) + 1)};
    for (int i = 0; i < n_days; i++) {
        const int64_t day = hib_measure_day_shift(query->from, i);
        for (int hour = 0; is_hourly && hour < HOURS; hour++)
            series.points[series.n++].at = day * 100 + hour;
        if (is_hourly)
            continue;
        const int64_t at = begin_of(query->grain, day);
        if (!series.n || series.points[series.n - 1].at != at)
            series.points[series.n++].at = at;
    }
    return series;
}

static HibSeriesPoint *
point_of(const HibSeries *series, int64_t at)
{
    size_t low = 0, high = series->n;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (series->points[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < series->n && series->points[low].at == at ? &series->points[low] : NULL;
}

static void
look(HibSeriesPoint *point, const HibSqlSeriesRolls *row)
{
    point->has_value = true;
    point->readings += row->readings;
    point->falls += row->falls;
    point->gaps += row->gaps;
    point->inexact += row->inexact;
    point->as_of = MAX(point->as_of, row->as_of);
}

static bool
read_rolls(HibDb *db, const HibSeriesQuery *query, const HibSeries *series, bool is_own,
           HibSqlSeriesRolls **ret, size_t *ret_n, GError **error)
{
    *ret_n = 0;
    return !series->n ||
           hib_sql_series_rolls(db, query->grain, is_own, query->metric->id, series->points[0].at,
                                place_of(query->grain, query->until), query->account, ret, ret_n,
                                error);
}

/* --- what is added up ------------------------------------------------------------------------------------------------ */
static bool
add_parts(HibDb *db, const HibSeriesQuery *query, const HibSeries *series, GError **error)
{
    HibSqlMeasureParts *rows = NULL;
    size_t n = 0;
    if (!series->n ||
        !hib_sql_measure_parts(db, query->part, query->name, query->metric->id, query->grain,
                               series->points[0].at, place_of(query->grain, query->until),
                               query->account, &rows, &n, error))
        return !series->n;
    for (size_t i = 0; i < n; i++) {
        HibSeriesPoint *point = point_of(series, rows[i].at);
        if (!point)
            continue;
        point->value += (double)rows[i].value;
        point->has_value = true;
    }
    return true;
}

/* A post's numbers, or where a network tells them of the account alone, those. */
static bool
read_sums(HibDb *db, const HibSeriesQuery *query, HibSeries *series, GError **error)
{
    const bool is_flow = query->metric->kind == HIB_METRIC_FLOW;
    HibSqlSeriesRolls *rows = NULL;
    size_t n = 0;
    series->is_of_posts = !is_flow;
    if (is_flow && query->part >= 0)
        return true; /* what a network tells of an account is not of a kind of post */
    if (!read_rolls(db, query, series, is_flow, &rows, &n, error))
        return false;
    if (!n && query->part < 0 && !is_flow) {
        if (!read_rolls(db, query, series, true, &rows, &n, error))
            return false;
        series->is_of_posts = !n;
    }
    for (size_t i = 0; i < n; i++) {
        HibSeriesPoint *point = point_of(series, rows[i].at);
        if (!point)
            continue;
        look(point, &rows[i]);
        point->value += query->part < 0 ? (double)rows[i].value : 0;
    }
    if (query->part >= 0 && !add_parts(db, query, series, error))
        return false;
    for (size_t i = 0; i < series->n; i++) {
        const HibSeriesPoint *point = &series->points[i];
        series->whole.value += point->value;
        series->whole.has_value |= point->has_value;
        series->whole.readings += point->readings;
        series->whole.falls += point->falls;
        series->whole.gaps += point->gaps;
        series->whole.inexact += point->inexact;
        series->whole.as_of = MAX(series->whole.as_of, point->as_of);
    }
    return true;
}

/* --- levels ------------------------------------------------------------------------------------------------------------ */
typedef struct {
    double value;
    HibInstant as_of;
} Level;

static void
keep(HibArena *arena, GHashTable *levels, const char *account, Level level)
{
    Level *kept = hib_arena_new0(arena, Level);
    *kept = level;
    g_hash_table_insert(levels, (gpointer)account, kept);
}

/* Each account's last reading stands until its next one. */
static bool
read_levels(HibDb *db, const HibSeriesQuery *query, HibSeries *series, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlSeriesBefore *before = NULL;
    HibSqlSeriesRolls *rows = NULL;
    size_t n_before = 0, n = 0, row = 0;
    if (query->part >= 0 || !series->n)
        return true; /* an account's followers are not those of a kind of post */
    if (!hib_sql_series_before(db, query->metric->id,
                               query->grain == HIB_GRAIN_HOUR ? query->from : series->points[0].at,
                               query->account, &before, &n_before, error) ||
        !read_rolls(db, query, series, true, &rows, &n, error))
        return false;
    g_autoptr(GHashTable) levels = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n_before; i++)
        keep(arena, levels, before[i].account_id,
             (Level){(double)before[i].value, before[i].as_of});
    for (size_t i = 0; i < series->n; i++) {
        HibSeriesPoint *point = &series->points[i];
        GHashTableIter iter;
        gpointer level;
        for (; row < n && rows[row].at <= point->at; row++) {
            look(point, &rows[row]);
            keep(arena, levels, rows[row].account_id,
                 (Level){(double)rows[row].value, rows[row].as_of});
        }
        const size_t n_levels = g_hash_table_size(levels);
        point->has_value =
            n_levels == 1 || (n_levels && (query->metric->adds & HIB_METRIC_OVER_ACCOUNTS));
        g_hash_table_iter_init(&iter, levels);
        while (g_hash_table_iter_next(&iter, NULL, &level)) {
            point->value += ((const Level *)level)->value;
            point->as_of = MAX(point->as_of, ((const Level *)level)->as_of);
        }
        series->whole = *point;
        series->whole.at = 0;
    }
    return true;
}

/* --- what is made of others --------------------------------------------------------------------------------------------- */
static void
join(HibSeriesPoint *into, const HibSeriesPoint *one)
{
    into->value += one->value;
    into->has_value |= one->has_value;
    into->readings += one->readings;
    into->falls += one->falls;
    into->gaps += one->gaps;
    into->inexact += one->inexact;
    into->as_of = MAX(into->as_of, one->as_of);
}

static bool
read_sum_of_engagements(HibDb *db, const HibSeriesQuery *query, HibSeries *series, GError **error)
{
    size_t n = 0;
    const HibMetric *metrics = hib_metrics(&n);
    for (size_t i = 0; i < n; i++) {
        HibSeriesQuery part = *query;
        HibSeries one;
        part.metric = &metrics[i];
        if (!metrics[i].is_engagement)
            continue;
        if (!hib_measure_series(db, &part, &one, error))
            return false;
        for (size_t k = 0; k < series->n; k++)
            join(&series->points[k], &one.points[k]);
        join(&series->whole, &one.whole);
        series->is_of_posts |= one.is_of_posts;
    }
    return true;
}

static HibSeriesPoint
divide(const HibSeriesPoint *over, const HibSeriesPoint *under, int times)
{
    HibSeriesPoint ratio = *over;
    ratio.has_value = over->has_value && under->has_value && under->value > 0;
    ratio.value = ratio.has_value ? over->value / under->value * times : 0;
    ratio.inexact = MAX(over->inexact, under->inexact);
    ratio.as_of = over->as_of && under->as_of ? MIN(over->as_of, under->as_of) : 0;
    return ratio;
}

static bool
read_ratio(HibDb *db, const HibSeriesQuery *query, HibSeries *series, GError **error)
{
    HibSeriesQuery over = *query, under = *query;
    HibSeries a, b;
    over.metric = hib_metric_find(query->metric->over);
    under.metric = hib_metric_find(query->metric->under);
    if (!hib_measure_series(db, &over, &a, error) || !hib_measure_series(db, &under, &b, error))
        return false;
    for (size_t i = 0; i < series->n; i++)
        series->points[i] = divide(&a.points[i], &b.points[i], query->metric->times);
    series->whole = divide(&a.whole, &b.whole, query->metric->times);
    series->is_of_posts = a.is_of_posts;
    return true;
}

bool
hib_measure_series(HibDb *db, const HibSeriesQuery *query, HibSeries *ret, GError **error)
{
    *ret = empty(hib_db_arena(db), query);
    switch (query->metric->kind) {
    case HIB_METRIC_GAUGE:
        return read_levels(db, query, ret, error);
    case HIB_METRIC_SUM:
        return read_sum_of_engagements(db, query, ret, error);
    case HIB_METRIC_DERIVED:
        return read_ratio(db, query, ret, error);
    default:
        return read_sums(db, query, ret, error);
    }
}
