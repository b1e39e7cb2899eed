/* A table judged as a whole: its head, each row as a post, each post as it would be judged when scheduled, and what it repeats.
 *
 * Reading a row asks the desk and is done in order; judging its texts by networks and rules is pure and takes most of the time, so that several threads do it side by side. */
#include "base/error.h"
#include "base/limits.h"
#include "bulk/bulk_private.h"
#include <pthread.h>
#include <string.h>

#define MOST_THREADS 4
#define MOST_CELL (1024 * 1024) /* bytes; a thread of many texts is one cell */
#define AT_ONCE 64              /* rows between two arenas of a thread */
#define REPEAT (7 * HIB_DAY)    /* the same words to the same account within it are told */

/* --- the head --------------------------------------------------------------------------------------------------------- */
static bool
refuse_head(const char *reason, const char *head, GError **error)
{
    GError *why = NULL;
    hib_error_set(&why, HIB_ERROR_INVALID, reason, "%s", head);
    hib_error_set_detail(why, "value", head);
    g_propagate_error(error, why);
    return false;
}

static bool
read_head(HibBulkDesk *desk, const HibTable *table, HibBulkProblems *problems, GError **error)
{
    if (table->n_rows == 0)
        return refuse_head("bulk.empty", "", error);
    const HibTableRow *head = &table->rows[0];
    for (int i = 0; i < HIB_COLUMN_ALL; i++)
        desk->at[i] = -1;
    for (size_t i = 0; i < head->n; i++) {
        HibBulkColumn column;
        const char *name = head->cells[i];
        if (hib_bulk_column_of(name, &column)) {
            if (desk->at[column] >= 0)
                return refuse_head("bulk.column_twice", name, error);
            desk->at[column] = (int)i;
        } else if (*name) {
            GError *why = NULL;
            refuse_head("bulk.column_unknown", name, &why);
            hib_bulk_tell(problems, 1, -1, true, why);
        }
    }
    return desk->at[HIB_COLUMN_TEXT] >= 0 || refuse_head("bulk.no_text_column", "", error);
}

/* --- faults of the table itself ------------------------------------------------------------------------------------------- */
static const char *const fault_reasons[] = {
    [HIB_TABLE_STRAY_QUOTE] = "table.stray_quote",
    [HIB_TABLE_OPEN_QUOTE] = "table.open_quote",
    [HIB_TABLE_CELL_TOO_LONG] = "table.long_cell",
    [HIB_TABLE_TOO_MANY_COLUMNS] = "table.too_many_columns",
};

static void
tell_fault(const HibTable *table, const HibTableFault *fault, HibBulkProblems *problems)
{
    GError *why = NULL;
    char column[24], line[24];
    const HibTableRow *head = &table->rows[0];
    g_snprintf(column, sizeof column, "%zu", fault->column);
    g_snprintf(line, sizeof line, "%zu", fault->line);
    hib_error_set(&why, HIB_ERROR_INVALID, fault_reasons[fault->kind], "row %zu", fault->row);
    hib_error_set_detail(why, "column", column);
    hib_error_set_detail(why, "line", line);
    hib_bulk_tell(problems, fault->row, -1, false, why);
    if (fault->row > 1 && fault->column <= head->n)
        g_array_index(problems->rows, HibBulkProblem, problems->rows->len - 1).place =
            head->cells[fault->column - 1];
}

/* --- judging, side by side ------------------------------------------------------------------------------------------------ */
typedef struct {
    const HibPublishDesk *desk;
    HibBulkRow *rows;
    size_t n;
    bool errors_only;
    const char *locale;
    HibArena *kept; /* what is told of its rows */
    GArray *told;   /* HibBulkProblem */
    pthread_t thread;
    bool is_apart;
} Piece;
typedef struct {
    HibBulkProblems problems;
    HibBulkRow *row;
    bool is_note;
} Ear;

