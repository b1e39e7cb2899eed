/* Clicks on links made for one person, and what was bought behind them, stand with that person: once each, however late and however often told; those of nobody stay nobody's. */
#include "base/error.h"
#include "fixture_test.h"
#include "links/click_store.h"
#include "links/conversion.h"
#include <string.h>

typedef struct {
    Fixture f;
    HibShortLink *link;
    HibSite site;
    uint32_t n;
} World;

static void
world_open(World *w, HibTestStore *test)
{
    GError *error = NULL;
    const HibShortLink draft = {.target = "https://example.jp/a", .title = "秋の新作"};
    *w = (World){0};
    fixture_open(&w->f, test);
    fixture_say(&w->f, w->f.account, "did:plc:a", "akiko.example", "秋子", "こんにちは");
    fixture_say(&w->f, w->f.account, "did:plc:b", "ben.example", "Ben", "hello");
    hib_assert_ok(hib_links_add(w->f.db, &w->f.ws.services, &draft, &w->link, &error), error);
    hib_assert_ok(hib_site_get(w->f.db, &w->f.ws.services, &w->site, &error), error);
}

static void
click(World *w, const char *contact, int64_t id, HibInstant at, bool is_bot)
{
    GError *error = NULL;
    HibClick one = {.at = at, .id = id, .visitor = (uint64_t)id, .network = "x", .is_bot = is_bot};
    hib_click_key(w->f.ws.workspace, one.workspace);
    hib_click_key(w->link->id, one.link);
    if (contact)
        hib_click_key(contact, one.contact);
    hib_assert_ok(hib_clicks_take(w->f.ws.test->store, "a.spool", w->n++, &one, 1, &error), error);
}

static void
convert(World *w, const HibConversion *one, const char *visitor)
{
    GError *error = NULL;
    bool is_known = false;
    g_autoptr(HibTx) tx = hib_tx_begin(w->f.db, &error);
    hib_assert_ok(tx && hib_conversion_store(w->f.db, &w->site, one, HIB_CONVERSION_SERVER, visitor,
                                             NULL, &is_known, &error),
                  error);
    hib_assert_ok(hib_tx_commit(tx, &error), error);
}

static void
take(World *w)
{
    GError *error = NULL;
    size_t n;
    for (int twice = 0; twice < 2; twice++) {
        hib_assert_ok(hib_contacts_take_clicks(w->f.db, &n, &error), error);
        hib_assert_ok(hib_contacts_take_results(w->f.db, &w->f.ws.services, &error), error);
    }
}

/* Kinds of the person's touchpoints, newest first. */
static const char *
timeline(World *w, const char *person)
{
    static const char *const names[] = {"comment", "mention",    "message",  "follow", "unfollow",
                                        "click",   "conversion", "purchase", "coupon", "visit"};
    GError *error = NULL;
    HibSqlTouchesOf *rows;
    size_t n;
    hib_assert_ok(hib_contact_touches(w->f.db, person, INT64_MAX, "", 50, &rows, &n, &error),
                  error);
    g_autoptr(GString) out = g_string_new("");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "", names[rows[i].kind]);
    return hib_arena_strdup(hib_db_arena(w->f.db), out->str);
}

static void
a_click_is_the_persons_whose_link_it_was_once(HibTestStore *test)
{
    World w;
    world_open(&w, test);
    const HibInstant now = hib_db_now(w.f.db) + HIB_MINUTE;
    const char *a = fixture_person(&w.f, w.f.account, "did:plc:a"),
               *b = fixture_person(&w.f, w.f.account, "did:plc:b");
    click(&w, a, 1, now, false);
    click(&w, a, 2, now + HIB_SECOND, true); /* a program */
    click(&w, NULL, 3, now + HIB_SECOND, false);
    take(&w);
    g_assert_cmpstr(timeline(&w, a), ==, "click comment");
    g_assert_cmpstr(timeline(&w, b), ==, "comment");
    g_assert_cmpint(fixture_row(&w.f, a)->n_clicks, ==, 1);
    click(&w, a, 4, now - 30 * HIB_MINUTE, false); /* from a spool that was away */
    take(&w);
    g_assert_cmpint(fixture_row(&w.f, a)->n_clicks, ==, 2);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_LINK, HIB_OP_IS, "秋の新作", 0), ==, 1);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_CLICKS, HIB_OP_AT_LEAST, "", 2), ==, 1);
    fixture_close(&w.f);
}

