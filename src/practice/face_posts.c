/* The face's posts: found by id, listed by owner and time, counted so that a duplicate cannot hide. */
#include "practice/face_posts.h"
#include "practice/face_private.h"
#include "text/count.h"

#include <string.h>

static char *
text_or_null(const char *text)
{
    return g_strdup(text);
}

static FacePostRow *
row_new(const HibPracticePost *facts, int64_t serial)
{
    FacePostRow *row = g_new0(FacePostRow, 1);
    row->post = *facts;
    row->serial = serial;
    row->key = hib_audience_key(facts->id);
    row->post.id = g_strdup(facts->id);
    row->post.account = g_strdup(facts->account);
    row->post.kind = g_strdup(facts->kind ? facts->kind : "post");
    row->post.text = g_strdup(facts->text ? facts->text : "");
    row->post.parent = text_or_null(facts->parent);
    row->post.media = text_or_null(facts->media);
    row->post.topic = text_or_null(facts->topic);
    row->post.extra = text_or_null(facts->extra);
    return row;
}

static void
row_free(void *data)
{
    FacePostRow *row = data;
    const char *const texts[] = {row->post.id,    row->post.account, row->post.kind,
                                 row->post.text,  row->post.parent,  row->post.media,
                                 row->post.topic, row->post.extra};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free((char *)(uintptr_t)texts[i]);
    g_free(row);
}

static int
by_time(gconstpointer a, gconstpointer b, gpointer data)
{
    const FacePostRow *x = a;
    const FacePostRow *y = b;
    if (x->post.at != y->post.at)
        return x->post.at < y->post.at ? -1 : 1;
    return (x->serial > y->serial) - (x->serial < y->serial);
}

GTree *
hib_face_tree_new(void)
{
    return g_tree_new_full(by_time, NULL, NULL, NULL);
}

void
hib_face_posts_open(HibPracticeFace *face)
{
    face->posts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, row_free);
    face->by_key = g_hash_table_new(g_int64_hash, g_int64_equal);
    face->live_texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void
hib_face_posts_close(HibPracticeFace *face)
{
    g_hash_table_destroy(face->posts);
    g_hash_table_destroy(face->by_key);
    g_hash_table_destroy(face->live_texts);
}

/* Live posts that a reader could not tell from this one, before the change. */
static int64_t
look_alikes(HibPracticeFace *face, const HibPracticePost *post, int change)
{
    g_autofree char *key = g_strjoin("\n", post->account, post->kind,
                                     post->parent ? post->parent : "", post->text, NULL);
    int64_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(face->live_texts, key));
    if (before + change <= 0)
        g_hash_table_remove(face->live_texts, key);
    else
        g_hash_table_insert(face->live_texts, g_steal_pointer(&key),
                            GSIZE_TO_POINTER((gsize)(before + change)));
    return before;
}

static void
count(HibPracticeFace *face, FaceAccountRow *account, size_t offset, int64_t n)
{
    *(int64_t *)(void *)((char *)&face->counts + offset) += n;
    if (account)
        *(int64_t *)(void *)((char *)&account->counts + offset) += n;
}
#define COUNT(face, account, field, n)                                                             \
    count((face), (account), offsetof(HibPracticeCounts, field), (n))

/* The audience meets it. */
static void
show(FaceAccountRow *account, const HibPracticePost *post, uint64_t key)
{
    const HibAudiencePost seen = {.key = key,
                                  .at = post->at,
                                  .graphemes = (int)hib_text_graphemes(post->text),
                                  .n_images = post->n_images,
                                  .length = post->length,
                                  .topic = post->topic};
    hib_crowd_post(account->crowd, &seen);
}

