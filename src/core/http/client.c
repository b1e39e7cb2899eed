/* The HTTP client: see client.h. Handles are kept in two pools, so that a connection opened for a configured address is never reused for a URL that a person typed. */
#include "http/client.h"
#include "base/error.h"
#include "base/limits.h"
#include "http/address.h"
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { POOLED_AT_MOST = 64 };

struct HibHttp {
    pthread_mutex_t mutex;
    GPtrArray *idle[2]; /* CURL *, by is_foreign */
};

typedef struct {
    const HibHttpRequest *request;
    HibArena *arena;
    GByteArray *body;
    GHashTable *headers;
    size_t cap;
    CURL *handle;
    int64_t sent;    /* of a body in parts */
    int64_t written; /* of an answer that goes into a file */
    bool is_over, is_private, is_full;
} Exchange;

static void
start_curl(void)
{
    static gsize once;
    if (g_once_init_enter(&once)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&once, 1);
    }
}

HibHttp *
hib_http_new(void)
{
    start_curl();
    HibHttp *http = g_new0(HibHttp, 1);
    pthread_mutex_init(&http->mutex, NULL);
    for (int i = 0; i < 2; i++)
        http->idle[i] = g_ptr_array_new_with_free_func((GDestroyNotify)curl_easy_cleanup);
    return http;
}

void
hib_http_free(HibHttp *http)
{
    if (!http)
        return;
    for (int i = 0; i < 2; i++)
        g_ptr_array_unref(http->idle[i]);
    pthread_mutex_destroy(&http->mutex);
    g_free(http);
}

static CURL *
take_handle(HibHttp *http, bool is_foreign)
{
    pthread_mutex_lock(&http->mutex);
    GPtrArray *idle = http->idle[is_foreign];
    CURL *handle = idle->len ? g_ptr_array_steal_index_fast(idle, idle->len - 1) : NULL;
    pthread_mutex_unlock(&http->mutex);
    return handle ? handle : curl_easy_init();
}

static void
give_back(HibHttp *http, CURL *handle, bool is_foreign)
{
    curl_easy_reset(handle); /* keeps connections, forgets headers and tokens */
    pthread_mutex_lock(&http->mutex);
    bool is_kept = http->idle[is_foreign]->len < POOLED_AT_MOST;
    if (is_kept)
        g_ptr_array_add(http->idle[is_foreign], handle);
    pthread_mutex_unlock(&http->mutex);
    if (!is_kept)
        curl_easy_cleanup(handle);
}

static size_t
write_body(Exchange *exchange, const char *data, size_t n)
{
    if (exchange->written + (int64_t)n > (int64_t)exchange->cap) {
        exchange->is_over = true;
        return 0;
    }
    for (size_t done = 0; done < n;) {
        const ssize_t piece =
            pwrite(exchange->request->into, data + done, n - done, exchange->written + (off_t)done);
        if (piece < 0 && errno == EINTR)
            continue;
        if (piece <= 0) {
            exchange->is_full = true;
            return 0;
        }
        done += (size_t)piece;
    }
    exchange->written += (int64_t)n;
    return n;
}

static size_t
on_body(char *data, size_t size, size_t n, void *user)
{
    Exchange *exchange = user;
    long status = 0;
    if (exchange->request->into > 0) {
        curl_easy_getinfo(exchange->handle, CURLINFO_RESPONSE_CODE, &status);
        if (status >= 200 && status < 300)
            return write_body(exchange, data, size * n);
    }
    if (exchange->body->len + size * n > exchange->cap) {
        exchange->is_over = true;
        return 0;
    }
    g_byte_array_append(exchange->body, (const guint8 *)data, (guint)(size * n));
    return size * n;
}

/* A new status line begins a new header block (redirect, 100 Continue): only the last block counts. */
static size_t
on_header(char *data, size_t size, size_t n, void *user)
{
    Exchange *exchange = user;
    if (size * n > HIB_LIMIT_HEADER_BYTES ||
        g_hash_table_size(exchange->headers) > 4 * HIB_LIMIT_HEADER_COUNT)
        return 0;
    if (n > 5 && strncmp(data, "HTTP/", 5) == 0) {
        g_hash_table_remove_all(exchange->headers);
        g_byte_array_set_size(exchange->body, 0);
        return n;
    }
    const char *colon = memchr(data, ':', n);
    if (!colon)
        return n;
    g_autofree char *name = g_ascii_strdown(data, colon - data);
    g_autofree char *value = g_strndup(colon + 1, n - (size_t)(colon + 1 - data));
    g_strstrip(value);
    if (g_utf8_validate(value, -1, NULL) && g_utf8_validate(name, -1, NULL))
        g_hash_table_replace(exchange->headers, g_steal_pointer(&name), g_steal_pointer(&value));
    return n;
}

