/* Imports of numbers over HTTP. */
#include "base/error.h"
#include "base/json.h"
#include "base/messages.h"
#include "http/call.h"
#include "measure/import_store.h"
#include <string.h>

/* --- out ---------------------------------------------------------------------------------------------------------- */
static HibApiMetricImportMapping
mapping_out(HibArena *arena, const HibMetricMapping *in)
{
    HibApiMetricImportColumn *columns = hib_arena_array(arena, HibApiMetricImportColumn, in->n + 1);
    for (size_t i = 0; i < in->n; i++)
        columns[i] = (HibApiMetricImportColumn){.role = (int)in->columns[i].role,
                                                .metric = in->columns[i].metric,
                                                .has_metric = *in->columns[i].metric != 0,
                                                .unit = (int)in->columns[i].unit,
                                                .has_unit = true};
    return (HibApiMetricImportMapping){.account_id = in->account,
                                       .has_account_id = *in->account != 0,
                                       .about = (int)in->about,
                                       .columns = columns,
                                       .n_columns = in->n,
                                       .zone = in->zone,
                                       .order = (int)in->order,
                                       .has_order = true,
                                       .year = in->year,
                                       .has_year = in->year != 0,
                                       .as_of = in->as_of,
                                       .has_as_of = in->as_of != 0,
                                       .mixed_zones = in->is_mixed_fine,
                                       .has_mixed_zones = true};
}

static bool
put_numbers(HibArena *arena, HibJson row, HibApiMetricImportRow *out, GError **error)
{
    HibJson list;
    if (!hib_json_array(row, "numbers", &list, error))
        return false;
    out->numbers = hib_arena_array(arena, HibApiMetricImportNumber, hib_json_count(list) + 1);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e)) {
        HibApiMetricImportNumber *one = &out->numbers[out->n_numbers++];
        if (!hib_json_text(e, "metric", &one->metric, error) ||
            !hib_json_int(e, "value", &one->value, error))
            return false;
    }
    return true;
}

static bool
put_rows(HibArena *arena, HibJson look, HibApiMetricImport *out, GError **error)
{
    HibJson list;
    if (!hib_json_array(look, "rows", &list, error))
        return false;
    out->rows = hib_arena_array(arena, HibApiMetricImportRow, hib_json_count(list) + 1);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e)) {
        HibApiMetricImportRow *one = &out->rows[out->n_rows++];
        int64_t match = 0;
        if (!hib_json_int(e, "row", &one->row, error) || !hib_json_int(e, "at", &one->at, error) ||
            !hib_json_text(e, "name", &one->name, error) ||
            !hib_json_text(e, "text", &one->text, error) ||
            !hib_json_text(e, "type", &one->type, error) ||
            !hib_json_int(e, "match", &match, error) ||
            !hib_json_bool(e, "estimated", &one->is_estimated, error) ||
            !put_numbers(arena, e, one, error))
            return false;
        one->match = (int)match;
    }
    return true;
}

/* What a reason says to a person. */
static const char *
say(HibArena *arena, const char *locale, const char *reason)
{
    g_autoptr(GError) why = NULL;
    hib_error_set(&why, HIB_ERROR_INVALID, reason, "%s", reason);
    return hib_message_fill(arena, locale, why);
}

static bool
put_problems(HibArena *arena, const char *locale, HibJson look, HibApiMetricImport *out,
             GError **error)
{
    HibJson list;
    if (!hib_json_array(look, "problems", &list, error))
        return false;
    out->problems = hib_arena_array(arena, HibApiMetricImportProblem, hib_json_count(list) + 1);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e)) {
        HibApiMetricImportProblem *one = &out->problems[out->n_problems++];
        if (!hib_json_int(e, "row", &one->row, error) ||
            !hib_json_text(e, "column", &one->column, error) ||
            !hib_json_text(e, "reason", &one->reason, error) ||
            !hib_json_text(e, "value", &one->value, error))
            return false;
        one->detail = say(arena, locale, one->reason);
    }
    return true;
}

