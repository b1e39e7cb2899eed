/* A run: what a schedule's time makes. First, in one transaction, the run with the ids of its reports and links and the schedule's next time; then the report of each workspace in that workspace, with the right of whoever made the
 * schedule, as it is today; last the messages. Whoever comes a second time finds what the first left. */
#include "base/error.h"
#include "base/json.h"
#include "report/delivery.h"
#include "report/link.h"
#include "report/report.sql.h"
#include "team/team.h"
#include <string.h>

static bool
begin(HibDb *db, const HibSchedule *schedule, HibInstant due_at, const HibReportDue *due,
      const char **ret_id, GError **error)
{
    const char *id = hib_db_new_id(db);
    int64_t is_new;
    if (!hib_sql_report_run_put(db, id, schedule->row->id, due_at, due->from_day, due->until_day,
                                &is_new, error))
        return false;
    *ret_id = is_new ? id : NULL;
    if (!is_new)
        return true;
    for (size_t i = 0; i < schedule->n_of; i++)
        if (!hib_sql_report_part_put(db, id, (int64_t)i, schedule->of[i], hib_db_new_id(db),
                                     hib_db_new_id(db), error))
            return false;
    return hib_job_add(db, HIB_REPORT_MAKE, id, id, NULL, hib_db_now(db), NULL, error) &&
           hib_event_emit(db, "report.changed", schedule->row->id, NULL, error);
}

bool
hib_run_now(HibDb *db, const char *id, const char **ret_id, GError **error)
{
    HibSchedule schedule;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    g_autoptr(HibTx) tx = zone ? hib_tx_begin(db, error) : NULL;
    if (!tx || !hib_schedule_get(db, id, &schedule, error))
        return false;
    /* The last whole period: of the next time, the one before. */
    const HibReportRhythm rhythm = hib_schedule_rhythm(schedule.row);
    HibReportDue due = hib_report_next(&rhythm, zone, now);
    int today = hib_day_at(zone, now);
    while (due.until_day >= today) {
        due.until_day = hib_day_plus(due.from_day, -1);
        due.from_day = rhythm.kind == HIB_REPORT_WEEKLY ? hib_day_plus(due.until_day, -6)
                                                        : due.until_day / 100 * 100 + 1;
    }
    return begin(db, &schedule, now, &due, ret_id, error) &&
           hib_audit(db, "report.run", "report_schedule", id, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}

/* Twice: a run is unique by schedule and time, and the schedule moves on once. */
bool
hib_report_due_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                   HibInstant *ret_at, GError **error)
{
    HibSqlReportPlanRow *row;
    HibSchedule schedule;
    const char *run;
    int64_t moved;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    g_autoptr(HibTx) tx = zone ? hib_tx_begin(db, error) : NULL;
    *ret_end = HIB_JOB_DONE;
    if (!tx || !hib_sql_report_plan_get(db, job->subject, &row, error))
        return false;
    if (!row || !row->has_next_at)
        return true;
    if (row->next_at > hib_db_now(db)) { /* moved since, or done already: not yet */
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = row->next_at;
        return true;
    }
    const HibReportRhythm rhythm = hib_schedule_rhythm(row);
    const HibReportDue due = hib_report_next(&rhythm, zone, row->next_at - 1),
                       next = hib_report_next(&rhythm, zone, hib_db_now(db));
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = next.at;
    if (!hib_sql_report_plan_next(db, row->id, row->next_at, next.at, &moved, error))
        return false;
    if (!moved) { /* paused or moved by a person this very moment: asked anew */
        *ret_at = hib_db_now(db);
        return true;
    }
    return hib_schedule_get(db, row->id, &schedule, error) &&
           begin(db, &schedule, row->next_at, &due, &run, error) && hib_tx_commit(tx, error);
}

/* --- the reports ----------------------------------------------------------------------------------------------------------- */
const char *
hib_run_token(HibArena *arena, const HibServices *services, const char *link)
{
    return hib_mac_hex(services->keys, arena, "report.run", link);
}

/* At home as the schedule says; elsewhere as the last report of the kind there looks, for the schedule knows nothing of that client. */
static bool
content_of(HibDb *theirs, const HibSchedule *schedule, const HibSqlReportRunRow *run,
           const HibSqlReportPartRow *part, bool is_home, HibReportContent *ret, GError **error)
{
    const HibSqlReportPlanRow *row = schedule->row;
    HibSqlReportPlanLook *last;
    HibReport *look = NULL;
    if (!hib_sql_report_plan_look(theirs, row->kind, part->report_id, &last, error) ||
        (last && !hib_report_get(theirs, last->id, &look, error)))
        return false;
    *ret = look ? look->content : (HibReportContent){.client = ""};
    ret->kind = (HibReportKind)row->kind;
    ret->name = row->name;
    ret->campaign_id = NULL;
    ret->from_day = (int)run->from_day;
    ret->until_day = (int)run->until_day;
    ret->locale = row->locale;
    for (size_t i = 0; i < ret->n_sections; i++)
        ret->sections[i].note = ""; /* it was about another time */
    if (is_home) {
        ret->client = row->client;
        ret->logo_id = row->logo_id;
    }
    if (is_home || !ret->accent)
        ret->accent = (uint32_t)row->accent;
    return true;
}

