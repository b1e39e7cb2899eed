/* The posterior over week curves: a Kalman filter for each of 8 sizes of the curve and 5 speeds of the level, their weights, and draws from the mixture. */
#include "stats/posting_time.h"
#include "base/secrets.h"

#include <math.h>
#include <string.h>

enum {
    WAVES = 6,
    CURVE = 4 * WAVES,
    STATE = 1 + HIB_POSTING_KINDS + CURVE,
    SIZES = 8,
    SPEEDS = 5,
    DRAWS = 2000
};
enum { AT_KINDS = 1, AT_CURVE = 1 + HIB_POSTING_KINDS };

/* In units of the noise: standard deviation of the curve; variance the level gains a day. */
static const double sizes[SIZES] = {0, 0.03, 0.06, 0.1, 0.17, 0.3, 0.5, 0.8};
static const double speeds[SPEEDS] = {0, 0.001, 0.01, 0.05, 0.25};
#define LEVEL_VARIANCE 100.0
#define KIND_VARIANCE 1.0

typedef struct {
    double mean[STATE], variance[STATE][STATE]; /* the latter in units of noise² */
    double noise2, likelihood;                  /* logarithm */
} Filter;

typedef struct {
    double curve[HIB_SLOTS][CURVE];
    double beforehand[CURVE]; /* variances; those of a slot's value add up to 1 */
} Waves;

static void
make_waves(Waves *ret)
{
    double total = 0;
    for (int k = 1; k <= WAVES; k++)
        total += 2.0 / (k * k);
    for (int w = 0; w < 2 * WAVES; w++) {
        const int k = w % WAVES + 1;
        const double turns = w < WAVES ? k * 7 : k; /* of the day; of the week */
        for (int s = 0; s < HIB_SLOTS; s++) {
            ret->curve[s][2 * w] = cos(2 * G_PI * turns * s / HIB_SLOTS);
            ret->curve[s][2 * w + 1] = sin(2 * G_PI * turns * s / HIB_SLOTS);
        }
        ret->beforehand[2 * w] = ret->beforehand[2 * w + 1] = 1 / (k * k * total);
    }
}

/* One post: what the filter expected of it, and what it makes of the difference. */
static void
learn(Filter *filter, const double *row, double value, double *error, double *variance)
{
    double gain[STATE];
    double expected = 0;
    *variance = 1;
    for (int i = 0; i < STATE; i++) {
        gain[i] = 0;
        for (int j = 0; j < STATE; j++)
            gain[i] += filter->variance[i][j] * row[j];
        expected += filter->mean[i] * row[i];
        *variance += gain[i] * row[i];
    }
    *error = value - expected;
    for (int i = 0; i < STATE; i++) {
        const double part = gain[i] / *variance;
        filter->mean[i] += part * *error;
        for (int j = 0; j < STATE; j++)
            filter->variance[i][j] -= part * gain[j];
    }
}

static void
run(Filter *filter, const Waves *waves, const HibPostResult *posts, size_t n, double size,
    double speed)
{
    double squares = 0;
    double logs = 0;
    memset(filter, 0, sizeof *filter);
    filter->variance[0][0] = LEVEL_VARIANCE;
    for (int k = 0; k < HIB_POSTING_KINDS; k++)
        filter->variance[AT_KINDS + k][AT_KINDS + k] = KIND_VARIANCE;
    for (int c = 0; c < CURVE; c++)
        filter->variance[AT_CURVE + c][AT_CURVE + c] = size * size * waves->beforehand[c];
    filter->mean[0] = log1p(posts[0].result);
    for (size_t p = 0; p < n; p++) {
        double row[STATE] = {1};
        double error = 0;
        double variance = 0;
        row[AT_KINDS + posts[p].kind] = 1;
        memcpy(row + AT_CURVE, waves->curve[posts[p].slot], sizeof waves->curve[0]);
        if (p)
            filter->variance[0][0] += speed * (posts[p].day - posts[p - 1].day);
        learn(filter, row, log1p(posts[p].result), &error, &variance);
        squares += error * error / variance;
        logs += log(variance);
    }
    filter->noise2 = MAX(squares / (double)n, 1e-6);
    filter->likelihood = -0.5 * (double)n * log(filter->noise2) - 0.5 * logs;
}

/* Lower triangle of the curve's variance; what is not above 0 by rounding is 0. */
static void
factor(const Filter *filter, double ret[CURVE][CURVE])
{
    memset(ret, 0, sizeof(double[CURVE][CURVE]));
    for (int i = 0; i < CURVE; i++)
        for (int j = 0; j <= i; j++) {
            double sum = filter->variance[AT_CURVE + i][AT_CURVE + j];
            for (int k = 0; k < j; k++)
                sum -= ret[i][k] * ret[j][k];
            if (i == j)
                ret[i][i] = sqrt(MAX(sum, 0));
            else
                ret[i][j] = ret[j][j] > 1e-12 ? sum / ret[j][j] : 0;
        }
}

static double
bell(HibSeeded *seeded)
{
    const double u = 1 - hib_seeded_unit(seeded);
    return sqrt(-2 * log(u)) * cos(2 * G_PI * hib_seeded_unit(seeded));
}

/* `n` curves of one filter, each the logarithm of the effect by slot. */
static void
draw(const Filter *filter, const Waves *waves, HibSeeded *seeded, size_t n,
     double (*ret)[HIB_SLOTS])
{
    double lower[CURVE][CURVE];
    factor(filter, lower);
    for (size_t d = 0; d < n; d++) {
        double normal[CURVE];
        double curve[CURVE];
        for (int i = 0; i < CURVE; i++)
            normal[i] = bell(seeded);
        for (int i = 0; i < CURVE; i++) {
            double sum = 0;
            for (int j = 0; j <= i; j++)
                sum += lower[i][j] * normal[j];
            curve[i] = filter->mean[AT_CURVE + i] + sqrt(filter->noise2) * sum;
        }
        for (int s = 0; s < HIB_SLOTS; s++) {
            ret[d][s] = 0;
            for (int i = 0; i < CURVE; i++)
                ret[d][s] += waves->curve[s][i] * curve[i];
        }
    }
}

