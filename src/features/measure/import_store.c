/* Imports as rows: read, told what their columns are, confirmed once, taken back once. What is long runs in the job (import_take.c). */
#include "measure/import_store.h"
#include "base/error.h"
#include "base/json.h"
#include "measure/import.sql.h"
#include "team/team.h"
#include <string.h>

static HibMetricImport
of_row(const HibSqlMetricImportRow *row)
{
    return (HibMetricImport){.id = row->id,
                             .name = row->name,
                             .sha256 = row->sha256,
                             .reason = row->reason,
                             .account = row->account_id,
                             .mapping = row->mapping,
                             .head = row->head,
                             .look = row->look,
                             .by_name = row->by_name,
                             .bytes = row->bytes,
                             .received = row->received,
                             .n_rows = row->n_rows,
                             .row_stored = row->row_stored,
                             .n_stored = row->n_stored,
                             .n_readings = row->n_readings,
                             .n_ours = row->n_ours,
                             .n_others = row->n_others,
                             .hashing = row->hashing,
                             .state = (HibMetricImportState)row->state,
                             .without_wrong = row->without_wrong,
                             .created_at = row->created_at,
                             .done_at = row->has_done_at ? row->done_at : 0,
                             .undone_at = row->has_undone_at ? row->undone_at : 0};
}

bool
hib_metric_import_get(HibDb *db, const char *id, HibMetricImport **ret, GError **error)
{
    HibSqlMetricImportRow *row = NULL;
    if (!hib_sql_metric_import_get(db, id, &row, error))
        return false;
    if (!row || row->hashing.n != sizeof(HibSha256)) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "measure.import_unknown", "no import %s", id);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibMetricImport);
    **ret = of_row(row);
    return true;
}

bool
hib_metric_imports(HibDb *db, HibMetricImport **ret, size_t *ret_n, GError **error)
{
    HibSqlMetricImportRow *rows = NULL;
    if (!hib_sql_metric_import_list(db, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibMetricImport, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_metric_import_same(HibDb *db, const HibMetricImport *import, const char **ret, GError **error)
{
    HibSqlMetricImportSame *row = NULL;
    *ret = NULL;
    if (!import->sha256 || !import->account)
        return true;
    if (!hib_sql_metric_import_same(db, import->id, import->sha256, import->account, &row, error))
        return false;
    *ret = row ? row->id : NULL;
    return true;
}

bool
hib_metric_import_plan(HibDb *db, const char *id, GError **error)
{
    return hib_job_add(db, HIB_JOB_IMPORT, id, id, NULL, hib_db_now(db), NULL, error);
}

bool
hib_metric_import_told(HibDb *db, const char *id, GError **error)
{
    return hib_event_emit(db, "metric_import.changed", id, NULL, error);
}

const HibMetric *
hib_import_metric(HibImportAbout about, const char *slug)
{
    const HibMetric *metric = hib_metric_find(slug);
    if (about == HIB_ABOUT_POSTS)
        return metric && (metric->kind == HIB_METRIC_COUNTER || metric->kind == HIB_METRIC_MEAN)
                   ? metric
                   : NULL;
    if (metric && (metric->kind == HIB_METRIC_GAUGE || metric->kind == HIB_METRIC_FLOW))
        return metric;
    g_autofree char *of_day = g_strdup_printf("day_%s", slug);
    metric = hib_metric_find(of_day);
    return metric && metric->kind == HIB_METRIC_FLOW ? metric : NULL;
}

static bool
refuse_state(const HibMetricImport *import, GError **error)
{
    hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_state", "import %s is at state %d",
                  import->id, import->state);
    return false;
}

/* --- its columns ---------------------------------------------------------------------------------------------------- */
static bool
refuse_mapping(const char *pointer, const char *why, GError **error)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, "measure.import_mapping", pointer, "%s", why);
    return false;
}

static bool
check_columns(const HibMetricMapping *mapping, GError **error)
{
    for (size_t i = 0; i < mapping->n; i++) {
        const HibMetricColumn *one = &mapping->columns[i];
        if (one->role == HIB_COLUMN_METRIC && !hib_import_metric(mapping->about, one->metric))
            return refuse_mapping("/columns", "no metric that is told this way", error);
        for (size_t k = 0; one->role != HIB_COLUMN_SKIP && k < i; k++)
            if (mapping->columns[k].role == one->role &&
                (one->role != HIB_COLUMN_METRIC ||
                 g_str_equal(mapping->columns[k].metric, one->metric)))
                return refuse_mapping("/columns", "two columns are the same", error);
    }
    return true;
}

