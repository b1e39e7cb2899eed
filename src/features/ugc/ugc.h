/* UGC: what customers post with our hashtags or about us, whether we may use it, and campaigns people take part in by posting.
 *
 * A post is found (in what engage/ heard, or by hand), its author is asked by an answer where it was posted, and a person confirms what came back:
 * nothing is ever taken as permitted by itself. Granted, its picture goes into the library with its card, so that check/'s rules of rights hold for it.
 * A draw is fair because anybody can compute it again (lottery.c). */
#pragma once
#include "store/feature.h"

extern const HibFeature hib_ugc;

/* The demo's: a few posts of customers, a giveaway of `campaign` that takes entries. In the caller's transaction. */
bool hib_ugc_example(HibDb *db, const char *campaign, GError **error);

/* Events out: ugc.changed (subject: item id, or the contest's), notify.person (who made posts that may no longer go out). In: talk.received. */
