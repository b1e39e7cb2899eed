/* Shared inside measure/ only. */
#pragma once
#include "measure/measure.h"

/* --- readings (reading.c: pure; reading_store.c: rows) --------------------------------------------------- */
typedef enum { HIB_MEASURE_LIKES, HIB_MEASURE_REPOSTS, HIB_MEASURE_REPLIES, HIB_MEASURE_QUOTES, HIB_MEASURE_N } HibMeasureMetric;
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
int64_t hib_measure_take(HibMeasureRunning *running, HibMeasureMetric metric, HibInstant as_of, int64_t value);
/* To be called when all metrics of one instant are taken. */
void hib_measure_settle(HibMeasureRunning *running);
int64_t hib_measure_engagements(const HibMeasureRunning *running);

/* yyyymmdd of the wall day in `zone`; days later or earlier. */
int64_t hib_measure_day(const HibZone *zone, HibInstant at);
int64_t hib_measure_day_shift(int64_t day, int days);
const char *hib_measure_day_text(HibArena *arena, int64_t day); /* "2026-11-23" */

/* Puts a published delivery on the collection schedule (once); in the caller's transaction. */
bool hib_measure_follow(HibDb *db, const HibDelivery *delivery, const HibZone *zone, const HibInstant *next_read_at, GError **error);
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
    HibInstant from, to, newest;      /* to: end of today */
    bool has_newest;
    HibMeasureDay *days, *before;     /* n_days each: the period and the one before it, every day present */
    size_t n_days;
    double per_post, per_post_before; /* mean engagements of the posts published in the period */
    bool has_per_post, has_per_post_before;
    HibMeasureCell *cells;            /* 7 x 24, n 0 where nothing was published */
} HibMeasureOverview;
bool hib_measure_overview(HibDb *db, const HibZone *zone, int n_days, const char *account, HibMeasureOverview *ret, GError **error);

/* --- jobs ------------------------------------------------------------------------------------------------- */
#define HIB_JOB_FOLLOW "measure.follow"
#define HIB_JOB_COLLECT "measure.collect"
bool hib_measure_follow_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at, GError **error);
bool hib_measure_collect_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at, GError **error);

/* --- replies ------------------------------------------------------------------------------------------------ */
#include "api.gen.h"
/* KPIs of an overview for the contract; in the arena. */
HibApiKpi *hib_measure_kpis(HibArena *arena, const HibMeasureOverview *overview, const char *source, bool is_partial, size_t *ret_n);
/* Names of the networks the numbers come from, and whether an account cannot be read now. */
bool hib_measure_source(HibDb *db, const char **ret_source, bool *ret_is_partial, GError **error);
