/* Counting, normal forms and fingerprints. */
#include "text/count.h"

#include "base/secrets.h"
#include "text/threads_count.h"
#include "text/weighted.h"

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

/* One text in the units of all networks at once: the table of the research (rules §2.1), whose X column was run with twitter-text 3.1.0. */
static void
reference_texts_count_on_each_network_as_its_own_counter_says(void)
{
    static const struct {
        const char *text;
        size_t x, bluesky, bluesky_bytes, line, threads;
    } cases[] = {
        {"あ", 2, 1, 3, 1, 1},
        {"a", 1, 1, 1, 1, 1},
        {"🍎", 2, 1, 4, 2, 4},
        {"👨‍👩‍👧‍👦", 2, 1, 25, 11, 25},
        {"https://example.jp/very/long", 23, 28, 28, 28, 28},
        {"か\u3099", 2, 1, 6, 2, 2},
        {"①", 2, 1, 3, 1, 1},
        {"—", 1, 1, 3, 1, 1},
        {"“", 1, 1, 3, 1, 1},
        {"ｱ", 2, 1, 3, 1, 1},
        {"한", 2, 1, 3, 1, 1},
        {"é", 1, 1, 2, 1, 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibTextCount count = hib_text_count(cases[i].text);
        g_test_message("%s", cases[i].text);
        g_assert_cmpuint(hib_text_weighted(cases[i].text).weight, ==, cases[i].x);
        g_assert_cmpuint(count.graphemes, ==, cases[i].bluesky);
        g_assert_cmpuint(count.bytes, ==, cases[i].bluesky_bytes);
        g_assert_cmpuint(count.utf16_units, ==, cases[i].line);
        g_assert_cmpuint(hib_text_threads(cases[i].text), ==, cases[i].threads);
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
a_search_form_sees_through_width_and_case_and_keeps_space(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_assert_cmpstr(hib_text_search_form(arena, "ｶﾞｼﾞｪｯﾄ  ＳＡＬＥ"), ==, "ガジェット  sale");
    g_assert_cmpstr(hib_text_search_form(arena, ""), ==, "");
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

/* Against GLib's own tables: every character of the Basic Multilingual Plane and of the pictures, alone, after a letter that takes marks, and after kana that does. */
static void
normal_forms_are_the_standards(void)
{
    static const char *const before[] = {"", "a", "か"};
    g_autoptr(HibArena) arena = hib_arena_new();
    for (gunichar c = 1; c < 0x1fb00; c++) {
        if (!g_unichar_isdefined(c) || (c >= 0xd800 && c <= 0xdfff))
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(before); i++) {
            g_autoptr(GString) text = g_string_new(before[i]);
            g_string_append_unichar(text, c);
            g_autofree char *theirs = g_utf8_normalize(text->str, -1, G_NORMALIZE_NFC);
            g_assert_cmpstr(hib_text_nfc(arena, text->str), ==, theirs);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/nfc/standard", normal_forms_are_the_standards);
    g_test_add_func("/count/a_text_is_measured_in_every_unit", a_text_is_measured_in_every_unit);
    g_test_add_func("/count/reference_texts_count_on_each_network_as_its_own_counter_says",
                    reference_texts_count_on_each_network_as_its_own_counter_says);
    g_test_add_func("/count/a_cut_falls_between_graphemes", a_cut_falls_between_graphemes);
    g_test_add_func("/count/normal_form_c_agrees_with_glib", normal_form_c_agrees_with_glib);
    g_test_add_func("/count/a_search_form_sees_through_width_and_case_and_keeps_space",
                    a_search_form_sees_through_width_and_case_and_keeps_space);
    g_test_add_func("/count/a_fingerprint_sees_through_width_case_and_space",
                    a_fingerprint_sees_through_width_case_and_space);
    return g_test_run();
}
