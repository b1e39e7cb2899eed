/* A campaign from draft to winners: the cap, what closing binds, one draw, each winner told once, substitutes. */
#include "base/error.h"
#include "ugc/fixture_test.h"

static HibContest
content(Fixture *f)
{
    HibInstant now = hib_db_now(f->db);
    return (HibContest){.name = "冬の写真",
                        .premium = HIB_PREMIUM_GENERAL,
                        .price_yen = 500,
                        .sales_yen = 10000000,
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
                        .asks = "",
                        .checked = "any-terms\nany-phish"};
}

static const char *
begun(Fixture *f, int n_entries)
{
    GError *error = NULL;
    const char *id;
    const HibContest in = content(f);
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
    return id;
}

static void
a_prize_above_the_cap_blocks_opening(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *id;
    open_fixture(&f, test);
    HibContest in = content(&f);
    HibPrize prize = {.name = "旅行", .n = 1, .value_yen = 10001}; /* 500 yen × 20 */
    hib_assert_ok(hib_contest_add(f.db, &in, &prize, 1, &id, &error), error);
    hib_assert_refused(hib_contest_open(f.db, id, &error), error, "ugc.over_cap");
    prize.value_yen = 10000;
    prize.n = 21; /* 2 % of 10,000,000 are 200,000 */
    hib_assert_ok(hib_contest_change(f.db, id, 1, &in, &prize, 1, &error), error);
    hib_assert_refused(hib_contest_open(f.db, id, &error), error, "ugc.over_cap");
    prize.n = 20;
    hib_assert_ok(hib_contest_change(f.db, id, 2, &in, &prize, 1, &error), error);
    hib_assert_ok(hib_contest_open(f.db, id, &error), error);
    hib_assert_refused(hib_contest_open(f.db, id, &error), error, "ugc.not_draft");
    prize.value_yen = 1;
    hib_assert_refused(hib_contest_change(f.db, id, 4, &in, &prize, 1, &error), error,
                       "ugc.frozen");
    close_fixture(&f);
}

