/* For tests: a fresh, migrated store on each database. Migrating takes longer than most tests, so it is done once and copied: on PostgreSQL once a cluster (a
 * template database named after the migrations), on SQLite once a program (the bytes of the file). */
#include "store/test_store.h"
#include "base/error.h"
#include "migrations/migrations.h"
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <string.h>

#define MANUAL_START ((HibInstant)1767571200 * HIB_SECOND) /* 2026-01-05T00:00:00Z, a Monday */

static void
postgres_run(const char *url, const char *before, const char *name, const char *after)
{
    g_autofree char *sql = g_strconcat(before, name, after, NULL);
    PGconn *link = PQconnectdb(url);
    if (PQstatus(link) != CONNECTION_OK)
        g_error("PostgreSQL of the tests: %s", PQerrorMessage(link));
    PGresult *result = PQexec(link, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        g_error("PostgreSQL of the tests: %s", PQerrorMessage(link));
    PQclear(result);
    PQfinish(link);
}

/* The URL with another database name. */
static char *
with_database(const char *url, const char *name)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &message);
    if (!options)
        g_error("HIBIKI_TEST_POSTGRES: %s", message);
    GString *out = g_string_new("postgresql:///");
    g_string_append(out, name);
    char join = '?';
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (!option->val || strcmp(option->keyword, "dbname") == 0)
            continue;
        g_autofree char *value = g_uri_escape_string(option->val, NULL, FALSE);
        g_string_append_printf(out, "%c%s=%s", join, option->keyword, value);
        join = '&';
    }
    PQconninfoFree(options);
    return g_string_free(out, FALSE);
}

static char *
database_of(const char *url)
{
    const char *start = url + strlen("postgresql:///");
    return g_strndup(start, strcspn(start, "?"));
}

static void
open_store(HibTestStore *test)
{
    GError *error = NULL;
    const HibStoreOptions options = {.url = test->url, .clock = test->clock};
    test->store = hib_store_open(&options, &error);
    g_assert_no_error(error);
    hib_store_migrate(test->store, hib_migrations, hib_n_migrations, &error);
    g_assert_no_error(error);
}

static void
close_store(HibTestStore *test)
{
    g_clear_pointer(&test->store, hib_store_close);
}

/* --- what is copied ---------------------------------------------------------------------------------------------------- */
static char *
name_of_template(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < hib_n_migrations; i++)
        g_checksum_update(sum, (const guchar *)hib_migrations[i].sha256, -1);
    return g_strdup_printf("hibiki_template_%.16s", g_checksum_get_string(sum));
}

/* The migrated database others are copied from; whoever comes first makes it while the rest wait. */
static const char *
postgres_template(const char *url)
{
    static char *name;
    if (name)
        return name;
    g_autofree char *wanted = name_of_template();
    g_autofree char *making = g_strconcat(wanted, "_making", NULL);
    PGconn *link = PQconnectdb(url);
    PGresult *lock = PQexec(link, "select pg_advisory_lock(4711)");
    if (PQresultStatus(lock) != PGRES_TUPLES_OK)
        g_error("PostgreSQL of the tests: %s", PQerrorMessage(link));
    PQclear(lock);
    const char *values[] = {wanted};
    PGresult *found = PQexecParams(link, "select 1 from pg_database where datname = $1", 1, NULL,
                                   values, NULL, NULL, 0);
    if (PQntuples(found) == 0) {
        postgres_run(url, "drop database if exists ", making, "");
        postgres_run(url, "create database ", making, "");
        HibTestStore first = {.clock = hib_clock_real(), .url = with_database(url, making)};
        open_store(&first);
        close_store(&first);
        g_free(first.url);
        g_autofree char *rename = g_strconcat(" rename to ", wanted, NULL);
        postgres_run(url, "alter database ", making, rename);
    }
    PQclear(found);
    PQfinish(link); /* lets the lock go */
    name = g_steal_pointer(&wanted);
    return name;
}

