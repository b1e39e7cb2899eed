/* Bluesky's face: who follows, reposted and liked, as the network's index answers. */
#include "practice/bluesky_face_private.h"
#include "practice/fans.h"

#include <string.h>

#define MOST_SAID 2000
#define MOST_OTHERS 30

static const char *
query(const FaceCall *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, name);
}

static const char *
domain_of(HibArena *arena, const char *handle)
{
    return g_strdelimit(hib_arena_printf(arena, "%s.practice", handle), "_", '-');
}

static const char *
did_of(HibArena *arena, const char *handle)
{
    return hib_arena_printf(arena, "did:web:%s", domain_of(arena, handle));
}

/* The own post at://did/app.bsky.feed.post/rkey; NULL: none. */
static const FacePost *
asked_post(HibFace *face, const char *uri, const FaceAccount **ret_account)
{
    g_auto(GStrv) parts = g_strsplit(uri ? uri : "", "/", 6);
    if (g_strv_length(parts) != 5)
        return NULL;
    *ret_account = hib_face_account(face, parts[2]);
    return *ret_account ? hib_face_post(*ret_account, parts[4]) : NULL;
}

static cJSON *
profile_json(HibArena *arena, const HibFan *fan)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "did", fan->id);
    cJSON_AddStringToObject(out, "handle", domain_of(arena, fan->handle));
    cJSON_AddStringToObject(out, "displayName", fan->name);
    return out;
}

static void
answer(HibFace *face, FaceCall *call, bool is_likes)
{
    const char *uri = query(call, "uri"), *limit = query(call, "limit"),
               *cursor = query(call, "cursor");
    const FaceAccount *owner = NULL;
    const FacePost *post = asked_post(face, uri, &owner);
    int64_t most = limit ? g_ascii_strtoll(limit, NULL, 10) : 50;
    HibComment *said = NULL;
    HibFan *fans;
    size_t next = 0;
    char when[HIB_INSTANT_TEXT];
    if (!uri || most < 1 || most > 100) {
        hib_face_refuse(call, 400, "InvalidRequest",
                        "Error: Params must have the property \"uri\"");
        return;
    }
    size_t n_said =
        post ? hib_crowd_comments(owner->crowd, hib_audience_key(post->rkey),
                                  hib_clock_now(face->clock), 0, MOST_SAID, call->arena, &said)
             : 0;
    const HibFans all = {is_likes ? "like" : "repost", uri, did_of, said, n_said};
    size_t n =
        post ? hib_fans(call->arena, &all, cursor ? (size_t)g_ascii_strtoull(cursor, NULL, 10) : 0,
                        (size_t)most, &fans, &next)
             : 0;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "uri", uri);
    cJSON *list = cJSON_AddArrayToObject(out, is_likes ? "likes" : "repostedBy");
    for (size_t i = 0; i < n; i++) {
        cJSON *who = profile_json(call->arena, &fans[i]);
        cJSON *one = who;
        if (is_likes) {
            one = cJSON_CreateObject();
            cJSON_AddStringToObject(one, "createdAt", hib_instant_format(post->created_at, when));
            cJSON_AddStringToObject(one, "indexedAt", when);
            cJSON_AddItemToObject(one, "actor", who);
        }
        cJSON_AddItemToArray(list, one);
    }
    if (next)
        cJSON_AddStringToObject(out, "cursor", hib_arena_printf(call->arena, "%zu", next));
    hib_face_reply(call, 200, out);
}

void
hib_face_reposted_by(HibFace *face, FaceCall *call, FaceAccount *account G_GNUC_UNUSED,
                     HibJson in G_GNUC_UNUSED)
{
    answer(face, call, false);
}

void
hib_face_likes(HibFace *face, FaceCall *call, FaceAccount *account G_GNUC_UNUSED,
               HibJson in G_GNUC_UNUSED)
{
    answer(face, call, true);
}

typedef struct {
    HibArena *arena;
    const char *actor;
    cJSON *list;
} Others;

static enum MHD_Result
add_other(void *data, enum MHD_ValueKind kind G_GNUC_UNUSED, const char *key, const char *value)
{
    Others *in = data;
    if (strcmp(key, "others") != 0 || !value)
        return MHD_YES;
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "$type", "app.bsky.graph.defs#relationship");
    cJSON_AddStringToObject(one, "did", value);
    if (hib_fan_did(in->arena, "follow", in->actor, value))
        cJSON_AddStringToObject(
            one, "followedBy",
            hib_arena_printf(in->arena, "at://%s/app.bsky.graph.follow/3kfan", value));
    cJSON_AddItemToArray(in->list, one);
    return MHD_YES;
}

void
hib_face_relationships(HibFace *face, FaceCall *call, FaceAccount *account G_GNUC_UNUSED,
                       HibJson in G_GNUC_UNUSED)
{
    const FaceAccount *actor = hib_face_account(face, query(call, "actor"));
    if (!actor) {
        hib_face_refuse(call, 400, "ActorNotFound", "the actor could not be resolved");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "actor", actor->did);
    Others others = {call->arena, actor->did, cJSON_AddArrayToObject(out, "relationships")};
    MHD_get_connection_values(call->connection, MHD_GET_ARGUMENT_KIND, add_other, &others);
    if (cJSON_GetArraySize(others.list) > MOST_OTHERS) {
        cJSON_Delete(out);
        hib_face_refuse(call, 400, "InvalidRequest",
                        "Error: others must not have more than 30 elements");
        return;
    }
    hib_face_reply(call, 200, out);
}
