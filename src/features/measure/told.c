/* What reports tell of goals, unusual days and findings: each as measure itself works it out, in a form that others may read. */
#include "measure/anomaly.h"
#include "measure/finding.h"
#include "measure/goal.h"
#include "measure/rank.h"

bool
hib_measure_told_goals(HibDb *db, const HibZone *zone, int from, int until, HibToldGoal **ret,
                       size_t *ret_n, GError **error)
{
    HibGoal *goals;
    size_t n;
    if (!hib_goals(db, false, &goals, &n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibToldGoal, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        HibGoalStanding stands;
        if (goals[i].content.starts_on > until || goals[i].content.due_on < from)
            continue;
        if (!hib_goal_stands(db, zone, &goals[i], &stands, error))
            return false;
        HibToldGoal told = {.id = goals[i].id,
                            .name = goals[i].content.name,
                            .metric = goals[i].content.metric,
                            .account_id = goals[i].content.account_id,
                            .starts_on = goals[i].content.starts_on,
                            .due_on = goals[i].content.due_on,
                            .target = (double)goals[i].content.target,
                            .as_of = stands.as_of,
                            .actual = stands.actual,
                            .share = stands.share,
                            .chance = stands.chance,
                            .rate_needed = stands.rate_needed,
                            .days_left = stands.days_left,
                            .has_actual = stands.has_actual,
                            .has_chance = stands.outlook == HIB_OUTLOOK_TOLD,
                            .has_rate = stands.has_rate,
                            .is_reached = goals[i].outcome == HIB_OUTCOME_REACHED,
                            .is_missed = goals[i].outcome == HIB_OUTCOME_MISSED,
                            .is_at_risk = stands.is_at_risk};
        size_t at = (*ret_n)++;
        for (; at > 0 && (*ret)[at - 1].due_on > told.due_on; at--)
            (*ret)[at] = (*ret)[at - 1];
        (*ret)[at] = told;
    }
    return true;
}

bool
hib_measure_told_unusual(HibDb *db, int from, int until, HibToldUnusual **ret, size_t *ret_n,
                         GError **error)
{
    *ret_n = 0;
    *ret = NULL;
    for (int is_judged = 0; is_judged < 2; is_judged++) {
        HibAnomalyRow *rows;
        size_t n;
        if (!hib_anomalies(db, is_judged, &rows, &n, error))
            return false;
        HibToldUnusual *all = hib_arena_array(hib_db_arena(db), HibToldUnusual, *ret_n + n + 1);
        for (size_t i = 0; i < *ret_n; i++)
            all[i] = (*ret)[i];
        for (size_t i = 0; i < n; i++)
            if (rows[i].first_day <= until && rows[i].last_day >= from &&
                rows[i].status != HIB_ANOMALY_DISMISSED)
                all[(*ret_n)++] = (HibToldUnusual){
                    rows[i].metric,   rows[i].account_id, rows[i].first_day,
                    rows[i].last_day, rows[i].actual,     rows[i].low,
                    rows[i].high,     rows[i].is_above,   rows[i].note ? rows[i].note : ""};
        *ret = all;
    }
    return true;
}

bool
hib_measure_told_findings(HibDb *db, const HibZone *zone, const char *account, HibToldFinding **ret,
                          size_t *ret_n, GError **error)
{
    static const char *const kinds[] = {"time", "weekday", "type", "hashtag"};
    HibFindings found;
    if (!hib_findings(db, zone, account, &found, error))
        return false;
    const int64_t until = found.since ? hib_measure_day(zone, hib_db_now(db)) : 0;
    *ret = hib_arena_array(hib_db_arena(db), HibToldFinding, found.n + 1);
    *ret_n = found.n;
    for (size_t i = 0; i < found.n; i++) {
        const HibFinding *one = &found.findings[i];
        (*ret)[i] = (HibToldFinding){.kind = kinds[one->kind],
                                     .key = one->key,
                                     .n = one->n,
                                     .lift = one->lift,
                                     .low = one->low,
                                     .high = one->high,
                                     .is_told = one->is_told,
                                     .test_posts = one->test_posts,
                                     .test_weeks = one->test_weeks,
                                     .since = found.since,
                                     .until = until};
    }
    return true;
}

#define TOLD_MOST 12 /* groups of one kind: more are not read */

bool
hib_measure_told_groups(HibDb *db, const HibZone *zone, HibInstant from, HibInstant to,
                        const char *account, HibToldGroup **ret, size_t *ret_n, GError **error)
{
    static const HibBreak kinds[] = {HIB_BREAK_NETWORK, HIB_BREAK_FORMAT, HIB_BREAK_CAMPAIGN,
                                     HIB_BREAK_TAG}; /* as HibToldBy */
    HibArena *arena = hib_db_arena(db);
    *ret = hib_arena_array(arena, HibToldGroup, G_N_ELEMENTS(kinds) * TOLD_MOST);
    *ret_n = 0;
    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        const HibRankQuery query = {.from = from,
                                    .to = to,
                                    .account = account,
                                    .format = -1,
                                    .zone = zone,
                                    .by = kinds[kind],
                                    .metric = hib_metric_find("engagements")};
        HibRankPost *posts = NULL;
        HibBreakGroup all;
        size_t n_posts = 0, n = 0;
        if (!hib_measure_rank(db, &query, &posts, &n_posts, error))
            return false;
        const HibBreakGroup *groups =
            hib_rank_break(arena, zone, posts, n_posts, kinds[kind], &n, &all);
        for (size_t i = 0; i < MIN(n, TOLD_MOST); i++)
            (*ret)[(*ret_n)++] = (HibToldGroup){.by = (HibToldBy)kind,
                                                .key = groups[i].key,
                                                .mean = groups[i].mean,
                                                .total = groups[i].total,
                                                .is_apart = groups[i].is_apart};
    }
    return true;
}
