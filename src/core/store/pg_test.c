/* PostgreSQL: a connection killed at each stage. */
#include "base/error.h"
#include "migrations/migrations.h"
#include "store/jobs.h"
#include "store/pg.h"
#include "store/store_test.sql.h"
#include "store/test_store.h"
#include <string.h>

static const char test_table[] = "create table if not exists test_item (workspace_id text not "
                                 "null, id text not null, amount bigint not null,"
                                 " share double precision, note text, is_open boolean not null, "
                                 "data bytea, primary key (workspace_id, id))";

static PGconn *
control(const HibTestStore *test)
{
    PGconn *conn = PQconnectdb(test->url);
    g_assert_cmpint(PQstatus(conn), ==, CONNECTION_OK);
    return conn;
}

static void
command(const HibTestStore *test, const char *sql)
{
    PGconn *conn = control(test);
    PGresult *result = PQexec(conn, sql);
    g_assert_true(PQresultStatus(result) == PGRES_TUPLES_OK ||
                  PQresultStatus(result) == PGRES_COMMAND_OK);
    PQclear(result);
    PQfinish(conn);
}

/* Ends all sessions of the store but the control's own, and waits until they are gone. */
static void
kill_all(const HibTestStore *test)
{
    command(test, "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                  " where datname = current_database() and application_name = 'hibiki'");
}

static int64_t
count_all(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    HibSqlTestEverything *row;
    hib_assert_ok(hib_sql_test_everything(db, &row, &error), error);
    return row->n;
}

static void
dead_idle_connections_are_replaced_unseen(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    for (int i = 0; i < 3; i++) {
        kill_all(test);
        g_assert_cmpint(count_all(test), ==, 2 * i);
        hib_assert_ok(hib_sql_test_add(db, hib_arena_printf(test->arena, "a%d", i), 1, NULL, NULL,
                                       true, NULL, &error),
                      error);
        kill_all(test);
        hib_assert_ok(hib_sql_test_add(db, hib_arena_printf(test->arena, "b%d", i), 1, NULL, NULL,
                                       true, NULL, &error),
                      error);
    }
}

static void
a_connection_lost_before_the_commit_means_nothing_happened(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    { /* after begin */
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        kill_all(test);
        hib_assert_refused(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error,
                           "store.busy");
        hib_assert_refused(hib_tx_commit(tx, &error), error, "store.busy");
    }
    { /* after a statement */
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
        kill_all(test);
        hib_assert_refused(hib_sql_test_add(db, "b", 1, NULL, NULL, true, NULL, &error), error,
                           "store.busy");
    }
    { /* in a pipeline */
        HibSqlTestAddIn rows[900] = {0};
        for (int i = 0; i < 900; i++)
            rows[i].id = hib_arena_printf(test->arena, "%d", i);
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_sql_test_add_many(db, rows, 450, &error), error);
        kill_all(test);
        hib_assert_refused(hib_sql_test_add_many(db, rows + 450, 450, &error), error, "store.busy");
    }
    g_assert_cmpint(count_all(test), ==, 0);
}

static void
a_connection_lost_while_committing_is_uncertain(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
    hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
    kill_all(test);
    const bool is_committed = hib_tx_commit(tx, &error);
    g_assert_false(is_committed);
    g_assert_cmpint(hib_error_kind(error), ==, HIB_ERROR_UNCERTAIN);
    g_assert_cmpstr(hib_error_reason(error), ==, "store.commit_unknown");
    g_clear_error(&error);
    g_assert_cmpint(count_all(test), ==, 0);
}

static void
a_row_locked_by_another_is_busy(HibTestStore *test)
{
    GError *error = NULL;
    int64_t changed;
    hib_test_store_shut(test);
    const HibStoreOptions hasty = {.url = test->url, .busy_ms = 100};
    test->store = hib_store_open(&hasty, &error);
    g_assert_no_error(error);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
    PGconn *other = control(test);
    PQclear(PQexec(other, "begin; update test_item set amount = 5"));
    hib_assert_refused(hib_sql_test_raise(db, "a", 1, &changed, &error), error, "store.busy");
    PQclear(PQexec(other, "rollback"));
    PQfinish(other);
    hib_assert_ok(hib_sql_test_raise(db, "a", 1, &changed, &error), error);
    g_assert_cmpint(changed, ==, 1);
}

typedef struct {
    HibWait wait;
    int n;
} Count;

static void
count_event(const HibEvent *event, void *data)
{
    Count *count = data;
    hib_wait_lock(&count->wait);
    count->n++;
    hib_wait_wake(&count->wait);
    hib_wait_unlock(&count->wait);
}

static void
events_missed_by_a_lost_listener_are_told_later(HibTestStore *test)
{
    GError *error = NULL;
    Count count = {.n = 0};
    hib_wait_init(&count.wait);
    hib_events_listen(test->store, count_event, &count);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    hib_assert_ok(hib_event_emit(db, "test.event", NULL, NULL, &error), error);
    const uint64_t before = hib_store_version(test->store, "elsewhere");
    kill_all(test);
    for (int i = 0; i < 4; i++)
        hib_assert_ok(hib_event_emit(db, "test.event", NULL, NULL, &error), error);
    const int64_t deadline = hib_monotonic_us() + 10000000;
    hib_wait_lock(&count.wait);
    while (count.n < 5 && hib_wait_until(&count.wait, deadline))
        ;
    hib_wait_unlock(&count.wait);
    g_assert_cmpuint(hib_store_version(test->store, "elsewhere"), >,
                     before); /* what was missed is unknown */
    hib_test_store_shut(test);
    g_assert_cmpint(count.n, ==, 5);
    hib_wait_clear(&count.wait);
}

