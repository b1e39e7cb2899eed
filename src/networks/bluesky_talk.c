/* What people say to the account: replies, mentions and quotes, from its notifications.
 *
 * The index lists them newest first and may come to one late, so reading goes back a little behind where it ended last time: what was said
 * in those minutes comes again, under the same remote id. The cursor is the instant of the newest one seen; where a reading ended before it
 * was back there, also how far it was to go and the page it was at. */
#include "networks/bluesky_limits.h"
#include "networks/bluesky_private.h"
#include "networks/content.h"

#include <string.h>

#define LATE (10 * HIB_MINUTE)
#define FIRST (7 * HIB_DAY)
#define PAGES 5 /* five hundred at a time; the next reading goes on */

/* at://DID/app.bsky.feed.post/RKEY as the address a person opens. */
static const char *
web_url(HibArena *arena, const char *uri, const char *handle)
{
    const char *rkey = strrchr(uri, '/');
    return hib_arena_printf(arena, "https://bsky.app/profile/%s/post/%s", handle,
                            rkey ? rkey + 1 : "");
}

static const char *
ref_uri(HibJson reply, const char *which)
{
    HibJson ref = {0};
    const char *uri = NULL;
    if (reply.value && hib_json_opt_object(reply, which, &ref, NULL) && ref.value)
        (void)hib_json_opt_text(ref, "uri", &uri, NULL);
    return uri;
}

/* Where it stands: under which own post, and what it answers when that is not the post itself. */
static void
place(const HibGrant *grant, HibJson record, HibNetTalk *talk)
{
    HibJson reply = {0};
    (void)hib_json_opt_object(record, "reply", &reply, NULL);
    const char *root = ref_uri(reply, "root"), *parent = ref_uri(reply, "parent");
    if (hib_bluesky_rkey(grant, root))
        talk->post_id = root;
    else if (hib_bluesky_rkey(grant, parent))
        talk->post_id = parent;
    if (parent && g_strcmp0(parent, talk->post_id) != 0)
        talk->parent_id = parent;
}

/* "did cid" of a blob: {"ref": {"$link"}}; NULL where it does not read. */
static const char *
blob_of(HibArena *arena, HibJson in, const char *name, const char *did)
{
    HibJson blob = {0}, ref = {0};
    const char *cid = NULL;
    if (!hib_json_opt_object(in, name, &blob, NULL) || !blob.value ||
        !hib_json_opt_object(blob, "ref", &ref, NULL) || !ref.value ||
        !hib_json_opt_text(ref, "$link", &cid, NULL))
        return NULL;
    return cid ? hib_arena_printf(arena, "%s %s", did, cid) : NULL;
}

/* Pictures and videos lie in blobs that their author's server hands out. */
static void
read_embed(HibArena *arena, HibJson record, HibNetTalk *talk)
{
    HibJson embed = {0}, images = {0}, external = {0};
    const char *type = NULL;
    if (!hib_json_opt_object(record, "embed", &embed, NULL) || !embed.value)
        return;
    (void)hib_json_opt_text(embed, "$type", &type, NULL);
    HibNetAttachment *out = hib_arena_array(arena, HibNetAttachment, HIB_NET_ATTACHMENTS);
    if (hib_json_opt_array(embed, "images", &images, NULL) && images.value)
        for (HibJson one = hib_json_first(images);
             one.value && talk->n_attachments < HIB_NET_ATTACHMENTS;
             one = hib_json_next(images, one)) {
            HibNetAttachment *into = &out[talk->n_attachments++];
            *into = (HibNetAttachment){.kind = HIB_ATTACH_IMAGE};
            if (!cJSON_IsObject(one.value))
                continue;
            (void)hib_json_opt_text(one, "alt", &into->title, NULL);
            into->content_id = blob_of(arena, one, "image", talk->author_id);
        }
    else if (hib_json_opt_object(embed, "external", &external, NULL) && external.value) {
        out[0] = (HibNetAttachment){.kind = HIB_ATTACH_LINK};
        (void)hib_json_opt_text(external, "uri", &out[0].url, NULL);
        (void)hib_json_opt_text(external, "title", &out[0].title, NULL);
        talk->n_attachments = 1;
    } else if (type && g_str_has_suffix(type, ".video")) {
        out[0] = (HibNetAttachment){.kind = HIB_ATTACH_VIDEO};
        (void)hib_json_opt_text(embed, "alt", &out[0].title, NULL);
        out[0].content_id = blob_of(arena, embed, "video", talk->author_id);
        talk->n_attachments = 1;
    }
    talk->attachments = out;
}

