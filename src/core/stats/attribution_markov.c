/* Removal effects of an absorbing chain, solved.
 *
 * A state is the last 1..order touches; each path goes from the start through its states into conversion or nothing. The chance of conversion
 * from a state is x = b + Q x. With a channel removed, every step to it ends in nothing, so its states count as 0. Both are solved by Gauss-Seidel
 * with steps to the same state taken out exactly, which needs only the steps that occur. The result is certified: (I-Q)T >= 1/2 in every state
 * bounds the rows of the inverse by 2T, hence |error| <= 2T max|residual|; a chain with a channel removed has smaller rows still. */
#include "stats/attribution_private.h"

#include <math.h>

#define MAX_STATES 20000
#define FOLDS 5
#define PRIOR 0.5 /* of each outcome of a step, when paths kept aside are foretold */
#define SWEEPS_A_CHECK 4
#define MAX_CHECKS 20000
#define GOAL 1e-16 /* residual, relative to the greatest chance */

typedef struct {
    uint64_t key;
    uint32_t value; /* + 1; 0: free */
} Slot;
typedef struct {
    Slot *slots;
    size_t mask, n;
} Index;

struct HibChain {
    const HibPaths *paths;
    int order;
    uint32_t n_states, n_steps; /* state 0 is the start */
    Index states, steps;
    GArray *channels, *from, *to; /* of a state; of a step */
    uint32_t *step_of;            /* each touch */
    uint32_t *ends;               /* each path: its last state */
    uint32_t *first, *sorted;     /* steps by the state they start from */
    double *weights, *sums, *wins, *gains, *chance, *payoff, *self; /* of the weights asked about */
};

static void
index_init(Index *index, size_t n)
{
    *index = (Index){.slots = g_new0(Slot, n), .mask = n - 1};
}

static size_t
slot_of(const Index *index, uint64_t key)
{
    size_t at = (key * 0x9e3779b97f4a7c15u) >> 32 & index->mask;
    while (index->slots[at].value && index->slots[at].key != key)
        at = (at + 1) & index->mask;
    return at;
}

static void
index_grow(Index *index)
{
    Index wider;
    index_init(&wider, (index->mask + 1) * 2);
    for (size_t i = 0; i <= index->mask; i++)
        if (index->slots[i].value)
            wider.slots[slot_of(&wider, index->slots[i].key)] = index->slots[i];
    wider.n = index->n;
    g_free(index->slots);
    *index = wider;
}

/* The number of a key; *ret_is_new when it was not there. */
static uint32_t
index_of(Index *index, uint64_t key, bool *ret_is_new)
{
    size_t at = slot_of(index, key);
    *ret_is_new = index->slots[at].value == 0;
    if (!*ret_is_new)
        return index->slots[at].value - 1;
    if (2 * (index->n + 1) > index->mask) {
        index_grow(index);
        at = slot_of(index, key);
    }
    index->slots[at] = (Slot){key, (uint32_t)++index->n};
    return (uint32_t)index->n - 1;
}

/* The step from a state to a channel; the state it leads to follows from both. */
static uint32_t
step(HibChain *chain, uint32_t from, uint16_t channel, uint64_t state_key)
{
    bool is_new;
    const uint32_t at = index_of(&chain->steps, (uint64_t)from << 16 | channel, &is_new);
    if (!is_new)
        return at;
    const uint32_t to = index_of(&chain->states, state_key, &is_new);
    if (is_new)
        g_array_append_val(chain->channels, channel);
    g_array_append_val(chain->from, from);
    g_array_append_val(chain->to, to);
    return at;
}

static bool
read_paths(HibChain *chain)
{
    const HibPaths *paths = chain->paths;
    const uint64_t keep = chain->order == 4 ? UINT64_MAX : ((uint64_t)1 << 16 * chain->order) - 1;
    for (size_t p = 0; p < paths->n_paths; p++) {
        uint64_t key = 0;
        uint32_t state = 0;
        for (uint32_t i = paths->starts[p]; i < paths->starts[p + 1]; i++) {
            key = (key << 16 | (paths->touches[i] + 1u)) & keep;
            chain->step_of[i] = step(chain, state, paths->touches[i], key);
            state = g_array_index(chain->to, uint32_t, chain->step_of[i]);
        }
        chain->ends[p] = state;
        if (chain->states.n > MAX_STATES)
            return false;
    }
    return true;
}

