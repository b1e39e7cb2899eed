/* Approvals in the store: each step with its event and its audit line in one transaction. The post's row is written first wherever somebody votes or edits, so the two go one after the other and the
 * second sees what the first did. */
#include "base/error.h"
#include "base/json.h"
#include "plan/approval.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define MOST_WAITING 200

static const char *const state_names[] = {"unasked", "waiting", "approved", "changes"};

/* --- reading ------------------------------------------------------------------------------------------------- */
bool
hib_approval_policy(HibDb *db, HibApprovalPolicy *ret, GError **error)
{
    HibSqlApprovalPolicy *row;
    if (!hib_sql_approval_policy(db, &row, error))
        return false;
    *ret = (HibApprovalPolicy){.mode = row ? (HibApprovalMode)row->mode : HIB_APPROVAL_NONE,
                               .remind_after_h = row ? row->remind_after_h : HIB_APPROVAL_REMIND_H};
    return true;
}

static bool
read_whole(HibDb *db, const char *post, HibApproval *ret, GError **error)
{
    HibSqlApprovalRow *row;
    HibVote *votes;
    *ret = (HibApproval){.post_id = post};
    if (!hib_approval_policy(db, &ret->policy, error) ||
        !hib_sql_approval_get(db, post, &row, error) ||
        !hib_sql_vote_list(db, post, &votes, &ret->n_votes, error))
        return false;
    ret->votes = votes;
    if (!row)
        return true;
    ret->state = (HibApprovalState)row->state;
    ret->round = row->round;
    ret->digest = row->digest;
    ret->note = row->note;
    ret->asked_by = row->asked_by;
    ret->asked_by_name = row->asked_by_name;
    ret->edited_by = row->edited_by;
    ret->has_asked_at = row->state != HIB_APPROVAL_UNASKED;
    ret->asked_at = row->asked_at;
    ret->has_owed_until = row->has_owed_until;
    ret->owed_until = row->owed_until;
    ret->n_reminders = row->n_reminders;
    return true;
}

bool
hib_approval_of(HibDb *db, const char *post, HibApproval *ret, GError **error)
{
    HibPost *found;
    return hib_plan_get(db, post, false, &found, error) && read_whole(db, found->id, ret, error);
}

bool
hib_plan_approval_facts(HibDb *db, const char *post, HibApprovalFacts *ret, GError **error)
{
    HibApproval approval;
    if (!read_whole(db, post, &approval, error))
        return false;
    *ret = (HibApprovalFacts){.mode = approval.policy.mode,
                              .is_waiting =
                                  approval.state == HIB_APPROVAL_WAITING || approval.has_owed_until,
                              .asked_by = approval.asked_by,
                              .edited_by = approval.edited_by,
                              .note = approval.note};
    return true;
}

bool
hib_plan_check_approved(HibDb *db, const char *post, GError **error)
{
    HibApprovalPolicy policy;
    HibSqlApprovalRow *row;
    if (!hib_approval_policy(db, &policy, error) || !hib_sql_approval_get(db, post, &row, error))
        return false;
    if (policy.mode == HIB_APPROVAL_NONE || (row && row->state == HIB_APPROVAL_APPROVED))
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "approval.needed", "post %s is not approved", post);
    return false;
}

bool
hib_plan_resting_state(HibDb *db, const char *post, HibPostState *ret, GError **error)
{
    HibApprovalPolicy policy;
    HibSqlApprovalRow *row;
    if (!hib_approval_policy(db, &policy, error) || !hib_sql_approval_get(db, post, &row, error))
        return false;
    bool is_asked = row && policy.mode != HIB_APPROVAL_NONE;
    *ret = is_asked && row->state == HIB_APPROVAL_APPROVED  ? HIB_POST_APPROVED
           : is_asked && row->state == HIB_APPROVAL_WAITING ? HIB_POST_IN_REVIEW
                                                            : HIB_POST_DRAFT;
    return true;
}

