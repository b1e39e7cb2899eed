/* Folding: what reads the same is the same, and every character knows where it stood. */
#include "text/fold.h"

#include <string.h>

/* As UTF-8, for reading. */
static char *
folded(HibArena *arena, const char *text, HibFolded *ret)
{
    *ret = hib_text_fold(arena, text, strlen(text));
    g_autofree char *out =
        g_ucs4_to_utf8((const gunichar *)ret->chars, (glong)ret->n, NULL, NULL, NULL);
    g_assert_nonnull(out);
    return hib_arena_strdup(arena, out);
}

static void
texts_that_read_the_same_are_the_same(void)
{
    static const char *const same[][2] = {
        {"ニキビが治る", "にきびが治る"},
        {"ﾆｷﾋﾞが治る", "にきびが治る"},
        {"ニキヒ゛が治る", "にきびが治る"},
        {"Ｎｏ．１", "no.1"},
        {"𝗡𝗼.𝟭", "no.1"},
        {"🅽🄾.①", "no.1"},
        {"業界最 安 値", "業界最安値"},
        {"業界　最\t安値", "業界最安値"},
        {"最\u200b安\u2060値", "最安値"},
        {"最\u202e安\ufe0f値", "最安値"},
        {"最★安✨値🔥", "最安値"},
        {"最・安・値", "最安値"},
        {"N.o.1の実績", "no1の実績"},
        {"N o . 1", "no.1"},
        {"ガ", "が"},
        {"か\u3099", "が"},
        {"㌔", "きろ"},
        {"⾼い", "高い"},
        {"★5の口コミ", "星5の口こみ"},
        {"100 %の自信", "100 %の自信"},
        {"PR 投稿", "pr投稿"},
        {"#gifted 新作", "#gifted 新作"},
        {"新作 #gifted", "新作 #gifted"},
        {"https://stg.example.jp/ですね", "https://stg.example.jp/ですね"},
        {"最高\n気温", "最高 気温"},
        {"○○調べ ●●様", "○○調べ●●様"},
        {"○○様", "○○様"},
        {"p̶r̶", "pr"},
        {"2026–04–01", "2026-04-01"},
        {"9 8 7 6 5", "9 8 7 6 5"},
        {"3/4/5", "3/4/5"},
        {"  端は 消える  ", "端は消える"},
        {"", ""},
        {"✨🎉", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibFolded text;
        g_assert_cmpstr(folded(arena, same[i][0], &text), ==, same[i][1]);
    }
}

static void
every_character_knows_where_it_stood(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *text = "業界 最\u200b安・ｶﾞ㌔";
    HibFolded f;
    g_assert_cmpstr(folded(arena, text, &f), ==, "業界最安・がきろ");
    const char *const was[] = {"業", "界", "最", "安", "・", "ｶﾞ", "㌔", "㌔"};
    g_assert_cmpuint(f.n, ==, G_N_ELEMENTS(was));
    for (size_t i = 0; i < f.n; i++) {
        g_assert_cmpuint(f.to[i] - f.from[i], ==, strlen(was[i]));
        g_assert_cmpint(memcmp(text + f.from[i], was[i], strlen(was[i])), ==, 0);
    }
    g_assert_cmpint(f.script[5], ==, HIB_FOLD_KATAKANA);
    g_assert_cmpint(f.script[0], ==, 0);
}

static void
marks_without_end_cost_little_and_bad_bytes_nothing(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GString) text = g_string_new("a");
    for (int i = 0; i < 100000; i++)
        g_string_append(text, "\u0301");
    HibFolded f = hib_text_fold(arena, text->str, text->len);
    g_assert_cmpuint(f.n, ==, 1);
    g_assert_cmpuint(f.to[0], ==, text->len);
    f = hib_text_fold(arena, "\xe3\x81 a\xff", 5);
    for (size_t i = 0; i < f.n; i++)
        g_assert_cmpuint(f.to[i], <=, 5);
}

static void
a_character_of_a_pattern_is_folded_as_in_a_text(void)
{
    uint32_t out[4];
    g_assert_cmpuint(hib_text_fold_char(0x30a2 /* ア */, out, 4), ==, 1);
    g_assert_cmphex(out[0], ==, 0x3042);
    g_assert_cmpuint(hib_text_fold_char('A', out, 4), ==, 1);
    g_assert_cmphex(out[0], ==, 'a');
    g_assert_cmpuint(hib_text_fold_char(0x2605, out, 4), ==, 1);
    g_assert_cmphex(out[0], ==, 0x661f);
    g_assert_cmpuint(hib_text_fold_char(0x2728, out, 4), ==, 0);
    g_assert_cmpuint(hib_text_fold_char(0x3000, out, 4), ==, 1);
    g_assert_cmphex(out[0], ==, ' ');
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fold/same", texts_that_read_the_same_are_the_same);
    g_test_add_func("/fold/places", every_character_knows_where_it_stood);
    g_test_add_func("/fold/bounds", marks_without_end_cost_little_and_bad_bytes_nothing);
    g_test_add_func("/fold/char", a_character_of_a_pattern_is_folded_as_in_a_text);
    return g_test_run();
}
