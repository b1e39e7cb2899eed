/* GET /l/CODE and /l/CODE/NETWORK and /l/CODE/~TOKEN.
 *
 * A known code is answered on the server's own thread: which way, what kind of visitor, the click into the spool, the reply. What the table does not know, what has ended and
 * what needs a page goes to a worker, which asks the store. */
#include "api.gen.h"
#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include "http/html.h"
#include "links/running.h"
#include <string.h>

/* What stands behind the code. A visitor's own choice of words never reaches the store: networks are ours. */
typedef struct {
    const char *network; /* NULL: none */
    uint8_t contact[16];
} Suffix;

static const char STYLE[] =
    ":root{color-scheme:light "
    "dark;--bg:#f6f5f2;--card:#fff;--line:#d9d6cf;--text:#1d1c1a;--muted:#5d5a54;--accent:#0f6b5c;-"
    "-on:#fff}@media(prefers-color-scheme:dark){:root{--bg:#161614;--card:#21201e;--line:#3b3935;--"
    "text:#efede8;--muted:#aaa69d;--accent:#5cc9b5;--on:#0d1f1b}}*{box-sizing:border-box}body{"
    "margin:0;background:var(--bg);color:var(--text);font:16px/1.7 system-ui,'Hiragino "
    "Sans','Noto Sans JP',sans-serif}main{max-width:560px;margin:12vh auto 0;padding:20px "
    "16px}section{background:var(--card);border:1px solid "
    "var(--line);border-radius:12px;padding:20px;margin:0 0 "
    "16px}h1,h2{font-size:1.25rem;line-height:1.4;margin:0 0 8px}p{margin:0;color:var(--muted)}"
    "a.way{display:block;text-align:center;font-weight:600;padding:12px;border-radius:8px;border:"
    "1px solid var(--line);color:inherit;text-decoration:none;margin:12px 0 "
    "0}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}";

static bool
is_prefetch(HibCall *call)
{
    static const char *const headers[] = {"Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"};
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        const char *value = hib_call_header(call, headers[i]);
        if (value && (strstr(value, "prefetch") || strstr(value, "preview")))
            return true;
    }
    return false;
}

/* A code that was typed from paper may have capitals. */
static const char *
low(HibCall *call, const char *code)
{
    char *out = hib_arena_strdup(hib_call_arena(call), code);
    for (char *at = out; *at; at++)
        *at = g_ascii_tolower(*at);
    return out;
}

static Suffix
read_suffix(HibCall *call, HibLinks *links, const char *code, const char *suffix)
{
    Suffix out = {0};
    if (!suffix)
        return out;
    if (*suffix == '~')
        hib_link_contact(hib_links_keys(links), hib_call_arena(call), code, suffix + 1,
                         out.contact);
    else
        out.network = hib_link_network(suffix);
    return out;
}

/* The way, and the click as it is to be recorded. */
static void
find_way(HibCall *call, HibLinks *links, const char *code, const char *suffix, HibWay *ret)
{
    HibArena *arena = hib_call_arena(call);
    const char *agent = hib_call_header(call, "User-Agent"), *seen_on = "";
    HibVisitAgent visitor = hib_links_agent(links, agent);
    HibLinkReferrer referrer = hib_visit_referrer(hib_call_header(call, "Referer"), &seen_on);
    Suffix behind = read_suffix(call, links, code, suffix);
    HibWayAsk ask = {.now = hib_links_now(links),
                     .os = visitor.os,
                     .is_web = g_str_equal(hib_call_query(call), "web"),
                     .network = behind.network,
                     .seen_on = *visitor.network ? visitor.network : seen_on};
    HibClick click = {.at = ask.now,
                      .referrer = (uint8_t)referrer,
                      .device = (uint8_t)visitor.device,
                      .is_bot = visitor.is_bot || is_prefetch(call) ||
                                !g_str_equal(hib_call_method(call), "GET")};
    hib_visit_language(hib_call_header(call, "Accept-Language"), click.language);
    memcpy(click.contact, behind.contact, sizeof click.contact);
    click.visitor = hib_links_visitor(links, arena, ask.now, hib_call_client(call), agent);
    hib_table_way(hib_links_table(links), code, &ask, ret);
    memcpy(click.workspace, ret->click.workspace, 16);
    memcpy(click.link, ret->click.link, 16);
    memcpy(click.network, ret->click.network, sizeof click.network);
    ret->click = click;
}

/* It is a click: it gets its number, and counts. */
static void
settle(HibLinks *links, const char *code, HibClick *click)
{
    click->is_flood = hib_links_is_flood(links, click);
    click->id = hib_links_click_id(links);
    if (!click->is_bot && !click->is_flood)
        hib_table_count(hib_links_table(links), code);
}

static void
reply_to(HibCall *call, const HibWay *way, bool is_early)
{
    HibArena *arena = hib_call_arena(call);
    const char *location = way->location;
    bool is_own = way->passes_click && way->kind == HIB_WAY_TARGET;
    if (is_own) {
        size_t n = strcspn(location, "#");
        bool has_query = memchr(location, '?', n) != NULL;
        location = hib_arena_printf(arena, "%.*s%s%s=%" G_GINT64_MODIFIER "x%s", (int)n, location,
                                    has_query ? "&" : "?", HIB_CLICK_PARAMETER, way->click.id,
                                    location + n);
    }
    hib_call_reply_away(call, location, is_early && !is_own);
}

