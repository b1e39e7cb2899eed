/* The post itself: its body, the one call that makes it public, changing it, and what X would refuse before it is asked. */
#include "networks/x_private.h"
#include "text/count.h"
#include "text/weighted.h"

#include <string.h>

HibNetStep
hib_x_next_step(const HibNetSending *sending)
{
    XNext next = hib_x_next(sending);
    switch (next.stage) {
    case X_SEGMENT:
        return (HibNetStep){HIB_NET_STEP_PREPARE, "upload", next.segment + 1, next.n_segments};
    case X_START:
        return (HibNetStep){HIB_NET_STEP_PREPARE, "upload", 0, next.n_segments};
    case X_FINISH:
    case X_STATUS:
        return (HibNetStep){HIB_NET_STEP_PREPARE, "process", 0, 0};
    case X_ALT:
        return (HibNetStep){HIB_NET_STEP_PREPARE, "describe", 0, 0};
    case X_PUBLISH:
        break;
    }
    return (HibNetStep){HIB_NET_STEP_EFFECT, "publish", 0, 0};
}

/* --- options ---------------------------------------------------------------------------------------------------- */
static HibJson
options_of(HibArena *arena, const HibNetPost *post)
{
    HibJson out = {0};
    const char *text = post->options ? post->options : "{}";
    if (!hib_json_parse(arena, text, strlen(text), &out, NULL) || !cJSON_IsObject(out.value))
        return (HibJson){.arena = arena, .path = ""};
    return out;
}

static const char *
choice(HibJson options, const char *key)
{
    const char *out = NULL;
    return options.value && hib_json_opt_text(options, key, &out, NULL) && out && *out ? out : NULL;
}

int
hib_x_poll(HibArena *arena, const HibNetPost *post, const char *ret_choices[4],
           int64_t *ret_minutes)
{
    HibJson options = options_of(arena, post);
    const char *text = choice(options, "poll");
    int n = 0;
    *ret_minutes = 1440;
    if (!text || !*text)
        return 0;
    if (!hib_json_opt_int(options, "poll_minutes", ret_minutes, NULL) || *ret_minutes < 5 ||
        *ret_minutes > 10080)
        return -1;
    g_auto(GStrv) lines = g_strsplit(text, "\n", 6);
    for (char **line = lines; *line; line++) {
        const char *one = g_strstrip(*line);
        if (!*one)
            continue;
        if (n == 4 || g_utf8_strlen(one, -1) > HIB_X_POLL_CHOICE)
            return -1;
        ret_choices[n++] = hib_arena_strdup(arena, one);
    }
    return n >= 2 ? n : -1;
}

/* --- what X would refuse --------------------------------------------------------------------------------------------- */
static int
count_cashtags(const char *text)
{
    int n = 0;
    for (const char *c = strchr(text, '$'); c; c = strchr(c + 1, '$')) {
        bool opens = c == text || !g_ascii_isalnum(c[-1]);
        int letters = 0;
        while (g_ascii_isalpha(c[1 + letters]))
            letters++;
        n += opens && letters >= 1 && letters <= 6 && !g_ascii_isalnum(c[1 + letters]);
    }
    return n;
}

static bool
refuse(const char *reason, const char *pointer, const char **ret_reason, const char **ret_pointer)
{
    *ret_reason = reason;
    *ret_pointer = pointer;
    return false;
}

