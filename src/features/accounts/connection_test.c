/* Connections: the whole way to the network and back, and everything that can go wrong on it. */
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "test_network.h"
#include "test_workspace.h"
#include <string.h>

/* --- the desk --------------------------------------------------------------------------------------- */
static void
open_desk(HibTestWorkspace *ws, HibTestStore *test)
{
    GError *error = NULL;
    HibAccountApp *app = NULL;
    hib_test_workspace_open(ws, test);
    hib_test_net_reset();
    g_autoptr(HibDb) db = hib_test_workspace_db(ws, NULL);
    hib_assert_ok(
        hib_apps_set(db, &ws->services, "testnet", NULL, "client-1", "secret-1", &app, &error),
        error);
}

static HibConnection *
start_with(HibTestWorkspace *ws, HibDb *db, const HibConnectionDraft *draft)
{
    GError *error = NULL;
    HibConnection *connection = NULL;
    hib_assert_ok(hib_connection_start(db, &ws->services, draft, &connection, &error), error);
    g_assert_cmpint(connection->state, ==, HIB_CONNECTION_WAITING);
    g_assert_nonnull(connection->authorize_url);
    return connection;
}

static HibConnection *
start(HibTestWorkspace *ws, HibDb *db)
{
    return start_with(ws, db, &(HibConnectionDraft){.network = "testnet"});
}

static HibConnection *
look(HibTestWorkspace *ws, HibDb *db, const char *id)
{
    GError *error = NULL;
    HibConnection *connection = NULL;
    hib_assert_ok(hib_connection_get(db, &ws->services, id, &connection, &error), error);
    return connection;
}

static HibConnection *
finish(HibTestWorkspace *ws, HibDb *db, const char *id, const HibConnectionReturn *back)
{
    GError *error = NULL;
    hib_assert_ok(hib_connection_finish(db, &ws->services, id, back, &error), error);
    return look(ws, db, id);
}

static const HibConnectionReturn with_code = {.code = "code-1"};

static size_t
n_accounts(HibDb *db)
{
    GError *error = NULL;
    HibAccount *rows = NULL;
    size_t n = 0;
    hib_assert_ok(hib_accounts_list(db, &rows, &n, &error), error);
    return n;
}

static HibNetResult
keep_grant(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    HibGrant *out = data;
    *out = *grant;
    g_assert_cmpstr(net->app->client_id, ==, "client-1");
    return (HibNetResult){.code = "", .message = "", .remaining = -1};
}

static HibGrant
grant_of(HibTestWorkspace *ws, HibDb *db, const char *account)
{
    GError *error = NULL;
    HibGrant grant = {0};
    HibNetResult said;
    hib_assert_ok(hib_accounts_call(db, &ws->services, account, keep_grant, &grant, &said, &error),
                  error);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    return grant;
}

/* --- the way ---------------------------------------------------------------------------------------- */
static void
an_approval_connects_the_account_with_all_it_brought(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibConnection *connection = start(&ws, db);
    const char *workspace = NULL, *id = NULL;
    g_assert_cmpstr(hib_test_net.redirect, ==, "http://127.0.0.1/connect/callback");
    g_assert_cmpuint(strlen(hib_test_net.verifier), >=, 43);
    g_assert_cmpuint(strlen(hib_test_net.state), >=, 43);
    g_autoptr(HibDb) global = hib_db_open(test->store, test->arena, NULL);
    hib_assert_ok(
        hib_connection_find(global, hib_test_net.state, ws.person, &workspace, &id, &error), error);
    g_assert_cmpstr(workspace, ==, ws.workspace);
    g_assert_cmpstr(id, ==, connection->id);

    connection = finish(&ws, db, id, &with_code);
    g_assert_cmpint(connection->state, ==, HIB_CONNECTION_DONE);
    g_assert_cmpuint(connection->n_accounts, ==, 1);
    g_assert_cmpstr(hib_test_net.code, ==, "code-1");
    g_assert_cmpstr(hib_test_net.app, ==, "secret-1");
    HibGrant grant = grant_of(&ws, db, connection->accounts[0]);
    g_assert_cmpstr(grant.access, ==, "access-1");
    g_assert_cmpstr(grant.extra, ==, "{\"page\":\"1\"}");
    g_assert_cmpstr(grant.service, ==, "https://testnet.example");
}

