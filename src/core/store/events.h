/* Events: what happened, written in the same transaction as the change. What must flow back up the layers travels so.
 *
 * `hib_event_emit` stores one row and, for each subscription on that kind, one job; so a subscriber runs after the commit,
 * at least once, and cannot fail the change. Live listeners (SSE) are told after the commit. */
#pragma once
#include "store/store.h"

/* kind: "area.what" ("post.scheduled", "delivery.published"); subject: id of the thing; json: NULL or a compact object, never a
 * secret. The list of kinds is in docs/architecture.md. */
bool hib_event_emit(HibDb *db, const char *kind, const char *subject, const char *json,
                    GError **error);

typedef struct {
    const char *event; /* kind */
    const char *
        job; /* kind of the job that is queued with payload {"event":kind,"subject":id,"data":json} */
    bool
        is_gathered; /* one waiting job a subject, however many events; the payload is the last one's */
} HibSubscription;
/* Set once at start, before any emit. Array kept by pointer, ended by {NULL, NULL}. */
void hib_events_subscribe(HibStore *store, const HibSubscription *subscriptions);

typedef struct {
    int64_t number; /* grows within a store; gaps are normal */
    const char *workspace, *kind, *subject, *json;
    HibInstant at;
} HibEvent;
/* Called on the store's own thread after commits, in order; must be quick and must not use the store. For SSE. */
typedef void (*HibEventListener)(const HibEvent *event, void *data);
void hib_events_listen(HibStore *store, HibEventListener listener, void *data);
/* Returns when the listener runs no more and will not be called again; not from a listener. */
void hib_events_unlisten(HibStore *store, HibEventListener listener, void *data);
/* Live but not stored: told to the listeners only. For progress. */
void hib_events_tell(HibStore *store, const char *workspace, const char *kind, const char *subject,
                     const char *json);
