/* Many terms looked for at once: Aho–Corasick over folded characters (fold.h), time in proportion to the text however many terms there are.
 *
 * A term stands for itself, not for a piece of another word: one that begins or ends with a Latin letter or a digit is not found inside a longer word or
 * number ("0円" is not in "980円"), and a word of up to three katakana stands alone in its script ("レズ" is not in "忘れずに", "デブ" not in "デブリ").
 * Built by one thread, then only read, by any. */
#pragma once
#include "text/fold.h"

typedef struct HibTerms HibTerms;

HibTerms *hib_terms_new(void);
void hib_terms_free(HibTerms *terms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTerms, hib_terms_free)

/* Before hib_terms_build. The number it is found under: 0, 1, … in order of adding; the same term may be added again. `as_is`: anywhere, also within
 * words. -1: nothing is left of it after folding, or it has more than HIB_TERM_CHARS characters. */
int32_t hib_terms_add(HibTerms *terms, const char *term, bool as_is);
int32_t hib_terms_add_folded(HibTerms *terms, const uint32_t *chars, size_t n); /* as_is */
void hib_terms_build(HibTerms *terms);
#define HIB_TERM_CHARS 100

/* Every place of every term, in order of their ends: characters of `text`, end excluded. */
typedef void (*HibTermFound)(void *data, uint32_t term, size_t start, size_t end);
void hib_terms_find(const HibTerms *terms, const HibFolded *text, HibTermFound found, void *data);
