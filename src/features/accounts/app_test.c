/* Developer apps: set by a person or made by themselves, their secrets sealed, in use they stay. */
#include "accounts/accounts_private.h"
#include "base/error.h"
#include "test_network.h"
#include "test_workspace.h"
#include <string.h>

#define SECRET "a-very-secret-client-secret"

static HibAccountApp *
set(HibTestWorkspace *ws, HibDb *db, const char *secret)
{
    GError *error = NULL;
    HibAccountApp *app = NULL;
    hib_assert_ok(
        hib_apps_set(db, &ws->services, "testnet", NULL, "client-1", secret, &app, &error), error);
    return app;
}

static const HibNetApp *
find(HibTestWorkspace *ws, HibDb *db)
{
    GError *error = NULL;
    const HibNetApp *app = NULL;
    hib_assert_ok(hib_app_find(db, &ws->services, hib_network_find("testnet"),
                               "https://testnet.example", false, &app, &error),
                  error);
    return app;
}

static void
an_app_is_set_changed_and_deleted(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccountApp *app = set(&ws, db, SECRET), *rows = NULL;
    size_t n = 0;
    g_assert_cmpstr(app->service, ==, "https://testnet.example");
    g_assert_true(app->has_secret && !app->is_automatic);
    g_assert_cmpuint(strlen(app->hook_key), >=, 32);
    g_assert_cmpuint(strlen(app->verify_token), ==, 40);
    g_assert_cmpstr(find(&ws, db)->client_secret, ==, SECRET);
    const char *key = app->hook_key;
    app = set(&ws, db, NULL); /* the id alone: the secret stays, and so does the address */
    g_assert_cmpstr(find(&ws, db)->client_secret, ==, SECRET);
    g_assert_cmpstr(app->hook_key, ==, key);
    set(&ws, db, "another");
    g_assert_cmpstr(find(&ws, db)->client_secret, ==, "another");
    hib_assert_ok(hib_apps_list(db, &ws.services, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    hib_assert_ok(hib_apps_delete(db, &ws.services, app->id, &error), error);
    g_assert_null(find(&ws, db));
    hib_assert_refused(hib_apps_delete(db, &ws.services, app->id, &error), error,
                       "accounts.app_unknown");
}

static void
networks_without_apps_and_unknown_ones_are_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    ws.services.may_connect_private = false;
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccountApp *app = NULL;
    hib_assert_refused(hib_apps_set(db, &ws.services, "bluesky", NULL, "c", "s", &app, &error),
                       error, "accounts.app_needless");
    hib_assert_refused(hib_apps_set(db, &ws.services, "myspace", NULL, "c", "s", &app, &error),
                       error, "accounts.network_unknown");
    hib_assert_refused(
        hib_apps_set(db, &ws.services, "testinst", "http://inst.example", "c", "s", &app, &error),
        error, "accounts.bad_service");
    hib_assert_ok(
        hib_apps_set(db, &ws.services, "testinst", "Inst.Example/", "c", "s", &app, &error), error);
    g_assert_cmpstr(app->service, ==, "https://inst.example");
}

static void
an_app_of_another_workspace_is_unknown(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibAccountApp *app = set(&ws, db, SECRET);
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, hib_db_new_id(db));
    hib_assert_refused(hib_apps_delete(other, &ws.services, app->id, &error), error,
                       "accounts.app_unknown");
    g_assert_null(find(&ws, other));
    g_assert_nonnull(find(&ws, db));
}

static void
an_instance_registers_once_and_a_practice_network_has_its_own(HibTestStore *test)
{
    static const HibPracticeService practice[] = {
        {"testinst", "http://127.0.0.1:1", NULL, NULL},
        {"testnet", "http://127.0.0.1:2", "practice-client", "practice-secret"},
        {NULL, NULL, NULL, NULL}};
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    ws.services.practice = practice;
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibNetApp *app = NULL;
    const HibNetwork *inst = hib_network_find("testinst"), *net = hib_network_find("testnet");
    for (int i = 0; i < 2; i++)
        hib_assert_ok(
            hib_app_need(db, &ws.services, inst, "https://a.example", false, false, &app, &error),
            error);
    g_assert_cmpint(hib_test_net.n_registers, ==, 1);
    g_assert_cmpstr(hib_test_net.redirect, ==, "http://127.0.0.1/connect/callback");
    g_assert_cmpstr(app->client_id, ==, "made-by-itself");
    hib_assert_ok(
        hib_app_need(db, &ws.services, inst, "http://127.0.0.1:1", true, true, &app, &error),
        error);
    g_assert_cmpint(hib_test_net.n_registers, ==, 2);
    hib_assert_ok(
        hib_app_need(db, &ws.services, net, "http://127.0.0.1:2", true, true, &app, &error), error);
    g_assert_cmpstr(app->client_secret, ==, "practice-secret");
    hib_assert_refused(
        hib_app_need(db, &ws.services, net, "https://testnet.example", false, false, &app, &error),
        error, "accounts.app_missing");
    HibAccountApp *rows = NULL;
    size_t n = 0;
    hib_assert_ok(hib_apps_list(db, &ws.services, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1); /* nobody registered those of practice networks */
    g_assert_true(rows[0].is_automatic);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/app/" #name, name)
    ADD(an_app_is_set_changed_and_deleted);
    ADD(networks_without_apps_and_unknown_ones_are_refused);
    ADD(an_app_of_another_workspace_is_unknown);
    ADD(an_instance_registers_once_and_a_practice_network_has_its_own);
    return g_test_run();
}
