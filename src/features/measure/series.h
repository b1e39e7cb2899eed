/* One metric over time, from the roll-ups: of all posts, of an account, or of the posts of a network, campaign, hashtag or format.
 *
 * The one idea: what is added up is added up before anything is divided, so a rate of a week is the week's sum over the week's sum. A time nobody looked at has no value; one that was looked
 * at and brought nothing is 0. */
#pragma once
#include "measure/measure.h"
#include "measure/part.h"

typedef struct {
    const HibMetric *metric;
    HibGrain grain;
    int64_t from,
        until; /* yyyymmdd; in the workspace's zone. Hours are kept for HIB_ROLL_HOURS_KEPT */
    const char *account; /* NULL: all */
    int part;            /* HibPartKind; -1: not by one */
    const char *name;    /* of the part */
} HibSeriesQuery;
typedef struct {
    int64_t
        at; /* yyyymmdd: the day, the week's Monday, the month's first day; yyyymmddhh: the hour */
    double value;
    bool has_value;
    int64_t readings, falls, gaps, inexact;
    HibInstant as_of; /* 0: nobody looked */
} HibSeriesPoint;
typedef struct {
    HibSeriesPoint *points; /* every time of the span */
    size_t n;
    HibSeriesPoint whole; /* the sum, the last of a level, or the rate of sums */
    bool is_of_posts;     /* made of what posts gained; else told of accounts alone */
} HibSeries;
/* Whether it says anything of such times: what cannot be added (people) does not, and what is told of a day as a whole says nothing of its hours. */
bool hib_series_has(const HibMetric *metric, HibGrain grain);
bool hib_measure_series(HibDb *db, const HibSeriesQuery *query, HibSeries *ret, GError **error);
