/* A history of posts is asked what is nearly the same as a new one, by the index and by comparing with every post, one by one.
 * The posts are put together from the sentences of tests/data/harmless_posts.tsv (argument 1) and changed by hand's breadths, so that shares of
 * all sizes occur. Prints one JSON line: processor times (the machine may be
 * shared), what was found, what should have been. */
#include "base/secrets.h"
#include "base/time.h"
#include "text/fold.h"
#include "text/similar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEAST 0.6 /* what the index is made for; the claim is about CLAIM and above */
#define CLAIM 0.7
enum { TOLD = 10000 };

typedef struct {
    GPtrArray *posts, *sentences;
    HibSeeded seeded;
} World;

static void
read_sentences(World *world, const char *path)
{
    g_autofree char *bytes = NULL;
    if (!g_file_get_contents(path, &bytes, NULL, NULL))
        exit(1);
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        const char *text = strchr(lines[i], '\t');
        if (!text || *lines[i] == '#')
            continue;
        g_autofree char *plain = g_strcompress(text + 1);
        g_auto(GStrv) parts = g_strsplit(plain, "。", -1);
        for (size_t k = 0; parts[k]; k++)
            if (g_utf8_strlen(parts[k], -1) > 8)
                g_ptr_array_add(world->sentences, g_strdup(parts[k]));
    }
}

static const char *
any(World *world)
{
    return world->sentences->pdata[hib_seeded_below(&world->seeded, world->sentences->len)];
}

/* Two to five sentences: 60 to 200 characters. */
static char *
fresh(World *world)
{
    GString *text = g_string_new(NULL);
    for (int64_t n = 2 + hib_seeded_below(&world->seeded, 4); n; n--)
        g_string_append_printf(text, "%s。", any(world));
    return g_string_free(text, FALSE);
}

/* One sentence in so many becomes another, and a character in so many is lost or put in. */
static char *
changed(World *world, const char *text)
{
    HibSeeded *seeded = &world->seeded;
    int64_t one_in = 4 + hib_seeded_below(seeded, 60);
    g_auto(GStrv) parts = g_strsplit(text, "。", -1);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; parts[i]; i++) {
        const char *part = *parts[i] && !hib_seeded_below(seeded, 8) ? any(world) : parts[i];
        for (const char *at = part; *at; at = g_utf8_next_char(at)) {
            int64_t luck = hib_seeded_below(seeded, 2 * one_in);
            if (luck != 0)
                g_string_append_unichar(out, g_utf8_get_char(at));
            if (luck == 1)
                g_string_append(out, "の");
        }
        if (parts[i + 1])
            g_string_append(out, "。");
    }
    return g_string_free(out, FALSE);
}

/* A third of the posts of a brand come from an older one. */
static void
write_history(World *world, int n)
{
    for (int i = 0; i < n; i++) {
        bool is_fresh = !i || hib_seeded_below(&world->seeded, 3);
        int64_t of = is_fresh ? 0 : hib_seeded_below(&world->seeded, i);
        g_ptr_array_add(world->posts,
                        is_fresh ? fresh(world) : changed(world, world->posts->pdata[of]));
    }
}

static int
by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* --- the peer: sets of runs, made once, compared with each ---------------------------------------------------------------- */
typedef struct {
    uint64_t *runs;
    size_t n;
} Set;

static int
by_run(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static Set
set_of(const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibFolded folded = hib_text_fold(arena, text, strlen(text));
    Set set = {.runs = g_new(uint64_t, folded.n + 1)};
    size_t n = folded.n < 3 ? 0 : folded.n - 2;
    for (size_t i = 0; i < n; i++)
        set.runs[i] = (uint64_t)folded.chars[i] << 42 | (uint64_t)folded.chars[i + 1] << 21 |
                      folded.chars[i + 2];
    qsort(set.runs, n, sizeof *set.runs, by_run);
    for (size_t i = 0; i < n; i++)
        if (!i || set.runs[i] != set.runs[i - 1])
            set.runs[set.n++] = set.runs[i];
    return set;
}

static double
share_of(const Set *a, const Set *b)
{
    size_t shared = 0;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        uint64_t x = a->runs[i], y = b->runs[k];
        shared += x == y;
        i += x <= y;
        k += y <= x;
    }
    return (double)shared / (double)(a->n + b->n - shared);
}

