/* See terms.h. The trie's edges lie in one hash table (state, symbol) → state; symbols are the few thousand characters that terms have, so that most of a
 * text's characters lead back to the root by one look. Failure links are followed as in Aho and Corasick (1975). */
#include "text/terms.h"

#include <string.h>

enum {
    ANYWHERE = 1,
    NO_LETTER_BEFORE = 2,
    NO_LETTER_BEHIND = 4,
    NO_DIGIT_BEFORE = 8,
    NO_DIGIT_BEHIND = 16,
    ALONE = 32
};

typedef struct {
    uint32_t n_chars;
    int32_t next; /* another term of the same state; -1: none */
    unsigned flags;
} Term;

typedef struct {
    uint32_t fail;   /* the longest proper suffix that is a state */
    uint32_t report; /* this state or the nearest on the way of failure that ends a term; 0: none */
    int32_t term;    /* the first that ends here; -1: none */
} State;

struct HibTerms {
    GArray *terms, *states;
    GHashTable *symbols; /* while building: character → symbol */
    uint16_t *pages[0x110];
    uint64_t *keys; /* state << 32 | symbol, never 0 */
    uint32_t *values;
    size_t room, n_edges;
    uint32_t *root; /* symbol → the state it leads to from the root: where most of a text is */
};

#define STATE(t, i) (&g_array_index((t)->states, State, (i)))
#define PAGE 0x1000

HibTerms *
hib_terms_new(void)
{
    HibTerms *terms = g_new0(HibTerms, 1);
    terms->terms = g_array_new(FALSE, TRUE, sizeof(Term));
    terms->states = g_array_new(FALSE, TRUE, sizeof(State));
    g_array_append_vals(terms->states, &(State){.term = -1}, 1);
    terms->room = 64;
    terms->keys = g_new0(uint64_t, terms->room);
    terms->values = g_new0(uint32_t, terms->room);
    terms->symbols = g_hash_table_new(NULL, NULL);
    return terms;
}

void
hib_terms_free(HibTerms *terms)
{
    if (!terms)
        return;
    g_array_unref(terms->terms);
    g_array_unref(terms->states);
    g_hash_table_unref(terms->symbols);
    for (size_t i = 0; i < G_N_ELEMENTS(terms->pages); i++)
        g_free(terms->pages[i]);
    g_free(terms->keys);
    g_free(terms->values);
    g_free(terms->root);
    g_free(terms);
}

static uint32_t
symbol_of(const HibTerms *terms, uint32_t c)
{
    const uint16_t *page = terms->pages[c / PAGE];
    return page ? page[c % PAGE] : 0;
}

/* The character's symbol, made where there is none; 0: there are as many as fit. */
static uint32_t
symbol_make(HibTerms *terms, uint32_t c)
{
    uint32_t symbol = symbol_of(terms, c);
    if (symbol)
        return symbol;
    symbol = g_hash_table_size(terms->symbols) + 1;
    if (symbol > 0xffff)
        return 0;
    g_hash_table_add(terms->symbols, GUINT_TO_POINTER(c + 1));
    if (!terms->pages[c / PAGE])
        terms->pages[c / PAGE] = g_new0(uint16_t, PAGE);
    terms->pages[c / PAGE][c % PAGE] = (uint16_t)symbol;
    return symbol;
}

static size_t
slot(const HibTerms *terms, uint64_t key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (terms->room - 1);
    while (terms->keys[at] && terms->keys[at] != key)
        at = (at + 1) & (terms->room - 1);
    return at;
}

static uint32_t
follow(const HibTerms *terms, uint32_t state, uint32_t symbol)
{
    return terms
        ->values[slot(terms, (uint64_t)state << 32 | symbol)]; /* 0 where the slot is empty */
}

static void
grow(HibTerms *terms)
{
    uint64_t *keys = terms->keys;
    uint32_t *values = terms->values;
    size_t room = terms->room;
    terms->room *= 2;
    terms->keys = g_new0(uint64_t, terms->room);
    terms->values = g_new0(uint32_t, terms->room);
    for (size_t i = 0; i < room; i++) {
        if (keys[i]) {
            size_t at = slot(terms, keys[i]);
            terms->keys[at] = keys[i];
            terms->values[at] = values[i];
        }
    }
    g_free(keys);
    g_free(values);
}

static uint32_t
step(HibTerms *terms, uint32_t state, uint32_t symbol)
{
    uint64_t key = (uint64_t)state << 32 | symbol;
    size_t at = slot(terms, key);
    if (terms->keys[at])
        return terms->values[at];
    terms->keys[at] = key;
    uint32_t made = terms->values[at] = terms->states->len;
    g_array_append_vals(terms->states, &(State){.term = -1}, 1);
    if (++terms->n_edges * 2 > terms->room)
        grow(terms);
    return made;
}

static bool
is_letter(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool
is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static int32_t
add(HibTerms *terms, const uint32_t *chars, size_t n, unsigned flags)
{
    if (n == 0 || n > HIB_TERM_CHARS)
        return -1;
    uint32_t state = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t symbol = symbol_make(terms, chars[i]);
        if (!symbol)
            return -1;
        state = step(terms, state, symbol);
    }
    int32_t id = (int32_t)terms->terms->len;
    const Term term = {.n_chars = (uint32_t)n, .next = STATE(terms, state)->term, .flags = flags};
    g_array_append_vals(terms->terms, &term, 1);
    STATE(terms, state)->term = id;
    return id;
}

