/* How a goal stands and what is likely to become of it. Pure.
 *
 * What is forecast is what the coming days add up to: of a sum its days, of a level its daily changes, by hib_forecast with weekdays and holidays. How far such a sum may be off is
 * not made of the errors of single days, which lean on one another: sums of as many days were foretold at every moment of the later past, plainly, and held against what came. */
#include "measure/goal.h"
#include "days/days.h"
#include "measure/measure_private.h"
#include "stats/forecast.h"
#include <math.h>
#include <string.h>

#define WEEK 7
#define WEEKS 4
#define LATELY 28
#define BEHIND 0.1 /* of the way, when nothing better can be told */
#define UNLIKELY 0.5
enum { KIND_HOLIDAY = 1, KIND_AFTER };
/* How much wider than past errors an interval is when they come from few stretches of days that do not overlap: √(1 + FEW / stretches). Chosen on the simulated accounts of goal_test.c. */
#define FEW_STRETCHES 1

typedef struct {
    const HibGoalCase *of;
    size_t first, last, n; /* known days until yesterday, as indices of the series */
    int start, due;        /* indices; may lie outside */
    double *known;         /* the series with nothing missing between first and last */
    double done;           /* sum from the start until `last` */
    double *gains;         /* by day, until `last` */
    size_t n_gains, horizon;
    uint8_t *kinds; /* of n_gains + horizon days */
} Work;

static bool
is_known(const HibDaily *series, int at)
{
    return at >= 0 && at < (int)series->n && !isnan(series->whole[at]);
}

/* --- until now ---------------------------------------------------------------------------------------------------- */
static void
take_past(HibArena *arena, Work *work, HibGoalStanding *ret)
{
    const HibDaily *series = &work->of->series;
    double sum = 0;
    ret->past = hib_arena_array(arena, HibGoalPoint, series->n + 1);
    for (int i = MAX(work->start, 0); i < (int)series->n && i <= work->due; i++) {
        if (!is_known(series, i))
            continue;
        sum += series->whole[i];
        ret->actual = work->of->is_level ? series->whole[i] : sum;
        if (work->of->is_level && !ret->n_past)
            ret->start = ret->actual;
        if (i <= (int)work->last)
            work->done = sum;
        ret->as_of = hib_day_plus((int)series->first, i);
        ret->past[ret->n_past++] = (HibGoalPoint){ret->as_of, ret->actual};
    }
    ret->has_actual = ret->n_past > 0;
    if (work->of->is_level || !ret->has_actual || !series->counts)
        return;
    const int end = hib_measure_day_distance(series->first, ret->as_of);
    for (int i = MAX(work->start, 0); i <= end; i++)
        ret->counted += series->counts[i];
}

static void
take_pace(const Work *work, HibGoalStanding *ret)
{
    const HibGoalCase *of = work->of;
    const int days = hib_measure_day_distance(of->starts_on, of->due_on) + 1,
              passed = hib_measure_day_distance(of->starts_on, of->today) + 1;
    const double way = (double)of->target - ret->start;
    ret->elapsed = CLAMP((double)passed / days, 0, 1);
    ret->days_left = MAX(hib_measure_day_distance(of->today, of->due_on) + 1, 0);
    ret->line = ret->start + way * ret->elapsed;
    if (!ret->has_actual)
        return;
    ret->share = ret->actual >= (double)of->target ? 1
                 : way > 0                         ? (ret->actual - ret->start) / way
                                                   : 0;
    if (ret->days_left)
        ret->rate_needed = MAX((double)of->target - ret->actual, 0) / ret->days_left;
}

/* Of the last four weeks, or as much of them as is known. */
static void
take_rate(const Work *work, HibGoalStanding *ret)
{
    const double *known = work->known;
    const size_t n = MIN(work->n, LATELY);
    if (n < WEEK)
        return;
    const size_t from = work->last + 1 - n;
    ret->has_rate = true;
    if (work->of->is_level) {
        ret->rate_lately = (known[work->last] - known[from]) / (double)(n - 1);
        return;
    }
    for (size_t i = from; i <= work->last; i++)
        ret->rate_lately += known[i] / (double)n;
}

