/* Clocks, time as text, and the cases of zones a person would ask about. */
#include "base/time.h"

#include "base/zone_data.h"

#include <string.h>

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
            g_error("taken: %s", cases[i]);
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

static HibInstant
resolve(const HibZone *zone, const char *text, HibWallFit expected)
{
    HibWall wall = {0};
    HibInstant at = 0;
    HibWallFit fit = HIB_WALL_EXACT;
    g_assert_true(hib_wall_parse(text, &wall));
    g_assert_true(hib_wall_resolve(zone, &wall, &at, &fit));
    g_assert_cmpint(fit, ==, expected);
    return at;
}

static void
assert_instant(HibInstant at, const char *text)
{
    char out[HIB_INSTANT_TEXT];
    g_assert_cmpstr(hib_instant_format(at, out), ==, text);
}

static void
skipped_readings_move_forward_and_doubled_ones_are_the_first(void)
{
    g_autoptr(HibZone) york = hib_zone_open("America/New_York");
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    g_autoptr(HibZone) howe = hib_zone_open("Australia/Lord_Howe");
    assert_instant(resolve(tokyo, "2026-12-01 09:00", HIB_WALL_EXACT), "2026-12-01T00:00:00Z");
    assert_instant(resolve(york, "2026-03-08 02:30", HIB_WALL_GAP),
                   "2026-03-08T07:30:00Z"); /* 03:30 EDT */
    assert_instant(resolve(york, "2026-11-01 01:30", HIB_WALL_OVERLAP), "2026-11-01T05:30:00Z");
    assert_instant(resolve(york, "2126-03-10 02:30", HIB_WALL_GAP), "2126-03-10T07:30:00Z");
    assert_instant(resolve(howe, "2026-10-04 02:10", HIB_WALL_GAP),
                   "2026-10-03T15:40:00Z"); /* half an hour */
    HibWall impossible = {.year = 2026, .month = 2, .day = 31};
    HibInstant at = 0;
    g_assert_false(hib_wall_resolve(tokyo, &impossible, &at, NULL));
}

static void
a_day_that_was_skipped_starts_where_the_next_does(void)
{
    g_autoptr(HibZone) apia = hib_zone_open("Pacific/Apia");
    HibInstant noon = resolve(apia, "2011-12-29 12:00", HIB_WALL_EXACT);
    assert_instant(hib_day_start(apia, noon, 0), "2011-12-29T10:00:00Z");
    assert_instant(hib_day_start(apia, noon, 1), "2011-12-30T10:00:00Z");
    assert_instant(hib_day_start(apia, noon, 2), "2011-12-30T10:00:00Z");
    assert_instant(hib_day_start(apia, noon, 3), "2011-12-31T10:00:00Z");
}

static void
a_day_may_have_23_or_25_hours_or_no_midnight(void)
{
    g_autoptr(HibZone) york = hib_zone_open("America/New_York");
    g_autoptr(HibZone) paulo = hib_zone_open("America/Sao_Paulo");
    g_autoptr(HibZone) toronto = hib_zone_open("America/Toronto");
    HibInstant spring = resolve(york, "2026-03-08 12:00", HIB_WALL_EXACT);
    HibInstant autumn = resolve(york, "2026-11-01 12:00", HIB_WALL_EXACT);
    g_assert_cmpint(hib_day_start(york, spring, 1) - hib_day_start(york, spring, 0), ==,
                    23 * HIB_HOUR);
    g_assert_cmpint(hib_day_start(york, autumn, 1) - hib_day_start(york, autumn, 0), ==,
                    25 * HIB_HOUR);
    HibInstant october = resolve(paulo, "2017-10-15 12:00", HIB_WALL_EXACT);
    assert_instant(hib_day_start(paulo, october, 0),
                   "2017-10-15T03:00:00Z"); /* 01:00 on the wall */
    HibInstant old = resolve(toronto, "1919-03-31 12:00", HIB_WALL_EXACT);
    assert_instant(hib_day_start(toronto, old, 0), "1919-03-31T04:30:00Z"); /* 23:30 → 00:30 */
}

