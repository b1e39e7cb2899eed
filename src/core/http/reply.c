/* Replies: the bytes, and the headers that every reply has. */
#include "base/id.h"
#include "base/secrets.h"
#include "http/server_private.h"

#include <string.h>
#include <unistd.h>

#define POLICY                                                                                     \
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "         \
    "form-action 'self'; frame-ancestors 'none'"

#define FOREIGN_POLICY "default-src 'none'; sandbox"

struct MHD_Response *
hib_response_taking(char *text, size_t n)
{
    return MHD_create_response_from_buffer_with_free_callback(n, text, g_free);
}

void
hib_response_secure(const HibServer *server, struct MHD_Response *response)
{
    if (MHD_get_response_header(response, "Content-Security-Policy") == NULL)
        MHD_add_response_header(response, "Content-Security-Policy", POLICY);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (MHD_get_response_header(response, "Referrer-Policy") == NULL)
        MHD_add_response_header(response, "Referrer-Policy", "same-origin");
    MHD_add_response_header(response, "X-Frame-Options", "DENY");
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    if (server->is_secure)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
}

/* A call that is answered on the epoll thread has none yet. */
static const char *
id_of(HibCall *call)
{
    if (*call->id == '\0')
        hib_id_fill(call->id, hib_store_clock(call->server->options.store));
    return call->id;
}

/* Takes over `response`: the first reply of a call counts. */
static void
finish(HibCall *call, int status, const char *content_type, const char *cache_control,
       struct MHD_Response *response)
{
    if (call->response != NULL) {
        MHD_destroy_response(response);
        return;
    }
    if (content_type != NULL)
        MHD_add_response_header(response, "Content-Type", content_type);
    MHD_add_response_header(response, "Cache-Control", cache_control);
    for (const HibHeader *h = call->headers; h != NULL; h = h->next)
        MHD_add_response_header(response, h->name, h->value);
    hib_response_secure(call->server, response);
    const HibCompiled *route = call->match.found;
    if (!call->is_kept && (status >= 400 || route == NULL || !route->route->is_cached))
        MHD_add_response_header(response, "X-Request-Id", id_of(call));
    call->response = response;
    call->status = (unsigned)status;
}

void
hib_call_respond(HibCall *call, int status, const char *content_type, const char *cache_control,
                 char *text, size_t n)
{
    finish(call, status, content_type, cache_control, hib_response_taking(text, n));
}

bool
hib_call_reply(HibCall *call, int status, const HibShape *shape, const void *value)
{
    if (call->captured != NULL) {
        hib_shape_print(shape, value, call->captured);
        return true;
    }
    GString *text = g_string_sized_new(1024);
    hib_shape_print(shape, value, text);
    size_t n = text->len;
    const HibCompiled *route = call->match.found;
    const char *cache_control = "no-store";
    if (route != NULL && route->route->is_cached && status == 200 && call->workspace != NULL) {
        cache_control = HIB_CACHE_ASK;
        char *sum = hib_sha256_hex(hib_call_arena(call), text->str, n);
        const char *etag = hib_arena_printf(hib_call_arena(call), "\"%.32s\"", sum);
        hib_call_set_header(call, "ETag", etag);
        hib_reply_cache_keep(call->server->cache, call, etag, text->str, n);
        if (hib_etag_matches(hib_call_header(call, "If-None-Match"), etag)) {
            status = 304;
            g_string_truncate(text, n = 0);
        }
    }
    hib_call_respond(call, status, "application/json", cache_control, g_string_free(text, FALSE),
                     n);
    return true;
}

bool
hib_call_reply_empty(HibCall *call, int status)
{
    hib_call_respond(call, status, NULL, "no-store", g_strdup(""), 0);
    return true;
}

void
hib_kept_unref(HibKept *kept)
{
    if (kept == NULL || --kept->n_uses > 0)
        return;
    MHD_destroy_response(kept->response);
    g_free(kept->location);
    g_free(kept);
}

static void
reply_away(HibCall *call, const char *location)
{
    hib_call_set_header(call, "Location", location);
    /* Who is there learns what it would have learnt without us. */
    hib_call_set_header(call, "Referrer-Policy", "strict-origin-when-cross-origin");
    hib_call_set_header(call, "X-Robots-Tag", "noindex");
    hib_call_reply_empty(call, 302);
}

/* Made once and sent to all: most of a short reply's work is its headers. */
static HibKept *
keep(HibCall *call, const char *location)
{
    HibKept **slot = &call->server->kept[g_str_hash(location) % HIB_KEPT];
    if (*slot != NULL && strcmp((*slot)->location, location) == 0)
        return *slot;
    call->is_kept = true;
    reply_away(call, location);
    hib_kept_unref(*slot);
    *slot = g_new0(HibKept, 1);
    (*slot)->response = call->response;
    (*slot)->location = g_strdup(location);
    (*slot)->n_uses = 1;
    return *slot;
}

