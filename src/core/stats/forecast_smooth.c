/* Error-correcting exponential smoothing with damped slope, two additive seasons, a drift over the whole past and an error that lingers. Every lane is one choice of these;
 * the lanes stand side by side so that the machine computes several at once. */
#include "stats/forecast_private.h"

#include <math.h>
#include <string.h>

#define EACH_LANE for (int i = 0; i < HIB_LANES; i++)

typedef double Lanes[HIB_LANES];

typedef struct {
    Lanes alpha, beta, phi, gamma, long_gamma;
    Lanes drift; /* share of the mean step since the beginning */
    Lanes rho;   /* how much of the last error lingers */
} Grid;

typedef struct {
    Lanes level, slope, error;
    Lanes *seasons, *long_seasons; /* by phase; one row of zeros where there is none */
    size_t season, long_season;    /* rows */
} State;

/* By step: what a slope amounts to, what is left of an error. */
typedef struct {
    Lanes *way, *rest;
} Ahead;

static Grid
grid_of(HibSmooth kind)
{
    static const double alphas[] = {0.15, 0.4, 0.7, 0.97};
    Grid grid = {0};
    EACH_LANE
    {
        const int q = i % 8;
        if (kind == HIB_SMOOTH_PLAIN) { /* flat, quickly damped, slowly damped, flat with drift */
            static const double phis[] = {0, 0.8, 0.95, 0}, betas[] = {0, 0.2, 0.05, 0};
            grid.alpha[i] = alphas[i / 4];
            grid.phi[i] = phis[i % 4];
            grid.beta[i] = betas[i % 4] * grid.alpha[i];
            grid.drift[i] = i % 4 == 3 ? 0.7 : 0;
        } else if (kind == HIB_SMOOTH_SEASON) {
            grid.alpha[i] = i < 8 ? 0.03 : 0.3;
            grid.phi[i] = q >= 4 ? 0.95 : 0;
            grid.beta[i] = q >= 4 ? 0.03 * grid.alpha[i] : 0;
            grid.gamma[i] = q & 1 ? 0.35 : 0.08;
            grid.rho[i] = q & 2 ? 0.8 : 0;
        } else {
            grid.alpha[i] = i < 8 ? 0.02 : 0.15;
            grid.gamma[i] = q & 1 ? 0.3 : 0.05;
            grid.long_gamma[i] = q & 4 ? 0.5 : 0.15;
            grid.rho[i] = q & 2 ? 0.9 : 0;
        }
    }
    return grid;
}

/* Mean of what is left of the first whole turns at each phase, around 0, into all lanes; `left` loses it. */
static void
begin_season(Lanes *rows, size_t season, double *left, size_t n)
{
    double mean[HIB_FORECAST_SEASON] = {0};
    double middle = 0;
    const size_t turns = season ? n / season : 0;
    for (size_t t = 0; t < turns * season; t++)
        mean[t % season] += left[t] / (double)turns;
    for (size_t p = 0; p < season; p++)
        middle += mean[p] / (double)season;
    for (size_t p = 0; p < season; p++)
        EACH_LANE
    rows[p][i] = mean[p] - middle;
    for (size_t t = 0; t < n && turns; t++)
        left[t] -= mean[t % season] - middle;
}

static State
begin(HibArena *arena, const HibSmoothing *in)
{
    const size_t n = in->origins[0];
    State state = {.season = MAX(in->season, 1), .long_season = MAX(in->long_season, 1)};
    state.seasons = hib_arena_take_n(arena, state.season, sizeof(Lanes));
    state.long_seasons = hib_arena_take_n(arena, state.long_season, sizeof(Lanes));
    memset(state.seasons, 0, state.season * sizeof(Lanes));
    memset(state.long_seasons, 0, state.long_season * sizeof(Lanes));
    double *left = hib_arena_array(arena, double, n);
    double mean = 0;
    for (size_t t = 0; t < n; t++)
        mean += in->values[t] / (double)n;
    for (size_t t = 0; t < n; t++)
        left[t] = in->values[t] - mean;
    begin_season(state.seasons, in->season, left, n);
    begin_season(state.long_seasons, in->long_season, left, n);
    double level = mean;
    for (size_t t = 0; t < state.season; t++)
        level += left[t] / (double)state.season;
    EACH_LANE
    state.level[i] = level;
    return state;
}