static void
only_zones_of_the_machine_open(void)
{
    static const char *const none[] = {"",
                                       "Tokyo",
                                       "asia/tokyo/",
                                       "../../etc/passwd",
                                       "/etc/localtime",
                                       "America",
                                       "Asia/../UTC",
                                       "zone.tab",
                                       "tzdata.zi",
                                       "right/UTC",
                                       "posixrules",
                                       "Asia//Tokyo",
                                       "localtime",
                                       "leapseconds",
                                       "Asia/Tokyo\n",
                                       "Factory",
                                       "posix/America",
                                       "JST-9",
                                       "日本",
                                       "-"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        if (hib_zone_open(none[i]) != NULL)
            g_error("opened: %s", none[i]);
    }
    g_assert_null(hib_zone_open(NULL));
    g_autoptr(HibZone) link = hib_zone_open("Japan");
    g_autoptr(HibZone) again = hib_zone_open("Japan");
    g_assert_true(link == again);
    g_assert_cmpstr(hib_zone_name(link), ==, "Japan");
    g_assert_cmpint(hib_wall_at(link, 0).offset_s, ==, 9 * 3600);
    g_autoptr(HibZone) utc = hib_zone_utc();
    g_assert_cmpint(hib_wall_at(utc, 0).weekday, ==, 4);
}

static void
rules_at_the_end_of_zone_files_are_read(void)
{
    HibRule rule = {0};
    g_assert_true(
        hib_rule_parse("EST5EDT,0/0,J365/25", &rule)); /* summer time all year (RFC 8536) */
    g_assert_cmpint(hib_rule_stretch(&rule, 1767225600).offset_s, ==, -4 * 3600);
    g_assert_cmpint(hib_rule_stretch(&rule, 1767225600 + 5 * 3600).offset_s, ==, -4 * 3600);
    g_assert_cmpint(hib_rule_stretch(&rule, 1767225600 + 5 * 3600 - 1).offset_s, ==, -4 * 3600);
    g_assert_true(hib_rule_parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", &rule));
    g_assert_cmpint(rule.begin.time_s, ==, -3600);
    static const char *const bad[] = {"",
                                      "J",
                                      "JST",
                                      "JST-",
                                      "JST-9X",
                                      "CET-1EST",
                                      "CET-1CEST,",
                                      "CET-1CEST,M3.5.0",
                                      "CET-1CEST,M13.5.0,M10.5.0",
                                      "CET-1CEST,M3.6.0,M10.5.0",
                                      "CET-1CEST,M3.5.7,M10.5.0",
                                      "CET-168",
                                      "<+0",
                                      "CET-1CEST,J0,J365",
                                      "CET-1CEST,M3.5.0,M10.5.0/3,"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        if (hib_rule_parse(bad[i], &rule))
            g_error("taken: %s", bad[i]);
    }
}

static void
a_cut_or_changed_zone_file_is_refused_or_harmless(void)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents("/usr/share/zoneinfo/Europe/Paris", &bytes, &n, NULL));
    HibZoneData data = {0};
    for (gsize cut = 0; cut < n; cut++) {
        g_autofree unsigned char *part =
            g_memdup2(bytes, cut); /* its own block, so that reading past it shows */
        if (hib_zone_data_read(part, cut, &data))
            g_error("taken with %zu of %zu bytes", cut, n);
    }
    for (gsize i = 0; i < n; i++) {
        char kept = bytes[i];
        bytes[i] = (char)(kept ^ 0x81);
        if (hib_zone_data_read((const unsigned char *)bytes, n, &data)) {
            hib_zone_data_stretch(&data, 1700000000);
            hib_zone_data_stretch(&data, 4000000000);
            hib_zone_data_clear(&data);
        }
        bytes[i] = kept;
    }
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
    g_test_add_func("/time/skipped_readings_move_forward_and_doubled_ones_are_the_first",
                    skipped_readings_move_forward_and_doubled_ones_are_the_first);
    g_test_add_func("/time/a_day_that_was_skipped_starts_where_the_next_does",
                    a_day_that_was_skipped_starts_where_the_next_does);
    g_test_add_func("/time/a_day_may_have_23_or_25_hours_or_no_midnight",
                    a_day_may_have_23_or_25_hours_or_no_midnight);
    g_test_add_func("/time/only_zones_of_the_machine_open", only_zones_of_the_machine_open);
    g_test_add_func("/time/rules_at_the_end_of_zone_files_are_read",
                    rules_at_the_end_of_zone_files_are_read);
    g_test_add_func("/time/a_cut_or_changed_zone_file_is_refused_or_harmless",
                    a_cut_or_changed_zone_file_is_refused_or_harmless);
    g_test_add_func("/time/a_manual_clock_stands_still_until_moved",
                    a_manual_clock_stands_still_until_moved);
    return g_test_run();
}
