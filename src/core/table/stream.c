/* CSV as it comes. One pass over each byte, whatever pieces it comes in: what is left of a row moves to the front of the buffer and reading goes on where it stood, so memory is the longest row.
 * The rules are csv.c's; the tests hold both against each other. */
#include "table/table.h"
#include <string.h>

#define PIECE (256 * 1024)

typedef enum { AT_START, PLAIN, QUOTED, CLOSED, PASSING } Where;
struct HibTableStream {
    HibTableLimits limits;
    HibTableOnRow on_row;
    void *data;
    char delimiter;
    bool is_special[256], is_stopped, is_blank, had_cr;
    char *text;
    size_t room, n, at; /* text[row_start..n) is of the row at hand; `at`: what is read next */
    size_t row_start, cell, to; /* where the cell at hand begins, and where its next byte goes */
    Where where;
    uint32_t *starts; /* of the cells of the row at hand */
    char **cells;
    size_t n_cells, row, line, row_line, quote_line;
    bool has_fault;
    HibTableFault fault;
};

static void
find_delimiter(HibTableStream *s, const char *text, size_t n)
{
    static const char all[] = ",;\t";
    size_t found[3] = {0};
    bool is_quoted = false;
    for (size_t i = 0; i < n && (is_quoted || (text[i] != '\n' && text[i] != '\r')); i++) {
        is_quoted ^= text[i] == '"';
        const char *one = is_quoted || !text[i] ? NULL : strchr(all, text[i]);
        if (one)
            found[one - all]++;
    }
    s->delimiter = found[2] > found[0] && found[2] >= found[1] ? '\t'
                   : found[1] > found[0]                       ? ';'
                                                               : ',';
}

HibTableStream *
hib_table_stream_new(char delimiter, const HibTableLimits *limits, HibTableOnRow on_row, void *data)
{
    HibTableStream *s = g_new0(HibTableStream, 1);
    s->limits = *limits;
    s->on_row = on_row;
    s->data = data;
    s->delimiter = delimiter;
    s->starts = g_new(uint32_t, limits->most_columns + 1);
    s->cells = g_new(char *, limits->most_columns + 1);
    s->row = s->line = s->row_line = 1;
    s->is_blank = true;
    s->room = limits->most_cell_bytes + PIECE + 2;
    s->text = g_malloc(s->room);
    return s;
}

void
hib_table_stream_free(HibTableStream *s)
{
    if (!s)
        return;
    g_free(s->text);
    g_free(s->starts);
    g_free(s->cells);
    g_free(s);
}

char
hib_table_stream_delimiter(const HibTableStream *s)
{
    return s->delimiter;
}

static void
tell(HibTableStream *s, HibTableFaultKind kind, size_t line)
{
    if (s->has_fault)
        return;
    s->has_fault = true;
    s->fault = (HibTableFault){kind, s->row, MIN(s->n_cells + 1, s->limits.most_columns + 1), line};
}

static void
end_cell(HibTableStream *s)
{
    if (s->n_cells < s->limits.most_columns) {
        s->starts[s->n_cells++] = (uint32_t)(s->cell - s->row_start);
        s->is_blank = s->is_blank && s->to == s->cell;
    } else {
        tell(s, HIB_TABLE_TOO_MANY_COLUMNS, s->line);
    }
    s->text[s->to] = '\0';
    s->where = AT_START;
}

static void
end_row(HibTableStream *s, bool is_unended)
{
    if (!s->is_blank || s->has_fault) {
        for (size_t i = 0; i < s->n_cells; i++)
            s->cells[i] = s->text + s->row_start + s->starts[i];
        const HibTableStreamRow row = {.cells = s->cells,
                                       .n = s->n_cells,
                                       .row = s->row,
                                       .line = s->row_line,
                                       .has_fault = s->has_fault,
                                       .fault = s->fault,
                                       .is_unended = is_unended};
        s->is_stopped = !s->on_row(&row, s->data);
    }
    s->row++;
    s->row_line = s->line;
    s->n_cells = 0;
    s->has_fault = false;
    s->is_blank = true;
    s->row_start = s->cell = s->to = s->at;
    s->where = AT_START;
}

/* At a line end: the row's, and CRLF is one. */
static void
pass_line(HibTableStream *s, char c)
{
    s->had_cr = c == '\r';
    s->line++;
}

/* In no quotes: a delimiter, a line end or a quote. */
static void
take_plain(HibTableStream *s, char c)
{
    if (c == '"') {
        if (s->where == AT_START) {
            s->where = QUOTED;
            s->quote_line = s->line;
            s->cell = s->to = s->at;
            return;
        }
        tell(s, HIB_TABLE_STRAY_QUOTE, s->line);
        s->text[s->to++] = c;
        s->where = PLAIN;
        return;
    }
    if (c == s->delimiter) {
        end_cell(s);
        s->cell = s->to = s->at;
        return;
    }
    if (c != '\n' && c != '\r') { /* a NUL, which is no text */
        s->text[s->to++] = c;
        return;
    }
    end_cell(s);
    pass_line(s, c);
    end_row(s, false);
}

