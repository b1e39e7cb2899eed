/* Readings, newest numbers and days of a post as bytes. Pure; reads nothing past the end whatever the bytes are.
 *
 * The one idea: of a post the next reading differs little from the last, so only differences are kept, in as few bytes as they take. A record is one moment: when (since the record
 * before), the metrics (unless they are those of the record before), and each one's difference. */
#pragma once
#include "metrics/metrics.h"
#include "store/store.h"

typedef struct {
    HibInstant as_of, fetched_at;
    int64_t value;
    uint8_t metric; /* id of the dictionary */
    uint8_t state;  /* HibMetricState */
} HibReading;

/* Where a pack stands: what the next record is told from. {0} at the begin of one. */
typedef struct {
    HibInstant as_of, fetched_at;
    int64_t values[256];
    uint8_t metrics[256]; /* of the last record */
    size_t n_metrics;
    int64_t n_readings;
} HibPackEnd;
/* Appends readings in order of (as_of, metric). */
void hib_pack_add(GByteArray *pack, HibPackEnd *end, const HibReading *readings, size_t n);
/* Appends what `pack` holds to `out` (HibReading; NULL: only `end` is wanted). False: not a whole pack. */
bool hib_pack_read(HibBytes pack, GArray *out, HibPackEnd *end);

/* The newest number of each metric, by id. */
typedef struct {
    HibInstant as_of;
    int64_t value;
    uint8_t state;
    bool is_known;
} HibNumber;
void hib_numbers_write(GByteArray *out, const HibNumber numbers[256]);
bool hib_numbers_read(HibBytes bytes, HibNumber numbers[256]); /* into zeroes */
/* Makes zeroes again of what was read of `bytes`: cheaper than all 256 where thousands are read. */
void hib_numbers_forget(HibBytes bytes, HibNumber numbers[256]);

/* What a post gained on a day. `day`: days since 1970-01-01 in the workspace's zone. */
typedef struct {
    int64_t day, change;
    uint8_t metric;
} HibDayChange;
/* In order of (day, metric). */
void hib_days_write(GByteArray *out, const HibDayChange *changes, size_t n);
bool hib_days_read(HibBytes bytes, GArray *out); /* HibDayChange */
