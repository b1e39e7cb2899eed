/* The KPI dictionary: what a goal can be measured in, and the unit each is counted in. Names and formulas, denominators included, are sentences
 * (messages/, web.kpi); a rate by followers and one by reach are two metrics, because they differ by a factor of ten. */
#include "plan/plan_private.h"
#include <string.h>

static const HibKpi kpis[] = {
    {"impressions", HIB_KPI_COUNT},
    {"reach", HIB_KPI_COUNT},
    {"engagements", HIB_KPI_COUNT},
    {"er_followers", HIB_KPI_RATE},
    {"er_reach", HIB_KPI_RATE},
    {"er_impressions", HIB_KPI_RATE},
    {"er_post_median", HIB_KPI_RATE},
    {"like_rate", HIB_KPI_RATE},
    {"comment_rate", HIB_KPI_RATE},
    {"share_rate", HIB_KPI_RATE},
    {"save_rate", HIB_KPI_RATE},
    {"profile_rate", HIB_KPI_RATE},
    {"follow_rate", HIB_KPI_RATE},
    {"retention_rate", HIB_KPI_RATE},
    {"vtr", HIB_KPI_RATE},
    {"vcr", HIB_KPI_RATE},
    {"hook_rate", HIB_KPI_RATE},
    {"clicks", HIB_KPI_COUNT},
    {"ctr", HIB_KPI_RATE},
    {"conversions", HIB_KPI_COUNT},
    {"cvr", HIB_KPI_RATE},
    {"cpm", HIB_KPI_MONEY, true},
    {"cpc", HIB_KPI_MONEY, true},
    {"cpa", HIB_KPI_MONEY, true},
    {"cpf", HIB_KPI_MONEY, true},
    {"cpv", HIB_KPI_MONEY, true},
    {"cpe", HIB_KPI_MONEY, true},
    {"roas", HIB_KPI_MULTIPLE},
    {"roi", HIB_KPI_MULTIPLE},
    {"cac", HIB_KPI_MONEY, true},
    {"ltv", HIB_KPI_MONEY},
    {"mer", HIB_KPI_MULTIPLE},
    {"frequency", HIB_KPI_MULTIPLE, true},
    {"budget_used", HIB_KPI_RATE},
    {"follower_growth", HIB_KPI_COUNT},
    {"unfollow_rate", HIB_KPI_RATE, true},
    {"line_open_rate", HIB_KPI_RATE},
    {"line_click_rate", HIB_KPI_RATE},
    {"line_block_rate", HIB_KPI_RATE, true},
    {"line_reach", HIB_KPI_COUNT},
    {"ugc", HIB_KPI_COUNT},
    {"share_of_voice", HIB_KPI_RATE},
    {"negative_rate", HIB_KPI_RATE, true},
    {"response_time", HIB_KPI_MINUTES, true},
    {"resolution_rate", HIB_KPI_RATE},
    {"branded_searches", HIB_KPI_COUNT},
    {"brand_lift", HIB_KPI_RATE},
    {"reservations", HIB_KPI_COUNT},
    {"store_visits", HIB_KPI_COUNT},
    {"sales", HIB_KPI_MONEY},
};

size_t
hib_kpis(const HibKpi **ret)
{
    *ret = kpis;
    return G_N_ELEMENTS(kpis);
}

const HibKpi *
hib_kpi_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kpis); i++)
        if (strcmp(kpis[i].name, name) == 0)
            return &kpis[i];
    return NULL;
}
