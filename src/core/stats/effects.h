/* Whether one kind of post does better than the others (a weekday, a type, a hashtag), by how much, and what test would tell when nobody can.
 *
 * As in posting_time.h the logarithm of a result is a level that wanders with time plus the effect of its kind; how far kinds differ, with not at all among the answers, and how quickly the
 * level wanders is weighed by how well each says every post from those before it. Effects are drawn towards none until the posts insist. Exact for each answer, no draws. Pure, thread-safe. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

#define HIB_EFFECT_KINDS 12
#define HIB_EFFECT_POSTS 4096 /* older ones are not looked at */
#define HIB_EFFECT_LEAST 20

typedef struct {
    double day;    /* when, in days from any moment on */
    uint8_t kind;  /* 0..HIB_EFFECT_KINDS - 1 */
    double result; /* 0 and more */
} HibKindResult;

typedef struct {
    size_t n; /* posts of it */
    double lift, low,
        high; /* over all others as they are mixed: 0.1 is 10% more; none without posts of both */
    bool is_told; /* the interval does not hold 0 */
} HibKindEffect;

typedef struct {
    HibKindEffect kinds[HIB_EFFECT_KINDS];
    double chance_none;  /* that kinds make no difference at all */
    double noise;        /* standard deviation of one post's logarithm beside all this */
    uint32_t test_posts; /* of each of two kinds: shows a lift of `worthwhile` four times in five */
} HibEffects;

/* `posts` by time, oldest first. `level` of the intervals, 0.95; `worthwhile`: least lift that matters. False: fewer than HIB_EFFECT_LEAST posts, or one out of range or order. */
bool hib_effects(HibArena *arena, const HibKindResult *posts, size_t n, double level,
                 double worthwhile, HibEffects *ret);
/* Posts of each of two kinds until a lift of `worthwhile` shows four times in five, with such noise. */
uint32_t hib_effect_test(double noise, double worthwhile);
