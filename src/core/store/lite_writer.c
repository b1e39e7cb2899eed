/* The writer of SQLite: one connection, and transactions of many threads in one commit.
 *
 * A commit costs a disk flush, whatever is in it. So each transaction works inside a savepoint of one open SQLite
 * transaction, the group (the first needs none: SQLite would keep a copy of each page it changes in memory, so a large one is always first); whoever ends while others queue hands the connection to the next and sleeps; whoever ends while nobody
 * queues commits for all and wakes them. While that flush runs, the next group gathers in the queue: the slower the disk, the
 * larger the groups. A group is cut at GROUP_MOST members or GROUP_US of age, so the first in it waits a bounded time.
 *
 * Turns are first come, first served. One that waits longer than busy_ms for its turn gives up (BUSY, nothing happened).
 * SQLite may drop the whole transaction on a full disk or an I/O error; then all members of the group get that error. */
#include "base/error.h"
#include "store/lite.h"

#define GROUP_MOST 512
#define GROUP_US 20000

typedef struct {
    pthread_cond_t cond;
    bool is_granted;
} LiteTurn;

/* Gives the connection to the next in the queue. The lock is held. */
static void
pass_on(HibLite *lite)
{
    LiteTurn *next = g_queue_pop_head(&lite->waiting);
    lite->is_held = next != NULL;
    if (!next)
        return;
    next->is_granted = true;
    pthread_cond_signal(&next->cond);
}

static bool
take_turn(HibLite *lite, GError **error)
{
    const int64_t deadline = hib_monotonic_us() + (int64_t)lite->store->busy_ms * 1000;
    LiteTurn turn = {.is_granted = false};
    hib_wait_lock(&lite->queue);
    if (!lite->is_held) {
        lite->is_held = true;
        hib_wait_unlock(&lite->queue);
        return true;
    }
    hib_cond_init(&turn.cond);
    g_queue_push_tail(&lite->waiting, &turn);
    while (!turn.is_granted && hib_cond_until(&turn.cond, &lite->queue, deadline))
        ;
    if (!turn.is_granted)
        g_queue_remove(&lite->waiting, &turn);
    hib_wait_unlock(&lite->queue);
    pthread_cond_destroy(&turn.cond);
    if (!turn.is_granted)
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "waited %d ms for the writer",
                      lite->store->busy_ms);
    return turn.is_granted;
}

static void
group_free(LiteGroup *group)
{
    g_ptr_array_unref(group->members);
    g_clear_error(&group->error);
    g_free(group);
}

/* Commits what the group holds and settles its members. The caller holds the connection, not the lock, and has it afterwards if it `keeps` it. Returns the group's error (owned by the
 * caller), also when it is a member itself. */
static GError *
settle(HibLite *lite, bool keeps)
{
    LiteGroup *group = lite->group;
    if (!group->error && sqlite3_get_autocommit(lite->writer->db))
        hib_error_set(&group->error, HIB_ERROR_INTERNAL, "store.failed",
                      "the transaction was lost");
    const char *ending = group->members->len ? "commit" : "rollback";
    if (!group->error && !hib_lite_exec(lite->writer, ending, &group->error) &&
        !sqlite3_get_autocommit(lite->writer->db))
        hib_lite_exec(lite->writer, "rollback", NULL);
    for (guint i = 0; !group->error && i < group->members->len; i++)
        hib_store_committed(lite->store, group->members->pdata[i]);
    GError *error = group->error ? g_error_copy(group->error) : NULL;
    hib_wait_lock(&lite->queue);
    group->is_done = true;
    lite->group = NULL;
    if (group->n_waiting == 0)
        group_free(group);
    else
        hib_wait_wake(&lite->queue);
    if (!keeps)
        pass_on(lite);
    hib_wait_unlock(&lite->queue);
    return error;
}

/* The members have the error; who only rolled back does not. */
static void
forget(GError *error)
{
    g_clear_error(&error);
}

void *
hib_lite_begin(HibStore *store, bool is_large, GError **error)
{
    HibLite *lite = store->side;
    if (!take_turn(lite, error))
        return NULL;
    if (is_large && lite->group)
        forget(settle(lite, true));
    if (!lite->group) {
        if (!hib_lite_exec(lite->writer, "begin immediate", error)) {
            hib_wait_lock(&lite->queue);
            pass_on(lite);
            hib_wait_unlock(&lite->queue);
            return NULL;
        }
        lite->group = g_new0(LiteGroup, 1);
        lite->group->members = g_ptr_array_new();
        lite->group->began_us = hib_monotonic_us();
        lite->group->is_first_open = true;
        return lite->writer;
    }
    GError *failure = NULL;
    if (hib_lite_exec(lite->writer, "savepoint piece", &failure))
        return lite->writer;
    hib_lite_note_lost(lite, failure);
    g_propagate_error(error, failure);
    forget(settle(lite, false));
    return NULL;
}

void
hib_lite_note_lost(HibLite *lite, const GError *error)
{
    if (sqlite3_get_autocommit(lite->writer->db) && lite->group && !lite->group->error)
        lite->group->error = g_error_copy(error);
}

/* True: another transaction may still join the group. The lock is held. */
static bool
goes_on(const HibLite *lite)
{
    return !lite->group->error && !g_queue_is_empty((GQueue *)&lite->waiting) &&
           lite->group->members->len < GROUP_MOST &&
           hib_monotonic_us() - lite->group->began_us < GROUP_US;
}

bool
hib_lite_commit(HibStore *store, void *link, const HibAfter *after, GError **error)
{
    HibLite *lite = store->side;
    GError *failure = NULL;
    if (lite->group->is_first_open) {
        lite->group->is_first_open = false;
    } else if (!hib_lite_exec(lite->writer, "release piece", &failure)) {
        hib_lite_note_lost(lite, failure);
        g_propagate_error(error, failure);
        hib_lite_rollback(store, link);
        return false;
    }
    hib_wait_lock(&lite->queue);
    LiteGroup *group = lite->group;
    g_ptr_array_add(group->members, (void *)after);
    if (!goes_on(lite)) {
        hib_wait_unlock(&lite->queue);
        failure = settle(lite, false);
        if (failure)
            g_propagate_error(error, failure);
        return !failure;
    }
    group->n_waiting++;
    pass_on(lite);
    while (!group->is_done)
        hib_wait_until(&lite->queue, INT64_MAX);
    const bool is_stored = !group->error;
    if (!is_stored)
        g_propagate_error(error, g_error_copy(group->error));
    if (--group->n_waiting == 0)
        group_free(group);
    hib_wait_unlock(&lite->queue);
    return is_stored;
}

void
hib_lite_rollback(HibStore *store, void *link)
{
    HibLite *lite = store->side;
    GError *failure = NULL;
    if (lite->group->is_first_open) { /* nobody else is in the group */
        forget(settle(lite, false));
        return;
    }
    if (!sqlite3_get_autocommit(lite->writer->db) &&
        (!hib_lite_exec(lite->writer, "rollback to piece", &failure) ||
         !hib_lite_exec(lite->writer, "release piece", &failure))) {
        /* The savepoint cannot be taken back alone: nothing of the group may be stored. */
        if (!lite->group->error)
            lite->group->error = g_error_copy(failure);
        if (!sqlite3_get_autocommit(lite->writer->db))
            hib_lite_exec(lite->writer, "rollback", NULL);
    }
    g_clear_error(&failure);
    hib_wait_lock(&lite->queue);
    const bool is_passed = goes_on(lite);
    if (is_passed)
        pass_on(lite);
    hib_wait_unlock(&lite->queue);
    if (!is_passed)
        forget(settle(lite, false));
}
