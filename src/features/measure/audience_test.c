/* Asking who follows, beside LINE's practice face: when it is asked, what is kept, and what it does without an answer. */
#include "base/error.h"
#include "measure/audience.h"
#include "measure/fixture_test.h"
#include "practice/face_run.h"
#include "practice/line_face.h"

typedef struct {
    HibTestMeasure *t;
    HibPracticeFace *face;
    HibPracticeService services[2];
    HibJobs *jobs;
    const char *account;
} Desk;

static Desk *
desk_new(HibTestStore *test, int64_t friends)
{
    GError *error = NULL;
    Desk *desk = g_new0(Desk, 1);
    desk->t = hib_test_measure_new(test, "Asia/Tokyo", true);
    const HibPracticeAccount who = {
        .id = "1", .handle = "hibiki", .name = "響", .password = "-", .followers = friends};
    HibPracticeAccount one = who;
    hib_practice_line.account(desk->t->arena, 0, &one);
    const HibPracticeOptions options = {.accounts = &one,
                                        .n_accounts = 1,
                                        .clock = test->clock,
                                        .since = hib_clock_now(test->clock)};
    desk->face = hib_practice_start(&hib_practice_line, &options, &error);
    g_assert_no_error(error);
    desk->services[0] =
        (HibPracticeService){.network = "line", .url = hib_practice_url(desk->face)};
    desk->t->services.practice = desk->services;
    hib_events_subscribe(test->store, hib_measure.subscriptions);
    desk->jobs = hib_jobs_manual(test->store, hib_measure.jobs, &desk->t->services, &error);
    g_assert_no_error(error);
    hib_assert_ok(hib_accounts_connect_practice(desk->t->db, &desk->t->services, "line", one.id,
                                                one.password, &desk->account, &error),
                  error);
    return desk;
}

static void
desk_free(Desk *desk)
{
    hib_jobs_stop(desk->jobs);
    hib_practice_stop(desk->face);
    hib_test_measure_free(desk->t);
    g_free(desk);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

static void
advance(Desk *desk, HibDuration by, HibDuration step)
{
    HibClock *clock = desk->t->test->clock;
    const HibInstant end = hib_clock_now(clock) + by;
    hib_jobs_run_due(desk->jobs);
    while (hib_clock_now(clock) < end) {
        hib_clock_manual_set(clock, hib_clock_now(clock) + step);
        hib_jobs_run_due(desk->jobs);
    }
}

static HibMeasuredAudience
audience(Desk *desk)
{
    HibMeasuredAudience is;
    GError *error = NULL;
    hib_assert_ok(hib_measure_audience(desk->t->db, desk->account, &is, &error), error);
    return is;
}

static void
it_is_asked_when_the_account_is_connected_and_then_weekly(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, 400);
    g_assert_cmpint(audience(desk).state, ==, HIB_AUDIENCE_WAITING);
    hib_jobs_run_due(desk->jobs);
    const HibMeasuredAudience first = audience(desk);
    g_assert_cmpint(first.state, ==, HIB_AUDIENCE_TOLD);
    g_assert_cmpint(first.read_at, ==, hib_clock_now(test->clock));
    g_assert_cmpint(first.next_at, ==, first.read_at + 7 * HIB_DAY);
    g_assert_cmpint(first.before_at, ==, 0);
    g_assert_cmpint(first.groups[0].group.part, ==, HIB_NET_AGE);
    g_assert_cmpstr(first.groups[0].group.name, ==, "30-34");
    advance(desk, 6 * HIB_DAY, HIB_DAY);
    g_assert_cmpint(audience(desk).read_at, ==, first.read_at);
    advance(desk, HIB_DAY, HIB_DAY);
    g_assert_cmpint(audience(desk).read_at, ==, first.read_at + 7 * HIB_DAY);
}

