/* What the audience answers, as notifications of replies. An answer's key is its post's key and its number in five digits, so that it
 * can be found again without being kept. */
#include "practice/bluesky_face_private.h"
#include "practice/picture.h"

#include <string.h>

#define DIGITS 5
#define MOST_OF_A_POST 1000

typedef struct {
    const FacePost *post;
    HibComment comment;
} Answer;

static const char *
own_uri(FaceCall *call, const FaceAccount *account, const FacePost *post)
{
    return hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%s", account->did, post->rkey);
}

/* Handles are domains: no underscores. */
static const char *
domain_of(FaceCall *call, const HibComment *comment)
{
    char *name = hib_arena_printf(call->arena, "%s.practice", comment->handle);
    return g_strdelimit(name, "_", '-');
}

static void
add_ref(cJSON *reply, const char *which, const char *uri, const char *cid)
{
    cJSON *ref = cJSON_AddObjectToObject(reply, which);
    cJSON_AddStringToObject(ref, "uri", uri);
    cJSON_AddStringToObject(ref, "cid", cid);
}

/* Its picture lies in a blob of its author's, under a name made of what it holds. */
static void
add_embed(HibFace *face, FaceCall *call, cJSON *record, const Answer *answer)
{
    HibPracticePictured with;
    if (!hib_practice_pictured("", call->arena, answer->post->rkey, &answer->comment, &with))
        return;
    char *cid = hib_face_cid(call->arena, true, with.path, strlen(with.path));
    g_hash_table_replace(face->pictured, g_strdup(cid),
                         g_strdup_printf("%" G_GUINT64_FORMAT, with.seed));
    cJSON *embed = cJSON_AddObjectToObject(record, "embed"), *one = cJSON_CreateObject();
    cJSON_AddStringToObject(embed, "$type", "app.bsky.embed.images");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(embed, "images"), one);
    cJSON_AddStringToObject(one, "alt", with.alt);
    cJSON *image = cJSON_AddObjectToObject(one, "image");
    cJSON_AddStringToObject(image, "$type", "blob");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(image, "ref"), "$link", cid);
    cJSON_AddStringToObject(image, "mimeType", "image/png");
    cJSON_AddNumberToObject(image, "size", 60000);
}

void
hib_face_blob(HibFace *face, FaceCall *call, const char *cid)
{
    const char *seed = g_hash_table_lookup(face->pictured, cid);
    if (!seed) {
        hib_face_refuse(call, 400, "BlobNotFound", "Blob not found");
        return;
    }
    hib_face_reply(call, 200, cJSON_CreateObject());
    GBytes *bytes = hib_practice_picture(g_ascii_strtoull(seed, NULL, 10));
    hib_arena_defer(call->arena, (void (*)(void *))g_bytes_unref, bytes);
    call->picture = g_bytes_get_data(bytes, &call->n_picture);
}

/* The root of an answer is that of the thread its post stands in. */
static cJSON *
record_json(HibFace *face, FaceCall *call, const FaceAccount *account, const Answer *answer)
{
    char when[HIB_INSTANT_TEXT];
    const char *uri = own_uri(call, account, answer->post);
    HibJson record, reply = {0};
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "$type", FACE_POSTS);
    cJSON_AddStringToObject(out, "text", answer->comment.text);
    cJSON_AddStringToObject(out, "createdAt", hib_instant_format(answer->comment.at, when));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "langs"),
                         cJSON_CreateString(answer->comment.lang));
    cJSON *under = cJSON_AddObjectToObject(out, "reply");
    if (hib_json_parse(call->arena, answer->post->record, strlen(answer->post->record), &record,
                       NULL) &&
        hib_json_opt_object(record, "reply", &reply, NULL) && reply.value &&
        cJSON_HasObjectItem(reply.value, "root"))
        cJSON_AddItemToObject(under, "root",
                              cJSON_Duplicate(cJSON_GetObjectItem(reply.value, "root"), true));
    else
        add_ref(under, "root", uri, answer->post->cid);
    add_ref(under, "parent", uri, answer->post->cid);
    add_embed(face, call, out, answer);
    return out;
}

