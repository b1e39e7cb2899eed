/* Instagram's face: containers and what they become. Pictures are fetched at once, videos are fetched or uploaded and take a while; only
 * publishing is seen. */
#include "practice/instagram_face_private.h"
#include <string.h>

#define CAPTION 2200
#define MENTIONS 20
#define CHILDREN 10
#define COLLABORATORS 3
#define VIDEO_LENGTH (20 * HIB_SECOND) /* nothing is decoded */

/* --- looking at what is asked for ----------------------------------------------------------------------------------------------------- */
static bool
refuse(HibPracticeCall *call, int code, int subcode, const char *message, const char *user)
{
    hib_meta_face_error(call, &(MetaError){.code = code,
                                           .subcode = subcode,
                                           .message = message,
                                           .title = message,
                                           .user_message = user});
    return false;
}

static bool
is_true(HibPracticeCall *call, const char *name)
{
    const char *text = hib_practice_field(call, name);
    return text && (g_str_equal(text, "true") || g_str_equal(text, "1"));
}

static int
count(const char *text, const char *what)
{
    int n = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + strlen(what), what))
        n++;
    return n;
}

static bool
check_words(HibPracticeCall *call, const char *type)
{
    const char *caption = hib_practice_field(call, "caption"),
               *alt = hib_practice_field(call, "alt_text");
    g_auto(GStrv) people = hib_meta_face_words(call, "collaborators");
    if (caption && g_utf8_strlen(caption, -1) > CAPTION)
        return refuse(call, 36004, 2207010, "The caption is too long",
                      "The caption was too long. It must be under 2,200 characters.");
    if (caption && count(caption, "@") > MENTIONS)
        return refuse(call, 100, 2207040, "Too many tags",
                      "Cannot use more than 20 tags per created media.");
    if (alt && (g_str_equal(type, "REELS") || g_str_equal(type, "STORIES"))) {
        hib_meta_face_invalid(call, "alt_text is not supported for reels and stories");
        return false;
    }
    if (g_strv_length(people) > COLLABORATORS) {
        hib_meta_face_invalid(call, "Param collaborators must have at most 3 items");
        return false;
    }
    return true;
}

static bool
fetch_image(HibPracticeCall *call, const char *url)
{
    const char *mime;
    if (!hib_meta_face_fetch(call, url, &mime))
        return refuse(call, 9004, 2207052, "Only photo or video can be accepted as media type.",
                      "The media could not be fetched from this URI.");
    if (!mime || g_str_has_prefix(mime, "image/jpeg") ||
        g_str_has_prefix(mime, "application/octet"))
        return true;
    return refuse(call, 36001, 2207005, "The image format is not supported",
                  "The image format is not supported. Supported formats are: JPEG.");
}

/* REELS, STORIES, CAROUSEL, VIDEO (of a carousel) or none: a picture. */
static const char *
read_type(HibPracticeCall *call)
{
    static const char *const known[] = {"REELS", "STORIES", "CAROUSEL", "VIDEO", "IMAGE", NULL};
    const char *type = hib_practice_field(call, "media_type");
    type = type && *type ? type : "IMAGE";
    if (!g_strv_contains(known, type))
        refuse(call, 100, 2207023, "Unknown media type", "The media type is unknown.");
    else if (g_str_equal(type, "VIDEO") && !is_true(call, "is_carousel_item"))
        hib_meta_face_invalid(
            call, "The VIDEO value for media_type is no longer supported. Use the REELS media type "
                  "to publish a video to your Instagram feed.");
    else
        return type;
    return NULL;
}

/* What is shown and where it comes from, into `facts`; false after refusing. */
static bool
read_source(HibPracticeCall *call, const HibPracticeAccount *account, const char *type,
            cJSON *facts)
{
    const char *image = hib_practice_field(call, "image_url"),
               *video = hib_practice_field(call, "video_url");
    bool is_uploaded = g_strcmp0(hib_practice_field(call, "upload_type"), "resumable") == 0;
    cJSON *children;
    if (g_str_equal(type, "CAROUSEL")) {
        if (!hib_meta_face_children(call, account, CHILDREN, &children))
            return false;
        cJSON_AddItemToObject(facts, "children", children);
        return true;
    }
    if (g_str_equal(type, "IMAGE") || (g_str_equal(type, "STORIES") && image)) {
        if (!image) {
            hib_meta_face_invalid(call, "The parameter image_url is required.");
            return false;
        }
        hib_meta_face_set(facts, "media_url", image);
        return fetch_image(call, image);
    }
    if (is_uploaded) {
        hib_meta_face_set_int(facts, "resumable", 1);
    } else if (!video) {
        hib_meta_face_invalid(call, "The parameter video_url is required");
        return false;
    }
    hib_meta_face_set_int(facts, "is_video", 1);
    hib_meta_face_set(facts, "media_url", video);
    return true;
}

