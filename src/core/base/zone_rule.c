/* The rule at the end of a TZif file: a POSIX TZ string, with RFC 8536's wider hours (-167..167).
 *
 * POSIX counts offsets west of UTC; here they are turned east as they are read. */
#include "base/zone_data.h"

#include "base/clock.h"

#include <glib.h>
#include <string.h>

#define DAY_S 86400

/* --- parse ---------------------------------------------------------------------------------------------- */
static bool
take_name(const char **at)
{
    const char *from = *at;
    if (**at == '<') {
        const char *end = strchr(*at, '>');
        if (end == NULL || end - from < 4)
            return false;
        *at = end + 1;
        return true;
    }
    while (g_ascii_isalpha(**at))
        (*at)++;
    return *at - from >= 3;
}

static bool
take_number(const char **at, int most, int *ret)
{
    if (!g_ascii_isdigit(**at))
        return false;
    int value = 0;
    while (g_ascii_isdigit(**at) && value <= most)
        value = value * 10 + (*(*at)++ - '0');
    *ret = value;
    return value <= most;
}

static bool
take_colon_number(const char **at, int most, int *ret)
{
    *ret = 0;
    if (**at != ':')
        return true;
    (*at)++;
    return take_number(at, most, ret);
}

/* [+-]h[:m[:s]] */
static bool
take_hours(const char **at, int *ret_s)
{
    int sign = **at == '-' ? -1 : 1;
    if (**at == '-' || **at == '+')
        (*at)++;
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!take_number(at, 167, &hours) || !take_colon_number(at, 59, &minutes) ||
        !take_colon_number(at, 59, &seconds))
        return false;
    *ret_s = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool
take_month_day(const char **at, HibRuleDay *ret)
{
    if (!take_number(at, 12, &ret->month) || ret->month < 1 || *(*at)++ != '.')
        return false;
    if (!take_number(at, 5, &ret->week) || ret->week < 1 || *(*at)++ != '.')
        return false;
    return take_number(at, 6, &ret->day);
}

static bool
take_day(const char **at, HibRuleDay *ret)
{
    if (*(*at)++ != ',')
        return false;
    ret->kind = **at == 'M' || **at == 'J' ? *(*at)++ : 'D';
    bool ok = ret->kind == 'M' ? take_month_day(at, ret) : take_number(at, 365, &ret->day);
    if (!ok || (ret->kind == 'J' && ret->day < 1))
        return false;
    ret->time_s = 2 * 3600;
    if (**at != '/')
        return true;
    (*at)++;
    return take_hours(at, &ret->time_s);
}

bool
hib_rule_parse(const char *text, HibRule *ret)
{
    HibRule rule = {.is_there = true};
    int west_s = 0;
    if (!take_name(&text) || !take_hours(&text, &west_s))
        return false;
    rule.winter_s = -west_s;
    if (*text != '\0') {
        rule.has_summer = true;
        rule.summer_s = rule.winter_s + 3600;
        if (!take_name(&text))
            return false;
        if (*text != ',') {
            if (!take_hours(&text, &west_s))
                return false;
            rule.summer_s = -west_s;
        }
        if (!take_day(&text, &rule.begin) || !take_day(&text, &rule.end) || *text != '\0')
            return false;
    }
    *ret = rule;
    return true;
}

/* --- use ------------------------------------------------------------------------------------------------ */
/* The local second (not an instant: no offset taken off) a rule day means in a year. */
static int64_t
local_second(const HibRuleDay *day, int year)
{
    int64_t first = hib_days_from_date(year, 1, 1);
    int64_t days = first + day->day;
    if (day->kind == 'J') {
        bool is_leap = hib_days_from_date(year, 3, 1) - hib_days_from_date(year, 2, 1) == 29;
        days = first + day->day - 1 + (is_leap && day->day >= 60 ? 1 : 0);
    } else if (day->kind == 'M') {
        int64_t month_first = hib_days_from_date(year, day->month, 1);
        int64_t next_first = day->month < 12 ? hib_days_from_date(year, day->month + 1, 1)
                                             : hib_days_from_date(year + 1, 1, 1);
        int weekday =
            (int)(((month_first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday; Sunday = 0 */
        days = month_first + (day->day - weekday + 7) % 7 + 7 * (day->week - 1);
        while (days >= next_first)
            days -= 7;
    }
    return days * DAY_S + day->time_s;
}

HibStretch
hib_rule_stretch(const HibRule *rule, int64_t at)
{
    HibStretch stretch = {INT64_MIN, INT64_MAX, rule->winter_s};
    if (!rule->has_summer)
        return stretch;

    int year = 0;
    int month = 0;
    int day = 0;
    int64_t days = (at - ((at % DAY_S) + DAY_S) % DAY_S) / DAY_S;
    hib_date_from_days(days, &year, &month, &day);
    /* The neighbours' changes too: a rule's hour may push a change over the year's edge. Where summer time begins in
     * the very second it ends (it lasts all year), the beginning is looked at last and wins. */
    for (int y = year - 1; y <= year + 1; y++) {
        const struct {
            int64_t at;
            int32_t offset_s;
        } changes[] = {
            {local_second(&rule->end, y) - rule->summer_s, rule->winter_s},
            {local_second(&rule->begin, y) - rule->winter_s, rule->summer_s},
        };
        for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
            if (changes[i].at <= at && changes[i].at >= stretch.from) {
                stretch.from = changes[i].at;
                stretch.offset_s = changes[i].offset_s;
            }
            if (changes[i].at > at && changes[i].at < stretch.until)
                stretch.until = changes[i].at;
        }
    }
    return stretch;
}
