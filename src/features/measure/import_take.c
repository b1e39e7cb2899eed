/* The job of an import: looks it through, stores it, takes it back; whichever its row says.
 *
 * Storing reads the file from its start and stores some hundred rows a transaction, which also says how far it came: after a crash the rows before are read and passed over. Taking back
 * goes subject by subject; what is done is no longer listed. Each batch has an arena of its own, so that memory does not grow with the file. */
#include "base/error.h"
#include "measure/import.sql.h"
#include "measure/import_store.h"
#include <string.h>

enum { ROWS_A_BATCH = 400, SUBJECTS_A_BATCH = 100, TEXT_CHARACTERS = 2000 };

/* --- storing -------------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibDb *job_db;
    const HibMetricImport *import;
    const HibMetricMapping *mapping;
    const char *network, *source;
    HibArena *arena; /* of the batch, as all below */
    HibDb *db;
    GArray *snapshots; /* HibSnapshot */
    GArray *posts;     /* HibOutsidePost */
    GArray *outsides;  /* HibSqlOutsideAddIn */
    GArray *subjects;  /* HibSqlImportSubjectAddIn */
    GHashTable *added; /* name → id of posts in the batch that are new */
    int64_t row_before, row, n_rows, n_ours, n_others;
    bool is_over; /* somebody takes it back */
} Storing;

static void
begin_batch(Storing *s)
{
    s->arena = hib_arena_new();
    s->db = hib_db_open(hib_db_store(s->job_db), s->arena, hib_db_workspace(s->job_db));
    g_array_set_size(s->snapshots, 0);
    g_array_set_size(s->posts, 0);
    g_array_set_size(s->outsides, 0);
    g_array_set_size(s->subjects, 0);
    g_hash_table_remove_all(s->added);
    s->n_rows = s->n_ours = s->n_others = 0;
}

static void
end_batch(Storing *s)
{
    if (s->db)
        hib_db_close(s->db);
    if (s->arena)
        hib_arena_free(s->arena);
    s->db = NULL;
    s->arena = NULL;
}

static bool
write_batch(Storing *s, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin_large(s->db, error);
    if (!tx || !hib_sql_metric_import_step(s->db, s->import->id, s->row_before, s->row, s->n_rows,
                                           s->snapshots->len, s->n_ours, s->n_others,
                                           hib_db_now(s->db), &changed, error))
        return false;
    if (!changed) {
        s->is_over = true;
        return true;
    }
    return hib_measure_hold(s->db, &s->mapping->account, 1, error) &&
           /* What another import added meanwhile is a duplicate: the job's next try finds it. */
           hib_sql_outside_add_many(s->db, (const void *)s->outsides->data, s->outsides->len,
                                    error) &&
           hib_measure_follow_outside(s->db, (const void *)s->posts->data, s->posts->len, error) &&
           hib_sql_import_subject_add_many(s->db, (const void *)s->subjects->data, s->subjects->len,
                                           error) &&
           (!s->snapshots->len ||
            hib_measure_add(s->db, (const void *)s->snapshots->data, s->snapshots->len, error)) &&
           hib_metric_import_told(s->db, s->import->id, error) && hib_tx_commit(tx, error);
}

/* What the file calls its kind, by the words that networks use for it. */
static HibNetFormat
format_of(const char *type, const char *network)
{
    static const struct {
        const char *word;
        HibNetFormat format;
    } words[] = {{"reel", HIB_FORMAT_REEL},        {"リール", HIB_FORMAT_REEL},
                 {"story", HIB_FORMAT_STORY},      {"stories", HIB_FORMAT_STORY},
                 {"ストーリー", HIB_FORMAT_STORY}, {"short", HIB_FORMAT_SHORT},
                 {"ショート", HIB_FORMAT_SHORT},   {"video", HIB_FORMAT_VIDEO},
                 {"動画", HIB_FORMAT_VIDEO}};
    g_autofree char *folded = g_utf8_casefold(type, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(folded, words[i].word))
            return words[i].format;
    return g_str_equal(network, "youtube") || g_str_equal(network, "tiktok") ? HIB_FORMAT_VIDEO
                                                                             : HIB_FORMAT_POST;
}

