/* Campaigns: what holds posts together from the goal to the last number: status, days, goal, budget, networks, and the one-page brief.
 *
 * Days are days of the workspace's zone, kept as they are written (YYYY-MM-DD). An update names the version it saw, as with posts. Progress is
 * counted from the posts when asked for, never stored. */
#include "plan/campaign.h"
#include "base/error.h"
#include "base/json.h"
#include "days/days.h"
#include "plan/campaign.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include "text/count.h"
#include <string.h>

/* --- reading ------------------------------------------------------------------------------------------------------------------ */
static HibCampaign
of_row(const HibSqlCampaignRow *row)
{
    return (HibCampaign){
        .id = row->id,
        .content = {.name = row->name,
                    .status = (HibCampaignStatus)row->status,
                    .starts_on = row->starts_on,
                    .ends_on = row->ends_on,
                    .goal_metric = row->goal_metric,
                    .goal_target = row->goal_target,
                    .goal_due_on = row->goal_due_on,
                    .currency = row->currency,
                    .budget_minor = row->budget_minor,
                    .networks = row->networks,
                    .industries = row->industries,
                    .relation = (int)row->relation,
                    .tags = row->tags,
                    .brief = row->brief},
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .has_ended_at = row->has_ended_at,
        .ended_at = row->ended_at,
        .created_by_name = row->created_by_name ? row->created_by_name : "",
        .version = row->version,
    };
}

/* How far the campaign's posts are; `campaign` NULL: of all of them. */
static bool
count_posts(HibDb *db, const char *campaign, HibCampaign *rows, size_t n, GError **error)
{
    HibSqlCampaignCounts *counts;
    size_t n_counts;
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    if (!hib_sql_campaign_counts(db, campaign, &counts, &n_counts, error))
        return false;
    int64_t *by_state = hib_arena_array(hib_db_arena(db), int64_t, n * HIB_POST_STATES);
    for (size_t i = 0; i < n; i++) {
        rows[i].n_in_state = by_state + i * HIB_POST_STATES;
        g_hash_table_insert(by_id, (gpointer)rows[i].id, &rows[i]);
    }
    for (size_t i = 0; i < n_counts; i++) {
        HibCampaign *one = g_hash_table_lookup(by_id, counts[i].campaign_id);
        if (!one || counts[i].state < 0 || counts[i].state >= HIB_POST_STATES)
            continue;
        by_state[(one - rows) * HIB_POST_STATES + counts[i].state] = counts[i].n;
        one->n_posts += counts[i].n;
        if (counts[i].state == HIB_POST_SCHEDULED && counts[i].has_first_at) {
            one->has_next_at = true;
            one->next_at = counts[i].first_at;
        }
        if (!counts[i].has_first_at)
            continue;
        one->first_at =
            one->has_posts_at ? MIN(one->first_at, counts[i].first_at) : counts[i].first_at;
        one->last_at = one->has_posts_at ? MAX(one->last_at, counts[i].last_at) : counts[i].last_at;
        one->has_posts_at = true;
    }
    return true;
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
    return count_posts(db, NULL, *ret_rows, *ret_n, error);
}

bool
hib_plan_knows_campaign(HibDb *db, const char *campaign, bool *ret, GError **error)
{
    HibSqlCampaignRow *row;
    if (!hib_sql_campaign_get(db, campaign, &row, error))
        return false;
    *ret = row != NULL;
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
    return count_posts(db, campaign, *ret, 1, error);
}

static void
drop_table(void *table)
{
    g_hash_table_unref(table);
}

bool
hib_plan_campaigns_tagged(HibDb *db, const char *tag, GHashTable **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlCampaignRow *rows;
    size_t n;
    if (!hib_sql_campaign_list(db, &rows, &n, error))
        return false;
    *ret = g_hash_table_new(g_str_hash, g_str_equal);
    hib_arena_defer(arena, drop_table, *ret);
    for (size_t i = 0; i < n; i++) {
        size_t n_tags;
        const char **tags = hib_tags_split(arena, rows[i].tags, '\n', &n_tags);
        for (size_t k = 0; k < n_tags; k++)
            if (g_str_equal(tags[k], tag))
                g_hash_table_add(*ret, (gpointer)rows[i].id);
    }
    return true;
}

