/* What charts share (title, legend, axis, labels, patterns), and lines over time. */
#include "draw/draw.h"
#include "draw/draw_private.h"
#include <math.h>
#include <string.h>

#define END_MOST 0.3 /* share of the width that names at line ends may take */

/* Six colours that keep 0.147 of distance (OKLab) for protan, deutan, tritan and normal sight, contrast 3.05:1 on white and more. */
static const uint32_t colours[HIB_CHART_MOST_SERIES] = {0x525ad8, 0xc38611, 0x00a4a5,
                                                        0x730485, 0xad3a0f, 0x2e2e2e};
static const double dashes[HIB_CHART_MOST_SERIES][4] = {{0},          {6, 3},        {2, 2},
                                                        {8, 2, 2, 2}, {10, 4, 4, 4}, {1, 3}};
static const int n_dashes[HIB_CHART_MOST_SERIES] = {0, 2, 2, 4, 4, 2};

uint32_t
hib_chart_colour(size_t series)
{
    return colours[series % HIB_CHART_MOST_SERIES];
}

/* --- patterns ----------------------------------------------------------------------------------------------------------------- */
/* Slanting lines, `gap` apart; `lean` 1 or -1. */
static void
stripes(cairo_t *cairo, HibBox box, double lean, double gap)
{
    double far = box.width + box.height;
    for (double at = -far; at <= far; at += gap) {
        cairo_move_to(cairo, box.x + at, box.y);
        cairo_rel_line_to(cairo, lean * box.height, box.height);
    }
    cairo_stroke(cairo);
}

void
hib_pattern_fill(HibPaper *paper, size_t series)
{
    cairo_t *cairo = hib_paper_cairo(paper);
    size_t i = series % HIB_CHART_MOST_SERIES;
    double x1, y1, x2, y2;
    cairo_path_extents(cairo, &x1, &y1, &x2, &y2);
    HibBox box = {x1, y1, x2 - x1, y2 - y1};
    cairo_save(cairo);
    hib_paper_ink(paper, colours[i], 1);
    cairo_fill_preserve(cairo);
    cairo_clip(cairo);
    hib_paper_ink(paper, 0xffffff, 0.85);
    cairo_set_line_width(cairo, 1);
    cairo_set_dash(cairo, NULL, 0, 0);
    if (i == 1 || i == 5)
        stripes(cairo, box, 1, 5);
    if (i == 2 || i == 5)
        stripes(cairo, box, -1, 5);
    for (double y = box.y + 2; i == 3 && y < box.y + box.height; y += 4) {
        cairo_move_to(cairo, box.x, y);
        cairo_rel_line_to(cairo, box.width, 0);
    }
    for (double x = box.x + 2; i == 4 && x < box.x + box.width; x += 4) {
        cairo_move_to(cairo, x, box.y);
        cairo_rel_line_to(cairo, 0, box.height);
    }
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

void
hib_pattern_hatch(HibPaper *paper, HibBox box, uint32_t colour)
{
    cairo_t *cairo = hib_paper_cairo(paper);
    cairo_save(cairo);
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height);
    cairo_clip(cairo);
    hib_paper_ink(paper, colour, 1);
    cairo_set_line_width(cairo, 0.5);
    stripes(cairo, box, 1, 3.5);
    cairo_restore(cairo);
}

/* --- around the plot ------------------------------------------------------------------------------------------------------------ */
static HibBox
below(HibBox box, double height)
{
    return (HibBox){box.x, box.y + height, box.width, box.height - height};
}

HibBox
hib_chart_head(HibPaper *paper, const HibChart *chart, HibBox box)
{
    const HibType bold = {.size = 10, .is_bold = true, .most_lines = 1},
                  small = {.size = HIB_CHART_SMALL,
                           .colour = HIB_INK_MUTED,
                           .align = HIB_ALIGN_RIGHT,
                           .most_lines = 1};
    double unit =
        *chart->unit ? MIN(hib_paper_text_width(paper, &small, chart->unit) + 2, box.width / 3) : 0;
    double height = hib_paper_text(paper, &bold, box.x, box.y, box.width - unit - 4, chart->title);
    if (unit > 0)
        hib_paper_text(paper, &small, box.x + box.width - unit, box.y + 2.5, unit, chart->unit);
    return below(box, height + 5);
}

HibBox
hib_chart_legend(HibPaper *paper, const HibChart *chart, HibBox box)
{
    const HibType small = {.size = HIB_CHART_SMALL, .most_lines = 1};
    cairo_t *cairo = hib_paper_cairo(paper);
    double x = box.x, y = box.y, line = 12;
    if (chart->n_series < 2)
        return box;
    for (size_t i = 0; i < chart->n_series; i++) {
        double width =
            MIN(hib_paper_text_width(paper, &small, chart->series[i].name) + 1, box.width - 20);
        if (x > box.x && x + 16 + width > box.x + box.width) {
            x = box.x;
            y += line;
        }
        cairo_rectangle(cairo, x, y + 1.5, 12, 8);
        hib_pattern_fill(paper, i);
        hib_paper_text(paper, &small, x + 16, y, width, chart->series[i].name);
        x += 16 + width + 12;
    }
    return below(box, y - box.y + line + 3);
}

