/* A post as its client sees it: the form it takes on each network, what was said, and the form for an answer. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/messages.h"
#include "plan/plan_private.h"
#include "plan/review.h"
#include "team/team.h"

const char *
hib_review_say(const HibReviewPage *page, const char *key)
{
    return hib_message(page->locale, hib_arena_printf(page->arena, "review.%s", key));
}

const char *
hib_review_say_of(const HibReviewPage *page, const char *area, const char *key)
{
    return hib_message(page->locale, hib_arena_printf(page->arena, "%s%s", area, key));
}

const char *
hib_review_stamp(const HibReviewPage *page, HibInstant at)
{
    g_autoptr(HibZone) zone = hib_zone_open(page->workspace->zone);
    HibWall wall = hib_wall_at(zone ? zone : hib_zone_utc(), at);
    return hib_arena_printf(page->arena, "%04d-%02d-%02d %02d:%02d (%s)", wall.year, wall.month,
                            wall.day, wall.hour, wall.minute, page->workspace->zone);
}

/* --- the post ---------------------------------------------------------------------------------------------------- */
static void
add_media(HibHtml *html, const HibReviewPage *page, const HibPostMedia *media, size_t n)
{
    if (!n)
        return;
    hib_html_open(html, "ul", "class", "pics", NULL);
    for (size_t i = 0; i < n; i++) {
        const char *src =
            hib_arena_printf(page->arena, "/review/%s/media/%s", page->token, media[i].media_id);
        const char *alt =
            media[i].alt && *media[i].alt ? media[i].alt : hib_review_say(page, "no_alt");
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
add_disclosure(HibHtml *html, const HibReviewPage *page)
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
            hib_html_line(html, "span", "tag", hib_review_say(page, tags[i].key));
}

static void
add_variant(HibHtml *html, const HibReviewPage *page, const HibPostVariant *variant)
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
                          : hib_review_say(page, "account_gone"));
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
        hib_html_line(html, "p", "muted", hib_review_say(page, "first_comment"));
        hib_html_line(html, "div", "text", variant->first_comment);
        hib_html_close(html);
    }
    hib_html_close(html);
}

/* --- what was said, and what may be said ------------------------------------------------------------------------------ */
static bool
add_comments(HibHtml *html, const HibReviewPage *page, GError **error)
{
    HibComment *rows;
    size_t n;
    if (!hib_comment_list(page->db, page->post->id, true, &rows, &n, error))
        return false;
    if (!n)
        return true;
    hib_html_open(html, "section", "class", "card", NULL);
    hib_html_line(html, "h2", NULL, hib_review_say(page, "comments"));
    for (size_t i = 0; i < n; i++) {
        const HibSqlCommentRow *row = &rows[i].row;
        hib_html_open(html, "article", "class", "comment", NULL);
        hib_html_open(html, "p", "class", "muted", NULL);
        hib_html_text(html, hib_arena_printf(
                                page->arena, "%s · %s%s%s", row->name,
                                hib_review_stamp(page, row->at), row->has_resolved_at ? " · " : "",
                                row->has_resolved_at ? hib_review_say(page, "resolved") : ""));
        hib_html_close(html);
        if (row->quote)
            hib_html_line(html, "blockquote", NULL, row->quote);
        hib_html_line(html, "div", "text", row->text);
        hib_html_close(html);
    }
    hib_html_close(html);
    return true;
}

HibVoter
hib_review_voter(const HibReviewPage *page, const char *name)
{
    return (HibVoter){
        .link = page->review.link, .name = name, .client = hib_call_client(page->call)};
}

bool
hib_review_may_vote(const HibReviewPage *page)
{
    const HibVoter voter = hib_review_voter(page, "");
    return hib_approval_refusal(&page->approval, page->post, &voter, false) == NULL;
}

