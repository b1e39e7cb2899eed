/* Opening times and promises of a workspace: what is stored is text that a person can read; counting is sla.c's.
 *
 * The usual, as long as nobody chose: weekdays nine to six, closed on holidays. The gravest are looked at within half an hour round the clock and the grave within an hour, which is
 * what crisis manuals ask of a first judgement and a first report; the rest within one and three working days. */
#include "base/error.h"
#include "days/days.h"
#include "engage/desk.h"
#include "engage/hours.sql.h"
#include "team/team.h"
#include <stdlib.h>
#include <string.h>

#define WEEKDAY "09:00-18:00"
#define MOST_MINUTES (60 * 24 * 60)
static const int64_t usual_minutes[HIB_SLA_LEVELS] = {3 * 9 * 60, 9 * 60, 60, 30};

/* --- stored ------------------------------------------------------------------------------------------------------------------ */
/* Copies: what is split lives in the arena. */
static const char **
split(HibArena *arena, const char *text, const char *by, size_t *ret_n)
{
    g_auto(GStrv) parts = g_strsplit(text, by, -1);
    *ret_n = *text ? g_strv_length(parts) : 0;
    const char **out = hib_arena_array(arena, const char *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        out[i] = hib_arena_strdup(arena, parts[i]);
    return out;
}

static const char *
join(HibArena *arena, const char *const *parts, size_t n, const char *by)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? by : "", parts[i]);
    return hib_arena_strdup(arena, out->str);
}

static bool
usual(HibDb *db, HibHoursSetting *ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    *ret =
        (HibHoursSetting){.zone = workspace->zone, .closed_on_holidays = true, .now_always = true};
    for (size_t i = 0; i < 7; i++)
        ret->week[i] = i < 5 ? WEEKDAY : "";
    memcpy(ret->minutes, usual_minutes, sizeof usual_minutes);
    return true;
}

bool
hib_hours_get(HibDb *db, HibHoursSetting *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlHoursGet *row;
    size_t n;
    if (!hib_sql_hours_get(db, &row, error))
        return false;
    if (!row)
        return usual(db, ret, error);
    *ret = (HibHoursSetting){.zone = row->zone,
                             .closed_on_holidays = row->closed_on_holidays,
                             .now_always = row->now_always,
                             .version = row->version};
    g_auto(GStrv) week = g_strsplit(row->week, "|", 7);
    const char **minutes = split(arena, row->minutes, ",", &n);
    for (size_t i = 0; i < 7; i++)
        ret->week[i] = i < g_strv_length(week) ? hib_arena_strdup(arena, week[i]) : "";
    for (size_t i = 0; i < HIB_SLA_LEVELS && i < n; i++)
        ret->minutes[i] = g_ascii_strtoll(minutes[i], NULL, 10);
    ret->closed = split(arena, row->closed, ",", &ret->n_closed);
    return true;
}

/* --- counting -------------------------------------------------------------------------------------------------------------------- */
static int
by_day(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void
read_hours(HibArena *arena, const HibHoursSetting *setting, HibHours *ret)
{
    int *closed = hib_arena_array(arena, int, setting->n_closed + 1);
    *ret = (HibHours){.closed_on_holidays = setting->closed_on_holidays, .closed = closed};
    for (size_t i = 0; i < 7; i++)
        if (!hib_open_parse(setting->week[i], ret->open[i], &ret->n_open[i]))
            ret->n_open[i] = 0;
    for (size_t i = 0; i < setting->n_closed; i++)
        closed[ret->n_closed++] = hib_day_number(setting->closed[i]);
    qsort(closed, ret->n_closed, sizeof *closed, by_day);
}

static void
zone_gone(void *zone)
{
    hib_zone_unref(zone);
}

bool
hib_sla_load(HibDb *db, HibSla *ret, GError **error)
{
    HibHoursSetting setting;
    if (!hib_hours_get(db, &setting, error))
        return false;
    HibZone *zone = hib_zone_open(setting.zone);
    if (!zone)
        zone = hib_zone_utc();
    hib_arena_defer(hib_db_arena(db), zone_gone, zone);
    *ret = (HibSla){.zone = zone, .now_always = setting.now_always};
    memcpy(ret->minutes, setting.minutes, sizeof ret->minutes);
    read_hours(hib_db_arena(db), &setting, &ret->hours);
    return true;
}

/* As far as what the classifier gives (core/text/classify.c): crises are at 85, complaints at 50, questions at 35, praise below 10. */
int
hib_sla_level(int urgency)
{
    return urgency >= 80 ? 3 : urgency >= 50 ? 2 : urgency >= 20 ? 1 : 0;
}

HibInstant
hib_sla_due(HibSla *sla, HibInstant waiting_since, int urgency)
{
    int level = hib_sla_level(urgency);
    HibDuration allowance = sla->minutes[level] * HIB_MINUTE;
    if (!allowance)
        return 0;
    if (level == HIB_SLA_LEVELS - 1 && sla->now_always)
        return waiting_since + allowance;
    HibInstant due =
        hib_hours_due_near(&sla->hours, sla->zone, waiting_since, allowance, &sla->memo[level]);
    return due == HIB_NEVER ? 0 : due;
}

#define DUE_BATCH 500

/* In batches, each its own transaction: a run that ends half way begins anew and finds what is right already right. */
bool
hib_engage_due_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                   HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibSla sla;
    const char *after = "";
    size_t n = DUE_BATCH;
    *ret_end = HIB_JOB_DONE;
    if (!hib_sla_load(db, &sla, error))
        return false;
    while (n == DUE_BATCH) {
        HibSqlHoursWaiting *rows;
        int64_t changed;
        g_autoptr(HibTx) tx = hib_tx_begin(db, error);
        if (!tx || !hib_sql_hours_waiting(db, after, DUE_BATCH, &rows, &n, error))
            return false;
        for (size_t i = 0; i < n; i++) {
            HibInstant due = hib_sla_due(&sla, rows[i].waiting_since, (int)rows[i].urgency);
            if (!hib_sql_hours_set_due(db, rows[i].id, due ? &due : NULL, &changed, error))
                return false;
            after = rows[i].id;
        }
        if (!hib_tx_commit(tx, error))
            return false;
    }
    return true;
}

