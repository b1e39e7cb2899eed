/* plan.purge: a deleted post goes for good after 30 days. Running twice is harmless: the second run finds no row. plan.remind: approval_store.c. plan.due: due.c. */
#include "plan/comment.h"
#include "plan/plan_private.h"

static bool
run_purge(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
          HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibInstant until = hib_db_now(db) - HIB_PLAN_KEEP_DELETED;
    int64_t gone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_end = HIB_JOB_DONE;
    if (!tx || !hib_sql_plan_purge(db, job->subject, until, &gone, error))
        return false;
    if (gone && (!hib_post_drop_parts(db, job->subject, error) ||
                 !hib_approval_purge(db, job->subject, error) ||
                 !hib_comment_purge(db, job->subject, error) ||
                 !hib_version_purge(db, job->subject, error) ||
                 !hib_event_emit(db, "post.purged", job->subject, NULL, error)))
        return false;
    return hib_tx_commit(tx, error);
}

const HibJobKind hib_plan_jobs[] = {
    {.kind = HIB_PLAN_PURGE, .run = run_purge, .lease_s = 60, .tries = 10, .backoff_s = 60},
    {.kind = HIB_PLAN_REMIND,
     .run = hib_approval_remind,
     .lease_s = 60,
     .tries = 10,
     .backoff_s = 60},
    {.kind = HIB_PLAN_DUE, .run = hib_charge_remind, .lease_s = 60, .tries = 10, .backoff_s = 60},
    {0},
};
