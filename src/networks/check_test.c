/* A post against the limits of a network made up for it: each rule is broken alone, at its edge, and named. */
#include "networks/check.h"

#include <string.h>

static HibArena *arena;

static const char *const jpeg[] = {"image/jpeg", NULL};
static const char *const gif[] = {"image/gif", NULL};
static const char *const mp4[] = {"video/mp4", NULL};
static const HibNetFormatLimits formats[] = {
    {.format = HIB_FORMAT_POST,
     .max_media = 3,
     .max_videos = 1,
     .max_text = 10,
     .image = {.types = jpeg,
               .max_bytes = 1000,
               .min_width = 100,
               .max_width = 2000,
               .min_height = 100,
               .max_height = 2000,
               .min_ratio = 0.8,
               .max_ratio = 1.91},
     .gif = {.types = gif, .max_bytes = 500},
     .video = {.types = mp4, .max_bytes = 9000, .min_ms = 3000, .max_ms = 60000}},
    {.format = HIB_FORMAT_VIDEO,
     .min_media = 1,
     .max_media = 1,
     .max_videos = 1,
     .needs_title = true,
     .max_text = 5000,
     .video = {.types = mp4}},
    {.format = HIB_FORMAT_MESSAGE,
     .max_media = 2,
     .max_videos = 2,
     .can_mix = true,
     .needs_text = true,
     .max_text = 5,
     .image = {.types = jpeg},
     .video = {.types = mp4}},
};
static const HibNetLimits limits_here = {.formats = formats,
                                         .n_formats = G_N_ELEMENTS(formats),
                                         .unit = HIB_UNIT_GRAPHEMES,
                                         .max_text = 10,
                                         .max_bytes = 40,
                                         .max_title = 4,
                                         .max_alt = 5,
                                         .max_hashtags = 2,
                                         .max_mentions = 1,
                                         .max_links = 1,
                                         .max_thread = 1};

static const HibNetLimits *
limits(void)
{
    return &limits_here;
}

static bool
own_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    *ret_reason = "post.own";
    *ret_pointer = "/options/own";
    return !post->options;
}

static const HibNetwork network = {.name = "here", .limits = limits, .check = own_check};

/* What is wrong with it, "reason pointer limit actual" a line; "" for nothing. */
static const char *
wrong(const HibNetPost *post)
{
    HibNetProblem rows[16];
    size_t n = hib_net_check(arena, &network, post, rows, G_N_ELEMENTS(rows));
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s %s %g %g%s", i ? "\n" : "", rows[i].reason,
                               rows[i].pointer, rows[i].limit, rows[i].actual,
                               rows[i].is_fittable ? " fit" : "");
    return hib_arena_strdup(arena, out->str);
}

static const char *
text(const char *said)
{
    const HibNetPost post = {.text = said};
    return wrong(&post);
}

static void
texts_are_counted_in_the_networks_unit_and_in_bytes(void)
{
    g_assert_cmpstr(text("0123456789"), ==, "");
    g_assert_cmpstr(text("01234567890"), ==, "post.over_limit /text 10 11");
    g_assert_cmpstr(text("👨‍👩‍👧‍👦 a"), ==, "");
    g_assert_cmpstr(text("👨‍👩‍👧‍👦👨‍👩‍👧‍👦"), ==,
                    "post.over_bytes /text 40 50");
    g_assert_cmpstr(text(""), ==, "post.empty /text 0 0");
    g_assert_cmpstr(text(" \n　\xe2\x80\x8b\xef\xb8\x8f"), ==, "post.empty /text 0 0");
    static const char *const blank[] = {
        "", " ", "\t\n", "　", "\xe2\x80\x8d", "\xe3\x85\xa4", "\xe2\x80\xae"};
    for (size_t i = 0; i < G_N_ELEMENTS(blank); i++)
        g_assert_true(hib_net_is_blank(blank[i]));
    static const char *const seen[] = {".", "あ", "👍", " x ", "\xe2\x80\x8b!"};
    for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
        g_assert_false(hib_net_is_blank(seen[i]));
    const HibNetPost reel = {.format = HIB_FORMAT_REEL, .text = "x"};
    g_assert_cmpstr(wrong(&reel), ==, "post.format /format 0 0");
}

