/* For tests: see test_team.h. */
#include "team/test_team.h"
#include <glib/gstdio.h>
#include <string.h>

HibTestTeam *
hib_test_team_new(HibTestStore *test)
{
    GError *error = NULL;
    HibTestTeam *team = g_new0(HibTestTeam, 1);
    team->test = test;
    team->directory = g_dir_make_tmp("hibiki-team-XXXXXX", NULL);
    g_autofree char *key = g_build_filename(team->directory, "secret.key", NULL);
    team->services = (HibServices){
        .store = test->store,
        .keys = hib_keys_open(key, &error),
        .team_cache = hib_team_cache_new(test->store),
        .version = "test",
        .base_url = "https://hibiki.example",
    };
    g_assert_no_error(error);
    team->db = hib_db_open(test->store, test->arena, NULL);
    const HibTeamFounding founding = {
        .name = "Hanako",
        .email = HIB_TEST_EMAIL,
        .password = HIB_TEST_PASSWORD,
        .workspace_name = "喫茶ひびき",
        .zone = "Asia/Tokyo",
        .locale = "ja",
    };
    hib_team_found(team->db, &founding, &team->workspace, &team->owner, &error);
    g_assert_no_error(error);
    return team;
}

void
hib_test_team_free(HibTestTeam *team)
{
    hib_db_close(team->db);
    hib_test_store_shut(team->test);
    hib_team_cache_free(team->services.team_cache);
    hib_keys_free(team->services.keys);
    g_autofree char *key = g_build_filename(team->directory, "secret.key", NULL);
    g_unlink(key);
    g_rmdir(team->directory);
    g_free(team->directory);
    g_free(team);
}

const char *
hib_test_person(HibTestTeam *team, const char *email, const char *role)
{
    const char *link;
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    HibInvitation invitation;
    HibNewSession made;
    hib_assert_ok(hib_team_invite(db, &team->services, "owner", team->owner, email, role,
                                  &invitation, &link, &error),
                  error);
    const HibAcceptance acceptance = {.name = email, .password = HIB_TEST_PASSWORD, .locale = "ja"};
    const char *token = strchr(link, '#') + 1;
    hib_assert_ok(hib_team_accept(team->db, &team->services, token, &acceptance, &made, &error),
                  error);
    return made.person;
}

HibDb *
hib_test_scoped(HibTestTeam *team, const char *person)
{
    HibDb *db = hib_db_open(team->test->store, team->test->arena, team->workspace);
    hib_db_set_actor(db, HIB_ACTOR_PERSON, person);
    return db;
}

HibNewSession
hib_test_sign_in(HibTestTeam *team, const char *email)
{
    GError *error = NULL;
    HibNewSession made = {0};
    const HibSignIn in = {.email = email,
                          .password = HIB_TEST_PASSWORD,
                          .from = {.client = "192.0.2.1", .agent = "test"}};
    hib_assert_ok(hib_team_sign_in(team->db, &team->services, &in, &made, &error), error);
    return made;
}

const char *
hib_test_role(HibTestTeam *team, const char *token)
{
    GError *error = NULL;
    HibTeamKnown known;
    hib_assert_ok(
        hib_team_know_session(team->db, &team->services, token, team->workspace, &known, &error),
        error);
    return known.caller.role;
}

const char *
hib_test_last_action(HibTestTeam *team, const char *subject)
{
    GError *error = NULL;
    HibSqlAuditRow *rows;
    size_t n;
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    hib_assert_ok(hib_sql_audit_page_about(db, subject, NULL, 1, &rows, &n, &error), error);
    return n ? rows[0].action : NULL;
}
