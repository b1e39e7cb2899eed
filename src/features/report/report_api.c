/* Reports over HTTP. What a report says is read and written anew with each call; nothing of it is stored but what a person chose. */
#include "base/error.h"
#include "days/days.h"
#include "http/call.h"
#include "http/services.h"
#include "report/behind.h"
#include "report/report_private.h"
#include <math.h>
#include <string.h>

/* --- in and out --------------------------------------------------------------------------------------------------------------- */
static bool
content_of(const HibApiReportDraft *in, HibReportContent *ret, GError **error)
{
    *ret = (HibReportContent){
        .kind = (HibReportKind)in->kind,
        .name = in->name,
        .client = in->has_client ? in->client : "",
        .campaign_id = in->has_campaign_id ? in->campaign_id : NULL,
        .logo_id = in->has_logo_id ? in->logo_id : NULL,
        .from_day = hib_day_number(in->from),
        .until_day = hib_day_number(in->until),
        .accent = in->has_accent ? (uint32_t)in->accent : 0,
        .locale = in->has_locale && in->locale == HIB_API_REPORT_DRAFT_LOCALE_EN ? "en" : "ja"};
    if (!ret->from_day || !ret->until_day) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "report.bad_period",
                         ret->from_day ? "/until" : "/from", "no such day");
        return false;
    }
    for (size_t i = 0; i < in->n_sections; i++)
        ret->sections[ret->n_sections++] = (HibReportSection){
            (HibSectionKind)in->sections[i].kind, in->sections[i].is_hidden, in->sections[i].note};
    return true;
}

static HibApiReport
as_api(HibArena *arena, const HibReport *report)
{
    const HibReportContent *c = &report->content;
    HibApiReport out = {.id = report->id,
                        .kind = (int)c->kind,
                        .name = c->name,
                        .client = c->client,
                        .campaign_id = c->campaign_id,
                        .has_campaign_id = c->campaign_id != NULL,
                        .from = hib_measure_day_text(arena, c->from_day),
                        .until = hib_measure_day_text(arena, c->until_day),
                        .logo_id = c->logo_id,
                        .has_logo_id = c->logo_id != NULL,
                        .accent = c->accent,
                        .locale = g_str_equal(c->locale, "en") ? HIB_API_REPORT_LOCALE_EN
                                                               : HIB_API_REPORT_LOCALE_JA,
                        .created_at = report->created_at,
                        .created_by_name = report->created_by_name ? report->created_by_name : "",
                        .updated_at = report->updated_at,
                        .version = report->version,
                        .n_sections = c->n_sections,
                        .sections = hib_arena_array(arena, HibApiReportSection, c->n_sections)};
    for (size_t i = 0; i < c->n_sections; i++)
        out.sections[i] = (HibApiReportSection){(int)c->sections[i].kind, c->sections[i].is_hidden,
                                                c->sections[i].note};
    return out;
}

static bool
reply(HibCall *call, int status, const HibReport *report)
{
    const HibApiReport out = as_api(hib_call_arena(call), report);
    return hib_reply_report(call, status, &out);
}

bool
hib_on_list_reports(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibReport *reports;
    size_t n;
    if (!hib_report_list(hib_call_db(call), &reports, &n, error))
        return false;
    const HibApiReportList out = {.reports = hib_arena_array(arena, HibApiReport, n + 1),
                                  .n_reports = n};
    for (size_t i = 0; i < n; i++)
        out.reports[i] = as_api(arena, &reports[i]);
    return hib_reply_report_list(call, 200, &out);
}

bool
hib_on_create_report(HibCall *call, const HibApiReportDraft *in, GError **error)
{
    HibReportContent content;
    HibReport *made;
    return content_of(in, &content, error) &&
           hib_report_add(hib_call_db(call), &content, &made, error) && reply(call, 201, made);
}

/* What is wrong in the report of an update stands below "/report". */
static bool
point_below(GError *fault, GError **error)
{
    g_autofree char *pointer = g_strconcat("/report", hib_error_pointer(fault), NULL);
    if (hib_error_pointer(fault))
        hib_error_set_pointer(fault, pointer);
    g_propagate_error(error, fault);
    return false;
}

bool
hib_on_change_report(HibCall *call, const char *report, const HibApiReportUpdate *in,
                     GError **error)
{
    HibReportContent content;
    HibReport *made;
    GError *fault = NULL;
    if (!content_of(&in->report, &content, &fault) ||
        !hib_report_change(hib_call_db(call), report, in->version, &content, &made, &fault))
        return point_below(fault, error);
    return reply(call, 200, made);
}

bool
hib_on_delete_report(HibCall *call, const char *report, GError **error)
{
    return hib_report_delete(hib_call_db(call), report, error) && hib_call_reply_empty(call, 204);
}

/* --- what it says ---------------------------------------------------------------------------------------------------------------- */
static bool
open_document(HibCall *call, const char *id, HibReport **ret_report, HibReportDocument *ret,
              GError **error)
{
    const HibServices *services = hib_call_context(call);
    HibReportFigures *figures = hib_arena_new0(hib_call_arena(call), HibReportFigures);
    if (!hib_report_get(hib_call_db(call), id, ret_report, error) ||
        !hib_report_figures(hib_call_db(call), hib_call_context(call), *ret_report, figures, error))
        return false;
    hib_report_document(hib_call_arena(call), figures, ret);
    ret->app = services->public_url; /* whoever may ask for it has an account */
    return true;
}

