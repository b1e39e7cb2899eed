/* Apps, connections, health and webhooks over HTTP: what travels, and what must not. */
#include "accounts/accounts.h"
#include "api.gen.h"
#include "base/error.h"
#include "base/limits.h"
#include "practice/face_run.h"
#include "practice/mastodon_face.h"
#include "test_network.h"
#include "test_server.h"
#include <string.h>

#define SECRET "a-very-secret-client-secret"

#define WITH_BODY(name, shape, type, call_it)                                                      \
    static bool run_##name(HibCall *call, GError **error)                                          \
    {                                                                                              \
        type in = {0};                                                                             \
        return hib_call_read_body(call, &shape, &in, error) && call_it(call, &in, error);          \
    }
WITH_BODY(set_app, hib_api_app_draft_shape, HibApiAppDraft, hib_on_set_app)
WITH_BODY(start, hib_api_connection_draft_shape, HibApiConnectionDraft, hib_on_start_connection)
WITH_BODY(connect, hib_api_account_draft_shape, HibApiAccountDraft, hib_on_connect_account)

#define WITH_ID(name, part, call_it)                                                               \
    static bool run_##name(HibCall *call, GError **error)                                          \
    {                                                                                              \
        const char *id = NULL;                                                                     \
        return hib_call_read_path(call, part, HIB_UUID, 0, 0, &id, error) &&                       \
               call_it(call, id, error);                                                           \
    }
WITH_ID(delete_app, "app", hib_on_delete_app)
WITH_ID(get, "connection", hib_on_get_connection)
WITH_ID(health, "account", hib_on_get_account_health)
WITH_ID(check, "account", hib_on_check_account)
WITH_ID(limits, "account", hib_on_get_account_limits)
WITH_ID(options, "account", hib_on_get_account_options)

static bool
run_choose(HibCall *call, GError **error)
{
    HibApiConnectionChoose in = {0};
    const char *id = NULL;
    return hib_call_read_path(call, "connection", HIB_UUID, 0, 0, &id, error) &&
           hib_call_read_body(call, &hib_api_connection_choose_shape, &in, error) &&
           hib_on_choose_accounts(call, id, &in, error);
}

static bool
run_hook(HibCall *call, GError **error)
{
    const char *network = NULL, *key = NULL;
    return hib_call_read_path(call, "network", HIB_TEXT, 1, 30, &network, error) &&
           hib_call_read_path(call, "key", HIB_TEXT, 20, 60, &key, error) &&
           hib_on_take_hook(call, network, key, error);
}

#define W "/api/v1/workspaces/{workspace}"
#define OWNER HIB_ROLE_OWNER, "write"
static const HibRoute routes[] = {
    {"GET", W "/apps", "listApps", OWNER, .run = hib_on_list_apps},
    {"PUT", W "/apps", "setApp", OWNER, .run = run_set_app},
    {"DELETE", W "/apps/{app}", "deleteApp", OWNER, .run = run_delete_app},
    {"POST", W "/connections", "startConnection", OWNER, .run = run_start},
    {"GET", W "/connections/{connection}", "getConnection", OWNER, .run = run_get},
    {"POST", W "/connections/{connection}/choose", "chooseAccounts", OWNER, .run = run_choose},
    {"POST", W "/accounts", "connectAccount", OWNER, .run = run_connect},
    {"GET", W "/accounts/{account}/health", "getAccountHealth", OWNER, .run = run_health},
    {"POST", W "/accounts/{account}/check", "checkAccount", OWNER, .run = run_check},
    {"GET", W "/accounts/{account}/limits", "getAccountLimits", OWNER, .run = run_limits},
    {"GET", W "/accounts/{account}/options", "getAccountOptions", OWNER, .run = run_options},
    {"GET", "/connect/callback", "finishConnection", HIB_ROLE_PUBLIC, "", .is_raw = true,
     .run = hib_on_finish_connection},
    {"GET", "/hooks/{network}/{key}", "proveHook", HIB_ROLE_PUBLIC, "", .is_raw = true,
     .run = run_hook},
    {"POST", "/hooks/{network}/{key}", "takeHook", HIB_ROLE_PUBLIC, "", .is_raw = true,
     .run = run_hook},
    {0},
};

static HibHttpReply
ask(HibTestWorkspace *ws, HibServer *server, const char *method, const char *path, const char *body)
{
    return hib_test_request(ws, server,
                            &(HibTestRequest){.method = method, .path = path, .body = body});
}

