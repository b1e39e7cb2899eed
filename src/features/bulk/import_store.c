/* Imports in the store: taken in, confirmed once, forgotten after a day.
 *
 * What is kept of a file is its CSV in UTF-8, so that confirming needs neither the child nor the encoding again. Confirming judges anew what may have changed since (accounts,
 * times, quotas, rules), claims the row with its first statement and stores everything in the same transaction: a second click finds it done, a crash leaves nothing. */
#include "base/error.h"
#include "base/json.h"
#include "bulk/bulk.sql.h"
#include "bulk/bulk_private.h"
#include <string.h>

static const char *
actor_of(HibDb *db)
{
    const char *id = NULL;
    hib_db_actor(db, &id);
    return id;
}

/* --- taking in -------------------------------------------------------------------------------------------------- */
static bool
begins(GBytes *file, const char *mark, size_t n_mark)
{
    gsize n;
    const char *data = g_bytes_get_data(file, &n);
    return n >= n_mark && memcmp(data, mark, n_mark) == 0;
}

static bool
decode(HibArena *arena, GBytes *bytes, HibEncoding *ret_encoding, HibBytes *ret, GError **error)
{
    gsize n;
    const char *data = g_bytes_get_data(bytes, &n);
    char *text;
    *ret_encoding = hib_text_decode(arena, data ? data : "", n, &text, &ret->n);
    ret->data = text;
    if (text)
        return true;
    size_t line = 1;
    for (size_t i = 0; i < MIN(ret->n, n); i++)
        line += data[i] == '\n';
    g_autofree char *on = g_strdup_printf("%zu", line);
    GError *why = NULL;
    hib_error_set(&why, HIB_ERROR_INVALID, "table.encoding", "no encoding fits from line %s on",
                  on);
    hib_error_set_detail(why, "line", on);
    g_propagate_error(error, why);
    return false;
}

static bool
read_file(HibDb *db, const HibServices *services, GBytes *file, bool *ret_is_sheet,
          HibEncoding *ret_encoding, HibBytes *ret, GError **error)
{
    g_autoptr(GBytes) csv = NULL;
    if (begins(file, "\xd0\xcf\x11\xe0", 4)) {
        hib_error_set(error, HIB_ERROR_INVALID, "bulk.old_excel", "a workbook of before 2007");
        return false;
    }
    *ret_is_sheet = begins(file, "PK\3\4", 4);
    if (*ret_is_sheet && !hib_media_sheet_to_csv(services, file, &csv, error))
        return false;
    return decode(hib_db_arena(db), csv ? csv : file, ret_encoding, ret, error);
}

bool
hib_import_add(HibDb *db, const HibServices *services, const char *name, GBytes *file,
               bool schedules, HibImport **ret, GError **error)
{
    bool is_sheet;
    HibEncoding encoding;
    HibBytes content;
    const char *id = hib_db_new_id(db), *actor = actor_of(db);
    const HibInstant now = hib_db_now(db), expires_at = now + HIB_BULK_KEEP;
    if (!read_file(db, services, file, &is_sheet, &encoding, &content, error))
        return false;
    *ret = hib_arena_new0(hib_db_arena(db), HibImport);
    **ret = (HibImport){.id = id,
                        .name = name,
                        .is_sheet = is_sheet,
                        .schedules = schedules,
                        .encoding = encoding,
                        .content = content,
                        .created_at = now,
                        .expires_at = expires_at};
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_import_drop_others(db, actor, error) &&
           hib_sql_import_add(db, id, name, is_sheet, encoding, schedules, content, now, actor,
                              expires_at, error) &&
           hib_job_add(db, HIB_BULK_EXPIRE, NULL, id, NULL, expires_at, NULL, error) &&
           hib_tx_commit(tx, error);
}

static bool
refuse_unknown(const char *id, GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "import.unknown", "no import %s", id);
    return false;
}

bool
hib_import_get(HibDb *db, const char *id, HibImport **ret, GError **error)
{
    HibSqlImportGet *row;
    if (!hib_sql_import_get(db, id, &row, error))
        return false;
    if (!row || (row->state == 0 && row->expires_at <= hib_db_now(db)))
        return refuse_unknown(id, error);
    *ret = hib_arena_new0(hib_db_arena(db), HibImport);
    **ret = (HibImport){.id = row->id,
                        .name = row->name,
                        .is_sheet = row->is_sheet,
                        .schedules = row->schedules,
                        .is_done = row->state == 1,
                        .encoding = (HibEncoding)row->encoding,
                        .content = row->content,
                        .created_at = row->created_at,
                        .expires_at = row->expires_at,
                        .has_done_at = row->has_done_at,
                        .done_at = row->done_at,
                        .n_posts = row->n_posts,
                        .n_scheduled = row->n_scheduled,
                        .has_first_at = row->has_first_at,
                        .first_at = row->first_at};
    return true;
}

