/* From the spool into the store: each click once, whatever is repeated; what it adds up to; who is told apart. */
#include "base/error.h"
#include "links/click.sql.h"
#include "links/click_store.h"
#include "links/conversion.h"
#include "links/conversion.sql.h"
#include "links/running.h"
#include "store/events.h"
#include "test_workspace.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    HibShortLink *link;
} World;

static void
world_open(World *world, HibTestStore *test)
{
    GError *error = NULL;
    const HibShortLink draft = {.target = "https://example.jp/a"};
    hib_test_workspace_open(&world->ws, test);
    world->db = hib_test_workspace_db(&world->ws, NULL);
    hib_assert_ok(hib_links_add(world->db, &world->ws.services, &draft, &world->link, &error),
                  error);
}

static void
world_close(World *world)
{
    hib_db_close(world->db);
    hib_test_workspace_close(&world->ws);
}

static HibClick
click_of(const World *world, int64_t id, uint64_t visitor)
{
    HibClick click = {.at = 10 * HIB_DAY + id,
                      .id = id,
                      .visitor = visitor,
                      .network = "x",
                      .device = HIB_DEVICE_PHONE,
                      .referrer = HIB_REFERRER_SOCIAL};
    hib_click_key(world->ws.workspace, click.workspace);
    hib_click_key(world->link->id, click.link);
    return click;
}

static HibLinkCount
count_of(const World *world)
{
    GError *error = NULL;
    HibShortLink *link;
    hib_assert_ok(hib_links_get(world->db, world->link->id, &link, &error), error);
    return link->count;
}

static void
each_click_is_stored_once_however_often_it_is_told(HibTestStore *test)
{
    GError *error = NULL;
    World world = {0};
    world_open(&world, test);
    HibClick clicks[10];
    for (int i = 0; i < 10; i++)
        clicks[i] = click_of(&world, i, (uint64_t)(i % 3));
    clicks[8].is_bot = true;
    clicks[9].is_flood = true;
    hib_assert_ok(hib_clicks_take(test->store, "a.spool", 0, clicks, 4, &error), error);
    hib_assert_ok(hib_clicks_take(test->store, "a.spool", 0, clicks, 10, &error),
                  error); /* killed before it was known */
    hib_assert_ok(hib_clicks_take(test->store, "a.spool", 4, clicks + 4, 6, &error), error);
    HibLinkCount count = count_of(&world);
    g_assert_cmpint(count.clicks, ==, 8);
    g_assert_cmpint(count.visitors, ==, 3);
    g_assert_cmpint(count.bots, ==, 1);
    g_assert_cmpint(count.floods, ==, 1);
    HibLinkClicks read;
    hib_assert_ok(hib_links_clicks(world.db, world.link->id, 0, 20 * HIB_DAY, &read, &error),
                  error);
    g_assert_cmpuint(read.n_hours, ==, 1);
    g_assert_cmpint(read.hours[0].at, ==, 10 * HIB_DAY);
    g_assert_cmpint(read.devices[HIB_DEVICE_PHONE], ==, 8);
    g_assert_cmpint(read.referrers[HIB_REFERRER_SOCIAL], ==, 8);
    g_assert_cmpstr(read.networks[0].network, ==, "x");
    /* Another spool may hold other clicks at the same places. */
    HibClick later = click_of(&world, 100, 1);
    hib_assert_ok(hib_clicks_take(test->store, "b.spool", 0, &later, 1, &error), error);
    g_assert_cmpint(count_of(&world).clicks, ==, 9);
    g_assert_cmpint(count_of(&world).visitors, ==, 3);
    /* A day later the same visitor counts anew. */
    later.at += HIB_DAY;
    later.id++;
    hib_assert_ok(hib_clicks_take(test->store, "b.spool", 1, &later, 1, &error), error);
    g_assert_cmpint(count_of(&world).visitors, ==, 4);
    world_close(&world);
}

static void
hear(const HibEvent *event, void *data)
{
    gint *n = data;
    if (g_str_equal(event->kind, "link.clicked_by_contact"))
        g_atomic_int_inc(&n[1]);
    else if (g_str_equal(event->kind, "link.clicked"))
        g_atomic_int_inc(&n[0]);
}

/* Timelines of people are not looked through for every click of the world. */
static void
only_clicks_on_personal_links_are_told_as_such(HibTestStore *test)
{
    GError *error = NULL;
    World world = {0};
    gint n[2] = {0};
    world_open(&world, test);
    hib_events_listen(test->store, hear, n);
    HibClick clicks[3] = {click_of(&world, 1, 1), click_of(&world, 2, 2), click_of(&world, 3, 3)};
    clicks[2].contact[0] = 7;
    hib_assert_ok(hib_clicks_take(test->store, "a.spool", 0, clicks, 2, &error), error);
    hib_assert_ok(hib_clicks_take(test->store, "a.spool", 2, clicks + 2, 1, &error), error);
    for (int i = 0; i < 1000 && (g_atomic_int_get(&n[0]) < 2 || g_atomic_int_get(&n[1]) < 1); i++)
        g_usleep(10 * HIB_MILLISECOND);
    hib_events_unlisten(test->store, hear, n);
    g_assert_cmpint(n[0], ==, 2);
    g_assert_cmpint(n[1], ==, 1);
    world_close(&world);
}

