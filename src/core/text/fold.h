/* A text as rules of matching see it: what a reader would call the same is the same, and each character still knows where it stood.
 *
 * Folded are compatibility forms and case (NFKC casefold: Ａ = a, ｶﾞ = が, ① = 1), katakana to hiragana, the kinds of dash and of star; dropped are what has
 * no width, marks over letters, pictures and ornaments (✨♪), blanks between Japanese characters ("最 安 値") and whatever spells a word out ("N.o.1",
 * "最・安・値"). Other blanks are one. Kept are signs that stand for something: ○ ● ※ × →.
 * Pure, thread-safe; bad bytes count as one character each. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

enum { HIB_FOLD_KATAKANA = 1, HIB_FOLD_HIRAGANA = 2 }; /* what it was written in */

typedef struct {
    size_t n;
    const uint32_t *chars;       /* code points */
    const uint32_t *from, *to;   /* the bytes of the text each came from */
    const unsigned char *script; /* HIB_FOLD_…; 0: neither */
} HibFolded;

/* `n` bytes of text, fewer than 2^32. */
HibFolded hib_text_fold(HibArena *arena, const char *text, size_t n);
/* One character of a pattern: how many it becomes (0: it is dropped), at most `most` of them in ret. */
size_t hib_text_fold_char(uint32_t c, uint32_t *ret, size_t most);
/* The same where it becomes one at most, quickly: 0 when it is dropped; HIB_FOLD_MANY: ask hib_text_fold_char. */
uint32_t hib_text_fold_one(uint32_t c);
#define HIB_FOLD_MANY 0xffff
