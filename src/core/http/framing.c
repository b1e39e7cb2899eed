/* Framing: a request whose end two readers could see in different places is refused.
 *
 * libmicrohttpd 0.9.75 takes a bare LF or CR for a line end, joins folded lines and reads on. But what it hands out points
 * into its read buffer and it tells the length of the head, so the places of all parts together say whether every line
 * ended in exactly CRLF: method, URL, version, then each name and value must follow one another without a gap, and the
 * last value must stand exactly four bytes before the head's end.
 *
 * Two things cannot be seen. By now both bytes of a line end are NUL, so a NUL that stood there looks like the CR; readers of
 * HTTP end the line at that LF or refuse the NUL, so the end is the same for all. And a line of a colon and a bare LF, which libmicrohttpd takes for
 * the empty line: a name is never empty (RFC 9112 §5.1), so a proxy in front refuses such a head or drops the line, and never passes it on.
 * tests/fuzz/head_fuzz.c holds this file to the rest. */
#include "http/server_private.h"

#include "base/limits.h"

#include <string.h>

typedef struct {
    const char *end; /* where the line before must have ended */
    int n, n_hosts, n_lengths, n_encodings;
    bool is_bad, is_chunked;
} Head;

static bool
is_token(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isalnum(text[i]) && (text[i] == '\0' || !strchr("!#$%&'*+-.^_`|~", text[i])))
            return false;
    }
    return n > 0;
}

static bool
is_value(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
            return false;
    }
    return true;
}

static bool
is_digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
    }
    return n > 0 && n <= 15;
}

static void
count_special(Head *head, const char *key, const char *value, size_t n_value)
{
    if (g_ascii_strcasecmp(key, "Host") == 0) {
        head->n_hosts++;
    } else if (g_ascii_strcasecmp(key, "Content-Length") == 0) {
        head->n_lengths++;
        head->is_bad |= !is_digits(value, n_value);
    } else if (g_ascii_strcasecmp(key, "Transfer-Encoding") == 0) {
        head->n_encodings++;
        head->is_chunked = g_ascii_strcasecmp(value, "chunked") == 0;
    }
}

static enum MHD_Result
on_header(void *data, enum MHD_ValueKind kind, const char *key, size_t n_key, const char *value,
          size_t n_value)
{
    Head *head = data;
    head->n++;
    if (key == NULL || value == NULL || key != head->end + 2 || value < key + n_key + 1 ||
        !is_token(key, n_key) || !is_value(value, n_value)) {
        head->is_bad = true;
        return MHD_NO;
    }
    count_special(head, key, value, n_value);
    head->end = value + n_value;
    return MHD_YES;
}

/* "GET /path?query HTTP/1.1" with single spaces and nothing else. */
static bool
is_request_line(const HibCall *call, const char *url, const char *version)
{
    const char *method = call->method;
    size_t n_method = strlen(method);
    if (!is_token(method, n_method) || call->uri[0] != '/')
        return false;
    for (const char *p = call->uri; *p != '\0'; p++) {
        if ((unsigned char)*p <= 0x20 || *p == 0x7f)
            return false;
    }
    return url == method + n_method + 1 && version == url + call->n_uri + 1 &&
           (strcmp(version, "HTTP/1.1") == 0 || strcmp(version, "HTTP/1.0") == 0);
}

const char *
hib_framing_fault(HibCall *call, const char *url, const char *version)
{
    if (call->n_uri > HIB_LIMIT_URL_BYTES)
        return "http.url_too_long";
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(call->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (info == NULL || info->header_size > HIB_LIMIT_HEADER_BYTES + call->n_uri)
        return "http.headers_too_large";
    if (!is_request_line(call, url, version))
        return "http.framing";

    Head head = {.end = version + strlen(version)};
    MHD_get_connection_values_n(call->connection, MHD_HEADER_KIND, on_header, &head);
    if (head.n > HIB_LIMIT_HEADER_COUNT)
        return "http.headers_too_large";
    bool is_old = strcmp(version, "HTTP/1.0") == 0;
    if (head.is_bad || head.end + 4 != call->method + info->header_size ||
        memcmp(head.end, "\0\0\0\0", 4) !=
            0) /* not NUL: a line that began with NUL ended the head */
        return "http.framing";
    if (head.n_hosts > 1 || (head.n_hosts == 0 && !is_old) || head.n_lengths > 1)
        return "http.framing";
    if (head.n_encodings > 0 &&
        (head.n_encodings > 1 || !head.is_chunked || head.n_lengths > 0 || is_old))
        return "http.framing";
    call->is_chunked = head.n_encodings > 0;
    return NULL;
}
