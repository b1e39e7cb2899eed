/* Instagram's face: what is published, read back: media, stories while they last, comments, numbers. */
#include "practice/instagram_face_private.h"
#include <string.h>

#define STORY_LIFE HIB_DAY
#define FEW_VIEWERS 5
#define NUMBERS_AFTER (2 * HIB_MINUTE)

enum { FEED = 1, REEL = 2, STORY = 4 };

static const MetaMetric media_metrics[] = {
    {"views", "views", FEED | REEL | STORY},
    {"reach", "reach", FEED | REEL | STORY},
    {"likes", "likes", FEED | REEL},
    {"comments", "comments", FEED | REEL},
    {"saved", "saves", FEED | REEL},
    {"shares", "shares", FEED | REEL | STORY},
    {"reposts", "reposts", FEED | REEL},
    {"replies", "comments", STORY},
    {"total_interactions", "interactions", FEED | REEL | STORY},
    {"follows", "follows", FEED | STORY},
    {"profile_visits", "profile_visits", FEED | STORY},
    {"profile_activity", "clicks", FEED | STORY},
    {"navigation", "views", STORY},
    {"ig_reels_avg_watch_time", "avg_watch_ms", REEL},
    {"ig_reels_video_view_total_time", "watch_ms", REEL},
};

static const MetaMetric account_metrics[] = {
    {"reach", "reach", 1},
    {"views", "views", 1},
    {"accounts_engaged", "interactions", 1},
    {"total_interactions", "interactions", 1},
    {"likes", "likes", 1},
    {"comments", "comments", 1},
    {"saves", "saves", 1},
    {"shares", "shares", 1},
    {"reposts", "reposts", 1},
    {"profile_views", "profile_visits", 1},
    {"website_clicks", "clicks", 1},
    {"profile_links_taps", "clicks", 1},
};

static bool
is_comment(const HibPracticePost *post)
{
    return g_str_equal(post->kind, "comment");
}

/* --- media -------------------------------------------------------------------------------------------------------------------------- */
static void
add_children(cJSON *out, const cJSON *extra)
{
    const cJSON *children = cJSON_GetObjectItemCaseSensitive(extra, "children"), *child;
    if (!children) {
        cJSON_AddNullToObject(out, "children");
        return;
    }
    cJSON *data = cJSON_AddArrayToObject(cJSON_AddObjectToObject(out, "children"), "data");
    cJSON_ArrayForEach(child, children) cJSON_AddItemToArray(data, cJSON_Duplicate(child, true));
}

cJSON *
hib_instagram_face_media_json(HibPracticeCall *call, const MetaRow *row)
{
    const HibPracticePost *post = row->post;
    const HibPracticeAccount *account = hib_practice_account(call->face, post->account);
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, post->id);
    g_autoptr(cJSON) extra = cJSON_Parse(post->extra ? post->extra : "{}");
    const char *product = hib_meta_face_text(extra, "product");
    const char *type = hib_meta_face_text(extra, "media_type");
    bool is_story = g_str_equal(post->kind, "story"), is_reel = g_str_equal(post->kind, "reel");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", post->id);
    hib_meta_face_add(out, "caption", is_story || !*post->text ? NULL : post->text);
    cJSON_AddStringToObject(out, "media_type", type ? type : "IMAGE");
    cJSON_AddStringToObject(out, "media_product_type", product ? product : "FEED");
    hib_meta_face_add(out, "media_url", hib_meta_face_text(extra, "media_url"));
    cJSON_AddNullToObject(out, "thumbnail_url");
    hib_meta_face_add(out, "alt_text", hib_meta_face_text(extra, "alt_text"));
    cJSON_AddStringToObject(out, "shortcode", post->id);
    cJSON_AddStringToObject(out, "permalink",
                            hib_arena_printf(call->arena, "%s/%s/%s/", hib_practice_url(call->face),
                                             is_reel    ? "reel"
                                             : is_story ? "stories"
                                                        : "p",
                                             post->id));
    hib_meta_face_add_time(call, out, "timestamp", post->at);
    cJSON_AddStringToObject(out, "username", account->handle);
    hib_meta_face_set(cJSON_AddObjectToObject(out, "owner"), "id", account->id);
    hib_meta_face_add_int(out, "like_count", numbers.likes);
    hib_meta_face_add_int(out, "comments_count", numbers.comments);
    cJSON_AddBoolToObject(out, "is_comment_enabled", true);
    cJSON_AddBoolToObject(out, "is_shared_to_feed",
                          !is_reel || hib_meta_face_int(extra, "in_feed"));
    add_children(out, extra);
    return out;
}

