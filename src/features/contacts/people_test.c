/* What a person said stands in the path to what the person bought, between the clicks, in a channel of its own; what nobody known said stands in none. */
#include "base/error.h"
#include "fixture_test.h"
#include "links/links.h"
#include "test_links.h"

typedef struct {
    Fixture f;
    HibShortLink *link;
    const char *a, *b; /* persons */
    HibInstant now;    /* of their first words */
} World;

static void
world_open(World *w, HibTestStore *test)
{
    GError *error = NULL;
    const HibShortLink draft = {.target = "https://example.jp/a", .title = "秋の新作"};
    *w = (World){0};
    fixture_open(&w->f, test);
    w->f.ws.services.people = &hib_contacts_people;
    w->now = hib_db_now(w->f.db);
    fixture_say(&w->f, w->f.account, "did:plc:a", "akiko.example", "秋子", "在庫はありますか");
    fixture_say(&w->f, w->f.account, "did:plc:b", "ben.example", "Ben", "hello");
    w->a = fixture_person(&w->f, w->f.account, "did:plc:a");
    w->b = fixture_person(&w->f, w->f.account, "did:plc:b");
    hib_assert_ok(hib_links_add(w->f.db, &w->f.ws.services, &draft, &w->link, &error), error);
}

static void
buy(World *w, int click, const char *visitor)
{
    GError *error = NULL;
    size_t n;
    hib_test_convert(
        &w->f.ws, w->f.db,
        hib_arena_printf(
            hib_db_arena(w->f.db),
            "{\"kind\":\"purchase\",\"id\":\"A-%d\",\"value_minor\":"
            "1980,\"currency\":\"JPY\"%s}",
            click,
            visitor ? "" : hib_arena_printf(hib_db_arena(w->f.db), ",\"click\":\"%x\"", click)),
        visitor);
    hib_assert_ok(hib_contacts_take_clicks(w->f.db, &n, &error), error);
    hib_assert_ok(hib_contacts_take_results(w->f.db, &w->f.ws.services, &error), error);
}

static void
click_message_purchase_is_one_path(HibTestStore *test)
{
    World w;
    world_open(&w, test);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_HOUR);
    hib_test_click(&w.f.ws, w.link->id, w.a, 1, w.now - HIB_HOUR, false);
    buy(&w, 1, NULL);
    g_assert_cmpstr(hib_test_paths(&w.f.ws, w.f.db), ==, "x 0:bluesky =1/0; 0:bluesky =0/1; ");
    hib_test_counts_said(&w.f.ws, w.f.db, false);
    g_assert_cmpstr(hib_test_paths(&w.f.ws, w.f.db), ==, "x =1/0; ");
    fixture_close(&w.f);
}

/* It lies behind the end of the path, and does not begin another. */
static void
a_word_after_the_purchase_led_to_nothing(HibTestStore *test)
{
    World w;
    world_open(&w, test);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_HOUR);
    hib_test_click(&w.f.ws, w.link->id, w.b, 2, w.now - 2 * HIB_HOUR, false);
    buy(&w, 2, NULL);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_HOUR);
    w.f.n = 2;
    fixture_say(&w.f, w.f.account, "did:plc:b", "ben.example", "Ben", "thank you");
    g_assert_cmpstr(hib_test_paths(&w.f.ws, w.f.db), ==, "x 0:bluesky =1/0; 0:bluesky =0/1; ");
    fixture_close(&w.f);
}

static void
whom_a_merge_made_one_has_one_path_until_it_is_undone(HibTestStore *test)
{
    World w;
    GError *error = NULL;
    HibContactWhole whole;
    const char *person;
    world_open(&w, test);
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_HOUR);
    hib_test_click(&w.f.ws, w.link->id, w.a, 1, hib_db_now(w.f.db) - HIB_MINUTE, false);
    buy(&w, 1, NULL);
    g_assert_cmpstr(hib_test_paths(&w.f.ws, w.f.db), ==, "0:bluesky x =1/0; 0:bluesky =0/1; ");
    hib_assert_ok(hib_contact_merge(w.f.db, w.b, w.a, &error), error);
    g_assert_cmpstr(hib_test_paths(&w.f.ws, w.f.db), ==, "0:bluesky x =1/0; ");
    hib_assert_ok(hib_contact_whole(w.f.db, w.b, &whole, &error), error);
    g_assert_cmpuint(whole.n_merges, ==, 1);
    hib_assert_ok(hib_contact_unmerge(w.f.db, whole.merges[0].id, &person, &error), error);
    g_assert_cmpstr(hib_test_paths(&w.f.ws, w.f.db), ==, "0:bluesky x =1/0; 0:bluesky =0/1; ");
    fixture_close(&w.f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/people/click_message_purchase_is_one_path",
                        click_message_purchase_is_one_path);
    hib_test_add_manual("/people/a_word_after_the_purchase_led_to_nothing",
                        a_word_after_the_purchase_led_to_nothing);
    hib_test_add_manual("/people/whom_a_merge_made_one_has_one_path_until_it_is_undone",
                        whom_a_merge_made_one_has_one_path_until_it_is_undone);
    return g_test_run();
}
