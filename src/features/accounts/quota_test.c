/* Quotas, health and options: what is left at any moment, whoever counted, and how an account is. */
#include "accounts/accounts_private.h"
#include "accounts/quota.sql.h"
#include "base/error.h"
#include "test_network.h"
#include "test_workspace.h"
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *account;
} Desk;

static void
open_desk(Desk *desk, HibTestStore *test)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    hib_test_workspace_open(&desk->ws, test);
    hib_test_net_reset();
    desk->db = hib_test_workspace_db(&desk->ws, NULL);
    hib_assert_ok(hib_accounts_connect(desk->db, &desk->ws.services, "testline", NULL, "1234567890",
                                       HIB_TEST_CHANNEL_SECRET, &account, &error),
                  error);
    desk->account = account->id;
}

static void
close_desk(Desk *desk)
{
    hib_db_close(desk->db);
    hib_test_workspace_close(&desk->ws);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, close_desk)

static HibInstant
room(Desk *desk, const char *name, int64_t n)
{
    GError *error = NULL;
    HibInstant at = -1;
    hib_assert_ok(hib_accounts_quota_room(desk->db, desk->account, name, n, &at, &error), error);
    return at;
}

static void
take(Desk *desk, int64_t n)
{
    GError *error = NULL;
    hib_assert_ok(hib_accounts_quota_take(desk->db, desk->account, "posts", n, &error), error);
}

static void
read_now(Desk *desk)
{
    GError *error = NULL;
    HibNetResult said;
    hib_assert_ok(hib_quota_read(desk->db, &desk->ws.services, desk->account, &said, &error),
                  error);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
}

static void
pass(Desk *desk, HibDuration time)
{
    hib_clock_manual_set(desk->ws.test->clock, hib_db_now(desk->db) + time);
}

/* The rule of the test network: 3 posts in 24 h. */
static void
without_the_networks_word_our_own_count_stands(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    HibInstant start = hib_db_now(desk.db);
    g_assert_cmpint(room(&desk, "posts", 3), ==, 0);
    g_assert_cmpint(room(&desk, "posts", 4), >, start);
    take(&desk, 1);
    pass(&desk, HIB_HOUR);
    take(&desk, 2);
    g_assert_cmpint(room(&desk, "posts", 1), ==, start + HIB_DAY); /* the oldest leaves then */
    take(&desk, -1);                                               /* that one had no effect */
    g_assert_cmpint(room(&desk, "posts", 1), ==, 0);
    take(&desk, 1);
    pass(&desk, 23 * HIB_HOUR);
    g_assert_cmpint(room(&desk, "posts", 1), ==, 0);
    g_assert_cmpint(room(&desk, "posts", 2), >, hib_db_now(desk.db));
    g_assert_cmpint(room(&desk, "units", 1000), ==, 0); /* only the network knows */
    g_assert_cmpint(room(&desk, "nobody knows", 1), ==, 0);
}

