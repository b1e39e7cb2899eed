/* Where the table made from rules/metrics.json and its reader meet. */
#pragma once
#include "metrics/metrics.h"

extern const HibMetric hib_metric_table[];
extern const size_t hib_metric_table_n;
