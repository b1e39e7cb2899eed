/* A file looked through: what it is, what its columns are, its first rows as they would be stored, and everything wrong in all of them. */
#include "base/error.h"
#include "base/json.h"
#include "measure/import.sql.h"
#include "measure/import_store.h"
#include "media/media.h"
#include <string.h>
#include <unistd.h>

#define SHOWN_PROBLEMS 200
#define SHEET_BYTES ((int64_t)100 * 1024 * 1024)

/* --- the file ------------------------------------------------------------------------------------------------------- */
static bool
read_whole(HibBlobDraft *draft, int64_t n, GBytes **ret, GError **error)
{
    char *data = g_try_malloc((gsize)n + 1);
    int64_t have = 0;
    while (data && have < n) {
        const ssize_t got =
            pread(hib_blob_draft_fd(draft), data + have, (size_t)(n - have), (off_t)have);
        if (got <= 0)
            break;
        have += got;
    }
    if (have < n) {
        g_free(data);
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "the file does not read");
        return false;
    }
    *ret = g_bytes_new_take(data, (gsize)n);
    return true;
}

/* A workbook becomes the CSV of its first sheet; a crash in between begins with whichever of the two is there. */
static bool
unpack(const HibServices *services, HibBlobDraft *draft, int64_t n, GError **error)
{
    g_autoptr(GBytes) sheet = NULL;
    g_autoptr(GBytes) csv = NULL;
    gsize n_csv = 0;
    if (n > SHEET_BYTES) {
        hib_error_set(error, HIB_ERROR_TOO_LARGE, "table.sheet_too_large",
                      "%" G_GINT64_FORMAT " bytes", n);
        return false;
    }
    if (!read_whole(draft, n, &sheet, error) ||
        !hib_media_sheet_to_csv(services, sheet, &csv, error))
        return false;
    const void *data = g_bytes_get_data(csv, &n_csv);
    return hib_blob_draft_write(draft, 0, data, n_csv, error);
}

bool
hib_metric_import_open(HibDb *db G_GNUC_UNUSED, const HibServices *services,
                       const HibMetricImport *import, HibBlobDraft **ret, bool *ret_is_sheet,
                       GError **error)
{
    char mark[4] = "";
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, import->id, error);
    if (!draft)
        return false;
    const int64_t n = hib_blob_draft_size(draft);
    if (n <= 0) {
        hib_error_set(error, HIB_ERROR_INVALID, "measure.import_gone", "the file was swept");
        return false;
    }
    if (pread(hib_blob_draft_fd(draft), mark, sizeof mark, 0) == sizeof mark &&
        memcmp(mark, "\xd0\xcf\x11\xe0", 4) == 0) {
        hib_error_set(error, HIB_ERROR_INVALID, "bulk.old_excel", "a workbook of before 2007");
        return false;
    }
    *ret_is_sheet = memcmp(mark, "PK\3\4", 4) == 0;
    if (*ret_is_sheet && !unpack(services, draft, n, error))
        return false;
    *ret = g_steal_pointer(&draft);
    return true;
}

static const char *
key_of(HibArena *arena, const HibImportHead *head)
{
    HibSha256 sum;
    hib_sha256_begin(&sum);
    for (size_t i = 0; i < head->n_heads; i++)
        hib_sha256_add(&sum, head->heads[i], strlen(head->heads[i]) + 1);
    hib_sha256_add(&sum, head->title, strlen(head->title) + 1);
    return hib_sha256_end(&sum, arena);
}

bool
hib_metric_import_head(HibDb *db, HibBlobDraft *draft, HibImportSight *ret, const char **ret_sample,
                       size_t *ret_n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *piece = NULL;
    g_autoptr(HibImportText) text = hib_import_text_new(hib_blob_draft_fd(draft));
    if (!hib_import_text_next(text, &piece, ret_n, error))
        return false;
    *ret_sample = hib_arena_strndup(arena, piece, *ret_n);
    ret->encoding = hib_import_text_encoding(text);
    hib_import_find_head(arena, *ret_sample, *ret_n, &ret->head);
    if (!ret->head.head_row) {
        hib_error_set(error, HIB_ERROR_INVALID, "measure.import_no_table", "no row of two cells");
        return false;
    }
    ret->head_key = key_of(arena, &ret->head);
    return true;
}

