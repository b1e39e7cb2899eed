/* Clicks kept: see durable.h. */
#include "links/durable.h"
#include "base/log.h"
#include "store/wait.h"
#include <string.h>

#define MOST_HELD 100000 /* clicks in memory while the disk is full: 10 MB */
#define RETRY (500 * HIB_MILLISECOND)
#define HALF (HIB_SPOOL_RECORDS / 2) /* the next file is made while this one is half empty */
#define ENOUGH 64                    /* more than threads that record */

struct HibDurable {
    HibSpool *spool;
    HibWait wait; /* of what follows */
    GArray *held; /* HibClick: in no file */
    HibDurableState state;
    int64_t retry_at;
    bool is_idle, is_unsynced, wants_file, is_ending;
    pthread_t thread;
};

/* --- what cannot be written ------------------------------------------------------------------------------------------ */
/* The lock is held, here as in what follows. */
static void
report(HibDurable *durable, const GError *error)
{
    HibDurableState *state = &durable->state;
    if (error) {
        state->failed_at = hib_clock_now(hib_clock_real());
        g_strlcpy(state->failure, error->message, sizeof state->failure);
        durable->retry_at = hib_monotonic_us() + RETRY;
    }
    if (error && !state->is_failing)
        hib_log(HIB_ALARM, "links.spool_failed", "why", error->message, NULL);
    if (!error && state->is_failing)
        hib_log(HIB_INFO, "links.spool_works", NULL);
    state->is_failing = error != NULL;
}

static void
hold(HibDurable *durable, const HibClick *click)
{
    if (durable->held->len < MOST_HELD)
        g_array_append_vals(durable->held, click, 1);
    else
        durable->state.n_lost++;
    durable->state.n_held = durable->held->len;
}

/* False: not all of them, and the error is set where that is the disk's fault. */
static bool
write_some(HibDurable *durable, const HibClick *clicks, size_t n, size_t *ret_n, GError **error)
{
    bool ok = hib_spool_append(durable->spool, clicks, n, ret_n, error);
    durable->state.n_spooled += (int64_t)*ret_n;
    durable->is_unsynced = durable->is_unsynced || *ret_n;
    return ok && *ret_n == n;
}

static void
write_held(HibDurable *durable, GError **error)
{
    size_t n = 0;
    GArray *held = durable->held;
    write_some(durable, (const HibClick *)(void *)held->data, held->len, &n, error);
    if (n)
        g_array_remove_range(held, 0, (guint)n);
    durable->state.n_held = held->len;
}

/* --- a visitor's thread ---------------------------------------------------------------------------------------------- */
bool
hib_durable_is_ready(HibDurable *durable)
{
    hib_wait_lock(&durable->wait);
    bool is_ready = durable->state.is_failing || hib_spool_room(durable->spool) >= ENOUGH;
    hib_wait_unlock(&durable->wait);
    return is_ready;
}

void
hib_durable_record(HibDurable *durable, const HibClick *click)
{
    g_autoptr(GError) error = NULL;
    size_t n = 0;
    hib_wait_lock(&durable->wait);
    while (!durable->state.is_failing && !hib_spool_room(durable->spool)) {
        durable->wants_file = true;
        hib_wait_wake(&durable->wait);
        hib_wait_until(&durable->wait, INT64_MAX);
    }
    if (!write_some(durable, click, 1, &n, &error))
        hold(durable, click);
    if (error)
        report(durable, error);
    if (durable->is_idle)
        hib_wait_wake(&durable->wait);
    hib_wait_unlock(&durable->wait);
}

/* --- the thread ------------------------------------------------------------------------------------------------------ */
static bool
has_work(const HibDurable *durable)
{
    return durable->is_unsynced || durable->wants_file || durable->is_ending ||
           (durable->state.is_failing && hib_monotonic_us() >= durable->retry_at);
}

/* Files are made and synced without the lock: visitors go on meanwhile. A disk that takes no file is not asked for one at every sync. */
static void
work(HibDurable *durable)
{
    g_autoptr(GError) error = NULL;
    const bool is_failing = durable->state.is_failing;
    const bool is_due =
        !is_failing || durable->is_ending || hib_monotonic_us() >= durable->retry_at;
    const bool is_new = is_due && hib_spool_room(durable->spool) < HALF &&
                        (is_failing || durable->is_unsynced || durable->wants_file);
    durable->is_unsynced = false;
    hib_wait_unlock(&durable->wait);
    bool ok =
        is_new ? hib_spool_begin(durable->spool, &error) : hib_spool_sync(durable->spool, &error);
    hib_wait_lock(&durable->wait);
    if (ok && is_due && durable->held->len)
        write_held(durable, &error);
    if (error || is_due)
        report(durable, error);
    durable->wants_file = false;
    hib_wait_wake(&durable->wait);
}

static void *
run(void *data)
{
    HibDurable *durable = data;
    hib_wait_lock(&durable->wait);
    for (bool is_last = false; !is_last;) {
        durable->is_idle = true;
        while (!has_work(durable))
            hib_wait_until(&durable->wait,
                           durable->state.is_failing ? durable->retry_at : INT64_MAX);
        durable->is_idle = false;
        bool is_ending = durable->is_ending;
        work(durable);
        is_last = is_ending && (!durable->held->len || durable->state.is_failing);
        int64_t until = hib_monotonic_us() + HIB_SYNC_EVERY;
        while (!durable->is_ending && !durable->wants_file && hib_wait_until(&durable->wait, until))
            ;
    }
    hib_wait_unlock(&durable->wait);
    hib_spool_sync(durable->spool, NULL); /* what the last work wrote */
    return NULL;
}

/* --- begin and end --------------------------------------------------------------------------------------------------- */
HibDurable *
hib_durable_open(const char *folder, GError **error)
{
    HibSpool *spool = hib_spool_open(folder, error);
    if (!spool)
        return NULL;
    HibDurable *durable = g_new0(HibDurable, 1);
    hib_wait_init(&durable->wait);
    durable->held = g_array_new(FALSE, FALSE, sizeof(HibClick));
    durable->spool = spool;
    pthread_create(&durable->thread, NULL, run, durable);
    return durable;
}

void
hib_durable_end(HibDurable *durable)
{
    hib_wait_lock(&durable->wait);
    durable->is_ending = true;
    hib_wait_wake(&durable->wait);
    hib_wait_unlock(&durable->wait);
    pthread_join(durable->thread, NULL);
    hib_spool_leave(durable->spool);
}

void
hib_durable_close(HibDurable *durable)
{
    if (!durable)
        return;
    hib_spool_close(durable->spool);
    g_array_unref(durable->held);
    hib_wait_clear(&durable->wait);
    g_free(durable);
}

HibSpool *
hib_durable_spool(HibDurable *durable)
{
    return durable->spool;
}

void
hib_durable_state(HibDurable *durable, HibDurableState *ret)
{
    hib_wait_lock(&durable->wait);
    *ret = durable->state;
    hib_wait_unlock(&durable->wait);
}
