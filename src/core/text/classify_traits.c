/* Signs → traits: every run of one to four signs (five told no better), words of Latin script alone and in pairs, the mood of pictures, and what a negation speaks of
 * ("美味しくない", "not good"; of two that undo each other, "ないわけじゃない", a trait of its own). Each is a hash; nothing is looked up in a dictionary. */
#include "text/classify_private.h"

#include "text/utf8.h"

#include <string.h>

enum { LONGEST = 4, SCOPE_SIGNS = 6, SCOPE_WORDS = 3 };
enum { OWN_SIGNS = 400, OWN_WORD = 2, OWN_PAIR = 1 };
enum { SEED_RUN = 1, SEED_WORD, SEED_PAIR, SEED_MOOD, SEED_NOT, SEED_NOT_NOT };

typedef struct {
    const HibSigns *signs;
    HibTrait *traits;
    size_t n;
} Maker;

static inline uint64_t
mix(uint64_t hash, uint32_t sign)
{
    return (hash ^ sign) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
}

static inline uint32_t
settled(uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(hash >> 32);
}

static void
put(Maker *m, uint64_t hash, size_t at, size_t n, int own)
{
    if (m->n < HIB_TRAITS)
        m->traits[m->n++] = (HibTrait){settled(hash), (uint16_t)at, (uint8_t)MIN(n, UINT8_MAX),
                                       (uint8_t)(at < OWN_SIGNS ? own : 0)};
}

static bool
is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0x24f) || c == '\'' || c == 0x2019;
}

