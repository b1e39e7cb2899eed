/* The dispatcher's jobs: publish.deliver brings a delivery out, publish.reconcile finds out what became of an unknown one,
 * publish.account follows what happens to an account.
 *
 * Run twice: deliver looks at the row first. Waiting: it is claimed by a conditional update, which only one run wins. Sending: the run
 * before was cut short, so the handle is read back, never published straight again. Anything else: done. A post of one step costs two
 * transactions and one call; each further step one transaction more. A run that has worked for a while ends with its last step stored, and
 * goes on as a new one. The decision what an answer means is deliver.c's. */
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "publish/publish_private.h"

#define MEDIA_PAUSE (3 * HIB_SECOND) /* a version is being made */
#define HELD_PAUSE (30 * HIB_SECOND)

typedef struct {
    HibDb *db;
    const HibServices *services;
    const HibJob *job;
    HibDeliverWork *work;
    const HibNetwork *network;
    HibNetPost post;
    HibNetSending sending;
    HibInstant began_at;
    HibJobEnd end;
    HibInstant at;
    bool
        looks_again; /* what a reading back found is another's, or the post is held: read once more */
} Run;

static bool
again(Run *run, HibInstant at)
{
    run->end = HIB_JOB_AGAIN;
    run->at = at;
    return true;
}

/* --- the network, through the account's grant ------------------------------------------------------------------------------ */
typedef struct {
    Run *run;
    HibDeliverStep step;
    const HibNetStep *net_step; /* NULL for FIND */
    bool is_found;
    HibInstant called_at;
} NetCall;

static HibNetResult
call_network(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    NetCall *call = data;
    HibNetSending *sending = &call->run->sending;
    call->called_at = hib_clock_now(net->clock);
    return call->step == HIB_STEP_FIND ? network->find(net, grant, sending, &call->is_found)
                                       : network->run_step(net, grant, sending);
}

/* Another delivery of the account may be what this one has become: found by both, or answered to this and read back for that. */
static bool
conclude(Run *run, HibDeliverOutcome *outcome, bool *ret_done, GError **error)
{
    GError *fault = NULL;
    bool may;
    if (hib_deliver_conclude(run->db, run->work, outcome, ret_done, &fault))
        return true;
    if (!g_str_equal(hib_error_reason(fault), "store.duplicate")) {
        g_propagate_error(error, fault);
        return false;
    }
    g_error_free(fault);
    hib_log(HIB_WARN, "publish.same_post", "delivery", run->work->id, NULL);
    *ret_done = false;
    if (outcome->step == HIB_STEP_FIND) { /* the other was quicker: look again, without its post */
        run->looks_again = true;
        return again(run, hib_db_now(run->db) + HIB_SECOND);
    }
    if (!hib_deliver_make_way(run->db, run->work, outcome->published.remote_id, &may, error))
        return false;
    if (!may)
        outcome->verdict = (HibDeliverVerdict){.state = HIB_DELIVERY_UNKNOWN,
                                               .go = HIB_GO_END,
                                               .failures = run->work->failures,
                                               .code = HIB_DELIVER_CODE_OTHER};
    return hib_deliver_conclude(run->db, run->work, outcome, ret_done, error);
}

static HibDeliverVerdict
decide(Run *run, const NetCall *call, const HibNetResult *result)
{
    const HibDeliverWork *work = run->work;
    const HibNetLimits *limits = run->network->limits();
    HibDuration life = limits->handle_life_s * HIB_SECOND;
    return hib_deliver_decide(
        &(HibDeliverAsk){.state = work->state,
                         .step = call->step,
                         .class = result->class,
                         .retry_at = result->retry_at,
                         .is_found = call->is_found,
                         .is_done = run->sending.is_done,
                         .settling = limits->settling_ms * HIB_MILLISECOND,
                         .handle_until = life && work->handle_at ? work->handle_at + life : 0,
                         .failures = work->failures,
                         .reads = work->reads,
                         .now = hib_db_now(run->db),
                         .sent_at = work->sent_at,
                         .late_from = work->late_from});
}

