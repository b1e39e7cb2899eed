/* A workbook with figures, written by libxlsxwriter. Texts are written as texts: nothing in them is ever a formula. The first fault is kept and told at the end. */
#include "base/error.h"
#include "table/table.h"
#include "table/table_private.h"
#include <glib/gstdio.h>
#include <string.h>
#include <xlsxwriter.h>

#define CELL_CHARACTERS 32767
#define NAME_CHARACTERS 31
#define LINK_CHARACTERS 2079
#define FONT "Yu Gothic"

struct HibBook {
    char *folder, *path;
    lxw_workbook *workbook; /* NULL: closed, or it could not be made */
    lxw_worksheet *sheet;
    char *name;
    lxw_format *formats[HIB_CELL_STYLES];
    lxw_format *heat[HIB_HEAT_LEVELS + 1]; /* made when they are needed */
    bool is_broken;
};

HibBook *
hib_book_new(void)
{
    HibBook *book = g_new0(HibBook, 1);
    book->folder = g_dir_make_tmp("hibiki-book-XXXXXX", NULL);
    book->path = book->folder ? g_build_filename(book->folder, "book.xlsx", NULL) : NULL;
    lxw_workbook_options options = {.tmpdir = book->folder};
    book->workbook = book->path ? workbook_new_opt(book->path, &options) : NULL;
    book->is_broken = !book->workbook;
    for (int i = 0; i < HIB_CELL_STYLES && book->workbook; i++)
        book->formats[i] = workbook_add_format(book->workbook);
    if (!book->workbook)
        return book;
    for (int i = 0; i < HIB_CELL_STYLES; i++)
        format_set_font_name(book->formats[i], FONT);
    format_set_bold(book->formats[HIB_CELL_HEAD]);
    format_set_bottom(book->formats[HIB_CELL_HEAD], LXW_BORDER_THIN);
    format_set_bold(book->formats[HIB_CELL_TITLE]);
    format_set_font_size(book->formats[HIB_CELL_TITLE], 16);
    format_set_text_wrap(book->formats[HIB_CELL_WRAPPED]);
    format_set_align(book->formats[HIB_CELL_WRAPPED], LXW_ALIGN_VERTICAL_TOP);
    format_set_num_format(book->formats[HIB_CELL_NUMBER], "#,##0.##");
    format_set_num_format(book->formats[HIB_CELL_WHOLE], "#,##0");
    return book;
}

static void
note(HibBook *book, lxw_error fault)
{
    book->is_broken |= fault != LXW_NO_ERROR;
}

/* No []:*?/\ and no ' at either end; 31 characters; a second one of the same name gets a number. */
void
hib_book_sheet(HibBook *book, const char *name)
{
    g_autofree char *cut = g_utf8_strlen(name, -1) > NAME_CHARACTERS - 4
                               ? g_utf8_substring(name, 0, NAME_CHARACTERS - 4)
                               : g_strdup(name);
    g_strdelimit(cut, "[]:*?/\\'", ' ');
    if (!book->workbook)
        return;
    for (int n = 1; n < 100; n++) {
        g_free(book->name);
        book->name =
            n < 2 ? g_strdup(*g_strstrip(cut) ? cut : "Sheet") : g_strdup_printf("%s %d", cut, n);
        if (workbook_validate_sheet_name(book->workbook, book->name) == LXW_NO_ERROR)
            break;
    }
    book->sheet = workbook_add_worksheet(book->workbook, book->name);
    book->is_broken |= !book->sheet;
}

void
hib_book_width(HibBook *book, int column, double characters)
{
    if (book->sheet)
        note(book, worksheet_set_column(book->sheet, (lxw_col_t)column, (lxw_col_t)column,
                                        characters, NULL));
}

void
hib_book_text(HibBook *book, size_t row, int column, HibCellStyle style, const char *text)
{
    g_autofree char *cut = g_utf8_strlen(text, -1) > CELL_CHARACTERS / 2
                               ? g_utf8_substring(text, 0, CELL_CHARACTERS / 2)
                               : g_strdup(text);
    g_autofree char *escaped = hib_sheet_escape(cut);
    if (book->sheet && *escaped)
        note(book, worksheet_write_string(book->sheet, (lxw_row_t)row, (lxw_col_t)column, escaped,
                                          book->formats[style]));
}

void
hib_book_number(HibBook *book, size_t row, int column, double value)
{
    bool is_whole = value > -1e15 && value < 1e15 && value == (double)(int64_t)value;
    if (book->sheet)
        note(book,
             worksheet_write_number(book->sheet, (lxw_row_t)row, (lxw_col_t)column, value,
                                    book->formats[is_whole ? HIB_CELL_WHOLE : HIB_CELL_NUMBER]));
}

void
hib_book_link(HibBook *book, size_t row, int column, const char *url)
{
    if (book->sheet && strlen(url) <= LINK_CHARACTERS)
        note(book, worksheet_write_url(book->sheet, (lxw_row_t)row, (lxw_col_t)column, url, NULL));
}

