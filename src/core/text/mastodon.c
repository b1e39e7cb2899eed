/* One pass over the text that writes what is counted: 23 letters for a link, "@user" for a mention, the rest as it is. See mastodon.h. */
#include "text/mastodon.h"

#include "text/count.h"
#include "text/tlds.h"
#include "text/utf8.h"

#include <string.h>
#include <unicode/uchar.h>

typedef struct {
    const char *text;
    size_t n;
} Span;

/* The character at `at` and where the next begins; -1 at the end. */
static UChar32
char_at(const Span *in, size_t at, size_t *ret_next)
{
    *ret_next = at;
    return at < in->n ? hib_utf8_next(in->text, in->n, ret_next) : -1;
}

static int
byte_at(const Span *in, size_t at)
{
    return at < in->n ? (unsigned char)in->text[at] : -1;
}

static bool
is_alnum(int c)
{
    return c >= 0 && c < 0x80 && g_ascii_isalnum((char)c);
}

/* [[:word:]] of the server's expressions. */
static bool
is_word(UChar32 c)
{
    return c >= 0 && (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK));
}

/* --- links: scheme, host, port, path, query -------------------------------------------------------------------------------- */
static size_t
scheme_bytes(const Span *in, size_t at)
{
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        size_t n = strlen(schemes[i]);
        if (in->n - at > n && g_ascii_strncasecmp(in->text + at, schemes[i], n) == 0)
            return n;
    }
    return 0;
}

/* A host's label may hold any script, but no punctuation, sign or space. */
static bool
is_label_char(UChar32 c)
{
    if (c < 0)
        return false;
    if (c < 0x80)
        return g_ascii_isalnum((char)c);
    return !u_isUWhiteSpace(c) && !u_iscntrl(c) && c != 0xfffe && c != 0xfeff && c != 0xffff &&
           !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0x200e &&
           c != 0x200f && c != 0x061c;
}

/* Behind a dot: where the top-level domain at `at` ends; `at` when none stands there. */
static size_t
tld_end(const Span *in, size_t at)
{
    bool is_coded = in->n - at > 4 && !g_ascii_strncasecmp(in->text + at, "xn--", 4);
    size_t end = is_coded ? at + 4 : at;
    while (is_alnum(byte_at(in, end)) || (is_coded && byte_at(in, end) == '-'))
        end++;
    char lower[64];
    if (is_coded || end == at || end - at >= sizeof lower)
        return is_coded && end > at + 4 ? end : at;
    for (size_t i = 0; i < end - at; i++)
        lower[i] = g_ascii_tolower(in->text[at + i]);
    int after = byte_at(in, end);
    return after != '@' && after != '+' && after != '-' && hib_text_is_tld(lower, end - at) ? end
                                                                                            : at;
}

/* The longest host from `at`: labels that hang together, then a top-level domain. `at` when none. */
static size_t
host_end(const Span *in, size_t at)
{
    size_t best = at, label = at;
    bool has_underscore = false; /* not in the name right before the top-level domain */
    UChar32 before = -1;
    for (size_t place = at, next = 0;; place = next) {
        UChar32 c = char_at(in, place, &next);
        if (c == '.' && place > label && before != '-' && before != '_') {
            size_t tld = tld_end(in, next);
            if (tld > next && !has_underscore)
                best = tld;
            label = next;
            has_underscore = false;
        } else if ((c == '-' || c == '_') && place > label)
            has_underscore = has_underscore || c == '_';
        else if (!is_label_char(c))
            return best;
        before = c;
    }
}

static bool
is_path_char(UChar32 c)
{
    return c >= 0 && !u_isUWhiteSpace(c) && !strchr("<>()?", c < 0x80 ? (int)c : '.');
}

static bool
ends_path(UChar32 c)
{
    return is_path_char(c) && c != 0x300c && c != 0x300d &&
           (c >= 0x80 || !strchr("!*\"';:=,.$%[]~&|@", (int)c));
}

/* "(…)" with at most one more pair inside, as in …/wiki/Tokyo_(city); `at` when it does not close. */
static size_t
bracket_end(const Span *in, size_t at, int depth)
{
    size_t place = at + 1, next = 0;
    bool has_inside = false;
    for (;; place = next) {
        UChar32 c = char_at(in, place, &next);
        if (c == ')')
            return has_inside ? next : at;
        if (c == '(' && depth == 0) {
            size_t inner = bracket_end(in, place, 1);
            if (inner == place)
                return at;
            next = inner;
        } else if (!is_path_char(c))
            return at;
        has_inside = true;
    }
}

static size_t
path_end(const Span *in, size_t at)
{
    size_t end = at + 1; /* the slash itself */
    for (size_t place = end, next = 0;; place = next) {
        UChar32 c = char_at(in, place, &next);
        if (c == '(') {
            size_t behind = bracket_end(in, place, 0);
            if (behind == place)
                return end;
            end = next = behind;
            continue;
        }
        if (!is_path_char(c))
            return end;
        if (ends_path(c))
            end = next;
    }
}

static bool
is_query_char(UChar32 c)
{
    return c >= 0xa0 || is_alnum(c) ||
           (c > 0 && c < 0x80 && strchr("!?*'();:&=+$/%#[]-_.,~|@^", (int)c));
}

static size_t
query_end(const Span *in, size_t at)
{
    size_t end = at; /* a question mark alone stays outside */
    for (size_t place = at + 1, next = 0;; place = next) {
        UChar32 c = char_at(in, place, &next);
        if (!is_query_char(c))
            return end;
        if (c >= 0xa0 || is_alnum(c) || strchr("_&=#/-", (int)c))
            end = next;
    }
}

