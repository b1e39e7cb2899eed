/* The audience holds to its own truth: never falls, the same each time, people's hours, halving, and luck larger than habits. */
#include "practice/audience.h"

#include <math.h>

#define SINCE (INT64_C(1780000000) * HIB_SECOND)

static HibInstant
japan(int day, int hour)
{
    return (SINCE + 9 * HIB_HOUR) / HIB_DAY * HIB_DAY - 9 * HIB_HOUR + day * HIB_DAY +
           hour * HIB_HOUR;
}

static HibAudiencePost
post_of(int i, HibInstant at)
{
    return (HibAudiencePost){.key = 1000 + (uint64_t)i, .at = at, .graphemes = 80, .topic = "豆"};
}

static void
numbers_never_fall_and_come_out_the_same(void)
{
    const HibAudience audience = hib_audience_new(5, SINCE, 900);
    for (int i = 0; i < 40; i++) {
        const HibAudiencePost post = post_of(i, japan(3, i % 24));
        HibAudienceCounts last = {0};
        for (HibDuration age = 0; age < 20 * HIB_DAY;
             age += 37 * HIB_MINUTE * (1 + age / HIB_DAY)) {
            const HibAudienceCounts now = hib_audience_counts(&audience, &post, post.at + age);
            const HibAudienceCounts again = hib_audience_counts(&audience, &post, post.at + age);
            g_assert_true(now.likes >= last.likes && now.reposts >= last.reposts &&
                          now.replies >= last.replies && now.quotes >= last.quotes);
            g_assert_true(now.likes == again.likes && now.reposts == again.reposts &&
                          now.replies == again.replies && now.quotes == again.quotes);
            last = now;
        }
    }
}

static void
nothing_is_there_before_the_post(void)
{
    const HibAudience audience = hib_audience_new(5, SINCE, 900000);
    const HibAudiencePost post = post_of(1, japan(3, 20));
    const HibAudienceCounts before = hib_audience_counts(&audience, &post, post.at);
    g_assert_cmpint(before.likes + before.reposts + before.replies + before.quotes, ==, 0);
}

static void
the_evening_reaches_more_than_the_small_hours(void)
{
    const HibAudience audience = hib_audience_new(6, SINCE, 900);
    const HibAudiencePost night = post_of(1, japan(2, 2));
    const HibAudiencePost evening = post_of(1, japan(2, 20));
    g_assert_cmpfloat(hib_audience_mean_likes(&audience, &evening), >,
                      1.3 * hib_audience_mean_likes(&audience, &night));
}

static void
a_week_of_reading_has_mean_one(void)
{
    double sum = 0;
    int n = 0;
    for (HibInstant at = SINCE; at < SINCE + 7 * HIB_DAY; at += 5 * HIB_MINUTE, n++)
        sum += hib_audience_rhythm(at);
    g_assert_cmpfloat_with_epsilon(sum / n, 1.0, 0.02);
}

static void
most_has_come_after_a_day_and_a_half_and_not_in_the_first_hour(void)
{
    for (uint64_t seed = 1; seed < 20; seed++) {
        const HibAudience audience = hib_audience_new(seed, SINCE, 900);
        g_assert_cmpfloat(hib_audience_share(&audience, japan(1, 20), HIB_HOUR), <, 0.5);
        g_assert_cmpfloat(hib_audience_share(&audience, japan(1, 20), 36 * HIB_HOUR), >, 0.7);
        g_assert_cmpfloat(hib_audience_share(&audience, japan(1, 20), 15 * HIB_DAY), ==, 1.0);
        g_assert_cmpfloat(hib_audience_half_life_h(&audience), >=, 1.8);
    }
}

static void
luck_is_heavy_tailed_and_its_mean_is_the_models(void)
{
    const HibAudience audience = hib_audience_new(9, SINCE, 3000);
    double expected = 0;
    double sum = 0;
    int64_t most = 0;
    for (int i = 0; i < 2000; i++) {
        const HibAudiencePost post = post_of(i, japan(1, 12));
        int64_t likes = hib_audience_counts(&audience, &post, post.at + 30 * HIB_DAY).likes;
        expected = hib_audience_mean_likes(&audience, &post);
        sum += (double)likes;
        most = MAX(most, likes);
    }
    g_assert_cmpfloat(sum / 2000, >, 0.85 * expected);
    g_assert_cmpfloat(sum / 2000, <, 1.45 * expected);
    g_assert_cmpfloat((double)most, >, 6 * expected);
}

static void
followers_grow_about_as_the_model_says(void)
{
    const HibAudience audience = hib_audience_new(3, SINCE, 640);
    g_assert_cmpint(hib_audience_followers(&audience, SINCE - HIB_DAY), ==, 640);
    int64_t after = hib_audience_followers(&audience, SINCE + 90 * HIB_DAY);
    g_assert_cmpfloat(fabs((double)(after - 640) - 90 * audience.followers_a_day), <,
                      6 * sqrt(90 * 2 * audience.followers_a_day));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/audience/numbers_never_fall_and_come_out_the_same",
                    numbers_never_fall_and_come_out_the_same);
    g_test_add_func("/practice/audience/nothing_is_there_before_the_post",
                    nothing_is_there_before_the_post);
    g_test_add_func("/practice/audience/the_evening_reaches_more_than_the_small_hours",
                    the_evening_reaches_more_than_the_small_hours);
    g_test_add_func("/practice/audience/a_week_of_reading_has_mean_one",
                    a_week_of_reading_has_mean_one);
    g_test_add_func(
        "/practice/audience/most_has_come_after_a_day_and_a_half_and_not_in_the_first_hour",
        most_has_come_after_a_day_and_a_half_and_not_in_the_first_hour);
    g_test_add_func("/practice/audience/luck_is_heavy_tailed_and_its_mean_is_the_models",
                    luck_is_heavy_tailed_and_its_mean_is_the_models);
    g_test_add_func("/practice/audience/followers_grow_about_as_the_model_says",
                    followers_grow_about_as_the_model_says);
    return g_test_run();
}
