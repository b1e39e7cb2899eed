/* The charts of a report: what came in day by day, followers, and what each hour of the week brought; each number with where it leads. Pure. */
#include "report/behind.h"
#include "report/report_private.h"
#include <math.h>

static HibReportBlock
as_chart(const HibReportFigures *of, HibChartKind kind, const char *title, const char *unit)
{
    return (HibReportBlock){.kind = HIB_BLOCK_CHART,
                            .chart = {.kind = kind,
                                      .title = hib_report_say(of, title),
                                      .unit = hib_report_say(of, unit)}};
}

/* --- days -------------------------------------------------------------------------------------------------------------------- */
static const char **
day_labels(HibArena *arena, const HibMeasureOverview *of)
{
    const char **labels = hib_arena_array(arena, const char *, of->n_days);
    for (size_t i = 0; i < of->n_days; i++)
        labels[i] = hib_arena_printf(arena, "%d/%d", (int)(of->days[i].day / 100 % 100),
                                     (int)(of->days[i].day % 100));
    return labels;
}

static double *
follower_line(HibArena *arena, const HibMeasureOverview *of, bool *ret_has)
{
    double *values = hib_arena_array(arena, double, of->n_days);
    *ret_has = false;
    for (size_t i = 0; i < of->n_days; i++) {
        values[i] = of->days[i].has_followers ? (double)of->days[i].followers : NAN;
        *ret_has |= of->days[i].has_followers;
    }
    return values;
}

/* Followers are nobody's post: no day leads anywhere. */
static size_t
put_followers(HibArena *arena, const HibReportFigures *of, HibReportBlock *ret)
{
    HibChartSeries *lines = hib_arena_array(arena, HibChartSeries, HIB_CHART_MOST_SERIES);
    size_t n = 0;
    for (size_t a = 0; a < of->n_accounts && n < HIB_CHART_MOST_SERIES; a++) {
        bool has;
        double *values = follower_line(arena, &of->accounts[a].of, &has);
        if (has)
            lines[n++] = (HibChartSeries){.name = of->accounts[a].name, .values = values};
    }
    if (!n)
        return 0;
    *ret = as_chart(of, HIB_CHART_LINE, "chart.followers", "unit.people");
    ret->chart.labels = day_labels(arena, &of->of);
    ret->chart.n = of->of.n_days;
    ret->chart.series = lines;
    ret->chart.n_series = n;
    return 1;
}

/* The reactions that stand in the chart: those every network has, the others only where one told them. */
static size_t
shown_metrics(const HibMeasureOverview *of, int ret[HIB_CHART_MOST_SERIES])
{
    size_t n = 0;
    for (int k = 0; k < HIB_REPORT_METRICS; k++)
        if (k != HIB_REPORT_ALL && n < HIB_CHART_MOST_SERIES &&
            (k < HIB_REPORT_ALL || hib_report_gained(of->days, of->n_days, k) != 0))
            ret[n++] = k;
    return n;
}

static void
put_reactions(HibArena *arena, const HibReportFigures *of, HibReportBlock *ret)
{
    const HibMeasureOverview *over = &of->of;
    int metrics[HIB_CHART_MOST_SERIES];
    const size_t n = shown_metrics(over, metrics), columns = n + 1;
    HibChartSeries *stack = hib_arena_array(arena, HibChartSeries, n);
    const char **behind = hib_arena_array(arena, const char *, columns * over->n_days);
    for (size_t s = 0; s < n; s++) {
        const char *slug = hib_report_metric(metrics[s]);
        double *values = hib_arena_array(arena, double, over->n_days);
        for (size_t i = 0; i < over->n_days; i++) {
            values[i] = (double)hib_report_gained(&over->days[i], 1, metrics[s]);
            behind[i * columns + s + 1] =
                values[i] != 0 ? hib_behind_day(arena, of, over->days[i].day, slug) : NULL;
        }
        stack[s] =
            (HibChartSeries){.name = hib_report_say(of, hib_arena_printf(arena, "metric.%s", slug)),
                             .values = values};
    }
    *ret = as_chart(of, HIB_CHART_STACKED, "chart.engagements", "unit.times");
    ret->chart.labels = day_labels(arena, over);
    ret->chart.n = over->n_days;
    ret->chart.series = stack;
    ret->chart.n_series = n;
    ret->behind = behind;
}

size_t
hib_report_trend(HibArena *arena, const HibReportFigures *of, HibReportBlock ret[2])
{
    size_t n = 0;
    if (of->of.has_newest)
        put_reactions(arena, of, &ret[n++]);
    return n + put_followers(arena, of, &ret[n]);
}

/* --- weekdays and hours ------------------------------------------------------------------------------------------------------- */
size_t
hib_report_rhythm(HibArena *arena, const HibReportFigures *of, HibReportBlock ret[1])
{
    const HibMeasureCell *cells = of->of.cells;
    size_t n;
    const double mean = hib_report_cells_mean(cells, &n);
    if (!n)
        return 0;
    HibChartSeries *rows = hib_arena_array(arena, HibChartSeries, 7);
    const char **hours = hib_arena_array(arena, const char *, 24),
               **behind = hib_arena_array(arena, const char *, 24 * 8);
    for (int h = 0; h < 24; h++)
        hours[h] = hib_arena_printf(arena, "%d%s", h, hib_report_say(of, "hour"));
    for (int d = 0; d < 7; d++) {
        double *values = hib_arena_array(arena, double, 24);
        bool *unsure = hib_arena_array(arena, bool, 24);
        for (int h = 0; h < 24; h++) {
            const HibMeanInterval *cell = &cells[d * 24 + h].engagements;
            values[h] = cell->n ? round(cell->mean * 10) / 10 : NAN;
            unsure[h] = !hib_report_cell_is_sure(cell, mean);
            behind[h * 8 + d + 1] = cell->n ? hib_behind_settled(arena, of, d + 1, h) : NULL;
        }
        rows[d] = (HibChartSeries){
            .name = hib_report_weekday(of, d + 1), .values = values, .is_unsure = unsure};
    }
    *ret = as_chart(of, HIB_CHART_HEAT, "chart.rhythm", "unit.mean");
    ret->chart.labels = hours;
    ret->chart.n = 24;
    ret->chart.series = rows;
    ret->chart.n_series = 7;
    ret->behind = behind;
    return 1;
}
