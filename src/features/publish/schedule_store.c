/* What a person does to a post's deliveries: schedule, move, take back, change, delete, try again. One transaction each: the post, its
 * deliveries, their jobs, steps, event and audit line. Every delivery is changed under the state it was read in, so a dispatcher that
 * was quicker wins and the person is told (CONFLICT post.already_sending). */
#include "base/error.h"
#include "base/json.h"
#include "publish/delivery.sql.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"
#include "publish/work.sql.h"
#include "team/team.h"

static bool
refuse_sending(GError **error)
{
    hib_error_set(error, HIB_ERROR_CONFLICT, "post.already_sending", "sending has begun");
    return false;
}

static bool
check_version(const HibPost *post, const int64_t *version, GError **error)
{
    if (!version || *version == post->version)
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "post.edited",
                  "version %" G_GINT64_FORMAT " is stored", post->version);
    return false;
}

static const char *
describe(HibDb *db, const HibPost *post)
{
    char text[HIB_INSTANT_TEXT];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "state", hib_api_post_state_names[post->state]);
    if (post->has_due_at)
        cJSON_AddStringToObject(json, "due_at", hib_instant_format(post->due_at, text));
    return hib_json_print(hib_db_arena(db), json);
}

static bool
record(HibDb *db, const char *event, const char *action, const HibPost *before,
       const HibPost *after, GError **error)
{
    return (!event || hib_event_emit(db, event, after->id, NULL, error)) &&
           hib_audit(db, action, "post", after->id, describe(db, before), describe(db, after),
                     error);
}

/* --- bringing the deliveries in line with the post ----------------------------------------------------------------------------- */
typedef struct {
    HibInstant due_at, late_from, now;
    HibSqlDeliveryRow *rows;
    size_t n;
} Plan;

static HibSqlDeliveryRow *
row_of(const Plan *plan, const char *account)
{
    for (size_t i = 0; i < plan->n; i++)
        if (plan->rows[i].kind == HIB_KIND_POST && g_str_equal(plan->rows[i].account_id, account))
            return &plan->rows[i];
    return NULL;
}

static bool
is_variant(const HibPost *post, const char *account)
{
    for (size_t i = 0; i < post->n_variants; i++)
        if (g_str_equal(post->variants[i].account_id, account))
            return true;
    return false;
}

static bool
cancel_one(HibDb *db, const HibSqlDeliveryRow *row, HibInstant now, GError **error)
{
    int64_t changed;
    if (!hib_sql_work_cancel(db, row->id, &changed, error))
        return false;
    if (!changed)
        return refuse_sending(error);
    return hib_publish_did(db, row->id, now, HIB_DID_CANCELLED, NULL, error) &&
           hib_deliver_emit(db, "delivery.cancelled", row->id, row->post_id, row->account_id,
                            error) &&
           hib_jobs_cancel(db, HIB_JOB_DELIVER, row->id, error);
}

/* A delivery that is there already: moved, changed or revived. */
static bool
plan_again(HibDb *db, const HibSqlDeliveryRow *row, const HibNewDelivery *new, const Plan *plan,
           GError **error)
{
    char due[HIB_INSTANT_TEXT];
    int64_t changed = 0;
    bool is_open = row->state == HIB_DELIVERY_WAITING || row->state == HIB_DELIVERY_FAILED ||
                   row->state == HIB_DELIVERY_CANCELLED;
    HibDid did = row->state == HIB_DELIVERY_WAITING ? HIB_DID_MOVED : HIB_DID_SCHEDULED;
    if (is_open && !hib_sql_work_plan(db, row->id, row->state, new->handle, new->text, new->lang,
                                      new->n_media, new->n_following, new->format, new->title,
                                      new->options, new->recipient, new->disclosure.is_advertising,
                                      new->disclosure.is_own_brand, new->disclosure.is_ai_made,
                                      plan->due_at, plan->late_from, &changed, error))
        return false;
    if (!changed)
        return refuse_sending(error);
    /* A change of the words alone is the post's history, not the delivery's. */
    bool is_told = did == HIB_DID_SCHEDULED || row->due_at != plan->due_at;
    if (is_told &&
        !hib_publish_did(db, row->id, plan->now, did, hib_instant_format(plan->due_at, due), error))
        return false;
    return hib_job_add(db, HIB_JOB_DELIVER, row->id, row->id, NULL, plan->due_at, NULL, error);
}

