/* Collection: one job an account reads as many posts a call as its network takes (25 at most), oldest reading first, and the account itself once an hour.
 *
 * A network that fails only delays: the next try comes later and later, up to an hour, and no reading is invented. A post the network no longer has is marked gone; one it
 * does not list yet has no numbers, and is looked for again soon. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "measure/audience.h"
#include "measure/measure_private.h"
#include "measure/part.h"
#include "networks/network.h"

enum { POSTS_A_CALL = 25 };
#define TOGETHER (20 * HIB_SECOND) /* due this much later: read in the same call */
#define DEMO_EVERY HIB_MINUTE
#define HUMAN_LATER (6 * HIB_HOUR) /* a person has to act; reconnecting brings it forward */

static HibInstant
next_read(const HibServices *services, HibInstant published_at, HibInstant now, bool is_listed)
{
    if (services->is_demo && now - published_at < HIB_HOUR)
        return now + DEMO_EVERY;
    return is_listed ? hib_measure_next_read(published_at, now)
                     : hib_measure_next_look(published_at, now);
}

static bool
follow_delivery(HibDb *db, const HibServices *services, const char *id, GError **error)
{
    HibDelivery *delivery = NULL;
    if (!hib_publish_get(db, id, &delivery, error))
        return false;
    if (delivery->part > 0 || !*delivery->post_id)
        return true; /* what follows a post, and answers, are read with what they stand under */
    if (!hib_measure_hold(db, &delivery->account_id, 1, error))
        return false;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    HibInstant now = hib_db_now(db), next = next_read(services, delivery->published_at, now, true);
    return hib_measure_follow(db, delivery, zone, next ? &next : NULL, error) &&
           hib_measure_plan_next(db, delivery->account_id, now, error);
}

/* What the network had asked for was asked of the old grant. */
static bool
follow_account(HibDb *db, const char *account, GError **error)
{
    HibMeasureState state;
    if (!hib_measure_state_get(db, account, &state, error))
        return false;
    state.not_before = state.failures = 0;
    return hib_measure_state_set(db, account, &state, error) &&
           hib_measure_plan_next(db, account, hib_db_now(db), error) &&
           hib_audience_plan(db, account, hib_db_now(db), error);
}

static bool
read_event(HibDb *db, const HibJob *job, HibJson *ret, const char **ret_event, GError **error)
{
    *ret_event = "";
    return hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), ret, error) &&
           hib_json_opt_text(*ret, "event", ret_event, error);
}

bool
hib_measure_follow_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                       HibInstant *at G_GNUC_UNUSED, GError **error)
{
    HibJson payload;
    const char *event;
    *end = HIB_JOB_DONE;
    if (!read_event(db, job, &payload, &event, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    bool is_followed = g_str_equal(event, "delivery.published")
                           ? follow_delivery(db, context, job->subject, error)
                           : follow_account(db, job->subject, error);
    return is_followed && hib_tx_commit(tx, error);
}

bool
hib_measure_rebuild_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *end,
                        HibInstant *at G_GNUC_UNUSED, GError **error)
{
    HibJson payload, data;
    const char *event;
    bool is_zone = false;
    *end = HIB_JOB_DONE;
    if (!read_event(db, job, &payload, &event, error) ||
        !hib_json_opt_object(payload, "data", &data, error))
        return false;
    if (data.value && !hib_json_opt_bool(data, "is_zone", &is_zone, error))
        return false;
    return !is_zone || hib_measure_rebuild(db, error);
}

/* A post changed, or what a network shows of it: it may belong elsewhere now. */
bool
hib_measure_relabel_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *end,
                        HibInstant *at G_GNUC_UNUSED, GError **error)
{
    HibJson payload, data;
    const char *event, *post = job->subject;
    *end = HIB_JOB_DONE;
    if (!read_event(db, job, &payload, &event, error))
        return false;
    if (g_str_equal(event, "delivery.edited") && (!hib_json_object(payload, "data", &data, error) ||
                                                  !hib_json_text(data, "post", &post, error)))
        return false;
    return hib_measure_relabel(db, post, error);
}

