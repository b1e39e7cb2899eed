/* The dictionary of metrics: what each number is, what each network means by it, and along what it may be added. Made from rules/metrics.json (tools/metrics.py).
 *
 * The one idea: a number without its definition is no number. A reading names a metric of this dictionary or is refused; a sum is made only along what the dictionary allows; a
 * rate names its denominator. Pure; everything returned lives as long as the program. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    HIB_METRIC_COUNTER, /* grows over a post's life */
    HIB_METRIC_GAUGE,   /* how an account stands */
    HIB_METRIC_FLOW,    /* of an account in one day */
    HIB_METRIC_MEAN,    /* of one post; never added */
    HIB_METRIC_SUM,     /* of those marked is_engagement */
    HIB_METRIC_DERIVED, /* over / under * times */
    HIB_METRIC_GOAL,    /* not from readings of a post or an account */
} HibMetricKind;        /* same order as the contract's enum, as the two below */
typedef enum {
    HIB_METRIC_COUNT,
    HIB_METRIC_RATE, /* 0..1 */
    HIB_METRIC_MONEY,
    HIB_METRIC_MULTIPLE,
    HIB_METRIC_MINUTES,
    HIB_METRIC_MILLISECONDS,
    HIB_METRIC_PERCENT /* 0..100, whole */
} HibMetricUnit;
typedef enum { HIB_METRIC_EXACT, HIB_METRIC_ESTIMATED, HIB_METRIC_PARTIAL } HibMetricState;
/* Along what a metric may be added, as bits. */
typedef enum {
    HIB_METRIC_OVER_POSTS = 1,
    HIB_METRIC_OVER_DAYS = 2,
    HIB_METRIC_OVER_ACCOUNTS = 4,
    HIB_METRIC_OVER_NETWORKS = 8
} HibMetricAdds;
typedef struct {
    const char *ja, *en;
} HibMetricText;
typedef struct {
    const char *network, *field; /* the network's own name of it */
    HibMetricText text;
    const char *from; /* YYYY-MM-DD; NULL: always */
    HibMetricState state;
} HibMetricMeaning;
/* Numbers before and after that day are not of one kind. */
typedef struct {
    const char *network, *on;
    HibMetricText text;
} HibMetricChange;
typedef struct {
    int id; /* 1..255, kept in the readings, never given to another */
    const char *slug;
    HibMetricKind kind;
    HibMetricUnit unit;
    unsigned adds;
    HibMetricText name, formula;
    bool is_engagement, is_lower_better, is_goal; /* is_goal: a campaign may aim for it */
    const char *over, *under;                     /* derived: slugs */
    int times;
    const HibMetricMeaning *meanings;
    size_t n_meanings;
    const HibMetricChange *changes;
    size_t n_changes;
} HibMetric;

const HibMetric *hib_metrics(size_t *ret_n);
const HibMetric *hib_metric_find(const char *slug); /* NULL: none */
const HibMetric *hib_metric_of_id(int id);          /* NULL: none */
/* A network tells it, or a file: it may stand in a reading. */
bool hib_metric_is_read(const HibMetric *metric);
/* What the network means by it; NULL: it does not tell it. */
const HibMetricMeaning *hib_metric_meaning(const HibMetric *metric, const char *network);
