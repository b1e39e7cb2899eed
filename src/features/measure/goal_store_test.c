/* Goals as rows: what was wanted, how it stands by the readings, settled and told once. */
#include "base/error.h"
#include "days/days.h"
#include "measure/fixture_test.h"
#include "measure/goal.h"
#include "store/jobs.h"

enum { BEGUN = 20261101, DUE = 20261130 };

typedef struct {
    HibTestMeasure *t;
    const char *account;
} Case;

static HibInstant
noon(int day)
{
    return hib_test_at("2026-11-01T03:00:00Z") + (day - 1) * HIB_DAY;
}

static void
open_case(Case *c, HibTestStore *test)
{
    c->t = hib_test_measure_new(test, "Asia/Tokyo", true);
    hib_clock_manual_set(test->clock, noon(11));
    c->account = hib_test_measure_account(c->t, "one");
}

static void
read_followers(Case *c, int from, int until, int64_t first)
{
    for (int day = from; day <= until; day++)
        hib_test_measure_add(c->t,
                             &(HibSnapshot){.account = c->account,
                                            .metric = "followers",
                                            .as_of = noon(day),
                                            .value = first + 10 * (day - from)},
                             1);
}

static HibGoalContent
wanted(Case *c, const char *metric, int64_t target)
{
    return (HibGoalContent){.name = "秋のフォロワー",
                            .metric = metric,
                            .account_id = c->account,
                            .starts_on = BEGUN,
                            .due_on = DUE,
                            .target = target};
}

static HibGoal *
add(Case *c, const HibGoalContent *content)
{
    GError *error = NULL;
    HibGoal *goal;
    hib_assert_ok(hib_goal_add(c->t->db, content, &goal, &error), error);
    return goal;
}

static HibGoal *
again(Case *c, const HibGoal *goal)
{
    GError *error = NULL;
    HibGoal *ret;
    hib_assert_ok(hib_goal(c->t->db, goal->id, &ret, &error), error);
    return ret;
}

static void
settle(Case *c)
{
    GError *error = NULL;
    hib_assert_ok(hib_goals_settle(c->t->db, c->t->zone, &error), error);
}

static void
refused(bool is_done, GError **error, HibErrorKind kind, const char *reason)
{
    g_assert_false(is_done);
    g_assert_true(hib_error_is(*error, kind));
    g_assert_cmpstr(hib_error_reason(*error), ==, reason);
    g_clear_error(error);
}