bool
hib_metric_import_rows(HibArena *arena G_GNUC_UNUSED, HibBlobDraft *draft, HibMetricReader *reader,
                       HibMetricSummary *ret, GError **error)
{
    const char *piece = NULL;
    size_t n = 0;
    g_autoptr(HibImportText) text = hib_import_text_new(hib_blob_draft_fd(draft));
    for (;;) {
        if (!hib_import_text_next(text, &piece, &n, error))
            return false;
        if (!n)
            return hib_metric_reader_end(reader, ret, error);
        if (!hib_metric_reader_feed(reader, piece, n, error))
            return false;
    }
}

/* --- what it is taken for --------------------------------------------------------------------------------------------- */
static bool
guess_account(HibDb *db, const HibImportFormat *format, const char **ret, GError **error)
{
    HibAccount *accounts = NULL;
    size_t n = 0, n_fit = 0;
    if (!hib_accounts_list(db, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (format && *format->network && !g_str_equal(accounts[i].network, format->network))
            continue;
        *ret = accounts[i].id;
        n_fit++;
    }
    if (n_fit != 1)
        *ret = "";
    return true;
}

static void
guess_metrics(HibArena *arena, const HibImportHead *head, HibMetricMapping *ret)
{
    ret->n = head->n_heads;
    ret->columns = hib_arena_array(arena, HibMetricColumn, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++) {
        ret->columns[i] = head->columns[i];
        if (head->columns[i].role != HIB_COLUMN_METRIC)
            continue;
        const HibMetric *metric = hib_import_metric(ret->about, head->columns[i].metric);
        bool is_taken = !metric;
        for (size_t k = 0; k < i && !is_taken; k++)
            is_taken = ret->columns[k].role == HIB_COLUMN_METRIC &&
                       g_str_equal(ret->columns[k].metric, metric->slug);
        ret->columns[i] =
            is_taken ? (HibMetricColumn){HIB_COLUMN_SKIP, "", HIB_UNIT_COUNT}
                     : (HibMetricColumn){HIB_COLUMN_METRIC, metric->slug, head->columns[i].unit};
    }
}

static bool
remember(HibDb *db, HibImportSight *sight, HibMetricMapping *ret, GError **error)
{
    HibSqlImportHeadGet *row = NULL;
    HibMetricMapping said;
    HibAccount *account = NULL;
    if (!hib_sql_import_head_get(db, sight->head_key, &row, error))
        return false;
    if (!row)
        return true;
    if (!hib_metric_mapping_read(hib_db_arena(db), row->mapping, &said, error))
        return false;
    if (said.n != ret->n)
        return true;
    sight->is_remembered = true;
    ret->about = said.about;
    ret->columns = said.columns;
    ret->zone = said.zone;
    ret->order = said.order ? said.order : ret->order;
    ret->is_mixed_fine = said.is_mixed_fine;
    g_autoptr(GError) gone = NULL;
    if (hib_accounts_get(db, said.account, &account, &gone))
        ret->account = said.account;
    return true;
}

static bool
guess(HibDb *db, const HibMetricImport *import, HibImportSight *sight, const char *sample, size_t n,
      HibMetricMapping *ret, GError **error)
{
    const HibImportHead *head = &sight->head;
    const HibImportFormat *format = head->format;
    HibDateOrder order;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    *ret = (HibMetricMapping){.format = format ? format->id : "",
                              .about = format ? format->about : HIB_ABOUT_POSTS,
                              .zone = format && *format->zone
                                          ? format->zone
                                          : hib_arena_strdup(hib_db_arena(db), hib_zone_name(zone)),
                              .as_of = import->created_at,
                              .account = ""};
    guess_metrics(hib_db_arena(db), head, ret);
    hib_import_guess_times(sample, n, head, ret->as_of, &order, &ret->year);
    ret->order = format && format->order ? format->order : order;
    return guess_account(db, format, &ret->account, error) && remember(db, sight, ret, error);
}

/* --- rows --------------------------------------------------------------------------------------------------------------- */
const char *
hib_metric_row_name(const HibMetricRow *row)
{
    return *row->id ? row->id : row->url;
}

/* A video's address ends with its id. */
static const char *
id_in_url(const char *url)
{
    const char *last = strrchr(url, '/');
    return last && g_ascii_isdigit(last[1]) && strspn(last + 1, "0123456789") == strlen(last + 1)
               ? last + 1
               : NULL;
}

bool
hib_metric_row_post(HibDb *db, const char *account, const HibMetricRow *row, const char **ret_id,
                    bool *ret_is_ours, GError **error)
{
    HibSqlOutsideFind *outside = NULL;
    const char *remote = *row->id ? row->id : id_in_url(row->url);
    *ret_id = NULL;
    if (remote && !hib_publish_find(db, account, remote, ret_id, error))
        return false;
    *ret_is_ours = *ret_id != NULL;
    if (*ret_id)
        return true;
    if (!hib_sql_outside_find(db, account, hib_metric_row_name(row), &outside, error))
        return false;
    *ret_id = outside ? outside->id : NULL;
    return true;
}

typedef struct {
    HibDb *db;
    const HibMetricMapping *mapping;
    cJSON *rows;
    int n;
} Showing;

static void
add_text(cJSON *to, const char *name, const char *text)
{
    g_autofree char *cut = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), 200));
    cJSON_AddStringToObject(to, name, cut);
}

