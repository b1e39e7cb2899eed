/* Near-duplicates: whatever is found or not is what comparing with everything, one by one, says. */
#include "base/secrets.h"
#include "text/similar.h"
#include <string.h>

static const char *const words[] = {
    "新商品", "本日",   "入荷しました", "ご来店を", "お待ちして", "おります", "限定", "カフェラテ",
    "季節の", "いちご", "タルト",       "を",       "が",         "の",       "で",   "10時から",
    "販売",   "店頭",   "オンライン",   "送料無料", "！",         "✨",        "。",   "ｶﾌｪ",
    "カフェ", "春",     "summer",       "sale",     " ",          "\n"};
#define LEAST 0.6

static char *
random_text(HibSeeded *seeded)
{
    GString *text = g_string_new(NULL);
    int n = 1 + (int)hib_seeded_below(seeded, 30);
    for (int i = 0; i < n; i++)
        g_string_append(text, words[hib_seeded_below(seeded, G_N_ELEMENTS(words))]);
    return g_string_free(text, FALSE);
}

/* The same with some words taken out or put in. */
static char *
changed(HibSeeded *seeded, const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        int64_t luck = hib_seeded_below(seeded, 24);
        if (luck == 0)
            continue;
        if (luck == 1)
            g_string_append(out, words[hib_seeded_below(seeded, G_N_ELEMENTS(words))]);
        g_string_append_unichar(out, g_utf8_get_char(at));
    }
    return g_string_free(out, FALSE);
}

static void
assert_same_as_one_by_one(HibSimilar *similar, GHashTable *texts, const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibSimilarMatch *found;
    size_t n;
    GHashTableIter iter;
    gpointer id, other;
    hib_similar_find(similar, arena, text, strlen(text), SIZE_MAX, &found, &n);
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++) {
        g_assert_true(g_hash_table_insert(by_id, (gpointer)found[i].id, &found[i]));
        if (i)
            g_assert_cmpfloat(found[i - 1].share, >=, found[i].share);
    }
    g_hash_table_iter_init(&iter, texts);
    while (g_hash_table_iter_next(&iter, &id, &other)) {
        const HibSimilarMatch *match = g_hash_table_lookup(by_id, id);
        double share = hib_similar_share(text, other);
        g_assert_cmpint(share >= LEAST, ==, match != NULL);
        if (match)
            g_assert_cmpfloat_with_epsilon(match->share, share, 1e-12);
    }
}

static void
what_is_found_is_what_comparing_one_by_one_finds(void)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 20261126);
    g_autoptr(HibSimilar) similar = hib_similar_new(LEAST, 1000000);
    g_autoptr(GHashTable) texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (int round = 0; round < 1500; round++) {
        g_autofree char *id = g_strdup_printf("%d", (int)hib_seeded_below(&seeded, 300));
        const char *before = g_hash_table_lookup(texts, id);
        g_autofree char *text = before && hib_seeded_below(&seeded, 2) ? changed(&seeded, before)
                                                                       : random_text(&seeded);
        if (hib_seeded_below(&seeded, 4) == 0) {
            g_assert_cmpint(hib_similar_remove(similar, id), ==, before != NULL);
            g_hash_table_remove(texts, id);
        } else {
            g_assert_true(hib_similar_add(similar, id, text, strlen(text)));
            g_hash_table_insert(texts, g_strdup(id), g_strdup(text));
        }
        g_assert_cmpint((int)hib_similar_n(similar), ==, (int)g_hash_table_size(texts));
        if (round % 30 == 0)
            assert_same_as_one_by_one(similar, texts, text);
    }
}

static void
the_share_is_that_of_three_characters(void)
{
    /* abcd: abc bcd; bcde: bcd cde: one of three. */
    g_assert_cmpfloat_with_epsilon(hib_similar_share("abcd", "bcde"), 1.0 / 3, 1e-12);
    g_assert_cmpfloat(hib_similar_share("カフェ開店", "ｶﾌｪ開店"), ==, 1);
    g_assert_cmpfloat(hib_similar_share("かふぇ開店✨", "カ フ ェ 開店"), ==, 1);
    g_assert_cmpfloat(hib_similar_share("", ""), ==, 0);
    g_assert_cmpfloat(hib_similar_share("ab", "ab"), ==, 1);
    g_assert_cmpfloat(hib_similar_share("ab", "abc"), ==, 0);
    g_assert_cmpfloat(hib_similar_share("aaaaaa", "aaa"), ==, 1); /* a set, not a count */
}

static void
it_keeps_within_its_bound(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibSimilar) similar = hib_similar_new(LEAST, 10);
    HibSimilarMatch *found;
    size_t n;
    g_assert_true(hib_similar_add(similar, "a", "abcdefgh", 8));  /* 6 runs */
    g_assert_false(hib_similar_add(similar, "b", "12345678", 8)); /* 6 more */
    g_assert_true(hib_similar_add(similar, "b", "123456", 6));
    g_assert_false(hib_similar_add(similar, "b", "1234567", 7)); /* the one before stays */
    hib_similar_find(similar, arena, "123456", 6, 1, &found, &n);
    g_assert_cmpint((int)n, ==, 1);
    g_assert_cmpstr(found[0].id, ==, "b");
    g_assert_true(hib_similar_remove(similar, "a"));
    g_assert_false(hib_similar_remove(similar, "a"));
    g_assert_true(hib_similar_add(similar, "b", "1234567", 7));
}

static void
bytes_that_are_no_text_do_no_harm(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibSimilar) similar = hib_similar_new(LEAST, 10000);
    HibSimilarMatch *found;
    size_t n;
    g_assert_true(hib_similar_add(similar, "bad", "\xff\xfe\xe3\x81", 4));
    g_assert_true(hib_similar_add(similar, "none", "", 0));
    hib_similar_find(similar, arena, "", 0, 9, &found, &n);
    g_assert_cmpint((int)n, ==, 0);
    hib_similar_find(similar, arena, "\xff\xfe\xe3\x81", 4, 9, &found, &n);
    g_assert_cmpint((int)n, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/similar/one-by-one", what_is_found_is_what_comparing_one_by_one_finds);
    g_test_add_func("/similar/share", the_share_is_that_of_three_characters);
    g_test_add_func("/similar/bound", it_keeps_within_its_bound);
    g_test_add_func("/similar/bytes", bytes_that_are_no_text_do_no_harm);
    return g_test_run();
}