static const char *
add_outside(Storing *s, const HibMetricRow *row)
{
    const char *id = hib_db_new_id(s->db);
    const char *name = hib_arena_strdup(s->arena, hib_metric_row_name(row));
    g_autofree char *cut =
        g_utf8_substring(row->text, 0, MIN(g_utf8_strlen(row->text, -1), TEXT_CHARACTERS));
    const char *text = hib_arena_strdup(s->arena, cut);
    const bool has_url =
        g_str_has_prefix(row->url, "https://") || g_str_has_prefix(row->url, "http://");
    const HibSqlOutsideAddIn outside = {id,
                                        s->mapping->account,
                                        name,
                                        s->network,
                                        has_url ? hib_arena_strdup(s->arena, row->url) : NULL,
                                        text};
    const HibOutsidePost post = {
        id, s->mapping->account, s->network, text, format_of(row->type, s->network), row->at};
    g_array_append_val(s->outsides, outside);
    g_array_append_val(s->posts, post);
    g_hash_table_insert(s->added, (gpointer)name, (gpointer)id);
    return id;
}

static void
add_subject(Storing *s, const char *subject, bool is_own)
{
    const HibSqlImportSubjectAddIn one = {s->import->id, subject, is_own};
    if (!s->subjects->len || !is_own)
        g_array_append_val(s->subjects, one);
}

static void
add_readings(Storing *s, const HibMetricRow *row, const char *post)
{
    const HibInstant as_of = post ? MAX(s->mapping->as_of, row->at) : row->at;
    for (size_t i = 0; i < s->mapping->n; i++) {
        if (!row->has[i])
            continue;
        const HibSnapshot one = {.delivery = post,
                                 .account = s->mapping->account,
                                 .metric = s->mapping->columns[i].metric,
                                 .as_of = as_of,
                                 .value = row->values[i],
                                 .source = s->source,
                                 .fetched_at = s->mapping->as_of};
        g_array_append_val(s->snapshots, one);
    }
}

static bool
post_of_row(Storing *s, const HibMetricRow *row, const char **ret, GError **error)
{
    bool is_ours = false;
    *ret = g_hash_table_lookup(s->added, hib_metric_row_name(row));
    if (!*ret && !hib_metric_row_post(s->db, s->mapping->account, row, ret, &is_ours, error))
        return false;
    s->n_ours += is_ours;
    s->n_others += !is_ours;
    if (!*ret)
        *ret = add_outside(s, row);
    return true;
}

static bool
finish_batch(Storing *s, GError **error)
{
    const bool is_written = write_batch(s, error);
    end_batch(s);
    if (!is_written)
        return false;
    s->row_before = s->row;
    begin_batch(s);
    return true;
}

static bool
store_row(const HibMetricRow *row, void *data, GError **error)
{
    Storing *s = data;
    const char *post = NULL;
    if (s->is_over || (int64_t)row->row <= s->row_before)
        return !s->is_over;
    if (row->n_values) {
        const bool is_post = s->mapping->about == HIB_ABOUT_POSTS;
        if (is_post && !post_of_row(s, row, &post, error))
            return false;
        add_subject(s, is_post ? post : s->mapping->account, !is_post);
        add_readings(s, row, post);
    }
    s->n_rows++;
    s->row = (int64_t)row->row;
    return s->n_rows < ROWS_A_BATCH || finish_batch(s, error);
}

