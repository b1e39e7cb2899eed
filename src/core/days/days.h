/* The days of a calendar: holidays of Japan, seasons, days that marketing lives by, and the days on which a cheerful post hurts.
 *
 * Which they are is data (rules/calendar/, each with source and date); here a rule becomes days: the nth weekday, an equinox, the sun's
 * longitude, the old calendar, what the holiday act makes of a holiday on a Sunday. A day is a number, YYYYMMDD, without a zone: whoever has
 * an instant asks the zone first. Pure, and the same for everybody. */
#pragma once
#include "base/arena.h"
#include "base/time.h"

#define HIB_DAYS_FROM 19700101
#define HIB_DAYS_UNTIL 20991231

typedef enum { /* same order as the contract's enum */
               HIB_DAY_HOLIDAY,
               HIB_DAY_SEASON,
               HIB_DAY_MARKETING,
               HIB_DAY_SENSITIVE
} HibDayKind;
typedef enum { /* same order as the contract's enum */
               HIB_CARE_NONE,
               HIB_CARE_SOFTEN, /* mind the words */
               HIB_CARE_HOLD    /* no cheerful news, no sale */
} HibDayCare;

typedef struct {
    const char *ja, *en; /* both NULL: none */
} HibDayText;

typedef struct {
    const char *id; /* "tohoku": the same every year */
    HibDayKind kind;
    HibDayCare care;
    HibDayText name, note, source;
    const char *category;     /* "food", "gift", "term", …; NULL: none */
    const char *as_of;        /* of the rule: "2026-11-26" */
    const char *const *words; /* it matters only to texts with one of these; NULL: to all */
    int moment;               /* minute of the day at which people fall silent; -1: none */
    int first, last;          /* the same for a single day */
} HibDay;

/* The days that touch [from, until], by first day, kind and id. Outside of HIB_DAYS_FROM … HIB_DAYS_UNTIL nothing is known. */
void hib_days_of(HibArena *arena, int from, int until, HibDay **ret, size_t *ret_n);
/* A national holiday, a substitute or a citizens' holiday. */
bool hib_days_is_holiday(int day);
/* Days of the sun and of the old calendar are tabled: the first and last year that are. */
void hib_days_tabled(int *ret_from, int *ret_until);
/* What asks for care when a text goes out that day, the gravest first; what has words only when the text has one of them. */
void hib_days_care(HibArena *arena, int day, const char *text, HibDay **ret, size_t *ret_n);

/* --- numbers ------------------------------------------------------------------------------------------------------------ */
/* "2026-12-01" → 20261201; 0: no such day. */
int hib_day_number(const char *text);
const char *hib_day_text(HibArena *arena, int day);
int hib_day_plus(int day, int days); /* outside of the years 1..9999: the nearest end */
int hib_day_at(const HibZone *zone, HibInstant at);
const char *hib_day_pick(const HibDayText *text, const char *locale); /* NULL when there is none */
