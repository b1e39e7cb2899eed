/* Webhooks of Instagram, Facebook Pages and Threads: one address each, the same handshake, signature and envelope.
 *
 * Meta sends a batch, repeats it until it is answered, and in no order; each event's id is made of what it is about, so that a repeat has
 * the id of the first. There is no time in the signature: a replayed call brings events that are known already. */
#include "base/secrets.h"
#include "networks/meta.h"

#include <string.h>

#define BODY_MOST (2 * 1024 * 1024)
#define EVENTS_MOST 1000

typedef struct {
    HibArena *arena;
    const char *account;
    HibInstant at; /* when Meta sent it */
    bool is_page;
    GArray *events;
} Hook;

static void
add(Hook *hook, const HibNetHookEvent *event)
{
    HibNetHookEvent whole = *event;
    whole.account = whole.account ? whole.account : hook->account;
    whole.at = whole.at ? whole.at : hook->at;
    if (hook->events->len < EVENTS_MOST)
        g_array_append_val(hook->events, whole);
}

static const char *
id_of(Hook *hook, const char *field, const char *what, const char *how)
{
    return hib_arena_printf(hook->arena, "%s:%s%s%s", field, what, *how ? ":" : "", how);
}

/* Events we have no use for are kept as "other", by what they say. */
static void
add_other(Hook *hook, const char *field, HibJson value)
{
    char *text = value.value ? cJSON_PrintUnformatted(value.value) : NULL;
    const char *sum = hib_sha256_hex(hook->arena, text ? text : "", strlen(text ? text : ""));
    cJSON_free(text);
    add(hook, &(HibNetHookEvent){.id = id_of(hook, field, sum, ""), .kind = "other"});
}

/* --- comments and mentions ------------------------------------------------------------------------------------------------------------- */
static bool
take_comment(Hook *hook, const char *field, HibJson value) /* Instagram: comments, live_comments */
{
    const char *id = hib_meta_text(value, "id"), *from = hib_meta_text(value, "from.id");
    const char *text = hib_meta_text(value, "text");
    if (!id)
        return false;
    add(hook, &(HibNetHookEvent){.id = id_of(hook, field, id, ""),
                                 .kind = "talk",
                                 .remote_id = id,
                                 .talk = {.kind = HIB_TALK_COMMENT,
                                          .remote_id = id,
                                          .text = text ? text : "",
                                          .post_id = hib_meta_text(value, "media.id"),
                                          .parent_id = hib_meta_text(value, "parent_id"),
                                          .author_id = from,
                                          .author_handle = hib_meta_text(value, "from.username"),
                                          .at = hook->at,
                                          .is_own = g_strcmp0(from, hook->account) == 0}});
    return true;
}

/* Instagram sends only where: {"media_id", "comment_id"}; the words are read afterwards. */
static bool
take_mention(Hook *hook, HibJson value)
{
    const char *media = hib_meta_text(value, "media_id");
    const char *comment = hib_meta_text(value, "comment_id");
    const char *id = comment ? comment : media;
    if (!id)
        return false;
    add(hook, &(HibNetHookEvent){.id = id_of(hook, "mentions", id, ""),
                                 .kind = "talk",
                                 .remote_id = id,
                                 .talk = {.kind = HIB_TALK_MENTION,
                                          .remote_id = id,
                                          .text = "",
                                          .parent_id = comment ? media : NULL,
                                          .at = hook->at}});
    return true;
}

/* The last numbers of a story: after 24 hours they can be asked for no more. */
static bool
take_story(Hook *hook, HibJson value)
{
    static const HibMetaMetric metrics[] = {{"views", "views"},
                                            {"impressions", "impressions"},
                                            {"reach", "reach"},
                                            {"replies", "replies"},
                                            {"shares", "shares"},
                                            {"total_interactions", "interactions"},
                                            {"taps_forward", "taps_forward"},
                                            {"taps_back", "taps_back"},
                                            {"exits", "exits"},
                                            {"swipe_forward", "swipe_forward"},
                                            {NULL, NULL}};
    const char *id = hib_meta_text(value, "media_id");
    if (!id)
        return false;
    HibNetHookEvent event = {.id = id_of(hook, "story_insights", id, ""),
                             .kind = "numbers",
                             .remote_id = id,
                             .reading = {.remote_id = id}};
    hib_meta_take(value, metrics, &event.reading);
    add(hook, &event);
    return true;
}

