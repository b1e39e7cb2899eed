/* The client against real sockets: each test's server is a thread that does one thing to each connection. */
#include "base/error.h"
#include "http/address.h"
#include "http/client.h"
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

/* What the server does once it has read a request. */
typedef enum {
    ANSWER,
    CUT,
    CUT_IN_ANSWER,
    SILENT,
    HUGE_ANSWER,
    REDIRECT_HOME,
    REDIRECT_HOP,
    RESET_UNREAD
} Manner;
typedef struct {
    int listener, port, n_accepted, n_requests;
    Manner manner;
    GThread *thread;
} Peer;

static void
send_text(int fd, const char *text)
{
    g_assert_cmpint(send(fd, text, strlen(text), MSG_NOSIGNAL), ==, (gssize)strlen(text));
}

static void
serve_one(Peer *peer, int fd)
{
    char request[4096] = "";
    if (peer->manner == RESET_UNREAD) {
        struct linger at_once = {1, 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        return;
    }
    struct timeval patience = {
        .tv_usec = 100000}; /* an idle kept connection is left, so that the next one is accepted */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    while (recv(fd, request, sizeof request - 1, 0) > 0) {
        g_atomic_int_inc(&peer->n_requests);
        if (peer->manner == CUT)
            return;
        if (peer->manner == CUT_IN_ANSWER) {
            send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            return;
        }
        if (peer->manner == SILENT) {
            g_usleep(700000);
            return;
        }
        if (peer->manner == HUGE_ANSWER) {
            send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n");
            char block[2001];
            memset(block, 'x', 2000);
            block[2000] = '\0';
            send_text(fd, block);
            return;
        }
        if (peer->manner == REDIRECT_HOME && !strstr(request, "/landed")) {
            g_autofree char *text =
                g_strdup_printf("HTTP/1.1 302 Found\r\nLocation: "
                                "http://127.0.0.1:%d/landed\r\nContent-Length: 0\r\n\r\n",
                                peer->port);
            send_text(fd, text);
            continue;
        }
        if (peer->manner == REDIRECT_HOP)
            send_text(fd, "HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: "
                          "0\r\n\r\n");
        else
            send_text(fd, "HTTP/1.1 201 Created\r\nX-Left:  7 \r\nContent-Type: "
                          "application/json\r\nContent-Length: 2\r\n\r\n{}");
    }
}

static gpointer
peer_run(gpointer data)
{
    Peer *peer = data;
    for (int fd; (fd = accept(peer->listener, NULL, NULL)) >= 0;) {
        g_atomic_int_inc(&peer->n_accepted);
        serve_one(peer, fd);
        close(fd);
    }
    return NULL;
}

static void
peer_start(Peer *peer, Manner manner)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;
    *peer = (Peer){.manner = manner, .listener = socket(AF_INET, SOCK_STREAM, 0)};
    g_assert_cmpint(bind(peer->listener, (struct sockaddr *)&address, n), ==, 0);
    g_assert_cmpint(listen(peer->listener, 8), ==, 0);
    getsockname(peer->listener, (struct sockaddr *)&address, &n);
    peer->port = ntohs(address.sin_port);
    peer->thread = g_thread_new("peer", peer_run, peer);
}

static void
peer_stop(Peer *peer)
{
    shutdown(peer->listener, SHUT_RDWR);
    g_thread_join(peer->thread);
    close(peer->listener);
}

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibHttpReply reply;
    GError *error;
} Try;

static bool
try_post(Try *t, int port, bool is_foreign)
{
    HibHttpRequest request = {.method = "POST",
                              .url = hib_arena_printf(t->arena, "http://127.0.0.1:%d/x", port),
                              .body = "{}",
                              .n_body = 2,
                              .content_type = "application/json",
                              .total_ms = 400,
                              .reply_cap = 1000,
                              .is_foreign = is_foreign};
    g_clear_error(&t->error);
    return hib_http_do(t->http, t->arena, &request, &t->reply, &t->error);
}

static void
set_up(Try *t)
{
    *t = (Try){.arena = hib_arena_new(), .http = hib_http_new()};
}

