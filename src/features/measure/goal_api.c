/* Goals over HTTP, each with how it stands. */
#include "base/error.h"
#include "days/days.h"
#include "http/call.h"
#include "measure/goal.h"
#include "measure/measure_private.h"

#define SPARK 60 /* days in a list */

static void
put_standing(HibArena *arena, const HibGoalStanding *is, HibApiGoal *out)
{
    const HibGoalFan *end = is->n_fan ? &is->fan[is->n_fan - 1] : NULL;
    const size_t n = MIN(is->n_past, SPARK);
    out->actual = is->actual;
    out->has_actual = out->has_share = out->has_as_of = is->has_actual;
    out->start = is->start;
    out->counted = is->counted;
    out->has_counted = is->has_actual && !out->is_level;
    out->share = is->share;
    out->as_of = hib_measure_day_text(arena, is->as_of);
    out->elapsed = is->elapsed;
    out->line = is->line;
    out->days_left = is->days_left;
    out->rate_needed = is->rate_needed;
    out->has_rate_needed = is->has_actual && is->days_left > 0;
    out->rate_lately = is->rate_lately;
    out->has_rate_lately = is->has_rate;
    out->outlook = (int)is->outlook;
    out->days_missing = is->days_missing;
    out->has_days_missing = is->days_missing > 0;
    out->is_at_risk = is->is_at_risk;
    out->spark = hib_arena_array(arena, double, n + 1);
    for (size_t i = 0; i < n; i++)
        out->spark[out->n_spark++] = is->past[is->n_past - n + i].value;
    out->has_forecast = end != NULL;
    if (end)
        out->forecast = (HibApiGoalForecast){end->mean,  end->low80,  end->high80,
                                             end->low95, end->high95, is->chance};
}

static bool
to_api(HibCall *call, const HibZone *zone, const HibGoal *goal, HibGoalStanding *standing,
       HibApiGoal *out, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibGoalContent *content = &goal->content;
    if (!hib_goal_stands(hib_call_db(call), zone, goal, standing, error))
        return false;
    *out = (HibApiGoal){
        .id = goal->id,
        .name = content->name,
        .metric = hib_api_goal_metric_from(content->metric),
        .is_level = hib_measure_is_level(content->metric),
        .account_id = content->account_id,
        .has_account_id = content->account_id != NULL,
        .starts_on = hib_day_text(arena, content->starts_on),
        .due_on = hib_day_text(arena, content->due_on),
        .target = content->target,
        .owner_id = content->owner_id,
        .has_owner_id = content->owner_id != NULL,
        .owner_name = goal->owner_name,
        .has_owner_name = goal->owner_name != NULL,
        .outcome = (int)goal->outcome,
        .settled_at = goal->settled_at,
        .has_settled_at = goal->has_settled_at,
        .created_at = goal->created_at,
        .created_by_name = goal->created_by_name ? goal->created_by_name : "",
        .updated_at = goal->updated_at,
        .archived_at = goal->archived_at,
        .has_archived_at = goal->has_archived_at,
        .version = goal->version,
    };
    put_standing(arena, standing, out);
    return true;
}

static bool
reply(HibCall *call, int status, const HibGoal *goal, GError **error)
{
    HibGoalStanding standing;
    HibApiGoal out;
    g_autoptr(HibZone) zone = hib_measure_zone(hib_call_db(call), error);
    return zone && to_api(call, zone, goal, &standing, &out, error) &&
           hib_reply_goal(call, status, &out);
}

static HibGoalContent
content_of(const HibApiGoalDraft *in)
{
    return (HibGoalContent){
        .name = in->name,
        .metric = hib_api_goal_draft_metric_names[in->metric],
        .account_id = in->has_account_id ? in->account_id : NULL,
        .owner_id = in->has_owner_id ? in->owner_id : NULL,
        .starts_on = hib_day_number(in->starts_on),
        .due_on = hib_day_number(in->due_on),
        .target = in->target,
    };
}

bool
hib_on_list_goals(HibCall *call, const HibApiListGoalsQuery *query, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibGoal *goals;
    HibGoalStanding standing;
    size_t n;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !hib_goals(db, query->has_archived && query->archived, &goals, &n, error))
        return false;
    HibApiGoalList list = {.today =
                               hib_day_text(hib_call_arena(call), hib_day_at(zone, hib_db_now(db))),
                           .goals = hib_arena_array(hib_call_arena(call), HibApiGoal, n + 1),
                           .n_goals = n};
    for (size_t i = 0; i < n; i++)
        if (!to_api(call, zone, &goals[i], &standing, &list.goals[i], error))
            return false;
    return hib_reply_goal_list(call, 200, &list);
}

bool
hib_on_create_goal(HibCall *call, const HibApiGoalDraft *in, GError **error)
{
    const HibGoalContent content = content_of(in);
    HibGoal *made;
    return hib_goal_add(hib_call_db(call), &content, &made, error) && reply(call, 201, made, error);
}

bool
hib_on_get_goal(HibCall *call, const char *goal, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibGoal *known;
    HibGoalStanding is;
    HibApiGoalView view = {0};
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone || !hib_goal(db, goal, &known, error) ||
        !to_api(call, zone, known, &is, &view.goal, error))
        return false;
    view.past = hib_arena_array(arena, HibApiGoalPoint, is.n_past + 1);
    view.fan = hib_arena_array(arena, HibApiGoalFan, is.n_fan + 1);
    for (; view.n_past < is.n_past; view.n_past++)
        view.past[view.n_past] = (HibApiGoalPoint){
            hib_measure_day_text(arena, is.past[view.n_past].day), is.past[view.n_past].value};
    for (; view.n_fan < is.n_fan; view.n_fan++) {
        const HibGoalFan *day = &is.fan[view.n_fan];
        view.fan[view.n_fan] = (HibApiGoalFan){hib_measure_day_text(arena, day->day),
                                               day->mean,
                                               day->low80,
                                               day->high80,
                                               day->low95,
                                               day->high95};
    }
    return hib_reply_goal_view(call, 200, &view);
}

bool
hib_on_change_goal(HibCall *call, const char *goal, const HibApiGoalUpdate *in, GError **error)
{
    const HibGoalContent content = content_of(&in->goal);
    HibGoal *after;
    return hib_goal_change(hib_call_db(call), goal, in->version, &content, &after, error) &&
           reply(call, 200, after, error);
}

bool
hib_on_archive_goal(HibCall *call, const char *goal, const HibApiGoalArchive *in, GError **error)
{
    HibGoal *after;
    return hib_goal_archive(hib_call_db(call), goal, in->is_archived, &after, error) &&
           reply(call, 200, after, error);
}
