/* The combination: what goes in, how right each smoother was, and what is made of it. The smoothers themselves are in forecast_smooth.c. */
#include "stats/forecast.h"
#include "stats/forecast_private.h"

#include <math.h>
#include <string.h>

/* Chosen on weeks and days kept aside of the training parts of M4's weekly and hourly series (bench/forecast.py --holdout): how quickly old errors fade from one origin to the one before,
 * and what a past error must be widened by because the weights were chosen on the same past. */
#define FADE 0.97
#define WIDER 1.15
#define LEAST_ORIGINS 8
#define NEGLIGIBLE 0.001 /* of the best one's weight */
#define GROUPS 6

typedef struct {
    const HibSeries *asked;
    double *values, *logs; /* of ordinary days; logs NULL: some value is not above 0 */
    size_t n, horizon, season, long_season;
    size_t origins[HIB_ORIGINS + 1], n_origins;
    double *said;           /* of the group that is looked at */
    double *groups[GROUPS]; /* its mean by origin and step, in the values' own scale */
    double weights[GROUPS]; /* total of its lanes, each relative to the group's best */
    double best[GROUPS];
    size_t n_groups;
} Work;

static double
ninth(double x)
{
    const double cube = x * x * x;
    return cube * cube * cube;
}

/* The value that would stand at `rank` were they sorted; moves them about. */
static double
value_at_rank(double *values, size_t n, size_t rank)
{
    size_t from = 0;
    size_t until = n - 1;
    while (from < until) {
        const double pivot = values[from + (until - from) / 2];
        size_t i = from;
        size_t j = until;
        for (;; i++, j--) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            const double kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
        if (rank <= j)
            until = j;
        else
            from = j + 1;
    }
    return values[rank];
}

/* --- what goes in ------------------------------------------------------------------------------------------------------- */
/* The last values from the first known one on; a gap is what stood there a season before, else the value before it. */
static void
take_values(HibArena *arena, Work *work)
{
    const HibSeries *in = work->asked;
    size_t from = in->n > HIB_FORECAST_VALUES ? in->n - HIB_FORECAST_VALUES : 0;
    while (from < in->n && !isfinite(in->values[from]))
        from++;
    work->n = in->n - from;
    work->values = hib_arena_array(arena, double, work->n + 1);
    for (size_t t = 0; t < work->n; t++) {
        const double value = in->values[from + t];
        const size_t back = in->season && t >= in->season ? in->season : 1;
        work->values[t] = isfinite(value) ? value : work->values[t - back];
    }
}

/* Each special day is held against the ordinary days a week (a season) before and after; the mean of the logarithms is drawn towards 0 as if two more days had shown nothing. */
static void
take_out_kinds(Work *work, double kinds[HIB_FORECAST_KINDS])
{
    const HibSeries *in = work->asked;
    double sum[HIB_FORECAST_KINDS] = {0};
    double count[HIB_FORECAST_KINDS] = {0};
    const size_t back = MAX(in->season, 1);
    for (size_t i = 0; i < HIB_FORECAST_KINDS; i++)
        kinds[i] = 1;
    if (!in->kinds)
        return;
    const uint8_t *kind = in->kinds + (in->n - work->n);
    for (size_t t = 0; t < work->n; t++) {
        double around = 0;
        int n = 0;
        if (t >= back && kind[t - back] == 0 && work->values[t - back] > 0) {
            around += log(work->values[t - back]);
            n++;
        }
        if (t + back < work->n && kind[t + back] == 0 && work->values[t + back] > 0) {
            around += log(work->values[t + back]);
            n++;
        }
        if (kind[t] == 0 || kind[t] >= HIB_FORECAST_KINDS || n == 0 || work->values[t] <= 0)
            continue;
        sum[kind[t]] += log(work->values[t]) - around / n;
        count[kind[t]]++;
    }
    for (size_t i = 1; i < HIB_FORECAST_KINDS; i++)
        kinds[i] = exp(sum[i] / (count[i] + 2));
    for (size_t t = 0; t < work->n; t++)
        work->values[t] /= kinds[kind[t] % HIB_FORECAST_KINDS];
}

static void
take_logs(HibArena *arena, Work *work)
{
    for (size_t t = 0; t < work->n; t++)
        if (work->values[t] <= 0)
            return;
    work->logs = hib_arena_array(arena, double, work->n);
    for (size_t t = 0; t < work->n; t++)
        work->logs[t] = log(work->values[t]);
}

