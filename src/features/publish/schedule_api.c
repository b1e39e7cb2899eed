/* What is done to a post once deliveries hang on it, over HTTP: change, delete, schedule, take back. */
#include "base/error.h"
#include "http/call.h"
#include "publish/publish.h"
#include "publish/schedule.h"

static bool
reply(HibCall *call, const HibPost *post)
{
    HibApiPost out;
    hib_plan_to_api(hib_call_arena(call), post, &out);
    return hib_reply_post(call, 200, &out);
}

/* An update is a draft with the version that the writer saw. */
static HibPostContent
content_of(HibArena *arena, const HibApiPostUpdate *in)
{
    const HibApiPostDraft draft = {.text = in->text,
                                   .variants = in->variants,
                                   .n_variants = in->n_variants,
                                   .media = in->media,
                                   .n_media = in->n_media,
                                   .has_media = in->has_media,
                                   .disclosure = in->disclosure,
                                   .has_disclosure = in->has_disclosure,
                                   .is_short = in->is_short,
                                   .has_is_short = in->has_is_short,
                                   .lang = in->lang,
                                   .has_lang = in->has_lang};
    HibPostContent out = hib_plan_of_draft(arena, &draft);
    out.due_at = in->has_due_at ? &in->due_at : NULL; /* points into what was read */
    return out;
}

bool
hib_on_update_post(HibCall *call, const char *post, const HibApiPostUpdate *in, GError **error)
{
    HibPost *after;
    HibDb *db = hib_call_db(call);
    const HibPostContent content = content_of(hib_call_arena(call), in);
    bool is_apart = in->has_is_apart && in->is_apart;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && (!is_apart || hib_plan_close_version(db, post, error)) &&
           hib_publish_update(db, post, in->version, &content, &after, error) &&
           hib_tx_commit(tx, error) && reply(call, after);
}

bool
hib_on_restore_post_version(HibCall *call, const char *post, const char *version,
                            const HibApiVersionRestore *in, GError **error)
{
    HibPost *after;
    return hib_publish_restore_version(hib_call_db(call), post, version, in->version, &after,
                                       error) &&
           reply(call, after);
}

bool
hib_on_delete_post(HibCall *call, const char *post, GError **error)
{
    return hib_publish_delete(hib_call_db(call), post, error) && hib_call_reply_empty(call, 204);
}

/* Exactly one of the three ways to say when. */
static bool
read_time(HibDb *db, const HibApiPostTime *in, HibInstant *ret, GError **error)
{
    bool is_now = in->has_now && in->now;
    if (is_now + in->has_at + in->has_wall != 1) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.time_missing", "/at",
                         "one of at, wall, now");
        return false;
    }
    if (in->has_wall)
        return hib_plan_resolve(db, in->wall, in->has_zone ? in->zone : NULL, ret, error);
    *ret = is_now ? hib_db_now(db) : in->at;
    return true;
}

/* What no network could fetch is told now, not when the post is due. */
static bool
check_reachable(HibCall *call, const char *id, GError **error)
{
    HibPost *post;
    HibPostProblem problem;
    bool is_unreachable;
    if (!hib_plan_get(hib_call_db(call), id, false, &post, error) ||
        !hib_schedule_unreachable(hib_call_db(call), hib_call_context(call), post, &problem,
                                  &is_unreachable, error))
        return false;
    if (is_unreachable)
        hib_schedule_refuse(&problem, error);
    return !is_unreachable;
}

bool
hib_on_schedule_post(HibCall *call, const char *post, const HibApiPostTime *in, GError **error)
{
    HibPost *after;
    HibInstant at;
    return check_reachable(call, post, error) && read_time(hib_call_db(call), in, &at, error) &&
           hib_publish_schedule(hib_call_db(call), post, in->has_version ? &in->version : NULL, at,
                                &after, error) &&
           reply(call, after);
}

bool
hib_on_unschedule_post(HibCall *call, const char *post, GError **error)
{
    HibPost *after;
    return hib_publish_unschedule(hib_call_db(call), post, &after, error) && reply(call, after);
}
