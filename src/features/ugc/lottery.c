/* The lottery: who is drawn follows from three things that were fixed before anybody could know the outcome, so anybody can compute it again.
 *
 * When entries close, the SHA-256 of a random seed and the SHA-256 of the eligible entries are written down. Whoever keeps the seed cannot exchange it, and
 * whoever chose the entries did not know it. A value from outside (a share price of a day to come) may be mixed in when it is drawn, so that not even the keeper
 * knew. Each entry's score is SHA-256 of seed, value, entries' hash and its id, a line feed between; the lowest scores win, in order. */
#include "base/secrets.h"
#include "ugc/ugc_private.h"
#include <string.h>

const char *
hib_lottery_entries_hash(HibArena *arena, const char *const *ids, size_t n)
{
    HibSha256 sum;
    hib_sha256_begin(&sum);
    for (size_t i = 0; i < n; i++) {
        hib_sha256_add(&sum, ids[i], strlen(ids[i]));
        hib_sha256_add(&sum, "\n", 1);
    }
    return hib_sha256_end(&sum, arena);
}

const char *
hib_lottery_score(HibArena *arena, const char *seed, const char *outside, const char *entries_hash,
                  const char *id)
{
    const char *const parts[] = {seed, "\n", outside, "\n", entries_hash, "\n", id};
    HibSha256 sum;
    hib_sha256_begin(&sum);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        hib_sha256_add(&sum, parts[i], strlen(parts[i]));
    return hib_sha256_end(&sum, arena);
}

static int
lowest_first(const void *a, const void *b)
{
    const HibDrawn *one = a, *other = b;
    int by_score = strcmp(one->score, other->score);
    return by_score ? by_score : strcmp(one->id, other->id);
}

HibDrawn *
hib_lottery(HibArena *arena, const char *seed, const char *outside, const char *entries_hash,
            const char *const *ids, size_t n)
{
    HibDrawn *out = hib_arena_array(arena, HibDrawn, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibDrawn){.id = ids[i],
                            .score = hib_lottery_score(arena, seed, outside, entries_hash, ids[i])};
    qsort(out, n, sizeof *out, lowest_first);
    return out;
}
