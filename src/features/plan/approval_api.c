/* Approvals over HTTP. */
#include "http/call.h"
#include "plan/approval.h"
#include "plan/plan_private.h"
#include "team/team.h"

static bool
voter_of(HibCall *call, HibVoter *ret, GError **error)
{
    *ret = (HibVoter){.person = hib_call_person(call),
                      .role = hib_call_role(call),
                      .client = hib_call_client(call)};
    return hib_team_person_name(hib_call_db(call), ret->person, &ret->name, error);
}

static HibApiApprovalVote *
votes_out(HibArena *arena, const HibApproval *approval)
{
    HibApiApprovalVote *out = hib_arena_array(arena, HibApiApprovalVote, approval->n_votes + 1);
    for (size_t i = 0; i < approval->n_votes; i++) {
        const HibVote *vote = &approval->votes[i];
        out[i] = (HibApiApprovalVote){.id = vote->id,
                                      .round = vote->round,
                                      .decision = vote->is_approval
                                                      ? HIB_API_APPROVAL_VOTE_DECISION_APPROVE
                                                      : HIB_API_APPROVAL_VOTE_DECISION_CHANGES,
                                      .is_client = vote->is_client,
                                      .is_urgent = vote->is_urgent,
                                      .person_id = vote->person_id,
                                      .has_person_id = vote->person_id != NULL,
                                      .name = vote->name,
                                      .for_name = vote->for_name,
                                      .has_for_name = vote->for_name != NULL,
                                      .reason = vote->reason,
                                      .has_reason = vote->reason != NULL,
                                      .at = vote->at};
    }
    return out;
}

/* Who asks, and whose deputies there are today. */
typedef struct {
    HibCall *call;
    HibDeputy *today;
    size_t n_today;
} Caller;

static bool
open_caller(HibCall *call, Caller *ret, GError **error)
{
    *ret = (Caller){.call = call};
    return hib_deputies_today(hib_call_db(call), &ret->today, &ret->n_today, error);
}

/* Whether the caller may approve, as the contract's roles and approval.c say. */
static const char *
refusal_for(const Caller *caller, const HibApproval *approval, const HibPost *post)
{
    HibVoter voter = {.person = hib_call_person(caller->call), .role = hib_call_role(caller->call)};
    if (!voter.role || !hib_call_session(caller->call) ||
        !hib_voter_seat(approval, caller->today, caller->n_today, &voter))
        return "auth.forbidden";
    return hib_approval_refusal(approval, post, &voter, false);
}

static HibApiApproval
to_api(const Caller *caller, const HibApproval *approval, const HibPost *post)
{
    const HibApprovalTally tally = hib_approval_tally(approval);
    const char *refusal = refusal_for(caller, approval, post);
    return (HibApiApproval){.post_id = post->id,
                            .mode = (int)approval->policy.mode,
                            .state = (int)approval->state,
                            .post_state = (int)post->state,
                            .post_version = post->version,
                            .round = approval->round,
                            .note = approval->note,
                            .has_note = approval->note != NULL,
                            .asked_at = approval->asked_at,
                            .has_asked_at = approval->has_asked_at,
                            .asked_by = approval->asked_by,
                            .has_asked_by = approval->asked_by != NULL,
                            .asked_by_name = approval->asked_by_name ? approval->asked_by_name : "",
                            .owed_until = approval->owed_until,
                            .has_owed_until = approval->has_owed_until,
                            .team_needed = tally.team_needed,
                            .team = tally.team,
                            .client_needed = tally.client_needed,
                            .client = tally.client,
                            .votes = votes_out(hib_call_arena(caller->call), approval),
                            .n_votes = approval->n_votes,
                            .may_approve = refusal == NULL,
                            .may_not = refusal,
                            .has_may_not = refusal != NULL};
}

static bool
reply(HibCall *call, const HibApproval *approval, GError **error)
{
    HibPost *post;
    Caller caller;
    if (!hib_plan_get(hib_call_db(call), approval->post_id, false, &post, error) ||
        !open_caller(call, &caller, error))
        return false;
    const HibApiApproval out = to_api(&caller, approval, post);
    return hib_reply_approval(call, 200, &out);
}

static bool
reply_policy(HibCall *call, GError **error)
{
    HibApprovalPolicy policy;
    if (!hib_approval_policy(hib_call_db(call), &policy, error))
        return false;
    const HibApiApprovalPolicy out = {.mode = (int)policy.mode,
                                      .remind_after_h = policy.remind_after_h};
    return hib_reply_approval_policy(call, 200, &out);
}

