/* A post as its record: text, the places in it that are links, mentions or tags (facets, counted in UTF-8 bytes), pictures or a video, and
 * what it answers.
 *
 * The same delivery must give the same bytes each time, so nothing here depends on the moment: createdAt comes from the delivery. */
#include "networks/bluesky_limits.h"
#include "networks/bluesky_private.h"
#include "networks/call.h"
#include "text/links.h"

#include <string.h>

/* *ret_did NULL: nobody has this name; it stays plain text. Not OK: we could not ask, so the post waits. */
static HibNetResult
resolve(const HibNetContext *net, const HibGrant *grant, const char *handle, const char **ret_did)
{
    *ret_did = NULL;
    const BlueskyRequest request = {
        .kind = HIB_CALL_READ,
        .method = "com.atproto.identity.resolveHandle",
        .query = hib_arena_printf(net->arena, "handle=%s", hib_url_escape(net->arena, handle))};
    HibJson in;
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    const char *did = NULL;
    if (said.class == HIB_NET_OK && hib_json_opt_text(in, "did", &did, NULL) && did &&
        g_str_has_prefix(did, "did:"))
        *ret_did = did;
    bool could_not_ask =
        said.http_status == 0 || said.class == HIB_NET_RETRY_AFTER || said.class == HIB_NET_QUOTA;
    if (!could_not_ask)
        said.class = HIB_NET_OK;
    return said;
}

static cJSON *
facet(const HibLink *link, const char *type, const char *key, const char *value)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *index = cJSON_AddObjectToObject(out, "index");
    cJSON_AddNumberToObject(index, "byteStart", (double)link->start);
    cJSON_AddNumberToObject(index, "byteEnd", (double)link->end);
    cJSON *features = cJSON_AddArrayToObject(out, "features");
    cJSON *feature = cJSON_CreateObject();
    cJSON_AddStringToObject(feature, "$type", type);
    cJSON_AddStringToObject(feature, key, value);
    cJSON_AddItemToArray(features, feature);
    return out;
}

/* Adds "facets" to the record when the text has any. */
static HibNetResult
add_facets(const HibNetContext *net, const HibGrant *grant, const char *text, cJSON *record)
{
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    const HibLink *links = NULL;
    const size_t n = hib_text_links(net->arena, text, &links);
    cJSON *facets = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        if (links[i].kind == HIB_LINK_URL)
            cJSON_AddItemToArray(
                facets, facet(&links[i], "app.bsky.richtext.facet#link", "uri", links[i].value));
        if (links[i].kind == HIB_LINK_TAG)
            cJSON_AddItemToArray(
                facets, facet(&links[i], "app.bsky.richtext.facet#tag", "tag", links[i].value));
        if (links[i].kind != HIB_LINK_MENTION)
            continue;
        const char *did = NULL;
        said = resolve(net, grant, links[i].value, &did);
        if (said.class != HIB_NET_OK) {
            cJSON_Delete(facets);
            return said;
        }
        if (did)
            cJSON_AddItemToArray(facets,
                                 facet(&links[i], "app.bsky.richtext.facet#mention", "did", did));
    }
    if (cJSON_GetArraySize(facets) > 0)
        cJSON_AddItemToObject(record, "facets", facets);
    else
        cJSON_Delete(facets);
    return said;
}

/* --- media ------------------------------------------------------------------------------------------------------------------- */
static void
describe(cJSON *out, const HibNetMedia *one)
{
    cJSON_AddStringToObject(out, "alt", one->alt ? one->alt : "");
    if (one->width <= 0 || one->height <= 0)
        return;
    cJSON *ratio = cJSON_AddObjectToObject(out, "aspectRatio");
    cJSON_AddNumberToObject(ratio, "width", one->width);
    cJSON_AddNumberToObject(ratio, "height", one->height);
}

/* False when a stored reference does not read. */
static bool
add_media(const HibNetSending *sending, cJSON *record)
{
    const HibNetPost *post = sending->post;
    if (post->n_media == 0)
        return true;
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const cJSON *refs = cJSON_GetObjectItemCaseSensitive(progress, "media");
    cJSON *embed = cJSON_AddObjectToObject(record, "embed");
    bool is_video = post->media[0].kind == HIB_NET_VIDEO;
    cJSON_AddStringToObject(embed, "$type",
                            is_video ? "app.bsky.embed.video" : "app.bsky.embed.images");
    cJSON *images = is_video ? NULL : cJSON_AddArrayToObject(embed, "images");
    for (size_t i = 0; i < post->n_media; i++) {
        const cJSON *ref = cJSON_GetArrayItem(refs, (int)i);
        if (!cJSON_IsObject(ref) || cJSON_HasObjectItem(ref, "job"))
            return false;
        cJSON *item = is_video ? embed : cJSON_CreateObject();
        cJSON_AddItemToObject(item, is_video ? "video" : "image", cJSON_Duplicate(ref, true));
        describe(item, &post->media[i]);
        if (is_video)
            break;
        cJSON_AddItemToArray(images, item);
    }
    return true;
}

