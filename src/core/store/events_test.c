/* Events on both databases: stored with the change, told after it, in order; and between two processes on PostgreSQL. */
#include "base/error.h"
#include "store/events.h"
#include "store/jobs.h"
#include "store/store_private.h"
#include "store/test_store.h"
#include <string.h>

typedef struct {
    HibWait wait;
    GString *log;
    int n;
    int64_t last_number;
    bool is_ordered;
} Heard;

static void
heard_init(Heard *heard)
{
    *heard = (Heard){.log = g_string_new(NULL), .is_ordered = true};
    hib_wait_init(&heard->wait);
}

static void
heard_clear(Heard *heard)
{
    g_string_free(heard->log, TRUE);
    hib_wait_clear(&heard->wait);
}

static void
listener(const HibEvent *event, void *data)
{
    Heard *heard = data;
    hib_wait_lock(&heard->wait);
    g_string_append_printf(heard->log, "%s:%s:%s:%s ", event->workspace, event->kind,
                           event->subject ? event->subject : "-", event->json ? event->json : "-");
    if (event->number) {
        heard->is_ordered &= event->number > heard->last_number;
        heard->last_number = event->number;
    }
    heard->n++;
    hib_wait_wake(&heard->wait);
    hib_wait_unlock(&heard->wait);
}

static bool
wait_for(Heard *heard, int n)
{
    const int64_t deadline = hib_monotonic_us() + 10000000;
    hib_wait_lock(&heard->wait);
    while (heard->n < n && hib_wait_until(&heard->wait, deadline))
        ;
    const bool is_there = heard->n >= n;
    hib_wait_unlock(&heard->wait);
    return is_there;
}

static void
an_event_is_told_after_its_commit_and_not_without(HibTestStore *test)
{
    GError *error = NULL;
    Heard heard;
    heard_init(&heard);
    hib_events_listen(test->store, listener, &heard);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w'1");
    const uint64_t before = hib_store_version(test->store, "w'1");
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_event_emit(db, "post.lost", "p0", NULL, &error), error);
    }
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_event_emit(db, "post.made", "p1", "{\"a\":1}", &error), error);
        hib_assert_ok(hib_event_emit(db, "post.moved", NULL, NULL, &error), error);
        g_assert_cmpint(heard.n, ==, 0);
        hib_assert_ok(hib_tx_commit(tx, &error), error);
    }
    g_assert_cmpuint(hib_store_version(test->store, "w'1"), >, before);
    g_assert_true(wait_for(&heard, 2));
    hib_events_tell(test->store, "w'1", "import.progress", NULL, "{\"rate\":0.5}");
    g_assert_true(wait_for(&heard, 3));
    g_assert_cmpstr(
        heard.log->str, ==,
        "w'1:post.made:p1:{\"a\":1} w'1:post.moved:-:- w'1:import.progress:-:{\"rate\":0.5} ");
    hib_test_store_shut(test);
    heard_clear(&heard);
}

#define N_THREADS 6
#define N_EACH 40

static void *
emit_many(void *data)
{
    HibStore *store = data;
    intptr_t n_lost = 0;
    for (int i = 0; i < N_EACH; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(store, arena, "w");
        n_lost += !hib_event_emit(db, "test.event", "s", NULL, NULL);
    }
    return (void *)n_lost;
}

static void
events_of_many_threads_come_in_the_order_of_their_numbers(HibTestStore *test)
{
    Heard heard;
    heard_init(&heard);
    hib_events_listen(test->store, listener, &heard);
    pthread_t threads[N_THREADS];
    for (int i = 0; i < N_THREADS; i++)
        pthread_create(&threads[i], NULL, emit_many, test->store);
    for (int i = 0; i < N_THREADS; i++) {
        void *n_lost;
        pthread_join(threads[i], &n_lost);
        g_assert_cmpint((intptr_t)n_lost, ==, 0);
    }
    g_assert_true(wait_for(&heard, N_THREADS * N_EACH));
    hib_test_store_shut(test);
    g_assert_true(heard.is_ordered);
    g_assert_cmpint(heard.n, ==, N_THREADS * N_EACH);
    heard_clear(&heard);
}

static bool
keep_payload(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
             GError **error)
{
    g_string_append_printf(context, "%s %s %s;", job->workspace, job->subject, job->json);
    return true;
}

static void
a_subscriber_gets_a_job_with_the_event_in_it(HibTestStore *test)
{
    static const HibSubscription subscriptions[] = {
        {"post.made", "test.keep"}, {"post.gone", "test.keep"}, {NULL, NULL}};
    static const HibJobKind kinds[] = {
        {.kind = "test.keep", .run = keep_payload, .lease_s = 30, .tries = 1, .backoff_s = 1}, {0}};
    GError *error = NULL;
    g_autoptr(GString) kept = g_string_new(NULL);
    hib_events_subscribe(test->store, subscriptions);
    g_autoptr(HibJobs) jobs = hib_jobs_manual(test->store, kinds, kept, &error);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    hib_assert_ok(hib_event_emit(db, "post.made", "p1", "{\"a\":[1,2]}", &error), error);
    hib_assert_ok(hib_event_emit(db, "post.moved", "p1", NULL, &error), error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    g_assert_cmpstr(kept->str, ==,
                    "w p1 {\"event\":\"post.made\",\"subject\":\"p1\",\"data\":{\"a\":[1,2]}};");
}

/* PostgreSQL: what one process commits, another hears; its counters grow and its job runner wakes. */
static void
another_process_hears_of_it(HibTestStore *test)
{
    GError *error = NULL;
    Heard heard;
    if (!test->is_postgres)
        return;
    heard_init(&heard);
    const HibStoreOptions options = {.url = test->url};
    HibStore *other = hib_store_open(&options, &error);
    g_assert_no_error(error);
    hib_events_listen(other, listener, &heard);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    const uint64_t before = hib_store_version(other, "w");
    for (int i = 0; i < 5; i++)
        hib_assert_ok(hib_event_emit(db, "post.made", "p", NULL, &error), error);
    hib_events_tell(test->store, "w", "import.progress", "x", NULL);
    g_assert_true(wait_for(&heard, 6));
    g_assert_true(heard.is_ordered);
    g_assert_cmpuint(hib_store_version(other, "w"), >=, before + 5);
    hib_store_close(other);
    heard_clear(&heard);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/an_event_is_told_after_its_commit_and_not_without",
                 an_event_is_told_after_its_commit_and_not_without);
    hib_test_add("/events_of_many_threads_come_in_the_order_of_their_numbers",
                 events_of_many_threads_come_in_the_order_of_their_numbers);
    hib_test_add("/a_subscriber_gets_a_job_with_the_event_in_it",
                 a_subscriber_gets_a_job_with_the_event_in_it);
    hib_test_add("/another_process_hears_of_it", another_process_hears_of_it);
    return g_test_run();
}
