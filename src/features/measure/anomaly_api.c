/* Unusual days over HTTP. */
#include "base/error.h"
#include "days/days.h"
#include "http/call.h"
#include "measure/anomaly.h"
#include "measure/measure_private.h"
#include <math.h>

static HibApiAnomaly
to_api(HibArena *arena, const HibAnomalyRow *row)
{
    return (HibApiAnomaly){.id = row->id,
                           .metric = hib_api_anomaly_metric_from(row->metric),
                           .account_id = row->account_id,
                           .first_day = hib_measure_day_text(arena, row->first_day),
                           .last_day = hib_measure_day_text(arena, row->last_day),
                           .is_above = row->is_above,
                           .actual = row->actual,
                           .expected = row->expected,
                           .low = row->low,
                           .high = row->high,
                           .surprise = row->surprise,
                           .status = (int)row->status,
                           .note = row->note,
                           .by_name = row->by_name,
                           .has_by_name = row->by_name != NULL,
                           .found_at = row->found_at,
                           .updated_at = row->updated_at,
                           .version = row->version};
}

bool
hib_on_list_anomalies(HibCall *call, const HibApiListAnomaliesQuery *query, GError **error)
{
    HibAnomalyRow *rows;
    size_t n;
    if (!hib_anomalies(hib_call_db(call), query->has_judged && query->judged, &rows, &n, error))
        return false;
    HibApiAnomaly *out = hib_arena_array(hib_call_arena(call), HibApiAnomaly, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = to_api(hib_call_arena(call), &rows[i]);
    const HibApiAnomalyList list = {.anomalies = out, .n_anomalies = n};
    return hib_reply_anomaly_list(call, 200, &list);
}

/* Each day with what it was expected to be, as far as the days before it can tell. */
static void
put_days(HibArena *arena, const HibDaily *series, HibApiAnomalyView *view)
{
    double middle, low, high;
    view->days = hib_arena_array(arena, HibApiAnomalyDay, series->n + 1);
    for (size_t i = 0; i < series->n; i++) {
        HibApiAnomalyDay *day = &view->days[view->n_days++];
        day->day = hib_measure_day_text(arena, hib_measure_day_shift(series->first, (int)i));
        day->has_value = !isnan(series->values[i]);
        day->value = day->has_value ? series->values[i] : 0;
        day->has_expected = day->has_low = day->has_high =
            hib_unusual_expect(arena, series->values, i, &middle, &low, &high);
        if (!day->has_expected)
            continue;
        day->expected = middle;
        day->low = low;
        day->high = high;
    }
}

bool
hib_on_get_anomaly(HibCall *call, const char *anomaly, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibAnomalyRow *row;
    HibDaily series;
    HibAnomalyPost *posts;
    size_t n;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !hib_anomaly_get(db, anomaly, &row, error) ||
        !hib_anomaly_series(db, zone, row, &series, error) ||
        !hib_anomaly_posts(db, zone, row, &posts, &n, error))
        return false;
    HibApiAnomalyView view = {.anomaly = to_api(arena, row),
                              .posts = hib_arena_array(arena, HibApiAnomalyPost, n + 1),
                              .n_posts = n};
    put_days(arena, &series, &view);
    for (size_t i = 0; i < n; i++)
        view.posts[i] =
            (HibApiAnomalyPost){posts[i].post,         *posts[i].post != 0,  posts[i].delivery,
                                posts[i].published_at, posts[i].engagements, posts[i].more};
    return hib_reply_anomaly_view(call, 200, &view);
}

bool
hib_on_judge_anomaly(HibCall *call, const char *anomaly, const HibApiAnomalyJudgement *in,
                     GError **error)
{
    HibAnomalyRow *row;
    if (!hib_anomaly_judge(hib_call_db(call), anomaly, in->version, (HibAnomalyStatus)in->status,
                           in->note ? in->note : "", &row, error))
        return false;
    const HibApiAnomaly out = to_api(hib_call_arena(call), row);
    return hib_reply_anomaly(call, 200, &out);
}