bool
hib_x_check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    static const char *const who[] = {"everyone", "following", "mentionedUsers", "subscribers",
                                      "verified"};
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *choices[4];
    int64_t minutes = 0;
    for (size_t i = 0; i < post->n_media && post->n_media > 1; i++)
        if (post->media[i].kind != HIB_NET_IMAGE)
            return refuse("post.media_mixed", "/media", ret_reason, ret_pointer);
    if (post->format == HIB_FORMAT_MESSAGE)
        return post->recipient && *post->recipient
                   ? true
                   : refuse("post.recipient_missing", "/recipient", ret_reason, ret_pointer);
    if (hib_text_weighted(post->text).is_refused)
        return refuse("post.text_refused", "/text", ret_reason, ret_pointer);
    if (count_cashtags(post->text) > HIB_X_CASHTAGS)
        return refuse("post.too_many_cashtags", "/text", ret_reason, ret_pointer);
    /* "": what it follows is not out yet. */
    if (post->reply_to && *post->reply_to && !hib_x_is_id(post->reply_to))
        return refuse("post.option_value", "/reply_to", ret_reason, ret_pointer);
    int poll = hib_x_poll(arena, post, choices, &minutes);
    if (poll < 0 || (poll > 0 && post->n_media))
        return refuse("post.option_value", "/options/poll", ret_reason, ret_pointer);
    const char *settings = choice(options_of(arena, post), "reply_settings");
    bool is_known = !settings;
    for (size_t i = 0; i < G_N_ELEMENTS(who) && !is_known; i++)
        is_known = g_str_equal(settings, who[i]);
    return is_known ||
           refuse("post.option_value", "/options/reply_settings", ret_reason, ret_pointer);
}

/* --- bodies --------------------------------------------------------------------------------------------------------- */
/* NULL: an upload is not known any more. */
static cJSON *
post_body(const HibNetContext *net, const HibNetSending *sending)
{
    const HibNetPost *post = sending->post;
    const char *choices[4];
    int64_t minutes = 0;
    cJSON *body = cJSON_CreateObject();
    if (*post->text)
        cJSON_AddStringToObject(body, "text", post->text);
    if (post->n_media) {
        cJSON *media = cJSON_AddObjectToObject(body, "media");
        if (!hib_x_add_media(sending, cJSON_AddArrayToObject(media, "media_ids"))) {
            cJSON_Delete(body);
            return NULL;
        }
    }
    if (post->reply_to)
        cJSON_AddStringToObject(cJSON_AddObjectToObject(body, "reply"), "in_reply_to_tweet_id",
                                post->reply_to);
    const char *settings = choice(options_of(net->arena, post), "reply_settings");
    if (settings && strcmp(settings, "everyone") != 0 && !post->reply_to)
        cJSON_AddStringToObject(body, "reply_settings", settings);
    int n = hib_x_poll(net->arena, post, choices, &minutes);
    if (n > 0) {
        cJSON *poll = cJSON_AddObjectToObject(body, "poll");
        cJSON_AddItemToObject(poll, "options", cJSON_CreateStringArray(choices, n));
        cJSON_AddNumberToObject(poll, "duration_minutes", (double)minutes);
    }
    if (post->disclosure.is_ai_made)
        cJSON_AddBoolToObject(body, "made_with_ai", true);
    if (post->disclosure.is_advertising)
        cJSON_AddBoolToObject(body, "paid_partnership", true);
    return body;
}

static cJSON *
message_body(const HibNetSending *sending)
{
    cJSON *body = cJSON_CreateObject();
    if (*sending->post->text)
        cJSON_AddStringToObject(body, "text", sending->post->text);
    if (!sending->post->n_media)
        return body;
    g_autoptr(cJSON) ids = cJSON_CreateArray();
    if (!hib_x_add_media(sending, ids)) {
        cJSON_Delete(body);
        return NULL;
    }
    cJSON *attachment = cJSON_CreateObject();
    cJSON_AddStringToObject(attachment, "media_id", cJSON_GetArrayItem(ids, 0)->valuestring);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "attachments"), attachment);
    return body;
}

/* A user's id opens or goes on with the conversation with that one; of several people, a conversation is named. */
static const char *
message_path(HibArena *arena, const char *recipient)
{
    if (g_str_has_prefix(recipient, X_GROUP))
        return hib_arena_printf(arena, "/2/dm_conversations/%s/messages",
                                hib_url_escape(arena, recipient + strlen(X_GROUP)));
    return hib_arena_printf(arena, "/2/dm_conversations/with/%s/messages",
                            hib_url_escape(arena, recipient));
}

