/* Posts of the audience with a hashtag, as a search of a practice network finds them: what people post who take part in a giveaway or like a shop.
 *
 * One in most quarters of an hour, each the same whenever it is asked for: who, when and what follow from the hashtag and the quarter alone, so nothing is kept. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIB_TAGGED_PEOPLE 400 /* who posts: hib_crowd_who of 0 to 399 */

typedef struct {
    uint64_t id; /* 17 digits at most, growing with time */
    HibInstant at;
    const char *handle, *name, *text;
    bool has_picture;
} HibTagged;
/* Those of [from, to), newest first, at most `most`; in the arena. */
size_t hib_tagged_posts(HibArena *arena, const char *tag, HibInstant from, HibInstant to,
                        size_t most, HibTagged **ret);
/* By its id; its text without the hashtag, which an id does not say. False: none, or not posted by `now`. */
bool hib_tagged_post(HibArena *arena, uint64_t id, HibInstant now, HibTagged *ret);
/* A picture they show: a PNG. */
const void *hib_tagged_picture(size_t *ret_n);
