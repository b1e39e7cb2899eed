/* Sending what a run made. Before a message leaves, its row says so and that is committed; whoever finds it so afterwards knows that the program ended in between. An e-mail is then not sent again by itself (nobody can ask
 * whether it was taken): it is said to be unknown, and a person decides. A webhook is: its id tells the receiver that it is the same. */
#include "base/error.h"
#include "notify/notify.h"
#include "report/delivery.h"
#include "team/team.h"
#include <string.h>

#define SENTENCES 3
#define MOST_FILES (15 * 1024 * 1024)
#define NAME_CHARACTERS 60 /* a header's line has 998 bytes, an escaped kanji nine */
#define TRIES 6            /* as in report.c */

typedef struct {
    HibDb *db;
    const HibServices *services;
    HibSchedule schedule;
    HibSqlReportRunRow *run;
    const HibSqlReportSendingRow *sending;
    HibReportMessage message;
    HibMailFile files[3];
    size_t n_files;
} Sending;

/* --- what it says ------------------------------------------------------------------------------------------------------- */
static void
let_go(void *bytes)
{
    g_bytes_unref(bytes);
}

static bool
make_files(Sending *s, const HibReportDocument *document, GError **error)
{
    static const struct {
        unsigned bit;
        const char *ending, *type;
        bool (*make)(const HibReportDocument *document, GBytes **ret, GError **error);
    } kinds[] = {
        {HIB_FILE_PDF, "pdf", "application/pdf", hib_report_pdf},
        {HIB_FILE_XLSX, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         hib_report_xlsx},
        {HIB_FILE_PPTX, "pptx",
         "application/vnd.openxmlformats-officedocument.presentationml.presentation",
         hib_report_pptx},
    };
    HibArena *arena = hib_db_arena(s->db);
    g_autofree char *title = g_utf8_substring(
        document->title, 0, MIN(g_utf8_strlen(document->title, -1), NAME_CHARACTERS));
    gsize size = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        GBytes *bytes;
        if (!(s->schedule.row->files & kinds[i].bit))
            continue;
        if (!kinds[i].make(document, &bytes, error))
            return false;
        hib_arena_defer(arena, let_go, bytes);
        size += g_bytes_get_size(bytes);
        s->files[s->n_files++] =
            (HibMailFile){.name = hib_arena_printf(arena, "%s_%d-%d.%s", title, s->message.from_day,
                                                   s->message.until_day, kinds[i].ending),
                          .type = kinds[i].type,
                          .bytes = bytes};
    }
    if (size > MOST_FILES) /* no mail server takes it: the link is enough */
        s->n_files = 0;
    return true;
}

/* The first sentences and the files, of the only report. */
static bool
read_document(Sending *s, HibDb *theirs, HibMessagePart *part, const HibReport *report,
              GError **error)
{
    HibReportFigures *figures = hib_arena_new0(hib_db_arena(s->db), HibReportFigures);
    HibReportDocument document;
    if (!hib_report_figures(theirs, s->services, report, figures, error))
        return false;
    hib_report_document(hib_db_arena(s->db), figures, &document);
    const HibReportFindings findings = hib_report_findings(hib_db_arena(s->db), figures);
    part->sentences = findings.sentences;
    part->n_sentences = MIN(findings.n_sentences, SENTENCES);
    return s->sending->is_hook || make_files(s, &document, error);
}

