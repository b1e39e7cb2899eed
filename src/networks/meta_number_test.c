/* Numbers of Instagram, Facebook and Threads: what is unknown is left out and the rest asked again, and what is missing is not zero. */
#include "networks/facebook.h"
#include "networks/instagram.h"
#include "networks/meta.h"
#include "networks/test_canned.h"
#include "networks/threads.h"

#include <string.h>

static const HibMetaMetric wanted[] = {
    {"reach", "reach"}, {"saved", "saves"}, {"views", "views"}, {"plays", "plays"}, {NULL, NULL}};

static HibNetReading
ask(const TestCannedRow *rows, const char *expected)
{
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetReading reading = {0};
    HibNetResult said =
        hib_meta_insights(&canned->net, &canned->grant,
                          hib_arena_printf(canned->arena, "%s/m/insights", canned->grant.service),
                          NULL, wanted, &reading);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpstr(canned->journal->str, ==, expected);
    return reading;
}

#define ALL_OF_IT "GET /m/insights?metric=reach%2Csaved%2Cviews%2Cplays"
#define REFUSED(message)                                                                           \
    {                                                                                              \
        ALL_OF_IT, 400, "{\"error\":{\"code\":100,\"message\":\"" message "\"}}"                   \
    }
#define REST                                                                                       \
    "{\"data\":[{\"name\":\"reach\",\"values\":[{\"value\":7}]},{\"name\":\"views\","              \
    "\"total_value\":{\"value\":9}},{\"name\":\"other\",\"values\":[{\"value\":1}]}]}"

static void
an_unknown_metric_costs_only_itself(void)
{
    const TestCannedRow names_known[] = {
        REFUSED("(#100) metric[3] must be one of the following values: impressions, reach, views, "
                "saved_items, likes"),
        {"GET /m/insights?metric=reach%2Cviews\0", 200, REST},
        {NULL, 0, NULL}};
    const TestCannedRow names_unknown[] = {
        REFUSED("(#100) The Media Insights API does not support the plays metric for this media "
                "product type."),
        {"GET /m/insights?metric=reach%2Csaved%2Cviews", 200, REST},
        {NULL, 0, NULL}};
    const TestCannedRow names_nothing[] = {
        REFUSED("(#100) The value must be a valid insights metric"),
        {"GET /m/insights?metric=reach%2Csaved", 200, REST},
        {NULL, 0, NULL}};
    HibNetReading reading = ask(names_known, ALL_OF_IT "\nGET /m/insights?metric=reach%2Cviews\n");
    g_assert_cmpint(test_metric(&reading, "reach"), ==, 7);
    g_assert_cmpint(test_metric(&reading, "views"), ==, 9);
    g_assert_cmpint(test_metric(&reading, "saves"), ==, -1);
    reading = ask(names_unknown, ALL_OF_IT "\nGET /m/insights?metric=reach%2Csaved%2Cviews\n");
    g_assert_cmpint(test_metric(&reading, "reach"), ==, 7);
    reading = ask(names_nothing, ALL_OF_IT "\nGET /m/insights?metric=reach%2Csaved\n");
    g_assert_cmpint(test_metric(&reading, "reach"), ==, 7);
}

static void
what_is_not_there_is_not_zero(void)
{
    const TestCannedRow empty[] = {{ALL_OF_IT, 200, "{\"data\":[]}"}, {NULL, 0, NULL}};
    const TestCannedRow few[] = {
        {ALL_OF_IT, 400,
         "{\"error\":{\"code\":10,\"message\":\"(#10) Not enough viewers for the media to show "
         "insights\"}}"},
        {NULL, 0, NULL}};
    const TestCannedRow kinds[] = {
        {ALL_OF_IT, 200,
         "{\"data\":[{\"name\":\"saved\",\"values\":[{\"value\":{\"like\":3,\"love\":1}}]}]}"},
        {NULL, 0, NULL}};
    HibNetReading reading = ask(empty, ALL_OF_IT "\n");
    g_assert_cmpuint(reading.n_metrics, ==, 0);
    reading = ask(few, ALL_OF_IT "\n");
    g_assert_cmpuint(reading.n_metrics, ==, 0);
    reading = ask(kinds, ALL_OF_IT "\n");
    g_assert_cmpint(test_metric(&reading, "saves"), ==, 4);
}

