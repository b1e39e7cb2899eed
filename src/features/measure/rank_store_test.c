/* Posts of a period by any metric: their own numbers, the filters, and who told them. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/rank.h"

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
    hib_assert_ok(hib_measure_told_by(t->db, one, &source, &error), error);
    g_assert_cmpstr(source, ==, "bluesky, import:export");
    hib_assert_ok(hib_measure_told_by(t->db, "nobody", &source, &error), error);
    g_assert_cmpstr(source, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/rank/posts_are_found_by_what_they_are_with_their_newest_numbers",
                        posts_are_found_by_what_they_are_with_their_newest_numbers);
    return g_test_run();
}
