/* Days that were not as they usually are: found in daily series, kept, explained. Inside measure/ only. */
#pragma once
#include "measure/measure.h"

#define HIB_UNUSUAL_LEAST 42  /* known days before anything is called unusual */
#define HIB_UNUSUAL_STRETCH 7 /* days that are looked at together, at most */
#define HIB_UNUSUAL_FROM 4.5  /* surprise from which on it is told */

/* --- one series (anomaly_find.c: pure) ---------------------------------------------------------------------- */
typedef struct {
    size_t first, last; /* days of the series */
    bool is_above;
    double actual, expected, low, high; /* sums over those days; 95 % */
    double surprise;                    /* usual errors, of the stretch as a whole */
} HibUnusual;
/* What day `at` was expected to be from those before it: the middle and the 95 % around it. False: too little is known. */
bool hib_unusual_expect(HibArena *arena, const double *gains, size_t at, double *ret_middle,
                        double *ret_low, double *ret_high);
/* The stretch that ends on day `last` and is least like those before it; false: nothing is, or too little is known. `gains` by day, NAN: missing. */
bool hib_unusual(HibArena *arena, const double *gains, size_t last, HibUnusual *ret);
/* Days `first` to `last` together, each against what was usual before the first. */
bool hib_unusual_weigh(HibArena *arena, const double *gains, size_t first, size_t last,
                       HibUnusual *ret);

/* --- rows (anomaly_store.c) ------------------------------------------------------------------------------------ */
typedef enum { /* same order as the contract's enum */
               HIB_ANOMALY_OPEN,
               HIB_ANOMALY_DISMISSED,
               HIB_ANOMALY_EXPLAINED
} HibAnomalyStatus;
typedef struct {
    const char *id, *metric, *account_id;
    int64_t first_day, last_day;
    bool is_above;
    double actual, expected, low, high, surprise;
    HibAnomalyStatus status;
    const char *note, *by_name; /* who judged it last; may be NULL */
    HibInstant found_at, updated_at;
    int64_t version;
} HibAnomalyRow;
bool hib_anomalies(HibDb *db, bool is_judged, HibAnomalyRow **ret, size_t *ret_n, GError **error);
bool hib_anomaly_get(HibDb *db, const char *anomaly, HibAnomalyRow **ret,
                     GError **error); /* NOT_FOUND anomaly.unknown */
/* CONFLICT anomaly.edited when `version` is not the stored one. */
bool hib_anomaly_judge(HibDb *db, const char *anomaly, int64_t version, HibAnomalyStatus status,
                       const char *note, HibAnomalyRow **ret, GError **error);
/* The series it was found in, of its days and the eight weeks before. */
bool hib_anomaly_series(HibDb *db, const HibZone *zone, const HibAnomalyRow *row, HibDaily *ret,
                        GError **error);
/* Posts of the account around those days, and how much more than a usual post each brought. */
typedef struct {
    const char *post, *delivery;
    HibInstant published_at;
    double engagements, more; /* more: than the account's middle post */
} HibAnomalyPost;
bool hib_anomaly_posts(HibDb *db, const HibZone *zone, const HibAnomalyRow *row,
                       HibAnomalyPost **ret, size_t *ret_n, GError **error);
/* Every day that is over and was not looked at yet; of a workspace that is new to it the last four weeks. */
bool hib_anomalies_look(HibDb *db, const HibZone *zone, GError **error);

#define HIB_JOB_LOOK "measure.look"
bool hib_look_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end, HibInstant *at,
                  GError **error);