/* What it takes is reserved with it; its network is asked what is left until then. */
static bool
reserve(HibDb *db, const char *delivery, const HibPostCost *cost, HibInstant due_at, GError **error)
{
    return hib_cost_keep(db, delivery, cost, error) &&
           (!cost->quota || hib_accounts_posting(db, cost->account_id, due_at, error));
}

static bool
plan_one(HibDb *db, const HibPost *post, const HibPostVariant *variant, const HibAccount *account,
         const HibPostCost *cost, const Plan *plan, GError **error)
{
    const HibSqlDeliveryRow *row = row_of(plan, account->id);
    const HibNewDelivery new = {.id = row ? row->id : hib_db_new_id(db),
                                .post_id = post->id,
                                .account_id = account->id,
                                .network = account->network,
                                .handle = account->handle,
                                .text = hib_plan_text_for(post, account->id),
                                .lang = post->lang,
                                .n_media = (int)post->n_media,
                                .n_following =
                                    (int)variant->n_thread + (variant->first_comment != NULL),
                                .format = variant->format,
                                .title = variant->title,
                                .options = variant->options,
                                .recipient = variant->recipient,
                                .disclosure = post->disclosure,
                                .due_at = plan->due_at,
                                .late_from = plan->late_from};
    bool done;
    if (!hib_accounts_posting(db, account->id, plan->due_at, error))
        return false;
    if (row ? !plan_again(db, row, &new, plan, error)
            : !hib_deliver_add(db, &new, &done, error) || (!done && !refuse_sending(error)))
        return false;
    return reserve(db, new.id, cost, plan->due_at, error);
}

/* What is written into the deliveries is what will be sent. */
static bool
plan_all(HibDb *db, const HibPost *written, HibAccount **accounts, HibInstant at,
         HibInstant late_from, GError **error)
{
    HibPost *post;
    Plan plan = {.due_at = at, .late_from = late_from, .now = hib_db_now(db)};
    if (!hib_plan_shorten(db, written, error) || !hib_plan_as_sent(db, written, &post, error) ||
        !hib_sql_delivery_of_post(db, post->id, &plan.rows, &plan.n, error))
        return false;
    for (size_t i = 0; i < plan.n; i++) {
        bool is_open =
            plan.rows[i].state == HIB_DELIVERY_WAITING || plan.rows[i].state == HIB_DELIVERY_FAILED;
        if (is_open && !is_variant(post, plan.rows[i].account_id) &&
            !cancel_one(db, &plan.rows[i], plan.now, error))
            return false;
    }
    HibPostCost *costs;
    if (!hib_publish_costs(db, post, at, &costs, error))
        return false;
    bool has_media = post->n_media > 0;
    for (size_t i = 0; i < post->n_variants; i++) {
        if (!hib_cost_check(&costs[i], i, error) ||
            !plan_one(db, post, &post->variants[i], accounts[i], &costs[i], &plan, error))
            return false;
        for (size_t k = 0; k < post->variants[i].n_thread; k++)
            has_media = has_media || post->variants[i].thread[k].n_media;
    }
    /* Versions that fit are made now, not when the post is due. */
    return !has_media ||
           hib_job_add(db, HIB_JOB_FIT, post->id, post->id, NULL, plan.now, NULL, error);
}

