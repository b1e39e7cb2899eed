/* The methods side by side, and the bootstrap that gives each its interval. */
#include "stats/attribution.h"
#include "stats/attribution_private.h"

#include <math.h>

#define EXACT_IN_REPLICATES 14 /* channels: above, a replicate samples its Shapley values */
#define PAIRS_IN_REPLICATES 50
#define SMALL_MEAN 12

typedef struct {
    const HibPaths *paths;
    HibTouchRules rules;
    HibChain *chain;
    HibCoalitions *coalitions;
} Methods;

static bool
is_sound(const HibPaths *paths)
{
    if (paths->n_channels > HIB_ATTRIBUTION_CHANNELS || paths->n_paths > INT32_MAX ||
        paths->starts[0] != 0 || paths->starts[paths->n_paths] > INT32_MAX)
        return false;
    for (size_t p = 0; p < paths->n_paths; p++)
        if (paths->starts[p + 1] < paths->starts[p] || paths->conversions[p] < 0 ||
            paths->nulls[p] < 0 || !isfinite(paths->revenue[p]))
            return false;
    for (uint32_t i = 0; i < paths->starts[paths->n_paths]; i++)
        if (paths->touches[i] >= paths->n_channels || (paths->ages && !isfinite(paths->ages[i])))
            return false;
    return true;
}

/* The order that foretells paths kept aside best; the lower one where two do equally well. */
static HibChain *
choose_chain(const HibPaths *paths, int order, HibAttribution *ret)
{
    HibChain *best = NULL;
    for (int k = 1; k <= HIB_ATTRIBUTION_ORDERS; k++)
        ret->log_loss[k - 1] = NAN;
    if (order >= 1) {
        best = hib_chain_new(paths, MIN(order, HIB_ATTRIBUTION_ORDERS));
        ret->order = MIN(order, HIB_ATTRIBUTION_ORDERS);
    }
    for (int k = 1; order < 1 && k <= HIB_ATTRIBUTION_ORDERS; k++) {
        g_autoptr(HibChain) chain = hib_chain_new(paths, k);
        if (!chain)
            break;
        ret->log_loss[k - 1] = hib_chain_log_loss(chain);
        if (best && ret->log_loss[k - 1] >= ret->log_loss[ret->order - 1])
            continue;
        hib_chain_free(best);
        best = g_steal_pointer(&chain);
        ret->order = k;
    }
    if (best)
        return best;
    ret->order = 1; /* never too many states: at most one a channel */
    return hib_chain_new(paths, 1);
}

static void
share(Methods *methods, const HibEndings *endings, int pairs, HibSeeded *seeded,
      HibCredit *const *out, double *ret_bound)
{
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
        memset(out[m], 0, sizeof(HibCredit) * methods->paths->n_channels);
    hib_touch_rules_share(&methods->rules, endings, out);
    *ret_bound = hib_chain_share(methods->chain, endings, out[HIB_ATTRIBUTE_MARKOV]);
    if (pairs)
        hib_coalitions_sample(methods->coalitions, endings, pairs, seeded,
                              out[HIB_ATTRIBUTE_SHAPLEY]);
    else
        hib_coalitions_exact(methods->coalitions, endings, out[HIB_ATTRIBUTE_SHAPLEY]);
}

/* --- bootstrap ------------------------------------------------------------------------------------------------------ */
/* How often n visitors are drawn when everybody is drawn once in the mean. */
static double
draw(HibSeeded *seeded, double n)
{
    if (n <= 0)
        return 0;
    if (n >= SMALL_MEAN)
        return (double)hib_seeded_poisson(seeded, n);
    const double u = hib_seeded_unit(seeded);
    double term = exp(-n);
    double sum = term;
    int k = 0;
    while (u >= sum && k < 100) {
        term *= n / ++k;
        sum += term;
    }
    return k;
}

static void
redraw(const HibPaths *paths, const HibEndings *real, HibSeeded *seeded, HibEndings *out)
{
    for (size_t p = 0; p < paths->n_paths; p++) {
        const double n = real->conversions[p];
        out->conversions[p] = draw(seeded, n);
        out->nulls[p] = draw(seeded, real->nulls[p]);
        out->revenue[p] = n > 0 ? real->revenue[p] * out->conversions[p] / n : 0;
    }
}

