/* What an evenly spaced series is likely to do next, with an interval that has been seen to hold.
 *
 * Up to 96 smoothers look at the series (16 ways to follow level, slope and seasons, without a season, with the short and with both, of the values
 * and of their logarithms). All are run once; at some sixteen past moments each says what would come, and is held against what came. The forecast
 * is their mean, weighted by the ninth power of how right they were. The interval is made of the combination's own past errors (conformal), never of
 * a bell curve that was assumed. Days of a kind (holidays, the days after) are taken out first and put back: each kind is so many times its ordinary neighbours,
 * drawn towards 1 while there are few of them. Deterministic, pure, thread-safe. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

#define HIB_FORECAST_VALUES 1024 /* older ones are not looked at */
#define HIB_FORECAST_HORIZON 128
#define HIB_FORECAST_SEASON 256
#define HIB_FORECAST_KINDS 8

typedef struct {
    const double *values; /* oldest first; NAN where none is known */
    size_t n, horizon;
    const uint8_t *
        kinds; /* of the n + horizon days: 0 ordinary, 1..7 whatever the caller means; NULL: all ordinary */
    size_t season, long_season; /* steps; 0: none. The long one is a multiple of the short */
    bool is_never_negative;
    double level; /* of the interval, 0.95 */
} HibSeries;

typedef struct {
    double *mean, *low, *high; /* horizon each, in the arena */
    double *spread;            /* usual size of an error, by step */
    double *errors;            /* past errors in units of `spread`, in no order */
    size_t n_errors, n_origins;
    double kinds[HIB_FORECAST_KINDS]; /* factor of each kind of day */
} HibForecast;

/* Values that are needed before anything can be said about `horizon` steps. */
size_t hib_forecast_needs(size_t horizon);
/* False: fewer values than that, or a horizon, season or level that is out of range. A season that has not been seen twice is left out. */
bool hib_forecast(HibArena *arena, const HibSeries *series, HibForecast *ret);
/* How likely the value after `step` + 1 steps is at least `target`, by the past errors; never quite 0 or 1. */
double hib_forecast_chance(const HibForecast *forecast, size_t step, double target);