const HibPracticePost *
hib_practice_post_add(HibPracticeFace *face, const HibPracticePost *facts)
{
    pthread_mutex_lock(&face->lock);
    FaceAccountRow *account = hib_face_account_row(face, facts->account);
    FacePostRow *row = NULL;
    if (account && facts->id && !g_hash_table_contains(face->posts, facts->id)) {
        row = row_new(facts, ++face->serial);
        if (row->post.arrived_at == 0)
            row->post.arrived_at = hib_practice_now(face);
        if (row->post.at == 0)
            row->post.at = row->post.arrived_at;
        g_hash_table_insert(face->posts, (void *)(uintptr_t)row->post.id, row);
        g_hash_table_insert(face->by_key, &row->key, row);
        g_tree_insert(account->posts, row, row);
        COUNT(face, account, n_created, 1);
        COUNT(face, account, n_live, 1);
        if (look_alikes(face, &row->post, 1) > 0)
            COUNT(face, account, n_twice_text, 1);
        hib_face_note(face, "post", hib_face_post_json(&row->post));
        if (!row->post.is_hidden)
            show(account, &row->post, row->key);
    }
    pthread_mutex_unlock(&face->lock);
    return row ? &row->post : NULL;
}

bool
hib_practice_post_change(HibPracticeFace *face, const HibPracticePost *facts)
{
    pthread_mutex_lock(&face->lock);
    FacePostRow *old = g_hash_table_lookup(face->posts, facts->id);
    FaceAccountRow *account = old ? hib_face_account_row(face, old->post.account) : NULL;
    if (account) {
        FacePostRow *row = row_new(facts, old->serial);
        row->post.arrived_at = old->post.arrived_at;
        look_alikes(face, &old->post, -1);
        look_alikes(face, &row->post, 1);
        g_tree_remove(account->posts, old);
        g_tree_insert(account->posts, row, row);
        g_hash_table_replace(face->by_key, &row->key, row);
        g_hash_table_replace(face->posts, (void *)(uintptr_t)row->post.id, row);
        COUNT(face, account, n_changed, 1);
        hib_face_note(face, "change", hib_face_post_json(&row->post));
    }
    pthread_mutex_unlock(&face->lock);
    return account != NULL;
}

bool
hib_practice_post_delete(HibPracticeFace *face, const char *id)
{
    return hib_face_post_delete(face, id, hib_practice_now(face));
}

bool
hib_face_post_delete(HibPracticeFace *face, const char *id, HibInstant at)
{
    pthread_mutex_lock(&face->lock);
    FacePostRow *row = id ? g_hash_table_lookup(face->posts, id) : NULL;
    FaceAccountRow *account = row ? hib_face_account_row(face, row->post.account) : NULL;
    if (account) {
        cJSON *line = cJSON_CreateObject();
        cJSON_AddStringToObject(line, "id", id);
        cJSON_AddNumberToObject(line, "at", (double)at);
        hib_face_note(face, "delete", line);
        hib_crowd_remove(account->crowd, row->key, at);
        look_alikes(face, &row->post, -1);
        COUNT(face, account, n_deleted, 1);
        COUNT(face, account, n_live, -1);
        g_tree_remove(account->posts, row);
        g_hash_table_remove(face->by_key, &row->key);
        g_hash_table_remove(face->posts, id);
    }
    pthread_mutex_unlock(&face->lock);
    return account != NULL;
}

const HibPracticePost *
hib_practice_post(HibPracticeFace *face, const char *id)
{
    pthread_mutex_lock(&face->lock);
    const FacePostRow *row = id ? g_hash_table_lookup(face->posts, id) : NULL;
    pthread_mutex_unlock(&face->lock);
    return row ? &row->post : NULL;
}

/* --- lists ------------------------------------------------------------------------------------------------ */
static bool
is_asked(const HibPracticeQuery *query, const HibPracticePost *post)
{
    return (!query->kind || !strcmp(query->kind, post->kind)) &&
           (!query->parent || g_strcmp0(query->parent, post->parent) == 0) &&
           post->at >= query->since && (query->until == 0 || post->at < query->until);
}

/* A cursor is "at.serial": it keeps its place when the post it ended on is deleted. */
static GTreeNode *
first_node(GTree *posts, const HibPracticeQuery *query)
{
    FacePostRow end = {.serial = -1};
    char *rest = NULL;
    if (query->cursor)
        end.post.at = g_ascii_strtoll(query->cursor, &rest, 10);
    if (rest && rest != query->cursor && *rest == '.')
        end.serial = g_ascii_strtoll(rest + 1, NULL, 10);
    if (end.serial < 0)
        return query->is_oldest_first ? g_tree_node_first(posts) : g_tree_node_last(posts);
    if (query->is_oldest_first)
        return g_tree_upper_bound(posts, &end);
    GTreeNode *node = g_tree_lower_bound(posts, &end);
    return node ? g_tree_node_previous(node) : g_tree_node_last(posts);
}

