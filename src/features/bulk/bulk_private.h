/* Inside bulk/ only: columns, moments, rows, the table as a whole. */
#pragma once
#include "accounts/accounts.h"
#include "bulk/bulk.h"
#include "media/media.h"
#include "plan/plan.h"
#include "publish/publish.h"
#include "table/table.h"
#include "team/team.h"
#include "text/encoding.h"

#define HIB_BULK_ROWS 50000 /* of one import, its head aside; and of an export */
#define HIB_BULK_COLUMNS 64
#define HIB_BULK_KEEP HIB_DAY /* an import that nobody confirms */
#define HIB_BULK_EXPIRE "bulk.expire"
extern const HibJobKind hib_bulk_jobs[];

/* --- columns.c: pure ---------------------------------------------------------------------------------------- */
typedef enum {
    HIB_COLUMN_DATE,
    HIB_COLUMN_TIME,
    HIB_COLUMN_ACCOUNTS,
    HIB_COLUMN_TEXT,
    HIB_COLUMN_THREAD,
    HIB_COLUMN_FIRST_COMMENT,
    HIB_COLUMN_TITLE,
    HIB_COLUMN_FORMAT,
    HIB_COLUMN_MEDIA,
    HIB_COLUMN_ALT,
    HIB_COLUMN_CAMPAIGN,
    HIB_COLUMN_STATE,
    HIB_COLUMN_DISCLOSURE,
    HIB_COLUMN_LANG,
    HIB_COLUMN_RECIPIENT,
    HIB_COLUMN_OPTIONS,
    HIB_COLUMN_N,
    HIB_COLUMN_AT = HIB_COLUMN_N, /* date and time in one: taken, not given */
    HIB_COLUMN_ALL
} HibBulkColumn;
const char *hib_bulk_column_key(HibBulkColumn column); /* "first_comment"; also of the contract */
const char *hib_bulk_column_name(const char *locale, HibBulkColumn column);
/* The column whose head reads so, in either language; false: none. */
bool hib_bulk_column_of(const char *head, HibBulkColumn *ret);
/* What a cell may say of a state, format or disclosure, in either language. False: nothing known. */
bool hib_bulk_state_of(const char *cell, HibPostState *ret);
const char *hib_bulk_state_name(const char *locale, HibPostState state);
bool hib_bulk_format_of(const char *cell, HibNetFormat *ret);
bool hib_bulk_disclosure_of(const char *word, HibNetDisclosure *disclosure);
const char *hib_bulk_disclosure_cell(HibArena *arena, const char *locale,
                                     HibNetDisclosure disclosure);
/* A word as it is compared: compatibility forms and case folded, no blanks around. */
const char *hib_bulk_fold(HibArena *arena, const char *text);
/* The parts of a cell with several, trimmed; empty ones left out. Between them: line ends , ; and their Japanese forms. */
const char **hib_bulk_split(HibArena *arena, const char *cell, size_t *ret_n);

/* --- when.c: pure ------------------------------------------------------------------------------------------- */
/* "2026-12-01", "2026/12/1(火)", "2026年12月1日"; "9:00", "午後9時30分", "9:30 pm". False: no such day or time. */
bool hib_bulk_date(HibArena *arena, const char *text, HibWall *ret);
bool hib_bulk_time(HibArena *arena, const char *text, HibWall *ret);
/* Both, a blank or T between them; or an RFC 3339 instant. *ret_has_time false: only a day. */
bool hib_bulk_moment(HibArena *arena, const char *text, const HibZone *zone, HibInstant *ret,
                     bool *ret_has_time);

/* --- problems ------------------------------------------------------------------------------------------------ */
typedef struct {
    size_t row;   /* as a spreadsheet counts, 1 is the head */
    int column;   /* HibBulkColumn; -1: the row as a whole */
    bool is_note; /* worth knowing; else nothing is imported while it is there */
    const char *reason, *detail,
        *place; /* detail: the sentence; place: the column's head as the file has it, or NULL */
    const char *post_id; /* another post it is about; NULL: none */
} HibBulkProblem;
typedef struct {
    HibArena *arena;
    const char *locale;
    GArray *rows; /* HibBulkProblem */
} HibBulkProblems;
/* Takes over `why`. */
void hib_bulk_tell(HibBulkProblems *problems, size_t row, int column, bool is_note, GError *why);