HibBox
hib_chart_axis(HibPaper *paper, const HibScale *scale, HibBox box)
{
    const HibType small = {
        .size = HIB_CHART_SMALL, .colour = HIB_INK_MUTED, .align = HIB_ALIGN_RIGHT};
    HibArena *arena = hib_paper_arena(paper);
    double wide = 0, label = 17;
    for (int i = 0; i < scale->n; i++)
        wide = MAX(wide, hib_paper_text_width(paper, &small, hib_scale_text(arena, scale, i)));
    wide += 1;
    HibBox plot = {box.x + wide + 5, box.y + 5, box.width - wide - 5, box.height - 5 - label};
    for (int i = 0; i < scale->n; i++) {
        const char *text = hib_scale_text(arena, scale, i);
        double y =
            plot.y + plot.height - hib_scale_at(scale, scale->low + i * scale->step, plot.height);
        hib_paper_line(paper, plot.x, y, plot.x + plot.width, y, 0.5,
                       i ? HIB_INK_LINE : HIB_INK_LINE_STRONG);
        hib_paper_text(paper, &small, box.x,
                       y - hib_paper_text_height(paper, &small, wide, text) / 2, wide, text);
    }
    return plot;
}

void
hib_chart_labels(HibPaper *paper, const HibChart *chart, HibBox plot, double step, double first)
{
    const HibType small = {.size = HIB_CHART_SMALL, .colour = HIB_INK_MUTED};
    double wide = 1, from = plot.x - 10, last = -1e9;
    for (size_t i = 0; i < chart->n; i++)
        wide = MAX(wide, hib_paper_text_width(paper, &small, chart->labels[i]));
    size_t every = (size_t)ceil((wide + 6) / MAX(step, 0.1));
    for (size_t i = 0; i < chart->n; i += MAX(every, 1)) {
        double width = hib_paper_text_width(paper, &small, chart->labels[i]);
        double x = plot.x + first + (double)i * step - width / 2;
        x = CLAMP(x, from, MAX(from, plot.x + plot.width - width));
        if (x < last + 4)
            continue;
        hib_paper_text(paper, &small, x, plot.y + plot.height + 5, 0, chart->labels[i]);
        last = x + width;
    }
}

/* --- lines ----------------------------------------------------------------------------------------------------------------------- */
static void
reach(const double *values, size_t n, double *low, double *high)
{
    for (size_t i = 0; values && i < n; i++)
        if (isfinite(values[i])) {
            *low = MIN(*low, values[i]);
            *high = MAX(*high, values[i]);
        }
}

typedef struct {
    size_t series;
    double y;
    const char *text;
} End;

static int
by_height(const void *a, const void *b)
{
    double one = ((const End *)a)->y, other = ((const End *)b)->y;
    return one < other ? -1 : one > other;
}

static double
at_x(HibBox plot, const HibChart *chart, size_t i)
{
    return plot.x +
           (chart->n < 2 ? plot.width / 2 : (double)i * plot.width / (double)(chart->n - 1));
}

static void
draw_band(HibPaper *paper, const HibChart *chart, size_t s, HibBox plot, const HibScale *scale)
{
    const HibChartSeries *series = &chart->series[s];
    cairo_t *cairo = hib_paper_cairo(paper);
    double foot = plot.y + plot.height;
    if (!series->low || !series->high)
        return;
    cairo_new_path(cairo); /* text leaves a point behind */
    for (size_t i = 0; i < chart->n; i++) {
        size_t end = i;
        while (end < chart->n && isfinite(series->low[end]) && isfinite(series->high[end]))
            end++;
        for (size_t k = i; k < end; k++)
            cairo_line_to(cairo, at_x(plot, chart, k),
                          foot - hib_scale_at(scale, series->high[k], plot.height));
        for (size_t k = end; k > i; k--)
            cairo_line_to(cairo, at_x(plot, chart, k - 1),
                          foot - hib_scale_at(scale, series->low[k - 1], plot.height));
        if (end > i) {
            cairo_close_path(cairo);
            hib_paper_ink(paper, hib_chart_colour(s), 0.18);
            cairo_fill(cairo);
        }
        i = end;
    }
}