static void
list_media(HibPracticeCall *call, bool is_of_stories)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, NULL);
    const char *since = hib_practice_field(call, "since"),
               *until = hib_practice_field(call, "until");
    if (!account)
        return;
    const HibPracticePost *const *posts;
    const char *next;
    HibInstant now = hib_practice_now(call->face);
    const HibPracticeQuery query = {
        .account = account->id,
        .since = is_of_stories ? now - STORY_LIFE
                 : since       ? g_ascii_strtoll(since, NULL, 10) * HIB_SECOND
                               : 0,
        .until = until && !is_of_stories ? g_ascii_strtoll(until, NULL, 10) * HIB_SECOND : 0};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next), k = 0;
    MetaRow *rows = hib_arena_array(call->arena, MetaRow, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool is_story = g_str_equal(posts[i]->kind, "story");
        if (!is_comment(posts[i]) && !g_str_equal(posts[i]->kind, "message") &&
            is_story == is_of_stories)
            rows[k++] = (MetaRow){.id = posts[i]->id, .post = posts[i]};
    }
    hib_meta_face_list(call, rows, k, hib_instagram_face_media_json, "id");
}

void
hib_instagram_face_list(HibPracticeCall *call)
{
    list_media(call, false);
}

void
hib_instagram_face_stories(HibPracticeCall *call)
{
    list_media(call, true);
}

/* --- comments --------------------------------------------------------------------------------------------------------------------------- */
/* The post at the top; an answer to an answer stands under the comment. */
static const char *
media_of(HibPracticeCall *call, const MetaRow *row)
{
    const HibPracticePost *post = row->post;
    const HibPracticeAccount *account = hib_practice_account(call->face, post->account);
    MetaRow above;
    while (is_comment(post) && post->parent &&
           hib_meta_face_row(call, account, post->parent, &above))
        post = above.post;
    return post->id;
}

static cJSON *
one_comment(HibPracticeCall *call, const MetaRow *row)
{
    bool is_answer = !row->said && g_strcmp0(row->post->parent, media_of(call, row)) != 0;
    cJSON *out = cJSON_CreateObject(), *from = hib_meta_face_from(call, row, "username");
    cJSON_AddStringToObject(out, "id", row->id);
    cJSON_AddStringToObject(out, "text", row->said ? row->said->text : row->post->text);
    hib_meta_face_add_time(call, out, "timestamp", hib_meta_face_row_at(row));
    cJSON_AddStringToObject(out, "username", hib_meta_face_text(from, "username"));
    cJSON_AddItemToObject(out, "from", from);
    hib_meta_face_add_int(out, "like_count", 0);
    cJSON_AddBoolToObject(out, "hidden", hib_meta_face_is_hidden(call, row->id));
    hib_meta_face_set(cJSON_AddObjectToObject(out, "media"), "id", media_of(call, row));
    hib_meta_face_add(out, "parent_id", is_answer ? row->post->parent : NULL);
    return out;
}

cJSON *
hib_instagram_face_comment_json(HibPracticeCall *call, const MetaRow *row)
{
    MetaRow *answers;
    size_t n = hib_meta_face_under(call, row, &answers);
    cJSON *out = one_comment(call, row);
    cJSON *data = n ? cJSON_AddArrayToObject(cJSON_AddObjectToObject(out, "replies"), "data")
                    : cJSON_AddNullToObject(out, "replies");
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(data, one_comment(call, &answers[i]));
    return out;
}

/* GET …/comments of a post, …/replies of a comment. */
void
hib_instagram_face_comments(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, INSTAGRAM_COMMENTS);
    const char *id = hib_practice_param(call, "id");
    MetaRow row, *rows;
    if (!account)
        return;
    bool is_of_post = g_str_has_suffix(call->path, "/comments");
    if (!hib_meta_face_row(call, account, id, &row) ||
        is_of_post == (row.said || is_comment(row.post))) {
        hib_meta_face_missing(call, id);
        return;
    }
    size_t n = hib_meta_face_under(call, &row, &rows);
    hib_meta_face_list(call, rows, n, hib_instagram_face_comment_json, "id,text,timestamp");
}

