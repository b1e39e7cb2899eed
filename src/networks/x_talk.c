/* What people say to the account: mentions and replies from one timeline, direct messages from another.
 *
 * A reply under an own post mentions the account, so the mention timeline holds both; who is answered tells them apart. Both lists come newest
 * first; they are read back to where the last reading ended and given oldest first. Direct messages may be asked only once a
 * minute: when X says "slow down" to that, the mentions still count and the messages wait for the next time. */
#include "networks/x_private.h"

#include <string.h>

#define MAX_PAGES 8
#define FIRST_DAYS 3
#define WHAT                                                                                       \
    X_FIELDS "=created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,"        \
             "entities,note_tweet,attachments&expansions=author_id,attachments.media_keys"         \
             "&media.fields=url,preview_image_url,alt_text,type&user.fields=name,username"

typedef struct {
    const HibNetContext *net;
    const HibGrant *grant;
    const char *const *posts; /* own posts; may be NULL */
    GArray *found;            /* HibNetTalk, newest first */
    const char *newest;       /* id of the newest one read; the cursor's when there is none */
} Reading;

/* The user of an id among "includes.users". */
static HibJson
user_of(HibJson root, const char *id)
{
    HibJson includes = {0};
    HibJson users = {0};
    if (!id || !hib_json_opt_object(root, "includes", &includes, NULL) || !includes.value ||
        !hib_json_opt_array(includes, "users", &users, NULL) || !users.value)
        return (HibJson){0};
    for (HibJson u = hib_json_first(users); u.value; u = hib_json_next(users, u)) {
        const char *found = NULL;
        if (cJSON_IsObject(u.value) && hib_json_opt_text(u, "id", &found, NULL) && found &&
            !strcmp(found, id))
            return u;
    }
    return (HibJson){0};
}

static void
name_author(HibJson root, const char *id, HibNetTalk *talk)
{
    HibJson user = user_of(root, id);
    talk->author_id = id;
    talk->author_handle = talk->author_name = "";
    if (!user.value)
        return;
    (void)hib_json_opt_text(user, "username", &talk->author_handle, NULL);
    (void)hib_json_opt_text(user, "name", &talk->author_name, NULL);
}

/* Media of a post or message: keys in its attachments, the media themselves among "includes.media". */
static void
read_media(HibArena *arena, HibJson root, HibJson post, HibNetTalk *talk)
{
    HibJson includes = {0}, media = {0}, attached = {0}, keys = {0};
    if (!hib_json_opt_object(post, "attachments", &attached, NULL) || !attached.value ||
        !hib_json_opt_array(attached, "media_keys", &keys, NULL) || !keys.value ||
        !hib_json_opt_object(root, "includes", &includes, NULL) || !includes.value ||
        !hib_json_opt_array(includes, "media", &media, NULL) || !media.value)
        return;
    HibNetAttachment *out = hib_arena_array(arena, HibNetAttachment, HIB_NET_ATTACHMENTS);
    for (HibJson m = hib_json_first(media); m.value && talk->n_attachments < HIB_NET_ATTACHMENTS;
         m = hib_json_next(media, m)) {
        const char *key = NULL, *type = NULL;
        bool is_here = false;
        if (!cJSON_IsObject(m.value) || !hib_json_opt_text(m, "media_key", &key, NULL) || !key)
            continue;
        for (const cJSON *k = keys.value->child; k; k = k->next)
            is_here |= cJSON_IsString(k) && !strcmp(k->valuestring, key);
        if (!is_here)
            continue;
        HibNetAttachment *one = &out[talk->n_attachments++];
        (void)hib_json_opt_text(m, "type", &type, NULL);
        *one = (HibNetAttachment){.kind = !g_strcmp0(type, "photo") ? HIB_ATTACH_IMAGE
                                                                    : HIB_ATTACH_VIDEO};
        (void)hib_json_opt_text(m, "url", &one->url, NULL);
        (void)hib_json_opt_text(m, "preview_image_url", &one->preview_url, NULL);
        (void)hib_json_opt_text(m, "alt_text", &one->title, NULL);
    }
    talk->attachments = out;
}