static bool
read_part(Sending *s, const HibSqlReportPartRow *row, bool is_alone, HibMessagePart *ret,
          GError **error)
{
    HibArena *arena = hib_db_arena(s->db);
    HibWorkspace *workspace;
    HibReport *report;
    GError *fault = NULL;
    g_autoptr(HibDb) theirs = hib_db_open(hib_db_store(s->db), arena, row->of_workspace);
    *ret = (HibMessagePart){.workspace_id = row->of_workspace,
                            .workspace = row->of_workspace,
                            .report_id = row->report_id,
                            .reason = row->state == HIB_PART_MADE ? NULL : row->reason};
    if (!hib_team_workspace(theirs, &workspace, error))
        return false;
    ret->workspace = workspace->name;
    if (ret->reason)
        return true;
    if (!hib_report_get(theirs, row->report_id, &report, &fault)) {
        bool is_gone = hib_error_is(fault, HIB_ERROR_NOT_FOUND);
        if (!is_gone) {
            g_propagate_error(error, fault);
            return false;
        }
        ret->reason = "report.unknown"; /* somebody deleted it before it was sent */
        g_error_free(fault);
        return true;
    }
    ret->client = report->content.client;
    if (s->schedule.row->link_days)
        ret->url = hib_arena_printf(arena, "%s/shared/%s", s->services->base_url,
                                    hib_run_token(arena, s->services, row->link_id));
    return !is_alone || read_document(s, theirs, ret, report, error);
}

static bool
write_message(Sending *s, GError **error)
{
    HibArena *arena = hib_db_arena(s->db);
    HibSqlReportPartRow *parts;
    HibWorkspace *home;
    size_t n;
    const char *locale = s->schedule.row->locale;
    if (!hib_sql_report_part_list(s->db, s->run->id, &parts, &n, error) ||
        !hib_team_workspace(s->db, &home, error))
        return false;
    s->message =
        (HibReportMessage){.id = s->sending->id,
                           .name = s->schedule.row->name,
                           .locale = locale,
                           .workspace = home->name,
                           .period = hib_arena_printf(
                               arena, "%s %s %s", hib_report_day(arena, locale, s->run->from_day),
                               g_str_equal(locale, "en") ? "to" : "〜",
                               hib_report_day(arena, locale, s->run->until_day)),
                           .from_day = (int)s->run->from_day,
                           .until_day = (int)s->run->until_day,
                           .at = s->run->due_at,
                           .parts = hib_arena_array(arena, HibMessagePart, n + 1),
                           .n_parts = n};
    for (size_t i = 0; i < n; i++)
        if (!read_part(s, &parts[i], n == 1, &s->message.parts[i], error))
            return false;
    return true;
}

/* --- the two ways -------------------------------------------------------------------------------------------------------- */
static bool
send_mail(const Sending *s, GError **error)
{
    HibArena *arena = hib_db_arena(s->db);
    if (!s->services->mail || !*s->services->mail->url) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "notify.no_mail", "no mail server is set up");
        return false;
    }
    const HibMail mail = {.id = s->sending->id,
                          .to = s->sending->recipient,
                          .subject = hib_message_subject(arena, &s->message),
                          .text = hib_message_text(arena, &s->message),
                          .at = hib_db_now(s->db),
                          .files = s->files,
                          .n_files = s->n_files};
    return hib_mail_send(s->services->mail, &mail, error);
}

static bool
send_hook(const Sending *s, GError **error)
{
    HibArena *arena = hib_db_arena(s->db);
    const HibSqlReportPlanRow *row = s->schedule.row;
    if (!row->url_sealed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "notify.no_hook", "no webhook is set up");
        return false;
    }
    const char *url =
        hib_unseal(s->services->keys, arena, HIB_REPORT_HOOK_PURPOSE, row->url_sealed, error);
    const char *secret = url ? hib_unseal(s->services->keys, arena, HIB_REPORT_HOOK_PURPOSE,
                                          row->secret_sealed, error)
                             : NULL;
    return secret && hib_hook_send(s->db, s->services, url, secret, s->sending->id,
                                   hib_message_json(arena, &s->message), error);
}

/* --- the job ---------------------------------------------------------------------------------------------------------------- */
static bool
note(HibDb *db, const Sending *s, HibSendingState state, const char *reason, GError **error)
{
    int64_t changed;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_report_run_hold(db, s->sending->id, &changed, error) &&
           hib_sql_report_sending_set(db, s->sending->id, state, reason, now, &changed, error) &&
           (state == HIB_SENDING_WAITS || state == HIB_SENDING_SENDS ||
            hib_sql_report_run_end(db, s->run->id, now, &changed, error)) &&
           hib_event_emit(db, "report.changed", s->run->schedule_id, NULL, error) &&
           ((state != HIB_SENDING_FAILED && state != HIB_SENDING_UNKNOWN) ||
            hib_run_unsent(db, s->schedule.row, s->sending->recipient, error)) &&
           hib_tx_commit(tx, error);
}

