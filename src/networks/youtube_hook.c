/* YouTube's notices of new and changed videos: WebSub, an Atom feed from Google's hub.
 *
 * The hub proves itself with an HMAC under the secret that was typed when subscribing: our own word, shown beside the address, or the app's
 * secret. A subscription without one is refused, since anybody could send us such a feed. The same notice again has the same id: the video and when it was changed. */
#include "networks/youtube_private.h"

#include <string.h>

#define MAX_EVENTS 50
#define TOPIC "/feeds/videos.xml?channel_id="

static bool
is_signed(const HibNetHookCall *call, const char *secret)
{
    static const struct {
        const char *name;
        GChecksumType type;
    } kinds[] = {{"sha1=", G_CHECKSUM_SHA1}, {"sha256=", G_CHECKSUM_SHA256}};
    const char *given = call->header(call->data, "x-hub-signature");
    for (size_t i = 0; given && secret && *secret && i < G_N_ELEMENTS(kinds); i++) {
        if (!g_str_has_prefix(given, kinds[i].name))
            continue;
        g_autofree char *wanted =
            g_compute_hmac_for_data(kinds[i].type, (const guchar *)secret, strlen(secret),
                                    (const guchar *)call->body, call->n_body);
        return hib_net_same(given + strlen(kinds[i].name), wanted);
    }
    return false;
}

/* The hub asks whether we meant it: only for a channel's feed, and only with our word where it says one (it was typed or not). */
static bool
answer_challenge(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    g_autoptr(GHashTable) query =
        g_uri_parse_params(call->query ? call->query : "", -1, "&", G_URI_PARAMS_NONE, NULL);
    const char *mode = query ? g_hash_table_lookup(query, "hub.mode") : NULL;
    const char *topic = query ? g_hash_table_lookup(query, "hub.topic") : NULL;
    const char *challenge = query ? g_hash_table_lookup(query, "hub.challenge") : NULL;
    const char *word = query ? g_hash_table_lookup(query, "hub.verify_token") : NULL;
    if (!mode || !topic || !challenge || strlen(challenge) > 1024)
        return false;
    bool is_ours = g_str_has_prefix(topic, "https://www.youtube.com/") && strstr(topic, TOPIC) &&
                   (!strcmp(mode, "subscribe") || !strcmp(mode, "unsubscribe"));
    bool is_meant = !word || !call->verify_token || !*call->verify_token ||
                    hib_net_same(word, call->verify_token);
    ret->is_refused = !is_ours || !is_meant;
    if (!ret->is_refused) {
        ret->reply = hib_arena_strdup(arena, challenge);
        ret->reply_type = "text/plain";
    }
    return true;
}

/* --- the feed ----------------------------------------------------------------------------------------------------- */
typedef struct {
    HibArena *arena;
    HibNetHookAnswer *answer;
    HibInstant now;
    GString *text;                              /* of the element that is open */
    const char *video, *channel, *updated, *is; /* of the entry that is open; is NULL: none */
    int depth;
} Feed;

static void
open_element(GMarkupParseContext *context, const char *name, const char **keys, const char **values,
             gpointer data, GError **error)
{
    Feed *feed = data;
    g_string_truncate(feed->text, 0);
    if (++feed->depth > 16) {
        g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE, "too deep");
        return;
    }
    if (!strcmp(name, "entry")) {
        feed->is = "publish";
        feed->video = feed->channel = feed->updated = NULL;
    } else if (!strcmp(name, "at:deleted-entry")) {
        feed->is = "other";
        feed->video = feed->channel = feed->updated = NULL;
        for (size_t i = 0; keys[i]; i++) {
            const char *value = hib_arena_strdup(feed->arena, values[i]);
            if (!strcmp(keys[i], "ref") && g_str_has_prefix(value, "yt:video:"))
                feed->video = value + strlen("yt:video:");
            if (!strcmp(keys[i], "when"))
                feed->updated = value;
        }
    }
}

static void
add_text(GMarkupParseContext *context, const char *text, gsize n, gpointer data, GError **error)
{
    Feed *feed = data;
    if (feed->text->len + n <= 1000)
        g_string_append_len(feed->text, text, (gssize)n);
}

static void
end_entry(Feed *feed)
{
    HibNetHookAnswer *answer = feed->answer;
    HibInstant at = feed->now;
    if (!feed->video || !hib_youtube_is_video(feed->video) || answer->n_events >= MAX_EVENTS)
        return;
    if (feed->updated)
        (void)hib_instant_parse(feed->updated, &at);
    answer->events[answer->n_events++] =
        (HibNetHookEvent){.id = hib_arena_printf(feed->arena, "%s %s %s", feed->is, feed->video,
                                                 feed->updated ? feed->updated : ""),
                          .kind = feed->is,
                          .account = feed->channel,
                          .remote_id = feed->video,
                          .at = at};
}

static void
close_element(GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
    Feed *feed = data;
    const char *text = hib_arena_strdup(feed->arena, g_strstrip(feed->text->str));
    feed->depth--;
    if (feed->is && !strcmp(name, "yt:videoId"))
        feed->video = text;
    else if (feed->is && !strcmp(name, "yt:channelId") && hib_youtube_is_id(text))
        feed->channel = text;
    else if (feed->is && !strcmp(name, "uri") && strstr(text, "/channel/")) /* of a deleted one */
        feed->channel = hib_youtube_is_id(strrchr(text, '/') + 1) ? strrchr(text, '/') + 1 : NULL;
    else if (feed->is && !strcmp(name, "updated"))
        feed->updated = text;
    else if (!strcmp(name, "entry") || !strcmp(name, "at:deleted-entry")) {
        end_entry(feed);
        feed->is = NULL;
    }
    g_string_truncate(feed->text, 0);
}

static bool
read_feed(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    static const GMarkupParser parser = {
        .start_element = open_element, .end_element = close_element, .text = add_text};
    g_autoptr(GString) text = g_string_new(NULL);
    Feed feed = {.arena = arena, .answer = ret, .now = call->now, .text = text};
    ret->events = hib_arena_array(arena, HibNetHookEvent, MAX_EVENTS);
    if (!g_utf8_validate(call->body, (gssize)call->n_body, NULL))
        return false;
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &feed, NULL);
    bool is_read = g_markup_parse_context_parse(context, call->body, (gssize)call->n_body, NULL) &&
                   g_markup_parse_context_end_parse(context, NULL);
    if (!is_read)
        ret->n_events = 0;
    return is_read;
}

bool
hib_youtube_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    *ret = (HibNetHookAnswer){0};
    if (!strcmp(call->method, "GET"))
        return answer_challenge(arena, call, ret);
    if (!is_signed(call, call->verify_token) && !is_signed(call, call->secret)) {
        ret->is_refused = true;
        return true;
    }
    return read_feed(arena, call, ret);
}
