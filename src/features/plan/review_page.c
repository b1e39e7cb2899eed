/* The page of a client without an account: one post as each network shows it, what was said, and a form. HTML without script; the link's token is all the right there is, and it opens nothing else. What is
 * wrong is said as a page too. A cross-site form cannot know the token, and its origin is refused before the handler runs. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/messages.h"
#include "http/html.h"
#include "plan/comment.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define BRIEFLY "private, max-age=60"
#define MOST_NAME 100 /* characters */

static const char STYLE[] =
    ":root{color-scheme:light "
    "dark;--bg:#f6f5f2;--card:#fff;--line:#d9d6cf;--text:#1d1c1a;--muted:#5d5a54;--accent:#0f6b5c;-"
    "-on:#fff;--warn:#8a4b00;--bad:#a3261b;--soft:#e5f2ef}"
    "@media(prefers-color-scheme:dark){:root{--bg:#161614;--card:#21201e;--line:#3b3935;--text:#"
    "efede8;--muted:#aaa69d;--accent:#5cc9b5;--on:#0d1f1b;--warn:#f0b26b;--bad:#ff9a8f;--soft:#"
    "1d322d}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:16px/1.7 "
    "system-ui,'Hiragino Sans','Noto Sans JP',sans-serif}"
    "main{max-width:720px;margin:0 auto;padding:20px 16px "
    "64px}h1{font-size:1.35rem;line-height:1.4;margin:4px 0 8px}h2{font-size:1.05rem;margin:0 0 "
    "10px}p{margin:0 0 10px}"
    ".muted{color:var(--muted);font-size:.9rem}.card{background:var(--card);border:1px solid "
    "var(--line);border-radius:12px;padding:16px;margin:16px 0}"
    ".text{white-space:pre-wrap;overflow-wrap:anywhere}.state{border-left:4px solid "
    "var(--accent);background:var(--soft)}.state.warn{border-color:var(--warn)}.state.bad{border-"
    "color:var(--bad)}"
    ".pics{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:8px;margin:"
    "12px 0 0;padding:0;list-style:none}.pics img,.pics "
    "video{display:block;width:100%;max-height:480px;object-fit:contain;border-radius:8px;"
    "background:var(--bg)}"
    ".tag{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:0 "
    "10px;font-size:.8rem;margin:0 6px 6px 0}.part{border-top:1px dashed "
    "var(--line);margin-top:12px;padding-top:12px}"
    "label{display:block;font-weight:600;margin:14px 0 "
    "4px}input,textarea{width:100%;font:inherit;color:inherit;background:var(--bg);border:1px "
    "solid var(--line);border-radius:8px;padding:10px}"
    "textarea{min-height:110px;resize:vertical}.acts{display:flex;flex-wrap:wrap;gap:10px;margin-"
    "top:16px}button{flex:1 1 "
    "180px;font:inherit;font-weight:600;min-height:46px;border-radius:8px;border:1px solid "
    "var(--line);background:var(--card);color:inherit;padding:8px 16px;cursor:pointer}"
    "button.yes{background:var(--accent);border-color:var(--accent);color:var(--on)}:focus-visible{"
    "outline:3px solid var(--accent);outline-offset:2px}.error{color:var(--bad);font-weight:600}"
    "blockquote{margin:0 0 6px;padding-left:10px;border-left:3px solid "
    "var(--line);color:var(--muted);overflow-wrap:anywhere}.comment{border-top:1px solid "
    "var(--line);padding:12px 0}";

typedef struct {
    HibCall *call;
    HibArena *arena;
    const char *locale, *token;
    HibReview review;
    HibDb *db; /* scoped to the workspace of the link; the caller's */
    HibPost *post;
    HibApproval approval;
    HibWorkspace *workspace;
} Page;

/* What a person wrote into the form, to show it again when something was wrong. */
typedef struct {
    const char *name, *text, *error, *done;
} Form;

static const char *
say(const Page *page, const char *key)
{
    return hib_message(page->locale, hib_arena_printf(page->arena, "review.%s", key));
}

