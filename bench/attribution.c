/* Journeys over twelve channels, made by a chain, are attributed by all seven methods. Argument 1: how many; argument 2: a file for what went in (one line a journey: its channels, whether it
 * converted, what it brought), so that another implementation can do the same. Prints one JSON line: seconds (processor time) and what came out. */
#include "stats/attribution.h"
#include "base/secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CHANNELS = 12, MOST = 24 };

typedef struct {
    uint32_t *starts;
    uint16_t *touches;
    int64_t *conversions, *nulls;
    double *revenue;
} Made;

static double
processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static Made
make(size_t n)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 2026);
    Made made = {g_new0(uint32_t, n + 1), g_new(uint16_t, n * MOST), g_new0(int64_t, n),
                 g_new0(int64_t, n), g_new0(double, n)};
    uint32_t at = 0;
    for (size_t p = 0; p < n; p++) {
        const uint32_t start = at;
        int64_t channel = hib_seeded_below(&seeded, CHANNELS);
        double chance = 0.01;
        do {
            if (hib_seeded_unit(&seeded) < 0.6)
                channel = hib_seeded_below(&seeded, 1 + hib_seeded_below(&seeded, CHANNELS));
            made.touches[at++] = (uint16_t)channel;
            chance += 0.004 * (double)(CHANNELS - channel);
        } while (at - start < MOST && hib_seeded_unit(&seeded) < 0.78);
        const bool converts = hib_seeded_unit(&seeded) < chance;
        made.starts[p + 1] = at;
        made.conversions[p] = converts;
        made.nulls[p] = !converts;
        made.revenue[p] = converts ? (double)(500 + hib_seeded_below(&seeded, 9500)) : 0;
    }
    return made;
}

static void
write_down(const char *path, const Made *made, size_t n)
{
    FILE *out = fopen(path, "w");
    if (!out)
        exit(1);
    for (size_t p = 0; p < n; p++) {
        for (uint32_t i = made->starts[p]; i < made->starts[p + 1]; i++)
            fprintf(out, "%s%u", i > made->starts[p] ? ">" : "", made->touches[i]);
        fprintf(out, ",%d,%.0f\n", (int)made->conversions[p], made->revenue[p]);
    }
    if (fclose(out) != 0)
        exit(1);
}

static double
run(const HibPaths *paths, int replicates, HibArena *arena, HibAttribution *ret)
{
    const HibAttributionOptions options = {
        .half_life = 1, .order = 1, .level = 0.95, .replicates = replicates, .seed = 1};
    const double from = processor_s();
    if (!hib_attribute(arena, paths, &options, ret))
        exit(1);
    return processor_s() - from;
}

int
main(int argc, char **argv)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibAttribution got;
    HibAttribution drawn;
    const size_t n = argc > 1 ? (size_t)atoll(argv[1]) : 0;
    if (argc < 3 || n < 1 || n > 4000000)
        return 2;
    const Made made = make(n);
    const HibPaths paths = {.n_channels = CHANNELS,
                            .n_paths = n,
                            .starts = made.starts,
                            .touches = made.touches,
                            .conversions = made.conversions,
                            .nulls = made.nulls,
                            .revenue = made.revenue};
    HibPaths part = paths;
    part.n_paths = MIN(n, 20000);
    write_down(argv[2], &made, n);
    const double once_s = run(&paths, 0, arena, &got);
    const double drawn_s = run(&part, 200, arena, &drawn);
    printf("{\"s\": %.4f, \"drawn_s\": %.4f, \"touches\": %u, \"bound\": %.3g, \"credits\": [",
           once_s, drawn_s, made.starts[n], got.error_bound);
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
        for (size_t c = 0; c < CHANNELS; c++)
            printf("%s%.12g", m || c ? ", " : "", got.credits[m][c].conversions);
    printf("]}\n");
    return 0;
}
