/* TikTok's face: a post's way. Init gives a publish id (and an address for the pieces, an hour); when the last byte is there TikTok works on
 * it for a while, then the post is out; a public one is moderated before it has an id and others see it. */
#include "base/secrets.h"
#include "practice/tiktok_face_private.h"

#include <string.h>

#define INITS 6
#define UPLOAD_LIFE HIB_HOUR
#define PROCESSING (4 * HIB_SECOND)
#define POSTS_A_DAY 15
#define DRAFTS_A_DAY 5
#define MOST_S 600

/* Nothing is decoded: every video counts as this long for the audience. */
#define SHOWN_LENGTH (15 * HIB_SECOND)

void
hib_tiktok_face_creator(HibPracticeCall *call)
{
    const TiktokState *state = hib_practice_state(call->face);
    const TiktokCreator *creator = &state->creator;
    const HibPracticeAccount *account =
        hib_tiktok_face_caller(call, "video.publish", "creator", 20);
    if (!account)
        return;
    const char *options[] = {creator->is_private ? "FOLLOWER_OF_CREATOR" : TIKTOK_PUBLIC,
                             "MUTUAL_FOLLOW_FRIENDS", TIKTOK_ALONE};
    if (creator->is_banned) {
        hib_tiktok_face_say(call, 200, "spam_risk_user_banned_from_posting",
                            "The user is banned from making new posts.");
        return;
    }
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "creator_avatar_url", "https://p16.practice.invalid/avatar.jpeg");
    cJSON_AddStringToObject(out, "creator_username", account->handle);
    cJSON_AddStringToObject(out, "creator_nickname", account->name);
    cJSON_AddItemToObject(out, "privacy_level_options",
                          cJSON_CreateStringArray(options, G_N_ELEMENTS(options)));
    cJSON_AddBoolToObject(out, "comment_disabled", creator->has_no_comments);
    cJSON_AddBoolToObject(out, "duet_disabled", creator->has_no_duet || creator->is_private);
    cJSON_AddBoolToObject(out, "stitch_disabled", creator->has_no_stitch || creator->is_private);
    cJSON_AddNumberToObject(out, "max_video_post_duration_sec", MOST_S);
    hib_tiktok_face_reply(call, out);
}

/* --- all bytes are there ------------------------------------------------------------------------------------------------ */
/* The post comes into being now, so that it is counted when it happened; people see it when it is ready, or moderated. */
static void
finish(HibPracticeCall *call, TiktokPublish *publish)
{
    const TiktokState *state = hib_practice_state(call->face);
    bool is_draft = g_str_equal(publish->mode, "inbox"), fails = false,
         is_public = g_str_equal(publish->privacy, TIKTOK_PUBLIC);
    publish->ready_at = hib_practice_ready_at(call, PROCESSING, &fails);
    if (fails) {
        g_free(publish->fail_reason);
        publish->fail_reason = g_strdup("internal");
    }
    if (*publish->fail_reason)
        return;
    if (is_public)
        publish->public_at = publish->ready_at + state->creator.moderation;
    cJSON *extra = cJSON_CreateObject();
    cJSON_AddStringToObject(extra, "title", publish->title);
    cJSON_AddStringToObject(extra, "privacy", publish->privacy);
    const HibPracticePost facts = {
        .id = hib_practice_id(call),
        .account = publish->account,
        .kind = is_draft ? "draft" : publish->medium,
        .text = is_draft ? hib_arena_printf(call->arena, "draft %s", publish->digest)
                         : publish->text, /* a draft has no words: the same file twice is twice */
        .media = publish->digest,
        .extra = hib_json_print(call->arena, extra),
        .at = is_public ? publish->public_at : publish->ready_at,
        .n_images = (int)publish->n_images,
        .length = g_str_equal(publish->medium, "video") ? SHOWN_LENGTH : 0,
        .is_hidden = is_draft || g_str_equal(publish->privacy, TIKTOK_ALONE)};
    hib_practice_post_add(call->face, &facts);
    g_free(publish->post_id);
    publish->post_id = g_strdup(facts.id);
}

