/* Media in the store: the blob first, then the row that gives it to the workspace. A crash between the two leaves a blob
 * nobody can reach, never a row without its picture. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "media/media.sql.h"
#include "media/media_private.h"
#include "team/team.h"

static HibMedia *
media_of(HibArena *arena, const HibSqlMediaRow *row)
{
    HibMedia *out = hib_arena_new0(arena, HibMedia);
    *out = (HibMedia){
        .id = row->id,
        .sha256 = row->sha256,
        .mime = row->mime,
        .bytes = row->bytes,
        .width = (int)row->width,
        .height = (int)row->height,
        .created_at = row->created_at,
    };
    return out;
}

static bool
check(GBytes *content, HibImageFacts *ret, GError **error)
{
    size_t n = 0;
    const unsigned char *data = g_bytes_get_data(content, &n);
    if (n > HIB_LIMIT_UPLOAD_BYTES) {
        hib_error_set(error, HIB_ERROR_TOO_LARGE, "media.too_large", "%zu bytes", n);
        if (error)
            hib_error_set_detail(*error, "limit", "20 MB");
        return false;
    }
    *ret = hib_image_read(data, n);
    if (ret->type == HIB_IMAGE_NONE)
        hib_error_set(error, HIB_ERROR_INVALID, "media.not_an_image", "no image header");
    else if (ret->type == HIB_IMAGE_OTHER)
        hib_error_set(error, HIB_ERROR_INVALID, "media.type", "an image type that is not taken");
    return ret->type != HIB_IMAGE_NONE && ret->type != HIB_IMAGE_OTHER;
}

static const char *
audit_text(HibArena *arena, const HibSqlMediaRow *row)
{
    cJSON *about = cJSON_CreateObject();
    cJSON_AddStringToObject(about, "mime", row->mime);
    cJSON_AddStringToObject(about, "sha256", row->sha256);
    cJSON_AddNumberToObject(about, "bytes", (double)row->bytes);
    return hib_json_print(arena, about);
}

bool
hib_media_add(HibDb *db, const HibServices *services, GBytes *content, HibMedia **ret,
              GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibImageFacts facts;
    const char *sha256 = NULL;
    size_t n = 0;
    const void *data = g_bytes_get_data(content, &n);
    if (!check(content, &facts, error) ||
        !hib_blobs_put(services->blobs, arena, data, n, &sha256, error))
        return false;

    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    HibSqlMediaRow *row = NULL;
    int64_t added = 0;
    if (!tx ||
        !hib_sql_media_insert(db, hib_db_new_id(db), sha256, hib_image_mime(facts.type), (int64_t)n,
                              facts.width, facts.height, hib_db_now(db), &added, error) ||
        !hib_sql_media_get_content(db, sha256, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "media %s vanished", sha256);
        return false;
    }
    if (added && !hib_audit(db, "media.add", "media", row->id, NULL, audit_text(arena, row), error))
        return false;
    if (!hib_tx_commit(tx, error))
        return false;
    *ret = media_of(arena, row);
    return true;
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
hib_media_content(HibDb *db, const HibServices *services, const char *media, GBytes **ret,
                  GError **error)
{
    HibMedia *found = NULL;
    if (!hib_media_get(db, media, &found, error))
        return false;
    *ret = hib_blobs_get(services->blobs, found->sha256, error);
    return *ret != NULL;
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
