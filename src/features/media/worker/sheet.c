/* A spreadsheet in the child: the first sheet of an XLSX file, written out as CSV in UTF-8. A package is a zip of XML: what it inflates to is counted and ends at a cap, document
 * types are refused (so there are no entities), and nothing outside the package is ever opened. Dates are numbers with a format there; they become what a person would type. */
#include "media/worker/worker.h"
#include <expat.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

enum { MOST_ENTRIES = 10000, MOST_COLUMNS = 100, MOST_ROWS = 110000, PIECE = 65536 };
#define MOST_INFLATED ((int64_t)512 * 1024 * 1024)
#define MOST_SERIAL 2958465.99999 /* 9999-12-31 */

typedef enum { KIND_PLAIN, KIND_DATE } Kind;
typedef struct {
    zip_t *zip;
    int64_t left; /* bytes that may still be inflated */
    /* workbook.xml and its relations */
    GHashTable *targets; /* relation id → part */
    char *sheet_id;      /* of the first sheet that is shown */
    bool is_1904;
    GPtrArray *shared; /* texts */
    GHashTable *dates; /* set of number formats of its own that show a date */
    GArray *kinds;     /* Kind of each cell style */
    bool is_in_styles;
    /* the part at hand */
    XML_Parser parser;
    HibFault fault;
    GString *text; /* gathered while `is_gathering` */
    bool is_gathering;
    int phonetic; /* how deep within readings, which are no text of the cell */
    /* the sheet */
    char *cells[MOST_COLUMNS];
    int column, n_columns;
    int64_t row, n_rows; /* the one at hand, from 1; rows written */
    char type[16];
    Kind kind;
    GString *out;
    int64_t n_out, max_out;
} Book;

/* --- attributes and names, without their namespace -------------------------------------------------------------------------- */
static const char *
local(const char *name)
{
    const char *bar = strrchr(name, '|');
    return bar ? bar + 1 : name;
}

static const char *
attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static int64_t
number(const char *text, int64_t most)
{
    return text ? CLAMP(g_ascii_strtoll(text, NULL, 10), 0, most) : 0;
}

static void
stop(Book *book, HibFault fault)
{
    book->fault = fault;
    XML_StopParser(book->parser, XML_FALSE);
}

static void
gather(Book *book)
{
    g_string_truncate(book->text, 0);
    book->is_gathering = true;
}

static void XMLCALL
on_text(void *data, const char *text, int n)
{
    Book *book = data;
    if (book->is_gathering && !book->phonetic)
        g_string_append_len(book->text, text, n);
}

static void XMLCALL
on_doctype(void *data, const char *name, const char *system, const char *public, int has_internal)
{
    stop(data, "damaged");
}

/* --- one part of the package ------------------------------------------------------------------------------------------------ */
static HibFault
feed(Book *book, zip_file_t *file)
{
    char piece[PIECE];
    for (;;) {
        const zip_int64_t n = zip_fread(file, piece, sizeof piece);
        if (n < 0)
            return "damaged";
        if ((book->left -= n) < 0)
            return "too_large";
        const enum XML_Status status = XML_Parse(book->parser, piece, (int)n, n == 0);
        if (book->fault != NULL)
            return book->fault;
        if (status != XML_STATUS_OK)
            return "damaged";
        if (n == 0)
            return NULL;
    }
}

static HibFault
read_part(Book *book, const char *name, XML_StartElementHandler start, XML_EndElementHandler end,
          bool is_needed)
{
    const zip_int64_t at = zip_name_locate(book->zip, name, ZIP_FL_NOCASE);
    zip_file_t *file = at < 0 ? NULL : zip_fopen_index(book->zip, (zip_uint64_t)at, 0);
    if (file == NULL)
        return at >= 0 || is_needed ? "damaged" : NULL;
    book->parser = XML_ParserCreateNS(NULL, '|');
    book->is_gathering = false;
    book->phonetic = 0;
    XML_SetUserData(book->parser, book);
    XML_SetElementHandler(book->parser, start, end);
    XML_SetCharacterDataHandler(book->parser, on_text);
    XML_SetStartDoctypeDeclHandler(book->parser, on_doctype);
    const HibFault fault = feed(book, file);
    XML_ParserFree(book->parser);
    zip_fclose(file);
    return fault;
}

