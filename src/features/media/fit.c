/* Fitting: the wish is planned (plan_fit.c), written as a rendition, and made by a job in the child.
 *
 * The job may run twice: after a crash it begins anew, over the same draft. A cancelled or deleted rendition is noticed within a second, because telling its progress
 * finds no row any more. What the child made is held against the spec before anybody gets it. */
#include "base/error.h"
#include "base/log.h"
#include "media/media_private.h"
#include <string.h>

#define WAIT_AGAIN (2 * HIB_SECOND) /* for a free child */
#define STORE_EVERY (2 * HIB_SECOND)

/* --- asking ------------------------------------------------------------------------------------------------------------------- */
static HibRendition *
as_it_is(HibArena *arena, const HibMedia *media)
{
    HibRendition *out = hib_arena_new0(arena, HibRendition);
    *out = (HibRendition){.id = media->id,
                          .media = media->id,
                          .state = HIB_MEDIA_READY,
                          .progress = 1,
                          .sha256 = media->sha256,
                          .facts = media->facts,
                          .created_at = media->created_at,
                          .changed_at = media->created_at};
    return out;
}

static bool
check_ready(const HibMedia *media, GError **error)
{
    if (media->is_deleted) {
        hib_error_set(error, HIB_ERROR_GONE, "media.deleted", "media %s was deleted", media->id);
        return false;
    }
    if (media->state == HIB_MEDIA_READY)
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "media.not_ready", "media %s is %s", media->id,
                  hib_media_state_name(media->state));
    return false;
}

bool
hib_media_fit(HibDb *db, const HibServices *services, const char *media, const HibMediaSpec *spec,
              HibRendition **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibMediaFault faults[HIB_MEDIA_FAULTS];
    HibMedia *found = NULL;
    HibWork work;
    size_t n = 0;
    int deadline_ms;
    if (!hib_media_get(db, media, &found, error) || !check_ready(found, error))
        return false;
    if (hib_media_fits(&found->facts, spec, arena, faults, &n)) {
        *ret = as_it_is(arena, found);
        return true;
    }
    return hib_media_plan_fit(&found->facts, spec, arena, &work, &deadline_ms, error) &&
           hib_rendition_begin(db, found, spec, &work, ret, error);
}

/* --- making ------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibDb *db;
    const char *rendition;
    HibInstant stored_at;
} Telling;

/* To those who look on at once, to the row every other time. A fault of the store is not the video's. */
static bool
on_progress(double progress, void *data)
{
    Telling *telling = data;
    HibDb *db = telling->db;
    char json[48], number[16];
    bool is_wanted = true;
    const HibInstant now = hib_monotonic_us();
    g_snprintf(json, sizeof json, "{\"progress\":%s}",
               g_ascii_formatd(number, sizeof number, "%.3f", progress));
    hib_events_tell(hib_db_store(db), hib_db_workspace(db), "media.fitting", telling->rendition,
                    json);
    if (now - telling->stored_at < STORE_EVERY)
        return true;
    telling->stored_at = now;
    return !hib_rendition_progress(db, telling->rendition, progress, &is_wanted, NULL) || is_wanted;
}

/* A rule broken by what was made is the fault of the plan, and is said like any other. */
static bool
check_made(const HibMediaFacts *made, const HibMediaSpec *spec, HibArena *arena, GError **error)
{
    HibMediaFault faults[HIB_MEDIA_FAULTS];
    HibMediaSpec rules = *spec;
    size_t n = 0;
    rules.trim_from_ms = rules.trim_to_ms = 0;
    rules.is_cover = false;
    if (spec->is_cover) /* a picture now, whatever the source was */
        rules.no_image = false;
    if (hib_media_fits(made, &rules, arena, faults, &n) || n == 0)
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, faults[0].slug, "made with %s, may be %s",
                  faults[0].actual, faults[0].limit);
    hib_error_set_detail(error ? *error : NULL, "actual", faults[0].actual);
    hib_error_set_detail(error ? *error : NULL, "limit", faults[0].limit);
    return false;
}

