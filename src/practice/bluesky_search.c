/* Bluesky's face: what a search for a hashtag finds, as the network's index answers it, newest first. */
#include "practice/bluesky_face_private.h"
#include "practice/tagged.h"

#include <string.h>

#define MARK 't' /* record keys of these posts begin with it; own ones are TIDs, which never do */
#define BACK (7 * HIB_DAY)

static cJSON *
record_json(const HibTagged *post)
{
    char when[HIB_INSTANT_TEXT];
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "$type", FACE_POSTS);
    cJSON_AddStringToObject(out, "text", post->text);
    cJSON_AddStringToObject(out, "createdAt", hib_instant_format(post->at, when));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "langs"), cJSON_CreateString("ja"));
    if (!post->has_picture)
        return out;
    cJSON *embed = cJSON_AddObjectToObject(out, "embed");
    cJSON_AddStringToObject(embed, "$type", "app.bsky.embed.images");
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "alt", "写真");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(embed, "images"), one);
    return out;
}

static cJSON *
view_json(HibFace *face, FaceCall *call, const HibTagged *post)
{
    char when[HIB_INSTANT_TEXT];
    char *handle =
        g_strdelimit(hib_arena_printf(call->arena, "%s.practice", post->handle), "_", '-');
    const char *did = hib_arena_printf(call->arena, "did:web:%s", handle);
    const char *uri = hib_arena_printf(call->arena, "at://%s/" FACE_POSTS "/%c%" G_GUINT64_FORMAT,
                                       did, MARK, post->id);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "uri", uri);
    cJSON_AddStringToObject(out, "cid", hib_face_cid(call->arena, false, uri, strlen(uri)));
    cJSON *author = cJSON_AddObjectToObject(out, "author");
    cJSON_AddStringToObject(author, "did", did);
    cJSON_AddStringToObject(author, "handle", handle);
    cJSON_AddStringToObject(author, "displayName", post->name);
    cJSON_AddItemToObject(out, "record", record_json(post));
    cJSON_AddStringToObject(out, "indexedAt", hib_instant_format(post->at, when));
    if (!post->has_picture)
        return out;
    cJSON *embed = cJSON_AddObjectToObject(out, "embed");
    cJSON_AddStringToObject(embed, "$type", "app.bsky.embed.images#view");
    cJSON *one = cJSON_CreateObject();
    const char *picture =
        hib_arena_printf(call->arena, "%s/img/%" G_GUINT64_FORMAT ".png", face->url, post->id);
    cJSON_AddStringToObject(one, "fullsize", picture);
    cJSON_AddStringToObject(one, "thumb", picture);
    cJSON_AddStringToObject(one, "alt", "写真");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(embed, "images"), one);
    return out;
}

cJSON *
hib_face_tagged(HibFace *face, FaceCall *call, const char *rkey)
{
    HibTagged post;
    return *rkey == MARK && hib_tagged_post(call->arena, g_ascii_strtoull(rkey + 1, NULL, 10),
                                            hib_clock_now(face->clock), &post)
               ? view_json(face, call, &post)
               : NULL;
}

void
hib_face_search(HibFace *face, FaceCall *call, FaceAccount *account G_GNUC_UNUSED,
                HibJson in G_GNUC_UNUSED)
{
    struct MHD_Connection *c = call->connection;
    const char *tag = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "tag");
    const char *since = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "since");
    const char *most = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "limit");
    int64_t limit = most ? g_ascii_strtoll(most, NULL, 10) : 25;
    HibInstant now = hib_clock_now(face->clock), from = now - BACK;
    HibTagged *rows;
    if (!MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "q") || limit < 1 || limit > 100 ||
        (since && !hib_instant_parse(since, &from))) {
        hib_face_refuse(call, 400, "InvalidRequest", "Error: Params must have the property \"q\"");
        return;
    }
    size_t n = tag ? hib_tagged_posts(call->arena, tag, from, now, (size_t)limit, &rows) : 0;
    cJSON *out = cJSON_CreateObject();
    cJSON *posts = cJSON_AddArrayToObject(out, "posts");
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(posts, view_json(face, call, &rows[i]));
    cJSON_AddNumberToObject(out, "hitsTotal", (double)n);
    hib_face_reply(call, 200, out);
}

void
hib_face_picture(HibFace *face G_GNUC_UNUSED, FaceCall *call, FaceAccount *account G_GNUC_UNUSED,
                 HibJson in G_GNUC_UNUSED)
{
    call->status = 200;
    call->picture = hib_tagged_picture(&call->n_picture);
}