static void
the_networks_word_counts_and_what_was_taken_since(HibTestStore *test)
{
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    HibInstant resets_at = hib_db_now(desk.db) + 5 * HIB_HOUR;
    take(&desk, 3);
    pass(&desk, HIB_MINUTE);
    hib_test_net.n_quotas = 2;
    hib_test_net.quotas[0] = (HibNetQuota){"posts", 97, 100, resets_at};
    hib_test_net.quotas[1] = (HibNetQuota){"units", 5, -1, 0};
    read_now(&desk);
    g_assert_cmpint(room(&desk, "posts", 3), ==, 0); /* it has counted the three already */
    pass(&desk, HIB_MINUTE);
    take(&desk, 3);
    g_assert_cmpint(room(&desk, "posts", 1), ==, resets_at);
    g_assert_cmpint(room(&desk, "units", 1000), ==, 0);
    pass(&desk, 5 * HIB_HOUR);
    g_assert_cmpint(room(&desk, "posts", 100), ==, 0); /* a new window */
    take(&desk, 1);
    g_assert_cmpint(room(&desk, "posts", 100), >, hib_db_now(desk.db));

    GError *error = NULL;
    HibAccountQuota *rows = NULL;
    size_t n = 0;
    hib_assert_ok(hib_accounts_quotas(desk.db, desk.account, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(rows[0].name, ==, "posts");
    g_assert_cmpint(rows[0].used, ==, 1);
    g_assert_cmpint(rows[0].limit, ==, 100);
    g_assert_cmpint(rows[1].limit, ==, -1);
}

static void
quotas_are_read_every_hour_while_posts_wait_and_no_longer(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    g_autoptr(HibJobs) jobs =
        hib_jobs_manual(test->store, hib_accounts.jobs, &desk.ws.services, &error);
    g_assert_no_error(error);
    HibInstant until = hib_db_now(desk.db) + 2 * HIB_HOUR + 30 * HIB_MINUTE;
    for (int i = 0; i < 3; i++) /* many posts at once: one reading */
        hib_assert_ok(hib_accounts_posting(desk.db, desk.account, until - i * HIB_MINUTE, &error),
                      error);
    pass(&desk, 2 * HIB_MINUTE);
    hib_jobs_run_due(jobs);
    g_assert_cmpint(hib_test_net.n_quota_reads, ==, 1);
    for (int i = 0; i < 10; i++) {
        pass(&desk, HIB_HOUR + HIB_SECOND);
        hib_jobs_run_due(jobs);
    }
    g_assert_cmpint(hib_test_net.n_quota_reads, ==, 4);
}

static void
health_tells_the_last_failure_in_the_networks_words(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    HibAccountHealth *health = NULL;
    HibAccount *account = NULL;
    pass(&desk, HIB_HOUR);
    hib_assert_ok(hib_account_check(desk.db, &desk.ws.services, desk.account, &error), error);
    hib_assert_ok(hib_account_health(desk.db, &desk.ws.services, desk.account, &health, &error),
                  error);
    g_assert_cmpint(health->checked_at, ==, hib_db_now(desk.db));
    g_assert_cmpint(health->error_at, ==, 0);
    hib_assert_ok(hib_accounts_get(desk.db, desk.account, &account, &error), error);
    g_assert_cmpint(account->followers, ==, 120);

    hib_test_net.profile = (HibNetResult){.class = HIB_NET_RETRY_AFTER,
                                          .http_status = 429,
                                          .code = "slow",
                                          .message = "Too many requests",
                                          .remaining = 0,
                                          .reset_at = hib_db_now(desk.db) + HIB_HOUR};
    hib_assert_ok(hib_account_check(desk.db, &desk.ws.services, desk.account, &error), error);
    hib_assert_ok(hib_account_health(desk.db, &desk.ws.services, desk.account, &health, &error),
                  error);
    g_assert_cmpint(health->error_class, ==, HIB_NET_RETRY_AFTER);
    g_assert_cmpint(health->error_status, ==, 429);
    g_assert_cmpstr(health->error_text, ==, "Too many requests");
    g_assert_cmpint(health->rate_remaining, ==, 0);
    g_assert_cmpint(health->rate_reset_at, ==, hib_db_now(desk.db) + HIB_HOUR);
    g_assert_cmpint(health->state, ==, HIB_ACCOUNT_OK);
    hib_assert_refused(
        hib_account_check(desk.db, &desk.ws.services, hib_db_new_id(desk.db), &error), error,
        "accounts.unknown");
}

static void
options_are_kept_ten_minutes_and_outlive_a_failure(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Desk) desk = {0};
    open_desk(&desk, test);
    const char *json = NULL;
    HibInstant as_of = 0, first = hib_db_now(desk.db);
    hib_test_net.choices = "not an object";
    hib_assert_refused(
        hib_account_options(desk.db, &desk.ws.services, desk.account, &json, &as_of, &error), error,
        "accounts.unreachable");
    hib_test_net.choices = "{\"privacy\":[\"public\"]}";
    for (int i = 0; i < 3; i++) {
        hib_assert_ok(
            hib_account_options(desk.db, &desk.ws.services, desk.account, &json, &as_of, &error),
            error);
        g_assert_cmpstr(json, ==, "{\"privacy\":[\"public\"]}");
    }
    g_assert_cmpint(hib_test_net.n_option_reads, ==, 2);
    pass(&desk, 11 * HIB_MINUTE);
    hib_test_net.options.class = HIB_NET_RETRY_SAME;
    hib_assert_ok(
        hib_account_options(desk.db, &desk.ws.services, desk.account, &json, &as_of, &error),
        error);
    g_assert_cmpint(hib_test_net.n_option_reads, ==, 3);
    g_assert_cmpint(as_of, ==, first); /* as it was then */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/quota/" #name, name)
    ADD(without_the_networks_word_our_own_count_stands);
    ADD(the_networks_word_counts_and_what_was_taken_since);
    ADD(quotas_are_read_every_hour_while_posts_wait_and_no_longer);
    ADD(health_tells_the_last_failure_in_the_networks_words);
    ADD(options_are_kept_ten_minutes_and_outlive_a_failure);
    return g_test_run();
}
