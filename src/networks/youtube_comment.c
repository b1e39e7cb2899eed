/* Comments: under a video, or an answer to a comment. Answers stand under the first comment of their thread only, so an answer to an answer
 * goes to that one. YouTube has no key for them: a lost answer is settled by looking for the words. */
#include "networks/youtube_private.h"

#include <string.h>

/* "Ugx….9abc" is an answer under "Ugx…". */
static const char *
thread_of(HibArena *arena, const char *comment)
{
    const char *dot = strchr(comment, '.');
    return dot ? hib_arena_strndup(arena, comment, (size_t)(dot - comment)) : comment;
}

static HibNetPublished
place(HibArena *arena, const HibNetPost *post, const char *id)
{
    const char *video = hib_youtube_is_video(post->reply_to) ? post->reply_to
                        : post->reply_root && hib_youtube_is_video(post->reply_root)
                            ? post->reply_root
                            : NULL;
    return (HibNetPublished){
        .remote_id = id,
        .url = video
                   ? hib_arena_printf(arena, "https://www.youtube.com/watch?v=%s&lc=%s", video, id)
                   : ""};
}

HibNetResult
hib_youtube_comment(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const HibNetPost *post = sending->post;
    const bool is_first = hib_youtube_is_video(post->reply_to);
    HibJson in = {0};
    const char *id = NULL;
    cJSON *body = cJSON_CreateObject();
    cJSON *snippet = cJSON_AddObjectToObject(body, "snippet");
    cJSON *words = snippet;
    if (is_first) {
        cJSON_AddStringToObject(snippet, "videoId", post->reply_to);
        words =
            cJSON_AddObjectToObject(cJSON_AddObjectToObject(snippet, "topLevelComment"), "snippet");
    } else {
        cJSON_AddStringToObject(snippet, "parentId", thread_of(net->arena, post->reply_to));
    }
    cJSON_AddStringToObject(words, "textOriginal", post->text);
    HibNetResult said = hib_youtube_send(net, grant, HIB_CALL_EFFECT, "POST",
                                         is_first ? "/youtube/v3/commentThreads?part=snippet"
                                                  : "/youtube/v3/comments?part=snippet",
                                         body, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "id", &id, NULL) || !hib_youtube_is_id(id))
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "YouTube did not say where the comment is");
    sending->published = place(net->arena, post, id);
    sending->is_done = true;
    return said;
}

/* --- finding -------------------------------------------------------------------------------------------------------- */
static bool
read_seen(const HibGrant *grant, HibJson item, bool is_thread, HibNetSeen *ret)
{
    HibJson snippet = {0};
    HibJson author = {0};
    HibJson comment = item;
    const char *who = NULL;
    const char *id = NULL;
    if (!cJSON_IsObject(item.value) || !hib_json_object(item, "snippet", &snippet, NULL) ||
        (is_thread && (!hib_json_object(snippet, "topLevelComment", &comment, NULL) ||
                       !hib_json_object(comment, "snippet", &snippet, NULL))))
        return false;
    *ret = (HibNetSeen){.url = "", .text = "", .n_media = -1};
    if (!hib_json_text(comment, "id", &id, NULL) || !hib_youtube_is_id(id) ||
        !hib_json_object(snippet, "authorChannelId", &author, NULL) ||
        !hib_json_text(author, "value", &who, NULL) || strcmp(who, grant->remote_id) != 0)
        return false;
    ret->remote_id = id;
    if (!hib_json_opt_text(snippet, "textOriginal", &ret->text, NULL) || !*ret->text)
        (void)hib_json_opt_text(snippet, "textDisplay", &ret->text, NULL);
    (void)hib_json_time(snippet, "publishedAt", &ret->at, NULL);
    return true;
}

