/* A workbook with figures and charts: a package comes out, names of sheets are made fit, and nothing stays on the disk. Its parts are looked at in tests/api/test_reports.py. */
#include "base/error.h"
#include "table/table.h"
#include <math.h>

static void
a_book_is_written(void)
{
    g_autoptr(HibBook) book = hib_book_new();
    g_autoptr(GBytes) out = NULL;
    GError *error = NULL;
    static const uint32_t colours[] = {0x525ad8, 0xc38611};
    for (int sheet = 0; sheet < 3; sheet++) {
        hib_book_sheet(book,
                       sheet ? "推移: [10月]/とても長い名前のシートなので途中で切られます" : "'");
        hib_book_width(book, 0, 20);
        hib_book_text(book, 0, 0, HIB_CELL_HEAD, "日");
        hib_book_text(book, 0, 1, HIB_CELL_HEAD, "=1+1");
        hib_book_text(book, 0, 2, HIB_CELL_HEAD, "_x000D_");
        for (size_t i = 1; i < 5; i++) {
            hib_book_text(book, i, 0, HIB_CELL_PLAIN, "1日");
            hib_book_link(book, i, 1, "https://hibiki.example/measure/posts?ever=true");
            hib_book_number(book, i, 1, (double)i * 1.5);
            hib_book_number(book, i, 2, (double)i);
        }
        hib_book_chart(
            book, &(HibBookChart){(HibBookChartKind)sheet, "推移", "言葉", 0, 4, 2, colours}, 0, 4);
        for (int level = 0; level <= HIB_HEAT_UNSURE; level++)
            hib_book_heat(book, 1 + (size_t)level, 1, level * 1.5, level);
        g_autofree char *long_one = g_strnfill(3000, 'a');
        hib_book_link(book, 6, 1, long_one); /* left out, and no fault */
        hib_book_freeze(book, 1);
    }
    g_assert_true(hib_book_finish(book, &out, &error));
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(out, NULL), 4, "PK\3\4", 4);
    g_assert_cmpuint(g_bytes_get_size(out), >, 4000);
}

static void
a_fault_is_told_at_the_end(void)
{
    g_autoptr(HibBook) book = hib_book_new();
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GError) error = NULL;
    hib_book_sheet(book, "s");
    hib_book_number(book, 2000000, 0, 1); /* beyond the last row of a sheet */
    g_assert_false(hib_book_finish(book, &out, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "table.not_written");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/book/written", a_book_is_written);
    g_test_add_func("/book/fault", a_fault_is_told_at_the_end);
    return g_test_run();
}
