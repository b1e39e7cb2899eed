/* Inside measure/ only: imports of numbers as rows, and the job behind them.
 *
 * A file comes in part by part, is looked through whole, is told what was found, is confirmed once, and is stored in batches by a job; each batch says how far it came in its own
 * transaction, so that a crash goes on where it stood. Taken back, everything is as if it had never been there. All functions are scoped by the workspace of `db`. */
#pragma once
#include "measure/import.h"
#include "measure/measure_private.h"

/* Same order as the contract. */
typedef enum {
    HIB_IMPORT_RECEIVING,
    HIB_IMPORT_LOOKING,
    HIB_IMPORT_OPEN,
    HIB_IMPORT_STORING,
    HIB_IMPORT_STORED,
    HIB_IMPORT_UNDOING,
    HIB_IMPORT_UNDONE,
    HIB_IMPORT_FAILED
} HibMetricImportState;
typedef struct {
    const char *id, *name, *sha256, *reason, *account, *mapping, *head, *look, *by_name;
    int64_t bytes, received, n_rows, row_stored, n_stored, n_readings, n_ours, n_others;
    HibBytes hashing;
    HibMetricImportState state;
    bool without_wrong;
    HibInstant created_at, done_at, undone_at; /* 0: not yet */
} HibMetricImport;

#define HIB_IMPORT_BYTES ((int64_t)8 * 1024 * 1024 * 1024)
#define HIB_IMPORTS_OPEN 20 /* at once in a workspace */

/* TOO_LARGE measure.import_too_large; CONFLICT measure.import_too_many; INTERNAL store.disk_full. (import_file.c) */
bool hib_metric_import_begin(HibDb *db, const HibServices *services, const char *name,
                             int64_t bytes, HibMetricImport **ret, GError **error);
/* The last part sets the job on its way. INVALID measure.import_part; CONFLICT measure.import_gap, measure.import_state. */
bool hib_metric_import_put(HibDb *db, const HibServices *services, const char *id, int64_t from,
                           GBytes *part, HibMetricImport **ret, GError **error);
/* NOT_FOUND measure.import_unknown. */
bool hib_metric_import_get(HibDb *db, const char *id, HibMetricImport **ret, GError **error);
/* The newest 100, without what was found in them. */
bool hib_metric_imports(HibDb *db, HibMetricImport **ret, size_t *ret_n, GError **error);
/* The same file that stands already for the account; NULL: none. */
bool hib_metric_import_same(HibDb *db, const HibMetricImport *import, const char **ret,
                            GError **error);
/* What a person says of it; it is looked through again. INVALID measure.import_mapping, CONFLICT measure.import_state, NOT_FOUND accounts.unknown. */
bool hib_metric_import_map(HibDb *db, const char *id, const HibMetricMapping *mapping,
                           HibMetricImport **ret, GError **error);
/* CONFLICT measure.import_state, measure.import_wrong (details "n"), measure.import_same, measure.import_no_account. */
bool hib_metric_import_confirm(HibDb *db, const char *id, bool without_wrong, HibMetricImport **ret,
                               GError **error);
bool hib_metric_import_undo(HibDb *db, const char *id, HibMetricImport **ret, GError **error);
/* One that was not confirmed. CONFLICT measure.import_state. */
bool hib_metric_import_drop(HibDb *db, const HibServices *services, const char *id, GError **error);
bool hib_metric_import_plan(HibDb *db, const char *id, GError **error); /* its job, now */
bool hib_metric_import_told(HibDb *db, const char *id, GError **error); /* event */

/* The metric a column is of, in a list of posts or of days; NULL: none is told that way. */
const HibMetric *hib_import_metric(HibImportAbout about, const char *slug);

/* --- reading (import_look.c) ---------------------------------------------------------------------------------------- */
/* Reads the file from its start to its end. `mapping` NULL: as guessed or remembered, with `ret_mapping` what that is. */
typedef struct {
    HibImportHead head;
    HibEncoding encoding;
    bool is_sheet, is_remembered;
    const char *head_key;
} HibImportSight;
/* The file, made a CSV where it was a workbook. INVALID measure.import_gone where it was swept. */
bool hib_metric_import_open(HibDb *db, const HibServices *services, const HibMetricImport *import,
                            HibBlobDraft **ret, bool *ret_is_sheet, GError **error);
/* Finds the head in what comes first. */
bool hib_metric_import_head(HibDb *db, HibBlobDraft *draft, HibImportSight *ret,
                            const char **ret_sample, size_t *ret_n, GError **error);
/* All rows. */
bool hib_metric_import_rows(HibArena *arena, HibBlobDraft *draft, HibMetricReader *reader,
                            HibMetricSummary *ret, GError **error);
bool hib_metric_import_look(HibDb *db, const HibServices *services, const HibMetricImport *import,
                            GError **error);
/* What the row is known by where no column says it. */
const char *hib_metric_row_name(const HibMetricRow *row);
/* The post of the row. *ret_id NULL: not known yet. */
bool hib_metric_row_post(HibDb *db, const char *account, const HibMetricRow *row,
                         const char **ret_id, bool *ret_is_ours, GError **error);

/* --- storing and taking back (import_take.c) ------------------------------------------------------------------- */
#define HIB_JOB_IMPORT "measure.import"
bool hib_metric_import_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                           HibInstant *at, GError **error);
