/* TikTok's face: the Display API. It says the fields that are asked for and no others, knows public posts only, and no comments. */
#include "practice/tiktok_face_private.h"

#include <string.h>

#define READS 600
#define PAGE 20
#define PAGE_USUAL 10

static const char *const video_fields[] = {
    "id",         "create_time", "cover_image_url", "share_url",   "video_description",
    "duration",   "height",      "width",           "title",       "embed_html",
    "embed_link", "like_count",  "comment_count",   "share_count", "view_count",
    NULL};
static const struct {
    const char *scope;
    const char *const fields[8];
} user_fields[] = {
    {"user.info.basic",
     {"open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name"}},
    {"user.info.profile", {"bio_description", "profile_deep_link", "is_verified", "username"}},
    {"user.info.stats", {"follower_count", "following_count", "likes_count", "video_count"}},
};

/* The names of ?fields=; NULL after refusing. */
static char **
asked_fields(HibPracticeCall *call)
{
    const char *fields = hib_practice_query(call, "fields");
    if (fields && *fields)
        return g_strsplit(fields, ",", 40);
    hib_tiktok_face_say(call, 400, "invalid_params", "fields is required");
    return NULL;
}

/* Only what was asked for stays, in the order asked. */
static cJSON *
chosen(cJSON *owned, char **fields)
{
    cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; fields[i]; i++) {
        cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(owned, fields[i]);
        if (item)
            cJSON_AddItemToObject(out, fields[i], item);
    }
    cJSON_Delete(owned);
    return out;
}

/* --- posts ------------------------------------------------------------------------------------------------------------ */
/* A public post that is out; the texts of the others are nobody's business. */
static bool
is_listed(HibPracticeCall *call, const HibPracticePost *post)
{
    return strstr(post->extra ? post->extra : "", "\"privacy\":\"" TIKTOK_PUBLIC "\"") &&
           post->at <= hib_practice_now(call->face);
}

static size_t
listed_posts(HibPracticeCall *call, const HibPracticeAccount *account, const HibPracticePost ***ret)
{
    const HibPracticePost *const *posts;
    const char *next;
    const HibPracticeQuery query = {.account = account->id};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next), n_listed = 0;
    *ret = hib_arena_array(call->arena, const HibPracticePost *, n + 1);
    for (size_t i = 0; i < n; i++)
        if (is_listed(call, posts[i]))
            (*ret)[n_listed++] = posts[i];
    return n_listed;
}

static const char *
first_characters(HibArena *arena, const char *text, glong n)
{
    const char *end = g_utf8_strlen(text, -1) > n ? g_utf8_offset_to_pointer(text, n) : NULL;
    return end ? hib_arena_strndup(arena, text, (size_t)(end - text)) : text;
}

static cJSON *
video_json(HibPracticeCall *call, const HibPracticeAccount *account, const HibPracticePost *post)
{
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, post->id);
    const char *share = hib_arena_printf(call->arena, "https://www.tiktok.com/@%s/%s/%s",
                                         account->handle, post->kind, post->id);
    const char *embed =
        hib_arena_printf(call->arena, "https://www.tiktok.com/player/v1/%s", post->id);
    cJSON *extra = cJSON_Parse(post->extra);
    const char *title = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(extra, "title"));
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", post->id);
    cJSON_AddNumberToObject(out, "create_time", (double)(post->at / HIB_SECOND));
    cJSON_AddStringToObject(out, "cover_image_url", "https://p16.practice.invalid/cover.jpeg");
    cJSON_AddStringToObject(out, "share_url", share);
    cJSON_AddStringToObject(out, "video_description", post->text);
    cJSON_AddNumberToObject(out, "duration", (double)(post->length / HIB_SECOND));
    cJSON_AddNumberToObject(out, "height", 1024);
    cJSON_AddNumberToObject(out, "width", 576);
    cJSON_AddStringToObject(out, "title", first_characters(call->arena, title ? title : "", 150));
    cJSON_AddStringToObject(out, "embed_html",
                            hib_arena_printf(call->arena, "<iframe src=\"%s\"></iframe>", embed));
    cJSON_AddStringToObject(out, "embed_link", embed);
    cJSON_AddNumberToObject(out, "like_count", (double)numbers.likes);
    cJSON_AddNumberToObject(out, "comment_count", (double)numbers.comments);
    cJSON_AddNumberToObject(out, "share_count", (double)numbers.shares);
    cJSON_AddNumberToObject(out, "view_count", (double)numbers.views);
    cJSON_Delete(extra);
    return out;
}

static bool
are_video_fields(HibPracticeCall *call, char **fields)
{
    for (size_t i = 0; fields[i]; i++)
        if (!g_strv_contains(video_fields, fields[i])) {
            hib_tiktok_face_say(call, 400, "invalid_params",
                                hib_arena_printf(call->arena, "%s is no field", fields[i]));
            return false;
        }
    return true;
}

