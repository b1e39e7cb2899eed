/* The clock of an answer: until when a message should be answered, counted only while the team is at work.
 *
 * A week of opening times in one IANA zone; closed on Japan's holidays where the team says so, and on days of its own. An allowance ("8 hours") runs while it is open
 * and stands still otherwise; the gravest messages may be counted round the clock. Days with a clock change have their real length. Pure, thread-safe. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <stddef.h>

#define HIB_OPEN_MOST 4       /* stretches of a day */
#define HIB_CLOSED_MOST 400   /* days of one's own */
#define HIB_SLA_LEVELS 4      /* urgency: low, normal, high, now */
#define HIB_SLA_LAST_DAYS 800 /* further ahead than this nobody waits: HIB_NEVER */

typedef struct {
    int from, to; /* minutes of the wall day, 0..1440; to > from */
} HibOpen;

typedef struct {
    HibOpen open[7][HIB_OPEN_MOST]; /* Monday first; in order, not overlapping */
    size_t n_open[7];
    bool closed_on_holidays;
    const int *closed; /* YYYYMMDD, ascending */
    size_t n_closed;
} HibHours;

/* Open at all in a week. */
bool hib_hours_any(const HibHours *hours);
/* Whether the team is at work at `at`; *ret_next (may be NULL): when that changes; HIB_NEVER: not within the days looked at. */
bool hib_hours_is_open(const HibHours *hours, const HibZone *zone, HibInstant at,
                       HibInstant *ret_next);
/* The instant at which `allowance` of open time has passed since `since`; HIB_NEVER when that does not happen. Nothing left to wait (0) is `since` itself. */
HibInstant hib_hours_due(const HibHours *hours, const HibZone *zone, HibInstant since,
                         HibDuration allowance);
/* The same where many are asked one after the other: what was counted last is moved as long as it stays within the same stretches. Begins zeroed; for one week, zone and allowance. */
typedef struct {
    HibInstant since, until; /* asked for these: */
    HibInstant due, due_most;
    bool moves; /* since lies in open time: due moves with it */
} HibDueMemo;
HibInstant hib_hours_due_near(const HibHours *hours, const HibZone *zone, HibInstant since,
                              HibDuration allowance, HibDueMemo *memo);
/* Open time within [from, to); 0 when to <= from. */
HibDuration hib_hours_between(const HibHours *hours, const HibZone *zone, HibInstant from,
                              HibInstant to);

/* "09:00-12:00,13:00-18:00" or "" for closed → the stretches of a day, sorted. False: not understood, overlapping, or too many. */
bool hib_open_parse(const char *text, HibOpen ret[HIB_OPEN_MOST], size_t *ret_n);
const char *hib_open_format(HibArena *arena, const HibOpen *open, size_t n);
