/* Inside base only: what time.c shares with its neighbours. */
#pragma once
#include "base/time.h"

/* The next place in the order of ids made with this clock: a millisecond that never goes back within ten seconds
 * and a counter (26 bits) that tells apart what shares one. `start` is where a fresh millisecond begins to count. */
void hib_clock_tick(HibClock *clock, uint32_t start, int64_t *ret_ms, uint32_t *ret_count);

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. */
int64_t hib_days_from_date(int year, int month, int day);
void hib_date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day);
bool hib_date_valid(int year, int month, int day);
