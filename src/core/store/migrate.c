/* Migrations: numbered SQL in neutral words, each applied in a transaction with the row that says so.
 *
 * Neutral words, in capitals: I64 F64 TEXT BYTES BOOL, and SERIAL64 for a primary key that counts up by itself. TEXT
 * compares by bytes on both databases. On SQLite every table is made STRICT, so a column holds what it says. */
#include "base/error.h"
#include "base/log.h"
#include "store/migration.sql.h"
#include "store/search.h"
#include "store/store_private.h"
#include <string.h>

typedef struct {
    const char *neutral, *sqlite, *postgres;
} Word;

static const Word words[] = {
    {"I64", "integer", "bigint"},
    {"F64", "real", "double precision"},
    {"TEXT", "text", "text collate \"C\""},
    {"BYTES", "blob", "bytea"},
    {"BOOL", "integer", "boolean"},
    {"SERIAL64", "integer primary key autoincrement",
     "bigint generated always as identity primary key"},
};

static const char first_table[] = "create table if not exists store_migration (number I64 not null "
                                  "primary key, name TEXT not null, sha256 TEXT not null,"
                                  " applied_at I64 not null)";

static size_t
length_of_aside(const char *at)
{
    if (g_str_has_prefix(at, "--"))
        return strcspn(at, "\n");
    if (*at != '\'' && *at != '"')
        return 0;
    const char *end = strchr(at + 1, *at);
    return end ? (size_t)(end - at) + 1 : strlen(at);
}

static const char *
word_for(const char *word, size_t n, bool is_postgres)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strlen(words[i].neutral) == n && memcmp(words[i].neutral, word, n) == 0)
            return is_postgres ? words[i].postgres : words[i].sqlite;
    return NULL;
}

/* The database's own text of neutral SQL. */
static char *
translate(const char *sql, bool is_postgres)
{
    GString *out = g_string_new(NULL);
    int depth = 0;
    bool is_create = false, is_table = false;
    while (*sql) {
        const size_t aside = length_of_aside(sql);
        size_t n = aside;
        if (!n && (g_ascii_isalpha(*sql) || *sql == '_'))
            while (g_ascii_isalnum(sql[n]) || sql[n] == '_')
                n++;
        const bool is_word = n && !aside;
        n = MAX(n, 1);
        const char *own = is_word ? word_for(sql, n, is_postgres) : NULL;
        if (own)
            g_string_append(out, own);
        else
            g_string_append_len(out, sql, (gssize)n);
        if (is_word) {
            is_table =
                is_table || (is_create && n == 5 && g_ascii_strncasecmp(sql, "table", 5) == 0);
            is_create = n == 6 && g_ascii_strncasecmp(sql, "create", 6) == 0;
        } else if (!aside) {
            depth += *sql == '(';
            depth -= *sql == ')';
            if (*sql == ')' && depth == 0 && is_table) {
                is_table = false;
                g_string_append(out, is_postgres ? "" : " strict");
            }
        }
        sql += n;
    }
    return g_string_free(out, FALSE);
}

static bool
run_script(HibDb *db, const char *neutral, GError **error)
{
    HibStore *store = db->store;
    g_autofree char *sql = translate(neutral, hib_store_is_postgres(store));
    GError *failure = NULL;
    db->tx->after.has_written = true;
    if (store->backend->script(store, db->tx->link, sql, &failure))
        return true;
    if (!db->tx->error)
        db->tx->error = g_error_copy(failure);
    g_propagate_error(error, failure);
    return false;
}

static const HibMigration *
find(const HibMigration *migrations, size_t n, int64_t number)
{
    for (size_t i = 0; i < n; i++)
        if (migrations[i].number == number)
            return &migrations[i];
    return NULL;
}

/* What is applied must be what the program knows. */
static bool
compare(HibDb *db, const HibMigration *migrations, size_t n, GError **error)
{
    HibSqlMigrationAll *rows;
    size_t n_rows;
    if (!hib_sql_migration_all(db, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        const HibMigration *known = find(migrations, n, rows[i].number);
        if (!known) {
            hib_error_set(error, HIB_ERROR_CORRUPT, "store.newer",
                          "the database has migration %04d, unknown here", (int)rows[i].number);
            return false;
        }
        if (strcmp(known->sha256, rows[i].sha256) != 0) {
            hib_error_set(error, HIB_ERROR_CORRUPT, "store.migration_edited",
                          "migration %04d was edited after it ran", known->number);
            return false;
        }
    }
    return true;
}

/* Several processes may start at once. */
static bool
is_alone(HibDb *db, GError **error)
{
    const HibBackend *backend = db->store->backend;
    return !backend->serialise || backend->serialise(db->store, db->tx->link, error);
}

static bool
apply(HibDb *db, const HibMigration *migration, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    HibSqlMigrationFind *done;
    if (!tx || !is_alone(db, error) || !hib_sql_migration_find(db, migration->number, &done, error))
        return false;
    if (done)
        return hib_tx_commit(tx, error);
    if (!run_script(db, migration->sql, error) ||
        !hib_sql_migration_add(db, migration->number, migration->name, migration->sha256,
                               hib_db_now(db), error) ||
        !hib_tx_commit(tx, error)) {
        g_prefix_error(error, "migration %04d_%s: ", migration->number, migration->name);
        return false;
    }
    hib_log(HIB_INFO, "store.migrated", "name", migration->name, NULL);
    return true;
}

static bool
make_first_table(HibDb *db, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && is_alone(db, error) && run_script(db, first_table, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_store_migrate(HibStore *store, const HibMigration *migrations, size_t n, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    if (!make_first_table(db, error) || !compare(db, migrations, n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!apply(db, &migrations[i], error))
            return false;
    return hib_search_prepare(db, error);
}
