/* Blanks are filled, fall back to what their writer said, or are seen. */
#include "engage/saved.h"

static void
blanks_are_filled(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibSavedFacts facts = {.name = "田中{me}",
                                 .handle = "tanaka",
                                 .account = "カフェ響",
                                 .post_url = "https://x.test/1",
                                 .me = "佐藤"};
    const char **missing;
    g_assert_cmpstr(hib_saved_fill(arena, "{name}様 (@{handle}) {account}の{me}です {post_url}",
                                   &facts, &missing),
                    ==, "田中{me}様 (@tanaka) カフェ響の佐藤です https://x.test/1");
    g_assert_null(missing[0]);
}

static void
what_is_not_known_is_seen_or_replaced(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibSavedFacts facts = {.name = ""};
    const char **missing;
    const char *out =
        hib_saved_fill(arena, "{name|お客様}、{me}より {post_url}{me}", &facts, &missing);
    g_assert_cmpstr(out, ==, "お客様、【me】より 【post_url】【me】");
    g_assert_cmpstr(missing[0], ==, "post_url");
    g_assert_cmpstr(missing[1], ==, "me");
    g_assert_null(missing[2]);
    g_assert_true(hib_saved_is_open(out));
    g_assert_false(hib_saved_is_open("【重要】お知らせ"));
}

static void
braces_that_are_no_blank_stay(void)
{
    static const char *const plain[] = {"{",      "}",           "{}",        "{ name }", "{name",
                                        "{name|", "{name|a\nb}", "{{name|{}", "{NAME}",   "a{b{c"};
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibSavedFacts facts = {.name = "x"};
    const char **missing;
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
        g_assert_cmpstr(hib_saved_fill(arena, plain[i], &facts, &missing), ==, plain[i]);
        g_assert_cmpint(hib_saved_wrong(plain[i]), ==, -1);
    }
    g_assert_cmpstr(hib_saved_fill(arena, "{{name}}", &facts, &missing), ==, "{x}");
}

static void
a_blank_of_nobody_is_found(void)
{
    g_assert_cmpint(hib_saved_wrong("こんにちは {name}"), ==, -1);
    g_assert_cmpint(hib_saved_wrong("a {nmae} b"), ==, 2);
    g_assert_cmpint(hib_saved_wrong("{name}{order_id|0}"), ==, 6);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/saved/filled", blanks_are_filled);
    g_test_add_func("/saved/missing", what_is_not_known_is_seen_or_replaced);
    g_test_add_func("/saved/braces", braces_that_are_no_blank_stay);
    g_test_add_func("/saved/unknown", a_blank_of_nobody_is_found);
    return g_test_run();
}