void
hib_instagram_face_add_comment(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_caller(call, INSTAGRAM_COMMENTS);
    const char *id = hib_practice_param(call, "id"), *text = hib_practice_field(call, "message");
    MetaRow row;
    if (!account)
        return;
    if (!hib_meta_face_row(call, account, id, &row)) {
        hib_meta_face_missing(call, id);
        return;
    }
    if (!text || !*text || g_utf8_strlen(text, -1) > 2200) {
        hib_meta_face_invalid(call, "The parameter message is required");
        return;
    }
    if (hib_meta_face_is_twin(call, account, "comment", row.id, text)) {
        hib_meta_face_error(
            call, &(MetaError){.code = 506, .message = "(#506) Duplicate status message"});
        return;
    }
    const HibPracticePost post = {.id = hib_practice_id(call),
                                  .account = account->id,
                                  .kind = "comment",
                                  .text = text,
                                  .parent = row.id,
                                  .at = hib_practice_now(call->face),
                                  .is_hidden = true};
    hib_meta_face_id(call, hib_practice_post_add(call->face, &post)->id);
}

cJSON *
hib_instagram_face_comment_event(HibPracticeCall *call, const MetaRow *row)
{
    cJSON *out = cJSON_CreateObject(), *media;
    cJSON_AddItemToObject(out, "from", hib_meta_face_from(call, row, "username"));
    media = cJSON_AddObjectToObject(out, "media");
    cJSON_AddStringToObject(media, "id", row->post->id);
    cJSON_AddStringToObject(media, "media_product_type",
                            g_str_equal(row->post->kind, "reel") ? "REELS" : "FEED");
    cJSON_AddStringToObject(out, "id", row->id);
    cJSON_AddStringToObject(out, "text", row->said->text);
    return out;
}

/* --- numbers -------------------------------------------------------------------------------------------------------------------------------- */
/* A story's last numbers, told once when its day is over: they can be asked for no more. */
void
hib_instagram_face_tell_stories(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const HibPracticePost *const *posts;
    const char *next;
    HibInstant now = hib_practice_now(call->face);
    const HibPracticeQuery query = {.account = account->id,
                                    .kind = "story",
                                    .since = now - 7 * HIB_DAY,
                                    .until = now - STORY_LIFE};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    for (size_t i = 0; i < n; i++) {
        if (hib_meta_face_kept(call->face, "told-story", posts[i]->id))
            continue;
        HibAudienceNumbers numbers = hib_practice_numbers(call->face, posts[i]->id);
        cJSON *change = cJSON_CreateObject();
        cJSON_AddStringToObject(change, "field", "story_insights");
        cJSON *value = cJSON_AddObjectToObject(change, "value");
        cJSON_AddStringToObject(value, "media_id", posts[i]->id);
        for (size_t k = 0; k < G_N_ELEMENTS(media_metrics); k++)
            if (media_metrics[k].products & STORY)
                hib_meta_face_add_int(value, media_metrics[k].name,
                                      hib_meta_face_number(&numbers, media_metrics[k].what));
        hib_meta_face_event(call, account, "changes", change);
        hib_meta_face_keep(call->face, "told-story", posts[i]->id, cJSON_CreateObject());
    }
}

static void
media_insights(HibPracticeCall *call, const HibPracticePost *post)
{
    HibDuration age = hib_practice_now(call->face) - post->at;
    HibAudienceNumbers numbers = hib_practice_numbers(call->face, post->id);
    bool is_story = g_str_equal(post->kind, "story");
    unsigned product = is_story ? STORY : g_str_equal(post->kind, "reel") ? REEL : FEED;
    bool is_there = age >= NUMBERS_AFTER && !(is_story && age > STORY_LIFE);
    if (is_story && is_there && numbers.reach < FEW_VIEWERS) {
        hib_meta_face_error(call, &(MetaError){.code = 10,
                                               .message = "(#10) Not enough viewers for the media "
                                                          "to show insights"});
        return;
    }
    hib_meta_face_insights(call, post->id, media_metrics, G_N_ELEMENTS(media_metrics), product,
                           NULL, is_there ? &numbers : NULL);
}

/* Who follows is told with all that Instagram asks for, and not without. */
static void
account_insights(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const bool is_whole = !g_strcmp0(hib_practice_field(call, "period"), "lifetime") &&
                          !g_strcmp0(hib_practice_field(call, "metric_type"), "total_value");
    if (!is_whole || !hib_meta_face_demographics(call, account))
        hib_meta_face_day_insights(call, account, account_metrics, G_N_ELEMENTS(account_metrics),
                                   NULL);
}

void
hib_instagram_face_insights(HibPracticeCall *call)
{
    const HibPracticeAccount *account =
        hib_meta_face_caller(call, "instagram_business_manage_insights");
    const char *id = hib_practice_param(call, "id");
    MetaRow row;
    if (!account)
        return;
    if (g_str_equal(id, "me") || g_str_equal(id, account->id))
        account_insights(call, account);
    else if (!hib_meta_face_row(call, account, id, &row) || row.said || is_comment(row.post))
        hib_meta_face_missing(call, id);
    else
        media_insights(call, row.post);
}
