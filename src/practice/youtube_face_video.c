/* YouTube's face: videos: what they may be called, how they are processed, how they look, their list, their numbers by Analytics.
 *
 * A video's words for the framework are its description, or its title where it has none. Its extra: {snippet, status,
 * paidProductPlacementDetails} as they came, and {"ready": µs, "fails"}. */
#include "practice/youtube_face_private.h"

#include <string.h>

#define PROCESSING (20 * HIB_SECOND)
#define REPORTS_LATE (2 * HIB_DAY)

static const char *
text_at(const cJSON *in, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in, key));
}

/* --- what YouTube takes ---------------------------------------------------------------------------------------------- */
static bool
has_long_tags(const cJSON *snippet)
{
    const cJSON *tag;
    size_t n = 0;
    cJSON_ArrayForEach(tag, cJSON_GetObjectItemCaseSensitive(snippet, "tags"))
    {
        const char *text = cJSON_IsString(tag) ? tag->valuestring : "<";
        n += (size_t)g_utf8_strlen(text, -1) + (strchr(text, ' ') ? 2 : 0) + (n ? 1 : 0);
        if (strpbrk(text, "<>"))
            return true;
    }
    return n > 500;
}

const char *
hib_youtube_face_fault(const cJSON *about, const char **ret_reason)
{
    static const char *const privacies[] = {"public", "unlisted", "private", NULL};
    const cJSON *snippet = cJSON_GetObjectItemCaseSensitive(about, "snippet");
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(about, "status");
    const char *title = text_at(snippet, "title");
    const char *description = text_at(snippet, "description");
    const char *category = text_at(snippet, "categoryId");
    const char *privacy = text_at(status, "privacyStatus");
    const char *publish_at = text_at(status, "publishAt");
    HibInstant at = 0;
    *ret_reason = "invalidTitle";
    if (!title || !*title || g_utf8_strlen(title, -1) > 100 || strpbrk(title, "<>"))
        return "The request metadata specifies an invalid or empty video title.";
    *ret_reason = "invalidDescription";
    if (description && (strlen(description) > 5000 || strpbrk(description, "<>")))
        return "The request metadata specifies an invalid video description.";
    *ret_reason = "invalidTags";
    if (has_long_tags(snippet))
        return "The request metadata specifies invalid video keywords.";
    *ret_reason = "invalidCategoryId";
    if (category && (!*category || strspn(category, "0123456789") != strlen(category)))
        return "The snippet.categoryId property specifies an invalid category ID.";
    *ret_reason = "invalidVideoMetadata";
    if (privacy && !g_strv_contains(privacies, privacy))
        return "The request metadata is invalid.";
    *ret_reason = "invalidPublishAt";
    if (publish_at && (!hib_instant_parse(publish_at, &at) || g_strcmp0(privacy, "private") != 0))
        return "The request metadata specifies an invalid scheduled publishing time.";
    return NULL;
}

static const char *
words_of(const cJSON *snippet)
{
    const char *description = text_at(snippet, "description");
    return description && *description ? description : text_at(snippet, "title");
}

/* When everybody may see it: HIB_NEVER for what is private for good. */
static HibInstant
public_at(const cJSON *status, HibInstant ready)
{
    const char *privacy = text_at(status, "privacyStatus");
    const char *publish_at = text_at(status, "publishAt");
    HibInstant at = 0;
    if (publish_at && hib_instant_parse(publish_at, &at))
        return MAX(at, ready);
    return !privacy || !strcmp(privacy, "public") ? ready : HIB_NEVER;
}

