/* Problems: an error as problem+json (RFC 9457) with a sentence in the caller's language. */
#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include "http/server_private.h"
#include "http/shape_private.h"

#include <string.h>

static const char *
title_of(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 421:
        return "Misdirected Request";
    case 422:
        return "Unprocessable Content";
    case 423:
        return "Locked";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    default:
        return "Internal Server Error";
    }
}

/* The protocol's own refusals have finer statuses than the kinds of errors. */
static int
status_of(const GError *error)
{
    static const struct {
        const char *reason;
        int status;
    } own[] = {
        {"http.framing", 400},      {"http.host", 421},       {"json.malformed", 400},
        {"json.repeated_key", 400}, {"http.method", 405},     {"http.timeout", 408},
        {"http.url_too_long", 414}, {"http.media_type", 415}, {"http.headers_too_large", 431}};
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
        if (strcmp(own[i].reason, hib_error_reason(error)) == 0)
            return own[i].status;
    }
    return hib_error_status(hib_error_kind(error));
}

static void
add_text(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, ",\"%s\":", name);
    hib_shape_print_text(value, out);
}

void
hib_call_fail(HibCall *call, const GError *error)
{
    int status = status_of(error);
    const char *reason = hib_error_reason(error);
    if (status >= 500)
        hib_log_error(status == 500 ? HIB_ALARM : HIB_WARN, "http.failed", error, "request",
                      call->id, "operation",
                      call->match.found != NULL ? call->match.found->route->operation : NULL, NULL);

    GString *out = g_string_sized_new(512);
    g_string_append_printf(out,
                           "{\"type\":\"urn:hibiki:problem:%s\",\"title\":\"%s\",\"status\":%d",
                           reason, title_of(status), status);
    add_text(out, "reason", reason);
    add_text(out, "detail", hib_message_fill(hib_call_arena(call), hib_call_locale(call), error));
    if (hib_error_pointer(error) != NULL)
        add_text(out, "pointer", hib_error_pointer(error));
    guint64 line;
    const char *named = hib_error_detail(error, "line");
    if (named && g_ascii_string_to_unsigned(named, 10, 1, G_MAXINT32, &line, NULL))
        g_string_append_printf(out, ",\"line\":%" G_GUINT64_FORMAT, line);
    HibInstant at = 0;
    char text[HIB_INSTANT_TEXT];
    if (hib_error_retry_at(error, &at)) {
        add_text(out, "retry_at", hib_instant_format(at, text));
        HibDuration left = at - hib_clock_now(hib_store_clock(call->server->options.store));
        g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, MAX(left / HIB_SECOND + 1, 1));
        hib_call_set_header(call, "Retry-After", text);
    }
    add_text(out, "request_id", call->id);
    g_string_append_c(out, '}');
    size_t n = out->len;
    hib_call_respond(call, status, "application/problem+json", "no-store",
                     g_string_free(out, FALSE), n);
}