static void
the_draw_follows_from_what_closing_published(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibDraw *draws;
    HibWinner *winners, *again;
    HibContestCounts counts;
    size_t n, n_again;
    int64_t draw;
    HibJobEnd end;
    HibInstant at;
    open_fixture(&f, test);
    const char *id = begun(&f, 6);
    HibKeys *keys = f.ws.services.keys;
    const HibJob job = {.subject = id};
    hib_assert_ok(hib_contest_counts(f.db, id, &counts, &error), error);
    g_assert_cmpint(counts.n, ==, 8);
    g_assert_cmpint(counts.n_eligible, ==, 6);
    hib_assert_refused(hib_contest_draw(f.db, keys, id, "", &error), error, "ugc.not_closed");
    hib_assert_ok(hib_contest_close(f.db, keys, id, &error), error);
    hib_assert_refused(hib_contest_close(f.db, keys, id, &error), error, "ugc.not_open");
    hib_assert_ok(hib_contest_draws(f.db, id, &draws, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
    g_assert_null(draws[0].seed);
    g_assert_cmpint(draws[0].n_entries, ==, 6);
    hib_assert_ok(hib_contest_draw(f.db, keys, id, "38,915.87\n", &error), error);
    hib_assert_ok(hib_contest_winners(f.db, id, &winners, &n, &draw, &error), error);
    g_assert_cmpuint(n, ==, 4);
    hib_assert_ok(hib_contest_draw(f.db, keys, id, "another", &error), error);
    hib_assert_ok(hib_contest_winners(f.db, id, &again, &n_again, &draw, &error), error);
    hib_assert_ok(hib_contest_draws(f.db, id, &draws, &n_again, &error), error);
    g_assert_cmpstr(draws[0].outside, ==, "38,915.87");
    g_assert_cmpstr(draws[0].commitment, ==,
                    hib_sha256_hex(hib_db_arena(f.db), draws[0].seed, strlen(draws[0].seed)));
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpstr(again[i].entry_id, ==, winners[i].entry_id);
        g_assert_cmpstr(winners[i].score, ==,
                        hib_lottery_score(hib_db_arena(f.db), draws[0].seed, draws[0].outside,
                                          draws[0].entries_hash, winners[i].entry_id));
        g_assert_cmpint(winners[i].state, ==, i < 2 ? HIB_WINNER_DRAWN : HIB_WINNER_SUBSTITUTE);
    }
    /* Again only with a reason, a seed of its own, and before anybody was told. */
    hib_assert_ok(hib_contest_tell(f.db, id, &error), error);
    hib_assert_ok(hib_contest_redraw(f.db, keys, id, "景品の変更", &error), error);
    /* The order to tell comes too late: nobody hears of a void draw. */
    hib_assert_ok(hib_ugc_tell_run(f.db, &job, &f.ws.services, &end, &at, &error), error);
    hib_assert_ok(hib_contest_winners(f.db, id, &again, &n_again, &draw, &error), error);
    g_assert_cmpuint(n_again, ==, 4);
    g_assert_cmpint(draw, ==, 1);
    for (size_t i = 0; i < n_again; i++) {
        g_assert_cmpint(again[i].state, ==, winners[i].state);
        g_assert_null(again[i].message_id);
        g_assert_cmpstr(again[i].message_fault, ==, "");
    }
    hib_assert_ok(hib_contest_draws(f.db, id, &draws, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(draws[1].commitment, !=, draws[0].commitment);
    g_assert_cmpstr(draws[1].entries_hash, ==, draws[0].entries_hash);
    close_fixture(&f);
}

static void
each_winner_is_told_once_and_a_substitute_moves_up(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibWinner *w;
    size_t n;
    int64_t draw;
    HibJobEnd end;
    HibInstant at;
    open_fixture(&f, test);
    const char *id = begun(&f, 6);
    HibKeys *keys = f.ws.services.keys;
    const HibJob job = {.subject = id};
    hib_assert_refused(hib_contest_tell(f.db, id, &error), error, "ugc.not_drawn");
    hib_assert_ok(hib_contest_close(f.db, keys, id, &error), error);
    hib_assert_ok(hib_contest_draw(f.db, keys, id, "", &error), error);
    hib_assert_ok(hib_contest_tell(f.db, id, &error), error);
    hib_assert_ok(hib_ugc_tell_run(f.db, &job, &f.ws.services, &end, &at, &error), error);
    hib_assert_ok(hib_contest_winners(f.db, id, &w, &n, &draw, &error), error);
    g_assert_cmpint(w[0].state, ==, HIB_WINNER_TOLD);
    g_assert_cmpint(w[1].state, ==, HIB_WINNER_TOLD);
    g_assert_cmpint(w[2].state, ==, HIB_WINNER_SUBSTITUTE);
    const char *first = w[0].delivery_id;
    g_assert_null(w[0].message_id); /* Bluesky's connector sends none: that is said */
    g_assert_cmpstr(w[0].message_fault, ==, "ugc.no_message");
    hib_assert_ok(hib_ugc_tell_run(f.db, &job, &f.ws.services, &end, &at, &error), error);
    hib_assert_ok(hib_contest_winners(f.db, id, &w, &n, &draw, &error), error);
    g_assert_cmpstr(w[0].delivery_id, ==, first);
    hib_assert_refused(hib_contest_redraw(f.db, keys, id, "x", &error), error, "ugc.told");
    hib_assert_ok(hib_contest_answer(f.db, id, 1, true, &error), error);
    hib_assert_refused(hib_contest_answer(f.db, id, 1, false, &error), error, "ugc.not_waiting");
    hib_assert_refused(hib_contest_answer(f.db, id, 9, false, &error), error, "ugc.winner_unknown");
    /* The second says nothing: three days later the next one is a winner. */
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + 3 * HIB_DAY + HIB_MINUTE);
    hib_assert_ok(hib_ugc_lapse_run(f.db, &job, &f.ws.services, &end, &at, &error), error);
    hib_assert_ok(hib_ugc_lapse_run(f.db, &job, &f.ws.services, &end, &at, &error), error);
    hib_assert_ok(hib_contest_winners(f.db, id, &w, &n, &draw, &error), error);
    g_assert_cmpint(w[0].state, ==, HIB_WINNER_ACCEPTED);
    g_assert_cmpint(w[1].state, ==, HIB_WINNER_LAPSED);
    g_assert_cmpint(w[2].state, ==, HIB_WINNER_DRAWN);
    g_assert_cmpstr(w[2].prize_name, ==, "コーヒー豆");
    g_assert_cmpint(w[3].state, ==, HIB_WINNER_SUBSTITUTE);
    close_fixture(&f);
}

static void
what_is_sealed_stays_or_is_not_drawn(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibContestCounts counts;
    HibEntry *entries;
    size_t n;
    int64_t added = 0;
    open_fixture(&f, test);
    const char *id = begun(&f, 3);
    HibKeys *keys = f.ws.services.keys;
    hib_assert_ok(hib_contest_close(f.db, keys, id, &error), error);
    hib_assert_ok(hib_contest_entries(f.db, id, INT64_MIN, "", NULL, 100, &entries, &n, &error),
                  error);
    for (size_t i = 0; i < n; i++)
        hib_assert_ok(hib_sql_entry_judge(f.db, id, entries[i].id, HIB_ENTRY_BLOCKED, &error),
                      error);
    hib_assert_ok(hib_contest_counts(f.db, id, &counts, &error), error);
    g_assert_cmpint(counts.n_eligible, ==, 3);
    hib_assert_ok(hib_sql_entry_add(f.db, id, hib_db_new_id(f.db), f.account, "bluesky", "late",
                                    "late", "late", "https://x.example/late", hib_db_now(f.db),
                                    &added, &error),
                  error);
    g_assert_cmpint(added, ==, 1);
    hib_assert_refused(hib_contest_draw(f.db, keys, id, "", &error), error, "ugc.edited");
    close_fixture(&f);
}

static void
nothing_is_drawn_of_nothing(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    open_fixture(&f, test);
    const char *id = begun(&f, 0); /* the clerk, and fan0 who is one */
    HibContest *row;
    hib_assert_ok(hib_contest(f.db, id, &row, &error), error);
    HibContest in = *row;
    in.blocked = "fan0";
    const HibPrize prizes[] = {{.name = "コーヒー豆", .n = 2, .value_yen = 3000}};
    hib_assert_ok(hib_contest_change(f.db, id, row->version, &in, prizes, 1, &error), error);
    hib_assert_ok(hib_contest_close(f.db, f.ws.services.keys, id, &error), error);
    hib_assert_refused(hib_contest_draw(f.db, f.ws.services.keys, id, "", &error), error,
                       "ugc.no_entries");
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add_manual("/ugc/draw/" #name, name)
    ADD(a_prize_above_the_cap_blocks_opening);
    ADD(the_draw_follows_from_what_closing_published);
    ADD(each_winner_is_told_once_and_a_substitute_moves_up);
    ADD(what_is_sealed_stays_or_is_not_drawn);
    ADD(nothing_is_drawn_of_nothing);
    return g_test_run();
}