/* Calls, decides, and writes down what came of it unless it simply goes on; *ret_go says how. */
static bool
step(Run *run, NetCall *call, HibDeliverGo *ret_go, GError **error)
{
    HibDeliverWork *work = run->work;
    HibDeliverOutcome outcome = {
        .step = call->step, .net_step = call->net_step, .was_called = true};
    call->run = run;
    run->sending.sent_at = work->sent_at;
    /* A network that takes no text twice is looked through by the call itself. */
    if ((call->step == HIB_STEP_FIND || call->step == HIB_STEP_EFFECT) &&
        !hib_deliver_taken(run->db, work, &run->sending.taken, error))
        return false;
    if (!hib_accounts_call(run->db, run->services, work->account_id, call_network, call,
                           &outcome.result, error))
        return false;
    if (call->step == HIB_STEP_EFFECT && call->called_at)
        work->sent_at = call->called_at;
    outcome.is_found = call->is_found;
    outcome.published = run->sending.published;
    outcome.progress = run->sending.progress;
    outcome.verdict = decide(run, call, &outcome.result);
    *ret_go = outcome.verdict.go;
    if (outcome.verdict.go == HIB_GO_ON)
        return true;
    bool done;
    if (!conclude(run, &outcome, &done, error))
        return false;
    if (outcome.verdict.state == HIB_DELIVERY_UNKNOWN ||
        outcome.verdict.state == HIB_DELIVERY_FAILED)
        hib_log(HIB_WARN, "publish.not_out", "delivery", work->id, "class",
                hib_net_class_name(outcome.result.class), "code", outcome.result.code, NULL);
    if (done && outcome.verdict.go == HIB_GO_AGAIN)
        return again(run, outcome.verdict.at);
    return true;
}

/* `wants_content`: to send, not only to look for it. *ret_ready false: a picture or video is still being made to fit. */
static bool
prepare(Run *run, bool wants_content, bool *ret_ready, GError **error)
{
    run->network = hib_network_find(run->work->network);
    if (!run->network) {
        hib_error_set(error, HIB_ERROR_INVALID, "accounts.network_unknown", "no connector for %s",
                      run->work->network);
        return false;
    }
    return hib_deliver_prepare(run->db, run->services, run->work, run->network, &run->post,
                               &run->sending, error) &&
           hib_deliver_media(run->db, run->services, run->work, run->network,
                             wants_content || run->network->find_sends, &run->post, ret_ready,
                             error);
}

/* To look for it needs no media. Where what is left to do once it is found shows some, they are at hand if they can be. */
static bool
prepare_to_look(Run *run, bool *ret_ready, GError **error)
{
    const HibNetwork *network = hib_network_find(run->work->network);
    g_autoptr(GError) fault = NULL;
    if (network && network->find_shows && prepare(run, true, ret_ready, &fault) && *ret_ready)
        return true;
    return prepare(run, false, ret_ready, error);
}

/* --- sending --------------------------------------------------------------------------------------------------------------- */
/* Claimed, but the switch was thrown before the call: back to waiting as if nothing had been. */
static bool
put_back(Run *run, GError **error)
{
    HibDeliverWork *work = run->work;
    HibDeliverOutcome outcome = {
        .step = HIB_STEP_EFFECT,
        .verdict = {.state = HIB_DELIVERY_WAITING, .go = HIB_GO_AGAIN, .failures = work->failures},
    };
    bool done;
    return hib_deliver_conclude(run->db, work, &outcome, &done, error) &&
           again(run, hib_db_now(run->db));
}

/* Before the effect: written down that it may have been made, and the switch asked once more. */
static bool
dispatch(Run *run, bool *ret_go, GError **error)
{
    bool is_held, done = true;
    *ret_go = false;
    if (!run->work->is_dispatched && !hib_deliver_dispatch(run->db, run->work, &done, error))
        return false;
    if (!hib_publish_is_held(run->db, run->work->id, &is_held, error))
        return false;
    if (is_held || !done)
        return put_back(run, error);
    *ret_go = true;
    return true;
}

