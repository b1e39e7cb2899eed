/* Time: one model everywhere. An instant is microseconds since 1970-01-01T00:00:00Z; what a person plans on the
 * wall carries an IANA zone and is turned into an instant here and nowhere else.
 *
 * The clock is injected: nothing outside base/ asks the operating system for the time. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef int64_t HibInstant;  /* µs UTC */
typedef int64_t HibDuration; /* µs */

#define HIB_MILLISECOND ((HibDuration)1000)
#define HIB_SECOND (1000 * HIB_MILLISECOND)
#define HIB_MINUTE (60 * HIB_SECOND)
#define HIB_HOUR (60 * HIB_MINUTE)
#define HIB_DAY (24 * HIB_HOUR)
#define HIB_NEVER ((HibInstant)INT64_MAX)

/* --- clock ---------------------------------------------------------------------------------------------- */
typedef struct HibClock HibClock; /* thread-safe */
HibClock *hib_clock_real(void);   /* the machine's; shared, never freed */
HibClock *
hib_clock_manual_new(HibInstant start); /* stands still until moved; for tests and practice */
/* A manual one in memory that is shared with the processes forked after it: who moves it moves it for all. NULL: no memory. */
HibClock *hib_clock_shared_new(HibInstant start);
void hib_clock_manual_set(HibClock *clock, HibInstant now);
/* Begins at `start` and runs `speed` times as fast as the machine's; for practice. */
HibClock *hib_clock_fast_new(HibInstant start, double speed);
void hib_clock_free(HibClock *clock); /* no effect on the real one */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibClock, hib_clock_free)
HibInstant hib_clock_now(HibClock *clock);
/* Monotonic µs for measuring how long something took; real also for manual clocks. */
int64_t hib_monotonic_us(void);

/* --- zones ---------------------------------------------------------------------------------------------- */
typedef struct HibZone HibZone; /* immutable, ref-counted, thread-safe */
/* NULL when `name` is no IANA zone of this machine. */
HibZone *hib_zone_open(const char *name);
HibZone *hib_zone_utc(void);
HibZone *hib_zone_ref(HibZone *zone);
void hib_zone_unref(HibZone *zone);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibZone, hib_zone_unref)
const char *hib_zone_name(const HibZone *zone);

/* A wall-clock reading. Proleptic Gregorian, years 1..9999, month and day from 1, weekday 1 = Monday … 7. */
typedef struct {
    int year, month, day, hour, minute, second;
    int weekday;  /* filled on reading; ignored on resolving */
    int offset_s; /* seconds east of UTC; filled on reading; ignored on resolving */
} HibWall;

HibWall hib_wall_at(const HibZone *zone, HibInstant at);

typedef enum {
    HIB_WALL_EXACT, /* the reading exists once */
    HIB_WALL_GAP, /* skipped by a clock change: moved forward by the gap's length (02:30 → 03:30) */
    HIB_WALL_OVERLAP, /* happens twice: the first of the two */
} HibWallFit;
/* The instant a wall reading means in `zone`. False when the reading is no date or time at all (31 February). `ret_fit`
 * may be NULL. */
bool hib_wall_resolve(const HibZone *zone, const HibWall *wall, HibInstant *ret_at,
                      HibWallFit *ret_fit);

/* Start of the wall day that `at` falls on, and the same of the day `days` later (correct over 23/25 h days). Where
 * midnight is skipped it is the clock change; a day skipped whole (Samoa, 30 December 2011) starts where the next does. */
HibInstant hib_day_start(const HibZone *zone, HibInstant at, int days);

/* --- text ----------------------------------------------------------------------------------------------- */
/* "2026-12-01T00:00:00Z", with .ffffff only when not zero. `out` needs HIB_INSTANT_TEXT bytes. What lies
 * outside the years 1..9999 (HIB_NEVER) prints as the nearest end of that range. */
#define HIB_INSTANT_TEXT 32
const char *hib_instant_format(HibInstant at, char out[HIB_INSTANT_TEXT]);
/* RFC 3339 with Z or an offset; false for anything else, a leap second reads as :59.999999. */
bool hib_instant_parse(const char *text, HibInstant *ret_at);
/* "2026-12-01 09:00[:30]" or with 'T': a wall reading without zone. False when malformed or no such date. */
bool hib_wall_parse(const char *text, HibWall *ret_wall);
