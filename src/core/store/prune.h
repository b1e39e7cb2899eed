/* Retention of the store's own tables: events older than 30 days and failed jobs older than 90 go, once a day.
 *
 * What a person must be able to look up later (who did what, what went out, what was measured) has tables of its own. */
#pragma once
#include "store/jobs.h"

#define HIB_PRUNE_KEEP_EVENTS (30 * HIB_DAY)
#define HIB_PRUNE_KEEP_FAILED (90 * HIB_DAY)

/* "store.prune", ended by {0}. Running twice is harmless: the second run finds nothing. */
extern const HibJobKind hib_prune_jobs[];
/* Sees to it that one waits, due in a minute; at each start of a program. */
bool hib_prune_begin(HibStore *store, GError **error);
