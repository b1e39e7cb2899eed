/* What the face remembers: accounts, posts under their keys, and how often each effect happened. */
#include "networks/bluesky.h"
#include "practice/bluesky_face_private.h"
#include "text/count.h"

#include <string.h>

static void
post_free(gpointer data)
{
    FacePost *post = data;
    g_free(post->text);
    g_free(post->record);
    g_free(post->cid);
    g_free(post->topic);
    g_free(post);
}

static int
by_key(gconstpointer a, gconstpointer b, gpointer data)
{
    return strcmp(a, b);
}

/* RFC 4648 base32, lower case, no padding: multibase's "b". */
static void
base32(GString *out, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    uint32_t held = 0;
    int n_bits = 0;
    for (size_t i = 0; i < n; i++) {
        held = held << 8 | bytes[i];
        n_bits += 8;
        while (n_bits >= 5) {
            n_bits -= 5;
            g_string_append_c(out, digits[held >> n_bits & 31]);
        }
    }
    if (n_bits > 0)
        g_string_append_c(out, digits[held << (5 - n_bits) & 31]);
}

static void
sha256(const void *data, size_t n, uint8_t out[32])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = 32;
    g_checksum_update(sum, data, (gssize)n);
    g_checksum_get_digest(sum, out, &length);
}

char *
hib_face_cid(HibArena *arena, bool is_blob, const void *data, size_t n)
{
    uint8_t bytes[36] = {0x01, is_blob ? 0x55 : 0x71, 0x12, 0x20};
    g_autoptr(GString) out = g_string_new("b");
    sha256(data, n, bytes + 4);
    base32(out, bytes, sizeof bytes);
    return hib_arena_strdup(arena, out->str);
}

static char *
did_of(const char *handle)
{
    uint8_t sum[32];
    g_autoptr(GString) out = g_string_new("did:plc:");
    sha256(handle, strlen(handle), sum);
    base32(out, sum, 15);
    return g_strdup(out->str);
}

void
hib_face_state_open(HibFace *face, const HibFaceOptions *options)
{
    pthread_mutex_init(&face->lock, NULL);
    face->clock = options->clock ? options->clock : hib_clock_real();
    face->rate_limit = options->rate_limit;
    face->has_control = options->has_control;
    face->blobs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    face->pictured = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    face->keys_ever = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    face->live_texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    hib_seeded_init(&face->dice, 7);
    face->n_accounts = options->n_accounts;
    face->accounts = g_new0(FaceAccount, MAX(options->n_accounts, 1));
    for (size_t i = 0; i < options->n_accounts; i++) {
        const HibFaceAccount *in = &options->accounts[i];
        face->accounts[i] = (FaceAccount){
            .handle = g_strdup(in->handle),
            .password = g_strdup(in->password),
            .display_name = g_strdup(in->display_name ? in->display_name : ""),
            .did = in->did ? g_strdup(in->did) : did_of(in->handle),
            .crowd = hib_crowd_new(&in->audience),
            .posts = g_tree_new_full(by_key, NULL, NULL, post_free),
        };
    }
}

void
hib_face_state_close(HibFace *face)
{
    for (size_t i = 0; i < face->n_accounts; i++) {
        FaceAccount *account = &face->accounts[i];
        g_free(account->handle);
        g_free(account->password);
        g_free(account->display_name);
        g_free(account->did);
        g_tree_destroy(account->posts);
        hib_crowd_free(account->crowd);
    }
    g_free(face->accounts);
    g_hash_table_destroy(face->blobs);
    g_hash_table_destroy(face->pictured);
    g_hash_table_destroy(face->keys_ever);
    g_hash_table_destroy(face->live_texts);
    if (face->journal)
        fclose(face->journal);
    g_free(face->fault_method);
    g_free(face->url);
    pthread_mutex_destroy(&face->lock);
    g_free(face);
}

FaceAccount *
hib_face_account(HibFace *face, const char *did_or_handle)
{
    for (size_t i = 0; did_or_handle && i < face->n_accounts; i++)
        if (!strcmp(face->accounts[i].did, did_or_handle) ||
            !g_ascii_strcasecmp(face->accounts[i].handle, did_or_handle))
            return &face->accounts[i];
    return NULL;
}

FacePost *
hib_face_post(const FaceAccount *account, const char *rkey)
{
    return g_tree_lookup(account->posts, rkey);
}

static int64_t
text_count(HibFace *face, const FaceAccount *account, const char *text, int change)
{
    g_autofree char *key = g_strconcat(account->did, "\n", text, NULL);
    int64_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(face->live_texts, key));
    if (change && before + change <= 0)
        g_hash_table_remove(face->live_texts, key);
    else if (change)
        g_hash_table_insert(face->live_texts, g_steal_pointer(&key),
                            GSIZE_TO_POINTER((gsize)(before + change)));
    return before;
}