int32_t
hib_terms_add_folded(HibTerms *terms, const uint32_t *chars, size_t n)
{
    return add(terms, chars, n, ANYWHERE);
}

int32_t
hib_terms_add(HibTerms *terms, const char *text, bool as_is)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibFolded term = hib_text_fold(arena, text, strlen(text));
    unsigned flags = as_is ? ANYWHERE : 0;
    if (!as_is && term.n) {
        uint32_t first = term.chars[0], last = term.chars[term.n - 1];
        flags |= is_letter(first) ? NO_LETTER_BEFORE : is_digit(first) ? NO_DIGIT_BEFORE : 0;
        flags |= is_letter(last) ? NO_LETTER_BEHIND : is_digit(last) ? NO_DIGIT_BEHIND : 0;
        size_t n_katakana = 0;
        for (size_t i = 0; i < term.n; i++)
            n_katakana += term.script[i] == HIB_FOLD_KATAKANA;
        if (term.n <= 3 && n_katakana == term.n)
            flags |= ALONE;
    }
    return add(terms, term.chars, term.n, flags);
}

/* Breadth first: a state's failure link is shallower, so it is ready. */
void
hib_terms_build(HibTerms *terms)
{
    size_t n = terms->states->len;
    g_autofree uint32_t *parent = g_new0(uint32_t, n), *symbol = g_new0(uint32_t, n);
    g_free(terms->root);
    terms->root = g_new0(uint32_t, g_hash_table_size(terms->symbols) + 1);
    for (size_t i = 0; i < terms->room; i++) {
        if (terms->keys[i]) {
            parent[terms->values[i]] = (uint32_t)(terms->keys[i] >> 32);
            symbol[terms->values[i]] = (uint32_t)terms->keys[i];
            if (terms->keys[i] >> 32 == 0)
                terms->root[(uint32_t)terms->keys[i]] = terms->values[i];
        }
    }
    g_autofree uint32_t *depth = g_new0(uint32_t, n), *order = g_new0(uint32_t, n);
    size_t begin[HIB_TERM_CHARS + 2] = {0};
    for (size_t i = 1; i < n; i++) { /* a parent is older than its child */
        depth[i] = depth[parent[i]] + 1;
        begin[depth[i]]++;
    }
    size_t before = 0;
    for (size_t d = 0; d < G_N_ELEMENTS(begin); d++) {
        size_t here = begin[d];
        begin[d] = before;
        before += here;
    }
    for (size_t i = 1; i < n; i++)
        order[begin[depth[i]]++] = (uint32_t)i;
    for (size_t k = 0; k + 1 < n; k++) {
        uint32_t i = order[k], fail = parent[i];
        State *state = STATE(terms, i);
        state->fail = 0;
        while (fail != 0) {
            fail = STATE(terms, fail)->fail;
            uint32_t to = follow(terms, fail, symbol[i]);
            if (to) {
                state->fail = to;
                break;
            }
        }
        state->report = state->term >= 0 ? i : STATE(terms, state->fail)->report;
    }
}

static bool
is_alone(const HibFolded *text, size_t start, size_t end)
{
    unsigned char first = text->script[start], last = text->script[end - 1];
    return !(start > 0 && first && text->script[start - 1] == first) &&
           !(end < text->n && last && text->script[end] == last);
}

static bool
stands(const Term *term, const HibFolded *text, size_t start, size_t end)
{
    if (term->flags & ANYWHERE)
        return true;
    uint32_t before = start > 0 ? text->chars[start - 1] : 0;
    uint32_t behind = end < text->n ? text->chars[end] : 0;
    if ((term->flags & NO_LETTER_BEFORE && is_letter(before)) ||
        (term->flags & NO_LETTER_BEHIND && is_letter(behind)) ||
        (term->flags & NO_DIGIT_BEHIND && is_digit(behind)))
        return false;
    if (term->flags & NO_DIGIT_BEFORE &&
        (is_digit(before) ||
         ((before == ',' || before == '.') && start > 1 && is_digit(text->chars[start - 2]))))
        return false;
    return !(term->flags & ALONE) || is_alone(text, start, end);
}

void
hib_terms_find(const HibTerms *terms, const HibFolded *text, HibTermFound found, void *data)
{
    uint32_t state = 0;
    for (size_t i = 0; i < text->n; i++) {
        uint32_t symbol = symbol_of(terms, text->chars[i]);
        if (!symbol) {
            state = 0;
            continue;
        }
        uint32_t to = 0;
        while (state != 0 && (to = follow(terms, state, symbol)) == 0)
            state = STATE(terms, state)->fail;
        state = state != 0 ? to : terms->root[symbol];
        for (uint32_t s = STATE(terms, state)->report; s != 0;
             s = STATE(terms, STATE(terms, s)->fail)->report) {
            for (int32_t id = STATE(terms, s)->term; id >= 0;) {
                const Term *term = &g_array_index(terms->terms, Term, id);
                if (stands(term, text, i + 1 - term->n_chars, i + 1))
                    found(data, (uint32_t)id, i + 1 - term->n_chars, i + 1);
                id = term->next;
            }
        }
    }
}
