/* See fold.h. Nearly every character is one look into a table that is made once from ICU; only what combines with what follows it (か + ゛, ｶ + ﾞ,
 * jamo) or becomes several (㌔) is given to ICU as it stands there, bounded to a few characters. Blanks are decided when the character behind them is known. */
#include "text/fold.h"

#include "text/utf8.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define SEGMENT 24  /* characters that may combine; further marks are dropped */
#define STAR 0x661f /* 星: "★5" is read "星5" */

enum { MANY = HIB_FOLD_MANY, DROP = 0 }; /* in the table: ask ICU; leave out */
enum { JOINS = 1 };                      /* may become one with what stands before it */

typedef struct {
    uint16_t to[0x10000];
    unsigned char flags[0x10000];
} Table;

static bool
is_star(uint32_t c)
{
    return c == 0x2605 || c == 0x2606 || c == 0x2b50;
}

/* Pictures and ornaments. Geometric shapes, arrows and ※ are not: they stand for something. */
static bool
is_ornament(uint32_t c)
{
    return (c >= 0x2600 && c <= 0x27bf) || (c >= 0x1f000 && c <= 0x1faff) || c == 0x2b50 ||
           c == 0x2b55 || c == 0x3030 || c == 0x303d;
}

static bool
is_mark(uint32_t c)
{
    uint32_t mask = U_GET_GC_MASK((UChar32)c);
    return (mask & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_CC_MASK)) != 0 &&
           !u_isUWhiteSpace((UChar32)c);
}

/* After ICU: what it leaves apart. */
static uint32_t
settle(uint32_t c)
{
    if ((c >= 0x30a1 && c <= 0x30f6) || c == 0x30fd || c == 0x30fe)
        return c - 0x60;
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2043)
        return '-';
    if (is_ornament(c) || is_mark(c))
        return DROP;
    return c;
}

static const UNormalizer2 *
nfkc_casefold(void)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *form = unorm2_getNFKCCasefoldInstance(&status);
    g_assert(U_SUCCESS(status)); /* only where ICU's own data is missing */
    return form;
}

/* The letters in black squares and circles, which have no compatibility form. */
static uint32_t
squared(uint32_t c)
{
    if (c >= 0x1f150 && c <= 0x1f169)
        return 'a' + c - 0x1f150;
    if (c >= 0x1f170 && c <= 0x1f189)
        return 'a' + c - 0x1f170;
    return c;
}

/* Characters → folded ones, at most `most`. */
static size_t
fold_segment(const uint32_t *in, size_t n_in, uint32_t *ret, size_t most)
{
    UChar wide[SEGMENT * 2], formed[SEGMENT * 20];
    int32_t n_wide = 0;
    for (size_t i = 0; i < n_in; i++) {
        uint32_t c = squared(in[i]);
        if (c == 0x309b ||
            c == 0x309c) /* the marks that stand alone: NFKC would put a blank before them */
            c -= 2;
        if (c > 0xffff) {
            wide[n_wide++] = (UChar)(0xd7c0 + (c >> 10));
            wide[n_wide++] = (UChar)(0xdc00 | (c & 0x3ff));
        } else {
            wide[n_wide++] = (UChar)c;
        }
    }
    UErrorCode status = U_ZERO_ERROR;
    int32_t n =
        unorm2_normalize(nfkc_casefold(), wide, n_wide, formed, G_N_ELEMENTS(formed), &status);
    if (U_FAILURE(status))
        return 0;
    size_t n_out = 0;
    for (int32_t at = 0; at < n && n_out < most;) {
        uint32_t c = formed[at++];
        if (c >= 0xd800 && c < 0xdc00 && at < n)
            c = (c << 10) + formed[at++] - 0x35fdc00;
        c = settle(c);
        if (c != DROP)
            ret[n_out++] = c;
    }
    return n_out;
}

static bool
joins(uint32_t c)
{
    return u_getCombiningClass((UChar32)c) != 0 || (c >= 0x309b && c <= 0x309c) ||
           (c >= 0xff9e && c <= 0xff9f) || (c >= 0x1160 && c <= 0x11ff) ||
           (c >= 0xffa0 && c <= 0xffdc) ||
           u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static gpointer
make_table(gpointer unused G_GNUC_UNUSED)
{
    Table *table = g_new0(Table, 1);
    for (uint32_t c = 0; c < 0x10000; c++) {
        uint32_t out[4];
        if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3)) {
            table->to[c] = (uint16_t)c;
            continue;
        }
        if (c >= 0xd800 && c < 0xe000)
            continue;
        size_t n = fold_segment(&c, 1, out, 4);
        table->to[c] = n == 0 ? DROP : n == 1 && out[0] < 0xffff ? (uint16_t)out[0] : MANY;
        table->flags[c] = joins(c) ? JOINS : 0;
        if (u_isUWhiteSpace((UChar32)c) || c == 0x2800) /* the empty braille cell */
            table->to[c] = ' ';
    }
    return table;
}

