/* What X takes for a link. One pass: at each place a link may begin behind (a character that is no Latin letter, digit, @, $ or #), or
 * at the text's start, the whole is tried; what was taken is stepped over, even where it turns out to be no valid link.
 *
 * A name may hold any letters (日本語.jp), so without "https://" in front the Japanese before "example.com" is first taken as part
 * of the name, and the link is then what is ASCII of it. The grammar follows twitter-text's; its vectors and a comparison
 * over thousands of put-together texts hold it. */
#include "text/tlds.h"
#include "text/weighted_private.h"

#include <string.h>
#include <unicode/uchar.h>

#define MAX_LINK 4096 /* UTF-16 units, as X counts them, with the scheme */
#define MAX_NAME 1024 /* looked at; a name can have 253 */
#define MAX_LABEL 63  /* of a name in its ASCII form (punycode) */
#define MAX_TCO 40    /* the last part of a t.co link */
#define NAME_END 63   /* longest top-level domain */

typedef struct {
    const gunichar *text;
    size_t n;
    size_t
        barren; /* no name begins before this place: its top-level domains were all looked at in vain */
} Pass;

static gunichar
at(const Pass *in, size_t place)
{
    return place < in->n ? in->text[place] : 0;
}

static bool
is_in(gunichar c, const char *set)
{
    return c > 0 && c < 0x80 && strchr(set, (int)c);
}

static bool
is_ascii_alnum(gunichar c)
{
    return c < 0x80 && g_ascii_isalnum((char)c);
}

static size_t
utf16_units(const gunichar *text, size_t n)
{
    size_t units = n;
    for (size_t i = 0; i < n; i++)
        units += text[i] > 0xffff;
    return units;
}

/* --- kinds of characters -------------------------------------------------------------------------------- */
static bool
is_space(gunichar c)
{
    return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           c == 0x180e || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

static bool
turns_direction(gunichar c)
{
    return (c >= 0x202a && c <= 0x202e) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2066 && c <= 0x2069);
}

static bool
is_accented_latin(gunichar c)
{
    static const gunichar singles[] = {0x253, 0x254, 0x256, 0x257, 0x259, 0x25b, 0x263,
                                       0x268, 0x26f, 0x272, 0x289, 0x28b, 0x2bb};
    for (size_t i = 0; i < G_N_ELEMENTS(singles); i++)
        if (c == singles[i])
            return true;
    return (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) || (c >= 0x300 && c <= 0x36f) ||
           (c >= 0x1e00 && c <= 0x1eff);
}

static bool
is_path_letter(gunichar c)
{
    return is_ascii_alnum(c) || (c >= 0x400 && c <= 0x4ff) || is_accented_latin(c);
}

static bool
is_name_char(gunichar c)
{
    return c && !is_in(c, "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$") && !is_space(c) &&
           !turns_direction(c) && !hib_weighted_is_refused(c);
}

static bool
may_come_before(gunichar c)
{
    return !is_ascii_alnum(c) && c != '@' && c != 0xff20 && c != '$' && c != '#' && c != 0xff03 &&
           !hib_weighted_is_refused(c);
}

/* --- names ---------------------------------------------------------------------------------------------- */
/* Where the top-level domain at `place` ends; 0: none stands there. */
static size_t
tld_end(const Pass *in, size_t place)
{
    char name[NAME_END + 1] = "";
    size_t n = 0;
    while (n < NAME_END && at(in, place + n) < 0x80 && g_ascii_isalpha((char)at(in, place + n))) {
        name[n] = g_ascii_tolower((char)at(in, place + n));
        n++;
    }
    gunichar after = at(in, place + n);
    if (n > 0 && hib_text_is_tld(name, n) && !is_ascii_alnum(after) && !is_in(after, "@+-"))
        return place + n;
    for (const char *const *wide = hib_weighted_tlds; *wide; wide++) {
        const char *c = *wide;
        size_t end = place;
        while (*c && (gunichar)u_tolower((UChar32)at(in, end)) == g_utf8_get_char(c)) {
            c = g_utf8_next_char(c);
            end++;
        }
        if (!*c && !is_ascii_alnum(at(in, end)) && !is_in(at(in, end), "@+-"))
            return end;
    }
    if (n != 2 || strcmp(name, "xn") != 0 || at(in, place + 2) != '-' || at(in, place + 3) != '-')
        return 0;
    size_t end = place + 4;
    while (is_ascii_alnum(at(in, end)) || at(in, end) == '-')
        end++;
    return end > place + 4 ? end : 0;
}

