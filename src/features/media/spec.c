/* A spec as JSON and back: what a rendition's row keeps, and whose hash names the wish. One table of fields. */
#include "media/media_private.h"
#include <stddef.h>
#include <string.h>

typedef enum { LIST, BIG, SMALL, REAL, FLAG } Kind;
typedef struct {
    const char *name;
    size_t at;
    Kind kind;
    size_t n; /* of a list */
} Field;

#define FIELD(member, kind)                                                                        \
    {                                                                                              \
#member, offsetof(HibMediaSpec, member), kind, 0                                           \
    }
#define FIELDS(member)                                                                             \
    {                                                                                              \
#member, offsetof(HibMediaSpec, member), LIST, G_N_ELEMENTS(((HibMediaSpec *)0)->member)   \
    }
static const Field fields[] = {
    FIELDS(mimes),
    FIELDS(videos),
    FIELDS(audios),
    FIELD(max_bytes, BIG),
    FIELD(max_bitrate, BIG),
    FIELD(min_width, SMALL),
    FIELD(max_width, SMALL),
    FIELD(min_height, SMALL),
    FIELD(max_height, SMALL),
    FIELD(min_ratio, REAL),
    FIELD(max_ratio, REAL),
    FIELD(min_duration_ms, BIG),
    FIELD(max_duration_ms, BIG),
    FIELD(min_fps, REAL),
    FIELD(max_fps, REAL),
    FIELD(wants_faststart, FLAG),
    FIELD(no_video, FLAG),
    FIELD(no_image, FLAG),
    FIELD(focus_x, REAL),
    FIELD(focus_y, REAL),
    FIELD(crop_x, REAL),
    FIELD(crop_y, REAL),
    FIELD(crop_width, REAL),
    FIELD(crop_height, REAL),
    FIELD(fill, SMALL),
    FIELD(trim_from_ms, BIG),
    FIELD(trim_to_ms, BIG),
    FIELD(is_cover, FLAG),
    FIELD(cover_at_ms, BIG),
};

static void
add_list(cJSON *out, const Field *field, const char *const *list)
{
    if (!list[0])
        return;
    cJSON *items = cJSON_AddArrayToObject(out, field->name);
    for (size_t i = 0; i < field->n && list[i]; i++)
        cJSON_AddItemToArray(items, cJSON_CreateString(list[i]));
}

static double
number_of(const Field *field, const void *member)
{
    int64_t big;
    int small;
    double real;
    switch (field->kind) {
    case BIG:
        memcpy(&big, member, sizeof big);
        return (double)big;
    case SMALL:
        memcpy(&small, member, sizeof small);
        return small;
    case REAL:
        memcpy(&real, member, sizeof real);
        return real;
    default:
        return *(const bool *)member;
    }
}

const char *
hib_media_spec_print(const HibMediaSpec *spec, HibArena *arena)
{
    cJSON *out = cJSON_CreateObject();
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        const void *member = (const char *)spec + fields[i].at;
        if (fields[i].kind == LIST) {
            add_list(out, &fields[i], member);
            continue;
        }
        const double value = number_of(&fields[i], member);
        if (value != 0)
            cJSON_AddNumberToObject(out, fields[i].name, value);
    }
    return hib_json_print(arena, out);
}

static bool
read_list(HibJson in, const Field *field, const char **list, GError **error)
{
    HibJson items = {0};
    size_t n = 0;
    if (!hib_json_opt_array(in, field->name, &items, error))
        return false;
    if (!items.value)
        return true;
    for (HibJson e = hib_json_first(items); e.value && n < field->n; e = hib_json_next(items, e))
        if (cJSON_IsString(e.value))
            list[n++] = hib_arena_strdup(in.arena, e.value->valuestring);
    return true;
}

static bool
read_number(HibJson in, const Field *field, void *member, GError **error)
{
    double value = 0;
    if (!hib_json_opt_real(in, field->name, &value, error))
        return false;
    const int64_t big = (int64_t)value;
    const int small = (int)CLAMP(value, INT32_MIN, INT32_MAX);
    switch (field->kind) {
    case BIG:
        memcpy(member, &big, sizeof big);
        break;
    case SMALL:
        memcpy(member, &small, sizeof small);
        break;
    case REAL:
        memcpy(member, &value, sizeof value);
        break;
    default:
        *(bool *)member = value != 0;
    }
    return true;
}

bool
hib_media_spec_parse(const char *json, HibArena *arena, HibMediaSpec *ret, GError **error)
{
    HibJson in = {0};
    memset(ret, 0, sizeof *ret);
    if (!hib_json_parse(arena, json, strlen(json), &in, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        void *member = (char *)ret + fields[i].at;
        if (fields[i].kind == LIST ? !read_list(in, &fields[i], member, error)
                                   : !read_number(in, &fields[i], member, error))
            return false;
    }
    return true;
}
