/* Measure: reads numbers back from the networks, keeps every reading, and answers the dashboard from roll-ups.
 *
 * Snapshots are append-only (delivery, metric, as_of, value); roll-ups (day × account, post) are written in the same transaction. Missing is not zero: a number carries its time and state.
 * Collection decays with age: every minute in the first ten, every 5 min in the first hour, 15 min to 6 h, hourly to 2 days, 6-hourly to 14 days, daily to 90, then weekly; 25 posts a call. */
#pragma once
#include "http/services.h"
#include "metrics/metrics.h"
#include "publish/publish.h"
#include "store/feature.h"

extern const HibFeature hib_measure;

/* One number somebody told. What is left 0 or NULL: told by the account's network, exact, fetched when it was so. */
typedef struct {
    const char *delivery; /* or NULL with account: a reading of the account itself */
    const char *account;
    const char *metric; /* a slug of the dictionary that may be read (metrics/metrics.h) */
    HibInstant as_of;   /* when it was so; of a flow: any moment of its day */
    int64_t value;      /* in the metric's unit; money in minor units */
    const char
        *source; /* slug ("import:x_analytics"); NULL: the account's network, or "practice" */
    HibMetricState state;
    HibInstant fetched_at; /* 0: as_of */
} HibSnapshot;
/* Stores readings and their roll-ups in one transaction. The same (subject, metric, as_of) again is ignored, unless it is another value fetched later: then that is what it was.
 * INVALID measure.metric_unknown. */
bool hib_measure_add(HibDb *db, const HibSnapshot *snapshots, size_t n, GError **error);
/* When a post of this age is read next; 0: never again. Pure. */
HibInstant hib_measure_next_read(HibInstant published_at, HibInstant now);

/* --- what a period came to: for the dashboard and report/ ----------------------------------------------------- */
typedef enum {
    HIB_MEASURE_LIKES,
    HIB_MEASURE_REPOSTS,
    HIB_MEASURE_REPLIES,
    HIB_MEASURE_QUOTES,
    HIB_MEASURE_N
} HibMeasureMetric;
/* yyyymmdd of the wall day in `zone`; days later or earlier. */
int64_t hib_measure_day(const HibZone *zone, HibInstant at);
int64_t hib_measure_day_shift(int64_t day, int days);
const char *hib_measure_day_text(HibArena *arena, int64_t day); /* "2026-11-23" */

/* Zone of the workspace; to be unreferenced. */
HibZone *hib_measure_zone(HibDb *db, GError **error);
/* The mean of `n` values with its 95 % interval: Student's t (Student, "The probable error of a mean", Biometrika 6, 1908). n < 2: the interval is the mean itself
 * and says nothing; callers show n. */
