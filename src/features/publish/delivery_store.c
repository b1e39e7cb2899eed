/* A delivery's transactions. Each changes the row under the state it was read in and says whether it did: who comes second (a person
 * moving the post, another job, the hold switch) changes nothing and looks again. */
#include "base/json.h"
#include "publish/delivery.sql.h"
#include "publish/hold.sql.h"
#include "publish/publish_private.h"
#include "publish/work.sql.h"

bool
hib_publish_did(HibDb *db, const char *delivery, HibInstant at, HibDid what, const char *detail,
                GError **error)
{
    return hib_sql_step_add(db, delivery, at, what, NULL, detail, error);
}

bool
hib_publish_did_step(HibDb *db, const char *delivery, HibInstant at, HibDid what, const char *name,
                     const char *detail, GError **error)
{
    return hib_sql_step_add(db, delivery, at, what, name, detail, error);
}

bool
hib_deliver_emit(HibDb *db, const char *kind, const char *delivery, const char *post,
                 const char *account, GError **error)
{
    /* Ids are UUIDs: nothing to escape. */
    return hib_event_emit(
        db, kind, delivery,
        hib_arena_printf(hib_db_arena(db), "{\"post\":\"%s\",\"account\":\"%s\"}", post, account),
        error);
}

bool
hib_deliver_load(HibDb *db, const char *delivery, HibDeliverWork **ret, GError **error)
{
    HibSqlWork *row;
    *ret = NULL;
    if (!hib_sql_work_get(db, delivery, &row, error))
        return false;
    if (!row)
        return true;
    HibDeliverWork *work = hib_arena_new0(hib_db_arena(db), HibDeliverWork);
    *work = (HibDeliverWork){
        .id = row->id,
        .post_id = row->post_id,
        .account_id = row->account_id,
        .network = row->network,
        .text = row->text,
        .lang = row->lang,
        .n_media = (int)row->n_media,
        .kind = (HibDeliveryKind)row->kind,
        .part = (int)row->part,
        .n_following = (int)row->n_following,
        .reply_to = row->reply_to,
        .reply_root = row->reply_root,
        .reply_token = row->reply_token,
        .format = (HibNetFormat)row->format,
        .title = row->title,
        .options = row->options,
        .recipient = row->recipient,
        .quota = row->quota,
        .quota_takes = row->quota_takes,
        .disclosure = {.is_advertising = row->is_advertising,
                       .is_own_brand = row->is_own_brand,
                       .is_ai_made = row->is_ai_made},
        .state = (HibDeliveryState)row->state,
        .version = row->version,
        .due_at = row->due_at,
        .late_from = row->late_from,
        .next_at = row->has_next_at ? row->next_at : 0,
        .remote_key = row->remote_key,
        .progress = row->progress,
        .handle_at = row->has_handle_at ? row->handle_at : 0,
        .created_at = row->has_created_at ? row->created_at : 0,
        .sent_at = row->has_sent_at ? row->sent_at : 0,
        .busy_until = row->has_busy_until ? row->busy_until : 0,
        .is_dispatched = row->is_dispatched,
        .has_siblings = row->kind == HIB_KIND_POST && row->n_siblings > 1,
        .job_id = row->job_id,
        .failures = (int)row->failures,
        .reads = (int)row->reads,
    };
    *ret = work;
    return true;
}

static HibInstant
busy_until(HibDb *db)
{
    return hib_db_now(db) + HIB_DELIVER_LEASE_S * HIB_SECOND;
}

/* Counted with what says that the call is made, and given back with what says that it had no effect. */
static bool
take_quota(HibDb *db, const HibDeliverWork *work, int sign, GError **error)
{
    return !work->quota || hib_accounts_quota_take(db, work->account_id, work->quota,
                                                   sign * work->quota_takes, error);
}

