/* What people say, gathered from Meta's lists, and direct messages of Instagram and Messenger, which are the same call.
 *
 * A list has no cursor that outlives a day, so the cursor is a time: reading goes on ten minutes before the newest thing seen, and what is
 * seen twice has the same id. */
#include "networks/meta.h"

#include <string.h>

#define OVERLAP (10 * HIB_MINUTE)
#define FIRST_DAYS 7
#define TALK_MOST 2000

HibMetaTalk
hib_meta_talk_begin(const HibNetContext *net, const HibGrant *grant, const char *cursor)
{
    HibMetaTalk talk = {.net = net, .grant = grant, .rows = NULL};
    HibInstant at;
    talk.rows = g_array_new(false, true, sizeof(HibNetTalk));
    talk.since = cursor && hib_instant_parse(cursor, &at)
                     ? at - OVERLAP
                     : hib_clock_now(net->clock) - FIRST_DAYS * HIB_DAY;
    return talk;
}

void
hib_meta_talk_add(HibMetaTalk *talk, const HibNetTalk *one)
{
    if (one->remote_id && one->at >= talk->since && talk->rows->len < TALK_MOST)
        g_array_append_val(talk->rows, *one);
}

static HibNetResult
take_list(HibMetaTalk *talk, const char *url, const char *form,
          void (*take)(HibMetaTalk *talk, HibJson row, const char *of), const char *of)
{
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = url,
                              .form = form,
                              .token = talk->grant->access};
    HibJson in;
    HibNetResult said = hib_meta_call(talk->net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    HibJson data = hib_meta_get(in, "data");
    for (HibJson row = hib_json_first(data); row.value; row = hib_json_next(data, row))
        if (cJSON_IsObject(row.value))
            take(talk, row, of);
    return said;
}

HibNetResult
hib_meta_talk_source(HibMetaTalk *talk, const char *url, const char *form,
                     void (*take)(HibMetaTalk *talk, HibJson row, const char *of), const char *of)
{
    HibNetResult said = take_list(talk, url, form, take, of);
    if (said.class == HIB_NET_FATAL) /* a right that was not given, a post that is gone */
        said.class = HIB_NET_OK;
    return said;
}

HibNetResult
hib_meta_talk_search(HibMetaTalk *talk, const char *url, const char *form,
                     void (*take)(HibMetaTalk *talk, HibJson row, const char *of))
{
    return take_list(talk, url, form, take, NULL);
}

static gint
older_first(gconstpointer a, gconstpointer b)
{
    HibInstant one = ((const HibNetTalk *)a)->at, other = ((const HibNetTalk *)b)->at;
    return (one > other) - (one < other);
}

void
hib_meta_talk_end(HibMetaTalk *talk, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    HibArena *arena = talk->net->arena;
    char text[HIB_INSTANT_TEXT];
    g_array_sort(talk->rows, older_first);
    size_t n = talk->rows->len;
    *ret = hib_arena_array(arena, HibNetTalk, n + 1);
    if (n)
        memcpy(*ret, talk->rows->data, n * sizeof **ret);
    *ret_n = n;
    HibInstant newest = n ? (*ret)[n - 1].at : talk->since + OVERLAP;
    *ret_cursor = hib_arena_strdup(arena, hib_instant_format(newest, text));
    g_clear_pointer(&talk->rows, g_array_unref);
}

/* --- direct messages ------------------------------------------------------------------------------------------------------------------ */
/* Who the conversation is with: the participant that is not us. */
static HibJson
other_side(HibJson conversation, const char *self, const char *handle)
{
    HibJson people = hib_meta_get(conversation, "participants.data");
    for (HibJson one = hib_json_first(people); one.value; one = hib_json_next(people, one))
        if (g_strcmp0(hib_meta_text(one, "id"), self) != 0 &&
            g_strcmp0(hib_meta_text(one, "username"), handle) != 0)
            return one;
    return (HibJson){.arena = conversation.arena, .path = ""};
}

void
hib_meta_attach(HibMetaTalk *talk, HibNetTalk *one, const HibNetAttachment *with)
{
    HibArena *arena = talk->net->arena;
    if ((!with->url && !with->preview_url) || one->n_attachments >= HIB_NET_ATTACHMENTS)
        return;
    HibNetAttachment *all = hib_arena_array(arena, HibNetAttachment, one->n_attachments + 1);
    if (one->n_attachments)
        memcpy(all, one->attachments, one->n_attachments * sizeof *all);
    all[one->n_attachments++] = *with;
    one->attachments = all;
}

