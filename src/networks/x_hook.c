/* X's webhooks: proving that we know the secret (CRC), and the events of the X Activity API.
 *
 * The signature has no time in it, so an old delivery cannot be told from a new one: each event carries its own id, and the same id is
 * the same event. */
#include "networks/x_private.h"

#include <string.h>

static const char *
text_at(HibJson in, const char *key)
{
    const char *out = NULL;
    return in.value && cJSON_IsObject(in.value) && hib_json_opt_text(in, key, &out, NULL) ? out
                                                                                          : NULL;
}

static HibJson
object_at(HibJson in, const char *key)
{
    HibJson out = {0};
    return in.value && cJSON_IsObject(in.value) && hib_json_opt_object(in, key, &out, NULL)
               ? out
               : (HibJson){0};
}

static HibJson
array_at(HibJson in, const char *key)
{
    HibJson out = {0};
    return in.value && cJSON_IsObject(in.value) && hib_json_opt_array(in, key, &out, NULL)
               ? out
               : (HibJson){0};
}

static const char *
signed_with(HibArena *arena, const HibNetHookCall *call, const void *data, size_t n)
{
    return hib_arena_printf(arena, "sha256=%s", hib_net_hmac(arena, call->secret, data, n, false));
}

static bool
answer_challenge(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    g_autoptr(GHashTable) query =
        g_uri_parse_params(call->query ? call->query : "", -1, "&", G_URI_PARAMS_NONE, NULL);
    const char *token = query ? g_hash_table_lookup(query, "crc_token") : NULL;
    if (!token || !*token || strlen(token) > 1024)
        return false;
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "response_token", signed_with(arena, call, token, strlen(token)));
    ret->reply = hib_json_print(arena, body);
    ret->reply_type = "application/json";
    return true;
}

/* Signed with the OAuth 2.0 client secret or, by older apps, the consumer secret: whichever of both headers is there must fit our secret. */
static bool
is_signed(HibArena *arena, const HibNetHookCall *call)
{
    static const char *const headers[] = {"x-twitter-webhooks-signature-oauth2",
                                          "x-twitter-webhooks-signature"};
    const char *wanted = signed_with(arena, call, call->body, call->n_body);
    bool fits = false;
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        fits = hib_net_same(wanted, call->header(call->data, headers[i])) || fits;
    return fits;
}

/* --- events ------------------------------------------------------------------------------------------------------ */
static void
name_author(HibJson user, const char *id, HibNetTalk *talk)
{
    const char *handle = text_at(user, "username");
    const char *name = text_at(user, "name");
    talk->author_id = id;
    talk->author_handle = handle ? handle : "";
    talk->author_name = name ? name : "";
}

static HibJson
included_user(HibJson data, const char *id)
{
    HibJson users = array_at(object_at(data, "includes"), "users");
    for (HibJson u = users.value ? hib_json_first(users) : users; u.value;
         u = hib_json_next(users, u)) {
        HibJson inner = object_at(u, "data"); /* some deliveries wrap it */
        HibJson user = inner.value ? inner : u;
        const char *found = text_at(user, "id");
        if (found && !strcmp(found, id))
            return user;
    }
    return (HibJson){0};
}

static bool
read_post(HibArena *arena, HibJson data, const char *kind, HibNetHookEvent *event)
{
    HibJson post = object_at(data, "payload");
    const char *id = text_at(post, "id");
    const char *author = text_at(post, "author_id");
    const char *root = text_at(post, "conversation_id");
    const char *to = text_at(post, "in_reply_to_user_id");
    if (!id || !author || !hib_x_is_id(id))
        return false;
    HibNetTalk talk = {.kind = HIB_TALK_MENTION,
                       .remote_id = id,
                       .text = hib_x_words(arena, post, true),
                       .at = hib_x_id_time(id),
                       .is_own = event->account && !strcmp(author, event->account)};
    (void)hib_json_time(post, "created_at", &talk.at, NULL);
    name_author(included_user(data, author), author, &talk);
    talk.url = hib_arena_printf(arena, "https://x.com/%s/status/%s",
                                *talk.author_handle ? talk.author_handle : "i", id);
    bool is_answer = to && event->account && !strcmp(to, event->account);
    if (!strcmp(kind, "post.reply.create") || is_answer) {
        HibJson list = array_at(post, "referenced_tweets");
        talk.kind = HIB_TALK_COMMENT;
        talk.post_id = root;
        for (HibJson r = list.value ? hib_json_first(list) : list; r.value;
             r = hib_json_next(list, r)) {
            const char *type = text_at(r, "type");
            const char *answered = text_at(r, "id");
            if (type && answered && !strcmp(type, "replied_to"))
                talk.parent_id = root && !strcmp(answered, root) ? NULL : answered;
        }
    }
    event->kind = "talk";
    event->talk = talk;
    event->at = talk.at;
    return true;
}

