/* Workers: a queue of calls and the threads that run them. The connection of a queued call is suspended. */
#include "http/workers.h"

#define MAX_WAITING 4096

static void *
work(void *data)
{
    HibWorkers *workers = data;
    pthread_mutex_lock(&workers->lock);
    for (;;) {
        while (workers->first == NULL && !workers->is_stopping)
            pthread_cond_wait(&workers->wake, &workers->lock);
        HibCall *call = workers->first;
        if (call == NULL)
            break;
        workers->first = call->next;
        workers->n_waiting--;
        workers->n_running++;
        pthread_mutex_unlock(&workers->lock);

        hib_call_run(call);
        HibServer *server = call->server;
        hib_loop_resume(&server->loop, call->connection); /* which has the call again */

        pthread_mutex_lock(&workers->lock);
        if (--workers->n_running == 0 && workers->first == NULL)
            pthread_cond_broadcast(&workers->idle);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

bool
hib_workers_start(HibWorkers *workers, int n)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->wake, &monotonic);
    pthread_cond_init(&workers->idle, &monotonic);
    pthread_condattr_destroy(&monotonic);
    workers->threads = g_new0(pthread_t, (gsize)n);
    for (int i = 0; i < n; i++) {
        if (pthread_create(&workers->threads[i], NULL, work, workers) != 0)
            break;
        workers->n_threads++;
    }
    return workers->n_threads > 0;
}

bool
hib_workers_submit(HibWorkers *workers, HibCall *call)
{
    pthread_mutex_lock(&workers->lock);
    bool is_taken = workers->n_waiting < MAX_WAITING && !workers->is_stopping;
    if (is_taken) {
        MHD_suspend_connection(call->connection);
        call->next = NULL;
        if (workers->first == NULL)
            workers->first = call;
        else
            workers->last->next = call;
        workers->last = call;
        workers->n_waiting++;
        pthread_cond_signal(&workers->wake);
    }
    pthread_mutex_unlock(&workers->lock);
    return is_taken;
}

bool
hib_workers_stop(HibWorkers *workers, int64_t patience_us)
{
    int64_t end = hib_monotonic_us() + patience_us;
    struct timespec until = {.tv_sec = end / 1000000, .tv_nsec = end % 1000000 * 1000};
    int failed = 0;
    pthread_mutex_lock(&workers->lock);
    workers->is_stopping = true;
    pthread_cond_broadcast(&workers->wake);
    while (failed == 0 && (workers->first != NULL || workers->n_running > 0))
        failed = pthread_cond_timedwait(&workers->idle, &workers->lock, &until);
    bool is_idle = workers->first == NULL && workers->n_running == 0;
    pthread_mutex_unlock(&workers->lock);
    if (!is_idle)
        return false;
    for (int i = 0; i < workers->n_threads; i++)
        pthread_join(workers->threads[i], NULL);
    g_free(workers->threads);
    pthread_cond_destroy(&workers->wake);
    pthread_cond_destroy(&workers->idle);
    pthread_mutex_destroy(&workers->lock);
    return true;
}
