/* Inside base only: what a zone is made of. A table of offset changes from the machine's TZif file (RFC 8536) and, for
 * all time after its last row, the rule in the file's footer ("JST-9", "CET-1CEST,M3.5.0,M10.5.0/3").
 *
 * Everything here counts whole seconds since 1970-01-01T00:00:00Z. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day of the year by one of POSIX's three ways, and a second of that day (may lie outside it). */
typedef struct {
    char kind; /* 'M' month.week.weekday, 'J' day 1..365 without 29 February, 'D' day 0..365 */
    int month, week, day; /* 'J' and 'D' use `day` only; week 5 = last; Sunday = 0 */
    int time_s;
} HibRuleDay;

typedef struct {
    bool is_there;
    bool has_summer;
    int winter_s, summer_s; /* seconds east of UTC */
    HibRuleDay begin, end;  /* of summer time */
} HibRule;

typedef struct {
    size_t n;
    int64_t *at;       /* ascending */
    int32_t *offset_s; /* from at[i] on */
    int32_t before_s;  /* before at[0] */
    HibRule rule;
} HibZoneData;

/* A stretch of time with one offset: [from, until). */
typedef struct {
    int64_t from, until; /* INT64_MIN, INT64_MAX: without end */
    int32_t offset_s;
} HibStretch;

/* False when the bytes are no TZif file without leap seconds; then `*ret` holds nothing to clear. */
bool hib_zone_data_read(const unsigned char *bytes, size_t n, HibZoneData *ret);
void hib_zone_data_clear(HibZoneData *data);
HibStretch hib_zone_data_stretch(const HibZoneData *data, int64_t at);

bool hib_rule_parse(const char *text, HibRule *ret);
HibStretch hib_rule_stretch(const HibRule *rule, int64_t at);
