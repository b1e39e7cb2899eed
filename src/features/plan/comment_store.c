/* Comments in the store, each with its event and its audit line in one transaction. */
#include "base/error.h"
#include "base/json.h"
#include "plan/comment.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define SHOWN 200 /* characters of a comment in the audit log */

static bool
unknown(const char *comment, GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "comment.unknown", "no comment %s", comment);
    return false;
}

/* The text a comment is about; NULL when the account has none any more. */
static const char *
text_of(const HibPost *post, const char *account)
{
    if (!account)
        return post->text;
    for (size_t i = 0; i < post->n_variants; i++)
        if (g_str_equal(post->variants[i].account_id, account))
            return post->variants[i].text ? post->variants[i].text : post->text;
    return NULL;
}

static HibComment
whole(const HibPost *post, const HibSqlCommentRow *row)
{
    HibComment comment = {.row = *row};
    const char *text = row->quote ? text_of(post, row->account_id) : NULL;
    if (text)
        comment.spot = hib_spot_find(text, &(HibSpot){.quote = row->quote,
                                                      .before = row->before ? row->before : "",
                                                      .after = row->after ? row->after : "",
                                                      .start = row->start_at});
    return comment;
}

static const char *
described(HibDb *db, const HibSqlCommentRow *row)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", row->name);
    g_autofree char *text = g_utf8_strlen(row->text, -1) <= SHOWN
                                ? g_strdup(row->text)
                                : g_utf8_substring(row->text, 0, SHOWN);
    cJSON_AddStringToObject(json, "text", text);
    if (row->quote)
        cJSON_AddStringToObject(json, "quote", row->quote);
    cJSON_AddBoolToObject(json, "is_resolved", row->has_resolved_at);
    return hib_json_print(hib_db_arena(db), json);
}

static bool
emit(HibDb *db, const char *kind, const HibSqlCommentRow *row, GError **error)
{
    const char *json = hib_arena_printf(hib_db_arena(db), "{\"comment\":\"%s\"}", row->id);
    return hib_event_emit(db, kind, row->post_id, json, error);
}

static bool
take_spot(HibDb *db, const HibPost *post, const HibCommentDraft *draft, HibSpot *ret,
          GError **error)
{
    const char *text = text_of(post, draft->account);
    if (!text) {
        hib_error_set_at(error, HIB_ERROR_NOT_FOUND, "accounts.unknown", "/account_id",
                         "the post does not go to %s", draft->account);
        return false;
    }
    if (!draft->has_spot || hib_spot_take(hib_db_arena(db), text, draft->start, draft->n, ret))
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "comment.bad_spot", "/spot", "outside of the text");
    return false;
}

static const char *
tidy(HibDb *db, const char *text, GError **error)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    if (*stripped)
        return hib_arena_strdup(hib_db_arena(db), stripped);
    hib_error_set_at(error, HIB_ERROR_INVALID, "comment.empty", "/text", "an empty comment");
    return NULL;
}

bool
hib_comment_add(HibDb *db, const char *id, const HibVoter *writer, const HibCommentDraft *draft,
                HibComment *ret, GError **error)
{
    HibPost *post;
    HibSpot spot = {0};
    HibSqlCommentRow *row;
    const char *comment = hib_db_new_id(db), *text = tidy(db, draft->text, error);
    g_autoptr(HibTx) tx = text ? hib_tx_begin(db, error) : NULL;
    if (!tx || !hib_plan_get(db, id, false, &post, error) ||
        !take_spot(db, post, draft, &spot, error))
        return false;
    if (!hib_sql_comment_insert(db, comment, id, writer->person, writer->link, writer->name, text,
                                draft->is_shared || hib_voter_is_client(writer), draft->account,
                                spot.quote, spot.before, spot.after,
                                draft->has_spot ? &spot.start : NULL, hib_db_now(db), error) ||
        !hib_sql_comment_get(db, comment, &row, error))
        return false;
    *ret = whole(post, row);
    return emit(db, "comment.added", row, error) &&
           hib_audit(db, "comment.add", "post", id, NULL, described(db, row), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_comment_list(HibDb *db, const char *id, bool only_shared, HibComment **ret, size_t *ret_n,
                 GError **error)
{
    HibPost *post;
    HibSqlCommentRow *rows;
    size_t n;
    if (!hib_plan_get(db, id, false, &post, error) ||
        !hib_sql_comment_list(db, id, &rows, &n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibComment, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].is_shared || !only_shared)
            (*ret)[(*ret_n)++] = whole(post, &rows[i]);
    return true;
}

bool
hib_comment_resolve(HibDb *db, const char *id, const char *comment, bool only_shared,
                    bool is_resolved, HibComment *ret, GError **error)
{
    HibPost *post;
    HibSqlCommentRow *before, *after;
    const char *actor = NULL;
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibInstant now = hib_db_now(db);
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, id, false, &post, error) ||
        !hib_sql_comment_get(db, comment, &before, error))
        return false;
    if (!before || !g_str_equal(before->post_id, id) || (only_shared && !before->is_shared))
        return unknown(comment, error);
    if (!hib_sql_comment_resolve(db, comment, is_resolved ? &now : NULL, is_resolved ? by : NULL,
                                 &changed, error) ||
        !hib_sql_comment_get(db, comment, &after, error))
        return false;
    *ret = whole(post, after);
    return emit(db, "comment.changed", after, error) &&
           hib_audit(db, "comment.resolve", "post", id, described(db, before), described(db, after),
                     error) &&
           hib_tx_commit(tx, error);
}

bool
hib_comment_purge(HibDb *db, const char *post, GError **error)
{
    return hib_sql_comment_purge(db, post, error) && hib_sql_review_purge(db, post, error);
}

/* --- for those who tell people ---------------------------------------------------------------------------------- */
bool
hib_plan_comment_facts(HibDb *db, const char *comment, HibCommentFacts *ret, GError **error)
{
    HibSqlCommentRow *row;
    if (!hib_sql_comment_get(db, comment, &row, error))
        return false;
    if (!row)
        return unknown(comment, error);
    *ret = (HibCommentFacts){.id = row->id,
                             .post_id = row->post_id,
                             .person_id = row->person_id,
                             .name = row->name,
                             .text = row->text,
                             .is_shared = row->is_shared};
    return true;
}

bool
hib_plan_commenters(HibDb *db, const char *post, const char *const **ret, GError **error)
{
    HibSqlCommentRow *rows;
    size_t n, n_people = 0;
    if (!hib_sql_comment_list(db, post, &rows, &n, error))
        return false;
    const char **people = hib_arena_array(hib_db_arena(db), const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < n_people && g_strcmp0(people[k], rows[i].person_id) != 0)
            k++;
        if (k == n_people && rows[i].person_id)
            people[n_people++] = rows[i].person_id;
    }
    people[n_people] = NULL;
    *ret = people;
    return true;
}
