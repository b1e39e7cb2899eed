/* Files of rules: read with their lines; a fault is named, and nothing of the file is used. */
#include "check/check.h"

#include "base/error.h"
#include <string.h>

static void
refused(const char *file, const char *reason, const char *line)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(HibCheckRules) rules = hib_check_rules_parse("ours.yaml", file, strlen(file), &error);
    if (rules)
        g_test_message("%s", file);
    g_assert_null(rules);
    g_test_message("%s", error->message);
    g_assert_cmpstr(hib_error_reason(error), ==, reason);
    g_assert_cmpstr(hib_error_detail(error, "line"), ==, line);
}

#define HEAD "rules:\n  - id: NG-1\n    severity: warn\n    message: だめ\n"

static void
a_fault_is_named_with_its_line(void)
{
    refused("", "check.bad_syntax", "1");
    refused("rules: [\n", "check.bad_syntax", "2");
    refused("rules:\n  - {id: A, id: B}\n", "check.bad_syntax", "2");
    refused("a: &x 1\n", "check.bad_syntax", "1");
    refused("rules: !!python/object:os.system []\n", "check.bad_syntax", "1");
    refused("rules: []\n---\nrules: []\n", "check.bad_syntax", "2");
    refused("\xff\xfe", "check.bad_syntax", "1");
    refused("rule: []\n", "check.bad_rule", "1");
    refused(HEAD, "check.bad_rule", "2"); /* nothing to match */
    refused(HEAD "    match: {any: [悪い]}\n    colour: red\n", "check.bad_rule", "6");
    refused("rules:\n  - id: NG-1\n    severity: grave\n    message: x\n    match: {any: [a]}\n",
            "check.bad_rule", "3");
    refused("rules:\n  - id: 悪\n    severity: warn\n    message: x\n    match: {any: [a]}\n",
            "check.bad_rule", "2");
    refused(HEAD "    match: {any: [悪い, '✨']}\n", "check.bad_rule", "5");
    refused(HEAD "    match:\n      re:\n        - 'a'\n        - '(a'\n", "check.bad_pattern",
            "8");
    refused(HEAD "    match: {re: '(?<=a)b'}\n", "check.bad_pattern", "5");
    refused(HEAD "    match: {re: '((a{1,900}){1,900}){1,900}'}\n", "check.bad_pattern", "5");
    refused(HEAD "    match: {re: '(.{0,400}a){3}b'}\n", "check.slow_rule", "2");
    refused(HEAD "    match: {any: [悪い]}\n    hit: [良い]\n", "check.bad_example", "2");
    refused(HEAD "    match: {any: [悪い]}\n    pass: [悪い]\n", "check.bad_example", "2");
    refused(HEAD "    match: {any: [悪い]}\n    as_of: 2026-02-31\n", "check.bad_rule", "6");
    refused(HEAD "    match: {any: [悪い]}\n  - id: NG-1\n    severity: warn\n    message: x\n    "
                 "match: {any: [y]}\n",
            "check.bad_rule", "6");
    refused(HEAD "    match: {any: [悪い]}\n    raise: {to: block, in: summer}\n", "check.bad_rule",
            "6");
    refused(HEAD "    match: {any: [悪い]}\n    raise: {to: block, near: '(a'}\n",
            "check.bad_pattern", "6");
    refused(HEAD "    match: {any: [悪い]}\n    switch: maybe\n", "check.bad_rule", "6");
    refused("rules:\n  - expected: $1ウェア\n    pattern: /(ハード)ウエア/\n", "check.bad_rule",
            "2");
    g_autoptr(GString) deep = g_string_new("rules: ");
    for (int i = 0; i < 60; i++)
        g_string_append_c(deep, '[');
    refused(deep->str, "check.too_many", "1");
}

static const HibCheckFinding *
only(HibArena *arena, const HibCheckRules *own, const char *text, size_t *ret_n)
{
    const HibCheckHouse house = {.own = own};
    const HibCheckSubject subject = {.text = text};
    HibCheckResult result;
    hib_check(arena, &house, &subject, &result);
    *ret_n = result.n;
    return result.findings;
}

static HibCheckRules *
rules(const char *file)
{
    g_autoptr(GError) error = NULL;
    HibCheckRules *made = hib_check_rules_parse("ours.yaml", file, strlen(file), &error);
    g_assert_no_error(error);
    return made;
}

static void
a_house_adds_rules_of_its_own(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibCheckRules) own =
        rules("{\"rules\": [{\"id\": \"NG-1\", \"severity\": \"block\", \"message\": {\"ja\": "
              "\"競合の名\", \"en\": \"a competitor\"},\n"
              "  \"match\": {\"any\": [\"ライバル社\"]}, \"unless\": {\"any\": [\"ライバル社長\"], "
              "\"near\": \"許可済\"},\n"
              "  \"replace\": {\"ライバル社\": \"他社\"}, \"hit\": [\"ﾗｲﾊﾞﾙ社より\"], \"pass\": "
              "[\"ライバル社長\", \"ライバル社 許可済\"]}]}");
    size_t n;
    const HibCheckFinding *found = only(arena, own, "ライバル社長とライバル社", &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(found[0].rule->id, ==, "NG-1");
    g_assert_cmpint(found[0].severity, ==, HIB_CHECK_BLOCK);
    g_assert_cmpuint(found[0].span.start, ==, strlen("ライバル社長と"));
    g_assert_cmpstr(found[0].replacement, ==, "他社");
    g_assert_false(found[0].is_stale);
}

/* prh's own file format: what is written otherwise than the house does is told with how it does. */
static void
house_terms_are_told_where_they_differ(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibCheckRules) own =
        rules("version: 1\nrules:\n  - expected: Cookie\n  - expected: サーバー\n    pattern: "
              "サーバ\n    specs:\n      - from: サーバへ\n        to: サーバーへ\n"
              "  - expected: ハードウェア\n    patterns:\n      - ハードウエア\n      - /ハード[・ "
              "]ウェア/\n    prh: 表記\n");
    size_t n;
    only(arena, own, "Cookie、サーバー、ハードウェア", &n);
    g_assert_cmpuint(n, ==, 0);
    const HibCheckFinding *found =
        only(arena, own, "cookie、サーバへサーバー、ハード・ウェア、ハードウエア", &n);
    g_assert_cmpuint(n, ==, 4);
    g_assert_cmpstr(found[0].replacement, ==, "Cookie");
    g_assert_cmpstr(found[1].found, ==, "サーバ");
    g_assert_cmpstr(found[1].replacement, ==, "サーバー");
    g_assert_cmpstr(found[2].replacement, ==, "ハードウェア");
    g_assert_cmpstr(found[2].rule->message.ja, ==, "表記");
    g_assert_cmpstr(found[3].found, ==, "ハードウエア");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check/rules/faults", a_fault_is_named_with_its_line);
    g_test_add_func("/check/rules/own", a_house_adds_rules_of_its_own);
    g_test_add_func("/check/rules/terms", house_terms_are_told_where_they_differ);
    return g_test_run();
}
