/* The store on both databases: scoping, values, transactions. */
#include "base/error.h"
#include "migrations/migrations.h"
#include "store/store_test.sql.h"
#include "store/test_store.h"
#include <string.h>

static const HibMigration test_table[] = {
    {.number = 9001,
     .name = "test",
     .sha256 = "test",
     .sql = "create table test_item (workspace_id TEXT not null, id TEXT not null, amount I64 not "
            "null check (amount < 1000000),"
            " share F64, note TEXT default 'I64', is_open BOOL not null, data BYTES, primary key "
            "(workspace_id, id));"
            " -- a TEXT in a comment stays\n create index test_item_amount on test_item "
            "(workspace_id, amount);"},
};

/* The program's migrations and the test's table. */
static void
make_table(HibTestStore *test)
{
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    HibMigration both[64];
    size_t n = 0;
    for (; n < hib_n_migrations; n++)
        both[n] = hib_migrations[n];
    both[n++] = test_table[0];
    hib_assert_ok(hib_store_migrate(test->store, both, n, &error), error);
}

static void
values_come_back_as_they_went_in(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    const double share = 0.1;
    const HibBytes data = {"\0\1\xff'\\", 5}, empty = {NULL, 0};
    HibSqlTestItem *row, *rows;
    size_t n;
    hib_assert_ok(hib_sql_test_add(db, "a", INT64_C(-9007199254740993), &share,
                                   "響き 'quoted' \\ \"x\" 🎐", true, &data, &error),
                  error);
    hib_assert_ok(hib_sql_test_add(db, "b", 7, NULL, NULL, false, NULL, &error), error);
    hib_assert_ok(hib_sql_test_add(db, "c", 8, NULL, "", false, &empty, &error), error);
    hib_assert_ok(hib_sql_test_get(db, "a", &row, &error), error);
    g_assert_cmpint(row->amount, ==, INT64_C(-9007199254740993));
    g_assert_true(row->has_share);
    g_assert_cmpfloat(row->share, ==, 0.1);
    g_assert_cmpstr(row->note, ==, "響き 'quoted' \\ \"x\" 🎐");
    g_assert_true(row->is_open);
    g_assert_true(row->has_data);
    g_assert_cmpuint(row->data.n, ==, data.n);
    g_assert_cmpint(memcmp(row->data.data, data.data, data.n), ==, 0);
    hib_assert_ok(hib_sql_test_get(db, "b", &row, &error), error);
    g_assert_false(row->has_share);
    g_assert_null(row->note);
    g_assert_false(row->is_open);
    g_assert_false(row->has_data);
    hib_assert_ok(hib_sql_test_get(db, "none", &row, &error), error);
    g_assert_null(row);
    hib_assert_ok(hib_sql_test_list(db, NULL, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpstr(rows[2].note, ==, "");
    g_assert_true(rows[2].has_data);
    g_assert_cmpuint(rows[2].data.n, ==, 0);
    const int64_t least = 8;
    hib_assert_ok(hib_sql_test_list(db, &least, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
}

static void
a_workspace_sees_only_its_own_rows(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) one = hib_db_open(test->store, test->arena, "w1");
    g_autoptr(HibDb) two = hib_db_open(test->store, test->arena, "w2");
    g_autoptr(HibDb) none = hib_db_open(test->store, test->arena, NULL);
    HibSqlTestItem *row;
    HibSqlTestEverything *count;
    int64_t changed;
    hib_assert_ok(hib_sql_test_add(one, "a", 1, NULL, NULL, true, NULL, &error), error);
    hib_assert_ok(hib_sql_test_get(two, "a", &row, &error), error);
    g_assert_null(row);
    hib_assert_ok(hib_sql_test_raise(two, "a", 5, &changed, &error), error);
    g_assert_cmpint(changed, ==, 0);
    hib_assert_refused(hib_sql_test_get(none, "a", &row, &error), error, "store.unscoped");
    hib_assert_ok(hib_sql_test_everything(none, &count, &error), error);
    g_assert_cmpint(count->n, ==, 1);
}

static void
a_transaction_is_all_or_nothing(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    HibSqlTestSum *sum;
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        g_assert_no_error(error);
        hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
        hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
        g_assert_cmpint(sum->n, ==, 1); /* sees its own work */
    }
    hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
    g_assert_cmpint(sum->n, ==, 0);
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
        hib_assert_refused(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error,
                           "store.duplicate");
        /* after an error it only rolls back, and says why again */
        hib_assert_refused(hib_sql_test_add(db, "b", 1, NULL, NULL, true, NULL, &error), error,
                           "store.duplicate");
        hib_assert_refused(hib_tx_commit(tx, &error), error, "store.duplicate");
    }
    hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
    g_assert_cmpint(sum->n, ==, 0);
}

static void
only_the_outermost_commit_counts(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    HibSqlTestSum *sum;
    {
        g_autoptr(HibTx) outer = hib_tx_begin(db, &error);
        {
            g_autoptr(HibTx) inner = hib_tx_begin(db, &error);
            hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
            hib_assert_ok(hib_tx_commit(inner, &error), error);
        }
    }
    hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
    g_assert_cmpint(sum->n, ==, 0);
    {
        g_autoptr(HibTx) outer = hib_tx_begin(db, &error);
        hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
        {
            g_autoptr(HibTx) inner = hib_tx_begin(db, &error);
            hib_assert_ok(hib_sql_test_add(db, "b", 1, NULL, NULL, true, NULL, &error), error);
        } /* not committed: the whole rolls back */
        hib_assert_refused(hib_tx_commit(outer, &error), error, "store.failed");
    }
    hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
    g_assert_cmpint(sum->n, ==, 0);
}

static void
many_rows_are_one_transaction(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    HibSqlTestAddIn rows[1000] = {0};
    HibSqlTestSum *sum;
    for (int i = 0; i < 1000; i++) {
        rows[i].id = hib_arena_printf(test->arena, "%04d", i);
        rows[i].amount = i;
    }
    hib_assert_ok(hib_sql_test_add_many(db, rows, 1000, &error), error);
    hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
    g_assert_cmpint(sum->total, ==, 499500);
    for (int i = 0; i < 1000; i++)
        rows[i].id = hib_arena_printf(test->arena, "%04d", i == 700 ? 0 : i + 5000);
    hib_assert_refused(hib_sql_test_add_many(db, rows, 1000, &error), error, "store.duplicate");
    hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
    g_assert_cmpint(sum->n, ==, 1000);
    HibSqlTestTake *taken;
    hib_assert_ok(hib_sql_test_take(db, "0007", &taken, &error), error);
    g_assert_cmpint(taken->amount, ==, 7);
}

static void
a_null_where_none_may_be_is_reported(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    HibSqlTestBadNull *rows;
    size_t n;
    hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
    hib_assert_refused(hib_sql_test_bad_null(db, &rows, &n, &error), error, "store.null");
    hib_assert_refused(hib_sql_test_add(db, "b", 2000000, NULL, NULL, true, NULL, &error), error,
                       "store.failed");
}

static void
the_version_of_a_workspace_grows_with_its_commits(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, "w1");
    HibSqlTestSum *sum;
    const uint64_t other = hib_store_version(test->store, "w2"),
                   before = hib_store_version(test->store, "w1");
    hib_assert_ok(hib_sql_test_sum(db, &sum, &error), error);
    g_assert_cmpuint(hib_store_version(test->store, "w1"), ==, before);
    hib_assert_ok(hib_sql_test_add(db, "a", 1, NULL, NULL, true, NULL, &error), error);
    g_assert_cmpuint(hib_store_version(test->store, "w1"), >, before);
    g_assert_cmpuint(hib_store_version(test->store, "w2"), ==, other);
}