/* Cancels what waits or failed; refused when anything has gone out, or may have. */
static bool
cancel_all(HibDb *db, const char *post, GError **error)
{
    HibSqlDeliveryRow *rows;
    size_t n;
    if (!hib_sql_delivery_of_post(db, post, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (rows[i].state != HIB_DELIVERY_CANCELLED &&
            !cancel_one(db, &rows[i], hib_db_now(db), error))
            return false;
    return true;
}

/* --- the operations ------------------------------------------------------------------------------------------------------------- */
static bool
may_plan(const HibPost *post, GError **error)
{
    bool is_over = post->state == HIB_POST_SENDING || post->state == HIB_POST_PUBLISHED ||
                   post->state == HIB_POST_UNKNOWN;
    return !is_over || refuse_sending(error);
}

bool
hib_publish_schedule(HibDb *db, const char *id, const int64_t *version, HibInstant at,
                     HibPost **ret, GError **error)
{
    HibPost *before, *after;
    HibAccount **accounts;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_hold(db, id, error) || !hib_plan_get(db, id, false, &before, error) ||
        !check_version(before, version, error) || !may_plan(before, error) ||
        !hib_plan_check_approved(db, id, error) || !hib_schedule_check_time(at, now, error) ||
        !hib_schedule_check(db, before, at, &accounts, error))
        return false;
    bool was_scheduled = before->state == HIB_POST_SCHEDULED;
    if (!plan_all(db, before, accounts, at, at > now ? at : now, error) ||
        !hib_plan_set_schedule(db, id, HIB_POST_SCHEDULED, &at, error) ||
        !hib_plan_get(db, id, false, &after, error))
        return false;
    if (after->version !=
        before->version + 1) { /* PostgreSQL: saved by somebody while we checked */
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.edited", "changed meanwhile");
        return false;
    }
    if (!record(db, was_scheduled ? "post.moved" : "post.scheduled",
                was_scheduled ? "post.move" : "post.schedule", before, after, error))
        return false;
    *ret = after;
    return hib_tx_commit(tx, error);
}

/* Out of the schedule: a draft again, or what its approval makes of it. */
static bool
put_to_rest(HibDb *db, const char *id, GError **error)
{
    HibPostState state;
    return hib_plan_resting_state(db, id, &state, error) &&
           hib_plan_set_schedule(db, id, state, NULL, error);
}

bool
hib_publish_unschedule(HibDb *db, const char *id, HibPost **ret, GError **error)
{
    HibPost *before, *after;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_hold(db, id, error) || !hib_plan_get(db, id, false, &before, error))
        return false;
    if (before->state == HIB_POST_DRAFT || before->state == HIB_POST_IN_REVIEW ||
        before->state == HIB_POST_APPROVED) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.not_scheduled", "not in the schedule");
        return false;
    }
    if (!may_plan(before, error) || !cancel_all(db, id, error) || !put_to_rest(db, id, error) ||
        !hib_plan_get(db, id, false, &after, error) ||
        !record(db, "post.unscheduled", "post.unschedule", before, after, error))
        return false;
    *ret = after;
    return hib_tx_commit(tx, error);
}

bool
hib_publish_delete(HibDb *db, const char *id, GError **error)
{
    HibPost *post;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_hold(db, id, error) || !hib_plan_get(db, id, false, &post, error) ||
        !may_plan(post, error) || !cancel_all(db, id, error))
        return false;
    bool is_planned = post->state == HIB_POST_SCHEDULED || post->state == HIB_POST_FAILED;
    if (is_planned && !put_to_rest(db, id, error))
        return false;
    return hib_plan_set_deleted(db, id, error) && hib_tx_commit(tx, error);
}

bool
hib_publish_take_out(HibDb *db, const char *id, GError **error)
{
    HibPost *before, *after;
    g_autoptr(GError) needed = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_hold(db, id, error) || !hib_plan_get(db, id, false, &before, error))
        return false;
    if (before->state != HIB_POST_SCHEDULED || hib_plan_check_approved(db, id, &needed))
        return true; /* approved, moved or begun meanwhile */
    return hib_plan_ask_for_it(db, id, error) && cancel_all(db, id, error) &&
           put_to_rest(db, id, error) && hib_plan_get(db, id, false, &after, error) &&
           record(db, "post.unscheduled", "post.unschedule", before, after, error) &&
           hib_tx_commit(tx, error);
}

/* A failed post that is edited becomes a draft again: its cause is gone, a person schedules it anew. */
static bool
reopen(HibDb *db, HibPost **post, int64_t *version, GError **error)
{
    if ((*post)->state != HIB_POST_FAILED)
        return true;
    if (!cancel_all(db, (*post)->id, error) || !put_to_rest(db, (*post)->id, error) ||
        !hib_plan_get(db, (*post)->id, false, post, error))
        return false;
    *version = (*post)->version;
    return true;
}

