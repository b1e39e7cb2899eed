/* CSV, read in place: a cell never grows when its quotes are taken off, so it lies where it stood, and fifty thousand rows cost no copy. */
#include "table/table.h"
#include <string.h>

typedef struct {
    char *at, *end;
    size_t line;
    const HibTableLimits *limits;
    HibTable *table;
    GArray *rows, *faults, *cells; /* HibTableRow, HibTableFault, const char * of the row at hand */
    size_t row;                    /* at hand, from 1 */
} Reader;

/* --- which character stands between cells: the one that stands most often in the first row --------------------------- */
static char
find_delimiter(const char *text)
{
    static const char all[] = ",;\t";
    size_t n[3] = {0};
    bool is_quoted = false;
    for (const char *c = text; *c && (is_quoted || (*c != '\n' && *c != '\r')); c++) {
        if (*c == '"')
            is_quoted = !is_quoted;
        const char *found = is_quoted ? NULL : strchr(all, *c);
        if (found)
            n[found - all]++;
    }
    return n[2] > n[0] && n[2] >= n[1] ? '\t' : n[1] > n[0] ? ';' : ',';
}

static void
tell(Reader *reader, HibTableFaultKind kind, size_t line)
{
    const size_t column = reader->cells->len + 1;
    const HibTableFault fault = {kind, reader->row, column, line};
    g_array_append_val(reader->faults, fault);
}

/* Moves behind a line end. */
static void
pass_line_end(Reader *reader)
{
    reader->at += reader->at[0] == '\r' && reader->at[1] == '\n' ? 2 : 1;
    reader->line++;
}

static bool
is_cell_end(const Reader *reader, const char *at)
{
    return at == reader->end || *at == reader->table->delimiter || *at == '\n' || *at == '\r';
}

/* Behind the opening quote. Line ends within become LF. The cell's end, where its NUL belongs. */
static char *
read_quoted(Reader *reader, size_t opened_on)
{
    char *to = reader->at;
    while (reader->at < reader->end) {
        const char c = *reader->at;
        if (c == '"' && reader->at[1] == '"') {
            *to++ = '"';
            reader->at += 2;
        } else if (c == '"') {
            reader->at++;
            return to;
        } else if (c == '\r' || c == '\n') {
            pass_line_end(reader);
            *to++ = '\n';
        } else {
            *to++ = c;
            reader->at++;
        }
    }
    tell(reader, HIB_TABLE_OPEN_QUOTE, opened_on);
    return to;
}

/* A cell up to its delimiter; true: another follows in this row. */
static bool
read_cell(Reader *reader)
{
    char *start = reader->at, *to;
    const size_t line = reader->line;
    bool is_stray = false;
    if (*reader->at == '"') {
        start = ++reader->at;
        to = read_quoted(reader, line);
        for (; !is_cell_end(reader, reader->at); is_stray = true)
            *to++ = *reader->at++;
    } else {
        for (; !is_cell_end(reader, reader->at); reader->at++)
            is_stray = is_stray || *reader->at == '"';
        to = reader->at;
    }
    if (is_stray)
        tell(reader, HIB_TABLE_STRAY_QUOTE, line);
    const bool is_more = reader->at < reader->end && *reader->at == reader->table->delimiter;
    const bool is_line_end = !is_more && reader->at < reader->end;
    if (is_line_end)
        pass_line_end(reader);
    else
        reader->at += is_more;
    *to = '\0';
    if ((size_t)(to - start) > reader->limits->most_cell_bytes) {
        tell(reader, HIB_TABLE_CELL_TOO_LONG, line);
        start = to;
    }
    if (reader->cells->len < reader->limits->most_columns)
        g_array_append_val(reader->cells, start);
    return is_more;
}

/* Cells beyond the last column are passed over without a trace but one. */
static bool
pass_rest(Reader *reader)
{
    tell(reader, HIB_TABLE_TOO_MANY_COLUMNS, reader->line);
    const guint n_faults = reader->faults->len;
    while (read_cell(reader))
        continue;
    g_array_set_size(reader->faults, n_faults);
    return false;
}