const HibPracticePost *
hib_youtube_face_make(HibPracticeCall *call, const HibPracticeAccount *account, const cJSON *about,
                      const char *sha256)
{
    static const char *const kept[] = {"snippet", "status", "paidProductPlacementDetails"};
    const cJSON *snippet = cJSON_GetObjectItemCaseSensitive(about, "snippet");
    bool fails = false;
    HibInstant ready = hib_practice_ready_at(call, PROCESSING, &fails);
    cJSON *extra = cJSON_CreateObject();
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        const cJSON *part = cJSON_GetObjectItemCaseSensitive(about, kept[i]);
        if (part)
            cJSON_AddItemToObject(extra, kept[i], cJSON_Duplicate(part, true));
    }
    cJSON_AddNumberToObject(extra, "ready", (double)ready);
    cJSON_AddBoolToObject(extra, "fails", fails);
    HibInstant at = public_at(cJSON_GetObjectItemCaseSensitive(about, "status"), ready);
    const HibPracticePost facts = {.id = hib_youtube_face_new_id(call),
                                   .account = account->id,
                                   .kind = "video",
                                   .text = words_of(snippet),
                                   .media = sha256,
                                   .extra = hib_json_print(call->arena, extra),
                                   .at = at == HIB_NEVER ? ready : at,
                                   .length = 60 * HIB_SECOND,
                                   .is_hidden = fails || at == HIB_NEVER};
    return hib_practice_post_add(call->face, &facts);
}

/* --- how it looks ------------------------------------------------------------------------------------------------------ */
static void
add_thumbnails(HibPracticeCall *call, cJSON *to, const char *id)
{
    cJSON *one = cJSON_AddObjectToObject(cJSON_AddObjectToObject(to, "thumbnails"), "default");
    cJSON_AddStringToObject(
        one, "url", hib_arena_printf(call->arena, "https://i.ytimg.com/vi/%s/default.jpg", id));
    cJSON_AddNumberToObject(one, "width", 120);
    cJSON_AddNumberToObject(one, "height", 90);
}

static void
add_snippet(HibPracticeCall *call, const HibPracticePost *video, const cJSON *extra, cJSON *out)
{
    static const char *const kept[] = {"title",      "description",     "tags",
                                       "categoryId", "defaultLanguage", "defaultAudioLanguage"};
    const cJSON *snippet = cJSON_GetObjectItemCaseSensitive(extra, "snippet");
    cJSON *to = cJSON_AddObjectToObject(out, "snippet");
    hib_youtube_face_add_time(to, "publishedAt", video->at);
    cJSON_AddStringToObject(to, "channelId", video->account);
    cJSON_AddStringToObject(to, "channelTitle",
                            hib_youtube_face_channel_title(call, video->account));
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(snippet, kept[i]);
        if (value)
            cJSON_AddItemToObject(to, kept[i], cJSON_Duplicate(value, true));
    }
    if (!cJSON_HasObjectItem(to, "categoryId"))
        cJSON_AddStringToObject(to, "categoryId", "22");
    cJSON_AddStringToObject(to, "liveBroadcastContent", "none");
    add_thumbnails(call, to, video->id);
}

static void
add_status(HibPracticeCall *call, const HibPracticePost *video, const cJSON *extra, cJSON *out)
{
    static const char *const kept[] = {"license", "embeddable", "selfDeclaredMadeForKids",
                                       "containsSyntheticMedia", "publishAt"};
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(extra, "status");
    bool is_ready =
        hib_practice_now(call->face) >=
        (HibInstant)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(extra, "ready"));
    bool fails = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(extra, "fails"));
    const char *privacy = text_at(status, "privacyStatus");
    bool is_due = text_at(status, "publishAt") && hib_practice_now(call->face) >= video->at;
    cJSON *to = cJSON_AddObjectToObject(out, "status");
    cJSON_AddStringToObject(to, "uploadStatus",
                            !is_ready ? "uploaded"
                            : fails   ? "failed"
                                      : "processed");
    if (is_ready && fails)
        cJSON_AddStringToObject(to, "failureReason", "conversion");
    cJSON_AddStringToObject(to, "privacyStatus", is_due || !privacy ? "public" : privacy);
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(status, kept[i]);
        if (value && !(is_due && !strcmp(kept[i], "publishAt")))
            cJSON_AddItemToObject(to, kept[i], cJSON_Duplicate(value, true));
    }
    cJSON_AddBoolToObject(
        to, "madeForKids",
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(status, "selfDeclaredMadeForKids")));
    cJSON_AddBoolToObject(to, "publicStatsViewable", true);
    if (!hib_youtube_face_has_part(call, "processingDetails"))
        return;
    cJSON *details = cJSON_AddObjectToObject(out, "processingDetails");
    cJSON_AddStringToObject(details, "processingStatus",
                            !is_ready ? "processing"
                            : fails   ? "failed"
                                      : "succeeded");
    if (is_ready && fails)
        cJSON_AddStringToObject(details, "processingFailureReason", "transcodeFailed");
}

