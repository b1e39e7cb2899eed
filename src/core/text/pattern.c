/* See pattern.h. The tree becomes a program of a few kinds of step; all ways through it are followed at once, one character after the other, each with
 * where it began. Ways are kept in the order of their beginnings, so that where two meet the earlier one stays. A way that begins later than what was
 * found is dropped, and no new one begins. Which steps may take the first character is known beforehand, and of most characters one look says that
 * nothing begins there. */
#include "text/pattern.h"

#include "text/pattern_private.h"

#include <string.h>

typedef enum { CHAR, CLASS, SPLIT, JUMP, BEGIN, END, FOUND } Op;

typedef struct {
    Op op;
    uint32_t c;         /* CHAR; CLASS: which */
    uint32_t to, other; /* SPLIT: both ways; JUMP: to */
} Step;

struct HibPattern {
    HibArena *arena;
    GArray *steps;
    GPtrArray *classes; /* HibClass in the arena */
    GArray *words;
    size_t n_written; /* parts of the tree: a repetition of nothing costs too */
    bool is_full;
    GArray *starts[2]; /* steps that take the first character: anywhere; at the text's beginning */
    uint64_t first[4]; /* hashes of the characters that they take */
};

/* --- tree → program ----------------------------------------------------------------------------------------- */
static uint32_t
emit(HibPattern *p, Step step)
{
    if (p->steps->len >= HIB_PATTERN_SIZE) {
        p->is_full = true;
        return 0;
    }
    g_array_append_vals(p->steps, &step, 1);
    return p->steps->len - 1;
}

#define STEP(p, i) (&g_array_index((p)->steps, Step, (i)))

static void write_tree(HibPattern *p, const HibNode *tree);

static void
write_repeat(HibPattern *p, const HibNode *tree)
{
    for (int i = 0; i < tree->least && !p->is_full; i++)
        write_tree(p, tree->left);
    if (tree->most < 0) {
        uint32_t split = emit(p, (Step){.op = SPLIT});
        write_tree(p, tree->left);
        emit(p, (Step){.op = JUMP, .to = split});
        STEP(p, split)->to = split + 1;
        STEP(p, split)->other = p->steps->len;
        return;
    }
    g_autoptr(GArray) splits = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (int i = tree->least; i < tree->most && !p->is_full; i++) {
        uint32_t split = emit(p, (Step){.op = SPLIT});
        g_array_append_vals(splits, &split, 1);
        write_tree(p, tree->left);
    }
    for (guint i = 0; i < splits->len; i++) {
        uint32_t split = g_array_index(splits, uint32_t, i);
        STEP(p, split)->to = split + 1;
        STEP(p, split)->other = p->steps->len;
    }
}

static void
write_tree(HibPattern *p, const HibNode *tree)
{
    uint32_t split, jump;
    p->is_full |= ++p->n_written > (size_t)4 * HIB_PATTERN_SIZE;
    if (p->is_full)
        return;
    switch (tree->kind) {
    case HIB_NODE_EMPTY:
        return;
    case HIB_NODE_CHAR:
        emit(p, (Step){.op = CHAR, .c = tree->c});
        return;
    case HIB_NODE_CLASS:
        emit(p, (Step){.op = CLASS, .c = p->classes->len});
        g_ptr_array_add(p->classes, (void *)&tree->class);
        return;
    case HIB_NODE_BEGIN:
        emit(p, (Step){.op = BEGIN});
        return;
    case HIB_NODE_END:
        emit(p, (Step){.op = END});
        return;
    case HIB_NODE_CAT:
        write_tree(p, tree->left);
        write_tree(p, tree->right);
        return;
    case HIB_NODE_ALT:
        split = emit(p, (Step){.op = SPLIT});
        write_tree(p, tree->left);
        jump = emit(p, (Step){.op = JUMP});
        STEP(p, split)->to = split + 1;
        STEP(p, split)->other = p->steps->len;
        write_tree(p, tree->right);
        STEP(p, jump)->to = p->steps->len;
        return;
    case HIB_NODE_REPEAT:
        write_repeat(p, tree);
        return;
    }
}