/* --- workbook, relations, styles -------------------------------------------------------------------------------------------- */
static void XMLCALL
start_workbook(void *data, const char *name, const char **attributes)
{
    Book *book = data;
    const char *state = attribute(attributes, "state"), *date1904;
    if (strcmp(local(name), "workbookPr") == 0 &&
        (date1904 = attribute(attributes, "date1904")) != NULL)
        book->is_1904 = strcmp(date1904, "1") == 0 || strcmp(date1904, "true") == 0;
    if (strcmp(local(name), "sheet") == 0 && book->sheet_id == NULL &&
        (state == NULL || strcmp(state, "visible") == 0))
        book->sheet_id = g_strdup(attribute(attributes, "id"));
}

static void XMLCALL
start_relations(void *data, const char *name, const char **attributes)
{
    Book *book = data;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (strcmp(local(name), "Relationship") != 0 || id == NULL || target == NULL)
        return;
    g_hash_table_insert(book->targets, g_strdup(id),
                        *target == '/' ? g_strdup(target + 1) : g_strconcat("xl/", target, NULL));
}

/* Built-in formats that show dates or times; 27 to 58 are those of Japan, China and Korea. */
static bool
is_built_in_date(int64_t format)
{
    return (format >= 14 && format <= 22) || (format >= 27 && format <= 36) ||
           (format >= 45 && format <= 47) || (format >= 50 && format <= 58);
}

/* "yyyy/m/d", "[$-411]ggge年m月d日", "h:mm"; not what stands in quotes or brackets. */
static bool
shows_date(const char *code)
{
    bool is_quoted = false, is_bracketed = false;
    for (; *code; code++) {
        if (*code == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && (*code == '[' || *code == ']'))
            is_bracketed = *code == '[';
        else if (*code == '\\' && code[1])
            code++;
        else if (!is_quoted && !is_bracketed && strchr("ymdhseYMDHS", *code))
            return g_ascii_tolower(*code) != 'e' || !strchr("+-", code[1]);
    }
    return false;
}

static void XMLCALL
start_styles(void *data, const char *name, const char **attributes)
{
    Book *book = data;
    const char *code = attribute(attributes, "formatCode");
    const int64_t format = number(attribute(attributes, "numFmtId"), INT32_MAX);
    if (strcmp(local(name), "cellXfs") == 0)
        book->is_in_styles = true;
    if (strcmp(local(name), "numFmt") == 0 && code != NULL && shows_date(code))
        g_hash_table_add(book->dates, GINT_TO_POINTER((int)format + 1));
    if (strcmp(local(name), "xf") != 0 || !book->is_in_styles)
        return;
    const Kind kind = is_built_in_date(format) ||
                              g_hash_table_contains(book->dates, GINT_TO_POINTER((int)format + 1))
                          ? KIND_DATE
                          : KIND_PLAIN;
    g_array_append_val(book->kinds, kind);
}

static void XMLCALL
end_styles(void *data, const char *name)
{
    Book *book = data;
    if (strcmp(local(name), "cellXfs") == 0)
        book->is_in_styles = false;
}

/* --- texts ------------------------------------------------------------------------------------------------------------------ */
/* "_x000D_" is how a sheet writes a character that XML cannot hold. */
static char *
unescaped(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    while (*text) {
        bool is_escape = text[0] == '_' && text[1] == 'x';
        for (int i = 2; is_escape && i < 6; i++)
            is_escape = g_ascii_isxdigit(text[i]);
        if (!is_escape || text[6] != '_') {
            g_string_append_c(out, *text++);
            continue;
        }
        const gunichar c = (gunichar)g_ascii_strtoull(text + 2, NULL, 16);
        if (g_unichar_validate(c) && (c >= ' ' || c == '\n' || c == '\t'))
            g_string_append_unichar(out, c);
        text += 7;
    }
    return g_string_free(out, FALSE);
}