static const char *
stamp(const Page *page, HibInstant at)
{
    g_autoptr(HibZone) zone = hib_zone_open(page->workspace->zone);
    HibWall wall = hib_wall_at(zone ? zone : hib_zone_utc(), at);
    return hib_arena_printf(page->arena, "%04d-%02d-%02d %02d:%02d (%s)", wall.year, wall.month,
                            wall.day, wall.hour, wall.minute, page->workspace->zone);
}

/* --- the post ---------------------------------------------------------------------------------------------------- */
static void
add_media(HibHtml *html, const Page *page, const HibPostMedia *media, size_t n)
{
    if (!n)
        return;
    hib_html_open(html, "ul", "class", "pics", NULL);
    for (size_t i = 0; i < n; i++) {
        const char *src =
            hib_arena_printf(page->arena, "/review/%s/media/%s", page->token, media[i].media_id);
        const char *alt = media[i].alt && *media[i].alt ? media[i].alt : say(page, "no_alt");
        hib_html_open(html, "li", NULL);
        if (media[i].mime && g_str_has_prefix(media[i].mime, "video/")) {
            hib_html_open(html, "video", "src", src, "controls", "", "preload", "metadata",
                          "aria-label", alt, NULL);
            hib_html_close(html);
        } else {
            hib_html_void(html, "img", "src", src, "alt", alt, "loading", "lazy", NULL);
        }
        hib_html_close(html);
    }
    hib_html_close(html);
}

static void
add_disclosure(HibHtml *html, const Page *page)
{
    const HibNetDisclosure *told = &page->post->disclosure;
    const struct {
        bool is_set;
        const char *key;
    } tags[] = {{told->is_advertising, "advertising"},
                {told->is_own_brand, "own_brand"},
                {told->is_ai_made, "ai_made"}};
    for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
        if (tags[i].is_set)
            hib_html_line(html, "span", "tag", say(page, tags[i].key));
}

static void
add_variant(HibHtml *html, const Page *page, const HibPostVariant *variant)
{
    HibAccount *account = NULL;
    const HibNetwork *network = NULL;
    if (hib_accounts_get(page->db, variant->account_id, &account, NULL))
        network = hib_network_find(account->network);
    hib_html_open(html, "section", "class", "card", NULL);
    hib_html_line(html, "h2", NULL,
                  account ? hib_arena_printf(page->arena, "%s · %s",
                                             network ? network->title : account->network,
                                             account->handle)
                          : say(page, "account_gone"));
    if (variant->format != HIB_FORMAT_POST)
        hib_html_line(html, "span", "tag", hib_net_format_name(variant->format));
    add_disclosure(html, page);
    if (variant->title)
        hib_html_line(html, "p", "text", variant->title);
    hib_html_line(html, "div", "text", variant->text ? variant->text : page->post->text);
    add_media(html, page, page->post->media, page->post->n_media);
    for (size_t i = 0; i < variant->n_thread; i++) {
        hib_html_open(html, "div", "class", "part", NULL);
        hib_html_line(html, "div", "text", variant->thread[i].text);
        add_media(html, page, variant->thread[i].media, variant->thread[i].n_media);
        hib_html_close(html);
    }
    if (variant->first_comment) {
        hib_html_open(html, "div", "class", "part", NULL);
        hib_html_line(html, "p", "muted", say(page, "first_comment"));
        hib_html_line(html, "div", "text", variant->first_comment);
        hib_html_close(html);
    }
    hib_html_close(html);
}

/* --- what was said, and what may be said ------------------------------------------------------------------------------ */
static bool
add_comments(HibHtml *html, const Page *page, GError **error)
{
    HibComment *rows;
    size_t n;
    if (!hib_comment_list(page->db, page->post->id, true, &rows, &n, error))
        return false;
    if (!n)
        return true;
    hib_html_open(html, "section", "class", "card", NULL);
    hib_html_line(html, "h2", NULL, say(page, "comments"));
    for (size_t i = 0; i < n; i++) {
        const HibSqlCommentRow *row = &rows[i].row;
        hib_html_open(html, "article", "class", "comment", NULL);
        hib_html_open(html, "p", "class", "muted", NULL);
        hib_html_text(html,
                      hib_arena_printf(page->arena, "%s · %s%s%s", row->name, stamp(page, row->at),
                                       row->has_resolved_at ? " · " : "",
                                       row->has_resolved_at ? say(page, "resolved") : ""));
        hib_html_close(html);
        if (row->quote)
            hib_html_line(html, "blockquote", NULL, row->quote);
        hib_html_line(html, "div", "text", row->text);
        hib_html_close(html);
    }
    hib_html_close(html);
    return true;
}

