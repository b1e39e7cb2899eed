/* Is the call meant for us? The Host it names must be one of our names.
 *
 * A page of somebody else's can have its own name point to this machine's address after it was loaded (DNS rebinding); its
 * calls are then of the same origin for the browser, and only the name in Host tells them from ours. An address in figures
 * cannot be pointed elsewhere, nor can localhost; any other name must be the one in base_url. */
#include "http/server_private.h"

#include <string.h>

/* "name:8470", "[::1]:8470" → the name; NULL where it is none. */
static char *
name_of(const char *host)
{
    bool is_bracketed = host[0] == '[';
    size_t n = is_bracketed ? strcspn(host + 1, "]") : strcspn(host, ":");
    const char *rest = host + n + (is_bracketed ? 1 : 0);
    if (is_bracketed && *rest++ != ']')
        return NULL;
    if (*rest != '\0' && (*rest != ':' || rest[1 + strspn(rest + 1, "0123456789")] != '\0'))
        return NULL;
    char *name = g_ascii_strdown(host + (is_bracketed ? 1 : 0), (gssize)n);
    if (n > 1 && name[n - 1] == '.')
        name[n - 1] = '\0';
    return name;
}

bool
hib_host_is(const char *host, const char *url)
{
    const char *own = url != NULL && host != NULL ? strstr(url, "://") : NULL;
    if (own == NULL)
        return false;
    g_autofree char *name = name_of(host), *authority = g_strndup(own + 3, strcspn(own + 3, "/")),
                    *own_name = name_of(authority);
    return name != NULL && g_strcmp0(name, own_name) == 0;
}

bool
hib_host_is_ours(const char *host, const char *base_origin)
{
    g_autofree char *name = name_of(host);
    if (name == NULL || *name == '\0')
        return false;
    if (g_str_equal(name, "localhost") || g_str_has_suffix(name, ".localhost"))
        return true;
    const char *own = base_origin != NULL ? strstr(base_origin, "://") : NULL;
    if (own == NULL)
        return g_hostname_is_ip_address(name);
    g_autofree char *own_name = name_of(own + 3);
    bool is_loopback = g_str_equal(name, "::1") ||
                       (g_str_has_prefix(name, "127.") && g_hostname_is_ip_address(name));
    return is_loopback || g_strcmp0(name, own_name) == 0;
}