/* Outside the API: a browser or a network. */
static HibHttpReply
visit(HibTestWorkspace *ws, HibServer *server, const char *method, const char *path,
      const char *body, const char *header)
{
    GError *error = NULL;
    HibHttpReply reply = {0};
    const char *headers[] = {header, NULL};
    const HibHttpRequest request = {
        .method = method,
        .url = hib_arena_printf(ws->test->arena, "http://127.0.0.1:%d%s", hib_server_port(server),
                                path),
        .headers = headers,
        .content_type = body ? "application/x-www-form-urlencoded" : NULL,
        .body = body,
        .n_body = body ? strlen(body) : 0,
    };
    hib_assert_ok(hib_http_do(ws->services.http, ws->test->arena, &request, &reply, &error), error);
    return reply;
}

/* It is cut while it is still being sent: a reset may overtake the reply. */
static void
refuse_large(HibTestWorkspace *ws, HibServer *server, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *large = g_strnfill(HIB_LIMIT_RAW_BYTES + 1, 'x');
    HibHttpReply reply = {0};
    const HibHttpRequest request = {
        .method = "POST",
        .url = hib_arena_printf(ws->test->arena, "http://127.0.0.1:%d%s", hib_server_port(server),
                                path),
        .content_type = "application/x-www-form-urlencoded",
        .body = large,
        .n_body = HIB_LIMIT_RAW_BYTES + 1,
    };
    if (hib_http_do(ws->services.http, ws->test->arena, &request, &reply, &error))
        g_assert_cmpint(reply.status, ==, 413);
    else
        g_assert_true(hib_error_is(error, HIB_ERROR_UNCERTAIN));
}

static const char *
text_of(HibJson in, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in.value, key));
    g_assert_nonnull(text);
    return text;
}

static HibJson
item(HibJson in, const char *key)
{
    GError *error = NULL;
    HibJson out;
    hib_assert_ok(hib_json_array(in, key, &out, &error), error);
    return hib_json_first(out);
}

static void
set_app(HibTestWorkspace *ws, HibServer *server)
{
    HibHttpReply reply = ask(
        ws, server, "PUT", "/apps",
        "{\"network\":\"testnet\",\"client_id\":\"client-1\",\"client_secret\":\"" SECRET "\"}");
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_null(strstr(reply.body, SECRET));
}

/* Comes back from the network; the connection as the page then sees it. */
static HibJson
come_back(HibTestWorkspace *ws, HibServer *server, const char *query, int status)
{
    HibHttpReply reply =
        visit(ws, server, "GET", hib_arena_printf(ws->test->arena, "/connect/callback?%s", query),
              NULL, NULL);
    g_assert_cmpint(reply.status, ==, 303);
    const char *there = hib_http_header(&reply, "location");
    g_assert_true(g_str_has_prefix(there, "/settings/accounts?connection="));
    reply = ask(ws, server, "GET",
                hib_arena_printf(ws->test->arena, "/connections/%s", strchr(there, '=') + 1), NULL);
    g_assert_cmpint(reply.status, ==, status);
    return hib_test_json(ws, &reply);
}

static void
an_apps_secret_goes_in_and_never_out(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    set_app(&ws, server);
    HibHttpReply reply = ask(&ws, server, "GET", "/apps", NULL);
    g_assert_null(strstr(reply.body, SECRET));
    HibJson app = item(hib_test_json(&ws, &reply), "apps");
    g_assert_cmpstr(text_of(app, "redirect_url"), ==, "http://127.0.0.1/connect/callback");
    g_assert_true(g_str_has_prefix(text_of(app, "hook_url"), "http://127.0.0.1/hooks/testnet/"));
    const char *path = hib_arena_printf(test->arena, "/apps/%s", text_of(app, "id"));
    g_assert_cmpint(ask(&ws, server, "DELETE", path, NULL).status, ==, 204);
    reply = ask(&ws, server, "DELETE", path, NULL);
    hib_test_problem(&ws, &reply, 404, "accounts.app_unknown", NULL);
    reply = ask(&ws, server, "PUT", "/apps", "{\"network\":\"bluesky\",\"client_id\":\"x\"}");
    hib_test_problem(&ws, &reply, 422, "accounts.app_needless", "/network");
}

