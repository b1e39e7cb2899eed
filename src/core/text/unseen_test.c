/* What no reader sees: found where it plays tricks, left alone where scripts and emoji need it. */
#include "text/unseen.h"

#include "base/secrets.h"

#include <glib.h>
#include <string.h>

#define MOST 40

static char *
describe(const char *text, HibUnseenKind kind)
{
    HibUnseen found[MOST];
    size_t n = hib_text_unseen(text, kind, found, MOST);
    GString *out = g_string_new("");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%zu-%zu", i ? " " : "", found[i].start, found[i].end);
    return g_string_free(out, FALSE);
}

static void
tricks_are_found_and_what_is_needed_is_not(void)
{
    static const struct {
        const char *text, *direction, *width;
    } cases[] = {
        {"本日もお待ちしています", "", ""},
        {"\u202eabc\u202c", "0-3 6-9", ""},
        {"a\u2066\u2067b", "1-7", ""},
        {"abc\u200edef", "3-6", ""},
        {"שלום\u200f!", "", ""},
        {"שלום\u202e!", "8-11", ""},
        {"最\u200b安\u2060値", "", "3-6 9-12"},
        {"a\u200b\u200b\ufeff", "", "1-10"},
        {"👨\u200d👩\u200d👧 と 👩🏽\u200d💻 と ❤️\u200d🔥", "", ""},
        {"あ\u200d👩", "", "3-6"},
        {"می\u200cخواهم", "", ""},
        {"क्\u200dष", "", ""},
        {"a\u200cb", "", "1-4"},
        {"\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "", ""},
        {"a\U000e0068\U000e0069", "", "1-9"},
        {"\u3164", "", "0-3"},
        {"co\u00adop", "", "2-4"},
        {"", "", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *direction = describe(cases[i].text, HIB_UNSEEN_DIRECTION),
                        *width = describe(cases[i].text, HIB_UNSEEN_WIDTH);
        g_assert_cmpstr(direction, ==, cases[i].direction);
        g_assert_cmpstr(width, ==, cases[i].width);
    }
}

static void
no_more_are_told_than_asked_for_and_each_within_the_text(void)
{
    static const char *const pieces[] = {"\u202e", "\u200b", "\u200d", "あ", "a",
                                         "😀",      "\u0301", "ש",      " ",  "\U000e0061"};
    HibSeeded seeded;
    hib_seeded_init(&seeded, 3);
    for (int i = 0; i < 2000; i++) {
        HibUnseen found[5];
        g_autoptr(GString) text = g_string_new("");
        for (int k = 0; k < 30; k++)
            g_string_append(text, pieces[hib_seeded_below(&seeded, G_N_ELEMENTS(pieces))]);
        for (int kind = 0; kind < 2; kind++) {
            size_t n = hib_text_unseen(text->str, (HibUnseenKind)kind, found, 5), last = 0;
            g_assert_cmpuint(n, <=, 5);
            for (size_t k = 0; k < n; k++) {
                g_assert_true(found[k].start >= last && found[k].end > found[k].start);
                g_assert_true(g_utf8_validate(text->str + found[k].start,
                                              (gssize)(found[k].end - found[k].start), NULL));
                last = found[k].end + 1;
            }
            g_assert_cmpuint(last, <=, text->len + 1);
        }
    }
}

/* The quick look at the bytes lets none by. */
static void
every_one_of_them_is_found(void)
{
    size_t n_width = 0, n_direction = 0;
    for (gunichar c = 1; c < 0x110000; c++) {
        HibUnseen found[2];
        char text[10] = "a";
        if (c >= 0xd800 && c < 0xe000)
            continue;
        int n = g_unichar_to_utf8(c, text + 1);
        memcpy(text + 1 + n, "b", 2);
        n_width += hib_text_unseen(text, HIB_UNSEEN_WIDTH, found, 2);
        n_direction += hib_text_unseen(text, HIB_UNSEEN_DIRECTION, found, 2);
    }
    g_assert_cmpuint(n_width, ==, 18 + 0x80);
    g_assert_cmpuint(n_direction, ==, 5 + 4 + 3);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/unseen/tricks_are_found_and_what_is_needed_is_not",
                    tricks_are_found_and_what_is_needed_is_not);
    g_test_add_func("/text/unseen/no_more_are_told_than_asked_for_and_each_within_the_text",
                    no_more_are_told_than_asked_for_and_each_within_the_text);
    g_test_add_func("/text/unseen/every_one_of_them_is_found", every_one_of_them_is_found);
    return g_test_run();
}
