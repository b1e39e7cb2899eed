/* Campaigns and the KPI dictionary over HTTP. Which campaign a post belongs to is publish/'s operation: it may be held. */
#include "base/error.h"
#include "base/json.h"
#include "http/call.h"
#include "plan/plan_private.h"
#include <string.h>

/* --- out ---------------------------------------------------------------------------------------------------------------------- */
static HibApiPostsInState *
states_out(HibArena *arena, const HibCampaign *campaign, size_t *ret_n)
{
    HibApiPostsInState *out = hib_arena_array(arena, HibApiPostsInState, HIB_POST_STATES);
    *ret_n = 0;
    for (int state = 0; state < HIB_POST_STATES; state++)
        if (campaign->n_in_state[state])
            out[(*ret_n)++] =
                (HibApiPostsInState){.state = state, .count = campaign->n_in_state[state]};
    return out;
}

static int *
industries_out(HibArena *arena, const char *industries, size_t *ret_n)
{
    const char **names = hib_tags_split(arena, industries, ' ', ret_n);
    int *out = hib_arena_array(arena, int, *ret_n);
    for (size_t i = 0; i < *ret_n; i++)
        out[i] = hib_api_campaign_industries_from(names[i]);
    return out;
}

/* Without the brief. */
static HibApiCampaign
to_api(HibArena *arena, const HibCampaign *campaign)
{
    const HibCampaignContent *content = &campaign->content;
    HibApiCampaign out = {
        .id = campaign->id,
        .name = content->name,
        .status = (int)content->status,
        .starts_on = content->starts_on,
        .has_starts_on = content->starts_on != NULL,
        .ends_on = content->ends_on,
        .has_ends_on = content->ends_on != NULL,
        .goal = {.metric = content->goal_metric
                               ? hib_api_campaign_goal_metric_from(content->goal_metric)
                               : 0,
                 .target = content->goal_target,
                 .due_on = content->goal_due_on,
                 .has_due_on = content->goal_due_on != NULL},
        .has_goal = content->goal_metric != NULL,
        .budget = {.amount_minor = content->budget_minor, .currency = content->currency},
        .has_budget = content->currency != NULL,
        .created_at = campaign->created_at,
        .updated_at = campaign->updated_at,
        .created_by_name = campaign->created_by_name,
        .ended_at = campaign->ended_at,
        .has_ended_at = campaign->has_ended_at,
        .version = campaign->version,
        .n_posts = campaign->n_posts,
        .next_at = campaign->next_at,
        .has_next_at = campaign->has_next_at,
        .first_at = campaign->first_at,
        .has_first_at = campaign->has_posts_at,
        .last_at = campaign->last_at,
        .has_last_at = campaign->has_posts_at,
    };
    out.networks = hib_tags_split(arena, content->networks, ' ', &out.n_networks);
    out.tags = hib_tags_split(arena, content->tags, '\n', &out.n_tags);
    out.relation = content->relation;
    out.industries = industries_out(arena, content->industries, &out.n_industries);
    out.states = states_out(arena, campaign, &out.n_states);
    return out;
}

static bool
reply(HibCall *call, int status, const HibCampaign *campaign, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibApiCampaign out = to_api(arena, campaign);
    HibJson brief;
    const char *text = campaign->content.brief;
    if (!hib_json_parse(arena, text, strlen(text), &brief, error) ||
        !hib_shape_read(&hib_api_campaign_brief_shape, brief.value, arena, &out.brief, error))
        return false;
    out.has_brief = true;
    return hib_reply_campaign(call, status, &out);
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
        out[i] = to_api(hib_call_arena(call), &rows[i]);
    const HibApiCampaignList list = {.campaigns = out, .n_campaigns = n};
    return hib_reply_campaign_list(call, 200, &list);
}

bool
hib_on_get_campaign(HibCall *call, const char *campaign, GError **error)
{
    HibCampaign *found;
    return hib_plan_campaign(hib_call_db(call), campaign, &found, error) &&
           reply(call, 200, found, error);
}

/* --- in ----------------------------------------------------------------------------------------------------------------------- */
static const char *
joined(HibArena *arena, const char *const *words, size_t n)
{
    const char *lines = hib_tags_join(arena, words, n);
    return g_strdelimit((char *)lines, "\n", ' '); /* the arena's own copy */
}

static const char *
industries_in(HibArena *arena, const int *industries, size_t n)
{
    const char **names = hib_arena_array(arena, const char *, n);
    for (size_t i = 0; i < n; i++)
        names[i] = hib_api_campaign_draft_industries_names[industries[i]];
    return joined(arena, names, n);
}

static HibCampaignContent
content_of(HibArena *arena, const HibApiCampaignDraft *in)
{
    const char *brief = NULL;
    if (in->has_brief) {
        g_autoptr(GString) json = g_string_new(NULL);
        hib_shape_print(&hib_api_campaign_brief_shape, &in->brief, json);
        brief = hib_arena_strdup(arena, json->str);
    }
    return (HibCampaignContent){
        .name = in->name,
        .status = in->has_status ? (HibCampaignStatus)in->status : HIB_CAMPAIGN_PLANNED,
        .starts_on = in->has_starts_on ? in->starts_on : NULL,
        .ends_on = in->has_ends_on ? in->ends_on : NULL,
        .goal_metric = in->has_goal ? hib_api_campaign_goal_metric_names[in->goal.metric] : NULL,
        .goal_target = in->goal.target,
        .goal_due_on = in->has_goal && in->goal.has_due_on ? in->goal.due_on : NULL,
        .currency = in->has_budget ? in->budget.currency : NULL,
        .budget_minor = in->budget.amount_minor,
        .networks = joined(arena, in->networks, in->n_networks),
        .industries = industries_in(arena, in->industries, in->n_industries),
        .relation = in->has_relation ? in->relation : 0,
        .tags = hib_tags_join(arena, in->tags, in->n_tags),
        .brief = brief,
    };
}

bool
hib_on_create_campaign(HibCall *call, const HibApiCampaignDraft *in, GError **error)
{
    HibCampaign *made;
    const HibCampaignContent content = content_of(hib_call_arena(call), in);
    return hib_plan_add_campaign(hib_call_db(call), &content, &made, error) &&
           reply(call, 201, made, error);
}

bool
hib_on_change_campaign(HibCall *call, const char *campaign, const HibApiCampaignUpdate *in,
                       GError **error)
{
    HibCampaign *after;
    const HibCampaignContent content = content_of(hib_call_arena(call), &in->campaign);
    return hib_plan_change_campaign(hib_call_db(call), campaign, in->version, &content, &after,
                                    error) &&
           reply(call, 200, after, error);
}

/* --- the KPI dictionary ------------------------------------------------------------------------------------------------------- */
bool
hib_on_list_kpis(HibCall *call, GError **error G_GNUC_UNUSED)
{
    const HibKpi *kpis;
    size_t n = hib_kpis(&kpis);
    HibApiKpiDefinition *out = hib_arena_array(hib_call_arena(call), HibApiKpiDefinition, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiKpiDefinition){.metric = hib_api_kpi_definition_metric_from(kpis[i].name),
                                       .unit = (int)kpis[i].unit,
                                       .is_lower_better = kpis[i].is_lower_better};
    const HibApiKpiDictionary list = {.kpis = out, .n_kpis = n};
    return hib_reply_kpi_dictionary(call, 200, &list);
}
