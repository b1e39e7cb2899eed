/* What was said stands in threads, in whatever order it was told; the most urgent first; what is answered waits no more. */
#include "base/error.h"
#include "engage/engage_private.h"
#include "test_workspace.h"

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *account;
    HibInstant now;
} Fixture;

static void
open_fixture(Fixture *f, HibTestStore *test)
{
    *f = (Fixture){0};
    hib_test_workspace_open(&f->ws, test);
    f->db = hib_test_workspace_db(&f->ws, NULL);
    f->account = hib_test_account(&f->ws, f->db, "cafe.example");
    f->now = hib_db_now(f->db);
}

static void
close_fixture(Fixture *f)
{
    hib_db_close(f->db);
    hib_test_workspace_close(&f->ws);
}

static HibNetTalk
comment(Fixture *f, const char *id, const char *parent, const char *text, int second)
{
    return (HibNetTalk){.kind = HIB_TALK_COMMENT,
                        .remote_id = id,
                        .parent_id = parent,
                        .text = text,
                        .post_id = "post",
                        .author_id = "fan",
                        .author_handle = "fan.example",
                        .author_name = "ファン",
                        .url = "",
                        .at = f->now + second * HIB_SECOND};
}

static HibNetTalk
message(Fixture *f, const char *id, const char *with, const char *text, int second)
{
    HibNetTalk talk = comment(f, id, NULL, text, second);
    talk.kind = HIB_TALK_MESSAGE;
    talk.post_id = NULL;
    talk.conversation = talk.author_id = with;
    return talk;
}

static void
store(Fixture *f, HibNetTalk talk)
{
    GError *error = NULL;
    size_t n_new;
    hib_assert_ok(hib_engage_store(f->db, f->account, &talk, 1, &n_new, &error), error);
}

static HibThread *
threads(Fixture *f, const HibThreadQuery *query, size_t *ret_n)
{
    GError *error = NULL;
    HibThread *rows = NULL;
    const char *next;
    hib_assert_ok(hib_engage_threads(f->db, query, &rows, ret_n, &next, &error), error);
    return rows;
}

static HibThread *
all(Fixture *f, size_t *ret_n)
{
    const HibThreadQuery query = HIB_THREAD_QUERY_ALL;
    return threads(f, &query, ret_n);
}

static size_t
n_said(Fixture *f, const char *thread)
{
    GError *error = NULL;
    HibTalk *rows;
    const char *next;
    size_t n;
    hib_assert_ok(hib_engage_thread_talk(f->db, thread, NULL, 0, &rows, &n, &next, &error), error);
    return n;
}

/* a ← b ← c, and d beside them: every order gives the same two threads. */
static void
any_order_gives_the_same_threads(HibTestStore *test)
{
    static const int orders[][4] = {
        {0, 1, 2, 3}, {2, 1, 0, 3}, {1, 2, 3, 0}, {3, 2, 0, 1}, {1, 0, 2, 3}};
    Fixture f;
    open_fixture(&f, test);
    for (size_t o = 0; o < G_N_ELEMENTS(orders); o++) {
        size_t n;
        f.account =
            hib_test_account(&f.ws, f.db, hib_arena_printf(test->arena, "shop%zu.example", o));
        HibNetTalk said[] = {
            comment(&f, "a", NULL, "いいですね", 1), comment(&f, "b", "a", "何時から?", 2),
            comment(&f, "c", "b", "10時です?", 3), comment(&f, "d", NULL, "遠いです", 4)};
        for (int i = 0; i < 4; i++)
            store(&f, said[orders[o][i]]);
        HibThreadQuery query = HIB_THREAD_QUERY_ALL;
        query.account = f.account;
        HibThread *rows = threads(&f, &query, &n);
        g_assert_cmpuint(n, ==, 2);
        const HibThread *three = rows[0].n_talk == 3 ? &rows[0] : &rows[1];
        g_assert_cmpint(three->n_talk, ==, 3);
        g_assert_cmpint(three->n_waiting, ==, 3);
        g_assert_cmpint(three->waiting_since, ==, said[0].at);
        g_assert_cmpint(three->last_at, ==, said[2].at);
        g_assert_cmpstr(three->last_text, ==, said[2].text);
        g_assert_cmpuint(n_said(&f, three->id), ==, 3);
    }
    close_fixture(&f);
}

