/* Conversions over HTTP: what pages and servers call, settings, list, tables. */
#include "base/error.h"
#include "base/secrets.h"
#include "http/call.h"
#include "links/conversion.h"
#include "links/running.h"

#include <string.h>

#define SHOWN_ROWS 20
#define SHOWN_PROBLEMS 500

/* --- called by pages and servers --------------------------------------------------------------------------------------- */
static const char *
base_of(const HibServices *services)
{
    return services->base_url ? services->base_url : "";
}

bool
hib_on_get_conversion_script(HibCall *call, const char *key, GError **error)
{
    HibSite site;
    HibDb *opened;
    if (!hib_site_open(hib_call_db(call), key, &site, &opened, error))
        return false;
    g_autoptr(HibDb) db = opened;
    const char *text = hib_conversion_script(hib_call_arena(call), base_of(hib_call_context(call)),
                                             site.key, site.asks_consent);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    hib_call_set_header(call, "Cross-Origin-Resource-Policy", "cross-origin");
    return hib_call_reply_bytes(call, 200, "text/javascript; charset=utf-8", bytes,
                                "public, max-age=3600");
}

/* One source that sends without end is refused by itself, before it counts against the site's own limit and shuts others out. */
static bool
check_source(HibCall *call, const char *key, GError **error)
{
    const HibServices *services = hib_call_context(call);
    if (!services->links || !hib_links_is_beacon_flood(services->links, hib_call_arena(call), key,
                                                       hib_call_client(call)))
        return true;
    const HibInstant now = hib_links_now(services->links);
    hib_error_set(error, HIB_ERROR_TOO_MANY, "conversion.too_many", "too many from one source");
    if (error)
        hib_error_set_retry_at(*error, (now / HIB_MINUTE + 1) * HIB_MINUTE);
    return false;
}

