/* The posterior of the kinds' effects: a Kalman filter for each of 8 sizes of them and 5 speeds of the level; what is said of a kind is the mixture of these, each a bell curve. */
#include "stats/effects.h"

#include <math.h>
#include <string.h>

enum { MOST = 1 + HIB_EFFECT_MARKS, SIZES = 8, SPEEDS = 5, ANSWERS = SIZES * SPEEDS };

/* In units of the noise: standard deviation of an effect; variance the level gains a day. */
static const double sizes[SIZES] = {0, 0.03, 0.06, 0.1, 0.17, 0.3, 0.5, 0.8};
static const double speeds[SPEEDS] = {0, 0.001, 0.01, 0.05, 0.25};
#define LEVEL_VARIANCE 100.0
#define HALF_POWER 0.8416 /* a normal is below it four times in five */
#define TWO_SIDED 1.96

typedef struct {
    double mean[MOST], variance[MOST][MOST]; /* the latter in units of noise² */
    double noise2, likelihood;               /* logarithm */
} Filter;

/* Posts as both questions ask of them: level and kinds, of which a post bears some. */
typedef struct {
    const HibMarkedResult *posts;
    size_t n, n_states; /* the level and the kinds */
    double weights[ANSWERS];
    Filter *filters;
} Posterior;

static void
learn(Filter *filter, size_t n_states, uint32_t marks, double value, double *squares, double *logs)
{
    double gain[MOST] = {0};
    size_t at[MOST] = {0}; /* the level, then what the post bears */
    size_t n = 1;
    for (size_t i = 1; i < n_states; i++)
        if (marks >> (i - 1) & 1)
            at[n++] = i;
    double variance = 1;
    double error = value;
    for (size_t i = 0; i < n_states; i++)
        for (size_t k = 0; k < n; k++)
            gain[i] += filter->variance[i][at[k]];
    for (size_t k = 0; k < n; k++) {
        variance += gain[at[k]];
        error -= filter->mean[at[k]];
    }
    for (size_t i = 0; i < n_states; i++) {
        const double part = gain[i] / variance;
        filter->mean[i] += part * error;
        for (size_t j = 0; j < n_states; j++)
            filter->variance[i][j] -= part * gain[j];
    }
    *squares += error * error / variance;
    *logs += log(variance);
}

static void
run(Filter *filter, const Posterior *of, double size, double speed)
{
    double squares = 0;
    double logs = 0;
    const HibMarkedResult *posts = of->posts;
    memset(filter, 0, sizeof *filter);
    filter->variance[0][0] = LEVEL_VARIANCE;
    for (size_t k = 1; k < of->n_states; k++)
        filter->variance[k][k] = size * size;
    filter->mean[0] = log1p(posts[0].result);
    for (size_t p = 0; p < of->n; p++) {
        if (p)
            filter->variance[0][0] += speed * (posts[p].day - posts[p - 1].day);
        learn(filter, of->n_states, posts[p].marks, log1p(posts[p].result), &squares, &logs);
    }
    filter->noise2 = MAX(squares / (double)of->n, 1e-6);
    filter->likelihood = -0.5 * (double)of->n * log(filter->noise2) - 0.5 * logs;
}

static void
weigh(const Filter *filters, double weights[ANSWERS])
{
    double best = filters[0].likelihood;
    double total = 0;
    for (int a = 1; a < ANSWERS; a++)
        best = MAX(best, filters[a].likelihood);
    for (int a = 0; a < ANSWERS; a++)
        total += weights[a] = exp(filters[a].likelihood - best);
    for (int a = 0; a < ANSWERS; a++)
        weights[a] /= total;
}

/* A sum of effects: mean and standard deviation in each answer. */
static void
contrast(const Posterior *of, const double *row, double *mean, double *sd)
{
    for (int a = 0; a < ANSWERS; a++) {
        const Filter *filter = &of->filters[a];
        double variance = 0;
        mean[a] = 0;
        for (size_t i = 1; i < of->n_states; i++) {
            mean[a] += row[i] * filter->mean[i];
            for (size_t j = 1; j < of->n_states; j++)
                variance += row[i] * row[j] * filter->variance[i][j];
        }
        sd[a] = sqrt(MAX(variance, 0) * filter->noise2);
    }
}

/* Part of the mixture that is below `x`; an answer without spread is a step. */
static double
below(const double *weights, const double *mean, const double *sd, double x)
{
    double sum = 0;
    for (int a = 0; a < ANSWERS; a++)
        sum += weights[a] *
               (sd[a] > 1e-12 ? 0.5 * erfc((mean[a] - x) / (sd[a] * sqrt(2))) : x >= mean[a]);
    return sum;
}

static double
quantile(const double *weights, const double *mean, const double *sd, double part)
{
    double low = -20;
    double high = 20;
    for (int i = 0; i < 80; i++) {
        const double middle = (low + high) / 2;
        if (below(weights, mean, sd, middle) < part)
            low = middle;
        else
            high = middle;
    }
    return high;
}

uint32_t
hib_effect_test(double noise, double worthwhile)
{
    const double parts = (TWO_SIDED + HALF_POWER) * noise / log1p(worthwhile);
    return (uint32_t)MIN(ceil(2 * parts * parts), 1e6);
}