static void
a_chat_is_one_thread_and_own_words_from_elsewhere_answer_it(HibTestStore *test)
{
    Fixture f;
    size_t n;
    open_fixture(&f, test);
    store(&f, message(&f, "1", "U1", "予約できますか", 1));
    store(&f, message(&f, "2", "U1", "4人です", 2));
    store(&f, message(&f, "3", "U2", "こんにちは", 3));
    HibThread *rows = all(&f, &n);
    g_assert_cmpuint(n, ==, 2);
    const HibThreadQuery waiting = {
        .kind = -1, .status = -1, .sentiment = -1, .intent = -1, .is_waiting = true};
    HibNetTalk own = message(&f, "4", "U1", "はい、承ります", 4);
    own.is_own = true;
    store(&f, own);
    rows = threads(&f, &waiting, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(rows[0].with_id, ==, "U2");
    const HibThreadQuery theirs = {
        .kind = -1, .status = HIB_THREAD_WAITING, .sentiment = -1, .intent = -1};
    rows = threads(&f, &theirs, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_true(rows[0].last_is_own && rows[0].n_waiting == 0 && rows[0].answered_at == own.at);
    store(&f, message(&f, "5", "U1", "ありがとうございます", 5));
    rows = threads(&f, &waiting, &n);
    g_assert_cmpuint(n, ==, 2);
    close_fixture(&f);
}

static void
the_most_urgent_stands_first_and_what_is_taken_away_waits_no_more(HibTestStore *test)
{
    Fixture f;
    size_t n;
    open_fixture(&f, test);
    store(&f, message(&f, "1", "U1", "今日も素敵な写真ですね!", 1));
    store(&f,
          message(&f, "2", "U2",
                  "商品から発火して火傷しました。消費者センターに通報します。至急連絡ください", 2));
    store(&f, message(&f, "3", "U3", "こんにちは", 3));
    HibThread *rows = all(&f, &n);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpstr(rows[0].with_id, ==, "U2");
    g_assert_cmpint(rows[0].reading.urgency, >, rows[1].reading.urgency);
    g_assert_true(*rows[0].reading.reasons);
    HibNetTalk gone = message(&f, "2", "U2", "", 2);
    gone.is_deleted = true;
    store(&f, gone);
    rows = all(&f, &n);
    g_assert_cmpstr(rows[2].with_id, ==, "U2");
    g_assert_cmpint(rows[2].n_waiting, ==, 0);
    g_assert_cmpstr(rows[2].last_text, ==, "");
    close_fixture(&f);
}

static void
an_answer_from_here_answers_the_thread_and_late_words_still_wait(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    HibTalk *after;
    size_t n;
    open_fixture(&f, test);
    store(&f, comment(&f, "at://did:plc:fan/app.bsky.feed.post/1", NULL, "予約できますか?", -5));
    HibTalk *said;
    const char *next;
    hib_assert_ok(hib_engage_thread_talk(f.db, all(&f, &n)->id, NULL, 0, &said, &n, &next, &error),
                  error);
    hib_assert_ok(hib_engage_reply(f.db, said->id, "はい、できます", false, &after, &error), error);
    HibThread *rows = all(&f, &n);
    g_assert_true(rows[0].n_waiting == 0 && rows[0].last_is_own);
    g_assert_cmpstr(rows[0].last_text, ==, "はい、できます");
    g_assert_cmpint(rows[0].status, ==, HIB_THREAD_WAITING);
    /* Said before our answer but heard after it: whoever answered had not seen it. */
    hib_clock_manual_set(test->clock, f.now + HIB_MINUTE);
    store(&f, comment(&f, "at://did:plc:fan/app.bsky.feed.post/2",
                      "at://did:plc:fan/app.bsky.feed.post/1", "犬も一緒です", -3));
    rows = all(&f, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(rows[0].n_waiting, ==, 1);
    g_assert_cmpint(rows[0].status, ==, HIB_THREAD_OPEN);
    close_fixture(&f);
}

static void
words_are_found_with_filters_and_edits_are_followed(HibTestStore *test)
{
    Fixture f;
    size_t n;
    open_fixture(&f, test);
    store(&f, message(&f, "1", "U1", "炎上しています", 1));
    store(&f, comment(&f, "2", NULL, "ｶﾚｰ が炎上味", 2));
    HibThreadQuery query = HIB_THREAD_QUERY_ALL;
    query.words = "炎上";
    HibThread *rows = threads(&f, &query, &n);
    g_assert_cmpuint(n, ==, 2);
    query.kind = HIB_TALK_MESSAGE;
    rows = threads(&f, &query, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(rows[0].with_id, ==, "U1");
    query.kind = -1;
    query.words = "カレー"; /* width and kana are alike */
    threads(&f, &query, &n);
    g_assert_cmpuint(n, ==, 1);
    store(&f, message(&f, "1", "U1", "しずかになりました", 1));
    query.words = "炎上";
    threads(&f, &query, &n);
    g_assert_cmpuint(n, ==, 1);
    GError *error = NULL;
    const char *next;
    query.words = "炎";
    hib_assert_refused(hib_engage_threads(f.db, &query, &rows, &n, &next, &error), error,
                       "search.short");
    query = HIB_THREAD_QUERY_ALL;
    query.cursor = "x";
    hib_assert_refused(hib_engage_threads(f.db, &query, &rows, &n, &next, &error), error,
                       "engage.bad_cursor");
    hib_assert_refused(hib_engage_thread(f.db, "none", &rows, &error), error,
                       "engage.thread_unknown");
    close_fixture(&f);
}

static void
pages_hold_every_thread_once_in_both_orders(HibTestStore *test)
{
    Fixture f;
    GError *error = NULL;
    open_fixture(&f, test);
    for (int i = 0; i < 25; i++)
        store(&f, message(&f, hib_arena_printf(test->arena, "m%d", i),
                          hib_arena_printf(test->arena, "U%d", i), "クーポンはありますか", i / 3));
    for (int order = 0; order < 3; order++) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        HibThreadQuery query = HIB_THREAD_QUERY_ALL;
        query.limit = 7;
        query.order = order == 1 ? HIB_THREADS_NEWEST : HIB_THREADS_URGENT;
        query.words = order == 2 ? "クーポン" : NULL;
        do {
            HibThread *rows;
            const char *next;
            size_t n;
            hib_assert_ok(hib_engage_threads(f.db, &query, &rows, &n, &next, &error), error);
            for (size_t i = 0; i < n; i++)
                g_assert_true(g_hash_table_add(seen, (char *)(uintptr_t)rows[i].id));
            query.cursor = next;
        } while (query.cursor);
        g_assert_cmpuint(g_hash_table_size(seen), ==, 25);
    }
    HibThreadCounts counts;
    hib_assert_ok(hib_engage_counts(f.db, NULL, &counts, &error), error);
    g_assert_cmpint(counts.n_open, ==, 25);
    close_fixture(&f);
}

/* Opening one reads a page of it, however much was said. */
static void
a_conversation_of_two_thousand_messages_opens_at_once(HibTestStore *test)
{
    enum { N = 2000, AT_ONCE = 500 };
    Fixture f;
    GError *error = NULL;
    HibThread *rows, *thread;
    HibTalk *talk;
    const char *next = NULL;
    size_t n, n_new;
    open_fixture(&f, test);
    for (int from = 0; from < N; from += AT_ONCE) {
        HibNetTalk batch[AT_ONCE];
        for (int i = 0; i < AT_ONCE; i++) {
            g_autofree char *id = g_strdup_printf("m%d", from + i);
            batch[i] = message(&f, hib_arena_strdup(hib_db_arena(f.db), id), "fan",
                               "もう一つ質問です", from + i);
        }
        hib_assert_ok(hib_engage_store(f.db, f.account, batch, AT_ONCE, &n_new, &error), error);
        g_assert_cmpuint(n_new, ==, AT_ONCE);
    }
    rows = all(&f, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpint(rows[0].n_talk, ==, N);
    gint64 begun = g_get_monotonic_time();
    hib_assert_ok(hib_engage_thread(f.db, rows[0].id, &thread, &error), error);
    hib_assert_ok(hib_engage_thread_talk(f.db, rows[0].id, NULL, 50, &talk, &n, &next, &error),
                  error);
    g_assert_cmpint(g_get_monotonic_time() - begun, <,
                    500000); /* a few ms; a busy machine and checks for faults are allowed for */
    g_assert_cmpuint(n, ==, 50);
    g_assert_nonnull(next);
    close_fixture(&f);
}

/* Late, own, told twice, taken away among messages of a few people: at once or one by one, the threads are the same. */
static void
stored_at_once_they_stand_as_stored_one_by_one(HibTestStore *test)
{
    enum { N = 240, PEOPLE = 7 };
    static const char *const words[] = {"いつもありがとう", "届きません。返金してください",
                                        "何時からですか?", "炎上しています", ""};
    Fixture f;
    GError *error = NULL;
    HibNetTalk batch[N];
    HibThread *rows[2];
    size_t n[2], n_new;
    open_fixture(&f, test);
    for (int i = 0; i < N; i++) {
        const int number = i % 31 == 30 ? i - 5 : i, second = i % 17 == 16 ? i - 40 : i;
        char *id = hib_arena_printf(test->arena, "m%d", number);
        char *who = hib_arena_printf(test->arena, "U%d", i * i % PEOPLE);
        batch[i] = i % 23 == 22 ? comment(&f, id, NULL, "いいですね", second)
                                : message(&f, id, who, words[i % G_N_ELEMENTS(words)], second);
        batch[i].is_own = i % 29 == 28;
        batch[i].is_deleted = i % 37 == 36;
    }
    for (int way = 0; way < 2; way++) {
        f.account = hib_test_account(&f.ws, f.db, way ? "one.example" : "many.example");
        if (!way)
            hib_assert_ok(hib_engage_store(f.db, f.account, batch, N, &n_new, &error), error);
        for (int i = 0; way && i < N; i++)
            store(&f, batch[i]);
        HibThreadQuery query = HIB_THREAD_QUERY_ALL;
        query.account = f.account;
        query.limit = 100;
        rows[way] = threads(&f, &query, &n[way]);
    }
    g_assert_cmpuint(n[0], ==, n[1]);
    g_assert_cmpuint(n[0], >, PEOPLE);
    for (size_t i = 0; i < n[0]; i++) {
        const HibThread *a = &rows[0][i], *b = &rows[1][i];
        g_assert_cmpstr(a->with_id, ==, b->with_id);
        g_assert_cmpstr(a->last_text, ==, b->last_text);
        g_assert_cmpint(a->n_talk, ==, b->n_talk);
        g_assert_cmpint(a->n_waiting, ==, b->n_waiting);
        g_assert_cmpint(a->waiting_since, ==, b->waiting_since);
        g_assert_cmpint(a->answered_at, ==, b->answered_at);
        g_assert_cmpint(a->first_at, ==, b->first_at);
        g_assert_cmpint(a->last_at, ==, b->last_at);
        g_assert_cmpint(a->due_at, ==, b->due_at);
        g_assert_cmpint(a->status, ==, b->status);
        g_assert_cmpint(a->reading.urgency, ==, b->reading.urgency);
        g_assert_cmpint(a->reading.intent, ==, b->reading.intent);
    }
    close_fixture(&f);
}

static void
what_came_in_a_flood_is_found_a_moment_later(HibTestStore *test)
{
    enum { N = 600 };
    Fixture f;
    GError *error = NULL;
    HibNetTalk batch[N];
    size_t n, n_new;
    open_fixture(&f, test);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, hib_engage.jobs, &f.ws.services, &error);
    g_assert_no_error(error);
    for (int i = 0; i < N; i++)
        batch[i] = message(&f, hib_arena_printf(test->arena, "m%d", i),
                           hib_arena_printf(test->arena, "U%d", i),
                           i % 200 == 0 ? "珍しい言葉" : "いつもありがとう", i);
    hib_assert_ok(hib_engage_store(f.db, f.account, batch, N, &n_new, &error), error);
    batch[200].is_deleted = true;
    store(&f, batch[200]);
    hib_clock_manual_set(test->clock, hib_db_now(f.db) + HIB_MINUTE);
    hib_jobs_run_due(jobs);
    HibThreadQuery query = HIB_THREAD_QUERY_ALL;
    query.words = "珍しい";
    threads(&f, &query, &n);
    g_assert_cmpuint(n, ==, 2); /* of three, one was taken away */
    close_fixture(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/thread/any_order_gives_the_same_threads", any_order_gives_the_same_threads);
    hib_test_add("/thread/a_chat_is_one_thread_and_own_words_from_elsewhere_answer_it",
                 a_chat_is_one_thread_and_own_words_from_elsewhere_answer_it);
    hib_test_add("/thread/the_most_urgent_stands_first_and_what_is_taken_away_waits_no_more",
                 the_most_urgent_stands_first_and_what_is_taken_away_waits_no_more);
    hib_test_add_manual("/thread/an_answer_from_here_answers_the_thread_and_late_words_still_wait",
                        an_answer_from_here_answers_the_thread_and_late_words_still_wait);
    hib_test_add("/thread/words_are_found_with_filters_and_edits_are_followed",
                 words_are_found_with_filters_and_edits_are_followed);
    hib_test_add("/thread/pages_hold_every_thread_once_in_both_orders",
                 pages_hold_every_thread_once_in_both_orders);
    hib_test_add("/thread/a_conversation_of_two_thousand_messages_opens_at_once",
                 a_conversation_of_two_thousand_messages_opens_at_once);
    hib_test_add("/thread/stored_at_once_they_stand_as_stored_one_by_one",
                 stored_at_once_they_stand_as_stored_one_by_one);
    hib_test_add_manual("/thread/what_came_in_a_flood_is_found_a_moment_later",
                        what_came_in_a_flood_is_found_a_moment_later);
    return g_test_run();
}
