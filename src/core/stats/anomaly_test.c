/* Alerts against the definition written out from the whole past, and on counts whose bursts were planted. */
#include "base/arena.h"
#include "base/secrets.h"
#include "stats/anomaly.h"

#include <math.h>
#include <string.h>

enum { DAY = 48, DAYS = 40, N = DAY * DAYS };

/* Counts with a night, and a burst of three hours at `burst` (-1: none). */
static void
make(double counts[N], HibSeeded *seeded, int burst)
{
    for (int t = 0; t < N; t++) {
        const double usual = 30 * (1.2 - cos(2 * G_PI * (t % DAY) / DAY));
        counts[t] = floor(usual * (0.6 + 0.8 * hib_seeded_unit(seeded)));
        if (burst >= 0 && t >= burst && t < burst + 6)
            counts[t] += 400;
    }
}

/* What a step brought until an hour before `t`: each count by its weight, from the newest to the oldest. */
static double
level_of(const double *counts, int t, const HibAnomalyOptions *options)
{
    const double rate = 1 - pow(0.5, 1 / (options->level_days * DAY));
    double level = 0;
    double rest = 1;
    for (int i = t - 12; i >= 0; i--) {
        const double share = fmax(rate, 1.0 / (i + 1));
        level += rest * share * counts[i];
        rest *= 1 - share;
    }
    return level;
}

static double
log_ratio(const double *counts, const double *levels, int t, int steps)
{
    double sum = 0;
    for (int i = t - steps + 1; i <= t; i++)
        sum += counts[i];
    return log(sum / steps + 0.5) - log(levels[t] + 0.5);
}

/* The surprise at `t` from all counts before it, nothing kept from one value to the next. */
static double
surprise_of(const double *counts, const double *levels, int t, const HibAnomalyOptions *options)
{
    static const int scales[] = {3, 6, 12};
    double total = 0;
    for (int i = 0; i < 3; i++) {
        double mean = 0;
        double variance = 0;
        for (int day = 0; day < t / DAY; day++) {
            const double rate = fmax(1 / options->memory_days, 1.0 / (day + 1));
            double peak = -INFINITY;
            for (int s = day * DAY; s < (day + 1) * DAY; s++) {
                if (s < 12)
                    continue;
                const double level = log_ratio(counts, levels, s, scales[i]);
                const double most = mean + options->clip * sqrt(variance + 0.02);
                peak = fmax(peak, day >= 2 ? fmin(level, most) : level);
            }
            const double off = peak - mean;
            mean += rate * off;
            variance = (1 - rate) * (variance + rate * off * off);
        }
        total += (log_ratio(counts, levels, t, scales[i]) - mean) / sqrt(variance + 0.02);
    }
    return total / 3;
}

static void
the_stream_says_what_the_definition_says(void)
{
    double counts[N];
    double levels[N];
    HibSeeded seeded;
    HibAnomaly state;
    const HibAnomalyOptions options = hib_anomaly_usual();
    hib_seeded_init(&seeded, 1);
    make(counts, &seeded, 20 * DAY + 5);
    for (int t = 0; t < N; t++)
        levels[t] = level_of(counts, t, &options);
    hib_anomaly_begin(&state, &options, DAY);
    for (int t = 0; t < N; t++) {
        double surprise = 0;
        hib_anomaly_add(&state, counts[t], &surprise);
        if (t < 2 * DAY)
            g_assert_true(surprise == -INFINITY);
        else if (t % 7 == 0)
            g_assert_cmpfloat_with_epsilon(surprise, surprise_of(counts, levels, t, &options),
                                           1e-9);
    }
}

static void
a_burst_is_told_at_once_and_once_a_day_and_ordinary_days_hardly_ever(void)
{
    int found = 0;
    int others = 0;
    HibSeeded seeded;
    const HibAnomalyOptions options = hib_anomaly_usual();
    hib_seeded_init(&seeded, 2);
    for (int series = 0; series < 50; series++) {
        double counts[N];
        HibAnomaly state;
        const int burst = 15 * DAY + (int)hib_seeded_below(&seeded, 20 * DAY);
        make(counts, &seeded, burst);
        hib_anomaly_begin(&state, &options, DAY);
        int last = -N;
        for (int t = 0; t < N; t++) {
            if (!hib_anomaly_add(&state, counts[t], NULL))
                continue;
            g_assert_cmpint(t - last, >, DAY);
            last = t;
            if (t >= burst && t < burst + 4)
                found++;
            else
                others++;
        }
    }
    g_test_message("%d of 50 bursts within two hours, %d other alerts in 2,000 days", found,
                   others);
    g_assert_cmpint(found, >=, 48);
    g_assert_cmpint(others, <=, 40);
}

static void
a_lasting_change_is_told_at_once_and_soon_usual(void)
{
    int at_once = 0;
    int later = 0;
    HibSeeded seeded;
    const HibAnomalyOptions options = hib_anomaly_usual();
    hib_seeded_init(&seeded, 3);
    for (int series = 0; series < 50; series++) {
        double counts[N];
        HibAnomaly state;
        const int change = 15 * DAY + (int)hib_seeded_below(&seeded, 5 * DAY);
        make(counts, &seeded, -1);
        hib_anomaly_begin(&state, &options, DAY);
        for (int t = 0; t < N; t++) {
            const double times = t < change ? 1 : 4;
            if (!hib_anomaly_add(&state, times * counts[t], NULL) || t < change)
                continue;
            if (t < change + DAY)
                at_once++;
            else
                later++;
        }
    }
    g_test_message("%d of 50 changes told within a day, %.1f more times in the %d days after",
                   at_once, later / 50.0, DAYS - 20);
    g_assert_cmpint(at_once, ==, 50);
    g_assert_cmpint(later, <=, 50 * 2);
}

static void
absurd_counts_and_silence_are_taken(void)
{
    HibAnomaly state;
    double surprise = 0;
    const HibAnomalyOptions options = hib_anomaly_usual();
    static const double absurd[] = {NAN, -INFINITY, INFINITY, -5, 1e300, 0};
    hib_anomaly_begin(&state, &options, 0);
    g_assert_cmpuint(state.day_steps, ==, 24);
    g_assert_cmpuint(sizeof state, <=, 256);
    for (int t = 0; t < 24 * 10; t++)
        g_assert_false(hib_anomaly_add(&state, 0, &surprise));
    g_assert_true(isfinite(surprise));
    for (int t = 0; t < 24 * 20; t++) {
        hib_anomaly_add(&state, absurd[t % (int)G_N_ELEMENTS(absurd)], &surprise);
        g_assert_true(isfinite(surprise));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/anomaly/definition", the_stream_says_what_the_definition_says);
    g_test_add_func("/anomaly/bursts",
                    a_burst_is_told_at_once_and_once_a_day_and_ordinary_days_hardly_ever);
    g_test_add_func("/anomaly/change", a_lasting_change_is_told_at_once_and_soon_usual);
    g_test_add_func("/anomaly/absurd", absurd_counts_and_silence_are_taken);
    return g_test_run();
}
