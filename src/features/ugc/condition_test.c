/* Conditions: nobody is drawn of whom no network told, who did not fulfil one is told which, and the seal waits for all of it. Asking real faces: tests/api/test_ugc.py. */
#include "base/error.h"
#include "ugc/condition_private.h"
#include "ugc/fixture_test.h"

static HibContest
content(Fixture *f, const char *asks)
{
    HibInstant now = hib_db_now(f->db);
    return (HibContest){.name = "フォロー&リポスト",
                        .premium = HIB_PREMIUM_OPEN,
                        .opens_at = now - HIB_HOUR,
                        .closes_at = now + HIB_HOUR,
                        .way = HIB_WAY_HASHTAG,
                        .tag = "冬",
                        .networks = "bluesky",
                        .also = "",
                        .staff = "clerk",
                        .blocked = "",
                        .n_substitutes = 2,
                        .wording = "",
                        .answer_days = 3,
                        .asks = asks,
                        .checked = "any-terms\nany-phish"};
}

static const char *
begun(Fixture *f, const char *asks, int n_entries)
{
    GError *error = NULL;
    const char *id;
    const HibContest in = content(f, asks);
    const HibPrize prizes[] = {{.name = "コーヒー豆", .n = 2, .value_yen = 3000}};
    hib_assert_ok(hib_contest_add(f->db, &in, prizes, 1, &id, &error), error);
    hib_assert_ok(hib_contest_open(f->db, id, &error), error);
    for (int i = 0; i < n_entries; i++) {
        const char *author = hib_arena_printf(hib_db_arena(f->db), "fan%d", i);
        say(f, HIB_TALK_MENTION, hib_arena_printf(hib_db_arena(f->db), "at://x/y/%d", i), author,
            "#冬", NULL, 0);
    }
    say(f, HIB_TALK_MENTION, "at://x/y/clerk", "clerk", "#冬", NULL, 0);
    say(f, HIB_TALK_MENTION, "at://x/y/again", "fan0", "もう一度 #冬", NULL, hib_db_now(f->db) + 1);
    gather(f);
    hib_clock_manual_set(f->ws.test->clock, hib_db_now(f->db) + HIB_MINUTE);
    return id;
}

static void
told(Fixture *f, const char *id, const char *author, HibNetDeed deed, HibNetDone outcome)
{
    GError *error = NULL;
    hib_assert_ok(hib_sql_fact_put(f->db, id, "bluesky", NULL, author, deed, outcome,
                                   hib_db_now(f->db), &error),
                  error);
}

static HibEntryReason
reason_of(Fixture *f, const char *id, const char *author)
{
    GError *error = NULL;
    HibEntry *rows;
    size_t n;
    hib_assert_ok(hib_contest_entries(f->db, id, INT64_MIN, "", NULL, 100, &rows, &n, &error),
                  error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].author_id, author))
            return (HibEntryReason)rows[i].reason;
    g_assert_not_reached();
}

static void
deeds_are_stored_in_one_order_and_once(HibTestStore *test)
{
    Fixture f;
    open_fixture(&f, test);
    const HibNetDeed deeds[] = {HIB_NET_LIKED, HIB_NET_FOLLOWS, HIB_NET_LIKED};
    HibContest in = content(&f, hib_contest_asks_text(hib_db_arena(f.db), deeds, 3));
    g_assert_cmpstr(in.asks, ==, "follow like");
    g_assert_true(hib_contest_asks(&in, HIB_NET_LIKED));
    g_assert_false(hib_contest_asks(&in, HIB_NET_REPOSTED));
    GError *error = NULL;
    const char *id;
    const HibPrize prize = {.name = "豆", .n = 1, .value_yen = 100};
    hib_assert_refused(hib_contest_add(f.db, &in, &prize, 1, &id, &error), error, "ugc.no_post");
    close_fixture(&f);
}

