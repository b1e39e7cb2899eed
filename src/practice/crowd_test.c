/* The crowd holds to its description, to itself and to the theory: numbers never fall, steps and restarts change nothing, the day is the
 * measured day, means are the truth, cascades have the sizes that branching processes have, and memory dies down. */
#include "practice/crowd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SINCE (INT64_C(1780000000) * HIB_SECOND)

static HibAudiencePost
post_of(int i, HibInstant at)
{
    return (HibAudiencePost){.key = 1000 + (uint64_t)i, .at = at, .graphemes = 75, .topic = "豆"};
}

static bool
none_less(const HibAudienceNumbers *a, const HibAudienceNumbers *b)
{
    return a->views >= b->views && a->reach >= b->reach && a->likes >= b->likes &&
           a->comments >= b->comments && a->reposts >= b->reposts && a->quotes >= b->quotes &&
           a->saves >= b->saves && a->shares >= b->shares && a->clicks >= b->clicks &&
           a->profile_visits >= b->profile_visits && a->follows >= b->follows &&
           a->watched >= b->watched && a->reach <= a->views;
}

static HibCrowd *
with_posts(const HibAudience *audience, int n, HibDuration step)
{
    HibCrowd *crowd = hib_crowd_new(audience);
    for (int i = 0; i < n; i++) {
        HibAudiencePost post = post_of(i, SINCE + HIB_DAY + i * step);
        post.length = i % 5 == 0 ? 20 * HIB_SECOND : 0;
        hib_crowd_post(crowd, &post);
    }
    return crowd;
}

static void
numbers_never_fall_and_steps_change_nothing(void)
{
    const HibAudience audience = hib_audience_new(5, SINCE, 900);
    g_autoptr(HibCrowd) small = with_posts(&audience, 40, 5 * HIB_HOUR);
    g_autoptr(HibCrowd) large = with_posts(&audience, 40, 5 * HIB_HOUR);
    HibAudienceNumbers last[40] = {0};
    HibInstant end = SINCE + 30 * HIB_DAY;
    for (HibInstant now = SINCE; now <= end; now += 37 * HIB_MINUTE)
        for (int i = 0; i < 40; i++) {
            const HibAudienceNumbers n = hib_crowd_numbers(small, 1000 + (uint64_t)i, now);
            g_assert_true(none_less(&n, &last[i]));
            if (now <= SINCE + HIB_DAY + i * 5 * HIB_HOUR)
                g_assert_cmpint(n.views, ==, 0); /* not out yet */
            last[i] = n;
        }
    for (int i = 0; i < 40; i++) {
        const HibAudienceNumbers a = hib_crowd_numbers(small, 1000 + (uint64_t)i, end);
        const HibAudienceNumbers b = hib_crowd_numbers(large, 1000 + (uint64_t)i, end);
        g_assert_cmpmem(&a, sizeof a, &b, sizeof b);
        g_assert_cmpint(a.watched > 0, ==, i % 5 == 0);
    }
    g_assert_cmpint(hib_crowd_followers(small, end), ==, hib_crowd_followers(large, end));
}

/* A practice network tells all posts of its journal first and lives afterwards; the first time it lived between them. */
static void
a_restart_gives_the_same_numbers(void)
{
    const HibAudience audience = hib_audience_new(8, SINCE, 1500);
    g_autoptr(HibCrowd) first = hib_crowd_new(&audience);
    g_autoptr(HibCrowd) again = hib_crowd_new(&audience);
    for (int i = 0; i < 30; i++) {
        HibInstant at = SINCE + i * 7 * HIB_HOUR;
        hib_crowd_advance(first, at - HIB_SECOND);
        HibAudiencePost post = post_of(i, at);
        hib_crowd_post(first, &post);
        hib_crowd_post(first, &post); /* told twice is told once */
        if (i == 12)
            hib_crowd_remove(first, 1005, at);
    }
    for (int i = 0; i < 30; i++) {
        HibAudiencePost post = post_of(i, SINCE + i * 7 * HIB_HOUR);
        hib_crowd_post(again, &post);
        if (i == 12)
            hib_crowd_remove(again, 1005, post.at);
    }
    for (int i = 0; i < 30; i++) {
        const HibAudienceNumbers a =
            hib_crowd_numbers(first, 1000 + (uint64_t)i, SINCE + 20 * HIB_DAY);
        const HibAudienceNumbers b =
            hib_crowd_numbers(again, 1000 + (uint64_t)i, SINCE + 20 * HIB_DAY);
        g_assert_cmpmem(&a, sizeof a, &b, sizeof b);
    }
    g_assert_cmpint(hib_crowd_followers(first, 0), ==, hib_crowd_followers(again, 0));
}

