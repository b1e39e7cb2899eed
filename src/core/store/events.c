/* Events: buffered while the transaction works, written as its last step, told to the listeners after the commit.
 *
 * Written last, because on PostgreSQL the numbers must grow in the order of commits: a lock is held from here to the commit,
 * and nothing is waited for under it. The jobs of the subscribers are added at once: they need no order. */
#include "store/events.h"
#include "base/error.h"
#include "base/json.h"
#include "store/event.sql.h"
#include "store/jobs.h"
#include "store/store_private.h"
#include <string.h>

typedef struct {
    HibEventListener call;
    void *data;
} Listener;

struct HibEventHub {
    HibWait wait;
    GArray *listeners;
    GQueue waiting; /* of HibStoredEvent */
    pthread_t thread;
    bool is_started, is_ending, is_telling;
};

/* --- the transaction's side -------------------------------------------------------------------------------------------- */
HibStoredEvent *
hib_stored_event_new(int64_t number, const char *workspace, const char *kind, const char *subject,
                     const char *json, HibInstant at)
{
    const char *texts[] = {workspace, kind, subject, json};
    size_t size = sizeof(HibStoredEvent);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        size += texts[i] ? strlen(texts[i]) + 1 : 0;
    HibStoredEvent *event = g_malloc(size);
    char *end = (char *)(event + 1);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (!texts[i])
            continue;
        const size_t n = strlen(texts[i]) + 1;
        memcpy(end, texts[i], n);
        texts[i] = end;
        end += n;
    }
    *event = (HibStoredEvent){number, texts[0], texts[1], texts[2], texts[3], at};
    return event;
}

static const char *
job_payload(HibArena *arena, const char *kind, const char *subject, const char *json)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "event", kind);
    if (subject)
        cJSON_AddStringToObject(object, "subject", subject);
    else
        cJSON_AddNullToObject(object, "subject");
    cJSON_AddRawToObject(object, "data", json ? json : "null");
    return hib_json_print(arena, object);
}

bool
hib_event_emit(HibDb *db, const char *kind, const char *subject, const char *json, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    const HibInstant now = hib_db_now(db);
    const HibSubscription *to = db->store->subscriptions;
    for (; to && to->event; to++) {
        if (strcmp(to->event, kind) == 0 &&
            !hib_job_add(db, to->job, to->is_gathered ? subject : NULL, subject,
                         job_payload(db->arena, kind, subject, json), now, NULL, error))
            return false;
    }
    HibAfter *after = &db->tx->after;
    if (!after->events)
        after->events = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(after->events, hib_stored_event_new(0, db->workspace ? db->workspace : "", kind,
                                                        subject, json, now));
    return hib_tx_commit(tx, error);
}

bool
hib_events_flush(HibTx *tx, GError **error)
{
    HibDb *db = tx->db;
    const HibBackend *backend = db->store->backend;
    if (!tx->after.events)
        return true;
    if (backend->serialise && !backend->serialise(db->store, tx->link, error))
        return false;
    for (guint i = 0; i < tx->after.events->len; i++) {
        HibStoredEvent *event = tx->after.events->pdata[i];
        HibSqlEventAdd *row;
        if (!hib_sql_event_add(db, event->workspace, event->kind, event->subject, event->json,
                               db->actor_kind, db->actor_id, event->at, &row, error))
            return false;
        event->number = row->number;
    }
    return true;
}

void
hib_events_subscribe(HibStore *store, const HibSubscription *subscriptions)
{
    store->subscriptions = subscriptions;
}

