/* Large files, part by part: the draft blob grows on disk, the row says how much of it is certain.
 *
 * A part is on disk before the row says so; a crash between the two repeats the part. The hash goes along with the parts and is kept in the row, so that a file of
 * gigabytes is not read again at the end. No more than one part is ever in memory. */
#include "base/error.h"
#include "base/limits.h"
#include "media/media_private.h"
#include "media/upload.sql.h"
#include "team/team.h"
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#define SPARE_BYTES ((int64_t)64 * 1024 * 1024) /* of the disk, for everything else */

static HibUpload *
upload_of(HibArena *arena, const HibSqlUploadRow *row)
{
    HibUpload *out = hib_arena_new0(arena, HibUpload);
    *out = (HibUpload){.id = row->id,
                       .name = row->name,
                       .sha256 = row->sha256,
                       .bytes = row->bytes,
                       .received = row->received,
                       .created_at = row->created_at,
                       .touched_at = row->touched_at};
    return out;
}

static bool
get_row(HibDb *db, const char *upload, HibSqlUploadRow **ret, GError **error)
{
    if (!hib_sql_upload_get(db, upload, ret, error))
        return false;
    if (*ret && (*ret)->hashing.n == sizeof(HibSha256))
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown_upload", "no upload %s", upload);
    return false;
}

static HibBytes
as_bytes(const HibSha256 *sum)
{
    return (HibBytes){.data = sum, .n = sizeof *sum};
}

static bool
check_begin(HibDb *db, int64_t bytes, GError **error)
{
    HibSqlUploadOpen *open = NULL;
    if (bytes > HIB_LIMIT_VIDEO_BYTES) {
        hib_error_set(error, HIB_ERROR_TOO_LARGE, "media.too_large", "%" G_GINT64_FORMAT " bytes",
                      bytes);
        hib_error_set_detail(error ? *error : NULL, "limit", "4 GB");
        return false;
    }
    if (!hib_sql_upload_open(db, &open, error))
        return false;
    if (open && open->n >= HIB_LIMIT_UPLOADS) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.too_many_uploads",
                      "%" G_GINT64_FORMAT " uploads are on their way", open->n);
        return false;
    }
    return true;
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
hib_upload_begin(HibDb *db, const HibServices *services, const char *name, int64_t bytes,
                 const char *sha256, HibUpload **ret, GError **error)
{
    const char *id = hib_db_new_id(db);
    HibSha256 sum;
    hib_sha256_begin(&sum);
    if (!check_begin(db, bytes, error))
        return false;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, id, error);
    if (!draft)
        return false;
    if (check_room(draft, bytes, error) &&
        hib_sql_upload_insert(db, id, name, bytes, sha256, as_bytes(&sum), hib_db_now(db), error))
        return hib_upload_get(db, id, ret, error);
    hib_blob_draft_drop(draft);
    return false;
}

bool
hib_upload_get(HibDb *db, const char *upload, HibUpload **ret, GError **error)
{
    HibSqlUploadRow *row = NULL;
    if (!get_row(db, upload, &row, error))
        return false;
    *ret = upload_of(hib_db_arena(db), row);
    return true;
}

/* --- a part ------------------------------------------------------------------------------------------------------------------ */
static bool
check_part(const HibSqlUploadRow *row, int64_t offset, int64_t n, GError **error)
{
    if (n == 0 || n > HIB_LIMIT_PART_BYTES || offset > row->bytes || n > row->bytes - offset) {
        hib_error_set(error, HIB_ERROR_INVALID, "media.upload_part", "no part of this upload");
        return false;
    }
    if (offset <= row->received)
        return true;
    g_autofree char *at = g_strdup_printf("%" G_GINT64_FORMAT, row->received);
    hib_error_set(error, HIB_ERROR_CONFLICT, "media.upload_gap", "received until %s", at);
    hib_error_set_detail(error ? *error : NULL, "received", at);
    return false;
}