/* A cursor is the time of the last post of a page, in milliseconds: the next page holds what is older. */
void
hib_tiktok_face_list(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_tiktok_face_caller(call, "video.list", "video/list", READS);
    g_auto(GStrv) fields = account ? asked_fields(call) : NULL;
    const HibPracticePost **posts;
    int64_t cursor = 0, most = PAGE_USUAL;
    if (!fields || !are_video_fields(call, fields))
        return;
    if (!hib_json_opt_int(call->json, "cursor", &cursor, NULL) ||
        !hib_json_opt_int(call->json, "max_count", &most, NULL) || most < 1 || most > PAGE) {
        hib_tiktok_face_say(call, 400, "invalid_params", "max_count is 1 to 20");
        return;
    }
    size_t n = listed_posts(call, account, &posts), i = 0;
    cJSON *out = cJSON_CreateObject(), *videos = cJSON_AddArrayToObject(out, "videos");
    while (i < n && cursor > 0 && posts[i]->at / HIB_MILLISECOND >= cursor)
        i++;
    for (; i < n && most > 0; i++, most--) {
        cJSON_AddItemToArray(videos, chosen(video_json(call, account, posts[i]), fields));
        cursor = posts[i]->at / HIB_MILLISECOND;
    }
    cJSON_AddNumberToObject(out, "cursor", (double)cursor);
    cJSON_AddBoolToObject(out, "has_more", i < n);
    hib_tiktok_face_reply(call, out);
}

void
hib_tiktok_face_query(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_tiktok_face_caller(call, "video.list", "video/query", READS);
    g_auto(GStrv) fields = account ? asked_fields(call) : NULL;
    HibJson filters = {0}, ids = {0};
    if (!fields || !are_video_fields(call, fields))
        return;
    if (!hib_json_object(call->json, "filters", &filters, NULL) ||
        !hib_json_array(filters, "video_ids", &ids, NULL) || hib_json_count(ids) > PAGE) {
        hib_tiktok_face_say(call, 400, "invalid_params", "filters.video_ids holds at most 20 ids");
        return;
    }
    cJSON *out = cJSON_CreateObject(), *videos = cJSON_AddArrayToObject(out, "videos");
    for (HibJson one = hib_json_first(ids); one.value; one = hib_json_next(ids, one)) {
        const HibPracticePost *post = cJSON_IsString(one.value)
                                          ? hib_practice_post(call->face, one.value->valuestring)
                                          : NULL;
        if (post && g_str_equal(post->account, account->id) && is_listed(call, post))
            cJSON_AddItemToArray(videos, chosen(video_json(call, account, post), fields));
    }
    hib_tiktok_face_reply(call, out);
}

/* --- the account ----------------------------------------------------------------------------------------------------------- */
/* Each field belongs to a scope: false after refusing. */
static bool
may_see(HibPracticeCall *call, char **fields)
{
    for (size_t i = 0; fields[i]; i++) {
        bool is_known = false;
        for (size_t s = 0; s < G_N_ELEMENTS(user_fields); s++) {
            if (!g_strv_contains(user_fields[s].fields, fields[i]))
                continue;
            is_known = true;
            if (!hib_practice_bearer(call, user_fields[s].scope))
                return false;
        }
        if (!is_known) {
            hib_tiktok_face_say(call, 400, "invalid_params",
                                hib_arena_printf(call->arena, "%s is no field", fields[i]));
            return false;
        }
    }
    return true;
}

void
hib_tiktok_face_user(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_tiktok_face_caller(call, NULL, "user/info", READS);
    g_auto(GStrv) fields = account ? asked_fields(call) : NULL;
    const HibPracticePost **posts;
    static const char avatar[] = "https://p16.practice.invalid/avatar.jpeg";
    if (!fields || !may_see(call, fields))
        return;
    size_t n = listed_posts(call, account, &posts);
    int64_t likes = 0;
    for (size_t i = 0; i < n; i++)
        likes += hib_practice_numbers(call->face, posts[i]->id).likes;
    cJSON *user = cJSON_CreateObject(), *out = cJSON_CreateObject();
    cJSON_AddStringToObject(user, "open_id", account->id);
    cJSON_AddStringToObject(user, "union_id", hib_arena_printf(call->arena, "u%s", account->id));
    cJSON_AddStringToObject(user, "avatar_url", avatar);
    cJSON_AddStringToObject(user, "avatar_url_100", avatar);
    cJSON_AddStringToObject(user, "avatar_large_url", avatar);
    cJSON_AddStringToObject(user, "display_name", account->name);
    cJSON_AddStringToObject(user, "bio_description", "");
    cJSON_AddStringToObject(
        user, "profile_deep_link",
        hib_arena_printf(call->arena, "https://www.tiktok.com/@%s", account->handle));
    cJSON_AddBoolToObject(user, "is_verified", false);
    cJSON_AddStringToObject(user, "username", account->handle);
    cJSON_AddNumberToObject(user, "follower_count",
                            (double)hib_practice_followers(call->face, account->id));
    cJSON_AddNumberToObject(user, "following_count", 0);
    cJSON_AddNumberToObject(user, "likes_count", (double)likes);
    cJSON_AddNumberToObject(user, "video_count", (double)n);
    cJSON_AddItemToObject(out, "user", chosen(user, fields));
    hib_tiktok_face_reply(call, out);
}
