/* Shared inside measure/ only. */
#pragma once
#include "accounts/accounts.h"
#include "measure/measure.h"

/* --- readings (reading.c: pure; reading_store.c: rows) --------------------------------------------------- */
typedef enum {
    HIB_MEASURE_LIKES,
    HIB_MEASURE_REPOSTS,
    HIB_MEASURE_REPLIES,
    HIB_MEASURE_QUOTES,
    HIB_MEASURE_N
} HibMeasureMetric;
/* -1: a metric that is kept but not rolled up. */
int hib_measure_metric(const char *name);
const char *hib_measure_metric_name(HibMeasureMetric metric);

/* A post's numbers as its readings are taken in order of time. */
typedef struct {
    HibInstant published_at, as_of;
    int64_t values[HIB_MEASURE_N], engagements_48;
    bool has[HIB_MEASURE_N], has_as_of, has_48;
} HibMeasureRunning;
/* Takes one reading, not older than the last; gives the change it means (the first one changes from 0). */
int64_t hib_measure_take(HibMeasureRunning *running, HibMeasureMetric metric, HibInstant as_of,
                         int64_t value);
/* To be called when all metrics of one instant are taken. */
void hib_measure_settle(HibMeasureRunning *running);
int64_t hib_measure_engagements(const HibMeasureRunning *running);

/* yyyymmdd of the wall day in `zone`; days later or earlier. */
int64_t hib_measure_day(const HibZone *zone, HibInstant at);
int64_t hib_measure_day_shift(int64_t day, int days);
const char *hib_measure_day_text(HibArena *arena, int64_t day); /* "2026-11-23" */

/* Puts a published delivery on the collection schedule (once); in the caller's transaction. */
bool hib_measure_follow(HibDb *db, const HibDelivery *delivery, const HibZone *zone,
                        const HibInstant *next_read_at, GError **error);
/* Throws the roll-ups away and makes them again from the readings. */
bool hib_measure_rebuild(HibDb *db, GError **error);
/* Zone of the workspace; to be unreferenced. */
HibZone *hib_measure_zone(HibDb *db, GError **error);

/* --- the dashboard (overview.c: pure; overview_store.c: rows) --------------------------------------------- */
/* The mean of `n` values with its 95 % interval: Student's t (Student, "The probable error of a mean", Biometrika 6, 1908). n < 2: the interval is the mean itself
 * and says nothing; callers show n. */
typedef struct {
    int64_t n;
    double mean, low, high;
} HibMeanInterval;
HibMeanInterval hib_mean_interval(const double *values, size_t n);
double hib_t_quantile_975(int64_t degrees); /* degrees >= 1; to 4 significant digits */

typedef struct {
    int64_t day, posts, gained[HIB_MEASURE_N], followers;
    bool has_followers;
} HibMeasureDay;
typedef struct {
    int weekday, hour;
    HibMeanInterval engagements;
} HibMeasureCell;
typedef struct {
    HibInstant from, to, newest; /* to: end of today; newest: last reading of a post */
    HibInstant followers_at;     /* of the oldest follower count that is in the last day's sum */
    bool has_newest, has_before; /* has_before: the whole period before was watched */
    HibMeasureDay *days,
        *before; /* n_days each: the period and the one before it, every day present */
    size_t n_days;
    double per_post, per_post_before; /* mean engagements of the posts published in the period */
    bool has_per_post, has_per_post_before;
    HibMeasureCell *cells; /* 7 x 24, n 0 where nothing was published */
} HibMeasureOverview;
/* A published post with its newest numbers. */
typedef struct {
    const char *delivery, *account, *post;
    HibInstant published_at;
    int64_t values[HIB_MEASURE_N], engagements;
} HibMeasureBest;
typedef struct {
    const char *metric;
    HibInstant as_of;
    int64_t value;
} HibMeasureReading;
typedef struct {
    HibInstant as_of, next_read_at;
    bool has_as_of, has_next_read_at, is_gone;
    HibMeasureReading *readings; /* by metric, then time */
    size_t n_readings;
} HibMeasureCurve;
bool hib_measure_overview(HibDb *db, const HibZone *zone, int n_days, const char *account,
                          HibMeasureOverview *ret, GError **error);