/* A post view, other than a notification, says where its pictures can be fetched. */
static void
read_pictures(HibJson in, HibNetTalk *talk)
{
    HibJson embed = {0}, images = {0};
    size_t i = 0;
    if (!hib_json_opt_object(in, "embed", &embed, NULL) || !embed.value ||
        !hib_json_opt_array(embed, "images", &images, NULL) || !images.value)
        return;
    HibNetAttachment *rows = (HibNetAttachment *)talk->attachments;
    for (HibJson one = hib_json_first(images); one.value && i < talk->n_attachments;
         one = hib_json_next(images, one), i++) {
        if (!cJSON_IsObject(one.value) || rows[i].kind != HIB_ATTACH_IMAGE)
            continue;
        (void)hib_json_opt_text(one, "fullsize", &rows[i].url, NULL);
        (void)hib_json_opt_text(one, "thumb", &rows[i].preview_url, NULL);
    }
}

/* False: it is no talk, or does not read. */
static bool
read_one(const HibNetContext *net, const HibGrant *grant, HibJson in, HibNetTalk *ret)
{
    const char *reason = NULL, *subject = NULL;
    HibJson author = {0}, record = {0};
    HibNetTalk talk = {.author_name = ""};
    if (!hib_json_text(in, "uri", &talk.remote_id, NULL) ||
        !hib_json_text(in, "reason", &reason, NULL) ||
        !hib_json_time(in, "indexedAt", &talk.at, NULL) ||
        !hib_json_object(in, "author", &author, NULL) ||
        !hib_json_object(in, "record", &record, NULL) ||
        !hib_json_text(author, "did", &talk.author_id, NULL) ||
        !hib_json_text(author, "handle", &talk.author_handle, NULL) ||
        !hib_json_text(record, "text", &talk.text, NULL))
        return false;
    (void)hib_json_opt_text(author, "displayName", &talk.author_name, NULL);
    (void)hib_json_opt_text(in, "reasonSubject", &subject, NULL);
    place(grant, record, &talk);
    read_embed(net->arena, record, &talk);
    if (g_str_equal(reason, "quote") && hib_bluesky_rkey(grant, subject))
        talk.post_id = subject;
    talk.kind = g_str_equal(reason, "reply") && talk.post_id ? HIB_TALK_COMMENT : HIB_TALK_MENTION;
    talk.is_own = g_str_equal(talk.author_id, grant->remote_id);
    talk.url = web_url(net->arena, talk.remote_id, talk.author_handle);
    *ret = talk;
    return true;
}

/* A reply that also mentions is notified of twice. */
static void
keep(GArray *found, const HibNetTalk *talk)
{
    for (guint i = 0; i < found->len; i++) {
        HibNetTalk *one = &g_array_index(found, HibNetTalk, i);
        if (!g_str_equal(one->remote_id, talk->remote_id))
            continue;
        if (talk->kind == HIB_TALK_COMMENT)
            *one = *talk;
        return;
    }
    g_array_append_val(found, *talk);
}