/* The moments of the past at which the smoothers are asked: evenly over the later half, after two turns of every season. */
static void
choose_origins(Work *work)
{
    const size_t last = work->n - work->horizon;
    size_t first = work->n / 2;
    if (work->asked->season > 1 && 2 * work->asked->season + LEAST_ORIGINS <= last)
        work->season = work->asked->season;
    if (work->season && work->asked->long_season > work->season &&
        2 * work->asked->long_season + LEAST_ORIGINS <= last)
        work->long_season = work->asked->long_season;
    first = MAX(first, 2 * MAX(work->season, work->long_season));
    const size_t room = last - first;
    size_t step = MAX(work->horizon / 2, 1);
    if (room / step + 1 < HIB_ORIGINS)
        step = MAX(room / (HIB_ORIGINS - 1), 1);
    work->n_origins = MIN(room / step + 1, HIB_ORIGINS);
    for (size_t k = 0; k < work->n_origins; k++)
        work->origins[k] = last - (work->n_origins - 1 - k) * step;
    work->origins[work->n_origins] = work->n;
}

/* --- the combination ----------------------------------------------------------------------------------------------------- */
/* How far each lane was off, newer origins counting more. An error of a logarithm counts as that part of the value. */
static void
judge(const Work *work, bool is_log, double errors[HIB_LANES])
{
    const double *values = is_log ? work->logs : work->values;
    double fade = 1;
    memset(errors, 0, HIB_LANES * sizeof *errors);
    for (size_t k = work->n_origins; k-- > 0; fade *= FADE) {
        double off[HIB_LANES] = {0};
        const double *said = work->said + k * work->horizon * (size_t)HIB_LANES;
        for (size_t j = 0; j < work->horizon; j++, said += HIB_LANES) {
            const double value = values[work->origins[k] + j];
            const double scale = is_log ? work->values[work->origins[k] + j] : 1;
            for (int i = 0; i < HIB_LANES; i++)
                off[i] += scale * fabs(value - said[i]);
        }
        for (int i = 0; i < HIB_LANES; i++)
            errors[i] += fade * off[i];
    }
}

static void
run_group(HibArena *arena, Work *work, HibSmooth kind, bool is_log)
{
    const HibSmoothing smoothing = {.kind = kind,
                                    .season = kind == HIB_SMOOTH_PLAIN ? 0 : work->season,
                                    .long_season = kind == HIB_SMOOTH_BOTH ? work->long_season : 0,
                                    .values = is_log ? work->logs : work->values,
                                    .n = work->n,
                                    .horizon = work->horizon,
                                    .origins = work->origins,
                                    .n_origins = work->n_origins};
    const size_t g = work->n_groups++;
    const size_t n = (work->n_origins + 1) * work->horizon;
    double weights[HIB_LANES];
    int lanes[HIB_LANES];
    int n_lanes = 0;
    hib_smooth(arena, &smoothing, work->said);
    judge(work, is_log, weights);
    double best = weights[0];
    for (int i = 1; i < HIB_LANES; i++)
        best = MIN(best, weights[i]);
    best = MAX(best, 1e-12);
    for (int i = 0; i < HIB_LANES; i++) {
        const double weight = ninth(best / MAX(weights[i], best));
        weights[i] = weight;
        if (weight < NEGLIGIBLE)
            continue;
        lanes[n_lanes++] = i;
        work->weights[g] += weight;
    }
    work->best[g] = best;
    work->groups[g] = hib_arena_array(arena, double, n);
    for (size_t at = 0; at < n; at++) {
        double sum = 0;
        for (int i = 0; i < n_lanes; i++)
            sum += weights[lanes[i]] * work->said[at * HIB_LANES + (size_t)lanes[i]];
        work->groups[g][at] = sum / work->weights[g];
    }
    if (is_log) /* bounded: a slope of logarithms may run away */
        for (size_t at = 0; at < n; at++)
            work->groups[g][at] = exp(CLAMP(work->groups[g][at], -700, 700));
}

/* What the combination said at each origin, the last row being the forecast itself. */
static double *
combine(HibArena *arena, Work *work)
{
    const size_t n = (work->n_origins + 1) * work->horizon;
    double *ret = hib_arena_array(arena, double, n);
    double best = work->best[0];
    double total = 0;
    for (size_t g = 1; g < work->n_groups; g++)
        best = MIN(best, work->best[g]);
    for (size_t g = 0; g < work->n_groups; g++)
        total += work->weights[g] *= ninth(best / work->best[g]);
    memset(ret, 0, n * sizeof *ret);
    for (size_t g = 0; g < work->n_groups; g++)
        for (size_t at = 0; at < n; at++)
            ret[at] += work->weights[g] / total * work->groups[g][at];
    return ret;
}

/* --- the interval -------------------------------------------------------------------------------------------------------- */
/* Height of the series at an origin: errors of a series above 0 grow with it. */
static double
height(const Work *work, size_t origin)
{
    const size_t n = MIN(origin, work->season ? work->season : 4);
    double sum = 0;
    if (!work->logs)
        return 1;
    for (size_t t = origin - n; t < origin; t++)
        sum += work->values[t];
    return sum / (double)n + 1e-9;
}

