/* Shapes: the field tables tools/apigen.py makes of api/openapi.yaml. One function reads any JSON into the generated struct and
 * reports the exact JSON pointer of a fault; one writes any struct. Strings point into the arena. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <cjson/cJSON.h>
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    HIB_TEXT,
    HIB_UUID,
    HIB_TIME,
    HIB_INT,
    HIB_REAL,
    HIB_BOOL,
    HIB_ENUM,
    HIB_OBJECT,
    HIB_ANY
} HibFieldKind;
/* C types: TEXT/UUID const char *, TIME HibInstant, INT int64_t, REAL double, BOOL bool, ENUM int, OBJECT the struct itself,
 * ANY const char * holding a compact JSON object. Arrays: `T *name; size_t n_name`. Optional ones have `bool has_name`. A nullable required field
 * also has has_name and is written as null when unset. A null TEXT that is required is written as "". */
typedef struct HibShape HibShape;
typedef struct {
    const char *name;
    HibFieldKind kind;
    bool is_required, is_array, is_nullable;
    size_t at, n_at, has_at;
    int64_t min,
        max; /* characters (max 0: none) or, with has_min/has_max, value; of each item in an array */
    bool has_min, has_max;        /* numbers only */
    double min_real, max_real;    /* HIB_REAL only */
    int64_t min_items, max_items; /* arrays only; max_items 0: none */
    const char *pattern;          /* NULL or a POSIX-like pattern checked with GRegex */
    const HibShape *sub;
    const char *const *names; /* enum, ended by NULL */
} HibField;
struct HibShape {
    const char *name;
    size_t size;
    const HibField *fields;
    size_t n_fields;
};
/* Unknown fields are refused. Errors: INVALID with pointer; reasons input.missing, input.unknown, input.wrong_type, input.too_short,
 * input.too_long, input.too_small, input.too_large, input.too_few, input.too_many, input.not_allowed, input.not_an_id, input.not_a_time, input.pattern
 * (details: "limit", "allowed"). `out` is zeroed by the caller. */
bool hib_shape_read(const HibShape *shape, const cJSON *json, HibArena *arena, void *out,
                    GError **error);
/* The same for the parameters of a URL's query ("a=1&b=%E9%9F%BF", NULL as ""); pointers are "?a". `shape` NULL: none are allowed. */
bool hib_shape_read_query(const HibShape *shape, const char *query, HibArena *arena, void *out,
                          GError **error);
/* Appends compact JSON: no tree in between. */
void hib_shape_print(const HibShape *shape, const void *in, GString *out);
cJSON *hib_shape_write(const HibShape *shape,
                       const void *in); /* the same as a tree, owned by the caller */
/* Place of `name` in an enum's names ended by NULL, -1 when unknown. */
int hib_shape_name_index(const char *const *names, const char *name);
