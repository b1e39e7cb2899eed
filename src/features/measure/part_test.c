/* Days counted under each label, and taken out again so that nothing is left. */
#include "measure/part.h"

enum { LIKES = 1, PUBLISHED = 119 };
#define DAY 20473 /* 2026-01-20, a Tuesday */
static const HibWallParts noon = {.hour = 2026012012, .day = 20260120, .ordinal = DAY};

static int64_t
value_of(const HibPartRow *rows, size_t n, HibPartKind part, const char *name, HibGrain grain,
         int64_t at, uint8_t metric)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].part == part && g_str_equal(rows[i].name, name) && rows[i].grain == grain &&
            rows[i].at == at && rows[i].metric == metric)
            return rows[i].value;
    return 0;
}

static void
a_day_counts_under_each_label_by_day_week_and_month(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibParts) parts = hib_parts_new();
    const HibLabels labels = {"bluesky", "spring", "パン\n朝", 0};
    const HibDayChange days[] = {{DAY, 3, LIKES}, {DAY + 5, 4, LIKES}, {DAY + 20, -1, LIKES}};
    size_t n = 0;
    hib_parts_change(parts, &labels, "a", NULL, 0, days, 3);
    hib_parts_published(parts, &labels, "a", &noon, noon.hour, 1);
    const HibPartRow *rows = hib_parts_rows(parts, arena, &n);
    g_assert_cmpint(value_of(rows, n, HIB_PART_TAG, "朝", HIB_GRAIN_DAY, 20260120, LIKES), ==, 3);
    g_assert_cmpint(value_of(rows, n, HIB_PART_TAG, "パン", HIB_GRAIN_WEEK, 20260119, LIKES), ==,
                    7);
    g_assert_cmpint(
        value_of(rows, n, HIB_PART_NETWORK, "bluesky", HIB_GRAIN_MONTH, 20260101, LIKES), ==, 7);
    g_assert_cmpint(value_of(rows, n, HIB_PART_FORMAT, "post", HIB_GRAIN_MONTH, 20260201, LIKES),
                    ==, -1);
    g_assert_cmpint(
        value_of(rows, n, HIB_PART_CAMPAIGN, "spring", HIB_GRAIN_DAY, 20260120, PUBLISHED), ==, 1);
    hib_parts_rows(parts, arena, &n);
    g_assert_cmpuint(n, ==, 0);
}

static void
what_stays_the_same_costs_nothing_and_what_changed_is_the_difference(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibParts) parts = hib_parts_new();
    const HibLabels labels = {"bluesky", NULL, "", 0};
    const HibDayChange before[] = {{DAY, 3, LIKES}, {DAY + 1, 4, LIKES}},
                       after[] = {{DAY, 3, LIKES}, {DAY + 1, 6, LIKES}, {DAY + 2, 1, LIKES}};
    size_t n = 0;
    hib_parts_change(parts, &labels, "a", before, 2, after, 3);
    const HibPartRow *rows = hib_parts_rows(parts, arena, &n);
    g_assert_cmpint(value_of(rows, n, HIB_PART_NETWORK, "bluesky", HIB_GRAIN_DAY, 20260121, LIKES),
                    ==, 2);
    g_assert_cmpint(value_of(rows, n, HIB_PART_NETWORK, "bluesky", HIB_GRAIN_DAY, 20260120, LIKES),
                    ==, 0);
    g_assert_cmpint(value_of(rows, n, HIB_PART_NETWORK, "bluesky", HIB_GRAIN_DAY, 20260122, LIKES),
                    ==, 1);
    hib_parts_change(parts, &labels, "a", after, 3, NULL, 0);
    hib_parts_change(parts, &labels, "a", NULL, 0, after, 3);
    hib_parts_rows(parts, arena, &n);
    g_assert_cmpuint(n, ==, 0);
}

static void
a_post_whose_network_is_not_known_yet_is_counted_nowhere(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibParts) parts = hib_parts_new();
    const HibLabels labels = {NULL, "spring", "パン", 0};
    size_t n = 0;
    hib_parts_published(parts, &labels, "a", &noon, noon.hour, 1);
    hib_parts_rows(parts, arena, &n);
    g_assert_cmpuint(n, ==, 0);
}

/* Hours are no part of a day's sums: both are counted from what came in. */
static void
an_hour_counts_under_each_label_as_long_as_hours_are_kept(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibParts) parts = hib_parts_new();
    const HibLabels labels = {"bluesky", "spring", "パン\n朝", 0};
    const HibHourChange hours[] = {
        {2026012012, 3, LIKES}, {2026012012, -1, LIKES}, {2026012013, 4, LIKES}};
    size_t n = 0;
    hib_parts_hours(parts, &labels, "a", hours, 3, 1);
    hib_parts_published(parts, &labels, "a", &noon, noon.hour, 1);
    const HibPartRow *rows = hib_parts_rows(parts, arena, &n);
    g_assert_cmpint(value_of(rows, n, HIB_PART_TAG, "朝", HIB_GRAIN_HOUR, 2026012012, LIKES), ==,
                    2);
    g_assert_cmpint(
        value_of(rows, n, HIB_PART_CAMPAIGN, "spring", HIB_GRAIN_HOUR, 2026012013, LIKES), ==, 4);
    g_assert_cmpint(
        value_of(rows, n, HIB_PART_NETWORK, "bluesky", HIB_GRAIN_HOUR, 2026012012, PUBLISHED), ==,
        1);
    g_assert_cmpint(value_of(rows, n, HIB_PART_TAG, "朝", HIB_GRAIN_DAY, 20260120, LIKES), ==, 0);
    hib_parts_published(parts, &labels, "a", &noon, noon.hour + 1, 1);
    rows = hib_parts_rows(parts, arena, &n);
    g_assert_cmpint(
        value_of(rows, n, HIB_PART_NETWORK, "bluesky", HIB_GRAIN_HOUR, 2026012012, PUBLISHED), ==,
        0);
    hib_parts_hours(parts, &labels, "a", hours, 3, 1);
    hib_parts_hours(parts, &labels, "a", hours, 3, -1);
    hib_parts_rows(parts, arena, &n);
    g_assert_cmpuint(n, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/part/a_day_counts_under_each_label_by_day_week_and_month",
                    a_day_counts_under_each_label_by_day_week_and_month);
    g_test_add_func("/measure/part/what_stays_the_same_costs_nothing",
                    what_stays_the_same_costs_nothing_and_what_changed_is_the_difference);
    g_test_add_func("/measure/part/a_post_whose_network_is_not_known_yet_is_counted_nowhere",
                    a_post_whose_network_is_not_known_yet_is_counted_nowhere);
    g_test_add_func("/measure/part/an_hour_counts_under_each_label_as_long_as_hours_are_kept",
                    an_hour_counts_under_each_label_as_long_as_hours_are_kept);
    return g_test_run();
}
