/* API tokens and the audit log. */
#include "team/test_team.h"
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
    HibMember *member;
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    const char *id;
    HibTeamKnown known;
    const char *taro = hib_test_person(team, "taro@example.jp", "manager");
    const char *secret = make(team, taro, HIB_SCOPE_ADMIN, NULL, &id);
    hib_assert_ok(
        hib_team_change_member(db, &team->services, "owner", taro, "client", &member, &error),
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
    return g_test_run();
}
