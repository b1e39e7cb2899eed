/* Rules at the end of zone files: the odd ones, and what is none. */
#include "base/zone_data.h"

#include <glib.h>

static void
rules_at_the_end_of_zone_files_are_read(void)
{
    HibRule rule = {0};
    g_assert_true(
        hib_rule_parse("EST5EDT,0/0,J365/25", &rule)); /* summer time all year (RFC 8536) */
    g_assert_cmpint(hib_rule_stretch(&rule, 1767225600).offset_s, ==, -4 * 3600);
    g_assert_cmpint(hib_rule_stretch(&rule, 1767225600 + 5 * 3600).offset_s, ==, -4 * 3600);
    g_assert_cmpint(hib_rule_stretch(&rule, 1767225600 + 5 * 3600 - 1).offset_s, ==, -4 * 3600);
    g_assert_true(hib_rule_parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", &rule));
    g_assert_cmpint(rule.begin.time_s, ==, -3600);
    static const char *const bad[] = {"",
                                      "J",
                                      "JST",
                                      "JST-",
                                      "JST-9X",
                                      "CET-1EST",
                                      "CET-1CEST,",
                                      "CET-1CEST,M3.5.0",
                                      "CET-1CEST,M13.5.0,M10.5.0",
                                      "CET-1CEST,M3.6.0,M10.5.0",
                                      "CET-1CEST,M3.5.7,M10.5.0",
                                      "CET-168",
                                      "<+0",
                                      "CET-1CEST,J0,J365",
                                      "CET-1CEST,M3.5.0,M10.5.0/3,"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        if (hib_rule_parse(bad[i], &rule))
            g_test_fail_printf("taken: %s", bad[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zone/rules_at_the_end_of_zone_files_are_read",
                    rules_at_the_end_of_zone_files_are_read);
    return g_test_run();
}
