/* What people say is stored once however often it is told, and answered once. */
#include "base/error.h"
#include "engage/engage_private.h"
#include "test_workspace.h"

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *account;
} Fixture;

static void
open_fixture(Fixture *f, HibTestStore *test)
{
    *f = (Fixture){0};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->account = hib_test_account(&f->ws, f->db, "cafe.example");
}

static void
close_fixture(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

static HibNetTalk
said(Fixture *f, const char *id, const char *text)
{
    return (HibNetTalk){.kind = HIB_TALK_COMMENT,
                        .remote_id = id,
                        .text = text,
                        .post_id = "at://did:plc:me/app.bsky.feed.post/1",
                        .author_id = "did:plc:fan",
                        .author_handle = "fan.example",
                        .author_name = "ファン",
                        .url = "",
                        .at = hib_db_now(f->db)};
}

static size_t
store(Fixture *f, const HibNetTalk *talk, size_t n)
{
    GError *error = NULL;
    size_t n_new = 0;
    hib_assert_ok(hib_engage_store(f->db, f->account, talk, n, &n_new, &error), error);
    return n_new;
}

static HibTalk *
list(Fixture *f, const HibTalkQuery *query, size_t *ret_n)
{
    GError *error = NULL;
    HibTalk *rows = NULL;
    const char *next;
    hib_assert_ok(hib_engage_list(f->db, query, &rows, ret_n, &next, &error), error);
    return rows;
}

static void
told_twice_is_one_and_an_edit_is_followed(HibTestStore *test)
{
    Fixture f;
    size_t n;
    open_fixture(&f, test);
    HibNetTalk talk[] = {said(&f, "a", "おいしそう!"), said(&f, "b", "何時から?"),
                         said(&f, "a", "おいしそう!")};
    g_assert_cmpuint(store(&f, talk, 3), ==, 2);
    g_assert_cmpuint(store(&f, talk, 3), ==, 0);
    talk[0].text = "おいしそう!!";
    g_assert_cmpuint(store(&f, talk, 1), ==, 0);
    HibTalk *rows = list(&f, &(HibTalkQuery){0}, &n);
    g_assert_cmpuint(n, ==, 2);
    g_assert_true(g_str_equal(rows[0].text, "おいしそう!!") ||
                  g_str_equal(rows[1].text, "おいしそう!!"));
    close_fixture(&f);
}

/* Taken away by its author: the words go and do not come back with an older telling. */
static void
what_is_taken_away_stays_away(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibTalk *after;
    size_t n;
    open_fixture(&f, test);
    HibNetTalk talk = said(&f, "a", "まちがえました"), gone = talk;
    gone.is_deleted = true;
    store(&f, &talk, 1);
    store(&f, &gone, 1);
    store(&f, &talk, 1);
    HibTalk *rows = list(&f, &(HibTalkQuery){0}, &n);
    g_assert_true(rows[0].is_deleted && !rows[0].can_reply);
    g_assert_cmpstr(rows[0].text, ==, "");
    hib_assert_refused(hib_engage_reply(f.db, rows[0].id, "はい", false, &after, &error), error,
                       "engage.deleted");
    HibNetTalk unseen = said(&f, "c", "");
    unseen.is_deleted = true; /* taken away before it was read */
    g_assert_cmpuint(store(&f, &unseen, 1), ==, 1);
    close_fixture(&f);
}

static void
an_answer_is_a_delivery_and_there_is_one(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibTalk *after;
    HibDelivery *delivery;
    size_t n;
    open_fixture(&f, test);
    HibNetTalk talk = said(&f, "at://did:plc:fan/app.bsky.feed.post/9", "予約できますか?");
    store(&f, &talk, 1);
    const HibTalkQuery open = {.is_open = true};
    HibTalk *rows = list(&f, &open, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(rows[0].can_reply);
    hib_assert_ok(hib_engage_reply(f.db, rows[0].id, "はい、できます", false, &after, &error),
                  error);
    g_assert_cmpstr(after->answer_text, ==, "はい、できます");
    g_assert_cmpint(after->answer_state, ==, HIB_DELIVERY_WAITING);
    hib_assert_ok(hib_publish_get(f.db, after->answer_id, &delivery, &error), error);
    g_assert_cmpstr(delivery->text, ==, "はい、できます");
    g_assert_cmpstr(delivery->post_id, ==, "");
    hib_assert_refused(hib_engage_reply(f.db, rows[0].id, "もう一度", false, &after, &error), error,
                       "engage.answered");
    hib_assert_ok(hib_engage_reply(f.db, rows[0].id, "もう一度", true, &after, &error), error);
    list(&f, &open, &n);
    g_assert_cmpuint(n, ==, 0);
    close_fixture(&f);
}

static void
pages_hold_everything_once(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    const char *next = NULL;
    size_t seen = 0;
    open_fixture(&f, test);
    for (int i = 0; i < 25; i++) {
        HibNetTalk talk = said(&f, hib_arena_printf(hib_db_arena(f.db), "id-%d", i), "やあ");
        talk.at += (i / 3) * HIB_SECOND;
        store(&f, &talk, 1);
    }
    do {
        HibTalk *rows;
        size_t n;
        const HibTalkQuery query = {.limit = 10, .cursor = next};
        hib_assert_ok(hib_engage_list(f.db, &query, &rows, &n, &next, &error), error);
        seen += n;
    } while (next);
    g_assert_cmpuint(seen, ==, 25);
    HibTalk *rows;
    size_t n;
    hib_assert_refused(
        hib_engage_list(f.db, &(HibTalkQuery){.cursor = "x"}, &rows, &n, &next, &error), error,
        "engage.bad_cursor");
    hib_assert_refused(hib_engage_get(f.db, "none", &rows, &error), error, "engage.unknown");
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/engage/told_twice_is_one_and_an_edit_is_followed",
                 told_twice_is_one_and_an_edit_is_followed);
    hib_test_add("/engage/what_is_taken_away_stays_away", what_is_taken_away_stays_away);
    hib_test_add("/engage/an_answer_is_a_delivery_and_there_is_one",
                 an_answer_is_a_delivery_and_there_is_one);
    hib_test_add("/engage/pages_hold_everything_once", pages_hold_everything_once);
    return g_test_run();
}
