/* The days of a range over HTTP: for the calendar. */
#include "base/error.h"
#include "days/days.h"
#include "http/call.h"
#include "plan/plan_private.h"
#include "team/team.h"

enum { USUAL_DAYS = 30, MOST_DAYS = 400 };

static HibApiDay
to_api(HibArena *arena, const HibDay *day, const char *locale)
{
    size_t n = 0;
    while (day->words && day->words[n])
        n++;
    const char **words = hib_arena_array(arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        words[i] = day->words[i];
    bool has_moment = day->moment >= 0;
    const char *note = hib_day_pick(&day->note, locale);
    return (HibApiDay){.id = day->id,
                       .kind = (int)day->kind,
                       .care = (int)day->care,
                       .name = hib_day_pick(&day->name, locale),
                       .note = note,
                       .has_note = note != NULL,
                       .category = day->category,
                       .has_category = day->category != NULL,
                       .first = hib_day_text(arena, day->first),
                       .last = hib_day_text(arena, day->last),
                       .moment = has_moment ? hib_arena_printf(arena, "%02d:%02d", day->moment / 60,
                                                               day->moment % 60)
                                            : NULL,
                       .has_moment = has_moment,
                       .words = words,
                       .n_words = n,
                       .source = hib_day_pick(&day->source, locale),
                       .as_of = day->as_of};
}

static bool
check_range(int from, int until, GError **error)
{
    if (from >= HIB_DAYS_FROM && until >= from && until <= HIB_DAYS_UNTIL &&
        until < hib_day_plus(from, MOST_DAYS))
        return true;
    hib_error_set(error, HIB_ERROR_INVALID, "days.bad_range", "no range: %d to %d", from, until);
    return false;
}

bool
hib_on_list_days(HibCall *call, const HibApiListDaysQuery *query, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    int today = hib_day_at(zone, hib_db_now(db));
    int from = query->has_from ? hib_day_number(query->from) : today;
    if (!from && !check_range(from, from, error))
        return false;
    int until = query->has_until ? hib_day_number(query->until) : hib_day_plus(from, USUAL_DAYS);
    if (!check_range(from, until, error))
        return false;
    HibDay *days;
    size_t n;
    hib_days_of(arena, from, until, &days, &n);
    HibApiDay *out = hib_arena_array(arena, HibApiDay, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = to_api(arena, &days[i], hib_call_locale(call));
    int tabled_from, tabled_until;
    hib_days_tabled(&tabled_from, &tabled_until);
    const HibApiDayList list = {.from = hib_day_text(arena, from),
                                .until = hib_day_text(arena, until),
                                .today = hib_day_text(arena, today),
                                .zone = workspace->zone,
                                .tabled_from = tabled_from,
                                .tabled_until = tabled_until,
                                .days = out,
                                .n_days = n};
    return hib_reply_day_list(call, 200, &list);
}