static void
tags_names_and_links_are_counted_as_people_write_them(void)
{
    g_assert_cmpstr(text("#a #b"), ==, "");
    g_assert_cmpstr(text("#a #b #c"), ==, "post.too_many_hashtags /text 2 3");
    g_assert_cmpstr(text("＃朝＃昼＃夜"), ==, "post.too_many_hashtags /text 2 3");
    g_assert_cmpstr(text("@a x@b.jp"), ==, ""); /* an address is no name */
    g_assert_cmpstr(text("@a @b"), ==, "post.too_many_mentions /text 1 2");
    g_assert_cmpstr(text("a@b @ c"), ==, "");
    g_assert_cmpstr(text("a.jp b.jp"), ==, "post.too_many_links /text 1 2");
}

static HibNetMedia
picture(void)
{
    return (HibNetMedia){.kind = HIB_NET_IMAGE,
                         .mime = "image/jpeg",
                         .alt = "",
                         .bytes = 1000,
                         .width = 1000,
                         .height = 1000};
}

static const char *
with(HibNetMedia media)
{
    const HibNetPost post = {.text = "", .media = &media, .n_media = 1};
    return wrong(&post);
}

static void
each_medium_is_held_against_its_kinds_rules(void)
{
    HibNetMedia one = picture();
    g_assert_cmpstr(with(one), ==, "");
    one.bytes = 1001;
    g_assert_cmpstr(with(one), ==, "post.media_too_large /media/0 1000 1001 fit");
    one = picture();
    one.mime = "image/png";
    g_assert_cmpstr(with(one), ==, "post.media_type /media/0 0 0 fit");
    one = picture();
    one.width = 790;
    g_assert_cmpstr(with(one), ==, "post.media_ratio /media/0 0.8 0.79 fit");
    one.width = 800;
    g_assert_cmpstr(with(one), ==, "");
    one.width = 1910;
    g_assert_cmpstr(with(one), ==, "");
    one.width = 1920;
    g_assert_cmpstr(with(one), ==, "post.media_ratio /media/0 1.91 1.92 fit");
    one = picture();
    one.width = one.height = 2001;
    g_assert_cmpstr(with(one), ==, "post.media_too_wide /media/0 2000 2001 fit");
    one.width = one.height = 99;
    g_assert_cmpstr(with(one), ==, "post.media_too_small /media/0 100 99");
    one.width = one.height = 0; /* not known: the network has the last word */
    g_assert_cmpstr(with(one), ==, "");
    one = picture();
    one.alt = "123456";
    g_assert_cmpstr(with(one), ==, "post.alt_too_long /media/0/alt 5 6");
    HibNetMedia moving = {.kind = HIB_NET_GIF, .mime = "image/gif", .alt = "", .bytes = 501};
    g_assert_cmpstr(with(moving), ==, "post.media_too_large /media/0 500 501 fit");
    HibNetMedia film = {
        .kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = "", .bytes = 9000, .duration_ms = 60000};
    g_assert_cmpstr(with(film), ==, "");
    film.duration_ms = 60500;
    g_assert_cmpstr(with(film), ==, "post.video_too_long /media/0 60 60.5");
    film.duration_ms = 2500;
    g_assert_cmpstr(with(film), ==, "post.video_too_short /media/0 3 2.5");
}

static void
media_together_keep_to_number_and_mixture(void)
{
    HibNetMedia media[4] = {picture(), picture(), picture(), picture()};
    HibNetPost post = {.text = "", .media = media, .n_media = 3};
    g_assert_cmpstr(wrong(&post), ==, "");
    post.n_media = 4;
    g_assert_cmpstr(wrong(&post), ==, "post.too_many_media /media/3 3 4");
    post.n_media = 2;
    media[1] = (HibNetMedia){.kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = ""};
    g_assert_cmpstr(wrong(&post), ==, "post.media_mixed /media 0 0");
    media[0] = media[1];
    g_assert_cmpstr(wrong(&post), ==, "post.too_many_videos /media 1 2");
    media[0] = picture();
    post.format = HIB_FORMAT_MESSAGE;
    g_assert_cmpstr(wrong(&post), ==, "post.empty /text 0 0"); /* this form needs words */
    post.text = "hi";
    g_assert_cmpstr(wrong(&post), ==, "");
}

