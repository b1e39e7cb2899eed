/* The calendar: what collides, what is counted where, which slots are free. */
#include "base/error.h"
#include "publish/calendar.h"
#include "publish/fixture_test.h"

#define START ((HibInstant)1767571200 * HIB_SECOND) /* Monday 2026-01-05, 9:00 in Tokyo */

static void
neighbours_of_one_account_collide_within_its_gap(void)
{
    static const char *const one[] = {"a"}, *const both[] = {"a", "b"};
    const char *const *a = one, *const *ab = both;
    const HibPostSpot spots[] = {
        {.id = "1", .due_at = 0, .accounts = a, .n_accounts = 1},
        {.id = "2", .due_at = 29 * HIB_MINUTE, .accounts = ab, .n_accounts = 2},
        {.id = "3", .due_at = 59 * HIB_MINUTE, .accounts = ab, .n_accounts = 2},
        {.id = "4",
         .due_at = 60 * HIB_MINUTE,
         .state = HIB_POST_FAILED,
         .accounts = a,
         .n_accounts = 1},
        {.id = "5", .due_at = 3 * HIB_HOUR, .accounts = a, .n_accounts = 1},
        {.id = "6", .due_at = 3 * HIB_HOUR, .n_accounts = 0},
    };
    const struct {
        int64_t of_a, of_b;
        bool wanted[6];
    } cases[] = {
        {30, 0, {true, true}},                          /* 29 minutes are too near, 30 are not */
        {30, 45, {true, true, true}},                   /* b keeps a longer distance */
        {0, 0, {false}},                                /* switched off */
        {121 + 60, 0, {true, true, true, false, true}}, /* the failed one counts for nothing */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HibAccountGap gaps[] = {{"a", cases[i].of_a}, {"b", cases[i].of_b}};
        bool found[6] = {false};
        hib_calendar_collisions(spots, 6, gaps, 2, found);
        for (int k = 0; k < 6; k++)
            g_assert_cmpint(found[k], ==, cases[i].wanted[k]);
    }
}

static HibCalendar
look(HibTestPublish *t, const HibCalendarQuery *query)
{
    GError *error = NULL;
    HibCalendar calendar;
    hib_assert_ok(hib_calendar_read(t->db, query, &calendar, &error), error);
    return calendar;
}

static const HibInstant MIDNIGHT = START - 9 * HIB_HOUR;

static void
days_are_counted_whole_and_shown_in_part(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    for (int i = 0; i < 5; i++)
        hib_test_scheduled(t, "月曜の投稿", 0, HIB_HOUR + i * 10 * HIB_MINUTE);
    const char *last = hib_test_scheduled(t, "火曜の０時ちょうど", 0, 15 * HIB_HOUR);
    HibCalendar found =
        look(t, &(HibCalendarQuery){.from = MIDNIGHT, .to = MIDNIGHT + 3 * HIB_DAY, .per_day = 2});
    g_assert_cmpuint(found.n_cells, ==, 3);
    g_assert_cmpuint(found.n, ==, 6);
    g_assert_cmpint(found.cells[1].day, ==, MIDNIGHT + HIB_DAY);
    g_assert_cmpuint(found.cells[0].n, ==, 5);
    g_assert_cmpuint(found.cells[0].n_posts, ==, 2);
    g_assert_cmpuint(found.cells[0].n_collisions, ==, 5);
    g_assert_true(found.cells[0].posts[0].collides);
    g_assert_cmpint(found.cells[0].posts[0].head->due_at, <, found.cells[0].posts[1].head->due_at);
    g_assert_cmpstr(found.cells[1].posts[0].head->id, ==, last);
    g_assert_false(found.cells[1].posts[0].collides);
    g_assert_cmpuint(found.cells[1].n_without, ==, 1); /* the second account rests */
    g_assert_cmpstr(found.cells[1].without[0], ==, t->second);
    g_assert_cmpuint(found.cells[2].n_without, ==, 2);
    /* A collision across the edge of what is asked for is seen too. */
    found = look(t, &(HibCalendarQuery){.from = START + HIB_HOUR + 40 * HIB_MINUTE,
                                        .to = START + 2 * HIB_HOUR,
                                        .per_day = 8});
    g_assert_cmpuint(found.n, ==, 1);
    g_assert_true(found.cells[0].posts[0].collides);
}

