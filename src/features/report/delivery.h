/* Reports that are made and sent by themselves, inside report/.
 *
 * schedule.c says when (pure), schedule_store.c keeps it, run_store.c makes the reports of a time that has come, message.c writes what is sent (pure), send_store.c sends it. Each step is a job that may run twice and does its
 * work once: a run is unique by schedule and time, the ids of its reports are chosen before they are made, and what is being sent says so before it leaves. */
#pragma once
#include "report/report_private.h"
#include "report/schedule.sql.h"

#define HIB_REPORT_HOOK_PURPOSE "report.hook"
#define HIB_REPORT_DUE "report.due"   /* a schedule's time has come */
#define HIB_REPORT_MAKE "report.make" /* the reports of a run */
#define HIB_REPORT_SEND "report.send" /* one message */

/* --- when (schedule.c: pure) ------------------------------------------------------------------------------------------ */
typedef enum { HIB_SHIFT_NONE, HIB_SHIFT_BEFORE, HIB_SHIFT_AFTER } HibReportShift;
typedef struct {
    HibReportKind kind; /* weekly or monthly */
    int on_day, minute;
    HibReportShift shift;
} HibReportRhythm;
typedef struct {
    HibInstant at;
    int from_day, until_day; /* what is reported: the whole week or month before */
} HibReportDue;
/* The first time after `after`. A day that a month does not have is its last. On a day that is no working day (weekend, national holiday of Japan) it moves as `shift` says, but never to before its period is over. */
HibReportDue hib_report_next(const HibReportRhythm *rhythm, const HibZone *zone, HibInstant after);

/* --- what is kept (schedule_store.c) -------------------------------------------------------------------------------- */
enum { HIB_FILE_PDF = 1, HIB_FILE_XLSX = 2, HIB_FILE_PPTX = 4 };
#define HIB_SCHEDULE_MOST_OF 200
#define HIB_SCHEDULE_MOST_MAILS 50
typedef struct {
    const char *name, *client, *logo_id, *locale;
    HibReportRhythm rhythm;
    uint32_t accent;
    unsigned files;
    int64_t link_days;
    const char *const *mails;
    size_t n_mails;
    const char *url; /* of the webhook: NULL none */
    bool keeps_hook; /* the one that is there stays */
    bool is_paused;
    const char *const *of; /* workspaces */
    size_t n_of;
} HibScheduleDraft;
typedef struct {
    HibSqlReportPlanRow *row;
    const char *const *mails;
    size_t n_mails;
    const char *const *of;
    size_t n_of;
} HibSchedule;
bool hib_schedule_list(HibDb *db, HibSchedule **ret, size_t *ret_n, GError **error);
bool hib_schedule_get(HibDb *db, const char *id, HibSchedule *ret,
                      GError **error); /* report.schedule_unknown */
/* `id` NULL: a new one. *ret_secret: what signs, when a new address came with it, else NULL. INVALID report.nobody_gets_it, report.nothing_goes, report.bad_mail, notify.bad_url; NOT_FOUND team.workspace_unknown, media.unknown; CONFLICT report.edited. */
bool hib_schedule_put(HibDb *db, const HibServices *services, const char *id, int64_t version,
                      const HibScheduleDraft *draft, HibSchedule *ret, const char **ret_secret,
                      GError **error);
bool hib_schedule_drop(HibDb *db, const char *id, GError **error);
HibReportRhythm hib_schedule_rhythm(const HibSqlReportPlanRow *row);
/* Whether the person is of that workspace's team today. */
bool hib_schedule_may_read(HibDb *db, const char *workspace, const char *person, bool *ret,
                           GError **error);

/* --- a run (run_store.c) ------------------------------------------------------------------------------------------------ */
typedef enum { HIB_PART_WAITS, HIB_PART_MADE, HIB_PART_FAILED } HibPartState;
typedef enum { /* the contract's order */
               HIB_SENDING_WAITS,
               HIB_SENDING_SENDS,
               HIB_SENDING_SENT,
               HIB_SENDING_FAILED,
               HIB_SENDING_UNKNOWN
} HibSendingState;
/* Begins one now, whatever the time; *ret_id. */
bool hib_run_now(HibDb *db, const char *schedule, const char **ret_id, GError **error);
bool hib_report_due_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                        HibInstant *ret_at, GError **error);
/* Tells whoever made the schedule (if they left: those who manage the workspace) that something did not go out; inside a transaction. `recipient` NULL: no report could be made. */
bool hib_run_unsent(HibDb *db, const HibSqlReportPlanRow *schedule, const char *recipient,
                    GError **error);
bool hib_report_make_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
/* The word of the link that a run made: known again from the key file, stored nowhere. */
const char *hib_run_token(HibArena *arena, const HibServices *services, const char *link);

/* --- what is sent (message.c: pure; send_store.c) ------------------------------------------------------------------------ */
typedef struct {
    const char *workspace_id, *workspace, *client, *report_id, *url; /* url NULL: no link */
    const char *reason;                                              /* NULL: it was made */
    const HibReportSentence *sentences; /* the first of its summary; of one workspace only */
    size_t n_sentences;
} HibMessagePart;
typedef struct {
    const char *id, *name, *locale, *period, *workspace;
    int from_day, until_day;
    HibInstant at;
    HibMessagePart *parts;
    size_t n_parts;
} HibReportMessage;
const char *hib_message_subject(HibArena *arena, const HibReportMessage *message);
const char *hib_message_text(HibArena *arena, const HibReportMessage *message);
const char *hib_message_json(HibArena *arena, const HibReportMessage *message);
bool hib_report_send_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
/* Once more what failed, or what nobody knows of. CONFLICT report.not_again; NOT_FOUND report.sending_unknown. */
bool hib_sending_again(HibDb *db, const char *sending, GError **error);
