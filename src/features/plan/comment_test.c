/* Spots: found again where the words went, where they were rewritten, and not found where they are gone. */
#include "plan/comment.h"

static HibSpot
take(HibArena *arena, const char *text, int64_t start, int64_t n)
{
    HibSpot spot;
    g_assert_true(hib_spot_take(arena, text, start, n, &spot));
    return spot;
}

static void
a_spot_moves_with_its_words(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibSpot spot = take(arena, "新しい豆が届きました。ぜひどうぞ。", 3, 1);
    g_assert_cmpstr(spot.quote, ==, "豆");
    g_assert_cmpstr(spot.before, ==, "新しい");
    HibSpotFound found = hib_spot_find("本日、新しい豆が届きました。ぜひどうぞ。", &spot);
    g_assert_true(found.is_there && !found.is_changed);
    g_assert_cmpint(found.start, ==, 6);
    g_assert_cmpint(found.n, ==, 1);
}

static void
of_equal_words_the_one_with_the_same_neighbours_is_meant(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibSpot spot = take(arena, "豆と豆乳と豆腐", 5, 1);
    HibSpotFound found = hib_spot_find("豆乳と豆腐と豆", &spot);
    g_assert_true(found.is_there);
    g_assert_cmpint(found.start, ==, 3); /* 豆腐 */
    spot = take(arena, "ああああ", 2, 1);
    g_assert_cmpint(hib_spot_find("ああああ", &spot).start, ==, 2);
}

static void
rewritten_words_are_found_between_their_neighbours(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *text = "価格は500円です。店頭でどうぞ。";
    HibSpot spot = take(arena, text, 3, 4);
    g_assert_cmpstr(spot.quote, ==, "500円");
    HibSpotFound found = hib_spot_find("価格は480円（税込）です。店頭でどうぞ。", &spot);
    g_assert_true(found.is_there && found.is_changed);
    g_assert_cmpint(found.start, ==, 3);
    g_assert_cmpint(found.n, ==, 8);
    found = hib_spot_find("まったく別の文章", &spot);
    g_assert_false(found.is_there);
}

static void
what_lies_outside_is_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibSpot spot;
    g_assert_false(hib_spot_take(arena, "豆", 0, 2, &spot));
    g_assert_false(hib_spot_take(arena, "豆", 1, 1, &spot));
    g_assert_false(hib_spot_take(arena, "豆", -1, 1, &spot));
    g_assert_false(hib_spot_take(arena, "豆", 0, 0, &spot));
    g_assert_false(hib_spot_take(arena, "", 0, 1, &spot));
    g_assert_false(hib_spot_take(arena, "豆", 1, INT64_MAX, &spot));
    g_assert_true(hib_spot_take(arena, "👩‍👩‍👧", 0, 5, &spot));
    g_assert_cmpstr(spot.before, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/comment/a_spot_moves_with_its_words", a_spot_moves_with_its_words);
    g_test_add_func("/plan/comment/of_equal_words_the_one_with_the_same_neighbours_is_meant",
                    of_equal_words_the_one_with_the_same_neighbours_is_meant);
    g_test_add_func("/plan/comment/rewritten_words_are_found_between_their_neighbours",
                    rewritten_words_are_found_between_their_neighbours);
    g_test_add_func("/plan/comment/what_lies_outside_is_refused", what_lies_outside_is_refused);
    return g_test_run();
}
