/* Inside ugc/ only: searching for hashtags at the networks, and asking whom it found (search.c). */
#pragma once
#include "networks/network_optional.h"
#include "ugc/search.sql.h"
#include "ugc/ugc_private.h"

typedef struct {
    const char *network, *account; /* account NULL: none of it is connected and healthy */
    const char *tag;
    const HibNetSearchRule *rule;
    HibInstant next_at;      /* 0: at once */
    HibSqlUgcSearchList row; /* account_id NULL: it was never searched for */
} HibUgcSearch;
/* Every hashtag that is to be searched for, where: those of the setting, and of open campaigns that ask for one. */
bool hib_ugc_searches(HibDb *db, HibUgcSearch **ret, size_t *ret_n, GError **error);
const char *hib_ugc_utc_day(HibDb *db); /* what is paid for is counted by it */
/* Something changed: the job looks at once. In the caller's transaction. */
bool hib_ugc_search_soon(HibDb *db, GError **error);
/* Why what a search found cannot be asked about from here; NULL: it can. "link" added by its link, "unanswered" the network lets nobody answer it, "not_named" the network
 * lets only those be answered who mention the account. `handle`: of the account. Pure. */
const char *hib_ugc_ask_block(const HibUgcItem *item, const char *handle);
/* What it was said as: of what a search found a mention is made in the inbox, so that it is answered there and the answer is heard. CONFLICT ugc.cannot_ask, ugc.no_answer_here,
 * ugc.not_named. In the caller's transaction. */
bool hib_ugc_talk_of(HibDb *db, const HibUgcItem *item, const char **ret_talk, GError **error);
