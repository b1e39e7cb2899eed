/* The writer of SQLite under threads and faults: what the group commit promises. */
#include "base/error.h"
#include "migrations/migrations.h"
#include "store/lite.h"
#include "store/store_test.sql.h"
#include "store/test_store.h"
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char test_table[] =
    "create table if not exists test_item (workspace_id text not null, id text not null, amount "
    "integer not null, share real,"
    " note text, is_open integer not null, data blob, primary key (workspace_id, id)) strict";

static void
make_table(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    g_assert_no_error(error);
    hib_assert_ok(test->store->backend->script(test->store, tx->link, test_table, &error), error);
    hib_assert_ok(hib_tx_commit(tx, &error), error);
}

static int64_t
count_all(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(test->store, arena, NULL);
    HibSqlTestEverything *row;
    hib_assert_ok(hib_sql_test_everything(db, &row, &error), error);
    return row->n;
}

/* --- threads ------------------------------------------------------------------------------------------------------------ */
#define N_THREADS 8
#define N_EACH 60

typedef struct {
    HibStore *store;
    int number;
    int64_t kept;    /* rows whose transaction was committed */
    int64_t n_wrong; /* what another transaction left half */
} Writer;

/* Every fifth is a large one. Every third transaction rolls back, every seventh fails on a duplicate; each adds two rows or none. */
static void *
write_many(void *data)
{
    Writer *writer = data;
    for (int i = 0; i < N_EACH; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(writer->store, arena, "w");
        g_autoptr(HibTx) tx = i % 5 ? hib_tx_begin(db, NULL) : hib_tx_begin_large(db, NULL);
        const char *first = hib_arena_printf(arena, "%d-%d-a", writer->number, i);
        const char *second =
            i % 7 == 3 ? first : hib_arena_printf(arena, "%d-%d-b", writer->number, i);
        if (!tx)
            continue;
        bool is_good = hib_sql_test_add(db, first, i, NULL, NULL, true, NULL, NULL) &&
                       hib_sql_test_add(db, second, i, NULL, NULL, true, NULL, NULL);
        if (is_good && i % 3 != 1 && hib_tx_commit(tx, NULL)) {
            HibSqlTestItem *row = NULL;
            g_autoptr(HibDb) after = hib_db_open(writer->store, arena, "w");
            writer->kept += 2;
            /* what was committed is there for the next reader */
            writer->n_wrong += !hib_sql_test_get(after, second, &row, NULL) || !row;
        }
    }
    return NULL;
}

static void
transactions_of_many_threads_are_each_whole(HibTestStore *test)
{
    make_table(test);
    pthread_t threads[N_THREADS];
    Writer writers[N_THREADS];
    int64_t kept = 0;
    for (int i = 0; i < N_THREADS; i++) {
        writers[i] = (Writer){.store = test->store, .number = i};
        pthread_create(&threads[i], NULL, write_many, &writers[i]);
    }
    for (int i = 0; i < N_THREADS; i++) {
        pthread_join(threads[i], NULL);
        kept += writers[i].kept;
        g_assert_cmpint(writers[i].n_wrong, ==, 0);
    }
    int expected = 0;
    for (int i = 0; i < N_EACH; i++)
        expected += i % 7 != 3 && i % 3 != 1 ? 2 * N_THREADS : 0;
    g_assert_cmpint(kept, ==, expected);
    g_assert_cmpint(count_all(test), ==, expected);
    hib_test_store_reopen(test);
    g_assert_cmpint(count_all(test), ==, expected);
}

/* --- faults ------------------------------------------------------------------------------------------------------------- */
static void
a_full_disk_is_reported_and_harms_nothing(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    g_autofree char *big = g_strnfill(300000, 'x');
    hib_assert_ok(hib_sql_test_add(db, "kept", 1, NULL, NULL, true, NULL, &error), error);
    HibLite *lite = test->store->side;
    hib_assert_ok(hib_lite_exec(lite->writer, "pragma max_page_count = 40", &error), error);
    hib_assert_refused(hib_sql_test_add(db, "big", 1, NULL, big, true, NULL, &error), error,
                       "store.disk_full");
    hib_assert_ok(hib_sql_test_add(db, "small", 1, NULL, NULL, true, NULL, &error), error);
    hib_assert_ok(hib_lite_exec(lite->writer, "pragma max_page_count = 1000000", &error), error);
    hib_assert_ok(hib_sql_test_add(db, "big", 1, NULL, big, true, NULL, &error), error);
    g_assert_cmpint(count_all(test), ==, 3);
}

static void
a_locked_database_is_busy_and_then_works(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    hib_test_store_shut(test);
    const HibStoreOptions hasty = {.url = test->url, .clock = test->clock, .busy_ms = 100};
    test->store = hib_store_open(&hasty, &error);
    g_assert_no_error(error);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    sqlite3 *other;
    g_assert_cmpint(sqlite3_open(test->url + strlen("sqlite:"), &other), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(other, "begin immediate", NULL, NULL, NULL), ==, SQLITE_OK);
    hib_assert_refused(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error,
                       "store.busy");
    g_assert_cmpint(count_all(test), ==, 0); /* readers go on */
    sqlite3_exec(other, "rollback", NULL, NULL, NULL);
    sqlite3_close(other);
    hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
}

