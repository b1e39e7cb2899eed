/* Tables of conversions: orders, coupons, store visits.
 *
 * A table is read and judged whole (conversion_table.c), nothing is stored until a person confirms it and nothing is wrong; then all of it is stored in one transaction,
 * once. What was there before is counted, not stored twice. What an import stored can be taken back as a whole. */
#include "base/error.h"
#include "links/conversion.h"
#include "links/conversion.sql.h"
#include "store/events.h"
#include "team/team.h"
#include "text/encoding.h"

#include <string.h>

static bool
find_original(void *data, HibConversionKind kind, const char *number, const char **ret_currency,
              GError **error)
{
    HibSqlConversionFind *about;
    if (!hib_sql_conversion_find(data, kind, number, &about, error))
        return false;
    *ret_currency = about ? about->currency : NULL;
    return true;
}

static bool
judge(HibDb *db, const char *locale, char *csv, size_t n, HibConversionImport *ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    const HibConversionTable in = {.locale = locale,
                                   .zone = zone ? zone : hib_zone_utc(),
                                   .now = hib_db_now(db),
                                   .find = find_original,
                                   .data = db};
    return hib_conversion_table_read(hib_db_arena(db), &in, csv, n, ret, error);
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
