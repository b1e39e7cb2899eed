/* Media in the store: the blob first, then the row that gives it to the workspace. A crash between the two leaves a blob
 * nobody can reach, never a row without its content. The row and the job that looks at it are written together. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "media/media.sql.h"
#include "media/media_private.h"
#include "media/rendition.sql.h"
#include "team/team.h"
#include <stdio.h>
#include <string.h>

static HibMedia *
media_of(HibArena *arena, const HibSqlMediaRow *row)
{
    HibMedia *out = hib_arena_new0(arena, HibMedia);
    *out = (HibMedia){
        .id = row->id,
        .sha256 = row->sha256,
        .name = row->name,
        .state = hib_media_state_from(row->state),
        .reason = row->reason,
        .thumb_sha256 = row->thumb_sha256,
        .created_at = row->created_at,
        .is_deleted = row->has_deleted_at,
    };
    out->facts = (HibMediaFacts){
        .kind = hib_media_kind_from(row->kind),
        .mime = row->mime,
        .bytes = row->bytes,
        .width = (int)row->width,
        .height = (int)row->height,
        .duration_ms = row->duration_ms,
        .fps = row->fps,
        .bitrate = row->bitrate,
        .has_audio = row->has_audio,
        .is_faststart = row->is_faststart,
        .video_codec = row->video_codec,
        .audio_codec = row->audio_codec,
    };
    return out;
}

static const char *
audit_text(HibArena *arena, const HibMedia *media)
{
    cJSON *about = cJSON_CreateObject();
    cJSON_AddStringToObject(about, "mime", media->facts.mime);
    cJSON_AddStringToObject(about, "sha256", media->sha256);
    cJSON_AddNumberToObject(about, "bytes", (double)media->facts.bytes);
    if (*media->name)
        cJSON_AddStringToObject(about, "name", media->name);
    return hib_json_print(arena, about);
}

static const char *
kind_of(HibImageType type)
{
    const bool is_video = type == HIB_IMAGE_MP4 || type == HIB_IMAGE_WEBM;
    return hib_media_kind_name(is_video                ? HIB_MEDIA_VIDEO
                               : type == HIB_IMAGE_GIF ? HIB_MEDIA_GIF
                                                       : HIB_MEDIA_IMAGE);
}

bool
hib_media_insert(HibDb *db, const HibMediaContent *content, HibMedia **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibInstant now = hib_db_now(db);
    HibSqlMediaRow *row = NULL;
    int64_t added = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !hib_sql_media_insert(db, hib_db_new_id(db), content->sha256, content->name,
                              hib_media_fold(arena, content->name), kind_of(content->type),
                              hib_image_mime(content->type), content->bytes, content->width,
                              content->height, now, &added, error) ||
        !hib_sql_media_get_content(db, content->sha256, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "media %s vanished",
                      content->sha256);
        return false;
    }
    *ret = media_of(arena, row);
    if (added &&
        (!hib_audit(db, "media.add", "media", row->id, NULL, audit_text(arena, *ret), error) ||
         !hib_job_add(db, HIB_MEDIA_LOOK, row->id, row->id, NULL, now + HIB_MEDIA_LOOK_AFTER, NULL,
                      error)))
        return false;
    return hib_tx_commit(tx, error);
}

bool
hib_media_get(HibDb *db, const char *media, HibMedia **ret, GError **error)
{
    HibSqlMediaRow *row = NULL;
    if (!hib_sql_media_get(db, media, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown", "no media %s", media);
        return false;
    }
    *ret = media_of(hib_db_arena(db), row);
    return true;
}

bool
hib_media_many(HibDb *db, const char *const *ids, const char *joined, size_t n, HibMedia **ret,
               GError **error)
{
    g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);
    HibSqlMediaRow *rows = NULL;
    size_t n_rows = 0;
    if (!hib_sql_media_many(db, joined, (int64_t)n, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows; i++)
        g_hash_table_insert(found, (gpointer)rows[i].id, media_of(hib_db_arena(db), &rows[i]));
    for (size_t i = 0; i < n; i++)
        ret[i] = g_hash_table_lookup(found, ids[i]);
    return true;
}

/* --- the list -------------------------------------------------------------------------------------------------------------- */
bool
hib_media_cursor(const char *cursor, HibInstant *at, const char **id, GError **error)
{
    char *end = NULL;
    *at = cursor ? g_ascii_strtoll(cursor, &end, 10) : HIB_NEVER;
    *id = cursor && *end == '.' ? end + 1 : "";
    if (!cursor || (*at > 0 && *end == '.'))
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, "media.bad_cursor", "no cursor of ours");
    return false;
}

