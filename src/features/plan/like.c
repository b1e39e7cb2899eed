/* Texts that are nearly the same as a post's: its workspace's other posts and the campaigns it tracks.
 *
 * Each workspace has an index in memory (text/similar.h), made when it is first asked for and brought up to date at each question by what
 * changed since; a day old, it is made anew, so that whatever escaped it (a purged post, a clock set back) does not stay. What is found there
 * is looked up in the store before it is told: the index may be behind, it never invents. All indexes together keep within a bound: those
 * asked for least recently go, and one that is too large by itself looks back less far. */
#include "base/error.h"
#include "base/limits.h"
#include "days/days.h"
#include "plan/like.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include "text/similar.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGE = 500,
    LOOK_BACK_DAYS = 400, /* further than any question, so that a day does not matter */
    LEAST_DAYS = 25,
    OWN_DAYS = 90,    /* before and after */
    TRACKED_DAYS = 7, /* the same */
    MOST_TOLD = 20,
    MOST_FOUND = 200
};
#define LEAST_SHARE 0.6
#define OVERLAP (10 * HIB_SECOND) /* a transaction's changes may come into sight this late */
#define MOST_AGE HIB_DAY
#define TRACKED_MARK "t:"

typedef struct {
    pthread_mutex_t lock;
    HibSimilar *similar; /* NULL: not made yet */
    GHashTable *tracked; /* set of their ids */
    uint64_t version;    /* the store's, when it was brought up to date */
    HibInstant upto, made_at;
    int days;
    uint64_t asked; /* grows; who was asked last */
    int n_users;
} Known;

struct HibPlanLikes {
    pthread_mutex_t lock;
    GHashTable *by_workspace; /* id → Known */
    uint64_t asked;
};

static Known *
known_new(void)
{
    Known *known = g_new0(Known, 1);
    pthread_mutex_init(&known->lock, NULL);
    known->days = LOOK_BACK_DAYS;
    known->tracked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return known;
}

static void
known_free(void *data)
{
    Known *known = data;
    hib_similar_free(known->similar);
    g_hash_table_unref(known->tracked);
    pthread_mutex_destroy(&known->lock);
    g_free(known);
}

HibPlanLikes *
hib_plan_likes_new(void)
{
    HibPlanLikes *likes = g_new0(HibPlanLikes, 1);
    pthread_mutex_init(&likes->lock, NULL);
    likes->by_workspace = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    return likes;
}

void
hib_plan_likes_free(HibPlanLikes *likes)
{
    if (!likes)
        return;
    g_hash_table_unref(likes->by_workspace);
    pthread_mutex_destroy(&likes->lock);
    g_free(likes);
}

/* --- which index: those asked for least recently go ------------------------------------------------------------------------ */
static void
make_room(HibPlanLikes *likes)
{
    while (g_hash_table_size(likes->by_workspace) > HIB_LIMIT_SIMILAR_INDEXES) {
        GHashTableIter iter;
        gpointer id, value, oldest = NULL;
        uint64_t asked = UINT64_MAX;
        g_hash_table_iter_init(&iter, likes->by_workspace);
        while (g_hash_table_iter_next(&iter, &id, &value)) {
            const Known *known = value;
            if (known->n_users || known->asked >= asked)
                continue;
            asked = known->asked;
            oldest = id;
        }
        if (!oldest)
            return;
        g_hash_table_remove(likes->by_workspace, oldest);
    }
}

static Known *
take(HibPlanLikes *likes, const char *workspace)
{
    if (!likes)
        return known_new();
    pthread_mutex_lock(&likes->lock);
    Known *known = g_hash_table_lookup(likes->by_workspace, workspace);
    if (!known) {
        known = known_new();
        g_hash_table_insert(likes->by_workspace, g_strdup(workspace), known);
    }
    known->n_users++;
    known->asked = ++likes->asked;
    make_room(likes);
    pthread_mutex_unlock(&likes->lock);
    return known;
}

static void
give_back(HibPlanLikes *likes, Known *known)
{
    if (!likes) {
        known_free(known);
        return;
    }
    pthread_mutex_lock(&likes->lock);
    known->n_users--;
    pthread_mutex_unlock(&likes->lock);
}

/* --- bringing it up to date ------------------------------------------------------------------------------------------------ */
static void
forget_post(Known *known, const char *post)
{
    char id[64];
    hib_similar_remove(known->similar, post);
    for (int i = 0; i < HIB_LIMIT_POST_VARIANTS; i++) {
        g_snprintf(id, sizeof id, "%s:%d", post, i);
        hib_similar_remove(known->similar, id);
    }
}

