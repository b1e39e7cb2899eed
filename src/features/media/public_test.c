/* Public links: open what they name until they end, and nothing else for anybody. */
#include "test_made.h"
#include <string.h>

typedef struct {
    HibTestWorkspace ws;
    HibDb *db, *global;
    HibMedia *media;
    const char *token; /* ends in an hour */
} Fixture;

static void
fixture_open(Fixture *f, HibTestStore *test)
{
    GError *error = NULL;
    const char *url = NULL;
    hib_test_workspace_open(&f->ws, test);
    hib_test_media_workers(&f->ws);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->global = hib_db_open(test->store, test->arena, NULL);
    g_autoptr(GBytes) content = hib_test_made(&f->ws, "a.jpg", "");
    hib_assert_ok(hib_media_add(f->db, &f->ws.services, content, "", &f->media, &error), error);
    hib_assert_ok(hib_media_public_url(f->db, &f->ws.services, f->media->id, false,
                                       hib_db_now(f->db) + HIB_HOUR, &url, &error),
                  error);
    g_assert_true(g_str_has_prefix(url, "http://127.0.0.1/m/"));
    f->token = url + strlen("http://127.0.0.1/m/");
}

static void
fixture_clear(Fixture *f)
{
    hib_db_close(f->global);
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_clear)

static bool
opens(Fixture *f, const char *token)
{
    g_autoptr(GError) error = NULL;
    const char *sha256 = NULL, *mime = NULL;
    if (hib_media_public_open(f->global, &f->ws.services, token, &sha256, &mime, &error)) {
        g_assert_cmpstr(sha256, ==, f->media->sha256);
        g_assert_cmpstr(mime, ==, "image/jpeg");
        return true;
    }
    g_assert_cmpstr(hib_error_reason(error), ==, "media.unknown");
    return false;
}

static void
a_link_opens_until_it_ends_or_the_media_goes(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const HibInstant now = hib_clock_now(test->clock);
    g_assert_true(opens(&f, f.token));
    hib_clock_manual_set(test->clock, now + HIB_HOUR - HIB_SECOND);
    g_assert_true(opens(&f, f.token));
    hib_clock_manual_set(test->clock, now + HIB_HOUR);
    g_assert_false(opens(&f, f.token));
    hib_clock_manual_set(test->clock, now);
    hib_assert_ok(hib_media_delete(f.db, f.media->id, &error), error);
    g_assert_false(opens(&f, f.token));
}

static void
a_link_changed_anywhere_opens_nothing(HibTestStore *test)
{
    g_auto(Fixture) f = {0};
    fixture_open(&f, test);
    const size_t n = strlen(f.token);
    for (size_t i = 0; i < n; i++) {
        g_autofree char *other = g_strdup(f.token);
        other[i] = other[i] == 'a' ? 'b' : 'a';
        g_assert_false(opens(&f, other));
        other[i] = '\0';
        g_assert_false(opens(&f, other));
    }
    g_autofree char *longer = g_strconcat(f.token, "0", NULL);
    g_autofree char *more = g_strconcat(f.token, ".x", NULL);
    g_assert_false(opens(&f, longer));
    g_assert_false(opens(&f, more));
    g_assert_false(opens(&f, "..."));
    g_assert_false(opens(&f, ""));
}

static void
an_instance_others_cannot_reach_makes_no_links(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(Fixture) f = {0};
    const char *url = NULL;
    fixture_open(&f, test);
    f.ws.services.may_connect_private = false;
    hib_assert_refused(hib_media_public_url(f.db, &f.ws.services, f.media->id, false,
                                            hib_db_now(f.db) + HIB_HOUR, &url, &error),
                       error, "media.not_public");
    hib_assert_ok(hib_media_public_url(f.db, &f.ws.services, f.media->id, true,
                                       hib_db_now(f.db) + HIB_HOUR, &url, &error),
                  error); /* for a practice network any address will do */
    f.ws.services.base_url = "https://hibiki.example";
    hib_assert_ok(hib_media_public_url(f.db, &f.ws.services, f.media->id, false,
                                       hib_db_now(f.db) + HIB_HOUR, &url, &error),
                  error);
    g_assert_true(g_str_has_prefix(url, "https://hibiki.example/m/"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/public/" #name, name)
    ADD(a_link_opens_until_it_ends_or_the_media_goes);
    ADD(a_link_changed_anywhere_opens_nothing);
    ADD(an_instance_others_cannot_reach_makes_no_links);
    return g_test_run();
}
