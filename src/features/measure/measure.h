/* Measure: reads numbers back from the networks, keeps every reading, and answers the dashboard from roll-ups.
 *
 * Snapshots are append-only (delivery, metric, as_of, value); roll-ups (day × account, post) are written in the same transaction. Missing is not zero: a number carries its time and state.
 * Collection decays with age: every minute in the first ten, every 5 min in the first hour, 15 min to 6 h, hourly to 2 days, 6-hourly to 14 days, daily to 90, then weekly; 25 posts a call. */
#pragma once
#include "http/services.h"
#include "publish/publish.h"
#include "store/feature.h"

extern const HibFeature hib_measure;

typedef struct {
    const char *delivery; /* or NULL with account: a reading of the account (followers) */
    const char *account;
    const char *metric; /* "likes" "reposts" "replies" "quotes" "followers" */
    HibInstant as_of;
    int64_t value;
} HibSnapshot;
/* Stores readings and their roll-ups in one transaction; the same (delivery, metric, as_of) again is ignored. For collection and practice histories. */
bool hib_measure_add(HibDb *db, const HibSnapshot *snapshots, size_t n, GError **error);
/* When a post of this age is read next; 0: never again. Pure. */
HibInstant hib_measure_next_read(HibInstant published_at, HibInstant now);