/* Where the name that begins at `start` ends, behind its last top-level domain; 0: there is none. */
static size_t
name_end(Pass *in, size_t start)
{
    size_t best = 0;
    size_t label = start;
    size_t stop = start; /* how far this says something for later starts too */
    bool saw_tld = false;
    if (start < in->barren)
        return 0;
    while (label - start < MAX_NAME) {
        size_t end = label;
        bool has_underscore = false;
        for (; is_name_char(at(in, end)) || is_in(at(in, end), "_-"); end++)
            has_underscore = has_underscore || at(in, end) == '_';
        stop = end;
        if (end == label || at(in, end) != '.' || is_in(at(in, end - 1), "_-"))
            break;
        stop = label;
        if (is_in(at(in, label), "_-"))
            break;
        label = end + 1;
        stop = label;
        size_t tld = tld_end(in, label);
        saw_tld = saw_tld || tld;
        if (tld && !has_underscore)
            best = tld;
    }
    if (!saw_tld)
        in->barren = MAX(in->barren, stop);
    return best;
}

/* The next run of ASCII (and accented Latin) labels with a top-level domain within [from, end): *ret_start, and its end; 0: none. */
static size_t
ascii_name(const Pass *whole, size_t from, size_t end, size_t *ret_start)
{
    const Pass in = {.text = whole->text, .n = end};
    for (size_t start = from; start < end; start++) {
        size_t best = 0;
        size_t stop = start;
        for (size_t label = start;;) {
            stop = label;
            while (is_ascii_alnum(at(&in, stop)) || at(&in, stop) == '-' ||
                   is_accented_latin(at(&in, stop)))
                stop++;
            if (stop == label || at(&in, stop) != '.')
                break;
            label = stop + 1;
            size_t tld = tld_end(&in, label);
            best = tld ? tld : best;
        }
        *ret_start = start;
        if (best)
            return best;
        start = MAX(start,
                    stop); /* whatever begins before has the same domains, all looked at in vain */
    }
    return 0;
}

/* How long a label is in its ASCII form (RFC 3492); more than MAX_LABEL is not told apart. */
static size_t
punycode_length(const gunichar *label, size_t n)
{
    size_t n_basic = 0;
    for (size_t i = 0; i < n; i++)
        n_basic += label[i] < 0x80;
    if (n_basic == n || n > MAX_LABEL)
        return n;
    size_t length = strlen("xn--") + n_basic + (n_basic ? 1 : 0);
    guint64 delta = 0;
    guint64 bias = 72;
    gunichar done = 0x80;
    for (size_t handled = n_basic; handled < n;) {
        gunichar least = G_MAXUINT32;
        for (size_t i = 0; i < n; i++)
            least = label[i] >= done && label[i] < least ? label[i] : least;
        delta += (guint64)(least - done) * (handled + 1);
        done = least;
        for (size_t i = 0; i < n; i++) {
            delta += label[i] < done;
            if (label[i] != done)
                continue;
            guint64 left = delta;
            for (guint64 k = 36;; k += 36) { /* one digit a round */
                guint64 threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
                length++;
                if (left < threshold)
                    break;
                left = (left - threshold) / (36 - threshold);
            }
            delta = handled == n_basic ? delta / 700 : delta / 2;
            delta += delta / (handled + 1);
            for (bias = 0; delta > 455; bias += 36)
                delta /= 35;
            bias += 36 * delta / (delta + 38);
            delta = 0;
            handled++;
        }
        delta++;
        done++;
    }
    return length;
}

/* The label of a name may hold the wide full stops 。．｡, each part of which is turned to ASCII alone. */
static bool
is_label_short(const gunichar *label, size_t n)
{
    size_t length = 0;
    size_t from = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && label[i] != 0x3002 && label[i] != 0xff0e && label[i] != 0xff61)
            continue;
        length += punycode_length(label + from, i - from) + (i < n);
        from = i + 1;
    }
    return length >= 1 && length <= MAX_LABEL;
}

static bool
is_name_valid(const Pass *in, size_t start, size_t end)
{
    size_t unused = 0;
    static const gunichar prefix[] = {'x', 'n', '-', '-'};
    if (end - start >= 4 && memcmp(in->text + start, prefix, sizeof prefix) == 0 &&
        !ascii_name(in, start, end, &unused))
        return false;
    for (size_t label = start, i = start; i <= end; i++) {
        if (i < end && in->text[i] != '.')
            continue;
        if (!is_label_short(in->text + label, i - label))
            return false;
        label = i + 1;
    }
    return true;
}

/* --- behind the name ------------------------------------------------------------------------------------ */
static bool
is_path_char(gunichar c)
{
    return is_path_letter(c) || c == 0x2013 || is_in(c, "!*';:=+,.$/%#[]-_~@|&");
}

/* Behind a bracket that is closed again, with at most one pair within: …/wiki/Tokyo_(city). 0: it is not closed. */
static size_t
brackets_end(const Pass *in, size_t open)
{
    size_t end = open + 1;
    while (is_path_char(at(in, end)))
        end++;
    if (at(in, end) == ')')
        return end > open + 1 ? end + 1 : 0;
    if (at(in, end) != '(')
        return 0;
    size_t within = end + 1;
    for (end = within; is_path_char(at(in, end));)
        end++;
    if (end == within || at(in, end) != ')')
        return 0;
    for (end++; is_path_char(at(in, end));)
        end++;
    return at(in, end) == ')' ? end + 1 : 0;
}

