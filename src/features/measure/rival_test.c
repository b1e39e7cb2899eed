/* Competitors beside the practice network: looked at daily, followed when renamed, kept when the network is silent, gone when removed. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/rival.h"
#include "measure/rival.sql.h"
#include "networks/bluesky.h"
#include "practice/bluesky_face.h"
#include "practice/rival.h"

#define HANDLE "hibiki.practice"
#define PASSWORD "aaaa-bbbb-cccc-dddd"

typedef struct {
    HibTestMeasure *t;
    HibFace *face;
    HibJobs *jobs;
    HibClock *clock;
    HibDb *db;
    const char *account;
} Desk;

static Desk *
desk_new(HibTestStore *test)
{
    GError *error = NULL;
    HibAccount *account = NULL;
    Desk *desk = g_new0(Desk, 1);
    hib_clock_manual_set(test->clock, hib_test_at("2026-11-20T03:00:00Z"));
    desk->t = hib_test_measure_new(test, "Asia/Tokyo", false);
    desk->clock = test->clock;
    desk->db = desk->t->db;
    HibFaceAccount who = {HANDLE, PASSWORD, "Hibiki", NULL,
                          hib_audience_new(1, hib_clock_now(test->clock), 300)};
    HibFaceOptions options = {.accounts = &who, .n_accounts = 1, .clock = test->clock};
    desk->face = hib_face_start(&options, &error);
    g_assert_no_error(error);
    desk->t->services.bluesky_service = hib_face_url(desk->face);
    hib_events_subscribe(test->store, hib_measure.subscriptions);
    desk->jobs = hib_jobs_manual(test->store, hib_measure.jobs, &desk->t->services, &error);
    g_assert_no_error(error);
    hib_assert_ok(hib_accounts_connect(desk->db, &desk->t->services, "bluesky", NULL, HANDLE,
                                       PASSWORD, &account, &error),
                  error);
    desk->account = account->id;
    return desk;
}

static void
desk_free(Desk *desk)
{
    hib_jobs_stop(desk->jobs);
    hib_test_measure_free(desk->t);
    hib_face_stop(desk->face);
    g_free(desk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static void
advance(Desk *desk, HibDuration by, HibDuration step)
{
    const HibInstant end = hib_clock_now(desk->clock) + by;
    hib_jobs_run_due(desk->jobs);
    while (hib_clock_now(desk->clock) < end) {
        hib_clock_manual_set(desk->clock, hib_clock_now(desk->clock) + step);
        hib_jobs_run_due(desk->jobs);
    }
}

static const char *
add(Desk *desk, const char *typed)
{
    const char *id = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_rival_add(desk->db, &desk->t->services, "bluesky", typed, &id, &error),
                  error);
    return id;
}

static HibRivalFigures
only(Desk *desk, int days)
{
    HibRivals all;
    GError *error = NULL;
    hib_assert_ok(hib_rivals(desk->db, desk->t->zone, days, &all, &error), error);
    g_assert_cmpuint(all.n_rivals, ==, 1);
    g_assert_cmpuint(all.n_own, ==, 1);
    g_assert_cmpstr(all.own[0].handle, ==, HANDLE);
    return all.rivals[0];
}

static void
followers_are_kept_day_by_day_and_posts_grow_with_each_look(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    add(desk, "tonari.practice");
    const HibRivalFigures first = only(desk, 28);
    g_assert_cmpint(first.state, ==, HIB_RIVAL_OK);
    g_assert_cmpint(first.change_since, ==, 0);
    g_assert_true(first.is_whole);
    g_assert_cmpint(first.n_posts, ==, 28);
    advance(desk, 10 * HIB_DAY, HIB_HOUR);
    const HibRivalFigures later = only(desk, 28);
    g_assert_cmpint(later.followers, ==, first.followers + 60);
    g_assert_cmpint(later.change, ==, 60);
    g_assert_cmpint(later.change_since, ==, 20261120);
    g_assert_cmpint(later.read_at, ==, first.read_at + 10 * HIB_DAY);
    g_assert_cmpint(later.n_posts, ==, 28);
    g_assert_cmpint(later.engagements, >, 28 * 20);
    /* The first page reached back a hundred days; what came since was added to it. */
    const HibRivalFigures wide = only(desk, 108);
    g_assert_cmpint(wide.n_posts, ==, 108);
    g_assert_true(wide.is_whole);
    g_assert_false(only(desk, 200).is_whole);
}

