/* What posts take of money and quota, before and after they go out: on the network in memory. */
#include "base/error.h"
#include "publish/fixture_test.h"
#include "publish/schedule.h"
#include "test_scripted.h"

static void
begin(HibTestPublish *t, int posts_a_day)
{
    HibAccount *account;
    GError *error = NULL;
    hib_test_scripted_reset(&(HibTestShape){.posts_a_day = posts_a_day});
    hib_assert_ok(hib_accounts_connect(t->db, &t->services, "scripted", NULL, "scripted.practice",
                                       "password", &account, &error),
                  error);
    t->account = account->id;
}

static HibPostCost
cost_now(HibTestPublish *t, const char *post)
{
    HibPostCost *costs;
    GError *error = NULL;
    hib_assert_ok(
        hib_publish_costs(t->db, hib_test_post(t, post), hib_clock_now(t->clock), &costs, &error),
        error);
    return costs[0];
}

static void
a_thread_costs_what_its_texts_cost(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    begin(t, 0);
    HibPostPart thread = {.text = "続き"};
    HibPostVariant variant = {
        .account_id = t->account, .thread = &thread, .n_thread = 1, .first_comment = "豆"};
    HibPost post = {.text = "見て https://example.jp", .variants = &variant, .n_variants = 1};
    HibPostCost cost = hib_cost_of(t->arena, &post, 0, hib_network_find("scripted"), 0);
    g_assert_cmpint(cost.micros, ==, 200000 + 2 * 10000);
    g_assert_cmpstr(cost.currency, ==, "USD");
    g_assert_true(cost.has_link && !cost.quota);
}

/* Nothing is not zero: before the friends were counted nobody knows how many messages it takes. */
static void
how_many_it_goes_to_is_unknown_until_it_was_read(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibPostVariant variant = {.account_id = t->account, .format = HIB_FORMAT_BROADCAST};
    HibPost post = {.text = "みなさまへ", .variants = &variant, .n_variants = 1};
    HibPostCost cost = hib_cost_of(t->arena, &post, 0, hib_network_find("line"), -1);
    g_assert_cmpstr(cost.quota, ==, "messages");
    g_assert_true(cost.is_unknown && cost.is_estimate);
    g_assert_cmpint(cost.takes, ==, 0);
    cost = hib_cost_of(t->arena, &post, 0, hib_network_find("line"), 800);
    g_assert_false(cost.is_unknown);
    g_assert_cmpint(cost.takes, ==, 800);
}

static void
what_is_scheduled_is_reserved_until_it_is_out_or_given_up(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *after;
    HibInstant now = hib_clock_now(t->clock);
    begin(t, 2);
    const char *first = hib_test_scheduled(t, "一", 0, HIB_HOUR);
    const char *second = hib_test_scheduled(t, "二", 0, 2 * HIB_HOUR);
    HibPost *third = hib_test_draft(t, "三", 0, false);
    HibPostCost cost = cost_now(t, third->id);
    g_assert_true(cost.has_left && cost.left == 0 && cost.takes == 1);
    g_assert_false(hib_publish_schedule(t->db, third->id, NULL, now + HIB_HOUR, &after, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "publish.quota_short");
    g_assert_cmpstr(hib_error_detail(error, "left"), ==, "0");
    g_assert_cmpstr(hib_error_pointer(error), ==, "/variants/0");
    g_clear_error(&error);
    /* Moving one takes no second place of its own. */
    hib_assert_ok(hib_publish_schedule(t->db, second, NULL, now + 3 * HIB_HOUR, &after, &error),
                  error);
    hib_assert_ok(hib_publish_unschedule(t->db, second, &after, &error), error);
    g_assert_cmpint(cost_now(t, third->id).left, ==, 1);
    hib_assert_ok(hib_publish_schedule(t->db, third->id, NULL, now + 2 * HIB_HOUR, &after, &error),
                  error);
    hib_test_scripted_fault("publish", HIB_TEST_REFUSED, 1); /* the first has no effect */
    hib_test_advance(t, HIB_HOUR + HIB_MINUTE);
    g_assert_cmpint(hib_test_delivery(t, first)->state, ==, HIB_DELIVERY_FAILED);
    g_assert_cmpint(cost_now(t, second).left, ==, 1);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_test_scripted_count("三"), ==, 1);
    g_assert_cmpint(cost_now(t, second).left, ==, 1); /* taken now, no longer reserved */
}

/* Two a day: the days to come have their own two each, however many posts wait all in all. */
static void
days_to_come_have_room_of_their_own(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *after, *one_too_many = NULL;
    begin(t, 2);
    for (int day = 0; day < 5; day++)
        for (int i = 0; i < 2; i++)
            hib_test_scheduled(t, hib_arena_printf(t->arena, "%d日目 %d", day, i), 0,
                               day * HIB_DAY + (i + 1) * HIB_HOUR);
    one_too_many = hib_test_draft(t, "三つ目", 0, false);
    hib_assert_refused(hib_publish_schedule(t->db, one_too_many->id, NULL,
                                            hib_clock_now(t->clock) + 3 * HIB_DAY + 3 * HIB_HOUR,
                                            &after, &error),
                       error, "publish.quota_short");
    hib_assert_ok(hib_publish_schedule(t->db, one_too_many->id, NULL,
                                       hib_clock_now(t->clock) + 6 * HIB_DAY, &after, &error),
                  error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/cost/a_thread_costs_what_its_texts_cost",
                        a_thread_costs_what_its_texts_cost);
    hib_test_add_manual("/publish/cost/how_many_it_goes_to_is_unknown_until_it_was_read",
                        how_many_it_goes_to_is_unknown_until_it_was_read);
    hib_test_add_manual("/publish/cost/what_is_scheduled_is_reserved_until_it_is_out_or_given_up",
                        what_is_scheduled_is_reserved_until_it_is_out_or_given_up);
    hib_test_add_manual("/publish/cost/days_to_come_have_room_of_their_own",
                        days_to_come_have_room_of_their_own);
    return g_test_run();
}