/* {"type": "media", "media": {"type": "photo", "media_url_https", "ext_alt_text", "video_info": {"variants": [{"content_type", "url"}]}}}: a message has one at most. */
static void
read_media(HibArena *arena, HibJson content, HibNetTalk *talk)
{
    HibJson media = object_at(object_at(content, "attachment"), "media");
    HibJson variants = array_at(object_at(media, "video_info"), "variants");
    const char *type = text_at(media, "type"), *picture = text_at(media, "media_url_https");
    if (!type || !picture)
        return;
    HibNetAttachment *one = hib_arena_new0(arena, HibNetAttachment);
    *one = (HibNetAttachment){.kind = strcmp(type, "photo") ? HIB_ATTACH_VIDEO : HIB_ATTACH_IMAGE,
                              .url = strcmp(type, "photo") ? NULL : picture,
                              .preview_url = picture,
                              .title = text_at(media, "ext_alt_text")};
    for (HibJson v = variants.value ? hib_json_first(variants) : variants; v.value && !one->url;
         v = hib_json_next(variants, v))
        if (g_strcmp0(text_at(v, "content_type"), "video/mp4") == 0)
            one->url = text_at(v, "url");
    talk->attachments = one;
    talk->n_attachments = 1;
}

static bool
read_message(HibArena *arena, HibJson data, HibJson message, HibNetHookEvent *event)
{
    HibJson create = object_at(message, "message_create");
    HibJson content = object_at(create, "message_data");
    const char *id = text_at(message, "id");
    const char *sender = text_at(create, "sender_id");
    const char *to = text_at(object_at(create, "target"), "recipient_id");
    const char *stamp = text_at(message, "created_timestamp");
    if (!id || !hib_x_is_id(id) || !sender || !content.value)
        return false;
    bool is_own = event->account && !strcmp(sender, event->account);
    HibNetTalk talk = {.kind = HIB_TALK_MESSAGE,
                       .remote_id = hib_arena_printf(arena, X_MESSAGE "%s", id),
                       .text = hib_x_words(arena, content, true),
                       .conversation = is_own ? to : sender,
                       .url = "",
                       .is_own = is_own,
                       .at = stamp && hib_x_is_id(stamp)
                                 ? g_ascii_strtoll(stamp, NULL, 10) * HIB_MILLISECOND
                                 : hib_x_id_time(id)};
    HibJson users = object_at(object_at(data, "payload"), "users");
    name_author(object_at(object_at(users, sender), "data"), sender, &talk);
    read_media(arena, content, &talk);
    event->kind = "talk";
    event->talk = talk;
    event->at = talk.at;
    return true;
}

static void
read_follow(HibJson data, bool is_over, HibNetHookEvent *event)
{
    HibJson payload = object_at(data, "payload");
    const char *who = text_at(object_at(object_at(payload, "source"), "data"), "id");
    const char *whom = text_at(object_at(object_at(payload, "target"), "data"), "id");
    if (!who || !whom || !event->account || strcmp(whom, event->account) != 0)
        return; /* the account itself follows somebody */
    event->kind = is_over ? "unfollow" : "follow";
    event->remote_id = who;
}

static bool
is_talk(const char *type)
{
    return !strcmp(type, "post.mention.create") || !strcmp(type, "post.reply.create") ||
           !strcmp(type, "post.quote.create");
}

/* One delivery is one event, but for messages, of which it may hold several. */
static bool
read_events(HibArena *arena, HibJson data, HibInstant now, HibNetHookAnswer *ret)
{
    const char *type = text_at(data, "event_type");
    const char *id = text_at(data, "event_uuid");
    HibJson messages = array_at(object_at(data, "payload"), "direct_message_events");
    if (!type || !id)
        return false;
    size_t most = messages.value ? MAX(hib_json_count(messages), 1) : 1;
    ret->events = hib_arena_array(arena, HibNetHookEvent, most);
    ret->n_events = 1;
    HibNetHookEvent *event = ret->events;
    *event = (HibNetHookEvent){.id = id,
                               .kind = "other",
                               .account = text_at(object_at(data, "filter"), "user_id"),
                               .at = now};
    if (is_talk(type))
        return read_post(arena, data, type, event);
    if (!strcmp(type, "post.create")) {
        event->kind = "publish";
        event->remote_id = text_at(object_at(data, "payload"), "id");
    } else if (!strcmp(type, "follow.follow") || !strcmp(type, "follow.unfollow")) {
        read_follow(data, !strcmp(type, "follow.unfollow"), event);
    } else if (!strcmp(type, "oauth.revoke")) {
        event->kind = "deauthorized";
    } else if ((!strcmp(type, "dm.received") || !strcmp(type, "dm.sent")) && messages.value) {
        const HibNetHookEvent base = *event;
        ret->n_events = 0;
        for (HibJson m = hib_json_first(messages); m.value; m = hib_json_next(messages, m)) {
            HibNetHookEvent *one = &ret->events[ret->n_events];
            *one = base;
            one->id = ret->n_events ? hib_arena_printf(arena, "%s/%zu", id, ret->n_events) : id;
            ret->n_events += read_message(arena, data, m, one);
        }
    }
    return true;
}

bool
hib_x_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    HibJson root = {0};
    *ret = (HibNetHookAnswer){0};
    if (!call->secret || !*call->secret) {
        ret->is_refused = true;
        return true;
    }
    if (!strcmp(call->method, "GET"))
        return answer_challenge(arena, call, ret);
    if (!is_signed(arena, call)) {
        ret->is_refused = true;
        return true;
    }
    if (!hib_json_parse(arena, call->body, call->n_body, &root, NULL) ||
        !cJSON_IsObject(root.value))
        return false;
    HibJson data = object_at(root, "data");
    return data.value && read_events(arena, data, call->now, ret);
}
