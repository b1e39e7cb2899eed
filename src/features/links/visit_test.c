/* Visitors told apart by what their browsers really say. */
#include "links/visit.h"
#include <string.h>

static void
agents(void)
{
    static const struct {
        const char *agent, *network;
        HibLinkDevice device;
        HibVisitOs os;
        bool is_bot;
    } cases[] = {
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Mobile/15E148 Safari Line/14.10.0",
         "line", HIB_DEVICE_PHONE, HIB_OS_IOS, false},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Mobile/21F90 Instagram 334.0.4.32.98",
         "instagram", HIB_DEVICE_PHONE, HIB_OS_IOS, false},
        {"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Mobile Safari/537.36",
         "", HIB_DEVICE_PHONE, HIB_OS_ANDROID, false},
        {"Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36",
         "", HIB_DEVICE_TABLET, HIB_OS_ANDROID, false},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/126.0.0.0 Safari/537.36",
         "", HIB_DEVICE_DESKTOP, HIB_OS_OTHER, false},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.5 Safari/605.1.15",
         "", HIB_DEVICE_DESKTOP, HIB_OS_OTHER, false},
        {"Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0]",
         "facebook", HIB_DEVICE_PHONE, HIB_OS_ANDROID, false},
        {"facebookexternalhit/1.1;line-poker/1.0", "", HIB_DEVICE_OTHER, HIB_OS_OTHER, true},
        {"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "",
         HIB_DEVICE_OTHER, HIB_OS_OTHER, true},
        {"Twitterbot/1.0", "", HIB_DEVICE_OTHER, HIB_OS_OTHER, true},
        {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 Chrome/126.0 Mobile "
         "Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
         "", HIB_DEVICE_PHONE, HIB_OS_ANDROID, true},
        {"curl/8.5.0", "", HIB_DEVICE_OTHER, HIB_OS_OTHER, true},
        {"", "", HIB_DEVICE_OTHER, HIB_OS_OTHER, true},
        {NULL, "", HIB_DEVICE_OTHER, HIB_OS_OTHER, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibVisitAgent got = hib_visit_agent(cases[i].agent);
        g_assert_cmpstr(got.network, ==, cases[i].network);
        g_assert_cmpint(got.device, ==, cases[i].device);
        g_assert_cmpint(got.os, ==, cases[i].os);
        g_assert_true(got.is_bot == cases[i].is_bot);
    }
    g_autofree char *endless = g_strnfill(100000, 'a');
    g_assert_false(hib_visit_agent(endless).is_bot);
}

static void
referrers(void)
{
    static const struct {
        const char *referrer, *network;
        HibLinkReferrer from;
    } cases[] = {
        {NULL, "", HIB_REFERRER_NONE},
        {"", "", HIB_REFERRER_NONE},
        {"https://t.co/", "x", HIB_REFERRER_SOCIAL},
        {"https://l.instagram.com/?u=a", "instagram", HIB_REFERRER_SOCIAL},
        {"android-app://com.twitter.android/", "x", HIB_REFERRER_SOCIAL},
        {"https://www.google.co.jp/", "", HIB_REFERRER_SEARCH},
        {"https://mail.google.com/", "", HIB_REFERRER_MAIL},
        {"https://notx.com/", "", HIB_REFERRER_OTHER},
        {"https://x.com.evil.example/", "", HIB_REFERRER_OTHER},
        {"https://user@x.com:443/a", "", HIB_REFERRER_OTHER},
        {"://", "", HIB_REFERRER_OTHER},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *network;
        g_assert_cmpint(hib_visit_referrer(cases[i].referrer, &network), ==, cases[i].from);
        g_assert_cmpstr(network, ==, cases[i].network);
    }
}

static void
languages(void)
{
    static const char *const cases[][2] = {
        {"ja,en-US;q=0.9", "ja"}, {"EN-us", "en"}, {"fil", "fil"}, {"*", ""}, {"x", ""},
        {"abcdefgh", ""},         {"", ""},        {NULL, ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char out[4];
        hib_visit_language(cases[i][0], out);
        g_assert_cmpstr(out, ==, cases[i][1]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/visit/agents", agents);
    g_test_add_func("/links/visit/referrers", referrers);
    g_test_add_func("/links/visit/languages", languages);
    return g_test_run();
}