static void
a_code_counts_once_however_often_it_comes(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibConnection *connection = start(&ws, db);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(finish(&ws, db, connection->id, &with_code)->state, ==,
                        HIB_CONNECTION_DONE);
    const HibConnectionReturn no = {.failure = "access_denied"};
    g_assert_cmpint(finish(&ws, db, connection->id, &no)->state, ==, HIB_CONNECTION_DONE);
    g_assert_cmpint(hib_test_net.n_exchanges, ==, 1);
    g_assert_cmpuint(n_accounts(db), ==, 1);
}

typedef struct {
    HibTestWorkspace *ws;
    const char *id;
} Tab;

static gpointer
come_back(gpointer data)
{
    Tab *tab = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_test_workspace_db(tab->ws, arena);
    GError *error = NULL;
    hib_assert_ok(hib_connection_finish(db, &tab->ws->services, tab->id, &with_code, &error),
                  error);
    return NULL;
}

static void
two_tabs_at_once_make_one_exchange(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibConnection *connection = start(&ws, db);
    Tab tab = {&ws, connection->id};
    GThread *threads[4];
    for (size_t i = 0; i < 4; i++)
        threads[i] = g_thread_new("tab", come_back, &tab);
    for (size_t i = 0; i < 4; i++)
        g_thread_join(threads[i]);
    g_assert_cmpint(hib_test_net.n_exchanges, ==, 1);
    g_assert_cmpint(look(&ws, db, connection->id)->state, ==, HIB_CONNECTION_DONE);
}

static void
somebody_elses_state_and_connection_are_unknown(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibDb) global = hib_db_open(test->store, test->arena, NULL);
    HibConnection *connection = start(&ws, db), *found = NULL;
    const char *workspace = NULL, *id = "x", *stranger = hib_db_new_id(db);
    hib_assert_ok(
        hib_connection_find(global, hib_test_net.state, stranger, &workspace, &id, &error), error);
    g_assert_null(id);
    hib_assert_ok(hib_connection_find(global, "no such state", ws.person, &workspace, &id, &error),
                  error);
    g_assert_null(id);
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, hib_db_new_id(db));
    hib_db_set_actor(other, HIB_ACTOR_PERSON, ws.person);
    hib_assert_refused(hib_connection_get(other, &ws.services, connection->id, &found, &error),
                       error, "accounts.connection_unknown");
    hib_db_set_actor(db, HIB_ACTOR_PERSON, stranger);
    hib_assert_refused(hib_connection_finish(db, &ws.services, connection->id, &with_code, &error),
                       error, "accounts.connection_unknown");
    g_assert_cmpint(hib_test_net.n_exchanges, ==, 0);
}

