/* Blobs in pieces: drafts that grow on disk until they get their good name, and readers that hash on the way.
 *
 * Memory stays the same for any size: nothing here holds more than a buffer. */
#include "base/error.h"
#include "store/blobs_private.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE ((size_t)256 * 1024)

struct HibBlobDraft {
    HibBlobs *blobs;
    char *path;
    int fd;
};

struct HibBlobReader {
    char *sha256;
    int fd;
    int64_t size, n_hashed; /* n_hashed: from the start without a gap */
    HibSha256 sum;
};

/* --- drafts ---------------------------------------------------------------------------------------------------------- */
HibBlobDraft *
hib_blob_draft_open(HibBlobs *blobs, const char *name, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibBlobDraft *draft = g_new0(HibBlobDraft, 1);
    draft->blobs = blobs;
    draft->path = g_strdup_printf("%s/" HIB_BLOB_DRAFTS "/.new-%s", blobs->directory,
                                  name != NULL ? name : hib_random_token(arena, 12));
    draft->fd = open(draft->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (draft->fd >= 0 && futimens(draft->fd, NULL) == 0)
        return draft;
    hib_blob_fail("open", draft->path, error);
    hib_blob_draft_close(draft);
    return NULL;
}

int
hib_blob_draft_fd(const HibBlobDraft *draft)
{
    return draft->fd;
}

int64_t
hib_blob_draft_size(const HibBlobDraft *draft)
{
    struct stat found;
    return fstat(draft->fd, &found) == 0 ? found.st_size : -1;
}

bool
hib_blob_draft_write(HibBlobDraft *draft, int64_t at, const void *data, size_t n, GError **error)
{
    const char *from = data;
    if (ftruncate(draft->fd, at) != 0)
        return hib_blob_fail("cut", draft->path, error);
    while (n > 0) {
        const ssize_t written = pwrite(draft->fd, from, n, at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return hib_blob_fail("write", draft->path, error);
        from += written;
        at += written;
        n -= (size_t)written;
    }
    return fdatasync(draft->fd) == 0 || hib_blob_fail("sync", draft->path, error);
}

static bool
hash_all(const HibBlobDraft *draft, HibSha256 *sum, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    hib_sha256_begin(sum);
    for (off_t at = 0;;) {
        const ssize_t n = pread(draft->fd, piece, PIECE, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return hib_blob_fail("read", draft->path, error);
        if (n == 0)
            return true;
        hib_sha256_add(sum, piece, (size_t)n);
        at += n;
    }
}

bool
hib_blob_draft_keep(HibBlobDraft *draft, const HibSha256 *sum, HibArena *arena,
                    const char **ret_sha256, int64_t *ret_n, GError **error)
{
    HibSha256 own;
    struct stat found;
    if (fsync(draft->fd) != 0 || fstat(draft->fd, &found) != 0)
        return hib_blob_fail("sync", draft->path, error);
    if (sum == NULL && !hash_all(draft, &own, error))
        return false;
    *ret_sha256 = hib_sha256_end(sum != NULL ? sum : &own, arena);
    *ret_n = found.st_size;
    g_autofree char *path = hib_blob_path(draft->blobs, *ret_sha256);
    if (!hib_blob_is_there(draft->blobs, path, found.st_size))
        return hib_blob_settle(draft->blobs, draft->path, *ret_sha256, error);
    hib_blob_draft_drop(draft);
    return true;
}

void
hib_blob_draft_drop(HibBlobDraft *draft)
{
    unlink(draft->path);
}

void
hib_blob_draft_close(HibBlobDraft *draft)
{
    if (draft == NULL)
        return;
    if (draft->fd >= 0)
        close(draft->fd);
    g_free(draft->path);
    g_free(draft);
}

/* --- readers --------------------------------------------------------------------------------------------------------- */
HibBlobReader *
hib_blob_reader_open(HibBlobs *blobs, const char *sha256, GError **error)
{
    if (!hib_blob_is_name(sha256)) {
        hib_blob_missing(error);
        return NULL;
    }
    struct stat found;
    g_autofree char *path = hib_blob_path(blobs, sha256);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        hib_blob_missing(error);
        return NULL;
    }
    if (fd < 0 || fstat(fd, &found) != 0) {
        hib_blob_fail("open", path, error);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    HibBlobReader *reader = g_new0(HibBlobReader, 1);
    *reader = (HibBlobReader){.sha256 = g_strdup(sha256), .fd = fd, .size = found.st_size};
    hib_sha256_begin(&reader->sum);
    return reader;
}

int64_t
hib_blob_reader_size(const HibBlobReader *reader)
{
    return reader->size;
}

int
hib_blob_reader_fd(const HibBlobReader *reader)
{
    return reader->fd;
}

/* At the end of a reading without gaps: does the content match its name? */
static bool
check_sum(const HibBlobReader *reader, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    if (reader->n_hashed < reader->size ||
        strcmp(hib_sha256_end(&reader->sum, arena), reader->sha256) == 0)
        return true;
    hib_error_set(error, HIB_ERROR_CORRUPT, "store.blob_damaged", "%s does not match its name",
                  reader->sha256);
    return false;
}

bool
hib_blob_reader_read(HibBlobReader *reader, int64_t at, void *out, size_t n, size_t *ret_n,
                     GError **error)
{
    ssize_t got;
    do
        got = pread(reader->fd, out, n, at);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return hib_blob_fail("read", reader->sha256, error);
    *ret_n = (size_t)got;
    if (at > reader->n_hashed || at + got <= reader->n_hashed)
        return got > 0 || at < reader->size || check_sum(reader, error);
    const size_t known = (size_t)(reader->n_hashed - at);
    hib_sha256_add(&reader->sum, (const char *)out + known, (size_t)got - known);
    reader->n_hashed = at + got;
    return check_sum(reader, error);
}

void
hib_blob_reader_close(HibBlobReader *reader)
{
    if (reader == NULL)
        return;
    close(reader->fd);
    g_free(reader->sha256);
    g_free(reader);
}