HibNetPublished
hib_x_place(HibArena *arena, const HibGrant *grant, const HibNetPost *post, const char *id)
{
    if (post->format == HIB_FORMAT_MESSAGE)
        return (HibNetPublished){.remote_id = hib_arena_printf(arena, X_MESSAGE "%s", id),
                                 .url = ""};
    return (HibNetPublished){
        .remote_id = hib_arena_strdup(arena, id),
        .url = hib_arena_printf(arena, "https://x.com/%s/status/%s", grant->handle, id)};
}

/* X has this text already. It may be this very post, sent before without an answer; it may be an older one of the account. */
static HibNetResult
settle_duplicate(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                 HibNetResult said)
{
    bool is_found = false;
    bool has_older = false;
    HibNetResult looked = hib_x_look(net, grant, sending, &is_found, &has_older);
    if (looked.class != HIB_NET_OK)
        return said;
    if (is_found) {
        sending->is_done = true;
        return looked;
    }
    if (has_older) {
        said.class = HIB_NET_FIX_CONTENT;
        said.code = "DuplicateContent";
    }
    return said;
}

static HibNetResult
publish(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const HibNetPost *post = sending->post;
    const bool is_message = post->format == HIB_FORMAT_MESSAGE;
    HibJson in = {0};
    HibJson data = {0};
    const char *id = NULL;
    cJSON *body = is_message ? message_body(sending) : post_body(net, sending);
    if (!body) /* nothing was sent; the media have to be uploaded again */
        return hib_net_say(HIB_NET_NEW_HANDLE, "BadMediaRef", "a stored upload does not read");
    HibNetResult said =
        hib_x_post(net, grant, HIB_CALL_EFFECT,
                   is_message ? message_path(net->arena, post->recipient) : "/2/tweets", body, &in);
    if (said.class == HIB_NET_NEW_HANDLE && !hib_x_has_expired(sending, hib_clock_now(net->clock)))
        said.class = HIB_NET_FIX_CONTENT; /* a file X took and does not publish after all */
    if (said.class == HIB_NET_RECONCILE && said.http_status >= 400 && said.http_status < 500 &&
        !is_message)
        return settle_duplicate(net, grant, sending, said);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_object(in, "data", &data, NULL) ||
        !hib_json_text(data, is_message ? "dm_event_id" : "id", &id, NULL) || !hib_x_is_id(id))
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "X did not say where the post is");
    sending->published = hib_x_place(net->arena, grant, post, id);
    sending->is_done = true;
    return said;
}

HibNetResult
hib_x_run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    XNext next = hib_x_next(sending);
    return next.stage == X_PUBLISH ? publish(net, grant, sending)
                                   : hib_x_upload(net, grant, sending, next);
}

/* X takes the whole post anew and gives it another id. Its pictures could not be named any more, so a post with pictures is left. */
HibNetResult
hib_x_edit(const HibNetContext *net, const HibGrant *grant, const char *remote_id,
           const HibNetPost *post, HibNetPublished *ret)
{
    HibJson in = {0};
    HibJson data = {0};
    const char *id = NULL;
    if (!hib_x_is_id(remote_id) || post->n_media)
        return hib_net_say(HIB_NET_FATAL, "NotEditable",
                           "X lets the text of a post without pictures be changed, nothing else");
    const HibNetSending whole = {.post = post, .progress = "{}"};
    cJSON *body = post_body(net, &whole);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(body, "edit_options"), "previous_post_id",
                            remote_id);
    HibNetResult said = hib_x_post(net, grant, HIB_CALL_EFFECT, "/2/tweets", body, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!cJSON_IsObject(in.value) || !hib_json_object(in, "data", &data, NULL) ||
        !hib_json_text(data, "id", &id, NULL) || !hib_x_is_id(id))
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "X did not say where the changed post is");
    *ret = hib_x_place(net->arena, grant, post, id);
    return said;
}
