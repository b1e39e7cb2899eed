/* What the face accepts as a post: the rules of the lexicon app.bsky.feed.post as far as Hibiki writes it, with the refusals a PDS
 * gives. Stricter in one point: a facet must lie inside the text, which a PDS does not look at. */
#include "practice/bluesky_face_private.h"
#include "text/count.h"

#include <string.h>

#define MAX_BYTES 3000
#define MAX_GRAPHEMES 300
#define MAX_BLOB 1000000

static bool
refuse_record(FaceCall *call, const char *what)
{
    hib_face_refuse(call, 400, "InvalidRequest", "Invalid " FACE_POSTS " record: %s", what);
    return false;
}

static bool
read_langs(FaceCall *call, HibJson record)
{
    const cJSON *langs = cJSON_GetObjectItemCaseSensitive(record.value, "langs");
    if (!langs)
        return true;
    if (!cJSON_IsArray(langs))
        return refuse_record(call, "Record/langs must be an array");
    if (cJSON_GetArraySize(langs) > 3)
        return refuse_record(call, "Record/langs must not have more than 3 elements");
    return true;
}

static bool
read_facets(FaceCall *call, HibJson record, size_t n_text)
{
    const cJSON *facets = cJSON_GetObjectItemCaseSensitive(record.value, "facets");
    const cJSON *facet = NULL;
    if (!facets)
        return true;
    if (!cJSON_IsArray(facets))
        return refuse_record(call, "Record/facets must be an array");
    cJSON_ArrayForEach(facet, facets)
    {
        const cJSON *index = cJSON_GetObjectItemCaseSensitive(facet, "index");
        const cJSON *start = cJSON_GetObjectItemCaseSensitive(index, "byteStart");
        const cJSON *end = cJSON_GetObjectItemCaseSensitive(index, "byteEnd");
        if (!cJSON_IsNumber(start) || !cJSON_IsNumber(end) || start->valuedouble < 0 ||
            start->valuedouble >= end->valuedouble || end->valuedouble > (double)n_text ||
            !cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(facet, "features")))
            return refuse_record(call, "Record/facets/index must lie inside the text");
    }
    return true;
}

static bool
read_image(HibFace *face, FaceCall *call, const cJSON *item)
{
    const cJSON *blob = cJSON_GetObjectItemCaseSensitive(item, "image");
    const cJSON *ref = cJSON_GetObjectItemCaseSensitive(blob, "ref");
    const char *cid = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(ref, "$link"));
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(blob, "$type"));
    if (!cid || g_strcmp0(type, "blob") != 0)
        return refuse_record(call, "Record/embed/images/0/image should be a blob ref");
    if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(item, "alt")))
        return refuse_record(call, "Record/embed/images/0 must have the property \"alt\"");
    const int64_t *size = g_hash_table_lookup(face->blobs, cid);
    if (!size) {
        hib_face_refuse(call, 400, "BlobNotFound", "Could not find blob: %s", cid);
        return false;
    }
    if (*size > MAX_BLOB)
        return refuse_record(call, "blob too big (maximum 1000000)");
    return true;
}

static bool
read_embed(HibFace *face, FaceCall *call, HibJson record, int *ret_images)
{
    const cJSON *embed = cJSON_GetObjectItemCaseSensitive(record.value, "embed");
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(embed, "$type"));
    const cJSON *images = cJSON_GetObjectItemCaseSensitive(embed, "images");
    const cJSON *item = NULL;
    if (!embed)
        return true;
    if (!type)
        return refuse_record(
            call, "Record/embed must be an object which includes the \"$type\" property");
    if (strcmp(type, "app.bsky.embed.images") != 0)
        return true; /* other embeds are taken as they are */
    if (!cJSON_IsArray(images))
        return refuse_record(call, "Record/embed/images must be an array");
    *ret_images = cJSON_GetArraySize(images);
    if (*ret_images > 4)
        return refuse_record(call, "Record/embed/images must not have more than 4 elements");
    cJSON_ArrayForEach(item, images) if (!read_image(face, call, item)) return false;
    return true;
}

bool
hib_face_record_read(HibFace *face, FaceCall *call, HibJson record, FaceFacts *ret)
{
    const char *type = NULL;
    const char *created_at = NULL;
    if (!hib_json_opt_text(record, "$type", &type, NULL) ||
        (type && strcmp(type, FACE_POSTS) != 0)) {
        hib_face_refuse(call, 400, "InvalidRequest", "Invalid $type: expected " FACE_POSTS);
        return false;
    }
    if (!hib_json_text(record, "text", &ret->text, NULL))
        return refuse_record(call, "Record must have the property \"text\"");
    if (strlen(ret->text) > MAX_BYTES)
        return refuse_record(call, "string too big (maximum 3000) at $.text");
    ret->graphemes = (int)hib_text_graphemes(ret->text);
    if (ret->graphemes > MAX_GRAPHEMES)
        return refuse_record(call, "grapheme too big (maximum 300) at $.text");
    if (!hib_json_text(record, "createdAt", &created_at, NULL) ||
        !hib_instant_parse(created_at, &ret->created_at))
        return refuse_record(call, "Record/createdAt must be an valid atproto datetime");
    return read_langs(call, record) && read_facets(call, record, strlen(ret->text)) &&
           read_embed(face, call, record, &ret->n_images);
}
