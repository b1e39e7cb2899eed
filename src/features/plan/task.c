/* Tasks: what a person has to do by a day, for a campaign or a post or by itself. */
#include "base/error.h"
#include "base/json.h"
#include "plan/plan_private.h"
#include "plan/task.sql.h"
#include "team/team.h"
#include <string.h>

static HibTask
of_row(const HibSqlTaskRow *row)
{
    return (HibTask){
        .id = row->id,
        .content = {.title = row->title,
                    .note = row->note,
                    .assignee_id = row->assignee_id,
                    .due_on = row->due_on,
                    .campaign_id = row->campaign_id,
                    .post_id = row->post_id},
        .assignee_name = row->assignee_name,
        .has_done_at = row->has_done_at,
        .done_at = row->done_at,
        .done_by_name = row->done_by_name,
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .created_by_name = row->created_by_name ? row->created_by_name : "",
        .version = row->version,
    };
}

bool
hib_tasks(HibDb *db, const HibTaskQuery *query, HibTask **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlTaskRow *rows;
    bool is_read = query->is_done ? hib_sql_task_done(db, query->assignee, query->campaign,
                                                      query->most, &rows, ret_n, error)
                                  : hib_sql_task_open(db, query->assignee, query->campaign,
                                                      query->most, &rows, ret_n, error);
    if (!is_read)
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibTask, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_task(HibDb *db, const char *task, HibTask **ret, GError **error)
{
    HibSqlTaskRow *row;
    if (!hib_sql_task_get(db, task, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "task.unknown", "no task %s", task);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibTask);
    **ret = of_row(row);
    return true;
}

/* --- writing ------------------------------------------------------------------------------------------------------------------ */
static HibTaskContent *
take(HibDb *db, const HibTaskContent *in, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibTaskContent *out = hib_arena_new0(arena, HibTaskContent);
    *out = *in;
    out->title = hib_plan_tidy(arena, in->title);
    out->note = hib_plan_tidy(arena, in->note);
    if (!*out->title) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "task.no_title", "/title", "an empty title");
        return NULL;
    }
    const HibPlanRefs refs = {.campaign_id = in->campaign_id,
                              .post_id = in->post_id,
                              .due_on = in->due_on,
                              .person = in->assignee_id,
                              .person_at = "/assignee_id"};
    return hib_plan_check_refs(db, &refs, error) ? out : NULL;
}

static const char *
audit_text(HibDb *db, const HibTask *task)
{
    cJSON *out = cJSON_CreateObject();
    const struct {
        const char *name, *text;
    } texts[] = {{"name", task->content.title},
                 {"note", task->content.note},
                 {"assignee", task->assignee_name},
                 {"due_on", task->content.due_on},
                 {"campaign_id", task->content.campaign_id},
                 {"post_id", task->content.post_id}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].text && *texts[i].text)
            hib_post_audit_text(out, texts[i].name, texts[i].text);
    cJSON_AddBoolToObject(out, "is_done", task->has_done_at);
    return hib_json_print(hib_db_arena(db), out);
}

HibCharge
hib_task_charge(const HibTask *task)
{
    return (HibCharge){.is_open = !task->has_done_at,
                       .id = task->id,
                       .title = task->content.title,
                       .person = task->content.assignee_id,
                       .due_on = task->content.due_on};
}

static bool
tell(HibDb *db, const char *action, const HibTask *before, const HibTask *after, GError **error)
{
    const char *id = after ? after->id : before->id; /* NOLINT: one of the two is there */
    const HibCharge was = before ? hib_task_charge(before) : (HibCharge){0},
                    is = after ? hib_task_charge(after) : (HibCharge){0};
    return hib_charge_changed(db, before ? &was : NULL, after ? &is : NULL, error) &&
           hib_event_emit(db, "task.changed", id, NULL, error) &&
           hib_audit(db, action, "task", id, before ? audit_text(db, before) : NULL,
                     after ? audit_text(db, after) : NULL, error);
}

static const char *
acting(HibDb *db)
{
    const char *actor = NULL;
    return hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
}

bool
hib_plan_add_task(HibDb *db, const HibTaskContent *content, const char **ret_id, GError **error)
{
    const char *id = hib_db_new_id(db);
    HibTask *made;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    const HibTaskContent *in = tx ? take(db, content, error) : NULL;
    *ret_id = id;
    return in &&
           hib_sql_task_insert(db, id, in->title, in->note, in->assignee_id, in->due_on,
                               in->campaign_id, in->post_id, hib_db_now(db), acting(db), error) &&
           hib_task(db, id, &made, error) && tell(db, "task.create", NULL, made, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_task_change(HibDb *db, const char *task, int64_t version, const HibTaskContent *content,
                HibTask **ret, GError **error)
{
    HibTask *before;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    const HibTaskContent *in =
        tx && hib_task(db, task, &before, error) ? take(db, content, error) : NULL;
    if (!in ||
        !hib_sql_task_update(db, task, version, in->title, in->note, in->assignee_id, in->due_on,
                             in->campaign_id, in->post_id, hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "task.edited",
                      "task %s is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, task,
                      before->version, version);
        return false;
    }
    return hib_task(db, task, ret, error) && tell(db, "task.change", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

/* Twice done stays done when it was first. */
bool
hib_task_set_done(HibDb *db, const char *task, bool is_done, HibTask **ret, GError **error)
{
    HibTask *before;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_task(db, task, &before, error))
        return false;
    if (before->has_done_at == is_done) {
        *ret = before;
        return true;
    }
    return hib_sql_task_set_done(db, task, is_done ? &now : NULL, is_done ? acting(db) : NULL, now,
                                 error) &&
           hib_task(db, task, ret, error) &&
           tell(db, is_done ? "task.done" : "task.reopen", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_task_delete(HibDb *db, const char *task, GError **error)
{
    HibTask *before;
    int64_t gone = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_task(db, task, &before, error) &&
           hib_sql_task_delete(db, task, &gone, error) &&
           tell(db, "task.delete", before, NULL, error) && hib_tx_commit(tx, error);
}
