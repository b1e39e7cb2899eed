/* The server over bare sockets: what it answers, what it refuses, and that a refused connection carries nothing more. */
#include "http/test_server.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#define HOST "Host: localhost\r\n"
#define OWNER HOST "Cookie: a=b; who=owner\r\n"
#define JSON "Content-Type: application/json\r\n"

static HibTestServer *
plain(HibTestStore *store)
{
    return hib_test_server_new(store, 0, 0);
}

static void
assert_problem(const char *reply, int status, const char *reason)
{
    g_assert_cmpint(hib_test_status(reply), ==, status);
    g_autofree char *type = hib_test_header(reply, "Content-Type");
    g_assert_cmpstr(type, ==, "application/problem+json");
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) error = NULL;
    HibJson json = {0};
    const char *text = NULL;
    int64_t n = 0;
    const char *body = hib_test_body(reply);
    hib_assert_ok(hib_json_parse(arena, body, strlen(body), &json, &error), error);
    hib_assert_ok(hib_json_text(json, "reason", &text, &error), error);
    g_assert_cmpstr(text, ==, reason);
    hib_assert_ok(hib_json_int(json, "status", &n, &error), error);
    g_assert_cmpint(n, ==, status);
    const char *const others[] = {"type", "title", "detail", "request_id"};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        hib_assert_ok(hib_json_text(json, others[i], &text, &error), error);
        g_assert_cmpstr(text, !=, "");
    }
}

/* --- framing -------------------------------------------------------------------------------------------- */
static void
ambiguous_framing_is_refused_and_nothing_after_it_is_read(HibTestStore *store)
{
    static const char *const bad[] = {
        "GET /api/v1/things/x HTTP/1.1\nHost: localhost\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\n\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\n\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\nA: b\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\nA: b\rC: d\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\nA: b\r\n\tc\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\n A: b\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\nContent-Length : 3\r\n\r\nabc",
        "GET /api/v1/things/x HTTP/1.1\r\n\r\n",
        "GET /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET  /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/things/x  HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/things/x y HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://h/api/v1/things/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: "
        "3\r\n\r\nabc",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, "
        "chunked\r\n\r\n0\r\n\r\n",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: identity\r\n\r\nabc",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
        "chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "PUT /api/v1/upload HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: +3\r\n\r\nabc",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3, 3\r\n\r\nabc",
        "PUT /api/v1/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n\r\nabc",
        "G(T /api/v1/things/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    };
    g_autoptr(HibTestServer) test = plain(store);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        int fd = hib_test_connect(test->port);
        g_autofree char *twice =
            g_strconcat(bad[i], "GET /api/v1/things/none HTTP/1.1\r\n" HOST "\r\n", NULL);
        g_test_message("%s", bad[i]);
        hib_test_send(fd, twice);
        g_autofree char *reply = hib_test_receive(fd, false);
        g_assert_cmpint(hib_test_status(reply), ==, 400);
        /* libmicrohttpd sends the head of its own refusal twice; the second request is not answered. */
        g_autofree char *more = hib_test_drain(fd);
        g_assert_null(strstr(more, "auth.needed"));
        close(fd);
    }
}

static void
bad_framing_in_a_later_request_of_a_connection_is_refused(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    int fd = hib_test_connect(test->port);
    const char *good = "GET " TEST_THINGS " HTTP/1.1\r\n" OWNER "\r\n";
    for (int i = 0; i < 3; i++) {
        hib_test_send(fd, good);
        g_autofree char *reply = hib_test_receive(fd, false);
        g_assert_cmpint(hib_test_status(reply), ==, 200);
    }
    hib_test_send(fd, "GET " TEST_THINGS " HTTP/1.1\r\nHost: localhost\r\n\nGET / HTTP/1.1\r\n" HOST
                      "\r\n");
    g_autofree char *reply = hib_test_receive(fd, false);
    assert_problem(reply, 400, "http.framing");
    g_assert_true(hib_test_is_closed(fd));
    close(fd);
}

