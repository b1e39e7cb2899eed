/* Which hashtags are searched for where, that a network which does not answer is told and asked later, and whom of those found the account may ask. */
#include "base/error.h"
#include "ugc/fixture_test.h"
#include "ugc/search_private.h"
#include <string.h>

static void
follow(Fixture *f, const char *tags, const char *networks)
{
    GError *error = NULL;
    HibUgcSetting setting;
    hib_assert_ok(hib_ugc_setting(f->db, &setting, &error), error);
    setting.tags = tags;
    setting.networks = networks;
    hib_assert_ok(hib_ugc_set_setting(f->db, &setting, &error), error);
}

static const char *
contest(Fixture *f, const char *tag, const char *networks)
{
    GError *error = NULL;
    const char *id;
    HibPrize prize = {.name = "豆", .n = 1, .value_yen = 100};
    HibInstant now = hib_db_now(f->db);
    const HibContest in = {.name = "秋",
                           .premium = 3,
                           .opens_at = now - HIB_DAY,
                           .closes_at = now + HIB_DAY,
                           .way = HIB_WAY_HASHTAG,
                           .tag = tag,
                           .networks = networks,
                           .also = "",
                           .staff = "",
                           .blocked = "",
                           .asks = "",
                           .wording = "",
                           .answer_days = 3,
                           .checked = ""};
    hib_assert_ok(hib_contest_add(f->db, &in, &prize, 1, &id, &error), error);
    return id;
}

static void
hashtags_of_the_setting_and_of_open_campaigns_are_searched_for(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibUgcSearch *rows;
    size_t n;
    open_fixture(&f, test);
    hib_assert_ok(hib_ugc_searches(f.db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    contest(&f, "冬", ""); /* a draft: not yet */
    follow(&f, "秋\n夏", "bluesky x");
    hib_assert_ok(hib_ugc_searches(f.db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 4);
    for (size_t i = 0; i < n; i++) { /* X is not connected */
        g_assert_cmpint(rows[i].next_at, ==, 0);
        g_assert_true((rows[i].account != NULL) == g_str_equal(rows[i].network, "bluesky"));
    }
    follow(&f, "秋", "");
    hib_assert_ok(hib_ugc_searches(f.db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    HibUgcSetting setting;
    hib_assert_ok(hib_ugc_setting(f.db, &setting, &error), error);
    setting.networks = "bluesky facebook";
    hib_assert_refused(hib_ugc_set_setting(f.db, &setting, &error), error, "ugc.no_search");
    close_fixture(&f);
}

static void
silence_is_told_and_asked_again_later(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibUgcSearch *rows;
    HibJobEnd end;
    HibInstant at = 0, now;
    size_t n;
    open_fixture(&f, test);
    now = hib_db_now(f.db);
    follow(&f, "秋\n夏", "bluesky");
    hib_assert_ok(hib_ugc_search_run(f.db, &(HibJob){0}, &f.ws.services, &end, &at, &error), error);
    g_assert_cmpint(end, ==, HIB_JOB_AGAIN);
    g_assert_cmpint(at, >, now);
    hib_assert_ok(hib_ugc_searches(f.db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpint(rows[i].next_at, >, now);
        g_assert_false(rows[i].row.has_searched_at);
        g_assert_cmpstr(rows[i].row.fault, !=, "");
    }
    close_fixture(&f);
}

static void
whom_the_network_lets_nobody_answer_is_asked_by_hand(void)
{
    const struct {
        const char *network, *text, *block;
    } rows[] = {
        {"bluesky", "#秋", NULL},
        {"mastodon", "#秋", NULL},
        {"threads", "#秋", NULL},
        {"youtube", "#秋", NULL},
        {"instagram", "#秋 @cafe", "unanswered"},
        {"x", "#秋", "not_named"},
        {"x", "#秋 @cafeteria", "not_named"},
        {"x", "#秋 (@Cafe) 最高", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibUgcItem item = {
            .network = rows[i].network, .account_id = "a", .remote_id = "1", .text = rows[i].text};
        g_assert_cmpstr(hib_ugc_ask_block(&item, "cafe"), ==, rows[i].block);
        item.talk_id = "t"; /* it is in the inbox: it can be answered there */
        g_assert_null(hib_ugc_ask_block(&item, "cafe"));
    }
    g_assert_cmpstr(hib_ugc_ask_block(&(HibUgcItem){.network = "x", .text = ""}, NULL), ==, "link");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/ugc/search/hashtags_of_the_setting_and_of_open_campaigns_are_searched_for",
                 hashtags_of_the_setting_and_of_open_campaigns_are_searched_for);
    hib_test_add("/ugc/search/silence_is_told_and_asked_again_later",
                 silence_is_told_and_asked_again_later);
    g_test_add_func("/ugc/search/whom_the_network_lets_nobody_answer_is_asked_by_hand",
                    whom_the_network_lets_nobody_answer_is_asked_by_hand);
    return g_test_run();
}
