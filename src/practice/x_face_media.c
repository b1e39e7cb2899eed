/* X's face: uploads. Begun, sent in segments, finished, for a GIF or video converted for a while, described; forgotten after a day. */
#include "base/secrets.h"
#include "practice/x_face_private.h"

#include <string.h>

#define LIFE HIB_DAY
#define CONVERTING (4 * HIB_SECOND)
#define SEGMENT_MAX (5 * 1024 * 1024)
#define ALT_MAX 1000

static void
segment_free(void *data)
{
    g_free(((XSegment *)data)->sha256);
    g_free(data);
}

void
hib_x_face_medium_free(void *data)
{
    XMedium *medium = data;
    g_free(medium->account);
    g_free(medium->mime);
    g_free(medium->category);
    g_free(medium->sha256);
    g_free(medium->alt);
    g_hash_table_unref(medium->segments);
    g_free(medium);
}

const char *
hib_x_face_medium_type(const char *mime)
{
    return g_str_equal(mime, "image/gif")     ? "animated_gif"
           : g_str_has_prefix(mime, "video/") ? "video"
                                              : "photo";
}

const char *
hib_x_face_media_key(HibArena *arena, const char *mime, const char *id)
{
    const char *type = hib_x_face_medium_type(mime);
    return hib_arena_printf(arena, "%s_%s", *type == 'p' ? "3" : *type == 'a' ? "16" : "7", id);
}

/* --- what X takes ------------------------------------------------------------------------------------------------------ */
/* What is wrong with an upload of that kind and size; NULL: nothing. */
static const char *
fault_of(const char *mime, const char *category, int64_t bytes, const char **ret_name)
{
    static const char *const known[] = {"image/jpeg", "image/png",  "image/webp",      "image/gif",
                                        "image/bmp",  "image/tiff", "image/pjpeg",     "video/mp4",
                                        "video/webm", "video/mp2t", "video/quicktime", NULL};
    static const char *const categories[] = {"tweet_image",   "tweet_gif", "tweet_video",
                                             "dm_image",      "dm_gif",    "dm_video",
                                             "amplify_video", NULL};
    *ret_name = "media_type";
    if (!mime || !g_strv_contains(known, mime))
        return "media_type is not one of the types X takes";
    *ret_name = "media_category";
    if (category && !g_strv_contains(categories, category))
        return "media_category is not one of the categories X takes";
    bool is_gif = g_str_equal(mime, "image/gif");
    bool is_video = g_str_has_prefix(mime, "video/");
    if (category && is_video != (strstr(category, "video") != NULL))
        return "media_category does not fit media_type";
    *ret_name = "total_bytes";
    if (bytes <= 0)
        return "total_bytes must be more than 0";
    int64_t most = is_video ? 512 << 20 : is_gif ? 15 << 20 : 5 << 20;
    return bytes > most ? "File size exceeds the maximum of its category" : NULL;
}

static XMedium *
begin(HibPracticeCall *call, const HibPracticeAccount *account, const char *mime,
      const char *category, int64_t bytes, const char **ret_id)
{
    XState *state = hib_practice_state(call->face);
    XMedium *medium = g_new0(XMedium, 1);
    *medium = (XMedium){.account = g_strdup(account->id),
                        .mime = g_strdup(mime),
                        .category = g_strdup(category ? category : "tweet_image"),
                        .total = bytes,
                        .segments = g_hash_table_new_full(NULL, NULL, NULL, segment_free),
                        .expires_at = hib_practice_now(call->face) + LIFE};
    *ret_id = hib_x_face_id(call);
    g_hash_table_replace(state->media, g_strdup(*ret_id), medium);
    return medium;
}

static int64_t
seconds_left(HibPracticeCall *call, const XMedium *medium)
{
    return (medium->expires_at - hib_practice_now(call->face)) / HIB_SECOND;
}

static cJSON *
medium_json(HibPracticeCall *call, const XMedium *medium, const char *id)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "media_key", hib_x_face_media_key(call->arena, medium->mime, id));
    cJSON_AddNumberToObject(out, "expires_after_secs", (double)seconds_left(call, medium));
    return out;
}

void
hib_x_face_media_initialize(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_x_face_caller(call, "media.write");
    const char *mime = hib_practice_field(call, "media_type");
    const char *category = hib_practice_field(call, "media_category");
    const char *bytes = hib_practice_field(call, "total_bytes");
    const char *name = NULL;
    const char *id = NULL;
    if (!account)
        return;
    int64_t n = bytes ? g_ascii_strtoll(bytes, NULL, 10) : 0;
    const char *fault = fault_of(mime, category, n, &name);
    if (fault) {
        hib_x_face_invalid(call, name, hib_practice_field(call, name), fault);
        return;
    }
    const XMedium *medium = begin(call, account, mime, category, n, &id);
    hib_x_face_data(call, 200, medium_json(call, medium, id));
}

