/* The seeded generator against published numbers and against the distributions it promises. */
#include "base/secrets.h"

#include <math.h>

/* Reference values: the first of xoshiro256** from the state 1, 2, 3, 4, and of splitmix64 from 1234567. */
static void
seeded_numbers_are_the_published_ones(void)
{
    HibSeeded seeded = {{1, 2, 3, 4}};
    static const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpuint(hib_seeded_u64(&seeded), ==, expected[i]);
    hib_seeded_init(&seeded, 1234567);
    g_assert_cmpuint(seeded.s[0], ==, 6457827717110365317u);
    g_assert_cmpuint(seeded.s[1], ==, 3203168211198807973u);
    g_assert_cmpuint(seeded.s[2], ==, 9817491932198370423u);
    g_assert_cmpuint(seeded.s[3], ==, 4593380528125082431u);
}

static void
seeded_ranges_hold_and_are_even(void)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 1);
    int seen[7] = {0};
    for (int i = 0; i < 70000; i++) {
        double unit = hib_seeded_unit(&seeded);
        g_assert_true(unit >= 0 && unit < 1);
        seen[hib_seeded_below(&seeded, 7)]++;
    }
    double chi2 = 0;
    for (int i = 0; i < 7; i++)
        chi2 += (seen[i] - 10000.0) * (seen[i] - 10000.0) / 10000;
    g_assert_cmpfloat(chi2, <, 22.46); /* 6 degrees of freedom, p = 0.001; the seed is fixed */
    g_assert_cmpint(hib_seeded_below(&seeded, 1), ==, 0);
    for (int i = 0; i < 1000; i++)
        g_assert_cmpint(hib_seeded_below(&seeded, G_MAXINT64), >=, 0);
}

/* The share of draws at or below each place against the normal distribution's own. */
static void
seeded_normals_follow_the_normal_distribution(void)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 2);
    enum { N = 200000 };
    g_autofree double *drawn = g_new(double, N);
    for (int i = 0; i < N; i++)
        drawn[i] = hib_seeded_normal(&seeded);
    for (double place = -3; place <= 3; place += 0.25) {
        int below = 0;
        for (int i = 0; i < N; i++)
            below += drawn[i] <= place;
        double p = 0.5 * erfc(-place / sqrt(2));
        g_assert_cmpfloat(fabs(below - N * p), <, 4 * sqrt(N * p * (1 - p)));
    }
}

/* Each count's share against the probability from the C library's lgamma. */
static void
seeded_counts_follow_the_poisson_distribution(void)
{
    static const double means[] = {0.3, 4, 9.9, 10, 33.3, 400, 25000};
    HibSeeded seeded;
    hib_seeded_init(&seeded, 3);
    enum { N = 100000 };
    for (size_t m = 0; m < G_N_ELEMENTS(means); m++) {
        double mean = means[m];
        double sum = 0;
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        for (int i = 0; i < N; i++) {
            int64_t k = hib_seeded_poisson(&seeded, mean);
            sum += (double)k;
            int n = GPOINTER_TO_INT(g_hash_table_lookup(seen, GINT_TO_POINTER(k))) + 1;
            g_hash_table_insert(seen, GINT_TO_POINTER(k), GINT_TO_POINTER(n));
        }
        g_assert_cmpfloat(fabs(sum / N - mean), <, 4 * sqrt(mean / N));
        for (int64_t k = (int64_t)MAX(0, mean - 3 * sqrt(mean)); k <= mean + 3 * sqrt(mean); k++) {
            double p = exp(-mean + (double)k * log(mean) - lgamma((double)k + 1));
            int n = GPOINTER_TO_INT(g_hash_table_lookup(seen, GINT_TO_POINTER(k)));
            if (N * p >= 20)
                g_assert_cmpfloat(fabs(n - N * p), <, 5 * sqrt(N * p));
        }
    }
    g_assert_cmpint(hib_seeded_poisson(&seeded, 0), ==, 0);
    g_assert_cmpint(hib_seeded_poisson(&seeded, -1), ==, 0);
    g_assert_cmpint(hib_seeded_poisson(&seeded, NAN), ==, 0);
    g_assert_cmpint(hib_seeded_poisson(&seeded, INFINITY), >, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seeded/numbers_are_the_published_ones",
                    seeded_numbers_are_the_published_ones);
    g_test_add_func("/seeded/ranges_hold_and_are_even", seeded_ranges_hold_and_are_even);
    g_test_add_func("/seeded/normals_follow_the_normal_distribution",
                    seeded_normals_follow_the_normal_distribution);
    g_test_add_func("/seeded/counts_follow_the_poisson_distribution",
                    seeded_counts_follow_the_poisson_distribution);
    return g_test_run();
}
