/* TikTok's face: what it takes. Who may see a post has no default and is one of what the creator offers; how a file is cut is said before
 * and held to. */
#include "base/secrets.h"
#include "practice/tiktok_face_private.h"
#include "text/count.h"

#include <string.h>

#define CHUNK_LEAST INT64_C(5000000)
#define CHUNK_MOST (INT64_C(64) << 20)
#define CHUNKS 1000
#define VIDEO_MOST (INT64_C(4) << 30)
#define PHOTOS 35
#define CAPTION 2200
#define PHOTO_TITLE 90
#define PHOTO_TEXT 4000

static bool
wrong(HibPracticeCall *call, const char *message)
{
    hib_tiktok_face_say(call, 400, "invalid_param", message);
    return false;
}

static bool
offers(const TiktokCreator *creator, const char *privacy)
{
    return g_str_equal(privacy, TIKTOK_ALONE) || g_str_equal(privacy, "MUTUAL_FOLLOW_FRIENDS") ||
           g_str_equal(privacy, creator->is_private ? "FOLLOWER_OF_CREATOR" : TIKTOK_PUBLIC);
}

static bool
check_privacy(HibPracticeCall *call, HibJson info, const char *privacy)
{
    const TiktokState *state = hib_practice_state(call->face);
    const TiktokCreator *creator = &state->creator;
    bool is_paid = false;
    if (!privacy || !*privacy)
        return wrong(call, "privacy_level is required");
    if (creator->is_banned)
        hib_tiktok_face_say(call, 403, "spam_risk_user_banned_from_posting",
                            "The user is banned from making new posts.");
    else if (creator->is_unaudited && (!creator->is_private || !g_str_equal(privacy, TIKTOK_ALONE)))
        hib_tiktok_face_say(call, 403, "unaudited_client_can_only_post_to_private_accounts",
                            "Unaudited clients can only post to a private account.");
    else if (!offers(creator, privacy))
        hib_tiktok_face_say(call, 403, "privacy_level_option_mismatch",
                            "privacy_level is not one of the options of the creator.");
    else if (!hib_json_opt_bool(info, "brand_content_toggle", &is_paid, NULL) ||
             (is_paid && g_str_equal(privacy, TIKTOK_ALONE)))
        return wrong(call, "Branded content cannot be private");
    else
        return true;
    return false;
}

bool
hib_tiktok_face_check_info(HibPracticeCall *call, HibJson info, TiktokPublish *publish)
{
    static const char *const flags[] = {"disable_comment",      "disable_duet", "disable_stitch",
                                        "brand_organic_toggle", "is_aigc",      "auto_add_music"};
    bool is_photo = g_str_equal(publish->medium, "photo"),
         is_direct = g_str_equal(publish->mode, "direct"), is_set = false;
    const char *title = "", *text = "", *privacy = NULL;
    if (!info.value && !is_direct)
        return true;
    if (!info.value)
        return wrong(call, "post_info is required");
    if (!hib_json_opt_text(info, "title", &title, NULL) ||
        (is_photo && !hib_json_opt_text(info, "description", &text, NULL)) ||
        !hib_json_opt_text(info, "privacy_level", &privacy, NULL))
        return wrong(call, "title, description and privacy_level are texts");
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        if (!hib_json_opt_bool(info, flags[i], &is_set, NULL))
            return wrong(call, hib_arena_printf(call->arena, "%s is not a boolean", flags[i]));
    if (hib_text_count(title).utf16_units > (is_photo ? PHOTO_TITLE : CAPTION) ||
        hib_text_count(text).utf16_units > PHOTO_TEXT)
        return wrong(call, "The title or the description is too long");
    if (is_direct && !check_privacy(call, info, privacy))
        return false;
    publish->text = g_strdup(is_photo ? text : title);
    publish->title = g_strdup(title);
    publish->privacy = g_strdup(is_direct ? privacy : "");
    return true;
}