static HibBulkColumn
column_of(const char *pointer)
{
    const struct {
        const char *part;
        HibBulkColumn column;
    } parts[] = {{"/thread", HIB_COLUMN_THREAD},
                 {"/media", HIB_COLUMN_MEDIA},
                 {"/first_comment", HIB_COLUMN_FIRST_COMMENT},
                 {"/title", HIB_COLUMN_TITLE},
                 {"/text", HIB_COLUMN_TEXT},
                 {"/options", HIB_COLUMN_OPTIONS},
                 {"/recipient", HIB_COLUMN_RECIPIENT},
                 {"/format", HIB_COLUMN_FORMAT},
                 {"/disclosure", HIB_COLUMN_DISCLOSURE},
                 {"/at", HIB_COLUMN_DATE}};
    for (size_t i = 0; pointer && i < G_N_ELEMENTS(parts); i++)
        if (strstr(pointer, parts[i].part))
            return parts[i].column;
    return HIB_COLUMN_ACCOUNTS;
}

static void
hear(const GError *why, void *data)
{
    Ear *ear = data;
    const char *reason = hib_error_reason(why);
    const HibPost *post = &ear->row->post;
    const bool is_told = /* by the row itself, at its cell */
        (g_str_equal(reason, "post.no_account") && ear->row->has_errors) ||
        (g_str_equal(reason, "post.empty") && !*post->text && !post->n_media);
    if (is_told)
        return;
    ear->row->has_errors = ear->row->has_errors || !ear->is_note;
    hib_bulk_tell(&ear->problems, ear->row->row, (int)column_of(hib_error_pointer(why)),
                  ear->is_note, g_error_copy(why));
}

/* A draft may be too long for its network until somebody schedules it: that is worth knowing, no more. */
static void *
judge_piece(void *data)
{
    Piece *piece = data;
    Ear ear = {.problems = {piece->kept, piece->locale, piece->told}};
    for (size_t i = 0; i < piece->n;) {
        g_autoptr(HibArena) arena = hib_arena_new();
        for (const size_t end = MIN(i + AT_ONCE, piece->n); i < end; i++) {
            if (piece->errors_only && !piece->rows[i].is_scheduled)
                continue;
            ear.row = &piece->rows[i];
            ear.is_note = !ear.row->is_scheduled;
            hib_publish_judge(piece->desk, arena, &ear.row->post, ear.row->is_scheduled, hear,
                              &ear);
        }
    }
    return NULL;
}

static void
free_arena(void *arena)
{
    hib_arena_free(arena);
}

static void
judge_all(const HibPublishDesk *desk, HibBulkRow *rows, size_t n, bool errors_only,
          HibBulkProblems *problems)
{
    Piece pieces[MOST_THREADS];
    const size_t n_pieces = CLAMP(MIN(n / AT_ONCE, g_get_num_processors()), 1, MOST_THREADS);
    for (size_t i = 0; i < n_pieces; i++) {
        const size_t from = n * i / n_pieces, to = n * (i + 1) / n_pieces;
        pieces[i] = (Piece){.desk = desk,
                            .rows = rows + from,
                            .n = to - from,
                            .errors_only = errors_only,
                            .locale = problems->locale,
                            .kept = hib_arena_new(),
                            .told = g_array_new(FALSE, FALSE, sizeof(HibBulkProblem))};
        pieces[i].is_apart =
            i > 0 && pthread_create(&pieces[i].thread, NULL, judge_piece, &pieces[i]) == 0;
    }
    for (size_t i = 0; i < n_pieces; i++)
        if (!pieces[i].is_apart)
            judge_piece(&pieces[i]);
    for (size_t i = 0; i < n_pieces; i++) {
        if (pieces[i].is_apart)
            pthread_join(pieces[i].thread, NULL);
        g_array_append_vals(problems->rows, pieces[i].told->data, pieces[i].told->len);
        g_array_unref(pieces[i].told);
        hib_arena_defer(problems->arena, free_arena, pieces[i].kept);
    }
}

/* --- what is there already -------------------------------------------------------------------------------------------------- */
static void
note_same(HibBulkProblems *problems, const HibBulkRow *row, const char *reason, const char *name,
          const char *value)
{
    GError *why = NULL;
    hib_error_set(&why, HIB_ERROR_CONFLICT, reason, "row %zu", row->row);
    hib_error_set_detail(why, name, value);
    hib_bulk_tell(problems, row->row, HIB_COLUMN_TEXT, true, why);
}

