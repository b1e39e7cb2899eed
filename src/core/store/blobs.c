/* Blobs: files named by the SHA-256 of their content, in 256 folders. Written beside, synced, renamed, and the folder synced.
 *
 * A file's time is when it was last put. Whoever puts one that is there sets it anew, and the sweep takes only old ones; both
 * under a lock on the directory, so that nothing is taken that somebody is just about to give a row. */
#include "store/blobs.h"
#include "base/error.h"
#include "base/secrets.h"
#include "store/blobs_private.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_N 64

/* Held until the descriptor is closed; -1: no lock to be had. Other processes are kept out too. */
static int
lock_directory(const HibBlobs *blobs, int how)
{
    int fd = open(blobs->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && flock(fd, how) != 0) {
        if (errno == EINTR)
            continue;
        close(fd);
        return -1;
    }
    return fd;
}

bool
hib_blob_fail(const char *what, const char *path, GError **error)
{
    const int cause = errno;
    const bool is_full = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
    hib_error_set(error, HIB_ERROR_INTERNAL, is_full ? "store.disk_full" : "store.failed",
                  "%s %s: %s", what, path, g_strerror(cause));
    return false;
}

HibBlobs *
hib_blobs_open(const char *directory, GError **error)
{
    g_autofree char *drafts = g_build_filename(directory, HIB_BLOB_DRAFTS, NULL);
    if (g_mkdir_with_parents(drafts, 0700) != 0) {
        hib_blob_fail("make", directory, error);
        return NULL;
    }
    HibBlobs *blobs = g_new0(HibBlobs, 1);
    blobs->directory = g_strdup(directory);
    return blobs;
}

void
hib_blobs_close(HibBlobs *blobs)
{
    if (!blobs)
        return;
    g_free(blobs->directory);
    g_free(blobs);
}

bool
hib_blob_is_name(const char *sha256)
{
    return sha256 && strlen(sha256) == NAME_N && strspn(sha256, "0123456789abcdef") == NAME_N;
}

char *
hib_blob_folder(const HibBlobs *blobs, const char *sha256)
{
    const char folder[3] = {sha256[0], sha256[1], '\0'};
    return g_build_filename(blobs->directory, folder, NULL);
}

char *
hib_blob_path(const HibBlobs *blobs, const char *sha256)
{
    g_autofree char *folder = hib_blob_folder(blobs, sha256);
    return g_build_filename(folder, sha256 + 2, NULL);
}

static bool
write_all(int fd, const char *data, size_t n)
{
    while (n) {
        const ssize_t written = write(fd, data, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        data += written;
        n -= (size_t)written;
    }
    return true;
}

static bool
sync_folder(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool is_synced = fsync(fd) == 0;
    close(fd);
    return is_synced;
}

/* Writes `data` to a new file. Nothing stays when it fails. */
static bool
write_new(const char *temporary, const void *data, size_t n, GError **error)
{
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return hib_blob_fail("make", temporary, error);
    bool is_done = write_all(fd, data, n) && fsync(fd) == 0;
    int cause = errno;
    if (close(fd) != 0 && is_done) {
        is_done = false;
        cause = errno;
    }
    if (is_done)
        return true;
    errno = cause;
    hib_blob_fail("write", temporary, error);
    unlink(temporary);
    return false;
}

bool
hib_blob_is_there(const HibBlobs *blobs, const char *path, int64_t n)
{
    GStatBuf found;
    const int lock = lock_directory(blobs, LOCK_SH);
    const bool is_there = lock >= 0 && g_stat(path, &found) == 0 && found.st_size == n &&
                          utimensat(AT_FDCWD, path, NULL, 0) == 0;
    if (lock >= 0)
        close(lock);
    return is_there;
}

bool
hib_blob_settle(const HibBlobs *blobs, const char *temporary, const char *sha256, GError **error)
{
    g_autofree char *folder = hib_blob_folder(blobs, sha256);
    g_autofree char *path = hib_blob_path(blobs, sha256);
    const bool is_new_folder = mkdir(folder, 0700) == 0;
    if (!is_new_folder && errno != EEXIST)
        return hib_blob_fail("make", folder, error);
    if (rename(temporary, path) != 0) {
        hib_blob_fail("write", path, error);
        unlink(temporary);
        return false;
    }
    if (!sync_folder(folder) || (is_new_folder && !sync_folder(blobs->directory)))
        return hib_blob_fail("sync", folder, error);
    return true;
}

bool
hib_blobs_put(HibBlobs *blobs, HibArena *arena, const void *data, size_t n, const char **ret_sha256,
              GError **error)
{
    const char *sha256 = hib_sha256_hex(arena, data, n);
    g_autofree char *path = hib_blob_path(blobs, sha256);
    *ret_sha256 = sha256;
    if (hib_blob_is_there(blobs, path, (int64_t)n))
        return true;
    g_autofree char *temporary = g_strdup_printf("%s/" HIB_BLOB_DRAFTS "/.new-%s", blobs->directory,
                                                 hib_random_token(arena, 12));
    return write_new(temporary, data, n, error) && hib_blob_settle(blobs, temporary, sha256, error);
}

bool
hib_blob_missing(GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "store.blob_missing", "no such blob");
    return false;
}

