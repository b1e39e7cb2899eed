/* Days and times as people write them. */
#include "bulk/bulk_private.h"

static void
reads(const char *text, const char *expected, bool has_time)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) tokyo = hib_zone_open("Asia/Tokyo");
    HibInstant at;
    char out[HIB_INSTANT_TEXT];
    bool has;
    g_test_message("%s", text);
    g_assert_true(hib_bulk_moment(arena, text, tokyo, &at, &has));
    g_assert_cmpstr(hib_instant_format(at, out), ==, expected);
    g_assert_cmpint(has, ==, has_time);
}

static void
moments_are_read(void)
{
    reads("2026-12-01 09:00", "2026-12-01T00:00:00Z", true);
    reads("2026/12/1 9:00", "2026-12-01T00:00:00Z", true);
    reads(" 2026.12.1  9:05:30 ", "2026-12-01T00:05:30Z", true);
    reads("2026年12月1日(火) 午後9時30分", "2026-12-01T12:30:00Z", true);
    reads("２０２６／１２／０１　２１：３０", "2026-12-01T12:30:00Z", true);
    reads("2026年12月1日9時", "2026-12-01T00:00:00Z", true);
    reads("2026-12-01T09:00", "2026-12-01T00:00:00Z", true);
    reads("2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z", true);
    reads("2026-12-01T09:00:00-05:00", "2026-12-01T14:00:00Z", true);
    reads("2026-12-01 12:15 AM", "2026-11-30T15:15:00Z", true);
    reads("2026-12-01 (Tue) 0:15", "2026-11-30T15:15:00Z", true);
    reads("2026-12-01", "2026-11-30T15:00:00Z", false);
}

static void
what_could_be_two_things_is_none(void)
{
    static const char *const bad[] = {"",
                                      "12/1/2026 9:00",
                                      "1/12 9:00",
                                      "2026-12/01 9:00",
                                      "2026-02-30 9:00",
                                      "2026-12-01 24:00",
                                      "2026-12-01 9:60",
                                      "2026-12-01 9",
                                      "2026-12-01 13:00 pm",
                                      "明日 9:00",
                                      "20261201",
                                      "2026年12月1 9:00",
                                      "2026-12-01 9:00 x",
                                      "2026-12-01 9時30"};
    g_autoptr(HibArena) arena = hib_arena_new();
    HibInstant at;
    bool has;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(hib_bulk_moment(arena, bad[i], hib_zone_utc(), &at, &has));
    }
}

static void
days_and_times_apart(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibWall wall;
    g_assert_true(hib_bulk_date(arena, "2026年2月3日（火）", &wall));
    g_assert_true(wall.year == 2026 && wall.month == 2 && wall.day == 3);
    g_assert_false(hib_bulk_date(arena, "2026-02-03 9:00", &wall));
    g_assert_false(hib_bulk_date(arena, "2026-02-29", &wall));
    g_assert_true(hib_bulk_time(arena, "午前0時5分", &wall));
    g_assert_true(wall.hour == 0 && wall.minute == 5);
    g_assert_true(hib_bulk_time(arena, "9:30pm", &wall));
    g_assert_true(wall.hour == 21 && wall.minute == 30);
    g_assert_true(hib_bulk_time(arena, "12:00 PM", &wall));
    g_assert_true(wall.hour == 12);
    g_assert_false(hib_bulk_time(arena, "9", &wall));
    g_assert_false(hib_bulk_time(arena, "午後13時", &wall));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/when/moments", moments_are_read);
    g_test_add_func("/when/none", what_could_be_two_things_is_none);
    g_test_add_func("/when/apart", days_and_times_apart);
    return g_test_run();
}