static void
pipelined_requests_are_answered_in_order(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    int fd = hib_test_connect(test->port);
    hib_test_send(fd, "PUT /api/v1/upload HTTP/1.1\r\n" HOST
                      "Content-Type: image/png\r\nContent-Length: 5\r\n\r\nfirst"
                      "PUT /api/v1/upload HTTP/1.1\r\n" HOST
                      "Content-Type: image/png\r\nContent-Length: 6\r\n\r\nsecond"
                      "GET /api/v1/nowhere HTTP/1.1\r\n" HOST "\r\n");
    g_autofree char *first = hib_test_receive(fd, false);
    g_autofree char *second = hib_test_receive(fd, false);
    g_autofree char *third = hib_test_receive(fd, false);
    g_assert_cmpstr(hib_test_body(first), ==, "first");
    g_assert_cmpstr(hib_test_body(second), ==, "second");
    assert_problem(third, 404, "http.not_found");
    close(fd);
}

static void
a_chunked_body_is_read_and_its_connection_closed(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    int fd = hib_test_connect(test->port);
    hib_test_send(fd,
                  "PUT /api/v1/upload HTTP/1.1\r\n" HOST
                  "Content-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET /api/v1/nowhere HTTP/1.1\r\n" HOST "\r\n");
    g_autofree char *reply = hib_test_receive(fd, false);
    g_assert_cmpstr(hib_test_body(reply), ==, "abcde");
    g_assert_true(hib_test_is_closed(fd));
    close(fd);
}

/* --- limits --------------------------------------------------------------------------------------------- */
static void
what_is_too_large_is_refused_by_name(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    g_autofree char *long_text = g_strnfill(5000, 'a');
    g_autofree char *huge_text = g_strnfill(40000, 'a');
    g_autofree char *url = g_strconcat("GET /", long_text, " HTTP/1.1\r\n" HOST "\r\n", NULL);
    g_autofree char *head =
        g_strconcat("GET / HTTP/1.1\r\n" HOST "A: ", long_text, "\r\nB: ", long_text,
                    "\r\nC: ", long_text, "\r\nD: ", long_text, "\r\n\r\n", NULL);
    g_autofree char *huge =
        g_strconcat("GET / HTTP/1.1\r\n" HOST "A: ", huge_text, "\r\n\r\n", NULL);
    g_autoptr(GString) many = g_string_new("GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 70; i++)
        g_string_append_printf(many, "A%d: b\r\n", i);
    g_string_append(many, "\r\n");
    const char *body =
        "POST " TEST_THINGS " HTTP/1.1\r\n" OWNER JSON "Content-Length: 2000000\r\n\r\n";
    const char *upload = "PUT /api/v1/upload HTTP/1.1\r\n" HOST
                         "Content-Type: image/png\r\nContent-Length: 99000000\r\n\r\n";

    g_autofree char *a = hib_test_ask(test->port, url);
    assert_problem(a, 414, "http.url_too_long");
    g_autofree char *b = hib_test_ask(test->port, head);
    assert_problem(b, 431, "http.headers_too_large");
    g_autofree char *c = hib_test_ask(test->port, many->str);
    assert_problem(c, 431, "http.headers_too_large");
    g_autofree char *d = hib_test_ask(test->port, body);
    assert_problem(d, 413, "http.too_large");
    g_autofree char *e = hib_test_ask(test->port, upload);
    assert_problem(e, 413, "http.too_large");
    g_autofree char *f = hib_test_ask(test->port, huge);
    g_assert_cmpint(hib_test_status(f), ==, 431); /* libmicrohttpd's own page */
}

static void
a_chunked_body_over_the_cap_is_cut(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    int fd = hib_test_connect(test->port);
    hib_test_send(fd, "POST " TEST_THINGS " HTTP/1.1\r\n" OWNER JSON
                      "Transfer-Encoding: chunked\r\n\r\n");
    g_autofree char *block = g_strnfill(65536, ' ');
    for (int i = 0; i < 40; i++) {
        hib_test_send(fd, "10000\r\n");
        hib_test_send(fd, block);
        hib_test_send(fd, "\r\n");
    }
    g_autofree char *cut = hib_test_drain(fd); /* a reset may overtake the reply */
    g_assert_true(*cut == '\0' || hib_test_status(cut) == 413);
    close(fd);
    g_autofree char *reply =
        hib_test_ask(test->port, "GET /api/v1/nowhere HTTP/1.1\r\n" HOST "\r\n");
    g_assert_cmpint(hib_test_status(reply), ==, 404);
}

static void
a_request_that_drips_is_ended_in_time(HibTestStore *store)
{
    static const char *const starts[] = {"G", "GET / HTTP/1.1\r\n",
                                         "PUT /api/v1/upload HTTP/1.1\r\n" HOST
                                         "Content-Type: image/png\r\nContent-Length: 500\r\n\r\n"};
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 400, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        int fd = hib_test_connect(test->port);
        gint64 start = g_get_monotonic_time();
        hib_test_send(fd, starts[i]);
        g_autoptr(GString) got = g_string_new(NULL);
        char buffer[512];
        ssize_t n = -1;
        for (int drips = 0; drips < 60 && n != 0; drips++) {
            g_usleep(50000);
            n = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
            if (n > 0)
                g_string_append_len(got, buffer, n);
            if (strstr(got->str, "}") != NULL)
                break;
            hib_test_send(fd, "x");
        }
        g_test_message("%zu: %s", i, got->str);
        assert_problem(got->str, 408, "http.timeout");
        g_assert_cmpint(g_get_monotonic_time() - start, <, 2000000);
        close(fd);
    }
}