static void
copy_sqlite(HibTestStore *test)
{
    static char *bytes;
    static size_t n;
    GError *error = NULL;
    const char *path = test->url + strlen("sqlite:");
    if (!bytes) {
        open_store(test);
        close_store(test); /* the log is in the file now */
        g_file_get_contents(path, &bytes, &n, &error);
    } else {
        g_file_set_contents_full(path, bytes, (gssize)n, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    }
    g_assert_no_error(error);
}

HibTestStore *
hib_test_store_new(bool is_postgres, HibClock *clock)
{
    static int n_made;
    HibTestStore *test = g_new0(HibTestStore, 1);
    test->clock = clock ? clock : hib_clock_real();
    test->arena = hib_arena_new();
    test->is_postgres = is_postgres;
    if (is_postgres) {
        const char *url = g_getenv("HIBIKI_TEST_POSTGRES");
        g_autofree char *name = g_strdup_printf("hibiki_test_%08x_%d", g_random_int(), n_made++);
        g_autofree char *from = g_strconcat(" template ", postgres_template(url), NULL);
        postgres_run(url, "create database ", name, from);
        test->url = with_database(url, name);
    } else {
        test->directory = g_dir_make_tmp("hibiki-test-XXXXXX", NULL);
        test->url = g_strdup_printf("sqlite:%s/test.db", test->directory);
        copy_sqlite(test);
    }
    open_store(test);
    return test;
}

void
hib_test_store_shut(HibTestStore *test)
{
    close_store(test);
}

void
hib_test_store_reopen(HibTestStore *test)
{
    hib_test_store_shut(test);
    open_store(test);
}

static void
remove_directory(const char *path)
{
    GDir *directory = g_dir_open(path, 0, NULL);
    const char *name;
    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR))
            remove_directory(inner);
        else
            g_unlink(inner);
    }
    if (directory)
        g_dir_close(directory);
    g_rmdir(path);
}

void
hib_test_store_free(HibTestStore *test)
{
    if (!test)
        return;
    hib_test_store_shut(test);
    if (test->is_postgres) {
        g_autofree char *name = database_of(test->url);
        postgres_run(g_getenv("HIBIKI_TEST_POSTGRES"), "drop database ", name, " with (force)");
    } else {
        remove_directory(test->directory);
    }
    hib_arena_free(test->arena);
    g_free(test->directory);
    g_free(test->url);
    g_free(test);
}

/* --- registering ------------------------------------------------------------------------------------------------------- */
typedef struct {
    void (*run)(HibTestStore *test);
    bool is_postgres, is_manual;
} Case;

static void
run_case(const void *data)
{
    const Case *test_case = data;
    g_autoptr(HibClock) clock = test_case->is_manual ? hib_clock_manual_new(MANUAL_START) : NULL;
    g_autoptr(HibTestStore) test = hib_test_store_new(test_case->is_postgres, clock);
    test_case->run(test);
}

static void
add(const char *database, const char *path, Case test_case)
{
    g_autofree char *name = g_strconcat("/", database, path, NULL);
    g_test_add_data_func_full(name, g_memdup2(&test_case, sizeof(test_case)), run_case, g_free);
}

static void
add_both(const char *path, void (*run)(HibTestStore *test), bool is_manual)
{
    const char *url = g_getenv("HIBIKI_TEST_POSTGRES");
    add("sqlite", path, (Case){run, false, is_manual});
    if (url && *url)
        add("postgres", path, (Case){run, true, is_manual});
}

void
hib_test_add(const char *path, void (*run)(HibTestStore *test))
{
    add_both(path, run, false);
}

void
hib_test_add_manual(const char *path, void (*run)(HibTestStore *test))
{
    add_both(path, run, true);
}

void
hib_test_add_once(const char *path, void (*run)(HibTestStore *test))
{
    add("sqlite", path, (Case){run, false, false});
}
