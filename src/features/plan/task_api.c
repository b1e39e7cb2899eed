/* Tasks over HTTP, and what waits for the person who asks. */
#include "days/days.h"
#include "http/call.h"
#include "plan/plan_private.h"
#include "team/team.h"

#define MOST 500
#define MINE 100

static HibApiTask
to_api(const HibTask *task)
{
    const HibTaskContent *content = &task->content;
    return (HibApiTask){
        .id = task->id,
        .title = content->title,
        .note = content->note,
        .assignee_id = content->assignee_id,
        .has_assignee_id = content->assignee_id != NULL,
        .assignee_name = task->assignee_name,
        .has_assignee_name = task->assignee_name != NULL,
        .due_on = content->due_on,
        .has_due_on = content->due_on != NULL,
        .campaign_id = content->campaign_id,
        .has_campaign_id = content->campaign_id != NULL,
        .post_id = content->post_id,
        .has_post_id = content->post_id != NULL,
        .done_at = task->done_at,
        .has_done_at = task->has_done_at,
        .done_by_name = task->done_by_name,
        .has_done_by_name = task->done_by_name != NULL,
        .created_at = task->created_at,
        .updated_at = task->updated_at,
        .created_by_name = task->created_by_name,
        .version = task->version,
    };
}

static bool
reply(HibCall *call, int status, const HibTask *task)
{
    const HibApiTask out = to_api(task);
    return hib_reply_task(call, status, &out);
}

static HibTaskContent
content_of(const HibApiTaskDraft *in)
{
    return (HibTaskContent){
        .title = in->title,
        .note = in->note,
        .assignee_id = in->has_assignee_id ? in->assignee_id : NULL,
        .due_on = in->has_due_on ? in->due_on : NULL,
        .campaign_id = in->has_campaign_id ? in->campaign_id : NULL,
        .post_id = in->has_post_id ? in->post_id : NULL,
    };
}

static bool
read_tasks(HibCall *call, const HibTaskQuery *query, HibApiTask **ret, size_t *ret_n,
           GError **error)
{
    HibTask *rows;
    if (!hib_tasks(hib_call_db(call), query, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_call_arena(call), HibApiTask, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = to_api(&rows[i]);
    return true;
}

bool
hib_on_list_tasks(HibCall *call, const HibApiListTasksQuery *query, GError **error)
{
    HibApiTask *out;
    size_t n;
    const HibTaskQuery asked = {.assignee = query->has_assignee ? query->assignee : NULL,
                                .campaign = query->has_campaign ? query->campaign : NULL,
                                .is_done = query->has_done && query->done,
                                .most = MOST + 1};
    if (!read_tasks(call, &asked, &out, &n, error))
        return false;
    const HibApiTaskList list = {.tasks = out, .n_tasks = MIN(n, MOST), .is_cut = n > MOST};
    return hib_reply_task_list(call, 200, &list);
}

bool
hib_on_create_task(HibCall *call, const HibApiTaskDraft *in, GError **error)
{
    const char *id;
    HibTask *made;
    const HibTaskContent content = content_of(in);
    return hib_plan_add_task(hib_call_db(call), &content, &id, error) &&
           hib_task(hib_call_db(call), id, &made, error) && reply(call, 201, made);
}

bool
hib_on_change_task(HibCall *call, const char *task, const HibApiTaskUpdate *in, GError **error)
{
    HibTask *after;
    const HibTaskContent content = content_of(&in->task);
    return hib_task_change(hib_call_db(call), task, in->version, &content, &after, error) &&
           reply(call, 200, after);
}

bool
hib_on_finish_task(HibCall *call, const char *task, const HibApiTaskDone *in, GError **error)
{
    HibTask *after;
    return hib_task_set_done(hib_call_db(call), task, in->is_done, &after, error) &&
           reply(call, 200, after);
}

bool
hib_on_delete_task(HibCall *call, const char *task, GError **error)
{
    return hib_task_delete(hib_call_db(call), task, error) && hib_call_reply_empty(call, 204);
}

/* Posts to approve, tasks and open ideas of the person who asks, the nearest first. */
bool
hib_on_list_mine(HibCall *call, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    const char *person = hib_call_person(call);
    HibWorkspace *workspace;
    HibApiMyApproval *approvals;
    HibApiTask *tasks = NULL;
    HibIdea *ideas = NULL;
    size_t n_approvals, n_tasks = 0, n_ideas = 0;
    bool is_inside = person && g_strcmp0(hib_call_role(call), "client") != 0;
    const HibTaskQuery own = {.assignee = person, .most = MINE};
    if (!hib_team_workspace(db, &workspace, error) ||
        !hib_approvals_mine(call, MINE, &approvals, &n_approvals, error) ||
        (is_inside && (!read_tasks(call, &own, &tasks, &n_tasks, error) ||
                       !hib_ideas(db, person, true, MINE, &ideas, &n_ideas, error))))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    HibApiIdea *out = hib_arena_array(arena, HibApiIdea, n_ideas + 1);
    for (size_t i = 0; i < n_ideas; i++)
        hib_idea_to_api(arena, &ideas[i], &out[i]);
    const HibApiMine mine = {
        .today = hib_day_text(arena, hib_day_at(zone ? zone : hib_zone_utc(), hib_db_now(db))),
        .approvals = approvals,
        .n_approvals = n_approvals,
        .tasks = tasks,
        .n_tasks = n_tasks,
        .ideas = out,
        .n_ideas = n_ideas};
    return hib_reply_mine(call, 200, &mine);
}
