/* Which words must stand in every place an expression finds. From the tree: a part that can only be a few words gives those; of parts in sequence the one
 * with the longest words is taken; of alternatives all together. */
#include "text/pattern_private.h"

#include <string.h>

#define MOST_WORDS 96
#define MOST_CHARS 40

/* `exact`: the part is one of these words and nothing else. `needed`: one of these stands within it. NULL: not known. */
typedef struct {
    GArray *exact, *needed; /* of HibPatternWord */
} Known;

typedef struct {
    HibArena *arena;
    GPtrArray *owned;
} Finder;

static GArray *
words_new(Finder *f)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(HibPatternWord));
    g_ptr_array_add(f->owned, words);
    return words;
}

#define WORD(words, i) (&g_array_index((words), HibPatternWord, (i)))

static void
word_add(Finder *f, GArray *words, const HibPatternWord *a, const HibPatternWord *b)
{
    uint32_t *chars = hib_arena_array(f->arena, uint32_t, a->n + b->n + 1);
    if (a->n)
        memcpy(chars, a->chars, a->n * sizeof *chars);
    if (b->n)
        memcpy(chars + a->n, b->chars, b->n * sizeof *chars);
    g_array_append_vals(words, &(HibPatternWord){chars, a->n + b->n}, 1);
}

static const HibPatternWord nothing = {NULL, 0};

static GArray *
joined(Finder *f, const GArray *a, const GArray *b)
{
    if (!a || !b || a->len + b->len > MOST_WORDS)
        return NULL;
    GArray *all = words_new(f);
    g_array_append_vals(all, a->data, a->len);
    g_array_append_vals(all, b->data, b->len);
    return all;
}

static GArray *
product(Finder *f, const GArray *a, const GArray *b)
{
    if (!a || !b || (size_t)a->len * b->len > MOST_WORDS)
        return NULL;
    GArray *all = words_new(f);
    for (guint i = 0; i < a->len; i++) {
        for (guint k = 0; k < b->len; k++) {
            if (WORD(a, i)->n + WORD(b, k)->n > MOST_CHARS)
                return NULL;
            word_add(f, all, WORD(a, i), WORD(b, k));
        }
    }
    return all;
}

/* The shortest of the words says how often a text must be tried in vain. */
static size_t
worth(const GArray *words)
{
    size_t least = words ? MOST_CHARS : 0;
    for (guint i = 0; words && i < words->len; i++)
        least = MIN(least, WORD(words, i)->n);
    return least;
}

static GArray *
better(GArray *a, GArray *b)
{
    size_t of_a = worth(a), of_b = worth(b);
    if (of_a == of_b)
        return of_a == 0 ? NULL : a->len <= b->len ? a : b;
    return of_a > of_b ? a : b;
}

static Known
of_class(Finder *f, const HibClass *class)
{
    size_t n = 0;
    for (size_t i = 0; i < class->n; i++)
        n += class->ranges[i].to - class->ranges[i].from + 1;
    if (class->is_negated || n > 12)
        return (Known){0};
    GArray *words = words_new(f);
    for (size_t i = 0; i < class->n; i++)
        for (uint32_t c = class->ranges[i].from; c <= class->ranges[i].to; c++)
            word_add(f, words, &(HibPatternWord){&c, 1}, &nothing);
    return (Known){words, words};
}

static Known know(Finder *f, const HibNode *tree);

static Known
of_repeat(Finder *f, const HibNode *tree)
{
    Known inside = know(f, tree->left);
    if (tree->least == 0) {
        if (tree->most != 1 || !inside.exact)
            return (Known){0};
        GArray *empty = words_new(f);
        g_array_append_vals(empty, &nothing, 1);
        return (Known){.exact = joined(f, inside.exact, empty)};
    }
    Known all = {inside.exact, inside.needed};
    for (int i = 1; i < tree->least && all.exact; i++)
        all.exact = product(f, all.exact, inside.exact);
    all.needed = better(all.exact, all.needed);
    if (tree->most != tree->least)
        all.exact = NULL;
    return all;
}

static Known
know(Finder *f, const HibNode *tree)
{
    Known left, right, all;
    GArray *empty;
    switch (tree->kind) {
    case HIB_NODE_CHAR:
        empty = words_new(f);
        word_add(f, empty, &(HibPatternWord){&tree->c, 1}, &nothing);
        return (Known){empty, empty};
    case HIB_NODE_CLASS:
        return of_class(f, &tree->class);
    case HIB_NODE_REPEAT:
        return of_repeat(f, tree);
    case HIB_NODE_ALT:
        left = know(f, tree->left);
        right = know(f, tree->right);
        return (Known){joined(f, left.exact, right.exact), joined(f, left.needed, right.needed)};
    case HIB_NODE_CAT:
        left = know(f, tree->left);
        right = know(f, tree->right);
        all.exact = product(f, left.exact, right.exact);
        all.needed = better(all.exact, better(left.needed, right.needed));
        return all;
    default: /* of no width */
        empty = words_new(f);
        g_array_append_vals(empty, &nothing, 1);
        return (Known){.exact = empty};
    }
}

GArray *
hib_pattern_find_words(HibArena *arena, const HibNode *tree)
{
    Finder f = {arena, g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref)};
    Known known = know(&f, tree);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(HibPatternWord));
    if (worth(known.needed) > 0)
        g_array_append_vals(all, known.needed->data, known.needed->len);
    g_ptr_array_unref(f.owned);
    return all;
}
