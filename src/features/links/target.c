/* Where a link may lead. Pure: nothing is asked of the network, for a target is only ever opened by the visitor's own browser. */
#include "base/error.h"
#include "links/links_private.h"
#include <string.h>

#define MOST_URL 2048

static bool
refuse(GError **error, const char *reason, const char *pointer, const char *url)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%.80s", url);
    return false;
}

/* No blank, no control character, no backslash (browsers read it as a slash), nothing that Unicode hides. */
static bool
is_plain(const char *url)
{
    if (!g_utf8_validate(url, -1, NULL))
        return false;
    for (const char *at = url; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c <= 0x20 || c == 0x7f || c == '\\' || c == '<' || c == '>' || c == '"' ||
            !g_unichar_isprint(c) || g_unichar_isspace(c))
            return false;
    }
    return true;
}

static bool
is_host(const char *host, size_t n)
{
    if (n == 0 || n > 253 || host[0] == '.' || host[0] == '-')
        return false;
    if (host[0] == '[') {
        g_autofree char *inner = n > 2 && host[n - 1] == ']' ? g_strndup(host + 1, n - 2) : NULL;
        return inner && g_hostname_is_ip_address(inner);
    }
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)host[i] < 0x80 && !g_ascii_isalnum(host[i]) && host[i] != '.' &&
            host[i] != '-' && host[i] != '_')
            return false;
    return true;
}

/* "host:port" → the host's length; 0: wrong. */
static size_t
host_of(const char *authority, size_t n)
{
    const char *close = authority[0] == '[' ? memchr(authority, ']', n) : NULL;
    size_t n_host = close ? (size_t)(close + 1 - authority) : strcspn(authority, ":/?#");
    if (n_host > n || !is_host(authority, n_host))
        return 0;
    if (n_host == n)
        return n_host;
    g_autofree char *port = g_strndup(authority + n_host + 1, n - n_host - 1);
    gint64 number;
    bool is_port =
        authority[n_host] == ':' && g_ascii_string_to_signed(port, 10, 1, 65535, &number, NULL);
    return is_port ? n_host : 0;
}

static bool
is_same_host(const char *host, size_t n, const char *url)
{
    const char *own = url ? strstr(url, "://") : NULL;
    size_t n_own = own ? strcspn(own + 3, "/:") : 0;
    while (n > 0 && host[n - 1] == '.')
        n--;
    return n_own > 0 && n_own == n && g_ascii_strncasecmp(own + 3, host, n) == 0;
}

/* Ours, and one that leads on: what leads to itself, by however many steps, must begin with one. */
static bool
is_short(const HibLinkDomain *domain, const char *host, size_t n, const char *path)
{
    if (domain->short_url && is_same_host(host, n, domain->short_url))
        return true;
    return is_same_host(host, n, domain->base_url) &&
           (g_ascii_strncasecmp(path, "/l/", 3) == 0 || strstr(path, "%6c") ||
            strstr(path, "%6C") || strstr(path, "//") || strstr(path, "/./") ||
            strstr(path, "/../"));
}

bool
hib_link_check_target(const HibLinkDomain *domain, const char *url, const char *pointer,
                      GError **error)
{
    if (strlen(url) > MOST_URL)
        return refuse(error, "links.target_long", pointer, url);
    bool is_web =
        g_ascii_strncasecmp(url, "http://", 7) == 0 || g_ascii_strncasecmp(url, "https://", 8) == 0;
    if (!is_web)
        return refuse(error, "links.target_scheme", pointer, url);
    const char *authority = strstr(url, "://") + 3;
    size_t n = strcspn(authority, "/?#");
    if (memchr(authority, '@', n))
        return refuse(error, "links.target_credentials", pointer, "a user name before the host");
    if (!is_plain(url) || !host_of(authority, n))
        return refuse(error, "links.target_bad", pointer, url);
    /* As a browser gets it: full-width letters are our own name there, and some names are no domain. */
    g_autofree char *location = hib_link_location(url);
    const char *there = location + (authority - url);
    const size_t n_there = strcspn(there, "/?#"),
                 n_host =
                     g_str_is_ascii(location) && is_plain(location) ? host_of(there, n_there) : 0;
    if (!n_host)
        return refuse(error, "links.target_bad", pointer, url);
    if (is_short(domain, there, n_host, there + n_there))
        return refuse(error, "links.target_loop", pointer, url);
    return true;
}

