/* Somebody else's channel on YouTube: the channel, its newest uploads, their numbers; three calls of a unit each.
 *
 * Subscribers above a thousand come rounded down to three digits, for owners too; a channel may hide them, and a video its likes or comments. A closed or suspended channel is simply not listed. */
#include "networks/youtube_limits.h"
#include "networks/youtube_private.h"

#include <string.h>

/* Counts come as texts; -1: not told. */
static int64_t
count(HibJson in, const char *key)
{
    const char *text = NULL;
    if (!in.value || !hib_json_opt_text(in, key, &text, NULL) || !text || !g_ascii_isdigit(*text))
        return -1;
    return g_ascii_strtoll(text, NULL, 10);
}

static HibJson
part(HibJson in, const char *name)
{
    HibJson out = {0};
    if (in.value && cJSON_IsObject(in.value))
        (void)hib_json_opt_object(in, name, &out, NULL);
    return out;
}

static const char *
text(HibJson in, const char *key)
{
    const char *out = NULL;
    return in.value && hib_json_opt_text(in, key, &out, NULL) && out ? out : "";
}

/* --- the uploads ------------------------------------------------------------------------------------------------------------ */
static void
take_statistics(HibJson list, HibNetRival *ret)
{
    HibJson items = {0};
    if (!hib_json_opt_array(list, "items", &items, NULL) || !items.value)
        return;
    for (HibJson one = hib_json_first(items); one.value; one = hib_json_next(items, one)) {
        const HibJson is = part(one, "statistics");
        const char *id = cJSON_IsObject(one.value) ? text(one, "id") : "";
        for (size_t i = 0; i < ret->n_recent; i++)
            if (!strcmp(ret->recent[i].remote_id, id)) {
                ret->recent[i].likes = count(is, "likeCount");
                ret->recent[i].replies = count(is, "commentCount");
            }
    }
}

static HibNetResult
read_statistics(const HibNetContext *net, const HibGrant *grant, HibNetRival *ret)
{
    HibJson list = {0};
    g_autoptr(GString) ids = g_string_new(NULL);
    for (size_t i = 0; i < ret->n_recent; i++)
        g_string_append_printf(ids, "%s%s", i ? "," : "", ret->recent[i].remote_id);
    if (!ids->len)
        return hib_net_say(HIB_NET_OK, "", "");
    HibNetResult said = hib_youtube_get(
        net, grant,
        hib_arena_printf(net->arena, "/youtube/v3/videos?part=statistics&maxResults=50&id=%s",
                         ids->str),
        &list);
    if (said.class == HIB_NET_OK)
        take_statistics(list, ret);
    return said;
}

static void
take_uploads(HibJson list, HibNetRival *ret)
{
    HibJson items = {0};
    if (!hib_json_opt_array(list, "items", &items, NULL) || !items.value)
        return;
    for (HibJson one = hib_json_first(items); one.value; one = hib_json_next(items, one)) {
        const HibJson is = part(one, "contentDetails");
        HibInstant at = 0;
        const char *id = text(is, "videoId");
        if (!hib_youtube_is_video(id) || !hib_youtube_is_id(id) ||
            !hib_json_time(is, "videoPublishedAt", &at, NULL))
            continue; /* not public any more */
        ret->since = ret->since ? MIN(ret->since, at) : at;
        hib_net_rival_add(ret, (HibNetRivalPost){.remote_id = id,
                                                 .at = at,
                                                 .likes = -1,
                                                 .reposts = -1,
                                                 .replies = -1,
                                                 .quotes = -1});
    }
}

static HibNetResult
read_uploads(const HibNetContext *net, const HibGrant *grant, const char *playlist,
             HibNetRival *ret)
{
    HibJson list = {0};
    HibNetResult said = hib_youtube_get(
        net, grant,
        hib_arena_printf(net->arena,
                         "/youtube/v3/playlistItems?part=contentDetails&"
                         "maxResults=%d&playlistId=%s",
                         youtube_limits.rival->posts, hib_url_escape(net->arena, playlist)),
        &list);
    if (said.http_status == 404) /* a channel without a video has no list either */
        return hib_net_say(HIB_NET_OK, "", "");
    if (said.http_status == 403 && !strcmp(said.code, "playlistItemsNotAccessible")) {
        ret->state = HIB_RIVAL_PRIVATE;
        return hib_net_say(HIB_NET_OK, "", said.message);
    }
    if (said.class != HIB_NET_OK)
        return said;
    take_uploads(list, ret);
    if (!*text(list, "nextPageToken"))
        ret->since = 0;
    return read_statistics(net, grant, ret);
}

/* --- the channel -------------------------------------------------------------------------------------------------------------- */
/* "@name" as people read it, without the @; a channel without one by its id. */
static const char *
handle_of(HibJson snippet, const char *id)
{
    const char *url = text(snippet, "customUrl");
    url += *url == '@';
    return *url ? url : id;
}

HibNetResult
hib_youtube_read_rival(const HibNetContext *net, const HibGrant *grant, const char *who,
                       HibInstant from G_GNUC_UNUSED, HibNetRival *ret)
{
    HibJson list = {0};
    *ret = hib_net_rival(net->arena);
    HibNetResult said = hib_youtube_get(
        net, grant,
        hib_arena_printf(net->arena,
                         "/youtube/v3/channels?part=snippet,statistics,"
                         "contentDetails&%s=%s",
                         *who == '@' ? "forHandle" : "id", hib_url_escape(net->arena, who)),
        &list);
    if (said.class != HIB_NET_OK)
        return said;
    const HibJson channel = hib_youtube_first(list);
    if (!channel.value) {
        ret->state = HIB_RIVAL_UNKNOWN;
        return said;
    }
    const HibJson snippet = part(channel, "snippet"), is = part(channel, "statistics");
    const char *id = text(channel, "id");
    const char *playlist =
        text(part(part(channel, "contentDetails"), "relatedPlaylists"), "uploads");
    if (!*id || !snippet.value || !is.value)
        return hib_net_nonsense(said, HIB_CALL_READ, "the channel does not read");
    ret->remote_id = id;
    ret->handle = handle_of(snippet, id);
    ret->name = text(snippet, "title");
    ret->url = hib_arena_printf(net->arena, "https://www.youtube.com/channel/%s", id);
    (void)hib_json_opt_bool(is, "hiddenSubscriberCount", &ret->hides_followers, NULL);
    ret->followers = ret->hides_followers ? -1 : count(is, "subscriberCount");
    ret->posts = count(is, "videoCount");
    return *playlist ? read_uploads(net, grant, playlist, ret) : said;
}
