/* Moving what was committed from SQLite's log into its database, beside the writer.
 *
 * SQLite would do it inside the commit that makes the log too long: one transaction in a thousand, or one large one, would pay for
 * all. So the writer only says how long the log is and a thread with its own connection moves it, while writers and readers go on.
 * A log begins anew when all of it was moved between two commits; under commits without pause that hardly happens, so a commit that finds MOST pages
 * moves what is left of them itself. A failure (a full disk) loses nothing: the log holds what was committed, and the next commit asks again. */
#include "base/error.h"
#include "base/log.h"
#include "store/lite.h"

#define ENOUGH 1000 /* pages, as SQLite's own */
#define MOST 16000  /* 64 MB */

struct LiteCheckpoint {
    pthread_t thread;
    HibWait wait;
    LiteLink *link;
    bool is_wanted, is_ending;
};

static void
move_pages(LiteCheckpoint *checkpoint)
{
    const int code = sqlite3_wal_checkpoint_v2(checkpoint->link->db, NULL,
                                               SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        hib_log(HIB_WARN, "store.log_not_moved", "why", sqlite3_errstr(code), NULL);
}

static void *
run(void *data)
{
    LiteCheckpoint *checkpoint = data;
    hib_wait_lock(&checkpoint->wait);
    while (!checkpoint->is_ending) {
        if (!checkpoint->is_wanted) {
            hib_wait_until(&checkpoint->wait, INT64_MAX);
            continue;
        }
        checkpoint->is_wanted = false;
        hib_wait_unlock(&checkpoint->wait);
        move_pages(checkpoint);
        hib_wait_lock(&checkpoint->wait);
    }
    hib_wait_unlock(&checkpoint->wait);
    return NULL;
}

/* SQLite calls it after each commit of the writer, on the writer's thread. */
static int
after_commit(void *data, sqlite3 *db, const char *name, int n_pages)
{
    LiteCheckpoint *checkpoint = data;
    if (n_pages < ENOUGH)
        return SQLITE_OK;
    hib_wait_lock(&checkpoint->wait);
    checkpoint->is_wanted = true;
    hib_wait_wake(&checkpoint->wait);
    hib_wait_unlock(&checkpoint->wait);
    if (n_pages >= MOST)
        sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
}

bool
hib_lite_checkpoint_start(HibLite *lite, GError **error)
{
    LiteLink *link = hib_lite_connect(lite, error);
    if (!link)
        return false;
    LiteCheckpoint *checkpoint = g_new0(LiteCheckpoint, 1);
    checkpoint->link = link;
    hib_wait_init(&checkpoint->wait);
    const int failure = pthread_create(&checkpoint->thread, NULL, run, checkpoint);
    if (failure) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "thread: %s", g_strerror(failure));
        hib_wait_clear(&checkpoint->wait);
        hib_lite_disconnect(link);
        g_free(checkpoint);
        return false;
    }
    lite->checkpoint = checkpoint;
    sqlite3_wal_hook(lite->writer->db, after_commit, checkpoint);
    return true;
}

void
hib_lite_checkpoint_stop(HibLite *lite)
{
    LiteCheckpoint *checkpoint = lite->checkpoint;
    if (!checkpoint)
        return;
    sqlite3_wal_hook(lite->writer->db, NULL, NULL);
    hib_wait_lock(&checkpoint->wait);
    checkpoint->is_ending = true;
    hib_wait_wake(&checkpoint->wait);
    hib_wait_unlock(&checkpoint->wait);
    pthread_join(checkpoint->thread, NULL);
    hib_wait_clear(&checkpoint->wait);
    hib_lite_disconnect(checkpoint->link);
    g_free(checkpoint);
    lite->checkpoint = NULL;
}
