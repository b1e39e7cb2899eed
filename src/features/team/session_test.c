/* Signing in, staying signed in, throttling: on both databases, with a clock that is moved. */
#include "team/test_team.h"
#include <string.h>

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
forward(HibTestTeam *team, HibDuration by)
{
    hib_clock_manual_set(team->test->clock, hib_clock_now(team->test->clock) + by);
}

static void
the_right_password_signs_in_and_is_written_down(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    HibNewSession session = hib_test_sign_in(team, " Hanako@Example.JP ");
    g_assert_cmpstr(session.person, ==, team->owner);
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "owner");
    g_assert_cmpstr(hib_test_last_action(team, team->owner), ==, "session.opened");
}

static void
a_wrong_password_and_an_unknown_address_read_the_same(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    hib_assert_refused(try_from(team, HIB_TEST_EMAIL, "not-this-one", "192.0.2.1", &error), error,
                       "auth.bad_credentials");
    g_assert_cmpstr(hib_test_last_action(team, team->owner), ==, "session.refused");
    hib_assert_refused(try_from(team, "nobody@example.jp", "not-this-one", "192.0.2.2", &error),
                       error, "auth.bad_credentials");
}

static void
a_session_gets_a_new_token_each_day_and_the_old_one_lasts_a_minute(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    GError *error = NULL;
    HibTeamKnown known;
    forward(team, HIB_DAY - HIB_SECOND);
    hib_assert_ok(
        hib_team_know_session(team->db, &team->services, session.token, NULL, &known, &error),
        error);
    g_assert_null(known.new_token);
    forward(team, HIB_SECOND);
    hib_assert_ok(
        hib_team_know_session(team->db, &team->services, session.token, NULL, &known, &error),
        error);
    g_assert_nonnull(known.new_token);
    const char *token = known.new_token, *csrf = known.caller.csrf;
    forward(team, 59 * HIB_SECOND);
    hib_assert_ok(
        hib_team_know_session(team->db, &team->services, session.token, NULL, &known, &error),
        error);
    g_assert_cmpstr(known.caller.person, ==, team->owner);
    g_assert_null(known.new_token);
    g_assert_cmpint(known.good_until, ==, 0);
    forward(team, 2 * HIB_SECOND);
    hib_assert_ok(
        hib_team_know_session(team->db, &team->services, session.token, NULL, &known, &error),
        error);
    g_assert_null(known.caller.person);
    hib_assert_ok(hib_team_know_session(team->db, &team->services, token, NULL, &known, &error),
                  error);
    g_assert_cmpstr(known.caller.session, ==, session.id);
    g_assert_cmpstr(known.caller.csrf, ==, csrf);
}

static void
a_session_ends_after_two_idle_weeks_and_after_ninety_days_anyway(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibTeamKnown known;
    HibNewSession idle = hib_test_sign_in(team, HIB_TEST_EMAIL);
    forward(team, 14 * HIB_DAY);
    g_assert_null(hib_test_role(team, idle.token));
    HibNewSession used = hib_test_sign_in(team, HIB_TEST_EMAIL);
    const char *token = used.token;
    int days = 0;
    for (; days < 100 && token; days++) {
        forward(team, HIB_DAY);
        hib_assert_ok(hib_team_know_session(team->db, &team->services, token, NULL, &known, &error),
                      error);
        token = known.caller.person ? known.new_token : NULL;
    }
    g_assert_cmpint(days, ==, 90);
}

static void
signing_in_again_in_the_same_browser_ends_the_former_session(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibNewSession first = hib_test_sign_in(team, HIB_TEST_EMAIL), second;
    const HibSignIn in = {
        .email = HIB_TEST_EMAIL, .password = HIB_TEST_PASSWORD, .replaces = first.token};
    hib_assert_ok(hib_team_sign_in(team->db, &team->services, &in, &second, &error), error);
    g_assert_null(hib_test_role(team, first.token));
    g_assert_cmpstr(hib_test_role(team, second.token), ==, "owner");
}

static void
nobody_ends_another_persons_session(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *other = hib_test_person(team, "taro@example.jp", "editor");
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    hib_assert_refused(
        hib_team_session_end(team->db, &team->services, other, session.id, "session.ended", &error),
        error, "team.session_unknown");
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "owner");
    hib_assert_ok(hib_team_session_end(team->db, &team->services, team->owner, session.id,
                                       "session.ended", &error),
                  error);
    g_assert_null(hib_test_role(team, session.token));
}

static void
the_store_holds_neither_token_nor_password(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    HibSqlSessionFind *row;
    HibPerson *person;
    hib_assert_ok(hib_sql_session_find(team->db, session.token, 0, NULL, &row, &error), error);
    g_assert_null(row);
    hib_assert_ok(hib_sql_person_by_id(team->db, team->owner, &person, &error), error);
    g_assert_true(g_str_has_prefix(person->password_hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/session/" #test, test)
    ADD(the_right_password_signs_in_and_is_written_down);
    ADD(a_wrong_password_and_an_unknown_address_read_the_same);
    ADD(a_session_gets_a_new_token_each_day_and_the_old_one_lasts_a_minute);
    ADD(a_session_ends_after_two_idle_weeks_and_after_ninety_days_anyway);
    ADD(signing_in_again_in_the_same_browser_ends_the_former_session);
    ADD(nobody_ends_another_persons_session);
    ADD(the_store_holds_neither_token_nor_password);
    return g_test_run();
}
