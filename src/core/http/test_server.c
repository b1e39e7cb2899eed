/* A server for tests: see test_server.h. */
#include "http/test_server.h"

#include "base/error.h"
#include "store/events.h"

#include <string.h>

typedef struct {
    const char *text;
    int64_t n;
    bool has_n;
} Thing;

static const HibField thing_fields[] = {
    {.name = "text",
     .kind = HIB_TEXT,
     .is_required = true,
     .at = offsetof(Thing, text),
     .min = 1,
     .max = 20},
    {.name = "n",
     .kind = HIB_INT,
     .at = offsetof(Thing, n),
     .has_at = offsetof(Thing, has_n),
     .has_min = true,
     .min = 1},
};
static const HibShape thing_shape = {
    .name = "Thing", .size = sizeof(Thing), .fields = thing_fields, .n_fields = 2};

static bool
run_list(HibCall *call, GError **error)
{
    HibTestServer *test = hib_call_context(call);
    Thing thing = {.text = hib_call_role(call)};
    if (!hib_call_read_query(call,
                             &(HibShape){.name = "q", .fields = thing_fields + 1, .n_fields = 1},
                             &thing, error))
        return false;
    thing.n = g_atomic_int_add(&test->n_runs, 1) + 1;
    thing.has_n = true;
    return hib_call_reply(call, 200, &thing_shape, &thing);
}

static bool
run_create(HibCall *call, GError **error)
{
    Thing thing = {0};
    if (!hib_call_read_query(call, NULL, NULL, error) ||
        !hib_call_read_body(call, &thing_shape, &thing, error))
        return false;
    if (strcmp(thing.text, "busy") == 0) {
        hib_error_set(error, HIB_ERROR_TOO_MANY, "http.busy", "asked for");
        hib_error_set_retry_at(*error, hib_db_now(hib_call_db(call)) + 60 * HIB_SECOND);
        return false;
    }
    if (!hib_event_emit(hib_call_db(call), "thing.created", "one", "{\"a\":\"b\"}", error))
        return false;
    hib_call_set_cookie(call, "seen", "yes", 60);
    return hib_call_reply(call, 201, &thing_shape, &thing);
}

static bool
run_get(HibCall *call, GError **error)
{
    const char *id = NULL;
    if (!hib_call_read_path(call, "thing", HIB_UUID, 0, 0, &id, error))
        return false;
    return hib_call_reply(call, 200, &thing_shape, &(Thing){.text = id});
}

static bool
run_upload(HibCall *call, GError **error)
{
    GBytes *body = hib_call_body(call);
    return hib_call_reply_bytes(call, 200, hib_call_content_type(call), body, "private");
}

/* Who is at the other end; n: 2 when they speak https with us, 1 when not. */
static bool
run_client(HibCall *call, GError **error)
{
    return hib_call_reply(call, 200, &thing_shape,
                          &(Thing){.text = hib_call_client(call),
                                   .n = hib_call_is_secure(call) ? 2 : 1,
                                   .has_n = true});
}

static bool
run_nothing(HibCall *call, GError **error)
{
    return true;
}

static const HibRoute routes[] = {
    {.method = "GET",
     .path = "/api/v1/workspaces/{workspace}/things",
     .operation = "listThings",
     .scope = "read",
     .roles = HIB_ROLE_OWNER | HIB_ROLE_EDITOR | HIB_ROLE_CLIENT,
     .is_cached = true,
     .run = run_list},
    {.method = "POST",
     .path = "/api/v1/workspaces/{workspace}/things",
     .operation = "createThing",
     .scope = "write",
     .roles = HIB_ROLE_OWNER | HIB_ROLE_EDITOR,
     .run = run_create},
    {.method = "GET",
     .path = "/api/v1/workspaces/{workspace}/events",
     .operation = "streamEvents",
     .scope = "read",
     .roles = HIB_ROLE_OWNER,
     .is_stream = true},
    {.method = "GET",
     .path = "/api/v1/things/{thing}",
     .operation = "getThing",
     .scope = "",
     .roles = HIB_ROLE_PUBLIC,
     .run = run_get},
    {.method = "GET",
     .path = "/api/v1/things/none",
     .operation = "getNone",
     .scope = "",
     .roles = HIB_ROLE_ANY,
     .run = run_nothing},
    {.method = "GET",
     .path = "/api/v1/client",
     .operation = "getClient",
     .scope = "",
     .roles = HIB_ROLE_PUBLIC,
     .run = run_client},
    {.method = "PUT",
     .path = "/api/v1/upload",
     .operation = "upload",
     .scope = "",
     .roles = HIB_ROLE_PUBLIC,
     .is_upload = true,
     .run = run_upload},
    {.method = NULL},
};