bool
hib_upload_put(HibDb *db, const HibServices *services, const char *upload, int64_t offset,
               GBytes *part, HibUpload **ret, GError **error)
{
    HibSqlUploadRow *row = NULL;
    size_t n = 0;
    const char *data = g_bytes_get_data(part, &n);
    int64_t changed = 0;
    if (!get_row(db, upload, &row, error) || !check_part(row, offset, (int64_t)n, error))
        return false;
    *ret = upload_of(hib_db_arena(db), row);
    const int64_t known = row->received - offset; /* bytes of it that are here already */
    if (known >= (int64_t)n)
        return true;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, row->id, error);
    if (!draft ||
        !hib_blob_draft_write(draft, row->received, data + known, n - (size_t)known, error))
        return false;
    HibSha256 sum;
    memcpy(&sum, row->hashing.data, sizeof sum);
    hib_sha256_add(&sum, data + known, n - (size_t)known);
    if (!hib_sql_upload_advance(db, row->id, row->received, offset + (int64_t)n, as_bytes(&sum),
                                hib_db_now(db), &changed, error))
        return false;
    return hib_upload_get(db, upload, ret,
                          error); /* not changed: another was first; it says how far */
}

/* --- the end ----------------------------------------------------------------------------------------------------------------- */
static bool
refuse_damaged(const char *what, GError **error)
{
    g_clear_error(error);
    hib_error_set(error, HIB_ERROR_INVALID, "media.upload_damaged", "%s", what);
    return false;
}

/* The draft gets its good name; after a crash it may have it already. */
static bool
keep(HibDb *db, const HibServices *services, const HibSqlUploadRow *row, const HibSha256 *sum,
     const char *sha256, GError **error)
{
    int64_t n = 0;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, row->id, error);
    if (!draft)
        return false;
    if (hib_blob_draft_size(draft) == row->bytes)
        return hib_blob_draft_keep(draft, sum, hib_db_arena(db), &sha256, &n, error);
    hib_blob_draft_drop(draft);
    g_autoptr(HibBlobReader) kept = hib_blob_reader_open(services->blobs, sha256, error);
    return kept ? true : refuse_damaged("the draft is gone", error);
}

bool
hib_upload_finish(HibDb *db, const HibServices *services, const char *upload, HibMedia **ret,
                  GError **error)
{
    HibSqlUploadRow *row = NULL;
    HibSha256 sum;
    g_autoptr(GError) failure = NULL;
    if (!get_row(db, upload, &row, error))
        return false;
    if (row->received < row->bytes) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.upload_unfinished",
                      "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, row->received, row->bytes);
        return false;
    }
    memcpy(&sum, row->hashing.data, sizeof sum);
    const char *sha256 = hib_sha256_end(&sum, hib_db_arena(db));
    bool is_added = row->sha256 && strcmp(row->sha256, sha256) != 0
                        ? refuse_damaged("another hash than announced", &failure)
                        : keep(db, services, row, &sum, sha256, &failure) &&
                              hib_media_add_blob(db, services, sha256, row->name, ret, &failure);
    /* What is refused is over too; other faults (a full disk) leave it, and finishing may be asked for again. */
    if ((is_added || hib_error_is(failure, HIB_ERROR_INVALID) ||
         hib_error_is(failure, HIB_ERROR_TOO_LARGE)) &&
        !hib_upload_cancel(db, services, upload, error))
        return false;
    if (!is_added)
        g_propagate_error(error, g_steal_pointer(&failure));
    return is_added;
}

bool
hib_upload_cancel(HibDb *db, const HibServices *services, const char *upload, GError **error)
{
    HibSqlUploadRow *row = NULL;
    int64_t n = 0;
    if (!get_row(db, upload, &row, error) || !hib_sql_upload_delete(db, upload, &n, error))
        return false;
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, row->id, error);
    if (draft)
        hib_blob_draft_drop(draft);
    return draft != NULL;
}

bool
hib_uploads_drop_old(HibDb *db, HibInstant until, GError **error)
{
    int64_t n = 0;
    return hib_sql_upload_drop_old(db, until, &n, error);
}
