/* The page of a client without an account: what the link shows, post by post, with a form. HTML without script; the link's token is all the right there is, and it opens nothing else. What is
 * wrong is said as a page too. A cross-site form cannot know the token, and its origin is refused before the handler runs. */
#include "base/error.h"
#include "base/messages.h"
#include "plan/plan_private.h"
#include "plan/review.h"
#include <string.h>

#define BRIEFLY "private, max-age=60"
#define MOST_NAME 100 /* characters */
#define MOST_WORD 40

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
    ".list{list-style:none;margin:16px 0;padding:0}.row{display:block;border:1px solid "
    "var(--line);border-radius:12px;background:var(--card);color:inherit;text-decoration:none;"
    "padding:12px 16px;margin:0 0 "
    "10px}.row:hover{border-color:var(--accent)}.head{display:block;margin-top:4px;overflow-wrap:"
    "anywhere}.tag.asked{border-color:var(--accent);color:var(--accent);font-weight:600}.tag."
    "changes{border-color:var(--warn);color:var(--warn)}.nav{display:flex;flex-wrap:wrap;gap:6px "
    "16px;align-items:baseline}.nav a{color:var(--accent)}"
    "blockquote{margin:0 0 6px;padding-left:10px;border-left:3px solid "
    "var(--line);color:var(--muted);overflow-wrap:anywhere}.comment{border-top:1px solid "
    "var(--line);padding:12px 0}";

/* --- what is shown ------------------------------------------------------------------------------------------------------ */
static const char *
address_of(const HibReviewPage *page, const char *post)
{
    return hib_arena_printf(page->arena, "/review/%s?post=%s", page->token, post);
}

static bool
take_post(HibReviewPage *page, const char *post, GError **error)
{
    return hib_plan_get(page->db, post, false, &page->post, error) &&
           hib_approval_of(page->db, post, &page->approval, error);
}

/* One line of the list: how it stands, when, what. */
static void
add_row(HibHtml *html, const HibReviewPage *page)
{
    HibArena *arena = page->arena;
    const char *state = hib_review_state(page), *head = hib_post_head(arena, page->post);
    hib_html_open(html, "li", NULL);
    hib_html_open(html, "a", "href", address_of(page, page->post->id), "class", "row", NULL);
    hib_html_line(html, "span", hib_arena_printf(arena, "tag %s", state),
                  hib_review_say_of(page, "review.tag.", state));
    if (page->post->has_due_at)
        hib_html_line(html, "span", "muted", hib_review_stamp(page, page->post->due_at));
    hib_html_line(html, "span", "head", *head ? head : hib_review_say(page, "no_text"));
    hib_html_close(html);
    hib_html_close(html);
}

/* "Three wait for you": the count stands in the sentence. */
static const char *
counted(const HibReviewPage *page, size_t n)
{
    const char *text = hib_review_say(page, "list.open"), *at = strstr(text, "{count}");
    return at ? hib_arena_printf(page->arena, "%.*s%zu%s", (int)(at - text), text, n,
                                 at + strlen("{count}"))
              : text;
}

static bool
write_list(HibHtml *html, const HibReviewPage *page, GError **error)
{
    size_t n_open = 0;
    HibReviewPage *rows = hib_arena_array(page->arena, HibReviewPage, page->n_posts);
    for (size_t i = 0; i < page->n_posts; i++) {
        rows[i] = *page;
        if (!take_post(&rows[i], page->posts[i], error))
            return false;
        n_open += hib_review_may_vote(&rows[i]);
        if (!hib_plan_as_sent(page->db, rows[i].post, &rows[i].post, error))
            return false;
    }
    hib_html_line(html, "p", "card state",
                  n_open ? counted(page, n_open) : hib_review_say(page, "list.done"));
    hib_html_open(html, "ol", "class", "list", NULL);
    for (size_t i = 0; i < page->n_posts; i++)
        add_row(html, &rows[i]);
    hib_html_close(html);
    return true;
}

/* Where one of several stands, the way back, and the next that waits for an answer. */
static bool
add_way(HibHtml *html, const HibReviewPage *page, GError **error)
{
    size_t at = 0;
    while (at + 1 < page->n_posts && !g_str_equal(page->posts[at], page->post->id))
        at++;
    hib_html_open(html, "nav", "class", "nav", "aria-label", hib_review_say(page, "list.way"),
                  NULL);
    hib_html_open(html, "a", "href", hib_arena_printf(page->arena, "/review/%s", page->token),
                  NULL);
    hib_html_text(html, hib_review_say(page, "list.back"));
    hib_html_close(html);
    hib_html_line(html, "span", "muted",
                  hib_arena_printf(page->arena, "%zu / %zu", at + 1, page->n_posts));
    for (size_t i = 1; i < page->n_posts; i++) {
        HibReviewPage next = *page;
        if (!take_post(&next, page->posts[(at + i) % page->n_posts], error))
            return false;
        if (!hib_review_may_vote(&next))
            continue;
        hib_html_open(html, "a", "href", address_of(page, next.post->id), NULL);
        hib_html_text(html, hib_review_say(page, "list.next"));
        hib_html_close(html);
        break;
    }
    hib_html_close(html);
    return true;
}