void
hib_meta_take_media(HibMetaTalk *talk, HibJson row, HibNetTalk *one)
{
    const char *type = hib_meta_text(row, "media_type");
    bool is_film = type && strstr(type, "VIDEO");
    hib_meta_attach(talk, one,
                    &(HibNetAttachment){.kind = is_film                         ? HIB_ATTACH_VIDEO
                                                : type && strstr(type, "AUDIO") ? HIB_ATTACH_AUDIO
                                                                                : HIB_ATTACH_IMAGE,
                                        .url = hib_meta_text(row, "media_url"),
                                        .preview_url = hib_meta_text(row, "thumbnail_url"),
                                        .title = hib_meta_text(row, "alt_text")});
}

/* As a reading tells it: {"mime_type", "name", "file_url"} or "image_data" or "video_data" with "url" and "preview_url". */
static void
take_attachments(HibMetaTalk *talk, HibJson message, HibNetTalk *into)
{
    HibJson list = hib_meta_get(message, "attachments.data");
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        const char *mime = hib_meta_text(one, "mime_type");
        HibNetAttachment with = {.kind = HIB_ATTACH_IMAGE,
                                 .url = hib_meta_text(one, "image_data.url"),
                                 .preview_url = hib_meta_text(one, "image_data.preview_url")};
        if (!with.url && hib_meta_text(one, "video_data.url"))
            with = (HibNetAttachment){.kind = HIB_ATTACH_VIDEO,
                                      .url = hib_meta_text(one, "video_data.url"),
                                      .preview_url = hib_meta_text(one, "video_data.preview_url")};
        if (!with.url)
            with = (HibNetAttachment){.kind = mime && g_str_has_prefix(mime, "audio/")
                                                  ? HIB_ATTACH_AUDIO
                                                  : HIB_ATTACH_FILE,
                                      .url = hib_meta_text(one, "file_url"),
                                      .title = hib_meta_text(one, "name")};
        hib_meta_attach(talk, into, &with);
    }
}

void
hib_meta_take_conversation(HibMetaTalk *talk, HibJson row, const char *self)
{
    HibJson other = other_side(row, self, talk->grant->handle);
    HibJson messages = hib_meta_get(row, "messages.data");
    const char *with = hib_meta_text(other, "id");
    for (HibJson m = hib_json_first(messages); m.value; m = hib_json_next(messages, m)) {
        const char *from = hib_meta_text(m, "from.id"), *text = hib_meta_text(m, "message");
        const char *handle = hib_meta_text(m, "from.username");
        HibNetTalk one = {.kind = HIB_TALK_MESSAGE,
                          .remote_id = hib_meta_text(m, "id"),
                          .text = text ? text : "",
                          .conversation = with,
                          .author_id = from,
                          .author_handle = handle,
                          .author_name = hib_meta_text(m, "from.name"),
                          .at = hib_meta_time(m, "created_time"),
                          .is_own = with && g_strcmp0(from, with) != 0};
        take_attachments(talk, m, &one);
        hib_meta_talk_add(talk, &one);
    }
}

HibNetResult
hib_meta_read_author(const HibNetContext *net, const HibGrant *grant, const char *url,
                     const char *fields, HibNetTalk *ret)
{
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = url,
                              .form = hib_net_form(net->arena, "fields", fields, NULL),
                              .token = grant->access};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    ret->author_name = hib_meta_or_empty(hib_meta_text(in, "name"));
    ret->author_handle = hib_meta_or_empty(hib_meta_text(in, "username"));
    ret->url = hib_meta_or_empty(hib_meta_text(in, "profile_pic"));
    return said;
}

HibNetResult
hib_meta_send_message(const HibNetContext *net, const HibGrant *grant, const char *url,
                      HibNetSending *sending)
{
    const HibNetPost *post = sending->post;
    const char *to = post->recipient, *human = hib_meta_option(net->arena, post, "human_agent");
    bool is_comment = to && g_str_has_prefix(to, "comment:");
    bool is_late = human && g_str_equal(human, "true");
    cJSON *recipient = cJSON_CreateObject(), *message = cJSON_CreateObject();
    cJSON_AddStringToObject(recipient, is_comment ? "comment_id" : "id",
                            is_comment ? to + strlen("comment:")
                            : to       ? to
                                       : "");
    cJSON_AddStringToObject(message, "text", post->text);
    const HibMetaCall call = {
        .kind = HIB_CALL_EFFECT,
        .method = "POST",
        .url = url,
        .token = grant->access,
        .form = hib_net_form(net->arena, "recipient", hib_json_print(net->arena, recipient),
                             "message", hib_json_print(net->arena, message), "messaging_type",
                             is_late ? "MESSAGE_TAG" : "RESPONSE", "tag",
                             is_late ? "HUMAN_AGENT" : NULL, NULL)};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *id = hib_meta_text(in, "message_id");
    if (!id)
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the network did not name the message");
    sending->published = (HibNetPublished){.remote_id = id, .url = ""};
    sending->is_done = true;
    return said;
}

