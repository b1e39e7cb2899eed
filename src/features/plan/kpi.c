/* What a goal can be measured in: the metrics of the dictionary (metrics/metrics.h) that a campaign may aim for. Names and formulas, denominators included, are sentences
 * (messages/, web.kpi); a rate by followers and one by reach are two metrics, because they differ by a factor of ten. */
#include "metrics/metrics.h"
#include "plan/plan_private.h"
#include <string.h>

enum { AT_MOST = 128 };
typedef struct {
    HibKpi rows[AT_MOST];
    size_t n;
} Kpis;

static gpointer
make_kpis(gpointer data G_GNUC_UNUSED)
{
    static Kpis kpis;
    size_t n = 0;
    const HibMetric *metrics = hib_metrics(&n);
    for (size_t i = 0; i < n && kpis.n < AT_MOST; i++)
        if (metrics[i].is_goal)
            kpis.rows[kpis.n++] =
                (HibKpi){metrics[i].slug, (HibKpiUnit)metrics[i].unit, metrics[i].is_lower_better};
    return &kpis;
}

size_t
hib_kpis(const HibKpi **ret)
{
    static GOnce once = G_ONCE_INIT;
    const Kpis *kpis = g_once(&once, make_kpis, NULL);
    *ret = kpis->rows;
    return kpis->n;
}

const HibKpi *
hib_kpi_find(const char *name)
{
    const HibKpi *kpis;
    size_t n = hib_kpis(&kpis);
    for (size_t i = 0; i < n; i++)
        if (strcmp(kpis[i].name, name) == 0)
            return &kpis[i];
    return NULL;
}
