/* Whether the hour and the weekday of a post make a difference to this account, how much, and what test would tell when nobody can.
 *
 * A mean by hour of a few hundred posts is mostly noise, by hour and weekday it does harm (bench/posting_time.py). Here the logarithm of a result is a level that wanders with time, plus the kind of the
 * post, plus a smooth curve over the 168 hours of a week: six waves of the day and six of the week, each smaller beforehand the faster it is. How large the curve may be, with none at all among
 * the answers, and how quickly the level wanders is weighed by how well each says every post from those before it (marginal likelihood of a Kalman filter, exact).
 * An effect is therefore near 0 until the posts insist on it. Draws are seeded: same posts, same answer. Pure, thread-safe. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

#define HIB_SLOTS 168          /* Monday 0:00 is 0 */
#define HIB_POSTING_POSTS 4096 /* older ones are not looked at */
#define HIB_POSTING_LEAST 20
#define HIB_POSTING_KINDS 8

typedef struct {
    double day;    /* when, in days from any moment on */
    uint8_t slot;  /* of the week, in the account's zone */
    uint8_t kind;  /* photo, video …: 0..7 */
    double result; /* reactions, reach …: 0 and more */
} HibPostResult;

typedef struct {
    double effect, low, high; /* of a post then, beside the mean of all hours: 0.1 is 10% more */
    double chance_best;       /* that no other slot is better */
} HibSlotEffect;

typedef struct {
    HibSlotEffect slots[HIB_SLOTS];
    double chance_none;  /* that hour and weekday make no difference at all */
    double noise;        /* standard deviation of one post's logarithm beside all this */
    uint8_t best, usual; /* slot of the greatest mean effect; the one that is used most */
    double lift, lift_low, lift_high; /* of the best over posting as until now */
    bool is_told;                     /* the interval of the lift is above 0 */
    uint32_t
        test_posts; /* in each of `best` and `usual`: shows a lift of `worthwhile` four times in five */
} HibPostingTime;

/* `posts` by time, oldest first. `level` of the intervals, 0.95; `worthwhile`: least lift that matters, 0.2 is 20%. False: fewer than HIB_POSTING_LEAST posts, or one that is out of range or order. */
bool hib_posting_time(HibArena *arena, const HibPostResult *posts, size_t n, double level,
                      double worthwhile, HibPostingTime *ret);
