/* Tables as people send and take them: CSV read strictly and within bounds, with every fault at its row and column; CSV and XLSX written.
 *
 * CSV is RFC 4180, with , ; or tab between cells and CRLF, LF or CR at line ends. A fault ends nothing: reading goes on at the next cell, so that all are told.
 * XLSX is read by the media child (media/), which makes CSV of it. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <stdint.h>

typedef enum {
    HIB_TABLE_STRAY_QUOTE, /* a quote within an unquoted cell, or something behind a closing one */
    HIB_TABLE_OPEN_QUOTE,  /* a quote that nothing closes */
    HIB_TABLE_CELL_TOO_LONG,   /* the cell reads as "" */
    HIB_TABLE_TOO_MANY_COLUMNS /* what is beyond is not read */
} HibTableFaultKind;
typedef struct {
    HibTableFaultKind kind;
    size_t row, column; /* from 1, as a spreadsheet counts */
    size_t line;        /* of the text, from 1: a quoted cell may hold several */
} HibTableFault;
typedef struct {
    const char **cells; /* never NULL */
    size_t n;           /* 0: a blank row */
    size_t line;
} HibTableRow;
typedef struct {
    size_t most_rows; /* that are not blank; with blank ones twice as many */
    size_t most_columns, most_cell_bytes;
} HibTableLimits;
typedef struct {
    char delimiter;
    HibTableRow *rows; /* row number 1 is the first; none that is blank ends it */
    size_t n_rows;
    HibTableFault *faults; /* in order */
    size_t n_faults;
} HibTable;

/* `text` (n bytes and a NUL, valid UTF-8) is written over: the cells lie in it. False: more rows than allowed. Pure, thread-safe. */
bool hib_table_read(HibArena *arena, char *text, size_t n, const HibTableLimits *limits,
                    HibTable *ret);

/* A table read as its bytes come, in memory that does not grow with it: rows are handed on in order, each until the next. Nothing ends reading but the caller. */
typedef struct {
    char **cells;        /* NUL-terminated, in the stream's own memory; may be written over */
    size_t n, row, line; /* from 1; blank rows are counted and not handed on */
    bool has_fault;
    HibTableFault fault; /* the first of the row */
    bool is_unended;     /* the text ended within it, without a line end */
} HibTableStreamRow;
typedef bool (*HibTableOnRow)(const HibTableStreamRow *row, void *data); /* false: enough */
typedef struct HibTableStream HibTableStream;
/* `delimiter` 0: found in what is fed first. Of `limits` the rows do not count; `most_cell_bytes` is of a whole row here: what is beyond is passed over and told. */
HibTableStream *hib_table_stream_new(char delimiter, const HibTableLimits *limits,
                                     HibTableOnRow on_row, void *data);
bool hib_table_stream_feed(HibTableStream *stream, const char *bytes, size_t n); /* valid UTF-8 */
bool hib_table_stream_end(HibTableStream *stream);
char hib_table_stream_delimiter(const HibTableStream *stream);
void hib_table_stream_free(HibTableStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTableStream, hib_table_stream_free)

/* One row, CRLF at its end. Where `is_guarded`, a cell that a spreadsheet would take for a formula gets an apostrophe before it. */
void hib_table_print_row(GString *out, const char *const *cells, size_t n, bool is_guarded);
/* What the guard put there taken off again; the text itself where there is none. */
const char *hib_table_unguard(const char *cell);

/* The same word in any width and case, blanks around it aside; an empty one is none. */
bool hib_table_is_called(const char *text, const char *name);
/* "2026-12-01 9:00", "2026/12/1", or an RFC 3339 instant; a day alone is its noon, so that it is that day in every zone nearby. */
bool hib_table_time(const HibZone *zone, const char *text, HibInstant *ret);

/* A sheet of texts, the first row as its head: XLSX. A text too long for a cell (32,767 characters) is INVALID table.cell_too_long with details `row`, `column`. INTERNAL
 * table.not_written. */
typedef struct HibSheet HibSheet;
HibSheet *hib_sheet_new(const char *name);
bool hib_sheet_add_row(HibSheet *sheet, const char *const *cells, size_t n, GError **error);
bool hib_sheet_finish(HibSheet *sheet, GBytes **ret, GError **error);
void hib_sheet_free(HibSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibSheet, hib_sheet_free)

/* --- a workbook with figures and charts of them; faults are told when it is finished ------------------------------------------- */
typedef struct HibBook HibBook;
typedef enum {
    HIB_CELL_PLAIN,
    HIB_CELL_HEAD,
    HIB_CELL_TITLE,
    HIB_CELL_WRAPPED,
    HIB_CELL_NUMBER,
    HIB_CELL_WHOLE,
    HIB_CELL_STYLES
} HibCellStyle;
HibBook *hib_book_new(void);
void hib_book_free(HibBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibBook, hib_book_free)
/* What follows goes into a new sheet; its name is made to fit. Rows and columns count from 0. */
void hib_book_sheet(HibBook *book, const char *name);
void hib_book_width(HibBook *book, int column, double characters);
void hib_book_text(HibBook *book, size_t row, int column, HibCellStyle style, const char *text);
void hib_book_number(HibBook *book, size_t row, int column, double value);
/* The cell leads to `url` and stays what it is: to be called before it is written. One that is too long for a workbook (2,079 characters) is left out. */
void hib_book_link(HibBook *book, size_t row, int column, const char *url);
void hib_book_freeze(HibBook *book, size_t row); /* rows above stay in sight */
/* A figure of a heat map: `level` 0 … HIB_HEAT_LEVELS - 1 of one hue, or HIB_HEAT_UNSURE: hatched, for it cannot be told apart from the mean. */
#define HIB_HEAT_LEVELS 5
#define HIB_HEAT_UNSURE HIB_HEAT_LEVELS
void hib_book_heat(HibBook *book, size_t row, int column, double value, int level);
typedef enum { HIB_BOOK_LINE, HIB_BOOK_BARS, HIB_BOOK_STACKED } HibBookChartKind;
/* Of a table in this sheet: its head in `head_row`, labels in the first column, a series in each further one. */
typedef struct {
    HibBookChartKind kind;
    const char *title, *says; /* says: its text alternative */
    size_t head_row, n_rows;
    int n_series;
    const uint32_t *colours;
} HibBookChart;
void hib_book_chart(HibBook *book, const HibBookChart *chart, size_t row, int column);
bool hib_book_finish(HibBook *book, GBytes **ret, GError **error); /* INTERNAL table.not_written */
