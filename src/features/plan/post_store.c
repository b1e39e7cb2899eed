/* Posts in the store: each change with its event and its audit line in one transaction. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "plan/approval.h"
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

static void
take_facts(const HibMedia *media, HibPostMedia *out)
{
    out->mime = media->facts.mime;
    out->sha256 = media->sha256;
    out->bytes = media->facts.bytes;
    out->width = media->facts.width;
    out->height = media->facts.height;
    out->duration_ms = media->facts.duration_ms;
    out->state = media->state;
}

/* `fills`: media may be written to, and gets what the library knows of it. */
static bool
look_up(HibDb *db, const HibPostMedia *media, size_t n, const char *at, HibPostMedia *fills,
        GError **error)
{
    for (size_t i = 0; i < n; i++) {
        HibMedia *found = NULL;
        GError *fault = NULL;
        g_autofree char *place = g_strdup_printf("%s/%zu", at, i);
        if (!hib_crops_check(&media[i], place, error))
            return false;
        if (hib_media_get(db, media[i].media_id, &found, &fault)) {
            if (fills)
                take_facts(found, &fills[i]);
            continue;
        }
        g_autofree char *pointer = g_strdup_printf("%s/%zu/media_id", at, i);
        hib_error_set_pointer(fault, pointer);
        g_propagate_error(error, fault);
        return false;
    }
    return true;
}

static bool
check_media(HibDb *db, const HibPostContent *content, GError **error)
{
    if (!look_up(db, content->media, content->n_media, "/media", NULL, error))
        return false;
    for (size_t i = 0; i < content->n_variants; i++) {
        const HibPostVariant *variant = &content->variants[i];
        for (size_t k = 0; k < variant->n_thread; k++) {
            g_autofree char *at = g_strdup_printf("/variants/%zu/thread/%zu/media", i, k);
            if (!look_up(db, variant->thread[k].media, variant->thread[k].n_media, at, NULL, error))
                return false;
        }
    }
    return true;
}

/* --- writing what belongs to a post ---------------------------------------------------------------------- */
static bool
write_media(HibDb *db, const char *post, int64_t variant, int64_t part, const HibPostMedia *media,
            size_t n, GError **error)
{
    HibSqlPlanInsertMediaIn *rows = hib_arena_array(hib_db_arena(db), HibSqlPlanInsertMediaIn, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlPlanInsertMediaIn){
            .post_id = post,
            .variant = variant,
            .part = part,
            .ordinal = (int64_t)i,
            .media_id = media[i].media_id,
            .alt = media[i].alt ? media[i].alt : "",
            .focus_x = media[i].has_focus ? &media[i].focus_x : NULL,
            .focus_y = media[i].has_focus ? &media[i].focus_y : NULL,
            .cover_ms = media[i].has_cover ? &media[i].cover_ms : NULL,
            .crops = hib_crops_print(hib_db_arena(db), &media[i]),
        };
    return n == 0 || hib_sql_plan_insert_media_many(db, rows, n, error);
}