static void
read_row(Reader *reader, HibArena *arena)
{
    HibTableRow row = {.line = reader->line};
    bool is_more = true, is_blank = true;
    g_array_set_size(reader->cells, 0);
    while (is_more)
        is_more = reader->cells->len < reader->limits->most_columns ? read_cell(reader)
                                                                    : pass_rest(reader);
    const char **cells = (const char **)reader->cells->data;
    for (guint i = 0; i < reader->cells->len; i++)
        is_blank = is_blank && !*cells[i];
    if (!is_blank) {
        row.n = reader->cells->len;
        row.cells = hib_arena_array(arena, const char *, row.n);
        memcpy(row.cells, cells, row.n * sizeof *cells);
    }
    g_array_append_val(reader->rows, row);
}

static void *
kept(HibArena *arena, const GArray *array, size_t size)
{
    void *out = hib_arena_take_n(arena, array->len + 1, size);
    if (array->len)
        memcpy(out, array->data, array->len * size);
    return out;
}

bool
hib_table_read(HibArena *arena, char *text, size_t n, const HibTableLimits *limits, HibTable *ret)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HibTableRow));
    g_autoptr(GArray) faults = g_array_new(FALSE, FALSE, sizeof(HibTableFault));
    g_autoptr(GArray) cells = g_array_new(FALSE, FALSE, sizeof(const char *));
    *ret = (HibTable){.delimiter = find_delimiter(text)};
    Reader reader = {.at = text,
                     .end = text + n,
                     .line = 1,
                     .limits = limits,
                     .table = ret,
                     .rows = rows,
                     .faults = faults,
                     .cells = cells};
    size_t n_filled = 0; /* rows that are not blank */
    while (reader.at < reader.end) {
        reader.row = rows->len + 1;
        if (n_filled >= limits->most_rows || rows->len >= 2 * limits->most_rows) {
            const char *rest = reader.at; /* blank lines at the end are no rows */
            while (*rest == '\r' || *rest == '\n')
                rest++;
            if (rest < reader.end)
                return false;
            break;
        }
        read_row(&reader, arena);
        if (g_array_index(rows, HibTableRow, rows->len - 1).n) {
            ret->n_rows = rows->len;
            n_filled++;
        }
    }
    ret->rows = kept(arena, rows, sizeof(HibTableRow));
    ret->faults = kept(arena, faults, sizeof(HibTableFault));
    ret->n_faults = faults->len;
    return true;
}

/* --- writing --------------------------------------------------------------------------------------------------------- */
/* Spreadsheets run a cell that begins so; Japanese ones the wide forms too. */
static bool
is_formula(const char *cell)
{
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    if (*cell && strchr("=+-@\t\r", *cell))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(wide); i++)
        if (g_str_has_prefix(cell, wide[i]))
            return true;
    return false;
}

/* Apostrophes before it count as part of it, so that taking one off brings every text back. */
static bool
wants_guard(const char *cell)
{
    return is_formula(cell + strspn(cell, "'"));
}

void
hib_table_print_row(GString *out, const char *const *cells, size_t n, bool is_guarded)
{
    for (size_t i = 0; i < n; i++) {
        const char *guard = is_guarded && wants_guard(cells[i]) ? "'" : "";
        if (i)
            g_string_append_c(out, ',');
        if (!cells[i][strcspn(cells[i], ",;\t\"\r\n")] && *cells[i] != ' ') {
            g_string_append(out, guard);
            g_string_append(out, cells[i]);
            continue;
        }
        g_string_append_c(out, '"');
        g_string_append(out, guard);
        for (const char *c = cells[i]; *c; c++) {
            if (*c == '"')
                g_string_append_c(out, '"');
            g_string_append_c(out, *c);
        }
        g_string_append_c(out, '"');
    }
    g_string_append(out, "\r\n");
}

const char *
hib_table_unguard(const char *cell)
{
    return *cell == '\'' && wants_guard(cell) ? cell + 1 : cell;
}