typedef struct {
    int64_t n;
    double mean, low, high;
} HibMeanInterval;
typedef struct {
    int64_t day, posts, gained[HIB_MEASURE_N], followers;
    bool has_followers;
    int64_t saves, shares; /* engagements too, where a network tells them */
} HibMeasureDay;
int64_t hib_measure_day_engagements(const HibMeasureDay *day);
typedef struct {
    int weekday, hour;
    HibMeanInterval engagements;
    bool is_apart; /* from the mean of all, all cells tested together */
} HibMeasureCell;
typedef struct {
    HibInstant from, to, newest; /* to: end of the last day; newest: last reading of a post */
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
bool hib_measure_overview(HibDb *db, const HibZone *zone, int n_days, const char *account,
                          HibMeasureOverview *ret, GError **error);
/* The same of a period that is named: `n_days` wall days from the day that `from` falls on. */
bool hib_measure_period(HibDb *db, const HibZone *zone, HibInstant from, int n_days,
                        const char *account, HibMeasureOverview *ret, GError **error);
bool hib_measure_best(HibDb *db, const HibMeasureOverview *overview, const char *account, int most,
                      HibMeasureBest **ret, size_t *ret_n, GError **error);
/* Of each delivery, where it stands on its network; NULL: nobody told. */
bool hib_measure_urls(HibDb *db, const char *const *deliveries, size_t n, const char **ret,
                      GError **error);
/* Where the numbers of the account (NULL: of all) come from ("bluesky"; "practice"; several with commas; "" when there is none), and whether one cannot be read now. */
bool hib_measure_source(HibDb *db, const char *account, const char **ret_source,
                        bool *ret_is_partial, GError **error);

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

/* --- one number a day (daily.c) ------------------------------------------------------------------------------ */
typedef struct {
    int64_t first; /* yyyymmdd of the first day in the workspace's zone */
    size_t n;
    double *values; /* what is known of that day by itself; NAN: missing */
    double *
        whole; /* the same, what came in over missing days shared out among them; NAN where nobody looked */
    const double *counts; /* what came in, all of it on the day it was read: as posts gained it */
} HibDaily;
/* "followers" "engagements" "likes" "reposts" "replies" "quotes" "posts" "clicks" */
bool hib_measure_is_daily(const char *metric);
bool hib_measure_is_level(const char *metric); /* a count that stands (followers), not a gain */
/* The days from ≤ day < until (yyyymmdd) of an account, NULL: of all together; in the arena. Today is not over: it is for the caller to leave it out. `metric` is one of the above. */
bool hib_measure_daily(HibDb *db, const HibZone *zone, const char *metric, const char *account,
                       int64_t from, int64_t until, HibDaily *ret, GError **error);

/* --- goals (goal_store.c) --------------------------------------------------------------------------------------- */
typedef struct {
    const char *name, *metric, *account_id, *owner_id; /* the last two may be NULL */
    int starts_on, due_on;                             /* yyyymmdd; 0: no such day */
    int64_t target;
} HibGoalContent;
/* A goal as if a person had made it; for demos. */
bool hib_measure_add_goal(HibDb *db, const HibGoalContent *content, GError **error);

/* --- what reports tell of what is kept in full elsewhere (told.c) ---------------------------------------------- */
typedef struct {
    const char *id, *name, *metric, *account_id; /* account_id NULL: of all together */
    int starts_on, due_on;
    int64_t as_of; /* the last day that is in `actual` */
    double target, actual, share, chance, rate_needed;
    int days_left;
    bool has_actual, has_chance, has_rate, is_reached, is_missed, is_at_risk;
} HibToldGoal;
typedef struct {
    const char *metric, *account_id; /* account_id NULL: of all together */
    int64_t first_day, last_day;
    double actual, low, high; /* low to high: what was expected */
    bool is_above;
    const char *note; /* a person's explanation; "": none */
} HibToldUnusual;
typedef struct {
    const char *kind,
        *key; /* "time" "weekday" "type" "hashtag"; "3-20", "3", "video", "#珈琲" or several that stand as one */
    size_t n;
    double lift, low, high;
    bool is_told;
    size_t test_posts, test_weeks; /* of the test that would tell; 0: none is worth it */
    int64_t since, until;          /* days of the posts looked at; 0: the last 365 */
} HibToldFinding;
typedef enum {
    HIB_TOLD_BY_NETWORK,
    HIB_TOLD_BY_FORMAT,
    HIB_TOLD_BY_CAMPAIGN,
    HIB_TOLD_BY_TAG
} HibToldBy;
typedef struct {
    HibToldBy by;
    const char *key;      /* slug, id, hashtag without #; "": in none */
    const char *name;     /* of a campaign, for the caller to say */
    HibMeanInterval mean; /* engagements of its posts with numbers: mean.n */
    double total;
    bool is_apart; /* from the mean of all posts, all groups of a kind tested together */
} HibToldGroup;
/* What kinds of posts published in the time came to, by network, format, campaign and hashtag in turn, each by its mean. */
bool hib_measure_told_groups(HibDb *db, const HibZone *zone, HibInstant from, HibInstant to,
                             const char *account, HibToldGroup **ret, size_t *ret_n,
                             GError **error);
/* Goals that run on some day of the period (yyyymmdd), in the order they are due. */
bool hib_measure_told_goals(HibDb *db, const HibZone *zone, int from, int until, HibToldGoal **ret,
                            size_t *ret_n, GError **error);
/* Stretches that touch the period and nobody dismissed, those nobody judged first. */
bool hib_measure_told_unusual(HibDb *db, int from, int until, HibToldUnusual **ret, size_t *ret_n,
                              GError **error);
/* What makes a difference to the account's posts of the last year; else the test that would tell. */
bool hib_measure_told_findings(HibDb *db, const HibZone *zone, const char *account,
                               HibToldFinding **ret, size_t *ret_n, GError **error);

/* --- accounts of others (rival.c) ------------------------------------------------------------------------------ */
/* Looks at the account that was typed (handle or address) and keeps it. Calls the network: never inside a HibTx. INVALID rival.bad_handle, rival.not_offered, rival.handle_unknown, rival.private,
 * rival.suspended, rival.own; CONFLICT rival.no_account, rival.already, rival.too_many, rival.refused; TOO_MANY network.rate_limited; UPSTREAM rival.unreachable. */
bool hib_rival_add(HibDb *db, const HibServices *services, const char *network, const char *typed,
                   const char **ret_id, GError **error);
