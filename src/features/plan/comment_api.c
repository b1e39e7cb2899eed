/* Comments and links for clients over HTTP. */
#include "http/call.h"
#include "http/services.h"
#include "plan/comment.h"
#include "plan/plan_private.h"
#include "team/team.h"

static bool
is_client(HibCall *call)
{
    return g_strcmp0(hib_call_role(call), "client") == 0;
}

static HibApiComment
to_api(const HibComment *comment)
{
    const HibSqlCommentRow *row = &comment->row;
    return (HibApiComment){.id = row->id,
                           .person_id = row->person_id,
                           .has_person_id = row->person_id != NULL,
                           .name = row->name,
                           .is_client = row->link_id != NULL,
                           .text = row->text,
                           .is_shared = row->is_shared,
                           .account_id = row->account_id,
                           .has_account_id = row->account_id != NULL,
                           .quote = row->quote,
                           .has_quote = row->quote != NULL,
                           .start = comment->spot.start,
                           .has_start = comment->spot.is_there,
                           .length = comment->spot.n,
                           .has_length = comment->spot.is_there,
                           .is_changed = comment->spot.is_changed,
                           .at = row->at,
                           .resolved_at = row->resolved_at,
                           .has_resolved_at = row->has_resolved_at,
                           .resolved_by_name = row->resolved_by_name,
                           .has_resolved_by_name = row->resolved_by_name != NULL};
}

bool
hib_on_list_comments(HibCall *call, const char *post, GError **error)
{
    HibComment *rows;
    size_t n;
    if (!hib_comment_list(hib_call_db(call), post, is_client(call), &rows, &n, error))
        return false;
    HibApiComment *out = hib_arena_array(hib_call_arena(call), HibApiComment, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = to_api(&rows[i]);
    const HibApiCommentList list = {.comments = out, .n_comments = n};
    return hib_reply_comment_list(call, 200, &list);
}

bool
hib_on_add_comment(HibCall *call, const char *post, const HibApiCommentDraft *in, GError **error)
{
    HibVoter writer = {.person = hib_call_person(call),
                       .role = hib_call_role(call),
                       .client = hib_call_client(call)};
    const HibCommentDraft draft = {.text = in->text,
                                   .account = in->has_account_id ? in->account_id : NULL,
                                   .is_shared = in->has_is_shared && in->is_shared,
                                   .has_spot = in->has_start && in->has_length,
                                   .start = in->start,
                                   .n = in->length};
    HibComment comment;
    if (!hib_team_person_name(hib_call_db(call), writer.person, &writer.name, error) ||
        !hib_comment_add(hib_call_db(call), post, &writer, &draft, &comment, error))
        return false;
    const HibApiComment out = to_api(&comment);
    return hib_reply_comment(call, 201, &out);
}

bool
hib_on_change_comment(HibCall *call, const char *post, const char *comment,
                      const HibApiCommentChange *in, GError **error)
{
    HibComment changed;
    if (!hib_comment_resolve(hib_call_db(call), post, comment, is_client(call), in->is_resolved,
                             &changed, error))
        return false;
    const HibApiComment out = to_api(&changed);
    return hib_reply_comment(call, 200, &out);
}

/* --- links for clients ---------------------------------------------------------------------------------------- */
static HibApiReviewLink
link_out(const HibSqlReviewRow *row)
{
    return (HibApiReviewLink){.id = row->id,
                              .name = row->name,
                              .n_posts = row->n_posts,
                              .created_by_name = row->created_by_name,
                              .has_created_by_name = row->created_by_name != NULL,
                              .created_at = row->created_at,
                              .expires_at = row->expires_at,
                              .revoked_at = row->revoked_at,
                              .has_revoked_at = row->has_revoked_at,
                              .seen_at = row->seen_at,
                              .has_seen_at = row->has_seen_at};
}

static bool
reply_links(HibCall *call, const char *post, bool open_only, GError **error)
{
    HibSqlReviewRow *rows;
    size_t n;
    if (!hib_review_list(hib_call_db(call), post, open_only, &rows, &n, error))
        return false;
    HibApiReviewLink *out = hib_arena_array(hib_call_arena(call), HibApiReviewLink, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = link_out(&rows[i]);
    const HibApiReviewLinkList list = {.links = out, .n_links = n};
    return hib_reply_review_link_list(call, 200, &list);
}

bool
hib_on_list_review_links(HibCall *call, const char *post, GError **error)
{
    return reply_links(call, post, false, error);
}

bool
hib_on_list_all_review_links(HibCall *call, const HibApiListAllReviewLinksQuery *query,
                             GError **error)
{
    return reply_links(call, NULL, query->has_open && query->open, error);
}

bool
hib_on_create_review_link(HibCall *call, const HibApiReviewLinkDraft *in, GError **error)
{
    const HibServices *services = hib_call_context(call);
    HibSqlReviewRow *row;
    const char *token;
    if (!hib_review_add(hib_call_db(call), (const char *const *)in->posts, in->n_posts, in->name,
                        in->has_days ? in->days : HIB_REVIEW_DAYS, &row, &token, error))
        return false;
    const HibApiReviewLinkMade out = {
        .link = link_out(row),
        .url = hib_arena_printf(hib_call_arena(call), "%s/review/%s", services->base_url, token)};
    return hib_reply_review_link_made(call, 201, &out);
}

bool
hib_on_revoke_review_link(HibCall *call, const char *link, GError **error)
{
    return hib_review_revoke(hib_call_db(call), link, error) && hib_call_reply_empty(call, 204);
}
