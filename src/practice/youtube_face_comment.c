/* YouTube's face: comments. The audience's are threads of one; the channels' own are kept as posts that nobody else reacts to. An audience
 * comment's id names its video and its number, so that it is found again without being kept. */
#include "practice/youtube_face_private.h"

#include <string.h>

#define MOST 2000
#define LENGTH_MAX 10000

/* A comment, whoever wrote it. */
typedef struct {
    const char *id, *video, *parent; /* parent NULL: it begins a thread */
    const char *text, *author, *name;
    HibInstant at;
    const HibPracticePost *own; /* NULL: somebody's of the audience */
} Comment;

/* --- finding ---------------------------------------------------------------------------------------------------------- */
static const char *
audience_id(HibArena *arena, const char *video, uint64_t n)
{
    return hib_arena_printf(arena, "Ugz%s%05u4AaABAg", video, (unsigned)n);
}

static Comment
of_audience(HibPracticeCall *call, const HibPracticePost *video, const HibComment *comment)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, comment->handle, -1);
    return (Comment){.id = audience_id(call->arena, video->id, comment->n),
                     .video = video->id,
                     .text = comment->text,
                     .author = hib_arena_printf(call->arena, "UC%.22s", sum),
                     .name = hib_arena_printf(call->arena, "@%s", comment->handle),
                     .at = comment->at};
}

static Comment
of_channel(HibPracticeCall *call, const HibPracticePost *post)
{
    const HibPracticeAccount *account = hib_practice_account(call->face, post->account);
    const cJSON *extra = hib_youtube_face_extra(call->arena, post);
    bool is_reply = !strcmp(post->kind, "reply");
    return (Comment){.id = post->id,
                     .video =
                         cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(extra, "video")),
                     .parent = is_reply ? post->parent : NULL,
                     .text = post->text,
                     .author = account->id,
                     .name = hib_arena_printf(call->arena, "@%s", account->handle),
                     .at = post->at,
                     .own = post};
}

static bool
is_shown(HibPracticeCall *call, const char *id)
{
    const YoutubeState *state = hib_practice_state(call->face);
    return !g_hash_table_contains(state->moderated, id);
}

static bool
find(HibPracticeCall *call, const HibPracticeAccount *viewer, const char *id, Comment *ret)
{
    HibComment *found = NULL;
    const HibPracticePost *post = id ? hib_practice_post(call->face, id) : NULL;
    if (post && (!strcmp(post->kind, "comment") || !strcmp(post->kind, "reply"))) {
        *ret = of_channel(call, post);
        return hib_youtube_face_video(call, ret->video, viewer) != NULL;
    }
    if (!id || strlen(id) != 26 || !g_str_has_prefix(id, "Ugz"))
        return false;
    const HibPracticePost *video =
        hib_youtube_face_video(call, hib_arena_strndup(call->arena, id + 3, 11), viewer);
    uint64_t n = g_ascii_strtoull(hib_arena_strndup(call->arena, id + 14, 5), NULL, 10);
    if (!video || !hib_practice_comments(call->face, video->id, n, 1, call->arena, &found) ||
        strcmp(audience_id(call->arena, video->id, n), id) != 0)
        return false;
    *ret = of_audience(call, video, found);
    return true;
}

/* Own comments of all channels that stand under `parent`: a video, or a thread. */
static void
collect_own(HibPracticeCall *call, const char *kind, const char *parent, GArray *into)
{
    const HibPracticeAccount *account = NULL;
    for (size_t a = 0; (account = hib_practice_account_at(call->face, a)); a++) {
        const HibPracticePost *const *posts = NULL;
        const char *next = NULL;
        const HibPracticeQuery query = {.account = account->id, .kind = kind, .parent = parent};
        size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
        for (size_t i = 0; i < n; i++) {
            Comment one = of_channel(call, posts[i]);
            g_array_append_val(into, one);
        }
    }
}

static void
collect_threads(HibPracticeCall *call, const HibPracticePost *video, GArray *into)
{
    HibComment *comments = NULL;
    size_t n = hib_practice_comments(call->face, video->id, 0, MOST, call->arena, &comments);
    for (size_t i = 0; i < n; i++) {
        Comment one = of_audience(call, video, &comments[i]);
        g_array_append_val(into, one);
    }
    collect_own(call, "comment", video->id, into);
}

static gint
newest_first(gconstpointer a, gconstpointer b)
{
    const Comment *x = a;
    const Comment *y = b;
    return x->at > y->at ? -1 : x->at < y->at ? 1 : strcmp(x->id, y->id);
}