/* --- what it answers ------------------------------------------------------------------------------------------------------------ */
static cJSON *
strong_ref(const cJSON *from)
{
    const cJSON *uri = cJSON_GetObjectItemCaseSensitive(from, "uri");
    const cJSON *cid = cJSON_GetObjectItemCaseSensitive(from, "cid");
    if (!cJSON_IsString(uri) || !cJSON_IsString(cid))
        return NULL;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "uri", uri->valuestring);
    cJSON_AddStringToObject(out, "cid", cid->valuestring);
    return out;
}

/* One's own post is asked for where it was just written, another's at the index. *ret NULL: it is not there. */
static HibNetResult
read_parent(const HibNetContext *net, const HibGrant *grant, const char *uri, const cJSON **ret)
{
    *ret = NULL;
    const char *rkey = hib_bluesky_rkey(grant, uri);
    HibJson in, posts = {0};
    if (rkey) {
        bool has = false;
        HibNetResult said = hib_bluesky_has_record(net, grant, rkey, &has, &in);
        *ret = has ? in.value : NULL;
        return said;
    }
    const BlueskyRequest request = {.kind = HIB_CALL_READ,
                                    .method = "app.bsky.feed.getPosts",
                                    .token = grant->access,
                                    .query = hib_net_form(net->arena, "uris", uri, NULL)};
    HibNetResult said = hib_bluesky_call(net, grant->service, &request, &in);
    if (said.class == HIB_NET_OK && hib_json_array(in, "posts", &posts, NULL))
        *ret = hib_json_first(posts).value;
    return said;
}

HibNetResult
hib_bluesky_parent(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const cJSON *found = NULL;
    HibNetResult said = read_parent(net, grant, sending->post->reply_to, &found);
    if (said.class != HIB_NET_OK)
        return said;
    g_autoptr(cJSON) parent = strong_ref(found);
    if (!parent) {
        said.class = HIB_NET_FIX_CONTENT;
        said.code = "ParentNotFound";
        said.message = "the post this one answers is not there";
        return said;
    }
    /* A record says itself which thread it stands in; one that answers nothing begins its own. */
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(found, "value");
    if (!record)
        record = cJSON_GetObjectItemCaseSensitive(found, "record");
    cJSON *root = strong_ref(cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(record, "reply"), "root"));
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    cJSON *reply = cJSON_AddObjectToObject(progress, "reply");
    cJSON_AddItemToObject(reply, "root", root ? root : cJSON_Duplicate(parent, true));
    cJSON_AddItemToObject(reply, "parent", g_steal_pointer(&parent));
    sending->progress = hib_net_progress_text(net->arena, progress);
    return said;
}

static bool
add_reply(const HibNetSending *sending, cJSON *record)
{
    if (!sending->post->reply_to)
        return true;
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const cJSON *reply = cJSON_GetObjectItemCaseSensitive(progress, "reply");
    if (!cJSON_IsObject(reply))
        return false;
    return cJSON_AddItemToObject(record, "reply", cJSON_Duplicate(reply, true));
}

/* --- the whole ------------------------------------------------------------------------------------------------------------------ */
static void
add_langs(const HibNetPost *post, cJSON *record)
{
    if (!post->langs || !post->langs[0])
        return;
    cJSON *langs = cJSON_AddArrayToObject(record, "langs");
    for (int i = 0; i < HIB_BLUESKY_MAX_LANGS && post->langs[i]; i++)
        cJSON_AddItemToArray(langs, cJSON_CreateString(post->langs[i]));
}

HibNetResult
hib_bluesky_record_body(const HibNetContext *net, const HibGrant *grant,
                        const HibNetSending *sending, const char **ret_body)
{
    const HibNetPost *post = sending->post;
    char created_at[HIB_INSTANT_TEXT];
    cJSON *record = cJSON_CreateObject();
    cJSON_AddStringToObject(record, "$type", BLUESKY_POSTS);
    cJSON_AddStringToObject(record, "text", post->text);
    cJSON_AddStringToObject(record, "createdAt", hib_instant_format(post->created_at, created_at));
    add_langs(post, record);
    HibNetResult said = add_facets(net, grant, post->text, record);
    if (said.class == HIB_NET_OK && !(add_media(sending, record) && add_reply(sending, record)))
        said = hib_net_say(HIB_NET_NEW_HANDLE, "BadProgress", /* nothing was sent; from the start */
                           "what was stored of the uploads does not read");
    if (said.class != HIB_NET_OK) {
        cJSON_Delete(record);
        return said;
    }
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "repo", grant->remote_id);
    cJSON_AddStringToObject(body, "collection", BLUESKY_POSTS);
    cJSON_AddStringToObject(body, "rkey", sending->handle);
    cJSON_AddItemToObject(body, "record", record);
    *ret_body = hib_json_print(net->arena, body);
    return said;
}