static void
a_month_later_it_shows_what_changed(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, 400);
    advance(desk, 28 * HIB_DAY, HIB_DAY);
    const HibMeasuredAudience now = audience(desk);
    g_assert_cmpint(now.before_at, ==, now.read_at - 28 * HIB_DAY);
    g_assert_cmpuint(now.n, >, 20);
    for (size_t i = 0; i < now.n; i++) {
        g_assert_true(now.groups[i].has_before);
        g_assert_cmpfloat(now.groups[i].before, ==, now.groups[i].group.share);
    }
}

static void
few_friends_are_asked_for_daily_and_nothing_is_made_of_them(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, 5);
    hib_jobs_run_due(desk->jobs);
    const HibMeasuredAudience is = audience(desk);
    g_assert_cmpint(is.state, ==, HIB_AUDIENCE_WITHHELD);
    g_assert_cmpuint(is.n, ==, 0);
    g_assert_cmpint(is.read_at, ==, 0);
    g_assert_cmpint(is.next_at, ==, hib_clock_now(test->clock) + HIB_DAY);
}

static void
what_was_told_stays_while_the_network_is_silent(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, 400);
    const HibPracticeFault broken = {
        .fault = HIB_FAULT_ERROR, .at = "GET /v2/bot/insight/demographic", .times = -1};
    const HibPracticeFault none = {.fault = HIB_FAULT_NONE};
    hib_jobs_run_due(desk->jobs);
    const HibMeasuredAudience first = audience(desk);
    hib_practice_fault(desk->face, &broken);
    advance(desk, 7 * HIB_DAY, HIB_DAY);
    HibMeasuredAudience is = audience(desk);
    g_assert_cmpint(is.state, ==, HIB_AUDIENCE_UNREACHABLE);
    g_assert_cmpint(is.read_at, ==, first.read_at);
    g_assert_cmpuint(is.n, ==, first.n);
    advance(desk, 2 * HIB_DAY, HIB_HOUR); /* less and less often, but at least every six hours */
    is = audience(desk);
    g_assert_cmpint(is.next_at, >, hib_clock_now(test->clock));
    g_assert_cmpint(is.next_at, <=, hib_clock_now(test->clock) + 6 * HIB_HOUR);
    hib_practice_fault(desk->face, &none);
    advance(desk, 7 * HIB_HOUR, HIB_HOUR);
    is = audience(desk);
    g_assert_cmpint(is.state, ==, HIB_AUDIENCE_TOLD);
    g_assert_cmpint(is.read_at, >, first.read_at);
}

static void
a_disconnected_account_is_asked_no_more_until_it_is_back(HibTestStore *test)
{
    g_autoptr(Desk) desk = desk_new(test, 400);
    GError *error = NULL;
    hib_jobs_run_due(desk->jobs);
    const HibInstant read_at = audience(desk).read_at;
    hib_assert_ok(hib_accounts_disconnect(desk->t->db, desk->account, &error), error);
    advance(desk, 8 * HIB_DAY, HIB_DAY);
    const char *again;
    const HibPracticeAccount *one = hib_practice_account_at(desk->face, 0);
    hib_assert_ok(hib_accounts_connect_practice(desk->t->db, &desk->t->services, "line", one->id,
                                                one->password, &again, &error),
                  error);
    g_assert_cmpstr(again, ==, desk->account);
    g_assert_cmpint(audience(desk).read_at, ==, read_at);
    hib_jobs_run_due(desk->jobs);
    g_assert_cmpint(audience(desk).read_at, ==, read_at + 8 * HIB_DAY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) hib_test_add_manual("/measure/audience/" #name, name)
    TEST(it_is_asked_when_the_account_is_connected_and_then_weekly);
    TEST(a_month_later_it_shows_what_changed);
    TEST(few_friends_are_asked_for_daily_and_nothing_is_made_of_them);
    TEST(what_was_told_stays_while_the_network_is_silent);
    TEST(a_disconnected_account_is_asked_no_more_until_it_is_back);
    return g_test_run();
}
