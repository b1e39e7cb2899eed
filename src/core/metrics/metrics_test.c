/* The dictionary: found by slug and id, and what may never be added is not added. */
#include "metrics/metrics.h"
#include <glib.h>

static void
every_metric_is_found_by_slug_and_by_id(void)
{
    size_t n = 0;
    const HibMetric *metrics = hib_metrics(&n);
    g_assert_cmpuint(n, >, 100);
    for (size_t i = 0; i < n; i++) {
        g_assert_true(hib_metric_find(metrics[i].slug) == &metrics[i]);
        g_assert_true(hib_metric_of_id(metrics[i].id) == &metrics[i]);
        g_assert_true(*metrics[i].name.ja && *metrics[i].name.en);
    }
    g_assert_null(hib_metric_find("happiness"));
    g_assert_null(hib_metric_find(""));
    g_assert_null(hib_metric_of_id(0));
    g_assert_null(hib_metric_of_id(255));
    g_assert_null(hib_metric_of_id(1000));
}

static void
people_are_never_added(void)
{
    static const char *const never[] = {"reach", "day_reach", "avg_watch_ms", "completion", "ctr"};
    for (size_t i = 0; i < G_N_ELEMENTS(never); i++)
        g_assert_cmpuint(hib_metric_find(never[i])->adds, ==, 0);
    g_assert_cmpuint(hib_metric_find("impressions")->adds, ==,
                     HIB_METRIC_OVER_POSTS | HIB_METRIC_OVER_DAYS | HIB_METRIC_OVER_ACCOUNTS |
                         HIB_METRIC_OVER_NETWORKS);
    g_assert_false(hib_metric_find("followers")->adds & HIB_METRIC_OVER_DAYS);
}

static void
a_rate_names_its_denominator(void)
{
    size_t n = 0;
    const HibMetric *metrics = hib_metrics(&n);
    for (size_t i = 0; i < n; i++) {
        bool is_derived = metrics[i].kind == HIB_METRIC_DERIVED;
        g_assert_true(is_derived == (metrics[i].under != NULL));
        if (is_derived)
            g_assert_true(*metrics[i].formula.ja && hib_metric_find(metrics[i].over) &&
                          hib_metric_find(metrics[i].under));
        g_assert_true(hib_metric_is_read(&metrics[i]) == (metrics[i].kind <= HIB_METRIC_MEAN));
    }
    g_assert_cmpint(hib_metric_find("cpm")->times, ==, 1000);
}

static void
a_network_says_what_it_means_and_since_when(void)
{
    const HibMetric *reach = hib_metric_find("reach"), *views = hib_metric_find("views");
    g_assert_cmpint(hib_metric_meaning(reach, "instagram")->state, ==, HIB_METRIC_ESTIMATED);
    g_assert_null(hib_metric_meaning(reach, "bluesky"));
    g_assert_cmpstr(hib_metric_meaning(views, "instagram")->from, ==, "2025-04-21");
    g_assert_cmpuint(views->n_changes, >=, 2);
    g_assert_cmpstr(views->changes[0].network, ==, "instagram");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/metrics/" #name, name)
    TEST(every_metric_is_found_by_slug_and_by_id);
    TEST(people_are_never_added);
    TEST(a_rate_names_its_denominator);
    TEST(a_network_says_what_it_means_and_since_when);
    return g_test_run();
}
