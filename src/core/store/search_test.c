/* Full text on both databases: words of two characters, several words, what others keep, edits, and any bytes. */
#include "base/error.h"
#include "store/lite_bigram.h"
#include "store/search.h"
#include "store/test_store.h"

#define HERE "01890f0a-0000-7000-8000-000000000001"
#define THERE "01890f0a-0000-7000-8000-000000000002"

static HibDb *
open_db(HibTestStore *test, const char *workspace)
{
    return hib_db_open(test->store, test->arena, workspace);
}

static void
put(HibDb *db, const char *subject, const char *text)
{
    GError *error = NULL;
    hib_assert_ok(hib_search_put(db, "talk", subject, text, &error), error);
}

/* Subjects found, a blank after each. */
static const char *
found(HibDb *db, const char *words)
{
    GError *error = NULL;
    HibSearchHit *hits;
    size_t n;
    const char *out = "";
    hib_assert_ok(hib_search_find(db, "talk", words, 0, 10, &hits, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        out = hib_arena_printf(hib_db_arena(db), "%s%s ", out, hits[i].subject);
    return out;
}

static void
two_characters_are_found_and_what_only_has_both_apart_is_not(HibTestStore *test)
{
    g_autoptr(HibDb) db = open_db(test, HERE);
    put(db, "a", "炎上しています。至急ご対応ください");
    put(db, "b", "上の炎がきれい");
    put(db, "c", "また炎上?");
    g_assert_cmpstr(found(db, "炎上"), ==, "c a ");
    g_assert_cmpstr(found(db, "ご対応"), ==, "a ");
    g_assert_cmpstr(found(db, "応対"), ==, "");
    g_assert_cmpstr(found(db, "炎上 至急"), ==, "a ");
    put(db, "d", "ababx");
    g_assert_cmpstr(found(db, "abab"), ==, "d ");
    g_assert_cmpstr(found(db, "abxa"), ==, ""); /* its bigrams are not a row */
}

static void
pictures_alone_and_signs_of_the_question_are_words(HibTestStore *test)
{
    g_autoptr(HibDb) db = open_db(test, HERE);
    put(db, "a", "最悪😡");
    put(db, "b", "😡");
    put(db, "c", "\"100%_off\" AND (NOT x*)");
    g_assert_cmpstr(found(db, "😡"), ==, "b a ");
    g_assert_cmpstr(found(db, "悪😡"), ==, "a ");
    g_assert_cmpstr(found(db, "\"100%_off\""), ==, "c ");
    g_assert_cmpstr(found(db, "100__off"), ==, "");
    g_assert_cmpstr(found(db, "x*)"), ==, "c ");
}

static void
what_is_edited_or_dropped_is_not_found_by_its_old_words(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = open_db(test, HERE);
    put(db, "a", "営業時間は何時ですか");
    put(db, "a", "住所はどこですか");
    g_assert_cmpstr(found(db, "営業"), ==, "");
    g_assert_cmpstr(found(db, "住所"), ==, "a ");
    hib_assert_ok(hib_search_drop(db, "talk", "a", &error), error);
    hib_assert_ok(hib_search_drop(db, "talk", "a", &error), error);
    g_assert_cmpstr(found(db, "住所"), ==, "");
}

static void
workspaces_and_kinds_do_not_see_each_other(HibTestStore *test)
{
    GError *error = NULL;
    HibSearchHit *hits;
    size_t n;
    g_autoptr(HibDb) here = open_db(test, HERE);
    g_autoptr(HibDb) there = open_db(test, THERE);
    put(here, "a", "返金してほしい");
    hib_assert_ok(hib_search_put(here, "note", "n", "返金済み", &error), error);
    put(there, "a", "返金の件");
    put(there, "b", "返金");
    g_assert_cmpstr(found(here, "返金"), ==, "a ");
    g_assert_cmpstr(found(there, "返金"), ==, "b a ");
    hib_assert_ok(hib_search_find(here, "note", "返金", 0, 10, &hits, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(hits[0].subject, ==, "n");
}

static void
pages_go_on_below_the_last_number(HibTestStore *test)
{
    GError *error = NULL;
    HibSearchHit *hits;
    size_t n, seen = 0;
    int64_t before = 0;
    g_autoptr(HibDb) db = open_db(test, HERE);
    for (int i = 0; i < 25; i++)
        put(db, hib_arena_printf(test->arena, "s%d", i), "お得なクーポン");
    do {
        hib_assert_ok(hib_search_find(db, "talk", "クーポン", before, 10, &hits, &n, &error),
                      error);
        for (size_t i = 0; i < n; i++, seen++)
            g_assert_cmpstr(hits[i].subject, ==, hib_arena_printf(test->arena, "s%zu", 24 - seen));
        before = n ? hits[n - 1].number : 0;
    } while (n == 10);
    g_assert_cmpuint(seen, ==, 25);
}

/* What others put since stands in front of it: hundreds of theirs, then few, then none. */
static void
what_is_ours_is_found_behind_much_of_others(HibTestStore *test)
{
    GError *error = NULL;
    HibSearchHit *hits;
    size_t n;
    g_autoptr(HibDb) here = open_db(test, HERE);
    g_autoptr(HibDb) there = open_db(test, THERE);
    put(here, "old", "お得なクーポン");
    g_autoptr(HibTx) tx = hib_tx_begin(there, &error);
    for (int i = 0; i < 450; i++)
        put(there, hib_arena_printf(test->arena, "t%d", i), "お得なクーポン");
    hib_assert_ok(hib_tx_commit(tx, &error), error);
    g_assert_cmpstr(found(here, "クーポン"), ==, "old ");
    put(here, "new", "クーポンはどこ");
    g_assert_cmpstr(found(here, "クーポン"), ==, "new old ");
    hib_assert_ok(hib_search_find(there, "talk", "クーポン", 0, 400, &hits, &n, &error), error);
    g_assert_cmpuint(n, ==, 400);
    g_assert_cmpstr(hits[0].subject, ==, "t449");
    hib_assert_ok(
        hib_search_find(there, "talk", "クーポン", hits[399].number, 400, &hits, &n, &error),
        error);
    g_assert_cmpuint(n, ==, 50);
    g_assert_cmpstr(hits[49].subject, ==, "t0");
}

static void
a_word_of_one_letter_is_refused(HibTestStore *test)
{
    static const char *const bad[] = {"", "  ", "炎", "炎上 a"};
    g_autoptr(HibDb) db = open_db(test, HERE);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        GError *error = NULL;
        HibSearchHit *hits;
        size_t n;
        hib_assert_refused(hib_search_find(db, "talk", bad[i], 0, 10, &hits, &n, &error), error,
                           "search.short");
    }
}

static bool
collect(void *data, const char *token, size_t n, size_t at, bool is_beside)
{
    g_string_append_printf(data, "%.*s%s@%zu ", (int)n, token, is_beside ? "+" : "", at);
    return true;
}

static void
a_run_gives_its_neighbours_and_a_lonely_one_itself(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"炎", "炎@0 "},
        {"炎上", "炎上@0 "},
        {"炎上中", "炎上@0 上中@3 "},
        {"a 炎上 b", "a@0 炎上@2 b@9 "},
        {"悪😡", "悪😡@0 😡+@3 "},
        {"😡x", "😡x@0 😡+@0 "},
        {"\x1ename/x\x1e炎上", "\x1ename/x\x1e@0 炎上@8 "},
        {"\xe3\x81", NULL}, /* cut in the middle: whatever it gives, it ends */
        {"\x1eopen", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        g_assert_true(hib_bigrams(cases[i][0], strlen(cases[i][0]), collect, out));
        if (cases[i][1])
            g_assert_cmpstr(out->str, ==, cases[i][1]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/search/two_characters_are_found_and_what_only_has_both_apart_is_not",
                 two_characters_are_found_and_what_only_has_both_apart_is_not);
    hib_test_add("/search/pictures_alone_and_signs_of_the_question_are_words",
                 pictures_alone_and_signs_of_the_question_are_words);
    hib_test_add("/search/what_is_edited_or_dropped_is_not_found_by_its_old_words",
                 what_is_edited_or_dropped_is_not_found_by_its_old_words);
    hib_test_add("/search/workspaces_and_kinds_do_not_see_each_other",
                 workspaces_and_kinds_do_not_see_each_other);
    hib_test_add("/search/pages_go_on_below_the_last_number", pages_go_on_below_the_last_number);
    hib_test_add("/search/what_is_ours_is_found_behind_much_of_others",
                 what_is_ours_is_found_behind_much_of_others);
    hib_test_add("/search/a_word_of_one_letter_is_refused", a_word_of_one_letter_is_refused);
    g_test_add_func("/search/a_run_gives_its_neighbours_and_a_lonely_one_itself",
                    a_run_gives_its_neighbours_and_a_lonely_one_itself);
    return g_test_run();
}
