/* Errors: a GError with a slug, a place, a time and named values beside it.
 *
 * The extra fields live in GLib's extended error data, so an error is copied, propagated and freed like any
 * other GError and nothing here needs a side table. */
#include "base/error.h"

#include <string.h>

typedef struct {
    const char *reason; /* a literal */
    char *pointer;
    GHashTable *details; /* name → value; NULL until the first */
    HibInstant retry_at;
    bool has_retry_at;
} HibErrorPrivate;

static void
hib_error_private_init(HibErrorPrivate *own)
{
    own->reason = "internal.unexpected";
}

static void
hib_error_private_copy(const HibErrorPrivate *from, HibErrorPrivate *to)
{
    *to = *from;
    to->pointer = g_strdup(from->pointer);
    to->details = NULL;
    if (from->details == NULL)
        return;

    to->details = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter walk;
    gpointer name = NULL;
    gpointer value = NULL;
    g_hash_table_iter_init(&walk, from->details);
    while (g_hash_table_iter_next(&walk, &name, &value))
        g_hash_table_insert(to->details, g_strdup(name), g_strdup(value));
}

static void
hib_error_private_clear(HibErrorPrivate *own)
{
    g_clear_pointer(&own->pointer, g_free);
    g_clear_pointer(&own->details, g_hash_table_unref);
}

G_DEFINE_EXTENDED_ERROR(HibError, hib_error)

static HibErrorPrivate *
own_data(const GError *error)
{
    return error != NULL && error->domain == HIB_ERROR ? hib_error_get_private(error) : NULL;
}

static void G_GNUC_PRINTF(5, 0) set(GError **error, HibErrorKind kind, const char *reason,
                                    const char *pointer, const char *format, va_list args)
{
    if (error == NULL)
        return;
    GError *made = g_error_new_valist(HIB_ERROR, (gint)kind, format, args);
    HibErrorPrivate *own = own_data(made);
    own->reason = reason;
    own->pointer = g_strdup(pointer);
    g_propagate_error(error, made);
}

void
hib_error_set(GError **error, HibErrorKind kind, const char *reason, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(error, kind, reason, NULL, format, args);
    va_end(args);
}

void
hib_error_set_at(GError **error, HibErrorKind kind, const char *reason, const char *pointer,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(error, kind, reason, pointer, format, args);
    va_end(args);
}

void
hib_error_set_pointer(GError *error, const char *pointer)
{
    HibErrorPrivate *own = own_data(error);
    if (own == NULL)
        return;
    char *copy = g_strdup(pointer); /* before the free: it may be the error's own */
    g_free(own->pointer);
    own->pointer = copy;
}

void
hib_error_set_retry_at(GError *error, HibInstant retry_at)
{
    HibErrorPrivate *own = own_data(error);
    if (own == NULL)
        return;
    own->retry_at = retry_at;
    own->has_retry_at = true;
}

void
hib_error_set_detail(GError *error, const char *name, const char *value)
{
    HibErrorPrivate *own = own_data(error);
    if (own == NULL || name == NULL || value == NULL)
        return;
    if (own->details == NULL)
        own->details = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_replace(own->details, g_strdup(name), g_strdup(value));
}

HibErrorKind
hib_error_kind(const GError *error)
{
    if (own_data(error) == NULL || error->code < 0 || error->code >= HIB_ERROR_N)
        return HIB_ERROR_INTERNAL;
    return (HibErrorKind)error->code;
}

const char *
hib_error_reason(const GError *error)
{
    const HibErrorPrivate *own = own_data(error);
    return own != NULL ? own->reason : "internal.unexpected";
}

const char *
hib_error_pointer(const GError *error)
{
    const HibErrorPrivate *own = own_data(error);
    return own != NULL ? own->pointer : NULL;
}

bool
hib_error_retry_at(const GError *error, HibInstant *ret_at)
{
    const HibErrorPrivate *own = own_data(error);
    if (own == NULL || !own->has_retry_at)
        return false;
    *ret_at = own->retry_at;
    return true;
}

const char *
hib_error_detail(const GError *error, const char *name)
{
    const HibErrorPrivate *own = own_data(error);
    if (own == NULL || own->details == NULL)
        return NULL;
    return g_hash_table_lookup(own->details, name);
}

bool
hib_error_is(const GError *error, HibErrorKind kind)
{
    return error != NULL && hib_error_kind(error) == kind;
}

/* In the order of HibErrorKind, checked by length below. */
static const struct {
    int status;
    const char *name;
} kinds[] = {
    [HIB_ERROR_INVALID] = {422, "invalid"},
    [HIB_ERROR_UNAUTHENTICATED] = {401, "unauthenticated"},
    [HIB_ERROR_FORBIDDEN] = {403, "forbidden"},
    [HIB_ERROR_NOT_FOUND] = {404, "not_found"},
    [HIB_ERROR_CONFLICT] = {409, "conflict"},
    [HIB_ERROR_GONE] = {410, "gone"},
    [HIB_ERROR_TOO_LARGE] = {413, "too_large"},
    [HIB_ERROR_TOO_MANY] = {429, "too_many"},
    [HIB_ERROR_HELD] = {423, "held"},
    [HIB_ERROR_BUSY] = {503, "busy"},
    [HIB_ERROR_UPSTREAM] = {502, "upstream"},
    [HIB_ERROR_UNCERTAIN] = {504, "uncertain"},
    [HIB_ERROR_CORRUPT] = {500, "corrupt"},
    [HIB_ERROR_INTERNAL] = {500, "internal"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == HIB_ERROR_N);

int
hib_error_status(HibErrorKind kind)
{
    return (unsigned)kind < HIB_ERROR_N ? kinds[kind].status : 500;
}

const char *
hib_error_kind_name(HibErrorKind kind)
{
    return (unsigned)kind < HIB_ERROR_N ? kinds[kind].name : "internal";
}
