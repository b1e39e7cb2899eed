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
