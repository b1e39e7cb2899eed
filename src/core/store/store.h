/* The store: one handle for SQLite and PostgreSQL.
 *
 * A HibStore is the database of this process (connections, writer queue, migrations). A HibDb is one piece of work on
 * it: a request, a job step, a command; scoped to one workspace, used by one thread at a time. Statements are written in
 * `*.sql` files and become typed C functions (tools/sqlgen.py); they take the HibDb and bind `:workspace` from it, so a
 * feature cannot read another workspace by mistake. A statement marked `-- global: reason` runs on any HibDb; a scoped one
 * on a HibDb without workspace is INTERNAL, store.unscoped.
 *
 * Writes. On SQLite one connection writes; transactions of many threads are grouped into one commit (each inside its own
 * savepoint), so hib_tx_commit returns when the group is durable on disk. On PostgreSQL each HibTx has its connection. A
 * single writing statement outside a HibTx is a transaction of its own. Never hold a HibTx across a network call.
 *
 * Errors: BUSY store.busy (locked beyond the time limit, connection lost before commit: nothing happened, may be repeated),
 * UNCERTAIN store.commit_unknown (connection lost during commit), INTERNAL store.disk_full, CONFLICT store.duplicate (unique key),
 * INTERNAL store.failed. After an error the transaction only rolls back. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct HibStore HibStore;
typedef struct HibDb HibDb;
typedef struct HibTx HibTx;

typedef struct {
    const char
        *url; /* "sqlite:/path/file.db", "sqlite::memory:" (tests), or a libpq "postgresql://…" */
    HibClock *clock; /* NULL: the real one; not owned */
    int connections; /* PostgreSQL connections / SQLite readers at most; 0: 8 */
    int busy_ms;     /* how long to wait for a lock; 0: 5000 */
} HibStoreOptions;

/* Opens; does not migrate. An SQLite file is locked for this process (BUSY, store.in_use when another has it). */
HibStore *hib_store_open(const HibStoreOptions *options, GError **error);
void hib_store_close(HibStore *store); /* all HibDb closed before; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibStore, hib_store_close)
HibClock *hib_store_clock(HibStore *store);
bool
hib_store_is_postgres(const HibStore *store); /* for diagnosis only; features never branch on it */

/* --- migrations: numbered SQL with neutral types (I64 F64 TEXT BYTES BOOL), embedded by tools/embed_migrations.py ------- */
typedef struct {
    int number;
    const char *name, *sql, *sha256;
} HibMigration;
/* Applies what is missing, each in a transaction. CORRUPT store.migration_edited when an applied one has another checksum,
 * CORRUPT store.newer when the database knows a higher number. */
bool hib_store_migrate(HibStore *store, const HibMigration *migrations, size_t n, GError **error);

/* --- a piece of work -------------------------------------------------------------------------------------------------- */
/* `workspace` NULL: global work only. Cheap; a connection is taken when the first statement runs. `arena` not owned. */
HibDb *hib_db_open(HibStore *store, HibArena *arena, const char *workspace);
void hib_db_close(HibDb *db); /* rolls back what is open */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibDb, hib_db_close)
HibArena *hib_db_arena(HibDb *db);
HibStore *hib_db_store(HibDb *db);
const char *hib_db_workspace(const HibDb *db); /* NULL on a global one */
HibInstant hib_db_now(HibDb *db);
const char *hib_db_new_id(HibDb *db); /* in its arena */

/* Who acts; recorded in events and the audit log. Default: HIB_ACTOR_SYSTEM, NULL. */
typedef enum { HIB_ACTOR_SYSTEM, HIB_ACTOR_PERSON, HIB_ACTOR_TOKEN } HibActorKind;
void hib_db_set_actor(HibDb *db, HibActorKind kind, const char *id); /* id copied into the arena */
HibActorKind hib_db_actor(const HibDb *db, const char **ret_id);

/* --- transactions ------------------------------------------------------------------------------------------------------ */
/* Begins, or joins the one already open on `db` (only the outermost commit counts). */
HibTx *hib_tx_begin(HibDb *db, GError **error);
/* The same for thousands of rows: on SQLite it joins nobody's commit, since taking it back alone would need a copy of each page in memory. */
HibTx *hib_tx_begin_large(HibDb *db, GError **error);
/* True: durable. Frees nothing: the autoptr does. */
bool hib_tx_commit(HibTx *tx, GError **error);
void hib_tx_end(HibTx *tx); /* rolls back unless committed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTx, hib_tx_end)

/* --- what sqlgen calls ------------------------------------------------------------------------------------------------- */
typedef struct {
    const void *data;
    size_t n;
} HibBytes;
typedef struct {
    bool is_null;
    union {
        const char *text;
        int64_t i64;
        double f64;
        HibBytes bytes;
    };
} HibValue;
typedef struct {
    size_t at, has_at; /* has_at 0: never null (a null there is CORRUPT, store.null) */
} HibColumn;
#define HIB_TEXT_MAY_BE_NULL SIZE_MAX /* has_at of a text column that is NULL itself when null */
/* params/columns: one letter each: t text, i int or time, r real, b bool, y bytes. */
typedef struct {
    const char *name, *sqlite, *postgres, *params, *columns;
    size_t row_size;
    const HibColumn *map;
    bool is_scoped, is_write;
    int workspace_at; /* index of :workspace among the parameters, -1 when none */
} HibStatement;
/* rows: NULL or where the array (in the db's arena) goes; changed: NULL or where the number of changed rows goes. */
bool hib_db_run(HibDb *db, const HibStatement *statement, const HibValue *values, void **rows,
                size_t *n_rows, int64_t *changed, GError **error);
/* The same statement for many value rows in one transaction: prepared loop on SQLite, pipeline on PostgreSQL. */
bool hib_db_run_many(HibDb *db, const HibStatement *statement, const HibValue *values,
                     size_t n_rows, GError **error);
/* What SQLite's plan reads of the tables asked about, in the arena; NULL: none. */
typedef struct {
    const char *scanned; /* read from end to end */
    const char *
        walked; /* all rows of the workspace are read (also to sort them, when only a few are wanted) */
} HibPlanned;
/* Prepares it, for the test that does so with every statement of the program on both databases. `large`: names ended by NULL. */
bool hib_store_check_statement(HibStore *store, HibArena *arena, const HibStatement *statement,
                               const char *const *large, HibPlanned *ret_plan, GError **error);

/* --- change counters ------------------------------------------------------------------------------------------------------ */
/* Grows whenever something of the workspace was committed, by this process or (PostgreSQL, through NOTIFY) another. The key
 * of the reply cache and of SSE. Lock-free to read. */
uint64_t hib_store_version(HibStore *store, const char *workspace);
