/* A campaign's results: its own publications and no other, and a goal that is measured, partial, not yet, or told to be unmeasured. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "plan/plan.h"

typedef struct {
    HibTestMeasure *t;
    const char *campaign, *accounts[2];
    HibInstant start;
} Case;

static HibMeasureCampaign
results(Case *c)
{
    GError *error = NULL;
    HibMeasureCampaign of;
    hib_assert_ok(hib_measure_campaign(c->t->db, c->t->zone, c->campaign, &of, &error), error);
    return of;
}

static void
aim_for(Case *c, const char *metric, double target)
{
    GError *error = NULL;
    HibCampaign *was, *after;
    const HibCampaignContent content = {.name = "春",
                                        .status = HIB_CAMPAIGN_RUNNING,
                                        .goal_metric = metric,
                                        .goal_target = target,
                                        .starts_on = "2026-11-10"};
    hib_assert_ok(hib_plan_campaign(c->t->db, c->campaign, &was, &error), error);
    hib_assert_ok(
        hib_plan_change_campaign(c->t->db, c->campaign, was->version, &content, &after, &error),
        error);
}

/* A post of the campaign, out on an account; the delivery's id. */
static const char *
out(Case *c, const char *account, HibInstant at, const char **ret_post)
{
    GError *error = NULL;
    HibPost *post;
    hib_assert_ok(hib_plan_create(c->t->db, &(HibPostContent){.text = "豆"}, &post, &error), error);
    hib_assert_ok(hib_plan_set_campaign(c->t->db, post->id, c->campaign, &error), error);
    *ret_post = post->id;
    return hib_test_measure_post_out(c->t, post->id, account, at, NULL);
}

static void
open_case(Case *c, HibTestStore *test)
{
    GError *error = NULL;
    HibCampaign *made;
    c->t = hib_test_measure_new(test, "Asia/Tokyo", true);
    c->start = hib_test_at("2026-11-20T03:00:00Z");
    hib_clock_manual_set(test->clock, hib_test_at("2026-11-25T03:00:00Z"));
    hib_assert_ok(hib_plan_add_campaign(c->t->db,
                                        &(HibCampaignContent){.name = "春",
                                                              .status = HIB_CAMPAIGN_RUNNING,
                                                              .starts_on = "2026-11-10"},
                                        &made, &error),
                  error);
    c->campaign = made->id;
    c->accounts[0] = hib_test_measure_account(c->t, "one");
    c->accounts[1] = hib_test_measure_account(c->t, "two");
}

static void
its_own_numbers_are_added_up(HibTestStore *test)
{
    Case c;
    const char *posts[2];
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    HibMeasureCampaign of = results(&c);
    g_assert_cmpuint(of.n_published, ==, 0);
    g_assert_false(of.has_goal);
    aim_for(&c, "engagements", 100);
    g_assert_cmpint(results(&c).goal.state, ==, HIB_GOAL_NOT_YET);
    const char *a = out(&c, c.accounts[0], c.start, &posts[0]),
               *b = hib_test_measure_post_out(t, posts[0], c.accounts[1], c.start, NULL),
               *d = out(&c, c.accounts[0], c.start + HIB_DAY, &posts[1]),
               *foreign = hib_test_measure_out(t, c.accounts[0], c.start, NULL);
    const HibSnapshot read[] = {
        {a, NULL, "likes", c.start + HIB_HOUR, 10},
        {a, NULL, "likes", c.start + 2 * HIB_HOUR, 30},
        {b, NULL, "quotes", c.start + 3 * HIB_HOUR, 5},
        {foreign, NULL, "likes", c.start + HIB_HOUR, 999},
    };
    hib_test_measure_add(t, read, G_N_ELEMENTS(read));
    of = results(&c);
    g_assert_cmpuint(of.n_read, ==, 2);
    g_assert_cmpint(of.engagements, ==, 35);
    g_assert_cmpint(of.values[HIB_MEASURE_LIKES], ==, 30);
    g_assert_cmpint(of.as_of, ==, c.start + 2 * HIB_HOUR);
    g_assert_cmpuint(of.n_posts, ==, 1); /* one post on two accounts */
    g_assert_cmpstr(of.posts[0].post, ==, posts[0]);
    g_assert_cmpint(of.posts[0].engagements, ==, 35);
    g_assert_cmpfloat(of.goal.actual, ==, 35);
    g_assert_cmpfloat(of.goal.target, ==, 100);
    hib_test_measure_add(t, &(HibSnapshot){d, NULL, "replies", c.start + 2 * HIB_DAY, 1}, 1);
    of = results(&c);
    g_assert_cmpint(of.goal.state, ==, HIB_GOAL_MEASURED);
    g_assert_cmpfloat(of.goal.actual, ==, 36);
}

static void
goals_by_followers_take_their_counts(HibTestStore *test)
{
    Case c;
    const char *post;
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    const char *a = out(&c, c.accounts[0], c.start, &post),
               *b = out(&c, c.accounts[1], c.start, &post);
    const HibSnapshot read[] = {
        {NULL, c.accounts[0], "followers", hib_test_at("2026-11-09T03:00:00Z"), 900},
        {NULL, c.accounts[0], "followers", hib_test_at("2026-11-24T03:00:00Z"), 1000},
        {a, NULL, "likes", c.start + HIB_HOUR, 50},
        {b, NULL, "likes", c.start + HIB_HOUR, 8},
    };
    hib_test_measure_add(t, read, G_N_ELEMENTS(read));
    aim_for(&c, "follower_growth", 200);
    HibMeasureGoal goal = results(&c).goal;
    g_assert_cmpint(goal.state, ==, HIB_GOAL_PARTIAL); /* nobody read the other account */
    g_assert_cmpfloat(goal.actual, ==, 100);
    aim_for(&c, "er_followers", 0.05);
    g_assert_cmpfloat_with_epsilon(results(&c).goal.actual, 0.05, 1e-12);
    const HibSnapshot more[] = {
        {NULL, c.accounts[1], "followers", hib_test_at("2026-11-24T03:00:00Z"), 100}};
    hib_test_measure_add(t, more, 1);
    goal = results(&c).goal;
    g_assert_cmpint(goal.state, ==, HIB_GOAL_MEASURED);
    g_assert_cmpfloat_with_epsilon(goal.actual, 58.0 / 1100, 1e-12);
    aim_for(&c, "er_post_median", 0.05);
    g_assert_cmpfloat_with_epsilon(results(&c).goal.actual, (0.05 + 0.08) / 2, 1e-12);
    aim_for(&c, "reach", 10000);
    g_assert_cmpint(results(&c).goal.state, ==, HIB_GOAL_UNMEASURED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/campaign/its_own_numbers_are_added_up",
                        its_own_numbers_are_added_up);
    hib_test_add_manual("/measure/campaign/goals_by_followers_take_their_counts",
                        goals_by_followers_take_their_counts);
    return g_test_run();
}
