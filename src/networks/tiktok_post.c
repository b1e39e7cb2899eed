/* A post as TikTok's init takes it, and how a video is cut. TikTok forbids defaults: who may see, comment, duet and stitch is what the
 * person chose, and never more than the account itself allows. */
#include "networks/tiktok_limits.h"
#include "networks/tiktok_private.h"

#include <string.h>

bool
hib_tiktok_is_video(const HibNetPost *post)
{
    return post->n_media > 0 && post->media[0].kind == HIB_NET_VIDEO;
}

static bool
flag(HibJson in, const char *key)
{
    bool is_set = false;
    return hib_json_opt_bool(in, key, &is_set, NULL) && is_set;
}

TiktokChoices
hib_tiktok_choices(HibArena *arena, const HibNetPost *post)
{
    TiktokChoices out = {0};
    HibJson in = {0};
    if (!post->options || !hib_json_parse(arena, post->options, strlen(post->options), &in, NULL) ||
        !cJSON_IsObject(in.value))
        return out;
    (void)hib_json_opt_text(in, "privacy", &out.privacy, NULL);
    (void)hib_json_opt_int(in, "photo_cover", &out.cover, NULL);
    out.may_comment = flag(in, "allow_comment");
    out.may_duet = flag(in, "allow_duet");
    out.may_stitch = flag(in, "allow_stitch");
    out.has_music = flag(in, "auto_music");
    out.is_draft = flag(in, "draft");
    return out;
}

TiktokCut
hib_tiktok_cut(int64_t bytes)
{
    int64_t n = bytes / HIB_TIKTOK_CHUNK_BYTES;
    return bytes < HIB_TIKTOK_WHOLE_BELOW_BYTES || n <= 1 ? (TiktokCut){bytes, 1}
                                                          : (TiktokCut){HIB_TIKTOK_CHUNK_BYTES, n};
}

const char *
hib_tiktok_init_path(const HibNetPost *post, bool is_draft)
{
    if (!hib_tiktok_is_video(post))
        return "/v2/post/publish/content/init/";
    return is_draft ? "/v2/post/publish/inbox/video/init/" : "/v2/post/publish/video/init/";
}

static void
add_disclosure(const HibNetPost *post, cJSON *info)
{
    cJSON_AddBoolToObject(info, "brand_content_toggle", post->disclosure.is_advertising);
    cJSON_AddBoolToObject(info, "brand_organic_toggle", post->disclosure.is_own_brand);
}

static bool
is_off(const cJSON *creator, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(creator, key));
}

static cJSON *
video_body(const HibNetPost *post, const TiktokChoices *choices, const cJSON *creator)
{
    const HibNetMedia *media = &post->media[0];
    TiktokCut cut = hib_tiktok_cut(media->bytes);
    cJSON *body = cJSON_CreateObject();
    if (!choices->is_draft) {
        cJSON *info = cJSON_AddObjectToObject(body, "post_info");
        cJSON_AddStringToObject(info, "title", post->text);
        cJSON_AddStringToObject(info, "privacy_level", choices->privacy ? choices->privacy : "");
        cJSON_AddBoolToObject(info, "disable_comment",
                              !choices->may_comment || is_off(creator, "comment_disabled"));
        cJSON_AddBoolToObject(info, "disable_duet",
                              !choices->may_duet || is_off(creator, "duet_disabled"));
        cJSON_AddBoolToObject(info, "disable_stitch",
                              !choices->may_stitch || is_off(creator, "stitch_disabled"));
        if (media->cover_ms >= 0)
            cJSON_AddNumberToObject(info, "video_cover_timestamp_ms", (double)media->cover_ms);
        add_disclosure(post, info);
        cJSON_AddBoolToObject(info, "is_aigc", post->disclosure.is_ai_made);
    }
    cJSON *source = cJSON_AddObjectToObject(body, "source_info");
    cJSON_AddStringToObject(source, "source", "FILE_UPLOAD");
    cJSON_AddNumberToObject(source, "video_size", (double)media->bytes);
    cJSON_AddNumberToObject(source, "chunk_size", (double)cut.size);
    cJSON_AddNumberToObject(source, "total_chunk_count", (double)cut.n);
    return body;
}

static cJSON *
photo_body(const HibNetPost *post, const TiktokChoices *choices, const cJSON *creator)
{
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "media_type", "PHOTO");
    cJSON_AddStringToObject(body, "post_mode", choices->is_draft ? "MEDIA_UPLOAD" : "DIRECT_POST");
    cJSON *info = cJSON_AddObjectToObject(body, "post_info");
    if (post->title && *post->title)
        cJSON_AddStringToObject(info, "title", post->title);
    cJSON_AddStringToObject(info, "description", post->text);
    if (!choices->is_draft) {
        cJSON_AddStringToObject(info, "privacy_level", choices->privacy ? choices->privacy : "");
        cJSON_AddBoolToObject(info, "disable_comment",
                              !choices->may_comment || is_off(creator, "comment_disabled"));
        cJSON_AddBoolToObject(info, "auto_add_music", choices->has_music);
        add_disclosure(post, info);
    }
    cJSON *source = cJSON_AddObjectToObject(body, "source_info");
    cJSON_AddStringToObject(source, "source", "PULL_FROM_URL");
    cJSON_AddNumberToObject(source, "photo_cover_index", (double)choices->cover);
    cJSON *images = cJSON_AddArrayToObject(source, "photo_images");
    for (size_t i = 0; i < post->n_media; i++)
        cJSON_AddItemToArray(images,
                             cJSON_CreateString(post->media[i].url ? post->media[i].url : ""));
    return body;
}

const char *
hib_tiktok_init_body(HibArena *arena, const HibNetPost *post, const cJSON *creator)
{
    TiktokChoices choices = hib_tiktok_choices(arena, post);
    return hib_json_print(arena, hib_tiktok_is_video(post) ? video_body(post, &choices, creator)
                                                           : photo_body(post, &choices, creator));
}

bool
hib_tiktok_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    static const char *const levels[] = {"PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS",
                                         "FOLLOWER_OF_CREATOR", "SELF_ONLY"};
    g_autoptr(HibArena) arena = hib_arena_new();
    TiktokChoices choices = hib_tiktok_choices(arena, post);
    bool is_level = false;
    for (size_t i = 0; choices.privacy && i < G_N_ELEMENTS(levels); i++)
        is_level = is_level || g_str_equal(levels[i], choices.privacy);
    *ret_reason = NULL;
    *ret_pointer = "/media";
    for (size_t i = 0; i < post->n_media; i++)
        if (post->media[i].kind != HIB_NET_VIDEO &&
            !post->media[i].url) /* TikTok fetches photos; videos are uploaded */
            *ret_reason = "post.media_unreachable";
    if (*ret_reason)
        return false;
    *ret_pointer = "/options/privacy";
    if (!choices.is_draft && !choices.privacy)
        *ret_reason = "post.option_missing";
    else if (!choices.is_draft && !is_level)
        *ret_reason = "post.option_value";
    else if (!choices.is_draft && post->disclosure.is_advertising &&
             g_str_equal(choices.privacy, "SELF_ONLY"))
        *ret_reason = "post.paid_private";
    if (*ret_reason)
        return false;
    if (choices.cover < 0 || (choices.cover > 0 && (size_t)choices.cover >= post->n_media)) {
        *ret_reason = "post.option_value";
        *ret_pointer = "/options/photo_cover";
    }
    return !*ret_reason;
}
