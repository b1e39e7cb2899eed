/* What was said, between the network's call and the store.
 *
 * The one idea: a network waits for its answer only until what it told is durable, and a file is that sooner than a database with one writer. A proven call is a record of a file; calls
 * that come while one is synced share the next sync. A thread takes records into the store, as many at once as have gathered, so that a storm makes transactions larger and not more.
 *
 * What is taken is cut out of the file at once and the file is empty when all of it is: words do not outlive their storing here. What is taken twice (after a kill) is there already,
 * since events are kept once under the network's id. A full disk is an error to the network, which calls again. A file is owned by who holds its lock; what a killed process left is
 * anybody's. */
#include "accounts/hook.h"
#include "base/error.h"
#include "base/id.h"
#include "base/log.h"
#include "store/wait.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (2 << 20) /* bytes taken in one transaction: some 4,000 messages */
#define MANY (256 << 10)
#define GATHER (200 * HIB_MILLISECOND) /* after that much: the next are more */
#define AGAIN (500 * HIB_MILLISECOND)
#define LOOK_EVERY (30 * HIB_SECOND) /* for what another process left */

/* Calls that are synced together. */
typedef struct {
    GByteArray *bytes;
    GError *error;
    bool is_done;
    int n_waiting;
} Batch;

struct HibHooks {
    HibStore *store;
    HibAccountsHear hear;
    char *folder, *path;
    int fd;       /* -1: no file yet */
    HibWait wait; /* of what follows */
    Batch *next;
    off_t written, taken;
    uint64_t n_cut; /* how often the file was emptied */
    bool is_writing, is_ending;
    pthread_t thread;
};

/* --- making it durable ------------------------------------------------------------------------------------------------------ */
static Batch *
batch_new(void)
{
    Batch *batch = g_new0(Batch, 1);
    batch->bytes = g_byte_array_new();
    return batch;
}

static void
batch_free(Batch *batch)
{
    g_byte_array_unref(batch->bytes);
    g_clear_error(&batch->error);
    g_free(batch);
}

static bool
fail(const char *what, int failed, GError **error)
{
    bool is_full = failed == ENOSPC || failed == EDQUOT || failed == EFBIG;
    hib_error_set(error, HIB_ERROR_INTERNAL, is_full ? "store.disk_full" : "store.failed", "%s: %s",
                  what, g_strerror(failed));
    return false;
}

static bool
sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Nobody else sees it before it is locked. */
static bool
open_file(HibHooks *hooks)
{
    char id[HIB_ID_TEXT];
    hib_id_fill(id, hib_clock_real());
    g_autofree char *path = g_strdup_printf("%s/%s.spool", hooks->folder, id);
    g_autofree char *made = g_strconcat(path, ".new", NULL);
    int fd = open(made, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && rename(made, path) == 0 &&
        sync_folder(hooks->folder)) {
        hooks->path = g_steal_pointer(&path);
        hooks->fd = fd;
        return true;
    }
    int failed = errno;
    if (fd >= 0) {
        close(fd);
        unlink(made);
        unlink(path);
    }
    errno = failed;
    return false;
}

