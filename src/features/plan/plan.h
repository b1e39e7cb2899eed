/* Plan: posts and their variants, and when they are meant to go out.
 *
 * A post is one message (text, pictures and videos with alternative text) with a variant for each account it goes to: the form it takes there, and what is different from the
 * others; a variant without text of its own follows the post's. Further texts may follow as a thread, and a first comment. Plan never talks to a network: publish/ turns a scheduled post into deliveries and tells plan what became of them.
 * States: draft (→ in_review → approved, where the workspace asks for it) → scheduled → sending → published | failed | unknown (→ published | failed). Every change counts `version` up. */
#pragma once
#include "api.gen.h"
#include "http/services.h"
#include "media/media.h"
#include "networks/network.h"
#include "plan/campaign.h"
#include "plan/kit.h"
#include "store/feature.h"

extern const HibFeature hib_plan;

typedef enum {
    HIB_POST_DRAFT,
    HIB_POST_SCHEDULED,
    HIB_POST_SENDING,
    HIB_POST_PUBLISHED,
    HIB_POST_FAILED,
    HIB_POST_UNKNOWN,
    HIB_POST_IN_REVIEW,
    HIB_POST_APPROVED,
    HIB_POST_STATES
} HibPostState; /* same order as the contract's enum */

/* What is kept of it on one network, in shares of the picture. */
typedef struct {
    const char *network;
    double x, y, width, height;
} HibPostCrop;
/* A picture or video of a post. */
typedef struct {
    const char *media_id, *alt;
    bool has_focus, has_cover;
    double focus_x, focus_y;  /* what a crop keeps, 0..1 from the upper left */
    int64_t cover_ms;         /* the frame that stands for a video */
    const HibPostCrop *crops; /* one at most for each network; none: all of it */
    size_t n_crops;
    /* Of the media, filled on reading. */
    const char *mime, *sha256;
    int64_t bytes, duration_ms;
    int width, height;
    HibMediaState state;
} HibPostMedia;
/* A text that follows the first: the next of a thread. */
typedef struct {
    const char *text;
    HibPostMedia *media;
    size_t n_media;
} HibPostPart;
typedef struct {
    const char *account_id;
    const char *text; /* NULL: the post's */
    HibNetFormat format;
    const char *title, *recipient, *first_comment; /* NULL: none */
    const char *options; /* the network's own choices, a JSON object; NULL: none */
    HibPostPart *thread;
    size_t n_thread;
} HibPostVariant;
typedef struct {
    const char *id, *text, *lang; /* lang NULL: told from the text when sent */
    HibPostState state;
    HibNetDisclosure disclosure;
    HibPostVariant *variants;
    size_t n_variants;
    HibPostMedia *media; /* every variant shows them */
    size_t n_media;
    bool has_due_at, is_deleted, is_short;
    HibInstant due_at, created_at, updated_at;
    const char *created_by, *created_by_name; /* NULL, "" for the system */
    const char *campaign_id;                  /* NULL: none; filled on reading */
    int64_t version;
} HibPost;

/* What a person writes. */
typedef struct {
    const char *text, *lang;
    HibNetDisclosure disclosure;
    bool is_short; /* its links are made short when it is scheduled, one an account */
    const HibPostVariant *variants;
    const HibPostMedia *media;
    size_t n_variants, n_media;
    const HibInstant *due_at; /* NULL: no time yet */
} HibPostContent;

/* INVALID post.account_twice, post.bad_options, post.bad_crop, post.too_long; NOT_FOUND accounts.unknown, media.unknown (with pointer). Limits of networks are not checked for a draft. */
bool hib_plan_create(HibDb *db, const HibPostContent *content, HibPost **ret, GError **error);
/* NOT_FOUND post.unknown (deleted ones too, unless `with_deleted`). */
bool hib_plan_get(HibDb *db, const char *post, bool with_deleted, HibPost **ret, GError **error);
/* CONFLICT post.edited when the stored version differs, post.already_sending when it is past scheduled (a failed one may be edited). On a scheduled post the event
 * post.changed lets publish/ follow; in one transaction with it the content check below must be repeated by the caller (publish/). */
bool hib_plan_update(HibDb *db, const char *post, int64_t version, const HibPostContent *content,
                     HibPost **ret, GError **error);
typedef struct {
    const HibInstant *from, *to; /* due_at in [from, to); both NULL: also posts without a time */
    const HibPostState *state;
    const char *campaign; /* NULL: all */
    int limit;            /* 1..HIB_LIMIT_PAGE */
    const char *cursor;   /* opaque, from *ret_next */
} HibPostQuery;
/* By due_at, then id; posts without a time come last, newest first. *ret_next NULL on the last page. At most five statements, however many posts. */
bool hib_plan_list(HibDb *db, const HibPostQuery *query, HibPost **ret_rows, size_t *ret_n,
                   const char **ret_next, GError **error);
