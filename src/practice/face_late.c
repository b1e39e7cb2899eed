/* Delayed answers: a connection is suspended and woken when its time has come, so that one slow call slows no other. */
#include "practice/face_late.h"

#include "base/time.h"
#include <glib.h>
#include <pthread.h>

typedef struct {
    int64_t due_us;
    struct MHD_Connection *connection;
} Sleeper;

struct FaceLate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    GArray *sleepers;
    bool is_over;
    GThread *thread;
};

static void
wake_due(struct FaceLate *late, int64_t now_us, int64_t *ret_next_us)
{
    *ret_next_us = INT64_MAX;
    for (guint i = late->sleepers->len; i-- > 0;) {
        const Sleeper *sleeper = &g_array_index(late->sleepers, Sleeper, i);
        if (late->is_over || sleeper->due_us <= now_us) {
            MHD_resume_connection(sleeper->connection);
            g_array_remove_index_fast(late->sleepers, i);
        } else {
            *ret_next_us = MIN(*ret_next_us, sleeper->due_us);
        }
    }
}

static void
wait_until(struct FaceLate *late, int64_t at_us)
{
    const struct timespec at = {.tv_sec = at_us / 1000000, .tv_nsec = at_us % 1000000 * 1000};
    pthread_cond_timedwait(&late->changed, &late->lock, &at);
}

static void *
run(void *data)
{
    struct FaceLate *late = data;
    pthread_mutex_lock(&late->lock);
    for (;;) {
        int64_t next_us = 0;
        wake_due(late, hib_monotonic_us(), &next_us);
        if (late->is_over)
            break;
        if (next_us == INT64_MAX)
            pthread_cond_wait(&late->changed, &late->lock);
        else
            wait_until(late, next_us);
    }
    pthread_mutex_unlock(&late->lock);
    return NULL;
}

struct FaceLate *
hib_face_late_new(void)
{
    struct FaceLate *late = g_new0(struct FaceLate, 1);
    pthread_mutex_init(&late->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&late->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    late->sleepers = g_array_new(FALSE, FALSE, sizeof(Sleeper));
    late->thread = g_thread_new("face-late", run, late);
    return late;
}

void
hib_face_late_add(struct FaceLate *late, struct MHD_Connection *connection, int64_t ms)
{
    const Sleeper sleeper = {.due_us = hib_monotonic_us() + ms * 1000, .connection = connection};
    pthread_mutex_lock(&late->lock);
    g_array_append_val(late->sleepers, sleeper);
    pthread_cond_signal(&late->changed);
    pthread_mutex_unlock(&late->lock);
}

void
hib_face_late_free(struct FaceLate *late)
{
    pthread_mutex_lock(&late->lock);
    late->is_over = true;
    pthread_cond_signal(&late->changed);
    pthread_mutex_unlock(&late->lock);
    g_thread_join(late->thread);
    g_array_free(late->sleepers, TRUE);
    pthread_mutex_destroy(&late->lock);
    pthread_cond_destroy(&late->changed);
    g_free(late);
}