/* A post the index found: it answers or names nobody of ours as far as it says. */
static bool
read_found(const HibNetContext *net, const HibGrant *grant, HibJson in, HibNetTalk *ret)
{
    HibJson author = {0}, record = {0};
    HibNetTalk talk = {.kind = HIB_TALK_MENTION, .author_name = ""};
    if (!hib_json_text(in, "uri", &talk.remote_id, NULL) ||
        !hib_json_time(in, "indexedAt", &talk.at, NULL) ||
        !hib_json_object(in, "author", &author, NULL) ||
        !hib_json_object(in, "record", &record, NULL) ||
        !hib_json_text(author, "did", &talk.author_id, NULL) ||
        !hib_json_text(author, "handle", &talk.author_handle, NULL) ||
        !hib_json_text(record, "text", &talk.text, NULL))
        return false;
    (void)hib_json_opt_text(author, "displayName", &talk.author_name, NULL);
    place(grant, record, &talk);
    read_embed(net->arena, record, &talk);
    read_pictures(in, &talk);
    talk.is_own = g_str_equal(talk.author_id, grant->remote_id);
    talk.url = web_url(net->arena, talk.remote_id, talk.author_handle);
    *ret = talk;
    return true;
}

static HibNetResult
read_page(const HibNetContext *net, const HibGrant *grant, const char *page, HibJson *ret_list,
          const char **ret_next)
{
    const char *more =
        page ? hib_arena_printf(net->arena, "&cursor=%s", hib_url_escape(net->arena, page)) : "";
    const BlueskyRequest request = {
        .kind = HIB_CALL_READ,
        .method = "app.bsky.notification.listNotifications",
        .query = hib_arena_printf(net->arena,
                                  "limit=100&reasons=reply&reasons=mention&reasons=quote%s", more),
        .token = grant->access};
    HibJson in;
    *ret_next = NULL;
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_array(in, "notifications", ret_list, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of notifications does not read");
    (void)hib_json_opt_text(in, "cursor", ret_next, NULL);
    return said;
}

static int
by_time(const void *a, const void *b)
{
    HibInstant one = ((const HibNetTalk *)a)->at, other = ((const HibNetTalk *)b)->at;
    return (one > other) - (one < other);
}

static void
hand_out(HibArena *arena, const GArray *found, HibNetTalk **ret, size_t *ret_n)
{
    *ret_n = found->len;
    *ret = hib_arena_array(arena, HibNetTalk, found->len + 1);
    if (!found->len)
        return;
    memcpy(*ret, found->data, found->len * sizeof(HibNetTalk));
    qsort(*ret, found->len, sizeof(HibNetTalk), by_time);
}

typedef struct {
    HibInstant newest, from; /* seen so far; where to stop */
    const char *page;        /* NULL: the first */
} Cursor;

static Cursor
cursor_read(const HibNetContext *net, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text ? text : "", " ", 3);
    guint n = g_strv_length(words);
    HibInstant newest = 0, from = 0;
    if (n == 0 || !hib_instant_parse(words[0], &newest)) {
        from = hib_clock_now(net->clock) - FIRST;
        return (Cursor){.newest = from, .from = from};
    }
    if (n < 3 || !hib_instant_parse(words[1], &from))
        return (Cursor){.newest = newest, .from = newest - LATE};
    return (Cursor){newest, from, hib_arena_strdup(net->arena, words[2])};
}

static const char *
cursor_text(HibArena *arena, const Cursor *cursor)
{
    char newest[HIB_INSTANT_TEXT], from[HIB_INSTANT_TEXT];
    hib_instant_format(cursor->newest, newest);
    hib_instant_format(cursor->from, from);
    return cursor->page ? hib_arena_printf(arena, "%s %s %s", newest, from, cursor->page)
                        : hib_arena_strdup(arena, newest);
}

/* The talk of one page; true: it reached what was read before. */
static bool
take_page(const HibNetContext *net, const HibGrant *grant, HibJson list, Cursor *cursor,
          GArray *found)
{
    bool is_past = false;
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        HibNetTalk talk;
        if (!cJSON_IsObject(one.value) || !read_one(net, grant, one, &talk))
            continue;
        is_past = is_past || talk.at < cursor->from;
        cursor->newest = MAX(cursor->newest, talk.at);
        if (talk.at >= cursor->from)
            keep(found, &talk);
    }
    return is_past;
}