/* CONFLICT post.not_deleted. */
bool hib_plan_restore(HibDb *db, const char *post, HibPost **ret, GError **error);
/* Until the transaction ends nobody else changes this post, its schedule or its approval: read it after. One that is not there is none to hold; reading says so. */
bool hib_plan_hold(HibDb *db, const char *post, GError **error);
/* For publish/, in its transaction. They check nothing but existence (NOT_FOUND post.unknown) and write version + 1. due_at NULL leaves the time as it was.
 * set_deleted writes event post.deleted and its audit line, and keeps the post 30 days for restore; schedule and state are publish/'s to audit. */
bool hib_plan_set_schedule(HibDb *db, const char *post, HibPostState state,
                           const HibInstant *due_at, GError **error);
bool hib_plan_set_state(HibDb *db, const char *post, HibPostState state, GError **error);
bool hib_plan_set_deleted(HibDb *db, const char *post, GError **error);
/* Stores a post as it was, for practice histories and imports. */
bool hib_plan_add_past(HibDb *db, const HibPost *post, GError **error);
/* View for other features' statements: plan_v_campaign_post (workspace_id, post_id, campaign_id). */

/* A new draft with the content of `post` and a time. Its campaign goes with it. NOT_FOUND post.unknown. */
bool hib_plan_copy(HibDb *db, const char *post, const HibInstant *due_at, HibPost **ret,
                   GError **error);

/* Gives a draft another time; NULL: none yet. CONFLICT post.edited when `version` (NULL: any) is not the stored one, post.already_sending when it is no draft. */
bool hib_plan_set_due(HibDb *db, const char *post, const int64_t *version, const HibInstant *due_at,
                      HibPost **ret, GError **error);

/* --- the calendar: the posts of [from, to), by time, as little of each as drawing takes ------------------------ */
/* A post's place. */
typedef struct {
    const char *id;
    HibInstant due_at;
    HibPostState state;
    const char *const *accounts; /* one pointer an account: equal ids are equal pointers */
    size_t n_accounts;
} HibPostSpot;
/* *ret_is_cut: there are more than `most`. */
bool hib_plan_spots(HibDb *db, HibInstant from, HibInstant to, size_t most, HibPostSpot **ret,
                    size_t *ret_n, bool *ret_is_cut, GError **error);
/* post id → campaign id, of those that have one; lives with the arena. */
bool hib_plan_spot_campaigns(HibDb *db, HibInstant from, HibInstant to, GHashTable **ret,
                             GError **error);
/* The set of posts that say `words` in any of their texts, compatibility forms and case folded; lives with the arena. */
bool hib_plan_spots_saying(HibDb *db, HibInstant from, HibInstant to, const char *words,
                           GHashTable **ret, GError **error);
/* What a post looks like in a cell. */
typedef struct {
    const char *id, *head, *campaign_id; /* the first words; campaign NULL: none */
    HibPostState state;
    bool has_due_at, has_media;
    HibInstant due_at;
    int64_t version;
} HibPostHead;
/* In the order of `ids`; one that is not there any more has no id. */
bool hib_plan_heads(HibDb *db, const char *const *ids, size_t n, HibPostHead *ret, GError **error);
/* Drafts without a time, newest first, at most `most` and one more. */
bool hib_plan_undated(HibDb *db, size_t most, const char ***ret_ids, size_t *ret_n, GError **error);

/* The wall-clock time a person typed, in `zone` or the workspace's. INVALID post.bad_wall, post.bad_zone. */
bool hib_plan_resolve(HibDb *db, const char *wall, const char *zone, HibInstant *ret,
                      GError **error);
