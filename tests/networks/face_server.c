/* The practice face as a process, for tests in other languages: prints its address, serves until standard input ends. */
#include "practice/bluesky_face.h"

#include <stdio.h>

int
main(void)
{
    g_autoptr(GError) error = NULL;
    const HibInstant since = hib_clock_now(hib_clock_real()) - 10 * HIB_DAY;
    const HibFaceAccount accounts[] = {
        {.handle = "hibiki.test",
         .password = "open-sesame",
         .display_name = "喫茶ひびき",
         .audience = hib_audience_new(1, since, 640)},
        {.handle = "nene.test",
         .password = "other",
         .display_name = "ねね",
         .audience = hib_audience_new(2, since, 90)},
    };
    g_autoptr(HibFace) face = hib_face_start(
        &(HibFaceOptions){.accounts = accounts, .n_accounts = 2, .has_control = true}, &error);
    if (!face) {
        g_printerr("%s\n", error->message);
        return 1;
    }
    printf("%s\n", hib_face_url(face));
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    return 0;
}
