/* Delayed answers: a connection is suspended and woken when its time has come, so that one slow call slows no other. */
#include "practice/face_private.h"

typedef struct {
    int64_t due_us;
    struct MHD_Connection *connection;
} Sleeper;

struct FaceLate {
    GMutex lock;
    GCond changed;
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

static void *
run(void *data)
{
    struct FaceLate *late = data;
    g_mutex_lock(&late->lock);
    for (;;) {
        int64_t next_us = 0;
        wake_due(late, hib_monotonic_us(), &next_us);
        if (late->is_over)
            break;
        if (next_us == INT64_MAX)
            g_cond_wait(&late->changed, &late->lock);
        else
            g_cond_wait_until(&late->changed, &late->lock, next_us);
    }
    g_mutex_unlock(&late->lock);
    return NULL;
}

struct FaceLate *
hib_face_late_new(void)
{
    struct FaceLate *late = g_new0(struct FaceLate, 1);
    g_mutex_init(&late->lock);
    g_cond_init(&late->changed);
    late->sleepers = g_array_new(FALSE, FALSE, sizeof(Sleeper));
    late->thread = g_thread_new("face-late", run, late);
    return late;
}

void
hib_face_late_add(struct FaceLate *late, struct MHD_Connection *connection, int64_t ms)
{
    const Sleeper sleeper = {.due_us = hib_monotonic_us() + ms * 1000, .connection = connection};
    g_mutex_lock(&late->lock);
    g_array_append_val(late->sleepers, sleeper);
    g_cond_signal(&late->changed);
    g_mutex_unlock(&late->lock);
}

void
hib_face_late_free(struct FaceLate *late)
{
    g_mutex_lock(&late->lock);
    late->is_over = true;
    g_cond_signal(&late->changed);
    g_mutex_unlock(&late->lock);
    g_thread_join(late->thread);
    g_array_free(late->sleepers, TRUE);
    g_mutex_clear(&late->lock);
    g_cond_clear(&late->changed);
    g_free(late);
}