/* --- one call -------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *const *remote_ids;
    size_t n;
    HibNetReading *readings, account;
    bool has_posts, wants_account, has_account;
} Reading;

static HibNetResult
read_now(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Reading *reading = data;
    HibNetResult said = {.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
    if (reading->n && !reading->has_posts) {
        said = network->read_posts(net, grant, reading->remote_ids, reading->n, reading->readings);
        reading->has_posts = said.class == HIB_NET_OK;
    }
    if (said.class == HIB_NET_OK && reading->wants_account) {
        said = network->read_account(net, grant, &reading->account);
        reading->has_account = said.class == HIB_NET_OK;
    }
    return said;
}

static void
add_snapshots(GArray *snapshots, const char *delivery, const char *account,
              const HibNetReading *reading, HibInstant as_of)
{
    for (size_t i = 0; i < reading->n_metrics; i++) {
        HibSnapshot s = {delivery, account, reading->metrics[i].metric, as_of,
                         reading->metrics[i].value};
        g_array_append_val(snapshots, s);
    }
}

static bool
store_followers(HibDb *db, const char *account, const HibNetReading *reading, HibInstant as_of,
                GError **error)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (g_str_equal(reading->metrics[i].metric, "followers"))
            return hib_accounts_set_followers(db, account, reading->metrics[i].value, as_of, error);
    return true;
}

static bool
store_readings(HibDb *db, const HibServices *services, const char *account,
               const HibMeasureDue *due, const Reading *reading, GError **error)
{
    HibInstant now = hib_db_now(db);
    g_autoptr(GArray) snapshots = g_array_new(FALSE, TRUE, sizeof(HibSnapshot));
    for (size_t i = 0; reading->has_posts && i < reading->n; i++) {
        const HibNetReading *post = &reading->readings[i];
        HibInstant next = next_read(services, due[i].published_at, now, post->n_metrics > 0);
        if (!hib_measure_set_next(db, due[i].delivery, next, post->is_gone, error))
            return false;
        add_snapshots(snapshots, due[i].delivery, account, post, now);
    }
    if (reading->has_account) {
        add_snapshots(snapshots, NULL, account, &reading->account, now);
        if (!store_followers(db, account, &reading->account, now, error) ||
            !hib_audience_begin(db, account, error))
            return false;
    }
    return hib_measure_add(db, (const HibSnapshot *)(const void *)snapshots->data, snapshots->len,
                           error) &&
           hib_event_emit(db, "metrics.collected", account, NULL, error);
}

bool
hib_measure_told(HibDb *db, const HibAccountHookEvent *told, GError **error)
{
    const char *delivery = NULL;
    if (!told->event.remote_id)
        return true;
    if (!hib_publish_find(db, told->account, told->event.remote_id, &delivery, error))
        return false;
    if (!delivery)
        return true;
    g_autoptr(GArray) snapshots = g_array_new(FALSE, TRUE, sizeof(HibSnapshot));
    add_snapshots(snapshots, delivery, told->account, &told->event.reading, told->event.at);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_measure_add(db, (const HibSnapshot *)(const void *)snapshots->data, snapshots->len,
                           error) &&
           hib_event_emit(db, "metrics.collected", told->account, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_measure_take_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *end,
                     HibInstant *at G_GNUC_UNUSED, GError **error)
{
    HibJson payload, data = {0};
    const char *event, *id = NULL;
    HibAccountHookEvent *told = NULL;
    *end = HIB_JOB_DONE;
    return read_event(db, job, &payload, &event, error) &&
           hib_json_object(payload, "data", &data, error) &&
           hib_json_text(data, "hook_event", &id, error) &&
           hib_accounts_hook_event(db, id, &told, error) &&
           (!told || hib_measure_told(db, told, error));
}

/* When to call again after a call that failed. */
static HibInstant
put_off(const HibMeasureState *state, const HibNetResult *said, HibInstant now)
{
    if (said->class == HIB_NET_REAUTH_HUMAN || said->class == HIB_NET_BLOCKED)
        return now + HUMAN_LATER;
    HibDuration wait = MIN(HIB_HOUR, (30 * HIB_SECOND) << MIN(state->failures, 10));
    return MAX(now + wait, said->retry_at);
}

