/* Inside stats/ only: the parts of the attribution. Each is made once of the paths' shape and then asked again and again with other weights
 * of the same paths: that is all a replicate of the bootstrap changes. */
#pragma once
#include "base/secrets.h"
#include "stats/attribution.h"

/* How often each path ended how. */
typedef struct {
    double *conversions, *nulls, *revenue;
} HibEndings;

/* --- attribution_touch.c: rules along the path. `out`: one array of n_channels for each of the five rules, conversions then revenue. */
typedef struct {
    const HibPaths *paths;
    double *decay; /* of each touch: its part of its path's conversion */
} HibTouchRules;
void hib_touch_rules_init(HibTouchRules *rules, const HibPaths *paths, double half_life);
void hib_touch_rules_clear(HibTouchRules *rules);
void hib_touch_rules_share(const HibTouchRules *rules, const HibEndings *endings,
                           HibCredit *const *out);

/* --- attribution_markov.c */
typedef struct HibChain HibChain;
/* NULL: too many states. */
HibChain *hib_chain_new(const HibPaths *paths, int order);
void hib_chain_free(HibChain *chain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibChain, hib_chain_free)
double hib_chain_log_loss(const HibChain *chain);
/* Returns the bound of the error of any effect. */
double hib_chain_share(HibChain *chain, const HibEndings *endings, HibCredit *out);

/* --- attribution_shapley.c */
typedef struct HibCoalitions HibCoalitions;
HibCoalitions *hib_coalitions_new(const HibPaths *paths);
void hib_coalitions_free(HibCoalitions *coalitions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibCoalitions, hib_coalitions_free)
void hib_coalitions_exact(HibCoalitions *coalitions, const HibEndings *endings, HibCredit *out);
void hib_coalitions_sample(HibCoalitions *coalitions, const HibEndings *endings, int pairs,
                           HibSeeded *seeded, HibCredit *out);
