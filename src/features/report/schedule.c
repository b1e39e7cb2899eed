/* When a scheduled report is due, and of which days. A day is chosen (of the week, of the month), moved off days on which nobody works, and only then becomes an instant of the workspace's zone. Pure. */
#include "days/days.h"
#include "report/delivery.h"

#define FAR 12 /* days: longer no row of holidays is */

static int
weekday(int day)
{
    const HibWall noon = {
        .year = day / 10000, .month = day / 100 % 100, .day = day % 100, .hour = 12};
    HibInstant at;
    return hib_wall_resolve(hib_zone_utc(), &noon, &at, NULL)
               ? hib_wall_at(hib_zone_utc(), at).weekday
               : 1;
}

static bool
is_working(int day)
{
    return weekday(day) <= 5 && !hib_days_is_holiday(day);
}

static int
shifted(int day, HibReportShift shift, int least)
{
    int step = shift == HIB_SHIFT_BEFORE ? -1 : 1, moved = day;
    if (shift == HIB_SHIFT_NONE)
        return day;
    for (int i = 0; i < FAR && !is_working(moved); i++)
        moved = hib_day_plus(moved, step);
    if (moved >= least)
        return moved;
    return shifted(day, HIB_SHIFT_AFTER,
                   least); /* before the period is over there is nothing to report */
}

static int
first_of_month(int day)
{
    return day / 100 * 100 + 1;
}

static int
last_of_month(int day)
{
    return hib_day_plus(first_of_month(hib_day_plus(first_of_month(day), 31)), -1);
}

static HibReportDue
due_on(const HibReportRhythm *rhythm, const HibZone *zone, int day)
{
    HibReportDue due;
    if (rhythm->kind == HIB_REPORT_WEEKLY) {
        due.until_day = hib_day_plus(day, -weekday(day)); /* the Sunday before this week */
        due.from_day = hib_day_plus(due.until_day, -6);
    } else {
        due.until_day = hib_day_plus(first_of_month(day), -1);
        due.from_day = first_of_month(due.until_day);
    }
    int at = shifted(day, rhythm->shift, hib_day_plus(due.until_day, 1));
    const HibWall wall = {.year = at / 10000,
                          .month = at / 100 % 100,
                          .day = at % 100,
                          .hour = rhythm->minute / 60,
                          .minute = rhythm->minute % 60};
    if (!hib_wall_resolve(zone, &wall, &due.at, NULL))
        due.at = 0;
    return due;
}

HibReportDue
hib_report_next(const HibReportRhythm *rhythm, const HibZone *zone, HibInstant after)
{
    int day = hib_day_plus(hib_day_at(zone, after), -FAR);
    bool is_weekly = rhythm->kind == HIB_REPORT_WEEKLY;
    if (is_weekly)
        day = hib_day_plus(day, (rhythm->on_day - weekday(day) + 7) % 7);
    else
        day = first_of_month(day);
    for (;;) {
        int chosen = is_weekly ? day : MIN(day + rhythm->on_day - 1, last_of_month(day));
        const HibReportDue due = due_on(rhythm, zone, chosen);
        if (due.at > after || day >= HIB_DAYS_UNTIL)
            return due;
        day = is_weekly ? hib_day_plus(day, 7) : hib_day_plus(last_of_month(day), 1);
    }
}