int64_t
hib_youtube_face_count_comments(HibPracticeCall *call, const HibPracticePost *video)
{
    g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(Comment));
    collect_own(call, "comment", video->id, own);
    return hib_practice_numbers(call->face, video->id).comments + own->len;
}

/* --- how they look ------------------------------------------------------------------------------------------------------- */
static cJSON *
comment_json(HibPracticeCall *call, const Comment *comment, const HibPracticeAccount *viewer)
{
    cJSON *out = cJSON_CreateObject();
    const HibPracticePost *video = hib_practice_post(call->face, comment->video);
    cJSON_AddStringToObject(out, "kind", "youtube#comment");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", comment->id);
    cJSON *to = cJSON_AddObjectToObject(out, "snippet");
    cJSON_AddStringToObject(to, "channelId", video ? video->account : "");
    cJSON_AddStringToObject(to, "videoId", comment->video);
    cJSON_AddStringToObject(to, "textDisplay", comment->text);
    if (viewer && !strcmp(viewer->id, comment->author)) /* only its author gets it */
        cJSON_AddStringToObject(to, "textOriginal", comment->text);
    if (comment->parent)
        cJSON_AddStringToObject(to, "parentId", comment->parent);
    cJSON_AddStringToObject(to, "authorDisplayName", comment->name);
    cJSON_AddStringToObject(to, "authorProfileImageUrl", "https://yt3.ggpht.com/practice=s48");
    cJSON_AddStringToObject(
        to, "authorChannelUrl",
        hib_arena_printf(call->arena, "http://www.youtube.com/%s", comment->name));
    cJSON_AddStringToObject(cJSON_AddObjectToObject(to, "authorChannelId"), "value",
                            comment->author);
    cJSON_AddBoolToObject(to, "canRate", true);
    cJSON_AddStringToObject(to, "viewerRating", "none");
    cJSON_AddNumberToObject(to, "likeCount", 0);
    hib_youtube_face_add_time(to, "publishedAt", comment->at);
    hib_youtube_face_add_time(to, "updatedAt", comment->at);
    return out;
}

static cJSON *
thread_json(HibPracticeCall *call, const Comment *comment, const HibPracticeAccount *viewer)
{
    g_autoptr(GArray) replies = g_array_new(FALSE, FALSE, sizeof(Comment));
    collect_own(call, "reply", comment->id, replies);
    g_array_sort(replies, newest_first);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtube#commentThread");
    cJSON_AddStringToObject(out, "etag", "practice");
    cJSON_AddStringToObject(out, "id", comment->id);
    const HibPracticePost *video = hib_practice_post(call->face, comment->video);
    cJSON *to = cJSON_AddObjectToObject(out, "snippet");
    cJSON_AddStringToObject(to, "channelId", video ? video->account : "");
    cJSON_AddStringToObject(to, "videoId", comment->video);
    cJSON_AddItemToObject(to, "topLevelComment", comment_json(call, comment, viewer));
    cJSON_AddBoolToObject(to, "canReply", true);
    cJSON_AddNumberToObject(to, "totalReplyCount", replies->len);
    cJSON_AddBoolToObject(to, "isPublic", true);
    if (!replies->len || !hib_youtube_face_has_part(call, "replies"))
        return out;
    cJSON *list = cJSON_AddArrayToObject(cJSON_AddObjectToObject(out, "replies"), "comments");
    for (guint i = 0; i < replies->len && i < 5; i++)
        cJSON_AddItemToArray(list, comment_json(call, &g_array_index(replies, Comment, i), viewer));
    return out;
}

/* --- lists ------------------------------------------------------------------------------------------------------------------ */
static bool
are_off(HibPracticeCall *call, const HibPracticePost *video)
{
    const cJSON *status =
        cJSON_GetObjectItemCaseSensitive(hib_youtube_face_extra(call->arena, video), "status");
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(status, "selfDeclaredMadeForKids")))
        return false;
    hib_youtube_face_error(call, 403, "youtube.commentThread", "commentsDisabled",
                           "The video identified by the videoId parameter has disabled comments.");
    return true;
}