bool
hib_import_table(HibDb *db, const HibServices *services, const char *locale,
                 const HibImport *import, bool errors_only, HibBulkTable *ret, GError **error)
{
    char *csv = hib_arena_take(hib_db_arena(db), import->content.n + 1);
    if (import->content.n)
        memcpy(csv, import->content.data, import->content.n);
    return hib_bulk_judge(db, services, locale, csv, import->content.n, import->schedules,
                          errors_only, ret, error);
}

/* --- confirming ---------------------------------------------------------------------------------------------------- */
/* Posts with their ids; those to be scheduled stand first. */
static HibPost *
posts_of(HibDb *db, const HibBulkTable *table)
{
    HibPost *posts = hib_arena_array(hib_db_arena(db), HibPost, table->n_rows + 1);
    size_t n_scheduled = 0, n_drafts = 0;
    for (size_t i = 0; i < table->n_rows; i++) {
        const HibBulkRow *row = &table->rows[i];
        HibPost *post =
            row->is_scheduled ? &posts[n_scheduled++] : &posts[table->n_scheduled + n_drafts++];
        *post = row->post;
        post->id = hib_db_new_id(db);
        post->state = row->is_scheduled ? HIB_POST_SCHEDULED : HIB_POST_DRAFT;
    }
    return posts;
}

static bool
record(HibDb *db, const HibImport *import, const HibBulkTable *table, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", import->name);
    cJSON_AddNumberToObject(json, "n_posts", (double)table->n_rows);
    cJSON_AddNumberToObject(json, "n_scheduled", (double)table->n_scheduled);
    return hib_event_emit(db, "post.imported", import->id,
                          hib_arena_printf(arena, "{\"n\":%zu}", table->n_rows), error) &&
           hib_audit(db, "post.import", "import", import->id, NULL, hib_json_print(arena, json),
                     error);
}

/* *ret_done false: somebody else was quicker. */
static bool
store_all(HibDb *db, const HibImport *import, const HibBulkTable *table, bool *ret_done,
          GError **error)
{
    int64_t changed = 0;
    HibPublishDesk *desk;
    const HibPost *posts = posts_of(db, table);
    const size_t n = table->n_rows, n_scheduled = table->n_scheduled;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !hib_sql_import_done(db, import->id, hib_db_now(db), (int64_t)n, (int64_t)n_scheduled,
                             table->has_times ? &table->first_at : NULL, &changed, error))
        return false;
    *ret_done = changed > 0;
    return !changed ||
           (hib_publish_desk(db, &desk, error) && hib_plan_add_many(db, posts, n, error) &&
            hib_publish_schedule_many(db, desk, posts, n_scheduled, error) &&
            record(db, import, table, error) && hib_tx_commit(tx, error));
}

bool
hib_import_confirm(HibDb *db, const HibServices *services, const char *locale, const char *id,
                   HibImport **ret, GError **error)
{
    HibBulkTable table;
    bool is_done;
    if (!hib_import_get(db, id, ret, error) || (*ret)->is_done)
        return *ret && (*ret)->is_done;
    if (!hib_import_table(db, services, locale, *ret, true, &table, error))
        return false;
    if (table.n_errors) {
        g_autofree char *count = g_strdup_printf("%zu", table.n_bad_rows);
        GError *why = NULL;
        hib_error_set(&why, HIB_ERROR_CONFLICT, "import.has_errors", "%s rows are wrong", count);
        hib_error_set_detail(why, "count", count);
        g_propagate_error(error, why);
        return false;
    }
    return store_all(db, *ret, &table, &is_done, error) && hib_import_get(db, id, ret, error);
}

bool
hib_import_drop(HibDb *db, const char *id, GError **error)
{
    HibImport *import;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_import_get(db, id, &import, error) ||
        !hib_sql_import_drop(db, id, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "import.done", "import %s was confirmed", id);
        return false;
    }
    return hib_jobs_cancel(db, HIB_BULK_EXPIRE, id, error) && hib_tx_commit(tx, error);
}

/* --- forgetting: twice is harmless, the second finds nothing ---------------------------------------------------------- */
static bool
expire(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
       HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    int64_t changed;
    *ret_end = HIB_JOB_DONE;
    return hib_sql_import_drop(db, job->subject, &changed, error);
}

const HibJobKind hib_bulk_jobs[] = {
    {.kind = HIB_BULK_EXPIRE, .run = expire, .lease_s = 60, .tries = 10, .backoff_s = 60},
    {0},
};
