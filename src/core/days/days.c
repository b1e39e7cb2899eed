/* See days.h. A rule is resolved for one year at a time and its span compared with the range; a year costs a few microseconds, so nothing is kept. */
#include "days/days.h"
#include "days/days_private.h"
#include <stdlib.h>
#include <string.h>

/* --- numbers ------------------------------------------------------------------------------------------------------------ */
static bool
open_day(int day, GDate *ret)
{
    int year = day / 10000, month = day / 100 % 100, of_month = day % 100;
    if (year < 1 || year > 9999 || !month || !of_month ||
        !g_date_valid_dmy((GDateDay)of_month, (GDateMonth)month, (GDateYear)year))
        return false;
    g_date_clear(ret, 1);
    g_date_set_dmy(ret, (GDateDay)of_month, (GDateMonth)month, (GDateYear)year);
    return true;
}

int
hib_day_number(const char *text)
{
    GDate date;
    int day = 0;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return 0;
    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7)
            continue;
        if (!g_ascii_isdigit(text[i]))
            return 0;
        day = day * 10 + (text[i] - '0');
    }
    return open_day(day, &date) ? day : 0;
}

const char *
hib_day_text(HibArena *arena, int day)
{
    return hib_arena_printf(arena, "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

uint32_t
hib_day_julian(int day)
{
    GDate date;
    return open_day(day, &date) ? g_date_get_julian(&date) : 0;
}

int
hib_day_of_julian(uint32_t julian)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, julian);
    return g_date_get_year(&date) * 10000 + (int)g_date_get_month(&date) * 100 +
           g_date_get_day(&date);
}

int
hib_day_plus(int day, int days)
{
    int64_t first = hib_day_julian(10101), last = hib_day_julian(99991231);
    return hib_day_of_julian((uint32_t)CLAMP((int64_t)hib_day_julian(day) + days, first, last));
}

int
hib_day_at(const HibZone *zone, HibInstant at)
{
    HibWall wall = hib_wall_at(zone, at);
    return wall.year * 10000 + wall.month * 100 + wall.day;
}

const char *
hib_day_pick(const HibDayText *text, const char *locale)
{
    return g_str_equal(locale, "en") ? text->en : text->ja;
}

/* --- one rule in one year ----------------------------------------------------------------------------------------------- */
static uint32_t
in_year(int year, int month_day)
{
    return hib_day_julian(year * 10000 + month_day);
}

/* The first day of the month that is the weekday (0 = Sunday), as the day after its Julian number's remainder: day 1 was a Monday. */
static uint32_t
nth_weekday(int year, int month, int weekday, int nth)
{
    uint32_t first = in_year(year, month * 100 + 1);
    return first + ((uint32_t)weekday + 7 - first % 7) % 7 + 7 * (uint32_t)(nth - 1);
}

static uint32_t
last_weekday(int year, int month, int weekday)
{
    uint32_t next = month == 12 ? in_year(year + 1, 101) : in_year(year, month * 100 + 101);
    return next - 1 - ((next - 1) % 7 + 7 - (uint32_t)weekday) % 7;
}

/* Computed as the almanacs do between 1900 and 2099 (rules/calendar/README.md). */
static uint32_t
equinox(int year, bool is_autumn)
{
    double base = is_autumn ? (year < 1980 ? 23.2588 : 23.2488) : year < 1980 ? 20.8357 : 20.8431;
    int leaps = year < 1980 ? (year - 1983) / 4 : (year - 1980) / 4;
    return in_year(year, (is_autumn ? 900 : 300) + (int)(base + 0.242194 * (year - 1980)) - leaps);
}

static size_t
tabled(int table, int year, uint32_t *ret)
{
    size_t n = 0;
    if (year < hib_day_tables_from || year > hib_day_tables_until)
        return 0;
    const uint16_t *days = hib_day_tables[table * (hib_day_tables_until - hib_day_tables_from + 1) +
                                          year - hib_day_tables_from];
    for (size_t i = 0; i < 2; i++)
        if (days[i])
            ret[n++] = in_year(year, days[i]);
    return n;
}