static bool
is_in_range(const HibMarkedResult *posts, size_t n, size_t n_marks)
{
    for (size_t p = 0; p < n; p++)
        if ((uint64_t)posts[p].marks >> n_marks || !isfinite(posts[p].day) ||
            !(posts[p].result >= 0 && isfinite(posts[p].result)) ||
            (p && posts[p].day < posts[p - 1].day))
            return false;
    return true;
}

static bool
solve(HibArena *arena, const HibMarkedResult *posts, size_t n, size_t n_marks, Posterior *ret)
{
    if (n < HIB_EFFECT_LEAST || n_marks > HIB_EFFECT_MARKS || !is_in_range(posts, n, n_marks))
        return false;
    *ret = (Posterior){.posts = posts,
                       .n = n,
                       .n_states = 1 + n_marks,
                       .filters = hib_arena_array(arena, Filter, ANSWERS)};
    for (int a = 0; a < ANSWERS; a++)
        run(&ret->filters[a], ret, sizes[a / SPEEDS], speeds[a % SPEEDS]);
    weigh(ret->filters, ret->weights);
    return true;
}

static double
noise_of(const Posterior *of)
{
    double noise = 0;
    for (int a = 0; a < ANSWERS; a++)
        noise += of->weights[a] * sqrt(of->filters[a].noise2);
    return noise;
}

/* The first answers are those without any effect. */
static double
chance_of_none(const Posterior *of)
{
    double chance = 0;
    for (int a = 0; a < SPEEDS; a++)
        chance += of->weights[a];
    return chance;
}

static HibKindEffect
effect_of(const Posterior *of, const double *row, size_t n, double level)
{
    double mean[ANSWERS];
    double sd[ANSWERS];
    double middle = 0;
    contrast(of, row, mean, sd);
    for (int a = 0; a < ANSWERS; a++)
        middle += of->weights[a] * mean[a];
    HibKindEffect effect = {
        .n = n,
        .lift = expm1(middle),
        .low = expm1(quantile(of->weights, mean, sd, (1 - level) / 2)),
        .high = expm1(quantile(of->weights, mean, sd, 1 - (1 - level) / 2)),
    };
    effect.is_told = effect.low > 1e-9 || effect.high < -1e-9;
    return effect;
}

/* One kind less the others as they are mixed. */
static HibKindEffect
kind_effect(const Posterior *of, const size_t *counts, int kind, double level)
{
    double row[MOST] = {0};
    if (!counts[kind] || counts[kind] == of->n)
        return (HibKindEffect){.n = counts[kind]};
    for (int k = 0; k < HIB_EFFECT_KINDS; k++)
        row[1 + k] = k == kind ? 1 : -(double)counts[k] / (double)(of->n - counts[kind]);
    return effect_of(of, row, counts[kind], level);
}

bool
hib_effects(HibArena *arena, const HibKindResult *posts, size_t n, double level, double worthwhile,
            HibEffects *ret)
{
    Posterior of;
    size_t counts[HIB_EFFECT_KINDS] = {0};
    *ret = (HibEffects){0};
    if (n > HIB_EFFECT_POSTS) {
        posts += n - HIB_EFFECT_POSTS;
        n = HIB_EFFECT_POSTS;
    }
    if (!(level > 0 && level < 1) || !(worthwhile > 0))
        return false;
    HibMarkedResult *marked = hib_arena_array(arena, HibMarkedResult, n + 1);
    for (size_t p = 0; p < n; p++) {
        if (posts[p].kind >= HIB_EFFECT_KINDS)
            return false;
        counts[posts[p].kind]++;
        marked[p] = (HibMarkedResult){posts[p].day, (uint32_t)1 << posts[p].kind, posts[p].result};
    }
    if (!solve(arena, marked, n, HIB_EFFECT_KINDS, &of))
        return false;
    ret->noise = noise_of(&of);
    ret->chance_none = chance_of_none(&of);
    ret->test_posts = hib_effect_test(ret->noise, worthwhile);
    for (int k = 0; k < HIB_EFFECT_KINDS; k++)
        ret->kinds[k] = kind_effect(&of, counts, k, level);
    return true;
}

bool
hib_mark_effects(HibArena *arena, const HibMarkedResult *posts, size_t n, size_t n_marks,
                 double level, double worthwhile, HibMarkEffects *ret)
{
    Posterior of;
    *ret = (HibMarkEffects){0};
    if (n > HIB_EFFECT_POSTS) {
        posts += n - HIB_EFFECT_POSTS;
        n = HIB_EFFECT_POSTS;
    }
    if (!(level > 0 && level < 1) || !(worthwhile > 0) || !solve(arena, posts, n, n_marks, &of))
        return false;
    const double each = 1 - (1 - level) / (double)MAX(n_marks, 1);
    ret->noise = noise_of(&of);
    ret->chance_none = chance_of_none(&of);
    ret->test_posts = hib_effect_test(ret->noise, worthwhile);
    for (size_t m = 0; m < n_marks; m++) {
        size_t bearing = 0;
        double row[MOST] = {0};
        for (size_t p = 0; p < n; p++)
            bearing += posts[p].marks >> m & 1;
        row[1 + m] = 1;
        ret->marks[m] = bearing && bearing < n ? effect_of(&of, row, bearing, each)
                                               : (HibKindEffect){.n = bearing};
    }
    return true;
}
