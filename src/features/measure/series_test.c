/* A metric over time: sums, levels carried on, rates of sums, and times nobody looked at. Counters that fall, gaps and late corrections show what they are. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/series.h"

static HibSeries
ask(HibTestMeasure *t, const char *metric, HibGrain grain, const char *account)
{
    GError *error = NULL;
    HibSeries series;
    const HibSeriesQuery query = {.metric = hib_metric_find(metric),
                                  .grain = grain,
                                  .from = 20260110,
                                  .until = 20260120,
                                  .account = account,
                                  .part = -1};
    hib_assert_ok(hib_measure_series(t->db, &query, &series, &error), error);
    return series;
}

static void
a_metric_over_time_is_added_divided_and_carried_as_it_may_be(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "UTC", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *a = hib_test_measure_account(t, "a.example"),
               *b = hib_test_measure_account(t, "b.example"),
               *one = hib_test_measure_out(t, a, hib_test_at("2026-01-10T00:00:00Z"), NULL),
               *two = hib_test_measure_out(t, b, hib_test_at("2026-01-12T00:00:00Z"), NULL);
    const HibSnapshot told[] = {
        {one, NULL, "likes", hib_test_at("2026-01-10T05:00:00Z"), 4},
        {one, NULL, "impressions", hib_test_at("2026-01-10T05:00:00Z"), 100},
        {two, NULL, "likes", hib_test_at("2026-01-12T05:00:00Z"), 6},
        {two, NULL, "impressions", hib_test_at("2026-01-12T05:00:00Z"), 400},
        {NULL, a, "followers", hib_test_at("2026-01-08T00:00:00Z"), 300},
        {NULL, b, "followers", hib_test_at("2026-01-11T00:00:00Z"), 50}};
    hib_test_measure_add(t, told, G_N_ELEMENTS(told));
    HibSeries likes = ask(t, "likes", HIB_GRAIN_DAY, NULL);
    g_assert_cmpuint(likes.n, ==, 10);
    g_assert_cmpint(likes.points[0].at, ==, 20260110);
    g_assert_true(likes.points[0].has_value && likes.points[0].value == 4);
    g_assert_false(likes.points[1].has_value); /* nobody looked: not 0 */
    g_assert_cmpfloat(likes.whole.value, ==, 10);
    g_assert_cmpint(likes.whole.as_of, ==, hib_test_at("2026-01-12T05:00:00Z"));
    g_assert_cmpfloat(ask(t, "likes", HIB_GRAIN_DAY, b).whole.value, ==, 6);
    HibSeries weeks = ask(t, "engagements", HIB_GRAIN_WEEK, NULL);
    g_assert_cmpuint(weeks.n, ==, 3);
    g_assert_cmpint(weeks.points[0].at, ==, 20260105);
    g_assert_cmpfloat(weeks.points[1].value, ==, 6);
    HibSeries rate = ask(t, "er_impressions", HIB_GRAIN_DAY, NULL);
    g_assert_cmpfloat_with_epsilon(rate.whole.value, 10.0 / 500, 1e-9);
    g_assert_cmpfloat_with_epsilon(rate.points[2].value, 6.0 / 400, 1e-9);
    HibSeries followers = ask(t, "followers", HIB_GRAIN_DAY, NULL);
    g_assert_cmpfloat(followers.points[0].value, ==, 300); /* carried on from before */
    g_assert_cmpfloat(followers.points[9].value, ==, 350);
    g_assert_false(hib_series_has(hib_metric_find("reach"), HIB_GRAIN_DAY));
    g_assert_true(hib_series_has(hib_metric_find("day_views"), HIB_GRAIN_DAY));
    g_assert_false(hib_series_has(hib_metric_find("day_views"), HIB_GRAIN_HOUR));
}

static void
falls_gaps_and_corrections_are_told_with_the_numbers(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "UTC", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *a = hib_test_measure_account(t, "a.example"),
               *one = hib_test_measure_out(t, a, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot told[] = {
        {one, NULL, "likes", hib_test_at("2026-01-10T05:00:00Z"), 10},
        {one, NULL, "likes", hib_test_at("2026-01-11T05:00:00Z"), 7},  /* taken back */
        {one, NULL, "likes", hib_test_at("2026-01-12T05:00:00Z"), 0},  /* a reset */
        {one, NULL, "likes", hib_test_at("2026-01-15T05:00:00Z"), 12}, /* three days unread */
        {one, NULL, "likes", hib_test_at("2026-01-15T06:00:00Z"), 12, NULL, HIB_METRIC_ESTIMATED}};
    hib_test_measure_add(t, told, G_N_ELEMENTS(told));
    HibSeries likes = ask(t, "likes", HIB_GRAIN_DAY, NULL);
    g_assert_true(likes.points[1].value == -3 && likes.points[1].falls == 1);
    g_assert_true(likes.points[2].value == -7 && likes.points[2].falls == 1);
    g_assert_false(likes.points[3].has_value);
    g_assert_true(likes.points[5].value == 12 && likes.points[5].gaps == 1);
    g_assert_true(likes.points[5].inexact == 1 && likes.points[5].readings == 2);
    g_assert_cmpfloat(likes.whole.value, ==, 12); /* what it stands at, whatever way it went */
    const HibSnapshot corrected = {
        one, NULL, "likes",          hib_test_at("2026-01-12T05:00:00Z"),
        8,   NULL, HIB_METRIC_EXACT, hib_test_at("2026-01-16T00:00:00Z")};
    hib_test_measure_add(t, &corrected, 1);
    likes = ask(t, "likes", HIB_GRAIN_DAY, NULL);
    g_assert_true(likes.points[2].value == 1 && likes.points[2].falls == 0);
    g_assert_cmpfloat(likes.points[5].value, ==, 4);
    g_assert_cmpfloat(likes.whole.value, ==, 12);
    const HibSnapshot between = {one, NULL, "likes", hib_test_at("2026-01-13T05:00:00Z"), 9};
    hib_test_measure_add(t, &between, 1);
    likes = ask(t, "likes", HIB_GRAIN_DAY, NULL);
    g_assert_true(likes.points[3].has_value && likes.points[3].value == 1);
    g_assert_cmpfloat(likes.points[5].value, ==, 3);
    hib_test_measure_add(t, &between, 1); /* the same again says nothing new */
    g_assert_cmpint(ask(t, "likes", HIB_GRAIN_DAY, NULL).points[3].readings, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual(
        "/measure/series/a_metric_over_time_is_added_divided_and_carried_as_it_may_be",
        a_metric_over_time_is_added_divided_and_carried_as_it_may_be);
    hib_test_add_manual("/measure/series/falls_gaps_and_corrections_are_told_with_the_numbers",
                        falls_gaps_and_corrections_are_told_with_the_numbers);
    return g_test_run();
}