/* The account's upload with that id, not forgotten yet; NULL after refusing. */
static XMedium *
own_upload(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    const XState *state = hib_practice_state(call->face);
    XMedium *medium = id ? g_hash_table_lookup(state->media, id) : NULL;
    if (medium && !strcmp(medium->account, account->id) &&
        hib_practice_now(call->face) < medium->expires_at)
        return medium;
    hib_x_face_problem(call, 404, NULL, "Not Found", "The media could not be found.");
    return NULL;
}

/* --- segments ------------------------------------------------------------------------------------------------------------ */
/* The bytes of this call: a file of a form, or base64 in JSON. False: none. */
static bool
read_segment(HibPracticeCall *call, int64_t *ret_size, const char **ret_sha)
{
    const HibPracticePart *part = hib_practice_part(call, "media");
    if (part) {
        *ret_size = part->size;
        *ret_sha = part->sha256;
        return part->size > 0;
    }
    const char *text = hib_practice_field(call, "media");
    gsize n = 0;
    g_autofree guchar *bytes = text ? g_base64_decode(text, &n) : NULL;
    *ret_size = (int64_t)n;
    *ret_sha = hib_sha256_hex(call->arena, bytes ? (const void *)bytes : "", n);
    return n > 0;
}

static void
put_segment(XMedium *medium, int64_t index, int64_t size, const char *sha256)
{
    XSegment *segment = g_new0(XSegment, 1);
    *segment = (XSegment){.size = size, .sha256 = g_strdup(sha256)};
    g_hash_table_replace(medium->segments, GINT_TO_POINTER((int)index), segment);
}

void
hib_x_face_media_append(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_x_face_caller(call, "media.write");
    const char *text = hib_practice_field(call, "segment_index");
    int64_t size = 0;
    const char *sha256 = NULL;
    XMedium *medium = account ? own_upload(call, account, hib_practice_param(call, "id")) : NULL;
    if (!medium)
        return;
    int64_t index = text && g_ascii_isdigit(*text) ? g_ascii_strtoll(text, NULL, 10) : -1;
    if (index < 0 || index > 999)
        hib_x_face_invalid(call, "segment_index", text, "segment_index must be 0 to 999");
    else if (!read_segment(call, &size, &sha256))
        hib_x_face_invalid(call, "media", NULL, "media is empty");
    else if (size > SEGMENT_MAX)
        hib_x_face_invalid(call, "media", NULL, "A segment must not be larger than 5 MB");
    else if (medium->is_finished)
        hib_x_face_invalid(call, "id", hib_practice_param(call, "id"),
                           "The media upload has been finalized already");
    else {
        put_segment(medium, index, size, sha256);
        cJSON *data = cJSON_CreateObject();
        cJSON_AddNumberToObject(data, "expires_at", (double)(medium->expires_at / HIB_SECOND));
        hib_x_face_data(call, 200, data);
    }
}

/* --- finishing ------------------------------------------------------------------------------------------------------------- */
/* The digest of all segments in order; NULL: they are not all there, or not as many bytes as were announced. */
static char *
put_together(const XMedium *medium)
{
    int64_t bytes = 0;
    g_autoptr(GString) sums = g_string_new(NULL);
    guint n = g_hash_table_size(medium->segments);
    for (guint i = 0; i < n; i++) {
        const XSegment *one = g_hash_table_lookup(medium->segments, GINT_TO_POINTER((int)i));
        if (!one)
            return NULL;
        bytes += one->size;
        g_string_append(sums, one->sha256);
    }
    if (!n || bytes != medium->total)
        return NULL;
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, sums->str, (gssize)sums->len);
}

static void
add_state(HibPracticeCall *call, const XMedium *medium, bool is_asked, cJSON *out)
{
    HibInstant now = hib_practice_now(call->face);
    bool is_photo = *hib_x_face_medium_type(medium->mime) == 'p';
    if (is_photo && !medium->fails && now >= medium->ready_at)
        return; /* nothing to convert */
    cJSON *info = cJSON_AddObjectToObject(out, "processing_info");
    if (now < medium->ready_at) {
        HibDuration left = medium->ready_at - now;
        cJSON_AddStringToObject(info, "state", is_asked ? "in_progress" : "pending");
        cJSON_AddNumberToObject(info, "check_after_secs",
                                (double)CLAMP((left + HIB_SECOND - 1) / HIB_SECOND, 1, 10));
        if (is_asked)
            cJSON_AddNumberToObject(info, "progress_percent", 50);
    } else if (medium->fails) {
        cJSON_AddStringToObject(info, "state", "failed");
        if (!is_asked)
            return; /* why is said to who asks */
        cJSON *error = cJSON_AddObjectToObject(info, "error");
        cJSON_AddNumberToObject(error, "code", 1);
        cJSON_AddStringToObject(error, "name", "InvalidMedia");
        cJSON_AddStringToObject(error, "message", "Unsupported video format");
    } else {
        cJSON_AddStringToObject(info, "state", "succeeded");
        cJSON_AddNumberToObject(info, "progress_percent", 100);
    }
}