static void
a_removed_post_is_seen_by_nobody(void)
{
    const HibAudience audience = hib_audience_new(8, SINCE, 1500);
    g_autoptr(HibCrowd) crowd = with_posts(&audience, 1, HIB_DAY);
    HibInstant gone_at = SINCE + HIB_DAY + 3 * HIB_HOUR;
    hib_crowd_remove(crowd, 1000, gone_at);
    const HibAudienceNumbers then = hib_crowd_numbers(crowd, 1000, gone_at);
    const HibAudienceNumbers later = hib_crowd_numbers(crowd, 1000, gone_at + 30 * HIB_DAY);
    g_assert_cmpint(then.views, >, 0);
    g_assert_cmpmem(&then, sizeof then, &later, sizeof later);
}

/* --- the day ---------------------------------------------------------------------------------------------- */
typedef struct {
    double by_hour[24], all;
} Day;

static void
on_day(const HibCrowdEvent *event, void *data)
{
    Day *day = data;
    if (event->kind != HIB_CROWD_VIEW)
        return;
    day->by_hour[(event->at + 9 * HIB_HOUR) % HIB_DAY / HIB_HOUR]++;
    day->all++;
}

/* Posts at every minute of four weeks are read by the day measured in open_bandit (research notes, §10). */
static void
views_come_by_the_measured_day(void)
{
    static const double measured[24] = {1.60, 0.70, 0.42, 0.25, 0.17, 0.25, 0.41, 0.64,
                                        0.76, 0.88, 0.95, 0.98, 1.24, 1.03, 0.99, 0.94,
                                        0.96, 1.04, 1.13, 1.26, 1.62, 1.95, 2.00, 1.84};
    for (int is_whole = 0; is_whole < 2; is_whole++) {
        HibAudience audience = hib_audience_new(3, SINCE, 4000);
        if (!is_whole)
            audience.discovery = audience.likes_a_follower = 0; /* the feed alone */
        Day day = {0};
        g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
        for (int i = 0; i < 672; i++) { /* every hour of 28 days, at a minute of its own */
            const HibAudiencePost post =
                post_of(i, SINCE + i * HIB_HOUR + i * 37 % 60 * HIB_MINUTE);
            hib_crowd_post(crowd, &post);
        }
        hib_crowd_hear(crowd, on_day, &day);
        hib_crowd_advance(crowd, SINCE + 60 * HIB_DAY);
        double worst = 0;
        for (int h = 0; h < 24; h++)
            worst = MAX(worst, fabs(day.by_hour[h] / day.all * 24.01 - measured[h]));
        g_test_message("%.0f views; the worst hour is off by %.3f of an even one", day.all, worst);
        g_assert_cmpfloat(day.all, >, 200000);
        /* Reshares follow reshares: where they join in, evenings feed on evenings. */
        g_assert_cmpfloat(worst, <, is_whole ? 0.30 : 0.08);
    }
}

/* --- means ------------------------------------------------------------------------------------------------ */
static void
mean_likes_are_the_truth(void)
{
    for (int hour = 3; hour < 24; hour += 8) {
        HibAudience audience = hib_audience_new(9, SINCE, 3000);
        audience.discovery = 0;
        audience.followers_a_day = 0;
        HibInstant at = SINCE / HIB_DAY * HIB_DAY + hour * HIB_HOUR;
        double sum = 0;
        double most = 0;
        double expected = 0;
        const int n = 400;
        for (int i = 0; i < n; i++) { /* alone with the crowd, so that none shares the attention */
            g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
            const HibAudiencePost post = post_of(i, at + HIB_DAY);
            hib_crowd_post(crowd, &post);
            double likes = (double)hib_crowd_numbers(crowd, post.key, post.at + 30 * HIB_DAY).likes;
            sum += likes;
            most = MAX(most, likes);
            expected = hib_audience_mean_likes(&audience, &post, 3000);
        }
        g_test_message("%d h UTC: %.1f likes, the truth says %.1f, the luckiest had %.0f", hour,
                       sum / n, expected, most);
        g_assert_cmpfloat(sum / n, >, 0.92 * expected); /* reshares bring more */
        g_assert_cmpfloat(sum / n, <, 1.6 * expected);
        g_assert_cmpfloat(most, >, 4 * expected);
    }
}

