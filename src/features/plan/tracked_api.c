/* Others' campaigns that are tracked, over HTTP. */
#include "days/days.h"
#include "http/call.h"
#include "plan/plan_private.h"

static HibApiTracked
to_api(HibArena *arena, const HibTracked *one)
{
    return (HibApiTracked){.id = one->id,
                           .who = one->who,
                           .text = one->text,
                           .url = one->url,
                           .has_url = one->url != NULL,
                           .on = hib_day_text(arena, one->on),
                           .created_at = one->created_at,
                           .by = one->by,
                           .has_by = one->by != NULL};
}

bool
hib_on_list_tracked(HibCall *call, GError **error)
{
    HibTracked *rows;
    size_t n;
    if (!hib_plan_tracked(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiTracked *out = hib_arena_array(hib_call_arena(call), HibApiTracked, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = to_api(hib_call_arena(call), &rows[i]);
    const HibApiTrackedList list = {.tracked = out, .n_tracked = n};
    return hib_reply_tracked_list(call, 200, &list);
}

bool
hib_on_track(HibCall *call, const HibApiTrackedDraft *in, GError **error)
{
    const HibTracked what = {.who = in->who,
                             .text = in->text,
                             .url = in->has_url && *in->url ? in->url : NULL,
                             .on = hib_day_number(in->on)};
    HibTracked *made;
    if (!hib_plan_track(hib_call_db(call), &what, &made, error))
        return false;
    const HibApiTracked out = to_api(hib_call_arena(call), made);
    return hib_reply_tracked(call, 201, &out);
}

bool
hib_on_untrack(HibCall *call, const char *tracked, GError **error)
{
    return hib_plan_untrack(hib_call_db(call), tracked, error) && hib_call_reply_empty(call, 204);
}
