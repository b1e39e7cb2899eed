/* Findings on made posts whose truth is known: what is there is told, what is not becomes a plan, too little says nothing. */
#include "base/error.h"
#include "base/secrets.h"
#include "measure/finding.h"
#include "measure/finding.sql.h"
#include "measure/finding_test.sql.h"
#include "measure/fixture_test.h"
#include "measure/import.sql.h"
#include <math.h>

enum { N = 240 };

/* Two posts a day at all hours; videos bring three times as much, #豆 and the weekday nothing. */
static void
make(HibFindingPost *posts, size_t n)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 4);
    for (size_t i = 0; i < n; i++) {
        const bool is_video = hib_seeded_below(&seeded, 3) == 0,
                   has_tag = hib_seeded_below(&seeded, 2) == 0;
        posts[i] = (HibFindingPost){
            .published_at = hib_test_at("2026-03-01T00:00:00Z") + (HibInstant)i * 13 * HIB_HOUR,
            .result = floor(exp(3 + (is_video ? log(3) : 0) + 0.5 * hib_seeded_normal(&seeded))),
            .tags = has_tag ? "豆\nbean" : "",
            .made = is_video  ? HIB_MADE_VIDEO
                    : has_tag ? HIB_MADE_TEXT
                              : HIB_MADE_LINK};
    }
}

static const HibFinding *
find(const HibFindings *all, HibFindingKind kind, const char *key)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->findings[i].kind == kind && (!key || g_str_equal(all->findings[i].key, key)))
            return &all->findings[i];
    return NULL;
}

static void
what_is_there_is_told_and_what_is_not_is_planned(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibFindingPost posts[N];
    HibFindings all;
    make(posts, N);
    hib_findings_of(arena, zone, posts, N, &all);
    const HibFinding *video = find(&all, HIB_FINDING_TYPE, "video"),
                     *time = find(&all, HIB_FINDING_TIME, NULL),
                     *weekday = find(&all, HIB_FINDING_WEEKDAY, NULL),
                     *tag = find(&all, HIB_FINDING_HASHTAG, NULL);
    g_assert_nonnull(video);
    g_assert_true(video->is_told && video->low > 1 && video->low < 2 && video->high > 2);
    g_assert_cmpuint(video->test_posts, ==, 0);
    g_assert_nonnull(time);
    g_assert_false(time->is_told);
    g_assert_cmpuint(time->test_posts, >, 0);
    g_assert_nonnull(weekday);
    g_assert_false(weekday->is_told);
    g_assert_true(weekday->low <= 0 && 0 <= weekday->high);
    g_assert_cmpuint(weekday->test_posts, >, 20);
    g_assert_nonnull(tag);
    g_assert_false(tag->is_told);
    g_assert_cmpstr(tag->key, ==, "#bean #豆"); /* always together: one */
    g_assert_cmpfloat_with_epsilon(all.per_week, 7 * 24.0 / 13, 0.2);
    const double weeks = ceil(2 * (double)weekday->test_posts / all.per_week);
    g_assert_cmpuint(weekday->test_weeks, ==, weeks <= HIB_FINDING_LONGEST ? (size_t)weeks : 0);
    g_assert_cmpfloat(all.chance_none[HIB_FINDING_TYPE], <, 0.01);
}

/* Of thirty hashtags one is worth something; one that goes with it nine times in ten stands with it, one that does every second time earns nothing by it. */
static void
hashtags_are_asked_for_together(void)
{
    enum { MANY = 400 };
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibFindingPost posts[MANY];
    HibFindings all;
    HibSeeded seeded;
    hib_seeded_init(&seeded, 6);
    for (int i = 0; i < MANY; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        const bool is_good = hib_seeded_below(&seeded, 4) == 0;
        g_string_append(text, is_good ? "新豆\n" : "");
        g_string_append(text, is_good && hib_seeded_below(&seeded, 10) ? "相棒\n" : "");
        g_string_append(text, is_good && hib_seeded_below(&seeded, 2) ? "お供\n" : "");
        for (int tag = 0; tag < 28; tag++)
            if (hib_seeded_below(&seeded, 8) == 0)
                g_string_append_printf(text, "札%d\n", tag);
        posts[i] = (HibFindingPost){
            .published_at = hib_test_at("2026-03-01T00:00:00Z") + (HibInstant)i * 13 * HIB_HOUR,
            .result = floor(exp(3 + (is_good ? log(2) : 0) + 0.5 * hib_seeded_normal(&seeded))),
            .tags = hib_arena_strdup(arena, text->str)};
    }
    hib_findings_of(arena, zone, posts, MANY, &all);
    const HibFinding *good = find(&all, HIB_FINDING_HASHTAG, "#新豆 #相棒");
    g_assert_nonnull(good);
    g_assert_true(good->is_told && good->low > 0 && good->low < 1 && good->high > 1);
    g_assert_cmpfloat(all.chance_none[HIB_FINDING_HASHTAG], <, 0.01);
    for (size_t i = 0; i < all.n; i++)
        g_assert_true(all.findings[i].kind != HIB_FINDING_HASHTAG || &all.findings[i] == good);
}