static void
a_connection_at_rest_is_not_told_it_was_slow(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 400, 0);
    int fd = hib_test_connect(test->port);
    char buffer[2048];
    for (int i = 0; i < 3; i++) {
        hib_test_send(fd, "GET /api/v1/nowhere HTTP/1.1\r\n" HOST "\r\n");
        g_usleep(1200000); /* longer than a request may take */
        ssize_t n = recv(fd, buffer, sizeof buffer - 1, MSG_DONTWAIT);
        g_assert_cmpint(n, >, 0);
        buffer[n] = '\0';
        g_assert_cmpint(hib_test_status(buffer), ==, 404);
        g_assert_null(strstr(buffer, "http.timeout"));
    }
    close(fd);
}

/* --- answers -------------------------------------------------------------------------------------------- */
static void
routes_methods_and_paths_are_told_apart(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    g_autofree char *a = hib_test_ask(test->port, "GET /api/v1/nowhere HTTP/1.1\r\n" HOST "\r\n");
    assert_problem(a, 404, "http.not_found");
    g_autofree char *b =
        hib_test_ask(test->port, "DELETE " TEST_THINGS " HTTP/1.1\r\n" OWNER "\r\n");
    assert_problem(b, 405, "http.method");
    g_autofree char *allow = hib_test_header(b, "Allow");
    g_assert_cmpstr(allow, ==, "OPTIONS, GET, HEAD, POST");
    g_autofree char *c =
        hib_test_ask(test->port, "OPTIONS " TEST_THINGS " HTTP/1.1\r\n" HOST "\r\n");
    g_assert_cmpint(hib_test_status(c), ==, 204);
    g_autofree char *options = hib_test_header(c, "Allow");
    g_assert_cmpstr(options, ==, "OPTIONS, GET, HEAD, POST");
    g_autofree char *d =
        hib_test_ask(test->port, "GET /api/v1/things/none HTTP/1.1\r\n" HOST "\r\n");
    assert_problem(d, 401, "auth.needed");
    g_autofree char *e = hib_test_ask(test->port, "GET /api/v1/things/12 HTTP/1.1\r\n" HOST "\r\n");
    assert_problem(e, 404, "http.not_found");
    g_autofree char *f = hib_test_ask(test->port, "HEAD " TEST_THINGS " HTTP/1.1\r\n" OWNER
                                                  "Connection: close\r\n\r\n");
    g_assert_cmpint(hib_test_status(f), ==, 200);
    g_autofree char *length = hib_test_header(f, "Content-Length");
    g_assert_cmpstr(length, ==, "22");
    g_assert_cmpstr(hib_test_body(f), ==, "");
    g_autofree char *g =
        hib_test_ask(test->port, "GET /api/v1/things/none HTTP/1.1\r\n" OWNER "\r\n");
    assert_problem(g, 500, "internal.unexpected");
    g_autofree char *h =
        hib_test_ask(test->port, "GET /api/v1/workspaces/x/things HTTP/1.1\r\n" OWNER "\r\n");
    assert_problem(h, 404, "http.not_found");
}

static char *
create(HibTestServer *test, const char *headers, const char *body)
{
    g_autofree char *text =
        g_strdup_printf("POST " TEST_THINGS " HTTP/1.1\r\n%sContent-Length: %zu\r\n\r\n%s", headers,
                        strlen(body), body);
    return hib_test_ask(test->port, text);
}

