/* Clicks on links made for one person, and what was bought behind them, stand with that person: once each, however late and however often told; those of nobody stay nobody's. */
#include "base/error.h"
#include "fixture_test.h"
#include "test_links.h"
#include <string.h>

typedef struct {
    Fixture f;
    HibShortLink *link;
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
    hib_test_click(&w.f.ws, w.link->id, a, 1, now, false);
    hib_test_click(&w.f.ws, w.link->id, a, 2, now + HIB_SECOND, true); /* a program */
    hib_test_click(&w.f.ws, w.link->id, NULL, 3, now + HIB_SECOND, false);
    take(&w);
    g_assert_cmpstr(timeline(&w, a), ==, "click comment");
    g_assert_cmpstr(timeline(&w, b), ==, "comment");
    g_assert_cmpint(fixture_row(&w.f, a)->n_clicks, ==, 1);
    hib_test_click(&w.f.ws, w.link->id, a, 4, now - 30 * HIB_MINUTE,
                   false); /* from a spool that was away */
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
    hib_test_click(&w.f.ws, w.link->id, a, 1, now, false);
    hib_test_click(&w.f.ws, w.link->id, b, 2, now, false);
    hib_test_convert(&w.f.ws, w.f.db,
                     "{\"kind\":\"purchase\",\"id\":\"A-1\",\"value_minor\":1980,\"currency\":"
                     "\"JPY\",\"click\":\"1\"}",
                     NULL);
    hib_test_convert(&w.f.ws, w.f.db, "{\"kind\":\"purchase\",\"id\":\"A-2\",\"value_minor\":5}",
                     NULL); /* nobody's */
    take(&w);
    g_assert_cmpint(fixture_row(&w.f, a)->n_conversions, ==, 1);
    g_assert_cmpstr(timeline(&w, b), ==, "click comment");
    g_assert_cmpint(fixture_row(&w.f, a)->revenue_minor, ==, 1980);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_REVENUE, HIB_OP_AT_LEAST, "", 1000), ==, 1);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_CONVERSIONS, HIB_OP_AT_LEAST, "", 1), ==, 1);
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_DID, HIB_OP_IS, "purchase", 0), ==, 1);
    hib_test_convert(
        &w.f.ws, w.f.db,
        "{\"kind\":\"purchase\",\"id\":\"R-1\",\"value_minor\":-980,\"corrects\":\"A-1\"}", NULL);
    for (int twice = 0; twice < 2; twice++)
        hib_assert_ok(hib_contacts_hear_result(w.f.db, "conversion.corrected",
                                               hib_test_conversion(w.f.db, "A-1"), &error),
                      error);
    g_assert_cmpint(fixture_row(&w.f, a)->revenue_minor, ==, 1000);
    /* The browser that opened b's link alone uses a coupon: b's. */
    hib_test_visit(&w.f.ws, w.f.db, browser, 2);
    hib_test_convert(&w.f.ws, w.f.db, "{\"kind\":\"coupon\",\"id\":\"C-1\"}", browser);
    take(&w);
    g_assert_nonnull(strstr(timeline(&w, b), "coupon"));
    g_assert_cmpint(fixture_count(&w.f, HIB_FIELD_DID, HIB_OP_IS, "coupon", 0), ==, 1);
    g_assert_cmpint(fixture_row(&w.f, b)->n_conversions, ==, 1);
    /* A browser that opened links of both: nobody's. */
    hib_test_click(&w.f.ws, w.link->id, a, 3, now, false);
    hib_test_visit(&w.f.ws, w.f.db, browser, 3);
    hib_test_convert(&w.f.ws, w.f.db, "{\"kind\":\"coupon\",\"id\":\"C-2\"}", browser);
    take(&w);
    g_assert_cmpint(fixture_row(&w.f, a)->n_conversions, ==, 1);
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