static int
by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two drawn values it falls between. */
static double
quantile(const double *sorted, int n, double at)
{
    const double place = at * (n - 1);
    const int below = (int)floor(place);
    const int above = MIN(below + 1, n - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

static void
bound_credit(HibCredit *credit, double *conversions, double *revenue, int n, double level)
{
    qsort(conversions, (size_t)n, sizeof(double), by_size);
    qsort(revenue, (size_t)n, sizeof(double), by_size);
    credit->low = quantile(conversions, n, (1 - level) / 2);
    credit->high = quantile(conversions, n, (1 + level) / 2);
    credit->revenue_low = quantile(revenue, n, (1 - level) / 2);
    credit->revenue_high = quantile(revenue, n, (1 + level) / 2);
}

static HibEndings
endings_new(size_t n)
{
    return (HibEndings){g_new0(double, n + 1), g_new0(double, n + 1), g_new0(double, n + 1)};
}

static void
endings_clear(HibEndings *endings)
{
    g_free(endings->conversions);
    g_free(endings->nulls);
    g_free(endings->revenue);
}

static void
bootstrap(Methods *methods, const HibEndings *real, const HibAttributionOptions *options,
          HibSeeded *seeded, HibCredit *const *credits)
{
    const HibPaths *paths = methods->paths;
    const size_t n = paths->n_channels;
    const int times = options->replicates;
    const int pairs = n > EXACT_IN_REPLICATES ? PAIRS_IN_REPLICATES : 0;
    const size_t n_values = HIB_ATTRIBUTE_N * n;
    g_autoptr(HibArena) arena = hib_arena_new();
    HibCredit *drawn[HIB_ATTRIBUTE_N];
    double *conversions = hib_arena_array(arena, double, n_values *(size_t)times + 1);
    double *revenue = hib_arena_array(arena, double, n_values *(size_t)times + 1);
    HibEndings endings = endings_new(paths->n_paths);
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
        drawn[m] = hib_arena_array(arena, HibCredit, n + 1);
    for (int r = 0; r < times; r++) {
        double unused;
        redraw(paths, real, seeded, &endings);
        share(methods, &endings, pairs, seeded, drawn, &unused);
        for (size_t i = 0; i < n_values; i++) {
            conversions[i * (size_t)times + (size_t)r] = drawn[i / n][i % n].conversions;
            revenue[i * (size_t)times + (size_t)r] = drawn[i / n][i % n].revenue;
        }
    }
    for (size_t i = 0; i < n_values; i++)
        bound_credit(&credits[i / n][i % n], conversions + i * (size_t)times,
                     revenue + i * (size_t)times, times, options->level);
    endings_clear(&endings);
}

bool
hib_attribute(HibArena *arena, const HibPaths *paths, const HibAttributionOptions *options,
              HibAttribution *ret)
{
    HibSeeded seeded;
    *ret = (HibAttribution){0};
    if (!is_sound(paths))
        return false;
    hib_seeded_init(&seeded, options->seed);
    HibEndings endings = endings_new(paths->n_paths);
    for (size_t p = 0; p < paths->n_paths; p++) {
        endings.conversions[p] = (double)paths->conversions[p];
        endings.nulls[p] = (double)paths->nulls[p];
        endings.revenue[p] = paths->conversions[p] ? paths->revenue[p] : 0;
        ret->conversions += endings.conversions[p];
        ret->nulls += endings.nulls[p];
        ret->revenue += endings.revenue[p];
    }
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
        ret->credits[m] = hib_arena_array(arena, HibCredit, paths->n_channels + 1);
    g_autoptr(HibChain) chain = choose_chain(paths, options->order, ret);
    g_autoptr(HibCoalitions) coalitions = hib_coalitions_new(paths);
    Methods methods = {.paths = paths, .chain = chain, .coalitions = coalitions};
    hib_touch_rules_init(&methods.rules, paths, options->half_life > 0 ? options->half_life : 1);
    ret->is_sampled = paths->n_channels > HIB_SHAPLEY_EXACT;
    share(&methods, &endings, ret->is_sampled ? MAX(options->pairs, 2) : 0, &seeded, ret->credits,
          &ret->error_bound);
    if (options->replicates > 1)
        bootstrap(&methods, &endings, options, &seeded, ret->credits);
    hib_touch_rules_clear(&methods.rules);
    endings_clear(&endings);
    return true;
}
