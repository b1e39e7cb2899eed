/* Series and slots over HTTP. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "days/days.h"
#include "http/call.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"
#include "publish/series.h"
#include "team/team.h"

#include <stdio.h>

/* --- the rule, as the contract has it ---------------------------------------------------------------------------------------- */
static int
read_minute(const char *text) /* the contract's pattern lets only HH:MM in */
{
    return (text[0] - '0') * 600 + (text[1] - '0') * 60 + (text[3] - '0') * 10 + (text[4] - '0');
}

static const char *
minute_text(HibArena *arena, int minute)
{
    return hib_arena_printf(arena, "%02d:%02d", minute / 60, minute % 60);
}

static int
by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static bool
read_days(const HibApiSeriesRule *in, HibRecurrence *rule, GError **error)
{
    rule->from = hib_day_number(in->from);
    rule->until = in->has_until ? hib_day_number(in->until) : 0;
    for (size_t i = 0; i < in->n_skips; i++)
        if ((rule->skips[rule->n_skips] = hib_day_number(in->skips[i])))
            rule->n_skips++;
    qsort(rule->skips, (size_t)rule->n_skips, sizeof(int), by_number);
    if (in->has_until && !rule->until) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "series.bad_day", "/rule/until", "no such day");
        return false;
    }
    return true;
}

static bool
read_rule(const HibApiSeriesRule *in, HibRecurrence *rule, GError **error)
{
    *rule = (HibRecurrence){.frequency = (HibFrequency)in->frequency,
                            .interval = in->has_interval ? (int)in->interval : 1,
                            .nth = in->has_nth ? (int)in->nth : 0};
    for (size_t i = 0; i < in->n_weekdays; i++)
        rule->weekdays |= 1u << in->weekdays[i];
    for (size_t i = 0; i < in->n_month_days; i++)
        rule->month_days |= in->month_days[i] < 0 ? 1u : 1u << in->month_days[i];
    for (size_t i = 0; i < in->n_times && rule->n_times < HIB_RECURRENCE_TIMES; i++)
        rule->minutes[rule->n_times++] = read_minute(in->times[i]);
    qsort(rule->minutes, (size_t)rule->n_times, sizeof(int), by_number);
    return read_days(in, rule, error);
}

static void
rule_to_api(HibArena *arena, const HibRecurrence *rule, HibApiSeriesRule *out)
{
    int64_t *weekdays = hib_arena_array(arena, int64_t, 8);
    int64_t *month_days = hib_arena_array(arena, int64_t, 33);
    const char **times = hib_arena_array(arena, const char *, HIB_RECURRENCE_TIMES);
    const char **skips = hib_arena_array(arena, const char *, HIB_RECURRENCE_SKIPS);
    *out = (HibApiSeriesRule){.frequency = (int)rule->frequency,
                              .has_interval = true,
                              .interval = rule->interval,
                              .has_nth = rule->nth != 0,
                              .nth = rule->nth,
                              .from = hib_day_text(arena, rule->from),
                              .has_until = rule->until != 0,
                              .until = rule->until ? hib_day_text(arena, rule->until) : NULL,
                              .has_weekdays = true,
                              .weekdays = weekdays,
                              .has_month_days = true,
                              .month_days = month_days,
                              .times = times,
                              .has_skips = true,
                              .skips = skips};
    for (int day = 1; day <= 7; day++)
        if (rule->weekdays & (1u << day))
            weekdays[out->n_weekdays++] = day;
    for (int day = 1; day <= 31; day++)
        if (rule->month_days & (1u << day))
            month_days[out->n_month_days++] = day;
    if (rule->month_days & 1)
        month_days[out->n_month_days++] = -1;
    for (int i = 0; i < rule->n_times; i++)
        times[out->n_times++] = minute_text(arena, rule->minutes[i]);
    for (int i = 0; i < rule->n_skips; i++)
        skips[out->n_skips++] = hib_day_text(arena, rule->skips[i]);
}