void
hib_book_freeze(HibBook *book, size_t row)
{
    if (book->sheet)
        worksheet_freeze_panes(book->sheet, (lxw_row_t)row, 0);
}

static lxw_format *
heat_format(HibBook *book, int level)
{
    static const uint32_t ramp[HIB_HEAT_LEVELS] = {0xeef3fa, 0xd3e2f3, 0xa9c8e8, 0x77a9da,
                                                   0x5b97cf};
    if (book->heat[level])
        return book->heat[level];
    lxw_format *made = book->heat[level] = workbook_add_format(book->workbook);
    format_set_font_name(made, FONT);
    format_set_num_format(made, "#,##0.##");
    format_set_pattern(made, level < HIB_HEAT_LEVELS ? LXW_PATTERN_SOLID : LXW_PATTERN_LIGHT_UP);
    format_set_fg_color(made, level < HIB_HEAT_LEVELS ? ramp[level] : 0xb5b1a8);
    format_set_bg_color(made, 0xffffff);
    return made;
}

void
hib_book_heat(HibBook *book, size_t row, int column, double value, int level)
{
    if (book->sheet)
        note(book, worksheet_write_number(book->sheet, (lxw_row_t)row, (lxw_col_t)column, value,
                                          heat_format(book, CLAMP(level, 0, HIB_HEAT_UNSURE))));
}

void
hib_book_chart(HibBook *book, const HibBookChart *chart, size_t row, int column)
{
    static const uint8_t types[] = {LXW_CHART_LINE, LXW_CHART_BAR, LXW_CHART_COLUMN_STACKED};
    static const uint8_t dashes[] = {LXW_CHART_LINE_DASH_SOLID,     LXW_CHART_LINE_DASH_DASH,
                                     LXW_CHART_LINE_DASH_ROUND_DOT, LXW_CHART_LINE_DASH_DASH_DOT,
                                     LXW_CHART_LINE_DASH_LONG_DASH, LXW_CHART_LINE_DASH_SQUARE_DOT};
    static const uint8_t patterns[] = {LXW_CHART_PATTERN_NONE,
                                       LXW_CHART_PATTERN_WIDE_DOWNWARD_DIAGONAL,
                                       LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL,
                                       LXW_CHART_PATTERN_NARROW_HORIZONTAL,
                                       LXW_CHART_PATTERN_NARROW_VERTICAL,
                                       LXW_CHART_PATTERN_TRELLIS};
    lxw_chart *made = book->sheet ? workbook_add_chart(book->workbook, types[chart->kind]) : NULL;
    if (!made || !chart->n_rows)
        return;
    lxw_row_t first = (lxw_row_t)chart->head_row + 1, last = first + (lxw_row_t)chart->n_rows - 1;
    for (int s = 0; s < chart->n_series; s++) {
        lxw_col_t at = (lxw_col_t)(s + 1);
        lxw_chart_series *series = chart_add_series(made, NULL, NULL);
        uint32_t colour = chart->colours[s];
        chart_series_set_categories(series, book->name, first, 0, last, 0);
        chart_series_set_values(series, book->name, first, at, last, at);
        chart_series_set_name_range(series, book->name, (lxw_row_t)chart->head_row, at);
        if (chart->kind == HIB_BOOK_LINE) {
            lxw_chart_line line = {.color = colour, .width = 2, .dash_type = dashes[s % 6]};
            chart_series_set_line(series, &line);
        } else if (s % 6) {
            lxw_chart_pattern pattern = {
                .fg_color = 0xffffff, .bg_color = colour, .type = patterns[s % 6]};
            chart_series_set_pattern(series, &pattern);
        } else {
            lxw_chart_fill fill = {.color = colour};
            chart_series_set_fill(series, &fill);
        }
    }
    chart_title_set_name(made, chart->title);
    chart_show_blanks_as(made, LXW_CHART_BLANKS_AS_GAP);
    lxw_chart_options options = {
        .x_scale = 1.6, .y_scale = 1.2, .description = (char *)chart->says};
    note(book, worksheet_insert_chart_opt(book->sheet, (lxw_row_t)row, (lxw_col_t)column, made,
                                          &options));
}

bool
hib_book_finish(HibBook *book, GBytes **ret, GError **error)
{
    char *content = NULL;
    gsize n = 0;
    lxw_workbook *workbook = g_steal_pointer(&book->workbook);
    book->sheet = NULL;
    bool is_closed = workbook && workbook_close(workbook) == LXW_NO_ERROR;
    if (book->is_broken || !is_closed || !g_file_get_contents(book->path, &content, &n, NULL)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "table.not_written",
                      "the workbook cannot be written");
        return false;
    }
    *ret = g_bytes_new_take(content, n);
    return true;
}

void
hib_book_free(HibBook *book)
{
    if (!book)
        return;
    if (book->workbook)
        workbook_close(book->workbook);
    if (book->path)
        g_unlink(book->path);
    if (book->folder)
        g_rmdir(book->folder);
    g_free(book->name);
    g_free(book->path);
    g_free(book->folder);
    g_free(book);
}
