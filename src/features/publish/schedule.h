/* Inside publish/: what a post must satisfy before it may be scheduled. */
#pragma once
#include "networks/network.h"
#include "publish/publish.h"

/* A time this little over means "now": forms are filled in slowly and clocks differ. */
#define HIB_SCHEDULE_SLACK (2 * HIB_MINUTE)

/* One variant against its network; pure. Errors as hib_publish_schedule. */
bool hib_schedule_check_variant(HibArena *arena, const HibPost *post, size_t variant,
                                const HibNetwork *network, GError **error);
/* All variants and their accounts; *ret_accounts: one a variant. */
bool hib_schedule_check(HibDb *db, const HibPost *post, HibAccount ***ret_accounts, GError **error);
bool hib_schedule_check_time(HibInstant at, HibInstant now,
                             GError **error); /* INVALID post.time_past */