static void
tear_down(Try *t)
{
    g_clear_error(&t->error);
    hib_http_free(t->http);
    hib_arena_free(t->arena);
}

static void
an_answer_of_any_status_is_read_whole(void)
{
    Try t;
    Peer peer;
    set_up(&t);
    peer_start(&peer, ANSWER);
    g_assert_true(try_post(&t, peer.port, false));
    g_assert_cmpint(t.reply.status, ==, 201);
    g_assert_cmpstr(t.reply.body, ==, "{}");
    g_assert_cmpstr(hib_http_header(&t.reply, "x-left"), ==, "7");
    g_assert_cmpstr(t.reply.content_type, ==, "application/json");
    tear_down(&t);
    peer_stop(&peer);
}

/* Each way of not answering, and whether the request may have had an effect. */
static void
a_cut_before_and_a_cut_after_are_told_apart(void)
{
    static const struct {
        Manner manner;
        const char *reason;
    } rows[] = {{CUT, "http.no_answer"},
                {CUT_IN_ANSWER, "http.no_answer"},
                {SILENT, "http.no_answer"},
                {HUGE_ANSWER, "http.reply_too_large"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Try t;
        Peer peer;
        set_up(&t);
        peer_start(&peer, rows[i].manner);
        g_assert_false(try_post(&t, peer.port, false));
        g_assert_cmpstr(hib_error_reason(t.error), ==, rows[i].reason);
        g_assert_true(hib_error_is(t.error, HIB_ERROR_UNCERTAIN));
        g_assert_cmpint(g_atomic_int_get(&peer.n_requests), ==,
                        1); /* and it was not repeated behind our back */
        tear_down(&t);
        peer_stop(&peer);
    }
}

static void
a_request_that_never_left_is_known_to_be_harmless(void)
{
    Try t;
    Peer peer;
    set_up(&t);
    peer_start(&peer, ANSWER);
    peer_stop(&peer); /* nobody listens on the port now */
    g_assert_false(try_post(&t, peer.port, false));
    g_assert_cmpstr(hib_error_reason(t.error), ==, "http.not_sent");
    HibHttpRequest request = {.method = "GET", .url = "http://no-such-host.invalid/"};
    g_clear_error(&t.error);
    g_assert_false(hib_http_do(t.http, t.arena, &request, &t.reply, &t.error));
    g_assert_cmpstr(hib_error_reason(t.error), ==, "http.not_sent");
    tear_down(&t);
}

static void
a_mutation_never_rides_a_kept_connection(void)
{
    Try t;
    Peer peer;
    set_up(&t);
    peer_start(&peer, ANSWER);
    g_assert_true(try_post(&t, peer.port, false));
    g_assert_true(try_post(&t, peer.port, false));
    g_assert_cmpint(peer.n_accepted, ==, 2);
    g_assert_cmpint(peer.n_requests, ==, 2);
    tear_down(&t);
    peer_stop(&peer);
}

static void
a_foreign_url_does_not_reach_private_addresses(void)
{
    Try t;
    Peer peer;
    set_up(&t);
    peer_start(&peer, ANSWER);
    g_assert_false(try_post(&t, peer.port, true));
    g_assert_cmpstr(hib_error_reason(t.error), ==, "http.private");
    HibHttpRequest request = {.method = "GET",
                              .url = hib_arena_printf(t.arena, "http://localhost:%d/", peer.port),
                              .is_foreign = true};
    g_clear_error(&t.error);
    g_assert_false(hib_http_do(t.http, t.arena, &request, &t.reply, &t.error));
    g_assert_cmpstr(hib_error_reason(t.error), ==, "http.private");
    g_assert_cmpint(peer.n_accepted, ==, 0);
    tear_down(&t);
    peer_stop(&peer);
}

static void
redirects_are_followed_for_reads_only_and_never_to_other_schemes(void)
{
    Try t;
    Peer home, hop;
    set_up(&t);
    peer_start(&home, REDIRECT_HOME);
    HibHttpRequest request = {.method = "GET",
                              .url = hib_arena_printf(t.arena, "http://127.0.0.1:%d/", home.port),
                              .redirects = 3};
    g_assert_true(hib_http_do(t.http, t.arena, &request, &t.reply, &t.error));
    g_assert_cmpint(t.reply.status, ==, 201);
    peer_start(&hop, REDIRECT_HOP);
    request.url = hib_arena_printf(t.arena, "http://127.0.0.1:%d/", hop.port);
    g_assert_false(hib_http_do(t.http, t.arena, &request, &t.reply, &t.error));
    tear_down(&t);
    peer_stop(&home);
    peer_stop(&hop);
}

static void
a_bad_url_is_refused_as_such(void)
{
    Try t;
    set_up(&t);
    static const char *const urls[] = {"file:///etc/passwd", "gopher://127.0.0.1/", "http://",
                                       "not a url at all"};
    for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
        HibHttpRequest request = {.method = "GET", .url = urls[i], .is_foreign = true};
        g_clear_error(&t.error);
        g_assert_false(hib_http_do(t.http, t.arena, &request, &t.reply, &t.error));
        g_assert_true(hib_error_is(t.error, HIB_ERROR_INVALID) ||
                      hib_error_is(t.error, HIB_ERROR_UPSTREAM));
    }
    tear_down(&t);
}

