/* One pass from left to right: at each place where something may begin, the three kinds are tried; what is found is
 * stepped over whole, so a "#" inside a URL is no tag. */
#include "text/links.h"

#include "text/count.h"
#include "text/tlds.h"
#include "text/utf8.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

/* The longest host there is, and the longest of its labels (RFC 1035). */
#define HOST_BYTES 253
#define LABEL_BYTES 63

typedef struct {
    const char *text;
    size_t n;
} Span;

/* The character that begins at `at`; -1 at the end. `*ret_next` is where the one after it begins. */
static UChar32
char_at(const Span *in, size_t at, size_t *ret_next)
{
    *ret_next = at;
    if (at >= in->n)
        return -1;
    UChar32 c = hib_utf8_next(in->text, in->n, ret_next);
    return c >= 0 ? c : 0xfffd;
}

static int
byte_at(const Span *in, size_t at)
{
    return at < in->n ? (unsigned char)in->text[at] : -1;
}

/* --- kinds of characters -------------------------------------------------------------------------------- */
static bool
is_east_asian(UChar32 c)
{
    if (c < 0x1100)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
        return true;
    default:
        return c == 0x30fc || c == 0xff70; /* the long-vowel sign is of no one script */
    }
}

/* 、。「」！？（）and their like: punctuation of the CJK and full-width blocks. */
static bool
is_wide_punctuation(UChar32 c)
{
    bool is_wide = (c >= 0x3000 && c <= 0x303f) || (c >= 0xff01 && c <= 0xff20) ||
                   (c >= 0xff3b && c <= 0xff3d) || (c >= 0xff5b && c <= 0xff64);
    return is_wide && u_ispunct(c);
}

static bool
is_space(UChar32 c)
{
    return u_isUWhiteSpace(c) || c == 0xfeff;
}

/* Bluesky's list: ends a tag without being seen. */
static bool
is_hidden(UChar32 c)
{
    return c == 0xad || c == 0x2060 || (c >= 0x200a && c <= 0x200d) || c == 0x20e2;
}

static bool
is_hash(UChar32 c)
{
    return c == '#' || c == 0xff03;
}

/* May something begin behind this character (-1: the text begins)? */
static bool
opens(UChar32 before)
{
    if (before < 0 || is_space(before) || before == '(')
        return true;
    return before >= 0x80 && (is_east_asian(before) || !u_isalnum(before));
}

/* --- hosts ---------------------------------------------------------------------------------------------- */
static bool
is_label_byte(int c)
{
    return c >= 0 && (g_ascii_isalnum((char)c) || c == '-');
}

/* Where the ASCII label at `at` ends; `at` itself when there is none (empty, too long, a hyphen at an end). */
static size_t
label_end(const Span *in, size_t at)
{
    size_t end = at;
    while (is_label_byte(byte_at(in, end)))
        end++;
    bool is_label =
        end > at && end - at <= LABEL_BYTES && in->text[at] != '-' && in->text[end - 1] != '-';
    return is_label ? end : at;
}

/* A domain of ASCII labels: "shop.example.co.jp", at least two, the last a top-level domain. `at` when none. A handle may
 * also end in ".test", which belongs to nobody. */
static size_t
domain_end(const Span *in, size_t at, bool is_handle)
{
    size_t n_labels = 0;
    size_t last = at;
    size_t end = at;
    for (size_t label = at;; label = end + 1) {
        size_t label_stop = label_end(in, label);
        if (label_stop == label)
            break; /* "example.jp." at the end of a sentence */
        n_labels++;
        last = label;
        end = label_stop;
        if (byte_at(in, end) != '.')
            break;
    }
    bool is_known = hib_text_is_tld(in->text + last, end - last) ||
                    (is_handle && end - last == 4 && memcmp(in->text + last, "test", 4) == 0);
    return n_labels >= 2 && is_known && end - at <= HOST_BYTES ? end : at;
}

/* Does the host end before the wide character at `stop`? Yes behind a top-level domain (example.jpをご覧) and behind a
 * first name in ASCII (localhostを). `label` is where the current label begins, `at` where the host does. */
static bool
ends_before_wide(const Span *in, size_t at, size_t label, size_t stop)
{
    return stop > label && (label == at || hib_text_is_tld(in->text + label, stop - label));
}

/* A host with wide characters in it must end like a real one, or it is a sentence. */
static size_t
wide_host_end(const Span *in, size_t at, size_t end)
{
    size_t dot = end;
    while (dot > at && in->text[dot - 1] != '.')
        dot--;
    return dot > at && hib_text_is_tld(in->text + dot, end - dot) ? end : at;
}

/* The host behind "https://": any name, also in other scripts (日本語.jp). `at` when none. */
static size_t
host_end(const Span *in, size_t at)
{
    size_t label = at;     /* where the current label begins */
    bool is_plain = true;  /* it is ASCII so far */
    bool has_wide = false; /* some label is not */
    size_t end = at;
    for (size_t next = 0;; end = next) {
        UChar32 c = char_at(in, end, &next);
        if (c == '.') {
            label = next;
            is_plain = true;
            continue;
        }
        if (c < 0 || (c != '-' && c != '_' && !u_isalnum(c)))
            break;
        if (c < 0x80)
            continue;
        if (is_plain && is_east_asian(c) && ends_before_wide(in, at, label, end))
            return end;
        has_wide = true;
        is_plain = false;
    }
    if (end > at && in->text[end - 1] == '.')
        end--;
    if (has_wide)
        return wide_host_end(in, at, end);
    return end - at <= HOST_BYTES ? end : at;
}