bool
hib_approval_waiting(HibDb *db, const char *const **ret, size_t *ret_n, GError **error)
{
    HibSqlApprovalInReview *review;
    HibSqlApprovalOwed *owed;
    size_t n_review, n_owed;
    if (!hib_sql_approval_in_review(db, MOST_WAITING, &review, &n_review, error) ||
        !hib_sql_approval_owed(db, MOST_WAITING, &owed, &n_owed, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, n_review + n_owed + 1);
    size_t n = 0;
    for (size_t i = 0; i < n_owed; i++)
        ids[n++] = owed[i].post_id;
    for (size_t i = 0; i < n_review; i++)
        ids[n++] = review[i].post_id;
    *ret = ids;
    *ret_n = n;
    return true;
}

/* --- telling --------------------------------------------------------------------------------------------------- */
static const char *
person_of(HibDb *db)
{
    const char *actor = NULL;
    return hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
}

static const char *
data_of(HibDb *db, const char *by, const char *name, const char *reason)
{
    cJSON *json = cJSON_CreateObject();
    if (by)
        cJSON_AddStringToObject(json, "by", by);
    if (name)
        cJSON_AddStringToObject(json, "name", name);
    if (reason)
        cJSON_AddStringToObject(json, "reason", reason);
    return hib_json_print(hib_db_arena(db), json);
}

static const char *
described(HibDb *db, const HibApproval *approval, const HibVoter *voter, const HibVoteDraft *draft)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "approval", state_names[approval->state]);
    cJSON_AddNumberToObject(json, "round", (double)approval->round);
    if (approval->note)
        cJSON_AddStringToObject(json, "note", approval->note);
    if (draft) {
        cJSON_AddStringToObject(json, "vote", draft->is_approval ? "approve" : "changes");
        cJSON_AddStringToObject(json, "name", voter->name);
        cJSON_AddStringToObject(json, "client", voter->client);
        if (voter->place)
            cJSON_AddStringToObject(json, "in_place_of", voter->place);
        cJSON_AddNumberToObject(json, "version", (double)draft->version);
        if (draft->reason)
            cJSON_AddStringToObject(json, "reason", draft->reason);
        if (draft->is_urgent)
            cJSON_AddTrueToObject(json, "is_urgent");
    }
    return hib_json_print(hib_db_arena(db), json);
}

typedef struct {
    const char *event; /* NULL: nobody needs to hear it */
    const char *action, *by, *name, *reason;
    const HibVoter *voter;
    const HibVoteDraft *draft;
} Told;

static bool
tell(HibDb *db, const HibApproval *before, const Told *told, HibApproval *after, GError **error)
{
    const char *post = before->post_id;
    return read_whole(db, post, after, error) &&
           (!told->event ||
            hib_event_emit(db, told->event, post, data_of(db, told->by, told->name, told->reason),
                           error)) &&
           hib_audit(db, told->action, "post", post, described(db, before, NULL, NULL),
                     described(db, after, told->voter, told->draft), error);
}

/* --- what is asked for -------------------------------------------------------------------------------------------- */
static const char *
policy_text(HibDb *db, const HibApprovalPolicy *policy)
{
    static const char *const modes[] = {"none", "one", "two", "client"};
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "mode", modes[policy->mode]);
    cJSON_AddNumberToObject(json, "remind_after_h", (double)policy->remind_after_h);
    return hib_json_print(hib_db_arena(db), json);
}

