/* A piece of work: scoping, transactions, running statements. What is the same for both databases.
 *
 * A transaction that met an error only rolls back: its first error is kept and given again by every later call in it, so a
 * caller that overlooked one cannot commit half of its work. */
#include "base/error.h"
#include "base/id.h"
#include "store/store_private.h"
#include <string.h>

HibDb *
hib_db_open(HibStore *store, HibArena *arena, const char *workspace)
{
    HibDb *db = g_new0(HibDb, 1);
    db->store = store;
    db->arena = arena;
    db->workspace = hib_arena_strdup(arena, workspace);
    return db;
}

void
hib_db_close(HibDb *db)
{
    if (!db)
        return;
    if (db->tx) {
        HibTx *tx = db->tx;
        if (tx->link)
            db->store->backend->rollback(db->store, tx->link);
        tx->link = NULL;
        tx->db = NULL;
    }
    g_free(db);
}

HibArena *
hib_db_arena(HibDb *db)
{
    return db->arena;
}

HibStore *
hib_db_store(HibDb *db)
{
    return db->store;
}

const char *
hib_db_workspace(const HibDb *db)
{
    return db->workspace;
}

HibInstant
hib_db_now(HibDb *db)
{
    return hib_clock_now(db->store->clock);
}

const char *
hib_db_new_id(HibDb *db)
{
    return hib_id_new(db->arena, db->store->clock);
}

void
hib_db_set_actor(HibDb *db, HibActorKind kind, const char *id)
{
    db->actor_kind = kind;
    db->actor_id = hib_arena_strdup(db->arena, id);
}

HibActorKind
hib_db_actor(const HibDb *db, const char **ret_id)
{
    if (ret_id)
        *ret_id = db->actor_id;
    return db->actor_kind;
}

/* --- transactions ------------------------------------------------------------------------------------------------------ */
static HibTx *
begin(HibDb *db, bool is_large, GError **error)
{
    if (db->tx) {
        if (db->tx->error) {
            g_propagate_error(error, g_error_copy(db->tx->error));
            return NULL;
        }
        HibTx *inner = g_new0(HibTx, 1);
        inner->db = db;
        inner->outer = db->tx;
        return inner;
    }
    void *link = db->store->backend->begin(db->store, is_large, error);
    if (!link)
        return NULL;
    HibTx *tx = g_new0(HibTx, 1);
    tx->db = db;
    tx->link = link;
    tx->after.workspace = db->workspace;
    tx->after.job_due = HIB_NEVER;
    db->tx = tx;
    return tx;
}

HibTx *
hib_tx_begin(HibDb *db, GError **error)
{
    return begin(db, false, error);
}

HibTx *
hib_tx_begin_large(HibDb *db, GError **error)
{
    return begin(db, true, error);
}

static bool
fail_again(const HibTx *tx, GError **error)
{
    g_propagate_error(error, g_error_copy(tx->error));
    return false;
}

bool
hib_tx_commit(HibTx *tx, GError **error)
{
    HibTx *root = tx->outer ? tx->outer : tx;
    if (root->error)
        return fail_again(root, error);
    if (!root->db || tx->is_committed || !root->link) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed",
                      "this transaction has ended already");
        return false;
    }
    tx->is_committed = true;
    if (tx->outer)
        return true;
    HibDb *db = tx->db;
    if (!hib_events_flush(tx, error)) {
        tx->is_committed = false;
        return false;
    }
    void *link = g_steal_pointer(&tx->link);
    db->tx = NULL;
    return db->store->backend->commit(db->store, link, &tx->after, error);
}

void
hib_tx_end(HibTx *tx)
{
    if (!tx)
        return;
    if (tx->outer) {
        /* The outermost one is still there: autoptrs end in the reverse order. */
        if (!tx->is_committed && tx->outer->link && !tx->outer->error)
            hib_error_set(&tx->outer->error, HIB_ERROR_INTERNAL, "store.failed",
                          "an inner transaction was rolled back");
        g_free(tx);
        return;
    }
    if (tx->link && tx->db) {
        tx->db->store->backend->rollback(tx->db->store, tx->link);
        tx->db->tx = NULL;
    }
    g_clear_error(&tx->error);
    g_clear_pointer(&tx->after.events, g_ptr_array_unref);
    g_free(tx);
}

