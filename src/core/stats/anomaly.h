/* When a count that arrives every few minutes (mentions, comments, clicks) is out of the ordinary.
 *
 * The sums of the last 3, 6 and 12 steps, each beside what the last days bring in as many steps, are held against the greatest such ratio of each past day: how many standard deviations above
 * their usual logarithm, the far past being forgotten. The level of the last days makes a lasting change one event: who has grown is soon measured by the new size. Peaks of days already know the
 * hours a term has, so none is modelled. What is beyond the usual counts only in part for what becomes usual, and after an alert there is silence for a day. The mean of the three is the surprise.
 * Nothing is known before two whole days. State is less than 256 bytes a term, a value costs O(1); the struct is plain data.
 *
 * Own method. That a day's greatest value is what must be exceeded, and by how often that shall happen, is the block maxima of extreme-value theory (Coles 2001, chapter 3); a level and a spread
 * that forget by a constant rate are Roberts' exponentially weighted averages (1959). What it is worth beside others, and what was chosen on what: docs/benchmarks.md. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define HIB_ANOMALY_SCALES 3
#define HIB_ANOMALY_STEPS 12 /* of the longest scale */

typedef struct {
    double memory_days; /* how many days what is usual is made of, about */
    double level_days;  /* after how many days a count weighs half in the level */
    double threshold;   /* surprise from which on there is an alert */
    double clip;        /* a day's peak counts up to this surprise */
} HibAnomalyOptions;

typedef struct {
    double mean, variance; /* of the logarithm of the days' greatest ratios */
    double peak;           /* of today */
} HibAnomalyScale;

typedef struct {
    HibAnomalyOptions options;
    HibAnomalyScale scales[HIB_ANOMALY_SCALES];
    double recent[HIB_ANOMALY_STEPS];
    double level, level_rate;        /* a step's usual count, of what is older than `recent` */
    uint32_t day_steps, quiet_steps; /* of a day; of silence that are left */
    uint64_t n;                      /* values so far */
} HibAnomaly;

/* The threshold is exceeded once in a fortnight by days that are normally distributed; the rest is what bench/anomalies.py finds steady on all series that are open. */
HibAnomalyOptions hib_anomaly_usual(void);
/* `day_steps`: values a day, 24 and more. */
void hib_anomaly_begin(HibAnomaly *state, const HibAnomalyOptions *options, uint32_t day_steps);
/* Takes the next count (a gap is 0; not a number or below 0 counts as 0). True: alert. `*surprise`, may be NULL, in standard deviations; -INFINITY while nothing is known. */
bool hib_anomaly_add(HibAnomaly *state, double count, double *surprise);
