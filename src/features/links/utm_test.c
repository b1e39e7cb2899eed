/* How links are named. Marking as such is held by plan's wording_test.c and tests/data/wording.json too. */
#include "base/error.h"
#include "links/links.h"
#include "test_workspace.h"

static const char *const hosts[] = {"example.jp"};
static const char *const media[] = {"social", "cpc"};
static const HibUtm strict = {
    .hosts = hosts,
    .n_hosts = 1,
    .medium = "social",
    .is_lower = true,
    .rules = {[HIB_UTM_SOURCE] = {.is_required = true},
              [HIB_UTM_MEDIUM] = {.is_required = true, .allowed = media, .n_allowed = 2},
              [HIB_UTM_CAMPAIGN] = {.pattern = "20??_*"}},
};

static void
own_links_are_marked_and_stay_marked(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *url = hib_utm_mark(arena, &strict, "https://example.jp/a#top", "x", "2026_夏");
    g_assert_cmpstr(url, ==,
                    "https://example.jp/a?utm_source=x&utm_medium=social&utm_campaign=2026_%E5%A4%"
                    "8F#top");
    g_assert_true(hib_utm_is_marked(url));
    g_assert_true(hib_utm_is_own(&strict, url));
    g_assert_false(hib_utm_is_own(&strict, "https://example.jp.evil.com/"));
    g_assert_false(hib_utm_is_own(&strict, "mailto:a@example.jp"));
}

static void
each_rule_names_its_field(void)
{
    static const struct {
        const char *url, *reason, *field;
    } cases[] = {
        {"https://example.jp/a?utm_source=x&utm_medium=social&utm_campaign=2026_a", NULL, NULL},
        {"https://example.jp/a?utm_source=x&utm_medium=cpc", NULL, NULL},
        {"https://other.example/a", NULL, NULL},
        {"https://example.jp/a", "links.utm_missing", "utm_source"},
        {"https://example.jp/a?utm_medium=cpc", "links.utm_missing", "utm_source"},
        {"https://other.example/a?utm_medium=cpc", "links.utm_missing", "utm_source"},
        {"https://example.jp/a?utm_source=&utm_medium=cpc", "links.utm_missing", "utm_source"},
        {"https://example.jp/a?utm_source=X&utm_medium=cpc", "links.utm_case", "utm_source"},
        {"https://example.jp/a?utm_source=x&utm_medium=mail", "links.utm_value", "utm_medium"},
        {"https://example.jp/a?utm_source=x&utm_medium=cpc&utm_campaign=summer",
         "links.utm_pattern", "utm_campaign"},
        {"https://example.jp/a?utm_source=x&utm_medium=cpc&utm_campaign=2026%5Fa", NULL, NULL},
        {"https://example.jp/a#?utm_source=x&utm_medium=cpc", "links.utm_missing", "utm_source"},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GError *error = NULL;
        bool ok = hib_utm_check(arena, &strict, cases[i].url, "/target", &error);
        if (!cases[i].reason) {
            hib_assert_ok(ok, error);
            continue;
        }
        g_assert_false(ok);
        g_assert_cmpstr(hib_error_reason(error), ==, cases[i].reason);
        g_assert_cmpstr(hib_error_detail(error, "field"), ==, cases[i].field);
        g_assert_cmpstr(hib_error_pointer(error), ==, "/target");
        g_clear_error(&error);
    }
}

static void
hosts_are_kept_and_the_rest_stays(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibUtm utm;
    hib_assert_ok(hib_links_utm(db, &utm, &error), error);
    g_assert_false(utm.is_on);
    g_assert_cmpstr(utm.medium, ==, "social");
    hib_assert_ok(hib_links_mark_hosts(db, true, hosts, 1, "sns", &error), error);
    hib_assert_ok(hib_links_utm(db, &utm, &error), error);
    g_assert_true(utm.is_on);
    g_assert_cmpuint(utm.n_hosts, ==, 1);
    g_assert_cmpstr(utm.hosts[0], ==, "example.jp");
    g_assert_cmpstr(utm.medium, ==, "sns");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/utm/mark", own_links_are_marked_and_stay_marked);
    g_test_add_func("/links/utm/rules", each_rule_names_its_field);
    hib_test_add_manual("/links/utm/hosts", hosts_are_kept_and_the_rest_stays);
    return g_test_run();
}
