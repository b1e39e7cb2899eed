/* Publish: turns scheduled posts into deliveries and brings each one out exactly once, or says plainly that it did not.
 *
 * One delivery per (post, account); what follows it there (the texts of a thread, a first comment) are deliveries of their own, made when what they follow is out, and so is an
 * answer to somebody (hib_publish_reply). A delivery's life: waiting → sending → published | failed | unknown → (read back) → published | failed; cancelled when the post is unscheduled.
 * Before the network is called the row holds the write-ahead handle (record key), the fixed created_at and the fingerprint of what will be sent; a mutation whose
 * outcome is unknown is never repeated before reading back. `held` overlays everything before sending. The essay is at the top of deliver.c. */
#pragma once
#include "accounts/accounts.h"
#include "check/check.h"
#include "days/days.h"
#include "plan/plan.h"
#include "store/feature.h"

extern const HibFeature hib_publish;

typedef enum {
    HIB_DELIVERY_WAITING,
    HIB_DELIVERY_SENDING,
    HIB_DELIVERY_PUBLISHED,
    HIB_DELIVERY_FAILED,
    HIB_DELIVERY_UNKNOWN,
    HIB_DELIVERY_CANCELLED
} HibDeliveryState; /* same order as the contract */
typedef enum {
    HIB_NEXT_NONE,
    HIB_NEXT_WAIT,
    HIB_NEXT_RECONNECT,
    HIB_NEXT_EDIT,
    HIB_NEXT_RETRY,
    HIB_NEXT_CHECK
} HibDeliveryNext;

/* What a delivery is. Same order as the contract. */
typedef enum {
    HIB_KIND_POST,    /* a post's own, to one account */
    HIB_KIND_THREAD,  /* a text that follows it */
    HIB_KIND_COMMENT, /* its first comment */
    HIB_KIND_REPLY    /* an answer; no post of ours stands behind it */
} HibDeliveryKind;

typedef struct {
    const char *id, *post_id, *account_id, *network, *handle, *text; /* post_id "": a reply */
    HibDeliveryKind kind;
    int part;              /* 0: the post; 1 … what follows it */
    const char *parent_id; /* the delivery it follows; NULL */
    HibNetFormat format;
    const char *title; /* NULL: none */
    HibDeliveryState state;
    bool is_held;
    HibInstant due_at;
    bool has_sent_at, has_published_at, has_removed_at, has_lateness, has_next_at, has_error;
    HibInstant sent_at, published_at, removed_at, next_at, error_at;
    int64_t
        lateness_ms; /* start of the publishing call minus due_at (or minus the release, when it was held; or minus a person's retry); never negative */
    int attempts;
    const char *remote_id, *url;   /* NULL until published */
    int error_class, error_status; /* HibNetClass */
    const char *error_code, *error_message;
    HibDeliveryNext next;
} HibDelivery;

/* One thing wrong with a post on one of its networks. */
typedef struct {
    const char *reason, *pointer; /* "post.over_limit", "/variants/0/text" */
    double limit, actual;         /* limit 0: there is none to name */
    bool is_fittable;             /* a version that passes is made when the post is scheduled */
    const HibNetwork *network;
    const char *account_id;
} HibPostProblem;

/* What the rules say of one of a post's texts. */
typedef struct {
    const char *pointer;    /* "/text" "/variants/0/text" "/variants/0/thread/1/text" … */
    const char *account_id; /* NULL: all accounts that follow the post's text */
    const char *text;
    const HibCheckFinding *finding;
} HibPostFinding;
bool hib_publish_findings(HibDb *db, const HibPost *post, HibPostFinding **ret, size_t *ret_n,
                          GError **error);
/* The caller's person says why the post may go out although a rule blocks it; holds until a text of it changes. INVALID check.no_reason, NOT_FOUND post.unknown. */
bool hib_publish_override(HibDb *db, const char *post, const char *reason, GError **error);

/* What a variant takes when it goes out, what follows it included. */
typedef struct {
    const char *account_id;
    const HibNetwork *network;
    int64_t micros;           /* of `currency`; 0: nothing */
    const char *currency;     /* NULL: the network takes no money */
    bool has_link;            /* a link made it dearer */
    const char *quota;        /* "messages" …; NULL: none */
    int64_t takes, followers; /* followers -1: not known yet */
    bool is_unknown;          /* how many it goes to is not known yet: takes leaves them out */
    bool is_estimate;         /* it counts people: as many as follow the account */
    bool
        has_left; /* the network said how much is left; what else waits for the same window is taken off */
    int64_t left;
    HibInstant resets_at; /* 0: not known */
} HibPostCost;
/* One a variant, in the db's arena, for going out `at`. */
bool hib_publish_costs(HibDb *db, const HibPost *post, HibInstant at, HibPostCost **ret,
                       GError **error);

