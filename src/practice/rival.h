/* Other shops' accounts on the practice networks: nobody here owns them, everybody may look at them. What they have follows from the time alone, so nothing is kept. */
#pragma once
#include "base/time.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *slug, *name; /* slug: the handle, without a network's ending */
    int64_t followers;       /* at the beginning of 2026 */
    double followers_a_day;
    int every_h;          /* hours between two posts */
    int64_t likes;        /* of a usual post, in the end */
    bool is_private;      /* shows nothing to others */
    bool is_moving;       /* its handle changes every 30 days: hib_face_rival_handle */
    bool hides_followers; /* where a network lets it */
    bool is_suspended;    /* by the network */
} HibFaceRival;
typedef struct {
    uint64_t id; /* grows with time, never another's */
    HibInstant at;
    int64_t likes, reposts, replies, quotes, views;
} HibFaceRivalPost;
#define HIB_FACE_RIVAL_POSTS 100
/* By number; NULL: no more. */
const HibFaceRival *hib_face_rival_at(size_t i);
/* By its handle of this moment (of a moving one no other) or by its lasting slug with `is_lasting`; NULL: none. */
const HibFaceRival *hib_face_rival(const char *handle, bool is_lasting, HibInstant now);
/* Its handle at this moment, into `ret`. */
const char *hib_face_rival_handle(const HibFaceRival *rival, HibInstant now, char ret[64]);
int64_t hib_face_rival_followers(const HibFaceRival *rival, HibInstant now);
/* All it ever posted. */
int64_t hib_face_rival_n_posts(const HibFaceRival *rival, HibInstant now);
/* The newest first, `most` at most. */
size_t hib_face_rival_posts(const HibFaceRival *rival, HibInstant now, size_t most,
                            HibFaceRivalPost ret[HIB_FACE_RIVAL_POSTS]);