/* Where the link at `at` ends; `at` when there is none. */
static size_t
link_end(const Span *in, size_t at)
{
    size_t scheme = scheme_bytes(in, at);
    size_t end = scheme ? host_end(in, at + scheme) : at;
    if (!scheme || end == at + scheme)
        return at;
    if (byte_at(in, end) == ':' && g_ascii_isdigit((char)byte_at(in, end + 1)))
        for (end++; end < in->n && g_ascii_isdigit(in->text[end]);)
            end++;
    if (byte_at(in, end) == '/')
        end = path_end(in, end);
    return byte_at(in, end) == '?' ? query_end(in, end) : end;
}

static bool
opens_link(UChar32 before)
{
    return !is_alnum(before) && before != '@' && before != '$' && before != '#' &&
           before != 0xff20 && before != 0xff03;
}

/* --- mentions ---------------------------------------------------------------------------------------------------------------- */
static bool
is_name_char(UChar32 c)
{
    return is_alnum(c) || c == '_';
}

/* Words with dots and hyphens between them; `at` when there is none. */
static size_t
words_end(const Span *in, size_t at, bool (*is_one)(UChar32))
{
    size_t end = at;
    for (size_t place = at, next = 0;; place = next) {
        UChar32 c = char_at(in, place, &next);
        if (is_one(c))
            end = next;
        else if (end == at || (c != '.' && c != '-'))
            return end;
    }
}

/* Latin letters with accents: a name does not end before one. */
static bool
is_accented(UChar32 c)
{
    return (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) || (c >= 0x253 && c <= 0x254) ||
           (c >= 0x256 && c <= 0x257) || c == 0x259 || c == 0x25b || c == 0x263 || c == 0x268 ||
           c == 0x26f || c == 0x272 || c == 0x289 || c == 0x28b || c == 0x2bb ||
           (c >= 0x300 && c <= 0x36f) || (c >= 0x1e00 && c <= 0x1eff);
}

/* Where the mention at `at` ends and where its name does; `at` when there is none. */
static size_t
mention_end(const Span *in, size_t at, size_t *ret_name)
{
    size_t name = words_end(in, at + 1, is_name_char), next = 0;
    if (name == at + 1)
        return at;
    size_t end = name;
    if (byte_at(in, name) == '@') {
        size_t host = words_end(in, name + 1, is_word);
        if (host > name + 1)
            end = host;
    }
    UChar32 after = char_at(in, end, &next);
    if (after == '@' || after == 0xff20 || is_accented(after) ||
        (in->n - end >= 3 && memcmp(in->text + end, "://", 3) == 0))
        return at;
    *ret_name = name;
    return end;
}

/* --- the pass ------------------------------------------------------------------------------------------------------------------ */
/* The link or mention at `at`; `at` when none begins there behind `before`. *ret_name: where a mention's name ends. */
static size_t
entity_end(const Span *in, size_t at, UChar32 before, size_t *ret_name)
{
    char c = in->text[at];
    if ((c == 'h' || c == 'H') && opens_link(before))
        return link_end(in, at);
    if (c == '@' && !is_word(before) && before != '=' && before != '/')
        return mention_end(in, at, ret_name);
    return at;
}

/* The character that ends before `at`. */
static UChar32
char_before(const Span *in, size_t at)
{
    UChar32 c = -1;
    size_t start = at > 4 ? at - 4 : 0;
    for (size_t next = 0, place = start; place < at; place = next) {
        c = char_at(in, place, &next);
        if (next > at)
            return -1;
    }
    return c;
}

static GString *
rewrite(const char *text, bool links_too)
{
    static const char placeholder[] = "xxxxxxxxxxxxxxxxxxxxxxx";
    const Span in = {text, strlen(text)};
    GString *out = g_string_sized_new(in.n);
    UChar32 before = -1;
    for (size_t at = 0, next = 0; at < in.n; at = next) {
        UChar32 c = char_at(&in, at, &next);
        size_t name = at, end = entity_end(&in, at, before, &name);
        bool is_mention = end > at && c == '@';
        if (end > at)
            next = end;
        if (end > at && !is_mention && links_too)
            g_string_append_len(out, placeholder, HIB_MASTODON_LINK);
        else
            g_string_append_len(out, text + at, (gssize)((is_mention ? name : next) - at));
        before = end > at ? char_before(&in, end) : c;
    }
    return out;
}

size_t
hib_text_mastodon(const char *text)
{
    g_autoptr(GString) counted = rewrite(text, true);
    return hib_text_graphemes_n(counted->str, counted->len);
}

char *
hib_text_mastodon_shown(HibArena *arena, const char *text)
{
    g_autoptr(GString) shown = rewrite(text, false);
    return hib_arena_strndup(arena, shown->str, shown->len);
}

bool
hib_text_mastodon_names(const char *text, const char *who)
{
    const Span in = {text, strlen(text)};
    UChar32 before = -1;
    for (size_t at = 0, next = 0; at < in.n; at = next) {
        UChar32 c = char_at(&in, at, &next);
        size_t name = at, end = entity_end(&in, at, before, &name);
        if (end > at && c == '@' && end - at - 1 == strlen(who) &&
            g_ascii_strncasecmp(text + at + 1, who, end - at - 1) == 0)
            return true;
        next = MAX(next, end);
        before = end > at ? char_before(&in, end) : c;
    }
    return false;
}
