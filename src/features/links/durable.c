/* Clicks made durable: see durable.h. */
#include "links/durable.h"
#include "base/log.h"
#include "store/wait.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define LANES 3
#define MOST_HELD 100000 /* clicks in memory while the disk is full: 10 MB */

typedef struct {
    HibClick click;
    HibCall *call; /* NULL: a worker waits */
    bool *is_done;
} Pending;

typedef struct {
    HibDurable *durable;
    HibSpool *spool;
    pthread_t thread;
} Lane;

struct HibDurable {
    HibWait wait;        /* of what follows */
    pthread_cond_t idle; /* lanes without work */
    GArray *pending;     /* Pending */
    GArray *held;        /* HibClick: not durable */
    HibDurableState state;
    size_t n_idle;
    bool is_ending;
    Lane lanes[LANES];
};

/* --- what cannot be written ------------------------------------------------------------------------------------------ */
/* The lock is held. */
static void
report(HibDurable *durable, const GError *error)
{
    HibDurableState *state = &durable->state;
    if (error) {
        state->failed_at = hib_clock_now(hib_clock_real());
        g_strlcpy(state->failure, error->message, sizeof state->failure);
    }
    if (error && !state->is_failing)
        hib_log(HIB_ALARM, "links.spool_failed", "why", error->message, NULL);
    if (!error && state->is_failing)
        hib_log(HIB_INFO, "links.spool_works", NULL);
    state->is_failing = error != NULL;
}

/* Clicks stay in memory and are tried with the next; visitors are let on. The lock is held. */
static void
hold(HibDurable *durable, const HibClick *clicks, size_t n)
{
    size_t room = MOST_HELD - MIN(MOST_HELD, durable->held->len), kept = MIN(n, room);
    g_array_append_vals(durable->held, clicks, (guint)kept);
    durable->state.n_lost += (int64_t)(n - kept);
    durable->state.n_held = durable->held->len;
}

/* --- a lane ---------------------------------------------------------------------------------------------------------- */
/* All that waits, with what could not be written before; the lock is held. */
static void
take(HibDurable *durable, GArray *batch, GArray *clicks)
{
    g_array_set_size(batch, 0);
    g_array_set_size(clicks, 0);
    g_array_append_vals(batch, durable->pending->data, durable->pending->len);
    g_array_append_vals(clicks, durable->held->data, durable->held->len);
    g_array_set_size(durable->pending, 0);
    g_array_set_size(durable->held, 0);
    durable->state.n_held = 0;
    for (guint i = 0; i < batch->len; i++)
        g_array_append_val(clicks, g_array_index(batch, Pending, i).click);
}

static void
let_go(HibDurable *durable, const GArray *batch)
{
    bool has_waiting = false;
    for (guint i = 0; i < batch->len; i++) {
        const Pending *one = &g_array_index(batch, Pending, i);
        if (one->call)
            hib_call_release(one->call);
        has_waiting = has_waiting || one->is_done;
    }
    if (!has_waiting)
        return;
    hib_wait_lock(&durable->wait);
    for (guint i = 0; i < batch->len; i++)
        if (g_array_index(batch, Pending, i).is_done)
            *g_array_index(batch, Pending, i).is_done = true;
    hib_wait_wake(&durable->wait);
    hib_wait_unlock(&durable->wait);
}

static void
commit(HibDurable *durable, HibSpool *spool, const GArray *clicks)
{
    g_autoptr(GError) error = NULL;
    const HibClick *all = (const HibClick *)(void *)clicks->data;
    bool ok = hib_spool_append(spool, all, clicks->len, &error);
    hib_wait_lock(&durable->wait);
    if (ok)
        durable->state.n_spooled += clicks->len;
    else
        hold(durable, all, clicks->len);
    report(durable, error);
    hib_wait_unlock(&durable->wait);
}