static bool
is_near(const HibPost *a, const HibPost *b)
{
    const HibDuration apart = a->due_at - b->due_at;
    return !a->has_due_at || !b->has_due_at || (apart < REPEAT && apart > -REPEAT);
}

static bool
share_account(const HibPost *a, const HibPost *b)
{
    for (size_t i = 0; i < a->n_variants; i++)
        for (size_t k = 0; k < b->n_variants; k++)
            if (g_str_equal(a->variants[i].account_id, b->variants[k].account_id))
                return true;
    return false;
}

/* Eight bytes at a time: GLib's own takes them one by one, which for fifty thousand long texts is felt. */
static guint
hash_text(gconstpointer text)
{
    const char *at = text;
    size_t n = strlen(at);
    uint64_t hash = n, word;
    for (; n >= sizeof word; at += sizeof word, n -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, at, n);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return (guint)(hash >> 32);
}

/* Held against the last row that said the same. */
static void
find_same_rows(const HibBulkTable *table, HibBulkProblems *problems)
{
    g_autoptr(GHashTable) said = g_hash_table_new(hash_text, g_str_equal);
    for (size_t i = 0; i < table->n_rows; i++) {
        HibBulkRow *row = &table->rows[i];
        const HibBulkRow *before = g_hash_table_lookup(said, row->post.text);
        char number[24];
        if (!*row->post.text)
            continue;
        if (before && is_near(&before->post, &row->post) &&
            share_account(&before->post, &row->post)) {
            g_snprintf(number, sizeof number, "%zu", before->row);
            note_same(problems, row, "bulk.same_as_row", "row", number);
        }
        g_hash_table_insert(said, (gpointer)row->post.text, row);
    }
}

static bool
find_same_posts(HibDb *db, const HibBulkTable *table, HibBulkProblems *problems, GError **error)
{
    HibPostText *texts;
    size_t n;
    if (!table->has_times)
        return true;
    if (!hib_plan_texts(db, table->first_at - REPEAT, table->last_at + REPEAT, &texts, &n, error))
        return false;
    g_autoptr(GHashTable) said = g_hash_table_new(hash_text, g_str_equal);
    for (size_t i = 0; i < n; i++)
        g_hash_table_insert(said, (gpointer)texts[i].text, (gpointer)texts[i].post_id);
    for (size_t i = 0; i < table->n_rows; i++) {
        const char *text = table->rows[i].post.text;
        const char *post = *text ? g_hash_table_lookup(said, text) : NULL;
        if (post)
            note_same(problems, &table->rows[i], "bulk.same_as_post", "post", post);
    }
    return true;
}

/* --- the sum ------------------------------------------------------------------------------------------------------------------ */
static int
by_row(const void *a, const void *b)
{
    const HibBulkProblem *one = a, *other = b;
    if (one->row != other->row)
        return one->row < other->row ? -1 : 1;
    return one->is_note != other->is_note ? one->is_note - other->is_note
                                          : one->column - other->column;
}

static void
measure(HibBulkTable *table)
{
    for (size_t i = 0; i < table->n_rows; i++) {
        const HibBulkRow *row = &table->rows[i];
        const HibInstant at = row->post.due_at;
        table->n_scheduled += row->is_scheduled;
        if (!row->post.has_due_at)
            continue;
        table->first_at = table->has_times ? MIN(table->first_at, at) : at;
        table->last_at = table->has_times ? MAX(table->last_at, at) : at;
        table->has_times = true;
    }
}

static void
name_used_accounts(HibArena *arena, HibBulkTable *table)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    for (size_t i = 0; i < table->n_rows; i++)
        for (size_t v = 0; v < table->rows[i].post.n_variants; v++) {
            const char *id = table->rows[i].post.variants[v].account_id;
            if (g_hash_table_add(seen, (gpointer)id))
                g_ptr_array_add(ids, (gpointer)id);
        }
    const char **list = hib_arena_array(arena, const char *, ids->len + 1);
    for (guint i = 0; i < ids->len; i++)
        list[i] = ids->pdata[i];
    table->accounts = list;
    table->n_accounts = ids->len;
}

