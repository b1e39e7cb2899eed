/* Requests on the epoll thread: the head is judged before a byte of the body is read, the body is gathered under its cap,
 * what is at hand is answered at once and the rest goes to a worker. */
#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"
#include "http/server_private.h"

#include <string.h>

#define FIRST_BYTES (16 * 1024)

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
    atomic_fetch_sub(&call->server->n_gathered, call->n_counted);
    if (call->kept != NULL)
        hib_kept_unref(call->kept);
    else if (call->response != NULL)
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
    atomic_fetch_add(&call->conn->n_done, 1);
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

/* The reply is made at once and sent when the request has been read, or before its body is, which ends the connection. */
static void
refuse(HibCall *call, HibErrorKind kind, const char *reason)
{
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, kind, reason, "refused before the handler: %s", reason);
    if (call->is_closing)
        hib_call_set_header(call, "Connection", "close");
    if (strcmp(reason, "http.method") == 0)
        hib_call_set_header(call, "Allow", call->match.allow);
    hib_id_fill(call->id, hib_store_clock(call->server->options.store));
    hib_call_fail(call, error);
}

/* --- the head ------------------------------------------------------------------------------------------- */
static bool
is_reading(const HibCall *call)
{
    return strcmp(call->method, "GET") == 0 || strcmp(call->method, "HEAD") == 0;
}

static void
answer_options(HibCall *call)
{
    hib_call_set_header(call, "Allow", call->match.allow);
    hib_id_fill(call->id, hib_store_clock(call->server->options.store));
    hib_call_reply_empty(call, 204);
}

/* Sets kind and route; an address that is none of the API's is the page's. */
static void
dispatch(HibCall *call)
{
    HibServer *server = call->server;
    hib_router_match(server->router, call->method, call->path, &call->match);
    if (call->match.found != NULL) {
        call->kind = call->match.found->route->is_stream ? HIB_CALL_STREAM : HIB_CALL_API;
        call->workspace = hib_call_part(call, "workspace");
        return;
    }
    call->kind = HIB_CALL_PAGE;
    bool is_api = g_str_has_prefix(call->path, "/api/") || strcmp(call->path, "/api") == 0;
    if (!is_api)
        call->match.allow = "OPTIONS, GET, HEAD";
    if (strcmp(call->method, "OPTIONS") == 0 && call->match.allow != NULL) {
        answer_options(call);
    } else if (call->match.allow != NULL && (is_api || !is_reading(call))) {
        refuse(call, HIB_ERROR_INVALID, "http.method");
    } else if (is_api) {
        refuse(call, HIB_ERROR_NOT_FOUND, "http.not_found");
    } else if (strcmp(call->path, "/metrics") == 0 && server->options.metrics != NULL) {
        call->kind = HIB_CALL_METRICS;
        if (!hib_call_is_local(call))
            refuse(call, HIB_ERROR_NOT_FOUND, "http.not_found");
    }
}

/* The body's cap and type. */
static void
judge_body(HibCall *call, uint64_t n)
{
    const HibRoute *route = call->match.found->route;
    call->body_cap = route->upload_mb   ? (size_t)route->upload_mb << 20
                     : route->is_upload ? HIB_LIMIT_UPLOAD_BYTES
                     : route->is_raw    ? HIB_LIMIT_RAW_BYTES
                                        : HIB_LIMIT_BODY_BYTES;
    const char *type = hib_call_content_type(call);
    bool is_right =
        route->is_raw ||
        (route->is_upload ? g_str_has_prefix(type, "image/") || g_str_has_prefix(type, "video/") ||
                                strcmp(type, "application/octet-stream") == 0
                          : strcmp(type, "application/json") == 0);
    if (n > call->body_cap)
        refuse(call, HIB_ERROR_TOO_LARGE, "http.too_large");
    else if (!is_right)
        refuse(call, HIB_ERROR_INVALID, "http.media_type");
    else
        call->body = g_byte_array_sized_new((guint)MIN(n, FIRST_BYTES)); /* a length is a promise */
}