static void
sort_steps(HibChain *chain)
{
    const uint32_t *from = (const uint32_t *)(void *)chain->from->data;
    for (uint32_t t = 0; t < chain->n_steps; t++)
        chain->first[from[t] + 1]++;
    for (uint32_t s = 0; s < chain->n_states; s++)
        chain->first[s + 1] += chain->first[s];
    g_autofree uint32_t *next = g_memdup2(chain->first, sizeof(uint32_t) * (chain->n_states + 1));
    for (uint32_t t = 0; t < chain->n_steps; t++)
        chain->sorted[next[from[t]]++] = t;
}

HibChain *
hib_chain_new(const HibPaths *paths, int order)
{
    const uint16_t none = UINT16_MAX;
    bool is_new;
    HibChain *chain = g_new0(HibChain, 1);
    chain->paths = paths;
    chain->order = order;
    index_init(&chain->states, 1024);
    index_init(&chain->steps, 1024);
    chain->channels = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    chain->from = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    chain->to = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    chain->step_of = g_new(uint32_t, paths->starts[paths->n_paths] + 1);
    chain->ends = g_new(uint32_t, paths->n_paths + 1);
    index_of(&chain->states, 0, &is_new);
    g_array_append_val(chain->channels, none);
    if (!read_paths(chain)) {
        hib_chain_free(chain);
        return NULL;
    }
    const uint32_t n = chain->n_states = (uint32_t)chain->states.n;
    chain->n_steps = (uint32_t)chain->steps.n;
    chain->first = g_new0(uint32_t, n + 1);
    chain->sorted = g_new(uint32_t, chain->n_steps + 1);
    chain->weights = g_new(double, chain->n_steps + 1);
    chain->sums = g_new(double, n);
    chain->wins = g_new(double, n);
    chain->gains = g_new(double, n);
    chain->chance = g_new(double, n);
    chain->payoff = g_new(double, n);
    chain->self = g_new(double, n);
    sort_steps(chain);
    return chain;
}

void
hib_chain_free(HibChain *chain)
{
    if (!chain)
        return;
    g_free(chain->states.slots);
    g_free(chain->steps.slots);
    g_array_unref(chain->channels);
    g_array_unref(chain->from);
    g_array_unref(chain->to);
    void *const arrays[] = {chain->step_of, chain->ends,   chain->first, chain->sorted,
                            chain->weights, chain->sums,   chain->wins,  chain->gains,
                            chain->chance,  chain->payoff, chain->self};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_free(arrays[i]);
    g_free(chain);
}

/* --- order ------------------------------------------------------------------------------------------------------- */
/* What would be said of `n` visitors' next step, where `seen` of `all` went the same way without them. */
static double
surprise(double n, double seen, double all, size_t n_outcomes)
{
    return n > 0 ? -n * log((seen + PRIOR) / (all + PRIOR * (double)n_outcomes)) : 0;
}

/* Visitors of one path go to all folds alike, the odd ones from a fold that differs by path. */
static double
in_fold(double n, size_t path, int fold)
{
    const double each = floor(n / FOLDS);
    const int turn = (int)((path * 0x9e3779b97f4a7c15u >> 33) + (size_t)fold) % FOLDS;
    return each + (turn < n - each * FOLDS ? 1 : 0);
}

/* The counts of one fold. `ends` holds conversions, then nulls of each state. */
static void
count_fold(const HibChain *chain, int fold, double *steps, double *ends)
{
    const HibPaths *paths = chain->paths;
    for (size_t p = 0; p < paths->n_paths; p++) {
        const double conversions = fold < 0 ? (double)paths->conversions[p]
                                            : in_fold((double)paths->conversions[p], p, fold);
        const double nulls =
            fold < 0 ? (double)paths->nulls[p] : in_fold((double)paths->nulls[p], p, fold);
        for (uint32_t i = paths->starts[p]; i < paths->starts[p + 1]; i++)
            steps[chain->step_of[i]] += conversions + nulls;
        ends[2 * chain->ends[p]] += conversions;
        ends[2 * chain->ends[p] + 1] += nulls;
    }
}