/* --- files and addresses --------------------------------------------------------------------------------------------- */
static bool
is_verified(const char *url)
{
    return strlen(url) <= 2000 &&
           (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://127.0.0.1"));
}

static bool
check_address(HibPracticeCall *call, const char *url)
{
    if (is_verified(url))
        return true;
    hib_tiktok_face_say(call, 403, "url_ownership_unverified",
                        "Please review our URL ownership verification rules.");
    return false;
}

static const char *
fault_of_cut(const TiktokPublish *publish)
{
    int64_t size = publish->size, chunk = publish->chunk, n = publish->n_chunks;
    if (size <= 0 || size > VIDEO_MOST)
        return "The video size is invalid";
    if (chunk <= 0 || chunk > CHUNK_MOST)
        return "The chunk size is invalid";
    if (n < 1 || n > CHUNKS || n != MAX(size / chunk, 1))
        return "The total chunk count is invalid";
    if (chunk < CHUNK_LEAST && chunk != size)
        return "The chunk size is invalid";
    return chunk > size ? "The chunk size is invalid" : NULL;
}

bool
hib_tiktok_face_check_file(HibPracticeCall *call, HibJson in, TiktokPublish *publish)
{
    const char *source = "", *url = "";
    (void)hib_json_opt_text(in, "source", &source, NULL);
    publish->source = g_strdup(source);
    if (g_str_equal(source, "PULL_FROM_URL")) {
        if (!hib_json_text(in, "video_url", &url, NULL))
            return wrong(call, "video_url is required");
        publish->digest = g_strdup(hib_sha256_hex(call->arena, url, strlen(url)));
        return check_address(call, url);
    }
    if (!g_str_equal(source, "FILE_UPLOAD"))
        return wrong(call, "source is FILE_UPLOAD or PULL_FROM_URL");
    if (!hib_json_int(in, "video_size", &publish->size, NULL) ||
        !hib_json_int(in, "chunk_size", &publish->chunk, NULL) ||
        !hib_json_int(in, "total_chunk_count", &publish->n_chunks, NULL))
        return wrong(call, "video_size, chunk_size and total_chunk_count are required");
    const char *fault = fault_of_cut(publish);
    return fault ? wrong(call, fault) : true;
}

bool
hib_tiktok_face_check_photos(HibPracticeCall *call, HibJson in, TiktokPublish *publish)
{
    const char *source = "";
    HibJson images = {0};
    int64_t cover = 0;
    g_autoptr(GString) all = g_string_new(NULL);
    if (!hib_json_text(in, "source", &source, NULL) || !g_str_equal(source, "PULL_FROM_URL"))
        return wrong(call, "Photos are pulled from addresses: source is PULL_FROM_URL");
    if (!hib_json_array(in, "photo_images", &images, NULL) || hib_json_count(images) < 1 ||
        hib_json_count(images) > PHOTOS)
        return wrong(call, "photo_images holds 1 to 35 addresses");
    publish->n_images = (int64_t)hib_json_count(images);
    if (!hib_json_opt_int(in, "photo_cover_index", &cover, NULL) || cover < 0 ||
        cover >= publish->n_images)
        return wrong(call, "photo_cover_index is out of range");
    for (HibJson one = hib_json_first(images); one.value; one = hib_json_next(images, one)) {
        const char *url = cJSON_IsString(one.value) ? one.value->valuestring : "";
        g_autofree char *path = g_strndup(url, strcspn(url, "?#"));
        if (!check_address(call, url))
            return false;
        if (g_str_has_suffix(path, ".png")) { /* found out when it is fetched */
            g_free(publish->fail_reason);
            publish->fail_reason = g_strdup("file_format_check_failed");
        }
        g_string_append_printf(all, "%s\n", url);
    }
    publish->source = g_strdup(source);
    publish->digest = g_strdup(hib_sha256_hex(call->arena, all->str, all->len));
    return true;
}