bool
hib_publish_update(HibDb *db, const char *id, int64_t version, const HibPostContent *content,
                   HibPost **ret, GError **error)
{
    HibPost *before, *after;
    HibAccount **accounts;
    HibPostContent kept = *content;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_hold(db, id, error) || !hib_plan_get(db, id, false, &before, error) ||
        !check_version(before, &version, error) || !may_plan(before, error) ||
        !reopen(db, &before, &version, error))
        return false;
    bool is_scheduled = before->state == HIB_POST_SCHEDULED;
    if (!kept.due_at && before->has_due_at)
        kept.due_at = &before->due_at;
    if (!hib_plan_update(db, id, version, &kept, &after, error))
        return false;
    if (is_scheduled && after->state != HIB_POST_SCHEDULED) { /* its approval no longer holds */
        if (!cancel_all(db, id, error) ||
            !record(db, "post.unscheduled", "post.unschedule", before, after, error))
            return false;
    } else if (is_scheduled) {
        bool is_moved = after->due_at != before->due_at;
        HibInstant late_from = is_moved && after->due_at < now ? now : after->due_at;
        if ((is_moved && !hib_schedule_check_time(after->due_at, now, error)) ||
            !hib_schedule_check(db, after, after->due_at, &accounts, error) ||
            !plan_all(db, after, accounts, after->due_at, late_from, error))
            return false;
        if (is_moved && !record(db, "post.moved", "post.move", before, after, error))
            return false;
    }
    *ret = after;
    return hib_tx_commit(tx, error);
}

static bool
is_worded_alike(const HibPost *a, const HibPost *b)
{
    for (size_t i = 0; i < a->n_variants && i < b->n_variants; i++)
        if (g_strcmp0(a->variants[i].text, b->variants[i].text) != 0)
            return false;
    return true;
}

/* Its links say which campaign they are of: what is scheduled is worded anew. */
bool
hib_publish_set_campaign(HibDb *db, const char *id, const char *campaign, GError **error)
{
    HibPost *before, *after, *was, *is;
    HibAccount **accounts;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_hold(db, id, error) || !hib_plan_get(db, id, false, &before, error) ||
        !hib_plan_set_campaign(db, id, campaign, error) ||
        !hib_plan_get(db, id, false, &after, error) || !hib_plan_as_sent(db, before, &was, error) ||
        !hib_plan_as_sent(db, after, &is, error))
        return false;
    if (after->state == HIB_POST_SCHEDULED && !is_worded_alike(was, is) &&
        (!hib_schedule_check(db, after, after->due_at, &accounts, error) ||
         !plan_all(db, after, accounts, after->due_at, after->due_at, error)))
        return false;
    return hib_publish_wake_released(db, error) && hib_tx_commit(tx, error);
}

bool
hib_publish_restore_version(HibDb *db, const char *id, const char *version, int64_t seen,
                            HibPost **ret, GError **error)
{
    HibPostVersion old;
    HibApiPostDraft draft;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_version(db, id, version, &old, error) ||
        !hib_version_draft(hib_db_arena(db), &old, &draft, error) ||
        !hib_plan_close_version(db, id, error))
        return false;
    HibPostContent content = hib_plan_of_draft(hib_db_arena(db), &draft);
    content.due_at = NULL; /* words come back; a time that is over does not */
    return hib_publish_update(db, id, seen, &content, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_publish_retry(HibDb *db, const char *id, HibDelivery **ret, GError **error)
{
    HibDelivery *delivery;
    HibInstant now = hib_db_now(db);
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_publish_get(db, id, &delivery, error) ||
        !hib_plan_hold(db, delivery->post_id, error) || !hib_publish_get(db, id, &delivery, error))
        return false;
    bool is_unknown = delivery->state == HIB_DELIVERY_UNKNOWN;
    if (is_unknown && !hib_sql_work_read_again(db, id, now, &changed, error))
        return false;
    if (delivery->state == HIB_DELIVERY_FAILED && !hib_sql_work_retry(db, id, now, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "publish.not_retryable", "state %d",
                      delivery->state);
        return false;
    }
    if (!hib_job_add(db, is_unknown ? HIB_JOB_RECONCILE : HIB_JOB_DELIVER, id, id, NULL, now, NULL,
                     error) ||
        !hib_publish_did(db, id, now, HIB_DID_RETRIED, NULL, error) ||
        !hib_audit(db, is_unknown ? "publish.check" : "publish.retry", "delivery", id, NULL, NULL,
                   error))
        return false;
    if (!is_unknown && delivery->kind == HIB_KIND_POST &&
        !hib_deliver_settle_post(db, delivery->post_id, error))
        return false;
    if (!hib_publish_get(db, id, ret, error))
        return false;
    return hib_tx_commit(tx, error);
}
