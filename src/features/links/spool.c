/* The spool of clicks: see spool.h. */
#include "links/spool.h"
#include "base/error.h"
#include "base/id.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC "HIBCLK1\n"
#define BLOCK (64 * 1024)
#define BATCH 64   /* records written in one call */
#define NEW ".new" /* ends the name of one that is being laid out */

struct HibSpool {
    char *folder;
    pthread_mutex_t lock; /* of what follows */
    char *name;           /* of the live file; NULL: none */
    int fd;               /* changed by the thread that syncs only */
    uint32_t n_whole;
    bool is_broken; /* takes no more */
};

/* --- a record ----------------------------------------------------------------------------------------------------- */
static void
put(uint8_t **at, const void *from, size_t n)
{
    memcpy(*at, from, n);
    *at += n;
}

static uint32_t
sum_of(const uint8_t *bytes)
{
    return (uint32_t)crc32(crc32(0, NULL, 0), bytes, HIB_CLICK_BYTES - 4);
}

void
hib_click_encode(const HibClick *click, uint8_t out[HIB_CLICK_BYTES])
{
    uint8_t *at = out;
    const uint8_t small[4] = {click->referrer, click->device,
                              (uint8_t)(click->is_bot | click->is_flood << 1), 0};
    put(&at, click->workspace, 16);
    put(&at, click->link, 16);
    put(&at, click->contact, 16);
    put(&at, &click->at, 8);
    put(&at, &click->id, 8);
    put(&at, &click->visitor, 8);
    put(&at, click->network, 12);
    put(&at, click->language, 4);
    put(&at, small, 4);
    uint32_t sum = sum_of(out);
    put(&at, &sum, 4);
}

static void
get(const uint8_t **at, void *to, size_t n)
{
    memcpy(to, *at, n);
    *at += n;
}

bool
hib_click_decode(const uint8_t *bytes, size_t n, HibClick *ret)
{
    const uint8_t *at = bytes;
    uint8_t small[4];
    uint32_t sum;
    if (n < HIB_CLICK_BYTES)
        return false;
    memcpy(&sum, bytes + HIB_CLICK_BYTES - 4, 4);
    if (sum != sum_of(bytes))
        return false;
    memset(ret, 0, sizeof *ret);
    get(&at, ret->workspace, 16);
    get(&at, ret->link, 16);
    get(&at, ret->contact, 16);
    get(&at, &ret->at, 8);
    get(&at, &ret->id, 8);
    get(&at, &ret->visitor, 8);
    get(&at, ret->network, 12);
    get(&at, ret->language, 4);
    get(&at, small, 4);
    ret->network[11] = ret->language[3] = '\0';
    ret->referrer = small[0];
    ret->device = small[1];
    ret->is_bot = small[2] & 1;
    ret->is_flood = small[2] & 2;
    return true;
}

void
hib_click_key(const char *id, uint8_t out[16])
{
    memset(out, 0, 16);
    if (!id || !hib_id_valid(id))
        return;
    for (size_t i = 0, k = 0; id[i]; i++)
        if (id[i] != '-') {
            out[k / 2] = (uint8_t)(out[k / 2] << 4 | g_ascii_xdigit_value(id[i]));
            k++;
        }
}

void
hib_click_id(const uint8_t key[16], char out[37])
{
    static const char hex[] = "0123456789abcdef";
    size_t k = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[k++] = '-';
        out[k++] = hex[key[i] >> 4];
        out[k++] = hex[key[i] & 15];
    }
    out[k] = '\0';
}

/* --- writing ------------------------------------------------------------------------------------------------------ */
HibSpool *
hib_spool_open(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "links.spool", "%s: %s", folder,
                      g_strerror(errno));
        return NULL;
    }
    HibSpool *spool = g_new0(HibSpool, 1);
    spool->folder = g_strdup(folder);
    spool->fd = -1;
    pthread_mutex_init(&spool->lock, NULL);
    return spool;
}

/* The lock is held. */
static void
leave(HibSpool *spool)
{
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = -1;
    g_clear_pointer(&spool->name, g_free);
    spool->n_whole = 0;
    spool->is_broken = false;
}

