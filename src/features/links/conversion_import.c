/* Tables of conversions: orders, coupons, store visits.
 *
 * A table is read and judged whole, every fault of every row is told, nothing is stored until a person confirms it and nothing is wrong; then all of it is stored in one transaction,
 * once. What was there before is counted, not stored twice. What an import stored can be taken back as a whole. */
#include "base/error.h"
#include "base/messages.h"
#include "links/conversion.h"
#include "links/conversion.sql.h"
#include "store/events.h"
#include "table/table.h"
#include "team/team.h"
#include "text/encoding.h"

#include <string.h>

typedef enum { KIND, NUMBER, AT, VALUE, CURRENCY, CLICK, CONTACT, CORRECTS, N_COLUMNS } Column;
static const char *const columns[N_COLUMNS] = {"kind",     "id",    "at",      "value",
                                               "currency", "click", "contact", "corrects"};

typedef struct {
    HibArena *arena;
    const char *locale;
    HibZone *zone;
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
check_originals(HibDb *db, Desk *desk, const HibConversion *rows, const Place *places, size_t n,
                GError **error)
{
    for (size_t i = 0; i < n; i++) {
        const HibConversion *one = &rows[i];
        HibSqlConversionFind *about;
        const char *key = hib_arena_printf(desk->arena, "%d//%s", (int)one->kind,
                                           one->corrects ? one->corrects : "");
        if (!one->corrects || g_hash_table_contains(desk->seen, key))
            continue;
        if (!hib_sql_conversion_find(db, one->kind, one->corrects, &about, error))
            return false;
        desk->is_bad = places[i].is_bad;
        if (!about)
            tell_reason(desk, places[i].row, CORRECTS, "conversion.unknown");
        else if (one->currency && !g_str_equal(one->currency, about->currency))
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
judge(HibDb *db, const char *locale, char *csv, size_t n, HibConversionImport *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibTableLimits limits = {
        .most_rows = HIB_CONVERSION_ROWS + 1, .most_columns = 64, .most_cell_bytes = 2000};
    HibTable table;
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    if (!hib_table_read(arena, csv, n, &limits, &table)) {
        hib_error_set(error, HIB_ERROR_INVALID, "conversion.too_many_rows", "more rows than %d",
                      HIB_CONVERSION_ROWS);
        return false;
    }
    if (table.n_rows < 2) {
        hib_error_set(error, HIB_ERROR_INVALID, "conversion.empty", "no row");
        return false;
    }
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    g_autoptr(GArray) problems = g_array_new(FALSE, FALSE, sizeof(HibConversionProblem));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Desk desk = {.arena = arena,
                 .locale = locale,
                 .zone = zone ? zone : hib_zone_utc(),
                 .now = hib_db_now(db),
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
    if (!check_originals(db, &desk, ret->rows, places, (size_t)ret->n_rows, error))
        return false;
    ret->n_bad_rows = (int64_t)desk.n_bad_rows;
    ret->n_problems = problems->len;
    ret->problems = hib_arena_array(arena, HibConversionProblem, problems->len + 1);
    if (problems->len)
        memcpy(ret->problems, problems->data, problems->len * sizeof(HibConversionProblem));
    return true;
}

/* --- in the store -------------------------------------------------------------------------------------------------------- */
bool
hib_conversion_import_add(HibDb *db, const HibServices *services, const char *locale,
                          const char *name, GBytes *file, HibConversionImport *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    gsize n;
    const char *data = g_bytes_get_data(file, &n);
    char *text;
    size_t n_text;
    const char *actor = NULL;
    const char *id = hib_db_new_id(db);
    hib_text_decode(arena, data ? data : "", n, &text, &n_text);
    if (!text) {
        hib_error_set(error, HIB_ERROR_INVALID, "table.encoding", "no encoding fits");
        if (error) /* which line cannot be told of what is no text at all */
            hib_error_set_detail(*error, "line", "1");
        return false;
    }
    char *copy = hib_arena_strndup(arena, text, n_text);
    const HibBytes content = {text, n_text};
    *ret = (HibConversionImport){0};
    if (!judge(db, locale, copy, n_text, ret, error))
        return false;
    hib_db_actor(db, &actor);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_conversion_import_drop_others(db, actor, error) &&
           hib_sql_conversion_import_add(db, id, name, content, hib_db_now(db), actor, error) &&
           hib_tx_commit(tx, error) &&
           hib_conversion_import_get(db, services, locale, id, ret, error);
}

static bool
refuse_unknown(GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "import.unknown", "no such import");
    return false;
}

bool
hib_conversion_import_get(HibDb *db, const HibServices *services G_GNUC_UNUSED, const char *locale,
                          const char *id, HibConversionImport *ret, GError **error)
{
    HibSqlConversionImportRow *row;
    if (!hib_sql_conversion_import_get(db, id, &row, error))
        return false;
    if (!row)
        return refuse_unknown(error);
    *ret = (HibConversionImport){.id = row->id,
                                 .name = row->name,
                                 .state = (int)row->state,
                                 .created_at = row->created_at,
                                 .done_at = row->has_done_at ? row->done_at : 0};
    if (row->state == 0)
        return judge(db, locale,
                     hib_arena_strndup(hib_db_arena(db), row->content.data, row->content.n),
                     row->content.n, ret, error);
    ret->n_rows = row->n_rows;
    ret->n_known = row->n_known;
    return true;
}

static bool
store_rows(HibDb *db, const HibServices *services, const HibConversionImport *import,
           int64_t *ret_known, GError **error)
{
    HibSite site;
    if (!hib_site_get(db, services, &site, error))
        return false;
    for (int pass = 0; pass < 2; pass++) /* what is corrected may stand below its correction */
        for (int64_t i = 0; i < import->n_rows; i++) {
            const HibConversion *one = &import->rows[i];
            bool is_known = false;
            if ((one->corrects != NULL) == (pass == 1) &&
                !hib_conversion_store(db, &site, one, HIB_CONVERSION_TABLE, NULL, import->id,
                                      &is_known, error))
                return false;
            *ret_known += is_known;
        }
    return true;
}

bool
hib_conversion_import_confirm(HibDb *db, const HibServices *services, const char *locale,
                              const char *id, HibConversionImport *ret, GError **error)
{
    int64_t known = 0;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_conversion_import_get(db, services, locale, id, ret, error))
        return false;
    if (ret->state != 0)
        return true;
    if (ret->n_problems) {
        g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, ret->n_bad_rows);
        GError *why = NULL;
        hib_error_set(&why, HIB_ERROR_CONFLICT, "import.has_errors", "%s rows are wrong", count);
        hib_error_set_detail(why, "count", count);
        g_propagate_error(error, why);
        return false;
    }
    if (!store_rows(db, services, ret, &known, error) ||
        !hib_sql_conversion_import_done(db, id, hib_db_now(db), ret->n_rows - known, known,
                                        &changed, error) ||
        (changed && (!hib_event_emit(db, "conversion.imported", id, NULL, error) ||
                     !hib_audit(db, "conversion.import", "import", id, NULL, NULL, error) ||
                     !hib_tx_commit(tx, error))))
        return false;
    return hib_conversion_import_get(db, services, locale, id, ret, error);
}

bool
hib_conversion_import_drop(HibDb *db, const char *id, GError **error)
{
    int64_t dropped = 0;
    int64_t undone = 0;
    int64_t n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_conversion_import_drop(db, id, &dropped, error) ||
        (!dropped && !hib_sql_conversion_import_undone(db, id, &undone, error)))
        return false;
    if (!dropped && !undone)
        return refuse_unknown(error);
    if (undone && (!hib_sql_correction_undo_import(db, id, error) ||
                   !hib_sql_conversion_undo_import(db, id, &n, error) ||
                   !hib_event_emit(db, "conversion.undone", id, NULL, error) ||
                   !hib_audit(db, "conversion.undo", "import", id, NULL, NULL, error)))
        return false;
    return hib_tx_commit(tx, error);
}

bool
hib_conversion_import_list(HibDb *db, HibConversionImport **ret, size_t *ret_n, GError **error)
{
    HibSqlConversionImportList *rows;
    if (!hib_sql_conversion_import_list(db, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibConversionImport, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibConversionImport){.id = rows[i].id,
                                          .name = rows[i].name,
                                          .state = (int)rows[i].state,
                                          .created_at = rows[i].created_at,
                                          .done_at = rows[i].has_done_at ? rows[i].done_at : 0,
                                          .n_rows = rows[i].n_rows,
                                          .n_known = rows[i].n_known};
    return true;
}
