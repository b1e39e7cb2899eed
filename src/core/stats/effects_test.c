/* Effects of kinds of posts against an implementation of its own (tests/oracle/effects.py), and on made posts whose truth is known. */
#include "base/json.h"
#include "base/secrets.h"
#include "stats/effects.h"

#include <math.h>
#include <string.h>

static double
item(HibJson row, int at)
{
    return cJSON_GetArrayItem(row.value, at)->valuedouble;
}

static void
check_case(HibArena *arena, HibJson one)
{
    HibJson rows;
    HibJson says;
    HibJson kinds;
    HibKindResult posts[128];
    HibEffects got;
    double noise = 0;
    double none = 0;
    size_t n = 0;
    size_t kind = 0;
    g_assert_true(
        hib_json_array(one, "posts", &rows, NULL) && hib_json_object(one, "says", &says, NULL) &&
        hib_json_array(says, "kinds", &kinds, NULL) && hib_json_real(says, "noise", &noise, NULL) &&
        hib_json_real(says, "chance_none", &none, NULL));
    for (HibJson e = hib_json_first(rows); e.value && n < 128; e = hib_json_next(rows, e), n++)
        posts[n] = (HibKindResult){item(e, 0), (uint8_t)item(e, 1), item(e, 2)};
    g_assert_true(hib_effects(arena, posts, n, 0.95, 0.2, &got));
    g_assert_cmpfloat_with_epsilon(got.noise, noise, 1e-8);
    g_assert_cmpfloat_with_epsilon(got.chance_none, none, 1e-8);
    for (HibJson e = hib_json_first(kinds); e.value; e = hib_json_next(kinds, e), kind++) {
        g_assert_cmpfloat_with_epsilon(got.kinds[kind].lift, item(e, 0), 1e-8);
        g_assert_cmpfloat_with_epsilon(got.kinds[kind].low, item(e, 1), 1e-7);
        g_assert_cmpfloat_with_epsilon(got.kinds[kind].high, item(e, 2), 1e-7);
    }
    g_assert_cmpuint(kind, ==, HIB_EFFECT_KINDS);
}

static void
it_says_what_the_dense_posterior_says(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    HibJson root;
    HibJson cases;
    size_t n = 0;
    g_assert_true(g_file_get_contents(TEST_DATA "/effects.json", &text, NULL, NULL));
    g_assert_true(hib_json_parse(arena, text, strlen(text), &root, NULL) &&
                  hib_json_array(root, "cases", &cases, NULL));
    for (HibJson e = hib_json_first(cases); e.value; e = hib_json_next(cases, e), n++)
        check_case(arena, e);
    g_assert_cmpuint(n, ==, 5);
}

static void
check_marked(HibArena *arena, HibJson one)
{
    HibJson rows, says, marks;
    HibMarkedResult posts[128];
    HibMarkEffects got;
    double noise = 0, none = 0;
    size_t n = 0, n_marks = 0, mark = 0;
    g_assert_true(
        hib_json_array(one, "posts", &rows, NULL) && hib_json_object(one, "says", &says, NULL) &&
        hib_json_array(says, "kinds", &marks, NULL) && hib_json_real(says, "noise", &noise, NULL) &&
        hib_json_real(says, "chance_none", &none, NULL));
    n_marks = (size_t)cJSON_GetArraySize(marks.value);
    for (HibJson e = hib_json_first(rows); e.value && n < 128; e = hib_json_next(rows, e), n++)
        posts[n] = (HibMarkedResult){item(e, 0), (uint32_t)item(e, 1), item(e, 2)};
    g_assert_true(hib_mark_effects(arena, posts, n, n_marks, 0.95, 0.2, &got));
    g_assert_cmpfloat_with_epsilon(got.noise, noise, 1e-8);
    g_assert_cmpfloat_with_epsilon(got.chance_none, none, 1e-8);
    for (HibJson e = hib_json_first(marks); e.value; e = hib_json_next(marks, e), mark++) {
        g_assert_cmpfloat_with_epsilon(got.marks[mark].lift, item(e, 0), 1e-8);
        g_assert_cmpfloat_with_epsilon(got.marks[mark].low, item(e, 1), 1e-7);
        g_assert_cmpfloat_with_epsilon(got.marks[mark].high, item(e, 2), 1e-7);
    }
    posts[3].marks |= n_marks < HIB_EFFECT_MARKS ? (uint32_t)1 << n_marks : 0;
    g_assert_true(hib_mark_effects(arena, posts, n, n_marks, 0.95, 0.2, &got) ==
                  (n_marks == HIB_EFFECT_MARKS));
}