/* --- from now on ---------------------------------------------------------------------------------------------------- */
static void
fill_kinds(HibArena *arena, Work *work)
{
    const size_t n = work->n_gains + work->horizon;
    int day = hib_day_plus((int)work->of->series.first, (int)work->last - (int)work->n_gains);
    bool was_holiday = hib_days_is_holiday(day);
    work->kinds = hib_arena_array(arena, uint8_t, n);
    for (size_t i = 0; i < n; i++) {
        day = hib_day_plus(day, 1);
        const bool is_holiday = hib_days_is_holiday(day);
        work->kinds[i] = is_holiday ? KIND_HOLIDAY : was_holiday ? KIND_AFTER : 0;
        was_holiday = is_holiday;
    }
}

static void
take_gains(HibArena *arena, Work *work)
{
    const double *known = work->known + work->first;
    const size_t skip = work->of->is_level;
    work->n_gains = work->n - skip;
    work->gains = hib_arena_array(arena, double, work->n_gains + 1);
    for (size_t i = 0; i < work->n_gains; i++)
        work->gains[i] = skip ? known[i + 1] - known[i] : known[i];
}

/* A usual week as it was known before day `at`: the mean of the last four of each weekday. */
static double
usual_week(const Work *work, size_t at, double week[WEEK])
{
    const size_t n = MIN(at / WEEK, WEEKS);
    double mean = 0;
    for (size_t d = 0; d < WEEK; d++) {
        week[d] = 0;
        for (size_t k = 1; k <= n; k++)
            week[d] += work->gains[at - WEEK * k + d] / (double)n;
        mean += week[d] / WEEK;
    }
    return mean;
}

/* How far off sums of one, two … `horizon` days were, foretold by the usual week at each moment of the later half; of what only grows in parts of that week's size. */
static void
take_errors(HibArena *arena, const Work *work, HibForecast *ret)
{
    const size_t h = work->horizon, first = MAX(work->n_gains / 2, WEEK),
                 n = work->n_gains - h - first + 1;
    const bool is_part = !work->of->is_level;
    double week[WEEK];
    const double now = is_part ? MAX(usual_week(work, work->n_gains, week), 1) : 1,
                 stretches = MAX(((double)n - 1) / (double)h, 0.25);
    double *off = hib_arena_array(arena, double, n *h);
    for (size_t k = 0; k < n; k++) {
        const double mean = usual_week(work, first + k, week), then = is_part ? MAX(mean, 1) : 1;
        double sum = 0;
        for (size_t j = 0; j < h; j++) {
            sum += work->gains[first + k + j] - week[j % WEEK];
            off[k * h + j] = sum / then * now;
            ret->spread[j] += fabs(off[k * h + j]) / (double)n;
        }
    }
    for (size_t j = 1; j < h; j++)
        ret->spread[j] = MAX(ret->spread[j], ret->spread[j - 1]);
    for (size_t i = 0; i < n * h; i++)
        off[i] = ret->spread[i % h] > 0 ? off[i] / ret->spread[i % h] : 0;
    for (size_t j = 0; j < h; j++)
        ret->spread[j] *= sqrt(1 + FEW_STRETCHES / stretches);
    ret->errors = off;
    ret->n_errors = n * h;
}

/* What comes in after `last`, added up. */
static bool
forecast_sum(HibArena *arena, const Work *work, HibForecast *ret)
{
    HibForecast days;
    const HibSeries series = {.values = work->gains,
                              .n = work->n_gains,
                              .horizon = work->horizon,
                              .kinds = work->kinds,
                              .season = WEEK,
                              .is_never_negative = !work->of->is_level,
                              .level = 0.95};
    if (!hib_forecast(arena, &series, &days))
        return false;
    *ret = (HibForecast){.mean = hib_arena_array(arena, double, work->horizon),
                         .spread = hib_arena_array(arena, double, work->horizon)};
    for (size_t j = 0; j < work->horizon; j++)
        ret->mean[j] = days.mean[j] + (j ? ret->mean[j - 1] : 0);
    take_errors(arena, work, ret);
    return true;
}

static int
by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* How many usual errors wide the interval is that holds this part of the past ones. */
static double
width(HibArena *arena, const HibForecast *forecast, double level)
{
    double *sizes = hib_arena_array(arena, double, forecast->n_errors + 1);
    for (size_t i = 0; i < forecast->n_errors; i++)
        sizes[i] = fabs(forecast->errors[i]);
    qsort(sizes, forecast->n_errors, sizeof *sizes, by_size);
    return sizes[MIN(forecast->n_errors - 1, (size_t)ceil(level * (double)forecast->n_errors))];
}

