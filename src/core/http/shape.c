/* Shapes, reading: one walk over the field table turns JSON into the generated struct.
 *
 * The place of a value is a chain of stack frames; its JSON pointer is only spelt out when something is wrong with it. */
#include "http/shape.h"
#include "http/shape_private.h"

#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"

#include <math.h>
#include <string.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53: beyond it a JSON number is not an exact integer */

typedef struct Place {
    const struct Place *parent;
    const char *key; /* NULL: `index` counts */
    size_t index;
} Place;

typedef struct {
    HibArena *arena;
    GError **error;
} Reading;

/* --- faults --------------------------------------------------------------------------------------------- */
static void
place_print(const Place *place, GString *out)
{
    if (place == NULL)
        return;
    place_print(place->parent, out);
    if (place->key == NULL) {
        g_string_append_printf(out, "/%" G_GSIZE_FORMAT, place->index);
        return;
    }
    g_string_append_c(out, '/');
    for (const char *p = place->key; *p != '\0'; p++) {
        if (*p == '~')
            g_string_append(out, "~0");
        else if (*p == '/')
            g_string_append(out, "~1");
        else
            g_string_append_c(out, *p);
    }
}

static bool
fault(const Reading *r, const Place *place, const char *reason)
{
    g_autoptr(GString) pointer = g_string_new(NULL);
    place_print(place, pointer);
    hib_error_set_at(r->error, HIB_ERROR_INVALID, reason, pointer->str, "input at \"%s\": %s",
                     pointer->str, reason);
    return false;
}

static bool
fault_limit(const Reading *r, const Place *place, const char *reason, double limit)
{
    fault(r, place, reason);
    if (r->error != NULL) {
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        hib_error_set_detail(*r->error, "limit",
                             g_ascii_formatd(text, sizeof text, "%.15g", limit));
    }
    return false;
}

/* --- single values -------------------------------------------------------------------------------------- */
static bool
read_number(const Reading *r, const HibField *f, const cJSON *json, const Place *place, void *out)
{
    if (!cJSON_IsNumber(json))
        return fault(r, place, "input.wrong_type");
    double value = json->valuedouble;
    bool is_int = f->kind == HIB_INT;
    if (!isfinite(value) || (is_int && value != floor(value)))
        return fault(r, place, "input.wrong_type");
    double min = is_int ? (double)f->min : f->min_real;
    double max = is_int ? (double)f->max : f->max_real;
    if (f->has_min && value < min)
        return fault_limit(r, place, "input.too_small", min);
    if (f->has_max && value > max)
        return fault_limit(r, place, "input.too_large", max);
    if (is_int && value < -EXACT_MAX)
        return fault_limit(r, place, "input.too_small", -EXACT_MAX);
    if (is_int && value > EXACT_MAX)
        return fault_limit(r, place, "input.too_large", EXACT_MAX);
    if (is_int)
        *(int64_t *)out = (int64_t)value;
    else
        *(double *)out = value;
    return true;
}

static bool
read_text(const Reading *r, const HibField *f, const char *text, const Place *place, void *out)
{
    glong n = g_utf8_strlen(text, -1);
    if (n < f->min)
        return fault_limit(r, place, "input.too_short", (double)f->min);
    if (f->max > 0 && n > f->max)
        return fault_limit(r, place, "input.too_long", (double)f->max);
    if (f->pattern != NULL && !g_regex_match_simple(f->pattern, text, G_REGEX_DOLLAR_ENDONLY, 0))
        return fault(r, place, "input.pattern");
    *(const char **)out = hib_arena_strdup(r->arena, text);
    return true;
}

static bool
read_enum(const Reading *r, const HibField *f, const char *text, const Place *place, int *out)
{
    *out = hib_shape_name_index(f->names, text);
    if (*out >= 0)
        return true;
    fault(r, place, "input.not_allowed");
    if (r->error != NULL) {
        g_autofree char *allowed = g_strjoinv(", ", (char **)f->names);
        hib_error_set_detail(*r->error, "allowed", allowed);
    }
    return false;
}

static bool
read_string(const Reading *r, const HibField *f, const cJSON *json, const Place *place, void *out)
{
    if (!cJSON_IsString(json) || !g_utf8_validate(json->valuestring, -1, NULL))
        return fault(r, place, "input.wrong_type");
    const char *text = json->valuestring;
    if (f->kind == HIB_ENUM)
        return read_enum(r, f, text, place, out);
    if (f->kind == HIB_TIME)
        return hib_instant_parse(text, out) || fault(r, place, "input.not_a_time");
    if (f->kind == HIB_UUID && !hib_id_valid(text))
        return fault(r, place, "input.not_an_id");
    return read_text(r, f, text, place, out);
}

