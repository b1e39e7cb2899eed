/* Open time is walked day by day, each stretch turned into instants by its zone: a day of 23 or 25 hours is as long as it is. */
#include "engage/sla.h"
#include "days/days.h"
#include <stdlib.h>
#include <string.h>

/* --- stretches ------------------------------------------------------------------------------------------------------------ */
static bool
is_closed(const HibHours *hours, int day)
{
    size_t low = 0, high = hours->n_closed;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hours->closed[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return (low < hours->n_closed && hours->closed[low] == day) ||
           (hours->closed_on_holidays && hib_days_is_holiday(day));
}

static HibInstant
at_minute(const HibZone *zone, const HibWall *day, HibInstant next_day, int minute)
{
    HibInstant at;
    HibWall wall = {.year = day->year,
                    .month = day->month,
                    .day = day->day,
                    .hour = minute / 60,
                    .minute = minute % 60};
    return minute < 24 * 60 && hib_wall_resolve(zone, &wall, &at, NULL) ? at : next_day;
}

/* A walk over the stretches that end after `at`, in order. */
typedef struct {
    const HibHours *hours;
    const HibZone *zone;
    HibInstant start, next; /* of the day that is walked */
    int days;
    size_t i;
    HibInstant from, to; /* the stretch */
} Walk;

static Walk
walk_from(const HibHours *hours, const HibZone *zone, HibInstant at)
{
    return (Walk){.hours = hours,
                  .zone = zone,
                  .start = hib_day_start(zone, at, 0),
                  .next = hib_day_start(zone, at, 1)};
}

static bool
walk_day(Walk *walk)
{
    walk->start = walk->next;
    walk->next = hib_day_start(walk->zone, walk->start, 1);
    walk->i = 0;
    return ++walk->days <= HIB_SLA_LAST_DAYS && walk->next > walk->start;
}

/* False: none within the days one looks ahead. */
static bool
walk_on(Walk *walk, HibInstant after)
{
    do {
        HibWall day = hib_wall_at(walk->zone, walk->start);
        size_t weekday = (size_t)day.weekday - 1;
        bool closed = is_closed(walk->hours, (day.year * 100 + day.month) * 100 + day.day);
        while (!closed && walk->i < walk->hours->n_open[weekday]) {
            const HibOpen *open = &walk->hours->open[weekday][walk->i++];
            walk->from = at_minute(walk->zone, &day, walk->next, open->from);
            walk->to = at_minute(walk->zone, &day, walk->next, open->to);
            if (walk->to > MAX(walk->from, after))
                return true;
        }
    } while (walk_day(walk));
    return false;
}

/* --- what is asked ---------------------------------------------------------------------------------------------------------- */
bool
hib_hours_any(const HibHours *hours)
{
    for (size_t i = 0; i < 7; i++)
        if (hours->n_open[i])
            return true;
    return false;
}

bool
hib_hours_is_open(const HibHours *hours, const HibZone *zone, HibInstant at, HibInstant *ret_next)
{
    Walk walk = walk_from(hours, zone, at);
    bool found = walk_on(&walk, at), is_open = found && walk.from <= at;
    HibInstant next = !found ? HIB_NEVER : is_open ? walk.to : walk.from;
    while (is_open && walk_on(&walk, next) && walk.from <= next) /* through midnight */
        next = walk.to;
    if (ret_next)
        *ret_next = next;
    return is_open;
}

HibInstant
hib_hours_due_near(const HibHours *hours, const HibZone *zone, HibInstant since,
                   HibDuration allowance, HibDueMemo *memo)
{
    if (allowance <= 0)
        return since;
    if (since >= memo->since && since < memo->until) {
        HibInstant due = memo->moves ? memo->due + (since - memo->since) : memo->due;
        if (due <= memo->due_most)
            return due;
    }
    Walk walk = walk_from(hours, zone, since);
    *memo = (HibDueMemo){.since = since};
    while (walk_on(&walk, since)) {
        HibInstant from = MAX(walk.from, since);
        if (!memo->until) {
            memo->moves = walk.from <= since;
            memo->until = memo->moves ? walk.to : walk.from;
        }
        if (walk.to - from >= allowance) {
            memo->due = from + allowance;
            memo->due_most = walk.to;
            return memo->due;
        }
        allowance -= walk.to - from;
    }
    *memo = (HibDueMemo){0};
    return HIB_NEVER;
}

HibInstant
hib_hours_due(const HibHours *hours, const HibZone *zone, HibInstant since, HibDuration allowance)
{
    HibDueMemo memo = {0};
    return hib_hours_due_near(hours, zone, since, allowance, &memo);
}

HibDuration
hib_hours_between(const HibHours *hours, const HibZone *zone, HibInstant from, HibInstant to)
{
    HibDuration sum = 0;
    Walk walk = walk_from(hours, zone, from);
    while (walk_on(&walk, from) && walk.from < to)
        sum += MIN(walk.to, to) - MAX(walk.from, from);
    return MAX(sum, 0);
}

/* --- as text ------------------------------------------------------------------------------------------------------------------ */
static bool
read_minute(const char **text, int *ret)
{
    const char *t = *text;
    for (size_t i = 0; i < 5; i++)
        if (i == 2 ? t[i] != ':' : !g_ascii_isdigit(t[i]))
            return false;
    int hour = (t[0] - '0') * 10 + t[1] - '0', minute = (t[3] - '0') * 10 + t[4] - '0';
    *text += 5;
    *ret = hour * 60 + minute;
    return minute < 60 && *ret <= 24 * 60;
}

static int
by_start(const void *a, const void *b)
{
    return ((const HibOpen *)a)->from - ((const HibOpen *)b)->from;
}

bool
hib_open_parse(const char *text, HibOpen ret[HIB_OPEN_MOST], size_t *ret_n)
{
    *ret_n = 0;
    while (*text) {
        HibOpen one;
        if (*ret_n == HIB_OPEN_MOST || (*ret_n && *text++ != ',') ||
            !read_minute(&text, &one.from) || *text++ != '-' || !read_minute(&text, &one.to) ||
            one.to <= one.from)
            return false;
        ret[(*ret_n)++] = one;
    }
    qsort(ret, *ret_n, sizeof *ret, by_start);
    for (size_t i = 1; i < *ret_n; i++)
        if (ret[i].from < ret[i - 1].to)
            return false;
    return true;
}

const char *
hib_open_format(HibArena *arena, const HibOpen *open, size_t n)
{
    const char *out = "";
    for (size_t i = 0; i < n; i++)
        out =
            hib_arena_printf(arena, "%s%s%02d:%02d-%02d:%02d", out, i ? "," : "", open[i].from / 60,
                             open[i].from % 60, open[i].to / 60, open[i].to % 60);
    return out;
}
