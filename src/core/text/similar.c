/* See similar.h.
 *
 * A run of three characters is a number of 63 bits, so nothing is hashed away; each run that some text has gets a small number (its slot), where
 * the texts that have it are listed. For a question of n runs and the share s: two texts with a Jaccard of s share at least s·n of its runs, so among
 * any n - ceil(s·n) + 1 of them one is shared. Taken are those that the fewest texts have. */
#include "text/similar.h"
#include "text/fold.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUN 3
#define NOWHERE UINT32_MAX

typedef struct {
    uint64_t run;
    uint32_t *texts; /* who has it, in no order */
    uint32_t n, room;
} Slot;
typedef struct {
    char *id; /* NULL: free */
    uint32_t *slots;
    uint32_t n;
} Text;

struct HibSimilar {
    double least;
    size_t most_runs, n_runs;
    GArray *slots;      /* Slot; n = 0: free */
    GArray *free_slots; /* uint32_t */
    uint32_t *table;    /* open addressing: slot numbers, NOWHERE where empty */
    size_t n_table, n_used;
    GArray *texts;      /* Text */
    GArray *free_texts; /* uint32_t */
    GHashTable *by_id;  /* id → number of the text + 1 */
};

HibSimilar *
hib_similar_new(double least, size_t most_runs)
{
    HibSimilar *similar = g_new0(HibSimilar, 1);
    similar->least = least;
    similar->most_runs = MIN(most_runs, NOWHERE - 1);
    similar->slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    similar->free_slots = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    similar->texts = g_array_new(FALSE, FALSE, sizeof(Text));
    similar->free_texts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    similar->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    similar->n_table = 1024;
    similar->table = g_new(uint32_t, similar->n_table);
    memset(similar->table, 0xff, similar->n_table * sizeof(uint32_t));
    return similar;
}

void
hib_similar_free(HibSimilar *similar)
{
    if (!similar)
        return;
    for (guint i = 0; i < similar->slots->len; i++)
        g_free(g_array_index(similar->slots, Slot, i).texts);
    for (guint i = 0; i < similar->texts->len; i++) {
        g_free(g_array_index(similar->texts, Text, i).id);
        g_free(g_array_index(similar->texts, Text, i).slots);
    }
    g_array_unref(similar->slots);
    g_array_unref(similar->free_slots);
    g_array_unref(similar->texts);
    g_array_unref(similar->free_texts);
    g_hash_table_unref(similar->by_id);
    g_free(similar->table);
    g_free(similar);
}

size_t
hib_similar_n(const HibSimilar *similar)
{
    return g_hash_table_size(similar->by_id);
}

/* --- the runs of a text ------------------------------------------------------------------------------------------------- */
static int
by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Ascending, each once. A text shorter than a run is a run by itself. */
static uint64_t *
runs_of(HibArena *arena, const char *text, size_t n, size_t *ret_n)
{
    HibFolded folded = hib_text_fold(arena, text, n);
    size_t n_runs = folded.n >= RUN ? folded.n - RUN + 1 : folded.n > 0, n_kept = 0;
    uint64_t *runs = hib_arena_array(arena, uint64_t, n_runs + 1);
    for (size_t i = 0; i < n_runs; i++)
        for (size_t k = 0; k < RUN; k++)
            runs[i] = runs[i] << 21 | (i + k < folded.n ? folded.chars[i + k] : 0);
    qsort(runs, n_runs, sizeof *runs, by_number);
    for (size_t i = 0; i < n_runs; i++)
        if (!i || runs[i] != runs[i - 1])
            runs[n_kept++] = runs[i];
    *ret_n = n_kept;
    return runs;
}

double
hib_similar_share(const char *a, const char *b)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    size_t n_a, n_b, shared = 0;
    const uint64_t *x = runs_of(arena, a, strlen(a), &n_a), *y = runs_of(arena, b, strlen(b), &n_b);
    for (size_t i = 0, k = 0; i < n_a && k < n_b;) {
        shared += x[i] == y[k];
        uint64_t least = MIN(x[i], y[k]);
        i += x[i] == least;
        k += y[k] == least;
    }
    return n_a + n_b ? (double)shared / (double)(n_a + n_b - shared) : 0;
}

/* --- run → slot: open addressing, gaps closed on removal --------------------------------------------------------------- */
static Slot *
slot_at(const HibSimilar *similar, uint32_t slot)
{
    return &g_array_index(similar->slots, Slot, slot);
}

static size_t
home_of(const HibSimilar *similar, uint64_t run)
{
    run *= UINT64_C(0x9e3779b97f4a7c15);
    return (run ^ run >> 32) & (similar->n_table - 1);
}