static bool
read_and_store(Storing *s, HibBlobDraft *draft, const HibImportSight *sight, GError **error)
{
    HibMetricSummary sum;
    g_autoptr(HibZone) zone = hib_zone_open(s->mapping->zone);
    g_autoptr(HibMetricReader) reader =
        hib_metric_reader_new(hib_db_arena(s->job_db), &sight->head, s->mapping,
                              zone ? zone : hib_zone_utc(), hib_db_now(s->job_db), store_row, s);
    GError *fault = NULL;
    if (!hib_metric_import_rows(NULL, draft, reader, &sum, &fault)) {
        if (s->is_over && !fault)
            return true;
        g_propagate_error(error, fault);
        return false;
    }
    return s->n_rows == 0 || finish_batch(s, error);
}

static bool
store_rows(HibDb *db, const HibMetricImport *import, HibBlobDraft *draft,
           const HibMetricMapping *mapping, const HibImportSight *sight, bool *ret_is_over,
           GError **error)
{
    HibAccount *account = NULL;
    if (!hib_accounts_find(db, mapping->account, &account, error))
        return false;
    Storing s = {.job_db = db,
                 .import = import,
                 .mapping = mapping,
                 .network = account ? account->network : "",
                 .source = hib_arena_printf(hib_db_arena(db), HIB_MEASURE_IMPORT "%s", import->id),
                 .row_before = import->row_stored,
                 .snapshots = g_array_new(FALSE, TRUE, sizeof(HibSnapshot)),
                 .posts = g_array_new(FALSE, TRUE, sizeof(HibOutsidePost)),
                 .outsides = g_array_new(FALSE, TRUE, sizeof(HibSqlOutsideAddIn)),
                 .subjects = g_array_new(FALSE, TRUE, sizeof(HibSqlImportSubjectAddIn)),
                 .added = g_hash_table_new(g_str_hash, g_str_equal)};
    begin_batch(&s);
    const bool is_stored = read_and_store(&s, draft, sight, error);
    end_batch(&s);
    g_array_unref(s.snapshots);
    g_array_unref(s.posts);
    g_array_unref(s.outsides);
    g_array_unref(s.subjects);
    g_hash_table_unref(s.added);
    *ret_is_over = s.is_over;
    return is_stored;
}

static bool
store(HibDb *db, const HibServices *services, const HibMetricImport *import, GError **error)
{
    HibImportSight sight = {0};
    HibMetricMapping mapping;
    HibBlobDraft *opened = NULL;
    const char *sample = NULL;
    size_t n = 0;
    int64_t changed = 0;
    bool is_over = false;
    if (!hib_metric_import_open(db, services, import, &opened, &sight.is_sheet, error))
        return false;
    g_autoptr(HibBlobDraft) draft = opened;
    if (!hib_metric_import_head(db, draft, &sight, &sample, &n, error) ||
        !hib_metric_mapping_read(hib_db_arena(db), import->mapping, &mapping, error) ||
        !store_rows(db, import, draft, &mapping, &sight, &is_over, error))
        return false;
    g_autoptr(HibTx) tx = is_over ? NULL : hib_tx_begin(db, error);
    if (is_over)
        return true;
    if (!tx || !hib_sql_metric_import_done(db, import->id, hib_db_now(db), &changed, error) ||
        !hib_metric_import_told(db, import->id, error) || !hib_tx_commit(tx, error))
        return false;
    hib_blob_draft_drop(draft);
    return true;
}

/* --- taking back ----------------------------------------------------------------------------------------------------------- */
static bool
take_some_back(HibDb *db, const HibMetricImport *import, const char *source, size_t *ret_n,
               GError **error)
{
    HibSqlImportSubjects *subjects = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin_large(db, error);
    if (!tx || (import->account && !hib_measure_hold(db, &import->account, 1, error)) ||
        !hib_sql_import_subjects(db, import->id, SUBJECTS_A_BATCH, &subjects, ret_n, error))
        return false;
    HibArena *arena = hib_db_arena(db);
    HibSqlImportSubjectDropIn *done = hib_arena_array(arena, HibSqlImportSubjectDropIn, *ret_n + 1);
    HibToldSubject *told = hib_arena_array(arena, HibToldSubject, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++) {
        done[i] = (HibSqlImportSubjectDropIn){import->id, subjects[i].subject};
        told[i] = (HibToldSubject){subjects[i].subject, subjects[i].is_own};
    }
    if (!hib_measure_take_back(db, source, told, *ret_n, error))
        return false;
    return hib_sql_import_subject_drop_many(db, done, *ret_n, error) && hib_tx_commit(tx, error);
}

