/* Accounts and networks over HTTP. */
#include "accounts/accounts.h"
#include "api.gen.h"
#include "base/error.h"
#include "test_face.h"
#include "test_server.h"
#include <string.h>

static bool
run_connect(HibCall *call, GError **error)
{
    HibApiAccountDraft in = {0};
    return hib_call_read_body(call, &hib_api_account_draft_shape, &in, error) &&
           hib_on_connect_account(call, &in, error);
}

static bool
run_disconnect(HibCall *call, GError **error)
{
    const char *account = NULL;
    return hib_call_read_path(call, "account", HIB_UUID, 0, 0, &account, error) &&
           hib_on_disconnect_account(call, account, error);
}

static bool
run_reconnect(HibCall *call, GError **error)
{
    const char *account = NULL;
    HibApiAccountReconnect in = {0};
    return hib_call_read_path(call, "account", HIB_UUID, 0, 0, &account, error) &&
           hib_call_read_body(call, &hib_api_account_reconnect_shape, &in, error) &&
           hib_on_reconnect_account(call, account, &in, error);
}

#define W "/api/v1/workspaces/{workspace}"
static const HibRoute routes[] = {
    {"GET", W "/networks", "listNetworks", HIB_ROLE_OWNER, "read", true,
     .run = hib_on_list_networks},
    {"GET", W "/accounts", "listAccounts", HIB_ROLE_OWNER, "read", true,
     .run = hib_on_list_accounts},
    {"POST", W "/accounts", "connectAccount", HIB_ROLE_OWNER, "write", .run = run_connect},
    {"POST", W "/accounts/{account}/reconnect", "reconnectAccount", HIB_ROLE_OWNER, "write",
     .run = run_reconnect},
    {"DELETE", W "/accounts/{account}", "disconnectAccount", HIB_ROLE_OWNER, "write",
     .run = run_disconnect},
    {0},
};

static HibHttpReply
ask(HibTestWorkspace *ws, HibServer *server, const char *method, const char *path, const char *body)
{
    return hib_test_request(ws, server,
                            &(HibTestRequest){.method = method, .path = path, .body = body});
}

static const char *
draft(HibTestWorkspace *ws, HibFace *face, const char *password)
{
    return hib_arena_printf(ws->test->arena,
                            "{\"network\":\"bluesky\",\"service\":\"%s\",\"handle\":\"a.practice\","
                            "\"password\":\"%s\"}",
                            hib_face_url(face), password);
}

static HibJson
first_of(HibTestWorkspace *ws, const HibHttpReply *reply, const char *array)
{
    GError *error = NULL;
    HibJson rows;
    hib_assert_ok(hib_json_array(hib_test_json(ws, reply), array, &rows, &error), error);
    return hib_json_first(rows);
}

static void
an_account_is_connected_listed_reconnected_and_disconnected(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibFace) face = hib_test_face(test, 0, NULL);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    g_assert_cmpint(ask(&ws, server, "GET", "/accounts", NULL).status, ==, 200);
    HibHttpReply reply = ask(&ws, server, "POST", "/accounts", draft(&ws, face, "wrong"));
    hib_test_problem(&ws, &reply, 422, "accounts.refused", "/password");
    const char *good = draft(&ws, face, HIB_TEST_APP_PASSWORD);
    reply = ask(&ws, server, "POST", "/accounts", good);
    g_assert_cmpint(reply.status, ==, 201);
    g_assert_null(strstr(reply.body, HIB_TEST_APP_PASSWORD));
    reply = ask(&ws, server, "POST", "/accounts", good);
    hib_test_problem(&ws, &reply, 409, "accounts.already_connected", "/handle");

    const char *id = NULL, *state = NULL, *url = NULL;
    reply = ask(&ws, server, "GET", "/accounts",
                NULL); /* the kept reply of before is not given again */
    HibJson account = first_of(&ws, &reply, "accounts");
    hib_assert_ok(hib_json_text(account, "id", &id, &error), error);
    hib_assert_ok(hib_json_text(account, "state", &state, &error), error);
    hib_assert_ok(hib_json_text(account, "url", &url, &error), error);
    g_assert_cmpstr(state, ==, "ok");
    g_assert_cmpstr(url, ==, "https://bsky.app/profile/a.practice");

    const char *path = hib_arena_printf(test->arena, "/accounts/%s", id);
    reply = ask(&ws, server, "POST", hib_arena_printf(test->arena, "%s/reconnect", path),
                "{\"password\":\"" HIB_TEST_APP_PASSWORD "\"}");
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_cmpint(ask(&ws, server, "DELETE", path, NULL).status, ==, 204);
    reply = ask(&ws, server, "DELETE", path, NULL);
    hib_test_problem(&ws, &reply, 404, "accounts.unknown", NULL);
}

static void
networks_tell_their_limits_with_source_and_date(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    HibHttpReply reply = ask(&ws, server, "GET", "/networks", NULL);
    HibJson network = first_of(&ws, &reply, "networks");
    const char *source = NULL, *as_of = NULL;
    int64_t max = 0;
    HibJson format;
    hib_assert_ok(hib_json_text(network, "source", &source, &error), error);
    hib_assert_ok(hib_json_text(network, "as_of", &as_of, &error), error);
    hib_assert_ok(hib_json_int(network, "max_text", &max, &error), error);
    hib_assert_ok(hib_json_array(network, "formats", &format, &error), error);
    g_assert_cmpstr(hib_json_first(format).value->child->valuestring, ==, "post");
    g_assert_true(g_str_has_prefix(source, "http"));
    g_assert_cmpuint(strlen(as_of), ==, strlen("2026-11-23"));
    g_assert_cmpint(max, ==, 300);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/account_api/" #name, name)
    ADD(an_account_is_connected_listed_reconnected_and_disconnected);
    ADD(networks_tell_their_limits_with_source_and_date);
    return g_test_run();
}