/* Errors of a few stretches lean to one side by accident: each counts on both. */
static double
chance_of(const HibForecast *forecast, size_t step, double target)
{
    const double mirrored = 2 * forecast->mean[step] - target;
    return (hib_forecast_chance(forecast, step, target) + 1 -
            hib_forecast_chance(forecast, step, mirrored)) /
           2;
}

static void
take_fan(HibArena *arena, const Work *work, double base, const HibForecast *forecast,
         HibGoalStanding *ret)
{
    const double w80 = width(arena, forecast, 0.8), w95 = width(arena, forecast, 0.95),
                 least = work->of->is_level ? 0 : ret->actual; /* what is there does not go */
    const int64_t last = hib_day_plus((int)work->of->series.first, (int)work->last);
    ret->fan = hib_arena_array(arena, HibGoalFan, work->horizon);
    for (size_t j = 0; j < work->horizon; j++) {
        const int64_t day = hib_day_plus((int)last, (int)j + 1);
        const double mean = base + forecast->mean[j], spread = forecast->spread[j];
        if (day < work->of->starts_on || day < work->of->today)
            continue;
        ret->fan[ret->n_fan++] = (HibGoalFan){day,
                                              MAX(mean, least),
                                              MAX(mean - w80 * spread, least),
                                              MAX(mean + w80 * spread, least),
                                              MAX(mean - w95 * spread, least),
                                              MAX(mean + w95 * spread, least)};
    }
}

static HibGoalOutlook
look_ahead(HibArena *arena, Work *work, HibGoalStanding *ret)
{
    HibForecast forecast;
    const HibGoalCase *of = work->of;
    if (of->today > of->due_on)
        return HIB_OUTLOOK_OVER;
    if (of->today < of->starts_on)
        return HIB_OUTLOOK_NOT_BEGUN;
    if (!work->n)
        return HIB_OUTLOOK_NOTHING;
    work->horizon = (size_t)(work->due - (int)work->last);
    if (work->horizon > HIB_FORECAST_HORIZON) {
        ret->days_missing = (int)(work->horizon - HIB_FORECAST_HORIZON);
        return HIB_OUTLOOK_FAR;
    }
    take_gains(arena, work);
    const size_t needs = hib_forecast_needs(work->horizon);
    if (work->n_gains < needs) { /* each day is a value more and two that are needed less */
        const size_t more = (needs - work->n_gains + 2) / 3;
        ret->days_missing = more < work->horizon ? (int)more : 0;
        return HIB_OUTLOOK_FEW;
    }
    fill_kinds(arena, work);
    if (!forecast_sum(arena, work, &forecast))
        return HIB_OUTLOOK_FEW;
    const double base = of->is_level ? work->known[work->last] : work->done;
    take_fan(arena, work, base, &forecast, ret);
    ret->chance = chance_of(&forecast, work->horizon - 1, (double)of->target - base);
    return HIB_OUTLOOK_TOLD;
}

/* The known days until yesterday. Between them a level stays as it was and a day nobody looked at brought nothing. */
static void
take_known(HibArena *arena, Work *work)
{
    const HibDaily *series = &work->of->series;
    const int today = hib_measure_day_distance(series->first, work->of->today);
    work->known = hib_arena_array(arena, double, series->n + 1);
    for (int i = 0; i < MIN(today, (int)series->n); i++) {
        if (!is_known(series, i)) {
            work->known[i] = i && work->of->is_level ? work->known[i - 1] : 0;
            continue;
        }
        if (!work->n)
            work->first = (size_t)i;
        work->known[i] = series->whole[i];
        work->last = (size_t)i;
        work->n = work->last - work->first + 1;
    }
}

void
hib_goal_judge(HibArena *arena, const HibGoalCase *of, HibGoalStanding *ret)
{
    Work work = {.of = of,
                 .start = hib_measure_day_distance(of->series.first, of->starts_on),
                 .due = hib_measure_day_distance(of->series.first, of->due_on)};
    *ret = (HibGoalStanding){0};
    take_known(arena, &work);
    take_past(arena, &work, ret);
    take_pace(&work, ret);
    take_rate(&work, ret);
    ret->outlook = look_ahead(arena, &work, ret);
    if (ret->outlook == HIB_OUTLOOK_TOLD)
        ret->is_at_risk = ret->chance < UNLIKELY;
    else
        ret->is_at_risk = ret->outlook != HIB_OUTLOOK_OVER && ret->has_actual &&
                          ret->share < ret->elapsed - BEHIND;
}