static int
ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void
bounds(double *values, double level, double *low, double *high)
{
    qsort(values, DRAWS, sizeof *values, ascending);
    const size_t cut = (size_t)((1 - level) / 2 * DRAWS);
    *low = expm1(values[cut]);
    *high = expm1(values[DRAWS - 1 - cut]);
}

static void
sum_up(const HibPostResult *posts, size_t n, double level, const double mean[HIB_SLOTS],
       double (*draws)[HIB_SLOTS], HibPostingTime *ret)
{
    double values[DRAWS];
    double used[HIB_SLOTS] = {0};
    double best_of[HIB_SLOTS] = {0};
    double lift = 0;
    for (size_t p = 0; p < n; p++)
        used[posts[p].slot] += 1.0 / (double)n;
    for (size_t d = 0; d < DRAWS; d++) {
        int best = 0;
        int n_best = 0;
        for (int s = 0; s < HIB_SLOTS; s++)
            best = draws[d][s] > draws[d][best] ? s : best;
        for (int s = 0; s < HIB_SLOTS; s++)
            n_best += draws[d][s] >= draws[d][best];
        for (int s = 0; s < HIB_SLOTS; s++)
            best_of[s] += draws[d][s] >= draws[d][best] ? 1.0 / (n_best * (double)DRAWS) : 0;
    }
    for (int s = 0; s < HIB_SLOTS; s++) {
        HibSlotEffect *slot = &ret->slots[s];
        for (size_t d = 0; d < DRAWS; d++)
            values[d] = draws[d][s];
        slot->effect = expm1(mean[s]);
        slot->chance_best = best_of[s];
        bounds(values, level, &slot->low, &slot->high);
        ret->best = mean[s] > mean[ret->best] ? (uint8_t)s : ret->best;
        ret->usual = used[s] > used[ret->usual] ? (uint8_t)s : ret->usual;
    }
    for (size_t d = 0; d < DRAWS; d++) {
        values[d] = draws[d][ret->best];
        for (int s = 0; s < HIB_SLOTS; s++)
            values[d] -= used[s] * draws[d][s];
        lift += values[d] / DRAWS;
    }
    ret->lift = expm1(lift);
    bounds(values, level, &ret->lift_low, &ret->lift_high);
    ret->is_told = ret->lift_low > 0;
}

static bool
fits(const HibPostResult *posts, size_t n)
{
    for (size_t p = 0; p < n; p++)
        if (posts[p].slot >= HIB_SLOTS || posts[p].kind >= HIB_POSTING_KINDS ||
            !isfinite(posts[p].result) || posts[p].result < 0 || !isfinite(posts[p].day) ||
            (p && posts[p].day < posts[p - 1].day))
            return false;
    return true;
}

bool
hib_posting_time(HibArena *arena, const HibPostResult *posts, size_t n, double level,
                 double worthwhile, HibPostingTime *ret)
{
    HibSeeded seeded;
    double total = 0;
    double best = -INFINITY;
    size_t drawn = 0;
    double carried = 0;
    double mean[HIB_SLOTS] = {0};
    *ret = (HibPostingTime){0};
    if (n > HIB_POSTING_POSTS) {
        posts += n - HIB_POSTING_POSTS;
        n = HIB_POSTING_POSTS;
    }
    if (n < HIB_POSTING_LEAST || !fits(posts, n) || !(level > 0 && level < 1) ||
        !(worthwhile > 0 && isfinite(worthwhile)))
        return false;
    Waves *waves = hib_arena_new0(arena, Waves);
    Filter *filters = hib_arena_array(arena, Filter, SIZES * SPEEDS);
    double(*draws)[HIB_SLOTS] = hib_arena_take_n(arena, DRAWS, sizeof *draws);
    make_waves(waves);
    for (int f = 0; f < SIZES * SPEEDS; f++) {
        run(&filters[f], waves, posts, n, sizes[f / SPEEDS], speeds[f % SPEEDS]);
        best = MAX(best, filters[f].likelihood);
    }
    for (int f = 0; f < SIZES * SPEEDS; f++)
        total += exp(filters[f].likelihood - best);
    hib_seeded_init(&seeded, 168);
    for (int f = 0; f < SIZES * SPEEDS; f++) {
        const double weight = exp(filters[f].likelihood - best) / total;
        carried += weight * DRAWS;
        const size_t until = f == SIZES * SPEEDS - 1 ? DRAWS : MIN((size_t)(carried + 0.5), DRAWS);
        for (int i = 0; i < HIB_SLOTS * CURVE; i++)
            mean[i / CURVE] +=
                weight * waves->curve[i / CURVE][i % CURVE] * filters[f].mean[AT_CURVE + i % CURVE];
        ret->noise += weight * sqrt(filters[f].noise2);
        ret->chance_none += f < SPEEDS ? weight : 0;
        draw(&filters[f], waves, &seeded, until - drawn, draws + drawn);
        drawn = until;
    }
    sum_up(posts, n, level, mean, draws, ret);
    const double apart = 2.8 * ret->noise / log1p(worthwhile); /* 5% false, 80% found */
    ret->test_posts = (uint32_t)CLAMP(ceil(2 * apart * apart), 2, 1e6);
    return true;
}
