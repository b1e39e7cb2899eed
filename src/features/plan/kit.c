/* The words a workspace uses again: sets of hashtags, people and brands with their handle on each network, how links to its own sites are marked. Small lists, read whole. */
#include "plan/kit.h"
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "links/links.h"
#include "plan/kit.sql.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include "text/count.h"
#include "text/links.h"
#include <string.h>

/* --- reading ------------------------------------------------------------------------------------------------------ */
static HibTagSet
tag_set_of(const HibSqlTagSetRow *row)
{
    return (HibTagSet){.id = row->id,
                       .name = row->name,
                       .tags = row->tags,
                       .updated_at = row->updated_at,
                       .version = row->version};
}

static HibMention
mention_of(HibArena *arena, const HibSqlMentionRow *row)
{
    size_t n;
    const char **lines = hib_tags_split(arena, row->handles, '\n', &n);
    HibHandle *handles = hib_arena_array(arena, HibHandle, n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t network = strcspn(lines[i], " ");
        handles[i] = (HibHandle){hib_arena_strndup(arena, lines[i], network),
                                 lines[i] + network + (lines[i][network] == ' ')};
    }
    return (HibMention){.id = row->id,
                        .name = row->name,
                        .handles = handles,
                        .n_handles = n,
                        .updated_at = row->updated_at,
                        .version = row->version};
}