static void
who_is_renamed_is_followed_and_the_old_name_is_told(HibTestStore *test)
{
    char handle[64];
    g_autoptr(Desk) desk = desk_new(test);
    const HibFaceRival *moving = hib_face_rival("hikkoshi", true, hib_clock_now(desk->clock));
    hib_face_rival_handle(moving, hib_clock_now(desk->clock), handle);
    g_autofree char *before = g_strdup_printf("%s.practice", handle);
    add(desk, before);
    g_assert_cmpstr(only(desk, 28).handle_before, ==, "");
    advance(desk, 31 * HIB_DAY, 6 * HIB_HOUR);
    const HibRivalFigures is = only(desk, 28);
    g_assert_cmpint(is.state, ==, HIB_RIVAL_OK);
    g_assert_cmpstr(is.handle, !=, before);
    g_assert_cmpstr(is.handle_before, ==, before);
}

static void
without_an_answer_the_figures_of_before_stay(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    GError *error = NULL;
    add(desk, "tonari.practice");
    const HibRivalFigures first = only(desk, 28);
    hib_assert_ok(hib_accounts_disconnect(desk->db, desk->account, &error), error);
    advance(desk, 2 * HIB_DAY, HIB_HOUR);
    HibRivals all;
    hib_assert_ok(hib_rivals(desk->db, desk->t->zone, 28, &all, &error), error);
    g_assert_cmpint(all.rivals[0].state, ==, HIB_RIVAL_NO_ACCOUNT);
    g_assert_cmpint(all.rivals[0].followers, ==, first.followers);
    g_assert_cmpint(all.rivals[0].read_at, ==, first.read_at);
    g_assert_false(all.rivals[0].is_whole);
}

static void
thirty_are_tracked_and_what_is_removed_is_looked_at_no_more(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test);
    GError *error = NULL;
    const char *id = add(desk, "minato.practice"), *none;
    hib_assert_refused(
        hib_rival_add(desk->db, &desk->t->services, "bluesky", "minato.practice", &none, &error),
        error, "rival.already");
    for (int i = 1; i < HIB_RIVALS; i++) {
        g_autofree char *who = g_strdup_printf("did:plc:%d", i);
        hib_assert_ok(hib_sql_rival_insert(desk->db, hib_db_new_id(desk->db), "bluesky", who, who,
                                           hib_db_now(desk->db), NULL, &error),
                      error);
    }
    hib_assert_refused(
        hib_rival_add(desk->db, &desk->t->services, "bluesky", "tonari.practice", &none, &error),
        error, "rival.too_many");
    hib_assert_ok(hib_rival_remove(desk->db, id, &error), error);
    HibJobsState before, after;
    hib_assert_ok(hib_jobs_state(desk->db, &before, &error), error);
    advance(desk, 2 * HIB_DAY, HIB_DAY);
    hib_assert_ok(hib_jobs_state(desk->db, &after, &error), error);
    g_assert_cmpint(after.n_failed, ==, 0);
    HibRivals all;
    hib_assert_ok(hib_rivals(desk->db, desk->t->zone, 28, &all, &error), error);
    g_assert_cmpuint(all.n_rivals, ==, HIB_RIVALS - 1);
    add(desk, "tonari.practice");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) hib_test_add_manual("/measure/rival/" #name, name)
    TEST(followers_are_kept_day_by_day_and_posts_grow_with_each_look);
    TEST(who_is_renamed_is_followed_and_the_old_name_is_told);
    TEST(without_an_answer_the_figures_of_before_stay);
    TEST(thirty_are_tracked_and_what_is_removed_is_looked_at_no_more);
    return g_test_run();
}
