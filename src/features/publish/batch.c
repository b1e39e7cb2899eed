/* One act on many posts: each through the same door a single post takes, so that whatever refuses one there refuses it here, with its own outcome. */
#include "base/error.h"
#include "publish/calendar.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"
#include <string.h>

typedef struct {
    HibDb *db;
    const HibServices *services;
    HibBatchAct act;
    const char *campaign;
} Batch;

static void
free_error(void *error)
{
    g_error_free(error);
}

static void
refuse(const Batch *batch, GError *refusal, HibBatchResult *ret)
{
    hib_arena_defer(hib_db_arena(batch->db), free_error, refusal);
    *ret = (HibBatchResult){.outcome = HIB_BATCH_REFUSED, .refusal = refusal};
}

/* --- may it be done at all: reads only ------------------------------------------------------------------------------- */
static bool
may_move(const HibPost *post, const HibBatchItem *item, HibInstant now, GError **error)
{
    if (post->state == HIB_POST_FAILED) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.not_movable", "post %s failed", post->id);
        return false;
    }
    bool is_movable = post->state == HIB_POST_DRAFT || post->state == HIB_POST_IN_REVIEW ||
                      post->state == HIB_POST_APPROVED || post->state == HIB_POST_SCHEDULED;
    if (!is_movable) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.already_sending", "post %s is in state %d",
                      post->id, post->state);
        return false;
    }
    if (!item->at && post->state == HIB_POST_SCHEDULED) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.no_time", "/at",
                         "a scheduled post needs a time");
        return false;
    }
    return !item->at || hib_schedule_check_time(*item->at, now, error);
}

/* Scheduling asks whether networks can fetch from here, as scheduling one does. */
static bool
may_schedule(const Batch *batch, const HibPost *post, const HibBatchItem *item, GError **error)
{
    HibPostProblem problem;
    bool is_unreachable;
    if (!item->at && !post->has_due_at) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.no_time", "/at", "no time is known");
        return false;
    }
    if (!hib_schedule_unreachable(batch->db, batch->services, post, &problem, &is_unreachable,
                                  error))
        return false;
    if (is_unreachable)
        hib_schedule_refuse(&problem, error);
    return !is_unreachable;
}

static bool
may(const Batch *batch, const HibBatchItem *item, HibPost **ret, GError **error)
{
    HibInstant now = hib_db_now(batch->db);
    if (!hib_plan_get(batch->db, item->post, batch->act == HIB_ACT_RESTORE, ret, error))
        return false;
    if (item->version && *item->version != (*ret)->version) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.edited",
                      "version %" G_GINT64_FORMAT " is stored", (*ret)->version);
        return false;
    }
    switch (batch->act) {
    case HIB_ACT_MOVE:
        return may_move(*ret, item, now, error);
    case HIB_ACT_COPY:
        return !item->at || hib_schedule_check_time(*item->at, now, error);
    case HIB_ACT_SCHEDULE:
        return may_schedule(batch, *ret, item, error);
    default:
        return true;
    }
}

/* --- doing it -------------------------------------------------------------------------------------------------------- */
static bool
set_campaign(const Batch *batch, const char *post, HibPost **ret, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(batch->db, error);
    return tx && hib_publish_set_campaign(batch->db, post, batch->campaign, error) &&
           hib_plan_get(batch->db, post, false, ret, error) && hib_tx_commit(tx, error);
}

/* `post`: as `may` read it. */
static bool
act_on(const Batch *batch, const HibBatchItem *item, const HibPost *post, HibPost **ret,
       GError **error)
{
    HibDb *db = batch->db;
    switch (batch->act) {
    case HIB_ACT_MOVE:
        if (post->state == HIB_POST_SCHEDULED)
            return hib_publish_schedule(db, item->post, item->version, *item->at, ret, error);
        return hib_plan_set_due(db, item->post, item->version, item->at, ret, error);
    case HIB_ACT_COPY:
        return hib_plan_copy(db, item->post, item->at, ret, error);
    case HIB_ACT_SCHEDULE:
        return hib_publish_schedule(db, item->post, item->version,
                                    item->at ? *item->at : post->due_at, ret, error);
    case HIB_ACT_UNSCHEDULE:
        return hib_publish_unschedule(db, item->post, ret, error);
    case HIB_ACT_DELETE:
        return hib_publish_delete(db, item->post, error);
    case HIB_ACT_RESTORE:
        return hib_plan_restore(db, item->post, ret, error);
    case HIB_ACT_CAMPAIGN:
        return set_campaign(batch, item->post, ret, error);
    }
    return true;
}

static bool
do_one(const Batch *batch, const HibBatchItem *item, HibBatchResult *ret)
{
    HibPost *post, *after = NULL;
    GError *refusal = NULL;
    if (!may(batch, item, &post, &refusal) || !act_on(batch, item, post, &after, &refusal)) {
        refuse(batch, refusal, ret);
        return false;
    }
    *ret = (HibBatchResult){.outcome = HIB_BATCH_DONE, .post = after};
    return true;
}

/* --- all or none ----------------------------------------------------------------------------------------------------- */
static int
by_post(const void *a, const void *b, void *items)
{
    const HibBatchItem *all = items;
    return strcmp(all[*(const size_t *)a].post, all[*(const size_t *)b].post);
}

/* In the order of ids, so that two batches at once never wait for each other in a circle. */
static size_t *
in_order(HibArena *arena, const HibBatchItem *items, size_t n)
{
    size_t *order = hib_arena_array(arena, size_t, n + 1);
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (int)n, sizeof *order, by_post, (gpointer)items);
    return order;
}

static void
leave_others(HibBatchResult *results, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (results[i].outcome != HIB_BATCH_REFUSED)
            results[i] = (HibBatchResult){.outcome = HIB_BATCH_LEFT};
}

static bool
do_whole(const Batch *batch, const HibBatchItem *items, size_t n, HibBatchResult *ret,
         GError **error)
{
    const size_t *order = in_order(hib_db_arena(batch->db), items, n);
    bool is_refused = false;
    for (size_t i = 0; i < n; i++) {
        HibPost *post;
        GError *refusal = NULL;
        if (may(batch, &items[i], &post, &refusal))
            continue;
        refuse(batch, refusal, &ret[i]);
        is_refused = true;
    }
    if (is_refused) {
        leave_others(ret, n);
        return true;
    }
    g_autoptr(HibTx) tx = hib_tx_begin(batch->db, error);
    if (!tx)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!do_one(batch, &items[order[i]], &ret[order[i]])) {
            leave_others(ret, n);
            return true; /* and the transaction is rolled back */
        }
    return hib_tx_commit(tx, error);
}

bool
hib_publish_batch(HibDb *db, const HibServices *services, HibBatchAct act,
                  const HibBatchItem *items, size_t n, const char *campaign, bool is_whole,
                  HibBatchResult *ret, GError **error)
{
    HibCampaign *into;
    const Batch batch = {db, services, act, campaign};
    if (act == HIB_ACT_CAMPAIGN && campaign && !hib_plan_campaign(db, campaign, &into, error))
        return false;
    if (is_whole)
        return do_whole(&batch, items, n, ret, error);
    for (size_t i = 0; i < n; i++)
        do_one(&batch, &items[i], &ret[i]);
    return true;
}
