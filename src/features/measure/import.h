/* Inside measure/ only: files that networks export, and any list of posts or days.
 *
 * A file is read row by row and judged whole: what it is by its heads (rules/imports), what each column is by that or by what a person says, each cell as a number or a time. Everything wrong is told
 * with its row and column; nothing is stored before a person confirms it and nothing is wrong. What an import brought, and only that, can be taken back. */
#pragma once
#include "table/table.h"
#include "text/encoding.h"

#define HIB_MEASURE_COLUMNS 120
#define HIB_MEASURE_ROW_BYTES (256 * 1024)
#define HIB_MEASURE_PROBLEMS 2000 /* that are told; all are counted */
#define HIB_MEASURE_SHOWN 12      /* rows of a preview */

/* --- cells (import_cell.c) ------------------------------------------------------------------------------------ */
/* Same order as the contract. */
typedef enum {
    HIB_UNIT_COUNT,
    HIB_UNIT_SECONDS, /* times become milliseconds */
    HIB_UNIT_MINUTES,
    HIB_UNIT_HOURS,
    HIB_UNIT_DURATION /* 3:05, 0:04:12, or seconds */
} HibImportUnit;
typedef enum { HIB_FIGURE_NUMBER, HIB_FIGURE_MISSING, HIB_FIGURE_BAD } HibFigureKind;
/* "1,234" "1.2万" "12K" "3:05"; "-", "N/A" and nothing are missing, never zero. `text` is `n` bytes and a NUL. */
HibFigureKind hib_import_number(const char *text, size_t n, HibImportUnit unit, int64_t *ret);

typedef enum { HIB_ORDER_ASK, HIB_ORDER_MDY, HIB_ORDER_DMY } HibDateOrder; /* of 01/02/2026 */
typedef struct {
    HibWall wall;
    bool has_year, has_time, has_offset;
    int offset_s;
    bool is_slashed; /* 01/02/2026: what is month is a question */
} HibImportDate;
/* False: no date, or (ASK) one whose month and day cannot be told apart. */
bool hib_import_date(const char *text, size_t n, HibDateOrder order, HibImportDate *ret);
/* When the post with this id of X went out, which its id holds; 0: it is no such id. */
HibInstant hib_import_snowflake(const char *id);

/* --- text (import_text.c) --------------------------------------------------------------------------------------- */
/* Of the file `fd`, which stays the caller's. */
typedef struct HibImportText HibImportText;
HibImportText *hib_import_text_new(int fd);
void hib_import_text_free(HibImportText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibImportText, hib_import_text_free)
/* The next piece, until the one after it; *ret_n 0: the end. INVALID measure.import_encoding. */
bool hib_import_text_next(HibImportText *text, const char **ret, size_t *ret_n, GError **error);
HibEncoding hib_import_text_encoding(const HibImportText *text);

/* --- what a file is (import_format.c) --------------------------------------------------------------------------- */
/* Same order as the contract. */
typedef enum {
    HIB_COLUMN_SKIP,
    HIB_COLUMN_ID,
    HIB_COLUMN_URL,
    HIB_COLUMN_AT,
    HIB_COLUMN_DAY,
    HIB_COLUMN_MONTH,
    HIB_COLUMN_WEEKDAY,
    HIB_COLUMN_HOUR,
    HIB_COLUMN_TEXT,
    HIB_COLUMN_TYPE,
    HIB_COLUMN_ACCOUNT,
    HIB_COLUMN_METRIC
} HibColumnRole;
typedef enum { HIB_ABOUT_POSTS, HIB_ABOUT_DAYS } HibImportAbout;
typedef struct {
    HibColumnRole role;
    const char *metric; /* "" */
    HibImportUnit unit;
} HibMetricColumn;
typedef struct {
    const char *text; /* folded */
    HibColumnRole role;
    const char *metric;
    HibImportUnit unit;
    bool is_title; /* stands in a line above the head */
} HibImportWord;
typedef struct {
    const char *id, *network, *zone;
    HibImportAbout about;
    HibDateOrder order;
    bool has_snowflakes, is_general;
    const HibImportWord *words;
    size_t n_words;
    const char *const *needs;
} HibImportFormat;
extern const HibImportFormat *const hib_import_formats;
extern const size_t hib_n_import_formats;
const HibImportFormat *hib_import_format(const char *id); /* NULL: none */

