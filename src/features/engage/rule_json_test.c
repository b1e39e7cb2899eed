/* What is stored of a rule is read back whole. */
#include "engage/desk.h"

static void
a_rule_is_read_as_it_was_written(void)
{
    static const char *const words[] = {"返金", "\"quoted\""}, *const tags[] = {"返金"},
                             *const people[] = {"p1", "p2"};
    const HibRuleCondition conditions[] = {
        {.on = HIB_RULE_TEXT, .is_not = true, .values = words, .n_values = 2},
        {.on = HIB_RULE_CAMPAIGN, .values = tags, .n_values = 1},
        {.on = HIB_RULE_LINK}};
    const HibRule rule = {.conditions = conditions,
                          .n_conditions = 3,
                          .actions = {.hides = true,
                                      .holds = true,
                                      .assignee = "p3",
                                      .tags = tags,
                                      .n_tags = 1,
                                      .people = people,
                                      .n_people = 2}};
    g_autoptr(HibArena) arena = hib_arena_new();
    GError *error = NULL;
    HibRule read = {0};
    g_assert_true(hib_rule_read(arena, hib_rule_conditions_json(arena, &rule),
                                hib_rule_actions_json(arena, &rule.actions), &read, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(read.n_conditions, ==, 3);
    g_assert_cmpint(read.conditions[0].on, ==, HIB_RULE_TEXT);
    g_assert_true(read.conditions[0].is_not);
    g_assert_cmpuint(read.conditions[0].n_values, ==, 2);
    g_assert_cmpstr(read.conditions[0].values[1], ==, "\"quoted\"");
    g_assert_cmpint(read.conditions[1].on, ==, HIB_RULE_CAMPAIGN);
    g_assert_cmpint(read.conditions[2].on, ==, HIB_RULE_LINK);
    g_assert_cmpuint(read.conditions[2].n_values, ==, 0);
    g_assert_true(read.actions.hides && read.actions.holds && !read.actions.is_done);
    g_assert_cmpstr(read.actions.assignee, ==, "p3");
    g_assert_cmpstr(read.actions.tags[0], ==, "返金");
    g_assert_cmpuint(read.actions.n_people, ==, 2);
    g_assert_false(hib_rule_read(arena, "{", "{}", &read, &error));
    g_clear_error(&error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule_json/whole", a_rule_is_read_as_it_was_written);
    return g_test_run();
}