/* --- series ------------------------------------------------------------------------------------------------------------------- */
/* Its drafts that a network could not fetch the media of; told when it is saved, not when a post is due. */
static bool
find_unreachable(HibCall *call, const HibSeries *series, HibApiSeries *out, GError **error)
{
    const char **ids = hib_arena_array(hib_call_arena(call), const char *, series->n_posts + 1);
    for (size_t i = 0; i < series->n_posts; i++) {
        HibPost *post;
        HibPostProblem problem;
        bool is_unreachable = false;
        g_autoptr(GError) gone = NULL;
        if (!hib_plan_get(hib_call_db(call), series->post_ids[i], false, &post, &gone))
            continue; /* deleted since: its times say so */
        if (!hib_schedule_unreachable(hib_call_db(call), hib_call_context(call), post, &problem,
                                      &is_unreachable, error))
            return false;
        if (is_unreachable)
            ids[out->n_unreachable++] = series->post_ids[i];
    }
    out->unreachable = ids;
    return true;
}

/* Its drafts that it says again too soon, and whether somebody let them. */
static bool
find_repeats(HibCall *call, const HibSeries *series, HibApiSeries *out, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibSeriesRepeat *rows;
    size_t n;
    if (!hib_series_repeats(db, series, &rows, &n, error))
        return false;
    HibApiSeriesRepeat *repeats = hib_arena_array(hib_call_arena(call), HibApiSeriesRepeat, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibPost *post;
        bool is_let_pass = false;
        if (!hib_plan_get(db, rows[i].post_id, false, &post, error) ||
            !hib_publish_is_let_pass(db, post, &is_let_pass, error))
            return false;
        repeats[i] = (HibApiSeriesRepeat){.post_id = rows[i].post_id,
                                          .network = rows[i].network,
                                          .rule = rows[i].rule,
                                          .due_at = rows[i].due_at,
                                          .before_at = rows[i].before_at,
                                          .is_let_pass = is_let_pass};
    }
    out->repeats = repeats;
    out->n_repeats = n;
    return true;
}

static void
to_api(HibArena *arena, const HibSeries *series, HibApiSeries *out)
{
    HibApiOccurrence *coming = hib_arena_array(arena, HibApiOccurrence, series->n_coming + 1);
    for (size_t i = 0; i < series->n_coming; i++)
        coming[i] = (HibApiOccurrence){.due_at = series->coming[i].due_at,
                                       .post_id = series->coming[i].post_id,
                                       .has_post_id = series->coming[i].post_id != NULL,
                                       .error_reason = series->coming[i].error_reason,
                                       .has_error_reason = series->coming[i].error_reason != NULL};
    *out = (HibApiSeries){.id = series->id,
                          .name = series->name,
                          .zone = series->zone,
                          .state = (int)series->state,
                          .post_ids = (const char **)series->post_ids,
                          .n_post_ids = series->n_posts,
                          .coming = coming,
                          .n_coming = series->n_coming,
                          .version = series->version};
    rule_to_api(arena, &series->rule, &out->rule);
}

static bool
reply(HibCall *call, int status, const HibSeries *series, GError **error)
{
    HibApiSeries out;
    to_api(hib_call_arena(call), series, &out);
    return find_unreachable(call, series, &out, error) && find_repeats(call, series, &out, error) &&
           hib_reply_series(call, status, &out);
}