static void
without_reshares_the_mean_is_exact(void)
{
    HibAudience audience = hib_audience_new(9, SINCE, 3000);
    audience.discovery = audience.luck = 0;
    audience.fresh = 1; /* a microsecond: nobody reshares what they were reshared */
    audience.followers_a_day = 0;
    const int n = 1000;
    double sum = 0;
    double expected = 0;
    for (int i = 0; i < n; i++) {
        g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
        const HibAudiencePost post = post_of(i, SINCE + HIB_DAY);
        hib_crowd_post(crowd, &post);
        sum += (double)hib_crowd_numbers(crowd, post.key, post.at + 30 * HIB_DAY).likes;
        expected = hib_audience_mean_likes(&audience, &post, 3000);
    }
    double sd = sqrt(expected / n);
    g_test_message("%.3f likes, the truth says %.3f, sd of the mean %.3f", sum / n, expected, sd);
    /* A day of coming and going by some followers before the post is the rest. */
    g_assert_cmpfloat(fabs(sum / n - expected), <, 4 * sd + 0.01 * expected);
}

static void
followers_come_and_go_about_as_described(void)
{
    const HibAudience audience = hib_audience_new(3, SINCE, 640);
    g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
    g_assert_cmpint(hib_crowd_followers(crowd, SINCE - HIB_DAY), ==, 640);
    int64_t lowest = 640;
    int64_t last = 640;
    for (int hour = 0; hour < 90 * 24; hour++) {
        int64_t now = hib_crowd_followers(crowd, SINCE + hour * HIB_HOUR);
        lowest = MIN(lowest, now - last);
        last = now;
    }
    g_assert_cmpint(lowest, <, 0); /* some leave */
    g_assert_cmpfloat(fabs((double)(last - 640) - 90 * audience.followers_a_day), <,
                      6 * sqrt(90 * 2 * audience.followers_a_day));
}

/* --- cascades --------------------------------------------------------------------------------------------- */
typedef struct {
    GHashTable *sizes; /* "key root" → reposts */
    GArray *times;     /* of one post's reposts, when asked */
    int64_t n_all;
} Cascades;

