/* Drawing: text, tables and charts on paper (PDF), as picture (PNG) and for a page (SVG), one way for all of them.
 *
 * A chart is data first (HibChart): what is drawn, what is said of it in one sentence (hib_chart_says) and its table (hib_chart_table) come from the same figures. Nothing is told by colour alone: lines
 * differ by dash and carry their name at their end, bars by pattern and carry their value, cells that cannot be told apart from the mean are hatched. Sizes are points (1/72 inch). Japanese is set by
 * pango with its line breaking. A paper belongs to one thread at a time. */
#pragma once
#include "base/arena.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* --- paper (paper.c) ------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *locale; /* "ja", "en" */
    uint32_t accent;    /* 0xRRGGBB; 0: ours */
} HibDrawLook;
typedef struct {
    double x, y, width, height;
} HibBox;
typedef enum { HIB_PAPER_PDF, HIB_PAPER_PNG, HIB_PAPER_SVG } HibPaperKind;
typedef struct HibPaper HibPaper;
#define HIB_A4_SHORT 595.28
#define HIB_A4_LONG 841.89

/* CONFLICT draw.no_font: no font of this machine has Japanese letters; INTERNAL draw.failed. PNG: two pixels a point. */
HibPaper *hib_paper_new(HibPaperKind kind, const HibDrawLook *look, double width, double height,
                        GError **error);
void hib_paper_free(HibPaper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibPaper, hib_paper_free)
/* Gives back what the libraries keep from one paper to the next: at the end of the program, when no thread draws any more. */
void hib_draw_close(void);
void hib_paper_title(HibPaper *paper, const char *title, const char *author,
                     const char *made_at); /* PDF only; made_at: RFC 3339 */
/* What is drawn until the end, told to who has a PDF read aloud: "H1" "H2" "P" "Figure" "Caption" "Table" "TR" "TH" "TD". Within one page; nothing in other papers. */
void hib_paper_begin(HibPaper *paper, const char *role);
void hib_paper_end(HibPaper *paper, const char *role);
/* What is drawn until the end leads to `uri`; NULL: nowhere. PDF only. */
void hib_paper_link_begin(HibPaper *paper, const char *uri);
void hib_paper_link_end(HibPaper *paper, const char *uri);
/* A line of the reader's contents, for the page at hand. PDF only. */
void hib_paper_chapter(HibPaper *paper, const char *title);
void hib_paper_next_page(HibPaper *paper); /* PDF only */
/* Closes it; nothing may be drawn any more. INTERNAL draw.failed. */
bool hib_paper_finish(HibPaper *paper, GBytes **ret, GError **error);

#define HIB_INK 0x1d1f23 /* the page's tokens, light: paper is white */
#define HIB_INK_MUTED 0x5c626b
#define HIB_INK_LINE 0xe2dfd8
#define HIB_INK_LINE_STRONG 0x8a8780
#define HIB_INK_SUNKEN 0xf7f6f3
uint32_t hib_paper_accent(const HibPaper *paper);

typedef enum { HIB_ALIGN_LEFT, HIB_ALIGN_CENTRE, HIB_ALIGN_RIGHT } HibAlign;
typedef struct {
    double size;
    bool is_bold;
    uint32_t colour; /* 0: ink */
    HibAlign align;
    int most_lines; /* 0: any; what is more ends in … */
} HibType;
/* Sets text into `width` from the upper left; the height it took. */
double hib_paper_text(HibPaper *paper, const HibType *type, double x, double y, double width,
                      const char *text);
double hib_paper_text_height(HibPaper *paper, const HibType *type, double width, const char *text);
double hib_paper_text_width(HibPaper *paper, const HibType *type, const char *text);
void hib_paper_fill(HibPaper *paper, HibBox box, uint32_t colour);
void hib_paper_line(HibPaper *paper, double x1, double y1, double x2, double y2, double width,
                    uint32_t colour);
