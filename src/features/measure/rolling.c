/* Changes are gathered by hour; hours are put together to days, weeks and months at the end. */
#include "measure/rolling.h"
#include "measure/measure.h"
#include <string.h>

enum { QUARTERS = 4096, PUBLISHED = 119 };
#define SETTLED_AFTER (48 * HIB_HOUR) /* when a post's numbers are compared with those of others */
#define QUARTER (15 * HIB_MINUTE)     /* every zone's clock differs from UTC by whole ones */

typedef struct {
    int64_t at; /* by the grain */
    const char *account;
    uint8_t metric, grain;
    bool is_own;
} Key;
typedef struct {
    Key key;
    HibWallParts parts;
    int64_t value, readings, falls, gaps, inexact;
    HibInstant as_of;
} Cell;
typedef struct {
    int64_t quarter;
    HibWallParts parts;
    bool is_set;
} Quarter;
struct HibRolling {
    const HibZone *zone;
    int64_t first_hour, first_part_hour;
    HibArena *arena;
    GHashTable *cells; /* Key → Cell, both the same */
    GHashTable *accounts;
    Quarter quarters[QUARTERS];
};

static guint
key_hash(gconstpointer data)
{
    const Key *key = data;
    uint64_t hash = (uint64_t)key->at * 0x9E3779B97F4A7C15U;
    hash ^= (uint64_t)(guintptr)key->account + ((uint64_t)key->metric << 40) +
            ((uint64_t)key->grain << 50) + ((uint64_t)key->is_own << 55);
    hash *= 0xBF58476D1CE4E5B9U;
    return (guint)(hash ^ hash >> 32);
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
    const Key *x = a, *y = b;
    return x->at == y->at && x->metric == y->metric && x->grain == y->grain &&
           x->is_own == y->is_own && x->account == y->account;
}

HibRolling *
hib_rolling_new(const HibZone *zone, HibInstant now)
{
    HibRolling *rolling = g_new0(HibRolling, 1);
    rolling->zone = zone;
    rolling->arena = hib_arena_new();
    rolling->cells = g_hash_table_new(key_hash, key_equal);
    rolling->accounts = g_hash_table_new(g_str_hash, g_str_equal);
    rolling->first_hour = hib_rolling_parts(rolling, now - HIB_ROLL_HOURS_KEPT).hour;
    rolling->first_part_hour = hib_rolling_parts(rolling, now - HIB_PART_HOURS_KEPT).hour;
    return rolling;
}

void
hib_rolling_free(HibRolling *rolling)
{
    if (!rolling)
        return;
    g_hash_table_unref(rolling->cells);
    g_hash_table_unref(rolling->accounts);
    hib_arena_free(rolling->arena);
    g_free(rolling);
}

int64_t
hib_rolling_first_hour(HibRolling *rolling)
{
    return rolling->first_hour;
}

int64_t
hib_rolling_first_part_hour(HibRolling *rolling)
{
    return rolling->first_part_hour;
}

static HibWallParts
work_out(const HibZone *zone, HibInstant at)
{
    const HibWall wall = hib_wall_at(zone, at);
    const int64_t seconds = at / HIB_SECOND - (at % HIB_SECOND < 0) + wall.offset_s;
    HibWallParts parts = {.day = wall.year * 10000 + wall.month * 100 + wall.day};
    parts.hour = parts.day * 100 + wall.hour;
    parts.month = parts.day / 100 * 100 + 1;
    parts.ordinal = seconds / 86400 - (seconds % 86400 < 0);
    parts.week = hib_measure_day(hib_zone_utc(), (parts.ordinal - (wall.weekday - 1)) * HIB_DAY);
    return parts;
}

HibWallParts
hib_rolling_parts(HibRolling *rolling, HibInstant at)
{
    const int64_t quarter = at / QUARTER - (at % QUARTER < 0);
    Quarter *kept = &rolling->quarters[(uint64_t)quarter % QUARTERS];
    if (!kept->is_set || kept->quarter != quarter)
        *kept = (Quarter){quarter, work_out(rolling->zone, at), true};
    return kept->parts;
}

/* The one copy of it: keys are compared by it. */
static const char *
account_of(HibRolling *rolling, const char *account)
{
    const char *kept = g_hash_table_lookup(rolling->accounts, account);
    if (kept)
        return kept;
    kept = hib_arena_strdup(rolling->arena, account);
    g_hash_table_add(rolling->accounts, (gpointer)kept);
    return kept;
}

static Cell *
cell_of(HibRolling *rolling, const Key *key)
{
    Cell *cell = g_hash_table_lookup(rolling->cells, key);
    if (cell)
        return cell;
    cell = hib_arena_new0(rolling->arena, Cell);
    cell->key = *key;
    g_hash_table_add(rolling->cells, cell);
    return cell;
}

