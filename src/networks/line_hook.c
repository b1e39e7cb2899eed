/* What LINE sends: messages, friends won and lost, messages taken back, buttons pressed.
 *
 * The signature is over the body alone and has no time in it, so a copy sent again passes; it carries the same webhookEventId, and
 * an event whose id is known does nothing. LINE itself repeats (isRedelivery) with the same id. */
#include "networks/line_private.h"

#include <string.h>

#define EVENTS_AT_MOST 1000

static const char *
text_of(HibJson in, const char *key)
{
    const char *text = NULL;
    (void)hib_json_opt_text(in, key, &text, NULL);
    return text;
}

static HibJson
object_of(HibJson in, const char *key)
{
    HibJson out = {0};
    if (!hib_json_opt_object(in, key, &out, NULL))
        out.value = NULL;
    return out;
}

/* A sticker says what was written on it, else what LINE calls it. */
static const char *
sticker_words(HibArena *arena, HibJson message)
{
    HibJson list = {0};
    const char *text = text_of(message, "text");
    if (text || !hib_json_opt_array(message, "keywords", &list, NULL) || !list.value)
        return text;
    g_autoptr(GString) out = g_string_new("");
    for (const cJSON *one = list.value->child; one; one = one->next)
        if (cJSON_IsString(one) && *one->valuestring)
            g_string_append_printf(out, "%s%s", out->len ? ", " : "", one->valuestring);
    return out->len ? hib_arena_strdup(arena, out->str) : NULL;
}

/* What is shown where somebody sent no text: a sign, and what words there are. */
static const char *
spoken(HibArena *arena, HibJson message, const char *type)
{
    static const struct {
        const char *type, *sign, *words;
    } kinds[] = {{"image", "🖼", NULL},      {"video", "🎬", NULL},
                 {"audio", "🎙", NULL},      {"file", "📎", "fileName"},
                 {"location", "📍", "address"}, {"sticker", "🙂", NULL}};
    if (g_str_equal(type, "text"))
        return text_of(message, "text");
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(type, kinds[i].type)) {
            const char *words = kinds[i].words                 ? text_of(message, kinds[i].words)
                                : g_str_equal(type, "sticker") ? sticker_words(arena, message)
                                                               : NULL;
            return words ? hib_arena_printf(arena, "%s %s", kinds[i].sign, words) : kinds[i].sign;
        }
    return NULL;
}

/* What came with it. Pictures and files lie at LINE under the message's id while LINE keeps them; those the sender's own server has, at their address; a sticker's picture, where its shop has it. */
static void
read_attachment(HibArena *arena, HibJson message, const char *type, HibNetTalk *talk)
{
    static const char *const types[] = {"image", "video", "audio", "file", "sticker", "location"};
    static const HibNetAttachKind kinds[] = {HIB_ATTACH_IMAGE,   HIB_ATTACH_VIDEO,
                                             HIB_ATTACH_AUDIO,   HIB_ATTACH_FILE,
                                             HIB_ATTACH_STICKER, HIB_ATTACH_LOCATION};
    HibJson provider = object_of(message, "contentProvider");
    size_t i = 0;
    while (i < G_N_ELEMENTS(types) && !g_str_equal(type, types[i]))
        i++;
    if (i == G_N_ELEMENTS(types))
        return;
    HibNetAttachment *one = hib_arena_new0(arena, HibNetAttachment);
    one->kind = kinds[i];
    one->title = one->kind == HIB_ATTACH_STICKER
                     ? sticker_words(arena, message)
                     : text_of(message, one->kind == HIB_ATTACH_FILE ? "fileName" : "title");
    one->address = text_of(message, "address");
    if (provider.value) {
        one->url = text_of(provider, "originalContentUrl");
        one->preview_url = text_of(provider, "previewImageUrl");
    }
    if (one->kind <= HIB_ATTACH_FILE && !one->url)
        one->content_id = talk->remote_id;
    const char *sticker = one->kind == HIB_ATTACH_STICKER ? text_of(message, "stickerId") : NULL;
    if (sticker && hib_line_is_sticker(sticker))
        one->content_id = hib_arena_printf(arena, LINE_STICKER "%s", sticker);
    const cJSON *latitude = cJSON_GetObjectItemCaseSensitive(message.value, "latitude");
    const cJSON *longitude = cJSON_GetObjectItemCaseSensitive(message.value, "longitude");
    one->has_place = cJSON_IsNumber(latitude) && cJSON_IsNumber(longitude);
    if (one->has_place) {
        one->latitude = latitude->valuedouble;
        one->longitude = longitude->valuedouble;
    }
    talk->attachments = one;
    talk->n_attachments = 1;
}

