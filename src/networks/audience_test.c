/* Who follows an account, as each network tells it: its own words become ours, what is hidden is not zero, and a refusal is told. */
#include "networks/audience.h"
#include "networks/network_optional.h"
#include "networks/test_canned.h"

#include <string.h>

static HibNetResult
ask(const char *network, TestCanned *canned, HibNetAudience *ret)
{
    return hib_net_optional(hib_network_find(network))
        ->read_audience(&canned->net, &canned->grant, ret);
}

static const HibNetAudienceGroup *
group(const HibNetAudience *audience, HibNetAudiencePart part, const char *name)
{
    for (size_t i = 0; i < audience->n; i++)
        if (audience->groups[i].part == part && g_str_equal(audience->groups[i].name, name))
            return &audience->groups[i];
    g_assert_cmpstr("no such group", ==, name);
    return NULL;
}

static void
is_about(double is, double expected)
{
    g_assert_cmpfloat_with_epsilon(is, expected, 0.00001);
}

#define META(dimension, results)                                                                   \
    "{\"data\":[{\"name\":\"follower_demographics\",\"period\":\"lifetime\",\"title\":\"Follower " \
    "demographics\",\"total_value\":{\"breakdowns\":[{\"dimension_keys\":[\"" dimension            \
    "\"],\"results\":[" results "]}]},\"id\":\"178/insights/follower_demographics/lifetime\"}]}"
#define ROW(name, value) "{\"dimension_values\":[\"" name "\"],\"value\":" value "}"
#define IG                                                                                         \
    "GET "                                                                                         \
    "/v25.0/178/"                                                                                  \
    "insights?metric=follower_demographics&period=lifetime&metric_type=total_value&timeframe="     \
    "this_month&breakdown="

