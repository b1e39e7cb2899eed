/* Fuzz target: any bytes as a request on a connection, through libmicrohttpd and the framing check.
 *
 * A second, strict reader says which heads are plain: every line ends in exactly CRLF, a name of token characters, a colon,
 * a value without control characters, one Host, and one way to tell the body's length. What the framing check lets through
 * must be plain to that reader too; two readers that see different ends are what request smuggling lives on. */
#include "base/limits.h"
#include "http/server_private.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

typedef struct {
    HibCall call;
    const char *input;
    size_t n_input;
    bool is_judged;
} Probe;

/* Where the line's two end bytes stand. With a NUL in the input any two of NUL, CR and LF will do: framing.c says why. */
static char *
line_end(char *from, char *end, bool has_nul)
{
    for (char *p = from; p + 1 < end; p++) {
        if (has_nul && memchr("\r\n", *p, 3) != NULL)
            return memchr("\r\n", p[1], 3) != NULL ? p : NULL;
        if (*p == '\r')
            return p[1] == '\n' ? p : NULL;
        if (*p == '\n')
            return NULL;
    }
    return NULL;
}

static bool
is_plain_line(const char *line, int *n_hosts, int *n_lengths)
{
    const char *colon = strchr(line, ':');
    if (colon == NULL || colon == line)
        return false;
    for (const char *p = line; p < colon; p++) {
        if (!g_ascii_isgraph(*p) || strchr("\"(),/;<=>?@[\\]{}", *p) != NULL)
            return false;
    }
    for (const char *p = colon + 1; *p != '\0'; p++) {
        if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f)
            return false;
    }
    *n_hosts += g_ascii_strncasecmp(line, "Host:", 5) == 0;
    *n_lengths += g_ascii_strncasecmp(line, "Content-Length:", 15) == 0 ||
                  g_ascii_strncasecmp(line, "Transfer-Encoding:", 18) == 0;
    return true;
}

/* Empty lines before a request say nothing (RFC 9112 §2.2); libmicrohttpd takes a line that begins with NUL for one. */
static char *
skip_nothing(char *at, char *end)
{
    while (at < end && (*at == '\r' || *at == '\n' || *at == '\0')) {
        char *stop = *at == '\0' ? memchr(at, '\n', (size_t)(end - at)) : at;
        if (stop == NULL)
            return end;
        at = stop + 1;
    }
    return at;
}

/* A line of a colon alone ends the head for libmicrohttpd, and where its bytes stood cannot be seen any more: framing.c says why that is
 * let through. Such heads are not judged. */
static bool
has_lone_colon(const char *bytes, size_t n)
{
    for (size_t i = 1; i + 1 < n; i++) {
        if (bytes[i] == ':' && memchr("\r\n", bytes[i - 1], 3) != NULL &&
            memchr("\r\n", bytes[i + 1], 3) != NULL)
            return true;
    }
    return false;
}

/* Of the first head in the bytes. */
static bool
is_plain(const char *bytes, size_t n)
{
    g_autofree char *text = g_malloc(n + 1);
    memcpy(text, bytes, n);
    text[n] = '\0';
    char *at = text;
    char *end = text + n;
    bool has_nul = memchr(bytes, '\0', n) != NULL;
    int n_lines = 0;
    int n_hosts = 0;
    int n_lengths = 0;
    at = skip_nothing(at, end);
    bool is_old = false;
    for (;; n_lines++) {
        char *stop = line_end(at, end, has_nul);
        if (stop == NULL)
            return false;
        if (stop == at)
            return n_lines > 0 && n_hosts <= 1 && (n_hosts == 1 || is_old) && n_lengths <= 1;
        *stop = '\0';
        if (n_lines == 0)
            is_old = g_str_has_suffix(at, " HTTP/1.0");
        else if (!is_plain_line(at, &n_hosts, &n_lengths))
            return false;
        at = stop + 2;
    }
}

static void *
on_uri(void *data, const char *uri, struct MHD_Connection *connection)
{
    Probe *probe = data;
    g_free(probe->call.uri);
    probe->call.connection = connection;
    probe->call.uri = g_strdup(uri);
    probe->call.n_uri = strlen(uri);
    return probe;
}

static size_t
keep_escapes(void *data, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

/* The first request only: what follows it on the connection is another input's. */
static enum MHD_Result
on_access(void *data, struct MHD_Connection *connection, const char *url, const char *method,
          const char *version, const char *upload, size_t *n_upload, void **state)
{
    Probe *probe = data;
    if (probe->is_judged)
        return MHD_NO;
    probe->is_judged = true;
    probe->call.method = method;
    if (!has_lone_colon(probe->input, probe->n_input) &&
        hib_framing_fault(&probe->call, url, version) == NULL)
        g_assert_true(is_plain(probe->input, probe->n_input));
    return MHD_NO;
}

static void
on_panic(void *data, const char *file, unsigned line, const char *reason)
{
    g_error("%s:%u: %s", file, line, reason);
}

static void
ignore_log(void *data, const char *format, va_list values)
{
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    int pair[2];
    if (n > 32768 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        return 0;
    Probe probe = {.input = (const char *)data, .n_input = n};
    struct sockaddr address = {.sa_family = AF_UNIX};
    MHD_set_panic_func(on_panic, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_access, &probe, MHD_OPTION_EXTERNAL_LOGGER,
        ignore_log, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_uri, &probe, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536, MHD_OPTION_END);
    g_assert_nonnull(daemon);
    g_assert_true(MHD_add_connection(daemon, pair[0], &address, sizeof address) == MHD_YES);
    g_assert_cmpint(write(pair[1], data, n), ==, (ssize_t)n);
    shutdown(pair[1], SHUT_WR);
    for (int i = 0; i < 16 && !probe.is_judged; i++)
        MHD_run(daemon);
    MHD_stop_daemon(daemon);
    close(pair[1]);
    g_free(probe.call.uri);
    return 0;
}
