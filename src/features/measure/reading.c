/* Readings: what one means for the roll-ups, and when the next one is due. Pure.
 *
 * The one idea: a day's gain is the sum of the changes between neighbouring readings, each counted on the day of the later one. So a reading that comes late splits one
 * change into two, and nothing is ever counted twice. */
#include "measure/measure_private.h"
#include <string.h>

#define SETTLED_AFTER (48 * HIB_HOUR) /* when a post's numbers are compared with those of others */

static const char *const names[HIB_MEASURE_N] = {"likes", "reposts", "replies", "quotes"};

int
hib_measure_metric(const char *name)
{
    for (int i = 0; i < HIB_MEASURE_N; i++)
        if (g_str_equal(names[i], name))
            return i;
    return -1;
}

const char *
hib_measure_metric_name(HibMeasureMetric metric)
{
    return names[metric];
}

int64_t
hib_measure_take(HibMeasureRunning *running, HibMeasureMetric metric, HibInstant as_of,
                 int64_t value)
{
    int64_t change = value - (running->has[metric] ? running->values[metric] : 0);
    running->values[metric] = value;
    running->has[metric] = true;
    running->as_of = as_of;
    running->has_as_of = true;
    return change;
}

void
hib_measure_settle(HibMeasureRunning *running)
{
    if (running->has_48 || !running->has_as_of ||
        running->as_of < running->published_at + SETTLED_AFTER)
        return;
    running->engagements_48 = hib_measure_engagements(running);
    running->has_48 = true;
}

int64_t
hib_measure_engagements(const HibMeasureRunning *running)
{
    int64_t sum = 0;
    for (int i = 0; i < HIB_MEASURE_N; i++)
        sum += running->has[i] ? running->values[i] : 0;
    return sum;
}

HibInstant
hib_measure_next_read(HibInstant published_at, HibInstant now)
{
    static const struct {
        HibDuration until, step; /* while younger than `until`: every `step` */
    } steps[] = {
        {10 * HIB_MINUTE, HIB_MINUTE},   {HIB_HOUR, 5 * HIB_MINUTE},
        {6 * HIB_HOUR, 15 * HIB_MINUTE}, {2 * HIB_DAY, HIB_HOUR},
        {14 * HIB_DAY, 6 * HIB_HOUR},    {90 * HIB_DAY, HIB_DAY},
        {730 * HIB_DAY, 7 * HIB_DAY},
    };
    HibDuration age = MAX(now - published_at, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (age < steps[i].until)
            return now + steps[i].step;
    return 0;
}

HibInstant
hib_measure_next_look(HibInstant published_at, HibInstant now)
{
    HibInstant next = hib_measure_next_read(published_at, now);
    HibDuration age = now - published_at;
    if (!next ||
        age >=
            2 * HIB_DAY) /* one that nobody may see is never listed: then it costs no more than others */
        return next;
    return MIN(next, now + (age < HIB_HOUR ? HIB_MINUTE : HIB_HOUR));
}

int64_t
hib_measure_day(const HibZone *zone, HibInstant at)
{
    HibWall wall = hib_wall_at(zone, at);
    return wall.year * 10000 + wall.month * 100 + wall.day;
}

int64_t
hib_measure_day_shift(int64_t day, int days)
{
    HibWall wall = {
        .year = (int)(day / 10000), .month = (int)(day / 100 % 100), .day = (int)(day % 100)};
    HibInstant at = 0;
    if (!hib_wall_resolve(hib_zone_utc(), &wall, &at, NULL))
        return day;
    return hib_measure_day(hib_zone_utc(), at + days * HIB_DAY);
}

const char *
hib_measure_day_text(HibArena *arena, int64_t day)
{
    return hib_arena_printf(arena, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100),
                            (int)(day % 100));
}
