/* What is somebody's to do, an idea or a task: they are told when it is given to them, and reminded on the morning before it is due and on the morning itself. One waiting reminder for each,
 * moved when the day or the person changes; when it runs it looks again, so that nobody hears of what is done. Others tell the person (events task.… and idea.…). */
#include "base/json.h"
#include "days/days.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define REMIND_HOUR 9

bool
hib_charge_next(const HibZone *zone, const char *due_on, HibInstant now, HibInstant *ret)
{
    int due = hib_day_number(due_on);
    for (int before = 1; before >= 0; before--) {
        int day = hib_day_plus(due, -before);
        const HibWall wall = {
            .year = day / 10000, .month = day / 100 % 100, .day = day % 100, .hour = REMIND_HOUR};
        HibWallFit fit;
        if (hib_wall_resolve(zone, &wall, ret, &fit) && *ret > now)
            return true;
    }
    return false;
}

static bool
next_reminder(HibDb *db, const HibCharge *charge, HibInstant *ret, bool *ret_is_any, GError **error)
{
    HibWorkspace *workspace;
    *ret_is_any = false;
    if (!charge->is_open || !charge->person || !charge->due_on)
        return true;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    *ret_is_any =
        hib_charge_next(zone ? zone : hib_zone_utc(), charge->due_on, hib_db_now(db), ret);
    return true;
}

static const char *
data_of(HibDb *db, const HibCharge *charge, const char *by, const char *name)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "person", charge->person);
    cJSON_AddStringToObject(json, "what", charge->title);
    cJSON_AddStringToObject(json, "place",
                            charge->is_idea
                                ? hib_arena_printf(hib_db_arena(db), "/ideas?idea=%s", charge->id)
                                : "/tasks");
    if (by)
        cJSON_AddStringToObject(json, "by", by);
    cJSON_AddStringToObject(json, "name", name);
    return hib_json_print(hib_db_arena(db), json);
}

static bool
tell_given(HibDb *db, const HibCharge *charge, GError **error)
{
    const char *actor = NULL, *name = "";
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    return (!by || hib_team_person_name(db, by, &name, error)) &&
           hib_event_emit(db, charge->is_idea ? "idea.assigned" : "task.assigned", charge->id,
                          data_of(db, charge, by, name), error);
}

static bool
is_same(const HibCharge *a, const HibCharge *b)
{
    return a->is_open == b->is_open && g_strcmp0(a->person, b->person) == 0 &&
           g_strcmp0(a->due_on, b->due_on) == 0;
}

bool
hib_charge_changed(HibDb *db, const HibCharge *before, const HibCharge *after, GError **error)
{
    HibInstant at;
    bool is_any;
    if (!after)
        return hib_jobs_cancel(db, HIB_PLAN_DUE, before->id, error);
    if (before && is_same(before, after))
        return true;
    bool is_given = after->is_open && after->person &&
                    (!before || g_strcmp0(before->person, after->person) != 0);
    if ((is_given && !tell_given(db, after, error)) ||
        !next_reminder(db, after, &at, &is_any, error))
        return false;
    if (!is_any)
        return !before || hib_jobs_cancel(db, HIB_PLAN_DUE, after->id, error);
    return hib_job_add(db, HIB_PLAN_DUE, after->id, after->id,
                       after->is_idea ? "{\"is_idea\":true}" : NULL, at, NULL, error);
}

/* What the job is about, as it is now; *ret_is_there false: gone. */
static bool
read_charge(HibDb *db, const HibJob *job, HibCharge *ret, bool *ret_is_there, GError **error)
{
    HibJson payload = {0};
    bool is_idea = false;
    HibIdea *idea;
    HibTask *task;
    g_autoptr(GError) gone = NULL;
    if (job->json && *job->json &&
        (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &payload, error) ||
         !hib_json_opt_bool(payload, "is_idea", &is_idea, error)))
        return false;
    *ret_is_there = is_idea ? hib_idea(db, job->subject, &idea, &gone)
                            : hib_task(db, job->subject, &task, &gone);
    if (*ret_is_there)
        *ret = is_idea ? hib_idea_charge(idea) : hib_task_charge(task);
    return true;
}

/* Twice: the second finds the same and tells again; notices are unique by the event's own job. */
bool
hib_charge_remind(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                  HibInstant *ret_at, GError **error)
{
    HibCharge charge;
    bool is_there, is_any;
    *ret_end = HIB_JOB_DONE;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !read_charge(db, job, &charge, &is_there, error))
        return false;
    if (!is_there || !charge.is_open || !charge.person || !charge.due_on)
        return true;
    if (!hib_event_emit(db, charge.is_idea ? "idea.due" : "task.due", charge.id,
                        data_of(db, &charge, NULL, charge.due_on), error) ||
        !next_reminder(db, &charge, ret_at, &is_any, error))
        return false;
    if (is_any)
        *ret_end = HIB_JOB_AGAIN;
    return hib_tx_commit(tx, error);
}