static bool
is_private(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return hib_address_is_private((struct sockaddr *)&v4);
    g_assert_cmpint(inet_pton(AF_INET6, text, &v6.sin6_addr), ==, 1);
    return hib_address_is_private((struct sockaddr *)&v6);
}

static void
every_special_range_is_private_and_its_neighbours_are_not(void)
{
    static const char *const yes[] = {"0.0.0.0",
                                      "10.255.0.1",
                                      "100.64.0.1",
                                      "100.127.255.255",
                                      "127.0.0.1",
                                      "127.255.255.254",
                                      "169.254.169.254",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.168.1.1",
                                      "198.18.0.1",
                                      "198.19.255.255",
                                      "224.0.0.1",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "::ffff:10.0.0.1",
                                      "64:ff9b::7f00:1",
                                      "2002:7f00:1::",
                                      "2002:c0a8:101::1",
                                      "fc00::1",
                                      "fd12::1",
                                      "fe80::1",
                                      "ff02::1",
                                      "2001::1",
                                      "2001:db8::1"};
    static const char *const no[] = {"1.1.1.1",         "9.255.255.255",   "11.0.0.1",
                                     "100.63.255.255",  "100.128.0.1",     "126.255.255.255",
                                     "128.0.0.1",       "172.15.255.255",  "172.32.0.1",
                                     "192.167.255.255", "192.169.0.1",     "198.17.255.255",
                                     "198.20.0.1",      "223.255.255.255", "::ffff:8.8.8.8",
                                     "2606:4700::1111", "2002:808:808::1", "2400:3200::1"};
    for (size_t i = 0; i < G_N_ELEMENTS(yes); i++)
        if (!is_private(yes[i]))
            g_test_message("%s", yes[i]), g_test_fail();
    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        if (is_private(no[i]))
            g_test_message("%s", no[i]), g_test_fail();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/client/an_answer_of_any_status_is_read_whole",
                    an_answer_of_any_status_is_read_whole);
    g_test_add_func("/client/a_cut_before_and_a_cut_after_are_told_apart",
                    a_cut_before_and_a_cut_after_are_told_apart);
    g_test_add_func("/client/a_request_that_never_left_is_known_to_be_harmless",
                    a_request_that_never_left_is_known_to_be_harmless);
    g_test_add_func("/client/a_mutation_never_rides_a_kept_connection",
                    a_mutation_never_rides_a_kept_connection);
    g_test_add_func("/client/a_foreign_url_does_not_reach_private_addresses",
                    a_foreign_url_does_not_reach_private_addresses);
    g_test_add_func("/client/redirects_are_followed_for_reads_only_and_never_to_other_schemes",
                    redirects_are_followed_for_reads_only_and_never_to_other_schemes);
    g_test_add_func("/client/a_bad_url_is_refused_as_such", a_bad_url_is_refused_as_such);
    g_test_add_func("/client/every_special_range_is_private_and_its_neighbours_are_not",
                    every_special_range_is_private_and_its_neighbours_are_not);
    return g_test_run();
}