/* --- running ------------------------------------------------------------------------------------------------ */
typedef struct {
    uint32_t *at;    /* steps that wait for a character, in the order of their beginnings */
    uint32_t *began; /* where */
    size_t n;
} Ways;

typedef struct {
    const HibPattern *pattern;
    const HibFolded *text;
    uint32_t *seen, *stack; /* seen[step] == mark: it is in the list already */
    uint32_t mark;
    int64_t *steps;
    bool is_found;
    size_t start, end;
} Run;

/* Puts `step`, and where it leads without a character, onto `ways`. */
static void
enter(Run *run, Ways *ways, uint32_t step, size_t began, size_t i)
{
    size_t n = 0;
    run->stack[n++] = step;
    while (n > 0) {
        uint32_t at = run->stack[--n];
        if (run->seen[at] == run->mark)
            continue;
        run->seen[at] = run->mark;
        --*run->steps;
        const Step *s = STEP(run->pattern, at);
        if (s->op == SPLIT) {
            run->stack[n++] = s->other;
            run->stack[n++] = s->to;
        } else if (s->op == JUMP) {
            run->stack[n++] = s->to;
        } else if (s->op == BEGIN || s->op == END) {
            if (i == (s->op == BEGIN ? 0 : run->text->n))
                run->stack[n++] = at + 1;
        } else if (s->op == FOUND) {
            if (i > began &&
                (!run->is_found || began < run->start || (began == run->start && i > run->end))) {
                run->is_found = true;
                run->start = began;
                run->end = i;
            }
        } else {
            ways->at[ways->n] = at;
            ways->began[ways->n++] = (uint32_t)began;
        }
    }
}

static uint32_t
hash_of(uint32_t c)
{
    return (c ^ c >> 8) & 255;
}

/* False: nothing begins with it. */
static bool
may_begin(const HibPattern *p, uint32_t c)
{
    uint32_t hash = hash_of(c);
    return (p->first[hash / 64] >> (hash % 64) & 1) != 0;
}

static bool
takes(const HibPattern *p, const Step *step, uint32_t c)
{
    return step->op == CHAR ? step->c == c
                            : hib_class_has(g_ptr_array_index(p->classes, step->c), c);
}

/* The ways that begin at `i`, behind their first character. Later than those of earlier beginnings, so that these win. */
static void
begin_here(Run *run, Ways *next, size_t i)
{
    const HibPattern *p = run->pattern;
    uint32_t c = run->text->chars[i];
    const GArray *starts = p->starts[i == 0];
    if (!may_begin(p, c))
        return;
    *run->steps -= starts->len + 1;
    for (guint k = 0; k < starts->len; k++) {
        uint32_t at = g_array_index(starts, uint32_t, k);
        if (takes(p, STEP(p, at), c))
            enter(run, next, at + 1, i, i + 1);
    }
}

#define ROOM 2048 /* enough for nearly every expression */

HibPatternResult
hib_pattern_find(const HibPattern *p, const HibFolded *text, size_t from, int64_t *steps,
                 size_t *ret_start, size_t *ret_end)
{
    size_t n = p->steps->len;
    uint32_t small[ROOM];
    g_autofree uint32_t *large = n * 7 + 2 > ROOM ? g_new(uint32_t, n * 7 + 2) : NULL;
    uint32_t *memory = large ? large : small;
    memset(memory, 0, n * sizeof *memory);
    Run run = {.pattern = p, .text = text, .seen = memory, .stack = memory + n, .steps = steps};
    Ways now = {memory + 3 * n + 2, memory + 4 * n + 2, 0};
    Ways next = {memory + 5 * n + 2, memory + 6 * n + 2, 0};
    for (size_t i = from; i < text->n; i++) {
        /* `now` holds the ways that wait for text[i] */
        if (*steps <= 0)
            return HIB_PATTERN_TOO_LONG;
        if (now.n == 0 && run.is_found)
            break;
        if (now.n == 0 && !may_begin(p, text->chars[i])) {
            --*steps;
            continue;
        }
        run.mark++;
        next.n = 0;
        for (size_t k = 0; k < now.n; k++) {
            --*steps;
            const Step *step = STEP(p, now.at[k]);
            if ((!run.is_found || now.began[k] <= run.start) && takes(p, step, text->chars[i]))
                enter(&run, &next, now.at[k] + 1, now.began[k], i + 1);
        }
        if (!run.is_found)
            begin_here(&run, &next, i);
        Ways swap = now;
        now = next;
        next = swap;
    }
    *ret_start = run.start;
    *ret_end = run.end;
    return run.is_found ? HIB_PATTERN_FOUND : HIB_PATTERN_NONE;
}