/* The row is ours, in state sending: step by step, each stored before the next. */
static bool
send(Run *run, GError **error)
{
    static const HibDeliverStep steps[] = {[HIB_NET_STEP_PREPARE] = HIB_STEP_PREPARE,
                                           [HIB_NET_STEP_EFFECT] = HIB_STEP_EFFECT,
                                           [HIB_NET_STEP_CONFIRM] = HIB_STEP_CONFIRM};
    for (bool done = true; done;) {
        HibNetStep next = run->network->next_step(&run->sending);
        NetCall call = {.step = steps[next.kind], .net_step = &next};
        HibDeliverGo go;
        bool may_go = true;
        if (next.kind == HIB_NET_STEP_EFFECT && !dispatch(run, &may_go, error))
            return false;
        if (!may_go)
            return true;
        if (!step(run, &call, &go, error))
            return false;
        if (go != HIB_GO_ON)
            return true;
        if (!hib_deliver_keep(run->db, run->work, run->sending.progress, &next, &done, error))
            return false;
        if (hib_db_now(run->db) - run->began_at > HIB_DELIVER_LEASE_S * HIB_SECOND / 4)
            return again(run, hib_db_now(run->db));
    }
    return true;
}

static bool
end_without_call(Run *run, HibDeliverVerdict verdict, HibNetClass class, const char *code,
                 const char *message, GError **error)
{
    HibDeliverOutcome outcome = {
        .verdict = verdict,
        .step = HIB_STEP_EFFECT,
        .result = {.class = class, .code = code, .message = message, .remaining = -1}};
    outcome.verdict.failures = run->work->failures;
    bool done;
    return hib_deliver_conclude(run->db, run->work, &outcome, &done, error);
}

/* Whether the account can send; when not, the row says why and *ret_go is false. */
static bool
check_account(Run *run, bool *ret_go, GError **error)
{
    HibDeliverWork *work = run->work;
    HibAccount *account;
    HibInstant now = hib_db_now(run->db), deadline = work->late_from + HIB_DELIVER_WINDOW;
    bool is_late = hib_deliver_is_too_late(work->late_from, now);
    *ret_go = false;
    if (!hib_accounts_get(run->db, work->account_id, &account, error))
        return false;
    bool is_ok = account->state == HIB_ACCOUNT_OK;
    HibNetClass class = is_ok                                  ? HIB_NET_RETRY_SAME
                        : account->state == HIB_ACCOUNT_PAUSED ? HIB_NET_BLOCKED
                                                               : HIB_NET_REAUTH_HUMAN;
    if (is_late || (!is_ok && now >= deadline))
        return end_without_call(run,
                                (HibDeliverVerdict){.state = HIB_DELIVERY_FAILED,
                                                    .go = HIB_GO_END,
                                                    .code = HIB_DELIVER_CODE_LATE},
                                class, "", account->state_reason, error);
    *ret_go = is_ok;
    if (is_ok)
        return true;
    return end_without_call(
               run, (HibDeliverVerdict){.state = HIB_DELIVERY_WAITING, .go = HIB_GO_AGAIN},
               HIB_NET_REAUTH_HUMAN, "accounts.needs_reconnect", account->state_reason, error) &&
           again(run, deadline);
}

static bool
is_effect_next(Run *run)
{
    return run->network->next_step(&run->sending).kind == HIB_NET_STEP_EFFECT;
}

/* Waits before anything was claimed; the row says for what. */
static bool
wait_for_media(Run *run, GError **error)
{
    HibInstant at = hib_db_now(run->db) + MEDIA_PAUSE;
    return end_without_call(
               run,
               (HibDeliverVerdict){.state = HIB_DELIVERY_WAITING, .go = HIB_GO_AGAIN, .at = at},
               HIB_NET_WAIT_ASYNC, "media.fitting", NULL, error) &&
           again(run, at);
}

