/* Taking back what a file told: whatever was there before is there again, to the byte, in whatever order files come and go; and a post only the file knew is gone without a trace. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/import.sql.h"
#include "measure/reading.sql.h"
#include <string.h>

#define ONE "import:one"
#define TWO "import:two"
enum { OURS = 3, THEIRS = 4, SUBJECTS = OURS + THEIRS + 1 };

typedef struct {
    HibTestMeasure *t;
    const char *account, *ours[OURS], *theirs[THEIRS];
    HibToldSubject told[SUBJECTS]; /* all of them and the account itself */
} Place;

/* Three posts of ours with two readings each, and followers on two days, as their network tells. */
static void
place_open(Place *p, HibTestStore *test)
{
    *p = (Place){.t = hib_test_measure_new(test, "Asia/Tokyo", false)};
    hib_clock_manual_set(test->clock, hib_test_at("2026-02-20T00:00:00Z"));
    p->account = hib_test_measure_account(p->t, "a.example");
    for (int i = 0; i < OURS; i++) {
        const HibInstant at = hib_test_at("2026-01-10T00:00:00Z") + i * HIB_DAY;
        p->ours[i] = hib_test_measure_out(p->t, p->account, at, NULL);
        const HibSnapshot read[] = {{p->ours[i], NULL, "likes", at + HIB_HOUR, 3 + i},
                                    {p->ours[i], NULL, "likes", at + 3 * HIB_DAY, 10 + i}};
        hib_test_measure_add(p->t, read, 2);
        p->told[i] = (HibToldSubject){p->ours[i], false};
    }
    const HibSnapshot followers[] = {
        {NULL, p->account, "followers", hib_test_at("2026-01-11T00:00:00Z"), 100},
        {NULL, p->account, "followers", hib_test_at("2026-01-13T00:00:00Z"), 104}};
    hib_test_measure_add(p->t, followers, 2);
    for (int i = 0; i < THEIRS; i++) {
        p->theirs[i] = hib_db_new_id(p->t->db);
        p->told[OURS + i] = (HibToldSubject){p->theirs[i], false};
    }
    p->told[OURS + THEIRS] = (HibToldSubject){p->account, true};
}

static void
place_close(Place *p)
{
    hib_test_measure_free(p->t);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_close)

/* What the file says of our posts (newer than, between and before what was read, and of a moment that was read already), of posts nobody knew, and of the account. */
static void
take_file(Place *p, const char *source, int more)
{
    GError *error = NULL;
    for (int i = 0; i < OURS; i++) {
        const HibInstant at = hib_test_at("2026-01-10T00:00:00Z") + i * HIB_DAY;
        const HibSnapshot told[] = {
            {p->ours[i], NULL, "likes", at + HIB_HOUR / 2, 1, source},
            {p->ours[i], NULL, "likes", at + HIB_DAY + more * HIB_MINUTE, 7, source},
            {p->ours[i], NULL, "likes", at + 3 * HIB_DAY, 11 + i + more, source, 0,
             hib_test_at("2026-02-01T00:00:00Z") + more * HIB_DAY},
            {p->ours[i], NULL, "saves", at + 9 * HIB_DAY, 5 + more, source},
            {p->ours[i], NULL, "likes", at + 9 * HIB_DAY, 40 + more, source}};
        hib_test_measure_add(p->t, told, G_N_ELEMENTS(told));
    }
    for (int i = 0; i < THEIRS; i++) {
        const HibInstant at = hib_test_at("2026-01-20T00:00:00Z") + i * HIB_DAY;
        const HibSqlOutsideAddIn row = {
            p->theirs[i], p->account, hib_arena_printf(p->t->arena, "r-%d", i),
            "bluesky",    NULL,       "外の話 #外"};
        const HibOutsidePost post = {p->theirs[i], p->account,      "bluesky",
                                     row.text,     HIB_FORMAT_REEL, at};
        HibSqlOutsideGet *there = NULL;
        hib_assert_ok(hib_sql_outside_get(p->t->db, p->theirs[i], &there, &error), error);
        if (!there)
            hib_assert_ok(hib_sql_outside_add_many(p->t->db, &row, 1, &error), error);
        hib_assert_ok(hib_measure_follow_outside(p->t->db, &post, 1, &error), error);
        const HibSnapshot told = {p->theirs[i], NULL,  "likes", at + (9 + more) * HIB_DAY,
                                  70 + more,    source};
        hib_test_measure_add(p->t, &told, 1);
    }
    const HibSnapshot own[] = {
        {NULL, p->account, "followers", hib_test_at("2026-01-12T00:00:00Z"), 200 + more, source},
        {NULL, p->account, "followers", hib_test_at("2026-01-15T00:00:00Z"), 300 + more, source}};
    hib_test_measure_add(p->t, own, 2);
}

static void
take_back(Place *p, const char *source)
{
    GError *error = NULL;
    hib_assert_ok(hib_measure_take_back(p->t->db, source, p->told, SUBJECTS, &error), error);
    hib_assert_ok(hib_measure_settle_rolls(p->t->db, p->account, &error), error);
}

