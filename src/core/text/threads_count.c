/* See threads_count.h. Cluster by cluster (UAX #29), so that a joined family or a flag is one emoji. */
#include "text/threads_count.h"

#include "text/utf8.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#define EMOJI_STYLE 0xfe0f /* the character before it is shown as a picture: ☀️, but not ☀ */
#define KEYCAP 0x20e3

/* What one cluster counts. */
static size_t
weigh(const char *cluster, size_t n)
{
    size_t n_characters = 0;
    bool is_emoji = false;
    UChar32 before = 0;
    for (size_t at = 0; at < n; n_characters++) {
        UChar32 c = hib_utf8_next(cluster, n, &at);
        if (c == KEYCAP || u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION) ||
            (c == EMOJI_STYLE && u_hasBinaryProperty(before, UCHAR_EMOJI)))
            is_emoji = true;
        before = c;
    }
    return is_emoji ? n : n_characters;
}

size_t
hib_text_threads(const char *text)
{
    UErrorCode status = U_ZERO_ERROR;
    UText source = UTEXT_INITIALIZER;
    size_t used = 0;
    utext_openUTF8(&source, text, -1, &status);
    UBreakIterator *breaks = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
    if (U_SUCCESS(status))
        ubrk_setUText(breaks, &source, &status);
    for (int32_t from = 0, to; U_SUCCESS(status) && (to = ubrk_next(breaks)) != UBRK_DONE;
         from = to)
        used += weigh(text + from, (size_t)(to - from));
    ubrk_close(breaks);
    utext_close(&source);
    g_assert(U_SUCCESS(status)); /* only where ICU's own data is missing */
    return used;
}
