/* A rule's conditions one by one, hidden words, and what is wrong with a rule. */
#include "engage/rule.h"
#include <string.h>

typedef const char *const *Values;
#define VALUES(...) ((const char *const[]){__VA_ARGS__, NULL})

static HibRuleCondition
condition(HibRuleOn on, Values values)
{
    return (HibRuleCondition){
        .on = on, .values = values, .n_values = values ? g_strv_length((char **)values) : 0};
}

static bool
meets(const HibRule *rule, const HibRuleFacts *given)
{
    HibRuleFacts facts = *given;
    facts.text = facts.text ? facts.text : "";
    facts.author_handle = facts.author_handle ? facts.author_handle : "";
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibRules) rules = hib_rules_ready(rule, 1);
    return hib_rules_meet(rules, arena, &facts)[0];
}

static bool
one_meets(HibRuleCondition one, const HibRuleFacts *facts)
{
    const HibRule rule = {.conditions = &one, .n_conditions = 1};
    HibRuleCondition other = one;
    other.is_not = !one.is_not;
    const HibRule turned = {.conditions = &other, .n_conditions = 1};
    bool met = meets(&rule, facts);
    g_assert_cmpint(meets(&turned, facts), ==, !met);
    return met;
}

static bool
finds(const char *word, const char *text)
{
    return one_meets(condition(HIB_RULE_TEXT, VALUES(word)), &(HibRuleFacts){.text = text});
}

static void
words_are_found_however_they_are_hidden(void)
{
    g_assert_true(finds("返金", "返金してください"));
    g_assert_true(finds("バカ", "ﾊﾞｶじゃないの"));
    g_assert_true(finds("ばか", "バカじゃないの"));
    g_assert_true(finds("詐欺", "詐\u200b欺です"));
    g_assert_true(finds("詐欺", "詐 欺です"));
    g_assert_true(finds("SCAM", "ｓｃａｍだ"));
    g_assert_true(finds("scam", "It's a SCAM!"));
    g_assert_false(finds("ass", "a class of its own"));
    g_assert_false(finds("100円", "2100円でした"));
    g_assert_true(finds("死ね", "はよ死ねよ"));
    g_assert_false(finds("返金", "返品してください"));
    g_assert_true(one_meets(condition(HIB_RULE_TEXT, VALUES("返金", "返品")),
                            &(HibRuleFacts){.text = "返品したい"}));
    g_assert_false(finds("返金", ""));
}

static void
each_condition_asks_its_own(void)
{
    const HibRuleFacts facts = {.text = "見て https://evil.example/x",
                                .author_handle = "@Spam_King",
                                .network = "x",
                                .account = "a1",
                                .kind = "mention",
                                .sentiment = "negative",
                                .intent = "spam",
                                .campaign = "c1",
                                .urgency = 60,
                                .is_author_new = true};
    const HibRuleFacts none = {.text = "ありがとう"};
    static const struct {
        HibRuleOn on;
        const char *yes, *no;
    } rows[] = {{HIB_RULE_SENTIMENT, "negative", "positive"},
                {HIB_RULE_INTENT, "spam", "praise"},
                {HIB_RULE_URGENCY, "60", "61"},
                {HIB_RULE_AUTHOR, "spam_king", "spam"},
                {HIB_RULE_NETWORK, "x", "line"},
                {HIB_RULE_ACCOUNT, "a1", "a2"},
                {HIB_RULE_KIND, "mention", "comment"},
                {HIB_RULE_LANGUAGE, "ja", "ko"},
                {HIB_RULE_CAMPAIGN, "c1", "c2"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_true(one_meets(condition(rows[i].on, VALUES(rows[i].yes)), &facts));
        g_assert_false(one_meets(condition(rows[i].on, VALUES(rows[i].no)), &facts));
        if (rows[i].on != HIB_RULE_LANGUAGE)
            g_assert_false(one_meets(condition(rows[i].on, VALUES(rows[i].yes)), &none));
    }
    g_assert_true(one_meets(condition(HIB_RULE_LINK, NULL), &facts));
    g_assert_false(one_meets(condition(HIB_RULE_LINK, NULL), &none));
    g_assert_true(one_meets(condition(HIB_RULE_AUTHOR_NEW, NULL), &facts));
    g_assert_false(one_meets(condition(HIB_RULE_AUTHOR_NEW, NULL), &none));
}

static void
all_or_any_and_several_rules_at_once(void)
{
    const HibRuleCondition both[] = {condition(HIB_RULE_TEXT, VALUES("当選")),
                                     condition(HIB_RULE_TEXT, VALUES("LINE追加", "プロフ"))};
    const HibRule rules[] = {
        {.conditions = both, .n_conditions = 2},
        {.conditions = both, .n_conditions = 2, .is_any = true},
        {.conditions = &both[1], .n_conditions = 1},
        {.conditions = NULL, .n_conditions = 0},
        {.conditions = NULL, .n_conditions = 0, .is_any = true},
    };
    static const struct {
        const char *text;
        bool met[5];
    } rows[] = {{"当選しました! プロフを見て", {true, true, true, false, false}},
                {"当選しますように", {false, true, false, false, false}},
                {"プロフィールが素敵", {false, true, true, false, false}},
                {"おいしい", {false, false, false, false, false}}};
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibRules) ready = hib_rules_ready(rules, G_N_ELEMENTS(rules));
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const HibRuleFacts facts = {.text = rows[i].text, .author_handle = ""};
        const bool *met = hib_rules_meet(ready, arena, &facts);
        g_assert_cmpmem(met, sizeof rows[i].met, rows[i].met, sizeof rows[i].met);
    }
}

