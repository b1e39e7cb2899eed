/* Workspaces. */
#include "team/test_team.h"

static void
a_workspace_is_changed_field_by_field_and_the_change_is_written_down(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    HibWorkspace *workspace;
    hib_assert_ok(hib_team_change_workspace(db, NULL, "Europe/Paris", &error), error);
    hib_assert_ok(hib_team_workspace(db, &workspace, &error), error);
    g_assert_cmpstr(workspace->name, ==, "喫茶ひびき");
    g_assert_cmpstr(workspace->zone, ==, "Europe/Paris");
    g_assert_cmpstr(hib_test_last_action(team, team->workspace), ==, "workspace.changed");
    hib_assert_refused(hib_team_change_workspace(db, "New", "Mars/Olympus", &error), error,
                       "team.bad_zone");
    hib_assert_ok(hib_team_workspace(db, &workspace, &error), error);
    g_assert_cmpstr(workspace->name, ==, "喫茶ひびき");
}

static void
a_new_workspace_belongs_to_who_made_it_and_to_nobody_else(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *other = hib_test_person(team, "taro@example.jp", "editor"), *made;
    hib_assert_ok(
        hib_team_create_workspace(team->db, other, "太郎の店", "Asia/Tokyo", &made, &error), error);
    HibNewSession taro = hib_test_sign_in(team, "taro@example.jp"),
                  hanako = hib_test_sign_in(team, HIB_TEST_EMAIL);
    HibTeamKnown known;
    hib_assert_ok(
        hib_team_know_session(team->db, &team->services, taro.token, made, &known, &error), error);
    g_assert_cmpstr(known.caller.role, ==, "owner");
    hib_assert_ok(
        hib_team_know_session(team->db, &team->services, hanako.token, made, &known, &error),
        error);
    g_assert_null(known.caller.role);
    g_assert_cmpstr(hib_test_role(team, taro.token), ==, "editor");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add("/workspace/" #test, test)
    ADD(a_workspace_is_changed_field_by_field_and_the_change_is_written_down);
    ADD(a_new_workspace_belongs_to_who_made_it_and_to_nobody_else);
    return g_test_run();
}
