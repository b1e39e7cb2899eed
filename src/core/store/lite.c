/* SQLite behind the store's face: opening, the file lock, readers, binding and reading.
 *
 * WAL with full flushes: what was committed survives a power cut. Readers see the last commit and never wait. Each database
 * has a lock file beside it, so that no second process shares it: leases and the group commit rely on that. */
#include "store/lite.h"
#include "base/error.h"
#include "store/lite_bigram.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* In pages, 32 MB: a large transaction that does not fit in memory is written to the log and read back. Between transactions 8 MB are kept: what many write is mostly the same pages. */
#define WRITER_KEEPS "pragma cache_spill = 8000; pragma cache_size = -8000"

bool
hib_lite_fail(sqlite3 *db, int code, const char *what, GError **error)
{
    const int extended = db ? sqlite3_extended_errcode(db) : code;
    const int cause = db ? sqlite3_system_errno(db) : 0;
    const char *text = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    const bool is_full =
        (code & 0xff) == SQLITE_FULL ||
        ((code & 0xff) == SQLITE_IOERR && (cause == ENOSPC || cause == EFBIG || cause == EDQUOT));
    if (is_full)
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.disk_full", "%s: %s", what, text);
    else if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "%s: %s", what, text);
    else if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
             extended == SQLITE_CONSTRAINT_ROWID)
        hib_error_set(error, HIB_ERROR_CONFLICT, "store.duplicate", "%s: %s", what, text);
    else if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
        hib_error_set(error, HIB_ERROR_CORRUPT, "store.failed", "%s: %s", what, text);
    else
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "%s: %s (%d)", what, text,
                      extended);
    return false;
}

bool
hib_lite_exec(LiteLink *link, const char *sql, GError **error)
{
    const int code = sqlite3_exec(link->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || hib_lite_fail(link->db, code, sql, error);
}

static void
finalize(void *prepared)
{
    sqlite3_finalize(prepared);
}

LiteLink *
hib_lite_connect(HibLite *lite, GError **error)
{
    LiteLink *link = g_new0(LiteLink, 1);
    link->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    const int code =
        sqlite3_open_v2(lite->path, &link->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK)
        hib_lite_fail(link->db, code, "open", error);
    else if (sqlite3_busy_timeout(link->db, lite->store->busy_ms) == SQLITE_OK &&
             hib_lite_exec(
                 link,
                 "pragma journal_mode = wal; pragma foreign_keys = on; pragma trusted_schema = off;"
                 "pragma temp_store = memory; pragma cache_size = -2000; pragma journal_size_limit "
                 "= 67108864",
                 error) &&
             hib_lite_exec(link,
                           lite->own_directory ? "pragma synchronous = off"
                                               : "pragma synchronous = full",
                           error) &&
             (hib_lite_bigram_register(link->db) ||
              hib_lite_fail(link->db, SQLITE_ERROR, "no full text (FTS5)", error)))
        return link;
    hib_lite_disconnect(link);
    return NULL;
}

void
hib_lite_disconnect(LiteLink *link)
{
    if (!link)
        return;
    g_hash_table_unref(link->statements);
    sqlite3_close_v2(link->db);
    g_free(link);
}

/* --- readers ------------------------------------------------------------------------------------------------------------ */
static LiteLink *
take_reader(HibLite *lite, GError **error)
{
    const int64_t deadline = hib_monotonic_us() + (int64_t)lite->store->busy_ms * 1000;
    hib_wait_lock(&lite->readers);
    while (lite->idle->len == 0 && lite->n_readers >= lite->store->connections) {
        if (hib_wait_until(&lite->readers, deadline) || lite->idle->len > 0)
            continue;
        hib_wait_unlock(&lite->readers);
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "all readers are busy");
        return NULL;
    }
    LiteLink *link =
        lite->idle->len ? g_ptr_array_steal_index(lite->idle, lite->idle->len - 1) : NULL;
    lite->n_readers += !link;
    hib_wait_unlock(&lite->readers);
    if (link || (link = hib_lite_connect(lite, error)))
        return link;
    hib_wait_lock(&lite->readers);
    lite->n_readers--;
    hib_wait_unlock(&lite->readers);
    return NULL;
}

