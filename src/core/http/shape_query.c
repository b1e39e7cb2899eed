/* Shapes from a URL's query: each parameter becomes the JSON value its field wants, then the one reader judges it. */
#include "http/shape.h"

#include "base/error.h"

#include <string.h>

static bool
fault(GError **error, const char *name, const char *reason)
{
    g_autofree char *pointer = g_strconcat("?", name, NULL);
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "query %s: %s", pointer, reason);
    return false;
}

static char *
decode(const char *from, size_t n)
{
    g_autofree char *part = g_strndup(from, n);
    for (char *p = part; *p != '\0'; p++) {
        if (*p == '+')
            *p = ' ';
    }
    char *text = g_uri_unescape_string(part, NULL);
    if (text != NULL && g_utf8_validate(text, -1, NULL))
        return text;
    g_free(text);
    return NULL;
}

static const HibField *
find(const HibShape *shape, const char *name)
{
    for (size_t i = 0; shape != NULL && i < shape->n_fields; i++) {
        if (strcmp(shape->fields[i].name, name) == 0)
            return &shape->fields[i];
    }
    return NULL;
}

/* The value as JSON; text where it does not look like what the field wants, which the reader then refuses. */
static cJSON *
as_json(const HibField *f, const char *text)
{
    char *end = NULL;
    if (f->kind == HIB_BOOL && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
        return cJSON_CreateBool(text[0] == 't');
    if ((f->kind == HIB_INT || f->kind == HIB_REAL) &&
        (g_ascii_isdigit(text[0]) || (text[0] == '-' && g_ascii_isdigit(text[1]))) &&
        strpbrk(text, "xX") == NULL) {
        double value = g_ascii_strtod(text, &end);
        if (*end == '\0')
            return cJSON_CreateNumber(value);
    }
    return cJSON_CreateString(text);
}

static bool
add_part(const HibShape *shape, const char *part, size_t n, cJSON *object, GError **error)
{
    const char *equals = memchr(part, '=', n);
    size_t n_name = equals != NULL ? (size_t)(equals - part) : n;
    g_autofree char *name = decode(part, n_name);
    g_autofree char *value = equals != NULL ? decode(equals + 1, n - n_name - 1) : g_strdup("");
    if (name == NULL)
        return fault(error, "", "input.wrong_type");
    const HibField *f = find(shape, name);
    if (f == NULL)
        return fault(error, name, "input.unknown");
    if (value == NULL || cJSON_GetObjectItemCaseSensitive(object, name) != NULL)
        return fault(error, name, "input.wrong_type");
    cJSON_AddItemToObject(object, name, as_json(f, value));
    return true;
}

static void
tree_free(cJSON *tree)
{
    cJSON_Delete(tree);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, tree_free)

bool
hib_shape_read_query(const HibShape *shape, const char *query, HibArena *arena, void *out,
                     GError **error)
{
    static const HibShape nothing = {.name = "nothing"};
    g_autoptr(cJSON) object = cJSON_CreateObject();
    for (const char *p = query != NULL ? query : ""; *p != '\0';) {
        size_t n = strcspn(p, "&");
        if (n > 0 && !add_part(shape, p, n, object, error))
            return false;
        p += n + (p[n] == '&');
    }
    g_autoptr(GError) failed = NULL;
    if (hib_shape_read(shape != NULL ? shape : &nothing, object, arena, out, &failed))
        return true;
    const char *pointer = hib_error_pointer(failed);
    if (pointer != NULL && pointer[0] == '/') {
        g_autofree char *name = g_strconcat("?", pointer + 1, NULL);
        hib_error_set_pointer(failed, name);
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return false;
}