static const char *
or_empty(const char *address)
{
    return address ? address : "";
}

static HibApiReportPiece *
pieces_of(HibArena *arena, const HibReportSentence *sentence, size_t *ret_n)
{
    const size_t n = sentence->n_pieces;
    HibApiReportPiece *out = hib_arena_array(arena, HibApiReportPiece, n + 1);
    *ret_n = n;
    for (size_t i = 0; i < n; i++)
        out[i] =
            (HibApiReportPiece){sentence->pieces[i].text, or_empty(sentence->pieces[i].behind)};
    if (!n && *sentence->text) /* words without a figure */
        out[(*ret_n)++] = (HibApiReportPiece){sentence->text, ""};
    return out;
}

static HibApiReportSentence
sentence_of(HibArena *arena, const HibReportSentence *sentence)
{
    HibApiReportSentence out = {
        .kind = (int)sentence->kind,
        .text = sentence->text,
        .figures = hib_arena_array(arena, HibApiReportFigure, sentence->n_figures + 1)};
    out.pieces = pieces_of(arena, sentence, &out.n_pieces);
    for (size_t i = 0; i < sentence->n_figures; i++) {
        const HibReportFigure *figure = &sentence->figures[i];
        if (isfinite(figure->value))
            out.figures[out.n_figures++] = (HibApiReportFigure){
                figure->name, figure->value, figure->text, or_empty(figure->behind)};
    }
    return out;
}

static HibApiReportRow
row_of(HibArena *arena, const HibReportBlock *block, const HibGrid *grid, size_t row)
{
    const size_t n = grid->n_columns;
    const char *const *behind = block->behind ? block->behind + row * n : NULL;
    HibApiReportRow out = {.cells = (const char **)(grid->cells + row * n),
                           .n_cells = n,
                           .behind = hib_arena_array(arena, const char *, n),
                           .url = or_empty(block->urls ? block->urls[row] : NULL)};
    bool is_any = false;
    for (size_t c = 0; behind && c < n; c++) {
        out.behind[c] = or_empty(behind[c]);
        is_any |= behind[c] != NULL;
    }
    out.n_behind = is_any ? n : 0;
    return out;
}

/* Of a block's own grid, or of the figures of its chart. */
static HibApiReportTable
table_of(HibArena *arena, const HibReportBlock *block, const HibGrid *grid)
{
    HibApiReportTable out = {.title = block->title ? block->title : "",
                             .head = (const char **)grid->head,
                             .n_head = grid->n_columns,
                             .rows = hib_arena_array(arena, HibApiReportRow, grid->n_rows + 1),
                             .n_rows = grid->n_rows};
    for (size_t r = 0; r < grid->n_rows; r++)
        out.rows[r] = row_of(arena, block, grid, r);
    return out;
}

static HibApiReportTile
tile_of(const HibReportBlock *block, size_t i)
{
    const HibTile *tile = &block->tiles[i];
    return (HibApiReportTile){tile->label, tile->value, tile->note,
                              or_empty(block->behind ? block->behind[2 * i] : NULL),
                              or_empty(block->behind ? block->behind[2 * i + 1] : NULL)};
}

static HibApiReportChart
chart_of(HibArena *arena, const HibReportBlock *block, const char *locale, int64_t number)
{
    const HibGrid grid = hib_chart_table(arena, locale, &block->chart);
    return (HibApiReportChart){number, block->chart.title,
                               hib_chart_says(arena, locale, &block->chart),
                               table_of(arena, block, &grid)};
}

static HibApiReportPart
part_of(HibArena *arena, const HibReportPart *part, const char *locale, int64_t *number)
{
    size_t n = part->n_blocks;
    HibApiReportPart out = {.kind = (int)part->kind,
                            .title = part->title,
                            .note = part->note,
                            .tiles = hib_arena_array(arena, HibApiReportTile, 8),
                            .sentences = hib_arena_array(arena, HibApiReportSentence, n + 1),
                            .charts = hib_arena_array(arena, HibApiReportChart, n + 1),
                            .tables = hib_arena_array(arena, HibApiReportTable, n + 1)};
    for (size_t i = 0; i < n; i++) {
        const HibReportBlock *block = &part->blocks[i];
        switch (block->kind) {
        case HIB_BLOCK_TEXT:
            out.sentences[out.n_sentences++] = sentence_of(arena, &block->sentence);
            break;
        case HIB_BLOCK_TILES:
            for (size_t t = 0; t < block->n_tiles; t++)
                out.tiles[out.n_tiles++] = tile_of(block, t);
            break;
        case HIB_BLOCK_CHART:
            out.charts[out.n_charts++] = chart_of(arena, block, locale, (*number)++);
            break;
        case HIB_BLOCK_GRID:
            out.tables[out.n_tables++] = table_of(arena, block, &block->grid);
            break;
        }
    }
    return out;
}

