/* What is unusual in a daily series. Pure.
 *
 * A day is held against the middle of the four weeks before it, moved by what its weekday usually differs; all of it in a scale (asinh) that is even within what the series usually
 * scatters and in which, beyond that, twice as much is as far as half as much; it bears zero and losses. How far days usually are off is the middle of the past distances, never less than
 * counts of that size scatter by themselves, so a series of ones and twos is never alarming. Days in a row that are off to one side count together: a week that is a little low all along is
 * found as well as one great day. */
#include "measure/anomaly.h"
#include <math.h>
#include <string.h>

#define WEEK 7
#define LEVEL_DAYS 28
#define LOOK_BACK 84
#define LEAST_SPREAD 0.15
#define EVEN_UP_TO 3  /* usual distances from the middle */
#define NORMAL 1.4826 /* a normal's standard deviation by its median distance */
#define Z95 1.96

static int
by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double
middle(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_size);
    return n == 0 ? 0 : n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* The middle of the known days of the four weeks before `at`. */
static double
level_before(const double *z, size_t at)
{
    double near[LEVEL_DAYS];
    size_t n = 0;
    for (size_t back = 1; back <= LEVEL_DAYS && back <= at; back++)
        if (!isnan(z[at - back]))
            near[n++] = z[at - back];
    return n ? middle(near, n) : NAN;
}

typedef struct {
    double *z, *level; /* by day: in the scale, and the middle of the four weeks before */
    double unit;       /* of the scale, in what is counted */
} Scaled;
typedef struct {
    double level, spread; /* expected of the day, and how far off days usually are */
} Usual;

/* What is usual for day `at`, from days before `before` alone. */
static bool
usual_for(const Scaled *in, size_t at, size_t before, Usual *ret)
{
    double weekday[LOOK_BACK / WEEK], off[LOOK_BACK];
    size_t n_weekday = 0, n = 0;
    const double *z = in->z, level = in->level[before];
    for (size_t back = 1; back <= LOOK_BACK && back <= before; back++) {
        const size_t day = before - back;
        const double then = in->level[day];
        if (isnan(z[day]) || isnan(then))
            continue;
        off[n++] = z[day] - then;
        if (day % WEEK == at % WEEK && n_weekday < G_N_ELEMENTS(weekday))
            weekday[n_weekday++] = z[day] - then;
    }
    if (isnan(level) || n + 1 < HIB_UNUSUAL_LEAST)
        return false;
    /* Few of a weekday are drawn towards no difference. */
    const double own = middle(weekday, n_weekday) * (double)n_weekday / ((double)n_weekday + 2);
    const double centre = middle(off, n);
    for (size_t i = 0; i < n; i++)
        off[i] = fabs(off[i] - centre);
    const double count = in->unit * sinh(CLAMP(level, -20, 20)),
                 scatter = sqrt(fabs(count) + 1) / hypot(in->unit, count);
    ret->level = level + own;
    ret->spread = MAX(MAX(NORMAL * middle(off, n), LEAST_SPREAD), scatter);
    return true;
}

/* How far the last known days lie around their middle; at least one. */
static double
unit_of(const double *gains, size_t last)
{
    double near[LOOK_BACK];
    size_t n = 0;
    for (size_t back = 0; back < LOOK_BACK && back <= last; back++)
        if (!isnan(gains[last - back]))
            near[n++] = gains[last - back];
    const double centre = middle(near, n);
    for (size_t i = 0; i < n; i++)
        near[i] = fabs(near[i] - centre);
    return MAX(1, EVEN_UP_TO * NORMAL * middle(near, n));
}

/* Days 0 to `last`. */
static Scaled
in_scale(HibArena *arena, const double *gains, size_t last)
{
    const Scaled in = {.z = hib_arena_array(arena, double, last + 1),
                       .level = hib_arena_array(arena, double, last + 1),
                       .unit = unit_of(gains, last)};
    for (size_t i = 0; i <= last; i++) {
        in.z[i] = asinh(gains[i] / in.unit);
        in.level[i] = level_before(in.z, i);
    }
    return in;
}

bool
hib_unusual_expect(HibArena *arena, const double *gains, size_t at, double *ret_middle,
                   double *ret_low, double *ret_high)
{
    Usual usual;
    const Scaled in = in_scale(arena, gains, at);
    if (!usual_for(&in, at, at, &usual))
        return false;
    *ret_middle = in.unit * sinh(usual.level);
    *ret_low = in.unit * sinh(usual.level - Z95 * usual.spread);
    *ret_high = in.unit * sinh(usual.level + Z95 * usual.spread);
    return true;
}

/* The range is the sum's: days scatter by themselves, so that all of them lie at their edge at once is far rarer than that one does. */
static bool
weigh(HibArena *arena, const double *gains, const Scaled *in, size_t first, size_t last,
      HibUnusual *ret)
{
    const double *z = in->z;
    Usual *usual = hib_arena_array(arena, Usual, last - first + 1);
    double off = 0, variance = 0, spreads = 0;
    *ret = (HibUnusual){.first = first, .last = last};
    for (size_t day = first; day <= last; day++) {
        Usual *one = &usual[day - first];
        if (isnan(z[day]))
            continue;
        if (!usual_for(in, day, first, one))
            return false;
        off += z[day] - one->level;
        variance += one->spread * one->spread;
        spreads += one->spread;
    }
    if (spreads == 0)
        return false;
    for (size_t day = first; day <= last; day++) {
        const Usual *one = &usual[day - first];
        const double edge = Z95 * one->spread * sqrt(variance) / spreads;
        if (isnan(z[day]))
            continue;
        ret->actual += gains[day];
        ret->expected += in->unit * sinh(one->level);
        ret->low += in->unit * sinh(one->level - edge);
        ret->high += in->unit * sinh(one->level + edge);
    }
    ret->surprise = fabs(off) / sqrt(variance);
    ret->is_above = off > 0;
    return true;
}

bool
hib_unusual_weigh(HibArena *arena, const double *gains, size_t first, size_t last, HibUnusual *ret)
{
    const Scaled in = in_scale(arena, gains, last);
    return weigh(arena, gains, &in, first, last, ret);
}

/* By itself, from what was usual before `before`. */
static bool
is_off(const Scaled *in, size_t day, size_t before, bool is_above)
{
    Usual usual;
    if (!usual_for(in, day, before, &usual))
        return false;
    const double off = in->z[day] - usual.level;
    return fabs(off) >= usual.spread && (off > 0) == is_above;
}

bool
hib_unusual(HibArena *arena, const double *gains, size_t last, HibUnusual *ret)
{
    HibUnusual one;
    const Scaled in = in_scale(arena, gains, last);
    *ret = (HibUnusual){0};
    if (isnan(gains[last]))
        return false;
    for (size_t days = 1; days <= HIB_UNUSUAL_STRETCH && days <= last; days++) {
        const size_t first = last + 1 - days;
        if (isnan(gains[first]) || !weigh(arena, gains, &in, first, last, &one))
            continue;
        /* One great day among low ones: what is told must be outside of what is expected of all of them. */
        if (one.is_above ? one.actual <= one.high : one.actual >= one.low)
            continue;
        /* It begins and ends with days that are off themselves, to the same side: what was one great day does not grow by the days after it. */
        if (!is_off(&in, first, first, one.is_above) || !is_off(&in, last, first, one.is_above))
            continue;
        if (one.surprise > ret->surprise)
            *ret = one;
    }
    return ret->surprise >= HIB_UNUSUAL_FROM;
}
