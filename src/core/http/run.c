/* On a worker: who calls, may they, is the call their own wish (CSRF), then the handler; any failure becomes a problem. */
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "base/secrets.h"
#include "http/server_private.h"

#include <string.h>

unsigned
hib_role_bit(const char *role)
{
    static const char *const names[] = {"owner",    "manager", "editor",
                                        "approver", "analyst", "client"};
    for (unsigned i = 0; role != NULL && i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], role) == 0)
            return 1u << i;
    }
    return 0;
}

static unsigned
scope_bit(const char *scope)
{
    static const char *const names[] = {"read", "write", "publish", "admin"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], scope) == 0)
            return 1u << i;
    }
    return 0;
}

bool
hib_call_authorised(HibCall *call, GError **error)
{
    const HibRoute *route = call->match.found->route;
    const HibCaller *caller = &call->caller;
    if (route->roles & HIB_ROLE_PUBLIC)
        return true;
    if (caller->person == NULL && caller->token == NULL) {
        hib_error_set(error, HIB_ERROR_UNAUTHENTICATED, "auth.needed", "nobody is signed in");
        return false;
    }
    if (!(route->roles & HIB_ROLE_ANY) && !(route->roles & hib_role_bit(caller->role))) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "auth.forbidden", "%s needs another role than %s",
                      route->operation, caller->role != NULL ? caller->role : "none");
        return false;
    }
    if (caller->token != NULL && *route->scope == '\0') {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "auth.person_needed", "%s is not for tokens",
                      route->operation);
        return false;
    }
    if (caller->token != NULL && !(caller->scopes & scope_bit(route->scope))) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "auth.scope", "%s needs scope \"%s\"",
                      route->operation, route->scope);
        if (error != NULL)
            hib_error_set_detail(*error, "scope", route->scope);
        return false;
    }
    return true;
}

bool
hib_call_is_mutating(const HibCall *call)
{
    return strcmp(call->method, "GET") != 0 && strcmp(call->method, "HEAD") != 0;
}

static bool
is_own_origin(HibCall *call, const char *origin)
{
    if (call->server->base_origin != NULL &&
        g_ascii_strcasecmp(origin, call->server->base_origin) == 0)
        return true;
    const char *host = hib_call_header(call, "Host");
    const char *rest = strstr(origin, "://");
    return host != NULL && rest != NULL && g_str_has_prefix(origin, "http") &&
           g_ascii_strcasecmp(rest + 3, host) == 0;
}

/* A browser adds its cookies to whatever page asks; the token and the origin show that our own page asked. */
static bool
check_csrf(HibCall *call, GError **error)
{
    if (!hib_call_is_mutating(call) || call->caller.token != NULL ||
        call->match.found->route->is_foreign)
        return true;
    const char *origin = hib_call_header(call, "Origin");
    const char *want = call->caller.session != NULL ? call->caller.csrf : NULL;
    const char *said = hib_call_header(call, "X-CSRF-Token");
    bool is_own = origin == NULL || is_own_origin(call, origin);
    bool is_public = (call->match.found->route->roles & HIB_ROLE_PUBLIC) != 0;
    if (is_own && (want == NULL || is_public ||
                   (said != NULL && strlen(said) == strlen(want) && hib_equal_secret(said, want))))
        return true;
    hib_error_set(error, HIB_ERROR_FORBIDDEN, "auth.csrf",
                  "the call does not come from our own page");
    return false;
}

static bool
open_db(HibCall *call, GError **error)
{
    const HibCaller *caller = &call->caller;
    call->db = hib_db_open(call->server->options.store, hib_call_arena(call), call->workspace);
    if (call->db == NULL) {
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "no database handle");
        return false;
    }
    if (caller->token != NULL)
        hib_db_set_actor(call->db, HIB_ACTOR_TOKEN, caller->token);
    else if (caller->person != NULL)
        hib_db_set_actor(call->db, HIB_ACTOR_PERSON, caller->person);
    return true;
}

static bool
authorise(HibCall *call, GError **error)
{
    bool is_public = (call->match.found->route->roles & HIB_ROLE_PUBLIC) != 0;
    g_autoptr(GError) failed = NULL;
    if (!call->server->options.authorise(call, call->workspace, true, &call->caller, &failed)) {
        call->caller = (HibCaller){0};
        if (!is_public) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
    }
    return hib_call_authorised(call, error) && check_csrf(call, error);
}

static bool
run_api(HibCall *call, GError **error)
{
    const HibRoute *route = call->match.found->route;
    if (call->workspace != NULL && !hib_id_valid(call->workspace)) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "http.not_found", "no such workspace");
        return false;
    }
    if (!authorise(call, error))
        return false;
    if (call->kind == HIB_CALL_STREAM) {
        hib_streams_run(call->server->streams, call);
        return true;
    }
    if (call->workspace != NULL)
        call->version = hib_store_version(call->server->options.store, call->workspace);
    if (!open_db(call, error))
        return false;
    if (!route->run(call, error))
        return false;
    if (call->response != NULL || call->captured != NULL)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "internal.unexpected", "%s gave no reply",
                  route->operation);
    return false;
}

bool
hib_call_run_inside(HibCall *call, GError **error)
{
    return run_api(call, error);
}

static void
run_metrics(HibCall *call)
{
    char *text = call->server->options.metrics(call->server->options.context, hib_call_arena(call));
    hib_call_respond(call, 200, "text/plain; version=0.0.4", "no-store", g_strdup(text),
                     strlen(text));
}

static void
run_page(HibCall *call)
{
    g_autoptr(GError) ignored = NULL; /* a page opens for anybody; a bad token is nobody here */
    if (!call->server->options.authorise(call, NULL, true, &call->caller, &ignored))
        call->caller = (HibCaller){0};
    g_autoptr(GError) failed = NULL;
    if (open_db(call, &failed))
        hib_pages_run(call->server->pages, call);
    else
        hib_call_fail(call, failed);
}

void
hib_call_run(HibCall *call)
{
    g_autoptr(GError) error = NULL;
    hib_log_context("request", call->id);
    hib_log_context("workspace", call->workspace);
    if (call->kind == HIB_CALL_METRICS)
        run_metrics(call);
    else if (call->kind == HIB_CALL_PAGE)
        run_page(call);
    else if (!run_api(call, &error)) {
        g_clear_pointer(&call->response,
                        MHD_destroy_response); /* a reply before a failure does not count */
        hib_call_fail(call, error);
    }
    g_clear_pointer(&call->db, hib_db_close);
    hib_log_context("request", NULL);
    hib_log_context("workspace", NULL);
}