static bool
is_own_post(const Reading *in, const char *id)
{
    for (size_t i = 0; in->posts && in->posts[i]; i++)
        if (!strcmp(in->posts[i], id))
            return true;
    return false;
}

static const char *
answered_of(HibJson post)
{
    static const char *const keys[] = {"referenced_tweets", "referenced_posts"};
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
        HibJson list = {0};
        if (!hib_json_opt_array(post, keys[k], &list, NULL) || !list.value)
            continue;
        for (HibJson r = hib_json_first(list); r.value; r = hib_json_next(list, r)) {
            const char *type = NULL;
            const char *id = NULL;
            if (cJSON_IsObject(r.value) && hib_json_opt_text(r, "type", &type, NULL) &&
                hib_json_opt_text(r, "id", &id, NULL) && type && id && !strcmp(type, "replied_to"))
                return id;
        }
    }
    return NULL;
}

static bool
read_mention(Reading *in, HibJson root, HibJson post, HibNetTalk *ret)
{
    HibArena *arena = in->net->arena;
    const char *id = NULL;
    const char *author = NULL;
    const char *to = NULL;
    const char *root_id = NULL;
    if (!cJSON_IsObject(post.value) || !hib_json_text(post, "id", &id, NULL) || !hib_x_is_id(id) ||
        !hib_json_text(post, "author_id", &author, NULL))
        return false;
    (void)hib_json_opt_text(post, "in_reply_to_user_id", &to, NULL);
    (void)hib_json_opt_text(post, "conversation_id", &root_id, NULL);
    const char *answered = answered_of(post);
    *ret = (HibNetTalk){.kind = HIB_TALK_MENTION,
                        .remote_id = id,
                        .text = hib_x_words(arena, post, true),
                        .at = hib_x_id_time(id),
                        .is_own = !strcmp(author, in->grant->remote_id)};
    (void)hib_json_time(post, "created_at", &ret->at, NULL);
    name_author(root, author, ret);
    read_media(arena, root, post, ret);
    ret->url = hib_arena_printf(arena, "https://x.com/%s/status/%s",
                                *ret->author_handle ? ret->author_handle : "i", id);
    if (!answered)
        return true;
    if (root_id && is_own_post(in, root_id)) {
        ret->kind = HIB_TALK_COMMENT;
        ret->post_id = root_id;
        ret->parent_id = strcmp(answered, root_id) ? answered : NULL;
    } else if (is_own_post(in, answered) || (to && !strcmp(to, in->grant->remote_id))) {
        ret->kind = HIB_TALK_COMMENT;
        ret->post_id = answered;
    } else {
        ret->parent_id = answered;
    }
    return true;
}

/* With one other person: that one's id, as HibNetPost.recipient takes it; of several: the conversation. */
static const char *
conversation_of(HibArena *arena, const HibGrant *grant, const char *id)
{
    const char *dash = id ? strchr(id, '-') : NULL;
    if (!dash)
        return id ? hib_arena_printf(arena, X_GROUP "%s", id) : NULL;
    const char *first = hib_arena_strndup(arena, id, (size_t)(dash - id));
    return strcmp(first, grant->remote_id) ? first : hib_arena_strdup(arena, dash + 1);
}

