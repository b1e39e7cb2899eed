/* Facebook's face: what is published, read back: posts, stories while they last, comments, numbers. */
#include "practice/facebook_face_private.h"
#include "practice/picture.h"
#include <string.h>

#define STORY_LIFE HIB_DAY

static const MetaMetric post_metrics[] = {
    {"post_media_view", "views", 1},
    {"post_total_media_view_unique", "reach", 1},
    {"post_clicks", "clicks", 1},
    {"post_reactions_by_type_total", "likes", 1},
    {"post_reactions_like_total", "likes", 1},
    {"post_video_views", "views", 1},
    {"post_video_avg_time_watched", "avg_watch_ms", 1},
    {"post_video_view_time", "watch_ms", 1},
    {"blue_reels_play_count", "views", 1},
};

static const MetaMetric page_metrics[] = {
    {"page_media_view", "views", 1},
    {"page_total_media_view_unique", "reach", 1},
    {"page_post_engagements", "interactions", 1},
    {"page_views_total", "profile_visits", 1},
    {"page_video_views", "views", 1},
    {"page_daily_follows_unique", "follows", 1},
    {"page_follows", "followers", 1},
};

/* --- posts -------------------------------------------------------------------------------------------------------------------------------- */
static cJSON *
counted(int64_t n, const char *order)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddArrayToObject(out, "data");
    cJSON *summary = cJSON_AddObjectToObject(out, "summary");
    hib_meta_face_add_int(summary, "total_count", n);
    if (order)
        cJSON_AddStringToObject(summary, "order", order);
    return out;
}

static cJSON *
attachment(const char *media_type, const char *id)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "media_type", media_type);
    cJSON_AddStringToObject(out, "type", media_type);
    hib_meta_face_set(cJSON_AddObjectToObject(out, "target"), "id", id);
    return out;
}

static void
add_attachments(cJSON *out, const cJSON *extra)
{
    const cJSON *photos = cJSON_GetObjectItemCaseSensitive(extra, "photos"), *id;
    const char *link = hib_meta_face_text(extra, "link"),
               *video = hib_meta_face_text(extra, "video");
    int n = cJSON_GetArraySize(photos);
    if (!n && !link && !video) {
        cJSON_AddNullToObject(out, "attachments");
        return;
    }
    const char *first = n ? cJSON_GetArrayItem(photos, 0)->valuestring : video;
    cJSON *one = attachment(n > 1   ? "album"
                            : n     ? "photo"
                            : video ? "video"
                                    : "link",
                            first ? first : "");
    if (n > 1) {
        cJSON *parts =
            cJSON_AddArrayToObject(cJSON_AddObjectToObject(one, "subattachments"), "data");
        cJSON_ArrayForEach(id, photos)
            cJSON_AddItemToArray(parts, attachment("photo", id->valuestring));
    } else {
        cJSON_AddNullToObject(one, "subattachments");
    }
    hib_meta_face_add(one, "url", link);
    cJSON_AddItemToArray(
        cJSON_AddArrayToObject(cJSON_AddObjectToObject(out, "attachments"), "data"), one);
}

cJSON *
hib_facebook_face_post_json(HibPracticeCall *call, const MetaRow *row)
{
    const HibPracticePost *post = row->post;
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, post->id);
    g_autoptr(cJSON) extra = cJSON_Parse(post->extra ? post->extra : "{}");
    int n_photos = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(extra, "photos"));
    bool is_story = g_str_equal(post->kind, "story");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", post->id);
    hib_meta_face_add(out, "message", is_story || !*post->text ? NULL : post->text);
    cJSON_AddNullToObject(out, "story");
    hib_meta_face_add_time(call, out, "created_time", post->at);
    hib_meta_face_add_time(call, out, "updated_time", post->at);
    cJSON_AddStringToObject(
        out, "permalink_url",
        hib_arena_printf(call->arena, "%s/%s", hib_practice_url(call->face), post->id));
    cJSON_AddStringToObject(out, "status_type",
                            hib_meta_face_text(extra, "video")  ? "added_video"
                            : n_photos                          ? "added_photos"
                            : hib_meta_face_text(extra, "link") ? "shared_story"
                                                                : "mobile_status_update");
    cJSON_AddBoolToObject(out, "is_published",
                          !g_str_equal(post->kind, "draft") &&
                              post->at <= hib_practice_now(call->face));
    cJSON_AddBoolToObject(out, "is_hidden", hib_meta_face_is_hidden(call, post->id));
    cJSON_AddItemToObject(out, "from", hib_meta_face_from(call, row, "name"));
    if (numbers.shares > 0)
        hib_meta_face_set_int(cJSON_AddObjectToObject(out, "shares"), "count", numbers.shares);
    else
        cJSON_AddNullToObject(out, "shares"); /* absent where nobody shared */
    cJSON_AddItemToObject(out, "reactions", counted(numbers.likes, NULL));
    cJSON_AddItemToObject(out, "likes", counted(numbers.likes, NULL));
    cJSON_AddItemToObject(out, "comments", counted(numbers.comments, "ranked"));
    add_attachments(out, extra);
    return out;
}