bool
hib_on_take_beacon(HibCall *call, const char *key, GError **error)
{
    HibSite site;
    HibDb *opened;
    gsize n = 0;
    const char *body = g_bytes_get_data(hib_call_body(call), &n);
    const char *origin = hib_call_header(call, "Origin");
    /* A page may read whether it was taken; no cookie goes with it, so any page may ask. */
    if (origin)
        hib_call_set_header(call, "Access-Control-Allow-Origin", "*");
    if (!check_source(call, key, error) ||
        !hib_site_open(hib_call_db(call), key, &site, &opened, error))
        return false;
    g_autoptr(HibDb) db = opened;
    return hib_site_take_beacon(db, &site, origin, body ? body : "", n, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_take_conversions(HibCall *call, const char *key, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibSite site;
    HibDb *opened;
    HibConversionOutcome *out;
    gsize n = 0;
    size_t n_out;
    bool is_test;
    const char *body = g_bytes_get_data(hib_call_body(call), &n);
    if (!hib_site_open(hib_call_db(call), key, &site, &opened, error))
        return false;
    g_autoptr(HibDb) db = opened;
    if (!hib_site_take_call(db, hib_call_context(call), &site,
                            hib_call_header(call, HIB_SIGNATURE_HEADER), body ? body : "", n,
                            &is_test, &out, &n_out, error))
        return false;
    cJSON *root = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(root, "conversions");
    cJSON_AddBoolToObject(root, "test", is_test);
    for (size_t i = 0; i < n_out; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id", out[i].id);
        cJSON_AddStringToObject(one, "outcome", out[i].is_known ? "known" : "recorded");
        cJSON_AddItemToArray(list, one);
    }
    const char *text = hib_json_print(arena, root);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return hib_call_reply_bytes(call, 200, "application/json", bytes, "no-store");
}

/* --- settings ------------------------------------------------------------------------------------------------------------- */
static const char *
address(HibCall *call, const HibSite *site, const char *what)
{
    return hib_arena_printf(hib_call_arena(call), "%s/t/%s/%s", base_of(hib_call_context(call)),
                            site->key, what);
}

static bool
reply_settings(HibCall *call, GError **error)
{
    HibSite site;
    HibApiConversionWorth kinds[HIB_CONVERSION_KINDS];
    if (!hib_site_get(hib_call_db(call), hib_call_context(call), &site, error))
        return false;
    for (size_t k = 0; k < HIB_CONVERSION_KINDS; k++)
        kinds[k] = (HibApiConversionWorth){.kind = (int)k,
                                           .value_minor = site.worth[k].value_minor,
                                           .currency = site.worth[k].currency};
    const HibApiConversionSettings out = {.script_url = address(call, &site, "hibiki.js"),
                                          .beacon_url = address(call, &site, "beacon"),
                                          .server_url = address(call, &site, "conversions"),
                                          .asks_consent = site.asks_consent,
                                          .takes_script = site.takes_script,
                                          .counts_said = site.counts_said,
                                          .window_days = site.window_days,
                                          .touch_days = site.touch_days,
                                          .kinds = kinds,
                                          .n_kinds = HIB_CONVERSION_KINDS,
                                          .taken_at = site.taken_at,
                                          .has_taken_at = site.taken_at != 0,
                                          .n_refused = site.n_refused,
                                          .refused_at = site.refused_at,
                                          .has_refused_at = site.refused_at != 0};
    return hib_reply_conversion_settings(call, 200, &out);
}

bool
hib_on_get_conversion_settings(HibCall *call, GError **error)
{
    return reply_settings(call, error);
}

bool
hib_on_set_conversion_settings(HibCall *call, const HibApiConversionSettingsDraft *in,
                               GError **error)
{
    HibSite site;
    if (!hib_site_get(hib_call_db(call), hib_call_context(call), &site, error))
        return false;
    site.asks_consent = in->asks_consent;
    site.takes_script = in->takes_script;
    site.counts_said = in->counts_said;
    site.window_days = in->window_days;
    site.touch_days = in->touch_days;
    for (size_t i = 0; i < in->n_kinds; i++)
        site.worth[in->kinds[i].kind] =
            (HibConversionWorth){in->kinds[i].value_minor, in->kinds[i].currency};
    return hib_site_set(hib_call_db(call), hib_call_context(call), &site, error) &&
           reply_settings(call, error);
}

bool
hib_on_renew_conversion_secret(HibCall *call, GError **error)
{
    HibApiConversionSecret out = {0};
    return hib_site_renew(hib_call_db(call), hib_call_context(call), &out.secret, error) &&
           hib_reply_conversion_secret(call, 200, &out);
}

bool
hib_on_test_conversion(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibDb *db = hib_call_db(call);
    const HibServices *services = hib_call_context(call);
    HibSite site;
    HibConversionOutcome *outcomes;
    const char *secret;
    size_t n;
    bool is_test;
    if (!hib_site_get(db, services, &site, error) ||
        !hib_site_secret(db, services, &site, &secret, error))
        return false;
    const char *body = hib_arena_printf(arena,
                                        "{\"test\":true,\"conversions\":[{\"kind\":\"purchase\","
                                        "\"id\":\"TEST-%s\",\"value_minor\":1980,\"currency\":"
                                        "\"JPY\"}]}",
                                        hib_random_token(arena, 6));
    const HibApiConversionTest out = {
        .url = address(call, &site, "conversions"),
        .signature = hib_conversion_sign(arena, secret, hib_db_now(db), body, strlen(body)),
        .body = body};
    return hib_site_take_call(db, services, &site, out.signature, body, strlen(body), &is_test,
                              &outcomes, &n, error) &&
           hib_reply_conversion_test(call, 200, &out);
}

/* --- list -------------------------------------------------------------------------------------------------------------------- */
static HibApiConversion
conversion_out(const HibConversionKept *one)
{
    return (HibApiConversion){.id = one->id,
                              .kind = (int)one->kind,
                              .external_id = one->external_id,
                              .at = one->at,
                              .received_at = one->received_at,
                              .source = (int)one->source,
                              .value_minor = one->value_minor,
                              .net_minor = one->net_minor,
                              .currency = one->currency,
                              .has_click = one->has_click,
                              .has_visitor = one->has_visitor,
                              .has_contact = one->has_contact};
}

bool
hib_on_list_conversions(HibCall *call, const HibApiListConversionsQuery *query, GError **error)
{
    HibConversionKept *rows;
    HibApiConversionList out = {0};
    const int64_t kind = query->kind;
    if (!hib_conversion_list(hib_call_db(call), query->has_kind ? &kind : NULL,
                             query->has_cursor ? query->cursor : NULL,
                             query->has_limit ? (size_t)query->limit : 50, &rows,
                             &out.n_conversions, &out.next_cursor, error))
        return false;
    HibApiConversion *list =
        hib_arena_array(hib_call_arena(call), HibApiConversion, out.n_conversions + 1);
    for (size_t i = 0; i < out.n_conversions; i++)
        list[i] = conversion_out(&rows[i]);
    out.conversions = list;
    out.has_next_cursor = out.next_cursor != NULL;
    return hib_reply_conversion_list(call, 200, &out);
}

bool
hib_on_correct_conversion(HibCall *call, const char *id, const HibApiConversionCorrection *in,
                          GError **error)
{
    HibConversionKept kept;
    if (!hib_conversion_correct(hib_call_db(call), hib_call_context(call), id, in->id,
                                in->value_minor, &kept, error))
        return false;
    const HibApiConversion out = conversion_out(&kept);
    return hib_reply_conversion(call, 200, &out);
}

/* --- tables ------------------------------------------------------------------------------------------------------------------- */
static bool
reply_import(HibCall *call, int status, const HibConversionImport *import)
{
    HibArena *arena = hib_call_arena(call);
    const size_t n_rows = import->rows ? MIN((size_t)import->n_rows, SHOWN_ROWS) : 0;
    const size_t n_problems = MIN(import->n_problems, SHOWN_PROBLEMS);
    HibApiConversionRow *rows = hib_arena_array(arena, HibApiConversionRow, n_rows + 1);
    HibApiConversionProblem *problems =
        hib_arena_array(arena, HibApiConversionProblem, n_problems + 1);
    for (size_t i = 0; i < n_rows; i++) {
        const HibConversion *one = &import->rows[i];
        rows[i] = (HibApiConversionRow){.kind = (int)one->kind,
                                        .id = one->id,
                                        .at = one->at,
                                        .value_minor = one->value_minor,
                                        .has_value_minor = one->has_value,
                                        .currency = one->currency,
                                        .has_currency = one->currency != NULL,
                                        .corrects = one->corrects,
                                        .has_corrects = one->corrects != NULL};
    }
    for (size_t i = 0; i < n_problems; i++)
        problems[i] = (HibApiConversionProblem){.row = (int64_t)import->problems[i].row,
                                                .column = import->problems[i].column,
                                                .has_column = import->problems[i].column != NULL,
                                                .reason = import->problems[i].reason,
                                                .detail = import->problems[i].detail};
    const HibApiConversionImport out = {.id = import->id,
                                        .name = import->name,
                                        .state = import->state,
                                        .created_at = import->created_at,
                                        .done_at = import->done_at,
                                        .has_done_at = import->done_at != 0,
                                        .n_stored = import->n_rows,
                                        .n_known = import->n_known,
                                        .n_bad_rows = import->n_bad_rows,
                                        .rows = rows,
                                        .n_rows = n_rows,
                                        .problems = problems,
                                        .n_problems = n_problems,
                                        .n_faults = (int64_t)import->n_problems};
    return hib_reply_conversion_import(call, status, &out);
}

bool
hib_on_create_conversion_import(HibCall *call, const HibApiCreateConversionImportQuery *query,
                                GError **error)
{
    HibConversionImport import;
    return hib_conversion_import_add(hib_call_db(call), hib_call_context(call),
                                     hib_call_locale(call), query->name, hib_call_body(call),
                                     &import, error) &&
           reply_import(call, 201, &import);
}

bool
hib_on_list_conversion_imports(HibCall *call, GError **error)
{
    HibConversionImport *rows;
    size_t n;
    if (!hib_conversion_import_list(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiConversionImportSummary *list =
        hib_arena_array(hib_call_arena(call), HibApiConversionImportSummary, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = (HibApiConversionImportSummary){.id = rows[i].id,
                                                  .name = rows[i].name,
                                                  .state = rows[i].state,
                                                  .done_at = rows[i].done_at,
                                                  .has_done_at = rows[i].done_at != 0,
                                                  .n_rows = rows[i].n_rows,
                                                  .n_known = rows[i].n_known};
    const HibApiConversionImportList out = {.imports = list, .n_imports = n};
    return hib_reply_conversion_import_list(call, 200, &out);
}

bool
hib_on_get_conversion_import(HibCall *call, const char *id, GError **error)
{
    HibConversionImport import;
    return hib_conversion_import_get(hib_call_db(call), hib_call_context(call),
                                     hib_call_locale(call), id, &import, error) &&
           reply_import(call, 200, &import);
}

bool
hib_on_confirm_conversion_import(HibCall *call, const char *id, GError **error)
{
    HibConversionImport import;
    return hib_conversion_import_confirm(hib_call_db(call), hib_call_context(call),
                                         hib_call_locale(call), id, &import, error) &&
           reply_import(call, 200, &import);
}

bool
hib_on_drop_conversion_import(HibCall *call, const char *id, GError **error)
{
    return hib_conversion_import_drop(hib_call_db(call), id, error) &&
           hib_call_reply_empty(call, 204);
}
