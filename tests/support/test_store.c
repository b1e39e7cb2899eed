/* For tests: a fresh, migrated store on each database. */
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
        postgres_run(url, "create database ", name, "");
        test->url = with_database(url, name);
    } else {
        test->directory = g_dir_make_tmp("hibiki-test-XXXXXX", NULL);
        test->url = g_strdup_printf("sqlite:%s/test.db", test->directory);
    }
    open_store(test);
    return test;
}

void
hib_test_store_shut(HibTestStore *test)
{
    g_clear_pointer(&test->store, hib_store_close);
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