static void
nobody_is_drawn_of_whom_no_network_told(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibContest *row;
    HibDraw *draws;
    HibWinner *winners;
    HibUgcProbe *probes;
    HibContestCounts counts;
    size_t n;
    int64_t draw;
    open_fixture(&f, test);
    HibKeys *keys = f.ws.services.keys;
    const char *id = begun(&f, "follow", 5);
    hib_assert_refused(hib_contest_check_on(f.db, keys, id, true, &error), error,
                       "ugc.not_checking");
    hib_assert_ok(hib_contest_close(f.db, keys, id, &error), error);
    hib_assert_ok(hib_contest(f.db, id, &row, &error), error);
    g_assert_cmpint(row->state, ==, HIB_CONTEST_CHECKING);
    g_assert_null(row->entries_hash); /* nothing is sealed yet */
    hib_assert_refused(hib_contest_close(f.db, keys, id, &error), error, "ugc.not_open");
    hib_assert_refused(hib_contest_draw(f.db, keys, id, "", &error), error, "ugc.not_closed");
    hib_assert_ok(hib_contest_probes(f.db, id, &probes, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(probes[0].account_id, ==, f.account);
    told(&f, id, "fan0", HIB_NET_FOLLOWS, HIB_NET_DEED_DONE);
    told(&f, id, "fan0", HIB_NET_FOLLOWS, HIB_NET_DEED_NO); /* another account's word */
    told(&f, id, "fan1", HIB_NET_FOLLOWS, HIB_NET_DEED_NO);
    told(&f, id, "fan2", HIB_NET_FOLLOWS, HIB_NET_DEED_UNKNOWN);
    told(&f, id, "clerk", HIB_NET_FOLLOWS, HIB_NET_DEED_DONE); /* who works here does not win */
    hib_assert_ok(hib_contest_check_on(f.db, keys, id, true, &error), error);
    hib_assert_ok(hib_contest(f.db, id, &row, &error), error);
    g_assert_cmpint(row->state, ==, HIB_CONTEST_CLOSED);
    g_assert_cmpint(reason_of(&f, id, "fan0"), ==, HIB_ENTRY_ELIGIBLE);
    g_assert_cmpint(reason_of(&f, id, "fan1"), ==, HIB_ENTRY_NOT_FOLLOWING);
    g_assert_cmpint(reason_of(&f, id, "fan2"), ==, HIB_ENTRY_UNCHECKED);
    g_assert_cmpint(reason_of(&f, id, "fan3"), ==, HIB_ENTRY_UNCHECKED);
    g_assert_cmpint(reason_of(&f, id, "clerk"), ==, HIB_ENTRY_STAFF);
    hib_assert_ok(hib_contest_counts(f.db, id, &counts, &error), error);
    g_assert_cmpint(counts.n_eligible, ==, 1);
    g_assert_cmpint(counts.n_unmet, ==, 1);
    g_assert_cmpint(counts.n_unchecked, ==, 3);
    hib_assert_ok(hib_contest_draws(f.db, id, &draws, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(draws[0].n_entries, ==, 1);
    hib_assert_ok(hib_contest_draw(f.db, keys, id, "", &error), error);
    hib_assert_ok(hib_contest_winners(f.db, id, &winners, &n, &draw, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(winners[0].author_id, ==, "fan0");
    close_fixture(&f);
}

static void
what_is_asked_of_people_stays_once_it_is_open(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibContest *row;
    open_fixture(&f, test);
    const char *id = begun(&f, "follow", 1);
    hib_assert_ok(hib_contest(f.db, id, &row, &error), error);
    HibContest in = *row;
    in.asks = "";
    const HibPrize prizes[] = {{.name = "コーヒー豆", .n = 2, .value_yen = 3000}};
    hib_assert_refused(hib_contest_change(f.db, id, row->version, &in, prizes, 1, &error), error,
                       "ugc.frozen");
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/ugc/condition/" #name, name)
    ADD(deeds_are_stored_in_one_order_and_once);
    ADD(nobody_is_drawn_of_whom_no_network_told);
    ADD(what_is_asked_of_people_stays_once_it_is_open);
    return g_test_run();
}