static bool
read_mentions(HibDb *db, HibMention **ret, size_t *ret_n, GError **error)
{
    HibSqlMentionRow *rows;
    if (!hib_sql_mention_list(db, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibMention, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = mention_of(hib_db_arena(db), &rows[i]);
    return true;
}

static bool
read_links(HibDb *db, HibLinkTags *ret, GError **error)
{
    HibUtm utm;
    if (!hib_links_utm(db, &utm, error))
        return false;
    *ret = (HibLinkTags){
        .is_on = utm.is_on, .hosts = utm.hosts, .n_hosts = utm.n_hosts, .medium = utm.medium};
    return true;
}

bool
hib_plan_kit(HibDb *db, HibKit *ret, GError **error)
{
    HibSqlTagSetRow *sets;
    HibSqlLinkCodes *codes;
    *ret = (HibKit){0};
    if (!hib_sql_tag_set_list(db, &sets, &ret->n_tag_sets, error) ||
        !read_mentions(db, &ret->mentions, &ret->n_mentions, error) ||
        !read_links(db, &ret->links, error) ||
        !hib_sql_link_codes(db, &codes, &ret->links.n_codes, error))
        return false;
    ret->tag_sets = hib_arena_array(hib_db_arena(db), HibTagSet, ret->n_tag_sets + 1);
    for (size_t i = 0; i < ret->n_tag_sets; i++)
        ret->tag_sets[i] = tag_set_of(&sets[i]);
    HibLinkCode *out = hib_arena_array(hib_db_arena(db), HibLinkCode, ret->links.n_codes + 1);
    for (size_t i = 0; i < ret->links.n_codes; i++)
        out[i] = (HibLinkCode){codes[i].campaign_id, codes[i].code};
    ret->links.codes = out;
    return true;
}

HibWording
hib_plan_wording_of(const HibKit *kit, const char *campaign)
{
    HibWording out = {.mentions = kit->mentions, .n_mentions = kit->n_mentions};
    if (!kit->links.is_on)
        return out;
    out.hosts = kit->links.hosts;
    out.n_hosts = kit->links.n_hosts;
    out.medium = kit->links.medium;
    out.campaign = campaign;
    for (size_t i = 0; campaign && i < kit->links.n_codes; i++)
        if (g_str_equal(kit->links.codes[i].campaign_id, campaign))
            out.campaign = kit->links.codes[i].code;
    return out;
}

bool
hib_plan_wording(HibDb *db, const char *campaign, HibWording *ret, GError **error)
{
    HibKit kit = {0};
    HibSqlLinkCodeOf *code = NULL;
    if (!read_mentions(db, &kit.mentions, &kit.n_mentions, error) ||
        !read_links(db, &kit.links, error) ||
        (campaign && !hib_sql_link_code_of(db, campaign, &code, error)))
        return false;
    *ret = hib_plan_wording_of(&kit, campaign);
    if (code && ret->n_hosts)
        ret->campaign = code->code;
    return true;
}

/* --- what is written ------------------------------------------------------------------------------------------------ */
static bool
refuse(GError **error, HibErrorKind kind, const char *reason, const char *pointer, const char *what)
{
    hib_error_set_at(error, kind, reason, pointer, "%s", what);
    return false;
}

static bool
refuse_at(GError **error, const char *reason, const char *list, size_t i, const char *under,
          const char *what)
{
    g_autofree char *pointer = g_strdup_printf("/%s/%zu%s", list, i, under);
    return refuse(error, HIB_ERROR_INVALID, reason, pointer, what);
}

/* NULL: refused. A name stands between braces. */
static const char *
take_name(HibDb *db, const char *name, GError **error)
{
    const char *out = hib_plan_tidy(hib_db_arena(db), name);
    if (*out && !strpbrk(out, "{}@\n\r\t"))
        return out;
    refuse(error, HIB_ERROR_INVALID, "kit.bad_name", "/name", "no name to be called by");
    return NULL;
}

/* Each must be what networks see as one hashtag; NULL: refused. */
static const char *
take_tags(HibDb *db, const char *const *tags, size_t n, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    for (size_t i = 0; i < n; i++) {
        const char *one = hib_tags_join(arena, &tags[i], 1);
        const char *shown = hib_arena_printf(arena, "#%s", one);
        const HibLink *links = NULL;
        if (hib_text_links(arena, shown, &links) == 1 && links[0].kind == HIB_LINK_TAG &&
            links[0].start == 0 && links[0].end == strlen(shown))
            continue;
        refuse_at(error, "kit.bad_tag", "tags", i, "", "no hashtag");
        return NULL;
    }
    return hib_tags_join(arena, tags, n);
}

static bool
is_handle(const char *handle)
{
    for (const char *at = handle; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (!g_unichar_isalnum(c) && !g_unichar_ismark(c) && c != 0x30fc &&
            (c > 127 || !strchr("._-@", (int)c)))
            return false;
    }
    return *handle != '\0';
}

/* NULL: refused. */
static const char *
take_handles(HibDb *db, const HibHandle *handles, size_t n, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++) {
        const char *handle = hib_plan_tidy(hib_db_arena(db), handles[i].handle);
        while (*handle == '@' || g_str_has_prefix(handle, "＠"))
            handle = g_utf8_next_char(handle);
        if (!hib_network_find(handles[i].network)) {
            refuse_at(error, "accounts.network_unknown", "handles", i, "/network", "no network");
            return NULL;
        }
        if (!is_handle(handle) || !g_hash_table_add(seen, (gpointer)handles[i].network)) {
            refuse_at(error, "kit.bad_handle", "handles", i, "/handle", "no handle, or a second");
            return NULL;
        }
        g_string_append_printf(out, "%s%s %s", out->len ? "\n" : "", handles[i].network, handle);
    }
    return hib_arena_strdup(hib_db_arena(db), out->str);
}

static const char *
describe(HibDb *db, const char *name, const char *what)
{
    cJSON *out = cJSON_CreateObject();
    hib_post_audit_text(out, "name", name);
    hib_post_audit_text(out, "text", what);
    return hib_json_print(hib_db_arena(db), out);
}

/* `before`/`after`: as describe says; NULL where there was or is none. */
static bool
tell(HibDb *db, const char *action, const char *id, const char *before, const char *after,
     GError **error)
{
    return hib_event_emit(db, "kit.changed", id, NULL, error) &&
           hib_audit(db, action, "kit", id, before, after, error);
}

static bool
unknown(const char *id, GError **error)
{
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "kit.unknown", "nothing kept as %s", id);
    return false;
}

static bool
check_changed(int64_t changed, const char *id, GError **error)
{
    if (changed)
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "kit.edited", "%s was changed meanwhile", id);
    return false;
}

