/* Expression → tree, by recursive descent over its characters, each folded as text is. Depth and length are bounded before anything is built. */
#include "text/pattern_private.h"

#include "text/utf8.h"

#include <string.h>

typedef struct {
    HibArena *arena;
    const char *text;
    size_t n, at, n_chars; /* characters read so far, for the error */
    int depth;
    HibPatternFault *fault;
} Parser;

static void *
bad(Parser *p, const char *what)
{
    if (!p->fault->what)
        *p->fault = (HibPatternFault){what, p->n_chars};
    return NULL;
}

static bool
is_end(const Parser *p)
{
    return p->at >= p->n;
}

static uint32_t
peek(const Parser *p)
{
    size_t at = p->at;
    if (is_end(p))
        return 0;
    UChar32 c = hib_utf8_next(p->text, p->n, &at);
    return c < 0 ? 0xfffd : (uint32_t)c;
}

static uint32_t
take(Parser *p)
{
    UChar32 c = hib_utf8_next(p->text, p->n, &p->at);
    p->n_chars++;
    return c < 0 ? 0xfffd : (uint32_t)c;
}

static bool
take_if(Parser *p, uint32_t c)
{
    if (is_end(p) || peek(p) != c)
        return false;
    take(p);
    return true;
}

static HibNode *
node(Parser *p, HibNodeKind kind, HibNode *left, HibNode *right)
{
    HibNode *made = hib_arena_new0(p->arena, HibNode);
    *made = (HibNode){.kind = kind, .left = left, .right = right};
    return made;
}

static HibNode *
class_of(Parser *p, const HibRange *ranges, size_t n, bool is_negated)
{
    HibNode *made = node(p, HIB_NODE_CLASS, NULL, NULL);
    made->class.ranges = hib_arena_array(p->arena, HibRange, n + 1);
    if (n)
        memcpy(made->class.ranges, ranges, n * sizeof *ranges);
    made->class.n = n;
    made->class.is_negated = is_negated;
    return made;
}

/* A character as the text would have it; one that folding drops cannot be asked for. */
static HibNode *
literal(Parser *p, uint32_t c)
{
    uint32_t folded[20];
    size_t n = hib_text_fold_char(c, folded, G_N_ELEMENTS(folded));
    if (n == 0)
        return bad(p, "a character that is left out of every text");
    HibNode *all = NULL;
    for (size_t i = 0; i < n; i++) {
        HibNode *one = node(p, HIB_NODE_CHAR, NULL, NULL);
        one->c = folded[i];
        all = all ? node(p, HIB_NODE_CAT, all, one) : one;
    }
    return all;
}

/* Behind a backslash: a kind of character, or a sign. */
static bool
escaped(Parser *p, HibRange *ret, size_t *ret_n)
{
    static const HibRange word[] = {{'a', 'z'}, {'0', '9'}, {'_', '_'}};
    if (is_end(p))
        return bad(p, "a \\ at the end");
    uint32_t c = take(p);
    *ret_n = 1;
    if (c == 's')
        ret[0] = (HibRange){' ', ' '};
    else if (c == 'd')
        ret[0] = (HibRange){'0', '9'};
    else if (c == 'w')
        memcpy(ret, word, sizeof word), *ret_n = G_N_ELEMENTS(word);
    else if (c > ' ' && c < 0x7f && !g_ascii_isalnum((char)c))
        ret[0] = (HibRange){c, c};
    else
        return bad(p, "an unknown \\ sequence");
    return true;
}

/* One character within [ ]. */
static bool
member(Parser *p, uint32_t c, uint32_t *ret)
{
    uint32_t folded[20];
    if (hib_text_fold_char(c, folded, G_N_ELEMENTS(folded)) != 1)
        return bad(p, "a character in [ ] that is not one character in a text");
    *ret = folded[0];
    return true;
}

static bool
one_range(Parser *p, GArray *ranges)
{
    uint32_t c = take(p), from, to;
    if (c == '\\') {
        HibRange kinds[3];
        size_t n;
        if (!escaped(p, kinds, &n))
            return false;
        g_array_append_vals(ranges, kinds, (guint)n);
        return true;
    }
    if (!member(p, c, &from))
        return false;
    to = from;
    size_t next = p->at + 1;
    if (!is_end(p) && peek(p) == '-' && next < p->n && p->text[next] != ']') {
        take(p);
        c = take(p);
        if (c == '\\') {
            if (is_end(p))
                return bad(p, "a \\ at the end");
            c = take(p);
        }
        if (!member(p, c, &to))
            return false;
    }
    if (to < from)
        return bad(p, "a range in [ ] that runs backwards");
    g_array_append_vals(ranges, &(HibRange){from, to}, 1);
    return true;
}

