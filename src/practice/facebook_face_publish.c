/* Facebook's face: posts of text, links and photos, and stories of a photo. A photo is uploaded unpublished and shown by the post that names
 * it. */
#include "practice/facebook_face_private.h"
#include <string.h>

#define MESSAGE 63206
#define PHOTO_BYTES (10 * 1024 * 1024)
#define PHOTOS 10
#define SOONEST (10 * HIB_MINUTE)
#define LATEST (30 * HIB_DAY)

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
is_false(HibPracticeCall *call, const char *name)
{
    const char *text = hib_practice_field(call, name);
    return text && (g_str_equal(text, "false") || g_str_equal(text, "0"));
}

/* --- photos -------------------------------------------------------------------------------------------------------------------------------- */
static cJSON *
own_photo(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    cJSON *photo = id ? hib_meta_face_kept(call->face, "photo", id) : NULL;
    return g_strcmp0(hib_meta_face_text(photo, "account"), account->id) == 0 ? photo : NULL;
}

static void
use_photo(HibPracticeCall *call, const char *id, cJSON *photo, const char *post)
{
    hib_meta_face_set(photo, "post", post);
    hib_meta_face_keep(call->face, "photo", id, photo);
}

/* What identifies the picture: the sum of its bytes, or its address. NULL after refusing. */
static const char *
read_photo(HibPracticeCall *call)
{
    const HibPracticePart *file = hib_practice_part(call, "source");
    const char *url = hib_practice_field(call, "url"), *mime = file ? file->mime : NULL;
    if (!file && url && !hib_meta_face_fetch(call, url, &mime)) {
        refuse(call, 324, 2069019, "Missing or invalid image file",
               "The image could not be fetched from this address.");
        return NULL;
    }
    if ((!file && !url) || (mime && !g_str_has_prefix(mime, "image/") &&
                            !g_str_has_prefix(mime, "application/octet"))) {
        refuse(call, 324, 2069019, "Missing or invalid image file", "Your image is missing.");
        return NULL;
    }
    if (file && file->size > PHOTO_BYTES) {
        hib_practice_refuse(call, HIB_REFUSE_CONTENT, "%s", "the photo is too large");
        return NULL;
    }
    return file ? file->sha256 : url;
}

static const char *
photos_extra(HibPracticeCall *call, const char *link, cJSON *photos)
{
    cJSON *out = cJSON_CreateObject();
    hib_meta_face_set(out, "link", link);
    cJSON_AddItemToObject(out, "photos", photos);
    return hib_json_print(call->arena, out);
}

void
hib_facebook_face_add_photo(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, FACEBOOK_POSTS);
    const char *sum = account ? read_photo(call) : NULL,
               *message = hib_practice_field(call, "message");
    if (!sum)
        return;
    const char *id = hib_practice_id(call);
    cJSON *photo = cJSON_CreateObject(), *out = cJSON_CreateObject();
    cJSON_AddStringToObject(photo, "account", account->id);
    cJSON_AddStringToObject(photo, "sha256", sum);
    hib_meta_face_set(photo, "alt", hib_practice_field(call, "alt_text_custom"));
    hib_meta_face_keep(call->face, "photo", id, photo);
    cJSON_AddStringToObject(out, "id", id);
    if (!is_false(call, "published")) {
        cJSON *photos = cJSON_CreateArray();
        cJSON_AddItemToArray(photos, cJSON_CreateString(id));
        const HibPracticePost post = {.id = hib_facebook_face_post_id(call, account),
                                      .account = account->id,
                                      .kind = "post",
                                      .text = message,
                                      .media = sum,
                                      .extra = photos_extra(call, NULL, photos),
                                      .at = hib_practice_now(call->face),
                                      .n_images = 1};
        use_photo(call, id, photo, hib_practice_post_add(call->face, &post)->id);
        cJSON_AddStringToObject(out, "post_id", post.id);
    }
    hib_practice_json(call, 200, out);
}

/* --- attached_media: a list, or attached_media[0], attached_media[1] … of {"media_fbid"} ------------------------------------------------------- */
static void
add_attached(cJSON *ids, const cJSON *one)
{
    const char *id = hib_meta_face_text(one, "media_fbid");
    cJSON_AddItemToArray(ids, cJSON_CreateString(id ? id : ""));
}

static cJSON *
read_attached(HibPracticeCall *call)
{
    cJSON *ids = cJSON_CreateArray();
    const char *text = hib_practice_field(call, "attached_media");
    g_autoptr(cJSON) parsed = text ? cJSON_Parse(text) : NULL;
    const cJSON *one, *list = parsed;
    if (call->json.value && !list)
        list = cJSON_GetObjectItemCaseSensitive(call->json.value, "attached_media");
    cJSON_ArrayForEach(one, list) add_attached(ids, one);
    for (int i = 0; i < PHOTOS + 1; i++) {
        text = hib_practice_field(call, hib_arena_printf(call->arena, "attached_media[%d]", i));
        if (!text)
            break;
        g_autoptr(cJSON) row = cJSON_Parse(text);
        add_attached(ids, row);
    }
    return ids;
}