/* The report and its link, once, in its own workspace. */
static bool
make_part(HibDb *db, const HibServices *services, const HibSchedule *schedule,
          const HibSqlReportRunRow *run, const HibSqlReportPartRow *part, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibReportContent content;
    HibSqlReportShareRow *link;
    HibSqlReportRow *there;
    HibReport *made;
    const char *token;
    bool may, is_home = g_str_equal(part->of_workspace, hib_db_workspace(db));
    if (!hib_schedule_may_read(db, part->of_workspace, schedule->row->created_by, &may, error))
        return false;
    if (!may) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "report.no_right", "left that workspace");
        return false;
    }
    g_autoptr(HibDb) theirs = hib_db_open(hib_db_store(db), arena, part->of_workspace);
    hib_db_set_actor(theirs, HIB_ACTOR_PERSON, schedule->row->created_by);
    g_autoptr(HibTx) tx = hib_tx_begin(theirs, error);
    if (!tx || !hib_sql_report_get(theirs, part->report_id, &there, error))
        return false;
    if (there)
        return true;
    const HibLinkDraft draft = {.id = part->link_id,
                                .token = hib_run_token(arena, services, part->link_id),
                                .report_id = part->report_id,
                                .locale = schedule->row->locale,
                                .name = schedule->row->name,
                                .valid_days = schedule->row->link_days};
    return content_of(theirs, schedule, run, part, is_home, &content, error) &&
           hib_report_add_as(theirs, part->report_id, &content, &made, error) &&
           (!draft.valid_days ||
            hib_report_link_add(theirs, services, &draft, &link, &token, error)) &&
           hib_tx_commit(tx, error);
}

bool
hib_run_unsent(HibDb *db, const HibSqlReportPlanRow *schedule, const char *recipient,
               GError **error)
{
    HibArena *arena = hib_db_arena(db);
    bool is_here;
    if (!hib_schedule_may_read(db, hib_db_workspace(db), schedule->created_by, &is_here, error))
        return false;
    cJSON *json = cJSON_CreateObject();
    if (is_here)
        cJSON_AddStringToObject(json, "person", schedule->created_by);
    cJSON_AddStringToObject(
        json, "what",
        recipient ? hib_arena_printf(arena, "%s → %s", schedule->name, recipient) : schedule->name);
    cJSON_AddStringToObject(json, "place", "/reports?tab=scheduled");
    return hib_event_emit(db, "report.unsent", schedule->id, hib_json_print(arena, json), error);
}

static bool
add_sending(HibDb *db, const char *run, int64_t at, bool is_hook, const char *recipient,
            GError **error)
{
    const char *id = hib_db_new_id(db);
    int64_t is_new;
    return hib_sql_report_sending_put(db, id, run, at, is_hook, recipient, hib_db_now(db), &is_new,
                                      error) &&
           (!is_new || hib_job_add(db, HIB_REPORT_SEND, id, id, NULL, hib_db_now(db), NULL, error));
}

static bool
add_sendings(HibDb *db, const HibSchedule *schedule, const char *run, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (size_t i = 0; i < schedule->n_mails; i++)
        if (!add_sending(db, run, (int64_t)i, false, schedule->mails[i], error))
            return false;
    if (schedule->row->url_sealed &&
        !add_sending(db, run, (int64_t)schedule->n_mails, true, schedule->row->host, error))
        return false;
    return hib_event_emit(db, "report.changed", schedule->row->id, NULL, error) &&
           hib_tx_commit(tx, error);
}

static bool
end_empty(HibDb *db, const HibSchedule *schedule, const char *run, GError **error)
{
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_report_run_end(db, run, hib_db_now(db), &changed, error) &&
           hib_event_emit(db, "report.changed", schedule->row->id, NULL, error) &&
           hib_run_unsent(db, schedule->row, NULL, error) && hib_tx_commit(tx, error);
}

/* Twice: reports that are there are not made again, and messages are unique by run and place. */
bool
hib_report_make_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                    HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibSqlReportRunRow *run;
    HibSqlReportPartRow *parts;
    HibSqlReportPlanRow *row;
    HibSchedule schedule;
    size_t n, n_made = 0;
    int64_t changed;
    *ret_end = HIB_JOB_DONE;
    if (!hib_sql_report_run_get(db, job->subject, &run, error))
        return false;
    if (!run || !hib_sql_report_plan_get(db, run->schedule_id, &row, error))
        return run == NULL;
    if (!row) /* the schedule was taken away meanwhile */
        return true;
    if (!hib_schedule_get(db, row->id, &schedule, error) ||
        !hib_sql_report_part_list(db, run->id, &parts, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        GError *fault = NULL;
        n_made += parts[i].state == HIB_PART_MADE;
        if (parts[i].state != HIB_PART_WAITS)
            continue;
        bool ok = make_part(db, context, &schedule, run, &parts[i], &fault);
        if (!ok &&
            (hib_error_is(fault, HIB_ERROR_BUSY) || hib_error_is(fault, HIB_ERROR_UNCERTAIN) ||
             (hib_error_is(fault, HIB_ERROR_INTERNAL) && job->attempt < 3))) {
            g_propagate_error(error, fault);
            return false;
        }
        bool is_noted =
            hib_sql_report_part_set(db, run->id, parts[i].at, ok ? HIB_PART_MADE : HIB_PART_FAILED,
                                    ok ? NULL : hib_error_reason(fault), &changed, error);
        g_clear_error(&fault);
        if (!is_noted)
            return false;
        n_made += ok;
    }
    return n_made ? add_sendings(db, &schedule, run->id, error) /* nobody is sent nothing */
                  : end_empty(db, &schedule, run->id, error);
}