static bool
check_room(int64_t n, int64_t most, GError **error)
{
    if (n < most)
        return true;
    hib_error_set(error, HIB_ERROR_CONFLICT, "kit.too_many", "%" G_GINT64_FORMAT " are kept", n);
    return false;
}

/* --- sets of hashtags ------------------------------------------------------------------------------------------------ */
static bool
get_tag_set(HibDb *db, const char *id, HibSqlTagSetRow **ret, GError **error)
{
    return hib_sql_tag_set_get(db, id, ret, error) && (*ret || unknown(id, error));
}

static bool
write_tag_set(HibDb *db, const char *id, bool is_new, int64_t version, const char *name,
              const char *tags, GError **error)
{
    HibSqlTagSetN *count;
    int64_t changed;
    HibInstant now = hib_db_now(db);
    if (is_new)
        return hib_sql_tag_set_n(db, &count, error) &&
               check_room(count->n, HIB_LIMIT_TAG_SETS, error) &&
               hib_sql_tag_set_insert(db, id, name, tags, now, error);
    return hib_sql_tag_set_update(db, id, version, name, tags, now, &changed, error) &&
           check_changed(changed, id, error);
}

bool
hib_plan_put_tag_set(HibDb *db, const char *id, int64_t version, const char *name,
                     const char *const *tags, size_t n, HibTagSet *ret, GError **error)
{
    const char *key = id ? id : hib_db_new_id(db);
    const char *called = take_name(db, name, error);
    const char *kept = called ? take_tags(db, tags, n, error) : NULL;
    HibSqlTagSetRow *before = NULL, *after;
    HibSqlTagSetNamed *other;
    g_autoptr(HibTx) tx = kept ? hib_tx_begin(db, error) : NULL;
    if (!tx || (id && !get_tag_set(db, id, &before, error)) ||
        !hib_sql_tag_set_named(db, called, key, &other, error))
        return false;
    if (other)
        return refuse(error, HIB_ERROR_CONFLICT, "kit.name_taken", "/name", "another has the name");
    if (!write_tag_set(db, key, !id, version, called, kept, error) ||
        !get_tag_set(db, key, &after, error) ||
        !tell(db, "kit.tag_set", key, before ? describe(db, before->name, before->tags) : NULL,
              describe(db, after->name, after->tags), error))
        return false;
    *ret = tag_set_of(after);
    return hib_tx_commit(tx, error);
}

bool
hib_plan_drop_tag_set(HibDb *db, const char *id, GError **error)
{
    HibSqlTagSetRow *before;
    int64_t gone;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && get_tag_set(db, id, &before, error) &&
           hib_sql_tag_set_delete(db, id, &gone, error) &&
           tell(db, "kit.tag_set", id, describe(db, before->name, before->tags), NULL, error) &&
           hib_tx_commit(tx, error);
}

/* --- mentions ----------------------------------------------------------------------------------------------------------- */
static bool
get_mention(HibDb *db, const char *id, HibSqlMentionRow **ret, GError **error)
{
    return hib_sql_mention_get(db, id, ret, error) && (*ret || unknown(id, error));
}

static bool
write_mention(HibDb *db, const char *id, bool is_new, int64_t version, const char *name,
              const char *handles, GError **error)
{
    HibSqlMentionN *count;
    int64_t changed;
    HibInstant now = hib_db_now(db);
    if (is_new)
        return hib_sql_mention_n(db, &count, error) &&
               check_room(count->n, HIB_LIMIT_MENTIONS, error) &&
               hib_sql_mention_insert(db, id, name, handles, now, error);
    return hib_sql_mention_update(db, id, version, name, handles, now, &changed, error) &&
           check_changed(changed, id, error);
}

