/* A file of numbers read as an import reads it, every cell checked: from a file in pieces, or (`--endless BYTES`) the same rows with other ids until so much has come, to see that memory does not grow.
 * Prints rows, seconds of processor time, megabytes of it and the growth of the resident set in megabytes. */
#include "measure/import.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PIECE (256 * 1024)

static double
processor_s(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static double
most_resident_mb(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)use.ru_maxrss / 1024;
}

static bool
on_row(const HibMetricRow *row, void *data, GError **error G_GNUC_UNUSED)
{
    *(uint64_t *)data += row->n_values;
    return true;
}

/* Rows of nine columns; the number is the row's. */
static size_t
make_rows(char *to, size_t room, uint64_t *n)
{
    size_t used = 0;
    while (used + 300 < room) {
        const unsigned k = (unsigned)(*n)++;
        used += (size_t)snprintf(
            to + used, room - used,
            "%u,user,\"Post %u, with a comma\",%02u/%02u/2025 "
            "%02u:%02u,https://www.instagram.com/p/%u/,IG reel,\"%u,%03u\",%u,%u\n",
            100000000 + k, k, 1 + k % 12, 1 + k % 28, k % 24, k % 60, k, 1 + k % 900, k % 1000,
            k % 5000, k % 300);
    }
    return used;
}

int
main(int argc, char **argv)
{
    static char piece[PIECE];
    static const char head_row[] = "Post ID,Account username,Description,Publish "
                                   "time,Permalink,Post type,Views,Likes,Comments\n";
    const bool is_endless = argc == 3 && strcmp(argv[1], "--endless") == 0;
    if (argc < 2)
        return 2;
    g_autoptr(HibArena) arena = hib_arena_new();
    HibImportHead head;
    HibMetricSummary sum;
    uint64_t n_values = 0, n_made = 0, n_bytes = 0;
    GError *error = NULL;
    hib_import_find_head(arena, head_row, strlen(head_row), &head);
    const HibMetricMapping mapping = {.format = head.format->id,
                                      .columns = head.columns,
                                      .n = head.n_heads,
                                      .zone = "Asia/Tokyo",
                                      .order = head.format->order,
                                      .account = ""};
    g_autoptr(HibZone) zone = hib_zone_open(mapping.zone);
    g_autoptr(HibMetricReader) reader = hib_metric_reader_new(
        arena, &head, &mapping, zone, INT64_C(1790000000000000), on_row, &n_values);
    const double began = processor_s();
    double before = 0;
    if (is_endless) {
        const uint64_t wanted = strtoull(argv[2], NULL, 10);
        hib_metric_reader_feed(reader, head_row, strlen(head_row), &error);
        while (n_bytes < wanted) {
            const size_t n = make_rows(piece, sizeof piece, &n_made);
            hib_metric_reader_feed(reader, piece, n, &error);
            n_bytes += n;
            if (n_bytes > wanted / 8 && before == 0)
                before = most_resident_mb();
        }
    } else {
        const int file = open(argv[1], O_RDONLY);
        for (ssize_t n; (n = read(file, piece, sizeof piece)) > 0; n_bytes += (uint64_t)n)
            hib_metric_reader_feed(reader, piece, (size_t)n, &error);
        close(file);
    }
    if (!hib_metric_reader_end(reader, &sum, &error))
        return 1;
    printf("%zu rows %zu problems %.3f s %.1f MB %.1f grown\n", sum.n_rows, sum.n_problems,
           processor_s() - began, (double)n_bytes / 1e6,
           before > 0 ? most_resident_mb() - before : 0);
    return 0;
}
