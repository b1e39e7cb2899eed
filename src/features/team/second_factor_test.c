/* The second factor of a person: on, used, lost, off. */
#include "team/test_team.h"
#include <string.h>

static const HibTeamFrom here = {.client = "192.0.2.1", .agent = "test"};

/* The code of the step `off` from now, made from the key as an app would. */
static const char *
code_of(HibTestTeam *team, const char *secret, int off)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char key[20] = {0};
    for (int i = 0; i < 32; i++)
        for (int bit = 0; bit < 5; bit++)
            if ((strchr(letters, secret[i]) - letters) >> (4 - bit) & 1)
                key[(i * 5 + bit) / 8] |= (unsigned char)(0x80 >> (i * 5 + bit) % 8);
    char *code = hib_arena_take(team->test->arena, 9);
    g_assert_true(
        hib_totp_code(key, 20, hib_totp_step(hib_clock_now(team->test->clock)) + off, 6, code));
    return code;
}

static bool
sign_in(HibTestTeam *team, const char *code, HibNewSession *ret, GError **error)
{
    const HibSignIn in = {
        .email = HIB_TEST_EMAIL, .password = HIB_TEST_PASSWORD, .code = code, .from = here};
    return hib_team_sign_in(team->db, &team->services, &in, ret, error);
}

static const char *
turn_on(HibTestTeam *team, const char *session, const char *codes[HIB_TEAM_RECOVERY_CODES],
        const char **ret_token)
{
    GError *error = NULL;
    HibTotpStart start;
    hib_assert_ok(hib_team_totp_start(team->db, &team->services, team->owner, HIB_TEST_PASSWORD,
                                      &here, &start, &error),
                  error);
    hib_assert_ok(hib_team_totp_confirm(team->db, &team->services, team->owner, session,
                                        code_of(team, start.secret, 0), &here, codes, ret_token,
                                        &error),
                  error);
    return start.secret;
}

static void
forward(HibTestTeam *team, HibDuration by)
{
    hib_clock_manual_set(team->test->clock, hib_clock_now(team->test->clock) + by);
}

static void
it_is_on_only_after_the_first_right_code_and_then_asked_for(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibTotpStart start;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL), again;
    const char *codes[HIB_TEAM_RECOVERY_CODES], *token;
    hib_assert_refused(hib_team_totp_confirm(team->db, &team->services, team->owner, session.id,
                                             "000000", &here, codes, &token, &error),
                       error, "team.totp_off");
    hib_assert_refused(hib_team_totp_start(team->db, &team->services, team->owner, "not-this-one",
                                           &here, &start, &error),
                       error, "auth.wrong_password");
    hib_assert_ok(hib_team_totp_start(team->db, &team->services, team->owner, HIB_TEST_PASSWORD,
                                      &here, &start, &error),
                  error);
    hib_assert_ok(sign_in(team, NULL, &again, &error), error);
    hib_assert_refused(hib_team_totp_confirm(team->db, &team->services, team->owner, session.id,
                                             code_of(team, start.secret, 5), &here, codes, &token,
                                             &error),
                       error, "auth.bad_code");
    hib_assert_ok(hib_team_totp_confirm(team->db, &team->services, team->owner, session.id,
                                        code_of(team, start.secret, 0), &here, codes, &token,
                                        &error),
                  error);
    g_assert_null(hib_test_role(team, session.token));
    g_assert_cmpstr(hib_test_role(team, token), ==, "owner");
    hib_assert_refused(sign_in(team, NULL, &again, &error), error, "auth.code_needed");
    hib_assert_refused(hib_team_totp_start(team->db, &team->services, team->owner,
                                           HIB_TEST_PASSWORD, &here, &start, &error),
                       error, "team.totp_on");
}

static void
a_code_signs_in_once(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    const char *codes[HIB_TEAM_RECOVERY_CODES], *token;
    const char *secret = turn_on(team, session.id, codes, &token);
    hib_assert_refused(sign_in(team, code_of(team, secret, 0), &session, &error), error,
                       "auth.bad_code");
    forward(team, 30 * HIB_SECOND);
    const char *code = code_of(team, secret, 0);
    hib_assert_ok(sign_in(team, code, &session, &error), error);
    hib_assert_refused(sign_in(team, code, &session, &error), error, "auth.bad_code");
    hib_assert_ok(sign_in(team, code_of(team, secret, 1), &session, &error), error);
}