/* --- what is refused ---------------------------------------------------------------------------------------------------------- */
/* YYYY-MM-DD, and a day there is. NULL is no day. */
static bool
check_day(const char *day, const char *pointer, GError **error)
{
    if (!day || hib_day_number(day))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "campaign.bad_day", pointer, "no day %s", day);
    return false;
}

static bool
check_goal(const HibCampaignContent *content, GError **error)
{
    const HibKpi *kpi = content->goal_metric ? hib_kpi_find(content->goal_metric) : NULL;
    if (!kpi || kpi->unit != HIB_KPI_RATE || content->goal_target <= 1)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "campaign.bad_rate", "/goal/target", "a rate of %g",
                     content->goal_target);
    return false;
}

static bool
check_networks(HibArena *arena, const char *networks, GError **error)
{
    size_t n;
    const char **names = hib_tags_split(arena, networks, ' ', &n);
    for (size_t i = 0; i < n; i++) {
        if (hib_network_find(names[i]))
            continue;
        g_autofree char *pointer = g_strdup_printf("/networks/%zu", i);
        hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.network_unknown", pointer,
                         "no network %s", names[i]);
        return false;
    }
    return true;
}

/* The content as it is stored: texts in NFC, without blanks at the ends. NULL with `error` set when it is refused. */
static HibCampaignContent *
take(HibDb *db, const HibCampaignContent *in, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibCampaignContent *out = hib_arena_new0(arena, HibCampaignContent);
    *out = *in;
    g_autofree char *name = g_strstrip(g_strdup(in->name));
    out->name = hib_text_nfc(arena, name);
    out->networks = in->networks ? in->networks : "";
    out->industries = in->industries ? in->industries : "";
    out->tags = in->tags ? in->tags : "";
    out->brief = in->brief ? hib_text_nfc(arena, in->brief) : "{}";
    if (!*out->name) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "campaign.no_name", "/name", "an empty name");
        return NULL;
    }
    if (!check_day(in->starts_on, "/starts_on", error) ||
        !check_day(in->ends_on, "/ends_on", error) ||
        !check_day(in->goal_due_on, "/goal/due_on", error) || !check_goal(in, error) ||
        !check_networks(arena, out->networks, error))
        return NULL;
    if (in->starts_on && in->ends_on && strcmp(in->starts_on, in->ends_on) > 0) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "campaign.bad_range", "/ends_on",
                         "%s lies before %s", in->ends_on, in->starts_on);
        return NULL;
    }
    return out;
}

/* --- the audit line ----------------------------------------------------------------------------------------------------------- */
static void
add_brief(cJSON *out, const char *brief)
{
    cJSON *json = cJSON_Parse(brief), *field;
    cJSON_ArrayForEach(field, json)
    {
        g_autofree char *name = g_strconcat("brief_", field->string, NULL);
        hib_post_audit_text(out, name, cJSON_GetStringValue(field));
    }
    cJSON_Delete(json);
}

static const char *
audit_text(HibDb *db, const HibCampaign *campaign)
{
    const HibCampaignContent *content = &campaign->content;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", content->name);
    cJSON_AddStringToObject(out, "status", hib_api_campaign_status_names[content->status]);
    const struct {
        const char *name, *text;
    } texts[] = {{"starts_on", content->starts_on},     {"ends_on", content->ends_on},
                 {"goal_metric", content->goal_metric}, {"goal_due_on", content->goal_due_on},
                 {"currency", content->currency},       {"networks", content->networks},
                 {"industries", content->industries},   {"tags", content->tags}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].text && *texts[i].text)
            hib_post_audit_text(out, texts[i].name, texts[i].text);
    if (content->relation)
        cJSON_AddStringToObject(out, "relation",
                                hib_api_campaign_relation_names[content->relation]);
    if (content->goal_metric)
        cJSON_AddNumberToObject(out, "goal_target", content->goal_target);
    if (content->currency)
        cJSON_AddNumberToObject(out, "budget_minor", (double)content->budget_minor);
    add_brief(out, content->brief);
    return hib_json_print(hib_db_arena(db), out);
}

