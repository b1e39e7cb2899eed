/* A call's accessors: what came in, read from libmicrohttpd's memory, which stays while the connection is suspended. */
#include "http/call.h"

#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "http/server_private.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

HibArena *
hib_call_arena(HibCall *call)
{
    if (call->arena == NULL)
        call->arena = hib_arena_new();
    return call->arena;
}

HibDb *
hib_call_db(HibCall *call)
{
    return call->db;
}

void *
hib_call_context(HibCall *call)
{
    return call->server->options.context;
}

const char *
hib_call_person(HibCall *call)
{
    return call->caller.person;
}

const char *
hib_call_session(HibCall *call)
{
    return call->caller.session;
}

const char *
hib_call_role(HibCall *call)
{
    return call->caller.role;
}

const char *
hib_call_header(HibCall *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

const char *
hib_call_locale(HibCall *call)
{
    const char *chosen = call->caller.locale;
    const char *accepts = hib_call_header(call, "Accept-Language");
    if (chosen != NULL &&
        (accepts == NULL || call->caller.token == NULL)) /* a program says what its reader speaks */
        return strcmp(chosen, "en") == 0 ? "en" : "ja";
    for (const char *p = accepts; p != NULL && *p != '\0'; p += strcspn(p, ",")) {
        p += strspn(p, ", ");
        if (g_ascii_strncasecmp(p, "ja", 2) == 0)
            return "ja";
        if (g_ascii_strncasecmp(p, "en", 2) == 0)
            return "en";
    }
    return chosen != NULL && strcmp(chosen, "en") == 0 ? "en" : "ja";
}

/* --- who is at the other end ---------------------------------------------------------------------------- */
static const struct sockaddr *
peer(HibCall *call)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info != NULL ? info->client_addr : NULL;
}

static bool
is_loopback(const struct sockaddr *address)
{
    if (address == NULL)
        return false;
    if (address->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 ==
               127;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    return address->sa_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127));
}

bool
hib_call_is_local(HibCall *call)
{
    return is_loopback(peer(call)) && hib_call_header(call, "X-Forwarded-For") == NULL;
}

typedef struct {
    const char *name, *last;
} LastHeader;

static enum MHD_Result
keep_last(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    LastHeader *want = data;
    if (g_ascii_strcasecmp(name, want->name) == 0)
        want->last = value;
    return MHD_YES;
}

/* Where a header stands on several lines, our proxy wrote the last one and the client the others. */
static const char *
forwarded(HibCall *call, const char *name)
{
    if (!call->server->options.is_behind_proxy || !is_loopback(peer(call)))
        return NULL;
    LastHeader want = {.name = name};
    MHD_get_connection_values(call->connection, MHD_HEADER_KIND, keep_last, &want);
    return want.last;
}

const char *
hib_call_client(HibCall *call)
{
    HibArena *arena = hib_call_arena(call);
    const char *chain = forwarded(call, "X-Forwarded-For");
    if (chain != NULL) { /* the last one is what our own proxy saw */
        const char *last = strrchr(chain, ',');
        char *one = g_strstrip(hib_arena_strdup(arena, last != NULL ? last + 1 : chain));
        if (g_hostname_is_ip_address(one))
            return one;
    }
    char text[INET6_ADDRSTRLEN] = "";
    const struct sockaddr *from = peer(call);
    if (from != NULL && from->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text,
                  sizeof text);
    else if (from != NULL && from->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, text,
                  sizeof text);
    return hib_arena_strdup(arena, text);
}

bool
hib_call_is_secure(HibCall *call)
{
    const char *proto = forwarded(call, "X-Forwarded-Proto");
    return call->server->is_secure || (proto != NULL && strcmp(proto, "https") == 0);
}

/* --- inputs --------------------------------------------------------------------------------------------- */
GBytes *
hib_call_body(HibCall *call)
{
    if (call->body_bytes == NULL)
        call->body_bytes =
            call->body != NULL ? g_byte_array_free_to_bytes(call->body) : g_bytes_new_static("", 0);
    call->body = NULL;
    return call->body_bytes;
}

const char *
hib_call_method(HibCall *call)
{
    return call->method;
}

const char *
hib_call_query(HibCall *call)
{
    return call->query != NULL ? call->query : "";
}

const char *
hib_call_content_type(HibCall *call)
{
    const char *type = hib_call_header(call, "Content-Type");
    if (type == NULL)
        return "";
    char *plain = hib_arena_strndup(hib_call_arena(call), type, strcspn(type, ";"));
    for (char *p = g_strstrip(plain); *p != '\0'; p++)
        *p = g_ascii_tolower(*p);
    return plain;
}

const char *
hib_call_cookie(HibCall *call, const char *name)
{
    const char *cookies = hib_call_header(call, "Cookie");
    size_t n_name = strlen(name);
    for (const char *p = cookies; p != NULL && *p != '\0'; p += strcspn(p, ";")) {
        p += strspn(p, "; ");
        if (strncmp(p, name, n_name) != 0 || p[n_name] != '=')
            continue;
        const char *value = p + n_name + 1;
        return hib_arena_strndup(hib_call_arena(call), value, strcspn(value, "; "));
    }
    return NULL;
}

const char *
hib_call_part(HibCall *call, const char *name)
{
    const HibCompiled *route = call->match.found;
    for (size_t i = 0; route != NULL && i < route->n_names; i++) {
        if (strcmp(route->names[i], name) != 0)
            continue;
        g_autofree char *raw = g_strndup(call->match.values[i], call->match.n_value[i]);
        g_autofree char *text = g_uri_unescape_string(raw, "/");
        if (text == NULL || !g_utf8_validate(text, -1, NULL))
            return NULL;
        return hib_arena_strdup(hib_call_arena(call), text);
    }
    return NULL;
}

bool
hib_call_read_path(HibCall *call, const char *name, HibFieldKind kind, size_t min, size_t max,
                   const char **ret, GError **error)
{
    *ret = hib_call_part(call, name);
    size_t n = *ret != NULL ? (size_t)g_utf8_strlen(*ret, -1) : 0;
    if (*ret != NULL && n >= min && (max == 0 || n <= max) &&
        (kind != HIB_UUID || hib_id_valid(*ret)))
        return true;
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "http.not_found", "path part %s is no such id", name);
    return false;
}

bool
hib_call_read_query(HibCall *call, const HibShape *shape, void *out, GError **error)
{
    return hib_shape_read_query(shape, call->query, hib_call_arena(call), out, error);
}

bool
hib_call_read_body(HibCall *call, const HibShape *shape, void *out, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(hib_call_body(call), &n);
    HibJson json = {0};
    if (!hib_json_parse(hib_call_arena(call), text != NULL ? text : "", n, &json, error))
        return false;
    return hib_shape_read(shape, json.value, hib_call_arena(call), out, error);
}
