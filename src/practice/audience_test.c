/* The description of an audience holds to what is known of people: Japan's measured day, parted among communities; evenings before
 * small hours; topics; halving. */
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
the_evening_reaches_more_than_the_small_hours(void)
{
    const HibAudience audience = hib_audience_new(6, SINCE, 900);
    const HibAudiencePost night = post_of(1, japan(2, 2));
    const HibAudiencePost evening = post_of(1, japan(2, 20));
    g_assert_cmpfloat(hib_audience_mean_likes(&audience, &evening, 900), >,
                      1.3 * hib_audience_mean_likes(&audience, &night, 900));
}

static void
a_week_of_reading_has_mean_one_for_all_and_for_the_communities_together(void)
{
    double sum = 0;
    int n = 0;
    for (HibInstant at = SINCE; at < SINCE + 7 * HIB_DAY; at += 5 * HIB_MINUTE, n++) {
        double all = 0;
        for (int c = 0; c < HIB_AUDIENCE_COMMUNITIES; c++) {
            g_assert_cmpfloat(hib_audience_rhythm_of(c, at), >, 0);
            all += hib_audience_weight(c) * hib_audience_rhythm_of(c, at);
        }
        g_assert_cmpfloat_with_epsilon(all, hib_audience_rhythm(at), 1e-9);
        sum += all;
    }
    g_assert_cmpfloat_with_epsilon(sum / n, 1.0, 1e-3);
}

static void
the_truth_of_hours_has_mean_one_and_knows_the_evening(void)
{
    const HibAudience audience = hib_audience_new(6, SINCE, 900);
    double sum = 0;
    for (int weekday = 0; weekday < 7; weekday++)
        for (int hour = 0; hour < 24; hour++)
            sum += hib_audience_truth_hour(&audience, weekday, hour);
    g_assert_cmpfloat_with_epsilon(sum / 168, 1.0, 1e-6);
    g_assert_cmpfloat(hib_audience_truth_hour(&audience, 5, 20), >, 1.3);
    g_assert_cmpfloat(hib_audience_truth_hour(&audience, 2, 3), <, 0.6);
    g_assert_cmpfloat(hib_audience_truth_topic(&audience, NULL), ==, 1.0);
    g_assert_cmpfloat(hib_audience_truth_topic(&audience, "豆"), !=,
                      hib_audience_truth_topic(&audience, "季節"));
}

static void
most_has_come_after_a_day_and_a_half_and_not_in_the_first_hour(void)
{
    for (uint64_t seed = 1; seed < 20; seed++) {
        const HibAudience audience = hib_audience_new(seed, SINCE, 900);
        g_assert_cmpfloat(hib_audience_share(&audience, japan(1, 20), HIB_HOUR), <, 0.5);
        g_assert_cmpfloat(hib_audience_share(&audience, japan(1, 20), 36 * HIB_HOUR), >, 0.7);
        g_assert_cmpfloat(hib_audience_share(&audience, japan(1, 20), 15 * HIB_DAY), ==, 1.0);
        double half_life_h = hib_audience_half_life_h(&audience);
        g_assert_cmpfloat(half_life_h, >=, 1.8);
        g_assert_cmpfloat(half_life_h, <=, 3.6);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/audience/" #name, name)
    TEST(the_evening_reaches_more_than_the_small_hours);
    TEST(a_week_of_reading_has_mean_one_for_all_and_for_the_communities_together);
    TEST(the_truth_of_hours_has_mean_one_and_knows_the_evening);
    TEST(most_has_come_after_a_day_and_a_half_and_not_in_the_first_hour);
    return g_test_run();
}