/* What readers see of the page: no drafts, nothing that comes later, no stories. */
void
hib_facebook_face_list(HibPracticeCall *call)
{
    static const char *const kinds[] = {"post", "video", "reel", NULL};
    const HibPracticeAccount *account = hib_meta_face_own(call, NULL);
    const char *since = hib_practice_field(call, "since"),
               *until = hib_practice_field(call, "until");
    const HibPracticePost *const *posts;
    const char *next;
    if (!account)
        return;
    HibInstant end = hib_practice_now(call->face) + 1;
    const HibPracticeQuery query = {
        .account = account->id,
        .since = since ? g_ascii_strtoll(since, NULL, 10) * HIB_SECOND : 0,
        .until = until ? MIN(g_ascii_strtoll(until, NULL, 10) * HIB_SECOND, end) : end};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next), k = 0;
    MetaRow *rows = hib_arena_array(call->arena, MetaRow, n + 1);
    for (size_t i = 0; i < n; i++)
        if (g_strv_contains(kinds, posts[i]->kind))
            rows[k++] = (MetaRow){.id = posts[i]->id, .post = posts[i]};
    hib_meta_face_list(call, rows, k, hib_facebook_face_post_json, "id,message,created_time");
}

static cJSON *
story_json(HibPracticeCall *call, const MetaRow *row)
{
    g_autoptr(cJSON) extra = cJSON_Parse(row->post->extra ? row->post->extra : "{}");
    const char *video = hib_meta_face_text(extra, "video");
    const cJSON *photo = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(extra, "photos"), 0);
    const char *number = strchr(row->id, '_');
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "post_id", number ? number + 1 : row->id);
    cJSON_AddStringToObject(out, "status", "PUBLISHED");
    cJSON_AddStringToObject(
        out, "creation_time",
        hib_arena_printf(call->arena, "%" G_GINT64_FORMAT, (gint64)(row->post->at / HIB_SECOND)));
    cJSON_AddStringToObject(out, "media_type", video ? "video" : "photo");
    hib_meta_face_add(out, "media_id", video ? video : photo ? photo->valuestring : NULL);
    cJSON_AddStringToObject(
        out, "url",
        hib_arena_printf(call->arena, "%s/stories/%s", hib_practice_url(call->face), row->id));
    return out;
}

void
hib_facebook_face_stories(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, NULL);
    const HibPracticePost *const *posts;
    const char *next;
    if (!account)
        return;
    HibInstant now = hib_practice_now(call->face);
    const HibPracticeQuery query = {
        .account = account->id, .kind = "story", .since = now - STORY_LIFE, .until = now + 1};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    MetaRow *rows = hib_arena_array(call->arena, MetaRow, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = (MetaRow){.id = posts[i]->id, .post = posts[i]};
    hib_meta_face_list(call, rows, n, story_json,
                       "post_id,status,creation_time,media_type,media_id,url");
}

/* --- comments ---------------------------------------------------------------------------------------------------------------------------------- */
static void
add_attachment(HibPracticeCall *call, cJSON *out, const MetaRow *row)
{
    HibPracticePictured with;
    if (!row->said || !hib_practice_pictured(hib_practice_url(call->face), call->arena,
                                             row->post->id, row->said, &with)) {
        cJSON_AddNullToObject(out, "attachment");
        return;
    }
    cJSON *one = cJSON_AddObjectToObject(out, "attachment");
    cJSON_AddStringToObject(one, "type", "photo");
    cJSON_AddStringToObject(one, "url", with.url);
    cJSON *image = cJSON_AddObjectToObject(cJSON_AddObjectToObject(one, "media"), "image");
    cJSON_AddNumberToObject(image, "width", HIB_PRACTICE_PICTURE_WIDTH);
    cJSON_AddNumberToObject(image, "height", HIB_PRACTICE_PICTURE_HEIGHT);
    cJSON_AddStringToObject(image, "src", with.url);
}

