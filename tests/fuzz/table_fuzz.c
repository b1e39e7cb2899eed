/* Fuzz target: bytes as a table. Whatever they are, decoding gives valid text or nothing, reading stays within it and its limits, every fault has a place, and what is written of
 * a table reads back as the same. */
#include "table/table.h"
#include "text/encoding.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const HibTableLimits limits = {.most_rows = 50, .most_columns = 8, .most_cell_bytes = 64};

static void
check_faults(const HibTable *table)
{
    for (size_t i = 0; i < table->n_faults; i++) {
        const HibTableFault *fault = &table->faults[i];
        g_assert_true(fault->row >= 1 && fault->column >= 1 && fault->line >= fault->row);
        g_assert_cmpuint(fault->column, <=, limits.most_columns + 1);
    }
}

static void
check_rows(HibArena *arena, const HibTable *table)
{
    g_autoptr(GString) out = g_string_new("");
    HibTable again;
    size_t n_full = 0;
    g_assert_cmpuint(table->n_rows, <=, 2 * limits.most_rows);
    for (size_t i = 0; i < table->n_rows; i++) {
        if (!table->rows[i].n)
            continue;
        for (size_t c = 0; c < table->rows[i].n; c++)
            g_assert_true(g_utf8_validate(table->rows[i].cells[c], -1, NULL));
        hib_table_print_row(out, table->rows[i].cells, table->rows[i].n, i % 2);
        n_full++;
    }
    const HibTableLimits wide = {50, 8, 1024};
    if (!hib_table_read(arena, hib_arena_strdup(arena, out->str), out->len, &wide, &again) ||
        again.delimiter != ',')
        return; /* one column with more semicolons than commas reads otherwise, and may */
    g_assert_cmpuint(again.n_faults, ==, 0);
    size_t k = 0;
    for (size_t i = 0; i < table->n_rows; i++) {
        if (!table->rows[i].n)
            continue;
        g_assert_cmpuint(again.rows[k].n, ==, table->rows[i].n);
        for (size_t c = 0; c < again.rows[k].n; c++) {
            const char *cell = again.rows[k].cells[c];
            g_assert_cmpstr(i % 2 ? hib_table_unguard(cell) : cell, ==, table->rows[i].cells[c]);
        }
        k++;
    }
    g_assert_cmpuint(k, ==, n_full);
    g_assert_cmpuint(k, <=, limits.most_rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *copy = g_memdup2(data, n); /* exactly as long: a byte too far is seen */
    HibTable table;
    char *text;
    size_t n_text;
    if (hib_text_decode(arena, n ? copy : "", n, &text, &n_text) == HIB_ENCODING_UNKNOWN)
        return 0;
    g_assert_true(g_utf8_validate_len(text, n_text, NULL));
    g_autofree char *exact = g_malloc(n_text + 1);
    memcpy(exact, text, n_text + 1);
    if (!hib_table_read(arena, exact, n_text, &limits, &table))
        return 0;
    check_faults(&table);
    check_rows(arena, &table);
    return 0;
}
