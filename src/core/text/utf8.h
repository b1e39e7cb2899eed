/* Inside text only: one step over UTF-8. */
#pragma once
#include <stddef.h>
#include <unicode/utf8.h>

/* The character at `*at`, which moves behind it; negative for a bad byte. `*at` must be below `n`. */
static inline UChar32
hib_utf8_next(const char *text, size_t n, size_t *at)
{
    UChar32 c = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion" /* ICU's macro narrows where it knows it may */
    U8_NEXT(text, *at, n, c);
#pragma GCC diagnostic pop
    return c;
}