static bool
is_from_us(HibJson row, const HibGrant *grant)
{
    return g_strcmp0(hib_meta_text(row, "from.id"), grant->remote_id) == 0;
}

HibNetResult
hib_meta_find_message(const HibNetContext *net, const HibGrant *grant, const char *url,
                      const char *platform, const char *self, HibNetSending *sending,
                      bool *ret_found)
{
    const HibMetaRows rows = {.text = "message", .time = "created_time", .is_ours = is_from_us};
    const char *to = sending->post->recipient;
    HibJson in;
    /* A private answer to a comment names no user yet: then the newest conversations are looked through. */
    bool is_user = to && !g_str_has_prefix(to, "comment:");
    const HibMetaCall call = {.kind = HIB_CALL_READ,
                              .method = "GET",
                              .url = url,
                              .token = grant->access,
                              .form = hib_net_form(net->arena, "platform", platform, "user_id",
                                                   is_user ? to : NULL, "fields",
                                                   HIB_META_CONVERSATION, "limit", "10", NULL)};
    HibNetResult said = hib_meta_call(net, &call, &in);
    *ret_found = false;
    HibJson data = hib_meta_get(in, "data");
    for (HibJson one = hib_json_first(data); said.class == HIB_NET_OK && one.value && !*ret_found;
         one = hib_json_next(data, one)) {
        HibJson messages = hib_meta_get(one, "messages.data");
        HibGrant us = *grant;
        us.remote_id = self;
        int at = hib_meta_match(net->arena, &rows, &us, messages, sending);
        if (at < 0)
            continue;
        HibJson row = {.value = cJSON_GetArrayItem(messages.value, at), .arena = net->arena};
        sending->published = (HibNetPublished){.remote_id = hib_meta_text(row, "id"), .url = ""};
        *ret_found = true;
    }
    return said;
}

/* --- finding what was sent -------------------------------------------------------------------------------------------------------------- */
int
hib_meta_match(HibArena *arena, const HibMetaRows *rows, const HibGrant *grant, HibJson data,
               HibNetSending *sending)
{
    size_t n = 0, most = hib_json_count(data);
    HibNetSeen *seen = hib_arena_array(arena, HibNetSeen, most + 1);
    int *place = hib_arena_array(arena, int, most + 1), i = 0;
    bool has_text = sending->post->format != HIB_FORMAT_STORY; /* a story shows none */
    for (HibJson row = hib_json_first(data); row.value; row = hib_json_next(data, row), i++) {
        const char *id = hib_meta_text(row, "id"), *text = hib_meta_text(row, rows->text);
        if (!id || (rows->is_ours && !rows->is_ours(row, grant)))
            continue;
        place[n] = i;
        seen[n++] = (HibNetSeen){.remote_id = id,
                                 .text = !has_text ? sending->post->text
                                         : text    ? text
                                                   : "",
                                 .at = hib_meta_time(row, rows->time),
                                 .n_media = rows->n_media ? rows->n_media(row) : -1};
    }
    int at = hib_net_match(arena, sending, seen, n);
    return at < 0 ? -1 : place[at];
}

const char *
hib_meta_then(const HibNetContext *net, const HibNetSending *sending)
{
    HibInstant sent = sending->sent_at ? sending->sent_at : sending->post->created_at,
               end = sent + HIB_HOUR;
    const char *until =
        end > hib_clock_now(net->clock)
            ? ""
            : hib_arena_printf(net->arena, "&until=%" G_GINT64_FORMAT, end / HIB_SECOND);
    return hib_arena_printf(net->arena, "since=%" G_GINT64_FORMAT "%s&limit=100",
                            MAX(sent - HIB_NET_CLOCKS_DIFFER, 0) / HIB_SECOND, until);
}

HibNetResult
hib_meta_find_in(const HibNetContext *net, const HibGrant *grant, const char *url, const char *form,
                 const HibMetaRows *rows, HibNetSending *sending, bool *ret_found)
{
    const HibMetaCall call = {
        .kind = HIB_CALL_READ, .method = "GET", .url = url, .form = form, .token = grant->access};
    HibJson in;
    HibNetResult said = hib_meta_call(net, &call, &in);
    *ret_found = false;
    if (said.class != HIB_NET_OK)
        return said;
    HibJson data = hib_meta_get(in, "data");
    int at = hib_meta_match(net->arena, rows, grant, data, sending);
    if (at < 0)
        return said;
    HibJson row = {.value = cJSON_GetArrayItem(data.value, at), .path = "", .arena = net->arena};
    const char *link = rows->url ? hib_meta_text(row, rows->url) : NULL;
    sending->published =
        (HibNetPublished){.remote_id = hib_meta_text(row, "id"), .url = link ? link : ""};
    *ret_found = true;
    return said;
}
