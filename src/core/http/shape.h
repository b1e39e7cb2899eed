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

typedef enum { HIB_TEXT, HIB_UUID, HIB_TIME, HIB_INT, HIB_REAL, HIB_BOOL, HIB_ENUM, HIB_OBJECT, HIB_ANY } HibFieldKind;
/* C types: TEXT/UUID const char *, TIME HibInstant, INT int64_t, REAL double, BOOL bool, ENUM int, OBJECT the struct itself,
 * ANY const char * holding compact JSON. Arrays: `T *name; size_t n_name`. Optional ones have `bool has_name`. A nullable required field
 * also has has_name and is written as null when unset. */
typedef struct HibShape HibShape;
typedef struct {
    const char *name;
    HibFieldKind kind;
    bool is_required, is_array, is_nullable;
    size_t at, n_at, has_at;
    int64_t min, max;          /* characters, items or value; max 0: none (has_range for numbers) */
    bool has_min, has_max;
    double min_real, max_real;
    const char *pattern;       /* NULL or a POSIX-like pattern checked with GRegex */
    const HibShape *sub;
    const char *const *names;  /* enum, ended by NULL */
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
bool hib_shape_read(const HibShape *shape, const cJSON *json, HibArena *arena, void *out, GError **error);
cJSON *hib_shape_write(const HibShape *shape, const void *in);
