/* Scheduled reports over HTTP: what is planned, what ran, what was sent to whom. */
#include "base/error.h"
#include "base/messages.h"
#include "http/call.h"
#include "report/delivery.h"
#include "team/team.h"

#define RUNS 20

static HibApiReportSchedule
as_api(HibArena *arena, const HibSchedule *schedule)
{
    const HibSqlReportPlanRow *row = schedule->row;
    HibApiReportSchedule out = {.id = row->id,
                                .name = row->name,
                                .kind = (int)row->kind,
                                .on_day = row->on_day,
                                .minute = row->minute,
                                .shift = (int)row->shift,
                                .client = row->client,
                                .logo_id = row->logo_id,
                                .has_logo_id = row->logo_id != NULL,
                                .accent = row->accent,
                                .locale = g_str_equal(row->locale, "en")
                                              ? HIB_API_REPORT_SCHEDULE_LOCALE_EN
                                              : HIB_API_REPORT_SCHEDULE_LOCALE_JA,
                                .files = hib_arena_array(arena, int, 3),
                                .link_days = row->link_days,
                                .mails = (const char **)schedule->mails,
                                .n_mails = schedule->n_mails,
                                .host = row->host,
                                .has_host = row->host != NULL,
                                .workspaces = (const char **)schedule->of,
                                .n_workspaces = schedule->n_of,
                                .next_at = row->next_at,
                                .has_next_at = row->has_next_at,
                                .created_by_name = row->created_by_name,
                                .has_created_by_name = row->created_by_name != NULL,
                                .version = row->version};
    for (int bit = 0; bit < 3; bit++)
        if (row->files & 1 << bit)
            out.files[out.n_files++] = bit;
    return out;
}

static bool
draft_of(HibCall *call, const HibApiReportScheduleDraft *in, HibScheduleDraft *ret, GError **error)
{
    bool is_weekly = in->kind == HIB_API_REPORT_SCHEDULE_DRAFT_KIND_WEEKLY;
    *ret = (HibScheduleDraft){
        .name = in->name,
        .client = in->has_client ? in->client : "",
        .logo_id = in->has_logo_id ? in->logo_id : NULL,
        .locale =
            in->has_locale && in->locale == HIB_API_REPORT_SCHEDULE_DRAFT_LOCALE_EN ? "en" : "ja",
        .rhythm = {is_weekly ? HIB_REPORT_WEEKLY : HIB_REPORT_MONTHLY, (int)in->on_day,
                   (int)in->minute, in->has_shift ? (HibReportShift)in->shift : HIB_SHIFT_NONE},
        .accent = in->has_accent ? (uint32_t)in->accent : 0,
        .link_days = in->link_days,
        .mails = in->mails,
        .n_mails = in->n_mails,
        .url = in->has_url ? in->url : NULL,
        .keeps_hook = in->has_keeps_hook && in->keeps_hook,
        .is_paused = in->has_is_paused && in->is_paused,
        .of = in->workspaces,
        .n_of = in->n_workspaces};
    for (size_t i = 0; i < in->n_files; i++)
        ret->files |= 1u << in->files[i];
    if (is_weekly && in->on_day > 7) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "report.bad_day", "/on_day", "a weekday");
        return false;
    }
    if (!ret->n_of) { /* none named: this one */
        const char **own = hib_arena_array(hib_call_arena(call), const char *, 1);
        own[0] = hib_db_workspace(hib_call_db(call));
        ret->of = own;
        ret->n_of = 1;
    }
    return true;
}

static bool
put(HibCall *call, const char *id, int64_t version, const HibApiReportScheduleDraft *in,
    GError **error)
{
    HibScheduleDraft draft;
    HibSchedule made;
    const char *secret;
    if (!draft_of(call, in, &draft, error) ||
        !hib_schedule_put(hib_call_db(call), hib_call_context(call), id, version, &draft, &made,
                          &secret, error))
        return false;
    const HibApiReportScheduleMade out = {.schedule = as_api(hib_call_arena(call), &made),
                                          .secret = secret,
                                          .has_secret = secret != NULL};
    return hib_reply_report_schedule_made(call, id ? 200 : 201, &out);
}

bool
hib_on_list_report_schedules(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibSchedule *schedules;
    size_t n;
    if (!hib_schedule_list(hib_call_db(call), &schedules, &n, error))
        return false;
    const HibApiReportScheduleList out = {
        .schedules = hib_arena_array(arena, HibApiReportSchedule, n + 1), .n_schedules = n};
    for (size_t i = 0; i < n; i++)
        out.schedules[i] = as_api(arena, &schedules[i]);
    return hib_reply_report_schedule_list(call, 200, &out);
}

bool
hib_on_create_report_schedule(HibCall *call, const HibApiReportScheduleDraft *in, GError **error)
{
    return put(call, NULL, 0, in, error);
}

