/* A workspace's care of the rules: what is tuned holds there only; a bad file leaves the old one in force; a rule's precision. */
#include "base/error.h"
#include "check/check.h"
#include "test_workspace.h"

#include <string.h>

static HibCheckResult
check(HibDb *db, const char *text)
{
    GError *error = NULL;
    HibCheckHouse house;
    HibCheckResult result;
    hib_assert_ok(hib_check_house(db, &house, &error), error);
    const HibCheckSubject subject = {.text = text, .now = hib_db_now(db), .disclosure_at_ms = -1};
    hib_check(hib_db_arena(db), &house, &subject, &result);
    return result;
}

static const HibCheckFinding *
finding(const HibCheckResult *result, const char *id)
{
    for (size_t i = 0; i < result->n; i++)
        if (strcmp(result->findings[i].rule->id, id) == 0)
            return &result->findings[i];
    return NULL;
}

static void
what_is_tuned_holds_in_its_workspace(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibCheckSeverity block = HIB_CHECK_BLOCK;
    hib_assert_ok(hib_check_tune(db, "TM-01", true, NULL, &error), error);
    hib_assert_ok(hib_check_tune(db, "KHY-05", false, &block, &error), error);
    HibCheckResult r = check(db, "業界最安値を宅急便で");
    g_assert_null(finding(&r, "TM-01"));
    g_assert_cmpint(finding(&r, "KHY-05")->severity, ==, HIB_CHECK_BLOCK);
    hib_assert_ok(hib_check_tune(db, "TM-01", false, NULL, &error), error);
    r = check(db, "業界最安値を宅急便で");
    g_assert_nonnull(finding(&r, "TM-01"));
    g_assert_false(hib_check_tune(db, "NO-1", true, NULL, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "check.unknown_rule");
    g_clear_error(&error);
}

static void
a_bad_file_leaves_the_old_one_in_force(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibCheckFileInfo file;
    hib_assert_ok(hib_check_get_file(db, "rules", &file, &error), error);
    g_assert_cmpstr(file.text, ==, "");
    const char *good =
        "rules:\n  - {id: NG-1, severity: block, message: 競合, match: {any: [ライバル社]}}\n";
    hib_assert_ok(hib_check_put_file(db, "rules", good, &file, &error), error);
    g_assert_cmpint(file.n_rules, ==, 1);
    hib_assert_ok(hib_check_put_file(db, "terms",
                                     "rules:\n  - {expected: サーバー, pattern: サーバ}\n", &file,
                                     &error),
                  error);
    static const char *const bad[] = {
        "rules:\n  - {id: NG-1, severity: block, message: x, match: {re: '('}}\n",
        "rules:\n  - {id: KHY-01, severity: info, message: x, match: {any: [a]}}\n", "rules: [",
        "x"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(hib_check_put_file(db, "rules", bad[i], &file, &error));
        g_assert_true(hib_error_is(error, HIB_ERROR_INVALID));
        g_assert_nonnull(hib_error_detail(error, "line"));
        g_clear_error(&error);
    }
    hib_assert_ok(hib_check_get_file(db, "rules", &file, &error), error);
    g_assert_cmpstr(file.text, ==, good);
    HibCheckResult r = check(db, "ライバル社のサーバを使う");
    g_assert_cmpint(finding(&r, "NG-1")->severity, ==, HIB_CHECK_BLOCK);
    g_assert_cmpstr(finding(&r, "TERM-2")->replacement, ==, "サーバー");
    hib_assert_ok(hib_check_tune(db, "NG-1", true, NULL, &error), error);
    r = check(db, "ライバル社のサーバを使う");
    g_assert_null(finding(&r, "NG-1"));
    hib_assert_ok(hib_check_put_file(db, "rules", "", &file, &error), error);
    hib_assert_ok(hib_check_put_file(db, "terms", "", &file, &error), error);
    r = check(db, "ライバル社のサーバを使う");
    g_assert_cmpuint(r.n, ==, 0);
    g_assert_false(hib_check_put_file(db, "passwd", "x", &file, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "check.unknown_file");
    g_clear_error(&error);
}

static void
false_alarms_are_a_rules_precision(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    static const char *const texts[] = {"業界最安値", "地域最安値", "底値です", "底値です"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const HibCheckResult r = check(db, texts[i]);
        hib_assert_ok(hib_check_told(db, texts[i], &r, &error), error);
    }
    for (int twice = 0; twice < 2; twice++)
        hib_assert_ok(hib_check_false_alarm(db, "KHY-05", "底値です", "底値", &error), error);
    HibCheckCount *counts;
    size_t n;
    hib_assert_ok(hib_check_counts(db, &counts, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(counts[0].rule, ==, "KHY-05");
    g_assert_cmpint(counts[0].n_told, ==, 3);
    g_assert_cmpint(counts[0].n_false, ==, 1);
    g_assert_false(hib_check_false_alarm(db, "NO-1", "x", "x", &error));
    g_clear_error(&error);
}

static void
elections_are_minded_in_the_workspaces_own_days(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    static const char *const food[] = {"food", "ec", NULL};
    const HibCheckElection spans[] = {{"2026-07-09", "2026-07-26"}, {"2026-11-01", "2026-11-01"}};
    HibCheckSetting setting = {food, spans, 2}, read;
    hib_assert_ok(hib_check_set_setting(db, &setting, &error), error);
    hib_assert_ok(hib_check_setting(db, &read, &error), error);
    g_assert_cmpstr(read.industries[1], ==, "ec");
    g_assert_null(read.industries[2]);
    g_assert_cmpuint(read.n_elections, ==, 2);
    g_assert_cmpstr(read.elections[0].to_day, ==, "2026-07-26");
    const struct {
        const char *at; /* the workspace is in Japan */
        bool is_election;
    } cases[] = {{"2026-07-08T14:59:59Z", false}, {"2026-07-08T15:00:00Z", true},
                 {"2026-07-26T14:59:59Z", true},  {"2026-07-26T15:00:00Z", false},
                 {"2026-11-01T03:00:00Z", true},  {"2026-11-02T03:00:00Z", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibInstant at;
        bool is_election;
        g_assert_true(hib_instant_parse(cases[i].at, &at));
        hib_assert_ok(hib_check_is_election(db, &read, at, &is_election, &error), error);
        g_assert_cmpint(is_election, ==, cases[i].is_election);
    }
    const HibCheckElection backwards = {"2026-07-26", "2026-07-09"},
                           no_day = {"2026-02-30", "2026-03-01"};
    setting = (HibCheckSetting){food, &backwards, 1};
    hib_assert_refused(hib_check_set_setting(db, &setting, &error), error, "check.bad_span");
    setting.elections = &no_day;
    hib_assert_refused(hib_check_set_setting(db, &setting, &error), error, "check.bad_day");
    hib_assert_ok(hib_check_setting(db, &read, &error), error);
    g_assert_cmpuint(read.n_elections, ==, 2); /* unchanged */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/check/house/tune", what_is_tuned_holds_in_its_workspace);
    hib_test_add("/check/house/file", a_bad_file_leaves_the_old_one_in_force);
    hib_test_add("/check/house/precision", false_alarms_are_a_rules_precision);
    hib_test_add("/check/house/elections", elections_are_minded_in_the_workspaces_own_days);
    return g_test_run();
}
