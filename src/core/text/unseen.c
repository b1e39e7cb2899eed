/* One walk with a look at both neighbours. What is a run of them is told once. */
#include "text/unseen.h"

#include "text/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#define ZWNJ 0x200c
#define ZWJ 0x200d
#define BLACK_FLAG 0x1f3f4

/* --- direction ------------------------------------------------------------------------------------------------------ */
/* Embeddings, overrides, isolates, and their ends: nobody types these. */
static bool
turns(UChar32 c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Single marks, which people who write from right to left do need. */
static bool
marks_direction(UChar32 c)
{
    return c == 0x200e || c == 0x200f || c == 0x061c;
}

static bool
is_right_to_left(UChar32 c)
{
    UCharDirection direction = u_charDirection(c);
    return !marks_direction(c) &&
           (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC);
}

static bool
has_right_to_left(const char *text, size_t n)
{
    for (size_t at = 0; at < n;)
        if (is_right_to_left(hib_utf8_next(text, n, &at)))
            return true;
    return false;
}

/* --- width ---------------------------------------------------------------------------------------------------------- */
static bool
is_without_width(UChar32 c)
{
    static const UChar32 list[] = {0xad,   0x34f,  0x115f, 0x1160, 0x17b4, 0x17b5,
                                   0x180e, 0x200b, ZWNJ,   ZWJ,    0x2060, 0x2061,
                                   0x2062, 0x2063, 0x2064, 0x3164, 0xfeff, 0xffa0};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] == c)
            return true;
    return c >= 0xe0000 && c <= 0xe007f;
}

/* Letters of scripts that joiners shape: all but those written letter by letter. */
static bool
is_joined_script(UChar32 c)
{
    UErrorCode status = U_ZERO_ERROR;
    if (c < 0x300 || !(u_isalpha(c) || u_charType(c) == U_NON_SPACING_MARK ||
                       u_charType(c) == U_COMBINING_SPACING_MARK))
        return false;
    switch (uscript_getScript(c, &status)) {
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
        return false;
    default:
        return true;
    }
}

static bool
is_of_emoji(UChar32 c)
{
    return c == 0xfe0f || u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
           u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER);
}

/* `before`, `behind`: its neighbours; -1 for none. `in_flag`: a flag is being spelled with tags. */
static bool
is_needed(UChar32 c, UChar32 before, UChar32 behind, bool in_flag)
{
    if (c >= 0xe0020 && c <= 0xe007f)
        return in_flag;
    if (c == ZWJ && before >= 0 && behind >= 0 && is_of_emoji(before) &&
        u_hasBinaryProperty(behind, UCHAR_EXTENDED_PICTOGRAPHIC))
        return true;
    return (c == ZWJ || c == ZWNJ) && before >= 0 && is_joined_script(before);
}

/* --- the walk --------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibUnseenKind kind;
    bool takes_marks; /* single marks of direction are told */
    bool in_flag;
    UChar32 before;
} Walk;

static bool
is_found(Walk *walk, UChar32 c, UChar32 behind)
{
    if (walk->kind == HIB_UNSEEN_DIRECTION)
        return turns(c) || (walk->takes_marks && marks_direction(c));
    if (c == BLACK_FLAG)
        walk->in_flag = true;
    else if (c < 0xe0020 || c > 0xe007f)
        walk->in_flag = false;
    return is_without_width(c) && !is_needed(c, walk->before, behind, walk->in_flag);
}

/* Whether one may begin with these bytes. */
static bool
may_begin(const unsigned char *bytes)
{
    static const struct {
        unsigned char first, from[2], to[2]; /* of the second byte and the third */
    } list[] = {{0xc2, {0xad, 0}, {0xad, 0xff}},    {0xcd, {0x8f, 0}, {0x8f, 0xff}},
                {0xd8, {0x9c, 0}, {0x9c, 0xff}},    {0xe1, {0x85, 0}, {0xa0, 0xff}},
                {0xe2, {0x80, 0}, {0x80, 0x8f}},    {0xe2, {0x80, 0xaa}, {0x80, 0xae}},
                {0xe2, {0x81, 0xa0}, {0x81, 0xff}}, {0xe3, {0x85, 0}, {0x85, 0xff}},
                {0xef, {0xbb, 0}, {0xbb, 0xff}},    {0xef, {0xbe, 0xa0}, {0xbe, 0xa0}},
                {0xf3, {0, 0}, {0xff, 0xff}}};
    unsigned char second = bytes[1], third = second ? bytes[2] : 0; /* the text ends in NUL */
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (bytes[0] == list[i].first && second >= list[i].from[0] && second <= list[i].to[0] &&
            third >= list[i].from[1] && third <= list[i].to[1])
            return true;
    return false;
}

/* Whether there may be one at all: hardly any text has one, and every text is asked at every pause in typing. */
static bool
may_have(const char *text, size_t n)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t i = 0; i < n; i++) {
        bool is_common = bytes[i] < 0xc2 || (bytes[i] > 0xe3 && bytes[i] < 0xef); /* ASCII, kanji */
        bool is_kana = bytes[i] == 0xe3 && bytes[i + 1] < 0x84;
        if (!is_common && !is_kana && may_begin(bytes + i))
            return true;
    }
    return false;
}

size_t
hib_text_unseen(const char *text, HibUnseenKind kind, HibUnseen *ret, size_t most)
{
    size_t n = strlen(text), found = 0;
    if (!may_have(text, n))
        return 0;
    Walk walk = {.kind = kind, .before = -1};
    walk.takes_marks = kind == HIB_UNSEEN_DIRECTION && !has_right_to_left(text, n);
    for (size_t at = 0; at < n;) {
        size_t start = at;
        UChar32 c = hib_utf8_next(text, n, &at);
        size_t next = at;
        UChar32 behind = at < n ? hib_utf8_next(text, n, &next) : -1;
        bool is_told = is_found(&walk, c, behind);
        walk.before = c;
        if (!is_told)
            continue;
        if (found && ret[found - 1].end == start)
            ret[found - 1].end = at;
        else if (found == most)
            break;
        else
            ret[found++] = (HibUnseen){start, at};
    }
    return found;
}