bool
hib_media_list(HibDb *db, const char *cursor, int limit, HibMedia ***ret, size_t *ret_n,
               const char **ret_next, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibInstant before;
    const char *before_id;
    HibSqlMediaRow *rows = NULL;
    size_t n = 0;
    if (!hib_media_cursor(cursor, &before, &before_id, error) ||
        !hib_sql_media_list(db, before, before_id, limit + 1, &rows, &n, error))
        return false;
    *ret_n = MIN(n, (size_t)limit);
    *ret = hib_arena_array(arena, HibMedia *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = media_of(arena, &rows[i]);
    *ret_next = NULL;
    if (n > *ret_n)
        *ret_next = hib_arena_printf(arena, "%" G_GINT64_FORMAT ".%s", rows[*ret_n - 1].created_at,
                                     rows[*ret_n - 1].id);
    return true;
}

/* --- what became of it ------------------------------------------------------------------------------------------------------ */
/* Whoever waits hears of it; the job is not needed any more. */
static bool
tell(HibDb *db, const char *event, const char *media, const char *reason, GError **error)
{
    const char *json =
        reason ? hib_arena_printf(hib_db_arena(db), "{\"reason\":\"%s\"}", reason) : NULL;
    return hib_jobs_cancel(db, HIB_MEDIA_LOOK, media, error) &&
           hib_event_emit(db, event, media, json, error);
}

bool
hib_media_looked(HibDb *db, const char *media, const HibMediaFacts *facts, const char *thumb_sha256,
                 const HibWorkReply *reply, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_media_looked(db, media, hib_media_kind_name(facts->kind), facts->mime,
                                facts->width, facts->height, facts->duration_ms, facts->fps,
                                facts->bitrate, facts->has_audio, facts->is_faststart,
                                facts->video_codec, facts->audio_codec, thumb_sha256, &changed,
                                error) &&
           (!changed || (hib_alike_keep(db, media, reply->hash, reply->quality, error) &&
                         tell(db, "media.ready", media, NULL, error))) &&
           hib_tx_commit(tx, error);
}

bool
hib_media_failed(HibDb *db, const char *media, const char *reason, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_media_fail(db, media, reason, &changed, error) &&
           (!changed || tell(db, "media.failed", media, reason, error)) && hib_tx_commit(tx, error);
}

bool
hib_media_forget(HibDb *db, const char *media, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_media_forget(db, media, &changed, error) &&
           hib_jobs_cancel(db, HIB_MEDIA_LOOK, media, error) && hib_tx_commit(tx, error);
}

bool
hib_media_delete(HibDb *db, const char *media, GError **error)
{
    int64_t deleted = 0, renditions = 0;
    HibMedia *found = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_media_get(db, media, &found, error) ||
        !hib_sql_media_delete(db, media, hib_db_now(db), &deleted, error))
        return false;
    if (deleted && (!hib_sql_rendition_forget(db, media, &renditions, error) ||
                    !hib_alike_forget(db, media, error) ||
                    !hib_audit(db, "media.delete", "media", media,
                               audit_text(hib_db_arena(db), found), NULL, error) ||
                    !hib_event_emit(db, "media.deleted", media, NULL, error)))
        return false;
    return hib_tx_commit(tx, error);
}

/* --- content ---------------------------------------------------------------------------------------------------------------- */
bool
hib_media_find_content(HibDb *db, const char *id, const char **ret_sha256, GError **error)
{
    HibSqlMediaRow *row = NULL;
    HibRendition *rendition = NULL;
    if (!hib_sql_media_get(db, id, &row, error))
        return false;
    if (row && !row->has_deleted_at) {
        *ret_sha256 = row->sha256;
        return true;
    }
    if (row) {
        hib_error_set(error, HIB_ERROR_GONE, "media.deleted", "media %s was deleted", id);
        return false;
    }
    if (!hib_rendition_get(db, id, &rendition, error))
        return false;
    *ret_sha256 = rendition->sha256;
    if (rendition->state != HIB_MEDIA_READY)
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.not_ready", "rendition %s is not made", id);
    return rendition->state == HIB_MEDIA_READY;
}

bool
hib_media_open(HibDb *db, const HibServices *services, const char *media, HibBlobReader **ret,
               GError **error)
{
    const char *sha256 = NULL;
    if (!hib_media_find_content(db, media, &sha256, error))
        return false;
    *ret = hib_blob_reader_open(services->blobs, sha256, error);
    return *ret != NULL;
}

bool
hib_media_content(HibDb *db, const HibServices *services, const char *media, GBytes **ret,
                  GError **error)
{
    g_autoptr(HibBlobReader) reader = NULL;
    if (!hib_media_open(db, services, media, &reader, error))
        return false;
    const int64_t n = hib_blob_reader_size(reader);
    if (n > HIB_LIMIT_UPLOAD_BYTES) {
        hib_error_set(error, HIB_ERROR_TOO_LARGE, "media.too_large", "%" G_GINT64_FORMAT " bytes",
                      n);
        hib_error_set_detail(error ? *error : NULL, "limit", "20 MB");
        return false;
    }
    g_autofree char *data = g_malloc((size_t)n + 1);
    size_t got = 0;
    for (int64_t at = 0; at < n; at += (int64_t)got)
        if (!hib_blob_reader_read(reader, at, data + at, (size_t)(n - at), &got, error))
            return false;
        else if (got == 0)
            break;
    *ret = g_bytes_new_take(g_steal_pointer(&data), (size_t)n);
    return true;
}

bool
hib_media_is_used(const char *sha256, void *db, bool *ret_used, GError **error)
{
    HibSqlMediaUsed *row = NULL;
    if (!hib_sql_media_used(db, sha256, &row, error))
        return false;
    *ret_used = row != NULL;
    return true;
}

bool
hib_media_public_mime(HibDb *db, const char *workspace, const char *sha256, const char **ret,
                      GError **error)
{
    HibSqlMediaPublic *row = NULL;
    if (!hib_sql_media_public(db, workspace, sha256, &row, error))
        return false;
    *ret = row ? row->mime : NULL;
    return true;
}