/* A comment has one picture or film at most; the webhook tells where it lies. */
static void
read_comment_media(Hook *hook, HibJson value, HibNetTalk *talk)
{
    const char *photo = hib_meta_text(value, "photo"), *video = hib_meta_text(value, "video");
    if (!photo && !video)
        return;
    HibNetAttachment *one = hib_arena_new0(hook->arena, HibNetAttachment);
    *one = (HibNetAttachment){.kind = video ? HIB_ATTACH_VIDEO : HIB_ATTACH_IMAGE,
                              .url = video ? video : photo,
                              .preview_url = photo};
    talk->attachments = one;
    talk->n_attachments = 1;
}

/* A page's feed: comments of others and ours, added, edited, removed. */
static bool
take_feed(Hook *hook, HibJson value)
{
    const char *item = hib_meta_text(value, "item"), *verb = hib_meta_text(value, "verb");
    const char *id = hib_meta_text(value, "comment_id"), *from = hib_meta_text(value, "from.id");
    const char *text = hib_meta_text(value, "message"), *post = hib_meta_text(value, "post_id");
    const char *parent = hib_meta_text(value, "parent_id");
    HibInstant at = hib_meta_time(value, "created_time");
    if (g_strcmp0(item, "comment") != 0 || !id || !verb)
        return false;
    HibNetHookEvent event = {
        .id = id_of(hook, "feed", id,
                    hib_arena_printf(hook->arena, "%s:%" G_GINT64_FORMAT, verb, at)),
        .kind = "talk",
        .remote_id = id,
        .at = at,
        .talk = {.kind = HIB_TALK_COMMENT,
                 .remote_id = id,
                 .text = text ? text : "",
                 .post_id = post,
                 .parent_id = g_strcmp0(parent, post) ? parent : NULL,
                 .author_id = from,
                 .author_name = hib_meta_text(value, "from.name"),
                 .at = at,
                 .is_own = g_strcmp0(from, hook->account) == 0,
                 .is_deleted = !strcmp(verb, "remove"),
                 .is_edited = !strcmp(verb, "edited")}};
    read_comment_media(hook, value, &event.talk);
    add(hook, &event);
    return true;
}

static bool
take_page_mention(Hook *hook, HibJson value)
{
    const char *post = hib_meta_text(value, "post_id");
    const char *comment = hib_meta_text(value, "comment_id");
    const char *id = comment ? comment : post, *text = hib_meta_text(value, "message");
    HibInstant at = hib_meta_time(value, "created_time");
    if (!id)
        return false;
    add(hook, &(HibNetHookEvent){.id = id_of(hook, "mention", id, ""),
                                 .kind = "talk",
                                 .remote_id = id,
                                 .at = at,
                                 .talk = {.kind = HIB_TALK_MENTION,
                                          .remote_id = id,
                                          .text = text ? text : "",
                                          .author_id = hib_meta_text(value, "sender_id"),
                                          .author_name = hib_meta_text(value, "sender_name"),
                                          .at = at ? at : hook->at}});
    return true;
}

