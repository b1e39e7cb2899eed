/* One practice face as a process, for tests in other languages: prints its address, serves until standard input ends.
 * Usage: face_server [NETWORK [PORT]]   (default: bluesky on a free port) */
#include "practice/bluesky_face.h"
#include "practice/face_run.h"

#include <stdio.h>
#include <stdlib.h>

static void
serve(const char *url)
{
    printf("%s\n", url);
    fflush(stdout);
    while (getchar() != EOF)
        continue;
}

static bool
serve_bluesky(int port, HibInstant since, GError **error)
{
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
        &(HibFaceOptions){.port = port, .accounts = accounts, .n_accounts = 2, .has_control = true},
        error);
    if (face)
        serve(hib_face_url(face));
    return face != NULL;
}

static bool
serve_network(const HibPracticeNetwork *network, int port, HibInstant since, GError **error)
{
    const HibPracticeAccount accounts[] = {
        {.id = "1001",
         .handle = "hibiki",
         .name = "喫茶ひびき",
         .password = "open-sesame",
         .followers = 640},
        {.id = "1002", .handle = "nene", .name = "ねね", .password = "other", .followers = 90},
    };
    const HibPracticeOptions options = {.port = port,
                                        .accounts = accounts,
                                        .n_accounts = G_N_ELEMENTS(accounts),
                                        .seed = 1,
                                        .since = since,
                                        .has_limits = true,
                                        .has_control = true};
    g_autoptr(HibPracticeFace) face = hib_practice_start(network, &options, error);
    if (face)
        serve(hib_practice_url(face));
    return face != NULL;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    const HibInstant since = hib_clock_now(hib_clock_real()) - 10 * HIB_DAY;
    const char *name = argc > 1 ? argv[1] : "bluesky";
    const HibPracticeNetwork *network = hib_practice_network(name);
    int port = argc > 2 ? atoi(argv[2]) : 0;
    if (!network && !g_str_equal(name, "bluesky")) {
        g_printerr("%s: there is no practice network of that name\n", name);
        return 2;
    }
    if (network ? serve_network(network, port, since, &error) : serve_bluesky(port, since, &error))
        return 0;
    g_printerr("%s\n", error->message);
    return 1;
}