static void
a_form_may_need_a_title_and_a_medium(void)
{
    HibNetMedia film = {.kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = ""};
    HibNetPost post = {
        .format = HIB_FORMAT_VIDEO, .text = "x", .title = "題名", .media = &film, .n_media = 1};
    g_assert_cmpstr(wrong(&post), ==, "");
    post.title = NULL;
    g_assert_cmpstr(wrong(&post), ==, "post.title_missing /title 4 0");
    post.title = "　";
    g_assert_cmpstr(wrong(&post), ==, "post.title_missing /title 4 0");
    post.title = "12345";
    g_assert_cmpstr(wrong(&post), ==, "post.title_too_long /title 4 5");
    post.title = "1";
    post.n_media = 0;
    g_assert_cmpstr(wrong(&post), ==, "post.media_missing /media 1 0");
    film = picture();
    post.n_media = 1;
    g_assert_cmpstr(wrong(&post), ==, "post.media_kind /media/0 0 0");
}

static void
an_accounts_own_limits_and_the_networks_own_check_have_their_say(void)
{
    HibNetFormatLimits wide = formats[0];
    wide.max_text = 12;
    HibNetLimits own = limits_here;
    own.formats = &wide;
    own.n_formats = 1;
    HibNetPost post = {.text = "012345678901", .limits = &own};
    g_assert_cmpstr(wrong(&post), ==, "");
    post.limits = NULL;
    g_assert_cmpstr(wrong(&post), ==, "post.over_limit /text 10 12");
    post.text = "x";
    post.options = "{}";
    g_assert_cmpstr(wrong(&post), ==, "post.own /options/own 0 0");
    HibNetProblem rows[1];
    post.text = "0123456789ABC";
    g_assert_cmpuint(hib_net_check(arena, &network, &post, rows, 1), ==,
                     1); /* no more than asked for */
    g_assert_cmpuint(hib_net_check(arena, &network, &post, rows, 0), ==, 0);
    HibNetCount count = hib_net_count_in(&own, HIB_FORMAT_POST, "あい");
    g_assert_true(count.used == 2 && count.max == 12 && count.bytes == 6 && !count.is_over);
    g_assert_true(hib_net_limits_of(arena, &network, "{}") == &limits_here);
    g_assert_true(hib_net_limits_of(arena, &network, NULL) == &limits_here);
}

static void
every_unit_counts_its_own_way(void)
{
    static const char said[] = "あ👍 https://example.com/a @a@b.jp";
    static const struct {
        HibTextUnit unit;
        int n;
    } cases[] = {{HIB_UNIT_GRAPHEMES, 32},
                 {HIB_UNIT_CHARS, 32},
                 {HIB_UNIT_UTF16, 33},
                 {HIB_UNIT_BYTES, 37},
                 {HIB_UNIT_MASTODON, 2 + 1 + 23 + 1 + 2},
                 {HIB_UNIT_WEIGHTED, 36}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", hib_net_unit_name(cases[i].unit));
        g_assert_cmpint(hib_net_units(cases[i].unit, said), ==, cases[i].n);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = hib_arena_new();
    const struct {
        const char *name;
        GTestFunc run;
    } tests[] = {
        {"texts_are_counted_in_the_networks_unit_and_in_bytes",
         texts_are_counted_in_the_networks_unit_and_in_bytes},
        {"tags_names_and_links_are_counted_as_people_write_them",
         tags_names_and_links_are_counted_as_people_write_them},
        {"each_medium_is_held_against_its_kinds_rules",
         each_medium_is_held_against_its_kinds_rules},
        {"media_together_keep_to_number_and_mixture", media_together_keep_to_number_and_mixture},
        {"a_form_may_need_a_title_and_a_medium", a_form_may_need_a_title_and_a_medium},
        {"an_accounts_own_limits_and_the_networks_own_check_have_their_say",
         an_accounts_own_limits_and_the_networks_own_check_have_their_say},
        {"every_unit_counts_its_own_way", every_unit_counts_its_own_way},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(hib_arena_printf(arena, "/networks/check/%s", tests[i].name), tests[i].run);
    int status = g_test_run();
    hib_arena_free(arena);
    return status;
}
