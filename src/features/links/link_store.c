/* Short links: made, changed, put away. */
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/secrets.h"
#include "links/link.sql.h"
#include "links/links_private.h"
#include "store/events.h"
#include "team/team.h"
#include <string.h>

#define TRIES 8 /* codes; one in a thousand million is taken by chance */

static const HibLinkDomain *
domain_of(const HibServices *services, HibLinkDomain *scratch)
{
    if (services->links)
        return hib_links_domain(services->links);
    *scratch = (HibLinkDomain){.base_url = services->base_url};
    return scratch;
}

const char *
hib_links_url(HibArena *arena, const HibServices *services, const char *code)
{
    HibLinkDomain scratch;
    const HibLinkDomain *domain = domain_of(services, &scratch);
    return domain->short_url ? hib_arena_printf(arena, "%s/%s", domain->short_url, code)
                             : hib_arena_printf(arena, "%s/l/%s", domain->base_url, code);
}

/* --- reading ------------------------------------------------------------------------------------------------------- */
static HibShortLink
of_row(const HibSqlLinkRow *row)
{
    return (HibShortLink){
        .id = row->id,
        .code = row->code,
        .target = row->target,
        .title = row->title,
        .ios_url = row->ios_url,
        .android_url = row->android_url,
        .ended_url = row->ended_url,
        .expires_at = row->has_expires_at ? row->expires_at : 0,
        .click_limit = row->has_click_limit ? row->click_limit : 0,
        .post_id = row->post_id,
        .account_id = row->account_id,
        .network = row->network,
        .campaign_id = row->campaign_id,
        .created_at = row->created_at,
        .updated_at = row->updated_at,
        .archived_at = row->has_archived_at ? row->archived_at : 0,
        .version = row->version,
        .count = {row->has_clicks ? row->clicks : 0, row->has_visitors ? row->visitors : 0,
                  row->has_bots ? row->bots : 0, row->has_floods ? row->floods : 0}};
}

static bool
read_variants(HibDb *db, HibShortLink *link, GError **error)
{
    HibSqlLinkVariants *rows;
    if (!hib_sql_link_variants(db, link->id, &rows, &link->n_variants, error))
        return false;
    HibLinkVariant *out = hib_arena_array(hib_db_arena(db), HibLinkVariant, link->n_variants + 1);
    for (size_t i = 0; i < link->n_variants; i++)
        out[i] = (HibLinkVariant){rows[i].network, rows[i].target};
    link->variants = out;
    return true;
}

bool
hib_links_get(HibDb *db, const char *id, HibShortLink **ret, GError **error)
{
    HibSqlLinkRow *row;
    if (!hib_sql_link_get(db, id, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "links.unknown", "no link %s", id);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibShortLink);
    **ret = of_row(row);
    return read_variants(db, *ret, error);
}

/* What people look for, wherever it stands; their % and _ mean themselves. */
static const char *
as_pattern(HibArena *arena, const char *words)
{
    if (!words || !*words)
        return NULL;
    g_autofree char *low = g_utf8_strdown(words, -1);
    g_autoptr(GString) out = g_string_new("%");
    for (const char *at = low; *at; at++) {
        if (strchr("%_\\", *at))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '%');
    return hib_arena_strdup(arena, out->str);
}

static bool
read_cursor(HibArena *arena, const char *cursor, HibInstant *ret_at, const char **ret_id,
            GError **error)
{
    *ret_at = HIB_NEVER;
    *ret_id = "";
    if (!cursor)
        return true;
    g_auto(GStrv) parts = g_strsplit(cursor, ".", 2);
    if (g_strv_length(parts) == 2 &&
        g_ascii_string_to_signed(parts[0], 10, 0, HIB_NEVER, ret_at, NULL)) {
        *ret_id = hib_arena_strdup(arena, parts[1]);
        return true;
    }
    hib_error_set(error, HIB_ERROR_INVALID, "links.bad_cursor", "no place in the list");
    return false;
}