static bool
write_all(int fd, const uint8_t *bytes, size_t n, off_t at)
{
    while (n > 0) {
        ssize_t done = pwrite(fd, bytes, n, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

/* `at` stays while one writes: the file is emptied by nobody then. */
static bool
append(HibHooks *hooks, const GByteArray *bytes, off_t at, GError **error)
{
    if (hooks->fd < 0 && !open_file(hooks))
        return fail(hooks->folder, errno, error);
    if (write_all(hooks->fd, bytes->data, bytes->len, at) && fdatasync(hooks->fd) == 0)
        return true;
    int failed = errno;
    if (ftruncate(hooks->fd, at) != 0) /* what is there of it was acknowledged to nobody */
        hib_log(HIB_WARN, "accounts.hooks_not_cut", NULL);
    return fail(hooks->path, failed, error);
}

/* The first who waits writes for all who came until then. The lock is held. */
static void
lead(HibHooks *hooks)
{
    Batch *batch = hooks->next;
    const off_t at = hooks->written;
    hooks->next = batch_new();
    hooks->is_writing = true;
    hib_wait_unlock(&hooks->wait);
    const bool ok = append(hooks, batch->bytes, at, &batch->error);
    hib_wait_lock(&hooks->wait);
    hooks->is_writing = false;
    if (ok)
        hooks->written = at + (off_t)batch->bytes->len;
    batch->is_done = true;
    hib_wait_wake(&hooks->wait);
}

bool
hib_hooks_keep(HibHooks *hooks, const GByteArray *record, GError **error)
{
    hib_wait_lock(&hooks->wait);
    Batch *batch = hooks->next;
    g_byte_array_append(batch->bytes, record->data, record->len);
    batch->n_waiting++;
    while (!batch->is_done)
        if (!hooks->is_writing)
            lead(hooks);
        else
            hib_wait_until(&hooks->wait, INT64_MAX);
    bool ok = !batch->error;
    if (!ok)
        g_propagate_error(error, g_error_copy(batch->error));
    if (--batch->n_waiting == 0)
        batch_free(batch);
    hib_wait_unlock(&hooks->wait);
    return ok;
}

/* --- into the store --------------------------------------------------------------------------------------------------------- */
static bool
store_calls(HibHooks *hooks, const char *workspace, const HibHookCall *calls, size_t n,
            HibAccountsHear hear, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(hooks->store, arena, workspace);
    return hib_hook_store(db, calls, n, hear, error);
}

/* All at once; if that fails each by itself, and what fails still waits in its row, as if it had come one by one: one call stops no other. */
static bool
store_part(HibHooks *hooks, const char *workspace, const GArray *part, GError **error)
{
    const HibHookCall *calls = (const HibHookCall *)(const void *)part->data;
    g_autoptr(GError) failure = NULL;
    if (store_calls(hooks, workspace, calls, part->len, hooks->hear, &failure))
        return true;
    if (hib_error_is(failure, HIB_ERROR_BUSY) ||
        g_strcmp0(hib_error_reason(failure), "store.disk_full") == 0) {
        g_propagate_error(error, g_steal_pointer(&failure)); /* all of it later */
        return false;
    }
    hib_log_error(HIB_WARN, "accounts.hooks_one_by_one", failure, NULL);
    for (guint i = 0; i < part->len; i++)
        if (!store_calls(hooks, workspace, &calls[i], 1, hooks->hear, NULL) &&
            !store_calls(hooks, workspace, &calls[i], 1, NULL, error))
            return false;
    return true;
}

/* What a piece of a file holds, a transaction a workspace; *ret_n: bytes of whole records. */
static bool
take_piece(HibHooks *hooks, const char *bytes, size_t n, size_t *ret_n, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GHashTable) parts =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    const char *workspace;
    HibHookCall call;
    GHashTableIter iter;
    void *whose, *calls;
    *ret_n = 0;
    for (size_t size;
         *ret_n < PIECE &&
         (size = hib_hook_record_read(arena, bytes + *ret_n, n - *ret_n, &workspace, &call)) > 0;
         *ret_n += size) {
        if (call.at < hib_clock_now(hib_store_clock(hooks->store)) - HIB_HOOK_KEPT)
            continue; /* a file that lay somewhere: nobody would know it from a repeated call */
        GArray *part = g_hash_table_lookup(parts, workspace);
        if (!part)
            g_hash_table_insert(parts, (char *)(uintptr_t)workspace,
                                part = g_array_new(FALSE, FALSE, sizeof(HibHookCall)));
        g_array_append_val(part, call);
    }
    g_hash_table_iter_init(&iter, parts);
    while (g_hash_table_iter_next(&iter, &whose, &calls))
        if (!store_part(hooks, whose, calls, error))
            return false;
    return true;
}

/* Whole records of the first `most` bytes. */
static bool
take_first(HibHooks *hooks, int fd, off_t from, size_t most, size_t *ret_n, GError **error)
{
    g_autofree char *bytes = g_malloc(most);
    const ssize_t n = pread(fd, bytes, most, from);
    *ret_n = 0;
    return n < 0 ? fail("spool", errno, error) : take_piece(hooks, bytes, (size_t)n, ret_n, error);
}

/* Some of what lies from `from` to `to`; *ret_n 0: none of it is whole. What storing many needed goes back to the system before the next: the heap keeps no more than one needs. */
static bool
take_some(HibHooks *hooks, int fd, off_t from, off_t to, size_t *ret_n, GError **error)
{
    const off_t all = MIN(to - from, (off_t)PIECE + HIB_HOOK_RECORD_MOST), few = MIN(all, PIECE);
    if (!take_first(hooks, fd, from, (size_t)few, ret_n, error) ||
        (!*ret_n && few < all && !take_first(hooks, fd, from, (size_t)all, ret_n, error)))
        return false;
    if (*ret_n >= MANY)
        malloc_trim(0);
    if (*ret_n) /* where holes cannot be made it goes when the file is emptied */
        fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, from + (off_t)*ret_n);
    return true;
}

/* Of a process that is gone: one that lives, ours too, holds its lock. False: the store refuses. */
static bool
take_left(HibHooks *hooks, const char *path, GError **error)
{
    struct stat about;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool ok = true;
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &about) == 0) {
        size_t n = 1;
        off_t at = lseek(fd, 0, SEEK_DATA);
        for (at = MAX(at, 0); ok && n && at < about.st_size; at += (off_t)n)
            ok = take_some(hooks, fd, at, about.st_size, &n, error);
        if (ok)
            unlink(path);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool
take_others(HibHooks *hooks, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(hooks->folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(hooks->folder, name, NULL);
        if (g_str_has_suffix(name, ".spool") && !take_left(hooks, path, error))
            return false;
    }
    return true;
}

/* The lock is held. */
static void
note_taken(HibHooks *hooks, size_t n)
{
    hooks->taken += (off_t)n;
    if (hooks->taken == hooks->written && !hooks->is_writing && hooks->fd >= 0 &&
        ftruncate(hooks->fd, 0) == 0) {
        hooks->taken = hooks->written = 0;
        hooks->n_cut++;
    }
    hib_wait_wake(&hooks->wait);
}

/* What is in the live file now; *ret_n: bytes. */
static bool
take_live(HibHooks *hooks, size_t *ret_n)
{
    g_autoptr(GError) error = NULL;
    hib_wait_lock(&hooks->wait);
    const off_t from = hooks->taken, to = hooks->written;
    hib_wait_unlock(&hooks->wait);
    *ret_n = 0;
    if (from < to && (!take_some(hooks, hooks->fd, from, to, ret_n, &error) || !*ret_n)) {
        hib_log_error(HIB_WARN, "accounts.hooks_not_taken", error, NULL);
        return false;
    }
    hib_wait_lock(&hooks->wait);
    note_taken(hooks, *ret_n);
    hib_wait_unlock(&hooks->wait);
    return true;
}

static void
rest(HibHooks *hooks, HibDuration us, bool is_for_more)
{
    const int64_t until = hib_monotonic_us() + us;
    while (!hooks->is_ending && !(is_for_more && hooks->taken < hooks->written) &&
           hib_wait_until(&hooks->wait, until))
        ;
}

static void *
run(void *data)
{
    HibHooks *hooks = data;
    int64_t looked = 0;
    for (;;) {
        g_autoptr(GError) error = NULL;
        size_t n;
        bool ok = take_live(hooks, &n);
        if (ok && hib_monotonic_us() - looked >= LOOK_EVERY) {
            if (!take_others(hooks, &error))
                hib_log_error(HIB_WARN, "accounts.hooks_not_taken", error, NULL);
            looked = hib_monotonic_us();
        }
        hib_wait_lock(&hooks->wait);
        const bool is_over = hooks->is_ending && (!ok || hooks->taken == hooks->written);
        if (!is_over && (!ok || n >= MANY || hooks->taken == hooks->written))
            rest(hooks, !ok ? AGAIN : n >= MANY ? GATHER : LOOK_EVERY, ok && n < MANY);
        hib_wait_unlock(&hooks->wait);
        if (is_over)
            return NULL;
    }
}

bool
hib_hooks_settle(HibHooks *hooks, HibDuration most)
{
    const int64_t until = hib_monotonic_us() + most;
    hib_wait_lock(&hooks->wait);
    const off_t end = hooks->written;
    const uint64_t n_cut = hooks->n_cut;
    while (hooks->taken < end && hooks->n_cut == n_cut && hib_wait_until(&hooks->wait, until))
        ;
    const bool is_settled = hooks->taken >= end || hooks->n_cut != n_cut;
    hib_wait_unlock(&hooks->wait);
    return is_settled;
}

bool
hib_hooks_are_behind(HibHooks *hooks)
{
    if (!hooks)
        return false;
    hib_wait_lock(&hooks->wait);
    const bool are = hooks->written - hooks->taken >= MANY;
    hib_wait_unlock(&hooks->wait);
    return are;
}

/* --- begin and end ---------------------------------------------------------------------------------------------------------- */
static void
hooks_free(HibHooks *hooks)
{
    if (hooks->fd >= 0)
        close(hooks->fd);
    batch_free(hooks->next);
    hib_wait_clear(&hooks->wait);
    g_free(hooks->path);
    g_free(hooks->folder);
    g_free(hooks);
}

HibHooks *
hib_hooks_open(HibStore *store, const char *folder, HibAccountsHear hear, GError **error)
{
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        fail(folder, errno, error);
        return NULL;
    }
    HibHooks *hooks = g_new0(HibHooks, 1);
    hooks->store = store;
    hooks->hear = hear;
    hooks->folder = g_strdup(folder);
    hooks->fd = -1;
    hooks->next = batch_new();
    hib_wait_init(&hooks->wait);
    if (pthread_create(&hooks->thread, NULL, run, hooks) == 0)
        return hooks;
    hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "the system gives no more threads");
    hooks_free(hooks);
    return NULL;
}

void
hib_hooks_close(HibHooks *hooks)
{
    if (!hooks)
        return;
    hib_wait_lock(&hooks->wait);
    hooks->is_ending = true;
    hib_wait_wake(&hooks->wait);
    hib_wait_unlock(&hooks->wait);
    pthread_join(hooks->thread, NULL);
    if (hooks->path && hooks->taken == hooks->written)
        unlink(hooks->path);
    hooks_free(hooks);
}