/* A character that means something by itself: kanji, and katakana, which most words of a brand are written with. */
static bool
has_sense(uint32_t c)
{
    return (c >= 0x30a1 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || c == 0x3005;
}

static bool
is_japanese(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || c == 0x3005;
}

static bool
ends_clause(uint32_t c)
{
    return c >= HIB_SIGN_EDGE || c == 0x3002 || c == 0x3001 || c == '!' || c == '?' || c == ',' ||
           c == '.' || c == ';' || c == '\n' || c == 0x2026;
}

/* How much a run of so many signs carries of what a workspace taught: short ones come again in what nobody has corrected yet. */
static int
own_of(uint32_t first, size_t n)
{
    static const int parts[] = {0, 4, 2, 1, 0};
    return n > 1 || has_sense(first) ? parts[n] : 0;
}

static void
runs(Maker *m)
{
    const HibSigns *s = m->signs;
    for (size_t at = 0; at < s->n; at++) {
        uint64_t hash = SEED_RUN;
        for (size_t n = 1; n <= LONGEST && at + n <= s->n; n++) {
            hash = mix(hash, s->sign[at + n - 1]);
            if (n > 1 || s->sign[at] < HIB_SIGN_EDGE || s->sign[at] > HIB_SIGN_EDGE)
                put(m, hash, at, n, own_of(s->sign[at], n));
        }
    }
}

/* --- pictures ----------------------------------------------------------------------------------------------------------------- */
static const char *const moods[] = {
    ("😀😃😄😁😆😊☺🙂😋😎🤗🥳😸😺🎉🎊✨🌟⭐👏🙌💯👍👌"
     "🆗"
     "🥰"
     "😍"
     "🤩"
     "😻"
     "🫶"),
    ("❤🧡💛💚💙💜🤍🖤🤎💕💖💗💓💞💘💝😘😚♥🫰💐🌹🌸"
     "🥹"),
    "😂🤣😹😅",
    "😢😭🥲😿☹🙁😞😔😟😩😫😣😖🥺😥😓💔",
    "😠😡🤬😤👿💢👎🖕😾😒🙄🤮🤢💩😑😾",
    "😱😨😰😧😦⚠🚨🔥💥☠💀🆘🚑⛔🚫",
    "🤔❓❔⁉🧐🙋🤷",
    "🙏🙇🙇‍♂🙇‍♀",
    "💰💸🤑📈🎁👇👉📲🔞💴💵💎",
};

typedef struct {
    unsigned char bmp[0x10000 - 0x2000], astral[0x1000]; /* from U+2000, from U+1F000; mood + 1 */
} MoodTable;

static gpointer
make_moods(gpointer unused G_GNUC_UNUSED)
{
    MoodTable *table = g_new0(MoodTable, 1);
    for (size_t mood = 0; mood < G_N_ELEMENTS(moods); mood++)
        for (size_t at = 0, n = strlen(moods[mood]); at < n;) {
            uint32_t c = (uint32_t)hib_utf8_next(moods[mood], n, &at);
            if (c >= 0x1f000 && c < 0x20000)
                table->astral[c - 0x1f000] = (unsigned char)(mood + 1);
            else if (c >= 0x2600 && c < 0x10000)
                table->bmp[c - 0x2000] = (unsigned char)(mood + 1);
        }
    return table;
}

static void
pictures(Maker *m)
{
    static GOnce once = G_ONCE_INIT;
    const MoodTable *table = g_once(&once, make_moods, NULL);
    for (size_t at = 0; at < m->signs->n; at++) {
        uint32_t c = m->signs->sign[at];
        unsigned mood = c >= 0x1f000 && c < 0x20000 ? table->astral[c - 0x1f000]
                        : c >= 0x2600 && c < 0x2c00 ? table->bmp[c - 0x2000]
                                                    : 0;
        if (mood)
            put(m, mix(SEED_MOOD, mood), at, 1, 0);
    }
}

/* --- words, and "not" in English ------------------------------------------------------------------------------------------------ */
typedef struct {
    uint64_t hash;
    bool is_negation;
    size_t end;
} Word;

static bool
is_word(const uint32_t *signs, size_t n, const char *word)
{
    size_t i = 0;
    while (i < n && word[i] && signs[i] == (unsigned char)word[i])
        i++;
    return i == n && !word[i];
}

static Word
word_at(const HibSigns *s, size_t at)
{
    static const char *const negations[] = {"not",  "no",   "never", "without", "hardly", "cannot",
                                            "cant", "dont", "didnt", "doesnt",  "wont",   "isnt"};
    Word word = {.hash = SEED_WORD, .end = at};
    for (; word.end < s->n && is_letter(s->sign[word.end]); word.end++)
        if (s->sign[word.end] != '\'' && s->sign[word.end] != 0x2019)
            word.hash = mix(word.hash, s->sign[word.end]);
    size_t n = word.end - at;
    for (size_t i = 0; i < G_N_ELEMENTS(negations); i++)
        word.is_negation |= is_word(s->sign + at, n, negations[i]);
    word.is_negation |= n > 3 && s->sign[word.end - 1] == 't' &&
                        (s->sign[word.end - 2] == '\'' || s->sign[word.end - 2] == 0x2019);
    return word;
}

static void
words(Maker *m)
{
    const HibSigns *s = m->signs;
    uint64_t before = 0;
    size_t before_at = 0, scope = 0;
    for (size_t at = 0; at < s->n; at++) {
        if (!is_letter(s->sign[at])) {
            if (s->sign[at] != ' ')
                before = scope = 0;
            continue;
        }
        Word word = word_at(s, at);
        size_t n = word.end - at;
        put(m, word.hash, at, n, n > 2 ? OWN_WORD : 0);
        if (before)
            put(m, mix(mix(SEED_PAIR, (uint32_t)(before >> 32)), (uint32_t)(word.hash >> 32)),
                before_at, word.end - before_at, OWN_PAIR);
        if (scope) {
            put(m, mix(SEED_NOT, (uint32_t)(word.hash >> 32)), at, n, 0);
            scope--;
        }
        scope = word.is_negation ? SCOPE_WORDS : scope;
        before = word.hash;
        before_at = at;
        at = word.end - 1;
    }
}

/* --- ない ----------------------------------------------------------------------------------------------------------------------- */
/* How many signs of a Japanese negation stand at `at`. */
static size_t
negation_at(const HibSigns *s, size_t at)
{
    uint32_t a = s->sign[at], b = at + 1 < s->n ? s->sign[at + 1] : 0;
    if (a == 0x306a &&
        (b == 0x3044 || b == 0x304b || b == 0x304f || b == 0x3055)) /* ない なか なく なさ */
        return 2;
    if (a == 0x306d && b == 0x3047) /* ねぇ */
        return 2;
    if (a == 0x305b && b == 0x3093) /* せん */
        return 2;
    if (a == 0x305a && (b == 0x306b || ends_clause(b))) /* ずに ず、 */
        return 1;
    return 0;
}

static void
negations(Maker *m)
{
    const HibSigns *s = m->signs;
    size_t begin = 1;
    for (size_t at = 1; at + 1 < s->n; at++) {
        if (ends_clause(s->sign[at]))
            begin = at + 1;
        size_t n = negation_at(s, at);
        if (!n)
            continue;
        bool is_undone = false;
        size_t end = at + n;
        for (size_t i = end; i + 1 < s->n && i < end + 2 * SCOPE_SIGNS && !ends_clause(s->sign[i]);
             i++)
            if (negation_at(s, i)) {
                is_undone = !is_undone;
                end = i + negation_at(s, i);
            }
        uint64_t seed = is_undone ? SEED_NOT_NOT : SEED_NOT;
        put(m, mix(seed, 0), at, end - at, 0);
        for (size_t i = MAX(begin, at > SCOPE_SIGNS ? at - SCOPE_SIGNS : 1); i + 1 < at; i++)
            if (is_japanese(s->sign[i]))
                put(m, mix(mix(seed, s->sign[i]), s->sign[i + 1]), i, 2, 0);
        at = end - 1;
        begin = end;
    }
}

size_t
hib_traits_of(const HibSigns *signs, HibTrait *ret)
{
    Maker m = {signs, ret, 0};
    runs(&m);
    words(&m);
    pictures(&m);
    negations(&m);
    return m.n;
}
