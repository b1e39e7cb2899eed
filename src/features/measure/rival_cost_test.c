/* Competitors on networks that take something for a look: X money for each account and post read, YouTube units of the day's quota; each is counted, whatever the look finds. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/rival.h"
#include "practice/face_oauth.h"
#include "practice/rival.h"
#include "practice/world.h"

typedef struct {
    HibTestMeasure *t;
    HibWorld *world;
    HibPracticeService places[3];
    HibJobs *jobs;
    HibClock *clock;
    HibDb *db;
    const char *account;
} Desk;

static Desk *
desk_new(HibTestStore *test, const char *network)
{
    static const char *const networks[] = {"x", "youtube", NULL};
    GError *error = NULL;
    HibWorldPlace place;
    Desk *desk = g_new0(Desk, 1);
    hib_clock_manual_set(test->clock, hib_test_at("2026-11-20T03:00:00Z"));
    desk->t = hib_test_measure_new(test, "Asia/Tokyo", false);
    desk->clock = test->clock;
    desk->db = desk->t->db;
    hib_db_set_actor(desk->db, HIB_ACTOR_PERSON, hib_db_new_id(desk->db)); /* who connects */
    const HibWorldOptions options = {.clock = test->clock, .seed = 1, .networks = networks};
    desk->world = hib_world_start(&options, &error);
    g_assert_no_error(error);
    for (size_t i = 0; hib_world_place(desk->world, i, &place); i++) {
        desk->places[i] = (HibPracticeService){.network = place.network,
                                               .url = place.url,
                                               .client_id = HIB_PRACTICE_CLIENT_ID,
                                               .client_secret = HIB_PRACTICE_CLIENT_SECRET};
        if (!g_str_equal(place.network, network))
            continue;
        const HibPracticeAccount account = hib_world_account(desk->world, i, 0);
        desk->t->services.practice = desk->places;
        hib_assert_ok(hib_accounts_connect_practice(desk->db, &desk->t->services, network,
                                                    account.handle, account.password,
                                                    &desk->account, &error),
                      error);
    }
    hib_events_subscribe(test->store, hib_measure.subscriptions);
    desk->jobs = hib_jobs_manual(test->store, hib_measure.jobs, &desk->t->services, &error);
    g_assert_no_error(error);
    return desk;
}

static void
desk_free(Desk *desk)
{
    hib_jobs_stop(desk->jobs);
    hib_test_measure_free(desk->t);
    hib_world_stop(desk->world);
    g_free(desk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static void
advance(Desk *desk, HibDuration by)
{
    const HibInstant end = hib_clock_now(desk->clock) + by;
    while (hib_clock_now(desk->clock) < end) {
        hib_clock_manual_set(desk->clock, hib_clock_now(desk->clock) + HIB_HOUR);
        hib_jobs_run_due(desk->jobs);
    }
}

static void
add(Desk *desk, const char *network, const char *typed)
{
    const char *id = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_rival_add(desk->db, &desk->t->services, network, typed, &id, &error), error);
}

static void
refuse(Desk *desk, const char *network, const char *typed, const char *reason)
{
    const char *id = NULL;
    GError *error = NULL;
    hib_assert_refused(hib_rival_add(desk->db, &desk->t->services, network, typed, &id, &error),
                       error, reason);
}

static HibRivals
all(Desk *desk)
{
    HibRivals out;
    GError *error = NULL;
    hib_assert_ok(hib_rivals(desk->db, desk->t->zone, 28, &out, &error), error);
    return out;
}

static HibRivalCost
cost(Desk *desk, const char *network)
{
    const HibRivals is = all(desk);
    for (size_t i = 0; i < is.n_costs; i++)
        if (g_str_equal(is.costs[i].network, network))
            return is.costs[i];
    g_assert_not_reached();
}

static int64_t
units(Desk *desk)
{
    HibAccountQuota *rows;
    size_t n;
    GError *error = NULL;
    hib_assert_ok(hib_accounts_quotas(desk->db, desk->account, &rows, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].name, "units"))
            return rows[i].used;
    g_assert_not_reached();
}

