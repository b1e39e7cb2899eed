/* JSON: a strict check of the text first, then cJSON's tree, then a cursor over it.
 *
 * cJSON is lenient and recursive; json_check.c refuses by RFC 8259's grammar, without recursion, all that it
 * would take wrongly, so that depth and shape are known before it runs. */
#include "base/json.h"

#include "base/error.h"
#include "base/json_check.h"
#include "base/limits.h"

#include <math.h>
#include <string.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53 */
#define FEW_KEYS 8                   /* compared in pairs; more go through a hash table */

static const char *
path_child(HibArena *arena, const char *parent, const char *key)
{
    if (strpbrk(key, "~/") == NULL)
        return hib_arena_printf(arena, "%s/%s", parent, key);
    g_autoptr(GString) escaped = g_string_new(key);
    g_string_replace(escaped, "~", "~0", 0);
    g_string_replace(escaped, "/", "~1", 0);
    return hib_arena_printf(arena, "%s/%s", parent, escaped->str);
}

/* --- reading in ----------------------------------------------------------------------------------------- */
static void
tree_free(void *tree)
{
    cJSON_Delete(tree);
}

static void
set_malformed(GError **error, size_t offset, const char *what)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GSIZE_FORMAT, offset);
    hib_error_set(error, HIB_ERROR_INVALID, "json.malformed", "JSON: %s at byte %s", what, text);
    if (error != NULL)
        hib_error_set_detail(*error, "offset", text);
}

static const char *
repeated_key(const cJSON *object)
{
    int n = 0;
    for (const cJSON *child = object->child; child != NULL; child = child->next)
        n++;
    if (n > FEW_KEYS) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        for (const cJSON *child = object->child; child != NULL; child = child->next) {
            if (!g_hash_table_add(seen, child->string))
                return child->string;
        }
        return NULL;
    }
    for (const cJSON *child = object->child; child != NULL; child = child->next) {
        for (const cJSON *other = child->next; other != NULL; other = other->next) {
            if (strcmp(child->string, other->string) == 0)
                return child->string;
        }
    }
    return NULL;
}

/* What the grammar cannot see. Recurses at most HIB_LIMIT_JSON_DEPTH deep: the text was checked. */
static bool
check_tree(HibArena *arena, const cJSON *value, const char *path, GError **error)
{
    if (cJSON_IsNumber(value) && !isfinite(value->valuedouble)) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "json.malformed", path,
                         "JSON: a number beyond what can be held");
        return false;
    }
    const char *repeated = cJSON_IsObject(value) ? repeated_key(value) : NULL;
    if (repeated != NULL) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "json.repeated_key",
                         path_child(arena, path, repeated),
                         "JSON: an object has the same key twice");
        return false;
    }
    int i = 0;
    for (const cJSON *child = value->child; child != NULL; child = child->next, i++) {
        if (child->child == NULL && !cJSON_IsNumber(child))
            continue; /* a leaf needs no path */
        if (cJSON_IsNumber(child) && isfinite(child->valuedouble))
            continue;
        char index[16];
        g_snprintf(index, sizeof index, "%d", i);
        if (!check_tree(arena, child,
                        path_child(arena, path, child->string != NULL ? child->string : index),
                        error))
            return false;
    }
    return true;
}

bool
hib_json_parse(HibArena *arena, const char *text, size_t n, HibJson *ret, GError **error)
{
    size_t offset = 0;
    const char *what = NULL;
    if (!hib_json_check(text, n, &offset, &what)) {
        set_malformed(error, offset, what);
        return false;
    }
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(text, n, &end, false);
    if (tree == NULL) {
        set_malformed(error, end != NULL ? (size_t)(end - text) : 0, "not readable");
        return false;
    }
    hib_arena_defer(arena, tree_free, tree);
    if (!check_tree(arena, tree, "", error))
        return false;
    *ret = (HibJson){tree, "", arena};
    return true;
}

/* --- fields --------------------------------------------------------------------------------------------- */
static HibJson
child_of(HibJson in, const char *key)
{
    HibJson child = {NULL, NULL, in.arena};
    if (cJSON_IsObject(in.value))
        child.value = cJSON_GetObjectItemCaseSensitive(in.value, key);
    return child;
}

static bool
refuse(HibJson in, const char *key, const char *reason, const char *wanted, GError **error)
{
    const char *path = path_child(in.arena, in.path != NULL ? in.path : "", key);
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, path, "JSON: %s is not %s", path, wanted);
    if (error != NULL) {
        hib_error_set_detail(*error, "field", path);
        hib_error_set_detail(*error, "wanted", wanted);
    }
    return false;
}

static bool
read_text(const cJSON *value, void *ret)
{
    if (!cJSON_IsString(value))
        return false;
    *(const char **)ret = value->valuestring;
    return true;
}

static bool
read_int(const cJSON *value, void *ret)
{
    if (!cJSON_IsNumber(value))
        return false;
    double number = value->valuedouble;
    if (number != floor(number) || fabs(number) > EXACT_MAX)
        return false;
    *(int64_t *)ret = (int64_t)number;
    return true;
}

static bool
read_real(const cJSON *value, void *ret)
{
    if (!cJSON_IsNumber(value))
        return false;
    *(double *)ret = value->valuedouble;
    return true;
}

