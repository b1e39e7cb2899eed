/* Shared inside publish/: the decision of the delivery state machine (deliver.c), and the transactions that carry it out
 * (delivery_store.c). */
#pragma once
#include "media/media.h"
#include "networks/network.h"
#include "publish/publish.h"

/* --- the decision: pure ------------------------------------------------------------------------------------------------- */
#define HIB_DELIVER_WINDOW                                                                         \
    HIB_DAY /* how long after its time a post may still go out by itself, or be looked for */
#define HIB_DELIVER_LEASE_S 120
#define HIB_DELIVER_CODE_LATE "publish.too_late"
#define HIB_DELIVER_CODE_HANDLE "publish.handle_expired"
#define HIB_DELIVER_CODE_OTHER "publish.other_post"

typedef enum {
    HIB_STEP_PREPARE, /* nobody sees it: uploads, containers, asking whether they are ready */
    HIB_STEP_EFFECT,  /* the post may be out after it */
    HIB_STEP_CONFIRM, /* accepted; asking whether it is out */
    HIB_STEP_FIND     /* reading back */
} HibDeliverStep;

typedef struct {
    HibDeliveryState state;  /* SENDING, or UNKNOWN while reading back */
    HibDeliverStep step;     /* what was just tried */
    HibNetClass class;       /* what it came to */
    HibInstant retry_at;     /* as the network said; 0: it did not */
    bool is_found;           /* FIND and OK: it is there */
    bool is_done;            /* OK: nothing is left to do, it is out */
    HibDuration settling;    /* a cut call may still arrive: "not there" counts only after this */
    int failures, reads;     /* so far, in a row */
    HibInstant now, sent_at; /* sent_at: of the publishing call; 0 before */
    HibInstant handle_until; /* the network forgets the handle then; 0: never */
    HibInstant late_from;
} HibDeliverAsk;

typedef enum {
    HIB_GO_ON,    /* the next step at once */
    HIB_GO_AGAIN, /* publish.deliver at `at` */
    HIB_GO_READ,  /* publish.reconcile at `at` */
    HIB_GO_END,   /* nothing more by itself */
} HibDeliverGo;

typedef struct {
    HibDeliveryState state;
    HibDeliverGo go;
    HibInstant at;
    int failures, reads;
    bool is_new_handle;
    const char *code; /* our own word for why it ended, in place of the network's; NULL */
} HibDeliverVerdict;

HibDeliverVerdict hib_deliver_decide(const HibDeliverAsk *ask);
/* What is left for the person, or for time. */
HibDeliveryNext hib_deliver_next(HibDeliveryState state, bool has_error, HibNetClass class,
                                 bool has_next_at);
HibPostState hib_deliver_post_state(int64_t n_waiting, int64_t n_sending, int64_t n_published,
                                    int64_t n_failed, int64_t n_unknown);
bool hib_deliver_is_too_late(HibInstant late_from, HibInstant now);
const char *hib_deliver_lang(const char *text); /* "ja", "ko"; NULL when the script does not tell */

/* --- steps: same order as the contract ---------------------------------------------------------------------------------- */
typedef enum {
    HIB_DID_SCHEDULED,
    HIB_DID_MOVED,
    HIB_DID_HELD,
    HIB_DID_RELEASED,
    HIB_DID_CLAIMED,
    HIB_DID_STEP,
    HIB_DID_SENT,
    HIB_DID_PUBLISHED,
    HIB_DID_FAILED,
    HIB_DID_UNKNOWN,
    HIB_DID_READ_BACK,
    HIB_DID_RETRIED,
    HIB_DID_CANCELLED,
    HIB_DID_REMOVED, /* from the network, by a person */
    HIB_DID_EDITED
} HibDid;
typedef struct {
    HibInstant at;
    HibDid what;
    const char *name; /* of the network's step: "upload" "container" "publish" "confirm" …; NULL */
    const char *
        detail; /* NULL, or words for a person who looks closely: the handle, "2/4", the network's text */
} HibDeliveryStep;
bool hib_publish_steps(HibDb *db, const char *delivery, HibDeliveryStep **ret_rows, size_t *ret_n,
                       GError **error);
bool hib_publish_did(HibDb *db, const char *delivery, HibInstant at, HibDid what,
                     const char *detail, GError **error);
bool hib_publish_did_step(HibDb *db, const char *delivery, HibInstant at, HibDid what,
                          const char *name, const char *detail, GError **error);

