/* Inside engage/ only. */
#pragma once
#include "engage/engage.h"

#define HIB_JOB_TALK_READ "engage.read" /* subject: account */
#define HIB_JOB_TALK_TAKE "engage.take" /* an event of accounts/ */
bool hib_engage_read_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
bool hib_engage_take_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
