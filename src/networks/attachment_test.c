/* Attachments are kept as JSON and come back as they were; what does not read is left out. */
#include "networks/talk.h"
#include <glib.h>

static void
what_is_kept_comes_back(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibNetAttachment in[] = {
        {.kind = HIB_ATTACH_STICKER, .title = "おめでとう"},
        {.kind = HIB_ATTACH_LOCATION,
         .address = "東京都",
         .latitude = 35.5,
         .longitude = 139.25,
         .has_place = true},
        {.kind = HIB_ATTACH_IMAGE, .url = "https://e.example/a.jpg", .content_id = "77"},
    };
    HibNetAttachment *out;
    size_t n;
    hib_net_attachments_read(arena, hib_net_attachments_text(arena, in, 3), &out, &n);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpint(out[0].kind, ==, HIB_ATTACH_STICKER);
    g_assert_cmpstr(out[0].title, ==, "おめでとう");
    g_assert_true(out[1].has_place && out[1].latitude == 35.5 && out[1].longitude == 139.25);
    g_assert_cmpstr(out[2].url, ==, "https://e.example/a.jpg");
    g_assert_cmpstr(out[2].content_id, ==, "77");
    g_assert_null(hib_net_attachments_text(arena, in, 0));
}

static void
what_does_not_read_is_left_out(void)
{
    static const char *const bad[] = {"", "{}", "[1, null]", "[", "\"x\""};
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetAttachment *out;
    size_t n;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        hib_net_attachments_read(arena, bad[i], &out, &n);
        g_assert_cmpuint(n, ==, 0);
    }
    hib_net_attachments_read(arena, NULL, &out, &n);
    g_assert_cmpuint(n, ==, 0);
    hib_net_attachments_read(arena, "[{\"kind\": 5, \"url\": {}}]", &out, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(out[0].kind, ==, HIB_ATTACH_FILE);
    g_assert_null(out[0].url);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attachment/what_is_kept_comes_back", what_is_kept_comes_back);
    g_test_add_func("/attachment/what_does_not_read_is_left_out", what_does_not_read_is_left_out);
    return g_test_run();
}
