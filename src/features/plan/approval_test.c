/* The rules of approvals: what is enough, who may, and what an approval is about. */
#include "plan/approval.h"
#include "plan/plan_private.h"

static HibVote
vote(const char *person, int64_t round, bool is_client, bool is_urgent)
{
    return (HibVote){.round = round,
                     .is_approval = true,
                     .is_client = is_client,
                     .is_urgent = is_urgent,
                     .person_id = is_client && !person ? NULL : person,
                     .link_id = is_client && !person ? "link" : NULL};
}

static bool
is_enough(HibApprovalMode mode, const HibVote *votes, size_t n)
{
    const HibApproval approval = {
        .policy = {.mode = mode}, .round = 2, .votes = votes, .n_votes = n};
    const HibApprovalTally tally = hib_approval_tally(&approval);
    return hib_approval_is_enough(&tally);
}

static void
each_mode_asks_for_its_own(void)
{
    const HibVote team = vote("a", 2, false, false), other = vote("b", 2, false, false),
                  old = vote("b", 1, false, false), urgent = vote("c", 2, false, true),
                  client = vote(NULL, 2, true, false);
    g_assert_true(is_enough(HIB_APPROVAL_NONE, NULL, 0));
    g_assert_false(is_enough(HIB_APPROVAL_ONE, NULL, 0));
    g_assert_true(is_enough(HIB_APPROVAL_ONE, &team, 1));
    g_assert_false(is_enough(HIB_APPROVAL_ONE, &client, 1));
    g_assert_false(is_enough(HIB_APPROVAL_ONE, &urgent, 1)); /* it may go, but a look is owed */
    g_assert_false(is_enough(HIB_APPROVAL_TWO, (HibVote[]){team, old}, 2));
    g_assert_true(is_enough(HIB_APPROVAL_TWO, (HibVote[]){team, other, old}, 3));
    g_assert_false(is_enough(HIB_APPROVAL_CLIENT, &team, 1));
    g_assert_false(is_enough(HIB_APPROVAL_CLIENT, &client, 1));
    g_assert_true(is_enough(HIB_APPROVAL_CLIENT, (HibVote[]){team, client}, 2));
    HibVote changes = team;
    changes.is_approval = false;
    g_assert_false(is_enough(HIB_APPROVAL_ONE, &changes, 1));
}

static const char *
refusal(HibApprovalMode mode, HibApprovalState state, const HibVote *votes, size_t n,
        const HibVoter *voter, bool is_urgent)
{
    const HibPost post = {.created_by = "writer"};
    const HibApproval approval = {.policy = {.mode = mode},
                                  .state = state,
                                  .round = 1,
                                  .edited_by = "editor",
                                  .votes = votes,
                                  .n_votes = n};
    return hib_approval_refusal(&approval, &post, voter, is_urgent);
}

static void
who_may_approve(void)
{
    const HibVoter writer = {.person = "writer", .role = "owner"},
                   editor = {.person = "editor", .role = "manager"},
                   other = {.person = "other", .role = "approver"},
                   client = {.person = "kunde", .role = "client"}, link = {.link = "link"};
    const HibVote mine = vote("other", 1, false, false), linked = vote(NULL, 1, true, false);
    HibApprovalState waiting = HIB_APPROVAL_WAITING;
    g_assert_null(refusal(HIB_APPROVAL_TWO, waiting, NULL, 0, &other, false));
    g_assert_cmpstr(refusal(HIB_APPROVAL_TWO, waiting, NULL, 0, &writer, false), ==,
                    "approval.own_post");
    g_assert_cmpstr(refusal(HIB_APPROVAL_TWO, waiting, NULL, 0, &editor, false), ==,
                    "approval.own_post");
    g_assert_null(refusal(HIB_APPROVAL_TWO, waiting, NULL, 0, &writer, true)); /* urgent: alone */
    g_assert_null(refusal(HIB_APPROVAL_ONE, waiting, NULL, 0, &writer, false));
    g_assert_null(refusal(HIB_APPROVAL_CLIENT, waiting, NULL, 0, &writer, false));
    g_assert_cmpstr(refusal(HIB_APPROVAL_TWO, waiting, &mine, 1, &other, false), ==,
                    "approval.voted");
    g_assert_cmpstr(refusal(HIB_APPROVAL_TWO, waiting, NULL, 0, &client, false), ==,
                    "approval.client_not_asked");
    g_assert_null(refusal(HIB_APPROVAL_CLIENT, waiting, NULL, 0, &client, false));
    g_assert_null(refusal(HIB_APPROVAL_CLIENT, waiting, NULL, 0, &link, false));
    g_assert_cmpstr(refusal(HIB_APPROVAL_CLIENT, waiting, &linked, 1, &link, false), ==,
                    "approval.voted");
    g_assert_cmpstr(refusal(HIB_APPROVAL_ONE, HIB_APPROVAL_UNASKED, NULL, 0, &other, false), ==,
                    "approval.not_asked");
    g_assert_cmpstr(refusal(HIB_APPROVAL_ONE, HIB_APPROVAL_APPROVED, NULL, 0, &other, false), ==,
                    "approval.not_asked");
}

static void
the_digest_is_of_what_is_judged_and_of_nothing_else(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPostMedia picture = {.media_id = "m", .alt = "豆"};
    HibPostVariant variant = {.account_id = "a"};
    HibPost post = {
        .text = "豆", .variants = &variant, .n_variants = 1, .media = &picture, .n_media = 1};
    const char *first = hib_approval_digest(arena, &post);
    post.has_due_at = true;
    post.due_at = 5;
    post.version = 9;
    post.state = HIB_POST_SCHEDULED;
    g_assert_cmpstr(hib_approval_digest(arena, &post), ==, first);
    picture.alt = "豆の袋";
    g_assert_cmpstr(hib_approval_digest(arena, &post), !=, first);
    picture.alt = "豆";
    variant.text = "豆";
    g_assert_cmpstr(hib_approval_digest(arena, &post), !=, first);
    variant.text = NULL;
    variant.first_comment = "どうぞ";
    g_assert_cmpstr(hib_approval_digest(arena, &post), !=, first);
    variant.first_comment = NULL;
    post.disclosure.is_advertising = true;
    g_assert_cmpstr(hib_approval_digest(arena, &post), !=, first);
    post.disclosure.is_advertising = false;
    picture.has_focus = true;
    g_assert_cmpstr(hib_approval_digest(arena, &post), !=, first);
    picture.has_focus = false;
    g_assert_cmpstr(hib_approval_digest(arena, &post), ==, first);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/approval/each_mode_asks_for_its_own", each_mode_asks_for_its_own);
    g_test_add_func("/plan/approval/who_may_approve", who_may_approve);
    g_test_add_func("/plan/approval/the_digest_is_of_what_is_judged_and_of_nothing_else",
                    the_digest_is_of_what_is_judged_and_of_nothing_else);
    return g_test_run();
}