static void
a_fault_is_named_with_its_field(void)
{
    const HibRuleActions hold = {.holds = true};
    const struct {
        HibRuleOn on;
        Values values;
        const char *reason, *pointer;
    } rows[] = {
        {HIB_RULE_TEXT, VALUES("返金"), NULL, NULL},
        {HIB_RULE_TEXT, VALUES("返金", "✨"), "rule.bad_word", "/conditions/0/values/1"},
        {HIB_RULE_TEXT, NULL, "rule.no_values", "/conditions/0/values"},
        {HIB_RULE_LINK, NULL, NULL, NULL},
        {HIB_RULE_LINK, VALUES("x"), "rule.bad_value", "/conditions/0/values"},
        {HIB_RULE_URGENCY, VALUES("70"), NULL, NULL},
        {HIB_RULE_URGENCY, VALUES("101"), "rule.bad_value", "/conditions/0/values/0"},
        {HIB_RULE_URGENCY, VALUES("-1"), "rule.bad_value", "/conditions/0/values/0"},
        {HIB_RULE_URGENCY, VALUES("1", "2"), "rule.bad_value", "/conditions/0/values"},
        {HIB_RULE_INTENT, VALUES("crisis", "joy"), "rule.bad_value", "/conditions/0/values/1"},
        {HIB_RULE_NETWORK, VALUES("mixi"), "accounts.network_unknown", "/conditions/0/values/0"},
        {HIB_RULE_AUTHOR, VALUES(""), "rule.bad_value", "/conditions/0/values/0"},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *pointer;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const HibRuleCondition one = condition(rows[i].on, rows[i].values);
        const HibRule rule = {.conditions = &one, .n_conditions = 1, .actions = hold};
        g_assert_cmpstr(hib_rule_wrong(arena, &rule, &pointer), ==, rows[i].reason);
        if (rows[i].reason)
            g_assert_cmpstr(pointer, ==, rows[i].pointer);
    }
    const HibRuleCondition one = condition(HIB_RULE_LINK, NULL);
    g_assert_cmpstr(
        hib_rule_wrong(arena, &(HibRule){.conditions = &one, .n_conditions = 1}, &pointer), ==,
        "rule.no_action");
    g_assert_cmpstr(hib_rule_wrong(arena, &(HibRule){.actions = hold}, &pointer), ==,
                    "rule.no_condition");
}

static void
languages_are_told_by_their_letters(void)
{
    static const char *const rows[][2] = {{"ありがとう", "ja"},
                                          {"最高", "ja"},
                                          {"ｶﾌｪ", "ja"},
                                          {"这个产品的质量非常不好我要退款", "zh"},
                                          {"감사합니다", "ko"},
                                          {"Thank you", "latin"},
                                          {"¿Dónde está?", "latin"},
                                          {"спасибо", "other"},
                                          {"😀", "other"},
                                          {"", "other"}};
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(hib_rule_language(arena, rows[i][0]), ==, rows[i][1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rule/hidden", words_are_found_however_they_are_hidden);
    g_test_add_func("/rule/conditions", each_condition_asks_its_own);
    g_test_add_func("/rule/all_any", all_or_any_and_several_rules_at_once);
    g_test_add_func("/rule/wrong", a_fault_is_named_with_its_field);
    g_test_add_func("/rule/language", languages_are_told_by_their_letters);
    return g_test_run();
}