/* False after refusing. */
static bool
check_attached(HibPracticeCall *call, const HibPracticeAccount *account, const cJSON *ids)
{
    const cJSON *id;
    if (cJSON_GetArraySize(ids) > PHOTOS) {
        hib_meta_face_invalid(call, "Param attached_media must have at most 10 items");
        return false;
    }
    cJSON_ArrayForEach(id, ids)
    {
        const cJSON *photo = own_photo(call, account, id->valuestring);
        if (!photo)
            return refuse(call, 100, 33, "Invalid attached media", "There is no such photo.");
        if (hib_meta_face_text(photo, "post"))
            return refuse(call, 100, 1366051, "Invalid parameter",
                          "These photos were already posted.");
    }
    return true;
}

/* --- posts -------------------------------------------------------------------------------------------------------------------------------------- */
/* When it is shown: now, or as scheduled_publish_time says. False after refusing. */
static bool
read_time(HibPracticeCall *call, HibInstant *ret)
{
    const char *text = hib_practice_field(call, "scheduled_publish_time");
    HibInstant now = hib_practice_now(call->face);
    *ret = text ? g_ascii_strtoll(text, NULL, 10) * HIB_SECOND : now;
    if (!text || (*ret >= now + SOONEST && *ret <= now + LATEST))
        return true;
    return refuse(call, 100, 1366047, "Invalid parameter",
                  "The specified scheduled publish time is invalid.");
}

static bool
check_words(HibPracticeCall *call, const HibPracticeAccount *account, const char *message,
            const char *link, int n_photos)
{
    if (!*message && !link && !n_photos)
        return refuse(call, 100, 1349125, "Missing message or attachment",
                      "Missing message or attachment.");
    if (g_utf8_strlen(message, -1) > MESSAGE) {
        hib_meta_face_invalid(call, "Param message is too long");
        return false;
    }
    if (link && !g_str_has_prefix(link, "https://") && !g_str_has_prefix(link, "http://"))
        return refuse(call, 100, 1500, "The url you supplied is invalid",
                      "The url you supplied is invalid.");
    if (!n_photos && hib_meta_face_is_twin(call, account, "post", NULL, message))
        return refuse(call, 506, 1455006, "Duplicate status message",
                      "This status update is identical to the last one you posted. Try posting "
                      "something different, or delete your previous update.");
    return true;
}

void
hib_facebook_face_create(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, FACEBOOK_POSTS);
    const char *message = hib_practice_field(call, "message"),
               *link = hib_practice_field(call, "link");
    HibInstant at;
    if (!account)
        return;
    cJSON *photos = read_attached(call);
    int n = cJSON_GetArraySize(photos);
    message = message ? message : "";
    if (!check_attached(call, account, photos) || !check_words(call, account, message, link, n) ||
        !read_time(call, &at)) {
        cJSON_Delete(photos);
        return;
    }
    bool is_scheduled = at > hib_practice_now(call->face);
    bool is_draft = is_false(call, "published") && !is_scheduled;
    const char *id = hib_facebook_face_post_id(call, account);
    const cJSON *one, *first = cJSON_GetArrayItem(photos, 0);
    const char *sum = NULL;
    cJSON_ArrayForEach(one, photos)
    {
        cJSON *photo = own_photo(call, account, one->valuestring);
        sum = one == first ? hib_meta_face_text(photo, "sha256") : sum;
        use_photo(call, one->valuestring, photo, id);
    }
    const HibPracticePost post = {.id = id,
                                  .account = account->id,
                                  .kind = is_draft ? "draft" : "post",
                                  .text = message,
                                  .media = sum,
                                  .extra = photos_extra(call, link, photos),
                                  .at = at,
                                  .n_images = n,
                                  .is_hidden = is_draft};
    hib_meta_face_id(call, hib_practice_post_add(call->face, &post)->id);
}

void
hib_facebook_face_photo_story(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, FACEBOOK_POSTS);
    const char *id = hib_practice_field(call, "photo_id");
    cJSON *photo = account ? own_photo(call, account, id) : NULL;
    if (!account)
        return;
    if (!photo) {
        hib_meta_face_missing(call, id ? id : "");
        return;
    }
    if (hib_meta_face_text(photo, "post")) {
        refuse(call, 100, 1366051, "Invalid parameter", "These photos were already posted.");
        return;
    }
    const char *number = hib_practice_id(call), *sum = hib_meta_face_text(photo, "sha256");
    cJSON *photos = cJSON_CreateArray(), *out = cJSON_CreateObject();
    cJSON_AddItemToArray(photos, cJSON_CreateString(id));
    const HibPracticePost post = {.id = hib_arena_printf(call->arena, "%s_%s", account->id, number),
                                  .account = account->id,
                                  .kind = "story",
                                  .text = sum, /* a story shows no words */
                                  .media = sum,
                                  .extra = photos_extra(call, NULL, photos),
                                  .at = hib_practice_now(call->face),
                                  .n_images = 1};
    use_photo(call, id, photo, hib_practice_post_add(call->face, &post)->id);
    cJSON_AddBoolToObject(out, "success", true);
    cJSON_AddStringToObject(out, "post_id", number);
    hib_practice_json(call, 200, out);
}