static void
add_statistics(HibPracticeCall *call, const HibPracticePost *video, cJSON *out)
{
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, video->id);
    cJSON *to = cJSON_AddObjectToObject(out, "statistics");
    hib_youtube_face_add_count(to, "viewCount", numbers.views);
    hib_youtube_face_add_count(to, "likeCount", numbers.likes);
    hib_youtube_face_add_count(to, "favoriteCount", 0);
    hib_youtube_face_add_count(to, "commentCount", hib_youtube_face_count_comments(call, video));
}

cJSON *
hib_youtube_face_video_json(HibPracticeCall *call, const HibPracticePost *video)
{
    const cJSON *extra = hib_youtube_face_extra(call->arena, video);
    const cJSON *paid = cJSON_GetObjectItemCaseSensitive(extra, "paidProductPlacementDetails");
    bool is_put = !hib_practice_query(call, "part"); /* a session has asked for these */
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#video");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", video->id);
    if (is_put || hib_youtube_face_has_part(call, "snippet"))
        add_snippet(call, video, extra, out);
    if (is_put || hib_youtube_face_has_part(call, "status") ||
        hib_youtube_face_has_part(call, "processingDetails"))
        add_status(call, video, extra, out);
    if (hib_youtube_face_has_part(call, "statistics"))
        add_statistics(call, video, out);
    if (hib_youtube_face_has_part(call, "contentDetails"))
        cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "contentDetails"), "duration",
                                "PT1M0S");
    if (paid && hib_youtube_face_has_part(call, "paidProductPlacementDetails"))
        cJSON_AddItemToObject(out, "paidProductPlacementDetails", cJSON_Duplicate(paid, true));
    return out;
}

/* --- reading, changing, taking away --------------------------------------------------------------------------------------- */
/* What is private, or not out yet, only its owner sees. */
const HibPracticePost *
hib_youtube_face_video(HibPracticeCall *call, const char *id, const HibPracticeAccount *viewer)
{
    const HibPracticePost *video = id ? hib_practice_post(call->face, id) : NULL;
    if (!video || strcmp(video->kind, "video") != 0)
        return NULL;
    const cJSON *extra = hib_youtube_face_extra(call->arena, video);
    const char *privacy =
        text_at(cJSON_GetObjectItemCaseSensitive(extra, "status"), "privacyStatus");
    bool is_own = viewer && !strcmp(viewer->id, video->account);
    bool is_open = g_strcmp0(privacy, "private") != 0 && hib_practice_now(call->face) >= video->at;
    return is_own || is_open ? video : NULL;
}

static const char *const video_parts[] = {"id",
                                          "snippet",
                                          "status",
                                          "statistics",
                                          "contentDetails",
                                          "processingDetails",
                                          "fileDetails",
                                          "player",
                                          "topicDetails",
                                          "recordingDetails",
                                          "suggestions",
                                          "localizations",
                                          "liveStreamingDetails",
                                          "paidProductPlacementDetails",
                                          NULL};

void
hib_youtube_face_videos(HibPracticeCall *call)
{
    const HibPracticeAccount *viewer = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 1);
    const char *const *ids = hib_youtube_face_values(call, "id");
    if (!viewer || !hib_youtube_face_parts(call, video_parts))
        return;
    if (!*ids) {
        hib_youtube_face_error(call, 400, "youtube.parameter", "missingRequiredParameter",
                               "No filter selected. Expected one of: id, chart, myRating");
        return;
    }
    cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; ids[i]; i++) {
        const HibPracticePost *video = hib_youtube_face_video(call, ids[i], viewer);
        cJSON *one = video ? hib_youtube_face_video_json(call, video)
                           : hib_youtube_face_other_video(call, ids[i]);
        if (one)
            cJSON_AddItemToArray(items, one);
    }
    hib_youtube_face_list(call, "youtube#videoListResponse", items, 50, 50);
}

