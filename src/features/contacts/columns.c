/* Segments over a million people in the time of a keystroke.
 *
 * Each person has a number. What may be asked of people is kept packed by that number: a bit a person for what is true or not (a tag, a network, a consent), eight bytes for a number
 * (when last seen, how many messages), in blocks of 4,096 people. A condition reads its own column and becomes a row of bits; all and any are & and | over those. So a rule of any
 * shape is a few fixed statements, and nothing of what a person typed ever becomes SQL.
 * Changes do not write blocks: they note the contact's number (contacts_dirty). A question reads what is noted first, then the blocks, and puts what is true now over what was packed;
 * so it is exact at any time, and packing may happen whenever there is time. Read in that order a block that was packed in between is only newer than needed.
 * The numbers of contacts merged into another count for nothing by themselves: the person's own has all. */
#include "base/error.h"
#include "contacts/contacts_private.h"
#include <string.h>

enum {
    PAGE = 500 /* as the statement has it */,
    BLOCK = 4096,
    BIT_BYTES = BLOCK / 8,
    NUMBER_BYTES = BLOCK * 8
};

/* What changed since it was packed. */
typedef struct {
    HibDb *db;
    size_t n, n_words; /* numbers given so far */
    HibSqlDirtyPage *gone, *people, *marks;
    size_t n_gone, n_people, n_marks;
} Changes;

enum { NOTED, PERSON, MARK, WHAT }; /* as the statement has them */

static HibSqlDirtyPage *
kept(HibDb *db, const GArray *rows, size_t *ret_n)
{
    HibSqlDirtyPage *out = hib_arena_array(hib_db_arena(db), HibSqlDirtyPage, rows->len + 1);
    if (rows->len)
        memcpy(out, rows->data, rows->len * sizeof *out);
    *ret_n = rows->len;
    return out;
}

/* A page at a time: each is of one moment, so that whoever is noted in it is put with what is true of them. */
static bool
read_pages(HibDb *db, int64_t upto, GArray *const found[WHAT], GError **error)
{
    int64_t after = -1;
    for (guint n = PAGE; n == PAGE;) {
        HibSqlDirtyPage *rows;
        size_t n_rows;
        const guint n_before = found[NOTED]->len;
        if (!hib_sql_dirty_page(db, after, upto, &rows, &n_rows, error))
            return false;
        for (size_t i = 0; i < n_rows; i++) {
            g_array_append_val(found[rows[i].what], rows[i]);
            if (rows[i].what == NOTED)
                after = MAX(after, rows[i].num);
        }
        n = found[NOTED]->len - n_before;
    }
    return true;
}

static bool
read_changes(HibDb *db, int64_t upto, Changes *ret, GError **error)
{
    HibSqlContactsStateGet *state;
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(HibSqlDirtyPage));
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(HibSqlDirtyPage));
    g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(HibSqlDirtyPage));
    *ret = (Changes){.db = db};
    if (!read_pages(db, upto, (GArray *const[WHAT]){gone, people, marks}, error) ||
        !hib_sql_contacts_state_get(db, &state, error))
        return false;
    ret->gone = kept(db, gone, &ret->n_gone);
    ret->people = kept(db, people, &ret->n_people);
    ret->marks = kept(db, marks, &ret->n_marks);
    ret->n = state ? (size_t)state->next_num : 0;
    ret->n_words = (ret->n + 63) / 64;
    return true;
}

/* --- bits ---------------------------------------------------------------------------------------------------------------- */
static HibBits
no_bits(const Changes *changes)
{
    return (HibBits){.n = changes->n,
                     .n_words = changes->n_words,
                     .bits = hib_arena_array(hib_db_arena(changes->db), uint64_t,
                                             changes->n_words + BLOCK / 64)};
}

static void
set_bit(const HibBits *bits, int64_t num, bool is_set)
{
    if (num < 0 || (size_t)num >= bits->n)
        return;
    const uint64_t bit = (uint64_t)1 << (num % 64);
    if (is_set)
        bits->bits[num / 64] |= bit;
    else
        bits->bits[num / 64] &= ~bit;
}

