/* XLSX, written: a package comes out, a text too long for a cell is refused with its row, and nothing stays on the disk. Reading it back: media/sheet_test.c. */
#include "base/error.h"
#include "table/table.h"
#include <string.h>

static void
a_sheet_is_written(void)
{
    g_autoptr(HibSheet) sheet = hib_sheet_new("投稿");
    g_autoptr(GBytes) out = NULL;
    GError *error = NULL;
    const char *head[] = {"本文", "日時"}, *row[] = {"=1+1", ""};
    g_assert_true(hib_sheet_add_row(sheet, head, 2, &error));
    g_assert_true(hib_sheet_add_row(sheet, row, 2, &error));
    g_assert_true(hib_sheet_finish(sheet, &out, &error));
    g_assert_no_error(error);
    gsize n;
    const char *data = g_bytes_get_data(out, &n);
    g_assert_cmpmem(data, 4, "PK\3\4", 4);
    g_assert_cmpuint(n, >, 1000);
}

static void
a_text_too_long_is_refused(void)
{
    g_autoptr(HibSheet) sheet = hib_sheet_new("s");
    g_autofree char *text = g_strnfill(32768, 'a');
    g_autoptr(GError) error = NULL;
    const char *row[] = {text};
    g_assert_false(hib_sheet_add_row(sheet, row, 1, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "table.cell_too_long");
    g_assert_cmpstr(hib_error_detail(error, "row"), ==, "1");
    text[32767] = '\0';
    g_assert_true(hib_sheet_add_row(sheet, row, 1, NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sheet/written", a_sheet_is_written);
    g_test_add_func("/sheet/long", a_text_too_long_is_refused);
    return g_test_run();
}
