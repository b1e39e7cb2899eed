/* A mutex with its condition. POSIX threads rather than GMutex: ThreadSanitizer understands them, and waits are against the
 * monotonic clock. */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
} HibWait;

void hib_wait_init(HibWait *wait);
void hib_wait_clear(HibWait *wait);
void hib_wait_lock(HibWait *wait);
void hib_wait_unlock(HibWait *wait);
/* Wakes all who wait. The lock is held. */
void hib_wait_wake(HibWait *wait);
/* Sleeps until woken or until hib_monotonic_us() reaches `until_us` (INT64_MAX: no limit); false: the time is over. The
 * lock is held; as with every condition the caller looks again at what it waits for. */
bool hib_wait_until(HibWait *wait, int64_t until_us);
/* The same on another condition that belongs to this mutex. */
void hib_cond_init(pthread_cond_t *cond);
bool hib_cond_until(pthread_cond_t *cond, HibWait *wait, int64_t until_us);
