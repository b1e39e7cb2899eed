/* Collection: one job an account reads up to 25 posts a call, oldest reading first, and the account itself once an hour.
 *
 * A network that fails only delays: the next try comes later and later, up to an hour, and no reading is invented. A post the network no longer has is marked gone. */
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "measure/measure_private.h"
#include "measure/overview.sql.h"
#include "measure/reading.sql.h"

enum { POSTS_A_CALL = 25 };
#define TOGETHER (20 * HIB_SECOND)  /* due this much later: read in the same call */
#define ACCOUNT_EVERY HIB_HOUR
#define DEMO_EVERY HIB_MINUTE

static HibInstant
next_read(const HibServices *services, HibInstant published_at, HibInstant now)
{
    if (services->is_demo && now - published_at < HIB_HOUR)
        return now + DEMO_EVERY;
    return hib_measure_next_read(published_at, now);
}

/* The account's one waiting job moves to when its next reading is due. */
static bool
plan_next(HibDb *db, const char *account, HibInstant not_before, GError **error)
{
    HibSqlMeasureNextDue *due = NULL;
    HibSqlMeasureAccountGet *state = NULL;
    if (!hib_sql_measure_next_due(db, account, &due, error) || !hib_sql_measure_account_get(db, account, &state, error))
        return false;
    HibInstant at = state && state->has_read_at ? state->read_at + ACCOUNT_EVERY : 0;
    if (due && due->has_at && due->at < at)
        at = due->at;
    return hib_job_add(db, HIB_JOB_COLLECT, account, account, NULL, MAX(at, not_before), NULL, error);
}

bool
hib_measure_follow_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at, GError **error)
{
    HibJson payload;
    const char *event = "";
    HibDelivery *delivery = NULL;
    *end = HIB_JOB_DONE;
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &payload, error) ||
        !hib_json_opt_text(payload, "event", &event, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    if (!g_str_equal(event, "delivery.published"))
        return plan_next(db, job->subject, hib_db_now(db), error) && hib_tx_commit(tx, error);
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !hib_publish_get(db, job->subject, &delivery, error))
        return false;
    HibInstant now = hib_db_now(db), next = next_read(context, delivery->published_at, now);
    return hib_measure_follow(db, delivery, zone, &next, error) && plan_next(db, delivery->account_id, now, error) &&
           hib_tx_commit(tx, error);
}