static bool
read_message(Reading *in, HibJson root, HibJson event, HibNetTalk *ret)
{
    HibArena *arena = in->net->arena;
    const char *id = NULL;
    const char *sender = NULL;
    const char *conversation = NULL;
    if (!cJSON_IsObject(event.value) || !hib_json_text(event, "id", &id, NULL) ||
        !hib_x_is_id(id) || !hib_json_text(event, "sender_id", &sender, NULL))
        return false;
    (void)hib_json_opt_text(event, "dm_conversation_id", &conversation, NULL);
    *ret = (HibNetTalk){.kind = HIB_TALK_MESSAGE,
                        .remote_id = hib_arena_printf(arena, X_MESSAGE "%s", id),
                        .text = hib_x_words(arena, event, true),
                        .conversation = conversation_of(arena, in->grant, conversation),
                        .url = "",
                        .at = hib_x_id_time(id),
                        .is_own = !strcmp(sender, in->grant->remote_id)};
    (void)hib_json_time(event, "created_at", &ret->at, NULL);
    name_author(root, sender, ret);
    read_media(arena, root, event, ret);
    return true;
}

static bool
is_newer(const char *id, const char *than)
{
    return !than || strlen(id) > strlen(than) ||
           (strlen(id) == strlen(than) && strcmp(id, than) > 0);
}

/* Reads `most` pages of `path` back to what is not newer than `since` (NULL: to `from`). */
static HibNetResult
read_pages(Reading *in, const char *path, const char *since, HibInstant from,
           bool (*read)(Reading *in, HibJson root, HibJson one, HibNetTalk *ret), int most)
{
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    const char *page = NULL;
    bool is_over = false;
    in->newest = since;
    for (int i = 0; i < most && !is_over; i++) {
        HibJson root = {0};
        HibJson data = {0};
        HibJson meta = {0};
        const char *next = NULL;
        const char *url = page ? hib_arena_printf(in->net->arena, "%s&pagination_token=%s", path,
                                                  hib_url_escape(in->net->arena, page))
                               : path;
        said = hib_x_get(in->net, in->grant, url, &root);
        if (said.class != HIB_NET_OK)
            return said;
        if (!hib_json_opt_array(root, "data", &data, NULL) ||
            !hib_json_opt_object(root, "meta", &meta, NULL))
            return hib_net_nonsense(said, HIB_CALL_READ, "the list does not read");
        for (HibJson one = data.value ? hib_json_first(data) : data; one.value && !is_over;
             one = hib_json_next(data, one)) {
            HibNetTalk talk;
            const char *id = NULL;
            if (!read(in, root, one, &talk) || !hib_json_text(one, "id", &id, NULL))
                continue;
            is_over = (since && !is_newer(id, since)) || (!since && talk.at < from);
            if (is_over)
                break;
            in->newest = is_newer(id, in->newest) ? id : in->newest;
            g_array_append_val(in->found, talk);
        }
        if (meta.value)
            (void)hib_json_opt_text(meta, "next_token", &next, NULL);
        page = next;
        is_over = is_over || !page;
    }
    return said;
}

static HibNetResult
read_list(Reading *in, const char *path, const char *since, HibInstant from,
          bool (*read)(Reading *in, HibJson root, HibJson one, HibNetTalk *ret))
{
    return read_pages(in, path, since, from, read, MAX_PAGES);
}

static gint
by_time(gconstpointer a, gconstpointer b)
{
    const HibNetTalk *x = a;
    const HibNetTalk *y = b;
    return x->at < y->at ? -1 : x->at > y->at ? 1 : strcmp(x->remote_id, y->remote_id);
}

/* "MENTION MESSAGE": ids, "-" for none. */
static void
read_cursor(HibArena *arena, const char *cursor, const char **ret_mention, const char **ret_message)
{
    *ret_mention = *ret_message = NULL;
    g_auto(GStrv) parts = g_strsplit(cursor ? cursor : "", " ", 3);
    if (g_strv_length(parts) != 2)
        return;
    *ret_mention = hib_x_is_id(parts[0]) ? hib_arena_strdup(arena, parts[0]) : NULL;
    *ret_message = hib_x_is_id(parts[1]) ? hib_arena_strdup(arena, parts[1]) : NULL;
}