/* Mean error a step, over neighbouring steps, never less than a step before. */
static void
measure_spread(const Work *work, const double *off, double *ret)
{
    const size_t reach = work->horizon / 6 + 1;
    for (size_t j = 0; j < work->horizon; j++) {
        const size_t from = j > reach ? j - reach : 0;
        const size_t until = MIN(j + reach + 1, work->horizon);
        double sum = 0;
        for (size_t k = 0; k < work->n_origins; k++)
            for (size_t q = from; q < until; q++)
                sum += fabs(off[k * work->horizon + q]);
        ret[j] = sum / (double)(work->n_origins * (until - from));
        ret[j] = MAX(ret[j], j ? ret[j - 1] : 0);
    }
}

static void
bound(HibArena *arena, const Work *work, const double *said, HibForecast *ret)
{
    const size_t h = work->horizon;
    const size_t n = work->n_origins * h;
    double *off = hib_arena_array(arena, double, n);
    double *sizes = hib_arena_array(arena, double, n);
    const double now = height(work, work->n);
    for (size_t k = 0; k < work->n_origins; k++) {
        const double then = height(work, work->origins[k]);
        for (size_t j = 0; j < h; j++)
            off[k * h + j] = (work->values[work->origins[k] + j] - said[k * h + j]) / then;
    }
    measure_spread(work, off, ret->spread);
    for (size_t at = 0; at < n; at++) {
        const double spread = ret->spread[at % h];
        off[at] = spread > 0 ? WIDER * off[at] / spread : 0;
        sizes[at] = fabs(off[at]);
    }
    const double wide =
        value_at_rank(sizes, n, MIN(n - 1, (size_t)ceil(work->asked->level * (double)n)));
    for (size_t j = 0; j < h; j++) {
        ret->spread[j] *= now;
        ret->low[j] = ret->mean[j] - wide * ret->spread[j];
        ret->high[j] = ret->mean[j] + wide * ret->spread[j];
    }
    ret->errors = off;
    ret->n_errors = n;
}

/* --- face ---------------------------------------------------------------------------------------------------------------- */
size_t
hib_forecast_needs(size_t horizon)
{
    return 2 * (horizon + LEAST_ORIGINS);
}

static void
put_back(const HibSeries *in, HibForecast *ret)
{
    for (size_t j = 0; j < in->horizon; j++) {
        const double factor = in->kinds ? ret->kinds[in->kinds[in->n + j] % HIB_FORECAST_KINDS] : 1;
        ret->mean[j] *= factor;
        ret->low[j] *= factor;
        ret->high[j] *= factor;
        ret->spread[j] *= factor;
        if (in->is_never_negative) {
            ret->mean[j] = MAX(ret->mean[j], 0);
            ret->low[j] = MAX(ret->low[j], 0);
            ret->high[j] = MAX(ret->high[j], 0);
        }
    }
}

bool
hib_forecast(HibArena *arena, const HibSeries *in, HibForecast *ret)
{
    Work work = {.asked = in, .horizon = in->horizon};
    *ret = (HibForecast){0};
    if (in->horizon < 1 || in->horizon > HIB_FORECAST_HORIZON || in->season > HIB_FORECAST_SEASON ||
        in->long_season > HIB_FORECAST_SEASON || !(in->level > 0 && in->level < 1))
        return false;
    take_values(arena, &work);
    if (work.n < hib_forecast_needs(in->horizon))
        return false;
    take_out_kinds(&work, ret->kinds);
    take_logs(arena, &work);
    choose_origins(&work);
    work.said =
        hib_arena_array(arena, double, (work.n_origins + 1) * work.horizon * (size_t)HIB_LANES);
    for (int is_log = 0; is_log <= (work.logs != NULL); is_log++) {
        run_group(arena, &work, HIB_SMOOTH_PLAIN, is_log);
        if (work.season)
            run_group(arena, &work, HIB_SMOOTH_SEASON, is_log);
        if (work.long_season)
            run_group(arena, &work, HIB_SMOOTH_BOTH, is_log);
    }
    const double *said = combine(arena, &work);
    ret->n_origins = work.n_origins;
    ret->mean = hib_arena_array(arena, double, in->horizon);
    ret->low = hib_arena_array(arena, double, in->horizon);
    ret->high = hib_arena_array(arena, double, in->horizon);
    ret->spread = hib_arena_array(arena, double, in->horizon);
    memcpy(ret->mean, said + work.n_origins * in->horizon, in->horizon * sizeof *ret->mean);
    bound(arena, &work, said, ret);
    put_back(in, ret);
    return true;
}

double
hib_forecast_chance(const HibForecast *forecast, size_t step, double target)
{
    size_t above = 0;
    for (size_t i = 0; i < forecast->n_errors; i++)
        above += forecast->mean[step] + forecast->spread[step] * forecast->errors[i] >= target;
    return ((double)above + 0.5) / ((double)forecast->n_errors + 1);
}
