/* The audience's pictures are whole PNGs, always the same for the same seed. */
#include "practice/picture.h"
#include <string.h>

static void
a_picture_is_whole_and_always_the_same(void)
{
    size_t n = 0, m = 0;
    g_autoptr(GBytes) one = hib_practice_picture(7), same = hib_practice_picture(7),
                      other = hib_practice_picture(8);
    const guint8 *data = g_bytes_get_data(one, &n);
    g_assert_true(g_bytes_equal(one, same));
    g_assert_false(g_bytes_equal(one, other));
    g_assert_cmpmem(data, 8, "\x89PNG\r\n\x1a\n", 8);
    /* The checksum of an empty IEND is known. */
    g_assert_cmpmem(data + n - 12, 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
    g_autoptr(GBytes) sound = hib_practice_sound();
    const guint8 *wave = g_bytes_get_data(sound, &m);
    g_assert_cmpuint(m, ==, 8044);
    g_assert_cmpmem(wave + 8, 4, "WAVE", 4);
}

static void
some_comments_have_one(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    int with = 0;
    for (uint64_t n = 0; n < 700; n++) {
        HibPracticePictured one, again;
        const HibComment comment = {.n = n};
        if (!hib_practice_pictured("http://127.0.0.1:1", arena, "p", &comment, &one))
            continue;
        with++;
        g_assert_true(hib_practice_pictured("http://127.0.0.1:1", arena, "p", &comment, &again));
        g_assert_cmpstr(one.url, ==, again.url);
        g_assert_true(g_str_has_prefix(one.path, "/practice/picture/"));
    }
    g_assert_cmpint(with, >, 60);
    g_assert_cmpint(with, <, 150);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/picture/" #name, name)
    TEST(a_picture_is_whole_and_always_the_same);
    TEST(some_comments_have_one);
    return g_test_run();
}