/* Where the usual time looks best there is nothing but the others to hold it against. */
static void
a_time_is_not_compared_with_itself(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibFindingPost posts[N];
    HibFindings all;
    int itself = 0, others = 0;
    make(posts, N);
    for (int hour = 0; hour < 24;
         hour++) { /* two weeks in three at one hour of Sunday, and best there */
        for (int i = 0; i < N; i++) {
            const bool is_usual = i % 3 > 0;
            posts[i].published_at = hib_test_at("2026-03-01T00:00:00Z") + i * 7 * HIB_DAY +
                                    (is_usual ? hour : 72 + i % 24) * HIB_HOUR;
            posts[i].result = is_usual ? 80 + i % 9 : 20 + i % 7;
        }
        hib_findings_of(arena, zone, posts, N, &all);
        const HibFinding *time = find(&all, HIB_FINDING_TIME, NULL);
        itself += time && time->against && g_str_equal(time->key, time->against);
        others += time && !time->against;
    }
    g_assert_cmpint(itself, ==, 0);
    g_assert_cmpint(others, >, 0);
}

static void
too_little_says_nothing(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibFindingPost posts[N];
    HibFindings all;
    make(posts, N);
    hib_findings_of(arena, zone, posts, 19, &all);
    g_assert_cmpuint(all.n, ==, 0);
    g_assert_cmpuint(all.n_posts, ==, 19);
    hib_findings_of(arena, zone, posts, 0, &all);
    g_assert_cmpuint(all.n, ==, 0);
    for (int i = 0; i < N; i++) /* all alike: nothing to compare */
        posts[i].made = HIB_MADE_IMAGE, posts[i].tags = "";
    hib_findings_of(arena, zone, posts, N, &all);
    g_assert_null(find(&all, HIB_FINDING_TYPE, NULL));
    g_assert_null(find(&all, HIB_FINDING_HASHTAG, NULL));
}

