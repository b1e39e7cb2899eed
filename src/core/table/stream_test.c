/* Rows as they come are the same rows as of the whole text, whatever pieces it comes in; and memory is a row's. */
#include "table/table.h"
#include <string.h>

typedef struct {
    GString *out;
    size_t n_rows, n_faults, stop_after;
    HibTableFault fault;
    bool is_unended;
} Seen;

static bool
on_row(const HibTableStreamRow *row, void *data)
{
    Seen *seen = data;
    g_string_append_printf(seen->out, "%zu@%zu", row->row, row->line);
    for (size_t i = 0; i < row->n; i++)
        g_string_append_printf(seen->out, "|%s", row->cells[i]);
    g_string_append_c(seen->out, '\n');
    seen->n_rows++;
    seen->n_faults += row->has_fault;
    if (row->has_fault)
        seen->fault = row->fault;
    seen->is_unended = row->is_unended;
    return seen->n_rows != seen->stop_after;
}

static const HibTableLimits limits = {.most_columns = 8, .most_cell_bytes = 1000};

static void
read_in(const char *text, size_t n, size_t piece, Seen *seen)
{
    const char delimiter = piece > 20           ? 0
                           : strchr(text, ';')  ? ';'
                           : strchr(text, '\t') ? '\t'
                                                : ',';
    g_autoptr(HibTableStream) stream = hib_table_stream_new(delimiter, &limits, on_row, seen);
    bool goes_on = true;
    for (size_t i = 0; i < n && goes_on; i += piece)
        goes_on = hib_table_stream_feed(stream, text + i, MIN(piece, n - i));
    g_assert_true(hib_table_stream_end(stream) == goes_on || seen->stop_after);
}

/* What csv.c reads of it, in the same words. */
static char *
whole(const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibTableLimits wide = {.most_rows = 100, .most_columns = 8, .most_cell_bytes = 1000};
    HibTable table;
    GString *out = g_string_new("");
    g_assert_true(
        hib_table_read(arena, hib_arena_strdup(arena, text), strlen(text), &wide, &table));
    for (size_t i = 0; i < table.n_rows; i++) {
        if (!table.rows[i].n)
            continue;
        g_string_append_printf(out, "%zu@%zu", i + 1, table.rows[i].line);
        for (size_t c = 0; c < table.rows[i].n; c++)
            g_string_append_printf(out, "|%s", table.rows[i].cells[c]);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void
rows_are_the_same_in_any_pieces(void)
{
    static const char *const texts[] = {"a,b\r\n1,2\r\n",      "a,b\n1,2",
                                        "a;b\n\"x;y\";2\n",    "a\tb\n1\t\n\n\n3\t4\n",
                                        "a,b\r1,2\r3,4",       "\"a\"\"b\",c\n",
                                        "\"a\r\nb\",c\r\nd,e", "a,\"b\"x,c\n1,2,3\n",
                                        "a,b\"c\n1,2\n",       ",,\n1,,\n,,2\n",
                                        "x\n\"\",\"\"\n",      "日付,値\n2026年,１万\n",
                                        "1,2,3,4,5,6,7,8,9\n", "a,b\n\"open,\n1,2\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *expected = whole(texts[i]);
        for (size_t piece = 1; piece < 40; piece++) {
            Seen seen = {.out = g_string_new("")};
            read_in(texts[i], strlen(texts[i]), piece, &seen);
            if (!strstr(texts[i], "open")) /* where it is open csv.c and this both keep it all */
                g_assert_cmpstr(seen.out->str, ==, expected);
            g_string_free(seen.out, TRUE);
        }
    }
}

static void
faults_have_their_place(void)
{
    Seen seen = {.out = g_string_new("")};
    read_in("a,b\n1,x\"y\n", 10, 3, &seen);
    g_assert_cmpint(seen.fault.kind, ==, HIB_TABLE_STRAY_QUOTE);
    g_assert_cmpuint(seen.fault.row, ==, 2);
    g_assert_cmpuint(seen.fault.column, ==, 2);
    g_string_set_size(seen.out, 0);
    read_in("a\n\"b\nc", 6, 1, &seen);
    g_assert_cmpint(seen.fault.kind, ==, HIB_TABLE_OPEN_QUOTE);
    g_assert_cmpuint(seen.fault.line, ==, 2);
    g_assert_true(seen.is_unended);
    g_string_free(seen.out, TRUE);
}

static void
a_row_without_end_is_passed_over_and_the_next_is_read(void)
{
    Seen seen = {.out = g_string_new("")};
    g_autoptr(GString) text = g_string_new("a,b\n");
    for (int i = 0; i < 400000; i++)
        g_string_append_c(text, 'x');
    g_string_append(text, "\n1,2\n");
    read_in(text->str, text->len, 5000, &seen);
    g_assert_cmpuint(seen.n_faults, ==, 1);
    g_assert_cmpint(seen.fault.kind, ==, HIB_TABLE_CELL_TOO_LONG);
    g_assert_cmpuint(seen.fault.row, ==, 2);
    g_assert_nonnull(strstr(seen.out->str, "3@3|1|2"));
    g_string_free(seen.out, TRUE);
}

static void
who_has_enough_is_left_alone(void)
{
    Seen seen = {.out = g_string_new(""), .stop_after = 2};
    read_in("a\nb\nc\nd\n", 8, 8, &seen);
    g_assert_cmpuint(seen.n_rows, ==, 2);
    g_string_free(seen.out, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/any_pieces", rows_are_the_same_in_any_pieces);
    g_test_add_func("/stream/faults", faults_have_their_place);
    g_test_add_func("/stream/too_long", a_row_without_end_is_passed_over_and_the_next_is_read);
    g_test_add_func("/stream/enough", who_has_enough_is_left_alone);
    return g_test_run();
}
