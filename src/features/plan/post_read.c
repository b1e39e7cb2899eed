/* Reading posts whole: one, or a page of them in at most five statements. */
#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"
#include "plan/plan_private.h"
#include <string.h>

#define ID_CHARACTERS (HIB_ID_TEXT - 1)

static void
fill_row(const HibSqlPostRow *row, HibPost *out)
{
    *out = (HibPost){
        .id = row->id,
        .text = row->text,
        .lang = row->lang,
        .disclosure = {.is_advertising = row->is_advertising,
                       .is_own_brand = row->is_own_brand,
                       .is_ai_made = row->is_ai_made},
        .is_short = row->is_short,
        .state = (HibPostState)row->state,
        .has_due_at = row->has_due_at,
        .due_at = row->due_at,
        .is_deleted = row->has_deleted_at,
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .created_by = row->created_by,
        .created_by_name = row->created_by_name ? row->created_by_name : "",
        .campaign_id = row->campaign_id,
        .version = row->version,
    };
}

/* Rows come grouped by post, in order. */
static bool
give_variants(HibArena *arena, GHashTable *by_id, const HibSqlVariantRow *rows, size_t n)
{
    HibPostVariant *all = hib_arena_array(arena, HibPostVariant, n);
    bool has_thread = false;
    for (size_t i = 0; i < n; i++) {
        HibPost *post = g_hash_table_lookup(by_id, rows[i].post_id);
        if (!post)
            continue;
        all[i] = (HibPostVariant){.account_id = rows[i].account_id,
                                  .text = rows[i].text,
                                  .format = (HibNetFormat)rows[i].format,
                                  .title = rows[i].title,
                                  .options = rows[i].options,
                                  .recipient = rows[i].recipient,
                                  .first_comment = rows[i].first_comment};
        has_thread = has_thread || rows[i].n_thread;
        if (post->n_variants++ == 0)
            post->variants = &all[i];
    }
    return has_thread;
}

static void
give_thread(HibArena *arena, GHashTable *by_id, const HibSqlThreadRow *rows, size_t n)
{
    HibPostPart *all = hib_arena_array(arena, HibPostPart, n);
    for (size_t i = 0; i < n; i++) {
        HibPost *post = g_hash_table_lookup(by_id, rows[i].post_id);
        if (!post || rows[i].variant >= (int64_t)post->n_variants)
            continue;
        HibPostVariant *variant = &post->variants[rows[i].variant];
        all[i] = (HibPostPart){.text = rows[i].text};
        if (variant->n_thread++ == 0)
            variant->thread = &all[i];
    }
}

static HibMediaState
state_of(const char *name)
{
    HibMediaState state = HIB_MEDIA_WORKING;
    while (state < HIB_MEDIA_CANCELLED && !g_str_equal(hib_media_state_name(state), name))
        state++;
    return state;
}

static HibPostMedia
medium(HibArena *arena, const HibSqlMediaRow *row)
{
    HibPostMedia out = {.media_id = row->media_id,
                        .alt = row->alt,
                        .has_focus = row->has_focus_x && row->has_focus_y,
                        .focus_x = row->focus_x,
                        .focus_y = row->focus_y,
                        .has_cover = row->has_cover_ms,
                        .cover_ms = row->cover_ms,
                        .mime = row->mime,
                        .sha256 = row->sha256,
                        .bytes = row->bytes,
                        .width = (int)row->width,
                        .height = (int)row->height,
                        .duration_ms = row->duration_ms,
                        .state = state_of(row->state)};
    hib_crops_read(arena, row->crops, &out);
    return out;
}

static void
give_media(HibArena *arena, GHashTable *by_id, const HibSqlMediaRow *rows, size_t n)
{
    HibPostMedia *all = hib_arena_array(arena, HibPostMedia, n);
    for (size_t i = 0; i < n; i++) {
        HibPost *post = g_hash_table_lookup(by_id, rows[i].post_id);
        if (!post)
            continue;
        all[i] = medium(arena, &rows[i]);
        HibPostMedia **list = &post->media;
        size_t *count = &post->n_media;
        if (rows[i].part > 0) {
            bool is_there = rows[i].variant >= 0 && rows[i].variant < (int64_t)post->n_variants &&
                            rows[i].part <= (int64_t)post->variants[rows[i].variant].n_thread;
            if (!is_there)
                continue;
            HibPostPart *part = &post->variants[rows[i].variant].thread[rows[i].part - 1];
            list = &part->media;
            count = &part->n_media;
        }
        if ((*count)++ == 0)
            *list = &all[i];
    }
}

