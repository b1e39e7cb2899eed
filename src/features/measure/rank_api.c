/* The dictionary, posts ranked and posts put together, over HTTP. */
#include "base/error.h"
#include "days/days.h"
#include "http/call.h"
#include "measure/measure_private.h"
#include "measure/rank.h"
#include "measure/series.h"
#include <string.h>

enum { USUAL_DAYS = 28, USUAL_LIMIT = 50 };

/* --- the dictionary ------------------------------------------------------------------------------------------------ */
static HibApiMetricText
text_of(HibMetricText text)
{
    return (HibApiMetricText){text.ja, text.en};
}

static void
put_meanings(HibArena *arena, const HibMetric *metric, HibApiMetric *out)
{
    out->meanings = hib_arena_array(arena, HibApiMetricMeaning, metric->n_meanings + 1);
    out->n_meanings = metric->n_meanings;
    for (size_t i = 0; i < metric->n_meanings; i++) {
        const HibMetricMeaning *m = &metric->meanings[i];
        out->meanings[i] = (HibApiMetricMeaning){.network = m->network,
                                                 .field = m->field,
                                                 .from = m->from,
                                                 .has_from = m->from != NULL,
                                                 .state = (int)m->state,
                                                 .text = text_of(m->text)};
    }
    out->changes = hib_arena_array(arena, HibApiMetricChange, metric->n_changes + 1);
    out->n_changes = metric->n_changes;
    for (size_t i = 0; i < metric->n_changes; i++) {
        const HibMetricChange *c = &metric->changes[i];
        out->changes[i] =
            (HibApiMetricChange){.network = c->network, .on = c->on, .text = text_of(c->text)};
    }
}

bool
hib_on_list_metrics(HibCall *call, GError **error G_GNUC_UNUSED)
{
    HibArena *arena = hib_call_arena(call);
    size_t n = 0;
    const HibMetric *metrics = hib_metrics(&n);
    HibApiMetric *out = hib_arena_array(arena, HibApiMetric, n);
    for (size_t i = 0; i < n; i++) {
        const HibMetric *m = &metrics[i];
        out[i] = (HibApiMetric){
            .slug = m->slug,
            .kind = (int)m->kind,
            .unit = (int)m->unit,
            .name = text_of(m->name),
            .formula = text_of(m->formula),
            .over = m->over,
            .has_over = m->over != NULL,
            .under = m->under,
            .has_under = m->under != NULL,
            .is_of_posts = hib_rank_is_of_posts(m),
            .is_lower_better = m->is_lower_better,
            .is_engagement = m->is_engagement,
            .adds_over_posts = (m->adds & HIB_METRIC_OVER_POSTS) != 0,
            .adds_over_days = (m->adds & HIB_METRIC_OVER_DAYS) != 0,
            .adds_over_accounts = (m->adds & HIB_METRIC_OVER_ACCOUNTS) != 0,
            .adds_over_networks = (m->adds & HIB_METRIC_OVER_NETWORKS) != 0,
        };
        put_meanings(arena, m, &out[i]);
    }
    const HibApiMetricDictionary reply = {.metrics = out, .n_metrics = n};
    return hib_reply_metric_dictionary(call, 200, &reply);
}

/* --- posts --------------------------------------------------------------------------------------------------------- */
static bool
metric_of(const char *slug, const HibMetric **ret, GError **error)
{
    *ret = hib_metric_find(slug);
    if (*ret && hib_rank_is_of_posts(*ret))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "measure.metric_unknown", "?metric",
                     "posts have no metric %s", slug);
    if (error)
        hib_error_set_detail(*error, "metric", slug);
    return false;
}

static void
set_period(HibDb *db, const HibZone *zone, int days, HibRankQuery *query)
{
    const HibInstant now = hib_db_now(db);
    query->from = hib_day_start(zone, now, 1 - days);
    query->to = hib_day_start(zone, now, 1);
}

static void
put_numbers(HibArena *arena, const HibRankPost *post, HibApiRankedPost *out)
{
    HibNumber numbers[256];
    memset(numbers, 0, sizeof numbers);
    (void)hib_numbers_read(post->packed, numbers);
    out->numbers = hib_arena_array(arena, HibApiRankedNumber, 256);
    for (int id = 1; id < 256; id++)
        if (numbers[id].is_known && hib_metric_of_id(id))
            out->numbers[out->n_numbers++] = (HibApiRankedNumber){
                .metric = hib_metric_of_id(id)->slug,
                .value = numbers[id].value,
                .as_of = numbers[id].as_of,
                .state = numbers[id].state,
            };
}

