/* Approvals in the store: rounds, what an edit undoes, urgent ones, reminders, and what a changed policy does to what waits. */
#include "base/error.h"
#include "plan/approval.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include "test_workspace.h"

static const HibVoter chief = {.name = "部長", .role = "owner", .client = "192.0.2.1"},
                      first = {.person = "p1", .name = "一", .role = "approver", .client = ""},
                      second = {.person = "p2", .name = "二", .role = "approver", .client = ""},
                      guest = {.link = "l1", .name = "客", .client = ""};

static void
ask_for(HibDb *db, HibApprovalMode mode)
{
    GError *error = NULL;
    hib_assert_ok(hib_plan_set_approvals(db, &(HibApprovalPolicy){mode, 24}, &error), error);
}

static HibPost *
look(HibDb *db, const char *post)
{
    GError *error = NULL;
    HibPost *found;
    hib_assert_ok(hib_plan_get(db, post, false, &found, &error), error);
    return found;
}

static HibPost *
draft(HibTestWorkspace *ws, HibDb *db, const char *text)
{
    GError *error = NULL;
    HibPost *post;
    HibPostVariant variant = {.account_id = hib_test_account(ws, db, text)};
    hib_assert_ok(
        hib_plan_create(db, &(HibPostContent){.text = text, .variants = &variant, .n_variants = 1},
                        &post, &error),
        error);
    return post;
}

static const char *
asked(HibTestWorkspace *ws, HibDb *db, const char *text)
{
    GError *error = NULL;
    HibApproval approval;
    const char *id = draft(ws, db, text)->id;
    hib_assert_ok(hib_approval_ask(db, id, NULL, "お願いします", &approval, &error), error);
    g_assert_cmpint(approval.state, ==, HIB_APPROVAL_WAITING);
    return id;
}

static HibApproval
approve(HibDb *db, const char *post, const HibVoter *voter)
{
    GError *error = NULL;
    HibApproval approval;
    hib_assert_ok(
        hib_approval_vote(db, post, voter,
                          &(HibVoteDraft){.is_approval = true, .version = look(db, post)->version},
                          &approval, &error),
        error);
    return approval;
}

static HibPost *
edit(HibDb *db, const char *id, const char *text)
{
    GError *error = NULL;
    HibPost *post = look(db, id), *after;
    hib_assert_ok(hib_plan_update(db, id, post->version,
                                  &(HibPostContent){.text = text,
                                                    .variants = post->variants,
                                                    .n_variants = post->n_variants},
                                  &after, &error),
                  error);
    return after;
}

static void
two_persons_approve_and_an_edit_begins_anew(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    ask_for(db, HIB_APPROVAL_TWO);
    const char *post = asked(&ws, db, "豆");
    g_assert_cmpint(look(db, post)->state, ==, HIB_POST_IN_REVIEW);
    g_assert_cmpint(approve(db, post, &first).state, ==, HIB_APPROVAL_WAITING);
    HibApproval approval;
    hib_assert_refused(
        hib_approval_vote(db, post, &first,
                          &(HibVoteDraft){.is_approval = true, .version = look(db, post)->version},
                          &approval, &error),
        error, "approval.voted");
    hib_assert_refused(hib_plan_check_approved(db, post, &error), error, "approval.needed");
    g_assert_cmpint(approve(db, post, &second).state, ==, HIB_APPROVAL_APPROVED);
    g_assert_cmpint(look(db, post)->state, ==, HIB_POST_APPROVED);
    hib_assert_ok(hib_plan_check_approved(db, post, &error), error);

    g_assert_cmpint(edit(db, post, "豆")->state, ==, HIB_POST_APPROVED); /* nothing was changed */
    g_assert_cmpint(edit(db, post, "豆。")->state, ==, HIB_POST_IN_REVIEW);
    hib_assert_refused(hib_plan_check_approved(db, post, &error), error, "approval.needed");
    g_assert_cmpint(approve(db, post, &first).state, ==, HIB_APPROVAL_WAITING); /* anew */
    approval = approve(db, post, &second);
    g_assert_cmpint(approval.round, ==, 2);
    g_assert_cmpuint(approval.n_votes, ==, 4); /* nothing is forgotten */
}