static void
marks_together_say_what_the_dense_posterior_says(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    HibJson root, cases;
    size_t n = 0;
    g_assert_true(g_file_get_contents(TEST_DATA "/effects.json", &text, NULL, NULL));
    g_assert_true(hib_json_parse(arena, text, strlen(text), &root, NULL) &&
                  hib_json_array(root, "marked", &cases, NULL));
    for (HibJson e = hib_json_first(cases); e.value; e = hib_json_next(cases, e), n++)
        check_marked(arena, e);
    g_assert_cmpuint(n, ==, 3);
}

/* Thirty marks on one post in seven each; the first is worth `effect`, and the second goes with it every second time. */
static void
make_marked(HibSeeded *seeded, double effect, HibMarkedResult *posts, size_t n)
{
    double level = 4;
    for (size_t p = 0; p < n; p++) {
        uint32_t marks = 0;
        for (int m = 0; m < 30; m++)
            marks |= (uint32_t)(hib_seeded_below(seeded, 7) == 0) << m;
        if (marks & 1)
            marks = (marks & ~2U) | (uint32_t)hib_seeded_below(seeded, 2) << 1;
        level += 0.05 * hib_seeded_normal(seeded);
        posts[p] = (HibMarkedResult){
            (double)p / 2, marks,
            floor(exp(level + (marks & 1 ? effect : 0) + 0.6 * hib_seeded_normal(seeded)))};
    }
}

/* Asked one by one, thirty marks without any effect are told of in every second account; together in few. */
static void
of_thirty_marks_none_is_told_by_chance(void)
{
    HibMarkedResult posts[300];
    HibSeeded seeded;
    HibMarkEffects got;
    int misled = 0, right = 0, by_company = 0, beside = 0;
    hib_seeded_init(&seeded, 5);
    for (int run = 0; run < 60; run++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        bool is_told = false;
        make_marked(&seeded, 0, posts, G_N_ELEMENTS(posts));
        g_assert_true(hib_mark_effects(arena, posts, G_N_ELEMENTS(posts), 30, 0.95, 0.2, &got));
        for (int m = 0; m < 30; m++)
            is_told |= got.marks[m].is_told;
        misled += is_told;
        make_marked(&seeded, log(2), posts, G_N_ELEMENTS(posts));
        g_assert_true(hib_mark_effects(arena, posts, G_N_ELEMENTS(posts), 30, 0.95, 0.2, &got));
        right += got.marks[0].is_told && got.marks[0].low > 0;
        by_company += got.marks[1].is_told;
        is_told = false;
        for (int m = 2; m < 30; m++)
            is_told |= got.marks[m].is_told;
        beside += is_told;
    }
    g_test_message("misled %d of 60, right %d, by company %d, beside %d", misled, right, by_company,
                   beside);
    g_assert_cmpint(misled, <=, 6);
    g_assert_cmpint(right, >=, 33);
    g_assert_cmpint(by_company, <=, 3);
    g_assert_cmpint(beside, <=, 6);
}

/* Posts of four kinds, one of them better by `effect` as a logarithm. */
static void
make(HibSeeded *seeded, double effect, HibKindResult *posts, size_t n)
{
    double level = 4;
    for (size_t p = 0; p < n; p++) {
        const uint8_t kind = (uint8_t)hib_seeded_below(seeded, 4);
        level += 0.05 * hib_seeded_normal(seeded);
        posts[p] = (HibKindResult){.day = (double)p / 2,
                                   .kind = kind,
                                   .result = floor(exp(level + (kind == 2 ? effect : 0) +
                                                       0.6 * hib_seeded_normal(seeded)))};
    }
}