static bool
start(Run *run, GError **error)
{
    HibDeliverWork *work = run->work;
    HibInstant wake = work->next_at ? work->next_at : work->due_at;
    bool is_held, is_unapproved, done, is_ready;
    if (hib_db_now(run->db) < wake)
        return again(run, wake);
    if (!hib_publish_is_held(run->db, run->work->id, &is_held, error))
        return false;
    if (!hib_publish_is_unapproved(run->db, work->post_id, &is_unapproved, error))
        return false;
    if (is_unapproved) /* back to waiting for an approval, as a draft would be; its deliveries end with it */
        return hib_publish_take_out(run->db, work->post_id, error);
    if (is_held) /* the release adds the job again */
        return hib_deliver_mark_held(run->db, work, &done, error) &&
               (done || again(run, hib_db_now(run->db)));
    if (!hib_deliver_mark_careful(run->db, work, &done, error))
        return false;
    if (done) /* clearing the post, or what mends it, adds the job again */
        return true;
    if (!check_account(run, &done, error))
        return false;
    if (!done)
        return true;
    if (!prepare(run, true, &is_ready, error))
        return false;
    if (!is_ready)
        return wait_for_media(run, error);
    if (!hib_deliver_claim(run->db, work,
                           hib_deliver_fingerprint(hib_db_arena(run->db), &run->post), run->job->id,
                           is_effect_next(run), &done, error))
        return false;
    return done ? send(run, error)
                : again(run, hib_db_now(run->db)); /* moved or held this very moment: look again */
}

/* Where looking repeats the call under its handle (LINE), it may bring the post out: not while held, and never once the network has
 * forgotten the handle. */
static bool
may_look(Run *run, bool *ret_may, GError **error)
{
    HibDeliverWork *work = run->work;
    HibInstant now = hib_db_now(run->db);
    HibDuration life = run->network->limits()->handle_life_s * HIB_SECOND;
    bool is_held = false;
    *ret_may = true;
    if (!run->network->find_sends)
        return true;
    *ret_may = false;
    if (life && work->handle_at && now >= work->handle_at + life)
        return end_without_call(run,
                                (HibDeliverVerdict){.state = HIB_DELIVERY_UNKNOWN,
                                                    .go = HIB_GO_END,
                                                    .code = HIB_DELIVER_CODE_HANDLE},
                                HIB_NET_RECONCILE, "", "", error);
    if (!hib_publish_is_held(run->db, work->id, &is_held, error))
        return false;
    *ret_may = !is_held;
    run->looks_again = is_held;
    return !is_held || again(run, now + HELD_PAUSE);
}

static bool
look(Run *run, GError **error)
{
    NetCall call = {.step = HIB_STEP_FIND};
    HibDeliverGo go;
    bool may;
    return may_look(run, &may, error) && (!may || step(run, &call, &go, error));
}

/* The row says sending, and this run did not do it: the one before was cut short. */
static bool
resume(Run *run, GError **error)
{
    HibDeliverWork *work = run->work;
    bool done, is_ready;
    HibInstant now = hib_db_now(run->db);
    if (work->job_id && !g_str_equal(work->job_id, run->job->id) && work->busy_until > now)
        return again(run, work->busy_until); /* another job, maybe at work just now */
    if (!hib_deliver_take_over(run->db, work, run->job->id, &done, error))
        return false;
    if (!done)
        return again(run, now + HIB_SECOND);
    if (!prepare(run, true, &is_ready, error))
        return false;
    if (!is_ready)
        return again(run, now + MEDIA_PAUSE);
    /* The effect's answer is stored when what follows is to confirm it: then that goes on. */
    if (!work->is_dispatched || run->network->next_step(&run->sending).kind == HIB_NET_STEP_CONFIRM)
        return send(run, error);
    hib_log(HIB_WARN, "publish.resumed", "delivery", work->id, NULL);
    return look(run, error);
}

