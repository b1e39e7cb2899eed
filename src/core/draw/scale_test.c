/* Numbers and ticks: what people read, and that ticks are round, few, and hold the figures between them. */
#include "draw/draw.h"
#include <math.h>

static void
numbers_are_read_as_people_write_them(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_assert_cmpstr(hib_number_text(arena, 1234567), ==, "1,234,567");
    g_assert_cmpstr(hib_number_text(arena, -1234), ==, "-1,234");
    g_assert_cmpstr(hib_number_text(arena, 12.34), ==, "12.3");
    g_assert_cmpstr(hib_number_text(arena, 0.126), ==, "0.13");
    g_assert_cmpstr(hib_number_text(arena, -0.0), ==, "0");
    g_assert_cmpstr(hib_number_text(arena, NAN), ==, "–");
    g_assert_cmpstr(hib_number_short(arena, "ja", 9999), ==, "9,999");
    g_assert_cmpstr(hib_number_short(arena, "ja", 12345), ==, "1.2万");
    g_assert_cmpstr(hib_number_short(arena, "ja", 340000000), ==, "3.4億");
    g_assert_cmpstr(hib_number_short(arena, "en", 12345), ==, "12.3K");
    g_assert_cmpstr(hib_number_short(arena, "en", 2000000), ==, "2M");
}

static void
an_axis_has_one_unit(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibScale scale = hib_scale_of(0, 18000, 5, "ja");
    g_assert_cmpfloat(scale.step, ==, 5000);
    g_assert_cmpstr(hib_scale_text(arena, &scale, 0), ==, "0");
    g_assert_cmpstr(hib_scale_text(arena, &scale, 1), ==, "0.5万");
    g_assert_cmpstr(hib_scale_text(arena, &scale, scale.n - 1), ==, "2.0万");
}

static void
ticks_are_nice_and_hold_the_figures(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int i = 0; i < 20000; i++) {
        double low = g_rand_double_range(rand, -1, 1) * pow(10, g_rand_int_range(rand, -3, 9));
        double high = low + g_rand_double(rand) * pow(10, g_rand_int_range(rand, -3, 9));
        const HibScale scale = hib_scale_of(low, high, 5, "ja");
        g_assert_cmpint(scale.n, >=, 2);
        g_assert_cmpint(scale.n, <=, 7);
        g_assert_cmpfloat(scale.low, <=, low + scale.step * 1e-6);
        g_assert_cmpfloat(scale.high, >=, high - scale.step * 1e-6);
        double mantissa = scale.step / pow(10, floor(log10(scale.step) + 1e-9));
        g_assert_true(fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 ||
                      fabs(mantissa - 5) < 1e-6);
    }
    const HibScale flat = hib_scale_of(0, 0, 5, "ja"), wild = hib_scale_of(NAN, INFINITY, 5, "ja");
    g_assert_cmpint(flat.n, >=, 2);
    g_assert_cmpint(wild.n, >=, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/draw/scale/numbers_are_read_as_people_write_them",
                    numbers_are_read_as_people_write_them);
    g_test_add_func("/draw/scale/an_axis_has_one_unit", an_axis_has_one_unit);
    g_test_add_func("/draw/scale/ticks_are_nice_and_hold_the_figures",
                    ticks_are_nice_and_hold_the_figures);
    return g_test_run();
}