static void
what_goes_wrong_is_told_with_its_reason_and_stores_nothing(HibTestStore *test)
{
    static const struct {
        HibConnectionReturn back;
        HibNetResult said;
        size_t n_grants;
        const char *reason, *message;
    } cases[] = {
        {{.failure = "access_denied", .words = "The user denied"},
         {0},
         1,
         "accounts.denied",
         "The user denied"},
        {{.failure = "server_error"}, {0}, 1, "accounts.exchange_refused", "server_error"},
        {{0}, {0}, 1, "accounts.exchange_refused", NULL},
        {{.code = "c"},
         {.class = HIB_NET_FATAL, .http_status = 400, .code = "invalid_grant"},
         1,
         "accounts.exchange_refused",
         "invalid_grant"},
        {{.code = "c"},
         {.class = HIB_NET_REAUTH_HUMAN, .http_status = 401, .code = "invalid_client"},
         1,
         "accounts.exchange_refused",
         "invalid_client"},
        {{.code = "c"},
         {.class = HIB_NET_RETRY_AFTER, .http_status = 429, .code = "slow"},
         1,
         "network.rate_limited",
         "slow"},
        {{.code = "c"},
         {.class = HIB_NET_RETRY_SAME, .http_status = 500, .code = ""},
         1,
         "accounts.unreachable",
         NULL},
        {{.code = "c"}, {.class = HIB_NET_FATAL}, 1, "accounts.unreachable", NULL},
        {{.code = "c"}, {.class = HIB_NET_OK}, 0, "accounts.no_accounts", NULL},
    };
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibConnection *connection = start(&ws, db);
        hib_test_net.exchange = cases[i].said;
        hib_test_net.exchange.message = "";
        if (!hib_test_net.exchange.code)
            hib_test_net.exchange.code = "";
        hib_test_net.n_grants = cases[i].n_grants;
        connection = finish(&ws, db, connection->id, &cases[i].back);
        g_assert_cmpint(connection->state, ==, HIB_CONNECTION_FAILED);
        g_assert_cmpstr(connection->reason, ==, cases[i].reason);
        g_assert_cmpstr(connection->message, ==, cases[i].message);
        hib_test_net.n_grants = 1; /* a second try with the same state changes nothing */
        hib_test_net.exchange.class = HIB_NET_OK;
        g_assert_cmpint(finish(&ws, db, connection->id, &with_code)->state, ==,
                        HIB_CONNECTION_FAILED);
    }
    g_assert_cmpuint(n_accounts(db), ==, 0);
}

static void
an_account_that_opens_nothing_is_not_among_what_came(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    hib_test_net.n_grants = 3;
    hib_test_net.grants[1] = (HibGrant){.remote_id = "remote-2", .access = ""};
    hib_test_net.grants[2] = (HibGrant){.remote_id = "", .access = "a"};
    HibConnection *connection = finish(&ws, db, start(&ws, db)->id, &with_code);
    g_assert_cmpint(connection->state, ==, HIB_CONNECTION_DONE);
    g_assert_cmpuint(n_accounts(db), ==, 1);
}

/* --- choosing --------------------------------------------------------------------------------------- */
static HibConnection *
offered(HibTestWorkspace *ws, HibDb *db)
{
    hib_test_net.n_grants = 3;
    hib_test_net.grants[1] = (HibGrant){.remote_id = "remote-2", .handle = "two", .access = "a2"};
    hib_test_net.grants[2] = (HibGrant){.remote_id = "remote-3",
                                        .handle = "three",
                                        .access = "a3",
                                        .access_expires_at = 60 * HIB_DAY};
    HibConnection *connection = finish(ws, db, start(ws, db)->id, &with_code);
    g_assert_cmpint(connection->state, ==, HIB_CONNECTION_CHOOSE);
    g_assert_cmpuint(connection->n_choices, ==, 3);
    g_assert_cmpstr(connection->choices[1].handle, ==, "two");
    g_assert_false(connection->choices[1].is_connected);
    g_assert_cmpuint(n_accounts(db), ==, 0);
    return connection;
}

static void
of_several_accounts_the_chosen_ones_are_connected_all_or_none(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *wrong[] = {"remote-1", "remote-9"}, *right[] = {"remote-2", "remote-3", "remote-2"};
    HibConnection *connection = offered(&ws, db), *found = NULL;
    hib_connection_choose(db, &ws.services, connection->id, wrong, 2, &found, &error);
    g_assert_cmpstr(hib_error_pointer(error), ==, "/remote_ids/1");
    hib_assert_refused(false, error, "accounts.choice_unknown");
    g_assert_cmpuint(n_accounts(db), ==, 0);
    hib_assert_ok(hib_connection_choose(db, &ws.services, connection->id, right, 3, &found, &error),
                  error);
    g_assert_cmpint(found->state, ==, HIB_CONNECTION_DONE);
    g_assert_cmpuint(found->n_accounts, ==, 2);
    g_assert_cmpuint(n_accounts(db), ==, 2);
    hib_assert_refused(
        hib_connection_choose(db, &ws.services, connection->id, right, 3, &found, &error), error,
        "accounts.connection_used");
}

