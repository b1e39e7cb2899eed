/* The hold switches over HTTP, and which campaign a post belongs to: moving it may hold or free it. */
#include "base/error.h"
#include "http/call.h"
#include "publish/publish.h"
#include "publish/publish_private.h"
#include "team/team.h"

void
hib_publish_hold_to_api(HibArena *arena, const HibHold *hold, HibApiHold *out)
{
    HibApiHoldSwitch *switches = hib_arena_array(arena, HibApiHoldSwitch, hold->n_switches + 1);
    for (size_t i = 0; i < hold->n_switches; i++) {
        const HibHoldSwitch *one = &hold->switches[i];
        switches[i] = (HibApiHoldSwitch){.scope = (int)one->scope,
                                         .subject_id = one->subject_id,
                                         .reason = one->reason,
                                         .has_reason = one->reason != NULL,
                                         .since = one->since,
                                         .has_since = one->has_since,
                                         .by = one->by,
                                         .has_by = one->by != NULL};
    }
    *out = (HibApiHold){.is_held = hold->is_held,
                        .n_waiting = hold->n_waiting,
                        .switches = switches,
                        .n_switches = hold->n_switches};
    if (!hold->is_held)
        return;
    out->reason = switches[0].reason;
    out->has_reason = switches[0].has_reason;
    out->since = switches[0].since;
    out->has_since = switches[0].has_since;
    out->by = switches[0].by;
    out->has_by = switches[0].has_by;
}

static bool
reply(HibCall *call, const HibHold *hold)
{
    HibApiHold out;
    hib_publish_hold_to_api(hib_call_arena(call), hold, &out);
    return hib_reply_hold(call, 200, &out);
}

bool
hib_on_get_hold(HibCall *call, GError **error)
{
    HibHold *hold;
    return hib_publish_hold(hib_call_db(call), &hold, error) && reply(call, hold);
}

bool
hib_on_set_hold(HibCall *call, const HibApiHoldChange *in, GError **error)
{
    HibHold *hold;
    bool is_disaster = in->has_is_disaster && in->is_disaster;
    if (in->has_account_id + in->has_campaign_id + is_disaster > 1) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "hold.two_subjects", "/campaign_id",
                         "more than one subject at once");
        return false;
    }
    HibHoldScope scope = is_disaster           ? HIB_HOLD_DISASTER
                         : in->has_account_id  ? HIB_HOLD_ACCOUNT
                         : in->has_campaign_id ? HIB_HOLD_CAMPAIGN
                                               : HIB_HOLD_WORKSPACE;
    const char *subject = in->has_account_id    ? in->account_id
                          : in->has_campaign_id ? in->campaign_id
                                                : "";
    return hib_publish_set_hold(hib_call_db(call), scope, subject, in->is_held,
                                in->has_reason ? in->reason : NULL, &hold, error) &&
           reply(call, hold);
}

/* Everything: every workspace in which the person may publish, each in a transaction of its own. What fails is named; the rest is held. */
bool
hib_on_hold_everything(HibCall *call, const HibApiHoldEverything *in, GError **error)
{
    HibDb *own = hib_call_db(call);
    const char **ids;
    size_t n, n_held = 0;
    GError *failed = NULL;
    if (!hib_team_workspaces_to_edit(own, hib_call_person(call), &ids, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibHold *hold;
        GError *one = NULL;
        g_autoptr(HibDb) db = hib_db_open(hib_db_store(own), hib_call_arena(call), ids[i]);
        hib_db_set_actor(db, HIB_ACTOR_PERSON, hib_call_person(call));
        if (hib_publish_set_hold(db, HIB_HOLD_WORKSPACE, "", in->is_held,
                                 in->has_reason ? in->reason : NULL, &hold, &one))
            n_held++;
        else if (!failed)
            g_propagate_error(&failed, one);
        else
            g_error_free(one);
    }
    if (failed) {
        g_propagate_error(error, failed);
        return false;
    }
    const HibApiHeldEverything out = {.is_held = in->is_held, .n_workspaces = (int64_t)n_held};
    return hib_reply_held_everything(call, 200, &out);
}

bool
hib_on_set_post_campaign(HibCall *call, const char *post, const HibApiPostCampaign *in,
                         GError **error)
{
    return hib_publish_set_campaign(hib_call_db(call), post,
                                    in->has_campaign_id ? in->campaign_id : NULL, error) &&
           hib_reply_post_campaign(call, 200, in);
}
