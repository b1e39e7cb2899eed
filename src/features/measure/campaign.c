/* What a campaign came to: the newest readings of its publications added up, and its goal beside them.
 *
 * Only what is read is counted. Readings say engagements (likes, reposts, replies, quotes) and followers; a goal in anything else is told to be unmeasured, never guessed. Rates by followers take each
 * account's newest count. What is missing makes a figure partial; nothing read yet makes it none. */
#include "days/days.h"
#include "measure/campaign.sql.h"
#include "measure/measure_private.h"
#include "measure/overview.sql.h"
#include "plan/plan.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t followers;
    bool is_known;
} Count;

/* account → Count: the last reading before `day`. */
static bool
followers_before(HibDb *db, int64_t day, GHashTable *into, GError **error)
{
    HibSqlMeasureFollowersBefore *rows;
    size_t n;
    if (!hib_sql_measure_followers_before(db, day, NULL, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        Count *count = hib_arena_new0(hib_db_arena(db), Count);
        *count = (Count){.followers = rows[i].followers, .is_known = true};
        g_hash_table_insert(into, (gpointer)rows[i].account_id, count);
    }
    return true;
}

static Count
count_of(GHashTable *counts, const char *account)
{
    const Count *found = g_hash_table_lookup(counts, account);
    return found ? *found : (Count){0};
}

/* --- the goal ---------------------------------------------------------------------------------------------------- */
typedef struct {
    const HibMeasureCampaign *of;
    const HibSqlCampaignReading *rows;
    size_t n;
    GHashTable *now, *before; /* followers now and before the campaign's first day */
} Basis;

static int
by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

/* Engagements by followers of every publication that has both; *ret_n of them. */
static double *
rates(HibArena *arena, const Basis *basis, double *ret_engagements, double *ret_followers,
      size_t *ret_n)
{
    double *out = hib_arena_array(arena, double, basis->n + 1);
    *ret_n = 0;
    *ret_engagements = *ret_followers = 0;
    for (size_t i = 0; i < basis->n; i++) {
        const HibSqlCampaignReading *row = &basis->rows[i];
        const Count followers = count_of(basis->now, row->account_id);
        if (!row->has_as_of || followers.followers <= 0)
            continue;
        out[(*ret_n)++] = (double)row->engagements / (double)followers.followers;
        *ret_engagements += (double)row->engagements;
        *ret_followers += (double)followers.followers;
    }
    return out;
}

static void
take_rate(HibArena *arena, const Basis *basis, bool is_median, HibMeasureGoal *ret)
{
    double engagements, followers;
    size_t n;
    double *each = rates(arena, basis, &engagements, &followers, &n);
    if (!n)
        return;
    qsort(each, n, sizeof *each, by_size);
    double median = n % 2 ? each[n / 2] : (each[n / 2 - 1] + each[n / 2]) / 2;
    ret->actual = is_median ? median : engagements / followers;
    ret->state = n < basis->n ? HIB_GOAL_PARTIAL : HIB_GOAL_MEASURED;
}

/* Of the accounts that the campaign went out on: now, less what they had before its first day. */
static void
take_growth(const Basis *basis, HibMeasureGoal *ret)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    size_t n = 0, n_known = 0;
    for (size_t i = 0; i < basis->n; i++) {
        const char *account = basis->rows[i].account_id;
        if (!g_hash_table_add(seen, (gpointer)account))
            continue;
        const Count now = count_of(basis->now, account), was = count_of(basis->before, account);
        n++;
        if (!now.is_known || !was.is_known)
            continue;
        n_known++;
        ret->actual += (double)(now.followers - was.followers);
    }
    if (n_known)
        ret->state = n_known < n ? HIB_GOAL_PARTIAL : HIB_GOAL_MEASURED;
}

static HibMeasureGoal
goal_of(HibArena *arena, const Basis *basis, const char *metric)
{
    HibMeasureGoal goal = {.state = HIB_GOAL_NOT_YET};
    if (g_str_equal(metric, "engagements")) {
        goal.actual = (double)basis->of->engagements;
        if (basis->of->n_read)
            goal.state = basis->of->n_read < basis->n ? HIB_GOAL_PARTIAL : HIB_GOAL_MEASURED;
    } else if (g_str_equal(metric, "er_followers") || g_str_equal(metric, "er_post_median")) {
        take_rate(arena, basis, g_str_equal(metric, "er_post_median"), &goal);
    } else if (g_str_equal(metric, "follower_growth")) {
        take_growth(basis, &goal);
    } else {
        goal.state = HIB_GOAL_UNMEASURED;
    }
    return goal;
}

/* --- all of it --------------------------------------------------------------------------------------------------- */
static void
add_up(const HibSqlCampaignReading *rows, size_t n, HibMeasureCampaign *ret)
{
    ret->n_published = n;
    for (size_t i = 0; i < n; i++) {
        const HibSqlCampaignReading *row = &rows[i];
        if (!row->has_as_of)
            continue;
        ret->as_of = ret->n_read ? MIN(ret->as_of, row->as_of) : row->as_of;
        ret->n_read++;
        ret->engagements += row->engagements;
        ret->values[HIB_MEASURE_LIKES] += row->likes;
        ret->values[HIB_MEASURE_REPOSTS] += row->reposts;
        ret->values[HIB_MEASURE_REPLIES] += row->replies;
        ret->values[HIB_MEASURE_QUOTES] += row->quotes;
        HibMeasureCampaignPost *last = ret->n_posts ? &ret->posts[ret->n_posts - 1] : NULL;
        if (last && g_str_equal(last->post, row->post_id)) {
            last->engagements += row->engagements;
            last->as_of = MIN(last->as_of, row->as_of);
            continue;
        }
        ret->posts[ret->n_posts++] = (HibMeasureCampaignPost){
            .post = row->post_id, .engagements = row->engagements, .as_of = row->as_of};
    }
}

/* The first day of the campaign: as written, else of what went out first. yyyymmdd. */
static int64_t
first_day(const HibCampaign *campaign, const HibZone *zone, const HibSqlCampaignReading *rows,
          size_t n, HibInstant now)
{
    HibInstant first = now;
    if (campaign->content.starts_on)
        return hib_day_number(campaign->content.starts_on);
    for (size_t i = 0; i < n; i++)
        first = MIN(first, rows[i].published_at);
    return hib_measure_day(zone, first);
}

bool
hib_measure_campaign(HibDb *db, const HibZone *zone, const char *campaign, HibMeasureCampaign *ret,
                     GError **error)
{
    HibCampaign *about;
    HibSqlCampaignReading *rows;
    size_t n;
    HibInstant now = hib_db_now(db);
    *ret = (HibMeasureCampaign){0};
    if (!hib_plan_campaign(db, campaign, &about, error) ||
        !hib_sql_measure_campaign(db, campaign, &rows, &n, error))
        return false;
    ret->posts = hib_arena_array(hib_db_arena(db), HibMeasureCampaignPost, n + 1);
    add_up(rows, n, ret);
    if (!about->content.goal_metric)
        return true;
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) before = g_hash_table_new(g_str_hash, g_str_equal);
    int64_t tomorrow = hib_measure_day_shift(hib_measure_day(zone, now), 1);
    if (!followers_before(db, tomorrow, counts, error) ||
        !followers_before(db, first_day(about, zone, rows, n, now), before, error))
        return false;
    const Basis basis = {ret, rows, n, counts, before};
    ret->has_goal = true;
    ret->metric = about->content.goal_metric;
    ret->goal = goal_of(hib_db_arena(db), &basis, ret->metric);
    ret->goal.target = about->content.goal_target;
    return true;
}
