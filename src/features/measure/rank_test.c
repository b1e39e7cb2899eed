/* Values of posts: the newest number, a ratio of two, or none; groups told apart by their intervals. */
#include "measure/rank.h"

static HibNumber
known(int64_t value, HibMetricState state)
{
    return (HibNumber){1, value, (uint8_t)state, true};
}

static void
value_by(HibRankPost *post, const HibMetric *metric, const HibNumber numbers[256],
         const HibNumber *followers)
{
    const HibRankBy by = hib_rank_by(metric);
    hib_rank_value(post, &by, numbers, followers);
}

static void
a_rate_is_the_ratio_of_what_is_known_and_as_exact_as_its_parts(void)
{
    HibNumber numbers[256] = {0};
    HibRankPost post = {0};
    const HibNumber followers = known(1000, HIB_METRIC_EXACT);
    numbers[hib_metric_find("likes")->id] = known(30, HIB_METRIC_EXACT);
    numbers[hib_metric_find("saves")->id] = known(10, HIB_METRIC_EXACT);
    value_by(&post, hib_metric_find("engagements"), numbers, NULL);
    g_assert_true(post.has_value && post.value == 40);
    value_by(&post, hib_metric_find("er_followers"), numbers, &followers);
    g_assert_true(post.has_value && post.value == 0.04 && post.state == HIB_METRIC_EXACT);
    value_by(&post, hib_metric_find("er_followers"), numbers, NULL);
    g_assert_false(post.has_value);
    value_by(&post, hib_metric_find("er_reach"), numbers, &followers);
    g_assert_false(post.has_value);
    numbers[hib_metric_find("reach")->id] = known(0, HIB_METRIC_ESTIMATED);
    value_by(&post, hib_metric_find("er_reach"), numbers, &followers);
    g_assert_false(post.has_value); /* of nobody there is no rate */
    numbers[hib_metric_find("reach")->id] = known(800, HIB_METRIC_ESTIMATED);
    value_by(&post, hib_metric_find("er_reach"), numbers, &followers);
    g_assert_true(post.value == 0.05 && post.state == HIB_METRIC_ESTIMATED);
    numbers[hib_metric_find("spend")->id] = known(2000, HIB_METRIC_EXACT);
    numbers[hib_metric_find("impressions")->id] = known(4000, HIB_METRIC_EXACT);
    value_by(&post, hib_metric_find("cpm"), numbers, NULL);
    g_assert_true(post.value == 500);
    g_assert_false(hib_rank_is_of_posts(hib_metric_find("followers")));
    g_assert_false(hib_rank_is_of_posts(hib_metric_find("day_views")));
    g_assert_false(hib_rank_is_of_posts(hib_metric_find("ltv")));
    g_assert_true(hib_rank_is_of_posts(hib_metric_find("er_followers")));
}

static HibRankPost
post_of(const char *id, HibInstant at, bool has_value, double value, const char *tags)
{
    return (HibRankPost){.delivery = id,
                         .account = "a",
                         .network = "bluesky",
                         .tags = tags,
                         .published_at = at,
                         .has_value = has_value,
                         .value = value};
}

static void
what_nobody_told_stands_at_the_end_whichever_way_round(void)
{
    HibRankPost posts[] = {post_of("1", 1, true, 5, ""), post_of("2", 2, false, 0, ""),
                           post_of("3", 3, true, 9, ""), post_of("4", 4, true, 5, "")};
    hib_rank_sort(posts, 4, false);
    g_assert_cmpstr(posts[0].delivery, ==, "3");
    g_assert_cmpstr(posts[1].delivery, ==, "4");
    g_assert_cmpstr(posts[3].delivery, ==, "2");
    hib_rank_sort(posts, 4, true);
    g_assert_cmpstr(posts[0].delivery, ==, "4");
    g_assert_cmpstr(posts[3].delivery, ==, "2");
    hib_rank_sort(NULL, 0, false);
}