bool
hib_events_read(HibStore *store, int64_t first, int64_t last, GPtrArray *out, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, NULL);
    HibSqlEventRange *rows;
    size_t n;
    if (!hib_sql_event_range(db, first, last, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        g_ptr_array_add(out, hib_stored_event_new(rows[i].number, rows[i].workspace, rows[i].kind,
                                                  rows[i].subject, rows[i].data, rows[i].at));
    return true;
}

/* --- the listeners' side ----------------------------------------------------------------------------------------------- */
HibEventHub *
hib_event_hub_new(void)
{
    HibEventHub *hub = g_new0(HibEventHub, 1);
    hib_wait_init(&hub->wait);
    hub->listeners = g_array_new(FALSE, FALSE, sizeof(Listener));
    g_queue_init(&hub->waiting);
    return hub;
}

static void *
hub_run(void *data)
{
    HibEventHub *hub = data;
    hib_wait_lock(&hub->wait);
    for (;;) {
        while (!hub->is_ending && g_queue_is_empty(&hub->waiting))
            hib_wait_until(&hub->wait, INT64_MAX);
        g_autofree HibStoredEvent *event = g_queue_pop_head(&hub->waiting);
        if (!event)
            break;
        for (guint i = 0; i < hub->listeners->len; i++) {
            const Listener listener = g_array_index(hub->listeners, Listener, i);
            hub->is_telling = true;
            hib_wait_unlock(&hub->wait);
            const HibEvent told = {event->number,  event->workspace, event->kind,
                                   event->subject, event->json,      event->at};
            listener.call(&told, listener.data);
            hib_wait_lock(&hub->wait);
            hub->is_telling = false;
            hib_wait_wake(&hub->wait);
        }
    }
    hib_wait_unlock(&hub->wait);
    return NULL;
}

void
hib_event_hub_free(HibEventHub *hub)
{
    if (!hub)
        return;
    hib_wait_lock(&hub->wait);
    hub->is_ending = true;
    hib_wait_wake(&hub->wait);
    hib_wait_unlock(&hub->wait);
    if (hub->is_started)
        pthread_join(hub->thread, NULL);
    g_queue_clear_full(&hub->waiting, g_free);
    g_array_free(hub->listeners, TRUE);
    hib_wait_clear(&hub->wait);
    g_free(hub);
}

bool
hib_event_hub_has_listeners(HibEventHub *hub)
{
    hib_wait_lock(&hub->wait);
    const bool has = hub->listeners->len > 0;
    hib_wait_unlock(&hub->wait);
    return has;
}

void
hib_event_hub_push(HibEventHub *hub, const HibStoredEvent *event)
{
    hib_wait_lock(&hub->wait);
    if (hub->listeners->len) {
        g_queue_push_tail(&hub->waiting,
                          hib_stored_event_new(event->number, event->workspace, event->kind,
                                               event->subject, event->json, event->at));
        hib_wait_wake(&hub->wait);
    }
    hib_wait_unlock(&hub->wait);
}

void
hib_events_listen(HibStore *store, HibEventListener listener, void *data)
{
    HibEventHub *hub = store->hub;
    const Listener added = {listener, data};
    hib_wait_lock(&hub->wait);
    g_array_append_val(hub->listeners, added);
    if (!hub->is_started)
        hub->is_started = pthread_create(&hub->thread, NULL, hub_run, hub) == 0;
    hib_wait_unlock(&hub->wait);
}

void
hib_events_unlisten(HibStore *store, HibEventListener listener, void *data)
{
    HibEventHub *hub = store->hub;
    hib_wait_lock(&hub->wait);
    while (hub->is_telling)
        hib_wait_until(&hub->wait, INT64_MAX);
    for (guint i = hub->listeners->len; i > 0; i--) {
        const Listener *have = &g_array_index(hub->listeners, Listener, i - 1);
        if (have->call == listener && have->data == data)
            g_array_remove_index(hub->listeners, i - 1);
    }
    hib_wait_unlock(&hub->wait);
}

void
hib_events_tell(HibStore *store, const char *workspace, const char *kind, const char *subject,
                const char *json)
{
    g_autofree HibStoredEvent *event = hib_stored_event_new(
        0, workspace ? workspace : "", kind, subject, json, hib_clock_now(store->clock));
    hib_event_hub_push(store->hub, event);
    if (store->backend->tell)
        store->backend->tell(store, event);
}