static void
count_created(HibFace *face, const FaceAccount *account, const FacePost *post)
{
    char *key = g_strconcat(account->did, " ", post->rkey, NULL);
    gsize times = GPOINTER_TO_SIZE(g_hash_table_lookup(face->keys_ever, key)) + 1;
    g_hash_table_insert(face->keys_ever, key, GSIZE_TO_POINTER(times));
    face->counts.n_created++;
    face->counts.n_live++;
    if (times == 2)
        face->counts.n_twice_key++;
    if (text_count(face, account, post->text, 1) > 0)
        face->counts.n_twice_text++;
}

const FacePost *
hib_face_put(HibFace *face, FaceAccount *account, const FaceFacts *facts)
{
    FacePost *old = hib_face_post(account, facts->rkey);
    face->counts.n_puts++;
    if (old && !strcmp(old->record, facts->record)) {
        face->counts.n_unchanged++;
        return old;
    }
    g_autoptr(HibArena) arena = hib_arena_new();
    FacePost *post = g_new0(FacePost, 1);
    g_strlcpy(post->rkey, facts->rkey, sizeof post->rkey);
    post->text = g_strdup(facts->text);
    post->record = g_strdup(facts->record);
    post->topic = g_strdup(facts->topic);
    post->cid = g_strdup(hib_face_cid(arena, false, facts->record, strlen(facts->record)));
    post->created_at = facts->created_at;
    post->arrived_at = old ? old->arrived_at : facts->arrived_at;
    post->graphemes = facts->graphemes;
    post->n_images = facts->n_images;
    if (old) {
        face->counts.n_changed++;
        text_count(face, account, old->text, -1);
        text_count(face, account, post->text, 1);
    } else {
        const HibAudiencePost seen = {.key = hib_audience_key(post->rkey),
                                      .at = post->arrived_at,
                                      .graphemes = post->graphemes,
                                      .n_images = post->n_images,
                                      .topic = post->topic};
        count_created(face, account, post);
        hib_crowd_post(account->crowd, &seen);
    }
    g_tree_replace(account->posts, post->rkey, post);
    hib_face_journal_put(face, account, post);
    return post;
}

bool
hib_face_delete(HibFace *face, FaceAccount *account, const char *rkey, HibInstant at)
{
    const FacePost *post = hib_face_post(account, rkey);
    if (!post)
        return false;
    text_count(face, account, post->text, -1);
    face->counts.n_deleted++;
    face->counts.n_live--;
    g_tree_remove(account->posts, rkey);
    hib_crowd_remove(account->crowd, hib_audience_key(rkey), at);
    hib_face_journal_delete(face, account, rkey, at);
    return true;
}

int64_t
hib_face_count_text(HibFace *face, const char *text)
{
    int64_t n = 0;
    pthread_mutex_lock(&face->lock);
    for (size_t i = 0; i < face->n_accounts; i++)
        n += text_count(face, &face->accounts[i], text, 0);
    pthread_mutex_unlock(&face->lock);
    return n;
}

void
hib_face_each(HibFace *face, HibFaceEach each, void *data)
{
    pthread_mutex_lock(&face->lock);
    for (size_t i = 0; i < face->n_accounts; i++)
        for (GTreeNode *node = g_tree_node_first(face->accounts[i].posts); node;
             node = g_tree_node_next(node)) {
            const FacePost *post = g_tree_node_value(node);
            each(face->accounts[i].did, post->rkey, post->text, post->arrived_at, data);
        }
    pthread_mutex_unlock(&face->lock);
}

void
hib_face_counts(HibFace *face, HibFaceCounts *ret)
{
    pthread_mutex_lock(&face->lock);
    *ret = face->counts;
    pthread_mutex_unlock(&face->lock);
}

bool
hib_face_add_post(HibFace *face, const char *did, const char *rkey, const char *text, HibInstant at,
                  int n_images, const char *topic)
{
    char created_at[HIB_INSTANT_TEXT];
    if (!hib_tid_valid(rkey))
        return false;
    cJSON *record = cJSON_CreateObject();
    cJSON_AddStringToObject(record, "$type", FACE_POSTS);
    cJSON_AddStringToObject(record, "text", text);
    cJSON_AddStringToObject(record, "createdAt", hib_instant_format(at, created_at));
    g_autoptr(HibArena) arena = hib_arena_new();
    const FaceFacts facts = {.rkey = rkey,
                             .text = text,
                             .record = hib_json_print(arena, record),
                             .topic = topic,
                             .created_at = at,
                             .arrived_at = at,
                             .graphemes = (int)hib_text_graphemes(text),
                             .n_images = n_images};
    pthread_mutex_lock(&face->lock);
    FaceAccount *account = hib_face_account(face, did);
    if (account)
        (void)hib_face_put(face, account, &facts);
    pthread_mutex_unlock(&face->lock);
    return account != NULL;
}

bool
hib_face_delete_post(HibFace *face, const char *did, const char *rkey)
{
    pthread_mutex_lock(&face->lock);
    FaceAccount *account = hib_face_account(face, did);
    bool was_there = account && hib_face_delete(face, account, rkey, hib_clock_now(face->clock));
    pthread_mutex_unlock(&face->lock);
    return was_there;
}
