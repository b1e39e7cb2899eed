/* Campaigns: written, changed by two people at once, ended; how far their posts are; a post belongs to one at most and takes it along when copied. */
#include "base/error.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static HibPost *
draft(HibDb *db, const char *text)
{
    GError *error = NULL;
    HibPost *post = NULL;
    const HibPostContent content = {.text = text};
    hib_assert_ok(hib_plan_create(db, &content, &post, &error), error);
    return post;
}

static HibCampaign *
campaign(HibDb *db, const char *name)
{
    GError *error = NULL;
    HibCampaign *made = NULL;
    hib_assert_ok(hib_plan_add_campaign(db, &(HibCampaignContent){.name = name}, &made, &error),
                  error);
    return made;
}

static void
a_post_belongs_to_one_campaign_and_takes_it_along(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *of = NULL, *post = draft(db, "冬の福袋")->id;
    const char *winter = campaign(db, " 冬の福袋 ")->id, *spring = campaign(db, "春")->id;
    HibPost *copy;
    HibCampaign *found;
    HibInstant at = hib_db_now(db) + HIB_DAY;
    hib_assert_ok(hib_plan_set_campaign(db, post, winter, &error), error);
    hib_assert_ok(hib_plan_set_campaign(db, post, spring, &error), error);
    hib_assert_ok(hib_plan_copy(db, post, &at, &copy, &error), error);
    g_assert_cmpstr(copy->text, ==, "冬の福袋");
    g_assert_cmpint(copy->due_at, ==, at);
    hib_assert_ok(hib_plan_campaign_of(db, copy->id, &of, &error), error);
    g_assert_cmpstr(of, ==, spring);
    hib_assert_ok(hib_plan_campaign(db, winter, &found, &error), error);
    g_assert_cmpstr(found->content.name, ==, "冬の福袋"); /* without the blanks */
    g_assert_cmpint(found->n_posts, ==, 0);
    hib_assert_ok(hib_plan_campaign(db, spring, &found, &error), error);
    g_assert_cmpint(found->n_posts, ==, 2);
    hib_assert_ok(hib_plan_set_campaign(db, post, NULL, &error), error);
    hib_assert_ok(hib_plan_campaign_of(db, post, &of, &error), error);
    g_assert_null(of);
}

