/* Where links may lead, and the codes they have. */
#include "base/error.h"
#include "base/secrets.h"
#include "links/links_private.h"
#include <string.h>

static const HibLinkDomain domain = {.base_url = "https://hibiki.example.jp",
                                     .short_url = "https://hbk.example"};

static void
targets(void)
{
    static const char *const cases[][2] = {
        {"https://example.jp/a?b=c#d", NULL},
        {"HTTP://example.jp", NULL},
        {"https://例え.jp/道?q=茶", NULL},
        {"https://[2001:db8::1]:8443/", NULL},
        {"https://hibiki.example.jp/review/abc", NULL},
        {"https://example.jp:80", NULL},
        {"javascript:alert(1)", "links.target_scheme"},
        {"JaVaScRiPt://x/%0aalert(1)", "links.target_scheme"},
        {"data:text/html,<script>", "links.target_scheme"},
        {"ftp://example.jp/", "links.target_scheme"},
        {"//example.jp/", "links.target_scheme"},
        {"/l/abc", "links.target_scheme"},
        {" https://example.jp/", "links.target_scheme"},
        {"", "links.target_scheme"},
        {"https://user:pass@example.jp/", "links.target_credentials"},
        {"https://example.jp@evil.example/", "links.target_credentials"},
        {"https://", "links.target_bad"},
        {"https:///a", "links.target_bad"},
        {"https://exa mple.jp/", "links.target_bad"},
        {"https://example.jp/a\nb", "links.target_bad"},
        {"https://example.jp\\@evil.example/", "links.target_credentials"},
        {"https://example.jp\\.evil.example/", "links.target_bad"},
        {"https://example.jp/\xe2\x80\xae", "links.target_bad"},
        {"https://example.jp:0/", "links.target_bad"},
        {"https://example.jp:99999/", "links.target_bad"},
        {"https://[zz]/", "links.target_bad"},
        {"https://example.jp/\xff", "links.target_bad"},
        {"https://hibiki.example.jp/l/abc", "links.target_loop"},
        {"https://HIBIKI.example.jp.:443/L/abc", "links.target_loop"},
        {"https://hibiki.example.jp//l/abc", "links.target_loop"},
        {"https://hibiki.example.jp/%6c/abc", "links.target_loop"},
        {"https://hbk.example/abc", "links.target_loop"},
        {"https://ｈｂｋ．ｅｘａｍｐｌｅ/abc", "links.target_loop"},
        {"https://c\u02dem\u02dcmc-m/", "links.target_bad"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        bool ok = hib_link_check_target(&domain, cases[i][0], "/target", &error);
        g_test_message("%s", cases[i][0]);
        g_assert_true(ok == !cases[i][1]);
        if (error)
            g_assert_cmpstr(hib_error_reason(error), ==, cases[i][1]);
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *tail = g_strnfill(3000, 'a'),
                    *url = g_strconcat("https://example.jp/", tail, NULL);
    g_assert_false(hib_link_check_target(&domain, url, "/target", &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "links.target_long");
}

static void
apps(void)
{
    static const struct {
        const char *url;
        bool ok;
    } cases[] = {
        {"https://example.jp/app", true},
        {"myapp://item/1", true},
        {"jp.example.app://open", true},
        {"javascript://x", false},
        {"intent://x#Intent;end", false},
        {"data://x", false},
        {"myapp:", false},
        {"myapp://", false},
        {"my app://x", false},
        {"myapp://a b", false},
        {"a://x", false},
        {"https://hbk.example/x", false},
        {"file:///etc/passwd", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].url);
        g_assert_true(hib_link_check_app(&domain, cases[i].url, "/ios_url", NULL) == cases[i].ok);
    }
}

static void
locations_are_plain_ascii(void)
{
    static const char *const cases[][2] = {
        {"https://例え.jp/道?q=茶#下", "https://xn--r8jz45g.jp/%E9%81%93?q=%E8%8C%B6#%E4%B8%8B"},
        {"https://example.jp:8443/a?b=%41", "https://example.jp:8443/a?b=%41"},
        {"https://[2001:db8::1]/a", "https://[2001:db8::1]/a"},
        {"myapp://商品/1", "myapp://%E5%95%86%E5%93%81/1"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = hib_link_location(cases[i][0]);
        g_assert_cmpstr(got, ==, cases[i][1]);
    }
}

static void
codes(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < 10000; i++) {
        char code[HIB_LINK_CODE + 1];
        hib_link_code(hib_random_bytes, code);
        g_assert_cmpuint(strlen(code), ==, 7);
        g_assert_null(strpbrk(code, "01oil"));
        g_assert_true(hib_link_check_slug(code, NULL));
        g_hash_table_add(seen, g_strdup(code));
    }
    g_assert_cmpuint(g_hash_table_size(seen), >, 9990);
    static const char *const bad[] = {"", "ab", "-ab", "ab-", "Abc", "a/b", "a.b", "日本語", "a b"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(hib_link_check_slug(bad[i], NULL));
    g_assert_true(hib_link_check_slug("natsu-2026_sale", NULL));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/target", targets);
    g_test_add_func("/links/app", apps);
    g_test_add_func("/links/location", locations_are_plain_ascii);
    g_test_add_func("/links/code", codes);
    return g_test_run();
}