static void
one_that_waits_too_long_for_its_turn_is_busy(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    test->store->busy_ms = 100;
    g_autoptr(HibDb) holder = hib_db_open(test->store, test->arena, "w");
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, "w");
    {
        g_autoptr(HibTx) tx = hib_tx_begin(holder, &error);
        hib_assert_ok(hib_sql_test_add(holder, "a", 1, NULL, NULL, true, NULL, &error), error);
        hib_assert_refused(hib_sql_test_add(other, "b", 1, NULL, NULL, true, NULL, &error), error,
                           "store.busy");
        hib_assert_ok(hib_tx_commit(tx, &error), error);
    }
    hib_assert_ok(hib_sql_test_add(other, "b", 1, NULL, NULL, true, NULL, &error), error);
}

static void
a_second_process_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    const HibStoreOptions options = {.url = test->url};
    HibStore *second = hib_store_open(&options, &error);
    hib_assert_refused(second != NULL, error, "store.in_use");
    const HibStoreOptions unknown = {.url = "mysql://x"};
    second = hib_store_open(&unknown, &error);
    hib_assert_refused(second != NULL, error, "store.bad_url");
}

/* Writes pairs until it is killed; says on the pipe how far the commits came. */
static void
write_until_killed(const char *url, int pipe_fd)
{
    const HibStoreOptions options = {.url = url};
    HibStore *store = hib_store_open(&options, NULL);
    HibArena *arena = hib_arena_new();
    HibDb *db = hib_db_open(store, arena, "w");
    for (int64_t i = 0;; i++) {
        HibTx *tx = hib_tx_begin(db, NULL);
        if (!hib_sql_test_add(db, hib_arena_printf(arena, "%06d-a", (int)i), i, NULL, NULL, true,
                              NULL, NULL) ||
            !hib_sql_test_add(db, hib_arena_printf(arena, "%06d-b", (int)i), i, NULL, NULL, true,
                              NULL, NULL) ||
            !hib_tx_commit(tx, NULL))
            _exit(1);
        hib_tx_end(tx);
        if (write(pipe_fd, &i, sizeof(i)) != sizeof(i))
            _exit(2);
    }
}

static void
a_killed_process_leaves_whole_transactions(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    int64_t least = 0;
    for (int round = 0; round < 5; round++) {
        hib_test_store_shut(test);
        int ends[2];
        g_assert_cmpint(pipe(ends), ==, 0);
        const pid_t child = fork();
        if (child == 0) {
            write_until_killed(test->url, ends[1]);
            _exit(3);
        }
        close(ends[1]);
        int64_t last = -1;
        for (int i = 0; i < 20 + round * 7; i++)
            if (read(ends[0], &last, sizeof(last)) != sizeof(last))
                break;
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        g_assert_true(WIFSIGNALED(status));
        while (read(ends[0], &last, sizeof(last)) == sizeof(last))
            ;
        close(ends[0]);
        hib_test_store_reopen(test);
        const int64_t n = count_all(test);
        g_assert_cmpint(n % 2, ==, 0);
        least = 2 * (last + 1);
        g_assert_cmpint(n, >=, least); /* what was reported as committed is there */
        g_assert_cmpint(n, <=, least + 2);
        g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(
            test->store->backend->script(test->store, tx->link, "delete from test_item", &error),
            error);
        hib_assert_ok(hib_tx_commit(tx, &error), error);
    }
    g_assert_cmpint(least, >, 0);
}

/* On a rolled-back member the others of the group stay. */
static void *
add_one(void *data)
{
    HibStore *store = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, "w");
    return GINT_TO_POINTER(hib_sql_test_add(db, "other", 1, NULL, NULL, true, NULL, NULL));
}

static void
a_rollback_leaves_the_rest_of_its_group(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    HibLite *lite = test->store->side;
    pthread_t thread;
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_sql_test_add(db, "mine", 1, NULL, NULL, true, NULL, &error), error);
        pthread_create(&thread, NULL, add_one, test->store);
        guint n = 0;
        while (n == 0) { /* until the other queues behind us */
            hib_wait_lock(&lite->queue);
            n = g_queue_get_length(&lite->waiting);
            hib_wait_unlock(&lite->queue);
        }
    }
    void *is_added;
    pthread_join(thread, &is_added);
    g_assert_true(GPOINTER_TO_INT(is_added));
    g_assert_cmpint(count_all(test), ==, 1);
}

typedef struct {
    const char *name;
    void (*run)(HibTestStore *test);
} Case;

static void
run_case(const void *data)
{
    g_autoptr(HibTestStore) test = hib_test_store_new(false, NULL);
    ((const Case *)data)->run(test);
}

int
main(int argc, char **argv)
{
    static const Case cases[] = {
        {"/sqlite/transactions_of_many_threads_are_each_whole",
         transactions_of_many_threads_are_each_whole},
        {"/sqlite/a_rollback_leaves_the_rest_of_its_group",
         a_rollback_leaves_the_rest_of_its_group},
        {"/sqlite/a_full_disk_is_reported_and_harms_nothing",
         a_full_disk_is_reported_and_harms_nothing},
        {"/sqlite/a_locked_database_is_busy_and_then_works",
         a_locked_database_is_busy_and_then_works},
        {"/sqlite/one_that_waits_too_long_for_its_turn_is_busy",
         one_that_waits_too_long_for_its_turn_is_busy},
        {"/sqlite/a_second_process_is_refused", a_second_process_is_refused},
        {"/sqlite/a_killed_process_leaves_whole_transactions",
         a_killed_process_leaves_whole_transactions},
    };
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_test_add_data_func(cases[i].name, &cases[i], run_case);
    return g_test_run();
}
