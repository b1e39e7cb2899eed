/* See recurrence.h. Days are walked one by one: a rule is looked at for a few weeks at a time, and a day costs nanoseconds. */
#include "publish/recurrence.h"
#include "base/error.h"

#include <string.h>

/* --- days ------------------------------------------------------------------------------------------------------------------ */
static bool
open_day(int day, GDate *ret)
{
    int year = day / 10000, month = day / 100 % 100, of_month = day % 100;
    if (year < 1 || year > 9999 ||
        !g_date_valid_dmy((GDateDay)of_month, (GDateMonth)month, (GDateYear)year))
        return false;
    g_date_clear(ret, 1);
    g_date_set_dmy(ret, (GDateDay)of_month, (GDateMonth)month, (GDateYear)year);
    return true;
}

static int
number_of(const GDate *date)
{
    return g_date_get_year(date) * 10000 + (int)g_date_get_month(date) * 100 + g_date_get_day(date);
}

static int
last_of_month(const GDate *date)
{
    return g_date_get_days_in_month(g_date_get_month(date), g_date_get_year(date));
}

/* --- does the rule fall on the day? -------------------------------------------------------------------------------------------- */
static bool
is_nth(const HibRecurrence *rule, const GDate *date)
{
    int day = g_date_get_day(date);
    if (!rule->nth)
        return true;
    return rule->nth < 0 ? day + 7 > last_of_month(date) : (day - 1) / 7 + 1 == rule->nth;
}

static bool
falls_on_month_day(const HibRecurrence *rule, const GDate *date)
{
    int day = g_date_get_day(date);
    bool is_last = (rule->month_days & 1) && day == last_of_month(date);
    if (is_last || (rule->month_days & (1u << day)))
        return true;
    bool is_weekday = rule->weekdays & (1u << g_date_get_weekday(date));
    return is_weekday && is_nth(rule, date);
}

static bool
falls_on(const HibRecurrence *rule, const GDate *from, const GDate *date)
{
    int apart = g_date_days_between(from, date);
    if (rule->frequency == HIB_FREQ_DAILY)
        return apart % rule->interval == 0;
    if (rule->frequency == HIB_FREQ_WEEKLY) {
        int weeks = (apart + (int)g_date_get_weekday(from) - 1) / 7;
        unsigned days = rule->weekdays ? rule->weekdays : 1u << g_date_get_weekday(from);
        return weeks % rule->interval == 0 && (days & (1u << g_date_get_weekday(date)));
    }
    int months = (g_date_get_year(date) - g_date_get_year(from)) * 12 +
                 (int)g_date_get_month(date) - (int)g_date_get_month(from);
    return months % rule->interval == 0 && falls_on_month_day(rule, date);
}

static bool
is_skipped(const HibRecurrence *rule, int day)
{
    for (int i = 0; i < rule->n_skips; i++)
        if (rule->skips[i] == day)
            return true;
    return false;
}

/* The instants of one day within (after, until]. */
static size_t
add_day(const HibRecurrence *rule, const HibZone *zone, int day, HibInstant after, HibInstant until,
        HibInstant *ret, size_t most)
{
    size_t n = 0;
    for (int i = 0; i < rule->n_times && n < most; i++) {
        const HibWall wall = {.year = day / 10000,
                              .month = day / 100 % 100,
                              .day = day % 100,
                              .hour = rule->minutes[i] / 60,
                              .minute = rule->minutes[i] % 60};
        HibInstant at;
        if (!hib_wall_resolve(zone, &wall, &at, NULL) || at <= after || at > until)
            continue;
        if (n && ret[n - 1] >= at)
            continue; /* two wall times of one day that a clock change makes one */
        ret[n++] = at;
    }
    return n;
}

