/* One piece of work in a child process: started, listened to, ended.
 *
 * The child's program (worker/) is a small one of its own that lies in this binary and is run from memory: so this process never has a decoder mapped, starts
 * no slower for the two hundred libraries the decoders pull in, and it is still one file to install. What the child says is checked like a stranger's words. */
#include "base/error.h"
#include "base/log.h"
#include "media/media_private.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_MS 250
#define TELL_EVERY_US HIB_SECOND
#define GRACE_MS 2000 /* between its last word and its end */
#define MOST_AT_ONCE 4
#define MOST_WORDS ((size_t)4 * 1024 * 1024) /* of progress over all; then it babbles */

extern const unsigned char hib_media_program[], hib_media_program_end[];

struct HibMediaWorkers {
    pthread_mutex_t lock;
    pthread_cond_t given;
    int program; /* of the child, in memory; -1: it could not be put there */
    int n_places, n_taken, n_long;
    atomic_bool is_stopping;
};

/* The descriptors we hand over must not lie where they are put: they are moved up first. */
static int
moved_up(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, 16);
}

/* --- places -------------------------------------------------------------------------------------------------------------- */
int
hib_child_memory(const void *data, size_t n)
{
    const char *from = data;
    const int fd = memfd_create("hibiki-media", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    while (fd >= 0 && n > 0) {
        const ssize_t written = write(fd, from, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            close(fd);
            return -1;
        }
        from += written;
        n -= (size_t)written;
    }
    return fd;
}

static int
program_in_memory(void)
{
    const int fd =
        hib_child_memory(hib_media_program, (size_t)(hib_media_program_end - hib_media_program));
    if (fd < 0)
        return -1;
    const int up = moved_up(fd);
    close(fd);
    fcntl(up, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return up;
}

struct HibMediaWorkers *
hib_media_workers_new(void)
{
    struct HibMediaWorkers *workers = g_new0(struct HibMediaWorkers, 1);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->given, &attr);
    pthread_condattr_destroy(&attr);
    workers->program = program_in_memory();
    workers->n_places = (int)CLAMP(g_get_num_processors(), 2, MOST_AT_ONCE);
    return workers;
}

void
hib_media_workers_stop(struct HibMediaWorkers *workers)
{
    if (workers != NULL)
        atomic_store(&workers->is_stopping, true);
}

void
hib_media_workers_free(struct HibMediaWorkers *workers)
{
    if (workers == NULL)
        return;
    if (workers->program >= 0)
        close(workers->program);
    pthread_cond_destroy(&workers->given);
    pthread_mutex_destroy(&workers->lock);
    g_free(workers);
}

bool
hib_media_workers_is_stopping(struct HibMediaWorkers *workers)
{
    return atomic_load(&workers->is_stopping);
}

/* One place is kept free of long work, so that pictures are looked at meanwhile. */
static bool
has_place(const struct HibMediaWorkers *workers, bool is_long)
{
    return workers->n_taken < workers->n_places &&
           (!is_long || workers->n_long < workers->n_places - 1);
}

bool
hib_media_workers_take(struct HibMediaWorkers *workers, bool is_long, int wait_ms)
{
    const int64_t until = hib_monotonic_us() + wait_ms * HIB_MILLISECOND;
    const struct timespec end = {.tv_sec = until / HIB_SECOND,
                                 .tv_nsec = until % HIB_SECOND * 1000};
    int waited = 0;
    if (workers == NULL)
        return false;
    pthread_mutex_lock(&workers->lock);
    while (!has_place(workers, is_long) && waited == 0)
        waited = pthread_cond_timedwait(&workers->given, &workers->lock, &end);
    const bool is_taken = has_place(workers, is_long);
    workers->n_taken += is_taken;
    workers->n_long += is_taken && is_long;
    pthread_mutex_unlock(&workers->lock);
    return is_taken;
}

void
hib_media_workers_give(struct HibMediaWorkers *workers, bool is_long)
{
    pthread_mutex_lock(&workers->lock);
    workers->n_taken--;
    workers->n_long -= is_long;
    pthread_cond_broadcast(&workers->given);
    pthread_mutex_unlock(&workers->lock);
}

/* --- starting ------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const HibChildTask *task;
    struct HibMediaWorkers *workers;
    pid_t pid;
    int words; /* what it says comes out here */
    GString *heard;
    size_t n_heard;
    double progress;
    const char *ended_by; /* why we ended it: a slug; NULL: we did not */
} Child;