/* Who said it and where: the user, and the group or room if it was in one. */
static void
read_source(HibJson event, HibNetTalk *talk)
{
    HibJson source = object_of(event, "source");
    if (!source.value)
        return;
    const char *group = text_of(source, "groupId");
    const char *room = text_of(source, "roomId");
    talk->author_id = text_of(source, "userId");
    talk->conversation = group ? group : room ? room : talk->author_id;
}

static void
read_message(HibArena *arena, HibJson event, HibNetHookEvent *out)
{
    HibJson message = object_of(event, "message");
    if (!message.value)
        return;
    const char *type = text_of(message, "type");
    HibJson provider = object_of(message, "contentProvider");
    out->talk.remote_id = text_of(message, "id");
    out->talk.text = type ? spoken(arena, message, type) : NULL;
    out->talk.parent_id = text_of(message, "quotedMessageId");
    if (provider.value)
        out->talk.url = text_of(provider, "originalContentUrl");
    if (type)
        read_attachment(arena, message, type, &out->talk);
    if (out->talk.remote_id)
        out->kind = "talk";
    if (!out->talk.text)
        out->talk.text = "";
}

static void
read_kind(HibArena *arena, HibJson event, const char *type, HibNetHookEvent *out)
{
    const char *token = text_of(event, "replyToken");
    const char *mode = text_of(event, "mode");
    read_source(event, &out->talk);
    if (token && mode && g_str_equal(mode, "active")) /* on standby another service answers */
        out->talk.reply_token =
            hib_arena_printf(arena, "%s@%" G_GINT64_FORMAT, token, out->at / HIB_MILLISECOND);
    if (g_str_equal(type, "message")) {
        read_message(arena, event, out);
    } else if (g_str_equal(type, "unsend")) {
        HibJson unsend = object_of(event, "unsend");
        out->talk.remote_id = unsend.value ? text_of(unsend, "messageId") : NULL;
        out->talk.is_deleted = true;
        out->talk.text = "";
        out->kind = out->talk.remote_id ? "talk" : "other";
    } else if (g_str_equal(type, "postback")) {
        HibJson postback = object_of(event, "postback");
        const char *data = postback.value ? text_of(postback, "data") : NULL;
        out->talk.remote_id = out->id;
        out->talk.text = hib_arena_printf(arena, "▶ %s", data ? data : "");
        out->kind = "talk";
    } else if (g_str_equal(type, "follow") || g_str_equal(type, "unfollow")) {
        out->kind = g_str_equal(type, "follow") ? "follow" : "unfollow";
        out->remote_id = out->talk.author_id;
    }
}

static bool
read_event(HibArena *arena, HibJson event, const char *account, HibNetHookEvent *out)
{
    const char *type = NULL;
    int64_t at_ms = 0;
    if (!cJSON_IsObject(event.value))
        return false;
    *out = (HibNetHookEvent){.kind = "other", .account = account};
    type = text_of(event, "type");
    out->id = text_of(event, "webhookEventId");
    if (!type || !out->id || !*out->id || !hib_json_int(event, "timestamp", &at_ms, NULL) ||
        at_ms < 0 || at_ms > INT64_C(100000000000000))
        return false;
    out->at = out->talk.at = at_ms * HIB_MILLISECOND;
    out->talk.kind = HIB_TALK_MESSAGE;
    read_kind(arena, event, type, out);
    return true;
}

bool
hib_line_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    HibJson in = {0};
    HibJson events = {0};
    *ret = (HibNetHookAnswer){0};
    const char *signature = call->header(call->data, "x-line-signature");
    const char *secret = call->secret ? call->secret : "";
    ret->is_refused = !*secret || !hib_net_same(signature, hib_net_hmac(arena, secret, call->body,
                                                                        call->n_body, false));
    if (ret->is_refused)
        return true;
    if (!hib_json_parse(arena, call->body, call->n_body, &in, NULL) || !cJSON_IsObject(in.value) ||
        !hib_json_array(in, "events", &events, NULL))
        return false;
    size_t n = MIN(hib_json_count(events), (size_t)EVENTS_AT_MOST);
    const char *account = text_of(in, "destination");
    ret->events = hib_arena_array(arena, HibNetHookEvent, n + 1);
    for (HibJson one = hib_json_first(events); one.value && ret->n_events < n;
         one = hib_json_next(events, one))
        if (read_event(arena, one, account, &ret->events[ret->n_events]))
            ret->n_events++;
    return true;
}