static void
list_account(HibArena *arena, GTree *posts, const HibPracticeQuery *query, GPtrArray *out,
             const char **ret_cursor)
{
    const FacePostRow *last = NULL;
    GTreeNode *node = first_node(posts, query);
    while (node) {
        const FacePostRow *row = g_tree_node_value(node);
        if (is_asked(query, &row->post)) {
            if (query->limit > 0 && out->len == query->limit) {
                *ret_cursor =
                    hib_arena_printf(arena, "%" PRId64 ".%" PRId64, last->post.at, last->serial);
                return;
            }
            g_ptr_array_add(out, (void *)(uintptr_t)&row->post);
            last = row;
        }
        node = query->is_oldest_first ? g_tree_node_next(node) : g_tree_node_previous(node);
    }
}

size_t
hib_practice_posts(HibPracticeFace *face, HibArena *arena, const HibPracticeQuery *query,
                   const HibPracticePost *const **ret, const char **ret_cursor)
{
    const char *cursor = NULL;
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    pthread_mutex_lock(&face->lock);
    const FaceAccountRow *only = query->account ? hib_face_account_row(face, query->account) : NULL;
    for (size_t i = 0; i < face->n_accounts; i++)
        if (only ? only == &face->accounts[i] : !query->account)
            list_account(arena, face->accounts[i].posts, query, found, &cursor);
    pthread_mutex_unlock(&face->lock);
    const HibPracticePost **out = hib_arena_array(arena, const HibPracticePost *, found->len + 1);
    for (guint i = 0; i < found->len; i++)
        out[i] = found->pdata[i];
    *ret = out;
    if (ret_cursor)
        *ret_cursor = cursor;
    return found->len;
}

int64_t
hib_practice_count_text(HibPracticeFace *face, const char *text)
{
    int64_t n = 0;
    GHashTableIter iter;
    void *value = NULL;
    pthread_mutex_lock(&face->lock);
    g_hash_table_iter_init(&iter, face->posts);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        n += !strcmp(((const FacePostRow *)value)->post.text, text);
    pthread_mutex_unlock(&face->lock);
    return n;
}

void
hib_practice_counts(HibPracticeFace *face, const char *account, HibPracticeCounts *ret)
{
    pthread_mutex_lock(&face->lock);
    const FaceAccountRow *row = account ? hib_face_account_row(face, account) : NULL;
    *ret = !account ? face->counts : row ? row->counts : (HibPracticeCounts){0};
    pthread_mutex_unlock(&face->lock);
}

/* --- what the audience does ------------------------------------------------------------------------------- */
HibAudienceNumbers
hib_practice_numbers(HibPracticeFace *face, const char *post_id)
{
    HibAudienceNumbers out = {0};
    pthread_mutex_lock(&face->lock);
    const FacePostRow *row = post_id ? g_hash_table_lookup(face->posts, post_id) : NULL;
    const FaceAccountRow *account = row ? hib_face_account_row(face, row->post.account) : NULL;
    if (account)
        out = hib_crowd_numbers(account->crowd, row->key, hib_practice_now(face));
    pthread_mutex_unlock(&face->lock);
    return out;
}

int64_t
hib_practice_followers(HibPracticeFace *face, const char *account)
{
    pthread_mutex_lock(&face->lock);
    const FaceAccountRow *row = hib_face_account_row(face, account);
    int64_t n = row ? hib_crowd_followers(row->crowd, hib_practice_now(face)) : 0;
    pthread_mutex_unlock(&face->lock);
    return n;
}

size_t
hib_practice_comments(HibPracticeFace *face, const char *post_id, uint64_t from, size_t limit,
                      HibArena *arena, HibComment **ret)
{
    size_t n = 0;
    *ret = NULL;
    pthread_mutex_lock(&face->lock);
    const FacePostRow *row = post_id ? g_hash_table_lookup(face->posts, post_id) : NULL;
    const FaceAccountRow *account = row ? hib_face_account_row(face, row->post.account) : NULL;
    if (account)
        n = hib_crowd_comments(account->crowd, row->key, hib_practice_now(face), from, limit, arena,
                               ret);
    pthread_mutex_unlock(&face->lock);
    return n;
}
