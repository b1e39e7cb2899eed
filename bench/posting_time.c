/* What the hours of a week do, from posts on standard input: a line each, "day slot kind result". Prints a JSON line: the mean effects as logarithms, and what is said of them. */
#include "stats/posting_time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int
main(void)
{
    char line[128];
    HibPostingTime *told = g_new0(HibPostingTime, 1);
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GArray) posts = g_array_new(FALSE, FALSE, sizeof(HibPostResult));
    while (fgets(line, sizeof line, stdin)) {
        char *at = line;
        HibPostResult post = {.day = strtod(at, &at)};
        post.slot = (uint8_t)strtoul(at, &at, 10);
        post.kind = (uint8_t)strtoul(at, &at, 10);
        post.result = strtod(at, NULL);
        g_array_append_val(posts, post);
    }
    const clock_t from = clock();
    if (!hib_posting_time(arena, (const HibPostResult *)(void *)posts->data, posts->len, 0.95, 0.2,
                          told))
        return 1;
    printf("{\"s\": %.4f, \"chance_none\": %.4f, \"is_told\": %s, \"lift\": [%.4f, %.4f, %.4f], "
           "\"best\": %d, \"test_posts\": %u, \"effects\": [",
           (double)(clock() - from) / CLOCKS_PER_SEC, told->chance_none,
           told->is_told ? "true" : "false", told->lift, told->lift_low, told->lift_high,
           told->best, told->test_posts);
    for (int s = 0; s < HIB_SLOTS; s++)
        printf("%s%.9g", s ? ", " : "", log1p(told->slots[s].effect));
    printf("]}\n");
    g_free(told);
    return 0;
}