static bool
show_row(const HibMetricRow *row, void *data, GError **error)
{
    Showing *s = data;
    const char *id = NULL;
    bool is_ours = false;
    if (s->n++ >= HIB_MEASURE_SHOWN)
        return true;
    const bool is_post = s->mapping->about == HIB_ABOUT_POSTS;
    if (is_post && *s->mapping->account &&
        !hib_metric_row_post(s->db, s->mapping->account, row, &id, &is_ours, error))
        return false;
    cJSON *one = cJSON_CreateObject();
    cJSON_AddItemToArray(s->rows, one);
    cJSON_AddNumberToObject(one, "row", (double)row->row);
    cJSON_AddNumberToObject(one, "at", (double)row->at);
    add_text(one, "name", is_post ? hib_metric_row_name(row) : "");
    add_text(one, "text", row->text);
    add_text(one, "type", row->type);
    cJSON_AddNumberToObject(one, "match", !is_post ? 0 : is_ours ? 1 : id ? 2 : 3);
    cJSON_AddBoolToObject(one, "estimated", row->is_estimated || row->is_day_only);
    cJSON *numbers = cJSON_AddArrayToObject(one, "numbers");
    for (size_t i = 0; i < s->mapping->n; i++) {
        if (!row->has[i])
            continue;
        cJSON *number = cJSON_CreateObject();
        cJSON_AddStringToObject(number, "metric", s->mapping->columns[i].metric);
        cJSON_AddNumberToObject(number, "value", (double)row->values[i]);
        cJSON_AddItemToArray(numbers, number);
    }
    return true;
}

static void
add_problems(cJSON *to, const HibMetricSummary *sum)
{
    cJSON *list = cJSON_AddArrayToObject(to, "problems");
    const size_t n = MIN(sum->n_problems, HIB_MEASURE_PROBLEMS);
    size_t n_shown = 0;
    /* What is wrong with the file as a whole comes last, and is what matters first. */
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < n && n_shown < SHOWN_PROBLEMS; i++) {
            const HibMetricProblem *p = &sum->problems[i];
            if ((p->row == 0) != (turn == 0))
                continue;
            cJSON *one = cJSON_CreateObject();
            cJSON_AddNumberToObject(one, "row", (double)p->row);
            cJSON_AddStringToObject(one, "column", p->column ? p->column : "");
            cJSON_AddStringToObject(one, "reason", p->reason);
            cJSON_AddStringToObject(one, "value", p->value);
            cJSON_AddItemToArray(list, one);
            n_shown++;
        }
}

