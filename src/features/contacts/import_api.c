/* Tables of contacts over HTTP. */
#include "api.gen.h"
#include "contacts/import.h"
#include "http/call.h"

enum { SHOWN_ROWS = 20, SHOWN_PROBLEMS = 500 };

/* --- out ---------------------------------------------------------------------------------------------------------------------- */
static HibApiContactImportMapping
mapping_out(HibArena *arena, const HibImportMapping *in)
{
    HibApiContactImportColumn *columns =
        hib_arena_array(arena, HibApiContactImportColumn, in->n + 1);
    for (size_t i = 0; i < in->n; i++)
        columns[i] = (HibApiContactImportColumn){.role = (int)in->columns[i].role,
                                                 .network = in->columns[i].network};
    return (HibApiContactImportMapping){
        .columns = columns,
        .n_columns = in->n,
        .channel = hib_api_contact_import_mapping_channel_from(*in->channel ? in->channel : "none"),
        .purpose = hib_api_contact_import_mapping_purpose_from(*in->purpose ? in->purpose : "none"),
        .at = in->at,
        .has_at = in->at != 0,
        .source = in->source ? in->source : "",
        .tag = in->tag ? in->tag : ""};
}

static HibApiContactImportRow
row_out(HibArena *arena, const HibImportRow *in)
{
    const char **known = hib_arena_array(arena, const char *, in->n_identities + 1);
    for (size_t i = 0; i < in->n_identities; i++)
        known[i] = *in->identities[i].network
                       ? hib_arena_printf(arena, "%s: @%s", in->identities[i].network,
                                          in->identities[i].shown)
                       : in->identities[i].shown;
    return (HibApiContactImportRow){.row = (int64_t)in->row,
                                    .name = in->name ? in->name : "",
                                    .known_as = known,
                                    .n_known_as = in->n_identities,
                                    .tags = in->tags,
                                    .n_tags = in->n_tags,
                                    .consent = in->has_consent ? 1 + in->is_given : 0,
                                    .is_new = !in->contact && !in->is_gone,
                                    .is_gone = in->is_gone};
}

static bool
reply(HibCall *call, int status, const HibContactImport *import)
{
    HibArena *arena = hib_call_arena(call);
    const HibImportTable *table = &import->table;
    const size_t n_rows = MIN(table->n_rows, SHOWN_ROWS);
    const size_t n_problems = MIN(table->n_problems, SHOWN_PROBLEMS);
    HibApiContactImportRow *rows = hib_arena_array(arena, HibApiContactImportRow, n_rows + 1);
    HibApiConversionProblem *problems =
        hib_arena_array(arena, HibApiConversionProblem, n_problems + 1);
    for (size_t i = 0; i < n_rows; i++)
        rows[i] = row_out(arena, &table->rows[i]);
    for (size_t i = 0; i < n_problems; i++)
        problems[i] = (HibApiConversionProblem){.row = (int64_t)table->problems[i].row,
                                                .column = table->problems[i].column,
                                                .has_column = table->problems[i].column != NULL,
                                                .reason = table->problems[i].reason,
                                                .detail = table->problems[i].detail};
    HibImportMapping none = {.channel = "", .purpose = "", .source = "", .tag = ""};
    const HibApiContactImport out = {
        .id = import->id,
        .name = import->name,
        .state = import->state,
        .created_at = import->created_at,
        .done_at = import->done_at,
        .has_done_at = import->done_at != 0,
        .heads = table->table.n_rows ? table->table.rows[0].cells : NULL,
        .n_heads = table->table.n_rows ? table->table.rows[0].n : 0,
        .mapping = mapping_out(arena, table->table.n_rows ? &table->mapping : &none),
        .n_new = import->n_new,
        .n_known = import->n_known,
        .n_refused = import->n_refused,
        .n_kept = import->n_kept,
        .n_bad_rows = (int64_t)table->n_bad_rows,
        .rows = rows,
        .n_rows = n_rows,
        .problems = problems,
        .n_problems = n_problems,
        .n_faults = (int64_t)table->n_problems};
    return hib_reply_contact_import(call, status, &out);
}

/* --- operations ----------------------------------------------------------------------------------------------------------------- */
bool
hib_on_create_contact_import(HibCall *call, const HibApiCreateContactImportQuery *query,
                             GError **error)
{
    HibContactImport import;
    return hib_contact_import_add(hib_call_db(call), hib_call_context(call), hib_call_locale(call),
                                  query->name, hib_call_body(call), &import, error) &&
           reply(call, 201, &import);
}

bool
hib_on_list_contact_imports(HibCall *call, GError **error)
{
    HibContactImport *rows;
    size_t n;
    if (!hib_contact_import_list(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiContactImportSummary *list =
        hib_arena_array(hib_call_arena(call), HibApiContactImportSummary, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = (HibApiContactImportSummary){.id = rows[i].id,
                                               .name = rows[i].name,
                                               .state = rows[i].state,
                                               .done_at = rows[i].done_at,
                                               .has_done_at = rows[i].done_at != 0,
                                               .n_new = rows[i].n_new,
                                               .n_known = rows[i].n_known,
                                               .n_refused = rows[i].n_refused,
                                               .n_kept = rows[i].n_kept};
    const HibApiContactImportList out = {.imports = list, .n_imports = n};
    return hib_reply_contact_import_list(call, 200, &out);
}

bool
hib_on_get_contact_import(HibCall *call, const char *id, GError **error)
{
    HibContactImport import;
    return hib_contact_import_get(hib_call_db(call), hib_call_context(call), hib_call_locale(call),
                                  id, &import, error) &&
           reply(call, 200, &import);
}

bool
hib_on_map_contact_import(HibCall *call, const char *id, const HibApiContactImportMapping *in,
                          GError **error)
{
    HibContactImport import;
    HibImportMapping mapping = {
        .columns = hib_arena_array(hib_call_arena(call), HibImportColumn, in->n_columns + 1),
        .n = in->n_columns,
        .channel = in->channel ? hib_api_contact_import_mapping_channel_names[in->channel] : "",
        .purpose = in->purpose ? hib_api_contact_import_mapping_purpose_names[in->purpose] : "",
        .source = in->source,
        .tag = in->tag,
        .at = in->has_at ? in->at : 0};
    for (size_t i = 0; i < in->n_columns; i++)
        mapping.columns[i] = (HibImportColumn){.role = (HibImportRole)in->columns[i].role,
                                               .network = in->columns[i].network};
    return hib_contact_import_map(hib_call_db(call), hib_call_context(call), hib_call_locale(call),
                                  id, &mapping, &import, error) &&
           reply(call, 200, &import);
}

bool
hib_on_confirm_contact_import(HibCall *call, const char *id, GError **error)
{
    HibContactImport import;
    return hib_contact_import_confirm(hib_call_db(call), hib_call_context(call),
                                      hib_call_locale(call), id, &import, error) &&
           reply(call, 200, &import);
}

bool
hib_on_drop_contact_import(HibCall *call, const char *id, GError **error)
{
    return hib_contact_import_drop(hib_call_db(call), id, error) && hib_call_reply_empty(call, 204);
}