bool
hib_on_get_approval_policy(HibCall *call, GError **error)
{
    return reply_policy(call, error);
}

bool
hib_on_set_approval_policy(HibCall *call, const HibApiApprovalPolicy *in, GError **error)
{
    const HibApprovalPolicy policy = {.mode = (HibApprovalMode)in->mode,
                                      .remind_after_h = in->remind_after_h};
    return hib_plan_set_approvals(hib_call_db(call), &policy, error) && reply_policy(call, error);
}

/* One that waits; *ret_post NULL: it was deleted and only still owes a look. */
static bool
read_waiting(HibDb *db, const char *id, HibPost **ret_post, HibApproval *ret, GError **error)
{
    g_autoptr(GError) gone = NULL;
    *ret_post = NULL;
    return !hib_plan_get(db, id, false, ret_post, &gone) || hib_approval_of(db, id, ret, error);
}

bool
hib_on_list_approvals(HibCall *call, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    Caller caller;
    const char *const *ids;
    size_t n, n_out = 0;
    if (!open_caller(call, &caller, error) || !hib_approval_waiting(db, &ids, &n, error))
        return false;
    HibApiApprovalWaiting *rows = hib_arena_array(arena, HibApiApprovalWaiting, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibPost *post;
        HibApproval approval;
        if (!read_waiting(db, ids[i], &post, &approval, error))
            return false;
        if (!post)
            continue;
        hib_plan_to_api(arena, post, &rows[n_out].post);
        rows[n_out++].approval = to_api(&caller, &approval, post);
    }
    const HibApiApprovalList list = {.waiting = rows, .n_waiting = n_out};
    return hib_reply_approval_list(call, 200, &list);
}

bool
hib_approvals_mine(HibCall *call, size_t most, HibApiMyApproval **ret, size_t *ret_n,
                   GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    Caller caller;
    const char *const *ids;
    size_t n;
    if (!open_caller(call, &caller, error) || !hib_approval_waiting(db, &ids, &n, error))
        return false;
    *ret = hib_arena_array(arena, HibApiMyApproval, most);
    *ret_n = 0;
    for (size_t i = 0; i < n && *ret_n < most; i++) {
        HibPost *post;
        HibApproval approval;
        if (!read_waiting(db, ids[i], &post, &approval, error))
            return false;
        if (!post || refusal_for(&caller, &approval, post))
            continue;
        (*ret)[(*ret_n)++] = (HibApiMyApproval){
            .post_id = post->id,
            .text = hib_post_head(arena, post),
            .due_at = post->due_at,
            .has_due_at = post->has_due_at,
            .asked_at = approval.asked_at,
            .has_asked_at = approval.has_asked_at,
            .asked_by_name = approval.asked_by_name ? approval.asked_by_name : "",
            .is_owed = approval.has_owed_until};
    }
    return true;
}

bool
hib_on_get_approval(HibCall *call, const char *post, GError **error)
{
    HibApproval approval;
    return hib_approval_of(hib_call_db(call), post, &approval, error) &&
           reply(call, &approval, error);
}

bool
hib_on_ask_approval(HibCall *call, const char *post, const HibApiApprovalAsk *in, GError **error)
{
    HibApproval approval;
    return hib_approval_ask(hib_call_db(call), post, in->has_version ? &in->version : NULL,
                            in->has_note ? in->note : NULL, &approval, error) &&
           reply(call, &approval, error);
}

bool
hib_on_withdraw_approval(HibCall *call, const char *post, GError **error)
{
    HibApproval approval;
    return hib_approval_withdraw(hib_call_db(call), post, &approval, error) &&
           reply(call, &approval, error);
}

bool
hib_on_vote_post(HibCall *call, const char *post, const HibApiApprovalVoteDraft *in, GError **error)
{
    HibVoter voter;
    HibApproval approval;
    const HibVoteDraft draft = {.is_approval =
                                    in->decision == HIB_API_APPROVAL_VOTE_DRAFT_DECISION_APPROVE,
                                .is_urgent = in->has_is_urgent && in->is_urgent,
                                .reason = in->has_reason ? in->reason : NULL,
                                .version = in->version};
    return voter_of(call, &voter, error) &&
           hib_approval_vote(hib_call_db(call), post, &voter, &draft, &approval, error) &&
           reply(call, &approval, error);
}
