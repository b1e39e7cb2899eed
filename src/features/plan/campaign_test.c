/* Campaigns: made, renamed, put away; a post belongs to one at most and takes it along when copied. */
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
    hib_assert_ok(hib_plan_add_campaign(db, name, &made, &error), error);
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
    g_assert_cmpstr(found->name, ==, "冬の福袋"); /* without the blanks */
    g_assert_cmpint(found->n_posts, ==, 0);
    hib_assert_ok(hib_plan_campaign(db, spring, &found, &error), error);
    g_assert_cmpint(found->n_posts, ==, 2);
    hib_assert_ok(hib_plan_set_campaign(db, post, NULL, &error), error);
    hib_assert_ok(hib_plan_campaign_of(db, post, &of, &error), error);
    g_assert_null(of);
}

static void
what_is_not_there_is_refused_and_nothing_changes(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *of = NULL, *post = draft(db, "x")->id;
    HibCampaign *found;
    hib_assert_refused(hib_plan_add_campaign(db, " \n", &found, &error), error, "campaign.no_name");
    hib_assert_refused(hib_plan_set_campaign(db, post, post, &error), error, "campaign.unknown");
    hib_assert_refused(hib_plan_set_campaign(db, "no", campaign(db, "春")->id, &error), error,
                       "post.unknown");
    hib_assert_ok(hib_plan_campaign_of(db, post, &of, &error), error);
    g_assert_null(of);
}

static void
an_ended_campaign_stands_last_and_can_come_back(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *old = campaign(db, "秋")->id;
    campaign(db, "冬");
    HibCampaign *after, *rows;
    size_t n;
    hib_assert_ok(hib_plan_change_campaign(db, old, "秋祭り", true, &after, &error), error);
    g_assert_true(after->has_ended_at);
    hib_assert_ok(hib_plan_campaigns(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(rows[1].name, ==, "秋祭り");
    hib_assert_ok(hib_plan_change_campaign(db, old, "秋祭り", false, &after, &error), error);
    g_assert_false(after->has_ended_at);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/plan/campaign/a_post_belongs_to_one_campaign_and_takes_it_along",
                 a_post_belongs_to_one_campaign_and_takes_it_along);
    hib_test_add("/plan/campaign/what_is_not_there_is_refused_and_nothing_changes",
                 what_is_not_there_is_refused_and_nothing_changes);
    hib_test_add("/plan/campaign/an_ended_campaign_stands_last_and_can_come_back",
                 an_ended_campaign_stands_last_and_can_come_back);
    return g_test_run();
}