/* $0.01 for the account, $0.005 for each post; later looks leave out what is older than a week. */
static void
x_is_paid_once_for_twenty_posts_and_then_for_those_of_a_week(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, "x");
    const HibRivalCost before = cost(desk, "x");
    g_assert_cmpint(before.spent_micros, ==, 0);
    g_assert_cmpint(before.most_micros, ==, 10000 + 20 * 5000);
    g_assert_cmpstr(before.currency, ==, "USD");
    add(desk, "x", "@tonari");
    g_assert_cmpint(cost(desk, "x").spent_micros, ==, 110000);
    const HibRivals first = all(desk);
    g_assert_cmpint(first.rivals[0].n_posts, ==, 20);
    g_assert_false(first.rivals[0].is_whole);
    advance(desk, 3 * HIB_DAY);
    /* A post a day: seven or eight of the week before the look of the day before. */
    const HibRivalCost after = cost(desk, "x");
    g_assert_cmpint(after.spent_micros, >=, 110000 + 3 * (10000 + 7 * 5000));
    g_assert_cmpint(after.spent_micros, <=, 110000 + 3 * (10000 + 9 * 5000));
    const HibRivals later = all(desk);
    g_assert_cmpint(later.rivals[0].state, ==, HIB_RIVAL_OK);
    g_assert_cmpint(later.rivals[0].n_posts, ==, 23); /* those of before are still known */
    g_assert_cmpint(later.rivals[0].followers, ==, first.rivals[0].followers + 18);
}

static void
what_x_does_not_show_is_refused_and_paid_for_as_far_as_it_was_read(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, "x");
    refuse(desk, "x", "kagi", "rival.private");
    g_assert_cmpint(cost(desk, "x").spent_micros, ==, 10000);
    refuse(desk, "x", "toketsu", "rival.suspended");
    refuse(desk, "x", "nobody", "rival.handle_unknown");
    refuse(desk, "x", "not.of.x", "rival.bad_handle");
    g_assert_cmpint(cost(desk, "x").spent_micros, ==, 10000);
    g_assert_cmpuint(all(desk).n_rivals, ==, 0);
}

static void
who_is_renamed_on_x_is_followed_by_the_id(HibTestStore *test)
{
    char handle[64];
    g_autoptr(Desk) desk = desk_new(test, "x");
    hib_face_rival_handle(hib_face_rival("hikkoshi", true, hib_clock_now(desk->clock)),
                          hib_clock_now(desk->clock), handle);
    g_autofree char *before = g_strdup(handle);
    add(desk, "x", before);
    advance(desk, 31 * HIB_DAY);
    const HibRivals is = all(desk);
    g_assert_cmpint(is.rivals[0].state, ==, HIB_RIVAL_OK);
    g_assert_cmpstr(is.rivals[0].handle_before, ==, before);
}

static void
a_hidden_number_of_subscribers_is_hidden_and_a_large_one_rounded(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, "youtube");
    add(desk, "youtube", "https://www.youtube.com/@tonari/videos");
    add(desk, "youtube", "@kakushi");
    const HibRivals is = all(desk);
    g_assert_cmpint(is.rivals[0].followers_is, ==, HIB_RIVAL_ROUNDED);
    g_assert_cmpint(is.rivals[0].followers % 10, ==, 0);
    g_assert_cmpint(is.rivals[0].n_posts, >=, 27);
    g_assert_cmpint(is.rivals[1].followers_is, ==, HIB_RIVAL_HIDDEN);
    g_assert_cmpint(is.rivals[1].followers, ==, -1);
    g_assert_cmpint(is.rivals[1].n_posts, >=, 17);
    advance(desk, 2 * HIB_DAY);
    const HibRivals later = all(desk);
    g_assert_cmpint(later.rivals[1].followers_is, ==, HIB_RIVAL_HIDDEN);
    g_assert_cmpint(later.rivals[1].change_since, ==, 0); /* of nothing there is no change */
    refuse(desk, "youtube", "kagi", "rival.private");
    refuse(desk, "youtube", "toketsu", "rival.handle_unknown"); /* YouTube lists it nowhere */
    refuse(desk, "youtube", "https://www.youtube.com/c/tonari", "rival.bad_handle");
}

static void
a_look_takes_three_units_and_waits_where_there_are_none(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, "youtube");
    GError *error = NULL;
    const int64_t before = units(desk);
    add(desk, "youtube", "tonari");
    g_assert_cmpint(units(desk), ==, before + 3);
    g_assert_cmpint(cost(desk, "youtube").takes, ==, 3);
    g_assert_cmpint(cost(desk, "youtube").most_micros, ==, 0);
    hib_assert_ok(
        hib_accounts_quota_take(desk->db, desk->account, "units", 10000 - before - 3, &error),
        error);
    refuse(desk, "youtube", "minato", "network.rate_limited");
    g_assert_cmpint(units(desk), ==, 10000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) hib_test_add_manual("/measure/rival_cost/" #name, name)
    TEST(x_is_paid_once_for_twenty_posts_and_then_for_those_of_a_week);
    TEST(what_x_does_not_show_is_refused_and_paid_for_as_far_as_it_was_read);
    TEST(who_is_renamed_on_x_is_followed_by_the_id);
    TEST(a_hidden_number_of_subscribers_is_hidden_and_a_large_one_rounded);
    TEST(a_look_takes_three_units_and_waits_where_there_are_none);
    return g_test_run();
}
