/* The lottery gives what an independent program (tests/oracle/lottery.py) computed, and every entry has the same chance. */
#include "base/json.h"
#include "base/secrets.h"
#include "store/test_store.h"
#include "ugc/ugc_private.h"
#include <string.h>

static const char **
numbered(HibArena *arena, size_t n)
{
    const char **ids = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = hib_arena_printf(arena, "01890a5d-ac96-774b-bcce-%012zx", i);
    return ids;
}

static void
the_order_is_that_of_the_independent_program(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autofree char *text = NULL;
    gsize n_text;
    HibJson all, ids, order;
    g_assert_true(g_file_get_contents(TEST_DATA "/lottery.json", &text, &n_text, NULL));
    g_assert_true(hib_json_parse(arena, text, n_text, &all, NULL));
    size_t n_cases = 0;
    for (HibJson one = hib_json_first(all); one.value; one = hib_json_next(all, one), n_cases++) {
        const char *seed, *outside, *hash, *commitment;
        g_assert_true(hib_json_text(one, "seed", &seed, NULL) &&
                      hib_json_text(one, "outside", &outside, NULL) &&
                      hib_json_text(one, "entries_sha256", &hash, NULL) &&
                      hib_json_text(one, "commitment", &commitment, NULL) &&
                      hib_json_array(one, "ids", &ids, NULL) &&
                      hib_json_array(one, "order", &order, NULL));
        size_t n = hib_json_count(ids), i = 0;
        const char **names = hib_arena_array(arena, const char *, n + 1);
        for (HibJson id = hib_json_first(ids); id.value; id = hib_json_next(ids, id))
            names[i++] = id.value->valuestring;
        g_assert_cmpstr(hib_lottery_entries_hash(arena, names, n), ==, hash);
        g_assert_cmpstr(hib_sha256_hex(arena, seed, strlen(seed)), ==, commitment);
        const HibDrawn *drawn = hib_lottery(arena, seed, outside, hash, names, n);
        i = 0;
        for (HibJson id = hib_json_first(order); id.value; id = hib_json_next(order, id))
            g_assert_cmpstr(drawn[i++].id, ==, id.value->valuestring);
        g_assert_cmpuint(i, ==, n);
    }
    g_assert_cmpuint(n_cases, ==, 20);
}

/* 2,000 draws of one among ten: each is drawn 200 times; chi-squared of nine degrees stays below its 99.9th percentile. */
static void
every_entry_has_the_same_chance(void)
{
    int wins[10] = {0};
    for (int i = 0; i < 2000; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        const char **ids = numbered(arena, 10);
        const char *hash = hib_lottery_entries_hash(arena, ids, 10);
        const HibDrawn *drawn =
            hib_lottery(arena, hib_arena_printf(arena, "seed %d", i), "", hash, ids, 10);
        for (int k = 0; k < 10; k++)
            wins[k] += g_str_equal(ids[k], drawn[0].id);
    }
    double chi = 0;
    for (int k = 0; k < 10; k++)
        chi += (wins[k] - 200.0) * (wins[k] - 200.0) / 200.0;
    g_assert_cmpfloat(chi, <, 27.88);
}

static void
one_entry_more_or_another_value_changes_the_draw(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char **ids = numbered(arena, 51);
    const char *hash = hib_lottery_entries_hash(arena, ids, 50),
               *more = hib_lottery_entries_hash(arena, ids, 51);
    const HibDrawn *a = hib_lottery(arena, "s", "", hash, ids, 50),
                   *b = hib_lottery(arena, "s", "38,915.87", hash, ids, 50),
                   *c = hib_lottery(arena, "s", "", more, ids, 51),
                   *again = hib_lottery(arena, "s", "", hash, ids, 50);
    int same_b = 0, same_c = 0;
    for (int i = 0; i < 50; i++) {
        g_assert_cmpstr(a[i].id, ==, again[i].id);
        same_b += g_str_equal(a[i].id, b[i].id);
        same_c += g_str_equal(a[i].id, c[i].id);
    }
    g_assert_cmpint(same_b, <, 10);
    g_assert_cmpint(same_c, <, 10);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ugc/lottery/oracle", the_order_is_that_of_the_independent_program);
    g_test_add_func("/ugc/lottery/chance", every_entry_has_the_same_chance);
    g_test_add_func("/ugc/lottery/bound", one_entry_more_or_another_value_changes_the_draw);
    return g_test_run();
}
