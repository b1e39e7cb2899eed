/* Throttling: what guessing costs, by address typed and by client. */
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
forward(HibTestTeam *team, HibDuration by)
{
    hib_clock_manual_set(team->test->clock, hib_clock_now(team->test->clock) + by);
}

static void
the_fifth_failure_makes_wait_and_each_further_one_twice_as_long(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    for (int i = 0; i < 5; i++) {
        g_autofree char *client = g_strdup_printf("192.0.2.%d", i);
        hib_assert_refused(try_from(team, HIB_TEST_EMAIL, "not-this-one", client, &error), error,
                           "auth.bad_credentials");
    }
    HibDuration wait = HIB_SECOND;
    for (int i = 0; i < 4; i++) {
        HibInstant retry_at = 0, now = hib_clock_now(test->clock);
        g_autofree char *client = g_strdup_printf("198.51.100.%d", i);
        g_assert_false(try_from(team, HIB_TEST_EMAIL, HIB_TEST_PASSWORD, client, &error));
        g_assert_cmpstr(hib_error_reason(error), ==, "auth.throttled");
        g_assert_true(hib_error_retry_at(error, &retry_at));
        g_assert_cmpint(retry_at, ==, now + wait);
        g_clear_error(&error);
        forward(team, wait);
        hib_assert_refused(try_from(team, HIB_TEST_EMAIL, "not-this-one", client, &error), error,
                           "auth.bad_credentials");
        wait *= 2;
    }
    forward(team, wait);
    hib_assert_ok(try_from(team, HIB_TEST_EMAIL, HIB_TEST_PASSWORD, "192.0.2.9", &error), error);
    hib_assert_refused(try_from(team, HIB_TEST_EMAIL, "not-this-one", "192.0.2.9", &error), error,
                       "auth.bad_credentials");
}

static void
one_client_trying_many_addresses_is_slowed_down_too(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    for (int i = 0; i < 5; i++) {
        g_autofree char *email = g_strdup_printf("person%d@example.jp", i);
        g_autofree char *client = g_strdup_printf("2001:db8:1:2::%x", i + 1);
        hib_assert_refused(try_from(team, email, "not-this-one", client, &error), error,
                           "auth.bad_credentials");
    }
    hib_assert_refused(
        try_from(team, HIB_TEST_EMAIL, HIB_TEST_PASSWORD, "2001:db8:1:2::ffff", &error), error,
        "auth.throttled");
    hib_assert_ok(try_from(team, HIB_TEST_EMAIL, HIB_TEST_PASSWORD, "2001:db8:1:3::1", &error),
                  error);
}

static void
a_restart_does_not_reset_the_waiting(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    for (int i = 0; i < 5; i++)
        hib_assert_refused(try_from(team, HIB_TEST_EMAIL, "not-this-one", "192.0.2.1", &error),
                           error, "auth.bad_credentials");
    hib_db_close(team->db);
    hib_test_store_reopen(test);
    team->services.store = test->store;
    team->db = hib_db_open(test->store, test->arena, NULL);
    hib_assert_refused(try_from(team, HIB_TEST_EMAIL, HIB_TEST_PASSWORD, "192.0.2.1", &error),
                       error, "auth.throttled");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/throttle/" #test, test)
    ADD(the_fifth_failure_makes_wait_and_each_further_one_twice_as_long);
    ADD(one_client_trying_many_addresses_is_slowed_down_too);
    ADD(a_restart_does_not_reset_the_waiting);
    return g_test_run();
}