/* The account's own; NULL after refusing. */
static const HibPracticePost *
own_video(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    const HibPracticePost *video = hib_youtube_face_video(call, id, account);
    if (video && !strcmp(video->account, account->id))
        return video;
    if (video)
        hib_youtube_face_error(call, 403, "youtube.video", "forbidden",
                               "The video cannot be changed by this account.");
    else
        hib_youtube_face_error(call, 404, "youtube.video", "videoNotFound",
                               "The video that you are trying to update cannot be found.");
    return NULL;
}

/* A part that is named is replaced whole. */
void
hib_youtube_face_update(HibPracticeCall *call)
{
    static const char *const parts[] = {"snippet", "status", "paidProductPlacementDetails"};
    const HibPracticeAccount *account = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 50);
    const char *id = call->json.value ? text_at(call->json.value, "id") : NULL;
    const char *reason = NULL;
    if (!account || !hib_youtube_face_parts(call, video_parts))
        return;
    const HibPracticePost *video = own_video(call, account, id);
    if (!video)
        return;
    cJSON *extra = cJSON_Duplicate(hib_youtube_face_extra(call->arena, video), true);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        const cJSON *part = cJSON_GetObjectItemCaseSensitive(call->json.value, parts[i]);
        if (!hib_youtube_face_has_part(call, parts[i]))
            continue;
        cJSON_DeleteItemFromObjectCaseSensitive(extra, parts[i]);
        if (part)
            cJSON_AddItemToObject(extra, parts[i], cJSON_Duplicate(part, true));
    }
    const cJSON *snippet = cJSON_GetObjectItemCaseSensitive(extra, "snippet");
    const char *fault = hib_youtube_face_fault(extra, &reason);
    if (!fault && hib_youtube_face_has_part(call, "snippet") && !text_at(snippet, "categoryId")) {
        fault = "The snippet.categoryId property specifies an invalid category ID.";
        reason = "invalidCategoryId";
    }
    if (fault) {
        cJSON_Delete(extra);
        hib_youtube_face_error(call, 400, "youtube.video", reason, fault);
        return;
    }
    HibPracticePost facts = *video;
    HibInstant ready =
        (HibInstant)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(extra, "ready"));
    HibInstant at = public_at(cJSON_GetObjectItemCaseSensitive(extra, "status"), ready);
    facts.text = hib_arena_strdup(call->arena, words_of(snippet));
    facts.is_hidden =
        at == HIB_NEVER || cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(extra, "fails"));
    facts.extra = hib_json_print(call->arena, extra);
    hib_practice_post_change(call->face, &facts);
    hib_practice_json(call, 200,
                      hib_youtube_face_video_json(call, hib_practice_post(call->face, id)));
}

void
hib_youtube_face_delete(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 50);
    const HibPracticePost *video =
        account ? own_video(call, account, hib_practice_query(call, "id")) : NULL;
    if (!video)
        return;
    hib_practice_post_delete(call->face, video->id);
    hib_practice_empty(call, 204);
}