/* Threads of one video, or of a channel's videos. False after refusing. */
static bool
collect_asked(HibPracticeCall *call, const HibPracticeAccount *viewer, GArray *into)
{
    const char *id = hib_practice_query(call, "videoId");
    const char *channel = hib_practice_query(call, "allThreadsRelatedToChannelId");
    if (id) {
        const HibPracticePost *video = hib_youtube_face_video(call, id, viewer);
        if (!video) {
            hib_youtube_face_error(call, 404, "youtube.commentThread", "videoNotFound",
                                   "The video identified by the videoId parameter could not be "
                                   "found.");
            return false;
        }
        if (are_off(call, video))
            return false;
        collect_threads(call, video, into);
        return true;
    }
    const HibPracticeAccount *account = channel ? hib_practice_account(call->face, channel) : NULL;
    if (!account) {
        hib_youtube_face_error(call, channel ? 404 : 400, "youtube.commentThread",
                               channel ? "channelNotFound" : "missingRequiredParameter",
                               "No filter selected.");
        return false;
    }
    const HibPracticePost *const *videos = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {.account = account->id, .kind = "video"};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &videos, &next);
    for (size_t i = 0; i < n; i++)
        if (hib_youtube_face_video(call, videos[i]->id, viewer))
            collect_threads(call, videos[i], into);
    return true;
}

void
hib_youtube_face_threads(HibPracticeCall *call)
{
    static const char *const known[] = {"id", "snippet", "replies", NULL};
    const HibPracticeAccount *viewer = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 1);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Comment));
    if (!viewer || !hib_youtube_face_parts(call, known) || !collect_asked(call, viewer, found))
        return;
    g_array_sort(found, newest_first);
    cJSON *items = cJSON_CreateArray();
    for (guint i = 0; i < found->len; i++) {
        const Comment *one = &g_array_index(found, Comment, i);
        if (is_shown(call, one->id))
            cJSON_AddItemToArray(items, thread_json(call, one, viewer));
    }
    hib_youtube_face_list(call, "youtube#commentThreadListResponse", items, 20, 100);
}

void
hib_youtube_face_comments(HibPracticeCall *call)
{
    static const char *const known[] = {"id", "snippet", NULL};
    const HibPracticeAccount *viewer = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 1);
    const char *const *ids = hib_youtube_face_values(call, "id");
    const char *parent = hib_practice_query(call, "parentId");
    Comment one;
    if (!viewer || !hib_youtube_face_parts(call, known))
        return;
    if (!*ids == !parent) {
        hib_youtube_face_error(call, 400, "youtube.parameter", "missingRequiredParameter",
                               "No filter selected. Expected one of: id, parentId");
        return;
    }
    cJSON *items = cJSON_CreateArray();
    for (size_t i = 0; ids[i]; i++)
        if (find(call, viewer, ids[i], &one) && is_shown(call, one.id))
            cJSON_AddItemToArray(items, comment_json(call, &one, viewer));
    g_autoptr(GArray) replies = g_array_new(FALSE, FALSE, sizeof(Comment));
    if (parent)
        collect_own(call, "reply", parent, replies);
    g_array_sort(replies, newest_first);
    for (guint i = 0; i < replies->len; i++)
        cJSON_AddItemToArray(items,
                             comment_json(call, &g_array_index(replies, Comment, i), viewer));
    hib_youtube_face_list(call, "youtube#commentListResponse", items, 20, 100);
}

/* --- writing ------------------------------------------------------------------------------------------------------------------ */
static const char *
text_at(const cJSON *in, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(in, key));
}

static bool
check_text(HibPracticeCall *call, const char *text)
{
    bool is_long = text && g_utf8_strlen(text, -1) > LENGTH_MAX;
    if (text && *text && !is_long)
        return true;
    hib_youtube_face_error(call, 400, "youtube.comment",
                           is_long ? "commentTextTooLong" : "commentTextRequired",
                           "The comment resource that is being inserted is not valid.");
    return false;
}

static const HibPracticePost *
add(HibPracticeCall *call, const HibPracticeAccount *account, const char *kind, const char *parent,
    const char *video, const char *text)
{
    cJSON *extra = cJSON_CreateObject();
    const char *own = hib_youtube_face_new_id(call);
    bool is_reply = !strcmp(kind, "reply");
    cJSON_AddStringToObject(extra, "video", video);
    const HibPracticePost facts = {.id = is_reply
                                             ? hib_arena_printf(call->arena, "%s.9%s", parent, own)
                                             : hib_arena_printf(call->arena, "Ugx%s4AaABAg", own),
                                   .account = account->id,
                                   .kind = kind,
                                   .text = text,
                                   .parent = parent,
                                   .extra = hib_json_print(call->arena, extra),
                                   .at = hib_practice_now(call->face),
                                   .is_hidden = true};
    return hib_practice_post_add(call->face, &facts);
}