/* What waits is judged by the new policy: enough now, or nothing asked for any more. */
static bool
settle_waiting(HibDb *db, GError **error)
{
    HibSqlApprovalInReview *rows;
    size_t n;
    do {
        if (!hib_sql_approval_in_review(db, MOST_WAITING, &rows, &n, error))
            return false;
        size_t n_left = 0;
        for (size_t i = 0; i < n; i++) {
            HibApproval approval, after;
            HibPost *post;
            if (!hib_plan_hold(db, rows[i].post_id, error) ||
                !hib_plan_get(db, rows[i].post_id, true, &post, error) ||
                !read_whole(db, rows[i].post_id, &approval, error))
                return false;
            if (post->state != HIB_POST_IN_REVIEW) /* judged, edited or withdrawn meanwhile */
                continue;
            bool is_off = approval.policy.mode == HIB_APPROVAL_NONE;
            const HibApprovalTally tally = hib_approval_tally(&approval);
            if (!is_off && !hib_approval_is_enough(&tally)) {
                n_left++;
                continue;
            }
            int64_t changed;
            const Told told = {.event = is_off ? "approval.withdrawn" : "approval.approved",
                               .action = is_off ? "approval.withdraw" : "approval.approve",
                               .by = person_of(db),
                               .reason = is_off ? "policy" : NULL};
            if (!hib_sql_approval_settle(db, rows[i].post_id,
                                         is_off ? HIB_APPROVAL_UNASKED : HIB_APPROVAL_APPROVED,
                                         NULL, &changed, error) ||
                !hib_plan_set_state(db, rows[i].post_id,
                                    is_off ? HIB_POST_DRAFT : HIB_POST_APPROVED, error) ||
                !tell(db, &approval, &told, &after, error))
                return false;
        }
        if (n_left == n)
            break;
    } while (n == MOST_WAITING);
    return true;
}

bool
hib_plan_set_approvals(HibDb *db, const HibApprovalPolicy *policy, GError **error)
{
    HibApprovalPolicy before;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_approval_policy(db, &before, error) &&
           hib_sql_approval_set_policy(db, policy->mode, policy->remind_after_h, hib_db_now(db),
                                       error) &&
           settle_waiting(db, error) &&
           hib_event_emit(db, "approval.policy", hib_db_workspace(db), NULL, error) &&
           hib_audit(db, "approval.policy", "workspace", hib_db_workspace(db),
                     policy_text(db, &before), policy_text(db, policy), error) &&
           hib_tx_commit(tx, error);
}

/* --- asking --------------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, HibErrorKind kind, const char *reason, const char *post)
{
    hib_error_set(error, kind, reason, "%s: post %s", reason, post);
    return false;
}

/* A new round about `post` as it is; in the caller's transaction. `was` has what is kept. */
static bool
open_round(HibDb *db, const HibPost *post, const HibApproval *was, const char *asked_by,
           const char *note, const char *edited_by, GError **error)
{
    HibInstant now = hib_db_now(db);
    return hib_sql_approval_put(db, post->id, HIB_APPROVAL_WAITING, was->round + 1,
                                hib_approval_digest(hib_db_arena(db), post), note, now, asked_by,
                                edited_by, NULL, error) &&
           hib_job_add(db, HIB_PLAN_REMIND, post->id, post->id, NULL,
                       now + was->policy.remind_after_h * HIB_HOUR, NULL, error);
}

static bool
ask(HibDb *db, const HibPost *post, const char *asked_by, const char *note, HibApproval *ret,
    GError **error)
{
    HibApproval before;
    const char *name = "";
    if (!read_whole(db, post->id, &before, error) ||
        (asked_by && !hib_team_person_name(db, asked_by, &name, error)))
        return false;
    const char *edited_by = before.edited_by ? before.edited_by : asked_by;
    const Told told = {.event = "approval.asked",
                       .action = "approval.ask",
                       .by = asked_by,
                       .name = name,
                       .reason = note};
    return open_round(db, post, &before, asked_by, note, edited_by, error) &&
           tell(db, &before, &told, ret, error);
}

static bool
may_ask(HibDb *db, const HibPost *post, const int64_t *version, GError **error)
{
    HibApprovalPolicy policy;
    if (!hib_approval_policy(db, &policy, error))
        return false;
    if (policy.mode == HIB_APPROVAL_NONE)
        return refuse(error, HIB_ERROR_CONFLICT, "approval.off", post->id);
    if (post->state != HIB_POST_DRAFT && post->state != HIB_POST_FAILED)
        return refuse(error, HIB_ERROR_CONFLICT, "approval.not_open", post->id);
    if (version && *version != post->version)
        return refuse(error, HIB_ERROR_CONFLICT, "post.edited", post->id);
    if (!post->n_variants) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.no_account", "/variants",
                         "no account chosen");
        return false;
    }
    return true;
}