static Ahead
look_ahead(HibArena *arena, const Grid *grid, size_t horizon)
{
    Ahead ret = {hib_arena_take_n(arena, horizon, sizeof(Lanes)),
                 hib_arena_take_n(arena, horizon, sizeof(Lanes))};
    EACH_LANE
    {
        double power = 1;
        double way = 0;
        double rest = 1;
        for (size_t k = 0; k < horizon; k++) {
            ret.way[k][i] = way += power *= grid->phi[i];
            ret.rest[k][i] = rest *= grid->rho[i];
        }
    }
    return ret;
}

/* Without a season nothing lingers, and only then is there a drift: two plain loops instead of one that does everything. */
static void
learn_plain(const Grid *restrict grid, State *restrict state, double value)
{
    EACH_LANE
    {
        const double slope = grid->phi[i] * state->slope[i];
        const double news = value - (state->level[i] + slope);
        state->level[i] += slope + grid->alpha[i] * news;
        state->slope[i] = slope + grid->beta[i] * news;
    }
}

static void
learn(const Grid *restrict grid, State *restrict state, size_t t, double value)
{
    double *restrict season = state->seasons[t % state->season];
    double *restrict long_season = state->long_seasons[t % state->long_season];
    EACH_LANE
    {
        const double slope = grid->phi[i] * state->slope[i];
        const double miss = value - (state->level[i] + slope + season[i] + long_season[i]);
        const double news = miss - grid->rho[i] * state->error[i];
        state->level[i] += slope + grid->alpha[i] * news;
        state->slope[i] = slope + grid->beta[i] * news;
        season[i] += grid->gamma[i] * news;
        long_season[i] += grid->long_gamma[i] * news;
        state->error[i] = miss;
    }
}

static void
say_plain(const Grid *restrict grid, const State *restrict state, const Ahead *restrict ahead,
          double step, size_t horizon, double *restrict ret)
{
    for (size_t k = 0; k < horizon; k++, ret += HIB_LANES) {
        const double *restrict way = ahead->way[k];
        const double gone = step * (double)(k + 1);
        EACH_LANE
        ret[i] = state->level[i] + state->slope[i] * way[i] + grid->drift[i] * gone;
    }
}

static void
say(const State *restrict state, const Ahead *restrict ahead, size_t t, size_t horizon,
    double *restrict ret)
{
    size_t phase = t % state->season;
    size_t long_phase = t % state->long_season;
    for (size_t k = 0; k < horizon; k++, ret += HIB_LANES) {
        const double *restrict way = ahead->way[k];
        const double *restrict rest = ahead->rest[k];
        const double *restrict season = state->seasons[phase];
        const double *restrict long_season = state->long_seasons[long_phase];
        EACH_LANE
        ret[i] = state->level[i] + state->slope[i] * way[i] + season[i] + long_season[i] +
                 state->error[i] * rest[i];
        phase = phase + 1 == state->season ? 0 : phase + 1;
        long_phase = long_phase + 1 == state->long_season ? 0 : long_phase + 1;
    }
}

void
hib_smooth(HibArena *arena, const HibSmoothing *in, double *ret)
{
    const bool is_plain = in->kind == HIB_SMOOTH_PLAIN;
    const Grid grid = grid_of(in->kind);
    const Ahead ahead = look_ahead(arena, &grid, in->horizon);
    State state = begin(arena, in);
    size_t origin = 0;
    for (size_t t = 0; t <= in->n; t++) {
        if (origin <= in->n_origins && in->origins[origin] == t) {
            const double step = (in->values[t - 1] - in->values[0]) / (double)MAX(t - 1, 1);
            if (is_plain)
                say_plain(&grid, &state, &ahead, step, in->horizon, ret);
            else
                say(&state, &ahead, t, in->horizon, ret);
            ret += in->horizon * (size_t)HIB_LANES;
            origin++;
        }
        if (t == in->n)
            break;
        if (is_plain)
            learn_plain(&grid, &state, in->values[t]);
        else
            learn(&grid, &state, t, in->values[t]);
    }
}
