/* A text as it is sent. What people write names others as @{name} and has plain links; what a network gets has the handle that the one named has there, and links to one's own sites
 * that say where their visitors came from (utm_source, utm_medium, utm_campaign).
 *
 * This is done once, when a post is scheduled, and everything that counts, prices or checks a text before that goes through here first: what is told is what is sent. The page has the
 * same rules for its preview (web/src/lib/plan/wording.ts); tests/data/wording.json holds both. */
#include "plan/wording.h"
#include "accounts/accounts.h"
#include "links/links.h"
#include "plan/plan_private.h"
#include "text/links.h"
#include <string.h>

/* --- mentions ----------------------------------------------------------------------------------------------------- */
/* The name in "@{name}" at `at`; NULL: nothing of the kind. */
static const char *
named_at(HibArena *arena, const char *at, const char **ret_end)
{
    if (!g_str_has_prefix(at, "@{"))
        return NULL;
    size_t n = strcspn(at + 2, "{}\n\r");
    if (n == 0 || at[2 + n] != '}' || n > HIB_MENTION_NAME * 4)
        return NULL;
    *ret_end = at + 2 + n + 1;
    return hib_arena_strndup(arena, at + 2, n);
}

static const char *
handle_of(const HibWording *wording, const char *name, const char *network)
{
    for (size_t i = 0; network && i < wording->n_mentions; i++) {
        const HibMention *mention = &wording->mentions[i];
        for (size_t k = 0; g_str_equal(mention->name, name) && k < mention->n_handles; k++)
            if (g_str_equal(mention->handles[k].network, network))
                return mention->handles[k].handle;
    }
    return NULL;
}

/* Networks see a handle only where a blank or a bracket stands before it. */
static bool
opens(const GString *before)
{
    if (!before->len)
        return true;
    gunichar c = g_utf8_get_char(g_utf8_prev_char(before->str + before->len));
    GUnicodeType type = g_unichar_type(c);
    return g_unichar_isspace(c) || type == G_UNICODE_OPEN_PUNCTUATION ||
           type == G_UNICODE_INITIAL_PUNCTUATION;
}

/* And would take what follows for a part of it. */
static bool
goes_on(const char *behind)
{
    gunichar c = g_utf8_get_char(behind);
    return g_unichar_isalnum(c) || c == '_' || c == '-' || c == '@' || c == 0x30fc ||
           (c == '.' && g_unichar_isalnum(g_utf8_get_char(behind + 1)));
}

static const char *
with_mentions(HibArena *arena, const HibWording *wording, const char *network, const char *text)
{
    const char *at = strstr(text, "@{");
    if (!at)
        return text;
    g_autoptr(GString) out = g_string_new(NULL);
    const char *done = text;
    for (; at; at = strstr(at, "@{")) {
        const char *end = NULL, *name = named_at(arena, at, &end);
        if (!name) {
            at += 2;
            continue;
        }
        const char *handle = handle_of(wording, name, network);
        g_string_append_len(out, done, at - done);
        if (handle)
            g_string_append_printf(out, "%s@%s%s", opens(out) ? "" : " ", handle,
                                   goes_on(end) ? " " : "");
        else
            g_string_append(out, name);
        at = done = end;
    }
    g_string_append(out, done);
    return hib_arena_strdup(arena, out->str);
}

/* --- links -------------------------------------------------------------------------------------------------------- */
static const char *
with_marked_links(HibArena *arena, const HibWording *wording, const char *network, const char *text)
{
    if (!wording->n_hosts || !network || !strstr(text, "://"))
        return text;
    const HibUtm utm = {
        .hosts = wording->hosts, .n_hosts = wording->n_hosts, .medium = wording->medium};
    const HibLink *links = NULL;
    size_t n = hib_text_links(arena, text, &links), done = 0;
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        const char *shown =
            hib_arena_strndup(arena, text + links[i].start, links[i].end - links[i].start);
        bool is_whole = links[i].kind == HIB_LINK_URL && g_str_equal(shown, links[i].value);
        if (!is_whole || !hib_utm_is_own(&utm, shown) || hib_utm_is_marked(shown))
            continue;
        g_string_append_len(out, text + done, (gssize)(links[i].start - done));
        g_string_append(out, hib_utm_mark(arena, &utm, shown, network, wording->campaign));
        done = links[i].end;
    }
    if (!done)
        return text;
    g_string_append(out, text + done);
    return hib_arena_strdup(arena, out->str);
}

const char *
hib_plan_word(HibArena *arena, const HibWording *wording, const char *network, const char *text)
{
    if (!text)
        return NULL;
    return with_marked_links(arena, wording, network, with_mentions(arena, wording, network, text));
}

/* --- a whole post ------------------------------------------------------------------------------------------------- */
static bool
may_differ(const char *text)
{
    return text && (strstr(text, "@{") || strstr(text, "://"));
}

static bool
may_any_differ(const HibPost *post)
{
    bool may = may_differ(post->text);
    for (size_t i = 0; i < post->n_variants && !may; i++) {
        const HibPostVariant *variant = &post->variants[i];
        may = may_differ(variant->text) || may_differ(variant->title) ||
              may_differ(variant->first_comment);
        for (size_t k = 0; k < variant->n_thread && !may; k++)
            may = may_differ(variant->thread[k].text);
    }
    return may;
}

static HibPostVariant
word_variant(HibArena *arena, const HibWording *wording, const char *network, const HibPost *post,
             const HibPostVariant *variant)
{
    HibPostVariant out = *variant;
    out.text = hib_plan_word(arena, wording, network, variant->text ? variant->text : post->text);
    out.title = hib_plan_word(arena, wording, network, variant->title);
    out.first_comment = hib_plan_word(arena, wording, network, variant->first_comment);
    out.thread = hib_arena_array(arena, HibPostPart, variant->n_thread + 1);
    for (size_t k = 0; k < variant->n_thread; k++) {
        out.thread[k] = variant->thread[k];
        out.thread[k].text = hib_plan_word(arena, wording, network, variant->thread[k].text);
    }
    return out;
}

HibPost *
hib_plan_reword(HibArena *arena, const HibWording *wording, const HibPost *post,
                const char *const *networks)
{
    HibPost *out = hib_arena_new0(arena, HibPost);
    *out = *post;
    if (!may_any_differ(post))
        return out;
    out->text = hib_plan_word(arena, wording, NULL, post->text);
    out->variants = hib_arena_array(arena, HibPostVariant, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++)
        out->variants[i] = word_variant(arena, wording, networks[i], post, &post->variants[i]);
    return out;
}

bool
hib_plan_as_sent(HibDb *db, const HibPost *post, HibPost **ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibWording wording = {0};
    const char **networks = hib_arena_array(arena, const char *, post->n_variants + 1);
    bool may = may_any_differ(post);
    if (may && !hib_plan_wording(db, post->campaign_id, &wording, error))
        return false;
    for (size_t i = 0; may && i < post->n_variants; i++) {
        HibAccount *account;
        if (!hib_accounts_find(db, post->variants[i].account_id, &account, error))
            return false;
        networks[i] = account ? account->network : NULL;
    }
    *ret = hib_plan_reword(arena, &wording, post, networks);
    return true;
}