/* --- the uploads ------------------------------------------------------------------------------------------------------------ */
static cJSON *
item_json(HibPracticeCall *call, const HibPracticePost *video, const char *list, int position)
{
    const cJSON *snippet =
        cJSON_GetObjectItemCaseSensitive(hib_youtube_face_extra(call->arena, video), "snippet");
    const char *description = text_at(snippet, "description");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#playlistItem");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", hib_arena_printf(call->arena, "VVU%s", video->id));
    if (hib_youtube_face_has_part(call, "snippet")) {
        cJSON *to = cJSON_AddObjectToObject(out, "snippet");
        hib_youtube_face_add_time(to, "publishedAt", video->arrived_at);
        cJSON_AddStringToObject(to, "channelId", video->account);
        cJSON_AddStringToObject(to, "channelTitle",
                                hib_youtube_face_channel_title(call, video->account));
        cJSON_AddStringToObject(to, "title", text_at(snippet, "title"));
        cJSON_AddStringToObject(to, "description", description ? description : "");
        cJSON_AddStringToObject(to, "playlistId", list);
        cJSON_AddNumberToObject(to, "position", position);
        cJSON *resource = cJSON_AddObjectToObject(to, "resourceId");
        cJSON_AddStringToObject(resource, "kind", "youtube#video");
        cJSON_AddStringToObject(resource, "videoId", video->id);
        add_thumbnails(call, to, video->id);
    }
    if (hib_youtube_face_has_part(call, "contentDetails")) {
        cJSON *to = cJSON_AddObjectToObject(out, "contentDetails");
        cJSON_AddStringToObject(to, "videoId", video->id);
        hib_youtube_face_add_time(to, "videoPublishedAt", video->at);
    }
    return out;
}

void
hib_youtube_face_uploads(HibPracticeCall *call)
{
    static const char *const known[] = {"id", "snippet", "contentDetails", "status", NULL};
    const HibPracticeAccount *viewer = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 1);
    const char *list = hib_practice_query(call, "playlistId");
    if (!viewer || !hib_youtube_face_parts(call, known))
        return;
    const char *channel =
        list && g_str_has_prefix(list, "UU") ? hib_arena_printf(call->arena, "UC%s", list + 2) : "";
    if (hib_youtube_face_other_uploads(call, channel, list))
        return;
    if (!hib_practice_account(call->face, channel)) {
        hib_youtube_face_error(call, 404, "youtube.playlistItem", "playlistNotFound",
                               "The playlist identified with the request's playlistId parameter "
                               "cannot be found.");
        return;
    }
    const HibPracticePost *const *videos = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {.account = channel, .kind = "video"};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &videos, &next);
    cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++)
        if (hib_youtube_face_video(call, videos[i]->id, viewer))
            cJSON_AddItemToArray(items, item_json(call, videos[i], list, (int)i));
    hib_youtube_face_list(call, "youtube#playlistItemListResponse", items, 5, 50);
}

/* --- Analytics ---------------------------------------------------------------------------------------------------------------- */
static const struct {
    const char *name, *type;
} metrics[] = {{"views", "INTEGER"},
               {"engagedViews", "INTEGER"},
               {"estimatedMinutesWatched", "INTEGER"},
               {"averageViewDuration", "INTEGER"},
               {"averageViewPercentage", "FLOAT"},
               {"likes", "INTEGER"},
               {"comments", "INTEGER"},
               {"shares", "INTEGER"},
               {"subscribersGained", "INTEGER"},
               {"subscribersLost", "INTEGER"}};

static double
value_of(const HibPracticePost *video, const HibAudienceNumbers *n, const char *metric)
{
    double views = (double)MAX(n->views, 1);
    double seconds = (double)n->watched / (double)HIB_SECOND;
    double length = (double)MAX(video->length, HIB_SECOND) / (double)HIB_SECOND;
    double watched = seconds > 0 ? seconds : views * length * 0.42;
    const double values[G_N_ELEMENTS(metrics)] = {(double)n->views,
                                                  (double)n->views,
                                                  (double)(int64_t)(watched / 60),
                                                  (double)(int64_t)(watched / views),
                                                  MIN(watched / views / length * 100, 100),
                                                  (double)n->likes,
                                                  (double)n->comments,
                                                  (double)n->shares,
                                                  (double)n->follows,
                                                  0};
    for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
        if (!strcmp(metrics[i].name, metric))
            return values[i];
    return 0;
}

static void
add_column(cJSON *headers, const char *name, const char *kind, const char *type)
{
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "name", name);
    cJSON_AddStringToObject(one, "columnType", kind);
    cJSON_AddStringToObject(one, "dataType", type);
    cJSON_AddItemToArray(headers, one);
}

