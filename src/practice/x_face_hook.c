/* X's face: webhooks. An address is proven by a challenge (CRC), subscriptions say which events of whom go there, and each delivery is
 * signed with the client secret. Where no webhook is registered and the control door named an address, everything goes there. */
#include "practice/face_hook.h"
#include "practice/x_face_private.h"

#include <string.h>

void
hib_x_face_webhook_free(void *data)
{
    XWebhook *webhook = data;
    g_free(webhook->id);
    g_free(webhook->url);
    g_free(webhook);
}

void
hib_x_face_subscription_free(void *data)
{
    XSubscription *one = data;
    g_free(one->id);
    g_free(one->kind);
    g_free(one->user);
    g_free(one->webhook);
    g_free(one->tag);
    g_free(one);
}

/* --- telling ---------------------------------------------------------------------------------------------------------- */
static void
deliver(HibPracticeFace *face, HibArena *arena, const char *url, const char *body)
{
    const char *signature =
        hib_practice_hmac_base64(arena, HIB_PRACTICE_CLIENT_SECRET, body, strlen(body));
    const char *headers[] = {
        hib_arena_printf(arena, "x-twitter-webhooks-signature: sha256=%s", signature),
        hib_arena_printf(arena, "x-twitter-webhooks-signature-oauth2: sha256=%s", signature), NULL};
    hib_practice_hook(face, &(HibPracticeHook){.url = url, .body = body, .headers = headers});
}

static const char *
event_text(HibPracticeFace *face, HibArena *arena, const char *account, const char *kind,
           const char *tag, const cJSON *payload, const cJSON *includes)
{
    XState *state = hib_practice_state(face);
    cJSON *out = cJSON_CreateObject();
    cJSON *data = cJSON_AddObjectToObject(out, "data");
    cJSON_AddStringToObject(data, "event_type", kind);
    cJSON_AddStringToObject(data, "event_uuid",
                            hib_x_face_id_at(arena, hib_practice_now(face), state->n_events++));
    cJSON_AddStringToObject(cJSON_AddObjectToObject(data, "filter"), "user_id", account);
    if (tag)
        cJSON_AddStringToObject(data, "tag", tag);
    cJSON_AddItemToObject(data, "payload", cJSON_Duplicate(payload, true));
    if (includes)
        cJSON_AddItemToObject(data, "includes", cJSON_Duplicate(includes, true));
    return hib_json_print(arena, out);
}

static const XWebhook *
webhook_of(HibPracticeFace *face, const char *id)
{
    const XState *state = hib_practice_state(face);
    for (guint i = 0; id && i < state->webhooks->len; i++)
        if (!strcmp(((XWebhook *)state->webhooks->pdata[i])->id, id))
            return state->webhooks->pdata[i];
    return NULL;
}

void
hib_x_face_tell(HibPracticeFace *face, HibArena *arena, const char *account, const char *kind,
                cJSON *payload, cJSON *includes)
{
    const XState *state = hib_practice_state(face);
    for (guint i = 0; i < state->subscriptions->len; i++) {
        const XSubscription *one = state->subscriptions->pdata[i];
        const XWebhook *webhook = webhook_of(face, one->webhook);
        if (webhook && !strcmp(one->kind, kind) && !strcmp(one->user, account))
            deliver(face, arena, webhook->url,
                    event_text(face, arena, account, kind, one->tag, payload, includes));
    }
    if (!state->webhooks->len && hib_practice_hook_url_of(face, arena))
        deliver(face, arena, NULL, event_text(face, arena, account, kind, NULL, payload, includes));
    cJSON_Delete(payload);
    cJSON_Delete(includes);
}

static cJSON *
user_json(const char *id, const char *handle, const char *name)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "username", handle);
    cJSON_AddStringToObject(out, "name", name);
    return out;
}