void
hib_spool_leave(HibSpool *spool)
{
    pthread_mutex_lock(&spool->lock);
    leave(spool);
    pthread_mutex_unlock(&spool->lock);
}

void
hib_spool_close(HibSpool *spool)
{
    if (!spool)
        return;
    leave(spool);
    pthread_mutex_destroy(&spool->lock);
    g_free(spool->folder);
    g_free(spool);
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

static bool
lay_out(int fd)
{
    static const uint8_t zeros[BLOCK];
    uint8_t head[HIB_SPOOL_HEAD] = MAGIC;
    off_t size = HIB_SPOOL_HEAD + (off_t)HIB_SPOOL_RECORDS * HIB_CLICK_BYTES;
    for (off_t at = 0; at < size; at += BLOCK)
        if (!write_all(fd, zeros, (size_t)MIN(BLOCK, size - at), at))
            return false;
    return write_all(fd, head, sizeof head, 0) && fsync(fd) == 0;
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

static bool
fail(const HibSpool *spool, int failed, GError **error)
{
    hib_error_set(error, HIB_ERROR_INTERNAL, "links.spool", "%s: %s", spool->folder,
                  g_strerror(failed));
    return false;
}

/* Whoever cleans up may take it for one left behind between the two calls: then another is made. */
static int
create_locked(const char *path)
{
    struct stat about;
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX) == 0 && fstat(fd, &about) == 0 && about.st_nlink > 0)
            return fd;
        close(fd);
    }
}

/* Locked before anybody else sees it; -1: errno says why. */
static int
make(const HibSpool *spool, const char *name)
{
    g_autofree char *path = g_build_filename(spool->folder, name, NULL);
    g_autofree char *made = g_strconcat(path, NEW, NULL);
    int fd = create_locked(made);
    if (fd < 0)
        return -1;
    if (lay_out(fd) && rename(made, path) == 0 && sync_folder(spool->folder))
        return fd;
    int failed = errno;
    close(fd);
    unlink(made);
    unlink(path);
    errno = failed;
    return -1;
}

bool
hib_spool_begin(HibSpool *spool, GError **error)
{
    char id[HIB_ID_TEXT];
    hib_id_fill(id, hib_clock_real()); /* so that names sort */
    char *name = g_strconcat(id, ".spool", NULL);
    int fd = make(spool, name), failed = errno;
    if (fd < 0) {
        g_free(name);
        return fail(spool, failed, error);
    }
    pthread_mutex_lock(&spool->lock);
    int before = spool->fd;
    spool->fd = -1;
    leave(spool);
    spool->fd = fd;
    spool->name = name;
    pthread_mutex_unlock(&spool->lock);
    if (before < 0)
        return true;
    bool ok = fdatasync(before) == 0;
    failed = errno;
    close(before); /* from here it is anybody's */
    return ok || fail(spool, failed, error);
}

/* The lock is held. */
static size_t
room(const HibSpool *spool)
{
    return spool->fd < 0 || spool->is_broken ? 0 : HIB_SPOOL_RECORDS - spool->n_whole;
}

size_t
hib_spool_room(HibSpool *spool)
{
    pthread_mutex_lock(&spool->lock);
    size_t n = room(spool);
    pthread_mutex_unlock(&spool->lock);
    return n;
}

bool
hib_spool_append(HibSpool *spool, const HibClick *clicks, size_t n, size_t *ret_n, GError **error)
{
    uint8_t bytes[BATCH * HIB_CLICK_BYTES];
    int failed = 0;
    *ret_n = 0;
    pthread_mutex_lock(&spool->lock);
    for (n = MIN(n, room(spool)); n > 0 && !failed;) {
        size_t here = MIN(n, BATCH);
        off_t at = HIB_SPOOL_HEAD + (off_t)spool->n_whole * HIB_CLICK_BYTES;
        for (size_t i = 0; i < here; i++)
            hib_click_encode(&clicks[*ret_n + i], bytes + i * HIB_CLICK_BYTES);
        if (write_all(spool->fd, bytes, here * HIB_CLICK_BYTES, at)) {
            spool->n_whole += (uint32_t)here;
            *ret_n += here;
            n -= here;
            continue;
        }
        failed = errno;
        spool->is_broken = true;
        /* Some of it may stand there whole, and would count twice when it is written elsewhere. */
        if (ftruncate(spool->fd, at) != 0)
            break;
    }
    pthread_mutex_unlock(&spool->lock);
    return !failed || fail(spool, failed, error);
}

