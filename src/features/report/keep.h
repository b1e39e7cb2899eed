/* What secret links show, kept for a minute, and how often each may be asked: HibServices.report_keep.
 *
 * A page and its files need the same document, and a thousand who open a link at once need the same too. So the document is made once, by whoever asks first while the others wait, and is shown
 * until it is a minute old; its files are made once each. Whether the link still holds, and what it asks for, is looked at every time: only the document is kept. In memory of this process:
 * several processes keep and count each for themselves. Thread-safe. */
#pragma once
#include "report/report_private.h"

#define HIB_REPORT_KEPT HIB_MINUTE
#define HIB_REPORT_KEPT_MOST 16 /* documents; the oldest goes */
/* Of one link, pages and files and pictures together: some five hundred people a minute who look at a whole report. */
#define HIB_REPORT_ASKED_A_MINUTE 3000

/* One of the link's requests. TOO_MANY report.link_busy, with when it may be asked again. `keep` NULL: nobody counts. */
bool hib_report_keep_admit(HibReportKeep *keep, const char *link, HibInstant now, GError **error);

/* The document `key` names, made by `make` in an arena of its own unless one younger than a minute is there. `keep` NULL: made. What fails is not kept. NULL: failed. */
typedef bool (*HibReportMake)(HibArena *arena, void *data, HibReportDocument *ret, GError **error);
typedef struct HibReportCopy HibReportCopy;
HibReportCopy *hib_report_keep_get(HibReportKeep *keep, const char *key, HibInstant now,
                                   HibReportMake make, void *data, GError **error);
void hib_report_copy_unref(HibReportCopy *copy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibReportCopy, hib_report_copy_unref)
const HibReportDocument *hib_report_copy_document(const HibReportCopy *copy); /* lives with it */
/* The file of that name, made once. NULL: failed. The caller's reference. */
typedef bool (*HibReportPrint)(const HibReportDocument *document, GBytes **ret, GError **error);
GBytes *hib_report_copy_file(HibReportCopy *copy, const char *name, HibReportPrint print,
                             GError **error);
GBytes *hib_report_copy_chart(HibReportCopy *copy, int64_t number, GError **error);
