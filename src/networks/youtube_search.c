/* Videos with a hashtag. search.list has a quota of its own (rules/networks/youtube.json), so one page is read. It finds more than was asked for and
 * shortens descriptions: taken is only what shows the hashtag in its title or the beginning of its description. */
#include "networks/youtube_limits.h"
#include "networks/youtube_private.h"

#include <string.h>

#define FIRST_DAYS 7

/* "#tag" in the words, as people write it. */
static bool
has_tag(const char *words, const char *tag)
{
    g_autofree char *text = g_utf8_casefold(words, -1), *plain = g_utf8_casefold(tag, -1);
    g_autofree char *wanted = g_strconcat("#", plain, NULL);
    return strstr(text, wanted) != NULL;
}

static bool
read_video(const HibNetContext *net, const HibGrant *grant, HibJson item, HibNetTalk *ret)
{
    HibJson id = {0}, snippet = {0}, thumbnails = {0}, high = {0};
    const char *video = NULL, *title = "", *words = "";
    if (!cJSON_IsObject(item.value) || !hib_json_object(item, "id", &id, NULL) ||
        !hib_json_text(id, "videoId", &video, NULL) || !hib_youtube_is_id(video) ||
        !hib_json_object(item, "snippet", &snippet, NULL))
        return false;
    *ret = (HibNetTalk){
        .kind = HIB_TALK_MENTION,
        .remote_id = video,
        .author_id = "",
        .author_handle = "",
        .author_name = "",
        .url = hib_arena_printf(net->arena, "https://www.youtube.com/watch?v=%s", video)};
    if (!hib_json_time(snippet, "publishedAt", &ret->at, NULL))
        return false;
    (void)hib_json_opt_text(snippet, "title", &title, NULL);
    (void)hib_json_opt_text(snippet, "description", &words, NULL);
    (void)hib_json_opt_text(snippet, "channelId", &ret->author_id, NULL);
    (void)hib_json_opt_text(snippet, "channelTitle", &ret->author_name, NULL);
    ret->text = hib_arena_printf(net->arena, "%s\n%s", title ? title : "", words ? words : "");
    ret->is_own = !g_strcmp0(ret->author_id, grant->remote_id);
    HibNetAttachment *one = hib_arena_array(net->arena, HibNetAttachment, 1);
    *one = (HibNetAttachment){.kind = HIB_ATTACH_VIDEO, .url = ret->url, .title = title};
    if (hib_json_opt_object(snippet, "thumbnails", &thumbnails, NULL) && thumbnails.value &&
        hib_json_opt_object(thumbnails, "high", &high, NULL) && high.value)
        (void)hib_json_opt_text(high, "url", &one->preview_url, NULL);
    ret->attachments = one;
    ret->n_attachments = 1;
    return true;
}

HibNetResult
hib_youtube_search_tag(const HibNetContext *net, const HibGrant *grant, const char *tag,
                       const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    HibInstant from, newest;
    char text[HIB_INSTANT_TEXT];
    HibJson in, items = {0};
    size_t kept = 0;
    if (!cursor || !hib_instant_parse(cursor, &from))
        from = hib_clock_now(net->clock) - FIRST_DAYS * HIB_DAY;
    const char *path = hib_arena_printf(
        net->arena,
        "/youtube/v3/"
        "search?part=snippet&type=video&order=date&maxResults=%d&q=%%23%s&publishedAfter=%s",
        youtube_limits.search->posts, hib_url_escape(net->arena, tag),
        hib_url_escape(net->arena, hib_instant_format(from, text)));
    HibNetResult said = hib_youtube_get(net, grant, path, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_array(in, "items", &items, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of videos does not read");
    size_t n = items.value ? hib_json_count(items) : 0;
    HibNetTalk *rows = hib_arena_array(net->arena, HibNetTalk, n + 1);
    newest = from;
    for (HibJson one = items.value ? hib_json_first(items) : items; one.value;
         one = hib_json_next(items, one))
        if (read_video(net, grant, one, &rows[kept])) {
            newest = MAX(newest, rows[kept].at);
            kept += has_tag(rows[kept].text, tag);
        }
    for (size_t i = 0; i < kept / 2; i++) { /* oldest first */
        HibNetTalk swap = rows[i];
        rows[i] = rows[kept - 1 - i];
        rows[kept - 1 - i] = swap;
    }
    *ret = rows;
    *ret_n = kept;
    *ret_cursor = hib_arena_strdup(net->arena, hib_instant_format(newest, text));
    return said;
}
