/* The dispatcher's jobs: publish.deliver brings a delivery out, publish.reconcile finds out what became of an unknown one,
 * publish.account follows what happens to an account.
 *
 * Run twice: deliver looks at the row first. Waiting: it is claimed by a conditional update, which only one run wins. Sending: the run
 * before was cut short, so the handle is read back, never published straight again. Anything else: done. A text-only post costs two
 * transactions and one call. The decision what an answer means is deliver.c's. */
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "publish/publish_private.h"

typedef struct {
    HibDb *db;
    const HibServices *services;
    const HibJob *job;
    HibDeliverWork *work;
    const HibNetwork *network;
    HibNetPost post;
    HibNetImage *images;      /* what post.images points to */
    const char *const *media; /* ids, one an image */
    const char **refs;        /* one an image; n_refs are there */
    size_t n_refs;
    HibJobEnd end;
    HibInstant at;
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
    size_t image;
    const char *ref;
    bool is_found;
    HibInstant called_at;
    HibNetPublished published;
} NetCall;

static HibNetResult
call_network(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    NetCall *call = data;
    const HibNetPost *post = &call->run->post;
    const char *handle = call->run->work->remote_key;
    call->called_at = hib_clock_now(net->clock);
    switch (call->step) {
    case HIB_STEP_UPLOAD:
        return network->upload(net, grant, &post->images[call->image], &call->ref);
    case HIB_STEP_PUBLISH:
        return network->publish(net, grant, handle, post, call->run->refs, &call->published);
    case HIB_STEP_FIND:
        break;
    }
    return network->find(net, grant, handle, post, &call->is_found, &call->published);
}

/* Calls, decides, and writes down what came of it; *ret_go says how it goes on. */
static bool
step(Run *run, NetCall *call, HibDeliverGo *ret_go, GError **error)
{
    HibDeliverWork *work = run->work;
    HibDeliverOutcome outcome = {.step = call->step, .was_called = true};
    call->run = run;
    if (!hib_accounts_call(run->db, run->services, work->account_id, call_network, call,
                           &outcome.result, error))
        return false;
    if (call->step == HIB_STEP_PUBLISH && call->called_at)
        work->sent_at = call->called_at;
    outcome.is_found = call->is_found;
    outcome.published = call->published;
    outcome.verdict = hib_deliver_decide(&(HibDeliverAsk){.state = work->state,
                                                          .step = call->step,
                                                          .class = outcome.result.class,
                                                          .retry_at = outcome.result.retry_at,
                                                          .is_found = call->is_found,
                                                          .failures = work->failures,
                                                          .reads = work->reads,
                                                          .now = hib_db_now(run->db),
                                                          .sent_at = work->sent_at,
                                                          .late_from = work->late_from});
    *ret_go = outcome.verdict.go;
    if (outcome.verdict.go == HIB_GO_ON)
        return true;
    bool done;
    if (!hib_deliver_conclude(run->db, work, &outcome, &done, error))
        return false;
    if (outcome.verdict.state == HIB_DELIVERY_UNKNOWN ||
        outcome.verdict.state == HIB_DELIVERY_FAILED)
        hib_log(HIB_WARN, "publish.not_out", "delivery", work->id, "class",
                hib_net_class_name(outcome.result.class), "code", outcome.result.code, NULL);
    if (done && outcome.verdict.go == HIB_GO_AGAIN)
        return again(run, outcome.verdict.at);
    return true;
}

/* --- what is sent ---------------------------------------------------------------------------------------------------------- */
static bool
read_refs(Run *run, GError **error)
{
    HibJson list;
    run->refs =
        hib_arena_array(hib_db_arena(run->db), const char *, (size_t)run->work->n_images + 1);
    if (!hib_json_parse(hib_db_arena(run->db), run->work->image_refs, strlen(run->work->image_refs),
                        &list, error))
        return false;
    for (HibJson e = hib_json_first(list); e.value && run->n_refs < (size_t)run->work->n_images;
         e = hib_json_next(list, e))
        if (cJSON_IsString(e.value))
            run->refs[run->n_refs++] = e.value->valuestring;
    return true;
}