int64_t
hib_bits_count(const HibBits *bits)
{
    int64_t n = 0;
    for (size_t i = 0; i < bits->n_words; i++)
        n += __builtin_popcountll(bits->bits[i]);
    return n;
}

static void
put_bits(const Changes *changes, int64_t col, const HibBits *bits)
{
    for (size_t i = 0; i < changes->n_gone; i++)
        set_bit(bits, changes->gone[i].num, false);
    for (size_t i = 0; i < changes->n_people; i++)
        set_bit(bits, changes->people[i].num, col == HIB_COL_PEOPLE);
    for (size_t i = 0; col >= HIB_COL_MARKS && i < changes->n_marks; i++)
        if (changes->marks[i].mark == col - HIB_COL_MARKS)
            set_bit(bits, changes->marks[i].num, true);
}

static bool
read_bits(const Changes *changes, int64_t col, HibBits *ret, GError **error)
{
    HibSqlColumnRead *rows;
    size_t n;
    *ret = no_bits(changes);
    if (!hib_sql_column_read(changes->db, col, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const size_t at = (size_t)rows[i].block * BIT_BYTES;
        if (rows[i].data.n == BIT_BYTES && at < changes->n_words * 8)
            memcpy((char *)ret->bits + at, rows[i].data.data, BIT_BYTES);
    }
    put_bits(changes, col, ret);
    return true;
}

/* --- numbers --------------------------------------------------------------------------------------------------------------- */
static int64_t
number_of(const HibSqlDirtyPage *person, int64_t col)
{
    switch (col) {
    case HIB_COL_FIRST_AT:
        return person->first_at;
    case HIB_COL_LAST_AT:
        return person->last_at;
    case HIB_COL_MESSAGES:
        return person->n_messages;
    case HIB_COL_CLICKS:
        return person->n_clicks;
    case HIB_COL_CONVERSIONS:
        return person->n_conversions;
    default:
        return person->revenue_minor;
    }
}

static bool
read_numbers(const Changes *changes, int64_t col, int64_t **ret, GError **error)
{
    HibSqlColumnRead *rows;
    size_t n;
    int64_t *numbers = hib_arena_array(hib_db_arena(changes->db), int64_t, changes->n + BLOCK);
    if (!hib_sql_column_read(changes->db, col, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const size_t at = (size_t)rows[i].block * BLOCK;
        if (rows[i].data.n == NUMBER_BYTES && at < changes->n)
            memcpy(numbers + at, rows[i].data.data, NUMBER_BYTES);
    }
    for (size_t i = 0; i < changes->n_people; i++)
        if ((size_t)changes->people[i].num < changes->n)
            numbers[changes->people[i].num] = number_of(&changes->people[i], col);
    *ret = numbers;
    return true;
}

bool
hib_column_numbers(HibDb *db, HibColumnKind column, int64_t **ret, size_t *ret_n, GError **error)
{
    Changes changes;
    if (!read_changes(db, INT64_MAX, &changes, error))
        return false;
    *ret_n = changes.n;
    return read_numbers(&changes, column, ret, error);
}

/* --- a rule ------------------------------------------------------------------------------------------------------------------ */
static bool
mark_bits(const Changes *changes, const char *kind, const char *ref, HibBits *ret, GError **error)
{
    HibSqlMarkName2 *mark;
    if (!hib_sql_mark_name(changes->db, kind, ref, &mark, error))
        return false;
    if (mark)
        return read_bits(changes, HIB_COL_MARKS + mark->mark, ret, error);
    *ret = no_bits(changes); /* never true of anybody */
    return true;
}

/* Consent stands when it was given and nobody of the same person took it back. */
static bool
consent_bits(const Changes *changes, const char *ref, HibBits *ret, GError **error)
{
    HibBits withdrawn;
    if (!mark_bits(changes, "given", ref, ret, error) ||
        !mark_bits(changes, "withdrawn", ref, &withdrawn, error))
        return false;
    for (size_t i = 0; i < ret->n_words; i++)
        ret->bits[i] &= ~withdrawn.bits[i];
    return true;
}

static bool
note_bits(const Changes *changes, const char *text, HibBits *ret, GError **error)
{
    g_autoptr(GString) pattern = g_string_new("%");
    g_autofree char *lower = g_ascii_strdown(text, -1);
    HibSqlNotesLike *rows;
    size_t n;
    for (const char *at = lower; *at; at++) {
        if (strchr("%_!", *at))
            g_string_append_c(pattern, '!');
        g_string_append_c(pattern, *at);
    }
    g_string_append_c(pattern, '%');
    *ret = no_bits(changes);
    if (!hib_sql_notes_like(changes->db, pattern->str, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        set_bit(ret, rows[i].num, true);
    return true;
}

static bool
number_bits(const Changes *changes, const HibCondition *condition, HibBits *ret, GError **error)
{
    static const HibColumnKind columns[] = {HIB_COL_FIRST_AT, HIB_COL_LAST_AT,     HIB_COL_MESSAGES,
                                            HIB_COL_CLICKS,   HIB_COL_CONVERSIONS, HIB_COL_REVENUE};
    int64_t *numbers, limit = condition->number;
    bool is_least = condition->op == HIB_OP_AT_LEAST;
    if (condition->field <=
        HIB_FIELD_LAST_SEEN) { /* at least so many days ago: not later than that */
        limit = hib_db_now(changes->db) - MIN(limit, 100000) * HIB_DAY;
        is_least = !is_least;
    }
    *ret = no_bits(changes);
    if (!read_numbers(changes, columns[condition->field - HIB_FIELD_FIRST_SEEN], &numbers, error))
        return false;
    for (size_t i = 0; i < changes->n; i++) {
        const bool is_met = is_least ? numbers[i] >= limit : numbers[i] <= limit;
        ret->bits[i / 64] |= (uint64_t)is_met << (i % 64);
    }
    return true;
}

static bool
condition_bits(const Changes *changes, const HibCondition *condition, HibBits *ret, GError **error)
{
    const char *kind = hib_segment_rule_mark(condition->field);
    const bool is_read =
        condition->field > HIB_FIELD_NOTE    ? number_bits(changes, condition, ret, error)
        : condition->field == HIB_FIELD_NOTE ? note_bits(changes, condition->text, ret, error)
        : condition->field == HIB_FIELD_CONSENT
            ? consent_bits(changes, condition->text, ret, error)
            : mark_bits(changes, kind, condition->text, ret, error);
    for (size_t i = 0; is_read && condition->op == HIB_OP_IS_NOT && i < ret->n_words; i++)
        ret->bits[i] = ~ret->bits[i];
    return is_read;
}

static void
join(HibBits *all, const HibBits *one, bool is_any)
{
    for (size_t i = 0; i < all->n_words; i++)
        all->bits[i] = is_any ? all->bits[i] | one->bits[i] : all->bits[i] & one->bits[i];
}

static bool
rule_bits(const Changes *changes, const HibSegmentRule *rule, HibBits *ret, GError **error)
{
    *ret = no_bits(changes);
    if (!rule->is_any)
        memset(ret->bits, 0xff, ret->n_words * sizeof(uint64_t));
    for (size_t i = 0; i < rule->n_conditions + rule->n_groups; i++) {
        HibBits one;
        const bool is_read =
            i < rule->n_conditions
                ? condition_bits(changes, &rule->conditions[i], &one, error)
                : rule_bits(changes, &rule->groups[i - rule->n_conditions], &one, error);
        if (!is_read)
            return false;
        join(ret, &one, rule->is_any);
    }
    return true;
}

bool
hib_segment_rule_people(HibDb *db, const HibSegmentRule *rule, HibBits *ret, GError **error)
{
    Changes changes;
    HibBits people;
    if (!read_changes(db, INT64_MAX, &changes, error) || !rule_bits(&changes, rule, ret, error) ||
        !read_bits(&changes, HIB_COL_PEOPLE, &people, error))
        return false;
    join(ret, &people, false);
    return true;
}

/* --- packing --------------------------------------------------------------------------------------------------------------- */
/* The blocks anything changed in, once each, in order; dirty numbers and people's lie in them. */
static size_t
changed_blocks(const Changes *changes, int64_t **ret)
{
    const size_t n_blocks = changes->n / BLOCK + 1;
    bool *has = hib_arena_array(hib_db_arena(changes->db), bool, n_blocks);
    size_t n = 0;
    *ret = hib_arena_array(hib_db_arena(changes->db), int64_t, n_blocks);
    for (size_t i = 0; i < changes->n_gone; i++)
        has[(size_t)changes->gone[i].num / BLOCK] = true;
    for (size_t i = 0; i < changes->n_people; i++)
        has[(size_t)changes->people[i].num / BLOCK] = true;
    for (size_t i = 0; i < n_blocks; i++)
        if (has[i])
            (*ret)[n++] = (int64_t)i;
    return n;
}

static bool
pack_bits(const Changes *changes, int64_t col, const int64_t *blocks, size_t n, GError **error)
{
    HibBits bits;
    HibSqlColumnPutIn *rows = hib_arena_array(hib_db_arena(changes->db), HibSqlColumnPutIn, n + 1);
    if (!read_bits(changes, col, &bits, error))
        return false;
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlColumnPutIn){
            .col = col,
            .block = blocks[i],
            .data = {(const char *)bits.bits + (size_t)blocks[i] * BIT_BYTES, BIT_BYTES}};
    return !n || hib_sql_column_put_many(changes->db, rows, n, error);
}

static bool
pack_numbers(const Changes *changes, int64_t col, const int64_t *blocks, size_t n, GError **error)
{
    int64_t *numbers;
    HibSqlColumnPutIn *rows = hib_arena_array(hib_db_arena(changes->db), HibSqlColumnPutIn, n + 1);
    if (!read_numbers(changes, col, &numbers, error))
        return false;
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlColumnPutIn){
            .col = col, .block = blocks[i], .data = {numbers + blocks[i] * BLOCK, NUMBER_BYTES}};
    return !n || hib_sql_column_put_many(changes->db, rows, n, error);
}

/* All marks that are packed already, since one may have ended, and those that begin. */
static bool
pack_marks(const Changes *changes, const int64_t *blocks, size_t n, GError **error)
{
    HibSqlMarkName *names;
    size_t n_names;
    if (!hib_sql_mark_names(changes->db, &names, &n_names, error))
        return false;
    for (size_t i = 0; i < n_names; i++)
        if (!pack_bits(changes, HIB_COL_MARKS + names[i].mark, blocks, n, error))
            return false;
    return true;
}

bool
hib_contacts_pack(HibDb *db, int64_t most, size_t *ret_n, GError **error)
{
    Changes changes;
    HibSqlDirtyUpto *upto;
    int64_t *blocks;
    *ret_n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_contacts_begin(db, error) || !hib_sql_dirty_upto(db, most, &upto, error))
        return false;
    if (!upto->has_upto)
        return true;
    if (!read_changes(db, upto->upto, &changes, error))
        return false;
    const size_t n = changed_blocks(&changes, &blocks);
    HibSqlDirtyDoneIn *done =
        hib_arena_array(hib_db_arena(db), HibSqlDirtyDoneIn, changes.n_gone + 1);
    for (size_t i = 0; i < changes.n_gone; i++)
        done[i] = (HibSqlDirtyDoneIn){.num = changes.gone[i].num, .stamp = changes.gone[i].stamp};
    if (!pack_bits(&changes, HIB_COL_PEOPLE, blocks, n, error))
        return false;
    for (int64_t col = HIB_COL_FIRST_AT; col <= HIB_COL_REVENUE; col++)
        if (!pack_numbers(&changes, col, blocks, n, error))
            return false;
    *ret_n = changes.n_gone;
    return pack_marks(&changes, blocks, n, error) &&
           hib_sql_dirty_done_many(db, done, changes.n_gone, error) && hib_tx_commit(tx, error);
}

bool
hib_contacts_pack_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                      HibJobEnd *ret_end, HibInstant *ret_at, GError **error)
{
    enum { MOST = 20000 };
    size_t n;
    if (!hib_contacts_pack(db, MOST, &n, error))
        return false;
    *ret_end = n == MOST ? HIB_JOB_AGAIN : HIB_JOB_DONE;
    *ret_at = hib_db_now(db);
    return true;
}