/* From the slash on; what a sentence may put behind a link (a full stop, a comma) stays outside. */
static size_t
path_end(const Pass *in, size_t slash)
{
    size_t end = slash + 1;
    for (size_t place = end;;) {
        gunichar c = at(in, place);
        size_t closed = c == '(' ? brackets_end(in, place) : 0;
        if (!closed && !is_path_char(c))
            return end;
        place = closed ? closed : place + 1;
        if (closed || is_path_letter(c) || is_in(c, "+-=_#/"))
            end = place;
    }
}

/* From the question mark on; `mark` when no query follows. */
static size_t
query_end(const Pass *in, size_t mark)
{
    size_t end = mark;
    if (at(in, mark) != '?')
        return mark;
    for (size_t place = mark + 1;; place++) {
        gunichar c = at(in, place);
        if (!is_ascii_alnum(c) && !is_in(c, "!?*'@();:&=+$/%#[]-_.,~|"))
            return end;
        if (is_ascii_alnum(c) || is_in(c, "-_&=#/"))
            end = place + 1;
    }
}

static size_t
scheme_length(const Pass *in, size_t start)
{
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t s = 0; s < G_N_ELEMENTS(schemes); s++) {
        size_t n = 0;
        while (schemes[s][n] && at(in, start + n) < 0x80 &&
               g_ascii_tolower((char)at(in, start + n)) == schemes[s][n])
            n++;
        if (!schemes[s][n])
            return n;
    }
    return 0;
}

/* --- the pass ------------------------------------------------------------------------------------------- */
typedef struct {
    size_t start, name, name_end, path, end; /* path 0: none */
} Found;

static bool
find_at(Pass *in, size_t start, Found *ret)
{
    size_t name = start + scheme_length(in, start);
    size_t stop = name_end(in, name);
    if (!stop)
        return false;
    *ret = (Found){.start = start, .name = name, .name_end = stop, .end = stop};
    if (at(in, stop) == ':') {
        while (at(in, ret->end + 1) < 0x80 && g_ascii_isdigit((char)at(in, ret->end + 1)))
            ret->end++;
        ret->end = ret->end > stop ? ret->end + 1 : stop;
    }
    if (at(in, ret->end) == '/') {
        ret->path = ret->end;
        ret->end = path_end(in, ret->end);
    }
    ret->end = query_end(in, ret->end);
    return true;
}

static void
add(GArray *out, size_t start, size_t n)
{
    const HibWeightedLink link = {start, n};
    g_array_append_val(out, link);
}

/* With a scheme: all of it is the link, but a t.co link ends with its code. */
static void
take_whole(const Pass *in, const Found *found, GArray *out)
{
    size_t end = found->end;
    size_t code = found->path + 1;
    bool is_tco = found->name_end - found->name == 4 && found->path == found->name_end &&
                  g_ascii_tolower((char)at(in, found->name)) == 't' &&
                  g_ascii_tolower((char)at(in, found->name + 2)) == 'c' &&
                  g_ascii_tolower((char)at(in, found->name + 3)) == 'o';
    if (is_tco && is_ascii_alnum(at(in, code))) {
        for (end = code; is_ascii_alnum(at(in, end));)
            end++;
        if (end - code > MAX_TCO)
            return;
        end = query_end(in, end);
    }
    add(out, found->start, end - found->start);
}

/* Without one: what is ASCII of the name, and the path behind the last of it. */
static void
take_ascii(const Pass *in, const Found *found, GArray *out)
{
    size_t from = found->name;
    size_t start = 0;
    guint n_before = out->len;
    for (size_t end; (end = ascii_name(in, from, found->name_end, &start)) > 0; from = end)
        add(out, start, end - start);
    if (out->len > n_before && found->path)
        g_array_index(out, HibWeightedLink, out->len - 1).n += found->end - found->name_end;
}

GArray *
hib_weighted_links(const gunichar *text, size_t n)
{
    Pass in = {.text = text, .n = n};
    GArray *out = g_array_new(FALSE, FALSE, sizeof(HibWeightedLink));
    for (size_t place = 0; place < n;) {
        Found found;
        gunichar before = text[place];
        bool is_found = may_come_before(before) && find_at(&in, place + 1, &found);
        if (!is_found && place == 0) {
            before = 0;
            in.barren = 0;
            is_found = find_at(&in, 0, &found);
        }
        if (!is_found) {
            place++;
            continue;
        }
        place = found.end;
        size_t scheme = found.name - found.start;
        if (!is_name_valid(&in, found.name, found.name_end) ||
            utf16_units(text + found.start, found.end - found.start) +
                    (scheme ? scheme : strlen("https://")) >
                MAX_LINK)
            continue;
        if (scheme)
            take_whole(&in, &found, out);
        else if (!is_in(before, "-_./"))
            take_ascii(&in, &found, out);
    }
    return out;
}