bool
hib_post_fill(HibDb *db, const HibSqlPostRow *rows, size_t n, HibPost *ret, GError **error)
{
    if (n == 0)
        return true;
    HibArena *arena = hib_db_arena(db);
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    char *ids = hib_arena_take_n(arena, n + 1, ID_CHARACTERS);
    for (size_t i = 0; i < n; i++) {
        fill_row(&rows[i], &ret[i]);
        g_hash_table_insert(by_id, (gpointer)ret[i].id, &ret[i]);
        memcpy(ids + i * ID_CHARACTERS, ret[i].id, strlen(ret[i].id));
    }
    HibSqlVariantRow *variants = NULL;
    HibSqlThreadRow *thread = NULL;
    HibSqlMediaRow *media = NULL;
    size_t n_variants = 0, n_thread = 0, n_media = 0;
    if (!hib_sql_plan_variants_of(db, ids, (int64_t)n, &variants, &n_variants, error))
        return false;
    bool has_thread = give_variants(arena, by_id, variants, n_variants);
    if (has_thread && !hib_sql_plan_thread_of(db, ids, (int64_t)n, &thread, &n_thread, error))
        return false;
    give_thread(arena, by_id, thread, n_thread);
    if (!hib_sql_plan_media_of(db, ids, (int64_t)n, &media, &n_media, error))
        return false;
    give_media(arena, by_id, media, n_media);
    return true;
}

bool
hib_plan_get(HibDb *db, const char *post, bool with_deleted, HibPost **ret, GError **error)
{
    HibSqlPostRow *row = NULL;
    if (!hib_sql_plan_get(db, post, &row, error))
        return false;
    if (!row || (row->has_deleted_at && !with_deleted)) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "post.unknown", "no post %s", post);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibPost);
    return hib_post_fill(db, row, 1, *ret, error);
}

/* --- a page ------------------------------------------------------------------------------------------- */
static bool
read_timed(HibDb *db, const HibPostQuery *query, const HibPostCursor *cursor, int64_t most,
           HibSqlPostRow **rows, size_t *n, GError **error)
{
    HibInstant after_at = cursor ? cursor->at : query->from ? *query->from : G_MININT64;
    const char *after_id = cursor ? cursor->id : "";
    HibInstant until = query->to ? *query->to : HIB_NEVER;
    int64_t state = query->state ? *query->state : 0;
    if (query->campaign)
        return hib_sql_plan_list_timed_of_campaign(db, query->campaign, after_at, after_id, until,
                                                   query->state ? &state : NULL, most, rows, n,
                                                   error);
    if (query->state)
        return hib_sql_plan_list_timed_in_state(db, after_at, after_id, until, state, most, rows, n,
                                                error);
    return hib_sql_plan_list_timed(db, after_at, after_id, until, most, rows, n, error);
}

static bool
read_untimed(HibDb *db, const HibPostQuery *query, const HibPostCursor *cursor, int64_t most,
             HibSqlPostRow **rows, size_t *n, GError **error)
{
    HibInstant before_at = cursor ? cursor->at : HIB_NEVER;
    const char *before_id = cursor ? cursor->id : "";
    int64_t state = query->state ? *query->state : 0;
    if (query->campaign)
        return hib_sql_plan_list_untimed_of_campaign(db, query->campaign, before_at, before_id,
                                                     query->state ? &state : NULL, most, rows, n,
                                                     error);
    if (query->state)
        return hib_sql_plan_list_untimed_in_state(db, before_at, before_id, state, most, rows, n,
                                                  error);
    return hib_sql_plan_list_untimed(db, before_at, before_id, most, rows, n, error);
}

static bool
check_query(const HibPostQuery *query, GError **error)
{
    if (!query->from || !query->to || *query->from <= *query->to)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_range", "?to", "to lies before from");
    return false;
}

bool
hib_plan_list(HibDb *db, const HibPostQuery *query, HibPost **ret_rows, size_t *ret_n,
              const char **ret_next, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    size_t limit = (size_t)CLAMP(query->limit, 1, HIB_LIMIT_PAGE);
    bool with_untimed = !query->from && !query->to;
    HibPostCursor at, *cursor = NULL;
    if (!check_query(query, error))
        return false;
    if (query->cursor) {
        if (!hib_post_cursor_read(arena, query->cursor, &at, error))
            return false;
        cursor = &at;
    }
    /* One row more than asked tells whether there is a next page. */
    HibSqlPostRow *timed = NULL, *untimed = NULL;
    size_t n_timed = 0, n_untimed = 0;
    bool is_in_timed = !cursor || !cursor->is_untimed;
    if (is_in_timed && !read_timed(db, query, cursor, (int64_t)limit + 1, &timed, &n_timed, error))
        return false;
    if (with_untimed && n_timed <= limit &&
        !read_untimed(db, query, is_in_timed ? NULL : cursor, (int64_t)(limit - n_timed) + 1,
                      &untimed, &n_untimed, error))
        return false;

    size_t n = MIN(n_timed + n_untimed, limit);
    HibSqlPostRow *rows = hib_arena_array(arena, HibSqlPostRow, n);
    for (size_t i = 0; i < n; i++)
        rows[i] =
            i < n_timed ? timed[i] : untimed[i - n_timed]; /* NOLINT: n_untimed counts untimed */
    *ret_rows = hib_arena_array(arena, HibPost, n);
    *ret_n = n;
    if (!hib_post_fill(db, rows, n, *ret_rows, error))
        return false;
    bool has_more = n_timed + n_untimed > limit;
    *ret_next = has_more ? hib_post_cursor_text(arena, &(*ret_rows)[n - 1]) : NULL;
    return true;
}
