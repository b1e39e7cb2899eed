/* Finding a post whose outcome is not known: in the account's own timeline (or the conversation), by its words.
 *
 * X writes a text down differently from how it was sent: links become t.co, pictures a link at the end, & an entity, and before a reply
 * it sets the names of those it answers. Both sides are brought to the same form before they are compared. */
#include "networks/x_private.h"
#include "text/count.h"

#include <string.h>

bool
hib_x_is_id(const char *text)
{
    size_t n = text ? strspn(text, "0123456789") : 0;
    return n >= 1 && n <= 19 && !text[n];
}

HibInstant
hib_x_id_time(const char *id)
{
    if (!hib_x_is_id(id))
        return 0;
    guint64 value = g_ascii_strtoull(id, NULL, 10);
    return value >> 22 ? (HibInstant)((value >> 22) + G_GUINT64_CONSTANT(1288834974657)) * 1000 : 0;
}

/* --- words ------------------------------------------------------------------------------------------------------ */
static bool
is_own_media(HibJson url, const char *expanded)
{
    const cJSON *key = cJSON_GetObjectItemCaseSensitive(url.value, "media_key");
    return cJSON_IsString(key) || (strstr(expanded, "/status/") &&
                                   (strstr(expanded, "/photo/") || strstr(expanded, "/video/")));
}

static const char *
without_names(const char *text)
{
    while (*text == '@') {
        const char *end = text + 1;
        while (g_ascii_isalnum(*end) || *end == '_')
            end++;
        if (*end != ' ')
            break;
        text = end + 1;
    }
    return text;
}

/* A long post carries its beginning as "text", and the whole, with its own entities, apart. */
static HibJson
whole_of(HibJson post)
{
    static const char *const keys[] = {"note_tweet", "note_post"};
    HibJson note = {0};
    const char *text = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (hib_json_opt_object(post, keys[i], &note, NULL) && note.value &&
            hib_json_opt_text(note, "text", &text, NULL) && text)
            return note;
    return post;
}

const char *
hib_x_words(HibArena *arena, HibJson post, bool keep_names)
{
    post = whole_of(post);
    static const char *const entities[][2] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
    const char *text = "";
    HibJson in = {0};
    HibJson urls = {0};
    if (!hib_json_opt_text(post, "text", &text, NULL) || !text)
        return "";
    g_autoptr(GString) out = g_string_new(keep_names ? text : without_names(text));
    if (hib_json_opt_object(post, "entities", &in, NULL) && in.value &&
        hib_json_opt_array(in, "urls", &urls, NULL) && urls.value)
        for (HibJson u = hib_json_first(urls); u.value; u = hib_json_next(urls, u)) {
            const char *url = NULL;
            const char *expanded = NULL;
            if (!cJSON_IsObject(u.value) || !hib_json_opt_text(u, "url", &url, NULL) ||
                !hib_json_opt_text(u, "expanded_url", &expanded, NULL) || !url || !*url ||
                !expanded)
                continue;
            g_string_replace(out, url, is_own_media(u, expanded) ? "" : expanded, 1);
        }
    for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
        g_string_replace(out, entities[i][0], entities[i][1], 0);
    return hib_arena_strdup(arena, g_strchomp(out->str));
}