/* --- Threads ---------------------------------------------------------------------------------------------------------------------------- */
static bool
take_thread(Hook *hook, const char *field, HibJson value)
{
    const char *id = hib_meta_text(value, "id"), *text = hib_meta_text(value, "text");
    const char *root = hib_meta_text(value, "root_post.id");
    const char *parent = hib_meta_text(value, "replied_to.id");
    const char *owner = hib_meta_text(value, "root_post.owner_id");
    bool is_reply = !strcmp(field, "replies");
    HibInstant at = hib_meta_time(value, "timestamp");
    if (!id)
        return false;
    if (!strcmp(field, "publish") || !strcmp(field, "delete")) {
        add(hook, &(HibNetHookEvent){.id = id_of(hook, field, id, ""),
                                     .kind = *field == 'p' ? "publish" : "other",
                                     .remote_id = id,
                                     .at = at});
        return true;
    }
    add(hook, &(HibNetHookEvent){.id = id_of(hook, field, id, ""),
                                 .kind = "talk",
                                 .account = is_reply ? owner : NULL,
                                 .remote_id = id,
                                 .at = at,
                                 .talk = {.kind = is_reply ? HIB_TALK_COMMENT : HIB_TALK_MENTION,
                                          .remote_id = id,
                                          .text = text ? text : "",
                                          .post_id = is_reply ? root : NULL,
                                          .parent_id = g_strcmp0(parent, root) ? parent : NULL,
                                          .author_handle = hib_meta_text(value, "username"),
                                          .url = hib_meta_text(value, "permalink"),
                                          .at = at ? at : hook->at}});
    return true;
}

/* --- attachments ---------------------------------------------------------------------------------------------------------------------------- */
static HibNetAttachKind
attach_kind(const char *type)
{
    static const struct {
        const char *type;
        HibNetAttachKind kind;
    } kinds[] = {{"image", HIB_ATTACH_IMAGE},  {"video", HIB_ATTACH_VIDEO},
                 {"ig_reel", HIB_ATTACH_LINK}, {"reel", HIB_ATTACH_LINK},
                 {"audio", HIB_ATTACH_AUDIO},  {"share", HIB_ATTACH_LINK},
                 {"file", HIB_ATTACH_FILE},    {"story_mention", HIB_ATTACH_LINK},
                 {"fallback", HIB_ATTACH_LINK}};
    for (size_t i = 0; type && i < G_N_ELEMENTS(kinds); i++)
        if (!strcmp(type, kinds[i].type))
            return kinds[i].kind;
    return HIB_ATTACH_FILE;
}

/* [{"type", "payload": {"url", "title", "sticker_id"}}] */
static void
read_attachments(Hook *hook, HibJson message, HibNetTalk *talk)
{
    HibJson list = hib_meta_get(message, "attachments");
    size_t most = list.value ? MIN(hib_json_count(list), (size_t)HIB_NET_ATTACHMENTS) : 0;
    HibNetAttachment *out = most ? hib_arena_array(hook->arena, HibNetAttachment, most) : NULL;
    for (HibJson one = hib_json_first(list); one.value && talk->n_attachments < most;
         one = hib_json_next(list, one)) {
        bool is_sticker =
            hib_meta_get(one, "payload").value &&
            cJSON_GetObjectItemCaseSensitive(hib_meta_get(one, "payload").value, "sticker_id");
        out[talk->n_attachments++] = (HibNetAttachment){
            .kind = is_sticker ? HIB_ATTACH_STICKER : attach_kind(hib_meta_text(one, "type")),
            .url = hib_meta_text(one, "payload.url"),
            .title = hib_meta_text(one, "payload.title")};
    }
    talk->attachments = out;
}

/* --- direct messages ---------------------------------------------------------------------------------------------------------------------- */
static void
take_message(Hook *hook, HibJson row)
{
    HibJson message = hib_meta_get(row, "message"), back = hib_meta_get(row, "postback");
    const char *from = hib_meta_text(row, "sender.id"), *to = hib_meta_text(row, "recipient.id");
    const char *id = hib_meta_text(message, "mid"), *text = hib_meta_text(message, "text");
    if (!message.value && back.value) { /* a tapped button is what the person said */
        id = hib_meta_text(back, "mid");
        text = hib_meta_text(back, "title");
    }
    if (!id || !from || !to) {
        add_other(hook, "messaging", row);
        return;
    }
    bool is_own = hib_meta_int(message, "is_echo", 0) || g_strcmp0(from, hook->account) == 0;
    bool is_deleted = hib_meta_int(message, "is_deleted", 0) != 0;
    HibInstant at = hib_meta_time(row, "timestamp");
    HibNetHookEvent event = {.id = id_of(hook, "messages", id, is_deleted ? "deleted" : ""),
                             .kind = "talk",
                             .remote_id = id,
                             .at = at,
                             .talk = {.kind = HIB_TALK_MESSAGE,
                                      .remote_id = id,
                                      .text = text ? text : "",
                                      .conversation = is_own ? to : from,
                                      .author_id = from,
                                      .parent_id = hib_meta_text(message, "reply_to.mid"),
                                      .at = at ? at : hook->at,
                                      .is_own = is_own,
                                      .is_deleted = is_deleted}};
    read_attachments(hook, message, &event.talk);
    add(hook, &event);
}