static const char script[] = "console.log('a fairly long script, so that it is worth packing')";
static const char page[] = "<!doctype html><html><head><title>t</title></head><body></body></html>";
static const HibAsset assets[] = {
    {.path = "/assets/a-1.js",
     .content_type = "text/javascript",
     .etag = "\"abc\"",
     .plain = script,
     .n_plain = sizeof script - 1,
     .gzip = "GZIP",
     .n_gzip = 4,
     .br = "BR",
     .n_br = 2,
     .is_immutable = true},
    {.path = "/index.html",
     .content_type = "text/html; charset=utf-8",
     .etag = "\"def\"",
     .plain = page,
     .n_plain = sizeof page - 1},
    {.path = NULL},
};

static bool
authorise(HibCall *call, const char *workspace, bool may_block, HibCaller *ret, GError **error)
{
    const char *bearer = hib_call_header(call, "Authorization");
    const char *who = hib_call_cookie(call, "who");
    if (bearer != NULL && strcmp(bearer, "Bearer reader") != 0) {
        hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, "auth.bad_token", "no such token");
        return false;
    }
    if (bearer != NULL)
        *ret = (HibCaller){.person = "p", .token = "t", .role = "owner", .scopes = HIB_SCOPE_READ};
    else if (who != NULL)
        *ret = (HibCaller){.person = who,
                           .session = who,
                           .role = workspace != NULL ? hib_arena_strndup(hib_call_arena(call), who,
                                                                         strcspn(who, "."))
                                                     : NULL,
                           .csrf = "right"};
    return true;
}

static char *
metrics(void *context, HibArena *arena)
{
    return hib_arena_strdup(arena, "up 1\n");
}

static char *
boot(HibCall *call, const char *path, void *context)
{
    if (g_str_equal(path, "/long"))
        return g_strdup_printf("{\"path\":\"%s\",\"text\":\"%0*d\"}", path, 20000, 7);
    return g_strdup_printf("{\"path\":\"%s\",\"text\":\"</script>\"}", path);
}

HibTestServer *
hib_test_server_with(HibTestStore *store, const HibTestServerOptions *with)
{
    g_autoptr(GError) error = NULL;
    HibTestServer *test = g_new0(HibTestServer, 1);
    test->store = store;
    HibServerOptions options = {.address = "127.0.0.1",
                                .threads = 2,
                                .routes = routes,
                                .assets = assets,
                                .store = store->store,
                                .authorise = authorise,
                                .context = test,
                                .metrics = metrics,
                                .boot = boot,
                                .base_url =
                                    with->base_url ? with->base_url : "https://hibiki.example/",
                                .is_behind_proxy = with->is_behind_proxy,
                                .request_ms = with->request_ms,
                                .heartbeat_ms = with->heartbeat_ms};
    test->server = hib_server_start(&options, &error);
    g_assert_no_error(error);
    test->port = hib_server_port(test->server);
    return test;
}

HibTestServer *
hib_test_server_new(HibTestStore *store, int request_ms, int heartbeat_ms)
{
    return hib_test_server_with(
        store, &(HibTestServerOptions){.request_ms = request_ms, .heartbeat_ms = heartbeat_ms});
}

void
hib_test_server_free(HibTestServer *test)
{
    hib_server_stop(test->server);
    g_free(test);
}