static void
a_vote_on_an_older_version_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibApproval approval;
    ask_for(db, HIB_APPROVAL_ONE);
    const char *post = asked(&ws, db, "豆");
    int64_t seen = look(db, post)->version;
    edit(db, post, "毒");
    hib_assert_refused(hib_approval_vote(db, post, &first,
                                         &(HibVoteDraft){.is_approval = true, .version = seen},
                                         &approval, &error),
                       error, "post.edited");
    g_assert_cmpint(look(db, post)->state, ==, HIB_POST_IN_REVIEW);
    hib_assert_refused(hib_approval_vote(db, "no", &first, &(HibVoteDraft){.is_approval = true},
                                         &approval, &error),
                       error, "post.unknown");
}

static void
changes_need_a_reason_and_make_a_draft(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibApproval approval;
    ask_for(db, HIB_APPROVAL_CLIENT);
    const char *post = asked(&ws, db, "豆");
    HibVoteDraft changes = {.version = look(db, post)->version, .reason = ""};
    hib_assert_refused(hib_approval_vote(db, post, &guest, &changes, &approval, &error), error,
                       "approval.reason_needed");
    changes.reason = "価格が古いです";
    hib_assert_ok(hib_approval_vote(db, post, &guest, &changes, &approval, &error), error);
    g_assert_cmpint(approval.state, ==, HIB_APPROVAL_CHANGES);
    g_assert_cmpint(look(db, post)->state, ==, HIB_POST_DRAFT);
    changes.version = look(db, post)->version;
    hib_assert_refused(hib_approval_vote(db, post, &guest, &changes, &approval, &error), error,
                       "approval.not_asked");
    hib_assert_ok(hib_approval_ask(db, post, NULL, NULL, &approval, &error), error);
    approve(db, post, &guest);
    g_assert_cmpint(approve(db, post, &first).state, ==, HIB_APPROVAL_APPROVED);
    hib_assert_ok(hib_approval_withdraw(db, post, &approval, &error), error);
    g_assert_cmpint(look(db, post)->state, ==, HIB_POST_DRAFT);
    hib_assert_refused(hib_approval_withdraw(db, post, &approval, &error), error,
                       "approval.not_asked");
}

static void
what_may_not_be_asked_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibApproval approval;
    HibPost *post = draft(&ws, db, "豆"), *nobody;
    hib_assert_refused(hib_approval_ask(db, post->id, NULL, NULL, &approval, &error), error,
                       "approval.off");
    hib_assert_ok(hib_plan_check_approved(db, post->id, &error), error);
    ask_for(db, HIB_APPROVAL_ONE);
    int64_t wrong = 99;
    hib_assert_refused(hib_approval_ask(db, post->id, &wrong, NULL, &approval, &error), error,
                       "post.edited");
    hib_assert_ok(hib_plan_create(db, &(HibPostContent){.text = "x"}, &nobody, &error), error);
    hib_assert_refused(hib_approval_ask(db, nobody->id, NULL, NULL, &approval, &error), error,
                       "post.no_account");
    hib_assert_ok(hib_approval_ask(db, post->id, NULL, NULL, &approval, &error), error);
    hib_assert_refused(hib_approval_ask(db, post->id, NULL, NULL, &approval, &error), error,
                       "approval.not_open");
}

