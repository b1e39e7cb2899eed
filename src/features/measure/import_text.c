/* A file as text, piece by piece: cut at line ends, each piece read in the encoding the file turned out to have. Memory does not grow with the file.
 *
 * A piece of plain ASCII says nothing; what the first others are, all are. */
#include "base/error.h"
#include "measure/import.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE (1024 * 1024)

struct HibImportText {
    int fd;
    off_t at;
    char *raw;
    HibArena *arena; /* of the piece that was read last */
    HibEncoding encoding;
    bool is_known; /* something that is not ASCII was read */
};

HibImportText *
hib_import_text_new(int fd)
{
    HibImportText *t = g_new0(HibImportText, 1);
    t->fd = fd;
    t->raw = g_malloc(PIECE + 4);
    return t;
}

void
hib_import_text_free(HibImportText *t)
{
    if (!t)
        return;
    if (t->arena)
        hib_arena_free(t->arena);
    g_free(t->raw);
    g_free(t);
}

HibEncoding
hib_import_text_encoding(const HibImportText *t)
{
    return t->encoding;
}

static bool
is_wide(const HibImportText *t)
{
    return t->encoding == HIB_ENCODING_UTF16LE || t->encoding == HIB_ENCODING_UTF16BE;
}

static bool
read_raw(HibImportText *t, size_t *ret_n, GError **error)
{
    *ret_n = 0;
    while (*ret_n < PIECE) {
        const ssize_t n = pread(t->fd, t->raw + 4 + *ret_n, PIECE - *ret_n, t->at + (off_t)*ret_n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "%s", g_strerror(errno));
            return false;
        }
        if (n == 0)
            break;
        *ret_n += (size_t)n;
    }
    return true;
}

/* Behind the last line end; all of it where there is none or the file ends. */
static size_t
whole_lines(const HibImportText *t, const char *raw, size_t n)
{
    if (n < PIECE)
        return n;
    if (!is_wide(t)) {
        const char *last = memrchr(raw, '\n', n);
        return last ? (size_t)(last - raw) + 1 : n;
    }
    for (size_t i = n - n % 2; i >= 2; i -= 2) {
        const bool is_end = t->encoding == HIB_ENCODING_UTF16LE ? raw[i - 2] == '\n' && !raw[i - 1]
                                                                : !raw[i - 2] && raw[i - 1] == '\n';
        if (is_end)
            return i;
    }
    return n;
}

static bool
is_ascii(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static bool
is_utf8(HibEncoding encoding)
{
    return encoding == HIB_ENCODING_UTF8 || encoding == HIB_ENCODING_UTF8_BOM;
}

/* A later piece has to be what the first were. */
static bool
agrees(HibImportText *t, HibEncoding found, bool is_plain)
{
    if (found == HIB_ENCODING_UNKNOWN)
        return false;
    if (is_plain && t->at)
        return true;
    if (!t->at || !t->is_known)
        t->encoding = t->encoding == HIB_ENCODING_UTF8_BOM && is_utf8(found) ? t->encoding : found;
    t->is_known |= !is_plain || !is_utf8(found);
    return found == t->encoding || (is_utf8(found) && is_utf8(t->encoding));
}

bool
hib_import_text_next(HibImportText *t, const char **ret, size_t *ret_n, GError **error)
{
    size_t n = 0;
    char *text = NULL;
    if (!read_raw(t, &n, error))
        return false;
    char *raw = t->raw + 4;
    if (!t->at && n >= 2 && (!memcmp(raw, "\xff\xfe", 2) || !memcmp(raw, "\xfe\xff", 2)))
        t->encoding = *raw == '\xff' ? HIB_ENCODING_UTF16LE : HIB_ENCODING_UTF16BE;
    n = whole_lines(t, raw, n);
    const size_t taken = n;
    if (t->at && is_wide(t) && n) { /* each piece says again how it is to be read */
        raw -= 2;
        memcpy(raw, t->encoding == HIB_ENCODING_UTF16LE ? "\xff\xfe" : "\xfe\xff", 2);
        n += 2;
    }
    if (t->arena)
        hib_arena_free(t->arena);
    t->arena = hib_arena_new();
    const bool is_plain = is_ascii(raw, n);
    *ret = "";
    *ret_n = 0;
    if (taken == 0)
        return true;
    const HibEncoding found = hib_text_decode(t->arena, raw, n, &text, ret_n);
    if (!agrees(t, found, is_plain)) {
        hib_error_set(error, HIB_ERROR_INVALID, "measure.import_encoding",
                      "no encoding fits from byte %" G_GINT64_FORMAT " on", (int64_t)t->at);
        return false;
    }
    t->at += (off_t)taken;
    *ret = text;
    return true;
}
