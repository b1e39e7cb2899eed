/* A number leads to the posts it is made of, as rankPosts is asked for them; what comes apart into no posts leads nowhere; and nobody without an account is led into the app. */
#include "report/behind.h"
#include <string.h>

enum { DAYS = 3 };

typedef struct {
    HibMeasureDay days[DAYS], before[DAYS];
    HibReport report;
    HibReportFigures of;
} Period;

static void
period_open(Period *p, const char *account)
{
    *p = (Period){.report = {.account_id = account, .content = {.locale = "ja"}}};
    for (int i = 0; i < DAYS; i++) {
        p->days[i].day = 20261101 + i;
        p->before[i].day = 20261029 + i;
    }
    p->of = (HibReportFigures){.report = &p->report,
                               .of = {.days = p->days, .before = p->before, .n_days = DAYS}};
}

static void
a_sum_leads_to_what_gained_it_and_a_mean_to_what_went_out(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Period p;
    period_open(&p, NULL);
    g_assert_cmpstr(hib_behind_gains(arena, &p.of, HIB_PERIOD_NOW, "likes", NULL), ==,
                    "/measure/posts?metric=likes&value=gained&first_day=2026-11-01"
                    "&last_day=2026-11-03");
    g_assert_cmpstr(hib_behind_gains(arena, &p.of, HIB_PERIOD_BEFORE, "likes", "a"), ==,
                    "/measure/posts?metric=likes&value=gained&first_day=2026-10-29"
                    "&last_day=2026-10-31&account=a");
    g_assert_cmpstr(hib_behind_day(arena, &p.of, 20261102, "saves"), ==,
                    "/measure/posts?metric=saves&value=gained&first_day=2026-11-02"
                    "&last_day=2026-11-02");
    g_assert_cmpstr(hib_behind_published(arena, &p.of, HIB_PERIOD_NOW, NULL), ==,
                    "/measure/posts?metric=engagements&first_day=2026-11-01&last_day=2026-11-03");
    g_assert_cmpstr(hib_behind_settled(arena, &p.of, 3, 0), ==,
                    "/measure/posts?metric=engagements&value=settled&first_day=2026-11-01"
                    "&last_day=2026-11-03&weekday=3&hour=0");
    g_assert_null(hib_behind_some(0, "/measure/posts"));
    g_assert_cmpstr(hib_behind_some(-2, "/measure/posts"), ==, "/measure/posts");
}