/* The place of the run, or the empty one where it would be put. */
static size_t
place_of(const HibSimilar *similar, uint64_t run)
{
    size_t at = home_of(similar, run);
    while (similar->table[at] != NOWHERE && slot_at(similar, similar->table[at])->run != run)
        at = (at + 1) & (similar->n_table - 1);
    return at;
}

static void
grow_table(HibSimilar *similar)
{
    uint32_t *before = similar->table;
    size_t n_before = similar->n_table;
    similar->n_table *= 2;
    similar->table = g_new(uint32_t, similar->n_table);
    memset(similar->table, 0xff, similar->n_table * sizeof(uint32_t));
    for (size_t i = 0; i < n_before; i++)
        if (before[i] != NOWHERE)
            similar->table[place_of(similar, slot_at(similar, before[i])->run)] = before[i];
    g_free(before);
}

static void
close_gap(HibSimilar *similar, size_t gap)
{
    size_t mask = similar->n_table - 1;
    for (size_t at = (gap + 1) & mask; similar->table[at] != NOWHERE; at = (at + 1) & mask) {
        size_t home = home_of(similar, slot_at(similar, similar->table[at])->run);
        if (((at - home) & mask) < ((at - gap) & mask))
            continue; /* it would come to stand before its home */
        similar->table[gap] = similar->table[at];
        gap = at;
    }
    similar->table[gap] = NOWHERE;
}

static uint32_t
take_number(GArray *free_numbers, GArray *all)
{
    if (!free_numbers->len) {
        g_array_set_size(all, all->len + 1);
        memset(all->data + (all->len - 1) * g_array_get_element_size(all), 0,
               g_array_get_element_size(all));
        return all->len - 1;
    }
    uint32_t number = g_array_index(free_numbers, uint32_t, free_numbers->len - 1);
    g_array_set_size(free_numbers, free_numbers->len - 1);
    return number;
}

static uint32_t
slot_for(HibSimilar *similar, uint64_t run)
{
    if (similar->n_used * 2 >= similar->n_table)
        grow_table(similar);
    size_t at = place_of(similar, run);
    if (similar->table[at] != NOWHERE)
        return similar->table[at];
    uint32_t slot = take_number(similar->free_slots, similar->slots);
    *slot_at(similar, slot) = (Slot){.run = run};
    similar->table[at] = slot;
    similar->n_used++;
    return slot;
}

/* --- changing ----------------------------------------------------------------------------------------------------------- */
static void
list_text(Slot *slot, uint32_t text)
{
    if (slot->n == slot->room) {
        slot->room = slot->room ? slot->room + slot->room / 2 + 1 : 1;
        slot->texts = g_renew(uint32_t, slot->texts, slot->room);
    }
    slot->texts[slot->n++] = text;
}

static void
unlist_text(HibSimilar *similar, uint32_t number, uint32_t text)
{
    Slot *slot = slot_at(similar, number);
    uint32_t i = 0;
    while (slot->texts[i] != text)
        i++;
    slot->texts[i] = slot->texts[--slot->n];
    if (slot->n)
        return;
    close_gap(similar, place_of(similar, slot->run));
    similar->n_used--;
    g_free(slot->texts);
    *slot = (Slot){0};
    g_array_append_val(similar->free_slots, number);
}

bool
hib_similar_remove(HibSimilar *similar, const char *id)
{
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(similar->by_id, id));
    if (!number--)
        return false;
    Text *text = &g_array_index(similar->texts, Text, number);
    g_hash_table_remove(similar->by_id, id);
    for (uint32_t i = 0; i < text->n; i++)
        unlist_text(similar, text->slots[i], number);
    similar->n_runs -= text->n;
    g_free(text->id);
    g_free(text->slots);
    *text = (Text){0};
    g_array_append_val(similar->free_texts, number);
    return true;
}

static int
by_slot(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

bool
hib_similar_add(HibSimilar *similar, const char *id, const char *text, size_t n)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    size_t n_runs;
    uint64_t *runs = runs_of(arena, text, n, &n_runs);
    uint32_t before = GPOINTER_TO_UINT(g_hash_table_lookup(similar->by_id, id));
    size_t freed = before ? g_array_index(similar->texts, Text, before - 1).n : 0;
    if (n_runs > similar->most_runs - (similar->n_runs - freed))
        return false;
    hib_similar_remove(similar, id);
    uint32_t number = take_number(similar->free_texts, similar->texts);
    Text made = {.id = g_strdup(id), .slots = g_new(uint32_t, n_runs + 1), .n = (uint32_t)n_runs};
    for (size_t i = 0; i < n_runs; i++) {
        made.slots[i] = slot_for(similar, runs[i]);
        list_text(slot_at(similar, made.slots[i]), number);
    }
    qsort(made.slots, n_runs, sizeof *made.slots, by_slot);
    similar->n_runs += n_runs;
    g_array_index(similar->texts, Text, number) = made;
    g_hash_table_insert(similar->by_id, made.id, GUINT_TO_POINTER(number + 1));
    return true;
}

