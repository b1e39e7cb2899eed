/* Expressions: held against GLib's GRegex where both understand them; bad ones are refused by name; none of them is slow. */
#include "text/pattern.h"

#include <string.h>

static HibPattern *
pattern(const char *expression)
{
    HibPatternFault fault;
    HibPattern *made = hib_pattern_new(expression, &fault);
    if (!made)
        g_test_message("%s: %s at %zu", expression, fault.what, fault.at);
    g_assert_nonnull(made);
    return made;
}

/* All places, as "start-end ". */
static char *
places(const char *expression, const char *text)
{
    g_autoptr(HibPattern) p = pattern(expression);
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibFolded folded = hib_text_fold(arena, text, strlen(text));
    GString *out = g_string_new("");
    int64_t steps = 1000000;
    size_t start, end = 0;
    while (hib_pattern_find(p, &folded, end, &steps, &start, &end) == HIB_PATTERN_FOUND)
        g_string_append_printf(out, "%zu-%zu ", start, end);
    return g_string_free(out, FALSE);
}

static void
expect(const char *expression, const char *text, const char *wanted)
{
    g_autofree char *got = places(expression, text);
    if (strcmp(got, wanted) != 0)
        g_test_message("%s on %s", expression, text);
    g_assert_cmpstr(got, ==, wanted);
}

static void
places_are_the_first_and_the_longest(void)
{
    expect("a|ab", "xab ab", "1-3 4-6 ");
    expect("no\\.?\\s?1([^0-9]|$)", "No.1、No 10、ＮＯ１", "0-5 11-14 ");
    expect("0[789]0[-‐ー ]?[0-9]{4}[-‐ー ]?[0-9]{4}", "090-1234-5678まで", "0-13 ");
    expect("(レビュー|口コミ).{0,5}(割引|特典)", "口コミで割引。レビューを書いたらその特典",
           "0-6 ");
    expect("^abc$", "abc", "0-3 ");
    expect("^abc$", "xabc", "");
    expect("(^|[^a-z])pr([^a-z]|$)", "pr", "0-2 ");
    expect("(^|[^a-z])pr([^a-z]|$)", "april", "");
    expect("[ァ-ヶ]+", "カタカナとkana", "0-5 ");
    expect("[^a-z]{2,}", "ab12あcd", "2-5 ");
    expect("x*", "aaa", "");
    expect("(a{2}){2}", "aaaaa", "0-4 ");
    expect("a+", "aaabaa", "0-3 4-6 ");
    expect("\\{\\{?[a-z0-9_. ]+\\}?\\}|%[a-z_]+%", "{{name}}さん %id%", "0-8 10-14 ");
    expect("[]a]+", "a]b", "0-2 ");
    expect("[a\\]-]+", "a-]b", "0-3 ");
    expect("", "abc", "");
}

