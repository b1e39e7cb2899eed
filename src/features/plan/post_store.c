/* Posts in the store: each change with its event and its audit line in one transaction. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "plan/plan_private.h"
#include "team/team.h"

/* --- what is named must be there ----------------------------------------------------------------------- */
static bool
check_accounts(HibDb *db, const HibPostContent *content, GError **error)
{
    HibAccount *accounts = NULL;
    size_t n = 0;
    if (content->n_variants == 0)
        return true;
    if (!hib_accounts_list(db, &accounts, &n, error))
        return false;
    for (size_t i = 0; i < content->n_variants; i++) {
        size_t k = 0;
        while (k < n && !g_str_equal(accounts[k].id, content->variants[i].account_id))
            k++;
        if (k < n)
            continue;
        g_autofree char *at = g_strdup_printf("/variants/%zu/account_id", i);
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", at, "no account %s",
                         content->variants[i].account_id);
        return false;
    }
    return true;
}

static bool
check_images(HibDb *db, const HibPostContent *content, GError **error)
{
    for (size_t i = 0; i < content->n_images; i++) {
        HibMedia *media = NULL;
        GError *fault = NULL;
        if (hib_media_get(db, content->images[i].media_id, &media, &fault))
            continue;
        g_autofree char *at = g_strdup_printf("/images/%zu/media_id", i);
        hib_error_set_pointer(fault, at);
        g_propagate_error(error, fault);
        return false;
    }
    return true;
}

static bool
write_parts(HibDb *db, const char *post, const HibPostVariant *variants, size_t n_variants,
            const HibPostImage *images, size_t n_images, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlPlanInsertVariantIn *rows = hib_arena_array(arena, HibSqlPlanInsertVariantIn, n_variants);
    for (size_t i = 0; i < n_variants; i++)
        rows[i] = (HibSqlPlanInsertVariantIn){.post_id = post,
                                              .ordinal = (int64_t)i,
                                              .account_id = variants[i].account_id,
                                              .text = variants[i].text};
    HibSqlPlanInsertImageIn *pictures = hib_arena_array(arena, HibSqlPlanInsertImageIn, n_images);
    for (size_t i = 0; i < n_images; i++)
        pictures[i] = (HibSqlPlanInsertImageIn){.post_id = post,
                                                .ordinal = (int64_t)i,
                                                .media_id = images[i].media_id,
                                                .alt = images[i].alt ? images[i].alt : ""};
    return (n_variants == 0 || hib_sql_plan_insert_variant_many(db, rows, n_variants, error)) &&
           (n_images == 0 || hib_sql_plan_insert_image_many(db, pictures, n_images, error));
}

/* The event and the audit line of a change. before/after: NULL where there was or is none. */
static bool
tell(HibDb *db, const char *event, const char *action, const char *id, const HibPost *before,
     const HibPost *after, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const HibPost *newest = after ? after : before;
    const char *json = hib_arena_printf(arena, "{\"version\":%" G_GINT64_FORMAT "}",
                                        newest->version); /* NOLINT: one of the two is there */
    return hib_event_emit(db, event, id, json, error) &&
           hib_audit(db, action, "post", id, before ? hib_post_audit(arena, before) : NULL,
                     after ? hib_post_audit(arena, after) : NULL, error);
}

/* --- create, update, restore ----------------------------------------------------------------------------- */
bool
hib_plan_create(HibDb *db, const HibPostContent *content, HibPost **ret, GError **error)
{
    if (!hib_post_check(content, error))
        return false;
    const HibPostContent in = hib_post_normalise(hib_db_arena(db), content);
    const char *id = hib_db_new_id(db), *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibInstant now = hib_db_now(db);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !check_accounts(db, &in, error) || !check_images(db, &in, error))
        return false;
    if (!hib_sql_plan_insert(db, id, in.text, in.lang, HIB_POST_DRAFT, in.due_at, now, now, person,
                             NULL, 1, error) ||
        !write_parts(db, id, in.variants, in.n_variants, in.images, in.n_images, error))
        return false;
    return hib_plan_get(db, id, false, ret, error) &&
           tell(db, "post.created", "post.create", id, NULL, *ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_plan_copy(HibDb *db, const char *post, const HibInstant *due_at, HibPost **ret, GError **error)
{
    HibPost *from;
    const char *campaign;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, post, false, &from, error) ||
        !hib_plan_campaign_of(db, post, &campaign, error))
        return false;
    const HibPostContent content = {.text = from->text,
                                    .lang = from->lang,
                                    .variants = from->variants,
                                    .n_variants = from->n_variants,
                                    .images = from->images,
                                    .n_images = from->n_images,
                                    .due_at = due_at};
    return hib_plan_create(db, &content, ret, error) &&
           (!campaign || hib_plan_set_campaign(db, (*ret)->id, campaign, error)) &&
           hib_tx_commit(tx, error);
}