static void
instagrams_counts_are_shares_of_all_followers(void)
{
    const TestCannedRow rows[] = {
        {"GET /v25.0/178?fields=followers_count", 200, "{\"followers_count\":1000,\"id\":\"178\"}"},
        {IG "age", 200,
         META("age", ROW("18-24", "300") "," ROW("25-34", "500") "," ROW("65+", "0"))},
        {IG "gender", 200, META("gender", ROW("F", "600") "," ROW("M", "200") "," ROW("U", "100"))},
        {IG "country", 200, META("country", ROW("JP", "900"))},
        {IG "city", 200, META("city", ROW("Shibuya, Tokyo", "40") "," ROW("", "3"))},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetAudience audience;
    g_assert_cmpint(ask("instagram", canned, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 8);
    g_assert_cmpint(audience.total, ==, 1000);
    g_assert_cmpstr(audience.groups[0].name, ==, "25-34");
    is_about(group(&audience, HIB_NET_AGE, "25-34")->share, 0.5);
    g_assert_cmpint(group(&audience, HIB_NET_AGE, "25-34")->count, ==, 500);
    is_about(group(&audience, HIB_NET_AGE, "65+")->share, 0);
    is_about(group(&audience, HIB_NET_GENDER, "female")->share, 0.6);
    is_about(group(&audience, HIB_NET_GENDER, "unknown")->share, 0.1);
    is_about(group(&audience, HIB_NET_COUNTRY, "JP")->share, 0.9);
    is_about(group(&audience, HIB_NET_CITY, "Shibuya, Tokyo")->share, 0.04);
}

static void
too_few_followers_are_nothing_and_a_refusal_is_one(void)
{
    const TestCannedRow few[] = {{"GET /v25.0/178?", 200, "{\"followers_count\":12}"},
                                 {IG, 200, "{\"data\":[]}"},
                                 {NULL, 0, NULL}};
    const TestCannedRow refused[] = {{"GET /v25.0/178?", 200, "{\"followers_count\":12}"},
                                     {IG, 400,
                                      "{\"error\":{\"code\":10,\"message\":\"(#10) Application "
                                      "does not have permission for this action\"}}"},
                                     {NULL, 0, NULL}};
    const TestCannedRow in_part[] = {
        {"GET /v25.0/178?", 200, "{\"followers_count\":120}"},
        {IG "age", 400, "{\"error\":{\"code\":100,\"message\":\"(#100) no\"}}"},
        {IG "gender", 200, META("gender", ROW("F", "100"))},
        {IG, 200, "{\"data\":[]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) small = test_canned_new(few);
    g_autoptr(TestCanned) shut = test_canned_new(refused);
    g_autoptr(TestCanned) half = test_canned_new(in_part);
    HibNetAudience audience;
    g_assert_cmpint(ask("instagram", small, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 0);
    g_assert_cmpint(audience.total, ==, 12);
    g_assert_cmpint(ask("instagram", shut, &audience).class, !=, HIB_NET_OK);
    g_assert_cmpint(ask("instagram", half, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 1);
}

#define TH "GET /v1.0/178/threads_insights?metric="
static void
threads_is_asked_one_part_a_call(void)
{
    const TestCannedRow rows[] = {
        {TH "followers_count", 200,
         "{\"data\":[{\"name\":\"followers_count\",\"period\":\"day\",\"total_value\":{\"value\":"
         "200}}]}"},
        {TH "follower_demographics&breakdown=age", 200, META("age", ROW("25-34", "50"))},
        {TH "follower_demographics&breakdown=gender", 200, META("gender", ROW("F", "50"))},
        {TH "follower_demographics&breakdown=country", 200, META("country", ROW("JP", "150"))},
        {TH "follower_demographics&breakdown=city", 200, "{\"data\":[]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetAudience audience;
    g_assert_cmpint(ask("threads", canned, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 3);
    is_about(group(&audience, HIB_NET_COUNTRY, "JP")->share, 0.75);
}

/* The example of LINE's own specification, and more of its words. */
static void
lines_words_become_ours(void)
{
    const TestCannedRow rows[] = {
        {"GET /v2/bot/insight/demographic", 200,
         "{\"available\":true,\"ages\":[{\"age\":\"unknown\",\"percentage\":37.6},{\"age\":"
         "\"from50\","
         "\"percentage\":17.3},{\"age\":\"from15to19\",\"percentage\":4.4}],\"genders\":[{"
         "\"gender\":"
         "\"male\",\"percentage\":31.8}],\"areas\":[{\"area\":\"徳島\",\"percentage\":2.9}],"
         "\"appTypes\":[{\"appType\":\"others\",\"percentage\":9.9}],\"subscriptionPeriods\":[{"
         "\"subscriptionPeriod\":\"over365days\",\"percentage\":96.4},{\"subscriptionPeriod\":"
         "\"within7days\",\"percentage\":0}]}"},
        {NULL, 0, NULL}};
    const TestCannedRow hidden[] = {
        {"GET /v2/bot/insight/demographic", 200, "{\"available\":false}"}, {NULL, 0, NULL}};
    const TestCannedRow shut[] = {{"GET /v2/bot/insight/demographic", 403,
                                   "{\"message\":\"Access to this API is not available for your "
                                   "account\"}"},
                                  {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    g_autoptr(TestCanned) small = test_canned_new(hidden);
    g_autoptr(TestCanned) refused = test_canned_new(shut);
    HibNetAudience audience;
    g_assert_cmpint(ask("line", canned, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 8);
    is_about(group(&audience, HIB_NET_AGE, "15-19")->share, 0.044);
    g_assert_cmpint(group(&audience, HIB_NET_AGE, "15-19")->count, ==, -1);
    is_about(group(&audience, HIB_NET_AGE, "50+")->share, 0.173);
    is_about(group(&audience, HIB_NET_GENDER, "male")->share, 0.318);
    is_about(group(&audience, HIB_NET_AREA, "徳島")->share, 0.029);
    is_about(group(&audience, HIB_NET_SYSTEM, "other")->share, 0.099);
    is_about(group(&audience, HIB_NET_FRIEND_FOR, "over_365")->share, 0.964);
    is_about(group(&audience, HIB_NET_FRIEND_FOR, "under_7")->share, 0);
    g_assert_cmpint(ask("line", small, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 0);
    g_assert_cmpint(ask("line", refused, &audience).class, ==, HIB_NET_FATAL);
}

#define YT "GET /v2/reports?ids=channel%3D%3DMINE"
static void
youtube_tells_of_who_watched(void)
{
    const TestCannedRow rows[] = {
        {YT "&startDate=2026-08-20&endDate=2026-11-18&metrics=viewerPercentage", 200,
         "{\"kind\":\"youtubeAnalytics#resultTable\",\"columnHeaders\":[{\"name\":\"ageGroup\"},{"
         "\"name\":\"gender\"},{\"name\":\"viewerPercentage\"}],\"rows\":[[\"age18-24\",\"female\","
         "30.5],[\"age18-24\",\"male\",20],[\"age65-\",\"user_specified\",1.5]]}"},
        {YT "&startDate=2026-08-20&endDate=2026-11-18&metrics=views", 200,
         "{\"rows\":[[\"JP\",75],[\"US\",25]]}"},
        {NULL, 0, NULL}};
    const TestCannedRow hidden[] = {{YT, 200, "{\"columnHeaders\":[]}"}, {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    g_autoptr(TestCanned) small = test_canned_new(hidden);
    HibNetAudience audience;
    g_assert_cmpint(ask("youtube", canned, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 7);
    is_about(group(&audience, HIB_NET_AGE, "18-24")->share, 0.505);
    is_about(group(&audience, HIB_NET_AGE, "65+")->share, 0.015);
    is_about(group(&audience, HIB_NET_GENDER, "other")->share, 0.015);
    is_about(group(&audience, HIB_NET_COUNTRY, "JP")->share, 0.75);
    g_assert_cmpint(ask("youtube", small, &audience).class, ==, HIB_NET_OK);
    g_assert_cmpuint(audience.n, ==, 0);
}

static void
the_greatest_groups_of_a_part_are_kept(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetAudience audience = hib_net_audience(arena);
    for (int i = 0; i < 100; i++)
        hib_net_audience_add(&audience,
                             (HibNetAudienceGroup){.part = HIB_NET_CITY,
                                                   .name = hib_arena_printf(arena, "city %d", i),
                                                   .count = i});
    hib_net_audience_add(&audience, (HibNetAudienceGroup){HIB_NET_AGE, "18-24", 1.5, -1});
    hib_net_audience_add(&audience, (HibNetAudienceGroup){HIB_NET_AGE, NULL, 0.5, -1});
    hib_net_audience_end(&audience);
    g_assert_cmpuint(audience.n, ==, HIB_NET_AUDIENCE_GROUPS);
    g_assert_cmpstr(audience.groups[0].name, ==, "city 99");
    is_about(audience.groups[0].share, 99.0 / 4950);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/audience/" #name, name)
    TEST(instagrams_counts_are_shares_of_all_followers);
    TEST(too_few_followers_are_nothing_and_a_refusal_is_one);
    TEST(threads_is_asked_one_part_a_call);
    TEST(lines_words_become_ours);
    TEST(youtube_tells_of_who_watched);
    TEST(the_greatest_groups_of_a_part_are_kept);
    return g_test_run();
}
