/* The posterior against a dense Gaussian of its own (tests/oracle/posting_time.py), and against posts whose truth is known because they are made here. */
#include "base/json.h"
#include "base/secrets.h"
#include "stats/posting_time.h"

#include <math.h>
#include <string.h>

static void
the_posterior_equals_a_dense_one(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    HibJson root = {0};
    HibJson rows = {0};
    HibJson answer = {0};
    HibJson effects = {0};
    double chance_none = 0;
    double noise = 0;
    HibPostingTime got;
    HibPostResult posts[60];
    size_t n = 0;
    g_assert_true(g_file_get_contents(TEST_DATA "/posting_time.json", &text, NULL, NULL));
    g_assert_true(hib_json_parse(arena, text, strlen(text), &root, NULL) &&
                  hib_json_array(root, "posts", &rows, NULL) &&
                  hib_json_object(root, "expected", &answer, NULL) &&
                  hib_json_array(answer, "effects", &effects, NULL) &&
                  hib_json_real(answer, "chance_none", &chance_none, NULL) &&
                  hib_json_real(answer, "noise", &noise, NULL));
    for (HibJson e = hib_json_first(rows); e.value && n < 60; e = hib_json_next(rows, e), n++)
        posts[n] = (HibPostResult){
            .day = cJSON_GetArrayItem(e.value, 0)->valuedouble,
            .slot = (uint8_t)cJSON_GetArrayItem(e.value, 1)->valueint,
            .kind = (uint8_t)cJSON_GetArrayItem(e.value, 2)->valueint,
            .result = cJSON_GetArrayItem(e.value, 3)->valuedouble,
        };
    g_assert_cmpuint(n, ==, 60);
    g_assert_true(hib_posting_time(arena, posts, n, 0.95, 0.2, &got));
    g_assert_cmpfloat_with_epsilon(got.chance_none, chance_none, 1e-8);
    g_assert_cmpfloat_with_epsilon(got.noise, noise, 1e-8);
    size_t slot = 0;
    for (HibJson e = hib_json_first(effects); e.value; e = hib_json_next(effects, e), slot++)
        g_assert_cmpfloat_with_epsilon(got.slots[slot].effect, e.value->valuedouble, 1e-8);
    g_assert_cmpuint(slot, ==, HIB_SLOTS);
}

static double
bell(HibSeeded *seeded)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += hib_seeded_unit(seeded);
    return sum;
}

/* Three posts a day at hours by chance; the curve peaks at 20:00 by `peak` as a logarithm, weeks differ, the level wanders. */
static void
make(HibPostResult *posts, size_t n, double peak, HibSeeded *seeded)
{
    double level = 5;
    for (size_t p = 0; p < n; p++) {
        const double day = (double)p / 3;
        const int hour = (int)hib_seeded_below(seeded, 24);
        level += 0.03 * bell(seeded);
        posts[p] =
            (HibPostResult){.day = day, .slot = (uint8_t)((int)day % 7 * 24 + hour), .kind = p % 2};
        const double effect = peak * cos(2 * G_PI * (hour - 20) / 24);
        posts[p].result = round(exp(level + 0.2 * (double)(p % 2) + effect + 0.5 * bell(seeded)));
    }
}

static void
an_effect_is_told_when_there_is_one_and_hardly_when_there_is_none(void)
{
    enum { ACCOUNTS = 40, POSTS = 360 };
    int told = 0;
    int at_evening = 0;
    int false_told = 0;
    HibSeeded seeded;
    hib_seeded_init(&seeded, 20);
    for (int a = 0; a < ACCOUNTS; a++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibPostResult posts[POSTS];
        HibPostingTime got;
        make(posts, POSTS, 0, &seeded);
        g_assert_true(hib_posting_time(arena, posts, POSTS, 0.95, 0.2, &got));
        false_told += got.is_told;
        make(posts, POSTS, 0.3, &seeded);
        g_assert_true(hib_posting_time(arena, posts, POSTS, 0.95, 0.2, &got));
        const int hour = got.best % 24;
        told += got.is_told;
        at_evening += hour >= 16 && hour <= 23;
        g_assert_cmpfloat(got.lift_low, <=, got.lift);
        g_assert_cmpfloat(got.lift, <=, got.lift_high);
        double chance = 0;
        for (int s = 0; s < HIB_SLOTS; s++)
            chance += got.slots[s].chance_best;
        g_assert_cmpfloat_with_epsilon(chance, 1, 1e-6);
    }
    g_test_message("told %d of %d, best in the evening %d, told without an effect %d", told,
                   ACCOUNTS, at_evening, false_told);
    g_assert_cmpint(told, >=, ACCOUNTS * 9 / 10);
    g_assert_cmpint(at_evening, >=, ACCOUNTS * 9 / 10);
    g_assert_cmpint(false_told, <=, 2);
}