static void *
run_lane(void *data)
{
    Lane *lane = data;
    HibDurable *durable = lane->durable;
    g_autoptr(GArray) batch = g_array_new(FALSE, FALSE, sizeof(Pending));
    g_autoptr(GArray) clicks = g_array_new(FALSE, FALSE, sizeof(HibClick));
    hib_wait_lock(&durable->wait);
    for (;;) {
        durable->n_idle++;
        while (!durable->pending->len && !durable->is_ending)
            hib_cond_until(&durable->idle, &durable->wait, INT64_MAX);
        durable->n_idle--;
        if (!durable->pending->len)
            break;
        take(durable, batch, clicks);
        hib_wait_unlock(&durable->wait);
        commit(durable, lane->spool, clicks);
        let_go(durable, batch);
        hib_spool_ready(lane->spool); /* while no click waits for it */
        hib_wait_lock(&durable->wait);
    }
    hib_wait_unlock(&durable->wait);
    return NULL;
}

void
hib_durable_record(HibDurable *durable, const HibClick *click, HibCall *call)
{
    bool is_done = false;
    const Pending one = {.click = *click, .call = call, .is_done = call ? NULL : &is_done};
    if (call)
        hib_call_rest(call);
    hib_wait_lock(&durable->wait);
    g_array_append_val(durable->pending, one);
    if (durable->n_idle)
        pthread_cond_signal(&durable->idle);
    while (!call && !is_done)
        hib_wait_until(&durable->wait, INT64_MAX);
    hib_wait_unlock(&durable->wait);
}

/* --- begin and end --------------------------------------------------------------------------------------------------- */
HibDurable *
hib_durable_open(const char *folder, GError **error)
{
    HibDurable *durable = g_new0(HibDurable, 1);
    hib_wait_init(&durable->wait);
    hib_cond_init(&durable->idle);
    durable->pending = g_array_new(FALSE, FALSE, sizeof(Pending));
    durable->held = g_array_new(FALSE, FALSE, sizeof(HibClick));
    for (size_t i = 0; i < LANES; i++) {
        Lane *lane = &durable->lanes[i];
        lane->durable = durable;
        lane->spool = hib_spool_open(folder, error);
        if (!lane->spool) {
            hib_durable_end(durable);
            hib_durable_close(durable);
            return NULL;
        }
        pthread_create(&lane->thread, NULL, run_lane, lane);
    }
    return durable;
}

/* The last try of what could not be written: by anyone, when all lanes are through. */
static void
write_held(HibDurable *durable)
{
    if (durable->held->len &&
        hib_spool_append(durable->lanes[0].spool, (const HibClick *)(void *)durable->held->data,
                         durable->held->len, NULL))
        durable->state.n_spooled += durable->held->len;
}

void
hib_durable_end(HibDurable *durable)
{
    hib_wait_lock(&durable->wait);
    durable->is_ending = true;
    pthread_cond_broadcast(&durable->idle);
    hib_wait_unlock(&durable->wait);
    for (size_t i = 0; i < LANES && durable->lanes[i].spool; i++)
        pthread_join(durable->lanes[i].thread, NULL);
    write_held(durable);
    for (size_t i = 0; i < LANES && durable->lanes[i].spool; i++)
        hib_spool_leave(durable->lanes[i].spool);
}

void
hib_durable_close(HibDurable *durable)
{
    if (!durable)
        return;
    for (size_t i = 0; i < LANES; i++)
        hib_spool_close(durable->lanes[i].spool);
    g_array_unref(durable->pending);
    g_array_unref(durable->held);
    pthread_cond_destroy(&durable->idle);
    hib_wait_clear(&durable->wait);
    g_free(durable);
}

size_t
hib_durable_n_spools(const HibDurable *durable)
{
    return LANES;
}

HibSpool *
hib_durable_spool(HibDurable *durable, size_t i)
{
    return durable->lanes[i].spool;
}

void
hib_durable_state(HibDurable *durable, HibDurableState *ret)
{
    hib_wait_lock(&durable->wait);
    *ret = durable->state;
    hib_wait_unlock(&durable->wait);
}