static bool
is_day(const char *text)
{
    HibInstant at = 0;
    g_autofree char *whole =
        text && strlen(text) == 10 ? g_strconcat(text, "T00:00:00Z", NULL) : NULL;
    return whole && hib_instant_parse(whole, &at);
}

static bool
is_of_viewers(HibPracticeCall *call)
{
    const char *dimensions = hib_practice_query(call, "dimensions");
    return !g_strcmp0(dimensions, "ageGroup,gender") || !g_strcmp0(dimensions, "country");
}

/* What is wrong with a query; NULL: nothing. */
static const char *
query_fault(HibPracticeCall *call, const HibPracticeAccount *account, char **wanted)
{
    const char *ids = hib_practice_query(call, "ids");
    const char *filters = hib_practice_query(call, "filters");
    const char *start = hib_practice_query(call, "startDate");
    const char *end = hib_practice_query(call, "endDate");
    g_autofree char *own = g_strconcat("channel==", account->id, NULL);
    if (g_strcmp0(ids, "channel==MINE") != 0 && g_strcmp0(ids, own) != 0)
        return "Invalid value for parameter ids.";
    if (!is_day(start) || !is_day(end) || strcmp(start, end) > 0)
        return "Invalid value for parameter startDate or endDate.";
    if (is_of_viewers(call))
        return NULL;
    if (g_strcmp0(hib_practice_query(call, "dimensions"), "video") != 0 || !filters ||
        !g_str_has_prefix(filters, "video=="))
        return "The query is not supported. Practice knows dimensions=video with filters=video==…";
    for (char **metric = wanted; *metric; metric++) {
        bool is_known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
            is_known |= !strcmp(metrics[i].name, *metric);
        if (!is_known)
            return hib_arena_printf(call->arena,
                                    "Unknown identifier (%s) given in field "
                                    "parameters.metrics.",
                                    *metric);
    }
    return *wanted ? NULL : "Invalid value for parameter metrics.";
}

/* Whole days, two late: what came out since has no row. */
void
hib_youtube_face_reports(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_youtube_face_caller(call, YOUTUBE_SCOPE_REPORTS, 0);
    const char *asked = hib_practice_query(call, "metrics");
    if (!account)
        return;
    g_auto(GStrv) wanted = g_strsplit(asked ? asked : "", ",", 20);
    const char *fault = query_fault(call, account, wanted);
    if (fault) {
        hib_youtube_face_error(call, 400, "global", "badRequest", fault);
        return;
    }
    if (is_of_viewers(call)) {
        if (!hib_youtube_face_viewers(call, account))
            hib_youtube_face_error(call, 400, "global", "badRequest",
                                   "The query is not supported.");
        return;
    }
    g_auto(GStrv) ids =
        g_strsplit(hib_practice_query(call, "filters") + strlen("video=="), ",", 500);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtubeAnalytics#resultTable");
    cJSON *headers = cJSON_AddArrayToObject(out, "columnHeaders");
    cJSON *rows = cJSON_AddArrayToObject(out, "rows");
    add_column(headers, "video", "DIMENSION", "STRING");
    for (char **metric = wanted; *metric; metric++)
        for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
            if (!strcmp(metrics[i].name, *metric))
                add_column(headers, *metric, "METRIC", metrics[i].type);
    for (char **id = ids; *id; id++) {
        const HibPracticePost *video = hib_youtube_face_video(call, *id, account);
        if (!video || strcmp(video->account, account->id) != 0 ||
            hib_practice_now(call->face) - video->at < REPORTS_LATE)
            continue;
        HibAudienceNumbers numbers = hib_practice_numbers(call->face, video->id);
        cJSON *row = cJSON_CreateArray();
        cJSON_AddItemToArray(row, cJSON_CreateString(video->id));
        for (char **metric = wanted; *metric; metric++)
            cJSON_AddItemToArray(row, cJSON_CreateNumber(value_of(video, &numbers, *metric)));
        cJSON_AddItemToArray(rows, row);
    }
    hib_practice_json(call, 200, out);
}