bool
hib_on_change_report_schedule(HibCall *call, const char *schedule,
                              const HibApiReportScheduleUpdate *in, GError **error)
{
    GError *fault = NULL;
    if (put(call, schedule, in->version, &in->schedule, &fault))
        return true;
    g_autofree char *pointer = g_strconcat("/schedule", hib_error_pointer(fault), NULL);
    if (hib_error_pointer(fault)) /* what is wrong in the schedule of an update stands below it */
        hib_error_set_pointer(fault, pointer);
    g_propagate_error(error, fault);
    return false;
}

bool
hib_on_delete_report_schedule(HibCall *call, const char *schedule, GError **error)
{
    return hib_schedule_drop(hib_call_db(call), schedule, error) && hib_call_reply_empty(call, 204);
}

/* --- what ran ------------------------------------------------------------------------------------------------------------- */
static const char *
words_of(HibCall *call, const char *reason)
{
    return reason ? hib_message(hib_call_locale(call),
                                hib_arena_printf(hib_call_arena(call), "error.%s", reason))
                  : NULL;
}

static bool
parts_of(HibCall *call, const char *run, HibApiReportRun *out, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibSqlReportPartRow *rows;
    size_t n;
    if (!hib_sql_report_part_list(db, run, &rows, &n, error))
        return false;
    out->reports = hib_arena_array(hib_call_arena(call), HibApiReportRunPart, n + 1);
    out->n_reports = n;
    for (size_t i = 0; i < n; i++) {
        const HibSqlReportPartRow *row = &rows[i];
        bool may, is_made = row->state == HIB_PART_MADE;
        /* Who does not belong there sees that there is one, not which. */
        if (!hib_schedule_may_read(db, row->of_workspace, hib_call_person(call), &may, error))
            return false;
        out->reports[i] = (HibApiReportRunPart){.workspace_id = may ? row->of_workspace : NULL,
                                                .has_workspace_id = may,
                                                .state = (int)row->state,
                                                .report_id = row->report_id,
                                                .has_report_id = may && is_made,
                                                .reason = row->reason,
                                                .has_reason = row->reason != NULL,
                                                .said = words_of(call, row->reason),
                                                .has_said = row->reason != NULL};
    }
    return true;
}

static bool
run_of(HibCall *call, const HibSqlReportRunRow *row, HibApiReportRun *out, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibSqlReportSendingRow *rows;
    size_t n;
    *out = (HibApiReportRun){.id = row->id,
                             .due_at = row->due_at,
                             .from = hib_measure_day_text(arena, row->from_day),
                             .until = hib_measure_day_text(arena, row->until_day),
                             .ended_at = row->ended_at,
                             .has_ended_at = row->has_ended_at};
    if (!hib_sql_report_sending_list(hib_call_db(call), row->id, &rows, &n, error))
        return false;
    out->sendings = hib_arena_array(arena, HibApiReportSending, n + 1);
    out->n_sendings = n;
    for (size_t i = 0; i < n; i++)
        out->sendings[i] = (HibApiReportSending){.id = rows[i].id,
                                                 .way = rows[i].is_hook,
                                                 .recipient = rows[i].recipient,
                                                 .state = (int)rows[i].state,
                                                 .reason = rows[i].reason,
                                                 .has_reason = rows[i].reason != NULL,
                                                 .said = words_of(call, rows[i].reason),
                                                 .has_said = rows[i].reason != NULL,
                                                 .changed_at = rows[i].changed_at};
    return parts_of(call, row->id, out, error);
}

bool
hib_on_list_report_runs(HibCall *call, const char *schedule, GError **error)
{
    HibSchedule known;
    HibSqlReportRunRow *rows;
    size_t n;
    if (!hib_schedule_get(hib_call_db(call), schedule, &known, error) ||
        !hib_sql_report_run_list(hib_call_db(call), schedule, RUNS, &rows, &n, error))
        return false;
    const HibApiReportRunList out = {
        .runs = hib_arena_array(hib_call_arena(call), HibApiReportRun, n + 1), .n_runs = n};
    for (size_t i = 0; i < n; i++)
        if (!run_of(call, &rows[i], &out.runs[i], error))
            return false;
    return hib_reply_report_run_list(call, 200, &out);
}

bool
hib_on_run_report_schedule(HibCall *call, const char *schedule, GError **error)
{
    const char *id;
    HibSqlReportRunRow *row;
    HibApiReportRun out;
    return hib_run_now(hib_call_db(call), schedule, &id, error) &&
           hib_sql_report_run_get(hib_call_db(call), id, &row, error) &&
           run_of(call, row, &out, error) && hib_reply_report_run(call, 201, &out);
}

bool
hib_on_resend_report(HibCall *call, const char *sending, GError **error)
{
    return hib_sending_again(hib_call_db(call), sending, error) && hib_call_reply_empty(call, 204);
}