static HibVoter
voter_of(const Page *page, const char *name)
{
    return (HibVoter){
        .link = page->review.link, .name = name, .client = hib_call_client(page->call)};
}

static bool
may_vote(const Page *page)
{
    const HibVoter voter = voter_of(page, "");
    return hib_approval_refusal(&page->approval, page->post, &voter, false) == NULL;
}

/* Which sentence says how it stands. */
static const char *
state_key(const Page *page)
{
    if (may_vote(page))
        return "state.asked";
    switch (page->post->state) {
    case HIB_POST_PUBLISHED:
        return "state.published";
    case HIB_POST_SENDING:
    case HIB_POST_FAILED:
    case HIB_POST_UNKNOWN:
        return "state.sending";
    default:
        break;
    }
    switch (page->approval.state) {
    case HIB_APPROVAL_APPROVED:
        return "state.approved";
    case HIB_APPROVAL_CHANGES:
        return "state.changes";
    case HIB_APPROVAL_WAITING: {
        const HibApprovalTally tally = hib_approval_tally(&page->approval);
        return tally.client ? "state.thanks" : "state.inside";
    }
    default:
        return "state.draft";
    }
}

static void
add_form(HibHtml *html, const Page *page, const Form *form)
{
    const char *name = form->name ? form->name : page->review.name;
    bool can_vote = may_vote(page);
    hib_html_open(html, "form", "method", "post", "action",
                  hib_arena_printf(page->arena, "/review/%s", page->token), "class", "card", NULL);
    hib_html_line(html, "h2", NULL, say(page, can_vote ? "form.title" : "form.comment_title"));
    if (form->error) {
        hib_html_open(html, "p", "class", "error", "role", "alert", NULL);
        hib_html_text(html, form->error);
        hib_html_close(html);
    }
    hib_html_void(html, "input", "type", "hidden", "name", "version", "value",
                  hib_arena_printf(page->arena, "%" G_GINT64_FORMAT, page->post->version), NULL);
    hib_html_open(html, "label", "for", "name", NULL);
    hib_html_text(html, say(page, "form.name"));
    hib_html_close(html);
    hib_html_void(html, "input", "id", "name", "name", "name", "value", name, "maxlength", "100",
                  "required", "", "autocomplete", "name", NULL);
    hib_html_open(html, "label", "for", "text", NULL);
    hib_html_text(html, say(page, "form.text"));
    hib_html_close(html);
    hib_html_open(html, "textarea", "id", "text", "name", "text", "maxlength", "2000",
                  "aria-describedby", "text-note", NULL);
    hib_html_text(html, form->text ? form->text : "");
    hib_html_close(html);
    hib_html_open(html, "p", "class", "muted", "id", "text-note", NULL);
    hib_html_text(html, say(page, can_vote ? "form.note" : "form.comment_note"));
    hib_html_close(html);
    hib_html_open(html, "div", "class", "acts", NULL);
    const struct {
        const char *act, *key, *class;
    } acts[] = {{"approve", "review.act.approve", "yes"},
                {"changes", "review.act.changes", NULL},
                {"comment", "review.act.comment", NULL}};
    for (size_t i = can_vote ? 0 : 2; i < G_N_ELEMENTS(acts); i++) {
        hib_html_open(html, "button", "name", "act", "value", acts[i].act, "class", acts[i].class,
                      NULL);
        hib_html_text(html, hib_message(page->locale, acts[i].key));
        hib_html_close(html);
    }
    hib_html_close(html);
    hib_html_close(html);
}

