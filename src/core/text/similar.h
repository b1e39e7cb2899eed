/* Texts that are nearly the same, found among thousands.
 *
 * A text is the set of its runs of three folded characters (fold.h), two texts are as similar as their sets: shared over all (Jaccard).
 * Nothing is estimated: what is alike enough is always found and what is found is alike enough. It is quick all the same, because a text
 * that shares the share `least` of the runs must share one of the rarest few, and only who has one of those is compared.
 * Reading (find, compare) may be done by many threads at once, changing by one alone. Memory is bounded by `most_runs`. */
#pragma once
#include "base/arena.h"

typedef struct HibSimilar HibSimilar;

/* `least`: how alike, 0 < least <= 1. `most_runs`: of all texts together; about 12 bytes each. */
HibSimilar *hib_similar_new(double least, size_t most_runs);
void hib_similar_free(HibSimilar *similar); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibSimilar, hib_similar_free)

/* Takes the place of a text with the same id. False when it does not fit any more: then nothing is changed. */
bool hib_similar_add(HibSimilar *similar, const char *id, const char *text, size_t n);
bool hib_similar_remove(HibSimilar *similar, const char *id); /* false: it was not there */
size_t hib_similar_n(const HibSimilar *similar);

typedef struct {
    const char *id; /* until it is removed */
    double share;   /* 0..1 */
} HibSimilarMatch;
/* The most alike first, then by id; at most `most`. A text without a character is like nothing. */
void hib_similar_find(const HibSimilar *similar, HibArena *arena, const char *text, size_t n,
                      size_t most, HibSimilarMatch **ret, size_t *ret_n);
/* How alike two texts are, by themselves. */
double hib_similar_share(const char *a, const char *b);
