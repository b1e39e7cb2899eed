/* Goals as rows: written with audit and event, settled once when they are over. */
#include "base/error.h"
#include "base/json.h"
#include "days/days.h"
#include "measure/goal.h"
#include "measure/goal.sql.h"
#include "measure/measure_private.h"
#include "team/team.h"
#include <math.h>
#include <string.h>

#define HISTORY 400 /* days that a forecast looks at, at least */
#define NIGHT_HOUR 4

static HibGoal
of_row(const HibSqlGoalRow *row)
{
    return (HibGoal){.id = row->id,
                     .content = {.name = row->name,
                                 .metric = row->metric,
                                 .account_id = row->account_id,
                                 .owner_id = row->owner_id,
                                 .starts_on = (int)row->starts_on,
                                 .due_on = (int)row->due_on,
                                 .target = row->target},
                     .owner_name = row->owner_name,
                     .created_by_name = row->created_by_name,
                     .outcome = (HibGoalOutcome)row->outcome,
                     .settled_at = row->settled_at,
                     .has_settled_at = row->has_settled_at,
                     .created_at = row->created_at,
                     .updated_at = row->updated_at,
                     .archived_at = row->archived_at,
                     .has_archived_at = row->has_archived_at,
                     .version = row->version};
}

bool
hib_goals(HibDb *db, bool is_archived, HibGoal **ret, size_t *ret_n, GError **error)
{
    HibSqlGoalRow *rows;
    if (!hib_sql_goal_list(db, is_archived, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibGoal, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_goal(HibDb *db, const char *goal, HibGoal **ret, GError **error)
{
    HibSqlGoalRow *row;
    if (!hib_sql_goal_get(db, goal, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "goal.unknown", "no goal %s", goal);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibGoal);
    **ret = of_row(row);
    return true;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */
static bool
check_owner(HibDb *db, const char *owner, GError **error)
{
    const char *role = NULL;
    if (!owner)
        return true;
    if (!hib_team_role(db, owner, &role, error))
        return false;
    if (!role)
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "team.member_unknown", "/owner_id",
                         "%s is no member", owner);
    return role != NULL;
}

static bool
check(HibDb *db, const HibGoalContent *in, GError **error)
{
    HibAccount *account;
    GError *fault = NULL;
    const int days =
        in->starts_on && in->due_on ? hib_measure_day_distance(in->starts_on, in->due_on) : -1;
    if (days < 1 || days > HIB_GOAL_MOST_DAYS) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "goal.bad_days",
                         in->starts_on ? "/due_on" : "/starts_on", "from %d until %d",
                         in->starts_on, in->due_on);
        return false;
    }
    if (in->account_id && !hib_accounts_get(db, in->account_id, &account, &fault)) {
        hib_error_set_pointer(fault, "/account_id");
        g_propagate_error(error, fault);
        return false;
    }
    return check_owner(db, in->owner_id, error);
}

static const char *
audit_text(HibDb *db, const HibGoal *goal)
{
    HibArena *arena = hib_db_arena(db);
    const HibGoalContent *content = &goal->content;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", content->name);
    cJSON_AddStringToObject(out, "metric", content->metric);
    cJSON_AddNumberToObject(out, "target", (double)content->target);
    cJSON_AddStringToObject(out, "starts_on", hib_day_text(arena, content->starts_on));
    cJSON_AddStringToObject(out, "due_on", hib_day_text(arena, content->due_on));
    if (content->account_id)
        cJSON_AddStringToObject(out, "account_id", content->account_id);
    if (goal->owner_name)
        cJSON_AddStringToObject(out, "owner", goal->owner_name);
    cJSON_AddBoolToObject(out, "is_archived", goal->has_archived_at);
    return hib_json_print(arena, out);
}

static const char *
acting(HibDb *db)
{
    const char *actor = NULL;
    return hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
}

/* In the night after the last day it is settled, whatever is read until then. */
static bool
plan_settling(HibDb *db, const HibGoal *goal, GError **error)
{
    if (goal->has_archived_at)
        return hib_jobs_cancel(db, HIB_JOB_GOAL, goal->id, error);
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    const int day = hib_day_plus(goal->content.due_on, 1);
    const HibWall wall = {
        .year = day / 10000, .month = day / 100 % 100, .day = day % 100, .hour = NIGHT_HOUR};
    HibInstant at = hib_db_now(db);
    hib_wall_resolve(zone, &wall, &at, NULL);
    return hib_job_add(db, HIB_JOB_GOAL, goal->id, goal->id, NULL, MAX(at, hib_db_now(db)), NULL,
                       error);
}

static bool
tell(HibDb *db, const char *action, const HibGoal *before, const HibGoal *after, GError **error)
{
    return plan_settling(db, after, error) &&
           hib_event_emit(db, "goal.changed", after->id, NULL, error) &&
           hib_audit(db, action, "goal", after->id, before ? audit_text(db, before) : NULL,
                     audit_text(db, after), error);
}

bool
hib_goal_add(HibDb *db, const HibGoalContent *in, HibGoal **ret, GError **error)
{
    const char *id = hib_db_new_id(db);
    HibSqlGoalN *count;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !check(db, in, error) || !hib_sql_goal_n(db, &count, error))
        return false;
    if (count->n >= HIB_GOALS) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "goal.too_many", "%d goals", HIB_GOALS);
        return false;
    }
    return hib_sql_goal_insert(db, id, in->name, in->metric, in->account_id, in->starts_on,
                               in->due_on, in->target, in->owner_id, hib_db_now(db), acting(db),
                               error) &&
           hib_goal(db, id, ret, error) && tell(db, "goal.create", NULL, *ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_measure_add_goal(HibDb *db, const HibGoalContent *content, GError **error)
{
    HibGoal *made;
    return hib_goal_add(db, content, &made, error);
}

bool
hib_goal_change(HibDb *db, const char *goal, int64_t version, const HibGoalContent *in,
                HibGoal **ret, GError **error)
{
    HibGoal *before;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_goal(db, goal, &before, error) || !check(db, in, error) ||
        !hib_sql_goal_update(db, goal, version, in->name, in->metric, in->account_id, in->starts_on,
                             in->due_on, in->target, in->owner_id, hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "goal.edited",
                      "goal %s is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, goal,
                      before->version, version);
        return false;
    }
    return hib_goal(db, goal, ret, error) && tell(db, "goal.change", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

/* Twice archived stays archived when it was first. */
bool
hib_goal_archive(HibDb *db, const char *goal, bool is_archived, HibGoal **ret, GError **error)
{
    HibGoal *before;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_goal(db, goal, &before, error))
        return false;
    *ret = before;
    if (before->has_archived_at == is_archived)
        return true;
    return hib_sql_goal_archive(db, goal, is_archived ? &now : NULL, now, error) &&
           hib_goal(db, goal, ret, error) &&
           tell(db, is_archived ? "goal.archive" : "goal.restore", before, *ret, error) &&
           hib_tx_commit(tx, error);
}

/* --- how it stands --------------------------------------------------------------------------------------------------- */
bool
hib_goal_stands(HibDb *db, const HibZone *zone, const HibGoal *goal, HibGoalStanding *ret,
                GError **error)
{
    const HibGoalContent *content = &goal->content;
    HibGoalCase of = {.is_level = hib_measure_is_level(content->metric),
                      .starts_on = content->starts_on,
                      .due_on = content->due_on,
                      .today = hib_day_at(zone, hib_db_now(db)),
                      .target = content->target};
    const int from = MIN(content->starts_on, hib_day_plus(of.today, -HISTORY));
    if (!hib_measure_daily(db, zone, content->metric, content->account_id, from,
                           hib_day_plus(of.today, 1), &of.series, error))
        return false;
    hib_goal_judge(hib_db_arena(db), &of, ret);
    return true;
}

/* Its owner hears of it: notify/ reads whom, what and where. */
static bool
tell_outcome(HibDb *db, const HibGoal *goal, HibGoalOutcome outcome, GError **error)
{
    const char *event = outcome == HIB_OUTCOME_REACHED ? "goal.reached" : "goal.missed";
    if (!goal->content.owner_id)
        return hib_event_emit(db, event, goal->id, NULL, error);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "person", goal->content.owner_id);
    cJSON_AddStringToObject(json, "what", goal->content.name);
    cJSON_AddStringToObject(json, "place",
                            hib_arena_printf(hib_db_arena(db), "/measure/goals?goal=%s", goal->id));
    return hib_event_emit(db, event, goal->id, hib_json_print(hib_db_arena(db), json), error);
}