static bool
never(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end, HibInstant *ret_at,
      GError **error)
{
    (*(int *)context)++;
    return true;
}

/* Leases of a living process stay when another one starts; those of a dead one are given back. */
static void
only_leases_of_dead_processes_are_given_back(HibTestStore *test)
{
    static const HibJobKind kinds[] = {
        {.kind = "test.never", .run = never, .lease_s = 3600, .tries = 1, .backoff_s = 1}, {0}};
    GError *error = NULL;
    int n_run = 0;
    const HibStoreOptions options = {.url = test->url};
    HibStore *first = hib_store_open(&options, &error);
    HibBackend const *backend = first->backend;
    hib_assert_ok(backend->hold_owner(first, "first", &error), error);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    hib_assert_ok(hib_job_add(db, "test.never", NULL, NULL, NULL, hib_db_now(db), NULL, &error),
                  error);
    command(test, "update store_job set state = 'running', owner = 'first', lease_until = "
                  "9000000000000000000");
    HibJobs *jobs = hib_jobs_manual(test->store, kinds, &n_run, &error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 0);
    hib_jobs_stop(jobs);
    hib_store_close(first); /* the session ends */
    const int64_t deadline = hib_monotonic_us() + 5000000;
    while (test->store->backend->is_owner_alive(test->store, "first") &&
           hib_monotonic_us() < deadline)
        g_thread_yield();
    jobs = hib_jobs_manual(test->store, kinds, &n_run, &error);
    g_assert_cmpint(hib_jobs_run_due(jobs), ==, 1);
    hib_jobs_stop(jobs);
}

/* How the server would run the kept plan of test_raise on this connection. */
static char *
plan_of_raise(HibTestStore *test, PgLink *link)
{
    GHashTableIter iter;
    const HibStatement *statement;
    const char *name;
    g_hash_table_iter_init(&iter, link->prepared);
    while (g_hash_table_iter_next(&iter, (void **)&statement, (void **)&name)) {
        if (strcmp(statement->name, "test_raise") != 0)
            continue;
        const char *sql = hib_arena_printf(test->arena, "explain execute %s ('w', 'x', 1)", name);
        g_autoptr(GString) plan = g_string_new(NULL);
        PGresult *result = PQexec(link->conn, sql);
        for (int i = 0; i < PQntuples(result); i++)
            g_string_append(plan, PQgetvalue(result, i, 0));
        PQclear(result);
        return hib_arena_strdup(test->arena, plan->str);
    }
    g_assert_not_reached();
}

/* A plan says for what size of a table it was made. */
static void
a_plan_made_for_an_empty_table_does_not_last(HibTestStore *test)
{
    GError *error = NULL;
    HibPg *pg = test->store->side;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w");
    int64_t n;
    for (int i = 0; i < 10; i++)
        hib_assert_ok(hib_sql_test_raise(db, "x", 1, &n, &error), error);
    PgLink *link = hib_pg_take(pg, &error);
    const char *of_empty = plan_of_raise(test, link);
    command(test, "insert into test_item (workspace_id, id, amount, is_open)"
                  " select 'w', cast(i as text), i, true from generate_series(1, 20000) i");
    g_assert_cmpstr(plan_of_raise(test, link), ==, of_empty);
    link->planned_at = 0;
    hib_pg_give(pg, link);
    hib_assert_ok(hib_sql_test_raise(db, "x", 1, &n, &error), error);
    link = hib_pg_take(pg, &error);
    g_assert_cmpstr(plan_of_raise(test, link), !=, of_empty);
    g_assert_cmpint(link->planned_at, >, 0);
    hib_pg_give(pg, link);
}

typedef struct {
    const char *name;
    void (*run)(HibTestStore *test);
} Case;

static void
run_case(const void *data)
{
    g_autoptr(HibTestStore) test = hib_test_store_new(true, NULL);
    command(test, test_table);
    ((const Case *)data)->run(test);
}

int
main(int argc, char **argv)
{
    static const Case cases[] = {
        {"/postgres/dead_idle_connections_are_replaced_unseen",
         dead_idle_connections_are_replaced_unseen},
        {"/postgres/a_connection_lost_before_the_commit_means_nothing_happened",
         a_connection_lost_before_the_commit_means_nothing_happened},
        {"/postgres/a_connection_lost_while_committing_is_uncertain",
         a_connection_lost_while_committing_is_uncertain},
        {"/postgres/a_row_locked_by_another_is_busy", a_row_locked_by_another_is_busy},
        {"/postgres/events_missed_by_a_lost_listener_are_told_later",
         events_missed_by_a_lost_listener_are_told_later},
        {"/postgres/only_leases_of_dead_processes_are_given_back",
         only_leases_of_dead_processes_are_given_back},
        {"/postgres/a_plan_made_for_an_empty_table_does_not_last",
         a_plan_made_for_an_empty_table_does_not_last},
    };
    const char *url = g_getenv("HIBIKI_TEST_POSTGRES");
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; url && *url && i < G_N_ELEMENTS(cases); i++)
        g_test_add_data_func(cases[i].name, &cases[i], run_case);
    return g_test_run();
}