static bool
read_images(Run *run, GError **error)
{
    HibArena *arena = hib_db_arena(run->db);
    HibPost *post;
    if (!hib_plan_get(run->db, run->work->post_id, true, &post, error))
        return false;
    HibNetImage *images = hib_arena_array(arena, HibNetImage, post->n_images + 1);
    const char **media = hib_arena_array(arena, const char *, post->n_images + 1);
    for (size_t i = 0; i < post->n_images; i++) {
        const HibPostImage *image = &post->images[i];
        images[i] = (HibNetImage){.mime = image->mime,
                                  .alt = image->alt ? image->alt : "",
                                  .sha256 = image->sha256,
                                  .width = image->width,
                                  .height = image->height};
        media[i] = image->media_id;
    }
    run->images = images;
    run->post.images = images;
    run->post.n_images = post->n_images;
    run->work->n_images = (int)post->n_images;
    run->media = media;
    return read_refs(run, error);
}

static bool
prepare(Run *run, GError **error)
{
    HibDeliverWork *work = run->work;
    HibArena *arena = hib_db_arena(run->db);
    run->network = hib_network_find(work->network);
    if (!run->network) {
        hib_error_set(error, HIB_ERROR_INVALID, "accounts.network_unknown", "no connector for %s",
                      work->network);
        return false;
    }
    if (!work->created_at)
        work->created_at = hib_db_now(run->db);
    if (!work->remote_key) {
        HibNetContext net = {.http = run->services->http,
                             .arena = arena,
                             .clock = hib_store_clock(hib_db_store(run->db))};
        work->remote_key = run->network->new_handle(&net);
    }
    const char **langs = hib_arena_array(arena, const char *, 2);
    langs[0] = work->lang ? work->lang : hib_deliver_lang(work->text);
    run->post = (HibNetPost){
        .text = work->text, .langs = langs[0] ? langs : NULL, .created_at = work->created_at};
    return work->n_images == 0 || read_images(run, error);
}

static const char *
fingerprint(const Run *run)
{
    g_autoptr(GString) all = g_string_new(run->post.text);
    for (const char *const *lang = run->post.langs; lang && *lang; lang++)
        g_string_append_printf(all, "\nlang %s", *lang);
    for (size_t i = 0; i < run->post.n_images; i++)
        g_string_append_printf(all, "\nimage %s %s", run->post.images[i].sha256,
                               run->post.images[i].alt);
    return hib_sha256_hex(hib_db_arena(run->db), all->str, all->len);
}

/* --- sending --------------------------------------------------------------------------------------------------------------- */
/* Claimed, but the switch was thrown before the call: back to waiting as if nothing had been. */
static bool
put_back(Run *run, GError **error)
{
    HibDeliverWork *work = run->work;
    HibDeliverOutcome outcome = {
        .step = HIB_STEP_PUBLISH,
        .verdict = {.state = HIB_DELIVERY_WAITING, .go = HIB_GO_AGAIN, .failures = work->failures},
    };
    bool done;
    return hib_deliver_conclude(run->db, work, &outcome, &done, error) &&
           again(run, hib_db_now(run->db));
}

static bool
upload_one(Run *run, size_t image, HibDeliverGo *ret_go, bool *ret_done, GError **error)
{
    HibArena *arena = hib_db_arena(run->db);
    g_autoptr(GBytes) content = NULL;
    if (!hib_media_content(run->db, run->services, run->media[image], &content, error))
        return false;
    HibNetImage *slot = &run->images[image];
    slot->data = g_bytes_get_data(content, &slot->n);
    NetCall call = {.step = HIB_STEP_UPLOAD, .image = image};
    bool ok = step(run, &call, ret_go, error);
    slot->data = NULL;
    if (!ok || *ret_go != HIB_GO_ON)
        return ok;
    run->refs[run->n_refs++] = call.ref;
    const char *refs = hib_json_print(arena, cJSON_CreateStringArray(run->refs, (int)run->n_refs));
    return hib_deliver_keep_ref(run->db, run->work, refs,
                                hib_arena_printf(arena, "%zu/%zu", run->n_refs, run->post.n_images),
                                ret_done, error);
}