static HibNode *
bracket(Parser *p)
{
    g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(HibRange));
    bool is_negated = take_if(p, '^');
    do {
        if (is_end(p))
            return bad(p, "a [ that is never closed");
        if (!one_range(p, ranges))
            return NULL;
    } while (!take_if(p, ']'));
    return class_of(p, (const HibRange *)(const void *)ranges->data, ranges->len, is_negated);
}

static HibNode *alternation(Parser *p);

static HibNode *
atom(Parser *p)
{
    uint32_t c = take(p);
    HibRange kinds[3];
    size_t n;
    switch (c) {
    case '(': {
        if (p->depth >= HIB_PATTERN_DEPTH)
            return bad(p, "too many ( within each other");
        p->depth++;
        if (take_if(p, '?'))
            return bad(p, "(? is not understood: nothing looks around or back");
        HibNode *inside = alternation(p);
        p->depth--;
        if (!inside)
            return NULL;
        return take_if(p, ')') ? inside : bad(p, "a ( that is never closed");
    }
    case '[':
        return bracket(p);
    case '.':
        return class_of(p, NULL, 0, true);
    case '^':
        return node(p, HIB_NODE_BEGIN, NULL, NULL);
    case '$':
        return node(p, HIB_NODE_END, NULL, NULL);
    case '\\':
        return escaped(p, kinds, &n) ? class_of(p, kinds, n, false) : NULL;
    case '?':
    case '*':
    case '+':
    case '{':
        return bad(p, "nothing stands before a repetition");
    default:
        return literal(p, c);
    }
}

static bool
number(Parser *p, int *ret)
{
    int value = 0, n = 0;
    while (!is_end(p) && peek(p) >= '0' && peek(p) <= '9' && n++ < 4)
        value = value * 10 + (int)(take(p) - '0');
    *ret = value;
    return n > 0 && n <= 4 && value <= 1000;
}

/* {m} {m,} {m,n} behind its opening brace. */
static bool
bounds(Parser *p, int *least, int *most)
{
    if (!number(p, least))
        return bad(p, "a { without a number up to 1000");
    *most = *least;
    if (take_if(p, ',')) {
        *most = -1;
        if (!is_end(p) && peek(p) != '}' && !number(p, most))
            return bad(p, "a { without a number up to 1000");
    }
    if (!take_if(p, '}'))
        return bad(p, "a { that is never closed");
    return (*most < 0 || *most >= *least) ||
           bad(p, "a repetition whose least is more than its most");
}

static HibNode *
repeated(Parser *p)
{
    HibNode *what = atom(p);
    for (int n = 0; what && !is_end(p); n++) {
        int least = 0, most = -1;
        uint32_t c = peek(p);
        if (c != '?' && c != '*' && c != '+' && c != '{')
            break;
        if (n > 0)
            return bad(p, "a repetition of a repetition; put ( ) around it");
        take(p);
        if (c == '?')
            most = 1;
        else if (c == '+')
            least = 1;
        else if (c == '{' && !bounds(p, &least, &most))
            return NULL;
        HibNode *repeat = node(p, HIB_NODE_REPEAT, what, NULL);
        repeat->least = least;
        repeat->most = most;
        what = repeat;
    }
    return what;
}

static HibNode *
sequence(Parser *p)
{
    HibNode *all = NULL;
    while (!is_end(p) && peek(p) != '|' && peek(p) != ')') {
        HibNode *one = repeated(p);
        if (!one)
            return NULL;
        all = all ? node(p, HIB_NODE_CAT, all, one) : one;
    }
    return all ? all : node(p, HIB_NODE_EMPTY, NULL, NULL);
}

static HibNode *
alternation(Parser *p)
{
    HibNode *all = sequence(p);
    while (all && take_if(p, '|')) {
        HibNode *other = sequence(p);
        all = other ? node(p, HIB_NODE_ALT, all, other) : NULL;
    }
    return all;
}

bool
hib_class_has(const HibClass *class, uint32_t c)
{
    for (size_t i = 0; i < class->n; i++)
        if (c >= class->ranges[i].from && c <= class->ranges[i].to)
            return !class->is_negated;
    return class->is_negated;
}

HibNode *
hib_pattern_parse(HibArena *arena, const char *expression, HibPatternFault *ret_fault)
{
    *ret_fault = (HibPatternFault){0};
    Parser p = {.arena = arena, .text = expression, .n = strlen(expression), .fault = ret_fault};
    if (p.n > HIB_PATTERN_BYTES)
        return bad(&p, "an expression of more than 2,000 bytes");
    HibNode *tree = alternation(&p);
    if (tree && !is_end(&p))
        return bad(&p, "a ) that was never opened");
    return tree;
}