static bool
check_mapping(HibDb *db, const HibMetricMapping *mapping, GError **error)
{
    HibAccount *account = NULL;
    g_autoptr(HibZone) zone = hib_zone_open(mapping->zone);
    if (!zone)
        return refuse_mapping("/zone", "no such zone", error);
    if (mapping->as_of > hib_db_now(db) + HIB_DAY)
        return refuse_mapping("/as_of", "not yet", error);
    if (!check_columns(mapping, error))
        return false;
    GError *fault = NULL;
    if (!*mapping->account || hib_accounts_get(db, mapping->account, &account, &fault))
        return true;
    hib_error_set_pointer(fault, "/account_id");
    g_propagate_error(error, fault);
    return false;
}

bool
hib_metric_import_map(HibDb *db, const char *id, const HibMetricMapping *mapping,
                      HibMetricImport **ret, GError **error)
{
    int64_t changed = 0;
    HibMetricMapping said = *mapping, before;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_metric_import_get(db, id, ret, error) || !check_mapping(db, &said, error))
        return false;
    said.format = "";
    if ((*ret)->mapping) {
        if (!hib_metric_mapping_read(hib_db_arena(db), (*ret)->mapping, &before, error))
            return false;
        said.format = before.format;
        if (said.n != before.n)
            return refuse_mapping("/columns", "another number of columns", error);
    }
    if (!hib_sql_metric_import_map(db, id, hib_metric_mapping_print(hib_db_arena(db), &said),
                                   said.account, hib_db_now(db), &changed, error))
        return false;
    if (!changed || !(*ret)->mapping)
        return refuse_state(*ret, error);
    return hib_metric_import_plan(db, id, error) && hib_metric_import_get(db, id, ret, error) &&
           hib_tx_commit(tx, error);
}

/* --- confirmed, taken back ------------------------------------------------------------------------------------------- */
static bool
bad_rows_of(HibDb *db, const HibMetricImport *import, int64_t *ret_rows, bool *ret_is_wrong,
            GError **error)
{
    HibJson look;
    int64_t n_whole = 0;
    if (!hib_json_parse(hib_db_arena(db), import->look, strlen(import->look), &look, error) ||
        !hib_json_int(look, "bad", ret_rows, error) ||
        !hib_json_int(look, "whole", &n_whole, error))
        return false;
    *ret_is_wrong = n_whole > 0 || import->n_rows == 0;
    return true;
}

static bool
may_confirm(HibDb *db, const HibMetricImport *import, bool without_wrong, GError **error)
{
    const char *same = NULL;
    int64_t n_bad = 0;
    bool is_wrong = false;
    if (import->state != HIB_IMPORT_OPEN)
        return refuse_state(import, error);
    if (!import->account || !*import->account) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_no_account", "whose numbers?");
        return false;
    }
    if (!bad_rows_of(db, import, &n_bad, &is_wrong, error) ||
        !hib_metric_import_same(db, import, &same, error))
        return false;
    if (is_wrong || (n_bad && !without_wrong)) {
        g_autofree char *n = g_strdup_printf("%" G_GINT64_FORMAT, n_bad);
        hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_wrong", "%s rows are wrong", n);
        hib_error_set_detail(error ? *error : NULL, "n", n);
        return false;
    }
    if (same)
        hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_same", "stored as %s", same);
    return !same;
}

static bool
record(HibDb *db, const HibMetricImport *import, const char *action, GError **error)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", import->name);
    cJSON_AddNumberToObject(json, "n_rows", (double)import->n_rows);
    if (import->account)
        cJSON_AddStringToObject(json, "account_id", import->account);
    return hib_audit(db, action, "metric_import", import->id, NULL,
                     hib_json_print(hib_db_arena(db), json), error) &&
           hib_metric_import_told(db, import->id, error);
}

bool
hib_metric_import_confirm(HibDb *db, const char *id, bool without_wrong, HibMetricImport **ret,
                          GError **error)
{
    int64_t changed = 0;
    const HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_metric_import_get(db, id, ret, error) ||
        !may_confirm(db, *ret, without_wrong, error) ||
        !hib_sql_metric_import_confirm(db, id, without_wrong, now, &changed, error))
        return false;
    if (!changed)
        return refuse_state(*ret, error);
    return hib_sql_import_head_put(db, (*ret)->head, (*ret)->mapping, now, error) &&
           record(db, *ret, "metric_import.confirm", error) &&
           hib_metric_import_plan(db, id, error) && hib_metric_import_get(db, id, ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_metric_import_undo(HibDb *db, const char *id, HibMetricImport **ret, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_metric_import_get(db, id, ret, error) ||
        !hib_sql_metric_import_undo(db, id, hib_db_now(db), &changed, error))
        return false;
    if (!changed)
        return refuse_state(*ret, error);
    return record(db, *ret, "metric_import.undo", error) && hib_metric_import_plan(db, id, error) &&
           hib_metric_import_get(db, id, ret, error) && hib_tx_commit(tx, error);
}
