/* media/'s jobs. media.look: what the upload itself did not get to see; twice is harmless, a media that is no longer WORKING is left alone.
 * media.compare, media.hashes: see alike.c.
 * media.fit: see fit.c. media.sweep: once a day the blobs that no row of any workspace names are removed, and the uploads nobody ended.
 *
 * A blob is written before its row, so a crash or a full disk between the two leaves one that nobody can reach. It gets a day
 * of grace. Running twice is harmless: the second run finds nothing. */
#include "base/error.h"
#include "base/log.h"
#include "media/media_private.h"

#define SWEEP "media.sweep"
#define FIRST_AFTER HIB_HOUR /* not while everything starts */
#define GRACE HIB_DAY
#define LOOK_AGAIN (5 * HIB_SECOND)

static bool
run_look(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
         GError **error)
{
    const HibServices *services = context;
    HibMedia *media = NULL;
    g_autoptr(GError) failure = NULL;
    if (!hib_media_look(db, services, job->subject, false, &media, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_NOT_FOUND)) /* deleted meanwhile */
            return true;
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (media->state == HIB_MEDIA_WORKING && !media->is_deleted && services->media_workers) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = hib_db_now(db) + LOOK_AGAIN;
    }
    return true;
}

static bool
run_sweep(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context, HibJobEnd *ret_end,
          HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    const HibInstant now = hib_db_now(db);
    int64_t n = 0;
    if (!hib_uploads_drop_old(db, now - GRACE, error) ||
        !hib_blobs_sweep(services->blobs, now - GRACE, hib_media_is_used, db, &n, error))
        return false;
    if (n) {
        g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, n);
        hib_log(HIB_INFO, "media.swept", "n", count, NULL);
    }
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = now + HIB_DAY;
    return true;
}

static bool
run_compare(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
            HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    *ret_end = HIB_JOB_DONE;
    return hib_alike_compare(db, job->subject, error);
}

const HibJobKind hib_media_jobs[] = {
    {.kind = HIB_MEDIA_LOOK, .run = run_look, .lease_s = 60, .tries = 5, .backoff_s = 10},
    {.kind = HIB_MEDIA_FIT, .run = hib_media_run_fit, .lease_s = 60, .tries = 3, .backoff_s = 30},
    {.kind = HIB_MEDIA_COMPARE, .run = run_compare, .lease_s = 60, .tries = 5, .backoff_s = 10},
    {.kind = HIB_MEDIA_HASHES,
     .run = hib_alike_run_hashes,
     .lease_s = 600,
     .tries = 5,
     .backoff_s = 60},
    {.kind = SWEEP, .run = run_sweep, .lease_s = 300, .tries = G_MAXINT, .backoff_s = 60},
    {0},
};

bool
hib_media_plan_sweep(HibDb *db, GError **error)
{
    return hib_job_add(db, SWEEP, SWEEP, NULL, NULL, hib_db_now(db) + FIRST_AFTER, NULL, error);
}
