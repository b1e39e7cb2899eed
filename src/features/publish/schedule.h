/* Inside publish/: what a post must satisfy before it may be scheduled. */
#pragma once
#include "networks/network.h"
#include "publish/publish.h"

/* A time this little over means "now": forms are filled in slowly and clocks differ. */
#define HIB_SCHEDULE_SLACK (2 * HIB_MINUTE)

/* Everything wrong with a variant, what follows it included, on its network, at most `most`; `pointer` in the post. Pure. */
size_t hib_schedule_problems(HibArena *arena, const HibPost *post, size_t variant,
                             const HibNetwork *network, HibPostProblem *ret, size_t most);
/* A text with its media, as it is checked and priced before it is stored. */
HibNetPost hib_schedule_post(HibArena *arena, const HibNetwork *network, const char *text,
                             const HibPostMedia *media, size_t n);
/* As the error a person reads. */
void hib_schedule_refuse(const HibPostProblem *problem, GError **error);
/* All variants and their accounts, as they go out at `at`; *ret_accounts: one a variant. Errors as hib_publish_schedule: the first thing wrong. */
bool hib_schedule_check(HibDb *db, const HibPost *post, HibInstant at, HibAccount ***ret_accounts,
                        GError **error);
/* findings.c. INVALID check.blocked at the text or medium a rule blocks, unless a person let these pass; counts what else was told. */
bool hib_schedule_check_rules(HibDb *db, const HibPost *post, HibInstant at, GError **error);
/* findings.c. Whether a person let the post pass as it is now. */
bool hib_publish_is_let_pass(HibDb *db, const HibPost *post, bool *ret, GError **error);
/* The rules of the workspace, read once for many posts. */
typedef struct {
    HibCheckHouse house;
    HibCheckSetting setting;
    bool is_disaster;
    HibInstant now;
} HibScheduleRules;
bool hib_schedule_rules(HibDb *db, HibScheduleRules *ret, GError **error);
/* What a post is judged by beside its texts. */
typedef struct {
    const char **networks;       /* one a variant */
    const HibCampaign *campaign; /* NULL: none */
    bool is_election;            /* on at its time */
} HibSchedulePlace;
/* What they block in a post that nobody let pass yet. Pure. */
size_t hib_schedule_blocks(HibArena *arena, const HibScheduleRules *rules, const HibPost *post,
                           const HibSchedulePlace *at, HibPostFinding **ret);
/* What a network's rules say of saying as good as the same again (repeat.h): its findings, should it be so. Pure. */
HibCheckResult hib_schedule_repeat_rules(HibArena *arena, const HibCheckHouse *house,
                                         const HibCheckSubject *place, const char *network);
void hib_schedule_refuse_finding(const HibPostFinding *found, GError **error);
bool hib_schedule_check_time(HibInstant at, HibInstant now,
                             GError **error); /* INVALID post.time_past */

/* cost.c. What a variant takes, what follows it included; pure. `followers`: whom it reaches where a quota counts people. */
HibPostCost hib_cost_of(HibArena *arena, const HibPost *post, size_t variant,
                        const HibNetwork *network, int64_t followers);
/* CONFLICT publish.quota_short with what is left and, as retry_at, when there is more. */
bool hib_cost_check(const HibPostCost *cost, size_t variant, GError **error);
/* What is left of quotas while many new posts are counted one after the other. */
GHashTable *hib_cost_book_new(void);
/* Fills has_left, left and resets_at as hib_publish_costs does, less what the book holds already, and notes what it takes. */
bool hib_cost_book_add(HibDb *db, GHashTable *book, HibInstant at, HibPostCost *cost,
                       GError **error);
bool hib_cost_keep(HibDb *db, const char *delivery, const HibPostCost *cost, GError **error);

/* fit.c. The first variant whose network fetches media from this instance, which nobody outside can reach; *ret false: none. */
bool hib_schedule_unreachable(HibDb *db, const HibServices *services, const HibPost *post,
                              HibPostProblem *ret_problem, bool *ret, GError **error);

/* options.c: the network's own choices against its list of them; pure. `add` is called for each thing wrong ("/options/privacy"). */
typedef void (*HibOptionWrong)(const char *reason, const char *pointer, double limit, double actual,
                               void *data);
void hib_options_check(HibArena *arena, const HibNetLimits *limits, HibNetFormat format,
                       const char *options, HibOptionWrong add, void *data);
/* care_api.c: what a person should know of the post's moment, as the check replies with it. */
struct HibCall;
bool hib_care_to_api(struct HibCall *call, const HibPost *post, HibApiPostCaution **ret,
                     size_t *ret_n, GError **error);