HibNetResult
hib_bluesky_read_talk(const HibNetContext *net, const HibGrant *grant, const char *const *posts,
                      const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    Cursor at = cursor_read(net, cursor);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibNetTalk));
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    for (int i = 0; i < PAGES && (i == 0 || at.page); i++) {
        HibJson list = {0};
        said = read_page(net, grant, at.page, &list, &at.page);
        if (said.class != HIB_NET_OK)
            return said;
        if (take_page(net, grant, list, &at, found))
            at.page = NULL;
    }
    hand_out(net->arena, found, ret, ret_n);
    *ret_cursor = cursor_text(net->arena, &at);
    return said;
}

/* The index is asked for what it took in since; it may come to a post late, so asking begins ten minutes before. */
HibNetResult
hib_bluesky_search_tag(const HibNetContext *net, const HibGrant *grant, const char *tag,
                       const char *cursor, HibNetTalk **ret, size_t *ret_n, const char **ret_cursor)
{
    char since[HIB_INSTANT_TEXT], newest[HIB_INSTANT_TEXT];
    Cursor at = cursor_read(net, cursor);
    const char *word = hib_url_escape(net->arena, tag);
    const BlueskyRequest request = {
        .kind = HIB_CALL_READ,
        .method = "app.bsky.feed.searchPosts",
        .query = hib_arena_printf(net->arena, "q=%%23%s&tag=%s&sort=latest&limit=%d&since=%s", word,
                                  word, bluesky_limits.search->posts,
                                  hib_url_escape(net->arena, hib_instant_format(at.from, since))),
        .token = grant->access};
    HibJson in, list = {0};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibNetTalk));
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    if (!hib_json_array(in, "posts", &list, NULL))
        return hib_net_nonsense(said, HIB_CALL_READ, "the list of posts does not read");
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        HibNetTalk talk;
        if (!cJSON_IsObject(one.value) || !read_found(net, grant, one, &talk))
            continue;
        at.newest = MAX(at.newest, talk.at);
        g_array_append_val(found, talk);
    }
    hand_out(net->arena, found, ret, ret_n);
    *ret_cursor = hib_arena_strdup(net->arena, hib_instant_format(at.newest, newest));
    return said;
}

/* --- what came with it ---------------------------------------------------------------------------------------------------------- */
#define CDN "https://cdn.bsky.app/img/feed_fullsize/plain"

static bool
is_plain(const char *text, const char *more)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isalnum(text[i]) && !strchr(more, text[i]))
            return false;
    return n > 0 && n <= 256;
}

/* From the account's own server, which has it where its author lives there too; else as Bluesky hands pictures of everybody out. */
HibNetResult
hib_bluesky_read_content(const HibNetContext *net, const HibGrant *grant, const char *content_id,
                         HibNetContent *ret)
{
    g_auto(GStrv) parts = g_strsplit(content_id, " ", 2);
    if (g_strv_length(parts) != 2 || !g_str_has_prefix(parts[0], "did:") ||
        !is_plain(parts[0], ":.-_%") || !is_plain(parts[1], ""))
        return hib_net_say(HIB_NET_FATAL, "BadId", "that is no blob");
    HibNetResult said = hib_net_fetch(
        net, grant->service,
        hib_arena_printf(net->arena, "%s/xrpc/com.atproto.sync.getBlob?did=%s&cid=%s",
                         grant->service, hib_url_escape(net->arena, parts[0]), parts[1]),
        ret);
    if (said.class != HIB_NET_FATAL)
        return said;
    if (net->may_be_private) { /* no server of the world's */
        ret->is_gone = true;
        return said;
    }
    return hib_net_fetch(net, grant->service,
                         hib_arena_printf(net->arena, CDN "/%s/%s@jpeg", parts[0], parts[1]), ret);
}