static void
sum_up(HibBulkTable *table, const HibBulkProblems *problems)
{
    HibArena *arena = problems->arena;
    size_t last = 0;
    g_array_sort(problems->rows, by_row);
    table->n_problems = problems->rows->len;
    table->problems = hib_arena_array(arena, HibBulkProblem, table->n_problems + 1);
    for (size_t i = 0; i < table->n_problems; i++) {
        const HibBulkProblem *one = &g_array_index(problems->rows, HibBulkProblem, i);
        table->problems[i] = *one;
        table->n_notes += one->is_note;
        table->n_errors += !one->is_note;
        table->n_bad_rows += !one->is_note && one->row != last;
        last = one->is_note ? last : one->row;
    }
    name_used_accounts(arena, table);
}

/* --- all of it ------------------------------------------------------------------------------------------------------------------ */
static bool
read_rows(HibBulkDesk *desk, const HibTable *cells, HibBulkTable *ret, HibBulkProblems *problems,
          GError **error)
{
    ret->rows = hib_arena_array(desk->arena, HibBulkRow, cells->n_rows);
    for (size_t i = 1; i < cells->n_rows; i++) {
        if (!cells->rows[i].n)
            continue;
        HibBulkRow *row = &ret->rows[ret->n_rows++];
        row->row = i + 1;
        if (!hib_bulk_read_row(desk, &cells->rows[i], row, problems, error))
            return false;
    }
    return ret->n_rows > 0 || refuse_head("bulk.empty", "", error);
}

static bool
reckon_all(HibDb *db, const HibServices *services, HibPublishDesk *desk, HibBulkTable *table,
           HibBulkProblems *problems, GError **error)
{
    Ear ear = {.problems = *problems};
    for (size_t i = 0; i < table->n_rows; i++) {
        ear.row = &table->rows[i];
        if (ear.row->is_scheduled &&
            !hib_publish_reckon(db, services, desk, &ear.row->post, hear, &ear, error))
            return false;
    }
    return true;
}

static bool
judge(HibBulkDesk *desk, const HibServices *services, const HibTable *cells, bool errors_only,
      HibBulkProblems *problems, HibBulkTable *ret, GError **error)
{
    HibPublishDesk *publish;
    if (!read_head(desk, cells, problems, error) || !hib_publish_desk(desk->db, &publish, error))
        return false;
    for (size_t i = 0; i < cells->n_faults; i++)
        tell_fault(cells, &cells->faults[i], problems);
    if (!read_rows(desk, cells, ret, problems, error))
        return false;
    measure(ret);
    judge_all(publish, ret->rows, ret->n_rows, errors_only, problems);
    if (!reckon_all(desk->db, services, publish, ret, problems, error))
        return false;
    if (!errors_only) {
        find_same_rows(ret, problems);
        if (!find_same_posts(desk->db, ret, problems, error))
            return false;
    }
    sum_up(ret, problems);
    return true;
}

bool
hib_bulk_judge(HibDb *db, const HibServices *services, const char *locale, char *csv, size_t n,
               bool schedules, bool errors_only, HibBulkTable *ret, GError **error)
{
    static const HibTableLimits limits = {.most_rows = HIB_BULK_ROWS + 1,
                                          .most_columns = HIB_BULK_COLUMNS,
                                          .most_cell_bytes = MOST_CELL};
    HibTable cells;
    HibBulkDesk desk;
    g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(HibBulkProblem));
    HibBulkProblems problems = {hib_db_arena(db), locale, told};
    *ret = (HibBulkTable){0};
    if (!hib_table_read(hib_db_arena(db), csv, n, &limits, &cells))
        return refuse_head("bulk.too_many_rows", G_STRINGIFY(HIB_BULK_ROWS), error);
    const bool is_open = hib_bulk_desk_open(db, schedules, &desk, error);
    desk.is_guarded = true;
    const bool is_judged =
        is_open && judge(&desk, services, &cells, errors_only, &problems, ret, error);
    hib_bulk_desk_close(&desk);
    return is_judged;
}
