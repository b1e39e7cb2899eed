/* Counting, normal forms and fingerprints; links, mentions and tags against what Bluesky's own client finds
 * (tests/data/facets.json, written by tests/oracle/facets.mjs). */
#include "text/count.h"
#include "text/links.h"

#include "base/json.h"
#include "base/secrets.h"

#include <string.h>

static void
a_text_is_measured_in_every_unit(void)
{
    static const struct {
        const char *text;
        HibTextCount count; /* graphemes, code points, UTF-16 units, bytes */
    } cases[] = {
        {"", {0, 0, 0, 0}},
        {"abc", {3, 3, 3, 3}},
        {"予定", {2, 2, 2, 6}},
        {"a\r\nb", {3, 4, 4, 4}},
        {"e\u0301", {1, 2, 2, 3}},
        {"か\u3099", {1, 2, 2, 6}},
        {"👨‍👩‍👧‍👦", {1, 7, 11, 25}},
        {"🇯🇵🇺🇸", {2, 4, 8, 16}},
        {"👍🏽", {1, 2, 4, 8}},
        {"葛\U000e0100", {1, 2, 3, 7}}, /* a variant of a character */
        {"\u1100\u1161\u11a8", {1, 3, 3, 9}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibTextCount got = hib_text_count(cases[i].text);
        g_assert_cmpuint(got.graphemes, ==, cases[i].count.graphemes);
        g_assert_cmpuint(got.code_points, ==, cases[i].count.code_points);
        g_assert_cmpuint(got.utf16_units, ==, cases[i].count.utf16_units);
        g_assert_cmpuint(got.bytes, ==, cases[i].count.bytes);
        g_assert_cmpuint(hib_text_prefix_bytes(cases[i].text, G_MAXSIZE), ==, got.bytes);
    }
}

static void
a_cut_falls_between_graphemes(void)
{
    const char *text = "a👨‍👩‍👧‍👦か\u3099b";
    g_assert_cmpuint(hib_text_prefix_bytes(text, 0), ==, 0);
    g_assert_cmpuint(hib_text_prefix_bytes(text, 1), ==, 1);
    g_assert_cmpuint(hib_text_prefix_bytes(text, 2), ==, 26);
    g_assert_cmpuint(hib_text_prefix_bytes(text, 3), ==, 32);
    g_assert_cmpuint(hib_text_prefix_bytes(text, 4), ==, 33);
    g_assert_cmpuint(hib_text_prefix_bytes(text, 5), ==, 33);
}

static void
normal_form_c_agrees_with_glib(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const cases[] = {
        "",  "abc", "か\u3099は\u309a",   "e\u0301\u0323", "\u1100\u1161\u11a8", "ｶﾞＡ①",
        "Å", "豈",  "👨‍👩‍👧", "\u0344x"};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *expected = g_utf8_normalize(cases[i], -1, G_NORMALIZE_NFC);
        g_assert_cmpstr(hib_text_nfc(arena, cases[i]), ==, expected);
    }
}

static void
a_fingerprint_sees_through_width_case_and_space(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *base = hib_text_fingerprint(arena, "新ガジェット sale a");
    g_assert_cmpstr(base, ==,
                    hib_text_fingerprint(arena, " \u3000新ｶﾞｼﾞｪｯﾄ\n\nＳＡＬＥ\u00a0 Ａ\n"));
    g_assert_cmpstr(base, !=, hib_text_fingerprint(arena, "新カジェット sale a"));
    g_assert_cmpstr(base, !=, hib_text_fingerprint(arena, "新ガジェットsale a"));
    g_assert_cmpstr(hib_text_fingerprint(arena, " \n"), ==, hib_sha256_hex(arena, "", 0));
    g_assert_cmpstr(hib_text_fingerprint(arena, "Straße"), ==, hib_sha256_hex(arena, "strasse", 7));
}

/* --- links ---------------------------------------------------------------------------------------------- */
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

/* A hundred kilobytes built to make a careless scanner go over the same bytes again and again. */
static void
long_hostile_texts_take_no_longer_than_plain_ones(void)
{
    static const char *const units[] = {"(",  "#",          "@a.",          "https://",    "あ#あ",
                                        "a.", "https://a)", "あa.com",      "https://a@",  "#a ",
                                        "あ", "-",          "https://日本", "あhttps://x:"};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) text = g_string_new(i % 2 == 0 ? "#" : "https://");
        while (text->len < 100 * 1024)
            g_string_append(text, units[i]);
        const HibLink *links = NULL;
        int64_t before = hib_monotonic_us();
        hib_text_links(arena, text->str, &links);
        int64_t took = hib_monotonic_us() - before;
        if (took > 500 * HIB_MILLISECOND) /* about 5 ms on the machine it was written on */
            g_error("\"%s\" repeated took %d ms", units[i], (int)(took / HIB_MILLISECOND));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/a_text_is_measured_in_every_unit", a_text_is_measured_in_every_unit);
    g_test_add_func("/text/a_cut_falls_between_graphemes", a_cut_falls_between_graphemes);
    g_test_add_func("/text/normal_form_c_agrees_with_glib", normal_form_c_agrees_with_glib);
    g_test_add_func("/text/a_fingerprint_sees_through_width_case_and_space",
                    a_fingerprint_sees_through_width_case_and_space);
    g_test_add_func("/text/links_and_lengths_are_those_of_the_network_or_differ_with_a_reason",
                    links_and_lengths_are_those_of_the_network_or_differ_with_a_reason);
    g_test_add_func("/text/links_stand_in_order_inside_the_text_whatever_it_is",
                    links_stand_in_order_inside_the_text_whatever_it_is);
    g_test_add_func("/text/long_hostile_texts_take_no_longer_than_plain_ones",
                    long_hostile_texts_take_no_longer_than_plain_ones);
    return g_test_run();
}
