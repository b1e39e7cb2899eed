/* Bluesky's face: profiles and feeds of accounts that nobody here owns. */
#include "practice/bluesky_face_private.h"
#include "practice/rival.h"

#include <string.h>

#define DID "did:plc:rival"
#define ENDING ".practice"

/* By handle or DID. */
static const HibFaceRival *
find(HibFace *face, const char *actor)
{
    if (actor && g_str_has_prefix(actor, DID))
        return hib_face_rival(actor + strlen(DID), true, hib_clock_now(face->clock));
    g_autofree char *slug = actor && g_str_has_suffix(actor, ENDING)
                                ? g_strndup(actor, strlen(actor) - strlen(ENDING))
                                : NULL;
    return hib_face_rival(slug, false, hib_clock_now(face->clock));
}

static const char *
add_who(HibFace *face, FaceCall *call, const HibFaceRival *rival, cJSON *out)
{
    char handle[64];
    const char *did = hib_arena_printf(call->arena, DID "%s", rival->slug);
    hib_face_rival_handle(rival, hib_clock_now(face->clock), handle);
    cJSON_AddStringToObject(out, "did", did);
    cJSON_AddStringToObject(out, "handle", hib_arena_printf(call->arena, "%s" ENDING, handle));
    cJSON_AddStringToObject(out, "displayName", rival->name);
    return did;
}

bool
hib_face_rival_profile(HibFace *face, FaceCall *call, const char *actor)
{
    const HibInstant now = hib_clock_now(face->clock);
    const HibFaceRival *rival = find(face, actor);
    if (!rival)
        return false;
    if (rival->is_suspended) {
        hib_face_refuse(call, 400, "AccountTakedown", "Account has been suspended");
        return true;
    }
    cJSON *out = cJSON_CreateObject();
    add_who(face, call, rival, out);
    cJSON_AddNumberToObject(out, "followersCount", (double)hib_face_rival_followers(rival, now));
    cJSON_AddNumberToObject(out, "followsCount", 12);
    cJSON_AddNumberToObject(out, "postsCount", (double)hib_face_rival_n_posts(rival, now));
    hib_face_reply(call, 200, out);
    return true;
}

static cJSON *
item_json(HibFace *face, FaceCall *call, const HibFaceRival *rival, const HibFaceRivalPost *is)
{
    char when[HIB_INSTANT_TEXT];
    cJSON *item = cJSON_CreateObject(), *post = cJSON_AddObjectToObject(item, "post");
    cJSON *author = cJSON_CreateObject();
    const char *did = add_who(face, call, rival, author);
    cJSON_AddStringToObject(
        post, "uri",
        hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%" G_GUINT64_FORMAT, did, is->id));
    cJSON_AddStringToObject(post, "cid", "practice");
    cJSON_AddItemToObject(post, "author", author);
    cJSON *record = cJSON_AddObjectToObject(post, "record");
    cJSON_AddStringToObject(record, "$type", FACE_POSTS);
    cJSON_AddStringToObject(record, "text", "本日のおすすめ");
    cJSON_AddStringToObject(record, "createdAt", hib_instant_format(is->at, when));
    cJSON_AddNumberToObject(post, "replyCount", (double)is->replies);
    cJSON_AddNumberToObject(post, "repostCount", (double)is->reposts);
    cJSON_AddNumberToObject(post, "likeCount", (double)is->likes);
    cJSON_AddNumberToObject(post, "quoteCount", (double)is->quotes);
    cJSON_AddStringToObject(post, "indexedAt", when);
    return item;
}

/* One page; behind every tenth post stands somebody else's that was passed on. */
bool
hib_face_rival_feed(HibFace *face, FaceCall *call, const char *actor, size_t most)
{
    const HibFaceRival *rival = find(face, actor);
    HibFaceRivalPost posts[HIB_FACE_RIVAL_POSTS];
    if (!rival)
        return false;
    if (rival->is_private) { /* Bluesky knows no private accounts: this one blocked whoever asks */
        hib_face_refuse(call, 400, "BlockedByActor", "Requester is blocked by actor: %s", actor);
        return true;
    }
    const size_t n = hib_face_rival_posts(rival, hib_clock_now(face->clock), most, posts);
    cJSON *out = cJSON_CreateObject(), *feed = cJSON_AddArrayToObject(out, "feed");
    for (size_t i = 0; i < n; i++) {
        cJSON *item = item_json(face, call, rival, &posts[i]);
        cJSON_AddItemToArray(feed, item);
        if (i % 10 == 9) {
            const HibFaceRival *other = hib_face_rival_at(rival == hib_face_rival_at(0) ? 1 : 0);
            cJSON *passed_on = item_json(face, call, other, &posts[i]);
            cJSON *reason = cJSON_AddObjectToObject(passed_on, "reason");
            cJSON_AddStringToObject(reason, "$type", "app.bsky.feed.defs#reasonRepost");
            cJSON_AddItemToArray(feed, passed_on);
        }
    }
    if (n == most)
        cJSON_AddStringToObject(
            out, "cursor", hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, posts[n - 1].id));
    hib_face_reply(call, 200, out);
    return true;
}