static void
answer_created(HibPracticeCall *call, const char *id, bool is_resumable)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    if (is_resumable)
        cJSON_AddStringToObject(out, "uri",
                                hib_arena_printf(call->arena, "%s/ig-api-upload/%s/%s",
                                                 hib_practice_url(call->face),
                                                 hib_practice_param(call, "version"), id));
    hib_practice_json(call, 200, out);
}

void
hib_instagram_face_create(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, INSTAGRAM_PUBLISH);
    const char *type = account ? read_type(call) : NULL, *mime;
    if (!type || !check_words(call, type))
        return;
    cJSON *facts = cJSON_CreateObject();
    if (!read_source(call, account, type, facts)) {
        cJSON_Delete(facts);
        return;
    }
    hib_meta_face_set(facts, "type", type);
    hib_meta_face_set(facts, "caption", hib_practice_field(call, "caption"));
    hib_meta_face_set(facts, "alt_text", hib_practice_field(call, "alt_text"));
    hib_meta_face_set_int(facts, "is_item", is_true(call, "is_carousel_item"));
    hib_meta_face_set_int(facts, "in_feed",
                          g_strcmp0(hib_practice_field(call, "share_to_feed"), "false") != 0);
    bool is_video = hib_meta_face_int(facts, "is_video"),
         is_resumable = hib_meta_face_int(facts, "resumable");
    const char *url = is_video && !is_resumable ? hib_meta_face_text(facts, "media_url") : NULL;
    bool is_lost = url && !hib_meta_face_fetch(call, url, &mime);
    const char *id =
        hib_meta_face_container_new(call, account, facts, is_video ? META_PROCESSING : 0);
    if (is_lost) { /* a video is fetched afterwards: the container says so */
        hib_meta_face_set_int(facts, "fails", 2207052);
        hib_meta_face_keep(call->face, "container", id, facts);
    }
    answer_created(call, id, is_resumable);
}

cJSON *
hib_instagram_face_container_json(HibPracticeCall *call, const char *id, const cJSON *container)
{
    const char *status = hib_meta_face_container_status(call->face, container), *why;
    int64_t fails = hib_meta_face_int(container, "fails");
    bool is_up = hib_meta_face_int(container, "uploaded") != 0;
    why = g_str_equal(status, "FINISHED")
              ? "Finished: Media has been uploaded and it is ready to be published."
          : g_str_equal(status, "PUBLISHED") ? "Published: Media has been successfully published."
          : g_str_equal(status, "EXPIRED")
              ? "Expired: Media was not published within 24 hours and has expired."
          : g_str_equal(status, "IN_PROGRESS")
              ? "In Progress: Media is still being processed."
              : hib_arena_printf(call->arena, "Error: Media upload has failed with error code %d",
                                 (int)(fails > 1 ? fails : 2207053));
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "status_code", status);
    cJSON_AddStringToObject(out, "status", why);
    cJSON_AddNullToObject(out, "copyright_check_status");
    if (!hib_meta_face_int(container, "resumable")) {
        cJSON_AddNullToObject(out, "video_status");
        return out;
    }
    cJSON *video = cJSON_AddObjectToObject(out, "video_status"),
          *uploading = cJSON_AddObjectToObject(video, "uploading_phase"),
          *processing = cJSON_AddObjectToObject(video, "processing_phase");
    cJSON_AddStringToObject(uploading, "status", is_up ? "complete" : "in_progress");
    hib_meta_face_add_int(uploading, "bytes_transferred", hib_meta_face_int(container, "received"));
    cJSON_AddStringToObject(processing, "status",
                            !is_up                               ? "not_started"
                            : g_str_equal(status, "IN_PROGRESS") ? "in_progress"
                            : g_str_equal(status, "ERROR")       ? "error"
                                                                 : "complete");
    return out;
}

/* --- publishing --------------------------------------------------------------------------------------------------------------------------- */
/* False after refusing. */
static bool
is_publishable(HibPracticeCall *call, const char *id, const cJSON *container)
{
    if (!container || hib_meta_face_int(container, "is_item"))
        return refuse(
            call, 24, 2207006, "The requested resource does not exist",
            hib_arena_printf(call->arena, "The media with %s cannot be found.", id ? id : "no id"));
    const char *status = hib_meta_face_container_status(call->face, container);
    if (g_str_equal(status, "IN_PROGRESS"))
        return refuse(call, 9007, 2207027, "Media ID is not available",
                      "The media is not ready for publishing, please wait for a moment");
    if (g_str_equal(status, "EXPIRED"))
        return refuse(
            call, -2, 2207020, "The media has expired",
            "The media you are trying to access has expired. Please try to upload again.");
    if (g_str_equal(status, "ERROR"))
        return refuse(call, -1, 2207032, "Create media fail",
                      "Create media fail, please try to re-create media");
    if (g_str_equal(status, "PUBLISHED"))
        return refuse(call, 24, 2207006, "The requested resource does not exist",
                      "The media cannot be found.");
    return true;
}

