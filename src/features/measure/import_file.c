/* Files of numbers on their way in: as media's large uploads, part by part into a draft beside the database, which is all that is ever kept of them. */
#include "base/error.h"
#include "base/limits.h"
#include "measure/import.sql.h"
#include "measure/import_store.h"
#include <string.h>
#include <sys/statvfs.h>

#define SPARE_BYTES ((int64_t)64 * 1024 * 1024) /* of the disk, for everything else */

static HibBytes
as_bytes(const HibSha256 *sum)
{
    return (HibBytes){.data = sum, .n = sizeof *sum};
}

static bool
check_begin(HibDb *db, int64_t bytes, GError **error)
{
    HibSqlMetricImportOpen *open = NULL;
    if (bytes > HIB_IMPORT_BYTES) {
        hib_error_set(error, HIB_ERROR_TOO_LARGE, "measure.import_too_large",
                      "%" G_GINT64_FORMAT " bytes", bytes);
        return false;
    }
    if (!hib_sql_metric_import_forget(db, hib_db_now(db) - HIB_DAY, error) ||
        !hib_sql_metric_import_open(db, &open, error))
        return false;
    if (open->n >= HIB_IMPORTS_OPEN)
        hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_too_many",
                      "%" G_GINT64_FORMAT " imports are open", open->n);
    return open->n < HIB_IMPORTS_OPEN;
}

/* Better said before the first byte than after the last. */
static bool
check_room(HibBlobDraft *draft, int64_t bytes, GError **error)
{
    struct statvfs disk;
    if (fstatvfs(hib_blob_draft_fd(draft), &disk) != 0 ||
        (int64_t)disk.f_bavail * (int64_t)disk.f_frsize >= bytes + SPARE_BYTES)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "store.disk_full", "no room for %" G_GINT64_FORMAT,
                  bytes);
    return false;
}

bool
hib_metric_import_begin(HibDb *db, const HibServices *services, const char *name, int64_t bytes,
                        HibMetricImport **ret, GError **error)
{
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibSha256 sum;
    hib_sha256_begin(&sum);
    if (!check_begin(db, bytes, error))
        return false;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, id, error);
    if (!draft)
        return false;
    if (check_room(draft, bytes, error) &&
        hib_sql_metric_import_add(db, id, name, bytes, as_bytes(&sum), hib_db_now(db), person,
                                  error))
        return hib_metric_import_get(db, id, ret, error);
    hib_blob_draft_drop(draft);
    return false;
}

/* --- a part ------------------------------------------------------------------------------------------------------- */
static bool
check_part(const HibMetricImport *import, int64_t from, int64_t n, GError **error)
{
    if (import->state != HIB_IMPORT_RECEIVING) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_state", "all of it is here");
        return false;
    }
    if (n == 0 || n > HIB_LIMIT_PART_BYTES || from > import->bytes || n > import->bytes - from) {
        hib_error_set(error, HIB_ERROR_INVALID, "measure.import_part", "no part of this file");
        return false;
    }
    if (from <= import->received)
        return true;
    g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, import->received);
    hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_gap", "received until %s", at);
    hib_error_set_detail(error ? *error : NULL, "received", at);
    return false;
}

/* The last part: the hash is known and the job begins. */
static bool
advance(HibDb *db, const HibMetricImport *import, int64_t received, const HibSha256 *sum,
        GError **error)
{
    int64_t changed = 0;
    const HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_metric_import_advance(db, import->id, import->received, received,
                                              as_bytes(sum), now, &changed, error))
        return false;
    if (changed && received == import->bytes &&
        !(hib_sql_metric_import_whole(db, import->id, hib_sha256_end(sum, hib_db_arena(db)), now,
                                      &changed, error) &&
          hib_metric_import_plan(db, import->id, error)))
        return false;
    return hib_tx_commit(tx, error); /* not changed: another was first; the row says how far */
}

bool
hib_metric_import_put(HibDb *db, const HibServices *services, const char *id, int64_t from,
                      GBytes *part, HibMetricImport **ret, GError **error)
{
    size_t n = 0;
    const char *data = g_bytes_get_data(part, &n);
    if (!hib_metric_import_get(db, id, ret, error) || !check_part(*ret, from, (int64_t)n, error))
        return false;
    const int64_t known = (*ret)->received - from; /* bytes of it that are here already */
    if (known >= (int64_t)n)
        return true;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, id, error);
    if (!draft ||
        !hib_blob_draft_write(draft, (*ret)->received, data + known, n - (size_t)known, error))
        return false;
    HibSha256 sum;
    memcpy(&sum, (*ret)->hashing.data, sizeof sum);
    hib_sha256_add(&sum, data + known, n - (size_t)known);
    return advance(db, *ret, from + (int64_t)n, &sum, error) &&
           hib_metric_import_get(db, id, ret, error);
}

bool
hib_metric_import_drop(HibDb *db, const HibServices *services, const char *id, GError **error)
{
    HibMetricImport *import = NULL;
    int64_t n = 0;
    if (!hib_metric_import_get(db, id, &import, error) ||
        !hib_sql_metric_import_drop(db, id, &n, error))
        return false;
    if (!n) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "measure.import_state", "%s was confirmed", id);
        return false;
    }
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, id, error);
    if (draft)
        hib_blob_draft_drop(draft);
    return draft != NULL;
}