static void
what_is_not_understood_is_refused_by_name(void)
{
    static const struct {
        const char *expression, *what;
        size_t at;
    } bad[] = {
        {"(a", "a ( that is never closed", 2},
        {"a)", "a ) that was never opened", 1},
        {"[a", "a [ that is never closed", 2},
        {"*a", "nothing stands before a repetition", 1},
        {"a**", "a repetition of a repetition; put ( ) around it", 2},
        {"a{3,2}", "a repetition whose least is more than its most", 6},
        {"a{9999}", "a { without a number up to 1000", 6},
        {"a{x}", "a { without a number up to 1000", 2},
        {"a{2", "a { that is never closed", 3},
        {"(?=a)", "(? is not understood: nothing looks around or back", 2},
        {"(a)\\1", "an unknown \\ sequence", 5},
        {"\\", "a \\ at the end", 1},
        {"[z-a]", "a range in [ ] that runs backwards", 4},
        {"✨", "a character that is left out of every text", 1},
        {"((a{1,1000}){1,1000}){1,1000}", "repetitions that become too large", 0},
        {"(((((){1000}){1000}){1000}){1000}){1000}", "repetitions that become too large", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        HibPatternFault fault;
        g_assert_null(hib_pattern_new(bad[i].expression, &fault));
        g_assert_cmpstr(fault.what, ==, bad[i].what);
        g_assert_cmpuint(fault.at, ==, bad[i].at);
    }
    g_autoptr(GString) deep = g_string_new("");
    for (int i = 0; i < 100; i++)
        g_string_append_c(deep, '(');
    HibPatternFault fault;
    g_assert_null(hib_pattern_new(deep->str, &fault));
    g_assert_cmpstr(fault.what, ==, "too many ( within each other");
}

static guint32 seed = 11;
static guint
pick(guint n)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

static void
grow(GString *out, int depth)
{
    switch (depth > 3 ? 0 : pick(7)) {
    case 0:
    case 1:
        g_string_append_c(out, (char)('a' + pick(3)));
        break;
    case 2:
        g_string_append(out, pick(2) ? "[ab]" : "[^a]");
        break;
    case 3:
        g_string_append(out, "(");
        grow(out, depth + 1);
        g_string_append(out, "|");
        grow(out, depth + 1);
        g_string_append(out, ")");
        break;
    case 4:
        g_string_append(out, "(");
        grow(out, depth + 1);
        g_string_append(
            out, (const char *const[]){")?", ")*", ")+", "){2}", "){1,2}", "){0,3}"}[pick(6)]);
        break;
    default:
        grow(out, depth + 1);
        grow(out, depth + 1);
    }
}

/* GRegex takes the first alternative, we the longest; but whether anything begins at a place is the same, and so is the first such place. And what is
 * found holds one of the words that are said to be needed. */
static void
random_expressions_begin_where_another_engine_begins(void)
{
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) expression = g_string_new("");
        grow(expression, 0);
        char text[13] = {0};
        for (size_t i = 0; i < sizeof text - 1; i++)
            text[i] = (char)('a' + pick(4));
        /* what is found is never empty with us: ask the other for at least one character, too */
        g_autofree char *not_empty = g_strdup_printf("(?:%s)", expression->str);
        g_autoptr(HibPattern) p = pattern(expression->str);
        g_autoptr(HibArena) arena = hib_arena_new();
        const HibFolded folded = hib_text_fold(arena, text, strlen(text));
        int64_t steps = 1000000;
        size_t start = 0, end = 0;
        bool is_found = hib_pattern_find(p, &folded, 0, &steps, &start, &end) == HIB_PATTERN_FOUND;
        g_autoptr(GRegex) regex = g_regex_new(not_empty, 0, G_REGEX_MATCH_NOTEMPTY, NULL);
        g_autoptr(GMatchInfo) match = NULL;
        bool is_other = g_regex_match(regex, text, G_REGEX_MATCH_NOTEMPTY, &match);
        if (is_found != is_other)
            g_test_message("%s on %s", expression->str, text);
        g_assert_cmpint(is_found, ==, is_other);
        if (!is_found)
            continue;
        int begins, ends;
        g_match_info_fetch_pos(match, 0, &begins, &ends);
        g_assert_cmpint(begins, ==, start);
        g_assert_cmpint(ends, <=, end);
        const HibPatternWord *words;
        size_t n = hib_pattern_words(p, &words);
        bool holds = n == 0;
        for (size_t w = 0; w < n; w++)
            for (size_t i = start; i + words[w].n <= end; i++)
                holds |=
                    memcmp(folded.chars + i, words[w].chars, words[w].n * sizeof(uint32_t)) == 0;
        g_assert_true(holds);
    }
}

/* Which expressions need which words: only where the text has one are they tried. */
static void
the_longest_words_are_needed(void)
{
    g_autoptr(HibPattern) p = pattern("(口コミ|レビュー).{0,20}(特典|割引)");
    const HibPatternWord *words;
    g_assert_cmpuint(hib_pattern_words(p, &words), ==, 2);
    g_assert_cmpuint(words[0].n, ==, 3); /* 口こみ, れびゅー: longer than 特典 */
    g_autoptr(HibPattern) sign = pattern("[a-z0-9._%+-]+@[a-z0-9.-]+");
    g_assert_cmpuint(hib_pattern_words(sign, &words), ==, 1);
    g_assert_cmphex(words[0].chars[0], ==, '@');
    g_autoptr(HibPattern) any = pattern("[a-z]+|b");
    g_assert_cmpuint(hib_pattern_words(any, &words), ==, 0);
}

/* Expressions that explode elsewhere: the steps are counted, and bounded by length times size. */
static void
nothing_explodes(void)
{
    static const char *const slow[] = {"(a+)+b",     "(a|a)*b",   "(a|aa)+$x",
                                       "(.*a){12}b", "((a*)*)*b", "a{0,300}a{0,300}b"};
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = g_strnfill(3000, 'a');
    const HibFolded folded = hib_text_fold(arena, text, 3000);
    for (size_t i = 0; i < G_N_ELEMENTS(slow); i++) {
        g_autoptr(HibPattern) p = pattern(slow[i]);
        int64_t most = (int64_t)3001 * 2600, steps = most;
        size_t start, end;
        g_assert_cmpint(hib_pattern_find(p, &folded, 0, &steps, &start, &end), ==,
                        HIB_PATTERN_NONE);
        g_assert_cmpint(steps, >, 0);
        steps = 1000;
        g_assert_cmpint(hib_pattern_find(p, &folded, 0, &steps, &start, &end), ==,
                        HIB_PATTERN_TOO_LONG);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pattern/places", places_are_the_first_and_the_longest);
    g_test_add_func("/pattern/bad", what_is_not_understood_is_refused_by_name);
    g_test_add_func("/pattern/random", random_expressions_begin_where_another_engine_begins);
    g_test_add_func("/pattern/words", the_longest_words_are_needed);
    g_test_add_func("/pattern/explode", nothing_explodes);
    return g_test_run();
}