static void
a_person_goes_to_the_network_comes_back_and_chooses(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    hib_test_net.n_grants = 2;
    hib_test_net.grants[1] =
        (HibGrant){.remote_id = "remote-2", .handle = "two", .access = "access-two"};
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    HibHttpReply reply = ask(&ws, server, "POST", "/connections", "{\"network\":\"testnet\"}");
    hib_test_problem(&ws, &reply, 409, "accounts.app_missing", "/network");
    set_app(&ws, server);
    reply = ask(&ws, server, "POST", "/connections", "{\"network\":\"testnet\"}");
    g_assert_cmpint(reply.status, ==, 201);
    HibJson connection = hib_test_json(&ws, &reply);
    g_assert_true(g_str_has_prefix(text_of(connection, "authorize_url"),
                                   "https://testnet.example/authorize?client_id=client-1&state="));
    const char *choose =
        hib_arena_printf(test->arena, "/connections/%s/choose", text_of(connection, "id"));
    reply = ask(&ws, server, "POST", choose, "{\"remote_ids\":[\"remote-2\"]}");
    hib_test_problem(&ws, &reply, 409, "accounts.connection_used", NULL);

    const char *query =
        hib_arena_printf(test->arena, "state=%s&code=a%%2Fb+c&iss=x", hib_test_net.state);
    connection = come_back(&ws, server, query, 200);
    g_assert_cmpstr(hib_test_net.code, ==, "a/b c");
    g_assert_cmpstr(text_of(connection, "state"), ==, "choose");
    g_assert_true(
        cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(connection.value, "authorize_url")));
    g_assert_cmpstr(text_of(item(connection, "choices"), "remote_id"), ==, "remote-1");
    reply = ask(&ws, server, "POST", choose, "{\"remote_ids\":[\"remote-9\"]}");
    hib_test_problem(&ws, &reply, 422, "accounts.choice_unknown", "/remote_ids/0");
    reply = ask(&ws, server, "POST", choose, "{\"remote_ids\":[\"remote-2\"]}");
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_null(strstr(reply.body, "access-two"));
    g_assert_cmpstr(text_of(come_back(&ws, server, query, 200), "state"), ==, "done");
    g_assert_cmpint(hib_test_net.n_exchanges, ==, 1);
}

static void
a_return_that_is_nobodys_leads_to_a_sentence_not_to_an_account(HibTestStore *test)
{
    static const char *const queries[] = {
        "",
        "state=",
        "code=x",
        "state=guessed&code=x",
        "state=%ff%fe&code=x",
        "%",
        "&&&=&state",
        "state=a%00b&code=x",
        "error=access_denied",
        "state=x%0d%0aLocation:%20http://evil.example",
    };
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
        HibJson problem = come_back(&ws, server, queries[i], 404);
        g_assert_cmpstr(text_of(problem, "reason"), ==, "accounts.connection_unknown");
    }
    set_app(&ws, server);
    ask(&ws, server, "POST", "/connections", "{\"network\":\"testnet\"}");
    HibJson denied = come_back(
        &ws, server,
        hib_arena_printf(test->arena, "error=access_denied&error_description=%%E3%%81%%82&state=%s",
                         hib_test_net.state),
        200);
    g_assert_cmpstr(text_of(denied, "state"), ==, "failed");
    g_assert_cmpstr(text_of(denied, "reason"), ==, "accounts.denied");
    g_assert_cmpstr(text_of(denied, "message"), ==, "あ");
    g_assert_cmpuint(strlen(text_of(denied, "detail")), >, 20);
}

static void
an_account_tells_its_health_and_its_choices(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    hib_test_net.n_quotas = 1;
    hib_test_net.quotas[0] = (HibNetQuota){"posts", 2, 50, 0};
    hib_test_net.choices = "{\"audiences\":[]}";
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    HibHttpReply reply = ask(&ws, server, "POST", "/accounts",
                             "{\"network\":\"testline\",\"handle\":\"1234567890\","
                             "\"password\":\"" HIB_TEST_CHANNEL_SECRET "\"}");
    g_assert_cmpint(reply.status, ==, 201);
    g_assert_null(strstr(reply.body, HIB_TEST_CHANNEL_SECRET));
    const char *path =
        hib_arena_printf(test->arena, "/accounts/%s", text_of(hib_test_json(&ws, &reply), "id"));
    reply = ask(&ws, server, "POST", hib_arena_printf(test->arena, "%s/check", path), NULL);
    g_assert_cmpint(reply.status, ==, 200);
    reply = ask(&ws, server, "GET", hib_arena_printf(test->arena, "%s/health", path), NULL);
    HibJson health = hib_test_json(&ws, &reply), hook;
    int64_t used = 0;
    g_assert_cmpstr(text_of(health, "expiry"), ==, "ok");
    hib_assert_ok(hib_json_int(item(health, "quotas"), "used", &used, &error), error);
    g_assert_cmpint(used, ==, 2);
    reply = ask(&ws, server, "GET", hib_arena_printf(test->arena, "%s/options", path), NULL);
    g_assert_nonnull(strstr(reply.body, "{\"options\":{\"audiences\":[]},"));

    hib_assert_ok(hib_json_object(health, "hook", &hook, &error), error);
    const char *url = strstr(text_of(hook, "url"), "/hooks/");
    reply = visit(&ws, server, "POST", url, "e1|talk||m|hello|1",
                  "X-Test-Signature: " HIB_TEST_CHANNEL_SECRET);
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_cmpuint(reply.n_body, ==, 0);
    reply = visit(&ws, server, "POST", url, "e1|talk||m|hello|1", "X-Test-Signature: wrong");
    hib_test_problem(&ws, &reply, 403, "accounts.hook_refused", NULL);
    reply = visit(&ws, server, "GET", url, NULL, NULL);
    hib_test_problem(&ws, &reply, 403, "accounts.hook_refused", NULL);
    reply = visit(&ws, server, "POST", "/hooks/testline/012345678901234567890123", "x", NULL);
    hib_test_problem(&ws, &reply, 404, "accounts.hook_unknown", NULL);
    refuse_large(&ws, server, url);
}

