/* For tests of connectors: a server on loopback that answers from a script, one line a call, and keeps what it heard.
 *
 * A call that does not fit the next line is answered 599 and remembered; hib_test_peer_done fails on it, and on lines left over. */
#pragma once
#include "networks/network.h"
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    const char *call; /* what the request begins with: "POST /api/v1/statuses" */
    int status;       /* 0: the connection is cut instead of an answer */
    const char *body; /* NULL: empty */
    const char *head; /* further header lines, each ended by \r\n; NULL: none */
} HibTestLine;

typedef struct {
    int listener;
    char *url;
    GThread *thread;
    GMutex lock;
    const HibTestLine *lines;
    size_t n_lines, at;
    GPtrArray *heard; /* whole requests */
    char *wrong;      /* the first that did not fit */
} HibTestPeer;

static inline char *
hib_test_peer_hear(int fd)
{
    g_autoptr(GString) in = g_string_new(NULL);
    char bytes[65536];
    for (;;) {
        const char *end = strstr(in->str, "\r\n\r\n");
        const char *length = end ? strcasestr(in->str, "\r\nContent-Length: ") : NULL;
        size_t wanted =
            length && length < end ? (size_t)g_ascii_strtoull(length + 18, NULL, 10) : 0;
        if (end && in->len >= (size_t)(end + 4 - in->str) + wanted)
            return g_strndup(in->str, in->len);
        ssize_t n = recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0)
            return NULL;
        g_string_append_len(in, bytes, n);
        /* Bytes of a picture: the tests look at text only. */
        for (size_t i = in->len - (size_t)n; i < in->len; i++)
            in->str[i] = in->str[i] ? in->str[i] : '0';
    }
}

static inline void
hib_test_peer_answer(HibTestPeer *peer, int fd, const char *request)
{
    g_mutex_lock(&peer->lock);
    bool fits = peer->at < peer->n_lines && g_str_has_prefix(request, peer->lines[peer->at].call);
    const HibTestLine line = fits ? peer->lines[peer->at++] : (HibTestLine){.status = 599};
    g_ptr_array_add(peer->heard, g_strdup(request));
    if (!fits && !peer->wrong)
        peer->wrong = g_strndup(request, 200);
    g_mutex_unlock(&peer->lock);
    const char *body = line.body ? line.body : "";
    g_autofree char *text =
        g_strdup_printf("HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: "
                        "%zu\r\nConnection: close\r\n"
                        "%s\r\n%s",
                        line.status, strlen(body), line.head ? line.head : "", body);
    if (line.status)
        (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static inline void *
hib_test_peer_serve(void *data)
{
    HibTestPeer *peer = data;
    int fd;
    while ((fd = accept(peer->listener, NULL, NULL)) >= 0) {
        g_autofree char *request = hib_test_peer_hear(fd);
        if (request)
            hib_test_peer_answer(peer, fd, request);
        close(fd);
    }
    return NULL;
}

static inline HibTestPeer *
hib_test_peer_new(void)
{
    HibTestPeer *peer = g_new0(HibTestPeer, 1);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->listener = socket(AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint(bind(peer->listener, (struct sockaddr *)&at, size), ==, 0);
    g_assert_cmpint(listen(peer->listener, 16), ==, 0);
    getsockname(peer->listener, (struct sockaddr *)&at, &size);
    peer->url = g_strdup_printf("http://127.0.0.1:%d", ntohs(at.sin_port));
    peer->heard = g_ptr_array_new_with_free_func(g_free);
    g_mutex_init(&peer->lock);
    peer->thread = g_thread_new("peer", hib_test_peer_serve, peer);
    return peer;
}

/* From now on these lines; what was heard is forgotten. `lines` must outlive the calls. */
static inline void
hib_test_peer_script(HibTestPeer *peer, const HibTestLine *lines, size_t n)
{
    g_mutex_lock(&peer->lock);
    peer->lines = lines;
    peer->n_lines = n;
    peer->at = 0;
    g_ptr_array_set_size(peer->heard, 0);
    g_clear_pointer(&peer->wrong, g_free);
    g_mutex_unlock(&peer->lock);
}

/* All lines were used, and nothing else was asked. */
static inline void
hib_test_peer_done(HibTestPeer *peer)
{
    g_mutex_lock(&peer->lock);
    if (peer->wrong || peer->at < peer->n_lines)
        g_test_message("next line: %s; heard instead: %s",
                       peer->at < peer->n_lines ? peer->lines[peer->at].call : "none",
                       peer->wrong ? peer->wrong : "nothing");
    g_assert_null(peer->wrong);
    g_assert_cmpuint(peer->at, ==, peer->n_lines);
    g_mutex_unlock(&peer->lock);
}

static inline const char *
hib_test_peer_heard(const HibTestPeer *peer, guint i)
{
    g_assert_cmpuint(i, <, peer->heard->len);
    return g_ptr_array_index(peer->heard, i);
}

/* How many calls of the last script began so. */
static inline int
hib_test_peer_count(const HibTestPeer *peer, const char *call)
{
    int n = 0;
    for (guint i = 0; i < peer->heard->len; i++)
        n += g_str_has_prefix(g_ptr_array_index(peer->heard, i), call);
    return n;
}

static inline void
hib_test_peer_free(HibTestPeer *peer)
{
    shutdown(peer->listener, SHUT_RDWR);
    g_thread_join(peer->thread);
    close(peer->listener);
    g_ptr_array_unref(peer->heard);
    g_mutex_clear(&peer->lock);
    g_free(peer->wrong);
    g_free(peer->url);
    g_free(peer);
}
