/* The perceptual hash against an implementation of its own (tests/oracle/pdq.py) and against what happens to pictures. */
#include "base/json.h"
#include "media/worker/pdq.h"
#include <glib.h>
#include <math.h>
#include <string.h>

/* As tests/oracle/pdq.py draws it. */
static uint32_t
draw(uint64_t *state, uint32_t n)
{
    *state = (*state * 1103515245 + 12345) % ((uint64_t)1 << 31);
    return (uint32_t)(*state >> 8) % n;
}

static double *
picture(uint64_t seed, int rows, int columns)
{
    double *out = g_new(double, (size_t)rows *(size_t)columns);
    uint64_t state = seed;
    for (int i = 0; i < rows * columns; i++)
        out[i] = 128;
    for (int box = 0; box < 40; box++) {
        const int top = (int)draw(&state, (uint32_t)rows);
        const int left = (int)draw(&state, (uint32_t)columns);
        const int height = 1 + (int)draw(&state, (uint32_t)rows);
        const int width = 1 + (int)draw(&state, (uint32_t)columns);
        const double grey = draw(&state, 256);
        for (int y = top; y < MIN(top + height, rows); y++)
            for (int x = left; x < MIN(left + width, columns); x++)
                out[y * columns + x] = grey;
    }
    return out;
}

static HibPdq
hash_of(double *luma, int rows, int columns)
{
    HibPdq out;
    int quality = 0;
    g_assert_true(hib_pdq(luma, rows, columns, &out, &quality));
    g_assert_cmpint(quality, >=, 50);
    g_free(luma);
    return out;
}

static void
hashes_are_those_of_another_implementation(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    size_t n = 0, n_rows = 0;
    HibJson list;
    g_assert_true(g_file_get_contents(TEST_DATA "/pdq.json", &text, &n, NULL));
    g_assert_true(hib_json_parse(arena, text, n, &list, NULL));
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e), n_rows++) {
        int64_t seed, rows, columns, wanted_quality;
        const char *wanted;
        char printed[HIB_PDQ_TEXT];
        HibPdq hash, parsed;
        int quality;
        g_assert_true(hib_json_int(e, "seed", &seed, NULL));
        g_assert_true(hib_json_int(e, "rows", &rows, NULL));
        g_assert_true(hib_json_int(e, "columns", &columns, NULL));
        g_assert_true(hib_json_int(e, "quality", &wanted_quality, NULL));
        g_assert_true(hib_json_text(e, "hash", &wanted, NULL));
        g_autofree double *luma = picture((uint64_t)seed, (int)rows, (int)columns);
        g_assert_true(hib_pdq(luma, (int)rows, (int)columns, &hash, &quality));
        hib_pdq_print(&hash, printed);
        g_assert_cmpstr(printed, ==, wanted);
        g_assert_cmpint(quality, ==, (int)wanted_quality);
        g_assert_true(hib_pdq_parse(printed, &parsed));
        g_assert_cmpint(hib_pdq_distance(&hash, &parsed), ==, 0);
    }
    g_assert_cmpuint(n_rows, ==, 8);
}

static void
what_has_nothing_to_see_says_so(void)
{
    HibPdq hash;
    int quality = -1;
    g_autofree double *plain = g_new(double, 100 * 100);
    for (int i = 0; i < 100 * 100; i++)
        plain[i] = 200;
    g_assert_true(hib_pdq(plain, 100, 100, &hash, &quality));
    g_assert_cmpint(quality, ==, 0);
    g_assert_false(hib_pdq(plain, 4, 100, &hash, &quality));
    g_assert_false(hib_pdq(plain, 100, 4, &hash, &quality));
}

static void
brightening_hardly_changes_it_and_another_picture_is_far(void)
{
    enum { SCENES = 20 };
    HibPdq all[SCENES];
    int nearest = 256;
    for (size_t i = 0; i < SCENES; i++) {
        double *brighter = picture(i + 1, 240, 320);
        for (int k = 0; k < 240 * 320; k++)
            brighter[k] = MIN(brighter[k] * 1.1 + 20, 255);
        all[i] = hash_of(picture(i + 1, 240, 320), 240, 320);
        const HibPdq bright = hash_of(brighter, 240, 320);
        g_assert_cmpint(hib_pdq_distance(&all[i], &bright), <=, 31);
        for (size_t k = 0; k < i; k++)
            nearest = MIN(nearest, hib_pdq_distance(&all[i], &all[k]));
    }
    g_assert_cmpint(nearest, >, 72);
}

static void
only_64_digits_are_a_hash(void)
{
    HibPdq hash;
    g_autofree char *good = g_strnfill(64, 'a'), *bad = g_strnfill(64, 'g'),
                    *shorter = g_strnfill(63, 'a'), *longer = g_strnfill(65, 'a');
    g_assert_true(hib_pdq_parse(good, &hash));
    g_assert_false(hib_pdq_parse(bad, &hash));
    g_assert_false(hib_pdq_parse(shorter, &hash));
    g_assert_false(hib_pdq_parse(longer, &hash));
    g_assert_false(hib_pdq_parse("", &hash));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pdq/oracle", hashes_are_those_of_another_implementation);
    g_test_add_func("/pdq/nothing_to_see", what_has_nothing_to_see_says_so);
    g_test_add_func("/pdq/brighter_and_others",
                    brightening_hardly_changes_it_and_another_picture_is_far);
    g_test_add_func("/pdq/text", only_64_digits_are_a_hash);
    return g_test_run();
}
