/* A post as its record: text, the places in it that are links, mentions or tags (facets, counted in UTF-8 bytes), pictures.
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
        .kind = BLUESKY_READ,
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
    HibNetResult said = {.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
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

/* False when a stored picture reference does not read. */
static bool
add_images(const HibNetSending *sending, cJSON *record)
{
    const HibNetPost *post = sending->post;
    if (post->n_media == 0)
        return true;
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    const cJSON *refs = cJSON_GetObjectItemCaseSensitive(progress, "media");
    cJSON *embed = cJSON_AddObjectToObject(record, "embed");
    cJSON_AddStringToObject(embed, "$type", "app.bsky.embed.images");
    cJSON *images = cJSON_AddArrayToObject(embed, "images");
    for (size_t i = 0; i < post->n_media; i++) {
        const HibNetMedia *image = &post->media[i];
        cJSON *blob = cJSON_Duplicate(cJSON_GetArrayItem(refs, (int)i), true);
        if (!cJSON_IsObject(blob)) {
            cJSON_Delete(blob);
            return false;
        }
        cJSON *item = cJSON_CreateObject();
        cJSON_AddItemToObject(item, "image", blob);
        cJSON_AddStringToObject(item, "alt", image->alt ? image->alt : "");
        if (image->width > 0 && image->height > 0) {
            cJSON *ratio = cJSON_AddObjectToObject(item, "aspectRatio");
            cJSON_AddNumberToObject(ratio, "width", image->width);
            cJSON_AddNumberToObject(ratio, "height", image->height);
        }
        cJSON_AddItemToArray(images, item);
    }
    return true;
}

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
    if (said.class == HIB_NET_OK && !add_images(sending, record)) {
        said.class =
            HIB_NET_NEW_HANDLE; /* nothing was sent; the pictures have to be uploaded again */
        said.code = "BadImageRef";
        said.message = "a stored picture reference does not read";
    }
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
