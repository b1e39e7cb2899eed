/* The posts of a face, kept and counted by the framework: in memory, in the journal, before the audience. */
#pragma once
#include "practice/crowd.h"
#include "practice/face.h"

typedef struct {
    const char *id;      /* the network's; unique in the face */
    const char *account; /* id of its owner */
    const char
        *kind; /* "post" "video" "story" "reply" "comment" "message" …: the network's choice */
    const char *text;
    const char *parent; /* what it answers: a post, or somebody's comment; NULL: nothing */
    const char *media;  /* digest of what it shows (sha256 of the bytes); NULL: none */
    const char *topic;  /* what it is about, for the audience; NULL: not said */
    const char *extra;  /* JSON of the network's own fields; NULL: none */
    HibInstant at;      /* public since */
    HibInstant
        arrived_at; /* when the call that made it was accepted; set by hib_practice_post_add where 0 */
    int n_images;
    HibDuration length; /* of a video; 0: none */
    bool is_hidden;     /* made, but shown to nobody: the audience does not see it */
} HibPracticePost;

/* A post comes into being: counted, journaled, shown to the audience. All texts are copied. The post as kept. `facts->id` must be new. */
const HibPracticePost *hib_practice_post_add(HibPracticeFace *face, const HibPracticePost *facts);
/* The same post with other words (an edit that keeps the id); false: there is none. */
bool hib_practice_post_change(HibPracticeFace *face, const HibPracticePost *facts);
bool hib_practice_post_delete(HibPracticeFace *face, const char *id); /* false: there is none */
/* A post stays valid until it is changed or deleted: inside a handler, always. NULL: none. */
const HibPracticePost *hib_practice_post(HibPracticeFace *face, const char *id);

typedef struct {
    const char *account;       /* NULL: all accounts, in no order, no paging */
    const char *kind, *parent; /* NULL: any */
    HibInstant since, until;   /* of `at`: since <= at < until; until 0: no end */
    const char *cursor;        /* where the last page ended; NULL: from the start */
    size_t limit;              /* 0: all */
    bool is_oldest_first;
} HibPracticeQuery;
/* A page of posts, newest first; *ret_cursor NULL when it was the last. The array is in the arena. An unreadable cursor is the start. */
size_t hib_practice_posts(HibPracticeFace *face, HibArena *arena, const HibPracticeQuery *query,
                          const HibPracticePost *const **ret, const char **ret_cursor);
int64_t hib_practice_count_text(HibPracticeFace *face,
                                const char *text); /* live, of all accounts */

/* What the audience has done with a post, or with the account, by now. Zeros for what is not there, or hidden. */
HibAudienceNumbers hib_practice_numbers(HibPracticeFace *face, const char *post_id);
int64_t hib_practice_followers(HibPracticeFace *face, const char *account);
/* What the audience said under a post by now, from comment number `from` on, oldest first; in the arena. */
size_t hib_practice_comments(HibPracticeFace *face, const char *post_id, uint64_t from,
                             size_t limit, HibArena *arena, HibComment **ret);

/* One thing the audience did. Texts live as long as the callback. */
struct HibPracticeHappening {
    HibCrowdKind kind; /* not HIB_CROWD_VIEW */
    HibInstant at;
    const HibPracticeAccount *account; /* whose audience */
    const HibPracticePost *post;       /* NULL: none (a follow), or deleted since */
    const char *handle, *name;         /* who did it */
    const HibComment *comment;         /* of HIB_CROWD_COMMENT; NULL else */
};
/* Lets the audience live until now and tells the network; the face does it by itself every half second of the machine's time. */
void hib_practice_tick(HibPracticeFace *face);

/* --- what happened ------------------------------------------------------------------------------------------ */
typedef struct {
    int64_t n_calls;
    int64_t
        n_effects; /* 2xx answers of routes with HIB_PRACTICE_EFFECT, as the network made them (before faults spoiled the answer) */
    int64_t n_created; /* posts that came into being */
    int64_t n_changed, n_deleted;
    int64_t
        n_twice_text; /* posts created while one of the same account, kind, parent and text was live: duplicates a reader would see */
    int64_t n_uploads, upload_bytes;
    int64_t n_sign_ins, n_refreshes;
    int64_t n_faults;
    int64_t n_refused[HIB_REFUSE_N];                    /* by reason, faults among them */
    int64_t n_hooks, n_hooks_delivered, n_hooks_failed; /* webhook events; answered 2xx; given up */
    int64_t n_live;                                     /* posts there now */
} HibPracticeCounts;
/* Of one account (posts, effects, sign-ins only), or of the whole face: account NULL. */
void hib_practice_counts(HibPracticeFace *face, const char *account, HibPracticeCounts *ret);
/* A handler says for whom its call acts, so that effects count for the account too. hib_practice_bearer says it by itself. */
void hib_practice_acts_for(HibPracticeCall *call, const HibPracticeAccount *account);