static void
a_choice_waits_ten_minutes_and_so_does_an_approval(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *one[] = {"remote-1"};
    HibConnection *choice = offered(&ws, db), *late = start(&ws, db), *found = NULL;
    hib_clock_manual_set(test->clock, hib_db_now(db) + 11 * HIB_MINUTE);
    hib_assert_refused(hib_connection_choose(db, &ws.services, choice->id, one, 1, &found, &error),
                       error, "accounts.connection_expired");
    g_assert_cmpstr(look(&ws, db, choice->id)->reason, ==, "accounts.connection_expired");
    late = finish(&ws, db, late->id, &with_code);
    g_assert_cmpint(late->state, ==, HIB_CONNECTION_FAILED);
    g_assert_cmpstr(late->reason, ==, "accounts.connection_expired");
    g_assert_cmpint(hib_test_net.n_exchanges, ==, 1);
    g_assert_cmpuint(n_accounts(db), ==, 0);
}

static void
die(void *data)
{
    Tab *tab = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_test_workspace_db(tab->ws, arena);
    g_assert_cmpint(look(tab->ws, db, tab->id)->state, ==, HIB_CONNECTION_EXCHANGING);
    hib_clock_manual_set(tab->ws->test->clock, hib_db_now(db) + 3 * HIB_MINUTE);
    g_assert_cmpstr(look(tab->ws, db, tab->id)->reason, ==, "accounts.connection_lost");
}

/* What another process sees of one that was killed between the network's answer and the store. */
static void
an_exchange_that_never_came_back_is_told_as_lost(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    Tab tab = {&ws, start(&ws, db)->id};
    hib_test_net.during = die;
    hib_test_net.data = &tab;
    finish(&ws, db, tab.id, &with_code);
}

/* --- reconnecting ----------------------------------------------------------------------------------- */
static void
connecting_the_same_account_again_keeps_its_id_and_its_history(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *id = finish(&ws, db, start(&ws, db)->id, &with_code)->accounts[0];
    hib_test_net.grants[0].access = "access-9";
    g_assert_cmpstr(finish(&ws, db, start(&ws, db)->id, &with_code)->accounts[0], ==, id);
    g_assert_cmpstr(grant_of(&ws, db, id).access, ==, "access-9");
    hib_assert_ok(hib_accounts_disconnect(db, id, &error), error);
    g_assert_cmpstr(finish(&ws, db, start(&ws, db)->id, &with_code)->accounts[0], ==, id);
    g_assert_cmpuint(n_accounts(db), ==, 1);
}

static void
reconnecting_one_account_takes_only_that_one(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const char *id = finish(&ws, db, start(&ws, db)->id, &with_code)->accounts[0];
    const HibConnectionDraft again = {.account = id};
    hib_test_net.grants[1] = hib_test_net.grants[0];
    hib_test_net.grants[0] = (HibGrant){.remote_id = "remote-2", .access = "a2"};
    HibConnection *other = finish(&ws, db, start_with(&ws, db, &again)->id, &with_code);
    g_assert_cmpstr(other->reason, ==, "accounts.other_account");
    hib_test_net.n_grants = 2; /* the right one among several: nothing to choose */
    HibConnection *right = finish(&ws, db, start_with(&ws, db, &again)->id, &with_code);
    g_assert_cmpint(right->state, ==, HIB_CONNECTION_DONE);
    g_assert_cmpstr(right->accounts[0], ==, id);
    g_assert_cmpuint(n_accounts(db), ==, 1);
}