/* What is confirmed. */
typedef struct {
    const char *format; /* "": none */
    HibImportAbout about;
    HibMetricColumn *columns;
    size_t n;
    const char *zone; /* IANA */
    HibDateOrder order;
    int64_t year;        /* of the first row, where days say none; 0 */
    HibInstant as_of;    /* when the file was exported: numbers of posts are of then */
    bool is_mixed_fine;  /* each row's own zone counts where it says one */
    bool is_by_account;  /* each name in the account column a source of its own */
    const char *account; /* an account or source; "": not chosen */
} HibMetricMapping;
const char *hib_metric_mapping_print(HibArena *arena, const HibMetricMapping *mapping);
bool hib_metric_mapping_read(HibArena *arena, const char *json, HibMetricMapping *ret,
                             GError **error);

/* The head of a file: which row it is, and what it says. */
typedef struct {
    const HibImportFormat *format; /* NULL: known by nothing */
    size_t head_row;               /* 0: no table */
    const char **heads;
    size_t n_heads, n_known; /* heads that the format knows */
    const char *title;       /* what a line above says; "" */
    char delimiter;
    HibMetricColumn *columns;
} HibImportHead;
void hib_import_find_head(HibArena *arena, const char *text, size_t n, HibImportHead *ret);
/* What the times of the first rows tell: the order of 01/02/2026 where one of them can only be meant one way, and the year of the first row where none says it, such that the last is not after
 * `as_of`. 0: nothing. */
void hib_import_guess_times(const char *text, size_t n, const HibImportHead *head, HibInstant as_of,
                            HibDateOrder *ret_order, int64_t *ret_year);

/* --- rows (import_read.c) ------------------------------------------------------------------------------------------- */
typedef struct {
    size_t row;
    const char *column; /* as the head has it; NULL: the row as a whole */
    const char *reason, *value;
} HibMetricProblem;
/* One row, until the next. */
typedef struct {
    size_t row;
    const char *id, *url, *text, *type, *account; /* "" */
    HibInstant at;                                /* a post went out; the end of a day */
    bool is_day_only, is_estimated;               /* no hour; no day */
    int64_t values[HIB_MEASURE_COLUMNS];
    bool has[HIB_MEASURE_COLUMNS];
    size_t n_values;
} HibMetricRow;
typedef bool (*HibOnMetricRow)(const HibMetricRow *row, void *data, GError **error);
typedef struct {
    size_t n_whole; /* problems of the file as a whole */
    size_t n_rows, n_bad_rows, n_totals, n_repeats, n_values, n_problems, n_accounts;
    HibInstant first_at, last_at;
    bool has_offsets, has_plain, is_day_only, is_estimated, is_yearless;
    int offsets[4]; /* seconds, of times that say one */
    size_t n_offsets;
    HibMetricProblem *problems;
} HibMetricSummary;
typedef struct HibMetricReader HibMetricReader;
/* `on_row` gets each good row; NULL: only looked at. `mapping` and `head` stay the caller's; `zone` is of times that say none. */
HibMetricReader *hib_metric_reader_new(HibArena *arena, const HibImportHead *head,
                                       const HibMetricMapping *mapping, HibZone *zone,
                                       HibInstant now, HibOnMetricRow on_row, void *data);
bool hib_metric_reader_feed(HibMetricReader *reader, const char *bytes, size_t n, GError **error);
/* `ret` in the arena; false: `on_row` said so. */
bool hib_metric_reader_end(HibMetricReader *reader, HibMetricSummary *ret, GError **error);
void hib_metric_reader_free(HibMetricReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibMetricReader, hib_metric_reader_free)