static void
judge_head(HibCall *call, const char *url, const char *version)
{
    const char *fault = hib_framing_fault(call, url, version);
    const char *host = hib_call_header(call, "Host"); /* HTTP/1.0 may do without */
    bool is_short = hib_host_is(host, call->server->options.short_url);
    if (fault == NULL && host != NULL && !is_short &&
        !hib_host_is_ours(host, call->server->base_origin))
        fault = "http.host";
    if (fault != NULL) {
        call->is_closing = true;
        refuse(call, HIB_ERROR_INVALID, fault);
        return;
    }
    const char *length = hib_call_header(call, "Content-Length");
    uint64_t n = length != NULL ? g_ascii_strtoull(length, NULL, 10) : 0;
    size_t n_path = strcspn(call->uri, "?");
    call->path =
        is_short ? g_strdup_printf("/l%.*s", (int)n_path, call->uri) : g_strndup(call->uri, n_path);
    call->query = call->uri[n_path] == '?' ? call->uri + n_path + 1 : NULL;
    call->is_closing = n > 0 || call->is_chunked; /* if refused before the body is read */
    dispatch(call);
    if (is_short && call->match.found == NULL && call->response == NULL)
        refuse(call, HIB_ERROR_NOT_FOUND, "http.not_found");
    if (call->response == NULL && call->is_closing && call->match.found == NULL) {
        refuse(call, HIB_ERROR_INVALID, "http.media_type"); /* a page takes no body */
    } else if (call->response == NULL && call->is_closing) {
        judge_body(call, n);
    }
    if (call->response == NULL &&
        call->is_chunked) /* its inner framing cannot be seen: nothing is read after it */
        hib_call_set_header(call, "Connection", "close");
}

/* libmicrohttpd ends the connection after a reply that is queued in this first call: only what must end it is. */
static enum MHD_Result
begin(HibCall *call, const char *url, const char *version)
{
    call->is_begun = true;
    judge_head(call, url, version);
    if (call->response == NULL || !call->is_closing)
        return MHD_YES;
    return begin_answer(call) ? queue(call) : MHD_NO;
}

/* --- the body, and on ----------------------------------------------------------------------------------- */
static enum MHD_Result
gather(HibCall *call, const char *data, size_t *n)
{
    if (call->body == NULL || call->body->len + *n > call->body_cap) {
        hib_conn_cut(call->conn, "413 Content Too Large", "http.too_large");
        return MHD_NO;
    }
    /* Whoever sends is not known yet: all bodies together stay below a cap, or many senders would take all memory. */
    if (atomic_fetch_add(&call->server->n_gathered, *n) + *n > HIB_LIMIT_GATHERED_BYTES) {
        atomic_fetch_sub(&call->server->n_gathered, *n);
        hib_conn_cut(call->conn, "503 Service Unavailable", "http.busy");
        return MHD_NO;
    }
    call->n_counted += *n;
    g_byte_array_append(call->body, (const guint8 *)data, (guint)*n);
    *n = 0;
    return MHD_YES;
}

/* Kept replies need no worker: the authoriser knows the session without asking the store. */
static bool
answer_kept(HibCall *call)
{
    g_autoptr(GError) ignored = NULL;
    if (call->kind != HIB_CALL_API || !call->match.found->route->is_cached ||
        call->workspace == NULL)
        return false;
    if (call->server->options.authorise(call, call->workspace, false, &call->caller, &ignored) &&
        (call->caller.person != NULL || call->caller.token != NULL) &&
        hib_call_authorised(call, NULL) && hib_reply_cache_answer(call->server->cache, call))
        return true;
    call->caller = (HibCaller){0};
    return false;
}

static bool
answer_early(HibCall *call)
{
    const HibServerOptions *options = &call->server->options;
    if (options->early == NULL || call->kind != HIB_CALL_API || !call->match.found->route->is_raw ||
        !is_reading(call))
        return false;
    return options->early(call, options->context);
}

/* The whole request is here. */
static enum MHD_Result
answer(HibCall *call)
{
    if (!begin_answer(call))
        return MHD_NO;
    if (call->response != NULL)
        return queue(call);
    if (answer_kept(call))
        return MHD_YES;
    if (answer_early(call))
        return queue(call);
    if (call->kind == HIB_CALL_PAGE) {
        bool is_page = false;
        if (hib_pages_answer(call->server->pages, call, &is_page))
            return MHD_YES;
        if (!is_page) {
            refuse(call, HIB_ERROR_NOT_FOUND, "http.not_found");
            return queue(call);
        }
    }
    hib_id_fill(call->id, hib_store_clock(call->server->options.store));
    call->is_submitted = true;
    if (hib_workers_submit(&call->server->workers, call))
        return MHD_YES;
    refuse(call, HIB_ERROR_BUSY, "http.busy");
    return queue(call);
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
    return call->is_submitted ? queue(call) : answer(call);
}
