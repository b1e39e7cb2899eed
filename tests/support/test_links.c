/* For tests of features above links/. */
#include "test_links.h"
#include "base/error.h"
#include "links/click_store.h"
#include "links/conversion.h"
#include <string.h>

void
hib_test_click(HibTestWorkspace *ws, const char *link, const char *contact, uint32_t n,
               HibInstant at, bool is_bot)
{
    GError *error = NULL;
    HibClick one = {.at = at, .id = n, .visitor = n, .network = "x", .is_bot = is_bot};
    hib_click_key(ws->workspace, one.workspace);
    hib_click_key(link, one.link);
    if (contact)
        hib_click_key(contact, one.contact);
    hib_assert_ok(hib_clicks_take(ws->test->store, "a.spool", n - 1, &one, 1, &error), error);
}

void
hib_test_convert(HibTestWorkspace *ws, HibDb *db, const char *json, const char *visitor)
{
    GError *error = NULL;
    HibJson in;
    HibConversion one;
    HibSite site;
    bool is_known = false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    hib_assert_ok(tx && hib_json_parse(hib_db_arena(db), json, strlen(json), &in, &error) &&
                      hib_conversion_read(in, hib_db_now(db), &one, &error) &&
                      hib_site_get(db, &ws->services, &site, &error) &&
                      hib_conversion_store(db, &site, &one, HIB_CONVERSION_SERVER, visitor, NULL,
                                           &is_known, &error) &&
                      hib_tx_commit(tx, &error),
                  error);
}

void
hib_test_visit(HibTestWorkspace *ws, HibDb *db, const char *visitor, int64_t click)
{
    GError *error = NULL;
    HibSite site;
    char *body = hib_arena_printf(hib_db_arena(db), "{\"v\":\"%s\",\"c\":[\"%x\"]}", visitor,
                                  (unsigned)click);
    hib_assert_ok(hib_site_get(db, &ws->services, &site, &error) &&
                      hib_site_take_beacon(db, &site, NULL, body, strlen(body), &error),
                  error);
}

const char *
hib_test_conversion(HibDb *db, const char *number)
{
    GError *error = NULL;
    HibConversionKept *rows;
    size_t n;
    const char *next;
    hib_assert_ok(hib_conversion_list(db, NULL, NULL, 100, &rows, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].external_id, number))
            return rows[i].id;
    g_assert_not_reached();
}

const char *
hib_test_paths(HibTestWorkspace *ws, HibDb *db)
{
    GError *error = NULL;
    HibAttributed result;
    const HibAttributionAsked asked = {.from = hib_db_now(db) - HIB_DAY,
                                       .to = hib_db_now(db) + HIB_DAY,
                                       .dimension = HIB_BY_NETWORK};
    hib_assert_ok(hib_links_attribute(db, &ws->services, &asked, &result, &error), error);
    g_autoptr(GString) out = g_string_new("");
    for (size_t i = 0; i < result.n_paths; i++) {
        for (size_t k = 0; k < result.paths[i]->n; k++) {
            const char *key = result.journeys.channels[result.paths[i]->channels[k]],
                       *network = key;
            HibSaidKind kind;
            if (hib_said_channel(key, &kind, &network))
                g_string_append_printf(out, "%d:", (int)kind);
            g_string_append_printf(out, "%s ", network);
        }
        g_string_append_printf(out, "=%d/%d; ", (int)result.paths[i]->conversions,
                               (int)result.paths[i]->nulls);
    }
    return hib_arena_strdup(hib_db_arena(db), out->str);
}

void
hib_test_counts_said(HibTestWorkspace *ws, HibDb *db, bool counts)
{
    GError *error = NULL;
    HibSite site;
    hib_assert_ok(hib_site_get(db, &ws->services, &site, &error), error);
    site.counts_said = counts;
    hib_assert_ok(hib_site_set(db, &ws->services, &site, &error), error);
}
