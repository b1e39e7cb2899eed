/* Text → signs: folded (fold.h) without losing what feelings are written with. Pictures stay; "すごーーい", "!!!", "wwww", "笑" and 草 become one sign each,
 * so do links, names and numbers, whichever they are. */
#include "text/classify_private.h"

#include "text/fold.h"
#include "text/utf8.h"

#define LONG 0x30fc    /* ー */
#define TAIL_CHARS 200 /* few enough to fit when some become several */

static bool
is_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0x24f);
}

static bool
is_japanese(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || c == 0x3005;
}

static bool
is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool
is_picture(uint32_t c)
{
    return (c >= 0x2600 && c <= 0x27bf) || (c >= 0x1f000 && c <= 0x1faff) || c == 0x2b50 ||
           c == 0x2b55 || c == 0x2764 || c == 0x203c || c == 0x2049;
}

/* Shades of skin, forms of presentation, joiners: part of the picture before them. */
static bool
is_shade(uint32_t c)
{
    return (c >= 0x1f3fb && c <= 0x1f3ff) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0x200d;
}

/* か + ゛ and ﾊ + ﾟ, in hiragana; 0 when they do not go together. */
static uint32_t
voiced(uint32_t before, uint32_t mark)
{
    bool is_half = mark == 0x309a || mark == 0x309c || mark == 0xff9f;
    if (!is_half && mark != 0x3099 && mark != 0x309b && mark != 0xff9e)
        return 0;
    if (before == 0x3046 && !is_half)
        return 0x3094;
    if (before >= 0x306f && before <= 0x307b && (before - 0x306f) % 3 == 0)
        return before + 1 + is_half;
    bool takes = (before >= 0x304b && before <= 0x3062 && before % 2) ||
                 (before >= 0x3064 && before <= 0x3069 && before % 2 == 0);
    return takes && !is_half ? before + 1 : 0;
}

static void
put(HibSigns *s, uint32_t sign, size_t from, size_t to)
{
    s->sign[s->n] = sign;
    s->from[s->n] = (uint32_t)from;
    s->to[s->n++] = (uint32_t)to;
}

/* Signs alike from `at` on. */
static size_t
run_at(const HibSigns *s, size_t at, size_t end)
{
    size_t n = 1;
    while (at + n < end && s->sign[at + n] == s->sign[at])
        n++;
    return n;
}

static void
put_char(HibSigns *s, uint32_t c, size_t from, size_t to)
{
    uint32_t last = s->sign[s->n - 1], joined = s->n > 1 ? voiced(last, c) : 0;
    if (joined) {
        s->sign[s->n - 1] = joined;
        s->to[s->n - 1] = (uint32_t)to;
        return;
    }
    if (is_picture(c)) {
        put(s, c, from, to);
        return;
    }
    if (is_shade(c)) {
        if (is_picture(last))
            s->to[s->n - 1] = (uint32_t)to;
        return;
    }
    uint32_t out[4], one = hib_text_fold_one(c);
    size_t n = one != HIB_FOLD_MANY ? one != 0 : hib_text_fold_char(c, out, G_N_ELEMENTS(out));
    if (one != HIB_FOLD_MANY)
        out[0] = one;
    for (size_t i = 0; i < n && s->n < HIB_SIGNS - 1; i++)
        if (out[i] != ' ' || s->sign[s->n - 1] != ' ')
            put(s, out[i], from, to);
}

/* Reads until the bytes or the room end; gives where it stopped. */
static size_t
read_chars(HibSigns *s, const char *text, size_t n, size_t at, size_t room)
{
    while (at < n && s->n < room) {
        size_t start = at;
        UChar32 c = hib_utf8_next(text, n, &at);
        if (c > 0)
            put_char(s, (uint32_t)c, start, at);
    }
    return at;
}

/* --- what several signs stand for -------------------------------------------------------------------------------------------- */
/* "https://…", "www.…": until a blank or something that is not ASCII. */
static size_t
link_at(const HibSigns *s, size_t at, size_t end)
{
    static const char *const heads[] = {"https://", "http://", "www."};
    for (size_t k = 0; k < G_N_ELEMENTS(heads); k++) {
        size_t n = 0;
        while (heads[k][n] && at + n < end && s->sign[at + n] == (unsigned char)heads[k][n])
            n++;
        if (heads[k][n])
            continue;
        while (at + n < end && s->sign[at + n] > ' ' && s->sign[at + n] < 0x7f)
            n++;
        return n;
    }
    return 0;
}

static size_t
mention_at(const HibSigns *s, size_t at, size_t end)
{
    size_t n = 1;
    while (at + n < end && (is_latin(s->sign[at + n]) || is_digit(s->sign[at + n]) ||
                            s->sign[at + n] == '_' || s->sign[at + n] == '.'))
        n++;
    return n > 1 ? n : 0;
}

