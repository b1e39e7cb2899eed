/* Clocks and time as text. */
#include "base/time.h"
#include <sys/wait.h>
#include <unistd.h>

static void
an_instant_is_written_as_rfc_3339(void)
{
    char out[HIB_INSTANT_TEXT];
    g_assert_cmpstr(hib_instant_format(0, out), ==, "1970-01-01T00:00:00Z");
    g_assert_cmpstr(hib_instant_format(-1, out), ==, "1969-12-31T23:59:59.999999Z");
    g_assert_cmpstr(hib_instant_format(1796083200 * HIB_SECOND, out), ==, "2026-12-01T00:00:00Z");
    g_assert_cmpstr(hib_instant_format(951782400 * HIB_SECOND + 25, out), ==,
                    "2000-02-29T00:00:00.000025Z");
    g_assert_cmpstr(hib_instant_format(HIB_NEVER, out), ==, "9999-12-31T23:59:59.999999Z");
    g_assert_cmpstr(hib_instant_format(G_MININT64, out), ==, "0001-01-01T00:00:00Z");
}

static void
what_is_rfc_3339_is_read(void)
{
    static const struct {
        const char *text;
        HibInstant at;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-12-01T09:00:00+09:00", 1796083200 * HIB_SECOND},
        {"2026-11-30t19:00:00.5-05:00", 1796083200 * HIB_SECOND + 500000},
        {"2026-12-01T00:00:00.1234567890z", 1796083200 * HIB_SECOND + 123456},
        {"1969-12-31T23:59:59.999999Z", -1},
        {"2016-12-31T23:59:60Z", 1483228800 * HIB_SECOND - 1},
        {"2017-01-01T08:59:60+09:00", 1483228800 * HIB_SECOND - 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibInstant at = 1;
        g_assert_true(hib_instant_parse(cases[i].text, &at));
        g_assert_cmpint(at, ==, cases[i].at);
    }
}

static void
what_is_not_rfc_3339_is_refused(void)
{
    static const char *const cases[] = {
        "",
        "2026-12-01",
        "2026-12-01T00:00:00",
        "2026-12-01 00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-12-00T00:00:00Z",
        "2026-12-01T24:00:00Z",
        "2026-12-01T00:60:00Z",
        "2026-12-01T12:00:60Z",
        "2026-12-01T00:00:61Z",
        "2026-12-01T00:00:00.Z",
        "2026-12-01T00:00:00+9:00",
        "2026-12-01T00:00:00+0900",
        "2026-12-01T00:00:00+24:00",
        "2026-12-01T00:00:00Zx",
        "2026-12-01T00:00:00",
        " 2026-12-01T00:00:00Z",
        "0000-12-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "２026-12-01T00:00:00Z",
        "+026-12-01T00:00:00Z",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibInstant at = 42;
        if (hib_instant_parse(cases[i], &at))
            g_test_fail_printf("taken: %s", cases[i]);
        g_assert_cmpint(at, ==, 42);
    }
    HibInstant at = 0;
    g_assert_false(hib_instant_parse(NULL, &at));
}

static void
writing_and_reading_agree(void)
{
    for (int64_t i = 0; i < 200000; i++) {
        HibInstant at = (i - 100000) * 2977777777777;
        HibInstant back = 0;
        char out[HIB_INSTANT_TEXT];
        if (at < -62135596800 * HIB_SECOND || at >= 253402300800 * HIB_SECOND)
            continue;
        g_assert_true(hib_instant_parse(hib_instant_format(at, out), &back));
        g_assert_cmpint(back, ==, at);
    }
}

static void
a_wall_reading_is_read_without_a_zone(void)
{
    HibWall wall = {0};
    g_assert_true(hib_wall_parse("2026-12-01 09:05", &wall));
    g_assert_cmpint(wall.year * 10000 + wall.month * 100 + wall.day, ==, 20261201);
    g_assert_cmpint(wall.hour * 10000 + wall.minute * 100 + wall.second, ==, 90500);
    g_assert_cmpint(wall.weekday, ==, 2);
    g_assert_true(hib_wall_parse("2026-12-01T09:05:30", &wall));
    g_assert_cmpint(wall.second, ==, 30);
    g_assert_false(hib_wall_parse("2026-12-01", &wall));
    g_assert_false(hib_wall_parse("2026-12-01T09:05Z", &wall));
    g_assert_false(hib_wall_parse("2026-12-01T09:05:60", &wall));
    g_assert_false(hib_wall_parse("2026-02-30 09:05", &wall));
    g_assert_false(hib_wall_parse("2026-12-01 9:05", &wall));
}

static void
a_manual_clock_stands_still_until_moved(void)
{
    g_autoptr(HibClock) clock = hib_clock_manual_new(5);
    g_assert_cmpint(hib_clock_now(clock), ==, 5);
    g_assert_cmpint(hib_clock_now(clock), ==, 5);
    hib_clock_manual_set(clock, 9);
    g_assert_cmpint(hib_clock_now(clock), ==, 9);
    g_assert_cmpint(ABS(hib_clock_now(hib_clock_real()) - g_get_real_time()), <, HIB_SECOND);
    g_assert_true(hib_clock_real() == hib_clock_real());
}

static void
a_shared_clock_is_moved_for_every_process(void)
{
    g_autoptr(HibClock) clock = hib_clock_shared_new(5);
    int status = -1;
    const pid_t child = fork();
    if (child == 0) {
        hib_clock_manual_set(clock, hib_clock_now(clock) + 4);
        _exit(0);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    g_assert_cmpint(hib_clock_now(clock), ==, 9);
}

static void
a_fast_clock_runs_as_fast_as_told_and_never_back(void)
{
    const HibInstant start = INT64_C(1795000000) * HIB_SECOND;
    g_autoptr(HibClock) clock = hib_clock_fast_new(start, 1000);
    int64_t began_us = hib_monotonic_us();
    HibInstant last = hib_clock_now(clock);
    g_assert_cmpint(last, >=, start);
    for (int i = 0; i < 50; i++) {
        g_usleep(1000);
        HibInstant now = hib_clock_now(clock);
        g_assert_cmpint(now, >, last);
        last = now;
    }
    g_assert_cmpint(last - start, >=, 1000 * 50 * HIB_MILLISECOND);
    g_assert_cmpint(last - start, <=, 1000 * (hib_monotonic_us() - began_us) + HIB_SECOND);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/time/an_instant_is_written_as_rfc_3339", an_instant_is_written_as_rfc_3339);
    g_test_add_func("/time/what_is_rfc_3339_is_read", what_is_rfc_3339_is_read);
    g_test_add_func("/time/what_is_not_rfc_3339_is_refused", what_is_not_rfc_3339_is_refused);
    g_test_add_func("/time/writing_and_reading_agree", writing_and_reading_agree);
    g_test_add_func("/time/a_wall_reading_is_read_without_a_zone",
                    a_wall_reading_is_read_without_a_zone);
    g_test_add_func("/time/a_manual_clock_stands_still_until_moved",
                    a_manual_clock_stands_still_until_moved);
    g_test_add_func("/base/time/a_shared_clock_is_moved_for_every_process",
                    a_shared_clock_is_moved_for_every_process);
    g_test_add_func("/base/time/a_fast_clock_runs_as_fast_as_told_and_never_back",
                    a_fast_clock_runs_as_fast_as_told_and_never_back);
    return g_test_run();
}