cJSON *
hib_facebook_face_comment_json(HibPracticeCall *call, const MetaRow *row)
{
    MetaRow *under;
    MetaRow above = {0};
    const HibPracticeAccount *account = hib_practice_account(call->face, row->post->account);
    bool is_answer = !row->said && hib_meta_face_row(call, account, row->post->parent, &above) &&
                     hib_facebook_face_is_comment(&above);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", row->id);
    cJSON_AddStringToObject(out, "message", row->said ? row->said->text : row->post->text);
    hib_meta_face_add_time(call, out, "created_time", hib_meta_face_row_at(row));
    cJSON_AddItemToObject(out, "from", hib_meta_face_from(call, row, "name"));
    cJSON_AddStringToObject(out, "permalink_url",
                            hib_arena_printf(call->arena, "%s/%s?comment_id=%s",
                                             hib_practice_url(call->face), row->post->id, row->id));
    hib_meta_face_add_int(out, "like_count", 0);
    hib_meta_face_add_int(out, "comment_count", (int64_t)hib_meta_face_under(call, row, &under));
    cJSON_AddBoolToObject(out, "is_hidden", hib_meta_face_is_hidden(call, row->id));
    cJSON_AddBoolToObject(out, "can_hide", row->said != NULL);
    cJSON_AddBoolToObject(out, "can_reply_privately",
                          row->said && !hib_meta_face_kept(call->face, "answered", row->id));
    add_attachment(call, out, row);
    if (is_answer)
        hib_meta_face_set(cJSON_AddObjectToObject(out, "parent"), "id", above.id);
    else
        cJSON_AddNullToObject(out, "parent");
    return out;
}

/* filter=stream: answers too. The order is the newest first unless the call says "chronological". */
void
hib_facebook_face_comments(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, NULL);
    const char *id = hib_practice_param(call, "id"), *order = hib_practice_field(call, "order");
    bool is_stream = g_strcmp0(hib_practice_field(call, "filter"), "stream") == 0;
    MetaRow row, *rows;
    if (!account)
        return;
    if (!hib_facebook_face_row(call, account, id, &row)) {
        hib_meta_face_missing(call, id);
        return;
    }
    size_t n = hib_meta_face_gather(call, &row, is_stream ? META_DEEPEST : 1, &rows);
    if (g_strcmp0(order, "chronological") == 0)
        hib_meta_face_turn(rows, n);
    hib_meta_face_list(call, rows, n, hib_facebook_face_comment_json,
                       "id,message,created_time,from");
}

void
hib_facebook_face_add_comment(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, "pages_manage_engagement");
    const char *id = hib_practice_param(call, "id"), *text = hib_practice_field(call, "message");
    MetaRow row;
    if (!account)
        return;
    if (!hib_facebook_face_row(call, account, id, &row)) {
        hib_meta_face_missing(call, id);
        return;
    }
    if (!text || !*text || g_utf8_strlen(text, -1) > 8000) {
        hib_meta_face_invalid(call, "The parameter message is required");
        return;
    }
    if (hib_meta_face_is_twin(call, account, "comment", row.id, text)) {
        hib_meta_face_error(
            call, &(MetaError){.code = 506, .message = "(#506) Duplicate status message"});
        return;
    }
    const char *number = strrchr(row.post->id, '_');
    const HibPracticePost post = {.id = hib_arena_printf(call->arena, "%s_%s",
                                                         number ? number + 1 : row.post->id,
                                                         hib_practice_id(call)),
                                  .account = account->id,
                                  .kind = "comment",
                                  .text = text,
                                  .parent = row.id,
                                  .at = hib_practice_now(call->face),
                                  .is_hidden = true};
    hib_meta_face_id(call, hib_practice_post_add(call->face, &post)->id);
}

cJSON *
hib_facebook_face_comment_event(HibPracticeCall *call, const MetaRow *row)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddItemToObject(out, "from", hib_meta_face_from(call, row, "name"));
    cJSON_AddStringToObject(out, "item", "comment");
    cJSON_AddStringToObject(out, "verb", "add");
    cJSON_AddStringToObject(out, "comment_id", row->id);
    cJSON_AddStringToObject(out, "post_id", row->post->id);
    cJSON_AddStringToObject(out, "parent_id", row->post->id);
    hib_meta_face_add_int(out, "created_time", row->said->at / HIB_SECOND);
    cJSON_AddStringToObject(out, "message", row->said->text);
    return out;
}

/* --- numbers -------------------------------------------------------------------------------------------------------------------------------------- */
void
hib_facebook_face_insights(HibPracticeCall *call)
{
    static const char unknown[] = "The value must be a valid insights metric";
    const HibPracticeAccount *account = hib_meta_face_caller(call, "read_insights");
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    if (g_str_equal(id, account->id)) {
        hib_meta_face_day_insights(call, account, page_metrics, G_N_ELEMENTS(page_metrics),
                                   unknown);
    } else if (!hib_facebook_face_row(call, account, id, &row) ||
               hib_facebook_face_is_comment(&row)) {
        hib_meta_face_missing(call, id);
    } else {
        HibAudienceNumbers numbers = hib_practice_numbers(call->face, row.post->id);
        hib_meta_face_insights(call, row.id, post_metrics, G_N_ELEMENTS(post_metrics), 1, unknown,
                               &numbers);
    }
}