/* A piece of work with an arena of its own. */
static bool
take_batch_back(HibDb *db, const HibMetricImport *import, const char *source, size_t *ret_n,
                GError **error)
{
    HibArena *arena = hib_arena_new();
    HibDb *own = hib_db_open(hib_db_store(db), arena, hib_db_workspace(db));
    const bool is_taken = take_some_back(own, import, source, ret_n, error);
    hib_db_close(own);
    hib_arena_free(arena);
    return is_taken;
}

static bool
settle(HibDb *db, const char *account, GError **error)
{
    HibArena *arena = hib_arena_new();
    HibDb *own = hib_db_open(hib_db_store(db), arena, hib_db_workspace(db));
    const bool is_settled = hib_measure_settle_rolls(own, account, error);
    hib_db_close(own);
    hib_arena_free(arena);
    return is_settled;
}

static bool
take_back(HibDb *db, const HibServices *services, const HibMetricImport *import, GError **error)
{
    const char *source = hib_arena_printf(hib_db_arena(db), HIB_MEASURE_IMPORT "%s", import->id);
    int64_t changed = 0;
    for (size_t n = 1; n;)
        if (!take_batch_back(db, import, source, &n, error))
            return false;
    if (import->account && !settle(db, import->account, error))
        return false;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, import->id, error);
    g_autoptr(HibTx) tx = draft ? hib_tx_begin(db, error) : NULL;
    if (!tx || !hib_sql_metric_import_undone(db, import->id, hib_db_now(db), &changed, error) ||
        !hib_metric_import_told(db, import->id, error) || !hib_tx_commit(tx, error))
        return false;
    hib_blob_draft_drop(draft);
    return true;
}

/* --- the job ----------------------------------------------------------------------------------------------------------------- */
/* A file that cannot be read is told, not tried again; what was begun is taken back. */
static bool
fail(HibDb *db, const char *id, GError *fault, GError **error)
{
    int64_t changed = 0;
    if (!hib_error_is(fault, HIB_ERROR_INVALID) && !hib_error_is(fault, HIB_ERROR_TOO_LARGE)) {
        g_propagate_error(error, fault);
        return false;
    }
    const char *reason = hib_arena_strdup(hib_db_arena(db), hib_error_reason(fault));
    g_error_free(fault);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_metric_import_fail(db, id, reason, hib_db_now(db), &changed, error) &&
           hib_metric_import_plan(db, id, error) && hib_metric_import_told(db, id, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_metric_import_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                      HibInstant *at G_GNUC_UNUSED, GError **error)
{
    HibMetricImport *import = NULL;
    GError *fault = NULL;
    bool is_done = true;
    *end = HIB_JOB_DONE;
    if (!hib_metric_import_get(db, job->subject, &import, &fault)) {
        if (!hib_error_is(fault, HIB_ERROR_NOT_FOUND)) {
            g_propagate_error(error, fault);
            return false;
        }
        g_error_free(fault);
        return true; /* dropped */
    }
    if (import->state == HIB_IMPORT_LOOKING)
        is_done = hib_metric_import_look(db, context, import, &fault);
    else if (import->state == HIB_IMPORT_STORING)
        is_done = store(db, context, import, &fault);
    else if (import->state == HIB_IMPORT_UNDOING)
        is_done = take_back(db, context, import, &fault);
    return is_done || fail(db, import->id, fault, error);
}
