/* Bars with their value beside them and whiskers where there is an interval; stacked columns over time. */
#include "draw/draw_private.h"
#include <math.h>

static double
most_of(const HibChart *chart)
{
    double high = 0;
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++) {
            const HibChartSeries *series = &chart->series[s];
            if (isfinite(series->values[i]))
                high = MAX(high, series->values[i]);
            if (series->high && isfinite(series->high[i]))
                high = MAX(high, series->high[i]);
        }
    return high;
}

static void
draw_whisker(HibPaper *paper, const HibChartSeries *series, size_t i, HibBox bar, double scale)
{
    if (!series->low || !series->high || !isfinite(series->low[i]) || !isfinite(series->high[i]))
        return;
    double x1 = bar.x + MAX(series->low[i], 0) * scale, x2 = bar.x + series->high[i] * scale,
           y = bar.y + bar.height / 2;
    hib_paper_line(paper, x1, y, x2, y, 1, HIB_INK);
    hib_paper_line(paper, x1, y - 3, x1, y + 3, 1, HIB_INK);
    hib_paper_line(paper, x2, y - 3, x2, y + 3, 1, HIB_INK);
}

void
hib_draw_bars(HibPaper *paper, const HibChart *chart, HibBox box)
{
    HibArena *arena = hib_paper_arena(paper);
    cairo_t *cairo = hib_paper_cairo(paper);
    const HibType label = {.size = HIB_CHART_SMALL, .align = HIB_ALIGN_RIGHT, .most_lines = 1},
                  value = {.size = HIB_CHART_SMALL, .is_bold = true};
    double wide = 0, figures = 0, most = most_of(chart);
    box = hib_chart_legend(paper, chart, box);
    for (size_t i = 0; i < chart->n; i++)
        wide = MAX(wide, hib_paper_text_width(paper, &label, chart->labels[i]) + 2);
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++)
            figures = MAX(figures,
                          hib_paper_text_width(paper, &value,
                                               hib_number_text(arena, chart->series[s].values[i])));
    wide = MIN(wide, box.width * 0.4);
    double x = box.x + wide + 6, room = box.width - wide - figures - 12,
           scale = most > 0 ? room / most : 0;
    double group = (double)chart->n_series * HIB_BAR_HEIGHT + 6;
    for (size_t i = 0; i < chart->n; i++) {
        double y = box.y + (double)i * group;
        double height = hib_paper_text_height(paper, &label, wide, chart->labels[i]);
        hib_paper_text(paper, &label, box.x, y + (group - 6 - height) / 2, wide, chart->labels[i]);
        for (size_t s = 0; s < chart->n_series; s++) {
            const HibChartSeries *series = &chart->series[s];
            double figure = series->values[i], end = 0;
            HibBox bar = {x, y + (double)s * HIB_BAR_HEIGHT + 1,
                          isfinite(figure) ? MAX(figure, 0) * scale : 0, HIB_BAR_HEIGHT - 3};
            cairo_rectangle(cairo, bar.x, bar.y, bar.width, bar.height);
            if (isfinite(figure))
                hib_pattern_fill(paper, s);
            cairo_new_path(cairo);
            draw_whisker(paper, series, i, bar, scale);
            end = bar.width;
            if (series->high && isfinite(series->high[i]))
                end = MAX(end, series->high[i] * scale);
            hib_paper_text(paper, &value, x + end + 4, bar.y, 0, hib_number_text(arena, figure));
        }
    }
    hib_paper_line(paper, x, box.y, x, box.y + (double)chart->n * group - 6, 0.5,
                   HIB_INK_LINE_STRONG);
}

void
hib_draw_stacked(HibPaper *paper, const HibChart *chart, HibBox box)
{
    cairo_t *cairo = hib_paper_cairo(paper);
    double most = 0;
    box = hib_chart_legend(paper, chart, box);
    for (size_t i = 0; i < chart->n; i++) {
        double sum = 0;
        for (size_t s = 0; s < chart->n_series; s++)
            sum += isfinite(chart->series[s].values[i]) ? MAX(chart->series[s].values[i], 0) : 0;
        most = MAX(most, sum);
    }
    const HibScale scale = hib_scale_of(0, most, 5, hib_paper_locale(paper));
    HibBox plot = hib_chart_axis(paper, &scale, box);
    double step = plot.width / (double)MAX(chart->n, 1), width = MIN(step * 0.72, 40);
    for (size_t i = 0; i < chart->n; i++) {
        double y = plot.y + plot.height;
        for (size_t s = 0; s < chart->n_series; s++) {
            double figure = chart->series[s].values[i];
            double height =
                isfinite(figure) ? hib_scale_at(&scale, MAX(figure, 0), plot.height) : 0;
            if (height <= 0)
                continue;
            y -= height;
            cairo_rectangle(cairo, plot.x + (double)i * step + (step - width) / 2, y, width,
                            height);
            hib_pattern_fill(paper, s);
        }
    }
    hib_chart_labels(paper, chart, plot, step, step / 2);
}