double
hib_chain_log_loss(const HibChain *chain)
{
    const size_t n_ends = 2 * (size_t)chain->n_states;
    const size_t n_outcomes = chain->paths->n_channels + 2;
    const uint32_t *from = (const uint32_t *)(void *)chain->from->data;
    g_autofree double *all_steps = g_new0(double, chain->n_steps + 1);
    g_autofree double *all_ends = g_new0(double, n_ends);
    g_autofree double *all_sums = g_new0(double, chain->n_states);
    double loss = 0;
    double n = 0;
    count_fold(chain, -1, all_steps, all_ends);
    for (uint32_t t = 0; t < chain->n_steps; t++)
        all_sums[from[t]] += all_steps[t];
    for (size_t e = 0; e < n_ends; e++)
        all_sums[e / 2] += all_ends[e];
    for (int fold = 0; fold < FOLDS; fold++) {
        g_autofree double *steps = g_new0(double, chain->n_steps + 1);
        g_autofree double *ends = g_new0(double, n_ends);
        g_autofree double *rest = g_memdup2(all_sums, sizeof(double) * chain->n_states);
        count_fold(chain, fold, steps, ends);
        for (uint32_t t = 0; t < chain->n_steps; t++)
            rest[from[t]] -= steps[t];
        for (size_t e = 0; e < n_ends; e++)
            rest[e / 2] -= ends[e];
        for (uint32_t t = 0; t < chain->n_steps; t++)
            loss += surprise(steps[t], all_steps[t] - steps[t], rest[from[t]], n_outcomes);
        for (size_t e = 0; e < n_ends; e++)
            loss += surprise(ends[e], all_ends[e] - ends[e], rest[e / 2], n_outcomes);
    }
    for (uint32_t s = 0; s < chain->n_states; s++)
        n += all_sums[s];
    return n > 0 ? loss / n : 0;
}

/* --- removal effects ----------------------------------------------------------------------------------------------- */
static void
weigh(HibChain *chain, const HibEndings *endings)
{
    const HibPaths *paths = chain->paths;
    const uint32_t *from = (const uint32_t *)(void *)chain->from->data;
    const uint32_t *to = (const uint32_t *)(void *)chain->to->data;
    memset(chain->weights, 0, sizeof(double) * chain->n_steps);
    double *const sums[] = {chain->sums, chain->wins, chain->gains, chain->self};
    for (size_t i = 0; i < G_N_ELEMENTS(sums); i++)
        memset(sums[i], 0, sizeof(double) * chain->n_states);
    for (size_t p = 0; p < paths->n_paths; p++) {
        const double n = endings->conversions[p] + endings->nulls[p];
        if (n <= 0)
            continue;
        for (uint32_t i = paths->starts[p]; i < paths->starts[p + 1]; i++)
            chain->weights[chain->step_of[i]] += n;
        chain->sums[chain->ends[p]] += n;
        chain->wins[chain->ends[p]] += endings->conversions[p];
        chain->gains[chain->ends[p]] += endings->revenue[p];
    }
    for (uint32_t t = 0; t < chain->n_steps; t++)
        chain->sums[from[t]] += chain->weights[t];
    for (uint32_t t = 0; t < chain->n_steps; t++) {
        if (chain->weights[t] > 0)
            chain->weights[t] /= chain->sums[from[t]];
        if (from[t] == to[t])
            chain->self[from[t]] = chain->weights[t];
    }
    for (uint32_t s = 0; s < chain->n_states; s++)
        if (chain->sums[s] > 0) {
            chain->wins[s] /= chain->sums[s];
            chain->gains[s] /= chain->sums[s];
        }
}

