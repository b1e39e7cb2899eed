/* A status: the text that is sent and the text that is listed, made comparable, and the search for one whose outcome is unknown.
 *
 * A listed text is HTML in which "@user@host" shows as "@user" and a link is cut into spans; the sent one is reduced to what it would
 * show. The two are then the same to a reader or not (match.c). */
#include "networks/mastodon_private.h"
#include "text/mastodon.h"

#include <string.h>

enum { PAGE = 40, PAGES = 5 }; /* statuses, as many as a list gives; how far back is looked */

/* --- HTML --------------------------------------------------------------------------------------------------------------------- */
/* The entity at `at` ("&amp;", "&#39;", "&#x27;") into `out`; bytes taken, 0: it is none. */
static size_t
take_entity(const char *at, GString *out)
{
    static const struct {
        const char *name, *text;
    } named[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
                 {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", "\xc2\xa0"}};
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++)
        if (g_str_has_prefix(at, named[i].name)) {
            g_string_append(out, named[i].text);
            return strlen(named[i].name);
        }
    if (at[1] != '#')
        return 0;
    bool is_hex = at[2] == 'x' || at[2] == 'X';
    const char *from = at + (is_hex ? 3 : 2);
    char *end = NULL;
    guint64 c = g_ascii_isxdigit(*from) ? g_ascii_strtoull(from, &end, is_hex ? 16 : 10) : 0;
    if (!end || end - from > 8 || *end != ';' || c == 0 || c > 0x10ffff ||
        !g_unichar_validate((gunichar)c))
        return 0;
    g_string_append_unichar(out, (gunichar)c);
    return (size_t)(end + 1 - at);
}

static bool
is_tag(const char *at, const char *name)
{
    size_t n = strlen(name);
    return g_ascii_strncasecmp(at, name, n) == 0 && !g_ascii_isalnum(at[n]);
}

const char *
hib_mastodon_plain(HibArena *arena, const char *html)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = html; *at;) {
        const char *end = *at == '<' ? strchr(at, '>') : NULL;
        size_t taken = *at == '&' ? take_entity(at, out) : 0;
        if (end) {
            if (is_tag(at, "<br") || is_tag(at, "</li"))
                g_string_append_c(out, '\n');
            else if (is_tag(at, "</p") || is_tag(at, "</blockquote"))
                g_string_append(out, "\n\n");
            at = end + 1;
        } else if (taken)
            at += taken;
        else
            g_string_append_c(out, *at++);
    }
    while (out->len && g_ascii_isspace(out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    return hib_arena_strdup(arena, out->str);
}

/* --- what is sent ----------------------------------------------------------------------------------------------------------------- */
const char *
hib_mastodon_text(HibArena *arena, const HibNetPost *post, const char *addressee)
{
    if (!addressee || !*addressee || hib_text_mastodon_names(post->text, addressee))
        return post->text;
    return hib_arena_printf(arena, "@%s %s", addressee, post->text);
}

const char *
hib_mastodon_addressee(HibArena *arena, const HibNetSending *sending)
{
    const HibNetPost *post = sending->post;
    if (post->format == HIB_FORMAT_MESSAGE && post->recipient)
        return *post->recipient == '@' ? post->recipient + 1 : post->recipient;
    g_autoptr(cJSON) progress = hib_net_progress(sending->progress);
    return hib_net_progress_get(arena, cJSON_GetObjectItemCaseSensitive(progress, "parent"),
                                "addressee");
}

static HibJson
options_of(HibArena *arena, const HibNetPost *post)
{
    HibJson in = {.arena = arena, .path = ""};
    if (post->options && (!hib_json_parse(arena, post->options, strlen(post->options), &in, NULL) ||
                          !cJSON_IsObject(in.value)))
        in.value = NULL;
    return in;
}

const char *
hib_mastodon_option(HibArena *arena, const HibNetPost *post, const char *name)
{
    HibJson options = options_of(arena, post);
    const char *out = "";
    if (options.value)
        (void)hib_json_opt_text(options, name, &out, NULL);
    return out;
}

void
hib_mastodon_add_choices(HibArena *arena, const HibNetPost *post, cJSON *body)
{
    HibJson options = options_of(arena, post);
    const char *warning = hib_mastodon_option(arena, post, "spoiler_text");
    bool is_sensitive = false;
    if (options.value)
        (void)hib_json_opt_bool(options, "sensitive", &is_sensitive, NULL);
    if (*warning)
        cJSON_AddStringToObject(body, "spoiler_text", warning);
    if (is_sensitive)
        cJSON_AddBoolToObject(body, "sensitive", true);
    if (!post->langs || !post->langs[0])
        return;
    /* "ja-JP" is "ja" here; only Chinese is told apart. */
    const char *lang = post->langs[0];
    size_t n = g_ascii_strncasecmp(lang, "zh-", 3) == 0 ? strlen(lang) : strcspn(lang, "-");
    cJSON_AddStringToObject(body, "language", hib_arena_strndup(arena, lang, n));
}

/* --- what is listed --------------------------------------------------------------------------------------------------------------- */
bool
hib_mastodon_published(const HibNetContext *net, const HibGrant *grant, HibJson status,
                       HibNetPublished *ret)
{
    HibJson account = {0};
    const char *id = NULL, *owner = NULL, *url = NULL;
    if (!hib_json_text(status, "id", &id, NULL) || !*id ||
        !hib_json_object(status, "account", &account, NULL) ||
        !hib_json_text(account, "id", &owner, NULL) || !g_str_equal(owner, grant->remote_id))
        return false;
    if (!hib_json_opt_text(status, "url", &url, NULL) || !url)
        (void)hib_json_opt_text(status, "uri", &url, NULL);
    *ret = (HibNetPublished){.remote_id = id, .url = url ? url : ""};
    return true;
}

const char *
hib_mastodon_full_name(HibArena *arena, const HibGrant *grant, const char *acct)
{
    const char *host = strchr(grant->handle, '@');
    return strchr(acct, '@') || !host ? acct : hib_arena_printf(arena, "%s%s", acct, host);
}

/* False: it is not of this account, or answers something else than the post does. */
static bool
read_seen(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post, HibJson status,
          HibNetSeen *ret)
{
    HibNetPublished out;
    HibJson media = {0};
    const char *content = NULL, *parent = NULL;
    HibInstant at = 0;
    if (!cJSON_IsObject(status.value) || !hib_mastodon_published(net, grant, status, &out) ||
        !hib_json_text(status, "content", &content, NULL))
        return false;
    (void)hib_json_time(status, "created_at", &at, NULL);
    (void)hib_json_opt_text(status, "in_reply_to_id", &parent, NULL);
    if (g_strcmp0(parent, post->reply_to) != 0)
        return false;
    bool has_media = hib_json_array(status, "media_attachments", &media, NULL);
    *ret = (HibNetSeen){
        .remote_id = out.remote_id,
        .url = out.url,
        .text = hib_text_mastodon_shown(net->arena, hib_mastodon_plain(net->arena, content)),
        .at = at,
        .n_media = has_media ? (int)hib_json_count(media) : -1,
    };
    return true;
}

/* Adds what `path` lists: statuses, or conversations with their last one. `ret_next`: the id that
 * what is older begins after; NULL: there is no more. */
static HibNetResult
list(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post, const char *path,
     GArray *seen, const char **ret_next)
{
    const MastodonRequest request = {.kind = HIB_CALL_READ,
                                     .method = "GET",
                                     .path = path,
                                     .token = grant->access,
                                     .is_list = true};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, grant->service, &request, &in);
    if (said.class != HIB_NET_OK)
        return said;
    const char *last = NULL;
    int n = 0;
    for (HibJson one = hib_json_first(in); one.value; one = hib_json_next(in, one), n++) {
        HibJson status = {0};
        HibNetSeen row;
        (void)hib_json_opt_text(one, "id", &last, NULL);
        bool is_conversation = cJSON_IsObject(one.value) &&
                               hib_json_opt_object(one, "last_status", &status, NULL) &&
                               status.value;
        if (read_seen(net, grant, post, is_conversation ? status : one, &row))
            g_array_append_val(seen, row);
    }
    *ret_next = n < PAGE ? NULL : last;
    return said;
}

