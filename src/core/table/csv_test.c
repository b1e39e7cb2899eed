/* CSV: what the standard allows is read, what it does not is told at its place, and reading goes on. */
#include "table/table.h"
#include <string.h>

static const HibTableLimits limits = {.most_rows = 5, .most_columns = 4, .most_cell_bytes = 20};

static HibTable
table_of(HibArena *arena, const char *text)
{
    HibTable table;
    g_assert_true(
        hib_table_read(arena, hib_arena_strdup(arena, text), strlen(text), &limits, &table));
    return table;
}

/* "a|b/c" : rows by /, cells by |. */
static void
reads(const char *text, const char *expected)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GString) seen = g_string_new("");
    HibTable table = table_of(arena, text);
    for (size_t r = 0; r < table.n_rows; r++) {
        if (r)
            g_string_append_c(seen, '/');
        for (size_t c = 0; c < table.rows[r].n; c++)
            g_string_append_printf(seen, "%s%s", c ? "|" : "", table.rows[r].cells[c]);
    }
    g_assert_cmpstr(seen->str, ==, expected);
}

static void
good_tables_are_read(void)
{
    reads("", "");
    reads("a,b\r\nc,d\r\n", "a|b/c|d");
    reads("a,b\nc,d", "a|b/c|d");
    reads("a,b\rc,d\r", "a|b/c|d");
    reads("a;b\nc,c;d", "a|b/c,c|d");
    reads("a\tb\nc\t\"d\te\"", "a|b/c|d\te");
    reads("\"a,1\",b\n\"say \"\"hi\"\"\",", "a,1|b/say \"hi\"|");
    reads("a,\"x\r\ny\rz\"\nq", "a|x\ny\nz/q");
    reads("a\n\n,\nb\n\n\n\n\n\n\n", "a///b");
    reads("\"\",x", "|x");
    reads("日時,本文\n,\"あ\nい\"", "日時|本文/|あ\nい");
}

static void
tells(const char *text, HibTableFaultKind kind, size_t row, size_t column, size_t line,
      size_t n_faults)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibTable table = table_of(arena, text);
    g_assert_cmpuint(table.n_faults, ==, n_faults);
    g_assert_cmpint(table.faults[0].kind, ==, kind);
    g_assert_cmpuint(table.faults[0].row, ==, row);
    g_assert_cmpuint(table.faults[0].column, ==, column);
    g_assert_cmpuint(table.faults[0].line, ==, line);
}

static void
faults_are_told_at_their_place(void)
{
    tells("a,b\nc,d\"e\nf,g", HIB_TABLE_STRAY_QUOTE, 2, 2, 2, 1);
    reads("a,b\nc,d\"e\nf,g", "a|b/c|d\"e/f|g");
    tells("\"a\" ,b\nc\"\",d", HIB_TABLE_STRAY_QUOTE, 1, 1, 1, 2);
    tells("a,\"x\ny\"z,c", HIB_TABLE_STRAY_QUOTE, 1, 2, 1, 1);
    tells("a,\"x\ny\"\nb,\"open\nto the end\n", HIB_TABLE_OPEN_QUOTE, 2, 2, 3, 1);
    tells("a\n123456789012345678901,b\nc", HIB_TABLE_CELL_TOO_LONG, 2, 1, 2, 1);
    reads("a\n123456789012345678901,b\nc", "a/|b/c");
    tells("a,b,c,d,e,\"f\ng\"x,h\ni,j", HIB_TABLE_TOO_MANY_COLUMNS, 1, 5, 1, 1);
    reads("a,b,c,d,e,\"f\ng\"x,h\ni,j", "a|b|c|d/i|j");
}

static void
rows_end_at_the_limit(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibTable table;
    char five[] = "1\n2\n3\n4\n5\n\r\n\n", six[] = "1\n2\n3\n4\n5\n\n6",
         blank[] = "\n\n\n\n\n\n\n\n\n\n\nx";
    g_assert_true(hib_table_read(arena, five, strlen(five), &limits, &table));
    g_assert_cmpuint(table.n_rows, ==, 5);
    g_assert_false(hib_table_read(arena, six, strlen(six), &limits, &table));
    g_assert_false(hib_table_read(arena, blank, strlen(blank), &limits, &table));
}

/* What is written reads back as the same, guarded or not. */
static void
what_is_written_comes_back(void)
{
    static const char *const cells[] = {"=1+1",  "'=x",  "''-y", "＝全角", "@who", "plain, \"q\"",
                                        " lead", "a\nb", "",     "'quote", "+81",  "\tx"};
    for (size_t i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) out = g_string_new("");
        const char *row[] = {cells[i], "x"};
        hib_table_print_row(out, row, 2, true);
        HibTable table = table_of(arena, out->str);
        g_assert_cmpuint(table.n_faults, ==, 0);
        const char *cell = table.rows[0].cells[0];
        g_assert_cmpstr(hib_table_unguard(cell), ==, cells[i]);
        g_assert_true(!strchr("=+-@\t\r", *cell) || !*cell);
        g_string_truncate(out, 0);
        hib_table_print_row(out, row, 2, false);
        table = table_of(arena, out->str);
        g_assert_cmpstr(table.rows[0].cells[0], ==, cells[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/good", good_tables_are_read);
    g_test_add_func("/csv/faults", faults_are_told_at_their_place);
    g_test_add_func("/csv/limit", rows_end_at_the_limit);
    g_test_add_func("/csv/back", what_is_written_comes_back);
    return g_test_run();
}