/* A page of what changed after (since, after): *ret_last NULL when there is nothing more. */
static bool
read_page(HibDb *db, Known *known, bool is_new, HibInstant since, const char *after,
          HibSqlLikePosts **ret_last, bool *ret_fits, GError **error)
{
    HibSqlLikePosts *posts;
    HibSqlLikeVariants *variants;
    size_t n, n_variants, v = 0;
    HibInstant oldest = hib_db_now(db) - known->days * HIB_DAY;
    *ret_last = NULL;
    if (!hib_sql_like_posts(db, since, after, oldest, PAGE, &posts, &n, error))
        return false;
    if (!n)
        return true;
    HibSqlLikePosts *last = &posts[n - 1];
    if (!hib_sql_like_variants(db, since, after, last->updated_at, last->id, &variants, &n_variants,
                               error))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is_gone = posts[i].has_deleted_at;
        if (!is_new)
            forget_post(known, posts[i].id);
        *ret_fits = *ret_fits && (is_gone || hib_similar_add(known->similar, posts[i].id,
                                                             posts[i].text, strlen(posts[i].text)));
        for (; v < n_variants && g_str_equal(variants[v].post_id, posts[i].id); v++) {
            char id[64];
            g_snprintf(id, sizeof id, "%s:%d", posts[i].id, (int)variants[v].ordinal);
            *ret_fits =
                *ret_fits && (is_gone || hib_similar_add(known->similar, id, variants[v].text,
                                                         strlen(variants[v].text)));
        }
    }
    *ret_last = n == PAGE ? last : NULL;
    known->upto = MAX(known->upto, last->updated_at);
    return true;
}

/* Pages are read through a handle of their own: what they hold is not kept until the request ends. */
static bool
read_posts(HibDb *db, Known *known, bool is_new, bool *ret_fits, GError **error)
{
    HibInstant since = is_new ? 0 : known->upto - OVERLAP;
    g_autofree char *after = g_strdup("");
    for (bool is_more = true; is_more && *ret_fits;) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) own = hib_db_open(hib_db_store(db), arena, hib_db_workspace(db));
        HibSqlLikePosts *last;
        if (!read_page(own, known, is_new, since, after, &last, ret_fits, error))
            return false;
        is_more = last != NULL;
        if (!last)
            continue;
        since = last->updated_at;
        g_free(after);
        after = g_strdup(last->id);
    }
    return true;
}

static bool
read_tracked(HibDb *db, Known *known, bool *ret_fits, GError **error)
{
    HibTracked *rows;
    size_t n;
    GHashTableIter iter;
    gpointer id;
    if (!hib_plan_tracked(db, &rows, &n, error))
        return false;
    g_autoptr(GHashTable) now = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++) {
        const char *key = hib_arena_printf(hib_db_arena(db), TRACKED_MARK "%s", rows[i].id);
        g_hash_table_add(now, (gpointer)key);
        if (!g_hash_table_contains(known->tracked, key) && *ret_fits) {
            *ret_fits = hib_similar_add(known->similar, key, rows[i].text, strlen(rows[i].text));
            g_hash_table_add(known->tracked, g_strdup(key));
        }
    }
    g_hash_table_iter_init(&iter, known->tracked);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        if (!g_hash_table_contains(now, id)) {
            hib_similar_remove(known->similar, id);
            g_hash_table_iter_remove(&iter);
        }
    return true;
}

static bool
update(HibDb *db, Known *known, GError **error)
{
    uint64_t version = hib_store_version(hib_db_store(db), hib_db_workspace(db));
    HibInstant now = hib_db_now(db);
    bool is_young = known->similar && ABS(now - known->made_at) < MOST_AGE;
    /* Other processes are heard a moment later: within that the store is asked all the same. */
    if (is_young && known->version == version && now - known->upto > 2 * OVERLAP)
        return true;
    for (bool is_new = !is_young;; is_new = true) {
        bool fits = true;
        if (is_new) {
            hib_similar_free(known->similar);
            known->similar = hib_similar_new(LEAST_SHARE, HIB_LIMIT_SIMILAR_RUNS);
            g_hash_table_remove_all(known->tracked);
            known->made_at = now;
            known->upto = 0;
        }
        if (!read_tracked(db, known, &fits, error) ||
            !read_posts(db, known, is_new, &fits, error)) {
            g_clear_pointer(&known->similar, hib_similar_free);
            return false;
        }
        if (fits || known->days <= LEAST_DAYS)
            break;
        known->days /= 2;
    }
    known->version = version;
    return true;
}

