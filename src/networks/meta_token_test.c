/* Connecting: codes become tokens of 60 days and grants; a renewal that goes wrong never costs the grant that was there. */
#include "networks/facebook.h"
#include "networks/instagram.h"
#include "networks/meta.h"
#include "networks/test_canned.h"
#include "networks/threads.h"

#include <string.h>

#define LONG_ONE "{\"access_token\":\"long\",\"token_type\":\"bearer\",\"expires_in\":5184000}"

static HibNetResult
exchange(const HibNetwork *network, TestCanned *canned, HibGrant **ret, size_t *ret_n)
{
    return network->exchange(&canned->net, canned->grant.service, "https://h/connect/callback",
                             "c0de#_", "verifier", ret, ret_n);
}

static void
instagram_login_gives_one_account(void)
{
    static const TestCannedRow rows[] = {
        {"POST /oauth/access_token", 0,
         "{\"data\":[{\"access_token\":\"short\",\"user_id\":\"999\",\"permissions\":\"a\"}]}"},
        {"GET /access_token?grant_type=ig_exchange_token&client_secret=secret&access_token=short",
         0, LONG_ONE},
        {"GET /v25.0/me?", 0,
         "{\"id\":\"999\",\"user_id\":17841405309211845,\"username\":\"kissa\",\"name\":\"喫茶\","
         "\"profile_picture_url\":\"https://i/p.jpg\"}"},
        {"POST /v25.0/17841405309211845/subscribed_apps", 400, "{}"}, /* a courtesy only */
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibGrant *grants;
    size_t n;
    g_assert_cmpint(exchange(&hib_instagram, canned, &grants, &n).class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(grants[0].remote_id, ==, "17841405309211845"); /* beyond what a double holds */
    g_assert_cmpstr(grants[0].handle, ==, "kissa");
    g_assert_cmpstr(grants[0].access, ==, "long");
    g_assert_cmpint(grants[0].access_expires_at, ==, hib_clock_now(canned->clock) + 60 * HIB_DAY);
    g_assert_nonnull(strstr(canned->journal->str, "code=c0de\n"));
}

static void
facebook_login_gives_every_page(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v25.0/oauth/access_token?client_id=app&client_secret=secret&redirect_uri=", 0,
         "{\"access_token\":\"short\",\"expires_in\":3600}"},
        {"GET /v25.0/oauth/access_token?grant_type=fb_exchange_token", 0, LONG_ONE},
        {"GET /v25.0/me/accounts?fields=id%2Cname%2Cusername%2Caccess_token%2Cpicture%7Burl%7D%"
         "2Cinstagram_business_account%7Bid%2Cusername%2Cname%2Cprofile_picture_url%7D&limit=100&"
         "after=AA",
         0,
         "{\"data\":[{\"id\":\"3\",\"name\":\"三号店\",\"access_token\":\"p3\"},{\"id\":\"4\","
         "\"name\":"
         "\"no token\"}]}"},
        {"GET /v25.0/me/accounts?", 0,
         "{\"data\":[{\"id\":\"1\",\"name\":\"本店\",\"username\":\"honten\",\"access_token\":"
         "\"p1\","
         "\"picture\":{\"data\":{\"url\":\"https://i/1\"}}}],\"paging\":{\"next\":\"https://x\","
         "\"cursors\":{\"after\":\"AA\"}}}"},
        {"POST /v25.0/", 0, "{\"success\":true}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibGrant *grants;
    size_t n;
    g_assert_cmpint(exchange(&hib_facebook, canned, &grants, &n).class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(grants[0].remote_id, ==, "1");
    g_assert_cmpstr(grants[0].handle, ==, "honten");
    g_assert_cmpstr(grants[0].avatar_url, ==, "https://i/1");
    g_assert_cmpstr(grants[1].handle, ==, "3");
    g_assert_cmpstr(grants[1].access, ==, "p3");
    g_assert_cmpint(grants[1].access_expires_at, ==, 0);
    g_assert_nonnull(strstr(canned->journal->str, "POST /v25.0/3/subscribed_apps"));
}

/* An app id with "fb:" before it is one of Facebook Login; each page's Instagram account is a grant with that page's token. */
static void
instagram_by_facebook_gives_every_linked_account(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v25.0/oauth/access_token?client_id=app&", 0, "{\"access_token\":\"short\"}"},
        {"GET /v25.0/oauth/access_token?grant_type=fb_exchange_token&client_id=app&", 0, LONG_ONE},
        {"GET /v25.0/me/accounts?", 0,
         "{\"data\":[{\"id\":\"1\",\"name\":\"本店\",\"access_token\":\"p1\","
         "\"instagram_business_account\":{\"id\":\"178\",\"username\":\"kissa\"}},"
         "{\"id\":\"2\",\"name\":\"ページだけ\",\"access_token\":\"p2\"}]}"},
        {NULL, 0, NULL}};
    static const HibNetApp app = {.client_id = "fb:app", .client_secret = "secret"};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibGrant *grants;
    size_t n;
    canned->net.app = &app;
    g_assert_cmpint(exchange(&hib_instagram, canned, &grants, &n).class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(grants[0].remote_id, ==, "178");
    g_assert_cmpstr(grants[0].access, ==, "p1");
    g_assert_cmpstr(grants[0].extra, ==, "{\"page\":\"1\"}");
    g_assert_cmpint(grants[0].access_expires_at, ==, 0);
}

static void
threads_gives_one_profile(void)
{
    static const TestCannedRow rows[] = {
        {"POST /oauth/access_token", 0,
         "{\"access_token\":\"short\",\"user_id\":17841405309211845}"},
        {"GET /access_token?grant_type=th_exchange_token", 0, LONG_ONE},
        {"GET /v1.0/me?fields=id,username", 0,
         "{\"id\":\"178\",\"username\":\"kissa\",\"threads_profile_picture_url\":\"https://i/p\"}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibGrant *grants;
    size_t n;
    g_assert_cmpint(exchange(&hib_threads, canned, &grants, &n).class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(grants[0].remote_id, ==, "178");
    g_assert_cmpstr(grants[0].avatar_url, ==, "https://i/p");
}

static void
a_refused_code_is_the_persons_to_mend(void)
{
    static const TestCannedRow rows[] = {
        {"POST /oauth/access_token", 400,
         "{\"error_type\":\"OAuthException\",\"code\":400,\"error_message\":\"This authorization "
         "code has been used\"}"},
        {"GET /v25.0/oauth/access_token", 400,
         "{\"error\":{\"code\":100,\"message\":\"This authorization code has been used.\"}}"},
        {NULL, 0, NULL}};
    static const HibNetwork *const networks[] = {&hib_instagram, &hib_facebook, &hib_threads};
    for (size_t i = 0; i < G_N_ELEMENTS(networks); i++) {
        g_autoptr(TestCanned) canned = test_canned_new(rows);
        HibGrant *grants;
        size_t n = 7;
        g_assert_cmpint(exchange(networks[i], canned, &grants, &n).class, ==, HIB_NET_REAUTH_HUMAN);
        g_assert_cmpuint(n, ==, 0);
    }
}

static void
a_renewal_never_costs_the_old_grant(void)
{
    static const struct {
        int status;
        const char *body;
        HibNetClass class;
    } cases[] = {
        {200, "{\"access_token\":\"\",\"expires_in\":5184000}", HIB_NET_FATAL},
        {200, "{\"expires_in\":5184000}", HIB_NET_FATAL},
        {200, "{\"access_token\":\"a b\"}", HIB_NET_FATAL},
        {200, "[]", HIB_NET_FATAL},
        {200, "", HIB_NET_FATAL},
        {400, "{\"error\":{\"code\":190,\"message\":\"expired\"}}", HIB_NET_REAUTH_HUMAN},
        {400, "{\"error\":{\"code\":100,\"message\":\"too young\"}}", HIB_NET_FATAL},
        {500, "", HIB_NET_RETRY_SAME},
        {200, LONG_ONE, HIB_NET_OK},
    };
    static const HibNetwork *const networks[] = {&hib_instagram, &hib_threads};
    for (size_t i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(networks); i++) {
        const TestCannedRow rows[] = {
            {"GET /refresh_access_token?grant_type=", cases[i / 2].status, cases[i / 2].body},
            {NULL, 0, NULL}};
        g_autoptr(TestCanned) canned = test_canned_new(rows);
        HibGrant fresh = {.access = "untouched"};
        HibNetResult said = networks[i % 2]->refresh(&canned->net, &canned->grant, &fresh);
        g_assert_cmpstr(hib_net_class_name(said.class), ==, hib_net_class_name(cases[i / 2].class));
        bool is_ok = said.class == HIB_NET_OK;
        g_assert_cmpstr(fresh.access, ==, is_ok ? "long" : "untouched");
        g_assert_cmpstr(is_ok ? fresh.remote_id : "178", ==, "178");
    }
}

/* Instagram through Facebook: the linked page's token, and where it is sent to. */
static void
the_login_says_where_calls_go(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const HibNetApp app = {.client_id = "app", .client_secret = "secret"};
    const HibNetContext net = {.arena = arena, .app = &app};
    static const struct {
        const HibNetwork *network;
        const char *service, *begins;
    } cases[] = {
        {&hib_instagram, NULL, "https://www.instagram.com/oauth/authorize?client_id=app&"},
        {&hib_instagram, "https://graph.instagram.com", "https://www.instagram.com/oauth/"},
        {&hib_instagram, "https://graph.facebook.com",
         "https://www.facebook.com/v25.0/dialog/oauth?client_id=app&"},
        {&hib_instagram, "http://127.0.0.1:9", "http://127.0.0.1:9/oauth/authorize?"},
        {&hib_facebook, NULL, "https://www.facebook.com/v25.0/dialog/oauth?"},
        {&hib_threads, "https://graph.threads.net", "https://threads.net/oauth/authorize?"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *url = cases[i].network->authorize_url(&net, cases[i].service,
                                                          "https://h/connect/callback", "st", "v");
        g_test_message("%s", url);
        g_assert_true(g_str_has_prefix(url, cases[i].begins));
        g_assert_nonnull(strstr(url, "redirect_uri=https%3A%2F%2Fh%2Fconnect%2Fcallback"));
        g_assert_nonnull(strstr(url, "state=st"));
        g_assert_null(strstr(url, "secret"));
    }
    const HibGrant grant = {.service = "https://graph.facebook.com", .access = "page"};
    HibGrant fresh;
    g_assert_cmpint(hib_instagram.refresh(&net, &grant, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.access, ==, "page");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/meta_token/" #name, name)
    ADD(instagram_login_gives_one_account);
    ADD(facebook_login_gives_every_page);
    ADD(instagram_by_facebook_gives_every_linked_account);
    ADD(threads_gives_one_profile);
    ADD(a_refused_code_is_the_persons_to_mend);
    ADD(a_renewal_never_costs_the_old_grant);
    ADD(the_login_says_where_calls_go);
    return g_test_run();
}