/* --- the three networks -------------------------------------------------------------------------------------------- */
static void
instagram_is_asked_for_what_each_kind_of_post_has(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v25.0/1?", 0,
         "{\"id\":\"1\",\"media_product_type\":\"REELS\",\"like_count\":12,"
         "\"comments_count\":3}"},
        {"GET /v25.0/1/insights?metric=reach%2Clikes%2Ccomments%2Cshares%2Csaved%2Ctotal_"
         "interactions%2Cviews%2Creposts%2Cig_reels_avg_watch_time",
         0,
         "{\"data\":[{\"name\":\"likes\",\"values\":[{\"value\":11}]},{\"name\":"
         "\"ig_reels_avg_watch_time\",\"values\":[{\"value\":4200}]}]}"},
        {"GET /v25.0/2?", 400,
         "{\"error\":{\"code\":100,\"error_subcode\":33,\"message\":\"Unsupported get request\"}}"},
        {"GET /v25.0/3?", 0, "{\"id\":\"3\",\"media_product_type\":\"STORY\"}"},
        {"GET /v25.0/3/insights?metric=reach%2Creplies", 0,
         "{\"data\":[{\"name\":\"replies\",\"values\":[{\"value\":2}]}]}"},
        {"GET /v25.0/178?", 0, "{\"followers_count\":5000,\"media_count\":40}"},
        {"GET /v25.0/178/insights?metric=reach%2Cprofile_views%2Cwebsite_clicks%2Caccounts_engaged%"
         "2Cviews&period=day&metric_type=total_value&since=1794873600&until=1794960000",
         0, "{\"data\":[{\"name\":\"views\",\"total_value\":{\"value\":800}}]}"},
        {"GET /v25.0/178/content_publishing_limit?", 0,
         "{\"data\":[{\"quota_usage\":2,\"config\":{\"quota_total\":50,\"quota_duration\":86400}}]"
         "}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    const char *const ids[] = {"1", "2", "3", "../me"};
    HibNetReading readings[4], account;
    HibNetQuota quotas[8];
    size_t n;
    HibNetResult said = hib_instagram.read_posts(&canned->net, &canned->grant, ids, 4, readings);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpint(test_metric(&readings[0], "likes"), ==, 12);
    g_assert_cmpint(test_metric(&readings[0], "replies"), ==, 3);
    g_assert_cmpint(test_metric(&readings[0], "avg_watch_ms"), ==, 4200);
    g_assert_cmpint(test_metric(&readings[0], "reach"), ==, -1);
    g_assert_true(readings[1].is_gone && !readings[0].is_gone);
    g_assert_cmpint(test_metric(&readings[2], "replies"), ==, 2);
    g_assert_cmpuint(readings[3].n_metrics, ==, 0);
    g_assert_cmpint(hib_instagram.read_account(&canned->net, &canned->grant, &account).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(test_metric(&account, "followers"), ==, 5000);
    g_assert_cmpint(test_metric(&account, "day_views"), ==, 800);
    g_assert_cmpint(hib_instagram.read_quota(&canned->net, &canned->grant, quotas, &n).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(quotas[0].used, ==, 2);
    g_assert_cmpint(quotas[0].limit, ==, 50);
}

static void
facebook_goes_on_without_the_right_to_read_people(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v25.0/178_1?fields=id,status_type,shares,reactions", 400,
         "{\"error\":{\"code\":10,\"message\":\"(#10) This endpoint requires the "
         "'pages_read_user_content' permission\"}}"},
        {"GET /v25.0/178_1?fields=id,status_type,shares", 0,
         "{\"id\":\"178_1\",\"status_type\":\"added_photos\",\"shares\":{\"count\":6}}"},
        {"GET /v25.0/178_1/insights?metric=post_total_media_view_unique%2Cpost_media_view%2Cpost_"
         "clicks%2Cpost_reactions_by_type_total",
         0,
         "{\"data\":[{\"name\":\"post_media_view\",\"values\":[{\"value\":340}]},{\"name\":"
         "\"post_reactions_by_type_total\",\"values\":[{\"value\":{\"like\":8,\"wow\":1}}]}]}"},
        {"GET /v25.0/900?fields=id,comments", 0,
         "{\"id\":\"900\",\"comments\":{\"summary\":{\"total_count\":4}}}"},
        {"GET /v25.0/900/video_insights?", 0,
         "{\"data\":[{\"name\":\"blue_reels_play_count\",\"values\":[{\"value\":77}]}]}"},
        {"GET /v25.0/178?fields=followers_count", 0, "{\"followers_count\":900}"},
        {"GET /v25.0/178/insights?", 0,
         "{\"data\":[{\"name\":\"page_media_view\",\"values\":[{\"value\":50}]}]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    const char *const ids[] = {"178_1", "900"};
    HibNetReading readings[2], account;
    HibNetResult said = hib_facebook.read_posts(&canned->net, &canned->grant, ids, 2, readings);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpint(test_metric(&readings[0], "shares"), ==, 6);
    g_assert_cmpint(test_metric(&readings[0], "views"), ==, 340);
    g_assert_cmpint(test_metric(&readings[0], "likes"), ==, 9);
    g_assert_cmpint(test_metric(&readings[0], "replies"), ==, -1);
    g_assert_cmpint(test_metric(&readings[1], "replies"), ==, 4);
    g_assert_cmpint(test_metric(&readings[1], "views"), ==, 77);
    g_assert_cmpint(hib_facebook.read_account(&canned->net, &canned->grant, &account).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(test_metric(&account, "followers"), ==, 900);
    g_assert_cmpint(test_metric(&account, "day_views"), ==, 50);
}

static void
threads_says_three_quotas(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v1.0/1?fields=id", 0, "{\"id\":\"1\"}"},
        {"GET /v1.0/1/insights?metric=views%2Clikes%2Creplies%2Creposts%2Cquotes%2Cshares", 0,
         "{\"data\":[{\"name\":\"quotes\",\"values\":[{\"value\":0}]}]}"},
        {"GET /v1.0/178/threads_insights?metric=followers_count", 0,
         "{\"data\":[{\"name\":\"followers_count\",\"total_value\":{\"value\":321}}]}"},
        {"GET /v1.0/178/threads_insights?metric=views&since", 0,
         "{\"data\":[{\"name\":\"views\",\"values\":[{\"value\":10}]}]}"},
        {"GET /v1.0/178/threads_publishing_limit?", 0,
         "{\"data\":[{\"quota_usage\":4,\"config\":{\"quota_total\":250},\"reply_quota_usage\":1,"
         "\"reply_config\":{\"quota_total\":1000}}]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    const char *const ids[] = {"1"};
    HibNetReading reading, account;
    HibNetQuota quotas[8];
    size_t n;
    g_assert_cmpint(hib_threads.read_posts(&canned->net, &canned->grant, ids, 1, &reading).class,
                    ==, HIB_NET_OK);
    g_assert_cmpint(test_metric(&reading, "quotes"), ==, 0);
    g_assert_cmpint(test_metric(&reading, "likes"), ==, -1);
    g_assert_cmpint(hib_threads.read_account(&canned->net, &canned->grant, &account).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(test_metric(&account, "followers"), ==, 321);
    g_assert_cmpint(test_metric(&account, "day_views"), ==, 10);
    g_assert_cmpint(hib_threads.read_quota(&canned->net, &canned->grant, quotas, &n).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(n, ==, 2); /* deletes were not said */
    g_assert_cmpstr(quotas[1].name, ==, "replies");
    g_assert_cmpint(quotas[1].limit, ==, 1000);
}

static void
a_refused_token_stops_the_reading(void)
{
    static const TestCannedRow rows[] = {
        {"GET ", 400, "{\"error\":{\"code\":190,\"error_subcode\":463,\"message\":\"expired\"}}"},
        {NULL, 0, NULL}};
    static const HibNetwork *const networks[] = {&hib_instagram, &hib_facebook, &hib_threads};
    for (size_t i = 0; i < G_N_ELEMENTS(networks); i++) {
        g_autoptr(TestCanned) canned = test_canned_new(rows);
        const char *const ids[] = {"1", "2"};
        HibNetReading readings[2];
        HibNetResult said = networks[i]->read_posts(&canned->net, &canned->grant, ids, 2, readings);
        g_assert_cmpint(said.class, ==, HIB_NET_REAUTH_HUMAN);
        g_assert_cmpstr(said.code, ==, "190/463");
        g_assert_cmpint(networks[i]->read_account(&canned->net, &canned->grant, readings).class, ==,
                        HIB_NET_REAUTH_HUMAN);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/meta_number/" #name, name)
    ADD(an_unknown_metric_costs_only_itself);
    ADD(what_is_not_there_is_not_zero);
    ADD(instagram_is_asked_for_what_each_kind_of_post_has);
    ADD(facebook_goes_on_without_the_right_to_read_people);
    ADD(threads_says_three_quotas);
    ADD(a_refused_token_stops_the_reading);
    return g_test_run();
}