static void
whose_click_it_was_is_forgotten_in_time(HibTestStore *test)
{
    GError *error = NULL;
    World world = {0};
    const HibInstant now = 1000 * HIB_DAY;
    int64_t left = 0;
    HibSite site;
    world_open(&world, test);
    hib_assert_ok(hib_sql_conversion_touch(world.db, 1, "a", now - 400 * HIB_DAY - 1, &error),
                  error);
    hib_assert_ok(hib_sql_conversion_touch(world.db, 2, "b", now - 400 * HIB_DAY, &error), error);
    hib_assert_ok(hib_sql_conversion_touch(world.db, 3, "c", now - 31 * HIB_DAY, &error), error);
    hib_assert_ok(hib_clicks_sweep(test->store, now, &error), error); /* nothing was said: 400 */
    hib_assert_ok(hib_sql_click_sweep_touches(world.db, now - 40 * HIB_DAY, 0, &left, &error),
                  error);
    g_assert_cmpint(left, ==, 1);
    hib_assert_ok(hib_site_get(world.db, &world.ws.services, &site, &error), error);
    g_assert_cmpint(site.touch_days, ==, 400);
    site.touch_days = 30;
    hib_assert_ok(hib_site_set(world.db, &world.ws.services, &site, &error), error);
    hib_assert_ok(hib_clicks_sweep(test->store, now, &error), error);
    hib_assert_ok(hib_sql_click_sweep_touches(world.db, now, 0, &left, &error), error);
    g_assert_cmpint(left, ==, 0);
    world_close(&world);
}

static HibLinks *
running(World *world, const char *folder)
{
    GError *error = NULL;
    const HibLinkDomain domain = {.base_url = "https://hibiki.example.jp"};
    HibLinks *links =
        hib_links_open(world->ws.test->store, world->ws.services.keys, folder, &domain, &error);
    hib_assert_ok(links != NULL, error);
    return links;
}

static void
what_is_recorded_is_in_the_store_after_the_end(HibTestStore *test)
{
    World world = {0};
    world_open(&world, test);
    g_autofree char *folder = g_dir_make_tmp("hib-clicks-XXXXXX", NULL);
    HibLinks *links = running(&world, folder);
    for (int i = 0; i < 50; i++) {
        HibClick click = click_of(&world, hib_links_click_id(links), (uint64_t)i);
        hib_links_record(links, &click);
    }
    hib_links_close(links);
    g_assert_cmpint(count_of(&world).clicks, ==, 50);
    g_assert_cmpint(g_rmdir(folder), ==, 0); /* no file stays */
    world_close(&world);
}

static void
what_the_store_did_not_take_is_seen_from_outside(HibTestStore *test)
{
    GError *error = NULL;
    World world = {0};
    HibClick clicks[10];
    HibLinksWaiting waiting;
    size_t n = 0;
    world_open(&world, test);
    g_autofree char *folder = g_dir_make_tmp("hib-clicks-XXXXXX", NULL);
    for (int i = 0; i < 10; i++)
        clicks[i] = click_of(&world, i, (uint64_t)i);
    hib_assert_ok(hib_links_waiting(test->store, folder, &waiting, &error), error);
    g_assert_true(waiting.n == 0 && !waiting.is_running);
    HibSpool *spool = hib_spool_open(folder, &error);
    hib_assert_ok(spool && hib_spool_begin(spool, &error) &&
                      hib_spool_append(spool, clicks, 10, &n, &error),
                  error);
    hib_assert_ok(hib_links_waiting(test->store, folder, &waiting, &error), error);
    g_assert_true(waiting.n == 0 && waiting.is_running); /* another's, who knows better */
    hib_spool_leave(spool);
    HibSpoolFile *files = hib_spool_files(spool);
    hib_assert_ok(hib_clicks_take(test->store, files[0].name, 0, clicks, 4, &error), error);
    g_autofree char *path = g_strdup(files[0].path);
    hib_spool_files_free(files);
    hib_assert_ok(hib_links_waiting(test->store, folder, &waiting, &error), error);
    g_assert_cmpint(waiting.n, ==, 6);
    g_assert_cmpint(waiting.oldest_at, ==, clicks[4].at);
    g_assert_false(waiting.is_running);
    hib_spool_close(spool);
    g_unlink(path);
    g_rmdir(folder);
    world_close(&world);
}