/* --- the envelope -------------------------------------------------------------------------------------------------------------------------- */
static void
take_change(Hook *hook, const char *object, HibJson change)
{
    const char *field = hib_meta_text(change, "field");
    HibJson value = hib_meta_get(change, "value");
    bool is_taken = false;
    if (!field)
        return;
    if (!strcmp(object, "page"))
        is_taken = !strcmp(field, "feed")      ? take_feed(hook, value)
                   : !strcmp(field, "mention") ? take_page_mention(hook, value)
                                               : false;
    else if (!strcmp(object, "threads"))
        is_taken = take_thread(hook, field, value);
    else if (!strcmp(field, "comments") || !strcmp(field, "live_comments"))
        is_taken = take_comment(hook, field, value);
    else if (!strcmp(field, "mentions"))
        is_taken = take_mention(hook, value);
    else if (!strcmp(field, "story_insights"))
        is_taken = take_story(hook, value);
    if (!is_taken)
        add_other(hook, field, value);
}

static void
take_entry(Hook *hook, const char *object, HibJson entry)
{
    HibJson changes = hib_meta_get(entry, "changes"), talk = hib_meta_get(entry, "messaging");
    hook->account = hib_meta_text(entry, "id");
    hook->at = hib_meta_time(entry, "time");
    if (hib_meta_text(entry, "field")) /* Instagram Login: without the list */
        take_change(hook, object, entry);
    for (HibJson one = hib_json_first(changes); one.value; one = hib_json_next(changes, one))
        take_change(hook, object, one);
    for (HibJson one = hib_json_first(talk); one.value; one = hib_json_next(talk, one))
        take_message(hook, one);
}

/* Threads' own envelope: {"app_id", "topic", "target_id", "time", "values": {"value": …, "field": …}}, one or a list. */
static void
take_threads(Hook *hook, HibJson in)
{
    HibJson values = hib_meta_get(in, "values");
    hook->account = hib_meta_text(in, "target_id");
    hook->at = hib_meta_time(in, "time");
    if (cJSON_IsObject(values.value))
        take_change(hook, "threads", values);
    for (HibJson one = hib_json_first(values); one.value; one = hib_json_next(values, one))
        take_change(hook, "threads", one);
}

static void
take_body(Hook *hook, HibJson in)
{
    const char *object = hib_meta_text(in, "object");
    HibJson entries = hib_meta_get(in, "entry");
    if (!object && hib_meta_get(in, "values").value)
        take_threads(hook, in);
    for (HibJson one = hib_json_first(entries); object && one.value;
         one = hib_json_next(entries, one))
        take_entry(hook, object, one);
}

