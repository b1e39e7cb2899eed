/* Short links in the store: made, refused, changed, found. */
#include "base/error.h"
#include "links/links_private.h"
#include "test_workspace.h"
#include <string.h>

static void
a_link_comes_back_and_its_history_stays(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibLinkVariant variants[] = {{"line", "https://example.jp/line"}};
    HibShortLink draft = {.target = "https://example.jp/a",
                          .title = "夏",
                          .variants = variants,
                          .n_variants = 1,
                          .click_limit = 5},
                 *made, *changed;
    hib_assert_ok(hib_links_add(db, &ws.services, &draft, &made, &error), error);
    g_assert_cmpuint(strlen(made->code), ==, HIB_LINK_CODE);
    g_assert_cmpstr(made->variants[0].target, ==, "https://example.jp/line");
    g_assert_cmpint(made->count.clicks, ==, 0);
    HibShortLink edit = *made;
    edit.target = "https://example.jp/b";
    edit.n_variants = 0;
    hib_assert_ok(hib_links_change(db, &ws.services, &edit, &changed, &error), error);
    g_assert_cmpstr(changed->target, ==, "https://example.jp/b");
    g_assert_cmpuint(changed->n_variants, ==, 0);
    hib_assert_refused(hib_links_change(db, &ws.services, &edit, &changed, &error), error,
                       "links.edited");
    hib_assert_ok(hib_links_archive(db, &ws.services, made->id, true, &changed, &error), error);
    g_assert_true(changed->archived_at != 0);
    hib_assert_refused(hib_links_get(db, "01890a5d-ac96-774b-bcce-b302099a8057", &made, &error),
                       error, "links.unknown");
}

static void
what_may_not_be_is_refused_at_its_place(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibLinkVariant twice[] = {{"x", "https://example.jp/"}, {"x", "https://example.jp/"}},
                         strange[] = {{"myspace", "https://example.jp/"}};
    const struct {
        HibShortLink link;
        const char *reason;
    } cases[] = {
        {{.target = "javascript:alert(1)"}, "links.target_scheme"},
        {{.target = "https://example.jp/", .code = "A"}, "links.bad_code"},
        {{.target = "https://example.jp/", .expires_at = 1}, "links.bad_end"},
        {{.target = "https://example.jp/", .ended_url = "data:,"}, "links.target_scheme"},
        {{.target = "https://example.jp/", .ios_url = "javascript://a"}, "links.app_url"},
        {{.target = "https://example.jp/", .android_url = "data://a"}, "links.app_url"},
        {{.target = "https://example.jp/", .variants = twice, .n_variants = 2},
         "links.bad_network"},
        {{.target = "https://example.jp/", .variants = strange, .n_variants = 1},
         "links.bad_network"},
    };
    HibShortLink *made;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        hib_assert_refused(hib_links_add(db, &ws.services, &cases[i].link, &made, &error), error,
                           cases[i].reason);
    const HibShortLink natsu = {.target = "https://example.jp/", .code = "natsu"};
    hib_assert_ok(hib_links_add(db, &ws.services, &natsu, &made, &error), error);
    hib_assert_refused(hib_links_add(db, &ws.services, &natsu, &made, &error), error,
                       "links.code_taken");
}

static void
links_are_found_and_paged(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibShortLink *made, *rows;
    size_t n, seen = 0;
    const char *next = NULL;
    for (int i = 0; i < 7; i++) {
        const HibShortLink draft = {.target =
                                        hib_arena_printf(test->arena, "https://example.jp/%d", i),
                                    .title = i == 3 ? "100%_夏セール" : "秋"};
        hib_assert_ok(hib_links_add(db, &ws.services, &draft, &made, &error), error);
    }
    do {
        const HibLinkQuery page = {.limit = 3, .cursor = next};
        hib_assert_ok(hib_links_list(db, &page, &rows, &n, &next, &error), error);
        seen += n;
    } while (next);
    g_assert_cmpuint(seen, ==, 7);
    static const struct {
        const char *words;
        size_t n;
    } cases[] = {{"夏", 1}, {"%_", 1}, {"_", 1}, {"EXAMPLE.jp/3", 1}, {"冬", 0}, {"example", 7}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HibLinkQuery query = {.words = cases[i].words};
        hib_assert_ok(hib_links_list(db, &query, &rows, &n, &next, &error), error);
        g_assert_cmpuint(n, ==, cases[i].n);
    }
    const HibLinkQuery bad = {.cursor = "x"};
    hib_assert_refused(hib_links_list(db, &bad, &rows, &n, &next, &error), error,
                       "links.bad_cursor");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/links/store/link", a_link_comes_back_and_its_history_stays);
    hib_test_add_manual("/links/store/refused", what_may_not_be_is_refused_at_its_place);
    hib_test_add_manual("/links/store/found", links_are_found_and_paged);
    return g_test_run();
}
