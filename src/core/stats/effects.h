/* Whether one kind of post does better than the others (a weekday, a type, a hashtag), by how much, and what test would tell when nobody can.
 *
 * As in posting_time.h the logarithm of a result is a level that wanders with time plus the effect of its kind; how far kinds differ, with not at all among the answers, and how quickly the
 * level wanders is weighed by how well each says every post from those before it. Effects are drawn towards none until the posts insist. Exact for each answer, no draws. Pure, thread-safe.
 *
 * A post that bears several kinds at once (hashtags) has the sum of their effects. All of them are estimated together, with one spread (partial pooling: A. Gelman, J. Hill, M. Yajima, Why we
 * (usually) don't have to worry about multiple comparisons, Journal of Research on Educational Effectiveness 5, 2012). Where none differs that alone keeps thirty from being told by chance; where one
 * stands out the spread is wide for all, so the intervals are made to hold all at once as well (O. J. Dunn, Multiple comparisons among means, JASA 56, 1961). What one is worth is told with the
 * others held as they are: one that goes with a good one every second time earns nothing by it. Two that all but always go together share what they are worth; whoever asks puts such into one. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

#define HIB_EFFECT_KINDS 12
#define HIB_EFFECT_MARKS 32   /* a post bears any of them */
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
typedef struct {
    double day;
    uint32_t marks; /* bit m: it bears mark m */
    double result;
} HibMarkedResult;
typedef struct {
    HibKindEffect marks[HIB_EFFECT_MARKS]; /* of posts with it over those without, all else alike */
    double chance_none, noise;
    uint32_t test_posts;
} HibMarkEffects;
/* The same, of the first `n_marks` marks, with intervals that all hold together at `level`; false as well when a post bears another. A mark that all posts bear or none has no effect. */
bool hib_mark_effects(HibArena *arena, const HibMarkedResult *posts, size_t n, size_t n_marks,
                      double level, double worthwhile, HibMarkEffects *ret);
/* Posts of each of two kinds until a lift of `worthwhile` shows four times in five, with such noise. */
uint32_t hib_effect_test(double noise, double worthwhile);