static bool
reply_page(const HibReviewPage *page, int status, const HibReviewForm *form, GError **error)
{
    HibHtml *html = hib_html_new(page->arena);
    hib_html_open(html, "main", NULL);
    hib_html_line(html, "p", "muted", page->workspace->name);
    hib_html_line(html, "h1", NULL, hib_review_say(page, page->post ? "title" : "list.title"));
    if (page->post && page->n_posts > 1 && !add_way(html, page, error))
        return false;
    if (page->post ? !hib_review_write(html, page, form, error) : !write_list(html, page, error))
        return false;
    hib_html_line(html, "p", "muted", hib_review_say(page, "foot"));
    return hib_html_reply(page->call, status, hib_review_say(page, "title"), STYLE, html);
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

static bool
open_page(HibCall *call, const char *token, HibReviewPage *ret, GError **error)
{
    *ret = (HibReviewPage){.call = call,
                           .arena = hib_call_arena(call),
                           .locale = hib_call_locale(call),
                           .token = token};
    if (!hib_review_open(hib_call_db(call), token, hib_call_client(call), &ret->review, error))
        return false;
    ret->db = hib_db_open(hib_db_store(hib_call_db(call)), ret->arena, ret->review.workspace);
    return hib_review_posts(ret->db, &ret->review, &ret->posts, &ret->n_posts, error) &&
           hib_team_workspace(ret->db, &ret->workspace, error);
}

/* The post that is named, or the only one; none is named: all of them are meant. NOT_FOUND post.unknown when the link does not show it. */
static bool
choose_post(HibReviewPage *page, const char *wanted, GError **error)
{
    if (page->n_posts == 1 && !*wanted)
        return take_post(page, page->posts[0], error);
    for (size_t i = 0; i < page->n_posts; i++)
        if (g_str_equal(page->posts[i], wanted))
            return take_post(page, wanted, error);
    if (*wanted)
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "post.unknown", "not of this link");
    return !*wanted;
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
done_of(const char *done)
{
    static const char *const said[][2] = {{"approve", "review.done.approve"},
                                          {"changes", "review.done.changes"},
                                          {"comment", "review.done.comment"}};
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
        if (g_str_equal(done, said[i][0]))
            return said[i][1];
    return NULL;
}

bool
hib_on_show_review(HibCall *call, const char *token, GError **error)
{
    HibReviewPage page;
    int64_t changed;
    GError *fault = NULL;
    g_autoptr(GHashTable) asked =
        g_uri_parse_params(hib_call_query(call), -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
    bool ok = open_page(call, token, &page, &fault) &&
              choose_post(&page, field(page.arena, asked, "post", MOST_WORD), &fault);
    g_autoptr(HibDb) db = page.db;
    if (!ok)
        return explain(call, fault, error);
    const HibReviewForm form = {.done = done_of(field(page.arena, asked, "done", MOST_WORD))};
    return hib_sql_review_seen(db, page.review.link, hib_db_now(db), &changed, error) &&
           reply_page(&page, 200, &form, error);
}

/* One act of the form in the client's name. */
static bool
act_on(HibReviewPage *page, const char *act, int64_t version, const HibReviewForm *form,
       GError **error)
{
    const HibVoter voter = hib_review_voter(page, form->name);
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
    HibReviewPage page;
    GError *fault = NULL;
    gsize n = 0;
    const char *body = g_bytes_get_data(hib_call_body(call), &n);
    g_autoptr(GHashTable) fields =
        g_uri_parse_params(body ? body : "", (gssize)n, "&", G_URI_PARAMS_WWW_FORM, NULL);
    bool ok = open_page(call, token, &page, &fault) &&
              choose_post(&page, field(page.arena, fields, "post", MOST_WORD), &fault);
    g_autoptr(HibDb) db = page.db;
    if (ok && !page.post) {
        hib_error_set(&fault, HIB_ERROR_NOT_FOUND, "post.unknown", "none of several was named");
        ok = false;
    }
    if (!ok)
        return explain(call, fault, error);
    const char *act = field(page.arena, fields, "act", MOST_WORD);
    HibReviewForm form = {.name = field(page.arena, fields, "name", MOST_NAME),
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
        return take_post(&page, page.post->id, error) && reply_page(&page, status, &form, error);
    }
    const char *said = g_str_equal(act, "approve") || g_str_equal(act, "changes") ? act : "comment";
    return hib_call_reply_see(
        call, hib_arena_printf(page.arena, "%s&done=%s", address_of(&page, page.post->id), said));
}

bool
hib_on_get_review_media(HibCall *call, const char *token, const char *media, GError **error)
{
    HibReviewPage page;
    HibSqlReviewMedia *shown;
    bool ok = open_page(call, token, &page, error);
    g_autoptr(HibDb) db = page.db;
    if (!ok || !hib_sql_review_media(db, page.review.link, media, &shown, error))
        return false;
    if (!shown->n) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown", "not of the link's posts");
        return false;
    }
    return hib_media_reply(call, db, media, BRIEFLY, error);
}
