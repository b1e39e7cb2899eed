/* Watches one count a line (standard input). Arguments: days of memory, days of level, threshold, clip (0 0 0 0: the usual ones). Prints a JSON line: the rows (from 0) with an alert, and seconds of processor time. */
#include "stats/anomaly.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int
main(int argc, char **argv)
{
    char line[64];
    HibAnomaly state;
    HibAnomalyOptions options = hib_anomaly_usual();
    if (argc < 5)
        return 2;
    if (atof(argv[1]) > 0)
        options = (HibAnomalyOptions){atof(argv[1]), atof(argv[2]), atof(argv[3]), atof(argv[4])};
    g_autoptr(GArray) counts = g_array_new(FALSE, FALSE, sizeof(double));
    while (fgets(line, sizeof line, stdin)) {
        const double count = strtod(line, NULL);
        g_array_append_val(counts, count);
    }
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(guint));
    hib_anomaly_begin(&state, &options, 288);
    const double from = processor_s();
    for (guint i = 0; i < counts->len; i++)
        if (hib_anomaly_add(&state, g_array_index(counts, double, i), NULL))
            g_array_append_val(rows, i);
    const double seconds = processor_s() - from;
    printf("{\"s\": %.9f, \"bytes\": %zu, \"rows\": [", seconds, sizeof state);
    for (guint i = 0; i < rows->len; i++)
        printf("%s%u", i ? ", " : "", g_array_index(rows, guint, i));
    printf("]}\n");
    return 0;
}
