/* A correction is kept, counts at once, is learnt for the workspace, and can be corrected. */
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

static const char *
say(Fixture *f, const char *id, const char *text, bool is_own)
{
    GError *error = NULL;
    HibTalk *rows;
    const char *next;
    size_t n;
    HibNetTalk talk = {.kind = HIB_TALK_MESSAGE,
                       .remote_id = id,
                       .text = text,
                       .conversation = id,
                       .author_id = id,
                       .at = hib_db_now(f->db),
                       .is_own = is_own};
    hib_assert_ok(hib_engage_store(f->db, f->account, &talk, 1, &n, &error), error);
    hib_assert_ok(hib_engage_list(f->db, &(HibTalkQuery){.limit = 500}, &rows, &n, &next, &error),
                  error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].text, text))
            return rows[i].id;
    g_assert_not_reached();
}

static HibTalk *
get(Fixture *f, const char *id)
{
    GError *error = NULL;
    HibTalk *talk;
    hib_assert_ok(hib_engage_get(f->db, id, &talk, &error), error);
    return talk;
}

static void
a_correction_counts_at_once_and_the_same_words_are_read_so_from_then_on(HibTestStore *test)
{
    static const char text[] = "むぎちゃんの棚、からっぽでした";
    Fixture f;
    GError *error = NULL;
    HibTalk *after;
    open_fixture(&f, test);
    const char *id = say(&f, "U1", text, false);
    g_assert_true(get(&f, id)->reading.is_read && !get(&f, id)->reading.corrected_by);
    hib_assert_ok(
        hib_engage_correct(f.db, id, HIB_SENTIMENT_NEGATIVE, HIB_INTENT_COMPLAINT, &after, &error),
        error);
    g_assert_cmpint(after->reading.intent, ==, HIB_INTENT_COMPLAINT);
    g_assert_cmpint(after->reading.sentiment, ==, HIB_SENTIMENT_NEGATIVE);
    g_assert_nonnull(after->reading.corrected_by);
    HibNetTalk again = {.kind = HIB_TALK_MESSAGE,
                        .remote_id = "x",
                        .text = text,
                        .conversation = "U2",
                        .author_id = "U2",
                        .at = hib_db_now(f.db)};
    size_t n;
    hib_assert_ok(hib_engage_store(f.db, f.account, &again, 1, &n, &error), error);
    HibThreadQuery query = HIB_THREAD_QUERY_ALL;
    query.intent = HIB_INTENT_COMPLAINT;
    HibThread *rows;
    const char *next;
    hib_assert_ok(hib_engage_threads(f.db, &query, &rows, &n, &next, &error), error);
    g_assert_cmpuint(n, ==, 2);
    /* Corrected anew: nothing of the first stays. */
    hib_assert_ok(
        hib_engage_correct(f.db, id, HIB_SENTIMENT_NEUTRAL, HIB_INTENT_QUESTION, &after, &error),
        error);
    HibJobEnd end;
    HibInstant at;
    hib_assert_ok(hib_engage_reread_run(f.db, NULL, NULL, &end, &at, &error), error);
    hib_assert_ok(hib_engage_threads(f.db, &query, &rows, &n, &next, &error), error);
    g_assert_cmpuint(n, ==, 0);
    close_fixture(&f);
}

static void
own_words_and_none_have_no_reading_to_correct(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibTalk *after;
    open_fixture(&f, test);
    hib_assert_refused(hib_engage_correct(f.db, say(&f, "U1", "いらっしゃいませ", true),
                                          HIB_SENTIMENT_POSITIVE, HIB_INTENT_UNSURE, &after,
                                          &error),
                       error, "engage.unread");
    hib_assert_refused(
        hib_engage_correct(f.db, "none", HIB_SENTIMENT_POSITIVE, HIB_INTENT_UNSURE, &after, &error),
        error, "engage.unknown");
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/reading/a_correction_counts_at_once_and_the_same_words_are_read_so_from_then_on",
                 a_correction_counts_at_once_and_the_same_words_are_read_so_from_then_on);
    hib_test_add("/reading/own_words_and_none_have_no_reading_to_correct",
                 own_words_and_none_have_no_reading_to_correct);
    return g_test_run();
}
