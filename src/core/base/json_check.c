/* The grammar of RFC 8259 as a loop: a bit for each open bracket says whether it is an object or an array. */
#include "base/json_check.h"

#include "base/limits.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#define NUMBER_MAX 60 /* cJSON reads no longer ones */

G_STATIC_ASSERT(HIB_LIMIT_JSON_DEPTH <= 64);

typedef struct {
    const char *text;
    size_t n;
    size_t at;
    const char *what; /* why not; NULL so far */
    uint64_t objects; /* bit d: the bracket at depth d is an object */
    int depth;
} Check;

static bool
wrong(Check *check, const char *what)
{
    check->what = what;
    return false;
}

/* The byte ahead; -1 at the end. */
static int
ahead(const Check *check)
{
    return check->at < check->n ? (unsigned char)check->text[check->at] : -1;
}

static void
skip_space(Check *check)
{
    for (int c = ahead(check); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = ahead(check))
        check->at++;
}

static bool
skip_hex4(Check *check, unsigned *ret)
{
    *ret = 0;
    for (int i = 0; i < 4; i++, check->at++) {
        int c = ahead(check);
        if (c < 0 || !g_ascii_isxdigit((char)c))
            return wrong(check, "a \\u without four hex digits");
        *ret = *ret << 4 | (unsigned)g_ascii_xdigit_value((char)c);
    }
    return true;
}

static bool
skip_escape(Check *check)
{
    int c = ahead(check);
    if (c < 0 || c == 0 || strchr("\"\\/bfnrtu", c) == NULL)
        return wrong(check, "an unknown escape");
    check->at++;
    if (c != 'u')
        return true;
    unsigned unit = 0;
    if (!skip_hex4(check, &unit))
        return false;
    if (unit == 0)
        return wrong(check, "a NUL character");
    if (unit >= 0xdc00 && unit <= 0xdfff)
        return wrong(check, "half a surrogate pair");
    if (unit < 0xd800 || unit > 0xdfff)
        return true;
    if (check->at + 2 > check->n || memcmp(check->text + check->at, "\\u", 2) != 0)
        return wrong(check, "half a surrogate pair");
    check->at += 2;
    if (!skip_hex4(check, &unit))
        return false;
    return (unit >= 0xdc00 && unit <= 0xdfff) || wrong(check, "half a surrogate pair");
}

static bool
skip_string(Check *check)
{
    check->at++; /* the quote */
    for (;;) {
        int c = ahead(check);
        if (c < 0x20)
            return wrong(check, c < 0 ? "text without an end" : "a control character in text");
        check->at++;
        if (c == '"')
            return true;
        if (c == '\\' && !skip_escape(check))
            return false;
    }
}

static bool
skip_digits(Check *check)
{
    size_t from = check->at;
    for (int c = ahead(check); c >= '0' && c <= '9'; c = ahead(check))
        check->at++;
    return check->at > from || wrong(check, "a number without digits");
}

static bool
skip_number(Check *check)
{
    size_t from = check->at;
    if (ahead(check) == '-')
        check->at++;
    if (ahead(check) == '0')
        check->at++;
    else if (!skip_digits(check))
        return false;
    if (ahead(check) == '.') {
        check->at++;
        if (!skip_digits(check))
            return false;
    }
    if (ahead(check) == 'e' || ahead(check) == 'E') {
        check->at++;
        if (ahead(check) == '+' || ahead(check) == '-')
            check->at++;
        if (!skip_digits(check))
            return false;
    }
    return check->at - from <= NUMBER_MAX || wrong(check, "a number with too many digits");
}

static bool
skip_word(Check *check, const char *word)
{
    size_t length = strlen(word);
    if (check->n - check->at < length || memcmp(check->text + check->at, word, length) != 0)
        return wrong(check, "not a value");
    check->at += length;
    return true;
}

static bool
skip_key(Check *check)
{
    skip_space(check);
    if (ahead(check) != '"')
        return wrong(check, "a key is missing");
    if (!skip_string(check))
        return false;
    skip_space(check);
    if (ahead(check) != ':')
        return wrong(check, "a colon is missing");
    check->at++;
    return true;
}

/* One value; of an object or array only its opening bracket and, in an object, the first key. `*ret_open` says that
 * another value must follow. */
static bool
skip_value(Check *check, bool *ret_open)
{
    *ret_open = false;
    skip_space(check);
    int c = ahead(check);
    switch (c) {
    case '"':
        return skip_string(check);
    case 't':
        return skip_word(check, "true");
    case 'f':
        return skip_word(check, "false");
    case 'n':
        return skip_word(check, "null");
    case '{':
    case '[':
        break;
    default:
        return c == '-' || (c >= '0' && c <= '9') ? skip_number(check)
                                                  : wrong(check, "not a value");
    }
    if (check->depth == HIB_LIMIT_JSON_DEPTH)
        return wrong(check, "nested too deep");
    check->at++;
    skip_space(check);
    if (ahead(check) == (c == '{' ? '}' : ']')) {
        check->at++;
        return true;
    }
    uint64_t bit = UINT64_C(1) << check->depth;
    check->objects = c == '{' ? check->objects | bit : check->objects & ~bit;
    check->depth++;
    *ret_open = true;
    return c == '[' || skip_key(check);
}

/* After a value: closes what ends here; `*ret_more` when a comma asks for another value. */
static bool
skip_ends(Check *check, bool *ret_more)
{
    *ret_more = false;
    while (check->depth > 0) {
        bool in_object = (check->objects >> (check->depth - 1) & 1) != 0;
        skip_space(check);
        int c = ahead(check);
        if (c == ',') {
            check->at++;
            *ret_more = true;
            return !in_object || skip_key(check);
        }
        if (c != (in_object ? '}' : ']'))
            return wrong(check, "a comma or an end is missing");
        check->at++;
        check->depth--;
    }
    return true;
}

static bool
skip_document(Check *check)
{
    for (bool more = true; more;) {
        bool is_open = false;
        if (!skip_value(check, &is_open))
            return false;
        if (!is_open && !skip_ends(check, &more))
            return false;
    }
    skip_space(check);
    return check->at == check->n || wrong(check, "more than one value");
}

bool
hib_json_check(const char *text, size_t n, size_t *ret_offset, const char **ret_what)
{
    const char *end = NULL;
    if (n > 0 && !g_utf8_validate_len(text, n, &end)) {
        *ret_offset = (size_t)(end - text);
        *ret_what = *end == '\0' ? "a NUL byte" : "not UTF-8";
        return false;
    }
    Check check = {.text = text, .n = n};
    if (skip_document(&check))
        return true;
    *ret_offset = check.at;
    *ret_what = check.what;
    return false;
}
