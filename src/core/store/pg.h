/* PostgreSQL inside the store: the pool and statements (pg.c), values and errors (pg_value.c), LISTEN/NOTIFY and owners (pg_listen.c). */
#pragma once
#include "store/store_private.h"
#include <libpq-fe.h>

#define HIB_PG_CHANNEL "hibiki"

typedef struct {
    PGconn *conn;
    GHashTable *prepared; /* HibStatement → its name on this connection */
    int64_t planned_at;   /* monotonic, us: since when its plans have been kept */
} PgLink;

typedef struct {
    HibStore *store;
    char *url;
    char token[33]; /* of this process: its own notices are known already */
    /* pool */
    HibWait pool;
    GPtrArray *idle; /* of PgLink */
    int n_links;
    /* listener */
    pthread_t listener;
    bool has_listener, is_ending; /* is_ending: atomic */
    int wake[2];                  /* a pipe: a byte ends the sleep */
    PGconn *first_conn;           /* listening already; the thread takes it */
    int64_t last_number;          /* of the listener's thread: the last event told; 0: none yet */
    /* sessions whose advisory lock says that a job runner lives */
    pthread_mutex_t owners_mutex;
    GHashTable *owners; /* name → PGconn */
} HibPg;

PGconn *hib_pg_connect(const HibPg *pg, GError **error);
PgLink *hib_pg_take(HibPg *pg, GError **error);
void hib_pg_give(HibPg *pg, PgLink *link); /* a broken one is dropped */

/* Sets the error that a result (NULL: the connection) means; always false. Clears the result. */
bool hib_pg_fail(PGconn *conn, PGresult *result, const char *what, GError **error);
/* Runs `sql` without parameters, whatever it answers. */
bool hib_pg_exec(PGconn *conn, const char *sql, GError **error);
/* Values as libpq wants them; `room` holds the printed numbers. */
typedef struct {
    const char *values[HIB_STATEMENT_PARAMS];
    int lengths[HIB_STATEMENT_PARAMS], formats[HIB_STATEMENT_PARAMS];
    char room[HIB_STATEMENT_PARAMS][G_ASCII_DTOSTR_BUF_SIZE];
} PgValues;
void hib_pg_print(PgValues *to, const char *params, const HibValue *values);
bool hib_pg_read(PGresult *result, HibRows *rows, GError **error);
bool hib_pg_check_types(PGresult *described, const HibStatement *statement, GError **error);

/* What a commit tells the other processes, as SQL; NULL: nothing. */
char *hib_pg_notice(const HibPg *pg, const HibAfter *after);
bool hib_pg_listen(HibPg *pg, GError **error);
void hib_pg_stop_listening(HibPg *pg);
void hib_pg_tell(HibStore *store, const HibStoredEvent *event);
bool hib_pg_hold_owner(HibStore *store, const char *owner, GError **error);
void hib_pg_drop_owner(HibStore *store, const char *owner);
bool hib_pg_is_owner_alive(HibStore *store, const char *owner);
