/* Student's t against printed tables, and that of many groups of nothing hardly ever one is named. */
#include "base/secrets.h"
#include "measure/measure_private.h"
#include <math.h>

static void
p_values_agree_with_the_tables(void)
{
    /* Fisher & Yates, table III: two-sided 5 %, 1 % and 0.1 % points. */
    const struct {
        double t, degrees, p;
    } known[] = {{12.706, 1, 0.05},  {2.228, 10, 0.05},  {3.169, 10, 0.01},
                 {4.587, 10, 0.001}, {1.980, 120, 0.05}, {0, 7, 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_cmpfloat_with_epsilon(hib_t_p_value(known[i].t, known[i].degrees), known[i].p,
                                       known[i].p * 2e-3);
    g_assert_cmpfloat(hib_t_p_value(-3, 5), ==, hib_t_p_value(3, 5));
}

static double
some_number(HibSeeded *seeded)
{
    double sum = 0; /* near enough to a normal one */
    for (int i = 0; i < 12; i++)
        sum += (double)hib_seeded_below(seeded, 1000000) / 1e6;
    return sum - 6;
}

static void
of_many_groups_of_nothing_hardly_ever_one_is_named(void)
{
    enum { ROUNDS = 400, GROUPS = 168, EACH = 6 };
    HibSeeded seeded;
    int wrong = 0, one_by_one = 0;
    hib_seeded_init(&seeded, 47);
    for (int round = 0; round < ROUNDS; round++) {
        HibMeanInterval groups[GROUPS];
        bool is_apart[GROUPS], any = false, alone = false;
        for (int g = 0; g < GROUPS; g++) {
            double values[EACH];
            for (int i = 0; i < EACH; i++)
                values[i] = some_number(&seeded);
            groups[g] = hib_mean_interval(values, EACH);
            alone |= groups[g].low > 0 || groups[g].high < 0;
        }
        hib_tell_apart(groups, GROUPS, 0, is_apart);
        for (int g = 0; g < GROUPS; g++)
            any |= is_apart[g];
        wrong += any;
        one_by_one += alone;
    }
    g_assert_cmpint(one_by_one, >, ROUNDS * 9 / 10); /* what asking each by itself does */
    g_assert_cmpint(wrong, <=, ROUNDS * 8 / 100);
}

static void
a_group_that_is_far_off_is_named_beside_them(void)
{
    const double far[] = {20, 21, 22, 21, 20, 22}, near[] = {1, -1, 2, 0, -2, 1}, same[] = {9, 9};
    HibMeanInterval groups[3] = {hib_mean_interval(near, 6), hib_mean_interval(far, 6),
                                 hib_mean_interval(same, 2)};
    bool is_apart[3];
    hib_tell_apart(groups, 3, 0.5, is_apart);
    g_assert_true(!is_apart[0] && is_apart[1] && !is_apart[2]);
    hib_tell_apart(groups, 0, 0, is_apart);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/measure/apart/" #name, name)
    TEST(p_values_agree_with_the_tables);
    TEST(of_many_groups_of_nothing_hardly_ever_one_is_named);
    TEST(a_group_that_is_far_off_is_named_beside_them);
    return g_test_run();
}