static void
give_reader(HibLite *lite, LiteLink *link)
{
    hib_wait_lock(&lite->readers);
    g_ptr_array_add(lite->idle, link);
    pthread_cond_signal(&lite->readers.cond);
    hib_wait_unlock(&lite->readers);
}

/* --- statements -------------------------------------------------------------------------------------------------------- */
static sqlite3_stmt *
prepare(LiteLink *link, const HibStatement *statement, GError **error)
{
    sqlite3_stmt *prepared = g_hash_table_lookup(link->statements, statement);
    if (prepared)
        return prepared;
    const int code = sqlite3_prepare_v3(link->db, statement->sqlite, -1, SQLITE_PREPARE_PERSISTENT,
                                        &prepared, NULL);
    if (code != SQLITE_OK) {
        hib_lite_fail(link->db, code, statement->name, error);
        return NULL;
    }
    g_hash_table_insert(link->statements, (void *)statement, prepared);
    return prepared;
}

static void
bind(sqlite3_stmt *prepared, const char *params, const HibValue *values)
{
    for (int i = 0; params[i]; i++) {
        const HibValue *value = &values[i];
        if (value->is_null || (params[i] == 't' && !value->text))
            sqlite3_bind_null(prepared, i + 1);
        else if (params[i] == 't')
            sqlite3_bind_text(prepared, i + 1, value->text, -1, SQLITE_STATIC);
        else if (params[i] == 'r')
            sqlite3_bind_double(prepared, i + 1, value->f64);
        else if (params[i] == 'y' && value->bytes.n == 0)
            sqlite3_bind_zeroblob(prepared, i + 1, 0);
        else if (params[i] == 'y')
            sqlite3_bind_blob64(prepared, i + 1, value->bytes.data, value->bytes.n, SQLITE_STATIC);
        else
            sqlite3_bind_int64(prepared, i + 1, value->i64);
    }
}

static bool
read_column(sqlite3_stmt *prepared, const HibStatement *statement, HibArena *arena, char *row,
            int column, GError **error)
{
    HibValue value = {0};
    if (sqlite3_column_type(prepared, column) == SQLITE_NULL)
        return hib_row_set_null(statement, (size_t)column, error);
    switch (statement->columns[column]) {
    case 't': {
        const char *text = (const char *)sqlite3_column_text(prepared, column);
        value.text = hib_arena_strndup(arena, text ? text : "",
                                       (size_t)sqlite3_column_bytes(prepared, column));
        break;
    }
    case 'r':
        value.f64 = sqlite3_column_double(prepared, column);
        break;
    case 'y': {
        const void *data = sqlite3_column_blob(prepared, column);
        value.bytes.n = (size_t)sqlite3_column_bytes(prepared, column);
        char *copy = hib_arena_take(arena, value.bytes.n + 1);
        if (value.bytes.n)
            memcpy(copy, data, value.bytes.n);
        value.bytes.data = copy;
        break;
    }
    default:
        value.i64 = sqlite3_column_int64(prepared, column);
        break;
    }
    hib_row_set(statement, row, (size_t)column, value);
    return true;
}

static bool
read_rows(LiteLink *link, sqlite3_stmt *prepared, const HibStatement *statement, HibRows *rows,
          GError **error)
{
    const int n_columns = (int)strlen(statement->columns);
    int code;
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
        if (n_columns == 0 || !rows)
            continue;
        char *row = hib_rows_next(rows);
        for (int c = 0; c < n_columns; c++)
            if (!read_column(prepared, statement, rows->arena, row, c, error))
                return false;
    }
    return code == SQLITE_DONE || hib_lite_fail(link->db, code, statement->name, error);
}

static bool
run_on(LiteLink *link, const HibStatement *statement, const HibValue *values, HibRows *rows,
       int64_t *changed, GError **error)
{
    sqlite3_stmt *prepared = prepare(link, statement, error);
    if (!prepared)
        return false;
    if (sqlite3_column_count(prepared) != (int)strlen(statement->columns)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed",
                      "%s: declares %zu columns and has %d", statement->name,
                      strlen(statement->columns), sqlite3_column_count(prepared));
        return false;
    }
    bind(prepared, statement->params, values);
    const bool is_done = read_rows(link, prepared, statement, rows, error);
    sqlite3_reset(prepared);
    sqlite3_clear_bindings(prepared);
    if (is_done && changed && statement->is_write)
        *changed = sqlite3_changes64(link->db);
    return is_done;
}

