/* What is wrong with a table, row by row, in the reader's language. */
#include "base/error.h"
#include "base/messages.h"
#include "bulk/bulk_private.h"
#include <string.h>

/* A sentence of ours says what happened, what is unharmed, what to do next. Of a row of an import nothing is stored yet, so the middle is left out. */
static const char *
without_middle(HibArena *arena, const char *locale, const char *text)
{
    const char *stop = g_strcmp0(locale, "en") == 0 ? ". " : "。";
    const char *first = strstr(text, stop), *last = NULL;
    const size_t n = strlen(stop);
    for (const char *at = first; at && at[n]; at = strstr(at + n, stop))
        last = at;
    if (!first || !last || last <= first)
        return text;
    return hib_arena_printf(arena, "%.*s%s", (int)(first - text + n), text, last + n);
}

void
hib_bulk_tell(HibBulkProblems *problems, size_t row, int column, bool is_note, GError *why)
{
    HibArena *arena = problems->arena;
    const char *post = hib_error_detail(why, "post");
    const HibBulkProblem problem = {
        .row = row,
        .column = column,
        .is_note = is_note,
        .reason = hib_error_reason(why),
        .detail =
            without_middle(arena, problems->locale, hib_message_fill(arena, problems->locale, why)),
        .place = column < 0 ? NULL : hib_bulk_column_name(problems->locale, (HibBulkColumn)column),
        .post_id = post ? hib_arena_strdup(arena, post) : NULL};
    g_array_append_val(problems->rows, problem);
    g_error_free(why);
}

GBytes *
hib_bulk_problem_list(const char *locale, const HibBulkTable *table)
{
    GString *out = g_string_new("\xef\xbb\xbf");
    const char *head[] = {
        hib_message(locale, "bulk.list.row"), hib_message(locale, "bulk.list.column"),
        hib_message(locale, "bulk.list.kind"), hib_message(locale, "bulk.list.what")};
    hib_table_print_row(out, head, G_N_ELEMENTS(head), true);
    for (size_t i = 0; i < table->n_problems; i++) {
        const HibBulkProblem *one = &table->problems[i];
        char row[24];
        g_snprintf(row, sizeof row, "%zu", one->row);
        const char *cells[] = {
            row, one->place ? one->place : "",
            hib_message(locale, one->is_note ? "bulk.list.note" : "bulk.list.error"), one->detail};
        hib_table_print_row(out, cells, G_N_ELEMENTS(cells), true);
    }
    return g_string_free_to_bytes(out);
}
