/* Each reason, and one entry a person. */
#include "store/test_store.h"
#include "ugc/ugc_private.h"

static const HibInstant OPENS = 1000 * HIB_SECOND, CLOSES = 2000 * HIB_SECOND;

static HibJudged
entry(const char *network, const char *author, const char *handle, int at_s)
{
    return (HibJudged){.id = handle,
                       .network = network,
                       .author = author,
                       .handle = handle,
                       .at = at_s * HIB_SECOND};
}

static void
each_reason_is_told(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GHashTable) seen = hib_ugc_seen();
    HibJudged all[] = {entry("x", "1", "early", 999),    entry("x", "2", "first", 1000),
                       entry("x", "3", "clerk", 1100),   entry("x", "4", "Bad.Person", 1200),
                       entry("x", "2", "renamed", 1300), entry("x", "5", "gone", 1400),
                       entry("x", "6", "us", 1500),      entry("x", "7", "last", 1999),
                       entry("x", "8", "late", 2000),    entry("bluesky", "9", "clerk", 1600)};
    all[5].is_gone = true;
    all[6].is_own = true;
    hib_ugc_judge(arena, all, G_N_ELEMENTS(all), OPENS, CLOSES, "x:@clerk",
                  "@ｂａｄ.person\n\nnobody", seen);
    static const HibEntryReason wanted[] = {HIB_ENTRY_EARLY,   HIB_ENTRY_ELIGIBLE,  HIB_ENTRY_STAFF,
                                            HIB_ENTRY_BLOCKED, HIB_ENTRY_DUPLICATE, HIB_ENTRY_GONE,
                                            HIB_ENTRY_OWN,     HIB_ENTRY_ELIGIBLE,  HIB_ENTRY_LATE,
                                            HIB_ENTRY_ELIGIBLE};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_cmpint(all[i].reason, ==, wanted[i]);
}

/* What does not count does not use up a person's chance; who contacts/ says is one person is one. */
static void
the_first_that_counts_is_the_persons(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GHashTable) seen = hib_ugc_seen();
    HibJudged all[] = {entry("x", "1", "a", 500), entry("x", "1", "a", 1100),
                       entry("x", "1", "a", 1200), entry("bluesky", "did:1", "a", 1300),
                       entry("mastodon", "1", "a", 1400)};
    all[1].person = all[2].person = all[3].person = "p1";
    hib_ugc_judge(arena, all, G_N_ELEMENTS(all), OPENS, CLOSES, "", "", seen);
    g_assert_cmpint(all[0].reason, ==, HIB_ENTRY_EARLY);
    g_assert_cmpint(all[1].reason, ==, HIB_ENTRY_ELIGIBLE);
    g_assert_cmpint(all[2].reason, ==, HIB_ENTRY_DUPLICATE);
    g_assert_cmpint(all[3].reason, ==, HIB_ENTRY_DUPLICATE);
    g_assert_cmpint(all[4].reason, ==, HIB_ENTRY_ELIGIBLE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ugc/judge/reasons", each_reason_is_told);
    g_test_add_func("/ugc/judge/person", the_first_that_counts_is_the_persons);
    return g_test_run();
}