static void
what_was_bought_stands_with_whose_click_it_was(HibTestStore *test)
{
    World w;
    GError *error = NULL;
    static const char *const browser = "0123456789abcdef0123456789abcdef";
    world_open(&w, test);
    const HibInstant now = hib_db_now(w.f.db) + HIB_MINUTE;
    const char *a = fixture_person(&w.f, w.f.account, "did:plc:a"),
               *b = fixture_person(&w.f, w.f.account, "did:plc:b");
    click(&w, a, 1, now, false);
    click(&w, b, 2, now, false);
    const HibConversion bought = {.kind = HIB_CONVERSION_PURCHASE,
                                  .id = "A-1",
                                  .at = now + HIB_SECOND,
                                  .has_value = true,
                                  .value_minor = 1980,
                                  .currency = "JPY",
                                  .has_click = true,
                                  .click = 1},
                        coupon = {.kind = HIB_CONVERSION_COUPON,
                                  .id = "C-1",
                                  .at = now + 2 * HIB_SECOND},
                        nobodys = {.kind = HIB_CONVERSION_PURCHASE,
                                   .id = "A-2",
                                   .at = now,
                                   .has_value = true,
                                   .value_minor = 5,
                                   .currency = "JPY"},
                        refund = {.kind = HIB_CONVERSION_PURCHASE,
                                  .id = "R-1",
                                  .at = now,
                                  .has_value = true,
                                  .value_minor = -980,
                                  .corrects = "A-1"};
    convert(&w, &bought, NULL);
    convert(&w, &nobodys, NULL);
    take(&w);
    g_assert_cmpstr(timeline(&w, a), ==, "purchase click comment");
    g_assert_cmpstr(timeline(&w, b), ==, "click comment");
    g_assert_cmpint(fixture_row(&w.f, a)->revenue_minor, ==, 1980);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_REVENUE, HIB_OP_AT_LEAST, "", 1000), ==, 1);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_CONVERSIONS, HIB_OP_AT_LEAST, "", 1), ==, 1);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_DID, HIB_OP_IS, "purchase", 0), ==, 1);
    convert(&w, &refund, NULL);
    HibConversionKept *kept;
    size_t n;
    const char *next;
    hib_assert_ok(hib_conversion_list(w.f.db, NULL, NULL, 10, &kept, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(kept[i].external_id, "A-1"))
            hib_assert_ok(
                hib_contacts_hear_result(w.f.db, "conversion.corrected", kept[i].id, &error),
                error);
    g_assert_cmpint(fixture_row(&w.f, a)->revenue_minor, ==, 1000);
    /* The browser that opened b's link alone uses a coupon: b's. */
    char body[160];
    g_snprintf(body, sizeof body, "{\"v\":\"%s\",\"c\":[\"2\"]}", browser);
    hib_assert_ok(hib_site_take_beacon(w.f.db, &w.site, NULL, body, strlen(body), &error), error);
    convert(&w, &coupon, browser);
    take(&w);
    g_assert_cmpstr(timeline(&w, b), ==, "coupon click comment");
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_DID, HIB_OP_IS, "coupon", 0), ==, 1);
    g_assert_cmpint(fixture_row(&w.f, b)->n_conversions, ==, 1);
    fixture_close(&w.f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/contacts/a_click_is_the_persons_whose_link_it_was_once",
                 a_click_is_the_persons_whose_link_it_was_once);
    hib_test_add("/contacts/what_was_bought_stands_with_whose_click_it_was",
                 what_was_bought_stands_with_whose_click_it_was);
    return g_test_run();
}