/* Asked after name resolution for every connection, also those of redirects. */
static curl_socket_t
on_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    Exchange *exchange = user;
    if (exchange->request->is_foreign && hib_address_is_private(&address->addr)) {
        exchange->is_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static struct curl_slist *
header_list(const HibHttpRequest *request)
{
    struct curl_slist *list = NULL;
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        list = curl_slist_append(list, request->headers[i]);
    if (request->content_type) {
        g_autofree char *line = g_strconcat("Content-Type: ", request->content_type, NULL);
        list = curl_slist_append(list, line);
    }
    return curl_slist_append(list, "Expect:"); /* no 100-continue round trip */
}

/* --- a body in parts ------------------------------------------------------------------------------------- */
static int64_t
parts_size(const HibHttpRequest *request)
{
    int64_t n = 0;
    for (size_t i = 0; i < request->n_parts; i++)
        n += request->parts[i].n;
    return n;
}

/* curl asks for the next bytes: from the part that `sent` stands in. */
static size_t
on_send(char *into, size_t size, size_t n, void *user)
{
    Exchange *exchange = user;
    int64_t offset = exchange->sent;
    for (size_t i = 0; i < exchange->request->n_parts; i++) {
        const HibHttpPart *part = &exchange->request->parts[i];
        if (offset >= part->n) {
            offset -= part->n;
            continue;
        }
        int64_t most = MIN((int64_t)(size * n), part->n - offset), got = most;
        if (part->data)
            memcpy(into, (const char *)part->data + offset, (size_t)most);
        else
            got = part->read ? part->read(part->source, offset, into, (size_t)most) : -1;
        if (got <= 0 || got > most)
            return CURL_READFUNC_ABORT; /* what was promised in Content-Length is not there */
        exchange->sent += got;
        return (size_t)got;
    }
    return 0;
}

static void
set_parts(CURL *handle, Exchange *exchange)
{
    const HibHttpRequest *request = exchange->request;
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, on_send);
    curl_easy_setopt(handle, CURLOPT_READDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)parts_size(request));
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
}

static void
set_method(CURL *handle, Exchange *exchange)
{
    const HibHttpRequest *request = exchange->request;
    bool is_get = g_str_equal(request->method, "GET");
    if (request->n_parts) {
        set_parts(handle, exchange);
    } else if (g_str_equal(request->method, "HEAD")) {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (is_get && !request->body) {
        curl_easy_setopt(handle, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body ? request->body : "");
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->n_body);
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    }
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, is_get && request->redirects > 0 ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_MAXREDIRS, (long)request->redirects);
    if (!is_get && !request->is_repeatable)
        curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
}

static void
set_up(CURL *handle, Exchange *exchange, struct curl_slist *headers)
{
    const HibHttpRequest *request = exchange->request;
    curl_easy_setopt(handle, CURLOPT_URL, request->url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_PROXY, ""); /* the environment's proxies are not ours */
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     request->connect_ms ? (long)request->connect_ms : 5000L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                     request->total_ms ? (long)request->total_ms : 30000L);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "Hibiki");
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, exchange);
    curl_easy_setopt(handle, CURLOPT_MAXAGE_CONN, 60L);
    if (request->into > 0) /* what says that it is too large is not begun */
        curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)exchange->cap);
    set_method(handle, exchange);
}

/* Whether the server can have seen the request: no once name, connection or TLS failed, or nothing was written. */
static bool
was_never_sent(CURL *handle, CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_OUT_OF_MEMORY:
        return true;
    default:
        break;
    }
    long sent = 0, redirects = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(handle, CURLINFO_REDIRECT_COUNT, &redirects);
    return sent == 0 && redirects == 0;
}

static void
explain(CURL *handle, CURLcode code, const Exchange *exchange, GError **error)
{
    const char *text = curl_easy_strerror(code);
    if (exchange->is_private)
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "http.private", "the address is private");
    else if (exchange->is_full)
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.disk_full", "the answer does not fit");
    else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        hib_error_set(error, HIB_ERROR_INVALID, "http.bad_url", "%s", text);
    else if (was_never_sent(handle, code))
        hib_error_set(error, HIB_ERROR_UPSTREAM, "http.not_sent", "%s", text);
    else
        hib_error_set(error, HIB_ERROR_UNCERTAIN,
                      exchange->is_over ? "http.reply_too_large" : "http.no_answer", "%s",
                      exchange->is_over ? "the answer is over its cap" : text);
}

static void
take_reply(CURL *handle, Exchange *exchange, HibHttpReply *reply)
{
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    reply->status = (int)status;
    reply->n_body = exchange->body->len;
    reply->is_over = exchange->is_over;
    char *body =
        hib_arena_take(exchange->arena, reply->n_body + 1); /* a body may hold NULs: pictures */
    if (reply->n_body > 0)
        memcpy(body, exchange->body->data, reply->n_body);
    reply->body = body;
    reply->headers = exchange->headers;
    const char *type = g_hash_table_lookup(exchange->headers, "content-type");
    reply->content_type = type ? type : "";
}

bool
hib_http_do(HibHttp *http, HibArena *arena, const HibHttpRequest *request, HibHttpReply *reply,
            GError **error)
{
    Exchange exchange = {.request = request, .arena = arena};
    exchange.cap = request->reply_cap ? request->reply_cap : HIB_LIMIT_REPLY_BYTES;
    exchange.headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    hib_arena_defer(arena, (void (*)(void *))g_hash_table_unref, exchange.headers);
    g_autoptr(GByteArray) body = exchange.body = g_byte_array_new();

    CURL *handle = exchange.handle = take_handle(http, request->is_foreign);
    struct curl_slist *headers = header_list(request);
    set_up(handle, &exchange, headers);
    CURLcode code = curl_easy_perform(handle);
    exchange.is_over |= code == CURLE_FILESIZE_EXCEEDED;
    if (exchange.is_over && request->into > 0)
        code = CURLE_OK; /* the caller asked to be told so */
    if (code == CURLE_OK)
        take_reply(handle, &exchange, reply);
    else
        explain(handle, code, &exchange, error);
    give_back(http, handle, request->is_foreign);
    curl_slist_free_all(headers);
    return code == CURLE_OK;
}

const char *
hib_http_header(const HibHttpReply *reply, const char *name_lower)
{
    return g_hash_table_lookup(reply->headers, name_lower);
}

char *
hib_url_escape(HibArena *arena, const char *text)
{
    g_autofree char *escaped = g_uri_escape_string(text, NULL, FALSE);
    return hib_arena_strdup(arena, escaped);
}
