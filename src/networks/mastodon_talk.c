/* What people say to the account: notifications of mentions (answers and messages to few among them) and quotes. The cursor is the id of the
 * newest one read; the server hands out what came after it, oldest page first, so nothing is skipped however much there is. */
#include "networks/mastodon_limits.h"
#include "networks/mastodon_private.h"

#include <string.h>

#define FIRST (7 * HIB_DAY)

static HibNetAttachKind
kind_of(const char *type)
{
    return !g_strcmp0(type, "image")   ? HIB_ATTACH_IMAGE
           : !g_strcmp0(type, "audio") ? HIB_ATTACH_AUDIO
           : type                      ? HIB_ATTACH_VIDEO /* gifv */
                                       : HIB_ATTACH_FILE;
}

static void
read_media(HibArena *arena, HibJson status, HibNetTalk *talk)
{
    HibJson list = {0};
    if (!hib_json_opt_array(status, "media_attachments", &list, NULL) || !list.value)
        return;
    size_t most = MIN(hib_json_count(list), (size_t)HIB_NET_ATTACHMENTS);
    HibNetAttachment *out = hib_arena_array(arena, HibNetAttachment, most + 1);
    for (HibJson one = hib_json_first(list); one.value && talk->n_attachments < most;
         one = hib_json_next(list, one)) {
        const char *type = NULL;
        HibNetAttachment *into = &out[talk->n_attachments++];
        *into = (HibNetAttachment){0};
        if (!cJSON_IsObject(one.value))
            continue;
        (void)hib_json_opt_text(one, "type", &type, NULL);
        (void)hib_json_opt_text(one, "url", &into->url, NULL);
        (void)hib_json_opt_text(one, "preview_url", &into->preview_url, NULL);
        (void)hib_json_opt_text(one, "description", &into->title, NULL);
        into->kind = kind_of(type);
    }
    talk->attachments = out;
}

static bool
read_status(const HibNetContext *net, const HibGrant *grant, HibJson status, HibNetTalk *ret)
{
    HibJson author = {0};
    const char *acct = NULL, *content = NULL, *visibility = "public";
    const char *parent = NULL, *answered = NULL;
    HibNetTalk talk = {.author_name = "", .url = ""};
    if (!hib_json_text(status, "id", &talk.remote_id, NULL) ||
        !hib_json_text(status, "content", &content, NULL) ||
        !hib_json_time(status, "created_at", &talk.at, NULL) ||
        !hib_json_object(status, "account", &author, NULL) ||
        !hib_json_text(author, "id", &talk.author_id, NULL) ||
        !hib_json_text(author, "acct", &acct, NULL))
        return false;
    (void)hib_json_opt_text(author, "display_name", &talk.author_name, NULL);
    (void)hib_json_opt_text(status, "visibility", &visibility, NULL);
    (void)hib_json_opt_text(status, "in_reply_to_id", &parent, NULL);
    (void)hib_json_opt_text(status, "in_reply_to_account_id", &answered, NULL);
    if (!hib_json_opt_text(status, "url", &talk.url, NULL) || !talk.url)
        talk.url = "";
    talk.author_handle = hib_mastodon_full_name(net->arena, grant, acct);
    talk.text = hib_mastodon_plain(net->arena, content);
    talk.is_own = g_str_equal(talk.author_id, grant->remote_id);
    read_media(net->arena, status, &talk);
    talk.is_edited = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(status.value, "edited_at"));
    talk.kind = HIB_TALK_MENTION;
    if (g_str_equal(visibility, "direct")) {
        talk.kind = HIB_TALK_MESSAGE;
        talk.conversation = talk.author_handle;
        talk.parent_id = parent;
    } else if (parent && !g_strcmp0(answered, grant->remote_id)) {
        talk.kind = HIB_TALK_COMMENT;
        talk.post_id = parent;
    } else
        talk.parent_id = parent;
    *ret = talk;
    return true;
}

static bool
read_one(const HibNetContext *net, const HibGrant *grant, HibJson in, HibNetTalk *ret)
{
    HibJson status = {0};
    const char *type = NULL;
    return hib_json_text(in, "type", &type, NULL) && hib_json_object(in, "status", &status, NULL) &&
           read_status(net, grant, status, ret);
}

static void
turn(HibNetTalk *rows, size_t n) /* oldest first */
{
    for (size_t i = 0; i < n / 2; i++) {
        HibNetTalk swap = rows[i];
        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = swap;
    }
}

HibNetResult
hib_mastodon_read_talk(const HibNetContext *net, const HibGrant *grant, const char *const *posts,
                       const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    /* Other software may refuse a kind it does not know. */
    const char *quotes = hib_mastodon_is_genuine(grant->extra) ? "&types[]=quote" : "";
    const char *after = cursor && *cursor ? hib_arena_printf(net->arena, "&min_id=%s",
                                                             hib_url_escape(net->arena, cursor))
                                          : "";
    const MastodonRequest request = {
        .kind = HIB_CALL_READ,
        .method = "GET",
        .path = hib_arena_printf(net->arena, "/api/v1/notifications?limit=80&types[]=mention%s%s",
                                 quotes, after),
        .token = grant->access,
        .is_list = true};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const HibInstant from = *after ? 0 : hib_clock_now(net->clock) - FIRST;
    size_t n = hib_json_count(in), kept = 0;
    HibNetTalk *rows = hib_arena_array(net->arena, HibNetTalk, n + 1);
    *ret_cursor = cursor ? cursor : "";
    for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one)) {
        const char *id = NULL;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &id, NULL))
            continue;
        if (one.value == in.value->child)
            *ret_cursor = id; /* newest first */
        kept += read_one(net, grant, one, &rows[kept]) && rows[kept].at >= from;
    }
    turn(rows, kept);
    *ret = rows;
    *ret_n = kept;
    return said;
}

/* What reached this server; the oldest page after the cursor first, so nothing is skipped however much there is. */
HibNetResult
hib_mastodon_search_tag(const HibNetContext *net, const HibGrant *grant, const char *tag,
                        const char *cursor, HibNetTalk **ret, size_t *ret_n,
                        const char **ret_cursor)
{
    const char *after = cursor && *cursor ? hib_arena_printf(net->arena, "&min_id=%s",
                                                             hib_url_escape(net->arena, cursor))
                                          : "";
    const MastodonRequest request = {.kind = HIB_CALL_READ,
                                     .method = "GET",
                                     .path = hib_arena_printf(net->arena,
                                                              "/api/v1/timelines/tag/%s?limit=%d%s",
                                                              hib_url_escape(net->arena, tag),
                                                              mastodon_limits.search->posts, after),
                                     .token = grant->access,
                                     .is_list = true};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const HibInstant from = *after ? 0 : hib_clock_now(net->clock) - FIRST;
    size_t n = hib_json_count(in), kept = 0;
    HibNetTalk *rows = hib_arena_array(net->arena, HibNetTalk, n + 1);
    *ret_cursor = cursor ? cursor : "";
    for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one)) {
        const char *id = NULL;
        if (!cJSON_IsObject(one.value) || !hib_json_text(one, "id", &id, NULL))
            continue;
        if (one.value == in.value->child)
            *ret_cursor = id; /* newest first */
        kept += read_status(net, grant, one, &rows[kept]) && rows[kept].at >= from;
    }
    turn(rows, kept);
    *ret = rows;
    *ret_n = kept;
    return said;
}
