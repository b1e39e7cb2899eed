/* The world starts every network there is, answers on each, and goes on in its own time after a restart. */
#include "practice/world.h"

#include "http/client.h"

#include <glib/gstdio.h>
#include <string.h>

static void
forget(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_dir_close(dir);
    g_rmdir(folder);
}

static HibWorld *
start(const char *folder, double speed)
{
    g_autoptr(GError) error = NULL;
    HibWorld *world = hib_world_start(
        &(HibWorldOptions){.folder = folder, .speed = speed, .seed = 7, .has_control = true},
        &error);
    g_assert_no_error(error);
    return world;
}

static void
every_network_answers_and_has_the_shops_accounts(void)
{
    g_autoptr(HibWorld) world = start(NULL, 0);
    g_autoptr(HibHttp) http = hib_http_new();
    g_autoptr(HibArena) arena = hib_arena_new();
    size_t n = 0;
    HibWorldPlace place = {0};
    for (; hib_world_place(world, n, &place); n++) {
        HibHttpReply reply = {0};
        const HibHttpRequest request = {
            .method = "GET", .url = hib_arena_printf(arena, "%s/practice/counts", place.url)};
        g_assert_true(hib_http_do(http, arena, &request, &reply, NULL));
        g_assert_cmpint(reply.status, ==, 200);
        static const char fault[] = "{\"fault\":\"cut_after\",\"at\":\"publish\",\"times\":1}";
        const HibHttpRequest spoil = {.method = "POST",
                                      .url =
                                          hib_arena_printf(arena, "%s/practice/fault", place.url),
                                      .content_type = "application/json",
                                      .body = fault,
                                      .n_body = strlen(fault)};
        g_assert_true(hib_http_do(http, arena, &spoil, &reply, NULL));
        g_assert_cmpint(reply.status, ==, 200); /* one control door for all */
        g_assert_cmpstr(hib_world_url(world, place.network), ==, place.url);
        g_assert_cmpuint(place.n_accounts, ==, 3);
        const HibPracticeAccount shop = hib_world_account(world, n, 0);
        g_assert_cmpstr(shop.name, ==, "喫茶ひびき");
        g_assert_true(shop.id && *shop.id && *shop.handle);
    }
    size_t n_networks = 1; /* Bluesky stands beside the table */
    while (hib_practice_networks[n_networks - 1])
        n_networks++;
    g_assert_cmpuint(n, ==, n_networks);
    g_assert_null(hib_world_url(world, "orkut"));
}

static void
only_what_is_asked_for_is_started(void)
{
    static const char *const none[] = {NULL};
    g_autoptr(HibWorld) world = hib_world_start(&(HibWorldOptions){.networks = none}, NULL);
    HibWorldPlace place = {0};
    g_assert_nonnull(world);
    g_assert_false(hib_world_place(world, 0, &place));
}

static void
a_fast_world_goes_on_where_it_was(void)
{
    g_autofree char *folder = g_dir_make_tmp("hibiki-world-XXXXXX", NULL);
    HibWorld *world = start(folder, 100000);
    g_usleep(20000);
    HibInstant then = hib_clock_now(hib_world_clock(world));
    const char *did = hib_face_did(hib_world_bluesky(world), "hibiki.test");
    g_assert_cmpint(then, >, hib_clock_now(hib_clock_real()) + 30 * HIB_MINUTE);
    g_assert_true(
        hib_face_add_post(hib_world_bluesky(world), did, "3lk2aaaaaaaaa", "音", then, 0, NULL));
    hib_world_stop(world);
    world = start(folder, 1); /* slower now, but never back */
    HibInstant now = hib_clock_now(hib_world_clock(world));
    g_assert_cmpint(now, >=, then);
    g_assert_cmpint(hib_face_count_text(hib_world_bluesky(world), "音"), ==, 1);
    g_usleep(5000);
    g_assert_cmpint(hib_clock_now(hib_world_clock(world)) - now, <, HIB_MINUTE);
    hib_world_stop(world);
    forget(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/world/" #name, name)
    TEST(every_network_answers_and_has_the_shops_accounts);
    TEST(only_what_is_asked_for_is_started);
    TEST(a_fast_world_goes_on_where_it_was);
    return g_test_run();
}