static size_t
number_at(const HibSigns *s, size_t at, size_t end)
{
    size_t n = 1;
    while (at + n < end &&
           (is_digit(s->sign[at + n]) || ((s->sign[at + n] == ',' || s->sign[at + n] == '.') &&
                                          at + n + 1 < end && is_digit(s->sign[at + n + 1]))))
        n++;
    return n;
}

/* "wwww", "(笑)", "草" where nothing grows out of it. */
static size_t
laugh_at(const HibSigns *s, size_t at, size_t end, uint32_t before)
{
    uint32_t c = s->sign[at];
    if (c == 'w') {
        size_t n = run_at(s, at, end);
        bool is_word = is_latin(before) || (at + n < end && is_latin(s->sign[at + n]));
        return !is_word && (n > 1 || is_japanese(before) || before == '!') ? n : 0;
    }
    uint32_t after = at + 1 < end ? s->sign[at + 1] : HIB_SIGN_EDGE;
    if (c == 0x7b11) /* 笑 */
        return is_japanese(after) ? 0 : run_at(s, at, end);
    if (c == 0x8349 && before != HIB_SIGN_EDGE) /* 草 */
        return is_japanese(after) && after != c ? 0 : run_at(s, at, end);
    return c == 0x8349 && (after == HIB_SIGN_EDGE || after == c) ? run_at(s, at, end) : 0;
}

static size_t
bangs_at(const HibSigns *s, size_t at, size_t end, uint32_t *ret)
{
    size_t n = 0, asks = 0;
    for (; at + n < end && (s->sign[at + n] == '!' || s->sign[at + n] == '?'); n++)
        asks += s->sign[at + n] == '?';
    if (n > 1)
        *ret = asks == 0 ? HIB_SIGN_BANGS : asks == n ? HIB_SIGN_ASKS : HIB_SIGN_BANG_ASK;
    return n > 1 ? n : 0;
}

/* How many signs from `at` on become which one. */
static size_t
squeeze_at(const HibSigns *s, size_t at, size_t end, uint32_t before, uint32_t *ret)
{
    uint32_t c = s->sign[at];
    size_t n = 0;
    if ((c == 'h' || c == 'w') && !is_latin(before) && (n = link_at(s, at, end))) {
        *ret = HIB_SIGN_LINK;
    } else if (c == '@' && (n = mention_at(s, at, end))) {
        *ret = HIB_SIGN_MENTION;
    } else if (is_digit(c)) {
        *ret = HIB_SIGN_NUMBER;
        n = number_at(s, at, end);
    } else if ((c == 'w' || c == 0x7b11 || c == 0x8349) && (n = laugh_at(s, at, end, before))) {
        *ret = HIB_SIGN_LAUGH;
    } else if ((c == '!' || c == '?') && (n = bangs_at(s, at, end, ret))) {
        return n;
    } else if (c == LONG || c == '~' || c == 0x301c || c == 0x3063 || c == 0x2026 || c == '.') {
        *ret = (c == '~' || c == 0x301c) ? LONG : c; /* ー 〜 っ …: as long as one likes */
        n = run_at(s, at, end);
    } else {
        *ret = c;
        n = run_at(s, at, end);
        n = n > 2 ? n - 1 : 1; /* one of many is left besides the last */
    }
    return n;
}

/* Where the last characters begin, not before `least`. */
static size_t
tail_of(const char *text, size_t n, size_t least)
{
    size_t at = n;
    for (int i = 0; i < TAIL_CHARS && at > least; i++)
        for (at--; at > least && ((unsigned char)text[at] & 0xc0) == 0x80;)
            at--;
    return at;
}

void
hib_signs_of(const char *text, size_t n, HibSigns *ret)
{
    ret->n = 0;
    n = MIN(n, UINT32_MAX);
    put(ret, HIB_SIGN_EDGE, 0, 0);
    size_t at = read_chars(ret, text, n, 0, HIB_SIGNS_HEAD);
    size_t tail = tail_of(text, n, at);
    if (tail > at) {
        put(ret, HIB_SIGN_GAP, at, at);
        at = tail;
    }
    read_chars(ret, text, n, at, HIB_SIGNS - 1);
    size_t end = ret->n;
    ret->n = 1;
    for (at = 1; at < end;) {
        uint32_t sign = 0;
        size_t took = squeeze_at(ret, at, end, ret->sign[ret->n - 1], &sign);
        if (sign != ' ' || ret->n > 1)
            put(ret, sign, ret->from[at], ret->to[at + took - 1]);
        at += took;
    }
    ret->n -= ret->n > 1 && ret->sign[ret->n - 1] == ' ';
    put(ret, HIB_SIGN_EDGE, n, n);
}