static void
what_is_asked_for_is_shown_alone(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibCampaign *winter;
    HibPost *copy;
    const HibPostState drafts = HIB_POST_DRAFT;
    const char *one = hib_test_scheduled(t, "福袋の予告", 0, HIB_HOUR);
    hib_test_scheduled(t, "豆の話", 0, 2 * HIB_HOUR);
    const char *for_both = hib_test_draft(t, "両方へ", 0, true)->id;
    HibInstant at = START + 5 * HIB_HOUR;
    hib_assert_ok(hib_plan_set_due(t->db, for_both, NULL, &at, &copy, &error), error);
    hib_assert_ok(
        hib_plan_add_campaign(t->db, &(HibCampaignContent){.name = "冬"}, &winter, &error), error);
    hib_assert_ok(hib_plan_set_campaign(t->db, one, winter->id, &error), error);
    const HibCalendarQuery all = {.from = MIDNIGHT, .to = MIDNIGHT + HIB_DAY, .per_day = 8};
    HibCalendarQuery by_account = all, by_network = all, by_state = all, by_campaign = all,
                     by_words = all, by_lanes = all;
    by_account.account = t->second;
    by_network.network = "tiktok";
    by_state.state = &drafts;
    by_campaign.campaign = winter->id;
    by_words.words = "ﾏﾒ";
    g_assert_cmpuint(look(t, &all).n, ==, 3);
    g_assert_cmpuint(look(t, &by_account).n, ==, 1);
    g_assert_cmpuint(look(t, &by_network).n, ==, 0);
    by_network.network = "bluesky";
    g_assert_cmpuint(look(t, &by_network).n, ==, 3);
    g_assert_cmpstr(look(t, &by_state).cells[0].posts[0].head->id, ==, for_both);
    g_assert_cmpstr(look(t, &by_campaign).cells[0].posts[0].head->id, ==, one);
    g_assert_cmpuint(look(t, &by_words).n, ==, 0); /* 豆 is no kana */
    by_words.words = "豆";
    g_assert_cmpuint(look(t, &by_words).n, ==, 1);
    by_lanes.has_lanes = true;
    HibCalendar lanes = look(t, &by_lanes);
    g_assert_cmpuint(lanes.n_cells, ==, 2);
    g_assert_cmpstr(lanes.cells[0].campaign_id, ==, winter->id);
    g_assert_null(lanes.cells[1].campaign_id);
    g_assert_cmpuint(lanes.cells[1].n, ==, 2);
}

static void
slots_that_nothing_fills_are_told(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    const HibSlot slots[] = {{.weekday = 1, .minute = 12 * 60},
                             {.weekday = 1, .minute = 8 * 60}, /* over already */
                             {.weekday = 2, .minute = 12 * 60},
                             {.weekday = 2, .minute = 20 * 60}};
    const int64_t gap = 45;
    HibAccountGap *gaps;
    size_t n;
    hib_assert_ok(hib_slots_set(t->db, t->account, slots, 4, &gap, &error), error);
    hib_assert_ok(hib_slots_set(t->db, t->account, slots, 4, NULL, &error), error); /* stays */
    hib_assert_ok(hib_slots_gaps(t->db, &gaps, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    for (size_t i = 0; i < n; i++)
        g_assert_cmpint(gaps[i].minutes, ==,
                        g_str_equal(gaps[i].account_id, t->account) ? 45 : HIB_MIN_GAP_MINUTES);
    hib_test_scheduled(t, "枠の近く", 0, 3 * HIB_HOUR + 44 * HIB_MINUTE); /* 12:44 */
    HibCalendarQuery query = {.from = MIDNIGHT, .to = MIDNIGHT + 2 * HIB_DAY, .per_day = 1};
    HibCalendar found = look(t, &query);
    g_assert_cmpuint(found.n_free_slots, ==, 2);
    g_assert_cmpint(found.free_slots[0].at, ==, MIDNIGHT + 36 * HIB_HOUR);
    g_assert_cmpint(found.free_slots[1].at, ==, MIDNIGHT + 44 * HIB_HOUR);
    g_assert_cmpuint(found.cells[1].n_without, ==, 1); /* only the one that has no slots */
    query.account = t->second;
    g_assert_cmpuint(look(t, &query).n_free_slots, ==, 0);
}

static void
a_stretch_that_makes_no_sense_is_refused(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibCalendar found;
    const HibCalendarQuery backwards = {.from = START, .to = START - 1},
                           wide = {.from = START, .to = START + 102 * HIB_DAY},
                           none = {.from = START, .to = START};
    hib_assert_refused(hib_calendar_read(t->db, &backwards, &found, &error), error,
                       "post.bad_range");
    hib_assert_refused(hib_calendar_read(t->db, &wide, &found, &error), error, "calendar.too_wide");
    g_assert_cmpuint(look(t, &none).n_cells, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/calendar/neighbours_of_one_account_collide_within_its_gap",
                    neighbours_of_one_account_collide_within_its_gap);
    hib_test_add_manual("/publish/calendar/days_are_counted_whole_and_shown_in_part",
                        days_are_counted_whole_and_shown_in_part);
    hib_test_add_manual("/publish/calendar/what_is_asked_for_is_shown_alone",
                        what_is_asked_for_is_shown_alone);
    hib_test_add_manual("/publish/calendar/slots_that_nothing_fills_are_told",
                        slots_that_nothing_fills_are_told);
    hib_test_add_manual("/publish/calendar/a_stretch_that_makes_no_sense_is_refused",
                        a_stretch_that_makes_no_sense_is_refused);
    return g_test_run();
}