static const Table *
fold_table(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, make_table, NULL);
}

size_t
hib_text_fold_char(uint32_t c, uint32_t *ret, size_t most)
{
    if (is_star(c)) {
        ret[0] = STAR;
        return 1;
    }
    if (u_isUWhiteSpace((UChar32)c)) {
        ret[0] = ' ';
        return 1;
    }
    return fold_segment(&c, 1, ret, most);
}

uint32_t
hib_text_fold_one(uint32_t c)
{
    return c < 0x10000 ? fold_table()->to[c] : MANY;
}

/* --- writing ---------------------------------------------------------------------------------------------- */
typedef struct {
    HibArena *arena;
    uint32_t *chars, *from, *to;
    unsigned char *script;
    size_t n, room;
    bool is_tag; /* within a word that began with # or @, or a link: what ends it counts */
    bool is_blank, is_line; /* a blank waits; it held the end of a line */
    uint32_t blank_from, blank_to;
} Writer;

static void
make_room(Writer *w, size_t room)
{
    uint32_t *chars = hib_arena_array(w->arena, uint32_t, room * 3);
    unsigned char *script = hib_arena_take(w->arena, room);
    if (w->n) {
        memcpy(chars, w->chars, w->n * sizeof *chars);
        memcpy(chars + room, w->from, w->n * sizeof *chars);
        memcpy(chars + 2 * room, w->to, w->n * sizeof *chars);
        memcpy(script, w->script, w->n);
    }
    w->chars = chars;
    w->from = chars + room;
    w->to = chars + 2 * room;
    w->script = script;
    w->room = room;
}

static void
put(Writer *w, uint32_t c, uint32_t from, uint32_t to, unsigned char script)
{
    if (w->n == w->room)
        make_room(w, w->room * 2);
    w->chars[w->n] = c;
    w->from[w->n] = from;
    w->to[w->n] = to;
    w->script[w->n++] = script;
}

static bool
is_japanese(uint32_t c)
{
    return c >= 0x3001 && (c <= 0x30ff || (c >= 0x3400 && c <= 0x9fff) ||
                           (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff));
}

/* Nobody who writes Japanese needs a blank there. Before and after a tag, and at the end of a line, it separates. */
static bool
blank_is_needless(const Writer *w, uint32_t before, uint32_t after)
{
    return !w->is_line && !w->is_tag && after != '#' && after != '@' &&
           (is_japanese(before) || is_japanese(after));
}

static void
put_folded(Writer *w, uint32_t c, uint32_t from, uint32_t to, unsigned char script)
{
    if (w->is_blank) {
        if (w->n > 0 && !blank_is_needless(w, w->chars[w->n - 1], c))
            put(w, ' ', w->blank_from, w->blank_to, 0);
        w->is_blank = w->is_line = w->is_tag = false;
    }
    if (c == '#' || c == '@' || (c == '/' && w->n && w->chars[w->n - 1] == '/'))
        w->is_tag = true;
    put(w, c, from, to, script);
}

