/* What readings mean for the roll-ups. Pure.
 *
 * The one idea: what came in is the change between neighbouring readings, counted at the time of the later one. So a reading that comes late splits one change into two, and nothing is
 * counted twice. All of a subject taken with sign -1 and again, with the late one, with sign 1 leaves just the difference. */
#pragma once
#include "measure/pack.h"

/* Parts of the wall clock in the workspace's zone. */
typedef struct {
    int64_t hour, day, week, month; /* yyyymmddhh, yyyymmdd, its Monday, its first day */
    int64_t ordinal;                /* days since 1970-01-01 */
} HibWallParts;
typedef enum { HIB_GRAIN_HOUR, HIB_GRAIN_DAY, HIB_GRAIN_WEEK, HIB_GRAIN_MONTH } HibGrain;
#define HIB_ROLL_HOURS_KEPT (15 * HIB_DAY)
/* By what a post is, of which there are several times as many: what brings in a history of months would write hours that go again. */
#define HIB_PART_HOURS_KEPT (4 * HIB_DAY)

typedef struct {
    HibGrain grain;
    bool is_own;
    uint8_t metric;
    int64_t at;
    const char *account;
    int64_t value, readings, falls, gaps, inexact;
    HibInstant as_of;
} HibRollRow;

/* What a post gained within an hour (yyyymmddhh), taken in or out. */
typedef struct {
    int64_t hour, change;
    uint8_t metric;
} HibHourChange;

/* A post or an account as its readings are taken in order of time. `days` and `hours` are owned by whoever made it. */
typedef struct {
    const char *account;
    bool is_own; /* the account itself */
    HibInstant published_at, as_of;
    bool has_as_of, has_48;
    int64_t engagements_48; /* at the first reading 48 h after publishing */
    HibNumber numbers[256];
    GArray *days; /* HibDayChange, of posts */
    GArray *
        hours; /* HibHourChange, of posts: all that was taken, of hours that are kept; NULL: nobody asks */
} HibSubject;
int64_t hib_subject_engagements(const HibSubject *subject);

typedef struct HibRolling HibRolling;
HibRolling *hib_rolling_new(const HibZone *zone, HibInstant now); /* `zone` outlives it */
void hib_rolling_free(HibRolling *rolling);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibRolling, hib_rolling_free)
HibWallParts hib_rolling_parts(HibRolling *rolling, HibInstant at);
/* Readings in order of (as_of, metric). The account of `subject` is the rolling's own afterwards. */
void hib_rolling_take(HibRolling *rolling, HibSubject *subject, const HibReading *readings,
                      size_t n, int sign);
/* A post of the account was published then. */
void hib_rolling_published(HibRolling *rolling, const char *account, HibInstant at);
/* One that an import had brought is taken out again. */
void hib_rolling_unpublished(HibRolling *rolling, const char *account, HibInstant at);
/* What all of it comes to: sums to be added to what is stored, and the last readings of gauges. Both in the arena; the rolling is empty again. */
void hib_rolling_rows(HibRolling *rolling, HibArena *arena, HibRollRow **ret_sums, size_t *ret_n,
                      HibRollRow **ret_last, size_t *ret_n_last);
/* yyyymmddhh before which hours are not kept; of the roll-ups by what a post is. */
int64_t hib_rolling_first_hour(HibRolling *rolling);
int64_t hib_rolling_first_part_hour(HibRolling *rolling);