static void
tell_reply(HibPracticeFace *face, HibArena *arena, const HibPracticeHappening *what)
{
    XPost post = hib_x_face_reply(face, arena, what->post, what->comment);
    cJSON *entities = cJSON_CreateObject();
    cJSON *payload = cJSON_CreateObject();
    cJSON *includes = cJSON_CreateObject();
    cJSON *answered = cJSON_CreateObject();
    cJSON_AddStringToObject(payload, "id", post.id);
    cJSON_AddStringToObject(payload, "text", hib_x_face_text(arena, &post, NULL, entities));
    cJSON_AddItemToObject(payload, "entities", entities);
    cJSON_AddStringToObject(payload, "author_id", post.author);
    cJSON_AddStringToObject(payload, "conversation_id", post.root);
    cJSON_AddStringToObject(payload, "in_reply_to_user_id", post.parent_author);
    hib_x_face_add_time(payload, "created_at", post.at);
    cJSON_AddStringToObject(answered, "type", "replied_to");
    cJSON_AddStringToObject(answered, "id", post.parent);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(payload, "referenced_tweets"), answered);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(includes, "users"),
                         user_json(post.author, post.handle, post.name));
    /* An answer names the account, so it is a mention; who subscribed to answers alone hears of it too. */
    const XState *state = hib_practice_state(face);
    if (state->subscriptions->len)
        hib_x_face_tell(face, arena, what->account->id, "post.reply.create",
                        cJSON_Duplicate(payload, true), cJSON_Duplicate(includes, true));
    hib_x_face_tell(face, arena, what->account->id, "post.mention.create", payload, includes);
}

static void
tell_follow(HibPracticeFace *face, HibArena *arena, const HibPracticeHappening *what)
{
    cJSON *payload = cJSON_CreateObject();
    cJSON_AddItemToObject(
        cJSON_AddObjectToObject(payload, "source"), "data",
        user_json(hib_x_face_user_id(arena, what->handle), what->handle, what->name));
    cJSON_AddItemToObject(cJSON_AddObjectToObject(payload, "target"), "data",
                          user_json(what->account->id, what->account->handle, what->account->name));
    hib_x_face_tell(face, arena, what->account->id,
                    what->kind == HIB_CROWD_FOLLOW ? "follow.follow" : "follow.unfollow", payload,
                    NULL);
}

void
hib_x_face_happened(HibPracticeFace *face, const HibPracticeHappening *what)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const XState *state = hib_practice_state(face);
    if (!state->webhooks->len && !hib_practice_hook_url_of(face, arena))
        return;
    if (what->kind == HIB_CROWD_COMMENT && what->post && what->comment)
        tell_reply(face, arena, what);
    else if (what->kind == HIB_CROWD_FOLLOW || what->kind == HIB_CROWD_UNFOLLOW)
        tell_follow(face, arena, what);
}

/* In the shape of the Account Activity API, which these events keep. */
void
hib_x_face_tell_message(HibPracticeFace *face, HibArena *arena, const char *account,
                        const XSaid *message, const char *recipient)
{
    bool is_ours = strcmp(recipient, account) != 0;
    const HibPracticeAccount *us = hib_practice_account(face, account);
    const char *sender = is_ours ? account : hib_x_face_user_id(arena, message->handle);
    cJSON *payload = cJSON_CreateObject();
    cJSON *event = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(payload, "direct_message_events"), event);
    cJSON_AddStringToObject(event, "type", "message_create");
    cJSON_AddStringToObject(event, "id", message->id);
    cJSON_AddStringToObject(
        event, "created_timestamp",
        hib_arena_printf(arena, "%" G_GINT64_FORMAT, message->at / HIB_MILLISECOND));
    cJSON *create = cJSON_AddObjectToObject(event, "message_create");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(create, "target"), "recipient_id", recipient);
    cJSON_AddStringToObject(create, "sender_id", sender);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(create, "message_data"), "text", message->text);
    cJSON *users = cJSON_AddObjectToObject(payload, "users");
    cJSON_AddItemToObject(cJSON_AddObjectToObject(users, sender), "data",
                          is_ours ? user_json(us->id, us->handle, us->name)
                                  : user_json(sender, message->handle, message->name));
    hib_x_face_tell(face, arena, account, is_ours ? "dm.sent" : "dm.received", payload, NULL);
}

/* --- webhooks -------------------------------------------------------------------------------------------------------------- */
static void
note(HibPracticeFace *face, const char *what, const char *const *pairs)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "what", what);
    for (size_t i = 0; pairs[i]; i += 2)
        cJSON_AddStringToObject(line, pairs[i], pairs[i + 1]);
    hib_practice_note(face, line);
}

static void
forget(GPtrArray *list, const char *id)
{
    for (guint i = 0; i < list->len; i++) /* both kinds begin with their id */
        if (!strcmp(*(char **)list->pdata[i], id)) {
            g_ptr_array_remove_index(list, i);
            return;
        }
}