static void
roles_scopes_and_csrf_guard_a_change(HibTestStore *store)
{
    const char *good = "{\"text\":\"響き\"}";
    g_autoptr(HibTestServer) test = plain(store);
    g_autofree char *a = create(test, HOST JSON, good);
    assert_problem(a, 401, "auth.needed");
    g_autofree char *b =
        create(test, HOST JSON "Cookie: who=client\r\nX-CSRF-Token: right\r\n", good);
    assert_problem(b, 403, "auth.forbidden");
    g_autofree char *c = create(test, HOST JSON "Authorization: Bearer reader\r\n", good);
    assert_problem(c, 403, "auth.scope");
    g_autofree char *d = create(test, HOST JSON "Authorization: Bearer other\r\n", good);
    assert_problem(d, 401, "auth.bad_token");
    g_autofree char *e = create(test, OWNER JSON, good);
    assert_problem(e, 403, "auth.csrf");
    g_autofree char *f = create(test, OWNER JSON "X-CSRF-Token: wrong\r\n", good);
    assert_problem(f, 403, "auth.csrf");
    g_autofree char *g =
        create(test, OWNER JSON "X-CSRF-Token: right\r\nOrigin: https://evil.example\r\n", good);
    assert_problem(g, 403, "auth.csrf");
    g_autofree char *h = create(test, OWNER JSON "X-CSRF-Token: right\r\nOrigin: null\r\n", good);
    assert_problem(h, 403, "auth.csrf");
    g_autofree char *i =
        create(test, OWNER JSON "X-CSRF-Token: right\r\nOrigin: https://hibiki.example\r\n", good);
    g_assert_cmpint(hib_test_status(i), ==, 201);
    g_assert_cmpstr(hib_test_body(i), ==, good);
    g_autofree char *cookie = hib_test_header(i, "Set-Cookie");
    g_assert_cmpstr(cookie, ==, "seen=yes; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    g_autofree char *j =
        create(test, OWNER JSON "X-CSRF-Token: right\r\nOrigin: http://localhost\r\n", good);
    g_assert_cmpint(hib_test_status(j), ==, 201);
}

static void
bad_bodies_are_refused_with_place_and_sentence(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    const char *right = OWNER JSON "X-CSRF-Token: right\r\n";
    g_autofree char *a = create(test, right, "{\"text\":");
    assert_problem(a, 400, "json.malformed");
    g_autofree char *b = create(test, right, "{\"text\":\"a\",\"n\":0}");
    assert_problem(b, 422, "input.too_small");
    g_assert_nonnull(strstr(b, "\"pointer\":\"/n\""));
    g_assert_nonnull(strstr(b, "1以上"));
    g_autofree char *c = create(
        test, OWNER JSON "X-CSRF-Token: right\r\nAccept-Language: en-GB, ja\r\n", "{\"a/~b\":1}");
    assert_problem(c, 422, "input.unknown");
    g_assert_nonnull(strstr(c, "\"pointer\":\"/a~1~0b\""));
    g_assert_nonnull(strstr(c, "Nothing was saved"));
    g_autofree char *d =
        create(test, OWNER "X-CSRF-Token: right\r\nContent-Type: text/plain\r\n", "{}");
    assert_problem(d, 415, "http.media_type");
    g_autofree char *e = create(test, right, "{\"text\":\"busy\"}");
    assert_problem(e, 429, "http.busy");
    g_assert_nonnull(strstr(e, "\"retry_at\":\"20"));
    g_autofree char *retry = hib_test_header(e, "Retry-After");
    g_assert_cmpint((int)g_ascii_strtoll(retry, NULL, 10), >=, 59);
    g_autofree char *f = create(test, right, "");
    assert_problem(f, 400, "json.malformed");
    g_autofree char *g =
        hib_test_ask(test->port, "GET " TEST_THINGS "?n=x HTTP/1.1\r\n" OWNER "\r\n");
    assert_problem(g, 422, "input.wrong_type");
    g_assert_nonnull(strstr(g, "\"pointer\":\"?n\""));
}

static void
a_kept_reply_holds_until_the_workspace_changes(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    const char *get = "GET " TEST_THINGS " HTTP/1.1\r\n" OWNER "\r\n";
    g_autofree char *first = hib_test_ask(test->port, get);
    g_autofree char *again = hib_test_ask(test->port, get);
    g_assert_cmpstr(hib_test_body(first), ==, "{\"text\":\"owner\",\"n\":1}");
    g_assert_cmpstr(hib_test_body(again), ==, hib_test_body(first));
    g_autofree char *other = hib_test_ask(test->port, "GET " TEST_THINGS " HTTP/1.1\r\n" HOST
                                                      "Cookie: who=client\r\n\r\n");
    g_assert_cmpstr(hib_test_body(other), ==, "{\"text\":\"client\",\"n\":2}");
    g_autofree char *etag = hib_test_header(again, "ETag");
    g_autofree char *ask = g_strconcat(
        "HEAD " TEST_THINGS " HTTP/1.1\r\n" OWNER "If-None-Match: ", etag, "\r\n\r\n", NULL);
    g_autofree char *same = hib_test_ask(test->port, ask);
    g_assert_cmpint(hib_test_status(same), ==, 304);

    g_autofree char *made = create(test, OWNER JSON "X-CSRF-Token: right\r\n", "{\"text\":\"a\"}");
    g_assert_cmpint(hib_test_status(made), ==, 201);
    g_autofree char *fresh = hib_test_ask(test->port, get);
    g_assert_cmpstr(hib_test_body(fresh), ==, "{\"text\":\"owner\",\"n\":3}");
    g_autofree char *nobody =
        hib_test_ask(test->port, "GET " TEST_THINGS " HTTP/1.1\r\n" HOST "\r\n");
    assert_problem(nobody, 401, "auth.needed");
}

static void
every_reply_has_the_security_headers(HibTestStore *store)
{
    static const char *const asks[] = {"GET " TEST_THINGS " HTTP/1.1\r\n" OWNER "\r\n",
                                       "GET /assets/a-1.js HTTP/1.1\r\n" HOST "\r\n",
                                       "GET /queue HTTP/1.1\r\n" HOST "\r\n",
                                       "GET /api/v1/nowhere HTTP/1.1\r\n" HOST "\r\n"};
    g_autoptr(HibTestServer) test = plain(store);
    for (size_t i = 0; i < G_N_ELEMENTS(asks); i++) {
        g_autofree char *reply = hib_test_ask(test->port, asks[i]);
        g_autofree char *policy = hib_test_header(reply, "Content-Security-Policy");
        g_autofree char *sniff = hib_test_header(reply, "X-Content-Type-Options");
        g_autofree char *strict = hib_test_header(reply, "Strict-Transport-Security");
        g_assert_true(g_str_has_prefix(policy, "default-src 'self'; img-src 'self' data: blob:"));
        g_assert_cmpstr(sniff, ==, "nosniff");
        g_assert_cmpstr(strict, !=, "");
    }
}

static void
files_come_in_the_form_the_browser_takes(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = plain(store);
    g_autofree char *a = hib_test_ask(test->port, "GET /assets/a-1.js HTTP/1.1\r\n" HOST
                                                  "Accept-Encoding: gzip, br\r\n\r\n");
    g_assert_cmpstr(hib_test_body(a), ==, "BR");
    g_autofree char *b = hib_test_ask(test->port, "GET /assets/a-1.js HTTP/1.1\r\n" HOST
                                                  "Accept-Encoding: gzip, br;q=0\r\n\r\n");
    g_assert_cmpstr(hib_test_body(b), ==, "GZIP");
    g_autofree char *cache = hib_test_header(b, "Cache-Control");
    g_assert_cmpstr(cache, ==, "public, max-age=31536000, immutable");
    g_autofree char *c = hib_test_ask(test->port, "GET /assets/a-1.js HTTP/1.1\r\n" HOST "\r\n");
    g_assert_true(g_str_has_prefix(hib_test_body(c), "console.log"));
    g_autofree char *d = hib_test_ask(test->port, "HEAD /assets/a-1.js HTTP/1.1\r\n" HOST
                                                  "If-None-Match: \"abc\"\r\n\r\n");
    g_assert_cmpint(hib_test_status(d), ==, 304);
    g_autofree char *e = hib_test_ask(test->port, "GET /assets/b.js HTTP/1.1\r\n" HOST "\r\n");
    assert_problem(e, 404, "http.not_found");
    g_autofree char *f = hib_test_ask(test->port, "GET /queue/x?y=1 HTTP/1.1\r\n" HOST "\r\n");
    g_assert_cmpint(hib_test_status(f), ==, 200);
    g_assert_nonnull(strstr(
        f, "<script type=\"application/json\" "
           "id=\"boot\">{\"path\":\"/queue/x\",\"text\":\"\\u003c/script>\"}</script></head>"));
    g_autofree char *g = hib_test_ask(test->port, "GET /metrics HTTP/1.1\r\n" HOST "\r\n");
    g_assert_cmpstr(hib_test_body(g), ==, "up 1\n");
    g_autofree char *h = hib_test_ask(test->port, "GET /metrics HTTP/1.1\r\n" HOST
                                                  "X-Forwarded-For: 1.2.3.4\r\n\r\n");
    assert_problem(h, 404, "http.not_found");
    g_autofree char *i =
        hib_test_ask(test->port, "POST /queue HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
    assert_problem(i, 405, "http.method");
}

/* gzip, as a browser undoes it. */
static char *
unpacked(const char *reply)
{
    g_autofree char *length = hib_test_header(reply, "Content-Length");
    char *out = g_malloc0(100000);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)hib_test_body(reply),
                  .avail_in = (uInt)g_ascii_strtoull(length, NULL, 10),
                  .next_out = (Bytef *)(void *)out,
                  .avail_out = 99999};
    g_assert_cmpint(inflateInit2(&z, MAX_WBITS + 16), ==, Z_OK);
    g_assert_cmpint(inflate(&z, Z_FINISH), ==, Z_STREAM_END);
    inflateEnd(&z);
    return out;
}

