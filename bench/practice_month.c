/* One simulated month of a 50,000-follower account: three posts a day, every view, reaction, reshare and comment an event of its own;
 * numbers read every hour, as measure/ would. Prints one JSON line a seed: seconds of processor and of the wall, and what came of it. */
#include "practice/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DAYS = 30, POSTS_A_DAY = 3 };

static void
live(uint64_t seed)
{
    const HibInstant since = INT64_C(1780000000) * HIB_SECOND;
    const HibAudience audience = hib_audience_new(seed, since, 50000);
    static const char *const topics[] = {"豆", "ランチ", "季節"};
    int64_t start_us = hib_monotonic_us();
    clock_t start = clock();
    g_autoptr(HibCrowd) crowd = hib_crowd_new(&audience);
    HibAudienceNumbers all = {0};
    for (int day = 0; day < DAYS; day++)
        for (int i = 0; i < POSTS_A_DAY; i++) {
            const HibAudiencePost post = {.key = (uint64_t)(day * POSTS_A_DAY + i + 1),
                                          .at = since + day * HIB_DAY + (8 + 5 * i) * HIB_HOUR,
                                          .graphemes = 60 + 10 * i,
                                          .n_images = i % 3,
                                          .length = i == 2 ? 30 * HIB_SECOND : 0,
                                          .topic = topics[i]};
            hib_crowd_post(crowd, &post);
        }
    for (int hour = 1; hour <= DAYS * 24; hour++)
        hib_crowd_advance(crowd, since + hour * HIB_HOUR);
    HibInstant end = since + DAYS * HIB_DAY;
    for (uint64_t key = 1; key <= DAYS * POSTS_A_DAY; key++) {
        const HibAudienceNumbers n = hib_crowd_numbers(crowd, key, end);
        all.views += n.views;
        all.likes += n.likes;
        all.reposts += n.reposts;
        all.comments += n.comments;
    }
    double wall = (double)(hib_monotonic_us() - start_us) / 1e6;
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("{\"seconds\":%.4f,\"wall_seconds\":%.4f,\"views\":%" G_GINT64_FORMAT
           ",\"likes\":%" G_GINT64_FORMAT ",\"reposts\":%" G_GINT64_FORMAT
           ",\"comments\":%" G_GINT64_FORMAT ",\"followers\":%" G_GINT64_FORMAT "}\n",
           seconds, wall, all.views, all.likes, all.reposts, all.comments,
           hib_crowd_followers(crowd, end));
}

int
main(int argc, char **argv)
{
    int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 9;
    for (int seed = 1; seed <= n; seed++)
        live((uint64_t)seed);
    return 0;
}
