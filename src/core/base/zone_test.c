/* The cases of zones a person would ask about; all zones at once are in zone_oracle_test.c. */
#include "base/time.h"

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
            g_test_fail_printf("opened: %s", none[i]);
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zone/skipped_readings_move_forward_and_doubled_ones_are_the_first",
                    skipped_readings_move_forward_and_doubled_ones_are_the_first);
    g_test_add_func("/zone/a_day_that_was_skipped_starts_where_the_next_does",
                    a_day_that_was_skipped_starts_where_the_next_does);
    g_test_add_func("/zone/a_day_may_have_23_or_25_hours_or_no_midnight",
                    a_day_may_have_23_or_25_hours_or_no_midnight);
    g_test_add_func("/zone/only_zones_of_the_machine_open", only_zones_of_the_machine_open);
    return g_test_run();
}
