/* The document as a workbook: what is said on the first sheet, then a sheet with the figures of each chart and table and a real chart of them, last every post. */
#include "base/messages.h"
#include "report/behind.h"
#include "report/report_private.h"
#include "table/table.h"
#include <math.h>

#define WIDE 60.0

static void
link_cell(HibBook *book, size_t row, int column, const char *address)
{
    if (address)
        hib_book_link(book, row, column, address);
}

static void
write_grid(HibBook *book, const HibReportDocument *document, const HibReportBlock *block,
           size_t *row)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibGrid *grid = &block->grid;
    for (size_t c = 0; c < grid->n_columns; c++)
        hib_book_text(book, *row, (int)c, HIB_CELL_HEAD, grid->head[c]);
    for (size_t r = 0; r < grid->n_rows; r++)
        for (size_t c = 0; c < grid->n_columns; c++) {
            size_t at = r * grid->n_columns + c;
            link_cell(book, *row + 1 + r, (int)c, hib_behind_cell(arena, document, block, r, c));
            if (isfinite(block->numbers[at]))
                hib_book_number(book, *row + 1 + r, (int)c, block->numbers[at]);
            else
                hib_book_text(book, *row + 1 + r, (int)c, HIB_CELL_PLAIN, grid->cells[at]);
        }
    *row += grid->n_rows + 2;
}

/* Of a heat map: hatched where it cannot be told apart from the mean, as on paper. */
static void
write_heat(HibBook *book, const HibChart *chart, const char *locale)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++)
            if (isfinite(chart->series[s].values[i])) {
                low = MIN(low, chart->series[s].values[i]);
                high = MAX(high, chart->series[s].values[i]);
            }
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++) {
            const HibChartSeries *series = &chart->series[s];
            double value = series->values[i];
            int level = high > low ? (int)((value - low) / (high - low) * HIB_HEAT_LEVELS)
                                   : HIB_HEAT_LEVELS / 2;
            bool is_unsure = series->is_unsure && series->is_unsure[i];
            if (isfinite(value))
                hib_book_heat(book, 4 + i, (int)s + 1, value,
                              is_unsure ? HIB_HEAT_UNSURE : MIN(level, HIB_HEAT_LEVELS - 1));
        }
    hib_book_text(book, 2, 0, HIB_CELL_PLAIN, hib_message(locale, "report.heat_key"));
}

/* A row a label, a column a series: what is missing stays empty. */
static void
link_chart(HibBook *book, const HibReportDocument *document, const HibReportBlock *block)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const size_t columns = block->chart.n_series + 1;
    for (size_t i = 0; block->behind && i < block->chart.n; i++)
        for (size_t c = 1; c < columns; c++)
            link_cell(book, 4 + i, (int)c,
                      hib_behind_address(arena, document, block->behind[i * columns + c], NULL));
}

static void
write_chart(HibBook *book, const HibReportDocument *document, const HibReportBlock *block)
{
    const HibChart *chart = &block->chart;
    const char *locale = document->locale;
    HibArena *arena = hib_arena_new();
    uint32_t colours[HIB_CHART_MOST_SERIES];
    const char *says = hib_chart_says(arena, locale, chart);
    hib_book_sheet(book, chart->title);
    hib_book_text(book, 0, 0, HIB_CELL_TITLE, chart->title);
    hib_book_text(book, 1, 0, HIB_CELL_PLAIN, says);
    link_chart(book, document, block);
    for (size_t s = 0; s < chart->n_series; s++) {
        hib_book_text(book, 3, (int)s + 1, HIB_CELL_HEAD, chart->series[s].name);
        for (size_t i = 0; i < chart->n; i++)
            if (chart->kind != HIB_CHART_HEAT && isfinite(chart->series[s].values[i]))
                hib_book_number(book, 4 + i, (int)s + 1, chart->series[s].values[i]);
    }
    for (size_t i = 0; i < chart->n; i++)
        hib_book_text(book, 4 + i, 0, HIB_CELL_PLAIN, chart->labels[i]);
    for (size_t s = 0; s < G_N_ELEMENTS(colours); s++)
        colours[s] = hib_chart_colour(s);
    if (chart->kind == HIB_CHART_HEAT) {
        write_heat(book, chart, locale);
    } else {
        const HibBookChart drawn = {chart->kind == HIB_CHART_LINE   ? HIB_BOOK_LINE
                                    : chart->kind == HIB_CHART_BARS ? HIB_BOOK_BARS
                                                                    : HIB_BOOK_STACKED,
                                    chart->title,
                                    says,
                                    3,
                                    chart->n,
                                    (int)MIN(chart->n_series, HIB_CHART_MOST_SERIES),
                                    colours};
        hib_book_chart(book, &drawn, 3, (int)chart->n_series + 2);
    }
    hib_arena_free(arena);
}

