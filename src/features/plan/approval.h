/* Approvals, inside plan/: who may say what about a post, and when it may go out.
 *
 * A workspace asks for none, one, two, or one of the team and the client. Somebody asks (draft → in_review); votes gather in a round; enough of them make the post approved. A request for changes
 * ends the round (→ draft). An edit of the content begins a new one: what was approved goes back to in_review and out of the schedule. Moving the time is no edit. An owner or manager may approve alone
 * with a reason when it is urgent; the others then still owe a look within a day. Who approves may name a deputy for some days: that person votes in their place, once, and not urgently. */
#pragma once
#include "plan/approval.sql.h"
#include "plan/plan.h"

#define HIB_PLAN_REMIND "plan.remind" /* subject: a post that waits for an approval */
#define HIB_APPROVAL_REMIND_H 24      /* rules of practice: a look within a day */
#define HIB_APPROVAL_OWED HIB_DAY
#define HIB_APPROVAL_REMINDERS 3 /* then it is silent: the list still shows it */

/* Same order as the contract. */
typedef enum {
    HIB_APPROVAL_UNASKED,
    HIB_APPROVAL_WAITING,
    HIB_APPROVAL_APPROVED,
    HIB_APPROVAL_CHANGES
} HibApprovalState;
typedef HibSqlVoteRow HibVote;

/* Who wants to vote. `role` NULL: by a client's link. */
typedef struct {
    const char *person, *link, *name, *role, *client; /* client: the address */
    const char *place; /* the approver whose deputy this is; NULL: in their own right */
} HibVoter;
bool hib_voter_is_client(const HibVoter *voter);

typedef struct {
    const char *post_id;
    HibApprovalPolicy policy;
    HibApprovalState state;
    int64_t round;
    const char *digest, *note, *asked_by, *asked_by_name, *edited_by; /* NULL: none */
    bool has_asked_at, has_owed_until;
    HibInstant asked_at, owed_until;
    int64_t n_reminders;
    const HibVote *votes; /* of all rounds, the oldest first */
    size_t n_votes;
} HibApproval;

/* --- approval.c: pure ------------------------------------------------------------------------------------ */
/* How many approvals of the team and of the client there are to be, and are in this round. */
typedef struct {
    int team_needed, client_needed, team, client;
} HibApprovalTally;
HibApprovalTally hib_approval_tally(const HibApproval *approval);
bool hib_approval_is_enough(const HibApprovalTally *tally);
/* NULL, or the reason why this one may not approve just now: approval.not_asked, approval.voted, approval.own_post, approval.client_not_asked. */
const char *hib_approval_refusal(const HibApproval *approval, const HibPost *post,
                                 const HibVoter *voter, bool is_urgent);
typedef HibSqlDeputyRow HibDeputy;
bool hib_role_approves(const char *role); /* of the team */
/* False when this person may not vote at all. Who may not by their role takes the place of an approver whose deputy they are today; one that has not been voted in, if there is one. */
bool hib_voter_seat(const HibApproval *approval, const HibDeputy *today, size_t n, HibVoter *voter);
/* Of all that is judged: texts, what follows, pictures with their descriptions, choices, disclosure. */
const char *hib_approval_digest(HibArena *arena, const HibPost *post);

/* --- deputy.c -------------------------------------------------------------------------------------------------- */
/* Those of today and later, by person. */
bool hib_deputies(HibDb *db, HibDeputy **ret, size_t *ret_n, GError **error);
bool hib_deputies_today(HibDb *db, HibDeputy **ret, size_t *ret_n, GError **error);
/* One a person: a second takes the first one's place. INVALID campaign.bad_day, campaign.bad_range, deputy.bad_deputy (oneself, a client), deputy.no_approver;
 * NOT_FOUND team.member_unknown. */
bool hib_deputy_set(HibDb *db, const HibDeputy *what, GError **error);
/* NOT_FOUND team.member_unknown, deputy.unknown. */
bool hib_deputy_drop(HibDb *db, const char *person, GError **error);

/* --- approval_store.c ------------------------------------------------------------------------------------ */
bool hib_approval_policy(HibDb *db, HibApprovalPolicy *ret, GError **error);
bool hib_approval_of(HibDb *db, const char *post, HibApproval *ret,
                     GError **error); /* NOT_FOUND post.unknown */
/* CONFLICT approval.off, approval.not_open, post.edited. */
bool hib_approval_ask(HibDb *db, const char *post, const int64_t *version, const char *note,
                      HibApproval *ret, GError **error);
bool hib_approval_withdraw(HibDb *db, const char *post, HibApproval *ret,
                           GError **error); /* CONFLICT approval.not_asked */
typedef struct {
    bool is_approval, is_urgent;
    const char *reason; /* NULL: none */
    int64_t version;    /* of the post that was looked at */
} HibVoteDraft;
/* CONFLICT approval.not_asked, approval.voted, post.edited; FORBIDDEN auth.forbidden, approval.own_post, approval.client_not_asked, approval.urgent_role; INVALID approval.reason_needed. */
bool hib_approval_vote(HibDb *db, const char *post, const HibVoter *voter,
                       const HibVoteDraft *draft, HibApproval *ret, GError **error);
/* In the transaction of an edit: votes on other words than these no longer count. *ret_changed: the post's state is another now. */
bool hib_approval_edited(HibDb *db, const HibPost *before, const HibPost *after, bool *ret_changed,
                         GError **error);
/* A post that was brought back is a draft nobody was asked about. */
bool hib_approval_forget(HibDb *db, const char *post, GError **error);
bool hib_approval_purge(HibDb *db, const char *post, GError **error);
/* Ids of the posts that wait for somebody, by their time. */
bool hib_approval_waiting(HibDb *db, const char *const **ret, size_t *ret_n, GError **error);
bool hib_approval_remind(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
