/* Care over HTTP: the workspace's choice, and a post that a person clears. */
#include "http/call.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"

static bool
reply(HibCall *call, bool holds_days)
{
    const HibApiCare out = {.holds_days = holds_days};
    return hib_reply_care(call, 200, &out);
}

bool
hib_on_get_care(HibCall *call, GError **error)
{
    bool holds_days;
    return hib_publish_care(hib_call_db(call), &holds_days, error) && reply(call, holds_days);
}

bool
hib_on_set_care(HibCall *call, const HibApiCare *in, GError **error)
{
    return hib_publish_set_care(hib_call_db(call), in->holds_days, error) &&
           reply(call, in->holds_days);
}

bool
hib_on_clear_post(HibCall *call, const char *post, const HibApiClearance *in, GError **error)
{
    return hib_publish_clear(hib_call_db(call), post, in->reason, error) &&
           hib_call_reply_empty(call, 204);
}

/* --- cautions, in the reply of a check ------------------------------------------------------------------------------------------ */
static HibApiPostCaution
to_api(const HibPostCaution *caution, const char *locale)
{
    HibApiPostCaution out = {.kind = (int)caution->kind,
                             .severity = (int)caution->severity,
                             .reason = caution->reason,
                             .has_reason = caution->reason != NULL,
                             .network = caution->network,
                             .has_network = caution->network != NULL};
    if (caution->day) {
        out.day = caution->day->id;
        out.name = hib_day_pick(&caution->day->name, locale);
        out.note = hib_day_pick(&caution->day->note, locale);
        out.source = hib_day_pick(&caution->day->source, locale);
    }
    if (caution->like) {
        const HibPlanLike *like = caution->like;
        out.share = like->share;
        out.has_share = true;
        out.post_id = like->post ? like->post->id : NULL;
        out.tracked_id = like->tracked ? like->tracked->id : NULL;
        out.text = like->post ? like->post->text : like->tracked->text;
        out.name = like->tracked ? like->tracked->who : NULL;
        out.has_at = like->post && like->post->has_due_at;
        out.at = out.has_at ? like->post->due_at : 0;
    }
    if (caution->spot) {
        out.post_id = caution->spot->id;
        out.has_at = true;
        out.at = caution->spot->due_at;
    }
    out.has_day = out.day != NULL;
    out.has_name = out.name != NULL;
    out.has_note = out.note != NULL;
    out.has_source = out.source != NULL;
    out.has_post_id = out.post_id != NULL;
    out.has_tracked_id = out.tracked_id != NULL;
    out.has_text = out.text != NULL;
    return out;
}

bool
hib_care_to_api(HibCall *call, const HibPost *post, HibApiPostCaution **ret, size_t *ret_n,
                GError **error)
{
    const HibServices *services = hib_call_context(call);
    HibPostCaution *cautions;
    if (!hib_publish_cautions(hib_call_db(call), services->plan_likes, post, &cautions, ret_n,
                              error))
        return false;
    *ret = hib_arena_array(hib_call_arena(call), HibApiPostCaution, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = to_api(&cautions[i], hib_call_locale(call));
    return true;
}
