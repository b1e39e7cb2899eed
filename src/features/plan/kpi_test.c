/* The KPI dictionary and the contract name the same metrics, each once. */
#include "plan/plan_private.h"

static void
the_dictionary_and_the_contract_agree(void)
{
    const HibKpi *kpis;
    size_t n = hib_kpis(&kpis);
    for (size_t i = 0; i < n; i++) {
        g_assert_true(hib_kpi_find(kpis[i].name) == &kpis[i]); /* once */
        g_assert_cmpint(hib_api_campaign_goal_metric_from(kpis[i].name), >=, 0);
        g_assert_cmpint(hib_api_kpi_definition_metric_from(kpis[i].name), ==,
                        hib_api_campaign_goal_metric_from(kpis[i].name));
    }
    size_t n_named = 0;
    while (hib_api_campaign_goal_metric_names[n_named])
        n_named++;
    g_assert_cmpuint(n_named, ==, n);
    g_assert_null(hib_kpi_find("happiness"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/kpi/the_dictionary_and_the_contract_agree",
                    the_dictionary_and_the_contract_agree);
    return g_test_run();
}