/* A sum that is reached stays reached; a level counts on its day. */
static bool
settle(HibDb *db, const HibZone *zone, const HibGoal *goal, GError **error)
{
    HibGoalStanding stands;
    int64_t changed = 0;
    if (goal->outcome != HIB_OUTCOME_OPEN || goal->has_archived_at)
        return true;
    if (!hib_goal_stands(db, zone, goal, &stands, error))
        return false;
    const bool is_reached = stands.has_actual && stands.actual >= (double)goal->content.target,
               is_over = stands.outlook == HIB_OUTLOOK_OVER,
               is_level = hib_measure_is_level(goal->content.metric);
    if (!is_over && (is_level || !is_reached))
        return true;
    const HibGoalOutcome outcome = is_reached ? HIB_OUTCOME_REACHED : HIB_OUTCOME_MISSED;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_goal_settle(db, goal->id, outcome, hib_db_now(db), &changed, error))
        return false;
    if (!changed)
        return true; /* another runner was first */
    return tell_outcome(db, goal, outcome, error) && hib_tx_commit(tx, error);
}

bool
hib_goals_settle(HibDb *db, const HibZone *zone, GError **error)
{
    HibGoal *goals;
    size_t n;
    if (!hib_goals(db, false, &goals, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!settle(db, zone, &goals[i], error))
            return false;
    return true;
}

/* Twice: the second finds it settled. */
bool
hib_goal_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
             HibJobEnd *end, HibInstant *at G_GNUC_UNUSED, GError **error)
{
    *end = HIB_JOB_DONE;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    return zone && hib_goals_settle(db, zone, error);
}