static void
write_words(HibBook *book, const HibReportDocument *document)
{
    static const char *const keys[] = {"report.says.fact", "report.says.reading",
                                       "report.says.guess"};
    g_autoptr(HibArena) arena = hib_arena_new();
    size_t row = 4;
    hib_book_sheet(book, hib_message(document->locale, "report.section.summary"));
    hib_book_width(book, 0, 14);
    hib_book_width(book, 1, WIDE);
    hib_book_text(book, 0, 0, HIB_CELL_TITLE, document->title);
    hib_book_text(book, 1, 0, HIB_CELL_PLAIN, document->client);
    hib_book_text(book, 2, 0, HIB_CELL_PLAIN, document->period);
    for (size_t i = 0; i < document->n_parts; i++) {
        const HibReportPart *part = &document->parts[i];
        hib_book_text(book, row++, 0, HIB_CELL_HEAD, part->title);
        if (*part->note)
            hib_book_text(book, row++, 1, HIB_CELL_WRAPPED, part->note);
        for (size_t k = 0; k < part->n_blocks; k++) {
            const HibReportBlock *block = &part->blocks[k];
            for (size_t t = 0; block->kind == HIB_BLOCK_TILES && t < block->n_tiles; t++) {
                hib_book_text(book, row, 0, HIB_CELL_PLAIN, block->tiles[t].label);
                for (size_t at = 0; block->behind && at < 2; at++)
                    link_cell(book, row, (int)at + 1,
                              hib_behind_address(arena, document, block->behind[2 * t + at], NULL));
                hib_book_text(book, row, 1, HIB_CELL_PLAIN, block->tiles[t].value);
                hib_book_text(book, row++, 2, HIB_CELL_PLAIN, block->tiles[t].note);
            }
            if (block->kind != HIB_BLOCK_TEXT)
                continue;
            if (block->sentence.n_figures)
                hib_book_text(book, row, 0, HIB_CELL_PLAIN,
                              hib_message(document->locale, keys[block->sentence.kind]));
            hib_book_text(book, row++, 1, HIB_CELL_WRAPPED, block->sentence.text);
        }
        row++;
    }
}

static void
write_part(HibBook *book, const HibReportDocument *document, const HibReportPart *part)
{
    size_t row = 0;
    for (size_t i = 0; i < part->n_blocks; i++) {
        const HibReportBlock *block = &part->blocks[i];
        if (block->kind == HIB_BLOCK_CHART)
            write_chart(book, document, block);
        if (block->kind != HIB_BLOCK_GRID)
            continue;
        if (!row) {
            hib_book_sheet(book, part->title);
            hib_book_width(book, 0, 40);
            hib_book_width(book, 1, 20);
            hib_book_width(book, 2, 18);
        }
        if (block->title)
            hib_book_text(book, row++, 0, HIB_CELL_HEAD, block->title);
        write_grid(book, document, block, &row);
    }
}

bool
hib_report_xlsx(const HibReportDocument *document, GBytes **ret, GError **error)
{
    g_autoptr(HibBook) book = hib_book_new();
    size_t row = 0;
    write_words(book, document);
    for (size_t i = 0; i < document->n_parts; i++)
        write_part(book, document, &document->parts[i]);
    if (document->posts.grid.n_rows) {
        hib_book_sheet(book, document->posts.title);
        hib_book_width(book, 0, WIDE);
        hib_book_width(book, 1, 20);
        hib_book_width(book, 2, 18);
        hib_book_freeze(book, 1);
        write_grid(book, document, &document->posts, &row);
    }
    return hib_book_finish(book, ret, error);
}
