/* Renditions in the store: one row a wish. The row and the job that fulfils it are written together. */
#include "base/error.h"
#include "media/media_private.h"
#include "media/rendition.sql.h"
#include <string.h>

static HibRendition *
rendition_of(HibArena *arena, const HibSqlRenditionRow *row)
{
    HibRendition *out = hib_arena_new0(arena, HibRendition);
    *out = (HibRendition){
        .id = row->id,
        .media = row->media_id,
        .state = hib_media_state_from(row->state),
        .progress = row->progress,
        .reason = row->reason,
        .actual = row->actual,
        .limit = row->most,
        .sha256 = row->sha256,
        .created_at = row->created_at,
        .changed_at = row->changed_at,
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

static bool
get_row(HibDb *db, const char *rendition, HibSqlRenditionRow **ret, GError **error)
{
    if (!hib_sql_rendition_get(db, rendition, ret, error))
        return false;
    if (*ret)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown_rendition", "no rendition %s",
                  rendition);
    return false;
}

bool
hib_rendition_get(HibDb *db, const char *rendition, HibRendition **ret, GError **error)
{
    HibSqlRenditionRow *row = NULL;
    if (!get_row(db, rendition, &row, error))
        return false;
    *ret = rendition_of(hib_db_arena(db), row);
    return true;
}

bool
hib_rendition_spec(HibDb *db, const char *rendition, HibMediaSpec *ret, GError **error)
{
    HibSqlRenditionRow *row = NULL;
    return get_row(db, rendition, &row, error) &&
           hib_media_spec_parse(row->spec, hib_db_arena(db), ret, error);
}

bool
hib_rendition_list(HibDb *db, const char *media, HibRendition ***ret, size_t *ret_n, GError **error)
{
    HibSqlRenditionRow *rows = NULL;
    if (!hib_sql_rendition_list(db, media, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibRendition *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = rendition_of(hib_db_arena(db), &rows[i]);
    return true;
}

bool
hib_rendition_begin(HibDb *db, const HibMedia *media, const HibMediaSpec *spec, const HibWork *work,
                    HibRendition **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibInstant now = hib_db_now(db);
    const char *json = hib_media_spec_print(spec, arena);
    const char *hash = hib_sha256_hex(arena, json, strlen(json));
    const HibMediaKind kind = work->kind == HIB_WORK_VIDEO ? HIB_MEDIA_VIDEO : HIB_MEDIA_IMAGE;
    HibSqlRenditionRow *row = NULL;
    int64_t begun = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !hib_sql_rendition_begin(db, hib_db_new_id(db), media->id, hash, json,
                                 hib_media_kind_name(kind), work->mime, now, &begun, error) ||
        !hib_sql_rendition_find(db, media->id, hash, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "a rendition vanished");
        return false;
    }
    if (begun && (!hib_job_add(db, HIB_MEDIA_FIT, row->id, row->id, NULL, now, NULL, error) ||
                  !hib_event_emit(db, "media.fitting", row->id, NULL, error)))
        return false;
    *ret = rendition_of(arena, row);
    return hib_tx_commit(tx, error);
}

bool
hib_rendition_ready(HibDb *db, const char *rendition, const HibMediaFacts *facts,
                    const char *sha256, GError **error)
{
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_rendition_ready(db, rendition, sha256, hib_media_kind_name(facts->kind),
                                   facts->mime, facts->bytes, facts->width, facts->height,
                                   facts->duration_ms, facts->fps, facts->bitrate, facts->has_audio,
                                   facts->is_faststart, facts->video_codec, facts->audio_codec,
                                   hib_db_now(db), &changed, error) &&
           (!changed ||
            hib_event_emit(db, "media.fitted", rendition, "{\"state\":\"ready\"}", error)) &&
           hib_tx_commit(tx, error);
}

bool
hib_rendition_end(HibDb *db, const char *rendition, HibMediaState state, const GError *why,
                  GError **error)
{
    int64_t changed = 0;
    const char *json =
        hib_arena_printf(hib_db_arena(db), "{\"state\":\"%s\"}", hib_media_state_name(state));
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_rendition_end(
               db, rendition, hib_media_state_name(state), why ? hib_error_reason(why) : NULL,
               why ? hib_error_detail(why, "actual") : NULL,
               why ? hib_error_detail(why, "limit") : NULL, hib_db_now(db), &changed, error) &&
           (!changed || hib_event_emit(db, "media.fitted", rendition, json, error)) &&
           hib_tx_commit(tx, error);
}

bool
hib_rendition_progress(HibDb *db, const char *rendition, double progress, bool *ret_is_wanted,
                       GError **error)
{
    int64_t changed = 0;
    if (!hib_sql_rendition_progress(db, rendition, progress, hib_db_now(db), &changed, error))
        return false;
    *ret_is_wanted = changed > 0;
    return true;
}

bool
hib_rendition_cancel(HibDb *db, const char *rendition, HibRendition **ret, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_rendition_get(db, rendition, ret, error) &&
           hib_jobs_cancel(db, HIB_MEDIA_FIT, rendition, error) &&
           hib_rendition_end(db, rendition, HIB_MEDIA_CANCELLED, NULL, error) &&
           hib_rendition_get(db, rendition, ret, error) && hib_tx_commit(tx, error);
}
