/* The watch: one thread that looks at all connections about once a second.
 *
 * libmicrohttpd only closes a silent connection; one that drips a byte now and then would live for ever. From the first
 * byte of a request (the kernel's byte counter moves before the request line is complete) to its last there is one
 * deadline; then 408 is written on the bare socket, which nobody else writes to while the request is being read. */
#include "base/id.h"
#include "base/messages.h"
#include "base/time.h"
#include "http/server_private.h"
#include "http/shape_private.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

struct HibWatch {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool is_stopping;
    HibConn *first;
    int64_t request_us;
    HibTick tick;
    void *data;
};

/* The language is not known here: nothing of the head may have come. */
static char *
cut_reply(const char *status_line, const char *reason)
{
    g_autofree char *key = g_strconcat("error.", reason, NULL);
    GString *body = g_string_new(NULL);
    g_string_append_printf(body,
                           "{\"type\":\"urn:hibiki:problem:%s\",\"title\":\"%s\",\"status\":%.3s,",
                           reason, status_line + 4, status_line);
    g_string_append_printf(body, "\"reason\":\"%s\",\"detail\":", reason);
    hib_shape_print_text(hib_message("ja", key), body);
    char id[HIB_ID_TEXT];
    hib_id_fill(id, hib_clock_real());
    g_string_append_printf(body, ",\"request_id\":\"%s\"}", id);
    g_autofree char *text = g_string_free(body, FALSE);
    return g_strdup_printf(
        "HTTP/1.1 %s\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n"
        "Content-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n\r\n%s",
        status_line, strlen(text), text);
}

bool
hib_conn_cut(HibConn *conn, const char *status_line, const char *reason)
{
    int reading = HIB_CONN_READING;
    if (!atomic_compare_exchange_strong(&conn->phase, &reading, HIB_CONN_CUT))
        return false;
    g_autofree char *reply = cut_reply(status_line, reason);
    /* What the peer does not take at once it does not get. */
    ssize_t sent = send(conn->fd, reply, strlen(reply), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(conn->fd, sent < 0 ? SHUT_RDWR : SHUT_RD);
    return true;
}

static uint64_t
bytes_received(int fd)
{
    struct tcp_info info = {0};
    socklen_t n = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0)
        return 0;
    return info.tcpi_bytes_received;
}

static void
look_at(HibWatch *watch, HibConn *conn, int64_t now)
{
    if (atomic_load(&conn->phase) != HIB_CONN_READING)
        return;
    int64_t since = atomic_load(&conn->request_since);
    if (since != 0) {
        if (now - since > watch->request_us)
            hib_conn_cut(conn, "408 Request Timeout", "http.timeout");
        return;
    }
    /* Bytes of a request that has been answered meanwhile start no deadline: a connection at rest is nobody's fault. */
    unsigned done = atomic_load(&conn->n_done);
    uint64_t bytes = bytes_received(conn->fd);
    if (done == conn->done_seen && bytes != conn->bytes_seen &&
        atomic_compare_exchange_strong(&conn->request_since, &since, now) &&
        atomic_load(&conn->n_done) != done)
        atomic_compare_exchange_strong(&conn->request_since, &now, 0);
    conn->done_seen = done;
    conn->bytes_seen = bytes;
}

static void *
run(void *data)
{
    HibWatch *watch = data;
    int64_t every_us = CLAMP(watch->request_us / 4, 20000, 1000000);
    pthread_mutex_lock(&watch->lock);
    while (!watch->is_stopping) {
        struct timespec until;
        int64_t next = hib_monotonic_us() + every_us;
        until.tv_sec = next / 1000000;
        until.tv_nsec = next % 1000000 * 1000;
        while (!watch->is_stopping &&
               pthread_cond_timedwait(&watch->wake, &watch->lock, &until) != ETIMEDOUT)
            ;
        int64_t now = hib_monotonic_us();
        for (HibConn *conn = watch->first; conn != NULL && !watch->is_stopping; conn = conn->next)
            look_at(watch, conn, now);
        pthread_mutex_unlock(&watch->lock);
        watch->tick(watch->data, now);
        pthread_mutex_lock(&watch->lock);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

HibWatch *
hib_watch_new(int64_t request_us, HibTick tick, void *data)
{
    HibWatch *watch = g_new0(HibWatch, 1);
    watch->request_us = request_us;
    watch->tick = tick;
    watch->data = data;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&watch->thread, NULL, run, watch) == 0)
        return watch;
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->lock);
    g_free(watch);
    return NULL;
}

void
hib_watch_free(HibWatch *watch)
{
    if (watch == NULL)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->is_stopping = true;
    pthread_cond_broadcast(&watch->wake);
    pthread_mutex_unlock(&watch->lock);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->wake);
    pthread_mutex_destroy(&watch->lock);
    g_free(watch);
}

HibConn *
hib_watch_add(HibWatch *watch, int fd)
{
    HibConn *conn = g_new0(HibConn, 1);
    conn->fd = fd;
    pthread_mutex_lock(&watch->lock);
    conn->next = watch->first;
    if (conn->next != NULL)
        conn->next->previous = conn;
    watch->first = conn;
    pthread_mutex_unlock(&watch->lock);
    return conn;
}

void
hib_watch_remove(HibWatch *watch, HibConn *conn)
{
    pthread_mutex_lock(&watch->lock);
    if (conn->next != NULL)
        conn->next->previous = conn->previous;
    if (conn->previous != NULL)
        conn->previous->next = conn->next;
    else
        watch->first = conn->next;
    pthread_mutex_unlock(&watch->lock);
    g_free(conn);
}