bool
hib_deliver_claim(HibDb *db, HibDeliverWork *work, const char *fingerprint, const char *job,
                  bool is_effect_next, bool *ret_done, GError **error)
{
    int64_t changed = 0;
    *ret_done = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    HibInstant now = hib_db_now(db), busy = busy_until(db);
    if (!hib_sql_work_claim(db, work->id, work->version, work->remote_key, work->handle_at,
                            work->created_at, fingerprint, is_effect_next,
                            is_effect_next ? &now : NULL, job, busy, is_effect_next, &changed,
                            error))
        return false;
    if (!changed)
        return true; /* ends the transaction: nothing to keep */
    if ((is_effect_next && !take_quota(db, work, 1, error)) ||
        !hib_publish_did(db, work->id, now, HIB_DID_CLAIMED, work->remote_key, error) ||
        (work->kind == HIB_KIND_POST &&
         !hib_plan_set_state(db, work->post_id, HIB_POST_SENDING, error)) ||
        !hib_deliver_emit(db, "delivery.sending", work->id, work->post_id, work->account_id,
                          error) ||
        !hib_tx_commit(tx, error))
        return false;
    work->state = HIB_DELIVERY_SENDING;
    work->is_dispatched = is_effect_next;
    work->sent_at = is_effect_next ? now : 0;
    work->job_id = job;
    work->busy_until = busy;
    *ret_done = true;
    return true;
}

/* Marking and releasing wait for each other, so that none is marked after the release has looked. */
bool
hib_deliver_mark_held(HibDb *db, const HibDeliverWork *work, bool *ret_done, GError **error)
{
    int64_t changed = 0;
    bool is_held;
    *ret_done = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_hold_lock(db, error) || !hib_publish_is_held(db, work->id, &is_held, error))
        return false;
    if (!is_held)
        return true;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_work_mark_held(db, work->id, now, &changed, error))
        return false;
    if (changed && !hib_publish_did(db, work->id, now, HIB_DID_HELD, NULL, error))
        return false;
    *ret_done = true;
    return hib_tx_commit(tx, error);
}

/* "2/4"; NULL for a single one. */
static const char *
count_of(HibDb *db, const HibNetStep *step)
{
    return step->of ? hib_arena_printf(hib_db_arena(db), "%d/%d", step->at, step->of) : NULL;
}

bool
hib_deliver_keep(HibDb *db, HibDeliverWork *work, const char *progress, const HibNetStep *step,
                 bool *ret_done, GError **error)
{
    int64_t changed = 0;
    *ret_done = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx ||
        !hib_sql_work_keep(db, work->id, work->job_id, progress, busy_until(db), &changed, error))
        return false;
    if (!changed)
        return true;
    /* The effect's own row is written here when something is left to confirm. */
    HibDid did = step->kind == HIB_NET_STEP_EFFECT ? HIB_DID_SENT : HIB_DID_STEP;
    if (!hib_publish_did_step(db, work->id, hib_db_now(db), did, step->name, count_of(db, step),
                              error) ||
        !hib_tx_commit(tx, error))
        return false;
    work->progress = progress;
    *ret_done = true;
    return true;
}

bool
hib_deliver_dispatch(HibDb *db, HibDeliverWork *work, bool *ret_done, GError **error)
{
    int64_t changed = 0;
    *ret_done = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_work_dispatch(db, work->id, work->job_id, now, busy_until(db), &changed, error))
        return false;
    if (!changed)
        return true;
    if (!take_quota(db, work, 1, error) || !hib_tx_commit(tx, error))
        return false;
    work->is_dispatched = true;
    work->sent_at = now;
    *ret_done = true;
    return true;
}

bool
hib_deliver_take_over(HibDb *db, HibDeliverWork *work, const char *job, bool *ret_done,
                      GError **error)
{
    int64_t changed = 0;
    HibInstant busy = busy_until(db);
    if (!hib_sql_work_take_over(db, work->id, work->busy_until ? &work->busy_until : NULL, job,
                                busy, &changed, error))
        return false;
    *ret_done = changed > 0;
    work->job_id = job;
    work->busy_until = busy;
    return true;
}

bool
hib_deliver_settle_post(HibDb *db, const char *post, GError **error)
{
    HibSqlWorkPostStates *n;
    if (!hib_plan_hold(db, post, error) || !hib_sql_work_post_states(db, post, &n, error))
        return false;
    HibPostState state = hib_deliver_post_state(n->n_waiting, n->n_sending, n->n_published,
                                                n->n_failed, n->n_unknown);
    if (state == HIB_POST_DRAFT && !hib_plan_resting_state(db, post, &state, error))
        return false; /* nothing of it is left in the schedule */
    return hib_plan_set_state(db, post, state, error);
}

