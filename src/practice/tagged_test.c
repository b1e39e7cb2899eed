/* Posts with a hashtag: the same whenever they are asked for, found again by their id, never of the future. */
#include "practice/tagged.h"
#include <glib.h>
#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND)

static void
the_same_are_found_again(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibTagged *rows, *again, one;
    size_t n = hib_tagged_posts(arena, "冬の味", NOW - HIB_DAY, NOW, 1000, &rows);
    g_assert_cmpuint(n, >, 40);
    g_assert_cmpuint(n, <=, 97);
    g_assert_cmpuint(hib_tagged_posts(arena, "冬の味", NOW - HIB_DAY, NOW, 5, &again), ==, 5);
    size_t n_pictures = 0;
    for (size_t i = 0; i < n; i++) {
        g_assert_nonnull(strstr(rows[i].text, "#冬の味"));
        g_assert_cmpint(rows[i].at, >=, NOW - HIB_DAY);
        g_assert_cmpint(rows[i].at, <, NOW);
        g_assert_true(i == 0 || (rows[i].id < rows[i - 1].id && rows[i].at < rows[i - 1].at));
        g_assert_true(i >= 5 || again[i].id == rows[i].id);
        g_assert_true(hib_tagged_post(arena, rows[i].id, NOW, &one));
        g_assert_cmpstr(one.handle, ==, rows[i].handle);
        g_assert_false(hib_tagged_post(arena, rows[i].id, rows[i].at, &one)); /* not yet */
        n_pictures += rows[i].has_picture;
    }
    g_assert_cmpuint(n_pictures, >, n / 4);
    g_assert_cmpuint(hib_tagged_posts(arena, "夏", NOW - HIB_DAY, NOW, 1, &again), ==, 1);
    g_assert_cmpuint(again[0].id, !=, rows[0].id);
    g_assert_false(hib_tagged_post(arena, 7, NOW, &one));
    g_assert_false(hib_tagged_post(arena, UINT64_MAX, NOW, &one));
    size_t size;
    g_assert_cmpint(memcmp(hib_tagged_picture(&size), "\x89PNG", 4), ==, 0);
    g_assert_cmpuint(size, >, 100);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/tagged/the_same_are_found_again", the_same_are_found_again);
    return g_test_run();
}