bool hib_measure_best(HibDb *db, const HibMeasureOverview *overview, const char *account, int most,
                      HibMeasureBest **ret, size_t *ret_n, GError **error);
/* *ret NULL: not followed. */
bool hib_measure_curve(HibDb *db, const char *delivery, HibMeasureCurve **ret, GError **error);

/* --- campaign.c ------------------------------------------------------------------------------------------------- */
typedef enum {
    HIB_GOAL_MEASURED,
    HIB_GOAL_PARTIAL, /* something is missing in it */
    HIB_GOAL_NOT_YET,
    HIB_GOAL_UNMEASURED /* no reading says this */
} HibGoalState;         /* same order as the contract's enum */
typedef struct {
    double target, actual; /* in the metric's unit; actual 0 unless measured or partial */
    HibGoalState state;
} HibMeasureGoal;
typedef struct {
    const char *post;
    int64_t engagements; /* of all its accounts */
    HibInstant as_of;    /* of the oldest of them */
} HibMeasureCampaignPost;
typedef struct {
    size_t n_published, n_read; /* publications, and those with a reading */
    HibInstant as_of;           /* when n_read > 0 */
    int64_t values[HIB_MEASURE_N], engagements;
    HibMeasureCampaignPost *posts; /* those with a reading */
    size_t n_posts;
    bool has_goal;
    const char *metric; /* of the KPI dictionary */
    HibMeasureGoal goal;
} HibMeasureCampaign;
/* NOT_FOUND campaign.unknown. */
bool hib_measure_campaign(HibDb *db, const HibZone *zone, const char *campaign,
                          HibMeasureCampaign *ret, GError **error);

/* --- collection (collect_store.c: rows; measure_jobs.c) ----------------------------------------------------- */
#define HIB_MEASURE_ACCOUNT_EVERY HIB_HOUR
typedef struct {
    HibInstant read_at, not_before; /* not_before 0: none */
    int64_t failures;
    bool has_read_at;
} HibMeasureState;
bool hib_measure_state_get(HibDb *db, const char *account, HibMeasureState *ret,
                           GError **error); /* never read: zeroes */
bool hib_measure_state_set(HibDb *db, const char *account, const HibMeasureState *state,
                           GError **error);
/* The account's one waiting job moves to when its next reading is due, not before `not_before`. */
bool hib_measure_plan_next(HibDb *db, const char *account, HibInstant not_before, GError **error);
typedef struct {
    const char *delivery;
    HibInstant published_at;
} HibMeasureDue;
bool hib_measure_due(HibDb *db, const char *account, HibInstant until, int most,
                     HibMeasureDue **ret, size_t *ret_n, GError **error);
bool hib_measure_set_next(HibDb *db, const char *delivery, HibInstant next, bool is_gone,
                          GError **error); /* next 0: never again */
/* What a network told of a post by itself (a story's last numbers): readings at the time it said. Of a post that is not ours: nothing. */
bool hib_measure_told(HibDb *db, const HibAccountHookEvent *told, GError **error);
/* When a post that the network does not list yet is looked for again; 0: never. Pure. */
HibInstant hib_measure_next_look(HibInstant published_at, HibInstant now);

#define HIB_JOB_FOLLOW "measure.follow"
#define HIB_JOB_COLLECT "measure.collect"
#define HIB_JOB_TAKE "measure.take"
#define HIB_JOB_REBUILD "measure.rebuild"
bool hib_measure_follow_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                            HibInstant *at, GError **error);
bool hib_measure_collect_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                             HibInstant *at, GError **error);
bool hib_measure_take_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                          HibInstant *at, GError **error);
bool hib_measure_rebuild_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                             HibInstant *at, GError **error);

/* --- replies ------------------------------------------------------------------------------------------------ */
#include "api.gen.h"
/* KPIs of an overview for the contract; in the arena. */
HibApiKpi *hib_measure_kpis(HibArena *arena, const HibMeasureOverview *overview, const char *source,
                            bool is_partial, size_t *ret_n);
/* Where the numbers of the account (NULL: of all) come from ("bluesky"; "practice"; several with commas; "" when there is none), and whether one cannot be read now. */
bool hib_measure_source(HibDb *db, const char *account, const char **ret_source,
                        bool *ret_is_partial, GError **error);
