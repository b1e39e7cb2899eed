/* The history reads like a shop's: enough posts, each told once, within its limits, in season, and its numbers go on. */
#include "networks/network.h"
#include "practice/history.h"
#include "practice/history_texts.h"

#include <string.h>

static HibInstant
instant(const char *text)
{
    HibInstant out = 0;
    g_assert_true(hib_instant_parse(text, &out));
    return out;
}

static void
every_start_date_gives_a_full_history_without_repeats(void)
{
    const HibNetwork *bluesky = hib_network_find("bluesky");
    const char *const starts[] = {"2026-02-10T03:00:00Z", "2026-05-20T12:34:56Z",
                                  "2026-08-01T23:59:00Z", "2026-11-23T12:00:00Z"};
    for (size_t s = 0; s < G_N_ELEMENTS(starts); s++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GHashTable) texts = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
        const HibHistoryPost *posts = NULL;
        HibInstant now = instant(starts[s]);
        size_t n = hib_history_posts(arena, 1, now, &posts);
        g_assert_cmpuint(n, >=, 90);
        g_assert_cmpuint(n, <=, 150);
        for (size_t i = 0; i < n; i++) {
            g_assert_true(g_hash_table_add(texts, (void *)posts[i].text));
            g_assert_true(g_hash_table_add(keys, (void *)posts[i].rkey));
            g_assert_cmpint(posts[i].at, <, now);
            g_assert_cmpint(posts[i].at, >, now - (HIB_HISTORY_DAYS + 1) * HIB_DAY);
            g_assert_true(i == 0 || posts[i - 1].at < posts[i].at);
            g_assert_false(hib_net_count(bluesky, HIB_FORMAT_POST, posts[i].text).is_over);
            g_assert_true(g_utf8_validate(posts[i].text, -1, NULL));
            g_assert_cmpint(posts[i].n_images > 0, ==, *posts[i].alt != '\0');
        }
    }
}

static void
the_deck_has_more_than_sixty_texts_and_none_twice(void)
{
    g_autoptr(GHashTable) texts = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < hib_n_history_texts; i++)
        g_assert_true(g_hash_table_add(texts, (void *)hib_history_texts[i].text));
    g_assert_cmpuint(hib_n_history_texts, >=, 60);
}

static void
no_snow_in_summer(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibHistoryPost *posts = NULL;
    size_t n = hib_history_posts(arena, 3, instant("2026-08-31T12:00:00Z"), &posts);
    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; t < hib_n_history_texts; t++)
            if (!strcmp(posts[i].text, hib_history_texts[t].text))
                g_assert_cmpint(hib_history_texts[t].seasons & (SUMMER | RAINS | AUTUMN | SPRING),
                                !=, 0);
}

static HibInstant
each_hour_for_a_day(HibInstant published_at, HibInstant now)
{
    return now < published_at + HIB_DAY ? now + HIB_HOUR : 0;
}

typedef struct {
    int n;
    HibInstant last;
    int64_t likes;
} Seen;

static void
see(size_t post, HibInstant as_of, const HibAudienceNumbers *counts, void *data)
{
    Seen *seen = data;
    g_assert_cmpint(as_of, >, seen->last);
    g_assert_cmpint(counts->likes, >=, seen->likes);
    *seen = (Seen){seen->n + 1, as_of, counts->likes};
}

static void
readings_follow_the_schedule_and_end_with_now(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibHistoryPost *posts = NULL;
    HibInstant now = instant("2026-11-23T12:00:00Z");
    const HibAudience audience = hib_history_audience(1, now);
    g_assert_cmpuint(hib_history_posts(arena, 1, now, &posts), >, 0);
    Seen seen = {0};
    hib_history_readings(&audience, posts, 1, now, each_hour_for_a_day, see, NULL, &seen);
    g_assert_cmpint(seen.n, ==, 24);
    seen = (Seen){0};
    hib_history_readings(&audience, posts, 1, posts[0].at + 150 * HIB_MINUTE, each_hour_for_a_day,
                         see, NULL, &seen);
    g_assert_cmpint(seen.n, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/history/every_start_date_gives_a_full_history_without_repeats",
                    every_start_date_gives_a_full_history_without_repeats);
    g_test_add_func("/practice/history/the_deck_has_more_than_sixty_texts_and_none_twice",
                    the_deck_has_more_than_sixty_texts_and_none_twice);
    g_test_add_func("/practice/history/no_snow_in_summer", no_snow_in_summer);
    g_test_add_func("/practice/history/readings_follow_the_schedule_and_end_with_now",
                    readings_follow_the_schedule_and_end_with_now);
    return g_test_run();
}