bool
hib_approval_ask(HibDb *db, const char *id, const int64_t *version, const char *note,
                 HibApproval *ret, GError **error)
{
    HibPost *post;
    int64_t is_same;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, id, false, &post, error) || !may_ask(db, post, version, error) ||
        !hib_sql_approval_lock_post(db, id, post->version, &is_same, error))
        return false;
    if (!is_same)
        return refuse(error, HIB_ERROR_CONFLICT, "post.edited", id);
    return ask(db, post, person_of(db), note && *note ? note : NULL, ret, error) &&
           hib_plan_set_state(db, id, HIB_POST_IN_REVIEW, error) && hib_tx_commit(tx, error);
}

bool
hib_plan_ask_for_it(HibDb *db, const char *id, GError **error)
{
    HibPost *post;
    HibApproval approval, after;
    if (!hib_plan_get(db, id, false, &post, error) || !read_whole(db, id, &approval, error))
        return false;
    if (approval.policy.mode == HIB_APPROVAL_NONE || approval.state != HIB_APPROVAL_UNASKED)
        return true;
    return ask(db, post, post->created_by, NULL, &after, error);
}

bool
hib_approval_withdraw(HibDb *db, const char *id, HibApproval *ret, GError **error)
{
    HibPost *post;
    HibApproval before;
    int64_t changed;
    const char *by = person_of(db), *name = "";
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_hold(db, id, error) || !hib_plan_get(db, id, false, &post, error) ||
        !read_whole(db, id, &before, error) || (by && !hib_team_person_name(db, by, &name, error)))
        return false;
    if (post->state != HIB_POST_IN_REVIEW && post->state != HIB_POST_APPROVED)
        return refuse(error, HIB_ERROR_CONFLICT, "approval.not_asked", id);
    const Told told = {
        .event = "approval.withdrawn", .action = "approval.withdraw", .by = by, .name = name};
    return hib_plan_set_state(db, id, HIB_POST_DRAFT, error) &&
           hib_sql_approval_settle(db, id, HIB_APPROVAL_UNASKED, NULL, &changed, error) &&
           hib_jobs_cancel(db, HIB_PLAN_REMIND, id, error) &&
           tell(db, &before, &told, ret, error) && hib_tx_commit(tx, error);
}

/* --- voting ---------------------------------------------------------------------------------------------------------- */
static bool
check_vote(const HibApproval *approval, const HibPost *post, const HibVoter *voter,
           const HibVoteDraft *draft, GError **error)
{
    bool is_chief =
        voter->role && (g_str_equal(voter->role, "owner") || g_str_equal(voter->role, "manager"));
    bool has_reason = draft->reason && *draft->reason;
    if (draft->is_urgent && !is_chief)
        return refuse(error, HIB_ERROR_FORBIDDEN, "approval.urgent_role", post->id);
    if ((!draft->is_approval || draft->is_urgent) && !has_reason) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "approval.reason_needed", "/reason",
                         "no reason was given");
        return false;
    }
    const char *reason = hib_approval_refusal(approval, post, voter, draft->is_urgent);
    if (!draft->is_approval) {
        /* Changes may be asked for as long as it is not out, whoever wrote it and however often one has said so. */
        bool is_early = post->state == HIB_POST_IN_REVIEW || post->state == HIB_POST_APPROVED ||
                        post->state == HIB_POST_SCHEDULED;
        bool is_open = is_early && (approval->state == HIB_APPROVAL_WAITING ||
                                    approval->state == HIB_APPROVAL_APPROVED);
        reason = is_open ? NULL : "approval.not_asked";
        if (is_open && hib_voter_is_client(voter) && approval->policy.mode != HIB_APPROVAL_CLIENT)
            reason = "approval.client_not_asked";
    }
    if (!reason)
        return true;
    bool is_forbidden = g_str_equal(reason, "approval.own_post") ||
                        g_str_equal(reason, "approval.client_not_asked");
    return refuse(error, is_forbidden ? HIB_ERROR_FORBIDDEN : HIB_ERROR_CONFLICT, reason, post->id);
}