GBytes *
hib_blobs_get(HibBlobs *blobs, const char *sha256, GError **error)
{
    if (!hib_blob_is_name(sha256)) {
        hib_blob_missing(error);
        return NULL;
    }
    g_autofree char *path = hib_blob_path(blobs, sha256);
    g_autoptr(GError) cause = NULL;
    char *data;
    gsize n;
    if (!g_file_get_contents(path, &data, &n, &cause)) {
        const bool is_missing = g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        hib_error_set(error, is_missing ? HIB_ERROR_NOT_FOUND : HIB_ERROR_INTERNAL,
                      is_missing ? "store.blob_missing" : "store.failed", "%s", cause->message);
        return NULL;
    }
    GBytes *bytes = g_bytes_new_take(data, n);
    g_autoptr(HibArena) arena = hib_arena_new();
    if (strcmp(hib_sha256_hex(arena, data, n), sha256) == 0)
        return bytes;
    g_bytes_unref(bytes);
    hib_error_set(error, HIB_ERROR_CORRUPT, "store.blob_damaged", "%s does not match its name",
                  path);
    return NULL;
}

/* --- the sweep --------------------------------------------------------------------------------------------------------- */
static bool
is_old(const char *path, HibInstant before)
{
    GStatBuf found;
    return g_lstat(path, &found) == 0 && S_ISREG(found.st_mode) &&
           (HibInstant)found.st_mtime * HIB_SECOND < before;
}

/* Looked at once more under the lock: somebody may have put it meanwhile. */
static bool
take(const HibBlobs *blobs, const char *path, HibInstant before, int64_t *n, GError **error)
{
    const int lock = lock_directory(blobs, LOCK_EX);
    if (lock < 0)
        return hib_blob_fail("lock", blobs->directory, error);
    const bool is_taken = is_old(path, before);
    const bool is_done = !is_taken || unlink(path) == 0 || errno == ENOENT;
    const int cause = errno;
    close(lock);
    *n += is_taken && is_done;
    errno = cause;
    return is_done || hib_blob_fail("remove", path, error);
}

static bool
sweep_folder(HibBlobs *blobs, const char *folder, HibInstant before, HibBlobUsed is_used,
             void *data, int64_t *n, GError **error)
{
    g_autofree char *directory = g_build_filename(blobs->directory, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *file;
    while (dir && (file = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(directory, file, NULL);
        g_autofree char *name = g_strconcat(folder, file, NULL);
        bool stays = !hib_blob_is_name(name) && !g_str_has_prefix(file, ".new-");
        if (stays || !is_old(path, before))
            continue;
        if (hib_blob_is_name(name) && !is_used(name, data, &stays, error))
            return false;
        if (!stays && !take(blobs, path, before, n, error))
            return false;
    }
    return true;
}

bool
hib_blobs_sweep(HibBlobs *blobs, HibInstant before, HibBlobUsed is_used, void *data, int64_t *ret_n,
                GError **error)
{
    *ret_n = 0;
    for (unsigned i = 0; i < 256; i++) {
        char folder[3];
        g_snprintf(folder, sizeof folder, "%02x", i);
        if (!sweep_folder(blobs, folder, before, is_used, data, ret_n, error))
            return false;
    }
    return sweep_folder(blobs, HIB_BLOB_DRAFTS, before, is_used, data, ret_n, error);
}
