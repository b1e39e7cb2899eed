/* Vectors of shared research (rules §2.1) and what follows from the network's own sentence. */
#include "text/threads_count.h"

#include <glib.h>

static void
an_emoji_counts_as_its_bytes_and_everything_else_as_characters(void)
{
    static const struct {
        const char *text;
        size_t used;
    } cases[] = {
        {"", 0},
        {"a", 1},
        {"あ", 1},
        {"🍎", 4},
        {"👨‍👩‍👧‍👦", 25},
        {"https://example.jp/very/long", 28},
        {"か\u3099", 2},
        {"予定 🍎🍎 OK", 14},
        {"🇯🇵", 8},
        {"👍🏽", 8},
        {"1\ufe0f\u20e3", 7}, /* a keycap is a picture, */
        {"123 #*", 6},        /* a digit alone is none */
        {"\u2600", 1},        /* ☀ as text */
        {"\u2600\ufe0f", 6},  /* ☀️ as a picture */
        {"©2026", 5},         /* text by itself */
        {"葛\U000e0100", 2},  /* a variant of a character is no emoji */
        {"a\r\nb", 4},
        {"\xff\xfe", 2}, /* bad bytes */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_cmpuint(hib_text_threads(cases[i].text), ==, cases[i].used);
    }
}

static void
a_text_at_the_limit_and_one_beyond(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 496; i++)
        g_string_append(text, "響");
    g_string_append(text, "🍎");
    g_assert_cmpuint(hib_text_threads(text->str), ==, 500);
    g_string_append_c(text, '.');
    g_assert_cmpuint(hib_text_threads(text->str), ==, 501);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/threads/an_emoji_counts_as_its_bytes_and_everything_else_as_characters",
                    an_emoji_counts_as_its_bytes_and_everything_else_as_characters);
    g_test_add_func("/text/threads/a_text_at_the_limit_and_one_beyond",
                    a_text_at_the_limit_and_one_beyond);
    return g_test_run();
}