/* --- changing ----------------------------------------------------------------------------------------------------------------- */
static bool
has_ended(HibCampaignStatus status)
{
    return status == HIB_CAMPAIGN_DONE || status == HIB_CAMPAIGN_CANCELLED;
}

bool
hib_plan_add_campaign(HibDb *db, const HibCampaignContent *content, HibCampaign **ret,
                      GError **error)
{
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    const HibCampaignContent *in = take(db, content, error);
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = in ? hib_tx_begin(db, error) : NULL;
    return tx &&
           hib_sql_campaign_insert(db, id, in->name, in->status, in->starts_on, in->ends_on,
                                   in->goal_metric, in->goal_metric ? &in->goal_target : NULL,
                                   in->goal_due_on, in->currency ? &in->budget_minor : NULL,
                                   in->currency, in->networks, in->industries, in->relation,
                                   in->tags, in->brief, now, has_ended(in->status) ? &now : NULL,
                                   person, error) &&
           hib_plan_campaign(db, id, ret, error) &&
           hib_event_emit(db, "campaign.created", id, NULL, error) &&
           hib_audit(db, "campaign.create", "campaign", id, NULL, audit_text(db, *ret), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_plan_change_campaign(HibDb *db, const char *campaign, int64_t version,
                         const HibCampaignContent *content, HibCampaign **ret, GError **error)
{
    HibCampaign *before;
    int64_t changed = 0;
    HibInstant now = hib_db_now(db);
    const HibCampaignContent *in = take(db, content, error);
    g_autoptr(HibTx) tx = in ? hib_tx_begin(db, error) : NULL;
    if (!tx || !hib_plan_campaign(db, campaign, &before, error))
        return false;
    HibInstant ended = before->has_ended_at ? before->ended_at : now;
    if (!hib_sql_campaign_update(db, campaign, version, in->name, in->status, in->starts_on,
                                 in->ends_on, in->goal_metric,
                                 in->goal_metric ? &in->goal_target : NULL, in->goal_due_on,
                                 in->currency ? &in->budget_minor : NULL, in->currency,
                                 in->networks, in->industries, in->relation, in->tags, in->brief,
                                 now, has_ended(in->status) ? &ended : NULL, &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "campaign.edited",
                      "campaign %s is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                      campaign, before->version, version);
        return false;
    }
    return hib_plan_campaign(db, campaign, ret, error) &&
           hib_event_emit(db, "campaign.changed", campaign, NULL, error) &&
           hib_audit(db, "campaign.change", "campaign", campaign, audit_text(db, before),
                     audit_text(db, *ret), error) &&
           hib_tx_commit(tx, error);
}

/* --- which posts belong to it ------------------------------------------------------------------------------------------------- */
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
    HibSqlCampaignRow *into;
    const char *before;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, post, false, &found, error) ||
        (campaign && !hib_sql_campaign_get(db, campaign, &into, error)))
        return false;
    if (campaign && !into) {
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "campaign.unknown", "/campaign_id",
                         "no campaign %s", campaign);
        return false;
    }
    before = found->campaign_id;
    if (campaign ? !hib_sql_campaign_put(db, post, campaign, error)
                 : !hib_sql_campaign_drop(db, post, error))
        return false;
    return hib_event_emit(db, "post.changed", post, NULL, error) &&
           hib_audit(db, "post.campaign", "post", post, audit_of_post(db, before),
                     audit_of_post(db, campaign), error) &&
           hib_tx_commit(tx, error);
}
