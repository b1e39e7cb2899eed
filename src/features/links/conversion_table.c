/* A table of conversions, read and judged whole: every fault of every row is told. Asks the store nothing but whether a conversion that is corrected is there. */
#include "base/error.h"
#include "base/messages.h"
#include "links/conversion.h"
#include "table/table.h"

#include <string.h>

typedef enum { KIND, NUMBER, AT, VALUE, CURRENCY, CLICK, CONTACT, CORRECTS, N_COLUMNS } Column;
static const char *const columns[N_COLUMNS] = {"kind",     "id",    "at",      "value",
                                               "currency", "click", "contact", "corrects"};

typedef struct {
    HibArena *arena;
    const char *locale;
    const HibZone *zone;
    HibInstant now;
    const HibTable *table;
    int at[N_COLUMNS]; /* -1: nowhere */
    GArray *problems;
    GHashTable *seen; /* "kind/number" → row */
    size_t n_bad_rows;
    bool is_bad; /* the row that is being read */
} Desk;

/* Where a row stands, and whether something of it was told. */
typedef struct {
    size_t row;
    bool is_bad;
} Place;

/* What is called so in the messages of either language, or by its key. */
static bool
is_called(HibArena *arena, const char *text, const char *stem, const char *key)
{
    const char *name = hib_arena_printf(arena, "%s%s", stem, key);
    return hib_table_is_called(text, key) || hib_table_is_called(text, hib_message("ja", name)) ||
           hib_table_is_called(text, hib_message("en", name));
}

/* Takes over `why`. */
static void
tell(Desk *desk, size_t row, Column column, GError *why)
{
    const char *head = column < N_COLUMNS && desk->at[column] >= 0
                           ? desk->table->rows[0].cells[desk->at[column]]
                           : NULL;
    const HibConversionProblem problem = {.row = row,
                                          .column = head,
                                          .reason = hib_error_reason(why),
                                          .detail =
                                              hib_message_fill(desk->arena, desk->locale, why)};
    g_array_append_val(desk->problems, problem);
    desk->n_bad_rows += !desk->is_bad;
    desk->is_bad = true;
    g_error_free(why);
}

static void
tell_reason(Desk *desk, size_t row, Column column, const char *reason)
{
    GError *why = NULL;
    hib_error_set(&why, HIB_ERROR_INVALID, reason, "row %zu", row);
    tell(desk, row, column, why);
}

static const char *
cell(const Desk *desk, const HibTableRow *row, Column column)
{
    const int at = desk->at[column];
    const char *text = at >= 0 && (size_t)at < row->n ? hib_table_unguard(row->cells[at]) : "";
    return g_strstrip(hib_arena_strdup(desk->arena, text));
}

static void
read_money(Desk *desk, size_t row, const HibTableRow *cells, HibConversion *one)
{
    const char *currency = cell(desk, cells, CURRENCY);
    const char *value = cell(desk, cells, VALUE);
    one->currency = *currency ? currency : NULL;
    if (*currency && !hib_currency_valid(currency)) {
        tell_reason(desk, row, CURRENCY, "conversion.bad_currency");
        return;
    }
    one->has_value = *value != '\0';
    if (*value && !one->currency)
        one->currency = "JPY";
    if (*value && !hib_conversion_amount(value, one->currency, &one->value_minor))
        tell_reason(desk, row, VALUE, "conversion.bad_value");
}

static void
read_person(Desk *desk, size_t row, const HibTableRow *cells, HibConversion *one)
{
    const char *click = cell(desk, cells, CLICK);
    const char *contact = cell(desk, cells, CONTACT);
    one->has_click = *click != '\0';
    if (*click && !hib_conversion_click(click, &one->click))
        tell_reason(desk, row, CLICK, "conversion.bad_click");
    one->contact = *contact ? hib_conversion_contact(desk->arena, contact) : NULL;
    if (*contact && !one->contact)
        tell_reason(desk, row, CONTACT, "conversion.bad_contact");
}

static void
check_twice(Desk *desk, size_t row, const HibConversion *one)
{
    const char *key = hib_arena_printf(desk->arena, "%d/%s/%s", (int)one->kind,
                                       one->corrects ? one->corrects : "", one->id);
    const size_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(desk->seen, key));
    if (!before) {
        g_hash_table_insert(desk->seen, (char *)(uintptr_t)key, GSIZE_TO_POINTER(row));
        return;
    }
    GError *why = NULL;
    g_autofree char *first = g_strdup_printf("%zu", before);
    hib_error_set(&why, HIB_ERROR_INVALID, "conversion.twice", "as in row %s", first);
    hib_error_set_detail(why, "row", first);
    tell(desk, row, NUMBER, why);
}

