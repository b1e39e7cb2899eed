/* Campaigns over HTTP. Which campaign a post belongs to is publish/'s operation: it may be held. */
#include "http/call.h"
#include "plan/plan_private.h"

static HibApiCampaign
to_api(const HibCampaign *campaign)
{
    return (HibApiCampaign){.id = campaign->id,
                            .name = campaign->name,
                            .created_at = campaign->created_at,
                            .ended_at = campaign->ended_at,
                            .has_ended_at = campaign->has_ended_at,
                            .n_posts = campaign->n_posts};
}

bool
hib_on_list_campaigns(HibCall *call, GError **error)
{
    HibCampaign *rows;
    size_t n;
    if (!hib_plan_campaigns(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiCampaign *out = hib_arena_array(hib_call_arena(call), HibApiCampaign, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = to_api(&rows[i]);
    const HibApiCampaignList list = {.campaigns = out, .n_campaigns = n};
    return hib_reply_campaign_list(call, 200, &list);
}

bool
hib_on_create_campaign(HibCall *call, const HibApiCampaignDraft *in, GError **error)
{
    HibCampaign *made;
    if (!hib_plan_add_campaign(hib_call_db(call), in->name, &made, error))
        return false;
    const HibApiCampaign out = to_api(made);
    return hib_reply_campaign(call, 201, &out);
}

bool
hib_on_change_campaign(HibCall *call, const char *campaign, const HibApiCampaignChange *in,
                       GError **error)
{
    HibCampaign *after;
    if (!hib_plan_change_campaign(hib_call_db(call), campaign, in->name, in->has_ended, &after,
                                  error))
        return false;
    const HibApiCampaign out = to_api(after);
    return hib_reply_campaign(call, 200, &out);
}