static void
a_test_is_as_large_as_its_noise_asks(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPostResult posts[200];
    HibPostingTime got;
    HibPostingTime finer;
    HibSeeded seeded;
    hib_seeded_init(&seeded, 4);
    make(posts, G_N_ELEMENTS(posts), 0, &seeded);
    g_assert_true(hib_posting_time(arena, posts, G_N_ELEMENTS(posts), 0.95, 0.2, &got));
    g_assert_true(hib_posting_time(arena, posts, G_N_ELEMENTS(posts), 0.95, 0.1, &finer));
    g_assert_cmpfloat(got.noise, >, 0.4);
    g_assert_cmpfloat(got.noise, <, 0.6);
    /* (1.96 + 0.84)² · 2 · 0.5² / log(1.2)² = 118 */
    g_assert_cmpuint(got.test_posts, >, 75);
    g_assert_cmpuint(got.test_posts, <, 170);
    g_assert_cmpuint(finer.test_posts, >, 3 * got.test_posts);
}

static void
posts_that_are_all_alike_or_that_are_many_are_taken(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPostResult *posts = hib_arena_array(arena, HibPostResult, HIB_POSTING_POSTS + 50);
    HibPostingTime got;
    for (size_t p = 0; p < HIB_POSTING_POSTS + 50; p++)
        posts[p] = (HibPostResult){.slot = 7};
    g_assert_true(hib_posting_time(arena, posts, HIB_POSTING_LEAST, 0.95, 0.2, &got));
    g_assert_false(got.is_told);
    g_assert_cmpuint(got.usual, ==, 7);
    posts[0].slot = 255; /* older than what is looked at */
    g_assert_true(hib_posting_time(arena, posts, HIB_POSTING_POSTS + 50, 0.95, 0.2, &got));
    g_assert_true(isfinite(got.lift_high) && isfinite(got.slots[100].high));
}

static void
few_posts_and_posts_that_cannot_be_are_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPostResult posts[HIB_POSTING_LEAST] = {0};
    HibPostingTime got;
    const HibPostResult wrong[] = {{.slot = HIB_SLOTS}, {.kind = HIB_POSTING_KINDS}, {.result = -1},
                                   {.result = NAN},     {.day = INFINITY},           {.day = -1}};
    g_assert_true(hib_posting_time(arena, posts, HIB_POSTING_LEAST, 0.95, 0.2, &got));
    g_assert_false(hib_posting_time(arena, posts, HIB_POSTING_LEAST - 1, 0.95, 0.2, &got));
    g_assert_false(hib_posting_time(arena, posts, HIB_POSTING_LEAST, 1, 0.2, &got));
    g_assert_false(hib_posting_time(arena, posts, HIB_POSTING_LEAST, 0.95, 0, &got));
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        posts[5] = wrong[i];
        g_assert_false(hib_posting_time(arena, posts, HIB_POSTING_LEAST, 0.95, 0.2, &got));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/posting-time/oracle", the_posterior_equals_a_dense_one);
    g_test_add_func("/posting-time/truth",
                    an_effect_is_told_when_there_is_one_and_hardly_when_there_is_none);
    g_test_add_func("/posting-time/test", a_test_is_as_large_as_its_noise_asks);
    g_test_add_func("/posting-time/edges", posts_that_are_all_alike_or_that_are_many_are_taken);
    g_test_add_func("/posting-time/refused", few_posts_and_posts_that_cannot_be_are_refused);
    return g_test_run();
}