static void
wait_blank(Writer *w, uint32_t c, uint32_t from, uint32_t to)
{
    if (!w->is_blank)
        w->blank_from = from;
    w->blank_to = to;
    w->is_blank = true;
    w->is_line |= c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* --- reading ---------------------------------------------------------------------------------------------- */
typedef struct {
    const Table *table;
    const char *text;
    size_t n;
} Reader;

static uint32_t
next_char(const Reader *in, size_t *at)
{
    UChar32 c = hib_utf8_next(in->text, in->n, at);
    return c < 0 ? 0xfffd : (uint32_t)c;
}

static bool
joins_next(const Reader *in, size_t at)
{
    if (at >= in->n || (unsigned char)in->text[at] < 0x80)
        return false;
    uint32_t c = next_char(in, &at);
    return c < 0x10000 ? (in->table->flags[c] & JOINS) != 0 : joins(c);
}

static unsigned char
script_of(uint32_t c)
{
    if ((c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc || (c >= 0xff66 && c <= 0xff9d))
        return HIB_FOLD_KATAKANA;
    return c >= 0x3041 && c <= 0x3096 ? HIB_FOLD_HIRAGANA : 0;
}

static void
fold_slowly(const Reader *in, Writer *w, uint32_t first, size_t start, size_t *at)
{
    uint32_t segment[SEGMENT] = {first}, out[SEGMENT * 20];
    size_t n = 1, end = *at; /* what has no width is not part of the character before it */
    while (joins_next(in, *at)) {
        uint32_t c = next_char(in, at);
        if (!u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
            end = *at;
        if (n < SEGMENT)
            segment[n++] = c;
    }
    size_t n_out = fold_segment(segment, n, out, G_N_ELEMENTS(out));
    for (size_t i = 0; i < n_out; i++) {
        if (out[i] == ' ')
            wait_blank(w, ' ', (uint32_t)start, (uint32_t)end);
        else
            put_folded(w, out[i], (uint32_t)start, (uint32_t)end, script_of(first));
    }
}

static bool
is_digit_next(const Reader *in, size_t at)
{
    if (at >= in->n)
        return false;
    uint32_t c = next_char(in, &at);
    c = c < 0x10000 ? in->table->to[c] : c;
    return c >= '0' && c <= '9';
}

/* --- words spelled out -------------------------------------------------------------------------------------- */
static bool
is_separator(uint32_t c)
{
    return (c < 0x80 && c && strchr(" ._-/|*~,'\"^`=+", (int)c)) || c == 0x30fb || c == 0x3001 ||
           c == 0x3002 || c == 0x2026 || c == 0x2025 || c == 0x301c;
}

static bool
is_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_letter(uint32_t c)
{
    return is_latin(c) || (is_japanese(c) && c > 0x3040 && !is_separator(c));
}

/* Between blanks a sign is spelled too: "N o . 1". */
static bool
is_item(uint32_t c, uint32_t separator)
{
    return is_letter(c) || (separator == ' ' && c != ' ');
}

/* At `at`: how many single characters follow each other with the same separator between them; fewer than 3, or hardly a letter among them: 0. */
static size_t
spelled(const Writer *w, size_t at)
{
    if (at + 4 >= w->n || !is_letter(w->chars[at]) || !is_separator(w->chars[at + 1]))
        return 0;
    if (at > 0 && is_latin(w->chars[at]) && is_latin(w->chars[at - 1]))
        return 0;
    uint32_t separator = w->chars[at + 1];
    size_t n = 0, n_letters = 0;
    for (size_t i = at; i < w->n && is_item(w->chars[i], separator); i += 2) {
        bool goes_on = i + 1 < w->n && is_latin(w->chars[i]) && is_latin(w->chars[i + 1]);
        if (goes_on) /* "a.b.cde": a word begins here */
            break;
        n++;
        n_letters += w->chars[i] > '9';
        if (i + 1 >= w->n || w->chars[i + 1] != separator)
            break;
    }
    return n >= 3 && n_letters >= 2 ? n : 0;
}

static void
squeeze_spelled(Writer *w)
{
    size_t end = 0;
    for (size_t at = 0; at < w->n;) {
        size_t n = spelled(w, at);
        for (size_t i = 0; i < MAX(n, 1); i++, end++) {
            size_t from = at + 2 * i;
            w->chars[end] = w->chars[from];
            w->from[end] = w->from[from];
            w->to[end] = w->to[from];
            w->script[end] = w->script[from];
        }
        at += n ? 2 * n - 1 : 1;
    }
    w->n = end;
}

HibFolded
hib_text_fold(HibArena *arena, const char *text, size_t n)
{
    const Reader in = {fold_table(), text, n};
    Writer w = {.arena = arena};
    make_room(&w, n / 2 + 32);
    for (size_t at = 0; at < n;) {
        size_t start = at;
        uint32_t c = next_char(&in, &at);
        uint32_t to = c < 0x10000 ? in.table->to[c] : MANY;
        if (to == ' ') {
            wait_blank(&w, c, (uint32_t)start, (uint32_t)at);
        } else if (is_star(c) && is_digit_next(&in, at)) {
            put_folded(&w, STAR, (uint32_t)start, (uint32_t)at, 0);
        } else if (to == DROP ||
                   (c > 0xffff && is_ornament(squared(c)) && (c < 0x1f100 || c > 0x1f2ff))) {
            continue;
        } else if (to == MANY || joins_next(&in, at)) {
            fold_slowly(&in, &w, c, start, &at);
        } else {
            put_folded(&w, to, (uint32_t)start, (uint32_t)at, script_of(c));
        }
    }
    squeeze_spelled(&w);
    return (HibFolded){.n = w.n, .chars = w.chars, .from = w.from, .to = w.to, .script = w.script};
}
