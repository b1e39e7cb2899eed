/* Inside links/ only: clicks made durable, then their replies let go.
 *
 * A sync of the disk takes long and says nothing about others: several lanes, each with a spool of its own, sync side by side. Whichever is free takes all clicks that came meanwhile in one
 * sync, so a click waits for one sync, never for the one before it as well. */
#pragma once
#include "http/call.h"
#include "links/spool.h"

typedef struct HibDurable HibDurable;
HibDurable *hib_durable_open(const char *folder, GError **error);
/* What waits is made durable, then the lanes end; the files are left behind, to be taken in. */
void hib_durable_end(HibDurable *durable);
void hib_durable_close(HibDurable *durable); /* after its end; NULL is fine */
/* The call rests until its click is durable (or cannot be made so, which the state says), then its reply goes. NULL: the caller waits. */
void hib_durable_record(HibDurable *durable, const HibClick *click, HibCall *call);

/* Spools to read from, one a lane; those left behind are seen by each. */
size_t hib_durable_n_spools(const HibDurable *durable);
HibSpool *hib_durable_spool(HibDurable *durable, size_t i);

typedef struct {
    int64_t n_spooled, n_held, n_lost; /* since the start; held now */
    bool is_failing;
    HibInstant failed_at; /* the last time; 0: never */
    char failure[160];    /* in the disk's own words */
} HibDurableState;
void hib_durable_state(HibDurable *durable, HibDurableState *ret);
