/* Attachments as they are kept: a JSON array. */
#include "base/json.h"
#include "networks/talk.h"
#include <string.h>

static const char *const kinds[] = {"image",   "video",    "audio", "file",
                                    "sticker", "location", "link"};

static void
put(cJSON *out, const char *name, const char *text)
{
    if (text && *text)
        cJSON_AddStringToObject(out, name, text);
}

const char *
hib_net_attachments_text(HibArena *arena, const HibNetAttachment *rows, size_t n)
{
    if (!n)
        return NULL;
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < MIN(n, HIB_NET_ATTACHMENTS); i++) {
        cJSON *one = cJSON_CreateObject();
        put(one, "kind", kinds[MIN((unsigned)rows[i].kind, G_N_ELEMENTS(kinds) - 1)]);
        put(one, "url", rows[i].url);
        put(one, "preview_url", rows[i].preview_url);
        put(one, "content_id", rows[i].content_id);
        put(one, "title", rows[i].title);
        put(one, "address", rows[i].address);
        if (rows[i].has_place) {
            cJSON_AddNumberToObject(one, "latitude", rows[i].latitude);
            cJSON_AddNumberToObject(one, "longitude", rows[i].longitude);
        }
        cJSON_AddItemToArray(out, one);
    }
    return hib_json_print(arena, out);
}

static void
read_one(HibJson in, HibNetAttachment *ret)
{
    const char *kind = NULL;
    *ret = (HibNetAttachment){.kind = HIB_ATTACH_FILE};
    (void)hib_json_opt_text(in, "kind", &kind, NULL);
    for (size_t i = 0; kind && i < G_N_ELEMENTS(kinds); i++)
        if (g_str_equal(kind, kinds[i]))
            ret->kind = (HibNetAttachKind)i;
    (void)hib_json_opt_text(in, "url", &ret->url, NULL);
    (void)hib_json_opt_text(in, "preview_url", &ret->preview_url, NULL);
    (void)hib_json_opt_text(in, "content_id", &ret->content_id, NULL);
    (void)hib_json_opt_text(in, "title", &ret->title, NULL);
    (void)hib_json_opt_text(in, "address", &ret->address, NULL);
    const cJSON *latitude = cJSON_GetObjectItemCaseSensitive(in.value, "latitude");
    const cJSON *longitude = cJSON_GetObjectItemCaseSensitive(in.value, "longitude");
    ret->has_place = cJSON_IsNumber(latitude) && cJSON_IsNumber(longitude);
    if (ret->has_place) {
        ret->latitude = latitude->valuedouble;
        ret->longitude = longitude->valuedouble;
    }
}

void
hib_net_attachments_read(HibArena *arena, const char *text, HibNetAttachment **ret, size_t *ret_n)
{
    HibJson in;
    *ret = NULL;
    *ret_n = 0;
    if (!text || !hib_json_parse(arena, text, strlen(text), &in, NULL) || !cJSON_IsArray(in.value))
        return;
    size_t n = MIN(hib_json_count(in), (size_t)HIB_NET_ATTACHMENTS);
    *ret = hib_arena_array(arena, HibNetAttachment, n + 1);
    for (HibJson one = hib_json_first(in); one.value && *ret_n < n; one = hib_json_next(in, one))
        if (cJSON_IsObject(one.value))
            read_one(one, &(*ret)[(*ret_n)++]);
}