static bool
put_counts(HibJson look, HibApiMetricImport *out, GError **error)
{
    int64_t encoding = 0, whole = 0;
    if (!hib_json_int(look, "encoding", &encoding, error) ||
        !hib_json_bool(look, "sheet", &out->is_sheet, error) ||
        !hib_json_text(look, "title", &out->title, error) ||
        !hib_json_bool(look, "remembered", &out->is_remembered, error) ||
        !hib_json_int(look, "bad", &out->n_bad_rows, error) ||
        !hib_json_int(look, "whole", &whole, error) ||
        !hib_json_int(look, "totals", &out->n_totals, error) ||
        !hib_json_int(look, "repeats", &out->n_repeats, error) ||
        !hib_json_int(look, "accounts", &out->n_accounts, error) ||
        !hib_json_int(look, "n_problems", &out->n_faults, error) ||
        !hib_json_int(look, "first", &out->first_at, error) ||
        !hib_json_int(look, "last", &out->last_at, error) ||
        !hib_json_bool(look, "yearless", &out->asks_year, error) ||
        !hib_json_bool(look, "plain", &out->asks_zone, error))
        return false;
    out->encoding = (int)encoding;
    out->is_wrong = whole > 0 || out->n_good_rows == 0;
    out->has_first_at = out->has_last_at = out->n_good_rows > 0;
    return true;
}

static bool
put_look(HibArena *arena, const char *locale, const char *json, HibApiMetricImport *out,
         GError **error)
{
    HibJson look, heads;
    if (!hib_json_parse(arena, json, strlen(json), &look, error) ||
        !hib_json_array(look, "heads", &heads, error) || !put_counts(look, out, error))
        return false;
    out->heads = hib_arena_array(arena, const char *, hib_json_count(heads) + 1);
    for (HibJson e = hib_json_first(heads); e.value; e = hib_json_next(heads, e))
        out->heads[out->n_heads++] = cJSON_GetStringValue(e.value);
    return put_rows(arena, look, out, error) && put_problems(arena, locale, look, out, error);
}

static bool
to_api(HibCall *call, const HibMetricImport *in, HibApiMetricImport *out, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const char *locale = hib_call_locale(call);
    HibMetricMapping mapping = {.zone = "UTC", .account = "", .format = ""};
    if (in->mapping && !hib_metric_mapping_read(arena, in->mapping, &mapping, error))
        return false;
    const HibImportFormat *format = hib_import_format(mapping.format);
    *out = (HibApiMetricImport){.id = in->id,
                                .name = in->name,
                                .bytes = in->bytes,
                                .received = in->received,
                                .state = (int)in->state,
                                .reason = in->reason,
                                .has_reason = in->reason != NULL,
                                .detail = in->reason ? say(arena, locale, in->reason) : NULL,
                                .has_detail = in->reason != NULL,
                                .encoding = HIB_ENCODING_UNKNOWN,
                                .format = mapping.format,
                                .network = format ? format->network : "",
                                .title = "",
                                .mapping = mapping_out(arena, &mapping),
                                .n_good_rows = in->n_rows,
                                .n_stored = in->n_stored,
                                .n_readings = in->n_readings,
                                .n_ours = in->n_ours,
                                .n_others = in->n_others,
                                .created_at = in->created_at,
                                .by_name = in->by_name,
                                .has_by_name = in->by_name != NULL,
                                .done_at = in->done_at,
                                .has_done_at = in->done_at != 0,
                                .undone_at = in->undone_at,
                                .has_undone_at = in->undone_at != 0};
    return !in->look || put_look(arena, locale, in->look, out, error);
}

static bool
reply(HibCall *call, int status, const HibMetricImport *import, GError **error)
{
    HibApiMetricImport out;
    if (!to_api(call, import, &out, error))
        return false;
    if (import->state == HIB_IMPORT_OPEN &&
        !hib_metric_import_same(hib_call_db(call), import, &out.same_id, error))
        return false;
    out.has_same_id = out.same_id != NULL;
    return hib_reply_metric_import(call, status, &out);
}

