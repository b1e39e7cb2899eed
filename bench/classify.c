/* Messages of the training folder's files (the arguments) are read again and again on one core, with nothing learnt and with 50 corrections learnt.
 * Prints one JSON line: messages a second of processor time (the machine may be shared), the median of rounds. */
#include "text/classify.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 9, CORRECTED = 50 };

static void
read_texts(GPtrArray *texts, const char *path)
{
    g_autofree char *bytes = NULL;
    if (!g_file_get_contents(path, &bytes, NULL, NULL))
        exit(1);
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", 3);
        if (*lines[i] != '#' && g_strv_length(fields) == 3)
            g_ptr_array_add(texts, g_strdup(fields[2]));
    }
}

static int
by_rate(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Messages a second, the median of the rounds. */
static double
rate_of(const GPtrArray *texts, const HibClassifierLearnt *learnt, int *urgent)
{
    double rates[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        clock_t begin = clock();
        for (guint i = 0; i < texts->len; i++) {
            HibClassified read;
            const char *text = texts->pdata[i];
            hib_classify(hib_classifier_builtin(), learnt, text, strlen(text), &read);
            *urgent += read.urgency > 50;
        }
        rates[round] = texts->len * (double)CLOCKS_PER_SEC / (double)MAX(clock() - begin, 1);
    }
    qsort(rates, ROUNDS, sizeof *rates, by_rate);
    return rates[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    HibTaught taught[CORRECTED];
    size_t bytes = 0;
    int urgent = 0;
    for (int i = 1; i < argc; i++)
        read_texts(texts, argv[i]);
    if (!texts->len)
        return 1;
    for (guint i = 0; i < texts->len; i++)
        bytes += strlen(texts->pdata[i]);
    for (guint i = 0; i < CORRECTED; i++) {
        const char *text = texts->pdata[i * texts->len / CORRECTED];
        taught[i] = (HibTaught){text, strlen(text), (HibSentiment)(i % HIB_SENTIMENTS),
                                (HibIntent)(i % HIB_INTENTS), false};
    }
    g_autoptr(HibClassifierLearnt) learnt =
        hib_classifier_learn(hib_classifier_builtin(), taught, CORRECTED);
    double plain = rate_of(texts, NULL, &urgent), with = rate_of(texts, learnt, &urgent);
    printf(
        "{\"texts\": %u, \"bytes\": %.1f, \"rate\": %.0f, \"rate_learnt\": %.0f, \"urgent\": %d}\n",
        texts->len, (double)bytes / texts->len, plain, with, urgent);
    return 0;
}