static void
draw_run(HibPaper *paper, const HibChart *chart, size_t s, HibBox plot, const HibScale *scale)
{
    const double *values = chart->series[s].values;
    cairo_t *cairo = hib_paper_cairo(paper);
    size_t look = s % HIB_CHART_MOST_SERIES;
    double foot = plot.y + plot.height;
    bool is_down = false;
    hib_paper_ink(paper, hib_chart_colour(s), 1);
    cairo_set_line_width(cairo, 1.6);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo, dashes[look], n_dashes[look], 0);
    for (size_t i = 0; i < chart->n; i++) {
        bool is_alone = isfinite(values[i]) && (i == 0 || !isfinite(values[i - 1])) &&
                        (i + 1 == chart->n || !isfinite(values[i + 1]));
        double x = at_x(plot, chart, i), y = foot - hib_scale_at(scale, values[i], plot.height);
        if (isfinite(values[i]) && is_down)
            cairo_line_to(cairo, x, y);
        else if (isfinite(values[i]))
            cairo_move_to(cairo, x, y);
        if (is_alone) /* between gaps: a point, or nothing would be seen */
            cairo_arc(cairo, x, y, 1, 0, 2 * G_PI);
        is_down = isfinite(values[i]);
    }
    cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
}

/* Each line's name and last figure beside its end; those that would touch are pushed apart. */
static void
draw_ends(HibPaper *paper, HibBox plot, double wide, End *ends, size_t n)
{
    const double line = 10;
    double foot = plot.y + plot.height;
    qsort(ends, n, sizeof *ends, by_height);
    for (size_t i = 0; i < n; i++)
        ends[i].y = i ? MAX(ends[i].y, ends[i - 1].y + line) : MAX(ends[i].y, plot.y + line / 2);
    for (size_t i = n; i > 0; i--) {
        double most = i == n ? foot : ends[i].y - line;
        ends[i - 1].y = MIN(ends[i - 1].y, most);
    }
    for (size_t i = 0; i < n; i++) {
        const HibType type = {.size = HIB_CHART_SMALL,
                              .is_bold = true,
                              .colour = hib_chart_colour(ends[i].series),
                              .most_lines = 1};
        double height = hib_paper_text_height(paper, &type, wide, ends[i].text);
        hib_paper_text(paper, &type, plot.x + plot.width + 5, ends[i].y - height / 2, wide,
                       ends[i].text);
    }
}

void
hib_draw_line(HibPaper *paper, const HibChart *chart, HibBox box)
{
    HibArena *arena = hib_paper_arena(paper);
    const HibType type = {.size = HIB_CHART_SMALL, .is_bold = true};
    End *ends = hib_arena_array(arena, End, chart->n_series + 1);
    double low = INFINITY, high = -INFINITY, wide = 0;
    size_t n = 0;
    for (size_t s = 0; s < chart->n_series; s++) {
        reach(chart->series[s].values, chart->n, &low, &high);
        reach(chart->series[s].low, chart->n, &low, &high);
        reach(chart->series[s].high, chart->n, &low, &high);
    }
    if (low > 0 && low < high * 0.6)
        low = 0; /* near enough to nothing to show it */
    const HibScale scale = hib_scale_of(low, high, 5, hib_paper_locale(paper));
    for (size_t s = 0; s < chart->n_series; s++) {
        size_t last = chart->n;
        while (last > 0 && !isfinite(chart->series[s].values[last - 1]))
            last--;
        if (!last)
            continue;
        double value = chart->series[s].values[last - 1];
        const char *text =
            hib_arena_printf(arena, "%s %s", chart->series[s].name,
                             hib_number_short(arena, hib_paper_locale(paper), value));
        ends[n++] = (End){s, value, text};
        wide = MAX(wide, hib_paper_text_width(paper, &type, text) + 2);
    }
    wide = MIN(wide, box.width * END_MOST);
    HibBox plot =
        hib_chart_axis(paper, &scale, (HibBox){box.x, box.y, box.width - wide - 5, box.height});
    for (size_t s = 0; s < chart->n_series; s++)
        draw_band(paper, chart, s, plot, &scale);
    for (size_t s = 0; s < chart->n_series; s++)
        draw_run(paper, chart, s, plot, &scale);
    for (size_t i = 0; i < n; i++)
        ends[i].y = plot.y + plot.height - hib_scale_at(&scale, ends[i].y, plot.height);
    draw_ends(paper, plot, wide, ends, n);
    hib_chart_labels(paper, chart, plot,
                     chart->n < 2 ? plot.width : plot.width / (double)(chart->n - 1),
                     chart->n < 2 ? plot.width / 2 : 0);
}

void
hib_draw_chart(HibPaper *paper, const HibChart *chart, HibBox box)
{
    static void (*const draw[])(HibPaper *, const HibChart *, HibBox) = {
        hib_draw_line, hib_draw_bars, hib_draw_stacked, hib_draw_heat};
    draw[chart->kind](paper, chart, hib_chart_head(paper, chart, box));
}

double
hib_chart_height(const HibChart *chart, double width)
{
    double head = 20;
    if (chart->kind == HIB_CHART_BARS)
        return head + (chart->n_series > 1 ? 28 : 0) +
               (double)chart->n * ((double)chart->n_series * HIB_BAR_HEIGHT + 6) + 4;
    if (chart->kind == HIB_CHART_HEAT)
        return head + (double)chart->n_series * 15 + 44;
    return head + CLAMP(width * 0.32, 110, 190);
}