/* POST commentThreads begins a thread under a video, POST comments answers the first comment of one. */
void
hib_youtube_face_comment_new(HibPracticeCall *call)
{
    static const char *const known[] = {"id", "snippet", NULL};
    const HibPracticeAccount *account = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 50);
    bool is_thread = g_str_has_suffix(call->path, "/commentThreads");
    const cJSON *snippet =
        call->json.value ? cJSON_GetObjectItemCaseSensitive(call->json.value, "snippet") : NULL;
    const cJSON *words =
        is_thread ? cJSON_GetObjectItemCaseSensitive(
                        cJSON_GetObjectItemCaseSensitive(snippet, "topLevelComment"), "snippet")
                  : snippet;
    const char *text = text_at(words, "textOriginal");
    Comment parent;
    if (!account || !hib_youtube_face_parts(call, known) || !check_text(call, text))
        return;
    const HibPracticePost *post = NULL;
    if (is_thread) {
        const HibPracticePost *video =
            hib_youtube_face_video(call, text_at(snippet, "videoId"), account);
        if (!video)
            hib_youtube_face_error(call, 404, "youtube.commentThread", "videoNotFound",
                                   "The video identified by the videoId parameter could not be "
                                   "found.");
        else if (!are_off(call, video))
            post = add(call, account, "comment", video->id, video->id, text);
    } else if (!find(call, account, text_at(snippet, "parentId"), &parent) || parent.parent) {
        hib_youtube_face_error(call, 404, "youtube.comment", "parentCommentNotFound",
                               "The specified parent comment could not be found.");
    } else {
        post = add(call, account, "reply", parent.id, parent.video, text);
    }
    if (!post)
        return;
    Comment made = of_channel(call, post);
    hib_practice_json(call, 200,
                      is_thread ? thread_json(call, &made, account)
                                : comment_json(call, &made, account));
}

/* The account's own; NULL after refusing. */
static const HibPracticePost *
own_comment(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    Comment found;
    bool is_there = find(call, account, id, &found);
    if (is_there && found.own && !strcmp(found.author, account->id))
        return found.own;
    hib_youtube_face_error(call, is_there ? 403 : 404, "youtube.comment",
                           is_there ? "forbidden" : "commentNotFound",
                           is_there ? "The comment cannot be changed by this account."
                                    : "The specified comment could not be found.");
    return NULL;
}

void
hib_youtube_face_comment_update(HibPracticeCall *call)
{
    static const char *const known[] = {"id", "snippet", NULL};
    const HibPracticeAccount *account = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 50);
    if (!account || !hib_youtube_face_parts(call, known))
        return;
    const cJSON *body = call->json.value;
    const char *text = text_at(cJSON_GetObjectItemCaseSensitive(body, "snippet"), "textOriginal");
    const HibPracticePost *post =
        check_text(call, text) ? own_comment(call, account, text_at(body, "id")) : NULL;
    if (!post)
        return;
    HibPracticePost facts = *post;
    facts.text = text;
    hib_practice_post_change(call->face, &facts);
    Comment changed = of_channel(call, hib_practice_post(call->face, text_at(body, "id")));
    hib_practice_json(call, 200, comment_json(call, &changed, account));
}

void
hib_youtube_face_comment_delete(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 50);
    const HibPracticePost *post =
        account ? own_comment(call, account, hib_practice_query(call, "id")) : NULL;
    if (!post)
        return;
    hib_practice_post_delete(call->face, post->id);
    hib_practice_empty(call, 204);
}

/* The owner of a video hides what others say under it, and shows it again. */
void
hib_youtube_face_moderate(HibPracticeCall *call)
{
    static const char *const statuses[] = {"heldForReview", "published", "rejected", NULL};
    const YoutubeState *state = hib_practice_state(call->face);
    const HibPracticeAccount *account = hib_youtube_face_caller(call, YOUTUBE_SCOPE_ALL, 50);
    const char *id = hib_practice_query(call, "id");
    const char *status = hib_practice_query(call, "moderationStatus");
    Comment found;
    if (!account)
        return;
    if (!status || !g_strv_contains(statuses, status)) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", "Invalid moderationStatus");
        return;
    }
    bool is_there = find(call, account, id, &found);
    const HibPracticePost *video = is_there ? hib_practice_post(call->face, found.video) : NULL;
    if (!video || strcmp(video->account, account->id) != 0) {
        hib_youtube_face_error(call, video ? 403 : 404, "youtube.comment",
                               video ? "forbidden" : "commentNotFound",
                               "One or more of the specified comments cannot be moderated.");
        return;
    }
    if (!strcmp(status, "published"))
        g_hash_table_remove(state->moderated, id);
    else
        g_hash_table_replace(state->moderated, g_strdup(id), g_strdup(status));
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "comment", id);
    cJSON_AddStringToObject(line, "status", status);
    hib_practice_note(call->face, line);
    hib_practice_empty(call, 204);
}
