/* What looks alike. Each media that was looked at has a perceptual hash (worker/pdq.h); a new one is compared with all of its workspace at once, and the pairs that are near are
 * kept, so that asking for them later costs nothing.
 *
 * The search is exact: a scan that counts differing bits. 256 bits a picture are four words; 50,000 pictures are 1.6 MB and are compared in three milliseconds (measured once,
 * 2026-11-26). Of 371 photographs 96 to 100 of 100 copies that were recompressed, halved or brightened are within 31 bits and all within 64; 94 of 100 cropped by 5 percent within 72. Indexes for such distances (multi-index hashing) pay at a radius of 31, not of 72, and at millions.
 * A hash is committed before it is compared, so of two that come together at least one sees the other; the job that is written with it compares after a crash. */
#include "base/error.h"
#include "media/card.sql.h"
#include "media/media_private.h"
#include <string.h>

#define LEAST_QUALITY                                                                              \
    50 /* below it a hash tells nothing (the reference's own threshold): plain areas all look alike */
#define MOST_TOLD 100
#define HASHES_A_STEP 50

bool
hib_alike_keep(HibDb *db, const char *media, const char *text, int64_t quality, GError **error)
{
    HibPdq hash;
    int64_t changed = 0;
    const bool is_telling = quality >= LEAST_QUALITY && text && hib_pdq_parse(text, &hash);
    const HibBytes bytes = {hash.bits, sizeof hash.bits};
    return hib_sql_alike_set_hash(db, media, is_telling ? &bytes : NULL, &quality, &changed,
                                  error) &&
           (!is_telling || hib_job_add(db, HIB_MEDIA_COMPARE, media, media, NULL,
                                       hib_db_now(db) + HIB_MEDIA_LOOK_AFTER, NULL, error));
}

static bool
is_hash(const HibBytes *bytes)
{
    return bytes->data && bytes->n == HIB_PDQ_BYTES;
}

bool
hib_alike_compare(HibDb *db, const char *media, GError **error)
{
    HibSqlAlikeHash *own = NULL;
    HibSqlAlikeAll *rows = NULL;
    HibPdq hash, other;
    size_t n = 0;
    if (!hib_sql_alike_hash(db, media, &own, error))
        return false;
    if (!own || !own->has_hash || !is_hash(&own->hash))
        return true;
    memcpy(&hash, own->hash.data, sizeof hash);
    if (!hib_sql_alike_all(db, &rows, &n, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    for (size_t i = 0; tx && i < n; i++) {
        if (!is_hash(&rows[i].hash) || strcmp(rows[i].id, media) == 0)
            continue;
        memcpy(&other, rows[i].hash.data, sizeof other);
        const int distance = hib_pdq_distance(&hash, &other);
        if (distance <= HIB_MEDIA_ALIKE &&
            (!hib_sql_alike_add(db, media, rows[i].id, distance, error) ||
             !hib_sql_alike_add(db, rows[i].id, media, distance, error)))
            return false;
    }
    return tx && hib_jobs_cancel(db, HIB_MEDIA_COMPARE, media, error) && hib_tx_commit(tx, error);
}

bool
hib_alike_forget(HibDb *db, const char *media, GError **error)
{
    return hib_sql_alike_forget(db, media, error);
}

bool
hib_media_alike(HibDb *db, const char *media, HibMediaAlike **ret, size_t *ret_n, GError **error)
{
    HibSqlAlikeOf *rows = NULL;
    if (!hib_sql_alike_of(db, media, MOST_TOLD, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibMediaAlike, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibMediaAlike){rows[i].other_id, (int)rows[i].distance};
    return true;
}

/* --- what came before there were hashes ------------------------------------------------------------------------------------ */
/* Each in a piece of work of its own workspace. One that cannot be looked at now is tried again with the job. */
static bool
hash_one(HibDb *db, const HibServices *services, const HibSqlAlikeUnhashed *row, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) scoped = hib_db_open(hib_db_store(db), arena, row->workspace_id);
    if (!hib_media_workers_take(services->media_workers, false, 1000))
        return true;
    const bool is_done = hib_media_hash(scoped, services, row->id, error);
    hib_media_workers_give(services->media_workers, false);
    return is_done;
}

bool
hib_alike_run_hashes(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context, HibJobEnd *ret_end,
                     HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    HibSqlAlikeUnhashed *rows = NULL;
    size_t n = 0;
    *ret_end = HIB_JOB_DONE;
    if (!services->media_workers)
        return true;
    if (!hib_sql_alike_unhashed(db, HASHES_A_STEP, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hash_one(db, services, &rows[i], error))
            return false;
    if (n) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = hib_db_now(db) + HIB_SECOND;
    }
    return true;
}

bool
hib_media_plan_hashes(HibDb *db, GError **error)
{
    HibSqlAlikeUnhashed *rows = NULL;
    size_t n = 0;
    return hib_sql_alike_unhashed(db, 1, &rows, &n, error) &&
           (!n || hib_job_add(db, HIB_MEDIA_HASHES, HIB_MEDIA_HASHES, NULL, NULL, hib_db_now(db),
                              NULL, error));
}