static void
ways_by_device_network_and_end(HibTestStore *test)
{
    GError *error = NULL;
    World world = {0};
    world_open(&world, test);
    g_autofree char *folder = g_dir_make_tmp("hib-clicks-XXXXXX", NULL);
    HibLinks *links = running(&world, folder);
    world.ws.services.links = links;
    const HibLinkVariant variants[] = {{"line", "https://example.jp/line"}};
    const HibShortLink draft = {.code = "natsu",
                                .target = "https://example.jp/夏",
                                .ios_url = "myapp://natsu",
                                .android_url = "myapp://natsu?a=1",
                                .variants = variants,
                                .n_variants = 1,
                                .click_limit = 2,
                                .ended_url = "https://example.jp/over"};
    HibShortLink *made;
    hib_assert_ok(hib_links_add(world.db, &world.ws.services, &draft, &made, &error), error);
    const struct {
        HibWayAsk ask;
        HibWayKind kind;
        const char *location;
    } cases[] = {
        {{.seen_on = ""}, HIB_WAY_TARGET, "https://example.jp/%E5%A4%8F"},
        {{.seen_on = "line"}, HIB_WAY_TARGET, "https://example.jp/line"},
        {{.seen_on = "", .network = "line"}, HIB_WAY_TARGET, "https://example.jp/line"},
        {{.seen_on = "", .os = HIB_OS_IOS}, HIB_WAY_APP, "myapp://natsu"},
        {{.seen_on = "", .os = HIB_OS_IOS, .is_web = true},
         HIB_WAY_TARGET,
         "https://example.jp/%E5%A4%8F"},
        {{.seen_on = "", .os = HIB_OS_ANDROID},
         HIB_WAY_TARGET,
         "intent://"
         "natsu?a=1#Intent;scheme=myapp;S.browser_fallback_url=https%3A%2F%2Fexample.jp%2F%25E5%"
         "25A4%258F;end"},
    };
    HibWay way;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        hib_table_way(hib_links_table(links), "natsu", &cases[i].ask, &way);
        g_assert_cmpint(way.kind, ==, cases[i].kind);
        g_assert_cmpstr(way.location, ==, cases[i].location);
        hib_way_clear(&way);
    }
    hib_table_count(hib_links_table(links), "natsu");
    hib_table_count(hib_links_table(links), "natsu");
    hib_table_way(hib_links_table(links), "natsu", &cases[0].ask, &way);
    g_assert_cmpint(way.kind, ==, HIB_WAY_ENDED);
    g_assert_cmpstr(way.location, ==, "https://example.jp/over");
    hib_way_clear(&way);
    hib_table_way(hib_links_table(links), "aki", &cases[0].ask, &way);
    g_assert_cmpint(way.kind, ==, HIB_WAY_UNKNOWN);
    world.ws.services.links = NULL;
    hib_links_close(links);
    g_rmdir(folder);
    world_close(&world);
}

static void
a_flood_is_one_visitor_on_one_link(HibTestStore *test)
{
    World world = {0};
    world_open(&world, test);
    g_autofree char *folder = g_dir_make_tmp("hib-clicks-XXXXXX", NULL);
    HibLinks *links = running(&world, folder);
    int n = 0;
    for (int i = 0; i < 100; i++) {
        HibClick one = click_of(&world, 0, 1), others = click_of(&world, 0, (uint64_t)i + 1000);
        n += hib_links_is_flood(links, &one);
        g_assert_false(hib_links_is_flood(links, &others));
    }
    g_assert_cmpint(n, ==, 40);
    HibClick later = click_of(&world, 0, 1);
    later.at += HIB_MINUTE;
    g_assert_false(hib_links_is_flood(links, &later));
    HibInstant now = hib_links_now(links);
    uint64_t a = hib_links_visitor(links, test->arena, now, "192.0.2.1", "Mozilla"),
             again = hib_links_visitor(links, test->arena, now + 1, "192.0.2.1", "Mozilla"),
             other = hib_links_visitor(links, test->arena, now, "192.0.2.2", "Mozilla"),
             tomorrow =
                 hib_links_visitor(links, test->arena, now + HIB_DAY, "192.0.2.1", "Mozilla");
    g_assert_true(a == again && a != other && a != tomorrow);
    hib_links_close(links);
    g_rmdir(folder);
    world_close(&world);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/links/clicks/once", each_click_is_stored_once_however_often_it_is_told);
    hib_test_add_manual("/links/clicks/personal", only_clicks_on_personal_links_are_told_as_such);
    hib_test_add_manual("/links/clicks/touches", whose_click_it_was_is_forgotten_in_time);
    hib_test_add_manual("/links/clicks/end", what_is_recorded_is_in_the_store_after_the_end);
    hib_test_add_manual("/links/clicks/waiting", what_the_store_did_not_take_is_seen_from_outside);
    hib_test_add_manual("/links/clicks/ways", ways_by_device_network_and_end);
    hib_test_add_manual("/links/clicks/flood", a_flood_is_one_visitor_on_one_link);
    return g_test_run();
}
