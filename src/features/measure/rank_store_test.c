/* Posts of a period by any metric: their own numbers, the filters, and who told them. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/import.sql.h"
#include "measure/rank.h"
#include "measure/series.h"

static void
posts_are_found_by_what_they_are_with_their_newest_numbers(HibTestStore *test)
{
    GError *error = NULL;
    HibRankPost *posts = NULL;
    const char *source = NULL;
    size_t n = 0;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *a = hib_test_measure_account(t, "a.example"),
               *b = hib_test_measure_account(t, "b.example");
    const char *one = hib_test_measure_out(t, a, hib_test_at("2026-01-10T00:00:00Z"), NULL),
               *two = hib_test_measure_out(t, b, hib_test_at("2026-01-11T00:00:00Z"), NULL),
               *old = hib_test_measure_out(t, b, hib_test_at("2025-01-11T00:00:00Z"), NULL);
    const HibSnapshot told[] = {
        {one, NULL, "likes", hib_test_at("2026-01-10T01:00:00Z"), 5},
        {one, NULL, "likes", hib_test_at("2026-01-12T01:00:00Z"), 8},
        {one, NULL, "views", hib_test_at("2026-01-12T01:00:00Z"), 90, "import:export"},
        {two, NULL, "likes", hib_test_at("2026-01-12T01:00:00Z"), 20},
        {old, NULL, "likes", hib_test_at("2026-01-12T01:00:00Z"), 99},
        {NULL, a, "followers", hib_test_at("2026-01-12T01:00:00Z"), 400}};
    hib_test_measure_add(t, told, G_N_ELEMENTS(told));
    HibRankQuery query = {.from = hib_test_at("2026-01-01T00:00:00Z"),
                          .to = hib_test_at("2026-02-01T00:00:00Z"),
                          .format = -1,
                          .with_ids = true,
                          .metric = hib_metric_find("likes")};
    hib_assert_ok(hib_measure_rank(t->db, &query, &posts, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    hib_rank_sort(posts, n, false);
    g_assert_cmpstr(posts[0].delivery, ==, two);
    g_assert_cmpfloat(posts[1].value, ==, 8);
    g_assert_cmpstr(posts[1].network, ==, "bluesky");
    query.metric = hib_metric_find("er_followers");
    query.account = a;
    hib_assert_ok(hib_measure_rank(t->db, &query, &posts, &n, &error), error);
    g_assert_true(n == 1 && posts[0].value == 0.02);
    query.network = "x";
    hib_assert_ok(hib_measure_rank(t->db, &query, &posts, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    query.network = "bluesky";
    query.tag = "パン";
    hib_assert_ok(hib_measure_rank(t->db, &query, &posts, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    const char *tagged = hib_db_new_id(t->db);
    const HibSqlOutsideAddIn outside = {tagged, a, tagged, "bluesky", NULL, "#パン #豆"};
    const HibOutsidePost post = {
        tagged, a, "bluesky", outside.text, HIB_FORMAT_POST, hib_test_at("2026-01-12T00:00:00Z")};
    hib_assert_ok(hib_sql_outside_add_many(t->db, &outside, 1, &error), error);
    hib_assert_ok(hib_measure_follow_outside(t->db, &post, 1, &error), error);
    static const char *const asked[] = {"パン", "珈琲 豆",     "珈琲 パン 豆",
                                        "パ",   "パン粉 珈琲", " "};
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) { /* of several one is enough, whole */
        query.tag = asked[i];
        hib_assert_ok(hib_measure_rank(t->db, &query, &posts, &n, &error), error);
        g_assert_cmpuint(n, ==, i < 3);
    }
    hib_assert_ok(hib_measure_told_by(t->db, one, &source, &error), error);
    g_assert_cmpstr(source, ==, "bluesky, import:export");
    hib_assert_ok(hib_measure_told_by(t->db, "nobody", &source, &error), error);
    g_assert_cmpstr(source, ==, "");
}

/* Three posts of two days, read within the day they went out, on the next and days later. */
typedef struct {
    HibTestMeasure *t;
    const char *account, *sunday, *monday, *old;
} Week;

static Week
a_week(HibTestMeasure *t)
{
    Week week = {.t = t, .account = hib_test_measure_account(t, "a.example")};
    /* 2026-01-11 is a Sunday; 19:30 in Tokyo. */
    week.sunday = hib_test_measure_out(t, week.account, hib_test_at("2026-01-11T10:30:00Z"), NULL);
    week.monday = hib_test_measure_out(t, week.account, hib_test_at("2026-01-12T10:30:00Z"), NULL);
    week.old = hib_test_measure_out(t, week.account, hib_test_at("2025-12-01T00:00:00Z"), NULL);
    const HibSnapshot told[] = {
        {week.sunday, NULL, "likes", hib_test_at("2026-01-11T11:00:00Z"), 5},
        {week.sunday, NULL, "likes", hib_test_at("2026-01-12T11:00:00Z"), 8},
        {week.sunday, NULL, "likes", hib_test_at("2026-01-14T11:00:00Z"), 6},
        {week.sunday, NULL, "saves", hib_test_at("2026-01-12T11:00:00Z"), 2},
        {week.monday, NULL, "likes", hib_test_at("2026-01-12T12:00:00Z"), 20},
        {week.old, NULL, "likes", hib_test_at("2025-12-02T00:00:00Z"), 70},
        {week.old, NULL, "likes", hib_test_at("2026-01-12T01:00:00Z"), 71},
        {week.old, NULL, "likes", hib_test_at("2026-01-18T01:00:00Z"), 74}};
    hib_test_measure_add(t, told, G_N_ELEMENTS(told));
    return week;
}