/* Why an update found no row of that version: someone saved before, or it is too late. */
static void
set_refused(const HibPost *stored, int64_t version, GError **error)
{
    bool is_open = stored->state == HIB_POST_DRAFT || stored->state == HIB_POST_SCHEDULED ||
                   stored->state == HIB_POST_FAILED;
    if (!is_open)
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.already_sending", "post %s is in state %d",
                      stored->id, stored->state);
    else
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.edited",
                      "post %s is at version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                      stored->id, stored->version, version);
}

bool
hib_plan_update(HibDb *db, const char *post, int64_t version, const HibPostContent *content,
                HibPost **ret, GError **error)
{
    if (!hib_post_check(content, error))
        return false;
    const HibPostContent in = hib_post_normalise(hib_db_arena(db), content);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    HibPost *before = NULL, *now = NULL;
    int64_t changed = 0;
    if (!tx || !hib_plan_get(db, post, false, &before, error) || !check_accounts(db, &in, error) ||
        !check_images(db, &in, error) ||
        !hib_sql_plan_update(db, post, version, in.text, in.lang, in.due_at, hib_db_now(db),
                             &changed, error))
        return false;
    if (!changed) {
        if (hib_plan_get(db, post, false, &now, error))
            set_refused(now, version, error);
        return false;
    }
    if (!hib_sql_plan_drop_variants(db, post, error) ||
        !hib_sql_plan_drop_images(db, post, error) ||
        !write_parts(db, post, in.variants, in.n_variants, in.images, in.n_images, error))
        return false;
    return hib_plan_get(db, post, false, ret, error) &&
           tell(db, "post.changed", "post.update", post, before, *ret, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_plan_restore(HibDb *db, const char *post, HibPost **ret, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    HibPost *before = NULL;
    int64_t changed = 0;
    if (!tx || !hib_plan_get(db, post, true, &before, error) ||
        !hib_sql_plan_restore(db, post, hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.not_deleted", "post %s is not deleted",
                      post);
        return false;
    }
    return hib_jobs_cancel(db, HIB_PLAN_PURGE, post, error) &&
           hib_plan_get(db, post, false, ret, error) &&
           tell(db, "post.restored", "post.restore", post, NULL, *ret, error) &&
           hib_tx_commit(tx, error);
}

/* --- for publish/ ---------------------------------------------------------------------------------------- */
static bool
found(const char *post, int64_t changed, GError **error)
{
    if (changed)
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "post.unknown", "no post %s", post);
    return false;
}

bool
hib_plan_set_schedule(HibDb *db, const char *post, HibPostState state, const HibInstant *due_at,
                      GError **error)
{
    int64_t changed = 0;
    return hib_sql_plan_touch_schedule(db, post, state, due_at, hib_db_now(db), &changed, error) &&
           found(post, changed, error);
}

bool
hib_plan_set_state(HibDb *db, const char *post, HibPostState state, GError **error)
{
    int64_t changed = 0;
    return hib_sql_plan_touch_state(db, post, state, hib_db_now(db), &changed, error) &&
           found(post, changed, error);
}

bool
hib_plan_set_deleted(HibDb *db, const char *post, GError **error)
{
    HibPost *before = NULL;
    HibInstant now = hib_db_now(db);
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_plan_get(db, post, false, &before, error) &&
           hib_sql_plan_delete(db, post, now, &changed, error) && found(post, changed, error) &&
           hib_job_add(db, HIB_PLAN_PURGE, NULL, post, NULL, now + HIB_PLAN_KEEP_DELETED, NULL,
                       error) &&
           tell(db, "post.deleted", "post.delete", post, before, NULL, error) &&
           hib_tx_commit(tx, error);
}

bool
hib_plan_add_past(HibDb *db, const HibPost *post, GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_sql_plan_insert(db, post->id, post->text, post->lang, post->state,
                               post->has_due_at ? &post->due_at : NULL, post->created_at,
                               post->updated_at, post->created_by, NULL, MAX(post->version, 1),
                               error) &&
           write_parts(db, post->id, post->variants, post->n_variants, post->images, post->n_images,
                       error) &&
           hib_tx_commit(tx, error);
}

/* --- wall-clock time --------------------------------------------------------------------------------------- */
bool
hib_plan_resolve(HibDb *db, const char *wall, const char *zone, HibInstant *ret, GError **error)
{
    HibWorkspace *workspace = NULL;
    if (!zone && !hib_team_workspace(db, &workspace, error))
        return false;
    const char *name = zone ? zone : workspace->zone;
    g_autoptr(HibZone) open = hib_zone_open(name);
    if (!open) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_zone", "/zone", "no zone %s", name);
        return false;
    }
    HibWall reading;
    HibWallFit fit;
    if (hib_wall_parse(wall, &reading) && hib_wall_resolve(open, &reading, ret, &fit))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_wall", "/wall", "no date and time");
    return false;
}
