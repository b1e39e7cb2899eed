/* Opening the store, and what happens after a commit: change counters, events, the job runner's wake-up. */
#include "store/store.h"
#include "base/error.h"
#include "store/store_private.h"
#include <string.h>

typedef struct {
    HibJobsWake wake;
    void *jobs;
} Waker;

HibStore *
hib_store_open(const HibStoreOptions *options, GError **error)
{
    g_autoptr(HibStore) store = g_new0(HibStore, 1);
    store->clock = options->clock ? options->clock : hib_clock_real();
    store->connections = options->connections > 0 ? options->connections : 8;
    store->busy_ms = options->busy_ms > 0 ? options->busy_ms : 5000;
    store->hub = hib_event_hub_new();
    store->wakers = g_array_new(FALSE, FALSE, sizeof(Waker));
    pthread_mutex_init(&store->wakers_mutex, NULL);
    const char *url = options->url ? options->url : "";
    bool is_open = false;
    if (g_str_has_prefix(url, "sqlite:") && url[7])
        is_open = hib_lite_open(store, url + 7, error);
    else if (g_str_has_prefix(url, "postgresql://") || g_str_has_prefix(url, "postgres://"))
        is_open = hib_pg_open(store, url, error);
    else
        hib_error_set(error, HIB_ERROR_INVALID, "store.bad_url",
                      "the database address starts with sqlite: or postgresql://");
    return is_open ? g_steal_pointer(&store) : NULL;
}

void
hib_store_close(HibStore *store)
{
    if (!store)
        return;
    if (store->backend)
        store->backend->close(store);
    hib_event_hub_free(store->hub);
    g_array_free(store->wakers, TRUE);
    pthread_mutex_destroy(&store->wakers_mutex);
    g_free(store);
}

HibClock *
hib_store_clock(HibStore *store)
{
    return store->clock;
}

bool
hib_store_is_postgres(const HibStore *store)
{
    return store->backend->serialise != NULL;
}

bool
hib_store_check_statement(HibStore *store, HibArena *arena, const HibStatement *statement,
                          const char *const *large, HibPlanned *ret_plan, GError **error)
{
    *ret_plan = (HibPlanned){0};
    return store->backend->check(store, arena, statement, large, ret_plan, error);
}

/* --- change counters -------------------------------------------------------------------------------------------------- */
static uint64_t *
version_slot(HibStore *store, const char *workspace)
{
    return &store->versions[g_str_hash(workspace) % HIB_VERSION_SLOTS];
}

uint64_t
hib_store_version(HibStore *store, const char *workspace)
{
    return __atomic_load_n(version_slot(store, workspace), __ATOMIC_ACQUIRE) +
           __atomic_load_n(&store->generation, __ATOMIC_ACQUIRE);
}

void
hib_store_bump(HibStore *store, const char *workspace)
{
    __atomic_add_fetch(version_slot(store, workspace), 1, __ATOMIC_ACQ_REL);
}

void
hib_store_bump_all(HibStore *store)
{
    __atomic_add_fetch(&store->generation, 1, __ATOMIC_ACQ_REL);
}

void
hib_store_committed(HibStore *store, const HibAfter *after)
{
    if (after->workspace && (after->has_written || after->events))
        hib_store_bump(store, after->workspace);
    for (guint i = 0; after->events && i < after->events->len; i++)
        hib_event_hub_push(store->hub, after->events->pdata[i]);
    if (after->job_due != HIB_NEVER)
        hib_store_wake_jobs(store, after->job_due);
}

/* --- job runners ------------------------------------------------------------------------------------------------------- */
void
hib_store_wake_jobs(HibStore *store, HibInstant due_at)
{
    pthread_mutex_lock(&store->wakers_mutex);
    for (guint i = 0; i < store->wakers->len; i++) {
        const Waker *waker = &g_array_index(store->wakers, Waker, i);
        waker->wake(waker->jobs, due_at);
    }
    pthread_mutex_unlock(&store->wakers_mutex);
}

void
hib_store_add_waker(HibStore *store, HibJobsWake wake, void *jobs)
{
    const Waker waker = {wake, jobs};
    pthread_mutex_lock(&store->wakers_mutex);
    g_array_append_val(store->wakers, waker);
    pthread_mutex_unlock(&store->wakers_mutex);
}

void
hib_store_remove_waker(HibStore *store, void *jobs)
{
    pthread_mutex_lock(&store->wakers_mutex);
    for (guint i = 0; i < store->wakers->len; i++) {
        if (g_array_index(store->wakers, Waker, i).jobs == jobs) {
            g_array_remove_index(store->wakers, i);
            break;
        }
    }
    pthread_mutex_unlock(&store->wakers_mutex);
}
