/* Unusual days: those that were planted are found with where they began, and quiet years stay quiet. */
#include "base/secrets.h"
#include "measure/anomaly.h"
#include <math.h>

enum { DAYS = 400 };

typedef struct {
    HibArena *arena;
    HibSeeded chance;
    double gains[DAYS];
} Case;

/* Counts about `mean` with a weekly rhythm and days that scatter more than chance alone. */
static void
quiet(Case *c, uint64_t seed, double mean)
{
    hib_seeded_init(&c->chance, seed);
    for (int i = 0; i < DAYS; i++) {
        const double of_day =
            mean * (i % 7 == 3 ? 1.6 : 1) * exp(0.2 * hib_seeded_normal(&c->chance));
        c->gains[i] = (double)hib_seeded_poisson(&c->chance, of_day);
    }
}

static void
quiet_years_are_quiet(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Case c = {.arena = arena};
    HibUnusual found;
    int alarms = 0, series = 0;
    static const double means[] = {0.3, 2, 20, 500};
    for (size_t m = 0; m < G_N_ELEMENTS(means); m++)
        for (uint64_t seed = 1; seed <= 5; seed++, series++) {
            quiet(&c, seed, means[m]);
            for (size_t day = 45; day < DAYS; day += 2)
                alarms += hib_unusual(arena, c.gains, day, &found);
        }
    g_test_message("%d alarms in %d quiet years", alarms, series);
    g_assert_cmpint(alarms, <=, series / 4); /* of every other night: less than one in two years */
}

static void
what_was_planted_is_found_with_its_beginning(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Case c = {.arena = arena};
    HibUnusual found;
    static const struct {
        double mean, times;
        int days;
    } planted[] = {{40, 5, 1}, {40, 2.5, 3}, {400, 0.3, 3}, {40, 0.35, 5}, {8, 6, 1}};
    int n_found = 0, n_begun = 0, n = 0;
    for (size_t p = 0; p < G_N_ELEMENTS(planted); p++)
        for (uint64_t seed = 1; seed <= 10; seed++, n++) {
            quiet(&c, seed, planted[p].mean);
            for (int d = 0; d < planted[p].days; d++)
                c.gains[300 + d] = round(c.gains[300 + d] * planted[p].times);
            if (!hib_unusual(arena, c.gains, (size_t)(299 + planted[p].days), &found))
                continue;
            n_found++;
            n_begun += found.first == 300;
            g_assert_true(found.is_above == (planted[p].times > 1));
            g_assert_true(found.low < found.expected && found.expected < found.high);
            g_assert_true(found.is_above ? found.actual > found.high : found.actual < found.low);
        }
    g_test_message("found %d of %d, %d with the right day", n_found, n, n_begun);
    g_assert_cmpint(n_found, >=, n * 8 / 10);
    g_assert_cmpint(n_begun, >=, n_found * 7 / 10);
}

/* Two followers a day, and one day seventy: so many multiples are nothing by themselves where one is usual, but nobody would overlook it. */
static void
a_great_day_of_a_small_account_is_found(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Case c = {.arena = arena};
    HibUnusual found;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        hib_seeded_init(&c.chance, seed);
        for (int i = 0; i < DAYS; i++)
            c.gains[i] = (double)hib_seeded_poisson(&c.chance, 2.6) -
                         (double)hib_seeded_poisson(&c.chance, 0.6);
        c.gains[300] += 60;
        g_assert_true(hib_unusual(arena, c.gains, 300, &found));
        g_assert_true(found.is_above && found.first == 300 && found.actual > found.high);
        c.gains[301] = c.gains[302] = 2;
        g_assert_false(hib_unusual(arena, c.gains, 302, &found)); /* it is over */
    }
}

static void
too_little_or_nothing_raises_no_alarm(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Case c = {.arena = arena};
    HibUnusual found;
    double low, high, middle;
    quiet(&c, 1, 20);
    c.gains[30] = 5000;
    g_assert_false(hib_unusual(arena, c.gains, 30, &found));
    g_assert_false(hib_unusual_expect(arena, c.gains, 30, &middle, &low, &high));
    c.gains[30] = 20;
    c.gains[100] = NAN;
    g_assert_false(hib_unusual(arena, c.gains, 100, &found)); /* a day nobody read */
    for (int i = 0; i < DAYS; i++)
        c.gains[i] = NAN;
    g_assert_false(hib_unusual(arena, c.gains, 200, &found));
    for (int i = 0; i < DAYS; i++)
        c.gains[i] = 0;
    c.gains[200] = 2; /* two likes after a silent year */
    g_assert_false(hib_unusual(arena, c.gains, 200, &found));
    c.gains[200] = -300; /* followers that left */
    g_assert_true(hib_unusual(arena, c.gains, 200, &found));
    g_assert_false(found.is_above);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/anomaly/quiet", quiet_years_are_quiet);
    g_test_add_func("/measure/anomaly/planted", what_was_planted_is_found_with_its_beginning);
    g_test_add_func("/measure/anomaly/small", a_great_day_of_a_small_account_is_found);
    g_test_add_func("/measure/anomaly/little", too_little_or_nothing_raises_no_alarm);
    return g_test_run();
}