/* A link may be typed with or without its scheme and its last slash. */
static const char *
plain(HibArena *arena, const char *text)
{
    g_autoptr(GString) out = g_string_new(text);
    g_string_replace(out, "https://", "", 0);
    g_string_replace(out, "http://", "", 0);
    for (gsize i = 0; i < out->len; i++) {
        char next = out->str[i + 1];
        if (out->str[i] == '/' && (!next || g_ascii_isspace(next)))
            g_string_erase(out, (gssize)i--, 1);
    }
    return hib_arena_strdup(arena, out->str);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */
static int
count_media(HibJson post)
{
    HibJson attachments = {0};
    HibJson keys = {0};
    if (!hib_json_opt_object(post, "attachments", &attachments, NULL) || !attachments.value ||
        !hib_json_opt_array(attachments, "media_keys", &keys, NULL) || !keys.value)
        return 0;
    return (int)hib_json_count(keys);
}

/* One post of a list as hib_net_match takes it. False: it does not read, or is somebody else's. */
static bool
read_seen(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post, HibJson in,
          HibNetSeen *ret)
{
    const bool is_message = post->format == HIB_FORMAT_MESSAGE;
    const char *id = NULL;
    const char *sender = NULL;
    if (!cJSON_IsObject(in.value) || !hib_json_text(in, "id", &id, NULL) ||
        !hib_json_opt_text(in, "sender_id", &sender, NULL) ||
        (sender && strcmp(sender, grant->remote_id) != 0))
        return false;
    HibNetPublished place = hib_x_place(net->arena, grant, post, id);
    *ret = (HibNetSeen){.remote_id = place.remote_id,
                        .url = place.url,
                        .n_media = is_message ? -1 : count_media(in)};
    ret->text =
        plain(net->arena, hib_x_words(net->arena, in, !post->reply_to || *post->text == '@'));
    if (!hib_json_time(in, "created_at", &ret->at, NULL))
        ret->at = hib_x_id_time(id);
    return true;
}

static const char *
instant_text(const HibNetContext *net, HibInstant at)
{
    char text[HIB_INSTANT_TEXT];
    return hib_url_escape(net->arena, hib_instant_format(at / HIB_SECOND * HIB_SECOND, text));
}

static const char *
list_path(const HibNetContext *net, const HibGrant *grant, const HibNetSending *sending,
          HibInstant from)
{
    const HibNetPost *post = sending->post;
    if (post->format == HIB_FORMAT_MESSAGE) {
        bool is_group = g_str_has_prefix(post->recipient, X_GROUP);
        const char *name = post->recipient + (is_group ? strlen(X_GROUP) : 0);
        return hib_arena_printf(net->arena,
                                "/2/dm_conversations/%s%s/dm_events?event_types=MessageCreate&max_"
                                "results=50&dm_event.fields=id,text,created_at,entities&"
                                "expansions=sender_id",
                                is_group ? "" : "with/", hib_url_escape(net->arena, name));
    }
    const char *when = "";
    if (from)
        when = hib_arena_printf(net->arena, "&start_time=%s", instant_text(net, from));
    if (from && hib_clock_now(net->clock) > from + HIB_HOUR) /* what came since must not hide it */
        when = hib_arena_printf(net->arena, "%s&end_time=%s", when,
                                instant_text(net, from + HIB_HOUR));
    return hib_arena_printf(net->arena,
                            "/2/users/%s/tweets?max_results=100&exclude=retweets&" X_FIELDS
                            "=created_at,attachments,entities,note_tweet%s",
                            hib_url_escape(net->arena, grant->remote_id), when);
}

static HibNetResult
look(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool with_older,
     bool *ret_found, bool *ret_has_older)
{
    HibJson in = {0};
    HibJson data = {0};
    HibNetSeen seen[100];
    size_t n = 0;
    HibInstant sent_at = sending->sent_at ? sending->sent_at : sending->post->created_at;
    *ret_found = *ret_has_older = false;
    HibNetResult said = hib_x_get(
        net, grant,
        list_path(net, grant, sending, with_older ? 0 : sent_at - HIB_NET_CLOCKS_DIFFER), &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_opt_array(in, "data", &data, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of posts does not read");
    for (HibJson p = data.value ? hib_json_first(data) : data; p.value && n < G_N_ELEMENTS(seen);
         p = hib_json_next(data, p))
        n += read_seen(net, grant, sending->post, p, &seen[n]);
    HibNetPost post = *sending->post;
    post.text = plain(net->arena, sending->post->text);
    HibNetSending like = *sending;
    like.post = &post;
    int best = hib_net_match(net->arena, &like, seen, n);
    if (best >= 0) {
        *ret_found = true;
        sending->published =
            (HibNetPublished){.remote_id = seen[best].remote_id, .url = seen[best].url};
        return said;
    }
    const char *words = hib_text_fingerprint(net->arena, post.text);
    for (size_t i = 0; i < n && !*ret_has_older; i++)
        *ret_has_older = !strcmp(hib_text_fingerprint(net->arena, seen[i].text), words);
    return said;
}

HibNetResult
hib_x_look(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found,
           bool *ret_has_older)
{
    return look(net, grant, sending, true, ret_found, ret_has_older);
}

HibNetResult
hib_x_find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    bool unused;
    return look(net, grant, sending, false, ret_found, &unused);
}
