/* The home screen: what goes out today, what needs a person, the last seven days. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "http/call.h"
#include "measure/measure_private.h"
#include "plan/plan.h"

enum { AT_MOST = 200, WEEK = 7, MANY_LATE_MS = 60000 };

typedef struct {
    HibDelivery *rows;
    size_t n;
} Deliveries;

/* Today's, and before them those of earlier days that are still open. */
static bool
read_deliveries(HibDb *db, HibInstant from, HibInstant to, Deliveries *ret, GError **error)
{
    static const HibDeliveryState open[] = {HIB_DELIVERY_WAITING, HIB_DELIVERY_SENDING,
                                            HIB_DELIVERY_UNKNOWN};
    HibDelivery *parts[4];
    size_t counts[4], total = 0;
    const char *next = NULL;
    for (size_t i = 0; i < 3; i++) {
        HibDeliveryQuery query = {.to = &from, .state = &open[i], .limit = AT_MOST};
        if (!hib_publish_list(db, &query, &parts[i], &counts[i], &next, error))
            return false;
        total += counts[i];
    }
    HibDeliveryQuery today = {.from = &from, .to = &to, .limit = AT_MOST};
    if (!hib_publish_list(db, &today, &parts[3], &counts[3], &next, error))
        return false;
    ret->rows = hib_arena_array(hib_db_arena(db), HibDelivery, total + counts[3] + 1);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < counts[i]; k++)
            if (parts[i][k].state != HIB_DELIVERY_CANCELLED)
                ret->rows[ret->n++] = parts[i][k];
    return true;
}

static void
add_task(HibApiToday *reply, int kind, int64_t count)
{
    if (count)
        reply->tasks[reply->n_tasks++] = (HibApiTodayTask){kind, count};
}

static bool
fill_tasks(HibDb *db, HibArena *arena, const Deliveries *today, HibApiToday *reply, GError **error)
{
    int64_t by_state[6] = {0}, late = 0, reconnect = 0, expiring = 0;
    HibAccount *accounts = NULL;
    size_t n = 0;
    if (!hib_publish_counts(db, by_state, error) || !hib_accounts_list(db, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is_broken = accounts[i].state != HIB_ACCOUNT_OK;
        reconnect += is_broken;
        expiring += !is_broken && accounts[i].expiry != HIB_EXPIRY_OK;
    }
    for (size_t i = 0; i < today->n; i++)
        late += today->rows[i].has_lateness && today->rows[i].lateness_ms > MANY_LATE_MS;
    reply->tasks = hib_arena_array(arena, HibApiTodayTask, 6);
    add_task(reply, HIB_API_TODAY_TASK_KIND_FAILED, by_state[HIB_DELIVERY_FAILED]);
    add_task(reply, HIB_API_TODAY_TASK_KIND_UNKNOWN, by_state[HIB_DELIVERY_UNKNOWN]);
    add_task(reply, HIB_API_TODAY_TASK_KIND_RECONNECT, reconnect);
    add_task(reply, HIB_API_TODAY_TASK_KIND_EXPIRING, expiring);
    add_task(reply, HIB_API_TODAY_TASK_KIND_LATE, late);
    add_task(reply, HIB_API_TODAY_TASK_KIND_DRAFTS_TODAY, (int64_t)reply->n_drafts);
    return true;
}

static bool
fill_drafts(HibDb *db, HibArena *arena, HibInstant from, HibInstant to, HibApiToday *reply,
            GError **error)
{
    HibPostState draft = HIB_POST_DRAFT;
    HibPostQuery query = {.from = &from, .to = &to, .state = &draft, .limit = AT_MOST};
    HibPost *posts = NULL;
    size_t n = 0;
    const char *next = NULL;
    if (!hib_plan_list(db, &query, &posts, &n, &next, error))
        return false;
    reply->drafts = hib_arena_array(arena, HibApiPost, n + 1);
    reply->n_drafts = n;
    for (size_t i = 0; i < n; i++)
        hib_plan_to_api(arena, &posts[i], &reply->drafts[i]);
    return true;
}

bool
hib_on_get_today(HibCall *call, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    HibInstant now = hib_db_now(db), from = hib_day_start(zone, now, 0),
               to = hib_day_start(zone, now, 1);
    HibApiToday reply = {.now = now, .zone = hib_zone_name(zone)};
    Deliveries today = {0};
    HibHold *hold = NULL;
    HibMeasureOverview week;
    const char *source = NULL;
    bool is_partial = false;
    if (!read_deliveries(db, from, to, &today, error) ||
        !fill_drafts(db, arena, from, to, &reply, error) ||
        !fill_tasks(db, arena, &today, &reply, error) || !hib_publish_hold(db, &hold, error) ||
        !hib_measure_overview(db, zone, WEEK, NULL, &week, error) ||
        !hib_measure_source(db, NULL, &source, &is_partial, error))
        return false;
    reply.deliveries = hib_arena_array(arena, HibApiDelivery, today.n + 1);
    reply.n_deliveries = today.n;
    for (size_t i = 0; i < today.n; i++)
        hib_publish_to_api(&today.rows[i], &reply.deliveries[i]);
    reply.kpis = hib_measure_kpis(arena, &week, source, is_partial, &reply.n_kpis);
    hib_publish_hold_to_api(arena, hold, &reply.hold);
    return hib_reply_today(call, 200, &reply);
}
