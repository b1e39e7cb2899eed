/* People: their names and passwords. */
#include "team/test_team.h"

static bool
try_from(HibTestTeam *team, const char *email, const char *password, const char *client,
         GError **error)
{
    HibNewSession made;
    const HibSignIn in = {
        .email = email, .password = password, .from = {.client = client, .agent = "test"}};
    return hib_team_sign_in(team->db, &team->services, &in, &made, error);
}

static void
a_new_password_ends_all_other_sessions_and_changes_this_ones_token(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const HibTeamFrom from = {.client = "192.0.2.1"};
    const char *token;
    HibNewSession here = hib_test_sign_in(team, HIB_TEST_EMAIL),
                  there = hib_test_sign_in(team, HIB_TEST_EMAIL);
    hib_assert_refused(hib_team_change_password(team->db, &team->services, team->owner, here.id,
                                                "not-this-one", "an-other-one-77", &from, &token,
                                                &error),
                       error, "auth.wrong_password");
    hib_assert_refused(hib_team_change_password(team->db, &team->services, team->owner, here.id,
                                                HIB_TEST_PASSWORD, "aaaaaaaaaaaa", &from, &token,
                                                &error),
                       error, "team.weak_password");
    g_assert_cmpstr(hib_test_role(team, there.token), ==, "owner");
    hib_assert_ok(hib_team_change_password(team->db, &team->services, team->owner, here.id,
                                           HIB_TEST_PASSWORD, "an-other-one-77", &from, &token,
                                           &error),
                  error);
    g_assert_null(hib_test_role(team, there.token));
    g_assert_null(hib_test_role(team, here.token));
    g_assert_cmpstr(hib_test_role(team, token), ==, "owner");
    hib_assert_refused(try_from(team, HIB_TEST_EMAIL, HIB_TEST_PASSWORD, "192.0.2.3", &error),
                       error, "auth.bad_credentials");
    hib_assert_ok(try_from(team, HIB_TEST_EMAIL, "an-other-one-77", "192.0.2.3", &error), error);
}

static void
a_changed_name_moves_the_version_of_each_workspace(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibPerson *row;
    uint64_t version = hib_store_version(test->store, team->workspace);
    const HibPersonChange change = {.name = " Hanako Yamada ", .theme = "dark"};
    hib_assert_ok(
        hib_team_change_person(team->db, &team->services, team->owner, &change, &row, &error),
        error);
    g_assert_cmpstr(row->name, ==, "Hanako Yamada");
    g_assert_cmpstr(row->locale, ==, "ja");
    g_assert_cmpstr(row->theme, ==, "dark");
    g_assert_cmpuint(hib_store_version(test->store, team->workspace), >, version);
    g_assert_cmpstr(hib_test_last_action(team, team->owner), ==, "person.changed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/person/" #test, test)
    ADD(a_new_password_ends_all_other_sessions_and_changes_this_ones_token);
    ADD(a_changed_name_moves_the_version_of_each_workspace);
    return g_test_run();
}
