/* YouTube's face: channels nobody here owns, their uploads and what these came to. A suspended channel is listed nowhere; one that is private keeps its uploads to itself. */
#include "base/secrets.h"
#include "practice/rival.h"
#include "practice/youtube_face_private.h"

#include <string.h>

static const char *
channel_of(HibArena *arena, const HibFaceRival *other)
{
    const char *key = hib_arena_printf(arena, "other %s", other->slug);
    return hib_arena_printf(arena, "UC%.22s", hib_sha256_hex(arena, key, strlen(key)));
}

static const HibFaceRival *
by_channel(HibArena *arena, const char *id)
{
    const HibFaceRival *other;
    for (size_t i = 0; (other = hib_face_rival_at(i)); i++)
        if (!strcmp(channel_of(arena, other), id))
            return other;
    return NULL;
}

/* 11 characters, as YouTube's. */
static const char *
video_id(HibArena *arena, uint64_t number)
{
    const guint64 big = GUINT64_TO_BE(number);
    g_autofree char *text = g_base64_encode((const guchar *)&big, sizeof big);
    g_strdelimit(g_strdelimit(text, "+", '-'), "/", '_');
    return hib_arena_printf(arena, "%.11s", text);
}

static void
add_numbers(HibPracticeCall *call, const HibFaceRival *other, cJSON *out)
{
    const HibInstant now = hib_practice_now(call->face);
    const int64_t n = hib_face_rival_n_posts(other, now);
    cJSON *to = cJSON_AddObjectToObject(out, "statistics");
    hib_youtube_face_add_count(to, "viewCount", n * other->likes * 22);
    hib_youtube_face_add_count(to, "subscriberCount",
                               other->hides_followers ? 0
                                                      : hib_youtube_face_three_digits(
                                                            hib_face_rival_followers(other, now)));
    cJSON_AddBoolToObject(to, "hiddenSubscriberCount", other->hides_followers);
    hib_youtube_face_add_count(to, "videoCount", n);
}

cJSON *
hib_youtube_face_other(HibPracticeCall *call, const char *handle, const char *id)
{
    const HibInstant now = hib_practice_now(call->face);
    char own[64];
    const HibFaceRival *other =
        handle ? hib_face_rival(handle, false, now) : by_channel(call->arena, id);
    if (!other || other->is_suspended)
        return NULL;
    const char *channel = channel_of(call->arena, other);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#channel");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", channel);
    if (hib_youtube_face_has_part(call, "snippet")) {
        cJSON *to = cJSON_AddObjectToObject(out, "snippet");
        cJSON_AddStringToObject(to, "title", other->name);
        cJSON_AddStringToObject(to, "description", "");
        cJSON_AddStringToObject(
            to, "customUrl",
            hib_arena_printf(call->arena, "@%s", hib_face_rival_handle(other, now, own)));
        cJSON_AddStringToObject(to, "publishedAt", "2026-01-01T00:00:00Z");
    }
    if (hib_youtube_face_has_part(call, "contentDetails")) {
        cJSON *lists = cJSON_AddObjectToObject(cJSON_AddObjectToObject(out, "contentDetails"),
                                               "relatedPlaylists");
        cJSON_AddStringToObject(lists, "likes", "");
        cJSON_AddStringToObject(lists, "uploads",
                                hib_arena_printf(call->arena, "UU%s", channel + 2));
    }
    if (hib_youtube_face_has_part(call, "statistics"))
        add_numbers(call, other, out);
    return out;
}

static cJSON *
item_json(HibPracticeCall *call, const HibFaceRival *other, const char *list, int position,
          const HibFaceRivalPost *post)
{
    const char *id = video_id(call->arena, post->id);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#playlistItem");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", hib_arena_printf(call->arena, "VVU%s", id));
    if (hib_youtube_face_has_part(call, "snippet")) {
        cJSON *to = cJSON_AddObjectToObject(out, "snippet");
        hib_youtube_face_add_time(to, "publishedAt", post->at);
        cJSON_AddStringToObject(to, "channelId", channel_of(call->arena, other));
        cJSON_AddStringToObject(to, "channelTitle", other->name);
        cJSON_AddStringToObject(to, "title", "本日のおすすめ");
        cJSON_AddStringToObject(to, "description", "");
        cJSON_AddStringToObject(to, "playlistId", list);
        cJSON_AddNumberToObject(to, "position", position);
    }
    if (hib_youtube_face_has_part(call, "contentDetails")) {
        cJSON *to = cJSON_AddObjectToObject(out, "contentDetails");
        cJSON_AddStringToObject(to, "videoId", id);
        hib_youtube_face_add_time(to, "videoPublishedAt", post->at);
    }
    return out;
}

bool
hib_youtube_face_other_uploads(HibPracticeCall *call, const char *channel, const char *list)
{
    HibFaceRivalPost posts[HIB_FACE_RIVAL_POSTS];
    const HibFaceRival *other = by_channel(call->arena, channel);
    if (!other || other->is_suspended)
        return false;
    if (other->is_private) {
        hib_youtube_face_error(call, 403, "youtube.playlistItem", "playlistItemsNotAccessible",
                               "The request is not properly authorized to retrieve the specified "
                               "playlist.");
        return true;
    }
    const size_t n =
        hib_face_rival_posts(other, hib_practice_now(call->face), HIB_FACE_RIVAL_POSTS, posts);
    cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(items, item_json(call, other, list, (int)i, &posts[i]));
    hib_youtube_face_list(call, "youtube#playlistItemListResponse", items, 5, 50);
    return true;
}

static cJSON *
video_json(HibPracticeCall *call, const HibFaceRival *other, const HibFaceRivalPost *post)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#video");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", video_id(call->arena, post->id));
    if (hib_youtube_face_has_part(call, "snippet")) {
        cJSON *to = cJSON_AddObjectToObject(out, "snippet");
        hib_youtube_face_add_time(to, "publishedAt", post->at);
        cJSON_AddStringToObject(to, "channelId", channel_of(call->arena, other));
        cJSON_AddStringToObject(to, "channelTitle", other->name);
        cJSON_AddStringToObject(to, "title", "本日のおすすめ");
        cJSON_AddStringToObject(to, "description", "");
    }
    if (hib_youtube_face_has_part(call, "statistics")) {
        cJSON *to = cJSON_AddObjectToObject(out, "statistics");
        hib_youtube_face_add_count(to, "viewCount", post->views);
        hib_youtube_face_add_count(to, "likeCount", post->likes);
        hib_youtube_face_add_count(to, "favoriteCount", 0);
        hib_youtube_face_add_count(to, "commentCount", post->replies);
    }
    return out;
}

cJSON *
hib_youtube_face_other_video(HibPracticeCall *call, const char *id)
{
    HibFaceRivalPost posts[HIB_FACE_RIVAL_POSTS];
    const HibFaceRival *other;
    for (size_t k = 0; (other = hib_face_rival_at(k)); k++) {
        if (other->is_private || other->is_suspended)
            continue;
        const size_t n =
            hib_face_rival_posts(other, hib_practice_now(call->face), HIB_FACE_RIVAL_POSTS, posts);
        for (size_t i = 0; i < n; i++)
            if (!strcmp(video_id(call->arena, posts[i].id), id))
                return video_json(call, other, &posts[i]);
    }
    return NULL;
}
