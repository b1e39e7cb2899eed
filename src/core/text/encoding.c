/* Finding an encoding: marks first, then what is valid. UTF-8 is so unlike anything else that a text which is valid is one; what is not may be Shift_JIS,
 * where every pair of bytes must exist. UTF-16 without a mark gives itself away by the zero bytes of its commas and line ends. */
#include "text/encoding.h"
#include <string.h>
#include <unicode/ucnv.h>

#define SAMPLE 4096

static bool
begins(const unsigned char *bytes, size_t n, const char *mark, size_t n_mark)
{
    return n >= n_mark && memcmp(bytes, mark, n_mark) == 0;
}

/* Every second byte of a Latin text in UTF-16 is zero; of a Japanese one those of its separators are. */
static HibEncoding
guess_wide(const unsigned char *bytes, size_t n)
{
    size_t even = 0, odd = 0;
    for (size_t i = 0; i < MIN(n, SAMPLE); i++) {
        even += bytes[i] == 0 && i % 2 == 0;
        odd += bytes[i] == 0 && i % 2 == 1;
    }
    if (n % 2 != 0 || (even && odd) || (!even && !odd))
        return HIB_ENCODING_UNKNOWN;
    return odd ? HIB_ENCODING_UTF16LE : HIB_ENCODING_UTF16BE;
}

static char *
keep(HibArena *arena, const unsigned char *bytes, size_t n)
{
    char *out = hib_arena_take(arena, n + 1);
    memcpy(out, bytes, n);
    return out;
}

static bool
is_utf8(const unsigned char *bytes, size_t n, size_t *ret_bad)
{
    const char *end = NULL;
    bool is_valid = g_utf8_validate_len((const char *)bytes, n, &end);
    *ret_bad = (size_t)(end - (const char *)bytes);
    return is_valid;
}

/* UTF-16 is at most three bytes of UTF-8 a unit, code page 932 three for each of its single bytes. */
static bool
convert(HibArena *arena, const char *name, const unsigned char *bytes, size_t n, size_t widest,
        char **ret, size_t *ret_n)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *from = ucnv_open(name, &status), *to = ucnv_open("UTF-8", &status);
    size_t room = n * widest + 16, bad;
    char *out = hib_arena_take(arena, room), *at = out;
    const char *in = (const char *)bytes;
    if (U_SUCCESS(status))
        ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    if (U_SUCCESS(status))
        ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    UChar pivot[1024], *source = pivot, *target = pivot;
    if (U_SUCCESS(status))
        ucnv_convertEx(to, from, &at, out + room - 1, &in, in + n, pivot, &source, &target,
                       pivot + G_N_ELEMENTS(pivot), TRUE, TRUE, &status);
    ucnv_close(from);
    ucnv_close(to);
    *ret = out;
    *ret_n = (size_t)(at - out);
    return U_SUCCESS(status) && is_utf8((const unsigned char *)out, *ret_n, &bad);
}

static HibEncoding
narrow(HibArena *arena, const unsigned char *bytes, size_t n, HibEncoding as, char **ret,
       size_t *ret_n)
{
    size_t bad;
    if (is_utf8(bytes, n, &bad)) {
        *ret = keep(arena, bytes, n);
        *ret_n = n;
        return as;
    }
    if (as == HIB_ENCODING_UTF8 && !memchr(bytes, 0, n) &&
        convert(arena, "ibm-943_P15A-2003", bytes, n, 3, ret, ret_n))
        return HIB_ENCODING_SHIFT_JIS;
    *ret = NULL;
    *ret_n = bad;
    return HIB_ENCODING_UNKNOWN;
}

HibEncoding
hib_text_decode(HibArena *arena, const void *data, size_t n, char **ret, size_t *ret_n)
{
    const unsigned char *bytes = data;
    HibEncoding wide = HIB_ENCODING_UNKNOWN;
    size_t skip = 0;
    if (begins(bytes, n, "\xef\xbb\xbf", 3))
        return narrow(arena, bytes + 3, n - 3, HIB_ENCODING_UTF8_BOM, ret, ret_n);
    if (begins(bytes, n, "\xff\xfe", 2) || begins(bytes, n, "\xfe\xff", 2)) {
        wide = bytes[0] == 0xff ? HIB_ENCODING_UTF16LE : HIB_ENCODING_UTF16BE;
        skip = 2;
    } else if (n && memchr(bytes, 0, MIN(n, SAMPLE))) {
        wide = guess_wide(bytes, n);
    }
    if (wide == HIB_ENCODING_UNKNOWN)
        return narrow(arena, bytes, n, HIB_ENCODING_UTF8, ret, ret_n);
    const char *name = wide == HIB_ENCODING_UTF16LE ? "UTF-16LE" : "UTF-16BE";
    if (convert(arena, name, bytes + skip, n - skip, 2, ret, ret_n))
        return wide;
    *ret = NULL;
    *ret_n = 0;
    return HIB_ENCODING_UNKNOWN;
}
