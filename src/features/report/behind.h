/* Where a number leads: to the posts it is made of. The one place that says so: documents carry the addresses, outputs print them. Pure (behind.c).
 *
 * An address is one of the app: "/measure/posts?QUERY" with the query of rankPosts, whose answer comes to the number; "/measure/POST"; "/links". NULL: the number comes apart into no posts, as
 * followers do. What is of a report of one account leads to that account's posts. */
#pragma once
#include "report/report_private.h"

typedef enum { HIB_PERIOD_NOW, HIB_PERIOD_BEFORE } HibReportPeriod;
/* What posts of any time gained in the period, of which sums are made. `account` NULL: the report's. */
const char *hib_behind_gains(HibArena *arena, const HibReportFigures *of, HibReportPeriod period,
                             const char *metric, const char *account);
/* The same of one day. */
const char *hib_behind_day(HibArena *arena, const HibReportFigures *of, int64_t day,
                           const char *metric);
/* Posts that went out in the period with their newest numbers: how many, and means. */
const char *hib_behind_published(HibArena *arena, const HibReportFigures *of,
                                 HibReportPeriod period, const char *account);
/* Posts of the period as they stood after 48 hours. `weekday` 0, `hour` -1: any. */
const char *hib_behind_settled(HibArena *arena, const HibReportFigures *of, int weekday, int hour);
const char *hib_behind_group(HibArena *arena, const HibReportFigures *of,
                             const HibToldGroup *group);
const char *hib_behind_campaign(HibArena *arena, const HibReportFigures *of, const char *metric);
const char *hib_behind_goal(HibArena *arena, const HibToldGoal *goal);
const char *hib_behind_unusual(HibArena *arena, const HibToldUnusual *unusual);
const char *hib_behind_learnt(HibArena *arena, const HibReportLearnt *learnt);
/* One that was not published with Hibiki has no place in the app: NULL. */
const char *hib_behind_post(HibArena *arena, const HibMeasureBest *post);
/* Nothing came in: nothing is behind it. */
const char *hib_behind_some(double value, const char *behind);

/* What an output links to: in the app for readers who have an account, else the post on its network (https and http alone); NULL: nothing. */
const char *hib_behind_address(HibArena *arena, const HibReportDocument *document,
                               const char *behind, const char *url);
/* Of a grid's cell. A post's own place on its network is that of its first cell. */
const char *hib_behind_cell(HibArena *arena, const HibReportDocument *document,
                            const HibReportBlock *block, size_t row, size_t column);