static void
read_row(Desk *desk, size_t row, const HibTableRow *cells, HibConversion *one)
{
    static const struct {
        const char *member;
        Column column;
    } places[] = {{"id", NUMBER},         {"at", AT},       {"value_minor", VALUE},
                  {"currency", CURRENCY}, {"click", CLICK}, {"contact", CONTACT},
                  {"corrects", CORRECTS}};
    const char *kind = cell(desk, cells, KIND);
    const char *corrects = cell(desk, cells, CORRECTS);
    int known = -1;
    desk->is_bad = false;
    *one =
        (HibConversion){.id = cell(desk, cells, NUMBER), .corrects = *corrects ? corrects : NULL};
    for (int k = 0; k < HIB_CONVERSION_KINDS && known < 0; k++)
        known = is_called(desk->arena, kind, "conversion.kind.",
                          hib_conversion_kind_name((HibConversionKind)k))
                    ? k
                    : -1;
    if (known < 0)
        tell_reason(desk, row, KIND, "conversion.bad_kind");
    one->kind = (HibConversionKind)MAX(known, 0);
    const bool has_time = hib_table_time(desk->zone, cell(desk, cells, AT), &one->at);
    if (!has_time)
        tell_reason(desk, row, AT, "conversion.bad_time");
    read_money(desk, row, cells, one);
    read_person(desk, row, cells, one);
    GError *why = NULL;
    if (!has_time)
        one->at = desk->now;
    if (!desk->is_bad && !hib_conversion_check(one, desk->now, "", &why)) {
        Column column = N_COLUMNS;
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
            if (g_str_equal(hib_error_pointer(why) + 1, places[i].member))
                column = places[i].column;
        tell(desk, row, column, why);
    }
    if (!desk->is_bad)
        check_twice(desk, row, one);
}

/* What is corrected is in the store or in the same table, above or below; what is not is told before anybody confirms. */
static bool
check_originals(const HibConversionTable *in, Desk *desk, const HibConversion *rows,
                const Place *places, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        const HibConversion *one = &rows[i];
        const char *currency = NULL;
        const char *key = hib_arena_printf(desk->arena, "%d//%s", (int)one->kind,
                                           one->corrects ? one->corrects : "");
        if (!one->corrects || g_hash_table_contains(desk->seen, key))
            continue;
        if (!in->find(in->data, one->kind, one->corrects, &currency, error))
            return false;
        desk->is_bad = places[i].is_bad;
        if (!currency)
            tell_reason(desk, places[i].row, CORRECTS, "conversion.unknown");
        else if (one->currency && !g_str_equal(one->currency, currency))
            tell_reason(desk, places[i].row, CURRENCY, "conversion.bad_currency");
    }
    return true;
}

static bool
find_columns(Desk *desk, GError **error)
{
    const HibTableRow *head = &desk->table->rows[0];
    for (int c = 0; c < N_COLUMNS; c++) {
        desk->at[c] = -1;
        for (size_t i = 0; i < head->n && desk->at[c] < 0; i++)
            if (is_called(desk->arena, head->cells[i], "conversion.column.", columns[c]))
                desk->at[c] = (int)i;
    }
    if (desk->at[KIND] >= 0 && desk->at[NUMBER] >= 0 && desk->at[AT] >= 0)
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, "conversion.no_columns", "without kind, id or at");
    return false;
}

static void
tell_faults(Desk *desk)
{
    for (size_t i = 0; i < desk->table->n_faults; i++) {
        GError *why = NULL;
        g_autofree char *line = g_strdup_printf("%zu", desk->table->faults[i].line);
        hib_error_set(&why, HIB_ERROR_INVALID, "conversion.bad_cell", "line %s", line);
        hib_error_set_detail(why, "line", line);
        desk->is_bad = false;
        tell(desk, desk->table->faults[i].row, N_COLUMNS, why);
    }
}

static bool
read_rows(HibArena *arena, char *csv, size_t n, HibTable *ret, GError **error)
{
    const HibTableLimits limits = {
        .most_rows = HIB_CONVERSION_ROWS + 1, .most_columns = 64, .most_cell_bytes = 2000};
    if (!hib_table_read(arena, csv, n, &limits, ret)) {
        hib_error_set(error, HIB_ERROR_INVALID, "conversion.too_many_rows", "more rows than %d",
                      HIB_CONVERSION_ROWS);
        return false;
    }
    if (ret->n_rows >= 2)
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, "conversion.empty", "no row");
    return false;
}

bool
hib_conversion_table_read(HibArena *arena, const HibConversionTable *in, char *csv, size_t n,
                          HibConversionImport *ret, GError **error)
{
    HibTable table;
    if (!read_rows(arena, csv, n, &table, error))
        return false;
    g_autoptr(GArray) problems = g_array_new(FALSE, FALSE, sizeof(HibConversionProblem));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Desk desk = {.arena = arena,
                 .locale = in->locale,
                 .zone = in->zone,
                 .now = in->now,
                 .table = &table,
                 .problems = problems,
                 .seen = seen};
    if (!find_columns(&desk, error))
        return false;
    tell_faults(&desk);
    ret->rows = hib_arena_array(arena, HibConversion, table.n_rows);
    Place *places = hib_arena_array(arena, Place, table.n_rows);
    for (size_t i = 1; i < table.n_rows; i++)
        if (table.rows[i].n) {
            read_row(&desk, i + 1, &table.rows[i], &ret->rows[ret->n_rows]);
            places[ret->n_rows++] = (Place){i + 1, desk.is_bad};
        }
    if (!check_originals(in, &desk, ret->rows, places, (size_t)ret->n_rows, error))
        return false;
    ret->n_bad_rows = (int64_t)desk.n_bad_rows;
    ret->n_problems = problems->len;
    ret->problems = hib_arena_array(arena, HibConversionProblem, problems->len + 1);
    if (problems->len)
        memcpy(ret->problems, problems->data, problems->len * sizeof(HibConversionProblem));
    return true;
}
