/* Other shops' accounts: what they have follows from the time alone. */
#include "practice/rival.h"

#include <glib.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND)

static void
posts_are_the_same_whenever_they_are_asked_for(void)
{
    HibFaceRivalPost now[HIB_FACE_RIVAL_POSTS], later[HIB_FACE_RIVAL_POSTS];
    const HibFaceRival *shop = hib_face_rival("tonari", false, NOW);
    g_assert_nonnull(shop);
    g_assert_cmpuint(hib_face_rival_posts(shop, NOW, 10, now), ==, 10);
    g_assert_cmpuint(hib_face_rival_posts(shop, NOW + HIB_DAY, 10, later), ==, 10);
    for (int i = 0; i < 9; i++) {
        g_assert_cmpuint(now[i].id, ==, later[i + 1].id);
        g_assert_cmpint(now[i].at, ==, later[i + 1].at);
        g_assert_cmpint(now[i].at, >, now[i + 1].at);
        g_assert_cmpint(now[i].likes, <=, later[i + 1].likes);
        g_assert_cmpint(now[i].at, <=, NOW);
    }
    g_assert_cmpint(hib_face_rival_followers(shop, NOW + HIB_DAY), ==,
                    hib_face_rival_followers(shop, NOW) + 6);
}

static void
a_moving_one_is_found_by_its_newest_handle_only(void)
{
    char first[64], second[64];
    const HibFaceRival *moving = hib_face_rival("hikkoshi", true, NOW);
    hib_face_rival_handle(moving, NOW, first);
    hib_face_rival_handle(moving, NOW + 30 * HIB_DAY, second);
    g_assert_cmpstr(first, !=, second);
    g_assert_true(hib_face_rival(first, false, NOW) == moving);
    g_assert_null(hib_face_rival(first, false, NOW + 30 * HIB_DAY));
    g_assert_true(hib_face_rival(second, false, NOW + 30 * HIB_DAY) == moving);
    g_assert_null(hib_face_rival("nobody", false, NOW));
    g_assert_null(hib_face_rival(NULL, true, NOW));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/rival/same", posts_are_the_same_whenever_they_are_asked_for);
    g_test_add_func("/practice/rival/moving", a_moving_one_is_found_by_its_newest_handle_only);
    return g_test_run();
}
