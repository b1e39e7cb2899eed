/* An audience alive: it sees posts, reacts, reshares, comments, follows and leaves, event by event in the order of time.
 *
 * Seeded: the same description and posts give the same numbers whatever the steps it is advanced in, and after a restart, as long as
 * posts are told before their time is advanced past. A post's chances are drawn from a stream of its own, so posts disturb each other
 * only as they do in life (two at once share the attention). Numbers never fall, followers may. Not thread-safe. */
#pragma once
#include "base/arena.h"
#include "practice/audience.h"
#include <glib.h>

typedef struct HibCrowd HibCrowd;
HibCrowd *hib_crowd_new(const HibAudience *audience);
void hib_crowd_free(HibCrowd *crowd); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibCrowd, hib_crowd_free)

/* A post comes out at post->at (then, or now when that has passed). A key that is known is not told again. */
void hib_crowd_post(HibCrowd *crowd, const HibAudiencePost *post);
void hib_crowd_remove(HibCrowd *crowd, uint64_t key,
                      HibInstant at); /* nobody sees it from then on */
/* Lives until `to`; an earlier instant changes nothing. */
void hib_crowd_advance(HibCrowd *crowd, HibInstant to);

/* These advance to `now` first. Zeros for a post that is not out or not known. */
HibAudienceNumbers hib_crowd_numbers(HibCrowd *crowd, uint64_t key, HibInstant now);
int64_t hib_crowd_followers(HibCrowd *crowd, HibInstant now);

typedef enum { HIB_SENTIMENT_NEGATIVE, HIB_SENTIMENT_NEUTRAL, HIB_SENTIMENT_POSITIVE } HibSentiment;
typedef struct {
    uint64_t n; /* its number under the post, from 0: with the post's id it is an id */
    HibInstant at;
    const char *handle, *name; /* who said it */
    const char *text, *lang;   /* "ja" "en" */
    HibSentiment sentiment;    /* the truth behind the words */
} HibComment;
/* Comments on a post from number `from` on, oldest first, at most `limit`; in the arena. */
size_t hib_crowd_comments(HibCrowd *crowd, uint64_t key, HibInstant now, uint64_t from,
                          size_t limit, HibArena *arena, HibComment **ret);

typedef enum {
    HIB_CROWD_LIKE,
    HIB_CROWD_COMMENT, /* n: the comment's number */
    HIB_CROWD_REPOST,  /* n: which of the post's own reposts it goes back to */
    HIB_CROWD_QUOTE,
    HIB_CROWD_FOLLOW, /* key 0: not through a post */
    HIB_CROWD_UNFOLLOW,
    HIB_CROWD_VIEW,
} HibCrowdKind;
typedef struct {
    HibCrowdKind kind;
    HibInstant at;
    uint64_t key, n;
    uint64_t who; /* for hib_crowd_who */
} HibCrowdEvent;
/* Hears every event while the crowd is advanced; do not call back into the crowd. NULL: nobody. */
void hib_crowd_hear(HibCrowd *crowd, void (*hear)(const HibCrowdEvent *event, void *data),
                    void *data);
/* A person's handle and name. */
void hib_crowd_who(HibArena *arena, uint64_t who, const char **ret_handle, const char **ret_name);

/* What it holds now, for tests of its memory: posts that still live, events that wait. */
void hib_crowd_size(const HibCrowd *crowd, size_t *ret_live, size_t *ret_waiting);
