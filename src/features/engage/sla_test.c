/* Open time against a count of single minutes by Python (tests/oracle/hours.py), and the days a reader can count on their fingers. */
#include "days/days.h"
#include "engage/sla.h"
#include <stdio.h>
#include <string.h>

static HibHours
weekdays_nine_to_six(void)
{
    HibHours hours = {.closed_on_holidays = true};
    for (size_t i = 0; i < 5; i++)
        hours.open[i][hours.n_open[i]++] = (HibOpen){9 * 60, 18 * 60};
    return hours;
}

static HibInstant
at(const char *text)
{
    HibInstant out;
    g_assert_true(hib_instant_parse(text, &out));
    return out;
}

#define expect_at(got, want)                                                                       \
    do {                                                                                           \
        char text_[HIB_INSTANT_TEXT];                                                              \
        g_assert_cmpstr(hib_instant_format((got), text_), ==, (want));                             \
    } while (0)

static void
a_message_of_friday_evening_is_due_after_the_weekend(void)
{
    HibHours hours = weekdays_nine_to_six();
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    /* Friday 27 November 2026, 17:30: half an hour that day, the rest on Monday */
    expect_at(hib_hours_due(&hours, tokyo, at("2026-11-27T17:30:00+09:00"), 2 * HIB_HOUR),
              "2026-11-30T01:30:00Z");
    /* on Saturday: as if it had come on Monday at nine */
    expect_at(hib_hours_due(&hours, tokyo, at("2026-11-28T12:00:00+09:00"), HIB_HOUR),
              "2026-11-30T01:00:00Z");
    expect_at(hib_hours_due(&hours, tokyo, at("2026-11-28T12:00:00+09:00"), 0),
              "2026-11-28T03:00:00Z");
}

static void
holidays_and_days_of_ones_own_stand_still(void)
{
    HibHours hours = weekdays_nine_to_six();
    static const int closed[] = {20261229, 20261230, 20261231, 20270104};
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    /* Monday 23 November 2026 is 勤労感謝の日 */
    expect_at(hib_hours_due(&hours, tokyo, at("2026-11-20T17:00:00+09:00"), 2 * HIB_HOUR),
              "2026-11-24T01:00:00Z");
    hours.closed_on_holidays = false;
    expect_at(hib_hours_due(&hours, tokyo, at("2026-11-20T17:00:00+09:00"), 2 * HIB_HOUR),
              "2026-11-23T01:00:00Z");
    hours.closed_on_holidays = true;
    hours.closed = closed;
    hours.n_closed = G_N_ELEMENTS(closed);
    /* the 28th's last hour, then not before Tuesday 5 January */
    expect_at(hib_hours_due(&hours, tokyo, at("2026-12-28T17:00:00+09:00"), 90 * HIB_MINUTE),
              "2027-01-05T00:30:00Z");
}

/* Asked one after the other, on and back: as if each were asked alone. */
static void
what_was_counted_last_is_moved_and_stays_right(void)
{
    HibHours hours = weekdays_nine_to_six();
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    const HibDuration allowances[] = {HIB_MINUTE, 90 * HIB_MINUTE, 9 * HIB_HOUR, 27 * HIB_HOUR};
    const HibInstant begin = at("2026-11-19T00:00:00+09:00");
    for (size_t k = 0; k < G_N_ELEMENTS(allowances); k++) {
        HibDueMemo memo = {0};
        for (int i = 0; i < 4000; i++) {
            const int minute = i % 50 == 49 ? i * 7 % 4000 : i * 3;
            const HibInstant since = begin + minute * HIB_MINUTE;
            g_assert_cmpint(hib_hours_due_near(&hours, tokyo, since, allowances[k], &memo), ==,
                            hib_hours_due(&hours, tokyo, since, allowances[k]));
        }
    }
}

static void
who_never_opens_never_owes(void)
{
    HibHours never = {0};
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    HibInstant next, now = at("2026-11-27T12:00:00Z");
    g_assert_false(hib_hours_any(&never));
    g_assert_cmpint(hib_hours_due(&never, tokyo, now, 1), ==, HIB_NEVER);
    g_assert_false(hib_hours_is_open(&never, tokyo, now, &next));
    g_assert_cmpint(next, ==, HIB_NEVER);
    g_assert_cmpint(hib_hours_between(&never, tokyo, now, now + HIB_DAY), ==, 0);
}

