/* Full text: finds what was written by any two characters of it or more, alike on both databases.
 *
 * A text is kept as its bigrams: each two characters that stand beside each other. So a word of two characters (炎上) is one entry of the index, a longer
 * one is its bigrams in a row, and no dictionary decides where a word ends. SQLite has them in FTS5 (lite_bigram.c), PostgreSQL in a GIN
 * index. Each row belongs to a workspace and a kind of subject, and both are an entry of the index too: what others keep costs nothing.
 *
 * Texts come folded (width, case …) by whom they belong to; what is asked must be folded in the same way. */
#pragma once
#include "store/store.h"

#define HIB_SEARCH_MIN_CHARACTERS 2 /* of a word; one emoji is a word too */
enum { HIB_SEARCH_WORDS = 8 };      /* of one question; more are left out */

/* What a subject (id) says, in place of what it said before. In the caller's transaction. */
bool hib_search_put(HibDb *db, const char *kind, const char *subject, const char *text,
                    GError **error);
bool hib_search_drop(HibDb *db, const char *kind, const char *subject, GError **error);

typedef struct {
    int64_t number; /* grows with each one put */
    const char *subject;
} HibSearchHit;
/* Subjects in whose text all of the words stand (blanks between them), the last put first, from below `before` (0: from the newest).
 * INVALID search.short when a word is too short to be found, or there is none. */
bool hib_search_find(HibDb *db, const char *kind, const char *words, int64_t before, int64_t most,
                     HibSearchHit **ret, size_t *ret_n, GError **error);

/* The tables; after the migrations, as often as one likes. They are derived: they may be dropped and put anew. */
bool hib_search_prepare(HibDb *db, GError **error);
