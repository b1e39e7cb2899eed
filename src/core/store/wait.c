/* A mutex with its condition, waiting on the monotonic clock. */
#include "store/wait.h"
#include <errno.h>
#include <glib.h>
#include <time.h>

void
hib_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

void
hib_wait_init(HibWait *wait)
{
    pthread_mutex_init(&wait->mutex, NULL);
    hib_cond_init(&wait->cond);
}

void
hib_wait_clear(HibWait *wait)
{
    pthread_cond_destroy(&wait->cond);
    pthread_mutex_destroy(&wait->mutex);
}

void
hib_wait_lock(HibWait *wait)
{
    pthread_mutex_lock(&wait->mutex);
}

void
hib_wait_unlock(HibWait *wait)
{
    pthread_mutex_unlock(&wait->mutex);
}

void
hib_wait_wake(HibWait *wait)
{
    pthread_cond_broadcast(&wait->cond);
}

bool
hib_cond_until(pthread_cond_t *cond, HibWait *wait, int64_t until_us)
{
    if (until_us == INT64_MAX) {
        pthread_cond_wait(cond, &wait->mutex);
        return true;
    }
    const int64_t at = MAX(until_us, 0);
    const struct timespec until = {.tv_sec = at / 1000000, .tv_nsec = (at % 1000000) * 1000};
    return pthread_cond_timedwait(cond, &wait->mutex, &until) != ETIMEDOUT;
}

bool
hib_wait_until(HibWait *wait, int64_t until_us)
{
    return hib_cond_until(&wait->cond, wait, until_us);
}