/* --- row.c: a row as a post ----------------------------------------------------------------------------------- */
typedef struct {
    HibDb *db;
    HibArena *arena;
    HibZone *zone;
    HibAccount *accounts;
    size_t n_accounts;
    GHashTable *account_names, *campaign_names; /* folded → id, or "" where several are called so */
    GHashTable *account_cells, *state_cells;    /* cell → what it says, since they repeat */
    GHashTable *media;                          /* id → HibMedia, or NULL where there is none */
    int at[HIB_COLUMN_ALL];                     /* where each column stands; -1: nowhere */
    HibInstant now;
    const char *person; /* who imports; NULL: no person */
    bool schedules, asks_approval;
    bool is_guarded; /* CSV: an apostrophe may stand before a cell */
} HibBulkDesk;
typedef struct {
    size_t row;
    bool is_scheduled, has_errors;
    HibPost post;
} HibBulkRow;
bool hib_bulk_desk_open(HibDb *db, bool schedules, HibBulkDesk *ret, GError **error);
void hib_bulk_desk_close(HibBulkDesk *desk);
/* False: the store failed. What is wrong with the row is told. */
bool hib_bulk_read_row(HibBulkDesk *desk, const HibTableRow *cells, HibBulkRow *ret,
                       HibBulkProblems *problems, GError **error);

/* --- import.c: the table as a whole ----------------------------------------------------------------------------- */
typedef struct {
    HibBulkRow *rows;
    size_t n_rows, n_bad_rows, n_errors, n_notes, n_scheduled;
    HibBulkProblem *problems; /* by row */
    size_t n_problems;
    const char *const *accounts; /* ids of those that any row names */
    size_t n_accounts;
    bool has_times;
    HibInstant first_at, last_at;
} HibBulkTable;
/* `csv`: n bytes of UTF-8 and a NUL, written over. `errors_only`: what is merely worth knowing is not looked for. INVALID bulk.empty, bulk.too_many_rows, bulk.no_text_column,
 * bulk.column_twice. */
bool hib_bulk_judge(HibDb *db, const HibServices *services, const char *locale, char *csv, size_t n,
                    bool schedules, bool errors_only, HibBulkTable *ret, GError **error);

/* --- import_store.c ------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *id, *name;
    bool is_sheet, schedules, is_done, has_done_at, has_first_at;
    HibEncoding encoding;
    HibBytes content;
    HibInstant created_at, expires_at, done_at, first_at;
    int64_t n_posts, n_scheduled;
} HibImport;
/* Takes the file in; one that the same person left open goes. INVALID table.encoding, table.bad_sheet, bulk.old_excel; TOO_LARGE table.sheet_too_large. */
bool hib_import_add(HibDb *db, const HibServices *services, const char *name, GBytes *file,
                    bool schedules, HibImport **ret, GError **error);
bool hib_import_get(HibDb *db, const char *import, HibImport **ret,
                    GError **error); /* NOT_FOUND import.unknown */
bool hib_import_table(HibDb *db, const HibServices *services, const char *locale,
                      const HibImport *import, bool errors_only, HibBulkTable *ret, GError **error);
/* Stores all of it, once: asked again it replies what it did. CONFLICT import.has_errors. */
bool hib_import_confirm(HibDb *db, const HibServices *services, const char *locale,
                        const char *import, HibImport **ret, GError **error);
/* CONFLICT import.done. */
bool hib_import_drop(HibDb *db, const char *import, GError **error);

/* --- export.c ---------------------------------------------------------------------------------------------------- */
typedef struct {
    const HibInstant *from, *to;
    const HibPostState *state;
    const char *account, *network, *campaign, *words; /* NULL: all */
    bool is_sheet;
} HibExportQuery;
/* INVALID bulk.too_many_rows, table.cell_too_long. */
bool hib_bulk_export(HibDb *db, const char *locale, const HibExportQuery *query, GBytes **ret,
                     GError **error);
/* The columns with one row that shows how they are filled. */
bool hib_bulk_template(HibDb *db, const char *locale, bool is_sheet, GBytes **ret, GError **error);
/* All that is wrong with an import. */
GBytes *hib_bulk_problem_list(const char *locale, const HibBulkTable *table);