/* --- one call -------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *const *remote_ids;
    size_t n;
    HibNetReading *readings, account;
    bool wants_account, has_account;
} Reading;

static HibNetResult
read_now(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Reading *reading = data;
    HibNetResult said = {.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
    if (reading->n)
        said = network->read_posts(net, grant, reading->remote_ids, reading->n, reading->readings);
    if (said.class == HIB_NET_OK && reading->wants_account) {
        said = network->read_account(net, grant, &reading->account);
        reading->has_account = said.class == HIB_NET_OK;
    }
    return said;
}

static void
add_snapshots(GArray *snapshots, const char *delivery, const char *account, const HibNetReading *reading, HibInstant as_of)
{
    for (size_t i = 0; i < reading->n_metrics; i++) {
        HibSnapshot s = {delivery, account, reading->metrics[i].metric, as_of, reading->metrics[i].value};
        g_array_append_val(snapshots, s);
    }
}

static bool
store_followers(HibDb *db, const char *account, const HibNetReading *reading, HibInstant as_of, GError **error)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (g_str_equal(reading->metrics[i].metric, "followers"))
            return hib_accounts_set_followers(db, account, reading->metrics[i].value, as_of, error);
    return true;
}

static bool
store_readings(HibDb *db, const HibServices *services, const char *account, const HibSqlMeasureDue *due, const Reading *reading, GError **error)
{
    HibInstant now = hib_db_now(db);
    g_autoptr(GArray) snapshots = g_array_new(FALSE, TRUE, sizeof(HibSnapshot));
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (size_t i = 0; i < reading->n; i++) {
        bool is_gone = reading->readings[i].is_gone;
        HibInstant next = next_read(services, due[i].published_at, now);
        if (!hib_sql_measure_post_next(db, due[i].delivery_id, next && !is_gone ? &next : NULL, is_gone, error))
            return false;
        add_snapshots(snapshots, due[i].delivery_id, account, &reading->readings[i], now);
    }
    if (reading->has_account) {
        HibNetReading only_followers = {0};
        for (size_t i = 0; i < reading->account.n_metrics; i++)
            only_followers.metrics[only_followers.n_metrics++] = reading->account.metrics[i];
        add_snapshots(snapshots, NULL, account, &only_followers, now);
        if (!hib_sql_measure_account_set(db, account, &now, 0, error) || !store_followers(db, account, &only_followers, now, error))
            return false;
    }
    return hib_measure_add(db, (const HibSnapshot *)(const void *)snapshots->data, snapshots->len, error) &&
           hib_event_emit(db, "metrics.collected", account, NULL, error) && plan_next(db, account, now + HIB_SECOND, error) &&
           hib_tx_commit(tx, error);
}

/* Nothing was read: when to try again. */
static bool
put_off(HibDb *db, const char *account, const HibSqlMeasureAccountGet *state, const HibNetResult *said, GError **error)
{
    int64_t failures = (state ? state->failures : 0) + 1;
    HibDuration wait = MIN(HIB_HOUR, (30 * HIB_SECOND) << MIN(failures, 10));
    HibInstant now = hib_db_now(db), at = MAX(now + wait, said->retry_at);
    if (said->class == HIB_NET_REAUTH_HUMAN || said->class == HIB_NET_BLOCKED)
        at = now + 6 * HIB_HOUR; /* account.reconnected brings it forward */
    hib_log(HIB_WARN, "measure.not_read", "account", account, "class", hib_net_class_name(said->class), NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_measure_account_set(db, account, state && state->has_read_at ? &state->read_at : NULL, failures, error) &&
           hib_job_add(db, HIB_JOB_COLLECT, account, account, NULL, at, NULL, error) && hib_tx_commit(tx, error);
}

static bool
prepare(HibDb *db, const char *account, HibSqlMeasureDue *due, size_t n, Reading *reading, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char **ids = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibDelivery *delivery = NULL;
        if (!hib_publish_get(db, due[i].delivery_id, &delivery, error))
            return false;
        ids[i] = delivery->remote_id ? delivery->remote_id : "";
    }
    reading->remote_ids = ids;
    reading->n = n;
    reading->readings = hib_arena_array(arena, HibNetReading, n + 1);
    return true;
}

bool
hib_measure_collect_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at, GError **error)
{
    const HibServices *services = context;
    HibSqlMeasureAccountGet *state = NULL;
    HibSqlMeasureDue *due = NULL;
    HibAccount *account = NULL;
    Reading reading = {0};
    size_t n = 0;
    HibInstant now = hib_db_now(db);
    *end = HIB_JOB_DONE;
    if (!hib_accounts_find(db, job->subject, &account, error) || !hib_sql_measure_account_get(db, job->subject, &state, error) ||
        !hib_sql_measure_due(db, job->subject, now + TOGETHER, POSTS_A_CALL, &due, &n, error) || !prepare(db, job->subject, due, n, &reading, error))
        return false;
    reading.wants_account = !state || !state->has_read_at || state->read_at + ACCOUNT_EVERY <= now + TOGETHER;
    if (!n && !reading.wants_account) {
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        return tx && plan_next(db, job->subject, now + HIB_SECOND, error) && hib_tx_commit(tx, error);
    }
    HibNetResult said;
    g_autoptr(GError) failure = NULL;
    if (!hib_accounts_call(db, services, job->subject, read_now, &reading, &said, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_NOT_FOUND))
            return true; /* disconnected: nothing is read any more; connecting again begins anew */
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (said.class != HIB_NET_OK)
        return put_off(db, job->subject, state, &said, error);
    return store_readings(db, services, job->subject, due, &reading, error);
}