static Cell *
hour_cell(HibRolling *rolling, const char *account, bool is_own, uint8_t metric,
          const HibWallParts *parts)
{
    const Key key = {parts->hour, account, metric, HIB_GRAIN_HOUR, is_own};
    Cell *cell = cell_of(rolling, &key);
    cell->parts = *parts;
    return cell;
}

void
hib_rolling_published(HibRolling *rolling, const char *account, HibInstant at)
{
    const HibWallParts parts = hib_rolling_parts(rolling, at);
    Cell *cell = hour_cell(rolling, account_of(rolling, account), false, PUBLISHED, &parts);
    cell->value++;
    cell->readings++;
    cell->as_of = MAX(cell->as_of, at);
}

void
hib_rolling_unpublished(HibRolling *rolling, const char *account, HibInstant at)
{
    const HibWallParts parts = hib_rolling_parts(rolling, at);
    Cell *cell = hour_cell(rolling, account_of(rolling, account), false, PUBLISHED, &parts);
    cell->value--;
    cell->readings--;
}

int64_t
hib_subject_engagements(const HibSubject *subject)
{
    size_t n = 0;
    int64_t sum = 0;
    const HibMetric *metrics = hib_metrics(&n);
    for (size_t i = 0; i < n; i++)
        if (metrics[i].is_engagement && subject->numbers[metrics[i].id].is_known)
            sum += subject->numbers[metrics[i].id].value;
    return sum;
}

static void
settle(HibSubject *subject)
{
    if (subject->has_48 || subject->is_own || !subject->has_as_of ||
        subject->as_of < subject->published_at + SETTLED_AFTER)
        return;
    subject->engagements_48 = hib_subject_engagements(subject);
    subject->has_48 = true;
}

static void
count_day(HibSubject *subject, int64_t day, uint8_t metric, int64_t change)
{
    GArray *days = subject->days;
    for (guint i = days->len; i > 0; i--) {
        HibDayChange *kept = &g_array_index(days, HibDayChange, i - 1);
        if (kept->day != day)
            break;
        if (kept->metric == metric) {
            kept->change += change;
            return;
        }
    }
    const HibDayChange added = {day, change, metric};
    if (change)
        g_array_append_val(days, added);
}

static void
count_hour(const HibRolling *rolling, HibSubject *subject, int64_t hour, uint8_t metric,
           int64_t change)
{
    const HibHourChange one = {hour, change, metric};
    if (subject->hours && change && hour >= rolling->first_part_hour)
        g_array_append_val(subject->hours, one);
}

/* What the reading adds to the time it falls into. The first one of a post's counter counts from nothing; of an account's it is only where counting begins. */
static int64_t
change_of(const HibSubject *subject, const HibMetric *metric, const HibReading *reading,
          int64_t days_since)
{
    const HibNumber *before = &subject->numbers[reading->metric];
    if (metric->kind == HIB_METRIC_FLOW)
        return reading->value - (before->is_known && !days_since ? before->value : 0);
    if (!before->is_known && subject->is_own)
        return 0;
    return reading->value - (before->is_known ? before->value : 0);
}

/* Whether it is summed up at all: people are not. */
static bool
is_rolled(const HibSubject *subject, const HibMetric *metric)
{
    switch (metric->kind) {
    case HIB_METRIC_COUNTER:
        return (metric->adds & HIB_METRIC_OVER_POSTS) != 0;
    case HIB_METRIC_GAUGE:
    case HIB_METRIC_FLOW:
        return subject->is_own;
    default:
        return false;
    }
}

static void
count_cell(HibRolling *rolling, const HibSubject *subject, const HibMetric *metric,
           const HibReading *reading, const HibWallParts *parts, int64_t change, int64_t days_since,
           int sign)
{
    Cell *cell = hour_cell(rolling, subject->account, subject->is_own, reading->metric, parts);
    const bool is_first = !subject->numbers[reading->metric].is_known;
    cell->readings += sign;
    cell->inexact += reading->state != HIB_METRIC_EXACT ? sign : 0;
    if (metric->kind == HIB_METRIC_GAUGE) {
        if (sign > 0 && reading->as_of >= cell->as_of) {
            cell->value = reading->value;
            cell->as_of = reading->as_of;
        }
        return;
    }
    cell->value += sign * change;
    if (sign > 0)
        cell->as_of = MAX(cell->as_of, reading->as_of);
    if (metric->kind == HIB_METRIC_FLOW || is_first)
        return;
    cell->falls += change < 0 ? sign : 0;
    cell->gaps += days_since > 1 ? sign : 0;
}

