/* JSON over cJSON: one way to read a typed field, and it reports its path when wrong.
 *
 * For documents that are not in our own contract (network answers, rule files, job payloads); requests and
 * replies of our API are read and written by http/shape.h. A HibJson is a cursor: value + where it stands. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <cjson/cJSON.h>
#include <glib.h>
#include <stdbool.h>

typedef struct {
    const cJSON *value; /* NULL: absent */
    const char *path;   /* JSON pointer from the document's root, "" for the root */
    HibArena *arena;
} HibJson;

/* Parses `n` bytes (n capped by the caller; nesting at most HIB_LIMIT_JSON_DEPTH). INVALID, json.malformed with the
 * byte offset as detail "offset"; invalid UTF-8, a NUL character (\u0000), a lone surrogate and a number no double holds are
 * malformed too. INVALID, json.repeated_key with the pointer. The tree lives as long as the arena. */
bool hib_json_parse(HibArena *arena, const char *text, size_t n, HibJson *ret, GError **error);

/* Required fields: false sets INVALID, json.missing or json.wrong_type, with the pointer. An int is a whole number within
 * ±2^53, the range JSON carries exactly. */
bool hib_json_text(HibJson in, const char *key, const char **ret, GError **error);
bool hib_json_int(HibJson in, const char *key, int64_t *ret, GError **error);
bool hib_json_real(HibJson in, const char *key, double *ret, GError **error);
bool hib_json_bool(HibJson in, const char *key, bool *ret, GError **error);
bool hib_json_time(HibJson in, const char *key, HibInstant *ret, GError **error); /* RFC 3339 */
bool hib_json_object(HibJson in, const char *key, HibJson *ret, GError **error);
bool hib_json_array(HibJson in, const char *key, HibJson *ret, GError **error);

/* Optional: absent or null leaves `*ret` as it was; a wrong type is still an error. */
bool hib_json_opt_text(HibJson in, const char *key, const char **ret, GError **error);
bool hib_json_opt_int(HibJson in, const char *key, int64_t *ret, GError **error);
bool hib_json_opt_real(HibJson in, const char *key, double *ret, GError **error);
bool hib_json_opt_bool(HibJson in, const char *key, bool *ret, GError **error);
bool hib_json_opt_object(HibJson in, const char *key, HibJson *ret,
                         GError **error); /* ret->value NULL when absent */
bool hib_json_opt_array(HibJson in, const char *key, HibJson *ret, GError **error); /* the same */

size_t hib_json_count(HibJson array);
/* Walks an array: `for (HibJson e = hib_json_first(a); e.value; e = hib_json_next(a, e))`. Linear. */
HibJson hib_json_first(HibJson array);
HibJson hib_json_next(HibJson array, HibJson element);

/* Compact text of a tree one built with cJSON_Create…; frees the tree. */
char *hib_json_print(HibArena *arena, cJSON *owned);
