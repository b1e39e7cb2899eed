/* The figure of `check`: posts through all rules, one after the other. `check FILE ROUNDS`: FILE holds a JSON array of texts. Prints the times a post and how much was found. */
#include "check/check.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Of this thread: the machine is shared. */
static double
processor_micros(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int
main(int argc, char **argv)
{
    static const char *const all[] = {
        "cosme", "quasi",   "supp",    "ffc",        "food",    "drug", "device",   "medical",
        "treat", "alcohol", "finance", "realestate", "recruit", "ec",   "campaign", NULL};
    g_autofree char *bytes = NULL;
    size_t n_bytes;
    if (argc != 3 || !g_file_get_contents(argv[1], &bytes, &n_bytes, NULL))
        return 2;
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson posts;
    if (!hib_json_parse(arena, bytes, n_bytes, &posts, NULL))
        return 2;
    size_t n = hib_json_count(posts), n_found = 0, at = 0;
    int rounds = (int)strtol(argv[2], NULL, 10);
    g_autofree double *micros = g_new0(double, n *(size_t)rounds + 1);
    hib_check_rules();
    for (int round = -1; round < rounds; round++) { /* the first warms up */
        for (HibJson post = hib_json_first(posts); post.value; post = hib_json_next(posts, post)) {
            const HibCheckSubject subject = {.text = post.value->valuestring,
                                             .industries = all,
                                             .disclosure_at_ms = -1,
                                             .relation = HIB_RELATION_PAID};
            HibCheckResult result;
            double begin = processor_micros();
            for (int k = 0; k < 10; k++) {
                g_autoptr(HibArena) own = hib_arena_new();
                hib_check(own, NULL, &subject, &result);
            }
            if (round >= 0)
                micros[at++] = (processor_micros() - begin) / 10;
            n_found += round == 0 ? result.n : 0;
        }
    }
    qsort(micros, at, sizeof *micros, by_size);
    printf("{\"median\": %.2f, \"p99\": %.2f, \"found\": %zu, \"rules\": %zu}\n", micros[at / 2],
           micros[at * 99 / 100], n_found, hib_check_n_rules(hib_check_rules()));
    return 0;
}