static bool
read_any(const Reading *r, const cJSON *json, const Place *place, const char **out)
{
    if (!cJSON_IsObject(json))
        return fault(r, place, "input.wrong_type");
    char *text = cJSON_PrintUnformatted(json);
    *out = hib_arena_strdup(r->arena, text);
    cJSON_free(text);
    return true;
}

static bool read_object(const Reading *r, const HibShape *shape, const cJSON *json,
                        const Place *place, void *out);

static bool
read_one(const Reading *r, const HibField *f, const cJSON *json, const Place *place, void *out)
{
    switch (f->kind) {
    case HIB_OBJECT:
        return read_object(r, f->sub, json, place, out);
    case HIB_ANY:
        return read_any(r, json, place, out);
    case HIB_BOOL:
        *(bool *)out = cJSON_IsTrue(json);
        return cJSON_IsBool(json) || fault(r, place, "input.wrong_type");
    case HIB_INT:
    case HIB_REAL:
        return read_number(r, f, json, place, out);
    default:
        return read_string(r, f, json, place, out);
    }
}

/* --- arrays and objects --------------------------------------------------------------------------------- */
size_t
hib_shape_width(const HibField *f)
{
    switch (f->kind) {
    case HIB_OBJECT:
        return f->sub->size;
    case HIB_BOOL:
        return sizeof(bool);
    case HIB_ENUM:
        return sizeof(int);
    case HIB_INT:
    case HIB_TIME:
        return sizeof(int64_t);
    case HIB_REAL:
        return sizeof(double);
    default:
        return sizeof(const char *);
    }
}

static bool
read_array(const Reading *r, const HibField *f, const cJSON *json, const Place *place, char *base)
{
    if (!cJSON_IsArray(json))
        return fault(r, place, "input.wrong_type");
    size_t n = (size_t)cJSON_GetArraySize(json);
    if (n < (size_t)f->min_items)
        return fault_limit(r, place, "input.too_few", (double)f->min_items);
    if (f->max_items > 0 && n > (size_t)f->max_items)
        return fault_limit(r, place, "input.too_many", (double)f->max_items);

    size_t width = hib_shape_width(f);
    char *items = hib_arena_take_n(r->arena, MAX(n, 1), width);
    Place item = {.parent = place};
    for (const cJSON *child = json->child; child != NULL; child = child->next, item.index++) {
        if (!read_one(r, f, child, &item, items + item.index * width))
            return false;
    }
    *(void **)(base + f->at) = items;
    *(size_t *)(base + f->n_at) = n;
    return true;
}

static const HibField *
find_field(const HibShape *shape, const char *name)
{
    for (size_t i = 0; i < shape->n_fields; i++) {
        if (strcmp(shape->fields[i].name, name) == 0)
            return &shape->fields[i];
    }
    return NULL;
}

static bool
read_field(const Reading *r, const HibField *f, const cJSON *value, const Place *place, char *base)
{
    if (cJSON_IsNull(value) && f->is_nullable)
        return true;
    if (f->is_array ? !read_array(r, f, value, place, base)
                    : !read_one(r, f, value, place, base + f->at))
        return false;
    if (f->has_at != 0)
        *(bool *)(base + f->has_at) = true;
    return true;
}

static bool
read_object(const Reading *r, const HibShape *shape, const cJSON *json, const Place *place,
            void *out)
{
    if (!cJSON_IsObject(json))
        return fault(r, place, "input.wrong_type");
    for (const cJSON *child = json->child; child != NULL; child = child->next) {
        Place here = {.parent = place, .key = child->string};
        const HibField *f = find_field(shape, child->string);
        if (f == NULL)
            return fault(r, &here, "input.unknown");
        if (!read_field(r, f, child, &here, out))
            return false;
    }
    for (size_t i = 0; i < shape->n_fields; i++) {
        Place here = {.parent = place, .key = shape->fields[i].name};
        if (shape->fields[i].is_required &&
            cJSON_GetObjectItemCaseSensitive(json, here.key) == NULL)
            return fault(r, &here, "input.missing");
    }
    return true;
}

bool
hib_shape_read(const HibShape *shape, const cJSON *json, HibArena *arena, void *out, GError **error)
{
    Reading reading = {.arena = arena, .error = error};
    return read_object(&reading, shape, json, NULL, out);
}

int
hib_shape_name_index(const char *const *names, const char *name)
{
    for (int i = 0; name != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return -1;
}
