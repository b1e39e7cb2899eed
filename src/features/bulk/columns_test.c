/* Heads and words of cells, in both languages. */
#include "bulk/bulk_private.h"

static void
heads_are_found_in_both_languages(void)
{
    HibBulkColumn found;
    for (HibBulkColumn i = 0; i < HIB_COLUMN_ALL; i++) {
        g_assert_true(hib_bulk_column_of(hib_bulk_column_name("ja", i), &found) && found == i);
        g_assert_true(hib_bulk_column_of(hib_bulk_column_name("en", i), &found) && found == i);
        g_assert_true(hib_bulk_column_of(hib_bulk_column_key(i), &found) && found == i);
    }
    g_assert_true(hib_bulk_column_of(" ＴＥＸＴ ", &found) && found == HIB_COLUMN_TEXT);
    g_assert_true(hib_bulk_column_of("投稿ﾃｷｽﾄ", &found) == false);
    g_assert_true(hib_bulk_column_of("ﾃｷｽﾄ", &found) && found == HIB_COLUMN_TEXT);
    g_assert_false(hib_bulk_column_of("", &found));
    g_assert_false(hib_bulk_column_of("メモ", &found));
}

static void
words_are_understood(void)
{
    HibPostState state;
    HibNetFormat format;
    HibNetDisclosure told = {0};
    g_autoptr(HibArena) arena = hib_arena_new();
    for (int i = 0; i < HIB_POST_STATES; i++) {
        g_assert_true(hib_bulk_state_of(hib_bulk_state_name("ja", (HibPostState)i), &state));
        g_assert_cmpint(state, ==, i);
        g_assert_true(hib_bulk_state_of(hib_bulk_state_name("en", (HibPostState)i), &state));
        g_assert_cmpint(state, ==, i);
    }
    g_assert_false(hib_bulk_state_of("予定", &state));
    g_assert_true(hib_bulk_format_of("Reel", &format) && format == HIB_FORMAT_REEL);
    g_assert_true(hib_bulk_format_of("ﾘｰﾙ", &format) && format == HIB_FORMAT_REEL);
    g_assert_false(hib_bulk_format_of("巻物", &format));
    g_assert_true(hib_bulk_disclosure_of("広告", &told) && hib_bulk_disclosure_of("ai", &told));
    g_assert_true(told.is_advertising && told.is_ai_made && !told.is_own_brand);
    g_assert_cmpstr(hib_bulk_disclosure_cell(arena, "ja", told), ==, "広告; AI");
    g_assert_false(hib_bulk_disclosure_of("提供", &told));
}

static void
cells_with_several_are_split(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    size_t n;
    const char **parts = hib_bulk_split(arena, " a ;b、, c\n\nd　e；", &n);
    g_assert_cmpuint(n, ==, 4);
    g_assert_cmpstr(parts[0], ==, "a");
    g_assert_cmpstr(parts[1], ==, "b");
    g_assert_cmpstr(parts[2], ==, "c");
    g_assert_cmpstr(parts[3], ==, "d　e");
    hib_bulk_split(arena, "", &n);
    g_assert_cmpuint(n, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/columns/heads", heads_are_found_in_both_languages);
    g_test_add_func("/columns/words", words_are_understood);
    g_test_add_func("/columns/split", cells_with_several_are_split);
    return g_test_run();
}