static void
complete(HibPracticeCall *call, XMedium *medium, char *sha256)
{
    bool is_photo = *hib_x_face_medium_type(medium->mime) == 'p';
    medium->is_finished = true;
    medium->sha256 = sha256;
    medium->ready_at = hib_practice_ready_at(call, is_photo ? 0 : CONVERTING, &medium->fails);
}

void
hib_x_face_media_finalize(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_x_face_caller(call, "media.write");
    const char *id = hib_practice_param(call, "id");
    XMedium *medium = account ? own_upload(call, account, id) : NULL;
    if (!medium)
        return;
    if (medium->is_finished) {
        hib_x_face_invalid(call, "id", id, "The media upload has been finalized already");
        return;
    }
    char *sha256 = put_together(medium);
    if (!sha256) {
        hib_x_face_invalid(call, "id", id, "Segments do not add up to provided total file size.");
        return;
    }
    complete(call, medium, sha256);
    cJSON *data = medium_json(call, medium, id);
    cJSON_AddNumberToObject(data, "size", (double)medium->total);
    add_state(call, medium, false, data);
    hib_x_face_data(call, 200, data);
}

void
hib_x_face_media_status(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_x_face_caller(call, "media.write");
    const char *id = hib_practice_query(call, "media_id");
    const char *command = hib_practice_query(call, "command");
    if (!account)
        return;
    if (!hib_x_face_is_id(id) || (command && strcmp(command, "STATUS") != 0)) {
        hib_x_face_invalid(call, "media_id", id, "media_id and command=STATUS are required");
        return;
    }
    const XMedium *medium = own_upload(call, account, id);
    if (!medium)
        return;
    if (!medium->is_finished) {
        hib_x_face_invalid(call, "media_id", id, "The media upload has not been finalized");
        return;
    }
    cJSON *data = medium_json(call, medium, id);
    cJSON_AddNumberToObject(data, "size", (double)medium->total);
    add_state(call, medium, true, data);
    hib_x_face_data(call, 200, data);
}

/* A small picture in one call. */
void
hib_x_face_media_upload(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_x_face_caller(call, "media.write");
    const HibPracticePart *part = hib_practice_part(call, "media");
    const char *category = hib_practice_field(call, "media_category");
    const char *mime = hib_practice_field(call, "media_type");
    int64_t size = 0;
    const char *sha256 = NULL;
    const char *name = NULL;
    const char *id = NULL;
    if (!account)
        return;
    if (!mime)
        mime = part && g_str_has_prefix(part->mime, "image/") ? part->mime : "image/jpeg";
    bool has_bytes = read_segment(call, &size, &sha256);
    const char *fault = fault_of(mime, category, size, &name);
    if (!has_bytes || fault || g_str_has_prefix(mime, "video/")) {
        hib_x_face_invalid(call, has_bytes ? name : "media", NULL,
                           fault ? fault : "media must be a picture");
        return;
    }
    XMedium *medium = begin(call, account, mime, category, size, &id);
    put_segment(medium, 0, size, sha256);
    complete(call, medium, put_together(medium));
    cJSON *data = medium_json(call, medium, id);
    cJSON_AddNumberToObject(data, "size", (double)size);
    add_state(call, medium, false, data);
    hib_x_face_data(call, 200, data);
}

void
hib_x_face_media_metadata(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_x_face_caller(call, "media.write");
    const char *id = hib_practice_field(call, "id");
    const cJSON *metadata =
        call->json.value ? cJSON_GetObjectItemCaseSensitive(call->json.value, "metadata") : NULL;
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(metadata, "alt_text"), "text"));
    XMedium *medium = account ? own_upload(call, account, id) : NULL;
    if (!medium)
        return;
    if (text && g_utf8_strlen(text, -1) > ALT_MAX) {
        hib_x_face_invalid(call, "metadata.alt_text.text", "",
                           "alt_text must not be longer than 1000 characters");
        return;
    }
    if (text) {
        g_free(medium->alt);
        medium->alt = g_strdup(text);
    }
    cJSON *data = cJSON_CreateObject();
    cJSON_AddStringToObject(data, "id", id);
    cJSON *known = cJSON_AddObjectToObject(data, "associated_metadata");
    if (medium->alt)
        cJSON_AddStringToObject(cJSON_AddObjectToObject(known, "alt_text"), "text", medium->alt);
    hib_x_face_data(call, 200, data);
}

const XMedium *
hib_x_face_medium(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    const XState *state = hib_practice_state(call->face);
    const XMedium *medium = g_hash_table_lookup(state->media, id);
    HibInstant now = hib_practice_now(call->face);
    return medium && !strcmp(medium->account, account->id) && medium->is_finished &&
                   !medium->fails && now >= medium->ready_at && now < medium->expires_at
               ? medium
               : NULL;
}