/* --- one piece of work: a delivery as the dispatcher needs it --------------------------------------------------------- */
typedef struct {
    const char *id, *post_id, *account_id, *network, *text, *lang;
    HibDeliveryKind kind;
    int part, n_media, n_following;
    const char *reply_to, *reply_root, *reply_token, *title, *options, *recipient; /* NULL: none */
    HibNetFormat format;
    HibNetDisclosure disclosure;
    const char *quota; /* NULL: none */
    int64_t quota_takes;
    HibDeliveryState state;
    int64_t version;
    HibInstant due_at, late_from, next_at;                 /* next_at 0: none */
    const char *remote_key, *progress;                     /* remote_key NULL: none yet */
    HibInstant handle_at, created_at, sent_at, busy_until; /* 0: none */
    bool is_dispatched, has_siblings;
    const char *job_id;
    int failures, reads;
} HibDeliverWork;
/* *ret NULL when there is none. */
bool hib_deliver_load(HibDb *db, const char *delivery, HibDeliverWork **ret, GError **error);

/* The transactions. *ret_done false: somebody was quicker (moved, held, cancelled, resolved); nothing was changed. */
bool hib_deliver_claim(HibDb *db, HibDeliverWork *work, const char *fingerprint, const char *job,
                       bool is_effect_next, bool *ret_done, GError **error);
bool hib_deliver_mark_held(HibDb *db, const HibDeliverWork *work, bool *ret_done, GError **error);
/* A finished step: what it learnt is stored before the next begins, so that it is never done again. */
bool hib_deliver_keep(HibDb *db, HibDeliverWork *work, const char *progress, const HibNetStep *step,
                      bool *ret_done, GError **error);
bool hib_deliver_dispatch(HibDb *db, HibDeliverWork *work, bool *ret_done, GError **error);
bool hib_deliver_take_over(HibDb *db, HibDeliverWork *work, const char *job, bool *ret_done,
                           GError **error);

typedef struct {
    HibDeliverVerdict verdict;
    HibDeliverStep step;
    const HibNetStep *net_step; /* which of the network's; NULL when reading back */
    HibNetResult result;
    HibNetPublished published; /* when verdict.state is PUBLISHED */
    bool was_called;           /* false: ended without asking the network */
    bool is_found;             /* FIND and OK */
    const char *progress;      /* what is kept of the steps so far; NULL: as it was */
} HibDeliverOutcome;
/* State, steps, the post's state, event, what follows it and (for GO_AGAIN from a reconcile, for GO_READ) the job: one transaction.
 * CONFLICT store.duplicate: what it has become is another delivery's already; nothing was changed. */
bool hib_deliver_conclude(HibDb *db, const HibDeliverWork *work, const HibDeliverOutcome *outcome,
                          bool *ret_done, GError **error);
/* After store.duplicate: an answer of the network wins over what another delivery was taken for by reading back; that one's outcome is
 * open again. *ret_may false: the other was answered with it too. */
bool hib_deliver_make_way(HibDb *db, const HibDeliverWork *work, const char *remote_id,
                          bool *ret_may, GError **error);
/* Remote ids of the account's other deliveries since shortly before this one was sent, ended by NULL. */
bool hib_deliver_taken(HibDb *db, const HibDeliverWork *work, const char *const **ret,
                       GError **error);

/* A new delivery with its job and first step, in the caller's transaction. *ret_done false: it is there already. */
typedef struct {
    const char *id, *post_id, *account_id, *network, *handle, *text, *lang, *parent_id;
    HibDeliveryKind kind;
    int part, n_media, n_following;
    const char *reply_to, *reply_root, *reply_token, *title, *options, *recipient;
    HibNetFormat format;
    HibNetDisclosure disclosure;
    HibInstant due_at, late_from;
} HibNewDelivery;
bool hib_deliver_add(HibDb *db, const HibNewDelivery *new, bool *ret_done, GError **error);
/* What follows a delivery that is out as `remote_id`: deliveries due at once, in the transaction that says it is out. */
bool hib_deliver_follow(HibDb *db, const HibDeliverWork *work, const char *remote_id,
                        GError **error);

/* --- what is sent (deliver_post.c) ---------------------------------------------------------------------------------------- */
/* The delivery as its connector takes it; a missing handle and time are made. */
bool hib_deliver_prepare(HibDb *db, const HibServices *services, HibDeliverWork *work,
                         const HibNetwork *network, HibNetPost *post, HibNetSending *sending,
                         GError **error);
/* Its pictures and videos. `wants_content`: as they will be sent, in the version that fits; else only how many there are. *ret_ready false: a version
 * is still being made. INVALID media.…: none can be. */
