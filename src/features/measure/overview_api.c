/* The dashboard and a post's curves over HTTP. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "http/call.h"
#include "measure/measure_private.h"
#include "plan/plan.h"

enum { USUAL_DAYS = 28, BEST = 10 };

static HibApiDayPoint *
day_points(HibArena *arena, const HibMeasureOverview *overview)
{
    HibApiDayPoint *points = hib_arena_array(arena, HibApiDayPoint, overview->n_days);
    for (size_t i = 0; i < overview->n_days; i++) {
        const HibMeasureDay *day = &overview->days[i];
        points[i] = (HibApiDayPoint){
            .day = hib_measure_day_text(arena, day->day),
            .posts = day->posts,
            .likes = day->gained[HIB_MEASURE_LIKES],
            .reposts = day->gained[HIB_MEASURE_REPOSTS],
            .replies = day->gained[HIB_MEASURE_REPLIES],
            .followers = day->followers,
            .has_followers = day->has_followers,
        };
        points[i].engagements = hib_measure_day_engagements(day);
    }
    return points;
}

static HibApiHeatCell *
heat_cells(HibArena *arena, const HibMeasureOverview *overview, size_t *ret_n)
{
    HibApiHeatCell *cells = hib_arena_array(arena, HibApiHeatCell, 7 * 24);
    size_t n = 0;
    for (int i = 0; i < 7 * 24; i++) {
        const HibMeasureCell *cell = &overview->cells[i];
        const HibMeanInterval *e = &cell->engagements;
        if (!e->n)
            continue;
        bool has_interval = e->n >= 2;
        cells[n++] =
            (HibApiHeatCell){cell->weekday,  cell->hour,   e->n,    e->mean,      true,
                             MAX(e->low, 0), has_interval, e->high, has_interval, cell->is_apart};
    }
    *ret_n = n;
    return cells;
}

static bool
best_posts(HibDb *db, const HibMeasureOverview *overview, const char *account, HibApiTopPost **ret,
           size_t *ret_n, GError **error)
{
    HibMeasureBest *rows = NULL;
    size_t n = 0;
    if (!hib_measure_best(db, overview, account, BEST, &rows, &n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibApiTopPost, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibShownPost shown;
        if (!hib_measure_shown(db, rows[i].delivery, &shown, error))
            return false;
        (*ret)[i] = (HibApiTopPost){
            .post_id = rows[i].post,
            .has_post_id = !shown.is_outside,
            .delivery_id = rows[i].delivery,
            .account_id = rows[i].account,
            .network = shown.network,
            .text = shown.text,
            .published_at = rows[i].published_at,
            .url = shown.url,
            .has_url = shown.url != NULL,
            .likes = rows[i].values[HIB_MEASURE_LIKES],
            .reposts = rows[i].values[HIB_MEASURE_REPOSTS],
            .replies = rows[i].values[HIB_MEASURE_REPLIES],
            .quotes = rows[i].values[HIB_MEASURE_QUOTES],
            .engagements = rows[i].engagements,
        };
    }
    *ret_n = n;
    return true;
}

bool
hib_on_get_overview(HibCall *call, const HibApiGetOverviewQuery *query, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    const char *account = query->has_account ? query->account : NULL;
    HibAccount *known = NULL;
    HibMeasureOverview overview;
    const char *source = NULL;
    bool is_partial = false;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || (account && !hib_accounts_find(db, account, &known, error)))
        return false;
    if (account && !known) {
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "?account",
                         "no account %s", account);
        return false;
    }
    int days = query->has_days ? (int)query->days : USUAL_DAYS;
    if (!hib_measure_overview(db, zone, days, account, &overview, error) ||
        !hib_measure_source(db, account, &source, &is_partial, error))
        return false;
    HibApiOverview reply = {
        .from = overview.from,
        .to = overview.to,
        .zone = hib_zone_name(zone),
        .days = day_points(arena, &overview),
        .n_days = overview.n_days,
        .collected_at = overview.newest,
        .has_collected_at = overview.has_newest,
    };
    reply.kpis = hib_measure_kpis(arena, &overview, source, is_partial, &reply.n_kpis);
    reply.heat = heat_cells(arena, &overview, &reply.n_heat);
    return best_posts(db, &overview, account, &reply.top, &reply.n_top, error) &&
           hib_reply_overview(call, 200, &reply);
}

/* --- one post ---------------------------------------------------------------------------------------------------- */
static HibApiMetricSeries *
series_of(HibArena *arena, const HibMeasureCurve *curve, const char *metric,
          HibApiDeliveryMetrics *out)
{
    for (size_t i = 0; i < out->n_series; i++)
        if (g_str_equal(out->series[i].metric, metric))
            return &out->series[i];
    HibApiMetricSeries *series = &out->series[out->n_series++];
    series->metric = metric;
    series->state = HIB_API_METRIC_SERIES_STATE_NOT_YET;
    series->points = hib_arena_array(arena, HibApiMetricPoint, curve->n_readings + 1);
    return series;
}

/* The four reactions every network has, and whatever else somebody told; as exact as the newest reading. */
static void
put_series(HibArena *arena, const HibMeasureCurve *curve, HibApiDeliveryMetrics *out)
{
    out->series = hib_arena_array(arena, HibApiMetricSeries, 256);
    for (int m = 0; m < HIB_MEASURE_N; m++)
        (void)series_of(arena, curve, hib_measure_metric_name((HibMeasureMetric)m), out);
    for (size_t i = 0; i < curve->n_readings; i++) {
        const HibMeasureReading *reading = &curve->readings[i];
        HibApiMetricSeries *series = series_of(arena, curve, reading->metric, out);
        series->points[series->n_points++] = (HibApiMetricPoint){reading->as_of, reading->value};
        series->state = (int)reading->state; /* the contract's order is HibMetricState's */
    }
}

static bool
metrics_of(HibDb *db, const HibDelivery *delivery, HibApiDeliveryMetrics *out, GError **error)
{
    HibMeasureCurve *curve = NULL;
    *out = (HibApiDeliveryMetrics){
        .delivery_id = delivery->id,
        .account_id = delivery->account_id,
        .network = delivery->network,
        .url = delivery->url,
        .has_url = delivery->url != NULL,
        .published_at = delivery->published_at,
        .has_published_at = delivery->has_published_at,
    };
    if (!hib_measure_curve(db, delivery->id, &curve, error))
        return false;
    if (!curve)
        return true; /* not out yet, or out this very moment */
    out->as_of = curve->as_of;
    out->has_as_of = curve->has_as_of;
    out->next_at = curve->next_read_at;
    out->has_next_at = curve->has_next_read_at;
    out->is_gone = curve->is_gone;
    put_series(hib_db_arena(db), curve, out);
    return true;
}

bool
hib_on_get_post_metrics(HibCall *call, const char *post, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibPost *known = NULL;
    HibDelivery *rows = NULL;
    size_t n = 0;
    const char *next = NULL;
    HibDeliveryQuery query = {.post = post, .limit = 100};
    if (!hib_plan_get(db, post, true, &known, error) ||
        !hib_publish_list(db, &query, &rows, &n, &next, error))
        return false;
    HibApiPostMetrics reply = {
        .post_id = post,
        .deliveries = hib_arena_array(hib_call_arena(call), HibApiDeliveryMetrics, n + 1),
        .n_deliveries = n};
    for (size_t i = 0; i < n; i++)
        if (!metrics_of(db, &rows[i], &reply.deliveries[i], error))
            return false;
    return hib_reply_post_metrics(call, 200, &reply);
}
