/* The library: media by what people say of them, and where each is used. What a media is and says belongs to media/; only plan/ knows posts and ideas. */
#include "base/error.h"
#include "days/days.h"
#include "plan/library.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define SOON 30 /* days before rights end in which one is told */
#define MOST_USES 100

/* --- days of the workspace ------------------------------------------------------------------------------------------------ */
static bool
today(HibDb *db, int *ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    if (!zone)
        zone = hib_zone_utc();
    *ret = hib_day_at(zone, hib_db_now(db));
    return true;
}

/* --- words as patterns ------------------------------------------------------------------------------------------------------ */
static const char *
pattern(HibArena *arena, const char *word)
{
    g_autoptr(GString) out = g_string_new("%");
    for (const char *at = word; *at; at++) {
        if (strchr("%_\\", *at))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '%');
    return hib_arena_strdup(arena, out->str);
}

/* Each word must stand somewhere; from the third on they are one. */
static void
patterns(HibArena *arena, const char *text, const char *ret[3])
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t\n", -1);
    size_t n = 0;
    ret[0] = ret[1] = ret[2] = "%";
    for (size_t i = 0; words[i]; i++)
        if (*words[i] && n < 3)
            ret[n++] = pattern(arena, hib_media_fold(arena, words[i]));
}

/* --- searching -------------------------------------------------------------------------------------------------------------- */
static bool
give_items(HibDb *db, const HibSqlLibrarySearch *rows, size_t n, const char *day,
           HibLibraryItem *out, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char **ids = hib_arena_array(arena, const char *, n + 1);
    HibMedia **media = hib_arena_array(arena, HibMedia *, n + 1);
    HibMediaCard **cards = hib_arena_array(arena, HibMediaCard *, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].id;
    if (!hib_media_cards(db, ids, n, media, cards, error))
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (HibLibraryItem){.media = media[i],
                                  .card = cards[i],
                                  .rights = hib_media_rights(arena, cards[i], day),
                                  .n_posts = rows[i].n_posts,
                                  .n_alike = rows[i].n_alike};
    return true;
}

bool
hib_library_search(HibDb *db, const HibLibraryQuery *query, HibLibraryItem **ret, size_t *ret_n,
                   const char **ret_next, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlLibrarySearch *rows;
    HibInstant before;
    const char *before_id, *words[3];
    size_t n;
    int day;
    patterns(arena, query->words, words);
    const bool has_words = strcmp(words[0], "%") != 0;
    const char *phrase = has_words ? pattern(arena, query->words) : "";
    if (!today(db, &day, error) || !hib_media_cursor(query->cursor, &before, &before_id, error) ||
        !hib_sql_library_search(db, words[0], words[1], words[2], phrase, query->kind, query->tag,
                                (int64_t)query->only, hib_day_text(arena, day),
                                hib_day_text(arena, hib_day_plus(day, SOON)), before, before_id,
                                query->limit + 1, &rows, &n, error))
        return false;
    *ret_n = MIN(n, (size_t)query->limit);
    *ret = hib_arena_array(arena, HibLibraryItem, *ret_n + 1);
    *ret_next = NULL;
    if (n > *ret_n)
        *ret_next = hib_arena_printf(arena, "%" G_GINT64_FORMAT ".%s", rows[*ret_n - 1].created_at,
                                     rows[*ret_n - 1].id);
    return give_items(db, rows, *ret_n, hib_day_text(arena, day), *ret, error);
}

/* --- one, whole --------------------------------------------------------------------------------------------------------------- */
static bool
find_uses(HibDb *db, const char *media, HibLibraryDetail *out, GError **error)
{
    HibSqlLibraryUses *rows;
    HibSqlLibraryIdeas *ideas;
    size_t n;
    if (!hib_sql_library_uses(db, media, MOST_USES + 1, &rows, &n, error) ||
        !hib_sql_library_ideas(db, media, MOST_USES, &ideas, &out->n_ideas, error))
        return false;
    out->n_uses = MIN(n, MOST_USES);
    out->is_cut = n > MOST_USES;
    out->uses = hib_arena_array(hib_db_arena(db), HibMediaUse, out->n_uses + 1);
    for (size_t i = 0; i < out->n_uses; i++)
        out->uses[i] = (HibMediaUse){.post = rows[i].post_id,
                                     .head = rows[i].head,
                                     .state = (HibPostState)rows[i].state,
                                     .has_due_at = rows[i].has_due_at,
                                     .due_at = rows[i].due_at,
                                     .is_following = rows[i].part > 0};
    out->ideas = hib_arena_array(hib_db_arena(db), HibMediaIdea, out->n_ideas + 1);
    for (size_t i = 0; i < out->n_ideas; i++)
        out->ideas[i] = (HibMediaIdea){ideas[i].id, ideas[i].title};
    return true;
}

static bool
find_alike(HibDb *db, const char *media, HibLibraryDetail *out, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibMediaAlike *found;
    size_t n;
    if (!hib_media_alike(db, media, &found, &n, error))
        return false;
    const char **ids = hib_arena_array(arena, const char *, n + 1);
    HibMedia **all = hib_arena_array(arena, HibMedia *, n + 1);
    HibMediaCard **cards = hib_arena_array(arena, HibMediaCard *, n + 1);
    out->alike = hib_arena_array(arena, HibLibraryAlike, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = found[i].media;
    if (!hib_media_cards(db, ids, n, all, cards, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        HibSqlLibraryNPosts *posts;
        if (!hib_sql_library_n_posts(db, ids[i], &posts, error))
            return false;
        if (all[i] && cards[i])
            out->alike[out->n_alike++] = (HibLibraryAlike){.media = all[i],
                                                           .card = cards[i],
                                                           .distance = found[i].distance,
                                                           .n_posts = posts ? posts->n : 0};
    }
    return true;
}

bool
hib_library_get(HibDb *db, const char *media, HibLibraryDetail *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    int day;
    *ret = (HibLibraryDetail){0};
    if (!today(db, &day, error) || !hib_media_cards(db, &media, 1, &ret->media, &ret->card, error))
        return false;
    if (!ret->media || !ret->card) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown", "no media %s", media);
        return false;
    }
    if (ret->media->is_deleted) {
        hib_error_set(error, HIB_ERROR_GONE, "media.deleted", "media %s was deleted", media);
        return false;
    }
    ret->rights = hib_media_rights(arena, ret->card, hib_day_text(arena, day));
    return find_uses(db, media, ret, error) && find_alike(db, media, ret, error);
}