bool
hib_x_face_hook_replay(HibPracticeFace *face, HibJson line, const char *what)
{
    const XState *state = hib_practice_state(face);
    const char *id = NULL;
    const char *url = NULL;
    const char *kind = NULL;
    const char *user = NULL;
    const char *webhook = NULL;
    const char *tag = NULL;
    if (!hib_json_text(line, "id", &id, NULL))
        return false;
    if (!strcmp(what, "forget")) {
        forget(state->webhooks, id);
        forget(state->subscriptions, id);
        return true;
    }
    if (!strcmp(what, "webhook") && hib_json_text(line, "url", &url, NULL)) {
        XWebhook *one = g_new0(XWebhook, 1);
        *one = (XWebhook){.id = g_strdup(id), .url = g_strdup(url), .at = hib_x_face_id_time(id)};
        g_ptr_array_add(state->webhooks, one);
        return true;
    }
    if (strcmp(what, "subscription") != 0 || !hib_json_text(line, "kind", &kind, NULL) ||
        !hib_json_text(line, "user", &user, NULL) ||
        !hib_json_text(line, "webhook", &webhook, NULL) ||
        !hib_json_opt_text(line, "tag", &tag, NULL))
        return false;
    XSubscription *one = g_new0(XSubscription, 1);
    *one = (XSubscription){.id = g_strdup(id),
                           .kind = g_strdup(kind),
                           .user = g_strdup(user),
                           .webhook = g_strdup(webhook),
                           .tag = g_strdup(tag),
                           .at = hib_x_face_id_time(id)};
    g_ptr_array_add(state->subscriptions, one);
    return true;
}

/* X asks with a token of its own and wants it back signed. */
static bool
is_proven(HibPracticeCall *call, const char *url)
{
    const char *token = hib_arena_printf(call->arena, "crc%s", hib_practice_id(call));
    const HibHttpRequest request = {.method = "GET",
                                    .url = hib_arena_printf(call->arena, "%s%ccrc_token=%s", url,
                                                            strchr(url, '?') ? '&' : '?', token)};
    HibHttpReply reply;
    HibJson in = {0};
    const char *said = NULL;
    const char *wanted = hib_arena_printf(
        call->arena, "sha256=%s",
        hib_practice_hmac_base64(call->arena, HIB_PRACTICE_CLIENT_SECRET, token, strlen(token)));
    return hib_practice_hook_ask(call->face, call->arena, &request, &reply) &&
           reply.status == 200 &&
           hib_json_parse(call->arena, reply.body, reply.n_body, &in, NULL) &&
           cJSON_IsObject(in.value) && hib_json_text(in, "response_token", &said, NULL) &&
           !strcmp(said, wanted);
}

static cJSON *
webhook_json(const XWebhook *webhook)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", webhook->id);
    cJSON_AddStringToObject(out, "url", webhook->url);
    cJSON_AddBoolToObject(out, "valid", true);
    hib_x_face_add_time(out, "created_at", webhook->at);
    return out;
}

static void
list_webhooks(HibPracticeCall *call)
{
    const XState *state = hib_practice_state(call->face);
    cJSON *out = cJSON_CreateObject();
    cJSON *data = cJSON_AddArrayToObject(out, "data");
    for (guint i = 0; i < state->webhooks->len; i++)
        cJSON_AddItemToArray(data, webhook_json(state->webhooks->pdata[i]));
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(out, "meta"), "result_count",
                            cJSON_GetArraySize(data));
    hib_practice_json(call, 200, out);
}

void
hib_x_face_webhooks(HibPracticeCall *call)
{
    const XState *state = hib_practice_state(call->face);
    const char *url = hib_practice_field(call, "url");
    if (!hib_x_face_app(call))
        return;
    if (!strcmp(call->verb, "GET")) {
        list_webhooks(call);
        return;
    }
    bool is_address = url && strlen(url) <= 200 &&
                      (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://127."));
    if (!is_address || strcmp(call->verb, "POST") != 0) {
        hib_x_face_invalid(call, "url", url, "url must be an https address");
        return;
    }
    if (!is_proven(call, url)) {
        hib_x_face_invalid(call, "url", url,
                           "CrcValidationFailed: the webhook did not answer the challenge");
        return;
    }
    XWebhook *webhook = g_new0(XWebhook, 1);
    *webhook = (XWebhook){.id = g_strdup(hib_x_face_id(call)),
                          .url = g_strdup(url),
                          .at = hib_practice_now(call->face)};
    g_ptr_array_add(state->webhooks, webhook);
    note(call->face, "webhook", (const char *const[]){"id", webhook->id, "url", url, NULL});
    hib_x_face_data(call, 200, webhook_json(webhook));
}

/* PUT asks the challenge again, DELETE forgets. */
void
hib_x_face_webhook(HibPracticeCall *call)
{
    const XState *state = hib_practice_state(call->face);
    const char *id = hib_practice_param(call, "id");
    if (!hib_x_face_app(call))
        return;
    const XWebhook *webhook = webhook_of(call->face, id);
    if (!webhook) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such webhook");
        return;
    }
    cJSON *data = cJSON_CreateObject();
    if (!strcmp(call->verb, "DELETE")) {
        note(call->face, "forget", (const char *const[]){"id", id, NULL});
        forget(state->webhooks, id);
        cJSON_AddBoolToObject(data, "deleted", true);
    } else {
        cJSON_AddBoolToObject(data, "valid", is_proven(call, webhook->url));
    }
    hib_x_face_data(call, 200, data);
}

