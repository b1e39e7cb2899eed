/* Scheduled reports: when they are due, and of which days. */
#include "base/error.h"
#include "report/delivery.h"

static void
check(const char *zone_name, HibReportRhythm rhythm, const char *after, const char *due, int from,
      int until)
{
    g_autoptr(HibZone) zone = hib_zone_open(zone_name);
    HibInstant at;
    char text[HIB_INSTANT_TEXT];
    g_assert_true(hib_instant_parse(after, &at));
    const HibReportDue found = hib_report_next(&rhythm, zone, at);
    g_assert_cmpstr(hib_instant_format(found.at, text), ==, due);
    g_assert_cmpint(found.from_day, ==, from);
    g_assert_cmpint(found.until_day, ==, until);
    /* Whoever asks from just before it gets the same: that is how a run knows its days. */
    const HibReportDue again = hib_report_next(&rhythm, zone, found.at - 1);
    g_assert_true(again.at == found.at && again.from_day == from);
}

static const HibReportRhythm monday = {HIB_REPORT_WEEKLY, 1, 9 * 60, HIB_SHIFT_NONE};

static void
a_weekly_one_is_of_the_week_before(void)
{
    check("Asia/Tokyo", monday, "2026-11-26T00:00:00Z", "2026-11-30T00:00:00Z", 20261123, 20261129);
    check("Asia/Tokyo", monday, "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z", 20261130, 20261206);
    const HibReportRhythm sunday = {HIB_REPORT_WEEKLY, 7, 0, HIB_SHIFT_NONE};
    check("Asia/Tokyo", sunday, "2026-11-26T00:00:00Z", "2026-11-28T15:00:00Z", 20261116, 20261122);
}

static void
a_day_that_a_month_does_not_have_is_its_last(void)
{
    const HibReportRhythm last = {HIB_REPORT_MONTHLY, 31, 18 * 60 + 30, HIB_SHIFT_NONE};
    check("Asia/Tokyo", last, "2027-02-01T00:00:00Z", "2027-02-28T09:30:00Z", 20270101, 20270131);
    check("Asia/Tokyo", last, "2028-02-01T00:00:00Z", "2028-02-29T09:30:00Z", 20280101, 20280131);
    check("Asia/Tokyo", last, "2027-02-28T09:30:00Z", "2027-03-31T09:30:00Z", 20270201, 20270228);
}

static void
holidays_and_weekends_move_it_as_chosen(void)
{
    HibReportRhythm fifth = {HIB_REPORT_MONTHLY, 5, 9 * 60, HIB_SHIFT_AFTER};
    /* 3, 4, 5 and (for the 3rd, a Sunday) 6 May 2026 are holidays. */
    check("Asia/Tokyo", fifth, "2026-05-01T00:00:00Z", "2026-05-07T00:00:00Z", 20260401, 20260430);
    fifth.shift = HIB_SHIFT_BEFORE;
    check("Asia/Tokyo", fifth, "2026-04-30T00:00:00Z", "2026-05-01T00:00:00Z", 20260401, 20260430);
    fifth.shift = HIB_SHIFT_NONE;
    check("Asia/Tokyo", fifth, "2026-05-01T00:00:00Z", "2026-05-05T00:00:00Z", 20260401, 20260430);
}

static void
nothing_is_sent_before_its_period_is_over(void)
{
    /* 1 November 2026 is a Sunday: the working day before it is in October itself. */
    const HibReportRhythm first = {HIB_REPORT_MONTHLY, 1, 9 * 60, HIB_SHIFT_BEFORE};
    check("Asia/Tokyo", first, "2026-10-15T00:00:00Z", "2026-11-02T00:00:00Z", 20261001, 20261031);
    HibReportRhythm week = monday;
    week.shift = HIB_SHIFT_BEFORE; /* Monday, 23 November 2026 is a holiday */
    check("Asia/Tokyo", week, "2026-11-20T00:00:00Z", "2026-11-24T00:00:00Z", 20261116, 20261122);
}

static void
the_zones_clock_counts(void)
{
    /* In New York clocks go back on 1 November 2026: nine in the morning is 14:00 UTC from then on. */
    check("America/New_York", monday, "2026-10-26T00:00:00Z", "2026-10-26T13:00:00Z", 20261019,
          20261025);
    check("America/New_York", monday, "2026-10-27T00:00:00Z", "2026-11-02T14:00:00Z", 20261026,
          20261101);
}

/* Ten years of every rhythm: always later, never a period twice, none left out. */
static void
no_period_is_left_out_or_told_twice(void)
{
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    for (int kind = HIB_REPORT_WEEKLY; kind <= HIB_REPORT_MONTHLY; kind++)
        for (int day = 1; day <= (kind == HIB_REPORT_WEEKLY ? 7 : 31); day++)
            for (int shift = 0; shift <= HIB_SHIFT_AFTER; shift++) {
                const HibReportRhythm rhythm = {(HibReportKind)kind, day, 600,
                                                (HibReportShift)shift};
                HibInstant at = (HibInstant)1767225600 * HIB_SECOND;
                int until = 0;
                for (int i = 0; i < 120; i++) {
                    const HibReportDue due = hib_report_next(&rhythm, zone, at);
                    g_assert_true(due.at > at);
                    if (until)
                        g_assert_cmpint(due.from_day, ==, hib_measure_day_shift(until, 1));
                    until = due.until_day;
                    at = due.at;
                }
            }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/schedule/weekly", a_weekly_one_is_of_the_week_before);
    g_test_add_func("/report/schedule/last-day", a_day_that_a_month_does_not_have_is_its_last);
    g_test_add_func("/report/schedule/holidays", holidays_and_weekends_move_it_as_chosen);
    g_test_add_func("/report/schedule/over", nothing_is_sent_before_its_period_is_over);
    g_test_add_func("/report/schedule/zone", the_zones_clock_counts);
    g_test_add_func("/report/schedule/each-once", no_period_is_left_out_or_told_twice);
    return g_test_run();
}