const char *
hib_review_state(const HibReviewPage *page)
{
    if (hib_review_may_vote(page))
        return "asked";
    switch (page->post->state) {
    case HIB_POST_PUBLISHED:
        return "published";
    case HIB_POST_SENDING:
    case HIB_POST_FAILED:
    case HIB_POST_UNKNOWN:
        return "sending";
    default:
        break;
    }
    switch (page->approval.state) {
    case HIB_APPROVAL_APPROVED:
        return "approved";
    case HIB_APPROVAL_CHANGES:
        return "changes";
    case HIB_APPROVAL_WAITING: {
        const HibApprovalTally tally = hib_approval_tally(&page->approval);
        return tally.client ? "thanks" : "inside";
    }
    default:
        return "draft";
    }
}

static void
add_form(HibHtml *html, const HibReviewPage *page, const HibReviewForm *form)
{
    const char *name = form->name ? form->name : page->review.name;
    bool can_vote = hib_review_may_vote(page);
    hib_html_open(html, "form", "method", "post", "action",
                  hib_arena_printf(page->arena, "/review/%s", page->token), "class", "card", NULL);
    hib_html_line(html, "h2", NULL,
                  hib_review_say(page, can_vote ? "form.title" : "form.comment_title"));
    if (form->error) {
        hib_html_open(html, "p", "class", "error", "role", "alert", NULL);
        hib_html_text(html, form->error);
        hib_html_close(html);
    }
    hib_html_void(html, "input", "type", "hidden", "name", "post", "value", page->post->id, NULL);
    hib_html_void(html, "input", "type", "hidden", "name", "version", "value",
                  hib_arena_printf(page->arena, "%" G_GINT64_FORMAT, page->post->version), NULL);
    hib_html_open(html, "label", "for", "name", NULL);
    hib_html_text(html, hib_review_say(page, "form.name"));
    hib_html_close(html);
    hib_html_void(html, "input", "id", "name", "name", "name", "value", name, "maxlength", "100",
                  "required", "", "autocomplete", "name", NULL);
    hib_html_open(html, "label", "for", "text", NULL);
    hib_html_text(html, hib_review_say(page, "form.text"));
    hib_html_close(html);
    hib_html_open(html, "textarea", "id", "text", "name", "text", "maxlength", "2000",
                  "aria-describedby", "text-note", NULL);
    hib_html_text(html, form->text ? form->text : "");
    hib_html_close(html);
    hib_html_open(html, "p", "class", "muted", "id", "text-note", NULL);
    hib_html_text(html, hib_review_say(page, can_vote ? "form.note" : "form.comment_note"));
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

bool
hib_review_write(HibHtml *html, const HibReviewPage *page, const HibReviewForm *form,
                 GError **error)
{
    HibReviewPage sent = *page; /* as readers will see it */
    const char *state = hib_review_state(page);
    if (!hib_plan_as_sent(page->db, page->post, &sent.post, error))
        return false;
    const HibPost *post = sent.post;
    if (post->has_due_at)
        hib_html_line(html, "p", "muted",
                      hib_arena_printf(page->arena, "%s %s", hib_review_say(page, "due"),
                                       hib_review_stamp(page, post->due_at)));
    if (form->done) {
        hib_html_open(html, "p", "class", "card state", "role", "status", NULL);
        hib_html_text(html, hib_message(page->locale, form->done));
        hib_html_close(html);
    }
    hib_html_line(html, "p", g_str_equal(state, "changes") ? "card state warn" : "card state",
                  hib_review_say_of(page, "review.state.", state));
    for (size_t i = 0; i < post->n_variants; i++)
        add_variant(html, &sent, &post->variants[i]);
    if (!post->n_variants) {
        hib_html_open(html, "section", "class", "card", NULL);
        hib_html_line(html, "div", "text", post->text);
        add_media(html, page, post->media, post->n_media);
        hib_html_close(html);
    }
    if (!add_comments(html, page, error))
        return false;
    add_form(html, page, form);
    return true;
}