static void
on_cascade(const HibCrowdEvent *event, void *data)
{
    Cascades *seen = data;
    if (event->kind != HIB_CROWD_REPOST)
        return;
    char *key = g_strdup_printf("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, event->key, event->n);
    gsize n = GPOINTER_TO_SIZE(g_hash_table_lookup(seen->sizes, key)) + 1;
    g_hash_table_insert(seen->sizes, key, GSIZE_TO_POINTER(n));
    seen->n_all++;
}

#define LARGEST 12

/* Chances of 0 … LARGEST reshares by one reshare: Poisson around n times the Pareto mark, integrated over the mark. */
static void
offspring(double n, double out[LARGEST + 1])
{
    const int steps = 200000;
    memset(out, 0, sizeof *out * (LARGEST + 1));
    for (int i = 0; i < steps; i++) {
        double mean = n * MIN(0.5 / sqrt(1 - (i + 0.5) / steps), 200.0);
        double p = exp(-mean);
        for (int k = 0; k <= LARGEST; k++) {
            out[k] += p / steps;
            p *= mean / (k + 1);
        }
    }
}

/* The hitting-time theorem (Otter, Dwass): a cascade has size k with chance 1/k of k reshares having k - 1 children together. */
static void
sizes_in_theory(double n, double out[LARGEST + 1])
{
    double one[LARGEST + 1], sum[LARGEST + 1] = {1}, next[LARGEST + 1];
    offspring(n, one);
    for (int k = 1; k <= LARGEST; k++) {
        for (int a = 0; a <= LARGEST; a++) {
            next[a] = 0;
            for (int b = 0; b <= a; b++)
                next[a] += sum[b] * one[a - b];
        }
        memcpy(sum, next, sizeof sum);
        out[k] = sum[k - 1] / k;
    }
}

static void
cascades_have_the_sizes_of_the_theory(void)
{
    static const double branchings[] = {0.2, 0.5, 0.7};
    for (size_t b = 0; b < G_N_ELEMENTS(branchings); b++) {
        HibAudience audience = hib_audience_new(11, SINCE, 6000);
        audience.branching = branchings[b];
        audience.is_timeless = true;
        audience.luck = audience.discovery = 0;
        audience.fresh = 0;
        Cascades seen = {.sizes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
        g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
        for (int i = 0; i < 1000; i++) {
            const HibAudiencePost post = post_of(i, SINCE + i * HIB_HOUR);
            hib_crowd_post(crowd, &post);
        }
        hib_crowd_hear(crowd, on_cascade, &seen);
        hib_crowd_advance(crowd, SINCE + 400 * HIB_DAY); /* every cascade is over */
        double n = g_hash_table_size(seen.sizes);
        double mean = (double)seen.n_all / n;
        double theory = 1 / (1 - branchings[b]);
        double observed[LARGEST + 1] = {0}, expected[LARGEST + 1] = {0}, chi = 0;
        GHashTableIter iter;
        void *value = NULL;
        g_hash_table_iter_init(&iter, seen.sizes);
        while (g_hash_table_iter_next(&iter, NULL, &value))
            observed[MIN(GPOINTER_TO_SIZE(value), (gsize)LARGEST)]++;
        sizes_in_theory(branchings[b], expected);
        for (int k = 1; k < LARGEST; k++)
            chi += pow(observed[k] - n * expected[k], 2) / (n * expected[k]);
        g_test_message("branching %.1f: %.0f cascades, mean %.3f (theory %.3f), chi2 %.1f on 11",
                       branchings[b], n, mean, theory, chi);
        g_assert_cmpfloat(n, >, 3000);
        g_assert_cmpfloat(fabs(mean / theory - 1), <, 0.06 / (1 - branchings[b]) * 0.5);
        g_assert_cmpfloat(chi, <, 31.3); /* p = 0.001 */
        g_hash_table_destroy(seen.sizes);
    }
}

/* --- real cascades ---------------------------------------------------------------------------------------- */
static int
by_size(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double
median_of(GArray *values)
{
    g_array_sort(values, by_size);
    return g_array_index(values, double, values->len / 2);
}

/* Hours until half of a cascade's retweets had come, of 61 real cascades of 2011 with 2,000 to 17,000 retweets each: from the training
 * data of NII-Kobayashi/TiDeH (MIT), which are SEISMIC's (Zhao et al., KDD 2015). */
static const double real_halves[] = {
    0.10,  0.18,  0.27,  0.38,  0.38,  0.51,  0.55,  0.57,  0.66, 0.69, 0.69,  0.70,  0.79,
    0.80,  0.80,  0.82,  0.99,  1.01,  1.01,  1.14,  1.20,  1.53, 1.92, 2.01,  2.26,  2.38,
    2.43,  2.56,  2.56,  2.77,  2.79,  2.81,  3.14,  3.49,  3.87, 3.88, 4.79,  4.87,  5.21,
    5.28,  5.45,  5.76,  5.83,  5.83,  6.03,  6.18,  7.28,  7.79, 8.90, 10.25, 10.62, 11.65,
    12.02, 13.19, 14.04, 16.16, 16.55, 19.28, 26.66, 27.47, 46.55};

typedef struct {
    GArray *times; /* of reshares, by their post */
} Reshares;

static void
on_reshare(const HibCrowdEvent *event, void *data)
{
    GPtrArray *posts = data;
    if (event->kind == HIB_CROWD_REPOST)
        g_array_append_val(((Reshares *)posts->pdata[event->key - 1000])->times, event->at);
}

static void
large_cascades_take_as_long_as_real_ones(void)
{
    HibAudience audience = hib_audience_new(4, SINCE, 60000);
    audience.branching = 0.8;
    audience.discovery = 0;
    g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
    g_autoptr(GPtrArray) posts = g_ptr_array_new();
    g_autoptr(GArray) halves = g_array_new(FALSE, FALSE, sizeof(double));
    for (int i = 0; i < 30; i++) {
        const HibAudiencePost post = post_of(i, SINCE + i * 29 * HIB_HOUR);
        Reshares *row = g_new0(Reshares, 1);
        row->times = g_array_new(FALSE, FALSE, sizeof(HibInstant));
        g_ptr_array_add(posts, row);
        hib_crowd_post(crowd, &post);
    }
    hib_crowd_hear(crowd, on_reshare, posts);
    hib_crowd_advance(crowd, SINCE + 80 * HIB_DAY);
    for (int i = 0; i < 30; i++) {
        Reshares *row = posts->pdata[i];
        HibInstant half = g_array_index(row->times, HibInstant, row->times->len / 2);
        double hours = (double)(half - SINCE - i * 29 * HIB_HOUR) / (double)HIB_HOUR;
        g_array_append_val(halves, hours);
        g_array_free(row->times, TRUE);
        g_free(row);
    }
    double ours = median_of(halves);
    double theirs = real_halves[G_N_ELEMENTS(real_halves) / 2];
    g_test_message("half of a cascade has come after %.2f h (real: %.2f h)", ours, theirs);
    g_assert_cmpfloat(ours, <, 2.5 * theirs);
    g_assert_cmpfloat(ours, >, theirs / 2.5);
}

/* --- words ------------------------------------------------------------------------------------------------ */
static void
comments_have_words_that_stay(void)
{
    HibAudience audience = hib_audience_new(2, SINCE, 200000);
    g_autoptr(HibCrowd) crowd = with_posts(&audience, 1, HIB_DAY);
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GHashTable) texts = g_hash_table_new(g_str_hash, g_str_equal);
    HibComment *all = NULL;
    HibComment *page = NULL;
    HibInstant now = SINCE + 10 * HIB_DAY;
    size_t n = hib_crowd_comments(crowd, 1000, now, 0, 100000, arena, &all);
    int by_sentiment[3] = {0};
    int n_english = 0;
    g_assert_cmpuint(n, >, 100);
    g_assert_cmpuint(n, ==, (size_t)hib_crowd_numbers(crowd, 1000, now).comments);
    for (size_t i = 0; i < n; i++) {
        g_assert_true(i == 0 || all[i].at >= all[i - 1].at);
        g_assert_true(g_utf8_validate(all[i].text, -1, NULL));
        g_assert_null(strchr(all[i].text, '{'));
        g_assert_true(*all[i].handle && *all[i].name && *all[i].text);
        by_sentiment[all[i].sentiment]++;
        n_english += !strcmp(all[i].lang, "en");
        g_hash_table_add(texts, (void *)(uintptr_t)all[i].text);
    }
    g_assert_cmpuint(hib_crowd_comments(crowd, 1000, now, n / 2, 5, arena, &page), ==, 5);
    for (size_t i = 0; i < 5; i++) {
        g_assert_cmpstr(page[i].text, ==, all[n / 2 + i].text);
        g_assert_cmpstr(page[i].handle, ==, all[n / 2 + i].handle);
    }
    g_assert_cmpint(by_sentiment[HIB_SENTIMENT_POSITIVE], >, by_sentiment[HIB_SENTIMENT_NEUTRAL]);
    g_assert_cmpint(by_sentiment[HIB_SENTIMENT_NEGATIVE], >, 0);
    g_assert_cmpfloat_with_epsilon((double)n_english / (double)n, 0.15, 0.08);
    g_assert_cmpuint(g_hash_table_size(texts), >, n / 4);
    g_assert_cmpuint(hib_crowd_comments(crowd, 1000, now, n, 5, arena, &page), ==, 0);
    g_assert_cmpuint(hib_crowd_comments(crowd, 77, now, 0, 5, arena, &page), ==, 0);
}

/* --- memory ----------------------------------------------------------------------------------------------- */
static void
a_year_leaves_no_more_alive_than_a_month(void)
{
    HibAudience audience = hib_audience_new(6, SINCE, 500);
    g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
    size_t live_of_month = 0, waiting_of_month = 0, live = 0, waiting = 0;
    for (int day = 0; day < 365; day++) {
        for (int i = 0; i < 3; i++) {
            const HibAudiencePost post =
                post_of(day * 3 + i, SINCE + day * HIB_DAY + (8 + 5 * i) * HIB_HOUR);
            hib_crowd_post(crowd, &post);
        }
        hib_crowd_advance(crowd, SINCE + (day + 1) * HIB_DAY);
        hib_crowd_size(crowd, &live, &waiting);
        if (day < 60) {
            live_of_month = MAX(live_of_month, live);
            waiting_of_month = MAX(waiting_of_month, waiting);
        }
        g_assert_cmpuint(live, <=, live_of_month * 3 / 2 + 5);
        g_assert_cmpuint(waiting, <=, waiting_of_month * 2 + 50);
    }
    hib_crowd_advance(crowd, SINCE + 400 * HIB_DAY);
    hib_crowd_size(crowd, &live, &waiting);
    g_assert_cmpuint(live, ==, 0);
    g_assert_cmpuint(waiting, ==, 2); /* the next who comes and the next who goes */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/crowd/" #name, name)
    TEST(numbers_never_fall_and_steps_change_nothing);
    TEST(a_restart_gives_the_same_numbers);
    TEST(a_removed_post_is_seen_by_nobody);
    TEST(views_come_by_the_measured_day);
    TEST(mean_likes_are_the_truth);
    TEST(without_reshares_the_mean_is_exact);
    TEST(followers_come_and_go_about_as_described);
    TEST(cascades_have_the_sizes_of_the_theory);
    TEST(large_cascades_take_as_long_as_real_ones);
    TEST(comments_have_words_that_stay);
    TEST(a_year_leaves_no_more_alive_than_a_month);
    return g_test_run();
}