/* An app's address: a web one the app has claimed, or one of its own scheme. */
bool
hib_link_check_app(const HibLinkDomain *domain, const char *url, const char *pointer,
                   GError **error)
{
    static const char *const never[] = {"javascript",  "data",  "vbscript", "file",
                                        "blob",        "about", "intent",   "filesystem",
                                        "view-source", "ws",    "wss",      "ftp"};
    size_t n = strcspn(url, ":");
    g_autofree char *scheme = g_ascii_strdown(url, (gssize)n);
    if (g_str_equal(scheme, "http") || g_str_equal(scheme, "https"))
        return hib_link_check_target(domain, url, pointer, error);
    bool is_app = n >= 2 && n <= 60 && g_ascii_isalpha(scheme[0]) &&
                  strspn(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+.-") == n &&
                  g_str_has_prefix(url + n, "://") && url[n + 3] && strlen(url) <= MOST_URL &&
                  is_plain(url);
    for (size_t i = 0; i < G_N_ELEMENTS(never); i++)
        is_app = is_app && !g_str_equal(scheme, never[i]);
    return is_app || refuse(error, "links.app_url", pointer, url);
}

char *
hib_link_location(const char *url)
{
    const char *host = strstr(url, "://");
    GString *out = g_string_new(NULL);
    const char *rest = url;
    if (host && (g_ascii_strncasecmp(url, "http", 4) == 0)) {
        host += 3;
        size_t n = strcspn(host, "/?#:");
        g_autofree char *name = g_strndup(host, n), *ascii = g_hostname_to_ascii(name);
        g_string_append_len(out, url, host - url);
        g_string_append(out, ascii ? ascii : name);
        rest = host + n;
    }
    for (; *rest; rest++)
        if ((unsigned char)*rest >= 0x80)
            g_string_append_printf(out, "%%%02X", (unsigned char)*rest);
        else
            g_string_append_c(out, *rest);
    return g_string_free(out, FALSE);
}

/* Names only: what a network can do is no matter here. */
const char *
hib_link_network(const char *name)
{
    static const char *const all[] = {"instagram", "tiktok",  "x",       "youtube", "line",
                                      "facebook",  "threads", "bluesky", "mastodon"};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (g_str_equal(all[i], name))
            return all[i];
    return NULL;
}

/* --- codes -------------------------------------------------------------------------------------------------------- */
/* Read aloud, printed and typed: no 0 o 1 i l. 31 of them, so seven make 27,512,614,111. */
static const char alphabet[] = "23456789abcdefghjkmnpqrstuvwxyz";

void
hib_link_code(void (*fill)(void *out, size_t n), char out[HIB_LINK_CODE + 1])
{
    size_t n = 0;
    while (n < HIB_LINK_CODE) {
        uint8_t bytes[16];
        fill(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes && n < HIB_LINK_CODE; i++)
            if (bytes[i] < 248) /* 8 * 31: each is as likely */
                out[n++] = alphabet[bytes[i] % 31];
    }
    out[n] = '\0';
}

bool
hib_link_check_slug(const char *slug, GError **error)
{
    size_t n = strlen(slug);
    bool is_good = n >= 3 && n <= HIB_LINK_SLUG && g_ascii_isalnum(slug[0]) &&
                   g_ascii_isalnum(slug[n - 1]) &&
                   strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n;
    return is_good || refuse(error, "links.bad_code", "/code", slug);
}
