/* A campaign's results over HTTP. */
#include "http/call.h"
#include "measure/measure_private.h"

bool
hib_on_get_campaign_results(HibCall *call, const char *campaign, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibMeasureCampaign of;
    const char *source;
    bool is_partial;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !hib_measure_campaign(db, zone, campaign, &of, error) ||
        !hib_measure_source(db, NULL, &source, &is_partial, error))
        return false;
    HibApiCampaignPostResult *posts =
        hib_arena_array(hib_call_arena(call), HibApiCampaignPostResult, of.n_posts + 1);
    for (size_t i = 0; i < of.n_posts; i++)
        posts[i] = (HibApiCampaignPostResult){of.posts[i].post, of.posts[i].engagements,
                                              of.posts[i].as_of};
    bool is_read = of.n_read > 0, has_actual = of.goal.state <= HIB_GOAL_PARTIAL;
    const HibApiCampaignResults reply = {
        .campaign_id = campaign,
        .n_published = (int64_t)of.n_published,
        .n_read = (int64_t)of.n_read,
        .as_of = of.as_of,
        .has_as_of = is_read,
        .source = source,
        .is_partial = is_partial || of.n_read < of.n_published,
        .engagements = of.engagements,
        .has_engagements = is_read,
        .likes = of.values[HIB_MEASURE_LIKES],
        .has_likes = is_read,
        .reposts = of.values[HIB_MEASURE_REPOSTS],
        .has_reposts = is_read,
        .replies = of.values[HIB_MEASURE_REPLIES],
        .has_replies = is_read,
        .quotes = of.values[HIB_MEASURE_QUOTES],
        .has_quotes = is_read,
        .goal = {.metric = of.has_goal ? hib_api_campaign_goal_result_metric_from(of.metric) : 0,
                 .target = of.goal.target,
                 .actual = of.goal.actual,
                 .has_actual = has_actual,
                 .state = (int)of.goal.state},
        .has_goal = of.has_goal,
        .posts = posts,
        .n_posts = of.n_posts};
    return hib_reply_campaign_results(call, 200, &reply);
}