static void
a_long_page_comes_packed_and_its_length_tells_nothing(HibTestStore *store)
{
    static const char ask[] = "GET /long HTTP/1.1\r\n" HOST "Accept-Encoding: br, gzip\r\n\r\n";
    g_autoptr(HibTestServer) test = plain(store);
    g_autoptr(GHashTable) lengths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < 12; i++) {
        g_autofree char *reply = hib_test_ask(test->port, ask);
        g_autofree char *encoding = hib_test_header(reply, "Content-Encoding");
        g_autofree char *vary = hib_test_header(reply, "Vary");
        g_assert_cmpint(hib_test_status(reply), ==, 200);
        g_assert_cmpstr(encoding, ==, "gzip");
        g_assert_cmpstr(vary, ==, "Accept-Encoding");
        g_hash_table_add(lengths, hib_test_header(reply, "Content-Length"));
        g_autofree char *text = unpacked(reply);
        g_assert_cmpuint(strlen(text), >, 20000);
        g_assert_nonnull(strstr(text, "{\"path\":\"/long\""));
        g_assert_true(g_str_has_suffix(text, "</html>"));
    }
    g_assert_cmpuint(g_hash_table_size(lengths), >, 3);
    g_autofree char *plain_one = hib_test_ask(test->port, "GET /long HTTP/1.1\r\n" HOST "\r\n");
    g_assert_null(strstr(plain_one, "Content-Encoding"));
    g_assert_nonnull(strstr(plain_one, "{\"path\":\"/long\""));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/http/server/" #name, name)
    ADD(ambiguous_framing_is_refused_and_nothing_after_it_is_read);
    ADD(bad_framing_in_a_later_request_of_a_connection_is_refused);
    ADD(pipelined_requests_are_answered_in_order);
    ADD(a_chunked_body_is_read_and_its_connection_closed);
    ADD(what_is_too_large_is_refused_by_name);
    ADD(a_chunked_body_over_the_cap_is_cut);
    ADD(a_request_that_drips_is_ended_in_time);
    ADD(a_connection_at_rest_is_not_told_it_was_slow);
    ADD(routes_methods_and_paths_are_told_apart);
    ADD(roles_scopes_and_csrf_guard_a_change);
    ADD(bad_bodies_are_refused_with_place_and_sentence);
    ADD(a_kept_reply_holds_until_the_workspace_changes);
    ADD(every_reply_has_the_security_headers);
    ADD(files_come_in_the_form_the_browser_takes);
    ADD(a_long_page_comes_packed_and_its_length_tells_nothing);
    return g_test_run();
}