static void
an_urgent_approval_is_owed_a_look(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibApproval approval;
    const char *const *waiting;
    size_t n;
    ask_for(db, HIB_APPROVAL_TWO);
    const char *post = asked(&ws, db, "地震のお知らせ");
    HibVoteDraft urgent = {
        .is_approval = true, .is_urgent = true, .version = look(db, post)->version};
    hib_assert_refused(hib_approval_vote(db, post, &chief, &urgent, &approval, &error), error,
                       "approval.reason_needed");
    urgent.reason = "人命にかかわる";
    hib_assert_refused(hib_approval_vote(db, post, &first, &urgent, &approval, &error), error,
                       "approval.urgent_role");
    HibVoter boss = chief;
    boss.person = ws.person; /* its writer, even */
    hib_assert_ok(hib_approval_vote(db, post, &boss, &urgent, &approval, &error), error);
    g_assert_cmpint(look(db, post)->state, ==, HIB_POST_APPROVED);
    g_assert_true(approval.has_owed_until);
    hib_assert_ok(hib_approval_waiting(db, &waiting, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    approve(db, post, &first);
    approval = approve(db, post, &second);
    g_assert_false(approval.has_owed_until);
    hib_assert_ok(hib_approval_waiting(db, &waiting, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static void
those_asked_are_reminded_three_times(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_plan.jobs, &ws.services, &error);
    ask_for(db, HIB_APPROVAL_ONE);
    const char *post = asked(&ws, db, "豆"), *done = asked(&ws, db, "茶");
    HibInstant start = hib_db_now(db);
    approve(db, done, &first);
    HibApproval approval;
    for (int day = 1; day <= 6; day++) {
        hib_clock_manual_set(test->clock, start + day * HIB_DAY);
        hib_jobs_run_due(jobs);
        hib_assert_ok(hib_approval_of(db, post, &approval, &error), error);
        g_assert_cmpint(approval.n_reminders, ==, MIN(day, 3));
    }
    hib_assert_ok(hib_approval_of(db, done, &approval, &error), error);
    g_assert_cmpint(approval.n_reminders, ==, 0);
}

static void
a_changed_policy_judges_what_waits(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    ask_for(db, HIB_APPROVAL_TWO);
    const char *half = asked(&ws, db, "豆"), *none = asked(&ws, db, "茶");
    approve(db, half, &first);
    ask_for(db, HIB_APPROVAL_ONE);
    g_assert_cmpint(look(db, half)->state, ==, HIB_POST_APPROVED);
    g_assert_cmpint(look(db, none)->state, ==, HIB_POST_IN_REVIEW);
    ask_for(db, HIB_APPROVAL_NONE);
    g_assert_cmpint(look(db, none)->state, ==, HIB_POST_DRAFT);
    hib_assert_ok(hib_plan_check_approved(db, none, &error), error);
}

static void
a_copy_has_the_approval_and_a_restored_post_has_none(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    HibPost *copy, *back;
    HibInstant at = hib_db_now(db) + HIB_DAY;
    ask_for(db, HIB_APPROVAL_ONE);
    const char *post = asked(&ws, db, "豆");
    approve(db, post, &first);
    hib_assert_ok(hib_plan_copy(db, post, &at, &copy, &error), error);
    g_assert_cmpint(copy->state, ==, HIB_POST_DRAFT);
    hib_assert_ok(hib_plan_copy_approval(db, post, copy->id, &error), error);
    hib_assert_ok(hib_plan_check_approved(db, copy->id, &error), error);
    edit(db, copy->id, "別の豆");
    hib_assert_refused(hib_plan_check_approved(db, copy->id, &error), error, "approval.needed");
    hib_assert_ok(hib_plan_set_deleted(db, post, &error), error);
    hib_assert_ok(hib_plan_restore(db, post, &back, &error), error);
    g_assert_cmpint(back->state, ==, HIB_POST_DRAFT);
    hib_assert_refused(hib_plan_check_approved(db, post, &error), error, "approval.needed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/plan/approval_store/two_persons_approve_and_an_edit_begins_anew",
                 two_persons_approve_and_an_edit_begins_anew);
    hib_test_add("/plan/approval_store/a_vote_on_an_older_version_is_refused",
                 a_vote_on_an_older_version_is_refused);
    hib_test_add("/plan/approval_store/changes_need_a_reason_and_make_a_draft",
                 changes_need_a_reason_and_make_a_draft);
    hib_test_add("/plan/approval_store/what_may_not_be_asked_is_refused",
                 what_may_not_be_asked_is_refused);
    hib_test_add("/plan/approval_store/an_urgent_approval_is_owed_a_look",
                 an_urgent_approval_is_owed_a_look);
    hib_test_add_manual("/plan/approval_store/those_asked_are_reminded_three_times",
                        those_asked_are_reminded_three_times);
    hib_test_add("/plan/approval_store/a_changed_policy_judges_what_waits",
                 a_changed_policy_judges_what_waits);
    hib_test_add("/plan/approval_store/a_copy_has_the_approval_and_a_restored_post_has_none",
                 a_copy_has_the_approval_and_a_restored_post_has_none);
    return g_test_run();
}