/* Everything that is stored of the account, by whoever told it. */
static char *
all_of(Place *p)
{
    GError *error = NULL;
    GString *out = g_string_new(NULL);
    g_autofree char *rolls = hib_test_measure_rolls(p->t),
                    *posts = hib_test_measure_dump(p->t, p->ours, OURS),
                    *others = hib_test_measure_dump(p->t, p->theirs, THEIRS);
    g_string_append_printf(out, "%s%s%s", rolls, posts, others);
    for (size_t i = 0; i < SUBJECTS; i++) {
        HibSqlMeasurePacksOf *packs = NULL;
        size_t n = 0;
        hib_assert_ok(hib_sql_measure_packs_of(p->t->db, p->told[i].id, &packs, &n, &error), error);
        for (size_t k = 0; k < n; k++)
            g_string_append_printf(out, "pack %s %s %d\n", p->told[i].id, packs[k].source,
                                   (int)packs[k].readings);
    }
    return g_string_free(out, FALSE);
}

static void
what_a_file_told_goes_and_nothing_else(HibTestStore *test)
{
    g_auto(Place) p = {0};
    place_open(&p, test);
    g_autofree char *before = all_of(&p);
    take_file(&p, ONE, 0);
    g_autofree char *with = all_of(&p);
    g_assert_nonnull(strstr(with, ONE));
    g_assert_nonnull(strstr(with, "part 2 外"));
    g_assert_cmpstr(with, !=, before);
    take_back(&p, ONE);
    g_autofree char *after = all_of(&p);
    g_assert_cmpstr(after, ==, before);
}

static void
a_post_only_the_file_knew_is_gone_whole(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Place) p = {0};
    place_open(&p, test);
    take_file(&p, ONE, 0);
    HibShownPost shown;
    hib_assert_ok(hib_measure_shown(p.t->db, p.theirs[0], &shown, &error), error);
    g_assert_true(shown.is_outside);
    take_back(&p, ONE);
    hib_assert_refused(hib_measure_shown(p.t->db, p.theirs[0], &shown, &error), error,
                       "publish.delivery_unknown");
    HibSqlMeasurePost *row = NULL;
    hib_assert_ok(hib_sql_measure_post_get(p.t->db, p.theirs[0], &row, &error), error);
    g_assert_null(row);
    hib_assert_ok(hib_sql_measure_post_get(p.t->db, p.ours[0], &row, &error), error);
    g_assert_nonnull(row); /* ours stays, with what its network told */
    g_assert_cmpint(row->likes, ==, 10);
    g_assert_cmpint(row->engagements_48, ==, 10);
}

/* Two files told of the same posts: either goes by itself, and a post the other still knows stays. */
static void
in_order(HibTestStore *test, const char *first, const char *second, int more)
{
    g_auto(Place) p = {0};
    place_open(&p, test);
    g_autofree char *before = all_of(&p);
    take_file(&p, first, more);
    g_autofree char *alone = all_of(&p);
    take_file(&p, second, !more);
    g_autofree char *both = all_of(&p);
    g_assert_cmpstr(both, !=, alone);
    take_back(&p, second);
    g_autofree char *left = all_of(&p);
    g_assert_cmpstr(left, ==, alone);
    take_back(&p, first);
    g_autofree char *none = all_of(&p);
    g_assert_cmpstr(none, ==, before);
}

static void
the_last_of_two_files_goes_first(HibTestStore *test)
{
    in_order(test, ONE, TWO, 0);
}

static void
the_last_of_two_files_is_the_older_one(HibTestStore *test)
{
    in_order(test, TWO, ONE, 1);
}

/* The one that came first goes first: what the second told stands as if it had come alone. */
static void
the_first_goes_from_under_the_second(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Place) p = {0};
    place_open(&p, test);
    take_file(&p, ONE, 0);
    take_file(&p, TWO, 1);
    take_back(&p, ONE);
    g_autofree char *left = all_of(&p);
    g_assert_null(strstr(left, ONE));
    g_assert_nonnull(strstr(left, TWO));
    HibSqlMeasurePost *row = NULL;
    hib_assert_ok(hib_sql_measure_post_get(p.t->db, p.theirs[2], &row, &error), error);
    g_assert_nonnull(row);
    g_assert_cmpint(row->likes, ==, 71);
    hib_assert_ok(hib_sql_measure_post_get(p.t->db, p.ours[1], &row, &error), error);
    g_assert_cmpint(row->likes, ==, 41);
    hib_assert_ok(hib_measure_rebuild(p.t->db, &error), error);
    g_autofree char *again = all_of(&p);
    g_assert_cmpstr(again, ==, left);
}

static void
a_reading_after_the_file_stays_when_it_goes(HibTestStore *test)
{
    g_auto(Place) p = {0};
    place_open(&p, test);
    const HibSnapshot fresh = {p.ours[0], NULL, "likes", hib_test_at("2026-02-10T00:00:00Z"), 55};
    take_file(&p, ONE, 0);
    hib_test_measure_add(p.t, &fresh, 1);
    take_back(&p, ONE);
    HibSqlMeasurePost *row = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_sql_measure_post_get(p.t->db, p.ours[0], &row, &error), error);
    g_assert_cmpint(row->likes, ==, 55);
    g_assert_cmpint(row->as_of, ==, fresh.as_of);
    g_assert_cmpint(row->engagements_48, ==, 10);
    g_autofree char *left = all_of(&p);
    hib_assert_ok(hib_measure_rebuild(p.t->db, &error), error);
    g_autofree char *again = all_of(&p);
    g_assert_cmpstr(again, ==, left);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) hib_test_add_manual("/measure/back/" #name, name)
    TEST(what_a_file_told_goes_and_nothing_else);
    TEST(a_post_only_the_file_knew_is_gone_whole);
    TEST(the_last_of_two_files_goes_first);
    TEST(the_last_of_two_files_is_the_older_one);
    TEST(the_first_goes_from_under_the_second);
    TEST(a_reading_after_the_file_stays_when_it_goes);
    return g_test_run();
}