static const char *
describe(HibDb *db, const HibDeliverOutcome *outcome)
{
    const HibNetResult *result = &outcome->result;
    if (result->class == HIB_NET_OK)
        return outcome->verdict.code;
    return hib_arena_printf(hib_db_arena(db), "%s %d %s: %s", hib_net_class_name(result->class),
                            result->http_status, result->code ? result->code : "",
                            result->message ? result->message : "");
}

/* The call itself, then what came of it. */
static bool
write_steps(HibDb *db, const HibDeliverWork *work, const HibDeliverOutcome *outcome, HibInstant now,
            GError **error)
{
    static const HibDid ends[] = {
        [HIB_DELIVERY_WAITING] = HIB_DID_RETRIED,     [HIB_DELIVERY_SENDING] = HIB_DID_SENT,
        [HIB_DELIVERY_PUBLISHED] = HIB_DID_PUBLISHED, [HIB_DELIVERY_FAILED] = HIB_DID_FAILED,
        [HIB_DELIVERY_UNKNOWN] = HIB_DID_UNKNOWN,
    };
    const char *detail = describe(db, outcome);
    HibDeliveryState state = outcome->verdict.state;
    const char *name = outcome->net_step ? outcome->net_step->name : NULL;
    if (outcome->was_called && outcome->step == HIB_STEP_EFFECT &&
        !hib_publish_did_step(db, work->id, work->sent_at, HIB_DID_SENT, name, detail, error))
        return false;
    if (outcome->net_step && outcome->step == HIB_STEP_CONFIRM && state == HIB_DELIVERY_PUBLISHED &&
        !hib_publish_did_step(db, work->id, now, HIB_DID_STEP, name,
                              count_of(db, outcome->net_step), error))
        return false;
    if (outcome->was_called && outcome->step == HIB_STEP_FIND) {
        const char *seen = outcome->result.class != HIB_NET_OK ? detail
                           : outcome->is_found                 ? "found"
                                                               : "absent";
        if (!hib_publish_did(db, work->id, now, HIB_DID_READ_BACK, seen, error))
            return false;
    }
    bool is_put_back = state == HIB_DELIVERY_WAITING && !outcome->was_called &&
                       outcome->result.class == HIB_NET_OK;
    /* A container that is not ready is asked about every few seconds: the row says so, once is enough. */
    bool is_polled = state == HIB_DELIVERY_WAITING && outcome->result.class == HIB_NET_WAIT_ASYNC;
    if (state == HIB_DELIVERY_SENDING || state == work->state || is_put_back || is_polled)
        return true;
    return hib_publish_did_step(
        db, work->id, now, ends[state], state == HIB_DELIVERY_PUBLISHED ? NULL : name,
        state == HIB_DELIVERY_PUBLISHED ? outcome->published.url : detail, error);
}

/* What the row keeps of an answer that was no success. */
typedef struct {
    bool is_set;
    int64_t class, status;
    const char *code, *message;
} Fault;

static Fault
fault_of(const HibDeliverOutcome *outcome)
{
    const HibNetResult *result = &outcome->result;
    const char *code = outcome->verdict.code;
    bool is_ok = result->class == HIB_NET_OK, is_find = outcome->step == HIB_STEP_FIND;
    if (outcome->verdict.state == HIB_DELIVERY_PUBLISHED || (is_ok && !is_find && !code))
        return (Fault){0};
    /* A reading that found nothing is no error of its own: the row says that the outcome was open. */
    return (Fault){.is_set = true,
                   .class = is_ok ? HIB_NET_RECONCILE : (int64_t)result->class,
                   .status = result->http_status,
                   .code = code           ? code
                           : result->code ? result->code
                                          : "",
                   .message = result->message ? result->message : ""};
}

