/* Findings on made posts whose truth is known: what is there is told, what is not becomes a plan, too little says nothing. */
#include "base/error.h"
#include "base/secrets.h"
#include "measure/finding.h"
#include "measure/fixture_test.h"
#include <math.h>

enum { N = 240 };

/* Two posts a day at all hours; videos bring three times as much, #豆 and the weekday nothing. */
static void
make(HibFindingPost *posts, size_t n)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 4);
    for (size_t i = 0; i < n; i++) {
        const bool is_video = hib_seeded_below(&seeded, 3) == 0,
                   has_tag = hib_seeded_below(&seeded, 2) == 0;
        posts[i] = (HibFindingPost){
            .published_at = hib_test_at("2026-03-01T00:00:00Z") + (HibInstant)i * 13 * HIB_HOUR,
            .result = floor(exp(3 + (is_video ? log(3) : 0) + 0.5 * hib_seeded_normal(&seeded))),
            .text = has_tag ? "朝の一杯 ＃豆 #Bean" : "朝の一杯 https://example.com/",
            .media = is_video ? "video" : NULL};
    }
}

static const HibFinding *
find(const HibFindings *all, HibFindingKind kind, const char *key)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->findings[i].kind == kind && (!key || g_str_equal(all->findings[i].key, key)))
            return &all->findings[i];
    return NULL;
}

static void
what_is_there_is_told_and_what_is_not_is_planned(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibFindingPost posts[N];
    HibFindings all;
    make(posts, N);
    hib_findings_of(arena, zone, posts, N, &all);
    const HibFinding *video = find(&all, HIB_FINDING_TYPE, "video"),
                     *time = find(&all, HIB_FINDING_TIME, NULL),
                     *weekday = find(&all, HIB_FINDING_WEEKDAY, NULL),
                     *tag = find(&all, HIB_FINDING_HASHTAG, NULL);
    g_assert_nonnull(video);
    g_assert_true(video->is_told && video->low > 1 && video->low < 2 && video->high > 2);
    g_assert_cmpuint(video->test_posts, ==, 0);
    g_assert_nonnull(time);
    g_assert_false(time->is_told);
    g_assert_cmpuint(time->test_posts, >, 0);
    g_assert_nonnull(weekday);
    g_assert_false(weekday->is_told);
    g_assert_true(weekday->low <= 0 && 0 <= weekday->high);
    g_assert_cmpuint(weekday->test_posts, >, 20);
    g_assert_nonnull(tag);
    g_assert_false(tag->is_told);
    g_assert_true(g_str_equal(tag->key, "#豆") || g_str_equal(tag->key, "#bean"));
    g_assert_cmpfloat_with_epsilon(all.per_week, 7 * 24.0 / 13, 0.2);
    const double weeks = ceil(2 * (double)weekday->test_posts / all.per_week);
    g_assert_cmpuint(weekday->test_weeks, ==, weeks <= HIB_FINDING_LONGEST ? (size_t)weeks : 0);
    g_assert_cmpfloat(all.chance_none[HIB_FINDING_TYPE], <, 0.01);
}

static void
too_little_says_nothing(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibFindingPost posts[N];
    HibFindings all;
    make(posts, N);
    hib_findings_of(arena, zone, posts, 19, &all);
    g_assert_cmpuint(all.n, ==, 0);
    g_assert_cmpuint(all.n_posts, ==, 19);
    hib_findings_of(arena, zone, posts, 0, &all);
    g_assert_cmpuint(all.n, ==, 0);
    for (int i = 0; i < N; i++) /* all alike: nothing to compare */
        posts[i].media = "image", posts[i].text = "";
    hib_findings_of(arena, zone, posts, N, &all);
    g_assert_null(find(&all, HIB_FINDING_TYPE, NULL));
    g_assert_null(find(&all, HIB_FINDING_HASHTAG, NULL));
}

static void
only_posts_old_enough_of_that_account_count(HibTestStore *test)
{
    GError *error = NULL;
    HibFindings all;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    const HibInstant begin = hib_test_at("2026-10-01T03:00:00Z");
    hib_clock_manual_set(test->clock, begin + 40 * HIB_DAY);
    const char *one = hib_test_measure_account(t, "one"), *two = hib_test_measure_account(t, "two");
    for (int i = 0; i < 25; i++) {
        const HibInstant at = begin + i * HIB_DAY;
        const char *id = hib_test_measure_out(t, i < 22 ? one : two, at, NULL);
        hib_test_measure_add(
            t,
            &(HibSnapshot){
                .delivery = id, .metric = "likes", .as_of = at + 49 * HIB_HOUR, .value = i},
            1);
    }
    const char *young = hib_test_measure_out(t, one, begin + 39 * HIB_DAY, NULL);
    hib_test_measure_add(t,
                         &(HibSnapshot){.delivery = young,
                                        .metric = "likes",
                                        .as_of = begin + 39 * HIB_DAY + HIB_HOUR,
                                        .value = 3},
                         1);
    hib_assert_ok(hib_findings(t->db, t->zone, one, &all, &error), error);
    g_assert_cmpuint(all.n_posts, ==, 22);
    g_assert_nonnull(find(&all, HIB_FINDING_TIME, NULL));
    hib_assert_ok(hib_findings(t->db, t->zone, two, &all, &error), error);
    g_assert_cmpuint(all.n_posts, ==, 3);
    g_assert_cmpuint(all.n, ==, 0);
    g_assert_false(hib_findings(t->db, t->zone, young, &all, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "accounts.unknown");
    g_clear_error(&error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/finding/told", what_is_there_is_told_and_what_is_not_is_planned);
    g_test_add_func("/measure/finding/little", too_little_says_nothing);
    hib_test_add_manual("/measure/finding/store", only_posts_old_enough_of_that_account_count);
    return g_test_run();
}