static bool
lite_run(HibStore *store, void *link, const HibStatement *statement, const HibValue *values,
         HibRows *rows, int64_t *changed, GError **error)
{
    HibLite *lite = store->side;
    GError *failure = NULL;
    LiteLink *on = link ? link : take_reader(lite, error);
    if (!on)
        return false;
    const bool is_done = run_on(on, statement, values, rows, changed, &failure);
    if (!link)
        give_reader(lite, on);
    else if (!is_done)
        hib_lite_note_lost(lite, failure);
    if (!is_done)
        g_propagate_error(error, failure);
    return is_done;
}

static bool
lite_run_many(HibStore *store, void *link, const HibStatement *statement, const HibValue *values,
              size_t n_rows, const char *workspace, GError **error)
{
    const size_t n_params = MAX(strlen(statement->params), 1);
    for (size_t i = 0; i < n_rows; i++) {
        HibValue bound[HIB_STATEMENT_PARAMS];
        memcpy(bound, values + i * n_params, sizeof(HibValue) * n_params);
        if (statement->workspace_at >= 0)
            bound[statement->workspace_at] = (HibValue){.text = workspace};
        if (!lite_run(store, link, statement, bound, NULL, NULL, error))
            return false;
    }
    return true;
}

static bool
lite_script(HibStore *store, void *link, const char *sql, GError **error)
{
    GError *failure = NULL;
    if (hib_lite_exec(link, sql, &failure))
        return true;
    hib_lite_note_lost(store->side, failure);
    g_propagate_error(error, failure);
    return false;
}

/* --- checking ----------------------------------------------------------------------------------------------------------- */
/* The plan names an alias where the statement gave one: "SCAN p" means `large` when the text has "plan_post p" or "… as p". */
static bool
is_scan_of(const char *scanned, const char *large, const char *sql)
{
    g_autofree char *pattern = g_strdup_printf("\\b%s\\s+(as\\s+)?%s\\b", large, scanned);
    return strcmp(scanned, large) == 0 || g_regex_match_simple(pattern, sql, G_REGEX_CASELESS, 0);
}

static const char *
large_of(HibArena *arena, const HibStatement *statement, const char *const *large,
         const char *after_verb)
{
    const char *name = hib_arena_strndup(arena, after_verb, strcspn(after_verb, " "));
    for (size_t i = 0; large && large[i]; i++)
        if (is_scan_of(name, large[i], statement->sqlite))
            return large[i];
    return NULL;
}

static void
take_detail(HibArena *arena, const HibStatement *statement, const char *const *large,
            const char *detail, HibPlanned *plan, bool *is_sorted)
{
    const char *table = NULL;
    if (g_str_has_prefix(detail, "SCAN ") &&
        (table = large_of(arena, statement, large, detail + 5)))
        plan->scanned = table;
    if (g_str_has_prefix(detail, "SEARCH ") && g_str_has_suffix(detail, " (workspace_id=?)") &&
        (table = large_of(arena, statement, large, detail + 7)))
        plan->walked = table;
    *is_sorted |= g_str_has_prefix(detail, "USE TEMP B-TREE");
}

static bool
explain(LiteLink *link, HibArena *arena, const HibStatement *statement, const char *const *large,
        HibPlanned *ret_plan, GError **error)
{
    sqlite3_stmt *plan = NULL;
    bool is_sorted = false;
    const char *sql = hib_arena_printf(arena, "explain query plan %s", statement->sqlite);
    int code = sqlite3_prepare_v2(link->db, sql, -1, &plan, NULL);
    while (code == SQLITE_OK && sqlite3_step(plan) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(plan, 3);
        if (detail)
            take_detail(arena, statement, large, detail, ret_plan, &is_sorted);
    }
    if (!is_sorted && g_regex_match_simple("\\blimit\\b", statement->sqlite, G_REGEX_CASELESS, 0))
        ret_plan->walked = NULL; /* it stops at the limit */
    sqlite3_finalize(plan);
    return code == SQLITE_OK || hib_lite_fail(link->db, code, statement->name, error);
}

