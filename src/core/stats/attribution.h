/* Which channel a conversion is owed to, by seven methods side by side, each with an interval.
 *
 * A path is what one visitor (or many alike) met in order, and how it ended: with conversions, or with none. Four rules share each conversion
 * out along its own path (last, first, linear, position) and one by time (half of the weight per half-life). Two compare paths with each other and
 * therefore need those that ended in nothing:
 * - Markov: the paths as a chain with states for the last 1..4 touches. A channel's removal effect is the part of all conversions that is lost
 *   when whoever comes to it leaves; conversions are shared out by it. Solved, never simulated; `error_bound` says how exactly.
 * - Shapley: what a channel adds to the sets it may join, averaged over every order of joining. A set is worth what all visitors would have converted had they
 *   met no other channel, by the rates of those who did. A value may be negative. Paths without a touch, where they are known, say what comes by itself: it is nobody's.
 *   Exact up to 20 channels, above by permutations and their reversals, with the standard error of the sampling.
 * None of them proves a cause: a channel that meets those who would have bought anyway is credited too.
 * Intervals are percentiles of a Poisson bootstrap over visitors. Same seed, same numbers. Pure, thread-safe. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

#define HIB_ATTRIBUTION_CHANNELS 1024
#define HIB_ATTRIBUTION_ORDERS 4
#define HIB_SHAPLEY_EXACT 20 /* channels */

typedef enum {
    HIB_ATTRIBUTE_LAST,
    HIB_ATTRIBUTE_FIRST,
    HIB_ATTRIBUTE_LINEAR,
    HIB_ATTRIBUTE_TIME_DECAY,
    HIB_ATTRIBUTE_POSITION, /* first and last 40% each, the rest among those between */
    HIB_ATTRIBUTE_MARKOV,
    HIB_ATTRIBUTE_SHAPLEY,
    HIB_ATTRIBUTE_N
} HibAttribute;

typedef struct {
    size_t n_channels, n_paths;
    const uint32_t
        *starts; /* n_paths + 1: where the touches of each path begin; a path may have none */
    const uint16_t *touches; /* channels, 0..n_channels-1 */
    const double *ages;      /* of each touch at the end of its path; NULL: one unit a step */
    const int64_t *conversions, *nulls; /* of each path: how often it ended so */
    const double *revenue;              /* of all its conversions together */
} HibPaths;

typedef struct {
    double half_life; /* in the unit of `ages` */
    int order; /* of the Markov chain, 1..4; 0: the one with the least log loss on paths kept aside */
    int replicates; /* of the bootstrap; 0: no intervals */
    int pairs;      /* of permutations, where Shapley values are sampled */
    double level;   /* of the intervals, 0.95 */
    uint64_t seed;
} HibAttributionOptions;

typedef struct {
    double conversions, revenue;
    double low, high;                 /* of conversions */
    double revenue_low, revenue_high; /* of revenue */
    double effect;                    /* Markov: removal effect, 0..1 */
    double sampling_error;            /* Shapley above 20 channels: of conversions */
} HibCredit;

typedef struct {
    HibCredit *credits[HIB_ATTRIBUTE_N]; /* n_channels each, in the arena */
    double conversions, nulls, revenue;  /* of all paths */
    int order;                           /* of the chain that was used */
    double log_loss
        [HIB_ATTRIBUTION_ORDERS]; /* a step, by order; NAN: not looked at, or too many states */
    double error_bound;           /* of any removal effect */
    bool is_sampled;              /* Shapley */
} HibAttribution;

/* False: paths that do not fit together, with channels or counts beyond what there is or more than 2^31 touches. */
bool hib_attribute(HibArena *arena, const HibPaths *paths, const HibAttributionOptions *options,
                   HibAttribution *ret);
