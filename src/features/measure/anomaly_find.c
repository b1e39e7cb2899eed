/* What is unusual in a daily series. Pure.
 *
 * A day is held against the middle of the four weeks before it, moved by what its weekday usually differs; all of it in a scale in which twice as much is as far as half as much and which
 * bears zero and losses (asinh). How far days usually are off is the middle of the past distances, never less than counts of that size scatter by themselves, so a series of ones and
 * twos is never alarming. Days in a row that are off to one side count together: a week that is a little low all along is found as well as one great day. */
#include "measure/anomaly.h"
#include <math.h>
#include <string.h>

#define WEEK 7
#define LEVEL_DAYS 28
#define LOOK_BACK 84
#define LEAST_SPREAD 0.15
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
    const double scatter = 1 / sqrt(fabs(sinh(CLAMP(level, -20, 20))) + 1);
    ret->level = level + own;
    ret->spread = MAX(MAX(NORMAL * middle(off, n), LEAST_SPREAD), scatter);
    return true;
}

/* Days 0 to `last`. */
static Scaled
in_scale(HibArena *arena, const double *gains, size_t last)
{
    const Scaled in = {.z = hib_arena_array(arena, double, last + 1),
                       .level = hib_arena_array(arena, double, last + 1)};
    for (size_t i = 0; i <= last; i++) {
        in.z[i] = asinh(gains[i]);
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
    *ret_middle = sinh(usual.level);
    *ret_low = sinh(usual.level - Z95 * usual.spread);
    *ret_high = sinh(usual.level + Z95 * usual.spread);
    return true;
}

static bool
weigh(const double *gains, const Scaled *in, size_t first, size_t last, HibUnusual *ret)
{
    const double *z = in->z;
    double sum = 0, variance = 0;
    size_t n = 0;
    *ret = (HibUnusual){.first = first, .last = last};
    for (size_t day = first; day <= last; day++) {
        Usual usual;
        if (isnan(z[day]))
            continue;
        if (!usual_for(in, day, first, &usual))
            return false;
        sum += z[day] - usual.level;
        variance += usual.spread * usual.spread;
        ret->actual += gains[day];
        ret->expected += sinh(usual.level);
        ret->low += sinh(usual.level - Z95 * usual.spread);
        ret->high += sinh(usual.level + Z95 * usual.spread);
        n++;
    }
    ret->surprise = n ? sum / sqrt(variance) : 0;
    ret->is_above = ret->surprise > 0;
    ret->surprise = fabs(ret->surprise);
    return n > 0;
}

bool
hib_unusual_weigh(HibArena *arena, const double *gains, size_t first, size_t last, HibUnusual *ret)
{
    const Scaled in = in_scale(arena, gains, last);
    return weigh(gains, &in, first, last, ret);
}

bool
hib_unusual(HibArena *arena, const double *gains, size_t last, HibUnusual *ret)
{
    HibUnusual one;
    const Scaled in = in_scale(arena, gains, last);
    const double *z = in.z;
    *ret = (HibUnusual){0};
    if (isnan(gains[last]))
        return false;
    for (size_t days = 1; days <= HIB_UNUSUAL_STRETCH && days <= last; days++) {
        const size_t first = last + 1 - days;
        /* It begins with a day that is off itself, to the same side. */
        if (isnan(gains[first]) || !weigh(gains, &in, first, last, &one))
            continue;
        Usual usual;
        if (usual_for(&in, first, first, &usual) && (fabs(z[first] - usual.level) < usual.spread ||
                                                     (z[first] > usual.level) != one.is_above))
            continue;
        if (one.surprise > ret->surprise)
            *ret = one;
    }
    return ret->surprise >= HIB_UNUSUAL_FROM;
}
