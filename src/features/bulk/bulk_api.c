/* Imports and exports over HTTP. A file comes in raw; a table goes out as a file that is never kept. */
#include "base/error.h"
#include "bulk/bulk_private.h"
#include "http/call.h"

#define SHOWN_ROWS 20
#define SHOWN_PROBLEMS 100
#define SHOWN_TEXT 280 /* characters of a row's text */
#define CSV "text/csv; charset=utf-8"
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

static HibApiImportProblem
problem_out(const HibBulkProblem *one)
{
    return (HibApiImportProblem){.row = (int64_t)one->row,
                                 .column = one->place,
                                 .has_column = one->place != NULL,
                                 .is_note = one->is_note,
                                 .reason = one->reason,
                                 .detail = one->detail,
                                 .post_id = one->post_id,
                                 .has_post_id = one->post_id != NULL};
}

static HibApiImportProblem *
problems_out(HibArena *arena, const HibBulkProblem *problems, size_t n)
{
    HibApiImportProblem *out = hib_arena_array(arena, HibApiImportProblem, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = problem_out(&problems[i]);
    return out;
}

static HibApiImportRow
row_out(HibArena *arena, const HibBulkRow *row)
{
    const HibPost *post = &row->post;
    const char **accounts = hib_arena_array(arena, const char *, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++)
        accounts[i] = post->variants[i].account_id;
    const bool is_long = g_utf8_strlen(post->text, -1) > SHOWN_TEXT;
    g_autofree char *cut = is_long ? g_utf8_substring(post->text, 0, SHOWN_TEXT) : NULL;
    return (HibApiImportRow){.row = (int64_t)row->row,
                             .state = row->is_scheduled,
                             .due_at = post->due_at,
                             .has_due_at = post->has_due_at,
                             .text = cut ? hib_arena_printf(arena, "%s…", cut) : post->text,
                             .accounts = accounts,
                             .n_accounts = post->n_variants,
                             .campaign_id = post->campaign_id,
                             .has_campaign_id = post->campaign_id != NULL,
                             .n_media = (int64_t)post->n_media,
                             .n_thread = post->n_variants ? (int64_t)post->variants[0].n_thread : 0,
                             .has_errors = row->has_errors};
}

static HibApiImport
import_out(const HibImport *import)
{
    return (HibApiImport){.id = import->id,
                          .name = import->name,
                          .is_sheet = import->is_sheet,
                          .encoding = (int)import->encoding,
                          .schedules = import->schedules,
                          .state = import->is_done,
                          .created_at = import->created_at,
                          .expires_at = import->expires_at,
                          .done_at = import->done_at,
                          .has_done_at = import->has_done_at,
                          .n_posts = import->n_posts,
                          .n_scheduled = import->n_scheduled,
                          .first_at = import->first_at,
                          .has_first_at = import->has_first_at};
}

/* One that is done has no rows any more; an open one is judged anew. */
static bool
reply(HibCall *call, int status, const HibImport *import, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibApiImport out = import_out(import);
    HibBulkTable table;
    if (import->is_done)
        return hib_reply_import(call, status, &out);
    if (!hib_import_table(hib_call_db(call), hib_call_context(call), hib_call_locale(call), import,
                          false, &table, error))
        return false;
    const size_t n_rows = MIN(table.n_rows, SHOWN_ROWS);
    HibApiImportRow *rows = hib_arena_array(arena, HibApiImportRow, n_rows + 1);
    for (size_t i = 0; i < n_rows; i++)
        rows[i] = row_out(arena, &table.rows[i]);
    out.n_posts = (int64_t)table.n_rows;
    out.n_bad_rows = (int64_t)table.n_bad_rows;
    out.n_errors = (int64_t)table.n_errors;
    out.n_notes = (int64_t)table.n_notes;
    out.n_scheduled = (int64_t)table.n_scheduled;
    out.first_at = table.first_at;
    out.last_at = table.last_at;
    out.has_first_at = out.has_last_at = table.has_times;
    out.rows = rows;
    out.n_rows = n_rows;
    out.n_problems = MIN(table.n_problems, SHOWN_PROBLEMS);
    out.problems = problems_out(arena, table.problems, out.n_problems);
    out.has_more_problems = table.n_problems > SHOWN_PROBLEMS;
    return hib_reply_import(call, status, &out);
}

/* --- operations --------------------------------------------------------------------------------------------------- */
/* A file that cannot be read as a table is refused before anything of it is kept. */
bool
hib_on_create_import(HibCall *call, const HibApiCreateImportQuery *query, GError **error)
{
    HibImport *import;
    const bool schedules = query->has_schedules && query->schedules;
    return hib_import_add(hib_call_db(call), hib_call_context(call), query->name,
                          hib_call_body(call), schedules, &import, error) &&
           reply(call, 201, import, error);
}

bool
hib_on_get_import(HibCall *call, const char *id, GError **error)
{
    HibImport *import;
    return hib_import_get(hib_call_db(call), id, &import, error) && reply(call, 200, import, error);
}

bool
hib_on_confirm_import(HibCall *call, const char *id, GError **error)
{
    HibImport *import = NULL;
    return hib_import_confirm(hib_call_db(call), hib_call_context(call), hib_call_locale(call), id,
                              &import, error) &&
           reply(call, 200, import, error);
}

bool
hib_on_drop_import(HibCall *call, const char *id, GError **error)
{
    return hib_import_drop(hib_call_db(call), id, error) && hib_call_reply_empty(call, 204);
}

/* Nothing is wrong with one that is done. */
static bool
read_table(HibCall *call, const char *id, HibBulkTable *ret, GError **error)
{
    HibImport *import;
    *ret = (HibBulkTable){0};
    return hib_import_get(hib_call_db(call), id, &import, error) &&
           (import->is_done || hib_import_table(hib_call_db(call), hib_call_context(call),
                                                hib_call_locale(call), import, false, ret, error));
}

bool
hib_on_list_import_problems(HibCall *call, const char *id,
                            const HibApiListImportProblemsQuery *query, GError **error)
{
    HibBulkTable table;
    HibArena *arena = hib_call_arena(call);
    guint64 from = 0;
    if (query->has_cursor &&
        !g_ascii_string_to_unsigned(query->cursor, 10, 0, UINT32_MAX, &from, NULL)) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_cursor", "?cursor", "no cursor");
        return false;
    }
    if (!read_table(call, id, &table, error))
        return false;
    const size_t start = MIN(from, table.n_problems);
    const size_t n =
        MIN(query->has_limit ? (size_t)query->limit : SHOWN_PROBLEMS, table.n_problems - start);
    const bool is_more = start + n < table.n_problems;
    const HibApiImportProblemList out = {
        .problems = problems_out(arena, table.problems + start, n),
        .n_problems = n,
        .next_cursor = is_more ? hib_arena_printf(arena, "%zu", start + n) : NULL,
        .has_next_cursor = is_more};
    return hib_reply_import_problem_list(call, 200, &out);
}

