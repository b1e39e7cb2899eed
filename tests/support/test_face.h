/* For tests: a practice Bluesky with the accounts a.practice and b.practice (password HIB_TEST_APP_PASSWORD). */
#pragma once
#include "practice/bluesky_face.h"
#include "store/test_store.h"

#define HIB_TEST_APP_PASSWORD "abcd-efgh-ijkl-mnop"

static inline HibFace *
hib_test_face(HibTestStore *test, int port, const char *did_of_a)
{
    GError *error = NULL;
    const HibAudience audience = hib_audience_new(1, hib_clock_now(test->clock), 100);
    const HibFaceAccount accounts[] = {
        {.handle = "a.practice",
         .password = HIB_TEST_APP_PASSWORD,
         .display_name = "喫茶ひびき",
         .did = did_of_a,
         .audience = audience},
        {.handle = "b.practice",
         .password = HIB_TEST_APP_PASSWORD,
         .display_name = "B",
         .audience = audience},
    };
    const HibFaceOptions options = {.port = port,
                                    .accounts = accounts,
                                    .n_accounts = G_N_ELEMENTS(accounts),
                                    .clock = test->clock};
    HibFace *face = hib_face_start(&options, &error);
    g_assert_no_error(error);
    return face;
}
