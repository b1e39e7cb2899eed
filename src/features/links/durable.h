/* Inside links/ only: clicks kept before their replies go.
 *
 * A click is written into the spool by whoever answers the visitor: from there on it is the kernel's, and a killed process loses nothing. A thread brings the file to the disk every few
 * milliseconds, so that a machine without power loses at most what came since (HIB_SYNC_EVERY and what the sync itself takes). It makes the files, too, so that no visitor waits for one.
 * While the disk takes nothing, clicks wait in memory and are tried again. */
#pragma once
#include "links/spool.h"

#define HIB_SYNC_EVERY (10 * HIB_MILLISECOND)

typedef struct HibDurable HibDurable;
HibDurable *hib_durable_open(const char *folder, GError **error);
/* What waits is written, then the thread ends; the file is left behind, to be taken in. */
void hib_durable_end(HibDurable *durable);
void hib_durable_close(HibDurable *durable); /* after its end; NULL is fine */
/* Would a click be recorded at once? False: no file stands ready, a worker may wait for it. */
bool hib_durable_is_ready(HibDurable *durable);
void hib_durable_record(HibDurable *durable, const HibClick *click);
HibSpool *hib_durable_spool(HibDurable *durable); /* to read from */

typedef struct {
    int64_t n_spooled, n_held, n_lost; /* since the start; held now */
    bool is_failing;
    HibInstant failed_at; /* the last time; 0: never */
    char failure[160];    /* in the disk's own words */
} HibDurableState;
void hib_durable_state(HibDurable *durable, HibDurableState *ret);