static void
an_effect_is_told_and_none_is_not(void)
{
    HibKindResult posts[200];
    HibSeeded seeded;
    HibEffects got;
    int told = 0;
    int right = 0;
    int held = 0;
    hib_seeded_init(&seeded, 3);
    for (int run = 0; run < 100; run++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        make(&seeded, 0, posts, G_N_ELEMENTS(posts));
        g_assert_true(hib_effects(arena, posts, G_N_ELEMENTS(posts), 0.95, 0.2, &got));
        for (int k = 0; k < 4; k++)
            told += got.kinds[k].is_told;
        make(&seeded, log(1.6), posts, G_N_ELEMENTS(posts));
        g_assert_true(hib_effects(arena, posts, G_N_ELEMENTS(posts), 0.95, 0.2, &got));
        right += got.kinds[2].is_told && got.kinds[2].low > 0;
        held += got.kinds[2].low <= 0.6 && 0.6 <= got.kinds[2].high;
    }
    g_test_message("told of none %d of 400, of one %d of 100, held %d", told, right, held);
    g_assert_cmpint(told, <=, 12);
    g_assert_cmpint(right, >=, 75);
    g_assert_cmpint(held, >=, 85);
}

static void
a_test_is_as_large_as_it_must_be(void)
{
    HibSeeded seeded;
    int shown = 0;
    const uint32_t n = hib_effect_test(0.6, 0.5); /* plainly: two means of n each */
    hib_seeded_init(&seeded, 9);
    for (int run = 0; run < 2000; run++) {
        double off = 0;
        for (uint32_t i = 0; i < n; i++)
            off += (log(1.5) + 0.6 * (hib_seeded_normal(&seeded) - hib_seeded_normal(&seeded))) / n;
        shown += off > 1.96 * 0.6 * sqrt(2.0 / n);
    }
    g_assert_cmpint(shown, >=, 1540);
    g_assert_cmpint(shown, <=, 1700);
    g_assert_cmpuint(hib_effect_test(0.9, 0.2), >, n);
}

static void
what_is_too_little_or_out_of_order_is_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibKindResult posts[30];
    HibSeeded seeded;
    HibEffects got;
    hib_seeded_init(&seeded, 1);
    make(&seeded, 0, posts, 30);
    g_assert_true(hib_effects(arena, posts, 20, 0.95, 0.2, &got));
    g_assert_false(hib_effects(arena, posts, 19, 0.95, 0.2, &got));
    g_assert_false(hib_effects(arena, posts, 30, 1, 0.2, &got));
    g_assert_false(hib_effects(arena, posts, 30, 0.95, 0, &got));
    posts[3].result = NAN;
    g_assert_false(hib_effects(arena, posts, 30, 0.95, 0.2, &got));
    posts[3].result = 1;
    posts[3].kind = HIB_EFFECT_KINDS;
    g_assert_false(hib_effects(arena, posts, 30, 0.95, 0.2, &got));
    posts[3].kind = 0;
    posts[3].day = -1;
    g_assert_false(hib_effects(arena, posts, 30, 0.95, 0.2, &got));
    for (int p = 0; p < 30; p++)
        posts[p].kind = 5; /* nothing to compare with */
    posts[3].day = posts[2].day;
    g_assert_true(hib_effects(arena, posts, 30, 0.95, 0.2, &got));
    g_assert_false(got.kinds[5].is_told);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stats/effects/oracle", it_says_what_the_dense_posterior_says);
    g_test_add_func("/stats/effects/told", an_effect_is_told_and_none_is_not);
    g_test_add_func("/stats/effects/marks", marks_together_say_what_the_dense_posterior_says);
    g_test_add_func("/stats/effects/thirty", of_thirty_marks_none_is_told_by_chance);
    g_test_add_func("/stats/effects/test", a_test_is_as_large_as_it_must_be);
    g_test_add_func("/stats/effects/refused", what_is_too_little_or_out_of_order_is_refused);
    return g_test_run();
}
