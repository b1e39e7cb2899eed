/* What TikTok's init gets, how videos are cut, and what is refused before it is scheduled. */
#include "networks/check.h"
#include "networks/tiktok_private.h"

#include <string.h>

#define MIB INT64_C(1048576)

/* TikTok's rules for pieces: 5 to 64 MB each, the last up to 128 MB, under 5 MB whole, at most 1,000, count = size / piece rounded down. */
static void
every_size_is_cut_as_tiktok_asks(void)
{
    static const int64_t sizes[] = {1,        4999999,      5000000,         8 * MIB - 1,
                                    8 * MIB,  16 * MIB - 1, 16 * MIB,        16 * MIB + 1,
                                    64 * MIB, 64 * MIB + 1, 50000123,        128 * MIB + 7,
                                    1 << 30,  4000000000,   INT64_C(1) << 32};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        TiktokCut cut = hib_tiktok_cut(sizes[i]);
        int64_t last = sizes[i] - (cut.n - 1) * cut.size;
        g_test_message("%" G_GINT64_FORMAT " bytes", sizes[i]);
        g_assert_cmpint(cut.n, ==, sizes[i] / cut.size);
        g_assert_cmpint(cut.n, >=, 1);
        g_assert_cmpint(cut.n, <=, 1000);
        g_assert_cmpint(last, >, 0);
        g_assert_cmpint(last, <=, 128000000);
        if (sizes[i] < 5000000)
            g_assert_cmpint(cut.size, ==, sizes[i]);
        else
            g_assert_cmpint(cut.size, >=, 5000000);
        g_assert_cmpint(cut.size, <=, 64000000);
    }
}

static const HibNetMedia photos[] = {
    {.kind = HIB_NET_IMAGE, .mime = "image/jpeg", .alt = "", .url = "https://h.example/m/0"},
    {.kind = HIB_NET_IMAGE, .mime = "image/jpeg", .alt = "", .url = "https://h.example/m/1"}};
static const HibNetMedia video[] = {
    {.kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = "", .bytes = 6000000, .cover_ms = -1}};

static const struct {
    HibNetPost post;
    const char *creator, *path, *body;
} bodies[] = {
    {{.text = "氷",
      .media = video,
      .n_media = 1,
      .disclosure = {.is_advertising = true, .is_ai_made = true},
      .options = "{\"privacy\":\"PUBLIC_TO_EVERYONE\",\"allow_comment\":true,\"allow_duet\":true,"
                 "\"allow_stitch\":true}"},
     "{\"comment_disabled\":false,\"duet_disabled\":true,\"stitch_disabled\":false}",
     "/v2/post/publish/video/init/",
     "{\"post_info\":{\"title\":\"氷\",\"privacy_level\":\"PUBLIC_TO_EVERYONE\",\"disable_"
     "comment\":"
     "false,\"disable_duet\":true,\"disable_stitch\":false,\"brand_content_toggle\":true,"
     "\"brand_organic_toggle\":false,\"is_aigc\":true},\"source_info\":{\"source\":\"FILE_UPLOAD\","
     "\"video_size\":6000000,\"chunk_size\":6000000,\"total_chunk_count\":1}}"},
    {{.text = "二枚",
      .title = "夏",
      .media = photos,
      .n_media = 2,
      .disclosure = {.is_own_brand = true},
      .options = "{\"privacy\":\"SELF_ONLY\",\"auto_music\":true,\"photo_cover\":1}"},
     "{}",
     "/v2/post/publish/content/init/",
     "{\"media_type\":\"PHOTO\",\"post_mode\":\"DIRECT_POST\",\"post_info\":{\"title\":\"夏\","
     "\"description\":\"二枚\",\"privacy_level\":\"SELF_ONLY\",\"disable_comment\":true,"
     "\"auto_add_music\":true,\"brand_content_toggle\":false,\"brand_organic_toggle\":true},"
     "\"source_info\":{\"source\":\"PULL_FROM_URL\",\"photo_cover_index\":1,\"photo_images\":["
     "\"https://h.example/m/0\",\"https://h.example/m/1\"]}}"},
    {{.text = "下書き", .media = photos, .n_media = 1, .options = "{\"draft\":true}"},
     NULL,
     "/v2/post/publish/content/init/",
     "{\"media_type\":\"PHOTO\",\"post_mode\":\"MEDIA_UPLOAD\",\"post_info\":{\"description\":"
     "\"下書き\"},\"source_info\":{\"source\":\"PULL_FROM_URL\",\"photo_cover_index\":0,"
     "\"photo_images\":[\"https://h.example/m/0\"]}}"},
};