static void
a_networks_challenge_is_answered_with_the_token_we_showed(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    hib_test_net_reset();
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    set_app(&ws, server);
    HibHttpReply reply = ask(&ws, server, "GET", "/apps", NULL);
    HibJson app = item(hib_test_json(&ws, &reply), "apps");
    const char *url = strstr(text_of(app, "hook_url"), "/hooks/");
    reply = visit(&ws, server, "GET",
                  hib_arena_printf(test->arena, "%s?hub.verify_token=%s&hub.challenge=7", url,
                                   text_of(app, "verify_token")),
                  NULL, NULL);
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_cmpstr(reply.body, ==, "the challenge");
    g_assert_true(g_str_has_prefix(reply.content_type, "text/plain"));
}

/* The whole way with a real connector and a server that behaves like the network: registered, approved on its page, exchanged, read. */
static void
a_practice_mastodon_is_connected_through_its_own_page(HibTestStore *test)
{
    static const HibPracticeAccount people[] = {
        {.id = "1", .handle = "kissa", .name = "喫茶ひびき", .password = "p", .followers = 100}};
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibPracticeFace) face = hib_practice_start(
        &hib_practice_mastodon, &(HibPracticeOptions){.accounts = people, .n_accounts = 1}, &error);
    g_assert_no_error(error);
    const HibPracticeService practice[] = {{"mastodon", hib_practice_url(face), NULL, NULL},
                                           {NULL, NULL, NULL, NULL}};
    ws.services.practice = practice;
    ws.services.may_connect_private = false; /* ours is trusted without that */
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    HibHttpReply reply =
        ask(&ws, server, "POST", "/connections", "{\"network\":\"mastodon\",\"practice\":true}");
    g_assert_cmpint(reply.status, ==, 201);
    const char *page = text_of(hib_test_json(&ws, &reply), "authorize_url");
    const HibHttpRequest allow = {
        .method = "GET", .url = hib_arena_printf(test->arena, "%s&practice_account=kissa", page)};
    hib_assert_ok(hib_http_do(ws.services.http, test->arena, &allow, &reply, &error), error);
    const char *there = hib_http_header(&reply, "location");
    g_assert_true(g_str_has_prefix(there, "http://127.0.0.1/connect/callback?"));
    HibJson connection = come_back(&ws, server, strchr(there, '?') + 1, 200), ids;
    g_assert_cmpstr(text_of(connection, "state"), ==, "done");
    hib_assert_ok(hib_json_array(connection, "accounts", &ids, &error), error);
    const char *id = hib_json_first(ids).value->valuestring;
    reply = ask(&ws, server, "POST", hib_arena_printf(test->arena, "/accounts/%s/check", id), NULL);
    HibJson health = hib_test_json(&ws, &reply);
    g_assert_cmpstr(text_of(health, "state"), ==, "ok");
    g_assert_nonnull(text_of(health, "checked_at"));
    reply = ask(&ws, server, "DELETE", hib_arena_printf(test->arena, "/apps/%s", id), NULL);
    hib_test_problem(&ws, &reply, 404, "accounts.app_unknown", NULL);
    reply = ask(&ws, server, "GET", hib_arena_printf(test->arena, "/accounts/%s/limits", id), NULL);
    int64_t max = 0;
    hib_assert_ok(hib_json_int(hib_test_json(&ws, &reply), "max_text", &max, &error), error);
    g_assert_cmpint(max, ==, 500);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/connection_api/" #name, name)
    ADD(an_apps_secret_goes_in_and_never_out);
    ADD(a_person_goes_to_the_network_comes_back_and_chooses);
    ADD(a_return_that_is_nobodys_leads_to_a_sentence_not_to_an_account);
    ADD(an_account_tells_its_health_and_its_choices);
    ADD(a_practice_mastodon_is_connected_through_its_own_page);
    ADD(a_networks_challenge_is_answered_with_the_token_we_showed);
    return g_test_run();
}