static void
a_report_of_one_account_leads_to_its_posts_alone(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Period p;
    period_open(&p, "one");
    const HibToldGroup reels = {.by = HIB_TOLD_BY_FORMAT, .key = "reel"};
    const char *const all[] = {
        hib_behind_gains(arena, &p.of, HIB_PERIOD_NOW, "likes", NULL),
        hib_behind_day(arena, &p.of, 20261102, "likes"),
        hib_behind_published(arena, &p.of, HIB_PERIOD_BEFORE, NULL),
        hib_behind_settled(arena, &p.of, 0, -1),
        hib_behind_group(arena, &p.of, &reels),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_nonnull(strstr(all[i], "&account=one"));
}

static const char *
group(HibArena *arena, HibToldBy by, const char *key)
{
    Period p;
    period_open(&p, NULL);
    const HibToldGroup of = {.by = by, .key = key};
    const char *behind = hib_behind_group(arena, &p.of, &of);
    return behind ? strstr(behind, "&last_day=2026-11-03") + strlen("&last_day=2026-11-03") : NULL;
}

static void
a_kind_of_posts_leads_to_them_and_so_does_none_of_it(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_assert_cmpstr(group(arena, HIB_TOLD_BY_NETWORK, "bluesky"), ==, "&network=bluesky");
    g_assert_cmpstr(group(arena, HIB_TOLD_BY_FORMAT, "reel"), ==, "&format=reel");
    g_assert_cmpstr(group(arena, HIB_TOLD_BY_CAMPAIGN, "c"), ==, "&campaign=c");
    g_assert_cmpstr(group(arena, HIB_TOLD_BY_CAMPAIGN, ""), ==, "&without=campaign");
    g_assert_cmpstr(group(arena, HIB_TOLD_BY_TAG, "a&b"), ==, "&tag=a%26b");
    g_assert_cmpstr(group(arena, HIB_TOLD_BY_TAG, ""), ==, "&without=tag");
    g_assert_null(group(arena, HIB_TOLD_BY_NETWORK, ""));
}

static void
what_has_its_own_time_leads_there(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Period p;
    period_open(&p, NULL);
    g_assert_null(hib_behind_campaign(arena, &p.of, "likes"));
    p.report.content.campaign_id = "c";
    g_assert_cmpstr(hib_behind_campaign(arena, &p.of, "likes"), ==,
                    "/measure/posts?metric=likes&ever=true&campaign=c");
    HibToldGoal goal = {.metric = "likes",
                        .account_id = "a",
                        .starts_on = 20261001,
                        .as_of = 20261020,
                        .has_actual = true};
    g_assert_cmpstr(hib_behind_goal(arena, &goal), ==,
                    "/measure/posts?metric=likes&value=gained&first_day=2026-10-01"
                    "&last_day=2026-10-20&account=a");
    goal.metric = "posts";
    g_assert_cmpstr(hib_behind_goal(arena, &goal), ==,
                    "/measure/posts?metric=engagements&first_day=2026-10-01&last_day=2026-10-20"
                    "&account=a");
    goal.metric = "clicks";
    g_assert_cmpstr(hib_behind_goal(arena, &goal), ==, "/links");
    goal.metric = "followers";
    g_assert_null(hib_behind_goal(arena, &goal));
    goal.metric = "likes";
    goal.has_actual = false;
    g_assert_null(hib_behind_goal(arena, &goal));
    const HibToldUnusual unusual = {
        .metric = "engagements", .first_day = 20261012, .last_day = 20261013};
    g_assert_cmpstr(hib_behind_unusual(arena, &unusual), ==,
                    "/measure/posts?metric=engagements&value=gained&first_day=2026-10-12"
                    "&last_day=2026-10-13");
    HibReportLearnt learnt = {"名", "a", {.kind = "time", .key = "5-20"}};
    g_assert_cmpstr(hib_behind_learnt(arena, &learnt), ==,
                    "/measure/posts?metric=engagements&value=settled&days=365&account=a"
                    "&weekday=5&hour=20");
    learnt.of = (HibToldFinding){.kind = "hashtag", .key = "#coffee"};
    g_assert_true(g_str_has_suffix(hib_behind_learnt(arena, &learnt), "&account=a&tag=coffee"));
    learnt.of = (HibToldFinding){.kind = "weekday", .key = "7"};
    g_assert_true(g_str_has_suffix(hib_behind_learnt(arena, &learnt), "&account=a&weekday=7"));
    learnt.of = (HibToldFinding){.kind = "type", .key = "video"};
    g_assert_true(g_str_has_suffix(hib_behind_learnt(arena, &learnt), "&account=a&media=video"));
    learnt.of = (HibToldFinding){
        .kind = "hashtag", .key = "#tea #milk", .since = 20260401, .until = 20261127};
    g_assert_cmpstr(hib_behind_learnt(arena, &learnt), ==,
                    "/measure/posts?metric=engagements&value=settled&first_day=2026-04-01"
                    "&last_day=2026-11-27&account=a&tag=tea%20milk");
}

static void
nobody_without_an_account_is_led_into_the_app(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const behind[] = {"/measure/p", "/measure/posts?ever=true"},
                      *const urls[] = {"https://bsky.app/p"}, *const bad[] = {"javascript:1"};
    HibReportBlock block = {.grid = {.n_columns = 2, .n_rows = 1}, .behind = behind, .urls = urls};
    HibReportDocument document = {0};
    g_assert_cmpstr(hib_behind_cell(arena, &document, &block, 0, 0), ==, "https://bsky.app/p");
    g_assert_null(hib_behind_cell(arena, &document, &block, 0, 1));
    document.app = "https://hibiki.example";
    g_assert_cmpstr(hib_behind_cell(arena, &document, &block, 0, 0), ==,
                    "https://hibiki.example/measure/p");
    g_assert_cmpstr(hib_behind_cell(arena, &document, &block, 0, 1), ==,
                    "https://hibiki.example/measure/posts?ever=true");
    block.behind = NULL;
    g_assert_cmpstr(hib_behind_cell(arena, &document, &block, 0, 0), ==, "https://bsky.app/p");
    block.urls = bad;
    g_assert_null(hib_behind_cell(arena, &document, &block, 0, 0));
    const HibMeasureBest ours = {.post = "p"}, outside = {.post = ""};
    g_assert_cmpstr(hib_behind_post(arena, &ours), ==, "/measure/p");
    g_assert_null(hib_behind_post(arena, &outside));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/report/behind/" #name, name)
    ADD(a_sum_leads_to_what_gained_it_and_a_mean_to_what_went_out);
    ADD(a_report_of_one_account_leads_to_its_posts_alone);
    ADD(a_kind_of_posts_leads_to_them_and_so_does_none_of_it);
    ADD(what_has_its_own_time_leads_there);
    ADD(nobody_without_an_account_is_led_into_the_app);
#undef ADD
    return g_test_run();
}
