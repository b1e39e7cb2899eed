/* Many posts at once: what a single one goes through step by step, in a few statements for all of them. Who calls checks first, and tells of it. */
#include "plan/approval.h"
#include "plan/calendar.sql.h"
#include "plan/campaign.sql.h"
#include "plan/plan_private.h"

bool
hib_plan_check(const HibPostContent *content, GError **error)
{
    return hib_post_check(content, error);
}

HibPostContent
hib_plan_normalise(HibArena *arena, const HibPostContent *content)
{
    return hib_post_normalise(arena, content);
}

bool
hib_plan_asks_approval(HibDb *db, bool *ret, GError **error)
{
    HibApprovalPolicy policy;
    if (!hib_approval_policy(db, &policy, error))
        return false;
    *ret = policy.mode != HIB_APPROVAL_NONE;
    return true;
}

bool
hib_plan_texts(HibDb *db, HibInstant from, HibInstant to, HibPostText **ret, size_t *ret_n,
               GError **error)
{
    HibSqlSpotTextRow *rows;
    if (!hib_sql_calendar_texts(db, from, to, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibPostText, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibPostText){rows[i].post_id, rows[i].text};
    return true;
}

/* --- storing --------------------------------------------------------------------------------------------------------- */
static bool
add_posts(HibDb *db, const HibPost *posts, size_t n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlPlanInsertIn *rows = hib_arena_array(arena, HibSqlPlanInsertIn, n);
    HibSqlCampaignPutIn *into = hib_arena_array(arena, HibSqlCampaignPutIn, n);
    size_t n_into = 0;
    for (size_t i = 0; i < n; i++) {
        const HibPost *post = &posts[i];
        rows[i] = (HibSqlPlanInsertIn){.id = post->id,
                                       .text = post->text,
                                       .lang = post->lang,
                                       .is_advertising = post->disclosure.is_advertising,
                                       .is_own_brand = post->disclosure.is_own_brand,
                                       .is_ai_made = post->disclosure.is_ai_made,
                                       .is_short = post->is_short,
                                       .state = post->state,
                                       .due_at = post->has_due_at ? &post->due_at : NULL,
                                       .created_at = post->created_at,
                                       .updated_at = post->updated_at,
                                       .created_by = post->created_by,
                                       .version = post->version};
        if (post->campaign_id)
            into[n_into++] = (HibSqlCampaignPutIn){post->id, post->campaign_id};
    }
    return hib_sql_plan_insert_many(db, rows, n, error) &&
           (!n_into || hib_sql_campaign_put_many(db, into, n_into, error));
}

typedef struct {
    HibSqlPlanInsertVariantIn *variants;
    HibSqlPlanInsertThreadIn *thread;
    HibSqlPlanInsertMediaIn *media;
    size_t n_variants, n_thread, n_media;
} Parts;

static void
add_variant(Parts *parts, const char *post, size_t ordinal, const HibPostVariant *variant)
{
    parts->variants[parts->n_variants++] =
        (HibSqlPlanInsertVariantIn){.post_id = post,
                                    .ordinal = (int64_t)ordinal,
                                    .account_id = variant->account_id,
                                    .text = variant->text,
                                    .format = variant->format,
                                    .title = variant->title,
                                    .options = variant->options,
                                    .recipient = variant->recipient,
                                    .first_comment = variant->first_comment,
                                    .n_thread = (int64_t)variant->n_thread};
    for (size_t i = 0; i < variant->n_thread; i++)
        parts->thread[parts->n_thread++] =
            (HibSqlPlanInsertThreadIn){.post_id = post,
                                       .variant = (int64_t)ordinal,
                                       .part = (int64_t)i + 1,
                                       .text = variant->thread[i].text};
}

static void
add_media(Parts *parts, const char *post, size_t ordinal, const HibPostMedia *media)
{
    parts->media[parts->n_media++] = (HibSqlPlanInsertMediaIn){.post_id = post,
                                                               .variant = -1,
                                                               .part = 0,
                                                               .ordinal = (int64_t)ordinal,
                                                               .media_id = media->media_id,
                                                               .alt = media->alt ? media->alt : ""};
}

static bool
add_parts(HibDb *db, const HibPost *posts, size_t n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    size_t n_variants = 0, n_thread = 0, n_media = 0;
    for (size_t i = 0; i < n; i++) {
        n_variants += posts[i].n_variants;
        n_media += posts[i].n_media;
        for (size_t v = 0; v < posts[i].n_variants; v++)
            n_thread += posts[i].variants[v].n_thread;
    }
    Parts parts = {.variants = hib_arena_array(arena, HibSqlPlanInsertVariantIn, n_variants + 1),
                   .thread = hib_arena_array(arena, HibSqlPlanInsertThreadIn, n_thread + 1),
                   .media = hib_arena_array(arena, HibSqlPlanInsertMediaIn, n_media + 1)};
    for (size_t i = 0; i < n; i++) {
        for (size_t v = 0; v < posts[i].n_variants; v++)
            add_variant(&parts, posts[i].id, v, &posts[i].variants[v]);
        for (size_t m = 0; m < posts[i].n_media; m++)
            add_media(&parts, posts[i].id, m, &posts[i].media[m]);
    }
    return (!n_variants ||
            hib_sql_plan_insert_variant_many(db, parts.variants, n_variants, error)) &&
           (!n_thread || hib_sql_plan_insert_thread_many(db, parts.thread, n_thread, error)) &&
           (!n_media || hib_sql_plan_insert_media_many(db, parts.media, n_media, error));
}

bool
hib_plan_add_many(HibDb *db, const HibPost *posts, size_t n, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && (!n || (add_posts(db, posts, n, error) && add_parts(db, posts, n, error))) &&
           hib_tx_commit(tx, error);
}
