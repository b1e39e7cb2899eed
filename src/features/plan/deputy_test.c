/* Deputies: whose place a voter takes, that one place is voted in once, and what is refused when one is named. */
#include "base/error.h"
#include "plan/approval.h"
#include "plan/plan_private.h"
#include "test_workspace.h"

static const HibDeputy today[] = {
    {.person_id = "a", .person_role = "approver", .deputy_id = "d"},
    {.person_id = "b", .person_role = "manager", .deputy_id = "d"},
    {.person_id = "e", .person_role = "editor", .deputy_id = "x"}, /* approves no more */
};

static HibVoter
seated(const HibVote *votes, size_t n, const char *person, const char *role, bool *ret_may)
{
    const HibApproval approval = {.state = HIB_APPROVAL_WAITING,
                                  .policy = {.mode = HIB_APPROVAL_TWO},
                                  .round = 1,
                                  .votes = votes,
                                  .n_votes = n};
    HibVoter voter = {.person = person, .role = role};
    *ret_may = hib_voter_seat(&approval, today, G_N_ELEMENTS(today), &voter);
    return voter;
}

static void
a_deputy_takes_a_place_that_is_free(void)
{
    bool may;
    const HibVote by_a = {.round = 1, .is_approval = true, .person_id = "a"},
                  old = {.round = 0, .is_approval = true, .person_id = "a"};
    g_assert_cmpstr(seated(NULL, 0, "d", "editor", &may).place, ==, "a");
    g_assert_true(may);
    g_assert_cmpstr(seated(&by_a, 1, "d", "editor", &may).place, ==, "b");
    g_assert_cmpstr(seated(&old, 1, "d", "editor", &may).place, ==, "a");
    g_assert_null(seated(NULL, 0, "d", "approver", &may).place); /* in their own right */
    g_assert_true(may);
    seated(NULL, 0, "x", "editor", &may);
    g_assert_false(may);
    seated(NULL, 0, "nobody", "analyst", &may);
    g_assert_false(may);
    seated(NULL, 0, "c", "client", &may);
    g_assert_true(may);
}

static const char *
refusal(const HibVote *vote, const HibVoter *voter, const char *writer)
{
    const HibPost post = {.created_by = writer};
    const HibApproval approval = {.state = HIB_APPROVAL_WAITING,
                                  .policy = {.mode = HIB_APPROVAL_TWO},
                                  .round = 1,
                                  .votes = vote,
                                  .n_votes = vote ? 1 : 0};
    return hib_approval_refusal(&approval, &post, voter, false);
}

static void
a_place_is_voted_in_once_and_not_on_its_own_post(void)
{
    const HibVoter deputy = {.person = "d", .role = "editor", .place = "a"},
                   away = {.person = "a", .role = "approver"},
                   other = {.person = "b", .role = "manager"};
    const HibVote by_deputy = {.round = 1, .is_approval = true, .person_id = "d", .for_id = "a"};
    g_assert_null(refusal(NULL, &deputy, "w"));
    g_assert_cmpstr(refusal(&by_deputy, &deputy, "w"), ==, "approval.voted");
    g_assert_cmpstr(refusal(&by_deputy, &away, "w"), ==, "approval.voted");
    g_assert_null(refusal(&by_deputy, &other, "w"));
    g_assert_cmpstr(refusal(NULL, &deputy, "a"), ==, "approval.own_post");
    g_assert_cmpstr(refusal(NULL, &deputy, "d"), ==, "approval.own_post");
}

static void
what_makes_no_sense_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibDeputy what = {.person_id = ws.person,
                      .deputy_id = ws.person,
                      .from_on = "2026-12-01",
                      .until_on = "2026-12-05"};
    hib_assert_refused(hib_deputy_set(db, &what, &error), error, "deputy.bad_deputy");
    what.deputy_id = "nobody";
    hib_assert_refused(hib_deputy_set(db, &what, &error), error, "team.member_unknown");
    what.until_on = "2026-11-30";
    hib_assert_refused(hib_deputy_set(db, &what, &error), error, "campaign.bad_range");
    what.from_on = "2026-02-30";
    hib_assert_refused(hib_deputy_set(db, &what, &error), error, "campaign.bad_day");
    hib_assert_refused(hib_deputy_drop(db, ws.person, &error), error, "deputy.unknown");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/deputy/a_deputy_takes_a_place_that_is_free",
                    a_deputy_takes_a_place_that_is_free);
    g_test_add_func("/plan/deputy/a_place_is_voted_in_once_and_not_on_its_own_post",
                    a_place_is_voted_in_once_and_not_on_its_own_post);
    hib_test_add("/plan/deputy/what_makes_no_sense_is_refused", what_makes_no_sense_is_refused);
    return g_test_run();
}