static void
every_post_becomes_the_body_tiktok_describes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(cJSON) creator = bodies[i].creator ? cJSON_Parse(bodies[i].creator) : NULL;
        bool is_draft = hib_tiktok_choices(arena, &bodies[i].post).is_draft;
        g_test_message("post %zu", i);
        g_assert_cmpstr(hib_tiktok_init_path(&bodies[i].post, is_draft), ==, bodies[i].path);
        g_assert_cmpstr(hib_tiktok_init_body(arena, &bodies[i].post, creator), ==, bodies[i].body);
    }
}

static void
what_tiktok_would_refuse_is_refused_with_its_place(void)
{
    static const struct {
        const char *options;
        bool is_paid;
        const char *reason, *pointer;
    } cases[] = {
        {NULL, false, "post.option_missing", "/options/privacy"},
        {"{}", false, "post.option_missing", "/options/privacy"},
        {"not JSON", false, "post.option_missing", "/options/privacy"},
        {"{\"privacy\":\"EVERYONE\"}", false, "post.option_value", "/options/privacy"},
        {"{\"privacy\":\"SELF_ONLY\"}", true, "post.paid_private", "/options/privacy"},
        {"{\"privacy\":\"SELF_ONLY\",\"photo_cover\":2}", false, "post.option_value",
         "/options/photo_cover"},
        {"{\"privacy\":\"SELF_ONLY\",\"photo_cover\":1}", false, NULL, NULL},
        {"{\"privacy\":\"PUBLIC_TO_EVERYONE\"}", true, NULL, NULL},
        {"{\"draft\":true}", true, NULL, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *reason = NULL, *pointer = NULL;
        const HibNetPost post = {.text = "x",
                                 .media = photos,
                                 .n_media = 2,
                                 .options = cases[i].options,
                                 .disclosure = {.is_advertising = cases[i].is_paid}};
        g_test_message("case %zu", i);
        g_assert_cmpint(hib_tiktok.check(&post, &reason, &pointer), ==, cases[i].reason == NULL);
        g_assert_cmpstr(reason, ==, cases[i].reason);
        if (cases[i].reason)
            g_assert_cmpstr(pointer, ==, cases[i].pointer);
    }
}

/* The usual checks with TikTok's numbers: something to look at is needed, and one video or photos. */
static void
a_post_has_one_video_or_photos(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetProblem problems[4];
    HibNetMedia mixed[] = {photos[0], video[0]};
    HibNetPost post = {.text = "x", .options = "{\"privacy\":\"SELF_ONLY\"}"};
    g_assert_cmpuint(hib_net_check(arena, &hib_tiktok, &post, problems, 4), ==, 1);
    g_assert_cmpstr(problems[0].reason, ==, "post.media_missing");
    post.media = mixed;
    post.n_media = 2;
    g_assert_cmpuint(hib_net_check(arena, &hib_tiktok, &post, problems, 4), ==, 1);
    g_assert_cmpstr(problems[0].reason, ==, "post.media_mixed");
    post.media = photos;
    g_assert_cmpuint(hib_net_check(arena, &hib_tiktok, &post, problems, 4), ==, 0);
    HibNetMedia png = photos[0];
    png.mime = "image/png";
    post.media = &png;
    post.n_media = 1;
    g_assert_cmpuint(hib_net_check(arena, &hib_tiktok, &post, problems, 4), ==, 1);
    g_assert_true(problems[0].is_fittable);
}

static void
photos_need_an_address_and_videos_do_not(void)
{
    const char *reason, *pointer;
    HibNetMedia photo = photos[0];
    photo.url = NULL;
    HibNetPost post = {.text = "x", .options = "{\"draft\":true}", .media = &photo, .n_media = 1};
    g_assert_false(hib_tiktok.check(&post, &reason, &pointer));
    g_assert_cmpstr(reason, ==, "post.media_unreachable");
    post.media = video;
    g_assert_true(hib_tiktok.check(&post, &reason, &pointer));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/tiktok_post/" #name, name)
    TEST(every_size_is_cut_as_tiktok_asks);
    TEST(every_post_becomes_the_body_tiktok_describes);
    TEST(what_tiktok_would_refuse_is_refused_with_its_place);
    TEST(a_post_has_one_video_or_photos);
    TEST(photos_need_an_address_and_videos_do_not);
    return g_test_run();
}
