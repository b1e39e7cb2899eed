/* A flood of replies is looked through a page at a time: what is held in memory does not grow with it, and everybody is in once. */
#include "ugc/fixture_test.h"
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>

enum { FLOOD = 6000, AT_ONCE = 500, MOST_BYTES = 4 << 20 };

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void);
static size_t
allocated(void)
{
    return __sanitizer_get_current_allocated_bytes();
}
#else
static size_t
allocated(void)
{
    return mallinfo2().uordblks;
}
#endif

typedef struct {
    atomic_bool is_over;
    size_t highest;
} Watch;

static void *
watch(void *data)
{
    Watch *in = data;
    while (!atomic_load(&in->is_over)) {
        in->highest = MAX(in->highest, allocated());
        g_usleep(500);
    }
    return NULL;
}

/* Each says the hashtag, `FLOOD` people in all, the last hundred of them twice. */
static void
flood(Fixture *f)
{
    for (int from = 0; from < FLOOD + 100; from += AT_ONCE) {
        GError *error = NULL;
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(hib_db_store(f->db), arena, hib_db_workspace(f->db));
        const int n = MIN(AT_ONCE, FLOOD + 100 - from);
        HibNetTalk *talk = hib_arena_array(arena, HibNetTalk, AT_ONCE);
        size_t n_new;
        for (int i = 0; i < n; i++) {
            const int who = from + i < FLOOD ? from + i : from + i - 100;
            const char *author = hib_arena_printf(arena, "fan%d", who);
            talk[i] = (HibNetTalk){.kind = HIB_TALK_MENTION,
                                   .remote_id = hib_arena_printf(arena, "at://x/y/%d", from + i),
                                   .text = "応募します。当たりますように #冬",
                                   .author_id = author,
                                   .author_handle = author,
                                   .author_name = author,
                                   .url = hib_arena_printf(arena, "https://x.example/%d", from + i),
                                   .at = hib_db_now(db) + from + i};
        }
        hib_assert_ok(hib_engage_store(db, f->account, talk, (size_t)n, &n_new, &error), error);
    }
}

static const char *
opened(Fixture *f)
{
    GError *error = NULL;
    const char *id;
    const HibPrize prize = {.name = "豆", .n = 1, .value_yen = 1000};
    const HibContest in = {.name = "冬",
                           .premium = HIB_PREMIUM_OPEN,
                           .opens_at = hib_db_now(f->db) - HIB_HOUR,
                           .closes_at = hib_db_now(f->db) + HIB_HOUR,
                           .way = HIB_WAY_HASHTAG,
                           .tag = "冬",
                           .networks = "bluesky",
                           .also = "",
                           .staff = "",
                           .blocked = "",
                           .wording = "",
                           .answer_days = 3,
                           .asks = "",
                           .checked = "any-terms\nany-phish"};
    hib_assert_ok(hib_contest_add(f->db, &in, &prize, 1, &id, &error), error);
    hib_assert_ok(hib_contest_open(f->db, id, &error), error);
    return id;
}

static void
a_flood_is_taken_in_flat_memory(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibContest *row;
    HibContestCounts counts;
    HibUgcSetting setting;
    pthread_t thread;
    Watch seen = {0};
    open_fixture(&f, test);
    hib_assert_ok(hib_ugc_setting(f.db, &setting, &error), error);
    setting.mentions = true; /* each is a post of a customer too */
    hib_assert_ok(hib_ugc_set_setting(f.db, &setting, &error), error);
    const char *id = opened(&f);
    flood(&f);
    const size_t before = allocated();
    g_assert_cmpint(pthread_create(&thread, NULL, watch, &seen), ==, 0);
    gather(&f);
    hib_assert_ok(hib_contest(f.db, id, &row, &error), error);
    hib_assert_ok(hib_contest_judge(f.db, row, &error), error);
    atomic_store(&seen.is_over, true);
    pthread_join(thread, NULL);
    g_test_message("%zu KB at the highest beside what was there", (seen.highest - before) / 1024);
    hib_assert_ok(hib_contest_counts(f.db, id, &counts, &error), error);
    g_assert_cmpint(counts.n, ==, FLOOD + 100);
    g_assert_cmpint(counts.n_eligible, ==, FLOOD);
    g_assert_cmpuint(seen.highest - before, <, MOST_BYTES);
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/ugc/gather/a_flood_is_taken_in_flat_memory",
                        a_flood_is_taken_in_flat_memory);
    return g_test_run();
}