static void
each_recovery_code_signs_in_once_however_it_is_typed(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    const char *codes[HIB_TEAM_RECOVERY_CODES], *token;
    turn_on(team, session.id, codes, &token);
    for (int i = 0; i < HIB_TEAM_RECOVERY_CODES; i++) {
        g_autofree char *typed = i % 2 ? g_ascii_strup(codes[i], -1)
                                       : g_strdup_printf(" %.5s%s ", codes[i], codes[i] + 6);
        hib_assert_ok(sign_in(team, typed, &session, &error), error);
        hib_assert_refused(sign_in(team, codes[i], &session, &error), error, "auth.bad_code");
        forward(team, 2 * HIB_HOUR); /* failures of this client are forgotten */
    }
}

static void
guessing_codes_is_slowed_down_and_the_password_alone_does_not_reset_it(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    const char *codes[HIB_TEAM_RECOVERY_CODES], *token;
    turn_on(team, session.id, codes, &token);
    for (int i = 0; i < 5; i++) {
        if (i < 4)
            hib_assert_refused(sign_in(team, NULL, &session, &error), error, "auth.code_needed");
        hib_assert_refused(sign_in(team, "000000x", &session, &error), error, "auth.bad_code");
    }
    hib_assert_refused(sign_in(team, codes[0], &session, &error), error, "auth.throttled");
    hib_assert_refused(sign_in(team, NULL, &session, &error), error, "auth.throttled");
    forward(team, HIB_SECOND);
    hib_assert_ok(sign_in(team, codes[0], &session, &error), error);
}

static void
turned_off_it_is_not_asked_for_and_the_codes_are_worth_nothing(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL), again;
    const char *codes[HIB_TEAM_RECOVERY_CODES], *newer[HIB_TEAM_RECOVERY_CODES], *token, *last;
    turn_on(team, session.id, codes, &token);
    hib_assert_refused(hib_team_totp_disable(team->db, &team->services, team->owner, session.id,
                                             "not-this-one", &here, &last, &error),
                       error, "auth.wrong_password");
    hib_assert_ok(hib_team_totp_disable(team->db, &team->services, team->owner, session.id,
                                        HIB_TEST_PASSWORD, &here, &last, &error),
                  error);
    g_assert_null(hib_test_role(team, token));
    g_assert_cmpstr(hib_test_role(team, last), ==, "owner");
    hib_assert_ok(sign_in(team, NULL, &again, &error), error);
    hib_assert_refused(hib_team_totp_disable(team->db, &team->services, team->owner, session.id,
                                             HIB_TEST_PASSWORD, &here, &last, &error),
                       error, "team.totp_off");
    forward(team, HIB_MINUTE);
    turn_on(team, session.id, newer, &token);
    hib_assert_refused(sign_in(team, codes[0], &again, &error), error, "auth.bad_code");
    hib_assert_ok(sign_in(team, newer[0], &again, &error), error);
}

static void
the_seed_is_sealed_in_the_store(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    const char *codes[HIB_TEAM_RECOVERY_CODES], *token;
    const char *secret = turn_on(team, session.id, codes, &token);
    HibPerson *row;
    hib_assert_ok(hib_sql_person_by_id(team->db, team->owner, &row, &error), error);
    g_assert_true(g_str_has_prefix(row->totp_sealed, "v1."));
    g_assert_null(strstr(row->totp_sealed, secret));
    g_assert_null(row->totp_pending);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/second_factor/" #test, test)
    ADD(it_is_on_only_after_the_first_right_code_and_then_asked_for);
    ADD(a_code_signs_in_once);
    ADD(each_recovery_code_signs_in_once_however_it_is_typed);
    ADD(guessing_codes_is_slowed_down_and_the_password_alone_does_not_reset_it);
    ADD(turned_off_it_is_not_asked_for_and_the_codes_are_worth_nothing);
    ADD(the_seed_is_sealed_in_the_store);
    return g_test_run();
}
