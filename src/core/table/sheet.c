/* XLSX, written by libxlsxwriter row after row, so that memory does not grow with the sheet. Texts are written as texts: nothing in them is ever a formula.
 * The library writes files; they lie in a folder of their own that goes away with the sheet. */
#include "base/error.h"
#include "table/table.h"
#include "table/table_private.h"
#include <glib/gstdio.h>
#include <xlsxwriter.h>

#define CELL_CHARACTERS 32767 /* Excel's own limit */

struct HibSheet {
    char *folder, *path;
    lxw_workbook *workbook; /* NULL: closed, or it could not be made */
    lxw_worksheet *sheet;
    lxw_format *head, *body;
    lxw_row_t row;
};

HibSheet *
hib_sheet_new(const char *name)
{
    HibSheet *sheet = g_new0(HibSheet, 1);
    sheet->folder = g_dir_make_tmp("hibiki-sheet-XXXXXX", NULL);
    if (!sheet->folder)
        return sheet;
    sheet->path = g_build_filename(sheet->folder, "sheet.xlsx", NULL);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = sheet->folder};
    sheet->workbook = workbook_new_opt(sheet->path, &options);
    sheet->sheet = sheet->workbook ? workbook_add_worksheet(sheet->workbook, name) : NULL;
    if (!sheet->sheet)
        return sheet;
    sheet->head = workbook_add_format(sheet->workbook);
    sheet->body = workbook_add_format(sheet->workbook);
    format_set_bold(sheet->head);
    format_set_num_format_index(sheet->head, 49); /* text: what is typed below stays as typed */
    format_set_num_format_index(sheet->body, 49);
    worksheet_set_column(sheet->sheet, 0, 63, 18, sheet->body);
    worksheet_freeze_panes(sheet->sheet, 1, 0);
    return sheet;
}

static bool
refuse(GError **error)
{
    hib_error_set(error, HIB_ERROR_INTERNAL, "table.not_written", "the sheet cannot be written");
    return false;
}

/* The library does that with control characters only. */
char *
hib_sheet_escape(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *c = text; *c; c++) {
        bool is_escape = c[0] == '_' && c[1] == 'x';
        for (int i = 2; is_escape && i < 6; i++)
            is_escape = g_ascii_isxdigit(c[i]);
        g_string_append(out, is_escape && c[6] == '_' ? "_x005F" : "");
        g_string_append_c(out, *c);
    }
    return g_string_free(out, FALSE);
}

/* Reading takes one apostrophe off where it looks like a guard (hib_table_unguard). */
static char *
as_cell(const char *text)
{
    char *escaped = hib_sheet_escape(text);
    if (hib_table_unguard(text) == text)
        return escaped;
    char *guarded = g_strconcat("'", escaped, NULL);
    g_free(escaped);
    return guarded;
}

bool
hib_sheet_add_row(HibSheet *sheet, const char *const *cells, size_t n, GError **error)
{
    if (!sheet->sheet)
        return refuse(error);
    for (size_t i = 0; i < n; i++) {
        if (g_utf8_strlen(cells[i], -1) > CELL_CHARACTERS) {
            g_autofree char *row = g_strdup_printf("%u", sheet->row + 1);
            GError *refused = NULL;
            hib_error_set(&refused, HIB_ERROR_INVALID, "table.cell_too_long",
                          "row %s holds a text too long for a cell", row);
            hib_error_set_detail(refused, "row", row);
            g_propagate_error(error, refused);
            return false;
        }
        g_autofree char *text = as_cell(cells[i]);
        if (*text && worksheet_write_string(sheet->sheet, sheet->row, (lxw_col_t)i, text,
                                            sheet->row ? sheet->body : sheet->head))
            return refuse(error);
    }
    sheet->row++;
    return true;
}

bool
hib_sheet_finish(HibSheet *sheet, GBytes **ret, GError **error)
{
    char *content = NULL;
    gsize n = 0;
    lxw_workbook *workbook = g_steal_pointer(&sheet->workbook);
    sheet->sheet = NULL;
    if (!workbook || workbook_close(workbook) != LXW_NO_ERROR ||
        !g_file_get_contents(sheet->path, &content, &n, NULL))
        return refuse(error);
    *ret = g_bytes_new_take(content, n);
    return true;
}

void
hib_sheet_free(HibSheet *sheet)
{
    if (!sheet)
        return;
    if (sheet->workbook)
        workbook_close(sheet->workbook);
    if (sheet->path)
        g_unlink(sheet->path);
    if (sheet->folder)
        g_rmdir(sheet->folder);
    g_free(sheet->path);
    g_free(sheet->folder);
    g_free(sheet);
}