static bool
read_bool(const cJSON *value, void *ret)
{
    if (!cJSON_IsBool(value))
        return false;
    *(bool *)ret = cJSON_IsTrue(value);
    return true;
}

static bool
read_time(const cJSON *value, void *ret)
{
    return cJSON_IsString(value) && hib_instant_parse(value->valuestring, ret);
}

typedef bool (*Reader)(const cJSON *value, void *ret);

static bool
required(HibJson in, const char *key, const char *wanted, Reader reader, void *ret, GError **error)
{
    HibJson child = child_of(in, key);
    if (child.value == NULL)
        return refuse(in, key, "json.missing", "there", error);
    return reader(child.value, ret) || refuse(in, key, "json.wrong_type", wanted, error);
}

static bool
optional(HibJson in, const char *key, const char *wanted, Reader reader, void *ret, GError **error)
{
    HibJson child = child_of(in, key);
    if (child.value == NULL || cJSON_IsNull(child.value))
        return true;
    return reader(child.value, ret) || refuse(in, key, "json.wrong_type", wanted, error);
}

#define A_TEXT "text"
#define A_WHOLE "a whole number"
#define A_NUMBER "a number"
#define A_BOOL "true or false"
#define A_TIME "a time"
#define AN_OBJECT "an object"
#define AN_ARRAY "an array"

bool
hib_json_text(HibJson in, const char *key, const char **ret, GError **error)
{
    return required(in, key, A_TEXT, read_text, ret, error);
}

bool
hib_json_int(HibJson in, const char *key, int64_t *ret, GError **error)
{
    return required(in, key, A_WHOLE, read_int, ret, error);
}

bool
hib_json_real(HibJson in, const char *key, double *ret, GError **error)
{
    return required(in, key, A_NUMBER, read_real, ret, error);
}

bool
hib_json_bool(HibJson in, const char *key, bool *ret, GError **error)
{
    return required(in, key, A_BOOL, read_bool, ret, error);
}

bool
hib_json_time(HibJson in, const char *key, HibInstant *ret, GError **error)
{
    return required(in, key, A_TIME, read_time, ret, error);
}

bool
hib_json_opt_text(HibJson in, const char *key, const char **ret, GError **error)
{
    return optional(in, key, A_TEXT, read_text, ret, error);
}

bool
hib_json_opt_int(HibJson in, const char *key, int64_t *ret, GError **error)
{
    return optional(in, key, A_WHOLE, read_int, ret, error);
}

bool
hib_json_opt_real(HibJson in, const char *key, double *ret, GError **error)
{
    return optional(in, key, A_NUMBER, read_real, ret, error);
}

bool
hib_json_opt_bool(HibJson in, const char *key, bool *ret, GError **error)
{
    return optional(in, key, A_BOOL, read_bool, ret, error);
}

/* --- containers ----------------------------------------------------------------------------------------- */
static bool
container(HibJson in, const char *key, bool is_array, bool is_required, HibJson *ret,
          GError **error)
{
    HibJson child = child_of(in, key);
    child.path = path_child(in.arena, in.path != NULL ? in.path : "", key);
    if (child.value == NULL || (!is_required && cJSON_IsNull(child.value))) {
        if (is_required)
            return refuse(in, key, "json.missing", "there", error);
        child.value = NULL;
        *ret = child;
        return true;
    }
    if (is_array ? !cJSON_IsArray(child.value) : !cJSON_IsObject(child.value))
        return refuse(in, key, "json.wrong_type", is_array ? AN_ARRAY : AN_OBJECT, error);
    *ret = child;
    return true;
}

bool
hib_json_object(HibJson in, const char *key, HibJson *ret, GError **error)
{
    return container(in, key, false, true, ret, error);
}

bool
hib_json_array(HibJson in, const char *key, HibJson *ret, GError **error)
{
    return container(in, key, true, true, ret, error);
}

bool
hib_json_opt_object(HibJson in, const char *key, HibJson *ret, GError **error)
{
    return container(in, key, false, false, ret, error);
}

bool
hib_json_opt_array(HibJson in, const char *key, HibJson *ret, GError **error)
{
    return container(in, key, true, false, ret, error);
}

size_t
hib_json_count(HibJson array)
{
    return cJSON_IsArray(array.value) ? (size_t)cJSON_GetArraySize(array.value) : 0;
}

HibJson
hib_json_first(HibJson array)
{
    HibJson first = {NULL, NULL, array.arena};
    if (!cJSON_IsArray(array.value) || array.value->child == NULL)
        return first;
    first.value = array.value->child;
    first.path = path_child(array.arena, array.path, "0");
    return first;
}

HibJson
hib_json_next(HibJson array, HibJson element)
{
    HibJson next = {NULL, NULL, array.arena};
    if (element.value == NULL || element.value->next == NULL)
        return next;
    guint64 index = g_ascii_strtoull(element.path + strlen(array.path) + 1, NULL, 10);
    next.value = element.value->next;
    next.path = hib_arena_printf(array.arena, "%s/%" G_GUINT64_FORMAT, array.path, index + 1);
    return next;
}

char *
hib_json_print(HibArena *arena, cJSON *owned)
{
    char *printed = cJSON_PrintUnformatted(owned);
    cJSON_Delete(owned);
    char *text = hib_arena_strdup(arena, printed != NULL ? printed : "null");
    cJSON_free(printed);
    return text;
}
