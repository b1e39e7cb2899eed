/* A campaign opens only once every rule of its networks was answered, and who did so when is kept. */
#include "base/error.h"
#include "ugc/fixture_test.h"
#include <string.h>

static void
only_rules_of_its_networks_are_asked(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    size_t n;
    const char **open = hib_promotion_open(arena, "line", "", &n);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpstr(open[0], ==, "line-goods");
    open = hib_promotion_open(arena, "line", "any-terms\nline-goods", &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(open[0], ==, "any-phish");
    hib_promotion_open(arena, "", "", &n); /* everywhere */
    g_assert_cmpuint(n, >, 9);
    hib_promotion_open(arena, "bluesky", "any-terms\nany-phish", &n);
    g_assert_cmpuint(n, ==, 0);
}

static void
it_opens_once_all_were_answered_by_whoever_it_was(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibTick *ticks;
    HibContest *row;
    const char *id;
    size_t n;
    open_fixture(&f, test);
    HibInstant now = hib_db_now(f.db);
    HibPrize prize = {.name = "豆", .n = 1, .value_yen = 100};
    HibContest in = {.name = "冬",
                     .premium = 3,
                     .opens_at = now,
                     .closes_at = now + HIB_DAY,
                     .way = HIB_WAY_MENTION,
                     .tag = "",
                     .networks = "bluesky",
                     .also = "",
                     .staff = "",
                     .blocked = "",
                     .asks = "",
                     .wording = "",
                     .answer_days = 3,
                     .checked = "any-terms"};
    hib_assert_ok(hib_contest_add(f.db, &in, &prize, 1, &id, &error), error);
    hib_assert_refused(hib_contest_open(f.db, id, &error), error, "ugc.rules_open");
    hib_assert_ok(hib_contest_ticks(f.db, id, &ticks, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(ticks[0].rule, ==, "any-terms");
    const HibInstant first = ticks[0].at;
    in.checked = "any-terms\nmade-up";
    hib_assert_refused(hib_contest_change(f.db, id, 1, &in, &prize, 1, &error), error,
                       "ugc.rule_unknown");
    in.checked = "any-phish";
    hib_assert_ok(hib_contest_change(f.db, id, 1, &in, &prize, 1, &error), error);
    hib_assert_ok(hib_contest_ticks(f.db, id, &ticks, &n, &error), error);
    g_assert_cmpuint(n, ==, 1); /* taken back */
    hib_assert_refused(hib_contest_open(f.db, id, &error), error, "ugc.rules_open");
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + HIB_MINUTE);
    in.checked = "any-phish\nany-terms";
    hib_assert_ok(hib_contest_change(f.db, id, 2, &in, &prize, 1, &error), error);
    hib_assert_ok(hib_contest_ticks(f.db, id, &ticks, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpint(ticks[1].at, >, first);
    hib_assert_ok(hib_contest_open(f.db, id, &error), error);
    hib_assert_ok(hib_contest(f.db, id, &row, &error), error);
    g_assert_cmpint(row->state, ==, HIB_CONTEST_OPEN);
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ugc/promotion/only_rules_of_its_networks_are_asked",
                    only_rules_of_its_networks_are_asked);
    hib_test_add_manual("/ugc/promotion/it_opens_once_all_were_answered_by_whoever_it_was",
                        it_opens_once_all_were_answered_by_whoever_it_was);
    return g_test_run();
}