/* --- approvals (approval.h has the rest; enums as in the contract) ------------------------------------- */
/* none, one, two (neither of them its writer), one of the team and the client */
typedef enum {
    HIB_APPROVAL_NONE,
    HIB_APPROVAL_ONE,
    HIB_APPROVAL_TWO,
    HIB_APPROVAL_CLIENT
} HibApprovalMode;
typedef struct {
    HibApprovalMode mode;
    int64_t remind_after_h; /* until those who are asked are reminded */
} HibApprovalPolicy; /* on a change publish/ takes posts without the approval out of the schedule */
bool hib_plan_set_approvals(HibDb *db, const HibApprovalPolicy *policy, GError **error);
/* is_waiting: for a vote, or for the look that an urgent one is owed. NULL: the system, nobody, none. */
typedef struct {
    HibApprovalMode mode;
    bool is_waiting;
    const char *asked_by, *edited_by, *note;
} HibApprovalFacts;
bool hib_plan_approval_facts(HibDb *db, const char *post, HibApprovalFacts *ret, GError **error);
/* CONFLICT approval.needed while the workspace asks for an approval that the post does not have. */
bool hib_plan_check_approved(HibDb *db, const char *post, GError **error);
/* The state of a post that is not in the schedule: draft, in review or approved. */
bool hib_plan_resting_state(HibDb *db, const char *post, HibPostState *ret, GError **error);
/* In the caller's transaction: asks about a post that nobody asked about yet, where an approval is needed. */
bool hib_plan_ask_for_it(HibDb *db, const char *post, GError **error);
/* A copy without changes has the approval of what it was copied from. */
bool hib_plan_copy_approval(HibDb *db, const char *from, const char *to, GError **error);
/* Who looks in an approver's place today. */
typedef struct {
    const char *person, *deputy;
} HibDeputyFacts;
bool hib_plan_deputies(HibDb *db, HibDeputyFacts **ret, size_t *ret_n, GError **error);
typedef struct {
    const char *id, *post_id, *person_id, *name, *text; /* person_id NULL: by a link */
    bool is_shared;
} HibCommentFacts;
bool hib_plan_comment_facts(HibDb *db, const char *id, HibCommentFacts *ret,
                            GError **error); /* NOT_FOUND comment.unknown */
bool hib_plan_commenters(HibDb *db, const char *post, const char *const **ret, /* ids, NULL ends */
                         GError **error);
/* View for other features' statements: plan_v_unapproved (workspace_id, post_id): scheduled posts that must not go out as they are. */
const char *hib_plan_text_for(const HibPost *post,
                              const char *account); /* the variant's text or the post's */
const HibPostCrop *hib_plan_crop(const HibPostMedia *media, const char *network); /* NULL: none */
/* CONFLICT media.in_use while a post that has not gone out shows it; else media/ takes it away. */
bool hib_plan_delete_media(HibDb *db, const char *media, GError **error);
/* --- texts that are nearly the same ---------------------------------------------------------------------------------------- */
/* Somebody else's campaign, kept to be compared with. */
typedef struct {
    const char *id, *who, *text, *url; /* url NULL: none */
    int on;                            /* the day it ran, YYYYMMDD */
    HibInstant created_at;
    const char *by; /* a name; NULL: nobody */
} HibTracked;
bool hib_plan_tracked(HibDb *db, HibTracked **ret_rows, size_t *ret_n,
                      GError **error); /* newest day first */
bool hib_plan_tracked_get(HibDb *db, const char *id, HibTracked **ret,
                          GError **error); /* NOT_FOUND tracked.unknown */
/* INVALID tracked.bad_day; CONFLICT tracked.too_many. */
bool hib_plan_track(HibDb *db, const HibTracked *what, HibTracked **ret, GError **error);
bool hib_plan_untrack(HibDb *db, const char *id, GError **error); /* NOT_FOUND tracked.unknown */

/* The indexes of all workspaces, in memory; HibServices.plan_likes. Thread-safe. */
typedef struct HibPlanLikes HibPlanLikes;
HibPlanLikes *hib_plan_likes_new(void);
void hib_plan_likes_free(HibPlanLikes *likes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibPlanLikes, hib_plan_likes_free)
typedef struct {
    double share; /* of runs of three characters: 0.6 … 1 */
    const HibPost
        *post; /* one of the workspace's within 90 days, drafts with a time too; or NULL */
    HibTracked *tracked; /* one that runs within 7 days */
} HibPlanLike;
/* What says nearly the same as the post, which need not be stored (id NULL), the most alike first; itself never. `likes` NULL: an index is made for this question alone. */
bool hib_plan_likes(HibDb *db, HibPlanLikes *likes, const HibPost *post, HibPlanLike **ret,
                    size_t *ret_n, GError **error);

/* For handlers that take or reply with a post: publish/, measure/. */
void hib_plan_to_api(HibArena *arena, const HibPost *post, HibApiPost *out);
HibPostContent hib_plan_of_draft(HibArena *arena, const HibApiPostDraft *in);
/* The content as a post that is not stored, its media looked up. Errors as hib_plan_create. */
bool hib_plan_imagine(HibDb *db, const HibPostContent *content, HibPost **ret, GError **error);

/* Events out: post.created, post.changed, post.deleted, post.restored, post.purged (subject: post id), campaign.created, campaign.changed (subject: campaign id), idea.changed, task.changed, kit.changed, approval.asked, approval.voted (one of several), approval.approved, approval.changes, approval.withdrawn, approval.reminder (subject: post id,
 * data {"by":person or null,"name":…}), approval.policy, comment.added, comment.changed, review.created, review.revoked (subject: post id, data {"comment":…}). */
#include "plan/many.h"
#include "plan/wording.h"
