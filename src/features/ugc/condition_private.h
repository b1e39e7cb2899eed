/* Inside ugc/ only: what a campaign asks of those who take part (follow, repost, like), and asking the networks whether they did it (condition.c). */
#pragma once
#include "networks/network_optional.h"
#include "ugc/condition.sql.h"
#include "ugc/ugc_private.h"

#define HIB_JOB_UGC_CHECK "ugc.check" /* subject: contest */
HibUgcJob hib_ugc_check_run;

typedef HibSqlProbeList HibUgcProbe;
bool hib_contest_asks(const HibContest *contest, HibNetDeed deed); /* pure */
/* The words of deeds as they are stored; those it does not know are left out. Pure. */
const char *hib_contest_asks_text(HibArena *arena, const HibNetDeed *deeds, size_t n);
bool hib_contest_probes(HibDb *db, const char *contest, HibUgcProbe **ret, size_t *ret_n,
                        GError **error);
/* What reading so many people has cost, in millionths of the network's currency; 0: nothing. Pure. */
int64_t hib_ugc_probe_cost(const HibUgcProbe *probe);
/* Entries stand and are judged but for its conditions: the networks are asked from now on. In the caller's transaction; CONFLICT ugc.not_open. */
bool hib_contest_check(HibDb *db, const HibContest *contest, GError **error);
/* What waits is tried at once; or, with `is_over`, given up: of whom the networks did not tell, nobody takes part. CONFLICT ugc.not_checking. */
bool hib_contest_check_on(HibDb *db, HibKeys *keys, const char *contest, bool is_over,
                          GError **error);

/* draw.c: who is eligible now is sealed, with a seed nobody has seen. In the caller's transaction. */
bool hib_contest_seal(HibDb *db, HibKeys *keys, const char *contest, const char *entries_hash,
                      size_t n_entries, GError **error);
bool hib_contest_eligible(HibDb *db, const char *contest, const char *const **ret, size_t *ret_n,
                          GError **error);