/* A text is the runs within it, without the readings that Japanese sheets keep beside them. */
static bool
start_runs(Book *book, const char *name)
{
    if (strcmp(name, "rPh") == 0)
        book->phonetic++;
    return strcmp(name, "t") == 0;
}

static void XMLCALL
start_shared(void *data, const char *name, const char **attributes)
{
    Book *book = data;
    if (strcmp(local(name), "si") == 0)
        g_string_truncate(book->text, 0);
    if (start_runs(book, local(name)))
        book->is_gathering = true;
}

static void XMLCALL
end_shared(void *data, const char *name)
{
    Book *book = data;
    if (strcmp(local(name), "rPh") == 0)
        book->phonetic--;
    if (strcmp(local(name), "t") == 0)
        book->is_gathering = false;
    if (strcmp(local(name), "si") == 0)
        g_ptr_array_add(book->shared, unescaped(book->text->str));
}

/* --- the sheet -------------------------------------------------------------------------------------------------------------- */
static void
write_out(Book *book)
{
    const char *from = book->out->str;
    size_t n = book->out->len;
    if ((book->n_out += (int64_t)n) > book->max_out)
        stop(book, "bytes");
    while (book->fault == NULL && n > 0) {
        const ssize_t written = write(HIB_WORK_OUT, from, n);
        if (written <= 0) {
            stop(book, "disk");
            return;
        }
        from += written;
        n -= (size_t)written;
    }
    g_string_truncate(book->out, 0);
}

static void
print_cell(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

/* Rows that hold nothing are written when one behind them does, so that row numbers stay. */
static void
end_row(Book *book)
{
    if (book->n_columns > 0 && book->row > MOST_ROWS) {
        stop(book, "bytes");
        return;
    }
    if (book->n_columns > 0) {
        for (; book->n_rows + 1 < book->row; book->n_rows++)
            g_string_append(book->out, "\r\n");
        for (int i = 0; i < book->n_columns; i++) {
            if (i > 0)
                g_string_append_c(book->out, ',');
            if (book->cells[i] != NULL)
                print_cell(book->out, book->cells[i]);
        }
        g_string_append(book->out, "\r\n");
        book->n_rows++;
    }
    for (int i = 0; i < book->n_columns; i++)
        g_clear_pointer(&book->cells[i], g_free);
    book->n_columns = 0;
    if (book->out->len > PIECE)
        write_out(book);
}

/* "AB12" → 27. */
static int
column_of(const char *reference)
{
    int column = 0;
    for (; reference && g_ascii_isupper(*reference) && column < MOST_COLUMNS; reference++)
        column = column * 26 + *reference - 'A' + 1;
    return column - 1;
}

static void
start_cell(Book *book, const char **attributes)
{
    const char *reference = attribute(attributes, "r"), *type = attribute(attributes, "t");
    const int64_t style = number(attribute(attributes, "s"), INT32_MAX);
    book->column = reference ? column_of(reference) : book->column + 1;
    g_strlcpy(book->type, type ? type : "n", sizeof book->type);
    book->kind = style < book->kinds->len ? g_array_index(book->kinds, Kind, style) : KIND_PLAIN;
    g_string_truncate(book->text, 0);
}

static void XMLCALL
start_sheet(void *data, const char *name, const char **attributes)
{
    Book *book = data;
    name = local(name);
    if (strcmp(name, "row") == 0) {
        const char *row = attribute(attributes, "r");
        book->row = row ? MAX(number(row, INT32_MAX), book->row + 1) : book->row + 1;
        book->column = -1;
    }
    if (strcmp(name, "c") == 0)
        start_cell(book, attributes);
    if (start_runs(book, name))
        book->is_gathering = true;
    if (strcmp(name, "v") == 0)
        gather(book);
}

/* Days since 1899-12-30 (or 1904-01-01), as text; to the second, so that nine o'clock is nine o'clock. */
static char *
date_text(const Book *book, double serial)
{
    const int64_t seconds = llround((serial + (book->is_1904 ? 1462 : 0)) * 86400);
    const int64_t days = seconds / 86400;
    const int second = (int)(seconds % 86400);
    g_autofree char *time =
        second % 60
            ? g_strdup_printf("%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60)
            : g_strdup_printf("%02d:%02d", second / 3600, second / 60 % 60);
    if (days == 0)
        return g_steal_pointer(&time);
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, 30, G_DATE_DECEMBER, 1899);
    g_date_add_days(&date, (guint)days);
    g_autofree char *day = g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&date),
                                           g_date_get_month(&date), g_date_get_day(&date));
    return second ? g_strconcat(day, " ", time, NULL) : g_steal_pointer(&day);
}