static size_t
nominal(const HibDayRule *rule, int year, uint32_t *ret)
{
    switch (rule->rule) {
    case 'F':
        ret[0] = in_year(year, rule->at[0]);
        return ret[0] != 0; /* 29 February */
    case 'W':
        ret[0] = nth_weekday(year, rule->at[0], rule->at[1], rule->at[2]);
        return hib_day_of_julian(ret[0]) / 100 == year * 100 + rule->at[0]; /* a fifth one */
    case 'L':
        ret[0] = last_weekday(year, rule->at[0], rule->at[1]);
        return 1;
    case 'E':
        ret[0] = equinox(year, rule->at[0]);
        return 1;
    case 'H':
        return hib_day_made(rule->at[0], year, ret);
    default:
        return tabled(rule->at[0], year, ret);
    }
}

size_t
hib_day_starts(const HibDayRule *rule, int year, uint32_t ret[HIB_DAY_MOST])
{
    if (year < rule->since || year > rule->until || year == rule->skipped[0] ||
        year == rule->skipped[1])
        return 0;
    size_t n = nominal(rule, year, ret);
    for (size_t i = 0; i < n; i++)
        ret[i] = (uint32_t)((int64_t)ret[i] + rule->offset);
    return n;
}

/* --- a range ------------------------------------------------------------------------------------------------------------ */
static void
add_year(const HibDayRule *rule, int year, uint32_t from, uint32_t until, GArray *found)
{
    uint32_t starts[HIB_DAY_MOST];
    size_t n = hib_day_starts(rule, year, starts);
    for (size_t i = 0; i < n; i++) {
        uint32_t last = starts[i] + (uint32_t)rule->length - 1;
        if (starts[i] > until || last < from)
            continue;
        HibDay day = rule->day;
        day.first = hib_day_of_julian(starts[i]);
        day.last = hib_day_of_julian(last);
        g_array_append_val(found, day);
    }
}

static int
by_first(const void *a, const void *b)
{
    const HibDay *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind : strcmp(x->id, y->id);
}

void
hib_days_of(HibArena *arena, int from, int until, HibDay **ret, size_t *ret_n)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibDay));
    from = MAX(from, HIB_DAYS_FROM);
    until = MIN(until, HIB_DAYS_UNTIL);
    uint32_t first = hib_day_julian(from), last = hib_day_julian(until);
    /* A span may begin in the year before, an offset may lead into the next. */
    for (int year = from / 10000 - 1; from <= until && year <= until / 10000 + 1; year++)
        for (size_t i = 0; i < hib_day_n_rules; i++)
            add_year(&hib_day_rules[i], year, first, last, found);
    g_array_sort(found, by_first);
    *ret_n = found->len;
    *ret = hib_arena_array(arena, HibDay, found->len + 1);
    if (found->len)
        memcpy(*ret, found->data, found->len * sizeof(HibDay));
}

void
hib_days_tabled(int *ret_from, int *ret_until)
{
    *ret_from = hib_day_tables_from;
    *ret_until = hib_day_tables_until;
}

/* --- care --------------------------------------------------------------------------------------------------------------- */
static bool
is_about(const HibDay *day, const char *text)
{
    for (size_t i = 0; day->words && day->words[i]; i++)
        if (strstr(text, day->words[i]))
            return true;
    return !day->words;
}

static int
by_care(const void *a, const void *b)
{
    const HibDay *x = a, *y = b;
    return x->care != y->care ? (int)y->care - (int)x->care : by_first(a, b);
}

void
hib_days_care(HibArena *arena, int day, const char *text, HibDay **ret, size_t *ret_n)
{
    HibDay *all;
    size_t n_all, n = 0;
    hib_days_of(arena, day, day, &all, &n_all);
    for (size_t i = 0; i < n_all; i++)
        if (all[i].care && is_about(&all[i], text))
            all[n++] = all[i];
    qsort(all, n, sizeof *all, by_care);
    *ret = all;
    *ret_n = n;
}