/* --- URLs ----------------------------------------------------------------------------------------------- */
/* Behind the host: ASCII but for what RFC 3986 leaves out, and letters of scripts that put spaces between words. */
static bool
is_path_char(UChar32 c)
{
    if (c < 0x80)
        return c > 0x20 && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL;
    return u_isalnum(c) && !is_east_asian(c);
}

/* A closing bracket stays when it was opened within: …/wiki/Tokyo_(city). */
static size_t
without_trailing(const char *text, size_t start, size_t end)
{
    int round = 0;
    int square = 0;
    for (size_t i = start; i < end; i++) {
        round += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        square += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
    }
    for (; end > start; end--) {
        char last = text[end - 1];
        if (last == ')' && round < 0)
            round++;
        else if (last == ']' && square < 0)
            square++;
        else if (strchr(".,;:!?'", last) == NULL)
            break;
    }
    return end;
}

/* From the host's end over port, path, query and fragment. */
static size_t
url_end(const Span *in, size_t start, size_t host)
{
    size_t end = host;
    if (byte_at(in, end) == ':' && g_ascii_isdigit((char)byte_at(in, end + 1))) {
        end++;
        while (end < in->n && g_ascii_isdigit(in->text[end]))
            end++;
    }
    int c = byte_at(in, end);
    if (c != '/' && c != '?' && c != '#')
        return end;
    size_t next = 0;
    while (is_path_char(char_at(in, end, &next)))
        end = next;
    return without_trailing(in->text, start, end);
}

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

/* "name:word@" before the host hides where a link leads: such a one is left as text. */
static bool
names_a_user(const Span *in, size_t at)
{
    for (; at < in->n && in->text[at] > ' ' && strchr("/?#", in->text[at]) == NULL; at++) {
        if (in->text[at] == '@')
            return true;
    }
    return false;
}

static bool
take_url(HibArena *arena, const Span *in, size_t at, HibLink *ret)
{
    size_t scheme = scheme_bytes(in, at);
    if (scheme == 0 && !g_ascii_isalpha(in->text[at]))
        return false;
    size_t name = at + scheme;
    size_t host = scheme > 0 ? host_end(in, name) : domain_end(in, name, false);
    int after = byte_at(in, host);
    if (host == name || after == '_' || after == '-' || names_a_user(in, host))
        return false;
    size_t end = url_end(in, at, host);
    char *shown = hib_arena_strndup(arena, in->text + at, end - at);
    *ret = (HibLink){HIB_LINK_URL, at, end,
                     scheme > 0 ? shown : hib_arena_printf(arena, "https://%s", shown)};
    return true;
}

/* --- mentions and tags ---------------------------------------------------------------------------------- */
static bool
take_mention(HibArena *arena, const Span *in, size_t at, HibLink *ret)
{
    size_t end = domain_end(in, at + 1, true);
    int after = byte_at(in, end);
    if (end == at + 1 || after == '_' || after == '@' ||
        after == '-') /* @name@server is of another network */
        return false;
    *ret = (HibLink){HIB_LINK_MENTION, at, end,
                     hib_arena_strndup(arena, in->text + at + 1, end - at - 1)};
    return true;
}

static bool
take_tag(HibArena *arena, const Span *in, size_t at, HibLink *ret)
{
    size_t start = 0;
    size_t next = 0;
    char_at(in, at, &start); /* the sign */
    size_t end = start;      /* behind the last character that is no punctuation */
    bool has_word = false;
    if (char_at(in, start, &next) == 0xfe0f) /* #️⃣ is an emoji */
        return false;
    for (size_t place = start;; place = next) {
        UChar32 c = char_at(in, place, &next);
        if (c < 0 || is_space(c) || is_hidden(c) || is_hash(c) || is_wide_punctuation(c))
            break;
        if (u_ispunct(c))
            continue;
        end = next;
        has_word = has_word || !u_isdigit(c);
    }
    size_t n = end - start;
    if (!has_word || n > HIB_TAG_BYTES ||
        hib_text_graphemes_n(in->text + start, n) > HIB_TAG_GRAPHEMES)
        return false;
    *ret = (HibLink){HIB_LINK_TAG, at, end, hib_arena_strndup(arena, in->text + start, n)};
    return true;
}

/* --- the pass ------------------------------------------------------------------------------------------- */
static bool
take_link(HibArena *arena, const Span *in, size_t at, HibLink *ret)
{
    size_t next = 0;
    UChar32 c = char_at(in, at, &next);
    if (c == '@')
        return take_mention(arena, in, at, ret);
    if (is_hash(c))
        return take_tag(arena, in, at, ret);
    return c >= 0 && c < 0x80 && g_ascii_isalnum((char)c) && take_url(arena, in, at, ret);
}

size_t
hib_text_links(HibArena *arena, const char *text, const HibLink **ret)
{
    const Span in = {text, strlen(text)};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibLink));
    UChar32 before = -1;
    bool tag_ended = false; /* #one#two: a tag may follow a tag */
    for (size_t at = 0, next = 0; at < in.n; at = next) {
        HibLink link = {0};
        UChar32 c = char_at(&in, at, &next);
        if ((opens(before) || (tag_ended && is_hash(c))) && take_link(arena, &in, at, &link)) {
            g_array_append_val(found, link);
            next = link.end;
            tag_ended = link.kind == HIB_LINK_TAG;
            before = 'x'; /* nothing else begins right behind what was found */
            continue;
        }
        tag_ended = false;
        before = c;
    }
    *ret = NULL;
    if (found->len == 0)
        return 0;
    HibLink *links = hib_arena_array(arena, HibLink, found->len);
    memcpy(links, found->data, found->len * sizeof(HibLink));
    *ret = links;
    return found->len;
}
