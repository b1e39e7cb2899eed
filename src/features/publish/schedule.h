/* Inside publish/: what a post must satisfy before it may be scheduled. */
#pragma once
#include "networks/network.h"
#include "publish/publish.h"

/* A time this little over means "now": forms are filled in slowly and clocks differ. */
#define HIB_SCHEDULE_SLACK (2 * HIB_MINUTE)

/* Everything wrong with a variant, what follows it included, on its network, at most `most`; `pointer` in the post. Pure. */
size_t hib_schedule_problems(HibArena *arena, const HibPost *post, size_t variant,
                             const HibNetwork *network, HibPostProblem *ret, size_t most);
/* As the error a person reads. */
void hib_schedule_refuse(const HibPostProblem *problem, GError **error);
/* All variants and their accounts; *ret_accounts: one a variant. Errors as hib_publish_schedule: the first thing wrong. */
bool hib_schedule_check(HibDb *db, const HibPost *post, HibAccount ***ret_accounts, GError **error);
bool hib_schedule_check_time(HibInstant at, HibInstant now,
                             GError **error); /* INVALID post.time_past */

/* options.c: the network's own choices against its list of them; pure. `add` is called for each thing wrong ("/options/privacy"). */
typedef void (*HibOptionWrong)(const char *reason, const char *pointer, double limit, double actual,
                               void *data);
void hib_options_check(HibArena *arena, const HibNetLimits *limits, HibNetFormat format,
                       const char *options, HibOptionWrong add, void *data);