static void
groups_are_apart_only_where_their_interval_says_so(void)
{
    HibBreakGroup all;
    size_t n = 0;
    HibRankPost posts[12];
    g_autoptr(HibArena) arena = hib_arena_new();
    for (int i = 0; i < 12; i++)
        posts[i] = post_of("x", i * HIB_DAY, i != 11,
                           i < 5    ? 100 + i
                           : i < 10 ? 10 + i
                                    : 0,
                           i < 5    ? "パン\n朝"
                           : i < 10 ? "朝"
                                    : "");
    HibBreakGroup *groups =
        hib_rank_break(arena, hib_zone_utc(), posts, 12, HIB_BREAK_TAG, &n, &all);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpuint(all.n_posts, ==, 12);
    g_assert_cmpint(all.mean.n, ==, 11);
    g_assert_cmpstr(groups[0].key, ==, "パン");
    g_assert_true(groups[0].is_apart && groups[0].total == 510 && groups[0].mean.mean == 102);
    g_assert_cmpstr(groups[1].key, ==, "朝");
    g_assert_cmpuint(groups[1].n_posts, ==, 10);
    g_assert_false(groups[1].is_apart);
    g_assert_cmpstr(groups[2].key, ==, "");
    g_assert_true(groups[2].n_posts == 2 && groups[2].mean.n == 1 && !groups[2].is_apart);
    groups = hib_rank_break(arena, hib_zone_utc(), posts, 12, HIB_BREAK_WEEKDAY, &n, &all);
    g_assert_cmpuint(n, ==, 7);
    groups = hib_rank_break(arena, hib_zone_utc(), posts, 0, HIB_BREAK_HOUR, &n, &all);
    g_assert_true(n == 0 && all.n_posts == 0 && groups);
}

/* What a list comes to is the number that led to it. */
static void
what_posts_come_to_together_is_their_sum_or_the_ratio_of_their_sums(void)
{
    double whole = 0;
    const HibMetric *likes = hib_metric_find("likes"), *ctr = hib_metric_find("ctr");
    HibRankPost posts[] = {post_of("1", 1, true, 5, ""), post_of("2", 2, false, 0, ""),
                           post_of("3", 3, true, 9, "")};
    g_assert_true(hib_rank_whole(posts, 3, likes, HIB_RANK_NEWEST, &whole) && whole == 14);
    g_assert_false(hib_rank_whole(posts, 3, hib_metric_find("reach"), HIB_RANK_NEWEST, &whole));
    g_assert_false(hib_rank_whole(&posts[1], 1, likes, HIB_RANK_GAINED, &whole));
    g_assert_false(hib_rank_whole(NULL, 0, likes, HIB_RANK_NEWEST, &whole));
    posts[0].over = 10, posts[0].under = 100;
    posts[1].over =
        40; /* of what nobody told there is no rate; over the days it was gained all the same */
    posts[2].over = 30, posts[2].under = 300;
    g_assert_true(hib_rank_whole(posts, 3, ctr, HIB_RANK_NEWEST, &whole));
    g_assert_cmpfloat(whole, ==, 40.0 / 400 * ctr->times);
    g_assert_true(hib_rank_whole(posts, 3, ctr, HIB_RANK_GAINED, &whole));
    g_assert_cmpfloat(whole, ==, 80.0 / 400 * ctr->times);
    const HibMetric *of_followers = hib_metric_find("er_followers");
    g_assert_true(hib_rank_whole(posts, 3, of_followers, HIB_RANK_NEWEST, &whole));
    g_assert_false(hib_rank_whole(posts, 3, of_followers, HIB_RANK_GAINED, &whole));
    g_assert_false(hib_rank_whole(posts, 3, hib_metric_find("er_reach"), HIB_RANK_NEWEST, &whole));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/measure/rank/" #name, name)
    TEST(a_rate_is_the_ratio_of_what_is_known_and_as_exact_as_its_parts);
    TEST(what_nobody_told_stands_at_the_end_whichever_way_round);
    TEST(groups_are_apart_only_where_their_interval_says_so);
    TEST(what_posts_come_to_together_is_their_sum_or_the_ratio_of_their_sums);
    return g_test_run();
}
