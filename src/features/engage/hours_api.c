/* Opening times and saved replies over HTTP. */
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "http/call.h"
#include "http/services.h"

/* --- hours ------------------------------------------------------------------------------------------------------------------ */
static bool
reply_hours(HibCall *call, const HibHoursSetting *setting, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibSla sla;
    HibInstant next;
    if (!hib_sla_load(db, &sla, error))
        return false;
    bool is_open = hib_hours_is_open(&sla.hours, sla.zone, hib_db_now(db), &next);
    int64_t *minutes = hib_arena_array(arena, int64_t, HIB_SLA_LEVELS);
    const char **week = hib_arena_array(arena, const char *, 7);
    const char **closed = hib_arena_array(arena, const char *, setting->n_closed + 1);
    memcpy(minutes, setting->minutes, sizeof setting->minutes);
    memcpy(week, setting->week, sizeof setting->week);
    for (size_t i = 0; i < setting->n_closed; i++)
        closed[i] = setting->closed[i];
    const HibApiHours out = {.zone = setting->zone,
                             .week = week,
                             .n_week = 7,
                             .closed_on_holidays = setting->closed_on_holidays,
                             .closed = closed,
                             .n_closed = setting->n_closed,
                             .minutes = minutes,
                             .n_minutes = HIB_SLA_LEVELS,
                             .now_always = setting->now_always,
                             .version = setting->version,
                             .is_open = is_open,
                             .has_changes_at = next != HIB_NEVER,
                             .changes_at = next};
    return hib_reply_hours(call, 200, &out);
}

bool
hib_on_get_hours(HibCall *call, GError **error)
{
    HibHoursSetting setting;
    return hib_hours_get(hib_call_db(call), &setting, error) && reply_hours(call, &setting, error);
}

bool
hib_on_set_hours(HibCall *call, const HibApiHoursDraft *in, GError **error)
{
    HibHoursSetting now, setting = {.zone = in->zone,
                                    .closed_on_holidays = in->closed_on_holidays,
                                    .closed = (const char *const *)in->closed,
                                    .n_closed = in->n_closed,
                                    .now_always = in->now_always,
                                    .version = in->version};
    for (size_t i = 0; i < 7; i++)
        setting.week[i] = in->week[i];
    for (size_t i = 0; i < HIB_SLA_LEVELS; i++)
        setting.minutes[i] = in->minutes[i];
    return hib_hours_set(hib_call_db(call), &setting, &now, error) &&
           reply_hours(call, &now, error);
}

/* --- saved replies -------------------------------------------------------------------------------------------------------------- */
static HibApiSavedReply
saved_out(const HibSavedReply *saved)
{
    return (HibApiSavedReply){.id = saved->id,
                              .folder = saved->folder,
                              .name = saved->name,
                              .shortcut = saved->shortcut,
                              .text = saved->text,
                              .n_used = saved->n_used,
                              .updated_at = saved->updated_at,
                              .version = saved->version};
}

bool
hib_on_list_saved_replies(HibCall *call, GError **error)
{
    HibSavedReply *rows;
    size_t n;
    if (!hib_saved_list(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiSavedReply *out = hib_arena_array(hib_call_arena(call), HibApiSavedReply, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = saved_out(&rows[i]);
    const HibApiSavedReplyList list = {.saved_replies = out, .n_saved_replies = n};
    return hib_reply_saved_reply_list(call, 200, &list);
}

static bool
put_saved(HibCall *call, int status, const char *id, int64_t version,
          const HibApiSavedReplyDraft *in, GError **error)
{
    HibSavedReply now;
    const HibSavedReply draft = {
        .folder = in->folder, .name = in->name, .shortcut = in->shortcut, .text = in->text};
    if (!hib_saved_put(hib_call_db(call), id, version, &draft, &now, error))
        return false;
    const HibApiSavedReply out = saved_out(&now);
    return hib_reply_saved_reply(call, status, &out);
}

bool
hib_on_create_saved_reply(HibCall *call, const HibApiSavedReplyDraft *in, GError **error)
{
    return put_saved(call, 201, NULL, 0, in, error);
}

bool
hib_on_change_saved_reply(HibCall *call, const char *saved, const HibApiSavedReplyUpdate *in,
                          GError **error)
{
    return put_saved(call, 200, saved, in->version, &in->saved_reply, error);
}

bool
hib_on_delete_saved_reply(HibCall *call, const char *saved, GError **error)
{
    return hib_saved_drop(hib_call_db(call), saved, error) && hib_call_reply_empty(call, 204);
}

bool
hib_on_fill_saved_reply(HibCall *call, const char *saved, const HibApiSavedReplyUse *in,
                        GError **error)
{
    HibApiSavedReplyText out = {0};
    if (!hib_saved_use(hib_call_db(call), saved, in->talk, hib_call_person(call), &out.text,
                       &out.missing, error))
        return false;
    out.n_missing = g_strv_length((char **)out.missing);
    return hib_reply_saved_reply_text(call, 200, &out);
}
