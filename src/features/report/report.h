/* Report: what a period came to, written from measure's figures by rules, printed for clients. Its operations are over HTTP. */
#pragma once
#include "store/feature.h"

extern const HibFeature hib_report;

/* What secret links show, kept a minute (keep.h); HibServices.report_keep. Thread-safe. */
typedef struct HibReportKeep HibReportKeep;
HibReportKeep *hib_report_keep_new(void);
void hib_report_keep_free(HibReportKeep *keep); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibReportKeep, hib_report_keep_free)

/* Events out: report.changed (subject: report id). */
