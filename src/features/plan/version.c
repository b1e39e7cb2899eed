/* What a post said before. Each change of its content leaves the state it made; what one person saves within minutes is one state, so that saving while typing does not bury the others.
 * The state from before the first change is kept with it, hence a post that nobody changed costs nothing: it says itself. */
#include "base/error.h"
#include "base/json.h"
#include "plan/plan_private.h"
#include "plan/version.sql.h"
#include <string.h>

#define ONE_STATE (10 * HIB_MINUTE)
#define MOST 100 /* of one post */

/* --- a post's content as the contract writes it ------------------------------------------------------------------- */
static const char *
content_of(HibArena *arena, const HibPost *post)
{
    HibApiPost all;
    hib_plan_to_api(arena, post, &all);
    const HibApiPostDraft draft = {.text = all.text,
                                   .variants = all.variants,
                                   .n_variants = all.n_variants,
                                   .media = all.media,
                                   .n_media = all.n_media,
                                   .has_media = true,
                                   .disclosure = all.disclosure,
                                   .has_disclosure = true,
                                   .is_short = all.is_short,
                                   .has_is_short = true,
                                   .lang = all.lang,
                                   .has_lang = all.has_lang,
                                   .due_at = all.due_at,
                                   .has_due_at = all.has_due_at};
    g_autoptr(GString) out = g_string_new(NULL);
    hib_shape_print(&hib_api_post_draft_shape, &draft, out);
    return hib_arena_strdup(arena, out->str);
}

bool
hib_version_draft(HibArena *arena, const HibPostVersion *version, HibApiPostDraft *ret,
                  GError **error)
{
    HibJson json;
    *ret = (HibApiPostDraft){0};
    return hib_json_parse(arena, version->content, strlen(version->content), &json, error) &&
           hib_shape_read(&hib_api_post_draft_shape, json.value, arena, ret, error);
}

/* --- keeping ---------------------------------------------------------------------------------------------------------- */
static bool
is_same(const char *a, const char *b)
{
    return g_strcmp0(a, b) == 0;
}

static bool
keep_first(HibDb *db, const HibPost *before, const HibPost *after, const char *me, HibInstant now,
           GError **error)
{
    HibArena *arena = hib_db_arena(db);
    bool is_one = is_same(before->created_by, me) && now - before->created_at < ONE_STATE;
    return (is_one || hib_sql_version_insert(db, before->id, before->version, before->created_at,
                                             before->updated_at, before->created_by, true,
                                             content_of(arena, before), error)) &&
           hib_sql_version_insert(db, after->id, after->version, is_one ? before->created_at : now,
                                  now, me, false, content_of(arena, after), error);
}

bool
hib_version_keep(HibDb *db, const HibPost *before, const HibPost *after, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *actor = NULL, *content = content_of(arena, after);
    const char *me = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibInstant now = hib_db_now(db);
    HibSqlVersionLast *last;
    if (g_str_equal(content_of(arena, before), content))
        return true;
    if (!hib_sql_version_last(db, after->id, &last, error))
        return false;
    if (!last)
        return keep_first(db, before, after, me, now, error);
    if (!last->is_whole && is_same(last->saved_by, me) && now - last->began_at < ONE_STATE)
        return hib_sql_version_merge(db, after->id, last->version, after->version, now, content,
                                     error);
    return hib_sql_version_insert(db, after->id, after->version, now, now, me, false, content,
                                  error) &&
           hib_sql_version_trim(db, after->id, MOST, error);
}

bool
hib_plan_close_version(HibDb *db, const char *post, GError **error)
{
    HibPost *now;
    HibSqlVersionLast *last;
    if (!hib_plan_get(db, post, false, &now, error) ||
        !hib_sql_version_last(db, post, &last, error))
        return false;
    if (last)
        return hib_sql_version_close(db, post, last->version, error);
    return hib_sql_version_insert(db, post, now->version, now->created_at, now->updated_at,
                                  now->created_by, true, content_of(hib_db_arena(db), now), error);
}

bool
hib_version_purge(HibDb *db, const char *post, GError **error)
{
    return hib_sql_version_drop(db, post, error);
}

/* --- reading ------------------------------------------------------------------------------------------------------------ */
static HibPostVersion
itself(HibArena *arena, const HibPost *post)
{
    return (HibPostVersion){.version = post->version,
                            .began_at = post->created_at,
                            .saved_at = post->updated_at,
                            .saved_by = post->created_by,
                            .saved_by_name = post->created_by_name,
                            .content = content_of(arena, post)};
}

bool
hib_plan_versions(HibDb *db, const char *post, HibPostVersion **ret, size_t *ret_n, GError **error)
{
    HibPost *stored;
    HibSqlVersionList *rows;
    if (!hib_plan_get(db, post, false, &stored, error) ||
        !hib_sql_version_list(db, post, &rows, ret_n, error))
        return false;
    HibPostVersion *out = hib_arena_array(hib_db_arena(db), HibPostVersion, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        out[i] = (HibPostVersion){.version = rows[i].version,
                                  .began_at = rows[i].began_at,
                                  .saved_at = rows[i].saved_at,
                                  .saved_by = rows[i].saved_by,
                                  .saved_by_name = rows[i].saved_by_name};
    if (!*ret_n)
        out[(*ret_n)++] = itself(hib_db_arena(db), stored);
    *ret = out;
    return true;
}

bool
hib_plan_version(HibDb *db, const char *post, const char *version, HibPostVersion *ret,
                 GError **error)
{
    HibPost *stored;
    HibSqlVersionGet *row = NULL;
    gint64 n = 0;
    bool is_number = g_ascii_string_to_signed(version, 10, 1, G_MAXINT64, &n, NULL);
    if (!hib_plan_get(db, post, false, &stored, error) ||
        (is_number && !hib_sql_version_get(db, post, n, &row, error)))
        return false;
    if (row) {
        *ret = (HibPostVersion){.version = row->version,
                                .began_at = row->began_at,
                                .saved_at = row->saved_at,
                                .saved_by = row->saved_by,
                                .saved_by_name = row->saved_by_name,
                                .content = row->content};
        return true;
    }
    if (n == stored->version) {
        *ret = itself(hib_db_arena(db), stored);
        return true;
    }
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "version.unknown", "post %s has no version %s", post,
                  version);
    return false;
}
