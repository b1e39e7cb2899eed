/* A post that changes its campaign or hashtags is counted where it stands now; what a rebuild makes is the same. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/part.h"
#include "measure/series.h"
#include "plan/plan.h"

static double
of_part(HibTestMeasure *t, HibPartKind part, const char *name, const char *metric)
{
    GError *error = NULL;
    HibSeries series;
    const HibSeriesQuery query = {.metric = hib_metric_find(metric),
                                  .grain = HIB_GRAIN_DAY,
                                  .from = 20260101,
                                  .until = 20260201,
                                  .part = part,
                                  .name = name};
    hib_assert_ok(hib_measure_series(t->db, &query, &series, &error), error);
    return series.whole.value;
}

/* yyyymmddhh → what came in within it. */
static double
of_hour(HibTestMeasure *t, HibPartKind part, const char *name, int64_t hour)
{
    GError *error = NULL;
    HibSeries series;
    const HibSeriesQuery query = {.metric = hib_metric_find("likes"),
                                  .grain = HIB_GRAIN_HOUR,
                                  .from = 20260106,
                                  .until = 20260121,
                                  .part = part,
                                  .name = name};
    hib_assert_ok(hib_measure_series(t->db, &query, &series, &error), error);
    for (size_t i = 0; i < series.n; i++)
        if (series.points[i].at == hour)
            return series.points[i].value;
    g_assert_not_reached();
}

static const char *
make_campaign(HibTestMeasure *t, const char *name)
{
    GError *error = NULL;
    HibCampaign *made = NULL;
    const HibCampaignContent content = {.name = name, .status = HIB_CAMPAIGN_RUNNING};
    hib_assert_ok(hib_plan_add_campaign(t->db, &content, &made, &error), error);
    return made->id;
}

static const char *
make_post(HibTestMeasure *t)
{
    GError *error = NULL;
    HibPost *post = NULL;
    hib_assert_ok(hib_plan_create(t->db, &(HibPostContent){.text = "豆"}, &post, &error), error);
    return post->id;
}

