/* Links by which a client looks at one post without an account: 256 random bits, kept as their hash, ending by themselves or when revoked. */
#include "base/error.h"
#include "base/json.h"
#include "plan/comment.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define TOKEN_BYTES 32

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

static bool
find(HibDb *db, const char *post, const char *link, HibSqlReviewRow **ret, GError **error)
{
    HibSqlReviewRow *rows;
    size_t n;
    if (!hib_sql_review_list(db, post, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].id, link)) {
            *ret = &rows[i];
            return true;
        }
    return unknown(error);
}

bool
hib_review_add(HibDb *db, const char *post, const char *name, int64_t days, HibSqlReviewRow **ret,
               const char **ret_token, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibPost *found;
    const char *id = hib_db_new_id(db), *actor = NULL,
               *token = hib_random_token(arena, TOKEN_BYTES);
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibInstant now = hib_db_now(db), expires_at = now + days * HIB_DAY;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, post, false, &found, error) ||
        !hib_sql_review_insert(db, id, post, hib_sha256_hex(arena, token, strlen(token)), name, by,
                               now, expires_at, error) ||
        !find(db, post, id, ret, error))
        return false;
    *ret_token = token;
    return hib_event_emit(db, "review.created", post, NULL, error) &&
           hib_audit(db, "review.create", "post", post, NULL, described(db, name, expires_at),
                     error) &&
           hib_tx_commit(tx, error);
}

bool
hib_review_list(HibDb *db, const char *post, HibSqlReviewRow **ret, size_t *ret_n, GError **error)
{
    HibPost *found;
    return hib_plan_get(db, post, false, &found, error) &&
           hib_sql_review_list(db, post, ret, ret_n, error);
}

bool
hib_review_revoke(HibDb *db, const char *post, const char *link, GError **error)
{
    HibSqlReviewRow *row;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !find(db, post, link, &row, error) ||
        !hib_sql_review_revoke(db, post, link, hib_db_now(db), &changed, error))
        return false;
    return (!changed || (hib_event_emit(db, "review.revoked", post, NULL, error) &&
                         hib_audit(db, "review.revoke", "post", post, described(db, row->name, 0),
                                   NULL, error))) &&
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
    *ret = (HibReview){
        .workspace = row->workspace_id, .link = row->id, .post = row->post_id, .name = row->name};
    return true;
}

bool
hib_review_check_pace(HibDb *db, const HibReview *review, GError **error)
{
    HibSqlReviewActs *acts;
    HibInstant now = hib_db_now(db);
    if (!hib_sql_review_acts(db, review->post, review->link, now - HIB_HOUR, &acts, error))
        return false;
    if (acts->n < HIB_REVIEW_ACTS)
        return true;
    GError *refused = NULL;
    hib_error_set(&refused, HIB_ERROR_TOO_MANY, "review.busy", "%d within the hour",
                  HIB_REVIEW_ACTS);
    hib_error_set_retry_at(refused, now + HIB_HOUR);
    g_propagate_error(error, refused);
    return false;
}
