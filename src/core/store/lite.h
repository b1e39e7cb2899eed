/* SQLite inside the store: connections with their cached statements (lite.c), the writer's queue (lite_writer.c), its log (lite_checkpoint.c). */
#pragma once
#include "store/store_private.h"
#include <sqlite3.h>

typedef struct {
    sqlite3 *db;
    GHashTable *statements; /* HibStatement → sqlite3_stmt */
} LiteLink;

/* Transactions that share one commit. */
typedef struct {
    GPtrArray *members; /* of const HibAfter: finished, waiting for the commit */
    int64_t began_us;
    int n_waiting; /* threads that still look at the group */
    bool is_done;
    bool
        is_first_open; /* its first member works, without a savepoint: if it is taken back, so is all there is */
    GError *error; /* why none of it is stored; NULL: stored */
} LiteGroup;

typedef struct LiteCheckpoint LiteCheckpoint;

typedef struct {
    HibStore *store;
    char *path;
    char *own_directory; /* of a database in memory: removed at the end; NULL otherwise */
    int lock_fd;
    /* readers */
    HibWait readers;
    GPtrArray *idle; /* of LiteLink */
    int n_readers;
    /* the writer; who holds it works without the lock */
    HibWait queue;
    LiteLink *writer;
    bool is_held;
    GQueue waiting;   /* of LiteTurn */
    LiteGroup *group; /* NULL: no transaction is open */
    LiteCheckpoint *checkpoint;
} HibLite;

LiteLink *hib_lite_connect(HibLite *lite, GError **error);
void hib_lite_disconnect(LiteLink *link);
/* Sets the error that `code` and the connection's state mean; always false. */
bool hib_lite_fail(sqlite3 *db, int code, const char *what, GError **error);
bool hib_lite_exec(LiteLink *link, const char *sql, GError **error);

void *hib_lite_begin(HibStore *store, bool is_large, GError **error);
bool hib_lite_commit(HibStore *store, void *link, const HibAfter *after, GError **error);
void hib_lite_rollback(HibStore *store, void *link);
/* The holder's statement failed: if SQLite dropped the whole transaction, the group is lost with this error. */
void hib_lite_note_lost(HibLite *lite, const GError *error);

/* The thread that moves the log into the database; what it moves is asked for by the writer's commits. */
bool hib_lite_checkpoint_start(HibLite *lite, GError **error);
void hib_lite_checkpoint_stop(HibLite *lite);
