/* Readings: the schedule, the changes, and the wall day they belong to. */
#include "measure/measure_private.h"

static HibInstant
at(const char *text)
{
    HibInstant instant = 0;
    g_assert_true(hib_instant_parse(text, &instant));
    return instant;
}

static void
a_post_is_read_often_while_young_and_seldom_later(void)
{
    const struct {
        HibDuration age, step;
    } rows[] = {
        {0, HIB_MINUTE},
        {10 * HIB_MINUTE - 1, HIB_MINUTE},
        {10 * HIB_MINUTE, 5 * HIB_MINUTE},
        {HIB_HOUR - 1, 5 * HIB_MINUTE},
        {HIB_HOUR, 15 * HIB_MINUTE},
        {6 * HIB_HOUR, HIB_HOUR},
        {2 * HIB_DAY, 6 * HIB_HOUR},
        {14 * HIB_DAY, HIB_DAY},
        {90 * HIB_DAY, 7 * HIB_DAY},
        {730 * HIB_DAY - 1, 7 * HIB_DAY},
    };
    HibInstant out = at("2026-11-23T03:00:00Z");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(hib_measure_next_read(out, out + rows[i].age), ==,
                        out + rows[i].age + rows[i].step);
    g_assert_cmpint(hib_measure_next_read(out, out + 730 * HIB_DAY), ==, 0);
    /* A network's clock may be ahead of ours. */
    g_assert_cmpint(hib_measure_next_read(out, out - HIB_HOUR), ==, out - HIB_HOUR + HIB_MINUTE);
}

static void
the_schedule_never_reads_more_often_as_a_post_ages_and_ends(void)
{
    HibInstant now = 0, next = 0;
    HibDuration last = 0;
    int n = 0;
    for (; (next = hib_measure_next_read(0, now)) != 0; now = next, n++) {
        g_assert_cmpint(next - now, >=, last);
        last = next - now;
    }
    g_assert_cmpint(n, >, 200);
    g_assert_cmpint(n, <, 500);
}

static void
an_unlisted_post_is_looked_for_soon_and_never_later_than_a_listed_one_is_read(void)
{
    g_assert_cmpint(hib_measure_next_look(0, 30 * HIB_MINUTE), ==, 31 * HIB_MINUTE);
    g_assert_cmpint(hib_measure_next_look(0, 3 * HIB_HOUR), ==, 3 * HIB_HOUR + 15 * HIB_MINUTE);
    g_assert_cmpint(hib_measure_next_look(0, 20 * HIB_DAY), ==, 21 * HIB_DAY);
    g_assert_cmpint(hib_measure_next_look(0, 730 * HIB_DAY), ==, 0);
    for (HibInstant now = 0; now < 800 * HIB_DAY; now += 7 * HIB_HOUR + HIB_MINUTE)
        g_assert_cmpint(hib_measure_next_look(0, now), <=, hib_measure_next_read(0, now));
}

/* The instants were worked out by hand from the zones' published rules. */
static void
a_day_is_the_wall_day_of_the_zone_also_where_clocks_change(void)
{
    const struct {
        const char *zone, *at;
        int64_t day;
    } rows[] = {
        {"Asia/Tokyo", "2026-11-22T14:59:59.999999Z", 20261122},
        {"Asia/Tokyo", "2026-11-22T15:00:00Z", 20261123},
        /* 8 March 2026 has 23 hours, 1 November 25. */
        {"America/New_York", "2026-03-08T04:59:59Z", 20260307},
        {"America/New_York", "2026-03-08T05:00:00Z", 20260308},
        {"America/New_York", "2026-03-09T03:59:59Z", 20260308},
        {"America/New_York", "2026-03-09T04:00:00Z", 20260309},
        {"America/New_York", "2026-11-01T04:00:00Z", 20261101},
        {"America/New_York", "2026-11-02T04:59:59Z", 20261101},
        {"America/New_York", "2026-11-02T05:00:00Z", 20261102},
        /* Midnight itself is skipped. */
        {"Asia/Beirut", "2026-03-28T21:59:59Z", 20260328},
        {"Asia/Beirut", "2026-03-28T22:00:00Z", 20260329},
        {"UTC", "1969-12-31T23:59:59Z", 19691231},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(HibZone) zone = hib_zone_open(rows[i].zone);
        g_assert_nonnull(zone);
        g_assert_cmpint(hib_measure_day(zone, at(rows[i].at)), ==, rows[i].day);
    }
}

static void
days_are_counted_over_months_and_leap_years(void)
{
    g_assert_cmpint(hib_measure_day_shift(20261231, 1), ==, 20270101);
    g_assert_cmpint(hib_measure_day_shift(20240228, 1), ==, 20240229);
    g_assert_cmpint(hib_measure_day_shift(21000228, 1), ==, 21000301);
    for (int days = -800; days <= 800; days += 7) {
        int64_t there = hib_measure_day_shift(20260614, days);
        g_assert_cmpint(hib_measure_day_shift(there, -days), ==, 20260614);
    }
    g_autoptr(HibArena) arena = hib_arena_new();
    g_assert_cmpstr(hib_measure_day_text(arena, 20260105), ==, "2026-01-05");
}

static void
hashtags_are_told_apart_by_what_they_say(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_assert_cmpstr(hib_measure_tags(arena, "新作 #Coffee #ＣＯＦＦＥＥ #コーヒー です"), ==,
                    "coffee\nコーヒー");
    g_assert_cmpstr(hib_measure_tags(arena, "何もない"), ==, "");
}

static void
four_reactions_have_columns_of_their_own(void)
{
    for (int m = 0; m < HIB_MEASURE_N; m++)
        g_assert_cmpint(hib_measure_metric(hib_measure_metric_name((HibMeasureMetric)m)), ==, m);
    g_assert_cmpint(hib_measure_metric("saves"), ==, -1);
    g_assert_cmpint(hib_measure_metric("followers"), ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/measure/reading/" #name, name)
    TEST(a_post_is_read_often_while_young_and_seldom_later);
    TEST(the_schedule_never_reads_more_often_as_a_post_ages_and_ends);
    TEST(an_unlisted_post_is_looked_for_soon_and_never_later_than_a_listed_one_is_read);
    TEST(a_day_is_the_wall_day_of_the_zone_also_where_clocks_change);
    TEST(days_are_counted_over_months_and_leap_years);
    TEST(hashtags_are_told_apart_by_what_they_say);
    TEST(four_reactions_have_columns_of_their_own);
    return g_test_run();
}