/* The draft bears the rendition's name: a second run writes over what the first one left. */
static bool
make(HibDb *db, const HibServices *services, const HibMedia *media, const char *rendition,
     const HibMediaSpec *spec, HibBlobDraft *draft, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibWork work;
    HibWorkReply reply;
    Telling telling = {.db = db, .rendition = rendition};
    HibChildTask task = {.work = &work, .on_progress = on_progress, .data = &telling};
    const char *sha256 = NULL;
    int64_t n = 0;
    g_autoptr(HibBlobReader) source = hib_blob_reader_open(services->blobs, media->sha256, error);
    if (!source ||
        !hib_media_plan_fit(&media->facts, spec, arena, &work, &task.deadline_ms, error) ||
        !hib_blob_draft_write(draft, 0, "", 0, error))
        return false;
    task.in = hib_blob_reader_fd(source);
    task.out = hib_blob_draft_fd(draft);
    if (!hib_child_run(services->media_workers, &task, &reply, error))
        return false;
    const HibMediaFacts made = hib_media_facts_of(arena, &reply, hib_blob_draft_size(draft));
    return check_made(&made, spec, arena, error) &&
           hib_blob_draft_keep(draft, NULL, arena, &sha256, &n, error) &&
           hib_rendition_ready(db, rendition, &made, sha256, error);
}

static bool
make_with_draft(HibDb *db, const HibServices *services, const HibMedia *media,
                const char *rendition, const HibMediaSpec *spec, GError **error)
{
    g_autoptr(HibBlobDraft) draft = hib_blob_draft_open(services->blobs, rendition, error);
    if (!draft)
        return false;
    const bool is_made = make(db, services, media, rendition, spec, draft, error);
    if (!is_made)
        hib_blob_draft_drop(draft);
    return is_made;
}

/* What ended it: the program itself is ending, the person changed their mind, the file or the rule, or a fault that may pass. */
static bool
conclude(HibDb *db, const char *rendition, GError *failure, HibJobEnd *ret_end, HibInstant *ret_at,
         GError **error)
{
    if (g_str_equal(hib_error_reason(failure), "media.stopping")) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = hib_db_now(db);
        return true;
    }
    if (g_str_equal(hib_error_reason(failure), "media.cancelled"))
        return true;
    if (hib_error_is(failure, HIB_ERROR_INVALID) || hib_error_is(failure, HIB_ERROR_CONFLICT) ||
        hib_error_is(failure, HIB_ERROR_GONE) || hib_error_is(failure, HIB_ERROR_NOT_FOUND))
        return hib_rendition_end(db, rendition, HIB_MEDIA_FAILED, failure, error);
    g_propagate_error(error, g_error_copy(failure));
    return false;
}

bool
hib_media_run_fit(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                  HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    HibRendition *rendition = NULL;
    HibMedia *media = NULL;
    HibMediaSpec spec;
    g_autoptr(GError) failure = NULL;
    if (!hib_rendition_get(db, job->subject, &rendition, &failure) ||
        rendition->state != HIB_MEDIA_WORKING)
        return !failure || hib_error_is(failure, HIB_ERROR_NOT_FOUND) ||
               conclude(db, job->subject, failure, ret_end, ret_at, error);
    if (!hib_media_workers_take(services->media_workers, true, 0)) {
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = hib_db_now(db) + WAIT_AGAIN;
        return true;
    }
    const bool is_made = hib_rendition_spec(db, rendition->id, &spec, &failure) &&
                         hib_media_get(db, rendition->media, &media, &failure) &&
                         check_ready(media, &failure) &&
                         make_with_draft(db, services, media, rendition->id, &spec, &failure);
    hib_media_workers_give(services->media_workers, true);
    return is_made || conclude(db, rendition->id, failure, ret_end, ret_at, error);
}
