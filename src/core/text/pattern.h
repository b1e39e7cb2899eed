/* Regular expressions over folded text (fold.h), for rules that strangers write: no expression and no text makes one slow.
 *
 * Understood are | ( ) [ ] [^ ] . ? * + {m} {m,} {m,n} ^ $ (of the whole text) and \ before a sign; \s is a blank, \d a digit, \w a Latin letter, digit
 * or _. Nothing looks around or back. The expression's characters are folded as the text is. It is run as Thompson and Pike do (all ways at once), so a
 * text costs its length times the size of the expression at most; `steps` bounds that too. Of what begins first the longest is found.
 * Built by one thread, then only read, by any. */
#pragma once
#include "text/fold.h"
#include <glib.h>
#include <stdbool.h>

typedef struct HibPattern HibPattern;

#define HIB_PATTERN_BYTES 2000 /* of an expression */
#define HIB_PATTERN_SIZE 4000  /* steps it may become: {m,n} are written out */

typedef struct {
    const char *what; /* is wrong: English, short, static */
    size_t at;        /* characters into the expression */
} HibPatternFault;
/* NULL: *ret_fault says why. */
HibPattern *hib_pattern_new(const char *expression, HibPatternFault *ret_fault);
void hib_pattern_free(HibPattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibPattern, hib_pattern_free)

typedef enum { HIB_PATTERN_NONE, HIB_PATTERN_FOUND, HIB_PATTERN_TOO_LONG } HibPatternResult;
/* The next place at or behind `from`, never empty. `*steps` is what it may still cost, and is counted down. */
HibPatternResult hib_pattern_find(const HibPattern *pattern, const HibFolded *text, size_t from,
                                  int64_t *steps, size_t *ret_start, size_t *ret_end);

/* Words of which at least one stands in every place it is found, so that most texts need not be tried. n 0: nothing is known. */
typedef struct {
    const uint32_t *chars;
    size_t n;
} HibPatternWord;
size_t hib_pattern_words(const HibPattern *pattern, const HibPatternWord **ret);