/* --- who may be connected how ----------------------------------------------------------------------- */
static void
each_network_is_connected_in_its_own_way(HibTestStore *test)
{
    static const HibPracticeService practice[] = {
        {"testnet", "http://127.0.0.1:2", "practice-client", "practice-secret"},
        {NULL, NULL, NULL, NULL}};
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibConnection *connection = NULL;
    HibAccount *account = NULL;
    const HibConnectionDraft typed = {.network = "bluesky"}, unknown = {.network = "myspace"},
                             on_practice = {.network = "testnet", .service = HIB_ON_PRACTICE};
    hib_assert_refused(hib_connection_start(db, &ws.services, &typed, &connection, &error), error,
                       "accounts.not_oauth");
    hib_assert_refused(hib_connection_start(db, &ws.services, &unknown, &connection, &error), error,
                       "accounts.network_unknown");
    hib_assert_refused(hib_connection_start(db, &ws.services, &on_practice, &connection, &error),
                       error, "accounts.no_practice");
    hib_assert_refused(
        hib_accounts_connect(db, &ws.services, "testnet", NULL, "a", "b", &account, &error), error,
        "accounts.oauth_needed");
    ws.services.practice = practice;
    connection = finish(&ws, db, start_with(&ws, db, &on_practice)->id, &with_code);
    g_assert_true(connection->is_practice);
    g_assert_cmpstr(hib_test_net.service, ==, "http://127.0.0.1:2");
    hib_assert_ok(hib_accounts_get(db, connection->accounts[0], &account, &error), error);
    g_assert_true(account->is_practice);
}

static void
a_channel_is_connected_by_id_and_secret_and_again_by_the_secret(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccount *account = NULL, *again = NULL;
    HibAccountHealth *health = NULL;
    hib_assert_refused(hib_accounts_connect(db, &ws.services, "testline", NULL, "1234567890",
                                            "wrong", &account, &error),
                       error, "accounts.refused");
    hib_assert_ok(hib_accounts_connect(db, &ws.services, "testline", NULL, "1234567890",
                                       HIB_TEST_CHANNEL_SECRET, &account, &error),
                  error);
    g_assert_cmpstr(account->handle, ==, "one"); /* what people see is not what was typed */
    hib_assert_ok(hib_account_health(db, &ws.services, account->id, &health, &error), error);
    g_assert_true(g_str_has_prefix(health->hook_url, "http://127.0.0.1/hooks/testline/"));
    const char *url = health->hook_url;
    hib_assert_ok(hib_accounts_reconnect(db, &ws.services, account->id, HIB_TEST_CHANNEL_SECRET,
                                         &again, &error),
                  error);
    g_assert_cmpstr(hib_test_net.login, ==, "1234567890");
    hib_assert_ok(hib_account_health(db, &ws.services, account->id, &health, &error), error);
    g_assert_cmpstr(health->hook_url, ==, url); /* pasted once, it holds */
}

static void
an_app_with_accounts_stays(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    open_desk(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccountApp *apps = NULL;
    size_t n = 0;
    const char *account = finish(&ws, db, start(&ws, db)->id, &with_code)->accounts[0];
    hib_assert_ok(hib_apps_list(db, &ws.services, &apps, &n, &error), error);
    g_assert_cmpint(apps[0].n_accounts, ==, 1);
    hib_assert_refused(hib_apps_delete(db, &ws.services, apps[0].id, &error), error,
                       "accounts.app_in_use");
    hib_assert_ok(hib_accounts_disconnect(db, account, &error), error);
    hib_assert_ok(hib_apps_delete(db, &ws.services, apps[0].id, &error), error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/connection/" #name, name)
    ADD(an_approval_connects_the_account_with_all_it_brought);
    ADD(a_code_counts_once_however_often_it_comes);
    ADD(two_tabs_at_once_make_one_exchange);
    ADD(somebody_elses_state_and_connection_are_unknown);
    ADD(what_goes_wrong_is_told_with_its_reason_and_stores_nothing);
    ADD(an_account_that_opens_nothing_is_not_among_what_came);
    ADD(of_several_accounts_the_chosen_ones_are_connected_all_or_none);
    hib_test_add_manual("/connection/a_choice_waits_ten_minutes_and_so_does_an_approval",
                        a_choice_waits_ten_minutes_and_so_does_an_approval);
    hib_test_add_manual("/connection/an_exchange_that_never_came_back_is_told_as_lost",
                        an_exchange_that_never_came_back_is_told_as_lost);
    ADD(connecting_the_same_account_again_keeps_its_id_and_its_history);
    ADD(reconnecting_one_account_takes_only_that_one);
    ADD(each_network_is_connected_in_its_own_way);
    ADD(a_channel_is_connected_by_id_and_secret_and_again_by_the_secret);
    ADD(an_app_with_accounts_stays);
    return g_test_run();
}
