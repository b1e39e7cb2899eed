/* Mastodon's count against vectors (tests/data/mastodon.json, written by tests/oracle/mastodon.mjs). */
#include "text/mastodon.h"

#include "text/count.h"

#include "base/json.h"

#include <string.h>

static void
texts_count_as_a_mastodon_server_counts_them(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    gsize n = 0;
    HibJson in, cases;
    g_assert_true(g_file_get_contents(TEST_DATA "/mastodon.json", &text, &n, NULL));
    g_assert_true(hib_json_parse(arena, text, n, &in, NULL) &&
                  hib_json_array(in, "cases", &cases, NULL));
    size_t n_cases = 0, n_different = 0;
    for (HibJson one = hib_json_first(cases); one.value; one = hib_json_next(cases, one)) {
        const char *said = NULL, *shown = NULL, *why = NULL;
        int64_t length = 0;
        g_assert_true(hib_json_text(one, "text", &said, NULL) &&
                      hib_json_text(one, "shown", &shown, NULL) &&
                      hib_json_int(one, "length", &length, NULL) &&
                      hib_json_opt_text(one, "why", &why, NULL));
        int64_t got = (int64_t)hib_text_mastodon(said);
        n_cases++;
        if (why) { /* meant to differ, and never to let a text through that is refused */
            n_different++;
            g_assert_cmpint((int64_t)hib_text_graphemes(said), ==, got);
            continue;
        }
        if (got != length)
            g_test_message("%s", said);
        g_assert_cmpint(got, ==, length);
        g_assert_cmpstr(hib_text_mastodon_shown(arena, said), ==, shown);
    }
    g_assert_cmpuint(n_cases, >, 1500);
    g_assert_cmpuint(n_different, ==, 1);
}

static void
any_bytes_are_counted_without_harm(void)
{
    static const char *const broken[] = {"https://\xff.com", "@a@\xe3\x81", "https://a.com/\xc3",
                                         "\x80@a@b", "@"};
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
        g_assert_cmpuint(hib_text_mastodon(broken[i]), >, 0);
    g_autofree char *brackets = g_strnfill(100000, '(');
    g_autofree char *link = g_strconcat("https://example.com/", brackets, NULL);
    g_assert_cmpuint(hib_text_mastodon(link), ==, 23 + 100000);
}

static void
who_is_mentioned_is_who_would_be_told(void)
{
    static const struct {
        const char *text;
        bool is_named;
    } cases[] = {{"@alice@other.example はい", true},
                 {"はい @Alice@Other.Example", true},
                 {"(@alice@other.example)", true},
                 {"@alice@other.example.", true},
                 {"@alice@other.example.jp はい", false},
                 {"@alice@other.exampleさん", false},
                 {"x@alice@other.example", false},
                 {"@alice はい", false},
                 {"@alice@other.example@x", false},
                 {"https://a.jp/@alice@other.example", false},
                 {"", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].text);
        g_assert_cmpint(hib_text_mastodon_names(cases[i].text, "alice@other.example"), ==,
                        cases[i].is_named);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/mastodon/texts_count_as_a_mastodon_server_counts_them",
                    texts_count_as_a_mastodon_server_counts_them);
    g_test_add_func("/text/mastodon/who_is_mentioned_is_who_would_be_told",
                    who_is_mentioned_is_who_would_be_told);
    g_test_add_func("/text/mastodon/any_bytes_are_counted_without_harm",
                    any_bytes_are_counted_without_harm);
    return g_test_run();
}
