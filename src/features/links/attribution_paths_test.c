/* Paths: who belongs together, what lies within the window, which channels stand apart. */
#include "links/conversion.h"

#include <string.h>

#define DAY(n) ((HibInstant)(n)*HIB_DAY)
#define WINDOW (30 * HIB_DAY)

static void
print_path(GString *out, const HibJourneys *journeys, size_t p)
{
    const HibPaths *paths = &journeys->paths;
    for (uint32_t i = paths->starts[p]; i < paths->starts[p + 1]; i++) {
        const char *name = journeys->channels[paths->touches[i]];
        g_string_append(out, name ? name : "*");
    }
    g_string_append_printf(out, "=%d/%d ", (int)paths->conversions[p], (int)paths->nulls[p]);
}

static char *
journeys_of(HibTouch *touches, size_t n_touches, HibGoalReached *goals, size_t n_goals, size_t most,
            HibJourneys *ret)
{
    GString *out = g_string_new(NULL);
    g_autoptr(HibArena) arena = hib_arena_new();
    hib_journeys(arena, touches, n_touches, goals, n_goals, WINDOW, most, ret);
    for (size_t p = 0; p < ret->paths.n_paths; p++)
        print_path(out, ret, p);
    return g_string_free(out, FALSE);
}

static void
what_shares_a_click_a_browser_a_day_or_an_address_is_one_person(void)
{
    HibTouch touches[] = {
        {DAY(1), 1, 100, "a", NULL}, /* same visitor of the day as click 2 */
        {DAY(1) + 5, 2, 100, "b", "v1"},
        {DAY(3), 3, 300, "c", "v1"}, /* the same browser another day */
        {DAY(4), 4, 400, "d", "v2"}, /* another browser, one address with v1 */
        {DAY(5), 5, 500, "e", NULL}, /* nobody's */
    };
    HibGoalReached goals[] = {{DAY(6), 10, false, 0, "v1", "k"}, {DAY(7), 5, false, 0, "v2", "k"}};
    HibJourneys journeys;
    g_autofree char *got = journeys_of(touches, 5, goals, 2, 24, &journeys);
    g_assert_cmpstr(got, ==, "abcd=1/0 abcd=1/0 e=0/1 ");
    g_assert_cmpint(journeys.n_unattributed, ==, 0);
}

static void
only_clicks_within_the_window_before_count(void)
{
    HibTouch touches[] = {
        {DAY(1), 1, 0, "a", NULL}, {DAY(40), 2, 0, "b", "v"}, {DAY(41), 3, 0, "c", "v"}};
    HibGoalReached goals[] = {{DAY(40) + 1, 1, false, 0, "v", NULL},
                              {DAY(45), 1, true, 1, NULL, NULL},   /* its click is too old */
                              {DAY(45), 7, false, 0, NULL, NULL}}; /* nobody's */
    HibJourneys journeys;
    g_autofree char *got = journeys_of(touches, 3, goals, 3, 24, &journeys);
    g_assert_cmpstr(got, ==, "b=1/0 ");
    g_assert_cmpint(journeys.n_unattributed, ==, 2);
    g_assert_cmpfloat(journeys.value_unattributed, ==, 8);
}

static void
a_conversion_knows_its_click_without_a_browser(void)
{
    HibTouch touches[] = {{DAY(1), -5, 0, "a", NULL}};
    HibGoalReached goals[] = {{DAY(2), 1, true, -5, NULL, NULL}};
    HibJourneys journeys;
    g_autofree char *got = journeys_of(touches, 1, goals, 1, 24, &journeys);
    g_assert_cmpstr(got, ==, "a=1/0 ");
}

static void
rare_channels_stand_together_in_the_last(void)
{
    HibTouch touches[] = {{DAY(1), 1, 0, "a", "v"},
                          {DAY(2), 2, 0, "b", "v"},
                          {DAY(3), 3, 0, "a", "v"},
                          {DAY(4), 4, 0, "c", "v"},
                          {DAY(5), 5, 0, "", "v"}};
    HibJourneys journeys;
    g_autofree char *got = journeys_of(touches, 5, NULL, 0, 2, &journeys);
    g_assert_cmpstr(got, ==, "a*a**=0/1 ");
    g_assert_cmpuint(journeys.paths.n_channels, ==, 2);
    g_autofree char *all = journeys_of(touches, 5, NULL, 0, 4, &journeys);
    g_assert_cmpstr(all, ==, "abac=0/1 ");
    g_assert_cmpuint(journeys.paths.n_channels, ==, 4);
}

static void
nothing_is_nothing(void)
{
    HibJourneys journeys;
    g_autofree char *got = journeys_of(NULL, 0, NULL, 0, 24, &journeys);
    g_assert_cmpstr(got, ==, "");
    g_assert_cmpuint(journeys.paths.n_channels, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paths/persons",
                    what_shares_a_click_a_browser_a_day_or_an_address_is_one_person);
    g_test_add_func("/paths/window", only_clicks_within_the_window_before_count);
    g_test_add_func("/paths/click", a_conversion_knows_its_click_without_a_browser);
    g_test_add_func("/paths/rare", rare_channels_stand_together_in_the_last);
    g_test_add_func("/paths/nothing", nothing_is_nothing);
    return g_test_run();
}
