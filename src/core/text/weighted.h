/* How X counts a text: most of Latin, Cyrillic, Greek, Arabic, Thai … 1, everything else (kana, kanji, Hangul) 2, an emoji 2 however many characters
 * it is made of, a link 23 however long it is.
 *
 * The rules are those of X's own counter, twitter-text with its configuration 3; tests/data/weighted.json holds its vectors. X
 * takes more for a link than other networks do ("example.com" in the middle of Japanese), and charges for each, so what is a link
 * is decided here and not by links.h. Pure, thread-safe; every text is valid UTF-8. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define HIB_WEIGHTED_LINK 23

typedef struct {
    size_t weight;
    size_t n_links;
    bool is_refused; /* holds a character X refuses: a byte order mark or a non-character */
} HibWeighted;

HibWeighted hib_text_weighted(const char *text);