bool
hib_links_list(HibDb *db, const HibLinkQuery *query, HibShortLink **ret, size_t *ret_n,
               const char **ret_next, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlLinkRow *rows;
    HibInstant before_at;
    const char *before_id;
    size_t most = query->limit > 0 ? (size_t)MIN(query->limit, HIB_LIMIT_PAGE) : 50;
    if (!read_cursor(arena, query->cursor, &before_at, &before_id, error) ||
        !hib_sql_link_list(db, as_pattern(arena, query->words), query->post, query->campaign,
                           query->is_archived, before_at, before_id, (int64_t)most + 1, &rows,
                           ret_n, error))
        return false;
    *ret_next = NULL;
    if (*ret_n > most) {
        *ret_n = most;
        *ret_next = hib_arena_printf(arena, "%" G_GINT64_FORMAT ".%s", rows[most - 1].created_at,
                                     rows[most - 1].id);
    }
    *ret = hib_arena_array(arena, HibShortLink, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = of_row(&rows[i]);
    return true;
}

/* --- what may be ----------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, const char *reason, const char *pointer, const char *what)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s", what);
    return false;
}

static bool
check_variants(HibDb *db, const HibLinkDomain *domain, const HibUtm *utm, const HibShortLink *link,
               GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < link->n_variants; i++) {
        const HibLinkVariant *one = &link->variants[i];
        g_autofree char *at_network = g_strdup_printf("/variants/%zu/network", i);
        g_autofree char *at_target = g_strdup_printf("/variants/%zu/target", i);
        if (!hib_link_network(one->network) || !g_hash_table_add(seen, (void *)one->network))
            return refuse(error, "links.bad_network", at_network, one->network);
        if (!hib_link_check_target(domain, one->target, at_target, error) ||
            !hib_utm_check(hib_db_arena(db), utm, one->target, at_target, error))
            return false;
    }
    return true;
}

static bool
check_campaign(HibDb *db, const HibServices *services, const char *campaign, GError **error)
{
    bool is_known = true;
    if (campaign && services->knows_campaign &&
        !services->knows_campaign(db, campaign, &is_known, error))
        return false;
    return is_known || refuse(error, "campaign.unknown", "/campaign_id", campaign);
}

static bool
check(HibDb *db, const HibServices *services, const HibShortLink *link, GError **error)
{
    HibLinkDomain scratch;
    const HibLinkDomain *domain = domain_of(services, &scratch);
    HibUtm utm;
    if (link->click_limit < 0 || (link->expires_at && link->expires_at <= hib_db_now(db)))
        return refuse(error, "links.bad_end", "/expires_at", "over before it begins");
    return hib_links_utm(db, &utm, error) &&
           hib_link_check_target(domain, link->target, "/target", error) &&
           hib_utm_check(hib_db_arena(db), &utm, link->target, "/target", error) &&
           (!link->ended_url ||
            hib_link_check_target(domain, link->ended_url, "/ended_url", error)) &&
           (!link->ios_url || hib_link_check_app(domain, link->ios_url, "/ios_url", error)) &&
           (!link->android_url ||
            hib_link_check_app(domain, link->android_url, "/android_url", error)) &&
           check_campaign(db, services, link->campaign_id, error) &&
           check_variants(db, domain, &utm, link, error);
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */
static void
add_text(cJSON *out, const char *key, const char *value)
{
    if (value)
        cJSON_AddStringToObject(out, key, value);
}

static const char *
describe(HibDb *db, const HibShortLink *link)
{
    cJSON *out = cJSON_CreateObject();
    add_text(out, "code", link->code);
    add_text(out, "target", link->target);
    add_text(out, "title", link->title);
    add_text(out, "ios_url", link->ios_url);
    add_text(out, "android_url", link->android_url);
    add_text(out, "ended_url", link->ended_url);
    if (link->expires_at)
        cJSON_AddNumberToObject(out, "expires_at", (double)link->expires_at);
    if (link->click_limit)
        cJSON_AddNumberToObject(out, "click_limit", (double)link->click_limit);
    cJSON_AddBoolToObject(out, "is_archived", link->archived_at != 0);
    for (size_t i = 0; i < link->n_variants; i++)
        add_text(out, link->variants[i].network, link->variants[i].target);
    return hib_json_print(hib_db_arena(db), out);
}

static bool
write_variants(HibDb *db, const char *id, const HibShortLink *link, GError **error)
{
    if (!hib_sql_link_variants_drop(db, id, error))
        return false;
    for (size_t i = 0; i < link->n_variants; i++)
        if (!hib_sql_link_variant_add(db, id, link->variants[i].network, link->variants[i].target,
                                      error))
            return false;
    return true;
}

/* A free code; NULL: refused. */
static const char *
take_code(HibDb *db, const char *chosen, GError **error)
{
    HibSqlLinkCodeTaken *taken;
    char code[HIB_LINK_CODE + 1];
    if (chosen) {
        if (!hib_link_check_slug(chosen, error) ||
            !hib_sql_link_code_taken(db, chosen, &taken, error))
            return NULL;
        if (!taken)
            return chosen;
        hib_error_set_at(error, HIB_ERROR_CONFLICT, "links.code_taken", "/code", "%s is taken",
                         chosen);
        return NULL;
    }
    for (int i = 0; i < TRIES; i++) {
        hib_link_code(hib_random_bytes, code);
        if (!hib_sql_link_code_taken(db, code, &taken, error))
            return NULL;
        if (!taken)
            return hib_arena_strdup(hib_db_arena(db), code);
    }
    hib_error_set(error, HIB_ERROR_BUSY, "links.no_code", "no free code found");
    return NULL;
}

const char *
hib_links_write(HibDb *db, const HibShortLink *link, GError **error)
{
    const char *by = NULL, *id = hib_db_new_id(db), *code = take_code(db, link->code, error);
    HibInstant now = hib_db_now(db);
    bool is_person = hib_db_actor(db, &by) == HIB_ACTOR_PERSON;
    if (!code ||
        !hib_sql_link_add(db, id, code, link->target, link->title ? link->title : "", link->ios_url,
                          link->android_url, link->expires_at ? &link->expires_at : NULL,
                          link->click_limit ? &link->click_limit : NULL, link->ended_url,
                          link->post_id, link->account_id, link->network, link->campaign_id,
                          is_person ? by : NULL, now, error) ||
        !write_variants(db, id, link, error))
        return NULL;
    return id;
}

bool
hib_links_add(HibDb *db, const HibServices *services, const HibShortLink *link, HibShortLink **ret,
              GError **error)
{
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !check(db, services, link, error))
        return false;
    const char *id = hib_links_write(db, link, error);
    if (!id || !hib_links_get(db, id, ret, error) ||
        !hib_audit(db, "link.create", "link", id, NULL, describe(db, *ret), error) ||
        !hib_event_emit(db, "link.created", id, NULL, error) || !hib_tx_commit(tx, error))
        return false;
    hib_links_fresh(services->links, db, (*ret)->code);
    return true;
}

