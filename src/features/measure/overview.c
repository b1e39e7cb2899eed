/* The dashboard's arithmetic: means with their interval, and KPIs of a period beside the one before. Pure. */
#include "measure/measure_private.h"
#include <math.h>

/* Two-sided 95 % points of Student's t for 1..30 degrees of freedom, as printed in any table (e.g. Fisher & Yates, table III). */
static const double t_table[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                 2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                 2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                 2.060,  2.056, 2.052, 2.048, 2.045, 2.042};

double
hib_t_quantile_975(int64_t degrees)
{
    if (degrees <= (int64_t)G_N_ELEMENTS(t_table))
        return t_table[MAX(degrees, 1) - 1];
    /* Cornish-Fisher expansion about the normal quantile (Abramowitz & Stegun 26.7.5); error below 1e-5 here. */
    double z = 1.959963984540054, n = (double)degrees;
    double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
    return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n) +
           (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
}

HibMeanInterval
hib_mean_interval(const double *values, size_t n)
{
    HibMeanInterval interval = {.n = (int64_t)n};
    if (!n)
        return interval;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    interval.mean = interval.low = interval.high = sum / (double)n;
    if (n < 2)
        return interval;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - interval.mean) * (values[i] - interval.mean);
    double half = hib_t_quantile_975((int64_t)n - 1) * sqrt(squares / (double)(n - 1) / (double)n);
    interval.low = interval.mean - half;
    interval.high = interval.mean + half;
    return interval;
}

/* --- KPIs ------------------------------------------------------------------------------------------------------ */
typedef double (*DayValue)(const HibMeasureDay *day);

static double
day_likes(const HibMeasureDay *day)
{
    return (double)day->gained[HIB_MEASURE_LIKES];
}

static double
day_reposts(const HibMeasureDay *day)
{
    return (double)day->gained[HIB_MEASURE_REPOSTS];
}

static double
day_replies(const HibMeasureDay *day)
{
    return (double)day->gained[HIB_MEASURE_REPLIES];
}

static double
day_quotes(const HibMeasureDay *day)
{
    return (double)day->gained[HIB_MEASURE_QUOTES];
}

int64_t
hib_measure_day_engagements(const HibMeasureDay *day)
{
    int64_t sum = day->saves + day->shares;
    for (int i = 0; i < HIB_MEASURE_N; i++)
        sum += day->gained[i];
    return sum;
}

static double
day_engagements(const HibMeasureDay *day)
{
    return (double)hib_measure_day_engagements(day);
}

static double
day_posts(const HibMeasureDay *day)
{
    return (double)day->posts;
}

static HibApiKpi
sum_kpi(HibArena *arena, const HibMeasureOverview *overview, int metric, DayValue of)
{
    HibApiKpi kpi = {.metric = metric,
                     .has_value = true,
                     .has_previous = overview->has_before,
                     .n_series = overview->n_days};
    kpi.series = hib_arena_array(arena, double, overview->n_days);
    for (size_t i = 0; i < overview->n_days; i++) {
        kpi.series[i] = of(&overview->days[i]);
        kpi.value += kpi.series[i];
        kpi.previous += of(&overview->before[i]);
    }
    return kpi;
}

static HibApiKpi
followers_kpi(HibArena *arena, const HibMeasureOverview *overview)
{
    HibApiKpi kpi = {.metric = HIB_API_KPI_METRIC_FOLLOWERS};
    kpi.series = hib_arena_array(arena, double, overview->n_days);
    for (size_t i = 0; i < overview->n_days; i++)
        if (overview->days[i].has_followers) {
            kpi.series[kpi.n_series++] = (double)overview->days[i].followers;
            kpi.value = (double)overview->days[i].followers;
            kpi.has_value = true;
        }
    const HibMeasureDay *last = &overview->before[overview->n_days - 1];
    kpi.previous = (double)last->followers;
    kpi.has_previous = last->has_followers;
    return kpi;
}

HibApiKpi *
hib_measure_kpis(HibArena *arena, const HibMeasureOverview *overview, const char *source,
                 bool is_partial, size_t *ret_n)
{
    HibApiKpi *kpis = hib_arena_array(arena, HibApiKpi, 8);
    size_t n = 0;
    kpis[n++] = sum_kpi(arena, overview, HIB_API_KPI_METRIC_ENGAGEMENTS, day_engagements);
    kpis[n++] = followers_kpi(arena, overview);
    kpis[n++] = sum_kpi(arena, overview, HIB_API_KPI_METRIC_POSTS, day_posts);
    kpis[n++] = (HibApiKpi){.metric = HIB_API_KPI_METRIC_ENGAGEMENT_PER_POST,
                            .value = overview->per_post,
                            .has_value = overview->has_per_post,
                            .previous = overview->per_post_before,
                            .has_previous = overview->has_per_post_before,
                            .series = hib_arena_array(arena, double, 1)};
    kpis[n++] = sum_kpi(arena, overview, HIB_API_KPI_METRIC_LIKES, day_likes);
    kpis[n++] = sum_kpi(arena, overview, HIB_API_KPI_METRIC_REPOSTS, day_reposts);
    kpis[n++] = sum_kpi(arena, overview, HIB_API_KPI_METRIC_REPLIES, day_replies);
    kpis[n++] = sum_kpi(arena, overview, HIB_API_KPI_METRIC_QUOTES, day_quotes);
    for (size_t i = 0; i < n; i++) {
        bool is_reading =
            kpis[i].metric != HIB_API_KPI_METRIC_POSTS; /* posts are counted by ourselves */
        bool is_followers = kpis[i].metric == HIB_API_KPI_METRIC_FOLLOWERS;
        kpis[i].source = is_reading ? source : "hibiki";
        kpis[i].as_of = is_followers ? overview->followers_at : overview->newest;
        kpis[i].has_as_of = is_followers ? kpis[i].has_value : overview->has_newest;
        if (is_reading && !is_followers && !overview->has_newest)
            kpis[i].has_value = kpis[i].has_previous = false; /* never read: missing, not zero */
        kpis[i].certainty = !kpis[i].has_value         ? HIB_API_KPI_CERTAINTY_NONE
                            : is_reading && is_partial ? HIB_API_KPI_CERTAINTY_PARTIAL
                                                       : HIB_API_KPI_CERTAINTY_EXACT;
    }
    *ret_n = n;
    return kpis;
}
