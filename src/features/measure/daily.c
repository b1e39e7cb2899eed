/* One metric, one number a day.
 *
 * What a day gained is known only where it was read on that day and on the one before: after a day without a reading the next one tells of several days at once. So a day is either
 * known by itself or missing (`values`), and beside it stands the series in which what came in over such days is shared out among them (`whole`), so that sums are right. Each
 * account is looked at by itself: one that was not connected yet, or no longer, is missed by nobody. */
#include "measure/daily.sql.h"
#include "measure/measure_private.h"
#include "measure/overview.sql.h"
#include <limits.h>
#include <math.h>

#define LOOK_BACK 31 /* days before the first: where a gap began */

static const char *const names[] = {"followers", "engagements", "likes", "reposts",
                                    "replies",   "quotes",      "posts", "clicks"};

bool
hib_measure_is_daily(const char *metric)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_str_equal(names[i], metric))
            return true;
    return false;
}

bool
hib_measure_is_level(const char *metric)
{
    return g_str_equal(metric, "followers");
}

/* What one account said, by day; NAN: no reading. */
static double *
said_of(HibArena *arena, GHashTable *into, const char *account, size_t n)
{
    double *said = g_hash_table_lookup(into, account);
    if (said)
        return said;
    said = hib_arena_array(arena, double, n);
    for (size_t i = 0; i < n; i++)
        said[i] = NAN;
    g_hash_table_insert(into, (gpointer)account, said);
    return said;
}

static double
value_of(const HibSqlMeasureDays *row, const char *metric)
{
    const int64_t gained[HIB_MEASURE_N] = {row->likes, row->reposts, row->replies, row->quotes};
    int at = hib_measure_metric(metric);
    if (hib_measure_is_level(metric))
        return row->has_followers ? (double)row->followers : NAN;
    if (g_str_equal(metric, "posts"))
        return (double)row->posts;
    if (at >= 0)
        return (double)gained[at];
    return (double)(row->likes + row->reposts + row->replies + row->quotes + row->others);
}

/* Days first … last were seen; those between without a reading are missing, and so is a gain after them. */
static void
add_account(const double *said, size_t n, bool is_level, double *values, double *whole)
{
    size_t before = n;
    for (size_t i = 0; i < n; i++) {
        if (isnan(said[i]))
            continue;
        const size_t from = before == n ? i : before + 1;
        const double steps = (double)(i - from + 1);
        for (size_t k = from; k <= i; k++) {
            const double part = (double)(k - from + 1) / steps;
            const bool is_known = k == i && (is_level || from == i);
            values[k] += is_known ? said[i] : NAN;
            whole[k] += !is_level     ? said[i] / steps
                        : before == n ? said[i]
                                      : said[before] + part * (said[i] - said[before]);
        }
        before = i;
    }
}

/* The followers that an account has outside of its days: those of the nearest reading. */
static void
extend_level(const double *said, size_t n, double *values, double *whole)
{
    size_t first = 0, last = n;
    while (first < n && isnan(said[first]))
        first++;
    while (last > 0 && isnan(said[last - 1]))
        last--;
    for (size_t i = 0; i < n; i++) {
        const double nearest = i < first ? said[first] : said[last - 1];
        if (i >= first && i < last)
            continue;
        values[i] += nearest;
        whole[i] += nearest;
    }
}

/* Whether somebody read anything on the day or both before and after it. */
static void
mark_seen(const double *said, size_t n, bool *seen)
{
    size_t before = n;
    for (size_t i = 0; i < n; i++) {
        if (isnan(said[i]))
            continue;
        for (size_t k = before == n ? i : before; k <= i; k++)
            seen[k] = true;
        before = i;
    }
}

static void
add_up(HibArena *arena, GHashTable *said, size_t n, bool is_level, double *values, double *whole)
{
    bool *seen = hib_arena_array(arena, bool, n + 1);
    GHashTableIter iter;
    gpointer one;
    g_hash_table_iter_init(&iter, said);
    while (g_hash_table_iter_next(&iter, NULL, &one)) {
        add_account(one, n, is_level, values, whole);
        mark_seen(one, n, seen);
        bool is_read = false;
        for (size_t i = 0; i < n && !is_read; i++)
            is_read = !isnan(((const double *)one)[i]);
        if (is_level && is_read)
            extend_level(one, n, values, whole);
    }
    for (size_t i = 0; i < n; i++)
        if (!seen[i])
            values[i] = whole[i] = NAN;
}