/* The environment is ours: nothing of the server's reaches the child. */
static char *const environment[] = {(char *)"LC_ALL=C.UTF-8",
                                    (char *)"TZ=UTC0",
                                    (char *)"MALLOC_ARENA_MAX=2",
                                    (char *)"VIPS_NOVECTOR=1",
                                    (char *)"ASAN_OPTIONS=detect_leaks=0",
                                    NULL};

static void
add_files(posix_spawn_file_actions_t *files, const Child *child, int request, int words)
{
    posix_spawn_file_actions_adddup2(files, request, 0);
    posix_spawn_file_actions_adddup2(files, words, 1);
    posix_spawn_file_actions_addopen(files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(files, child->task->in, HIB_WORK_IN);
    if (child->task->out >= 0)
        posix_spawn_file_actions_adddup2(files, child->task->out, HIB_WORK_OUT);
    else
        posix_spawn_file_actions_addopen(files, HIB_WORK_OUT, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(files, child->workers->program, HIB_WORK_SELF);
    posix_spawn_file_actions_addclosefrom_np(files, HIB_WORK_SELF + 1);
}

static bool
spawn(Child *child, int request, int words)
{
    char path[32], *const argv[] = {(char *)"hibiki-media", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    g_snprintf(path, sizeof path, "/proc/self/fd/%d", HIB_WORK_SELF);
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    add_files(&files, child, request, words);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                        POSIX_SPAWN_SETPGROUP);
    const bool is_begun = posix_spawn(&child->pid, path, &files, &attr, argv, environment) == 0;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    return is_begun;
}

static bool
send_request(int fd, const HibWork *work)
{
    char text[HIB_WORK_MESSAGE]; /* less than a pipe holds: this never waits */
    const size_t n = hib_work_print(work, text, sizeof text);
    return n > 0 && write(fd, text, n) == (ssize_t)n;
}

static bool
start(Child *child, GError **error)
{
    int request[2] = {-1, -1}, words[2] = {-1, -1};
    bool is_begun = pipe2(request, O_CLOEXEC) == 0 && pipe2(words, O_CLOEXEC) == 0;
    if (is_begun) {
        const int request_up = moved_up(request[0]), words_up = moved_up(words[1]);
        is_begun = request_up >= 0 && words_up >= 0 && spawn(child, request_up, words_up);
        close(request_up);
        close(words_up);
    }
    is_begun = is_begun && send_request(request[1], child->task->work);
    for (int i = 0; i < 2; i++)
        if (request[i] >= 0)
            close(request[i]);
    if (words[1] >= 0)
        close(words[1]);
    child->words = words[0];
    if (is_begun)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "media.no_worker", "the media child: %s",
                  g_strerror(errno));
    if (child->pid > 0)
        kill(child->pid, SIGKILL);
    return false;
}

/* --- listening ----------------------------------------------------------------------------------------------------------- */
/* Lines of progress are taken out; what is left is the reply. False: it babbles. */
static bool
hear(Child *child, const char *text, size_t n)
{
    const char *end;
    child->n_heard += n;
    g_string_append_len(child->heard, text, (gssize)n);
    while (g_str_has_prefix(child->heard->str, "progress ") &&
           (end = strchr(child->heard->str, '\n')) != NULL) {
        const size_t n_line = (size_t)(end - child->heard->str);
        if (!hib_work_progress_parse(child->heard->str, n_line, &child->progress))
            return false;
        g_string_erase(child->heard, 0, (gssize)n_line + 1);
    }
    return child->heard->len <= HIB_WORK_MESSAGE && child->n_heard <= MOST_WORDS;
}

static const char *
must_end(const Child *child, int64_t since, int64_t *told)
{
    const int64_t now = hib_monotonic_us();
    if (hib_media_workers_is_stopping(child->workers))
        return "media.stopping";
    if (now - since > child->task->deadline_ms * HIB_MILLISECOND)
        return "media.took_too_long";
    if (child->task->on_progress == NULL || now - *told < TELL_EVERY_US)
        return NULL;
    *told = now;
    return child->task->on_progress(child->progress, child->task->data) ? NULL : "media.cancelled";
}

static void
listen_to(Child *child)
{
    const int64_t since = hib_monotonic_us();
    int64_t told = since;
    while ((child->ended_by = must_end(child, since, &told)) == NULL) {
        struct pollfd ready = {.fd = child->words, .events = POLLIN};
        char piece[HIB_WORK_MESSAGE];
        if (poll(&ready, 1, TICK_MS) <= 0)
            continue;
        const ssize_t n = read(child->words, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        if (memchr(piece, '\0', (size_t)n) != NULL || !hear(child, piece, (size_t)n)) {
            child->ended_by = "media.damaged";
            return;
        }
    }
}

/* Its end, by itself within a moment or by us. */
static int
reap(Child *child)
{
    int status = 0;
    if (child->ended_by == NULL) {
        for (int waited = 0; waited < GRACE_MS; waited += 5) {
            if (waitpid(child->pid, &status, WNOHANG) == child->pid)
                return status;
            g_usleep(5000);
        }
    }
    kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* --- what came of it ----------------------------------------------------------------------------------------------------- */
static bool
refuse(const char *reason, const char *what, GError **error)
{
    const bool is_full = strcmp(reason, "store.disk_full") == 0;
    const bool is_stopping = strcmp(reason, "media.stopping") == 0;
    hib_error_set(error,
                  is_full       ? HIB_ERROR_INTERNAL
                  : is_stopping ? HIB_ERROR_BUSY
                                : HIB_ERROR_INVALID,
                  reason, "the media child: %s", what);
    return false;
}

static const char *
slug_of(const char *fault)
{
    static const char *const slugs[][2] = {
        {"damaged", "media.damaged"},
        {"too_large", "media.too_large_to_decode"},
        {"memory", "media.too_large_to_decode"},
        {"no_video", "media.type"},
        {"codec", "media.codec"},
        {"bytes", "media.fit_bytes"},
        {"disk", "store.disk_full"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(slugs); i++)
        if (strcmp(slugs[i][0], fault) == 0)
            return slugs[i][1];
    return "media.damaged";
}

static const char *
slug_of_signal(int number)
{
    switch (number) {
    case SIGXCPU:
        return "media.took_too_long";
    case SIGKILL: /* not by us: the system was short of memory */
        return "media.too_large_to_decode";
    case SIGXFSZ:
        return "media.fit_bytes";
    default:
        return "media.damaged";
    }
}

static bool
conclude(const Child *child, int status, HibWorkReply *reply, GError **error)
{
    if (child->ended_by != NULL)
        return refuse(child->ended_by, "ended by us", error);
    if (WIFSIGNALED(status)) {
        g_autofree char *what = g_strdup_printf("signal %d", WTERMSIG(status));
        hib_log(HIB_WARN, "media.child_died", "by", what, NULL);
        return refuse(slug_of_signal(WTERMSIG(status)), what, error);
    }
    if (WEXITSTATUS(status) == 3) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "media.no_worker",
                      "the media child could not close its walls");
        return false;
    }
    if (!hib_work_reply_parse(child->heard->str, child->heard->len, reply))
        return refuse("media.damaged", "no reply", error);
    return *reply->fault == '\0' || refuse(slug_of(reply->fault), reply->fault, error);
}

bool
hib_child_run(struct HibMediaWorkers *workers, const HibChildTask *task, HibWorkReply *reply,
              GError **error)
{
    g_autoptr(GString) heard = g_string_new(NULL);
    Child child = {.task = task, .workers = workers, .words = -1, .heard = heard};
    const int in = moved_up(task->in), out = task->out >= 0 ? moved_up(task->out) : -1;
    HibChildTask own = *task;
    own.in = in;
    own.out = out;
    child.task = &own;
    const bool is_begun = start(&child, error);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    if (is_begun)
        listen_to(&child);
    const int status = child.pid > 0 ? reap(&child) : 0;
    if (child.words >= 0)
        close(child.words);
    return is_begun && conclude(&child, status, reply, error);
}
