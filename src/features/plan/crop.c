/* What is kept of a picture on one network: a rectangle in shares of it. Kept as JSON beside the medium; what is not our own is read as none. */
#include "base/error.h"
#include "base/json.h"
#include "plan/plan_private.h"
#include <string.h>

#define SLACK 1e-6 /* shares are reals */

const HibPostCrop *
hib_plan_crop(const HibPostMedia *media, const char *network)
{
    for (size_t i = 0; i < media->n_crops; i++)
        if (g_str_equal(media->crops[i].network, network))
            return &media->crops[i];
    return NULL;
}

static bool
is_sound(const HibPostMedia *media, size_t at)
{
    const HibPostCrop *crop = &media->crops[at];
    return hib_network_find(crop->network) && hib_plan_crop(media, crop->network) == crop &&
           crop->x >= 0 && crop->y >= 0 && crop->width > 0 && crop->height > 0 &&
           crop->x + crop->width <= 1 + SLACK && crop->y + crop->height <= 1 + SLACK;
}

bool
hib_crops_check(const HibPostMedia *media, const char *at, GError **error)
{
    for (size_t i = 0; i < media->n_crops; i++) {
        if (is_sound(media, i))
            continue;
        g_autofree char *pointer = g_strdup_printf("%s/crops/%zu", at, i);
        hib_error_set_at(error, HIB_ERROR_INVALID, "post.bad_crop", pointer, "crop for %s",
                         media->crops[i].network);
        return false;
    }
    return true;
}

const char *
hib_crops_print(HibArena *arena, const HibPostMedia *media)
{
    if (!media->n_crops)
        return NULL;
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < media->n_crops; i++) {
        const HibPostCrop *crop = &media->crops[i];
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "network", crop->network);
        cJSON_AddNumberToObject(one, "x", crop->x);
        cJSON_AddNumberToObject(one, "y", crop->y);
        cJSON_AddNumberToObject(one, "width", crop->width);
        cJSON_AddNumberToObject(one, "height", crop->height);
        cJSON_AddItemToArray(out, one);
    }
    return hib_json_print(arena, out);
}

void
hib_crops_read(HibArena *arena, const char *json, HibPostMedia *media)
{
    HibJson list;
    if (!json || !hib_json_parse(arena, json, strlen(json), &list, NULL))
        return;
    HibPostCrop *crops = hib_arena_array(arena, HibPostCrop, hib_json_count(list) + 1);
    size_t n = 0;
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e)) {
        HibPostCrop *crop = &crops[n];
        n += hib_json_text(e, "network", &crop->network, NULL) &&
             hib_json_real(e, "x", &crop->x, NULL) && hib_json_real(e, "y", &crop->y, NULL) &&
             hib_json_real(e, "width", &crop->width, NULL) &&
             hib_json_real(e, "height", &crop->height, NULL);
    }
    media->crops = crops;
    media->n_crops = n;
}