bool
hib_on_list_series(HibCall *call, GError **error)
{
    HibSeries *rows;
    size_t n;
    if (!hib_series_list(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiSeries *out = hib_arena_array(hib_call_arena(call), HibApiSeries, n + 1);
    for (size_t i = 0; i < n; i++) {
        to_api(hib_call_arena(call), &rows[i], &out[i]);
        if (!find_unreachable(call, &rows[i], &out[i], error) ||
            !find_repeats(call, &rows[i], &out[i], error))
            return false;
    }
    const HibApiSeriesList list = {.series = out, .n_series = n};
    return hib_reply_series_list(call, 200, &list);
}

/* The zone that was named, else the workspace's. */
static bool
zone_of(HibDb *db, bool has_zone, const char *named, const char **ret, GError **error)
{
    HibWorkspace *workspace;
    *ret = named;
    if (has_zone)
        return true;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    *ret = workspace->zone;
    return true;
}

bool
hib_on_create_series(HibCall *call, const HibApiSeriesDraft *in, GError **error)
{
    HibSeries *made;
    HibDb *db = hib_call_db(call);
    HibSeriesContent content = {.name = in->name,
                                .post_ids = in->post_ids,
                                .n_posts = in->n_post_ids,
                                .state =
                                    in->has_state ? (HibSeriesState)in->state : HIB_SERIES_RUNNING};
    return zone_of(db, in->has_zone, in->zone, &content.zone, error) &&
           read_rule(&in->rule, &content.rule, error) &&
           hib_series_add(db, &content, &made, error) && reply(call, 201, made, error);
}

bool
hib_on_change_series(HibCall *call, const char *series, const HibApiSeriesUpdate *in,
                     GError **error)
{
    HibSeries *after;
    HibDb *db = hib_call_db(call);
    HibSeriesContent content = {.name = in->name,
                                .zone = in->zone,
                                .post_ids = in->post_ids,
                                .n_posts = in->n_post_ids,
                                .state = (HibSeriesState)in->state};
    return read_rule(&in->rule, &content.rule, error) &&
           hib_series_change(db, series, in->version, &content, &after, error) &&
           reply(call, 200, after, error);
}

static bool
reply_times(HibCall *call, HibInstant *times, size_t n)
{
    const HibApiTimes out = {.times = times, .n_times = n};
    return hib_reply_times(call, 200, &out);
}

#define PREVIEWED 10

bool
hib_on_preview_series(HibCall *call, const HibApiSeriesPreview *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibInstant now = hib_db_now(db);
    HibInstant *times = hib_arena_array(hib_call_arena(call), HibInstant, PREVIEWED);
    HibRecurrence rule;
    const char *name;
    if (!zone_of(db, in->has_zone, in->zone, &name, error) || !read_rule(&in->rule, &rule, error) ||
        !hib_recurrence_check(&rule, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(name);
    if (!zone) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_zone", "/zone", "no zone %s", name);
        return false;
    }
    return reply_times(
        call, times,
        hib_recurrence_between(&rule, zone, now, now + 800 * HIB_DAY, times, PREVIEWED));
}

/* --- slots ---------------------------------------------------------------------------------------------------------------------- */
static bool
reply_slots(HibCall *call, GError **error)
{
    HibSlot *rows;
    HibAccountGap *gaps;
    size_t n, n_gaps;
    if (!hib_slots_list(hib_call_db(call), &rows, &n, error) ||
        !hib_slots_gaps(hib_call_db(call), &gaps, &n_gaps, error))
        return false;
    HibApiAccountGap *apart = hib_arena_array(hib_call_arena(call), HibApiAccountGap, n_gaps + 1);
    for (size_t i = 0; i < n_gaps; i++)
        apart[i] = (HibApiAccountGap){.account_id = gaps[i].account_id, .minutes = gaps[i].minutes};
    HibApiSlot *out = hib_arena_array(hib_call_arena(call), HibApiSlot, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiSlot){.account_id = rows[i].account_id,
                              .weekday = rows[i].weekday,
                              .time = minute_text(hib_call_arena(call), rows[i].minute)};
    const HibApiSlotList list = {.slots = out, .n_slots = n, .gaps = apart, .n_gaps = n_gaps};
    return hib_reply_slot_list(call, 200, &list);
}

bool
hib_on_list_slots(HibCall *call, GError **error)
{
    return reply_slots(call, error);
}

bool
hib_on_set_slots(HibCall *call, const char *account, const HibApiSlotChange *in, GError **error)
{
    HibSlot *slots = hib_arena_array(hib_call_arena(call), HibSlot, in->n_slots + 1);
    for (size_t i = 0; i < in->n_slots; i++)
        slots[i] = (HibSlot){.weekday = (int)in->slots[i].weekday,
                             .minute = read_minute(in->slots[i].time)};
    return hib_slots_set(hib_call_db(call), account, slots, in->n_slots,
                         in->has_min_gap_minutes ? &in->min_gap_minutes : NULL, error) &&
           reply_slots(call, error);
}

bool
hib_on_next_slots(HibCall *call, const char *account, GError **error)
{
    HibInstant *times = hib_arena_array(hib_call_arena(call), HibInstant, PREVIEWED);
    HibAccount *found;
    size_t n;
    return hib_accounts_get(hib_call_db(call), account, &found, error) &&
           hib_slots_next(hib_call_db(call), &account, 1, times, PREVIEWED, &n, error) &&
           reply_times(call, times, n);
}

bool
hib_on_queue_post(HibCall *call, const char *post, GError **error)
{
    HibPost *after;
    HibApiPost out;
    if (!hib_slots_queue(hib_call_db(call), post, &after, error))
        return false;
    hib_plan_to_api(hib_call_arena(call), after, &out);
    return hib_reply_post(call, 200, &out);
}