static bool
reply_page(Page *page, int status, const Form *form, GError **error)
{
    HibHtml *html = hib_html_new(page->arena);
    HibPost *post; /* as readers will see it */
    if (!hib_plan_as_sent(page->db, page->post, &post, error))
        return false;
    hib_html_open(html, "main", NULL);
    hib_html_line(html, "p", "muted", page->workspace->name);
    hib_html_line(html, "h1", NULL, say(page, "title"));
    if (post->has_due_at)
        hib_html_line(
            html, "p", "muted",
            hib_arena_printf(page->arena, "%s %s", say(page, "due"), stamp(page, post->due_at)));
    if (form->done) {
        hib_html_open(html, "p", "class", "card state", "role", "status", NULL);
        hib_html_text(html, hib_message(page->locale, form->done));
        hib_html_close(html);
    }
    bool is_bad = page->approval.state == HIB_APPROVAL_CHANGES;
    hib_html_line(html, "p", is_bad ? "card state warn" : "card state", say(page, state_key(page)));
    for (size_t i = 0; i < post->n_variants; i++)
        add_variant(html, page, &post->variants[i]);
    if (!post->n_variants) {
        hib_html_open(html, "section", "class", "card", NULL);
        hib_html_line(html, "div", "text", post->text);
        add_media(html, page, post->media, post->n_media);
        hib_html_close(html);
    }
    if (!add_comments(html, page, error))
        return false;
    add_form(html, page, form);
    hib_html_line(html, "p", "muted", say(page, "foot"));
    return hib_html_reply(page->call, status, say(page, "title"), STYLE, html);
}

/* What is wrong, as a page. */
static bool
reply_wrong(HibCall *call, const GError *error)
{
    HibArena *arena = hib_call_arena(call);
    const char *locale = hib_call_locale(call);
    HibHtml *html = hib_html_new(arena);
    hib_html_open(html, "main", NULL);
    hib_html_line(html, "h1", NULL, hib_message(locale, "review.title"));
    hib_html_line(html, "p", "card state bad", hib_message_fill(arena, locale, error));
    return hib_html_reply(call, hib_error_status(hib_error_kind(error)),
                          hib_message(locale, "review.title"), STYLE, html);
}

/* --- the three addresses ------------------------------------------------------------------------------------------------ */
static bool
open_page(HibCall *call, const char *token, Page *ret, GError **error)
{
    *ret = (Page){.call = call,
                  .arena = hib_call_arena(call),
                  .locale = hib_call_locale(call),
                  .token = token};
    if (!hib_review_open(hib_call_db(call), token, hib_call_client(call), &ret->review, error))
        return false;
    ret->db = hib_db_open(hib_db_store(hib_call_db(call)), ret->arena, ret->review.workspace);
    return hib_plan_get(ret->db, ret->review.post, false, &ret->post, error) &&
           hib_approval_of(ret->db, ret->review.post, &ret->approval, error) &&
           hib_team_workspace(ret->db, &ret->workspace, error);
}

/* A refusal about the link or the post becomes a page; a fault of ours stays a problem. */
static bool
explain(HibCall *call, GError *fault, GError **error)
{
    HibErrorKind kind = hib_error_kind(fault);
    bool is_told =
        kind == HIB_ERROR_NOT_FOUND || kind == HIB_ERROR_GONE || kind == HIB_ERROR_TOO_MANY;
    if (!is_told) {
        g_propagate_error(error, fault);
        return false;
    }
    bool ok = reply_wrong(call, fault);
    g_error_free(fault);
    return ok;
}

static const char *
done_of(HibCall *call)
{
    static const char *const said[][2] = {{"done=approve", "review.done.approve"},
                                          {"done=changes", "review.done.changes"},
                                          {"done=comment", "review.done.comment"}};
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
        if (g_str_equal(hib_call_query(call), said[i][0]))
            return said[i][1];
    return NULL;
}

bool
hib_on_show_review(HibCall *call, const char *token, GError **error)
{
    Page page;
    int64_t changed;
    GError *fault = NULL;
    bool ok = open_page(call, token, &page, &fault);
    g_autoptr(HibDb) db = page.db;
    if (!ok)
        return explain(call, fault, error);
    const Form form = {.done = done_of(call)};
    return hib_sql_review_seen(db, page.review.link, hib_db_now(db), &changed, error) &&
           reply_page(&page, 200, &form, error);
}

