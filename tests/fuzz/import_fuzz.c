/* Fuzz target: bytes as an export. Whatever they are, a head is found or none, every row is counted once at most, every fault has its place, and pieces of any size read as the whole does. */
#include "measure/import.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

typedef struct {
    size_t n_rows;
    uint64_t sum;
} Seen;

static bool
on_row(const HibMetricRow *row, void *data, GError **error G_GNUC_UNUSED)
{
    Seen *seen = data;
    seen->n_rows++;
    seen->sum = seen->sum * 31 + (uint64_t)row->at + row->n_values;
    g_assert_true(g_utf8_validate(row->text, -1, NULL));
    return true;
}

static HibMetricSummary
read_in(HibArena *arena, const HibImportHead *head, const HibMetricMapping *mapping,
        const char *text, size_t n, size_t piece, Seen *seen)
{
    HibMetricSummary sum = {0};
    g_autoptr(HibMetricReader) reader =
        hib_metric_reader_new(arena, head, mapping, hib_zone_utc(), 1790000000000000, on_row, seen);
    for (size_t i = 0; i < n; i += piece)
        g_assert_true(hib_metric_reader_feed(reader, text + i, MIN(piece, n - i), NULL));
    g_assert_true(hib_metric_reader_end(reader, &sum, NULL));
    g_assert_cmpuint(sum.n_rows, ==, seen->n_rows);
    for (size_t i = 0; i < MIN(sum.n_problems, HIB_MEASURE_PROBLEMS); i++)
        g_assert_true(sum.problems[i].reason && g_utf8_validate(sum.problems[i].value, -1, NULL));
    return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    HibImportHead head;
    HibImportDate date;
    int64_t value, year;
    HibDateOrder order;
    const char *text = (const char *)data;
    if (!g_utf8_validate_len(text, n, NULL))
        return 0;
    g_autofree char *line = g_strndup(text, MIN(n, 64));
    if (g_utf8_validate(line, -1, NULL)) {
        hib_import_number(line, strlen(line), (HibImportUnit)(n % 5), &value);
        hib_import_date(line, strlen(line), (HibDateOrder)(n % 3), &date);
        hib_import_snowflake(line);
    }
    g_autoptr(HibArena) arena = hib_arena_new();
    hib_import_find_head(arena, text, n, &head);
    if (!head.head_row)
        return 0;
    hib_import_guess_times(text, n, &head, 1790000000000000, &order, &year);
    const HibMetricMapping mapping = {.format = head.format ? head.format->id : "",
                                      .about = head.format ? head.format->about : HIB_ABOUT_POSTS,
                                      .columns = head.columns,
                                      .n = head.n_heads,
                                      .zone = "UTC",
                                      .order = order,
                                      .year = year,
                                      .account = ""};
    Seen whole = {0}, parts = {0};
    const HibMetricSummary a = read_in(arena, &head, &mapping, text, n, n + 1, &whole);
    const HibMetricSummary b = read_in(arena, &head, &mapping, text, n, 3, &parts);
    g_assert_cmpuint(whole.sum, ==, parts.sum);
    g_assert_cmpuint(a.n_problems, ==, b.n_problems);
    g_assert_cmpuint(a.n_bad_rows, ==, b.n_bad_rows);
    return 0;
}