static void
a_post_is_counted_where_it_stands_now(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *account = hib_test_measure_account(t, "a.example"),
               *spring = make_campaign(t, "春"), *summer = make_campaign(t, "夏"),
               *post = make_post(t);
    hib_assert_ok(hib_plan_set_campaign(t->db, post, spring, &error), error);
    const char *out =
        hib_test_measure_post_out(t, post, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot told[] = {{out, NULL, "likes", hib_test_at("2026-01-10T01:00:00Z"), 5},
                                {out, NULL, "likes", hib_test_at("2026-01-12T01:00:00Z"), 8}};
    hib_test_measure_add(t, told, 2);
    g_assert_cmpfloat(of_part(t, HIB_PART_CAMPAIGN, spring, "likes"), ==, 8);
    g_assert_cmpfloat(of_part(t, HIB_PART_NETWORK, "bluesky", "engagements"), ==, 8);
    hib_assert_ok(hib_plan_set_campaign(t->db, post, summer, &error), error);
    hib_assert_ok(hib_measure_relabel(t->db, post, &error), error);
    hib_assert_ok(hib_measure_relabel(t->db, post, &error), error);
    g_assert_cmpfloat(of_part(t, HIB_PART_CAMPAIGN, spring, "likes"), ==, 0);
    g_assert_cmpfloat(of_part(t, HIB_PART_CAMPAIGN, summer, "likes"), ==, 8);
    const HibSnapshot late = {out, NULL, "likes", hib_test_at("2026-01-11T01:00:00Z"), 9};
    hib_test_measure_add(t, &late, 1);
    g_assert_cmpfloat(of_part(t, HIB_PART_CAMPAIGN, summer, "likes"), ==, 8);
    g_autofree char *written = hib_test_measure_rolls(t);
    g_assert_nonnull(strstr(written, summer));
    g_assert_null(strstr(written, spring));
    hib_assert_ok(hib_measure_rebuild(t->db, &error), error);
    g_autofree char *rebuilt = hib_test_measure_rolls(t);
    g_assert_cmpstr(written, ==, rebuilt);
    hib_assert_ok(hib_plan_set_campaign(t->db, post, NULL, &error), error);
    hib_assert_ok(hib_measure_relabel(t->db, post, &error), error);
    g_assert_cmpfloat(of_part(t, HIB_PART_CAMPAIGN, summer, "likes"), ==, 0);
    hib_assert_ok(hib_measure_relabel(t->db, "nobody's", &error), error);
}

/* Late readings, corrections and counters that fall, moved with the post; a rebuild makes the same of the readings. */
static void
hours_move_with_the_post_and_go_after_days(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-13T00:00:00Z"));
    const char *account = hib_test_measure_account(t, "a.example"),
               *spring = make_campaign(t, "春"), *summer = make_campaign(t, "夏"),
               *post = make_post(t);
    hib_assert_ok(hib_plan_set_campaign(t->db, post, spring, &error), error);
    const char *out =
        hib_test_measure_post_out(t, post, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot told[] = {{out, NULL, "likes", hib_test_at("2026-01-10T01:10:00Z"), 5},
                                {out, NULL, "likes", hib_test_at("2026-01-10T01:40:00Z"), 8},
                                {out, NULL, "likes", hib_test_at("2026-01-12T01:00:00Z"), 2}};
    hib_test_measure_add(t, told, 3);
    g_assert_cmpfloat(of_hour(t, HIB_PART_CAMPAIGN, spring, 2026011010), ==, 8);
    g_assert_cmpfloat(of_hour(t, HIB_PART_CAMPAIGN, spring, 2026011210), ==, -6); /* a reset */
    const HibSnapshot late = {out, NULL, "likes", hib_test_at("2026-01-11T01:00:00Z"), 9};
    hib_test_measure_add(t, &late, 1);
    const HibSnapshot corrected = {
        out, NULL, "likes",          hib_test_at("2026-01-10T01:40:00Z"),
        6,   NULL, HIB_METRIC_EXACT, hib_test_at("2026-01-12T12:00:00Z")};
    hib_test_measure_add(t, &corrected, 1);
    g_assert_cmpfloat(of_hour(t, HIB_PART_CAMPAIGN, spring, 2026011010), ==, 6);
    g_assert_cmpfloat(of_hour(t, HIB_PART_NETWORK, "bluesky", 2026011110), ==, 3);
    g_assert_cmpfloat(of_hour(t, HIB_PART_FORMAT, "post", 2026011210), ==, -7);
    hib_assert_ok(hib_plan_set_campaign(t->db, post, summer, &error), error);
    hib_assert_ok(hib_measure_relabel(t->db, post, &error), error);
    g_assert_cmpfloat(of_hour(t, HIB_PART_CAMPAIGN, spring, 2026011010), ==, 0);
    g_assert_cmpfloat(of_hour(t, HIB_PART_CAMPAIGN, summer, 2026011010), ==, 6);
    g_autofree char *written = hib_test_measure_rolls(t);
    g_assert_nonnull(strstr(written, "2026011210"));
    hib_assert_ok(hib_measure_rebuild(t->db, &error), error);
    g_autofree char *rebuilt = hib_test_measure_rolls(t);
    g_assert_cmpstr(written, ==, rebuilt);
    hib_clock_manual_set(test->clock, hib_test_at("2026-02-20T00:00:00Z"));
    const HibSnapshot own = {NULL, account, "followers", hib_test_at("2026-02-20T00:00:00Z"), 1};
    hib_test_measure_add(t, &own, 1);
    g_assert_cmpfloat(of_hour(t, HIB_PART_CAMPAIGN, summer, 2026011010), ==, 0);
    g_assert_cmpfloat(of_part(t, HIB_PART_CAMPAIGN, summer, "likes"), ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/part_store/a_post_is_counted_where_it_stands_now",
                        a_post_is_counted_where_it_stands_now);
    hib_test_add_manual("/measure/part_store/hours_move_with_the_post_and_go_after_days",
                        hours_move_with_the_post_and_go_after_days);
    return g_test_run();
}
