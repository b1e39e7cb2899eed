/* Requests on the epoll thread: the head is judged before a byte of the body is read, the body is gathered under its cap,
 * what is at hand is answered at once and the rest goes to a worker. */
#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"
#include "http/server_private.h"

#include <string.h>

/* --- a call's life -------------------------------------------------------------------------------------- */
void *
hib_request_uri(void *data, const char *uri, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    HibCall *call = g_new0(HibCall, 1);
    call->server = data;
    call->connection = connection;
    call->conn = info->socket_context;
    call->n_uri = strlen(uri);
    call->uri = g_strndup(uri, HIB_LIMIT_URL_BYTES);
    int64_t none = 0;
    atomic_compare_exchange_strong(&call->conn->request_since, &none, hib_monotonic_us());
    return call;
}

void
hib_call_free(HibCall *call)
{
    if (call->response != NULL)
        MHD_destroy_response(call->response);
    if (call->body != NULL)
        g_byte_array_unref(call->body);
    g_clear_pointer(&call->body_bytes, g_bytes_unref);
    hib_arena_free(call->arena);
    g_free(call->uri);
    g_free(call->path);
    g_free(call);
}

void
hib_request_done(void *data, struct MHD_Connection *connection, void **state,
                 enum MHD_RequestTerminationCode why)
{
    HibCall *call = *state;
    *state = NULL;
    if (call == NULL)
        return;
    int answering = HIB_CONN_ANSWERING;
    atomic_store(&call->conn->request_since, 0);
    atomic_compare_exchange_strong(&call->conn->phase, &answering, HIB_CONN_READING);
    hib_call_free(call);
}

void
hib_request_connection(void *data, struct MHD_Connection *connection, void **state,
                       enum MHD_ConnectionNotificationCode what)
{
    HibServer *server = data;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *state = hib_watch_add(server->watch, info->connect_fd);
        return;
    }
    hib_watch_remove(server->watch, *state);
    *state = NULL;
}

/* --- answering ------------------------------------------------------------------------------------------ */
/* From here the watch may not write on the socket any more; false when it has. */
static bool
begin_answer(HibCall *call)
{
    int reading = HIB_CONN_READING;
    return atomic_compare_exchange_strong(&call->conn->phase, &reading, HIB_CONN_ANSWERING);
}

static enum MHD_Result
queue(HibCall *call)
{
    return MHD_queue_response(call->connection, call->status, call->response);
}

static enum MHD_Result
refuse(HibCall *call, HibErrorKind kind, const char *reason, bool is_closing)
{
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, kind, reason, "refused before the handler: %s", reason);
    if (is_closing)
        hib_call_set_header(call, "Connection", "close");
    if (strcmp(reason, "http.method") == 0)
        hib_call_set_header(call, "Allow", call->match.allow);
    hib_call_fail(call, error);
    return begin_answer(call) ? queue(call) : MHD_NO;
}

static enum MHD_Result
answer_options(HibCall *call)
{
    const char *allow = call->match.allow != NULL ? call->match.allow : "OPTIONS, GET, HEAD";
    hib_call_set_header(call, "Allow", allow);
    hib_call_reply_empty(call, 204);
    return begin_answer(call) ? queue(call) : MHD_NO;
}

/* --- the head ------------------------------------------------------------------------------------------- */
static bool
is_reading(const HibCall *call)
{
    return strcmp(call->method, "GET") == 0 || strcmp(call->method, "HEAD") == 0;
}

/* Sets kind and route. False: answered or refused, *ret says how it went. */
static bool
dispatch(HibCall *call, enum MHD_Result *ret)
{
    HibServer *server = call->server;
    bool is_page = false;
    hib_router_match(server->router, call->method, call->path, &call->match);
    if (call->match.found != NULL) {
        call->kind = call->match.found->route->is_stream ? HIB_CALL_STREAM : HIB_CALL_API;
        call->workspace = hib_call_part(call, "workspace");
        return true;
    }
    bool is_api = g_str_has_prefix(call->path, "/api/") || strcmp(call->path, "/api") == 0;
    if (strcmp(call->method, "OPTIONS") == 0 && (!is_api || call->match.allow != NULL)) {
        *ret = answer_options(call);
        return false;
    }
    if (is_api || !is_reading(call)) {
        bool is_method = call->match.allow != NULL || !is_api;
        if (is_method && call->match.allow == NULL)
            call->match.allow = "OPTIONS, GET, HEAD";
        *ret = refuse(call, is_method ? HIB_ERROR_INVALID : HIB_ERROR_NOT_FOUND,
                      is_method ? "http.method" : "http.not_found", false);
        return false;
    }
    if (strcmp(call->path, "/metrics") == 0 && server->options.metrics != NULL) {
        call->kind = HIB_CALL_METRICS;
        if (hib_call_is_local(call))
            return true;
        *ret = refuse(call, HIB_ERROR_NOT_FOUND, "http.not_found", false);
        return false;
    }
    *ret = MHD_NO;
    if (!begin_answer(call))
        return false;
    if (hib_pages_answer(server->pages, call, &is_page)) {
        *ret = MHD_YES;
        return false;
    }
    atomic_store(&call->conn->phase, HIB_CONN_READING);
    call->kind = HIB_CALL_PAGE;
    if (is_page)
        return true;
    *ret = refuse(call, HIB_ERROR_NOT_FOUND, "http.not_found", false);
    return false;
}

