/* Rows of reports: a report and its sections are one change. */
#include "base/error.h"
#include "base/json.h"
#include "days/days.h"
#include "media/media.h"
#include "plan/plan.h"
#include "report/report.sql.h"
#include "report/report_private.h"
#include "report/share.sql.h"
#include "team/team.h"

#define MOST 500

static bool
with_sections(HibDb *db, HibReport *report, GError **error)
{
    HibSqlReportSections *rows;
    size_t n;
    HibReportContent *content = &report->content;
    if (!hib_sql_report_sections(db, report->id, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n && i < HIB_SECTIONS; i++)
        content->sections[content->n_sections++] =
            (HibReportSection){(HibSectionKind)rows[i].kind, rows[i].is_hidden, rows[i].note};
    return hib_report_settle(content, error);
}

static HibReport
of_row(const HibSqlReportRow *row)
{
    return (HibReport){.id = row->id,
                       .created_by_name = row->created_by_name,
                       .created_at = row->created_at,
                       .updated_at = row->updated_at,
                       .version = row->version,
                       .content = {.kind = (HibReportKind)row->kind,
                                   .name = row->name,
                                   .client = row->client,
                                   .campaign_id = row->campaign_id,
                                   .logo_id = row->logo_id,
                                   .from_day = (int)row->from_day,
                                   .until_day = (int)row->until_day,
                                   .accent = (uint32_t)row->accent,
                                   .locale = row->locale}};
}

bool
hib_report_list(HibDb *db, HibReport **ret, size_t *ret_n, GError **error)
{
    HibSqlReportRow *rows;
    if (!hib_sql_report_list(db, MOST, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibReport, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++) {
        (*ret)[i] = of_row(&rows[i]);
        if (!with_sections(db, &(*ret)[i], error))
            return false;
    }
    return true;
}

bool
hib_report_get(HibDb *db, const char *id, HibReport **ret, GError **error)
{
    HibSqlReportRow *row;
    if (!hib_sql_report_get(db, id, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "report.unknown", "no report %s", id);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibReport);
    **ret = of_row(row);
    return with_sections(db, *ret, error);
}

static const char *
described(HibDb *db, const HibReportContent *content)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", content->name);
    cJSON_AddNumberToObject(json, "from", content->from_day);
    cJSON_AddNumberToObject(json, "until", content->until_day);
    return hib_json_print(hib_db_arena(db), json);
}

static bool
refer(HibDb *db, const HibReportContent *content, GError **error)
{
    HibCampaign *campaign;
    HibMedia *logo;
    GError *fault = NULL;
    if (content->campaign_id && !hib_plan_campaign(db, content->campaign_id, &campaign, &fault))
        hib_error_set_pointer(fault, "/campaign_id");
    else if (content->logo_id && !hib_media_get(db, content->logo_id, &logo, &fault))
        hib_error_set_pointer(fault, "/logo_id");
    else
        return true;
    g_propagate_error(error, fault);
    return false;
}

static bool
put_sections(HibDb *db, const char *id, const HibReportContent *content, GError **error)
{
    if (!hib_sql_report_sections_drop(db, id, error))
        return false;
    for (size_t i = 0; i < content->n_sections; i++)
        if (!hib_sql_report_section_put(db, id, content->sections[i].kind, (int64_t)i,
                                        content->sections[i].is_hidden, content->sections[i].note,
                                        error))
            return false;
    return true;
}

bool
hib_report_add(HibDb *db, const HibReportContent *given, HibReport **ret, GError **error)
{
    return hib_report_add_as(db, hib_db_new_id(db), given, ret, error);
}

bool
hib_report_add_as(HibDb *db, const char *id, const HibReportContent *given, HibReport **ret,
                  GError **error)
{
    HibReportContent c = *given;
    const char *actor = NULL;
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    g_autoptr(HibTx) tx = NULL;
    if (!hib_report_settle(&c, error) || !refer(db, &c, error))
        return false;
    tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_report_insert(db, id, c.kind, c.name, c.client, c.campaign_id, c.from_day,
                                 c.until_day, c.logo_id, c.accent, c.locale, hib_db_now(db), by,
                                 error) &&
           put_sections(db, id, &c, error) &&
           hib_event_emit(db, "report.changed", id, NULL, error) &&
           hib_audit(db, "report.create", "report", id, NULL, described(db, &c), error) &&
           hib_report_get(db, id, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_report_change(HibDb *db, const char *id, int64_t version, const HibReportContent *given,
                  HibReport **ret, GError **error)
{
    HibReportContent c = *given;
    HibReport *before;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_report_get(db, id, &before, error) || !hib_report_settle(&c, error) ||
        !refer(db, &c, error) ||
        !hib_sql_report_update(db, id, version, c.kind, c.name, c.client, c.campaign_id, c.from_day,
                               c.until_day, c.logo_id, c.accent, c.locale, hib_db_now(db), &changed,
                               error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "report.edited", "version %" G_GINT64_FORMAT,
                      before->version);
        return false;
    }
    return put_sections(db, id, &c, error) &&
           hib_event_emit(db, "report.changed", id, NULL, error) &&
           hib_audit(db, "report.change", "report", id, described(db, &before->content),
                     described(db, &c), error) &&
           hib_report_get(db, id, ret, error) && hib_tx_commit(tx, error);
}

bool
hib_report_delete(HibDb *db, const char *id, GError **error)
{
    HibReport *before;
    int64_t gone, ended;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_report_get(db, id, &before, error) &&
           hib_sql_share_revoke_of(db, id, hib_db_now(db), &ended, error) &&
           hib_sql_report_sections_drop(db, id, error) &&
           hib_sql_report_tasks_drop(db, id, error) && hib_sql_report_drop(db, id, &gone, error) &&
           hib_event_emit(db, "report.changed", id, NULL, error) &&
           hib_audit(db, "report.delete", "report", id, described(db, &before->content), NULL,
                     error) &&
           hib_tx_commit(tx, error);
}

bool
hib_report_task_of(HibDb *db, const char *report, const char *suggestion, const char **ret,
                   GError **error)
{
    HibSqlReportTaskGet *row;
    if (!hib_sql_report_task_get(db, report, suggestion, &row, error))
        return false;
    *ret = row ? row->task_id : NULL;
    return true;
}

bool
hib_report_add_task(HibDb *db, const char *report, const HibReportTask *task, const char **ret_id,
                    GError **error)
{
    const char *there;
    const HibTaskContent content = {.title = task->title,
                                    .note = task->note,
                                    .assignee_id = task->assignee_id,
                                    .due_on = task->due_on,
                                    .campaign_id = task->campaign_id};
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_report_task_of(db, report, task->suggestion, &there, error))
        return false;
    if (there) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "report.task_there", "task %s", there);
        return false;
    }
    return hib_plan_add_task(db, &content, ret_id, error) &&
           hib_sql_report_task_put(db, report, task->suggestion, *ret_id, error) &&
           hib_event_emit(db, "report.changed", report, NULL, error) &&
           hib_audit(db, "report.task", "report", report, NULL, NULL, error) &&
           hib_tx_commit(tx, error);
}