/* --- subscriptions ------------------------------------------------------------------------------------------------------------ */
static cJSON *
subscription_json(const XSubscription *one)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "subscription_id", one->id);
    cJSON_AddStringToObject(out, "event_type", one->kind);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "filter"), "user_id", one->user);
    if (one->tag)
        cJSON_AddStringToObject(out, "tag", one->tag);
    cJSON_AddStringToObject(out, "webhook_id", one->webhook);
    hib_x_face_add_time(out, "created_at", one->at);
    hib_x_face_add_time(out, "updated_at", one->at);
    return out;
}

static void
list_subscriptions(HibPracticeCall *call)
{
    const XState *state = hib_practice_state(call->face);
    cJSON *out = cJSON_CreateObject();
    cJSON *data = cJSON_AddArrayToObject(out, "data");
    for (guint i = 0; i < state->subscriptions->len; i++)
        cJSON_AddItemToArray(data, subscription_json(state->subscriptions->pdata[i]));
    hib_practice_json(call, 200, out);
}

void
hib_x_face_subscriptions(HibPracticeCall *call)
{
    static const char *const kinds[] = {"post.create",
                                        "post.delete",
                                        "post.mention.create",
                                        "post.reply.create",
                                        "post.quote.create",
                                        "like.create",
                                        "follow.follow",
                                        "follow.unfollow",
                                        "dm.received",
                                        "dm.sent",
                                        "dm.read",
                                        "dm.indicate_typing",
                                        "oauth.revoke",
                                        "profile.update.bio",
                                        NULL};
    const XState *state = hib_practice_state(call->face);
    const HibPracticeAccount *viewer = NULL;
    if (!hib_x_face_reader(call, "tweet.read", &viewer))
        return;
    if (!strcmp(call->verb, "GET")) {
        list_subscriptions(call);
        return;
    }
    const char *kind = hib_practice_field(call, "event_type");
    const char *webhook = hib_practice_field(call, "webhook_id");
    const char *tag = hib_practice_field(call, "tag");
    const cJSON *filter =
        call->json.value ? cJSON_GetObjectItemCaseSensitive(call->json.value, "filter") : NULL;
    const char *user = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(filter, "user_id"));
    if (!kind || !g_strv_contains(kinds, kind)) {
        hib_x_face_invalid(call, "event_type", kind, "event_type is not known");
    } else if (!user || !hib_practice_account(call->face, user)) {
        hib_x_face_invalid(call, "filter.user_id", user, "user_id is no user");
    } else if (!webhook_of(call->face, webhook)) {
        hib_x_face_invalid(call, "webhook_id", webhook, "webhook_id is no webhook of this app");
    } else {
        XSubscription *one = g_new0(XSubscription, 1);
        *one = (XSubscription){.id = g_strdup(hib_x_face_id(call)),
                               .kind = g_strdup(kind),
                               .user = g_strdup(user),
                               .webhook = g_strdup(webhook),
                               .tag = g_strdup(tag),
                               .at = hib_practice_now(call->face)};
        g_ptr_array_add(state->subscriptions, one);
        note(call->face, "subscription",
             (const char *const[]){"id", one->id, "kind", kind, "user", user, "webhook", webhook,
                                   tag ? "tag" : NULL, tag, NULL});
        cJSON *data = cJSON_CreateObject();
        cJSON_AddItemToObject(data, "subscription", subscription_json(one));
        hib_x_face_data(call, 200, data);
    }
}

void
hib_x_face_unsubscribe(HibPracticeCall *call)
{
    const XState *state = hib_practice_state(call->face);
    const char *id = hib_practice_param(call, "id");
    if (!hib_x_face_app(call))
        return;
    guint before = state->subscriptions->len;
    forget(state->subscriptions, id);
    if (state->subscriptions->len == before) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such subscription");
        return;
    }
    note(call->face, "forget", (const char *const[]){"id", id, NULL});
    cJSON *data = cJSON_CreateObject();
    cJSON_AddBoolToObject(data, "deleted", true);
    hib_x_face_data(call, 200, data);
}
