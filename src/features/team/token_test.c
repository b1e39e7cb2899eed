/* API tokens and the audit log. */
#include "team/audit.sql.h"
#include "team/test_team.h"
#include "team/token.sql.h"
#include <string.h>

static const char *
make(HibTestTeam *team, const char *person, unsigned scopes, const HibInstant *expires_at,
     const char **ret_id)
{
    GError *error = NULL;
    const char *secret;
    g_autoptr(HibDb) db = hib_test_scoped(team, person);
    hib_assert_ok(hib_team_token_make(db, "script", scopes, expires_at, ret_id, &secret, &error),
                  error);
    return secret;
}

static void
a_token_acts_for_its_person_in_its_workspace_only(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *id, *elsewhere;
    const char *taro = hib_test_person(team, "taro@example.jp", "manager");
    const char *secret = make(team, taro, HIB_SCOPE_READ | HIB_SCOPE_PUBLISH, NULL, &id);
    g_assert_true(g_str_has_prefix(secret, "hib_"));
    g_assert_cmpuint(strlen(secret), ==, 47);
    HibTeamKnown known;
    hib_assert_ok(hib_team_know_token(team->db, secret, team->workspace, &known, &error), error);
    g_assert_cmpstr(known.caller.person, ==, taro);
    g_assert_cmpstr(known.caller.token, ==, id);
    g_assert_cmpstr(known.caller.role, ==, "manager");
    g_assert_cmpuint(known.caller.scopes, ==, HIB_SCOPE_READ | HIB_SCOPE_PUBLISH);
    g_assert_null(known.caller.csrf);
    hib_assert_ok(
        hib_team_create_workspace(team->db, taro, "Other", "Asia/Tokyo", &elsewhere, &error),
        error);
    hib_assert_ok(hib_team_know_token(team->db, secret, elsewhere, &known, &error), error);
    g_assert_null(known.caller.role);
}

static void
a_token_follows_its_persons_role_and_ends_with_the_membership(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    const char *id;
    HibTeamKnown known;
    const char *taro = hib_test_person(team, "taro@example.jp", "manager");
    const char *secret = make(team, taro, HIB_SCOPE_ADMIN, NULL, &id);
    hib_assert_ok(hib_team_change_member(db, &team->services, "owner", taro, "client", &error),
                  error);
    hib_assert_ok(hib_team_know_token(team->db, secret, team->workspace, &known, &error), error);
    g_assert_cmpstr(known.caller.role, ==, "client");
    hib_assert_ok(hib_team_remove_member(db, &team->services, "owner", taro, &error), error);
    hib_assert_refused(hib_team_know_token(team->db, secret, team->workspace, &known, &error),
                       error, "auth.bad_token");
}

static void
a_token_ends_at_its_time_and_when_revoked(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    const char *id, *other, *secret;
    HibTeamKnown known;
    HibInstant now = hib_clock_now(test->clock), soon = now + 10 * HIB_SECOND;
    hib_assert_refused(hib_team_token_make(db, "late", HIB_SCOPE_READ, &now, &id, &secret, &error),
                       error, "team.expiry_past");
    secret = make(team, team->owner, HIB_SCOPE_READ, &soon, &id);
    hib_assert_ok(hib_team_know_token(team->db, secret, team->workspace, &known, &error), error);
    g_assert_cmpint(known.good_until, ==, soon);
    hib_clock_manual_set(test->clock, soon);
    hib_assert_refused(hib_team_know_token(team->db, secret, team->workspace, &known, &error),
                       error, "auth.bad_token");
    secret = make(team, team->owner, HIB_SCOPE_READ, NULL, &other);
    hib_assert_ok(hib_team_know_token(team->db, secret, team->workspace, &known, &error), error);
    hib_assert_ok(hib_team_revoke_token(db, &team->services, other, &error), error);
    hib_assert_refused(hib_team_know_token(team->db, secret, team->workspace, &known, &error),
                       error, "auth.bad_token");
    hib_assert_refused(hib_team_revoke_token(db, &team->services, other, &error), error,
                       "team.token_unknown");
}

