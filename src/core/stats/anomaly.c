/* Alerts by how far the last quarter, half and whole hour (at five minutes a step), beside the level of the last days, are above the usual peak of a day. */
#include "stats/anomaly.h"

#include <math.h>
#include <string.h>

static const unsigned steps_of[HIB_ANOMALY_SCALES] = {3, 6, HIB_ANOMALY_STEPS};

/* Half a count a step: silence is not nothing. */
#define FLOOR 0.5
/* Spread that is assumed beside what was seen: days are never all alike. */
#define LEAST_VARIANCE 0.02

/* Three days: the fewest after which less than a twentieth of what a count swings between night and noon is left in the level. */
HibAnomalyOptions
hib_anomaly_usual(void)
{
    return (HibAnomalyOptions){.memory_days = 20, .level_days = 3, .threshold = 1.465, .clip = 2};
}

void
hib_anomaly_begin(HibAnomaly *state, const HibAnomalyOptions *options, uint32_t day_steps)
{
    *state = (HibAnomaly){.options = *options, .day_steps = day_steps < 24 ? 24 : day_steps};
    state->level_rate = 1 - exp2(-1 / (options->level_days * state->day_steps));
    for (int i = 0; i < HIB_ANOMALY_SCALES; i++)
        state->scales[i].peak = -INFINITY;
}

/* The step that the longest scale leaves behind: a burst must not raise what it is measured by. */
static void
follow(HibAnomaly *state)
{
    const double old = state->recent[state->n % HIB_ANOMALY_STEPS];
    const double known = (double)(state->n - HIB_ANOMALY_STEPS + 1);
    state->level += fmax(state->level_rate, 1 / known) * (old - state->level);
}

static void
end_day(HibAnomaly *state)
{
    const double days = (double)(state->n / state->day_steps);
    const double rate = fmax(1 / state->options.memory_days, 1 / days);
    for (int i = 0; i < HIB_ANOMALY_SCALES; i++) {
        HibAnomalyScale *scale = &state->scales[i];
        const double off = scale->peak - scale->mean;
        scale->mean += rate * off;
        scale->variance = (1 - rate) * (scale->variance + rate * off * off);
        scale->peak = -INFINITY;
    }
}

bool
hib_anomaly_add(HibAnomaly *state, double count, double *surprise)
{
    const bool is_known = state->n >= 2 * (uint64_t)state->day_steps;
    const bool has_level = state->n >= HIB_ANOMALY_STEPS;
    double mean = 0;
    double sum = 0;
    unsigned step = 0;
    if (has_level)
        follow(state);
    state->recent[state->n % HIB_ANOMALY_STEPS] = isfinite(count) && count > 0 ? count : 0;
    state->n++;
    for (int i = 0; has_level && i < HIB_ANOMALY_SCALES; i++) {
        HibAnomalyScale *scale = &state->scales[i];
        for (; step < steps_of[i]; step++)
            sum += state->recent[(state->n - 1 - step) % HIB_ANOMALY_STEPS];
        const double spread = sqrt(scale->variance + LEAST_VARIANCE);
        double height = log((sum / steps_of[i] + FLOOR) / (state->level + FLOOR));
        const double above = (height - scale->mean) / spread;
        mean += above / HIB_ANOMALY_SCALES;
        if (is_known && above > state->options.clip)
            height = scale->mean + state->options.clip * spread;
        scale->peak = fmax(scale->peak, height);
    }
    const bool is_alert = is_known && state->quiet_steps == 0 && mean > state->options.threshold;
    if (is_alert)
        state->quiet_steps = state->day_steps;
    else if (state->quiet_steps)
        state->quiet_steps--;
    if (surprise)
        *surprise = is_known ? mean : -INFINITY;
    if (state->n % state->day_steps == 0)
        end_day(state);
    return is_alert;
}
