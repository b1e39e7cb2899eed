/* Secret links over HTTP: the team's side as JSON; and what whoever holds a link sees, as a page and files. What is wrong is said as a page too. A cross-site form cannot know the token, and its origin is refused before the handler runs. */
#include "base/error.h"
#include "base/messages.h"
#include "http/call.h"
#include "report/keep.h"
#include "report/link.h"
#include "team/team.h"
#include <string.h>

#define MOST 500
#define SEEN_S (12 * 60 * 60) /* how long a browser need not say the password again */

/* --- the team's side ---------------------------------------------------------------------------------------------- */
static HibApiReportLink
as_api(const HibSqlReportShareRow *row)
{
    return (HibApiReportLink){.id = row->id,
                              .report_id = row->report_id,
                              .has_report_id = row->report_id != NULL,
                              .days = row->n_days,
                              .account_id = row->account_id,
                              .has_account_id = row->account_id != NULL,
                              .locale = g_str_equal(row->locale, "en")
                                            ? HIB_API_REPORT_LINK_LOCALE_EN
                                            : HIB_API_REPORT_LINK_LOCALE_JA,
                              .name = row->name,
                              .has_password = row->has_password,
                              .created_at = row->created_at,
                              .created_by_name = row->created_by_name,
                              .has_created_by_name = row->created_by_name != NULL,
                              .expires_at = row->expires_at,
                              .revoked_at = row->revoked_at,
                              .has_revoked_at = row->has_revoked_at,
                              .seen_at = row->seen_at,
                              .has_seen_at = row->has_seen_at,
                              .n_seen = row->n_seen};
}

bool
hib_on_list_report_links(HibCall *call, GError **error)
{
    HibSqlReportShareRow *rows;
    size_t n;
    if (!hib_sql_share_list(hib_call_db(call), MOST, &rows, &n, error))
        return false;
    const HibApiReportLinkList out = {
        .links = hib_arena_array(hib_call_arena(call), HibApiReportLink, n + 1), .n_links = n};
    for (size_t i = 0; i < n; i++)
        out.links[i] = as_api(&rows[i]);
    return hib_reply_report_link_list(call, 200, &out);
}

bool
hib_on_create_report_link(HibCall *call, const HibApiReportLinkDraft *in, GError **error)
{
    const HibServices *services = hib_call_context(call);
    HibSqlReportShareRow *row;
    const char *token;
    const HibLinkDraft draft = {
        .report_id = in->has_report_id ? in->report_id : NULL,
        .n_days = in->has_days ? (int)in->days : 0,
        .account_id = in->has_account_id ? in->account_id : NULL,
        .locale = in->has_locale && in->locale == HIB_API_REPORT_LINK_DRAFT_LOCALE_EN ? "en" : "ja",
        .name = in->name,
        .password = in->has_password ? in->password : NULL,
        .valid_days = in->valid_days};
    if (!hib_report_link_add(hib_call_db(call), services, &draft, &row, &token, error))
        return false;
    const HibApiReportLinkMade out = {
        .link = as_api(row),
        .url = hib_arena_printf(hib_call_arena(call), "%s/shared/%s", services->base_url, token)};
    return hib_reply_report_link_made(call, 201, &out);
}

bool
hib_on_revoke_report_link(HibCall *call, const char *link, GError **error)
{
    return hib_report_link_revoke(hib_call_db(call), link, error) &&
           hib_call_reply_empty(call, 204);
}

/* --- what the link shows -------------------------------------------------------------------------------------------- */
typedef struct {
    HibCall *call;
    HibArena *arena;
    HibLinkOpen link;
    HibDb *db; /* of the link's workspace; the caller's */
    const char *root, *locale;
} Visit;

static const char *
field(HibArena *arena, const char *form, gssize n, const char *name)
{
    g_autoptr(GHashTable) fields = g_uri_parse_params(form, n, "&", G_URI_PARAMS_WWW_FORM, NULL);
    const char *value = fields ? g_hash_table_lookup(fields, name) : NULL;
    return value && g_utf8_validate(value, -1, NULL) ? hib_arena_strdup(arena, value) : "";
}

