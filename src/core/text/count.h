/* What a text amounts to, in the units that networks limit, and its normal forms.
 *
 * Pure: no files, no clock. Every text is valid UTF-8 (checked where it came in); should one not be, its bad bytes count as
 * one character each. Thread-safe. */
#pragma once
#include "base/arena.h"

typedef struct {
    size_t graphemes; /* what a reader calls characters: UAX #29 extended clusters */
    size_t code_points;
    size_t utf16_units; /* as JavaScript counts */
    size_t bytes;       /* of UTF-8 */
} HibTextCount;

HibTextCount hib_text_count(const char *text);
size_t hib_text_graphemes(const char *text);
size_t hib_text_graphemes_n(const char *text, size_t n_bytes);
/* Bytes that the first `n_graphemes` take; the whole text when it is shorter: where to cut. */
size_t hib_text_prefix_bytes(const char *text, size_t n_graphemes);

/* Normal form C: how every text is stored. */
char *hib_text_nfc(HibArena *arena, const char *text);

/* For searching: compatibility forms and case folded (NFKC casefold: ｶﾞ = ガ, Ａ = a). */
char *hib_text_search_form(HibArena *arena, const char *text);

/* SHA-256, 64 hex characters, of the text as a reader would call it the same: compatibility forms and case folded (NFKC
 * casefold: ｶﾞ = ガ, Ａ = a), runs of white space as one space, none at the ends. */
char *hib_text_fingerprint(HibArena *arena, const char *text);
