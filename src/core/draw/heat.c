/* A heat map that says how sure it is: cells that cannot be told apart from the mean are pale and hatched, whatever their figure; what was not measured is empty. */
#include "base/messages.h"
#include "draw/draw_private.h"
#include <math.h>

#define STEPS 7
static const uint32_t ramp[STEPS] = {0xeef3fa, 0xd3e2f3, 0xa9c8e8, 0x77a9da,
                                     0x4587c5, 0x1f64a6, 0x0d437a};
#define PALE 0xf3f1ec
#define LEGEND_CELL 12.0

typedef struct {
    double low, high;
} Range;

static Range
range_of(const HibChart *chart)
{
    Range range = {INFINITY, -INFINITY};
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++) {
            double value = chart->series[s].values[i];
            if (!isfinite(value) || (chart->series[s].is_unsure && chart->series[s].is_unsure[i]))
                continue;
            range.low = MIN(range.low, value);
            range.high = MAX(range.high, value);
        }
    return range;
}

static uint32_t
colour_of(Range range, double value)
{
    double at = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5;
    return ramp[CLAMP((int)(at * STEPS), 0, STEPS - 1)];
}

static void
draw_legend(HibPaper *paper, Range range, double x, double y, double width)
{
    HibArena *arena = hib_paper_arena(paper);
    const char *locale = hib_paper_locale(paper);
    const HibType small = {.size = HIB_CHART_SMALL, .colour = HIB_INK_MUTED, .most_lines = 1};
    double end = x + width;
    if (isfinite(range.low)) {
        const char *low = hib_number_text(arena, round(range.low)),
                   *high = hib_number_text(arena, round(range.high));
        hib_paper_text(paper, &small, x, y, 0, low);
        x += hib_paper_text_width(paper, &small, low) + 4;
        for (int i = 0; i < STEPS; i++, x += LEGEND_CELL)
            hib_paper_fill(paper, (HibBox){x, y + 1.5, LEGEND_CELL, 8}, ramp[i]);
        hib_paper_text(paper, &small, x + 4, y, 0, high);
        x += hib_paper_text_width(paper, &small, high) + 16;
    }
    HibBox cell = {x, y + 1.5, LEGEND_CELL, 8};
    hib_paper_fill(paper, cell, PALE);
    hib_pattern_hatch(paper, cell, HIB_INK_LINE_STRONG);
    hib_paper_text(paper, &small, x + LEGEND_CELL + 4, y, MAX(end - x - LEGEND_CELL - 4, 20),
                   hib_message(locale, "draw.unsure"));
}

void
hib_draw_heat(HibPaper *paper, const HibChart *chart, HibBox box)
{
    const HibType label = {.size = HIB_CHART_SMALL,
                           .colour = HIB_INK_MUTED,
                           .align = HIB_ALIGN_RIGHT,
                           .most_lines = 1};
    Range range = range_of(chart);
    double wide = 0, foot = 34;
    for (size_t s = 0; s < chart->n_series; s++)
        wide = MAX(wide, hib_paper_text_width(paper, &label, chart->series[s].name) + 2);
    HibBox plot = {box.x + wide + 5, box.y, box.width - wide - 5, box.height - foot};
    double width = plot.width / (double)MAX(chart->n, 1),
           height = plot.height / (double)MAX(chart->n_series, 1);
    for (size_t s = 0; s < chart->n_series; s++) {
        const HibChartSeries *row = &chart->series[s];
        double y = plot.y + (double)s * height,
               type = hib_paper_text_height(paper, &label, wide, row->name);
        hib_paper_text(paper, &label, box.x, y + (height - type) / 2, wide, row->name);
        for (size_t i = 0; i < chart->n; i++) {
            HibBox cell = {plot.x + (double)i * width + 0.5, y + 0.5, width - 1, height - 1};
            bool is_unsure = row->is_unsure && row->is_unsure[i];
            if (!isfinite(row->values[i])) {
                hib_paper_line(paper, cell.x + cell.width / 2 - 1, cell.y + cell.height / 2,
                               cell.x + cell.width / 2 + 1, cell.y + cell.height / 2, 0.5,
                               HIB_INK_LINE_STRONG);
                continue;
            }
            hib_paper_fill(paper, cell, is_unsure ? PALE : colour_of(range, row->values[i]));
            if (is_unsure)
                hib_pattern_hatch(paper, cell, HIB_INK_LINE_STRONG);
        }
    }
    hib_chart_labels(paper, chart, plot, width, width / 2);
    draw_legend(paper, range, plot.x, plot.y + plot.height + 20, plot.width);
}