/* Checks every variant against its network's limits (INVALID post.no_account and the reasons of networks/check.h, with pointer
 * "/variants/0/text" …; post.time_past at "/at"; CONFLICT accounts.needs_reconnect, publish.quota_short, post.edited, post.already_sending), writes deliveries and their jobs, in one transaction. A scheduled post is moved; a failed
 * one of which nothing is out is scheduled anew. `version` NULL: whatever is stored. */
bool hib_publish_schedule(HibDb *db, const char *post, const int64_t *version, HibInstant at,
                          HibPost **ret, GError **error);
bool hib_publish_unschedule(HibDb *db, const char *post, HibPost **ret,
                            GError **error); /* CONFLICT post.not_scheduled, post.already_sending */
/* Changes a scheduled post's content and keeps it scheduled, checked as above; a draft just changes, a failed one becomes a
 * draft again. CONFLICT post.edited, post.already_sending. */
bool hib_publish_update(HibDb *db, const char *post, int64_t version, const HibPostContent *content,
                        HibPost **ret, GError **error);
/* Makes the post say again what it said in that version, as a change like any other. NOT_FOUND version.unknown; the errors of hib_publish_update. */
bool hib_publish_restore_version(HibDb *db, const char *post, const char *version, int64_t seen,
                                 HibPost **ret, GError **error);
/* Into a campaign, or (NULL) out of it; what is scheduled is worded anew. Errors of hib_plan_set_campaign, and of hib_publish_update when it no longer fits. */
bool hib_publish_set_campaign(HibDb *db, const char *post, const char *campaign, GError **error);
bool hib_publish_delete(HibDb *db, const char *post,
                        GError **error); /* CONFLICT post.already_sending */
/* Sends a failed one again; an unknown one is only read back, at once. */
bool hib_publish_retry(HibDb *db, const char *delivery, HibDelivery **ret,
                       GError **error); /* CONFLICT publish.not_retryable */

/* An answer to a comment or message: a delivery without a post, due at once. May join the caller's transaction. INVALID publish.cannot_reply and the reasons of
 * networks/check.h ("/text"), CONFLICT accounts.needs_reconnect, NOT_FOUND accounts.unknown. */
typedef struct {
    const char *account, *text;
    const char *reply_to, *reply_root; /* remote ids; NULL: none (a message) */
    const char *recipient;   /* a message: whom, or the conversation; NULL: an answer in public */
    const char *reply_token; /* LINE; NULL */
} HibReplyDraft;
bool hib_publish_reply(HibDb *db, const HibReplyDraft *draft, HibDelivery **ret, GError **error);

/* Takes a post from its network again, or changes its text there. They call the network: never inside a HibTx. CONFLICT publish.not_published,
 * publish.cannot_remove, publish.cannot_edit, publish.edit_over, accounts.needs_reconnect; TOO_MANY network.rate_limited; UPSTREAM accounts.unreachable,
 * publish.network_refused; INVALID as above for the text. */
bool hib_publish_remove(HibDb *db, const HibServices *services, const char *delivery,
                        HibDelivery **ret, GError **error);
bool hib_publish_edit(HibDb *db, const HibServices *services, const char *delivery,
                      const char *text, HibDelivery **ret, GError **error);

typedef struct {
    const HibInstant *from, *to; /* due_at */
    const HibDeliveryState *state;
    const char *post;
    bool is_newest_first;
    int limit;
    const char *cursor;
} HibDeliveryQuery;
bool hib_publish_list(HibDb *db, const HibDeliveryQuery *query, HibDelivery **ret_rows,
                      size_t *ret_n, const char **ret_next, GError **error);
/* The delivery that has become the network's post `remote_id`; *ret NULL: none of ours. */
bool hib_publish_find(HibDb *db, const char *account, const char *remote_id, const char **ret,
                      GError **error);
bool hib_publish_get(HibDb *db, const char *delivery, HibDelivery **ret,
                     GError **error); /* NOT_FOUND publish.delivery_unknown */
bool hib_publish_counts(HibDb *db, int64_t ret_by_state[6],
                        GError **error); /* for Today and /metrics */