static void
run_plain(HibTableStream *s)
{
    const size_t from = s->at;
    size_t at = from;
    while (at < s->n && !s->is_special[(unsigned char)s->text[at]])
        at++;
    if (at > from) {
        if (s->where == CLOSED)
            tell(s, HIB_TABLE_STRAY_QUOTE, s->line);
        if (s->to != from)
            memmove(s->text + s->to, s->text + from, at - from);
        s->to += at - from;
        s->where = s->where == CLOSED ? CLOSED : PLAIN;
    }
    s->at = at;
    if (at < s->n)
        take_plain(s, s->text[s->at++]);
}

static void
run_quoted(HibTableStream *s)
{
    while (s->at < s->n) {
        const char c = s->text[s->at++];
        if (c == '"') {
            s->where = CLOSED;
            return;
        }
        if (c == '\n' || c == '\r') {
            const bool is_second = c == '\n' && s->had_cr;
            s->had_cr = c == '\r';
            if (is_second)
                continue;
            s->line++;
            s->text[s->to++] = '\n';
            continue;
        }
        s->had_cr = false;
        s->text[s->to++] = c;
    }
}

/* Behind a closing quote: a second one is a quote itself. */
static void
run_closed(HibTableStream *s)
{
    if (s->text[s->at] == '"' && s->at > 0 && s->text[s->at - 1] == '"') {
        s->text[s->to++] = '"';
        s->at++;
        s->where = QUOTED;
        return;
    }
    run_plain(s);
}

/* A row too long to be one: to its line end, whatever its quotes say. */
static void
run_passing(HibTableStream *s)
{
    while (s->at < s->n) {
        const char c = s->text[s->at++];
        if (c != '\n' && c != '\r')
            continue;
        s->where = AT_START;
        s->n_cells = 0;
        s->to = s->cell = s->row_start;
        pass_line(s, c);
        end_row(s, false);
        return;
    }
    s->at = s->n = s->row_start;
}

static void
run(HibTableStream *s)
{
    while (s->at < s->n && !s->is_stopped) {
        if (s->had_cr && s->where != QUOTED) {
            s->had_cr = false;
            if (s->text[s->at] == '\n' && s->row_start == s->at) {
                s->at++;
                s->row_start = s->cell = s->to = s->at;
                continue;
            }
        }
        if (s->where == QUOTED)
            run_quoted(s);
        else if (s->where == CLOSED)
            run_closed(s);
        else if (s->where == PASSING)
            run_passing(s);
        else
            run_plain(s);
    }
}

/* What is left of the row to the front. */
static void
make_room(HibTableStream *s)
{
    const size_t kept = s->n - s->row_start, by = s->row_start;
    memmove(s->text, s->text + by, kept);
    s->n = kept;
    s->at -= by;
    s->cell -= by;
    s->to -= by;
    s->row_start = 0;
    if (kept <= s->limits.most_cell_bytes || s->where == PASSING)
        return;
    tell(s, s->where == QUOTED ? HIB_TABLE_OPEN_QUOTE : HIB_TABLE_CELL_TOO_LONG,
         s->where == QUOTED ? s->quote_line : s->row_line);
    s->where = PASSING;
    s->at = s->n = s->cell = s->to = 0;
}

bool
hib_table_stream_feed(HibTableStream *s, const char *bytes, size_t n)
{
    if (!s->delimiter && n)
        find_delimiter(s, bytes, n);
    const char special[] = {'"', '\n', '\r', s->delimiter};
    for (size_t i = 0; i < sizeof special; i++)
        s->is_special[(unsigned char)special[i]] = true;
    while (n && !s->is_stopped) {
        make_room(s);
        const size_t now = MIN(n, MIN((size_t)PIECE, s->room - 2 - s->n));
        memcpy(s->text + s->n, bytes, now);
        s->n += now;
        bytes += now;
        n -= now;
        run(s);
    }
    return !s->is_stopped;
}

bool
hib_table_stream_end(HibTableStream *s)
{
    if (s->is_stopped)
        return false;
    const bool is_within = s->n > s->row_start || s->n_cells || s->where != AT_START;
    if (s->where == QUOTED)
        tell(s, HIB_TABLE_OPEN_QUOTE, s->quote_line);
    if (is_within && s->where != PASSING)
        end_cell(s);
    if (is_within || s->has_fault)
        end_row(s, true);
    return !s->is_stopped;
}
