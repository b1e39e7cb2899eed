/* One metric over time over HTTP, with the time before it. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "http/call.h"
#include "measure/measure_private.h"
#include "measure/series.h"

enum { USUAL_DAYS = 28 };

static HibApiMeasurePoint
point_of(HibArena *arena, HibGrain grain, const HibSeriesPoint *point)
{
    const bool is_hour = grain == HIB_GRAIN_HOUR;
    return (HibApiMeasurePoint){
        .day = hib_measure_day_text(arena, is_hour ? point->at / 100 : point->at),
        .has_day = point->at != 0,
        .hour = is_hour ? point->at % 100 : 0,
        .has_hour = is_hour && point->at != 0,
        .value = point->value,
        .has_value = point->has_value,
        .readings = point->readings,
        .falls = point->falls,
        .gaps = point->gaps,
        .inexact = point->inexact,
        .as_of = point->as_of,
        .has_as_of = point->as_of != 0};
}

static HibApiMeasurePoint *
points_of(HibArena *arena, HibGrain grain, const HibSeries *series)
{
    HibApiMeasurePoint *points = hib_arena_array(arena, HibApiMeasurePoint, series->n + 1);
    for (size_t i = 0; i < series->n; i++)
        points[i] = point_of(arena, grain, &series->points[i]);
    return points;
}

/* A hashtag is kept folded; other names as they are. */
static bool
set_part(HibCall *call, const HibApiGetMeasureSeriesQuery *in, HibSeriesQuery *query,
         GError **error)
{
    query->part = -1;
    if (in->has_by != in->has_name) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "measure.half_a_part",
                         in->has_by ? "?name" : "?by", "by and name go together");
        return false;
    }
    if (!in->has_by)
        return true;
    query->part = (int)in->by;
    query->name =
        query->part == HIB_PART_TAG ? hib_measure_tag(hib_call_arena(call), in->name) : in->name;
    return true;
}

static bool
set_metric(const HibApiGetMeasureSeriesQuery *in, HibSeriesQuery *query, GError **error)
{
    const char *slug = in->has_metric ? in->metric : "engagements";
    query->metric = hib_metric_find(slug);
    if (query->metric && hib_series_has(query->metric, query->grain))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "measure.metric_unknown", "?metric",
                     "no metric of such times: %s", slug);
    if (error)
        hib_error_set_detail(*error, "metric", slug);
    return false;
}

/* Days whose hours are all there: the oldest that is kept may be begun. */
static int
days_kept(const HibSeriesQuery *query)
{
    return (int)((query->name ? HIB_PART_HOURS_KEPT : HIB_ROLL_HOURS_KEPT) / HIB_DAY) - 1;
}

/* Both periods are of whole days; hours go back only so far. */
static bool
set_days(HibDb *db, const HibZone *zone, const HibApiGetMeasureSeriesQuery *in,
         HibSeriesQuery *query, GError **error)
{
    const int days = in->has_days ? (int)in->days : USUAL_DAYS, kept = days_kept(query);
    if (query->grain == HIB_GRAIN_HOUR && days > kept) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "measure.hours_kept", "?days", "%d days", days);
        if (error)
            hib_error_set_detail(*error, "days", hib_arena_printf(hib_db_arena(db), "%d", kept));
        return false;
    }
    query->until = hib_measure_day_shift(hib_measure_day(zone, hib_db_now(db)), 1);
    query->from = hib_measure_day_shift(query->until, -days);
    return true;
}

/* As many days before; none where their hours are not kept any more, which is not the same as nothing having come in. */
static HibSeriesQuery
time_before(const HibSeriesQuery *query)
{
    const int days = hib_measure_day_distance(query->from, query->until);
    HibSeriesQuery before = *query;
    before.until = query->from;
    if (query->grain == HIB_GRAIN_HOUR && 2 * days > days_kept(query))
        before.from = before.until;
    else
        before.from = hib_measure_day_shift(query->from, -days);
    return before;
}

/* Hours of today that are still to come. */
static void
leave_out_future(const HibZone *zone, HibInstant now, HibSeries *series)
{
    const HibWall wall = hib_wall_at(zone, now);
    const int64_t last = hib_measure_day(zone, now) * 100 + wall.hour;
    while (series->n && series->points[series->n - 1].at > last)
        series->n--;
}

bool
hib_on_get_measure_series(HibCall *call, const HibApiGetMeasureSeriesQuery *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibAccount *account;
    HibSeries now, before;
    const char *source = NULL;
    bool is_partial = false;
    HibSeriesQuery query = {.grain = in->has_grain ? (HibGrain)in->grain : HIB_GRAIN_DAY,
                            .account = in->has_account ? in->account : NULL};
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !set_metric(in, &query, error) || !set_part(call, in, &query, error) ||
        !set_days(db, zone, in, &query, error) ||
        (query.account && !hib_accounts_get(db, query.account, &account, error)))
        return false;
    const HibSeriesQuery earlier = time_before(&query);
    if (!hib_measure_series(db, &query, &now, error) ||
        !hib_measure_series(db, &earlier, &before, error) ||
        !hib_measure_source(db, query.account, &source, &is_partial, error))
        return false;
    if (query.grain == HIB_GRAIN_HOUR)
        leave_out_future(zone, hib_db_now(db), &now);
    const HibApiMeasureSeries reply = {.zone = hib_zone_name(zone),
                                       .metric = query.metric->slug,
                                       .grain = (int)query.grain,
                                       .points = points_of(arena, query.grain, &now),
                                       .n_points = now.n,
                                       .before = points_of(arena, query.grain, &before),
                                       .n_before = before.n,
                                       .whole = point_of(arena, query.grain, &now.whole),
                                       .whole_before = point_of(arena, query.grain, &before.whole),
                                       .source = source,
                                       .is_of_posts = now.is_of_posts,
                                       .is_partial = is_partial};
    return hib_reply_measure_series(call, 200, &reply);
}
