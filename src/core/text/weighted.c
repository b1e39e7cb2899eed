/* One pass over the code points: a link where one begins, else an emoji, else one character with its weight. */
#include "text/weighted.h"
#include "text/weighted_private.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#define JOINER 0x200d
#define AS_EMOJI 0xfe0f
#define KEYCAP 0x20e3
#define LAST_TAG 0xe007f
#define MAX_PARTS 8 /* of one joined emoji; the longest there are have 4 */

/* --- emoji -------------------------------------------------------------------------------------------------- */
static bool
has(gunichar c, UProperty property)
{
    return u_hasBinaryProperty((UChar32)c, property);
}

typedef struct {
    UChar text[64];
    int32_t n;
    bool is_full;
} Wide;

static void
put(Wide *out, gunichar c)
{
    if (out->n + 2 > (int32_t)G_N_ELEMENTS(out->text)) {
        out->is_full = true;
        return;
    }
    if (c > 0xffff) {
        out->text[out->n++] = (UChar)(0xd7c0 + (c >> 10));
        out->text[out->n++] = (UChar)(0xdc00 + (c & 0x3ff));
    } else {
        out->text[out->n++] = (UChar)c;
    }
}

static bool
is_known(const Wide *emoji)
{
    return !emoji->is_full && u_stringHasBinaryProperty(emoji->text, emoji->n, UCHAR_RGI_EMOJI);
}

/* One part of an emoji: a base with its form or colour, put into `out`. Returns its code points; 0: none. */
static size_t
take_part(const gunichar *text, size_t n, Wide *out)
{
    gunichar base = text[0];
    size_t part = 1;
    if (base < 0x80 || !has(base, UCHAR_EMOJI))
        return 0;
    /* X knows the form only of those that are also letters; behind a newer emoji it is a character of its own. */
    bool has_forms = base < 0x1f300 || !has(base, UCHAR_EMOJI_PRESENTATION);
    if (part < n && text[part] == AS_EMOJI && has_forms)
        part++;
    if (part < n && has(text[part], UCHAR_EMOJI_MODIFIER) && has(base, UCHAR_EMOJI_MODIFIER_BASE))
        part++;
    for (size_t i = 0; i < part; i++)
        put(out, text[i]);
    return part;
}

static size_t
take_keycap(const gunichar *text, size_t n)
{
    if (!g_ascii_isdigit((char)text[0]) && text[0] != '#' && text[0] != '*')
        return 0;
    size_t at = n > 1 && text[1] == AS_EMOJI ? 2 : 1;
    return at < n && text[at] == KEYCAP ? at + 1 : 0;
}

/* A flag of a region within a country: a black flag and its name in tags. */
static size_t
take_tags(const gunichar *text, size_t n)
{
    Wide whole = {.n = 0};
    for (size_t at = 0; at < n && !whole.is_full; at++) {
        put(&whole, text[at]);
        if (text[at] == LAST_TAG)
            return is_known(&whole) ? at + 1 : 0;
    }
    return 0;
}

/* Joined emoji are one only as Unicode lists them: with their form (U+FE0F) where it belongs. */
size_t
hib_weighted_emoji(const gunichar *text, size_t n)
{
    if (text[0] < 0x80)
        return take_keycap(text, n);
    if (!has(text[0], UCHAR_EMOJI))
        return 0;
    Wide whole = {.n = 0};
    if (has(text[0], UCHAR_REGIONAL_INDICATOR)) {
        put(&whole, text[0]);
        put(&whole, n > 1 ? text[1] : 0);
        return is_known(&whole) ? 2 : 1;
    }
    if (n > 1 && text[1] >= 0xe0020 && text[1] < LAST_TAG) {
        size_t flag = take_tags(text, n);
        if (flag)
            return flag;
    }
    size_t end = take_part(text, n, &whole);
    size_t best = end;
    /* © and ® are letters until their form says otherwise. */
    if (best == 1 && text[0] < 0x200)
        best = 0;
    for (int i = 1; end && i < MAX_PARTS && end + 1 < n && text[end] == JOINER; i++) {
        put(&whole, JOINER);
        size_t part = take_part(text + end + 1, n - end - 1, &whole);
        if (!part)
            break;
        end += 1 + part;
        if (is_known(&whole)) {
            best = end;
        } else if (has(text[end - 1], UCHAR_EMOJI_MODIFIER)) { /* a colour that is not its own */
            Wide plain = whole;
            plain.n -= 2;
            best = is_known(&plain) ? end - 1 : best;
        }
    }
    return best;
}

/* --- characters --------------------------------------------------------------------------------------------- */
bool
hib_weighted_is_refused(gunichar c)
{
    return c == 0xfffe || c == 0xfeff || c == 0xffff;
}

static size_t
weight_of(gunichar c)
{
    static const struct {
        gunichar from, to;
    } light[] = {{0, 4351}, {8192, 8205}, {8208, 8223}, {8242, 8247}};
    for (size_t i = 0; i < G_N_ELEMENTS(light); i++)
        if (c >= light[i].from && c <= light[i].to)
            return 1;
    return 2;
}

static HibWeighted
count(const gunichar *text, size_t n, bool emoji_is_one)
{
    g_autoptr(GArray) links = hib_weighted_links(text, n);
    HibWeighted out = {.n_links = links->len};
    size_t next_link = 0;
    for (size_t at = 0; at < n;) {
        const HibWeightedLink *link =
            next_link < links->len ? &g_array_index(links, HibWeightedLink, next_link) : NULL;
        if (link && link->start <= at) {
            next_link++;
            if (link->start < at)
                continue;
            out.weight += HIB_WEIGHTED_LINK;
            at += link->n;
            continue;
        }
        size_t emoji = emoji_is_one ? hib_weighted_emoji(text + at, n - at) : 0;
        out.is_refused = out.is_refused || hib_weighted_is_refused(text[at]);
        out.weight += emoji ? 2 : weight_of(text[at]);
        at += emoji ? emoji : 1;
    }
    return out;
}

HibWeighted
hib_weighted_count(const char *text, bool emoji_is_one)
{
    g_autofree char *formed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    if (!formed)
        return (HibWeighted){.weight = strlen(text), .is_refused = true}; /* no UTF-8 */
    glong n = 0;
    g_autofree gunichar *letters = g_utf8_to_ucs4_fast(formed, -1, &n);
    return count(letters, (size_t)n, emoji_is_one);
}

HibWeighted
hib_text_weighted(const char *text)
{
    return hib_weighted_count(text, true);
}
