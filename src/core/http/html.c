/* The HTML writer: see html.h. */
#include "http/html.h"
#include "http/server_private.h"
#include <stdarg.h>
#include <string.h>

#define DEEPEST 32

struct HibHtml {
    GString *out;
    const char *open[DEEPEST];
    size_t n_open;
};

static void
drop(void *text)
{
    g_string_free(text, TRUE);
}

HibHtml *
hib_html_new(HibArena *arena)
{
    HibHtml *html = hib_arena_new0(arena, HibHtml);
    html->out = g_string_new(NULL);
    hib_arena_defer(arena, drop, html->out);
    return html;
}

static void
escape(GString *out, const char *text)
{
    for (const char *p = text; *p; p++)
        switch (*p) {
        case '&':
            g_string_append(out, "&amp;");
            break;
        case '<':
            g_string_append(out, "&lt;");
            break;
        case '>':
            g_string_append(out, "&gt;");
            break;
        case '"':
            g_string_append(out, "&quot;");
            break;
        case '\'':
            g_string_append(out, "&#39;");
            break;
        default:
            g_string_append_c(out, *p);
        }
}

/* An address of ours: "/…" or "#…", never "//host". */
static bool
is_own(const char *name, const char *value)
{
    bool is_address =
        g_str_equal(name, "href") || g_str_equal(name, "src") || g_str_equal(name, "action");
    return !is_address || *value == '#' || (*value == '/' && value[1] != '/' && value[1] != '\\');
}

static void
start(HibHtml *html, const char *tag, va_list pairs)
{
    g_string_append_printf(html->out, "<%s", tag);
    for (const char *name; (name = va_arg(pairs, const char *));) {
        const char *value = va_arg(pairs, const char *);
        if (!value || !is_own(name, value))
            continue;
        g_string_append_printf(html->out, " %s=\"", name);
        escape(html->out, value);
        g_string_append_c(html->out, '"');
    }
    g_string_append_c(html->out, '>');
}

void
hib_html_open(HibHtml *html, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    start(html, tag, pairs);
    va_end(pairs);
    g_return_if_fail(html->n_open < DEEPEST);
    html->open[html->n_open++] = tag;
}

void
hib_html_void(HibHtml *html, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    start(html, tag, pairs);
    va_end(pairs);
}

void
hib_html_close(HibHtml *html)
{
    if (html->n_open)
        g_string_append_printf(html->out, "</%s>", html->open[--html->n_open]);
}

void
hib_html_text(HibHtml *html, const char *text)
{
    escape(html->out, text);
}

void
hib_html_line(HibHtml *html, const char *tag, const char *class, const char *text)
{
    hib_html_open(html, tag, "class", class, NULL);
    hib_html_text(html, text);
    hib_html_close(html);
}

void
hib_html_out(HibHtml *html, const char *url, const char *text)
{
    if (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://")) {
        escape(html->out, text);
        return;
    }
    g_string_append(html->out, "<a href=\"");
    escape(html->out, url);
    g_string_append(html->out, "\" rel=\"noopener noreferrer nofollow\">");
    escape(html->out, text);
    g_string_append(html->out, "</a>");
}

const char *
hib_html_page(HibArena *arena, const char *locale, const char *title, const char *style,
              HibHtml *body)
{
    HibHtml *page = hib_html_new(arena);
    while (body->n_open)
        hib_html_close(body);
    g_string_append(page->out, "<!doctype html>\n");
    hib_html_open(page, "html", "lang", locale, NULL);
    hib_html_open(page, "head", NULL);
    hib_html_void(page, "meta", "charset", "utf-8", NULL);
    hib_html_void(page, "meta", "name", "viewport", "content",
                  "width=device-width, initial-scale=1", NULL);
    hib_html_void(page, "meta", "name", "color-scheme", "content", "light dark", NULL);
    hib_html_void(page, "meta", "name", "robots", "content", "noindex, nofollow", NULL);
    hib_html_line(page, "title", NULL, title);
    g_string_append_printf(page->out, "<style>%s</style>", style);
    hib_html_close(page);
    hib_html_open(page, "body", NULL);
    g_string_append_len(page->out, body->out->str, (gssize)body->out->len);
    hib_html_close(page);
    hib_html_close(page);
    return hib_arena_strndup(arena, page->out->str, page->out->len);
}

static const char *
policy_for(HibArena *arena, const char *style)
{
    guint8 sum[32];
    gsize n = sizeof sum;
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)style, (gssize)strlen(style));
    g_checksum_get_digest(checksum, sum, &n);
    g_checksum_free(checksum);
    g_autofree char *text = g_base64_encode(sum, n);
    return hib_arena_printf(
        arena,
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src "
        "'sha256-%s'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        text);
}

bool
hib_html_reply(HibCall *call, int status, const char *title, const char *style, HibHtml *body)
{
    HibArena *arena = hib_call_arena(call);
    const char *page = hib_html_page(arena, hib_call_locale(call), title, style, body);
    hib_call_set_header(call, "Content-Security-Policy", policy_for(arena, style));
    hib_call_set_header(call, "X-Robots-Tag", "noindex, nofollow");
    /* Not as bytes of somebody else's, which are shown in a sandbox: this page has a form. */
    hib_call_respond(call, status, "text/html; charset=utf-8", "no-store", g_strdup(page),
                     strlen(page));
    return true;
}