/* What a post view and a notification have alike. */
static cJSON *
answer_json(HibFace *face, FaceCall *call, const FaceAccount *account, const Answer *answer)
{
    char when[HIB_INSTANT_TEXT];
    const char *handle = domain_of(call, &answer->comment);
    const char *did = hib_arena_printf(call->arena, "did:web:%s", handle);
    const char *uri = hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%s%0*d", did,
                                       answer->post->rkey, DIGITS, (int)answer->comment.n);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "uri", uri);
    cJSON_AddStringToObject(out, "cid", hib_face_cid(call->arena, false, uri, strlen(uri)));
    cJSON *author = cJSON_AddObjectToObject(out, "author");
    cJSON_AddStringToObject(author, "did", did);
    cJSON_AddStringToObject(author, "handle", handle);
    cJSON_AddStringToObject(author, "displayName", answer->comment.name);
    cJSON_AddItemToObject(out, "record", record_json(face, call, account, answer));
    cJSON_AddStringToObject(out, "indexedAt", hib_instant_format(answer->comment.at, when));
    return out;
}

cJSON *
hib_face_answer(HibFace *face, FaceCall *call, const char *key)
{
    size_t n = strlen(key);
    if (n <= DIGITS)
        return NULL;
    const char *rkey = hib_arena_strndup(call->arena, key, n - DIGITS);
    for (size_t i = 0; i < face->n_accounts; i++) {
        const FacePost *post = hib_face_post(&face->accounts[i], rkey);
        HibComment *found;
        if (post && hib_crowd_comments(
                        face->accounts[i].crowd, hib_audience_key(rkey), hib_clock_now(face->clock),
                        g_ascii_strtoull(key + n - DIGITS, NULL, 10), 1, call->arena, &found))
            return answer_json(face, call, &face->accounts[i], &(Answer){post, *found});
    }
    return NULL;
}

static int
newest_first(const void *a, const void *b)
{
    const HibInstant one = ((const Answer *)a)->comment.at, other = ((const Answer *)b)->comment.at;
    return (one < other) - (one > other);
}

static GArray *
answers_before(const HibFace *face, FaceCall *call, const FaceAccount *account, HibInstant before)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Answer));
    for (GTreeNode *node = g_tree_node_first(account->posts); node; node = g_tree_node_next(node)) {
        const FacePost *post = g_tree_node_value(node);
        HibComment *comments;
        size_t n = hib_crowd_comments(account->crowd, hib_audience_key(post->rkey),
                                      hib_clock_now(face->clock), 0, MOST_OF_A_POST, call->arena,
                                      &comments);
        for (size_t i = 0; i < n; i++)
            if (comments[i].at < before)
                g_array_append_vals(all, &(Answer){post, comments[i]}, 1);
    }
    g_array_sort(all, newest_first);
    return all;
}

static enum MHD_Result
see_reason(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    int *wanted = data; /* 0: all; 1: replies too; -1: other reasons only */
    (void)kind;
    if (!strcmp(name, "reasons") && *wanted != 1)
        *wanted = g_strcmp0(value, "reply") ? -1 : 1;
    return MHD_YES;
}

void
hib_face_notifications(HibFace *face, FaceCall *call, FaceAccount *account, HibJson in)
{
    const char *limit_text =
        MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, "limit");
    const char *cursor =
        MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, "cursor");
    int64_t limit = limit_text ? g_ascii_strtoll(limit_text, NULL, 10) : 50;
    HibInstant before = HIB_NEVER;
    int wanted = 0;
    (void)in;
    MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, see_reason, &wanted);
    if (limit < 1 || limit > 100 || (cursor && !hib_instant_parse(cursor, &before))) {
        hib_face_refuse(call, 400, "InvalidRequest", "limit must be between 1 and 100");
        return;
    }
    g_autoptr(GArray) all = answers_before(face, call, account, before);
    cJSON *out = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(out, "notifications");
    for (guint i = 0; wanted >= 0 && i < all->len && i < limit; i++) {
        const Answer *answer = &g_array_index(all, Answer, i);
        cJSON *one = answer_json(face, call, account, answer);
        cJSON_AddStringToObject(one, "reason", "reply");
        cJSON_AddStringToObject(one, "reasonSubject", own_uri(call, account, answer->post));
        cJSON_AddBoolToObject(one, "isRead", false);
        cJSON_AddItemToArray(list, one);
        char when[HIB_INSTANT_TEXT];
        if (i + 1 == limit && all->len > limit)
            cJSON_AddStringToObject(out, "cursor", hib_instant_format(answer->comment.at, when));
    }
    hib_face_reply(call, 200, out);
}