static bool
reply_file(HibCall *call, const char *type, const char *name, GBytes *bytes)
{
    hib_call_set_header(
        call, "Content-Disposition",
        hib_arena_printf(hib_call_arena(call), "attachment; filename=\"%s\"", name));
    return hib_call_reply_bytes(call, 200, type, bytes, "private, no-store");
}

bool
hib_on_get_import_problems(HibCall *call, const char *id, GError **error)
{
    HibBulkTable table;
    if (!read_table(call, id, &table, error))
        return false;
    g_autoptr(GBytes) list = hib_bulk_problem_list(hib_call_locale(call), &table);
    return reply_file(call, CSV, "hibiki-import-problems.csv", list);
}

bool
hib_on_export_posts(HibCall *call, const HibApiExportPostsQuery *query, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    const HibPostState state = (HibPostState)query->state;
    const HibExportQuery asked = {.from = query->has_from ? &query->from : NULL,
                                  .to = query->has_to ? &query->to : NULL,
                                  .state = query->has_state ? &state : NULL,
                                  .account = query->has_account ? query->account : NULL,
                                  .network = query->has_network ? query->network : NULL,
                                  .campaign = query->has_campaign ? query->campaign : NULL,
                                  .words = query->has_words ? query->words : NULL,
                                  .is_sheet = query->has_format && query->format};
    return hib_bulk_export(hib_call_db(call), hib_call_locale(call), &asked, &bytes, error) &&
           reply_file(call, asked.is_sheet ? XLSX : CSV,
                      asked.is_sheet ? "hibiki-posts.xlsx" : "hibiki-posts.csv", bytes);
}

bool
hib_on_get_import_template(HibCall *call, const HibApiGetImportTemplateQuery *query, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    const bool is_sheet = query->has_format && query->format;
    return hib_bulk_template(hib_call_db(call), hib_call_locale(call), is_sheet, &bytes, error) &&
           reply_file(call, is_sheet ? XLSX : CSV,
                      is_sheet ? "hibiki-template.xlsx" : "hibiki-template.csv", bytes);
}