/* Counted by Hibiki itself: known on every day from `begin` on. */
static void
count_up(const double *counts, size_t n, int begin, double *values, double *whole)
{
    for (size_t i = 0; i < n; i++)
        values[i] = whole[i] = (int)i >= begin ? counts[i] : NAN;
}

/* The first day of which anything is counted, as an index from `first` on; a day that is not there: never. */
static bool
read_begin(HibDb *db, const HibZone *zone, bool is_clicks, const char *account, int64_t first,
           int *ret, GError **error)
{
    HibSqlMeasureFirstDay *day = NULL;
    HibSqlMeasureFirstClick *click = NULL;
    if (is_clicks ? !hib_sql_measure_first_click(db, account, &click, error)
                  : !hib_sql_measure_first_day(db, account, &day, error))
        return false;
    *ret = click ? hib_measure_day_distance(first, hib_measure_day(zone, click->hour))
           : day ? hib_measure_day_distance(first, day->day)
                 : INT_MAX;
    return true;
}

static bool
read_clicks(HibDb *db, const HibZone *zone, const char *account, int64_t first, size_t n,
            double *counts, GError **error)
{
    HibSqlMeasureDailyClicks *rows;
    size_t n_rows;
    const HibInstant day = hib_measure_day_start(first);
    if (!hib_sql_measure_daily_clicks(db, day - HIB_DAY, day + ((HibInstant)n + 1) * HIB_DAY,
                                      account, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        int at = hib_measure_day_distance(first, hib_measure_day(zone, rows[i].hour));
        if (at >= 0 && at < (int)n)
            counts[at] += (double)rows[i].clicks;
    }
    return true;
}

static bool
read_rows(HibDb *db, const char *metric, const char *account, int64_t first, int64_t until,
          GHashTable *said, double *counts, GError **error)
{
    HibSqlMeasureDays *rows;
    size_t n_rows;
    const size_t n = (size_t)hib_measure_day_distance(first, until);
    if (!hib_sql_measure_days(db, first, until, account, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        const int at = hib_measure_day_distance(first, rows[i].day);
        const double value = value_of(&rows[i], metric);
        counts[at] += isnan(value) ? 0 : value;
        if (!isnan(value))
            said_of(hib_db_arena(db), said, rows[i].account_id, n)[at] = value;
    }
    return true;
}

bool
hib_measure_daily(HibDb *db, const HibZone *zone, const char *metric, const char *account,
                  int64_t from, int64_t until, HibDaily *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const int64_t first = hib_measure_day_shift(from, -LOOK_BACK);
    const size_t n = (size_t)MAX(hib_measure_day_distance(first, until), LOOK_BACK);
    double *counts = hib_arena_array(arena, double, n + 1),
           *values = hib_arena_array(arena, double, n + 1),
           *whole = hib_arena_array(arena, double, n + 1);
    g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal); /* account → by day */
    const bool is_clicks = g_str_equal(metric, "clicks"),
               is_counted = is_clicks || g_str_equal(metric, "posts");
    int begin = 0;
    if (is_counted && !read_begin(db, zone, is_clicks, account, first, &begin, error))
        return false;
    if (is_clicks ? !read_clicks(db, zone, account, first, n, counts, error)
                  : !read_rows(db, metric, account, first, until, said, counts, error))
        return false;
    if (is_counted)
        count_up(counts, n, begin, values, whole);
    else
        add_up(arena, said, n, hib_measure_is_level(metric), values, whole);
    *ret = (HibDaily){.first = from,
                      .n = n - LOOK_BACK,
                      .values = values + LOOK_BACK,
                      .whole = whole + LOOK_BACK,
                      .counts = counts + LOOK_BACK};
    return true;
}