bool
hib_spool_sync(HibSpool *spool, GError **error)
{
    if (spool->fd < 0 || fdatasync(spool->fd) == 0)
        return true;
    int failed = errno; /* what the kernel could not bring to the disk it does not try again */
    pthread_mutex_lock(&spool->lock);
    spool->is_broken = true;
    pthread_mutex_unlock(&spool->lock);
    return fail(spool, failed, error);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */
size_t
hib_spool_read(const HibSpoolFile *file, uint32_t from, HibClick *out, size_t most)
{
    size_t n = from < file->n_whole ? MIN(most, file->n_whole - from) : 0, got = 0;
    int fd = file->fd >= 0 ? file->fd : open(file->path, O_RDONLY | O_CLOEXEC);
    g_autofree uint8_t *bytes = g_malloc(n * HIB_CLICK_BYTES + 1);
    off_t at = HIB_SPOOL_HEAD + (off_t)from * HIB_CLICK_BYTES;
    ssize_t read = fd >= 0 && n ? pread(fd, bytes, n * HIB_CLICK_BYTES, at) : 0;
    while (got < n && (ssize_t)((got + 1) * HIB_CLICK_BYTES) <= read &&
           hib_click_decode(bytes + got * HIB_CLICK_BYTES, HIB_CLICK_BYTES, &out[got]))
        got++;
    if (fd >= 0 && fd != file->fd)
        close(fd);
    return got;
}

/* One left behind: ours if nobody holds it. */
static bool
take_left(HibSpoolFile *file)
{
    struct stat about;
    char magic[8];
    file->fd = open(file->path, O_RDONLY | O_CLOEXEC);
    if (file->fd < 0)
        return false;
    if (flock(file->fd, LOCK_EX | LOCK_NB) != 0 || fstat(file->fd, &about) != 0 ||
        pread(file->fd, magic, 8, 0) != 8 || memcmp(magic, MAGIC, 8) != 0) {
        close(file->fd);
        file->fd = -1;
        return false;
    }
    file->n_whole =
        (uint32_t)MIN((about.st_size - HIB_SPOOL_HEAD) / HIB_CLICK_BYTES, HIB_SPOOL_RECORDS);
    return true;
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(((const HibSpoolFile *)a)->name, ((const HibSpoolFile *)b)->name);
}

/* Whoever laid it out ended before it was whole: no click is in it. */
static void
drop_unfinished(const HibSpool *spool, const char *name)
{
    g_autofree char *path = g_build_filename(spool->folder, name, NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlink(path);
    close(fd);
}

HibSpoolFile *
hib_spool_files(HibSpool *spool)
{
    GArray *out = g_array_new(TRUE, TRUE, sizeof(HibSpoolFile));
    g_autoptr(GDir) dir = g_dir_open(spool->folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        HibSpoolFile file = {.fd = -1};
        if (g_str_has_suffix(name, ".spool" NEW))
            drop_unfinished(spool, name);
        if (!g_str_has_suffix(name, ".spool"))
            continue;
        pthread_mutex_lock(&spool->lock);
        file.is_live = spool->name && g_str_equal(spool->name, name);
        file.n_whole = spool->n_whole;
        pthread_mutex_unlock(&spool->lock);
        file.path = g_build_filename(spool->folder, name, NULL);
        if (file.is_live || take_left(&file)) {
            file.name = g_strdup(name);
            g_array_append_val(out, file);
        } else {
            g_free(file.path);
        }
    }
    g_array_sort(out, by_name);
    return (HibSpoolFile *)(void *)g_array_free(out, FALSE);
}

void
hib_spool_files_free(HibSpoolFile *files)
{
    for (HibSpoolFile *file = files; file && file->path; file++) {
        if (file->fd >= 0)
            close(file->fd);
        g_free(file->path);
        g_free(file->name);
    }
    g_free(files);
}

void
hib_spool_drop(HibSpool *spool, const HibSpoolFile *file)
{
    if (!file->is_live && unlink(file->path) == 0)
        sync_folder(spool->folder);
}
