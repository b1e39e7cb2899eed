/* Host: which names are ours, and that the server serves no other; what a proxy says is believed only where one is trusted. */
#include "http/test_server.h"

#include "http/server_private.h"

#include <string.h>
#include <unistd.h>

static void
without_a_base_url_only_addresses_and_localhost_are_ours(void)
{
    static const char *const ours[] = {
        "localhost",      "localhost:8470", "LocalHost:1", "localhost.",     "app.localhost",
        "127.0.0.1:8470", "127.3.2.1",      "[::1]:8470",  "192.168.1.5:80", "[2001:db8::1]"};
    static const char *const others[] = {"evil.example",
                                         "evil.example:8470",
                                         "127.0.0.1.evil.example",
                                         "localhost.evil.example",
                                         "",
                                         ":8470",
                                         "[::1",
                                         "[::1]x",
                                         "127.0.0.1:80:80",
                                         "localhost:x",
                                         "notlocalhost",
                                         "[]"};
    for (size_t i = 0; i < G_N_ELEMENTS(ours); i++) {
        g_test_message("%s", ours[i]);
        g_assert_true(hib_host_is_ours(ours[i], NULL));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_test_message("%s", others[i]);
        g_assert_false(hib_host_is_ours(others[i], NULL));
    }
}

static void
with_a_base_url_its_name_and_loopback_are_ours(void)
{
    static const char base[] = "https://hibiki.example:8443";
    static const char *const ours[] = {"hibiki.example", "Hibiki.Example:8443", "hibiki.example.",
                                       "localhost:8470", "127.0.0.1",           "[::1]:1"};
    static const char *const others[] = {"192.168.1.5", "other.example",
                                         "hibiki.example.evil.example", "xhibiki.example",
                                         "127.0.0.1.evil.example"};
    for (size_t i = 0; i < G_N_ELEMENTS(ours); i++)
        g_assert_true(hib_host_is_ours(ours[i], base));
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(hib_host_is_ours(others[i], base));
    g_assert_true(hib_host_is_ours("[2001:db8::2]:443", "http://[2001:db8::2]"));
    g_assert_false(hib_host_is_ours("[2001:db8::3]:443", "http://[2001:db8::2]"));
}

static void
a_call_for_another_name_is_refused_unread(HibTestStore *store)
{
    g_autoptr(HibTestServer) test = hib_test_server_new(store, 0, 0);
    static const char *const heads[] = {
        "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET " TEST_THINGS " HTTP/1.1\r\nHost: evil.example\r\nCookie: who=owner\r\n\r\n",
        "POST " TEST_THINGS " HTTP/1.1\r\nHost: evil.example\r\nCookie: who=owner\r\n"
        "Origin: http://evil.example\r\nX-CSRF-Token: right\r\nContent-Type: application/json\r\n"
        "Content-Length: 14\r\n\r\n{\"text\":\"evil\"}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_autofree char *reply = hib_test_ask(test->port, heads[i]);
        g_assert_cmpint(hib_test_status(reply), ==, 421);
        g_assert_nonnull(strstr(hib_test_body(reply), "\"reason\":\"http.host\""));
        g_assert_null(strstr(reply, "Set-Cookie"));
    }
    g_assert_cmpint(test->n_runs, ==, 0);
}

static char *
client_seen(HibTestServer *test, const char *forwarded)
{
    g_autofree char *ask =
        g_strconcat("GET /api/v1/client HTTP/1.1\r\nHost: localhost\r\n", forwarded, "\r\n", NULL);
    g_autofree char *reply = hib_test_ask(test->port, ask);
    g_assert_cmpint(hib_test_status(reply), ==, 200);
    return g_strdup(hib_test_body(reply));
}

static void
assert_client(HibTestServer *test, const char *forwarded, const char *client, bool is_secure)
{
    g_autofree char *want =
        g_strdup_printf("{\"text\":\"%s\",\"n\":%d}", client, is_secure ? 2 : 1);
    g_autofree char *got = client_seen(test, forwarded);
    g_assert_cmpstr(got, ==, want);
}

static void
only_a_trusted_proxy_says_who_the_client_is(HibTestStore *store)
{
    g_autoptr(HibTestServer) open =
        hib_test_server_with(store, &(HibTestServerOptions){.base_url = "http://localhost"});
    g_autoptr(HibTestServer) behind = hib_test_server_with(
        store, &(HibTestServerOptions){.base_url = "http://localhost", .is_behind_proxy = true});
    static const char said[] = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";
    assert_client(open, "", "127.0.0.1", false);
    assert_client(open, said, "127.0.0.1", false);
    assert_client(behind, "", "127.0.0.1", false);
    assert_client(behind, said, "203.0.113.9", true);
    /* The client's own words stand before the proxy's, in one line or in several. */
    assert_client(behind, "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n", "203.0.113.9", false);
    assert_client(behind, "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.9\r\n",
                  "203.0.113.9", false);
    assert_client(behind, "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n", "127.0.0.1",
                  false);
    assert_client(behind, "X-Forwarded-For: not an address\r\n", "127.0.0.1", false);
    assert_client(behind, "X-Forwarded-For: 2001:db8::7\r\n", "2001:db8::7", false);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/host/without_a_base_url_only_addresses_and_localhost_are_ours",
                    without_a_base_url_only_addresses_and_localhost_are_ours);
    g_test_add_func("/http/host/with_a_base_url_its_name_and_loopback_are_ours",
                    with_a_base_url_its_name_and_loopback_are_ours);
    hib_test_add("/http/host/a_call_for_another_name_is_refused_unread",
                 a_call_for_another_name_is_refused_unread);
    hib_test_add("/http/host/only_a_trusted_proxy_says_who_the_client_is",
                 only_a_trusted_proxy_says_who_the_client_is);
    return g_test_run();
}