/* Refused with the reason and at the pointer. */
static void
refuse(HibDb *db, const HibCampaignContent *content, const char *reason, const char *pointer)
{
    GError *error = NULL;
    HibCampaign *made;
    g_assert_false(hib_plan_add_campaign(db, content, &made, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, reason);
    g_assert_cmpstr(hib_error_pointer(error), ==, pointer);
    g_clear_error(&error);
}

static void
what_is_not_there_is_refused_and_nothing_changes(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *of = NULL, *post = draft(db, "x")->id;
    HibCampaign *rows;
    size_t n;
    refuse(db, &(HibCampaignContent){.name = " \n"}, "campaign.no_name", "/name");
    refuse(db, &(HibCampaignContent){.name = "x", .starts_on = "2026-02-30"}, "campaign.bad_day",
           "/starts_on");
    refuse(db, &(HibCampaignContent){.name = "x", .ends_on = "2026/02/01"}, "campaign.bad_day",
           "/ends_on");
    refuse(db, &(HibCampaignContent){.name = "x", .goal_metric = "reach", .goal_due_on = "soon"},
           "campaign.bad_day", "/goal/due_on");
    refuse(db,
           &(HibCampaignContent){.name = "x", .starts_on = "2026-12-02", .ends_on = "2026-12-01"},
           "campaign.bad_range", "/ends_on");
    refuse(db, &(HibCampaignContent){.name = "x", .goal_metric = "ctr", .goal_target = 1.5},
           "campaign.bad_rate", "/goal/target");
    refuse(db, &(HibCampaignContent){.name = "x", .networks = "bluesky myspace"},
           "accounts.network_unknown", "/networks/1");
    hib_assert_ok(hib_plan_campaigns(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_refused(hib_plan_set_campaign(db, post, post, &error), error, "campaign.unknown");
    hib_assert_refused(hib_plan_set_campaign(db, "no", campaign(db, "春")->id, &error), error,
                       "post.unknown");
    hib_assert_ok(hib_plan_campaign_of(db, post, &of, &error), error);
    g_assert_null(of);
}

static void
what_was_written_comes_back(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibCampaignContent in = {.name = "冬の福袋",
                                   .status = HIB_CAMPAIGN_RUNNING,
                                   .starts_on = "2026-12-01",
                                   .ends_on = "2026-12-01", /* one day is a range */
                                   .goal_metric = "cpa",
                                   .goal_target = 120000,
                                   .goal_due_on = "2027-01-10",
                                   .currency = "JPY",
                                   .budget_minor = 300000,
                                   .networks = "bluesky x",
                                   .industries = "food campaign",
                                   .tags = "冬\n限定",
                                   .brief = "{\"message\":\"一年のお礼\"}"};
    HibCampaign *made, *found;
    hib_assert_ok(hib_plan_add_campaign(db, &in, &made, &error), error);
    hib_assert_ok(hib_plan_campaign(db, made->id, &found, &error), error);
    g_assert_cmpint(found->content.status, ==, HIB_CAMPAIGN_RUNNING);
    g_assert_cmpstr(found->content.starts_on, ==, in.starts_on);
    g_assert_cmpstr(found->content.ends_on, ==, in.ends_on);
    g_assert_cmpstr(found->content.goal_metric, ==, in.goal_metric);
    g_assert_cmpfloat(found->content.goal_target, ==, in.goal_target);
    g_assert_cmpstr(found->content.goal_due_on, ==, in.goal_due_on);
    g_assert_cmpstr(found->content.currency, ==, in.currency);
    g_assert_cmpint(found->content.budget_minor, ==, in.budget_minor);
    g_assert_cmpstr(found->content.networks, ==, in.networks);
    g_assert_cmpstr(found->content.industries, ==, in.industries);
    g_assert_cmpstr(found->content.tags, ==, in.tags);
    g_assert_cmpstr(found->content.brief, ==, in.brief);
    g_assert_cmpstr(found->created_by_name, ==, "山田 花子");
    g_assert_cmpint(found->version, ==, 1);
}

static void
the_second_of_two_people_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibCampaign *made = campaign(db, "冬");
    HibCampaign *after;
    const HibCampaignContent first = {.name = "冬の福袋"}, second = {.name = "福袋"};
    hib_assert_ok(hib_plan_change_campaign(db, made->id, 1, &first, &after, &error), error);
    g_assert_cmpint(after->version, ==, 2);
    hib_assert_refused(hib_plan_change_campaign(db, made->id, 1, &second, &after, &error), error,
                       "campaign.edited");
    hib_assert_ok(hib_plan_campaign(db, made->id, &after, &error), error);
    g_assert_cmpstr(after->content.name, ==, "冬の福袋");
    hib_assert_refused(hib_plan_change_campaign(db, "no", 1, &second, &after, &error), error,
                       "campaign.unknown");
}

static void
progress_is_counted_from_the_posts(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *winter = campaign(db, "冬")->id;
    HibInstant now = hib_db_now(db);
    const struct {
        HibPostState state;
        HibInstant due_at;
    } all[] = {{HIB_POST_DRAFT, 0},
               {HIB_POST_SCHEDULED, now + 2 * HIB_DAY},
               {HIB_POST_SCHEDULED, now + HIB_DAY},
               {HIB_POST_PUBLISHED, now - HIB_DAY}};
    campaign(db, "空");
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        const HibPost post = {.id = hib_db_new_id(db),
                              .text = "x",
                              .state = all[i].state,
                              .has_due_at = all[i].due_at != 0,
                              .due_at = all[i].due_at};
        hib_assert_ok(hib_plan_add_past(db, &post, &error), error);
        hib_assert_ok(hib_plan_set_campaign(db, post.id, winter, &error), error);
    }
    HibPost *gone = draft(db, "消す");
    hib_assert_ok(hib_plan_set_campaign(db, gone->id, winter, &error), error);
    hib_assert_ok(hib_plan_set_deleted(db, gone->id, &error), error);
    HibCampaign *rows;
    size_t n;
    hib_assert_ok(hib_plan_campaigns(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    const HibCampaign *one = g_str_equal(rows[0].id, winter) ? &rows[0] : &rows[1],
                      *none = one == rows ? &rows[1] : &rows[0];
    g_assert_cmpint(one->n_posts, ==, 4);
    g_assert_cmpint(one->n_in_state[HIB_POST_DRAFT], ==, 1);
    g_assert_cmpint(one->n_in_state[HIB_POST_SCHEDULED], ==, 2);
    g_assert_cmpint(one->n_in_state[HIB_POST_PUBLISHED], ==, 1);
    g_assert_true(one->has_next_at);
    g_assert_cmpint(one->next_at, ==, now + HIB_DAY);
    g_assert_cmpint(one->first_at, ==, now - HIB_DAY);
    g_assert_cmpint(one->last_at, ==, now + 2 * HIB_DAY);
    g_assert_cmpint(none->n_posts, ==, 0);
    g_assert_false(none->has_next_at || none->has_posts_at);
}

static void
an_ended_campaign_stands_last_and_can_come_back(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *new = campaign(db, "冬")->id, *old = campaign(db, "秋")->id;
    HibCampaign *after, *rows;
    HibCampaignContent content = {.name = "秋祭り", .status = HIB_CAMPAIGN_DONE};
    size_t n;
    hib_assert_ok(hib_plan_change_campaign(db, old, 1, &content, &after, &error), error);
    g_assert_true(after->has_ended_at);
    HibInstant ended_at = after->ended_at;
    hib_clock_manual_set(test->clock, ended_at + HIB_DAY);
    content.status = HIB_CAMPAIGN_CANCELLED;
    hib_assert_ok(hib_plan_change_campaign(db, old, 2, &content, &after, &error), error);
    g_assert_cmpint(after->ended_at, ==, ended_at);
    hib_assert_ok(hib_plan_campaigns(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(rows[0].id, ==, new);
    content.status = HIB_CAMPAIGN_PAUSED;
    hib_assert_ok(hib_plan_change_campaign(db, old, 3, &content, &after, &error), error);
    g_assert_false(after->has_ended_at);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/plan/campaign/" #name, name)
    ADD(a_post_belongs_to_one_campaign_and_takes_it_along);
    ADD(what_is_not_there_is_refused_and_nothing_changes);
    ADD(what_was_written_comes_back);
    ADD(the_second_of_two_people_is_refused);
    ADD(progress_is_counted_from_the_posts);
    ADD(an_ended_campaign_stands_last_and_can_come_back);
    return g_test_run();
}