static bool
begin(HibCall *call, const char *token, Visit *ret, GError **error)
{
    *ret = (Visit){.call = call, .arena = hib_call_arena(call), .locale = hib_call_locale(call)};
    if (!hib_report_link_open(hib_call_db(call), token, hib_call_client(call), &ret->link, error))
        return false;
    const char *asked = field(ret->arena, hib_call_query(call), -1, "lang");
    ret->locale = g_str_equal(asked, "en") || g_str_equal(asked, "ja") ? asked : ret->link.locale;
    ret->root = hib_arena_printf(ret->arena, "/shared/%s", token);
    ret->db = hib_db_open(hib_db_store(hib_call_db(call)), ret->arena, ret->link.workspace);
    const HibServices *services = hib_call_context(call);
    return hib_report_keep_admit(services->report_keep, ret->link.link, hib_db_now(ret->db), error);
}

static const char *
cookie_of(const Visit *visit)
{
    return hib_arena_printf(visit->arena, "hibiki_shared_%s", visit->link.link);
}

static bool
may_see(const Visit *visit)
{
    if (!visit->link.password_hash)
        return true;
    const char *brought = hib_call_cookie(visit->call, cookie_of(visit));
    return brought && hib_equal_secret(brought, hib_report_link_word(visit->arena,
                                                                     hib_call_context(visit->call),
                                                                     &visit->link));
}

/* In an arena that outlives the visit: it is shown to others too. */
static bool
make_document(HibArena *arena, void *data, HibReportDocument *ret, GError **error)
{
    const Visit *visit = data;
    const HibLinkOpen link = {.link = hib_arena_strdup(arena, visit->link.link),
                              .report_id = hib_arena_strdup(arena, visit->link.report_id),
                              .account_id = hib_arena_strdup(arena, visit->link.account_id),
                              .locale = hib_arena_strdup(arena, visit->locale),
                              .name = hib_arena_strdup(arena, visit->link.name),
                              .n_days = visit->link.n_days};
    HibReport *report;
    HibReportFigures *figures = hib_arena_new0(arena, HibReportFigures);
    g_autoptr(HibDb) db = hib_db_open(hib_db_store(visit->db), arena, hib_db_workspace(visit->db));
    if (!hib_report_link_report(db, &link, &report, error))
        return false;
    report->content.locale = link.locale;
    if (!hib_report_figures(db, hib_call_context(visit->call), report, figures, error))
        return false;
    hib_report_document(arena, figures, ret);
    return true;
}

/* A report that was changed is another one at once; figures that moved are seen when the kept ones are a minute old. */
static HibReportCopy *
open_document(const Visit *visit, GError **error)
{
    const HibServices *services = hib_call_context(visit->call);
    HibReport *report;
    if (!hib_report_link_report(visit->db, &visit->link, &report, error))
        return NULL;
    const char *key =
        hib_arena_printf(visit->arena, "%s %s %" G_GINT64_FORMAT " %d", visit->link.link,
                         visit->locale, report->version, report->content.until_day);
    return hib_report_keep_get(services->report_keep, key, hib_db_now(visit->db), make_document,
                               (void *)visit, error);
}

static bool
reply_door(const Visit *visit, int status, bool is_wrong)
{
    HibHtml *html = hib_html_new(visit->arena);
    hib_report_page_door(visit->arena, html, visit->root, visit->locale, is_wrong);
    return hib_html_reply(visit->call, status, hib_message(visit->locale, "report.page.door"),
                          hib_report_page_style(visit->arena, 0), html);
}

/* A refusal about the link becomes a page; a fault of ours stays a problem. */
static bool
explain(const Visit *visit, GError *fault, GError **error)
{
    HibErrorKind kind = hib_error_kind(fault);
    if (kind != HIB_ERROR_NOT_FOUND && kind != HIB_ERROR_GONE && kind != HIB_ERROR_TOO_MANY) {
        g_propagate_error(error, fault);
        return false;
    }
    HibHtml *html = hib_html_new(visit->arena);
    hib_html_open(html, "main", "lang", visit->locale, NULL);
    hib_html_line(html, "h1", NULL, hib_message(visit->locale, "report.page.closed"));
    hib_html_line(html, "p", "card", hib_message_fill(visit->arena, visit->locale, fault));
    bool ok = hib_html_reply(visit->call, hib_error_status(kind),
                             hib_message(visit->locale, "report.page.closed"),
                             hib_report_page_style(visit->arena, 0), html);
    g_error_free(fault);
    return ok;
}