static void
a_goal_is_kept_changed_and_put_away(HibTestStore *test)
{
    Case c;
    GError *error = NULL;
    HibGoal *goal, *rows;
    size_t n;
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    HibGoalContent content = wanted(&c, "followers", 400);
    goal = add(&c, &content);
    g_assert_cmpstr(goal->content.name, ==, "秋のフォロワー");
    g_assert_cmpint(goal->content.due_on, ==, DUE);
    g_assert_cmpint(goal->version, ==, 1);
    content.target = 500;
    content.account_id = NULL;
    HibGoal *after;
    hib_assert_ok(hib_goal_change(t->db, goal->id, 1, &content, &after, &error), error);
    g_assert_cmpint(after->content.target, ==, 500);
    g_assert_null(after->content.account_id);
    refused(hib_goal_change(t->db, goal->id, 1, &content, &after, &error), &error,
            HIB_ERROR_CONFLICT, "goal.edited");
    hib_assert_ok(hib_goal_archive(t->db, goal->id, true, &after, &error), error);
    hib_assert_ok(hib_goal_archive(t->db, goal->id, true, &after, &error), error);
    g_assert_true(after->has_archived_at);
    hib_assert_ok(hib_goals(t->db, false, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_ok(hib_goal_archive(t->db, goal->id, false, &after, &error), error);
    hib_assert_ok(hib_goals(t->db, false, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
}

static void
what_makes_no_sense_is_refused(HibTestStore *test)
{
    Case c;
    GError *error = NULL;
    HibGoal *goal;
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    HibGoalContent content = wanted(&c, "followers", 400);
    content.due_on = BEGUN;
    refused(hib_goal_add(t->db, &content, &goal, &error), &error, HIB_ERROR_INVALID,
            "goal.bad_days");
    content.due_on = 0;
    refused(hib_goal_add(t->db, &content, &goal, &error), &error, HIB_ERROR_INVALID,
            "goal.bad_days");
    content = wanted(&c, "followers", 400);
    content.account_id = "0192f0c0-0000-7000-8000-000000000000";
    refused(hib_goal_add(t->db, &content, &goal, &error), &error, HIB_ERROR_NOT_FOUND,
            "accounts.unknown");
    content = wanted(&c, "followers", 400);
    content.owner_id = "0192f0c0-0000-7000-8000-000000000000";
    refused(hib_goal_add(t->db, &content, &goal, &error), &error, HIB_ERROR_NOT_FOUND,
            "team.member_unknown");
    refused(hib_goal(t->db, content.owner_id, &goal, &error), &error, HIB_ERROR_NOT_FOUND,
            "goal.unknown");
    content = wanted(&c, "posts", 1);
    for (int i = 0; i < HIB_GOALS; i++)
        add(&c, &content);
    refused(hib_goal_add(t->db, &content, &goal, &error), &error, HIB_ERROR_CONFLICT,
            "goal.too_many");
}

static void
it_stands_as_the_readings_say_in_the_workspaces_days(HibTestStore *test)
{
    Case c;
    GError *error = NULL;
    HibGoalStanding is;
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    HibGoalContent content = wanted(&c, "followers", 400);
    HibGoal *goal = add(&c, &content);
    hib_assert_ok(hib_goal_stands(t->db, t->zone, goal, &is, &error), error);
    g_assert_false(is.has_actual);
    g_assert_cmpint(is.outlook, ==, HIB_OUTLOOK_NOTHING);
    read_followers(&c, -40, 11, 100);
    hib_assert_ok(hib_goal_stands(t->db, t->zone, goal, &is, &error), error);
    g_assert_cmpfloat(is.start, ==, 510); /* the 1st is 41 days after */
    g_assert_cmpfloat(is.actual, ==, 610);
    g_assert_cmpint(is.as_of, ==, 20261111);
    g_assert_cmpint(is.days_left, ==, 20);
    g_assert_cmpint(is.outlook, ==, HIB_OUTLOOK_FEW);
    content.due_on = 20261120;
    hib_assert_ok(hib_goal_change(t->db, goal->id, 1, &content, &goal, &error), error);
    hib_assert_ok(hib_goal_stands(t->db, t->zone, goal, &is, &error), error);
    g_assert_cmpint(is.outlook, ==, HIB_OUTLOOK_TOLD);
    g_assert_cmpfloat_with_epsilon(is.fan[is.n_fan - 1].mean, 700, 5);
    const char *post = hib_test_measure_out(t, c.account, noon(5), NULL);
    hib_test_measure_add(
        t, &(HibSnapshot){.delivery = post, .metric = "likes", .as_of = noon(6), .value = 7}, 1);
    content = wanted(&c, "engagements", 10);
    hib_assert_ok(hib_goal_stands(t->db, t->zone, add(&c, &content), &is, &error), error);
    g_assert_cmpfloat(is.actual, ==, 7);
    content = wanted(&c, "posts", 10);
    hib_assert_ok(hib_goal_stands(t->db, t->zone, add(&c, &content), &is, &error), error);
    g_assert_cmpfloat(is.actual, ==, 1);
}

static void
it_is_settled_once_when_it_is_over_or_reached(HibTestStore *test)
{
    Case c;
    open_case(&c, test);
    g_autoptr(HibTestMeasure) t = c.t;
    read_followers(&c, 1, 11, 100);
    const char *post = hib_test_measure_out(t, c.account, noon(5), NULL);
    hib_test_measure_add(
        t, &(HibSnapshot){.delivery = post, .metric = "likes", .as_of = noon(6), .value = 7}, 1);
    HibGoalContent level = wanted(&c, "followers", 150), far = wanted(&c, "followers", 900),
                   sum = wanted(&c, "likes", 7);
    HibGoal *goals[] = {add(&c, &level), add(&c, &far), add(&c, &sum)};
    settle(&c);
    g_assert_cmpint(again(&c, goals[0])->outcome, ==, HIB_OUTCOME_OPEN); /* its day is to come */
    g_assert_cmpint(again(&c, goals[1])->outcome, ==, HIB_OUTCOME_OPEN);
    g_assert_cmpint(again(&c, goals[2])->outcome, ==, HIB_OUTCOME_REACHED);
    const HibInstant first = again(&c, goals[2])->settled_at;
    hib_clock_manual_set(test->clock, noon(31));
    settle(&c);
    settle(&c);
    g_assert_cmpint(again(&c, goals[0])->outcome, ==, HIB_OUTCOME_REACHED);
    g_assert_cmpint(again(&c, goals[1])->outcome, ==, HIB_OUTCOME_MISSED);
    g_assert_cmpint(again(&c, goals[2])->settled_at, ==, first);
    GError *error = NULL;
    HibGoal *after;
    far.due_on = 20261231; /* more time: it is open again */
    hib_assert_ok(hib_goal_change(t->db, goals[1]->id, 1, &far, &after, &error), error);
    g_assert_cmpint(after->outcome, ==, HIB_OUTCOME_OPEN);
    g_assert_false(after->has_settled_at);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/goal/kept", a_goal_is_kept_changed_and_put_away);
    hib_test_add_manual("/measure/goal/refused", what_makes_no_sense_is_refused);
    hib_test_add_manual("/measure/goal/stands",
                        it_stands_as_the_readings_say_in_the_workspaces_days);
    hib_test_add_manual("/measure/goal/settled", it_is_settled_once_when_it_is_over_or_reached);
    return g_test_run();
}
