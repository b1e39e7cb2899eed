/* The HTML writer: whatever a text says, it stays a text. */
#include "http/html.h"
#include <string.h>

static const char *
page_of(HibArena *arena, HibHtml *html)
{
    return hib_html_page(arena, "ja", "確認 <b>", "p{}", html);
}

static void
texts_and_values_are_escaped(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibHtml *html = hib_html_new(arena);
    hib_html_open(html, "p", "title", "\" onload='x' <i>&", "hidden", NULL, NULL);
    hib_html_text(html, "</p><script>alert('x')</script>&amp;");
    hib_html_close(html);
    const char *page = page_of(arena, html);
    g_assert_nonnull(strstr(page, "<p title=\"&quot; onload=&#39;x&#39; &lt;i&gt;&amp;\">"));
    g_assert_nonnull(
        strstr(page, "&lt;/p&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;"));
    g_assert_null(strstr(page, "<script"));
    g_assert_null(strstr(page, "hidden"));
    g_assert_nonnull(strstr(page, "<title>確認 &lt;b&gt;</title>"));
    g_assert_nonnull(strstr(page, "<html lang=\"ja\">"));
}

static void
links_lead_to_our_own_paths_only(void)
{
    static const char *const bad[] = {"javascript:alert(1)",  "//evil.example/",
                                      "https://evil.example", "/\\evil.example",
                                      "data:text/html,x",     ""};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibHtml *html = hib_html_new(arena);
        hib_html_open(html, "a", "href", bad[i], NULL);
        hib_html_void(html, "img", "src", bad[i], "alt", "", NULL);
        const char *page = page_of(arena, html);
        g_assert_nonnull(strstr(page, "<a><img alt=\"\">"));
    }
    g_autoptr(HibArena) arena = hib_arena_new();
    HibHtml *html = hib_html_new(arena);
    hib_html_open(html, "form", "action", "/review/x", NULL);
    g_assert_nonnull(strstr(page_of(arena, html), "<form action=\"/review/x\"></form>"));
}

static void
a_way_out_is_a_web_page_or_none(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibHtml *html = hib_html_new(arena);
    hib_html_out(html, "https://bsky.app/a?b=\"<&c", "<b>");
    hib_html_out(html, "javascript:alert(1)", "x<y");
    const char *page = page_of(arena, html);
    g_assert_nonnull(strstr(page, "<a href=\"https://bsky.app/a?b=&quot;&lt;&amp;c\" "
                                  "rel=\"noopener noreferrer nofollow\">&lt;b&gt;</a>x&lt;y"));
}

static void
what_was_opened_is_closed(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibHtml *html = hib_html_new(arena);
    hib_html_open(html, "main", NULL);
    hib_html_open(html, "section", NULL);
    hib_html_line(html, "h2", "title", "x");
    const char *page = page_of(arena, html);
    g_assert_nonnull(
        strstr(page, "<main><section><h2 class=\"title\">x</h2></section></main></body></html>"));
    hib_html_close(html); /* one too many harms nobody */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/html/texts_and_values_are_escaped", texts_and_values_are_escaped);
    g_test_add_func("/http/html/links_lead_to_our_own_paths_only",
                    links_lead_to_our_own_paths_only);
    g_test_add_func("/http/html/a_way_out_is_a_web_page_or_none", a_way_out_is_a_web_page_or_none);
    g_test_add_func("/http/html/what_was_opened_is_closed", what_was_opened_is_closed);
    return g_test_run();
}