static char *
cell_text(Book *book)
{
    const char *text = book->text->str;
    if (strcmp(book->type, "s") == 0) {
        const int64_t at = number(text, INT32_MAX);
        return at < book->shared->len ? g_strdup(book->shared->pdata[at]) : NULL;
    }
    if (strcmp(book->type, "b") == 0)
        return g_strdup(*text == '1' ? "TRUE" : "FALSE");
    if (strcmp(book->type, "n") != 0)
        return unescaped(text);
    const double serial = g_ascii_strtod(text, NULL);
    const bool is_date = book->kind == KIND_DATE && serial >= 0 && serial <= MOST_SERIAL;
    return is_date ? date_text(book, serial) : g_strdup(text);
}

static void
end_cell(Book *book)
{
    const bool is_kept = book->column >= 0 && book->column < MOST_COLUMNS && book->text->len > 0;
    char *text = is_kept ? cell_text(book) : NULL;
    if (text == NULL || *text == '\0' || book->cells[book->column] != NULL) {
        g_free(text);
        return;
    }
    book->cells[book->column] = text;
    book->n_columns = MAX(book->n_columns, book->column + 1);
}

static void XMLCALL
end_sheet(void *data, const char *name)
{
    Book *book = data;
    name = local(name);
    if (strcmp(name, "rPh") == 0)
        book->phonetic--;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        book->is_gathering = false;
    if (strcmp(name, "c") == 0)
        end_cell(book);
    if (strcmp(name, "row") == 0)
        end_row(book);
}

/* --- all of it -------------------------------------------------------------------------------------------------------------- */
static HibFault
read_book(Book *book)
{
    HibFault fault = read_part(book, "xl/workbook.xml", start_workbook, NULL, true);
    if (fault == NULL)
        fault = read_part(book, "xl/_rels/workbook.xml.rels", start_relations, NULL, true);
    if (fault == NULL)
        fault = read_part(book, "xl/styles.xml", start_styles, end_styles, false);
    if (fault == NULL)
        fault = read_part(book, "xl/sharedStrings.xml", start_shared, end_shared, false);
    const char *part =
        book->sheet_id && fault == NULL ? g_hash_table_lookup(book->targets, book->sheet_id) : NULL;
    if (fault != NULL || part == NULL)
        return fault != NULL ? fault : "damaged";
    fault = read_part(book, part, start_sheet, end_sheet, true);
    if (fault == NULL)
        write_out(book);
    return fault != NULL ? fault : book->fault;
}

HibFault
hib_sheet_read(const HibInput *input, const HibWork *work, HibWorkReply *reply)
{
    zip_source_t *source = zip_source_buffer_create(input->data, input->n, 0, NULL);
    Book book = {.left = MOST_INFLATED, .max_out = work->max_bytes};
    book.zip = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL) : NULL;
    if (book.zip == NULL || zip_get_num_entries(book.zip, 0) > MOST_ENTRIES)
        return "damaged";
    book.targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    book.shared = g_ptr_array_new_with_free_func(g_free);
    book.dates = g_hash_table_new(NULL, NULL);
    book.kinds = g_array_new(FALSE, FALSE, sizeof(Kind));
    book.text = g_string_new(NULL);
    book.out = g_string_new(NULL);
    const HibFault fault = read_book(&book); /* the process ends with it: nothing is freed */
    g_strlcpy(reply->mime, "text/csv", sizeof reply->mime);
    reply->width = reply->height = 1; /* every reply that is not a fault has a size */
    reply->bytes = book.n_out;
    return fault;
}
