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
const char *
hib_plan_map_links(HibArena *arena, const char *text, HibLinkMap map, void *data)
{
    if (!text || !strstr(text, "://"))
        return text;
    const HibLink *links = NULL;
    size_t n = hib_text_links(arena, text, &links), done = 0;
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        const char *shown =
            hib_arena_strndup(arena, text + links[i].start, links[i].end - links[i].start);
        bool is_whole = links[i].kind == HIB_LINK_URL && g_str_equal(shown, links[i].value);
        const char *instead = is_whole ? map(data, shown) : NULL;
        if (!instead)
            continue;
        g_string_append_len(out, text + done, (gssize)(links[i].start - done));
        g_string_append(out, instead);
        done = links[i].end;
    }
    if (!done)
        return text;
    g_string_append(out, text + done);
    return hib_arena_strdup(arena, out->str);
}

typedef struct {
    HibArena *arena;
    const HibWording *wording;
    HibUtm utm;
    const char *network, *account;
} Mapping;

static const char *
marked(void *data, const char *url)
{
    const Mapping *m = data;
    bool is_due = hib_utm_is_own(&m->utm, url) && !hib_utm_is_marked(url);
    return is_due ? hib_utm_mark(m->arena, &m->utm, url, m->network, m->wording->campaign) : NULL;
}

static const char *
with_marked_links(HibArena *arena, const HibWording *wording, const char *network, const char *text)
{
    Mapping mapping = {
        arena,
        wording,
        {.hosts = wording->hosts, .n_hosts = wording->n_hosts, .medium = wording->medium},
        network,
        NULL};
    return wording->n_hosts && network ? hib_plan_map_links(arena, text, marked, &mapping) : text;
}

/* One that is short stays; one that has no code yet is as long as it will be. */
static const char *
shortened(void *data, const char *url)
{
    const Mapping *m = data;
    const HibWording *wording = m->wording;
    if (g_str_has_prefix(url, wording->short_base))
        return NULL;
    for (size_t i = 0; i < wording->n_shorts; i++)
        if (g_str_equal(wording->shorts[i].account_id, m->account) &&
            g_str_equal(wording->shorts[i].target, url))
            return wording->shorts[i].url;
    return hib_arena_printf(m->arena, "%s%.*s", wording->short_base, HIB_LINK_CODE, "xxxxxxxxxx");
}