/* What the vote makes of approval and post. A scheduled post keeps its state here: publish/ takes it out of the schedule. */
static bool
settle_vote(HibDb *db, const HibPost *post, const HibApproval *approval, const HibVoteDraft *draft,
            const char **ret_event, GError **error)
{
    const HibApprovalTally tally = hib_approval_tally(approval);
    bool is_enough = hib_approval_is_enough(&tally), is_waiting = post->state == HIB_POST_IN_REVIEW;
    int64_t changed;
    HibInstant owed_until = hib_db_now(db) + HIB_APPROVAL_OWED;
    if (!draft->is_approval) {
        *ret_event = "approval.changes";
        return hib_sql_approval_settle(db, post->id, HIB_APPROVAL_CHANGES, NULL, &changed, error) &&
               hib_jobs_cancel(db, HIB_PLAN_REMIND, post->id, error) &&
               (post->state == HIB_POST_SCHEDULED ||
                hib_plan_set_state(db, post->id, HIB_POST_DRAFT, error));
    }
    *ret_event = is_enough || draft->is_urgent ? "approval.approved" : "approval.voted";
    if (is_enough)
        return hib_sql_approval_settle(db, post->id, HIB_APPROVAL_APPROVED, NULL, &changed,
                                       error) &&
               hib_jobs_cancel(db, HIB_PLAN_REMIND, post->id, error) &&
               (!is_waiting || hib_plan_set_state(db, post->id, HIB_POST_APPROVED, error));
    if (!draft->is_urgent)
        return true;
    return hib_sql_approval_settle(db, post->id, HIB_APPROVAL_APPROVED, &owed_until, &changed,
                                   error) &&
           hib_job_add(db, HIB_PLAN_REMIND, post->id, post->id, NULL, owed_until, NULL, error) &&
           (!is_waiting || hib_plan_set_state(db, post->id, HIB_POST_APPROVED, error));
}

static bool
take_seat(HibDb *db, const HibApproval *approval, HibVoter *voter, GError **error)
{
    HibDeputy *today;
    size_t n;
    if (!hib_deputies_today(db, &today, &n, error))
        return false;
    return hib_voter_seat(approval, today, n, voter) ||
           refuse(error, HIB_ERROR_FORBIDDEN, "auth.forbidden", approval->post_id);
}

bool
hib_approval_vote(HibDb *db, const char *id, const HibVoter *who, const HibVoteDraft *draft,
                  HibApproval *ret, GError **error)
{
    HibPost *post;
    HibApproval before, counted;
    HibVoter seated = *who, *voter = &seated;
    int64_t is_same;
    const char *reason = draft->reason && *draft->reason ? draft->reason : NULL, *event;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_approval_lock_post(db, id, draft->version, &is_same, error) ||
        !hib_plan_get(db, id, false, &post, error))
        return false;
    if (!is_same)
        return refuse(error, HIB_ERROR_CONFLICT, "post.edited", id);
    if (!read_whole(db, id, &before, error) || !take_seat(db, &before, voter, error) ||
        !check_vote(&before, post, voter, draft, error))
        return false;
    if (!hib_sql_vote_insert(db, hib_db_new_id(db), id, before.round, draft->is_approval,
                             hib_voter_is_client(voter), draft->is_urgent, voter->person,
                             voter->place, voter->link, voter->name, reason, voter->client,
                             post->version, hib_db_now(db), error) ||
        !read_whole(db, id, &counted, error) ||
        !settle_vote(db, post, &counted, draft, &event, error))
        return false;
    const Told told = {.event = event,
                       .action = draft->is_approval ? "approval.approve" : "approval.changes",
                       .by = voter->person,
                       .name = voter->name,
                       .reason = reason,
                       .voter = voter,
                       .draft = draft};
    return tell(db, &before, &told, ret, error) && hib_tx_commit(tx, error);
}