/* The row is ours, in state sending. Pictures first, each reference stored before the next; then the post. */
static bool
send(Run *run, GError **error)
{
    HibDeliverGo go;
    bool done = true, is_held;
    while (run->n_refs < run->post.n_images) {
        if (!upload_one(run, run->n_refs, &go, &done, error))
            return false;
        if (go != HIB_GO_ON || !done)
            return true;
    }
    if (!run->work->is_dispatched && !hib_deliver_dispatch(run->db, run->work, &done, error))
        return false;
    if (!hib_publish_is_held(run->db, &is_held, error))
        return false;
    if (is_held || !done)
        return put_back(run, error);
    NetCall call = {.step = HIB_STEP_PUBLISH};
    return step(run, &call, &go, error);
}

static bool
end_without_call(Run *run, HibDeliverVerdict verdict, HibNetClass class, const char *code,
                 const char *message, GError **error)
{
    HibDeliverOutcome outcome = {
        .verdict = verdict,
        .step = HIB_STEP_PUBLISH,
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
start(Run *run, GError **error)
{
    HibDeliverWork *work = run->work;
    HibInstant wake = work->next_at ? work->next_at : work->due_at;
    bool is_held, done;
    if (hib_db_now(run->db) < wake)
        return again(run, wake);
    if (!hib_publish_is_held(run->db, &is_held, error))
        return false;
    if (is_held) /* the release adds the job again */
        return hib_deliver_mark_held(run->db, work, &done, error) &&
               (done || again(run, hib_db_now(run->db)));
    if (!check_account(run, &done, error))
        return false;
    if (!done)
        return true;
    if (!prepare(run, error) ||
        !hib_deliver_claim(run->db, work, fingerprint(run), run->job->id, &done, error))
        return false;
    return done ? send(run, error)
                : again(run, hib_db_now(run->db)); /* moved or held this very moment: look again */
}

/* The row says sending, and this run did not do it: the one before was cut short. */
static bool
resume(Run *run, GError **error)
{
    HibDeliverWork *work = run->work;
    bool done;
    HibDeliverGo go;
    HibInstant now = hib_db_now(run->db);
    if (work->job_id && !g_str_equal(work->job_id, run->job->id) && work->busy_until > now)
        return again(run, work->busy_until); /* another job, maybe at work just now */
    if (!hib_deliver_take_over(run->db, work, run->job->id, &done, error))
        return false;
    if (!done)
        return again(run, now + HIB_SECOND);
    if (!prepare(run, error))
        return false;
    if (!work->is_dispatched)
        return send(run, error);
    hib_log(HIB_WARN, "publish.resumed", "delivery", work->id, NULL);
    NetCall call = {.step = HIB_STEP_FIND};
    return step(run, &call, &go, error);
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
    return end_without_call(run, verdict, HIB_NET_FATAL, hib_error_reason(cause), cause->message,
                            error);
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
    Run run = {.db = db, .services = context, .job = job, .end = HIB_JOB_DONE};
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
    Run run = {.db = db, .services = context, .job = job, .end = HIB_JOB_DONE};
    NetCall call = {.step = HIB_STEP_FIND};
    HibDeliverGo go;
    GError *cause = NULL;
    bool ok = hib_deliver_load(db, job->subject, &run.work, &cause);
    if (ok && run.work && run.work->state == HIB_DELIVERY_UNKNOWN) {
        ok = prepare(&run, &cause) && step(&run, &call, &go, &cause);
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
