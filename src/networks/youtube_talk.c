/* Comments under all videos of the channel, newest threads first, with their answers.
 *
 * YouTube lists threads by when they began, so a new answer in an old thread does not come to the top. The newest hundred threads are
 * therefore looked through whole each time, and further pages only as far as threads are new. The cursor is the time of the newest one
 * read; its second is read again, because YouTube's times have no finer steps: a comment seen twice has the same id. */
#include "networks/youtube_private.h"

#include <string.h>

#define MAX_PAGES 5
#define MAX_ANSWER_CALLS 20
#define FIRST_DAYS 7

typedef struct {
    const HibNetContext *net;
    const HibGrant *grant;
    HibInstant from, newest;
    GArray *found; /* HibNetTalk */
    int answer_calls;
} Reading;

static bool
read_comment(const Reading *in, HibJson comment, const char *video, HibNetTalk *ret)
{
    HibArena *arena = in->net->arena;
    HibJson snippet = {0};
    HibJson author = {0};
    const char *id = NULL;
    const char *who = "";
    if (!cJSON_IsObject(comment.value) || !hib_json_text(comment, "id", &id, NULL) ||
        !hib_youtube_is_id(id) || !hib_json_object(comment, "snippet", &snippet, NULL))
        return false;
    *ret = (HibNetTalk){.kind = HIB_TALK_COMMENT,
                        .remote_id = id,
                        .text = "",
                        .post_id = video,
                        .author_handle = "",
                        .author_name = ""};
    if (!hib_json_time(snippet, "publishedAt", &ret->at, NULL))
        return false;
    if (!hib_json_opt_text(snippet, "textOriginal", &ret->text, NULL) || !*ret->text)
        (void)hib_json_opt_text(snippet, "textDisplay", &ret->text, NULL);
    if (!ret->post_id)
        (void)hib_json_opt_text(snippet, "videoId", &ret->post_id, NULL);
    (void)hib_json_opt_text(snippet, "parentId", &ret->parent_id, NULL);
    (void)hib_json_opt_text(snippet, "authorDisplayName", &ret->author_name, NULL);
    if (hib_json_opt_object(snippet, "authorChannelId", &author, NULL) && author.value)
        (void)hib_json_opt_text(author, "value", &who, NULL);
    ret->author_id = who;
    ret->author_handle = *ret->author_name == '@' ? ret->author_name : "";
    ret->is_own = !strcmp(who, in->grant->remote_id);
    ret->url = ret->post_id ? hib_arena_printf(arena, "https://www.youtube.com/watch?v=%s&lc=%s",
                                               ret->post_id, id)
                            : "";
    return true;
}

static void
take(Reading *in, const HibNetTalk *talk)
{
    if (talk->at < in->from)
        return;
    in->newest = MAX(in->newest, talk->at);
    g_array_append_val(in->found, *talk);
}

static void
take_list(Reading *in, HibJson comments, const char *video)
{
    for (HibJson c = comments.value ? hib_json_first(comments) : comments; c.value;
         c = hib_json_next(comments, c)) {
        HibNetTalk talk;
        if (read_comment(in, c, video, &talk))
            take(in, &talk);
    }
}

/* A thread carries its last five answers; where it has more, they are asked for. */
static HibNetResult
take_answers(Reading *in, HibJson thread, HibJson snippet, const char *video)
{
    HibJson replies = {0};
    HibJson comments = {0};
    HibJson all = {0};
    HibJson items = {0};
    const char *id = NULL;
    int64_t total = 0;
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    (void)hib_json_opt_int(snippet, "totalReplyCount", &total, NULL);
    if (hib_json_opt_object(thread, "replies", &replies, NULL) && replies.value)
        (void)hib_json_opt_array(replies, "comments", &comments, NULL);
    size_t n = comments.value ? hib_json_count(comments) : 0;
    if (total <= (int64_t)n || in->answer_calls >= MAX_ANSWER_CALLS ||
        !hib_json_text(thread, "id", &id, NULL) || !hib_youtube_is_id(id)) {
        take_list(in, comments, video);
        return said;
    }
    in->answer_calls++;
    said = hib_youtube_get(in->net, in->grant,
                           hib_arena_printf(in->net->arena,
                                            "/youtube/v3/comments?part=snippet&maxResults=100&"
                                            "textFormat=plainText&parentId=%s",
                                            id),
                           &all);
    if (said.class == HIB_NET_OK && hib_json_opt_array(all, "items", &items, NULL))
        take_list(in, items, video);
    return said;
}

/* *ret_oldest: when the page's oldest thread began. */
static HibNetResult
take_page(Reading *in, HibJson page, HibInstant *ret_oldest)
{
    HibJson items = {0};
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    *ret_oldest = HIB_NEVER;
    if (!hib_json_opt_array(page, "items", &items, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of comments does not read");
    for (HibJson t = items.value ? hib_json_first(items) : items; t.value;
         t = hib_json_next(items, t)) {
        HibJson snippet = {0};
        HibJson first = {0};
        HibNetTalk talk;
        const char *video = NULL;
        if (!cJSON_IsObject(t.value) || !hib_json_object(t, "snippet", &snippet, NULL) ||
            !hib_json_object(snippet, "topLevelComment", &first, NULL))
            continue;
        (void)hib_json_opt_text(snippet, "videoId", &video, NULL);
        if (!read_comment(in, first, video, &talk))
            continue;
        *ret_oldest = MIN(*ret_oldest, talk.at);
        take(in, &talk);
        said = take_answers(in, t, snippet, video);
        if (said.class != HIB_NET_OK)
            return said;
    }
    return said;
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
    const HibNetTalk *x = a;
    const HibNetTalk *y = b;
    return x->at < y->at ? -1 : x->at > y->at ? 1 : strcmp(x->remote_id, y->remote_id);
}

HibNetResult
hib_youtube_read_talk(const HibNetContext *net, const HibGrant *grant, const char *const *posts,
                      const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibNetTalk));
    char text[HIB_INSTANT_TEXT];
    Reading in = {.net = net, .grant = grant, .found = found};
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    const char *page = NULL;
    if (!cursor || !hib_instant_parse(cursor, &in.from))
        in.from = hib_clock_now(net->clock) - FIRST_DAYS * HIB_DAY;
    in.newest = in.from;
    for (int i = 0; i < MAX_PAGES; i++) {
        HibJson root = {0};
        HibInstant oldest = 0;
        said = hib_youtube_get(
            net, grant,
            hib_arena_printf(net->arena,
                             "/youtube/v3/commentThreads?part=snippet,replies&order=time&"
                             "maxResults=100&textFormat=plainText&allThreadsRelatedToChannelId=%s"
                             "%s%s",
                             hib_url_escape(net->arena, grant->remote_id),
                             page ? "&pageToken=" : "",
                             page ? hib_url_escape(net->arena, page) : ""),
            &root);
        if (said.class == HIB_NET_OK)
            said = take_page(&in, root, &oldest);
        if (said.class != HIB_NET_OK)
            return said;
        page = NULL;
        (void)hib_json_opt_text(root, "nextPageToken", &page, NULL);
        if (!page || oldest < in.from)
            break;
    }
    g_array_sort(found, by_time);
    *ret = hib_arena_array(net->arena, HibNetTalk, found->len + 1);
    if (found->len)
        memcpy(*ret, found->data, found->len * sizeof(HibNetTalk));
    *ret_n = found->len;
    *ret_cursor = hib_arena_strdup(net->arena, hib_instant_format(in.newest, text));
    return said;
}