/* --- init --------------------------------------------------------------------------------------------------------------------- */
static bool
take_post(HibPracticeCall *call, const HibPracticeAccount *account, const TiktokPublish *publish)
{
    if (g_str_equal(publish->mode, "direct"))
        return hib_practice_take(call, HIB_REFUSE_QUOTA,
                                 hib_arena_printf(call->arena, "posts %s", account->id),
                                 POSTS_A_DAY, HIB_DAY, 1);
    if (hib_practice_take(call, HIB_REFUSE_QUOTA,
                          hib_arena_printf(call->arena, "drafts %s", account->id), DRAFTS_A_DAY,
                          HIB_DAY, 1))
        return true;
    hib_tiktok_face_say(call, 403, "spam_risk_too_many_pending_share",
                        "At most 5 shares may be pending within 24 hours.");
    return false;
}

static void
fill(char **text, const char *value)
{
    if (!*text)
        *text = g_strdup(value);
}

/* Publish ids tell what they are of, as TikTok's do. */
static TiktokPublish *
begin(HibPracticeCall *call, const HibPracticeAccount *account, TiktokPublish *publish)
{
    bool is_file = !g_strcmp0(publish->source, "FILE_UPLOAD"),
         is_inbox = g_str_equal(publish->mode, "inbox");
    const char *id = hib_arena_printf(
        call->arena, "%s_%s_%s~v2-1.%s", *publish->medium == 'v' ? "v" : "p",
        is_inbox ? "inbox" : "pub", is_file ? "file" : "url", hib_practice_id(call));
    publish->id = g_strdup(id);
    publish->account = g_strdup(account->id);
    publish->began_at = hib_practice_now(call->face);
    fill(&publish->upload_token,
         is_file ? hib_sha256_hex(call->arena, publish->id, strlen(publish->id)) : "");
    char **const rest[] = {&publish->text,    &publish->title,       &publish->privacy,
                           &publish->post_id, &publish->fail_reason, &publish->digest};
    for (size_t i = 0; i < G_N_ELEMENTS(rest); i++)
        fill(rest[i], "");
    if (!is_file)
        finish(call, publish);
    hib_tiktok_face_keep(call->face, publish);
    return hib_tiktok_face_add(call->face, publish);
}

static void
init(HibPracticeCall *call, bool is_photo, bool is_draft)
{
    HibJson info = {0}, source = {0};
    const HibPracticeAccount *account =
        hib_tiktok_face_caller(call, is_draft ? "video.upload" : "video.publish", "init", INITS);
    if (!account)
        return;
    if (!hib_json_opt_object(call->json, "post_info", &info, NULL) ||
        !hib_json_object(call->json, "source_info", &source, NULL)) {
        hib_tiktok_face_say(call, 400, "invalid_param", "source_info is required");
        return;
    }
    TiktokPublish *publish = g_new0(TiktokPublish, 1);
    publish->medium = g_strdup(is_photo ? "photo" : "video");
    publish->mode = g_strdup(is_draft ? "inbox" : "direct");
    bool is_taken = hib_tiktok_face_check_info(call, info, publish) &&
                    (is_photo ? hib_tiktok_face_check_photos(call, source, publish)
                              : hib_tiktok_face_check_file(call, source, publish)) &&
                    take_post(call, account, publish);
    if (!is_taken) {
        hib_tiktok_face_free(publish);
        return;
    }
    publish = begin(call, account, publish);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "publish_id", publish->id);
    if (*publish->upload_token)
        cJSON_AddStringToObject(
            out, "upload_url",
            hib_arena_printf(call->arena, "%s/upload?upload_id=%s&upload_token=%s",
                             hib_practice_url(call->face), publish->id, publish->upload_token));
    hib_tiktok_face_reply(call, out);
}

void
hib_tiktok_face_video_init(HibPracticeCall *call)
{
    init(call, false, false);
}

void
hib_tiktok_face_inbox_init(HibPracticeCall *call)
{
    init(call, false, true);
}

void
hib_tiktok_face_content_init(HibPracticeCall *call)
{
    const char *type = hib_practice_field(call, "media_type"),
               *mode = hib_practice_field(call, "post_mode");
    bool is_draft = !g_strcmp0(mode, "MEDIA_UPLOAD");
    if (g_strcmp0(type, "PHOTO") != 0 || (!is_draft && g_strcmp0(mode, "DIRECT_POST") != 0))
        hib_tiktok_face_say(call, 400, "invalid_param",
                            "media_type is PHOTO, post_mode DIRECT_POST or MEDIA_UPLOAD");
    else
        init(call, true, is_draft);
}