bool
hib_links_early(HibCall *call, void *context)
{
    const HibServices *services = context;
    const char *code = NULL, *suffix = NULL;
    HibWay way = {0};
    if (!services->links || !hib_links_is_ready(services->links) ||
        !hib_call_read_path(call, "code", HIB_TEXT, 1, HIB_LINK_SLUG, &code, NULL))
        return false;
    hib_call_read_path(call, "suffix", HIB_TEXT, 1, 60, &suffix, NULL);
    code = low(call, code);
    find_way(call, services->links, code, suffix, &way);
    bool is_mine = way.kind == HIB_WAY_TARGET;
    if (is_mine) {
        settle(services->links, code, &way.click);
        hib_links_record(services->links, &way.click);
        reply_to(call, &way, true);
    }
    hib_way_clear(&way);
    return is_mine;
}

/* --- pages ---------------------------------------------------------------------------------------------------------- */
typedef struct {
    int status;
    const char *title, *text; /* keys */
} Page;
static const Page unknown_page = {404, "link.unknown.title", "link.unknown.text"},
                  ended_page = {410, "link.ended.title", "link.ended.text"};

static void
add_words(HibHtml *html, const char *locale, const Page *page, const char *heading)
{
    hib_html_open(html, "section", "lang", locale, NULL);
    hib_html_line(html, heading, NULL, hib_message(locale, page->title));
    hib_html_line(html, "p", NULL, hib_message(locale, page->text));
    hib_html_close(html);
}

/* Who follows a link from paper may read either. */
static bool
reply_page(HibCall *call, const Page *page)
{
    const char *locale = hib_call_locale(call);
    HibHtml *html = hib_html_new(hib_call_arena(call));
    hib_html_open(html, "main", NULL);
    add_words(html, locale, page, "h1");
    add_words(html, g_str_equal(locale, "en") ? "ja" : "en", page, "h2");
    return hib_html_reply(call, page->status, hib_message(locale, page->title), STYLE, html);
}

/* An app's own scheme leads nowhere where the app is not there, and nothing says so: both ways stand on a page. */
static bool
reply_app(HibCall *call, const char *code, const char *suffix, const HibWay *way)
{
    HibArena *arena = hib_call_arena(call);
    const char *locale = hib_call_locale(call);
    HibHtml *html = hib_html_new(arena);
    hib_html_open(html, "main", NULL);
    hib_html_open(html, "section", NULL);
    hib_html_line(html, "h1", NULL, hib_message(locale, "link.app.title"));
    hib_html_line(html, "p", NULL, hib_message(locale, "link.app.text"));
    hib_html_open(
        html, "a", "class", "way", "href",
        hib_arena_printf(arena, "/l/%s%s%s?web", code, suffix ? "/" : "", suffix ? suffix : ""),
        NULL);
    hib_html_text(html, hib_message(locale, "link.app.web"));
    hib_call_set_header(call, "Refresh", hib_arena_printf(arena, "0; url=%s", way->location));
    return hib_html_reply(call, 200, hib_message(locale, "link.app.title"), STYLE, html);
}

static bool
follow(HibCall *call, const char *typed, const char *suffix)
{
    const HibServices *services = hib_call_context(call);
    HibLinks *links = services->links;
    const char *code = low(call, typed);
    HibWay way = {0};
    bool is_known = false;
    if (!links || !hib_link_check_slug(code, NULL))
        return reply_page(call, &unknown_page);
    find_way(call, links, code, suffix, &way);
    if (way.kind == HIB_WAY_UNKNOWN) {
        g_autoptr(GError) fault = NULL;
        /* Where the store cannot be asked, what is in no process's memory is as good as unknown. */
        if (!hib_clicks_table_code(hib_call_db(call), hib_links_table(links), code, &is_known,
                                   &fault))
            hib_log_error(HIB_WARN, "links.not_asked", fault, NULL);
        if (is_known)
            find_way(call, links, code, suffix, &way);
    }
    bool ok = true;
    bool is_counted = way.kind == HIB_WAY_TARGET ||
                      (way.kind == HIB_WAY_APP && !g_str_equal(hib_call_query(call), "web"));
    if (is_counted) {
        settle(links, code, &way.click);
        hib_links_record(links, &way.click);
    }
    if (way.kind == HIB_WAY_TARGET || (way.kind == HIB_WAY_ENDED && way.location))
        reply_to(call, &way, false);
    else if (way.kind == HIB_WAY_APP)
        ok = reply_app(call, code, suffix, &way);
    else
        ok = reply_page(call, way.kind == HIB_WAY_ENDED ? &ended_page : &unknown_page);
    hib_way_clear(&way);
    return ok;
}

bool
hib_on_follow_link(HibCall *call, const char *code, GError **error)
{
    return follow(call, code, NULL);
}

bool
hib_on_follow_link_of(HibCall *call, const char *code, const char *suffix, GError **error)
{
    return follow(call, code, suffix);
}