static const char *
mentions_path(const HibNetContext *net, const HibGrant *grant, const char *since, HibInstant from)
{
    char text[HIB_INSTANT_TEXT];
    const char *start =
        since ? hib_arena_printf(net->arena, "&since_id=%s", since)
              : hib_arena_printf(
                    net->arena, "&start_time=%s",
                    hib_url_escape(net->arena,
                                   hib_instant_format(from / HIB_SECOND * HIB_SECOND, text)));
    return hib_arena_printf(net->arena, "/2/users/%s/mentions?max_results=100&" WHAT "%s",
                            hib_url_escape(net->arena, grant->remote_id), start);
}

HibNetResult
hib_x_read_talk(const HibNetContext *net, const HibGrant *grant, const char *const *posts,
                const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    static const char messages[] =
        "/2/dm_events?event_types=MessageCreate&max_results=100&dm_event."
        "fields=id,text,created_at,dm_conversation_id,entities,attachments"
        "&expansions=sender_id,attachments.media_keys&media.fields=url,preview_image_url,alt_text,"
        "type&user.fields=name,username";
    const char *mention = NULL;
    const char *message = NULL;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibNetTalk));
    Reading in = {.net = net, .grant = grant, .posts = posts, .found = found};
    HibInstant from = hib_clock_now(net->clock) - FIRST_DAYS * HIB_DAY;
    read_cursor(net->arena, cursor, &mention, &message);
    HibNetResult said =
        read_list(&in, mentions_path(net, grant, mention, from), mention, from, read_mention);
    if (said.class != HIB_NET_OK)
        return said;
    mention = in.newest;
    guint n_mentions = found->len;
    HibNetResult dm = read_list(&in, messages, message, from, read_message);
    if (dm.class == HIB_NET_REFRESH_AUTH)
        return dm;
    if (dm.class == HIB_NET_OK)
        message = in.newest;
    else
        g_array_set_size(found, n_mentions);
    g_array_sort(found, by_time);
    *ret = hib_arena_array(net->arena, HibNetTalk, found->len + 1);
    if (found->len)
        memcpy(*ret, found->data, found->len * sizeof(HibNetTalk));
    *ret_n = found->len;
    *ret_cursor =
        hib_arena_printf(net->arena, "%s %s", mention ? mention : "-", message ? message : "-");
    return said;
}

/* One page: each post is paid for. The cursor is an id, which carries its time; one older than X's week is left behind. */
HibNetResult
hib_x_search_tag(const HibNetContext *net, const HibGrant *grant, const char *tag,
                 const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    const HibInstant oldest =
        hib_clock_now(net->clock) - x_limits.search->days * HIB_DAY + HIB_HOUR;
    char text[HIB_INSTANT_TEXT];
    const bool goes_on = cursor && hib_x_is_id(cursor) && hib_x_id_time(cursor) > oldest;
    const char *start =
        goes_on ? hib_arena_printf(net->arena, "&since_id=%s", cursor)
                : hib_arena_printf(
                      net->arena, "&start_time=%s",
                      hib_url_escape(net->arena,
                                     hib_instant_format(oldest / HIB_SECOND * HIB_SECOND, text)));
    const char *path = hib_arena_printf(
        net->arena,
        "/2/tweets/search/recent?query=%%23%s%%20-is%%3Aretweet&max_results=%d&" WHAT "%s",
        hib_url_escape(net->arena, tag), x_limits.search->posts, start);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibNetTalk));
    Reading in = {.net = net, .grant = grant, .found = found};
    HibNetResult said = read_pages(&in, path, goes_on ? cursor : NULL, 0, read_mention, 1);
    if (said.class != HIB_NET_OK)
        return said;
    g_array_sort(found, by_time);
    *ret = hib_arena_array(net->arena, HibNetTalk, found->len + 1);
    if (found->len)
        memcpy(*ret, found->data, found->len * sizeof(HibNetTalk));
    *ret_n = found->len;
    *ret_cursor = in.newest ? in.newest : "";
    return said;
}