/* What was read is kept, also when the call that came after it failed. */
static bool
finish(HibDb *db, const HibServices *services, const char *account, HibMeasureState state,
       const HibMeasureDue *due, const Reading *reading, const HibNetResult *said, GError **error)
{
    HibInstant now = hib_db_now(db);
    bool is_ok = said->class == HIB_NET_OK;
    state.failures = is_ok ? 0 : state.failures + 1;
    state.not_before = is_ok ? 0 : put_off(&state, said, now);
    if (reading->has_account) {
        state.read_at = now;
        state.has_read_at = true;
    }
    if (!is_ok)
        hib_log(HIB_WARN, "measure.not_read", "account", account, "class",
                hib_net_class_name(said->class), NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    /* The account before its posts, as everybody takes them. */
    if (!tx || !hib_measure_hold(db, &account, 1, error) ||
        ((reading->has_posts || reading->has_account) &&
         !store_readings(db, services, account, due, reading, error)))
        return false;
    return hib_measure_state_set(db, account, &state, error) &&
           hib_measure_plan_next(db, account, now + HIB_SECOND, error) && hib_tx_commit(tx, error);
}

static bool
prepare(HibDb *db, const HibMeasureDue *due, size_t n, Reading *reading, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char **ids = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibDelivery *delivery = NULL;
        if (!hib_publish_get(db, due[i].delivery, &delivery, error))
            return false;
        ids[i] = delivery->remote_id ? delivery->remote_id : "";
    }
    reading->remote_ids = ids;
    reading->n = n;
    reading->readings = hib_arena_array(arena, HibNetReading, n + 1);
    return true;
}

/* How many posts one call of the account's network takes; POSTS_A_CALL where the account is gone (the call then says so). */
static int
posts_a_call(HibDb *db, const char *account)
{
    HibAccount *found = NULL;
    g_autoptr(GError) gone = NULL;
    const HibNetwork *network =
        hib_accounts_get(db, account, &found, &gone) ? hib_network_find(found->network) : NULL;
    return network && network->max_read ? (int)MIN(network->max_read, (size_t)POSTS_A_CALL)
                                        : POSTS_A_CALL;
}

bool
hib_measure_collect_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                        HibInstant *at G_GNUC_UNUSED, GError **error)
{
    const HibServices *services = context;
    const char *account = job->subject;
    HibMeasureState state;
    HibMeasureDue *due = NULL;
    Reading reading = {0};
    size_t n = 0;
    HibInstant now = hib_db_now(db);
    *end = HIB_JOB_DONE;
    if (!hib_measure_state_get(db, account, &state, error) ||
        !hib_measure_due(db, account, now + TOGETHER, posts_a_call(db, account), &due, &n, error) ||
        !prepare(db, due, n, &reading, error))
        return false;
    reading.wants_account =
        !state.has_read_at || state.read_at + HIB_MEASURE_ACCOUNT_EVERY <= now + TOGETHER;
    if (!n && !reading.wants_account) {
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        return tx && hib_measure_plan_next(db, account, now + HIB_SECOND, error) &&
               hib_tx_commit(tx, error);
    }
    HibNetResult said;
    g_autoptr(GError) failure = NULL;
    if (!hib_accounts_call(db, services, account, read_now, &reading, &said, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_NOT_FOUND))
            return true; /* disconnected: nothing is read any more; connecting again begins anew */
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    return finish(db, services, account, state, due, &reading, &said, error);
}
