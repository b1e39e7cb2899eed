/* Campaigns: a name that holds posts together, so that they can be held, and later planned and measured, as one. */
#include "base/error.h"
#include "base/json.h"
#include "plan/campaign.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"

static HibCampaign
of_row(const HibSqlCampaignRow *row)
{
    return (HibCampaign){.id = row->id,
                         .name = row->name,
                         .created_at = row->created_at,
                         .has_ended_at = row->has_ended_at,
                         .ended_at = row->ended_at,
                         .n_posts = row->n_posts};
}

bool
hib_plan_campaigns(HibDb *db, HibCampaign **ret_rows, size_t *ret_n, GError **error)
{
    HibSqlCampaignRow *rows;
    if (!hib_sql_campaign_list(db, &rows, ret_n, error))
        return false;
    *ret_rows = hib_arena_array(hib_db_arena(db), HibCampaign, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_rows)[i] = of_row(&rows[i]);
    return true;
}

bool
hib_plan_campaign(HibDb *db, const char *campaign, HibCampaign **ret, GError **error)
{
    HibSqlCampaignRow *row;
    if (!hib_sql_campaign_get(db, campaign, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "campaign.unknown", "no campaign %s", campaign);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibCampaign);
    **ret = of_row(row);
    return true;
}

static const char *
audit_text(HibDb *db, const HibCampaign *campaign)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", campaign->name);
    cJSON_AddBoolToObject(out, "has_ended", campaign->has_ended_at);
    return hib_json_print(hib_db_arena(db), out);
}

/* Without blanks at the ends; NULL when nothing is left. */
static const char *
tidy(HibDb *db, const char *name, GError **error)
{
    g_autofree char *text = g_strstrip(g_strdup(name));
    if (*text)
        return hib_arena_strdup(hib_db_arena(db), text);
    hib_error_set_at(error, HIB_ERROR_INVALID, "campaign.no_name", "/name", "an empty name");
    return NULL;
}

bool
hib_plan_add_campaign(HibDb *db, const char *name, HibCampaign **ret, GError **error)
{
    const char *id = hib_db_new_id(db), *actor = NULL, *tidied = tidy(db, name, error);
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    g_autoptr(HibTx) tx = tidied ? hib_tx_begin(db, error) : NULL;
    return tx && hib_sql_campaign_insert(db, id, tidied, hib_db_now(db), person, error) &&
           hib_plan_campaign(db, id, ret, error) &&
           hib_event_emit(db, "campaign.created", id, NULL, error) &&
           hib_audit(db, "campaign.create", "campaign", id, NULL, audit_text(db, *ret), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_plan_change_campaign(HibDb *db, const char *campaign, const char *name, bool has_ended,
                         HibCampaign **ret, GError **error)
{
    HibCampaign *before;
    int64_t changed;
    const char *tidied = tidy(db, name, error);
    g_autoptr(HibTx) tx = tidied ? hib_tx_begin(db, error) : NULL;
    if (!tx || !hib_plan_campaign(db, campaign, &before, error))
        return false;
    HibInstant ended = before->has_ended_at ? before->ended_at : hib_db_now(db);
    return hib_sql_campaign_change(db, campaign, tidied, has_ended ? &ended : NULL, &changed,
                                   error) &&
           hib_plan_campaign(db, campaign, ret, error) &&
           hib_event_emit(db, "campaign.changed", campaign, NULL, error) &&
           hib_audit(db, "campaign.change", "campaign", campaign, audit_text(db, before),
                     audit_text(db, *ret), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_plan_campaign_of(HibDb *db, const char *post, const char **ret, GError **error)
{
    HibSqlCampaignOf *row;
    if (!hib_sql_campaign_of(db, post, &row, error))
        return false;
    *ret = row ? row->campaign_id : NULL;
    return true;
}

static const char *
audit_of_post(HibDb *db, const char *campaign)
{
    cJSON *out = cJSON_CreateObject();
    if (campaign)
        cJSON_AddStringToObject(out, "campaign_id", campaign);
    return hib_json_print(hib_db_arena(db), out);
}

bool
hib_plan_set_campaign(HibDb *db, const char *post, const char *campaign, GError **error)
{
    HibPost *found;
    HibCampaign *into;
    const char *before;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, post, false, &found, error) ||
        (campaign && !hib_plan_campaign(db, campaign, &into, error)) ||
        !hib_plan_campaign_of(db, post, &before, error))
        return false;
    if (campaign ? !hib_sql_campaign_put(db, post, campaign, error)
                 : !hib_sql_campaign_drop(db, post, error))
        return false;
    return hib_event_emit(db, "post.changed", post, NULL, error) &&
           hib_audit(db, "post.campaign", "post", post, audit_of_post(db, before),
                     audit_of_post(db, campaign), error) &&
           hib_tx_commit(tx, error);
}