/* What a switch holds. Same order as the contract. */
typedef enum {
    HIB_HOLD_WORKSPACE,
    HIB_HOLD_ACCOUNT,
    HIB_HOLD_CAMPAIGN,
    HIB_HOLD_DISASTER /* the workspace, but for posts that a person cleared */
} HibHoldScope;
typedef struct {
    HibHoldScope scope;
    const char *subject_id;  /* account or campaign; "" for the workspace and disaster mode */
    const char *reason, *by; /* NULL, or text and the person's name */
    bool has_since;
    HibInstant since;
} HibHoldSwitch;
typedef struct {
    bool is_held;                  /* the whole workspace */
    const HibHoldSwitch *switches; /* all that are on; the workspace's first */
    size_t n_switches;
    int64_t n_waiting; /* deliveries still waiting */
} HibHold;
bool hib_publish_hold(HibDb *db, HibHold **ret, GError **error);
/* Takes effect before the next dispatch. Releasing lets overdue ones go out in order of due_at, those that nothing else holds.
 * NOT_FOUND accounts.unknown, campaign.unknown; INVALID hold.no_reason: disaster mode says why. */
bool hib_publish_set_hold(HibDb *db, HibHoldScope scope, const char *subject, bool is_held,
                          const char *reason, HibHold **ret, GError **error);

/* --- care for what happens (care.c) ------------------------------------------------------------------------------------------ */
bool hib_publish_is_disaster(HibDb *db, bool *ret, GError **error); /* disaster mode is on */
/* Whether what falls due on a day that asks to hold (days/) waits until a person clears it; off unless set. */
bool hib_publish_care(HibDb *db, bool *ret_holds_days, GError **error);
bool hib_publish_set_care(HibDb *db, bool holds_days, GError **error);
/* The caller's person says why the post may go out in disaster mode and on a sensitive day. NOT_FOUND post.unknown, INVALID hold.no_reason. */
bool hib_publish_clear(HibDb *db, const char *post, const char *reason, GError **error);

/* What a person should know of the moment a post is meant for. */
typedef enum {
    HIB_CAUTION_DISASTER, /* disaster mode is on */
    HIB_CAUTION_DAY,      /* a sensitive day */
    HIB_CAUTION_MOMENT,   /* within an hour of the moment people fall silent */
    HIB_CAUTION_LIKE,     /* another post says nearly the same */
    HIB_CAUTION_REPEAT,  /* and goes to the same network within a week: networks take it for spam */
    HIB_CAUTION_TRACKED, /* a tracked campaign does */
    HIB_CAUTION_SLOT     /* another post of the same account stands within its minimum gap */
} HibCautionKind;        /* same order as the contract */
typedef enum { HIB_CAUTION_INFO, HIB_CAUTION_WARN, HIB_CAUTION_BLOCK } HibCautionSeverity;
typedef struct {
    HibCautionKind kind;
    HibCautionSeverity severity;
    const HibDay *day;       /* of DAY and MOMENT; else NULL */
    const HibPlanLike *like; /* of LIKE, REPEAT, TRACKED */
    const char *reason;      /* of DISASTER */
    const char *network;     /* of REPEAT, SLOT */
    const HibPostSpot *spot; /* of SLOT: the other post */
} HibPostCaution;
/* In the order of the kinds; `likes` may be NULL. Judged for the post's time, or now. */
bool hib_publish_cautions(HibDb *db, HibPlanLikes *likes, const HibPost *post, HibPostCaution **ret,
                          size_t *ret_n, GError **error);

/* For handlers that reply with these: publish/, measure/. Nothing is copied. */
void hib_publish_to_api(const HibDelivery *delivery, HibApiDelivery *out);
void hib_publish_hold_to_api(HibArena *arena, const HibHold *hold, HibApiHold *out);

/* Stores a delivery as it was, for practice histories. */
bool hib_publish_add_past(HibDb *db, const HibDelivery *delivery, GError **error);

/* Events out: post.scheduled, post.moved, post.unscheduled (subject: post id), delivery.sending, delivery.waiting (tried, goes on waiting), delivery.published, delivery.failed, delivery.unknown, delivery.cancelled, delivery.removed, delivery.edited (subject: delivery id, data
 * {"post":…,"account":…}), hold.changed, series.changed, series.failed (subject: series id), slots.changed (subject: account id). In: account.reconnected (waiting ones go on), account.disconnected (waiting ones are cancelled, posts go back to draft). */
#include "publish/many.h"