/* --- what an edit, a copy and time do ----------------------------------------------------------------------------------- */
bool
hib_approval_edited(HibDb *db, const HibPost *before, const HibPost *after, bool *ret_changed,
                    GError **error)
{
    HibApproval approval, now;
    const char *by = person_of(db), *name = "";
    *ret_changed = false;
    if (!read_whole(db, after->id, &approval, error))
        return false;
    bool is_open =
        approval.state == HIB_APPROVAL_WAITING || approval.state == HIB_APPROVAL_APPROVED;
    const char *digest = hib_approval_digest(hib_db_arena(db), after);
    if (!approval.digest || g_str_equal(approval.digest, digest))
        return true;
    if (!is_open || approval.policy.mode == HIB_APPROVAL_NONE) {
        HibApprovalState state = is_open ? HIB_APPROVAL_UNASKED : approval.state;
        return hib_sql_approval_put(db, after->id, state, approval.round, digest, approval.note,
                                    approval.asked_at, approval.asked_by, by, NULL, error);
    }
    const HibApprovalTally tally = hib_approval_tally(&approval);
    bool is_fresh = approval.state == HIB_APPROVAL_WAITING &&
                    tally.team + tally.client == 0; /* nobody judged */
    if (is_fresh)
        return hib_sql_approval_put(db, after->id, HIB_APPROVAL_WAITING, approval.round, digest,
                                    approval.note, approval.asked_at, approval.asked_by, by, NULL,
                                    error);
    const Told told = {.event = "approval.withdrawn",
                       .action = "approval.withdraw",
                       .by = by,
                       .name = name,
                       .reason = "edited"};
    if (by && !hib_team_person_name(db, by, &name, error))
        return false;
    *ret_changed = before->state == HIB_POST_APPROVED || before->state == HIB_POST_SCHEDULED;
    Told named = told;
    named.name = name;
    return open_round(db, after, &approval, approval.asked_by, approval.note, by, error) &&
           (!*ret_changed || hib_plan_set_state(db, after->id, HIB_POST_IN_REVIEW, error)) &&
           tell(db, &approval, &named, &now, error);
}

bool
hib_approval_forget(HibDb *db, const char *post, GError **error)
{
    int64_t changed;
    return hib_sql_approval_settle(db, post, HIB_APPROVAL_UNASKED, NULL, &changed, error) &&
           hib_jobs_cancel(db, HIB_PLAN_REMIND, post, error);
}

bool
hib_approval_purge(HibDb *db, const char *post, GError **error)
{
    return hib_sql_approval_purge(db, post, error) && hib_sql_vote_purge(db, post, error);
}

bool
hib_plan_copy_approval(HibDb *db, const char *from, const char *to, GError **error)
{
    HibApproval approval, now;
    HibPost *post;
    if (!read_whole(db, from, &approval, error) || !hib_plan_get(db, to, false, &post, error))
        return false;
    const char *digest = hib_approval_digest(hib_db_arena(db), post);
    if (approval.state != HIB_APPROVAL_APPROVED || g_strcmp0(approval.digest, digest) != 0)
        return true;
    HibApproval none = {.post_id = to, .policy = approval.policy};
    const Told told = {.action = "approval.copy"};
    return hib_sql_approval_put(db, to, HIB_APPROVAL_APPROVED, 1, digest, NULL, hib_db_now(db),
                                approval.asked_by, approval.edited_by, NULL, error) &&
           hib_plan_set_state(db, to, HIB_POST_APPROVED, error) &&
           tell(db, &none, &told, &now, error);
}

/* Twice: reminds twice; each counts. */
bool
hib_approval_remind(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                    HibInstant *ret_at, GError **error)
{
    HibApproval approval;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_end = HIB_JOB_DONE;
    if (!tx || !read_whole(db, job->subject, &approval, error))
        return false;
    bool is_due = approval.state == HIB_APPROVAL_WAITING || approval.has_owed_until;
    if (!is_due || approval.policy.mode == HIB_APPROVAL_NONE ||
        approval.n_reminders >= HIB_APPROVAL_REMINDERS)
        return true;
    if (!hib_sql_approval_reminded(db, job->subject, &changed, error) ||
        !hib_event_emit(db, "approval.reminder", job->subject,
                        data_of(db, approval.asked_by, approval.asked_by_name, NULL), error))
        return false;
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = hib_db_now(db) + approval.policy.remind_after_h * HIB_HOUR;
    return hib_tx_commit(tx, error);
}