static void
only_posts_old_enough_of_that_account_count(HibTestStore *test)
{
    GError *error = NULL;
    HibFindings all;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    const HibInstant begin = hib_test_at("2026-10-01T03:00:00Z");
    hib_clock_manual_set(test->clock, begin + 40 * HIB_DAY);
    const char *one = hib_test_measure_account(t, "one"), *two = hib_test_measure_account(t, "two");
    for (int i = 0; i < 25; i++) {
        const HibInstant at = begin + i * HIB_DAY;
        const char *id = hib_test_measure_out(t, i < 22 ? one : two, at, NULL);
        hib_test_measure_add(
            t,
            &(HibSnapshot){
                .delivery = id, .metric = "likes", .as_of = at + 49 * HIB_HOUR, .value = i},
            1);
    }
    const char *young = hib_test_measure_out(t, one, begin + 39 * HIB_DAY, NULL);
    hib_test_measure_add(t,
                         &(HibSnapshot){.delivery = young,
                                        .metric = "likes",
                                        .as_of = begin + 39 * HIB_DAY + HIB_HOUR,
                                        .value = 3},
                         1);
    hib_assert_ok(hib_findings(t->db, t->zone, one, &all, &error), error);
    g_assert_cmpuint(all.n_posts, ==, 22);
    g_assert_nonnull(find(&all, HIB_FINDING_TIME, NULL));
    hib_assert_ok(hib_findings(t->db, t->zone, two, &all, &error), error);
    g_assert_cmpuint(all.n_posts, ==, 3);
    g_assert_cmpuint(all.n, ==, 0);
    g_assert_false(hib_findings(t->db, t->zone, young, &all, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "accounts.unknown");
    g_clear_error(&error);
}

/* --- kept ------------------------------------------------------------------------------------------------- */
static HibFindings
ask(HibTestMeasure *t, HibDb *db, const char *account)
{
    HibFindings all;
    GError *error = NULL;
    hib_assert_ok(hib_findings(db, t->zone, account, &all, &error), error);
    return all;
}

static const HibSqlTestFound *
kept(HibDb *db, const char *account)
{
    HibSqlTestFound *row;
    GError *error = NULL;
    hib_assert_ok(hib_sql_test_found(db, account, &row, &error), error);
    return row;
}

static void
same_findings(const HibFindings *one, const HibFindings *other)
{
    g_assert_cmpuint(one->n, ==, other->n);
    g_assert_true(one->n_posts == other->n_posts && one->per_week == other->per_week);
    for (size_t i = 0; i < G_N_ELEMENTS(one->chance_none); i++)
        g_assert_cmpfloat(one->chance_none[i], ==, other->chance_none[i]);
    for (size_t i = 0; i < one->n; i++) {
        const HibFinding *a = &one->findings[i], *b = &other->findings[i];
        g_assert_cmpstr(a->key, ==, b->key);
        g_assert_cmpstr(a->against, ==, b->against);
        g_assert_true(a->kind == b->kind && a->n == b->n && a->is_told == b->is_told &&
                      a->test_posts == b->test_posts && a->test_weeks == b->test_weeks);
        g_assert_true(a->lift == b->lift && a->low == b->low && a->high == b->high);
    }
}

static void
add_likes(HibTestMeasure *t, const char *post, HibInstant at, int64_t likes, const char *source)
{
    const HibSnapshot one = {
        .delivery = post, .metric = "likes", .as_of = at, .value = likes, .source = source};
    hib_test_measure_add(t, &one, 1);
}

/* Thirty posts of the account, one a day, whose numbers nobody made up for a reason. */
static const char *
fill(HibTestMeasure *t, const char *account, HibInstant begin)
{
    const char *last = NULL;
    for (int i = 0; i < 30; i++) {
        const HibInstant at = begin + i * (HIB_DAY + HIB_HOUR);
        last = hib_test_measure_out(t, account, at, NULL);
        add_likes(t, last, at + 49 * HIB_HOUR, (i * 7919) % 23, NULL);
    }
    return last;
}

static void
what_was_found_is_worked_out_once_until_the_posts_are_others(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    const HibInstant begin = hib_test_at("2026-01-01T03:00:00Z");
    hib_clock_manual_set(test->clock, begin + 40 * HIB_DAY);
    const char *one = hib_test_measure_account(t, "one"), *two = hib_test_measure_account(t, "two");
    const char *last = fill(t, one, begin);
    const HibFindings first = ask(t, t->db, one);
    const HibSqlTestFound *row = kept(t->db, one);
    g_assert_cmpuint(first.n, >, 0);
    g_assert_nonnull(row);
    const HibFindings again = ask(t, t->db, one);
    same_findings(&first, &again);

    /* It is the kept ones that are told: others put in their place are told as well, while the posts stand. */
    hib_assert_ok(
        hib_sql_finding_keep(t->db, one, row->basis, "7\t1.5\t1\t0.25\t0.5\t1\t", 0, &error),
        error);
    const HibFindings planted = ask(t, t->db, one);
    g_assert_true(planted.n == 0 && planted.n_posts == 7 && planted.chance_none[1] == 0.25);
    hib_clock_manual_set(test->clock, begin + 41 * HIB_DAY); /* a day is nothing by itself */
    g_assert_cmpuint(ask(t, t->db, one).n_posts, ==, 7);
    g_assert_cmpuint(ask(t, t->db, two).n_posts, ==, 0);

    /* A late reading, before the one that counted until now: another basis. */
    const HibInstant at = begin + 29 * (HIB_DAY + HIB_HOUR);
    add_likes(t, last, at + 48 * HIB_HOUR, 400, NULL);
    const HibFindings late = ask(t, t->db, one);
    g_assert_cmpuint(late.n_posts, ==, 30);
    g_assert_cmpstr(kept(t->db, one)->basis, !=, row->basis);

    /* A post that grew a year old is no longer among them. */
    hib_clock_manual_set(test->clock, begin + 365 * HIB_DAY + 2 * HIB_HOUR);
    g_assert_cmpuint(ask(t, t->db, one).n_posts, ==, 29);

    /* What does not read is worked out anew. */
    hib_clock_manual_set(test->clock, begin + 41 * HIB_DAY);
    g_assert_cmpuint(ask(t, t->db, one).n_posts, ==, 30);
    hib_assert_ok(
        hib_sql_finding_keep(t->db, one, kept(t->db, one)->basis, "7\tand half a", 0, &error),
        error);
    const HibFindings mended = ask(t, t->db, one);
    same_findings(&late, &mended);
}

static void
an_import_changes_them_and_taken_back_they_are_as_before(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    const HibInstant begin = hib_test_at("2026-01-01T03:00:00Z");
    hib_clock_manual_set(test->clock, begin + 60 * HIB_DAY);
    const char *one = hib_test_measure_account(t, "one");
    (void)fill(t, one, begin);
    const HibFindings before = ask(t, t->db, one);
    const char *basis = kept(t->db, one)->basis;
    HibOutsidePost posts[40];
    HibToldSubject subjects[40];
    for (int i = 0; i < 40; i++) {
        const char *id = hib_db_new_id(t->db);
        const HibSqlOutsideAddIn outside = {id,        one,  hib_arena_printf(t->arena, "r-%d", i),
                                            "bluesky", NULL, "外の投稿 #外"};
        posts[i] = (HibOutsidePost){id,
                                    one,
                                    "bluesky",
                                    outside.text,
                                    i % 2 ? HIB_FORMAT_REEL : HIB_FORMAT_POST,
                                    begin + i * (HibInstant)(HIB_DAY + 30 * HIB_MINUTE)};
        subjects[i] = (HibToldSubject){id, false};
        hib_assert_ok(hib_sql_outside_add_many(t->db, &outside, 1, &error), error);
    }
    hib_assert_ok(hib_measure_follow_outside(t->db, posts, 40, &error), error);
    for (int i = 0; i < 40; i++) /* films bring eight times as much */
        add_likes(t, posts[i].id, begin + 50 * HIB_DAY, (i % 2 ? 160 : 20) + i % 5, "import:x");
    const HibFindings with = ask(t, t->db, one);
    g_assert_cmpuint(with.n_posts, ==, 70);
    const HibFinding *video = find(&with, HIB_FINDING_TYPE, "video");
    g_assert_nonnull(video);
    g_assert_true(video->is_told && video->n == 20);
    hib_assert_ok(hib_measure_take_back(t->db, "import:x", subjects, 40, &error), error);
    const HibFindings after = ask(t, t->db, one);
    same_findings(&before, &after);
    g_assert_cmpstr(kept(t->db, one)->basis, ==, basis);
}

/* The same account in two workspaces: each has findings of its own, and what one keeps the other never sees. */
static void
two_workspaces_keep_their_own(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", true);
    const HibInstant begin = hib_test_at("2026-01-01T03:00:00Z");
    hib_clock_manual_set(test->clock, begin + 40 * HIB_DAY);
    const char *one = hib_test_measure_account(t, "one");
    (void)fill(t, one, begin);
    (void)ask(t, t->db, one);
    g_autoptr(HibDb) other = hib_db_open(test->store, t->arena, hib_db_new_id(t->db));
    HibFindings all;
    g_assert_false(hib_findings(other, t->zone, one, &all, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "accounts.unknown");
    g_clear_error(&error);
    hib_assert_ok(
        hib_sql_finding_keep(other, one, kept(t->db, one)->basis, "9\t1\t1\t1\t1\t1\t", 0, &error),
        error);
    g_assert_cmpuint(ask(t, t->db, one).n_posts, ==, 30);
    g_assert_cmpstr(kept(other, one)->found, ==, "9\t1\t1\t1\t1\t1\t");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/finding/told", what_is_there_is_told_and_what_is_not_is_planned);
    g_test_add_func("/measure/finding/hashtags", hashtags_are_asked_for_together);
    g_test_add_func("/measure/finding/itself", a_time_is_not_compared_with_itself);
    g_test_add_func("/measure/finding/little", too_little_says_nothing);
    hib_test_add_manual("/measure/finding/store", only_posts_old_enough_of_that_account_count);
    hib_test_add_manual("/measure/finding/kept",
                        what_was_found_is_worked_out_once_until_the_posts_are_others);
    hib_test_add_manual("/measure/finding/import",
                        an_import_changes_them_and_taken_back_they_are_as_before);
    hib_test_add_manual("/measure/finding/workspaces", two_workspaces_keep_their_own);
    return g_test_run();
}