static void
what_is_open_through_midnight_closes_once(void)
{
    HibHours hours = {0};
    hours.open[3][hours.n_open[3]++] = (HibOpen){22 * 60, 24 * 60}; /* Thursday */
    hours.open[4][hours.n_open[4]++] = (HibOpen){0, 2 * 60};
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    HibInstant next;
    g_assert_false(hib_hours_is_open(&hours, tokyo, at("2026-11-26T21:00:00+09:00"), &next));
    expect_at(next, "2026-11-26T13:00:00Z");
    g_assert_true(hib_hours_is_open(&hours, tokyo, at("2026-11-26T23:00:00+09:00"), &next));
    expect_at(next, "2026-11-26T17:00:00Z");
    g_assert_cmpint(hib_hours_between(&hours, tokyo, at("2026-11-26T23:00:00+09:00"),
                                      at("2026-11-27T12:00:00+09:00")),
                    ==, 3 * HIB_HOUR);
    g_assert_cmpint(hib_hours_between(&hours, tokyo, at("2026-11-27T12:00:00+09:00"),
                                      at("2026-11-26T23:00:00+09:00")),
                    ==, 0);
}

static void
opening_times_are_read_and_written(void)
{
    static const char *const wrong[] = {"9:00-12:00",
                                        "09:00-09:00",
                                        "12:00-09:00",
                                        "09:00-25:00",
                                        "09:60-12:00",
                                        "09:00-12:00,",
                                        "09:00",
                                        "-",
                                        "09:00-13:00,12:00-18:00",
                                        "x"};
    g_autoptr(HibArena) arena = hib_arena_new();
    HibOpen open[HIB_OPEN_MOST];
    size_t n;
    g_assert_true(hib_open_parse("13:00-24:00,09:00-12:00", open, &n));
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(hib_open_format(arena, open, n), ==, "09:00-12:00,13:00-24:00");
    g_assert_true(hib_open_parse("", open, &n));
    g_assert_cmpstr(hib_open_format(arena, open, n), ==, "");
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(hib_open_parse(wrong[i], open, &n));
}

/* --- the oracle's questions ------------------------------------------------------------------------------------------------ */
typedef struct {
    HibHours hours;
    HibZone *zone;
    int closed[4];
    int n, n_wrong;
} Run;

static void
read_hours(Run *run, char *line)
{
    g_auto(GStrv) part = g_strsplit(line, " ", 5);
    g_auto(GStrv) days = g_strsplit(part[4], "|", 7);
    g_clear_pointer(&run->zone, hib_zone_unref);
    run->zone = hib_zone_open(part[1]);
    g_assert_nonnull(run->zone);
    run->hours = (HibHours){.closed_on_holidays = *part[2] == '1', .closed = run->closed};
    if (*part[3] != '-') {
        run->closed[0] = (int)g_ascii_strtoll(part[3], NULL, 10);
        run->hours.n_closed = 1;
    }
    for (size_t i = 0; i < 7; i++)
        g_assert_true(hib_open_parse(days[i], run->hours.open[i], &run->hours.n_open[i]));
}

static void
ask(Run *run, const char *line)
{
    gint64 a = 0, b = 0, c = 0;
    gint64 got;
    run->n++;
    if (line[0] == 'D') {
        bool is_never =
            sscanf(line, "D %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &a, &b,
                   &c) == 2;
        got = hib_hours_due(&run->hours, run->zone, a * HIB_SECOND, b * HIB_MINUTE);
        c = is_never ? HIB_NEVER : c * HIB_SECOND;
    } else if (line[0] == 'B') {
        sscanf(line, "B %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &a, &b, &c);
        got = hib_hours_between(&run->hours, run->zone, a * HIB_SECOND, b * HIB_SECOND);
        c *= HIB_MINUTE;
    } else {
        sscanf(line, "O %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &a, &c);
        got = hib_hours_is_open(&run->hours, run->zone, a * HIB_SECOND, NULL);
    }
    if (got != c && run->n_wrong++ < 10)
        g_test_message("%s: %s: got %" G_GINT64_FORMAT, hib_zone_name(run->zone), line, got);
}

static void
every_due_is_the_count_of_single_minutes(gconstpointer data)
{
    Run *run = (Run *)data;
    char line[1024];
    while (fgets(line, sizeof line, stdin) != NULL) {
        g_strchomp(line);
        if (line[0] == 'H')
            read_hours(run, line);
        else
            ask(run, line);
    }
    g_test_message("%d questions, %d wrong", run->n, run->n_wrong);
    g_assert_cmpint(run->n, >, 1500);
    g_assert_cmpint(run->n_wrong, ==, 0);
}

int
main(int argc, char **argv)
{
    Run run = {0};
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/sla/oracle", &run, every_due_is_the_count_of_single_minutes);
    g_test_add_func("/sla/weekend", a_message_of_friday_evening_is_due_after_the_weekend);
    g_test_add_func("/sla/holidays", holidays_and_days_of_ones_own_stand_still);
    g_test_add_func("/sla/never", who_never_opens_never_owes);
    g_test_add_func("/sla/moved", what_was_counted_last_is_moved_and_stays_right);
    g_test_add_func("/sla/midnight", what_is_open_through_midnight_closes_once);
    g_test_add_func("/sla/text", opening_times_are_read_and_written);
    int failed = g_test_run();
    g_clear_pointer(&run.zone, hib_zone_unref);
    return failed;
}
