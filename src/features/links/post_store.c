/* Links of a post: one an account and target, so that each account's clicks are told apart. Their texts are worded where no program is at hand, so what stands before a code is kept in the
 * store. */
#include "links/link.sql.h"
#include "links/links_private.h"
#include "store/events.h"
#include "team/team.h"

bool
hib_links_keep_domain(HibDb *db, const HibLinkDomain *domain, GError **error)
{
    const char *base = domain->short_url
                           ? hib_arena_printf(hib_db_arena(db), "%s/", domain->short_url)
                           : hib_arena_printf(hib_db_arena(db), "%s/l/", domain->base_url);
    return hib_sql_link_domain_set(db, base, error);
}

bool
hib_links_base(HibDb *db, const char **ret, GError **error)
{
    HibSqlLinkDomain *row;
    if (!hib_sql_link_domain(db, &row, error))
        return false;
    *ret = row ? row->base : NULL;
    return true;
}

bool
hib_links_of_post(HibDb *db, const char *post, HibPostLink **ret, size_t *ret_n, GError **error)
{
    HibSqlLinkOfPost *rows;
    const char *base;
    if (!hib_links_base(db, &base, error) || !hib_sql_link_of_post(db, post, &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibPostLink, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibPostLink){
            rows[i].account_id, rows[i].target,
            hib_arena_printf(hib_db_arena(db), "%s%s", base ? base : "", rows[i].code)};
    return true;
}

bool
hib_links_add_to_post(HibDb *db, const HibShortLink *link, GError **error)
{
    const char *id = hib_links_write(db, link, error);
    return id && hib_event_emit(db, "link.created", id, NULL, error);
}
