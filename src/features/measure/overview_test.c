/* The dashboard's arithmetic, against values worked out elsewhere. */
#include "measure/measure_private.h"
#include <math.h>

/* Found by integrating the density with Simpson's rule and halving the interval (Python, `math.lgamma`), not by any expansion; they
 * round to the points of Fisher & Yates, table III (12.706, 4.303 … 1.980 for 120). */
static void
students_t_agrees_with_the_tables(void)
{
    static const struct {
        int64_t degrees;
        double t;
    } rows[] = {
        {1, 12.706205},  {2, 4.302653},    {3, 3.182446},      {4, 2.776445},   {5, 2.570582},
        {7, 2.364624},   {10, 2.228139},   {15, 2.131450},     {20, 2.085963},  {25, 2.059539},
        {30, 2.042272},  {31, 2.039513},   {35, 2.030108},     {40, 2.021075},  {50, 2.008559},
        {60, 2.000298},  {80, 1.990063},   {100, 1.983972},    {120, 1.979930}, {200, 1.971896},
        {500, 1.964720}, {1000, 1.962339}, {100000, 1.959988},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpfloat_with_epsilon(hib_t_quantile_975(rows[i].degrees), rows[i].t,
                                       rows[i].degrees <= 30 ? 0.00051 : 0.00001);
    for (int64_t n = 1; n < 2000; n++)
        g_assert_cmpfloat(hib_t_quantile_975(n + 1), <, hib_t_quantile_975(n));
}

static void
a_mean_comes_with_its_interval(void)
{
    /* Python: statistics.mean, statistics.stdev and the t above (2.446912 for 6). */
    const double values[] = {3, 7, 7, 19, 24, 0, 5};
    HibMeanInterval seven = hib_mean_interval(values, 7);
    g_assert_cmpint(seven.n, ==, 7);
    g_assert_cmpfloat_with_epsilon(seven.mean, 9.285714285714286, 1e-12);
    g_assert_cmpfloat_with_epsilon(seven.low, 1.1401683, 1e-3);
    g_assert_cmpfloat_with_epsilon(seven.high, 17.4312603, 1e-3);
    HibMeanInterval two = hib_mean_interval(values, 2); /* mean 5, sd sqrt 8, half 12.706 * 2 */
    g_assert_cmpfloat_with_epsilon(two.high - two.mean, 25.412, 1e-3);
    HibMeanInterval one = hib_mean_interval(values, 1);
    g_assert_true(one.n == 1 && one.mean == 3 && one.low == 3 && one.high == 3);
    g_assert_cmpint(hib_mean_interval(values, 0).n, ==, 0);
    const double same[] = {4, 4, 4};
    HibMeanInterval flat = hib_mean_interval(same, 3);
    g_assert_true(flat.low == 4 && flat.high == 4);
}

/* --- KPIs --------------------------------------------------------------------------------------------------------- */
static const HibApiKpi *
kpi_of(const HibApiKpi *kpis, size_t n, int metric)
{
    for (size_t i = 0; i < n; i++)
        if ((int)kpis[i].metric == metric)
            return &kpis[i];
    g_assert_not_reached();
}

static void
sums_and_their_series_stand_beside_the_period_before(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibMeasureDay days[2] = {{20260110, 1, {1, 2, 3, 4}, 50, true},
                             {20260111, 2, {10, 0, 0, -1}, 51, true}},
                  before[2] = {{20260108, 0, {5, 0, 0, 0}, 0, false},
                               {20260109, 3, {0, 1, 0, 0}, 40, true}};
    HibMeasureOverview seen = {.newest = 9,
                               .has_newest = true,
                               .has_before = true,
                               .followers_at = 7,
                               .days = days,
                               .before = before,
                               .n_days = 2,
                               .per_post = 2.5,
                               .has_per_post = true};
    size_t n = 0;
    HibApiKpi *kpis = hib_measure_kpis(arena, &seen, "bluesky", false, &n);
    g_assert_cmpint(n, ==, 8);
    const HibApiKpi *all = kpi_of(kpis, n, HIB_API_KPI_METRIC_ENGAGEMENTS);
    g_assert_true(all->has_value && all->value == 19 && all->has_previous && all->previous == 6);
    g_assert_true(all->n_series == 2 && all->series[0] == 10 && all->series[1] == 9);
    g_assert_cmpstr(all->source, ==, "bluesky");
    g_assert_true(all->has_as_of && all->as_of == 9);
    g_assert_cmpint(all->certainty, ==, HIB_API_KPI_CERTAINTY_EXACT);
    const HibApiKpi *followers = kpi_of(kpis, n, HIB_API_KPI_METRIC_FOLLOWERS);
    g_assert_true(followers->value == 51 && followers->previous == 40 && followers->as_of == 7);
    const HibApiKpi *posts = kpi_of(kpis, n, HIB_API_KPI_METRIC_POSTS);
    g_assert_true(posts->value == 3 && posts->previous == 3);
    g_assert_cmpstr(posts->source, ==, "hibiki");
    const HibApiKpi *per_post = kpi_of(kpis, n, HIB_API_KPI_METRIC_ENGAGEMENT_PER_POST);
    g_assert_true(per_post->value == 2.5 && !per_post->has_previous);
    kpis = hib_measure_kpis(arena, &seen, "bluesky", true, &n);
    g_assert_cmpint(kpis[0].certainty, ==, HIB_API_KPI_CERTAINTY_PARTIAL);
}

static void
missing_is_not_zero(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibMeasureDay days[1] = {{.day = 20260110}}, before[1] = {{.day = 20260109}};
    HibMeasureOverview seen = {.days = days, .before = before, .n_days = 1};
    size_t n = 0;
    HibApiKpi *kpis = hib_measure_kpis(arena, &seen, "", false, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_own = kpis[i].metric == HIB_API_KPI_METRIC_POSTS;
        g_assert_true(kpis[i].has_value == is_own);
        g_assert_false(kpis[i].has_previous); /* nobody was looking then */
        g_assert_cmpint(kpis[i].certainty, ==,
                        is_own ? HIB_API_KPI_CERTAINTY_EXACT : HIB_API_KPI_CERTAINTY_NONE);
    }
    /* Followers are known before any post is out. */
    days[0].followers = 12;
    days[0].has_followers = true;
    kpis = hib_measure_kpis(arena, &seen, "bluesky", false, &n);
    g_assert_true(kpi_of(kpis, n, HIB_API_KPI_METRIC_FOLLOWERS)->has_value);
    g_assert_false(kpi_of(kpis, n, HIB_API_KPI_METRIC_LIKES)->has_value);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/measure/overview/" #name, name)
    TEST(students_t_agrees_with_the_tables);
    TEST(a_mean_comes_with_its_interval);
    TEST(sums_and_their_series_stand_beside_the_period_before);
    TEST(missing_is_not_zero);
    return g_test_run();
}
