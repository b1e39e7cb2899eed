/* X's face: users nobody here owns: their profiles, and their posts without and with answers to others. */
#include "practice/x_face_private.h"

#include <string.h>

#define FIRST_ID UINT64_C(1500000000000000000)

static const char *
id_of(HibPracticeCall *call, const HibFaceRival *other)
{
    size_t i = 0;
    while (hib_face_rival_at(i) != other)
        i++;
    return hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, FIRST_ID + i);
}

const HibFaceRival *
hib_x_face_other(HibPracticeCall *call, const char *handle, const char *id)
{
    if (handle)
        return hib_face_rival(handle, false, hib_practice_now(call->face));
    const uint64_t number = id && hib_x_face_is_id(id) ? g_ascii_strtoull(id, NULL, 10) : 0;
    return number >= FIRST_ID ? hib_face_rival_at((size_t)(number - FIRST_ID)) : NULL;
}

cJSON *
hib_x_face_other_error(HibPracticeCall *call, const HibFaceRival *other, const char *parameter,
                       const char *value)
{
    if (!other->is_private && !other->is_suspended)
        return NULL;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "value", value);
    cJSON_AddStringToObject(
        out, "detail",
        other->is_suspended
            ? hib_arena_printf(call->arena, "User has been suspended: [%s].", value)
            : hib_arena_printf(call->arena,
                               "Sorry, you are not authorized to see the user with %s: [%s].",
                               parameter, value));
    cJSON_AddStringToObject(out, "title",
                            other->is_suspended ? "Forbidden" : "Authorization Error");
    cJSON_AddStringToObject(out, "resource_type", "user");
    cJSON_AddStringToObject(out, "parameter", parameter);
    cJSON_AddStringToObject(out, "resource_id", value);
    cJSON_AddStringToObject(out, "type",
                            other->is_suspended ? X_PROBLEM "resource-not-found"
                                                : X_PROBLEM "not-authorized-for-resource");
    return out;
}

cJSON *
hib_x_face_other_json(HibPracticeCall *call, const HibFaceRival *other, const XAsk *ask)
{
    const HibInstant now = hib_practice_now(call->face);
    char handle[64];
    cJSON *out = hib_x_face_user_json(call, id_of(call, other),
                                      hib_face_rival_handle(other, now, handle), other->name, ask);
    if (hib_x_face_wants(ask->user, "protected"))
        cJSON_ReplaceItemInObjectCaseSensitive(out, "protected",
                                               cJSON_CreateBool(other->is_private));
    if (!hib_x_face_wants(ask->user, "public_metrics"))
        return out;
    cJSON *to = cJSON_AddObjectToObject(out, "public_metrics");
    cJSON_AddNumberToObject(to, "followers_count", (double)hib_face_rival_followers(other, now));
    cJSON_AddNumberToObject(to, "following_count", 12);
    cJSON_AddNumberToObject(to, ask->is_new ? "post_count" : "tweet_count",
                            (double)hib_face_rival_n_posts(other, now));
    cJSON_AddNumberToObject(to, "listed_count", 1);
    cJSON_AddNumberToObject(to, "like_count", 0);
    cJSON_AddNumberToObject(to, "media_count", 0);
    return out;
}

/* Behind every fifth post stands an answer to somebody. */
void
hib_x_face_other_posts(HibPracticeCall *call, const HibFaceRival *other, bool no_replies,
                       GArray *into)
{
    const HibInstant now = hib_practice_now(call->face);
    char handle[64];
    HibFaceRivalPost *posts = hib_arena_array(call->arena, HibFaceRivalPost, HIB_FACE_RIVAL_POSTS);
    const size_t n = hib_face_rival_posts(other, now, HIB_FACE_RIVAL_POSTS, posts);
    hib_face_rival_handle(other, now, handle);
    XPost post = {.lang = "ja",
                  .author = id_of(call, other),
                  .handle = hib_arena_strdup(call->arena, handle),
                  .name = other->name};
    for (size_t i = 0; i < n; i++) {
        post.id = post.root = hib_x_face_id_at(call->arena, posts[i].at, posts[i].id);
        post.text = "本日のおすすめ";
        post.at = posts[i].at;
        post.other = &posts[i];
        post.parent = post.parent_author = post.parent_handle = NULL;
        g_array_append_val(into, post);
        if (no_replies || i % 5 != 4)
            continue;
        post.parent = post.root;
        post.parent_author = hib_x_face_user_id(call->arena, "yui_t");
        post.parent_handle = "yui_t";
        post.at += HIB_MINUTE;
        post.id = hib_x_face_id_at(call->arena, post.at, posts[i].id);
        g_array_append_val(into, post);
    }
}
