/* Inside core/store only: what a handle is made of, and the face each of the two databases shows.
 *
 * db.c knows scoping, transactions and what happens after a commit; a HibBackend knows connections. A backend connection
 * (`void *link`) is inside a transaction from begin until commit or rollback, and belongs to one thread meanwhile. */
#pragma once
#include "store/events.h"
#include "store/store.h"
#include "store/wait.h"

#define HIB_STATEMENT_PARAMS 64
#define HIB_VERSION_SLOTS 4096

/* Collects the rows of one statement in an arena. */
typedef struct {
    HibArena *arena;
    const HibStatement *statement;
    char *rows;
    size_t n, capacity;
} HibRows;
/* A fresh zeroed row at the end. */
char *hib_rows_next(HibRows *rows);
/* False: the column may not be null (CORRUPT, store.null is set). */
bool hib_row_set_null(const HibStatement *statement, size_t column, GError **error);
void hib_row_set(const HibStatement *statement, char *row, size_t column, HibValue value);

typedef struct {
    int64_t number;
    const char *workspace, *kind, *subject, *json;
    HibInstant at;
} HibStoredEvent; /* one block of memory */

/* What is done once a transaction is durable. */
typedef struct {
    const char *workspace; /* of the HibDb; NULL: none to bump */
    bool has_written;
    GPtrArray *events;  /* of HibStoredEvent, owned; NULL: none */
    HibInstant job_due; /* earliest job added or moved; HIB_NEVER: none */
} HibAfter;

typedef struct {
    void *(*begin)(HibStore *store, bool is_large, GError **error);
    /* Ends the transaction and gives the link back, also on failure. Calls hib_store_committed(after) when durable. */
    bool (*commit)(HibStore *store, void *link, const HibAfter *after, GError **error);
    void (*rollback)(HibStore *store, void *link);
    /* link NULL: a reading statement on any connection. */
    bool (*run)(HibStore *store, void *link, const HibStatement *statement, const HibValue *values,
                HibRows *rows, int64_t *changed, GError **error);
    /* values: n_rows times the parameters; the workspace is put in from `workspace`. */
    bool (*run_many)(HibStore *store, void *link, const HibStatement *statement,
                     const HibValue *values, size_t n_rows, const char *workspace, GError **error);
    /* Several statements without parameters (migrations). */
    bool (*script)(HibStore *store, void *link, const char *sql, GError **error);
    /* One such transaction at a time from here to its commit, in all processes: so the numbers of events grow in the order of
     * commits. NULL where only one transaction writes anyway. */
    bool (*serialise)(HibStore *store, void *link, GError **error);
    bool (*check)(HibStore *store, HibArena *arena, const HibStatement *statement,
                  const char *const *large, HibPlanned *ret_plan, GError **error);
    /* True while the process that took the name with hold_owner lives. NULL: the database has one process only. */
    bool (*is_owner_alive)(HibStore *store, const char *owner);
    bool (*hold_owner)(HibStore *store, const char *owner, GError **error);
    void (*drop_owner)(HibStore *store, const char *owner);
    /* Tells the other processes' listeners; NULL where there are none. */
    void (*tell)(HibStore *store, const HibStoredEvent *event);
    void (*close)(HibStore *store);
} HibBackend;

typedef void (*HibJobsWake)(void *jobs, HibInstant due_at);
typedef struct HibEventHub HibEventHub;

struct HibStore {
    const HibBackend *backend;
    void *side; /* the backend's own */
    HibClock *clock;
    int connections, busy_ms;
    const HibSubscription *subscriptions;
    HibEventHub *hub;
    pthread_mutex_t wakers_mutex;
    GArray *wakers;
    uint64_t generation;                  /* atomic; grows when all counters might be stale */
    uint64_t versions[HIB_VERSION_SLOTS]; /* atomic; workspaces share slots by hash */
};

struct HibDb {
    HibStore *store;
    HibArena *arena;
    const char *workspace;
    HibActorKind actor_kind;
    const char *actor_id;
    HibTx *tx; /* the outermost open one */
};

struct HibTx {
    HibDb *db;    /* NULL: the HibDb was closed before */
    HibTx *outer; /* the outermost; NULL on that itself */
    void *link;   /* of the outermost; NULL once ended */
    bool is_committed;
    GError *error; /* the first failure inside; it only rolls back then */
    HibAfter after;
};

bool hib_lite_open(HibStore *store, const char *path, GError **error);
bool hib_pg_open(HibStore *store, const char *url, GError **error);

/* Bumps the workspace's version, hands on the events, wakes the job runners. In the order of commits. */
void hib_store_committed(HibStore *store, const HibAfter *after);
void hib_store_bump(HibStore *store, const char *workspace);
void hib_store_bump_all(HibStore *store);
void hib_store_wake_jobs(HibStore *store, HibInstant due_at);
void hib_store_add_waker(HibStore *store, HibJobsWake wake, void *jobs);
void hib_store_remove_waker(HibStore *store, void *jobs);

/* Events (events.c). */
HibStoredEvent *hib_stored_event_new(int64_t number, const char *workspace, const char *kind,
                                     const char *subject, const char *json, HibInstant at);
HibEventHub *hib_event_hub_new(void);
void hib_event_hub_free(HibEventHub *hub);
bool hib_event_hub_has_listeners(HibEventHub *hub);
void hib_event_hub_push(HibEventHub *hub, const HibStoredEvent *event); /* copied */
/* Writes what the transaction emitted; the last thing before its commit. */
bool hib_events_flush(HibTx *tx, GError **error);
/* Events after `number` up to `last`, all workspaces, to the listeners (PostgreSQL: what NOTIFY announced). */
bool hib_events_read(HibStore *store, int64_t first, int64_t last, GPtrArray *out, GError **error);
