/* Counting and normal forms, on ICU. A break iterator reads the UTF-8 in place, without a copy. */
#include "text/count.h"

#include "base/secrets.h"
#include "text/utf8.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

static bool
all_plain_ascii(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)text[i] >= 0x80 || text[i] == '\r')
            return false;
    }
    return true;
}

/* Walks at most `most` clusters; `*ret_bytes` is where the last one ends. */
static size_t
walk_graphemes(const char *text, size_t n, size_t most, size_t *ret_bytes)
{
    if (all_plain_ascii(text, n)) { /* each byte is one, but for CR LF */
        *ret_bytes = MIN(n, most);
        return *ret_bytes;
    }
    UErrorCode status = U_ZERO_ERROR;
    UText source = UTEXT_INITIALIZER;
    utext_openUTF8(&source, text, (int64_t)n, &status);
    UBreakIterator *breaks = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
    if (U_SUCCESS(status))
        ubrk_setUText(breaks, &source, &status);
    size_t count = 0;
    int32_t end = 0;
    if (U_SUCCESS(status)) {
        for (int32_t at = 0; count < most && (at = ubrk_next(breaks)) != UBRK_DONE; count++)
            end = at;
    }
    ubrk_close(breaks);
    utext_close(&source);
    g_assert(U_SUCCESS(status)); /* only where ICU's own data is missing */
    *ret_bytes = (size_t)end;
    return count;
}

size_t
hib_text_graphemes_n(const char *text, size_t n_bytes)
{
    size_t end = 0;
    return walk_graphemes(text, n_bytes, G_MAXSIZE, &end);
}

size_t
hib_text_graphemes(const char *text)
{
    return hib_text_graphemes_n(text, strlen(text));
}

size_t
hib_text_prefix_bytes(const char *text, size_t n_graphemes)
{
    size_t end = 0;
    walk_graphemes(text, strlen(text), n_graphemes, &end);
    return end;
}

HibTextCount
hib_text_count(const char *text)
{
    HibTextCount count = {.bytes = strlen(text)};
    for (size_t at = 0; at < count.bytes; count.code_points++) {
        UChar32 c = hib_utf8_next(text, count.bytes, &at);
        count.utf16_units += c > 0xffff ? 2 : 1;
    }
    count.graphemes = hib_text_graphemes_n(text, count.bytes);
    return count;
}

/* --- normal forms --------------------------------------------------------------------------------------- */
static char *
normalize(HibArena *arena, const UNormalizer2 *form, const char *text)
{
    size_t n = strlen(text);
    g_assert(n < G_MAXINT32 / 32); /* borders cap far below */
    UErrorCode status = U_ZERO_ERROR;
    int32_t n_wide = 0;
    UChar *wide = hib_arena_array(arena, UChar, n + 1);
    u_strFromUTF8WithSub(wide, (int32_t)n + 1, &n_wide, text, (int32_t)n, 0xfffd, NULL, &status);

    int32_t n_formed = unorm2_normalize(form, wide, n_wide, NULL, 0, &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
        n_formed = 0;
    status = U_ZERO_ERROR;
    UChar *formed = hib_arena_array(arena, UChar, (size_t)n_formed + 1);
    unorm2_normalize(form, wide, n_wide, formed, n_formed + 1, &status);

    size_t room = (size_t)n_formed * 3 + 1;
    char *out = hib_arena_take(arena, room);
    u_strToUTF8(out, (int32_t)room, NULL, formed, n_formed, &status);
    g_assert(U_SUCCESS(status));
    return out;
}

/* Where every character is its own normal form and joins with none before it (quick check yes, combining class 0): Latin, kana, Chinese characters, wide forms, pictures. That is
 * nearly every text people write, and takes a tenth of the time of normalising it. */
static bool
is_nfc_already(const char *text, size_t n)
{
    static const UChar32 good[][2] = {
        {0x0001, 0x02ff}, {0x2010, 0x2027}, {0x2460, 0x24ff}, {0x2600, 0x27bf}, {0x3000, 0x3029},
        {0x3030, 0x3098}, {0x309b, 0x30ff}, {0x4e00, 0x9fff}, {0xff01, 0xffee}, {0x1f300, 0x1faff}};
    for (size_t at = 0; at < n;) {
        const UChar32 c = hib_utf8_next(text, n, &at);
        size_t i = 0;
        while (i < G_N_ELEMENTS(good) && c > good[i][1])
            i++;
        if (i == G_N_ELEMENTS(good) || c < good[i][0])
            return false;
    }
    return true;
}

char *
hib_text_nfc(HibArena *arena, const char *text)
{
    if (is_nfc_already(text, strlen(text)))
        return hib_arena_strdup(arena, text);
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    g_assert(U_SUCCESS(status));
    return normalize(arena, nfc, text);
}

/* In place: it only gets shorter. */
static size_t
collapse_space(char *text)
{
    size_t n = strlen(text);
    size_t end = 0;
    bool space_waits = false;
    for (size_t at = 0; at < n;) {
        size_t from = at;
        UChar32 c = hib_utf8_next(text, n, &at);
        if (u_isUWhiteSpace(c)) {
            space_waits = end > 0;
            continue;
        }
        if (space_waits)
            text[end++] = ' ';
        space_waits = false;
        memmove(text + end, text + from, at - from);
        end += at - from;
    }
    text[end] = '\0';
    return end;
}

char *
hib_text_search_form(HibArena *arena, const char *text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *folded = unorm2_getNFKCCasefoldInstance(&status);
    g_assert(U_SUCCESS(status));
    return normalize(arena, folded, text);
}

char *
hib_text_fingerprint(HibArena *arena, const char *text)
{
    char *form = hib_text_search_form(arena, text);
    size_t n = collapse_space(form);
    return hib_sha256_hex(arena, form, n);
}