/* --- statements -------------------------------------------------------------------------------------------------------- */
static bool
is_in_scope(const HibDb *db, const HibStatement *statement, GError **error)
{
    if (!statement->is_scoped || db->workspace)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "store.unscoped",
                  "%s needs a workspace and the handle has none", statement->name);
    return false;
}

/* Keeps the first error of a transaction and passes it on. */
static bool
note_failure(HibTx *tx, GError *failure, GError **error)
{
    if (!tx->error)
        tx->error = g_error_copy(failure);
    g_propagate_error(error, failure);
    return false;
}

static bool
run_in(HibTx *tx, const HibStatement *statement, const HibValue *values, HibRows *rows,
       int64_t *changed, GError **error)
{
    GError *failure = NULL;
    if (tx->error)
        return fail_again(tx, error);
    HibStore *store = tx->db->store;
    if (!store->backend->run(store, tx->link, statement, values, rows, changed, &failure))
        return note_failure(tx, failure, error);
    tx->after.has_written |= statement->is_write;
    return true;
}

bool
hib_db_run(HibDb *db, const HibStatement *statement, const HibValue *values, void **rows,
           size_t *n_rows, int64_t *changed, GError **error)
{
    if (!is_in_scope(db, statement, error))
        return false;
    HibValue bound[HIB_STATEMENT_PARAMS] = {0};
    memcpy(bound, values, sizeof(HibValue) * strlen(statement->params));
    if (statement->workspace_at >= 0)
        bound[statement->workspace_at] = (HibValue){.text = db->workspace};
    HibRows found = {.arena = db->arena, .statement = statement};
    int64_t n_changed = 0;
    if (db->tx) {
        if (!run_in(db->tx, statement, bound, &found, &n_changed, error))
            return false;
    } else if (statement->is_write) {
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (!tx || !run_in(tx, statement, bound, &found, &n_changed, error) ||
            !hib_tx_commit(tx, error))
            return false;
    } else if (!db->store->backend->run(db->store, NULL, statement, bound, &found, &n_changed,
                                        error)) {
        return false;
    }
    if (rows)
        *rows = found.rows;
    if (n_rows)
        *n_rows = found.n;
    if (changed)
        *changed = n_changed;
    return true;
}

bool
hib_db_run_many(HibDb *db, const HibStatement *statement, const HibValue *values, size_t n_rows,
                GError **error)
{
    if (!is_in_scope(db, statement, error))
        return false;
    if (n_rows == 0)
        return true;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    GError *failure = NULL;
    if (!db->store->backend->run_many(db->store, db->tx->link, statement, values, n_rows,
                                      db->workspace, &failure))
        return note_failure(db->tx, failure, error);
    db->tx->after.has_written = true;
    return hib_tx_commit(tx, error);
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */
char *
hib_rows_next(HibRows *rows)
{
    const size_t size = rows->statement->row_size;
    if (rows->n == rows->capacity) {
        const size_t capacity = rows->capacity ? rows->capacity * 2 : 4;
        char *grown = hib_arena_take_n(rows->arena, capacity, size);
        if (rows->n)
            memcpy(grown, rows->rows, rows->n * size);
        rows->rows = grown;
        rows->capacity = capacity;
    }
    return rows->rows + size * rows->n++;
}

bool
hib_row_set_null(const HibStatement *statement, size_t column, GError **error)
{
    if (statement->map[column].has_at)
        return true;
    hib_error_set(error, HIB_ERROR_CORRUPT, "store.null", "%s: column %zu is null", statement->name,
                  column + 1);
    return false;
}

void
hib_row_set(const HibStatement *statement, char *row, size_t column, HibValue value)
{
    const HibColumn *to = &statement->map[column];
    char *at = row + to->at;
    switch (statement->columns[column]) {
    case 't':
        *(const char **)(void *)at = value.text;
        break;
    case 'i':
        *(int64_t *)(void *)at = value.i64;
        break;
    case 'r':
        *(double *)(void *)at = value.f64;
        break;
    case 'b':
        *(bool *)(void *)at = value.i64 != 0;
        break;
    default:
        *(HibBytes *)(void *)at = value.bytes;
        break;
    }
    if (to->has_at && to->has_at != HIB_TEXT_MAY_BE_NULL)
        *(bool *)(void *)(row + to->has_at) = true;
}