static HibSendingState
outcome_of(const Sending *s, const GError *fault, int attempt)
{
    bool is_unknown = hib_error_is(fault, HIB_ERROR_UNCERTAIN),
         is_later = hib_error_is(fault, HIB_ERROR_UPSTREAM) ||
                    hib_error_is(fault, HIB_ERROR_BUSY) || (is_unknown && s->sending->is_hook);
    if (is_unknown && !s->sending->is_hook)
        return HIB_SENDING_UNKNOWN;
    return is_later && attempt < TRIES ? HIB_SENDING_WAITS : HIB_SENDING_FAILED;
}

static bool
load(HibDb *db, const HibJob *job, void *context, Sending *ret, bool *ret_is_open, GError **error)
{
    HibSqlReportSendingRow *row;
    HibSqlReportPlanRow *plan;
    *ret = (Sending){.db = db, .services = context};
    *ret_is_open = false;
    if (!hib_sql_report_sending_get(db, job->subject, &row, error))
        return false;
    if (!row || row->state > HIB_SENDING_SENDS)
        return true;
    ret->sending = row;
    if (!hib_sql_report_run_get(db, row->run_id, &ret->run, error) ||
        !hib_sql_report_plan_get(db, ret->run->schedule_id, &plan, error))
        return false;
    *ret_is_open = plan != NULL;
    return !plan || hib_schedule_get(db, plan->id, &ret->schedule, error);
}

/* Twice: see above. */
bool
hib_report_send_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                    HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    Sending s;
    bool is_open;
    GError *fault = NULL;
    *ret_end = HIB_JOB_DONE;
    if (!load(db, job, context, &s, &is_open, error))
        return false;
    if (!is_open)
        return true;
    if (s.sending->state == HIB_SENDING_SENDS && !s.sending->is_hook)
        return note(db, &s, HIB_SENDING_UNKNOWN, "mail.no_answer", error);
    bool is_written = write_message(&s, &fault);
    if (is_written && !note(db, &s, HIB_SENDING_SENDS, NULL, error))
        return false;
    if (is_written && (s.sending->is_hook ? send_hook(&s, &fault) : send_mail(&s, &fault)))
        return note(db, &s, HIB_SENDING_SENT, NULL, error);
    HibSendingState state = outcome_of(&s, fault, job->attempt);
    if (!note(db, &s, state, hib_error_reason(fault), error)) {
        g_error_free(fault);
        return false;
    }
    if (state == HIB_SENDING_WAITS) {
        g_propagate_error(error, fault);
        return false;
    }
    g_error_free(fault);
    return true;
}

bool
hib_sending_again(HibDb *db, const char *sending, GError **error)
{
    HibSqlReportSendingRow *row;
    HibSqlReportRunRow *run;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_report_run_hold(db, sending, &changed, error) ||
        !hib_sql_report_sending_get(db, sending, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "report.sending_unknown", "no such message");
        return false;
    }
    if (row->state != HIB_SENDING_FAILED && row->state != HIB_SENDING_UNKNOWN) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "report.not_again", "it waits or was sent");
        return false;
    }
    return hib_sql_report_run_get(db, row->run_id, &run, error) &&
           hib_sql_report_sending_set(db, sending, HIB_SENDING_WAITS, NULL, hib_db_now(db),
                                      &changed, error) &&
           hib_sql_report_run_reopen(db, row->run_id, &changed, error) &&
           hib_job_add(db, HIB_REPORT_SEND, sending, sending, NULL, hib_db_now(db), NULL, error) &&
           hib_event_emit(db, "report.changed", run->schedule_id, NULL, error) &&
           hib_audit(db, "report.resend", "report_sending", sending, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}
