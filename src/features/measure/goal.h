/* Goals: what shall be by when, how it stands, and what is likely to become of it. Inside measure/ only.
 *
 * A goal is a level on a day (followers) or a sum over the days until then (engagements, posts, clicks). The rows keep only what was wanted; how it stands is worked out of the daily
 * series whenever it is asked for, and never guessed: what cannot be told says what is missing. */
#pragma once
#include "measure/measure.h"

#define HIB_GOALS 100 /* of a workspace, archived ones too */
#define HIB_GOAL_MOST_DAYS 1096

typedef enum { /* same order as the contract's enum */
               HIB_OUTCOME_OPEN,
               HIB_OUTCOME_REACHED,
               HIB_OUTCOME_MISSED
} HibGoalOutcome;
typedef enum { /* same order as the contract's enum */
               HIB_OUTLOOK_TOLD,
               HIB_OUTLOOK_FEW,     /* too few days of readings */
               HIB_OUTLOOK_FAR,     /* too many days until it is due */
               HIB_OUTLOOK_NOTHING, /* no reading at all */
               HIB_OUTLOOK_OVER,
               HIB_OUTLOOK_NOT_BEGUN
} HibGoalOutlook;

typedef struct {
    const char *id;
    HibGoalContent content;
    const char *owner_name, *created_by_name; /* may be NULL */
    HibGoalOutcome outcome;
    HibInstant settled_at, created_at, updated_at, archived_at;
    bool has_settled_at, has_archived_at;
    int64_t version;
} HibGoal;

/* --- how it stands (goal.c: pure) ------------------------------------------------------------------------------ */
typedef struct {
    int64_t day;
    double value;
} HibGoalPoint;
typedef struct {
    int64_t day;
    double mean, low80, high80, low95, high95;
} HibGoalFan;
typedef struct {
    bool is_level;
    int starts_on, due_on, today;
    int64_t target;
    HibDaily series; /* until today, which is the last and may be half over */
} HibGoalCase;
typedef struct {
    bool has_actual;
    double actual, start; /* of today, and where it began; sums begin at 0 */
    double
        counted; /* of a sum, what posts gained from the first day until `as_of`: what came in over days without a reading is not shared out among them, as it is in `actual` */
    int64_t as_of;               /* the last day with a reading, today too */
    double share, elapsed, line; /* of the way; of the days; where an even pace would be */
    int days_left;               /* with today */
    bool has_rate;
    double rate_needed, rate_lately; /* a day from now on; of the last four weeks */
    HibGoalOutlook outlook;
    int days_missing; /* FEW: until something can be told, 0: not before it is due; FAR: the same */
    double chance;    /* TOLD */
    HibGoalPoint *past; /* since the start, every known day; of a sum what was added up */
    HibGoalFan *fan;    /* TOLD: every day until it is due */
    size_t n_past, n_fan;
    bool is_at_risk;
} HibGoalStanding;
void hib_goal_judge(HibArena *arena, const HibGoalCase *of, HibGoalStanding *ret);

/* --- rows (goal_store.c) ---------------------------------------------------------------------------------------- */
bool hib_goals(HibDb *db, bool is_archived, HibGoal **ret, size_t *ret_n, GError **error);
bool hib_goal(HibDb *db, const char *goal, HibGoal **ret, GError **error); /* goal.unknown */
/* INVALID goal.bad_days, CONFLICT goal.too_many, NOT_FOUND accounts.unknown, team.member_unknown. */
bool hib_goal_add(HibDb *db, const HibGoalContent *content, HibGoal **ret, GError **error);
/* CONFLICT goal.edited when `version` is not the stored one. What was settled is open again. */
bool hib_goal_change(HibDb *db, const char *goal, int64_t version, const HibGoalContent *content,
                     HibGoal **ret, GError **error);
bool hib_goal_archive(HibDb *db, const char *goal, bool is_archived, HibGoal **ret, GError **error);
bool hib_goal_stands(HibDb *db, const HibZone *zone, const HibGoal *goal, HibGoalStanding *ret,
                     GError **error);
/* Goals that are over or reached are settled and told, once. */
bool hib_goals_settle(HibDb *db, const HibZone *zone, GError **error);

#define HIB_JOB_GOAL "measure.goal" /* the night after a goal was due */
bool hib_goal_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at,
                  GError **error);