bool hib_deliver_media(HibDb *db, const HibServices *services, HibDeliverWork *work,
                       const HibNetwork *network, bool wants_content, HibNetPost *post,
                       bool *ret_ready, GError **error);
const char *hib_deliver_fingerprint(HibArena *arena, const HibNetPost *post);
/* Its facts, as the network gets to see it; nothing to read it by. */
HibNetMedia hib_deliver_medium(const HibPostMedia *media, const HibNetwork *network);

/* The part that the network gets; NULL: all of it. An animation is never cut. */
const HibPostCrop *hib_publish_crop(const HibPostMedia *media, const HibNetwork *network);

/* --- versions that fit (fit.c) -------------------------------------------------------------------------------------------------- */
/* A medium in the version that the format takes: READY, being made, or failed; *ret NULL while nobody has looked at it yet. Errors as hib_media_fit. */
bool hib_publish_fit(HibDb *db, const HibServices *services, const HibNetwork *network,
                     HibNetFormat format, const HibPostMedia *media, HibRendition **ret,
                     GError **error);
/* The picture that stands for a video where the network fetches one. */
bool hib_publish_fit_cover(HibDb *db, const HibServices *services, const HibNetwork *network,
                           const HibPostMedia *media, HibRendition **ret, GError **error);

/* Puts the post's state to what its deliveries say; after a change of one of them, in the same transaction. */
bool hib_deliver_settle_post(HibDb *db, const char *post, GError **error);
bool hib_deliver_emit(HibDb *db, const char *kind, const char *delivery, const char *post,
                      const char *account, GError **error);

/* Whether anything holds the delivery just now. */
bool hib_publish_is_held(HibDb *db, const char *delivery, bool *ret, GError **error);
/* The switches that are on, to judge many deliveries at once. */
typedef struct {
    bool is_all, is_disaster;
    GHashTable *accounts, *posts, *cleared; /* sets of ids; lives with the arena */
} HibHeld;
bool hib_publish_held(HibDb *db, HibHeld *ret, GError **error);
/* Just before it goes out: *ret_day is what keeps it back today, NULL: nothing. */
bool hib_care_holds(HibDb *db, const HibDeliverWork *work, const HibDay **ret_day, GError **error);
/* findings.c. The same: the rule by which a medium may not go out today; clearing the post, letting it pass or a new card wake it. */
bool hib_rights_hold(HibDb *db, const HibDeliverWork *work, const HibCheckRule **ret,
                     GError **error);
/* A day that asks to hold, or a medium whose rights have ended: it waits, and its steps say why. */
bool hib_deliver_mark_careful(HibDb *db, const HibDeliverWork *work, bool *ret_waits,
                              GError **error);
/* After anything was released or moved out of a held campaign, in the same transaction. */
bool hib_publish_wake_released(HibDb *db, GError **error);
bool hib_held_has(const HibHeld *held, const char *account, const char *post);

bool hib_publish_wake_account(HibDb *db, const char *account, GError **error);
bool hib_publish_drop_account(HibDb *db, const char *account, GError **error);

/* Takes a scheduled post without the approval it needs out of the schedule: it waits for one. Nothing happens to others. */
bool hib_publish_take_out(HibDb *db, const char *post, GError **error);
/* A scheduled post that must not go out as it is. Asked when it is due; the claim asks it in its own statement. */
bool hib_publish_is_unapproved(HibDb *db, const char *post, bool *ret, GError **error);

/* --- jobs ----------------------------------------------------------------------------------------------------------------- */
#define HIB_JOB_DELIVER "publish.deliver"
#define HIB_JOB_RECONCILE "publish.reconcile"
#define HIB_JOB_ACCOUNT "publish.account"
#define HIB_JOB_FIT "publish.fit" /* subject: a post that was scheduled */
#define HIB_JOB_RIGHTS                                                                             \
    "publish.rights" /* a card was written anew: what it held may go, or is held again */
bool hib_publish_rights_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                            HibInstant *ret_at, GError **error);
#define HIB_JOB_UNAPPROVED "publish.unapproved" /* subject: a post, or the workspace: all of it */
bool hib_publish_unapproved_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                                HibInstant *ret_at, GError **error);
bool hib_publish_fit_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
bool hib_deliver_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                     HibInstant *ret_at, GError **error);
bool hib_reconcile_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                       HibInstant *ret_at, GError **error);
bool hib_publish_account_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                             HibInstant *ret_at, GError **error);

/* forget.c: HibForget */
bool hib_publish_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                        GError **error);