bool
hib_on_get_report(HibCall *call, const char *report, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibReport *known;
    HibReportDocument document;
    int64_t number = 0;
    if (!open_document(call, report, &known, &document, error))
        return false;
    HibApiReportRead out = {
        .report = as_api(arena, known),
        .period = document.period,
        .maker = document.maker,
        .parts = hib_arena_array(arena, HibApiReportPart, document.n_parts + 1),
        .n_parts = document.n_parts,
        .suggestions = hib_arena_array(arena, HibApiReportSuggestion, document.n_suggestions + 1),
        .n_suggestions = document.n_suggestions};
    for (size_t i = 0; i < document.n_parts; i++)
        out.parts[i] = part_of(arena, &document.parts[i], document.locale, &number);
    for (size_t i = 0; i < document.n_suggestions; i++) {
        const HibReportSuggestion *one = &document.suggestions[i];
        const char *task;
        if (!hib_report_task_of(hib_call_db(call), report, one->key, &task, error))
            return false;
        out.suggestions[i] = (HibApiReportSuggestion){.key = one->key,
                                                      .title = one->what.text,
                                                      .why = one->why.text,
                                                      .task_id = task,
                                                      .has_task_id = task != NULL};
        out.suggestions[i].title_pieces =
            pieces_of(arena, &one->what, &out.suggestions[i].n_title_pieces);
        out.suggestions[i].why_pieces =
            pieces_of(arena, &one->why, &out.suggestions[i].n_why_pieces);
    }
    return hib_reply_report_read(call, 200, &out);
}

/* --- files ------------------------------------------------------------------------------------------------------------------------ */
bool
hib_report_reply_file(HibCall *call, const HibReportDocument *document, const char *type,
                      const char *ending, GBytes *bytes)
{
    g_autofree char *name = g_uri_escape_string(document->title, NULL, FALSE);
    hib_call_set_header(
        call, "Content-Disposition",
        hib_arena_printf(hib_call_arena(call),
                         "attachment; filename=\"report.%s\"; filename*=UTF-8''%s.%s", ending, name,
                         ending));
    return hib_call_reply_bytes(call, 200, type, bytes, "private, no-store");
}

bool
hib_on_get_report_pdf(HibCall *call, const char *report, GError **error)
{
    HibReport *known;
    HibReportDocument document;
    g_autoptr(GBytes) bytes = NULL;
    return open_document(call, report, &known, &document, error) &&
           hib_report_pdf(&document, &bytes, error) &&
           hib_report_reply_file(call, &document, "application/pdf", "pdf", bytes);
}

bool
hib_on_get_report_xlsx(HibCall *call, const char *report, GError **error)
{
    HibReport *known;
    HibReportDocument document;
    g_autoptr(GBytes) bytes = NULL;
    return open_document(call, report, &known, &document, error) &&
           hib_report_xlsx(&document, &bytes, error) &&
           hib_report_reply_file(
               call, &document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
               "xlsx", bytes);
}

bool
hib_on_get_report_pptx(HibCall *call, const char *report, GError **error)
{
    HibReport *known;
    HibReportDocument document;
    g_autoptr(GBytes) bytes = NULL;
    return open_document(call, report, &known, &document, error) &&
           hib_report_pptx(&document, &bytes, error) &&
           hib_report_reply_file(
               call, &document,
               "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
               bytes);
}

bool
hib_on_get_report_chart(HibCall *call, const char *report, const HibApiGetReportChartQuery *query,
                        GError **error)
{
    HibReport *known;
    HibReportDocument document;
    g_autoptr(GBytes) bytes = NULL;
    return open_document(call, report, &known, &document, error) &&
           hib_report_chart(&document, query->number, &bytes, error) &&
           hib_call_reply_bytes(call, 200, "image/svg+xml", bytes, "private, no-store");
}

/* --- from a suggestion to a task -------------------------------------------------------------------------------------------------- */
bool
hib_on_create_report_task(HibCall *call, const char *report, const HibApiReportTaskDraft *in,
                          GError **error)
{
    HibReport *known;
    HibReportDocument document;
    const char *id;
    if (!open_document(call, report, &known, &document, error))
        return false;
    for (size_t i = 0; i < document.n_suggestions; i++) {
        const HibReportSuggestion *one = &document.suggestions[i];
        if (!g_str_equal(one->key, in->suggestion))
            continue;
        const HibReportTask task = {.suggestion = one->key,
                                    .title = one->what.text,
                                    .note = hib_arena_printf(hib_call_arena(call), "%s\n%s（%s）",
                                                             one->why.text, document.title,
                                                             document.period),
                                    .assignee_id = in->has_assignee_id ? in->assignee_id : NULL,
                                    .due_on = in->due_on,
                                    .campaign_id = known->content.campaign_id};
        if (!hib_report_add_task(hib_call_db(call), report, &task, &id, error))
            return false;
        const HibApiReportTaskMade out = {id};
        return hib_reply_report_task_made(call, 201, &out);
    }
    hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "report.no_suggestion", "/suggestion",
                     "not of this report");
    return false;
}
