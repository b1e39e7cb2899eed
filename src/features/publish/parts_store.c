/* New deliveries: those of a post, made when it is scheduled, and those that follow one that is out.
 *
 * The texts of a thread follow one another: each stands under the one before and is made in the transaction that says the one before is
 * out, so that it is neither lost nor made twice. From then on it is a delivery like any other: with its own handle, state and
 * timeline. What becomes of it is none of the post's state. */
#include "publish/publish_private.h"
#include "publish/work.sql.h"

bool
hib_deliver_add(HibDb *db, const HibNewDelivery *new, bool *ret_done, GError **error)
{
    int64_t changed = 0;
    char due[HIB_INSTANT_TEXT];
    if (!hib_sql_work_add(db, new->id, new->post_id, new->account_id, new->network, new->handle,
                          new->text, new->lang, new->n_media, new->kind, new->part, new->parent_id,
                          new->n_following, new->reply_to, new->reply_root, new->reply_token,
                          new->format, new->title, new->options, new->recipient,
                          new->disclosure.is_advertising, new->disclosure.is_own_brand,
                          new->disclosure.is_ai_made, new->due_at, new->late_from, &changed, error))
        return false;
    *ret_done = changed > 0;
    return !changed ||
           (hib_publish_did(db, new->id, hib_db_now(db), HIB_DID_SCHEDULED,
                            hib_instant_format(new->due_at, due), error) &&
            hib_job_add(db, HIB_JOB_DELIVER, new->id, new->id, NULL, new->due_at, NULL, error));
}

static const HibPostVariant *
variant_of(const HibPost *post, const char *account)
{
    for (size_t i = 0; i < post->n_variants; i++)
        if (g_str_equal(post->variants[i].account_id, account))
            return &post->variants[i];
    return NULL;
}

static bool
add_part(HibDb *db, const HibDeliverWork *parent, HibNewDelivery *part, GError **error)
{
    HibInstant now = hib_db_now(db);
    HibAccount *account;
    bool done;
    if (!hib_accounts_find(db, parent->account_id, &account, error))
        return false;
    part->id = hib_db_new_id(db);
    part->post_id = parent->post_id;
    part->account_id = parent->account_id;
    part->network = parent->network;
    part->handle = account ? account->handle : "";
    part->lang = parent->lang;
    part->parent_id = parent->id;
    part->disclosure = parent->disclosure;
    part->due_at = part->late_from = now;
    return hib_deliver_add(db, part, &done, error);
}

bool
hib_deliver_follow(HibDb *db, const HibDeliverWork *work, const char *remote_id, GError **error)
{
    HibPost *written, *post;
    if (!hib_plan_get(db, work->post_id, true, &written, error) ||
        !hib_plan_as_sent(db, written, &post, error))
        return false;
    const HibPostVariant *variant = variant_of(post, work->account_id);
    if (!variant)
        return true;
    const char *root = work->reply_root ? work->reply_root : remote_id;
    size_t next = (size_t)work->part + 1;
    if (next <= variant->n_thread) {
        const HibPostPart *text = &variant->thread[next - 1];
        HibNewDelivery part = {.kind = HIB_KIND_THREAD,
                               .part = (int)next,
                               .text = text->text,
                               .n_media = (int)text->n_media,
                               .n_following = (int)(variant->n_thread - next),
                               .reply_to = remote_id,
                               .reply_root = root};
        if (!add_part(db, work, &part, error))
            return false;
    }
    if (work->kind != HIB_KIND_POST || !variant->first_comment)
        return true;
    HibNewDelivery comment = {.kind = HIB_KIND_COMMENT,
                              .part = (int)variant->n_thread + 1,
                              .text = variant->first_comment,
                              .reply_to = remote_id,
                              .reply_root = root};
    return add_part(db, work, &comment, error);
}