/* A JPEG of ours (media/ makes them), as large as fits, at the upper left. False: it is none. PDF only. */
bool hib_paper_jpeg(HibPaper *paper, GBytes *jpeg, HibBox box);
/* Width and height of a JPEG from its head. */
bool hib_jpeg_size(GBytes *jpeg, int *ret_width, int *ret_height);

/* Where text was set, for tests: nothing may lie on anything else. */
typedef struct {
    int page;
    HibBox box;
    const char *text;
} HibPaperSet;
const HibPaperSet *hib_paper_sets(const HibPaper *paper, size_t *ret_n);

/* --- numbers (scale.c: pure) ----------------------------------------------------------------------------------------------- */
/* "12,345"; with a fraction one digit of it, below 1 two. */
const char *hib_number_text(HibArena *arena, double value);
/* "1.2万", "3.4億" in ja, "12.3K", "1.2M" else, from 10,000 on; below as above. */
const char *hib_number_short(HibArena *arena, const char *locale, double value);
/* An axis: steps of 1, 2 or 5 times a power of ten, at most `most` of them; one unit for all of its texts. */
typedef struct {
    double low, high, step, divisor;
    int n; /* ticks: low, low + step … high */
    int digits;
    const char *unit; /* "万", "" */
} HibScale;
HibScale hib_scale_of(double low, double high, int most, const char *locale);
const char *hib_scale_text(HibArena *arena, const HibScale *scale, int tick);

/* --- charts ---------------------------------------------------------------------------------------------------------------- */
typedef enum {
    HIB_CHART_LINE, /* over time; a band where low and high are given */
    HIB_CHART_BARS, /* one bar a label and series, lying, with whiskers where low and high are given */
    HIB_CHART_STACKED, /* columns over time, the series one upon the other */
    HIB_CHART_HEAT     /* a row a series, a column a label */
} HibChartKind;
typedef struct {
    const char *name;
    const double *values;     /* NAN: missing, which is not zero */
    const double *low, *high; /* NULL: no interval */
    const bool *is_unsure;    /* of cells that cannot be told apart from the mean; NULL: none */
} HibChartSeries;
typedef struct {
    HibChartKind kind;
    const char *title, *unit; /* what the figures count: "件" */
    const char *const *labels;
    size_t n;
    const HibChartSeries *series;
    size_t n_series;
} HibChart;
#define HIB_CHART_MOST_SERIES 6 /* colours and patterns there are; heat has any number of rows */

void hib_draw_chart(HibPaper *paper, const HibChart *chart, HibBox box);
/* The height that shows the chart well at a width. */
double hib_chart_height(const HibChart *chart, double width);
/* One sentence with the figures: what, how many, the least and the most and where. */
const char *hib_chart_says(HibArena *arena, const char *locale, const HibChart *chart);
uint32_t hib_chart_colour(size_t series); /* of the design tokens, light */

/* --- tables and tiles (grid.c) ------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *const *head;  /* n_columns */
    const char *const *cells; /* n_rows x n_columns */
    const bool *is_number;    /* of a column: right-aligned, narrow */
    const double *share;      /* of the width, summing to 1 */
    size_t n_columns, n_rows;
    const char *const *links; /* of each cell, NULL where it leads nowhere; NULL: none does */
} HibGrid;
/* The figures behind a chart: a row a label, a column a series. */
HibGrid hib_chart_table(HibArena *arena, const char *locale, const HibChart *chart);
/* Draws rows from `first` on while they fit into the box; the height it took, *ret_next: the first that did not. */
double hib_draw_grid(HibPaper *paper, const HibGrid *grid, size_t first, HibBox box,
                     size_t *ret_next);
typedef struct {
    const char *label, *value, *note; /* note: "+12.3 %（前の31日 1,234）" */
    const char *link, *link_note;     /* where they lead; NULL: nowhere */
} HibTile;
void hib_draw_tile(HibPaper *paper, const HibTile *tile, HibBox box);
#define HIB_TILE_HEIGHT 62.0
