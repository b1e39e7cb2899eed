/* Inside engage/ only: what waits, from its row; kept apart so that few need the statements' types. */
#pragma once
#include "engage/desk.h"
#include "engage/wait.sql.h"

HibReplyWait hib_wait_of_row(const HibSqlWaitRow *row);
#define HIB_JOB_WAKE "engage.wake" /* subject: thread */
bool hib_engage_wake_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
