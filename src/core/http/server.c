/* The server: its parts made, started and stopped in order. */
#include "http/server.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/server_private.h"
#include "http/workers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define IDLE_S 30u
#define POOL_BYTES                                                                                 \
    ((size_t)32 *                                                                                  \
     1024) /* per connection: the head, its table, the reply's head; cleared for each request */
#define PATIENCE_US (5 * HIB_SECOND)

static void
on_tick(void *data, int64_t now)
{
    HibServer *server = data;
    hib_streams_tick(server->streams, now);
}

static void
raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = MIN(limit.rlim_max, HIB_LIMIT_CONNECTIONS + 1000);
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool
read_address(const char *text, int port, struct sockaddr_storage *ret)
{
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)ret;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)ret;
    memset(ret, 0, sizeof *ret);
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        return true;
    }
    if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1)
        return false;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)port);
    return true;
}

static size_t
keep_escapes(void *data, struct MHD_Connection *connection, char *text)
{
    return strlen(text); /* parts are unescaped after they have been split */
}

static bool
no_threads(GError **error)
{
    hib_error_set(error, HIB_ERROR_INTERNAL, "internal.unexpected", "no threads");
    return false;
}

static bool
start_daemon(HibServer *server, GError **error)
{
    struct sockaddr_storage address;
    const HibServerOptions *o = &server->options;
    const char *text = o->address != NULL ? o->address : "127.0.0.1";
    if (!read_address(text, o->port, &address)) {
        hib_error_set(error, HIB_ERROR_INVALID, "http.bad_address", "no such address: %s", text);
        if (error != NULL)
            hib_error_set_detail(*error, "address", text);
        return false;
    }
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_DUAL_STACK;
    server->daemon = MHD_start_daemon(
        flags, (uint16_t)o->port, NULL, NULL, hib_request_access, server, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_URI_LOG_CALLBACK, hib_request_uri, server, MHD_OPTION_NOTIFY_COMPLETED,
        hib_request_done, server, MHD_OPTION_NOTIFY_CONNECTION, hib_request_connection, server,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT, (unsigned)HIB_LIMIT_CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S,
        MHD_OPTION_END); /* no ADDRESS_REUSE: two servers would share the port */
    const union MHD_DaemonInfo *info =
        server->daemon ? MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (info != NULL) {
        server->port = info->port;
        return true;
    }
    hib_error_set(error, HIB_ERROR_BUSY, "http.port_taken", "cannot listen on %s port %d", text,
                  o->port);
    g_autofree char *port = g_strdup_printf("%d", o->port);
    if (error != NULL)
        hib_error_set_detail(*error, "port", port);
    return false;
}

static char *
origin_of(const char *base_url)
{
    const char *host = base_url != NULL ? strstr(base_url, "://") : NULL;
    return host != NULL ? g_strndup(base_url, (gsize)(host + 3 - base_url) + strcspn(host + 3, "/"))
                        : NULL;
}

static void
server_free(HibServer *server)
{
    hib_watch_free(server->watch);
    for (size_t i = 0; i < HIB_KEPT; i++)
        hib_kept_unref(server->kept[i]);
    hib_reply_cache_free(server->cache);
    hib_pages_free(server->pages);
    hib_streams_free(server->streams);
    hib_router_free(server->router);
    g_free(server->base_origin);
    g_free(server);
}

HibServer *
hib_server_start(const HibServerOptions *options, GError **error)
{
    HibServer *server = g_new0(HibServer, 1);
    int request_ms = options->request_ms > 0 ? options->request_ms : HIB_LIMIT_REQUEST_MS;
    int heartbeat_ms = options->heartbeat_ms > 0 ? options->heartbeat_ms : 20000;
    server->options = *options;
    server->base_origin = origin_of(options->base_url);
    server->is_secure =
        options->base_url != NULL && g_str_has_prefix(options->base_url, "https://");
    server->router = hib_router_new(options->routes);
    server->cache = hib_reply_cache_new();
    server->streams = hib_streams_new(&server->loop, heartbeat_ms * HIB_MILLISECOND);
    server->pages = hib_pages_new(server, options->assets);
    raise_file_limit();
    if (!hib_workers_start(&server->workers, options->threads > 0 ? options->threads : 4) ||
        !(server->watch = hib_watch_new(request_ms * HIB_MILLISECOND, on_tick, server))) {
        no_threads(error);
        if (server->workers.n_threads == 0 || hib_workers_stop(&server->workers, PATIENCE_US))
            server_free(server);
        return NULL;
    }
    if (!start_daemon(server, error) ||
        (!hib_loop_start(&server->loop, server->daemon) && !no_threads(error))) {
        if (server->daemon != NULL)
            MHD_stop_daemon(server->daemon);
        if (hib_workers_stop(&server->workers, PATIENCE_US))
            server_free(server);
        return NULL;
    }
    hib_events_listen(options->store, hib_streams_event, server->streams);
    return server;
}

void
hib_server_stop(HibServer *server)
{
    if (server == NULL)
        return;
    MHD_socket listening = MHD_quiesce_daemon(server->daemon);
    hib_events_unlisten(server->options.store, hib_streams_event, server->streams);
    hib_streams_stop(server->streams);
    if (!hib_workers_stop(&server->workers, PATIENCE_US)) {
        /* A stuck handler still uses all this; the process is about to end. */
        hib_log(HIB_ALARM, "http.stuck", "what", "a call did not end in five seconds", NULL);
        return;
    }
    hib_streams_stop(server->streams); /* those that began meanwhile */
    hib_loop_stop(&server->loop);
    MHD_stop_daemon(server->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    server_free(server);
}

int
hib_server_port(const HibServer *server)
{
    return server->port;
}

int
hib_server_n_streams(const HibServer *server)
{
    return hib_streams_count(server->streams);
}