HibNetResult
hib_youtube_find_comment(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                         bool *ret_found)
{
    const HibNetPost *post = sending->post;
    const bool is_first = hib_youtube_is_video(post->reply_to);
    HibJson in = {0};
    HibJson items = {0};
    HibNetSeen seen[100];
    size_t n = 0;
    *ret_found = false;
    HibNetResult said = hib_youtube_get(
        net, grant,
        hib_arena_printf(net->arena,
                         is_first ? "/youtube/v3/commentThreads?part=snippet&maxResults=100&order="
                                    "time&textFormat=plainText&videoId=%s"
                                  : "/youtube/v3/comments?part=snippet&maxResults=100&textFormat="
                                    "plainText&parentId=%s",
                         thread_of(net->arena, post->reply_to)),
        &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_array(in, "items", &items, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of comments does not read");
    for (HibJson i = items.value ? hib_json_first(items) : items; i.value && n < G_N_ELEMENTS(seen);
         i = hib_json_next(items, i))
        n += read_seen(grant, i, is_first, &seen[n]);
    int best = hib_net_match(net->arena, sending, seen, n);
    *ret_found = best >= 0;
    if (best >= 0)
        sending->published = place(net->arena, post, seen[best].remote_id);
    return said;
}

/* --- changing ------------------------------------------------------------------------------------------------------- */
/* YouTube replaces the whole snippet, so what is not changed is read first and sent along. */
static HibNetResult
edit_video(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
           const HibNetPost *post)
{
    HibJson in = {0};
    HibJson snippet = {0};
    HibNetResult said = hib_youtube_get(
        net, grant,
        hib_arena_printf(net->arena, "/youtube/v3/videos?part=snippet&id=%s", remote_id), &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibJson video = hib_youtube_first(in);
    if (!video.value || !hib_json_object(video, "snippet", &snippet, NULL))
        return hib_net_say(HIB_NET_FATAL, "videoNotFound", "the video is not there any more");
    static const char *const kept[] = {"categoryId", "tags", "defaultLanguage",
                                       "defaultAudioLanguage", "title"};
    g_autoptr(cJSON) wanted = hib_youtube_video(net->arena, post);
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(wanted, "snippet");
    cJSON *body = cJSON_CreateObject();
    cJSON *out = cJSON_AddObjectToObject(body, "snippet");
    cJSON_AddStringToObject(body, "id", remote_id);
    cJSON_AddStringToObject(out, "description", post->text);
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        const cJSON *now = cJSON_GetObjectItemCaseSensitive(snippet.value, kept[i]);
        bool is_given = !strcmp(kept[i], "title")  ? post->title && *post->title
                        : !strcmp(kept[i], "tags") ? cJSON_HasObjectItem(given, "tags")
                                                   : false;
        const cJSON *value = is_given ? cJSON_GetObjectItemCaseSensitive(given, kept[i]) : now;
        if (value)
            cJSON_AddItemToObject(out, kept[i], cJSON_Duplicate(value, true));
    }
    return hib_youtube_send(net, grant, HIB_CALL_EFFECT, "PUT", "/youtube/v3/videos?part=snippet",
                            body, &in);
}

HibNetResult
hib_youtube_edit(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
                 const HibNetPost *post, HibNetPublished *ret)
{
    HibJson in = {0};
    HibNetResult said;
    if (!hib_youtube_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "this is nothing of YouTube");
    if (hib_youtube_is_video(remote_id)) {
        said = edit_video(net, grant, remote_id, post);
        *ret = (HibNetPublished){
            .remote_id = remote_id,
            .url = hib_arena_printf(net->arena, "https://www.youtube.com/watch?v=%s", remote_id)};
        return said;
    }
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "id", remote_id);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(body, "snippet"), "textOriginal", post->text);
    said = hib_youtube_send(net, grant, HIB_CALL_EFFECT, "PUT", "/youtube/v3/comments?part=snippet",
                            body, &in);
    *ret = (HibNetPublished){.remote_id = remote_id, .url = ""};
    return said;
}