static double
whole_of(const Week *week, const HibRankQuery *query, size_t n_expected)
{
    GError *error = NULL;
    HibRankPost *posts = NULL;
    size_t n = 0;
    double whole = 0;
    hib_assert_ok(hib_measure_rank(week->t->db, query, &posts, &n, &error), error);
    g_assert_cmpuint(n, ==, n_expected);
    (void)hib_rank_whole(posts, n, query->metric, query->value, &whole);
    return whole;
}

static double
of_series(const Week *week, const char *metric, int64_t from, int64_t until)
{
    GError *error = NULL;
    HibSeries series;
    const HibSeriesQuery query = {.metric = hib_metric_find(metric),
                                  .grain = HIB_GRAIN_DAY,
                                  .from = from,
                                  .until = until,
                                  .part = -1};
    hib_assert_ok(hib_measure_series(week->t->db, &query, &series, &error), error);
    g_assert_true(series.is_of_posts);
    return series.whole.value;
}

static void
what_posts_gained_in_some_days_is_what_the_roll_ups_say(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const Week week = a_week(t);
    HibRankQuery query = {.from = hib_test_at("2026-01-11T15:00:00Z"),
                          .to = hib_test_at("2026-01-12T15:00:00Z"),
                          .value = HIB_RANK_GAINED,
                          .format = -1,
                          .zone = t->zone,
                          .metric = hib_metric_find("likes")};
    g_assert_cmpfloat(whole_of(&week, &query, 3), ==, 3 + 20 + 1);
    g_assert_cmpfloat(of_series(&week, "likes", 20260112, 20260113), ==, 24);
    query.metric = hib_metric_find("engagements");
    g_assert_cmpfloat(whole_of(&week, &query, 3), ==, 26);
    g_assert_cmpfloat(of_series(&week, "engagements", 20260112, 20260113), ==, 26);
    query.metric = hib_metric_find("likes");
    query.to = hib_test_at("2026-01-20T15:00:00Z"); /* a count that fell is taken off */
    g_assert_cmpfloat(whole_of(&week, &query, 3), ==, 3 - 2 + 20 + 4);
    g_assert_cmpfloat(of_series(&week, "likes", 20260112, 20260121), ==, 25);
    query.from = hib_test_at("2026-01-14T15:00:00Z"); /* only the old one moved since */
    g_assert_cmpfloat(whole_of(&week, &query, 1), ==, 3);
    query.weekday = 7;
    g_assert_cmpfloat(whole_of(&week, &query, 0), ==, 0);
    /* By followers too: that there are some does not make a post one that gained. */
    const HibSnapshot followers = {NULL, week.account, "followers",
                                   hib_test_at("2026-01-12T01:00:00Z"), 400};
    hib_test_measure_add(t, &followers, 1);
    query.weekday = 0;
    query.metric = hib_metric_find("er_followers");
    (void)whole_of(&week, &query, 1);
}

static void
posts_are_found_by_the_weekday_and_hour_they_went_out(HibTestStore *test)
{
    const int seven = 19, eight = 20;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const Week week = a_week(t);
    HibRankQuery query = {.from = hib_test_at("2025-11-30T15:00:00Z"),
                          .to = hib_test_at("2026-01-20T15:00:00Z"),
                          .format = -1,
                          .zone = t->zone,
                          .hour = &seven,
                          .metric = hib_metric_find("likes")};
    g_assert_cmpfloat(whole_of(&week, &query, 2), ==, 26);
    query.weekday = 7;
    g_assert_cmpfloat(whole_of(&week, &query, 1), ==, 6);
    query.value =
        HIB_RANK_SETTLED; /* as they stood two days after: the old one's first reading is later still */
    query.metric = hib_metric_find("engagements");
    g_assert_cmpfloat(whole_of(&week, &query, 1), ==, 8);
    query.hour = &eight;
    g_assert_cmpfloat(whole_of(&week, &query, 0), ==, 0);
    query.hour = NULL;
    query.weekday = 0;
    query.without_tag = query.without_campaign = true;
    g_assert_cmpfloat(whole_of(&week, &query, 3), ==, 8 + 71);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/rank/posts_are_found_by_what_they_are_with_their_newest_numbers",
                        posts_are_found_by_what_they_are_with_their_newest_numbers);
    hib_test_add_manual("/measure/rank/what_posts_gained_in_some_days_is_what_the_roll_ups_say",
                        what_posts_gained_in_some_days_is_what_the_roll_ups_say);
    hib_test_add_manual("/measure/rank/posts_are_found_by_the_weekday_and_hour_they_went_out",
                        posts_are_found_by_the_weekday_and_hour_they_went_out);
    return g_test_run();
}
