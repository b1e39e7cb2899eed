/* A rule on the wall clock: every Monday and Thursday at 9:00, the last day of each month at 18:30, every second Friday.
 *
 * The rule knows days and wall times; the zone is given when instants are asked for, so "9:00" stays 9:00 over a clock change (a time
 * that is skipped moves forward by the gap, one that happens twice is the first). Pure. Terms as in RFC 5545. */
#pragma once
#include "base/json.h"
#include "base/time.h"

typedef enum {
    HIB_FREQ_DAILY,
    HIB_FREQ_WEEKLY,
    HIB_FREQ_MONTHLY
} HibFrequency; /* as in the contract */

#define HIB_RECURRENCE_TIMES 12
#define HIB_RECURRENCE_SKIPS 200
typedef struct {
    HibFrequency frequency;
    int interval;        /* every n-th day, week (from Monday), month; 1..52, counted from `from` */
    unsigned weekdays;   /* bit 1 Monday … bit 7 Sunday; 0 for a week: that of `from` */
    unsigned month_days; /* bit 1..31; bit 0: the last day; for a month */
    int nth;             /* for a month with weekdays: the 1st..4th of it, -1 the last; 0: all */
    int minutes[HIB_RECURRENCE_TIMES]; /* of the day, ascending */
    int n_times;
    int from, until;                 /* days as yyyymmdd, both included; until 0: no end */
    int skips[HIB_RECURRENCE_SKIPS]; /* days left out, ascending */
    int n_skips;
} HibRecurrence;

/* Instants in (after, until], ascending, at most `most`; how many. */
size_t hib_recurrence_between(const HibRecurrence *rule, const HibZone *zone, HibInstant after,
                              HibInstant until, HibInstant *ret, size_t most);
/* Whether the rule can ever come: INVALID series.no_time, series.no_day, series.bad_day, series.bad_range, with pointer "/rule/…". */
bool hib_recurrence_check(const HibRecurrence *rule, GError **error);
/* As it is stored, and back (CORRUPT-free: what does not read is INVALID json.…). */
const char *hib_recurrence_print(HibArena *arena, const HibRecurrence *rule);
bool hib_recurrence_read(HibArena *arena, const char *text, HibRecurrence *ret, GError **error);