/* --- choosing ---------------------------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, const char *reason, const char *pointer, const char *what)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s", what);
    return false;
}

static bool
check_week(const HibHoursSetting *setting, HibHours *ret, GError **error)
{
    for (size_t i = 0; i < 7; i++)
        if (!hib_open_parse(setting->week[i], ret->open[i], &ret->n_open[i])) {
            g_autofree char *pointer = g_strdup_printf("/week/%zu", i);
            return refuse(error, "hours.bad_time", pointer, "no opening times");
        }
    if (!hib_hours_any(ret))
        return refuse(error, "hours.never_open", "/week", "never open");
    for (size_t i = 0; i < setting->n_closed; i++)
        if (!hib_day_number(setting->closed[i])) {
            g_autofree char *pointer = g_strdup_printf("/closed/%zu", i);
            return refuse(error, "hours.bad_day", pointer, "no day");
        }
    return true;
}

static bool
check(const HibHoursSetting *setting, GError **error)
{
    HibHours hours = {0};
    g_autoptr(HibZone) zone = hib_zone_open(setting->zone);
    if (!zone)
        return refuse(error, "team.bad_zone", "/zone", "no zone of this machine");
    return check_week(setting, &hours, error);
}

static bool
store(HibDb *db, const HibHoursSetting *in, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *minutes[HIB_SLA_LEVELS];
    int64_t changed;
    for (size_t i = 0; i < HIB_SLA_LEVELS; i++)
        minutes[i] =
            hib_arena_printf(arena, "%" G_GINT64_FORMAT, CLAMP(in->minutes[i], 0, MOST_MINUTES));
    const char *week = join(arena, in->week, 7, "|");
    const char *closed = join(arena, in->closed, in->n_closed, ",");
    const char *all = join(arena, minutes, HIB_SLA_LEVELS, ",");
    bool ok = in->version
                  ? hib_sql_hours_update(db, in->version, in->zone, week, in->closed_on_holidays,
                                         closed, all, in->now_always, &changed, error)
                  : hib_sql_hours_insert(db, in->zone, week, in->closed_on_holidays, closed, all,
                                         in->now_always, &changed, error);
    if (ok && !changed)
        hib_error_set(error, HIB_ERROR_CONFLICT, "hours.edited", "somebody changed the hours");
    return ok && changed;
}

bool
hib_hours_set(HibDb *db, const HibHoursSetting *setting, HibHoursSetting *ret, GError **error)
{
    if (!check(setting, error))
        return false;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && store(db, setting, error) &&
           hib_job_add(db, HIB_JOB_DUE, "due", NULL, NULL, hib_db_now(db), NULL, error) &&
           hib_event_emit(db, "hours.changed", NULL, NULL, error) &&
           hib_audit(db, "hours.change", "hours", NULL, NULL, NULL, error) &&
           hib_hours_get(db, ret, error) && hib_tx_commit(tx, error);
}