static const char *
field(HibArena *arena, GHashTable *fields, const char *name, glong most)
{
    const char *value = fields ? g_hash_table_lookup(fields, name) : NULL;
    if (!value || !g_utf8_validate(value, -1, NULL))
        return "";
    g_autofree char *text =
        g_utf8_strlen(value, -1) > most ? g_utf8_substring(value, 0, most) : g_strdup(value);
    return hib_arena_strdup(arena, g_strstrip(text));
}

/* One act of the form in the client's name. */
static bool
act_on(Page *page, const char *act, int64_t version, const Form *form, GError **error)
{
    const HibVoter voter = voter_of(page, form->name);
    HibApproval approval;
    HibComment comment;
    if (!*form->name) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "review.no_name", "/name", "no name");
        return false;
    }
    if (!hib_review_check_pace(page->db, &page->review, error))
        return false;
    bool is_vote = g_str_equal(act, "approve") || g_str_equal(act, "changes");
    const HibVoteDraft vote = {
        .is_approval = g_str_equal(act, "approve"), .reason = form->text, .version = version};
    const HibCommentDraft draft = {.text = form->text, .is_shared = true};
    if (!is_vote)
        return hib_comment_add(page->db, page->post->id, &voter, &draft, &comment, error);
    return hib_approval_vote(page->db, page->post->id, &voter, &vote, &approval, error);
}

bool
hib_on_answer_review(HibCall *call, const char *token, GError **error)
{
    Page page;
    GError *fault = NULL;
    bool ok = open_page(call, token, &page, &fault);
    g_autoptr(HibDb) db = page.db;
    if (!ok)
        return explain(call, fault, error);
    gsize n = 0;
    const char *body = g_bytes_get_data(hib_call_body(call), &n);
    g_autoptr(GHashTable) fields =
        g_uri_parse_params(body ? body : "", (gssize)n, "&", G_URI_PARAMS_WWW_FORM, NULL);
    const char *act = field(page.arena, fields, "act", 10);
    Form form = {.name = field(page.arena, fields, "name", MOST_NAME),
                 .text = field(page.arena, fields, "text", HIB_COMMENT_MOST)};
    int64_t version = g_ascii_strtoll(field(page.arena, fields, "version", 20), NULL, 10);
    if (!act_on(&page, act, version, &form, &fault)) {
        HibErrorKind kind = hib_error_kind(fault);
        if (kind == HIB_ERROR_INTERNAL || kind == HIB_ERROR_BUSY || kind == HIB_ERROR_CORRUPT) {
            g_propagate_error(error, fault);
            return false;
        }
        form.error = hib_message_fill(page.arena, page.locale, fault);
        int status = kind == HIB_ERROR_FORBIDDEN ? 409 : hib_error_status(kind);
        g_error_free(fault);
        return hib_plan_get(db, page.review.post, false, &page.post, error) &&
               hib_approval_of(db, page.review.post, &page.approval, error) &&
               reply_page(&page, status, &form, error);
    }
    const char *said = g_str_equal(act, "approve") || g_str_equal(act, "changes") ? act : "comment";
    return hib_call_reply_see(call,
                              hib_arena_printf(page.arena, "/review/%s?done=%s", token, said));
}

static bool
shows(const HibPost *post, const char *media)
{
    for (size_t i = 0; i < post->n_media; i++)
        if (g_str_equal(post->media[i].media_id, media))
            return true;
    for (size_t i = 0; i < post->n_variants; i++)
        for (size_t k = 0; k < post->variants[i].n_thread; k++) {
            const HibPostPart *part = &post->variants[i].thread[k];
            for (size_t m = 0; m < part->n_media; m++)
                if (g_str_equal(part->media[m].media_id, media))
                    return true;
        }
    return false;
}

bool
hib_on_get_review_media(HibCall *call, const char *token, const char *media, GError **error)
{
    Page page;
    bool ok = open_page(call, token, &page, error);
    g_autoptr(HibDb) db = page.db;
    if (!ok)
        return false;
    if (!shows(page.post, media)) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown", "not of this post");
        return false;
    }
    return hib_media_reply(call, db, media, BRIEFLY, error);
}
