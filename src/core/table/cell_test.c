/* Words and times as people write them into cells. */
#include "table/table.h"

static void
words_are_the_same_in_any_width_and_case(void)
{
    g_assert_true(hib_table_is_called(" Ｅ-mail ", "e-mail"));
    g_assert_true(hib_table_is_called("ﾒｰﾙ", "メール"));
    g_assert_false(hib_table_is_called("", ""));
    g_assert_false(hib_table_is_called("mail", "e-mail"));
    g_assert_false(hib_table_is_called("mail", NULL));
}

static void
times_are_read_in_the_zone_a_day_is_its_noon(void)
{
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibInstant day, at, other;
    g_assert_true(hib_table_time(zone, "2026/12/1", &day));
    g_assert_true(hib_table_time(zone, "２０２６-12-01 12:00", &at));
    g_assert_cmpint(day, ==, at);
    g_assert_true(hib_table_time(zone, "2026-12-01T03:00:00Z", &other));
    g_assert_cmpint(day, ==, other);
    g_assert_true(hib_table_time(zone, "2026.12.01 12:00:01", &other));
    g_assert_cmpint(other - day, ==, HIB_SECOND);
    g_assert_false(hib_table_time(zone, "2026-13-01", &at));
    g_assert_false(hib_table_time(zone, "2026-12-01 9", &at));
    g_assert_false(hib_table_time(zone, "2026-12-01x", &at));
    g_assert_false(hib_table_time(zone, "昨日", &at));
    g_assert_false(hib_table_time(zone, "", &at));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/table/words_are_the_same_in_any_width_and_case",
                    words_are_the_same_in_any_width_and_case);
    g_test_add_func("/table/times_are_read_in_the_zone_a_day_is_its_noon",
                    times_are_read_in_the_zone_a_day_is_its_noon);
    return g_test_run();
}