/* --- asking ------------------------------------------------------------------------------------------------------------------ */
static void
ask(HibArena *arena, const Known *known, const char *text, GHashTable *best)
{
    HibSimilarMatch *found;
    size_t n;
    hib_similar_find(known->similar, arena, text, strlen(text), MOST_FOUND, &found, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_tracked = g_str_has_prefix(found[i].id, TRACKED_MARK);
        char *id = hib_arena_strdup(arena, found[i].id);
        char *ordinal = is_tracked ? NULL : strchr(id, ':');
        if (ordinal)
            *ordinal = '\0';
        double *share = g_hash_table_lookup(best, id);
        if (share && *share >= found[i].share)
            continue;
        share = hib_arena_new0(arena, double);
        *share = found[i].share;
        g_hash_table_insert(best, id, share);
    }
}

/* Each text that goes out: the post's where an account follows it, or where there is none yet. */
static void
ask_all(HibArena *arena, const Known *known, const HibPost *post, GHashTable *best)
{
    bool is_followed = !post->n_variants;
    for (size_t i = 0; i < post->n_variants; i++) {
        is_followed = is_followed || !post->variants[i].text;
        if (post->variants[i].text)
            ask(arena, known, post->variants[i].text, best);
    }
    if (is_followed)
        ask(arena, known, post->text, best);
}

/* *ret_is false: gone meanwhile, without a time, or too far away in time. */
static bool
look_up(HibDb *db, const char *id, HibInstant at, int day, HibPlanLike *like, bool *ret_is,
        GError **error)
{
    g_autoptr(GError) failed = NULL;
    HibPost *post;
    *ret_is = false;
    if (g_str_has_prefix(id, TRACKED_MARK)) {
        if (!hib_plan_tracked_get(db, id + strlen(TRACKED_MARK), &like->tracked, &failed)) {
            if (g_error_matches(failed, HIB_ERROR, HIB_ERROR_NOT_FOUND))
                return true;
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
        *ret_is = like->tracked->on >= hib_day_plus(day, -TRACKED_DAYS) &&
                  like->tracked->on <= hib_day_plus(day, TRACKED_DAYS);
        return true;
    }
    if (!hib_plan_get(db, id, false, &post, &failed)) {
        if (g_error_matches(failed, HIB_ERROR, HIB_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    like->post = post;
    *ret_is = post->has_due_at && ABS(post->due_at - at) <= OWN_DAYS * HIB_DAY;
    return true;
}

static int
by_share(const void *a, const void *b)
{
    const HibPlanLike *x = a, *y = b;
    return x->share > y->share ? -1 : x->share < y->share;
}

static bool
tell(HibDb *db, const HibPost *post, HibInstant at, GHashTable *best, HibPlanLike **ret,
     size_t *ret_n, GError **error)
{
    HibWorkspace *workspace;
    GHashTableIter iter;
    gpointer id, share;
    size_t n = 0;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    int day = hib_day_at(zone, at);
    HibPlanLike *likes =
        hib_arena_array(hib_db_arena(db), HibPlanLike, g_hash_table_size(best) + 1);
    g_hash_table_iter_init(&iter, best);
    while (g_hash_table_iter_next(&iter, &id, &share)) {
        bool is_like;
        if (post->id && g_str_equal(id, post->id))
            continue;
        likes[n] = (HibPlanLike){.share = *(double *)share};
        if (!look_up(db, id, at, day, &likes[n], &is_like, error))
            return false;
        n += is_like;
    }
    qsort(likes, n, sizeof *likes, by_share);
    *ret = likes;
    *ret_n = MIN(n, MOST_TOLD);
    return true;
}

bool
hib_plan_likes(HibDb *db, HibPlanLikes *likes, const HibPost *post, HibPlanLike **ret,
               size_t *ret_n, GError **error)
{
    HibInstant now = hib_db_now(db), at = post->has_due_at ? MAX(post->due_at, now) : now;
    g_autoptr(GHashTable) best = g_hash_table_new(g_str_hash, g_str_equal);
    Known *known = take(likes, hib_db_workspace(db));
    pthread_mutex_lock(&known->lock);
    bool is_known = update(db, known, error);
    if (is_known)
        ask_all(hib_db_arena(db), known, post, best);
    pthread_mutex_unlock(&known->lock);
    give_back(likes, known);
    return is_known && tell(db, post, at, best, ret, ret_n, error);
}
