/* What is kept of each post for ranking is what its readings say: late ones, corrections, and all made anew. */
#include "base/error.h"
#include "base/secrets.h"
#include "measure/fixture_test.h"
#include "measure/rank.h"
#include <string.h>

static const HibRankQuery all_likes = {.format = -1, .with_ids = true, .to = INT64_MAX};

/* "delivery value as_of numbers" of each post, the greatest first: what the ranking says, and what it keeps for that. */
static char *
ranked(HibTestMeasure *t, const char *metric)
{
    GError *error = NULL;
    HibRankPost *posts = NULL;
    size_t n = 0;
    HibRankQuery query = all_likes;
    query.metric = hib_metric_find(metric);
    GString *out = g_string_new(NULL);
    hib_assert_ok(hib_measure_rank(t->db, &query, &posts, &n, &error), error);
    hib_rank_sort(posts, n, false);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s %g %" G_GINT64_FORMAT " %s\n", posts[i].delivery,
                               posts[i].has_value ? posts[i].value : -1, posts[i].as_of,
                               hib_sha256_hex(t->arena, posts[i].packed.data, posts[i].packed.n));
    return g_string_free(out, FALSE);
}

static double
likes_of(HibTestMeasure *t, const char *delivery)
{
    g_autofree char *lines = ranked(t, "likes");
    const char *line = strstr(lines, delivery);
    g_assert_nonnull(line);
    return g_ascii_strtod(line + strlen(delivery), NULL);
}

static void
add(HibTestMeasure *t, const char *delivery, const char *at, int64_t likes, const char *source,
    const char *fetched_at)
{
    const HibSnapshot one = {
        delivery, NULL,   "likes",          hib_test_at(at),
        likes,    source, HIB_METRIC_EXACT, fetched_at ? hib_test_at(fetched_at) : 0};
    hib_test_measure_add(t, &one, 1);
}

/* A reading from before the newest changes nothing; a correction of the newest moment does; a counter that fell is ranked as it stands. */
static void
late_readings_and_corrections_are_ranked_as_they_stand(HibTestStore *test)
{
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *account = hib_test_measure_account(t, "a.example");
    const char *one = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL),
               *two = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    add(t, one, "2026-01-12T01:00:00Z", 20, NULL, NULL);
    add(t, two, "2026-01-12T01:00:00Z", 15, NULL, NULL);
    g_autofree char *before = ranked(t, "likes");
    g_assert_true(g_str_has_prefix(before, one));
    add(t, one, "2026-01-11T01:00:00Z", 99, NULL, NULL);
    g_autofree char *late = ranked(t, "likes");
    g_assert_cmpstr(late, ==, before);
    add(t, two, "2026-01-12T01:00:00Z", 30, "import:x", "2026-01-15T00:00:00Z");
    g_assert_cmpfloat(likes_of(t, two), ==, 30);
    g_autofree char *corrected = ranked(t, "likes");
    g_assert_true(g_str_has_prefix(corrected, two));
    add(t, two, "2026-01-13T01:00:00Z", 4, NULL, NULL);
    g_assert_cmpfloat(likes_of(t, two), ==, 4);
    g_autofree char *fallen = ranked(t, "likes");
    g_assert_true(g_str_has_prefix(fallen, one));
}

/* What is kept of each post is what its readings say, however they came. */
static void
kept_and_made_anew_it_is_the_same(HibTestStore *test)
{
    static const char *const sources[] = {NULL, "import:a", "import:b"};
    static const char *const metrics[] = {"likes", "reposts", "views", "saves"};
    GError *error = NULL;
    HibSeeded seeded;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-02-20T00:00:00Z"));
    hib_seeded_init(&seeded, 11);
    const char *account = hib_test_measure_account(t, "a.example"), *out[6];
    const HibInstant begin = hib_test_at("2026-01-10T00:00:00Z");
    for (int i = 0; i < 6; i++)
        out[i] = hib_test_measure_out(t, account, begin + i * HIB_HOUR, NULL);
    for (int i = 0; i < 200; i++) {
        const HibInstant as_of = begin + HIB_DAY + hib_seeded_below(&seeded, 60) * HIB_HOUR;
        const HibSnapshot one = {.delivery = out[hib_seeded_below(&seeded, 6)],
                                 .metric = metrics[hib_seeded_below(&seeded, 4)],
                                 .as_of = as_of,
                                 .value = hib_seeded_below(&seeded, 1000),
                                 .source = sources[hib_seeded_below(&seeded, 3)],
                                 .fetched_at = as_of + hib_seeded_below(&seeded, 90) * HIB_MINUTE};
        hib_test_measure_add(t, &one, 1);
    }
    for (size_t m = 0; m < G_N_ELEMENTS(metrics); m++) {
        g_autofree char *kept = ranked(t, metrics[m]);
        hib_assert_ok(hib_measure_rebuild(t->db, &error), error);
        g_autofree char *anew = ranked(t, metrics[m]);
        g_assert_cmpstr(kept, ==, anew);
        for (int i = 0; i < 6; i++)
            g_assert_nonnull(strstr(kept, out[i]));
    }
}

/* The index holds a post's newest numbers: with every metric there is, as great as they come, it still takes the row. */
static void
every_metric_at_once_fits_into_the_line(HibTestStore *test)
{
    size_t n = 0, told = 0;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *account = hib_test_measure_account(t, "a.example");
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibMetric *metrics = hib_metrics(&n);
    for (size_t i = 0; i < n; i++) {
        if (metrics[i].kind == HIB_METRIC_DERIVED || !hib_rank_is_of_posts(&metrics[i]) ||
            !hib_metric_is_read(&metrics[i]))
            continue;
        const HibSnapshot one = {out, NULL, metrics[i].slug, hib_test_at("2026-01-12T01:00:00Z"),
                                 INT64_C(500000000000000000)};
        hib_test_measure_add(t, &one, 1);
        told++;
    }
    g_assert_cmpuint(told, >, 20);
    g_assert_cmpfloat(likes_of(t, out), ==, 5e17);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/rank/late_readings_and_corrections_are_ranked_as_they_stand",
                        late_readings_and_corrections_are_ranked_as_they_stand);
    hib_test_add_manual("/measure/rank/kept_and_made_anew_it_is_the_same",
                        kept_and_made_anew_it_is_the_same);
    hib_test_add_manual("/measure/rank/every_metric_at_once_fits_into_the_line",
                        every_metric_at_once_fits_into_the_line);
    return g_test_run();
}