static bool
write_row(HibDb *db, const HibDeliverWork *work, const HibDeliverOutcome *outcome, HibInstant now,
          int64_t *changed, GError **error)
{
    const HibDeliverVerdict *v = &outcome->verdict;
    const Fault fault = fault_of(outcome);
    const HibNetPublished out =
        v->state == HIB_DELIVERY_PUBLISHED ? outcome->published : (HibNetPublished){0};
    bool is_waiting = v->state == HIB_DELIVERY_WAITING;
    bool waits_for_person = is_waiting && outcome->result.class == HIB_NET_REAUTH_HUMAN;
    bool has_next = v->go != HIB_GO_END && v->at && !waits_for_person;
    bool was_sent = !is_waiting && work->sent_at;
    /* Counted by the claim, and then held before the call. */
    bool is_uncalled = is_waiting && work->is_dispatched && !outcome->was_called;
    return hib_sql_work_conclude(
        db, work->id, work->state, work->version,
        work->state == HIB_DELIVERY_SENDING ? work->job_id : NULL, v->state,
        has_next ? &v->at : NULL, was_sent ? &work->sent_at : NULL,
        !is_waiting && work->is_dispatched, v->state == HIB_DELIVERY_PUBLISHED ? &now : NULL,
        out.remote_id, out.remote_id && outcome->step == HIB_STEP_FIND, out.url, v->failures,
        v->reads, is_uncalled, v->is_new_handle, outcome->progress,
        fault.is_set ? &fault.class : NULL, fault.is_set ? &fault.status : NULL, fault.code,
        fault.message, fault.is_set ? &now : NULL, changed, error);
}

static bool
write_events(HibDb *db, const HibDeliverWork *work, const HibDeliverOutcome *outcome,
             GError **error)
{
    static const char *const kinds[] = {
        [HIB_DELIVERY_WAITING] = "delivery.waiting",
        [HIB_DELIVERY_PUBLISHED] = "delivery.published",
        [HIB_DELIVERY_FAILED] = "delivery.failed",
        [HIB_DELIVERY_UNKNOWN] = "delivery.unknown",
    };
    HibDeliveryState state = outcome->verdict.state;
    if (state == HIB_DELIVERY_SENDING || state == work->state)
        return true;
    return hib_deliver_emit(db, kinds[state], work->id, work->post_id, work->account_id, error);
}

/* The post's row is written before its deliveries are counted: on PostgreSQL two deliveries of one post that end at the same
 * time wait for each other there, and the second counts both. */
static bool
write_post(HibDb *db, const HibDeliverWork *work, HibDeliveryState state, GError **error)
{
    if (work->kind != HIB_KIND_POST)
        return true; /* what follows a post, or answers somebody, is none of its state */
    if (work->has_siblings)
        return hib_deliver_settle_post(db, work->post_id, error);
    return hib_plan_set_state(
        db, work->post_id,
        hib_deliver_post_state(state == HIB_DELIVERY_WAITING, state == HIB_DELIVERY_SENDING,
                               state == HIB_DELIVERY_PUBLISHED, state == HIB_DELIVERY_FAILED,
                               state == HIB_DELIVERY_UNKNOWN),
        error);
}

bool
hib_deliver_conclude(HibDb *db, const HibDeliverWork *work, const HibDeliverOutcome *outcome,
                     bool *ret_done, GError **error)
{
    const HibDeliverVerdict *v = &outcome->verdict;
    int64_t changed = 0;
    *ret_done = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    HibInstant now = hib_db_now(db);
    bool is_change = v->state != work->state;
    if (is_change && work->has_siblings &&
        !hib_plan_set_state(db, work->post_id, HIB_POST_SENDING, error))
        return false;
    if (!write_row(db, work, outcome, now, &changed, error))
        return false;
    if (!changed)
        return true;
    if (!write_steps(db, work, outcome, now, error) || !write_events(db, work, outcome, error))
        return false;
    bool had_no_effect = work->is_dispatched &&
                         (v->state == HIB_DELIVERY_WAITING || v->state == HIB_DELIVERY_FAILED);
    if (had_no_effect && !take_quota(db, work, -1, error))
        return false;
    if (is_change && !write_post(db, work, v->state, error))
        return false;
    if (v->state == HIB_DELIVERY_PUBLISHED && work->n_following &&
        !hib_deliver_follow(db, work, outcome->published.remote_id, error))
        return false;
    if (v->go == HIB_GO_READ &&
        !hib_job_add(db, HIB_JOB_RECONCILE, work->id, work->id, NULL, v->at, NULL, error))
        return false;
    if (v->go == HIB_GO_AGAIN && work->state == HIB_DELIVERY_UNKNOWN &&
        !hib_job_add(db, HIB_JOB_DELIVER, work->id, work->id, NULL, v->at, NULL, error))
        return false;
    *ret_done = true;
    return hib_tx_commit(tx, error);
}
