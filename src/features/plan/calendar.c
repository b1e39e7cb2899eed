/* The posts of a stretch of time for the calendar. A month may hold 10,000: every post's place (when, in which state, for whom) is read in one walk over an
 * index, and only the few that a cell shows are read closer. */
#include "base/error.h"
#include "base/id.h"
#include "plan/calendar.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include "text/count.h"
#include <string.h>

#define ID_CHARACTERS (HIB_ID_TEXT - 1)
#define MOST_VARIANTS 4 /* rows a post on average; a stretch with more is cut earlier */

static void
drop_table(void *table)
{
    g_hash_table_unref(table);
}

static GHashTable *
table_in(HibArena *arena)
{
    GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
    hib_arena_defer(arena, drop_table, table);
    return table;
}

/* The same pointer for the same id. */
static const char *
interned(GHashTable *known, const char *id)
{
    const char *found = g_hash_table_lookup(known, id);
    if (!found)
        g_hash_table_add(known, (gpointer)id);
    return found ? found : id;
}

/* Rows of one post follow each other. */
static size_t
gather(const HibSqlSpotRow *rows, size_t n, GHashTable *known, const char **accounts,
       HibPostSpot *ret, size_t most)
{
    size_t n_spots = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_next = n_spots == 0 || strcmp(ret[n_spots - 1].id, rows[i].id) != 0;
        if (is_next && n_spots == most)
            return n_spots + 1;
        if (is_next)
            ret[n_spots++] = (HibPostSpot){.id = rows[i].id,
                                           .due_at = rows[i].due_at,
                                           .state = (HibPostState)rows[i].state,
                                           .accounts = &accounts[i]};
        if (!rows[i].account_id)
            continue;
        accounts[i] = interned(known, rows[i].account_id);
        ret[n_spots - 1].n_accounts++;
    }
    return n_spots;
}

bool
hib_plan_spots(HibDb *db, HibInstant from, HibInstant to, size_t most, HibPostSpot **ret,
               size_t *ret_n, bool *ret_is_cut, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlSpotRow *rows = NULL;
    size_t n = 0, most_rows = most * MOST_VARIANTS;
    if (!hib_sql_calendar_spots(db, from, to, (int64_t)most_rows + 1, &rows, &n, error))
        return false;
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    const char **accounts = hib_arena_array(arena, const char *, n + 1);
    *ret = hib_arena_array(arena, HibPostSpot, MIN(n, most) + 1);
    size_t found = gather(rows, MIN(n, most_rows), known, accounts, *ret, most);
    *ret_is_cut = found > most || n > most_rows;
    *ret_n = MIN(found, most);
    return true;
}

bool
hib_plan_spot_campaigns(HibDb *db, HibInstant from, HibInstant to, GHashTable **ret, GError **error)
{
    HibSqlSpotCampaignRow *rows = NULL;
    size_t n = 0;
    if (!hib_sql_calendar_campaigns(db, from, to, &rows, &n, error))
        return false;
    *ret = table_in(hib_db_arena(db));
    for (size_t i = 0; i < n; i++)
        g_hash_table_insert(*ret, (gpointer)rows[i].post_id, (gpointer)rows[i].campaign_id);
    return true;
}

bool
hib_plan_spots_saying(HibDb *db, HibInstant from, HibInstant to, const char *words,
                      GHashTable **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlSpotTextRow *rows = NULL;
    size_t n = 0;
    if (!hib_sql_calendar_texts(db, from, to, &rows, &n, error))
        return false;
    const char *wanted = hib_text_search_form(arena, words);
    *ret = table_in(arena);
    for (size_t i = 0; i < n; i++) {
        g_autoptr(HibArena) once = hib_arena_new();
        if (strstr(hib_text_search_form(once, rows[i].text), wanted))
            g_hash_table_add(*ret, (gpointer)rows[i].post_id);
    }
    return true;
}

bool
hib_plan_heads(HibDb *db, const char *const *ids, size_t n, HibPostHead *ret, GError **error)
{
    char *list = hib_arena_take_n(hib_db_arena(db), n + 1, ID_CHARACTERS);
    g_autoptr(GHashTable) places = g_hash_table_new(g_str_hash, g_str_equal);
    HibSqlHeadRow *rows = NULL;
    size_t n_rows = 0;
    for (size_t i = 0; i < n; i++) {
        ret[i] = (HibPostHead){0};
        memcpy(list + i * ID_CHARACTERS, ids[i], ID_CHARACTERS);
        g_hash_table_insert(places, (gpointer)ids[i], &ret[i]);
    }
    list[n * ID_CHARACTERS] = '\0';
    if (n && !hib_sql_calendar_heads(db, list, (int64_t)n, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows; i++) {
        HibPostHead *head = g_hash_table_lookup(places, rows[i].id);
        if (head)
            *head =
                (HibPostHead){.id = rows[i].id,
                              .head = rows[i].variant_head ? rows[i].variant_head : rows[i].head,
                              .campaign_id = rows[i].campaign_id,
                              .state = (HibPostState)rows[i].state,
                              .has_due_at = rows[i].has_due_at,
                              .due_at = rows[i].due_at,
                              .has_media = rows[i].has_media,
                              .version = rows[i].version};
    }
    return true;
}

bool
hib_plan_undated(HibDb *db, size_t most, const char ***ret_ids, size_t *ret_n, GError **error)
{
    HibSqlCalendarUndated *rows = NULL;
    if (!hib_sql_calendar_undated(db, (int64_t)most + 1, &rows, ret_n, error))
        return false;
    *ret_ids = hib_arena_array(hib_db_arena(db), const char *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_ids)[i] = rows[i].id;
    return true;
}

/* --- a draft's time --------------------------------------------------------------------------------------------- */
static bool
refuse_time(const HibPost *post, const int64_t *version, GError **error)
{
    if (version && *version != post->version)
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.edited",
                      "version %" G_GINT64_FORMAT " is stored", post->version);
    else
        hib_error_set(error, HIB_ERROR_CONFLICT, "post.already_sending", "post %s is in state %d",
                      post->id, post->state);
    return false;
}

bool
hib_plan_set_due(HibDb *db, const char *post, const int64_t *version, const HibInstant *due_at,
                 HibPost **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibPost *before = NULL;
    int64_t changed = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_plan_get(db, post, false, &before, error))
        return false;
    if (version && *version != before->version)
        return refuse_time(before, version, error);
    if (!hib_sql_plan_set_due(db, post, due_at, hib_db_now(db), &changed, error))
        return false;
    if (!changed)
        return refuse_time(before, NULL, error);
    return hib_plan_get(db, post, false, ret, error) && hib_version_keep(db, before, *ret, error) &&
           hib_event_emit(db, "post.changed", post, NULL, error) &&
           hib_audit(db, "post.update", "post", post, hib_post_audit(arena, before),
                     hib_post_audit(arena, *ret), error) &&
           hib_tx_commit(tx, error);
}