/* After a change within `tx`: told, committed, known. */
static bool
finish(HibDb *db, const HibServices *services, HibTx *tx, const char *action,
       const HibShortLink *before, HibShortLink **ret, GError **error)
{
    if (!hib_links_get(db, before->id, ret, error) ||
        !hib_audit(db, action, "link", before->id, describe(db, before), describe(db, *ret),
                   error) ||
        !hib_event_emit(db, "link.changed", before->id, NULL, error) || !hib_tx_commit(tx, error))
        return false;
    hib_links_fresh(services->links, db, before->code);
    return true;
}

bool
hib_links_change(HibDb *db, const HibServices *services, const HibShortLink *link,
                 HibShortLink **ret, GError **error)
{
    HibShortLink *before;
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_links_get(db, link->id, &before, error))
        return false;
    HibShortLink after = *link;
    if (after.expires_at == before->expires_at)
        after.expires_at = 0; /* one that is over may stay so */
    if (!check(db, services, &after, error) ||
        !hib_sql_link_set(db, link->id, link->version, link->target, link->title, link->ios_url,
                          link->android_url, link->expires_at ? &link->expires_at : NULL,
                          link->click_limit ? &link->click_limit : NULL, link->ended_url,
                          link->campaign_id, hib_db_now(db), &changed, error))
        return false;
    if (!changed) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "links.edited", "%s was changed meanwhile",
                      link->id);
        return false;
    }
    return write_variants(db, link->id, link, error) &&
           finish(db, services, tx, "link.change", before, ret, error);
}

bool
hib_links_archive(HibDb *db, const HibServices *services, const char *id, bool is_archived,
                  HibShortLink **ret, GError **error)
{
    HibShortLink *before;
    HibInstant now = hib_db_now(db);
    int64_t changed;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_links_get(db, id, &before, error) &&
           hib_sql_link_archive(db, id, is_archived ? &now : NULL, now, &changed, error) &&
           finish(db, services, tx, is_archived ? "link.archive" : "link.restore", before, ret,
                  error);
}
