/* Finding a post whose outcome is unknown: the right one of several, and none rather than a wrong one. */
#include "networks/call.h"

#include <string.h>

#define SENT (INT64_C(1795000000) * HIB_SECOND)

static HibArena *arena;

static int
match(const char *text, size_t n_media, const char *const *taken, const HibNetSeen *seen, size_t n)
{
    const HibNetPost post = {.text = text, .n_media = n_media, .created_at = SENT - HIB_HOUR};
    const HibNetSending sending = {.post = &post, .taken = taken, .sent_at = SENT};
    return hib_net_match(arena, &sending, seen, n);
}

static void
the_same_text_as_a_reader_calls_it_is_the_post(void)
{
    static const struct {
        const char *sent, *listed;
        bool is_same;
    } cases[] = {
        {"秋の新作です", "秋の新作です", true},
        {"秋の新作です", " 秋の新作です\n", true},
        {"ｶﾌｪ　Ａ\n\n改行", "カフェ A 改行", true},
        {"秋の新作です", "秋の新作です!", false},
        {"秋の新作です", "秋の新作", false},
        {"", "", true},
        {"", "x", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HibNetSeen seen = {"1", "", cases[i].listed, SENT + HIB_SECOND, 0};
        g_test_message("%s | %s", cases[i].sent, cases[i].listed);
        g_assert_cmpint(match(cases[i].sent, 0, NULL, &seen, 1), ==, cases[i].is_same ? 0 : -1);
    }
    g_assert_cmpint(match("x", 0, NULL, NULL, 0), ==, -1);
}

static void
time_and_number_of_media_must_fit_where_they_are_known(void)
{
    static const struct {
        HibInstant at;
        int n_media;
        bool is_found;
    } cases[] = {
        {SENT, 2, true},
        {SENT - HIB_MINUTE, 2, true}, /* clocks differ */
        {SENT - 2 * HIB_MINUTE, 2, true},
        {SENT - 2 * HIB_MINUTE - 1, 2, false}, /* an older post with the same words */
        {SENT + HIB_DAY, 2, true},
        {0, 2, true},
        {SENT, -1, true},
        {SENT, 1, false},
        {SENT, 0, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HibNetSeen seen = {"1", "", "x", cases[i].at, cases[i].n_media};
        g_test_message("%zu", i);
        g_assert_cmpint(match("x", 2, NULL, &seen, 1), ==, cases[i].is_found ? 0 : -1);
    }
    /* Before the first call there is only what the post itself says. */
    const HibNetPost post = {.text = "x", .created_at = SENT};
    const HibNetSending sending = {.post = &post};
    const HibNetSeen early = {"1", "", "x", SENT - HIB_HOUR, 0}, late = {"1", "", "x", SENT, 0};
    g_assert_cmpint(hib_net_match(arena, &sending, &early, 1), ==, -1);
    g_assert_cmpint(hib_net_match(arena, &sending, &late, 1), ==, 0);
}

static void
of_equal_posts_close_in_time_each_is_found_once(void)
{
    const HibNetSeen seen[] = {{"4", "", "本日休業", SENT + 60 * HIB_SECOND, 0},
                               {"3", "", "本日休業", SENT + 31 * HIB_SECOND, 0},
                               {"2", "", "本日休業", SENT + 2 * HIB_SECOND, 0},
                               {"1", "", "本日休業", SENT - 40 * HIB_SECOND, 0},
                               {"0", "", "本日休業", 0, 0}};
    g_assert_cmpint(match("本日休業", 0, NULL, seen, 5), ==, 2); /* nearest to when it was sent */
    const char *const first[] = {"2", NULL}, *const two[] = {"2", "3", NULL},
                      *const four[] = {"1", "2", "3", "4", NULL}, *const all[] = {"0", "1", "2",
                                                                                  "3", "4", NULL};
    g_assert_cmpint(match("本日休業", 0, first, seen, 5), ==, 1);
    g_assert_cmpint(match("本日休業", 0, two, seen, 5), ==, 3);
    g_assert_cmpint(match("本日休業", 0, four, seen, 5), ==, 4); /* one without a time, at last */
    g_assert_cmpint(match("本日休業", 0, all, seen, 5), ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = hib_arena_new();
    g_test_add_func("/networks/match/the_same_text_as_a_reader_calls_it_is_the_post",
                    the_same_text_as_a_reader_calls_it_is_the_post);
    g_test_add_func("/networks/match/time_and_number_of_media_must_fit_where_they_are_known",
                    time_and_number_of_media_must_fit_where_they_are_known);
    g_test_add_func("/networks/match/of_equal_posts_close_in_time_each_is_found_once",
                    of_equal_posts_close_in_time_each_is_found_once);
    int status = g_test_run();
    hib_arena_free(arena);
    return status;
}