static cJSON *
sight_json(const HibImportSight *sight, const HibMetricSummary *sum)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *heads = cJSON_AddArrayToObject(out, "heads");
    for (size_t i = 0; i < sight->head.n_heads; i++)
        cJSON_AddItemToArray(heads, cJSON_CreateString(sight->head.heads[i]));
    cJSON_AddStringToObject(out, "title", sight->head.title);
    cJSON_AddNumberToObject(out, "encoding", sight->encoding);
    cJSON_AddBoolToObject(out, "sheet", sight->is_sheet);
    cJSON_AddBoolToObject(out, "remembered", sight->is_remembered);
    cJSON_AddNumberToObject(out, "bad", (double)sum->n_bad_rows);
    cJSON_AddNumberToObject(out, "whole", (double)sum->n_whole);
    cJSON_AddNumberToObject(out, "totals", (double)sum->n_totals);
    cJSON_AddNumberToObject(out, "repeats", (double)sum->n_repeats);
    cJSON_AddNumberToObject(out, "values", (double)sum->n_values);
    cJSON_AddNumberToObject(out, "accounts", (double)sum->n_accounts);
    cJSON_AddNumberToObject(out, "n_problems", (double)sum->n_problems);
    cJSON_AddNumberToObject(out, "first", (double)sum->first_at);
    cJSON_AddNumberToObject(out, "last", (double)sum->last_at);
    cJSON_AddBoolToObject(out, "yearless", sum->is_yearless);
    cJSON_AddBoolToObject(out, "plain", sum->has_plain);
    add_problems(out, sum);
    return out;
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */
static bool
look_through(HibDb *db, HibBlobDraft *draft, const HibImportSight *sight,
             const HibMetricMapping *mapping, HibMetricSummary *sum, cJSON *rows, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    Showing showing = {.db = db, .mapping = mapping, .rows = rows};
    g_autoptr(HibZone) zone = hib_zone_open(mapping->zone);
    g_autoptr(HibMetricReader) reader =
        hib_metric_reader_new(arena, &sight->head, mapping, zone ? zone : hib_zone_utc(),
                              hib_db_now(db), show_row, &showing);
    return hib_metric_import_rows(arena, draft, reader, sum, error);
}

bool
hib_metric_import_look(HibDb *db, const HibServices *services, const HibMetricImport *import,
                       GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibImportSight sight = {0};
    HibMetricMapping mapping;
    HibMetricSummary sum;
    HibBlobDraft *opened = NULL;
    const char *sample = NULL;
    size_t n = 0;
    int64_t changed = 0;
    if (!hib_metric_import_open(db, services, import, &opened, &sight.is_sheet, error))
        return false;
    g_autoptr(HibBlobDraft) draft = opened;
    if (!hib_metric_import_head(db, draft, &sight, &sample, &n, error) ||
        !(import->mapping ? hib_metric_mapping_read(arena, import->mapping, &mapping, error)
                          : guess(db, import, &sight, sample, n, &mapping, error)))
        return false;
    cJSON *rows = cJSON_CreateArray();
    if (!look_through(db, draft, &sight, &mapping, &sum, rows, error)) {
        cJSON_Delete(rows);
        return false;
    }
    cJSON *look = sight_json(&sight, &sum);
    cJSON_AddItemToObject(look, "rows", rows);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_metric_import_looked(
               db, import->id, import->mapping, hib_metric_mapping_print(arena, &mapping),
               *mapping.account ? mapping.account : NULL, sight.head_key,
               hib_json_print(arena, look), (int64_t)sum.n_rows, hib_db_now(db), &changed, error) &&
           hib_metric_import_told(db, import->id, error) && hib_tx_commit(tx, error);
}
