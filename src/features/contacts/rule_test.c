/* Rules are refused where they mean nothing, and read back as they were kept. */
#include "base/error.h"
#include "contacts/contacts_private.h"
#include <string.h>

static void
refused(const HibSegmentRule *rule, const char *pointer)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(hib_segment_rule_check(rule, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "segment.bad_rule");
    g_assert_cmpstr(hib_error_pointer(error), ==, pointer);
}

static void
what_means_nothing_is_refused_where_it_stands(void)
{
    g_autoptr(GError) error = NULL;
    HibCondition good = {.field = HIB_FIELD_TAG, .op = HIB_OP_IS, .text = "VIP"},
                 more = {.field = HIB_FIELD_TAG, .op = HIB_OP_AT_LEAST, .text = "VIP"},
                 nobody = {.field = HIB_FIELD_CITY, .op = HIB_OP_IS, .text = ""},
                 equal = {.field = HIB_FIELD_MESSAGES, .op = HIB_OP_IS, .text = "", .number = 3},
                 below = {
                     .field = HIB_FIELD_REVENUE, .op = HIB_OP_AT_MOST, .text = "", .number = -1};
    HibCondition *bad[] = {&more, &nobody, &equal, &below};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        HibSegmentRule group = {.conditions = bad[i], .n_conditions = 1};
        const HibSegmentRule rule = {
            .conditions = &good, .n_conditions = 1, .groups = &group, .n_groups = 1};
        refused(&rule, "/rule/groups/0/conditions/0");
    }
    refused(&(HibSegmentRule){0}, "/rule");
    HibSegmentRule fourth = {.conditions = &good, .n_conditions = 1},
                   third = {.groups = &fourth, .n_groups = 1},
                   second = {.groups = &third, .n_groups = 1},
                   first = {.groups = &second, .n_groups = 1};
    refused(&first, "/rule/groups/0/groups/0/groups/0");
    g_assert_true(hib_segment_rule_check(&second, &error));
}

static void
a_rule_reads_back_as_it_was(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    HibSegmentRule *back;
    HibCondition conditions[] = {
        {.field = HIB_FIELD_TAG, .op = HIB_OP_IS_NOT, .text = "\"; drop --"},
        {.field = HIB_FIELD_REVENUE, .op = HIB_OP_AT_LEAST, .text = "", .number = 5000}};
    HibSegmentRule group = {.is_any = true, .conditions = conditions, .n_conditions = 2},
                   rule = {.groups = &group, .n_groups = 1};
    const char *json = hib_segment_rule_print(arena, &rule);
    g_assert_true(hib_segment_rule_read(arena, json, &back, &error));
    g_assert_cmpstr(hib_segment_rule_print(arena, back), ==, json);
    g_assert_true(back->groups[0].is_any && !back->is_any);
    g_assert_cmpstr(back->groups[0].conditions[0].text, ==, "\"; drop --");
    g_assert_cmpint(back->groups[0].conditions[1].number, ==, 5000);
    g_assert_false(
        hib_segment_rule_read(arena,
                              "{\"match\":\"all\",\"conditions\":[{\"field\":\"x\",\"op\":"
                              "\"is\",\"text\":\"\",\"number\":0}],\"groups\":[]}",
                              &back, &error));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contacts/rule/what_means_nothing_is_refused_where_it_stands",
                    what_means_nothing_is_refused_where_it_stands);
    g_test_add_func("/contacts/rule/a_rule_reads_back_as_it_was", a_rule_reads_back_as_it_was);
    return g_test_run();
}
