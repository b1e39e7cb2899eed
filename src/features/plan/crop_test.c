/* Crops: kept as they are, one for each network, within the picture. */
#include "base/error.h"
#include "plan/plan_private.h"

static void
a_crop_comes_back_as_it_was(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibPostCrop crops[] = {{"instagram", 0.1, 0, 0.5, 0.625}, {"x", 0, 0.25, 1, 0.5}};
    const HibPostMedia media = {.crops = crops, .n_crops = 2};
    HibPostMedia read = {0}, none = {0}, broken = {0};
    hib_crops_read(arena, hib_crops_print(arena, &media), &read);
    g_assert_cmpuint(read.n_crops, ==, 2);
    g_assert_cmpfloat(hib_plan_crop(&read, "instagram")->height, ==, 0.625);
    g_assert_cmpfloat(hib_plan_crop(&read, "x")->y, ==, 0.25);
    g_assert_null(hib_plan_crop(&read, "line"));
    g_assert_null(hib_crops_print(arena, &none));
    hib_crops_read(arena, NULL, &none);
    hib_crops_read(arena, "[{\"network\":\"x\"}, 3", &broken);
    g_assert_cmpuint(none.n_crops + broken.n_crops, ==, 0);
}

static void
what_lies_outside_or_comes_twice_is_refused_where_it_stands(void)
{
    const HibPostCrop bad[][2] = {
        {{"x", 0, 0, 1, 1}, {"x", 0, 0, 0.5, 0.5}},
        {{"x", 0, 0, 1, 1}, {"nowhere", 0, 0, 0.5, 0.5}},
        {{"x", 0, 0, 1, 1}, {"line", 0.6, 0, 0.5, 0.5}},
        {{"x", 0, 0, 1, 1}, {"line", 0, 0, 0, 0.5}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        const HibPostMedia media = {.crops = bad[i], .n_crops = 2},
                           good = {.crops = bad[i], .n_crops = 1};
        g_autoptr(GError) error = NULL;
        g_assert_true(hib_crops_check(&good, "/media/0", NULL));
        g_assert_false(hib_crops_check(&media, "/media/0", &error));
        g_assert_cmpstr(hib_error_reason(error), ==, "post.bad_crop");
        g_assert_cmpstr(hib_error_pointer(error), ==, "/media/0/crops/1");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crop/back", a_crop_comes_back_as_it_was);
    g_test_add_func("/crop/refused", what_lies_outside_or_comes_twice_is_refused_where_it_stands);
    return g_test_run();
}