size_t
hib_recurrence_between(const HibRecurrence *rule, const HibZone *zone, HibInstant after,
                       HibInstant until, HibInstant *ret, size_t most)
{
    GDate from, date;
    size_t n = 0;
    if (until <= after || !open_day(rule->from, &from))
        return 0;
    HibWall start = hib_wall_at(zone, after);
    int first = start.year * 10000 + start.month * 100 + start.day;
    if (!open_day(MAX(first, rule->from), &date))
        return 0;
    /* A day before: a skipped midnight can push a time of one day into the next. */
    if (g_date_get_julian(&date) > g_date_get_julian(&from))
        g_date_subtract_days(&date, 1);
    HibWall end = hib_wall_at(zone, until);
    int last = end.year * 10000 + end.month * 100 + end.day;
    if (rule->until && rule->until < last)
        last = rule->until;
    for (; number_of(&date) <= last && n < most; g_date_add_days(&date, 1))
        if (falls_on(rule, &from, &date) && !is_skipped(rule, number_of(&date)))
            n += add_day(rule, zone, number_of(&date), n ? ret[n - 1] : after, until, ret + n,
                         most - n);
    return n;
}

/* --- what a person may ask for -------------------------------------------------------------------------------------------------- */
static bool
refuse(const char *reason, const char *pointer, GError **error)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s at %s", reason, pointer);
    return false;
}

bool
hib_recurrence_check(const HibRecurrence *rule, GError **error)
{
    GDate date;
    if (rule->n_times < 1)
        return refuse("series.no_time", "/rule/times", error);
    if (!open_day(rule->from, &date))
        return refuse("series.bad_day", "/rule/from", error);
    if (rule->until && (!open_day(rule->until, &date) || rule->until < rule->from))
        return refuse("series.bad_range", "/rule/until", error);
    if (rule->frequency == HIB_FREQ_MONTHLY && !rule->month_days && !rule->weekdays)
        return refuse("series.no_day", "/rule/month_days", error);
    return true;
}

/* --- as it is stored ------------------------------------------------------------------------------------------------------------ */
static cJSON *
ints(const int *values, int n)
{
    return cJSON_CreateIntArray(values, n);
}

const char *
hib_recurrence_print(HibArena *arena, const HibRecurrence *rule)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddNumberToObject(out, "frequency", rule->frequency);
    cJSON_AddNumberToObject(out, "interval", rule->interval);
    cJSON_AddNumberToObject(out, "weekdays", rule->weekdays);
    cJSON_AddNumberToObject(out, "month_days", rule->month_days);
    cJSON_AddNumberToObject(out, "nth", rule->nth);
    cJSON_AddItemToObject(out, "minutes", ints(rule->minutes, rule->n_times));
    cJSON_AddNumberToObject(out, "from", rule->from);
    cJSON_AddNumberToObject(out, "until", rule->until);
    cJSON_AddItemToObject(out, "skips", ints(rule->skips, rule->n_skips));
    return hib_json_print(arena, out);
}

static bool
read_ints(HibJson in, const char *key, int *ret, int most, int *ret_n, GError **error)
{
    HibJson list;
    if (!hib_json_array(in, key, &list, error))
        return false;
    *ret_n = 0;
    for (HibJson e = hib_json_first(list); e.value && *ret_n < most; e = hib_json_next(list, e))
        if (cJSON_IsNumber(e.value))
            ret[(*ret_n)++] = e.value->valueint;
    return true;
}

bool
hib_recurrence_read(HibArena *arena, const char *text, HibRecurrence *ret, GError **error)
{
    HibJson in;
    int64_t frequency, interval, weekdays, month_days, nth, from, until;
    *ret = (HibRecurrence){0};
    if (!hib_json_parse(arena, text, strlen(text), &in, error) ||
        !hib_json_int(in, "frequency", &frequency, error) ||
        !hib_json_int(in, "interval", &interval, error) ||
        !hib_json_int(in, "weekdays", &weekdays, error) ||
        !hib_json_int(in, "month_days", &month_days, error) ||
        !hib_json_int(in, "nth", &nth, error) || !hib_json_int(in, "from", &from, error) ||
        !hib_json_int(in, "until", &until, error) ||
        !read_ints(in, "minutes", ret->minutes, HIB_RECURRENCE_TIMES, &ret->n_times, error) ||
        !read_ints(in, "skips", ret->skips, HIB_RECURRENCE_SKIPS, &ret->n_skips, error))
        return false;
    ret->frequency = (HibFrequency)frequency;
    ret->interval = (int)MAX(interval, 1);
    ret->weekdays = (unsigned)weekdays;
    ret->month_days = (unsigned)month_days;
    ret->nth = (int)nth;
    ret->from = (int)from;
    ret->until = (int)until;
    return true;
}
