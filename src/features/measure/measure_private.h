/* Shared inside measure/ only. */
#pragma once
#include "accounts/accounts.h"
#include "measure/measure.h"
#include "measure/pack.h"

/* --- readings (reading.c: pure; reading_store.c: rows) --------------------------------------------------- */
/* -1: a metric that is kept but not rolled up. */
int hib_measure_metric(const char *name);
const char *hib_measure_metric_name(HibMeasureMetric metric);

/* All readings of a delivery or an account, in order of (as_of, metric); of one moment what was fetched last. */
bool hib_measure_readings(HibDb *db, const char *subject, HibReading **ret, size_t *ret_n,
                          GError **error);
HibInstant hib_measure_day_start(int64_t day); /* of a yyyymmdd, as if in UTC: to count days by */
int hib_measure_day_distance(int64_t from, int64_t until);
/* Until the transaction ends nobody else counts what these accounts and their posts say: whoever writes readings or roll-ups holds the account first, before rows of posts, and reads
 * where they stand, their labels and the zone after it. In any order; several at once, never one after the other. */
bool hib_measure_hold(HibDb *db, const char *const *accounts, size_t n, GError **error);
/* Puts a published delivery on the collection schedule (once); in the caller's transaction, which holds the account. */
bool hib_measure_follow(HibDb *db, const HibDelivery *delivery, const HibZone *zone,
                        const HibInstant *next_read_at, GError **error);
/* A hashtag as it is kept: folded. */
const char *hib_measure_tag(HibArena *arena, const char *tag);
/* Hashtags of a text, without #, folded, one a line, each once. */
const char *hib_measure_tags(HibArena *arena, const char *text);
/* Readings that a file told: the source is this and the import's id. */
#define HIB_MEASURE_IMPORT "import:"
/* A post that was not published here: its numbers stand among the others', under an id of its own. */
typedef struct {
    const char *id, *account, *network, *text;
    HibNetFormat format;
    HibInstant published_at;
} HibOutsidePost;
bool hib_measure_follow_outside(HibDb *db, const HibOutsidePost *posts, size_t n, GError **error);
/* What `source` told of the subjects goes, from the roll-ups too; a post only it knew goes whole. In the caller's transaction. */
typedef struct {
    const char *id;
    bool is_own; /* the account itself */
} HibToldSubject;
bool hib_measure_take_back(HibDb *db, const char *source, const HibToldSubject *subjects, size_t n,
                           GError **error);
/* After that, of an account: the roll-ups of its posts are as if it had never been there. */
bool hib_measure_settle_rolls(HibDb *db, const char *account, GError **error);
/* What is shown of a published post, ours or another's. */
typedef struct {
    const char *post, *network, *text, *url; /* post NULL: another's; url NULL: none */
    HibNetFormat format;
    bool is_outside;
} HibShownPost;
bool hib_measure_shown(HibDb *db, const char *delivery, HibShownPost *ret, GError **error);
/* Throws the roll-ups away and makes them again from the readings. */
bool hib_measure_rebuild(HibDb *db, GError **error);

/* --- the dashboard (overview.c: pure; overview_store.c: rows) --------------------------------------------- */
HibMeanInterval hib_mean_interval(const double *values, size_t n);
/* Two-sided. (apart.c) */
double hib_t_p_value(double t, double degrees);
/* Which groups' means differ from `mean`, tested together: the chance that one is named wrongly is below 5 %. */
void hib_tell_apart(const HibMeanInterval *groups, size_t n, double mean, bool *ret);
double hib_t_quantile_975(int64_t degrees); /* degrees >= 1; to 4 significant digits */

typedef struct {
    const char *metric;
    HibInstant as_of;
    int64_t value;
    HibMetricState state;
} HibMeasureReading;
typedef struct {
    HibInstant as_of, next_read_at;
    bool has_as_of, has_next_read_at, is_gone;
    HibMeasureReading *readings; /* by time */
    size_t n_readings;
} HibMeasureCurve;
/* *ret NULL: not followed. */
bool hib_measure_curve(HibDb *db, const char *delivery, HibMeasureCurve **ret, GError **error);

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
#define HIB_JOB_PACK "measure.pack"
#define HIB_JOB_RELABEL "measure.relabel"
bool hib_measure_follow_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                            HibInstant *at, GError **error);
bool hib_measure_collect_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                             HibInstant *at, GError **error);
bool hib_measure_take_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                          HibInstant *at, GError **error);
bool hib_measure_rebuild_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                             HibInstant *at, GError **error);
bool hib_measure_relabel_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                             HibInstant *at, GError **error);
bool hib_measure_pack_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *end,
                          HibInstant *at, GError **error);

/* --- replies ------------------------------------------------------------------------------------------------ */
#include "api.gen.h"
/* KPIs of an overview for the contract; in the arena. */
HibApiKpi *hib_measure_kpis(HibArena *arena, const HibMeasureOverview *overview, const char *source,
                            bool is_partial, size_t *ret_n);
