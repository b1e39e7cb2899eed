/* Shared inside draw/ only. */
#pragma once
#include "draw/draw.h"
#include <cairo.h>

cairo_t *hib_paper_cairo(HibPaper *paper);
HibArena *hib_paper_arena(HibPaper *paper); /* lives with the paper */
const char *hib_paper_locale(const HibPaper *paper);
void hib_paper_ink(HibPaper *paper, uint32_t colour, double alpha);

/* Fills the current path with the series' colour and pattern. */
void hib_pattern_fill(HibPaper *paper, size_t series);
/* Lines across the box, for what is not sure. */
void hib_pattern_hatch(HibPaper *paper, HibBox box, uint32_t colour);

/* The title of the chart; what is left of the box. */
HibBox hib_chart_head(HibPaper *paper, const HibChart *chart, HibBox box);
/* Names of the series with their swatches, where there is more than one; what is left. */
HibBox hib_chart_legend(HibPaper *paper, const HibChart *chart, HibBox box);
/* Labels below a plot, as many as fit without touching. `step`: from one label's middle to the next. */
void hib_chart_labels(HibPaper *paper, const HibChart *chart, HibBox plot, double step,
                      double first);
/* Ticks and rules of an upright axis into the box; the plot that is left. */
HibBox hib_chart_axis(HibPaper *paper, const HibScale *scale, HibBox box);
double hib_scale_at(const HibScale *scale, double value, double length);

void hib_draw_line(HibPaper *paper, const HibChart *chart, HibBox box);
void hib_draw_bars(HibPaper *paper, const HibChart *chart, HibBox box);
void hib_draw_stacked(HibPaper *paper, const HibChart *chart, HibBox box);
void hib_draw_heat(HibPaper *paper, const HibChart *chart, HibBox box);
#define HIB_CHART_SMALL 7.5 /* type of ticks and labels */
#define HIB_BAR_HEIGHT 14.0