static bool
lite_check(HibStore *store, HibArena *arena, const HibStatement *statement,
           const char *const *large, HibPlanned *ret_plan, GError **error)
{
    HibLite *lite = store->side;
    LiteLink *link = take_reader(lite, error);
    if (!link)
        return false;
    sqlite3_stmt *prepared = prepare(link, statement, error);
    bool is_good = prepared != NULL;
    if (is_good && (sqlite3_column_count(prepared) != (int)strlen(statement->columns) ||
                    sqlite3_bind_parameter_count(prepared) != (int)strlen(statement->params))) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed",
                      "%s: %d columns, %d parameters, declared %zu and %zu", statement->name,
                      sqlite3_column_count(prepared), sqlite3_bind_parameter_count(prepared),
                      strlen(statement->columns), strlen(statement->params));
        is_good = false;
    }
    is_good = is_good && explain(link, arena, statement, large, ret_plan, error);
    give_reader(lite, link);
    return is_good;
}

/* --- opening ------------------------------------------------------------------------------------------------------------ */
static bool
lock_file(HibLite *lite, GError **error)
{
    g_autofree char *name = g_strconcat(lite->path, ".lock", NULL);
    lite->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lite->lock_fd < 0) {
        hib_error_set(error, HIB_ERROR_INTERNAL,
                      errno == ENOSPC ? "store.disk_full" : "store.failed", "%s: %s", name,
                      g_strerror(errno));
        return false;
    }
    if (flock(lite->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    hib_error_set(error, HIB_ERROR_BUSY, "store.in_use", "%s is used by another process",
                  lite->path);
    return false;
}

static void
remove_own(HibLite *lite)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *name = g_strconcat(lite->path, ends[i], NULL);
        g_unlink(name);
    }
    g_rmdir(lite->own_directory);
}

static void
lite_close(HibStore *store)
{
    HibLite *lite = store->side;
    hib_lite_checkpoint_stop(lite);
    for (guint i = 0; i < lite->idle->len; i++)
        hib_lite_disconnect(lite->idle->pdata[i]);
    g_ptr_array_unref(lite->idle);
    hib_lite_disconnect(lite->writer);
    if (lite->own_directory)
        remove_own(lite);
    if (lite->lock_fd >= 0)
        close(lite->lock_fd);
    hib_wait_clear(&lite->readers);
    hib_wait_clear(&lite->queue);
    g_free(lite->own_directory);
    g_free(lite->path);
    g_free(lite);
}

static const HibBackend lite_backend = {
    .begin = hib_lite_begin,
    .commit = hib_lite_commit,
    .rollback = hib_lite_rollback,
    .run = lite_run,
    .run_many = lite_run_many,
    .script = lite_script,
    .check = lite_check,
    .close = lite_close,
};

bool
hib_lite_open(HibStore *store, const char *path, GError **error)
{
    HibLite *lite = g_new0(HibLite, 1);
    lite->store = store;
    lite->lock_fd = -1;
    lite->idle = g_ptr_array_new();
    g_queue_init(&lite->waiting);
    hib_wait_init(&lite->readers);
    hib_wait_init(&lite->queue);
    store->backend = &lite_backend;
    store->side = lite;
    if (strcmp(path, ":memory:") == 0) {
        /* A real file in a directory of its own: readers, writer and WAL behave as they do on disk. */
        const bool has_shm = g_access("/dev/shm", W_OK) == 0;
        g_autofree char *template =
            g_build_filename(has_shm ? "/dev/shm" : g_get_tmp_dir(), "hibiki-XXXXXX", NULL);
        if (!g_mkdtemp_full(template, 0700)) {
            hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "%s: %s", template,
                          g_strerror(errno));
            return false;
        }
        lite->own_directory = g_steal_pointer(&template);
        lite->path = g_build_filename(lite->own_directory, "memory.db", NULL);
    } else {
        lite->path = g_strdup(path);
    }
    return lock_file(lite, error) && (lite->writer = hib_lite_connect(lite, error)) != NULL &&
           hib_lite_exec(lite->writer, WRITER_KEEPS, error) &&
           hib_lite_checkpoint_start(lite, error);
}