/* The account's own statuses, newest first, back to before the call: what was posted since must not hide what is looked for. */
static HibNetResult
list_own(const HibNetContext *net, const HibGrant *grant, const HibNetSending *sending,
         const HibNetPost *post, GArray *seen)
{
    HibInstant from = sending->sent_at ? sending->sent_at : sending->post->created_at;
    const char *next = NULL;
    HibNetResult said = hib_net_say(HIB_NET_OK, "", "");
    for (int page = 0; page < PAGES; page++) {
        const char *path = hib_arena_printf(
            net->arena, "/api/v1/accounts/%s/statuses?limit=40&exclude_reblogs=true%s%s",
            hib_url_escape(net->arena, grant->remote_id), next ? "&max_id=" : "",
            next ? hib_url_escape(net->arena, next) : "");
        guint before = seen->len;
        said = list(net, grant, post, path, seen, &next);
        if (said.class != HIB_NET_OK || !next)
            return said;
        const HibNetSeen *oldest = &g_array_index(seen, HibNetSeen, seen->len - 1);
        if (seen->len > before && oldest->at && oldest->at < from - HIB_NET_CLOCKS_DIFFER)
            return said;
    }
    return said;
}

HibNetResult
hib_mastodon_find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
                  bool *ret_found)
{
    *ret_found = false;
    const char *whom = hib_mastodon_addressee(net->arena, sending);
    HibNetPost shown = *sending->post;
    shown.text =
        hib_text_mastodon_shown(net->arena, hib_mastodon_text(net->arena, sending->post, whom));
    HibNetSending as_shown = *sending;
    as_shown.post = &shown;
    g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(HibNetSeen));
    const char *next = NULL;
    HibNetResult said = list_own(net, grant, sending, &shown, seen);
    /* Not all software lists messages to single people among one's posts. */
    if (said.class == HIB_NET_OK && shown.format == HIB_FORMAT_MESSAGE)
        said = list(net, grant, &shown, "/api/v1/conversations?limit=40", seen, &next);
    if (said.class != HIB_NET_OK)
        return said;
    int i = hib_net_match(net->arena, &as_shown, (const HibNetSeen *)(void *)seen->data, seen->len);
    if (i < 0)
        return said;
    const HibNetSeen *found = &g_array_index(seen, HibNetSeen, i);
    sending->published = (HibNetPublished){.remote_id = found->remote_id, .url = found->url};
    *ret_found = true;
    return said;
}