/* Of what comparing with every post finds, how much was found; and how much that was found it does not. Gives its own time. */
static int64_t
compare(const Set *posts, int n_posts, const char *text, const HibSimilarMatch *found, size_t n,
        int *true_ones, int *missed, int *wrong)
{
    g_autofree double *shares = g_new(double, (gsize)n_posts);
    g_autofree bool *is_found = g_new0(bool, (gsize)n_posts);
    clock_t begin = clock();
    Set set = set_of(text);
    for (int i = 0; i < n_posts; i++)
        shares[i] = share_of(&set, &posts[i]);
    int64_t took = (int64_t)(clock() - begin) * 1000000 / CLOCKS_PER_SEC;
    g_free(set.runs);
    for (size_t i = 0; i < n; i++)
        is_found[atoi(found[i].id)] = true;
    for (int i = 0; i < n_posts; i++) {
        *true_ones += shares[i] >= CLAIM;
        *missed += shares[i] >= CLAIM && !is_found[i];
        *wrong += shares[i] < LEAST && is_found[i];
    }
    return took;
}

int
main(int argc, char **argv)
{
    int n_posts = argc > 2 ? atoi(argv[2]) : TOLD, n_asked = argc > 3 ? atoi(argv[3]) : 200;
    int n_true = 0, n_missed = 0, n_wrong = 0, n_found = 0;
    World world = {.posts = g_ptr_array_new(), .sentences = g_ptr_array_new()};
    if (argc < 2 || n_posts < 1 || n_asked < 1)
        return 1;
    hib_seeded_init(&world.seeded, 20261126);
    read_sentences(&world, argv[1]);
    write_history(&world, n_posts);
    g_autoptr(HibSimilar) similar = hib_similar_new(LEAST, 100 * 1000 * 1000);
    int64_t start = hib_monotonic_us();
    for (int i = 0; i < n_posts; i++) {
        char id[16];
        g_snprintf(id, sizeof id, "%d", i);
        hib_similar_add(similar, id, world.posts->pdata[i], strlen(world.posts->pdata[i]));
    }
    int64_t built = hib_monotonic_us() - start, one_by_one = 0;
    g_autofree Set *sets = g_new(Set, (gsize)n_posts);
    for (int i = 0; i < n_posts; i++)
        sets[i] = set_of(world.posts->pdata[i]);
    g_autofree int64_t *times = g_new0(int64_t, (gsize)n_asked);
    for (int i = 0; i < n_asked; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        const char *old = world.posts->pdata[hib_seeded_below(&world.seeded, n_posts)];
        g_autofree char *text = i % 4 ? changed(&world, old) : fresh(&world);
        HibSimilarMatch *found;
        size_t n;
        clock_t begin = clock();
        hib_similar_find(similar, arena, text, strlen(text), SIZE_MAX, &found, &n);
        times[i] = (int64_t)(clock() - begin) * 1000000 / CLOCKS_PER_SEC;
        n_found += (int)n;
        one_by_one += compare(sets, n_posts, text, found, n, &n_true, &n_missed, &n_wrong);
    }
    qsort(times, (size_t)n_asked, sizeof *times, by_time);
    printf("{\"posts\": %d, \"asked\": %d, \"build_ms\": %.1f, \"median_us\": %d, \"p99_us\": %d, "
           "\"most_us\": %d, "
           "\"one_by_one_us\": %.0f, \"found\": %d, \"true\": %d, \"missed\": %d, \"wrong\": %d}\n",
           n_posts, n_asked, (double)built / 1000, (int)times[n_asked / 2],
           (int)times[n_asked * 99 / 100], (int)times[n_asked - 1], (double)one_by_one / n_asked,
           n_found, n_true, n_missed, n_wrong);
    for (int i = 0; i < n_posts; i++)
        g_free(sets[i].runs);
    g_ptr_array_foreach(world.posts, (GFunc)(void (*)(void))g_free, NULL);
    g_ptr_array_foreach(world.sentences, (GFunc)(void (*)(void))g_free, NULL);
    g_ptr_array_unref(world.posts);
    g_ptr_array_unref(world.sentences);
    return 0;
}
