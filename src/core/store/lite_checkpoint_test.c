/* What was committed moves from the log into the database while the store is open, and the log begins anew. */
#include "base/error.h"
#include "store/lite.h"
#include "store/store_test.sql.h"
#include "store/test_store.h"
#include <glib/gstdio.h>

#define PIECE 400000 /* bytes of a row: a hundred pages */
#define N_ROWS 30

static const char test_table[] =
    "create table if not exists test_item (workspace_id text not null, id text not null, amount "
    "integer not null, share real,"
    " note text, is_open integer not null, data blob, primary key (workspace_id, id)) strict";

static void
write_rows(HibTestStore *test, const char *prefix)
{
    GError *error = NULL;
    g_autofree char *note = g_strnfill(PIECE, 'x');
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(test->store, arena, "w");
    for (int i = 0; i < N_ROWS; i++)
        hib_assert_ok(hib_sql_test_add(db, hib_arena_printf(arena, "%s-%d", prefix, i), i, NULL,
                                       note, true, NULL, &error),
                      error);
}

static int64_t
size_of(const HibTestStore *test, const char *end)
{
    GStatBuf found;
    g_autofree char *name = g_strconcat(test->url + strlen("sqlite:"), end, NULL);
    return g_stat(name, &found) == 0 ? found.st_size : 0;
}

static void
wait_for_database(const HibTestStore *test, int64_t size)
{
    for (int i = 0; i < 1000 && size_of(test, "") < size; i++)
        g_usleep(10000);
    g_assert_cmpint(size_of(test, ""), >=, size);
}

static void
make_table(HibTestStore *test)
{
    HibLite *lite = test->store->side;
    GError *error = NULL;
    hib_assert_ok(hib_lite_exec(lite->writer, test_table, &error), error);
}

static void
a_long_log_moves_by_itself(void)
{
    g_autoptr(HibTestStore) test = hib_test_store_new(false, NULL);
    make_table(test);
    write_rows(test, "a");
    wait_for_database(test, (int64_t)PIECE * N_ROWS * 2 / 3);
    /* The log is used again from its start: it stays far below what was written (108 MB). */
    for (int round = 0; round < 8; round++) {
        g_autofree char *prefix = g_strdup_printf("b%d", round);
        write_rows(test, prefix);
        wait_for_database(test, (int64_t)PIECE * N_ROWS * (round + 1));
    }
    g_assert_cmpint(size_of(test, "-wal"), <, (int64_t)72 * 1000 * 1000);
}

static void
a_reader_keeps_what_it_saw_while_the_log_moves(void)
{
    GError *error = NULL;
    g_autoptr(HibTestStore) test = hib_test_store_new(false, NULL);
    make_table(test);
    write_rows(test, "a");
    LiteLink *reader = hib_lite_connect(test->store->side, &error);
    g_assert_no_error(error);
    sqlite3_stmt *count;
    hib_assert_ok(hib_lite_exec(reader, "begin", &error), error);
    sqlite3_prepare_v2(reader->db, "select count(*) from test_item", -1, &count, NULL);
    g_assert_cmpint(sqlite3_step(count), ==, SQLITE_ROW);
    g_assert_cmpint(sqlite3_column_int(count, 0), ==, N_ROWS);
    sqlite3_reset(count);
    write_rows(test, "b");
    wait_for_database(test, (int64_t)PIECE * N_ROWS / 2);
    g_assert_cmpint(sqlite3_step(count), ==, SQLITE_ROW);
    g_assert_cmpint(sqlite3_column_int(count, 0), ==, N_ROWS);
    sqlite3_finalize(count);
    hib_lite_disconnect(reader);
    write_rows(test, "c");
    wait_for_database(test, (int64_t)PIECE * N_ROWS * 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sqlite/a_long_log_moves_by_itself", a_long_log_moves_by_itself);
    g_test_add_func("/sqlite/a_reader_keeps_what_it_saw_while_the_log_moves",
                    a_reader_keeps_what_it_saw_while_the_log_moves);
    return g_test_run();
}