static void
the_use_of_a_token_is_noted_once_a_minute(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    const char *id;
    HibTeamKnown known;
    HibSqlTokenRow *row;
    HibInstant start = hib_clock_now(test->clock);
    const char *secret = make(team, team->owner, HIB_SCOPE_READ, NULL, &id);
    for (int second = 0; second <= 60; second += 20) {
        hib_clock_manual_set(test->clock, start + second * HIB_SECOND);
        hib_assert_ok(hib_team_know_token(team->db, secret, team->workspace, &known, &error),
                      error);
        hib_assert_ok(hib_sql_token_get(db, id, &row, &error), error);
        g_assert_cmpint(row->last_used_at, ==, second == 60 ? start + HIB_MINUTE : start);
    }
}

static void
a_command_on_the_machine_acts_for_the_first_owner(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, team->workspace);
    GError *error = NULL;
    const char *id, *secret;
    HibTeamKnown known;
    hib_assert_ok(hib_team_token_make(db, "cli", HIB_SCOPE_READ, NULL, &id, &secret, &error),
                  error);
    hib_assert_ok(hib_team_know_token(team->db, secret, team->workspace, &known, &error), error);
    g_assert_cmpstr(known.caller.person, ==, team->owner);
    g_autoptr(HibDb) nowhere =
        hib_db_open(test->store, test->arena, "00000000-0000-7000-8000-000000000000");
    hib_assert_refused(
        hib_team_token_make(nowhere, "cli", HIB_SCOPE_READ, NULL, &id, &secret, &error), error,
        "team.workspace_unknown");
}

static void
the_log_is_read_in_pages_that_neither_lose_nor_repeat(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    for (int i = 0; i < 25; i++) {
        const char *text = hib_arena_printf(test->arena, "%d", i);
        const char *after =
            hib_audit_json(test->arena, "n", text, "gone", (const char *)NULL, "kept", "x", NULL);
        hib_assert_ok(hib_audit(db, "post.changed", "post", i % 2 ? "odd" : "even", "{\"n\":0}",
                                after, &error),
                      error);
    }
    HibSqlAuditRow *rows;
    size_t n;
    const char *below = NULL;
    int expected = 24;
    do {
        hib_assert_ok(hib_sql_audit_page(db, below, 7, &rows, &n, &error), error);
        for (size_t i = 0; i < n && expected >= 0; i++) {
            g_autofree char *after = g_strdup_printf("{\"n\":\"%d\",\"kept\":\"x\"}", expected--);
            g_assert_cmpstr(rows[i].after_json, ==, after);
            g_assert_cmpstr(rows[i].actor_name, ==, "Hanako");
            g_assert_cmpstr(rows[i].actor_kind, ==, "person");
        }
        below = n ? rows[n - 1].id : NULL;
    } while (n == 7);
    g_assert_cmpint(expected, ==, -1);
    hib_assert_ok(hib_sql_audit_page_about(db, "odd", NULL, 100, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 12);
}

static void
the_log_names_tokens_and_is_empty_for_other_workspaces(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *id, *elsewhere;
    make(team, team->owner, HIB_SCOPE_WRITE, NULL, &id);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    hib_db_set_actor(db, HIB_ACTOR_TOKEN, id);
    hib_assert_ok(hib_audit(db, "post.created", "post", "p1", NULL, "{}", &error), error);
    HibSqlAuditRow *rows;
    size_t n;
    hib_assert_ok(hib_sql_audit_page_about(db, "p1", NULL, 10, &rows, &n, &error), error);
    g_assert_cmpstr(rows[0].actor_name, ==, "script");
    hib_assert_ok(
        hib_team_create_workspace(team->db, team->owner, "Other", "Asia/Tokyo", &elsewhere, &error),
        error);
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, elsewhere);
    hib_assert_ok(hib_sql_audit_page_about(other, "p1", NULL, 10, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static void
an_undone_change_leaves_no_line(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_audit(db, "post.created", "post", "p1", NULL, "{}", &error), error);
    }
    g_assert_null(hib_test_last_action(team, "p1"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/token/" #test, test)
    ADD(a_token_acts_for_its_person_in_its_workspace_only);
    ADD(a_token_follows_its_persons_role_and_ends_with_the_membership);
    ADD(a_token_ends_at_its_time_and_when_revoked);
    ADD(the_use_of_a_token_is_noted_once_a_minute);
    ADD(a_command_on_the_machine_acts_for_the_first_owner);
    ADD(the_log_is_read_in_pages_that_neither_lose_nor_repeat);
    ADD(the_log_names_tokens_and_is_empty_for_other_workspaces);
    ADD(an_undone_change_leaves_no_line);
    return g_test_run();
}