bool
hib_on_show_shared(HibCall *call, const char *token, GError **error)
{
    Visit visit;
    GError *fault = NULL;
    int64_t changed;
    bool ok = begin(call, token, &visit, &fault);
    g_autoptr(HibDb) db = visit.db;
    if (ok && !may_see(&visit))
        return reply_door(&visit, 200, false);
    g_autoptr(HibReportCopy) copy = ok ? open_document(&visit, &fault) : NULL;
    if (!copy)
        return explain(&visit, fault, error);
    const HibReportDocument *document = hib_report_copy_document(copy);
    const HibReportPage page = {.document = document,
                                .root = visit.root,
                                .locale = visit.locale,
                                .has_files = true,
                                .expires_at = visit.link.expires_at};
    HibHtml *html = hib_html_new(visit.arena);
    hib_report_page(visit.arena, html, &page);
    return hib_sql_share_seen(db, visit.link.link, hib_db_now(db), &changed, error) &&
           hib_html_reply(call, 200, document->title,
                          hib_report_page_style(visit.arena, document->accent), html);
}

bool
hib_on_open_shared(HibCall *call, const char *token, GError **error)
{
    Visit visit;
    GError *fault = NULL;
    gsize n = 0;
    bool is_right = false, ok = begin(call, token, &visit, &fault);
    g_autoptr(HibDb) db = visit.db;
    const char *body = g_bytes_get_data(hib_call_body(call), &n);
    const char *password = field(visit.arena, body ? body : "", (gssize)n, "password");
    if (!ok || (visit.link.password_hash &&
                !hib_report_link_try(hib_call_db(call), hib_call_context(call), &visit.link,
                                     password, hib_call_client(call), &is_right, &fault)))
        return explain(&visit, fault, error);
    if (visit.link.password_hash && !is_right)
        return reply_door(&visit, 403, true);
    if (visit.link.password_hash)
        hib_call_set_cookie(call, cookie_of(&visit),
                            hib_report_link_word(visit.arena, hib_call_context(call), &visit.link),
                            SEEN_S);
    return hib_call_reply_see(call, visit.root);
}

/* --- files of it ----------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *name, *type;
    HibReportPrint print;
} File;
static const File files[] = {
    {"report.pdf", "application/pdf", hib_report_pdf},
    {"report.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     hib_report_xlsx},
    {"report.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
     hib_report_pptx},
};

static bool
no_such_file(GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "http.not_found", "no such file");
    return false;
}

static bool
reply_picture(HibCall *call, HibReportCopy *copy, const char *name, GError **error)
{
    const HibReportDocument *document = hib_report_copy_document(copy);
    char *end;
    if (g_str_equal(name, "logo.jpg"))
        return document->logo ? hib_call_reply_bytes(call, 200, "image/jpeg", document->logo,
                                                     "private, no-store")
                              : no_such_file(error);
    int64_t number = g_str_has_prefix(name, "chart-") ? g_ascii_strtoll(name + 6, &end, 10) : -1;
    if (number < 0 || number > 99 || !g_str_equal(end, ".svg"))
        return no_such_file(error);
    g_autoptr(GBytes) bytes = hib_report_copy_chart(copy, number, error);
    return bytes && hib_call_reply_bytes(call, 200, "image/svg+xml", bytes, "private, no-store");
}

bool
hib_on_get_shared_file(HibCall *call, const char *token, const char *name, GError **error)
{
    Visit visit;
    bool ok = begin(call, token, &visit, error);
    g_autoptr(HibDb) db = visit.db;
    if (ok && !may_see(&visit)) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "report.link_locked", "the password is missing");
        return false;
    }
    g_autoptr(HibReportCopy) copy = ok ? open_document(&visit, error) : NULL;
    if (!copy)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (g_str_equal(name, files[i].name)) {
            g_autoptr(GBytes) bytes = hib_report_copy_file(copy, name, files[i].print, error);
            hib_call_set_header(call, "X-Robots-Tag", "noindex, nofollow");
            return bytes &&
                   hib_report_reply_file(call, hib_report_copy_document(copy), files[i].type,
                                         strrchr(files[i].name, '.') + 1, bytes);
        }
    return reply_picture(call, copy, name, error);
}
