/* Links by which a client looks at posts without an account: 256 random bits, kept as their hash, ending by themselves or when revoked. */
#include "base/error.h"
#include "base/json.h"
#include "plan/comment.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define TOKEN_BYTES 32
#define MOST 200

static bool
unknown(GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "review.unknown", "no such link");
    return false;
}

static const char *
described(HibDb *db, const char *name, HibInstant expires_at)
{
    char text[HIB_INSTANT_TEXT];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", name);
    if (expires_at)
        cJSON_AddStringToObject(json, "expires_at", hib_instant_format(expires_at, text));
    return hib_json_print(hib_db_arena(db), json);
}

/* Each post's own log and listeners hear of a link that shows it. */
static bool
tell(HibDb *db, const char *event, const char *action, const char *const *posts, size_t n,
     const char *before, const char *after, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!hib_event_emit(db, event, posts[i], NULL, error) ||
            !hib_audit(db, action, "post", posts[i], before, after, error))
            return false;
    return true;
}

static bool
show_posts(HibDb *db, const char *link, const char *const *posts, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        HibPost *found;
        GError *fault = NULL;
        if (!hib_plan_get(db, posts[i], false, &found, &fault)) {
            g_autofree char *pointer = g_strdup_printf("/posts/%zu", i);
            hib_error_set_pointer(fault, pointer);
            g_propagate_error(error, fault);
            return false;
        }
        if (!hib_sql_review_show(db, link, posts[i], (int64_t)i, error))
            return false;
    }
    return true;
}

static bool
posts_of(HibDb *db, const char *link, const char *const **ret, size_t *ret_n, GError **error)
{
    HibSqlReviewPosts *rows;
    if (!hib_sql_review_posts(db, link, &rows, ret_n, error))
        return false;
    const char **ids = hib_arena_array(hib_db_arena(db), const char *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        ids[i] = rows[i].post_id;
    *ret = ids;
    return true;
}

bool
hib_review_add(HibDb *db, const char *const *posts, size_t n, const char *name, int64_t days,
               HibSqlReviewRow **ret, const char **ret_token, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *id = hib_db_new_id(db), *actor = NULL,
               *token = hib_random_token(arena, TOKEN_BYTES);
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    const char *const *shown;
    size_t n_shown;
    HibInstant now = hib_db_now(db), expires_at = now + days * HIB_DAY;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_token = token;
    return tx &&
           hib_sql_review_insert(db, id, hib_sha256_hex(arena, token, strlen(token)), name, by, now,
                                 expires_at, error) &&
           show_posts(db, id, posts, n, error) && posts_of(db, id, &shown, &n_shown, error) &&
           hib_sql_review_get(db, id, ret, error) &&
           tell(db, "review.created", "review.create", shown, n_shown, NULL,
                described(db, name, expires_at), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_review_list(HibDb *db, const char *post, bool open_only, HibSqlReviewRow **ret, size_t *ret_n,
                GError **error)
{
    HibPost *found;
    HibInstant now = hib_db_now(db);
    if (!post)
        return hib_sql_review_list(db, open_only ? &now : NULL, MOST, ret, ret_n, error);
    return hib_plan_get(db, post, false, &found, error) &&
           hib_sql_review_of_post(db, post, ret, ret_n, error);
}

bool
hib_review_revoke(HibDb *db, const char *link, GError **error)
{
    HibSqlReviewRow *row;
    const char *const *posts;
    size_t n;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_review_get(db, link, &row, error))
        return false;
    if (!row)
        return unknown(error);
    return hib_sql_review_revoke(db, link, hib_db_now(db), &changed, error) &&
           posts_of(db, link, &posts, &n, error) &&
           (!changed || tell(db, "review.revoked", "review.revoke", posts, n,
                             described(db, row->name, 0), NULL, error)) &&
           hib_tx_commit(tx, error);
}

bool
hib_review_open(HibDb *db, const char *token, const char *client, HibReview *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlReviewFound *row;
    if (!hib_sql_review_find(db, hib_sha256_hex(arena, token, strlen(token)), &row, error))
        return false;
    if (!row) /* a right link is always served; a guess costs */
        return hib_team_throttle_guess(db, "review", client, error) && unknown(error);
    if (row->has_revoked_at || row->expires_at <= hib_db_now(db)) {
        hib_error_set(error, HIB_ERROR_GONE, "review.over", "expired or revoked");
        return false;
    }
    *ret = (HibReview){.workspace = row->workspace_id, .link = row->id, .name = row->name};
    return true;
}

bool
hib_review_posts(HibDb *db, const HibReview *review, const char *const **ret, size_t *ret_n,
                 GError **error)
{
    if (!posts_of(db, review->link, ret, ret_n, error))
        return false;
    if (!*ret_n)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "post.unknown", "all posts were deleted");
    return *ret_n > 0;
}

bool
hib_review_check_pace(HibDb *db, const HibReview *review, GError **error)
{
    HibSqlReviewActs *acts;
    const char *const *posts;
    size_t n;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_review_acts(db, review->link, now - HIB_HOUR, &acts, error) ||
        !posts_of(db, review->link, &posts, &n, error))
        return false;
    int64_t most = HIB_REVIEW_ACTS + HIB_REVIEW_ACTS_PER_POST * (MAX((int64_t)n, 1) - 1);
    if (acts->n < most)
        return true;
    GError *refused = NULL;
    hib_error_set(&refused, HIB_ERROR_TOO_MANY, "review.busy", "%" G_GINT64_FORMAT " in the hour",
                  most);
    hib_error_set_retry_at(refused, now + HIB_HOUR);
    g_propagate_error(error, refused);
    return false;
}
