/* For tests of handlers: a real server with the routes a test names. */
#include "test_server.h"
#include <stddef.h>
#include <string.h>

static bool
everyone_is_the_owner(HibCall *call, const char *workspace, bool may_block, HibCaller *ret,
                      GError **error)
{
    const char *services = hib_call_context(call);
    const HibTestWorkspace *ws = (const void *)(services - offsetof(HibTestWorkspace, services));
    *ret = (HibCaller){.person = ws->person,
                       .session = "s",
                       .role = "owner",
                       .scopes = HIB_SCOPE_READ | HIB_SCOPE_WRITE};
    return true;
}

HibServer *
hib_test_server(HibTestWorkspace *ws, const HibRoute *routes)
{
    static const HibAsset no_assets[] = {{0}};
    GError *error = NULL;
    const HibServerOptions options = {
        .address = "127.0.0.1",
        .threads = 2,
        .routes = routes,
        .assets = no_assets,
        .store = ws->test->store,
        .authorise = everyone_is_the_owner,
        .context = &ws->services,
    };
    HibServer *server = hib_server_start(&options, &error);
    g_assert_no_error(error);
    return server;
}

HibHttpReply
hib_test_request(HibTestWorkspace *ws, HibServer *server, const HibTestRequest *request)
{
    GError *error = NULL;
    HibHttpReply reply = {0};
    const char *headers[] = {request->header, NULL};
    const HibHttpRequest out = {
        .method = request->method,
        .url = hib_arena_printf(ws->test->arena, "http://127.0.0.1:%d/api/v1/workspaces/%s%s",
                                hib_server_port(server), ws->workspace, request->path),
        .headers = headers,
        .content_type = request->content_type ? request->content_type : "application/json",
        .body = request->body,
        .n_body = request->body && request->n_body == 0 ? strlen(request->body) : request->n_body,
    };
    hib_assert_ok(hib_http_do(ws->services.http, ws->test->arena, &out, &reply, &error), error);
    return reply;
}

HibJson
hib_test_json(HibTestWorkspace *ws, const HibHttpReply *reply)
{
    GError *error = NULL;
    HibJson in = {0};
    hib_assert_ok(hib_json_parse(ws->test->arena, reply->body, reply->n_body, &in, &error), error);
    return in;
}

void
hib_test_problem(HibTestWorkspace *ws, const HibHttpReply *reply, int status, const char *reason,
                 const char *pointer)
{
    const char *said = NULL, *at = NULL, *detail = NULL;
    HibJson in = hib_test_json(ws, reply);
    GError *error = NULL;
    hib_assert_ok(hib_json_text(in, "reason", &said, &error), error);
    hib_assert_ok(hib_json_opt_text(in, "pointer", &at, &error), error);
    hib_assert_ok(hib_json_text(in, "detail", &detail, &error), error);
    g_assert_cmpstr(said, ==, reason);
    g_assert_cmpint(reply->status, ==, status);
    if (pointer)
        g_assert_cmpstr(at, ==, pointer);
    g_assert_cmpuint(strlen(detail), >, 10);
    g_assert_null(strchr(detail, '{')); /* every placeholder of the sentence is filled */
}