/* --- finding ------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const HibSimilar *similar;
    uint32_t *slots; /* of the question, ascending; runs nobody has are not among them */
    size_t n_slots, n_runs;
    unsigned char *is_seen; /* a bit a text */
    GArray *matches;
} Question;

/* How many of the runs are shared; gives up when `needed` cannot be reached any more. */
static size_t
shared_with(const Question *question, const Text *text, size_t needed)
{
    size_t i = 0, k = 0, shared = 0;
    while (i < question->n_slots && k < text->n) {
        if (shared + MIN(question->n_slots - i, text->n - k) < needed)
            return 0;
        uint32_t a = question->slots[i], b = text->slots[k];
        shared += a == b;
        i += a <= b;
        k += b <= a;
    }
    return shared;
}

static void
compare(Question *question, uint32_t number)
{
    double least = question->similar->least;
    const Text *text = &g_array_index(question->similar->texts, Text, number);
    if (question->is_seen[number / 8] & 1u << number % 8)
        return;
    question->is_seen[number / 8] |= (unsigned char)(1u << number % 8);
    /* Rounded down by a hair: whether it is enough is decided by the quotient below. */
    double both = (double)(question->n_runs + text->n), needed = least / (1 + least) * both - 1e-6;
    if ((double)MIN(question->n_slots, text->n) < needed)
        return;
    size_t shared = shared_with(question, text, (size_t)ceil(needed));
    HibSimilarMatch match = {.id = text->id, .share = (double)shared / (both - (double)shared)};
    if (shared && match.share >= least)
        g_array_append_val(question->matches, match);
}

static int
by_texts(const void *a, const void *b, void *data)
{
    uint32_t x = slot_at(data, *(const uint32_t *)a)->n, y = slot_at(data, *(const uint32_t *)b)->n;
    return x < y ? -1 : x > y;
}

static int
by_share(const void *a, const void *b)
{
    const HibSimilarMatch *x = a, *y = b;
    return x->share > y->share ? -1 : x->share < y->share ? 1 : strcmp(x->id, y->id);
}

/* Who shares one of the rarest runs. Those that nobody has are the rarest of all: they count as asked for. */
static void
ask(Question *question, HibArena *arena)
{
    const HibSimilar *similar = question->similar;
    size_t n_asked =
        question->n_runs + 1 - (size_t)ceil(similar->least * (double)question->n_runs - 1e-9);
    size_t n_unknown = question->n_runs - question->n_slots;
    if (n_unknown >= n_asked)
        return;
    uint32_t *rarest = hib_arena_array(arena, uint32_t, question->n_slots + 1);
    memcpy(rarest, question->slots, question->n_slots * sizeof *rarest);
    g_qsort_with_data(rarest, (gint)question->n_slots, sizeof *rarest, by_texts,
                      (gpointer)(uintptr_t)similar);
    for (size_t i = 0; i < n_asked - n_unknown && i < question->n_slots; i++) {
        const Slot *slot = slot_at(similar, rarest[i]);
        for (uint32_t k = 0; k < slot->n; k++)
            compare(question, slot->texts[k]);
    }
}

void
hib_similar_find(const HibSimilar *similar, HibArena *arena, const char *text, size_t n,
                 size_t most, HibSimilarMatch **ret, size_t *ret_n)
{
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(HibSimilarMatch));
    Question question = {.similar = similar, .matches = matches};
    const uint64_t *runs = runs_of(arena, text, n, &question.n_runs);
    question.slots = hib_arena_array(arena, uint32_t, question.n_runs + 1);
    for (size_t i = 0; i < question.n_runs; i++) {
        uint32_t slot = similar->table[place_of(similar, runs[i])];
        if (slot != NOWHERE)
            question.slots[question.n_slots++] = slot;
    }
    qsort(question.slots, question.n_slots, sizeof *question.slots, by_slot);
    question.is_seen = hib_arena_take(arena, similar->texts->len / 8 + 1);
    if (question.n_runs)
        ask(&question, arena);
    *ret_n = MIN(matches->len, most);
    *ret = hib_arena_array(arena, HibSimilarMatch, *ret_n + 1);
    if (!matches->len)
        return;
    qsort(matches->data, matches->len, sizeof(HibSimilarMatch), by_share);
    memcpy(*ret, matches->data, *ret_n * sizeof(HibSimilarMatch));
}
