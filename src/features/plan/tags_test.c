/* Tags come back as they were meant: tidy, each once, in order. */
#include "plan/plan_private.h"

static void
tags_are_tidied_and_come_back_in_order(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const words[] = {" #冬 ", "新作", "", "冬", "＃限定", "二\n行", "##x", " # "};
    size_t n;
    const char *text = hib_tags_join(arena, words, G_N_ELEMENTS(words));
    const char **back = hib_tags_split(arena, text, '\n', &n);
    g_assert_cmpuint(n, ==, 5);
    g_assert_cmpstr(back[0], ==, "冬");
    g_assert_cmpstr(back[1], ==, "新作");
    g_assert_cmpstr(back[2], ==, "限定");
    g_assert_cmpstr(back[3], ==, "二 行");
    g_assert_cmpstr(back[4], ==, "x");
}

static void
nothing_splits_into_nothing(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    size_t n = 9;
    hib_tags_split(arena, "", ' ', &n);
    g_assert_cmpuint(n, ==, 0);
    hib_tags_split(arena, " a  b ", ' ', &n);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(hib_tags_join(arena, NULL, 0), ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/tags/tags_are_tidied_and_come_back_in_order",
                    tags_are_tidied_and_come_back_in_order);
    g_test_add_func("/plan/tags/nothing_splits_into_nothing", nothing_splits_into_nothing);
    return g_test_run();
}