static void
an_edited_or_newer_migration_is_refused(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    hib_assert_refused(hib_store_migrate(test->store, hib_migrations, hib_n_migrations, &error),
                       error, "store.newer");
    HibMigration both[64];
    memcpy(both, hib_migrations, sizeof(HibMigration) * hib_n_migrations);
    both[hib_n_migrations] = test_table[0];
    both[hib_n_migrations].sha256 = "edited";
    hib_assert_refused(hib_store_migrate(test->store, both, hib_n_migrations + 1, &error), error,
                       "store.migration_edited");
    both[hib_n_migrations] = test_table[0];
    both[hib_n_migrations + 1] =
        (HibMigration){.number = 9002,
                       .name = "broken",
                       .sha256 = "x",
                       .sql = "create table test_half (id TEXT not null); create nonsense;"};
    hib_assert_refused(hib_store_migrate(test->store, both, hib_n_migrations + 2, &error), error,
                       "store.failed");
    both[hib_n_migrations + 1].sql =
        "create table test_half (id TEXT not null);"; /* nothing of the broken one stayed */
    hib_assert_ok(hib_store_migrate(test->store, both, hib_n_migrations + 2, &error), error);
}

static void
a_full_scan_is_seen(HibTestStore *test)
{
    GError *error = NULL;
    make_table(test);
    static const char *const large[] = {"test_item", NULL}, *const walks[] = {
                                                                "test_list", "test_sum",
                                                                "test_bad_null", NULL};
    HibPlanned plan;
    for (size_t i = 0; hib_statements_store_store_test[i]; i++) {
        const HibStatement *statement = hib_statements_store_store_test[i];
        hib_assert_ok(
            hib_store_check_statement(test->store, test->arena, statement, large, &plan, &error),
            error);
        const bool is_scan = strcmp(statement->name, "test_scan") == 0 ||
                             strcmp(statement->name, "test_everything") == 0;
        const bool is_walk = g_strv_contains(walks, statement->name);
        if (!test->is_postgres) {
            g_assert_cmpint(plan.scanned != NULL, ==, is_scan);
            g_assert_cmpint(plan.walked != NULL, ==, is_walk);
        }
    }
    const HibStatement bad = {.name = "bad",
                              .sqlite = "select nothing from test_item",
                              .postgres = "select nothing from test_item",
                              .params = "",
                              .columns = "i",
                              .workspace_at = -1};
    hib_assert_refused(
        hib_store_check_statement(test->store, test->arena, &bad, large, &plan, &error), error,
        "store.failed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/values_come_back_as_they_went_in", values_come_back_as_they_went_in);
    hib_test_add("/a_workspace_sees_only_its_own_rows", a_workspace_sees_only_its_own_rows);
    hib_test_add("/a_transaction_is_all_or_nothing", a_transaction_is_all_or_nothing);
    hib_test_add("/only_the_outermost_commit_counts", only_the_outermost_commit_counts);
    hib_test_add("/many_rows_are_one_transaction", many_rows_are_one_transaction);
    hib_test_add("/a_null_where_none_may_be_is_reported", a_null_where_none_may_be_is_reported);
    hib_test_add("/the_version_of_a_workspace_grows_with_its_commits",
                 the_version_of_a_workspace_grows_with_its_commits);
    hib_test_add("/an_edited_or_newer_migration_is_refused",
                 an_edited_or_newer_migration_is_refused);
    hib_test_add("/a_full_scan_is_seen", a_full_scan_is_seen);
    return g_test_run();
}