static bool
write_thread(HibDb *db, const char *post, int64_t ordinal, const HibPostVariant *variant,
             GError **error)
{
    size_t n = variant->n_thread;
    HibSqlPlanInsertThreadIn *rows = hib_arena_array(hib_db_arena(db), HibSqlPlanInsertThreadIn, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (HibSqlPlanInsertThreadIn){.post_id = post,
                                             .variant = ordinal,
                                             .part = (int64_t)i + 1,
                                             .text = variant->thread[i].text};
    if (n && !hib_sql_plan_insert_thread_many(db, rows, n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!write_media(db, post, ordinal, (int64_t)i + 1, variant->thread[i].media,
                         variant->thread[i].n_media, error))
            return false;
    return true;
}

static bool
write_parts(HibDb *db, const char *post, const HibPostVariant *variants, size_t n_variants,
            const HibPostMedia *media, size_t n_media, GError **error)
{
    HibSqlPlanInsertVariantIn *rows =
        hib_arena_array(hib_db_arena(db), HibSqlPlanInsertVariantIn, n_variants);
    for (size_t i = 0; i < n_variants; i++)
        rows[i] = (HibSqlPlanInsertVariantIn){.post_id = post,
                                              .ordinal = (int64_t)i,
                                              .account_id = variants[i].account_id,
                                              .text = variants[i].text,
                                              .format = variants[i].format,
                                              .title = variants[i].title,
                                              .options = variants[i].options,
                                              .recipient = variants[i].recipient,
                                              .first_comment = variants[i].first_comment,
                                              .n_thread = (int64_t)variants[i].n_thread};
    if (n_variants && !hib_sql_plan_insert_variant_many(db, rows, n_variants, error))
        return false;
    for (size_t i = 0; i < n_variants; i++)
        if (!write_thread(db, post, (int64_t)i, &variants[i], error))
            return false;
    return write_media(db, post, -1, 0, media, n_media, error);
}

bool
hib_post_drop_parts(HibDb *db, const char *post, GError **error)
{
    return hib_sql_plan_drop_variants(db, post, error) &&
           hib_sql_plan_drop_thread(db, post, error) && hib_sql_plan_drop_media(db, post, error);
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
    if (!tx || !check_accounts(db, &in, error) || !check_media(db, &in, error))
        return false;
    if (!hib_sql_plan_insert(db, id, in.text, in.lang, in.disclosure.is_advertising,
                             in.disclosure.is_own_brand, in.disclosure.is_ai_made, in.is_short,
                             HIB_POST_DRAFT, in.due_at, now, now, person, NULL, 1, error) ||
        !write_parts(db, id, in.variants, in.n_variants, in.media, in.n_media, error))
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
                                    .disclosure = from->disclosure,
                                    .is_short = from->is_short,
                                    .variants = from->variants,
                                    .n_variants = from->n_variants,
                                    .media = from->media,
                                    .n_media = from->n_media,
                                    .due_at = due_at};
    return hib_plan_create(db, &content, ret, error) &&
           (!campaign || hib_plan_set_campaign(db, (*ret)->id, campaign, error)) &&
           hib_tx_commit(tx, error);
}

/* Media as a copy with what the library knows of each. */
static bool
imagine_media(HibDb *db, HibPostMedia **media, size_t n, const char *at, GError **error)
{
    HibPostMedia *copy = hib_arena_array(hib_db_arena(db), HibPostMedia, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = (*media)[i];
    *media = copy;
    return look_up(db, copy, n, at, copy, error);
}

bool
hib_plan_imagine(HibDb *db, const HibPostContent *content, HibPost **ret, GError **error)
{
    if (!hib_post_check(content, error) || !check_accounts(db, content, error))
        return false;
    const HibPostContent in = hib_post_normalise(hib_db_arena(db), content);
    HibPost *post = hib_arena_new0(hib_db_arena(db), HibPost);
    *post = (HibPost){.id = "",
                      .has_due_at = in.due_at != NULL,
                      .due_at = in.due_at ? *in.due_at : 0,
                      .text = in.text,
                      .lang = in.lang,
                      .disclosure = in.disclosure,
                      .is_short = in.is_short,
                      .variants = (HibPostVariant *)in.variants,
                      .n_variants = in.n_variants,
                      .media = (HibPostMedia *)in.media,
                      .n_media = in.n_media};
    if (!imagine_media(db, &post->media, post->n_media, "/media", error))
        return false;
    for (size_t i = 0; i < post->n_variants; i++)
        for (size_t k = 0; k < post->variants[i].n_thread; k++) {
            HibPostPart *part = &post->variants[i].thread[k];
            g_autofree char *at = g_strdup_printf("/variants/%zu/thread/%zu/media", i, k);
            if (!imagine_media(db, &part->media, part->n_media, at, error))
                return false;
        }
    *ret = post;
    return true;
}

/* Why an update found no row of that version: someone saved before, or it is too late. */
static void
set_refused(const HibPost *stored, int64_t version, GError **error)
{
    if (!hib_post_is_open(stored->state))
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
        !check_media(db, &in, error) ||
        !hib_sql_plan_update(db, post, version, in.text, in.lang, in.disclosure.is_advertising,
                             in.disclosure.is_own_brand, in.disclosure.is_ai_made, in.is_short,
                             in.due_at, hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        if (hib_plan_get(db, post, false, &now, error))
            set_refused(now, version, error);
        return false;
    }
    if (!hib_post_drop_parts(db, post, error) ||
        !write_parts(db, post, in.variants, in.n_variants, in.media, in.n_media, error))
        return false;
    bool is_withdrawn;
    return hib_plan_get(db, post, false, ret, error) &&
           hib_approval_edited(db, before, *ret, &is_withdrawn, error) &&
           (!is_withdrawn || hib_plan_get(db, post, false, ret, error)) &&
           hib_version_keep(db, before, *ret, error) &&
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
           hib_approval_forget(db, post, error) && hib_plan_get(db, post, false, ret, error) &&
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
    HibPost *before = NULL, *after;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (due_at && !hib_plan_get(db, post, false, &before, error)) ||
        !hib_sql_plan_touch_schedule(db, post, state, due_at, hib_db_now(db), &changed, error) ||
        !found(post, changed, error))
        return false;
    bool is_moved = before && (!before->has_due_at || before->due_at != *due_at);
    return (!is_moved || (hib_plan_get(db, post, false, &after, error) &&
                          hib_version_keep(db, before, after, error))) &&
           hib_tx_commit(tx, error);
}

bool
hib_plan_hold(HibDb *db, const char *post, GError **error)
{
    int64_t n;
    return hib_sql_plan_hold(db, post, &n, error);
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
           hib_sql_plan_insert(
               db, post->id, post->text, post->lang, post->disclosure.is_advertising,
               post->disclosure.is_own_brand, post->disclosure.is_ai_made, post->is_short,
               post->state, post->has_due_at ? &post->due_at : NULL, post->created_at,
               post->updated_at, post->created_by, NULL, MAX(post->version, 1), error) &&
           write_parts(db, post->id, post->variants, post->n_variants, post->media, post->n_media,
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

bool
hib_plan_delete_media(HibDb *db, const char *media, GError **error)
{
    HibSqlPlanWaitingWith *post = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_plan_waiting_with(db, media, &post, error))
        return false;
    if (post) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.in_use", "post %s uses it", post->id);
        return false;
    }
    return hib_media_delete(db, media, error) && hib_tx_commit(tx, error);
}