static cJSON *
part_json(const char *id, const cJSON *container)
{
    bool is_video = hib_meta_face_int(container, "is_video") != 0;
    cJSON *out = cJSON_CreateObject();
    hib_meta_face_set(out, "id", id);
    hib_meta_face_set(out, "media_type", is_video ? "VIDEO" : "IMAGE");
    hib_meta_face_set(out, "media_url", hib_meta_face_text(container, "media_url"));
    hib_meta_face_set(out, "alt_text", hib_meta_face_text(container, "alt_text"));
    return out;
}

static const char *
extra_of(HibPracticeCall *call, const cJSON *container, bool is_reel, bool is_story)
{
    cJSON *out = part_json(NULL, container);
    const cJSON *children = cJSON_GetObjectItemCaseSensitive(container, "children"), *id;
    hib_meta_face_set(out, "product", is_reel ? "REELS" : is_story ? "STORY" : "FEED");
    hib_meta_face_set_int(out, "in_feed", hib_meta_face_int(container, "in_feed"));
    if (children) {
        hib_meta_face_set(out, "media_type", "CAROUSEL_ALBUM");
        cJSON *parts = cJSON_AddArrayToObject(out, "children");
        cJSON_ArrayForEach(id, children)
        {
            const cJSON *child = hib_meta_face_kept(call->face, "container", id->valuestring);
            cJSON_AddItemToArray(parts, part_json(id->valuestring, child));
        }
    }
    return hib_json_print(call->arena, out);
}

void
hib_instagram_face_publish(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, INSTAGRAM_PUBLISH);
    const char *id = hib_practice_field(call, "creation_id");
    const cJSON *container = account ? hib_meta_face_container(call, account, id) : NULL;
    if (!account || !is_publishable(call, id, container) ||
        !hib_practice_take(call, HIB_REFUSE_QUOTA,
                           hib_arena_printf(call->arena, "publish %s", account->id),
                           INSTAGRAM_POSTS_A_DAY, HIB_DAY, 1))
        return;
    const char *type = hib_meta_face_text(container, "type"),
               *caption = hib_meta_face_text(container, "caption"),
               *url = hib_meta_face_text(container, "media_url"),
               *sum = hib_meta_face_text(container, "sha256");
    bool is_video = hib_meta_face_int(container, "is_video") != 0;
    bool is_reel = g_str_equal(type, "REELS"), is_story = g_str_equal(type, "STORIES");
    int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(container, "children"));
    const HibPracticePost post = {.id = hib_practice_id(call),
                                  .account = account->id,
                                  .kind = is_reel    ? "reel"
                                          : is_story ? "story"
                                                     : "post",
                                  .text = is_story ? (sum ? sum : url)
                                                   : caption, /* a story shows no words */
                                  .media = sum ? sum : url,
                                  .extra = extra_of(call, container, is_reel, is_story),
                                  .at = hib_practice_now(call->face),
                                  .n_images = n ? n : 1,
                                  .length = is_video ? VIDEO_LENGTH : 0};
    const char *media = hib_practice_post_add(call->face, &post)->id;
    hib_meta_face_container_published(call, id, media);
    hib_meta_face_id(call, media);
}

void
hib_instagram_face_limit(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, INSTAGRAM_PUBLISH);
    const char *fields = hib_practice_field(call, "fields");
    if (!account)
        return;
    HibPracticeWindow day =
        hib_practice_window(call->face, hib_arena_printf(call->arena, "publish %s", account->id),
                            INSTAGRAM_POSTS_A_DAY, HIB_DAY);
    cJSON *out = cJSON_CreateObject(), *one = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "data"), one);
    hib_meta_face_add_int(one, "quota_usage", day.used);
    if (fields && strstr(fields, "config")) {
        cJSON *config = cJSON_AddObjectToObject(one, "config");
        hib_meta_face_add_int(config, "quota_total", INSTAGRAM_POSTS_A_DAY);
        hib_meta_face_add_int(config, "quota_duration", HIB_DAY / HIB_SECOND);
    }
    hib_practice_json(call, 200, out);
}