static void
take_one(HibRolling *rolling, HibSubject *subject, const HibReading *reading, int sign)
{
    const HibMetric *metric = hib_metric_of_id(reading->metric);
    HibNumber *number = &subject->numbers[reading->metric];
    const HibWallParts parts = hib_rolling_parts(rolling, reading->as_of);
    if (metric && metric->kind <= HIB_METRIC_FLOW) {
        const int64_t days_since =
            number->is_known ? parts.ordinal - hib_rolling_parts(rolling, number->as_of).ordinal
                             : 0;
        const int64_t change = change_of(subject, metric, reading, days_since);
        if (is_rolled(subject, metric))
            count_cell(rolling, subject, metric, reading, &parts, change, days_since, sign);
        if (!subject->is_own && metric->kind == HIB_METRIC_COUNTER) {
            count_day(subject, parts.ordinal, reading->metric, change);
            count_hour(rolling, subject, parts.hour, reading->metric, sign * change);
        }
    }
    *number = (HibNumber){reading->as_of, reading->value, reading->state, true};
    subject->as_of = reading->as_of;
    subject->has_as_of = true;
}

void
hib_rolling_take(HibRolling *rolling, HibSubject *subject, const HibReading *readings, size_t n,
                 int sign)
{
    subject->account = account_of(rolling, subject->account);
    for (size_t i = 0; i < n; i++) {
        take_one(rolling, subject, &readings[i], sign);
        if (i + 1 == n || readings[i + 1].as_of != readings[i].as_of)
            settle(subject);
    }
}

/* --- rows --------------------------------------------------------------------------------------------------------- */
static void
put_together(Cell *into, const Cell *hour, bool is_gauge)
{
    into->readings += hour->readings;
    into->falls += hour->falls;
    into->gaps += hour->gaps;
    into->inexact += hour->inexact;
    if (!is_gauge)
        into->value += hour->value;
    else if (hour->as_of >= into->as_of)
        into->value = hour->value;
    into->as_of = MAX(into->as_of, hour->as_of);
}

static bool
has_grain(const HibMetric *metric, HibGrain grain)
{
    if (metric->kind != HIB_METRIC_FLOW)
        return true;
    return grain == HIB_GRAIN_DAY ||
           (grain > HIB_GRAIN_DAY && (metric->adds & HIB_METRIC_OVER_DAYS));
}

static void
spread(HibRolling *rolling, const Cell *hour)
{
    const HibMetric *metric = hib_metric_of_id(hour->key.metric);
    const int64_t at[] = {hour->parts.hour, hour->parts.day, hour->parts.week, hour->parts.month};
    for (uint8_t grain = HIB_GRAIN_DAY; grain <= HIB_GRAIN_MONTH; grain++) {
        Key key = hour->key;
        key.grain = grain;
        key.at = at[grain];
        if (has_grain(metric, (HibGrain)grain))
            put_together(cell_of(rolling, &key), hour, metric->kind == HIB_METRIC_GAUGE);
    }
}

static bool
is_worth(const HibRolling *rolling, const Cell *cell)
{
    const HibMetric *metric = hib_metric_of_id(cell->key.metric);
    if (cell->key.grain == HIB_GRAIN_HOUR &&
        (cell->key.at < rolling->first_hour || !has_grain(metric, HIB_GRAIN_HOUR)))
        return false;
    return metric->kind == HIB_METRIC_GAUGE
               ? cell->as_of != 0
               : cell->value || cell->readings || cell->falls || cell->gaps || cell->inexact;
}

void
hib_rolling_rows(HibRolling *rolling, HibArena *arena, HibRollRow **ret_sums, size_t *ret_n,
                 HibRollRow **ret_last, size_t *ret_n_last)
{
    guint n_hours = 0;
    g_autofree gpointer *hours = g_hash_table_get_keys_as_array(rolling->cells, &n_hours);
    for (guint i = 0; i < n_hours; i++)
        spread(rolling, hours[i]);
    guint n = 0;
    g_autofree gpointer *cells = g_hash_table_get_keys_as_array(rolling->cells, &n);
    *ret_sums = hib_arena_array(arena, HibRollRow, n + 1);
    *ret_last = hib_arena_array(arena, HibRollRow, n + 1);
    *ret_n = *ret_n_last = 0;
    for (guint i = 0; i < n; i++) {
        const Cell *c = cells[i];
        const HibRollRow row = {(HibGrain)c->key.grain,
                                c->key.is_own,
                                c->key.metric,
                                c->key.at,
                                c->key.account,
                                c->value,
                                c->readings,
                                c->falls,
                                c->gaps,
                                c->inexact,
                                c->as_of};
        if (!is_worth(rolling, c))
            continue;
        if (hib_metric_of_id(c->key.metric)->kind == HIB_METRIC_GAUGE)
            (*ret_last)[(*ret_n_last)++] = row;
        else
            (*ret_sums)[(*ret_n)++] = row;
    }
    g_hash_table_remove_all(rolling->cells);
}