/* --- building ----------------------------------------------------------------------------------------------- */
static void
note_first(HibPattern *p, const Step *step)
{
    if (step->op == CHAR) {
        uint32_t hash = hash_of(step->c);
        p->first[hash / 64] |= (uint64_t)1 << (hash % 64);
        return;
    }
    const HibClass *class = g_ptr_array_index(p->classes, step->c);
    for (size_t i = 0; i < class->n && !class->is_negated; i++) {
        const HibRange *range = &class->ranges[i];
        for (uint32_t c = range->from; c <= range->to && c - range->from < 4096; c++) {
            uint32_t hash = hash_of(c);
            p->first[hash / 64] |= (uint64_t)1 << (hash % 64);
        }
        if (range->to - range->from >= 4096)
            memset(p->first, 0xff, sizeof p->first);
    }
    if (class->is_negated)
        memset(p->first, 0xff, sizeof p->first);
}

/* The steps that the beginning leads to without a character, in the order in which they are preferred. What ends there is empty: nobody asks for it. */
static GArray *
find_starts(HibPattern *p, bool is_beginning)
{
    size_t n = p->steps->len, n_stack = 0;
    g_autofree uint32_t *memory = g_new0(uint32_t, 3 * n + 2);
    uint32_t *stack = memory + n;
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    stack[n_stack++] = 0;
    while (n_stack > 0) {
        uint32_t at = stack[--n_stack];
        if (memory[at]++)
            continue;
        const Step *s = STEP(p, at);
        if (s->op == SPLIT) {
            stack[n_stack++] = s->other;
            stack[n_stack++] = s->to;
        } else if (s->op == JUMP) {
            stack[n_stack++] = s->to;
        } else if (s->op == BEGIN && is_beginning) {
            stack[n_stack++] = at + 1;
        } else if (s->op == CHAR || s->op == CLASS) {
            note_first(p, s);
            g_array_append_vals(starts, &at, 1);
        }
    }
    return starts;
}

HibPattern *
hib_pattern_new(const char *expression, HibPatternFault *ret_fault)
{
    g_autoptr(HibPattern) p = g_new0(HibPattern, 1);
    p->arena = hib_arena_new();
    p->steps = g_array_new(FALSE, FALSE, sizeof(Step));
    p->classes = g_ptr_array_new();
    const HibNode *tree = hib_pattern_parse(p->arena, expression, ret_fault);
    if (!tree)
        return NULL;
    write_tree(p, tree);
    emit(p, (Step){.op = FOUND});
    if (p->is_full) {
        *ret_fault = (HibPatternFault){"repetitions that become too large", 0};
        return NULL;
    }
    for (int is_beginning = 0; is_beginning < 2; is_beginning++)
        p->starts[is_beginning] = find_starts(p, is_beginning);
    p->words = hib_pattern_find_words(p->arena, tree);
    return g_steal_pointer(&p);
}

void
hib_pattern_free(HibPattern *pattern)
{
    if (!pattern)
        return;
    hib_arena_free(pattern->arena);
    g_array_unref(pattern->steps);
    g_ptr_array_unref(pattern->classes);
    for (int i = 0; i < 2; i++)
        if (pattern->starts[i])
            g_array_unref(pattern->starts[i]);
    if (pattern->words)
        g_array_unref(pattern->words);
    g_free(pattern);
}

size_t
hib_pattern_words(const HibPattern *pattern, const HibPatternWord **ret)
{
    *ret = (const HibPatternWord *)(const void *)pattern->words->data;
    return pattern->words->len;
}