bool
hib_call_reply_away(HibCall *call, const char *location, bool is_shared)
{
    if (!is_shared || call->headers != NULL) {
        reply_away(call, location);
        return true;
    }
    call->kept = keep(call, location);
    call->kept->n_uses++;
    call->response = call->kept->response;
    call->status = 302;
    return true;
}

bool
hib_call_reply_see(HibCall *call, const char *path)
{
    hib_call_set_header(call, "Location", path);
    return hib_call_reply_empty(call, 303);
}

static void
bytes_free(void *bytes)
{
    g_bytes_unref(bytes);
}

bool
hib_call_reply_bytes(HibCall *call, int status, const char *content_type, GBytes *bytes,
                     const char *cache_control)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        n, (void *)(uintptr_t)(n > 0 ? data : ""), bytes_free, g_bytes_ref(bytes));
    /* What people uploaded is shown, never run. */
    MHD_add_response_header(response, "Content-Security-Policy", FOREIGN_POLICY);
    finish(call, status, content_type, cache_control != NULL ? cache_control : "no-store",
           response);
    return true;
}

/* --- files ------------------------------------------------------------------------------------------------ */
static bool
read_position(const char **text, int64_t *ret)
{
    if (!g_ascii_isdigit(**text))
        return false;
    char *end = NULL;
    *ret = g_ascii_strtoll(*text, &end, 10);
    *text = end;
    return *ret < INT64_MAX;
}

bool
hib_range_parse(const char *range, int64_t size, int64_t *ret_from, int64_t *ret_n)
{
    int64_t from = 0, to = size - 1, last = 0;
    if (range == NULL || !g_str_has_prefix(range, "bytes="))
        return false;
    const char *text = range + strlen("bytes=");
    const bool is_suffix = *text == '-';
    if (is_suffix) {
        text++;
        if (!read_position(&text, &last) || last == 0)
            return false;
        from = MAX(size - last, 0);
    } else if (!read_position(&text, &from) || *text++ != '-' ||
               (*text != '\0' && !read_position(&text, &to))) {
        return false;
    }
    to = MIN(to, size - 1);
    if (*text != '\0' || from > to)
        return false;
    *ret_from = from;
    *ret_n = to - from + 1;
    return true;
}

/* Several ranges, and one that lies beyond the end, get the whole: RFC 9110 lets a server ignore what it does not serve. */
static bool
wants_range(HibCall *call, int64_t size, const char *etag, int64_t *from, int64_t *n)
{
    const char *unless = hib_call_header(call, "If-Range");
    return (unless == NULL || strcmp(unless, etag) == 0) &&
           hib_range_parse(hib_call_header(call, "Range"), size, from, n);
}

bool
hib_call_reply_file(HibCall *call, const char *content_type, int fd, int64_t size, const char *etag,
                    const char *cache_control)
{
    HibArena *arena = hib_call_arena(call);
    int64_t from = 0, n = size;
    int status = 200;
    hib_call_set_header(call, "ETag", etag);
    hib_call_set_header(call, "Accept-Ranges", "bytes");
    if (hib_etag_matches(hib_call_header(call, "If-None-Match"), etag)) {
        status = 304;
        n = 0;
    } else if (wants_range(call, size, etag, &from, &n)) {
        status = 206;
        hib_call_set_header(call, "Content-Range",
                            hib_arena_printf(arena,
                                             "bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT
                                             "/%" G_GINT64_FORMAT,
                                             from, from + n - 1, size));
    }
    struct MHD_Response *response = NULL;
    if (n > 0)
        response = MHD_create_response_from_fd_at_offset64((uint64_t)n, fd, (uint64_t)from);
    if (response == NULL) {
        close(fd);
        response = hib_response_taking(g_strdup(""), 0);
    }
    MHD_add_response_header(response, "Content-Security-Policy", FOREIGN_POLICY);
    finish(call, status, status == 304 ? NULL : content_type, cache_control, response);
    return true;
}

void
hib_call_set_header(HibCall *call, const char *name, const char *value)
{
    HibHeader *header = hib_arena_new0(hib_call_arena(call), HibHeader);
    header->name = hib_arena_strdup(call->arena, name);
    header->value = hib_arena_strdup(call->arena, value);
    header->next = call->headers;
    call->headers = header;
}

/* A call that gave a cookie a new value twice (rotated, then signed in anew) sends the last one only. */
static void
forget_cookie(HibCall *call, const char *name)
{
    size_t n = strlen(name);
    for (HibHeader **at = &call->headers; *at != NULL;) {
        const HibHeader *header = *at;
        if (strcmp(header->name, "Set-Cookie") == 0 && strncmp(header->value, name, n) == 0 &&
            header->value[n] == '=')
            *at = header->next;
        else
            at = &(*at)->next;
    }
}

void
hib_call_set_cookie(HibCall *call, const char *name, const char *value, int max_age_s)
{
    const char *secure = hib_call_is_secure(call) ? "; Secure" : "";
    forget_cookie(call, name);
    hib_call_set_header(call, "Set-Cookie",
                        hib_arena_printf(hib_call_arena(call),
                                         "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
                                         name, value, max_age_s, secure));
}