/* One sweep; where `residual` is asked for, nothing is changed and the greatest is returned. `right` NULL: all ones. */
static double
sweep(const HibChain *chain, const double *right, int removed, double *x, bool residual)
{
    const uint16_t *channels = (const uint16_t *)(void *)chain->channels->data;
    const uint32_t *to = (const uint32_t *)(void *)chain->to->data;
    double most = 0;
    for (uint32_t s = chain->n_states; s-- > 0;) {
        double sum = right ? right[s] : 1;
        if (removed >= 0 && channels[s] == removed)
            continue; /* x is 0 there */
        for (uint32_t i = chain->first[s]; i < chain->first[s + 1]; i++) {
            const uint32_t t = chain->sorted[i];
            if (to[t] != s)
                sum += chain->weights[t] * x[to[t]];
        }
        if (residual)
            most = MAX(most, fabs(sum - (1 - chain->self[s]) * x[s]));
        else
            x[s] = sum / (1 - chain->self[s]);
    }
    return most;
}

/* To the last bit that rounding leaves; returns the greatest residual. */
static double
solve(const HibChain *chain, const double *right, int removed, double *x, double goal)
{
    double best = INFINITY;
    for (int check = 0, still = 0; check < MAX_CHECKS && still < 3; check++) {
        for (int i = 0; i < SWEEPS_A_CHECK; i++)
            sweep(chain, right, removed, x, false);
        const double residual = sweep(chain, right, removed, x, true);
        if (residual <= goal)
            return residual;
        still = residual < best * 0.9 ? 0 : still + 1;
        best = MIN(best, residual);
    }
    return best;
}

static double
greatest(const double *values, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = MAX(most, fabs(values[i]));
    return most;
}

/* With the channel gone, where the whole chain's answer is known: started from there. */
static double
without(const HibChain *chain, const double *right, const double *whole, int removed, double *x,
        double *worst)
{
    const uint16_t *channels = (const uint16_t *)(void *)chain->channels->data;
    for (uint32_t s = 0; s < chain->n_states; s++)
        x[s] = channels[s] == removed ? 0 : whole[s];
    const double scale = greatest(whole, chain->n_states);
    const double residual = solve(chain, right, removed, x, GOAL * scale);
    *worst = MAX(*worst, whole[0] > 0 ? residual / whole[0] : 0);
    return whole[0] > 0 ? 1 - x[0] / whole[0] : 0;
}

/* What is shared out: of those who met a channel at all. */
static void
share_out(const HibChain *chain, const HibEndings *endings, double sum, double revenue_sum,
          HibCredit *out)
{
    double conversions = 0;
    double revenue = 0;
    for (size_t p = 0; p < chain->paths->n_paths; p++)
        if (chain->ends[p] != 0) {
            conversions += endings->conversions[p];
            revenue += endings->revenue[p];
        }
    for (size_t c = 0; c < chain->paths->n_channels; c++) {
        out[c].conversions = sum > 0 ? out[c].effect / sum * conversions : 0;
        out[c].revenue = revenue_sum > 0 ? out[c].revenue / revenue_sum * revenue : 0;
    }
}

double
hib_chain_share(HibChain *chain, const HibEndings *endings, HibCredit *out)
{
    const size_t n = chain->n_states;
    g_autofree double *x = g_new0(double, n);
    double sum = 0;
    double revenue_sum = 0;
    double worst = 0;
    weigh(chain, endings);
    solve(chain, NULL, -1, x, 0.25);
    const double bound = 2 * greatest(x, n); /* of the rows of the inverse */
    memset(chain->chance, 0, sizeof(double) * n);
    memset(chain->payoff, 0, sizeof(double) * n);
    const double residual =
        solve(chain, chain->wins, -1, chain->chance, GOAL * greatest(chain->wins, n));
    solve(chain, chain->gains, -1, chain->payoff, GOAL * greatest(chain->gains, n));
    worst = chain->chance[0] > 0 ? residual / chain->chance[0] : 0;
    for (size_t c = 0; c < chain->paths->n_channels; c++) {
        double unused = 0;
        out[c].effect = without(chain, chain->wins, chain->chance, (int)c, x, &worst);
        out[c].revenue = without(chain, chain->gains, chain->payoff, (int)c, x, &unused);
        sum += out[c].effect;
        revenue_sum += out[c].revenue;
    }
    share_out(chain, endings, sum, revenue_sum, out);
    return 2 * worst * bound; /* of a quotient of two */
}