/* Kept replies need no worker: the authoriser knows the session without asking the store. */
static void
answer_kept(HibCall *call)
{
    g_autoptr(GError) ignored = NULL;
    if (call->kind != HIB_CALL_API || !call->match.found->route->is_cached ||
        call->workspace == NULL)
        return;
    if (call->server->options.authorise(call, call->workspace, false, &call->caller, &ignored) &&
        (call->caller.person != NULL || call->caller.token != NULL) &&
        hib_call_authorised(call, NULL) && begin_answer(call)) {
        if (hib_reply_cache_answer(call->server->cache, call))
            return;
        atomic_store(&call->conn->phase, HIB_CONN_READING);
    }
    call->caller = (HibCaller){0};
}

/* The body's cap and type; 0: there is no body. */
static bool
judge_body(HibCall *call, enum MHD_Result *ret)
{
    const char *length = hib_call_header(call, "Content-Length");
    uint64_t n = length != NULL ? g_ascii_strtoull(length, NULL, 10) : 0;
    bool has_route = call->match.found != NULL;
    bool is_upload = has_route && call->match.found->route->is_upload;
    call->body_cap = is_upload ? HIB_LIMIT_UPLOAD_BYTES : HIB_LIMIT_BODY_BYTES;
    if (n > call->body_cap) {
        *ret = refuse(call, HIB_ERROR_TOO_LARGE, "http.too_large", true);
        return false;
    }
    if (n == 0 && !call->is_chunked)
        return true;
    const char *type = hib_call_content_type(call);
    bool is_right = is_upload ? g_str_has_prefix(type, "image/") ||
                                    strcmp(type, "application/octet-stream") == 0
                              : strcmp(type, "application/json") == 0;
    if (has_route && !is_right) {
        *ret = refuse(call, HIB_ERROR_INVALID, "http.media_type", true);
        return false;
    }
    call->body = g_byte_array_sized_new((guint)n);
    return true;
}

static enum MHD_Result
begin(HibCall *call, const char *url, const char *version)
{
    enum MHD_Result result = MHD_NO;
    call->is_begun = true;
    hib_id_fill(call->id, hib_store_clock(call->server->options.store));
    const char *fault = hib_framing_fault(call, url, version);
    if (fault != NULL)
        return refuse(call, HIB_ERROR_INVALID, fault, true);
    size_t n_path = strcspn(call->uri, "?");
    call->path = g_strndup(call->uri, n_path);
    call->query = call->uri[n_path] == '?' ? call->uri + n_path + 1 : NULL;
    if (!dispatch(call, &result) || !judge_body(call, &result))
        return result;
    if (call->is_chunked) /* its inner framing cannot be seen: nothing is read after it */
        hib_call_set_header(call, "Connection", "close");
    answer_kept(call);
    return MHD_YES; /* without a reply queued: asked again with the body, or without one at once */
}

/* --- the body, and on ----------------------------------------------------------------------------------- */
static enum MHD_Result
gather(HibCall *call, const char *data, size_t *n)
{
    if (call->body == NULL || call->body->len + *n > call->body_cap) {
        hib_conn_cut(call->conn, "413 Content Too Large", "http.too_large");
        return MHD_NO;
    }
    g_byte_array_append(call->body, (const guint8 *)data, (guint)*n);
    *n = 0;
    return MHD_YES;
}

enum MHD_Result
hib_request_access(void *data, struct MHD_Connection *connection, const char *url,
                   const char *method, const char *version, const char *upload, size_t *n_upload,
                   void **state)
{
    HibCall *call = *state;
    if (call == NULL)
        return MHD_NO;
    if (!call->is_begun) {
        call->method = method;
        return begin(call, url, version);
    }
    if (*n_upload > 0)
        return gather(call, upload, n_upload);
    if (call->is_submitted)
        return queue(call);
    if (!begin_answer(call))
        return MHD_NO;
    call->is_submitted = true;
    if (hib_workers_submit(&call->server->workers, call))
        return MHD_YES;
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, HIB_ERROR_BUSY, "http.busy", "too many calls wait");
    hib_call_fail(call, error);
    return queue(call);
}