static bool
put_post(HibDb *db, const HibRankPost *post, HibApiRankedPost *out, GError **error)
{
    HibShownPost shown;
    const char *source = NULL;
    if (!hib_measure_shown(db, post->delivery, &shown, error) ||
        !hib_measure_told_by(db, post->delivery, &source, error))
        return false;
    *out = (HibApiRankedPost){.post_id = shown.post,
                              .has_post_id = !shown.is_outside,
                              .delivery_id = post->delivery,
                              .account_id = post->account,
                              .network = shown.network,
                              .format = shown.is_outside ? post->format : (int)shown.format,
                              .campaign_id = post->campaign,
                              .has_campaign_id = post->campaign != NULL,
                              .text = shown.text,
                              .published_at = post->published_at,
                              .url = shown.url,
                              .has_url = shown.url != NULL,
                              .as_of = post->as_of,
                              .has_as_of = post->has_as_of,
                              .value = post->value,
                              .has_value = post->has_value,
                              .state = (int)post->state,
                              .source = source};
    put_numbers(hib_db_arena(db), post, out);
    return true;
}

static bool
bad_days(const char *pointer, GError **error)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, "measure.bad_days", pointer, "no such period");
    return false;
}

/* Noon of the day: inside of it whatever the clocks do. */
static HibInstant
noon_of(const HibZone *zone, int day)
{
    HibInstant at = 0;
    const HibWall wall = {
        .year = day / 10000, .month = day / 100 % 100, .day = day % 100, .hour = 12};
    hib_wall_resolve(zone, &wall, &at, NULL);
    return at;
}

static bool
set_days(const HibZone *zone, const HibApiRankPostsQuery *in, HibRankQuery *query, GError **error)
{
    const int first = hib_day_number(in->has_first_day ? in->first_day : in->last_day),
              last = hib_day_number(in->has_last_day ? in->last_day : in->first_day);
    if (!first)
        return bad_days(in->has_first_day ? "?first_day" : "?last_day", error);
    if (!last || last < first)
        return bad_days("?last_day", error);
    query->from = hib_day_start(zone, noon_of(zone, first), 0);
    query->to = hib_day_start(zone, noon_of(zone, last), 1);
    return true;
}

static bool
set_time(HibDb *db, const HibZone *zone, const HibApiRankPostsQuery *in, HibRankQuery *query,
         GError **error)
{
    if (in->has_first_day || in->has_last_day)
        return set_days(zone, in, query, error);
    set_period(db, zone, in->has_days ? (int)in->days : USUAL_DAYS, query);
    if (in->has_ever && in->ever)
        query->from = hib_day_start(zone, 0, 0);
    return true;
}

/* All but its time, which may be refused. `hour` and `made` are where the query finds them. */
static HibRankQuery
query_of(HibCall *call, const HibApiRankPostsQuery *in, const HibZone *zone, int *hour,
         HibMade *made)
{
    *made = in->has_media ? (HibMade)in->media : HIB_MADE_TEXT;
    *hour = in->has_hour ? (int)in->hour : 0;
    return (HibRankQuery){
        .value = in->has_value ? (HibRankValue)in->value : HIB_RANK_NEWEST,
        .account = in->has_account ? in->account : NULL,
        .network = in->has_network ? in->network : NULL,
        .campaign = in->has_campaign ? in->campaign : NULL,
        .tag = in->has_tag ? hib_measure_tag(hib_call_arena(call), in->tag) : NULL,
        .format = in->has_format ? (int)in->format : -1,
        .made = in->has_media ? made : NULL,
        .weekday = in->has_weekday ? (int)in->weekday : 0,
        .hour = in->has_hour ? hour : NULL,
        .without_campaign =
            in->has_without && in->without == HIB_API_RANK_POSTS_QUERY_WITHOUT_CAMPAIGN,
        .without_tag = in->has_without && in->without == HIB_API_RANK_POSTS_QUERY_WITHOUT_TAG,
        .zone = zone,
        .by = HIB_BREAK_CAMPAIGN,
        .with_ids = true};
}

static void
put_together(const HibRankQuery *query, const HibRankPost *posts, size_t n,
             HibApiRankedPosts *reply)
{
    double sum = 0;
    reply->found = (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        reply->told += posts[i].has_value;
        sum += posts[i].has_value ? posts[i].value : 0;
    }
    reply->has_mean = reply->told > 0;
    reply->mean = reply->told ? sum / (double)reply->told : 0;
    reply->has_whole = hib_rank_whole(posts, n, query->metric, query->value, &reply->whole);
}

/* People are no gain of posts: what a rate by followers came to over some days is told as it is over time, of accounts whose posts are all listed. */
static bool
is_over_time(const HibRankQuery *q)
{
    const bool is_narrowed = q->network || q->campaign || q->tag || q->format >= 0 || q->made ||
                             q->weekday || q->hour || q->without_campaign || q->without_tag;
    return q->value == HIB_RANK_GAINED && hib_rank_by(q->metric).of_followers && !is_narrowed;
}