/* --- who calls ------------------------------------------------------------------------------------------------------------------------------ */
static bool
answer_challenge(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    g_autoptr(GHashTable) query =
        g_uri_parse_params(call->query ? call->query : "", -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
    const char *challenge = query ? g_hash_table_lookup(query, "hub.challenge") : NULL;
    const char *token = query ? g_hash_table_lookup(query, "hub.verify_token") : NULL;
    if (!challenge || g_strcmp0(g_hash_table_lookup(query, "hub.mode"), "subscribe") != 0)
        return false;
    ret->is_refused = !call->verify_token || !*call->verify_token ||
                      !hib_net_same(token, call->verify_token) || !hib_meta_is_id(challenge);
    if (!ret->is_refused) {
        ret->reply = hib_arena_strdup(arena, challenge);
        ret->reply_type = "text/plain";
    }
    return true;
}

static bool
is_signed(HibArena *arena, const HibNetHookCall *call)
{
    const char *sent = call->header(call->data, "x-hub-signature-256");
    if (!sent || !g_str_has_prefix(sent, "sha256=") || !call->secret || !*call->secret)
        return false;
    return hib_net_same(sent + strlen("sha256="),
                        hib_net_hmac(arena, call->secret, call->body, call->n_body, true));
}

static guchar *
from_base64url(const char *text, gsize *ret_n)
{
    g_autoptr(GString) plain = g_string_new(text);
    g_string_replace(plain, "-", "+", 0);
    g_string_replace(plain, "_", "/", 0);
    while (plain->len % 4)
        g_string_append_c(plain, '=');
    return g_base64_decode(plain->str, ret_n);
}

/* "signed_request=SIGNATURE.PAYLOAD": somebody took the app's rights back ("Deauthorize callback" in the console). */
static bool
take_deauthorized(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    g_autofree char *body = g_strndup(call->body, call->n_body);
    g_autoptr(GHashTable) form = g_uri_parse_params(body, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
    const char *request = form ? g_hash_table_lookup(form, "signed_request") : NULL;
    g_auto(GStrv) parts = request ? g_strsplit(request, ".", 2) : NULL;
    gsize n_signature = 0, n_payload = 0;
    HibJson in;
    if (!parts || !parts[0] || !parts[1])
        return false;
    g_autofree guchar *signature = from_base64url(parts[0], &n_signature);
    g_autofree guchar *payload = from_base64url(parts[1], &n_payload);
    g_autofree char *given = g_base64_encode(signature, n_signature);
    ret->is_refused =
        !call->secret || !*call->secret ||
        !hib_net_same(given, hib_net_hmac(arena, call->secret, parts[1], strlen(parts[1]), false));
    if (ret->is_refused)
        return true;
    const char *text = hib_arena_strndup(arena, (const char *)payload, n_payload);
    if (!hib_json_parse(arena, text, n_payload, &in, NULL))
        return false;
    const char *user = hib_meta_id(in, "user_id", text);
    if (!user)
        return false;
    ret->events = hib_arena_new0(arena, HibNetHookEvent);
    ret->events[0] =
        (HibNetHookEvent){.id = hib_arena_printf(arena, "deauthorized:%s:%" G_GINT64_FORMAT, user,
                                                 hib_meta_int(in, "issued_at", 0)),
                          .kind = "deauthorized",
                          .account = user,
                          .remote_id = user,
                          .at = hib_meta_time(in, "issued_at")};
    ret->n_events = 1;
    return true;
}

bool
hib_meta_hook(HibArena *arena, const HibNetHookCall *call, HibNetHookAnswer *ret)
{
    HibJson in;
    *ret = (HibNetHookAnswer){0};
    if (g_str_equal(call->method, "GET"))
        return answer_challenge(arena, call, ret);
    if (!call->body || call->n_body == 0 || call->n_body > BODY_MOST)
        return false;
    if (call->n_body > 15 && g_str_has_prefix(call->body, "signed_request="))
        return take_deauthorized(arena, call, ret);
    ret->is_refused = !is_signed(arena, call);
    if (ret->is_refused)
        return true;
    if (!hib_json_parse(arena, call->body, call->n_body, &in, NULL))
        return false;
    g_autoptr(GArray) events = g_array_new(false, true, sizeof(HibNetHookEvent));
    Hook hook = {.arena = arena, .events = events};
    if (cJSON_IsArray(in.value)) /* as the guide's examples show it */
        for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one))
            take_body(&hook, one);
    else
        take_body(&hook, in);
    ret->n_events = events->len;
    ret->events = hib_arena_array(arena, HibNetHookEvent, events->len + 1);
    if (events->len)
        memcpy(ret->events, events->data, events->len * sizeof *ret->events);
    return true;
}
