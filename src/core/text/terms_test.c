/* Terms: every one of them is found, and held against a search by hand; words are not found within others. */
#include "text/terms.h"

#include <string.h>

typedef struct {
    GString *out;
    const char *const *terms;
} Told;

static void
tell(void *data, uint32_t term, size_t start, size_t end)
{
    Told *told = data;
    g_string_append_printf(told->out, "%s@%zu-%zu ", told->terms[term], start, end);
}

static char *
found(const char *const *words, const char *text)
{
    g_autoptr(HibTerms) terms = hib_terms_new();
    for (size_t i = 0; words[i]; i++)
        g_assert_cmpint(hib_terms_add(terms, words[i], false), ==, i);
    hib_terms_build(terms);
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibFolded folded = hib_text_fold(arena, text, strlen(text));
    Told told = {g_string_new(""), words};
    hib_terms_find(terms, &folded, tell, &told);
    return g_string_free(told.out, FALSE);
}

#define EXPECT(text, wanted, ...)                                                                  \
    do {                                                                                           \
        g_autofree char *got = found((const char *const[]){__VA_ARGS__, NULL}, text);              \
        g_assert_cmpstr(got, ==, wanted);                                                          \
    } while (0)

static void
terms_within_and_over_each_other_are_all_found(void)
{
    EXPECT("業界最安値", "業界最安@0-4 最安@2-4 最安値@2-5 安値@3-5 ", "最安値", "業界最安", "安値",
           "最安");
    EXPECT("ああああ", "ああ@0-2 あああ@0-3 ああ@1-3 あああ@1-4 ああ@2-4 ", "ああ", "あああ");
    EXPECT("何もない", "", "最高");
    EXPECT("ＱＲコードとQRｺｰﾄﾞ", "qrコード@0-5 qrコード@6-11 ", "qrコード");
}

static void
a_word_is_not_found_within_another(void)
{
    EXPECT("全品980円", "", "0円");
    EXPECT("全品1,000円", "", "0円", "000円");
    EXPECT("実質0円", "0円@2-4 ", "0円");
    EXPECT("outbdx tbd", "tbd@7-10 ", "tbd");
    EXPECT("忘れずに", "", "レズ");
    EXPECT("レズだ", "レズ@0-2 ", "レズ");
    EXPECT("デブリとまでぶらり", "", "デブ");
    EXPECT("デブ卒業、でぶ卒業", "デブ@0-2 デブ@5-7 ", "デブ");
    EXPECT("カッターバー", "", "ター");
    EXPECT("ブスー", "", "ブス");
}

static guint32 seed = 7;
static guint
pick(guint n)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % n;
}

static void
count_one(void *data, uint32_t term G_GNUC_UNUSED, size_t start G_GNUC_UNUSED,
          size_t end G_GNUC_UNUSED)
{
    ++*(size_t *)data;
}

/* Against the plainest search there is, on texts of few letters, where terms overlap most. */
static void
random_terms_are_found_as_by_hand(void)
{
    for (int round = 0; round < 300; round++) {
        g_autoptr(HibTerms) terms = hib_terms_new();
        g_autoptr(HibArena) arena = hib_arena_new();
        uint32_t words[20][5], text[80];
        size_t lengths[20];
        for (size_t w = 0; w < 20; w++) {
            lengths[w] = 1 + pick(5);
            for (size_t i = 0; i < lengths[w]; i++)
                words[w][i] = 0x4e00 + pick(3);
            g_assert_cmpint(hib_terms_add_folded(terms, words[w], lengths[w]), ==, w);
        }
        hib_terms_build(terms);
        for (size_t i = 0; i < 80; i++)
            text[i] = 0x4e00 + pick(4);
        size_t wanted = 0, got = 0;
        for (size_t w = 0; w < 20; w++)
            for (size_t i = 0; i + lengths[w] <= 80; i++)
                wanted += memcmp(text + i, words[w], lengths[w] * sizeof *text) == 0;
        const HibFolded folded = {.n = 80, .chars = text, .script = hib_arena_take(arena, 80)};
        hib_terms_find(terms, &folded, count_one, &got);
        g_assert_cmpuint(got, ==, wanted);
    }
}

static void
a_term_of_nothing_is_refused(void)
{
    g_autoptr(HibTerms) terms = hib_terms_new();
    g_assert_cmpint(hib_terms_add(terms, "", false), ==, -1);
    g_assert_cmpint(hib_terms_add(terms, "✨\u200b", false), ==, -1);
    g_autofree char *endless = g_strnfill(HIB_TERM_CHARS + 1, 'a');
    g_assert_cmpint(hib_terms_add(terms, endless, false), ==, -1);
    hib_terms_build(terms);
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibFolded folded = hib_text_fold(arena, "aaa", 3);
    size_t n = 0;
    hib_terms_find(terms, &folded, count_one, &n);
    g_assert_cmpuint(n, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terms/all", terms_within_and_over_each_other_are_all_found);
    g_test_add_func("/terms/words", a_word_is_not_found_within_another);
    g_test_add_func("/terms/random", random_terms_are_found_as_by_hand);
    g_test_add_func("/terms/nothing", a_term_of_nothing_is_refused);
    return g_test_run();
}
