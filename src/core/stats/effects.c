/* The posterior of the kinds' effects: a Kalman filter for each of 8 sizes of them and 5 speeds of the level; what is said of a kind is the mixture of these, each a bell curve. */
#include "stats/effects.h"

#include <math.h>
#include <string.h>

enum { STATE = 1 + HIB_EFFECT_KINDS, SIZES = 8, SPEEDS = 5, ANSWERS = SIZES * SPEEDS };

/* In units of the noise: standard deviation of an effect; variance the level gains a day. */
static const double sizes[SIZES] = {0, 0.03, 0.06, 0.1, 0.17, 0.3, 0.5, 0.8};
static const double speeds[SPEEDS] = {0, 0.001, 0.01, 0.05, 0.25};
#define LEVEL_VARIANCE 100.0
#define HALF_POWER 0.8416 /* a normal is below it four times in five */
#define TWO_SIDED 1.96

typedef struct {
    double mean[STATE], variance[STATE][STATE]; /* the latter in units of noise² */
    double noise2, likelihood;                  /* logarithm */
} Filter;

static void
learn(Filter *filter, int kind, double value, double *squares, double *logs)
{
    double gain[STATE];
    const int at = 1 + kind;
    for (int i = 0; i < STATE; i++)
        gain[i] = filter->variance[i][0] + filter->variance[i][at];
    const double variance = 1 + gain[0] + gain[at];
    const double error = value - filter->mean[0] - filter->mean[at];
    for (int i = 0; i < STATE; i++) {
        const double part = gain[i] / variance;
        filter->mean[i] += part * error;
        for (int j = 0; j < STATE; j++)
            filter->variance[i][j] -= part * gain[j];
    }
    *squares += error * error / variance;
    *logs += log(variance);
}

static void
run(Filter *filter, const HibKindResult *posts, size_t n, double size, double speed)
{
    double squares = 0;
    double logs = 0;
    memset(filter, 0, sizeof *filter);
    filter->variance[0][0] = LEVEL_VARIANCE;
    for (int k = 1; k < STATE; k++)
        filter->variance[k][k] = size * size;
    filter->mean[0] = log1p(posts[0].result);
    for (size_t p = 0; p < n; p++) {
        if (p)
            filter->variance[0][0] += speed * (posts[p].day - posts[p - 1].day);
        learn(filter, posts[p].kind, log1p(posts[p].result), &squares, &logs);
    }
    filter->noise2 = MAX(squares / (double)n, 1e-6);
    filter->likelihood = -0.5 * (double)n * log(filter->noise2) - 0.5 * logs;
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

/* One kind less the others as they are mixed: mean and standard deviation in each answer. */
static void
contrast(const Filter *filters, const size_t *counts, size_t n, int kind, double *mean, double *sd)
{
    double row[STATE] = {0};
    for (int k = 0; k < HIB_EFFECT_KINDS; k++)
        row[1 + k] = k == kind ? 1 : -(double)counts[k] / (double)(n - counts[kind]);
    for (int a = 0; a < ANSWERS; a++) {
        double variance = 0;
        mean[a] = 0;
        for (int i = 1; i < STATE; i++) {
            mean[a] += row[i] * filters[a].mean[i];
            for (int j = 1; j < STATE; j++)
                variance += row[i] * row[j] * filters[a].variance[i][j];
        }
        sd[a] = sqrt(MAX(variance, 0) * filters[a].noise2);
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
is_in_range(const HibKindResult *posts, size_t n)
{
    for (size_t p = 0; p < n; p++)
        if (posts[p].kind >= HIB_EFFECT_KINDS || !isfinite(posts[p].day) ||
            !(posts[p].result >= 0 && isfinite(posts[p].result)) ||
            (p && posts[p].day < posts[p - 1].day))
            return false;
    return true;
}

bool
hib_effects(HibArena *arena, const HibKindResult *posts, size_t n, double level, double worthwhile,
            HibEffects *ret)
{
    double weights[ANSWERS];
    double mean[ANSWERS];
    double sd[ANSWERS];
    size_t counts[HIB_EFFECT_KINDS] = {0};
    *ret = (HibEffects){0};
    if (n > HIB_EFFECT_POSTS) {
        posts += n - HIB_EFFECT_POSTS;
        n = HIB_EFFECT_POSTS;
    }
    if (n < HIB_EFFECT_LEAST || !(level > 0 && level < 1) || !(worthwhile > 0) ||
        !is_in_range(posts, n))
        return false;
    Filter *filters = hib_arena_array(arena, Filter, ANSWERS);
    for (int a = 0; a < ANSWERS; a++)
        run(&filters[a], posts, n, sizes[a / SPEEDS], speeds[a % SPEEDS]);
    weigh(filters, weights);
    for (size_t p = 0; p < n; p++)
        counts[posts[p].kind]++;
    for (int a = 0; a < ANSWERS; a++) {
        ret->noise += weights[a] * sqrt(filters[a].noise2);
        ret->chance_none += a < SPEEDS ? weights[a] : 0;
    }
    ret->test_posts = hib_effect_test(ret->noise, worthwhile);
    for (int k = 0; k < HIB_EFFECT_KINDS; k++) {
        HibKindEffect *effect = &ret->kinds[k];
        effect->n = counts[k];
        if (!counts[k] || counts[k] == n)
            continue;
        contrast(filters, counts, n, k, mean, sd);
        double middle = 0;
        for (int a = 0; a < ANSWERS; a++)
            middle += weights[a] * mean[a];
        effect->lift = expm1(middle);
        effect->low = expm1(quantile(weights, mean, sd, (1 - level) / 2));
        effect->high = expm1(quantile(weights, mean, sd, 1 - (1 - level) / 2));
        effect->is_told = effect->low > 1e-9 || effect->high < -1e-9;
    }
    return true;
}