/* --- operations ------------------------------------------------------------------------------------------------------ */
bool
hib_on_list_metric_imports(HibCall *call, GError **error)
{
    HibMetricImport *rows = NULL;
    size_t n = 0;
    if (!hib_metric_imports(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiMetricImport *out = hib_arena_array(hib_call_arena(call), HibApiMetricImport, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!to_api(call, &rows[i], &out[i], error))
            return false;
    const HibApiMetricImportList list = {.imports = out, .n_imports = n};
    return hib_reply_metric_import_list(call, 200, &list);
}

bool
hib_on_begin_metric_import(HibCall *call, const HibApiMetricImportDraft *in, GError **error)
{
    HibMetricImport *import = NULL;
    return hib_metric_import_begin(hib_call_db(call), hib_call_context(call), in->name, in->bytes,
                                   &import, error) &&
           reply(call, 201, import, error);
}

bool
hib_on_put_metric_import_part(HibCall *call, const char *id,
                              const HibApiPutMetricImportPartQuery *query, GError **error)
{
    HibMetricImport *import = NULL;
    return hib_metric_import_put(hib_call_db(call), hib_call_context(call), id, query->from,
                                 hib_call_body(call), &import, error) &&
           reply(call, 200, import, error);
}

bool
hib_on_get_metric_import(HibCall *call, const char *id, GError **error)
{
    HibMetricImport *import = NULL;
    return hib_metric_import_get(hib_call_db(call), id, &import, error) &&
           reply(call, 200, import, error);
}

bool
hib_on_map_metric_import(HibCall *call, const char *id, const HibApiMetricImportMapping *in,
                         GError **error)
{
    HibMetricImport *import = NULL;
    HibMetricColumn *columns =
        hib_arena_array(hib_call_arena(call), HibMetricColumn, in->n_columns + 1);
    for (size_t i = 0; i < in->n_columns; i++) {
        const bool is_metric = in->columns[i].role == HIB_COLUMN_METRIC;
        columns[i] = (HibMetricColumn){
            .role = (HibColumnRole)in->columns[i].role,
            .metric = is_metric && in->columns[i].has_metric ? in->columns[i].metric : "",
            .unit = in->columns[i].has_unit ? (HibImportUnit)in->columns[i].unit : HIB_UNIT_COUNT};
    }
    const HibMetricMapping mapping = {
        .about = (HibImportAbout)in->about,
        .columns = columns,
        .n = in->n_columns,
        .zone = in->zone,
        .order = in->has_order ? (HibDateOrder)in->order : HIB_ORDER_ASK,
        .year = in->has_year ? in->year : 0,
        .as_of = in->has_as_of ? in->as_of : hib_db_now(hib_call_db(call)),
        .is_mixed_fine = in->has_mixed_zones && in->mixed_zones,
        .account = in->has_account_id ? in->account_id : ""};
    return hib_metric_import_map(hib_call_db(call), id, &mapping, &import, error) &&
           reply(call, 200, import, error);
}

bool
hib_on_confirm_metric_import(HibCall *call, const char *id,
                             const HibApiMetricImportConfirmation *in, GError **error)
{
    HibMetricImport *import = NULL;
    return hib_metric_import_confirm(hib_call_db(call), id, in->without_wrong, &import, error) &&
           reply(call, 200, import, error);
}

bool
hib_on_undo_metric_import(HibCall *call, const char *id, GError **error)
{
    HibMetricImport *import = NULL;
    return hib_metric_import_undo(hib_call_db(call), id, &import, error) &&
           reply(call, 200, import, error);
}

bool
hib_on_drop_metric_import(HibCall *call, const char *id, GError **error)
{
    return hib_metric_import_drop(hib_call_db(call), hib_call_context(call), id, error) &&
           hib_call_reply_empty(call, 204);
}