/* --- pieces ---------------------------------------------------------------------------------------------------------------------- */
/* What is wrong with a piece, as a status; 0: nothing. */
static int
fault_of_piece(HibPracticeCall *call, const TiktokPublish *publish)
{
    static const char *const mimes[] = {"video/mp4", "video/quicktime", "video/webm", NULL};
    int64_t from = 0, to = 0, total = 0;
    if (!publish || publish->ready_at)
        return 404; /* the address dies with the last byte */
    if (hib_practice_now(call->face) >= publish->began_at + UPLOAD_LIFE)
        return 403;
    if (!g_strv_contains(mimes, call->body.mime) ||
        !hib_practice_content_range(call, &from, &to, &total) || from < 0 ||
        total != publish->size || to - from + 1 != call->body.size)
        return 400;
    bool is_last = publish->n_received + 1 == publish->n_chunks;
    int64_t wanted = is_last ? publish->size - publish->received : publish->chunk;
    return from != publish->received ? 416 : call->body.size != wanted ? 400 : 0;
}

/* MP4 and MOV say "ftyp" in their first box, WebM begins as EBML does. */
static bool
is_video(const HibPracticePart *body)
{
    return body->n_head >= 8 &&
           (!memcmp(body->head + 4, "ftyp", 4) || !memcmp(body->head, "\x1a\x45\xdf\xa3", 4));
}

void
hib_tiktok_face_piece(HibPracticeCall *call)
{
    TiktokState *state = hib_practice_state(call->face);
    const char *token = hib_practice_query(call, "upload_token");
    TiktokPublish *publish = token ? g_hash_table_lookup(state->uploads, token) : NULL;
    int fault = fault_of_piece(call, publish);
    if (fault) {
        hib_practice_empty(call, fault);
        return;
    }
    if (!publish->received && !is_video(&call->body)) {
        g_free(publish->fail_reason);
        publish->fail_reason = g_strdup("file_format_check_failed");
    }
    const char *all = hib_arena_printf(call->arena, "%s%s", publish->digest, call->body.sha256);
    g_free(publish->digest);
    publish->digest = g_strdup(hib_sha256_hex(call->arena, all, strlen(all)));
    publish->received += call->body.size;
    publish->n_received++;
    bool is_all = publish->received == publish->size;
    if (is_all)
        finish(call, publish);
    hib_tiktok_face_keep(call->face, publish);
    hib_practice_header(call, "Content-Range", "bytes 0-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                        publish->received - 1, publish->size);
    hib_practice_empty(call, is_all ? 201 : 206);
}

/* --- how it stands ------------------------------------------------------------------------------------------------------------- */
static const char *
status_of(const TiktokPublish *publish, HibInstant now)
{
    if (!publish->ready_at || now < publish->ready_at)
        return g_str_equal(publish->source, "FILE_UPLOAD") ? "PROCESSING_UPLOAD"
                                                           : "PROCESSING_DOWNLOAD";
    if (*publish->fail_reason)
        return "FAILED";
    return g_str_equal(publish->mode, "inbox") ? "SEND_TO_USER_INBOX" : "PUBLISH_COMPLETE";
}

void
hib_tiktok_face_status(HibPracticeCall *call)
{
    TiktokState *state = hib_practice_state(call->face);
    const HibPracticeAccount *account = hib_tiktok_face_caller(call, NULL, "status", 30);
    const char *id = hib_practice_field(call, "publish_id");
    const TiktokPublish *publish = id ? g_hash_table_lookup(state->publishes, id) : NULL;
    HibInstant now = hib_practice_now(call->face);
    if (!account)
        return;
    if (!publish) {
        hib_tiktok_face_say(call, 400, "invalid_publish_id", "The publish_id does not exist.");
        return;
    }
    if (!g_str_equal(publish->account, account->id)) {
        hib_tiktok_face_say(call, 401, "token_not_authorized_for_specified_publish_id",
                            "The access_token does not match the publish_id.");
        return;
    }
    const char *status = status_of(publish, now);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "status", status);
    if (g_str_equal(status, "FAILED"))
        cJSON_AddStringToObject(out, "fail_reason", publish->fail_reason);
    cJSON *ids = cJSON_AddArrayToObject(out, "publicaly_available_post_id"); /* sic */
    if (publish->public_at && now >= publish->public_at &&
        hib_practice_post(call->face, publish->post_id))
        cJSON_AddItemToArray(ids, cJSON_CreateRaw(publish->post_id)); /* more than a double holds */
    if (g_str_equal(publish->source, "FILE_UPLOAD"))
        cJSON_AddNumberToObject(out, "uploaded_bytes", (double)publish->received);
    hib_tiktok_face_reply(call, out);
}