static bool
put_over_time(HibDb *db, const HibRankQuery *q, HibApiRankedPosts *reply, GError **error)
{
    HibSeries series;
    const HibSeriesQuery query = {.metric = q->metric,
                                  .grain = HIB_GRAIN_DAY,
                                  .from = hib_measure_day(q->zone, q->from),
                                  .until = hib_measure_day(q->zone, q->to),
                                  .account = q->account,
                                  .part = -1};
    if (!hib_measure_series(db, &query, &series, error))
        return false;
    reply->has_whole = series.whole.has_value;
    reply->whole = series.whole.value;
    return true;
}

bool
hib_on_rank_posts(HibCall *call, const HibApiRankPostsQuery *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibRankPost *posts = NULL;
    size_t n = 0;
    int hour;
    HibMade made;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    HibRankQuery query = query_of(call, in, zone, &hour, &made);
    const char *metric =
        in->has_metric && query.value != HIB_RANK_SETTLED ? in->metric : "engagements";
    if (!zone || !metric_of(metric, &query.metric, error) ||
        !set_time(db, zone, in, &query, error) || !hib_measure_rank(db, &query, &posts, &n, error))
        return false;
    hib_rank_sort(posts, n, in->has_least_first && in->least_first);
    const size_t shown = MIN(n, in->has_limit ? (size_t)in->limit : (size_t)USUAL_LIMIT);
    HibApiRankedPosts reply = {
        .from = query.from,
        .to = query.to,
        .zone = hib_zone_name(zone),
        .metric = query.metric->slug,
        .value = (int)query.value,
        .posts = hib_arena_array(hib_call_arena(call), HibApiRankedPost, shown + 1)};
    put_together(&query, posts, n, &reply);
    if (is_over_time(&query) && !put_over_time(db, &query, &reply, error))
        return false;
    for (; reply.n_posts < shown; reply.n_posts++)
        if (!put_post(db, &posts[reply.n_posts], &reply.posts[reply.n_posts], error))
            return false;
    return hib_reply_ranked_posts(call, 200, &reply);
}

/* --- groups -------------------------------------------------------------------------------------------------------- */
static HibApiBreakdownGroup
group_of(const HibBreakGroup *g, int adding)
{
    return (HibApiBreakdownGroup){.key = g->key,
                                  .n_posts = (int64_t)g->n_posts,
                                  .n_told = g->mean.n,
                                  .mean = g->mean.mean,
                                  .has_mean = g->mean.n > 0,
                                  .low = g->mean.low,
                                  .has_low = g->mean.n >= 2,
                                  .high = g->mean.high,
                                  .has_high = g->mean.n >= 2,
                                  .is_apart = g->is_apart,
                                  .total = g->total,
                                  .has_total =
                                      adding == HIB_API_BREAKDOWN_ADDING_ADDED && g->mean.n > 0};
}

static int
adding_of(const HibMetric *metric)
{
    if (metric->kind == HIB_METRIC_SUM || (metric->adds & HIB_METRIC_OVER_POSTS))
        return HIB_API_BREAKDOWN_ADDING_ADDED;
    return metric->kind == HIB_METRIC_COUNTER ? HIB_API_BREAKDOWN_ADDING_SAME_PEOPLE
                                              : HIB_API_BREAKDOWN_ADDING_RATIO;
}

bool
hib_on_get_breakdown(HibCall *call, const HibApiGetBreakdownQuery *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibRankPost *posts = NULL;
    HibBreakGroup all;
    size_t n = 0, n_groups = 0;
    HibRankQuery query = {.account = in->has_account ? in->account : NULL,
                          .network = in->has_network ? in->network : NULL,
                          .campaign = in->has_campaign ? in->campaign : NULL,
                          .format = -1,
                          .by = in->has_by ? (HibBreak)in->by : HIB_BREAK_FORMAT};
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !metric_of(in->has_metric ? in->metric : "engagements", &query.metric, error))
        return false;
    set_period(db, zone, in->has_days ? (int)in->days : USUAL_DAYS, &query);
    if (!hib_measure_rank(db, &query, &posts, &n, error))
        return false;
    const int adding = adding_of(query.metric);
    HibBreakGroup *groups = hib_rank_break(arena, zone, posts, n, query.by, &n_groups, &all);
    HibApiBreakdown reply = {.from = query.from,
                             .to = query.to,
                             .zone = hib_zone_name(zone),
                             .metric = query.metric->slug,
                             .by = (int)query.by,
                             .adding = adding,
                             .all = group_of(&all, adding),
                             .groups = hib_arena_array(arena, HibApiBreakdownGroup, n_groups + 1),
                             .n_groups = n_groups};
    for (size_t i = 0; i < n_groups; i++)
        reply.groups[i] = group_of(&groups[i], adding);
    return hib_reply_breakdown(call, 200, &reply);
}
