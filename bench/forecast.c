/* Forecasts series that are read from standard input, one a line, comma-separated, oldest first. Arguments: horizon, season, long season (0: none), how often each (the speed is
 * of all rounds). Prints a line a series: the forecast, the lower and the upper bounds, tab-separated lists; then one of JSON: series, values and seconds of processor time. */
#include "stats/forecast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void
print_list(const double *values, size_t n, char end)
{
    for (size_t i = 0; i < n; i++)
        printf("%s%.17g", i ? "," : "", values[i]);
    putchar(end);
}

int
main(int argc, char **argv)
{
    char *line = NULL;
    size_t room = 0;
    size_t n_series = 0;
    size_t n_values = 0;
    double seconds = 0;
    if (argc < 5)
        return 2;
    const long rounds = atol(argv[4]);
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
    while (getline(&line, &room, stdin) > 0) {
        g_array_set_size(values, 0);
        for (char *at = line, *end = NULL;; at = end + 1) {
            const double value = strtod(at, &end);
            if (end == at)
                break;
            g_array_append_val(values, value);
            if (*end != ',')
                break;
        }
        const HibSeries series = {.values = (const double *)(void *)values->data,
                                  .n = values->len,
                                  .horizon = (size_t)atol(argv[1]),
                                  .season = (size_t)atol(argv[2]),
                                  .long_season = (size_t)atol(argv[3]),
                                  .level = 0.95};
        for (long r = 0; r < rounds; r++) {
            g_autoptr(HibArena) arena = hib_arena_new();
            HibForecast got;
            const double from = processor_s();
            if (!hib_forecast(arena, &series, &got))
                return 1;
            seconds += processor_s() - from;
            if (r)
                continue;
            print_list(got.mean, series.horizon, '\t');
            print_list(got.low, series.horizon, '\t');
            print_list(got.high, series.horizon, '\n');
        }
        n_series++;
        n_values += values->len;
    }
    free(line);
    printf("{\"series\": %zu, \"values\": %zu, \"s\": %.6f}\n", n_series * (size_t)rounds, n_values,
           seconds);
    return 0;
}
