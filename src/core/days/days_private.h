/* Inside days/ only: the rules as tools/days.py writes them, and how one becomes days. */
#pragma once
#include "days/days.h"

typedef struct {
    HibDay day; /* all but its days */
    char rule;  /* as in rules/calendar/README.md; R is F with a length */
    int at[3], offset, length, since, until, skipped[2];
} HibDayRule;

extern const HibDayRule hib_day_rules[];
extern const size_t hib_day_n_rules;
/* Two days MMDD (the second may be 0) a table and year: the 24 terms from 0° on, then the tables by name. */
extern const uint16_t hib_day_tables[][2];
extern const int hib_day_tables_from, hib_day_tables_until;

#define HIB_DAY_MOST 8 /* a rule's days in a year */
/* Julian days on which the rule's days of the year begin; how many. */
size_t hib_day_starts(const HibDayRule *rule, int year, uint32_t ret[HIB_DAY_MOST]);
/* What the holiday act makes of the holidays around: 0 substitutes, 1 citizens' holidays. */
size_t hib_day_made(int which, int year, uint32_t ret[HIB_DAY_MOST]);
uint32_t hib_day_julian(int day);
int hib_day_of_julian(uint32_t julian);