const char *
hib_plan_word_for(HibArena *arena, const HibWording *wording, const char *network,
                  const char *account, const char *text)
{
    const char *out = hib_plan_word(arena, wording, network, text);
    Mapping mapping = {.arena = arena, .wording = wording, .account = account};
    return wording->short_base && network ? hib_plan_map_links(arena, out, shortened, &mapping)
                                          : out;
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
    const char *id = variant->account_id;
    out.text =
        hib_plan_word_for(arena, wording, network, id, variant->text ? variant->text : post->text);
    out.title = hib_plan_word(arena, wording, network, variant->title);
    out.first_comment = hib_plan_word_for(arena, wording, network, id, variant->first_comment);
    out.thread = hib_arena_array(arena, HibPostPart, variant->n_thread + 1);
    for (size_t k = 0; k < variant->n_thread; k++) {
        out.thread[k] = variant->thread[k];
        out.thread[k].text =
            hib_plan_word_for(arena, wording, network, id, variant->thread[k].text);
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

/* The networks of its accounts; one that is gone has none. */
static bool
read_networks(HibDb *db, const HibPost *post, const char ***ret, GError **error)
{
    *ret = hib_arena_array(hib_db_arena(db), const char *, post->n_variants + 1);
    for (size_t i = 0; i < post->n_variants; i++) {
        HibAccount *account;
        if (!hib_accounts_find(db, post->variants[i].account_id, &account, error))
            return false;
        (*ret)[i] = account ? account->network : NULL;
    }
    return true;
}

/* A draft that was never stored has no links yet. */
static bool
read_shorts(HibDb *db, const HibPost *post, HibWording *wording, GError **error)
{
    HibPostLink *links = NULL;
    if (!post->is_short)
        return true;
    if (!hib_links_base(db, &wording->short_base, error) ||
        (*post->id && !hib_links_of_post(db, post->id, &links, &wording->n_shorts, error)))
        return false;
    wording->shorts = links;
    return true;
}

bool
hib_plan_as_sent(HibDb *db, const HibPost *post, HibPost **ret, GError **error)
{
    HibWording wording = {0};
    const char **networks = NULL;
    bool may = may_any_differ(post);
    if (may &&
        (!hib_plan_wording(db, post->campaign_id, &wording, error) ||
         !read_shorts(db, post, &wording, error) || !read_networks(db, post, &networks, error)))
        return false;
    *ret = hib_plan_reword(hib_db_arena(db), &wording, post, networks);
    return true;
}

/* --- each link of each account ---------------------------------------------------------------------------------------- */
typedef struct {
    HibDb *db;
    const HibPost *post;
    const HibWording *wording;
    HibUtm utm;
    const char *account, *network;
    GHashTable *made; /* "account target": there, or made just now */
    const char *pointer;
    GError *error;
} Visit;

static const char *
make_short(void *data, const char *url)
{
    Visit *visit = data;
    const HibShortLink link = {.target = url,
                               .title = hib_post_head(hib_db_arena(visit->db), visit->post),
                               .post_id = visit->post->id,
                               .account_id = visit->account,
                               .network = visit->network,
                               .campaign_id = visit->post->campaign_id};
    char *key = hib_arena_printf(hib_db_arena(visit->db), "%s %s", visit->account, url);
    if (!visit->error && !g_str_has_prefix(url, visit->wording->short_base) &&
        g_hash_table_add(visit->made, key))
        hib_links_add_to_post(visit->db, &link, &visit->error);
    return NULL;
}

static const char *
check_link(void *data, const char *url)
{
    Visit *visit = data;
    if (!visit->error)
        hib_utm_check(hib_db_arena(visit->db), &visit->utm, url, visit->pointer, &visit->error);
    return NULL;
}

/* The texts are worded, but for making links short. */
static bool
visit_all(Visit *visit, const HibPost *worded, const char **networks, HibLinkMap map)
{
    HibArena *arena = hib_db_arena(visit->db);
    for (size_t i = 0; i < worded->n_variants && !visit->error; i++) {
        const HibPostVariant *variant = &worded->variants[i];
        visit->account = variant->account_id;
        visit->network = networks[i];
        visit->pointer = hib_arena_printf(arena, "/variants/%zu/text", i);
        if (!networks[i])
            continue;
        hib_plan_map_links(arena, variant->text, map, visit);
        hib_plan_map_links(arena, variant->first_comment, map, visit);
        for (size_t k = 0; k < variant->n_thread; k++)
            hib_plan_map_links(arena, variant->thread[k].text, map, visit);
    }
    return !visit->error;
}

bool
hib_plan_shorten(HibDb *db, const HibPost *post, GError **error)
{
    HibWording wording = {0}, plain;
    const char **networks;
    if (!post->is_short || !may_any_differ(post))
        return true;
    if (!hib_plan_wording(db, post->campaign_id, &wording, error) ||
        !read_shorts(db, post, &wording, error) || !read_networks(db, post, &networks, error))
        return false;
    if (!wording.short_base)
        return true;
    plain = wording;
    plain.short_base = NULL;
    g_autoptr(GHashTable) made = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < wording.n_shorts; i++)
        g_hash_table_add(made,
                         hib_arena_printf(hib_db_arena(db), "%s %s", wording.shorts[i].account_id,
                                          wording.shorts[i].target));
    Visit visit = {.db = db, .post = post, .wording = &wording, .made = made};
    if (visit_all(&visit, hib_plan_reword(hib_db_arena(db), &plain, post, networks), networks,
                  make_short))
        return true;
    g_propagate_error(error, visit.error);
    return false;
}

bool
hib_plan_check_links(HibDb *db, const HibPost *post, GError **error)
{
    HibWording wording = {0};
    const char **networks;
    Visit visit = {.db = db, .post = post, .wording = &wording};
    if (!may_any_differ(post))
        return true;
    if (!hib_links_utm(db, &visit.utm, error) ||
        !hib_plan_wording(db, post->campaign_id, &wording, error) ||
        !read_networks(db, post, &networks, error))
        return false;
    if (!visit.utm.is_on)
        visit.utm.n_hosts = 0; /* what nobody marks may stay plain */
    if (visit_all(&visit, hib_plan_reword(hib_db_arena(db), &wording, post, networks), networks,
                  check_link))
        return true;
    g_propagate_error(error, visit.error);
    return false;
}