/* --- ends that no back-off would mend ---------------------------------------------------------------------------------------- */
static bool
is_worth_repeating(const GError *error)
{
    switch (hib_error_kind(error)) {
    case HIB_ERROR_BUSY:
    case HIB_ERROR_UPSTREAM:
    case HIB_ERROR_UNCERTAIN:
    case HIB_ERROR_TOO_MANY:
    case HIB_ERROR_INTERNAL:
        return true;
    default:
        return false;
    }
}

/* A damaged picture, an account that is gone: never silent, so the delivery says it. */
static bool
give_up(Run *run, GError *cause, GError **error)
{
    HibDeliverWork *work = run->work;
    bool is_open = work->state == HIB_DELIVERY_UNKNOWN ||
                   (work->state == HIB_DELIVERY_SENDING && work->is_dispatched);
    HibDeliverVerdict verdict = {.state = is_open ? HIB_DELIVERY_UNKNOWN : HIB_DELIVERY_FAILED,
                                 .go = HIB_GO_END};
    hib_log_error(HIB_WARN, "publish.gave_up", cause, "delivery", work->id, NULL);
    run->end = HIB_JOB_DONE;
    bool is_contents = g_str_has_prefix(hib_error_reason(cause), "media.") ||
                       g_str_has_prefix(hib_error_reason(cause), "post.");
    return end_without_call(run, verdict, is_contents ? HIB_NET_FIX_CONTENT : HIB_NET_FATAL,
                            hib_error_reason(cause), cause->message, error);
}

static bool
finish(Run *run, bool ok, GError *cause, HibJobEnd *ret_end, HibInstant *ret_at, GError **error)
{
    if (!ok && (is_worth_repeating(cause) || !run->work)) {
        g_propagate_error(error, cause);
        return false;
    }
    g_autoptr(GError) owned = cause;
    if (!ok && !give_up(run, cause, error))
        return false;
    *ret_end = run->end;
    *ret_at = run->at;
    return true;
}

/* Twice: see the top. */
bool
hib_deliver_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
                GError **error)
{
    Run run = {
        .db = db, .services = context, .job = job, .began_at = hib_db_now(db), .end = HIB_JOB_DONE};
    GError *cause = NULL;
    bool ok = hib_deliver_load(db, job->subject, &run.work, &cause);
    if (ok && run.work && run.work->state == HIB_DELIVERY_WAITING)
        ok = start(&run, &cause);
    else if (ok && run.work && run.work->state == HIB_DELIVERY_SENDING)
        ok = resume(&run, &cause);
    return finish(&run, ok, cause, ret_end, ret_at, error);
}

/* Twice: reads back twice; only one of them changes the row. */
bool
hib_reconcile_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                  HibInstant *ret_at, GError **error)
{
    Run run = {
        .db = db, .services = context, .job = job, .began_at = hib_db_now(db), .end = HIB_JOB_DONE};
    GError *cause = NULL;
    bool is_ready = true;
    bool ok = hib_deliver_load(db, job->subject, &run.work, &cause);
    if (ok && run.work && run.work->state == HIB_DELIVERY_UNKNOWN) {
        ok = prepare_to_look(&run, &is_ready, &cause);
        run.looks_again = !is_ready;
        ok = ok && (is_ready ? look(&run, &cause) : again(&run, hib_db_now(db) + MEDIA_PAUSE));
        if (!run.looks_again)
            run.end = HIB_JOB_DONE; /* what follows is a job of its own, written with the row */
    }
    return finish(&run, ok, cause, ret_end, ret_at, error);
}

/* Twice: wakes or cancels what still waits; the second time there is nothing. */
bool
hib_publish_account_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED,
                        HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibJson event;
    const char *kind, *account;
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &event, error) ||
        !hib_json_text(event, "event", &kind, error) ||
        !hib_json_text(event, "subject", &account, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    bool ok = g_str_equal(kind, "account.disconnected")
                  ? hib_publish_drop_account(db, account, error)
                  : hib_publish_wake_account(db, account, error);
    *ret_end = HIB_JOB_DONE;
    return ok && hib_tx_commit(tx, error);
}
