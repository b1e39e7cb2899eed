/* Report: what a period came to, written from measure's figures by rules, printed for clients. Its operations are over HTTP. */
#pragma once
#include "store/feature.h"

extern const HibFeature hib_report;

/* Events out: report.changed (subject: report id). */
