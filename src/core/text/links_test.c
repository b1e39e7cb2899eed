/* Links, mentions and tags, and lengths on the way, against what Bluesky's own client finds
 * (tests/data/facets.json, written by tests/oracle/facets.mjs). */
#include "text/links.h"

#include "text/count.h"

#include "base/json.h"
#include "base/secrets.h"

#include <string.h>
#include <time.h>

static const char *const kind_names[] = {"url", "mention", "tag"};

static char *
describe(HibArena *arena, const char *text)
{
    const HibLink *links = NULL;
    size_t n = hib_text_links(arena, text, &links);
    GString *shown = g_string_new("");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(shown, "%s %zu-%zu %s\n", kind_names[links[i].kind], links[i].start,
                               links[i].end, links[i].value);
    char *out = hib_arena_strdup(arena, shown->str);
    g_string_free(shown, TRUE);
    return out;
}

static char *
expected_of(HibArena *arena, HibJson list)
{
    GString *shown = g_string_new("");
    for (HibJson e = hib_json_first(list); e.value != NULL; e = hib_json_next(list, e)) {
        const char *kind = NULL;
        const char *value = NULL;
        int64_t start = 0;
        int64_t end = 0;
        g_assert_true(hib_json_text(e, "kind", &kind, NULL) &&
                      hib_json_text(e, "value", &value, NULL));
        g_assert_true(hib_json_int(e, "start", &start, NULL) && hib_json_int(e, "end", &end, NULL));
        g_string_append_printf(shown, "%s %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT " %s\n", kind,
                               start, end, value);
    }
    char *out = hib_arena_strdup(arena, shown->str);
    g_string_free(shown, TRUE);
    return out;
}

static int
check_case(HibArena *arena, HibJson one, bool *ret_differs)
{
    const char *text = NULL;
    int64_t graphemes = 0;
    int64_t utf16 = 0;
    HibJson list = {0};
    g_assert_true(hib_json_text(one, "text", &text, NULL));
    g_assert_true(hib_json_int(one, "graphemes", &graphemes, NULL) &&
                  hib_json_int(one, "utf16", &utf16, NULL));
    g_assert_true(hib_json_opt_array(one, "ours", &list, NULL));
    *ret_differs = list.value != NULL;
    if (list.value == NULL)
        g_assert_true(hib_json_array(one, "links", &list, NULL));

    int n_wrong = 0;
    HibTextCount count = hib_text_count(text);
    if (count.graphemes != (size_t)graphemes || count.utf16_units != (size_t)utf16) {
        g_test_message("%s: %zu graphemes, not %d", text, count.graphemes, (int)graphemes);
        n_wrong++;
    }
    const char *got = describe(arena, text);
    const char *expected = expected_of(arena, list);
    if (strcmp(got, expected) != 0) {
        g_test_message("%s:\n got\n%s not\n%s", text, got, expected);
        n_wrong++;
    }
    return n_wrong;
}

static void
links_and_lengths_are_those_of_the_network_or_differ_with_a_reason(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    gsize n = 0;
    g_assert_true(g_file_get_contents(TEST_DATA "/facets.json", &text, &n, NULL));
    HibJson root = {0};
    HibJson cases = {0};
    g_assert_true(hib_json_parse(arena, text, n, &root, NULL) &&
                  hib_json_array(root, "cases", &cases, NULL));
    g_assert_cmpuint(hib_json_count(cases), >, 400);
    int n_wrong = 0;
    int n_different = 0;
    for (HibJson one = hib_json_first(cases); one.value != NULL; one = hib_json_next(cases, one)) {
        bool differs = false;
        n_wrong += check_case(arena, one, &differs);
        n_different += differs;
    }
    g_test_message("%zu texts, %d of them meant to differ, %d wrong", hib_json_count(cases),
                   n_different, n_wrong);
    g_assert_cmpint(n_wrong, ==, 0);
}

static void
links_stand_in_order_inside_the_text_whatever_it_is(void)
{
    static const char *const pieces[] = {
        "https://", "a.com", "#", "＃",      "@", "あ", ".", "/",  "(",      ")", "b", "1", " ",
        "\u200b",   "é",     "-", "日本.jp", "_", "?",  "👍", "、", "\ufe0f", ":", "[", "]", "\n"};
    HibSeeded seeded;
    hib_seeded_init(&seeded, 11);
    for (int round = 0; round < 20000; round++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) text = g_string_new("");
        for (int64_t i = hib_seeded_below(&seeded, 24); i >= 0; i--)
            g_string_append(text, pieces[hib_seeded_below(&seeded, G_N_ELEMENTS(pieces))]);
        const HibLink *links = NULL;
        size_t n = hib_text_links(arena, text->str, &links);
        size_t last = 0;
        for (size_t i = 0; i < n; i++) {
            g_assert_cmpuint(links[i].start, >=, last);
            g_assert_cmpuint(links[i].end, >, links[i].start);
            g_assert_cmpuint(links[i].end, <=, text->len);
            last = links[i].end;
            g_autofree char *shown =
                g_strndup(text->str + links[i].start, links[i].end - links[i].start);
            g_assert_true(g_utf8_validate(shown, -1, NULL));
            g_assert_true(g_str_has_suffix(links[i].kind == HIB_LINK_URL ? links[i].value : shown,
                                           links[i].kind == HIB_LINK_URL ? shown : links[i].value));
        }
    }
}

/* Processor time, so that a busy machine does not matter. */
static double
seconds_for(const char *first, const char *unit, size_t bytes)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GString) text = g_string_new(first);
    while (text->len < bytes)
        g_string_append(text, unit);
    const HibLink *links = NULL;
    clock_t before = clock();
    hib_text_links(arena, text->str, &links);
    return (double)(clock() - before) / CLOCKS_PER_SEC;
}

/* Texts built to make a careless scanner go over the same bytes again and again: four times the text may take four times as
 * long, not sixteen times. */
static void
hostile_texts_take_time_in_proportion(void)
{
    static const char *const units[] = {"(",  "#",          "@a.",          "https://",    "あ#あ",
                                        "a.", "https://a)", "あa.com",      "https://a@",  "#a ",
                                        "あ", "-",          "https://日本", "あhttps://x:"};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        const char *first = i % 2 == 0 ? "#" : "https://";
        double once = seconds_for(first, units[i], 64 * 1024),
               four = seconds_for(first, units[i], 256 * 1024);
        if (four > 0.25 && four > 10 * once)
            g_test_fail_printf("\"%s\": 64 KiB took %.0f ms, 256 KiB %.0f ms", units[i], once * 1e3,
                               four * 1e3);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/links_and_lengths_are_those_of_the_network_or_differ_with_a_reason",
                    links_and_lengths_are_those_of_the_network_or_differ_with_a_reason);
    g_test_add_func("/links/links_stand_in_order_inside_the_text_whatever_it_is",
                    links_stand_in_order_inside_the_text_whatever_it_is);
    g_test_add_func("/links/hostile_texts_take_time_in_proportion",
                    hostile_texts_take_time_in_proportion);
    return g_test_run();
}