bool
hib_plan_put_mention(HibDb *db, const char *id, int64_t version, const char *name,
                     const HibHandle *handles, size_t n, HibMention *ret, GError **error)
{
    const char *key = id ? id : hib_db_new_id(db);
    const char *called = take_name(db, name, error);
    const char *kept = called ? take_handles(db, handles, n, error) : NULL;
    HibSqlMentionRow *before = NULL, *after;
    HibSqlMentionNamed *other;
    g_autoptr(HibTx) tx = kept ? hib_tx_begin(db, error) : NULL;
    if (!tx || (id && !get_mention(db, id, &before, error)) ||
        !hib_sql_mention_named(db, called, key, &other, error))
        return false;
    if (other)
        return refuse(error, HIB_ERROR_CONFLICT, "kit.name_taken", "/name", "another has the name");
    if (!write_mention(db, key, !id, version, called, kept, error) ||
        !get_mention(db, key, &after, error) ||
        !tell(db, "kit.mention", key, before ? describe(db, before->name, before->handles) : NULL,
              describe(db, after->name, after->handles), error))
        return false;
    *ret = mention_of(hib_db_arena(db), after);
    return hib_tx_commit(tx, error);
}

bool
hib_plan_drop_mention(HibDb *db, const char *id, GError **error)
{
    HibSqlMentionRow *before;
    int64_t gone;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && get_mention(db, id, &before, error) &&
           hib_sql_mention_delete(db, id, &gone, error) &&
           tell(db, "kit.mention", id, describe(db, before->name, before->handles), NULL, error) &&
           hib_tx_commit(tx, error);
}

/* --- links ---------------------------------------------------------------------------------------------------------------- */
/* A host as it stands in links, whatever was copied from the address bar; NULL: refused. */
static const char *
take_host(HibDb *db, const char *host, size_t i, GError **error)
{
    g_autofree char *low = g_utf8_strdown(hib_plan_tidy(hib_db_arena(db), host), -1);
    const char *name = strstr(low, "://") ? strstr(low, "://") + 3 : low;
    char *out = hib_arena_strndup(hib_db_arena(db), name, strcspn(name, "/?#:"));
    bool is_good = strchr(out, '.') && *out != '.' && !g_str_has_suffix(out, ".");
    for (const char *at = out; *at && is_good; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        is_good = g_unichar_isalnum(c) || c == '-' || c == '.' || c == 0x30fc;
    }
    if (is_good)
        return out;
    refuse_at(error, "kit.bad_host", "hosts", i, "", "no host");
    return NULL;
}

static bool
write_codes(HibDb *db, const HibLinkTags *tags, GError **error)
{
    if (!hib_sql_link_codes_drop(db, error))
        return false;
    for (size_t i = 0; i < tags->n_codes; i++) {
        HibCampaign *campaign;
        GError *failed = NULL;
        if (!hib_plan_campaign(db, tags->codes[i].campaign_id, &campaign, &failed)) {
            g_autofree char *pointer = g_strdup_printf("/codes/%zu/campaign_id", i);
            hib_error_set_pointer(failed, pointer);
            g_propagate_error(error, failed);
            return false;
        }
        if (!hib_sql_link_code_insert(db, campaign->id, tags->codes[i].code, error))
            return false;
    }
    return true;
}

static const char *
describe_links(HibDb *db, const HibLinkTags *links)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddBoolToObject(out, "is_on", links->is_on);
    hib_post_audit_text(out, "medium", links->medium);
    hib_post_audit_text(out, "hosts",
                        hib_tags_join(hib_db_arena(db), links->hosts, links->n_hosts));
    return hib_json_print(hib_db_arena(db), out);
}

bool
hib_plan_set_link_tags(HibDb *db, const HibLinkTags *tags, GError **error)
{
    HibLinkTags before, after = *tags;
    const char **hosts = hib_arena_array(hib_db_arena(db), const char *, tags->n_hosts + 1);
    for (size_t i = 0; i < tags->n_hosts; i++)
        if (!(hosts[i] = take_host(db, tags->hosts[i], i, error)))
            return false;
    after.hosts = hosts;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && read_links(db, &before, error) &&
           hib_links_mark_hosts(db, after.is_on, hosts, after.n_hosts, after.medium, error) &&
           write_codes(db, &after, error) &&
           tell(db, "kit.links", hib_db_workspace(db), describe_links(db, &before),
                describe_links(db, &after), error) &&
           hib_tx_commit(tx, error);
}
